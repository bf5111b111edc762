//! Quoted lines of a mail, and the markers below which everything is somebody else's.

use std::sync::LazyLock;

use regex::RegexSet;
use rustc_hash::FxHashMap;

use crate::message::Reason;

use super::lines::Lines;

/// Lines that say "the mail that is answered" or "a mail passed on", by language; the first `N_ORIGINAL` patterns are answers.
static MARKERS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)^\**[-_=]{2,}\s*(original (message|appointment|e-?mail)|reply (message|separator)|ursprüngliche (nachricht|e-?mail)|originalnachricht)",
        r"(?i)^\**[-_=]{2,}\s*(message d.origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht)",
        r"(?i)^\**[-_=]{2,}\s*(forwarded |weitergeleitete? |weitergeleitet von|message (transféré|réexpédié)|transféré par|mensaje reenviado)",
        r"(?i)^\**[-_=]{2,}\s*(reenviado por|messaggio inoltrato|inoltrato da|mensagem (encaminhada|reencaminhada)|encaminhado por)",
        r"(?i)^\**[-_=]{2,}\s*(doorgestuurd (bericht|door)|(start of|begin) forwarded)",
        r"(?i)^(begin forwarded message|anfang der weitergeleiteten (nachricht|e-?mail)|début du message (réexpédié|transféré))\s*:",
        r"(?i)^(inicio del mensaje reenviado|inizio (del )?messaggio inoltrato|início da mensagem (re)?encaminhada|begin doorgestuurd bericht)\s*:",
    ])
    .ok()
});
const N_ORIGINAL: usize = 2;

/// Cuts lines that begin with a quotation mark of mail: `>`, and `|` or a writer's initials (`KH>`) where they are repeated.
pub(super) fn mark_quoted_lines(lines: &mut Lines<'_>) {
    let mut initials: FxHashMap<&str, u32> = FxHashMap::default();
    for i in 0..lines.len() {
        if is_quoted(lines.body(i)) {
            lines.all[i].cut = Some(Reason::QuotedReply);
        } else if let Some(name) = initials_of(lines.body(i)) {
            *initials.entry(name).or_default() += 1;
        }
    }
    for i in 0..lines.len() {
        let body = lines.body(i);
        let bar = is_bar(body) && ((i > 0 && is_bar(lines.body(i - 1))) || (i + 1 < lines.len() && is_bar(lines.body(i + 1))));
        let repeated = !initials.is_empty() && initials_of(body).is_some_and(|name| initials.get(name).is_some_and(|&n| n > 1));
        if bar || repeated {
            lines.cut(i..i + 1, Reason::QuotedReply);
        }
    }
    for i in 1..lines.len().saturating_sub(1) {
        if lines.is_open(i) && is_rest_of_quote(lines, i) {
            lines.cut(i..i + 1, Reason::QuotedReply);
        }
    }
}

fn is_quoted(body: &str) -> bool {
    body.strip_prefix('>').is_some_and(|rest| !rest.starts_with("From "))
}

/// One bar at the start and none later: a line with more is a row of a table.
fn is_bar(body: &str) -> bool {
    body.strip_prefix('|').is_some_and(|rest| !rest.contains('|'))
}

/// `KH> ` and `Kurt> `: a short capitalised name before the mark.
fn initials_of(body: &str) -> Option<&str> {
    let end = body.bytes().take(9).position(|b| b == b'>')?;
    let name = &body[..end];
    let after = body.as_bytes().get(end + 1);
    (name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_alphabetic())
        && matches!(after, None | Some(b' ' | b'>')))
    .then_some(name)
}

/// A few words that a mail program broke off a long quoted line: the mark stands before and after them but not on them.
fn is_rest_of_quote(lines: &Lines<'_>, i: usize) -> bool {
    let (before, rest) = (lines.body(i - 1), lines.body(i));
    let quoted = |j: usize| lines.all[j].cut == Some(Reason::QuotedReply);
    quoted(i - 1)
        && quoted(i + 1)
        && rest.len() <= 25
        && before.len() >= 66
        && !before.ends_with(['.', '!', '?', ':'])
        && !rest.starts_with(char::is_uppercase)
}

/// A passage that is set off by so many blanks is no part of the text around it.
const SET_OFF: usize = 3;

/// Cuts passages that are set off from the margin and stand in quotation marks: what a manual or a policy says, given word for word.
pub(super) fn mark_set_off_passages(lines: &mut Lines<'_>) {
    let mut i = 0;
    while i < lines.len() {
        if !lines.is_open(i) || !is_set_off(lines, i) {
            i += 1;
            continue;
        }
        let end = end_of_paragraph(lines, i);
        if is_in_quotation_marks(lines, i, end) {
            lines.cut(i..end, Reason::QuotedReply);
        }
        i = end;
    }
}

fn is_set_off(lines: &Lines<'_>, i: usize) -> bool {
    let raw = lines.raw(i);
    raw.starts_with('\t') || raw.len() - raw.trim_start_matches(' ').len() >= SET_OFF
}

fn end_of_paragraph(lines: &Lines<'_>, first: usize) -> usize {
    (first..lines.len()).find(|&i| !lines.is_open(i) || !is_set_off(lines, i)).unwrap_or(lines.len())
}

/// Whether a paragraph begins with a mark and ends with its fellow, and has words enough to be a sentence.
fn is_in_quotation_marks(lines: &Lines<'_>, first: usize, end: usize) -> bool {
    const FELLOWS: [(char, &[char]); 7] =
        [('"', &['"']), ('\'', &['\'']), ('“', &['”']), ('‘', &['’']), ('„', &['“', '”']), ('«', &['»']), ('»', &['«'])];
    let (head, last) = (lines.body(first), lines.body(end - 1).trim_end_matches(['.', ',', ';']));
    let fellows = FELLOWS.iter().find(|(open, _)| head.starts_with(*open)).map(|(_, fellows)| *fellows);
    fellows.is_some_and(|fellows| {
        last.ends_with(fellows) && (first..end).map(|i| lines.body(i).split_whitespace().count()).sum::<usize>() >= 5
    })
}

/// Cuts what stands below the first marker of a whole message, unless that message is quoted line by line: then its author's answers may
/// stand between the quotes.
pub(super) fn mark_below_markers(lines: &mut Lines<'_>) {
    let mut i = 0;
    while i < lines.len() {
        let found = if lines.is_open(i) { marker_at(lines, i) } else { None };
        let Some(marker) = found else {
            i += 1;
            continue;
        };
        match lines.next_filled(marker.end) {
            Some(next) if is_quoted(lines.body(next)) => {
                lines.cut(marker.start..marker.end, marker.reason);
                let mut j = next;
                while j < lines.len() && (lines.is_blank(j) || lines.all[j].cut.is_some()) {
                    if !lines.is_blank(j) {
                        lines.all[j].cut = Some(marker.reason);
                    }
                    j += 1;
                }
                i = j;
            }
            Some(_) | None => {
                for line in &mut lines.all[marker.start..] {
                    line.cut = Some(marker.reason);
                }
                return;
            }
        }
    }
}

/// The lines that say that a message follows.
struct Marker {
    start: usize,
    end: usize,
    reason: Reason,
}

fn marker_at(lines: &Lines<'_>, i: usize) -> Option<Marker> {
    if let Some(reason) = marker_line(lines.head(i)) {
        let mut end = i + 1;
        // The date of a long Lotus Notes marker stands on a second line.
        if lines.body(i).starts_with("--")
            && !lines.body(i).ends_with(['-', '_', '='])
            && end < lines.len()
            && lines.body(end).ends_with("--")
        {
            end += 1;
        }
        let header = lines.next_filled(end).and_then(|next| header_block(lines, next));
        return Some(Marker { start: i, end: header.map_or(end, |header| header.end), reason });
    }
    let header = header_block(lines, i)?;
    let start = start_of_header(lines, i);
    (header.kinds.count_ones() >= 3 || start < i && header.kinds.count_ones() == 2 && has_date_and_time(lines, start, i))
        .then_some(Marker { start, end: header.end, reason: Reason::QuotedReply })
}

fn marker_line(head: &str) -> Option<Reason> {
    let first = head.chars().next()?;
    if !matches!(first, '-' | '_' | '=' | '*' | 'b' | 'B' | 'a' | 'A' | 'd' | 'D' | 'i' | 'I') {
        return None;
    }
    let which = MARKERS.as_ref()?.matches(head).iter().next()?;
    Some(if which < N_ORIGINAL { Reason::QuotedReply } else { Reason::Forwarded })
}

/// A block of `From:`, `Sent:`, `To:`, `Subject:` lines.
struct Header {
    end: usize,
    /// One bit a kind of line.
    kinds: u8,
}

const FROM: u8 = 1;
const SENT: u8 = 2;
const TO: u8 = 4;
const CC: u8 = 8;
const SUBJECT: u8 = 16;

/// Names of header lines in English, German, French, Spanish, Dutch, Italian, Portuguese, in lower case.
const HEADER_NAMES: [(u8, &[&str]); 5] = [
    (FROM, &["from", "von", "de", "da", "van"]),
    (
        SENT,
        &[
            "sent",
            "date",
            "sent on",
            "gesendet",
            "datum",
            "envoyé",
            "enviado",
            "enviado el",
            "enviada",
            "enviada em",
            "inviato",
            "data",
            "verzonden",
            "fecha",
        ],
    ),
    (TO, &["to", "an", "à", "a", "para", "aan", "recipient"]),
    (CC, &["cc", "bcc", "kopie", "copie", "copie à", "cco", "importance", "attachments", "reply-to"]),
    (SUBJECT, &["subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "re"]),
];

fn header_kind(body: &str) -> Option<u8> {
    // Most lines hold none.
    memchr::memchr(b':', body.as_bytes())?;
    // Notes 5 sets the sender in a column to the left of the header.
    let body = match body.rfind("   ") {
        Some(column) if body.len() < 200 && body[column..].trim_start().starts_with(['T', 'c', 'S']) => body[column..].trim_start(),
        Some(_) | None => body.trim_start_matches('*'),
    };
    let colon = body.bytes().take(20).position(|b| b == b':')?;
    let name = body[..colon].trim_end_matches([' ', '\u{a0}', '*']);
    let is_name = |known: &&str| known.eq_ignore_ascii_case(name) || (name.starts_with(['À', 'É']) && name.to_lowercase() == **known);
    HEADER_NAMES.iter().find(|(_, names)| names.iter().any(is_name)).map(|&(kind, _)| kind)
}

/// The header block that begins at a line; lists of recipients may run over several lines.
fn header_block(lines: &Lines<'_>, first: usize) -> Option<Header> {
    let mut last_kind = header_kind(lines.head(first))?;
    let mut header = Header { end: first + 1, kinds: last_kind };
    let (mut blank, mut other, mut copies) = (0, 0, 0);
    for i in first + 1..lines.len().min(first + 40) {
        if lines.is_blank(i) {
            blank += 1;
            if blank > 2 {
                break;
            }
        } else if let Some(kind) = header_kind(lines.head(i)) {
            // No header has two senders or subjects, and no more than three kinds of copies.
            copies += u32::from(kind == CC);
            if header.kinds & kind != 0 && (kind != CC || copies > 3) {
                break;
            }
            header.kinds |= kind;
            header.end = i + 1;
            (last_kind, blank, other) = (kind, 0, 0);
        } else if blank == 0 && other < 25 && last_kind & (TO | CC | FROM) != 0 && !is_quoted(lines.body(i)) {
            other += 1;
        } else {
            break;
        }
    }
    (header.kinds.count_ones() >= 2).then_some(header)
}

/// Above a Lotus Notes header stand name and date, above an Outlook one a rule.
fn start_of_header(lines: &Lines<'_>, header: usize) -> usize {
    let mut start = header;
    let mut dated = false;
    for i in (header.saturating_sub(10)..header).rev() {
        let body = lines.head(i);
        if lines.is_blank(i) {
            continue;
        }
        let is_rule = body.len() >= 5 && body.bytes().all(|b| matches!(b, b'_' | b'-' | b'='));
        let is_date = date_and_time_in(body);
        let is_note = body.starts_with("Sent by:") || body.starts_with("Please respond to") || body.starts_with("From:");
        let is_name = dated && body.len() <= 70 && !body.ends_with(['.', '?', '!', ':']);
        if !lines.is_open(i) || !(is_rule || is_date || is_note || is_name) {
            break;
        }
        start = i;
        if is_rule || is_name && !is_date && !is_note {
            break;
        }
        dated |= is_date || is_note;
    }
    start
}

fn has_date_and_time(lines: &Lines<'_>, first: usize, end: usize) -> bool {
    (first..end).any(|i| date_and_time_in(lines.head(i)))
}

/// `01/23/2001 12:20 PM`, `23.01.2001 12:20`, anywhere in a line.
fn date_and_time_in(head: &str) -> bool {
    let is_date = |word: &str| {
        let word = word.trim_end_matches(',');
        let mut parts = word.split(['/', '.', '-']);
        (6..=10).contains(&word.len())
            && parts.by_ref().take(3).filter(|part| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).count() == 3
            && parts.next().is_none()
    };
    let is_time = |word: &str| {
        word.split_once(':').is_some_and(|(hour, rest)| {
            hour.len() <= 2 && hour.bytes().all(|b| b.is_ascii_digit()) && rest.starts_with(|c: char| c.is_ascii_digit())
        })
    };
    let mut words = head.split_whitespace();
    words.by_ref().any(is_date) && words.next().is_some_and(is_time)
}
