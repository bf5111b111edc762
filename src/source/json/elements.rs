//! The elements of an array one by one.

use serde::Deserialize;

use super::{Bad, Cursor};

/// The elements of an array, or of the array under the key `messages` of an object, in order.
pub(in crate::source) struct Elements<'a> {
    cursor: Cursor<'a>,
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

impl<'a> Elements<'a> {
    pub(in crate::source) fn of(text: &'a str) -> Self {
        Self { cursor: Cursor::of(text), n: 0, state: State::Unopened, inside: false }
    }

    /// Elements handed out so far, bad ones included: the number of the last one, from 1.
    pub(in crate::source) fn taken(&self) -> u64 {
        self.n
    }

    /// The next element and its text; after [`Bad::Array`] there is none.
    pub(in crate::source) fn next<T: Deserialize<'a>>(&mut self) -> Option<Result<(T, &'a str), Bad>> {
        let read = match self.step() {
            Ok(true) => self.cursor.record(),
            Ok(false) => {
                self.state = State::Ended;
                return None;
            }
            Err(bad) => Err(bad),
        };
        match &read {
            Ok(_) | Err(Bad::Element(_)) => self.n += 1,
            Err(Bad::Array { .. }) => self.state = State::Ended,
        }
        Some(read)
    }

    /// Moves to the start of the next element, if there is one.
    fn step(&mut self) -> Result<bool, Bad> {
        match self.state {
            State::Ended => return Ok(false),
            State::Unopened => {
                match self.cursor.peek() {
                    None => return Ok(false),
                    Some(b'[') => {}
                    Some(b'{') => {
                        self.inside = true;
                        self.find_messages()?;
                    }
                    Some(_) => return Err(self.cursor.unexpected("an array")),
                }
                self.cursor.expect(b'[', "an array")?;
                self.state = State::Within;
                if self.cursor.peek() == Some(b']') {
                    return self.close();
                }
            }
            State::Within => match self.cursor.peek() {
                Some(b']') => return self.close(),
                _ => self.cursor.expect(b',', "`,` or `]`")?,
            },
        }
        Ok(true)
    }

    /// Ends at the closing bracket; two exports put one after the other would otherwise lose the second silently.
    fn close(&mut self) -> Result<bool, Bad> {
        self.cursor.step();
        match self.cursor.peek() {
            Some(_) if !self.inside => Err(self.cursor.unexpected("the end")),
            _ => Ok(false),
        }
    }

    /// Moves from the start of an object to the value of its key `messages`.
    fn find_messages(&mut self) -> Result<(), Bad> {
        self.cursor.expect(b'{', "an object")?;
        loop {
            if self.cursor.key()? == "messages" {
                return Ok(());
            }
            self.cursor.skip()?;
            if self.cursor.peek() == Some(b'}') {
                return Err(self.cursor.unexpected("the key `messages`"));
            }
            self.cursor.expect(b',', "`,` or `}`")?;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fault::Place;

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
}
