//! Archives that lie in memory → batches of messages.

use std::sync::{Arc, Mutex};

use arrow_array::builder::{Int64Builder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use evenhand::fault::Fault;
use evenhand::message::{Kind, Message, Reason};
use evenhand::source::{self, Batches as Pieces, Format, Options, table::FieldMap};
use jiff::tz::TimeZone;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

use crate::columns::{Columns, Text, bytes};
use crate::failure::Failure;
use crate::input;
use crate::messages::{FAULT, PERSON, markup_name};

/// Bytes of text after which a batch is handed on.
const BATCH_BYTES: usize = 8 << 20;

/// How archives are read.
pub(crate) fn options(include: &[String], format: Option<&str>, map: Option<&str>, zone: &str) -> Result<Options, Failure> {
    let mut options = Options::default();
    for what in include {
        match what.as_str() {
            "private" => options.include_private = true,
            "direct" => options.include_direct = true,
            _ => return Err(Failure::Value(format!("include: found \"{what}\", expected private or direct"))),
        }
    }
    if let Some(name) = format {
        let known = || Format::ALL.map(Format::name).join(", ");
        let found = Format::ALL.into_iter().find(|format| format.name() == name);
        options.format = Some(found.ok_or_else(|| Failure::Value(format!("input_format: found \"{name}\", expected one of {}", known())))?);
    }
    if let Some(map) = map {
        options.map = Some(Arc::new(FieldMap::parse(map).map_err(|why| Failure::Value(format!("map: {why}")))?));
    }
    options.zone = TimeZone::get(zone)
        .map_err(|_| Failure::Value(format!("timezone: found \"{zone}\", expected an IANA name such as Europe/Berlin")))?;
    Ok(options)
}

/// An iterator of message batches.
#[pyclass]
pub(crate) struct Reading(Mutex<State>);

struct State {
    input: input::Batches,
    options: Options,
    rows: Option<Rows>,
    file: Option<File>,
}

/// Rows of `path` and `content` that are being read.
struct Rows {
    path: Text,
    content: ArrayRef,
    next: usize,
}

/// An archive that is being read.
struct File {
    path: String,
    pieces: Pieces,
    n_read: i64,
}

impl Reading {
    pub(crate) fn new(input: input::Batches, options: Options) -> Self {
        Self(Mutex::new(State { input, options, rows: None, file: None }))
    }
}

#[pymethods]
impl Reading {
    const fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&mut self, py: Python<'_>) -> PyResult<Option<PyRecordBatch>> {
        let state = self.0.get_mut().map_err(|_| Failure::Value("read_messages: an earlier call broke off".to_owned()))?;
        let mut out = Builders::default();
        while out.n_bytes < BATCH_BYTES {
            if let Some(file) = &mut state.file {
                if !py.detach(|| file.read(&mut out)) {
                    state.file = None;
                }
            } else if let Some(rows) = &mut state.rows {
                if rows.is_over() {
                    state.rows = None;
                } else {
                    state.file = rows.open_next(&state.options, &mut out);
                }
            } else if let Some(batch) = state.input.next(py)? {
                let columns = Columns { place: "files", batch: &batch };
                state.rows = Some(Rows { path: columns.needed_text("path")?, content: columns.needed_binary("content")?, next: 0 });
            } else {
                break;
            }
        }
        if out.n_rows == 0 { Ok(None) } else { Ok(Some(PyRecordBatch::new(out.finish().map_err(Failure::from)?))) }
    }
}

impl Rows {
    fn is_over(&self) -> bool {
        self.next >= self.content.len()
    }

    /// The file of the next row; where it cannot be opened, why is a row.
    fn open_next(&mut self, options: &Options, out: &mut Builders) -> Option<File> {
        let row = self.next;
        self.next += 1;
        let path = self.path.get(row).unwrap_or_default().to_owned();
        let Some(content) = bytes(&self.content, row) else {
            out.add_fault(&path, 0, "no content");
            return None;
        };
        match source::open_bytes(&path, content.to_vec(), options) {
            Ok(pieces) => Some(File { path, pieces, n_read: 0 }),
            Err(fault) => {
                out.add_fault(&path, 0, &why(&path, &fault));
                None
            }
        }
    }
}

impl File {
    /// Reads a piece; `false` after the last one.
    fn read(&mut self, out: &mut Builders) -> bool {
        let Some(piece) = self.pieces.next() else { return false };
        let (path, n_read) = (&self.path, &mut self.n_read);
        let mut add = |record: Result<Message<'_>, Fault>| {
            match record {
                Ok(message) => out.add(path, *n_read, &message),
                Err(fault) => out.add_fault(path, *n_read, &why(path, &fault)),
            }
            *n_read += 1;
        };
        match piece {
            Ok(piece) => piece.each_message(&mut add),
            Err(fault) => add(Err(fault)),
        }
        true
    }
}

/// A fault without the path, which has a column of its own.
fn why(path: &str, fault: &Fault) -> String {
    let told = fault.to_string();
    told.strip_prefix(path).map_or(told.clone(), |rest| rest.trim_start_matches([':', ' ']).to_owned())
}

/// Names of the columns of texts, in order; `position` stands behind `source` and `sent_at` before `channel`.
const TEXTS: [&str; 15] = [
    "source",
    "id",
    "author",
    "email",
    "user",
    "handle",
    "author_name",
    "team",
    "channel",
    "thread",
    "reply_to",
    "kind",
    "markup",
    "text",
    "removed",
];

#[derive(Default)]
struct Builders {
    n_rows: usize,
    n_bytes: usize,
    position: Int64Builder,
    sent_at: TimestampMicrosecondBuilder,
    texts: [StringBuilder; TEXTS.len()],
}

impl Builders {
    fn push(&mut self, position: i64, sent_at: Option<i64>, texts: [Option<&str>; TEXTS.len()]) {
        self.n_rows += 1;
        self.position.append_value(position);
        self.sent_at.append_option(sent_at);
        for (builder, text) in self.texts.iter_mut().zip(texts) {
            builder.append_option(text);
            self.n_bytes += text.map_or(0, str::len);
        }
    }

    fn add(&mut self, path: &str, position: i64, message: &Message<'_>) {
        let author = &message.author;
        let kind = match message.kind {
            Kind::Person => PERSON,
            Kind::Removed(reason) => reason.name(),
        };
        let counts: serde_json::Map<String, serde_json::Value> =
            message.removed.iter().map(|(reason, n): (Reason, u64)| (reason.name().to_owned(), n.into())).collect();
        let removed = (!counts.is_empty()).then(|| serde_json::Value::Object(counts).to_string());
        let some = |text: &'_ str| -> Option<String> { (!text.is_empty()).then(|| text.to_owned()) };
        let (id, channel) = (some(&message.id), some(&message.channel));
        let texts = [
            Some(path),
            id.as_deref(),
            author.key(),
            author.email.as_deref(),
            author.id.as_deref(),
            author.handle.as_deref(),
            author.name.as_deref(),
            author.team.as_deref(),
            channel.as_deref(),
            message.thread.as_deref(),
            message.reply_to.as_deref(),
            Some(kind),
            Some(markup_name(message.markup)),
            Some(&*message.text),
            removed.as_deref(),
        ];
        self.push(position, message.sent_at.map(jiff::Timestamp::as_microsecond), texts);
    }

    fn add_fault(&mut self, path: &str, position: i64, why: &str) {
        let mut texts = [None; TEXTS.len()];
        (texts[0], texts[11], texts[13]) = (Some(path), Some(FAULT), Some(why));
        self.push(position, None, texts);
    }

    fn finish(mut self) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let utc = Some("UTC".into());
        let mut fields = Vec::new();
        let mut arrays: Vec<ArrayRef> = Vec::new();
        for (name, mut builder) in TEXTS.into_iter().zip(self.texts) {
            if name == "channel" {
                fields.push(Field::new("sent_at", DataType::Timestamp(TimeUnit::Microsecond, utc.clone()), true));
                arrays.push(Arc::new(self.sent_at.finish().with_timezone("UTC")));
            }
            fields.push(Field::new(name, DataType::Utf8, true));
            arrays.push(Arc::new(builder.finish()));
            if name == "source" {
                fields.push(Field::new("position", DataType::Int64, true));
                arrays.push(Arc::new(self.position.finish()));
            }
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
    }
}
