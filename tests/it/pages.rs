//! Reports as files: what they look like, that no name does harm in any of them, and how large and slow the largest are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use evenhand::lexicon::Category;
use evenhand::tally::{self, Cell, CellKey, HitKey, Month, Origin, Pseudonym, Replies, Tally};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::support::{Scratch, evenhand, root, stdout};

/// The counts of `samples/` as they once were, so that these pages change when reports do, not when lexicons do.
const TALLY: &str = "tests/snapshots/samples.tally.gz";
const FILES: [&str; 5] =
    ["evenhand-report.txt", "evenhand-report.html", "evenhand-report.md", "evenhand-report.csv", "evenhand-report.json"];

/// Text whose version of the tool and whose style, with its hash, are left out: they change for other reasons.
fn settled(text: &str) -> String {
    let text = text.replace(concat!("evenhand ", env!("CARGO_PKG_VERSION")), "evenhand VERSION");
    let text = text.replace(concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""), "\"version\": \"VERSION\"");
    let without = |text: String, from: &str, to: &str| match text.split_once(from) {
        Some((before, rest)) => format!("{before}{from}…{to}{}", rest.split_once(to).map_or("", |(_, after)| after)),
        None => text,
    };
    without(without(text, "<style>", "</style>"), "'sha256-", "'")
}

/// Pages are compared line by line; HTML has few lines, so tags begin some. To write them anew: `EVENHAND_SNAPSHOTS=write`.
fn lines(name: &str, text: &str) -> String {
    if Path::new(name).extension().is_some_and(|extension| extension == "html") {
        text.replace("<section", "\n<section").replace("<tr", "\n<tr").replace("<svg", "\n<svg").replace("<div", "\n<div")
    } else {
        text.to_owned()
    }
}

#[test]
fn the_pages_of_the_samples_are_as_they_were() {
    let scratch = Scratch::new("pages");
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&fs::read(root().join(TALLY)).unwrap()[..]).read_to_end(&mut unpacked).unwrap();
    let tally = scratch.write("samples.tally", unpacked);
    stdout(&["report", &tally, "--format", "all", "--output", scratch.0.to_str().unwrap()], 0);
    let mut differing = Vec::new();
    for name in FILES {
        let page = lines(name, &settled(&fs::read_to_string(scratch.path(name)).unwrap()));
        let kept = root().join("tests/snapshots").join(name);
        if std::env::var_os("EVENHAND_SNAPSHOTS").is_some_and(|value| value == "write") {
            fs::write(&kept, &page).unwrap();
        }
        let before = fs::read_to_string(&kept).unwrap_or_default();
        let difference = page.lines().zip(before.lines()).enumerate().find(|(_, (now, before))| now != before);
        if page != before {
            differing.push(format!("{name}: {difference:?}"));
        }
    }
    assert!(differing.is_empty(), "EVENHAND_SNAPSHOTS=write keeps these pages\n{}", differing.join("\n"));
}

/// Names that do harm where they are taken for anything but a name.
const HOSTILE: [&str; 9] = [
    "=cmd|'/c calc'!a1",
    "@sum(1+1)",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "](javascript:alert(1)) | ![y](z) `x` $$",
    "esc\u{1b}[2j\u{1b}]0;title\u{7}",
    "turn\u{202e}txet\u{2066}\u{200f}",
    "zero\u{200b}\u{feff}\u{2060}width",
    "שיווק ומכירות",
];

/// A company whose teams, groups and entries have those names.
fn hostile() -> Tally {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut tally = empty();
    for (index, team) in HOSTILE.into_iter().enumerate() {
        for n in 0..7 {
            let mut cell = Cell { messages: 30, words: 3000 + 10 * n, segments: 300, ..Cell::default() };
            for group in HOSTILE.into_iter().chain(["sales", "marketing"]) {
                cell.names.insert(group.into(), 20);
                let entries = vec![Arc::from(HOSTILE[index])];
                cell.hits.insert(
                    HitKey { target: Some(group.into()), named: true, category: Category::Heroic, entries },
                    rng.random_range(1..9),
                );
                cell.replies.insert(group.into(), Replies { segments: 5, hits: BTreeMap::new() });
            }
            let author = Pseudonym(100 * index as u128 + u128::from(n));
            for month in [2, 5] {
                let key = CellKey { author, team: Some(team.into()), month: Some(Month { year: 2026, month }) };
                tally.cells.insert(key, cell.clone());
            }
        }
    }
    // Two more teams that are too small, which the notices name.
    for (n, team) in ["=small", "\u{202e}tiny|<b>"].into_iter().enumerate() {
        let key = CellKey { author: Pseudonym(5000 + n as u128), team: Some(team.into()), month: Some(Month { year: 2026, month: 2 }) };
        tally.cells.insert(key, Cell { messages: 1, words: 9, segments: 1, ..Cell::default() });
    }
    tally.intake.read = 9999;
    tally.intake.kept = 9999;
    tally
}

fn empty() -> Tally {
    let text = |text: &str| text.to_owned();
    let mut tally =
        Tally::new(Origin { lexicons: text("<i>1f</i>"), cleaning: text("=2"), key: text("k3yf1ngerpr1nt"), timezone: text("UTC") });
    tally.rosters.insert(text("|77"));
    tally
}

fn written(scratch: &Scratch, tally: &Tally) -> String {
    let mut bytes = Vec::new();
    tally::write(tally, &mut bytes).unwrap();
    scratch.write("made.tally", bytes)
}

/// Control characters, what turns the direction of writing, and what takes no room.
fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[test]
fn hostile_names_do_no_harm_in_any_format() {
    let scratch = Scratch::new("hostile");
    let tally = written(&scratch, &hostile());
    let config = scratch.write(
        "evenhand.toml",
        "[contrast]\npairs = [[\"sales\", \"marketing\"], [\"<script>alert(1)</script>\", \"=cmd|'/c calc'!a1\"]]\n",
    );
    stdout(&["report", &tally, "--config", &config, "--format", "all", "--output", scratch.0.to_str().unwrap()], 0);
    let [text, html, markdown, csv, json] = FILES.map(|name| fs::read_to_string(scratch.path(name)).unwrap());
    for (page, name) in [&text, &html, &markdown, &csv, &json].into_iter().zip(FILES) {
        let harmful: BTreeSet<char> = page.chars().filter(|&c| is_harmful(c)).collect();
        assert!(harmful.is_empty(), "{name} holds {harmful:?}");
        // A terminal's columns are narrow, so that names are cut in their middle.
        assert!(page.contains("alert(1)") || name == FILES[0], "{name} tells nothing of that team");
    }
    let tags = html.split('<').skip(1).filter_map(|tag| tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next());
    let tags: BTreeSet<&str> = tags.collect();
    assert!(["script", "img", "b", "i", "iframe", "link", "object"].iter().all(|tag| !tags.contains(tag)), "{tags:?}");
    assert!(html.contains("<bdi>שיווק ומכירות</bdi>"));
    assert!(
        !markdown.contains("<script") && !markdown.contains("<img") && !markdown.replace("\\]", "").contains("](javascript"),
        "{markdown}"
    );
    for table in markdown.split("\n\n").filter(|part| part.starts_with('|')) {
        let cells: Vec<usize> = table.lines().map(|line| line.replace("\\|", "").matches('|').count()).collect();
        assert!(cells.iter().all(|&n| n == cells[0]), "{table}");
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(csv.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert!(records.len() > 100);
    for field in records.iter().flatten() {
        assert!(!field.starts_with(['=', '+', '-', '@']), "{field}");
    }
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    let speakers: BTreeSet<&str> =
        report["speakers"].as_array().unwrap().iter().filter_map(|speaker| speaker["speaker"].as_str()).collect();
    assert!(HOSTILE.iter().all(|name| speakers.contains(name)), "{speakers:?}");
}

#[test]
fn an_entry_with_a_hostile_name_and_sense_does_no_harm() {
    let scratch = Scratch::new("hostile-entry");
    let lexicon = scratch.write(
        "mine.toml",
        "name = \"heroic\"\ntitle = \"Mine\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"d\"\nreads_as = \"heroic wording\"\n[[entry]]\n\
         name = \"=<b>|`x\"\nmatch = [\"wonderworkers\"]\nsense = \"</td><script>alert(1)</script> | [a](b)\"\nabout = \"group\"\nswap = true\n\
         source = \"own\"\nyes = [\"The wonderworkers in Sales closed it.\"]\nno = [\"A wonderworker lamp.\"]\n",
    );
    let line = |n: usize| format!("{{\"t\":\"The wonderworkers in Sales closed order {n}.\",\"a\":\"p{}\"}}\n", n % 12);
    let chat = scratch.write("chat.jsonl", (0..48).map(line).collect::<String>());
    let folder = scratch.0.to_str().unwrap();
    stdout(&["report", &chat, "--map", "text=t,author=a", "--lexicon", &lexicon, "--format", "all", "--output", folder], 0);
    let [text, html, markdown, csv, _] = FILES.map(|name| fs::read_to_string(scratch.path(name)).unwrap());
    assert!(
        text.contains("=<b>|`x") && html.contains("=&lt;b&gt;|`x") && markdown.contains("=&lt;b&gt;\\|\\`x") && csv.contains("'=<b>|`x")
    );
    assert!(!html.contains("<script") && !markdown.contains("<script") && markdown.contains("\\[a\\](b)"));
}

/// A company of 30 teams that talk about each other over twelve quarters in all kinds of wording.
fn large() -> Tally {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut tally = empty();
    let teams: Vec<Arc<str>> = ["sales", "marketing"]
        .into_iter()
        .map(Arc::from)
        .chain((1..=28).map(|n| Arc::from(format!("regional service team {n}"))))
        .collect();
    for (index, team) in teams.iter().enumerate() {
        for n in 0..8 {
            for quarter in 0..12 {
                let month = Month { year: 2023 + quarter / 4, month: i8::try_from(1 + 3 * (quarter % 4)).unwrap() };
                let mut cell = Cell { messages: 40, words: 4000, segments: 400, ..Cell::default() };
                for group in &teams {
                    cell.names.insert(Arc::clone(group), rng.random_range(1..4));
                    let category = Category::ALL[rng.random_range(0..Category::ALL.len())];
                    let entries = vec![Arc::from(["one", "two", "three"][rng.random_range(0..3)])];
                    cell.hits.insert(HitKey { target: Some(Arc::clone(group)), named: true, category, entries }, 1);
                }
                let author = Pseudonym(1000 * index as u128 + n);
                tally.cells.insert(CellKey { author, team: Some(Arc::clone(team)), month: Some(month) }, cell);
            }
        }
    }
    (tally.intake.read, tally.intake.kept) = (115_200, 115_200);
    tally
}

/// The bar of 0.5 s is that of the released command; here it runs unoptimised beside other tests. `EVENHAND_LARGE_TALLY=FILE` keeps the
/// tally, to be timed by hand.
#[test]
fn thirty_teams_over_twelve_quarters_make_a_page_under_a_megabyte() {
    let scratch = Scratch::new("large");
    let tally = written(&scratch, &large());
    if let Some(file) = std::env::var_os("EVENHAND_LARGE_TALLY") {
        fs::copy(&tally, file).unwrap();
    }
    let start = Instant::now();
    let output = evenhand(&["report", &tally, "--format", "html"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(start.elapsed() < Duration::from_mins(2), "{:?}", start.elapsed());
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.matches("Regional service team 28").count() > 20 && page.contains("2025-Q4"));
    assert!(page.len() < 1_000_000, "{} bytes", page.len());
}
