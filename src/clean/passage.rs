//! Passages that somebody else wrote, given whole and without marks: below a line that announces them, between marks that open and close them,
//! as a record of a tracker.

use std::ops::Range;

use crate::message::Reason;

use super::closing::{is_closing, is_greeting, is_signer};
use super::lines::Lines;
use super::quoted::{QUOTED_WORDS, end_at_source, end_of_parts, n_words};

/// A passage between rules or marks has no more lines.
const LONGEST: usize = 80;

/// So many words below a line that says that a program or somebody answered.
const ANSWERED_WORDS: usize = 4;

/// A name or a subject before "wrote:" has no more words.
const LONGEST_NAME: usize = 4;

/// Cuts passages that nothing has cut so far.
pub(super) fn mark(lines: &mut Lines<'_>) {
    let may_be_tracked = memchr::memmem::find(lines.text.as_bytes(), b"\nSTATUS:").is_some()
        || memchr::memmem::find(lines.text.as_bytes(), b"\nStatus:").is_some();
    let has_marks = lines.all.iter().any(|line| line.cut == Some(Reason::QuotedReply));
    let mut i = 0;
    while i < lines.len() {
        let passage = if lines.is_open(i) { passage_at(lines, i, has_marks, may_be_tracked) } else { None };
        if let Some(passage) = passage {
            lines.cut(passage.clone(), Reason::QuotedReply);
            i = passage.end.max(i + 1);
        } else {
            i += 1;
        }
    }
}

/// The passage that begins at a line or is announced by it.
fn passage_at(lines: &Lines<'_>, i: usize, has_marks: bool, may_be_tracked: bool) -> Option<Range<usize>> {
    let body = lines.body(i);
    let is_first = i == 0 || lines.is_blank(i - 1);
    match body.as_bytes()[0] {
        b'-' | b'=' | b'<' | b'[' | b'*' | b'_' | b'#' | b'~' => return between_marks(lines, i),
        b'"' if is_first => return quotation(lines, i, '"'),
        0xe2 if is_first && body.starts_with('“') => return quotation(lines, i, '”'),
        b'A'..=b'Z' if may_be_tracked && is_first && is_record(lines, i) => {
            return Some(i..end_of_paragraph(lines, i));
        }
        _ => {}
    }
    if !body.ends_with(':') {
        return None;
    }
    let next = lines.next_filled(i + 1).filter(|&next| next <= i + 3 && lines.is_open(next))?;
    if is_even_rule(lines.body(next)) {
        return between_rules(lines, next).map(|inside| next..inside.end);
    }
    let said = announcement(lines, i);
    let is_apart = next > i + 1;
    let end = end_of_paragraph(lines, next);
    if names_source(&said) && !is_item(lines.body(next)) && n_words(lines, next, end) >= QUOTED_WORDS {
        return Some(next..end_at_source(lines, end_of_parts(lines, next)));
    }
    let tells = is_apart && !is_item(lines.body(next)) && (tells_answer(&said) || !has_marks && is_who_wrote(body));
    if tells && is_greeting(lines.body(next)) {
        return end_of_letter(lines, next).map(|end| next..end);
    }
    (tells && n_words(lines, next, end) >= ANSWERED_WORDS).then_some(next..end)
}

/// The end of a letter that somebody else closed and signed, if more is said below it.
fn end_of_letter(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let last = lines.len().min(first + LONGEST);
    let stop = (first..last).find(|&i| lines.all[i].cut.is_some()).unwrap_or(last);
    let closing = (first + 1..stop).find(|&i| lines.is_open(i) && is_closing(lines.body(i)))?;
    let name = lines.next_filled(closing + 1).filter(|&name| name < stop && is_signer(lines.body(name)))?;
    let below = end_of_paragraph(lines, name);
    let is_writers = lines.writer.is_signed_by(lines.body(name));
    (!is_writers && (below..stop).any(|i| lines.is_open(i))).then_some(below)
}

/// The sentence that ends at a line, in small letters; of the line above only what belongs to it.
fn announcement(lines: &Lines<'_>, i: usize) -> String {
    let above = if i > 0 && lines.is_open(i - 1) { lines.body(i - 1) } else { "" };
    let both = format!(" {above} {}", lines.head(i)).to_lowercase();
    let start = [". ", "? ", "! "].iter().filter_map(|stop| both.rfind(stop)).max().map_or(0, |at| at + 1);
    both[start..].to_owned()
}

/// "From the web site:", "let me cite the help of …:", "the policy states:": a source, and that its words follow.
fn names_source(said: &str) -> bool {
    #[rustfmt::skip]
    const SOURCES: [&str; 30] = [
        "manual", "polic", "documentation", " docs", "guide", "standard", "help", " page", "faq", "readme", "web site", "website", "instructions", "announcement",
        "abstract", "press release", "release notes", "licen", "contract", "agreement", "article", " book", " spec", "rfc", "memo", "terms", "handbook", "rules",
        "wiki", "excerpt",
    ];
    const TAKEN: [&str; 9] = [
        "this is from ",
        "taken from ",
        "copied from ",
        "quoted from ",
        "excerpt from ",
        "pasted from ",
        "quote from ",
        "extract from ",
        "snippet from ",
    ];
    const SAYS: [&str; 9] =
        [" says:", " say:", " states:", " state:", " reads:", " say this:", " says this:", " says the following:", " reads as follows:"];
    const CITES: [&str; 12] = [
        " i quote",
        " to quote",
        "let me quote",
        " quoting ",
        "let me cite",
        " to cite ",
        " citing ",
        " excerpt is",
        " verbatim",
        "word for word",
        "here is an excerpt",
        "here's an excerpt",
    ];
    let holds = |signs: &[&str]| signs.iter().any(|sign| said.contains(sign));
    let from = said.trim_start().starts_with("from the ") && said.split(' ').count() <= 12 || holds(&TAKEN);
    (from || SAYS.iter().any(|verb| said.ends_with(verb)) || holds(&CITES)) && holds(&SOURCES) && !is_own_plan(said)
}

/// Who says what he wants said gives his own words.
fn is_own_plan(said: &str) -> bool {
    ["suggest", "propos", "should", "would", "could", "let's", "draft"].iter().any(|sign| said.contains(sign))
}

/// "I got the following error:", "here is what they replied:".
fn tells_answer(said: &str) -> bool {
    const GETS: [&str; 16] = [
        " get ",
        " got ",
        " getting ",
        " gets ",
        " receiv",
        " says",
        " returns",
        " raises",
        " raised",
        " gives",
        " gave ",
        " shows",
        " prints",
        " printed",
        " fails with",
        " with ",
    ];
    const WHICH: [&str; 3] = ["following ", "this ", "that "];
    const ANSWERS: [&str; 13] = [
        "error",
        "warning",
        "note",
        "output",
        "response",
        "reply",
        "answer",
        "mail",
        "e-mail",
        "email",
        "message",
        "error message",
        "notice",
    ];
    let follows = |which: &&str| {
        said.rfind(*which).is_some_and(|at| {
            let after = said[at + which.len()..].trim_end_matches(':');
            ANSWERS.iter().any(|what| after.strip_prefix(what).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '('])))
        })
    };
    let is_what_said = || {
        said.contains(" what ")
            && [" wrote:", " replied:", " responded:", " answered:", " wrote back:", " told me:"].iter().any(|verb| said.ends_with(verb))
    };
    let is_passed_on = || {
        const VERBS: [&str; 8] = [" sent", " posted", " wrote", " said", " replied", " answered", " sent me", " sent us"];
        let sent = said.strip_suffix(" this:").or_else(|| said.strip_suffix(" the following:"));
        sent.is_some_and(|sent| VERBS.iter().any(|verb| sent.ends_with(verb))) && !said.contains(" i ")
    };
    let is_from = || {
        let (what, who) = said.trim_start().split_once(" from ").unwrap_or_default();
        who.split(' ').count() <= 5
            && ["message", "mail", "e-mail", "email", "reply", "answer", "response", "note"].iter().any(|kind| what.ends_with(kind))
            && what.split(' ').count() <= 3
    };
    GETS.iter().any(|verb| said.contains(verb)) && WHICH.iter().any(follows) && !is_own_plan(said)
        || is_what_said()
        || is_passed_on()
        || is_from()
}

/// "Ann Lee wrote:" alone on its line.
fn is_who_wrote(body: &str) -> bool {
    body.starts_with(char::is_uppercase)
        && [" wrote:", " writes:", " replied:"].iter().any(|verb| {
            body.strip_suffix(verb).is_some_and(|who| {
                who.split(' ').count() <= LONGEST_NAME && who.split(' ').all(|word| word.starts_with(char::is_uppercase)) && who != "I"
            })
        })
}

/// An item of a list: somebody puts his own points in order.
fn is_item(body: &str) -> bool {
    body.starts_with(['-', '*', '•', '+', 'o']) && body.chars().nth(1).is_none_or(|c| c == ' ' || c == '\t')
        || body.trim_start_matches('(').trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')'])
        || body.as_bytes().get(1).is_some_and(|b| matches!(b, b')' | b'.'))
}

fn end_of_paragraph(lines: &Lines<'_>, first: usize) -> usize {
    let last = lines.len().min(first + LONGEST);
    (first..last).find(|&i| !lines.is_open(i)).unwrap_or(last)
}

/// Two lines or more that begin and end in quotation marks and are a paragraph by themselves.
fn quotation(lines: &Lines<'_>, i: usize, mark: char) -> Option<Range<usize>> {
    let end = end_of_paragraph(lines, i);
    let closes = |body: &str| body.trim_end_matches(['.', ',', ';']).ends_with(mark);
    let is_inside = || (i..end).map(|j| lines.body(j).matches(mark).count()).sum::<usize>() == if mark == '"' { 2 } else { 1 };
    (end >= i + 2 && closes(lines.body(end - 1)) && is_inside() && n_words(lines, i, end) >= QUOTED_WORDS).then_some(i..end)
}

/// One sign, and nothing else, over some width: narrower than the rules of footers, which may be of several.
fn is_even_rule(body: &str) -> bool {
    let first = body.as_bytes()[0];
    body.len() >= 5 && matches!(first, b'-' | b'=' | b'_' | b'*' | b'~' | b'#') && body.bytes().all(|b| b == first)
}

/// What stands between a rule and the next that is equal to it, if it is no heading that is underlined.
fn between_rules(lines: &Lines<'_>, rule: usize) -> Option<Range<usize>> {
    let last = lines.len().min(rule + LONGEST);
    let end = (rule + 1..last).find(|&i| lines.body(i) == lines.body(rule))?;
    let is_heading = lines.raw(rule - 1).len().abs_diff(lines.raw(rule).len()) <= 2
        || lines.body(end - 1).len().abs_diff(lines.body(end).len()) <= 2 && !lines.body(end - 1).ends_with(['.', '!', '?', ')']);
    (!is_heading && n_words(lines, rule + 1, end) >= QUOTED_WORDS).then_some(rule + 1..end + 1)
}

/// "--- begin quote ---" to "--- end quote ---", `<quote>` to `</quote>`: whatever the marks name, but for what was signed.
fn between_marks(lines: &Lines<'_>, i: usize) -> Option<Range<usize>> {
    let opened =
        name_of_mark(lines.body(i), &["begin ", "begin of ", "beginning of ", "start ", "start of ", "start quote ", "begin quote "])?;
    let last = lines.len().min(i + LONGEST);
    (i + 1..last).find(|&end| !lines.is_blank(end) && closes_mark(lines.body(end), &opened)).map(|end| i..end + 1)
}

/// What a mark names, in small letters: "quote" for "--- begin quote ---" and `<quote>`.
fn name_of_mark(body: &str, words: &[&str]) -> Option<String> {
    let inside = body.trim_matches(['-', '=', '*', '_', '#', '~', ' ', '<', '>', '[', ']']);
    if inside.len() > 40 || inside.len() == body.len() {
        return None;
    }
    let lower = inside.to_lowercase();
    let is_quote = |name: &str| matches!(name, "quote" | "citation" | "excerpt" | "blockquote");
    if body.starts_with(['<', '[']) {
        return is_quote(&lower).then_some(lower);
    }
    let name = words.iter().filter_map(|word| lower.strip_prefix(word)).min_by_key(|name| name.len())?;
    (body.starts_with("--") || body.starts_with("==") || body.starts_with("**") || body.starts_with("__") || body.starts_with("##"))
        .then_some(name)
        .filter(|name| !name.contains("pgp") && !name.contains("signed"))
        .map(str::to_owned)
}

fn closes_mark(body: &str, opened: &str) -> bool {
    let inside = body.trim_matches(['-', '=', '*', '_', '#', '~', ' ', '<', '>', '[', ']']);
    if inside.len() > 40 || inside.len() == body.len() {
        return false;
    }
    let lower = inside.to_lowercase();
    lower.strip_prefix('/').is_some_and(|name| name == opened)
        || ["end ", "end of "].iter().any(|word| lower.strip_prefix(word).is_some_and(|name| name == opened))
}

/// The head of a tracker's record: three fields in a row or more, one of a state and one of a person with an address.
fn is_record(lines: &Lines<'_>, i: usize) -> bool {
    const STATES: [&str; 5] = ["status", "state", "priority", "severity", "resolution"];
    const PERSONS: [&str; 9] =
        ["from", "reporter", "reported by", "submitter", "submitted by", "author", "assigned to", "originator", "opened by"];
    let end = (i..lines.len().min(i + 20)).take_while(|&j| lines.is_open(j) && field_of(lines.body(j)).is_some()).count() + i;
    let holds = |names: &[&str]| {
        (i..end).filter_map(|j| field_of(lines.body(j))).any(|name| names.iter().any(|one| name.eq_ignore_ascii_case(one)))
    };
    end >= i + 3 && holds(&STATES) && holds(&PERSONS)
}

/// `STATUS` of `STATUS: Open`.
fn field_of(body: &str) -> Option<&str> {
    let (name, value) = body.split_once(':')?;
    (name.len() <= 20
        && value.starts_with([' ', '\t'])
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.split(' ').count() <= 2)
        .then_some(name)
}
