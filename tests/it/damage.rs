//! Real exports, damaged: cut short, with changed bytes, under wrong names. Nothing may panic or hang, what is missing must be told, and what
//! stands before the damage is kept. `EVENHAND_DAMAGE=all` takes every file of the corpora instead of a few.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use evenhand::roster::Roster;
use evenhand::scan::{self, Setup};
use evenhand::shipped;
use evenhand::source::table::FieldMap;
use evenhand::source::{self, Options};
use evenhand::tally::Key;
use jiff::tz::TimeZone;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::support::{Scratch, corpora};

const SAMPLE: [&str; 15] = [
    "mbox/bigbang-dev-test.mbox",
    "mbox/bigbang-dev-test.mbox.gz",
    "enron/maildir/allen-p/inbox/1.",
    "mime/python-email/msg_02.txt",
    "mime/james-mimetools/re-fwd.msg",
    "outlook/outlook-message-parser/simple reply with CC.msg",
    "outlook/outlook-message-parser/nested simple mail.msg",
    "outlook/java-libpst/dist-list.pst",
    "slack/zulip-test_slack_importer.zip",
    "discord/dce-server-channel.json",
    "telegram/personal-chat.json",
    "telegram/innerdvations/public_supergroup.json",
    "mattermost/export-two-teams.jsonl",
    "zulip/lean-community/113488-general/04857.json",
    "whatsapp/chat-analytics-1.txt",
];
const N_PLACES: usize = 20;
const LONGEST: Duration = Duration::from_secs(30);

/// What came of an input.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    messages: Vec<String>,
    faults: Vec<String>,
}

/// Reads an input; words instead where that panics or takes too long.
fn read(path: &Path) -> Result<Outcome, String> {
    let began = Instant::now();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let mut outcome = Outcome { messages: Vec::new(), faults: Vec::new() };
        match source::open(path, &Options { include_private: true, include_direct: true, ..Options::default() }) {
            Err(fault) => outcome.faults.push(fault.why),
            Ok(source) => {
                for batch in source.batches {
                    match batch {
                        Err(fault) => outcome.faults.push(fault.why),
                        Ok(batch) => batch.each_message(&mut |read| match read {
                            Err(fault) => outcome.faults.push(fault.why),
                            Ok(message) => {
                                outcome.messages.push(format!("{:?} {:?} {}", message.author.key(), message.sent_at, message.text));
                            }
                        }),
                    }
                }
            }
        }
        outcome
    }));
    let outcome = outcome.map_err(|_| "panics".to_owned())?;
    if began.elapsed() > LONGEST { Err(format!("takes {} s", began.elapsed().as_secs())) } else { Ok(outcome) }
}

/// Formats whose end or checksum tells that something is missing.
fn tells_its_end(name: &str, bytes: &[u8]) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default();
    let is_packed = ["zip", "gz", "zst"].iter().any(|known| extension == *known);
    is_packed
        || bytes.starts_with(b"\xd0\xcf\x11\xe0")
        || bytes.starts_with(b"!BDN")
        || extension == "json" && bytes.trim_ascii_end().ends_with(b"}")
}

fn places(len: usize) -> impl Iterator<Item = usize> {
    (1..=N_PLACES).map(move |n| (n * len / (N_PLACES + 1) + n * n * 7).min(len.saturating_sub(1)))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    if std::env::var("EVENHAND_DAMAGE").is_ok_and(|which| which == "all") {
        let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        return files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect();
    }
    SAMPLE.iter().map(|name| folder.join(name)).filter(|path| path.is_file()).collect()
}

#[test]
fn damaged_exports_never_panic_hang_or_pass_in_silence_and_keep_what_stands_before() {
    let Some(folder) = corpora("damaged_exports_never_panic") else { return };
    let scratch = Scratch::new("damage");
    let files = files(&folder);
    assert!(files.len() >= 8, "{files:?}");
    let mut wrong = Vec::new();
    let mut n: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let shown = path.strip_prefix(&folder).unwrap().display().to_string();
        let bytes = std::fs::read(path).unwrap();
        if bytes.is_empty() {
            continue;
        }
        // Nicks that talk later tell which words are addresses, edits come as lines of their own, and the day may stand in the name alone.
        let is_log = shown.starts_with("irc/") || shown.starts_with("jsonl/");
        // A file that is read only with what stands beside it is refused alone, whole or not.
        let at = PathBuf::from(scratch.write(&name, &bytes));
        let whole = match read(&at) {
            Ok(outcome) => outcome,
            Err(why) => {
                wrong.push(format!("{shown}: {why}"));
                continue;
            }
        };
        let tells_its_end = tells_its_end(&name, &bytes);
        for place in places(bytes.len()) {
            std::fs::write(&at, &bytes[..place]).unwrap();
            *n.entry("cut").or_default() += 1;
            match read(&at) {
                Err(why) => wrong.push(format!("{shown}: cut at {place}: {why}")),
                Ok(cut) => {
                    *n.entry("cut and told").or_default() += usize::from(!cut.faults.is_empty());
                    // The last may be what the cut left of a message.
                    let n_same = cut.messages.iter().zip(&whole.messages).take_while(|(a, b)| a == b).count();
                    let is_front = n_same + 1 >= cut.messages.len();
                    let is_less = cut.messages != whole.messages;
                    if is_less && cut.faults.is_empty() && tells_its_end && place > 0 {
                        wrong.push(format!(
                            "{shown}: cut at {place}: {} of {} messages, in silence",
                            cut.messages.len(),
                            whole.messages.len()
                        ));
                    }
                    if !is_front && !is_log && Path::new(&name).extension().is_none_or(|end| end != "zip") {
                        wrong.push(format!("{shown}: cut at {place}: message {} is another", n_same + 1));
                    }
                }
            }
            let mut changed = bytes.clone();
            changed[place] ^= 1 << (place % 8);
            std::fs::write(&at, &changed).unwrap();
            *n.entry("changed").or_default() += 1;
            match read(&at) {
                Err(why) => wrong.push(format!("{shown}: byte {place} changed: {why}")),
                Ok(outcome) => {
                    let differs = outcome.messages != whole.messages;
                    *n.entry("changed to an effect").or_default() += usize::from(differs);
                    *n.entry("changed and told").or_default() += usize::from(!outcome.faults.is_empty());
                    let has_checksum = ["zip", "gz"].iter().any(|end| name.ends_with(end));
                    if differs && outcome.faults.is_empty() && has_checksum {
                        wrong.push(format!("{shown}: byte {place} changed: in silence"));
                    }
                }
            }
        }
        std::fs::remove_file(&at).unwrap();
        for other in ["x.txt", "x.json", "x.mbox", "x.zip", "x.gz", "x.pst", "x"] {
            let at = PathBuf::from(scratch.write(other, &bytes));
            *n.entry("misnamed").or_default() += 1;
            match read(&at) {
                Err(why) => wrong.push(format!("{shown} as {other}: {why}")),
                Ok(outcome) if outcome.messages != whole.messages && !(is_log && outcome.messages.len() == whole.messages.len()) => {
                    wrong.push(format!("{shown} as {other}: {} of {} messages", outcome.messages.len(), whole.messages.len()));
                }
                Ok(_) => {}
            }
            std::fs::remove_file(at).unwrap();
        }
    }
    eprintln!("{} files: {n:?}", files.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a file tells of what it lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tells {
    /// Nothing: records stand one after another.
    Nothing,
    /// That its end is missing.
    End,
    /// That any byte is another.
    All,
}

/// A kind of file: its name, what the paths of its files hold, and what it tells.
type Kind = (&'static str, &'static str, Tells);

const KINDS: [Kind; 18] = [
    ("mailbox", "mbox/bigbang-dev-test.mbox", Tells::Nothing),
    ("mailbox, packed", ".mbox.gz", Tells::All),
    ("mail", "enron/maildir/", Tells::Nothing),
    ("mail with parts", "mime/", Tells::Nothing),
    ("Outlook item", "outlook/outlook-message-parser/", Tells::End),
    ("Outlook mailbox", "outlook/java-libpst/", Tells::End),
    ("Slack archive", "slack/zulip-test_slack_importer.zip", Tells::All),
    ("Slack day", "slack/houstondatavis/general/", Tells::End),
    ("Slack log", "jsonl/clojurians", Tells::Nothing),
    ("Discord", "discord/", Tells::End),
    ("Telegram", "telegram/", Tells::End),
    ("Mattermost", "mattermost/", Tells::Nothing),
    ("Teams", "teams/", Tells::End),
    ("Zulip", "zulip/", Tells::End),
    ("WhatsApp", "whatsapp/", Tells::Nothing),
    ("IRC log", "irc/ltsp/", Tells::Nothing),
    ("IRC page", "irc/duraspace", Tells::Nothing),
    ("table", "samples/roster.csv", Tells::Nothing),
];

/// Files of a kind that are damaged in turn.
const MOST_FILES: usize = 12;
/// Larger files of a kind are left to the smaller ones.
const MOST_BYTES: u64 = 400 << 10;
const MOST_MIB: u64 = 500;

/// Does damage of some sort to a file and says which.
fn damage(bytes: &mut Vec<u8>, other: &[u8], rng: &mut ChaCha8Rng) -> &'static str {
    let len = bytes.len();
    let start = rng.random_range(0..len);
    let end = (start + rng.random_range(1..=4096)).min(len);
    match rng.random_range(0..9) {
        0 => {
            bytes.truncate(start);
            "cut short"
        }
        1 => {
            for _ in 0..rng.random_range(1..=8) {
                bytes[rng.random_range(0..len)] ^= 1 << rng.random_range(0..8);
            }
            "bits turned"
        }
        2 => {
            bytes[start..end].fill(0);
            "a stretch of zeros"
        }
        3 => {
            bytes[start..end].iter_mut().for_each(|byte| *byte = rng.random());
            "a stretch of noise"
        }
        4 => {
            drop(bytes.drain(start..end));
            "a stretch lost"
        }
        5 => {
            let copy = bytes[start..end].to_vec();
            bytes.splice(end..end, copy);
            "a stretch twice"
        }
        6 => {
            let half = bytes[start..end].len() / 2;
            bytes[start..end].rotate_left(half);
            "stretches exchanged"
        }
        7 => {
            let from = rng.random_range(0..other.len());
            bytes.splice(start..end, other[from..(from + 4096).min(other.len())].iter().copied());
            "a stretch of another file"
        }
        _ => {
            let text: Vec<u8> = bytes.iter().flat_map(|&byte| if byte == b'\n' { vec![b'\r', b'\n'] } else { vec![byte & 0x7f] }).collect();
            *bytes = text;
            "sent as text of seven bits"
        }
    }
}

/// What the whole way from a file to a tally says of it: messages read, and faults; or that it panics.
fn scanned(path: &Path, setup: &Setup) -> Result<(u64, usize), String> {
    let map = FieldMap::parse("text=name,author=email,team=team").unwrap();
    let map = path.extension().is_some_and(|extension| extension == "csv").then(|| Arc::new(map));
    let options = Options { map, include_private: true, include_direct: true, ..Options::default() };
    let outcome = catch_unwind(AssertUnwindSafe(|| match source::open(path, &options) {
        Err(_) => (0, 1),
        Ok(source) => {
            let scanned = scan::scan(vec![source], setup, &|_| {});
            (scanned.tally.intake.read, scanned.faults.len())
        }
    }));
    outcome.map_err(|_| "panics".to_owned())
}

/// Memory that was resident at most since this was called last; nothing where the system does not tell.
fn peak_mib() -> u64 {
    let told = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak.unwrap_or_default() >> 10
}

/// Thirty damaged copies of every kind of file, or `EVENHAND_DAMAGE_COPIES`: no fault only where every message was read. Where a format has no
/// checksum, what is lost between two records cannot be seen; how often that was is told.
#[test]
fn a_damaged_copy_is_told_or_has_every_message() {
    let Some(folder) = corpora("a_damaged_copy_is_told") else { return };
    let asked = std::env::var("EVENHAND_DAMAGE_COPIES").ok().map(|n| n.parse::<u64>().unwrap());
    let setup = Setup::new(shipped::lexicons().unwrap(), Roster::default(), TimeZone::UTC, Key::new([7; 32])).unwrap();
    let scratch = Scratch::new("damage-copies");
    let mut files: Vec<PathBuf> = [folder.clone(), crate::support::root().join("samples/roster.csv")]
        .iter()
        .flat_map(|root| walkdir::WalkDir::new(root).sort_by_file_name())
        .flatten()
        .filter(|entry| entry.file_type().is_file() && (1..MOST_BYTES).contains(&entry.metadata().unwrap().len()))
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.sort();
    let mut wrong = Vec::new();
    for (kind, part, tells) in KINDS {
        let of_kind: Vec<&PathBuf> = files.iter().filter(|path| path.to_string_lossy().contains(part)).collect();
        assert!(!of_kind.is_empty(), "no file of {kind}");
        let step = of_kind.len().div_ceil(MOST_FILES);
        let at = |path: &Path| PathBuf::from(scratch.path(path.file_name().unwrap().to_str().unwrap()));
        let read = |path: &PathBuf| {
            let (bytes, at) = (std::fs::read(path).unwrap(), at(path));
            std::fs::write(&at, &bytes).unwrap();
            let before = scanned(&at, &setup).unwrap();
            std::fs::remove_file(at).unwrap();
            (path.clone(), bytes, before)
        };
        let whole: Vec<(PathBuf, Vec<u8>, (u64, usize))> = of_kind.into_iter().step_by(step).map(read).collect();
        let (mut n_told, mut n_all, mut n_fewer, mut slowest, mut most_mib) = (0, 0, 0, 0.0_f64, 0);
        for copy in 0..asked.unwrap_or(30) {
            let (path, bytes, before) = &whole[usize::try_from(copy).unwrap() % whole.len()];
            let other = &whole[(usize::try_from(copy).unwrap() + 1) % whole.len()].1;
            let at = at(path);
            let mut damaged = bytes.clone();
            let sort = damage(&mut damaged, other, &mut ChaCha8Rng::seed_from_u64(copy));
            std::fs::write(&at, &damaged).unwrap();
            peak_mib();
            let began = Instant::now();
            match scanned(&at, &setup) {
                Err(why) => wrong.push(format!("{kind}, copy {copy} ({sort}): {why}")),
                Ok((_, 1..)) => n_told += 1,
                Ok((read, 0)) if read >= before.0 => n_all += 1,
                Ok((read, 0)) => {
                    n_fewer += 1;
                    let shows = tells == Tells::All || tells == Tells::End && sort == "cut short";
                    if shows && before.1 == 0 && !damaged.is_empty() {
                        let name = path.file_name().unwrap().to_string_lossy();
                        wrong.push(format!("{kind}, copy {copy} of {name} ({sort}): {read} of {} messages, in silence", before.0));
                    }
                }
            }
            let seconds = began.elapsed().as_secs_f64();
            (slowest, most_mib) = (slowest.max(seconds), most_mib.max(peak_mib()));
            if seconds > LONGEST.as_secs_f64() {
                wrong.push(format!("{kind}, copy {copy} ({sort}): {seconds:.0} s"));
            }
            std::fs::remove_file(&at).unwrap();
        }
        eprintln!(
            "{kind:20} {:3} files: {n_told:5} told, {n_all:5} whole, {n_fewer:4} fewer in silence; slowest {slowest:.2} s, {most_mib} MiB",
            whole.len()
        );
        // Beside other tests of the same process memory says nothing.
        if asked.is_some() && most_mib > MOST_MIB {
            wrong.push(format!("{kind}: {most_mib} MiB"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
