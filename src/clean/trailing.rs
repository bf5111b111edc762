//! The last lines of what an author typed, for those who know more mails than one: what stands below most of them is nobody's speech.

use crate::fingerprint;
use crate::message::Reason;

use super::lines::Lines;

/// So many lines are looked at; the longest signatures of real lists have seventeen.
const DEPTH: usize = 20;

/// One of the last lines of a mail's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailingLine {
    /// Hash of its words, whatever the blanks between them.
    pub hash: u64,
    /// How many letters it has.
    pub letters: usize,
}

/// How many of the last lines go, from the last upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrailingCut {
    /// Lines that many authors' mails share.
    pub footer: usize,
    /// Lines above them that this author repeats.
    pub signature: usize,
}

/// Is shown the last lines, the last one first, and says how many of them go.
pub(super) type Known<'a> = dyn FnMut(&[TrailingLine]) -> TrailingCut + 'a;

/// Shows the last open lines, the last one first, to `known` and cuts what it says. The topmost own line never goes: a mail that is nothing
/// but a line said before is an answer. Returns whether anything was cut.
pub(super) fn cut(lines: &mut Lines<'_>, known: &mut Known<'_>) -> bool {
    let Some(first) = (0..lines.len()).find(|&i| lines.is_open(i)) else { return false };
    let places: Vec<usize> = (first + 1..lines.len()).rev().filter(|&i| lines.is_open(i)).take(DEPTH).collect();
    let last: Vec<TrailingLine> = places.iter().map(|&i| line(lines.head(i))).collect();
    let TrailingCut { footer, signature } = known(&last);
    for (n, &place) in places.iter().enumerate().take(footer + signature) {
        let reason = if n < footer { Reason::ListFooter } else { Reason::Signature };
        lines.cut(place..place + 1, reason);
    }
    footer + signature > 0
}

fn line(head: &str) -> TrailingLine {
    let bytes = head.as_bytes();
    // Most lines are of ASCII with one blank between two words.
    let has_gap = memchr::memmem::find(bytes, b"  ").is_some();
    if !has_gap && bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        return TrailingLine { hash: fingerprint::quick(bytes.trim_ascii()), letters };
    }
    let words: Vec<&str> = head.split_whitespace().collect();
    TrailingLine { hash: fingerprint::quick(words.join(" ").as_bytes()), letters: head.chars().filter(|c| c.is_alphabetic()).count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_between_words_do_not_matter() {
        let plain = line("Ann Lee, Acme");
        for same in ["Ann  Lee, Acme", "Ann\tLee,   Acme", "Ann\u{a0}Lee, Acme", "Ann Lee, Acme "] {
            assert_eq!(line(same), plain, "{same}");
        }
        assert_ne!(line("AnnLee, Acme").hash, plain.hash);
        assert_eq!((plain.letters, line("Zoë L.").letters), (10, 4));
    }
}
