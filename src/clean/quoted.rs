//! Quoted lines of a mail, and the markers below which everything is somebody else's.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::RegexSet;
use rustc_hash::FxHashMap;

use crate::message::Reason;

use super::closing::is_closing;
use super::header::{begins_notes_box, end_of_notes_header, has_date_and_time, header_block, start_of_header};
use super::lines::Lines;

/// Lines that say "the mail that is answered" or "a mail passed on", by language; the first `N_ORIGINAL` patterns are answers.
static MARKERS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)^\**[-_=]{2,}\s*(original (message|appointment|e-?mail)|reply (message|separator)|ursprüngliche (nachricht|e-?mail)|originalnachricht)",
        r"(?i)^\**[-_=]{2,}\s*(mail original|message original|message d.origine|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht)",
        r"(?i)^\**[-_=]{2,}\s*(ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|původní (zpráva|e-mail)|eredeti üzenet|wiadomość oryginalna|oryginalna wiadomość|özgün ileti|исходное сообщение|mesaj original|αρχικό μήνυμα)",
        r"(?i)^[-_=]{2,}\s*(on|am|le|el|il|op|em)\s.+\s(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu)\s*[-_=]{2,}$",
        r"(?i)^\**[-_=]{2,}\s*(forwarded |weitergeleitete? |weitergeleitet von|message (transféré|réexpédié)|transféré par|mensaje reenviado)",
        r"(?i)^\**[-_=]{2,}\s*(reenviado por|messaggio inoltrato|inoltrato da|mensagem (encaminhada|reencaminhada)|encaminhado por)",
        r"(?i)^\**[-_=]{2,}\s*(doorgestuurd (bericht|door)|((start of|begin) )?(forwarded|included) message|begin forwarded)",
        r"(?i)^(begin forwarded message|anfang der weitergeleiteten (nachricht|e-?mail)|début du message (réexpédié|transféré))\s*:",
        r"(?i)^(inicio del mensaje reenviado|inizio (del )?messaggio inoltrato|início da mensagem (re)?encaminhada|begin doorgestuurd bericht)\s*:",
    ])
    .ok()
});
const N_ORIGINAL: usize = 4;

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
    let mut bars = 0_u32;
    for i in 0..lines.len() {
        let body = lines.body(i);
        let is_beside = || i > 0 && (is_bar(lines.body(i - 1)) || is_end_of_attribution(lines.body(i - 1)));
        let bar = is_bar(body) && (bars > 0 || is_beside() || (i + 1 < lines.len() && is_bar(lines.body(i + 1))));
        bars += u32::from(bar);
        let repeated = !initials.is_empty() && initials_of(body).is_some_and(|name| initials.get(name).is_some_and(|&n| n > 1));
        if bar || repeated {
            lines.cut(i..i + 1, Reason::QuotedReply);
        }
    }
    for i in 0..lines.len().saturating_sub(1) {
        if lines.is_open(i) && is_beginning_of_quote(lines, i) {
            lines.cut(i..i + 1, Reason::QuotedReply);
        }
    }
    for i in 1..lines.len() {
        if lines.is_open(i) && lines.all[i - 1].cut == Some(Reason::QuotedReply) {
            let end = if is_rest_of_quote(lines, i) { i + 1 } else { end_of_broken_quote(lines, i) };
            lines.cut(i..end, Reason::QuotedReply);
        }
    }
}

/// A line is no shorter if the mark of quotation before it was lost.
const WITHOUT_MARK: usize = 30;

/// A line alone that runs on into the quote right below: its mark was lost.
fn is_beginning_of_quote(lines: &Lines<'_>, i: usize) -> bool {
    let (body, below) = (lines.body(i), lines.body(i + 1));
    below.starts_with('>')
        && body.len() >= WITHOUT_MARK
        && body.ends_with(|c: char| c.is_alphanumeric() || c == ',')
        && (i == 0 || lines.is_blank(i - 1))
        && below.trim_start_matches(['>', ' ']).starts_with(char::is_lowercase)
        // Behind a prompt stand fewer words.
        && below.split(' ').filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic())).nth(2).is_some()
}

/// Words with which no sentence ends, so that what follows goes on with it.
#[rustfmt::skip]
const GOES_ON: [&str; 30] = [
    "a", "an", "the", "of", "to", "in", "for", "and", "or", "with", "is", "be", "that", "on", "at", "by", "as", "from", "which", "are", "was", "if", "we",
    "they", "my", "our", "your", "their", "its", "will",
];

/// The end of a paragraph of which only the first line has a mark, for it was one long line when it was marked.
fn end_of_broken_quote(lines: &Lines<'_>, i: usize) -> usize {
    let (before, rest) = (lines.body(i - 1), lines.body(i));
    let stands_alone = i < 2 || lines.all[i - 2].cut.is_none();
    let is_broken = stands_alone
        && before.len() >= 50
        && rest.starts_with(char::is_lowercase)
        && before.rsplit(' ').next().is_some_and(|last| GOES_ON.contains(&last));
    if is_broken { (i..lines.len()).find(|&j| !lines.is_open(j)).unwrap_or(lines.len()) } else { i }
}

fn is_quoted(body: &str) -> bool {
    body.strip_prefix('>').is_some_and(|rest| !rest.starts_with("From "))
}

/// One bar at the start and none later: a line with more is a row of a table. Two colons are a mark, too.
fn is_bar(body: &str) -> bool {
    match body.as_bytes().first() {
        Some(b'|') => !body[1..].contains('|'),
        Some(b':') => body.starts_with("::") || body.starts_with(": "),
        Some(_) | None => false,
    }
}

/// A line that says who wrote, so that a single bar below it is a mark of quotation.
fn is_end_of_attribution(body: &str) -> bool {
    ["wrote:", "writes:", "schrieb:", "écrit :", "écrit:", "escribió:", "scritto:", "schreef:", "escreveu:"]
        .iter()
        .any(|verb| body.ends_with(verb))
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
    // A longer rest ends in the middle, too.
    let is_short = rest.len() <= 25 || rest.len() <= 45 && !rest.ends_with(['.', '!', '?']);
    // Where nothing of the quote follows, it must end there.
    let ends = || rest.len() <= 70 && rest.ends_with(['.', '!', '?', ')']) && (i + 1 == lines.len() || lines.is_blank(i + 1));
    let is_followed = i + 1 < lines.len() && quoted(i + 1);
    let is_in_the_middle = !before.ends_with(['.', '!', '?', ':']) && !rest.starts_with(char::is_uppercase);
    // A sentence may begin with the word that was broken off.
    let begins = || {
        is_followed
            && rest.len() <= 12
            && rest.ends_with(char::is_alphanumeric)
            && lines.body(i + 1).trim_start_matches(['>', ' ']).starts_with(char::is_lowercase)
    };
    before.len() >= 66 && ((is_followed && is_short || ends()) && is_in_the_middle || begins())
}

/// Cuts what a news agency sent, from the line that says where and by whom to the end of the stretch, with the headline above.
pub(super) fn mark_news(lines: &mut Lines<'_>) {
    for i in 0..lines.len() {
        if lines.is_open(i) && is_dateline(lines.head(i)) {
            let end = (i..lines.len()).find(|&j| lines.all[j].cut.is_some()).unwrap_or(lines.len());
            lines.cut(i..end, Reason::QuotedReply);
        }
    }
}

/// `LONDON, Dec 12 (Reuters) - `, `HOUSTON--(BUSINESS WIRE)--`, `DALLAS, Jan. 16 /PRNewswire/ --`.
fn is_dateline(head: &str) -> bool {
    const AGENCIES: [&str; 9] =
        ["(Reuters)", "(AP)", "(Dow Jones)", "(Bloomberg)", "(BUSINESS WIRE)", "(AFP)", "(UPI)", "(dpa)", "/PRNewswire"];
    // The place stands in capitals.
    let bytes = head.as_bytes();
    bytes.len() > 12
        && bytes[..3].iter().all(|b| b.is_ascii_uppercase() || *b == b'.')
        && AGENCIES.iter().any(|agency| head.find(agency).is_some_and(|at| at <= 50))
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
        if is_in_quotation_marks(lines, i, end) || is_introduced(lines, i) && n_words(lines, i, end) >= 8 {
            lines.cut(i..end, Reason::QuotedReply);
        }
        i = end;
    }
}

/// A quotation has no more lines than this.
const LONGEST_QUOTATION: usize = 30;

/// So many words in quotation marks, on lines of their own, are a text and no saying.
pub(super) const QUOTED_WORDS: usize = 8;

/// Cuts what stands in quotation marks on lines of its own below a line that announces it, and the paragraph below one that says "verbatim".
pub(super) fn mark_announced(lines: &mut Lines<'_>) {
    for i in 1..lines.len() {
        if !lines.is_open(i) {
            continue;
        }
        let end = match lines.body(i).as_bytes()[0] {
            b'0'..=b'9' | b'-' | b'*' | 0xe2 if is_quotation_as_item(lines.body(i)) => Some(i + 1),
            b'"' if is_announced(lines, i) => end_of_quotation(lines, i, '"'),
            b'\'' if is_announced(lines, i) => end_of_quotation(lines, i, '\''),
            0xe2 if lines.body(i).starts_with('“') && is_announced(lines, i) => end_of_quotation(lines, i, '”'),
            _ if lines.is_blank(i - 1) && is_below_verbatim(lines, i) => Some(end_at_source(lines, end_of_parts(lines, i))),
            _ => None,
        };
        if let Some(end) = end.filter(|&end| n_words(lines, i, end) >= QUOTED_WORDS) {
            lines.cut(i..end, Reason::QuotedReply);
        }
    }
}

/// "1. “All of it …”": an item of a list that is a quotation and nothing else.
fn is_quotation_as_item(body: &str) -> bool {
    let item = body.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['.', ')', '-', '*', '•']);
    let text = item.trim_start();
    let inside = text.strip_prefix('“').or_else(|| text.strip_prefix('"'));
    text.len() < body.len()
        && inside.is_some_and(|inside| {
            inside.find(['”', '"']).is_some_and(|end| inside[end..].trim_end_matches(['.', ',', ';']).chars().nth(1).is_none())
        })
}

/// Whether the line above ends as one that says what comes.
fn is_announced(lines: &Lines<'_>, i: usize) -> bool {
    let above = (i.saturating_sub(2)..i).rev().find(|&above| !lines.is_blank(above)).filter(|&above| lines.is_open(above));
    above.is_some_and(|above| {
        lines.body(above).ends_with(':')
            || [" says", " say", " reads", " states", " as"].iter().any(|verb| lines.body(above).ends_with(verb))
    })
}

/// The line after the one that ends with the next mark of a quotation that begins with one.
fn end_of_quotation(lines: &Lines<'_>, first: usize, mark: char) -> Option<usize> {
    for i in first..lines.len().min(first + LONGEST_QUOTATION) {
        // A bracket alone closes a link that was broken off.
        if lines.all[i].cut.is_some() && lines.body(i) != ">" {
            return None;
        }
        let body = if i == first { &lines.body(i)[lines.body(i).chars().next()?.len_utf8()..] } else { lines.body(i) };
        // An apostrophe ends no quotation.
        let is_end = |&(at, _): &(usize, &str)| mark != '\'' || !body[at + 1..].starts_with(char::is_alphanumeric);
        if let Some((at, _)) = body.match_indices(mark).find(is_end) {
            return body[at..].trim_end_matches(['.', ',', ';']).eq(mark.encode_utf8(&mut [0; 4])).then_some(i + 1);
        }
    }
    None
}

/// The end of a paragraph, and of those that follow with nothing but "..." between.
pub(super) fn end_of_parts(lines: &Lines<'_>, first: usize) -> usize {
    let is_open = |&i: &usize| lines.is_open(i);
    let is_left_out = |&i: &usize| matches!(lines.body(i), "..." | "[...]" | "…" | "[…]" | "....");
    let mut end = first;
    loop {
        end = (end..lines.len()).find(|i| !is_open(i)).unwrap_or(lines.len());
        let left_out = lines.next_filled(end).filter(is_open).filter(is_left_out);
        let Some(more) = left_out.and_then(|left_out| lines.next_filled(left_out + 1)).filter(is_open) else { return end };
        end = more;
    }
}

/// A passage of several paragraphs ends above the line that says where the whole of it stands: "see: https://…".
pub(super) fn end_at_source(lines: &Lines<'_>, end: usize) -> usize {
    let is_source = |body: &str| {
        body.len() <= 120
            && (body.contains("http://") || body.contains("https://"))
            && ["see: ", "See: ", "see http", "See http", "source: ", "Source: ", "(http", "(see http", "from http"]
                .iter()
                .any(|sign| body.starts_with(sign))
    };
    let last = lines.len().min(end + LONGEST_QUOTATION);
    let stop = (end..last).find(|&i| lines.all[i].cut.is_some()).unwrap_or(last);
    (end..stop).find(|&i| is_source(lines.body(i))).unwrap_or(end)
}

fn is_below_verbatim(lines: &Lines<'_>, i: usize) -> bool {
    let above = (i.saturating_sub(2)..i).rev().find(|&above| !lines.is_blank(above)).filter(|&above| lines.is_open(above));
    above.is_some_and(|above| {
        let body = lines.body(above);
        let names = |body: &str| {
            ["verbatim", "rom the web site", "rom the website", "rom the manual", "word for word"].iter().any(|sign| body.contains(sign))
        };
        // The address of a page may stand on a line of its own.
        body.ends_with(':') && (names(body) || body.contains("http") && above > 0 && names(lines.body(above - 1)))
    })
}

/// A letter that is given whole has no more lines, and so many below its closing.
const LONGEST_LETTER: usize = 60;
const BELOW_LETTER: usize = 3;

/// Cuts a letter that somebody was sent and gives whole: from "Dear …" below a line that announces it to the closing, if more is said below.
pub(super) fn mark_letters(lines: &mut Lines<'_>) {
    static DEAR: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Dear "));
    if DEAR.find_iter(lines.text.as_bytes()).next().is_none() {
        return;
    }
    let mut from = 1;
    while let Some(first) = (from..lines.len()).find(|&i| lines.is_open(i) && lines.body(i).starts_with("Dear ")) {
        from = first + 1;
        let body = lines.body(first);
        let above = (first.saturating_sub(2)..first).rev().find(|&above| !lines.is_blank(above));
        if body.len() > 60
            || !body.ends_with([',', ':'])
            || !above.is_some_and(|above| lines.is_open(above) && lines.body(above).ends_with(':'))
        {
            continue;
        }
        let Some(closing) = (first + 1..lines.len().min(first + LONGEST_LETTER)).find(|&i| lines.is_open(i) && is_closing(lines.body(i)))
        else {
            continue;
        };
        let name = lines.next_filled(closing + 1).unwrap_or(lines.len());
        let end = (name..lines.len().min(name + BELOW_LETTER)).find(|&i| !lines.is_open(i)).unwrap_or(lines.len());
        if (end..lines.len()).any(|i| lines.is_open(i)) {
            lines.cut(first..end, Reason::QuotedReply);
            from = end;
        }
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
    fellows.is_some_and(|fellows| last.ends_with(fellows) && n_words(lines, first, end) >= 5)
}

pub(super) fn n_words(lines: &Lines<'_>, first: usize, end: usize) -> usize {
    (first..end).map(|i| lines.body(i).split_whitespace().filter(|word| word.starts_with(char::is_alphabetic)).count()).sum()
}

/// Whether the line above says that a text is given word for word: "From the policy", "The manual says:".
fn is_introduced(lines: &Lines<'_>, i: usize) -> bool {
    let Some(above) = (i.saturating_sub(2)..i).rev().find(|&above| !lines.is_blank(above)).filter(|&above| lines.is_open(above)) else {
        return false;
    };
    let head = lines.body(above).trim_start_matches('>');
    let names_source = head.starts_with("From the ") && head.split_whitespace().count() <= 8 && !head.ends_with('.');
    let says = || {
        [" says", " states", " reads", " stated", "xcerpt", " cite ", " quote", "uoting "].iter().any(|verb| head.contains(verb))
            && ["manual", "polic", "documentation", "guide", "standard", "help", "page", "rule", "section", "excerpt", "book", "contract"]
                .iter()
                .any(|source| head.contains(source))
    };
    let goes_on = || [" says", " states", " reads"].iter().any(|verb| head.ends_with(verb));
    !is_set_off(lines, above) && (names_source || (head.ends_with(':') || goes_on()) && says())
}

/// Cuts what stands below the first marker of a whole message, unless that message is quoted line by line: then its author's answers may
/// stand between the quotes.
pub(super) fn mark_below_markers(lines: &mut Lines<'_>) {
    if let Some(first) = transport_header(lines) {
        lines.cut(first..lines.len(), Reason::Forwarded);
        return;
    }
    let mut i = 0;
    let mut may_end = true;
    while i < lines.len() {
        let found = if lines.is_open(i) { marker_at(lines, i) } else { None };
        let Some(marker) = found else {
            i += 1;
            continue;
        };
        if may_end && begins_included(lines, &marker) {
            if let Some(end) = end_of_included(lines, &marker) {
                lines.cut(marker.start..end, marker.reason);
                i = end;
                continue;
            }
            // Where there was no end, there is none further down.
            may_end = false;
        }
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
                let answers = answers_below(lines, marker.end);
                for line in &mut lines.all[marker.start..] {
                    line.cut = Some(marker.reason);
                }
                for answer in answers {
                    lines.all[answer].cut = None;
                }
                return;
            }
        }
    }
}

/// A line of so many bytes was broken for its length, and the answer goes on.
const BROKEN_FROM: usize = 60;

/// The lines of a quoted mail that begin with the initials or the name of the writer in brackets, at times with a firm's (`[Ann@Acme]`): answers
/// between its lines.
fn answers_below(lines: &Lines<'_>, first: usize) -> Vec<usize> {
    let is_answer = |body: &str| {
        body.as_bytes().first() == Some(&b'[')
            && body[1..]
                .split_once("] ")
                .is_some_and(|(who, said)| !said.is_empty() && lines.writer.is_signed_by(who.split('@').next().unwrap_or(who)))
    };
    let mut answers = Vec::new();
    for i in first..lines.len() {
        let goes_on = answers.last() == i.checked_sub(1).as_ref() && !lines.is_blank(i) && lines.body(i - 1).len() >= BROKEN_FROM;
        if is_answer(lines.body(i)) || goes_on {
            answers.push(i);
        }
    }
    answers
}

/// The first line of a text that begins with what servers write above a mail: somebody else's mail, whole.
fn transport_header(lines: &Lines<'_>) -> Option<usize> {
    const NAMES: [&str; 12] = [
        "Received: ",
        "Sender: ",
        "Precedence: ",
        "Return-Path: ",
        "Message-ID: ",
        "Message-Id: ",
        "Delivered-To: ",
        "X-Mailer: ",
        "Mime-Version: ",
        "MIME-Version: ",
        "Content-Type: ",
        "Content-Transfer-Encoding: ",
    ];
    let first = lines.next_filled(0)?;
    let is_field =
        |i: usize| memchr::memchr(b':', lines.head(i).as_bytes()).is_some() && NAMES.iter().any(|name| lines.head(i).starts_with(name));
    ((first..lines.len().min(first + 4)).filter(|&i| is_field(i)).count() >= 2).then_some(first)
}

/// "----- Begin Included Message -----".
fn begins_included(lines: &Lines<'_>, marker: &Marker) -> bool {
    let head = lines.head(marker.start).trim_start_matches(['-', '_', '=', '*', ' ']);
    head.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("begin") || start.eq_ignore_ascii_case("start"))
}

/// Where a message ends that begins so: behind "----- End Included Message -----".
fn end_of_included(lines: &Lines<'_>, marker: &Marker) -> Option<usize> {
    let is_end = |&i: &usize| {
        lines.body(i).starts_with("--") && {
            let head = lines.head(i).trim_start_matches(['-', ' ']);
            head.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("end ")) && head.to_ascii_lowercase().contains("message")
        }
    };
    (marker.start + 1..lines.len()).find(is_end).map(|end| end + 1)
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
    if begins_notes_box(lines, i) || is_attribution_in_line(lines.head(i)) {
        return Some(Marker { start: i, end: i + 1, reason: Reason::QuotedReply });
    }
    if let Some(end) = end_of_notes_header(lines, i) {
        return Some(Marker { start: start_of_header(lines, i), end, reason: Reason::QuotedReply });
    }
    let header = header_block(lines, i)?;
    let start = start_of_header(lines, i);
    (header.kinds.count_ones() >= 3 || start < i && header.kinds.count_ones() == 2 && has_date_and_time(lines, start, i))
        .then_some(Marker { start, end: header.end, reason: Reason::QuotedReply })
}

/// `On Mon, 5 Jan 2026 at 10:00, Ann Lee<ann@x.example> wrote:   Is it …`: some telephones go on in the same line.
fn is_attribution_in_line(head: &str) -> bool {
    head.starts_with("On ")
        && head.split_once("> wrote: ").is_some_and(|(who, quote)| {
            !quote.trim().is_empty() && who.contains('<') && who.bytes().filter(u8::is_ascii_digit).count() >= 5
        })
}

fn marker_line(head: &str) -> Option<Reason> {
    // Two strokes, or a word with a colon behind.
    let is_stroke = |byte: &u8| matches!(byte, b'-' | b'_' | b'=');
    let may_be = match head.bytes().next()? {
        b'-' | b'_' | b'=' | b'*' => head.trim_start_matches('*').bytes().take(2).filter(is_stroke).count() == 2,
        b'b' | b'B' | b'a' | b'A' | b'd' | b'D' | b'i' | b'I' => memchr::memchr(b':', head.as_bytes()).is_some(),
        _ => false,
    };
    if !may_be {
        return None;
    }
    let which = MARKERS.as_ref()?.matches(head).iter().next()?;
    Some(if which < N_ORIGINAL { Reason::QuotedReply } else { Reason::Forwarded })
}
