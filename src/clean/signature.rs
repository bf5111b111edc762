//! Signatures: below `--`, as a block of contact lines, or as the sentence a telephone adds.

use std::ops::Range;

use crate::message::Reason;

use super::closing::is_name;
use super::footer::is_rule;
use super::lines::Lines;
use super::starts::Starts;

/// Below a `--` without its blank a signature has at most so many lines.
const LINES_BELOW_DASHES: usize = 10;

/// A block of contact lines has at most so many lines, none longer than a card is wide.
const CARD_LINES: usize = 12;
const CARD_WIDTH: usize = 80;

/// Cuts signatures at the end of each stretch of own lines.
pub(super) fn mark(lines: &mut Lines<'_>) {
    for i in 0..lines.len() {
        let may_be_last = i + CARD_LINES >= lines.len();
        if lines.is_open(i) && (is_device_line(lines.head(i)) || may_be_last && is_registration(lines.head(i))) {
            lines.cut(i..i + 1, Reason::Signature);
        }
        if may_be_last && lines.is_open(i) && is_advice(lines.head(i)) {
            lines.cut(i..i + 1, Reason::Disclaimer);
        }
    }
    for run in lines.runs() {
        let start = below_dashes(lines, &run)
            .or_else(|| below_rule(lines, &run))
            .or_else(|| card(lines, &run))
            .or_else(|| card_below_speech(lines, &run))
            .or_else(|| card(lines, &(run.start..above_links(lines, &run)?)))
            .or_else(|| card_above_numbers(lines, &run))
            .or_else(|| card_of_paragraphs(lines, &run));
        let start = start.into_iter().chain(writers_card(lines, &run)).min();
        if let Some(start) = start {
            lines.cut(start..run.end, Reason::Signature);
        }
    }
}

/// The line with the dashes, if one stands in the run.
fn below_dashes(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let filled_below = |i: usize| (i + 1..run.end).filter(|&j| !lines.is_blank(j)).take(LINES_BELOW_DASHES + 1).count();
    run.clone().find(|&i| match lines.body(i) {
        "--" => lines.raw(i) == "-- " || filled_below(i) <= LINES_BELOW_DASHES,
        "—" | "–" | "---" | "- --" | "__" | "___" | "____" => {
            (1..=LINES_BELOW_DASHES).contains(&filled_below(i)) && below_is_narrow(lines, i + 1, run.end) && !in_table(lines, i)
        }
        _ => false,
    })
}

/// A rule of a table or of a document stands between lines that look like itself or has prose below.
fn in_table(lines: &Lines<'_>, i: usize) -> bool {
    i > 0 && (lines.body(i - 1).contains('|') || !lines.is_blank(i - 1) && !is_name(lines.body(i - 1)))
}

/// Where the last paragraph begins, if it is a list of links with their labels, as signatures end with.
fn above_links(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let first = tail(lines, run, CARD_LINES).take_while(|&i| !lines.is_blank(i)).last()?;
    let is_link = |i: usize| {
        let head = lines.head(i);
        (head.contains("http") || head.contains("www.")) && head.len() <= CARD_WIDTH + 20 && !is_sentence(head)
    };
    let above = (run.start..first).rev().find(|&i| !lines.is_blank(i))?;
    (run.end - first >= 2 && (first..run.end).all(is_link)).then_some(above + 1)
}

/// A card whose telephone numbers stand in a paragraph of their own.
fn card_above_numbers(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let numbers = tail(lines, run, CARD_LINES).take_while(|&i| !lines.is_blank(i)).last()?;
    let end = (run.start..numbers).rev().find(|&i| !lines.is_blank(i))? + 1;
    let start = tail(lines, &(run.start..end), CARD_LINES).take_while(|&i| !lines.is_blank(i)).last()?;
    let is_card = end - start >= 2 && start > run.start && starts_as_name(lines.head(start)) && below_is_narrow(lines, start, end);
    (is_card && (numbers..run.end).all(|i| is_contact(lines.head(i)))).then_some(start)
}

fn below_is_narrow(lines: &Lines<'_>, first: usize, end: usize) -> bool {
    (first..end).all(|i| width(lines.body(i)) <= CARD_WIDTH && !is_sentence(lines.head(i)))
}

/// How wide a line is without the links in it, which pages leave in brackets.
fn width(body: &str) -> usize {
    if body.len() <= CARD_WIDTH {
        return body.len();
    }
    let is_link = |word: &&str| word.contains("://") || word.contains('@') || word.starts_with("<mailto:");
    body.split(' ').filter(|word| !is_link(word)).map(|word| word.len() + 1).sum()
}

/// A card of its writer has at most so many lines.
const OWN_CARD_LINES: usize = 16;

/// From the line that begins with the writer's whole name to the end, if nobody speaks there and something stands above.
fn writers_card(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    // Most runs hold no such line, which is asked first: what is below costs more.
    let begins = |&i: &usize| lines.writer.begins_card(lines.body(i));
    let top = tail(lines, run, OWN_CARD_LINES).filter(begins).last()?;
    let is_of_card =
        |&i: &usize| lines.is_blank(i) || width(lines.body(i)) <= CARD_WIDTH && !is_sentence(lines.head(i)) || is_contact(lines.head(i));
    let start = (top..run.end).rev().take_while(is_of_card).filter(begins).last()?;
    lines.has_filled_above(start).then_some(start)
}

/// A rule with a name and a number or an address below it.
fn below_rule(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let rule = tail(lines, run, CARD_LINES).find(|&i| is_rule(lines.body(i)))?;
    (below_is_narrow(lines, rule + 1, run.end) && (rule + 1..run.end).any(|i| is_contact(lines.head(i)))).then_some(rule)
}

/// The last paragraph, if it reads like a visiting card.
fn card(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let start = tail(lines, run, CARD_LINES + 1).take_while(|&i| i + 1 == run.end || !lines.is_blank(i)).last()?;
    let filled = run.end - start;
    // A mail of nothing but contact lines is the message itself, and so may be what answers a quote.
    let above = start > run.start || (0..start).rev().find(|&i| !lines.is_blank(i)).is_some_and(|i| lines.all[i].cut == Some(Reason::Code));
    let is_card = above
        && (2..=CARD_LINES).contains(&filled)
        && starts_as_name(lines.head(start))
        && below_is_narrow(lines, start, run.end)
        && ((start..run.end).any(|i| is_contact(lines.head(i))) || is_name_with_post(lines, start, run.end));
    is_card.then_some(start)
}

/// A card without an empty line above: a name alone on its line right below the end of a sentence, with two ways to reach it.
fn card_below_speech(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let start = (run.start + 1..run.end)
        .rev()
        .take(CARD_LINES)
        .take_while(|&i| !lines.is_blank(i))
        .find(|&i| is_name(lines.body(i)) && lines.body(i).contains(' ') && lines.body(i - 1).ends_with(['.', '!', '?']))?;
    let ways = (start + 1..run.end).filter(|&i| is_contact(lines.head(i))).count();
    (ways >= 2 && below_is_narrow(lines, start, run.end)).then_some(start)
}

/// A card each line of which stands between empty lines, as pages leave it: a full name and below it firms, posts and numbers.
fn card_of_paragraphs(lines: &Lines<'_>, run: &Range<usize>) -> Option<usize> {
    let below =
        tail(lines, run, 6).filter(|&i| has_letters(lines.body(i))).take_while(|&i| is_post(lines.body(i)) || is_contact(lines.head(i)));
    let first = below.last()?;
    let name = (run.start + 1..first).rev().find(|&i| !lines.is_blank(i))?;
    let body = lines.body(name);
    (lines.is_blank(name - 1) && lines.is_blank(first - 1) && body.contains(' ') && is_name(body)).then_some(name)
}

/// A name and below it what somebody is and where: no line is longer than a card's, and none is a sentence.
fn is_name_with_post(lines: &Lines<'_>, start: usize, end: usize) -> bool {
    let name = lines.body(start);
    let bare = ["Dr. ", "Prof. ", "Mr. ", "Mrs. ", "Ms. "].iter().find_map(|title| name.strip_prefix(title)).unwrap_or(name);
    let bare = bare.split([',', '(']).next().unwrap_or(bare).trim_end();
    end - start <= 6 && bare.contains(' ') && is_name(bare) && (start + 1..end).any(|i| is_post(lines.body(i)))
}

/// A blank that does not break is a `?` in some archives, and alone on its line it is no line.
pub(super) fn has_letters(body: &str) -> bool {
    body.contains(char::is_alphanumeric)
}

/// What somebody is, or where.
pub(super) fn is_post(body: &str) -> bool {
    #[rustfmt::skip]
    const POSTS: &[&str] = &[
        "University", "Universität", "Université", "Universidad", "Institute", "Institut", "Department", "Dept", "Dep't", "Laboratory", "Faculty", "School",
        "College", "Professor", "Prof.", "Director", "Manager", "President", "Engineer", "Analyst", "Consultant", "Developer", "Scientist", "Associate",
        "Assistant", "Officer", "Inc.", "Ltd", "GmbH", "Corp.", "LLC", "Ph.D.", "PhD",
    ];
    let words = body.split_whitespace().count();
    let small = body.split_whitespace().filter(|word| word.starts_with(char::is_lowercase) && word.len() > 3).count();
    words <= 9 && small <= 1 && !body.ends_with(['.', ':', '?', '!']) && POSTS.iter().any(|post| body.contains(post))
}

/// The lines of a run from its end, at most `most` of them that are not blank.
fn tail<'r>(lines: &'r Lines<'_>, run: &Range<usize>, most: usize) -> impl Iterator<Item = usize> + 'r {
    let mut filled = 0;
    run.clone().rev().take_while(move |&i| {
        filled += usize::from(!lines.is_blank(i));
        filled <= most
    })
}

/// A telephone number, an address, a web page, or the word for one.
pub(super) fn is_contact(head: &str) -> bool {
    const LABELS: [&str; 16] = [
        "tel", "phone", "fax", "mobile", "mobil", "cell", "office:", "direct:", "e-mail", "email", "(ph)", "ph:", "telefon", "tél", "p:",
        "m:",
    ];
    let head = head.trim_start_matches(['*', '|', '#', ' ']);
    let label = LABELS.iter().any(|label| head.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label)));
    let digits = head.bytes().filter(u8::is_ascii_digit).count();
    let letters = head.bytes().filter(u8::is_ascii_alphabetic).count();
    // An extension stands alone: "5-1234", "x4321".
    let extension = digits >= 4 && letters <= 3 && head.len() <= 12;
    extension
        || is_town(head)
        || label && (digits >= 5 || head.contains('@'))
        || ((7..=24).contains(&digits) && letters <= 30 && head.contains(['-', ' ', '.', '/']))
        || ((head.contains('@') || head.contains("www.") || head.starts_with("http")) && head.split_whitespace().count() <= 4)
}

/// `Austin, TX 78704`.
fn is_town(head: &str) -> bool {
    let mut words = head.split_whitespace().rev();
    let is_code = |word: &str| matches!(word.len(), 5 | 10) && word.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    words.next().is_some_and(is_code)
        && words.next().is_some_and(|state| state.len() == 2 && state.bytes().all(|b| b.is_ascii_uppercase()))
        && words.next().is_some_and(|town| town.starts_with(char::is_uppercase))
        && head.len() <= 50
}

/// A capitalised line without the end of a sentence; in two columns the left one counts.
fn starts_as_name(head: &str) -> bool {
    let name = head.find("   ").map_or(head, |column| &head[..column]).split(['\t', '|']).next().unwrap_or(head);
    // "Plan        : May" is a line of a form.
    if head[name.len()..].trim_start().starts_with(':') {
        return false;
    }
    let head = name;
    let capitalised = head.starts_with(|c: char| c.is_uppercase() || c == '*');
    capitalised && !head.contains(':') && !head.ends_with([',', '?']) && head.split_whitespace().count() <= 6
}

/// Whether a line reads as speech: five words, most of them small, and a stop at the end.
pub(super) fn is_sentence(head: &str) -> bool {
    let (mut words, mut small) = (0, 0);
    for word in head.split_whitespace() {
        words += 1;
        small += usize::from(word.starts_with(char::is_lowercase));
    }
    // A blank that does not break is a `?` in some archives.
    let asks = || {
        head.split_whitespace()
            .any(|word| word.starts_with(char::is_lowercase) && !["of", "and", "the", "for", "in", "at", "de"].contains(&word))
    };
    words >= 3 && head.ends_with('?') && (!head.ends_with("??") || asks())
        || words >= 5 && small * 2 > words && (head.ends_with(['.', '!', ':', ',']) || words >= 8)
}

/// "Acme Ltd is registered in England, number 123": what law asks a body to state below its mail.
fn is_registration(head: &str) -> bool {
    memchr::memmem::find(head.as_bytes(), b"egistered in ").is_some()
        && (head.contains(" number ") || head.contains(" no. ") || head.contains(" No. ") || head.contains("charitable body"))
        && head.bytes().any(|b| b.is_ascii_digit() || b == b',')
}

/// What companies add below: to spare paper, and what law asks them to name.
fn is_advice(head: &str) -> bool {
    static OF_PAPER: Starts = Starts::new(&[
        "Please consider ",
        "Please think ",
        "Consider the environment",
        "Think ",
        "Before printing",
        "Save a tree",
        "Save paper",
        "Bitte denken Sie an die Umwelt",
        "Bitte prüfen Sie, ob diese",
        "Denken Sie an die Umwelt",
        "Pensez à l",
        "Avant d",
        "Antes de imprimir",
        "Denk aan het milieu",
        "Prima di stampare",
    ]);
    static OF_LAW: Starts = Starts::new(&[
        "Sitz der Gesellschaft: ",
        "Sitz: ",
        "Geschäftsführ",
        "Amtsgericht ",
        "Registergericht",
        "Handelsregister",
        "Vorstand: ",
        "Vorsitzender des Aufsichtsrat",
        "Aufsichtsratsvorsitz",
        "USt-Id",
        "Registered office",
        "Registered Office",
        "Company registration n",
        "Company number",
        "Company No",
    ]);
    const PAPER: [&str; 6] = ["print", "druck", "imprim", "stamp", "afdruk", "Umwelt"];
    let head = head.trim_start_matches(['*', '_', '-', '>', ' ']).trim_start_matches("P ");
    head.len() <= 250
        && (OF_PAPER.begin(head)
            && PAPER.iter().any(|word| head.contains(word))
            && ["mail", "environ", "Umwelt", "nviron", "ambiente", "before you"].iter().any(|word| head.contains(word))
            || OF_LAW.begin(head) && (head.as_bytes().iter().take(60).any(|b| *b == b':') || head.bytes().any(|b| b.is_ascii_digit())))
}

/// "Sent from my telephone", as the programs write it.
fn is_device_line(head: &str) -> bool {
    static STARTS: Starts = Starts::new(&[
        "Sent from my ",
        "Sent from Mail for",
        "Sent from Outlook",
        "Sent from Yahoo",
        "Sent from the all new",
        "Sent via ",
        "Get Outlook for ",
        "Outlook für ",
        "Envoyé de mon ",
        "Envoyé depuis ",
        "Obtenir Outlook",
        "Gesendet von ",
        "Gesendet mit ",
        "Von meinem ",
        "Diese Nachricht wurde von meinem ",
        "Enviado desde mi ",
        "Enviado do meu ",
        "Enviado de mi ",
        "Inviato da",
        "Verzonden vanaf mijn ",
        "Verstuurd vanaf mijn ",
        "Verzonden met ",
        "Envoyé par le service",
        "Envoyé à partir de ",
        "Télécharger Outlook",
        "Obtener Outlook",
        "Scarica Outlook",
        "Download Outlook ",
        "Skickat från min ",
        "Sendt fra min ",
        "Lähetetty iPhon",
        "Lähetetty laitteesta",
        "Wysłane z ",
        "Odesláno z ",
        "Odoslané z ",
        "Trimis de pe ",
        "Στάλθηκε από ",
        "Отправлено с ",
        "Отправлено из ",
        "Надіслано з ",
        "Изпратено от ",
        "iPhone'umdan gönderildi",
        "iPhone’umdan gönderildi",
        "iPhoneから送信",
        "发自我的",
        "從我的",
        "나의 iPhone에서 보냄",
    ]);
    let head = head.trim_start_matches(['*', '_', '-', '<', '[']);
    // A longer line, or one with a comma, goes on to say something.
    head.len() <= 90 && STARTS.begin(head) && head.split_whitespace().count() <= 9 && !head.contains(", ")
}
