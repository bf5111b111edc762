//! Google Chat from Takeout: a folder a space with `messages.json` and `group_info.json`. Known from published lists of fields only: no
//! real file and no fixture has been read.

use std::io::Read;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::beside::Beside;
use super::json::{self, Cursor, Inner, Loose, Present};
use super::{Batches, ChannelKind, Options, Reader, document, withheld};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Markup, Message, Reason};

/// Whether the first bytes of a file begin a space's messages.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let members = json::members(head);
    let has = |name: &str| memchr::memmem::find(head, name.as_bytes()).is_some();
    members.first().is_some_and(|(key, value)| key == "messages" && value.starts_with('['))
        && (has("\"topic_id\"") || has("\"message_id\""))
        && (has("\"creator\"") || has("\"created_date\"") || has("\"message_state\""))
}

/// Whether a file of that name stands in an export beside the messages and holds none.
pub(super) fn is_list(name: &str) -> bool {
    matches!(name, "group_info.json" | "user_info.json")
}

/// The space of a file.
#[derive(Debug, Clone, Default)]
pub struct Space {
    name: String,
    is_read: bool,
}

#[derive(Deserialize)]
struct Info<'a> {
    #[serde(borrow, default)]
    name: Loose<'a>,
}

/// Opens a file, and reads what its folder says of the space.
pub(super) fn open(stream: Box<dyn Read + Send>, at: Place, beside: &Beside, options: &Options) -> Batches {
    let (folder, _) = beside.names();
    // Only the name of the folder tells spaces from direct messages.
    let kind = match folder.split(' ').next() {
        Some("Space") => ChannelKind::Public,
        Some("DM") => ChannelKind::Direct,
        Some(_) | None => ChannelKind::Private,
    };
    let info = beside.read("group_info.json");
    let (info, fault) = match info {
        Some(Ok((at, bytes))) => match serde_json::from_slice::<Info<'_>>(&bytes) {
            Ok(info) => (info.name.word().map(|name| name.to_lowercase()), None),
            Err(error) => (None, Some(Fault::new(at, error.to_string()))),
        },
        Some(Err(fault)) => (None, Some(fault)),
        None => (None, None),
    };
    let space = Space { name: info.unwrap_or_else(|| folder.to_lowercase()), is_read: options.wanted().reads(kind) };
    Box::new(fault.into_iter().map(Err).chain(document::open(stream, at, Reader::GoogleChat(space))))
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    creator: Inner<Creator<'a>>,
    #[serde(borrow, default)]
    created_date: Loose<'a>,
    #[serde(borrow, default)]
    text: Loose<'a>,
    #[serde(borrow, default)]
    topic_id: Loose<'a>,
    #[serde(borrow, default)]
    message_id: Loose<'a>,
    #[serde(borrow, default)]
    message_state: Loose<'a>,
    #[serde(default)]
    deletion_metadata: Present,
}

#[derive(Deserialize)]
struct Creator<'a> {
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    email: Loose<'a>,
    #[serde(borrow, default)]
    user_type: Loose<'a>,
}

/// Reads the messages of a space, in order.
pub fn each_message(bytes: &[u8], at: &Place, space: &Space, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| {
        let mut n = 0;
        let mut cursor = Cursor::of(text);
        let read = cursor.each_member(&mut |key, cursor| {
            if key != "messages" {
                return Ok(());
            }
            cursor.each_record(&mut n, at, sink, &mut |record: Record<'_>, place, sink| {
                sink(message(record, place.clone(), space).map_err(|why| Fault::new(place, why)));
            })
        });
        if let Err(bad) = read.and_then(|()| cursor.end()) {
            sink(Err(bad.fault(at, n)));
        }
    });
}

fn message<'a>(record: Record<'a>, place: Place, space: &Space) -> Result<Message<'a>, String> {
    let id = record.message_id.text("message_id")?.unwrap_or_default();
    let written = record.created_date.text("created_date")?;
    let mut message = Message {
        id,
        // The account's language decides how a time is written: what cannot be read is no reason to lose the message.
        sent_at: written.and_then(|written| time(&written)),
        channel: space.name.clone().into(),
        ..withheld(place)
    };
    if !space.is_read {
        return Ok(message);
    }
    let creator = record.creator.0;
    let is_bot =
        creator.as_ref().is_some_and(|creator| creator.user_type.clone().word().is_some_and(|kind| kind.eq_ignore_ascii_case("bot")));
    message.author = creator.map_or_else(Author::default, |creator| Author {
        email: creator.email.word().map(|email| email.trim().to_lowercase().into()),
        handle: creator.name.clone().word().map(|name| name.to_lowercase().into()),
        name: creator.name.word(),
        ..Author::default()
    });
    let is_deleted = record.deletion_metadata.0 || record.message_state.word().is_some_and(|state| state == "DELETED");
    message.kind = if is_deleted {
        Kind::Removed(Reason::Deleted)
    } else if is_bot {
        Kind::Removed(Reason::Bot)
    } else if message.author.key().is_none() {
        Kind::Removed(Reason::NoAuthor)
    } else {
        Kind::Person
    };
    message.thread = record.topic_id.word();
    message.markup = Markup::Markdown;
    message.text = record.text.text("text")?.unwrap_or_default();
    Ok(message)
}

/// Beginnings of the months' names in languages whose names can be told from each other by them.
const MONTHS: [&[&str]; 12] = [
    &["jan", "janv", "ene", "gen", "jän"],
    &["feb", "fév"],
    &["mar", "mär", "maart", "mrt"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei", "mag"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "août", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// A time as written for people: "Tuesday, 4 May 2021 at 09:12:33 UTC", "Tuesday, May 4, 2021 at 9:12:33 PM UTC". The zone is UTC.
fn time(written: &str) -> Option<Timestamp> {
    let (mut day, mut month, mut year, mut clock, mut half) = (None, None, None, None, None);
    // Some versions put a narrow blank before AM and PM.
    for word in written.split(|c: char| c.is_whitespace() || c == ',').map(|word| word.trim_matches('.')).filter(|word| !word.is_empty()) {
        let lower = word.to_lowercase();
        if word.contains(':') {
            clock = Some(word);
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) {
            match word.len() {
                4 => year = word.parse::<i16>().ok(),
                1 | 2 => day = word.parse::<i8>().ok(),
                _ => return None,
            }
        } else if matches!(&*lower, "am" | "pm" | "a.m" | "p.m") {
            half = Some(lower.starts_with('p'));
        } else if let Some(found) = (1..).zip(MONTHS).find(|(_, names)| names.iter().any(|name| lower.starts_with(name))) {
            // Of two the later one: days of the week stand before the date ("Mar" is Tuesday and March).
            month = Some(found.0);
        }
    }
    let mut parts = clock?.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    let hour = match half {
        None => hour,
        Some(is_afternoon) => hour % 12 + if is_afternoon { 12 } else { 0 },
    };
    let (date, time) = (Date::new(year?, month?, day?).ok()?, Time::new(hour, minute, second, 0).ok()?);
    TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::zip::tests::Scratch;
    use super::*;

    const MESSAGE: &str = r#"{"creator":{"name":"Ann Lee","email":"Ann@Example.com","user_type":"Human"},"created_date":"Tuesday, 4 May 2021 at 09:12:33 UTC",
        "text":"x","topic_id":"t","message_id":"s/t/m"}"#;

    fn read(test: &str, folder: &str, messages: &str, options: &Options) -> Vec<String> {
        let scratch = Scratch::new(test);
        scratch.write(&format!("{folder}/group_info.json"), br#"{"name":"Sales","members":[]}"#);
        let path = scratch.write(&format!("{folder}/messages.json"), format!(r#"{{"messages":[{messages}]}}"#).as_bytes());
        let mut seen = Vec::new();
        for batch in open(Box::new(std::fs::File::open(&path).unwrap()), Place::file("f"), &Beside::File(path), options) {
            batch.unwrap().each_message(&mut |message| {
                seen.push(match message {
                    Ok(message) => {
                        let kind = match message.kind {
                            Kind::Person => "person",
                            Kind::Removed(reason) => reason.name(),
                        };
                        format!("{} {} {kind} {} {:?}", message.id, message.channel, message.author.key().unwrap_or("-"), message.text)
                    }
                    Err(fault) => fault.to_string(),
                });
            });
        }
        seen
    }

    #[test]
    fn spaces_are_read_and_direct_messages_stay_out_unless_they_are_wanted() {
        assert_eq!(read("chat-space", "Space AB", MESSAGE, &Options::default()), ["s/t/m sales person ann@example.com \"x\""]);
        assert_eq!(read("chat-dm", "DM AB", MESSAGE, &Options::default()), ["s/t/m sales private - \"\""]);
        assert_eq!(read("chat-else", "AB", MESSAGE, &Options::default()), ["s/t/m sales private - \"\""]);
        let options = Options { include_direct: true, ..Options::default() };
        assert_eq!(read("chat-dm-in", "DM AB", MESSAGE, &options), ["s/t/m sales person ann@example.com \"x\""]);
    }

    #[test]
    fn bots_deleted_messages_and_nobody_are_no_persons() {
        let lines = r#"{"creator":{"name":"Robot","user_type":"Bot"},"text":"x"},{"text":"x"},{"creator":{"name":"Ann"},"message_state":"DELETED"},
            {"creator":{"name":"Ann"},"deletion_metadata":{}},{"creator":{"name":"Ann"},"text":[]},7"#;
        let seen = read("chat-kinds", "Space A", lines, &Options::default());
        assert_eq!(
            seen[..5],
            [
                " sales bot robot \"x\"",
                " sales no_author - \"x\"",
                " sales deleted ann \"\"",
                " sales deleted ann \"\"",
                "f: record 5: `text` is an array, expected a string",
            ]
        );
        assert!(seen[5].starts_with("f: record 6: invalid type"));
    }

    #[test]
    fn times_are_read_in_the_languages_of_accounts() {
        for written in [
            "Tuesday, 4 May 2021 at 21:12:33 UTC",
            "Tuesday, May 4, 2021 at 9:12:33 PM UTC",
            "Tuesday, May 4, 2021 at 9:12:33\u{202f}PM UTC",
            "Dienstag, 4. Mai 2021 um 21:12:33 UTC",
            "mardi 4 mai 2021 à 21:12:33 UTC",
            "martes, 4 de mayo de 2021, 21:12:33 UTC",
        ] {
            assert_eq!(time(written).unwrap().to_string(), "2021-05-04T21:12:33Z", "{written}");
        }
        assert_eq!(time("Tuesday, May 4, 2021 at 12:00:01 AM UTC").unwrap().to_string(), "2021-05-04T00:00:01Z");
        for written in ["", "yesterday", "4 May 2021", "44 May 2021 10:00:00", "12345 May 2021 10:00:00", "4 May 2021 x:1"] {
            assert_eq!(time(written), None, "{written}");
        }
    }

    #[test]
    fn messages_are_known_by_their_fields() {
        assert!(looks_like(format!(r#"{{"messages": [{MESSAGE}"#).as_bytes()));
        assert!(!looks_like(br#"{"messages":[{"text":"x"}]}"#));
    }
}
