//! Everything that is printed, and what it means for the exit code.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use evenhand::fault::Fault;
use evenhand::run::files::Faults;

use crate::interrupt;

/// Done.
const DONE: u8 = 0;
/// A limit is crossed, or a draft has remarks.
const CROSSED: u8 = 1;
/// Wrong use, or input that could not be read.
const UNREADABLE: u8 = 2;
/// A limit could not be judged, and that is to fail.
const NOT_JUDGED: u8 = 3;

/// How a run ended that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All was read.
    Done,
    /// More could not be read than is allowed.
    Faults,
    /// A limit is crossed.
    Crossed,
    /// A draft has remarks.
    Found,
    /// A limit could not be judged, and that is to fail.
    NotJudged,
}

impl Outcome {
    /// The one that counts when this one came first.
    pub(crate) fn or(self, other: Self) -> Self {
        if self == Self::Done { other } else { self }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => DONE,
            Outcome::Faults => UNREADABLE,
            Outcome::Crossed | Outcome::Found => CROSSED,
            Outcome::NotJudged => NOT_JUDGED,
        })
    }
}

/// Why a run could not end.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Mistakes with their places.
    Faults(Vec<Fault>),
    /// A file could not be written.
    Write { path: PathBuf, error: io::Error },
    /// Standard output could not be written.
    Output(io::Error),
    /// It was told already.
    Told,
    /// Anything else that a person must know.
    Other(String),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Faults(vec![fault])
    }
}

impl From<Faults> for Failure {
    fn from(Faults(faults): Faults) -> Self {
        Self::Faults(faults)
    }
}

impl From<Vec<Fault>> for Failure {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl Failure {
    pub(crate) fn print(self) -> ExitCode {
        match self {
            Self::Output(error) => complain(format_args!("standard output: {}", evenhand::source::cause(&error))),
            Self::Write { path, error } => complain(format_args!("{}: {}", path.display(), evenhand::source::cause(&error))),
            Self::Faults(faults) => complain_all(&faults),
            Self::Told => {}
            Self::Other(why) => complain(format_args!("{why}")),
        }
        ExitCode::from(UNREADABLE)
    }
}

/// A number with the noun in singular or plural.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// One line on standard error. A closed standard error is nobody's concern.
pub(crate) fn complain(line: std::fmt::Arguments<'_>) {
    complain_after("", line);
}

/// The same behind something that ends what stands there.
pub(crate) fn complain_after(start: &str, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{start}evenhand: {line}");
}

/// All faults on standard error.
pub(crate) fn complain_all(faults: &[Fault]) {
    let mut out = io::BufWriter::new(io::stderr().lock());
    for fault in faults {
        let _ = writeln!(out, "evenhand: {fault}");
        if let Some(excerpt) = &fault.excerpt {
            let _ = writeln!(out, "{excerpt}");
        }
    }
}

/// Tells what could not be read, on standard error or in a file, and whether the run may still count as done.
pub(crate) fn tell_faults(faults: &[Fault], file: Option<&Path>, allowed: u64) -> Result<Outcome, Failure> {
    match file {
        Some(path) => write_private(path, |out| faults.iter().try_for_each(|fault| writeln!(out, "{fault}")))?,
        None => complain_all(faults),
    }
    Ok(if faults.len() as u64 > allowed { Outcome::Faults } else { Outcome::Done })
}

/// Writes to standard output through a buffer.
pub(crate) fn print(write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> Result<(), Failure> {
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout());
    match write(&mut out).and_then(|()| out.flush()) {
        // Who closes the pipe has read enough; what was found still decides the exit code.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(Failure::Output),
    }
}

/// Writes a file that only its owner can read, beside its place and then moved there, so that there is never half a file.
pub(crate) fn write_private(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    write_file(path, true, write)
}

/// Writes a file beside its place and then moves it there; readable by its owner only, or by whom the system's habit is.
pub(crate) fn write_file(path: &Path, is_private: bool, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let fail = |error| Failure::Write { path: path.to_owned(), error };
    // A pipe or device is written to, never replaced.
    if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let file = OpenOptions::new().write(true).open(path).map_err(fail)?;
        let mut out = io::BufWriter::new(file);
        return write(&mut out).and_then(|()| out.flush()).map_err(fail);
    }
    let mut name = path.file_name().ok_or_else(|| fail(io::Error::other("no file name")))?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let begun = interrupt::uninterrupted(|part| {
        let file = options.open(&beside)?;
        *part = Some(beside.clone());
        Ok(file)
    });
    let mut out = io::BufWriter::new(begun.map_err(fail)?);
    // Some disks tell only now that they are full.
    let written = write(&mut out).and_then(|()| out.flush()).and_then(|()| out.get_ref().sync_all());
    let placed = interrupt::uninterrupted(|part| {
        *part = None;
        written.and_then(|()| std::fs::rename(&beside, path))
    });
    placed.map_err(|error| {
        // The first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        fail(error)
    })
}
