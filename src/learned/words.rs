//! The words of a message, as far as telling programs and languages needs them: hashes and counts.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use crate::clean::OwnWords;
use crate::fingerprint;

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

static ENGLISH_HASHES: LazyLock<FxHashSet<u64>> = LazyLock::new(|| ENGLISH.iter().map(|word| hash(word)).collect());

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
        let mut words = Self::default();
        let mut skeleton = 0_u64;
        let mut n_wide = 0_u32;
        let mut add = |hash| {
            words.n += 1;
            words.n_english += u32::from(ENGLISH_HASHES.contains(&hash));
            skeleton = (skeleton.rotate_left(5) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            if words.sketch.len() < SKETCHED {
                words.sketch.push(hash);
            }
        };
        for line in own.pieces.iter().flat_map(|piece| piece.span.of(text).split('\n')) {
            if line.is_ascii() {
                each_ascii_word(line.as_bytes(), &mut |word| add(hash_ascii(word)));
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

/// Calls `found` for every word of a line, less the apostrophes around it; words with digits are left out.
fn each_ascii_word(line: &[u8], found: &mut impl FnMut(&[u8])) {
    for run in line.split(|&byte| !(byte.is_ascii_alphanumeric() || byte == b'\'')) {
        let is_letter = |byte: &u8| *byte != b'\'';
        if let (Some(first), Some(last)) = (run.iter().position(is_letter), run.iter().rposition(is_letter))
            && !run.iter().any(u8::is_ascii_digit)
        {
            found(&run[first..=last]);
        }
    }
}

/// Longest word whose letters are made small in place.
const SHORT_WORD: usize = 32;

/// A hash of a word in lower case.
fn hash(word: &str) -> u64 {
    let straight = word.chars().map(|c| if c == '’' { '\'' } else { c });
    fingerprint::quick(straight.flat_map(char::to_lowercase).collect::<String>().as_bytes())
}

/// The same for ASCII letters.
fn hash_ascii(word: &[u8]) -> u64 {
    let mut buffer = [0; SHORT_WORD];
    if let Some(lower) = buffer.get_mut(..word.len()) {
        lower.copy_from_slice(word);
        lower.make_ascii_lowercase();
        return fingerprint::quick(lower);
    }
    fingerprint::quick(&word.to_ascii_lowercase())
}
