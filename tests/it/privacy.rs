//! What docs/PRIVACY.md promises, as far as a test can show it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::support::{Scratch, root, stdout};

const SLACK: &str = "samples/slack";
const MAIL: &str = "samples/mail.mbox";

/// Ids, names, handles and addresses of the sample's people; its bots bear common words.
fn people() -> BTreeSet<String> {
    let users: serde_json::Value = serde_json::from_str(&fs::read_to_string(root().join("samples/slack/users.json")).unwrap()).unwrap();
    let fields = |user: &serde_json::Value| {
        let fields = [&user["id"], &user["name"], &user["real_name"], &user["profile"]["email"]];
        fields.map(|field| field.as_str().unwrap_or_default().to_owned())
    };
    let persons = users.as_array().unwrap().iter().filter(|user| user["is_bot"] == false);
    let people: BTreeSet<String> = persons.flat_map(fields).filter(|field| !field.is_empty()).collect();
    assert!(people.len() > 100, "{}", people.len());
    people
}

fn assert_names_nobody(what: &str, text: &str) {
    let text = text.to_lowercase();
    for person in people() {
        assert!(!text.contains(&person.to_lowercase()), "{what} holds {person}");
    }
}

#[test]
fn no_report_names_a_person_a_file_or_a_channel() {
    for format in ["terminal", "markdown", "csv", "json"] {
        let text = stdout(&["report", SLACK, MAIL, "--roster", "samples/roster.csv", "--format", format], 0);
        assert_names_nobody(format, &text);
        for place in ["samples", "mail.mbox", "trade-fairs", "pay-round"] {
            assert!(!text.contains(place), "{format} holds {place}");
        }
    }
}

#[test]
fn a_tally_names_nobody_and_holds_no_sentence() {
    let scratch = Scratch::new("privacy-tally");
    let tally = scratch.path("a.tally");
    stdout(&["scan", SLACK, MAIL, "--roster", "samples/roster.csv", "-o", &tally], 0);
    let text = fs::read_to_string(tally).unwrap();
    assert_names_nobody("the tally", &text);
    let mail = fs::read_to_string(root().join(MAIL)).unwrap();
    let lines: BTreeSet<&str> = mail.lines().filter(|line| line.split(' ').count() > 4).collect();
    assert!(lines.len() > 20);
    assert_eq!(lines.into_iter().find(|line| text.contains(line)), None);
}

#[test]
fn without_a_key_file_every_run_has_pseudonyms_of_its_own() {
    let scratch = Scratch::new("privacy-key");
    let authors = |name: &str| {
        let tally = scratch.path(name);
        stdout(&["scan", MAIL, "-o", &tally], 0);
        let text = fs::read_to_string(tally).unwrap();
        let of_line = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["author"].as_str().map(str::to_owned);
        text.lines().filter_map(of_line).collect::<BTreeSet<String>>()
    };
    let (first, second) = (authors("a.tally"), authors("b.tally"));
    assert!(first.len() > 5 && first.len() == second.len());
    assert!(first.is_disjoint(&second));
}

#[test]
fn a_report_leaves_no_file_behind() {
    let scratch = Scratch::new("privacy-files");
    let (work, temporary) = (scratch.0.join("work"), scratch.0.join("tmp"));
    fs::create_dir(&work).unwrap();
    fs::create_dir(&temporary).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["report", root().join(SLACK).to_str().unwrap(), root().join(MAIL).to_str().unwrap(), "--quiet"])
        .current_dir(&work)
        .envs([("TMPDIR", &temporary), ("HOME", &temporary), ("XDG_CACHE_HOME", &temporary)])
        .output()
        .unwrap()
        .status;
    assert!(status.success());
    assert_eq!((fs::read_dir(work).unwrap().count(), fs::read_dir(temporary).unwrap().count()), (0, 0));
}

#[test]
#[cfg(unix)]
fn a_tally_and_a_drafted_roster_are_their_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("privacy-modes");
    let inputs = [root().join(SLACK), root().join(MAIL)].map(|path| path.to_str().unwrap().to_owned());
    for args in [vec!["init", &inputs[0]], vec!["scan", &inputs[1], "-o", "a.tally"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand")).args(&args).current_dir(&scratch.0).output().unwrap();
        assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    for name in ["roster.csv", "a.tally"] {
        assert_eq!(fs::metadata(scratch.path(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn who_wrote_only_in_private_is_not_listed() {
    let scratch = Scratch::new("privacy-private");
    let slack = [
        ("users.json", r#"[{"id":"U1","name":"ada"},{"id":"U2","name":"ben"},{"id":"U3","name":"cleo"}]"#),
        ("channels.json", r#"[{"id":"C1","name":"general"}]"#),
        ("groups.json", r#"[{"id":"G1","name":"closed"}]"#),
        ("general/2026-01-05.json", r#"[{"ts":"1767603600.1","user":"U1","text":"The bench is sold."}]"#),
        ("closed/2026-01-05.json", r#"[{"ts":"1767603600.2","user":"U2","text":"The bench is sold."}]"#),
        ("D024BE91L/2026-01-05.json", r#"[{"ts":"1767603600.3","user":"U3","text":"The bench is sold."}]"#),
    ];
    for (name, text) in slack {
        scratch.write(&format!("slack/{name}"), text);
    }
    let listed = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_evenhand")).args(args).current_dir(&scratch.0).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        fs::read_to_string(scratch.path("roster.csv")).unwrap().lines().count() - 1
    };
    assert_eq!(listed(&["init", "slack"]), 1);
    assert_eq!(listed(&["init", "slack", "--force", "--include", "private,direct"]), 3);
}
