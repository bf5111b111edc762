//! Every line that help and docs/ci.md show is typed, in a folder that holds what they name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{Scratch, evenhand, root, stdout, zip_of_folder};

/// Commands whose help has examples.
const COMMANDS: [&[&str]; 9] = [&[], &["init"], &["report"], &["scan"], &["check"], &["lint"], &["hits"], &["lexicon"], &["validate"]];

/// A folder with the exports of the sample company and drafts, under the names that examples use.
fn folder(name: &str) -> Scratch {
    let scratch = Scratch::new(&format!("examples-{name}"));
    let slack = root().join("samples/slack");
    for file in walkdir::WalkDir::new(&slack).into_iter().flatten().filter(|entry| entry.file_type().is_file()) {
        let below = file.path().strip_prefix(&slack).unwrap();
        scratch.write(&format!("export/{}", below.display()), fs::read(file.path()).unwrap());
    }
    zip_of_folder(&slack, Path::new(&scratch.path("slack-export.zip")));
    fs::copy(root().join("samples/mail.mbox"), scratch.path("sales.mbox")).unwrap();
    fs::copy(root().join("samples/roster.csv"), scratch.path("roster.csv")).unwrap();
    let limit = "[teams]\nroster = \"roster.csv\"\n[check]\nbaseline = \"evenhand-baseline.json\"\n[[check.limit]]\nteam = \"company\"\n\
                 category = \"ivory_tower\"\nmax_per_1000_words = 900\n";
    let config = scratch.write("evenhand.toml", limit);
    let key = scratch.write("key", "0123456789abcdef".repeat(4));
    scratch.write("chat.csv", "body,from,date\nThe sales team are heroes.,ada@lawnseat.example,2026-01-05\n");
    scratch.write("job-ad.md", "# Wanted\n\nSomebody who sells benches.\n");
    scratch.write("newsletter.html", "<p>Our <b>heroes</b> in Sales slept.</p>\n");
    scratch.write("announcement.txt", "The bench is sold.\n");
    scratch.write("change.diff", "--- a/job-ad.md\n+++ b/job-ad.md\n@@ -0,0 +1 @@\n+# Wanted\n");
    scratch.write("list.dic", "%\n1\tpraise\n%\nchampion*\t1\n");
    let lexicon = scratch.path("own.toml");
    stdout(&["lexicon", "import", &scratch.path("list.dic"), "--as", "heroic", "-o", &lexicon], 0);
    for (input, tally) in [("sales.mbox", "january.tally"), ("slack-export.zip", "february.tally")] {
        stdout(&["scan", &scratch.path(input), "--config", &config, "--key-file", &key, "-o", &scratch.path(tally)], 0);
    }
    stdout(&["check", &scratch.path("export"), "--config", &config, "--update-baseline"], 0);
    scratch
}

/// The lines of a text that type the command.
fn examples(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("- ").unwrap_or(line);
        let line = line.strip_prefix("run: ").unwrap_or(line);
        // Help says behind wide blanks what a line does.
        line.starts_with("evenhand ").then(|| line.split("   ").next().unwrap_or(line).to_owned())
    };
    text.lines().filter_map(line).collect()
}

/// Fills a sheet in that was drawn: all is right, nothing was missed.
fn fill(sheet: &str) {
    let text = fs::read_to_string(sheet).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(&header).unwrap();
    for row in reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap) {
        let is_hit = !row["category"].is_empty();
        let cell = |name: &str| match name {
            "right" | "target_right" if is_hit => "y".to_owned(),
            "missed_category" if !is_hit => "none".to_owned(),
            "coder" => "a".to_owned(),
            name => row[name].clone(),
        };
        out.write_record(header.iter().map(cell)).unwrap();
    }
    fs::write(sheet, out.into_inner().unwrap()).unwrap();
}

/// Types a line in a folder; it must end with 0, or with 1 where limits or drafts are looked at.
fn type_in(scratch: &Scratch, line: &str) {
    let binary = Path::new(env!("CARGO_BIN_EXE_evenhand")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("sh").args(["-c", line]).current_dir(&scratch.0).env("PATH", path).output().unwrap();
    let may_find = ["evenhand lint", "evenhand check"].iter().any(|command| line.starts_with(command));
    let is_well = output.status.code() == Some(0) || may_find && output.status.code() == Some(1);
    assert!(is_well, "{line}: {:?}\n{}", output.status.code(), String::from_utf8_lossy(&output.stderr));
    if line.starts_with("evenhand validate draw") {
        fill(&scratch.path("sheet.csv"));
    }
}

#[cfg(unix)]
#[test]
fn every_example_of_help_can_be_typed() {
    for command in COMMANDS {
        let args = [command, &["--help"]].concat();
        let examples = examples(&stdout(&args, 0));
        assert!(examples.len() >= 2, "{args:?}: {examples:?}");
        let scratch = folder(command.first().unwrap_or(&"all"));
        for line in &examples {
            if line.starts_with("evenhand init") && !line.contains("--force") {
                for name in ["roster.csv", "evenhand.toml"] {
                    fs::remove_file(scratch.path(name)).unwrap();
                }
            }
            type_in(&scratch, line);
            if command.is_empty() && line.starts_with("evenhand init") {
                // What is drafted has no team yet; the next lines have a roster.
                fs::copy(root().join("samples/roster.csv"), scratch.path("roster.csv")).unwrap();
                scratch.write("evenhand.toml", "[teams]\nroster = \"roster.csv\"\n[check]\nfail_on = [\"material_gap\"]\n");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn every_line_of_the_page_on_continuous_integration_can_be_typed() {
    let examples = examples(&fs::read_to_string(root().join("docs/ci.md")).unwrap());
    assert!(examples.len() >= 6, "{examples:?}");
    let scratch = folder("ci");
    for line in &examples {
        type_in(&scratch, line);
    }
}

#[test]
fn short_help_fits_on_a_screen() {
    for command in COMMANDS {
        let help = stdout(&[command, &["-h"]].concat(), 0);
        let n_lines = help.lines().count();
        assert!((8..=40).contains(&n_lines), "{command:?} has {n_lines} lines:\n{help}");
    }
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&["completions", shell], 0);
        assert!(["report", "lint", "check", "validate"].iter().all(|command| script.contains(command)), "{shell}");
    }
    let unknown = evenhand(&["completions", "bsh"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("'bash'"));
    let scratch = Scratch::new("man");
    let told = stdout(&["man", &scratch.path("pages")], 0);
    let page = |name: &str| fs::read_to_string(scratch.path(&format!("pages/{name}"))).unwrap();
    assert!(told.contains(" pages\n") && page("evenhand.1").contains("evenhand\\-lint(1)"));
    assert!(page("evenhand-lint.1").contains("evenhand lint \\-\\-diff change.diff"));
}
