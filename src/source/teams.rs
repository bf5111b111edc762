//! Microsoft Teams: arrays of messages as `TeamsDataExport` folders hold them, in Pascal case, or as the public API gives them, in lower
//! camel case. Known from fixtures only.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::beside::Beside;
use super::json::{self, Bad, Cursor, Inner, Loose};
use super::{Batches, ChannelKind, Options, Reader, Wanted, document, html, withheld};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Message, Reason, RemovedText};

/// Whether the first bytes of a file begin an array of messages, or the API's object with one.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let has = |name: &str| {
        let (first, rest) = name.split_at(1);
        [first.to_ascii_uppercase(), first.to_owned()]
            .iter()
            .any(|first| memchr::memmem::find(head, format!("\"{first}{rest}\"").as_bytes()).is_some())
    };
    (start.starts_with(b"[") || start.starts_with(b"{") && has("value")) && ["messageType", "createdDateTime", "body"].into_iter().all(has)
}

/// Whether a file is that of a team in which nobody has written.
pub(super) fn is_empty(head: &[u8], beside: &Beside) -> bool {
    head.trim_ascii() == b"[]" && beside.names().1.starts_with("messages_")
}

/// Whether a file of that name stands in an export beside the messages and holds none.
pub(super) fn is_list(name: &str) -> bool {
    name == "usersList.json" || name.starts_with("channels_") && Path::new(name).extension().is_some_and(|extension| extension == "json")
}

/// What the lists around a file say.
#[derive(Debug, Default)]
pub struct Folder {
    wanted: Wanted,
    /// People by their id in lower case.
    people: FxHashMap<String, Person>,
    /// Channels by id: name and who can read it.
    channels: FxHashMap<String, (String, ChannelKind)>,
}

#[derive(Debug, Default, Clone)]
struct Person {
    email: Option<String>,
    name: Option<String>,
    title: Option<String>,
}

/// Opens a file, and reads the lists that stand around it.
pub(super) fn open(stream: Box<dyn Read + Send>, at: Place, beside: &Beside, options: &Options) -> Batches {
    let mut folder = Folder { wanted: options.wanted(), ..Folder::default() };
    let mut faults = Vec::new();
    let people = ["usersList.json", "../usersList.json", "../users/usersList.json", "../../users/usersList.json"];
    match people.into_iter().find_map(|name| beside.read(name)) {
        Some(Ok((at, bytes))) => {
            json::each_listed(&at, &bytes, &mut faults, |record: PersonRecord| folder.people.extend(record.into_person()));
        }
        Some(Err(fault)) => faults.push(fault),
        None => {}
    }
    // `messages_<team>.json` has its `channels_<team>.json`.
    let (_, name) = beside.names();
    match name.strip_prefix("messages_").and_then(|team| beside.read(&format!("channels_{team}"))) {
        Some(Ok((at, bytes))) => {
            json::each_listed(&at, &bytes, &mut faults, |record: ChannelRecord| folder.channels.extend(record.into_channel()));
        }
        Some(Err(fault)) => faults.push(fault),
        None => {}
    }
    let batches = document::open(stream, at, Reader::Teams(Arc::new(folder)));
    Box::new(faults.into_iter().map(Err).chain(batches))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonRecord {
    #[serde(alias = "Id")]
    id: Option<String>,
    #[serde(alias = "Mail")]
    mail: Option<String>,
    #[serde(alias = "UserPrincipalName")]
    user_principal_name: Option<String>,
    #[serde(alias = "DisplayName")]
    display_name: Option<String>,
    #[serde(alias = "JobTitle")]
    job_title: Option<String>,
    #[serde(alias = "Department")]
    department: Option<String>,
}

impl PersonRecord {
    fn into_person(self) -> Option<(String, Person)> {
        let email = self.mail.filter(|mail| !mail.is_empty()).or(self.user_principal_name).map(|mail| mail.trim().to_lowercase());
        let titles: Vec<String> = [self.job_title, self.department].into_iter().flatten().filter(|title| !title.is_empty()).collect();
        let title = (!titles.is_empty()).then(|| titles.join(", "));
        Some((self.id?.to_lowercase(), Person { email, name: self.display_name, title }))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChannelRecord {
    #[serde(alias = "Id")]
    id: Option<String>,
    #[serde(alias = "DisplayName")]
    display_name: Option<String>,
    #[serde(alias = "MembershipType")]
    membership_type: Option<String>,
}

impl ChannelRecord {
    fn into_channel(self) -> Option<(String, (String, ChannelKind))> {
        let is_open = self.membership_type.is_none_or(|kind| kind.eq_ignore_ascii_case("standard"));
        let kind = if is_open { ChannelKind::Public } else { ChannelKind::Private };
        let id = self.id?;
        Some((id.clone(), (self.display_name.unwrap_or(id).to_lowercase(), kind)))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    #[serde(borrow, default, alias = "Id")]
    id: Loose<'a>,
    #[serde(borrow, default, alias = "Body")]
    body: Inner<Body<'a>>,
    #[serde(borrow, default, alias = "Subject")]
    subject: Loose<'a>,
    #[serde(borrow, default, alias = "CreatedDateTime")]
    created_date_time: Loose<'a>,
    #[serde(borrow, default, alias = "DeletedDateTime")]
    deleted_date_time: Loose<'a>,
    #[serde(borrow, default, alias = "ReplyToId")]
    reply_to_id: Loose<'a>,
    #[serde(borrow, default, alias = "MessageType")]
    message_type: Loose<'a>,
    #[serde(borrow, default, alias = "ChatId")]
    chat_id: Loose<'a>,
    #[serde(borrow, default, alias = "ChannelIdentity")]
    channel_identity: Inner<Channel<'a>>,
    #[serde(borrow, default, alias = "From")]
    from: Inner<From<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    #[serde(borrow, default, alias = "ContentType")]
    content_type: Loose<'a>,
    #[serde(borrow, default, alias = "Content")]
    content: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Channel<'a> {
    #[serde(borrow, default, alias = "ChannelId")]
    channel_id: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct From<'a> {
    #[serde(borrow, default, alias = "User")]
    user: Inner<User<'a>>,
    #[serde(borrow, default, alias = "Application")]
    application: Loose<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User<'a> {
    #[serde(borrow, default, alias = "Id")]
    id: Loose<'a>,
    #[serde(borrow, default, alias = "DisplayName")]
    display_name: Loose<'a>,
    #[serde(borrow, default, rename = "userIdentityType", alias = "UserIdentityType")]
    identity: Loose<'a>,
}

/// Reads the messages of an array, in order.
pub fn each_message(bytes: &[u8], at: &Place, folder: &Folder, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| {
        let mut n = 0;
        let mut cursor = Cursor::of(text);
        let mut records = |cursor: &mut Cursor<'_>| -> Result<(), Bad> {
            cursor.each_record(&mut n, at, sink, &mut |record: Record<'_>, place, sink| {
                sink(message(record, place.clone(), folder).map_err(|why| Fault::new(place, why)));
            })
        };
        let read = match cursor.first() {
            // What the API answers, with the array inside.
            Some(b'{') => cursor.each_member(&mut |key, cursor| if key == "value" { records(cursor) } else { Ok(()) }),
            _ => records(&mut cursor),
        };
        if let Err(bad) = read.and_then(|()| cursor.end()) {
            sink(Err(bad.fault(at, n)));
        }
    });
}

fn message<'a>(record: Record<'a>, place: Place, folder: &Folder) -> Result<Message<'a>, String> {
    let Some(id) = record.id.clone().word() else { return Err(record.id.unexpected("id", "a message's id")) };
    let sent_at = json::time(&record.created_date_time, "createdDateTime")?;
    let channel = record.channel_identity.0.and_then(|channel| channel.channel_id.word());
    let (channel, kind) = match (record.chat_id.word(), channel) {
        (Some(chat), _) => (chat.into_owned(), ChannelKind::Direct),
        // One that stands in no list may be private.
        (None, Some(id)) => folder.channels.get(&*id).cloned().unwrap_or((id.into_owned(), ChannelKind::Private)),
        (None, None) => (String::new(), ChannelKind::Private),
    };
    let id_of = |id: &str| [&channel, "/", id].concat();
    let (id, root) = (id_of(&id), record.reply_to_id.word().map(|root| id_of(&root)));
    let mut message = Message { id: id.into(), sent_at, ..withheld(place) };
    if folder.wanted.reads(kind) {
        let from = record.from.0;
        let is_app = from.as_ref().is_some_and(|from| from.application != Loose::Null);
        let user = from.and_then(|from| from.user.0);
        let identity = user.as_ref().and_then(|user| user.identity.clone().word()).unwrap_or_default();
        let is_deleted = record.deleted_date_time.word().is_some();
        message.author = user.and_then(|user| author(user, folder)).unwrap_or_default();
        message.kind = match record.message_type.word().as_deref() {
            Some("message") if is_deleted => Kind::Removed(Reason::Deleted),
            Some("message") if is_app => Kind::Removed(Reason::Bot),
            Some("message") if message.author.id.is_none() => Kind::Removed(Reason::NoAuthor),
            Some("message") if !matches!(&*identity, "" | "aadUser" | "onPremiseAadUser") => Kind::Removed(Reason::Guest),
            Some("message") => Kind::Person,
            Some(_) | None => Kind::Removed(Reason::System),
        };
        let (text, removed) = words(record.subject, record.body.0)?;
        message.text = text.into();
        message.removed = removed;
        message.reply_to = root.clone().map(Into::into);
        message.thread = root.map(Into::into);
    }
    message.channel = channel.into();
    Ok(message)
}

fn author<'a>(user: User<'a>, folder: &Folder) -> Option<Author<'a>> {
    let id = user.id.word()?.to_lowercase();
    let Person { email, name, title } = folder.people.get(&id).cloned().unwrap_or_default();
    Some(Author {
        email: email.map(Into::into),
        id: Some(id.into()),
        name: user.display_name.word().or(name.map(Into::into)),
        title: title.map(Into::into),
        ..Author::default()
    })
}

/// Subject and body: the subject is the author's too.
fn words(subject: Loose<'_>, body: Option<Body<'_>>) -> Result<(String, RemovedText), String> {
    let subject = subject.text("subject")?.unwrap_or_default();
    let (body, removed) = match body {
        None => (String::new(), RemovedText::NONE),
        Some(body) => {
            let content = body.content.text("content")?.unwrap_or_default();
            match body.content_type.word().as_deref() {
                Some("text") => (content.into_owned(), RemovedText::NONE),
                Some(_) | None => html::to_text(&content),
            }
        }
    };
    Ok(match subject.trim() {
        "" => (body, removed),
        subject => ([subject, "\n", &body].concat(), removed),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::view;
    use super::super::zip::tests::Scratch;
    use super::*;

    fn folder(wanted: Wanted) -> Folder {
        let person = ("u1".to_owned(), Person { email: Some("ann@example.com".to_owned()), name: Some("Ann".to_owned()), title: None });
        let channels = [
            ("19:a".to_owned(), ("general".to_owned(), ChannelKind::Public)),
            ("19:b".to_owned(), ("closed".to_owned(), ChannelKind::Private)),
        ];
        Folder { wanted, people: [person].into_iter().collect(), channels: channels.into_iter().collect() }
    }

    fn read(text: &str, wanted: Wanted) -> Vec<String> {
        let mut seen = Vec::new();
        each_message(text.as_bytes(), &Place::file("f"), &folder(wanted), &mut |message| seen.push(view(message)));
        seen
    }

    fn one(fields: &str) -> String {
        read(
            &format!(r#"[{{"Id":"1","CreatedDateTime":"2020-01-01T00:00:00Z","ChannelIdentity":{{"ChannelId":"19:a"}},{fields}}}]"#),
            Wanted::default(),
        )
        .concat()
    }

    const ANN: &str = r#""MessageType":"message","From":{"User":{"Id":"U1","DisplayName":"Ann Lee"}}"#;

    #[test]
    fn subject_and_body_are_the_authors_and_names_and_quotes_are_not() {
        let body = r#""Subject":"Plan","Body":{"ContentType":"html","Content":"<p><at id=0>Bo</at> see</p><attachment id=1></attachment><blockquote>x</blockquote>"}"#;
        assert_eq!(one(&format!("{ANN},{body}")), "general/1 person ann@example.com \"Plan\\nsee\"");
        assert_eq!(
            one(&format!(r#"{ANN},"Body":{{"ContentType":"text","Content":"a < b"}}"#)),
            "general/1 person ann@example.com \"a < b\""
        );
    }

    #[test]
    fn both_ways_to_write_names_are_read_also_inside_an_answer_of_the_api() {
        let record = r#"{"id":"1","createdDateTime":"2020-01-01T00:00:00Z","channelIdentity":{"channelId":"19:a"},"messageType":"message","replyToId":"0",
            "from":{"user":{"id":"u9"}},"body":{"contentType":"text","content":"x"}}"#;
        for text in [format!("[{record}]"), format!(r#"{{"@odata.context":"x","value":[{record}],"more":1}}"#)] {
            assert!(looks_like(text.as_bytes()));
            assert_eq!(read(&text, Wanted::default()), ["general/1 person u9 \"x\""]);
        }
        assert!(!looks_like(br#"{"MessageType":"x","CreatedDateTime":"y","Body":{}}"#));
    }

    #[test]
    fn only_people_of_the_company_are_persons() {
        for (fields, kind) in [
            (r#""MessageType":"unknownFutureValue","From":null"#, "system -"),
            (r#""MessageType":"message","From":null"#, "no_author -"),
            (r#""MessageType":"message","From":{"Application":{"Id":"b"}}"#, "bot -"),
            (r#""MessageType":"message","From":{"User":{"Id":"u2","UserIdentityType":"federatedUser"}}"#, "guest u2"),
            (r#""MessageType":"message","From":{"User":{"Id":"u2","UserIdentityType":"aadUser"}}"#, "person u2"),
            (r#""MessageType":"message","DeletedDateTime":"2020-01-02T00:00:00Z","From":{"User":{"Id":"u2"}}"#, "deleted u2"),
        ] {
            assert_eq!(one(fields), format!("general/1 {kind} \"\""));
        }
    }

    #[test]
    fn chats_and_channels_that_no_list_calls_open_stay_out_unless_they_are_wanted() {
        for (place, direct) in [
            (r#""ChatId":"19:c""#, true),
            (r#""ChannelIdentity":{"ChannelId":"19:b"}"#, false),
            (r#""ChannelIdentity":{"ChannelId":"19:z"}"#, false),
            (r#""ChatId":null"#, false),
        ] {
            let text = format!(r#"[{{"Id":"1","CreatedDateTime":"2020-01-01T00:00:00Z",{ANN},{place}}}]"#);
            assert!(read(&text, Wanted::default()).concat().ends_with("/1 private - \"\""), "{place}");
            assert!(read(&text, Wanted { direct, private: !direct }).concat().ends_with("/1 person ann@example.com \"\""), "{place}");
        }
    }

    #[test]
    fn a_bad_record_is_a_fault_of_its_own_and_a_break_keeps_what_stands_before() {
        let text = format!(
            r#"[{{"Id":null}},{{"Id":"2","CreatedDateTime":"soon"}},"x",{{"Id":3,"ChannelIdentity":{{"ChannelId":"19:a"}},{ANN}}}]"#
        );
        let seen = read(&text, Wanted::default());
        assert_eq!(seen[0], "f: record 1: `id` is missing, expected a message's id");
        assert_eq!(seen[1], "f: record 2: `createdDateTime` is \"soon\", expected a time");
        assert!(seen[2].starts_with("f: record 3: invalid type: string \"x\""));
        assert_eq!(seen[3..], ["general/3 person ann@example.com \"\""]);
        for cut in 1..text.len() {
            assert!(read(&text[..cut], Wanted::default()).last().unwrap().contains("the JSON breaks at column "), "{cut}");
        }
    }

    #[test]
    fn people_and_channels_are_found_in_the_lists_of_the_export() {
        let scratch = Scratch::new("teams-lists");
        scratch.write("users/usersList.json", br#"[{"Id":"U1","Mail":null,"UserPrincipalName":"Ann@Example.com"},7]"#);
        scratch.write("teams/t/channels_t.json", br#"[{"Id":"19:a","DisplayName":"General","MembershipType":"standard"}]"#);
        let text = format!(r#"[{{"Id":"1","ChannelIdentity":{{"ChannelId":"19:a"}},{ANN}}}]"#);
        let path = scratch.write("teams/t/messages_t.json", text.as_bytes());
        let mut seen = Vec::new();
        let stream = Box::new(std::fs::File::open(&path).unwrap());
        for batch in open(stream, Place::file("f"), &Beside::File(path), &Options::default()) {
            match batch {
                Ok(batch) => batch.each_message(&mut |message| seen.push(view(message))),
                Err(fault) => seen.push(fault.why),
            }
        }
        assert!(seen[0].starts_with("invalid type: integer `7`"), "{seen:?}");
        assert_eq!(seen[1..], ["general/1 person ann@example.com \"\""]);
        assert!(is_list("usersList.json") && is_list("channels_t.json") && !is_list("messages_t.json"));
    }
}
