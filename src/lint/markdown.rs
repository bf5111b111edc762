//! Markdown as documents are written → its prose: without code, markup, addresses of links, comments and the block of settings at its top.
//! One pass, line by line; what is not closed is text.

use super::ignore::Directive;
use super::places::Assembly;
use crate::span::Span;

/// Elements whose content is no prose.
const NO_PROSE: [&str; 4] = ["pre", "code", "script", "style"];

/// The prose, and the stretches of the file that are code.
pub(super) fn prose(text: &str, directives: &[Directive]) -> (Assembly, Vec<Span>) {
    let mut page = Page { text, directives, assembly: Assembly::default(), code: Vec::new(), skip_to: settings_end(text) };
    let mut fence: Option<(u8, usize)> = None;
    let (mut after_blank, mut in_list) = (true, false);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
        if span.end < page.skip_to {
            continue;
        }
        let content = span.of(text);
        let body = content.trim_start();
        let indent = content.len() - body.len();
        let run = fence_run(body);
        match (fence, run) {
            (Some((sign, length)), _) => {
                page.code.push(span);
                let is_end = run.is_some_and(|(own, n)| own == sign && n >= length) && body.trim_end().bytes().all(|byte| byte == sign);
                fence = fence.filter(|_| !is_end);
            }
            // Backticks that are closed in their line are a span of code.
            (None, Some((sign, length))) if sign == b'~' || !body[length..].contains('`') => {
                page.code.push(span);
                fence = run;
            }
            _ if body.is_empty() => {
                page.assembly.blank("\n\n");
                after_blank = true;
                continue;
            }
            _ if after_blank && !in_list && (indent >= 4 || content.starts_with('\t')) => {
                page.code.push(span);
                continue;
            }
            _ => {
                in_list = is_item(body) || in_list && (indent > 0 || !after_blank);
                page.block(span, indent);
            }
        }
        after_blank = false;
    }
    page.code.retain(|span| !span.is_empty());
    (page.assembly, page.code)
}

/// One past the settings at the top, between lines of three dashes or three plus signs; 0 where there are none.
fn settings_end(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let Some(mark) = lines.next().filter(|line| matches!(line.trim_end(), "---" | "+++")) else { return 0 };
    let mut end = mark.len();
    for line in lines {
        end += line.len();
        if line.trim_end() == mark.trim_end() {
            return end;
        }
    }
    0
}

/// The sign and number of the backticks or tildes, three or more, that a line begins with.
fn fence_run(body: &str) -> Option<(u8, usize)> {
    let sign = *body.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = body.bytes().take_while(|&byte| byte == sign).count();
    (length >= 3).then_some((sign, length))
}

fn is_item(body: &str) -> bool {
    let digits = body.trim_start_matches(|c: char| c.is_ascii_digit());
    body.starts_with("- ")
        || body.starts_with("* ")
        || body.starts_with("+ ")
        || digits.len() < body.len() && (digits.starts_with(". ") || digits.starts_with(") "))
}

struct Page<'a> {
    text: &'a str,
    directives: &'a [Directive],
    assembly: Assembly,
    code: Vec<Span>,
    /// What stands before this byte is no prose.
    skip_to: usize,
}

impl Page<'_> {
    /// A line that is no code.
    fn block(&mut self, line: Span, indent: usize) {
        let body = line.start + indent;
        let content = &self.text[body..line.end];
        let marks = content.bytes().take_while(|&byte| byte == b'#').count();
        let is_heading = (1..=6).contains(&marks) && content[marks..].starts_with([' ', '\t']);
        let is_rule = content.len() > 1 && content.trim_end().bytes().all(|byte| matches!(byte, b'=' | b'-' | b'*' | b'_' | b' '));
        let is_definition = content.starts_with('[') && content.find("]:").is_some_and(|at| !content[..at].contains(['(', ' ']));
        if is_rule || is_definition {
            // The underline of a heading ends it.
            self.assembly.blank("\n\n");
        } else if is_heading {
            self.assembly.blank("\n\n");
            self.inline(Span::new(body + marks, body + content.trim_end().trim_end_matches('#').len().max(marks)));
            self.assembly.blank("\n\n");
        } else if content.starts_with('|') {
            // A row of a table is nobody's sentence going on.
            self.assembly.blank("\n\n");
            self.inline(Span::new(body, line.end));
            self.assembly.blank("\n\n");
        } else {
            // A list's star is kept, so that items stay apart.
            let bullet = usize::from(content.starts_with("* "));
            self.assembly.keep(&self.text[line.start..body + bullet], line.start);
            self.inline(Span::new(body + bullet, line.end));
            self.assembly.blank("\n");
        }
    }

    /// What stands in a line, without its markup.
    fn inline(&mut self, line: Span) {
        let text = self.text;
        let bytes = &text.as_bytes()[..line.end];
        // Ends of links, with where the text goes on behind them.
        let mut links: Vec<(usize, usize)> = Vec::new();
        let mut at = line.start.max(self.skip_to);
        let mut from = at;
        while at < line.end {
            let end = match bytes[at] {
                b'\\' => bytes.get(at + 1).filter(|byte| byte.is_ascii_punctuation()).map(|_| at + 1),
                b'`' => self.code_end(at, line.end),
                b'*' => Some(at + 1),
                b'~' if bytes.get(at + 1) == Some(&b'~') => Some(at + 2),
                b'_' => is_mark(&text[line.start..line.end], at - line.start).then_some(at + 1),
                b'!' => (bytes.get(at + 1) == Some(&b'[')).then_some(at + 1),
                b'[' => link(bytes, at).map(|(close, end)| {
                    links.push((close, end));
                    at + 1
                }),
                b']' => links.iter().find(|&&(close, _)| close == at).map(|&(_, end)| end),
                b'<' => self.tag_end(at, line.end),
                _ => self.directives.iter().find(|directive| directive.span.start == at).map(|directive| directive.span.end),
            };
            match end {
                None => at += 1,
                Some(end) => {
                    self.assembly.keep(&text[from..at], from);
                    // An escaped sign is text itself.
                    at = if bytes[at] == b'\\' { end + 1 } else { end };
                    from = end;
                }
            }
        }
        self.assembly.keep(&text[from.min(line.end)..line.end], from.min(line.end));
    }

    /// One past the span of code that begins at a run of backticks.
    fn code_end(&mut self, start: usize, line_end: usize) -> Option<usize> {
        let rest = &self.text[start..line_end];
        let ticks = &rest[..rest.bytes().take_while(|&byte| byte == b'`').count()];
        let mut from = ticks.len();
        while let Some(found) = rest[from..].find(ticks).map(|at| from + at) {
            let run = rest[found..].bytes().take_while(|&byte| byte == b'`').count();
            from = found + run;
            if run == ticks.len() {
                self.code.push(Span::new(start, start + from));
                return Some(start + from);
            }
        }
        // None closes, so none of them is looked at again.
        None
    }

    /// One past a comment, a tag, or an element without prose; these may end in a later line.
    fn tag_end(&mut self, start: usize, line_end: usize) -> Option<usize> {
        let rest = &self.text[start..];
        if let Some(inside) = rest.strip_prefix("<!--") {
            let end = inside.find("-->").map(|at| start + 4 + at + 3)?;
            self.skip_to = self.skip_to.max(end);
            return Some(end.min(line_end));
        }
        let in_line = &self.text[start..line_end];
        let is_tag = in_line[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let tag = &in_line[..=in_line.find('>').filter(|_| is_tag)?];
        let name: String = tag[1..].chars().take_while(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let close = NO_PROSE.contains(&name.as_str()).then(|| rest.find(&format!("</{name}"))).flatten();
        let Some(close) = close else { return Some(start + tag.len()) };
        self.code.push(Span::new(start, start + close));
        self.skip_to = self.skip_to.max(start + close);
        Some((start + close).min(line_end))
    }
}

/// Whether an underscore stands at the border of a word, so that it is a mark and no letter.
fn is_mark(line: &str, at: usize) -> bool {
    let before = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
    before || line[at + 1..].chars().next().is_none_or(|c| !c.is_alphanumeric())
}

/// For the bracket of a link, the one that closes it, and one past what the link leads to.
fn link(bytes: &[u8], start: usize) -> Option<(usize, usize)> {
    let close = closing(bytes, start, b'[', b']')?;
    let end = match bytes.get(close + 1) {
        Some(b'(') => closing(bytes, close + 1, b'(', b')')?,
        Some(b'[') => closing(bytes, close + 1, b'[', b']')?,
        _ => return None,
    };
    Some((close, end + 1))
}

/// The bracket that closes the one at `start`; nobody writes longer links than a thousand bytes.
fn closing(bytes: &[u8], start: usize, opens: u8, closes: u8) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, &byte) in bytes.iter().enumerate().skip(start).take(1000) {
        if byte == opens {
            depth += 1;
        } else if byte == closes {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}
