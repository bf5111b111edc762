//! The header block above a mail that is quoted whole: `From:`, `Sent:`, `To:`, `Subject:` in many languages, and how Lotus Notes writes it.

use super::lines::Lines;

/// A block of `From:`, `Sent:`, `To:`, `Subject:` lines.
pub(super) struct Header {
    pub(super) end: usize,
    /// One bit a kind of line.
    pub(super) kinds: u8,
}

const FROM: u8 = 1;
const SENT: u8 = 2;
const TO: u8 = 4;
const CC: u8 = 8;
const SUBJECT: u8 = 16;

/// Names of header lines, in lower case: English, German, French, Spanish, Dutch, Italian, Portuguese, Romanian, Polish, Czech, Hungarian, Swedish,
/// Danish, Norwegian, Finnish, Turkish, Greek, Russian, Ukrainian, Bulgarian, Hebrew, Chinese, Japanese, Korean.
#[rustfmt::skip]
const HEADER_NAMES: [(u8, &[&str]); 5] = [
    (FROM, &[
        "from", "von", "de", "da", "van", "od", "sender", "absender", "från", "fra", "lähettäjä", "kimden", "feladó", "de la", "από", "от", "від", "מאת", "보낸 사람",
        "发件人", "寄件者", "差出人",
    ]),
    (SENT, &[
        "sent", "date", "sent on", "gesendet", "datum", "envoyé", "envoy?", "enviado", "enviado el", "enviada", "enviada em", "inviato", "data", "verzonden", "fecha",
        "wysłano", "skickat", "sendt", "dato", "lähetetty", "päivämäärä", "odesláno", "odoslané", "gönderildi", "gönderilme tarihi", "tarih", "elküldve", "dátum", "trimis",
        "στάλθηκε", "εστάλη", "ημερομηνία", "отправлено", "дата", "надіслано", "изпратено", "נשלח", "发送时间", "日期", "보낸 날짜", "날짜", "寄件日期", "送信日時", "日付",
    ]),
    (TO, &[
        "to", "an", "à", "a", "para", "aan", "recipient", "do", "till", "til", "vastaanottaja", "komu", "kime", "címzett", "către", "catre", "προς", "кому", "до", "אל",
        "받는 사람", "收件人", "收件者", "宛先",
    ]),
    (CC, &[
        "cc", "bcc", "kopie", "copie", "copie à", "cco", "importance", "attachments", "reply-to", "dw", "kopia", "kopi", "kopio", "bilgi", "másolatot kap", "κοιν.",
        "копия", "копія", "wichtigkeit", "anlagen", "bijlagen", "pièces jointes", "adjuntos", "allegati", "抄送", "副本",
    ]),
    (SUBJECT, &[
        "subject", "betreff", "objet", "asunto", "oggetto", "onderwerp", "assunto", "re", "temat", "ämne", "emne", "aihe", "předmět", "predmet", "konu", "tárgy", "subiect",
        "θέμα", "тема", "относно", "נושא", "הנדון", "제목", "主题", "主旨", "件名",
    ]),
];

/// Where the right column begins, if it is a line of a header.
fn column_of_header(body: &str) -> Option<usize> {
    if body.len() >= 200 {
        return None;
    }
    let gap = body.find("   ")?;
    ["To:", "cc:", "Subject:"].iter().find_map(|name| body[gap..].find(name).map(|at| gap + at)).filter(|&at| body[..at].ends_with("   "))
}

fn header_kind(body: &str) -> Option<u8> {
    const LAST_OF_WIDE: u8 = "：".as_bytes()[2];
    // Most lines hold none.
    memchr::memchr2(b':', LAST_OF_WIDE, body.as_bytes())?;
    // Notes 5 sets the sender in a column to the left of the header.
    let body = match column_of_header(body) {
        Some(column) => &body[column..],
        None => body.trim_start_matches('*'),
    };
    let wide = || body.char_indices().take(12).find(|&(_, c)| c == '：').map(|(at, _)| at);
    let narrow = body.bytes().take(24).position(|b| b == b':');
    let colon = [narrow, wide()].into_iter().flatten().min()?;
    let name = body[..colon].trim_end_matches([' ', '\u{a0}', '*']);
    let is_name =
        |known: &&str| known.eq_ignore_ascii_case(name) || !name.is_ascii() && known.len() == name.len() && name.to_lowercase() == **known;
    HEADER_NAMES.iter().find(|(_, names)| names.iter().any(is_name)).map(|&(kind, _)| kind)
}

/// The header block that begins at a line; lists of recipients may run over several lines.
pub(super) fn header_block(lines: &Lines<'_>, first: usize) -> Option<Header> {
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
        } else if blank == 0 && other < 25 && last_kind & (TO | CC | FROM) != 0 && !lines.body(i).starts_with('>') {
            other += 1;
        } else {
            break;
        }
    }
    (header.kinds.count_ones() >= 2).then_some(header)
}

/// The names that Lotus Notes sets alone on their lines, with what they name below each.
const NOTES_NAMES: [[&str; 3]; 4] = [["To", "cc", "Subject"], ["An", "Kopie", "Thema"], ["A", "cc", "Objet"], ["Para", "cc", "Asunto"]];

/// How far below "To" of Lotus Notes its "Subject" stands.
const NOTES_LINES: usize = 20;

/// The end of a header of Lotus Notes whose "To" stands alone on a line.
pub(super) fn end_of_notes_header(lines: &Lines<'_>, to: usize) -> Option<usize> {
    let body = lines.body(to);
    if !matches!(body.len(), 1..=4) {
        return None;
    }
    let [_, copies, subject] = NOTES_NAMES.iter().find(|names| names[0] == body)?;
    let find = |name: &str, from: usize| (from..lines.len().min(to + NOTES_LINES)).find(|&i| lines.body(i).eq_ignore_ascii_case(name));
    let subject = find(subject, find(copies, to + 1)?)?;
    let value = (subject + 1 < lines.len() && !lines.is_blank(subject + 1)).then_some(subject + 1);
    Some(value.unwrap_or(subject) + 1)
}

/// The first line of the box that Lotus Notes draws around a header.
pub(super) fn begins_notes_box(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.body(i);
    body.starts_with("|----")
        && body.ends_with("->")
        && lines.next_filled(i + 1).is_some_and(|next| lines.body(next).starts_with("| ") && lines.body(next).contains(':'))
}

/// Above a Lotus Notes header stand name and date, above an Outlook one a rule.
pub(super) fn start_of_header(lines: &Lines<'_>, header: usize) -> usize {
    let mut start = header;
    let mut dated = false;
    // The name of who wrote stands in the column to the left, with its mark of quotation.
    if header > 0 && column_of_header(lines.head(header)).is_some() && lines.is_open(header - 1) && lines.body(header - 1).len() <= 40 {
        return header - 1;
    }
    for i in (header.saturating_sub(10)..header).rev() {
        let body = lines.head(i);
        if lines.is_blank(i) {
            continue;
        }
        let is_rule = body.len() >= 5 && body.bytes().all(|b| matches!(b, b'_' | b'-' | b'='));
        let is_date = date_and_time_in(body);
        let is_note = body.starts_with("Sent by:") || body.starts_with("Please respond to") || body.starts_with("From:");
        let is_firm = || [" Corp.", " Inc.", " Ltd.", " Co."].iter().any(|firm| body.ends_with(firm));
        let is_name = dated && body.len() <= 70 && (!body.ends_with(['.', '?', '!', ':']) || is_firm());
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

pub(super) fn has_date_and_time(lines: &Lines<'_>, first: usize, end: usize) -> bool {
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
