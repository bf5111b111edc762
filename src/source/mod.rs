//! Exports → messages: what an input is, told by its content, and the reader for it. One file a format, all of one shape:
//! `looks_like` recognises, `open` cuts the input into batches (the only place that does I/O), `each_message` reads one batch, on any
//! thread, and hands on a message or a fault for every record.

pub mod html;
pub mod mail;
pub mod mbox;
mod packed;
pub mod slack;
pub mod table;
pub mod text;
mod walk;
pub mod zip;

use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::fault::{Fault, Place};
use crate::message::Message;

/// A format that an input can be said to have where its content leaves a doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Slack export, folder or zip.
    Slack,
    /// Mailbox.
    Mbox,
    /// Single mail.
    Mail,
    /// Table with a header row.
    Csv,
    /// One JSON object a line, or one array of objects.
    JsonLines,
    /// Plain text; only when named.
    Text,
    /// Markdown; only when named.
    Markdown,
}

impl Format {
    /// All formats, in the order of recognition.
    pub const ALL: [Self; 7] = [Self::Slack, Self::Mbox, Self::Mail, Self::Csv, Self::JsonLines, Self::Text, Self::Markdown];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Mbox => "mbox",
            Self::Mail => "mail",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Text => "text",
            Self::Markdown => "markdown",
        }
    }
}

/// How to read.
#[derive(Debug, Clone)]
pub struct Options {
    /// The format, where the content is not to decide.
    pub format: Option<Format>,
    /// Which column of a table holds what.
    pub map: Option<Arc<table::FieldMap>>,
    /// Zone of times that name none.
    pub zone: TimeZone,
    /// Private channels and folders too.
    pub include_private: bool,
    /// Direct messages too.
    pub include_direct: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, map: None, zone: TimeZone::UTC, include_private: false, include_direct: false }
    }
}

/// One input as the user named it: a file, a folder, an archive.
pub struct Source {
    /// The input as the user named it.
    pub label: Arc<str>,
    /// Its content, cut into pieces of bounded size that can be read independently of each other, in a fixed order.
    pub batches: Batches,
}

/// Pieces of a source in order; a fault is a piece (or a whole file) that could not be read.
pub type Batches = Box<dyn Iterator<Item = Result<Batch, Fault>> + Send>;

/// A piece of a source that holds whole messages.
pub struct Batch {
    /// The bytes as they lie in the source.
    pub bytes: Vec<u8>,
    /// Whether the bytes are deflated (a zip member: unpacked where it is read, so that unpacking runs in parallel too).
    pub packed: Option<zip::Packed>,
    /// The file or member the bytes come from.
    pub at: Place,
    /// Records (mails) of the same file that stand before this piece; for tables, lines.
    pub records_before: u64,
    /// The format.
    pub reader: Reader,
}

/// The format of a batch, with what a reader of it must know of the rest of its source.
#[derive(Clone)]
pub enum Reader {
    /// Whole mails of a mailbox, `From ` lines included.
    Mbox(mail::Folder),
    /// A single mail.
    Mail(mail::Folder),
    /// A JSON array of one channel's messages of one day.
    Slack(Arc<slack::Channel>),
    /// Rows of a table with a header row.
    Csv(table::csv::Sheet),
    /// JSON objects, one a line.
    JsonLines(table::Table),
    /// One text.
    Text,
}

impl Reader {
    /// The format that it reads.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self {
            Self::Mbox(_) => Format::Mbox,
            Self::Mail(_) => Format::Mail,
            Self::Slack(_) => Format::Slack,
            Self::Csv(_) => Format::Csv,
            Self::JsonLines(_) => Format::JsonLines,
            Self::Text => Format::Text,
        }
    }
}

impl Batch {
    /// Reads every record of the batch, in order, and gives each to `sink`, as a message or as a fault.
    pub fn each_message(&self, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
        let unpacked;
        let bytes = match &self.packed {
            None => &self.bytes,
            Some(packed) => match zip::unpack(&self.bytes, packed) {
                Ok(bytes) => {
                    unpacked = bytes;
                    &unpacked
                }
                Err(why) => return sink(Err(Fault::new(self.at.clone(), why))),
            },
        };
        match &self.reader {
            Reader::Mbox(folder) => mbox::each_message(bytes, &self.at, self.records_before, folder, sink),
            Reader::Mail(folder) => mail::each_message(bytes, &self.at, folder, sink),
            Reader::Slack(channel) => slack::each_message(bytes, &self.at, channel, sink),
            Reader::Csv(sheet) => table::csv::each_message(bytes, &self.at, self.records_before, sheet, sink),
            Reader::JsonLines(table) => table::jsonl::each_message(bytes, &self.at, self.records_before, table, sink),
            Reader::Text => text::each_message(bytes, &self.at, sink),
        }
    }
}

/// Opens an input, whatever it is.
///
/// # Errors
/// If it does not exist, cannot be opened or is of no known format.
pub fn open(path: &Path, options: &Options) -> Result<Source, Fault> {
    walk::open(path, options)
}

/// The cause of an I/O error in lower case, as faults say it.
#[must_use]
pub fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
