//! `evenhand scan`: exports and tallies → one tally; and what the other commands need of it.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evenhand::fault::Fault;
use evenhand::message::{ByReason, Reason};
use evenhand::scan::{self, Setup, SourceIntake};
use evenhand::source::{self, Options, Source};
use evenhand::tally::part::Part;
use evenhand::tally::rows::{self, Gathering};
use evenhand::tally::{self, Intake, Month, Tally};

use crate::args::{Include, InputArgs, MOST_THREADS, ScanArgs, ScanFormat};
use crate::environment::typed_or_set;
use crate::load::{self, Loaded};
use crate::output::{self, Failure, Outcome};
use crate::{preview, progress};

pub(crate) fn run(args: &ScanArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, None)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    if args.format == ScanFormat::Tally {
        let tally = tally_of(&args.input, &mut loaded)?;
        output::write_private(&args.output, |out| tally::write(&tally, out))?;
        return tell(&args.input, &loaded.faults);
    }
    let rows = rows::rows(&part_of(&args.input, &mut loaded)?);
    output::write_private(&args.output, |out| match args.format {
        ScanFormat::Csv => rows::write_csv(&rows, out),
        ScanFormat::Tally | ScanFormat::Jsonl => rows::write_jsonl(&rows, out),
    })?;
    tell(&args.input, &loaded.faults)
}

/// Scans exports as some of a company's authors. Faults are added to those of the setup.
fn part_of(args: &InputArgs, loaded: &mut Loaded) -> Result<Part, Failure> {
    let before = loaded.faults.len();
    let sources = sources_of(args, &loaded.setup, &mut loaded.faults)?;
    let n_unopened = (loaded.faults.len() - before) as u64;
    let bar = progress::bar(&args.inputs, args.quiet);
    let mut scanned = pool(args)?.install(|| scan::scan_part(sources, &loaded.setup, &|n_bytes| bar.set_position(n_bytes)));
    bar.finish_and_clear();
    loaded.faults.extend(scanned.faults);
    let intake = &mut scanned.part.tally.intake;
    intake.faults += n_unopened;
    if intake.kept == 0 {
        tell(args, &loaded.faults)?;
        return Err(nothing_in_scope(&intake.removed));
    }
    Ok(scanned.part)
}

/// Tells what could not be read and what that means for the exit code.
pub(crate) fn tell(args: &InputArgs, faults: &[Fault]) -> Result<Outcome, Failure> {
    output::tell_faults(faults, args.faults.as_deref(), args.allow_faults)
}

/// How to have what a reason leaves out.
pub(crate) const fn way_out(reason: Reason) -> &'static str {
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
        | Reason::DuplicateTemplate
        | Reason::OtherLanguage => "",
    }
}

/// Scans the inputs that are exports and adds the tallies among them. Faults are added to those of the setup.
pub(crate) fn tally_of(args: &InputArgs, loaded: &mut Loaded) -> Result<Tally, Failure> {
    let tally = read(args, loaded)?.tally;
    if tally.intake.kept == 0 {
        // Why nothing was read stands in the faults, if there are any.
        tell(args, &loaded.faults)?;
        return Err(nothing_in_scope(&tally.intake.removed));
    }
    Ok(tally)
}

/// Why there is nothing to go on with.
pub(crate) fn nothing_in_scope(removed: &ByReason) -> Failure {
    let left_out: Vec<String> = removed
        .iter()
        .map(|(reason, n)| format!("{} left out: {}{}", output::counted(n, "message", "messages"), reason.title(), way_out(reason)))
        .collect();
    let why = if left_out.is_empty() { "no message was read".to_owned() } else { left_out.join("; ") };
    Failure::Other(format!("nothing in scope: {why}"))
}

/// What was read of the inputs.
pub(crate) struct Read {
    /// All of it, added up.
    pub(crate) tally: Tally,
    /// Inputs that are exports.
    pub(crate) sources: Vec<SourceIntake>,
    /// Inputs that are tallies.
    pub(crate) tallies: Vec<TallyIntake>,
}

/// What a tally among the inputs holds.
pub(crate) struct TallyIntake {
    /// The input as the user named it.
    pub(crate) label: String,
    pub(crate) n_sources: usize,
    pub(crate) intake: Intake,
    /// First and last month.
    pub(crate) months: Option<(Month, Month)>,
}

impl TallyIntake {
    fn of(path: &Path, tally: &Tally) -> Self {
        Self { label: path.display().to_string(), n_sources: tally.sources.len(), intake: tally.intake, months: tally.months() }
    }
}

pub(crate) fn read(args: &InputArgs, loaded: &mut Loaded) -> Result<Read, Failure> {
    let options = source_options(args, &loaded.setup);
    let mut sources = Vec::new();
    let mut tallies = Vec::new();
    let mut unopened = Vec::new();
    let mut gathering = Gathering::default();
    let mut rows_at = None;
    for path in &args.inputs {
        match open(path, &options) {
            Ok(Input::Source(source)) => sources.push(source),
            Ok(Input::Tally(tally)) => tallies.push((path, *tally)),
            Ok(Input::Rows(files)) => {
                files.iter().try_for_each(|file| gathering.read(&file.to_string_lossy(), BufReader::new(open_file(file)?)))?;
                rows_at.get_or_insert(path);
            }
            Err(fault) => unopened.push(fault),
        }
    }
    // Rows of one part may lie in several files.
    let gathered =
        gathering.finish().map_err(|why| Fault::file(rows_at.map_or_else(String::new, |path| path.display().to_string()), why))?;
    tallies.extend(rows_at.zip(gathered));
    if sources.is_empty() && tallies.is_empty() {
        loaded.faults.extend(unopened);
        tell(args, &loaded.faults)?;
        return Err(Failure::Told);
    }
    if let Some((path, tally)) = tallies.first() {
        let has_period = args.since.is_some() || args.until.is_some();
        let zone = args.setup.timezone.as_ref().filter(|zone| sources.is_empty() && **zone != tally.origin.timezone);
        let why = if has_period {
            Some("a tally keeps no days; --since and --until need exports".to_owned())
        } else if zone.is_some() {
            Some(format!("its months are counted in {}; another --timezone needs exports", tally.origin.timezone))
        } else {
            without_effect(args).filter(|_| sources.is_empty()).map(|what| format!("{what} has no effect on a tally; it needs exports"))
        };
        if let Some(why) = why {
            return Err(Fault::file(path.to_string_lossy(), why).into());
        }
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
    let tally_intakes = tallies.iter().map(|(path, tally)| TallyIntake::of(path, tally)).collect();
    for (path, tally) in tallies {
        match &mut sum {
            None => sum = Some(tally),
            Some(sum) => sum.merge(tally).map_err(|mismatch| Fault::file(path.to_string_lossy(), mismatch.to_string()))?,
        }
    }
    let mut sum = sum.unwrap_or_else(|| Tally::new(loaded.setup.origin()));
    sum.intake.faults += unopened.len() as u64;
    loaded.faults.extend(unopened);
    Ok(Read { tally: sum, sources: intakes, tallies: tally_intakes })
}

/// What was typed that only exports can heed.
fn without_effect(args: &InputArgs) -> Option<&'static str> {
    let typed = [
        (args.setup.roster.is_some(), "--roster"),
        (!args.setup.lexicon.is_empty(), "--lexicon"),
        (!args.setup.replace_lexicon.is_empty(), "--replace-lexicon"),
        (args.map.is_some(), "--map"),
        (args.input_format.is_some(), "--input-format"),
        (!args.include.is_empty(), "--include"),
    ];
    typed.into_iter().find_map(|(is_typed, name)| is_typed.then_some(name))
}

/// The inputs as sources, where tallies will not do.
pub(crate) fn sources_of(args: &InputArgs, setup: &Setup, faults: &mut Vec<Fault>) -> Result<Vec<Source>, Failure> {
    let options = source_options(args, setup);
    let mut sources = Vec::new();
    for path in &args.inputs {
        match open(path, &options) {
            Ok(Input::Source(source)) => sources.push(source),
            Ok(Input::Tally(_) | Input::Rows(_)) => {
                faults.push(Fault::file(path.to_string_lossy(), "a tally holds no text, expected an export"));
            }
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
    /// Files of rows of tallies.
    Rows(Vec<PathBuf>),
}

fn open(path: &Path, options: &Options) -> Result<Input, Fault> {
    if let Some(tally) = tally_at(path)? {
        return Ok(Input::Tally(Box::new(tally)));
    }
    match rows_at(path) {
        Some(files) => Ok(Input::Rows(files)),
        None => source::open(path, options).map(Input::Source),
    }
}

fn open_file(path: &Path) -> Result<File, Fault> {
    File::open(path).map_err(|error| Fault::file(path.to_string_lossy(), source::cause(&error)))
}

/// The files of rows that the path is or, if it is a folder as engines write one, holds.
fn rows_at(path: &Path) -> Option<Vec<PathBuf>> {
    let holds_rows = |path: &Path| {
        path != Path::new("-")
            && path.is_file()
            && File::open(path).is_ok_and(|file| BufReader::new(file).fill_buf().is_ok_and(rows::looks_like))
    };
    if holds_rows(path) {
        return Some(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for file in path.read_dir().ok()?.flatten().map(|entry| entry.path()) {
        // What begins so is an engine's own: `_SUCCESS`, checksums.
        let is_own = file.file_name().is_none_or(|name| name.to_string_lossy().starts_with(['_', '.']));
        let is_empty = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() == 0);
        if is_own || is_empty {
            continue;
        }
        if !holds_rows(&file) {
            return None;
        }
        files.push(file);
    }
    files.sort();
    (!files.is_empty()).then_some(files)
}

/// The tally that the file is, if it is one.
pub(crate) fn tally_at(path: &Path) -> Result<Option<Tally>, Fault> {
    if path != Path::new("-")
        && path.is_file()
        && let Ok(file) = File::open(path)
    {
        let mut reader = BufReader::new(file);
        if reader.fill_buf().is_ok_and(tally::looks_like) {
            return tally::read(&path.to_string_lossy(), reader).map(Some);
        }
    }
    Ok(None)
}

/// Threads to scan with.
pub(crate) fn pool(args: &InputArgs) -> Result<rayon::ThreadPool, Failure> {
    let threads = typed_or_set(args.threads.and_then(NonZeroU16::new).as_ref(), "EVENHAND_THREADS")?;
    let threads = rayon::ThreadPoolBuilder::new().num_threads(threads.map_or(0, |set| usize::from(set.value.get().min(MOST_THREADS))));
    threads.build().map_err(|error| Failure::Other(format!("threads: {error}")))
}
