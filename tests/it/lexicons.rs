//! The shipped words.

use std::collections::BTreeMap;

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
