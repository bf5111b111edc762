//! Verdicts on whole exports: a planted gap turns with its direction, and where authors are away the report says how many are missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use crate::support::{Scratch, report, stdout};

/// Praise by four entries, none of which makes more than half of the hits.
const PRAISE: [&str; 4] = ["are the heroes of", "saved the day with", "are absolute rock stars with", "worked miracles with"];

/// Words that make every sentence another one, for who repeats a form is taken for a program.
const VERBS: [&str; 5] = ["moved", "checked", "printed", "closed", "sent"];
const KINDS: [&str; 7] = ["blue", "spare", "late", "second", "heavy", "open", "small"];
const THINGS: [&str; 11] = ["invoice", "pallet", "catalogue", "pump", "drawing", "label", "sample", "binder", "ladder", "form", "crate"];
const PLACES: [&str; 13] =
    ["Leeds", "Hull", "York", "Bristol", "Derby", "Exeter", "Ipswich", "Oxford", "Dover", "Luton", "Bath", "Truro", "Wells"];

/// 40 authors who name both groups in 12 plain sentences each; each praises one of them in two more, and every fourth the other in one.
fn company(praised: &str, other: &str) -> String {
    let mut rows = String::new();
    let mut n = 0;
    let mut say = |author: usize, group: &str, what: &str| {
        let text = format!("{group} {what} the {} {} from {}.", KINDS[n % 7], THINGS[n % 11], PLACES[n % 13]);
        let time = format!("2026-01-{:02}T{:02}:{:02}:00Z", 1 + n / 1440, n % 1440 / 60, n % 60);
        writeln!(rows, "{}", json!({"a": format!("a{author}@north.example"), "d": time, "t": text})).unwrap();
        n += 1;
    };
    for author in 0..40 {
        for index in 0..12 {
            say(author, praised, VERBS[(author + index) % 5]);
            say(author, other, VERBS[(author + index + 1) % 5]);
        }
        say(author, praised, PRAISE[author % 4]);
        say(author, praised, PRAISE[(author + 1) % 4]);
        if author % 4 == 0 {
            say(author, other, PRAISE[author / 4 % 4]);
        }
    }
    rows
}

fn praise_gap(scratch: &Scratch, praised: &str, other: &str) -> Value {
    let path = scratch.write(&format!("{praised}.jsonl"), company(praised, other));
    let report = report(&[&path, "--map", "text=t,author=a,time=d"]);
    let is_praise = |gap: &&Value| gap["gap"] == "praise" && gap["speaker"] == "company";
    report["gaps"].as_array().unwrap().iter().find(is_praise).unwrap().clone()
}

#[test]
fn a_company_that_praises_marketing_turns_the_direction() {
    let scratch = Scratch::new("direction");
    let [sales, marketing] = [("Sales", "Marketing"), ("Marketing", "Sales")].map(|(praised, other)| praise_gap(&scratch, praised, other));
    assert_eq!((&sales["verdict"], &marketing["verdict"]), (&json!("material_gap"), &json!("material_gap")), "{sales}\n{marketing}");
    assert!(sales["low"].as_f64().unwrap() > 1.0 && marketing["high"].as_f64().unwrap() < 1.0, "{sales}\n{marketing}");
    let product = sales["ratio"].as_f64().unwrap() * marketing["ratio"].as_f64().unwrap();
    assert!((product - 1.0).abs() < 0.03, "{product}");
    let path = scratch.path("Marketing.jsonl");
    let text = stdout(&["report", &path, "--map", "text=t,author=a,time=d"], 0);
    let line = text.lines().find(|line| line.starts_with("  heroic ")).unwrap();
    assert!(line.contains("material gap") && line.contains("Marketing"), "{line}");
}

/// What the rows of a tally say of a team's authors who name both groups: how many, and their naming segments.
fn named(rows: &[Value], team: &str) -> (u64, BTreeMap<String, u64>) {
    let names = || rows.iter().filter(|row| row["row"] == "names" && row["team"] == team);
    let who = |group: &str| -> BTreeSet<&str> {
        names().filter(|row| row["group"] == group).map(|row| row["author"].as_str().unwrap()).collect()
    };
    let both: BTreeSet<&str> = who("sales").intersection(&who("marketing")).copied().collect();
    let mut segments: BTreeMap<String, u64> = BTreeMap::new();
    let is_of_pair = |row: &&Value| row["group"] == "sales" || row["group"] == "marketing";
    for row in names().filter(|row| both.contains(row["author"].as_str().unwrap())).filter(is_of_pair) {
        *segments.entry(row["group"].as_str().unwrap().to_owned()).or_default() += row["segments"].as_u64().unwrap();
    }
    (both.len() as u64, segments)
}

#[test]
fn with_half_of_the_authors_away_a_team_is_told_how_much_more_it_takes() {
    let scratch = Scratch::new("half-away");
    let (key, tally) = (scratch.write("key", "42".repeat(32)), scratch.path("all.tally"));
    let inputs = ["samples/slack", "samples/mail.mbox", "--config", "samples/evenhand.toml", "--key-file", &key];
    stdout(&[&["scan", "-o", &tally][..], &inputs].concat(), 0);
    let text = fs::read_to_string(&tally).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    let rows: Vec<Value> = rows.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let of_sales: BTreeSet<&str> = rows.iter().filter(|row| row["team"] == "sales").map(|row| row["author"].as_str().unwrap()).collect();
    let stay: BTreeSet<&str> = of_sales.iter().copied().take(of_sales.len() / 2).collect();
    let is_kept = |row: &&Value| row["team"] != "sales" || stay.contains(row["author"].as_str().unwrap());
    let kept: Vec<Value> = rows.iter().filter(is_kept).cloned().collect();
    let lines: Vec<String> = kept.iter().map(ToString::to_string).collect();
    let half = scratch.write("half.tally", format!("{header}\n{}\n", lines.join("\n")));

    let (n_both, segments) = named(&kept, "sales");
    assert!(n_both < 10, "{n_both}");
    let report = report(&[&half, "--config", "samples/evenhand.toml", "--key-file", &key]);
    for gap in report["gaps"].as_array().unwrap().iter().filter(|gap| gap["speaker"] == "sales" && gap["status"] != "few") {
        assert_eq!(gap["verdict"], "insufficient", "{gap}");
        let missing = |what: &str, group: Option<&str>| {
            let is_meant = |one: &&Value| one["what"] == what && one["group"].as_str() == group;
            gap["missing"].as_array().unwrap().iter().find(is_meant).map(|one| one["more"].as_u64().unwrap())
        };
        assert_eq!(missing("authors_naming_both", None), Some(10 - n_both), "{gap}");
        for (group, n) in &segments {
            assert_eq!(missing("naming_segments", Some(group)), Some((300 - n).next_multiple_of(50)), "{gap}");
        }
    }
}
