//! JSON Lines: one object a line, read with a field map; a file that is one array of objects is read too.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::windows::Windows;
use super::{Field, FieldMap, Row, Table};
use crate::fault::{Fault, Place, Position};
use crate::message::Message;
use crate::source::{Batches, Reader, lines};

/// Whether a file's first bytes are an object with a name, or an array of objects.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let head = head.strip_prefix(b"[").map_or(head, <[u8]>::trim_ascii_start);
    head.strip_prefix(b"{").is_some_and(|rest| matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')))
}

/// Opens a file.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, table: Table) -> Batches {
    let last_end = |bytes: &[u8]| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
    Box::new(Windows { stream, at, reader: Reader::JsonLines(table), last_end, n_lines: 0, rest: Vec::new(), is_done: false })
}

/// Reads every line of a piece, in order. In an array an element may end with a comma and the brackets may stand alone.
pub fn each_message(bytes: &[u8], at: &Place, lines_before: u64, table: &Table, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (mut n_rows, mut n_with_text) = (0_u64, 0_u64);
    for (number, line) in (lines_before + 1..).zip(lines(bytes)) {
        let line = line.trim_ascii();
        let place = at.at(Position::Line(number));
        if line.is_empty() || matches!(line, b"[" | b"]" | b"],") {
            continue;
        }
        if line.starts_with(b"[") && lines_before == 0 {
            return each_element(bytes, at, table, sink);
        }
        let line = line.strip_suffix(b",").unwrap_or(line);
        let mut row = Row::default();
        let mut deserializer = serde_json::Deserializer::from_slice(line);
        let read = Object { map: &table.map, path: "", row: &mut row }
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end())
            .map_err(|error| without_line(&error));
        n_rows += u64::from(read.is_ok());
        n_with_text += u64::from(row.has(Field::Text));
        sink(read.and_then(|()| row.into_message(place.clone(), &table.zone)).map_err(|why| Fault::new(place, why)));
    }
    tell_no_text(n_rows, n_with_text, at.at(Position::Line(lines_before + 1)), table, sink);
}

/// The elements of an array that stands on one line.
fn each_element(bytes: &[u8], at: &Place, table: &Table, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    struct Elements<'s, 'm> {
        table: &'m Table,
        at: &'m Place,
        n: u64,
        n_with_text: u64,
        sink: &'s mut dyn FnMut(Result<Message<'_>, Fault>),
    }
    impl<'de> Visitor<'de> for &mut Elements<'_, '_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of objects")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
            loop {
                let mut row = Row::default();
                if seq.next_element_seed(Object { map: &self.table.map, path: "", row: &mut row })?.is_none() {
                    return Ok(());
                }
                self.n += 1;
                self.n_with_text += u64::from(row.has(Field::Text));
                let place = self.at.at(Position::Record(self.n));
                let message = row.into_message(place.clone(), &self.table.zone).map_err(|why| Fault::new(place, why));
                (self.sink)(message);
            }
        }
    }
    let mut elements = Elements { table, at, n: 0, n_with_text: 0, sink };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    if let Err(error) = deserializer.deserialize_seq(&mut elements) {
        let place = at.at(Position::Record(elements.n + 1));
        (elements.sink)(Err(Fault::new(place, without_line(&error))));
    }
    let Elements { n, n_with_text, .. } = elements;
    tell_no_text(n, n_with_text, at.clone(), table, sink);
}

/// Says that no record has the member that is mapped to the text: a slip in the map, not a table of empty messages.
fn tell_no_text(n_rows: u64, n_with_text: u64, at: Place, table: &Table, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    if n_rows > 0 && n_with_text == 0 {
        let column = table.map.columns().find(|&(field, _)| field == Field::Text).map_or("", |(_, column)| column);
        sink(Err(Fault::new(at, format!("none of {n_rows} records has a member \"{column}\" (mapped to text)"))));
    }
}

/// The parser counts lines from the record's own start; the place is told before.
fn without_line(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").map_or(text.clone(), |at| format!("{} at column {}", &text[..at], error.column()))
}

/// Reads the mapped members of an object, at any depth, and passes over the others.
struct Object<'m, 'r, 'de> {
    map: &'m FieldMap,
    /// Name of the object that this one lies in, with a dot, empty at the top.
    path: &'m str,
    row: &'r mut Row<'de>,
}

impl<'de> DeserializeSeed<'de> for Object<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(Key(name)) = members.next_key()? {
            let length = self.path.len() + name.len();
            let is_here = |column: &str| column.len() == length && column.ends_with(&*name) && column.starts_with(self.path);
            if let Some((field, _)) = self.map.columns().find(|(_, column)| is_here(column)) {
                if let Some(value) = members.next_value_seed(Value(field))? {
                    // One column may serve several fields.
                    for (other, _) in self.map.columns().filter(|&(other, column)| other != field && is_here(column)) {
                        self.row.set(other, value.clone());
                    }
                    self.row.set(field, value);
                }
                continue;
            }
            let is_inside = |column: &str| {
                column.strip_prefix(self.path).and_then(|rest| rest.strip_prefix(&*name)).is_some_and(|rest| rest.starts_with('.'))
            };
            if self.map.columns().any(|(_, column)| is_inside(column)) {
                let path = format!("{}{name}.", self.path);
                members.next_value_seed(Inside(Object { map: self.map, path: &path, row: &mut *self.row }))?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// An object inside an object, or null.
struct Inside<'m, 'r, 'de>(Object<'m, 'r, 'de>);

impl<'de> DeserializeSeed<'de> for Inside<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Inside<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object in \"{}\"", self.0.path.trim_end_matches('.'))
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        self.0.visit_map(members)
    }
}

/// A member's name, borrowed where it holds no escape.
struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);
        Borrowed::deserialize(deserializer).map(|Borrowed(name)| Self(name))
    }
}

/// A value as text: text as it is, a number as it is written, null as nothing.
struct Value(Field);

impl<'de> DeserializeSeed<'de> for Value {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "text or a number for {}", self.0.name())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(number.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;

    fn read(map: &str, text: &str) -> Vec<String> {
        let table = Table { map: Arc::new(FieldMap::parse(map).unwrap()), zone: TimeZone::UTC };
        let mut seen = Vec::new();
        for batch in open(Box::new(std::io::Cursor::new(text.to_owned().into_bytes())), Place::file("a.jsonl"), table) {
            batch.unwrap().each_message(&mut |record| {
                seen.push(match record {
                    Ok(message) => format!("{} {} {}", message.place, message.author.key().unwrap_or("-"), message.text),
                    Err(fault) => fault.to_string(),
                });
            });
        }
        seen
    }

    #[test]
    fn a_bad_line_is_told_and_the_others_count() {
        assert_eq!(
            read(
                "text=body,author=from.mail,time=at",
                "{\"body\":\"one \\u00e9\",\"from\":{\"mail\":\"A@x.example\",\"n\":[1]},\"at\":1774958700}\n\n{\"body\":[]}\n{\"body\":\"cut\n{\"from\":null,\"body\":\"two\"}"
            ),
            [
                "a.jsonl:1 a@x.example one é",
                "a.jsonl:3: invalid type: sequence, expected text or a number for text at column 10",
                "a.jsonl:4: EOF while parsing a string at column 12",
                "a.jsonl:5 - two",
            ]
        );
    }

    #[test]
    fn an_array_is_read_like_lines() {
        let expected = ["a.jsonl: record 1 - one", "a.jsonl: record 2 - two", "a.jsonl: record 3: EOF while parsing a value at column 26"];
        assert_eq!(read("text=t", "[{\"t\":\"one\"},{\"t\":\"two\"}, "), expected);
        assert_eq!(read("text=t", "[\n{\"t\":\"one\"},\n{\"t\":\"two\"}\n]\n"), ["a.jsonl:2 - one", "a.jsonl:3 - two"]);
    }
}
