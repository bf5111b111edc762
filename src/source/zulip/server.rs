//! A server's export: messages in Markdown, with people, streams and recipients in `realm.json`.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::super::beside::Beside;
use super::super::json::{self, Bad, Cursor, Loose};
use super::super::{ChannelKind, Wanted, withheld};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Markup, Message, Reason};

/// What `realm.json` says.
#[derive(Debug, Default)]
pub struct Realm {
    wanted: Wanted,
    people: FxHashMap<String, Person>,
    /// Streams by id: name and whether only those invited can read it.
    streams: FxHashMap<String, (String, bool)>,
    /// Recipients by id: type and the id of what they stand for.
    recipients: FxHashMap<String, (String, String)>,
}

#[derive(Debug, Default)]
struct Person {
    email: Option<String>,
    name: Option<String>,
    is_bot: bool,
}

#[derive(Deserialize)]
struct PersonRecord<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    full_name: Loose<'a>,
    #[serde(borrow, default)]
    email: Loose<'a>,
    #[serde(borrow, default)]
    delivery_email: Loose<'a>,
    #[serde(borrow, default)]
    is_bot: Loose<'a>,
}

#[derive(Deserialize)]
struct StreamRecord<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    invite_only: Loose<'a>,
}

#[derive(Deserialize)]
struct RecipientRecord<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(rename = "type", borrow, default)]
    kind: Loose<'a>,
    #[serde(borrow, default)]
    type_id: Loose<'a>,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    sender: Loose<'a>,
    #[serde(borrow, default)]
    recipient: Loose<'a>,
    #[serde(borrow, default)]
    subject: Loose<'a>,
    #[serde(borrow, default)]
    content: Loose<'a>,
    #[serde(borrow, default)]
    date_sent: Loose<'a>,
}

impl Realm {
    /// Reads the lists beside a file of messages.
    pub(super) fn read(at: &Place, beside: &Beside, wanted: Wanted, faults: &mut Vec<Fault>) -> Self {
        let mut realm = Self { wanted, ..Self::default() };
        match beside.read("realm.json") {
            None => faults.push(Fault::new(
                at.clone(),
                "no realm.json beside it: authors are known by their ids only and no stream is known to be public; add the file from the export",
            )),
            Some(Err(fault)) => faults.push(fault),
            Some(Ok((at, bytes))) => {
                let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes));
                let mut n = 0;
                if let Err(bad) = realm.take(&text, &at, &mut n, faults) {
                    faults.push(bad.fault(&at, n));
                }
            }
        }
        realm
    }

    fn take(&mut self, text: &str, at: &Place, n: &mut u64, faults: &mut Vec<Fault>) -> Result<(), Bad> {
        let mut sink = |read: Result<Message<'_>, Fault>| faults.extend(read.err());
        Cursor::of(text).each_member(&mut |key, cursor| match key {
            "zerver_userprofile" | "zerver_userprofile_crossrealm" | "zerver_userprofile_mirrordummy" => {
                // Those of all realms are the server's own bots.
                let is_bot = key == "zerver_userprofile_crossrealm";
                cursor.each_record(n, at, &mut sink, &mut |record: PersonRecord<'_>, _, _| self.add_person(record, is_bot))
            }
            "zerver_stream" => cursor.each_record(n, at, &mut sink, &mut |record: StreamRecord<'_>, _, _| {
                if let Some(id) = record.id.word() {
                    let name = record.name.word().unwrap_or_default().to_lowercase();
                    self.streams.insert(id.into_owned(), (name, record.invite_only != Loose::Bool(false)));
                }
            }),
            "zerver_recipient" => cursor.each_record(n, at, &mut sink, &mut |record: RecipientRecord<'_>, _, _| {
                if let (Some(id), Some(kind), Some(of)) = (record.id.word(), record.kind.word(), record.type_id.word()) {
                    self.recipients.insert(id.into_owned(), (kind.into_owned(), of.into_owned()));
                }
            }),
            _ => Ok(()),
        })
    }

    fn add_person(&mut self, record: PersonRecord<'_>, is_bot: bool) {
        let Some(id) = record.id.word() else { return };
        let email = record.delivery_email.word().or_else(|| record.email.word()).map(|email| email.trim().to_lowercase());
        let name = record.full_name.word().map(std::borrow::Cow::into_owned);
        self.people.insert(id.into_owned(), Person { email, name, is_bot: is_bot || record.is_bot.is_true() });
    }

    /// The stream that a recipient is and who can read it.
    fn channel(&self, recipient: &str) -> (&str, ChannelKind) {
        match self.recipients.get(recipient) {
            Some((kind, stream)) if kind == "2" => match self.streams.get(stream) {
                Some((name, false)) => (name, ChannelKind::Public),
                Some((name, true)) => (name, ChannelKind::Private),
                None => ("", ChannelKind::Private),
            },
            Some(_) => ("", ChannelKind::Direct),
            None => ("", ChannelKind::Private),
        }
    }
}

pub(super) fn each_message(text: &str, at: &Place, realm: &Realm, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let mut n = 0;
    let mut cursor = Cursor::of(text);
    let read = cursor.each_member(&mut |key, cursor| {
        if key != "zerver_message" {
            return Ok(());
        }
        cursor.each_record(&mut n, at, sink, &mut |record: Record<'_>, place, sink| {
            sink(message(record, place.clone(), realm).map_err(|why| Fault::new(place, why)));
        })
    });
    if let Err(bad) = read.and_then(|()| cursor.end()) {
        sink(Err(bad.fault(at, n)));
    }
}

fn message<'a>(record: Record<'a>, place: Place, realm: &Realm) -> Result<Message<'a>, String> {
    let id = record.id.text("id")?.unwrap_or_default();
    let Some(sent_at) = json::seconds(&record.date_sent, "date_sent")? else {
        return Err(record.date_sent.unexpected("date_sent", "a time"));
    };
    let (channel, kind) = realm.channel(&record.recipient.text("recipient")?.unwrap_or_default());
    let mut message = Message { id, sent_at: Some(sent_at), channel: channel.to_owned().into(), ..withheld(place) };
    if !realm.wanted.reads(kind) {
        return Ok(message);
    }
    let text = record.content.text("content")?.unwrap_or_default();
    let sender = record.sender.text("sender")?.filter(|sender| !sender.is_empty());
    let person = sender.as_deref().and_then(|id| realm.people.get(id));
    message.kind = if sender.is_none() {
        Kind::Removed(Reason::NoAuthor)
    } else if person.is_some_and(|person| person.is_bot) {
        Kind::Removed(Reason::Bot)
    } else if super::is_deleted(&text) {
        Kind::Removed(Reason::Deleted)
    } else {
        Kind::Person
    };
    message.author = Author {
        email: person.and_then(|person| person.email.clone()).map(Into::into),
        id: sender,
        name: person.and_then(|person| person.name.clone()).map(Into::into),
        ..Author::default()
    };
    message.thread = record.subject.word().map(|topic| format!("{channel}/{}", topic.to_lowercase()).into());
    message.markup = Markup::Markdown;
    message.text = text;
    Ok(message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::super::Options;
    use super::super::super::zip::tests::Scratch;
    use super::super::open;
    use super::*;

    const REALM: &[u8] = br#"{"zerver_realm":[{}],
        "zerver_userprofile":[{"id":1,"full_name":"Ann Lee","email":"user1@zulip","delivery_email":"Ann@Example.com","is_bot":false},{"id":2,"is_bot":true}],
        "zerver_userprofile_crossrealm":[{"id":3,"email":"notice@zulip"}],
        "zerver_stream":[{"id":10,"name":"General","invite_only":false},{"id":11,"name":"Closed","invite_only":true},7],
        "zerver_recipient":[{"id":20,"type":2,"type_id":10},{"id":21,"type":2,"type_id":11},{"id":22,"type":1,"type_id":1},{"id":23,"type":3,"type_id":5}]}"#;

    fn read(test: &str, realm: Option<&[u8]>, messages: &str, options: &Options) -> Vec<String> {
        let scratch = Scratch::new(test);
        if let Some(realm) = realm {
            scratch.write("realm.json", realm);
        }
        let path = scratch.write("messages-000001.json", messages.as_bytes());
        let mut seen = Vec::new();
        for batch in open(Box::new(std::fs::File::open(&path).unwrap()), Place::file("f"), &Beside::File(path), options) {
            match batch {
                Ok(batch) => batch.each_message(&mut |message| {
                    seen.push(match message {
                        Ok(message) => {
                            let kind = match message.kind {
                                Kind::Person => "person",
                                Kind::Removed(reason) => reason.name(),
                            };
                            let thread = message.thread.as_deref().unwrap_or("-");
                            format!("{} {thread} {kind} {} {:?}", message.id, message.author.key().unwrap_or("-"), message.text)
                        }
                        Err(fault) => fault.to_string(),
                    });
                }),
                Err(fault) => seen.push(fault.why),
            }
        }
        seen
    }

    fn messages(records: &str) -> String {
        format!(r#"{{"zerver_message":[{records}],"zerver_usermessage":[{{"id":1}}]}}"#)
    }

    fn record(sender: u8, recipient: u8) -> String {
        format!(
            r#"{{"id":{sender},"sender":{sender},"recipient":{recipient},"subject":"Plan","content":"> q\nx","date_sent":1577836800.5}}"#
        )
    }

    #[test]
    fn people_and_streams_are_those_of_the_realm() {
        let records =
            [(1, 20), (2, 20), (3, 20), (4, 20), (1, 21), (1, 22), (1, 23), (1, 99)].map(|(sender, to)| record(sender, to)).join(",");
        let seen = read("zulip-realm", Some(REALM), &messages(&records), &Options::default());
        assert!(seen[0].starts_with("invalid type: integer `7`"), "{seen:?}");
        assert_eq!(
            seen[1..],
            [
                r#"1 general/plan person ann@example.com "> q\nx""#,
                r#"2 general/plan bot 2 "> q\nx""#,
                r#"3 general/plan bot notice@zulip "> q\nx""#,
                r#"4 general/plan person 4 "> q\nx""#,
                r#"1 - private - """#,
                r#"1 - private - """#,
                r#"1 - private - """#,
                r#"1 - private - """#,
            ]
        );
        let options = Options { include_direct: true, ..Options::default() };
        assert!(read("zulip-direct", Some(REALM), &messages(&record(1, 22)), &options)[1].contains("person"));
    }

    #[test]
    fn without_a_realm_nothing_is_known_to_be_public_and_that_is_told() {
        let seen = read("zulip-bare", None, &messages(&record(1, 20)), &Options::default());
        assert!(seen[0].starts_with("no realm.json beside it"));
        assert_eq!(seen[1..], [r#"1 - private - """#]);
    }

    #[test]
    fn a_bad_record_is_a_fault_of_its_own_and_a_break_keeps_what_stands_before() {
        let text = messages(&format!(r#"{{"id":1}},{{"id":1,"date_sent":[]}},7,{}"#, record(1, 20)));
        let seen = read("zulip-bad", Some(REALM), &text[..text.len() - 20], &Options::default());
        assert_eq!(seen[1], "f: record 1: `date_sent` is missing, expected a time");
        assert_eq!(seen[2], "f: record 2: `date_sent` is an array, expected a time");
        assert!(seen[3].starts_with("f: record 3: "));
        assert!(seen[4].starts_with("1 general/plan person "));
        assert!(seen[5].contains("the JSON breaks at column "));
    }
}
