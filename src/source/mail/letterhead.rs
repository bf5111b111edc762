//! What the header of a mail tells without its body; stores such as Outlook's keep the two apart.

use std::borrow::Cow;

use jiff::Timestamp;

use super::header::Headers;
use super::{author, automatic, date};
use crate::message::Author;

/// The fields of a header that a message needs.
#[derive(Default)]
pub(in crate::source) struct Letterhead<'a> {
    pub(in crate::source) id: Cow<'a, str>,
    pub(in crate::source) author: Author<'a>,
    pub(in crate::source) sent_at: Option<Timestamp>,
    pub(in crate::source) thread: Option<Cow<'a, str>>,
    pub(in crate::source) reply_to: Option<Cow<'a, str>>,
    pub(in crate::source) is_automatic: bool,
    /// Marked as personal, private or confidential.
    pub(in crate::source) is_sensitive: bool,
}

impl<'a> Letterhead<'a> {
    pub(super) fn of(headers: &Headers<'a>, envelope_date: Option<Timestamp>) -> Self {
        let author = author::author(headers);
        let reply_to = headers.text("in-reply-to").and_then(first_id);
        Self {
            id: headers.text("message-id").and_then(first_id).unwrap_or_default(),
            sent_at: date::sent_at(headers, envelope_date),
            thread: headers.text("references").and_then(first_id).or_else(|| reply_to.clone()),
            reply_to,
            is_automatic: automatic::is_automatic(headers, &author),
            is_sensitive: automatic::is_sensitive(headers),
            author,
        }
    }

    /// Reads a header that was kept as text.
    pub(in crate::source) fn read(header: &'a str) -> Self {
        Self::of(&Headers::read(header.as_bytes()), None)
    }
}

/// The first id of a field that may hold several, and old mailers' words around them ("Your message of …").
pub(in crate::source) fn first_id(field: Cow<'_, str>) -> Option<Cow<'_, str>> {
    match field {
        Cow::Borrowed(field) => id_in(field).map(Cow::Borrowed),
        Cow::Owned(field) => id_in(&field).map(|id| Cow::Owned(id.to_owned())),
    }
}

fn id_in(field: &str) -> Option<&str> {
    let bracketed = field.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(id, _)| id.trim());
    let bare = || field.split_ascii_whitespace().find(|word| word.contains('@'));
    let word = || Some(field.trim()).filter(|id| !id.contains(char::is_whitespace));
    bracketed.or_else(bare).or_else(word).filter(|id| !id.is_empty())
}
