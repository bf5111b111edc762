//! Words of which a text must hold one before patterns are looked for in it: making and running patterns costs far more than this look, and most
//! texts hold none of the words.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

/// Some words, found in any case.
pub(super) struct Hints {
    words: &'static [&'static str],
    automaton: OnceLock<Option<AhoCorasick>>,
}

/// In patterns that know no case these are an s and a k.
const FOLDED: [&str; 2] = ["\u{17f}", "\u{212a}"];

impl Hints {
    /// Hints for patterns, each match of which holds one of some words. Of ASCII letters only, unless what stands in the text has no other case.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        Self { words, automaton: OnceLock::new() }
    }

    /// Whether the patterns must be looked for in a text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let make = || AhoCorasick::builder().ascii_case_insensitive(true).build(self.words.iter().chain(&FOLDED)).ok();
        self.automaton.get_or_init(make).as_ref().is_none_or(|automaton| automaton.is_match(text))
    }
}

/// Some phrases, found in any case, of which those are counted that a text holds.
pub(super) struct Phrases {
    words: &'static [&'static str],
    may_break: bool,
    /// With the phrase that each of its patterns is.
    automaton: OnceLock<Option<(AhoCorasick, Vec<u8>)>>,
}

impl Phrases {
    /// At most 128 phrases of ASCII letters.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        Self { words, may_break: false, automaton: OnceLock::new() }
    }

    /// The same, found over the end of a line as well.
    pub(super) const fn over_lines(words: &'static [&'static str]) -> Self {
        Self { words, may_break: true, automaton: OnceLock::new() }
    }

    /// How many different ones a text holds; no more than `most` are looked for.
    pub(super) fn n_in(&self, text: &str, most: usize) -> usize {
        let Some((automaton, phrases)) = self.automaton.get_or_init(|| self.make()) else { return 0 };
        let mut seen = 0_u128;
        for found in automaton.find_iter(text) {
            seen |= 1 << phrases[found.pattern().as_usize()].min(127);
            if seen.count_ones() as usize >= most {
                break;
            }
        }
        seen.count_ones() as usize
    }

    /// Every phrase as it is and, if it may break, for each blank in it broken over two lines there.
    fn make(&self) -> Option<(AhoCorasick, Vec<u8>)> {
        let (mut patterns, mut phrases) = (Vec::new(), Vec::new());
        for (number, phrase) in (0..).zip(self.words) {
            let blanks = phrase.match_indices(' ').filter(|_| self.may_break);
            let broken = blanks.map(|(at, _)| format!("{}\n{}", &phrase[..at], &phrase[at + 1..]));
            for pattern in std::iter::once((*phrase).to_owned()).chain(broken) {
                patterns.push(pattern);
                phrases.push(number);
            }
        }
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns).ok()?;
        Some((automaton, phrases))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use proptest::string::string_regex;
    use proptest::test_runner::{Config, TestRunner};

    use super::*;

    /// Draws texts that patterns match and asks whether the hints are in them.
    pub(in crate::clean) fn hold<'a>(hints: &Hints, patterns: impl IntoIterator<Item = &'a str>) {
        for pattern in patterns {
            // What is drawn need not stand at a border.
            let without_borders = pattern.replace("(?-u:\\b)", "").replace("\\b", "").replace("(?is)^", "(?is)").replace("(?s)^", "(?s)");
            let without_borders = without_borders.strip_suffix('$').unwrap_or(&without_borders);
            let texts = string_regex(without_borders).unwrap();
            TestRunner::new(Config::with_cases(300))
                .run(&texts, |text| {
                    prop_assert!(hints.are_in(&text), "{text}");
                    Ok(())
                })
                .unwrap();
        }
    }

    #[test]
    fn a_phrase_is_found_over_two_lines_and_counts_once() {
        static PHRASES: Phrases = Phrases::over_lines(&["each time", "wait for it", "so"]);
        for (text, n) in [("Each\ntime we each time", 1), ("wait\nfor it so", 2), ("wait for\nit", 1), ("wait\n\nfor it", 0), ("", 0)] {
            assert_eq!(PHRASES.n_in(text, 9), n, "{text}");
        }
    }

    #[test]
    fn a_word_is_found_in_any_case() {
        static HINTS: Hints = Hints::new(&["wrote", "п"]);
        for (text, holds) in [("He WROTE:", true), ("написал", true), ("He writes:", false), ("", false), ("\u{212a}", true)] {
            assert_eq!(HINTS.are_in(text), holds, "{text}");
        }
    }
}
