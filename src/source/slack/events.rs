//! Slack's event log, one JSON object a line. An edit and a deletion are events of their own that change a message above: each message
//! counts once, as its newest version, where it first stands. Of a log that begins later than a message its newest version is all there is.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::record::{self, Record};
use super::stamp::{SECONDS, stamp};
use super::{Channel, Workspace};
use crate::fault::{Fault, Place, Position};
use crate::message::{Kind, Message, Reason};
use crate::source::json::{self, Bad, Cursor, Inner, Loose};
use crate::source::{ChannelKind, Wanted, withheld};

/// What a log is read with.
#[derive(Debug, Clone)]
pub struct Log {
    /// Lists from beside the log, if there are any.
    pub(super) workspace: Arc<Workspace>,
    pub(super) wanted: Wanted,
}

/// Lines that recognition looks at: a connection may greet before the first message.
const HEAD_LINES: usize = 5;

/// Whether the first bytes of a file begin a log.
pub(super) fn looks_like(head: &[u8]) -> bool {
    head.split(|&byte| byte == b'\n').take(HEAD_LINES).any(|line| {
        let members = json::members(line);
        let value = |name: &str| members.iter().find(|(key, _)| key == name).map_or("", |(_, value)| *value);
        value("type") == "\"message\""
            && ["\"C", "\"G", "\"D"].iter().any(|start| value("channel").starts_with(start))
            && !value("ts").is_empty()
    })
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    subtype: Loose<'a>,
    #[serde(borrow, default)]
    hidden: Loose<'a>,
    #[serde(borrow, default)]
    channel: Loose<'a>,
    #[serde(borrow, default)]
    channel_type: Loose<'a>,
    #[serde(borrow, default)]
    ts: Loose<'a>,
    #[serde(borrow, default)]
    deleted_ts: Loose<'a>,
    #[serde(borrow, default)]
    message: Inner<Changed<'a>>,
}

#[derive(Deserialize)]
struct Changed<'a> {
    #[serde(borrow, default)]
    ts: Loose<'a>,
}

/// A message: its channel's id in lower case and its time stamp.
type Key = (String, String);

enum Entry {
    Post(Key),
    Edit(Key),
    Deletion(Key),
    /// Counters and the like, and events that are no messages.
    Other,
}

impl Entry {
    fn of(event: Event<'_>) -> Result<(Self, ChannelKind), String> {
        let declared = match event.channel_type.word().as_deref() {
            Some("channel") => ChannelKind::Public,
            Some("im" | "mpim" | "app_home") => ChannelKind::Direct,
            // Not said: it may be private.
            Some(_) | None => ChannelKind::Private,
        };
        if event.kind.word().is_some_and(|kind| kind != "message") {
            return Ok((Self::Other, declared));
        }
        let Some(channel) = event.channel.clone().word().map(|id| id.to_lowercase()) else {
            return Err(event.channel.unexpected("channel", "a conversation's id"));
        };
        let key = |field: &Loose<'_>, name: &str| match stamp(field, name)? {
            Some((ts, _)) => Ok((channel.clone(), ts.into_owned())),
            None => Err(field.unexpected(name, SECONDS)),
        };
        let entry = match event.subtype.word().as_deref() {
            Some("message_changed") => Self::Edit(key(&event.message.0.map_or(Loose::Null, |message| message.ts), "message.ts")?),
            Some("message_deleted") => Self::Deletion(key(&event.deleted_ts, "deleted_ts")?),
            _ if event.hidden.is_true() => Self::Other,
            _ => Self::Post(key(&event.ts, "ts")?),
        };
        Ok((entry, declared))
    }
}

/// The newest version of a message that was changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// In that line.
    Edited(usize),
    /// Deleted by that line.
    Deleted(usize),
}

/// Reads the messages of a log, in order.
pub fn each_message(bytes: &[u8], at: &Place, log: &Log, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| {
        let lines: Vec<&str> = text.lines().collect();
        let read = |line: &&str| {
            let event = serde_json::from_str::<Event<'_>>(line).map_err(|error| without_line(&error));
            (!line.trim().is_empty()).then(|| event.and_then(Entry::of))
        };
        let entries: Vec<Option<Result<(Entry, ChannelKind), String>>> = lines.iter().map(read).collect();
        let channels = channels(entries.iter().flatten().flatten(), log);
        let (posts, newest) = versions(&entries);
        let at = |index: usize| at.at(Position::Line(index as u64 + 1));
        for (index, entry) in entries.iter().enumerate() {
            let (key, version) = match entry {
                None | Some(Ok((Entry::Other, _))) => continue,
                Some(Err(why)) => {
                    sink(Err(Fault::new(at(index), why.clone())));
                    continue;
                }
                Some(Ok((Entry::Post(key), _))) => (key, newest.get(key).copied()),
                // Told where the message stands, or by the newest change to one that does not.
                Some(Ok((Entry::Edit(key) | Entry::Deletion(key), _))) => {
                    let newest = newest.get(key).copied();
                    let is_newest = matches!(newest, Some(Version::Edited(line) | Version::Deleted(line)) if line == index);
                    if posts.contains(key) || !is_newest {
                        continue;
                    }
                    (key, newest)
                }
            };
            let Some(channel) = channels.get(&key.0) else { continue };
            sink(match version {
                None => post(lines[index], at(index), channel),
                Some(Version::Edited(line)) => edited(lines[line], at(line), channel),
                Some(Version::Deleted(line)) => Ok(deleted(key, at(line), channel)),
            });
        }
    });
}

/// The conversations of a log. Lists go before what events say of them, and of that what is said most openly: a public channel's events
/// say so, and others do not say anything.
fn channels<'e>(entries: impl Iterator<Item = &'e (Entry, ChannelKind)>, log: &Log) -> FxHashMap<String, Channel> {
    let mut declared: FxHashMap<&str, ChannelKind> = FxHashMap::default();
    for (entry, kind) in entries {
        if let Entry::Post((id, _)) | Entry::Edit((id, _)) | Entry::Deletion((id, _)) = entry {
            let known = declared.entry(id).or_insert(*kind);
            if *kind == ChannelKind::Direct || *known == ChannelKind::Private {
                *known = *kind;
            }
        }
    }
    let channel = |(id, declared): (&str, ChannelKind)| {
        let unlisted = match declared {
            ChannelKind::Private => log.workspace.kind_of(&id.to_uppercase()).max(ChannelKind::Private),
            ChannelKind::Public | ChannelKind::Direct => declared,
        };
        let listed = log.workspace.listed(id);
        let kind = listed.unwrap_or(unlisted);
        let included = log.wanted.reads(kind);
        let is_listed = listed.is_some();
        (id.to_owned(), Channel { workspace: Arc::clone(&log.workspace), name: id.to_owned(), kind, included, is_listed })
    };
    declared.into_iter().map(channel).collect()
}

/// The messages that stand in the log themselves, and of those that were changed the newest version.
fn versions(entries: &[Option<Result<(Entry, ChannelKind), String>>]) -> (FxHashSet<&Key>, FxHashMap<&Key, Version>) {
    let (mut posts, mut newest) = (FxHashSet::default(), FxHashMap::default());
    for (index, entry) in entries.iter().enumerate() {
        match entry {
            Some(Ok((Entry::Post(key), _))) => {
                posts.insert(key);
            }
            Some(Ok((Entry::Edit(key), _))) => {
                newest.insert(key, Version::Edited(index));
            }
            Some(Ok((Entry::Deletion(key), _))) => {
                newest.insert(key, Version::Deleted(index));
            }
            Some(Ok((Entry::Other, _)) | Err(_)) | None => {}
        }
    }
    (posts, newest)
}

fn post<'a>(line: &'a str, place: Place, channel: &'a Channel) -> Result<Message<'a>, Fault> {
    let record: Record<'a> = serde_json::from_str(line).map_err(|error| Fault::new(place.clone(), without_line(&error)))?;
    read(record, line, place, channel)
}

/// The new message inside the event of an edit.
fn edited<'a>(line: &'a str, place: Place, channel: &'a Channel) -> Result<Message<'a>, Fault> {
    let mut found = None;
    let walked = Cursor::of(line).each_member(&mut |key, cursor| {
        if key == "message" {
            found = Some(cursor.record::<Record<'a>>()?);
        }
        Ok(())
    });
    match (walked, found) {
        (Ok(()), Some((record, source))) => read(record, source, place, channel),
        (Err(Bad::Element(why) | Bad::Array { why, .. }), _) => Err(Fault::new(place, why)),
        (Ok(()), None) => Err(Fault::new(place, "`message` is missing, expected the new message")),
    }
}

fn read<'a>(record: Record<'a>, source: &'a str, place: Place, channel: &'a Channel) -> Result<Message<'a>, Fault> {
    let mut message = record::message(record, source, place.clone(), channel).map_err(|why| Fault::new(place, why))?;
    // Some archives put a sentence in brackets where the words were.
    let text = message.text.trim();
    if message.kind == Kind::Person && text.starts_with("[message") && text.ends_with("deleted]") {
        message.kind = Kind::Removed(Reason::Deleted);
        message.text = Cow::Borrowed("");
    }
    Ok(message)
}

fn deleted(key: &Key, place: Place, channel: &Channel) -> Message<'static> {
    let sent_at = stamp(&Loose::Text(key.1.as_str().into()), "ts").ok().flatten().map(|(_, time)| time);
    let reason = if channel.included { Reason::Deleted } else { Reason::Private };
    let (id, channel) = (channel.id_of(&key.1).into(), channel.name.clone().into());
    Message { id, sent_at, channel, kind: Kind::Removed(reason), ..withheld(place) }
}

/// The parser counts lines from the event's own start; the place is told before.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |at| format!("{} at column {}", &text[..at], error.column()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::tests::seen;

    fn read_with(text: &str, lists: &[(&str, &str)], wanted: Wanted) -> Vec<String> {
        let list = |name: &str| {
            let found = lists.iter().filter(|(list, _)| *list == name);
            found.map(|(name, text)| Ok((Place::file(*name), text.as_bytes().to_vec()))).collect()
        };
        let workspace = Arc::new(Workspace::read(list, false, &mut Vec::new()));
        seen(|sink| each_message(text.as_bytes(), &Place::file("f"), &Log { workspace, wanted }, sink))
    }

    fn read(text: &str) -> Vec<String> {
        read_with(text, &[("channels.json", r#"[{"id":"C1","name":"b"}]"#)], Wanted::default())
    }

    fn post(ts: &str, text: &str) -> String {
        format!(r#"{{"type":"message","channel":"C1","user":"U1","ts":"{ts}","text":"{text}"}}"#)
    }

    fn edit(ts: &str, text: &str) -> String {
        format!(
            r#"{{"type":"message","subtype":"message_changed","hidden":true,"channel":"C1","ts":"9.0","message":{{"user":"U1","ts":"{ts}","text":"{text}"}},"previous_message":{{"ts":"{ts}","text":"old"}}}}"#
        )
    }

    fn deletion(ts: &str) -> String {
        format!(r#"{{"type":"message","subtype":"message_deleted","hidden":true,"channel":"C1","ts":"9.0","deleted_ts":"{ts}"}}"#)
    }

    #[test]
    fn a_message_counts_once_as_its_newest_version() {
        let log = [post("1.0", "one"), post("2.0", "two"), edit("1.0", "uno"), edit("1.0", "eins"), post("3.0", "three"), deletion("3.0")];
        assert_eq!(read(&log.join("\n")), ["c1/1.0 person u1 \"eins\"", "c1/2.0 person u1 \"two\"", "c1/3.0 deleted - \"\""]);
    }

    #[test]
    fn of_a_message_above_the_log_the_newest_version_is_read() {
        let log = [edit("1.0", "uno"), edit("1.0", "eins"), deletion("2.0"), edit("3.0", "drei"), deletion("3.0")];
        assert_eq!(read(&log.join("\n")), ["c1/1.0 person u1 \"eins\"", "c1/2.0 deleted - \"\"", "c1/3.0 deleted - \"\""]);
    }

    #[test]
    fn events_that_are_no_messages_are_none_and_words_that_were_taken_away_are_deleted() {
        let log = format!(
            "{}\n{}\n\n{}\n{}",
            r#"{"type":"hello"}"#,
            r#"{"type":"message","subtype":"message_replied","hidden":true,"channel":"C1","ts":"9.0","message":{"ts":"1.0","text":"x"}}"#,
            post("1.0", "[message text edited or deleted]"),
            r#"{"type":"message","subtype":"channel_join","channel":"C1","user":"U1","ts":"2.0","text":"joined"}"#,
        );
        assert_eq!(read(&log), ["c1/1.0 deleted u1 \"\"", "c1/2.0 system u1 \"joined\""]);
    }

    #[test]
    fn a_bad_line_is_a_fault_of_its_own() {
        let log =
            [post("1.0", "one"), "{\"type\"".to_owned(), r#"{"type":"message","ts":"1.0"}"#.to_owned(), post("x", ""), post("2.0", "two")];
        let seen = read(&log.join("\n"));
        assert!(seen[1].starts_with("f:2: EOF while parsing"), "{seen:?}");
        assert_eq!(
            seen[2..4],
            ["f:3: `channel` is missing, expected a conversation's id", "f:4: `ts` is \"x\", expected seconds with a fraction"]
        );
        assert_eq!(seen.len(), 5);
        let all = log.join("\n");
        for cut in 0..all.len() {
            read(&all[..cut]);
        }
    }

    #[test]
    fn what_is_not_known_to_be_public_stays_out() {
        let event = |fields: &str| format!(r#"{{"type":"message","user":"U1","ts":"1.0","text":"x",{fields}}}"#);
        let kind = |fields: &str, lists: &[(&str, &str)]| {
            read_with(&event(fields), lists, Wanted::default())[0].split(' ').nth(1).unwrap().to_owned()
        };
        assert_eq!(kind(r#""channel":"C1""#, &[]), "private");
        assert_eq!(kind(r#""channel":"C1","channel_type":"channel""#, &[]), "person");
        assert_eq!(kind(r#""channel":"C1","channel_type":"group""#, &[]), "private");
        let lists = [("channels.json", r#"[{"id":"C1","name":"b","is_private":true},{"id":"C2","name":"c"}]"#)];
        assert_eq!(kind(r#""channel":"C1","channel_type":"channel""#, &lists), "private");
        assert_eq!(kind(r#""channel":"C2""#, &lists), "person");
        for id in ["D024BE91L", "G024BE91L"] {
            assert_eq!(kind(&format!(r#""channel":"{id}""#), &lists), "private");
        }
        assert_eq!(
            read_with(&event(r#""channel":"D024BE91L""#), &lists, Wanted { private: false, direct: true }),
            ["d024be91l/1.0 person u1 \"x\""]
        );
        assert_eq!(read_with(&deletion("1.0"), &[], Wanted::default()), ["c1/1.0 private - \"\""]);
    }

    #[test]
    fn a_log_is_known_by_its_first_lines() {
        assert!(looks_like(post("1.0", "x").as_bytes()));
        assert!(looks_like(format!("{{\"type\":\"hello\"}}\n{}", post("1.0", "x")).as_bytes()));
        assert!(!looks_like(br#"{"type":"message","id":1,"channel":"C1"}"#));
        assert!(!looks_like(br#"{"type":"message","ts":"1.0","channel":"general"}"#));
    }
}
