//! Damage by lot: bytes changed, cut, doubled, moved, spliced with those of another seed, and words put in that formats know.

use rand::{Rng, RngExt};

/// Words that steer readers.
const WORDS: [&[u8]; 72] = [
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"\t",
    b" ",
    b"\"",
    b"'",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b"<",
    b">",
    b"&",
    b"|",
    b",",
    b";",
    b":",
    b"=",
    b"@",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x80\xa8",
    b"\xe2\x80\x8b",
    b"\xcc\x81",
    b"\xed\xa0\x80",
    b"\\ud83d",
    b"\\u0000",
    b"null",
    b"true",
    b"-1",
    b"0",
    b"18446744073709551615",
    b"1e999",
    b"99999999999999999999",
    b"0.0000001",
    b"2026-13-45",
    b"[]",
    b"{}",
    b"\n\n",
    b"\nFrom ",
    b"\nFrom: ",
    b"\n> ",
    b">From ",
    b"--",
    b"\n-- \n",
    b"--=_",
    b"Content-Type: multipart/mixed; boundary=\"",
    b"Content-Transfer-Encoding: base64\n\n",
    b"=?utf-8?q?",
    b"?=",
    b"=C3",
    b"=\n",
    b"<div>",
    b"</div>",
    b"<!--",
    b"-->",
    b"<blockquote>",
    b"&#x26;",
    b"&nbsp;",
    b"```",
    b"`",
    b"On Mon, Jan 5, 2026 at 10:00 AM Ann <a@x.example> wrote:\n",
    b"the sales team",
    b"(",
    b")",
    b"~",
    b"{0,6}",
];

/// Changes a seed in up to eight places, and lets it grow to so many bytes at most.
pub(crate) fn mutate(seeds: &[Vec<u8>], most_bytes: usize, rng: &mut impl Rng) -> Vec<u8> {
    let mut bytes = seeds[rng.random_range(0..seeds.len())].clone();
    if bytes.len() > most_bytes {
        let start = if rng.random_bool(0.5) { 0 } else { rng.random_range(0..=bytes.len() - most_bytes) };
        bytes = bytes[start..start + most_bytes].to_vec();
    }
    for _ in 0..rng.random_range(1..=8) {
        change(&mut bytes, seeds, rng);
        bytes.truncate(most_bytes);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], rng: &mut impl Rng) {
    let len = bytes.len();
    let at = rng.random_range(0..=len);
    // Mostly short stretches, now and then long ones.
    let stretch = |rng: &mut dyn FnMut(usize) -> usize, from: usize| {
        let most = (len - from).min(if rng(4) == 0 { 4096 } else { 16 });
        from..from + rng(most + 1)
    };
    let mut draw = |n: usize| if n == 0 { 0 } else { rng.random_range(0..n) };
    match draw(12) {
        0 | 1 if len > 0 => bytes[at % len] ^= 1 << draw(8),
        2 if len > 0 => bytes[at % len] = u8::try_from(draw(256)).unwrap_or(0),
        3 => drop(bytes.drain(stretch(&mut draw, at))),
        4 => {
            let copy = bytes[stretch(&mut draw, at)].to_vec();
            let times = [1, 1, 2, 50][draw(4)];
            let to = draw(len + 1);
            bytes.splice(to..to, copy.repeat(times));
        }
        5 => bytes.truncate(at),
        6 | 7 => drop(bytes.splice(at..at, WORDS[draw(WORDS.len())].iter().copied())),
        8 => {
            let range = stretch(&mut draw, at);
            drop(bytes.splice(range, WORDS[draw(WORDS.len())].iter().copied()));
        }
        9 => {
            let other = &seeds[draw(seeds.len())];
            let from = draw(other.len() + 1);
            let most = (other.len() - from).min(2048);
            let to = from + draw(most + 1);
            bytes.splice(at..at, other[from..to].iter().copied());
        }
        10 => {
            // A number becomes another.
            let digits = bytes[at..].iter().position(u8::is_ascii_digit).map(|digit| at + digit);
            if let Some(start) = digits {
                let end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let other: &[u8] = [&b"0"[..], b"-1", b"4294967296", b"18446744073709551615", b"9", b"1e400", b""][draw(7)];
                drop(bytes.splice(start..end, other.iter().copied()));
            }
        }
        _ => {
            // A line moves.
            let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |line_end| line_end + 1);
            let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(len, |line_end| at + line_end + 1);
            let line: Vec<u8> = bytes.drain(start..end).collect();
            let to = draw(bytes.len() + 1);
            bytes.splice(to..to, line);
        }
    }
}
