//! One item of Outlook → a message. Where the item keeps the header that the mail was sent with, the header says who wrote it and when; else
//! Outlook's own properties do.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Origin;
use super::property::{Properties, id};
use crate::fault::Place;
use crate::message::{Author, Kind, Markup, Message, Reason, RemovedText};
use crate::source::html;
use crate::source::mail::{self, Letterhead, first_id};

/// Seconds from the year 1601, where Outlook's clock begins, to 1970.
const EPOCH_SECONDS: i64 = 11_644_473_600;
const TICKS_PER_SECOND: i64 = 10_000_000;
/// The item was never sent (`MSGFLAG_UNSENT`).
const UNSENT: i64 = 8;

/// What is read of an item, with all text decoded.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Item {
    class: String,
    header: Option<String>,
    text: Option<String>,
    html: Option<String>,
    /// The text is there, but only in a form that is not read.
    pub(super) is_rtf_only: bool,
    /// In whose name it was sent; for most mail the sender.
    from: Correspondent,
    sender: Correspondent,
    submitted: Option<i64>,
    delivered: Option<i64>,
    id: Option<String>,
    references: Option<String>,
    reply_to: Option<String>,
    is_sensitive: bool,
    is_draft: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Correspondent {
    smtp: Option<String>,
    /// An address of some kind: SMTP, or X.500 inside one company.
    address: Option<String>,
    name: Option<String>,
}

impl Item {
    pub(super) fn of(properties: &Properties) -> Self {
        let correspondent = |smtp, address, name| Correspondent {
            smtp: properties.text(smtp),
            address: properties.text(address),
            name: properties.text(name),
        };
        let (text, html, header) = (properties.text(id::TEXT), properties.html(), properties.text(id::HEADER));
        let submitted = properties.time(id::SUBMITTED);
        Self {
            class: properties.text(id::CLASS).unwrap_or_default(),
            is_rtf_only: !properties.has(id::TEXT) && !properties.has(id::HTML) && properties.has(id::RTF),
            from: correspondent(id::FROM_SMTP, id::FROM_ADDRESS, id::FROM_NAME),
            sender: correspondent(id::SENDER_SMTP, id::SENDER_ADDRESS, id::SENDER_NAME),
            delivered: properties.time(id::DELIVERED),
            id: properties.text(id::MESSAGE_ID),
            references: properties.text(id::REFERENCES),
            reply_to: properties.text(id::IN_REPLY_TO),
            is_sensitive: properties.number(id::SENSITIVITY).is_some_and(|level| level > 0),
            // Programs that write items mark them as unsent too, but give them a time or a header.
            is_draft: properties.number(id::FLAGS).is_some_and(|flags| flags & UNSENT != 0) && submitted.is_none() && header.is_none(),
            submitted,
            header,
            text,
            html,
        }
    }

    /// An item of which no more than its class is known or wanted.
    pub(super) fn of_class(class: String) -> Self {
        Self { class, ..Self::default() }
    }

    pub(super) fn message(&self, at: Place, origin: &Origin) -> Message<'_> {
        let letterhead = self.header.as_deref().map(Letterhead::read).unwrap_or_default();
        let author = match letterhead.author.key() {
            Some(_) => letterhead.author,
            None => self.author(),
        };
        let (text, removed) = self.own_text();
        let reply_to = letterhead.reply_to.or_else(|| self.reply_to.as_deref().map(Cow::Borrowed).and_then(first_id));
        let references = || self.references.as_deref().map(Cow::Borrowed).and_then(first_id);
        let kind = match class(&self.class) {
            Class::Conversation if !origin.include_direct => Kind::Removed(Reason::Private),
            Class::Mail | Class::Conversation | Class::Sealed => mail::kind(
                origin.folder.private || !origin.folder.include_private && (self.is_sensitive || letterhead.is_sensitive || self.is_draft),
                matches!(class(&self.class), Class::Sealed) && text.trim().is_empty(),
                letterhead.is_automatic,
                &author,
            ),
            Class::Automatic => Kind::Removed(Reason::Automatic),
            Class::NoMail => Kind::Removed(Reason::System),
        };
        Message {
            place: at,
            id: Some(letterhead.id)
                .filter(|id| !id.is_empty())
                .or_else(|| self.id.as_deref().map(Cow::Borrowed).and_then(first_id))
                .unwrap_or_default(),
            author,
            sent_at: letterhead.sent_at.or_else(|| time(self.submitted)).or_else(|| time(self.delivered)),
            channel: Cow::Owned(origin.folder.name.clone()),
            thread: letterhead.thread.or_else(references).or_else(|| reply_to.clone()),
            reply_to,
            kind,
            markup: Markup::Mail,
            text,
            removed,
        }
    }

    /// The plain text; of mail that has none, the HTML.
    fn own_text(&self) -> (Cow<'_, str>, RemovedText) {
        match (&self.text, &self.html) {
            (Some(text), _) if !text.trim().is_empty() => (Cow::Borrowed(text), RemovedText::NONE),
            (_, Some(html)) => {
                let (text, removed) = html::to_text(html);
                (Cow::Owned(text), removed)
            }
            (_, None) => (Cow::Borrowed(""), RemovedText::NONE),
        }
    }

    fn author(&self) -> Author<'_> {
        [&self.from, &self.sender].into_iter().map(Correspondent::author).find(|author| author.key().is_some()).unwrap_or_default()
    }
}

impl Correspondent {
    fn author(&self) -> Author<'_> {
        let is_mail = |address: &&str| address.contains('@') && !address.contains(char::is_whitespace) && !address.starts_with('/');
        let [smtp, address, name] =
            [&self.smtp, &self.address, &self.name].map(|text| text.as_deref().map(str::trim).filter(|text| !text.is_empty()));
        // Outlook puts the address in place of a name that it does not know.
        let email = [smtp, address, name].into_iter().flatten().find(is_mail).map(str::to_lowercase);
        let id = if email.is_some() { None } else { address.map(str::to_lowercase) };
        let name = name.filter(|name| !is_mail(name)).or_else(|| address.and_then(common_name));
        Author { email: email.map(Cow::Owned), id: id.map(Cow::Owned), name: name.map(Cow::Borrowed), ..Author::default() }
    }
}

/// The last `cn=` part of an X.500 address.
fn common_name(address: &str) -> Option<&str> {
    let (_, last) = address.rsplit_once('/')?;
    last.split_once('=').filter(|(key, _)| key.eq_ignore_ascii_case("cn")).map(|(_, name)| name)
}

fn time(ticks: Option<i64>) -> Option<Timestamp> {
    let seconds = ticks?.div_euclid(TICKS_PER_SECOND).checked_sub(EPOCH_SECONDS)?;
    Timestamp::from_second(seconds).ok().filter(|&time| mail::is_plausible(time))
}

/// What an item is, by its class.
enum Class {
    Mail,
    /// Signed or encrypted mail, whose text lies in an attachment.
    Sealed,
    /// A chat of few people that was kept in their mailboxes.
    Conversation,
    Automatic,
    /// Contacts, appointments, tasks, notes.
    NoMail,
}

/// Whether an item of that class may hold what somebody wrote to somebody.
pub(super) fn may_hold_words(name: &str) -> bool {
    match class(name) {
        Class::Mail | Class::Sealed | Class::Conversation => true,
        Class::Automatic | Class::NoMail => false,
    }
}

fn class(name: &str) -> Class {
    let name = name.to_ascii_lowercase();
    let is = |class: &str| name == class || name.strip_prefix(class).is_some_and(|rest| rest.starts_with('.'));
    let is_any = |classes: &[&str]| classes.iter().any(|class| is(class));
    if is_any(&["report", "ipm.schedule", "ipm.appointment", "ipm.note.rules", "ipm.post.rss", "ipm.outlook.recall", "ipm.recall"]) {
        Class::Automatic
    } else if is_any(&["ipm.skypeteams", "ipm.note.microsoft.conversation"]) {
        Class::Conversation
    } else if is("ipm.note.smime") {
        Class::Sealed
    } else if name.is_empty() || name == "ipm" || is_any(&["ipm.note", "ipm.post"]) {
        Class::Mail
    } else {
        Class::NoMail
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::property::Value;
    use super::*;
    use crate::source::Options;

    fn item(values: &[(u16, &str)]) -> Item {
        Item::of(&Properties(values.iter().map(|&(id, text)| (id, Value::Wide(text.to_owned()))).collect()))
    }

    fn origin(folder: &str) -> Origin {
        Origin { folder: mail::Folder::of(folder, &Options::default()), include_direct: false }
    }

    fn kind(item: &Item) -> Kind {
        item.message(Place::file("a"), &origin("inbox")).kind
    }

    const SENDER: (u16, &str) = (id::SENDER_SMTP, "Ann@Example.com");

    #[test]
    fn the_header_says_who_wrote_it_and_when_else_the_properties_do() {
        let header = "Microsoft Mail Internet Headers Version 2.0\r\nFrom: Ann Lee <ann@example.com>\r\n\
            Date: Mon, 2 Jan 2023 10:00:00 +0100\r\nMessage-ID: <m1@x>\r\nReferences: <m0@x>\r\n\r\n";
        let both = item(&[(id::HEADER, header), (id::FROM_NAME, "Bo"), (id::TEXT, "It works.")]);
        let message = both.message(Place::file("a"), &origin("Inbox"));
        assert_eq!((message.author.email.as_deref(), message.id.as_ref()), (Some("ann@example.com"), "m1@x"));
        assert_eq!((message.sent_at.unwrap().to_string().as_str(), message.thread.as_deref()), ("2023-01-02T09:00:00Z", Some("m0@x")));
        assert_eq!((message.text.as_ref(), message.kind, message.channel.as_ref()), ("It works.", Kind::Person, "inbox"));
        let mut bare = item(&[SENDER, (id::SENDER_NAME, "Ann"), (id::IN_REPLY_TO, "<m0@x>")]);
        bare.submitted = Some((EPOCH_SECONDS + 1_672_650_000) * TICKS_PER_SECOND + 9);
        let message = bare.message(Place::file("a"), &origin("Inbox"));
        assert_eq!((message.author.email.as_deref(), message.author.name.as_deref()), (Some("ann@example.com"), Some("Ann")));
        assert_eq!((message.sent_at.unwrap().to_string().as_str(), message.thread.as_deref()), ("2023-01-02T09:00:00Z", Some("m0@x")));
    }

    #[test]
    fn an_address_inside_the_company_is_a_key_and_lends_its_name() {
        let exchange = item(&[(id::FROM_ADDRESS, "/O=ACME/OU=EU/CN=RECIPIENTS/CN=ALEE")]);
        let author = exchange.author();
        assert_eq!((author.key(), author.name.as_deref()), (Some("/o=acme/ou=eu/cn=recipients/cn=alee"), Some("ALEE")));
        let named = item(&[(id::FROM_NAME, "ann@example.com"), (id::FROM_ADDRESS, "/O=ACME/CN=ALEE")]);
        assert_eq!((named.author().key(), named.author().name.as_deref()), (Some("ann@example.com"), Some("ALEE")));
    }

    #[test]
    fn html_is_read_where_there_is_no_plain_text_and_what_it_quotes_is_left_out() {
        let page = "<p>Mine.</p><div id=divRplyFwdMsg>From: Bo</div><p>theirs</p>";
        let item = item(&[SENDER, (id::HTML, page), (id::TEXT, " \r\n")]);
        let message = item.message(Place::file("a"), &origin("Inbox"));
        assert_eq!(message.text, "Mine.");
        assert!(message.removed.get(Reason::QuotedReply) > 0);
    }

    #[test]
    fn what_is_no_mail_is_told_by_its_class() {
        let of = |class: &str| kind(&item(&[SENDER, (id::CLASS, class)]));
        assert_eq!((of("IPM.Note"), of("IPM.Note.Custom"), of("")), (Kind::Person, Kind::Person, Kind::Person));
        for class in ["REPORT.IPM.Note.NDR", "IPM.Schedule.Meeting.Request", "IPM.Note.Rules.OofTemplate.Microsoft"] {
            assert_eq!(of(class), Kind::Removed(Reason::Automatic), "{class}");
        }
        assert_eq!(of("IPM.Note.SMIME"), Kind::Removed(Reason::Encrypted));
        assert_eq!(of("IPM.SkypeTeams.Message"), Kind::Removed(Reason::Private));
        assert_eq!((of("IPM.Contact"), of("IPM.StickyNote")), (Kind::Removed(Reason::System), Kind::Removed(Reason::System)));
    }

    #[test]
    fn drafts_and_what_is_marked_as_private_stay_out() {
        let mut draft = item(&[SENDER]);
        draft.is_draft = true;
        assert_eq!(kind(&draft), Kind::Removed(Reason::Private));
        let mut values = Properties::default();
        values.0.insert(id::FLAGS, Value::Number(UNSENT));
        assert!(Item::of(&values).is_draft);
        values.0.insert(id::SUBMITTED, Value::Time(1));
        assert!(!Item::of(&values).is_draft);
        values.0.insert(id::SENSITIVITY, Value::Number(2));
        assert_eq!(kind(&Item::of(&values)), Kind::Removed(Reason::Private));
    }

    #[test]
    fn text_in_rtf_alone_is_noticed() {
        let mut values = Properties::default();
        values.0.insert(id::RTF, Value::Bytes(vec![1]));
        assert!(Item::of(&values).is_rtf_only);
        values.0.insert(id::TEXT, Value::Wide(String::new()));
        assert!(!Item::of(&values).is_rtf_only);
    }
}
