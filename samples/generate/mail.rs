//! The mail: one mbox file.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use rand::RngExt;

use super::slack::escape;
use super::stock::{Stock, one_in};
use super::{Counts, DOMAIN, Draft, Person, Result, Rng, SUMMER_TIME, local};

/// A mail that later ones may answer.
struct Sent {
    id: String,
    author: usize,
    second: i64,
    subject: String,
    lines: Vec<String>,
    n_framing: usize,
}

/// What a mail says: paragraphs of the author and what stands quoted around them.
struct Body {
    above: Vec<String>, // quoted before the answer
    own: Vec<String>,
    below: Vec<String>, // quoted after it
    end: Vec<String>,   // signature, disclaimer
    inline: bool,
}

impl Body {
    fn plain(&self, width: usize) -> String {
        let own: Vec<String> = self.own.iter().flat_map(|paragraph| wrap(paragraph, width)).collect();
        let parts = if self.inline { [&self.above, &own, &self.below, &self.end] } else { [&self.above, &own, &self.end, &self.below] };
        parts.into_iter().flatten().map(|line| line.clone() + "\n").collect()
    }

    fn html(&self) -> String {
        let paragraphs = |lines: &[String]| -> String {
            lines
                .iter()
                .filter(|line| !line.is_empty())
                .map(|line| ["<p>", &escape(line.trim_start_matches("> ")).replace('\n', "<br>\n"), "</p>\n"].concat())
                .collect()
        };
        let quote = |lines: &[String]| {
            if lines.is_empty() { String::new() } else { format!("<blockquote type=\"cite\">\n{}</blockquote>\n", paragraphs(lines)) }
        };
        format!(
            "<html><head><style>p {{ margin: 0 0 8px }}</style></head><body>\n{}{}{}{}</body></html>\n",
            quote(&self.above),
            paragraphs(&self.own),
            paragraphs(&self.end),
            quote(&self.below)
        )
    }
}

fn wrap(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for hard_line in paragraph.split('\n') {
        let mut line = String::new();
        for word in hard_line.split(' ') {
            if !line.is_empty() && line.chars().count() + word.chars().count() >= width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

fn quoted_printable(bytes: &[u8]) -> String {
    let (mut text, mut column) = (String::new(), 0);
    for &byte in bytes {
        let piece = match byte {
            b'\n' => "\n".to_owned(),
            b'=' | 0..32 | 127.. => format!("={byte:02X}"),
            32..127 => char::from(byte).to_string(),
        };
        if column + piece.len() > 74 && byte != b'\n' {
            text.push_str("=\n");
            column = 0;
        }
        column = if byte == b'\n' { 0 } else { column + piece.len() };
        text.push_str(&piece);
    }
    text
}

fn base64(bytes: &[u8], width: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (n, chunk) in bytes.chunks(3).enumerate() {
        if n > 0 && n * 4 % width == 0 {
            text.push('\n');
        }
        let bits = chunk.iter().chain(&[0; 3]).take(3).fold(0, |bits, &byte| bits << 8 | usize::from(byte));
        for place in 0..4 {
            text.push(if place > chunk.len() { '=' } else { char::from(DIGITS[bits >> (18 - 6 * place) & 63]) });
        }
    }
    text
}

/// RFC 2047, whole words, where a header is not ASCII.
fn header(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { format!("=?utf-8?B?{}?=", base64(text.as_bytes(), usize::MAX)) }
}

fn head(from: (&str, &str), to: &str, subject: &str, second: i64, id: &str) -> Result<String> {
    let (name, address) = from;
    let envelope = Timestamp::from_second(second)?.strftime("%a %b %e %H:%M:%S %Y").to_string();
    let zone = if second >= SUMMER_TIME { "+0100" } else { "+0000" };
    let date = local(second, "%a, %d %b %Y %H:%M:%S")?;
    Ok(format!(
        "From {address} {envelope}\nFrom: {} <{address}>\nTo: {to}\nSubject: {}\nDate: {date} {zone}\nMessage-ID: <{id}@{DOMAIN}>\n",
        header(name),
        header(subject)
    ))
}

/// The body in one of the encodings that mail programs use, with its MIME headers.
fn encoded(rng: &mut Rng, body: &Body) -> String {
    let (hard, soft) = (body.plain(72), body.plain(usize::MAX));
    match rng.random_range(0..100) {
        0..66 if hard.is_ascii() => format!("\n{hard}"),
        0..78 => match soft.chars().map(|c| u8::try_from(u32::from(c))).collect::<std::result::Result<Vec<u8>, _>>() {
            Ok(latin) => format!(
                "MIME-Version: 1.0\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n{}",
                quoted_printable(&latin)
            ),
            Err(_) => format!("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{hard}"),
        },
        78..85 => format!(
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{}\n",
            base64(soft.as_bytes(), 76)
        ),
        _ => format!(
            "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=\"part\"\n\n--part\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{hard}\n--part\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n{}\n--part--\n",
            quoted_printable(body.html().as_bytes())
        ),
    }
}

pub(crate) fn write(path: &Path, rng: &mut Rng, stock: &Stock, people: &[Person], drafts: &[Draft], counts: &mut Counts) -> Result<()> {
    let mut mails: Vec<(i64, String)> = Vec::new();
    let mut sent: Vec<Sent> = Vec::new();
    for (n, draft) in drafts.iter().filter(|draft| draft.channel.is_none()).enumerate() {
        let author = &people[draft.author];
        let parent =
            sent.iter().rev().nth(rng.random_range(0..12)).filter(|mail| mail.author != draft.author && rng.random_range(0..100) < 40);
        let reader = parent.map_or_else(|| rng.random_range(0..people.len()), |mail| mail.author);
        let mut readers = vec![reader, rng.random_range(0..people.len()), rng.random_range(0..people.len())];
        readers.truncate(rng.random_range(1..=3));
        readers.dedup();
        let to: Vec<String> = readers.iter().map(|&reader| people[reader].email.clone()).collect();
        let greeting = stock.draw(rng, "greeting", "")?.replace("TO", people[reader].first_name());
        let middle = draft.sentences.len().div_ceil(2);
        let (first, second) = draft.sentences.split_at(if one_in(rng, 3) { middle } else { draft.sentences.len() });
        let mut own = vec![greeting, String::new(), first.join(" "), String::new()];
        if !second.is_empty() {
            own.extend([second.join(" "), String::new()]);
        }
        if !one_in(rng, 5) {
            own.push(format!("{}\n{}", stock.draw(rng, "closing", "")?, if one_in(rng, 2) { author.first_name() } else { &author.name }));
        }
        let mut end = Vec::new();
        if n % 3 == 0 {
            end.extend([
                "-- ".to_owned(),
                author.name.clone(),
                format!("{}, Harrow & Pell Ltd", author.title),
                format!("Phone 01632 960{:03}", draft.author),
            ]);
        }
        if n % 16 == 5 {
            end.push(String::new());
            end.extend(wrap(stock.lines("disclaimer").first().map_or("", String::as_str), 72));
        }
        let (mut above, mut below, mut inline) = (Vec::new(), Vec::new(), false);
        let mut subject = stock.sentence(rng, "subject", "")?;
        let id = format!("{}.{n}", draft.second);
        let mut reply_to = String::new();
        if let Some(parent) = parent {
            subject = format!("Re: {}", parent.subject.trim_start_matches("Re: "));
            reply_to = format!("In-Reply-To: <{}@{DOMAIN}>\n", parent.id);
            let writer = &people[parent.author];
            let quoted: Vec<String> = parent.lines.iter().map(|line| format!("> {line}")).collect();
            let attribution = format!("On {}, {} wrote:", local(parent.second, "%a, %d %b %Y at %H:%M")?, writer.name);
            counts.add("mail: replies");
            counts.0.entry("mail: framing sentences repeated in quotes").and_modify(|n| *n += parent.n_framing).or_insert(parent.n_framing);
            match rng.random_range(0..10) {
                0..6 => below.extend([String::new(), attribution].into_iter().chain(quoted)),
                6..9 => {
                    let (before, after) = quoted.split_at(quoted.len().min(3));
                    above = [&[attribution], before, &[String::new()]].concat();
                    below = [&[String::new()], after].concat();
                    own.drain(..2);
                    inline = true;
                }
                _ => {
                    let sent_at = local(parent.second, "%d %B %Y %H:%M")?;
                    below.extend([
                        String::new(),
                        "-----Original Message-----".to_owned(),
                        format!("From: {}", writer.name),
                        format!("Sent: {sent_at}"),
                        format!("To: {}", author.name),
                        format!("Subject: {}", parent.subject),
                        String::new(),
                    ]);
                    below.extend(parent.lines.iter().cloned());
                }
            }
        }
        let body = Body { above, own, below, end, inline };
        let mail = head((&author.name, &author.email), &to.join(", "), &subject, draft.second, &id)? + &reply_to + &encoded(rng, &body);
        if n % 300 == 150 {
            mails.push((draft.second, mail.replace(&format!("<{id}@"), &format!("<copy.{id}@"))));
            counts.add("mail: duplicates under another Message-ID");
        }
        mails.push((draft.second, mail));
        counts.add("mail: mails by people");
        let lines = draft.sentences.iter().flat_map(|sentence| wrap(sentence, 70)).collect();
        sent.push(Sent { id, author: draft.author, second: draft.second, subject, lines, n_framing: draft.n_framing });
        others(rng, stock, people, draft, n, &mut mails, counts)?;
    }
    mails.sort();
    Ok(fs::write(path, mails.into_iter().map(|mail| mail.1 + "\n").collect::<String>())?)
}

/// Now and then a mail that no colleague wrote: robots, invitations, absences, a newsletter, a customer.
fn others(
    rng: &mut Rng,
    stock: &Stock,
    people: &[Person],
    draft: &Draft,
    n: usize,
    mails: &mut Vec<(i64, String)>,
    counts: &mut Counts,
) -> Result<()> {
    let (author, second, id) = (&people[draft.author], draft.second + 75, format!("x{n}"));
    let from_author = (author.name.as_str(), author.email.as_str());
    let (kind, mail) = match n % 120 {
        10 | 50 | 90 => (
            "mail: automatic",
            head(("ERP", "erp@harrowpell.example"), &author.email, "Order released", second, &id)?
                + "Auto-Submitted: auto-generated\n\n"
                + &stock.sentence(rng, "robot", "")?
                + "\n",
        ),
        20 => (
            "mail: out of office",
            head(from_author, &people[n % people.len()].email, "Automatic reply: away", second, &id)?
                + &format!(
                    "Auto-Submitted: auto-replied\n\nI am away until {}. In urgent cases write to Sales or to Marketing.\n",
                    stock.draw(rng, "date", "")?
                ),
        ),
        35 => {
            let day = local(second + 86_400, "%Y%m%dT090000Z")?;
            let event = format!(
                "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:{id}\nDTSTART:{day}\nSUMMARY:Sales and Marketing weekly\nEND:VEVENT\nEND:VCALENDAR\n"
            );
            (
                "mail: invitations",
                head(from_author, &people[n % people.len()].email, "Invitation: weekly call", second, &id)?
                    + "MIME-Version: 1.0\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n"
                    + &event,
            )
        }
        60 => (
            "mail: newsletters from outside",
            head(("Flow Weekly", "news@flowweekly.example"), &author.email, "Pumps this week", second, &id)?
                + "Precedence: bulk\nList-Unsubscribe: <mailto:off@flowweekly.example>\n\nTen pumps at one glance. Unsubscribe at any time.\n",
        ),
        80 | 100 => (
            "mail: from a customer",
            head(("Anke Brandes", "einkauf@bruehl-wasser.example"), &author.email, &stock.sentence(rng, "subject", "")?, second, &id)?
                + &format!(
                    "\nDear {},\n\n{}\n\nKind regards,\nAnke Brandes\n",
                    author.first_name(),
                    wrap(&stock.sentence(rng, "outsider", "")?, 72).join("\n")
                ),
        ),
        _ => return Ok(()),
    };
    mails.push((second, mail));
    counts.add(kind);
    Ok(())
}
