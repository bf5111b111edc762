//! Paragraphs whose form alone shows that nobody says them: markup, values between commas, recipes of containers, old Fortran, formulas.

use std::ops::Range;

use super::lines::Lines;

/// Fewer lines may look alike by chance.
const FEWEST_LINES: usize = 3;

/// A formula has no more lines.
const LONGEST_FORMULA: usize = 60;

/// The end of the paragraph that begins at a line, if its form is no speech's.
pub(super) fn block_at(lines: &Lines<'_>, paragraph: &Range<usize>) -> Option<usize> {
    let first = lines.body(paragraph.start);
    let all = |is: &dyn Fn(usize) -> bool| paragraph.clone().all(is);
    let is_block = match first.as_bytes().first()? {
        b'<' => paragraph.len() >= 2 && all(&|i| is_markup(lines.body(i))),
        b'(' => is_lisp(first) && all(&|i| lines.body(i).starts_with(['(', ';']) || is_set_in(lines, i, 1)),
        b'\\' => return formula_end(lines, paragraph.start),
        b'{' | b'[' => paragraph.len() == 1 && is_object(first),
        b'F' | b'R' | b'C' | b'E' | b'W' if is_step(first) => {
            paragraph.len() >= 2 && all(&|i| is_step(lines.body(i)) || is_set_in(lines, i, 2))
        }
        _ => false,
    };
    let has_comma = || memchr::memchr(b',', first.as_bytes()).is_some();
    let is_listed = || has_comma() && paragraph.len() >= FEWEST_LINES && is_separated(lines, paragraph);
    let is_fortran = || {
        is_set_in(lines, paragraph.start, 5)
            && paragraph.len() >= FEWEST_LINES
            && all(&|i| is_capital(lines, i))
            && paragraph.clone().any(|i| lines.body(i).contains(['=', '(']))
    };
    (is_block || is_listed() || is_fortran()).then_some(paragraph.end)
}

/// `<a href="…">Bench</a>`, `</div>`.
fn is_markup(body: &str) -> bool {
    body.ends_with('>')
        && body.as_bytes().first() == Some(&b'<')
        && body.as_bytes().get(1).is_some_and(|&b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
        && !body.contains("://")
        && !body.contains('@')
}

/// `(setq bench 4)`.
fn is_lisp(body: &str) -> bool {
    const FORMS: [&str; 11] = [
        "setq",
        "defun",
        "defvar",
        "defcustom",
        "add-hook",
        "add-to-list",
        "define-key",
        "global-set-key",
        "use-package",
        "with-eval-after-load",
        "eval-after-load",
    ];
    body[1..].split([' ', ')']).next().is_some_and(|form| FORMS.contains(&form))
}

/// `\begin{…}` to the `\end{…}` of the same.
fn formula_end(lines: &Lines<'_>, first: usize) -> Option<usize> {
    let name = lines.body(first).strip_prefix("\\begin{")?.split('}').next()?;
    let is_end = |&i: &usize| lines.body(i).strip_prefix("\\end{").is_some_and(|rest| rest.starts_with(name));
    (first + 1..lines.len().min(first + LONGEST_FORMULA)).find(is_end).map(|end| end + 1)
}

/// `{"status":"error"}`.
fn is_object(body: &str) -> bool {
    body.ends_with(['}', ']']) && body.contains("\":")
}

/// One line of a recipe of a container.
fn is_step(body: &str) -> bool {
    const STEPS: [&str; 14] = [
        "FROM ",
        "RUN ",
        "CMD ",
        "COPY ",
        "ADD ",
        "ENV ",
        "ARG ",
        "EXPOSE ",
        "WORKDIR ",
        "ENTRYPOINT ",
        "USER ",
        "VOLUME ",
        "LABEL ",
        "HEALTHCHECK ",
    ];
    STEPS.iter().any(|step| body.starts_with(step))
}

fn is_set_in(lines: &Lines<'_>, i: usize, by: usize) -> bool {
    let raw = lines.raw(i);
    raw.len() - raw.trim_start_matches(' ').len() >= by
}

/// A line of Fortran as it was punched: set in, or numbered, and without a small letter.
fn is_capital(lines: &Lines<'_>, i: usize) -> bool {
    let is_numbered = lines.body(i).starts_with(|c: char| c.is_ascii_digit());
    (is_set_in(lines, i, 5) || is_numbered) && !lines.body(i).bytes().any(|b| b.is_ascii_lowercase())
}

/// Whether each line has as many commas, three or more values, and no blank behind any.
fn is_separated(lines: &Lines<'_>, paragraph: &Range<usize>) -> bool {
    let commas = |i: usize| memchr::memchr_iter(b',', lines.body(i).as_bytes()).count();
    let n = commas(paragraph.start);
    n >= 2 && paragraph.clone().all(|i| commas(i) == n && !lines.body(i).contains(", ") && !lines.body(i).ends_with(['.', '?', '!']))
}
