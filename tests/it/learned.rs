//! What shows only over several messages, at the command line: the same from every form of a source, told apart by source.

use crate::support::{Scratch, evenhand, stdout};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

const SAYS: [&str; 6] = [
    "The sales team are the heroes of this order.",
    "Marketing sits in its ivory tower.",
    "Finance wants the bill before noon.",
    "The port will not take the crane.",
    "Rain fell on all of the benches.",
    "Who has seen the long ladder?",
];

fn mail(author: &str, n: usize) -> String {
    format!(
        "From: {author}@lawnseat.example\nDate: Mon, {:02} Jan 2026 09:00:00 +0000\n\n{}\n\n{author} of the yard, sales team heroes since spring\n",
        n + 1,
        SAYS[n]
    )
}

fn mbox(author: &str) -> String {
    let mails: Vec<String> = (0..6).map(|n| format!("From {author} Mon Jan  5 09:00:00 2026\n{}\n", mail(author, n))).collect();
    mails.concat()
}

#[test]
fn a_source_gives_the_same_tally_whatever_its_form_and_the_number_of_threads() {
    let scratch = Scratch::new("learned-forms");
    let key = scratch.write("key", KEY);
    let one = scratch.write("one.mbox", mbox("ann") + &mbox("bo"));
    // In the folder the authors' mails stand in another order.
    for (author, n) in (0..6).rev().flat_map(|n| [("bo", n), ("ann", n)]) {
        scratch.write(&format!("folder/{}{author}.eml", 9 - n), mail(author, n));
    }
    let folder = scratch.path("folder");
    let tally = |input: &str, threads: &str| {
        let output = scratch.path("a.tally");
        stdout(&["scan", input, "-o", &output, "--key-file", &key, "--threads", threads], 0);
        std::fs::read_to_string(output).unwrap()
    };
    // A mailbox sets an empty line below each mail, so the header differs by its characters.
    let rows = |tally: &str| tally.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    let expected = tally(&one, "1");
    assert!(expected.contains("\"signature\""), "{expected}");
    assert_eq!(tally(&one, "4"), expected);
    let of_folder = tally(&folder, "1");
    assert_eq!(rows(&of_folder), rows(&expected));
    assert!(of_folder.contains("\"signature\":558") && expected.contains("\"signature\":558"));
    assert_eq!(tally(&folder, "3"), of_folder);
}

#[test]
fn a_signature_without_a_mark_is_scored_only_where_nothing_can_be_learned() {
    let scratch = Scratch::new("learned-once");
    let path = scratch.write("ann.mbox", mbox("ann"));
    let n_hits = |out: &str| out.lines().filter(|line| line.contains("heroic")).count();
    assert_eq!(n_hits(&stdout(&["hits", &path], 0)), 1);
    let output =
        std::process::Command::new("sh").args(["-c", &format!("'{}' hits - < '{path}'", env!("CARGO_BIN_EXE_evenhand"))]).output().unwrap();
    assert!(n_hits(&String::from_utf8_lossy(&output.stdout)) > 1, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn one_mail_in_two_sources_is_one_mail_whatever_was_learned_of_each() {
    let scratch = Scratch::new("learned-twice");
    let all = scratch.write("all.mbox", mbox("ann"));
    let one = scratch.write("one.mbox", format!("From ann Mon Jan  5 09:00:00 2026\n{}\n", mail("ann", 0)));
    let report = evenhand(&["scan", &all, &one, "-o", &scratch.path("x"), "--dry-run"]);
    let out = String::from_utf8_lossy(&report.stdout).into_owned();
    assert!(out.contains("1 left out: duplicate messages"), "{out}");
}
