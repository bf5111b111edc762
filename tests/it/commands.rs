//! The command as it is typed: every `tests/cmd/NAME.toml` is a case, and below them stands what takes more than one run to show.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use rayon::prelude::*;
use serde::Deserialize;
use snapbox::filter::{normalize_lines, normalize_paths};
use snapbox::report::Palette;
use snapbox::{Assert, IntoData};

use crate::support::{Scratch, evenhand, root, stdout};

/// A case. It runs in a fresh copy of the folder `NAME.in`, else of `common.in`. Patterns are snapbox's: `[..]` stands for anything
/// within a line, `...` on a line of its own for any lines.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// A sentence that says what must hold.
    about: String,
    /// Runs before it in the same folder; each must end with 0.
    #[serde(default)]
    before: Vec<Vec<String>>,
    args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Files to add to the folder, by name.
    #[serde(default)]
    files: BTreeMap<String, String>,
    status: i32,
    /// Pattern; not looked at where absent.
    stdout: Option<String>,
    #[serde(default)]
    stdout_has: Vec<String>,
    #[serde(default)]
    stdout_lacks: Vec<String>,
    /// Pattern; absent means that nothing may be said.
    #[serde(default)]
    stderr: String,
    /// Files that must be there when it is done.
    #[serde(default)]
    files_after: Vec<String>,
    /// Files that must not be there when it is done.
    #[serde(default)]
    no_files_after: Vec<String>,
    /// Patterns of files that must be there when it is done, by name.
    #[serde(default)]
    texts_after: BTreeMap<String, String>,
}

/// What differs between a text and a pattern.
fn difference(what: &str, text: &str, pattern: &str) -> Option<String> {
    let assert = Assert::new().palette(Palette::plain());
    assert.try_eq(Some(&what), text.into_data(), pattern.into_data()).err().map(|error| error.to_string())
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap) {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A run in a folder, the same whatever the caller's surroundings.
fn run(folder: &Path, args: &[String], stdin: &str, env: &BTreeMap<String, String>) -> (Option<i32>, String, String) {
    let mut command = snapbox::cmd::Command::new(env!("CARGO_BIN_EXE_evenhand")).args(args).current_dir(folder).stdin(stdin.to_owned());
    for name in ["LC_ALL", "LC_CTYPE", "LANG", "NO_COLOR", "CLICOLOR_FORCE"] {
        command = command.env_remove(name);
    }
    let output = command.envs(env).timeout(Duration::from_mins(2)).output().unwrap();
    let text = |bytes: &[u8]| normalize_lines(&String::from_utf8_lossy(bytes));
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Runs a case and tells all that does not hold.
fn failure(file: &Path) -> Option<String> {
    let name = file.file_stem().unwrap().to_str().unwrap();
    let case: Case = match toml::from_str(&fs::read_to_string(file).unwrap()) {
        Ok(case) => case,
        Err(error) => return Some(format!("{name}: {error}")),
    };
    let scratch = Scratch::new(&format!("cmd-{name}"));
    let own = file.with_extension("in");
    copy(&if own.is_dir() { own } else { file.with_file_name("common.in") }, &scratch.0);
    for (name, text) in &case.files {
        scratch.write(name, text);
    }
    let mut failures = Vec::new();
    for args in &case.before {
        let (status, _, stderr) = run(&scratch.0, args, "", &case.env);
        failures.extend((status != Some(0)).then(|| format!("before: evenhand {}: {status:?}\n{stderr}", args.join(" "))));
    }
    let (status, stdout, stderr) = run(&scratch.0, &case.args, &case.stdin, &case.env);
    failures.extend((status != Some(case.status)).then(|| format!("exit code {status:?}, expected {}\n{stderr}", case.status)));
    failures.extend(case.stdout.as_ref().and_then(|pattern| difference("stdout", &stdout, pattern)));
    failures.extend(difference("stderr", &stderr, &case.stderr));
    let plain = normalize_paths(&stdout);
    failures.extend(case.stdout_has.iter().filter(|part| !plain.contains(*part)).map(|part| format!("not in stdout: {part}\n{stdout}")));
    failures.extend(case.stdout_lacks.iter().filter(|part| plain.contains(*part)).map(|part| format!("in stdout: {part}\n{stdout}")));
    let exists = |name: &&String| scratch.0.join(name).exists();
    failures.extend(case.files_after.iter().filter(|name| !exists(name)).map(|name| format!("no file {name}")));
    failures.extend(case.no_files_after.iter().filter(exists).map(|name| format!("there is a file {name}")));
    failures.extend(case.texts_after.iter().filter_map(|(name, pattern)| match fs::read_to_string(scratch.0.join(name)) {
        Ok(text) => difference(name, &text, pattern),
        Err(error) => Some(format!("{name}: {error}")),
    }));
    let told = || format!("{name} ({})\n    evenhand {}\n{}", case.about, case.args.join(" "), failures.join("\n"));
    (!failures.is_empty()).then(told)
}

#[test]
fn every_case_holds() {
    let entries = fs::read_dir(root().join("tests/cmd")).unwrap().map(|entry| entry.unwrap().path());
    let (cases, others): (Vec<_>, Vec<_>) = entries.partition(|path| path.extension().is_some_and(|extension| extension == "toml"));
    assert!(cases.len() >= 75, "{}", cases.len());
    let strays = others.iter().filter(|path| !path.ends_with("common.in") && !cases.contains(&path.with_extension("toml")));
    let mut failures: Vec<String> = strays.map(|path| format!("{}: belongs to no case", path.display())).collect();
    failures.extend(cases.par_iter().filter_map(|case| failure(case)).collect::<Vec<_>>());
    assert!(failures.is_empty(), "{} of {} cases:\n\n{}", failures.len(), cases.len(), failures.join("\n\n"));
}

/// A table of sentences by one author a row, all different.
fn table_of_hits(n_rows: usize) -> String {
    let row = |n| format!("clerk{n}@lawnseat.example,The sales team are the heroes of order {n}.\n");
    "from,body\n".chars().chain((0..n_rows).flat_map(|n| row(n).chars().collect::<Vec<_>>())).collect()
}

#[test]
fn five_thousand_hits_are_all_printed() {
    let scratch = Scratch::new("hits");
    let table = scratch.write("orders.csv", table_of_hits(5000));
    let told = stdout(&["hits", &table, "--map", "text=body,author=from", "--category", "heroic"], 0);
    let expected: Vec<String> = (2..5002).map(|line| format!("{table}:{line}: heroic, \"")).collect();
    assert_eq!(told.lines().count(), 5000);
    assert!(told.lines().zip(&expected).all(|(line, start)| line.starts_with(start)));
}

#[test]
fn five_thousand_remarks_are_all_printed_in_every_format() {
    let scratch = Scratch::new("remarks");
    let text = |n| format!("The sales team are the heroes of order {n}.");
    let draft = scratch.write("draft.txt", (0..5000).map(text).collect::<Vec<_>>().join("\n\n"));
    let lines = stdout(&["lint", &draft, "--no-cues"], 1);
    let places: Vec<&str> = lines.lines().filter(|line| line.starts_with(&draft)).collect();
    assert_eq!(places.len(), 5000);
    assert!((0..5000).all(|n| places[n].starts_with(&format!("{draft}:{}:16: heroic about sales: \"", 2 * n + 1))));
    assert!(lines.ends_with("5000 remarks in 1 draft\n"));
    let count = |format: &str, sign: &str| stdout(&["lint", &draft, "--no-cues", "--format", format], 1).matches(sign).count();
    assert_eq!(count("json", "\"rule\": \"heroic\""), 5000);
    assert_eq!(count("sarif", "\"ruleId\": \"heroic\""), 5000);
    assert_eq!(count("junit", "<failure "), 5000);
    assert_eq!(count("github", "::warning "), 5000);
}

#[test]
fn five_thousand_faults_are_all_told() {
    let scratch = Scratch::new("faults");
    let good = "{\"t\": \"The bench is sold.\", \"a\": \"ada@lawnseat.example\"}\n";
    let table = scratch.write("chat.jsonl", ["{\"t\": \n".repeat(2500), good.to_owned(), "{\"t\": \n".repeat(2500)].concat());
    for command in ["report", "hits"] {
        let output = evenhand(&[command, &table, "--map", "text=t,author=a"]);
        let told = String::from_utf8(output.stderr).unwrap();
        let lines = (1..=5001).filter(|&line| line != 2501);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(told.lines().count(), 5000);
        assert!(told.lines().zip(lines).all(|(fault, line)| fault.starts_with(&format!("evenhand: {table}:{line}: "))));
    }
}

#[test]
fn who_closes_the_pipe_has_read_enough() {
    let scratch = Scratch::new("pipe");
    let table = scratch.write("orders.csv", table_of_hits(5000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_evenhand"))
        .args(["hits", &table, "--map", "text=body,author=from"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdout.take().unwrap().read_exact(&mut [0; 100]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

/// Inputs of which something cannot be read, by name.
fn unreadable() -> Vec<(&'static str, Vec<u8>)> {
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let mail = b"From: Ada <ada@lawnseat.example>\nDate: Mon, 05 Jan 2026 09:00:00 +0000\n\nThe bench is sold.\n";
    let row = b"{\"t\": \"The bench is sold.\", \"a\": \"ada@lawnseat.example\"}\n";
    let cut = |bytes: Vec<u8>, n: usize| bytes[..bytes.len() - n].to_vec();
    let zstandard = ruzstd::encoding::compress_to_vec(&mail[..], ruzstd::encoding::CompressionLevel::Fastest);
    vec![
        ("mail.pst", b"!BDN and so on".to_vec()),
        ("note.msg", b"\xd0\xcf\x11\xe0 and so on".to_vec()),
        ("brochure.pdf", b"%PDF-1.7\n".to_vec()),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec()),
        ("zeros.bin", vec![0; 200]),
        ("notes.txt", b"Buy screws, and oil for the teak.\n".to_vec()),
        ("settings.json", b"{\n  \"color\": \"teak\"\n}\n".to_vec()),
        ("chat.jsonl", [&row[..], b"{\"t\": \n"].concat()),
        ("when.jsonl", b"{\"t\": \"x\", \"a\": \"ada\", \"d\": \"soon\"}\n".to_vec()),
        ("list.jsonl", [&row[..], b"[1, 2]\n"].concat()),
        ("array.json", b"[{\"t\": \"x\", \"a\": \"ada\"}, 7]\n".to_vec()),
        ("ragged.csv", b"a,t,d\nada,The bench is sold.,\nben,x\n".to_vec()),
        ("latin1.csv", b"a,t,d\nada,caf\xe9 chairs,\n".to_vec()),
        ("utf16.csv", "a,t,d\nada,x,\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("columns.csv", b"from,body\nada,The bench is sold.\n".to_vec()),
        ("cut.mbox.gz", cut(gzip(&mail.repeat(20)), 12)),
        ("head.gz", b"\x1f\x8b\x08".to_vec()),
        ("cut.eml.zst", cut(zstandard, 20)),
        ("head.zst", b"\x28\xb5\x2f\xfd".to_vec()),
        ("empty.zip", [&b"PK\x05\x06"[..], &[0; 18]].concat()),
        ("head.zip", b"PK\x03\x04 and so on".to_vec()),
        ("later.tally", b"{\"evenhand_tally\":99}\n".to_vec()),
        ("broken.tally", b"{\"evenhand_tally\":1,\n".to_vec()),
        ("slack/users.json", b"[{\"id\":\"U1\",\"name\":\"ada\"}]".to_vec()),
    ]
}

#[test]
fn no_kind_of_unreadable_input_ever_exits_with_0() {
    let scratch = Scratch::new("unreadable");
    let good = scratch.write("good.mbox", "From a Mon Jan  5 09:00:00 2026\nFrom: ada@lawnseat.example\n\nThe bench is sold.\n");
    let mut inputs: Vec<String> = unreadable().into_iter().map(|(name, bytes)| scratch.write(name, bytes)).collect();
    inputs.push(scratch.path("missing.mbox"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let dangling = scratch.path("dangling.mbox");
        symlink("nowhere", &dangling).unwrap();
        inputs.push(dangling);
        let locked = scratch.write("locked.mbox", "From a");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o0)).unwrap();
        // Whoever may read everything cannot show that.
        if fs::read(&locked).is_err() { inputs.push(locked) } else { eprintln!("locked.mbox: skipped, permissions do not bind this user") }
    }
    let wrong: Vec<String> = inputs
        .par_iter()
        .flat_map_iter(|input| [vec!["report", input, &good], vec!["hits", input]].map(|args| (input, args)))
        .filter_map(|(input, args)| {
            let args = [args, vec!["--map", "text=t,author=a,time=d"]].concat();
            let output = evenhand(&args);
            let told = String::from_utf8_lossy(&output.stderr);
            let holds = output.status.code() == Some(2) && told.contains(input.as_str());
            (!holds).then(|| format!("evenhand {}: {:?}\n{told}", args.join(" "), output.status.code()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A message of the invented office, of which every format can be made.
struct Post {
    n: usize,
    author: usize,
    seconds: i64,
    text: String,
    /// The post that it answers.
    answers: Option<usize>,
}

/// Forty posts of eight authors over two months, in the order of their times.
fn posts() -> Vec<Post> {
    let text = |n: usize| match n % 5 {
        0 => format!("The sales team are the heroes of order {n}. The benches left at noon."),
        1 => format!("Marketing sits in its ivory tower while order {n} waits."),
        2 => format!("Thanks to Finance and Sales we settled order {n} together."),
        3 => format!("Sales moved order {n} to Friday. Marketing sent the leaflet for parasol {n}."),
        _ => format!("Order {n} is made of teak."),
    };
    let post = |n: usize| Post {
        n,
        author: n % 8,
        seconds: 1_767_600_000 + i64::try_from(n).unwrap() * 100_000,
        text: text(n),
        answers: (n % 4 == 3).then(|| n - 2),
    };
    (0..40).map(post).collect()
}

fn address(author: usize) -> String {
    format!("clerk{author}@lawnseat.example")
}

fn strftime(post: &Post, format: &str) -> String {
    jiff::Timestamp::from_second(post.seconds).unwrap().strftime(format).to_string()
}

fn as_json_lines<'a>(posts: impl IntoIterator<Item = &'a Post>) -> String {
    let line = |post: &Post| {
        let answers = post.answers.map(|n| format!("{n}@lawnseat.example"));
        let id = format!("{}@lawnseat.example", post.n);
        serde_json::json!({"i": id, "a": address(post.author), "d": post.seconds, "t": post.text, "r": answers}).to_string() + "\n"
    };
    posts.into_iter().map(line).collect()
}

fn as_csv(posts: &[Post]) -> String {
    let row = |post: &Post| {
        let answers = post.answers.map(|n| format!("{n}@lawnseat.example")).unwrap_or_default();
        format!(
            "{}@lawnseat.example,{},{},\"{}\",{answers}\n",
            post.n,
            address(post.author),
            strftime(post, "%Y-%m-%d %H:%M:%S"),
            post.text
        )
    };
    "i,a,d,t,r\n".to_owned() + &posts.iter().map(row).collect::<String>()
}

fn as_mbox(posts: &[Post]) -> String {
    let mail = |post: &Post| {
        let (from, n, text) = (address(post.author), post.n, &post.text);
        let answers = post.answers.map(|n| format!("In-Reply-To: <{n}@lawnseat.example>\n")).unwrap_or_default();
        let (line, date) = (strftime(post, "%a %b %e %H:%M:%S %Y"), strftime(post, "%a, %d %b %Y %H:%M:%S +0000"));
        format!("From {from} {line}\nFrom: <{from}>\nDate: {date}\nMessage-ID: <{n}@lawnseat.example>\n{answers}\n{text}\n\n")
    };
    posts.iter().map(mail).collect()
}

fn write_slack(scratch: &Scratch, posts: &[Post]) -> String {
    let users: Vec<_> =
        (0..8).map(|n| serde_json::json!({"id": format!("U{n}"), "name": format!("clerk{n}"), "profile": {"email": address(n)}})).collect();
    scratch.write("slack/users.json", serde_json::to_string(&users).unwrap());
    scratch.write("slack/channels.json", r#"[{"id": "C1", "name": "orders"}]"#);
    let ts = |n: usize| format!("{}.000100", posts[n].seconds);
    let mut days: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    for post in posts {
        let mut message = serde_json::json!({"type": "message", "user": format!("U{}", post.author), "ts": ts(post.n), "text": post.text});
        if let Some(n) = post.answers {
            message["thread_ts"] = ts(n).into();
        }
        days.entry(strftime(post, "%Y-%m-%d")).or_default().push(message);
    }
    for (day, messages) in days {
        scratch.write(&format!("slack/orders/{day}.json"), serde_json::to_string(&messages).unwrap());
    }
    scratch.path("slack")
}

const MAP: &str = "text=t,author=a,time=d,id=i,reply_to=r";

#[test]
fn the_same_messages_give_the_same_rows_whatever_their_format() {
    let scratch = Scratch::new("formats");
    let posts = posts();
    let team = |n: usize| if n < 4 { "sales" } else { "marketing" };
    let roster =
        scratch.write("roster.csv", (0..8).fold("email,team\n".to_owned(), |rows, n| format!("{rows}{},{}\n", address(n), team(n))));
    let key = scratch.write("key", "0123456789abcdef".repeat(4));
    let inputs = [
        scratch.write("posts.jsonl", as_json_lines(&posts)),
        scratch.write("posts.csv", as_csv(&posts)),
        scratch.write("posts.mbox", as_mbox(&posts)),
        write_slack(&scratch, &posts),
    ];
    let rows = inputs.map(|input| {
        let tally = format!("{input}.tally");
        stdout(&["scan", &input, "-o", &tally, "--map", MAP, "--roster", &roster, "--key-file", &key], 0);
        fs::read_to_string(tally).unwrap().lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    });
    for kind in ["words", "names", "hits", "replies"] {
        assert!(rows[0].iter().any(|row| row.contains(&format!("\"row\":\"{kind}\""))), "no row of {kind}");
    }
    assert_eq!(rows[0], rows[1], "JSON Lines and CSV");
    assert_eq!(rows[0], rows[2], "JSON Lines and mbox");
    assert_eq!(rows[0], rows[3], "JSON Lines and Slack");
}

#[test]
fn two_halves_with_no_author_in_common_give_the_bytes_of_the_whole() {
    let scratch = Scratch::new("halves");
    let posts = posts();
    let key = scratch.write("key", "0123456789abcdef".repeat(4));
    let half = |name: &str, is_in: fn(usize) -> bool| {
        let input = scratch.write(name, as_json_lines(posts.iter().filter(|post| is_in(post.author))));
        let tally = scratch.path(&format!("{name}.tally"));
        stdout(&["scan", &input, "-o", &tally, "--map", "text=t,author=a,time=d", "--key-file", &key], 0);
        tally
    };
    let halves = [half("a.jsonl", |author| author < 5), half("b.jsonl", |author| author >= 5)];
    let whole = scratch.write("whole.jsonl", as_json_lines(&posts));
    let of_whole = stdout(&["report", &whole, "--map", "text=t,author=a,time=d", "--format", "json"], 0);
    let of_halves = stdout(&["report", &halves[0], &halves[1], "--format", "json"], 0);
    assert_eq!(of_halves, of_whole);
}
