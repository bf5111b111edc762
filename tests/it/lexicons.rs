//! The shipped words.

use std::collections::BTreeMap;
use std::fmt::Write;

use evenhand::lexicon::{Category, builtin, parse};

use crate::support::{Scratch, evenhand, stdout};

#[test]
fn every_example_of_every_entry_holds() {
    let told = stdout(&["lexicon", "test"], 0);
    assert!(told.trim_end().ends_with(" 0 failed"), "{told}");
}

#[test]
fn every_category_has_a_lexicon_of_at_least_sixty_entries_with_sense_and_examples() {
    let mut n_entries: BTreeMap<Category, usize> = BTreeMap::new();
    for (path, text) in builtin::LEXICONS {
        let file = parse::parse(path, text).unwrap();
        *n_entries.entry(file.lexicon.category).or_default() += file.entries.len();
        for entry in &file.entries {
            assert!(!entry.sense.is_empty() && !entry.source.is_empty() && !entry.yes.is_empty() && !entry.no.is_empty(), "{}", entry.name);
        }
    }
    for category in Category::ALL {
        assert!(n_entries[&category] >= 60, "{category}: {n_entries:?}");
    }
}

#[test]
fn what_went_wrong_in_lexicons_before_is_an_error_with_its_place() {
    let scratch = Scratch::new("wrong-strings");
    let head = "name = \"heroic\"\ntitle = \"t\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"d\"\nreads_as = \"r\"\n";
    for (strings, unless, why) in [
        ("\"pump heads?\"", "", "\"pump heads?\": found \"heads\"?; to make it optional write (\"heads\")?"),
        ("\"(pump|well)~ head\"", "", "\"(pump|well)~ head\": found ~, which stands only behind a word"),
        ("\"pump (head)? | well\"", "", "\"pump (head)? | well\": found | outside parentheses"),
        ("'pump\\w+'", "", "\"pump\\w+\": found an operator in \"pump\\w+\", expected words and stems (\"word*\") only"),
        ("\"pump.*\"", "", "\"pump.*\": found an operator in \"pump.*\", expected words and stems (\"word*\") only"),
        (
            "\"(they|we) {0,2} never (pump)?\"",
            "",
            "\"(they|we) {0,2} never (pump)?\": needs nothing but function words, gaps and teams; expected one telling word or class that is not optional",
        ),
        ("\"pumpwhisper*\", \"pumpwhisperer\"", "", "\"pumpwhisperer\" is never seen behind \"pumpwhisper*\", which takes every such word"),
        ("\"pump whisperer\"", "\"whisperer\"", "\"pump whisperer\" is always undone by the entry's own `unless`"),
        ("\"pump-whisperer\", \"pump whisperer\"", "", "\"pump whisperer\" already stands in entry \"it\" ("),
    ] {
        let entry = format!(
            "[[entry]]\nname = \"it\"\nmatch = [{strings}]\nsense = \"s\"\nunless = [{unless}]\nabout = \"group\"\nswap = true\nsource = \"own\"\nyes = [\"x\"]\nno = [\"x\"]\n"
        );
        let path = scratch.write("more.toml", format!("{head}{entry}"));
        let output = evenhand(&["lexicon", "list", "--lexicon", &path]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{strings}: {told}");
        assert!(told.contains(&format!("evenhand: {path}:7: entry \"it\": {why}")), "{strings}: {told}");
    }
}

#[test]
fn words_beside_matches_are_proposed_only_if_enough_authors_use_them() {
    let scratch = Scratch::new("suggest");
    let mut text = String::new();
    for author in 0..6 {
        for _ in 0..3 {
            writeln!(text, "{{\"from\": \"a{author}\", \"body\": \"Triumph parade for our heroes in Sales.\"}}").unwrap();
            writeln!(text, "{{\"from\": \"a{author}\", \"body\": \"Sales sent the forecast to Finance this morning.\"}}").unwrap();
        }
    }
    text += &"{\"from\": \"a0\", \"body\": \"Grizzlebear salutes our heroes in Sales.\"}\n".repeat(9);
    let (input, draft) = (scratch.write("own.jsonl", text), scratch.path("draft.toml"));
    let told =
        stdout(&["lexicon", "suggest", &input, "--map", "text=body,author=from", "--category", "heroic", "-o", &draft, "--quiet"], 0);
    assert!(told.contains("each used by at least 5 authors"), "{told}");
    let written = std::fs::read_to_string(&draft).unwrap();
    assert!(written.contains("match = [\"triumph\"]"), "{written}");
    for never in ["grizzlebear", "salutes", "forecast", "heroes"] {
        assert!(!written.contains(never), "{written}");
    }
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&draft).unwrap().permissions()) & 0o777, 0o600);
    stdout(&["lexicon", "test", &draft], 0);
}

#[test]
fn an_entry_that_stands_twice_is_told_with_both_places() {
    let scratch = Scratch::new("duplicate-entry");
    let head = "name = \"heroic\"\ntitle = \"t\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"d\"\nreads_as = \"r\"\n";
    let entry = "[[entry]]\nmatch = [\"pump whisperer\"]\nsense = \"s\"\nabout = \"group\"\nswap = true\nsource = \"own\"\nyes = [\"Sales is our pump whisperer.\"]\nno = [\"x\"]\n";
    let path = scratch.write("more.toml", format!("{head}{entry}{entry}"));
    let output = evenhand(&["report", "samples/mail.mbox", "--lexicon", &path]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        told,
        format!(
            "evenhand: {path}:15: entry \"pump whisperer\": \"pump whisperer\" already stands in entry \"pump whisperer\" ({path}:7)\n"
        )
    );
}
