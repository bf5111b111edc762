//! What docs/PRIVACY.md promises, as far as a test can show it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use evenhand::message::Author;
use evenhand::source::{self, Options};

use crate::support::{Scratch, corpora, evenhand, root, stdout};

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

/// All of an input, whatever is wrong with some of it.
const READ: [&str; 6] = ["--include", "private,direct", "--date-order", "day-first", "--allow-faults", "1000000"];

/// Limits of every kind, so that there is something to judge.
const LIMITS: &str = "
[[check.limit]]
team = \"company\"
category = \"ivory_tower\"
max_per_1000_words = 0
[[check.limit]]
team = \"company\"
category = \"heroic\"
target = \"sales\"
max_per_1000_naming_segments = 0
[[check.limit]]
team = \"company\"
gap = \"scorn\"
verdict = \"material_gap\"
";

/// Words of a text in small letters.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

/// Runs of so many words that say something: in small letters, at least half of them with four letters or more.
fn runs(text: &str, n: usize) -> BTreeSet<String> {
    let words = words(text);
    let says = |run: &&[String]| run.iter().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3).count() * 2 >= n;
    words.windows(n).filter(says).map(|run| run.join(" ")).collect()
}

/// Who wrote in an export and what.
#[derive(Default)]
struct Written {
    people: BTreeSet<String>,
    texts: Vec<String>,
}

impl Written {
    fn of(path: &Path) -> Self {
        let mut written = Self::default();
        let options = Options { include_private: true, include_direct: true, ..Options::default() };
        let Ok(source) = source::open(path, &options) else { return written };
        for batch in source.batches.flatten() {
            batch.each_message(&mut |message| {
                let Ok(message) = message else { return };
                let Author { email, id, handle, name, .. } = &message.author;
                written.people.extend([email, id, handle, name].into_iter().flatten().map(|person| person.trim().to_lowercase()));
                written.texts.push(message.text.into_owned());
            });
        }
        written.people.remove("");
        written
    }
}

/// Whether a text holds a name with nothing but its ends around it.
fn names(text: &str, person: &str) -> bool {
    let is_end = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(person).any(|(at, _)| is_end(text[..at].chars().next_back()) && is_end(text[at + person.len()..].chars().next()))
}

/// What `report` and `check` write of an input, all formats in one, at a floor; of a large input, which takes long to read, one format of `check`.
fn all_that_is_written(scratch: &Scratch, input: &str, key: &str, floor: &str) -> String {
    let limits = scratch.write("evenhand.toml", LIMITS);
    let folder = scratch.path("pages");
    let read = [&READ[..], &["--key-file", key, "--min-authors", floor]].concat();
    let mut all = String::new();
    let output = evenhand(&[&["report", input, "--format", "all", "--output", &folder], &read[..]].concat());
    all += &String::from_utf8_lossy(&output.stdout);
    for page in fs::read_dir(&folder).into_iter().flatten().flatten() {
        all += &fs::read_to_string(page.path()).unwrap();
    }
    let is_small = ["discord", "telegram", "zulip", "irc", "whatsapp", "teams"].iter().any(|name| input.ends_with(name));
    for format in if is_small { &["human", "json", "sarif", "junit", "github"][..] } else { &["json"] } {
        let output = evenhand(&[&["check", input, "--config", &limits, "--format", format], &read[..]].concat());
        all += &String::from_utf8_lossy(&output.stdout);
    }
    let _ = fs::remove_dir_all(folder);
    all
}

/// Everything of every real export: reports and checks hold no person, no pseudonym and no text, not even at a floor of one.
#[test]
fn no_output_on_real_exports_holds_a_person_a_pseudonym_or_a_text() {
    const RUN: usize = 6;
    let Some(folder) = corpora("no_output_on_real_exports") else { return };
    let scratch = Scratch::new("privacy-corpora");
    let key = scratch.write("key", "0f".repeat(32));
    // What every report says whoever wrote: a nick may be an ordinary word, and a sentence may be in the lexicons.
    let ours = all_that_is_written(&scratch, "samples/slack", &key, "5") + &all_that_is_written(&scratch, "samples/mail.mbox", &key, "1");
    let lexicons: String = fs::read_dir(root().join("lexicons"))
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect();
    let known: BTreeSet<String> = words(&(ours.clone() + &lexicons)).into_iter().collect();
    let known_runs: BTreeSet<String> = runs(&ours, RUN).into_iter().chain(runs(&lexicons, RUN)).collect();
    let (mut n_inputs, mut n_people, mut n_runs, mut n_pseudonyms) = (0, 0, 0, 0);
    for input in inputs(&folder) {
        let path = input.to_str().unwrap();
        let written = Written::of(&input);
        let tally = scratch.path("a.tally");
        evenhand(&[&["scan", path, "-o", &tally, "--key-file", &key], &READ[..]].concat());
        let tally = fs::read_to_string(&tally).unwrap_or_default();
        let pseudonyms: BTreeSet<&str> = tally.split("\"author\":\"p:").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let of_text: BTreeSet<String> =
            written.texts.iter().flat_map(|text| runs(text, RUN)).filter(|run| !known_runs.contains(run)).collect();
        let (mut told, mut is_written) = (String::new(), false);
        for floor in ["5", "1"] {
            let output = all_that_is_written(&scratch, path, &key, floor);
            is_written |= output.len() > 2000;
            told += &output;
        }
        let small = told.to_lowercase();
        let is_ordinary = |person: &str| words(person).iter().all(|word| known.contains(word) || word.chars().count() < 3);
        let people: Vec<&String> = written.people.iter().filter(|person| !is_ordinary(person)).collect();
        if let Some(person) = people.iter().find(|person| names(&small, person)) {
            panic!("{path}: {person} stands in an output");
        }
        assert_eq!(pseudonyms.iter().find(|pseudonym| small.contains(*pseudonym)), None, "{path}");
        assert_eq!(runs(&told, RUN).intersection(&of_text).next(), None, "{path}: a text stands in an output");
        assert!(!told.contains(path), "{path} is named");
        (n_inputs, n_people) = (n_inputs + usize::from(is_written), n_people + people.len());
        (n_runs, n_pseudonyms) = (n_runs + of_text.len(), n_pseudonyms + pseudonyms.len());
    }
    eprintln!(
        "{n_inputs} inputs with a report, {n_people} people, {n_pseudonyms} pseudonyms, {n_runs} runs of {RUN} words: none is written"
    );
    assert!(n_inputs > 8 && n_people > 500 && n_pseudonyms > 500 && n_runs > 100_000);
}

/// The exports of the corpora by the program that wrote them.
fn inputs(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    paths.sort();
    paths
}

/// Calls that reach a network or another process's socket.
const CALLS: [&str; 17] = [
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "getaddrinfo",
    "gethostbyname",
    "getsockname",
    "send",
    "sendto",
    "sendmsg",
    "recv",
    "recvfrom",
    "recvmsg",
    "res_query",
];

#[test]
#[cfg(target_os = "linux")]
fn the_binary_knows_no_call_of_the_network() {
    let Ok(output) = Command::new("nm").args(["--dynamic", "--undefined-only", env!("CARGO_BIN_EXE_evenhand")]).output() else {
        return eprintln!("the_binary_knows_no_call_of_the_network: nm is not there, NOT CHECKED");
    };
    let symbols = String::from_utf8(output.stdout).unwrap();
    let symbols: BTreeSet<&str> =
        symbols.lines().filter_map(|line| line.split_whitespace().last()).map(|name| name.split('@').next().unwrap_or(name)).collect();
    assert!(symbols.len() > 50 && symbols.contains("write"), "{symbols:?}");
    assert_eq!(CALLS.iter().filter(|call| symbols.contains(*call)).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_opens_no_socket_and_makes_no_file_but_the_one_it_was_asked_for() {
    let scratch = Scratch::new("privacy-strace");
    let log = scratch.path("log");
    let traced = |args: &[&str]| {
        let mut command = Command::new("strace");
        command.args([
            "-f",
            "-qq",
            "-o",
            &log,
            "-e",
            "trace=%network,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,mknod",
        ]);
        command.arg(env!("CARGO_BIN_EXE_evenhand")).args(args).current_dir(root()).output()
    };
    if !traced(&["--version"]).is_ok_and(|output| output.status.success()) {
        return eprintln!("a_run_opens_no_socket: strace is not there or may not trace, NOT CHECKED");
    }
    let (tally, pages) = (scratch.path("a.tally"), scratch.path("pages"));
    let limits = scratch.write("evenhand.toml", LIMITS);
    let runs: [(&[&str], &[&str]); 6] = [
        (&["report", SLACK, MAIL, "--roster", "samples/roster.csv"], &[]),
        (&["report", SLACK, MAIL, "--format", "all", "--output", &pages], &[&pages]),
        (&["scan", SLACK, MAIL, "-o", &tally], &[&tally]),
        (&["check", MAIL, "--config", &limits], &[]),
        (&["hits", MAIL, "--show-text"], &[]),
        (&["lint", "README.md"], &[]),
    ];
    for (args, outputs) in runs {
        let output = traced(args).unwrap();
        assert!(output.status.code().is_some_and(|code| code < 2), "{args:?} {}", String::from_utf8_lossy(&output.stderr));
        let calls = fs::read_to_string(&log).unwrap();
        assert!(calls.lines().count() > 3, "{args:?}");
        let is_network = |line: &&str| CALLS.iter().any(|call| line.contains(&format!(" {call}(")));
        assert_eq!(calls.lines().find(is_network), None, "{args:?}");
        let makes =
            |line: &&str| line.contains("O_CREAT") || ["mkdir", "rename", "link", "creat(", "mknod"].iter().any(|call| line.contains(call));
        let is_asked_for = |line: &str| outputs.iter().any(|output| line.contains(output));
        assert_eq!(calls.lines().filter(makes).find(|line| !is_asked_for(line)), None, "{args:?}");
        assert_eq!(calls.lines().filter(makes).count() > 0, !outputs.is_empty(), "{args:?}");
    }
}

#[test]
#[cfg(unix)]
fn what_holds_text_is_its_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new("privacy-texts");
    let (sheet, words, faults) = (scratch.path("sheet.csv"), scratch.path("words.toml"), scratch.path("faults"));
    let broken = scratch.write("in/broken.jsonl", "{\n");
    let good = scratch.write("in/good.mbox", fs::read(root().join(MAIL)).unwrap());
    stdout(&["validate", "draw", SLACK, MAIL, "-o", &sheet], 0);
    stdout(&["lexicon", "suggest", SLACK, MAIL, "--category", "heroic", "-o", &words], 0);
    stdout(&["report", &good, &broken, "--faults", &faults], 2);
    let pages = scratch.path("pages");
    stdout(&["report", MAIL, "--min-authors", "1", "--format", "html", "--output", &pages], 0);
    for path in [sheet, words, faults, format!("{pages}/evenhand-report.html")] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{path}");
    }
}
