//! Exports → messages: what an input is, told by its content, and the reader for it. One file a format, all of one shape:
//! `looks_like` recognises, `open` cuts the input into batches (the only place that does I/O), `each_message` reads one batch, on any
//! thread, and hands on a message or a fault for every record.

mod beside;
pub mod discord;
mod document;
pub mod google_chat;
pub mod html;
pub mod irc;
mod json;
pub mod mail;
pub mod mattermost;
pub mod mbox;
pub mod memory;
pub mod outlook;
mod packed;
pub mod slack;
mod steady;
pub mod table;
pub mod teams;
pub mod telegram;
pub mod text;
mod walk;
pub mod whatsapp;
pub mod zip;
pub mod zulip;

use std::borrow::Cow;
use std::io;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::fault::{self, Fault, Place};
use crate::message::{Author, Kind, Markup, Message, Reason, RemovedText};

/// Bytes of a piece of a long source: so few that all threads are done with a window at about the same time.
const PIECE_BYTES: usize = 256 << 10;

/// A format that an input can be said to have where its content leaves a doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Slack export, folder or zip.
    Slack,
    /// Mailbox.
    Mbox,
    /// Single mail.
    Mail,
    /// Outlook, single items and mailboxes.
    Outlook,
    /// Discord, as `DiscordChatExporter` writes it.
    Discord,
    /// Mattermost bulk export.
    Mattermost,
    /// Microsoft Teams.
    Teams,
    /// Google Chat, from Takeout.
    GoogleChat,
    /// Zulip, archive or server export.
    Zulip,
    /// Telegram.
    Telegram,
    /// `WhatsApp`.
    WhatsApp,
    /// Logs of IRC.
    Irc,
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
    pub const ALL: [Self; 16] = [
        Self::Slack,
        Self::Mbox,
        Self::Mail,
        Self::Outlook,
        Self::Discord,
        Self::Mattermost,
        Self::Teams,
        Self::GoogleChat,
        Self::Zulip,
        Self::Telegram,
        Self::WhatsApp,
        Self::Irc,
        Self::JsonLines,
        Self::Csv,
        Self::Text,
        Self::Markdown,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Mbox => "mbox",
            Self::Mail => "mail",
            Self::Outlook => "outlook",
            Self::Discord => "discord",
            Self::Mattermost => "mattermost",
            Self::Teams => "teams",
            Self::GoogleChat => "google-chat",
            Self::Zulip => "zulip",
            Self::Telegram => "telegram",
            Self::WhatsApp => "whatsapp",
            Self::Irc => "irc",
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
    /// Order of day and month in files whose dates fit both.
    pub date_order: Option<whatsapp::DateOrder>,
    /// Private channels and folders too.
    pub include_private: bool,
    /// Direct messages too.
    pub include_direct: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, map: None, zone: TimeZone::UTC, date_order: None, include_private: false, include_direct: false }
    }
}

/// Who can read a conversation; later ones are more private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChannelKind {
    /// Everybody in the workspace.
    Public,
    /// Members who were invited.
    Private,
    /// Two people or a few.
    Direct,
}

/// Which conversations that are not everybody's are read, and not only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Private ones.
    pub private: bool,
    /// Direct ones.
    pub direct: bool,
}

impl Wanted {
    /// Whether conversations of that kind are read.
    #[must_use]
    pub const fn reads(self, kind: ChannelKind) -> bool {
        match kind {
            ChannelKind::Public => true,
            ChannelKind::Private => self.private,
            ChannelKind::Direct => self.direct,
        }
    }
}

impl Options {
    const fn wanted(&self) -> Wanted {
        Wanted { private: self.include_private, direct: self.include_direct }
    }
}

/// A message of which nothing is known yet, as one that stays out goes on: not even who wrote it.
fn withheld(place: Place) -> Message<'static> {
    Message {
        place,
        id: Cow::Borrowed(""),
        author: Author::default(),
        sent_at: None,
        channel: Cow::Borrowed(""),
        thread: None,
        reply_to: None,
        kind: Kind::Removed(Reason::Private),
        markup: Markup::Plain,
        text: Cow::Borrowed(""),
        removed: RemovedText::NONE,
    }
}

/// One input as the user named it: a file, a folder, an archive.
pub struct Source {
    /// The input as the user named it.
    pub label: Arc<str>,
    /// Its content, cut into pieces of bounded size that can be read independently of each other, in a fixed order.
    pub batches: Batches,
    /// Opens the same content once more; `None` for what can be read only once (`-`, a pipe).
    pub again: Option<Again>,
}

/// Opens a source that was opened before.
pub type Again = Box<dyn Fn() -> Result<Batches, Fault> + Send>;

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
    /// A single item of Outlook.
    Msg(outlook::Origin),
    /// Items of a mailbox of Outlook.
    Pst(Arc<outlook::Origin>),
    /// A JSON array of one channel's messages of one day.
    Slack(Arc<slack::Channel>),
    /// A log of Slack's events.
    SlackEvents(Arc<slack::Log>),
    /// One channel or thread of Discord.
    Discord(Wanted),
    /// Lines of a Mattermost bulk export.
    Mattermost(Arc<mattermost::Server>),
    /// A JSON array of messages of Teams.
    Teams(Arc<teams::Folder>),
    /// The messages of one space of Google Chat.
    GoogleChat(google_chat::Space),
    /// One topic of a Zulip archive, or messages of a server.
    Zulip(zulip::Origin),
    /// One chat of Telegram or an account's chats.
    Telegram(telegram::Setup),
    /// One chat of `WhatsApp`.
    WhatsApp(whatsapp::Setup),
    /// Lines of an IRC log.
    Irc(Arc<irc::Log>),
    /// Rows of a table with a header row.
    Csv(table::csv::Sheet),
    /// JSON objects, one a line.
    JsonLines(table::Table),
    /// One text.
    Text,
    /// Messages that lie in memory.
    Memory(memory::Stretch),
}

impl Reader {
    /// The format that it reads.
    #[must_use]
    pub const fn format(&self) -> Format {
        match self {
            Self::Mbox(_) => Format::Mbox,
            Self::Mail(_) => Format::Mail,
            Self::Msg(_) | Self::Pst(_) => Format::Outlook,
            Self::Slack(_) | Self::SlackEvents(_) => Format::Slack,
            Self::Discord(_) => Format::Discord,
            Self::Mattermost(_) => Format::Mattermost,
            Self::Teams(_) => Format::Teams,
            Self::GoogleChat(_) => Format::GoogleChat,
            Self::Zulip(_) => Format::Zulip,
            Self::Telegram(_) => Format::Telegram,
            Self::WhatsApp(_) => Format::WhatsApp,
            Self::Irc(_) => Format::Irc,
            Self::Csv(_) => Format::Csv,
            // A table of messages is what an engine's are too.
            Self::JsonLines(_) | Self::Memory(_) => Format::JsonLines,
            Self::Text => Format::Text,
        }
    }
}

impl Reader {
    /// The channel, if it is read although no list of its export names it.
    #[must_use]
    pub fn unlisted_channel(&self) -> Option<&str> {
        // The others count a channel as private unless a list calls it public, or have no lists.
        let Self::Slack(channel) = self else { return None };
        (channel.included && !channel.is_listed).then_some(&channel.name)
    }
}

impl Batch {
    /// Size of what is in it.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        match &self.reader {
            Reader::Memory(stretch) => stretch.n_bytes(),
            _ => self.bytes.len(),
        }
    }

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
            Reader::Msg(origin) => outlook::msg::each_message(bytes, &self.at, origin, sink),
            Reader::Pst(origin) => outlook::pst::each_message(bytes, &self.at, self.records_before, origin, sink),
            Reader::Slack(channel) => slack::each_message(bytes, &self.at, channel, sink),
            Reader::SlackEvents(log) => slack::each_event(bytes, &self.at, log, sink),
            Reader::Discord(wanted) => discord::each_message(bytes, &self.at, *wanted, sink),
            Reader::Mattermost(server) => mattermost::each_message(bytes, &self.at, self.records_before, server, sink),
            Reader::Teams(folder) => teams::each_message(bytes, &self.at, folder, sink),
            Reader::GoogleChat(space) => google_chat::each_message(bytes, &self.at, space, sink),
            Reader::Zulip(origin) => zulip::each_message(bytes, &self.at, origin, sink),
            Reader::Telegram(setup) => telegram::each_message(bytes, &self.at, setup, sink),
            Reader::WhatsApp(setup) => whatsapp::each_message(bytes, &self.at, setup, sink),
            Reader::Irc(log) => irc::each_message(bytes, &self.at, self.records_before, log, sink),
            Reader::Csv(sheet) => table::csv::each_message(bytes, &self.at, self.records_before, sheet, sink),
            Reader::JsonLines(table) => table::jsonl::each_message(bytes, &self.at, self.records_before, table, sink),
            Reader::Text => text::each_message(bytes, &self.at, sink),
            Reader::Memory(stretch) => stretch.each_message(sink),
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

/// Opens the content of a file that lies in memory under the path it came from, whatever it is; what lies beside the file is not there.
///
/// # Errors
/// If it is of no known format.
pub fn open_bytes(path: &str, content: Vec<u8>, options: &Options) -> Result<Batches, Fault> {
    walk::open_bytes(path, content, options)
}

/// How many files of a folder or archive are passed over because their kind holds no messages: pictures, sound, film, indexes, lists.
#[must_use]
pub fn n_passed_over(path: &Path) -> u64 {
    walk::n_passed_over(path)
}

/// The lines of a text, without their ends.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len()));
    ends.scan(0, |start, end| Some(&bytes[std::mem::replace(start, end + 1)..end]))
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

/// The same for a path; one that is not there may be a misspelt one of its folder.
#[must_use]
pub fn cause_at(path: &Path, error: &io::Error) -> String {
    /// So many names of a folder are looked at.
    const MAX_NAMES: usize = 10_000;
    let siblings = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let name = path.file_name()?.to_string_lossy().into_owned();
        let names = folder.read_dir().ok()?.take(MAX_NAMES).flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        Some(fault::nearest_path(&name, &names.collect::<Vec<_>>()).map(|nearest| path.with_file_name(nearest)))
    };
    let nearest = (error.kind() == io::ErrorKind::NotFound).then(siblings).flatten().flatten();
    let hint = nearest.map_or_else(String::new, |nearest| format!("; did you mean \"{}\"?", nearest.display()));
    format!("{}{hint}", cause(error))
}

/// What the readers' tests have in common.
#[cfg(test)]
mod tests {
    use super::*;

    /// The message's id, kind, author's key and text, or the fault.
    pub(super) fn view(message: Result<Message<'_>, Fault>) -> String {
        view_with(message, |text| format!("{text:?}"))
    }

    /// The same with the text as it is.
    pub(super) fn view_bare(message: Result<Message<'_>, Fault>) -> String {
        view_with(message, str::to_owned)
    }

    fn view_with(message: Result<Message<'_>, Fault>, text: impl Fn(&str) -> String) -> String {
        match message {
            Ok(message) => {
                let kind = match message.kind {
                    Kind::Person => "person",
                    Kind::Removed(reason) => reason.name(),
                };
                format!("{} {kind} {} {}", message.id, message.author.key().unwrap_or("-"), text(&message.text))
            }
            Err(fault) => fault.to_string(),
        }
    }

    /// What `view` says of all that is read.
    pub(super) fn seen(read: impl FnOnce(&mut dyn FnMut(Result<Message<'_>, Fault>))) -> Vec<String> {
        let mut seen = Vec::new();
        read(&mut |message| seen.push(view(message)));
        seen
    }
}
