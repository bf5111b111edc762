//! Blocks that programs write or read and people paste as they are: queries, records of names and values, commands, what version control prints.

use std::ops::Range;

use crate::message::Reason;

use super::lines::Lines;
use super::pasted;
use super::session::{is_personal, is_spoken};
use super::signature::is_sentence;
use super::starts::Starts;

/// The end of the block that begins at a line, if one does; it is asked of the first line of each paragraph.
pub(super) fn block_at(lines: &Lines<'_>, i: usize) -> Option<usize> {
    let first = *lines.body(i).as_bytes().first()?;
    let of_query = || first.is_ascii_alphabetic().then(|| query_at(lines, i))?;
    let of_version_control = || matches!(first, b'c' | b'O' | b'n' | b'C').then(|| version_control_at(lines, i))?;
    if i > 0 && lines.is_open(i - 1) {
        return of_query();
    }
    of_query()
        .or_else(of_version_control)
        .or_else(|| commands_at(lines, i))
        .or_else(|| records_at(lines, i))
        .or_else(|| pasted::block_at(lines, &paragraph_at(lines, i)))
}

fn paragraph_at(lines: &Lines<'_>, first: usize) -> Range<usize> {
    first..(first..lines.len()).find(|&i| !lines.is_open(i)).unwrap_or(lines.len())
}

/// What queries of databases begin with.
static QUERIES: Starts = Starts::new(&[
    "SELECT ",
    "INSERT INTO ",
    "DELETE FROM ",
    "UPDATE ",
    "CREATE TABLE ",
    "CREATE VIEW ",
    "CREATE INDEX ",
    "CREATE UNIQUE ",
    "CREATE OR REPLACE ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "DROP INDEX ",
    "TRUNCATE TABLE ",
    "MERGE INTO ",
    "EXPLAIN ",
    "WITH ",
    "select ",
    "insert into ",
    "delete from ",
    "alter table ",
    "create table ",
]);

/// What their other lines begin with.
#[rustfmt::skip]
const CLAUSES: [&str; 24] = [
    "FROM", "WHERE", "JOIN", "LEFT", "RIGHT", "INNER", "OUTER", "FULL", "CROSS", "GROUP", "ORDER", "HAVING", "LIMIT", "AND", "OR", "ON", "SET", "VALUES", "UNION", "CASE",
    "WHEN", "ELSE", "END", "AS",
];

fn is_clause(body: &str) -> bool {
    let word = body.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    CLAUSES.iter().any(|clause| clause.eq_ignore_ascii_case(word))
}

/// No query has more lines.
const LONGEST_QUERY: usize = 100;

/// The end of a query: its lines begin with clauses, are set in, or go on from a comma.
fn query_at(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let head = lines.body(first);
    if !QUERIES.begin(head) {
        return None;
    }
    let mut end = first + 1;
    while end < lines.len().min(first + LONGEST_QUERY) && lines.is_open(end) {
        let (above, body) = (lines.body(end - 1), lines.body(end));
        let goes_on =
            is_clause(body) || lines.raw(end).starts_with([' ', '\t']) || above.ends_with([',', '(']) || body.starts_with([')', '(']);
        if above.ends_with(';') || !goes_on || is_personal(body) {
            break;
        }
        end += 1;
    }
    let has = |sign: &str| (first..end).any(|i| lines.body(i).contains(sign));
    let has_clause = |clause: &str| (first..end).any(|i| lines.body(i).split_ascii_whitespace().any(|word| word == clause));
    let is_query = match head.as_bytes()[0] {
        b'S' => has_clause("FROM") || head.ends_with(';'),
        b'U' => has_clause("SET") && has("="),
        b'W' => has_clause("AS") && has("(") && has_clause("SELECT"),
        b'E' => has_clause("SELECT"),
        b's' => has_clause("from") && (has("*") || has("=") || has(";") || has("_")),
        b'a' | b'c' | b'd' | b'i' => has("(") || has("=") || has(";") || has("_"),
        _ => true,
    };
    is_query.then_some(end)
}

/// `commit 3f2a…` with its author and what it says, and what is told of a tree.
fn version_control_at(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let body = lines.body(first);
    let next_begins = |starts: &[&str]| first + 1 < lines.len() && starts.iter().any(|start| lines.body(first + 1).starts_with(start));
    if let Some(hash) = body.strip_prefix("commit ") {
        let is_hash = hash.len() >= 7 && hash.bytes().take(7).all(|b| b.is_ascii_hexdigit());
        let set_in = |&i: &usize| {
            lines.is_blank(i) || lines.is_open(i) && (i <= first + 4 && lines.body(i).contains(": ") || lines.raw(i).starts_with("    "))
        };
        return (is_hash && next_begins(&["Author: ", "Merge: "])).then(|| {
            let all = (first + 1..lines.len()).take_while(set_in);
            all.filter(|&i| !lines.is_blank(i)).last().map_or(first + 1, |last| last + 1)
        });
    }
    let is_of_tree = body.starts_with("On branch ") && body.split(' ').count() == 3
        || body.starts_with("nothing to commit")
        || body.starts_with("Cloning into '")
        || body.starts_with("Changes not staged for commit:")
        || body.starts_with("Changes to be committed:");
    is_of_tree.then(|| paragraph_at(lines, first).end)
}

/// What is typed at a shell and hardly anywhere else.
#[rustfmt::skip]
const COMMANDS: [&str; 34] = [
    "npm", "npx", "yarn", "pnpm", "pip", "pip3", "git", "docker", "kubectl", "helm", "apt", "brew", "cargo", "mvn", "gradle", "systemctl", "conda", "terraform", "poetry", "curl",
    "wget", "ssh", "scp", "chmod", "chown", "mkdir", "rm", "cp", "cd", "ls", "docker-compose", "f2py", "svn", "rsync",
];

/// What programs are called by that are words as well, so that an option or a path must stand behind them.
const ALSO_WORDS: [&str; 7] = ["make", "python", "python3", "java", "node", "go", "perl"];

/// Small words that are said and not typed.
#[rustfmt::skip]
const SAID: [&str; 24] = [
    "the", "a", "is", "are", "it", "to", "and", "we", "i", "you", "not", "for", "with", "of", "that", "this", "or", "can", "has", "was", "does", "works", "will", "should",
];

fn is_typed(body: &str) -> bool {
    let mut words = body.split_ascii_whitespace();
    let Some(first) = words.next() else { return false };
    let has_option =
        || body.split_ascii_whitespace().skip(1).any(|word| word.starts_with('-') && word.len() > 1 || word.contains(['/', '.', '=']));
    let is_address = first.len() >= 7 && first.split('.').count() == 4 && first.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let is_program = COMMANDS.contains(&first) || ALSO_WORDS.contains(&first) && has_option() || is_address;
    // "git says"
    let is_said = |second: &str| words.clone().nth(1).is_none() && second.len() >= 4 && second.ends_with('s') && second != "status";
    is_program
        && words.clone().next().is_some_and(|second| !is_said(second))
        && words.clone().count() <= 9
        && !body.ends_with(['.', '?', '!', ',', ':'])
        && words.all(|word| !SAID.contains(&word))
}

/// Cuts one or two lines that are set in below speech and say nothing, with signs in them or a command at their start: `make tests`, `z$x[f & g]`.
pub(super) fn mark_set_in(lines: &mut Lines<'_>) {
    let mut i = 1;
    while i < lines.len() {
        let end = if lines.is_open(i) && lines.raw(i).starts_with([' ', '\t']) { end_of_set_in(lines, i) } else { None };
        if let Some(end) = end {
            lines.cut(i..end, Reason::Code);
        }
        i = end.unwrap_or(i + 1);
    }
}

fn end_of_set_in(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let above = (first.saturating_sub(2)..first).rev().find(|&above| !lines.is_blank(above))?;
    let end = (first..lines.len().min(first + 3)).find(|&i| !lines.is_open(i) || lines.margin(i) < lines.margin(first))?;
    let is_below_speech = lines.is_open(above) && lines.margin(above) < lines.margin(first) && lines.body(above).contains(' ');
    (is_below_speech && (first..end).all(|i| says_nothing(lines.body(i)))).then_some(end)
}

/// How many words a statement or a command has at most.
const WORDS_OF_STATEMENT: usize = 7;

fn says_nothing(body: &str) -> bool {
    let n_words = body.split_ascii_whitespace().count();
    let has_sign = || body.bytes().any(|b| br"{}[]=\$&|^_".contains(&b));
    let is_command = || body.split(' ').next().is_some_and(|first| COMMANDS.contains(&first) || ALSO_WORDS.contains(&first)) && n_words > 1;
    n_words <= WORDS_OF_STATEMENT
        && body.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, '$' | '\\' | '_'))
        && !body.ends_with(['.', ',', '?', '!', ':'])
        && !body.contains("  ")
        && (has_sign() || is_command())
        && !body.split_ascii_whitespace().any(|word| SAID.contains(&word))
        && !is_spoken(body)
}

/// A paragraph of commands, or of addresses with their names.
fn commands_at(lines: &Lines<'_>, first: usize) -> Option<usize> {
    if !is_typed(lines.body(first)) {
        return None;
    }
    let paragraph = paragraph_at(lines, first);
    paragraph.clone().all(|i| is_typed(lines.body(i))).then_some(paragraph.end)
}

/// So many lines in a row with name and value are a record, if so many names are those of programs.
const FEWEST_ENTRIES: usize = 4;
const FEWEST_NAMES: usize = 3;

/// Names of fields in trackers of tickets, of which a person's own list may have some,
#[rustfmt::skip]
const FIELDS: [&str; 12] = [
    "key", "type", "status", "priority", "created", "updated", "labels", "environment", "version", "category", "state", "number",
];

/// and those that no other list has; what servers tell has its own.
#[rustfmt::skip]
const OF_PROGRAMS: [&str; 26] = [
    "assignee", "reporter", "resolution", "issue type", "fix version", "affects version", "severity", "component", "components", "assigned to", "opened by", "subcategory",
    "urgency", "caller", "ticket id", "incident", "case number", "requester", "content-type", "content-length", "user-agent", "set-cookie", "cache-control", "accept", "connection",
    "server",
];

/// One line of a record.
struct Entry<'a> {
    name: &'a str,
    has_value: bool,
    set_in: usize,
}

fn entry<'a>(lines: &Lines<'a>, i: usize) -> Option<Entry<'a>> {
    let (raw, body) = (lines.raw(i), lines.body(i));
    let item = body.strip_prefix("- ").unwrap_or(body);
    let colon = item.bytes().take(30).position(|b| b == b':')?;
    let (name, value) = (&item[..colon], &item[colon + 1..]);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b' '))
        && name.split(' ').count() <= 3;
    let is_value = (value.is_empty() || value.starts_with([' ', '\t']))
        && value.split_ascii_whitespace().count() <= 8
        && !is_sentence(value)
        && !is_personal(value);
    (is_name && is_value).then(|| Entry { name, has_value: !value.trim().is_empty(), set_in: raw.len() - raw.trim_start().len() })
}

/// A paragraph each line of which is a name and a value: of a ticket, of what servers tell, of a file of settings.
fn records_at(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let is_request = ["HTTP/1", "HTTP/2", "GET /", "POST /", "PUT /"].iter().any(|start| lines.body(first).starts_with(start));
    let from = if is_request { first + 1 } else { first };
    memchr::memchr(b':', lines.body(if from < lines.len() { from } else { first }).as_bytes())?;
    let end = paragraph_at(lines, first).end;
    let (mut n, mut named, mut of_programs, mut small, mut nested) = (0, 0, 0, 0, false);
    let mut above: Option<Entry<'_>> = None;
    for i in from..end {
        let Some(entry) = entry(lines, i) else {
            // Items of a list below a name.
            if n > 0 && lines.body(i).starts_with("- ") && !lines.body(i).contains(". ") && small == n {
                continue;
            }
            return None;
        };
        n += 1;
        small += usize::from(entry.name.starts_with(|c: char| c.is_ascii_lowercase()) && !entry.name.contains(' '));
        let is_in = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(entry.name));
        named += usize::from(is_in(&FIELDS));
        of_programs += usize::from(is_in(&OF_PROGRAMS));
        nested |= above.is_some_and(|above| !above.has_value && entry.set_in > above.set_in);
        above = Some(entry);
    }
    let is_record = n >= FEWEST_ENTRIES && of_programs > 0 && of_programs + named >= FEWEST_NAMES
        || is_request && n >= 1
        || n >= 3 && small == n && nested;
    is_record.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_told_from_speech() {
        for typed in
            ["npm install --save bench", "git push origin main", "make -f Makefile-bench", "10.0.0.12 lawn.example lawn", "cd bench"]
        {
            assert!(is_typed(typed), "{typed}");
        }
        for speech in [
            "git push is what we need",
            "make sure it works",
            "make haste",
            "go home",
            "git",
            "git says",
            "npm install fails.",
            "Docker runs",
            "ls",
        ] {
            assert!(!is_typed(speech), "{speech}");
        }
    }
}
