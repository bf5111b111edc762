//! The same messages in other wrappings, and the same export twice, give the same counts.

use std::fs;
use std::io::Write;
use std::path::Path;

use crate::support::{Scratch, evenhand, root, stdout, zip_of_folder};

const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n";

/// The first mails of the sample mailbox.
fn mbox() -> String {
    let mbox = fs::read_to_string(root().join("samples/mail.mbox")).unwrap();
    mbox.split("\n\nFrom ").take(200).collect::<Vec<_>>().join("\n\nFrom ") + "\n\n"
}

/// The same as single mails, in their order.
fn mails() -> Vec<String> {
    let mbox = mbox();
    let mbox = mbox.strip_suffix("\n\n").unwrap();
    mbox.split("\n\nFrom ").map(|mail| mail.split_once('\n').unwrap().1.to_owned() + "\n").collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A tar archive of a folder, its members from last to first, as no folder is walked.
fn tar(folder: &Path) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let files: Vec<_> = files.collect();
    for file in files.iter().rev() {
        builder.append_path_with_name(file.path(), file.path().strip_prefix(folder).unwrap()).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn the_same_mails_give_the_same_tally_whatever_they_are_wrapped_in() {
    let scratch = Scratch::new("forms");
    let key = scratch.write("key", KEY);
    for (at, mail) in mails().iter().enumerate() {
        scratch.write(&format!("eml/{at:04}.eml"), mail);
        scratch.write(&format!("maildir/cur/{at:04}.host:2,S"), mail);
        fs::create_dir_all(scratch.path("maildir/new")).unwrap();
    }
    let mbox = mbox().into_bytes();
    scratch.write("mbox/mail.mbox", &mbox);
    let zstandard = ruzstd::encoding::compress_to_vec(&mbox[..], ruzstd::encoding::CompressionLevel::Fastest);
    let mut forms = vec![scratch.path("mbox/mail.mbox"), scratch.path("eml"), scratch.path("maildir")];
    forms.extend([scratch.write("mail.mbox.gz", gzip(&mbox)), scratch.write("mail.mbox.zst", zstandard)]);
    for folder in ["mbox", "eml", "maildir"] {
        let tar = tar(Path::new(&scratch.path(folder)));
        forms.push(scratch.write(&format!("{folder}.tar.gz"), gzip(&tar)));
        forms.push(scratch.write(&format!("{folder}.tar"), tar));
        let zip = scratch.path(&format!("{folder}.zip"));
        zip_of_folder(Path::new(&scratch.path(folder)), Path::new(&zip));
        forms.push(zip);
    }
    // An archive in an archive.
    scratch.write("in/a.zip", fs::read(scratch.path("eml.zip")).unwrap());
    forms.push(scratch.write("in.tgz", gzip(&tar(Path::new(&scratch.path("in"))))));
    let tallies: Vec<Vec<u8>> = forms.iter().map(|form| tally(&scratch, &[form], &key)).collect();
    for (form, tally) in forms.iter().zip(&tallies) {
        assert!(*tally == tallies[0], "{form}:\n{}\n{}", String::from_utf8_lossy(tally), String::from_utf8_lossy(&tallies[0]));
    }
}

fn tally(scratch: &Scratch, inputs: &[&String], key: &str) -> Vec<u8> {
    let out = scratch.path("out.tally");
    let mut args = vec!["scan", "-o", &out, "--config", "samples/evenhand.toml", "--key-file", key, "--quiet"];
    args.extend(inputs.iter().map(|input| input.as_str()));
    stdout(&args, 0);
    let tally = fs::read(&out).unwrap();
    fs::remove_file(out).unwrap();
    tally
}

#[test]
fn archives_are_opened_in_archives_but_not_without_end() {
    let scratch = Scratch::new("nested");
    let mut bytes = mails()[0].clone().into_bytes();
    let mut name = "a.eml".to_owned();
    for level in 0..4 {
        let folder = scratch.path(&format!("level-{level}"));
        scratch.write(&format!("level-{level}/{name}"), &bytes);
        bytes = tar(Path::new(&folder));
        name = format!("{level}.tar");
        let output = evenhand(&["report", &scratch.write(&name, &bytes), "--format", "json", "--quiet"]);
        let is_read = String::from_utf8_lossy(&output.stdout).contains("\"read\": 1");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(is_read, level < 3, "{level}: {stderr}");
        assert_eq!(stderr.contains("an archive in 3 others, at most 2 are opened"), level == 3, "{stderr}");
    }
}

/// The lines of a tally without the first, which counts what was read and left out.
fn counts(tally: &[u8]) -> Vec<String> {
    String::from_utf8(tally.to_vec()).unwrap().lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn an_export_that_is_given_twice_under_two_names_changes_no_count() {
    let scratch = Scratch::new("twice");
    let key = scratch.write("key", KEY);
    let mbox = mbox().into_bytes();
    // Without times and ids no message can be told from another.
    let timeless =
        "author,text\n".to_owned() + "Ann,Marketing lives in an ivory tower.\n\"Bo\",Sales saved the day again.\nAnn,ok\nAnn,ok\n";
    let exports = [("mail.mbox", mbox), ("talk.csv", timeless.into_bytes())];
    for (name, bytes) in exports {
        let (one, two) = (scratch.write(name, &bytes), scratch.write(&format!("copy of {name}.gz"), gzip(&bytes)));
        let map = if name == "talk.csv" { vec!["--map", "text=text,author=author"] } else { Vec::new() };
        let scan = |inputs: &[&String]| {
            let out = scratch.path("out.tally");
            let mut args = vec!["scan", "-o", &out, "--key-file", &key, "--quiet"];
            args.extend(map.iter());
            args.extend(inputs.iter().map(|input| input.as_str()));
            stdout(&args, 0);
            let tally = fs::read(&out).unwrap();
            fs::remove_file(out).unwrap();
            tally
        };
        let (alone, twice) = (scan(&[&one]), scan(&[&one, &two]));
        assert_eq!(counts(&alone), counts(&twice), "{name}");
        assert!(!counts(&alone).is_empty());
    }
}
