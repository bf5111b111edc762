//! Authors who write another language than the lexicons read.
//!
//! Two signs must agree. A message reads foreign when it has twelve words or more and hardly any of the words that no English text does
//! without. An author's foreign messages, a few of them joined, must then be of one language for the statistics of letters (`whatlang`),
//! which err on single short messages and seldom on several. Of who writes nearly only such messages everything goes but what plainly
//! reads English, for the short messages among them will be of that language too; of an author with two languages only the messages go
//! that are foreign by both signs.

use crate::clean::OwnWords;

use super::lowest::Lowest;
use super::words::Words;

/// Fewer words need hold none of the frequent ones.
const FEWEST_WORDS: u32 = 12;

/// The least share of frequent English words in an English text, in per cent. Texts of real lists have 30 to 45, lists of names and logs less.
const ENGLISH_PER_CENT: u32 = 8;

/// From so many words and such a share of frequent ones a text plainly reads English.
const PLAIN_WORDS: u32 = 5;
const PLAIN_PER_CENT: u32 = 20;

/// The share of foreign words from which an author counts as writing nothing else, in per cent.
const NEARLY_ALL_PER_CENT: u64 = 80;

/// So many messages must be foreign for an author to count as writing two languages.
const SEVERAL: u32 = 3;

/// Excerpts joined, and the length of each in bytes.
const EXCERPTS: usize = 8;
const EXCERPT_BYTES: usize = 240;

/// What an author writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English, or nothing that says otherwise.
    English,
    /// English and another one.
    Mixed,
    /// Another one.
    Other,
}

/// What is seen of an author's language.
#[derive(Debug, Default)]
pub(super) struct Writing {
    n_words: u64,
    n_foreign_words: u64,
    n_foreign: u32,
    excerpts: Lowest<Box<str>, EXCERPTS>,
}

impl Writing {
    pub(super) fn add(&mut self, lot: u64, words: &Words, excerpt: Option<Box<str>>) {
        if words.n >= FEWEST_WORDS {
            self.n_words += u64::from(words.n);
        }
        if let Some(excerpt) = excerpt {
            self.n_foreign_words += u64::from(words.n);
            self.n_foreign += 1;
            self.excerpts.add(lot, excerpt);
        }
    }

    pub(super) fn learn(&self) -> Language {
        let nearly_all = self.n_foreign_words * 100 >= self.n_words * NEARLY_ALL_PER_CENT;
        if self.n_foreign == 0 || !nearly_all && self.n_foreign < SEVERAL {
            return Language::English;
        }
        let joined: Vec<&str> = self.excerpts.values().map(|excerpt| &**excerpt).collect();
        match is_other_language(&joined.join("\n")) {
            true if nearly_all => Language::Other,
            true => Language::Mixed,
            false => Language::English,
        }
    }
}

/// The beginning of a message that reads foreign.
pub(super) fn excerpt(text: &str, own: &OwnWords, words: &Words) -> Option<Box<str>> {
    reads_foreign(words).then(|| joined(text, own, EXCERPT_BYTES).into())
}

/// Whether a message is of another language, given what its author writes.
pub(super) fn is_other(author: Language, text: &str, own: &OwnWords, words: &Words) -> bool {
    match author {
        Language::English => false,
        Language::Mixed => reads_foreign(words) && is_other_language(&joined(text, own, EXCERPT_BYTES * EXCERPTS)),
        Language::Other => words.n < PLAIN_WORDS || words.n_english * 100 < words.n * PLAIN_PER_CENT,
    }
}

const fn reads_foreign(words: &Words) -> bool {
    words.n >= FEWEST_WORDS && words.n_english * 100 < words.n * ENGLISH_PER_CENT
}

fn is_other_language(text: &str) -> bool {
    whatlang::detect(text).is_some_and(|found| found.is_reliable() && found.lang() != whatlang::Lang::Eng)
}

/// The own words in one text, cut off after so many bytes.
fn joined(text: &str, own: &OwnWords, most: usize) -> String {
    let mut joined = String::new();
    for piece in &own.pieces {
        if joined.len() >= most {
            break;
        }
        joined.push_str(piece.span.of(text));
        joined.push(' ');
    }
    joined.truncate(joined.floor_char_boundary(most));
    joined
}
