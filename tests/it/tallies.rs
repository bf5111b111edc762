//! Tallies add up: made apart and merged they give what one run gives.

use std::fs;
use std::io::Read;

use crate::support::{Scratch, evenhand, root, stdout};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

/// The sample mailbox cut into two by author, so that the halves have no author in common.
fn halves() -> (String, String) {
    let mbox = fs::read_to_string(root().join("samples/mail.mbox")).unwrap();
    let mut halves = (String::new(), String::new());
    for mail in mbox.split("\n\nFrom ") {
        let mail = if mail.starts_with("From ") { format!("{}\n\n", mail.trim_end()) } else { format!("From {}\n\n", mail.trim_end()) };
        let from = mail.lines().find(|line| line.to_lowercase().starts_with("from: ")).unwrap_or_default();
        let address = from.rsplit('<').next().unwrap_or(from);
        // The roster of the samples knows every colleague by one address.
        if address.bytes().map(usize::from).sum::<usize>() % 2 == 0 { halves.0.push_str(&mail) } else { halves.1.push_str(&mail) }
    }
    halves
}

/// A report but for who answers whom and who meets in threads, which is told within one scan: what is answered may lie in the other tally.
fn without_replies(report: &str) -> String {
    let mut report: serde_json::Value = serde_json::from_str(report).unwrap();
    for key in ["replies", "decision"] {
        assert!(report.as_object_mut().unwrap().remove(key).is_some(), "{key}");
    }
    report.to_string()
}

#[test]
fn two_tallies_of_disjoint_sources_give_the_bytes_of_one_run() {
    let scratch = Scratch::new("merge");
    let key = scratch.write("key", KEY);
    let (a, b) = halves();
    let (a, b) = (scratch.write("a.mbox", a), scratch.write("b.mbox", b));
    let common = ["--config", "samples/evenhand.toml", "--key-file", &key];
    for (input, tally) in [(&a, "a.tally"), (&b, "b.tally")] {
        let output = scratch.path(tally);
        let args: Vec<&str> = ["scan", input.as_str(), "-o", &output].into_iter().chain(common).collect();
        stdout(&args, 0);
    }
    let report = |inputs: [&str; 2]| {
        let args: Vec<&str> = ["report", "--format", "json"].into_iter().chain(inputs).chain(common).collect();
        without_replies(&stdout(&args, 0))
    };
    let one_run = report([&a, &b]);
    let (a_tally, b_tally) = (scratch.path("a.tally"), scratch.path("b.tally"));
    assert_eq!(report([&a_tally, &b_tally]), one_run);
    assert_eq!(report([&b_tally, &a_tally]), one_run);
    assert_eq!(report([&a, &b_tally]), one_run);
}

#[test]
fn threads_about_a_topic_are_kept_with_all_who_write_in_them() {
    let scratch = Scratch::new("threads");
    let rows = [
        ("a", "sales", "t1", "Who comes to the trade fair in May?"),
        ("b", "marketing", "t1", "Count me in, I have a car."),
        ("b", "marketing", "t1", "Badge scans are my job."),
        ("a", "sales", "t2", "Lunch at twelve?"),
        ("b", "marketing", "t2", "Yes please."),
        ("c", "finance", "", "The booth invoice is paid."),
    ];
    let text: String = (1..)
        .zip(rows)
        .map(|(id, (from, team, thread, body))| {
            serde_json::json!({"id": id.to_string(), "from": from, "dept": team, "thread": thread, "body": body}).to_string() + "\n"
        })
        .collect();
    let (input, tally) = (scratch.write("own.jsonl", text), scratch.path("t.tally"));
    let key = scratch.write("key", KEY);
    let map = "text=body,author=from,team=dept,thread=thread,id=id";
    stdout(&["scan", &input, "--map", map, "--key-file", &key, "-o", &tally, "--quiet"], 0);
    let written = fs::read_to_string(&tally).unwrap();
    let threads: Vec<serde_json::Value> =
        written.lines().map(|line| serde_json::from_str(line).unwrap()).filter(|row: &serde_json::Value| row["row"] == "threads").collect();
    let mut told: Vec<String> = threads.iter().map(|row| format!("{} {} {}", row["team"], row["topics"], row["messages"])).collect();
    told.sort();
    assert_eq!(told, ["\"marketing\" [\"events\"] 2", "\"sales\" [\"events\"] 1"]);
    assert_eq!(threads[0]["thread"], threads[1]["thread"]);
    assert!(threads[0]["thread"].as_str().unwrap().starts_with("t:"), "{threads:?}");
    // Read and written again it is the same, so the rows are read.
    let again = scratch.path("again.tally");
    stdout(&["scan", &tally, "--key-file", &key, "-o", &again, "--quiet"], 0);
    assert_eq!(fs::read_to_string(&again).unwrap(), written);
}

#[test]
fn where_authors_are_shared_the_report_says_so_and_only_that_differs() {
    let scratch = Scratch::new("shared");
    let key = scratch.write("key", KEY);
    let common = ["--config", "samples/evenhand.toml", "--key-file", &key];
    for (input, tally) in [("samples/slack", "slack.tally"), ("samples/mail.mbox", "mail.tally")] {
        let output = scratch.path(tally);
        let args: Vec<&str> = ["scan", input, "-o", &output].into_iter().chain(common).collect();
        stdout(&args, 0);
    }
    let report = |inputs: [&str; 2]| -> serde_json::Value {
        let args: Vec<&str> = ["report", "--format", "json"].into_iter().chain(inputs).chain(common).collect();
        serde_json::from_str(&stdout(&args, 0)).unwrap()
    };
    let mut merged = report([&scratch.path("slack.tally"), &scratch.path("mail.tally")]);
    let mut one_run = report(["samples/slack", "samples/mail.mbox"]);
    assert!(merged["shared_authors"].as_u64().unwrap() > 0);
    for report in [&mut merged, &mut one_run] {
        report["shared_authors"] = 0.into();
        report["notices"] = serde_json::Value::Null;
    }
    assert_eq!(merged, one_run);
}

#[test]
fn the_key_changes_the_tally_but_no_byte_of_the_report() {
    let scratch = Scratch::new("key");
    let reports: Vec<String> =
        (0..2).map(|_| stdout(&["report", "samples/mail.mbox", "--config", "samples/evenhand.toml", "--format", "json"], 0)).collect();
    assert_eq!(reports[0], reports[1]);
    let tally = |name: &str| {
        let path = scratch.path(name);
        stdout(&["scan", "samples/mail.mbox", "-o", &path], 0);
        fs::read(path).unwrap()
    };
    assert_ne!(tally("a"), tally("b"));
}

#[test]
fn what_cannot_be_added_up_is_told_with_its_place() {
    let scratch = Scratch::new("mismatch");
    let key = scratch.write("key", KEY);
    let tally = |name: &str, more: &[&str]| {
        let path = scratch.path(name);
        let args: Vec<&str> = ["scan", "samples/mail.mbox", "-o", &path].into_iter().chain(more.iter().copied()).collect();
        stdout(&args, 0);
        path
    };
    let (a, same, other_key) = (tally("a", &["--key-file", &key]), tally("b", &["--key-file", &key]), tally("c", &[]));
    let told = |inputs: [&str; 2]| {
        let output = evenhand(&["report", inputs[0], inputs[1]]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(told([&a, &same]).starts_with(&format!("evenhand: {same}: holds a source that was already counted")), "{}", told([&a, &same]));
    assert!(told([&a, &other_key]).starts_with(&format!("evenhand: {other_key}: made with other key")), "{}", told([&a, &other_key]));
    let broken = scratch.write("d", fs::read_to_string(&a).unwrap().replacen("\"row\":\"words\"", "\"row\":\"sums\"", 1));
    assert!(
        told([&a, &broken]).starts_with(&format!("evenhand: {broken}:2: no tally row: unknown variant `sums`")),
        "{}",
        told([&a, &broken])
    );
}

#[cfg(unix)]
#[test]
fn a_tally_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("mode");
    let path = scratch.path("t.tally");
    stdout(&["scan", "samples/mail.mbox", "-o", &path], 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1, "something was left beside the tally");
}

#[test]
fn a_count_that_nobody_comes_to_is_told_and_not_added_up() {
    let mut header = String::new();
    flate2::read::GzDecoder::new(&fs::read(root().join("tests/snapshots/samples.tally.gz")).unwrap()[..])
        .read_to_string(&mut header)
        .unwrap();
    let header = header.lines().next().unwrap();
    let row = |n: u64| {
        let row = format!(r#"{{"row":"words","author":"p:{:032x}","team":null,"month":null,"words":{n},"segments":1,"messages":1}}"#, 7);
        evenhand::tally::read("a.tally", format!("{header}\n{row}\n{row}\n").as_bytes())
    };
    assert_eq!(row(1 << 40).unwrap().cells.values().next().unwrap().words, 2 << 40);
    assert_eq!(row(u64::MAX).unwrap_err().to_string(), "a.tally:2: found a count of 18446744073709551615, expected at most 1099511627776");
}
