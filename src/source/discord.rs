//! Discord as `DiscordChatExporter` writes it to JSON: one file a channel or thread. Known from fixtures only.

use std::borrow::Cow;
use std::io::Read;

use serde::Deserialize;

use super::json::{self, Bad, Cursor, Inner, List, Loose};
use super::{Batches, ChannelKind, Reader, Wanted, document, withheld};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Markup, Message, Reason};

/// Whether the first bytes of a file begin a channel.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let members = json::members(head);
    let is_object = |name: &str| members.iter().any(|(key, value)| key == name && value.starts_with('{'));
    is_object("guild") && is_object("channel")
}

/// Whether the first bytes of a file are the exporter's other forms (HTML, CSV, plain text), from which bots and ids cannot be told.
#[must_use]
pub fn is_other_form(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let is_page = text.get(..5).is_some_and(|start| start.starts_with("<!") || start.eq_ignore_ascii_case("<html"));
    let line = text.lines().next().unwrap_or_default().replace('"', "");
    is_page && (text.contains("chatlog__") || text.contains("DiscordChatExporter"))
        || line.trim() == "AuthorID,Author,Date,Content,Attachments,Reactions"
        || line.starts_with("=====")
            && text.lines().skip(1).take(2).all(|line| line.starts_with("Guild: ") || line.starts_with("Channel: "))
}

/// Opens a file.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, wanted: Wanted) -> Batches {
    document::open(stream, at, Reader::Discord(wanted))
}

#[derive(Deserialize, Default)]
struct ChannelRecord<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    timestamp: Loose<'a>,
    #[serde(borrow, default)]
    content: Loose<'a>,
    #[serde(borrow, default)]
    author: Inner<Person<'a>>,
    #[serde(borrow, default)]
    mentions: List<Person<'a>>,
    #[serde(borrow, default)]
    reference: Inner<Reference<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Person<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    nickname: Loose<'a>,
    #[serde(borrow, default)]
    is_bot: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference<'a> {
    #[serde(borrow, default)]
    message_id: Loose<'a>,
}

/// The channel of a file.
#[derive(Default)]
struct Channel {
    id: String,
    name: String,
    is_read: bool,
}

impl Channel {
    fn of(record: ChannelRecord<'_>, wanted: Wanted) -> Self {
        let id = record.id.word().unwrap_or_default().to_lowercase();
        let kind = kind_of(&record.kind.word().unwrap_or_default());
        Self { name: record.name.word().map_or_else(|| id.clone(), |name| name.to_lowercase()), id, is_read: wanted.reads(kind) }
    }

    fn id_of(&self, message: &str) -> String {
        format!("{}/{message}", self.id)
    }
}

/// Who can read a channel of that type, by name or, in old files, by number; one of an unknown type may be private.
fn kind_of(name: &str) -> ChannelKind {
    match name {
        "GuildTextChat" | "GuildVoiceChat" | "GuildCategory" | "GuildNews" | "GuildNewsThread" | "GuildPublicThread"
        | "GuildStageVoice" | "GuildDirectory" | "GuildForum" | "GuildMedia" | "0" | "2" | "5" | "10" | "11" | "13" | "15" | "16" => {
            ChannelKind::Public
        }
        "DM" | "1" | "3" => ChannelKind::Direct,
        _ if name.starts_with("Direct") => ChannelKind::Direct,
        _ => ChannelKind::Private,
    }
}

/// Reads the messages of a channel, in order.
pub fn each_message(bytes: &[u8], at: &Place, wanted: Wanted, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| {
        let channel = channel_of(text, wanted);
        let mut n = 0;
        let mut cursor = Cursor::of(text);
        let read = cursor.each_member(&mut |key, cursor| {
            if key != "messages" {
                return Ok(());
            }
            cursor.each_record(&mut n, at, sink, &mut |record: Record<'_>, place, sink| {
                sink(message(record, place.clone(), &channel).map_err(|why| Fault::new(place, why)));
            })
        });
        if let Err(bad) = read.and_then(|()| cursor.end()) {
            sink(Err(bad.fault(at, n)));
        }
    });
}

/// The channel, wherever in the file it stands.
fn channel_of(text: &str, wanted: Wanted) -> Channel {
    let mut channel = Channel::default();
    // A break is told where the messages are read.
    let _ = Cursor::of(text).each_member(&mut |key, cursor| {
        if key == "channel" {
            match cursor.record::<ChannelRecord<'_>>() {
                Ok((record, _)) => channel = Channel::of(record, wanted),
                Err(Bad::Element(_)) => {}
                Err(bad) => return Err(bad),
            }
            return Err(Bad::Element(String::new()));
        }
        Ok(())
    });
    channel
}

fn message<'a>(record: Record<'a>, place: Place, channel: &Channel) -> Result<Message<'a>, String> {
    let Some(id) = record.id.clone().word() else { return Err(record.id.unexpected("id", "a message's id")) };
    let sent_at = json::time(&record.timestamp, "timestamp")?;
    let mut message = Message { id: channel.id_of(&id).into(), sent_at, channel: channel.name.clone().into(), ..withheld(place) };
    if !channel.is_read {
        return Ok(message);
    }
    let kind = record.kind.text("type")?.unwrap_or_default();
    let author = record.author.0;
    message.kind = match &*kind {
        "Default" | "Reply" | "0" | "19" => match &author {
            None => Kind::Removed(Reason::NoAuthor),
            Some(author) if author.is_bot.is_true() => Kind::Removed(Reason::Bot),
            Some(author) if author.id.clone().word().is_none() => Kind::Removed(Reason::NoAuthor),
            Some(_) => Kind::Person,
        },
        // Commands to bots, answered by the bot.
        "ChatInputCommand" | "ContextMenuCommand" | "20" | "23" => Kind::Removed(Reason::Bot),
        _ => Kind::Removed(Reason::System),
    };
    message.reply_to = record.reference.0.and_then(|reference| reference.message_id.word()).map(|id| channel.id_of(&id).into());
    message.markup = Markup::Markdown;
    message.text = without_names(record.content.text("content")?.unwrap_or_default(), &record.mentions.0);
    if let Some(author) = author {
        message.author = Author {
            id: author.id.word().map(lower),
            name: author.nickname.word().or_else(|| author.name.clone().word()),
            // Deleted accounts share one name.
            handle: author.name.word().filter(|name| name != "Deleted User").map(lower),
            ..Author::default()
        };
    }
    Ok(message)
}

/// The exporter turns `<@1>` into `@Ann Lee`, whose words would count; turns it back.
fn without_names<'a>(mut text: Cow<'a, str>, mentions: &[Inner<Person<'a>>]) -> Cow<'a, str> {
    for person in mentions.iter().filter_map(|person| person.0.as_ref()) {
        for name in [&person.nickname, &person.name].into_iter().filter_map(|name| name.clone().word()) {
            let written = format!("@{name}");
            if text.contains(&written) {
                let id = person.id.clone().word().unwrap_or_default();
                text = text.replace(&written, &format!("<@{id}>")).into();
            }
        }
    }
    text
}

fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) { text.to_lowercase().into() } else { text }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::view_bare;
    use super::*;

    fn file(kind: &str, messages: &str) -> String {
        format!(
            r#"{{"guild":{{"id":"1"}},"channel":{{"id":"7","type":"{kind}","name":"General"}},"messages":[{messages}],"messageCount":99}}"#
        )
    }

    fn read(text: &str, wanted: Wanted) -> Vec<String> {
        let mut seen = Vec::new();
        each_message(text.as_bytes(), &Place::file("f"), wanted, &mut |message| seen.push(view_bare(message)));
        seen
    }

    fn one(fields: &str) -> String {
        let record = format!(r#"{{"id":"1","timestamp":"2020-01-01T00:00:00+01:00",{fields}}}"#);
        read(&file("GuildTextChat", &record), Wanted::default()).concat()
    }

    #[test]
    fn people_bots_and_notices_are_told_apart() {
        let ann = r#""author":{"id":"5","name":"Ann","isBot":false},"content":"x""#;
        for kind in ["\"Default\"", "\"Reply\"", "0", "19"] {
            assert_eq!(one(&format!(r#""type":{kind},{ann}"#)), "7/1 person 5 x");
        }
        for kind in ["\"Call\"", "\"GuildMemberJoin\"", "7", "null"] {
            assert_eq!(one(&format!(r#""type":{kind},{ann}"#)), "7/1 system 5 x");
        }
        assert_eq!(one(r#""type":"Default","author":{"id":"6","isBot":true},"content":"x""#), "7/1 bot 6 x");
        assert_eq!(one(r#""type":"Default","author":null,"content":"x""#), "7/1 no_author - x");
    }

    #[test]
    fn names_that_the_exporter_put_in_are_taken_out_again() {
        let fields = r#""type":"Default","author":{"id":"5"},"content":"ask @Ann Lee or @bo","mentions":[{"id":"8","name":"ann","nickname":"Ann Lee"},{"id":"9","name":"bo"},7]"#;
        assert_eq!(one(fields), "7/1 person 5 ask <@8> or <@9>");
    }

    #[test]
    fn direct_messages_and_private_threads_stay_out_unless_they_are_wanted() {
        let record = r#"{"id":"1","type":"Default","timestamp":"2020-01-01T00:00:00Z","author":{"id":"5"},"content":"x"}"#;
        for (kind, wanted) in [
            ("DirectTextChat", Wanted { direct: true, private: false }),
            ("DirectGroupTextChat", Wanted { direct: true, private: false }),
            ("DM", Wanted { direct: true, private: false }),
            ("GuildPrivateThread", Wanted { direct: false, private: true }),
            ("SomethingNew", Wanted { direct: false, private: true }),
        ] {
            assert_eq!(read(&file(kind, record), Wanted::default()), ["7/1 private - "], "{kind}");
            assert_eq!(read(&file(kind, record), wanted), ["7/1 person 5 x"], "{kind}");
        }
        // The channel may stand behind the messages, and without one nothing is known to be public.
        let behind = format!(r#"{{"messages":[{record}],"channel":{{"id":"7","type":"GuildTextChat"}}}}"#);
        assert_eq!(read(&behind, Wanted::default()), ["7/1 person 5 x"]);
        assert_eq!(read(&format!(r#"{{"messages":[{record}]}}"#), Wanted::default()), ["/1 private - "]);
    }

    #[test]
    fn a_bad_record_is_a_fault_of_its_own_and_a_break_keeps_what_stands_before() {
        let text = file("GuildTextChat", r#"{"id":{}},7,{"id":"2","timestamp":"soon"},{"id":3,"type":"Default","author":{"id":5}}"#);
        assert_eq!(
            read(&text, Wanted::default()),
            [
                "f: record 1: `id` is an object, expected a message's id",
                "f: record 2: invalid type: integer `7`, expected struct Record",
                "f: record 3: `timestamp` is \"soon\", expected a time",
                "7/3 person 5 ",
            ]
        );
        for cut in 1..text.len() {
            let seen = read(&text[..cut], Wanted::default());
            assert!(seen.last().unwrap().contains("the JSON breaks at column "), "{cut}: {seen:?}");
        }
    }

    #[test]
    fn its_json_is_known_and_its_other_forms_are_told() {
        assert!(looks_like(file("GuildTextChat", "").as_bytes()));
        assert!(looks_like(b"\xef\xbb\xbf{\"guild\": {\"id\": \"1\"}, \"channel\": {\"id"));
        assert!(!looks_like(br#"{"guild":1,"channel":2}"#));
        for head in [
            "<!DOCTYPE html><html><div class=chatlog__message-group>",
            "AuthorID,Author,Date,Content,Attachments,Reactions\n",
            "==============\nGuild: A\nChannel: b\n",
        ] {
            assert!(is_other_form(head.as_bytes()), "{head}");
        }
        assert!(!is_other_form(b"<!DOCTYPE html><p>Hello"));
        assert!(!is_other_form(b"====\nGuild"));
    }
}
