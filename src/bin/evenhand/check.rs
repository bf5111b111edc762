//! `evenhand check`: exports and tallies + limits → an exit code.

use std::path::{Path, PathBuf};

use evenhand::annotate;
use evenhand::check::baseline::Baseline;
use evenhand::check::{self, Judged, Policy};
use evenhand::config::{Config, OnInsufficient};
use evenhand::disclosure::{self, Disclosed};
use evenhand::fault::Fault;
use evenhand::stats::{self, Plan};
use evenhand::tally::{Month, Tally};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::args::CheckArgs;
use crate::load::Loaded;
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

pub(crate) fn run(args: &CheckArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, None)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    let policy = Policy::new(&loaded.config.check, &loaded.config_file.path, &loaded.config_file.text)?;
    if policy.is_empty() {
        return Err(Failure::Other("no limit to check; the configuration needs a [[check.limit]], fail_on or baseline".to_owned()));
    }
    let baseline_path = baseline_path(&loaded);
    // What is wrong with the baseline is told before anything is read.
    let baseline = match &baseline_path {
        Some(path) if !args.update_baseline => Some(read_baseline(path, &loaded)?),
        Some(_) | None => None,
    };
    if args.update_baseline && baseline_path.is_none() {
        return Err(Failure::Other("no baseline to write; the configuration needs baseline under [check]".to_owned()));
    }
    let mut tally = scan::tally_of(&args.input, &mut loaded)?;
    let today = args.as_of.unwrap_or_else(|| loaded.setup.zone.to_datetime(Timestamp::now()).date());
    keep_closed_months(&mut tally, today)?;
    let shown = disclosed(&tally, &loaded.config);
    if let Some(path) = baseline_path.filter(|_| args.update_baseline) {
        let outcome = scan::tell(&args.input, &loaded.faults)?;
        // What could not be read would be missing from all later comparisons.
        return if outcome == Outcome::Done { write_baseline(&path, &shown) } else { Ok(outcome) };
    }
    let mut judged = check::check(&shown, &policy);
    if let (Some(limit), Some(baseline)) = (&policy.baseline, &baseline) {
        tally.cells.retain(|key, _| key.month.is_some_and(|month| month > baseline.to));
        let later = (!tally.cells.is_empty()).then(|| disclosed(&tally, &loaded.config));
        judged.push(check::check_baseline(limit, baseline, later.as_ref()));
    }
    let read = scan::tell(&args.input, &loaded.faults)?;
    output::print(|out| annotate::write(&judged, read == Outcome::Done, args.format, out))?;
    let judged = if judged.iter().any(Judged::is_crossed) {
        Outcome::Crossed
    } else if policy.on_insufficient == OnInsufficient::Fail && judged.iter().any(Judged::is_not_judged) {
        Outcome::NotJudged
    } else {
        Outcome::Done
    };
    Ok(read.or(judged))
}

/// What may be shown of some months.
fn disclosed(tally: &Tally, config: &Config) -> Disclosed {
    let plan = Plan::new(&config.contrast, config.privacy.min_authors);
    disclosure::disclose(stats::analyse(tally, &plan), tally, plan.min_authors)
}

/// The baseline lies relative to the configuration.
fn baseline_path(loaded: &Loaded) -> Option<PathBuf> {
    let base = Path::new(&loaded.config_file.path).parent().unwrap_or_else(|| Path::new(""));
    loaded.config.check.baseline.as_ref().map(|path| base.join(path.get_ref()))
}

fn read_baseline(path: &Path, loaded: &Loaded) -> Result<Baseline, Failure> {
    let name = path.to_string_lossy();
    if !path.exists() {
        return Err(Fault::file(name, "no such baseline; evenhand check --update-baseline writes it").into());
    }
    let baseline = Baseline::parse(&name, &load::read(path)?)?;
    match baseline.differs_in(&loaded.setup.origin()) {
        Some(what) => Err(Fault::file(name, format!("made with other {what}; evenhand check --update-baseline writes it anew")).into()),
        None => Ok(baseline),
    }
}

fn write_baseline(path: &Path, shown: &Disclosed) -> Result<Outcome, Failure> {
    let baseline = Baseline::of(shown).ok_or_else(|| Failure::Other("no month to write a baseline of".to_owned()))?;
    output::write_file(path, false, |out| baseline.write(out))?;
    let levels = output::counted(baseline.levels.len() as u64, "level", "levels");
    let gaps = output::counted(baseline.gaps.len() as u64, "gap", "gaps");
    output::print(|out| writeln!(out, "{}: {levels} and {gaps} of {} to {}", path.display(), baseline.from, baseline.to))?;
    Ok(Outcome::Done)
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
