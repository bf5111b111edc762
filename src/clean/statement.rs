//! Single statements of programming languages, told by their form.

/// What no prose is written like, however many words it holds.
pub(super) fn is_plainly_code(head: &str) -> bool {
    let is_check = || head.starts_with("R CMD ") && (head.contains(['<', '[']) || head.contains(" --") || head.len() <= 12);
    let names_list = |names: &str| names.split(", ").all(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'));
    let assigns_many = || {
        head.contains(", ")
            && head.split_once(" = ").is_some_and(|(names, value)| names_list(names) && is_call(value) && value.ends_with(')'))
    };
    let is_wordless = || {
        let is_word = |word: &&str| word.len() >= 2 && word.bytes().all(|b| b.is_ascii_alphabetic());
        head.split_ascii_whitespace().filter(is_word).nth(3).is_none()
    };
    let Some(first) = head.as_bytes().first() else { return false };
    match first {
        b'}' => true,
        b'R' if is_check() => head.split(' ').count() <= 6,
        b'p' if ["print '", "print \"", "printf(\""].iter().any(|start| head.starts_with(start)) => true,
        b'f' if head.starts_with("from ") && head.contains(" import ") => head.split(' ').nth(2) == Some("import"),
        b'u' if head.starts_with("using namespace ") => true,
        b'd' if head.starts_with("def ") && head.ends_with(':') && head.contains('(') => true,
        b'i' if head.starts_with("if (") && head.ends_with([')', ';']) => {
            head.split(' ').count() <= 6 && (head.contains(") ") || head.contains(['<', '>', '=', '!', '&', '|']))
        }
        b'r' if head.starts_with("return") && head.ends_with(';') => head.split(' ').count() <= 4,
        b'A'..=b'Z' if head.len() >= 6 && has(head, b'_') && head.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') => true,
        b'"' if head.ends_with("\")") || head.ends_with("\");") => true,
        b'.' if head.starts_with("... # ") => true,
        _ => {
            has(head, b'(')
                && (head.ends_with(");") && is_call(head) || is_call(head) && opens_literal(head) || has(head, b'=') && assigns_many())
                || has(head, b'$') && (head.contains("${") || head.contains("$(")) && is_wordless()
                || has(head, b'|') && is_pipe(head)
                || has(head, b'}') && head.ends_with("} else")
                || has(head, b':') && ["error: ", "warning: "].iter().any(|level| is_level_of_program(head, level))
        }
    }
}

/// `cat oak | sed …`.
fn is_pipe(head: &str) -> bool {
    const COMMANDS: [&str; 12] = ["awk", "cut", "grep", "head", "less", "more", "perl", "sed", "sort", "tail", "wc", "xargs"];
    head.match_indices(" | ").any(|(at, _)| head[at + 3..].split(' ').next().is_some_and(|command| COMMANDS.contains(&command)))
}

/// `: error: `, `: fatal error: `.
fn is_level_of_program(head: &str, level: &str) -> bool {
    head.find(level).is_some_and(|at| head[..at].ends_with(": ") || head[..at].ends_with(": fatal "))
}

/// `stop("no bench",`: a call that begins with a text and goes on below.
fn opens_literal(head: &str) -> bool {
    head.ends_with("\",") && head.split_once('(').is_some_and(|(_, text)| text.starts_with('"'))
}

/// A statement less the comment behind it.
pub(super) fn without_comment(head: &str) -> &str {
    let statement = if has(head, b'#') { head.split_once(" # ").map(|(statement, _)| statement.trim_end()) } else { None };
    statement.filter(|statement| statement.ends_with([')', ';', '{', '}'])).unwrap_or(head)
}

/// `LIBS=-lm -lz`, `F77 = gfortran`.
pub(super) fn is_setting(head: &str) -> bool {
    let name = head.bytes().take_while(|&b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_').count();
    if name < 2 || !head.as_bytes()[0].is_ascii_uppercase() {
        return false;
    }
    let is_value = |value: &str| !value.contains(' ') && value.starts_with(|c: char| c.is_ascii_lowercase() || "-/$\"'".contains(c));
    let rest = &head[name..];
    let is_joined = has(&head[..name], b'_');
    rest.strip_prefix('=').is_some_and(|value| !value.starts_with('='))
        || rest.strip_prefix(" = ").is_some_and(|value| is_value(value) || is_joined && !value.contains(' '))
}

/// `d=mask((a+b),1)`, `\test{`, `^Folder$`: one word that nobody says.
pub(super) fn is_bare_statement(head: &str) -> bool {
    if head.contains(' ') || head.len() < 4 || head.contains("//") || head.contains('@') {
        return false;
    }
    let assigns_call = head.ends_with(')') && head.split_once('=').is_some_and(|(_, value)| is_call(value));
    let opens = head.starts_with('\\') && head.ends_with('{');
    let is_number = head.strip_prefix("0x").is_some_and(|digits| digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let is_pattern = head.starts_with('^') && head.ends_with('$');
    assigns_call || opens || is_number || is_pattern
}

/// `name(...)` as a whole line.
pub(super) fn is_call(head: &str) -> bool {
    let name = head.bytes().take_while(|&b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':')).count();
    name > 1 && head.as_bytes().get(name) == Some(&b'(')
}

/// Whether a sign stands in a line: most lines lack what most questions ask for.
pub(super) fn has(head: &str, sign: u8) -> bool {
    memchr::memchr(sign, head.as_bytes()).is_some()
}
