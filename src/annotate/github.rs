//! Commands of GitHub Actions (`::warning file=…,line=…::message`), one a line. Actions shows the first ten of a kind and step; all are
//! written.

use std::io::{self, Write};

use super::annotation::{Level, Region, region_of};
use super::{Annotation, Suite};
use crate::fault::Fault;

pub(super) fn write(suites: &[Suite], faults: &[Fault], out: &mut dyn Write) -> io::Result<()> {
    for Annotation { rule, level, path, region, message } in Suite::annotations(suites) {
        let command = match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        writeln!(out, "::{command} {},title={}::{}", place(path, *region), property(rule.title()), data(message))?;
    }
    for fault in faults {
        let (path, region) = region_of(&fault.at);
        writeln!(out, "::error {},title=Could not be read::{}", place(&path, region), data(&fault.to_string()))?;
    }
    Ok(())
}

/// Columns are taken within one line only; the last one is the last that is meant.
fn place(path: &str, region: Option<Region>) -> String {
    let file = format!("file={}", property(path));
    let Some(Region { line, columns, end_line }) = region else { return file };
    match columns {
        Some((from, to)) if line == end_line => {
            format!("{file},line={line},endLine={end_line},col={from},endColumn={}", (to - 1).max(from))
        }
        Some(_) | None => format!("{file},line={line},endLine={end_line}"),
    }
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::annotation::{Case, Outcome, Rule};

    /// Reads a command back as the runner does: name, properties, message.
    fn read(line: &str) -> (String, Vec<(String, String)>, String) {
        let unescaped =
            |text: &str| text.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
        let (head, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        let pair = |pair: &str| pair.split_once('=').map(|(key, value)| (key.to_owned(), unescaped(value))).unwrap();
        (command.to_owned(), properties.split(',').map(pair).collect(), unescaped(message))
    }

    #[test]
    fn what_is_escaped_is_read_back_as_it_was() {
        let message = "100 % sure:\r\none, two::three".to_owned();
        let path = "a,b:c/50%.md".to_owned();
        let region = Some(Region { line: 3, columns: Some((5, 9)), end_line: 3 });
        let annotation = Annotation { rule: Rule::Ignore, level: Level::Warning, path: path.clone(), region, message: message.clone() };
        let suite = Suite { name: String::new(), cases: vec![Case { name: String::new(), outcome: Outcome::Failed(annotation) }] };
        let mut out = Vec::new();
        write(&[suite], &[Fault::file("x", "y")], &mut out).unwrap();
        let lines: Vec<_> = std::str::from_utf8(&out).unwrap().lines().map(read).collect();
        let expected = [
            ("file", path.as_str()),
            ("line", "3"),
            ("endLine", "3"),
            ("col", "5"),
            ("endColumn", "8"),
            ("title", "Mark to ignore something"),
        ];
        assert_eq!((lines[0].0.as_str(), &lines[0].2), ("warning", &message));
        assert_eq!(lines[0].1, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!((lines[1].0.as_str(), lines[1].2.as_str(), lines.len()), ("error", "x: y", 2));
    }
}
