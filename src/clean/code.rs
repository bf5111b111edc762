//! Code, patches, logs, tables of numbers: text that nobody says to anybody.

use std::ops::Range;

use memchr::memmem;

use crate::bytes::for_each_byte;
use crate::message::Reason;
use crate::span::Span;

use super::lines::Lines;
use super::log::{is_log, is_trace};
use super::output;
use super::program;
use super::session::{is_spoken, n_spoken};
use super::starts::Starts;
use super::statement::{has, is_bare_statement, is_call, is_plainly_code, is_setting, without_comment};

/// Fenced blocks, from the opening to the closing ```` ``` ````; one that is never closed is none.
pub(super) fn fences(text: &str) -> impl Iterator<Item = Span> + '_ {
    let mut marks = memmem::find_iter(text.as_bytes(), b"```");
    std::iter::from_fn(move || {
        let start = marks.next()?;
        let end = marks.find(|&mark| mark > start + 2)? + 3;
        Some(Span::new(start, end))
    })
}

/// Cuts blocks that say where they begin: fences, patches, uuencoded files, PGP blocks, stack traces.
pub(super) fn mark_blocks(lines: &mut Lines<'_>) {
    let mut i = 0;
    // Once a fence has found no end there is none further down either.
    let mut fences_end = true;
    while i < lines.len() {
        let end = if lines.is_open(i) { block_at(lines, i, &mut fences_end) } else { None };
        if let Some(end) = end {
            lines.cut(i..end, Reason::Code);
        }
        i = end.unwrap_or(i + 1);
    }
}

fn block_at(lines: &Lines<'_>, i: usize, fences_end: &mut bool) -> Option<usize> {
    let body = lines.head(i);
    match body.as_bytes().first()? {
        b'`' if body.starts_with("```") && *fences_end => {
            if body.len() > 3 && body.ends_with("```") && body.len() >= 6 {
                return Some(i + 1);
            }
            let end = (i + 1..lines.len()).find(|&j| lines.body(j).starts_with("```"));
            *fences_end = end.is_some();
            end.map(|end| end + 1)
        }
        b'd' if body.starts_with("diff ") => Some(end_of_patch(lines, i + 1)),
        b'I' if body.starts_with("Index: ") && i + 1 < lines.len() && lines.body(i + 1).starts_with("=====") => {
            Some(end_of_patch(lines, i + 2))
        }
        b'-' if body.starts_with("--- ") && i + 1 < lines.len() && lines.body(i + 1).starts_with("+++ ") => {
            Some(end_of_patch(lines, i + 1))
        }
        b'*' if body.starts_with("*** ") && i + 1 < lines.len() && lines.body(i + 1).starts_with("--- ") => {
            Some(end_of_patch(lines, i + 1))
        }
        b'@' if body.starts_with("@@ ") && body[3..].contains("@@") => Some(end_of_patch(lines, i + 1)),
        b'b' if is_uuencode_start(body) => Some(uuencode_end(lines, i + 1)),
        b'-' if body.starts_with("-----BEGIN PGP SIGNATURE") || body.starts_with("-----BEGIN PGP PUBLIC") => {
            let end = (i + 1..lines.len().min(i + 500)).find(|&j| lines.body(j).starts_with("-----END"))?;
            Some(end + 1)
        }
        b'-' if body.starts_with("-----BEGIN PGP SIGNED") => {
            Some(if i + 1 < lines.len() && lines.body(i + 1).starts_with("Hash:") { i + 2 } else { i + 1 })
        }
        b'T' if body.starts_with("Traceback (most recent call last)") => Some(traceback_end(lines, i + 1)),
        b'T' if body.starts_with("The following changes since commit ") => Some(pull_request_end(lines, i + 1)),
        // A signature may stand above what is attached.
        b'-' | b'<' | b'(' | b'[' if is_attachment(body) => Some(i + 1),
        _ => program::block_at(lines, i),
    }
}

/// What the lines of a patch begin with.
#[rustfmt::skip]
const PATCH_LINES: &[&str] = &[
    "+", "-", " ", "@@", "\\ No newline", "diff ", "index ", "new file", "deleted file", "rename ", "similarity ", "=====", "Index: ", "\t", "***", "!",
];

/// A patch goes on as long as its lines begin as lines of a patch do.
fn end_of_patch(lines: &Lines<'_>, first: usize) -> usize {
    let mut end = first;
    for i in first..lines.len() {
        if lines.is_blank(i) {
            continue;
        }
        // A blank line in a patch is a line of context that lost its blank; what follows must be more of the patch.
        if !is_of_patch(lines, i) || lines.all[i].cut.is_some() || i > end + 2 || i > end && is_said_below_patch(lines, i) {
            break;
        }
        end = i + 1;
    }
    end
}

fn is_of_patch(lines: &Lines<'_>, i: usize) -> bool {
    let raw = lines.raw(i);
    PATCH_LINES.iter().any(|start| raw.starts_with(start)) && raw != "-- "
}

/// How far down changes are looked for.
const NEAR: usize = 30;

/// A paragraph that begins set in like context and speaks, with lines that are no patch's in it, or no change below.
fn is_said_below_patch(lines: &Lines<'_>, i: usize) -> bool {
    let is_change =
        |j: usize| lines.raw(j).starts_with(['+', '!', '@']) || lines.raw(j).starts_with('-') && !lines.raw(j).starts_with("- ");
    let below = || i..lines.len().min(i + NEAR);
    lines.raw(i).starts_with(' ')
        && lines.body(i).starts_with(char::is_alphabetic)
        && n_spoken(lines.head(i)) >= 2
        && (below().take_while(|&j| !lines.is_blank(j)).any(|j| !is_of_patch(lines, j)) || !below().any(is_change))
}

/// `begin 644 report.xls`.
fn is_uuencode_start(body: &str) -> bool {
    body.strip_prefix("begin ")
        .is_some_and(|rest| rest.len() > 4 && rest.as_bytes()[..3].iter().all(u8::is_ascii_digit) && rest.as_bytes()[3] == b' ')
}

/// The line after `end`, or after the last long line without a blank.
fn uuencode_end(lines: &Lines<'_>, first: usize) -> usize {
    let more =
        |&i: &usize| lines.body(i) != "end" && (lines.body(i).len() >= 50 || lines.body(i).len() <= 1 || !lines.body(i).contains(' '));
    let last = (first..lines.len()).take_while(more).last().map_or(first, |i| i + 1);
    if last < lines.len() && lines.body(last) == "end" { last + 1 } else { last }
}

/// What is asked to be pulled is listed to the signature.
fn pull_request_end(lines: &Lines<'_>, first: usize) -> usize {
    (first..lines.len().min(first + 60))
        .find(|&i| lines.raw(i) == "-- " || lines.all[i].cut.is_some())
        .unwrap_or(lines.len().min(first + 60))
}

fn traceback_end(lines: &Lines<'_>, first: usize) -> usize {
    let indented = (first..lines.len()).take_while(|&i| lines.raw(i).starts_with([' ', '\t'])).last().map_or(first, |i| i + 1);
    // The last line names the error.
    if indented < lines.len() && lines.is_open(indented) { indented + 1 } else { indented }
}

/// What a single line looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Speech, or too short to say.
    Speech,
    /// May be code: is, if a neighbour is too.
    Maybe,
    /// Code, a log line, a row of numbers.
    Code,
}

/// Cuts lines that look like code, logs or rows of numbers, and what such lines stand around. Returns whether anything was cut.
pub(super) fn mark_lines(lines: &mut Lines<'_>) -> bool {
    let n_open = |lines: &Lines<'_>| lines.all.iter().filter(|line| line.cut.is_none()).count();
    let before = n_open(lines);
    output::mark_repeated(lines);
    output::mark_cells(lines);
    mark_rows(lines);
    output::mark_opened(lines);
    output::mark_continued(lines);
    mark_between(lines);
    program::mark_set_in(lines);
    n_open(lines) < before
}

fn mark_rows(lines: &mut Lines<'_>) {
    for run in lines.runs() {
        let mut before = Look::Speech;
        let mut rows: Option<Range<usize>> = None;
        let end = run.end;
        for i in run {
            // An empty line ends what only its neighbours make code.
            let look = if lines.is_blank(i) {
                Look::Speech
            } else if before != Look::Speech && is_rest_of_row(lines, i, end) {
                Look::Maybe
            } else {
                look_of(lines.head(i))
            };
            match (look, &mut rows) {
                (Look::Speech, _) => {
                    cut_rows(lines, rows.take(), before);
                    before = Look::Speech;
                }
                (Look::Maybe | Look::Code, Some(rows)) => {
                    rows.end = i + 1;
                    before = Look::Code;
                }
                (Look::Maybe | Look::Code, None) => {
                    rows = Some(i..i + 1);
                    before = look;
                }
            }
        }
        cut_rows(lines, rows.take(), before);
    }
}

/// Short lines right below a line of code or a prompt, or between two of them, are more of the same unless they read as speech: output,
/// the value that a function ends with. A line that may be code is, one empty line from code.
fn mark_between(lines: &mut Lines<'_>) {
    let down: Vec<usize> = (0..lines.len()).collect();
    mark_next_to(lines, &down, true);
    let up: Vec<usize> = down.into_iter().rev().collect();
    mark_next_to(lines, &up, false);
    for i in 1..lines.len().saturating_sub(1) {
        let is_code = |line: usize| lines.all[line].cut == Some(Reason::Code) && !is_attachment(lines.head(line));
        let is_between = || is_code(i - 1) && (is_code(i + 1) && is_of_code(lines.head(i)) || is_named_above(lines, i));
        let is_target = || is_code(i + 1) && lines.raw(i + 1).starts_with('\t') && is_target(lines.head(i), is_code(i - 1));
        if lines.is_open(i) && (is_between() || is_target()) {
            lines.cut(i..i + 1, Reason::Code);
        }
    }
}

/// What stands right between two lines of code and says nothing: the rest of a comment, of a path, of what was broken for its length.
fn is_of_code(head: &str) -> bool {
    !head.ends_with(['?', ':', '.']) && (head.split(' ').nth(2).is_some() || has_sign(head)) && !is_spoken(head)
}

/// `src/bench.o:` above the command that makes it; `clean:` between two commands.
fn is_target(head: &str, is_below_code: bool) -> bool {
    const JOINS: [&str; 6] = ["and", "or", "but", "then", "with", "gives"];
    head.strip_suffix(':').is_some_and(|name| {
        !name.is_empty()
            && !name.contains(' ')
            && (name.contains('/') || is_below_code && name.starts_with(|c: char| c.is_ascii_lowercase()) && !JOINS.contains(&name))
    })
}

fn has_sign(head: &str) -> bool {
    head.bytes().any(|b| br"{}[]()=<>\#$&|^~_/".contains(&b)) || memchr::memchr(b',', head.as_bytes()).is_some_and(|at| at + 1 < head.len())
}

/// One word right below a line of code that holds it: what is asked of an interpreter.
fn is_named_above(lines: &Lines<'_>, i: usize) -> bool {
    let (above, body) = (lines.head(i - 1), lines.head(i));
    body.len() >= 3
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'))
        && !body.ends_with('.')
        && above.match_indices(body).any(|(at, _)| {
            let is_border = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            is_border(above[..at].chars().next_back()) && is_border(above[at + body.len()..].chars().next())
        })
}

/// Cuts what stands next to code, going over the lines in one direction.
fn mark_next_to(lines: &mut Lines<'_>, order: &[usize], below: bool) {
    // How many empty lines since the last line of code, if nothing else came between.
    let mut since: Option<u32> = None;
    for &i in order {
        if lines.is_blank(i) {
            since = since.map(|blank| blank + 1);
        } else if lines.all[i].cut == Some(Reason::Code) && !is_attachment(lines.head(i)) || below && is_prompt(lines, i) {
            since = Some(0);
        } else {
            let more = match since {
                Some(0) => is_output(lines, i, below) || look_of(lines.head(i)) != Look::Speech || below && output::is_opened(lines, i),
                Some(1) => look_of(lines.head(i)) != Look::Speech,
                Some(_) | None => false,
            };
            since = (more && lines.is_open(i)).then_some(0);
            if since.is_some() {
                lines.cut(i..i + 1, Reason::Code);
            }
        }
    }
}

/// `> fit(x)` and `>>> fit(x)`, which look like quoted lines.
fn is_prompt(lines: &Lines<'_>, i: usize) -> bool {
    let body = lines.head(i);
    let command = body.strip_prefix(">>> ").or_else(|| body.strip_prefix("> ")).map_or("", str::trim_start);
    lines.all[i].cut == Some(Reason::QuotedReply) && is_command(command)
}

/// Whether what stands behind a prompt is typed into a program.
pub(super) fn is_command(command: &str) -> bool {
    let is_assigned = || !command.contains(' ') && command.contains("<-");
    let asks_for_help = || command.starts_with('?') && command.len() > 1 && !command.contains(' ');
    is_call(command) || is_assigned() || asks_for_help() || !command.starts_with('>') && look_of(command) == Look::Code
}

/// A line that is no speech: a few words without the end of a sentence, of which one shows a sign or a digit; one word that is no answer;
/// a row in columns; an indented one below code.
fn is_output(lines: &Lines<'_>, i: usize, below: bool) -> bool {
    let head = lines.head(i);
    let n_words = head.split_ascii_whitespace().count();
    let signs = head.bytes().filter(|b| b.is_ascii_digit() || br#"{}[]()=<>\#$&|^~_"/"#.contains(b)).count();
    let is_indented = lines.raw(i).starts_with([' ', '\t']);
    let is_value = n_words == 1 && (!head.starts_with(char::is_uppercase) || head.bytes().all(|b| b.is_ascii_uppercase()));
    let is_few = n_words <= 4 && (signs > 0 || below && (is_indented || is_value));
    // An item of a list says something.
    let is_item = head.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && (head.get(1..3).is_some_and(|mark| mark == ") " || mark == ". ") || matches!(&head[1..], ")" | "."));
    // "(in R)" says where.
    let is_said = head.starts_with('(')
        && head.ends_with(')')
        && head[1..].starts_with(char::is_alphabetic)
        && head[1..head.len() - 1].bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-'));
    !is_item
        && !is_said
        && !head.ends_with(['?', '!', ':', '.'])
        && (is_few || head.contains("   ") || signs * 6 >= head.len() && n_words <= 12 && n_spoken(head) < 2)
}

/// One word that was broken off a row, with the next row below.
fn is_rest_of_row(lines: &Lines<'_>, i: usize, end: usize) -> bool {
    let body = lines.body(i);
    body.len() <= 12
        && !body.contains(' ')
        && i + 1 < end
        && !lines.is_blank(i + 1)
        && is_row(lines.head(i - 1))
        && is_row(lines.head(i + 1))
}

fn cut_rows(lines: &mut Lines<'_>, rows: Option<Range<usize>>, look: Look) {
    if let (Some(rows), Look::Code) = (rows, look) {
        lines.cut(rows, Reason::Code);
    }
}

/// So many spoken words of the forty that are looked at make a line prose, whatever the others are.
const PLAINLY_SPOKEN: u32 = 24;

/// What speech is made of: letters, blanks, and marks that no line of code or log is told by. Two full stops in a row may be a check's dots.
static OF_SPEECH: [bool; 256] = for_each_byte!(
    byte => byte.is_ascii_alphabetic() || !byte.is_ascii() || matches!(byte, b' ' | b',' | b'.' | b'\'' | b'?' | b'!')
);

/// Whether a line holds no sign and no digit, so that nothing but its first word could make it code.
fn is_plain(head: &str) -> bool {
    let bytes = head.as_bytes();
    let is_bare = bytes.iter().fold(true, |is_bare, &byte| is_bare & OF_SPEECH[usize::from(byte)]);
    is_bare && !has_dots(bytes) && !STARTS.begin(head)
}

fn has_dots(bytes: &[u8]) -> bool {
    memchr::memchr_iter(b'.', bytes).any(|at| bytes.get(at + 1) == Some(&b'.'))
}

fn look_of(head: &str) -> Look {
    if is_plain(head) { Look::Speech } else { look_closely(head) }
}

fn look_closely(head: &str) -> Look {
    if is_log(head) || is_trace(head) || is_printed(head) || is_trailer(head) || output::message(head).is_some() || output::is_value(head) {
        return Look::Code;
    }
    if let Some(rest) = head.strip_prefix('#') {
        return look_of_comment(rest);
    }
    // A comment is prose in form.
    if head.starts_with("// ") {
        return Look::Maybe;
    }
    if is_plainly_code(head) {
        return Look::Code;
    }
    if is_told_to_be_called(head) {
        return Look::Speech;
    }
    if is_row(head) || is_field(head) {
        return Look::Maybe;
    }
    let head = without_comment(head);
    // Whether a call does is asked with a `?` set apart.
    let head = head.strip_suffix(" ?").filter(|call| !call.contains(' ') && is_call(call)).unwrap_or(head);
    let (mut words, mut numbers, mut spoken) = (0, 0, 0);
    for token in head.as_bytes().split(u8::is_ascii_whitespace).filter(|token| !token.is_empty()).take(40) {
        words += 1;
        numbers += u32::from(is_number(token));
        let end = token.iter().rposition(|b| !matches!(b, b',' | b'.')).map_or(0, |at| at + 1);
        spoken += u32::from(token[..end].iter().all(|b| b.is_ascii_alphabetic() || !b.is_ascii()));
        if spoken == PLAINLY_SPOKEN {
            return Look::Speech;
        }
    }
    // A command with its options.
    if spoken * 2 <= words && !head.ends_with(['.', '?', '!', ',', ':']) && n_options(head) >= 2 {
        return Look::Code;
    }
    // Prose that names a function is prose.
    if spoken >= 4 && spoken * 5 >= words * 3 {
        return Look::Speech;
    }
    if numbers >= 6 && numbers * 3 >= words * 2 {
        return Look::Code;
    }
    if is_bare_statement(head) {
        return Look::Code;
    }
    // A statement: few words and a sign among them, to the semicolon.
    if head.ends_with(';') && spoken * 2 < words && head.bytes().any(|b| matches!(b, b'(' | b'[' | b'=' | b'<')) {
        return Look::Code;
    }
    let signs = code_signs(head);
    if signs >= 2 {
        return Look::Code;
    }
    if signs == 1 || (numbers >= 2 && numbers * 2 >= words) { Look::Maybe } else { Look::Speech }
}

/// `Tel: (0113) 5550100`, `cell: 5550100`: how to reach somebody.
fn is_told_to_be_called(head: &str) -> bool {
    const LABELS: [&str; 7] = ["tel:", "tel.:", "phone:", "cell:", "mobile:", "fax:", "dial"];
    matches!(head.bytes().next().map(|first| first | 0x20), Some(b't' | b'p' | b'c' | b'm' | b'f' | b'd'))
        && LABELS.iter().any(|label| head.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label)))
}

/// How many words of a line are options: `-o`, `--all`.
fn n_options(head: &str) -> usize {
    if memchr::memmem::find(head.as_bytes(), b" -").is_none() {
        return 0;
    }
    let is_option = |word: &&str| {
        word.trim_start_matches('-').len() < word.len() && word.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic())
    };
    head.split(' ').filter(is_option).count()
}

/// What follows a `#`: a comment is prose in form, and a heading of Markdown stands alone.
fn look_of_comment(rest: &str) -> Look {
    const DIRECTIVES: [&str; 8] = ["include", "define", "if", "else", "endif", "pragma", "undef", "error"];
    let word = rest.split_ascii_whitespace().next().unwrap_or_default();
    if rest.starts_with('!') || rest.starts_with(char::is_alphabetic) && DIRECTIVES.iter().any(|directive| word.starts_with(directive)) {
        return Look::Code;
    }
    Look::Maybe
}

/// A label and, after a column's gap, a number, or two wide gaps: a row of a table if another stands next to it. A step of a build's log, too.
fn is_row(head: &str) -> bool {
    // A list of names has its tabs as well.
    let are_numbered = || has(head, b'\t') && head.split('\t').filter(|cell| cell.bytes().any(|b| b.is_ascii_digit())).nth(2).is_some();
    if head.split("   ").filter(|cell| !cell.is_empty()).nth(2).is_some() || are_numbered() || is_step(head) {
        return true;
    }
    let gap = head.rfind("   ").into_iter().chain(memchr::memrchr(b'\t', head.as_bytes())).max();
    gap.is_some_and(|gap| {
        let mut cells =
            head[gap..].split_ascii_whitespace().filter(|token| !matches!(*token, "$" | "€" | "£" | "Rs." | "USD" | "EUR")).peekable();
        cells.peek().is_some() && cells.all(|token| is_number(token.as_bytes()))
    })
}

/// `Imports: methods`, `STATUS:<tab>open`: fields of a package's description or a list of bugs.
fn is_field(head: &str) -> bool {
    #[rustfmt::skip]
    const FIELDS: [&str; 17] = [
        "Package", "Version", "Title", "License", "Depends", "Imports", "Suggests", "LinkingTo", "SystemRequirements", "Encoding", "LazyData", "RoxygenNote",
        "Maintainer", "Authors@R", "NeedsCompilation", "VignetteBuilder", "Collate",
    ];
    let Some((name, value)) = head.split_once(':') else { return false };
    FIELDS.contains(&name) || name.len() >= 3 && value.starts_with('\t') && name.bytes().all(|b| b.is_ascii_uppercase())
}

/// `** preparing package`, `* installing to library`, which a log's other lines stand around.
fn is_step(head: &str) -> bool {
    let rest = head.trim_start_matches('*');
    let verbs = || {
        ["using ", "installing ", "loading ", "removing ", "building ", "this is package ", "DONE"]
            .iter()
            .any(|verb| rest[1..].starts_with(verb))
    };
    match head.len() - rest.len() {
        0 => false,
        1 => rest.starts_with(' ') && verbs(),
        _ => rest.starts_with(' '),
    }
}

fn is_number(token: &[u8]) -> bool {
    let mut digits = 0;
    token.iter().all(|&b| {
        digits += u32::from(b.is_ascii_digit());
        b.is_ascii_digit()
            || matches!(b, b'.' | b',' | b'%' | b'$' | b'(' | b')' | b'-' | b'+' | b'/' | b':' | b'|' | b'*' | b'e' | b'E' | b'"')
    }) && digits > 0
}

/// What an interpreter prints: `[[1]]`, `$name`, `Error in f(x) :`, `warning: …`, and what a mail program leaves of attachments and encodings.
fn is_printed(head: &str) -> bool {
    let is_one_word = !head.contains(' ');
    let is_element = head.len() > 1
        && is_one_word
        && (head.starts_with("[[") && head.ends_with("]]")
            || head.starts_with("$\"")
            || head.starts_with('$')
                && !head.ends_with('.')
                && head[1..].starts_with(|c: char| c.is_ascii_alphanumeric())
                && head[1..].bytes().any(|b| b.is_ascii_alphabetic()));
    let is_error = ["warning: ", "error: ", "fatal: "].iter().any(|start| head.starts_with(start));
    let is_checker = head.starts_with("==") && head[2..].trim_start_matches(|c: char| c.is_ascii_digit()).starts_with("== ");
    let is_numbered =
        head.ends_with(|c: char| !c.is_whitespace()) && (head.starts_with("In [") || head.starts_with("Out[")) && head.contains("]: ");
    let is_object = head.starts_with('|') && head.ends_with('|') && head.bytes().filter(|b| *b == b'|').count() >= 3;
    let is_left_over = head.len() == 3 && head.starts_with('=') && head[1..].bytes().all(|b| b.is_ascii_hexdigit());
    is_element || is_error || is_checker || is_numbered || is_object || is_left_over || is_attachment(head)
}

/// `- Plan for May.xls`, `<<Plan.doc>>`, and what stands for a picture or a part that was taken out.
fn is_attachment(head: &str) -> bool {
    const PLACES: [&str; 4] = ["(Embedded image moved to file:", "(See attached file:", "<Embedded ", "<<Embedded "];
    const ENDINGS: [&str; 12] = [".xls", ".xlsx", ".doc", ".docx", ".ppt", ".pptx", ".pdf", ".zip", ".jpg", ".gif", ".png", ".csv"];
    if PLACES.iter().any(|start| head.starts_with(start))
        || head.starts_with('[') && head.ends_with(']') && head.contains("escription ") && head.contains("generated")
    {
        return true;
    }
    let name = head.strip_prefix("- ").or_else(|| head.strip_prefix("<<").and_then(|rest| rest.strip_suffix(">>")));
    name.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        ENDINGS.iter().any(|ending| name.ends_with(ending)) && name.split(' ').count() <= 8
    })
}

/// What version control adds to a change: `Signed-off-by: …`, ` 2 files changed, 5 insertions(+)`, `lib/a.c |    5 +++--`.
fn is_trailer(head: &str) -> bool {
    let is_by = has(head, b'-')
        && has(head, b':')
        && head.split_once("-by: ").is_some_and(|(what, who)| !what.contains(' ') && who.contains('@') | who.contains(" at "));
    let is_sum = has(head, b',') && head.contains(" changed, ") && (head.contains("insertion") || head.contains("deletion"));
    let is_stat = has(head, b'|')
        && head.rsplit_once(" | ").is_some_and(|(file, change)| {
            !file.trim_end().contains(' ') && change.trim_start().starts_with(|c: char| c.is_ascii_digit()) && change.ends_with(['+', '-'])
        });
    is_by || is_sum || is_stat
}

/// What lines of code begin with.
#[rustfmt::skip]
static STARTS: Starts = Starts::new(&[
    "$ ", "R> ", "import ", "export ", "def ", "class ", "function ", "library(", "static ", "void ", "//", "/*", "});", "}", "[1]", "[1,", "[2,", "[3,",
    "print ", "if [ ", "R CMD ", "Execution halted", "Segmentation fault", "Bus error", "char ", "int ", "unsigned ", "\\ No newline",
]);

/// How many signs of a programming language a line shows.
fn code_signs(head: &str) -> u32 {
    // What a comment says is no sign.
    let head = head.split(" # ").next().unwrap_or(head).split(" ## ").next().unwrap_or(head).trim_end();
    let bytes = head.as_bytes();
    let marks = bytes.iter().filter(|b| br"{}[];=<>\#$&|^~_".contains(b)).count();
    let solid = bytes.iter().filter(|b| !b.is_ascii_whitespace()).count();
    let ends = head.ends_with(['{', '}', ';']) || head.ends_with("})") || head.ends_with("%>%") || head.ends_with('\\');
    let starts = STARTS.begin(head);
    let assigns =
        ["<- ", " := ", " == ", "::", "->", "function(", " = \"", "();", "()$", " && ", " || "].iter().any(|sign| head.contains(sign));
    let is_qualified = !head.contains(' ') && head.contains("::") && head.len() > 4;
    let call = (head.ends_with([')', ';']) || head.ends_with(']') && !head.contains(' ') || head.ends_with(',') && head.contains('='))
        && is_call(head);
    let dense = solid >= 8 && marks * 4 >= solid;
    let result = head.split_once(" <- ").or_else(|| head.split_once(" = ").filter(|(_, value)| is_assigned(value)));
    let is_result = result.is_some_and(|(name, _)| !name.contains(' ')) || is_setting(head);
    let is_operated = memchr::memmem::find(bytes, b" %in% ").is_some() || memchr::memmem::find_iter(bytes, b" = c(").nth(1).is_some();
    let is_closed = head.ends_with("},") || head.ends_with("],");
    u32::from(ends)
        + u32::from(starts)
        + u32::from(assigns)
        + u32::from(is_closed)
        + u32::from(call || is_qualified || is_operated) * 2
        + u32::from(is_result) * 2
        + u32::from(dense)
}

/// What stands behind `x =` as a whole: a call, a number, a list, one word with a sign in it.
fn is_assigned(value: &str) -> bool {
    let value = value.trim_end_matches([';', ',']);
    is_call(value) && value.ends_with(')')
        || value.starts_with('[')
        || value.starts_with("$(")
        || !value.contains(' ') && (is_number(value.as_bytes()) || value.contains(['[', '(', '_', '$', '*', '"']))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_line_is_speech_however_closely_it_is_looked_at(
            words in proptest::collection::vec("[a-zA-Z'é]{1,9}[,.?!]{0,2}|at|class|OK|ok|done|e|diff|begin|File|Error|no|Caused|changed,", 0..14)
        ) {
            let line = words.join(" ");
            prop_assert!(!is_plain(&line) || look_closely(&line) == Look::Speech, "{line}");
        }
    }
}
