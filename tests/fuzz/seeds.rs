//! What is damaged: the samples, the files of the command's cases, lexicons, pages that are kept, a few that are made here, and real exports
//! where `EVENHAND_CORPORA` names them.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use evenhand::check::baseline::Baseline;
use evenhand::lexicon::{builtin, parse};
use evenhand::stats::{self, Plan};
use evenhand::{config, disclosure, tally, validation};

/// Larger files are left out: their first bytes are like those of smaller ones.
const MOST_BYTES: u64 = 600 << 10;

/// Lines of a tally that are enough.
const TALLY_LINES: usize = 150;

/// Paths and contents, in one order.
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = made(root);
    for folder in ["samples", "lexicons", "tests/cmd", "tests/snapshots", "README.md"] {
        below(&root.join(folder), root, &mut seeds);
    }
    match std::env::var_os("EVENHAND_CORPORA") {
        Some(folder) => below(Path::new(&folder), Path::new(&folder), &mut seeds),
        None => eprintln!("EVENHAND_CORPORA is not set: real exports are NOT among the seeds"),
    }
    seeds.retain(|(_, bytes)| !bytes.is_empty());
    seeds
}

fn below(folder: &Path, root: &Path, seeds: &mut Vec<(String, Vec<u8>)>) {
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
        if !entry.file_type().is_file() || entry.metadata().map_or(true, |metadata| metadata.len() > MOST_BYTES) {
            continue;
        }
        let path = entry.path().strip_prefix(root).unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path()).unwrap();
        // A case of the command holds files of its own.
        if path.starts_with("tests/cmd/")
            && let Ok(case) = toml::from_str::<toml::Table>(&String::from_utf8_lossy(&bytes))
        {
            for (name, content) in case.get("files").and_then(toml::Value::as_table).into_iter().flatten() {
                seeds.push((format!("{path}/{name}"), content.as_str().unwrap_or_default().into()));
            }
        }
        seeds.push((path, bytes));
    }
}

fn made(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut seeds: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, bytes: &[u8]| seeds.push((format!("made/{name}"), bytes.to_vec()));
    // Examples stand in comments without a blank.
    let uncommented = |line: &'static str| line.strip_prefix('#').filter(|line| !line.starts_with(' ')).unwrap_or(line);
    let template = config::TEMPLATE.lines().map(uncommented).collect::<Vec<_>>().join("\n");
    add("evenhand.toml", template.as_bytes());
    for (path, text) in builtin::LEXICONS {
        for entry in parse::parse(path, text).unwrap().entries {
            entry.matches.iter().chain(&entry.unless).for_each(|pattern| add("patterns", pattern.to_string().as_bytes()));
        }
    }
    add(
        "a.diff",
        b"diff --git a/a.md b/a.md\nindex 1..2 100644\n--- a/a.md\n+++ b/a.md\n@@ -1,2 +1,3 @@\n one\n-two\n+heroes in sales\n+three\n",
    );
    add("a.yml", b"heroic:\n  - hero*\n  - 'unsung heroes'\nscorn:\n  deep: [ivory tower, clueless]\n");
    add("a.dic", b"%\n1\theroic\n2\tscorn\n%\nhero*\t1\nclueless\t2\t1\n");
    let mut packed = flate2::read::GzDecoder::new(fs::File::open(root.join("tests/snapshots/samples.tally.gz")).unwrap());
    let mut lines = String::new();
    packed.read_to_string(&mut lines).unwrap();
    let few: Vec<&str> = lines.lines().take(TALLY_LINES).collect();
    add("few.tally", few.join("\n").as_bytes());
    add("none.tally", few[0].as_bytes());
    let whole = tally::read("a.tally", lines.as_bytes()).unwrap();
    let shown = disclosure::disclose(stats::analyse(&whole, &Plan::new(&config::Contrast::default(), 5)), &whole, 5);
    let mut baseline = Vec::new();
    Baseline::of(&shown).unwrap().write(&mut baseline).unwrap();
    add("baseline.json", &baseline);
    let case: toml::Table = toml::from_str(&fs::read_to_string(root.join("tests/cmd/validate-score.toml")).unwrap()).unwrap();
    let sheet = case["files"]["sheet.csv"].as_str().unwrap();
    let (sheet, coded) = validation::read_sheet("sheet.csv", sheet, false).unwrap();
    let mut score = Vec::new();
    validation::write(&validation::score(&sheet, &coded, None).unwrap(), &mut score).unwrap();
    add("score.json", &score);
    let mut tar = tar::Builder::new(Vec::new());
    for name in ["a.mbox", "b/c.eml"] {
        let mut header = tar::Header::new_gnu();
        let mail = b"From a@x.example Mon Jan  5 10:00:00 2026\nFrom: a@x.example\nSubject: x\n\nWe shipped it.\n";
        header.set_size(mail.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, &mail[..]).unwrap();
    }
    let tar = tar.into_inner().unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&tar).unwrap();
    add("a.tar.gz", &gzip.finish().unwrap());
    add("a.tar", &tar);
    seeds
}
