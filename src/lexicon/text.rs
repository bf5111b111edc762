//! A string of a lexicon: of its own where it was read from a file, part of the program where the build wrote it down.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

/// A string that costs nothing to thaw.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(Cow<'static, str>);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<String> for Text {
    fn from(string: String) -> Self {
        Self(Cow::Owned(string))
    }
}

impl From<&str> for Text {
    fn from(string: &str) -> Self {
        string.to_owned().into()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Deserialize<'static> for Text {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        struct Taker;
        impl Visitor<'static> for Taker {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, string: &'static str) -> Result<Text, E> {
                Ok(Text(Cow::Borrowed(string)))
            }

            fn visit_str<E: Error>(self, string: &str) -> Result<Text, E> {
                Ok(string.into())
            }
        }
        deserializer.deserialize_str(Taker)
    }
}
