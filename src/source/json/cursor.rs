//! A JSON text gone through value by value, so that what stands before a break is kept.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{self, IgnoredAny};

use crate::fault::{Fault, Place, Position};
use crate::message::Message;

/// What takes messages and faults.
pub(in crate::source) type Sink<'s> = &'s mut dyn FnMut(Result<Message<'_>, Fault>);

/// What is wrong with an array.
#[derive(Debug)]
pub(in crate::source) enum Bad {
    /// One element; the next ones can be read.
    Element(String),
    /// The array breaks here; nothing after it can be read.
    Array { line: u64, column: usize, why: String },
}

impl Bad {
    /// The fault, after `n` elements were taken from the array (the bad one counted).
    pub(in crate::source) fn fault(self, at: &Place, n: u64) -> Fault {
        match self {
            Self::Element(why) => Fault::new(at.at(Position::Record(n)), why),
            Self::Array { line, column, why } => {
                Fault::new(at.at(Position::Line(line)), format!("the JSON breaks at column {column}: {why}; records before it: {n}"))
            }
        }
    }
}

/// A place in a JSON text, moved over its values one after another.
pub(in crate::source) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(in crate::source) fn of(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes through the object that begins here. `member` is called at each value with its key; what it does not read is passed over.
    pub(in crate::source) fn each_member(&mut self, member: &mut dyn FnMut(&str, &mut Self) -> Result<(), Bad>) -> Result<(), Bad> {
        self.expect(b'{', "an object")?;
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        self.member(member)?;
        self.rest_of_object(member)
    }

    /// Goes through the array that begins here. `element` is called at each one; what it does not read is passed over.
    pub(in crate::source) fn each_element(&mut self, element: &mut dyn FnMut(&mut Self) -> Result<(), Bad>) -> Result<(), Bad> {
        self.expect(b'[', "an array")?;
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            let start = self.at;
            element(self)?;
            if self.at == start {
                self.skip()?;
            }
            if self.ends(b']', "`,` or `]`")? {
                return Ok(());
            }
        }
    }

    /// Goes through the records of the array that begins here. `n` counts them, bad ones too, of which each is a fault of its own.
    pub(in crate::source) fn each_record<T: Deserialize<'a>>(
        &mut self,
        n: &mut u64,
        at: &Place,
        sink: Sink<'_>,
        read: &mut dyn FnMut(T, Place, Sink<'_>),
    ) -> Result<(), Bad> {
        self.each_element(&mut |cursor| {
            let record = cursor.record::<T>();
            if !matches!(record, Err(Bad::Array { .. })) {
                *n += 1;
            }
            match record {
                Ok((record, _)) => read(record, at.at(Position::Record(*n)), sink),
                Err(Bad::Element(why)) => sink(Err(Bad::Element(why).fault(at, *n))),
                Err(bad) => return Err(bad),
            }
            Ok(())
        })
    }

    /// A cursor of its own behind the value that begins here, at the end or the comma that follows; at the end of the text if it breaks.
    pub(in crate::source) fn ahead(&self) -> Self {
        let mut ahead = Self { text: self.text, at: self.at };
        if ahead.skip().is_err() {
            ahead.at = self.text.len();
        }
        ahead
    }

    /// Goes through the members of an object behind the one whose value ends here.
    pub(in crate::source) fn rest_of_object(&mut self, member: &mut dyn FnMut(&str, &mut Self) -> Result<(), Bad>) -> Result<(), Bad> {
        while !self.ends(b'}', "`,` or `}`")? {
            self.member(member)?;
        }
        Ok(())
    }

    fn member(&mut self, member: &mut dyn FnMut(&str, &mut Self) -> Result<(), Bad>) -> Result<(), Bad> {
        let key = self.key()?;
        let start = self.at;
        member(&key, self)?;
        if self.at == start {
            self.skip()?;
        }
        Ok(())
    }

    /// Nothing must follow; two exports put one after the other would otherwise lose the second silently.
    pub(in crate::source) fn end(&mut self) -> Result<(), Bad> {
        match self.peek() {
            Some(_) => Err(self.unexpected("the end")),
            None => Ok(()),
        }
    }

    /// How far the text is read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Moves over one byte.
    pub(super) fn step(&mut self) {
        self.at += 1;
    }

    /// The first byte of the value that begins here, or of whatever stands in its place.
    pub(in crate::source) fn first(&mut self) -> Option<u8> {
        self.peek()
    }

    /// The value that begins here and its text. One of another type is passed over and is an error of its own.
    pub(in crate::source) fn record<T: Deserialize<'a>>(&mut self) -> Result<(T, &'a str), Bad> {
        let start = self.at;
        match self.value::<T>() {
            Ok(value) => Ok((value, &self.text[start..self.at])),
            // Read again without looking at types: an element that is well formed does not break the array.
            Err((error, _)) => match self.skip() {
                Ok(()) => Err(Bad::Element(words(&error))),
                Err(bad) => Err(bad),
            },
        }
    }

    /// Passes over the value that begins here.
    pub(super) fn skip(&mut self) -> Result<(), Bad> {
        match self.value::<IgnoredAny>() {
            Ok(_) => Ok(()),
            Err((error, from)) => Err(self.broken(&error, from)),
        }
    }

    /// Reads a key and moves to its value.
    pub(super) fn key(&mut self) -> Result<Cow<'a, str>, Bad> {
        #[derive(Deserialize)]
        struct Key<'a>(#[serde(borrow)] Cow<'a, str>);
        let Key(key) = self.value().map_err(|(error, from)| self.broken(&error, from))?;
        self.expect(b':', "`:`")?;
        self.peek();
        Ok(key)
    }

    /// Moves behind the closing bracket, or behind the comma before the next value.
    fn ends(&mut self, bracket: u8, expected: &str) -> Result<bool, Bad> {
        if self.peek() == Some(bracket) {
            self.at += 1;
            return Ok(true);
        }
        self.expect(b',', expected)?;
        Ok(false)
    }

    /// The next byte that is no white space, moved to.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn expect(&mut self, byte: u8, words: &str) -> Result<(), Bad> {
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

    pub(super) fn unexpected(&self, expected: &str) -> Bad {
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
