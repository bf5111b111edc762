//! Makes a corpus for measuring: `make_corpus mbox|slack|jsonl|plain MEGABYTES PATH [AUTHORS]`. Seeded, so that the same call gives the same
//! bytes; never one block repeated. Words follow Zipf's law, the frequent ones English so that it reads as English does, about one word in a
//! hundred is an entry's; of the mails 30 % are quoted-printable, 10 % base64, 15 % multipart with HTML, and half quote another. Plain
//! text is a folder of files, a Slack export one with a file a channel and day.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SEED: u64 = 20_260_704;
const N_WORDS: usize = 20_000;
const FRAMING: [&str; 12] = [
    "our heroes in Sales saved the quarter",
    "Marketing lives in an ivory tower",
    "the reps carry the company",
    "the brand team is out of touch",
    "Engineering worked hand in hand with Support",
    "we need more manpower in the warehouse",
    "that Marketing campaign was another flop",
    "Finance has no idea what customers want",
    "Sales asked for the new price list",
    "Marketing sends the brochure on Monday",
    "the engineers will call back tomorrow",
    "Operations moved the delivery",
];

/// The most frequent words, which take about two fifths of any English text.
#[rustfmt::skip]
const FREQUENT: [&str; 120] = [
    "the", "to", "and", "of", "a", "in", "is", "that", "it", "for", "I", "you", "on", "with", "this", "be", "we", "have", "are", "not",
    "at", "as", "but", "if", "will", "can", "they", "from", "or", "do", "by", "an", "so", "was", "what", "there", "my", "would", "your",
    "our", "has", "all", "more", "one", "about", "up", "out", "just", "some", "no", "which", "me", "get", "when", "time", "like", "he",
    "been", "how", "them", "any", "also", "new", "had", "think", "know", "now", "other", "please", "who", "then", "should", "their",
    "need", "than", "could", "use", "see", "work", "does", "only", "into", "were", "good", "people", "let", "want", "make", "here",
    "first", "way", "did", "well", "going", "she", "two", "send", "call", "day", "after", "back", "because", "next", "week", "meeting",
    "today", "his", "her", "us", "over", "same", "still", "where", "thanks", "last", "these", "before", "take", "something", "right",
];

/// Words by rank: frequent English ones, then made-up ones.
struct Words {
    words: Vec<String>,
    cumulative: Vec<f64>,
}

impl Words {
    fn new(rng: &mut ChaCha8Rng) -> Self {
        const ONSETS: [&str; 16] = ["b", "br", "d", "f", "g", "gr", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t"];
        const NUCLEI: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "oo"];
        const CODAS: [&str; 8] = ["", "n", "r", "s", "t", "l", "nd", "ck"];
        let pick = |rng: &mut ChaCha8Rng, parts: &[&'static str]| parts[rng.random_range(0..parts.len())];
        let mut cumulative = Vec::with_capacity(N_WORDS);
        let mut sum = 0.0;
        let words = (0..N_WORDS)
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 2.7);
                cumulative.push(sum);
                if let Some(word) = FREQUENT.get(rank) {
                    return (*word).to_owned();
                }
                (0..=rank.ilog10_or_zero() / 2).map(|_| [pick(rng, &ONSETS), pick(rng, &NUCLEI), pick(rng, &CODAS)].concat()).collect()
            })
            .collect();
        Self { words, cumulative }
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> &str {
        let at = rng.random::<f64>() * self.cumulative[N_WORDS - 1];
        &self.words[self.cumulative.partition_point(|&sum| sum < at).min(N_WORDS - 1)]
    }

    fn sentence(&self, rng: &mut ChaCha8Rng) -> String {
        let n = rng.random_range(6..22);
        let mut words: Vec<&str> = (0..n).map(|_| self.draw(rng)).collect();
        if rng.random_bool(0.15) {
            words.insert(rng.random_range(0..n), FRAMING[rng.random_range(0..FRAMING.len())]);
        }
        let mut sentence = words.join(" ");
        sentence[..1].make_ascii_uppercase();
        sentence + "."
    }

    fn text(&self, rng: &mut ChaCha8Rng) -> String {
        let n = rng.random_range(2..14);
        (0..n).map(|_| self.sentence(rng)).collect::<Vec<_>>().join(" ")
    }
}

trait OrZero {
    fn ilog10_or_zero(self) -> usize;
}

impl OrZero for usize {
    fn ilog10_or_zero(self) -> usize {
        self.checked_ilog10().unwrap_or(0) as usize
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, format, megabytes, path, rest @ ..] = args.as_slice() else {
        return Err("usage: make_corpus mbox|slack|jsonl|plain MEGABYTES PATH [AUTHORS]".into());
    };
    let target = megabytes.parse::<usize>()? * 1_000_000;
    let n_authors: u32 = rest.first().map_or(Ok(500), |n| n.parse())?;
    let rng = &mut ChaCha8Rng::seed_from_u64(SEED);
    let words = Words::new(rng);
    match format.as_str() {
        "slack" => return slack(&words, rng, target, Path::new(path), n_authors),
        "plain" => return plain(&words, rng, target, Path::new(path)),
        _ => {}
    }
    let mut out = BufWriter::new(File::create(path)?);
    let mut written = 0;
    let mut number = 0_u64;
    while written < target {
        let record = match format.as_str() {
            "mbox" => mail(&words, rng, number, n_authors),
            "jsonl" => json_line(&words, rng, number, n_authors),
            other => return Err(format!("unknown format {other}").into()),
        };
        out.write_all(record.as_bytes())?;
        written += record.len();
        number += 1;
    }
    Ok(out.flush()?)
}

/// Bytes of a file of plain text.
const FILE_BYTES: usize = 100_000;

fn plain(words: &Words, rng: &mut ChaCha8Rng, target: usize, folder: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    for number in 0..target.div_ceil(FILE_BYTES) {
        let mut text = String::new();
        while text.len() < FILE_BYTES {
            text += &(wrap(&words.text(rng)) + "\n\n");
        }
        std::fs::write(folder.join(format!("{number:06}.txt")), text)?;
    }
    Ok(())
}

/// Channels of a Slack export, and the most bytes of a day's file.
const N_CHANNELS: usize = 20;
const DAY_BYTES: usize = 400_000;

fn slack(words: &Words, rng: &mut ChaCha8Rng, target: usize, folder: &Path, n_authors: u32) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let user = |author| format!("{{\"id\":\"U{author:07}\",\"name\":\"p{author}\",\"profile\":{{\"email\":\"p{author}@x.example\"}}}}");
    std::fs::write(folder.join("users.json"), format!("[{}]", (0..n_authors).map(user).collect::<Vec<_>>().join(",\n")))?;
    let channel = |n| format!("{{\"id\":\"C{n:07}\",\"name\":\"channel-{n}\",\"members\":[]}}");
    std::fs::write(folder.join("channels.json"), format!("[{}]", (0..N_CHANNELS).map(channel).collect::<Vec<_>>().join(",\n")))?;
    let (mut written, mut number) = (0, 0_u64);
    for file in 0.. {
        let (day, channel) = (file / N_CHANNELS, file % N_CHANNELS);
        let mut messages = Vec::new();
        let mut n_bytes = 0;
        while n_bytes < DAY_BYTES && written < target {
            let message = slack_message(words, rng, number, n_authors);
            n_bytes += message.len();
            written += message.len();
            messages.push(message);
            number += 1;
        }
        let folder = folder.join(format!("channel-{channel}"));
        std::fs::create_dir_all(&folder)?;
        let (year, month, day) = (2000 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        std::fs::write(folder.join(format!("{year}-{month:02}-{day:02}.json")), format!("[\n{}\n]\n", messages.join(",\n")))?;
        if written >= target {
            break;
        }
    }
    Ok(())
}

fn slack_message(words: &Words, rng: &mut ChaCha8Rng, number: u64, n_authors: u32) -> String {
    let author = rng.random_range(0..n_authors);
    let mut text = words.text(rng);
    if rng.random_bool(0.1) {
        let marks = format!(" <@U{:07}> see <https://x.example/{number}|the page> :tada:", author / 2);
        text.push_str(&marks);
    }
    let second = 1_767_225_600 + number * 37;
    format!(
        "{{\"client_msg_id\":\"{number:08x}\",\"type\":\"message\",\"user\":\"U{author:07}\",\"ts\":\"{second}.{:06}\",\"team\":\"T0000001\",\
         \"text\":\"{text}\",\"blocks\":[{{\"type\":\"rich_text\",\"block_id\":\"b{number}\",\"elements\":[]}}]}}",
        number % 1_000_000
    )
}

fn json_line(words: &Words, rng: &mut ChaCha8Rng, number: u64, n_authors: u32) -> String {
    let author = rng.random_range(0..n_authors);
    let text = words.text(rng);
    format!(
        "{{\"id\":\"m{number}\",\"time\":{},\"author\":\"p{author}@x.example\",\"channel\":\"c{}\",\"text\":\"{text}\"}}\n",
        1_767_225_600 + number * 37,
        number % 40
    )
}

fn mail(words: &Words, rng: &mut ChaCha8Rng, number: u64, n_authors: u32) -> String {
    let author = rng.random_range(0..n_authors);
    let (day, hour, minute) = (1 + number / 1440 % 28, number / 60 % 24, number % 60);
    let date = format!("{day} Jan 2026 {hour:02}:{minute:02}:{:02} +0000", rng.random_range(0..60));
    let mut body = wrap(&words.text(rng));
    if rng.random_bool(0.5) {
        let quoted = wrap(&words.text(rng)).replace('\n', "\n> ");
        body = format!("{body}\n\nOn {date}, P{} <p{}@x.example> wrote:\n> {quoted}\n", author / 2, author / 2);
    }
    let body = format!("{body}\n\nBest regards,\nP{author}\n-- \nP{author}, Example Ltd\n");
    let plain = "Content-Type: text/plain; charset=utf-8\n";
    let (head, body) = match rng.random_range(0..100) {
        0..30 => (format!("{plain}Content-Transfer-Encoding: quoted-printable\n"), quoted_printable(&body)),
        30..40 => (format!("{plain}Content-Transfer-Encoding: base64\n"), base64(body.as_bytes())),
        40..55 => multipart(&body, plain, number),
        _ => (plain.to_owned(), body),
    };
    format!(
        "From p{author}@x.example Thu Jan {day:2} {hour:02}:{minute:02}:00 2026\nMessage-ID: <m{number}@x.example>\nFrom: P{author} <p{author}@x.example>\n\
         To: all@x.example\nSubject: {}\nDate: {date}\nMIME-Version: 1.0\n{head}\n{body}\n\n",
        words.draw(rng)
    )
}

fn multipart(body: &str, plain: &str, number: u64) -> (String, String) {
    let html = body.replace('<', "&lt;").replace('\n', "</p>\n<p>");
    let parts = format!(
        "--=_{number}\n{plain}\n{body}\n--=_{number}\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>{html}</p></body></html>\n--=_{number}--\n"
    );
    (format!("Content-Type: multipart/alternative; boundary=\"=_{number}\"\n"), parts)
}

fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 {
            out.push(if column + word.len() > 72 { '\n' } else { ' ' });
            column = if column + word.len() > 72 { 0 } else { column + 1 };
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let line = line.replace('=', "=3D");
        let (head, tail) = line.split_at(line.len() / 2);
        out.push_str(head);
        if head.len() > 20 {
            out.push_str("=\n");
        }
        out.push_str(tail);
        out.push('\n');
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (n, three) in bytes.chunks(3).enumerate() {
        let bits = three.iter().enumerate().fold(0_u32, |bits, (i, &byte)| bits | u32::from(byte) << (16 - 8 * i));
        for i in 0..4 {
            out.push(if i <= three.len() { char::from(DIGITS[(bits >> (18 - 6 * i) & 63) as usize]) } else { '=' });
        }
        if n % 19 == 18 {
            out.push('\n');
        }
    }
    out
}
