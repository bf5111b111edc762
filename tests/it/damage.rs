//! Real exports, damaged: cut short, with changed bytes, under wrong names. Nothing may panic or hang, what is missing must be told, and what
//! stands before the damage is kept. `EVENHAND_DAMAGE=all` takes every file of the corpora instead of a few.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use evenhand::source::{self, Options};

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
