//! A file → the texts in it that somebody wrote, each with its way back to lines and columns.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::{Encoding, UTF_8};

use super::ignore::{self, Directive};
use super::markdown;
use super::places::{Assembly, Inside, Place, Places};
use crate::fault::{self, Fault, Position};
use crate::source::{html, mail};
use crate::span::{LineStarts, Span};

/// The largest draft that is read.
pub const MAX_BYTES: usize = 64 << 20;

/// Share of characters that may be replaced before a text counts as undecodable, in percent.
const MAX_REPLACED_PERCENT: usize = 1;

/// What a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// A mail as it is sent or saved (`.eml`).
    Mail,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Text, Self::Markdown, Self::Html, Self::Mail];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Mail => "mail",
        }
    }

    /// What a file's name says.
    #[must_use]
    pub fn of_name(path: &str) -> Option<Self> {
        let extension = Path::new(path).extension()?.to_string_lossy().to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "md" | "markdown" | "mdown" | "mkd" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "eml" => Some(Self::Mail),
            _ => None,
        }
    }

    /// What its first bytes say.
    fn of_content(bytes: &[u8]) -> Self {
        let head = bytes[..bytes.len().min(512)].trim_ascii_start().to_ascii_lowercase();
        if head.starts_with(b"<!doctype html") || head.starts_with(b"<html") {
            Self::Html
        } else if mail::looks_like(bytes) {
            Self::Mail
        } else {
            Self::Text
        }
    }
}

/// A draft that was read.
#[derive(Debug)]
pub struct Draft {
    path: Arc<str>,
    /// The file, in UTF-8 unless it is a mail.
    bytes: Vec<u8>,
    lines: LineStarts,
    texts: Vec<Text>,
    directives: Vec<Directive>,
}

/// A text in a draft.
#[derive(Debug)]
pub(super) struct Text {
    /// As it is read.
    content: String,
    /// How to find the file's bytes; none where the text was decoded.
    places: Option<Places>,
    /// Where in the file it begins.
    from: usize,
    is_of_mail: bool,
}

impl Text {
    pub(super) fn text(&self) -> &str {
        &self.content
    }

    pub(super) const fn is_of_mail(&self) -> bool {
        self.is_of_mail
    }
}

impl Draft {
    /// Reads a draft from its bytes; where the format is not given, the name decides, then the content.
    ///
    /// # Errors
    /// If it is no text, is not in the charset that it ought to be in, or is no mail where a mail is wanted.
    pub fn read(path: &str, bytes: Vec<u8>, format: Option<Format>) -> Result<Self, Fault> {
        let at = fault::Place::file(path);
        if bytes.len() > MAX_BYTES {
            return Err(Fault::new(at, format!("the draft is larger than {} MiB", MAX_BYTES >> 20)));
        }
        let format = format.or_else(|| Format::of_name(path)).unwrap_or_else(|| Format::of_content(&bytes));
        if format == Format::Mail {
            return Self::of_mail(path, bytes);
        }
        let text = decode(&bytes, format, &at)?;
        let mut directives = ignore::directives(&text);
        let (read, places) = match format {
            Format::Html => {
                let (read, places) = html::to_text_with_places(&text);
                (read, Places(places))
            }
            Format::Markdown => {
                let (read, code) = markdown::prose(&text, &directives);
                directives.retain(|directive| !code.iter().any(|code| code.overlaps(directive.span)));
                (read.text, read.places)
            }
            Format::Text | Format::Mail => {
                let read = without(&text, &directives);
                (read.text, read.places)
            }
        };
        let texts = vec![Text { content: read, places: Some(places), from: 0, is_of_mail: false }];
        Ok(Self { path: path.into(), lines: LineStarts::of(&text), bytes: text.into_bytes(), texts, directives })
    }

    fn of_mail(path: &str, mut bytes: Vec<u8>) -> Result<Self, Fault> {
        let at = fault::Place::file(path);
        if !bytes.contains(&b'\n') {
            bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        }
        let (written, notes) = mail::written(&bytes).map_err(|why| Fault::new(at.clone(), why))?;
        if let Some(why) = notes.into_iter().next() {
            return Err(Fault::new(at, why));
        }
        let start = bytes.as_ptr().addr();
        let texts = written
            .into_iter()
            .map(|written| {
                let blank = written.raw.len() - written.raw.trim_ascii_start().len();
                let from = written.raw.as_ptr().addr() - start + blank;
                // What was borrowed lies in the mail as it is read.
                let exact = match &written.text {
                    Cow::Borrowed(text) => text.as_ptr().addr().checked_sub(start).filter(|&at| at + text.len() <= bytes.len()),
                    Cow::Owned(_) => None,
                };
                Text { content: written.text.into_owned(), places: exact.map(Places::from), from, is_of_mail: true }
            })
            .collect();
        let directives = std::str::from_utf8(&bytes).map(ignore::directives).unwrap_or_default();
        Ok(Self { path: path.into(), lines: LineStarts::of(&bytes), bytes, texts, directives })
    }

    /// The file as it was named.
    #[must_use]
    pub const fn path(&self) -> &Arc<str> {
        &self.path
    }

    pub(super) fn texts(&self) -> &[Text] {
        &self.texts
    }

    pub(super) fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// Where a stretch of a text lies, the line it begins in, and which characters of that line are meant.
    pub(super) fn locate(&self, text: &Text, span: Span) -> (Place, String, (usize, usize)) {
        let Some(places) = &text.places else { return self.locate_decoded(text, span) };
        let last = text.content[..span.end].char_indices().next_back().map_or(span.start, |(at, _)| at.max(span.start));
        // White space that was added behind the last line lies behind the file.
        let [start, last] = [span.start, last].map(|byte| places.of(byte).min(self.bytes.len()));
        let end = last + String::from_utf8_lossy(&self.bytes[last..]).chars().next().map_or(1, char::len_utf8);
        self.locate_bytes(Span::new(start, end.max(start).min(self.bytes.len())))
    }

    /// Where a stretch of the file lies, its first line, and which characters of that are meant.
    pub(super) fn locate_bytes(&self, span: Span) -> (Place, String, (usize, usize)) {
        let (line, end_line) = (self.lines.line_of(span.start), self.lines.line_of(span.end.saturating_sub(1).max(span.start)));
        let column = |line: u64, byte: usize| characters(&self.bytes[self.lines.start_of(line)..byte]) as u64 + 1;
        let columns = (column(line, span.start), column(end_line, span.end));
        let content = line_at(&self.bytes, self.lines.start_of(line));
        let place = Place { line, columns: Some(columns), end_line, inside: None };
        let marked = mark(&content, columns.0, (line == end_line).then_some(columns.1));
        (place, content, marked)
    }

    /// Text that was decoded has the line of its part; the line inside of the part is that of what came out.
    fn locate_decoded(&self, text: &Text, span: Span) -> (Place, String, (usize, usize)) {
        let lines = LineStarts::of(&text.content);
        let (line, end_line) = (lines.line_of(span.start), lines.line_of(span.end.saturating_sub(1)));
        let start = lines.start_of(line);
        let column = characters(&text.content.as_bytes()[start..span.start]) as u64 + 1;
        let end = (line == end_line).then(|| characters(&text.content.as_bytes()[start..span.end]) as u64 + 1);
        let content = line_at(text.content.as_bytes(), start);
        let marked = mark(&content, column, end);
        let line_of_part = self.lines.line_of(text.from);
        let place = Place { line: line_of_part, columns: None, end_line: line_of_part, inside: Some(Inside { line, column }) };
        (place, content, marked)
    }
}

/// A text in UTF-8, from UTF-8, from UTF-16 with its mark, or a page from the charset that it names.
fn decode(bytes: &[u8], format: Format, at: &fault::Place) -> Result<String, Fault> {
    let named = (format == Format::Html).then(|| html::charset(bytes)).flatten();
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => named.and_then(|name| Encoding::for_label(name.as_bytes())).unwrap_or(UTF_8),
    };
    if encoding == UTF_8 {
        let skipped = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let text = String::from_utf8(bytes[skipped..].to_vec()).map_err(|error| {
            let byte = (skipped + error.utf8_error().valid_up_to()) as u64;
            Fault::new(at.at(Position::Byte(byte)), "found bytes that are not UTF-8, expected text")
        })?;
        return match text.find('\0') {
            Some(byte) => Err(Fault::new(at.at(Position::Byte((skipped + byte) as u64)), "found a zero byte, expected text")),
            None => Ok(text),
        };
    }
    let (text, _, _) = encoding.decode(bytes);
    let n_replaced = text.chars().filter(|&c| c == '\u{fffd}').count();
    if n_replaced * 100 > text.chars().count() * MAX_REPLACED_PERCENT {
        return Err(Fault::new(at.clone(), format!("{n_replaced} characters are not valid {}", encoding.name().to_lowercase())));
    }
    Ok(text.into_owned())
}

/// A text without its marks to ignore something.
fn without(text: &str, directives: &[Directive]) -> Assembly {
    let mut assembly = Assembly::default();
    let mut from = 0;
    for directive in directives {
        assembly.keep(&text[from..directive.span.start], from);
        from = directive.span.end;
    }
    assembly.keep(&text[from..], from);
    assembly
}

fn characters(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).chars().count()
}

/// The line that begins at a byte, without its end.
fn line_at(bytes: &[u8], start: usize) -> String {
    let end = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |length| start + length);
    String::from_utf8_lossy(&bytes[start..end]).trim_end_matches('\r').to_owned()
}

/// The characters of a line from one column to another, or to its end.
fn mark(line: &str, column: u64, end: Option<u64>) -> (usize, usize) {
    let n = line.chars().count();
    let at = |column: u64| usize::try_from(column).map_or(n, |column| column.saturating_sub(1)).min(n);
    let from = at(column);
    (from, end.map_or(n, at).max(from))
}
