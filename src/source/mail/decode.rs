//! Bytes of a part → text: transfer encodings, charsets, `format=flowed`. Nothing here fails; what is broken is replaced and counted.

use std::borrow::Cow;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;
use memchr::{memchr, memchr_iter, memmem};

use super::header::line_end;
use crate::source::lines;

/// Undoes a `Content-Transfer-Encoding`; unknown names (`8 bit`, `7bits`) mean that nothing was encoded.
///
/// # Errors
/// If the bytes are not what the name says, so that reading on would take noise for words.
pub(super) fn transfer<'a>(bytes: &'a [u8], encoding: &str) -> Result<Cow<'a, [u8]>, &'static str> {
    match encoding.trim().to_ascii_lowercase().as_str() {
        "quoted-printable" => Ok(quoted_printable(bytes)),
        "base64" => match share_outside_base64(bytes) {
            Outside::Little => Ok(Cow::Owned(base64(bytes))),
            Outside::PlainText => Ok(Cow::Borrowed(bytes)),
            Outside::Much => Err("the text is marked as base64 but is none"),
        },
        "x-uuencode" | "uuencode" | "x-uue" => Ok(Cow::Owned(uuencode(bytes))),
        name if name.starts_with("x-") => Err("the text is in a transfer encoding that is not known"),
        _ => Ok(Cow::Borrowed(bytes)),
    }
}

/// Quoted-printable; a `=` that begins no code stands for itself.
pub(super) fn quoted_printable(bytes: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr(b'=', bytes) else { return Cow::Borrowed(bytes) };
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&bytes[..first]);
    let mut at = first;
    while at < bytes.len() {
        let rest = &bytes[at + 1..];
        if let [high, low, ..] = *rest
            && let (Some(high), Some(low)) = (hex(high), hex(low))
        {
            out.push(high << 4 | low);
            at += 3;
        } else if let Some(len) = soft_break(rest) {
            at += 1 + len;
        } else {
            out.push(b'=');
            at += 1;
        }
        let next = memchr(b'=', &bytes[at..]).map_or(bytes.len(), |n| at + n);
        out.extend_from_slice(&bytes[at..next]);
        at = next;
    }
    Cow::Owned(out)
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// The length of blanks and a line end, when only these follow.
fn soft_break(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take(80).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match &rest[blanks..] {
        [] | [b'\r'] => Some(rest.len()),
        [b'\n', ..] => Some(blanks + 1),
        [b'\r', b'\n', ..] => Some(blanks + 2),
        _ => None,
    }
}

/// Base64; stray bytes are passed over, padding may be missing, and plain text that somebody put below the end is not decoded.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut group, mut n_bits) = (0_u32, 0_u32);
    let mut at = 0;
    let mut padded = false;
    while at < bytes.len() {
        let end = line_end(bytes, at);
        let line = &bytes[at..end];
        if padded && line.trim_ascii().iter().any(|&byte| sextet(byte).is_none() && byte != b'=') {
            break;
        }
        let line = if n_bits == 0 { whole_groups(line, &mut out) } else { line };
        for &byte in line {
            if let Some(value) = sextet(byte) {
                group = group << 6 | u32::from(value);
                n_bits += 6;
                if n_bits >= 8 {
                    n_bits -= 8;
                    out.push((group >> n_bits & 0xff) as u8);
                }
            } else if byte == b'=' {
                (group, n_bits, padded) = (0, 0, true);
            }
        }
        at = end;
    }
    out
}

/// Decodes as many groups of four from the beginning of a line as have nothing else between; gives what is left.
fn whole_groups<'l>(line: &'l [u8], out: &mut Vec<u8>) -> &'l [u8] {
    let mut rest = line;
    while let Some((four, behind)) = rest.split_first_chunk::<4>() {
        let [a, b, c, d] = four.map(|byte| SEXTETS[usize::from(byte)]);
        if (a | b | c | d) == NO_SEXTET {
            break;
        }
        out.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        rest = behind;
    }
    rest
}

fn sextet(byte: u8) -> Option<u8> {
    Some(SEXTETS[usize::from(byte)]).filter(|&value| value != NO_SEXTET)
}

/// What stands for a byte outside the alphabet; it has all bits, and a sextet none of the two highest.
const NO_SEXTET: u8 = 0xff;

static SEXTETS: [u8; 256] = {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut sextets = [NO_SEXTET; 256];
    let mut value = 0;
    while value < 64 {
        sextets[ALPHABET[value as usize] as usize] = value;
        value += 1;
    }
    sextets
};

enum Outside {
    Little,
    Much,
    PlainText,
}

/// How much of what is called base64 lies outside its alphabet, judged on the first 4 KiB, for a footer may stand below.
fn share_outside_base64(bytes: &[u8]) -> Outside {
    let head = bytes[..bytes.len().min(4096)].trim_ascii();
    let blanks = memchr_iter(b' ', head).count();
    let outside = head.iter().filter(|&&byte| sextet(byte).is_none() && byte != b'=' && !byte.is_ascii_whitespace()).count();
    if blanks * 20 > head.len() && memchr(b'=', head).is_none_or(|at| memchr(b' ', &head[..at]).is_some()) {
        Outside::PlainText
    } else if outside * 10 > head.len() && memchr(b'=', head).is_none() {
        Outside::Much
    } else {
        Outside::Little
    }
}

fn uuencode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let lines = lines(bytes).map(<[u8]>::trim_ascii_end);
    for line in lines.skip_while(|line| !line.starts_with(b"begin ")).skip(1).take_while(|line| *line != b"end") {
        let Some((&len, codes)) = line.split_first() else { continue };
        let value = |byte: u8| byte.wrapping_sub(b' ') & 0x3f;
        let mut decoded = Vec::with_capacity(48);
        for group in codes.chunks(4) {
            let [a, b, c, d] = [0, 1, 2, 3].map(|i| value(group.get(i).copied().unwrap_or(b' ')));
            decoded.extend([a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        }
        decoded.truncate(usize::from(value(len)));
        out.extend(decoded);
    }
    out
}

/// Decodes a charset and says how many characters had to be replaced. Without a charset, or with one that nobody knows, the text is UTF-8
/// if it can be, else windows-1252; `us-ascii` with bytes above 127 is a wrong label, so it counts as none.
pub(in crate::source) fn characters<'a>(bytes: &'a [u8], charset: Option<&str>) -> (Cow<'a, str>, u64) {
    let label = charset.unwrap_or_default().trim();
    if is_utf_7(label)
        && let Some(decoder) = charset_decoder(b"utf-7")
    {
        return counted(Cow::Owned(decoder(bytes)), true);
    }
    // What was saved in another charset than its header says: no text of two bytes a character is without a zero byte and valid UTF-8.
    let is_mislabelled = label.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("utf-16")) && memchr(0, bytes).is_none();
    match encoding(label).filter(|_| !is_mislabelled).or_else(|| Encoding::for_bom(bytes).map(|(encoding, _)| encoding)) {
        // The standard forbids decoding these (iso-2022-kr, hz-gb-2312): no words rather than noise.
        Some(encoding) if encoding == REPLACEMENT => (Cow::Borrowed(""), bytes.len() as u64),
        Some(encoding) => {
            let (text, _, replaced) = encoding.decode(bytes);
            counted(text, replaced)
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)), 0),
            Err(_) => (WINDOWS_1252.decode_without_bom_handling(bytes).0, 0),
        },
    }
}

/// Whether a charset of that name can be decoded.
pub(super) fn is_known(charset: &str) -> bool {
    is_utf_7(charset) || Encoding::for_label(charset.as_bytes()).is_some_and(|encoding| encoding != REPLACEMENT)
}

fn is_utf_7(label: &str) -> bool {
    ["utf-7", "unicode-1-1-utf-7"].iter().any(|name| label.eq_ignore_ascii_case(name))
}

fn encoding(label: &str) -> Option<&'static Encoding> {
    let is_ascii = ["us-ascii", "ascii", "ansi_x3.4-1968"].iter().any(|name| label.eq_ignore_ascii_case(name));
    if is_ascii { None } else { Encoding::for_label(label.as_bytes()).or_else(|| label.eq_ignore_ascii_case("utf8mb4").then_some(UTF_8)) }
}

fn counted(text: Cow<'_, str>, replaced: bool) -> (Cow<'_, str>, u64) {
    let n = if replaced { memmem::find_iter(text.as_bytes(), "\u{fffd}".as_bytes()).count() } else { 0 };
    (text, n as u64)
}

/// Joins the lines of `format=flowed` (RFC 3676). Quotes keep their marks; a stuffed line that begins with `>` keeps its blank, so that
/// it is not taken for a quote.
pub(super) fn unflow(text: Cow<'_, str>, delete_blank: bool) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_plain = text.lines().all(|line| !line.ends_with(' ') && !line.starts_with(' '));
    if is_plain || memchr(b' ', bytes).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut open_depth = None;
    for line in text.lines() {
        let unquoted = line.trim_start_matches('>');
        let depth = line.len() - unquoted.len();
        let unstuffed = unquoted.strip_prefix(' ').filter(|rest| !rest.starts_with('>')).unwrap_or(unquoted);
        let is_signature = unstuffed == "-- ";
        if open_depth != Some(depth) || is_signature {
            if open_depth.is_some() {
                out.push('\n');
            }
            out.push_str(&line[..depth]);
            if depth > 0 {
                out.push(' ');
            }
        }
        let flows = unstuffed.ends_with(' ') && !is_signature;
        out.push_str(if flows && delete_blank { &unstuffed[..unstuffed.len() - 1] } else { unstuffed });
        if !flows {
            out.push('\n');
        }
        open_depth = flows.then_some(depth);
    }
    Cow::Owned(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], encoding: &str) -> String {
        String::from_utf8(transfer(bytes, encoding).unwrap().into_owned()).unwrap()
    }

    #[test]
    fn quoted_printable_joins_soft_breaks_and_keeps_bare_marks() {
        assert_eq!(text(b"caf=C3=\r\n=a9 a=b =  \nc=", "Quoted-Printable"), "café a=b c");
        assert!(matches!(quoted_printable(b"plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn base64_forgives_stray_bytes_missing_padding_and_a_footer() {
        assert_eq!(text(b"SGVs!bG8g\r\nd29ybGQ", "base64"), "Hello world");
        assert_eq!(text(b"SGVsbG8=\n____\nSales list, see example.com\n", "base64"), "Hello");
    }

    #[test]
    fn plain_text_marked_as_base64_is_read_as_it_is_and_noise_is_refused() {
        assert_eq!(text(b"We are all in this together.", "base64"), "We are all in this together.");
        assert!(transfer(b"{%$!}{%$!}{%$!}", "base64").is_err());
        assert!(transfer(b"H4sI", "x-gzip64").is_err());
        assert_eq!(text(b"as it is", "8 bit"), "as it is");
    }

    #[test]
    fn uuencoded_text_is_decoded() {
        assert_eq!(text(b"begin 644 a\n#0V%T\n`\nend\n", "x-uuencode"), "Cat");
    }

    #[test]
    fn charsets_are_read_as_the_web_reads_them() {
        assert_eq!(characters(b"\x93caf\xe9\x94", Some("iso-8859-1")).0, "\u{201c}café\u{201d}");
        assert_eq!(characters(b"\xf0\xd2\xc9\xd7\xc5\xd4", Some("KOI8-R")).0, "Привет");
        assert_eq!(characters(b"caf\xe9", None), ("café".into(), 0));
        assert_eq!(characters("café".as_bytes(), Some("us-ascii")).0, "café");
        assert_eq!(characters("café".as_bytes(), Some("x-unheard-of")).0, "café");
        assert_eq!(characters(b"Hi Mom +Jjo-!", Some("utf-7")).0, "Hi Mom \u{263a}!");
    }

    #[test]
    fn replaced_characters_are_counted() {
        assert_eq!(characters(b"a\xffb\xfe", Some("utf-8")), ("a\u{fffd}b\u{fffd}".into(), 2));
    }

    #[test]
    fn flowed_lines_are_joined_within_one_depth() {
        let flowed = "One \r\ntwo\r\n> a \r\n> b\r\n>> c \r\n from here\r\n-- \r\nAnn\r\n";
        assert_eq!(unflow(flowed.into(), false), "One two\n> a b\n>> c \nfrom here\n-- \nAnn\n");
    }

    #[test]
    fn del_sp_drops_the_blank_and_stuffing_goes() {
        assert_eq!(unflow("exam \nple\n  two\n >x\n".into(), true), "example\n two\n >x\n");
    }
}
