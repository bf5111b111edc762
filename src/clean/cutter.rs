//! Builds the own words of a text from left to right, as stretches that are kept or cut.

use crate::message::{Markup, Reason};
use crate::span::Span;

use super::{OwnWords, Piece, address};

/// What has been cut since the last kept stretch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Nothing but white space.
    None,
    /// Only things that stand inside a sentence.
    Inline,
    /// A quote, a signature, a code block.
    Block,
}

/// Takes the stretches of a text in order and puts together what stays and what goes.
pub(super) struct Cutter<'a> {
    text: &'a str,
    markup: Markup,
    own: OwnWords,
    gap: Gap,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(text: &'a str, markup: Markup) -> Self {
        Self { text, markup, own: OwnWords::default(), gap: Gap::None }
    }

    /// Keeps a stretch, less the addresses in it.
    pub(super) fn words(&mut self, span: Span) {
        let (text, mut from) = (self.text, span.start);
        address::each_address(text, span, &mut |found: Span| {
            self.keep(Span::new(from, found.start));
            self.inline(found, Reason::Address);
            from = found.end;
        });
        self.keep(Span::new(from, span.end));
    }

    /// Cuts a stretch that stands inside a sentence.
    pub(super) fn inline(&mut self, span: Span, reason: Reason) {
        self.cut(span, reason);
        if self.gap == Gap::None {
            self.gap = Gap::Inline;
        }
    }

    /// Cuts a stretch over which no sentence runs.
    pub(super) fn block(&mut self, span: Span, reason: Reason) {
        self.cut(span, reason);
        self.gap = Gap::Block;
    }

    pub(super) fn finish(self) -> OwnWords {
        self.own
    }

    fn keep(&mut self, span: Span) {
        let span = trimmed(self.text, span);
        if span.is_empty() {
            return;
        }
        match (self.own.pieces.last_mut(), self.gap) {
            (Some(last), Gap::None) => last.span.end = span.end,
            (Some(last), Gap::Inline) => {
                let joins = !ends_sentence(&self.text[last.span.end..span.start], self.markup);
                self.own.pieces.push(Piece { span, joins });
            }
            (Some(_), Gap::Block) | (None, Gap::None | Gap::Inline | Gap::Block) => self.own.pieces.push(Piece { span, joins: false }),
        }
        self.gap = Gap::None;
    }

    fn cut(&mut self, span: Span, reason: Reason) {
        let span = trimmed(self.text, span);
        if span.is_empty() {
            return;
        }
        match self.own.removed.last_mut() {
            // With a gap there is no kept stretch between the two.
            Some((last, why)) if *why == reason && self.gap != Gap::None => last.end = span.end,
            Some(_) | None => self.own.removed.push((span, reason)),
        }
    }
}

/// Whether the gap between two kept stretches ends a sentence by itself: in a chat a line end does, in a hard-wrapped mail an empty line.
fn ends_sentence(gap: &str, markup: Markup) -> bool {
    let enough = match markup {
        Markup::Mail => 2,
        Markup::Slack | Markup::Markdown | Markup::Plain => 1,
    };
    let mut line_ends = 0;
    for byte in gap.bytes() {
        match byte {
            b'\n' => line_ends += 1,
            b' ' | b'\t' | b'\r' => {}
            _ => line_ends = 0,
        }
        if line_ends == enough {
            return true;
        }
    }
    false
}

fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.of(text).trim_start();
    let start = span.end - inner.len();
    Span::new(start, start + inner.trim_end().len())
}
