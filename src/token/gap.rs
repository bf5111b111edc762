//! What stands between two words: marks that part clauses, end sentences, open and close quotations.

use crate::bytes::for_each_byte;
use crate::word::Before;

/// The text between two words, or the end of it, with the kinds of bytes that the whole holds, so that a mark is looked for only where one of its kind stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap<'t> {
    text: &'t str,
    seen: u8,
}

const COMMA: u8 = 1;
/// Clause punctuation that no gap of a pattern runs over.
const STRONG: u8 = 2;
/// A hyphen or full stop: alone neither, but a dash or an ellipsis in a row.
const ROW: u8 = 4;
const TERMINATOR: u8 = 8;
const QUOTE: u8 = 16;
const APOSTROPHE: u8 = 32;
const LINE_END: u8 = 64;
/// Part of a character that is not ASCII, which may be any of them but a line end.
const WIDE: u8 = 128;

/// One flag byte for each byte value.
static CLASS: [u8; 256] = for_each_byte!(byte => match byte {
    b',' => COMMA,
    b';' | b':' | b'(' | b')' | b'[' | b']' | b'|' => STRONG,
    b'!' | b'?' => STRONG | TERMINATOR,
    b'.' => ROW | TERMINATOR,
    b'-' => ROW,
    b'"' => QUOTE,
    b'\'' => APOSTROPHE,
    b'\n' => LINE_END,
    0x80.. => WIDE,
    _ => 0,
});

impl<'t> Gap<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, seen: text.bytes().fold(0, |seen, byte| seen | CLASS[usize::from(byte)]) }
    }

    pub(super) const fn text(self) -> &'t str {
        self.text
    }

    /// The part from the last white space on; all of it where there is none.
    pub(super) fn last_run(self) -> Self {
        Self { text: &self.text[self.text.rfind(char::is_whitespace).unwrap_or(0)..], ..self }
    }

    pub(super) const fn has_line_end(self) -> bool {
        self.has(LINE_END)
    }

    const fn has(self, classes: u8) -> bool {
        self.seen & classes != 0
    }

    /// The bits of [`Before`] for clause punctuation.
    pub(super) fn breaks(self) -> u8 {
        let is_strong = self.has(STRONG)
            || self.has(WIDE) && self.text.contains(['–', '—', '…'])
            || self.has(ROW) && [" - ", " -- ", "..."].iter().any(|row| self.text.contains(row));
        match (is_strong, self.has(COMMA)) {
            (true, _) => Before::CLAUSE | Before::STRONG,
            (false, true) => Before::CLAUSE,
            (false, false) => 0,
        }
    }

    /// The bits of [`Before`] for quotation marks.
    pub(super) fn quotes(self) -> u8 {
        let mut bits = 0;
        if self.has(QUOTE | WIDE) && self.text.matches(['"', '“', '”', '„', '«', '»']).count() % 2 == 1 {
            bits |= Before::QUOTE;
        }
        if self.has(APOSTROPHE | WIDE) {
            let opens = self.text.strip_suffix(['\'', '‘', '‚']);
            if opens.is_some_and(|before| before.is_empty() || before.ends_with([' ', '\n', '(', ':', ','])) {
                bits |= Before::OPENS;
            }
            if self.text.starts_with(['\'', '’']) {
                bits |= Before::CLOSES;
            }
        }
        bits
    }

    /// Whether a terminator stands in it with white space behind, but for what closes a quotation or a bracket.
    pub(super) fn ends_sentence(self) -> bool {
        self.has(TERMINATOR | WIDE)
            && self.text.find(['.', '!', '?', '…']).is_some_and(|terminator| {
                let closing = ['.', '!', '?', '…', '"', '”', '\'', '’', ')', ']', '*', '_'];
                self.text[terminator..].trim_start_matches(closing).starts_with(char::is_whitespace)
            })
    }

    /// Whether it begins with a full stop and holds no other terminator.
    pub(super) fn is_full_stop(self) -> bool {
        self.text.trim_end().starts_with('.') && !self.text.contains(['!', '?', '…'])
    }
}
