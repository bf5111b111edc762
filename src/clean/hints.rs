//! Words of which a text must hold one before patterns are looked for in it: making and running patterns costs far more than this look, and most
//! texts hold none of the words.

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

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

/// Most phrases of a list: a bit each, and one for what hints hold beside.
const MOST: usize = 127;

/// Words or phrases of which those are counted that a text holds.
#[derive(Clone, Copy)]
pub(super) struct Phrases {
    words: &'static [&'static str],
    may_break: bool,
    is_hint: bool,
}

impl Phrases {
    /// At most 127 phrases of ASCII letters.
    pub(super) const fn new(words: &'static [&'static str]) -> Self {
        assert!(words.len() <= MOST);
        Self { words, may_break: false, is_hint: false }
    }

    /// The same, found over the end of a line as well.
    pub(super) const fn over_lines(words: &'static [&'static str]) -> Self {
        Self { may_break: true, ..Self::new(words) }
    }

    /// Hints for patterns, as [`Hints`] are.
    pub(super) const fn hints(words: &'static [&'static str]) -> Self {
        Self { is_hint: true, ..Self::new(words) }
    }

    /// Every phrase with its number and, if it may break, for each blank in it broken over two lines there.
    fn each(&self, found: &mut impl FnMut(u8, String)) {
        for (number, phrase) in (0..).zip(self.words) {
            found(number, (*phrase).to_owned());
            for (at, _) in phrase.match_indices(' ').filter(|_| self.may_break) {
                // Some programs leave the blank at the end of the line.
                for end in ["\n", " \n"] {
                    found(number, format!("{}{end}{}", &phrase[..at], &phrase[at + 1..]));
                }
            }
        }
        FOLDED.iter().filter(|_| self.is_hint).for_each(|folded| found(127, (*folded).to_owned()));
    }
}

/// Several lists, looked for at once and in any case.
pub(super) struct Lists<const N: usize> {
    lists: [Phrases; N],
    made: OnceLock<Option<Made>>,
}

struct Made {
    automaton: AhoCorasick,
    /// The list and the phrase that each of its patterns is.
    phrases: Vec<(u8, u8)>,
}

/// Which phrases of several lists a text holds.
pub(super) struct Seen<const N: usize>([u128; N]);

impl<const N: usize> Lists<N> {
    pub(super) const fn new(lists: [Phrases; N]) -> Self {
        Self { lists, made: OnceLock::new() }
    }

    /// What stands in a text: hints anywhere, phrases in its first so many bytes.
    pub(super) fn seen_in(&self, text: &str, n_bytes: usize) -> Seen<N> {
        let mut seen = Seen([0; N]);
        let Some(Made { automaton, phrases }) = self.made.get_or_init(|| self.make()) else {
            // Then the patterns must be looked for.
            return Seen(self.lists.map(|list| if list.is_hint { u128::MAX } else { 0 }));
        };
        for found in automaton.find_overlapping_iter(text) {
            let (list, phrase) = phrases[found.pattern().as_usize()];
            let list = usize::from(list);
            if found.end() <= n_bytes || self.lists[list].is_hint {
                seen.0[list] |= 1 << phrase;
            }
        }
        seen
    }

    fn make(&self) -> Option<Made> {
        let (mut patterns, mut phrases) = (Vec::new(), Vec::new());
        for (number, list) in (0..).zip(&self.lists) {
            list.each(&mut |phrase, pattern| {
                patterns.push(pattern);
                phrases.push((number, phrase));
            });
        }
        let automaton = AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(patterns).ok()?;
        Some(Made { automaton, phrases })
    }
}

impl<const N: usize> Seen<N> {
    /// How many different phrases of a list.
    pub(super) const fn count(&self, list: usize) -> usize {
        self.0[list].count_ones() as usize
    }

    /// Whether one of a list.
    pub(super) const fn any(&self, list: usize) -> bool {
        self.0[list] != 0
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
        static PHRASES: Lists<1> = Lists::new([Phrases::over_lines(&["each time", "wait for it", "so"])]);
        for (text, n) in [("Each\ntime we each time", 1), ("wait\nfor it so", 2), ("wait for\nit", 1), ("wait\n\nfor it", 0), ("", 0)] {
            assert_eq!(PHRASES.seen_in(text, text.len()).count(0), n, "{text}");
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
