//! Tables of messages: what CSV and JSON Lines have in common. A field map says which column holds what.

pub mod csv;
pub mod jsonl;
mod windows;

pub(super) use self::windows::Windows;

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::fault::{self, Place};
use crate::message::{Author, Kind, Markup, Message, RemovedText};

/// The fields of a message that a column can hold, with the names that `--map` knows them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// The text; the only one that is needed.
    Text,
    /// Mail address, else handle or id, of the author.
    Author,
    /// The author's display name.
    Name,
    /// Time: RFC 3339, RFC 2822, `2026-03-31 14:05`, or seconds or milliseconds since 1970.
    Time,
    /// Channel or folder.
    Channel,
    /// The author's team; goes before the roster.
    Team,
    /// Id of the message.
    Id,
    /// Id of the thread.
    Thread,
    /// Id of the message it answers.
    ReplyTo,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 9] =
        [Self::Text, Self::Author, Self::Name, Self::Time, Self::Channel, Self::Team, Self::Id, Self::Thread, Self::ReplyTo];

    /// The name in a map.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Author => "author",
            Self::Name => "name",
            Self::Time => "time",
            Self::Channel => "channel",
            Self::Team => "team",
            Self::Id => "id",
            Self::Thread => "thread",
            Self::ReplyTo => "reply_to",
        }
    }
}

/// Which column holds which field; a column of a JSON object inside an object is `outer.inner`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMap {
    columns: Vec<(Field, String)>,
}

impl FieldMap {
    /// Reads `text=body,author=from,time=date`.
    ///
    /// # Errors
    /// If a part has no `=`, a field is unknown or set twice, or no column holds the text.
    pub fn parse(map: &str) -> Result<Self, String> {
        let mut columns: Vec<(Field, String)> = Vec::new();
        for part in map.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            let Some((name, column)) = part.split_once('=') else { return Err(format!("found \"{part}\", expected FIELD=COLUMN")) };
            let known = Field::ALL.map(Field::name);
            let Some(field) = Field::ALL.into_iter().find(|field| field.name() == name.trim()) else {
                return Err(format!("unknown field \"{name}\", expected one of {}{}", known.join(", "), fault::nearest(name, known)));
            };
            if columns.iter().any(|&(other, _)| other == field) {
                return Err(format!("field \"{name}\" is set twice"));
            }
            columns.push((field, column.trim().to_owned()));
        }
        if columns.iter().all(|&(field, _)| field != Field::Text) {
            return Err("no column for \"text\"".to_owned());
        }
        Ok(Self { columns })
    }

    fn columns(&self) -> impl Iterator<Item = (Field, &str)> {
        self.columns.iter().map(|(field, column)| (*field, column.as_str()))
    }
}

/// What every piece of a table is read with.
#[derive(Debug, Clone)]
pub struct Table {
    /// Which column holds which field.
    pub map: Arc<FieldMap>,
    /// Zone of times that name none.
    pub zone: TimeZone,
}

/// One row's values by field.
#[derive(Debug, Default)]
struct Row<'a> {
    values: [Option<Cow<'a, str>>; Field::ALL.len()],
}

impl<'a> Row<'a> {
    fn set(&mut self, field: Field, value: Cow<'a, str>) {
        self.values[field as usize] = Some(value);
    }

    fn has(&self, field: Field) -> bool {
        self.values[field as usize].is_some()
    }

    fn take(&mut self, field: Field) -> Option<Cow<'a, str>> {
        self.values[field as usize].take().filter(|value| !value.is_empty())
    }

    /// The message of the row. A row without text is a message of no words.
    fn into_message(mut self, place: Place, zone: &TimeZone) -> Result<Message<'a>, String> {
        let mut author = self.take(Field::Author).map(|written| author(&written)).unwrap_or_default();
        author.name = self.take(Field::Name).or(author.name);
        author.team = self.take(Field::Team);
        let sent_at = match self.take(Field::Time) {
            Some(written) => Some(time(&written, zone).ok_or_else(|| format!("time: found \"{}\", expected a time", shorten(&written)))?),
            None => None,
        };
        Ok(Message {
            place,
            id: self.take(Field::Id).unwrap_or_default(),
            author,
            sent_at,
            channel: self.take(Field::Channel).unwrap_or_default(),
            thread: self.take(Field::Thread),
            reply_to: self.take(Field::ReplyTo),
            kind: Kind::Person,
            markup: Markup::Plain,
            text: self.take(Field::Text).unwrap_or_default(),
            removed: RemovedText::NONE,
        })
    }
}

/// An author from "Ann Lee <ann@x.example>", an address, or any other key.
#[must_use]
pub fn author<'a>(written: &str) -> Author<'a> {
    let lower = |text: &str| Cow::Owned(text.trim().to_lowercase());
    if let Some((name, rest)) = written.split_once('<')
        && let Some((address, _)) = rest.split_once('>')
        && address.contains('@')
    {
        let name = name.trim().trim_matches('"');
        return Author { email: Some(lower(address)), name: (!name.is_empty()).then(|| name.to_owned().into()), ..Author::default() };
    }
    if written.contains('@') && !written.trim().contains(char::is_whitespace) {
        return Author { email: Some(lower(written)), ..Author::default() };
    }
    Author { id: Some(lower(written)), ..Author::default() }
}

/// Seconds above this are milliseconds: the year 5138 is not meant.
const MOST_SECONDS: f64 = 1e11;

/// So many digits alone are no date: from 1973 in seconds to 2286 in milliseconds.
const EPOCH_DIGITS: std::ops::RangeInclusive<usize> = 9..=13;

/// A time as tables write it; times that name no zone are of the one given.
#[must_use]
pub fn time(written: &str, zone: &TimeZone) -> Option<Timestamp> {
    let written = written.trim();
    // Seconds or milliseconds, told at once: to try the other ways in vain costs more than the rest of a record.
    if EPOCH_DIGITS.contains(&written.len()) && written.bytes().all(|byte| byte.is_ascii_digit()) {
        return written.parse().ok().and_then(from_epoch);
    }
    if let Ok(time) = written.parse::<Timestamp>() {
        return Some(time);
    }
    if let Ok(time) = written.parse::<DateTime>() {
        return zone.to_timestamp(time).ok();
    }
    if let Ok(number) = written.parse::<f64>() {
        return from_epoch(number);
    }
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(written).ok()
}

/// A time from the seconds, or milliseconds, since 1970.
fn from_epoch(number: f64) -> Option<Timestamp> {
    let seconds = if number.abs() > MOST_SECONDS { number / 1000.0 } else { number };
    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted, and out of range saturates and is refused")]
    Timestamp::from_second(seconds.floor() as i64).ok()
}

/// The beginning of a value, for a fault.
fn shorten(value: &str) -> String {
    value.chars().take(30).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_map_names_its_mistakes() {
        assert_eq!(FieldMap::parse("author=from").unwrap_err(), "no column for \"text\"");
        assert_eq!(FieldMap::parse("text").unwrap_err(), "found \"text\", expected FIELD=COLUMN");
        assert!(FieldMap::parse("txt=body").unwrap_err().ends_with("did you mean \"text\"?"));
        assert_eq!(FieldMap::parse("text=a,text=b").unwrap_err(), "field \"text\" is set twice");
    }

    #[test]
    fn times_may_be_written_in_several_ways() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        for written in
            ["2026-03-31T12:05:00Z", "2026-03-31 14:05", "1774958700", "1774958700123", "1774958700.5", "Tue, 31 Mar 2026 14:05:00 +0200"]
        {
            assert_eq!(time(written, &zone).unwrap().as_second(), 1_774_958_700, "{written}");
        }
        assert_eq!(time("yesterday", &zone), None);
    }

    #[test]
    fn an_author_is_an_address_or_a_key() {
        assert_eq!(author("Ann Lee <Ann@X.example>").email.unwrap(), "ann@x.example");
        assert_eq!(author("Ann@x.example").email.unwrap(), "ann@x.example");
        assert_eq!(author("U024").id.unwrap(), "u024");
    }
}
