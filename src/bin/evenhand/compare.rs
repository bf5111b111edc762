//! What `report --compare` sets a report beside: an earlier report in JSON, or a tally.

use std::path::{Path, PathBuf};

use evenhand::disclosure::comparison::{self, Comparison, Earlier};
use evenhand::disclosure::{self, Disclosed};
use evenhand::fault::Fault;
use evenhand::scan::Period;
use evenhand::stats::{self, Plan, since};
use evenhand::tally::{Month, Tally};
use jiff::civil::Date;

use crate::output::Failure;
use crate::{load, scan};

/// The earlier report or tally.
pub(crate) struct Compared {
    path: PathBuf,
    old: Old,
    /// Its last month.
    last: Month,
}

enum Old {
    Tally(Box<Tally>),
    Report(Box<Earlier>),
}

impl Compared {
    /// Reads it.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let fault = |why: String| Fault::file(path.to_string_lossy(), why);
        let (old, last) = if let Some(tally) = scan::tally_at(path)? {
            let months = tally.months().ok_or_else(|| fault("holds no months, so there is no saying what came since".to_owned()))?;
            (Old::Tally(Box::new(tally)), months.1)
        } else {
            let earlier = evenhand::report::earlier(&load::read(path)?).map_err(fault)?;
            let last = earlier.months.1;
            (Old::Report(Box::new(earlier)), last)
        };
        Ok(Self { path: path.to_owned(), old, last })
    }

    /// Has exports read from the month after it on.
    pub(crate) fn leave_out_of(&self, period: &mut Period) {
        let first = match self.last {
            Month { year, month: 12 } => Date::new(year + 1, 1, 1),
            Month { year, month } => Date::new(year, month + 1, 1),
        };
        // A month beyond the calendar has nothing after it.
        period.since = period.since.max(first.ok());
    }

    /// Leaves its months out of the tally too, and sees to it that the two can be compared.
    pub(crate) fn check(&self, tally: &mut Tally) -> Result<(), Failure> {
        let fault = |why: String| Failure::from(Fault::file(self.path.to_string_lossy(), why));
        let (lexicons, cleaning) = match &self.old {
            Old::Tally(old) => (&old.origin.lexicons, &old.origin.cleaning),
            Old::Report(old) => (&old.lexicons, &old.cleaning),
        };
        for (what, found, expected) in
            [("lexicons", lexicons, &tally.origin.lexicons), ("cleaning rules", cleaning, &tally.origin.cleaning)]
        {
            if found != expected {
                return Err(fault(format!("made with other {what}: found {found}, expected {expected}")));
            }
        }
        tally.cells.retain(|key, _| key.month.is_some_and(|month| month > self.last));
        if tally.cells.is_empty() {
            return Err(fault(format!("nothing to compare: no message after {}, its last month", self.last)));
        }
        Ok(())
    }

    /// Sets a report beside it.
    pub(crate) fn with(self, shown: &Disclosed, tally: &Tally, plan: &Plan) -> Result<Comparison, Failure> {
        let fault = |why: &str| Failure::from(Fault::file(self.path.to_string_lossy(), why.to_owned()));
        match self.old {
            Old::Report(earlier) if earlier.min_authors < plan.min_authors => {
                Err(fault("made with a lower floor (min_authors) than this report"))
            }
            Old::Report(earlier) => Ok(comparison::compare(&earlier, shown, None)),
            Old::Tally(old) => {
                let earlier = disclosure::disclose(stats::analyse(&old, plan), &old, plan.min_authors);
                let earlier = Option::<Earlier>::from(&earlier).ok_or_else(|| fault("holds no months"))?;
                let within = (old.origin.key == tally.origin.key).then(|| since::findings(&old, tally, plan));
                Ok(comparison::compare(&earlier, shown, within.as_deref()))
            }
        }
    }
}
