//! Words and their numbers: where words begin and end, their folded forms, and the token that carries a word's number through a segment.

mod bounds;
pub(crate) mod eight;
mod forms;
mod key;
mod vocabulary;

pub(crate) use bounds::{Kind, each_word};
pub use bounds::{split_clitic, words};
pub(crate) use key::Key;
pub use vocabulary::{Vocabulary, fold};

use serde::{Deserialize, Serialize};

use crate::frozen::fixed_as;
use crate::span::Span;

/// Longest segment, in tokens; a longer one is cut at its clause punctuation.
pub const MAX_SEGMENT_TOKENS: usize = 80;

/// Shortest segment that can name a group, in tokens.
pub const MIN_SEGMENT_TOKENS: usize = 3;

/// Id of a folded word of the vocabulary; [`Word::UNKNOWN`] for every other word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Word(pub u32);

fixed_as!(Word, u32);

impl Word {
    /// A word that no entry, alias or rule knows.
    pub const UNKNOWN: Self = Self(0);
}

/// Id of a stem of the vocabulary; [`Stem::NONE`] where none fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stem(pub u32);

impl Stem {
    /// No stem.
    pub const NONE: Self = Self(0);
}

/// A word or an emoji of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The folded word.
    pub word: Word,
    /// The longest stem that the folded word begins with.
    pub stem: Stem,
    /// What stands between the token before and this one.
    pub before: Before,
    /// Whether it counts as a word (an emoji does not).
    pub is_word: bool,
}

impl Token {
    /// Its bytes in the text.
    #[must_use]
    pub const fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// What stands between two tokens of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Before(pub(crate) u8);

impl Before {
    pub(crate) const CLAUSE: u8 = 1;
    pub(crate) const QUOTE: u8 = 2;
    pub(crate) const CUT: u8 = 4;
    pub(crate) const STRONG: u8 = 8;
    pub(crate) const OPENS: u8 = 16;
    pub(crate) const CLOSES: u8 = 32;

    /// Clause punctuation: comma, semicolon, colon, bracket, dash between blanks. A phrase does not run over it.
    #[must_use]
    pub const fn is_clause_break(self) -> bool {
        self.0 & (Self::CLAUSE | Self::CUT) != 0
    }

    /// Punctuation that no gap of a pattern runs over: semicolon, colon, bracket, dash between blanks.
    #[must_use]
    pub const fn is_strong_break(self) -> bool {
        self.0 & Self::STRONG != 0
    }

    /// An odd number of double quotation marks: a quotation begins or ends here.
    #[must_use]
    pub const fn has_quote(self) -> bool {
        self.0 & Self::QUOTE != 0
    }

    /// A single quotation mark that can only open a quotation.
    #[must_use]
    pub const fn opens_quote(self) -> bool {
        self.0 & Self::OPENS != 0
    }

    /// A single quotation mark that closes one if one is open; it may be an apostrophe.
    #[must_use]
    pub const fn closes_quote(self) -> bool {
        self.0 & Self::CLOSES != 0
    }
}
