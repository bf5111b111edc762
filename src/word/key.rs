//! Words as numbers, so that folding, comparing and hashing one takes no loop over its letters.

use super::eight::{self, eight};

/// The first eight and the last eight bytes of a word, and its length: all of a word of at most [`Key::WHOLE`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    head: u64,
    /// 0 for a word that the head holds.
    tail: u64,
    length: u32,
}

impl Key {
    /// Longest word that a key holds all of, in bytes.
    pub(crate) const WHOLE: usize = 16;

    /// The key of a word as it is written.
    pub(crate) fn of(word: &[u8]) -> Self {
        let length = word.len();
        let (head, tail) = if let (Some(first), Some(last)) = (word.first_chunk::<8>(), word.last_chunk::<8>()) {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let (Some(first), Some(last)) = (word.first_chunk::<4>(), word.last_chunk::<4>()) {
            // Bytes that both hold are the same.
            (u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (length - 4)), 0)
        } else {
            (eight::few(word), 0)
        };
        Self { head, tail, length: u32::try_from(length).unwrap_or(u32::MAX) }
    }

    /// The key of a word of fewer than eight bytes, which are the first of these.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "fewer than eight")]
    pub(crate) const fn of_first(bytes: u64, length: usize) -> Self {
        Self { head: bytes & eight::first(length), tail: 0, length: length as u32 }
    }

    /// Whether it holds all of its word.
    pub(crate) const fn is_whole(self) -> bool {
        self.length as usize <= Self::WHOLE
    }

    /// Whether all that it holds of its word is ASCII.
    pub(crate) const fn is_ascii(self) -> bool {
        (self.head | self.tail) & eight(0x80) == 0
    }

    /// The same word with ASCII letters in lower case; for ASCII only.
    pub(crate) const fn lower(self) -> Self {
        Self { head: lower(self.head), tail: lower(self.tail), ..self }
    }

    /// The first four bytes; zeros where the word is shorter.
    #[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
    pub(super) const fn first_four(self) -> u32 {
        self.head as u32
    }

    /// Whether a byte stands three times in a row, or may; never wrong where it says no.
    pub(super) const fn may_repeat(self) -> bool {
        match self.length {
            0..3 => false,
            3..=8 => repeats(self.head, 8 * (self.length - 2)),
            9..=14 => repeats(self.head, 48) || repeats(self.tail, 48),
            _ => true,
        }
    }

    /// A hash, the same on every machine; its high bits are the better ones.
    pub(crate) const fn hash(self) -> u64 {
        const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
        let hash = (self.head ^ self.length as u64).wrapping_mul(FACTOR);
        let hash = (hash ^ hash >> 32 ^ self.tail).wrapping_mul(FACTOR);
        hash ^ hash >> 29
    }
}

/// ASCII letters in lower case, eight at a time.
const fn lower(bytes: u64) -> u64 {
    let from_a = bytes + eight(0x80 - b'A');
    let behind_z = bytes + eight(0x7f - b'Z');
    bytes | ((from_a ^ behind_z) & eight(0x80)) >> 2
}

/// Whether one of the bytes in the first so many bits is followed by two of its kind.
const fn repeats(bytes: u64, bits: u32) -> bool {
    let differs = bytes ^ bytes >> 8;
    let differs = differs | differs >> 8 | u64::MAX << bits;
    differs.wrapping_sub(eight(1)) & !differs & eight(0x80) != 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_equal_as_words_are(one in "[a-cA-C']{0,20}", other in "[a-cA-C']{0,20}") {
            let key = |word: &str| Key::of(word.as_bytes());
            prop_assert_eq!(key(&one).lower(), key(&one.to_ascii_lowercase()));
            if key(&one).is_whole() {
                prop_assert_eq!(key(&one) == key(&other), one == other);
            }
            let repeats = one.as_bytes().windows(3).any(|three| three[0] == three[1] && three[1] == three[2]);
            prop_assert!(key(&one).may_repeat() || !repeats);
            if (3..=8).contains(&one.len()) {
                prop_assert_eq!(key(&one).may_repeat(), repeats);
            }
        }

        #[test]
        fn only_letters_change_case_and_only_ascii_is(word in "[\\x00-\\x7f]{0,16}", wide in "[a-z]{0,14}é[a-z]{0,1}") {
            prop_assert_eq!(Key::of(word.as_bytes()).lower(), Key::of(word.to_ascii_lowercase().as_bytes()));
            prop_assert!(Key::of(word.as_bytes()).is_ascii());
            prop_assert!(!Key::of(wide.as_bytes()).is_ascii() || wide.len() > Key::WHOLE);
        }
    }
}
