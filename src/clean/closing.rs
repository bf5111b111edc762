//! Greetings and closings: words that everybody writes and nobody means.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::message::Reason;

use super::lines::Lines;
use super::signature::{has_letters, is_contact, is_post, is_sentence};

/// Below a closing stand a name and a function, not more.
const LINES_BELOW: usize = 6;
const WIDTH_BELOW: usize = 72;

/// With telephone numbers and addresses among them it may be so many.
const CONTACTS_BELOW: usize = 12;

/// With a card and mottoes it may be so many.
const CARD_BELOW: usize = 20;

/// Closings in English, German, French, Spanish, Dutch, Italian, Portuguese, in lower case and without the stop.
#[rustfmt::skip]
const CLOSINGS: &[&str] = &[
    "best", "best regards", "best wishes", "all the best", "all best", "all my best", "my best", "kind regards", "kindest regards",
    "warm regards", "warmest regards", "warmly", "with best regards", "with kind regards", "with regards", "with best wishes", "regards",
    "rgds", "br", "kr", "yours", "yours sincerely", "yours faithfully", "yours truly", "sincerely", "sincerely yours", "very truly yours",
    "respectfully", "cordially", "cheers", "thanks", "thanks again", "thanks a lot", "thanks so much", "thanks very much", "thanks much",
    "thanks in advance", "thanks and regards", "thanks & regards", "thanks and best regards", "thanks & best regards",
    "thanks for your help", "thanks for your time", "cheers and thanks", "many thanks", "thank you", "thank you again", "thank you very much",
    "thank you so much", "thank you in advance", "thank you and best regards", "thx", "tia", "ta", "take care", "talk soon", "talk to you soon", "talk to you later", "speak soon", "happy hacking", "see you",
    "hth", "hope this helps", "love", "good luck", "have a good day", "have a great day", "have a nice day", "have a good weekend",
    "have a great weekend", "have a nice weekend", "greetings", "happy new year", "happy holidays", "merry christmas", "see you soon", "see you next week", "talk to you tomorrow", "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
    "mit freundlichem gruss", "mit besten grüßen", "mit besten grüssen", "freundliche grüße", "freundliche grüsse", "viele grüße",
    "viele grüsse", "viele gruesse", "liebe grüße", "liebe grüsse", "lieben gruß", "beste grüße", "beste grüsse", "herzliche grüße",
    "schöne grüße", "schönen gruß", "grüße", "grüsse", "gruß", "gruss", "mfg", "vg", "lg", "vielen dank", "vielen dank im voraus",
    "besten dank", "danke", "danke schön", "danke und gruß", "danke und viele grüße", "schönes wochenende", "schönen tag",
    "hochachtungsvoll", "cordialement", "bien cordialement", "très cordialement", "sincères salutations", "meilleures salutations",
    "salutations", "bien à vous", "bien à toi", "amicalement", "amitiés", "merci", "merci d'avance", "merci beaucoup", "bonne journée",
    "bonne soirée", "bon week-end", "à bientôt", "cdt", "saludos", "saludos cordiales", "un saludo", "un cordial saludo", "un abrazo",
    "atentamente", "cordialmente", "gracias", "muchas gracias", "gracias de antemano", "gracias y saludos", "met vriendelijke groet",
    "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "groet", "groeten", "groetjes", "mvg", "hartelijke groet",
    "hartelijke groeten", "bedankt", "dank je wel", "alvast bedankt", "dank", "cordiali saluti", "distinti saluti", "saluti", "un saluto",
    "grazie", "grazie mille", "buona giornata", "a presto", "un caro saluto", "atenciosamente", "cumprimentos",
    "com os melhores cumprimentos", "melhores cumprimentos", "abraços", "abraço", "obrigado", "obrigada", "muito obrigado", "att",
    "multumesc", "mulțumesc", "va multumesc", "vă mulțumesc", "multumesc anticipat", "cu stima", "cu stimă", "cu respect", "o zi buna", "o zi bună",
    "numai bine", "toate cele bune", "ciao", "tschüss", "bis bald", "bis dann", "au revoir", "bw", "warm wishes", "kind wishes", "mvh", "med vänlig hälsning", "med vänliga hälsningar", "vänliga hälsningar", "hälsningar", "med venlig hilsen",
    "keep in touch", "stay in touch", "see ya", "cya", "ttyl", "bye", "bye for now", "talk later", "thank you and regards", "with thanks",
    "with many thanks", "regards and thanks", "kind regards and thanks", "stay safe", "stay healthy", "have a lovely day", "s pozdravem", "s přátelským pozdravem", "děkuji",
    "díky", "hezký den", "s pozdravom", "ďakujem", "üdvözlettel", "köszönettel", "üdv", "saygılarımla", "iyi çalışmalar", "teşekkürler", "ystävällisin terveisin", "terveisin",
    "kiitos", "με εκτίμηση", "ευχαριστώ", "с уважением", "спасибо", "заранее спасибо", "з повагою", "lep pozdrav", "srdačan pozdrav", "pozdrav", "hvala", "bises", "tack",
    "tak", "takk", "bästa hälsningar", "de bedste hilsner", "bedste hilsner",
    "venlig hilsen", "med vennlig hilsen", "vennlig hilsen", "hilsen", "på forhånd tak", "pozdrawiam", "z poważaniem", "dziękuję", "z góry dziękuję",
];

/// Closings by their length in bytes: few are as long as a line.
static CLOSINGS_BY_LENGTH: LazyLock<Vec<Vec<&str>>> = LazyLock::new(|| {
    let longest = CLOSINGS.iter().map(|closing| closing.len()).max().unwrap_or(0);
    (0..=longest).map(|length| CLOSINGS.iter().copied().filter(|closing| closing.len() == length).collect()).collect()
});

/// First words of a greeting, in lower case.
#[rustfmt::skip]
const GREETINGS: &[&str] = &[
    "hi", "hello", "hey", "dear", "greetings", "good morning", "good afternoon", "good evening", "morning", "howdy", "welcome back", "welcome",
    "hiya", "hallo", "liebe", "lieber", "liebes", "sehr geehrte", "sehr geehrter", "guten tag", "guten morgen", "moin", "moin moin",
    "servus", "grüß gott", "hallöchen", "bonjour", "bonsoir", "salut", "cher", "chère", "chers", "chères", "madame", "monsieur", "coucou",
    "hola", "estimado", "estimada", "estimados", "estimadas", "querido", "querida", "buenos días", "buenas tardes", "buenas", "beste",
    "geachte", "goedemorgen", "goedemiddag", "dag", "hoi", "ciao", "salve", "buongiorno", "buonasera", "caro", "cara", "cari", "gentile",
    "gentili", "egregio", "buna ziua", "bună ziua", "salutare", "hej", "hei", "god morgen", "dzień dobry", "cześć", "witam", "spettabile", "olá", "oi", "bom dia", "boa tarde", "prezado", "prezada", "prezados", "caros",
    "to whom it may concern",
];

/// Words for many who are greeted together.
#[rustfmt::skip]
const GROUPS: &[&str] = &[
    "all", "folks", "guys", "team", "everyone", "everybody", "gentlemen", "colleagues", "friends", "members", "list", "there", "again", "both", "sir",
    "madam", "alle", "allen", "allemaal", "zusammen", "miteinander", "ihr", "tous", "toutes", "todos", "todas", "tutti", "tutte", "tuturor", "alla", "alle sammen",
];

/// What stands alone on a line like a name and is a heading.
#[rustfmt::skip]
const HEADINGS: &[&str] = &[
    "Summary", "Background", "Question", "Questions", "Update", "Overview", "Agenda", "Abstract", "Introduction", "Note", "Notes", "Attached", "Thanks", "Reminder",
];

/// Small words between names.
const BETWEEN_NAMES: &[&str] = &["and", "or", "und", "et", "y", "e", "en", "à", "a", "the", "von", "van", "de", "&"];

/// Cuts closings with the name below them, at the end of each stretch of own lines.
pub(super) fn mark_closings(lines: &mut Lines<'_>) {
    for run in lines.runs() {
        let end = before_postscript(lines, &run);
        mark_closing_in(lines, run.start, end);
        if end < run.end {
            mark_closing_in(lines, end, run.end);
        }
    }
    mark_name_below_quote(lines);
    // Alone on its line a closing says nothing wherever it stands, and a name behind a dash does not, either.
    for i in 0..lines.len() {
        if !lines.is_open(i) {
            continue;
        }
        if is_closing(lines.body(i)) {
            if is_thanks_for_given(lines, i) && is_at_top(lines, i) {
                continue;
            }
            let end = end_of_signer(lines, i + 1);
            lines.cut(i..end, Reason::Closing);
        } else if is_name_behind_dash(lines, i) || is_signed(lines, i) || is_for_others(lines, i) {
            lines.cut(i..i + 1, Reason::Closing);
        }
    }
}

/// Cuts a name right below a quotation that ends with a closing: the mark of quotation was lost on the way.
fn mark_name_below_quote(lines: &mut Lines<'_>) {
    for i in 1..lines.len() {
        if lines.is_open(i) && lines.all[i - 1].cut == Some(Reason::QuotedReply) && is_signer(lines.body(i)) {
            let above = lines.body(i - 1).trim_start_matches(['>', '|', ' ']);
            if is_closing(above) && (i + 1 == lines.len() || !lines.is_open(i + 1)) {
                lines.cut(i..i + 1, Reason::QuotedReply);
            }
        }
    }
}

/// The end of the name below a closing, with its card; where a full name follows upon the first name, all below it is of the signature.
fn end_of_signer(lines: &Lines<'_>, below: usize) -> usize {
    let open = |from: usize| lines.next_filled(from).filter(|&i| lines.is_open(i));
    let Some(name) = open(below).filter(|&i| is_signer(lines.body(i))) else { return below };
    let most = lines.len().min(name + LINES_BELOW + 1);
    let paragraph = (name..most).find(|&i| !lines.is_open(i)).unwrap_or(most);
    let is_of_card =
        |i: usize| lines.body(i).len() <= WIDTH_BELOW && !is_sentence(lines.body(i)) && !lines.body(i).ends_with([':', '?', '!']);
    let posts = (name + 1..paragraph).take_while(|&i| is_post(lines.body(i)) || is_contact(lines.head(i))).last();
    let is_card = paragraph - name <= LINES_BELOW && (name + 1..paragraph).all(is_of_card);
    let end = if is_card { paragraph } else { posts.unwrap_or(name) + 1 };
    let first_name = lines.body(name).split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let is_full_name = |i: &usize| {
        let mut words = lines.body(*i).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        is_of_card(*i) && words.clone().count() <= 5 && words.by_ref().take(2).any(|word| word == first_name) && words.next().is_some()
    };
    let Some(full_name) = open(end).filter(is_full_name) else { return end };
    let all = (full_name..lines.len()).take_while(|&i| lines.is_blank(i) || lines.is_open(i) && !is_postscript(lines.body(i)));
    let filled: Vec<usize> = all.filter(|&i| !lines.is_blank(i)).take(CARD_BELOW + 1).collect();
    if filled.len() <= CARD_BELOW { filled.last().map_or(end, |last| last + 1) } else { end }
}

/// "Ann", "Ann B. Lee, Jr.": a blank that does not break is a `?` in some archives.
pub(super) fn is_signer(body: &str) -> bool {
    let name = body.split(',').next().unwrap_or(body).trim_matches(['-', '–', '—', '~', '*', '/', '?', ' ']);
    is_name(name) && !is_answer(name) && !HEADINGS.contains(&name) && body.len() <= WIDTH_BELOW
}

/// The writer's name alone on its line, or behind a closing, with an empty line below and nothing that goes on above.
fn is_signed(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.body(i);
    if body.len() > WIDTH_BELOW || i + 1 < lines.len() && lines.is_open(i + 1) {
        return false;
    }
    let goes_on = || lines.is_open(i - 1) && !lines.body(i - 1).ends_with(['.', '!', '?', ')', ',']);
    let signs = |name: &str| lines.writer.is_signed_by(name) && !is_answer(name);
    let is_below = || lines.has_filled_above(i) && !goes_on();
    let ends_with_name = || {
        body.rsplit([' ', ',', '/', '-', '–', '—']).find(|word| !word.is_empty()).is_some_and(|last| signs(last) || last.starts_with('x'))
    };
    signs(body) && is_below() || ends_with_name() && is_closing_with(body, &signs)
}

/// "For the Core Team", "On behalf of Sales", with nothing but a name or a card below.
fn is_for_others(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.body(i);
    matches!(body.as_bytes()[0], b'F' | b'O' | b'I' | b'f' | b'o')
        && ["For the ", "for the ", "On behalf of ", "on behalf of ", "Im Auftrag "].iter().any(|start| body.starts_with(start))
        && body.split(' ').count() <= 7
        && body.split(' ').next_back().is_some_and(|last| last.starts_with(char::is_uppercase) || last.starts_with("team"))
        && !body.ends_with(['.', '?', '!', ':'])
        && lines.next_filled(i + 1).is_some_and(|next| {
            matches!(lines.all[next].cut, Some(Reason::Closing | Reason::Signature)) || is_signer(lines.body(next)) && lines.is_open(next)
        })
}

/// "-Carl" between empty lines, with footnotes or a postscript below.
fn is_name_behind_dash(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.body(i);
    if !body.starts_with('-') || body.len() > 16 || i == 0 || !lines.is_blank(i - 1) || i + 1 < lines.len() && !lines.is_blank(i + 1) {
        return false;
    }
    let name = body.trim_start_matches('-');
    let is_first = name.starts_with(char::is_alphabetic) && name.chars().all(char::is_alphabetic);
    let has_note = || lines.next_filled(i + 1).is_some_and(|next| lines.body(next).starts_with(['[', '*', 'P', 'p']));
    is_first && has_note() && !is_answer(name)
}

fn mark_closing_in(lines: &mut Lines<'_>, first: usize, end: usize) {
    if let Some(start) = closing_in(lines, first, end).or_else(|| name_at_end(lines, first, end)) {
        lines.cut(start..end, Reason::Closing);
    }
}

/// What follows "P.S." is said in earnest, and so are footnotes.
fn before_postscript(lines: &Lines<'_>, run: &Range<usize>) -> usize {
    let first = run.end.saturating_sub(20).max(run.start);
    (first..run.end).find(|&i| is_postscript(lines.body(i))).unwrap_or(run.end)
}

fn is_postscript(body: &str) -> bool {
    body.starts_with(['P', 'p', 'N', '[', 'R'])
        && ["PS", "P.S", "Ps:", "ps:", "p.s.", "NB:", "[1]", "[*]", "Reference:", "References:"]
            .iter()
            .any(|start| body.strip_prefix(start).is_some_and(|rest| start.ends_with(']') || !rest.starts_with(char::is_alphanumeric)))
}

/// The topmost of the closing lines at the end, if only short lines that are no sentences stand below.
fn closing_in(lines: &Lines<'_>, first: usize, end: usize) -> Option<usize> {
    let mut start = None;
    let mut below = 0;
    for i in (first..end).rev().filter(|&i| !lines.is_blank(i)) {
        let body = lines.body(i);
        if is_closing(body) || (start.is_none() && below <= 1 && is_closing_with_name(body)) {
            start = Some(i);
            continue;
        }
        below += 1;
        if start.is_some() || below > LINES_BELOW || body.len() > WIDTH_BELOW || is_sentence(body) {
            break;
        }
    }
    let start = start.filter(|&start| !(is_thanks_for_given(lines, start) && is_at_top(lines, start)));
    start.or_else(|| closing_above_card(lines, first, end)).or_else(|| closing_above_contacts(lines, first, end))
}

/// A closing with few lines below it, in whatever paragraphs, that hold a way to reach somebody and no sentence.
fn closing_above_contacts(lines: &Lines<'_>, first: usize, end: usize) -> Option<usize> {
    let start = (first..end).rev().filter(|&i| !lines.is_blank(i)).take(CONTACTS_BELOW + 1).find(|&i| is_closing(lines.body(i)))?;
    let below = || (start + 1..end).filter(|&i| !lines.is_blank(i));
    let is_of_card = |i: usize| lines.body(i).len() <= WIDTH_BELOW && !is_sentence(lines.body(i)) || is_contact(lines.head(i));
    (below().all(is_of_card) && below().any(|i| is_contact(lines.head(i)))).then_some(start)
}

/// A closing with a name and lines of a card right below: whatever follows, mottoes and all, is more of the signature.
fn closing_above_card(lines: &Lines<'_>, first: usize, end: usize) -> Option<usize> {
    let start = (first..end).rev().filter(|&i| !lines.is_blank(i)).take(CARD_BELOW + 1).find(|&i| is_closing(lines.body(i)))?;
    let name = (start + 1..end).find(|&i| !lines.is_blank(i))?;
    let card = (name..end).take_while(|&i| !lines.is_blank(i)).count();
    let is_narrow = (name..name + card).all(|i| !lines.body(i).ends_with(['.', '!', '?', ':']) && lines.body(i).len() <= WIDTH_BELOW + 8);
    // "Thanks" alone stands above a list as well.
    let is_formal = lines.body(start).ends_with(',') || lines.body(start).contains(' ');
    (card >= 3
        && is_narrow
        && is_formal
        && lines.body(name).split(' ').filter(|word| word.starts_with(char::is_uppercase)).count() >= 2
        && lines.body(name).split(' ').count() <= 5)
        .then_some(start)
}

/// A closing alone on its line.
pub(super) fn is_closing(body: &str) -> bool {
    // The longest closing has fewer bytes than this.
    if body.len() > 60 {
        return false;
    }
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let words = if is_bare(body.as_bytes().first()) && is_bare(body.as_bytes().last()) {
        body
    } else {
        body.trim_matches([',', '.', '!', ':', ';', '-', '–', '—', '*', '_', '~', '(', ')', ' ', '\u{a0}', '?'])
    };
    !body.ends_with('?') && (is_listed(words) || is_thanks_ahead(words) || is_wish(words) || is_closing_to(words))
}

fn is_listed(words: &str) -> bool {
    CLOSINGS_BY_LENGTH.get(words.len()).into_iter().flatten().any(|closing| same_words(closing, words))
}

/// "Thanks all", "Viele Grüße / Best regards", "Greetings from Berlin": a closing with whom it is for, in two languages, or from where.
fn is_closing_to(words: &str) -> bool {
    static AND: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" and "));
    const FROM: [&str; 4] = [" from ", " aus ", " da ", " uit "];
    const ADDRESSED: [&str; 8] = ["buddy", "man", "mate", "dude", "friend", "boss", "lots", "heaps"];
    let Some((start, last)) = words.rsplit_once(' ') else { return false };
    // "Thanks muchly"
    let is_addressed = || ADDRESSED.contains(&last) || GROUPS.contains(&last) || last.len() >= 6 && last.ends_with("ly");
    let has_bar = || memchr::memchr2(b'/', b'|', words.as_bytes()).is_some();
    let are_two = || has_bar() && [" / ", " | "].iter().any(|between| words.contains(between) && words.split(between).all(is_listed));
    let is_from = |from: &str| {
        words
            .split_once(from)
            .is_some_and(|(start, place)| is_listed(start) && place.starts_with(char::is_uppercase) && place.split(' ').count() <= 2)
    };
    let is_from = || words.split(' ').any(|word| FROM.iter().any(|from| from.trim() == word)) && FROM.iter().any(|from| is_from(from));
    let is_said = |words: &str| is_listed(words) || is_thanks_ahead(words) || is_wish(words);
    let joint = || {
        AND.find(words.as_bytes())
            .map(|at| (at, at + 5))
            .or_else(|| memchr::memchr(b'&', words.as_bytes()).filter(|&at| words[..at].ends_with(' ')).map(|at| (at, at + 1)))
    };
    let are_joined = || joint().is_some_and(|(end, start)| is_said(words[..end].trim_end()) && is_said(words[start..].trim_start()));
    is_addressed() && is_listed(start.trim_end_matches(',')) || are_two() || is_from() || are_joined()
}

/// "Have a wonderful week", "Enjoy your weekend".
fn is_wish(words: &str) -> bool {
    const WISHED: [&str; 9] = ["day", "week", "weekend", "evening", "time", "holiday", "holidays", "trip", "afternoon"];
    let start = words.as_bytes().first().map(u8::to_ascii_lowercase);
    if !matches!(start, Some(b'h' | b'e')) || words.len() > 40 {
        return false;
    }
    let words = words.to_ascii_lowercase();
    let last = words.rsplit(' ').next().unwrap_or_default();
    ["have a ", "have an ", "enjoy your ", "enjoy the "].iter().any(|start| words.starts_with(start))
        && words.split(' ').count() <= 6
        && WISHED.contains(&last)
}

/// "Thanks for any hints", "Cheers and thanks in advance": thanks for what has not been given yet. Thanks for something named are meant.
fn is_thanks_ahead(words: &str) -> bool {
    #[rustfmt::skip]
    const WISHED: &[&str] = &[
        "help", "hint", "hints", "thought", "thoughts", "advice", "pointer", "pointers", "suggestion", "suggestions", "input", "feedback",
        "assistance", "attention", "consideration", "patience", "understanding", "comment", "comments", "idea", "ideas", "insight", "insights", "support",
        "time",
    ];
    let is_thank = |five: &[u8]| five.eq_ignore_ascii_case(b"thank");
    if words.is_ascii() && !(memchr::memchr2(b'k', b'K', words.as_bytes()).is_some() && words.as_bytes().windows(5).any(is_thank)) {
        return false;
    }
    let words = words.to_lowercase();
    let has_thanks = words.contains("thank");
    let last = words.rsplit(' ').next().unwrap_or_default();
    let n_words = words.split_whitespace().count();
    has_thanks
        && (n_words <= 8 && words.ends_with(" in advance")
            || n_words <= 7
                && ["for any ", "for your ", "for the ", "for all "].iter().any(|start| words.contains(start))
                && WISHED.contains(&last)
            || n_words <= 11 && is_offered(&words, WISHED))
}

/// How far above a line others are looked for.
const NEAR: usize = 60;

/// Whether nothing but a greeting stands above a line that its author wrote.
fn is_at_top(lines: &Lines<'_>, i: usize) -> bool {
    i <= NEAR && (0..i).all(|above| !lines.is_open(above) || is_greeting(lines.body(above)))
}

/// "Thanks for your insights!" with more said below: what was given stands above, and the mail begins with it.
fn is_thanks_for_given(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.body(i);
    [" for the ", " for your "].iter().any(|given| body.contains(given))
        && !body.ends_with("in advance")
        && lines.next_filled(i + 1).is_some_and(|next| {
            lines.is_open(next) && !is_closing(lines.body(next)) && !is_closing_with_name(lines.body(next)) && !is_signer(lines.body(next))
        })
}

/// "Thanks for any input you may have", "Thanks for any help with this".
fn is_offered(words: &str, wished: &[&str]) -> bool {
    let Some((_, rest)) = words.split_once(" for any ") else { return false };
    let Some((thing, rest)) = rest.split_once(' ') else { return false };
    wished.contains(&thing)
        && ["you may ", "you might ", "you can ", "you could ", "on this", "with this", "in this matter", "about this"]
            .iter()
            .any(|start| rest.starts_with(start))
}

/// "Thanks, Anna", "Cheers - Ben Lee".
fn is_closing_with_name(body: &str) -> bool {
    is_closing_with(body, &is_name)
}

/// A closing and, in the same line, a name and an extension.
fn is_closing_with(body: &str, is_name: &dyn Fn(&str) -> bool) -> bool {
    if body.len() > 60 {
        return false;
    }
    body.char_indices().filter(|&(_, c)| matches!(c, ',' | '-' | '–' | '—' | '.' | '!' | ' ' | '/')).any(|(i, _)| {
        let (closing, name) = body.split_at(i);
        let name = name.trim_start_matches([',', '-', '–', '—', '.', '!', ' ', '/']);
        let name = name
            .rsplit_once(" x")
            .filter(|(_, digits)| digits.len() >= 3 && digits.bytes().all(|b| b.is_ascii_digit()))
            .map_or(name, |(name, _)| name);
        // Whether it closes is asked last, for that takes the longest.
        (body[i..].starts_with([',', '-', '–', '—', '/']) || name.split(' ').count() <= 2) && is_name(name) && is_closing(closing)
    })
}

/// The name alone in the last line, with at most a company below it, after an empty line or the end of a sentence.
fn name_at_end(lines: &Lines<'_>, first: usize, end: usize) -> Option<usize> {
    let named = |i: usize| {
        // A blank that does not break is a `?` in some archives.
        let body = lines.body(i).trim_start_matches(['-', '–', '—', '~', '/', ' ', '?']).trim_end_matches(['-', '~', ' ']);
        // Right behind a dash a name needs no capital: "-tim".
        let initial = lines.body(i).strip_prefix(['-', '/']).unwrap_or("").trim_matches('-');
        let dashed = (1..=12).contains(&initial.len()) && initial.chars().all(char::is_alphabetic);
        let are_two = || body.split_once(" and ").is_some_and(|(one, other)| is_name(one) && is_name(other) && body.len() <= 30);
        (dashed || is_name(body) || are_two()) && !is_answer(body)
    };
    let mut last = (first..end).rev().find(|&i| has_letters(lines.body(i)))?;
    // A page that the mail is about may stand below the name, and an extension.
    while last > first && is_page_alone(lines.body(last)) {
        last = (first..last).rev().find(|&i| !lines.is_blank(i))?;
    }
    if last > first && !lines.is_blank(last - 1) && lines.body(last).len() <= 12 && is_contact(lines.head(last)) && named(last - 1) {
        last -= 1;
    }
    if !named(last) {
        // Some write their names small, on a line of their own.
        return (last > first && lines.is_blank(last - 1) && is_small_name(lines.body(last))).then_some(last);
    }
    let start = if last > first && named(last - 1) { last - 1 } else { last };
    let set_in = |i: usize| lines.raw(i).starts_with(['\t', ' ']);
    let apart = start > first
        && (lines.is_blank(start - 1)
            || is_initials(lines.body(start)) && !is_initials(lines.body(start - 1))
            || lines.body(start - 1).ends_with(['.', '!', '?'])
            || lines.body(start - 1).ends_with(')') && set_in(start) && !set_in(start - 1));
    // What would be an answer below a quote is a name below code, a picture, a passage.
    let above = (0..start).rev().find(|&i| has_letters(lines.body(i)));
    let is_passage = |i: usize| lines.raw(i).starts_with("   ") || lines.body(i).trim_end_matches([',', '.']).ends_with(['"', '”']);
    let is_of_no_quote = |i: usize| {
        lines.all[i].cut == Some(Reason::Code) || lines.all[i].cut.is_some() && is_passage(i) && !lines.body(i).starts_with(['>', '|'])
    };
    let below_code = start == first && !lines.body(last).ends_with('.') && above.is_some_and(is_of_no_quote);
    // Behind a dash a name is no answer.
    let dashed = start == first && lines.body(start).starts_with('-') && named(start);
    (apart || below_code || dashed).then_some(start)
}

/// Two or three capitals that are nobody's answer.
fn is_initials(body: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 20] = [
        "OK", "NO", "YES", "FYI", "TBD", "TBA", "NA", "EOD", "EOM", "LOL", "ETA", "PS", "AM", "PM", "US", "UK", "EU", "IT", "HR", "PR",
    ];
    (2..=3).contains(&body.len()) && body.bytes().all(|b| b.is_ascii_uppercase()) && !WORDS.contains(&body)
}

fn is_page_alone(body: &str) -> bool {
    body.starts_with("http") && !body.contains(' ')
}

/// One small word that is no answer.
fn is_small_name(body: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "yes", "no", "ok", "okay", "done", "sure", "right", "true", "false", "never", "maybe", "agreed", "none", "nothing", "please", "great", "sorry", "good",
        "perfect", "exactly", "correct", "wow", "nice", "yep", "nope", "what", "why", "how", "when", "who", "where", "and", "else", "end", "help",
    ];
    (3..=10).contains(&body.len()) && body.bytes().all(|b| b.is_ascii_lowercase()) && !WORDS.contains(&body)
}

/// One to three capitalised words and nothing else.
pub(super) fn is_name(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut words = 0;
    // A letter that an archive does not know.
    let is_inside = !text.ends_with('?');
    text.len() <= 40
        && text.split(' ').all(|word| {
            words += 1;
            let mut letters = word.strip_suffix('.').unwrap_or(word).chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’') || c == '?' && is_inside)
        })
        && words <= 3
}

/// Single words that are an answer rather than a name.
fn is_answer(word: &str) -> bool {
    #[rustfmt::skip]
    const ANSWERS: &[&str] = &[
        "Yes", "No", "Ok", "OK", "Okay", "Agreed", "Done", "Great", "Sorry", "Please", "Perfect", "Exactly", "Correct", "Right", "Sure",
        "Wow", "Nice", "Good", "Never", "Maybe", "Congratulations", "Congrats", "Enjoy", "Ja", "Nein", "Indeed", "Well", "Hmm", "Later", "Soon", "Today", "Tomorrow", "Tonight", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Oui", "Non", "Super", "Well Done", "Good Job", "Great Job", "Nice Work", "Good Work", "Great Work",
    ];
    ANSWERS.iter().any(|answer| answer.eq_ignore_ascii_case(word.trim_end_matches('.')))
}

/// Takes thanks back that are all that a mail says.
pub(super) fn keep_lone_thanks(lines: &mut Lines<'_>) {
    if (0..lines.len()).any(|i| lines.is_open(i)) {
        return;
    }
    let is_thanks = |body: &str| {
        body.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("thank")) && (is_closing_with_name(body) || body.ends_with(['!', '.']))
    };
    if let Some(thanks) = (0..lines.len()).find(|&i| lines.all[i].cut == Some(Reason::Closing) && is_thanks(lines.body(i))) {
        lines.all[thanks].cut = None;
    }
}

/// Cuts the greeting in the first own line; what stands for a picture may come before it.
pub(super) fn mark_greeting(lines: &mut Lines<'_>) {
    let is_picture = |body: &str| body.starts_with('[') && body.ends_with(']') && !body.contains(' ');
    let is_first = |&i: &usize| lines.is_open(i) && !is_picture(lines.body(i)) && has_letters(lines.body(i));
    let Some(first) = (0..lines.len()).find(is_first) else { return };
    // A greeting with nothing below it is all that its author had to say.
    let says_more = (first + 1..lines.len()).any(|i| lines.is_open(i));
    if says_more && (is_greeting(lines.body(first)) || is_name_alone(lines, first)) {
        lines.cut(first..first + 1, Reason::Closing);
    }
    // Who answers one person above and another below a quotation greets twice.
    for i in first + 1..lines.len().saturating_sub(2) {
        let opens = lines.body(i).ends_with(',') && lines.is_blank(i + 1) && lines.is_open(i) && lines.is_open(i + 2);
        if opens && lines.is_blank(i - 1) && is_greeting(lines.body(i)) && is_below_quote(lines, i) {
            lines.cut(i..i + 1, Reason::Closing);
        }
    }
}

fn is_below_quote(lines: &Lines<'_>, i: usize) -> bool {
    let above = (i.saturating_sub(3)..i).rev().find(|&above| !lines.is_blank(above));
    above.is_some_and(|above| lines.all[above].cut == Some(Reason::QuotedReply))
}

/// "Ann" or "Ann/Bo:" with an empty line below: who is meant. A heading of one word looks the same, and says as little.
fn is_name_alone(lines: &Lines<'_>, line: usize) -> bool {
    let body = lines.body(line);
    let names = body.trim_end_matches([':', ' ', '-', ',']);
    let is_first_name = |name: &str| {
        !name.contains([' ', '.'])
            && name.len() >= 2
            && is_name(name)
            && name.contains(char::is_lowercase)
            && !is_answer(name)
            && !HEADINGS.contains(&name)
    };
    let are_names = || names.split(['/', '&']).flat_map(|part| part.split(" and ")).all(|name| is_first_name(name.trim()));
    let stands_alone = || {
        let below = line + 1;
        let goes_on = || lines.next_filled(below).filter(|&next| lines.is_open(next)).map_or("", |next| lines.body(next));
        match body.chars().next_back() {
            Some(',') => true,
            // "Look:" may stand above what is to be looked at.
            Some(':') => lines.is_blank(below) && is_sentence(goes_on()),
            _ => lines.is_blank(below) || body.len() <= 10 && goes_on().len() > 20 && goes_on().starts_with(char::is_uppercase),
        }
    };
    names.len() <= 40 && line + 1 < lines.len() && are_names() && stands_alone()
}

pub(super) fn is_greeting(body: &str) -> bool {
    if body.len() > 60 || body.ends_with('?') {
        return false;
    }
    let words = body.trim_end_matches([',', '!', '.', ':', ';', '-', '–', '—', ' ']);
    let stopped = words.len() < body.len();
    let greeted = GREETINGS.iter().find_map(|greeting| {
        let (start, rest) = words.split_at_checked(greeting.len())?;
        // These begin other things too ("beste Option"), so they need the comma.
        let sure = stopped || !["beste", "dag", "caro", "cara", "cari", "morning", "welcome"].contains(greeting);
        (sure && same_words(greeting, start) && !rest.starts_with(char::is_alphanumeric)).then_some(rest)
    });
    if let Some(rest) = greeted {
        let few = rest.split_whitespace().count() <= 4 && !rest.contains(", ");
        let dear = rest.split_whitespace().count() <= 2 && words.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("dear"));
        return dear || (few && body.ends_with([',', ';'])) || rest.split_whitespace().all(is_addressed);
    }
    // "Ann," needs its comma to be told from a one-word answer.
    let group = GROUPS.iter().any(|group| same_words(group, words));
    stopped && (group || (body.ends_with([',', '-', ';']) && is_name(words) && words.split(' ').count() <= 2 && !is_answer(words)))
}

/// A word of those who are greeted: a name, or one of the words for many.
fn is_addressed(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '&');
    bare.is_empty() || bare.starts_with(char::is_uppercase) || GROUPS.contains(&bare) || BETWEEN_NAMES.contains(&bare)
}

/// Equal but for case; the first holds lower case.
fn same_words(lower: &str, words: &str) -> bool {
    lower.len() == words.len()
        && (lower.eq_ignore_ascii_case(words) || !lower.is_ascii() && !words.is_ascii() && words.to_lowercase() == lower)
}
