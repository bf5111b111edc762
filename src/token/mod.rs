//! Text → segments of tokens. Words as UAX #29 has them (Unicode Standard Annex #29, "Unicode Text Segmentation"), with a path for ASCII runs
//! that gives the same answer; sentences by terminators, abbreviations and line ends.
//!
//! A token carries its place and the id of its folded form, so that matching compares numbers and nothing is copied.

mod gap;

use gap::Gap;

use crate::clean::{OwnWords, Piece};
use crate::message::Markup;
use crate::span::Span;
pub use crate::word::{Before, MAX_SEGMENT_TOKENS, MIN_SEGMENT_TOKENS, Stem, Token, Vocabulary, Word, fold, split_clitic, words};
use crate::word::{Kind, each_word};

/// The tokens of a message and where its segments end.
#[derive(Debug, Default)]
pub struct Tokens {
    /// All tokens, in order.
    pub tokens: Vec<Token>,
    /// For every segment, one past its last token.
    pub segment_ends: Vec<usize>,
}

impl Tokens {
    /// The segments, in order.
    pub fn segments(&self) -> impl Iterator<Item = &[Token]> {
        let starts = std::iter::once(0).chain(self.segment_ends.iter().copied());
        starts.zip(&self.segment_ends).map(|(start, &end)| &self.tokens[start..end])
    }

    /// The segment with that number, from 0.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn segment(&self, number: usize) -> &[Token] {
        let start = number.checked_sub(1).map_or(0, |before| self.segment_ends[before]);
        &self.tokens[start..self.segment_ends[number]]
    }

    /// Number of words.
    #[must_use]
    pub fn n_words(&self) -> u64 {
        self.tokens.iter().filter(|token| token.is_word).count() as u64
    }

    /// Reads the own words of a text, in place of what was read before (so that the space is used again).
    pub fn read(&mut self, text: &str, own: &OwnWords, markup: Markup, vocabulary: &Vocabulary) {
        self.tokens.clear();
        self.segment_ends.clear();
        for piece in &own.pieces {
            if !piece.joins {
                self.end_segment();
            }
            self.read_piece(text, *piece, markup, vocabulary);
        }
        self.end_segment();
    }

    fn read_piece(&mut self, text: &str, piece: Piece, markup: Markup, vocabulary: &Vocabulary) {
        let mut after = piece.span.start;
        let mut joins = piece.joins;
        each_word(piece.span.of(text), &mut |start, end, kind| {
            let span = Span::new(piece.span.start + start, piece.span.start + end);
            let gap = &text.as_bytes()[after..span.start];
            let mut before = Before::default();
            if joins {
                // What was cut between two pieces of one sentence (a link, a name) parts phrases.
                before.0 |= Before::CUT;
                joins = false;
            }
            // Between most words stands nothing but a blank.
            if !matches!(gap, [] | [b' ']) {
                let gap = Gap::of(&text[after..span.start]);
                if self.is_segment_open() && self.ends_segment(text, gap, after, span.start, markup) {
                    self.end_segment();
                }
                before.0 |= if self.is_segment_open() {
                    gap.breaks() | gap.quotes()
                } else {
                    // A mark before the blank closes what the sentence before it quoted.
                    gap.last_run().quotes()
                };
            }
            after = span.end;
            if let Kind::Plain(key) = kind {
                let (word, stem) = vocabulary.look_up_ascii(key, || span.of(text));
                self.tokens.push(Token { start: offset(span.start), end: offset(span.end), word, stem, before, is_word: true });
                return;
            }
            let raw = span.of(text);
            let clitic = if kind == Kind::Word { split_clitic(raw) } else { None };
            let head = clitic.map_or(raw.len(), |(at, _)| at);
            let (word, stem) = vocabulary.look_up(&raw[..head]);
            let middle = span.start + head;
            self.tokens.push(Token { start: offset(span.start), end: offset(middle), word, stem, before, is_word: kind == Kind::Word });
            if let Some((_, full)) = clitic {
                // "they're" is one word of the text and two of the language.
                let (word, stem) = vocabulary.look_up(full);
                let before = Before::default();
                self.tokens.push(Token { start: offset(middle), end: offset(span.end), word, stem, before, is_word: false });
            }
        });
        let tail = &text[after..piece.span.end];
        if self.is_segment_open() && tail.trim_end_matches(['"', '”', '\'', '’', ')', ' ', '\n', '\r']).ends_with(['.', '!', '?', '…'])
        {
            self.end_segment();
        }
    }

    fn is_segment_open(&self) -> bool {
        self.tokens.len() > self.segment_ends.last().copied().unwrap_or(0)
    }

    /// Whether a sentence ends in the gap between the last token and the next.
    fn ends_segment(&self, text: &str, gap: Gap, after: usize, next: usize, markup: Markup) -> bool {
        let Some(last) = self.tokens.last() else { return false };
        if gap.has_line_end() && line_ends_segment(text, gap.text(), after, next, markup) {
            return true;
        }
        gap.ends_sentence() && !(gap.is_full_stop() && (is_abbreviation(last.span().of(text)) || self.is_list_number(text)))
    }

    /// "1. Item": a number that opens a segment does not end one.
    fn is_list_number(&self, text: &str) -> bool {
        let start = self.segment_ends.last().copied().unwrap_or(0);
        self.tokens.len() == start + 1 && self.tokens[start].span().of(text).bytes().all(|b| b.is_ascii_digit())
    }

    /// Closes the segment that is open, cutting it at clause punctuation where it is too long.
    fn end_segment(&mut self) {
        let mut start = self.segment_ends.last().copied().unwrap_or(0);
        while self.tokens.len() - start > MAX_SEGMENT_TOKENS {
            let window = &self.tokens[start + 1..=start + MAX_SEGMENT_TOKENS];
            let cut = window.iter().rposition(|token| token.before.is_clause_break()).map_or(MAX_SEGMENT_TOKENS, |at| at + 1);
            start += cut;
            self.segment_ends.push(start);
        }
        if self.tokens.len() > start {
            self.segment_ends.push(self.tokens.len());
        }
    }
}

fn offset(byte: usize) -> u32 {
    // Readers refuse messages above 64 MiB, so that offsets fit.
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// A line of mail shorter than this was not wrapped by a mail program but ended by its author.
const WRAPPED_MAIL_BYTES: usize = 50;

/// The same for text of which nothing is known: what exported it may have wrapped it anywhere.
const WRAPPED_PLAIN_BYTES: usize = 41;

/// Whether the line end in a gap ends a sentence: always in chat; in mail and plain text where a blank line, a list mark or a short line says so.
fn line_ends_segment(text: &str, gap: &str, after: usize, next: usize, markup: Markup) -> bool {
    match markup {
        Markup::Slack | Markup::Markdown => true,
        Markup::Mail | Markup::Plain => {
            let mut line_ends = gap.matches('\n');
            if line_ends.next().is_some() && line_ends.next().is_some() {
                return true;
            }
            let line_end = after + gap.find('\n').unwrap_or(0);
            let line_start = text[..line_end].rfind('\n').map_or(0, |at| at + 1);
            let mark = gap[gap.rfind('\n').unwrap_or(0)..].trim();
            let opens_item = matches!(mark, "-" | "*" | "•" | "–" | "+" | "o")
                || text[next..].starts_with(|c: char| c.is_ascii_digit()) && {
                    let digits = text[next..].trim_start_matches(|c: char| c.is_ascii_digit());
                    digits.starts_with(". ") || digits.starts_with(") ")
                };
            let wrapped = if markup == Markup::Mail { WRAPPED_MAIL_BYTES } else { WRAPPED_PLAIN_BYTES };
            opens_item || line_end - line_start < wrapped
        }
    }
}

/// Words after which a full stop does not end a sentence.
fn is_abbreviation(word: &str) -> bool {
    const ABBREVIATIONS: [&str; 40] = [
        "mr", "mrs", "ms", "dr", "prof", "st", "no", "nr", "vs", "e.g", "i.e", "eg", "ie", "etc", "incl", "excl", "approx", "ca", "cf",
        "dept", "est", "fig", "inc", "ltd", "co", "corp", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
        "dec", "u.s", "p.s",
    ];
    let mut letters = word.chars();
    let is_initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none() && word != "I";
    is_initial || ABBREVIATIONS.iter().any(|abbreviation| abbreviation.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn segments(text: &str, markup: Markup) -> Vec<String> {
        let own = OwnWords { pieces: vec![Piece { span: Span::new(0, text.len()), joins: false }], removed: vec![] };
        let mut tokens = Tokens::default();
        tokens.read(text, &own, markup, &Vocabulary::default());
        tokens.segments().map(|segment| segment.iter().map(|token| token.span().of(text)).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn sentences_end_at_terminators_but_not_after_abbreviations() {
        assert_eq!(
            segments("Thanks to Dr. Lee, e.g. for this. Done! is it? 3.5 kg", Markup::Plain),
            ["Thanks to Dr Lee e.g for this", "Done", "is it", "3.5 kg"]
        );
        assert_eq!(segments("1. Call the reps.\n2. Wait", Markup::Plain), ["1 Call the reps", "2 Wait"]);
    }

    #[test]
    fn a_wrapped_line_of_mail_goes_on_and_a_line_of_chat_ends() {
        let wrapped = "We had a long talk with the people from the warehouse\nabout pallets.\n\nBye";
        assert_eq!(segments(wrapped, Markup::Mail), ["We had a long talk with the people from the warehouse about pallets", "Bye"]);
        assert_eq!(segments("Ordered:\n- two pumps\n- one valve", Markup::Mail).len(), 3);
        assert_eq!(segments("one two\nthree", Markup::Slack), ["one two", "three"]);
        assert_eq!(segments("one two\nthree", Markup::Plain), ["one two", "three"]);
        let narrow = "We had a long talk with people from sales\nabout pallets.";
        assert_eq!(segments(narrow, Markup::Plain).len(), 1);
        assert_eq!(segments(narrow, Markup::Mail).len(), 2);
    }

    #[test]
    fn a_long_segment_is_cut_at_clause_punctuation() {
        let clause = "so many words stand here ".repeat(7);
        let text = format!("{clause}, {clause}, {clause}");
        let lengths: Vec<_> = segments(&text, Markup::Plain).iter().map(|segment| segment.split(' ').count()).collect();
        assert_eq!(lengths, [70, 35]);
    }

    proptest! {
        #[test]
        fn segments_hold_every_word_once_and_none_is_too_long(text in "\\PC{0,200}") {
            let own = OwnWords { pieces: vec![Piece { span: Span::new(0, text.len()), joins: false }], removed: vec![] };
            let mut tokens = Tokens::default();
            tokens.read(&text, &own, Markup::Mail, &Vocabulary::default());
            let total: usize = tokens.segments().map(<[Token]>::len).sum();
            prop_assert_eq!(total, tokens.tokens.len());
            prop_assert!(tokens.segments().all(|segment| segment.len() <= MAX_SEGMENT_TOKENS));
            let mut words = 0;
            each_word(&text, &mut |_, _, kind| words += u64::from(kind != Kind::Emoji));
            prop_assert_eq!(tokens.n_words(), words);
        }
    }
}
