//! The words of a message, as far as telling programs and languages needs them: hashes and counts.

use std::sync::LazyLock;

use crate::clean::OwnWords;
use crate::fingerprint;
use crate::word::Key;
use crate::word::eight::{self, eight_at};

/// Words at the start of a message that its sketch holds.
const SKETCHED: usize = 40;

/// A shorter message says nothing about how much its author varies.
const SKELETON_WORDS: u32 = 8;

/// Frequent English words that are rare in, or no words of, the other languages that offices write.
#[rustfmt::skip]
const ENGLISH: [&str; 72] = [
    "the", "and", "of", "to", "that", "for", "with", "you", "are", "it", "this", "have", "from", "not", "be", "but", "they", "we", "can",
    "your", "our", "which", "would", "there", "their", "has", "had", "been", "if", "what", "when", "about", "just", "more", "than", "some",
    "out", "get", "like", "only", "should", "could", "how", "does", "did", "don't", "i'm", "it's", "were", "them", "these", "because",
    "any", "here", "need", "think", "know", "please", "by", "at", "as", "is", "i", "my", "on", "or", "all", "where", "who", "then", "other", "into",
];

static ENGLISH_HASHES: LazyLock<Hashes> = LazyLock::new(|| Hashes::of(&ENGLISH.map(hash)));

/// Few hashes, each in a place of its own, so that one look tells whether a hash is among them.
struct Hashes {
    /// Zero where none is.
    places: [u64; Self::N_PLACES],
    /// How far a hash is shifted so that its low bits tell its place.
    shift: u32,
}

impl Hashes {
    const N_PLACES: usize = 1024;

    /// By the first shift that gives no two of them the same place.
    fn of(hashes: &[u64]) -> Self {
        let with = |shift| {
            hashes
                .iter()
                .try_fold([0; Self::N_PLACES], |mut places, &hash| {
                    let place = &mut places[Self::place(hash, shift)];
                    (*place == 0).then(|| *place = hash).map(|()| places)
                })
                .map(|places| Self { places, shift })
        };
        (0..u64::BITS).find_map(with).unwrap_or(Self { places: [0; Self::N_PLACES], shift: 0 })
    }

    fn contains(&self, hash: u64) -> bool {
        self.places[Self::place(hash, self.shift)] == hash
    }

    #[expect(clippy::cast_possible_truncation, reason = "low bits are wanted")]
    const fn place(hash: u64, shift: u32) -> usize {
        (hash >> shift) as usize % Self::N_PLACES
    }
}

/// Counts and hashes of a message's own words; words with digits are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Words {
    pub(super) n: u32,
    pub(super) n_english: u32,
    /// Equal for messages that differ in numbers only; `None` for a short one.
    pub(super) skeleton: Option<u64>,
    /// The different words among the first ones, in the order of their hashes.
    pub(super) sketch: Vec<u64>,
}

impl Words {
    pub(super) fn of(text: &str, own: &OwnWords) -> Self {
        let mut words = Self { sketch: Vec::with_capacity(SKETCHED), ..Self::default() };
        let english = &*ENGLISH_HASHES;
        let mut skeleton = 0_u64;
        let mut n_wide = 0_u32;
        let mut add = |hash| {
            words.n += 1;
            words.n_english += u32::from(english.contains(hash));
            skeleton = (skeleton.rotate_left(5) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            if words.sketch.len() < SKETCHED {
                words.sketch.push(hash);
            }
        };
        for line in own.pieces.iter().flat_map(|piece| piece.span.of(text).split('\n')) {
            if line.is_ascii() {
                each_ascii_word(line.as_bytes(), &mut add);
                continue;
            }
            for word in line.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')) {
                let word = word.trim_matches(['\'', '’']);
                if word.is_empty() || word.contains(|c: char| c.is_numeric()) {
                    continue;
                }
                add(hash(word));
                n_wide += u32::try_from(word.chars().filter(|&c| c >= '\u{2e80}').count()).unwrap_or(u32::MAX);
            }
        }
        // Scripts without blanks: two characters are about a word.
        words.n = words.n.max(n_wide / 2);
        words.skeleton = (words.n >= SKELETON_WORDS).then_some(skeleton);
        words.sketch.sort_unstable();
        words.sketch.dedup();
        words
    }
}

/// Calls `found` with the hash of every word of a line, less the apostrophes around it; words with digits are left out.
fn each_ascii_word(line: &[u8], found: &mut impl FnMut(u64)) {
    let mut at = 0;
    while at < line.len() {
        let first = eight_at(line, at);
        let (mut length, mut last, mut odd) = (0, 8, 0);
        while last == 8 {
            let part = if length == 0 { first } else { eight_at(line, at + length) };
            let signs = eight::digits(part) | eight::each_of(part, b'\'');
            last = eight::run(eight::letters(part) | signs);
            odd |= if last == 8 { signs } else { signs & eight::first(last) };
            length += last;
        }
        if odd != 0 {
            add_bare(&line[at..at + length], found);
        } else if length >= 8 {
            found(hash_ascii(&line[at..at + length]));
        } else if length > 0 {
            found(Key::of_first(first, length).lower().hash());
        }
        at += length + 1;
    }
}

/// Adds a word of ASCII without the apostrophes around it, unless it has a digit.
fn add_bare(word: &[u8], found: &mut impl FnMut(u64)) {
    let is_letter = |byte: &u8| *byte != b'\'';
    let inner = word.iter().position(is_letter).zip(word.iter().rposition(is_letter));
    if let Some(word) = inner.map(|(first, last)| &word[first..=last])
        && !word.iter().any(u8::is_ascii_digit)
    {
        found(hash_ascii(word));
    }
}

/// A hash of a word in lower case.
fn hash(word: &str) -> u64 {
    let straight = word.chars().map(|c| if c == '’' { '\'' } else { c });
    let lower: String = straight.flat_map(char::to_lowercase).collect();
    if lower.is_ascii() { hash_ascii(lower.as_bytes()) } else { fingerprint::quick(lower.as_bytes()) }
}

/// The same for ASCII letters.
fn hash_ascii(word: &[u8]) -> u64 {
    let key = Key::of(word).lower();
    if key.is_whole() { key.hash() } else { fingerprint::quick(&word.to_ascii_lowercase()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn words_of_ascii_are_those_between_other_signs(line in "[a-zA-Z0-9' ,.-]{0,80}") {
            let bare = line.split(|c: char| !(c.is_alphanumeric() || c == '\'')).map(|word| word.trim_matches('\''));
            let words: Vec<u64> = bare.filter(|word| !word.is_empty() && !word.contains(|c: char| c.is_numeric())).map(hash).collect();
            let mut found = Vec::new();
            each_ascii_word(line.as_bytes(), &mut |hash| found.push(hash));
            prop_assert_eq!(found, words);
        }
    }

    #[test]
    fn every_english_word_has_a_place_and_no_other_has() {
        assert!(ENGLISH.iter().all(|word| ENGLISH_HASHES.contains(hash(word))));
        assert!(["und", "der", "hero", "sales"].iter().all(|word| !ENGLISH_HASHES.contains(hash(word))));
    }
}
