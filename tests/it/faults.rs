//! What happens around a run: disks that are full, pipes that close, signals, files that grow, and machines that are set up otherwise.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use evenhand::source::{self, Options};

use crate::support::{Scratch, exit_code, root};

const INPUT: [&str; 1] = ["samples/mail.mbox"];

/// A shell's line in the package's folder; `$E` is the command. Gives its exit code and standard error.
fn shell(line: &str) -> (i32, String) {
    let output = Command::new("sh").args(["-c", line]).env("E", env!("CARGO_BIN_EXE_evenhand")).current_dir(root()).output().unwrap();
    (exit_code(output.status), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Whether a file is one that did not take its place.
fn is_part(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "part")
}

#[test]
fn a_full_disk_is_told_and_what_stood_there_before_stays() {
    let scratch = Scratch::new("faults-full");
    let tally = scratch.write("a.tally", "as it was");
    // The limit of a user on the size of a file; in a shell's blocks, of 512 or 1,024 bytes.
    let (code, stderr) = shell(&format!("ulimit -f 2; exec $E scan samples/mail.mbox -o {tally}"));
    assert_eq!((code, stderr.lines().last().unwrap()), (2, format!("evenhand: {tally}: file too large (os error 27)").as_str()));
    assert_eq!((names(&scratch.0), fs::read_to_string(&tally).unwrap().as_str()), (vec!["a.tally".to_owned()], "as it was"));
    let folder = scratch.path("pages");
    let (code, stderr) = shell(&format!("ulimit -f 2; exec $E report samples/mail.mbox --format all --output {folder}"));
    assert!(code == 2 && stderr.contains("file too large"), "{code} {stderr}");
    for name in names(Path::new(&folder)) {
        assert!(fs::metadata(Path::new(&folder).join(&name)).unwrap().len() <= 2048 && !is_part(&name), "{name}");
    }
    if !Path::new("/dev/full").exists() {
        return eprintln!("a_full_disk_is_told: /dev/full is not there, standard output NOT TRIED");
    }
    for command in ["report samples/mail.mbox", "hits samples/mail.mbox --show-text", "completions bash", "lexicon list"] {
        let (code, stderr) = shell(&format!("exec $E {command} > /dev/full"));
        assert_eq!(
            (code, stderr.lines().last().unwrap()),
            (2, "evenhand: standard output: no space left on device (os error 28)"),
            "{command}"
        );
    }
    let (code, stderr) = shell("exec $E scan samples/mail.mbox -o /dev/full");
    assert_eq!((code, stderr.lines().last().unwrap()), (2, "evenhand: /dev/full: no space left on device (os error 28)"));
}

#[test]
fn a_disk_that_is_really_full_holds_no_half_file() {
    let scratch = Scratch::new("faults-tmpfs");
    let disk = scratch.path("disk");
    fs::create_dir(&disk).unwrap();
    // In a name space of its own, so that nothing stays mounted.
    let mount = format!("mount -t tmpfs -o size=16k none {disk}");
    if !Command::new("unshare").args(["-m", "sh", "-c", &mount]).status().is_ok_and(|status| status.success()) {
        return eprintln!("a_disk_that_is_really_full: no disk can be mounted here, NOT TRIED");
    }
    let run = format!("{mount} && $E scan samples/slack samples/mail.mbox -o {disk}/a.tally; echo $? >&2; ls -A {disk} | wc -l >&2");
    let (_, stderr) = shell(&format!("unshare -m sh -c '{run}'"));
    let told: Vec<&str> = stderr.lines().rev().take(3).map(str::trim).collect();
    assert_eq!(told, ["0", "2", &format!("evenhand: {disk}/a.tally: no space left on device (os error 28)")], "{stderr}");
}

#[test]
fn a_closed_pipe_ends_a_run_without_a_word() {
    for command in [
        "report samples/slack",
        "hits samples/slack --show-text",
        "hits samples/slack --format jsonl",
        "lexicon list",
        "completions zsh",
        "--help",
    ] {
        let run = || {
            let mut child = Command::new(env!("CARGO_BIN_EXE_evenhand"));
            child.args(command.split(' ')).current_dir(root()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let mut child = run();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((exit_code(child.wait().unwrap()), stderr.as_str()), (0, ""), "{command}");
        let mut child = run();
        let mut first = [0; 100];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        assert_eq!(exit_code(child.wait().unwrap()), 0, "{command}");
    }
}

fn signal(child: &Child, name: &str) {
    // The process may have ended by itself.
    let _ = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).stderr(Stdio::null()).status().unwrap();
}

/// A run that writes a tally, of the samples and of what is fed to it.
fn scan(tally: &str, key: &str, inputs: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.arg("scan").args(inputs).args(["-o", tally, "--key-file", key]).current_dir(root());
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn ctrl_c_ends_a_run_within_a_second_with_a_line_and_no_half_file() {
    let scratch = Scratch::new("faults-signal");
    let (tally, key) = (scratch.path("a.tally"), scratch.write("key", "0f".repeat(32)));
    // One that waits for more input, and one that is busy.
    let mail = fs::read_to_string(root().join("samples/mail.mbox")).unwrap();
    let busy = scratch.write("busy.mbox", mail.repeat(1 + (40 << 20) / mail.len()));
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        for input in ["-", &busy] {
            let mut child = scan(&tally, &key, &[input]);
            let stdin = child.stdin.take();
            std::thread::sleep(Duration::from_millis(400));
            assert!(child.try_wait().unwrap().is_none(), "{input} was read too soon");
            let began = Instant::now();
            signal(&child, name);
            let ended = exit_code(child.wait().unwrap());
            let seconds = began.elapsed().as_secs_f64();
            let mut stderr = String::new();
            child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
            drop(stdin);
            assert_eq!(
                (ended, stderr.as_str()),
                (code, format!("evenhand: stopped by SIG{name}; no file is half written\n").as_str()),
                "{input}"
            );
            assert!(seconds < 1.0, "{seconds} s");
            assert_eq!(names(&scratch.0), ["busy.mbox", "key"]);
        }
    }
}

#[test]
fn who_is_killed_at_any_moment_leaves_the_old_file_or_the_new_one() {
    const N_KILLS: u32 = 15;
    let scratch = Scratch::new("faults-kill");
    let (tally, key) = (scratch.path("a.tally"), scratch.write("key", "0f".repeat(32)));
    let began = Instant::now();
    assert!(scan(&tally, &key, &INPUT).wait().unwrap().success());
    let whole = began.elapsed();
    let new = fs::read(&tally).unwrap();
    let mut n: BTreeMap<&str, u32> = BTreeMap::new();
    for kill in 0..N_KILLS {
        let name = ["KILL", "INT", "TERM"][kill as usize % 3];
        fs::write(&tally, "as it was").unwrap();
        let mut child = scan(&tally, &key, &INPUT);
        // Most of them around the end, where the file is written.
        std::thread::sleep(whole * (N_KILLS / 2 + kill) / (N_KILLS * 3 / 2));
        signal(&child, name);
        let is_done = child.wait().unwrap().success();
        let found = fs::read(&tally).unwrap();
        assert!(found == new || found == b"as it was", "kill {kill}: {} bytes", found.len());
        assert!(!is_done || found == new, "kill {kill}");
        *n.entry(if found == new { "new" } else { "old" }).or_default() += 1;
        // Only who is killed outright cannot clear up; what is left bears another name and is its owner's.
        for left in names(&scratch.0).iter().filter(|name| is_part(name)) {
            use std::os::unix::fs::PermissionsExt;
            let left = scratch.0.join(left);
            assert_eq!((name, left.metadata().unwrap().permissions().mode() & 0o777), ("KILL", 0o600));
            fs::remove_file(left).unwrap();
        }
    }
    eprintln!("{N_KILLS} kills: {n:?}");
}

#[test]
fn a_file_that_grows_while_it_is_read_is_read_as_it_was_and_that_is_told() {
    let scratch = Scratch::new("faults-grows");
    let mail = fs::read_to_string(root().join("samples/mail.mbox")).unwrap();
    let path = scratch.write("a.mbox", mail.repeat(1 + (4 << 20) / mail.len()));
    let read = |grow: bool| {
        let (mut n, mut told) = (0, Vec::new());
        let mut batches = source::open(Path::new(&path), &Options::default()).unwrap().batches;
        let first = batches.next();
        if grow {
            fs::File::options().append(true).open(&path).unwrap().write_all(mail.as_bytes()).unwrap();
        }
        for batch in first.into_iter().chain(batches) {
            match batch {
                Err(fault) => told.push(fault.why),
                Ok(batch) => batch.each_message(&mut |message| n += usize::from(message.is_ok())),
            }
        }
        (n, told)
    };
    let (n, told) = read(false);
    assert!(n > 1000 && told.is_empty(), "{n} {told:?}");
    let (n_grown, told) = read(true);
    assert_eq!(n_grown, n);
    assert!(told.len() == 1 && told[0].contains("bytes while it was read"), "{told:?}");
    assert!(read(false).0 > n);
}

#[test]
fn language_zone_and_clock_of_a_machine_change_nothing() {
    let scratch = Scratch::new("faults-machine");
    let key = scratch.write("key", "0f".repeat(32));
    let has_faketime = Command::new("faketime").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_faketime {
        eprintln!("language_zone_and_clock: faketime is not there, another clock NOT TRIED");
    }
    let limits =
        "[[check.limit]]\nteam = \"company\"\ncategory = \"ivory_tower\"\ntarget = \"marketing\"\nmax_per_1000_naming_segments = 40\n";
    let limits = scratch.write("limits.toml", limits);
    // Some of the samples, for each is read twenty times.
    let mail = fs::read_to_string(root().join("samples/mail.mbox")).unwrap();
    let exports = [
        "samples/slack/trade-fairs",
        &scratch.write("some.mbox", &mail[..=mail[..mail.floor_char_boundary(400_000)].rfind("\nFrom ").unwrap()]),
    ];
    let machines: [(&str, &[(&str, &str)]); 5] = [
        ("", &[]),
        ("", &[("LC_ALL", "tr_TR.UTF-8"), ("LANG", "de_DE.UTF-8"), ("LANGUAGE", "ja")]),
        ("", &[("TZ", "Pacific/Kiritimati")]),
        ("", &[("TZ", "America/Anchorage"), ("LC_ALL", "C")]),
        ("2031-12-31 23:59:59", &[]),
    ];
    let mut expected: Option<Vec<(String, Vec<u8>)>> = None;
    for (clock, variables) in machines.iter().filter(|machine| machine.0.is_empty() || has_faketime) {
        let folder = scratch.path("out");
        let run = |args: &[&str]| {
            let program = env!("CARGO_BIN_EXE_evenhand");
            let mut command = Command::new(if clock.is_empty() { program } else { "faketime" });
            if !clock.is_empty() {
                command.args([clock, program]);
            }
            for name in ["LC_ALL", "LANG", "LANGUAGE", "TZ"] {
                command.env_remove(name);
            }
            let output = command.args(args).current_dir(root()).envs(variables.iter().copied()).output().unwrap();
            assert!(output.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        let setup = ["--roster", "samples/roster.csv", "--key-file", &key];
        let inputs = [&exports[..], &setup].concat();
        run(&[&["report", "--format", "all", "--output", &folder], &inputs[..]].concat());
        run(&[&["scan", "-o", &format!("{folder}/a.tally")], &inputs[..]].concat());
        let mut found: Vec<(String, Vec<u8>)> =
            names(Path::new(&folder)).into_iter().map(|name| (name.clone(), fs::read(Path::new(&folder).join(name)).unwrap())).collect();
        let check = [&["check", "--config", &limits, "--as-of", "2026-09-15", "--format", "json"], &inputs[..]].concat();
        found.push(("check".into(), run(&check)));
        found.push(("hits".into(), run(&[&["hits", "--format", "jsonl", "--show-text"], &exports[..]].concat())));
        assert!(found.len() > 7 && found.iter().all(|(_, bytes)| !bytes.is_empty()));
        match &expected {
            None => expected = Some(found),
            Some(expected) => {
                for (a, b) in expected.iter().zip(&found) {
                    assert!(a == b, "{} differs with {clock} {variables:?}", a.0);
                }
                assert_eq!(expected.len(), found.len());
            }
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
