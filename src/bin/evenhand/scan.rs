//! `evenhand scan`: exports and tallies → one tally; and what the other commands need of it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::Arc;

use evenhand::fault::Fault;
use evenhand::message::Reason;
use evenhand::scan::{self, Setup, SourceIntake};
use evenhand::source::{self, Options, Source};
use evenhand::stats;
use evenhand::tally::{self, Tally};

use crate::args::{Include, InputArgs, ScanArgs};
use crate::load::{self, Loaded};
use crate::output::{self, Failure, Outcome};
use crate::progress;

pub(crate) fn run(args: &ScanArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input)?;
    if args.input.is_preview() {
        return preview(&args.input, loaded);
    }
    let tally = tally_of(&args.input, &mut loaded)?;
    output::write_private(&args.output, |out| tally::write(&tally, out))?;
    tell(&args.input, &loaded.faults)
}

/// Tells what could not be read and what that means for the exit code.
pub(crate) fn tell(args: &InputArgs, faults: &[Fault]) -> Result<Outcome, Failure> {
    output::tell_faults(faults, args.faults.as_deref(), args.allow_faults)
}

/// `--show-config` and `--dry-run`: what is in force, what would be read.
pub(crate) fn preview(args: &InputArgs, mut loaded: Loaded) -> Result<Outcome, Failure> {
    if args.show_config {
        output::print(|out| loaded.origins.iter().try_for_each(|origin| writeln!(out, "{origin}")))?;
        return tell(args, &loaded.faults);
    }
    let (tally, sources) = read(args, &mut loaded)?;
    let findings = stats::analyse(&tally, &stats::Plan::new(&loaded.config.contrast, 1));
    output::print(|out| {
        sources.iter().try_for_each(|source| write_source(source, out))?;
        write_support(&findings, loaded.config.privacy.min_authors, out)
    })?;
    tell(args, &loaded.faults)
}

fn write_source(source: &SourceIntake, out: &mut dyn Write) -> io::Result<()> {
    let formats: Vec<String> =
        source.formats.iter().map(|(name, n)| format!("{name}, {n} {}", if *n == 1 { "piece" } else { "pieces" })).collect();
    let what = if formats.is_empty() { "nothing readable".to_owned() } else { formats.join("; ") };
    writeln!(out, "{}: {what}", source.label)?;
    writeln!(out, "    {} read, {} kept", output::counted(source.intake.read, "message", "messages"), source.intake.kept)?;
    source.intake.removed.iter().try_for_each(|(reason, n)| writeln!(out, "    {n} left out: {}{}", reason.title(), way_out(reason)))?;
    if source.intake.faults > 0 {
        writeln!(out, "    {} could not be read", source.intake.faults)?;
    }
    Ok(())
}

/// How to have what a reason leaves out.
const fn way_out(reason: Reason) -> &'static str {
    match reason {
        Reason::Private => " (--include private,direct)",
        Reason::OutsidePeriod => " (--since, --until)",
        Reason::NoAuthor => " (a table needs --map author=COLUMN)",
        Reason::QuotedReply
        | Reason::Forwarded
        | Reason::Signature
        | Reason::Closing
        | Reason::Disclaimer
        | Reason::ListFooter
        | Reason::Code
        | Reason::Address
        | Reason::Automatic
        | Reason::Bot
        | Reason::System
        | Reason::Deleted
        | Reason::Encrypted
        | Reason::Guest
        | Reason::DuplicateMessage
        | Reason::DuplicateTemplate => "",
    }
}

/// What the data could support, without a figure of any team: numbers of authors only, and those above the floor.
fn write_support(findings: &stats::Findings, min_authors: usize, out: &mut dyn Write) -> io::Result<()> {
    let n_teams =
        findings.speakers.iter().filter(|count| matches!(count.speaker, stats::Speaker::Team(_)) && count.n_authors >= min_authors).count();
    let n_authors = findings.speakers.iter().find(|count| count.speaker == stats::Speaker::Company).map_or(0, |count| count.n_authors);
    let (authors, teams) = (output::counted(n_authors as u64, "author", "authors"), output::counted(n_teams as u64, "team", "teams"));
    writeln!(out, "{authors}; {teams} of at least {min_authors} authors, who can stand alone")?;
    for gap in findings.gaps.iter().filter(|gap| gap.kind == stats::GapKind::Praise && gap.speaker == stats::Speaker::Company) {
        let n = gap.gap.counts.n_naming_both;
        let says = if n < min_authors { "too few for a gap" } else { "levels and a company-wide gap can be computed" };
        writeln!(out, "{n} authors name both {} and {}: {says}", gap.numerator, gap.denominator)?;
    }
    Ok(())
}

/// Scans the inputs that are exports and adds the tallies among them. Faults are added to those of the setup.
pub(crate) fn tally_of(args: &InputArgs, loaded: &mut Loaded) -> Result<Tally, Failure> {
    let (tally, _) = read(args, loaded)?;
    if tally.intake.kept == 0 {
        // Why nothing was read stands in the faults, if there are any.
        tell(args, &loaded.faults)?;
        let left_out: Vec<String> = tally
            .intake
            .removed
            .iter()
            .map(|(reason, n)| format!("{} left out: {}{}", output::counted(n, "message", "messages"), reason.title(), way_out(reason)))
            .collect();
        let why = if left_out.is_empty() { "no message was read".to_owned() } else { left_out.join("; ") };
        return Err(Failure::Other(format!("nothing in scope: {why}")));
    }
    Ok(tally)
}

fn read(args: &InputArgs, loaded: &mut Loaded) -> Result<(Tally, Vec<SourceIntake>), Failure> {
    let options = source_options(args, &loaded.setup);
    let mut sources = Vec::new();
    let mut tallies = Vec::new();
    let mut unopened = Vec::new();
    for path in &args.inputs {
        match open(path, &options) {
            Ok(Input::Source(source)) => sources.push(source),
            Ok(Input::Tally(tally)) => tallies.push((path, *tally)),
            Err(fault) => unopened.push(fault),
        }
    }
    if sources.is_empty() && tallies.is_empty() {
        loaded.faults.extend(unopened);
        tell(args, &loaded.faults)?;
        return Err(Failure::Told);
    }
    if let Some((path, _)) = tallies.first().filter(|_| args.since.is_some() || args.until.is_some()) {
        return Err(Fault::file(path.to_string_lossy(), "a tally keeps no days; --since and --until need exports").into());
    }
    let mut intakes = Vec::new();
    let mut sum = None;
    if !sources.is_empty() {
        let bar = progress::bar(&args.inputs, args.quiet);
        let setup = &loaded.setup;
        let scanned = pool(args)?.install(|| scan::scan(sources, setup, &|n_bytes| bar.set_position(n_bytes)));
        bar.finish_and_clear();
        loaded.faults.extend(scanned.faults);
        intakes = scanned.sources;
        sum = Some(scanned.tally);
    }
    for (path, tally) in tallies {
        match &mut sum {
            None => sum = Some(tally),
            Some(sum) => sum.merge(tally).map_err(|mismatch| Fault::file(path.to_string_lossy(), mismatch.to_string()))?,
        }
    }
    let mut sum = sum.unwrap_or_else(|| Tally::new(loaded.setup.origin()));
    sum.intake.faults += unopened.len() as u64;
    loaded.faults.extend(unopened);
    Ok((sum, intakes))
}

/// The inputs as sources, where tallies will not do.
pub(crate) fn sources_of(args: &InputArgs, setup: &Setup, faults: &mut Vec<Fault>) -> Result<Vec<Source>, Failure> {
    let options = source_options(args, setup);
    let mut sources = Vec::new();
    for path in &args.inputs {
        match open(path, &options) {
            Ok(Input::Source(source)) => sources.push(source),
            Ok(Input::Tally(_)) => faults.push(Fault::file(path.to_string_lossy(), "a tally holds no text, expected an export")),
            Err(fault) => faults.push(fault),
        }
    }
    if sources.is_empty() { Err(std::mem::take(faults).into()) } else { Ok(sources) }
}

/// How inputs are read.
fn source_options(args: &InputArgs, setup: &Setup) -> Options {
    Options {
        format: args.input_format,
        map: args.map.clone().map(Arc::new),
        zone: setup.zone.clone(),
        date_order: args.date_order,
        include_private: args.include.contains(&Include::Private),
        include_direct: args.include.contains(&Include::Direct),
    }
}

enum Input {
    Source(Source),
    Tally(Box<Tally>),
}

fn open(path: &Path, options: &Options) -> Result<Input, Fault> {
    if path != Path::new("-")
        && path.is_file()
        && let Ok(file) = File::open(path)
    {
        let mut reader = BufReader::new(file);
        if reader.fill_buf().is_ok_and(tally::looks_like) {
            return tally::read(&path.to_string_lossy(), reader).map(|tally| Input::Tally(Box::new(tally)));
        }
    }
    source::open(path, options).map(Input::Source)
}

/// Threads to scan with.
pub(crate) fn pool(args: &InputArgs) -> Result<rayon::ThreadPool, Failure> {
    let threads = rayon::ThreadPoolBuilder::new().num_threads(args.threads.map_or(0, usize::from));
    threads.build().map_err(|error| Failure::Other(format!("threads: {error}")))
}
