//! Unified diff → the lines that it adds or changes, by file.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Fault, Place, Position};

/// Lines, from 1, of every file that has any after the change, by its path.
pub type Changed = BTreeMap<String, BTreeSet<u64>>;

/// Reads a unified diff as `git diff` and `diff -u` write it; an empty one changes nothing.
///
/// # Errors
/// If it is not empty and no unified diff, or ends inside of a hunk; the place names the line.
pub fn changed(path: &str, text: &str) -> Result<Changed, Fault> {
    let at = |line: usize| Place::file(path).at(Position::Line(line as u64 + 1));
    let mut changed = Changed::new();
    let mut file: Option<String> = None;
    let mut is_diff = text.trim().is_empty();
    let (mut next, mut n_old, mut n_new) = (0, 0_u64, 0_u64);
    for (number, line) in text.lines().enumerate() {
        if n_old > 0 || n_new > 0 {
            let (old, new) = match line.bytes().next() {
                Some(b'+') => (0, 1),
                Some(b'-') => (1, 0),
                Some(b'\\') => (0, 0),
                // Editors strip the blank of an empty line.
                Some(b' ') | None => (1, 1),
                Some(_) => return Err(Fault::new(at(number), "found no line of a diff, expected one that begins with +, - or a blank")),
            };
            let (Some(old_left), Some(new_left)) = (n_old.checked_sub(old), n_new.checked_sub(new)) else {
                return Err(Fault::new(at(number), "the hunk has more lines than its head says"));
            };
            (n_old, n_new) = (old_left, new_left);
            if (old, new) == (0, 1)
                && let Some(file) = &file
            {
                changed.entry(file.clone()).or_default().insert(next);
            }
            // The head may claim any line.
            next = next.saturating_add(new);
        } else if let Some(name) = line.strip_prefix("+++ ") {
            is_diff = true;
            file = name_of(name);
        } else if line.starts_with("@@@") {
            return Err(Fault::new(at(number), "found a combined diff of a merge, expected one against a single parent"));
        } else if let Some(head) = line.strip_prefix("@@ ") {
            let why = "found no head of a hunk, expected @@ -LINE,LINES +LINE,LINES @@";
            let (old, new) = hunk(head).ok_or_else(|| Fault::new(at(number), why))?;
            (next, n_old, n_new) = (new.0, old.1, new.1);
        } else {
            is_diff |= line.starts_with("diff ") || line.starts_with("--- ");
        }
    }
    if !is_diff {
        return Err(Fault::file(path, "found no unified diff"));
    }
    if n_old > 0 || n_new > 0 {
        return Err(Fault::file(path, "the diff ends inside of a hunk"));
    }
    Ok(changed)
}

/// First line and number of lines, before and after.
fn hunk(head: &str) -> Option<((u64, u64), (u64, u64))> {
    let (ranges, _) = head.split_once(" @@")?;
    let (old, new) = ranges.split_once(' ')?;
    let range = |text: &str| {
        let (first, n) = text.split_once(',').unwrap_or((text, "1"));
        Some((first.parse().ok()?, n.parse().ok()?))
    };
    Some((range(old.strip_prefix('-')?)?, range(new.strip_prefix('+')?)?))
}

/// The path after the change, without the letter that git puts before it; none for a file that is gone.
fn name_of(name: &str) -> Option<String> {
    let name = name.split('\t').next().unwrap_or(name).trim_end();
    let name = if name.starts_with('"') { unquoted(name)? } else { name.to_owned() };
    let bare = ["b/", "w/", "i/"].iter().find_map(|letter| name.strip_prefix(letter)).map(str::to_owned).unwrap_or(name);
    (bare != "/dev/null").then_some(bare)
}

/// A name as git quotes it, with `\303\244` for the bytes of an ä.
fn unquoted(name: &str) -> Option<String> {
    let inside = name.strip_prefix('"')?.strip_suffix('"')?.as_bytes();
    let mut bytes = Vec::with_capacity(inside.len());
    let mut at = 0;
    while at < inside.len() {
        if inside[at] != b'\\' {
            bytes.push(inside[at]);
            at += 1;
            continue;
        }
        let digits = inside.get(at + 1..at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(byte);
            at += 4;
        } else {
            bytes.push(match inside.get(at + 1)? {
                b'n' => b'\n',
                b't' => b'\t',
                other => *other,
            });
            at += 2;
        }
    }
    String::from_utf8(bytes).ok()
}
