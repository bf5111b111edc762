//! The extension module of the Python package `evenhand`. It turns Arrow tables into messages and tallies into Arrow tables; all that is
//! counted is counted by the crate `evenhand`. What Python calls is documented there (`evenhand/__init__.py`).

mod columns;
mod failure;
mod input;
mod messages;
mod output;
mod reading;
mod wire;

use std::path::PathBuf;
use std::sync::Arc;

use evenhand::config::Config;
use evenhand::decision;
use evenhand::fault::Fault;
use evenhand::report::{Format, Style, write};
use evenhand::run;
use evenhand::run::files::{self, ConfigFile, Faults, LexiconChoice};
use evenhand::scan::{self, Setup};
use evenhand::source::{Source, memory};
use evenhand::tally::part::{Open, Part};
use evenhand::tally::rows::{self, Gathering};
use evenhand::{scan::concordance, tally::Key};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::ops::ControlFlow;

use failure::Failure;
use messages::Table;
use reading::Reading;

/// Columns of a report as text, as the command has them where it writes to no terminal.
const WIDTH: usize = 80;

/// The configuration with all that it names.
struct Loaded {
    config: Config,
    config_file: ConfigFile,
    setup: Setup,
    faults: Vec<Fault>,
}

impl Loaded {
    fn of(config: Option<PathBuf>, key: Key) -> Result<Self, Faults> {
        let (config, config_file) = match config {
            Some(path) => ConfigFile::read(&path)?,
            None => <(Config, ConfigFile)>::default(),
        };
        let base = config_file.base();
        let lexicons = files::lexicons(&LexiconChoice::default(), &config, &base)?;
        let roster = config.teams.roster.as_ref().map(|path| base.join(path));
        let (setup, faults) = files::setup(&config, &config_file, roster.as_deref(), lexicons, key)?;
        Ok(Self { config, config_file, setup, faults })
    }
}

/// Threads of its own, so that engines which start a process a core are not crowded.
fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, Failure> {
    let built = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    built.map_err(|error| Failure::Value(format!("threads: {error}")))
}

/// The table's sources, each to be learned from by itself.
fn sources(tables: Vec<Table>) -> Vec<Source> {
    tables.into_iter().map(|table| memory::source(&table.label(), Arc::new(table))).collect()
}

/// An iterator of message batches, read from batches of `path` and `content`.
#[pyfunction]
#[pyo3(signature = (batches, include, input_format, map, timezone))]
#[expect(clippy::needless_pass_by_value, reason = "Python hands a list over")]
fn read_messages(
    batches: &Bound<'_, PyAny>,
    include: Vec<String>,
    input_format: Option<&str>,
    map: Option<&str>,
    timezone: &str,
) -> PyResult<Reading> {
    Ok(Reading::new(input::Batches::of(batches)?, reading::options(&include, input_format, map, timezone)?))
}

/// The batches with one more column, `person`.
#[pyfunction]
fn add_person(py: Python<'_>, batches: &Bound<'_, PyAny>, config: Option<PathBuf>) -> PyResult<Vec<PyRecordBatch>> {
    let batches = input::Batches::of(batches)?.collect(py)?;
    let added = py.detach(move || -> Result<_, Failure> {
        let loaded = Loaded::of(config, files::random_key()?)?;
        batches.into_iter().map(|batch| messages::add_person(&batch, &loaded.setup)).collect::<Result<Vec<_>, _>>()
    })?;
    Ok(added.into_iter().map(PyRecordBatch::new).collect())
}

/// Tally rows of message batches.
#[pyfunction]
fn tally_batches(
    py: Python<'_>,
    batches: &Bound<'_, PyAny>,
    config: Option<PathBuf>,
    key_file: Option<PathBuf>,
    threads: Option<usize>,
) -> PyResult<Vec<PyRecordBatch>> {
    let batches = input::Batches::of(batches)?.collect(py)?;
    let (batches, faults) = py.detach(move || -> Result<_, Failure> {
        let loaded = Loaded::of(config, files::key(key_file.as_deref())?)?;
        let messages = messages::Messages::of(&batches, &loaded.setup.zone)?;
        if messages.is_empty() {
            return Ok((vec![wire::batch(&[])?], loaded.faults));
        }
        let leaves_open = messages.has_threads();
        let sources = sources(messages.tables());
        let mut faults = loaded.faults;
        let setup = &loaded.setup;
        let part = pool(threads)?.install(|| {
            // Where nothing is said of threads and replies, nothing can be open.
            if leaves_open {
                let scanned = scan::scan_part(sources, setup, &|_| ());
                faults.extend(scanned.faults);
                scanned.part
            } else {
                let scanned = scan::scan(sources, setup, &|_| ());
                faults.extend(scanned.faults);
                Part { tally: scanned.tally, open: Open::default() }
            }
        });
        let rows = rows::rows(&part);
        Ok((rows.chunks(wire::ROWS).map(wire::batch).collect::<Result<Vec<_>, _>>()?, faults))
    })?;
    failure::warn(py, &faults)?;
    Ok(batches.into_iter().map(PyRecordBatch::new).collect())
}

/// Every match that counts, a row each.
#[pyfunction]
fn hits(py: Python<'_>, batches: &Bound<'_, PyAny>, config: Option<PathBuf>, threads: Option<usize>) -> PyResult<Vec<PyRecordBatch>> {
    let batches = input::Batches::of(batches)?.collect(py)?;
    let (batches, faults) = py.detach(move || -> Result<_, Failure> {
        let loaded = Loaded::of(config, files::random_key()?)?;
        let sources = sources(messages::Messages::of(&batches, &loaded.setup.zone)?.tables());
        let mut faults = loaded.faults;
        let mut table = output::Hits::default();
        let setup = &loaded.setup;
        let _ = pool(threads)?.install(|| {
            concordance::concordance(sources, setup, &mut |row| {
                match row {
                    Ok(row) => table.add(&row, &setup.framing.lexicons),
                    Err(fault) => faults.push(fault),
                }
                ControlFlow::Continue(())
            })
        });
        Ok((table.batch()?, faults))
    })?;
    failure::warn(py, &faults)?;
    Ok(vec![PyRecordBatch::new(batches)])
}

/// The report of tally rows: batches of them, or paths of files that hold them as JSON Lines or CSV.
#[pyfunction]
fn report(py: Python<'_>, rows: &Bound<'_, PyAny>, config: Option<PathBuf>, format: &str) -> PyResult<String> {
    let format = Format::from_name(format).ok_or_else(|| {
        let known = Format::ALL.map(Format::name).join(", ");
        Failure::Value(format!("format: found \"{format}\", expected one of {known}"))
    })?;
    let mut gathering = Gathering::default();
    let place = if let Ok(path) = rows.extract::<PathBuf>() {
        wire::read_file(&path, &mut gathering)?;
        path.to_string_lossy().into_owned()
    } else {
        for batch in input::Batches::of(rows)?.collect(py)? {
            wire::gather(&batch, &mut gathering)?;
        }
        "rows".to_owned()
    };
    let (page, faults) = py.detach(move || -> Result<_, Failure> {
        let gathered = gathering.finish().map_err(|why| Failure::Value(format!("{place}: {why}")))?;
        let tally = gathered.ok_or_else(|| Failure::Value(format!("{place}: no rows")))?;
        let loaded = Loaded::of(config, files::random_key()?)?;
        if tally.intake.kept == 0 {
            return Err(Failure::Value(format!("{place}: nothing in scope: no message of {} counts", tally.intake.read)));
        }
        let mut shown = run::shown(&tally, &loaded.config);
        shown.validation = files::validation(None, &loaded.config, &loaded.config_file.base())?;
        shown.tell_senses(&loaded.setup.framing.lexicons);
        let sheet = decision::sheet(&shown, &loaded.config.situation);
        let style = Style { color: false, ascii: false, width: WIDTH };
        let mut page = Vec::new();
        write(&shown, &sheet, format, &style, &mut page).map_err(|error| Failure::Value(format!("report: {error}")))?;
        let page = String::from_utf8(page).map_err(|error| Failure::Value(format!("report: {error}")))?;
        Ok((page, loaded.faults))
    })?;
    failure::warn(py, &faults)?;
    Ok(page)
}

#[pymodule]
mod _evenhand {
    #[pymodule_export]
    use super::{Reading, add_person, hits, read_messages, report, tally_batches};
}
