//! A day file's records → messages.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::blocks;
use super::stamp::{SECONDS, stamp};
use super::{Channel, User};
use crate::fault::{Fault, Place, Position};
use crate::message::{Author, Kind, Markup, Message, Reason, RemovedText};
use crate::source::json::{self, Bad, Cursor, Elements, Inner, Loose};

/// The author of Slack's own messages; need not stand in users.json.
const SLACKBOT: &str = "uslackbot";

/// A message as Slack writes it.
#[derive(Deserialize)]
pub(super) struct Record<'a> {
    #[serde(borrow, default)]
    ts: Loose<'a>,
    #[serde(borrow, default)]
    thread_ts: Loose<'a>,
    #[serde(borrow, default)]
    subtype: Loose<'a>,
    #[serde(borrow, default)]
    user: Loose<'a>,
    #[serde(borrow, default)]
    text: Loose<'a>,
    #[serde(borrow, default)]
    bot_id: Loose<'a>,
    #[serde(borrow, default)]
    hidden: Loose<'a>,
    #[serde(borrow, default)]
    user_team: Loose<'a>,
    #[serde(borrow, default)]
    source_team: Loose<'a>,
    #[serde(borrow, default)]
    user_profile: Inner<Profile<'a>>,
    #[serde(borrow, default)]
    comment: Inner<Comment<'a>>,
    #[serde(borrow, default)]
    file: Inner<File<'a>>,
    /// Only whether there are any; their words are read apart, by the few messages that need them.
    blocks: Option<IgnoredAny>,
    /// Answers, which one tool puts inside the message that they answer; only whether there are any.
    slackdump_thread_replies: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(borrow, default)]
    real_name: Loose<'a>,
}

#[derive(Deserialize)]
struct Comment<'a> {
    #[serde(borrow, default)]
    user: Loose<'a>,
    #[serde(borrow, default)]
    comment: Loose<'a>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default)]
    initial_comment: Inner<Comment<'a>>,
}

/// What a subtype says about a record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Post,
    /// A file, of which only the comment is somebody's words.
    Upload,
    /// A comment on a file, by another author than the record's.
    FileComment,
    Bot,
    Deleted,
    System,
}

impl Shape {
    fn of(subtype: Option<&str>) -> Self {
        match subtype {
            None | Some("" | "me_message" | "thread_broadcast" | "reply_broadcast") => Self::Post,
            Some("file_share") => Self::Upload,
            Some("file_comment") => Self::FileComment,
            Some("bot_message") => Self::Bot,
            Some("tombstone" | "message_deleted" | "ekm_access_denied") => Self::Deleted,
            Some(_) => Self::System,
        }
    }
}

/// Reads the records of one conversation and gives each to `sink`, as a message or as a fault.
pub fn each_message(bytes: &[u8], at: &Place, channel: &Channel, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| read_all(text, at, channel, sink));
}

fn read_all(text: &str, at: &Place, channel: &Channel, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let mut elements = Elements::of(text);
    while let Some(element) = elements.next::<Record<'_>>() {
        let n = elements.taken();
        match element {
            Ok((record, source)) => {
                let place = at.at(Position::Record(n));
                let has_replies = record.slackdump_thread_replies.is_some();
                sink(message(record, source, place.clone(), channel).map_err(|why| Fault::new(place.clone(), why)));
                if has_replies {
                    each_reply(source, &place, channel, sink);
                }
            }
            Err(bad) => sink(Err(bad.fault(at, n))),
        }
    }
}

/// Reads the answers inside a message.
fn each_reply(source: &str, place: &Place, channel: &Channel, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    // A break was told where the message was read.
    let _ = Cursor::of(source).each_member(&mut |key, cursor| {
        if key != "slackdump_thread_replies" || cursor.first() != Some(b'[') {
            return Ok(());
        }
        cursor.each_element(&mut |cursor| {
            let fault = |why| Fault::new(place.clone(), why);
            match cursor.record::<Record<'_>>() {
                Ok((record, source)) => sink(message(record, source, place.clone(), channel).map_err(fault)),
                Err(Bad::Element(why)) => sink(Err(fault(why))),
                Err(bad) => return Err(bad),
            }
            Ok(())
        })
    });
}

/// A record as a message; what is wrong with it otherwise.
pub(super) fn message<'a>(record: Record<'a>, source: &'a str, place: Place, channel: &'a Channel) -> Result<Message<'a>, String> {
    let Some((ts, sent_at)) = stamp(&record.ts, "ts")? else { return Err(record.ts.unexpected("ts", SECONDS)) };
    let thread = stamp(&record.thread_ts, "thread_ts")?;
    let is_reply = thread.as_ref().is_some_and(|&(_, root_sent_at)| root_sent_at != sent_at);
    let thread = thread.map(|(ts, _)| channel.id_of(&ts));
    let mut message = Message {
        place,
        id: channel.id_of(&ts).into(),
        author: Author::default(),
        sent_at: Some(sent_at),
        channel: Cow::Borrowed(&channel.name),
        reply_to: thread.clone().filter(|_| is_reply).map(Cow::Owned),
        thread: thread.map(Cow::Owned),
        kind: Kind::Removed(Reason::Private),
        markup: Markup::Slack,
        text: Cow::Borrowed(""),
        removed: RemovedText::default(),
    };
    // Of a conversation that stays out nothing but the count goes on, not even who wrote.
    if !channel.included {
        return Ok(message);
    }
    let subtype = record.subtype.text("subtype")?;
    let shape = Shape::of(subtype.as_deref());
    let text = record.text.text("text")?.unwrap_or_default();
    let (user, text) = match shape {
        Shape::Post | Shape::Bot | Shape::Deleted | Shape::System => (record.user, text),
        Shape::Upload => (record.user, comment_of_upload(record.file, text)?),
        // The record's text repeats the comment inside a sentence of Slack's.
        Shape::FileComment => match record.comment.0 {
            Some(comment) => (comment.user, comment.comment.text("comment")?.unwrap_or_default()),
            None => (record.user, Cow::Borrowed("")),
        },
    };
    let user = user.text("user")?.filter(|user| !user.is_empty());
    let known = user.as_deref().and_then(|id| channel.workspace.user(id));
    let team = record.user_team.word().or_else(|| record.source_team.word());
    let is_bot = record.bot_id.word().is_some()
        || known.is_some_and(|user| user.is_bot)
        || user.as_deref().is_some_and(|id| id.eq_ignore_ascii_case(SLACKBOT));
    message.kind = match shape {
        Shape::Deleted => Kind::Removed(Reason::Deleted),
        Shape::System => Kind::Removed(Reason::System),
        _ if record.hidden.is_true() => Kind::Removed(Reason::System),
        Shape::Bot => Kind::Removed(Reason::Bot),
        Shape::Post | Shape::Upload | Shape::FileComment => {
            if is_bot {
                Kind::Removed(Reason::Bot)
            } else if user.is_none() {
                Kind::Removed(Reason::NoAuthor)
            } else if team.is_some_and(|team| channel.workspace.is_guest(known, &team)) {
                Kind::Removed(Reason::Guest)
            } else {
                Kind::Person
            }
        }
    };
    message.text = if text.is_empty() && shape == Shape::Post && record.blocks.is_some() { blocks::words(source).into() } else { text };
    message.author = author(user, known, record.user_profile);
    Ok(message)
}

fn author<'a>(id: Option<Cow<'a, str>>, known: Option<&'a User>, profile: Inner<Profile<'a>>) -> Author<'a> {
    match known {
        Some(user) => Author {
            email: user.email.as_deref().map(Cow::Borrowed),
            id: Some(Cow::Borrowed(&user.id)),
            handle: user.handle.as_deref().map(Cow::Borrowed),
            name: user.name.as_deref().map(Cow::Borrowed),
            team: None,
            title: user.title.as_deref().map(Cow::Borrowed),
        },
        None => Author {
            name: id.as_ref().and_then(|_| profile.0?.real_name.word()),
            id: id.map(|id| Cow::Owned(id.to_lowercase())),
            ..Author::default()
        },
    }
}

/// The uploader's own words. Old exports have them beside the file, and as text a sentence of Slack's; new ones have them as text.
fn comment_of_upload<'a>(file: Inner<File<'a>>, text: Cow<'a, str>) -> Result<Cow<'a, str>, String> {
    if let Some(comment) = file.0.and_then(|file| file.initial_comment.0) {
        return Ok(comment.comment.text("comment")?.unwrap_or_default());
    }
    Ok(if is_upload_sentence(&text) { Cow::Borrowed("") } else { text })
}

/// Whether a text has the form `<@U1|ann> uploaded a file: …`.
fn is_upload_sentence(text: &str) -> bool {
    let after_mention = text.strip_prefix("<@").and_then(|text| text.split_once('>'));
    after_mention.is_some_and(|(_, text)| [" uploaded a file", " shared a file"].iter().any(|verb| text.starts_with(verb)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::super::Workspace;
    use super::*;
    use crate::source::ChannelKind;

    const USERS: &str = r#"[{"id":"U1","name":"Ann.Lee","real_name":"Ann Lee","team_id":"T1","profile":{"email":"Ann@Example.com"}},
        {"id":"U2","name":"bo","real_name":"","team_id":"T1","is_restricted":true,"profile":{"display_name":"Bo"}},
        {"id":"U3","name":"robot","team_id":"T1","is_bot":true},{"id":"U4","name":"cy","team_id":"T2"}]"#;

    fn channel(included: bool) -> Channel {
        let users = |name: &str| {
            let users = (name == "users.json").then(|| Ok((Place::file("users.json"), USERS.as_bytes().to_vec())));
            users.into_iter().collect()
        };
        let workspace = Workspace::read(users, false, &mut Vec::new());
        Channel { workspace: Arc::new(workspace), name: "general".into(), kind: ChannelKind::Public, included, is_listed: true }
    }

    /// What `view` says of each message, or the fault.
    fn read(bytes: &[u8], channel: &Channel, view: impl Fn(&Message<'_>) -> String) -> Vec<String> {
        let mut seen = Vec::new();
        each_message(bytes, &Place::file("f"), channel, &mut |message| {
            seen.push(message.map_or_else(|fault| fault.to_string(), |message| view(&message)));
        });
        seen
    }

    /// What `view` says of the only record, given without its time stamp.
    fn one(fields: &str, view: impl Fn(&Message<'_>) -> String) -> String {
        read(format!(r#"[{{"ts":"1.0",{fields}}}]"#).as_bytes(), &channel(true), view).concat()
    }

    fn kind_and_text(message: &Message<'_>) -> String {
        match message.kind {
            Kind::Person => format!("person: {}", message.text),
            Kind::Removed(reason) => format!("{}: {}", reason.name(), message.text),
        }
    }

    #[test]
    fn a_message_carries_its_author_time_thread_and_unchanged_text() {
        let bytes = br#"[{"user":"u1","text":"a &lt; <@U2>","ts":"1433524800.000002","thread_ts":"1433524799.000100","extra":{"a":[1]}}]"#;
        let mut n = 0;
        each_message(bytes, &Place::file("f"), &channel(true), &mut |message| {
            n += 1;
            let message = message.unwrap();
            assert_eq!(message.place.to_string(), "f: record 1");
            assert_eq!(message.id, "general/1433524800.000002");
            assert_eq!(message.sent_at, Some(Timestamp::new(1_433_524_800, 2000).unwrap()));
            assert_eq!(message.thread.as_deref(), Some("general/1433524799.000100"));
            assert_eq!(message.reply_to, message.thread);
            assert_eq!(message.channel, "general");
            assert_eq!((message.kind, message.markup), (Kind::Person, Markup::Slack));
            assert!(matches!(message.text, Cow::Borrowed("a &lt; <@U2>")));
            let author = &message.author;
            assert_eq!((author.id.as_deref(), author.handle.as_deref()), (Some("u1"), Some("ann.lee")));
            assert_eq!((author.email.as_deref(), author.name.as_deref()), (Some("ann@example.com"), Some("Ann Lee")));
        });
        assert_eq!(n, 1);
    }

    #[test]
    fn the_root_of_a_thread_answers_nothing() {
        let view = |message: &Message<'_>| format!("{:?} {:?}", message.thread.as_deref(), message.reply_to.as_deref());
        assert_eq!(one(r#""thread_ts":"1.0","user":"U1""#, view), r#"Some("general/1.0") None"#);
        assert_eq!(one(r#""user":"U1""#, view), "None None");
    }

    #[test]
    fn answers_inside_a_message_are_messages_of_their_own() {
        let fields = r#""user":"U1","text":"root","slackdump_thread_replies":[{"ts":"2.0","thread_ts":"1.0","user":"U4","text":"one"},7,{"ts":"x"}]"#;
        let seen = read(format!(r#"{{"channel_id":"C1","messages":[{{"ts":"1.0",{fields}}}]}}"#).as_bytes(), &channel(true), kind_and_text);
        assert_eq!(seen[..2], ["person: root", "person: one"]);
        assert!(seen[2].starts_with("f: record 1: invalid type"), "{seen:?}");
        assert_eq!(seen[3..], ["f: record 1: `ts` is \"x\", expected seconds with a fraction"]);
        assert_eq!(one(r#""user":"U1","text":"x","slackdump_thread_replies":null"#, kind_and_text), "person: x");
    }

    #[test]
    fn only_persons_subtypes_are_persons() {
        for subtype in ["me_message", "thread_broadcast", "reply_broadcast", "file_share", ""] {
            assert_eq!(one(&format!(r#""subtype":"{subtype}","user":"U1","text":"x","root":{{"text":"y"}}"#), kind_and_text), "person: x");
        }
        for (subtype, reason) in [
            ("bot_message", "bot"),
            ("tombstone", "deleted"),
            ("ekm_access_denied", "deleted"),
            ("channel_join", "system"),
            ("new_one", "system"),
        ] {
            assert_eq!(one(&format!(r#""subtype":"{subtype}","user":"U1","text":"x""#), kind_and_text), format!("{reason}: x"));
        }
        assert_eq!(one(r#""hidden":true,"user":"U1","text":"x""#, kind_and_text), "system: x");
        assert_eq!(one(r#""hidden":true,"subtype":"tombstone","user":"U1","text":"x""#, kind_and_text), "deleted: x");
    }

    #[test]
    fn apps_are_bots_with_a_user_and_without_a_subtype_but_a_null_bot_id_says_nothing() {
        for fields in [r#""user":"U1","bot_id":"B1""#, r#""user":"U3""#, r#""user":"USLACKBOT""#] {
            assert_eq!(one(&format!(r#"{fields},"text":"x""#), kind_and_text), "bot: x");
        }
        for bot_id in ["null", "\"\""] {
            assert_eq!(one(&format!(r#""user":"U1","bot_id":{bot_id},"text":"x""#), kind_and_text), "person: x");
        }
    }

    #[test]
    fn authors_that_no_list_knows_keep_their_id() {
        let view = |message: &Message<'_>| format!("{:?} {:?}", message.author.key(), message.author.name.as_deref());
        assert_eq!(one(r#""user":"U9","user_profile":{"real_name":"Di"}"#, view), r#"Some("u9") Some("Di")"#);
        assert_eq!(one(r#""user":7,"user_profile":null"#, view), r#"Some("7") None"#);
        assert_eq!(one(r#""text":"x","user_profile":{"real_name":"Di"}"#, kind_and_text), "no_author: x");
    }

    #[test]
    fn people_of_another_company_are_guests_but_restricted_members_are_not() {
        assert_eq!(one(r#""user":"U9","user_team":"T2","text":"x""#, kind_and_text), "guest: x");
        assert_eq!(one(r#""user":"U9","source_team":"T2","text":"x""#, kind_and_text), "guest: x");
        assert_eq!(one(r#""user":"U4","user_team":"T2","text":"x""#, kind_and_text), "guest: x");
        assert_eq!(one(r#""user":"U9","user_team":"T1","text":"x""#, kind_and_text), "person: x");
        assert_eq!(one(r#""user":"U2","user_team":"T1","text":"x""#, kind_and_text), "person: x");
        assert_eq!(one(r#""user":"U1","user_team":"T2","text":"x""#, kind_and_text), "person: x");
    }

    #[test]
    fn of_an_upload_only_the_comment_is_read() {
        let upload = |fields: &str| one(&format!(r#""subtype":"file_share","user":"U1",{fields}"#), kind_and_text);
        let sentence = r#""text":"<@U1|ann> uploaded a file: <http://x.example|x> and commented: mine""#;
        assert_eq!(upload(&format!(r#"{sentence},"file":{{"initial_comment":{{"comment":"mine","user":"U1"}}}}"#)), "person: mine");
        assert_eq!(upload(&format!(r#"{sentence},"file":{{}}"#)), "person: ");
        assert_eq!(upload(r#""text":"look at this","files":[{}]"#), "person: look at this");
        let comment = r#""subtype":"file_comment","text":"<@U2> commented on a file: words","comment":{"user":"U2","comment":"words"}"#;
        assert_eq!(one(comment, |message| format!("{:?} {}", message.author.id.as_deref(), message.text)), r#"Some("u2") words"#);
        assert_eq!(one(r#""subtype":"file_comment","text":"x","comment":"y""#, kind_and_text), "no_author: ");
    }

    #[test]
    fn blocks_are_read_only_when_there_is_no_text() {
        let blocks = r#""user":"U1","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"b"}]}]}]"#;
        assert_eq!(one(&format!(r#"{blocks},"text":"t""#), kind_and_text), "person: t");
        for text in ["\"\"", "null"] {
            assert_eq!(one(&format!(r#"{blocks},"text":{text}"#), kind_and_text), "person: b");
        }
        assert_eq!(one(blocks, kind_and_text), "person: b");
    }

    #[test]
    fn conversations_that_stay_out_are_counted_without_a_word_or_an_author() {
        let seen = read(br#"[{"ts":"1.0","user":"U1","text":"secret"},{"ts":"x"}]"#, &channel(false), |message| {
            format!("{} {:?}", kind_and_text(message), message.author.key())
        });
        assert_eq!(seen, ["private:  None", "f: record 2: `ts` is \"x\", expected seconds with a fraction"]);
    }

    #[test]
    fn a_bad_record_is_a_fault_of_its_own_and_the_next_is_read() {
        let bytes = br#"[{"ts":"1.0","user":"U1","text":{"a":1}},7,{"user":"U1"},{"ts":[],"text":"x"},{"ts":"1.0","user":{}},
            {"ts":"1.0","text":"\ud800"},{"ts":"1.0","ts":"2.0"},{"ts":"3.0","user":"U1","text":"good"}]"#;
        let seen = read(bytes, &channel(true), kind_and_text);
        assert_eq!(seen[0], "f: record 1: `text` is an object, expected a string");
        assert!(seen[1].starts_with("f: record 2: invalid type: integer `7`"), "{}", seen[1]);
        assert_eq!(seen[2], "f: record 3: `ts` is missing, expected seconds with a fraction");
        assert_eq!(seen[3], "f: record 4: `ts` is an array, expected seconds with a fraction");
        assert_eq!(seen[4], "f: record 5: `user` is an object, expected a string");
        assert!(seen[5].starts_with("f: record 6: "));
        assert_eq!(seen[6], "f: record 7: duplicate field `ts`");
        assert_eq!(seen[7..], ["person: good"]);
    }

    #[test]
    fn a_file_cut_short_keeps_its_whole_records() {
        let whole = r#"[{"ts":"1.0","user":"U1","text":"a"},
{"ts":"2.0","user":"U1","text":"bé"}]"#;
        for cut in 1..whole.len() {
            let seen = read(&whole.as_bytes()[..cut], &channel(true), kind_and_text);
            let last = seen.iter().find(|text| text.contains("the JSON breaks at column "));
            assert!(last.is_some(), "{cut}: {seen:?}");
            assert_eq!(seen[0] == "person: a", cut >= 36, "{cut}: {seen:?}");
        }
        assert!(read(b"", &channel(true), kind_and_text).is_empty());
        assert!(read(b"\xef\xbb\xbf[]", &channel(true), kind_and_text).is_empty());
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced_and_reported_where_they_are_many() {
        let few = [br#"[{"ts":"1.0","user":"U1","text":"caf"#.as_slice(), b"\xe9", " ".repeat(200).as_bytes(), br#""}]"#].concat();
        let seen = read(&few, &channel(true), |message| message.text.trim().to_owned());
        assert_eq!(seen, ["caf\u{fffd}"]);
        let many = [br#"[{"ts":"1.0","user":"U1","text":""#.as_slice(), b"\xe9\xe8", br#""}]"#].concat();
        let seen = read(&many, &channel(true), |message| message.text.to_string());
        assert_eq!(seen, ["\u{fffd}\u{fffd}", "f: 5.3 % of the characters are not valid UTF-8"]);
    }

    #[test]
    fn changed_bytes_never_panic() {
        let bytes = br#"{"messages":[{"ts":"1.5","user":"U1","text":"\u00e9","blocks":[{}],"file":{"initial_comment":{}}},{"ts":2.5}]}"#;
        for at in 0..bytes.len() {
            for value in 0..=255 {
                let mut changed = bytes.to_vec();
                changed[at] = value;
                read(&changed, &channel(true), kind_and_text);
            }
        }
    }
}
