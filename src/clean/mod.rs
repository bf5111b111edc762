//! Message → own words: quotes, forwards, signatures, closings, code, addresses are cut, each with its reason, none silently.
//!
//! Every step decides about whole lines or short spans once and never looks back without a bound, so that the time is linear in the text.

mod address;
mod attribution;
mod automatic;
mod banner;
mod closing;
mod code;
mod cutter;
mod footer;
mod header;
mod hints;
mod lines;
mod log;
mod mail;
mod markdown;
mod output;
mod passage;
mod pasted;
mod program;
mod quoted;
mod session;
mod signature;
mod slack;
mod starts;
mod statement;
mod talk;
mod trailing;
mod writer;

#[cfg(test)]
mod tests;

use crate::message::{Markup, Reason};
use crate::span::Span;

pub use automatic::is_automatic;
use cutter::Cutter;
use trailing::Known;
pub use trailing::{TrailingCut, TrailingLine};
pub use writer::Writer;

/// What an author newly wrote: stretches of the message's text, so that nothing is copied and offsets stay true.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OwnWords {
    /// Kept stretches, in order, not overlapping.
    pub pieces: Vec<Piece>,
    /// Removed stretches with their reasons, in order, not overlapping. White space between pieces is in neither.
    pub removed: Vec<(Span, Reason)>,
}

/// A kept stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the message's text.
    pub span: Span,
    /// Whether a sentence may run from the piece before into this one (an address was cut between them) or not (a quote, a code block).
    pub joins: bool,
}

/// Finds the own words of a text.
#[must_use]
pub fn own_words(text: &str, markup: Markup) -> OwnWords {
    cut(text, markup, Writer::default(), None)
}

/// Finds the own words of a writer's text; of a mail, `known` is shown the last lines, the last one first, and says how many of them go.
#[must_use]
pub fn own_words_above(text: &str, markup: Markup, writer: Writer<'_>, known: &mut dyn FnMut(&[TrailingLine]) -> TrailingCut) -> OwnWords {
    cut(text, markup, writer, Some(known))
}

fn cut(text: &str, markup: Markup, writer: Writer<'_>, known: Option<&mut Known<'_>>) -> OwnWords {
    let mut cutter = Cutter::new(text, markup);
    match markup {
        Markup::Mail => mail::cut(text, writer, known, &mut cutter),
        Markup::Slack => slack::cut(text, &mut cutter),
        Markup::Markdown => markdown::cut(text, &mut cutter),
        Markup::Plain => plain(text, &mut cutter),
    }
    cutter.finish()
}

/// Plain text has no signatures of a known form: fenced code, lines that begin with `>` and addresses go.
fn plain(text: &str, cutter: &mut Cutter<'_>) {
    let mut from = 0;
    for fence in code::fences(text) {
        plain_lines(text, Span::new(from, fence.start), cutter);
        cutter.block(fence, Reason::Code);
        from = fence.end;
    }
    plain_lines(text, Span::new(from, text.len()), cutter);
}

/// Cuts the quoted lines of a stretch; what stands between them is handed on whole.
fn plain_lines(text: &str, within: Span, cutter: &mut Cutter<'_>) {
    let mut from = within.start;
    let mut start = within.start;
    while start < within.end {
        let end = memchr::memchr(b'\n', &text.as_bytes()[start..within.end]).map_or(within.end, |at| start + at + 1);
        if text[start..end].trim_start().starts_with('>') {
            cutter.words(Span::new(from, start));
            cutter.block(Span::new(start, end), Reason::QuotedReply);
            from = end;
        }
        start = end;
    }
    cutter.words(Span::new(from, within.end));
}
