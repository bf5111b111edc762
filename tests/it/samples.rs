//! The sample company: what was planted is found, what was not is not, and the committed files are the generator's.

#[path = "../../samples/generate.rs"]
#[allow(dead_code)]
mod generate;

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Scratch, evenhand, report, root, stdout, zip_of_folder};

const INPUTS: [&str; 4] = ["samples/slack", "samples/mail.mbox", "--config", "samples/evenhand.toml"];

fn gap<'a>(report: &'a Value, speaker: &str, kind: &str) -> &'a Value {
    let is_wanted = |gap: &&Value| gap["speaker"] == speaker && gap["gap"] == kind;
    report["gaps"].as_array().unwrap().iter().find(is_wanted).unwrap()
}

#[test]
fn what_is_planted_is_found_and_what_is_not_planted_is_not() {
    let report = report(&INPUTS);
    for kind in ["praise", "scorn"] {
        let gap = gap(&report, "company", kind);
        assert!(gap["ratio"].as_f64().unwrap() >= 3.0, "{gap}");
        assert_eq!(gap["verdict"], "material_gap", "{gap}");
    }
    let credit = gap(&report, "company", "credit");
    assert_eq!((&credit["verdict"], &credit["excludes_one"]), (&"no_large_gap".into(), &false.into()), "{credit}");
    let n_material = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["verdict"] == "material_gap").count();
    assert_eq!(n_material, 2, "no gap but the planted ones");
}

#[test]
fn teams_under_the_floor_are_pooled_and_never_named_with_a_figure() {
    let report = report(&INPUTS);
    assert_eq!(report["pooled_teams"], serde_json::json!(["executive", "hr"]));
    let speakers: Vec<_> = report["speakers"].as_array().unwrap().iter().map(|speaker| speaker["speaker"].as_str().unwrap()).collect();
    assert!(speakers.contains(&"other teams") && !speakers.contains(&"hr") && !speakers.contains(&"executive"), "{speakers:?}");
    assert!(report["speakers"].as_array().unwrap().iter().all(|speaker| speaker["authors"].as_u64().unwrap() >= 5));
}

#[test]
fn the_first_screen_answers_how_each_team_talks_about_the_others() {
    let text = stdout(&["report", INPUTS[0], INPUTS[1], INPUTS[2], INPUTS[3]], 0);
    let first_screen: Vec<&str> = text.lines().take(24).collect();
    let told = first_screen.join("\n");
    for word in ["heroic", "ivory-tower", "sales", "marketing", "engineering"] {
        assert!(told.to_lowercase().contains(word), "{word} is not on the first screen:\n{told}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "a line is wider than 80 columns");
}

#[test]
fn private_and_direct_messages_are_left_out_unless_opened_by_name() {
    let removed = |args: &[&str]| report(args)["messages"]["removed"]["private"].as_u64().unwrap_or(0);
    assert!(removed(&INPUTS) > 0);
    let all: Vec<&str> = INPUTS.into_iter().chain(["--include", "private,direct"]).collect();
    assert_eq!(removed(&all), 0);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let with = |threads: &str| {
        let args: Vec<&str> = ["report", "--format", "json", "--threads", threads].into_iter().chain(INPUTS).collect();
        stdout(&args, 0)
    };
    assert_eq!(with("1"), with("2"));
}

#[test]
fn folder_and_zip_give_the_same_bytes() {
    let scratch = Scratch::new("zip");
    let zip = scratch.path("slack.zip");
    zip_of_folder(&root().join("samples/slack"), Path::new(&zip));
    let json = |input: &str| stdout(&["report", input, "--config", "samples/evenhand.toml", "--format", "json"], 0);
    assert_eq!(json("samples/slack"), json(&zip));
}

#[test]
fn a_zip_that_is_cut_short_is_told_and_what_is_whole_is_reported() {
    let scratch = Scratch::new("cut-zip");
    let zip = scratch.path("slack.zip");
    zip_of_folder(&root().join("samples/slack"), Path::new(&zip));
    let whole = fs::read(&zip).unwrap();
    fs::write(&zip, &whole[..whole.len() * 9 / 10]).unwrap();
    let output = evenhand(&["report", &zip, "--format", "json"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(told.starts_with(&format!("evenhand: {zip}: byte ")), "{told}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["messages"]["kept"].as_u64().unwrap() > 1000);
}

#[test]
fn the_committed_samples_are_what_the_generator_makes() {
    let scratch = Scratch::new("samples");
    generate::write_all(&scratch.0).unwrap();
    let committed = root().join("samples");
    let mut n_files = 0;
    for entry in walkdir::WalkDir::new(&scratch.0).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let below = entry.path().strip_prefix(&scratch.0).unwrap();
        assert_eq!(fs::read(entry.path()).unwrap(), fs::read(committed.join(below)).unwrap(), "{}", below.display());
        n_files += 1;
    }
    assert!(n_files > 100, "{n_files}");
}

#[test]
fn the_first_run_prints_what_the_readme_shows() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let (_, after) = readme.split_once("and answers first:\n\n").unwrap();
    let (shown, _) = after.split_once("\n\n").unwrap();
    let shown: Vec<&str> = shown.lines().map(|line| line.strip_prefix("    ").unwrap()).collect();
    let arguments: Vec<&str> = ["report"].into_iter().chain(INPUTS).collect();
    let printed = stdout(&arguments, 0);
    assert!(printed.contains(&shown.join("\n")), "{printed}");
}
