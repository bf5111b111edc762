//! What went wrong and where. A bad record is a value: counted, reported, and never the end of the run.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::span::line_of;

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
    /// The line that it stands in with a mark below what is meant, for settings that people write; of data never, for it may be anybody's.
    pub excerpt: Option<String>,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn new(at: Place, why: impl Into<String>) -> Self {
        Self { at, why: why.into(), excerpt: None }
    }

    /// The fault of a stretch of a text, which is shown.
    #[must_use]
    pub fn in_text(file: &Place, text: &str, stretch: Range<usize>, why: impl Into<String>) -> Self {
        let line = line_of(text, stretch.start);
        Self { excerpt: excerpt(text, stretch), ..Self::new(file.at(Position::Line(line)), why) }
    }

    /// A fault of a whole file.
    #[must_use]
    pub fn file(path: impl Into<Arc<str>>, why: impl Into<String>) -> Self {
        Self::new(Place::file(path), why)
    }
}

/// A line with its number, and below it carets under the part of a stretch that lies in it; none for an empty line.
fn excerpt(text: &str, stretch: Range<usize>) -> Option<String> {
    let start = text.get(..stretch.start)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().filter(|line| !line.trim().is_empty())?;
    let number = line_of(text, stretch.start).to_string();
    let margin = " ".repeat(number.len());
    let characters = |part: &str| part.chars().count();
    let before = characters(line.get(..stretch.start - start)?);
    let marked = line.get(stretch.start - start..line.len().min(stretch.end.max(stretch.start) - start)).map_or(1, characters).max(1);
    let line = line.replace('\t', " ");
    Some(format!("{margin} |\n{number} | {line}\n{margin} | {}{}", " ".repeat(before), "^".repeat(marked)))
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

/// The name of a folder that is nearest to one that is not in it, if one is near; of equals the first in order.
#[must_use]
pub fn nearest_path<'a>(found: &str, names: &'a [String]) -> Option<&'a str> {
    // Files of one folder are often alike, so a name must be nearer than a word.
    const NEAR: f64 = 0.9;
    let similarity = |name: &str| strsim::jaro_winkler(&found.to_lowercase(), &name.to_lowercase());
    let near = names.iter().map(|name| (similarity(name), name.as_str())).filter(|&(similarity, _)| similarity > NEAR);
    near.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1))).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_settings_is_shown_with_carets_below_it() {
        let text = "a = 1\n\tbé = \"five\"\n";
        let at = text.find("\"five").unwrap();
        let fault = Fault::in_text(&Place::file("x.toml"), text, at..at + 6, "found text");
        assert_eq!(fault.to_string(), "x.toml:2: found text");
        assert_eq!(fault.excerpt.unwrap(), "  |\n2 |  bé = \"five\"\n  |       ^^^^^^");
        assert_eq!(excerpt("a\n\nb", 2..2), None);
        assert_eq!(excerpt("[a\n", 2..3).unwrap(), "  |\n1 | [a\n  |   ^");
    }

    #[test]
    fn a_misspelt_file_has_a_nearest_one() {
        let names = ["sales.mbox", "saled.mbox", "notes.txt"].map(str::to_owned);
        assert_eq!(nearest_path("Sales.mbx", &names), Some("sales.mbox"));
        assert_eq!(nearest_path("other.mbox", &names), None);
    }
}
