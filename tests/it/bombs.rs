//! Files that are made to harm. Each is read in bounded time and memory, and what is not read is told by what it is; docs/LIMITS.md lists the
//! bounds. `EVENHAND_BOMBS=large` makes them as large as the issue has them; the table of times goes to standard error.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ChildStdin;

use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::support::{Measured, Scratch, measured};

/// What no bomb may take; the build of the tests is several times slower than a release.
const MOST_SECONDS: f64 = 60.0;
const MOST_MIB: u64 = 500;

fn is_large() -> bool {
    std::env::var("EVENHAND_BOMBS").is_ok_and(|size| size == "large")
}

/// One size each time, another where the large ones are wanted.
fn sized(small: usize, large: usize) -> usize {
    if is_large() { large } else { small }
}

/// The bombs of a test, run and told one after another.
struct Range {
    scratch: Scratch,
    table: String,
    wrong: Vec<String>,
}

impl Range {
    fn new(name: &str) -> Self {
        Self { scratch: Scratch::new(&format!("bombs-{name}")), table: String::new(), wrong: Vec::new() }
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        self.scratch.write(name, bytes)
    }

    /// Runs the command on a bomb; `says` must stand on standard error, which is to be one line a fault.
    fn run(&mut self, bomb: &str, args: &[&str], code: i32, says: &str) -> Measured {
        self.feed(bomb, args, code, says, drop)
    }

    fn feed(&mut self, bomb: &str, args: &[&str], code: i32, says: &str, feed: impl FnOnce(ChildStdin) + Send + 'static) -> Measured {
        let run = measured(args, feed);
        let told = run.stderr.lines().find(|line| !says.is_empty() && line.contains(says)).or(run.stderr.lines().next()).unwrap_or("");
        let place = self.scratch.path("");
        let told = told.replace(&place, "");
        let short: String = told.chars().take(170).collect();
        writeln!(self.table, "{bomb} | {:.2} s | {} MiB | {} | {short}", run.seconds, run.peak_mib, run.code).unwrap();
        if run.code != code || !told.contains(says) || run.stderr.contains("panicked") {
            self.wrong.push(format!("{bomb}: exit {} for {code}, without \"{says}\": {:.2000}", run.code, run.stderr));
        }
        if run.seconds > MOST_SECONDS || run.peak_mib > MOST_MIB {
            self.wrong.push(format!("{bomb}: {:.1} s, {} MiB", run.seconds, run.peak_mib));
        }
        run
    }
}

impl Drop for Range {
    fn drop(&mut self) {
        eprintln!("{}", self.table);
        if !std::thread::panicking() {
            assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
        }
    }
}

/// So many MiB of one byte, deflated by stretches that are all alike; and their checksum.
fn deflated(byte: u8, n_mib: usize) -> (Vec<u8>, u32) {
    let block = vec![byte; 1 << 20];
    let mut compress = Compress::new(Compression::best(), false);
    let mut one = Vec::with_capacity(1 << 16);
    compress.compress_vec(&block, &mut one, FlushCompress::Full).unwrap();
    let mut crc_of_one = Crc::new();
    crc_of_one.update(&block);
    let (mut bytes, mut crc) = (Vec::with_capacity(one.len() * n_mib), Crc::new());
    for _ in 0..n_mib {
        bytes.extend(&one);
        crc.combine(&crc_of_one);
    }
    // The last block, empty, with fixed codes (RFC 1951).
    bytes.extend([3, 0]);
    (bytes, crc.sum())
}

/// A gzip stream of what is deflated already.
fn gzip(deflated: &[u8], crc: u32, len: u64) -> Vec<u8> {
    let len = u32::try_from(len & 0xffff_ffff).unwrap();
    [b"\x1f\x8b\x08\0\0\0\0\0\0\x03", deflated, &crc.to_le_bytes(), &len.to_le_bytes()].concat()
}

/// A gzip stream of a text.
fn gzip_of(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// A Zstandard frame of blocks that say "128 KiB of one byte" in four bytes each (RFC 8878).
fn zstandard(byte: u8, n_mib: usize) -> Vec<u8> {
    let n_blocks = n_mib * 8;
    let block = |n: usize| {
        let header = u32::from(n == n_blocks) | 1 << 1 | (128 << 10) << 3;
        let [a, b, c, _] = header.to_le_bytes();
        [a, b, c, byte]
    };
    b"\x28\xb5\x2f\xfd\x00\x58".iter().copied().chain((1..=n_blocks).flat_map(block)).collect()
}

/// A member of a zip archive as it is written: name, method, bytes, checksum, size unpacked.
struct Packed<'a>(&'a str, u16, &'a [u8], u32, u64);

fn stored<'a>(name: &'a str, bytes: &'a [u8]) -> Packed<'a> {
    let mut crc = Crc::new();
    crc.update(bytes);
    Packed(name, 0, bytes, crc.sum(), bytes.len() as u64)
}

fn zip(members: &[Packed<'_>]) -> Vec<u8> {
    let (mut body, mut list) = (Vec::new(), Vec::new());
    for Packed(name, method, bytes, crc, size) in members {
        let at = u32::try_from(body.len()).unwrap();
        let mut fields = vec![20, 0, 0, 0];
        fields.extend(method.to_le_bytes());
        fields.extend([0, 0, 33, 0]);
        for number in [*crc, u32::try_from(bytes.len()).unwrap(), u32::try_from(*size).unwrap_or(u32::MAX)] {
            fields.extend(number.to_le_bytes());
        }
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        list.extend([b"PK\x01\x02\x14\x00", &fields[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
        body.extend([b"PK\x03\x04", &fields[..], name.as_bytes(), bytes].concat());
    }
    let (at, size) = (u32::try_from(body.len()).unwrap(), u32::try_from(list.len()).unwrap());
    let n = u16::try_from(members.len()).unwrap().to_le_bytes();
    body.extend(list);
    body.extend([b"PK\x05\x06\0\0\0\0", &n[..], &n, &size.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat());
    body
}

const MAIL: &str = "From ann@x.example Mon Jan  5 10:00:00 2026\nFrom: ann@x.example\nDate: Mon, 5 Jan 2026 10:00:00 +0000\nSubject: x\n";
const JSON: &str = "--map=text=text,author=from,time=time";

#[test]
fn what_unpacks_without_end_is_not_unpacked() {
    let mut range = Range::new("packed");
    let n_mib = sized(256, 4000);
    let (zeros, crc) = deflated(0, n_mib);
    let size = (n_mib as u64) << 20;
    let path =
        range.write("a.zip", zip(&[Packed("a.json", 8, &zeros, crc, size), stored("b.mbox", format!("{MAIL}\nhello\n").as_bytes())]));
    let run = range.run("zip, a member of zeros", &["report", &path, "--format=json"], 2, "a.zip!a.json: ");
    assert!(run.stdout.contains("\"kept\": 1") || run.stdout.contains("\"kept\":1"), "what stands beside a bomb is read: {}", run.stdout);
    let path = range.write("lies.zip", zip(&[Packed("a.json", 8, &zeros, crc, 1000)]));
    range.run("zip, a member that claims less", &["report", &path], 2, "more than the 1000 bytes that the archive's list says");
    let head = gzip_of(format!("{MAIL}\n").as_bytes());
    let (letters, crc) = deflated(b'a', n_mib);
    let path = range.write("a.mbox.gz", [head.clone(), gzip(&letters, crc, size)].concat());
    range.run("gz, a mail of one letter", &["report", &path], 2, "the mail is larger than 64 MiB");
    let path = range.write("b.mbox.gz", gzip_of(&[head, gzip(&letters, crc, size)].concat()));
    range.run("gz in gz", &["report", &path], 2, "more than 1000 times as many, are not unpacked further");
    let zst = [
        ruzstd::encoding::compress_to_vec(MAIL.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest),
        zstandard(b'a', sized(1000, 100_000)),
    ];
    let path = range.write("a.mbox.zst", zst.concat());
    range.run("zst, a mail of one letter", &["report", &path], 2, "more than 1000 times as many, are not unpacked further");
    let path = range.write("a.zst", zstandard(0, sized(1000, 100_000)));
    range.run("zst of zeros", &["report", &path], 2, "of no known format");
}

#[test]
fn archives_in_archives_end_after_two() {
    let mut range = Range::new("nested");
    let mut archive = zip(&[stored("a.mbox", format!("{MAIL}\nhello\n").as_bytes())]);
    for _ in 0..sized(6, 200) {
        archive = zip(&[stored("inner.zip", &archive)]);
    }
    let path = range.write("deep.zip", archive);
    range.run("zip in zip, deep", &["report", &path], 2, "an archive in 3 others, at most 2 are opened");
    // As 42.zip is made: sixteen in each of sixteen in each of sixteen, and zeros in the end.
    let (zeros, crc) = deflated(0, 1);
    let mut archive = zip(&[Packed("0.json", 8, &zeros, crc, 1 << 20)]);
    for _ in 0..4 {
        let names: Vec<String> = (0..16).map(|n| format!("{n}.zip")).collect();
        archive = zip(&names.iter().map(|name| stored(name, &archive)).collect::<Vec<_>>());
    }
    let path = range.write("wide.zip", archive);
    range.run("zip in zip, wide", &["report", &path], 2, "an archive in 3 others");
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    header.set_mode(0o644);
    for n in 0..sized(2000, 200_000) {
        tar.append_data(&mut header.clone(), format!("{n}.eml"), std::io::empty()).unwrap();
    }
    let path = range.write("many.tar.gz", gzip_of(&tar.into_inner().unwrap()));
    range.run("tar.gz of many empty members", &["report", &path], 2, "nothing in scope");
}

#[test]
fn what_nests_without_end_is_cut() {
    let mut range = Range::new("deep");
    let n = sized(20_000, 100_000);
    let mut mail = format!("{MAIL}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n\n");
    for part in 1..=n {
        write!(mail, "--b{}\nContent-Type: multipart/mixed; boundary=b{part}\n\n", part - 1).unwrap();
    }
    mail += "hello\n";
    let path = range.write("parts.mbox", &mail);
    range.run("multiparts in multiparts", &["report", &path], 2, "the mail's parts nest deeper than 64");
    let path = range.write("mails.mbox", format!("{MAIL}{}\nhello\n", "Content-Type: message/rfc822\n\n".repeat(n)));
    range.run("mails in mails", &["report", &path], 0, "");
    let html = |body: &str| format!("{MAIL}Content-Type: text/html\n\n<p>We shipped it.</p>{body}\n");
    let many = sized(100_000, 1_000_000);
    for (name, body) in [
        ("HTML, open tags", "<div>".repeat(many)),
        ("HTML, quotes in quotes", "<blockquote>".repeat(many)),
        ("HTML, lists in tables", "<table><tr><td><ul><li>x".repeat(many / 8)),
        ("HTML, attributes of one tag", format!("<p {}>x", "a=b ".repeat(many))),
        ("HTML, tags that never end", "<a href=\"".repeat(many)),
        ("HTML, comments that never end", "<!--".repeat(many)),
        ("HTML, entities", "&amp;#x26;".repeat(many)),
    ] {
        let path = range.write("html.mbox", html(&body));
        range.run(name, &["report", &path, "--format=json"], 0, "");
    }
    let path = range
        .write("open.json", format!("[{{\"id\":1,\"sender_full_name\":\"Ann\",\"timestamp\":1577836800,\"content\":{}", "[".repeat(many)));
    range.run("JSON, open brackets", &["report", &path], 2, "EOF while parsing a list");
    let path =
        range.write("deep.jsonl", format!("{{\"text\":\"x\",\"from\":\"ann\",\"a\":{}1{}}}\n", "{\"a\":".repeat(many), "}".repeat(many)));
    range.run("JSON Lines, objects in objects", &["report", &path, JSON], 0, "");
    let path = range.write("deep.toml", format!("a = {}", "[".repeat(many)));
    range.run("TOML, open brackets", &["report", "samples/mail.mbox", "--config", &path], 2, "deep.toml");
    let path = range.write("deep.yaml", format!("a: {}", "[".repeat(many)));
    range.run("YAML, open brackets", &["lexicon", "import", &path], 2, "deep.yaml");
    let path = range.write("deep.md", format!("{}hello\n", "> ".repeat(many)));
    range.run("Markdown, quotes in quotes", &["lint", &path], 0, "");
    let folders = "d/".repeat(sized(200, 1000));
    let path = range.write("deep/a.mbox", format!("{MAIL}\nhello\n"));
    let at = range.scratch.0.join("deep");
    // Longer paths than the system takes at once are made from inside.
    let made = std::process::Command::new("sh").args(["-c", &format!("cd {} && mkdir -p {folders}", at.display())]).status();
    assert!(made.is_ok_and(|status| status.success()) && path.ends_with("a.mbox"));
    range.run("folders in folders", &["report", at.to_str().unwrap()], 0, "");
}

/// Writes a head, then so many bytes over and over, then a tail.
fn flow(head: String, unit: Vec<u8>, n_bytes: usize, tail: &'static str) -> impl FnOnce(ChildStdin) + Send + 'static {
    move |mut stdin| {
        let unit = unit.repeat((1 << 20) / unit.len());
        let _ = stdin.write_all(head.as_bytes());
        for _ in 0..n_bytes / unit.len() {
            // Who has read enough closes the pipe.
            if stdin.write_all(&unit).is_err() {
                return;
            }
        }
        let _ = stdin.write_all(tail.as_bytes());
    }
}

#[test]
fn a_line_without_end_is_told_and_not_kept() {
    let mut range = Range::new("lines");
    let n = sized(66 << 20, 1 << 30);
    let day = "2026-01-05T10:00:00Z";
    for (name, args, head, says) in [
        ("mbox", &[][..], format!("{MAIL}\n"), "-: byte 0: the mail is larger than 64 MiB"),
        ("single mail", &[], MAIL.split_once('\n').unwrap().1.to_owned() + "\n", "-: the mail is larger than 64 MiB"),
        ("JSON Lines", &[JSON], format!("{{\"time\":\"{day}\",\"from\":\"a\",\"text\":\""), "-:1: the record is larger than 64 MiB"),
        ("CSV", &[JSON], format!("text,from,time\nx,a,{day}\n\""), "-:3: the record is larger than 64 MiB"),
        ("IRC", &["--input-format=irc"], format!("[{day}] <ann> hello\n[{day}] <ann> "), "is larger than 64 MiB"),
        (
            "WhatsApp",
            &["--include=direct"],
            "05/01/2026, 10:00 - Ann: hello\n05/01/2026, 10:01 - Ann: ".to_owned(),
            "the file is larger than 64 MiB",
        ),
        (
            "Mattermost",
            &[],
            "{\"type\":\"version\",\"version\":1}\n{\"type\":\"post\",\"post\":{\"message\":\"".to_owned(),
            "the record is larger than 64 MiB",
        ),
        (
            "Telegram",
            &["--include=direct"],
            "{\"name\":\"x\",\"type\":\"personal_chat\",\"id\":1,\"messages\":[{\"text\":\"".to_owned(),
            "the file is larger than 64 MiB",
        ),
    ] {
        let args = [&["report", "-"], args].concat();
        range.feed(&format!("one line, {name}"), &args, 2, says, flow(head, b"a".to_vec(), n, "\n"));
    }
    range.feed(
        "one line, text",
        &["hits", "-", "--input-format=text"],
        2,
        "the text is larger than 64 MiB",
        flow(String::new(), b"a".to_vec(), n, ""),
    );
    range.feed("one line, draft", &["lint", "-"], 2, "the draft is larger than 64 MiB", flow(String::new(), b"a".to_vec(), n, ""));
    let path = range.write("a.tally", format!("{{\"evenhand_tally\":1{}", " ".repeat(65 << 20)));
    range.run("one line, tally", &["report", &path], 2, "a.tally:1: found a line of more than 64 MiB");
    for device in ["/dev/zero", "/dev/urandom"] {
        if !std::path::Path::new(device).exists() {
            continue;
        }
        range.run(device, &["report", device], 2, "of no known format");
        range.run(
            device,
            &["report", "samples/mail.mbox", "--config", device],
            2,
            "larger than the 64 MiB that are read of a file with settings",
        );
        range.run(device, &["lexicon", "import", device], 2, "larger than the 64 MiB that are read of a file with settings");
        range.run(device, &["lint", device], 2, "the draft is larger than 64 MiB");
    }
}

#[test]
fn what_is_large_but_bounded_is_read() {
    let mut range = Range::new("large");
    let word = "a".repeat(sized(1 << 20, 60 << 20));
    let path = range.write("word.mbox", format!("{MAIL}\nWe shipped {word} today.\n"));
    range.run("a word of 1 MiB (large: 60)", &["report", &path], 0, "");
    let path = range.write("words.mbox", format!("{MAIL}\n{}\n", "the team in sales saved us, ".repeat(sized(1 << 20, 60 << 20) / 28)));
    range.run("a sentence of 1 MiB (large: 60)", &["report", &path], 0, "");
    for (name, unit) in [
        ("lines of one sign", ">\n"),
        ("quotes in quotes", ">"),
        ("attributions", "On Mon, Jan 5, 2026 at 10:00 AM Ann wrote:\n"),
        ("signature marks", "-- \n"),
        ("underlines", "________________________________\nFrom: a\n"),
        ("addresses", "https://x.example/a?b=c&d "),
        ("open brackets", "(["),
        ("code fences", "```\n"),
        ("thanks", "Thanks,\nAnn\n\n"),
        ("blanks", " "),
        ("NUL bytes", "\0"),
        ("joiners", "e\u{301}\u{200d}"),
        ("headers", "From: Ann\nSent: Monday\nTo: Ben\nSubject: x\n"),
        ("names", "Sales and Marketing and "),
        ("not", "not "),
    ] {
        let n_bytes = sized(1 << 20, 32 << 20);
        let path = range.write("text.mbox", format!("{MAIL}\nWe shipped it.\n{}\n", unit.repeat(n_bytes / unit.len())));
        range.run(&format!("a mail of {name}"), &["report", &path, "--format=json"], 0, "");
        let line = serde_json::json!({"time": "2026-01-05T10:00:00Z", "from": "ann", "text": unit.repeat(n_bytes / unit.len())});
        let path = range.write("text.jsonl", format!("{line}\n{{\"from\":\"ann\",\"text\":\"We shipped it.\"}}\n"));
        range.run(&format!("a message of {name}"), &["report", &path, JSON, "--format=json"], 0, "");
    }
    let n = sized(100_000, 1_000_000);
    let to: String = (0..n).fold(String::new(), |mut to, n| {
        write!(to, "Ann Lee <ann{n}@x.example>,\n ").unwrap();
        to
    });
    for field in ["To", "From", "Cc", "References", "Received", "Content-Type: text/plain; x"] {
        let path = range.write("to.mbox", format!("{MAIL}{field}: {to}z@x.example\n\nWe shipped it.\n"));
        range.run(&format!("recipients, {}", &field[..2]), &["report", &path, "--format=json"], 0, "");
    }
    let path = range.write("fields.mbox", format!("{MAIL}{}\nWe shipped it.\n", "To: a@x.example\n".repeat(n)));
    range.run("fields of a header", &["report", &path, "--format=json"], 0, "");
    let mentions = serde_json::json!([{"ts": "1767603600.1", "type": "message", "user": "U1", "text": "<@U2|ben> ".repeat(n)}]);
    for (name, text) in [
        ("users.json", r#"[{"id":"U1","name":"ada"}]"#.to_owned()),
        ("channels.json", r#"[{"id":"C1","name":"general"}]"#.to_owned()),
        ("general/2026-01-05.json", mentions.to_string()),
    ] {
        range.write(&format!("slack/{name}"), text);
    }
    let slack = range.scratch.path("slack");
    range.run("mentions in a message", &["report", &slack, "--format=json"], 0, "");
    let users: Vec<_> = (0..n).map(|n| serde_json::json!({"id": format!("U{n}"), "name": format!("user{n}")})).collect();
    range.write("slack/users.json", serde_json::to_string(&users).unwrap());
    range.run("people of a workspace", &["report", &slack, "--format=json"], 0, "");
    let rows: String = (0..n).fold("email,team\n".to_owned(), |mut rows, n| {
        writeln!(rows, "u{n}@x.example,{}", ["sales", "marketing"][n % 2]).unwrap();
        rows
    });
    let path = range.write("roster.csv", rows);
    range.run("rows of a roster", &["report", "samples/mail.mbox", "--roster", &path, "--format=json"], 0, "");
}

#[test]
fn names_that_lead_out_and_names_that_repeat_are_refused() {
    let mut range = Range::new("names");
    let mail = format!("{MAIL}\nhello\n");
    let names = ["../../out.mbox", "/etc/out.mbox", "C:\\out.mbox", "a/../../out.mbox", "..\\out.mbox", "good.mbox", "good.mbox"];
    let path = range.write("names.zip", zip(&names.map(|name| stored(name, mail.as_bytes()))));
    let run = range.run("zip, names that lead out", &["report", &path], 2, "a name with `..`, refused");
    for told in
        ["/etc/out.mbox: an absolute name, refused", "C:\\out.mbox: an absolute name, refused", "good.mbox: a second member of this name"]
    {
        assert!(run.stderr.contains(told), "{told}: {}", run.stderr);
    }
    // Two members of the same bytes, as the archives are made that unpack to terabytes without a large member.
    let (zeros, crc) = deflated(0, 16);
    let mut archive = zip(&[Packed("a.json", 8, &zeros, crc, 16 << 20), Packed("b.json", 8, &zeros, crc, 16 << 20)]);
    let second = archive.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    archive[second + 42..second + 46].copy_from_slice(&[0; 4]);
    let path = range.write("overlap.zip", archive);
    range.run("zip, members over each other", &["report", &path], 2, "shares bytes with another member");
    let path = range.write("claims.zip", zip(&[Packed("a.json", 8, &zeros, crc, u64::from(u32::MAX) - 1)]));
    range.run("zip, a size that is a lie", &["report", &path], 2, "more than the 67108864 that are read of one member");
}

#[test]
#[cfg(unix)]
fn links_in_a_circle_pipes_and_devices_are_passed_over_and_told() {
    let mut range = Range::new("files");
    let mail = format!("{MAIL}\nhello\n");
    range.write("in/a.mbox", &mail);
    let inside = |name: &str| range.scratch.0.join("in").join(name);
    std::os::unix::fs::symlink("..", inside("circle")).unwrap();
    std::os::unix::fs::symlink("self", inside("self")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", inside("out.mbox")).unwrap();
    let pipe = |path: &std::path::Path| assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
    pipe(&inside("pipe.mbox"));
    let has_device =
        std::process::Command::new("mknod").arg(inside("zero")).args(["c", "1", "5"]).status().is_ok_and(|status| status.success());
    let folder = range.scratch.path("in");
    let run = range.run("links, pipes, devices in a folder", &["report", &folder], 2, "pipe.mbox: neither a file nor a folder");
    for name in ["circle", "self", "out.mbox"] {
        assert!(run.stderr.contains(&format!("{name}: a link; links inside a folder are not followed")), "{}", run.stderr);
    }
    assert!(!has_device || run.stderr.contains("zero: neither a file nor a folder"), "{}", run.stderr);
    let path = range.scratch.0.join("in/self");
    range.run("a link to itself", &["report", path.to_str().unwrap()], 2, "too many levels of symbolic links");
    // Where Slack's files are looked for.
    for (name, text) in [("channels.json", r#"[{"id":"C1","name":"general"}]"#), ("users.json", "[]"), ("general/2026-01-05.json", "[]")] {
        range.write(&format!("slack/{name}"), text);
    }
    let slack = range.scratch.0.join("slack");
    let names = ["groups.json", "general/2026-01-06.json", "C024BE91L.json", "log.jsonl"];
    for name in names {
        pipe(&slack.join(name));
    }
    let run = range.run("pipes in a Slack export", &["report", slack.to_str().unwrap()], 2, "groups.json: not a file");
    for name in names {
        assert!(run.stderr.contains(&format!("{name}: not a file")), "{name}: {}", run.stderr);
    }
    // Named by its user a pipe is read, once.
    let at = range.scratch.path("given");
    pipe(at.as_ref());
    let to = at.clone();
    let writer = std::thread::spawn(move || std::fs::write(to, mail));
    range.run("a pipe that is named", &["report", &at, "--dry-run"], 0, "");
    writer.join().unwrap().unwrap();
}

#[test]
fn bytes_that_are_no_text_are_told_and_the_others_read() {
    let mut range = Range::new("bytes");
    let line = |text: &str| format!("{{\"time\":\"2026-01-05T10:00:00Z\",\"from\":\"ann\",\"text\":\"{text}\"}}\n");
    let path = range.write("half.jsonl", line("one \\ud83d") + &line("\\udc00 two") + &line("three"));
    let run = range.run("half a surrogate", &["report", &path, JSON, "--format=json"], 2, "half.jsonl:1: ");
    assert!(run.stdout.contains("\"read\"") && run.stderr.contains("half.jsonl:2: "), "{}", run.stderr);
    let path = range.write("nul.jsonl", line("a\\u0000b team \\u0000"));
    range.run("NUL in JSON", &["report", &path, JSON], 0, "");
    let path = range.write("nul.mbox", [MAIL.as_bytes(), b"\nWe \0shipped\0 it.\n\0\0\n"].concat());
    range.run("NUL in a mail", &["report", &path], 0, "");
    let path = range.write(
        "bytes.mbox",
        [MAIL.as_bytes(), b"Content-Type: text/plain; charset=utf-8\n\n", &b"\xff\xfe\xc3\x28"[..].repeat(1000), b"\n"].concat(),
    );
    range.run("bytes that are not of their charset", &["report", &path], 0, "");
    let path = range.write("roster.csv", b"email,team\na@x.example,\0sales\n\xff,x\n");
    range.run(
        "bytes in a roster",
        &["report", "samples/mail.mbox", "--roster", &path],
        2,
        "roster.csv: byte 30: found bytes that are not UTF-8",
    );
}

#[test]
fn patterns_that_are_made_to_explode_are_refused_or_harmless() {
    let mut range = Range::new("patterns");
    let lexicon = |pattern: &str| {
        let head = "name = \"heroic\"\ntitle = \"x\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"x\"\nreads_as = \"x\"\n";
        let entry = "about = \"none\"\nswap = true\nsense = \"x\"\nsource = \"own\"\nyes = [\"a a a a\"]\nno = [\"b\"]\n";
        format!("{head}[[entry]]\nmatch = [{}]\n{entry}", serde_json::Value::from(pattern))
    };
    for (name, pattern) in [
        ("choices of choices", "(a|b|(a|b|(c|d|(e|f)))) ".repeat(20)),
        ("gaps", format!("{}a", "a {0,6} ".repeat(40))),
        ("all in brackets", format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000))),
        ("many words", "a ".repeat(10_000)),
        ("many choices", format!("({})", "a|".repeat(10_000))),
    ] {
        let path = range.write("x.toml", lexicon(&pattern));
        range.run(&format!("a lexicon's pattern of {name}"), &["lexicon", "test", &path], 2, "x.toml");
    }
    for (name, pattern) in [("repeats of repeats", "((a{1000}){1000}){1000}"), ("an open bracket", "(((((")] {
        let path = range.write("evenhand.toml", format!("[teams.names]\nsales = {}\n", serde_json::Value::from(pattern)));
        range.run(&format!("a rule for names of {name}"), &["report", "samples/mail.mbox", "--config", &path], 2, "evenhand.toml");
    }
}
