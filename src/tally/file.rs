//! The tally's file: JSON Lines, a header and then rows, in one fixed order, so that equal tallies are equal bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, Read, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Cell, CellKey, Coded, HitKey, InTopicThread, Intake, Month, Origin, Pseudonym, Replies, Tally, ThreadPseudonym};
use crate::fault::{Fault, Place, Position};
use crate::lexicon::Category;
use crate::message::{ByReason, Reason};

/// The longest line that is read; a header lists its sources.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// The largest count that is believed (about 10^12), so that no sum of counts overflows.
const MAX_COUNT: u64 = 1 << 40;

/// Version of the file's shape.
pub const SCHEMA: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    evenhand_tally: u32,
    version: String,
    lexicons: String,
    cleaning: String,
    rosters: BTreeSet<String>,
    key: String,
    timezone: String,
    sources: Vec<String>,
    messages: Messages,
    characters: Characters,
    repeated_segments: u64,
    faults: u64,
    #[serde(default, skip_serializing_if = "is_zero")]
    sources_read_once: u64,
    not_swappable: BTreeMap<String, Vec<Arc<str>>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    coded: BTreeMap<String, Vec<Arc<str>>>,
    #[serde(default, skip_serializing_if = "is_zero")]
    shared_authors: u64,
}

#[derive(Serialize, Deserialize)]
struct Messages {
    read: u64,
    kept: u64,
    removed: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
struct Characters {
    read: u64,
    removed: BTreeMap<String, u64>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(n: &u64) -> bool {
    *n == 0
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "row", rename_all = "snake_case", deny_unknown_fields)]
enum Row {
    Words {
        author: String,
        team: Option<Arc<str>>,
        month: Option<String>,
        words: u64,
        segments: u64,
        messages: u64,
    },
    Names {
        author: String,
        team: Option<Arc<str>>,
        month: Option<String>,
        group: Arc<str>,
        segments: u64,
    },
    Hits {
        author: String,
        team: Option<Arc<str>>,
        month: Option<String>,
        target: Option<Arc<str>>,
        named: bool,
        category: String,
        entries: Vec<Arc<str>>,
        segments: u64,
    },
    Replies {
        author: String,
        team: Option<Arc<str>>,
        month: Option<String>,
        to_team: Arc<str>,
        segments: u64,
        hits: BTreeMap<String, u64>,
    },
    Threads {
        author: String,
        team: Option<Arc<str>>,
        month: Option<String>,
        thread: String,
        topics: BTreeSet<Arc<str>>,
        messages: u64,
    },
}

fn by_name(counts: &ByReason) -> BTreeMap<String, u64> {
    counts.iter().map(|(reason, n)| (reason.name().to_owned(), n)).collect()
}

/// A tally's header as the first line of its file, without a line end.
pub(super) fn header_line(tally: &Tally) -> String {
    serde_json::json!(header(tally)).to_string()
}

fn header(tally: &Tally) -> Header {
    let mut not_swappable: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    for (category, entry) in &tally.not_swappable {
        not_swappable.entry(category.name().to_owned()).or_default().push(Arc::clone(entry));
    }
    let mut coded: BTreeMap<String, Vec<Arc<str>>> = BTreeMap::new();
    for (kind, entry) in &tally.coded {
        coded.entry(kind.name().to_owned()).or_default().push(Arc::clone(entry));
    }
    Header {
        evenhand_tally: SCHEMA,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        lexicons: tally.origin.lexicons.clone(),
        cleaning: tally.origin.cleaning.clone(),
        rosters: tally.rosters.clone(),
        key: tally.origin.key.clone(),
        timezone: tally.origin.timezone.clone(),
        sources: tally.sources.iter().map(|source| format!("{source:032x}")).collect(),
        messages: Messages { read: tally.intake.read, kept: tally.intake.kept, removed: by_name(&tally.intake.removed) },
        characters: Characters { read: tally.intake.characters, removed: by_name(&tally.intake.removed_characters) },
        repeated_segments: tally.intake.repeated_segments,
        faults: tally.intake.faults,
        sources_read_once: tally.intake.sources_read_once,
        not_swappable,
        coded,
        shared_authors: tally.shared_authors,
    }
}

/// Writes a tally.
///
/// # Errors
/// If the writer fails.
pub fn write(tally: &Tally, mut out: impl Write) -> io::Result<()> {
    write_line(&mut out, &header(tally))?;
    for (key, cell) in &tally.cells {
        let author = || format!("p:{:032x}", key.author.0);
        let team = || key.team.clone();
        let month = || key.month.map(|month| month.to_string());
        let (words, segments, messages) = (cell.words, cell.segments, cell.messages);
        write_line(&mut out, &Row::Words { author: author(), team: team(), month: month(), words, segments, messages })?;
        for (group, &segments) in &cell.names {
            write_line(&mut out, &Row::Names { author: author(), team: team(), month: month(), group: Arc::clone(group), segments })?;
        }
        for (hit, &segments) in &cell.hits {
            let row = Row::Hits {
                author: author(),
                team: team(),
                month: month(),
                target: hit.target.clone(),
                named: hit.named,
                category: hit.category.name().to_owned(),
                entries: hit.entries.clone(),
                segments,
            };
            write_line(&mut out, &row)?;
        }
        for (to_team, replies) in &cell.replies {
            let hits = replies.hits.iter().map(|(category, &n)| (category.name().to_owned(), n)).collect();
            let row = Row::Replies {
                author: author(),
                team: team(),
                month: month(),
                to_team: Arc::clone(to_team),
                segments: replies.segments,
                hits,
            };
            write_line(&mut out, &row)?;
        }
        for (thread, in_thread) in &cell.threads {
            let row = Row::Threads {
                author: author(),
                team: team(),
                month: month(),
                thread: format!("t:{:032x}", thread.0),
                topics: in_thread.topics.clone(),
                messages: in_thread.messages,
            };
            write_line(&mut out, &row)?;
        }
    }
    out.flush()
}

fn write_line(out: &mut impl Write, row: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, row)?;
    out.write_all(b"\n")
}

/// Whether a file's first bytes are a tally's.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    head.starts_with(b"{\"evenhand_tally\":")
}

/// Reads a tally.
///
/// # Errors
/// At the first line that is not a row of this schema, with its line number.
pub fn read(path: &str, input: impl BufRead) -> Result<Tally, Fault> {
    let place = Place::file(path);
    let mut tally: Option<Tally> = None;
    each_line(&place, input, &mut |line| match &mut tally {
        None => read_header(line).map(|header| tally = Some(header)),
        Some(tally) => add_row(tally, line),
    })?;
    tally.ok_or_else(|| Fault::new(place.clone(), "empty, expected a tally's header"))
}

/// Hands on every line of bounded length; what is wrong with one is told with its number.
pub(super) fn each_line(place: &Place, mut input: impl BufRead, each: &mut dyn FnMut(&str) -> Result<(), String>) -> Result<(), Fault> {
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let fault = |why: String| Fault::new(place.at(Position::Line(number)), why);
        if (&mut input).take(MAX_LINE_BYTES + 1).read_until(b'\n', &mut bytes).map_err(|error| fault(error.to_string()))? == 0 {
            break;
        }
        if bytes.len() as u64 > MAX_LINE_BYTES {
            return Err(fault(format!("found a line of more than {} MiB", MAX_LINE_BYTES >> 20)));
        }
        each(std::str::from_utf8(&bytes).map_err(|_| fault("found bytes that are not UTF-8".to_owned()))?).map_err(fault)?;
    }
    Ok(())
}

pub(super) fn read_header(line: &str) -> Result<Tally, String> {
    #[derive(Deserialize)]
    struct Schema {
        evenhand_tally: u32,
    }
    let Schema { evenhand_tally } = serde_json::from_str(line).map_err(|error| format!("no tally header: {error}"))?;
    if evenhand_tally != SCHEMA {
        return Err(format!("found a tally of schema {evenhand_tally}, expected {SCHEMA}"));
    }
    let header: Header = serde_json::from_str(line).map_err(|error| format!("tally header: {error}"))?;
    let mut tally = Tally::new(Origin { lexicons: header.lexicons, cleaning: header.cleaning, key: header.key, timezone: header.timezone });
    tally.rosters = header.rosters;
    for source in &header.sources {
        tally
            .sources
            .insert(u128::from_str_radix(source, 16).map_err(|_| format!("found source \"{source}\", expected 32 hexadecimal digits"))?);
    }
    tally.intake = Intake {
        read: header.messages.read,
        kept: header.messages.kept,
        removed: from_names(&header.messages.removed)?,
        characters: header.characters.read,
        removed_characters: from_names(&header.characters.removed)?,
        repeated_segments: header.repeated_segments,
        faults: header.faults,
        sources_read_once: header.sources_read_once,
    };
    for (category, entries) in header.not_swappable {
        let category = self::category(&category)?;
        tally.not_swappable.extend(entries.into_iter().map(|entry| (category, entry)));
    }
    for (kind, entries) in header.coded {
        let kind = Coded::from_name(&kind).ok_or_else(|| format!("unknown kind of coded entries \"{kind}\""))?;
        tally.coded.extend(entries.into_iter().map(|entry| (kind, entry)));
    }
    tally.shared_authors = header.shared_authors;
    let Intake { read, kept, removed, characters, removed_characters, repeated_segments, faults, sources_read_once } = &tally.intake;
    let by_reason = removed.iter().chain(removed_characters.iter()).map(|(_, n)| n);
    let others = [*read, *kept, *characters, *repeated_segments, *faults, *sources_read_once, tally.shared_authors];
    believe(by_reason.chain(others))?;
    Ok(tally)
}

/// Refuses counts that nobody's messages come to.
pub(super) fn believe(counts: impl IntoIterator<Item = u64>) -> Result<(), String> {
    match counts.into_iter().find(|&n| n > MAX_COUNT) {
        Some(n) => Err(format!("found a count of {n}, expected at most {MAX_COUNT}")),
        None => Ok(()),
    }
}

pub(super) fn hexadecimal(text: &str, prefix: &str) -> Option<u128> {
    text.strip_prefix(prefix).and_then(|digits| u128::from_str_radix(digits, 16).ok())
}

fn from_names(counts: &BTreeMap<String, u64>) -> Result<ByReason, String> {
    let mut sums = ByReason::NONE;
    for (name, &n) in counts {
        sums.add(Reason::from_name(name).ok_or_else(|| format!("unknown reason \"{name}\""))?, n);
    }
    Ok(sums)
}

pub(super) fn category(name: &str) -> Result<Category, String> {
    Category::from_name(name).ok_or_else(|| format!("unknown category \"{name}\""))
}

fn add_row(tally: &mut Tally, line: &str) -> Result<(), String> {
    let row: Row = serde_json::from_str(line).map_err(|error| format!("no tally row: {error}"))?;
    let mut cell = Cell::default();
    let (author, team, month) = match row {
        Row::Words { author, team, month, words, segments, messages } => {
            (cell.words, cell.segments, cell.messages) = (words, segments, messages);
            (author, team, month)
        }
        Row::Names { author, team, month, group, segments } => {
            cell.names.insert(group, segments);
            (author, team, month)
        }
        Row::Hits { author, team, month, target, named, category, mut entries, segments } => {
            entries.sort_unstable();
            cell.hits.insert(HitKey { target, named, category: self::category(&category)?, entries }, segments);
            (author, team, month)
        }
        Row::Replies { author, team, month, to_team, segments, hits } => {
            let hits = hits.into_iter().map(|(name, n)| Ok((self::category(&name)?, n))).collect::<Result<_, String>>()?;
            cell.replies.insert(to_team, Replies { segments, hits });
            (author, team, month)
        }
        Row::Threads { author, team, month, thread, topics, messages } => {
            let pseudonym =
                hexadecimal(&thread, "t:").ok_or_else(|| format!("found thread \"{thread}\", expected t: and 32 hexadecimal digits"))?;
            cell.threads.insert(ThreadPseudonym(pseudonym), InTopicThread { topics, messages });
            (author, team, month)
        }
    };
    let replies = cell.replies.values().flat_map(|replies| replies.hits.values().copied().chain([replies.segments]));
    let threads = cell.threads.values().map(|thread| thread.messages);
    let others = cell.names.values().chain(cell.hits.values()).copied().chain([cell.words, cell.segments, cell.messages]);
    believe(replies.chain(threads).chain(others))?;
    let author =
        Pseudonym(hexadecimal(&author, "p:").ok_or_else(|| format!("found author \"{author}\", expected p: and 32 hexadecimal digits"))?);
    let month = match month {
        Some(text) => Some(Month::parse(&text).ok_or_else(|| format!("found month \"{text}\", expected one such as 2026-03"))?),
        None => None,
    };
    *tally.cells.entry(CellKey { author, team, month }).or_default() += cell;
    Ok(())
}
