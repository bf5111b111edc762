//! Message → own words: quotes, forwards, signatures, closings, code, addresses are cut, each with its reason, none silently.
//!
//! Every step decides about whole lines or short spans once and never looks back without a bound, so that the time is linear in the text.

mod address;
mod attribution;
mod closing;
mod code;
mod cutter;
mod footer;
mod lines;
mod mail;
mod quoted;
mod signature;
mod slack;

#[cfg(test)]
mod tests;

use crate::message::{Markup, Reason};
use crate::span::Span;

use cutter::Cutter;

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
    let mut cutter = Cutter::new(text, markup);
    match markup {
        Markup::Mail => mail::cut(text, &mut cutter),
        Markup::Slack => slack::cut(text, &mut cutter),
        Markup::Plain => plain(text, &mut cutter),
    }
    cutter.finish()
}

/// Plain text has no quotes or signatures of a known form: only fenced code and addresses go.
fn plain(text: &str, cutter: &mut Cutter<'_>) {
    let mut from = 0;
    for fence in code::fences(text) {
        cutter.words(Span::new(from, fence.start));
        cutter.block(fence, Reason::Code);
        from = fence.end;
    }
    cutter.words(Span::new(from, text.len()));
}
