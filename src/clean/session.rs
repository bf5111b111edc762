//! Sessions at a prompt: what was typed into a program, what continued it, and what the program answered.

use std::ops::Range;

use memchr::memmem;

use crate::message::Reason;

use super::code::is_command;
use super::lines::Lines;
use super::signature::is_sentence;

/// What one program answers has no more lines than this.
const LONGEST_ANSWER: usize = 60;

/// Cuts what stands between the prompts of a session and what the last one is answered with.
///
/// A mark of quotation may be a prompt as well: where one line behind such marks is prose, all of them quote.
pub(super) fn mark(lines: &mut Lines<'_>) {
    let has_dollar = memmem::find(lines.text.as_bytes(), b"$ ").is_some() || lines.text.ends_with('$');
    let has_root = memmem::find(lines.text.as_bytes(), b"root@").is_some();
    let has_shell = has_dollar || has_root || memmem::find(lines.text.as_bytes(), b":\\").is_some();
    let mut prompts = Vec::new();
    let mut quotes_prose = false;
    for i in 0..lines.len() {
        if lines.all[i].cut == Some(Reason::QuotedReply) {
            if quotes_prose {
                continue;
            }
            let head = lines.head(i);
            match behind_mark(head) {
                Some(command) if is_prose(command) => quotes_prose = true,
                Some(command) if command.is_empty() || !is_bare(head) || is_command(command) => prompts.push(i),
                Some(_) | None => {}
            }
        } else if has_shell && lines.is_open(i) && is_shell_prompt(lines.head(i)) {
            lines.cut(i..i + 1, Reason::Code);
            prompts.push(i);
        }
    }
    if quotes_prose {
        prompts.retain(|&i| lines.all[i].cut == Some(Reason::Code));
    }
    // Who quotes a quotation sets marks like prompts; and an empty prompt ends a session, but alone it is an empty line of a quotation.
    let is_plain =
        |&i: &usize| lines.all[i].cut != Some(Reason::Code) && behind_mark(lines.head(i)).is_none_or(|command| !is_command(command));
    if prompts.iter().all(is_plain) {
        return;
    }
    for (n, &prompt) in prompts.iter().enumerate() {
        let next = prompts.get(n + 1).copied();
        mark_answer(lines, prompt, next);
    }
}

/// What stands behind `>`, `>>>`, `R>`.
fn behind_mark(head: &str) -> Option<&str> {
    let at = head.bytes().take(9).position(|b| b == b'>')?;
    let rest = head[at..].strip_prefix(">>>").unwrap_or(&head[at + 1..]);
    (!rest.starts_with('>')).then(|| rest.trim_start())
}

/// `>` and `Ann>`, which are marks of quotation more often than prompts.
fn is_bare(head: &str) -> bool {
    !head.starts_with(">>>") && (head.starts_with('>') || head.find('>') > Some(1))
}

fn is_prose(command: &str) -> bool {
    command
        .split_ascii_whitespace()
        .filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b',' | b'.')))
        .nth(4)
        .is_some()
}

/// `ann@lawn:~/bench$ ls`, `[ann@lawn bench]$ ls`, `ann at lawn:~$`.
fn is_shell_prompt(head: &str) -> bool {
    let head = head.strip_prefix("PS ").unwrap_or(head);
    if head.as_bytes().get(1..3) == Some(b":\\") {
        let prompt = memchr::memchr(b'>', head.as_bytes());
        return prompt
            .is_some_and(|at| head.as_bytes()[0].is_ascii_uppercase() && !head[..at].ends_with(' ') && !head[at + 1..].starts_with('>'));
    }
    let sign = if head.starts_with("root@") || head.starts_with("[root@") { b'#' } else { b'$' };
    let Some(at) = memchr::memchr(sign, head.as_bytes()) else { return false };
    let (place, command) = (&head[..at], &head[at + 1..]);
    let has_host = place.contains('@') || place.contains(" at ");
    place.len() <= 60
        && has_host
        && (place.contains(':') || place.starts_with('[') && place.ends_with(']'))
        && place.split_ascii_whitespace().count() <= 4
        && (command.is_empty() || command.starts_with(' '))
}

/// Cuts what follows a prompt, paragraph by paragraph, as far as it is a program's.
fn mark_answer(lines: &mut Lines<'_>, prompt: usize, next: Option<usize>) {
    let most = lines.len().min(prompt + 1 + LONGEST_ANSWER);
    let end = next.map_or(most, |next| next.min(most));
    let mut from = prompt + 1;
    while from < end {
        let Some(first) = (from..end).find(|&i| !lines.is_blank(i)) else { return };
        let last = (first..end).take_while(|&i| !lines.is_blank(i)).last().unwrap_or(first);
        let paragraph = first..last + 1;
        if paragraph.clone().any(|i| !matches!(lines.all[i].cut, None | Some(Reason::Code))) {
            return;
        }
        let follows = first == prompt + 1;
        let is_between = follows && Some(last + 1) == next;
        let is_programs = |i: usize| !(is_personal(lines.head(i)) || is_bare(lines.head(prompt)) && is_sentence(lines.head(i)));
        if !(is_between && paragraph.clone().all(is_programs) || is_answer(lines, &paragraph, follows)) {
            return;
        }
        // What is said right below of what was printed is no part of it.
        let said = paragraph.clone().rev().take_while(|&i| is_spoken(lines.head(i)) && is_sentence(lines.head(i))).count();
        lines.cut(first..last + 1 - if said < paragraph.len() { said } else { 0 }, Reason::Code);
        if said > 0 {
            return;
        }
        from = last + 1;
    }
}

/// Whether a paragraph is what a program prints: hardly a line of it is speech, and signs, digits or blanks in front show the program.
fn is_answer(lines: &Lines<'_>, paragraph: &Range<usize>, follows: bool) -> bool {
    let n = paragraph.len();
    let n_spoken = paragraph.clone().filter(|&i| is_spoken(lines.head(i))).count();
    let n_printed = paragraph.clone().filter(|&i| is_printed(lines, i)).count();
    let is_set_in = lines.raw(paragraph.start).starts_with([' ', '\t']);
    let last = lines.body(paragraph.end - 1);
    n_spoken * 3 <= n
        && n_printed * 3 >= n
        && n_printed > 0
        && (n >= 2 || is_set_in || follows && is_continuation(last))
        && !last.ends_with(['?', '!'])
        && !paragraph.clone().any(|i| is_personal(lines.head(i)) || leads_in(lines, i))
}

/// "In other words,", "So it is:": somebody goes on to speak.
fn leads_in(lines: &Lines<'_>, i: usize) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphabetic() || matches!(b, b' ' | b',' | b':');
    let body = lines.body(i);
    lines.raw(i).starts_with(|c: char| c.is_ascii_uppercase())
        && body.contains(' ')
        && body.ends_with([',', ':'])
        && body.bytes().all(is_plain)
}

/// `+ 2)`, `R+ 2)`, `... 2)`: a command that goes on.
fn is_continuation(body: &str) -> bool {
    let rest = body.strip_prefix("...").or_else(|| body.trim_start_matches(|c: char| c.is_ascii_uppercase()).strip_prefix('+'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

fn is_printed(lines: &Lines<'_>, i: usize) -> bool {
    lines.raw(i).starts_with([' ', '\t'])
        || lines.all[i].cut == Some(Reason::Code)
        || lines.head(i).bytes().any(|b| b.is_ascii_digit() || br"{}[]=<>\#$&|^~_".contains(&b))
}

/// Words without which hardly anything is said, and of which programs print few.
const SPOKEN: [&str; 32] = [
    "the", "a", "is", "are", "was", "it", "this", "that", "these", "and", "but", "so", "not", "does", "do", "did", "to", "if", "then",
    "when", "why", "how", "what", "there", "which", "should", "would", "can", "could", "as", "with", "for",
];

/// Whether a line holds a word without which hardly anything is said.
pub(super) fn is_spoken(head: &str) -> bool {
    words(head).any(|word| SPOKEN.iter().any(|spoken| spoken.eq_ignore_ascii_case(word))) || is_personal(head)
}

/// How many words without which hardly anything is said stand in a line.
pub(super) fn n_spoken(head: &str) -> usize {
    // Languages of programs have these.
    const KEYWORDS: [&str; 8] = ["if", "then", "do", "for", "and", "not", "with", "as"];
    words(head).filter(|word| !KEYWORDS.contains(word) && SPOKEN.iter().any(|spoken| spoken.eq_ignore_ascii_case(word))).count()
}

/// Whether somebody speaks of himself: no program does.
pub(super) fn is_personal(head: &str) -> bool {
    words(head).any(|word| {
        word == "I" || word.starts_with("I'") || ["we", "my", "me", "our", "us"].iter().any(|own| own.eq_ignore_ascii_case(word))
    })
}

fn words(head: &str) -> impl Iterator<Item = &str> {
    head.split_ascii_whitespace().map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shells_are_told_from_prices() {
        for prompt in ["ann@lawn:~$ ls", "[ann@lawn bench]$ ls -l", "ann at lawn:~/bench$ make", "ann@lawn:~$"] {
            assert!(is_shell_prompt(prompt), "{prompt}");
        }
        for speech in ["Ask ann@lawn.example: it costs 5 $ or so", "We pay Ann at lawn: 12$ a seat", "$ ls", "Two seats at lawn, 5$"] {
            assert!(!is_shell_prompt(speech), "{speech}");
        }
    }

    #[test]
    fn commands_that_go_on_are_told_from_items() {
        assert!(is_continuation("R+ seat)") && is_continuation("+") && is_continuation("... seat)"));
        assert!(!is_continuation("+1") && !is_continuation("C++ is used") && !is_continuation("so it is"));
    }
}
