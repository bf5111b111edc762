//! The line above a quote that says who wrote it and when.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::RegexSet;

use crate::message::Reason;

use super::hints::Hints;
use super::lines::Lines;

/// Attributions from their first letter or digit to the last colon; the last `N_WEAK` patterns could as well be a sentence and need a quote
/// below. Borders are those of ASCII words, for tables of all letters would take longer to make than most texts take to read.
static ATTRIBUTION: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?is)^(on|at|in article|in a message dated|quoting)(?-u:\b).+(?-u:\b)(wrote|writes|said|has written)\s*:+$",
        r"(?is)^am(?-u:\b).+(?-u:\b)(schrieb|geschrieben)(?-u:\b).*:$",
        r"(?is)^le(?-u:\b).+\sa\s+écrit\s*:+$",
        r"(?is)^el(?-u:\b).+(?-u:\b)escribió\s*:+$",
        r"(?is)^(il|in data|alle)(?-u:\b).+(?-u:\b)ha\s+scritto\s*:+$",
        r"(?is)^op(?-u:\b).+(?-u:\b)(schreef|geschreven)(?-u:\b).*:$",
        r"(?is)^(em|no dia|a|às)(?-u:\b).+(?-u:\b)escreveu\s*:+$",
        r"(?is)^(w dniu|dnia)(?-u:\b).+(?-u:\b)(pisze|napisał|napisała|napisał\(a\))\s*:+$",
        r"(?is)^(den|on)(?-u:\b).+(?-u:\b)skrev(?-u:\b).*:$",
        r"(?s)^.*[0-9].*(kirjoitti|napsala?|napsal\(a\)|yazdı|írta|έγραψε|a scris|님이 작성|כתב|כתב/ה|כתבה)\s*:+$",
        r"(?is)^.*([0-9]|@).*[\s>)](пишет|написал|написала|написал\(а\))\s*:+$",
        r"(?s)^(20[0-9][0-9]年.*|20[0-9][0-9][-/][0-9][0-9]?[-/][0-9][0-9]?(?-u:\b).*[>】])\s*(写道|wrote)?\s*[:：]+$",
        r"(?s)^.*(写道|寫道)\s*[:：]+$",
        r"(?is)^.+(@|<).+(?-u:\b)((wrote|writes|said|schrieb|a écrit|ha scritto|schreef|escreveu|skrev)(?-u:\b)|escribió).{0,60}:$",
        r"(?is)(?-u:\b)wrote in (message|news:)",
        r"(?is)^.+(?-u:\b)(wrote|writes|said|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev)(\s+in\s+[a-z0-9.-]{1,40})?\s*:+$",
        r"(?is)^.*(?-u:\b)(mon|tue|wed|thu|fri|sat|sun|20[0-9][0-9])(?-u:\b).*[0-9]:[0-9][0-9].*:$",
    ])
    .ok()
});
const N_WEAK: usize = 2;

/// Verbs, the beginnings of years, and minutes.
static HINTS: Hints = Hints::new(&[
    "wrote",
    "writes",
    "said",
    "written",
    "schrieb",
    "schreef",
    "schreven",
    "crit",
    "escribi",
    "escreveu",
    "pisze",
    "napisa",
    "skrev",
    "kirjoitti",
    "napsal",
    "yazd",
    "rta",
    "γραψε",
    "scris",
    "작성",
    "כתב",
    "п",
    "П",
    "写道",
    "寫道",
    "20",
    ":0",
    ":1",
    ":2",
    ":3",
    ":4",
    ":5",
    ":6",
    ":7",
    ":8",
    ":9",
]);

/// How sure an attribution is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    Strong,
    Weak,
}

/// Cuts attributions: those with a quote below, those that end the text and those wrapped over several lines.
pub(super) fn mark(lines: &mut Lines<'_>) {
    static WROTE_IN: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("wrote in "));
    let last_quoted = lines.all.iter().rposition(|line| line.cut.is_some());
    let may_hold_wrote_in = WROTE_IN.find(lines.text.as_bytes()).is_some();
    for i in 0..lines.len() {
        if lines.all[i].cut.is_some() && is_end_in_quote(lines.body(i)) {
            mark_start_above(lines, i);
        }
        // Some programs set the first mark at the end of the attribution, and leave the line below without.
        if lines.is_open(i) && lines.body(i).ends_with("wrote: >") {
            let below =
                lines.next_filled(i + 1).filter(|&below| (below + 1..lines.len().min(below + 3)).any(|j| lines.all[j].cut.is_some()));
            lines.cut(i..below.map_or(i + 1, |below| below + 1), Reason::QuotedReply);
        }
        if lines.is_open(i) && is_sender(lines.head(i)) && lines.next_filled(i + 1).is_some_and(|next| lines.all[next].cut.is_some()) {
            lines.cut(i..i + 1, Reason::QuotedReply);
        }
        if lines.is_open(i) && (i > 0 && is_date_below(lines, i) || is_snip(lines.body(i)) && lines.body(i).contains("snip")) {
            lines.cut(i..i + 1, Reason::QuotedReply);
        }
        let body = lines.body(i);
        let says_wrote_in = || may_hold_wrote_in && body.len() <= 300 && WROTE_IN.find(body.as_bytes()).is_some();
        if !lines.is_open(i) || is_snip(body) || !(ends_with_colon(body) || says_wrote_in()) {
            continue;
        }
        let quoted_next = || lines.next_filled(i + 1).is_some_and(|next| next <= i + 2 && lines.all[next].cut.is_some());
        if lines.body(i).len() <= 150 && names_writer_and_time(lines.body(i)) && quoted_next() {
            lines.cut(i..i + 1, Reason::QuotedReply);
            continue;
        }
        let Some((first, sure)) = attribution_ending_at(lines, i) else { continue };
        let dated = is_dated(lines, first, i);
        let mut below = (i + 1..lines.len()).filter(|&j| !lines.is_blank(j) && !is_snip(lines.body(j)));
        let next = below.next();
        let quote_follows = next.is_some_and(|next| lines.all[next].cut.is_some());
        match sure {
            // AOL sets a quote between `<<` and `>>`.
            Sure::Strong if let Some(end) = next.and_then(|next| end_of_aol_quote(lines, next)) => {
                lines.cut(first..end, Reason::QuotedReply);
            }
            Sure::Strong | Sure::Weak if quote_follows => lines.cut(first..next.unwrap_or(i + 1), Reason::QuotedReply),
            // A mail that is quoted without marks may begin with an answer of its own.
            Sure::Strong
                if let Some(next) = next.filter(|&next| dated && opens(lines.body(first)) && is_whole_attribution(lines, next)) =>
            {
                if is_answer_itself(lines, first, next) {
                    lines.cut(first..lines.len(), Reason::QuotedReply);
                    return;
                }
                lines.cut(first..i + 1, Reason::QuotedReply);
            }
            // Some programs put no mark on what they quote: when, who and "wrote:" then speak of all that follows.
            Sure::Strong if dated && last_quoted.is_none_or(|last| last < i) && opens(lines.body(first)) => {
                lines.cut(first..lines.len(), Reason::QuotedReply);
                return;
            }
            Sure::Strong if next.is_none() || (first < i && dated) => lines.cut(first..i + 1, Reason::QuotedReply),
            Sure::Strong | Sure::Weak => {}
        }
    }
}

/// One line from "On" to "wrote:", with a date.
fn is_whole_attribution(lines: &Lines<'_>, i: usize) -> bool {
    lines.is_open(i) && opens(lines.body(i)) && ends_with_colon(lines.body(i)) && is_dated(lines, i, i)
}

/// So far from an attribution quotation and own text are looked for.
const NEAR: usize = 60;

/// Whether two attributions in a row are both of the mail that is answered: own text stands above, and the quotation below is not deeper than one.
fn is_answer_itself(lines: &Lines<'_>, first: usize, next: usize) -> bool {
    let quoted = (next..lines.len().min(next + NEAR)).find(|&i| lines.all[i].cut.is_some());
    let is_deeper = quoted.is_some_and(|i| lines.body(i).starts_with(">>") || lines.body(i).starts_with("> >"));
    !is_deeper && (first.saturating_sub(NEAR)..first).any(|i| lines.is_open(i))
}

/// The end of an attribution behind a mark of quotation: `> wrote:`, where the bracket of an address was broken off.
fn is_end_in_quote(body: &str) -> bool {
    body.len() <= 40
        && body.ends_with(':')
        && body.strip_prefix('>').is_some_and(|rest| {
            let rest = rest.trim_start();
            ["wrote", "writes", "schrieb", "a écrit", "escribió", "ha scritto", "schreef", "escreveu"]
                .iter()
                .any(|verb| rest.starts_with(verb))
        })
}

/// Cuts the one or two lines above the end of an attribution with which it begins.
fn mark_start_above(lines: &mut Lines<'_>, end: usize) {
    let first = (end.saturating_sub(2)..end).find(|&first| {
        (first..end).all(|i| lines.is_open(i))
            && opens(lines.body(first))
            && is_dated(lines, first, end)
            && lines.body(end - 1).contains('<')
    });
    if let Some(first) = first {
        lines.cut(first..end, Reason::QuotedReply);
    }
}

/// Who wrote and at what time of day, however it is said.
fn names_writer_and_time(head: &str) -> bool {
    let is_time = |word: &str| {
        word.split_once(':').is_some_and(|(hour, rest)| {
            matches!(hour.len(), 1 | 2)
                && hour.bytes().all(|b| b.is_ascii_digit())
                && rest.bytes().take(2).filter(u8::is_ascii_digit).count() == 2
        })
    };
    let is_host = |rest: &str| rest.split(' ').next().is_some_and(|host| host.trim_end_matches('.').contains('.'));
    (memchr::memchr(b'@', head.as_bytes()).is_some() || head.split(" at ").skip(1).any(is_host))
        && head.split_ascii_whitespace().any(is_time)
        && head.bytes().filter(u8::is_ascii_digit).count() >= 8
}

/// `(on Jul 21, 1997):` below a quoted line that ends with "writes".
fn is_date_below(lines: &Lines<'_>, i: usize) -> bool {
    let (above, body) = (lines.body(i - 1), lines.body(i));
    body.starts_with('(')
        && body.ends_with("):")
        && lines.all[i - 1].cut == Some(Reason::QuotedReply)
        && [" writes", " wrote"].iter().any(|verb| above.ends_with(verb))
}

/// The one line of the header that some programs set above a quote.
fn is_sender(head: &str) -> bool {
    head.starts_with("From: ") && head.contains(['<', '@'])
}

/// "[...]", "<snip>": what stands at times between an attribution and its quote.
fn is_snip(body: &str) -> bool {
    body.len() <= 12 && ((body.starts_with('[') && body.ends_with(']')) || (body.starts_with('<') && body.ends_with('>')))
}

fn end_of_aol_quote(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let end =
        lines.body(first).starts_with("<<").then(|| (first..lines.len().min(first + 500)).find(|&i| lines.body(i).ends_with(">>")))?;
    end.map(|end| end + 1)
}

/// Whether a line ends with a colon, narrow or wide, less what may close it: a cheap look before the patterns.
fn ends_with_colon(body: &str) -> bool {
    const LAST_OF_WIDE: u8 = "：".as_bytes()[2];
    body.as_bytes().last().is_some_and(|byte| matches!(byte, b':' | b'*' | b'_' | b'>' | b' ' | &LAST_OF_WIDE))
        && body.trim_end_matches(['*', '_', '>', ' ']).ends_with([':', '：'])
}

/// The first line of the attribution that ends at `last`; it is at most four lines long.
fn attribution_ending_at(lines: &Lines<'_>, last: usize) -> Option<(usize, Sure)> {
    let mut weak = None;
    for first in (last.saturating_sub(3)..=last).rev() {
        if !lines.is_open(first) {
            break;
        }
        let Some(text) = lines.joined(first, last) else { break };
        if !HINTS.are_in(text) {
            continue;
        }
        let patterns = ATTRIBUTION.as_ref()?;
        let found = patterns.matches(bare(text));
        if found.iter().any(|which| which < patterns.len() - N_WEAK) {
            // "X <x@y.z> wrote:" may be the end of "On …, X <x@y.z> wrote:".
            let longer = (first.saturating_sub(2)..first).find(|&earlier| {
                (earlier..first).all(|i| lines.is_open(i))
                    && !found.matched(0)
                    && lines.joined(earlier, last).is_some_and(|text| opens(text) && patterns.is_match(bare(text)))
            });
            return Some((longer.unwrap_or(first), Sure::Strong));
        }
        let only_verb = lines.body(last).len() <= 20;
        if weak.is_none() && found.matched_any() && (first == last || (first + 1 == last && (only_verb || text.contains('<')))) {
            weak = Some((first, Sure::Weak));
        }
    }
    weak
}

/// Text from its first letter or digit to the last one or a colon behind it.
fn bare(text: &str) -> &str {
    let is_sign = |c: char| !c.is_alphanumeric() && c != '_';
    text.trim_start_matches(is_sign).trim_end_matches(|c| is_sign(c) && !matches!(c, ':' | '：'))
}

/// Whether a text begins as attributions of some language do.
fn opens(text: &str) -> bool {
    text.starts_with("20")
        || text.starts_with(|c: char| c.is_ascii_digit()) && text.split_whitespace().take(4).any(|word| word.contains(':'))
        || ["On ", "At ", "In a message dated ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ", "Den ", "W dniu "]
            .iter()
            .any(|word| text.starts_with(word))
}

/// Whether the attribution has as many digits as a date or a time.
fn is_dated(lines: &Lines<'_>, first: usize, last: usize) -> bool {
    lines.joined(first, last).is_some_and(|text| text.bytes().filter(u8::is_ascii_digit).count() >= 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::hints::tests::hold;

    #[test]
    fn hints_of_attributions_stand_in_every_match() {
        let patterns = ATTRIBUTION.as_ref().unwrap().patterns();
        hold(&HINTS, patterns.iter().map(String::as_str));
    }
}
