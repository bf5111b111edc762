//! What parsing alone costs, to compare a scan with: `parse_only jsonl|slack|mbox PATH`, one thread. JSON goes through `serde_json` into
//! borrowed fields, mails through `mail-parser`; nothing else is done with them.

use std::borrow::Cow;
use std::error::Error;
use std::hint::black_box;
use std::io::Write;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    time: u64,
    #[serde(borrow)]
    author: Cow<'a, str>,
    #[serde(borrow)]
    channel: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct SlackMessage<'a> {
    #[serde(borrow)]
    user: Cow<'a, str>,
    #[serde(borrow)]
    ts: Cow<'a, str>,
    #[serde(borrow)]
    text: Cow<'a, str>,
}

/// The messages of all files a channel and day of an export's folder.
fn slack(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut n = 0;
    for channel in std::fs::read_dir(folder)? {
        let channel = channel?.path();
        if !channel.is_dir() {
            continue;
        }
        for day in std::fs::read_dir(channel)? {
            let bytes = std::fs::read(day?.path())?;
            let messages: Vec<SlackMessage<'_>> = serde_json::from_slice(&bytes)?;
            n += messages.iter().filter(|message| !message.user.is_empty() && !message.ts.is_empty() && !message.text.is_empty()).count()
                as u64;
        }
    }
    Ok(n)
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, format, path] = args.as_slice() else { return Err("usage: parse_only jsonl|slack|mbox PATH".into()) };
    if format == "slack" {
        return Ok(writeln!(std::io::stdout(), "{} records", slack(Path::new(path))?)?);
    }
    let bytes = std::fs::read(path)?;
    let mut n = 0_u64;
    match format.as_str() {
        "jsonl" => {
            for line in bytes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
                let row: Row<'_> = serde_json::from_slice(line)?;
                n += u64::from(
                    black_box(row.time) > 0
                        && !row.text.is_empty()
                        && !row.id.is_empty()
                        && !row.author.is_empty()
                        && !row.channel.is_empty(),
                );
            }
        }
        "mbox" => {
            for mail in evenhand::source::mbox::split(&bytes) {
                let body = mail.iter().position(|&byte| byte == b'\n').map_or(mail, |at| &mail[at + 1..]);
                n += u64::from(black_box(mail_parser::MessageParser::new().parse(body)).is_some());
            }
        }
        other => return Err(format!("unknown format {other}").into()),
    }
    Ok(writeln!(std::io::stdout(), "{n} records")?)
}
