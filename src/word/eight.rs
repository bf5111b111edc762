//! Eight bytes of a text at a time: which of them are letters, how far a word goes.

/// A byte in all eight places.
pub(crate) const fn eight(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// The eight bytes from a place on, the first one lowest; zeros behind the end.
///
/// # Panics
/// If the place is behind the end.
#[inline]
pub(crate) fn eight_at(bytes: &[u8], at: usize) -> u64 {
    let rest = &bytes[at..];
    rest.first_chunk().map_or_else(|| few(rest), |chunk| u64::from_le_bytes(*chunk))
}

/// Up to eight bytes, the first one lowest.
pub(super) fn few(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The highest bit of every byte that is an ASCII letter.
#[inline]
pub(crate) const fn letters(bytes: u64) -> u64 {
    let small = (bytes | eight(0x20)) & eight(0x7f);
    between(small, b'a', b'z') & !bytes
}

/// The highest bit of every byte that is an ASCII digit.
#[inline]
pub(crate) const fn digits(bytes: u64) -> u64 {
    between(bytes & eight(0x7f), b'0', b'9') & !bytes
}

/// The highest bit of every byte that is this one of ASCII.
#[inline]
pub(crate) const fn each_of(bytes: u64, byte: u8) -> u64 {
    between(bytes & eight(0x7f), byte, byte) & !bytes
}

/// The highest bit of every byte from one to another; for ASCII only.
const fn between(bytes: u64, first: u8, last: u8) -> u64 {
    ((bytes + eight(0x80 - first)) ^ (bytes + eight(0x7f - last))) & eight(0x80)
}

/// How many bytes from the first on are marked.
#[inline]
pub(crate) const fn run(marked: u64) -> usize {
    ((!marked & eight(0x80)).trailing_zeros() / 8) as usize
}

/// The bits of the first so many bytes, fewer than eight.
#[inline]
pub(crate) const fn first(n: usize) -> u64 {
    !(u64::MAX << (8 * n))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_byte_is_what_it_is_alone(bytes in proptest::collection::vec(any::<u8>(), 0..12), at in 0..4_usize) {
            let at = at.min(bytes.len());
            let number = eight_at(&bytes, at);
            for place in 0..8 {
                let byte = bytes.get(at + place).copied().unwrap_or(0);
                let is_marked = |marked: u64| marked >> (8 * place) & 0xff == 0x80;
                prop_assert_eq!(is_marked(letters(number)), byte.is_ascii_alphabetic());
                prop_assert_eq!(is_marked(digits(number)), byte.is_ascii_digit());
                prop_assert_eq!(is_marked(each_of(number, b'\'')), byte == b'\'');
            }
            let n_letters = bytes[at..].iter().take(8).take_while(|byte| byte.is_ascii_alphabetic()).count();
            prop_assert_eq!(run(letters(number)), n_letters);
        }
    }
}
