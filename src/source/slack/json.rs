//! JSON that may be broken or of the wrong type: elements of an array one by one, and field values of any type.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::fault::{Fault, Place, Position};

/// The elements of an array, or of the array under the key `messages` of an object, in order.
pub(super) struct Elements<'a> {
    text: &'a str,
    at: usize,
    /// Elements handed out so far.
    n: u64,
    state: State,
    /// The array stands in an object, so that more may follow it.
    inside: bool,
}

enum State {
    Unopened,
    Within,
    Ended,
}

/// What is wrong with an array.
#[derive(Debug)]
pub(super) enum Bad {
    /// One element; the next ones can be read.
    Element(String),
    /// The array breaks here; nothing after it can be read.
    Array { line: u64, column: usize, why: String },
}

impl Bad {
    /// The fault, after `n` elements were taken from the array (the bad one counted).
    pub(super) fn fault(self, at: &Place, n: u64) -> Fault {
        match self {
            Self::Element(why) => Fault::new(at.at(Position::Record(n)), why),
            Self::Array { line, column, why } => {
                Fault::new(at.at(Position::Line(line)), format!("the JSON breaks at column {column}: {why}; records before it: {n}"))
            }
        }
    }
}

impl<'a> Elements<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, n: 0, state: State::Unopened, inside: false }
    }

    /// Elements handed out so far, bad ones included: the number of the last one, from 1.
    pub(super) fn taken(&self) -> u64 {
        self.n
    }

    /// The next element and its text; after [`Bad::Array`] there is none.
    pub(super) fn next<T: Deserialize<'a>>(&mut self) -> Option<Result<(T, &'a str), Bad>> {
        match self.step() {
            Ok(Some(())) => {}
            Ok(None) => {
                self.state = State::Ended;
                return None;
            }
            Err(bad) => {
                self.state = State::Ended;
                return Some(Err(bad));
            }
        }
        let start = self.at;
        match self.value::<T>() {
            Ok(element) => {
                self.n += 1;
                Some(Ok((element, &self.text[start..self.at])))
            }
            // Read again without looking at types: an element that is well formed does not break the array.
            Err((error, _)) => match self.value::<IgnoredAny>() {
                Ok(_) => {
                    self.n += 1;
                    Some(Err(Bad::Element(words(&error))))
                }
                Err((error, from)) => {
                    self.state = State::Ended;
                    Some(Err(self.broken(&error, from)))
                }
            },
        }
    }

    /// Moves to the start of the next element.
    fn step(&mut self) -> Result<Option<()>, Bad> {
        match self.state {
            State::Ended => return Ok(None),
            State::Unopened => {
                match self.peek() {
                    None => return Ok(None),
                    Some(b'[') => {}
                    Some(b'{') => {
                        self.inside = true;
                        self.find_messages()?;
                    }
                    Some(_) => return Err(self.unexpected("an array")),
                }
                self.expect(b'[', "an array")?;
                self.state = State::Within;
                if self.peek() == Some(b']') {
                    return self.close();
                }
            }
            State::Within => match self.peek() {
                Some(b']') => return self.close(),
                _ => self.expect(b',', "`,` or `]`")?,
            },
        }
        Ok(Some(()))
    }

    /// Ends at the closing bracket; two exports put one after the other would otherwise lose the second silently.
    fn close(&mut self) -> Result<Option<()>, Bad> {
        self.at += 1;
        match self.peek() {
            Some(_) if !self.inside => Err(self.unexpected("the end")),
            _ => Ok(None),
        }
    }

    /// Moves from the start of an object to the value of its key `messages`.
    fn find_messages(&mut self) -> Result<(), Bad> {
        self.expect(b'{', "an object")?;
        loop {
            let key: Cow<'a, str> = self.value().map_err(|(error, from)| self.broken(&error, from))?;
            self.expect(b':', "`:`")?;
            if key == "messages" {
                self.peek();
                return Ok(());
            }
            self.value::<IgnoredAny>().map_err(|(error, from)| self.broken(&error, from))?;
            if self.peek() == Some(b'}') {
                return Err(self.unexpected("the key `messages`"));
            }
            self.expect(b',', "`,` or `}`")?;
        }
    }

    /// The next byte that is no white space, moved to.
    fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    fn expect(&mut self, byte: u8, words: &str) -> Result<(), Bad> {
        if self.peek() == Some(byte) {
            self.at += 1;
            self.peek();
            return Ok(());
        }
        Err(self.unexpected(words))
    }

    /// Reads a value and moves behind it; on an error stays, and tells where the reading began.
    fn value<T: Deserialize<'a>>(&mut self) -> Result<T, (serde_json::Error, usize)> {
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => Err((error, self.at)),
            None => Err((de::Error::custom("the text ends where a value is expected"), self.at)),
        }
    }

    fn unexpected(&self, expected: &str) -> Bad {
        let found = self.text[self.at..].chars().next().map_or_else(|| "the end".to_owned(), |c| format!("{c:?}"));
        self.broken_at(self.at, format!("found {found}, expected {expected}"))
    }

    /// The break in terms of the whole text; the error counts lines and columns from where the value began.
    fn broken(&self, error: &serde_json::Error, from: usize) -> Bad {
        if error.line() <= 1 {
            return self.broken_at(from + error.column().saturating_sub(1), words(error));
        }
        Bad::Array { line: self.line(from) + error.line() as u64 - 1, column: error.column(), why: words(error) }
    }

    fn broken_at(&self, byte: usize, why: String) -> Bad {
        let before = &self.text.as_bytes()[..byte.min(self.text.len())];
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        Bad::Array { line: self.line(byte), column: before.len() - line_start + 1, why }
    }

    fn line(&self, byte: usize) -> u64 {
        1 + memchr::memchr_iter(b'\n', &self.text.as_bytes()[..byte.min(self.text.len())]).count() as u64
    }
}

/// The error without its line and column, which count from the wrong place.
fn words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    match words.rfind(" at line ") {
        Some(end) => words[..end].to_owned(),
        None => words,
    }
}

/// A field's value, of whatever type it is.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) enum Loose<'a> {
    /// Null or absent.
    #[default]
    Null,
    Text(Cow<'a, str>),
    Integer(i128),
    Float(f64),
    Bool(bool),
    Array,
    Object,
}

impl<'a> Loose<'a> {
    /// The value as text, where nothing is lost by it; `name` is the field's.
    pub(super) fn text(self, name: &str) -> Result<Option<Cow<'a, str>>, String> {
        match self {
            Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(text)),
            Self::Integer(number) => Ok(Some(Cow::Owned(number.to_string()))),
            Self::Float(_) | Self::Bool(_) | Self::Array | Self::Object => Err(self.unexpected(name, "a string")),
        }
    }

    /// The value as text that is not empty; any other value is as good as none.
    pub(super) fn word(self) -> Option<Cow<'a, str>> {
        self.text("").ok().flatten().filter(|text| !text.trim().is_empty())
    }

    pub(super) fn is_true(&self) -> bool {
        *self == Self::Bool(true)
    }

    /// What was found and what was expected.
    pub(super) fn unexpected(&self, name: &str, expected: &str) -> String {
        let found = match self {
            Self::Null => "missing".to_owned(),
            Self::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
            Self::Integer(number) => format!("the number {number}"),
            Self::Float(number) => format!("the number {number}"),
            Self::Bool(truth) => format!("{truth}"),
            Self::Array => "an array".to_owned(),
            Self::Object => "an object".to_owned(),
        };
        format!("`{name}` is {found}, expected {expected}")
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<'a>(PhantomData<&'a str>);

        impl<'de: 'a, 'a> Visitor<'de> for Any<'a> {
            type Value = Loose<'a>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Loose<'a>, E> {
                Ok(Loose::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Loose<'a>, E> {
                Ok(Loose::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Loose<'a>, E> {
                Ok(Loose::Bool(truth))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Loose<'a>, E> {
                Ok(Loose::Integer(number.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Loose<'a>, E> {
                Ok(Loose::Integer(number.into()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Loose<'a>, E> {
                Ok(Loose::Float(number))
            }

            fn visit_unit<E>(self) -> Result<Loose<'a>, E> {
                Ok(Loose::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Loose<'a>, A::Error> {
                while array.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Loose::Array)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Loose<'a>, A::Error> {
                while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose::Object)
            }
        }

        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// An object, or nothing where another type stands.
#[derive(Debug, Clone)]
pub(super) struct Inner<T>(pub(super) Option<T>);

impl<T> Default for Inner<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Inner<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
            type Value = Inner<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Inner<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(|inner| Inner(Some(inner)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Inner<T>, A::Error> {
                while array.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Inner(None))
            }

            fn visit_str<E>(self, _: &str) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_bool<E>(self, _: bool) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_i64<E>(self, _: i64) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_u64<E>(self, _: u64) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_f64<E>(self, _: f64) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }

            fn visit_unit<E>(self) -> Result<Inner<T>, E> {
                Ok(Inner(None))
            }
        }

        deserializer.deserialize_any(Object(PhantomData))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut elements = Elements::of(text);
        let at = Place::file("f");
        std::iter::from_fn(|| {
            elements.next::<u8>().map(|item| match item {
                Ok((n, _)) => n.to_string(),
                Err(bad) => bad.fault(&at, elements.taken()).to_string(),
            })
        })
        .collect()
    }

    #[test]
    fn elements_come_one_by_one() {
        assert_eq!(all(" [1, 2\n,3] "), ["1", "2", "3"]);
        assert_eq!(all(r#"{"channel_id":"C1","x":[{}],"messages":[1,2],"y":1}"#), ["1", "2"]);
        assert!(all("[]").is_empty());
        assert!(all(" \n").is_empty());
    }

    #[test]
    fn a_bad_element_does_not_hide_the_next() {
        assert_eq!(all(r#"[1,"x",3]"#), ["1", "f: record 2: invalid type: string \"x\", expected u8", "3"]);
    }

    #[test]
    fn a_broken_array_keeps_what_stands_before_and_says_where_it_breaks() {
        assert_eq!(all("[1,\n2,{\"a\""), ["1", "2", "f:2: the JSON breaks at column 6: EOF while parsing an object; records before it: 2"]);
        assert_eq!(all("[1\n 2]"), ["1", "f:2: the JSON breaks at column 2: found '2', expected `,` or `]`; records before it: 1"]);
        assert_eq!(all("[1,"), ["1", "f:1: the JSON breaks at column 4: the text ends where a value is expected; records before it: 1"]);
        assert_eq!(all("[1][2]"), ["1", "f:1: the JSON breaks at column 4: found '[', expected the end; records before it: 1"]);
        for text in ["7", "{", "{}", "{\"a\":1}", "{\"messages\":1}", "{\"a\" 1}", "[", "[1,]", "[,", "\u{fffd}"] {
            assert!(all(text).last().unwrap().contains("the JSON breaks at column "), "{text}");
        }
    }

    #[test]
    fn any_depth_is_read_without_overflow() {
        let deep = format!("[{}{},2]", "[".repeat(300_000), "]".repeat(300_000));
        assert_eq!(all(&deep)[1], "2");
    }

    #[test]
    fn a_value_of_any_type_is_read_and_turned_to_text_only_without_loss() {
        let values: Vec<Loose<'_>> = serde_json::from_str(r#"["a","\n",7,-7,1.5,true,null,[1],{"a":[]}]"#).unwrap();
        let texts: Vec<_> = values.into_iter().map(|value| value.text("x").map(|text| text.unwrap_or_default().into_owned())).collect();
        assert_eq!(texts[..4], ["a", "\n", "7", "-7"].map(|text| Ok(text.to_owned())));
        assert_eq!(texts[4].as_ref().unwrap_err(), "`x` is the number 1.5, expected a string");
        assert!(texts[5].is_err() && texts[7].is_err() && texts[8].is_err());
        assert_eq!(texts[6], Ok(String::new()));
        let inner: Vec<Inner<Vec<u8>>> = serde_json::from_str(r#"[1,-1,1.5,"a","\n",true,null,[{}]]"#).unwrap();
        assert!(inner.iter().all(|inner| inner.0.is_none()));
    }
}
