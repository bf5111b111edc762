//! Arrow batches of messages as the messages that the tally is made of. Texts are borrowed from the batches.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use evenhand::fault::{Fault, Place, Position};
use evenhand::message::{Author, Kind, Markup, Message, Reason, RemovedText};
use evenhand::scan::Setup;
use evenhand::source::{memory, table};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::columns::{Columns, Text, Time};
use crate::failure::Failure;

/// Name of messages that say no source.
const LABEL: &str = "messages";

/// Kind of a row that says what could not be read.
pub(crate) const FAULT: &str = "fault";

/// Kind of a row that a person wrote.
pub(crate) const PERSON: &str = "person";

/// A time that is none.
const BAD: i64 = i64::MIN;

/// The name of a markup in the column `markup`.
pub(crate) const fn markup_name(markup: Markup) -> &'static str {
    match markup {
        Markup::Mail => "mail",
        Markup::Slack => "slack",
        Markup::Markdown => "markdown",
        Markup::Plain => "plain",
    }
}

fn markup(name: &str) -> Option<Markup> {
    [Markup::Mail, Markup::Slack, Markup::Markdown, Markup::Plain].into_iter().find(|&markup| markup_name(markup) == name)
}

/// One batch by columns; all but `text` and one that names the author may be missing.
struct Batch {
    n_rows: usize,
    source: Option<Text>,
    position: Option<Int64Array>,
    id: Option<Text>,
    author: Option<Text>,
    email: Option<Text>,
    user: Option<Text>,
    handle: Option<Text>,
    name: Option<Text>,
    team: Option<Text>,
    /// Microseconds since 1970.
    sent_at: Vec<Option<i64>>,
    channel: Option<Text>,
    thread: Option<Text>,
    reply_to: Option<Text>,
    kind: Option<Text>,
    markup: Option<Text>,
    text: Text,
    removed: Option<Text>,
}

fn value(column: Option<&Text>, row: usize) -> Option<&str> {
    column?.get(row).filter(|value| !value.is_empty())
}

impl Batch {
    fn of(batch: &RecordBatch, zone: &TimeZone) -> Result<Self, Failure> {
        let columns = Columns { place: LABEL, batch };
        let text = columns.needed_text("text")?;
        let (author, email, user) = (columns.text("author")?, columns.text("email")?, columns.text("user")?);
        if author.is_none() && email.is_none() && user.is_none() {
            return Err(columns.missing("author"));
        }
        Ok(Self {
            n_rows: batch.num_rows(),
            source: columns.text("source")?,
            position: columns.number("position")?,
            id: columns.text("id")?,
            author,
            email,
            user,
            handle: columns.text("handle")?,
            name: columns.text("author_name")?,
            team: columns.text("team")?,
            sent_at: times(columns.time("sent_at")?, batch.num_rows(), zone),
            channel: columns.text("channel")?,
            thread: columns.text("thread")?,
            reply_to: columns.text("reply_to")?,
            kind: columns.text("kind")?,
            markup: columns.text("markup")?,
            text,
            removed: columns.text("removed")?,
        })
    }

    fn author(&self, row: usize) -> Author<'_> {
        fn key(column: Option<&Text>, row: usize) -> Option<Cow<'_, str>> {
            value(column, row).map(|key| lower(key.trim()))
        }
        let name = value(self.name.as_ref(), row).map(Cow::Borrowed);
        let mut author = Author {
            email: key(self.email.as_ref(), row),
            id: key(self.user.as_ref(), row),
            handle: key(self.handle.as_ref(), row),
            name,
            ..Author::default()
        };
        // Where a reader said which key is which, the column `author` is there to part the table by.
        if self.email.is_none()
            && self.user.is_none()
            && let Some(written) = value(self.author.as_ref(), row)
        {
            let of_table = table::author(written);
            author = Author { email: of_table.email, id: of_table.id, name: author.name.or(of_table.name), ..author };
        }
        author.team = value(self.team.as_ref(), row).map(Cow::Borrowed);
        author
    }

    fn message(&self, row: usize, place: Place) -> Result<Message<'_>, Fault> {
        let text = self.text.get(row).unwrap_or_default();
        let kind = match value(self.kind.as_ref(), row) {
            None | Some(PERSON) => Kind::Person,
            Some(FAULT) => return Err(Fault::new(place, text)),
            Some(name) => Kind::Removed(Reason::from_name(name).ok_or_else(|| {
                Fault::new(place.clone(), format!("kind: found \"{name}\", expected {PERSON}, {FAULT} or a reason such as bot"))
            })?),
        };
        let markup = match value(self.markup.as_ref(), row) {
            None => Markup::Plain,
            Some(name) => markup(name)
                .ok_or_else(|| Fault::new(place.clone(), format!("markup: found \"{name}\", expected mail, slack, markdown or plain")))?,
        };
        let sent_at = match self.sent_at.get(row).copied().flatten() {
            None => None,
            Some(micros) => {
                let time = if micros == BAD { None } else { Timestamp::from_microsecond(micros).ok() };
                Some(time.ok_or_else(|| Fault::new(place.clone(), "sent_at: found no time, expected one"))?)
            }
        };
        let removed = match value(self.removed.as_ref(), row) {
            None => RemovedText::NONE,
            Some(written) => {
                removed(written).ok_or_else(|| Fault::new(place.clone(), "removed: expected counts of characters by reason, as JSON"))?
            }
        };
        Ok(Message {
            place,
            id: Cow::Borrowed(value(self.id.as_ref(), row).unwrap_or_default()),
            author: self.author(row),
            sent_at,
            channel: Cow::Borrowed(value(self.channel.as_ref(), row).unwrap_or_default()),
            thread: value(self.thread.as_ref(), row).map(Cow::Borrowed),
            reply_to: value(self.reply_to.as_ref(), row).map(Cow::Borrowed),
            kind,
            markup,
            text: Cow::Borrowed(text),
            removed,
        })
    }
}

/// Keys of authors are in lower case.
fn lower(key: &str) -> Cow<'_, str> {
    let is_lower = key.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(key) } else { Cow::Owned(key.to_lowercase()) }
}

fn removed(written: &str) -> Option<RemovedText> {
    let counts: BTreeMap<String, u64> = serde_json::from_str(written).ok()?;
    let mut removed = RemovedText::NONE;
    for (name, n) in counts {
        removed.add(Reason::from_name(&name)?, n);
    }
    Some(removed)
}

fn times(column: Option<Time>, n_rows: usize, zone: &TimeZone) -> Vec<Option<i64>> {
    match column {
        None => Vec::new(),
        Some(Time::Micros(micros)) => micros.iter().collect(),
        Some(Time::Written(written)) => (0..n_rows)
            .map(|row| {
                let written = written.get(row).filter(|written| !written.trim().is_empty())?;
                Some(table::time(written, zone).map_or(BAD, Timestamp::as_microsecond))
            })
            .collect(),
    }
}

/// All messages of a call.
pub(crate) struct Messages {
    batches: Arc<Vec<Batch>>,
}

/// A message by its batch and row.
type At = (u32, u32);

impl Messages {
    pub(crate) fn of(batches: &[RecordBatch], zone: &TimeZone) -> Result<Self, Failure> {
        let batches =
            batches.iter().filter(|batch| batch.num_columns() > 0).map(|batch| Batch::of(batch, zone)).collect::<Result<_, _>>()?;
        Ok(Self { batches: Arc::new(batches) })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.batches.iter().all(|batch| batch.n_rows == 0)
    }

    /// Whether threads or replies are said at all.
    pub(crate) fn has_threads(&self) -> bool {
        self.batches.iter().any(|batch| batch.thread.is_some() || batch.reply_to.is_some())
    }

    /// A table for each source, by name, with its messages in the order in which they count: by position where there is one, else by
    /// time and id, so that it does not matter in which order an engine brings them.
    pub(crate) fn tables(&self) -> Vec<Table> {
        let mut by_source: BTreeMap<&str, Vec<At>> = BTreeMap::new();
        for (number, batch) in (0_u32..).zip(self.batches.iter()) {
            for row in 0..batch.n_rows {
                let source = value(batch.source.as_ref(), row).unwrap_or_default();
                by_source.entry(source).or_default().push((number, u32::try_from(row).unwrap_or(u32::MAX)));
            }
        }
        let mut tables = Vec::new();
        for (source, mut order) in by_source {
            let rank = |&(number, row): &At| {
                let (batch, row) = (&self.batches[number as usize], row as usize);
                let position = batch.position.as_ref().and_then(|column| column.is_valid(row).then(|| column.value(row)));
                let time = if position.is_some() { None } else { batch.sent_at.get(row).copied().flatten() };
                let id = if position.is_some() { "" } else { value(batch.id.as_ref(), row).unwrap_or_default() };
                (position, time, id)
            };
            order.sort_by(|a, b| rank(a).cmp(&rank(b)));
            let label = if source.is_empty() { LABEL } else { source };
            tables.push(Table { batches: Arc::clone(&self.batches), order, label: label.into() });
        }
        tables
    }
}

/// The messages of one source.
pub(crate) struct Table {
    batches: Arc<Vec<Batch>>,
    order: Vec<At>,
    label: Arc<str>,
}

impl Table {
    pub(crate) fn label(&self) -> Arc<str> {
        Arc::clone(&self.label)
    }

    fn at(&self, number: usize) -> (&Batch, usize) {
        let (batch, row) = self.order[number];
        (&self.batches[batch as usize], row as usize)
    }
}

impl memory::Messages for Table {
    fn n_messages(&self) -> usize {
        self.order.len()
    }

    fn n_bytes(&self, number: usize) -> usize {
        let (batch, row) = self.at(number);
        batch.text.get(row).map_or(0, str::len)
    }

    fn message(&self, number: usize) -> Result<Message<'_>, Fault> {
        let (batch, row) = self.at(number);
        let position = batch.position.as_ref().and_then(|column| column.is_valid(row).then(|| column.value(row)));
        let record = position.and_then(|position| u64::try_from(position).ok()).unwrap_or(number as u64);
        let place = Place { path: Arc::clone(&self.label), member: None, position: Position::Record(record + 1) };
        batch.message(row, place)
    }
}

/// The batch with one more column, `person`: the key under which the roster adds up all that an author wrote, nothing where no author is told.
pub(crate) fn add_person(batch: &RecordBatch, setup: &Setup) -> Result<RecordBatch, Failure> {
    let rows = Batch::of(batch, &setup.zone)?;
    let person = |row: usize| {
        let author = rows.author(row);
        setup.roster.identify(&author, None).map(|identity| identity.key.into_owned())
    };
    let persons: StringArray = (0..rows.n_rows).map(person).collect();
    let mut fields: Vec<_> = batch.schema().fields().iter().cloned().collect();
    let mut arrays: Vec<ArrayRef> = batch.columns().to_vec();
    if let Some(at) = fields.iter().position(|field| field.name() == "person") {
        fields.remove(at);
        arrays.remove(at);
    }
    fields.push(Arc::new(Field::new("person", DataType::Utf8, true)));
    arrays.push(Arc::new(persons));
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}
