//! Telegram's JSON: one chat, or an account with its chats. Known from fixtures only.

use std::borrow::Cow;
use std::io::Read;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

use super::json::{self, Bad, Cursor, Loose, Present};
use super::{Batches, ChannelKind, Options, Reader, Wanted, document, withheld};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Markup, Message, Reason, RemovedText};

/// What a file is read with.
#[derive(Debug, Clone)]
pub struct Setup {
    wanted: Wanted,
    /// Zone of old files' times.
    zone: TimeZone,
}

/// The types of chats with who can read them.
const CHATS: [(&str, ChannelKind); 9] = [
    ("public_supergroup", ChannelKind::Public),
    ("public_channel", ChannelKind::Public),
    ("private_group", ChannelKind::Private),
    ("private_supergroup", ChannelKind::Private),
    ("private_channel", ChannelKind::Private),
    ("personal_chat", ChannelKind::Direct),
    ("bot_chat", ChannelKind::Direct),
    ("saved_messages", ChannelKind::Direct),
    ("verify_codes", ChannelKind::Direct),
];

/// Whether the first bytes of a file begin a chat or an account.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let members = json::members(head);
    let value = |name: &str| members.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    let is_chat = value("type").is_some_and(|value| CHATS.iter().any(|(name, _)| value.trim_matches('"') == *name));
    is_chat && value("id").is_some()
        || value("chats").is_some_and(|value| value.contains("\"list\""))
        || value("personal_information").is_some()
}

/// Whether the first bytes of a file are Telegram's other form, pages, in which ids are missing.
#[must_use]
pub fn is_other_form(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_page = text.get(..5).is_some_and(|start| start.starts_with("<!") || start.eq_ignore_ascii_case("<html"));
    is_page && text.contains("page_wrap") && (text.contains("Exported Data") || text.contains("tgme"))
}

/// Opens a file.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, options: &Options) -> Batches {
    document::open(stream, at, Reader::Telegram(Setup { wanted: options.wanted(), zone: options.zone.clone() }))
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    date: Loose<'a>,
    #[serde(borrow, default)]
    date_unixtime: Loose<'a>,
    #[serde(borrow, default)]
    from: Loose<'a>,
    #[serde(borrow, default)]
    from_id: Loose<'a>,
    /// Who signed a post of a channel.
    #[serde(borrow, default)]
    author: Loose<'a>,
    #[serde(borrow, default)]
    reply_to_message_id: Loose<'a>,
    #[serde(default)]
    forwarded_from: Present,
    #[serde(default)]
    forwarded_from_id: Present,
    #[serde(default)]
    via_bot: Present,
    #[serde(default)]
    text: Value,
}

/// A chat, as far as its messages need it.
#[derive(Default)]
struct Chat {
    id: String,
    name: String,
    kind: Option<ChannelKind>,
    /// A channel or a large group, which can write in its own name.
    is_channel: bool,
}

impl Chat {
    /// Takes what a member of the chat's object says.
    fn take(&mut self, key: &str, cursor: &mut Cursor<'_>) -> Result<(), Bad> {
        if !matches!(key, "id" | "name" | "type") {
            return Ok(());
        }
        let value = match cursor.record::<Loose<'_>>() {
            Ok((value, _)) => value.word().unwrap_or_default().to_lowercase(),
            Err(Bad::Element(_)) => String::new(),
            Err(bad) => return Err(bad),
        };
        match key {
            "id" => self.id = value,
            "name" => self.name = value,
            _ => {
                self.is_channel = value.ends_with("channel") || value.ends_with("supergroup");
                self.kind = CHATS.iter().find(|(name, _)| *name == value).map(|&(_, kind)| kind);
            }
        }
        Ok(())
    }

    /// The channel's name, or the id of a chat without one.
    fn channel(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }

    fn id_of(&self, message: &str) -> String {
        format!("{}/{message}", self.id)
    }
}

/// Reads the messages of all chats in a file, in order.
pub fn each_message(bytes: &[u8], at: &Place, setup: &Setup, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| {
        let mut n = 0;
        let mut cursor = Cursor::of(text);
        let read = object(&mut cursor, at, setup, &mut n, sink, 0).and_then(|()| cursor.end());
        if let Err(bad) = read {
            sink(Err(bad.fault(at, n)));
        }
    });
}

/// A chat, an account, or an account's list of chats.
fn object(
    cursor: &mut Cursor<'_>,
    at: &Place,
    setup: &Setup,
    n: &mut u64,
    sink: &mut dyn FnMut(Result<Message<'_>, Fault>),
    depth: usize,
) -> Result<(), Bad> {
    let mut chat = Chat::default();
    cursor.each_member(&mut |key, cursor| match (key, depth) {
        ("chats" | "left_chats", 0) if cursor.first() == Some(b'{') => object(cursor, at, setup, n, sink, 1),
        ("list", 1) if cursor.first() == Some(b'[') => cursor.each_element(&mut |cursor| match cursor.first() {
            Some(b'{') => object(cursor, at, setup, n, sink, 2),
            _ => Ok(()),
        }),
        ("messages", 0 | 2) => {
            // The type says what is public: a file written anew may have it behind the messages.
            if chat.kind.is_none() || chat.id.is_empty() {
                let _ = cursor.ahead().rest_of_object(&mut |key, cursor| chat.take(key, cursor));
            }
            let is_read = setup.wanted.reads(chat.kind.unwrap_or(ChannelKind::Private));
            cursor.each_record(n, at, sink, &mut |record: Record<'_>, place, sink| {
                sink(message(record, place.clone(), &chat, is_read, &setup.zone).map_err(|why| Fault::new(place, why)));
            })
        }
        _ => chat.take(key, cursor),
    })
}

fn message<'a>(record: Record<'a>, place: Place, chat: &Chat, is_read: bool, zone: &TimeZone) -> Result<Message<'a>, String> {
    let id = record.id.text("id")?.unwrap_or_default();
    let sent_at = time(&record.date_unixtime, &record.date, zone)?;
    let id = if id.is_empty() { String::new() } else { chat.id_of(&id) };
    let mut message = Message { id: id.into(), sent_at, channel: chat.channel().to_owned().into(), ..withheld(place) };
    if !is_read {
        return Ok(message);
    }
    let Ok(Some(kind)) = record.kind.clone().text("type") else { return Err(record.kind.unexpected("type", "`message` or `service`")) };
    let from = record.from_id.word().map(|id| id.to_lowercase()).filter(|id| !is_channel(id, chat));
    let signed = record.author.word();
    message.kind = match &*kind {
        "service" => Kind::Removed(Reason::System),
        "message" if record.forwarded_from.0 || record.forwarded_from_id.0 => Kind::Removed(Reason::Forwarded),
        "message" if record.via_bot.0 => Kind::Removed(Reason::Bot),
        "message" if from.is_none() && signed.is_none() => Kind::Removed(Reason::NoAuthor),
        "message" => Kind::Person,
        _ => return Err(Loose::Text(kind).unexpected("type", "`message` or `service`")),
    };
    (message.text, message.removed) = words(record.text)?;
    message.markup = Markup::Plain;
    message.reply_to = record.reply_to_message_id.word().map(|id| chat.id_of(&id).into());
    message.author = match from {
        Some(id) => Author { id: Some(id.into()), name: record.from.word(), ..Author::default() },
        None => Author { handle: signed.as_ref().map(|name| name.to_lowercase().into()), name: signed, ..Author::default() },
    };
    Ok(message)
}

/// Whether an author is a channel, which somebody unnamed writes for, and not a person.
fn is_channel(id: &str, chat: &Chat) -> bool {
    // A chat of two people has the id of one of them.
    id.starts_with("channel") || chat.is_channel && id == chat.id
}

fn time(unix: &Loose<'_>, local: &Loose<'_>, zone: &TimeZone) -> Result<Option<Timestamp>, String> {
    if let Some(time) = json::seconds(unix, "date_unixtime")? {
        return Ok(Some(time));
    }
    match local {
        Loose::Null => Ok(None),
        Loose::Text(text) => {
            let time = text.parse::<DateTime>().ok().and_then(|time| zone.to_timestamp(time).ok());
            time.map(Some).ok_or_else(|| local.unexpected("date", "a time"))
        }
        _ => Err(local.unexpected("date", "a time")),
    }
}

/// The words of a text or of a list of texts and marked stretches, and what was left out.
fn words(text: Value) -> Result<(Cow<'static, str>, RemovedText), String> {
    let mut removed = RemovedText::NONE;
    let parts = match text {
        Value::Null => return Ok((Cow::Borrowed(""), removed)),
        Value::String(text) => return Ok((text.into(), removed)),
        Value::Array(parts) => parts,
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            return Err("`text` is of another type, expected a string or a list".to_owned());
        }
    };
    let mut words = String::new();
    for part in &parts {
        let part = match part {
            Value::String(text) => {
                words.push_str(text);
                continue;
            }
            part => part,
        };
        let Some(text) = part.get("text").and_then(Value::as_str) else {
            return Err("`text` holds something else than strings and marked strings".to_owned());
        };
        let (reason, gap) = match part.get("type").and_then(Value::as_str).unwrap_or_default() {
            "pre" => (Reason::Code, "\n"),
            "code" => (Reason::Code, " "),
            "blockquote" => (Reason::QuotedReply, "\n"),
            "mention" | "mention_name" | "hashtag" | "cashtag" | "bot_command" | "link" | "email" | "phone" | "bank_card"
            | "custom_emoji" => (Reason::Address, " "),
            _ => {
                words.push_str(text);
                continue;
            }
        };
        removed.add(reason, text.chars().count() as u64);
        words.push_str(gap);
    }
    Ok((words.into(), removed))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::seen;
    use super::*;

    fn read(text: &str, wanted: Wanted) -> Vec<String> {
        let setup = Setup { wanted, zone: TimeZone::get("Europe/Berlin").unwrap() };
        seen(|sink| each_message(text.as_bytes(), &Place::file("f"), &setup, sink))
    }

    fn chat(kind: &str, messages: &str) -> String {
        format!(r#"{{"name":"Plans","type":"{kind}","id":7,"messages":[{messages}]}}"#)
    }

    fn one(fields: &str) -> String {
        read(&chat("public_supergroup", &format!(r#"{{"id":1,"type":"message","from_id":"user5",{fields}}}"#)), Wanted::default()).concat()
    }

    #[test]
    fn text_is_a_string_or_a_list_of_which_the_words_stay() {
        assert_eq!(one(r#""text":"so""#), "7/1 person user5 \"so\"");
        let list = r##""text":["see ",{"type":"bold","text":"the"}," plan",{"type":"text_link","text":" now","href":"x"},{"type":"hashtag","text":"#hero"},
            {"type":"pre","text":"x = 1"},"end",""]"##;
        assert_eq!(one(list), "7/1 person user5 \"see the plan now \\nend\"");
        for (text, fault) in
            [("{}", "of another type"), ("7", "of another type"), ("[7]", "something else"), (r#"[{"type":"bold"}]"#, "something else")]
        {
            assert!(one(&format!("\"text\":{text}")).contains(fault), "{text}");
        }
        assert_eq!(one(r#""text":null"#), "7/1 person user5 \"\"");
    }

    #[test]
    fn only_what_people_newly_wrote_is_theirs() {
        for (fields, kind) in
            [(r#""forwarded_from":"Ann""#, "forwarded"), (r#""forwarded_from":null"#, "forwarded"), (r#""via_bot":"@gif""#, "bot")]
        {
            assert_eq!(one(fields), format!("7/1 {kind} user5 \"\""));
        }
        let lines = r#"{"id":1,"type":"service","actor":"Ann"},{"id":2,"type":"message","from":"Ann"},{"id":3,"type":"message","from_id":7},
            {"id":4,"type":"message","from_id":"channel9","author":"Ann"},{"id":5,"type":"call","from_id":8},{"id":6,"from_id":8},{"type":"message","from_id":8}"#;
        assert_eq!(
            read(&chat("public_channel", lines), Wanted::default()),
            [
                "7/1 system - \"\"",
                "7/2 no_author - \"\"",
                "7/3 no_author - \"\"",
                "7/4 person ann \"\"",
                "f: record 5: `type` is \"call\", expected `message` or `service`",
                "f: record 6: `type` is missing, expected `message` or `service`",
                " person 8 \"\"",
            ]
        );
    }

    #[test]
    fn times_are_unix_times_or_local_ones() {
        let setup = Setup { wanted: Wanted::default(), zone: TimeZone::get("Europe/Berlin").unwrap() };
        let lines = r#"{"date":"2020-01-01T01:00:00"},{"date":"x","date_unixtime":"1577836800"},{"date":"soon"}"#;
        let mut seen = Vec::new();
        each_message(chat("private_group", lines).as_bytes(), &Place::file("f"), &setup, &mut |message| {
            seen.push(message.map_or_else(|fault| fault.to_string(), |message| message.sent_at.unwrap().to_string()));
        });
        assert_eq!(seen, ["2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z", "f: record 3: `date` is \"soon\", expected a time"]);
    }

    #[test]
    fn chats_that_are_not_public_stay_out_unless_they_are_wanted() {
        let line = r#"{"id":1,"type":"message","from_id":5,"text":"x"}"#;
        for kind in ["personal_chat", "bot_chat", "saved_messages", "private_group", "private_supergroup", "private_channel", "new_chat"] {
            assert_eq!(read(&chat(kind, line), Wanted::default()), ["7/1 private - \"\""], "{kind}");
        }
        assert_eq!(read(&chat("private_group", line), Wanted { private: true, direct: false }), ["7/1 person 5 \"x\""]);
        // A chat of two people has the id of one of them.
        for from in ["5", "7"] {
            let line = line.replace(":5", &format!(":{from}"));
            let seen = read(&chat("personal_chat", &line), Wanted { private: false, direct: true });
            assert_eq!(seen, [format!("7/1 person {from} \"x\"")]);
        }
        assert_eq!(
            read(&format!(r#"{{"messages":[{line}],"type":"public_supergroup","id":7}}"#), Wanted::default()),
            ["7/1 person 5 \"x\""]
        );
    }

    #[test]
    fn an_account_is_all_its_chats() {
        let line = r#"{"id":1,"type":"message","from_id":5,"text":"x"}"#;
        let (open, closed) = (chat("public_supergroup", line), chat("personal_chat", line));
        let account = format!(
            r#"{{"about":"x","personal_information":{{}},"chats":{{"about":"y","list":[{open},7,{closed}]}},"left_chats":{{"list":[{open}]}}}}"#
        );
        assert!(looks_like(account.as_bytes()));
        assert_eq!(read(&account, Wanted::default()), ["7/1 person 5 \"x\"", "7/1 private - \"\"", "7/1 person 5 \"x\""]);
        for cut in 1..account.len() {
            let seen = read(&account[..cut], Wanted::default());
            assert!(seen.last().unwrap().contains("the JSON breaks at column "), "{cut}: {seen:?}");
        }
    }

    #[test]
    fn its_json_is_known_and_its_pages_are_told() {
        assert!(looks_like(chat("personal_chat", "").as_bytes()));
        assert!(looks_like(br#"{"type":"saved_messages","id":1,"messages":["#));
        assert!(!looks_like(br#"{"type":"message","id":1,"channel":"C1"}"#));
        assert!(is_other_form(b"<!DOCTYPE html><title>Exported Data</title><div class=\"page_wrap\">"));
        assert!(!is_other_form(b"<!DOCTYPE html><p>Exported Data"));
    }
}
