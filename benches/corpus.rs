//! Makes a corpus for measuring: `make_corpus mbox|jsonl|plain MEGABYTES FILE [AUTHORS]`. Seeded, so that the same call gives the same bytes;
//! never one block repeated. Words follow Zipf's law, about one word in a hundred is an entry's; of the mails 30 % are quoted-printable,
//! 10 % base64, 15 % multipart with HTML, and half quote another.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

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

/// Made-up words, the frequent ones short, drawn by rank.
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
        return Err("usage: make_corpus mbox|jsonl|plain MEGABYTES FILE [AUTHORS]".into());
    };
    let target = megabytes.parse::<usize>()? * 1_000_000;
    let n_authors: u32 = rest.first().map_or(Ok(500), |n| n.parse())?;
    let rng = &mut ChaCha8Rng::seed_from_u64(SEED);
    let words = Words::new(rng);
    let mut out = BufWriter::new(File::create(path)?);
    let mut written = 0;
    let mut number = 0_u64;
    while written < target {
        let record = match format.as_str() {
            "mbox" => mail(&words, rng, number, n_authors),
            "jsonl" => json_line(&words, rng, number, n_authors),
            "plain" => wrap(&words.text(rng)) + "\n\n",
            other => return Err(format!("unknown format {other}").into()),
        };
        out.write_all(record.as_bytes())?;
        written += record.len();
        number += 1;
    }
    Ok(out.flush()?)
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
