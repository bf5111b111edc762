//! The lines of a mail with what has been decided about each.

use std::ops::Range;

use memchr::memchr_iter;

use crate::message::Reason;
use crate::span::Span;

use super::cutter::Cutter;
use super::writer::Writer;

/// No pattern looks at more of a line than this: what tells a line's kind stands at its start.
const LOOKED_AT: usize = 300;

/// No text has so many empty lines in a row.
const FAR: usize = 200;

/// One line.
pub(super) struct Line<'a> {
    /// Without its line end.
    raw: &'a str,
    /// Without white space and zero-width characters at both ends.
    body: &'a str,
    /// Why it goes, once that is decided.
    pub(super) cut: Option<Reason>,
}

/// The lines of a text.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    pub(super) all: Vec<Line<'a>>,
    /// Who wrote them.
    pub(super) writer: Writer<'a>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str, writer: Writer<'a>) -> Self {
        let mut all = Vec::with_capacity(memchr_iter(b'\n', text.as_bytes()).count() + 1);
        let mut start = 0;
        for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let raw = text[start..end].strip_suffix('\r').unwrap_or(&text[start..end]);
            all.push(Line { raw, body: body_of(raw), cut: None });
            start = end + 1;
        }
        Self { text, all, writer }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Where a part of the text lies in it.
    fn span_of(&self, part: &str) -> Span {
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        Span::new(start, start + part.len())
    }

    /// A line's content without white space around it.
    pub(super) fn body(&self, line: usize) -> &'a str {
        self.all[line].body
    }

    /// A line's content with its white space.
    pub(super) fn raw(&self, line: usize) -> &'a str {
        self.all[line].raw
    }

    /// How many bytes of white space stand before a line's content; all of a blank line.
    pub(super) fn margin(&self, line: usize) -> usize {
        self.raw(line).len() - self.raw(line).trim_start().len()
    }

    /// At most the first 300 bytes of a line's body.
    pub(super) fn head(&self, line: usize) -> &'a str {
        let body = self.body(line);
        if body.len() <= LOOKED_AT { body } else { &body[..body.floor_char_boundary(LOOKED_AT)] }
    }

    /// The text from one line's body to the end of another's, if it is short enough to be looked at.
    pub(super) fn joined(&self, first: usize, last: usize) -> Option<&'a str> {
        let span = Span::new(self.span_of(self.all[first].body).start, self.span_of(self.all[last].body).end);
        (span.len() <= LOOKED_AT).then(|| span.of(self.text))
    }

    pub(super) fn is_blank(&self, line: usize) -> bool {
        self.all[line].body.is_empty()
    }

    /// Whether a line has words that nothing has cut.
    pub(super) fn is_open(&self, line: usize) -> bool {
        self.all[line].cut.is_none() && !self.is_blank(line)
    }

    /// The first line from `line` on that is not blank.
    pub(super) fn next_filled(&self, line: usize) -> Option<usize> {
        (line..self.len()).find(|&i| !self.is_blank(i))
    }

    /// Whether anything stands above a line, unless very far from it.
    pub(super) fn has_filled_above(&self, line: usize) -> bool {
        (line.saturating_sub(FAR)..line).any(|i| !self.is_blank(i))
    }

    /// Cuts the lines that nothing has cut before.
    pub(super) fn cut(&mut self, range: Range<usize>, reason: Reason) {
        for line in &mut self.all[range] {
            line.cut.get_or_insert(reason);
        }
    }

    /// Stretches of lines between quotes and other cut lines, from the first to the last that is not blank.
    pub(super) fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        let mut broken = true;
        for (i, line) in self.all.iter().enumerate() {
            if line.body.is_empty() {
                continue;
            }
            match (line.cut, runs.last_mut()) {
                (Some(_), _) => broken = true,
                (None, Some(run)) if !broken => run.end = i + 1,
                (None, _) => {
                    runs.push(i..i + 1);
                    broken = false;
                }
            }
        }
        runs
    }

    /// Hands every line to the cutter.
    pub(super) fn emit(&self, cutter: &mut Cutter<'_>) {
        let mut first = 0;
        while first < self.len() {
            let cut = self.all[first].cut;
            let same = self.all[first..].iter().take_while(|line| line.cut == cut).count();
            let last = first + same - 1;
            match cut {
                Some(reason) => cutter.block(self.span_over(first, last), reason),
                None => self.emit_kept(first..first + same, cutter),
            }
            first += same;
        }
    }

    /// From the start of one line to the end of another.
    pub(super) fn span_over(&self, first: usize, last: usize) -> Span {
        Span::new(self.span_of(self.all[first].raw).start, self.span_of(self.all[last].raw).end)
    }

    /// Mailboxes write `>From ` for a line that begins with "From": the mark goes, the line stays. Of `[1] https://…` nothing is said.
    fn emit_kept(&self, range: Range<usize>, cutter: &mut Cutter<'_>) {
        let Span { start: mut from, end } = self.span_over(range.start, range.end - 1);
        for line in &self.all[range] {
            if line.body.starts_with(">From ") {
                let mark = self.span_of(line.body).start;
                cutter.words(Span::new(from, mark));
                from = mark + 1;
                cutter.inline(Span::new(mark, from), Reason::Address);
            } else if is_footnote_of_link(line.body) {
                let body = self.span_of(line.body);
                cutter.words(Span::new(from, body.start));
                cutter.inline(body, Reason::Address);
                from = body.end;
            }
        }
        cutter.words(Span::new(from, end));
    }
}

/// `[1] https://…`, `2. https://…`: a mark and a link, and no word.
fn is_footnote_of_link(body: &str) -> bool {
    let link = match body.as_bytes() {
        [b'[', ..] => {
            body[1..].split_once(']').filter(|(mark, _)| mark.len() <= 3 && mark.bytes().all(|b| b.is_ascii_digit() || b == b'*'))
        }
        [b'0'..=b'9', ..] => body.split_once(['.', ')']).filter(|(mark, _)| mark.len() <= 2 && mark.bytes().all(|b| b.is_ascii_digit())),
        _ => None,
    };
    link.is_some_and(|(_, link)| {
        let link = link.trim_start_matches([':', ' ', '\t', '<', '-']);
        (link.starts_with("http") || link.starts_with("ftp")) && link.contains("://") && !link.contains(' ')
    })
}

/// A line's content less the blanks at both ends; most lines have none.
fn body_of(content: &str) -> &str {
    if let [first, .., last] = content.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return content;
    }
    content.trim_matches(is_blank)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
