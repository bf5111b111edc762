//! `JUnit` XML: a suite a file, a case a limit or a remark. No times, so that the same data give the same bytes. Written by hand, for the package
//! that writes it gives the root an attribute that the schema of those who read it does not know (`tests/schemas`).

use std::fmt;
use std::io::{self, Write};

use super::annotation::{Outcome, region_of};
use super::{Annotation, Case, Suite};
use crate::fault::Fault;

/// How many cases there are of each outcome.
#[derive(Default, Clone, Copy)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of(suite: &Suite) -> Self {
        let n = |is_meant: fn(&Outcome) -> bool| suite.cases.iter().filter(|case| is_meant(&case.outcome)).count();
        Self {
            tests: suite.cases.len(),
            failures: n(|outcome| matches!(outcome, Outcome::Failed(_))),
            errors: 0,
            skipped: n(|outcome| matches!(outcome, Outcome::Skipped(_))),
        }
    }
}

pub(super) fn write(name: &str, suites: &[Suite], faults: &[Fault], out: &mut dyn Write) -> io::Result<()> {
    let counts: Vec<Counts> = suites.iter().map(Counts::of).collect();
    let sum = |count: fn(&Counts) -> usize| counts.iter().map(count).sum::<usize>();
    let (tests, failures, errors) = (sum(|counts| counts.tests) + faults.len(), sum(|counts| counts.failures), faults.len());
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="{}" tests="{tests}" failures="{failures}" errors="{errors}">"#, Escaped(name))?;
    for (suite, counts) in suites.iter().zip(counts) {
        open(&suite.name, counts, out)?;
        suite.cases.iter().try_for_each(|case| write_case(&suite.name, case, out))?;
        writeln!(out, "  </testsuite>")?;
    }
    for fault in faults {
        let (path, _) = region_of(&fault.at);
        open(&path, Counts { tests: 1, errors: 1, ..Counts::default() }, out)?;
        writeln!(out, r#"    <testcase name="could be read" classname="{}">"#, Escaped(&path))?;
        writeln!(out, r#"      <error message="{}" type="unreadable"/>"#, Escaped(&fault.to_string()))?;
        writeln!(out, "    </testcase>\n  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn open(name: &str, counts: Counts, out: &mut dyn Write) -> io::Result<()> {
    let Counts { tests, failures, errors, skipped } = counts;
    let name = Escaped(name);
    writeln!(out, r#"  <testsuite name="{name}" tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}">"#)
}

fn write_case(file: &str, case: &Case, out: &mut dyn Write) -> io::Result<()> {
    write!(out, r#"    <testcase name="{}" classname="{}""#, Escaped(&case.name), Escaped(file))?;
    match &case.outcome {
        Outcome::Passed => return writeln!(out, "/>"),
        Outcome::Skipped(Annotation { message, rule, .. }) => {
            writeln!(out, ">\n      <skipped message=\"{}\" type=\"{}\"/>", Escaped(message), rule.id())?;
        }
        Outcome::Failed(Annotation { message, rule, .. }) => {
            let (message, help) = (Escaped(message), Escaped(rule.help()));
            writeln!(out, ">\n      <failure message=\"{message}\" type=\"{}\">{help}</failure>", rule.id())?;
        }
    }
    writeln!(out, "    </testcase>")
}

/// Text of an attribute or element; characters that XML 1.0 does not have become U+FFFD.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c))?,
                '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => f.write_str("\u{fffd}")?,
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_does_not_have_is_replaced_and_marks_are_escaped() {
        assert_eq!(Escaped("a<b> & \"c\"\n\u{1b}[31m").to_string(), "a&lt;b&gt; &amp; &quot;c&quot;&#10;\u{fffd}[31m");
    }
}
