//! Tally rows as tables: parts of disjoint authors add up to the very report of one run, with replies and threads across the parts.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use evenhand::config::Config;
use evenhand::fault::{Fault, Place};
use evenhand::message::{Author, Kind, Markup, Message, RemovedText};
use evenhand::run::files;
use evenhand::scan;
use evenhand::source::{self, memory, table::FieldMap};
use evenhand::tally::Key;

use crate::support::{Scratch, evenhand, root, stdout, zip_of_folder};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";
const MAP: &str = "text=body,author=from,team=dept,time=at,id=id,thread=thread,reply_to=answers";

/// A sentence that no other number gives: who says the same again and again is taken for a program.
fn talk(n: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ta", "ri", "sto", "la", "pa", "win", "gar", "co", "tic", "bri", "pen", "ter", "let", "mir", "lad", "bas"];
    let mut state = n as u64;
    let mut syllable = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        SYLLABLES[(state >> 60) as usize]
    };
    let words: Vec<String> = (0..10).map(|_| [syllable(), syllable(), syllable()].concat()).collect();
    format!("And the {}.", words.join(" "))
}

/// Messages of 24 authors who answer each other, in threads of which some are about a topic; a copy of each tenth under another id.
fn messages() -> Vec<(usize, String)> {
    let teams = ["sales", "marketing", "support"];
    let bodies = [
        "Who comes to the trade fair in May?",
        "Our heroes in Sales saved the quarter.",
        "Marketing lives in an ivory tower.",
        "Lunch at twelve?",
        "The Marketing team was a great help to Sales today.",
        "Marketing is out of touch.",
    ];
    let mut all = Vec::new();
    for n in 0..1200_usize {
        let author = n * 7 % 24;
        let root = n / 5 * 5;
        let in_thread = !n.is_multiple_of(5);
        let line = |id: String| {
            serde_json::json!({
                "id": id, "from": format!("p{author}@x.example"), "dept": teams[author % 3], "at": 1_767_225_600 + n * 9_000,
                "thread": if in_thread { format!("m{root}") } else { String::new() },
                "answers": if in_thread { format!("m{}", n - 1) } else { String::new() },
                "body": format!("{} {}", bodies[n * 11 % bodies.len()], talk(n)),
            })
            .to_string()
                + "\n"
        };
        all.push((author, line(format!("m{n}"))));
        if n.is_multiple_of(10) {
            all.push((author, line(format!("copy{n}"))));
        }
    }
    all
}

/// The messages of some authors in one file.
fn of_authors(scratch: &Scratch, name: &str, is_wanted: impl Fn(usize) -> bool) -> String {
    let text: String = messages().into_iter().filter(|(author, _)| is_wanted(*author)).map(|(_, line)| line).collect();
    scratch.write(name, text)
}

#[test]
fn rows_of_parts_report_what_one_run_reports() {
    let scratch = Scratch::new("rows");
    let key = scratch.write("key", KEY);
    let whole = of_authors(&scratch, "whole.jsonl", |_| true);
    let report = |inputs: &[&str]| {
        let args: Vec<&str> =
            ["report", "--format", "json", "--key-file", &key, "--quiet"].into_iter().chain(inputs.iter().copied()).collect();
        stdout(&args, 0)
    };
    let one_run = report(&[&whole, "--map", MAP]);
    // Otherwise nothing below says anything about replies and threads.
    let told: serde_json::Value = serde_json::from_str(&one_run).unwrap();
    assert!(!told["replies"].as_array().unwrap().is_empty());
    assert!(one_run.contains("events"), "{one_run}");
    for (format, n) in [("jsonl", 2), ("csv", 3)] {
        let mut files = Vec::new();
        for part in 0..n {
            let input = of_authors(&scratch, &format!("{part}of{n}.jsonl"), |author| author % n == part);
            let rows = scratch.path(&format!("{n}/rows{part}.{format}"));
            fs::create_dir_all(scratch.path(&n.to_string())).unwrap();
            stdout(&["scan", &input, "--map", MAP, "--key-file", &key, "--format", format, "-o", &rows, "--quiet"], 0);
            files.push(rows);
        }
        let mut inputs: Vec<&str> = files.iter().map(String::as_str).collect();
        assert_eq!(report(&inputs), one_run, "{format}");
        inputs.reverse();
        assert_eq!(report(&inputs), one_run, "{format}");
        // As engines write them: a folder with files of their own.
        scratch.write(&format!("{n}/_SUCCESS"), "");
        scratch.write(&format!("{n}/.rows0.crc"), "crc");
        assert_eq!(report(&[&scratch.path(&n.to_string())]), one_run, "{format}");
    }
}

#[test]
fn rows_in_any_order_and_columns_as_engines_write_them() {
    let scratch = Scratch::new("rows-order");
    let key = scratch.write("key", KEY);
    let input = of_authors(&scratch, "all.jsonl", |_| true);
    let rows = scratch.path("rows.jsonl");
    stdout(&["scan", &input, "--map", MAP, "--key-file", &key, "--format", "jsonl", "-o", &rows, "--quiet"], 0);
    let expected = stdout(&["report", "--format", "json", &rows], 0);
    let mut lines: Vec<String> = fs::read_to_string(&rows)
        .unwrap()
        .lines()
        .map(|line| {
            let mut row: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
            row.retain(|_, value| !value.is_null());
            if let Some(n) = row.get("segments").and_then(serde_json::Value::as_u64) {
                row.insert("segments".to_owned(), serde_json::json!(n as f64));
            }
            row.insert("day".to_owned(), "2026-07-01".into());
            serde_json::Value::Object(row).to_string()
        })
        .collect();
    lines.sort();
    let sorted = scratch.write("sorted.jsonl", lines.join("\n"));
    assert_eq!(stdout(&["report", "--format", "json", &sorted], 0), expected);
}

#[test]
fn rows_that_are_missing_or_there_twice_are_told() {
    let scratch = Scratch::new("rows-missing");
    let key = scratch.write("key", KEY);
    let input = of_authors(&scratch, "all.jsonl", |_| true);
    let rows = scratch.path("rows.jsonl");
    stdout(&["scan", &input, "--map", MAP, "--key-file", &key, "--format", "jsonl", "-o", &rows, "--quiet"], 0);
    let text = fs::read_to_string(&rows).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let fails = |name: &str, lines: &[&str], why: &str| {
        let path = scratch.write(name, lines.join("\n"));
        let output = evenhand(&["report", &path]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.starts_with(&format!("evenhand: {path}")) && stderr.contains(why), "{stderr}");
    };
    fails("short.jsonl", &lines[..lines.len() - 1], "some are missing or there twice");
    fails("headless.jsonl", &lines[1..], "has no row \"tally\"");
    fails("doubled.jsonl", &[lines.as_slice(), &lines[..1]].concat(), "its rows were given twice");
    fails("broken.jsonl", &[lines[0], "{"], ":2: no tally row");
    fails("kind.jsonl", &[lines[0], &lines[1].replace("\"words\"", "\"wrods\"")], ":2: no tally row: unknown variant `wrods`");
    let output = evenhand(&["report", &rows, &rows]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("its rows were given twice"));
}

#[test]
fn authors_in_several_parts_are_counted_once_and_said() {
    let scratch = Scratch::new("rows-shared");
    let key = scratch.write("key", KEY);
    let files: Vec<String> = (0..3)
        .map(|part| {
            let text: String = messages()
                .into_iter()
                .enumerate()
                .filter(|(n, (author, _))| n / 50 % 3 == part && *author < 6)
                .map(|(_, (_, line))| line)
                .collect();
            let input = scratch.write(&format!("{part}.jsonl"), text);
            let rows = scratch.path(&format!("{part}.csv"));
            stdout(&["scan", &input, "--map", MAP, "--key-file", &key, "--format", "csv", "-o", &rows, "--quiet"], 0);
            rows
        })
        .collect();
    let inputs: Vec<&str> = files.iter().map(String::as_str).collect();
    let args: Vec<&str> = ["report", "--format", "json"].into_iter().chain(inputs).collect();
    let report: serde_json::Value = serde_json::from_str(&stdout(&args, 0)).unwrap();
    assert_eq!(report["shared_authors"], 6);
}

/// Messages as an engine holds them.
struct InMemory(Vec<String>);

impl memory::Messages for InMemory {
    fn n_messages(&self) -> usize {
        self.0.len()
    }

    fn n_bytes(&self, number: usize) -> usize {
        self.0[number].len()
    }

    fn message(&self, number: usize) -> Result<Message<'_>, Fault> {
        let place = Place::file("memory");
        let Some((author, text)) = self.0[number].split_once(": ") else { return Err(Fault::new(place, "no author")) };
        let author = Author { id: Some(Cow::Borrowed(author)), ..Author::default() };
        Ok(Message {
            place,
            id: number.to_string().into(),
            author,
            sent_at: None,
            channel: Cow::Borrowed(""),
            thread: None,
            reply_to: None,
            kind: Kind::Person,
            markup: Markup::Plain,
            text: Cow::Borrowed(text),
            removed: RemovedText::NONE,
        })
    }
}

#[test]
fn messages_in_memory_are_read_and_learned_from_as_those_of_a_file() {
    let scratch = Scratch::new("rows-memory");
    let texts: Vec<String> = (0..12_000).map(|n| format!("p{}: Our heroes in Sales saved it. {}", n % 50, talk(n % 9_000))).collect();
    let json = |(n, line): (usize, &String)| {
        let (from, body) = line.split_once(": ").unwrap();
        serde_json::json!({"id": n.to_string(), "from": from, "body": body}).to_string() + "\n"
    };
    let file = scratch.write("m.jsonl", texts.iter().enumerate().map(json).collect::<String>());
    let map = FieldMap::parse("id=id,author=from,text=body").unwrap();
    let options = source::Options { map: Some(Arc::new(map)), ..source::Options::default() };
    let key = Key::new([7; 32]);
    let setup = || {
        let lexicons = files::lexicons(&files::LexiconChoice::default(), &Config::default(), Path::new("")).unwrap();
        files::setup(&Config::default(), &files::ConfigFile::default(), None, lexicons, key).unwrap().0
    };
    let of_file = scan::scan(vec![source::open(Path::new(&file), &options).unwrap()], &setup(), &|_| ());
    let of_memory = scan::scan(vec![memory::source("memory", Arc::new(InMemory(texts)))], &setup(), &|_| ());
    assert_eq!(of_memory.tally, of_file.tally);
    assert!(of_memory.tally.intake.repeated_segments > 0);
    let broken = scan::scan(vec![memory::source("memory", Arc::new(InMemory(vec!["?".to_owned()])))], &setup(), &|_| ());
    assert_eq!(broken.faults, [Fault::file("memory", "no author")]);
}

#[test]
fn archives_in_memory_are_read_as_those_on_disk() {
    let scratch = Scratch::new("rows-bytes");
    let zip = scratch.0.join("slack.zip");
    zip_of_folder(&root().join("samples/slack"), &zip);
    for path in [zip, root().join("samples/mail.mbox")] {
        let options = source::Options::default();
        let read = |batches: source::Batches| {
            let mut read = Vec::new();
            for batch in batches {
                batch
                    .unwrap()
                    .each_message(&mut |message| read.push(message.map(|message| (message.id.to_string(), message.text.to_string()))));
            }
            read
        };
        let name = path.to_str().unwrap();
        let of_disk = read(source::open(&path, &options).unwrap().batches);
        assert!(of_disk.len() > 100, "{name}");
        assert_eq!(read(source::open_bytes(name, fs::read(&path).unwrap(), &options).unwrap()), of_disk, "{name}");
        let cut = fs::read(&path).unwrap()[..3].to_vec();
        assert!(source::open_bytes(name, cut, &options).err().unwrap().to_string().starts_with(name));
    }
}
