//! Which parts of a mail its author wrote, and their text.

use std::borrow::Cow;

use super::Written;
use super::decode;
use super::header::Headers;
use super::parts::{MAX_DEPTH, MAX_PARTS, Part, Parts};
use crate::message::RemovedText;
use crate::source::html;

/// Share of characters that may be replaced before the text counts as damaged, in percent.
const MAX_REPLACED_PERCENT: f64 = 1.0;

/// What the author wrote, and what kind of mail the parts make it.
#[derive(Default)]
pub(super) struct Body<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) removed: RemovedText,
    /// A report, a receipt or an invitation.
    pub(super) is_automatic: bool,
    pub(super) is_encrypted: bool,
    /// What was damaged but did not keep the mail from being read.
    pub(super) notes: Vec<String>,
}

/// Reads the body of a mail.
pub(super) fn read<'a>(headers: &Headers<'a>) -> Body<'a> {
    Reader::of(headers).finish()
}

/// The texts that the author wrote, apart, and what was damaged; none of encrypted mail.
pub(super) fn pieces<'a>(headers: &Headers<'a>) -> (Vec<Written<'a>>, Vec<String>) {
    let mut reader = Reader::of(headers);
    if reader.is_encrypted || reader.is_sealed && reader.pieces.is_empty() {
        reader.pieces.clear();
        reader.notes.push("the text is encrypted".to_owned());
    }
    (reader.pieces, reader.notes)
}

/// The decoded text of every part whose type is text, in the order of the mail, whoever wrote it: what other readers can be compared with.
/// Mails inside the mail are not entered.
#[must_use]
pub fn texts(bytes: &[u8]) -> Vec<String> {
    let parts = Parts::cut(&Headers::read(bytes));
    let texts = parts.all.iter().filter(|part| part.media.starts_with("text/")).map(|part| {
        let bytes = decode::transfer(part.bytes, &part.encoding).unwrap_or_default();
        part.characters(&bytes).0.into_owned()
    });
    texts.collect()
}

impl Part<'_> {
    /// The text of its bytes, and how many characters had to be replaced.
    fn characters<'b>(&self, bytes: &'b [u8]) -> (Cow<'b, str>, u64) {
        let charset = self.content.parameter("charset");
        // A page says its charset itself where the header does not, or says one that nobody knows.
        let of_page = match charset {
            Some(charset) if decode::is_known(charset) => None,
            Some(_) | None => (self.media == "text/html").then(|| html::charset(bytes)).flatten(),
        };
        decode::characters(bytes, of_page.as_deref().or(charset))
    }
}

#[derive(Default)]
struct Reader<'a> {
    pieces: Vec<Written<'a>>,
    removed: RemovedText,
    is_automatic: bool,
    /// A part was met that holds the encrypted text.
    is_encrypted: bool,
    /// A part was met that may hold it, if no other text is there.
    is_sealed: bool,
    notes: Vec<String>,
}

impl<'a> Reader<'a> {
    fn of(headers: &Headers<'a>) -> Self {
        let mut reader = Self::default();
        reader.read(&Parts::cut(headers));
        reader
    }

    fn read(&mut self, parts: &Parts<'a>) {
        if parts.are_too_many {
            self.notes.push(format!("the mail has more than {MAX_PARTS} parts, only the first {MAX_PARTS} are read"));
        }
        if parts.nest_too_deep {
            self.notes.push(format!("the mail's parts nest deeper than {MAX_DEPTH}"));
        }
        for part in &parts.all {
            self.flags(part);
        }
        self.part(&parts.all, 0);
    }

    /// What a part's type alone says of the whole mail.
    fn flags(&mut self, part: &Part<'_>) {
        match part.media.as_str() {
            "multipart/report" | "message/delivery-status" | "message/disposition-notification" => self.is_automatic = true,
            // A calendar file that somebody attached is no invitation.
            "text/calendar" => self.is_automatic |= part.content.parameter("method").is_some() || !part.is_attachment,
            "multipart/encrypted" => self.is_encrypted = true,
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => self.is_sealed = true,
            _ => {}
        }
    }

    /// Reads a part and those inside it, which nest no deeper than [`MAX_DEPTH`].
    fn part(&mut self, parts: &[Part<'a>], id: usize) {
        let part = &parts[id];
        if part.children.is_empty() {
            let is_file = part.is_attachment || id > 0 && part.has_file_name;
            if part.is_text() && !is_file {
                self.leaf(part);
            }
            return;
        }
        match part.media.as_str() {
            "multipart/alternative" => self.alternative(parts, &part.children),
            "multipart/related" | "multipart/signed" => self.part(parts, part.children[0]),
            "multipart/digest" | "multipart/encrypted" => {}
            _ => part.children.iter().for_each(|&child| self.part(parts, child)),
        }
    }

    /// The plain text, unless it says nothing; then the HTML.
    fn alternative(&mut self, parts: &[Part<'a>], children: &[usize]) {
        for html in [false, true] {
            for &child in children.iter().filter(|&&child| is_html(parts, child) == html) {
                let (n_pieces, removed) = (self.pieces.len(), self.removed);
                self.part(parts, child);
                let says_something =
                    self.pieces[n_pieces..].iter().any(|piece| !piece.text.trim().is_empty() && (html || !asks_for_a_viewer(&piece.text)));
                if says_something || (html && self.removed != removed) {
                    return;
                }
                self.pieces.truncate(n_pieces);
                self.removed = removed;
            }
        }
    }

    fn leaf(&mut self, part: &Part<'a>) {
        let bytes = match decode::transfer(part.bytes, &part.encoding) {
            // A multipart is never encoded itself.
            Ok(_) if part.is_multipart() => Cow::Borrowed(part.bytes),
            Ok(bytes) => bytes,
            Err(why) => return self.notes.push(why.to_owned()),
        };
        let (text, n_replaced) = match bytes {
            Cow::Borrowed(bytes) => part.characters(bytes),
            Cow::Owned(bytes) => {
                let (text, n_replaced) = part.characters(&bytes);
                (Cow::Owned(text.into_owned()), n_replaced)
            }
        };
        self.note_replaced(n_replaced, &text, part.content.parameter("charset"));
        let text = match part.media.as_str() {
            media if media == "text/html" || is_page(&text) => {
                let (text, removed) = html::to_text(&text);
                self.removed += &removed;
                Cow::Owned(text)
            }
            "text/enriched" | "text/richtext" => Cow::Owned(strip_enriched(&text)),
            _ if part.content.parameter("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")) => {
                decode::unflow(text, part.content.parameter("delsp").is_some_and(|value| value.eq_ignore_ascii_case("yes")))
            }
            _ => text,
        };
        self.is_encrypted |= text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----");
        self.pieces.push(Written { text, raw: part.bytes });
    }

    fn note_replaced(&mut self, n_replaced: u64, text: &str, charset: Option<&str>) {
        if n_replaced == 0 {
            return;
        }
        let n = (text.chars().count() as u64).max(n_replaced);
        let percent = n_replaced as f64 / n as f64 * 100.0;
        if percent > MAX_REPLACED_PERCENT {
            self.notes.push(format!("{percent:.1} % of the characters are not valid {}", charset.unwrap_or("utf-8")));
        }
    }

    fn finish(mut self) -> Body<'a> {
        self.pieces.retain(|piece| !piece.text.trim().is_empty());
        let is_encrypted = self.is_encrypted || self.is_sealed && self.pieces.is_empty();
        let text = match self.pieces.len() {
            0 => Cow::Borrowed(""),
            1 => self.pieces.remove(0).text,
            _ => Cow::Owned(self.pieces.iter().map(|piece| piece.text.trim_end()).collect::<Vec<_>>().join("\n\n")),
        };
        let text = if is_encrypted { Cow::Borrowed("") } else { text };
        Body { text, removed: self.removed, is_automatic: self.is_automatic, is_encrypted, notes: self.notes }
    }
}

/// Whether a part of an alternative is the HTML one: by its root, for `related` wraps it with its pictures.
fn is_html(parts: &[Part<'_>], mut id: usize) -> bool {
    while let Some(&first) = parts[id].children.first() {
        id = first;
    }
    parts[id].media == "text/html"
}

/// Whether a text that is said to be plain is a page, as some programs send it.
fn is_page(text: &str) -> bool {
    let head = text.trim_start();
    ["<html>", "<html ", "<!doctype html"].iter().any(|start| head.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

/// Whether a plain text only says that the HTML beside it should be read.
fn asks_for_a_viewer(text: &str) -> bool {
    if text.len() > 300 {
        return false;
    }
    let text = text.to_lowercase();
    let names_html = text.contains("html");
    names_html
        && ["viewer", "capable", "support", "enable", "not display", "mail client", "email client", "mail program"]
            .iter()
            .any(|sign| text.contains(sign))
}

/// Text of `text/enriched`: commands go, `<<` is a bracket.
fn strip_enriched(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        if let Some(after) = rest.strip_prefix('<') {
            out.push('<');
            rest = after;
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let command = rest[..end].to_ascii_lowercase();
        rest = &rest[end + 1..];
        match command.as_str() {
            "param" => rest = rest.find("</param>").map_or("", |n| &rest[n + "</param>".len()..]),
            "nl" | "paragraph" | "/paragraph" => out.push('\n'),
            _ => {}
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn body(mail: &str) -> Body<'_> {
        read(&Headers::read(mail.as_bytes()))
    }

    fn multipart(subtype: &str, parts: &[&str]) -> String {
        let parts: String = parts.iter().map(|part| ["--b\r\n", part, "\r\n"].concat()).collect();
        format!("Content-Type: multipart/{subtype}; boundary=\"b\"\r\n\r\npreamble\r\n{parts}--b--\r\nepilogue\r\n")
    }

    const PLAIN: &str = "Content-Type: text/plain\r\n\r\nplain words";
    const HTML: &str = "Content-Type: text/html\r\n\r\n<p>html <b>words</b></p>";

    #[test]
    fn an_alternative_is_read_as_plain_text_unless_that_is_empty() {
        assert_eq!(body(&multipart("alternative", &[HTML, PLAIN])).text, "plain words");
        assert_eq!(body(&multipart("alternative", &["Content-Type: text/plain\r\n\r\n \r\n", HTML])).text, "html words");
        let notice = "Content-Type: text/plain\r\n\r\nYour mail client does not support HTML.";
        assert_eq!(body(&multipart("alternative", &[notice, HTML])).text, "html words");
        let related = format!(
            "Content-Type: multipart/related; boundary=c\r\n\r\n--c\r\n{HTML}\r\n--c\r\nContent-Type: image/gif\r\n\r\nGIF\r\n--c--"
        );
        assert_eq!(body(&multipart("alternative", &[&related, PLAIN])).text, "plain words");
        assert_eq!(body(&multipart("alternative", &[&related])).text, "html words");
    }

    #[test]
    fn mixed_parts_are_joined_and_files_and_mails_left_out() {
        let file = "Content-Type: text/plain; name=a.txt\r\n\r\nfile words";
        let attachment = "Content-Disposition: attachment\r\n\r\nattached words";
        let mail = "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nother's words";
        assert_eq!(body(&multipart("mixed", &[PLAIN, file, mail, attachment, HTML])).text, "plain words\n\nhtml words");
        assert_eq!(body(&multipart("digest", &["\r\nSubject: x\r\n\r\nother's words"])).text, "");
    }

    #[test]
    fn one_plain_part_is_borrowed() {
        assert!(matches!(body("Content-Type: text/plain; charset=utf-8\n\ncaf\u{e9}").text, Cow::Borrowed("café")));
        assert!(matches!(body(&multipart("mixed", &[PLAIN])).text, Cow::Borrowed("plain words")));
    }

    #[test]
    fn a_page_names_its_charset_where_the_header_does_not() {
        let page = "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPG1ldGEgY2hhcnNldD1rb2k4LXI+PGI+8NLJ18XUPC9iPg==";
        assert_eq!(body(page).text, "Привет");
        assert_eq!(body(&page.replace("text/html", "text/html; charset=x-nobody-knows")).text, "Привет");
        assert_ne!(body(&page.replace("text/html", "text/html; charset=koi8-u")).text, "");
    }

    #[test]
    fn a_page_that_is_said_to_be_plain_is_read_as_a_page() {
        assert_eq!(body("Content-Type: text/plain\r\n\r\n\r\n<HTML><body>Call <b>us</b></body></HTML>").text, "Call us");
        assert_eq!(body("Content-Type: text/plain\r\n\r\n<htmlless>").text, "<htmlless>");
        assert_eq!(body("Content-Type: text/plain\r\n\r\nWrite <html> first").text, "Write <html> first");
    }

    #[test]
    fn every_part_of_text_is_decoded_for_comparison() {
        let mail = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\nContent-Type: text/html; charset=utf-8\n\n<b>two</b>\n\
            --b\nContent-Type: message/rfc822\n\nSubject: x\n\nthree\n--b\nContent-Type: image/png\n\nx\n--b--\n";
        let texts: Vec<String> = texts(mail.as_bytes()).iter().map(|text| text.trim_end().to_owned()).collect();
        assert_eq!(texts, ["one", "<b>two</b>"]);
        assert_eq!(super::texts(b"Subject: x\n\nalone"), ["alone"]);
    }

    #[test]
    fn encodings_and_charsets_of_parts_are_undone() {
        let quoted =
            "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nna=EFve and =\r\nsoft";
        let packed = "Content-Type: text/html; charset=koi8-r\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+8NLJ18XUPC9iPg==";
        assert_eq!(body(&multipart("mixed", &[quoted, packed])).text, "naïve and soft\n\nПривет");
        assert_eq!(body("Content-Type: text/plain; format=flowed\n\none \ntwo\n").text, "one two\n");
    }

    #[test]
    fn of_signed_mail_the_first_part_is_read_and_of_encrypted_mail_none() {
        assert_eq!(body(&multipart("signed", &[PLAIN, "Content-Type: text/plain\r\n\r\nsignature"])).text, "plain words");
        let encrypted = multipart("encrypted", &["Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", PLAIN]);
        assert!(body(&encrypted).is_encrypted && body(&encrypted).text.is_empty());
        assert!(body("Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIA").is_encrypted);
        assert!(body("Subject: x\n\n-----BEGIN PGP MESSAGE-----\n\nhQ").is_encrypted);
    }

    #[test]
    fn reports_and_invitations_are_automatic_and_attached_calendars_not() {
        assert!(body(&multipart("report", &[PLAIN, "Content-Type: message/delivery-status\r\n\r\nAction: failed"])).is_automatic);
        assert!(
            body(&multipart("alternative", &[PLAIN, "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR"])).is_automatic
        );
        let attached = "Content-Type: text/calendar\r\nContent-Disposition: attachment\r\n\r\nBEGIN:VCALENDAR";
        assert!(!body(&multipart("mixed", &[PLAIN, attached])).is_automatic);
    }

    #[test]
    fn broken_multiparts_keep_what_is_there() {
        let cut_short = format!("Content-Type: multipart/mixed; boundary=b\n\n--b\n{PLAIN} and mo");
        assert_eq!(body(&cut_short).text, "plain words and mo");
        assert_eq!(body("Content-Type: multipart/mixed; boundary=zz\n\nno boundary here\n").text, "no boundary here\n");
        assert_eq!(body("Content-Type: multipart/mixed\n\nno boundary here\n").text, "no boundary here\n");
    }

    #[test]
    fn damaged_text_is_noted_beside_it() {
        let read = read(&Headers::read(b"Content-Type: text/plain; charset=utf-8\n\nab\xff"));
        assert_eq!(read.notes, ["33.3 % of the characters are not valid utf-8"]);
        let noise = body("Content-Transfer-Encoding: base64\n\n{%$!}{%$!}\n");
        assert_eq!((noise.text.as_ref(), noise.notes.len()), ("", 1));
    }

    #[test]
    fn enriched_text_loses_its_commands() {
        let mail = "Content-Type: text/enriched\n\n<bold>Now</bold> is <<the <color><param>red</param>time</color>";
        assert_eq!(body(mail).text, "Now is <the time");
    }
}
