//! Parts of a tally as the rows of one table, for engines that keep tables: one row a count, every part under its own name. As JSON Lines
//! or CSV they are read back here; Parquet is the wheel's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::file::{believe, category, each_line, header_line, hexadecimal, read_header};
use super::part::{MessageMark, Open, OpenReply, OpenThread, Part};
use super::{Cell, CellKey, HitKey, InTopicThread, Month, Pseudonym, Replies, Tally, ThreadPseudonym};
use crate::fault::{Fault, Place, Position};
use crate::fingerprint;

/// The column that tells such a table from others.
const MARK: &str = "tally_part";

/// Messages that one row names.
const MOST_MARKS: usize = 4096;

/// Names of the columns, in order: texts, a truth value (`named`), and whole numbers (the last three).
pub const COLUMNS: [&str; 12] =
    [MARK, "row", "author", "team", "month", "name", "named", "category", "entries", "segments", "words", "messages"];

/// What a row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Once a part: `name` is the header that the part's tally would have as a file, `messages` the number of the part's rows with this one.
    Tally,
    /// Words, segments and messages of an author in a month.
    Words,
    /// Segments that name the group `name`.
    Names,
    /// Segments with a hit about `name`; `named` says whether they name it, `entries` (a JSON list) what made the hit.
    Hits,
    /// Segments of replies to the team `name`.
    Replies,
    /// Hits in them about that team.
    ReplyHits,
    /// Messages in the thread `name`, which is about a topic; `entries` are the topics of the author's own.
    Threads,
    /// `name`: keyed hashes, 16 digits each, of messages that may open a thread.
    Openers,
    /// The same of other messages of the team.
    Sent,
    /// Segments of replies to the message `name`, which may lie in another part.
    OpenReplies,
    /// Hits in them; the one in `entries` is whom they are about.
    OpenReplyHits,
    /// Messages in the thread `name`; `named` says whether one of them says that it is a thread.
    OpenThreads,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Tally,
        Self::Words,
        Self::Names,
        Self::Hits,
        Self::Replies,
        Self::ReplyHits,
        Self::Threads,
        Self::Openers,
        Self::Sent,
        Self::OpenReplies,
        Self::OpenReplyHits,
        Self::OpenThreads,
    ];

    /// The name in the column `row`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tally => "tally",
            Self::Words => "words",
            Self::Names => "names",
            Self::Hits => "hits",
            Self::Replies => "replies",
            Self::ReplyHits => "reply_hits",
            Self::Threads => "threads",
            Self::Openers => "openers",
            Self::Sent => "sent",
            Self::OpenReplies => "open_replies",
            Self::OpenReplyHits => "open_reply_hits",
            Self::OpenThreads => "open_threads",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One row; what a kind has no use for is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Names the part: the sum of its messages' hashes.
    pub tally_part: String,
    /// What it counts.
    pub row: Kind,
    /// Pseudonym of the author, `p:` and 32 digits.
    #[serde(default)]
    pub author: Option<String>,
    /// Team.
    #[serde(default)]
    pub team: Option<Arc<str>>,
    /// Month, such as `2026-03`.
    #[serde(default)]
    pub month: Option<String>,
    /// A group, thread, or header, by kind.
    #[serde(default)]
    pub name: Option<String>,
    /// A truth value, by kind.
    #[serde(default, deserialize_with = "truth")]
    pub named: Option<bool>,
    /// Category of lexicons.
    #[serde(default)]
    pub category: Option<String>,
    /// A JSON list of names, by kind.
    #[serde(default)]
    pub entries: Option<String>,
    /// Segments.
    #[serde(default, deserialize_with = "count")]
    pub segments: Option<u64>,
    /// Words.
    #[serde(default, deserialize_with = "count")]
    pub words: Option<u64>,
    /// Messages.
    #[serde(default, deserialize_with = "count")]
    pub messages: Option<u64>,
}

/// The rows of a part in one fixed order, its row [`Kind::Tally`] first.
#[must_use]
pub fn rows(part: &Part) -> Vec<Row> {
    let id = part.tally.sources.iter().fold(0_u128, |sum, &source| sum.wrapping_add(source));
    let mut writer = Writer { id: format!("{id:032x}"), rows: Vec::new() };
    let mut head = writer.row(Kind::Tally, None);
    head.name = Some(header_line(&part.tally));
    writer.rows.push(head);
    for (key, cell) in &part.tally.cells {
        writer.write_cell(key, cell);
    }
    writer.write_open(&part.open);
    writer.rows[0].messages = Some(writer.rows.len() as u64);
    writer.rows
}

struct Writer {
    id: String,
    rows: Vec<Row>,
}

/// Names as one text.
fn list<'a>(names: impl IntoIterator<Item = &'a Arc<str>>) -> String {
    serde_json::json!(names.into_iter().map(|name| &**name).collect::<Vec<&str>>()).to_string()
}

impl Writer {
    fn row(&self, row: Kind, key: Option<&CellKey>) -> Row {
        Row {
            tally_part: self.id.clone(),
            row,
            author: key.map(|key| format!("p:{:032x}", key.author.0)),
            team: key.and_then(|key| key.team.clone()),
            month: key.and_then(|key| Some(key.month?.to_string())),
            name: None,
            named: None,
            category: None,
            entries: None,
            segments: None,
            words: None,
            messages: None,
        }
    }

    fn add(&mut self, kind: Kind, key: &CellKey, set: impl FnOnce(&mut Row)) {
        let mut row = self.row(kind, Some(key));
        set(&mut row);
        self.rows.push(row);
    }

    fn write_cell(&mut self, key: &CellKey, cell: &Cell) {
        self.add(Kind::Words, key, |row| {
            (row.words, row.segments, row.messages) = (Some(cell.words), Some(cell.segments), Some(cell.messages));
        });
        for (group, &segments) in &cell.names {
            self.add(Kind::Names, key, |row| (row.name, row.segments) = (Some(group.to_string()), Some(segments)));
        }
        for (hit, &segments) in &cell.hits {
            self.add(Kind::Hits, key, |row| {
                (row.name, row.named) = (hit.target.as_deref().map(str::to_owned), Some(hit.named));
                (row.category, row.entries) = (Some(hit.category.name().to_owned()), Some(list(&hit.entries)));
                row.segments = Some(segments);
            });
        }
        for (team, replies) in &cell.replies {
            self.add(Kind::Replies, key, |row| (row.name, row.segments) = (Some(team.to_string()), Some(replies.segments)));
            for (category, &n) in &replies.hits {
                self.add(Kind::ReplyHits, key, |row| {
                    (row.name, row.category, row.segments) = (Some(team.to_string()), Some(category.name().to_owned()), Some(n));
                });
            }
        }
        for (thread, own) in &cell.threads {
            self.add(Kind::Threads, key, |row| set_thread(row, *thread, own));
        }
    }

    fn write_open(&mut self, open: &Open) {
        for (key, messages) in &open.openers {
            for messages in messages.chunks(MOST_MARKS) {
                self.add(Kind::Openers, key, |row| (row.name, row.messages) = (Some(marks(messages)), Some(messages.len() as u64)));
            }
        }
        for (team, messages) in &open.sent {
            for messages in messages.chunks(MOST_MARKS) {
                let mut row = self.row(Kind::Sent, None);
                (row.team, row.name, row.messages) = (Some(Arc::clone(team)), Some(marks(messages)), Some(messages.len() as u64));
                self.rows.push(row);
            }
        }
        for ((key, answered), reply) in &open.replies {
            let name = format!("m:{:016x}", answered.0);
            self.add(Kind::OpenReplies, key, |row| (row.name, row.segments) = (Some(name.clone()), Some(reply.segments)));
            for ((category, about), &n) in &reply.hits {
                self.add(Kind::OpenReplyHits, key, |row| {
                    (row.name, row.category) = (Some(name.clone()), Some(category.name().to_owned()));
                    (row.entries, row.segments) = (Some(list([about])), Some(n));
                });
            }
        }
        for ((key, thread), in_thread) in &open.threads {
            self.add(Kind::OpenThreads, key, |row| {
                set_thread(row, *thread, &in_thread.own);
                row.named = Some(in_thread.is_thread);
            });
        }
    }
}

fn set_thread(row: &mut Row, thread: ThreadPseudonym, own: &InTopicThread) {
    (row.name, row.entries, row.messages) = (Some(format!("t:{:032x}", thread.0)), Some(list(&own.topics)), Some(own.messages));
}

fn marks(messages: &[MessageMark]) -> String {
    messages.iter().map(|message| fingerprint::hex(&message.0.to_be_bytes())).collect()
}

/// Writes rows as JSON Lines.
///
/// # Errors
/// If the writer fails.
pub fn write_jsonl(rows: &[Row], mut out: impl Write) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut out, row)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Writes rows as CSV with a header row.
///
/// # Errors
/// If the writer fails.
pub fn write_csv(rows: &[Row], out: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    rows.iter().try_for_each(|row| writer.serialize(row))?;
    writer.flush()
}

/// Whether a file's first line is that of such rows, as JSON Lines or CSV, whatever the order of the columns.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head).trim_ascii();
    if line.starts_with(b"{") {
        return memchr::memmem::find(line, b"\"tally_part\":").is_some();
    }
    line.split(|&byte| byte == b',').any(|cell| unquoted(cell.trim_ascii()) == MARK.as_bytes())
}

fn unquoted(cell: &[u8]) -> &[u8] {
    cell.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(cell)
}

/// Rows of parts, in any order, as they come.
#[derive(Debug, Default)]
pub struct Gathering {
    parts: BTreeMap<String, Gathered>,
}

#[derive(Debug, Default)]
struct Gathered {
    /// An empty tally with the header's values, and the number of rows that belong to it.
    head: Option<(Tally, u64)>,
    n_rows: u64,
    cells: BTreeMap<CellKey, Cell>,
    open: Open,
}

impl Gathering {
    /// Reads a file of rows, JSON Lines or CSV.
    ///
    /// # Errors
    /// At the first line that is no such row, with its number.
    pub fn read(&mut self, path: &str, mut input: impl BufRead) -> Result<(), Fault> {
        let place = Place::file(path);
        let is_json = input.fill_buf().map_err(|error| Fault::new(place.clone(), error.to_string()))?.trim_ascii_start().starts_with(b"{");
        if is_json {
            return each_line(&place, input, &mut |line| {
                if line.trim().is_empty() {
                    return Ok(());
                }
                self.add(serde_json::from_str(line).map_err(|error| format!("no tally row: {error}"))?)
            });
        }
        let mut reader = csv::Reader::from_reader(input);
        for (number, row) in (2..).zip(reader.deserialize()) {
            let row = row.map_err(|error| {
                let line = error.position().map_or(number, csv::Position::line);
                let why = match error.kind() {
                    csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
                    _ => error.to_string(),
                };
                Fault::new(place.at(Position::Line(line)), format!("no tally row: {why}"))
            })?;
            self.add(row).map_err(|why| Fault::new(place.at(Position::Record(number - 1)), why))?;
        }
        Ok(())
    }

    /// Adds a row.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn add(&mut self, row: Row) -> Result<(), String> {
        let part = self.parts.entry(row.tally_part.clone()).or_default();
        part.n_rows += 1;
        believe([row.segments, row.words, row.messages].into_iter().flatten())?;
        match row.row {
            Kind::Tally => {
                let head = (read_header(&wanted(row.name, "name")?)?, wanted(row.messages, "messages")?);
                if part.head.replace(head).is_some() {
                    return Err(format!("part {} was already read; its rows were given twice", row.tally_part));
                }
                Ok(())
            }
            Kind::Sent => {
                let messages = read_marks(&wanted(row.name, "name")?)?;
                part.open.sent.entry(wanted(row.team, "team")?).or_default().extend(messages);
                Ok(())
            }
            _ => part.add(row),
        }
    }

    /// The tally of all rows; `None` if there were none.
    ///
    /// # Errors
    /// If rows of a part are missing or there twice, or two parts do not go together.
    pub fn finish(self) -> Result<Option<Tally>, String> {
        let mut parts_of_authors: BTreeMap<Pseudonym, u64> = BTreeMap::new();
        let mut sum: Option<Part> = None;
        let mut shared_before = 0;
        for (id, gathered) in self.parts {
            let Some((mut tally, n_rows)) = gathered.head else {
                return Err(format!("part {id} has no row \"tally\"; some of its rows are missing"));
            };
            if gathered.n_rows != n_rows {
                return Err(format!("part {id}: found {} rows, expected {n_rows}; some are missing or there twice", gathered.n_rows));
            }
            tally.cells = gathered.cells;
            shared_before += tally.shared_authors;
            let authors: BTreeSet<Pseudonym> = tally.cells.keys().map(|key| key.author).collect();
            for author in authors {
                *parts_of_authors.entry(author).or_default() += 1;
            }
            if tally.intake.kept == 0 {
                // Messages that do not count are alike in many sources.
                tally.sources.clear();
            }
            let part = Part { tally, open: gathered.open };
            match &mut sum {
                None => sum = Some(part),
                Some(sum) => sum.merge(part).map_err(|mismatch| format!("part {id}: {mismatch}"))?,
            }
        }
        Ok(sum.map(|sum| {
            let mut tally = sum.close();
            tally.shared_authors = shared_before + parts_of_authors.values().filter(|&&n| n > 1).count() as u64;
            tally
        }))
    }
}

impl Gathered {
    fn add(&mut self, row: Row) -> Result<(), String> {
        let author = wanted(row.author, "author")?;
        let author =
            hexadecimal(&author, "p:").ok_or_else(|| format!("found author \"{author}\", expected p: and 32 hexadecimal digits"))?;
        let month = match row.month {
            Some(text) => Some(Month::parse(&text).ok_or_else(|| format!("found month \"{text}\", expected one such as 2026-03"))?),
            None => None,
        };
        let key = CellKey { author: Pseudonym(author), team: row.team, month };
        let name = || wanted(row.name.as_deref(), "name");
        let group = || Ok::<Arc<str>, String>(name()?.into());
        let segments = || wanted(row.segments, "segments");
        let messages = || wanted(row.messages, "messages");
        let category = || category(wanted(row.category.as_deref(), "category")?);
        let entries = || names(wanted(row.entries.as_deref(), "entries")?);
        let mut cell = Cell::default();
        match row.row {
            Kind::Tally | Kind::Sent => {}
            Kind::Words => (cell.words, cell.segments, cell.messages) = (wanted(row.words, "words")?, segments()?, messages()?),
            Kind::Names => {
                cell.names.insert(group()?, segments()?);
            }
            Kind::Hits => {
                let mut entries = entries()?;
                entries.sort_unstable();
                let target = row.name.as_deref().map(Arc::from);
                let hit = HitKey { target, named: wanted(row.named, "named")?, category: category()?, entries };
                cell.hits.insert(hit, segments()?);
            }
            Kind::Replies => {
                cell.replies.insert(group()?, Replies { segments: segments()?, hits: BTreeMap::new() });
            }
            Kind::ReplyHits => {
                let hits = BTreeMap::from([(category()?, segments()?)]);
                cell.replies.insert(group()?, Replies { segments: 0, hits });
            }
            Kind::Threads => {
                let own = InTopicThread { topics: entries()?.into_iter().collect(), messages: messages()? };
                cell.threads.insert(thread(name()?)?, own);
            }
            Kind::Openers => {
                let messages = read_marks(name()?)?;
                self.open.openers.entry(key).or_default().extend(messages);
                return Ok(());
            }
            Kind::OpenReplies | Kind::OpenReplyHits => {
                let mut reply = OpenReply::default();
                if row.row == Kind::OpenReplies {
                    reply.segments = segments()?;
                } else {
                    let about = entries()?.into_iter().next().ok_or("found no group in entries, expected one")?;
                    reply.hits.insert((category()?, about), segments()?);
                }
                let answered = hexadecimal(name()?, "m:").and_then(|mark| u64::try_from(mark).ok());
                let answered = MessageMark(answered.ok_or("found another message than m: and 16 hexadecimal digits")?);
                *self.open.replies.entry((key, answered)).or_default() += reply;
                return Ok(());
            }
            Kind::OpenThreads => {
                let own = InTopicThread { topics: entries()?.into_iter().collect(), messages: messages()? };
                let in_thread = OpenThread { own, is_thread: wanted(row.named, "named")? };
                *self.open.threads.entry((key, thread(name()?)?)).or_default() += in_thread;
                return Ok(());
            }
        }
        *self.cells.entry(key).or_default() += cell;
        Ok(())
    }
}

fn wanted<T>(value: Option<T>, column: &str) -> Result<T, String> {
    value.ok_or_else(|| format!("found nothing in column \"{column}\", which this kind of row needs"))
}

fn names(list: &str) -> Result<Vec<Arc<str>>, String> {
    serde_json::from_str(list).map_err(|_| "found entries that are no JSON list of names".to_owned())
}

fn thread(name: &str) -> Result<ThreadPseudonym, String> {
    let thread = hexadecimal(name, "t:").ok_or_else(|| format!("found thread \"{name}\", expected t: and 32 hexadecimal digits"))?;
    Ok(ThreadPseudonym(thread))
}

fn read_marks(text: &str) -> Result<Vec<MessageMark>, String> {
    let (marks, rest) = text.as_bytes().as_chunks::<16>();
    let read = |mark: &[u8; 16]| u64::from_str_radix(std::str::from_utf8(mark).ok()?, 16).ok().map(MessageMark);
    let marks: Option<Vec<MessageMark>> = if rest.is_empty() { marks.iter().map(read).collect() } else { None };
    marks.ok_or_else(|| "found messages that are no runs of 16 hexadecimal digits".to_owned())
}

/// A whole number as engines write it: `3`, `3.0`, `"3"`, or nothing.
fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    struct Count;
    impl Visitor<'_> for Count {
        type Value = Option<u64>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number")
        }

        fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
            Ok(Some(n))
        }

        fn visit_i64<E: de::Error>(self, n: i64) -> Result<Self::Value, E> {
            u64::try_from(n).map(Some).map_err(|_| E::invalid_value(de::Unexpected::Signed(n), &self))
        }

        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and in range")]
        fn visit_f64<E: de::Error>(self, n: f64) -> Result<Self::Value, E> {
            let is_whole = n.fract() == 0.0 && (0.0..=9e15).contains(&n);
            if is_whole { Ok(Some(n as u64)) } else { Err(E::invalid_value(de::Unexpected::Float(n), &self)) }
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            match text {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self)),
            }
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }
    deserializer.deserialize_any(Count)
}

/// A truth value as engines write it: `true`, `True`, `"false"`, or nothing.
fn truth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    struct Truth;
    impl Visitor<'_> for Truth {
        type Value = Option<bool>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true or false")
        }

        fn visit_bool<E>(self, is: bool) -> Result<Self::Value, E> {
            Ok(Some(is))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            match text.to_ascii_lowercase().as_str() {
                "" => Ok(None),
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
            }
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }
    deserializer.deserialize_any(Truth)
}
