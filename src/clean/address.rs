//! URLs, mail addresses, handles, paths, file names, hashes: letters that are not words.

use memchr::{memchr_iter, memchr3, memmem};

use crate::bytes::for_each_byte;
use crate::span::Span;

/// What a byte can be the sign of; a word without any sign is not looked at.
const SIGN: u8 = 1;
const DIGIT: u8 = 2;
const SPACE: u8 = 4;
const STOP: u8 = 8;

/// One flag byte for each byte value.
static CLASS: [u8; 256] = for_each_byte!(byte => match byte {
    b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => SPACE,
    b'@' | b'/' | b'\\' | b'[' | b'<' => SIGN,
    b'.' => STOP,
    b'0'..=b'9' => DIGIT,
    _ => 0,
});

/// Shortest hash, and longest word that may be a path or hash as a whole.
const SHORTEST_HASH: usize = 12;
const LONGEST_PATH: usize = 1024;

/// Extensions of files people speak of.
const EXTENSIONS: &[&str] = &[
    "7z", "bat", "bmp", "c", "cc", "cfg", "conf", "cpp", "cs", "css", "csv", "dat", "db", "dll", "doc", "docx", "dot", "eml", "exe", "gif",
    "go", "gz", "h", "hpp", "htm", "html", "ics", "ini", "ipynb", "jar", "java", "jpeg", "jpg", "js", "json", "jsx", "key", "log", "lock",
    "lua", "md", "mdb", "mov", "mp3", "mp4", "mpp", "msg", "numbers", "odp", "ods", "odt", "parquet", "pdf", "php", "pl", "png", "pps",
    "ppt", "pptx", "ps1", "psd", "pst", "py", "r", "rb", "rd", "rds", "rmd", "rs", "rtf", "scss", "sh", "sql", "svg", "tar", "tex", "tgz",
    "tif", "tiff", "toml", "ts", "tsv", "tsx", "txt", "vsd", "wav", "webp", "wpd", "xls", "xlsm", "xlsx", "xml", "yaml", "yml", "zip",
];

/// Gives every address in a stretch of text, in order.
pub(super) fn each_address(text: &str, within: Span, found: &mut impl FnMut(Span)) {
    let bytes = &text.as_bytes()[..within.end];
    let mut at = within.start;
    while let Some(sign) = next_sign(bytes, at) {
        let is_blank = |byte: &u8| CLASS[usize::from(*byte)] == SPACE;
        let start = bytes[at..sign].iter().rposition(is_blank).map_or(at, |blank| at + blank + 1);
        at = start;
        let mut seen = 0;
        for &byte in &bytes[start..] {
            let class = CLASS[usize::from(byte)];
            if class == SPACE {
                break;
            }
            seen |= class;
            at += 1;
        }
        if seen & (SIGN | STOP) == 0 && (seen & DIGIT == 0 || at - start < SHORTEST_HASH) {
            continue;
        }
        // Most words with a stop end a sentence.
        if seen == STOP && ends_with_its_stops(&bytes[start..at]) {
            continue;
        }
        if seen & SIGN != 0
            && let Some(end) = placeholder(&text[start..within.end])
        {
            found(Span::new(start, start + end));
            at = start + end;
            continue;
        }
        each_in_word(text, Span::new(start, at), seen, found);
    }
}

/// Where the next byte stands that is not a blank and that a word without addresses lacks.
fn next_sign(bytes: &[u8], mut at: usize) -> Option<usize> {
    // Without branches, so that many bytes are told at once; one by one only where there is such a byte.
    while let Some(chunk) = bytes[at..].first_chunk::<32>() {
        if chunk.iter().fold(0, |any, &byte| any | is_sign(byte)) != 0 {
            break;
        }
        at += chunk.len();
    }
    bytes[at..].iter().position(|&byte| is_sign(byte) != 0).map(|place| at + place)
}

/// 1 for a sign, a stop or a digit, else 0.
#[inline]
fn is_sign(byte: u8) -> u8 {
    let is = |other: u8| u8::from(byte == other);
    is(b'@') | is(b'\\') | is(b'[') | is(b'<') | u8::from(byte.wrapping_sub(b'.') <= b'9' - b'.')
}

/// Whether nothing but marks follows a word's first stop.
fn ends_with_its_stops(word: &[u8]) -> bool {
    word.iter().skip_while(|&&byte| byte != b'.').all(|byte| matches!(byte, b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b'"' | b'\''))
}

/// `[IMAGE]`, `[cid:logo]`, `<<plan for Q3.xls>>`: what programs leave where a picture or a file was.
fn placeholder(rest: &str) -> Option<usize> {
    if let Some(inside) = rest.strip_prefix("<<") {
        let end = inside.bytes().take(120).position(|b| matches!(b, b'>' | b'\n'))?;
        return (inside[end..].starts_with(">>") && inside[..end].contains('.')).then_some(end + 4);
    }
    let inside = rest.strip_prefix('[')?;
    let named = ["IMAGE", "Image", "cid:", "image:"].iter().any(|name| inside.starts_with(name));
    let end = if named { inside.bytes().take(200).position(|b| matches!(b, b']' | b'\n'))? } else { return None };
    inside[end..].starts_with(']').then_some(end + 2)
}

fn each_in_word(text: &str, word: Span, seen: u8, found: &mut impl FnMut(Span)) {
    let mut left = word.start;
    // No address and no page goes without one of these.
    if seen & (SIGN | STOP) != 0 && memchr3(b'@', b'/', b'w', word.of(text).as_bytes()).is_some() {
        let mut triggers = memchr_iter(b'@', word.of(text).as_bytes()).map(|i| word.start + i).peekable();
        let mut urls = url_starts(word.of(text)).map(|i| word.start + i).peekable();
        loop {
            let url = match (urls.peek(), triggers.peek()) {
                (Some(&url), Some(&at)) => url < at,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            let next = if url { urls.next() } else { triggers.next() };
            let Some(next) = next.filter(|&next| next >= left) else { continue };
            let span = if url { url_at(text, next, left, word.end) } else { mail_or_handle(text, next, left, word.end) };
            if let Some(span) = span {
                found(span);
                left = span.end;
            }
        }
    }
    if left == word.start && word.len() <= LONGEST_PATH {
        let inner = bare(word.of(text));
        let start = word.start + inner.start;
        if is_address_as_a_whole(&word.of(text)[inner.start..inner.end]) {
            found(Span::new(start, start + inner.len()));
        }
    }
}

/// Places of `://` and of `www.` at a word's start or after a bracket.
fn url_starts(word: &str) -> impl Iterator<Item = usize> + '_ {
    let mut schemes = memmem::find_iter(word.as_bytes(), b"://").peekable();
    let mut pages =
        memmem::find_iter(word.as_bytes(), b"www.").filter(|&i| i == 0 || !word.as_bytes()[i - 1].is_ascii_alphanumeric()).peekable();
    std::iter::from_fn(move || match (schemes.peek(), pages.peek()) {
        (Some(scheme), Some(page)) if page < scheme => pages.next(),
        (Some(_), _) => schemes.next(),
        (None, _) => pages.next(),
    })
}

fn url_at(text: &str, at: usize, left: usize, end: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let is_scheme = bytes[at] == b':';
    let letters = if is_scheme { bytes[left..at].iter().rev().take(12).take_while(|b| b.is_ascii_alphabetic()).count() } else { 4 };
    if letters == 0 {
        return None;
    }
    let mut start = if is_scheme { at - letters } else { at };
    let rest = &text[start..end];
    let stop =
        rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '“' | '”')).unwrap_or(rest.len());
    let url = &rest[..stop];
    let open = url.contains('(');
    let url = url
        .trim_end_matches(|c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | ']' | '*' | '_' | '’') || (c == ')' && !open));
    let mut stop = start + url.len();
    if stop <= at + 3 {
        return None;
    }
    if start > left && bytes[start - 1] == b'<' && stop < end && bytes[stop] == b'>' {
        (start, stop) = (start - 1, stop + 1);
    }
    Some(Span::new(start, stop))
}

/// What stands around an `@`.
fn mail_or_handle(text: &str, at: usize, left: usize, end: usize) -> Option<Span> {
    let bytes = text.as_bytes();
    let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-' | '=' | '/' | '\'');
    let local = &text[left..at];
    let local = &local[local.rfind(|c| !is_local(c)).map_or(0, |i| i + local[i..].chars().next().map_or(1, char::len_utf8))..];
    let local = local.trim_start_matches(['\'', '/', '.', '-']).len();
    let host = text[at + 1..end].find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))).map_or(end, |i| at + 1 + i);
    let host = &text[at + 1..host];
    let name = host.trim_end_matches(['.', '-', '_']);
    let mut stop = at + 1 + name.len();
    if local == 0 {
        let digits = name.bytes().take_while(u8::is_ascii_digit).count();
        let starts_well = name.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let is_handle = name.len() > 1 && starts_well && (digits == 0 || digits >= 7);
        return is_handle.then_some(Span::new(at, stop));
    }
    if !name.starts_with(|c: char| c.is_alphanumeric()) || name.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let mut start = at - local;
    if text[left..start].ends_with("mailto:") {
        start -= "mailto:".len();
    }
    if start > left && bytes[start - 1] == b'<' && stop < end && bytes[stop] == b'>' {
        (start, stop) = (start - 1, stop + 1);
    }
    Some(Span::new(start, stop))
}

/// The word without brackets, quotation marks and stops around it.
fn bare(word: &str) -> Span {
    let inner = word.trim_start_matches(['(', '[', '{', '<', '"', '\'', '*', '`', ',', '“', '‘', '=']);
    let start = word.len() - inner.len();
    let inner = inner.trim_end_matches([')', ']', '}', '>', '"', '\'', '*', '`', '.', ',', ';', ':', '!', '?', '”', '’', '…']);
    Span::new(start, start + inner.len())
}

fn is_address_as_a_whole(word: &str) -> bool {
    is_windows_path(word) || is_unix_path(word) || is_page(word) || is_file_name(word) || is_hash(word) || is_notes_name(word)
}

fn is_windows_path(word: &str) -> bool {
    let bytes = word.as_bytes();
    let drive = bytes.len() > 3 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'\\';
    drive || (word.starts_with("\\\\") && word.len() > 4) || (bytes.len() > 6 && word.split('\\').count() > 2)
}

/// At least two separators, and something that words with strokes between them (`sales/marketing/support`, `1/2/2024`) do not have.
fn is_unix_path(word: &str) -> bool {
    let mut parts = word.split('/');
    if word.split('/').count() < 3
        || !word.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '~' | '+' | '%' | '=' | ':' | '#' | '$' | '*' | '?' | '&' | ',')
        })
    {
        return false;
    }
    let first = parts.next().unwrap_or_default();
    if matches!(first, "" | "~" | "." | "..") {
        return word.bytes().any(|b| b.is_ascii_alphabetic());
    }
    let last = word.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    has_known_extension(last) || (word.contains('_') && word.bytes().any(|b| b.is_ascii_alphabetic())) || is_host(first)
}

/// `github.com/anna`.
fn is_page(word: &str) -> bool {
    word.split_once('/').is_some_and(|(host, page)| !page.is_empty() && is_host(host))
}

fn is_host(host: &str) -> bool {
    host.rsplit_once('.').is_some_and(|(name, top)| {
        (2..=6).contains(&top.len())
            && top.bytes().all(|b| b.is_ascii_lowercase())
            && name.len() >= 2
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
    })
}

fn is_file_name(word: &str) -> bool {
    word.split('/').count() <= 2
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+' | '~' | '%' | '(' | ')' | '&'))
        && has_known_extension(word)
}

fn has_known_extension(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        stem.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ')' | '*'))
            && EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
            // "J.R" and "e.g" are not files; "a.out.c" may be.
            && (extension.len() > 1 || stem.len() > 2)
    })
}

/// A hexadecimal hash, a UUID, or a long code of letters and digits.
fn is_hash(word: &str) -> bool {
    if word.len() < SHORTEST_HASH || !word.is_ascii() {
        return false;
    }
    let (mut digits, mut hex, mut upper, mut lower, mut other) = (0, 0, 0, 0, 0);
    for b in word.bytes() {
        digits += usize::from(b.is_ascii_digit());
        hex += usize::from(b.is_ascii_hexdigit());
        upper += usize::from(b.is_ascii_uppercase());
        lower += usize::from(b.is_ascii_lowercase());
        other += usize::from(!b.is_ascii_alphanumeric());
    }
    let groups = || word.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let is_hex = digits > 0 && digits < word.len() && (hex == word.len() || (hex + 4 == word.len() && groups()));
    let is_code = word.len() >= 40 && digits >= 2 && upper >= 2 && lower >= 2 && other * 8 <= word.len();
    is_hex || is_code
}

/// `Lee/HOU/ACME`: a name in Lotus Notes.
fn is_notes_name(word: &str) -> bool {
    let mut parts = word.split('/');
    let named = parts.next().is_some_and(|name| name.starts_with(|c: char| c.is_uppercase()) && name.contains(char::is_lowercase));
    let mut units = 0;
    named
        && parts.all(|unit| {
            units += 1;
            (2..=12).contains(&unit.len()) && unit.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
        })
        && units >= 2
}
