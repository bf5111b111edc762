//! Where words begin and end: UAX #29, with a path for ASCII runs that gives the same answer.

use unicode_segmentation::UnicodeSegmentation;

use super::Key;
use super::eight::{self, eight_at};
use crate::bytes::for_each_byte;

/// The words of a text, in order.
#[must_use]
pub fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    each_word(text, &mut |start, end, _| words.push(&text[start..end]));
    words
}

/// Where a contraction's second word begins, and that word in full: "they're" = they + are. A 's is one behind a pronoun only; behind a noun it
/// is mostly a possessive, which folds away.
#[must_use]
pub fn split_clitic(word: &str) -> Option<(usize, &'static str)> {
    const CLITICS: [(&str, &str); 5] = [("re", "are"), ("ve", "have"), ("ll", "will"), ("m", "am"), ("d", "would")];
    const PRONOUNS: [&str; 8] = ["he", "she", "it", "that", "there", "what", "who", "here"];
    // Most words hold none; 0xE2 begins the curly one.
    if !word.bytes().any(|byte| matches!(byte, b'\'' | 0xE2)) {
        return None;
    }
    let apostrophe = word.rfind(['\'', '’'])?;
    let head = &word[..apostrophe];
    let tail = word[apostrophe..].trim_start_matches(['\'', '’']);
    if head.is_empty() {
        return None;
    }
    let is_pronoun = || PRONOUNS.iter().any(|pronoun| head.eq_ignore_ascii_case(pronoun));
    if tail.eq_ignore_ascii_case("s") && is_pronoun() {
        return Some((apostrophe, "is"));
    }
    CLITICS.iter().find(|(clitic, _)| tail.eq_ignore_ascii_case(clitic)).map(|&(_, full)| (apostrophe, full))
}

/// What stands between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word of ASCII letters and digits, with its key.
    Plain(Key),
    /// Any other word.
    Word,
    /// An emoji.
    Emoji,
}

/// What a byte is to words.
const LETTER: u8 = 1;
const DIGIT: u8 = 2;
const UNDERSCORE: u8 = 4;
const SPACE: u8 = 8;
const SIGN: u8 = 16;

static CLASS: [u8; 256] = for_each_byte!(byte => match byte {
    b'a'..=b'z' | b'A'..=b'Z' => LETTER,
    b'0'..=b'9' => DIGIT,
    b'_' => UNDERSCORE,
    _ if byte.is_ascii_whitespace() => SPACE,
    0..0x80 => SIGN,
    // Part of a letter that is not ASCII.
    0x80.. => 0,
});

const fn class_of(byte: u8) -> u8 {
    CLASS[byte as usize]
}

/// Calls `found(start, end, kind)` for every word and emoji of a text, in order. Words are those of UAX #29 that hold a letter or digit.
pub(crate) fn each_word(text: &str, found: &mut impl FnMut(usize, usize, Kind)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if class_of(byte) == SPACE {
            at += 1;
            continue;
        }
        // Most words are letters with a blank behind them, or a sign and a blank.
        let first = eight_at(bytes, at);
        let mut length = plain(first);
        let mut last = length;
        while last == 8 {
            last = plain(eight_at(bytes, at + length));
            length += last;
        }
        if length > 0 && is_over(&bytes[at + length..]) {
            let key = if length < 8 { Key::of_first(first, length) } else { Key::of(&bytes[at..at + length]) };
            found(at, at + length, Kind::Plain(key));
            at += length + 1;
            continue;
        }
        let rest = &bytes[at..];
        let end = at + rest.iter().position(|&byte| class_of(byte) == SPACE).unwrap_or(rest.len());
        if bytes[at..end].is_ascii() {
            each_ascii_word(&bytes[at..end], &mut |start, end, kind| found(at + start, at + end, kind));
        } else {
            each_unicode_word(&text[at..end], &mut |start, end, kind| found(at + start, at + end, kind));
        }
        at = end;
    }
}

/// How many of eight bytes from the first on are letters and digits.
#[inline]
const fn plain(bytes: u64) -> usize {
    eight::run(eight::letters(bytes) | eight::digits(bytes))
}

/// Whether a word ends where these bytes begin: at a blank, or at a sign that holds nothing together, for a blank is behind it.
#[inline]
fn is_over(rest: &[u8]) -> bool {
    let is_blank = |byte: Option<&u8>| byte.is_none_or(|&byte| class_of(byte) == SPACE);
    is_blank(rest.first()) || class_of(rest[0]) == SIGN && is_blank(rest.get(1))
}

fn each_unicode_word(run: &str, found: &mut impl FnMut(usize, usize, Kind)) {
    for (start, bound) in run.split_word_bound_indices() {
        if bound.contains(char::is_alphanumeric) {
            found(start, start + bound.len(), Kind::Word);
        } else if bound.chars().next().is_some_and(is_emoji) {
            found(start, start + bound.len(), Kind::Emoji);
        }
    }
}

/// Whether a character is a pictograph that people use as an emoji.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2B50}' | '\u{2B55}')
}

/// UAX #29 words of a run of ASCII without white space: letters, digits and `_` hold together (WB5, WB8–10, WB13a/b), `.` and `'` between
/// letters or between digits, `:` between letters, `,` and `;` between digits (WB6/7, WB11/12).
fn each_ascii_word(run: &[u8], found: &mut impl FnMut(usize, usize, Kind)) {
    let is_part = |b: u8| class_of(b) & (LETTER | DIGIT | UNDERSCORE) != 0;
    let mut at = 0;
    while at < run.len() {
        if !is_part(run[at]) {
            at += 1;
            continue;
        }
        let start = at;
        let mut classes = 0;
        while at < run.len() && (is_part(run[at]) || at + 1 < run.len() && joins(run[at - 1], run[at], run[at + 1])) {
            classes |= class_of(run[at]);
            at += 1;
        }
        if classes & (LETTER | DIGIT) != 0 {
            let is_plain = classes & (UNDERSCORE | SIGN) == 0;
            found(start, at, if is_plain { Kind::Plain(Key::of(&run[start..at])) } else { Kind::Word });
        }
    }
}

const fn joins(left: u8, middle: u8, right: u8) -> bool {
    if class_of(middle) != SIGN {
        return false;
    }
    let both = class_of(left) & class_of(right);
    match middle {
        b'.' | b'\'' => both & (LETTER | DIGIT) != 0,
        b':' => both & LETTER != 0,
        b',' | b';' => both & DIGIT != 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn emoji_are_tokens_but_not_words() {
        let mut found = Vec::new();
        each_word("go 🦸 _ __ go's", &mut |start, _, kind| found.push((start, kind)));
        assert_eq!(found, [(0, Kind::Plain(Key::of(b"go"))), (3, Kind::Emoji), (13, Kind::Word)]);
    }

    proptest! {
        #[test]
        fn words_are_those_of_runs_between_blanks(text in "[a-zA-Z0-9_.',:;!é’ \\n-]{0,60}") {
            let (mut ours, mut keys) = (Vec::new(), Vec::new());
            each_word(&text, &mut |start, end, kind| {
                ours.push(&text[start..end]);
                keys.extend(if let Kind::Plain(key) = kind { Some((key, &text[start..end])) } else { None });
            });
            let mut by_run = Vec::new();
            for run in text.split_ascii_whitespace() {
                if run.is_ascii() {
                    each_ascii_word(run.as_bytes(), &mut |start, end, _| by_run.push(&run[start..end]));
                } else {
                    each_unicode_word(run, &mut |start, end, _| by_run.push(&run[start..end]));
                }
            }
            prop_assert_eq!(ours, by_run);
            prop_assert!(keys.iter().all(|&(key, word)| key == Key::of(word.as_bytes())));
        }

        #[test]
        fn ascii_words_are_those_of_uax_29(run in "[a-zA-Z0-9_.',:;!?/@#&()-]{0,40}") {
            let mut ours = Vec::new();
            each_ascii_word(run.as_bytes(), &mut |start, end, _| ours.push(&run[start..end]));
            let standard: Vec<_> = run.unicode_words().filter(|word| word.contains(char::is_alphanumeric)).collect();
            prop_assert_eq!(ours, standard);
        }
    }
}
