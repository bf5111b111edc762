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
pub(super) struct Line {
    /// Without its line end.
    pub(super) span: Span,
    /// Without white space and zero-width characters at both ends.
    pub(super) body: Span,
    /// Why it goes, once that is decided.
    pub(super) cut: Option<Reason>,
}

/// The lines of a text.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    pub(super) all: Vec<Line>,
    /// Who wrote them.
    pub(super) writer: Writer<'a>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str, writer: Writer<'a>) -> Self {
        let mut all = Vec::new();
        let mut start = 0;
        for end in memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let content = text[start..end].strip_suffix('\r').unwrap_or(&text[start..end]);
            let body = body_of(content);
            let body = Span::new(start + body.start, start + body.end);
            all.push(Line { span: Span::new(start, start + content.len()), body, cut: None });
            start = end + 1;
        }
        Self { text, all, writer }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// A line's content without white space around it.
    pub(super) fn body(&self, line: usize) -> &'a str {
        self.all[line].body.of(self.text)
    }

    /// A line's content with its white space.
    pub(super) fn raw(&self, line: usize) -> &'a str {
        self.all[line].span.of(self.text)
    }

    /// At most the first 300 bytes of a line's body.
    pub(super) fn head(&self, line: usize) -> &'a str {
        let body = self.body(line);
        &body[..body.floor_char_boundary(LOOKED_AT)]
    }

    /// The text from one line's body to the end of another's, if it is short enough to be looked at.
    pub(super) fn joined(&self, first: usize, last: usize) -> Option<&'a str> {
        let span = Span::new(self.all[first].body.start, self.all[last].body.end);
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
            let (start, end) = (self.all[first].span.start, self.all[first + same - 1].span.end);
            match cut {
                Some(reason) => cutter.block(Span::new(start, end), reason),
                None => self.emit_kept(first..first + same, cutter),
            }
            first += same;
        }
    }

    /// Mailboxes write `>From ` for a line that begins with "From": the mark goes, the line stays. Of `[1] https://…` nothing is said.
    fn emit_kept(&self, range: Range<usize>, cutter: &mut Cutter<'_>) {
        let mut from = self.all[range.start].span.start;
        for line in &self.all[range.clone()] {
            if line.body.of(self.text).starts_with(">From ") {
                cutter.words(Span::new(from, line.body.start));
                from = line.body.start + 1;
                cutter.inline(Span::new(line.body.start, from), Reason::Address);
            } else if is_footnote_of_link(line.body.of(self.text)) {
                cutter.words(Span::new(from, line.body.start));
                cutter.inline(line.body, Reason::Address);
                from = line.body.end;
            }
        }
        cutter.words(Span::new(from, self.all[range.end - 1].span.end));
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
fn body_of(content: &str) -> Range<usize> {
    if let [first, .., last] = content.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return 0..content.len();
    }
    let body = content.trim_matches(is_blank);
    let lead = content.len() - content.trim_start_matches(is_blank).len();
    if body.is_empty() { 0..0 } else { lead..lead + body.len() }
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}
