//! A coding sample drawn from the sample company.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Scratch, root, stdout};

const INPUTS: [&str; 2] = ["samples/slack", "samples/mail.mbox"];

/// The rows of a sheet, each by column.
fn draw(scratch: &Scratch, inputs: [&str; 2], more: &[&str]) -> (String, Vec<BTreeMap<String, String>>) {
    let sheet = scratch.path("sheet.csv");
    let args = [&["validate", "draw", inputs[0], inputs[1], "--config", "samples/evenhand.toml", "-o", &sheet], more].concat();
    stdout(&args, 0);
    let text = fs::read_to_string(&sheet).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.deserialize().map(Result::unwrap).collect();
    (text, rows)
}

#[test]
fn a_draw_is_the_same_whatever_the_threads_and_the_order_of_the_inputs() {
    let scratch = Scratch::new("draw-same");
    let (one, rows) = draw(&scratch, INPUTS, &["--threads", "1"]);
    let (two, _) = draw(&scratch, [INPUTS[1], INPUTS[0]], &["--threads", "3"]);
    let (other, _) = draw(&scratch, INPUTS, &["--seed", "2"]);
    assert!(one == two && one != other);
    let n_hits = rows.iter().filter(|row| !row["category"].is_empty()).count();
    assert_eq!((n_hits, rows.len()), (200, 400));
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_a_sheet() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("draw-mode");
    draw(&scratch, INPUTS, &[]);
    for name in ["sheet.csv", "sheet.csv.README.md"] {
        assert_eq!(fs::metadata(scratch.path(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn no_name_or_address_of_the_roster_is_in_a_sheet() {
    let scratch = Scratch::new("draw-masked");
    let (text, rows) = draw(&scratch, INPUTS, &["--hits", "2000", "--sentences", "5000"]);
    assert!(rows.len() > 400);
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let mut roster = csv::Reader::from_path(root().join("samples/roster.csv")).unwrap();
    for person in roster.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
        assert!(person["email"].split_whitespace().all(|email| !text.contains(email)), "{person:?}");
        let mut names = person["name"].split_whitespace().filter(|name| name.len() > 2);
        assert!(names.all(|name| !words.contains(&name)), "{person:?}");
    }
}

#[test]
fn the_strata_are_as_large_as_the_tally_says() {
    let scratch = Scratch::new("draw-strata");
    let (_, rows) = draw(&scratch, INPUTS, &[]);
    let tally = scratch.path("sample.tally");
    stdout(&["scan", INPUTS[0], INPUTS[1], "--config", "samples/evenhand.toml", "-o", &tally], 0);
    let mut hits = BTreeMap::<String, u64>::new();
    for row in fs::read_to_string(tally).unwrap().lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        if row["row"] == "hits" {
            *hits.entry(row["category"].as_str().unwrap().to_owned()).or_default() += row["segments"].as_u64().unwrap();
        }
    }
    let strata: BTreeMap<String, u64> = rows
        .iter()
        .filter(|row| !row["category"].is_empty())
        .map(|row| (row["category"].clone(), row["stratum_size"].parse().unwrap()))
        .collect();
    assert_eq!(strata, hits);
}
