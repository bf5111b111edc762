//! Mails that were collected because they are hard to read, each compared with Python's reader.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use evenhand::source::{self, Format, Options, mail};
use serde_json::Value;

use crate::support::{corpora, root};

/// The mails below a folder, sorted, without what stands beside them as their expected parts.
fn mails(folder: &Path) -> Vec<PathBuf> {
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let is_mail = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
        let ends = |end: &str| name.ends_with(end);
        match name.split('/').next().unwrap() {
            "james-mimetools" => ends(".msg"),
            "python-email" => ends(".txt"),
            "mail-parser-malformed" => ends(".eml"),
            _ => true,
        }
    };
    files.map(walkdir::DirEntry::into_path).filter(is_mail).collect()
}

fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned()
}

/// How many texts two lists have in common in the same order.
fn n_in_common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for text in a {
        let mut diagonal = 0;
        for (at, other) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if text == other { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[test]
fn hard_mails_decode_as_another_reader_decodes_them() {
    let Some(folder) = corpora("hard_mails_decode_as_another_reader_decodes_them") else { return };
    let mails = mails(&folder.join("mime"));
    assert!(mails.len() >= 240, "{}", mails.len());
    let decoded = Command::new("python3").arg(root().join("tests/oracle/decoded_text.py")).args(&mails).output().unwrap();
    assert!(decoded.status.success(), "{}", String::from_utf8_lossy(&decoded.stderr));
    let (mut n_parts, mut n_equal, mut n_undecoded) = (0, [0, 0], 0);
    for (path, line) in mails.iter().zip(String::from_utf8(decoded.stdout).unwrap().lines()) {
        let expected: Value = serde_json::from_str(line).unwrap();
        let Some(parts) = expected["parts"].as_array() else { continue };
        let found: Vec<String> = mail::texts(&fs::read(path).unwrap()).iter().map(|text| normal(text)).collect();
        let decoded = |of: &str| expected[of].as_array().unwrap().iter().filter_map(Value::as_str).map(normal).collect::<Vec<_>>();
        let [strict, as_browsers] = ["parts", "as_browsers"].map(decoded);
        n_undecoded += parts.len() - strict.len();
        let n = [&strict, &as_browsers].map(|expected| n_in_common(expected, &found));
        if n[1] < as_browsers.len() {
            let name = path.strip_prefix(&folder).unwrap().display();
            eprintln!("{name}: {} of {} parts equal, {} found", n[1], as_browsers.len(), found.len());
            if std::env::var_os("EVENHAND_SHOW_DIFFERENCES").is_some() {
                eprintln!("  expected {as_browsers:?}\n  found    {found:?}");
            }
        }
        n_parts += strict.len();
        n_equal = [n_equal[0] + n[0], n_equal[1] + n[1]];
    }
    let [n_strict, n_as_browsers] = n_equal;
    eprintln!(
        "of {n_parts} parts {n_strict} equal, {n_as_browsers} with charsets as browsers read them; {n_undecoded} the other reader could not decode"
    );
    // What differs besides charsets: a packed text labelled as text, a mail whose header is broken on purpose twice.
    assert!(n_as_browsers * 100 >= n_parts * 98 && n_strict * 100 >= n_parts * 97, "{n_equal:?} of {n_parts}");
}

#[test]
fn no_hard_mail_is_lost() {
    let Some(folder) = corpora("no_hard_mail_is_lost") else { return };
    let (mut n_messages, mut n_lost) = (0, Vec::new());
    for path in mails(&folder.join("mime")) {
        let options = Options { format: Some(Format::Mail), ..Options::default() };
        let (mut messages, mut faults) = (0, Vec::new());
        for batch in source::open(&path, &options).unwrap().batches {
            batch.unwrap().each_message(&mut |read| match read {
                Ok(_) => messages += 1,
                Err(fault) => faults.push(fault.to_string()),
            });
        }
        assert!(messages == 1 || messages == 0 && faults.len() == 1, "{}: {messages}, {faults:?}", path.display());
        n_messages += messages;
        if messages == 0 {
            n_lost.extend(faults);
        }
    }
    eprintln!("{n_messages} read, {n_lost:?}");
    // One is text without any header.
    assert!(n_lost.len() <= 1, "{n_lost:?}");
}
