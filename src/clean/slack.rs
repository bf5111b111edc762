//! Slack's markup: fences, quote lines, `<…>` tokens, entities, emoji codes, code spans.

use memchr::{memchr, memchr_iter, memchr3};

use crate::message::Reason;
use crate::span::Span;

use super::code;
use super::cutter::Cutter;

/// Longest name of an emoji.
const LONGEST_EMOJI: usize = 100;

/// Cuts a message of Slack.
pub(super) fn cut(text: &str, cutter: &mut Cutter<'_>) {
    let mut from = 0;
    for fence in code::fences(text) {
        if quotes_to_end(text, Span::new(from, fence.start), cutter) {
            return;
        }
        cutter.block(fence, Reason::Code);
        from = fence.end;
    }
    quotes_to_end(text, Span::new(from, text.len()), cutter);
}

/// Cuts the lines of a stretch without fences; whether a `>>>` took all the rest of the message.
fn quotes_to_end(text: &str, within: Span, cutter: &mut Cutter<'_>) -> bool {
    let mut start = within.start;
    while start < within.end {
        let end = memchr(b'\n', &text.as_bytes()[start..within.end]).map_or(within.end, |i| start + i);
        let line = &text[start..end];
        let at_line_start = start == 0 || text.as_bytes()[start - 1] == b'\n';
        match quote_marks(line) {
            3.. if at_line_start => {
                cutter.block(Span::new(start, text.len()), Reason::QuotedReply);
                return true;
            }
            1.. if at_line_start => cutter.block(Span::new(start, end), Reason::QuotedReply),
            _ => inline(text, Span::new(start, end), cutter),
        }
        start = end + 1;
    }
    false
}

/// How many `>` or `&gt;` a line begins with.
fn quote_marks(line: &str) -> usize {
    let mut rest = line.trim_start();
    let mut marks = 0;
    while let Some(after) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("&gt;")) {
        marks += 1;
        rest = after;
    }
    marks
}

/// Cuts what stands inside a line.
fn inline(text: &str, line: Span, cutter: &mut Cutter<'_>) {
    let bytes = text.as_bytes();
    // Everything before this is handed on.
    let mut done = line.start;
    // Nothing closes after these, so that no search goes over the same bytes again and again.
    let (mut ticks_end, mut emoji_end) = (true, None);
    let mut at = line.start;
    while let Some(next) = next_sign(bytes, at, line.end) {
        at = next + 1;
        match bytes[next] {
            b'`' if ticks_end => match memchr(b'`', &bytes[next + 1..line.end]) {
                Some(0) => {}
                Some(length) => {
                    cutter.words(Span::new(done, next));
                    done = next + length + 2;
                    cutter.inline(Span::new(next, done), Reason::Code);
                }
                None => ticks_end = false,
            },
            b'<' => match memchr3(b'>', b'<', b'\n', &bytes[next + 1..line.end]) {
                Some(length) if bytes[next + 1 + length] == b'>' => {
                    cutter.words(Span::new(done, next));
                    done = next + length + 2;
                    token(text, Span::new(next, done), cutter);
                }
                Some(_) | None => {}
            },
            b'&' => {
                if let Some(entity) = ["&amp;", "&lt;", "&gt;"].iter().find(|entity| text[next..line.end].starts_with(**entity)) {
                    cutter.words(Span::new(done, next));
                    done = next + entity.len();
                    cutter.inline(Span::new(next, done), Reason::Address);
                }
            }
            b':' => {
                let starts = next == line.start || bytes[next - 1] != b':' || emoji_end == Some(next);
                if let Some(length) =
                    emoji(&text[next..line.end]).filter(|_| starts && !is_clock(&bytes[line.start..line.end], next - line.start))
                {
                    cutter.words(Span::new(done, next));
                    done = next + length;
                    emoji_end = Some(done);
                    cutter.inline(Span::new(next, done), Reason::Address);
                }
            }
            _ => {}
        }
        at = at.max(done);
    }
    cutter.words(Span::new(done, line.end));
}

fn next_sign(bytes: &[u8], from: usize, end: usize) -> Option<usize> {
    bytes[from..end].iter().position(|b| matches!(b, b'`' | b'<' | b'&' | b':')).map(|i| from + i)
}

/// A `<…>` token: of a link the label stays when it is words, of everything else nothing.
fn token(text: &str, token: Span, cutter: &mut Cutter<'_>) {
    let inside = Span::new(token.start + 1, token.end - 1);
    let is_link = !inside.of(text).starts_with(['@', '#', '!']);
    let label = memchr(b'|', inside.of(text).as_bytes()).map(|bar| Span::new(inside.start + bar + 1, inside.end));
    match label {
        Some(label) if is_link && !is_url(inside.of(text), label.of(text)) => {
            cutter.inline(Span::new(token.start, label.start), Reason::Address);
            let mut from = label.start;
            for amp in memchr_iter(b'&', label.of(text).as_bytes()).map(|i| label.start + i) {
                if let Some(entity) = ["&amp;", "&lt;", "&gt;"].iter().find(|entity| text[amp..label.end].starts_with(**entity)) {
                    cutter.words(Span::new(from, amp));
                    from = amp + entity.len();
                    cutter.inline(Span::new(amp, from), Reason::Address);
                }
            }
            cutter.words(Span::new(from, label.end));
            cutter.inline(Span::new(label.end, token.end), Reason::Address);
        }
        Some(_) | None => cutter.inline(token, Reason::Address),
    }
}

/// A label that only repeats the link: `<http://a.example|a.example>`.
fn is_url(inside: &str, label: &str) -> bool {
    let target = &inside[..inside.len() - label.len() - 1];
    label.is_empty() || label.contains("://") || label.starts_with("www.") || (!label.contains(' ') && target.contains(label))
}

/// The length of the emoji code that a text begins with.
pub(super) fn emoji(text: &str) -> Option<usize> {
    let name = text[1..].find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'')))?;
    (name > 0 && name <= LONGEST_EMOJI && text.as_bytes()[1 + name] == b':').then_some(name + 2)
}

/// The colon of `10:30:45`.
pub(super) fn is_clock(line: &[u8], colon: usize) -> bool {
    colon > 0 && line[colon - 1].is_ascii_digit() && line.get(colon + 1).is_some_and(u8::is_ascii_digit)
}
