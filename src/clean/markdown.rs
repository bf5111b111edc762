//! Markdown as chats write it: fences (of code, and Zulip's of quotes and spoilers), quote lines, code spans, mentions, emoji codes.

use memchr::{memchr, memmem};

use crate::message::Reason;
use crate::span::Span;

use super::cutter::Cutter;
use super::slack::{emoji, is_clock};

/// Spoilers inside spoilers that are looked into; nobody nests deeper.
const DEEPEST: usize = 4;

/// Cuts a message in Markdown.
pub(super) fn cut(text: &str, cutter: &mut Cutter<'_>) {
    stretch(text, Span::new(0, text.len()), DEEPEST, cutter);
}

/// Cuts a stretch of whole lines; whether a `>>>` took all the rest of the message.
fn stretch(text: &str, within: Span, depth: usize, cutter: &mut Cutter<'_>) -> bool {
    let mut from = within.start;
    for fence in fences(text, within) {
        if lines(text, Span::new(from, fence.span.start), fence.kind == Fenced::Quote, within.end, cutter) {
            return true;
        }
        match fence.kind {
            Fenced::Quote => cutter.block(fence.span, Reason::QuotedReply),
            Fenced::Spoiler if depth > 0 => {
                cutter.block(Span::new(fence.span.start, fence.inside.start), Reason::Address);
                stretch(text, fence.inside, depth - 1, cutter);
                cutter.block(Span::new(fence.inside.end, fence.span.end), Reason::Address);
            }
            Fenced::Code | Fenced::Spoiler => cutter.block(fence.span, Reason::Code),
        }
        from = fence.span.end;
    }
    lines(text, Span::new(from, within.end), false, within.end, cutter)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fenced {
    Code,
    Quote,
    Spoiler,
}

struct Fence {
    span: Span,
    /// What stands between the marks, of a spoiler with its heading.
    inside: Span,
    kind: Fenced,
}

/// Three or more backticks, or tildes at a line's start.
struct Mark {
    span: Span,
    tick: bool,
    /// Nothing else on its line before it.
    at_line_start: bool,
}

/// Fenced stretches in order. A fence ends at the next mark that is as long as its first; one that never ends is none.
fn fences(text: &str, within: Span) -> Vec<Fence> {
    let marks = marks(text, within);
    // The longest mark of the same sign behind each one, so that no search for an end that is not there goes over the text.
    let mut longest_behind = vec![0; marks.len()];
    let mut longest = [0; 2];
    for (i, mark) in marks.iter().enumerate().rev() {
        let longest = &mut longest[usize::from(mark.tick)];
        longest_behind[i] = *longest;
        *longest = mark.span.len().max(*longest);
    }
    let mut fences = Vec::new();
    let mut i = 0;
    while i < marks.len() {
        let first = &marks[i];
        i += 1;
        if longest_behind[i - 1] < first.span.len() {
            continue;
        }
        let is_end = |mark: &Mark| mark.tick == first.tick && mark.span.len() >= first.span.len();
        let Some(n) = marks[i..].iter().position(is_end) else { continue };
        let end = marks[i + n].span.end;
        i += n + 1;
        let inside = Span::new(first.span.end, marks[i - 1].span.start);
        let (kind, skipped) = kind_of(inside.of(text), first.at_line_start);
        fences.push(Fence { span: Span::new(first.span.start, end), inside: Span::new(inside.start + skipped, inside.end), kind });
    }
    fences
}

/// What a fence holds, by the word behind its first mark, and the length of that word.
fn kind_of(inside: &str, at_line_start: bool) -> (Fenced, usize) {
    let heading = inside.lines().next().unwrap_or_default();
    let word = heading.split_whitespace().next().unwrap_or_default();
    match word {
        "quote" if at_line_start => (Fenced::Quote, 0),
        "spoiler" if at_line_start => (Fenced::Spoiler, heading.find(word).unwrap_or_default() + word.len()),
        _ => (Fenced::Code, 0),
    }
}

fn marks(text: &str, within: Span) -> Vec<Mark> {
    let bytes = &text.as_bytes()[..within.end];
    let mut marks = Vec::new();
    let mut at = within.start;
    while let Some(next) = memmem::find(&bytes[at..], b"```").map(|i| at + i) {
        tildes(bytes, Span::new(at, next), &mut marks);
        let end = run_end(bytes, next);
        marks.push(Mark { span: Span::new(next, end), tick: true, at_line_start: is_line_start(bytes, next) });
        at = end;
    }
    tildes(bytes, Span::new(at, within.end), &mut marks);
    marks
}

fn tildes(bytes: &[u8], within: Span, marks: &mut Vec<Mark>) {
    let mut at = within.start;
    while let Some(next) = memmem::find(&bytes[at..within.end], b"~~~").map(|i| at + i) {
        at = run_end(bytes, next);
        if is_line_start(bytes, next) {
            marks.push(Mark { span: Span::new(next, at), tick: false, at_line_start: true });
        }
    }
}

fn run_end(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|&&byte| byte == bytes[from]).count()
}

fn is_line_start(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take(4).find(|&&byte| byte != b' ').is_none_or(|&byte| byte == b'\n')
}

/// Cuts the lines of a stretch without fences; whether a `>>>` took all the rest, to `all_end`.
fn lines(text: &str, within: Span, before_quote: bool, all_end: usize, cutter: &mut Cutter<'_>) -> bool {
    let mut start = within.start;
    let last = within.start + within.of(text).trim_end().len();
    let mut after_quote = false;
    while start < within.end {
        let end = memchr(b'\n', &text.as_bytes()[start..within.end]).map_or(within.end, |i| start + i);
        let line = text[start..end].trim_start();
        let at_line_start = start == 0 || text.as_bytes()[start - 1] == b'\n';
        // Discord's quotes all that follows; elsewhere such a line is one of several quoted ones.
        let quotes_rest = at_line_start && line.starts_with(">>> ") && !after_quote;
        if quotes_rest && !text[end..within.end].trim_start_matches(['\r', '\n']).starts_with('>') {
            cutter.block(Span::new(start, all_end), Reason::QuotedReply);
            return true;
        }
        after_quote = at_line_start && is_quoted(line);
        // Zulip names the author of what is quoted below: `@_**Ann|5** [said](…):`.
        let is_attribution = before_quote && end >= last && line.starts_with("@_**");
        if after_quote || is_attribution {
            cutter.block(Span::new(start, end), Reason::QuotedReply);
        } else {
            inline(text, Span::new(start, end), cutter);
        }
        start = end + 1;
    }
    false
}

/// Whether a line is quoted, and does not begin with a face such as `>_<` or `>:(`.
fn is_quoted(line: &str) -> bool {
    line.strip_prefix('>')
        .is_some_and(|rest| rest.chars().next().is_none_or(|c| c.is_alphanumeric() || c.is_whitespace() || "\"'*_`>@".contains(c)))
        && !line.starts_with(">_<")
        && !line.starts_with(">.>")
}

/// Cuts what stands inside a line.
fn inline(text: &str, line: Span, cutter: &mut Cutter<'_>) {
    let bytes = &text.as_bytes()[..line.end];
    // Everything before this is handed on.
    let mut done = line.start;
    // Nothing closes after these, so that no search goes over the same bytes again and again.
    let (mut ticks_end, mut stars_end, mut emoji_end) = (true, true, None);
    let mut at = line.start;
    while let Some(next) = bytes[at..].iter().position(|byte| matches!(byte, b'`' | b'<' | b':' | b'@' | b'#')).map(|i| at + i) {
        let found = match bytes[next] {
            b'`' if ticks_end => {
                let end = memchr(b'`', &bytes[next + 1..]).map(|length| next + length + 2);
                ticks_end = end.is_some();
                end.filter(|end| end - next > 2).map(|end| (end, Reason::Code))
            }
            b'<' => token(bytes, next).map(|end| (end, Reason::Address)),
            b':' => {
                let starts = next == line.start || bytes[next - 1] != b':' || emoji_end == Some(next);
                let end = emoji(&text[next..line.end])
                    .filter(|_| starts && !is_clock(&bytes[line.start..], next - line.start))
                    .map(|length| next + length);
                emoji_end = end;
                end.map(|end| (end, Reason::Address))
            }
            b'@' | b'#' if stars_end => {
                let (end, is_open) = starred(bytes, next);
                stars_end = !is_open;
                end.map(|end| (end, Reason::Address))
            }
            _ => None,
        };
        at = next + 1;
        if let Some((end, reason)) = found {
            cutter.words(Span::new(done, next));
            cutter.inline(Span::new(next, end), reason);
            done = end;
            at = end;
        }
    }
    cutter.words(Span::new(done, line.end));
}

/// The end of `<@1>`, `<#1>`, `<:name:1>`, `<t:1:R>`, `<https://…>`: without white space, unlike `a < b and c > d`.
fn token(bytes: &[u8], start: usize) -> Option<usize> {
    let inside = &bytes[start + 1..];
    let is_one = [&b"@"[..], b"#", b":", b"a:", b"t:", b"/", b"http:", b"https:", b"mailto:"].iter().any(|sign| inside.starts_with(sign));
    let length = inside.iter().take(1000).position(|&byte| byte == b'>' || byte == b'<' || byte.is_ascii_whitespace())?;
    (is_one && inside[length] == b'>').then_some(start + length + 2)
}

/// The end of Zulip's `@**Ann Lee**`, `@_**Ann|5**`, `@*reps*`, `#**stream>topic**`, and whether the stars are never closed.
fn starred(bytes: &[u8], start: usize) -> (Option<usize>, bool) {
    let rest = &bytes[start + 1..];
    let silent = usize::from(rest.starts_with(b"_"));
    let sign: &[u8] = [&b"**"[..], b"*"].into_iter().find(|sign| rest[silent..].starts_with(sign)).unwrap_or_default();
    if sign.is_empty() {
        return (None, false);
    }
    let from = silent + sign.len();
    let end = memmem::find(&rest[from..], sign).map(|length| start + 1 + from + length + sign.len());
    (end, end.is_none())
}
