//! The lexicons as the build compiled them are those that ship.

use std::fs;
use std::path::Path;

use evenhand::fault::Place;
use evenhand::framing::Framing;
use evenhand::lexicon::{Lexicons, builtin};
use evenhand::roster::Roster;
use evenhand::scan::{self, Scanned, Setup};
use evenhand::tally::Key;
use evenhand::{shipped, source};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::support::{corpora, root};

/// Compiled by the build and compiled now.
fn both() -> [Lexicons; 2] {
    [shipped::lexicons().unwrap(), builtin::compile().unwrap()]
}

/// The same with teams that a roster and names that a configuration may add: a new one, one that is known, and a name of two groups.
fn both_with_teams() -> [Lexicons; 2] {
    both().map(|mut lexicons| {
        let aliases = ["pump people", "the reps", "SEAL"].map(str::to_owned);
        let groups = [("Pump Hall", &aliases[..2]), ("sales", &aliases[..]), ("marketing", &[][..]), ("r&d east", &[][..])];
        lexicons.add_groups(groups.into_iter().map(|(name, aliases)| (name, aliases, Place::file("roster")))).unwrap();
        lexicons
    })
}

#[test]
fn entries_groups_and_fingerprint_are_the_same() {
    for [frozen, fresh] in [both(), both_with_teams()] {
        assert_eq!(format!("{:?}", frozen.entries), format!("{:?}", fresh.entries));
        assert_eq!(format!("{:?}", frozen.lexicons), format!("{:?}", fresh.lexicons));
        assert_eq!(format!("{:?}", frozen.topics), format!("{:?}", fresh.topics));
        let names = |lexicons: &Lexicons| -> Vec<String> {
            let groups = lexicons.groups.all();
            groups
                .map(|group| format!("{}: {:?}", lexicons.groups.name(group), lexicons.groups.aliases(group).collect::<Vec<_>>()))
                .collect()
        };
        assert_eq!(names(&frozen), names(&fresh));
        assert_eq!(frozen.fingerprint(), fresh.fingerprint());
    }
    let ([plain, _], [with_teams, _]) = (both(), both_with_teams());
    assert_ne!(plain.fingerprint(), with_teams.fingerprint());
}

#[test]
fn labelled_sentences_have_the_same_hits_and_topics() {
    let mut n_hits = 0;
    for pair in [both(), both_with_teams()] {
        let [frozen, fresh] = pair.map(Framing::new);
        for file in fs::read_dir(root().join("tests/labelled")).unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_none_or(|extension| extension != "jsonl") {
                continue;
            }
            for line in fs::read_to_string(file).unwrap().lines() {
                let row: Value = serde_json::from_str(line).unwrap();
                let Some(text) = row["text"].as_str() else { continue };
                let hits = frozen.hits_of(text);
                n_hits += hits.len();
                assert_eq!(hits, fresh.hits_of(text));
                assert_eq!(frozen.topics_of(text), fresh.topics_of(text));
            }
        }
    }
    assert!(n_hits > 5_000, "{n_hits} hits");
}

#[test]
fn tallies_are_the_same() {
    let mut inputs = vec![root().join("samples/slack"), root().join("samples/mail.mbox")];
    if let Some(corpora) = corpora("tallies_are_the_same") {
        inputs.extend(["slack/r-contributors.zip", "mbox/r-package-devel-2023q1.mbox", "enron/maildir"].map(|name| corpora.join(name)));
    }
    let scan = |lexicons: Lexicons, input: &Path| -> Scanned {
        let (roster, _) = Roster::parse("roster.csv", &fs::read_to_string(root().join("samples/roster.csv")).unwrap());
        let setup = Setup::new(lexicons, roster, TimeZone::UTC, Key::new([7; 32])).unwrap();
        scan::scan(vec![source::open(input, &source::Options::default()).unwrap()], &setup, &|_| {})
    };
    for input in inputs {
        let [frozen, fresh] = both().map(|lexicons| scan(lexicons, &input));
        assert_eq!(frozen.tally, fresh.tally, "{}", input.display());
    }
}
