//! Where words begin and end: UAX #29, with a path for ASCII runs that gives the same answer.

use unicode_segmentation::UnicodeSegmentation;

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

/// Calls `found(start, end, is_word)` for every word and emoji of a text, in order. Words are those of UAX #29 that hold a letter or digit.
pub(crate) fn each_word(text: &str, found: &mut impl FnMut(usize, usize, bool)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let run = &bytes[at..];
        let length = run.iter().position(u8::is_ascii_whitespace).unwrap_or(run.len());
        if run[..length].is_ascii() {
            each_ascii_word(&run[..length], &mut |start, end| found(at + start, at + end, true));
        } else {
            each_unicode_word(&text[at..at + length], &mut |start, end, is_word| found(at + start, at + end, is_word));
        }
        at += length;
    }
}

fn each_unicode_word(run: &str, found: &mut impl FnMut(usize, usize, bool)) {
    for (start, bound) in run.split_word_bound_indices() {
        if bound.contains(char::is_alphanumeric) {
            found(start, start + bound.len(), true);
        } else if bound.chars().next().is_some_and(is_emoji) {
            found(start, start + bound.len(), false);
        }
    }
}

/// Whether a character is a pictograph that people use as an emoji.
const fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27BF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{2B50}' | '\u{2B55}')
}

/// UAX #29 words of a run of ASCII without white space: letters, digits and `_` hold together (WB5, WB8–10, WB13a/b), `.` and `'` between
/// letters or between digits, `:` between letters, `,` and `;` between digits (WB6/7, WB11/12).
fn each_ascii_word(run: &[u8], found: &mut impl FnMut(usize, usize)) {
    let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut at = 0;
    while at < run.len() {
        if !is_part(run[at]) {
            at += 1;
            continue;
        }
        let start = at;
        at += 1;
        while at < run.len() {
            if is_part(run[at]) || at + 1 < run.len() && joins(run[at - 1], run[at], run[at + 1]) {
                at += 1;
            } else {
                break;
            }
        }
        if run[start..at].iter().any(u8::is_ascii_alphanumeric) {
            found(start, at);
        }
    }
}

const fn joins(left: u8, middle: u8, right: u8) -> bool {
    let letters = left.is_ascii_alphabetic() && right.is_ascii_alphabetic();
    let digits = left.is_ascii_digit() && right.is_ascii_digit();
    match middle {
        b'.' | b'\'' => letters || digits,
        b':' => letters,
        b',' | b';' => digits,
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
        each_word("go 🦸 _ __ go", &mut |start, _, is_word| found.push((start, is_word)));
        assert_eq!(found, [(0, true), (3, false), (13, true)]);
    }

    proptest! {
        #[test]
        fn ascii_words_are_those_of_uax_29(run in "[a-zA-Z0-9_.',:;!?/@#&()-]{0,40}") {
            let mut ours = Vec::new();
            each_ascii_word(run.as_bytes(), &mut |start, end| ours.push(&run[start..end]));
            let standard: Vec<_> = run.unicode_words().filter(|word| word.contains(char::is_alphanumeric)).collect();
            prop_assert_eq!(ours, standard);
        }
    }
}
