//! A topic of a public archive: an array of messages in HTML, in a file named by the topic in a folder named by the stream.

use serde::Deserialize;

use super::super::beside::Beside;
use super::super::json::{self, Cursor, Loose};
use super::super::{html, withheld};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Message, Reason};

/// The author that stands for everybody who has left.
const DELETED: &str = "(deleted)";

pub(super) fn looks_like(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let has = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
    start.starts_with(b"[") && ["\"sender_full_name\"", "\"content\"", "\"timestamp\""].into_iter().all(has)
}

/// A topic and the stream it is in, in lower case.
#[derive(Debug, Clone, Default)]
pub struct Topic {
    stream: String,
    topic: String,
}

impl Topic {
    /// The topic of a file, by its name and its folder's.
    pub(super) fn of(beside: &Beside) -> Self {
        let (folder, file) = beside.names();
        let folder = decoded(&folder);
        // `113488-general`: the number is the stream's.
        let stream = folder
            .split_once('-')
            .filter(|(id, _)| !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()))
            .map_or(&*folder, |(_, name)| name);
        Self { stream: stream.to_lowercase(), topic: decoded(file.strip_suffix(".json").unwrap_or(&file)).to_lowercase() }
    }
}

/// A name in which `.20` stands for a blank, as `%20` does in addresses.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| byte == b'.').and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    sender_full_name: Loose<'a>,
    #[serde(borrow, default)]
    timestamp: Loose<'a>,
    #[serde(borrow, default)]
    content: Loose<'a>,
}

pub(super) fn each_message(text: &str, at: &Place, topic: &Topic, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let mut n = 0;
    let mut cursor = Cursor::of(text);
    let read = cursor.each_record(&mut n, at, sink, &mut |record: Record<'_>, place, sink| {
        sink(message(record, place.clone(), topic).map_err(|why| Fault::new(place, why)));
    });
    if let Err(bad) = read.and_then(|()| cursor.end()) {
        sink(Err(bad.fault(at, n)));
    }
}

fn message<'a>(record: Record<'a>, place: Place, topic: &Topic) -> Result<Message<'a>, String> {
    let id = record.id.text("id")?.unwrap_or_default();
    let sent_at = json::seconds(&record.timestamp, "timestamp")?;
    let content = record.content.text("content")?.unwrap_or_default();
    let name = record.sender_full_name.text("sender_full_name")?.filter(|name| !name.trim().is_empty() && name != DELETED);
    let (text, removed) = html::to_text(&content);
    let kind = match &name {
        None => Kind::Removed(Reason::NoAuthor),
        Some(_) if super::is_deleted(&text) => Kind::Removed(Reason::Deleted),
        Some(_) => Kind::Person,
    };
    // There is nothing else to know people by.
    let author = Author { handle: name.as_ref().map(|name| name.trim().to_lowercase().into()), name, ..Author::default() };
    let thread = Some(format!("{}/{}", topic.stream, topic.topic).into()).filter(|_| !topic.topic.is_empty());
    Ok(Message { id, author, sent_at, channel: topic.stream.clone().into(), thread, kind, text: text.into(), removed, ..withheld(place) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        let topic = Topic::of(&Beside::File(PathBuf::from("a/12-sales.20team/.60plan.60.20now.json")));
        let mut seen = Vec::new();
        each_message(text, &Place::file("f"), &topic, &mut |message| {
            seen.push(match message {
                Ok(message) => {
                    let kind = match message.kind {
                        Kind::Person => "person",
                        Kind::Removed(reason) => reason.name(),
                    };
                    let thread = message.thread.as_deref().unwrap_or_default();
                    format!("{} {thread} {kind} {} {:?}", message.id, message.author.key().unwrap_or("-"), message.text)
                }
                Err(fault) => fault.to_string(),
            });
        });
        seen
    }

    #[test]
    fn stream_and_topic_are_the_names_of_folder_and_file() {
        let text = r#"[{"id":1,"sender_full_name":"Ann Lee","timestamp":1577836800,"content":"<p>so <code>x</code> it</p>"}]"#;
        assert!(looks_like(text.as_bytes()));
        assert_eq!(read(text), ["1 sales team/`plan` now person ann lee \"so it\""]);
        assert_eq!(decoded("a.2"), "a.2");
        assert_eq!(decoded(".c3.a9.zz"), "é.zz");
    }

    #[test]
    fn who_has_left_is_nobody_and_what_is_deleted_is_told() {
        let text = r#"[{"sender_full_name":"(deleted)","content":"x"},{"sender_full_name":"Ann","content":"<p>(deleted)</p>"},{"content":[]},
            {"sender_full_name":"Ann","timestamp":"soon"},7,{"#;
        let seen = read(text);
        assert_eq!(
            seen[..4],
            [
                " sales team/`plan` now no_author - \"x\"",
                " sales team/`plan` now deleted ann \"(deleted)\"",
                "f: record 3: `content` is an array, expected a string",
                "f: record 4: `timestamp` is \"soon\", expected a time",
            ]
        );
        assert!(seen[4].starts_with("f: record 5: ") && seen[5].contains("the JSON breaks at column "));
    }
}
