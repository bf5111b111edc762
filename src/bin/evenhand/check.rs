//! `evenhand check`: exports and tallies + limits → an exit code.

use evenhand::annotate;
use evenhand::check::{self, Policy};
use evenhand::config::OnInsufficient;
use evenhand::disclosure;
use evenhand::stats::{self, Plan};
use evenhand::tally::{Month, Tally};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::args::{CheckArgs, CheckFormat};
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

pub(crate) fn run(args: &CheckArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, None)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    let policy = Policy::new(&loaded.config.check, &loaded.config_file.path, &loaded.config_file.text)?;
    if policy.limits.is_empty() && policy.verdicts.is_empty() {
        return Err(Failure::Other("no limit to check; the configuration needs a [[check.limit]]".to_owned()));
    }
    let mut tally = scan::tally_of(&args.input, &mut loaded)?;
    let today = args.as_of.unwrap_or_else(|| loaded.setup.zone.to_datetime(Timestamp::now()).date());
    keep_closed_months(&mut tally, today)?;
    let plan = Plan::new(&loaded.config.contrast, loaded.config.privacy.min_authors);
    let shown = disclosure::disclose(stats::analyse(&tally, &plan), &tally, plan.min_authors);
    let judged = check::check(&shown, &policy);
    let format = match args.format {
        CheckFormat::Human => annotate::Format::Human,
        CheckFormat::Json => annotate::Format::Json,
    };
    output::print(|out| annotate::write(&judged, format, out))?;
    let read = scan::tell(&args.input, &loaded.faults)?;
    let judged = if judged.iter().any(check::Judged::is_crossed) {
        Outcome::Crossed
    } else if policy.on_insufficient == OnInsufficient::Fail && judged.iter().any(check::Judged::is_not_judged) {
        Outcome::NotJudged
    } else {
        Outcome::Done
    };
    Ok(read.or(judged))
}

/// Drops the month that is not over yet and messages without a time: a half month is no month.
fn keep_closed_months(tally: &mut Tally, today: Date) -> Result<(), Failure> {
    let this_month = Month { year: today.year(), month: today.month() };
    tally.cells.retain(|key, _| key.month.is_some_and(|month| month < this_month));
    if tally.cells.is_empty() {
        return Err(Failure::Other(format!("nothing to check: no message of a month before {this_month}, the month that is not over yet")));
    }
    Ok(())
}
