//! Header fields of a mail or of one of its parts: raw, unfolded, with parameters, with encoded words.

use std::borrow::Cow;

use memchr::{memchr, memmem};

use super::decode;

/// Fields that most headers do not exceed.
const USUAL_FIELDS: usize = 16;

/// Fields in order, as they lie in the mail.
pub(super) struct Headers<'a> {
    fields: Vec<(&'a [u8], &'a [u8])>,
    /// What follows the blank line.
    pub(super) body: &'a [u8],
}

impl<'a> Headers<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let mut fields: Vec<(&[u8], &[u8])> = Vec::with_capacity(USUAL_FIELDS);
        let mut value_start = 0;
        let mut at = 0;
        while at < bytes.len() {
            let end = line_end(bytes, at);
            let line = &bytes[at..end];
            if line.trim_ascii().is_empty() {
                return Self { fields, body: &bytes[end..] };
            }
            if matches!(line[0], b' ' | b'\t') {
                if let Some((_, value)) = fields.last_mut() {
                    *value = &bytes[value_start..end];
                }
            } else if let Some(colon) = name_len(line) {
                value_start = at + colon + 1;
                fields.push((line[..colon].trim_ascii_end(), &bytes[value_start..end]));
            } else if line.starts_with(b"--") || !is_stray(line) && name_len(&bytes[end..]).is_none() {
                // The blank line is missing: what is no field and stands before none is text, and so is a delimiter, whose part has fields.
                return Self { fields, body: &bytes[at..] };
            }
            at = end;
        }
        Self { fields, body: &bytes[bytes.len()..] }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The values of a field as they lie in the mail, in order.
    pub(super) fn raw(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.fields.iter().filter(move |(field, _)| field.eq_ignore_ascii_case(name.as_bytes())).map(|&(_, value)| value)
    }

    /// The first value of a field, unfolded; bytes that no charset names are UTF-8, else windows-1252.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.raw(name).next().map(unfold)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).next().is_some()
    }

    /// What the field says about the body, with its parameters; none without the field or where it is no media type.
    pub(super) fn structured(&self, name: &str) -> Option<Structured> {
        self.text(name).map(|value| Structured::read(&value))
    }
}

/// `text/plain; charset=utf-8` and the like, in lower case but for the values.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Structured {
    pub(super) value: String,
    parameters: Vec<(String, String)>,
}

impl Structured {
    fn read(field: &str) -> Self {
        let mut pieces = split_outside_quotes(field).into_iter();
        let value = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let parameters = pieces.filter_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            let extended = name.contains('*');
            let name = name.split('*').next().unwrap_or_default().trim().to_ascii_lowercase();
            let value = value.trim();
            // RFC 2231: `charset'language'value`.
            let value = if extended { value.rsplit('\'').next().unwrap_or(value) } else { value };
            (!name.is_empty()).then(|| (name, value.to_owned()))
        });
        Self { value: value.split_whitespace().collect(), parameters: parameters.collect() }
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value.as_str())
    }
}

/// Cuts at semicolons, leaves out comments and quotation marks.
fn split_outside_quotes(field: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let (mut quoted, mut comments, mut escaped) = (false, 0_usize, false);
    for c in field.chars() {
        let keep = match c {
            _ if std::mem::take(&mut escaped) => true,
            '\\' if quoted || comments > 0 => {
                escaped = true;
                false
            }
            '"' if comments == 0 => {
                quoted = !quoted;
                false
            }
            '(' if !quoted => {
                comments += 1;
                false
            }
            ')' if !quoted && comments > 0 => {
                comments -= 1;
                false
            }
            ';' if !quoted && comments == 0 => {
                pieces.push(String::new());
                false
            }
            _ => true,
        };
        if keep
            && comments == 0
            && let Some(piece) = pieces.last_mut()
        {
            piece.push(c);
        }
    }
    pieces
}

/// One past the line feed of the line that begins at `start`.
pub(super) fn line_end(bytes: &[u8], start: usize) -> usize {
    memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1)
}

/// The length of the field name that a line begins with, blanks before the colon included.
pub(super) fn name_len(line: &[u8]) -> Option<usize> {
    let colon = line.iter().take(100).position(|&byte| byte == b':')?;
    let name = line[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(colon)
}

/// Lines among fields that are none but harmless: mailboxes leave their separators there.
fn is_stray(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

fn unfold(raw: &[u8]) -> Cow<'_, str> {
    let (text, _) = decode::characters(raw.trim_ascii(), None);
    if memchr(b'\n', text.as_bytes()).is_some() {
        return Cow::Owned(
            text.split(['\r', '\n'])
                .map(|line| line.trim_matches([' ', '\t']))
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    text
}

/// Decodes the encoded words of RFC 2047. Neighbours in one charset are joined as bytes first, for a character may be split between two;
/// a word that cannot be decoded stays as it is.
pub(super) fn decode_words(text: &str) -> Cow<'_, str> {
    if memmem::find(text.as_bytes(), b"=?").is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut pending: Option<(&str, Vec<u8>)> = None;
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        let (before, from_here) = rest.split_at(start);
        let Some((charset, bytes, len)) = encoded_word(from_here) else {
            flush(&mut pending, &mut out);
            out.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        let is_neighbour = pending.is_some() && before.trim().is_empty();
        match &mut pending {
            Some((open, joined)) if is_neighbour && open.eq_ignore_ascii_case(charset) => joined.extend(bytes),
            _ => {
                flush(&mut pending, &mut out);
                if !is_neighbour {
                    out.push_str(before);
                }
                pending = Some((charset, bytes));
            }
        }
        rest = &from_here[len..];
    }
    flush(&mut pending, &mut out);
    out.push_str(rest);
    Cow::Owned(out)
}

fn flush(pending: &mut Option<(&str, Vec<u8>)>, out: &mut String) {
    if let Some((charset, bytes)) = pending.take() {
        out.push_str(&decode::characters(&bytes, Some(charset)).0);
    }
}

/// Charset, decoded bytes and length of the encoded word that a text begins with.
fn encoded_word(text: &str) -> Option<(&str, Vec<u8>, usize)> {
    let (charset, rest) = text.strip_prefix("=?")?.split_once('?').filter(|(charset, _)| charset.len() < 40)?;
    let (encoding, rest) = rest.split_once('?').filter(|(encoding, _)| encoding.len() == 1)?;
    // The standard allows 75 bytes; without any limit a field full of beginnings would be searched to its end again and again.
    let (word, _) = rest[..rest.floor_char_boundary(1000)].split_once("?=")?;
    let after = &rest[word.len() + 2..];
    let bytes = match encoding {
        "B" | "b" => decode::base64(word.as_bytes()),
        "Q" | "q" => decode::quoted_printable(word.replace('_', "=20").as_bytes()).into_owned(),
        _ => return None,
    };
    let charset = charset.split('*').next().unwrap_or(charset);
    decode::is_known(charset).then_some((charset, bytes, text.len() - after.len()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn folded_fields_are_unfolded_and_names_have_no_case() {
        let headers = Headers::read(b"SUBJECT: one\r\n two\r\nX-A : b\r\n\r\nbody: text\r\n");
        assert_eq!(headers.text("subject").unwrap(), "one two");
        assert_eq!(headers.text("x-a").unwrap(), "b");
        assert_eq!(headers.body, b"body: text\r\n");
    }

    #[test]
    fn a_missing_blank_line_loses_no_text_and_a_stray_line_no_field() {
        assert_eq!(Headers::read(b"Subject: x\nHello all\n\nmore").body, b"Hello all\n\nmore");
        let headers = Headers::read(b"A: 1\n>From x Mon\njunk\nB: 2\n\nbody");
        assert_eq!((headers.text("b").unwrap().as_ref(), headers.body), ("2", &b"body"[..]));
        assert_eq!(Headers::read(b"A: 1\n--ab\nB: 2\n\nbody").body, b"--ab\nB: 2\n\nbody");
    }

    #[test]
    fn raw_eight_bit_headers_are_utf_8_else_windows_1252() {
        assert_eq!(Headers::read(b"A: caf\xc3\xa9\n\n").text("a").unwrap(), "café");
        assert_eq!(Headers::read(b"A: caf\xe9\n\n").text("a").unwrap(), "café");
    }

    #[test]
    fn parameters_lose_quotes_comments_and_rfc_2231_marks() {
        let field = Structured::read("Text / Plain (a;b); CHARSET=\"koi8-r\"; x=\"a;b\"; filename*0*=utf-8'en'a");
        assert_eq!(field.value, "text/plain");
        assert_eq!(field.parameter("charset"), Some("koi8-r"));
        assert_eq!(field.parameter("x"), Some("a;b"));
        assert_eq!(field.parameter("filename"), Some("a"));
    }

    #[test]
    fn encoded_words_are_decoded_and_neighbours_joined() {
        assert_eq!(decode_words("=?UTF-8?Q?J=C3=BCrgen_?= =?utf-8?B?S8O2?= Lee"), "Jürgen Kö Lee");
        assert_eq!(decode_words("=?koi8-r?B?8NLJ18XU?="), "Привет");
        assert_eq!(decode_words("=?nonsense?Q?a?= b =? c"), "=?nonsense?Q?a?= b =? c");
    }

    #[test]
    fn a_character_split_between_two_words_is_one_character() {
        assert_eq!(decode_words("=?utf-8?Q?=C3?= =?utf-8?Q?=A9?="), "é");
    }
}
