//! What went wrong and where. A bad record is a value: counted, reported, and never the end of the run.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A position inside a file or archive member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Position {
    /// The whole of it.
    Whole,
    /// A line, counted from 1.
    Line(u64),
    /// A record (array element, mail of a mailbox), counted from 1.
    Record(u64),
    /// A byte offset, counted from 0.
    Byte(u64),
}

/// Where something lies: `path`, `path:12`, `archive.zip!general/2026-01-04.json: record 17`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file as the user named it or as it was found below what the user named.
    pub path: Arc<str>,
    /// The member, when the file is an archive.
    pub member: Option<Arc<str>>,
    /// The position inside the file or member.
    pub position: Position,
}

impl Place {
    /// The whole file at `path`.
    #[must_use]
    pub fn file(path: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), member: None, position: Position::Whole }
    }

    /// The same file or member at another position.
    #[must_use]
    pub fn at(&self, position: Position) -> Self {
        Self { position, ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(member) = &self.member {
            write!(f, "!{member}")?;
        }
        match self.position {
            Position::Whole => Ok(()),
            Position::Line(line) => write!(f, ":{line}"),
            Position::Record(record) => write!(f, ": record {record}"),
            Position::Byte(byte) => write!(f, ": byte {byte}"),
        }
    }
}

/// One thing that could not be read, and its place. Printed as `place: why`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{at}: {why}")]
pub struct Fault {
    /// Where.
    pub at: Place,
    /// What was found and what was expected; lower case, no full stop.
    pub why: String,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn new(at: Place, why: impl Into<String>) -> Self {
        Self { at, why: why.into() }
    }

    /// A fault of a whole file.
    #[must_use]
    pub fn file(path: impl Into<Arc<str>>, why: impl Into<String>) -> Self {
        Self::new(Place::file(path), why)
    }
}

/// "; did you mean …?" with the known word that is nearest to what was found, or nothing if none is near.
#[must_use]
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let similarity = |word: &str| strsim::jaro_winkler(&found.to_lowercase(), &word.to_lowercase());
    let best = known.into_iter().map(|word| (similarity(word), word)).max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((similarity, word)) if similarity > 0.75 => format!("; did you mean \"{word}\"?"),
        Some(_) | None => String::new(),
    }
}
