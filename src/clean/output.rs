//! What programs print and people paste: messages with the lines over which they are broken, values of interpreters, cells of tables.

use std::ops::Range;

use crate::message::Reason;

use super::lines::Lines;
use super::session::is_personal;
use super::signature::is_sentence;

/// How far down what a program prints in one piece is followed.
const LONGEST: usize = 12;

/// How a message of a program goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    /// To the next empty line.
    ToTheGap,
    /// As long as the lines below read as the rest of a broken line.
    WhileBroken,
}

/// Whether a line is a message of a compiler, an interpreter or a build, and how it goes on. Prose may warn, too, and has no error code.
pub(super) fn message(head: &str) -> Option<Goes> {
    const BROKEN: Option<Goes> = Some(Goes::WhileBroken);
    const TO_THE_GAP: Option<Goes> = Some(Goes::ToTheGap);
    let starts = |starts: &[&str]| starts.iter().any(|start| head.starts_with(start));
    // What was printed bold is set between asterisks in a text.
    let head = if head.starts_with('*') && head.ends_with('*') { head.trim_start_matches(['*', '"', ' ']) } else { head };
    match head.as_bytes().first()? {
        b'0'..=b'9' | b'[' if ["ERROR: ", "WARNING: ", "FATAL: "].iter().any(|level| head.contains(level)) && !is_personal(head) => {
            TO_THE_GAP
        }
        b'F' if head.starts_with("Flavor: ") && !head[8..].contains(' ') => TO_THE_GAP,
        b'C' if head.starts_with("Check: ") && head.contains(", Result: ") => TO_THE_GAP,
        b'S' if head.starts_with("Segmentation fault") && head.len() <= 40 => BROKEN,
        b'B' if head.starts_with("Bus error") && head.len() <= 40 => BROKEN,
        b'W' if head.starts_with("Warning in ") && head.contains('(') && head.contains(':') => BROKEN,
        b'E' if starts(&["Error: ", "Error : ", "ERROR: ", "Exited with status "]) => BROKEN,
        b'E' if head.starts_with("Error in ") && head.contains('(') => BROKEN,
        b'I' if starts(&["INTERNAL ERROR: ", "Internal error: ", "In addition: Warning message"]) => BROKEN,
        b'W' if starts(&["Warning message:", "Warning messages:"]) => TO_THE_GAP,
        b'C' if starts(&["Called from: ", "Caused by: "]) => BROKEN,
        b'Q' if head.starts_with("Quitting from lines ") => BROKEN,
        b'P' if head.starts_with("Python ") && head.contains("(#") => BROKEN,
        b'P' if head.starts_with("Python Library Documentation: ") || head.starts_with("Platform: ") && head.contains('-') => BROKEN,
        b'R' if head.starts_with("R version ") && head.contains('(') && head.split(' ').count() <= 10 => BROKEN,
        b'R' if head.starts_with("Running under: ") => BROKEN,
        b'M' if head.starts_with("Matrix products: ") => BROKEN,
        b'T' if starts(&["Type \"help\"", "Type \"copyright\""]) => BROKEN,
        b'H' if head.starts_with("Help on ") && head.contains(" in module ") => BROKEN,
        b'F' if head.starts_with("Found the following ") && head.ends_with(':') => TO_THE_GAP,
        b'U' if starts(&["Undocumented code objects:", "Undocumented arguments in "]) => TO_THE_GAP,
        b'a' if head.starts_with("attached base packages:") => TO_THE_GAP,
        b'o' if head.starts_with("other attached packages:") => TO_THE_GAP,
        b'l' if head.starts_with("loaded via a namespace (") || head == "locale:" => TO_THE_GAP,
        b'm' if starts(&["make: ", "make["]) => BROKEN,
        b'c' if starts(&["collect2: ", "ccache ", "cc -", "clang -"]) => BROKEN,
        b'g' if starts(&["gcc -", "g++ -", "gfortran -"]) => BROKEN,
        b'l' if starts(&["ld: ", "ld.exe: "]) => BROKEN,
        b'a' if starts(&["ar -", "apt-get "]) => BROKEN,
        b's' if head.starts_with("sudo ") => BROKEN,
        b'/' if head.starts_with("/usr/bin/ld: ") => BROKEN,
        b'[' if starts(&["[GCC ", "[MSC ", "[Clang "]) => BROKEN,
        b'*' | b'b' | b'c' | b'i' if is_failed_check(head) => TO_THE_GAP,
        b'*' if head.starts_with("** ") && head.contains(" *** ") => TO_THE_GAP,
        b'E' if head.starts_with("Error from server ") || head.starts_with("E   ") => BROKEN,
        b'P' if starts(&["PHP Fatal error: ", "PHP Warning: ", "PHP Notice: "]) || head.starts_with("PING ") && head.contains(" bytes") => {
            TO_THE_GAP
        }
        b'-' if head.starts_with("--- ") && head.ends_with(" ping statistics ---") => TO_THE_GAP,
        b'p' if head.starts_with("panic: ") && head.contains(" error: ") || head.starts_with("platform ") && head.contains(" -- ") => {
            TO_THE_GAP
        }
        b'g' if head.starts_with("goroutine ") && head.ends_with("]:") => TO_THE_GAP,
        b'=' if head.starts_with("=====") && is_of_tests(head) => TO_THE_GAP,
        b'-' if head.starts_with("-----") && (head.contains(" ERROR ") || head.contains(" LOG ")) => TO_THE_GAP,
        _ if is_in_source(head) => BROKEN,
        _ => None,
    }
}

/// `===== test session starts =====`.
fn is_of_tests(head: &str) -> bool {
    head.ends_with("=====")
        && ["test session", "FAILURES", "ERRORS", "test summary", " passed", " failed", "warnings summary"]
            .iter()
            .any(|sign| head.contains(sign))
}

/// `* checking top-level files ... NOTE`: what is wrong stands behind it and below.
fn is_failed_check(head: &str) -> bool {
    let is_step = |verb: &str| head.trim_start_matches(['*', ' ']).starts_with(verb);
    ["checking ", "creating ", "installing ", "building "].iter().any(|verb| is_step(verb))
        && head.split_once("...").is_some_and(|(_, outcome)| {
            let outcome = outcome.trim_start();
            // The seconds that it took.
            let outcome = outcome.strip_prefix('[').and_then(|rest| rest.split_once("] ")).map_or(outcome, |(_, outcome)| outcome);
            ["NOTE", "WARNING", "ERROR", "Error", "Warning"].iter().any(|bad| outcome.starts_with(bad))
        })
}

/// `main.c:12:5: error: …`, `main.c: In function 'f':`.
fn is_in_source(head: &str) -> bool {
    let Some((file, rest)) = head.split_once(':') else { return false };
    let is_file = !file.contains(' ') && file.rsplit_once('.').is_some_and(|(_, ending)| (1..=4).contains(&ending.len()));
    is_file && (rest.starts_with(" In function ") || rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(": "))
}

/// `if (x) {`, `for seat in seats:`.
fn opens_block(body: &str) -> bool {
    const KEYWORDS: [&str; 9] = ["def ", "for ", "if ", "while ", "class ", "with ", "try", "else", "elif "];
    let of_shell = || matches!(body, "then" | "else" | "do") || body.ends_with("; then") || body.ends_with("; do");
    body.ends_with(['{', '(']) || body.ends_with(':') && KEYWORDS.iter().any(|keyword| body.starts_with(keyword)) || of_shell()
}

/// Cuts what is set in from a line of code that opens a block: `for seat in seats:`, `if (x) {`.
pub(super) fn mark_opened(lines: &mut Lines<'_>) {
    let mut i = 0;
    while i + 1 < lines.len() {
        let opens = lines.all[i].cut == Some(Reason::Code) && !lines.is_blank(i + 1) && opens_block(lines.body(i));
        let end = if opens {
            let is_inside = |&below: &usize| {
                lines.all[below].cut.is_none_or(|why| why == Reason::Code)
                    && !lines.is_blank(below)
                    && lines.margin(below) > lines.margin(i)
                    && !is_personal(lines.head(below))
                    && !is_sentence(lines.head(below))
            };
            (i + 1..lines.len()).take_while(is_inside).last().map_or(i + 1, |last| last + 1)
        } else {
            i + 1
        };
        lines.cut(i + 1..end, Reason::Code);
        i = end;
    }
}

/// Whether a line is set in from the one right above, which opens a block.
pub(super) fn is_opened(lines: &Lines<'_>, i: usize) -> bool {
    i > 0
        && opens_block(lines.body(i - 1))
        && lines.margin(i) > lines.margin(i - 1)
        && !is_personal(lines.head(i))
        && !is_sentence(lines.head(i))
}

/// Cuts what goes on from messages that have been cut.
pub(super) fn mark_continued(lines: &mut Lines<'_>) {
    mark_announced_message(lines);
    let mut i = 0;
    while i < lines.len() {
        let goes = match lines.all[i].cut {
            Some(Reason::Code) => message(lines.head(i)),
            // Who quotes what a program said may mark its first line alone.
            Some(Reason::QuotedReply) if i + 1 < lines.len() && lines.is_open(i + 1) && is_rest(lines.body(i + 1)) => {
                message(lines.head(i).trim_start_matches(['>', ' ']))
            }
            Some(_) | None => None,
        };
        let end = goes.map_or(i + 1, |goes| end_below(lines, i, end_of_message(lines, i, goes)));
        lines.cut(i + 1..end, Reason::Code);
        i = end;
    }
}

fn end_of_message(lines: &Lines<'_>, first: usize, goes: Goes) -> usize {
    let mut end = first + 1;
    while end < lines.len().min(first + LONGEST) && !lines.is_blank(end) {
        let is_more =
            lines.all[end].cut == Some(Reason::Code) || lines.is_open(end) && (goes == Goes::ToTheGap || is_broken_off(lines, end));
        if !is_more {
            break;
        }
        end += 1;
    }
    end
}

/// Cuts the paragraph below a line that announces an error or a warning, if it begins in the middle of a sentence, as programs speak.
fn mark_announced_message(lines: &mut Lines<'_>) {
    for first in 2..lines.len() {
        if !lines.is_open(first)
            || !lines.is_blank(first - 1)
            || lines.body(first).starts_with(|c: char| c.is_uppercase() || c.is_numeric()) && !is_set_in_message(lines, first)
        {
            continue;
        }
        let end = (first..lines.len()).find(|&i| !lines.is_open(i)).unwrap_or(lines.len());
        if end - first <= LONGEST && is_announced(lines, first - 2) && (first..end).all(|i| is_said_by_program(lines, i, first)) {
            lines.cut(first..end, Reason::Code);
        }
    }
}

/// `    Warning: seats are deprecated`: set in, for a person's own warning is not.
fn is_set_in_message(lines: &Lines<'_>, i: usize) -> bool {
    lines.raw(i).starts_with([' ', '\t']) && ["Warning", "WARNING", "Error", "ERROR"].iter().any(|level| lines.body(i).starts_with(level))
}

fn is_announced(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.body(i);
    let names = || ["error", "warning", "Error", "Warning", "ERROR", "WARNING"].iter().any(|sign| body.contains(sign));
    let follows = || body.ends_with(':') || body.ends_with('.') && body.contains("following ") || body.ends_with(" such as");
    lines.is_open(i) && follows() && names()
}

fn is_said_by_program(lines: &Lines<'_>, i: usize, first: usize) -> bool {
    let body = lines.body(i);
    let has_sign = || body.bytes().any(|b| br#"{}[]()=<>\#$&|^~_":/`"#.contains(&b));
    !is_personal(body) && (i > first || has_sign() && !body.starts_with(['-', '*', '(', '•']))
}

/// Whether a line may be the second of what a program says.
fn is_rest(body: &str) -> bool {
    !body.starts_with(|c: char| c.is_uppercase()) && !body.ends_with('?') && !is_personal(body)
}

/// How many lines that are set in from a message go with it.
const LONGEST_BELOW: usize = 40;

/// The end of what is set in from a message, over an empty line too, as long as nobody speaks in it.
fn end_below(lines: &Lines<'_>, first: usize, end: usize) -> usize {
    let mut below = end;
    for i in end..lines.len().min(end + LONGEST_BELOW) {
        if lines.is_blank(i) {
            if i > below {
                break;
            }
            continue;
        }
        let is_more = matches!(lines.all[i].cut, None | Some(Reason::Code))
            && (lines.margin(i) > lines.margin(first) || i == below && lines.margin(first) > 0 && lines.margin(i) == lines.margin(first))
            && !is_personal(lines.head(i))
            && !lines.body(i).ends_with('?');
        if !is_more {
            break;
        }
        below = i + 1;
    }
    below
}

/// A line shorter than this was not broken for its length.
const BROKEN_FROM: usize = 45;

/// Whether a line is the rest of the one above: that ends in the middle, and this one begins there or is set in from it.
fn is_broken_off(lines: &Lines<'_>, i: usize) -> bool {
    let (above, body) = (lines.body(i - 1), lines.body(i));
    let ends_open = above.ends_with([',', '(']) || above.ends_with(':') && !body.starts_with(char::is_lowercase);
    let is_set_in = lines.margin(i) > lines.margin(i - 1);
    let is_set_out = lines.margin(i) < lines.margin(i - 1);
    let width = if is_set_out { BROKEN_FROM + 15 } else { BROKEN_FROM };
    let goes_on = !body.starts_with(char::is_uppercase) && lines.raw(i - 1).len() >= width && !above.ends_with(['.', '!']);
    ends_open || is_set_in || goes_on
}

/// Values as interpreters print them: `[1] "a" "b"`, `[[1, 2], [3, 4]]`, columns of numbers, names of packages with their versions.
pub(super) fn is_value(head: &str) -> bool {
    let Some(&first) = head.as_bytes().first() else { return false };
    if first == b'[' && (is_indexed(head) || is_array(head)) {
        return true;
    }
    match first {
        b'"' | b'0'..=b'9' | b'-' | b'.' if head.contains("  ") => {
            let mut n = 0;
            head.split_ascii_whitespace().all(|token| {
                n += 1;
                is_number(token)
            }) && n >= 2
        }
        b'a'..=b'z' | b'A'..=b'Z' if memchr::memchr(b'_', head.as_bytes()).is_some() => {
            let mut n = 0;
            head.split_ascii_whitespace().all(|token| {
                n += 1;
                is_version(token)
            }) && n >= 2
        }
        _ => false,
    }
}

/// `[1] TRUE`, `[13] 3.5 4`, `[1] stats     graphics`, `[1,] 2`.
fn is_indexed(head: &str) -> bool {
    let Some((index, rest)) = head[1..].split_once("] ") else { return false };
    let rest = rest.trim_start();
    if index.is_empty() || rest.is_empty() || index.len() > 7 || !index.bytes().all(|b| b.is_ascii_digit() || b == b',') {
        return false;
    }
    let is_word = |token: &str| ["TRUE", "FALSE", "NA", "NULL", "NaN", "Inf", "-Inf", "T", "F"].contains(&token);
    let is_quoted = |token: &str| token.len() >= 2 && token.starts_with('"') && token.ends_with('"');
    index.contains(',')
        || rest.contains("   ")
        || rest.split_ascii_whitespace().all(|token| is_number(token) || is_word(token) || is_quoted(token))
}

/// Brackets and numbers and nothing else.
fn is_array(head: &str) -> bool {
    let mut digits = 0;
    head.bytes().all(|b| {
        digits += u32::from(b.is_ascii_digit());
        b.is_ascii_digit()
            || matches!(b, b'[' | b']' | b'(' | b')' | b'{' | b'}' | b',' | b'.' | b'+' | b'-' | b':' | b';' | b'*' | b'e' | b'j' | b' ')
    }) && digits >= 2
}

fn is_number(token: &str) -> bool {
    let token = token.trim_matches('"');
    let mut digits = 0;
    token.bytes().all(|b| {
        digits += u32::from(b.is_ascii_digit());
        b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b'+' | b'e' | b'E' | b'%')
    }) && digits > 0
}

/// `stringi_1.1.2`.
fn is_version(token: &str) -> bool {
    token.split_once('_').is_some_and(|(name, version)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && version.len() >= 3
            && version.contains('.')
            && version.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'))
    })
}

/// So many cells make a table, of which half hold a digit.
const FEWEST_CELLS: usize = 6;

/// The widest cell, and the most words in it.
const CELL_WIDTH: usize = 26;
const CELL_WORDS: usize = 3;

/// Cuts tables that lost their columns: cell stands below cell.
pub(super) fn mark_cells(lines: &mut Lines<'_>) {
    let mut cells: Option<(Range<usize>, usize, usize)> = None;
    for i in 0..=lines.len() {
        if i < lines.len() && lines.is_blank(i) {
            continue;
        }
        if i < lines.len() && lines.is_open(i) && is_cell(lines.body(i)) {
            let has_digit = usize::from(lines.body(i).bytes().any(|b| b.is_ascii_digit()));
            let (range, n, with_digit) = cells.get_or_insert((i..i, 0, 0));
            range.end = i + 1;
            *n += 1;
            *with_digit += has_digit;
        } else if let Some((range, n, with_digit)) = cells.take()
            && n >= FEWEST_CELLS
            && with_digit * 2 >= n
        {
            lines.cut(range, Reason::Code);
        }
    }
}

fn is_cell(body: &str) -> bool {
    if body.len() > CELL_WIDTH || body.ends_with([',', '!', '?', ':', ';']) {
        return false;
    }
    // An item of a list says something.
    let is_item = body.starts_with(['-', '*', '>', '•'])
        || body.bytes().position(|b| !b.is_ascii_digit()).is_some_and(|at| {
            at > 0 && matches!(body.as_bytes()[at], b'.' | b')') && matches!(body.as_bytes().get(at + 1), None | Some(b' '))
        });
    !is_item && body.split_ascii_whitespace().count() <= CELL_WORDS && !(body.ends_with('.') && body.bytes().all(|b| !b.is_ascii_digit()))
}

/// Cuts lines that stand three times in a row: no person says a thing so often.
pub(super) fn mark_repeated(lines: &mut Lines<'_>) {
    let mut first = 0;
    while first < lines.len() {
        let mut end = first + 1;
        if lines.is_open(first) {
            let body = lines.body(first);
            while end < lines.len() && lines.body(end) == body {
                end += 1;
            }
            if end >= first + 3 && body.contains(' ') {
                lines.cut(first..end, Reason::Code);
            }
        }
        first = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_from_footnotes_and_telephones() {
        for value in [
            "[1] \"a\" \"b\"",
            "[1] TRUE",
            "[12] 3.5 4",
            "[1] alpha     beta  gamma",
            "[2,] 4",
            "[[ 1.+0.j  2.]",
            "[5,6,7]",
            "\"-0.5\"     \"1.25\"",
            "1.5   2.5",
            "alpha_0.2.1   beta_1.0-3",
        ] {
            assert!(is_value(value), "{value}");
        }
        for speech in
            ["[1] The report of May", "[2] See there.  It says so", "[...]", "512-555-0100", "4 of 5  agree", "my_file says so", "[1]"]
        {
            assert!(!is_value(speech), "{speech}");
        }
    }

    #[test]
    fn messages_are_told_from_prose() {
        for head in [
            "Error: no such file",
            "Error in f(x) :",
            "make[1]: *** [all] Error 2",
            "main.c:12:5: warning: unused",
            "main.c: In function 'f':",
        ] {
            assert!(message(head).is_some(), "{head}");
        }
        for head in [
            "Error in the second line of it",
            "makes sense: do it",
            "Note: we ship",
            "Agenda: budget",
            "v1.2: we ship today",
            "Warning: it is hot",
        ] {
            assert!(message(head).is_none(), "{head}");
        }
    }
}
