//! A multipart cut into its parts.
//!
//! A delimiter line of an outer multipart ends every part inside it, whether those are closed or not; what is missing at the end ends with the
//! mail (RFC 2046, 5.1.2, and what mail programs do beyond it). Mails inside the mail are one part and not entered, so nothing nests but
//! multiparts, and their number and depth are bounded.

use std::borrow::Cow;

use super::header::{Headers, Structured, line_end};

/// Parts beyond which a mail is read no further.
pub(super) const MAX_PARTS: usize = 1000;

/// Multiparts in multiparts, beyond which they are not cut further.
pub(super) const MAX_DEPTH: usize = 64;

/// One part, its header understood.
pub(super) struct Part<'a> {
    /// Type and subtype, in lower case.
    pub(super) media: String,
    /// The field `Content-Type`.
    pub(super) content: Structured,
    /// The field `Content-Transfer-Encoding`.
    pub(super) encoding: Cow<'a, str>,
    pub(super) is_attachment: bool,
    pub(super) has_file_name: bool,
    /// What follows its header; of a multipart all of it, parts and all.
    pub(super) bytes: &'a [u8],
    /// Numbers of the parts inside it, in order; none for a multipart that could not be cut.
    pub(super) children: Vec<usize>,
}

impl<'a> Part<'a> {
    fn new(headers: &Headers<'a>, bytes: &'a [u8], default: &str) -> Self {
        let content = headers.structured("content-type").unwrap_or_default();
        let disposition = headers.structured("content-disposition").unwrap_or_default();
        // What is no media type at all is read as text (RFC 2045, 5.2), as is a bare `text`.
        let media = if content.value.contains('/') { content.value.clone() } else { default.to_owned() };
        Self {
            media,
            encoding: headers.text("content-transfer-encoding").unwrap_or_default(),
            is_attachment: disposition.value == "attachment",
            has_file_name: disposition.parameter("filename").is_some() || content.parameter("name").is_some(),
            content,
            bytes,
            children: Vec::new(),
        }
    }

    /// Whether other parts are to be expected in it.
    pub(super) fn is_multipart(&self) -> bool {
        self.media.starts_with("multipart/")
    }

    /// Whether it is of a type whose text people write themselves; a multipart that could not be cut is plain text.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.media.as_str(), "text/plain" | "text/html" | "text/enriched" | "text/richtext") || self.is_multipart()
    }

    fn boundary(&self) -> Option<&str> {
        let boundary = self.content.parameter("boundary")?.trim_end();
        (self.is_multipart() && !boundary.is_empty()).then_some(boundary)
    }
}

/// All parts of a mail, and whether it has more of them, or nests them deeper, than is read.
pub(super) struct Parts<'a> {
    /// The mail itself first, then its parts in their order.
    pub(super) all: Vec<Part<'a>>,
    pub(super) are_too_many: bool,
    pub(super) nest_too_deep: bool,
}

impl<'a> Parts<'a> {
    /// Cuts a mail whose header was read.
    pub(super) fn cut(headers: &Headers<'a>) -> Self {
        let root = Part::new(headers, headers.body, "text/plain");
        let parts = Self { all: Vec::new(), are_too_many: false, nest_too_deep: false };
        let mut cutter = Cutter { bytes: headers.body, parts, starts: Vec::new(), open: Vec::new(), current: None };
        cutter.begin(root, 0);
        cutter.run();
        cutter.parts
    }
}

/// A multipart whose parts are being cut.
struct Open {
    part: usize,
    delimiter: Vec<u8>,
}

/// What a delimiter line is to the open multiparts.
struct Delimiter {
    /// Place of its multipart among the open ones.
    level: usize,
    /// Whether it closes the multipart.
    is_last: bool,
}

struct Cutter<'a> {
    bytes: &'a [u8],
    parts: Parts<'a>,
    /// Where the bytes of each part begin.
    starts: Vec<usize>,
    /// Multiparts, the outermost first.
    open: Vec<Open>,
    /// The part of another type that is being read.
    current: Option<usize>,
}

impl<'a> Cutter<'a> {
    /// Goes over the lines once; those of a part's header twice.
    fn run(&mut self) {
        let mut at = 0;
        while at < self.bytes.len() && !self.open.is_empty() {
            let end = line_end(self.bytes, at);
            let Some(Delimiter { level, is_last }) = delimiter(&self.bytes[at..end], &self.open) else {
                at = end;
                continue;
            };
            // The line break before a delimiter belongs to it.
            self.close_above(level, before_line_break(self.bytes, at));
            at = end;
            if is_last {
                self.open.pop();
            } else if self.parts.all.len() > MAX_PARTS {
                self.parts.are_too_many = true;
                return;
            } else {
                at = self.begin_inside(self.open[level].part, at);
            }
        }
        self.close_above(0, self.bytes.len());
    }

    /// Begins the part whose header lies at `at`, and tells where its bytes begin.
    fn begin_inside(&mut self, parent: usize, at: usize) -> usize {
        let header = &self.bytes[at..header_end(self.bytes, at, &self.open)];
        let headers = Headers::read(header);
        let start = at + header.len() - headers.body.len();
        let default = if self.parts.all[parent].media == "multipart/digest" { "message/rfc822" } else { "text/plain" };
        let id = self.begin(Part::new(&headers, &self.bytes[start..start], default), start);
        self.parts.all[parent].children.push(id);
        start
    }

    fn begin(&mut self, part: Part<'a>, start: usize) -> usize {
        let id = self.parts.all.len();
        match part.boundary() {
            Some(boundary) if self.open.len() < MAX_DEPTH => {
                self.open.push(Open { part: id, delimiter: [b"--", boundary.as_bytes()].concat() });
            }
            other => {
                self.parts.nest_too_deep |= other.is_some();
                self.current = Some(id);
            }
        }
        self.parts.all.push(part);
        self.starts.push(start);
        id
    }

    /// Ends the part that is being read and the multiparts inside the one at `level`.
    fn close_above(&mut self, level: usize, end: usize) {
        let inner = self.open.drain((level + 1).min(self.open.len())..).map(|open| open.part);
        for part in inner.chain(self.current.take()) {
            let start = self.starts[part];
            self.parts.all[part].bytes = &self.bytes[start..end.max(start)];
        }
    }
}

/// What a line is to the open multiparts: the delimiter of the innermost that it fits (RFC 2046, 5.1.1: blanks may follow).
fn delimiter(line: &[u8], open: &[Open]) -> Option<Delimiter> {
    if !line.starts_with(b"--") {
        return None;
    }
    let line = line.trim_ascii_end();
    open.iter().enumerate().rev().find_map(|(level, one)| match line.strip_prefix(&one.delimiter[..])? {
        [] => Some(Delimiter { level, is_last: false }),
        b"--" => Some(Delimiter { level, is_last: true }),
        _ => None,
    })
}

/// One past a part's header: its blank line, or what ends the part before there is one.
fn header_end(bytes: &[u8], start: usize, open: &[Open]) -> usize {
    let mut at = start;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = &bytes[at..end];
        if delimiter(line, open).is_some() {
            return at;
        }
        if line.trim_ascii().is_empty() {
            return end;
        }
        at = end;
    }
    at
}

/// The end of the text before the line that begins at `line`.
fn before_line_break(bytes: &[u8], line: usize) -> usize {
    let text = &bytes[..line];
    text.strip_suffix(b"\r\n").or_else(|| text.strip_suffix(b"\n")).unwrap_or(text).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each part's type and text.
    fn cut(mail: &str) -> Vec<(String, String)> {
        let parts = Parts::cut(&Headers::read(mail.as_bytes())).all;
        parts.iter().map(|part| (part.media.clone(), String::from_utf8_lossy(part.bytes).into_owned())).collect()
    }

    fn leaves(mail: &str) -> Vec<String> {
        let parts = Parts::cut(&Headers::read(mail.as_bytes())).all;
        parts.iter().filter(|part| part.children.is_empty()).map(|part| String::from_utf8_lossy(part.bytes).into_owned()).collect()
    }

    #[test]
    fn parts_lie_between_delimiters_without_the_line_break_before_them() {
        let mail = "Content-Type: multipart/mixed; boundary=\"b c\"\n\npreamble\n--b c\n\none\n\n--b c \nContent-Type: text/html\n\n<b>two</b>\n--b c--\nepilogue";
        let parts = cut(mail);
        assert_eq!(parts[1..], [("text/plain".into(), "one\n".into()), ("text/html".into(), "<b>two</b>".into())]);
    }

    #[test]
    fn an_outer_delimiter_ends_what_is_open_inside() {
        let mail = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--a\n\ntwo\n--a--\n";
        assert_eq!(leaves(mail), ["one", "two"]);
    }

    #[test]
    fn an_empty_part_is_a_part_and_one_without_a_blank_line_keeps_its_text() {
        let mail =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\nContent-Type: text/plain\r\n--b\r\nno field here\r\n--b--\r\n";
        assert_eq!(leaves(mail), ["", "", "no field here"]);
    }

    #[test]
    fn a_longer_line_is_no_delimiter() {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--bb\n--b--x\n--b--\n";
        assert_eq!(leaves(mail), ["--bb\n--b--x"]);
    }

    #[test]
    fn mails_inside_the_mail_are_one_part_each_and_parts_of_a_digest_are_mails() {
        let inner = "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nx\n--c--";
        let mail = format!("Content-Type: multipart/mixed; boundary=b\n\n--b\n{inner}\n--b--\n");
        assert_eq!(cut(&mail).len(), 2);
        let digest = "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\ny\n--b--\n";
        assert_eq!(cut(digest)[1].0, "message/rfc822");
    }

    #[test]
    fn a_multipart_that_cannot_be_cut_is_whole() {
        let mail = "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=zz\n\nno boundary\n--a--\n";
        assert_eq!(leaves(mail), ["no boundary"]);
    }

    #[test]
    fn parts_and_depth_are_bounded() {
        let many = format!("Content-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(5 * MAX_PARTS));
        let parts = Parts::cut(&Headers::read(many.as_bytes()));
        assert!(parts.are_too_many && parts.all.len() == MAX_PARTS + 1);
        let levels: Vec<String> = (0..20_000).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).collect();
        let deep = levels.concat();
        let parts = Parts::cut(&Headers::read(deep.as_bytes()));
        assert!(parts.nest_too_deep && parts.all.len() == MAX_DEPTH + 1);
    }
}
