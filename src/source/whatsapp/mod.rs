//! `WhatsApp`'s text export of one chat: `[15.04.16, 15:04:22] Ann: words` or `15.04.2016, 15:04 - Ann: words`. Known from fixtures only.
//!
//! Whole files are chats of two or a few people, so that they stay out unless direct messages are wanted. Names come from the address book
//! of whoever exported: the same name in two chats is two authors. A chat is told by its first line and not by its file's name, so that a
//! second or later export of it adds nothing twice.

mod notice;
mod stamp;

use std::collections::BTreeSet;
use std::io::Read;

use jiff::tz::TimeZone;

use self::notice::Text;
pub use self::stamp::DateOrder;
use self::stamp::{Stamp, is_blank, is_mark};
use super::{Batches, ChannelKind, Options, Reader, document, json, withheld};
use crate::fault::{Fault, Place, Position};
use crate::fingerprint;
use crate::message::{Author, Kind, Markup, Message, Reason};

/// What a file is read with.
#[derive(Debug, Clone)]
pub struct Setup {
    is_read: bool,
    /// Order of day and month where a file fits both.
    date_order: Option<DateOrder>,
    zone: TimeZone,
}

/// Lines that recognition looks at.
const HEAD_LINES: usize = 20;

/// Whether the first bytes of a file begin a chat: two of its first lines (or its only one) have a stamp, and one of them an author. Logs
/// of chat programs and of others have stamps, too.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let (mut n_lines, mut n_stamps, mut n_authors) = (0, 0, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(HEAD_LINES) {
        n_lines += 1;
        let Some((_, rest)) = stamp::parse(line) else { continue };
        n_stamps += 1;
        if rest.starts_with(['<', '*', '=']) || rest.starts_with("-!-") {
            return false;
        }
        let name = rest.split_once(": ").map_or("", |(name, _)| name);
        if LEVELS.iter().any(|level| name.eq_ignore_ascii_case(level)) {
            return false;
        }
        n_authors += usize::from(!name.is_empty());
    }
    n_authors >= 1 && (n_stamps >= 2 || n_lines == 1)
}

/// What stands in the place of a name in the log of a program.
const LEVELS: [&str; 8] = ["trace", "debug", "info", "notice", "warn", "warning", "error", "critical"];

/// Whether an archive's member or a file is a chat by its name, so that what lies beside it is what people sent each other.
pub(super) fn is_chat_name(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    name == "_chat.txt" || name.starts_with("WhatsApp Chat") && name.to_lowercase().ends_with(".txt")
}

/// Opens a file.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, options: &Options) -> Batches {
    let setup = Setup { is_read: options.wanted().reads(ChannelKind::Direct), date_order: options.date_order, zone: options.zone.clone() };
    document::open(stream, at, Reader::WhatsApp(setup))
}

/// A message as it stands in the file: its first line's number, its stamp, and all behind it.
struct Record<'a> {
    line: u64,
    stamp: Stamp,
    rest: &'a str,
}

/// Reads the messages of a chat, in order.
pub fn each_message(bytes: &[u8], at: &Place, setup: &Setup, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| {
        let records = records(text, at, sink);
        let stamps: Vec<(u64, Stamp)> = records.iter().map(|record| (record.line, record.stamp)).collect();
        let order = match stamp::order_of(&stamps, setup.date_order) {
            Ok(order) => Some(order),
            // Of a chat that stays out only the count is needed.
            Err(_) if !setup.is_read => None,
            Err((line, why)) => return sink(Err(Fault::new(at.at(Position::Line(line)), why))),
        };
        let chat = chat_of(text, &records);
        let names: BTreeSet<&str> = records.iter().filter_map(|record| author_and_text(record.rest)).map(|(name, _)| name).collect();
        for record in &records {
            sink(Ok(message(record, at, setup, order, &chat, &names)));
        }
    });
}

/// The messages of a text. A line without a stamp, or with one of another form (somebody pasted it), belongs to the message above.
fn records<'a>(text: &'a str, at: &Place, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) -> Vec<Record<'a>> {
    let mut records: Vec<Record<'a>> = Vec::new();
    let mut form = None;
    let (mut start, mut stray) = (0, None);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let end = start + line.len();
        match stamp::parse(line) {
            Some((stamp, rest)) if *form.get_or_insert(stamp.form) == stamp.form => records.push(Record { line: number, stamp, rest }),
            Some(_) | None => match records.last_mut() {
                Some(record) => {
                    let from = end - line.len() - record.rest.len();
                    record.rest = &text[from..end];
                }
                None if line.trim().is_empty() => {}
                None => stray = stray.or(Some(number)),
            },
        }
        start = end;
    }
    if let Some(line) = stray {
        sink(Err(Fault::new(at.at(Position::Line(line)), "text above the first message, expected a date and a time")));
    }
    records
}

/// A name for the chat from its first line.
fn chat_of(text: &str, records: &[Record<'_>]) -> String {
    let first = records.first().and_then(|record| text.lines().nth(usize::try_from(record.line).ok()?.checked_sub(1)?));
    let hash = fingerprint::of_parts([first.unwrap_or_default().trim_end().as_bytes()]);
    format!("{hash:032x}").split_off(24)
}

/// The author and the text of a line that has `Name: ` behind its stamp. Where a name holds quotation marks it is the beginning of a
/// notice, as in `Ann changed the subject from "a: b"`.
fn author_and_text(rest: &str) -> Option<(&str, &str)> {
    let line = rest.lines().next().unwrap_or_default();
    let (name, text) = if let Some((name, _)) = line.split_once(": ") {
        (name, &rest[name.len() + 2..])
    } else {
        let name = line.trim_end_matches(is_blank).strip_suffix(':')?;
        (name, &rest[name.len() + 1..])
    };
    let name = name.trim_matches(is_blank);
    let is_name = !name.is_empty() && name.chars().count() <= 100 && !name.contains(['"', '“', '”', '„', '«', '»']);
    is_name.then_some((name, text))
}

fn message<'a>(
    record: &Record<'a>,
    at: &Place,
    setup: &Setup,
    order: Option<DateOrder>,
    chat: &str,
    names: &BTreeSet<&str>,
) -> Message<'a> {
    let sent_at = order.and_then(|order| record.stamp.at(order)).and_then(|time| setup.zone.to_timestamp(time).ok());
    let id = format!("{chat}/{}", record.line).into();
    let mut message = Message { id, sent_at, channel: chat.to_owned().into(), ..withheld(at.at(Position::Line(record.line))) };
    if !setup.is_read {
        return message;
    }
    // A text that is all punctuation may follow the name at once.
    let close = || record.rest.split_once(':').filter(|(name, _)| names.contains(name.trim_matches(is_blank)));
    let Some((name, text)) = author_and_text(record.rest).or_else(close) else {
        message.kind = Kind::Removed(Reason::System);
        return message;
    };
    match notice::read(text.trim_end_matches(['\r', '\n'])) {
        Text::Deleted => message.kind = Kind::Removed(Reason::Deleted),
        Text::System => message.kind = Kind::Removed(Reason::System),
        Text::Words(words, removed) => {
            message.kind = Kind::Person;
            message.text = words;
            message.removed = removed;
            message.markup = Markup::Markdown;
        }
    }
    // People who are not in the address book bear a tilde.
    let name: String = name.trim_matches(is_blank).trim_start_matches('~').chars().filter(|&c| !is_mark(c)).collect();
    let name = name.trim_matches(is_blank);
    let handle = name.to_lowercase();
    message.author = Author {
        id: Some(format!("{chat}/{handle}").into()),
        handle: Some(handle.into()),
        name: Some(name.to_owned().into()),
        ..Author::default()
    };
    message
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::tests::seen;
    use super::*;

    fn read(text: &str, is_read: bool) -> Vec<String> {
        let setup = Setup { is_read, date_order: None, zone: TimeZone::get("Europe/Berlin").unwrap() };
        seen(|sink| each_message(text.as_bytes(), &Place::file("f"), &setup, sink)).into_iter().map(without_chat).collect()
    }

    /// The chat's name is a hash.
    fn without_chat(line: String) -> String {
        match line.split_once('/') {
            Some((chat, _)) if chat.len() == 8 => line.replace(&format!("{chat}/"), ""),
            Some(_) | None => line,
        }
    }

    const CHAT: &str = "13.04.2020, 15:04 - Messages and calls are end-to-end encrypted. Tap to learn more.
13.04.2020, 15:04 - Ann created group \"Plans: next\"
13.04.2020, 15:05 - Ann: one
two: three

four
13.04.2020, 15:06 - ~\u{202f}Bo: <Media omitted>
13.04.2020, 15:07 - Ann: This message was deleted
13.04.2020, 15:08 - Ann:!
13.04.2020, 15:09 - Bo left
";

    #[test]
    fn people_notices_and_deletions_are_told_apart_and_lines_without_a_stamp_go_on() {
        assert_eq!(
            read(CHAT, true),
            [
                "1 system - \"\"",
                "2 system - \"\"",
                "3 person ann \"one\\ntwo: three\\n\\nfour\"",
                "7 person bo \"\"",
                "8 deleted ann \"\"",
                "9 person ann \"!\"",
                "10 system - \"\"",
            ]
        );
    }

    #[test]
    fn chats_stay_out_unless_direct_messages_are_wanted_even_where_their_dates_are_not_clear() {
        assert_eq!(read(CHAT, false)[2], "3 private - \"\"");
        let unclear = "1/2/20, 10:00 - Ann: x\n1/2/20, 10:01 - Ann: y\n";
        assert_eq!(read(unclear, false), ["1 private - \"\"", "2 private - \"\""]);
        let refused = read(unclear, true);
        assert!(refused[0].starts_with("f:1: the dates fit both day-first and month-first; "), "{refused:?}");
        assert_eq!(refused.len(), 1);
    }

    #[test]
    fn times_are_those_of_the_zone() {
        let setup = Setup { is_read: true, date_order: None, zone: TimeZone::get("Europe/Berlin").unwrap() };
        let mut times = Vec::new();
        each_message(b"[31/12/20, 11:30:05\xe2\x80\xafPM] Ann: x\r\n", &Place::file("f"), &setup, &mut |message| {
            times.push(message.unwrap().sent_at.unwrap().to_string());
        });
        assert_eq!(times, ["2020-12-31T22:30:05Z"]);
    }

    #[test]
    fn a_pasted_line_of_another_form_belongs_to_the_message_and_text_above_all_is_told() {
        assert_eq!(
            read("lost\n13/04/20, 10:00 - Ann: see\n[01/02/20, 10:00:00] Bo: x\n", true),
            ["f:1: text above the first message, expected a date and a time", "2 person ann \"see\\n[01/02/20, 10:00:00] Bo: x\""]
        );
    }

    #[test]
    fn a_second_export_of_a_chat_has_the_same_authors() {
        let author = |text: &str| {
            let setup = Setup { is_read: true, date_order: None, zone: TimeZone::UTC };
            let mut keys = Vec::new();
            each_message(text.as_bytes(), &Place::file("f"), &setup, &mut |message| {
                keys.push(message.unwrap().author.key().unwrap().to_owned());
            });
            keys.pop().unwrap()
        };
        let first = author("13/04/20, 10:00 - Ann: x\n");
        assert_eq!(author("13/04/20, 10:00 - Ann: x\r\n14/04/20, 10:00 - Ann: y\r\n"), first);
        assert_ne!(author("13/04/20, 10:01 - Ann: x\n"), first);
    }

    #[test]
    fn a_chat_is_known_and_other_logs_are_not_taken_for_one() {
        assert!(looks_like(CHAT.as_bytes()));
        assert!(looks_like(b"13/04/20, 10:00 - Ann: x\n"));
        for other in [
            "[2020-01-01 10:00:00] <ann> see: x\n[2020-01-01 10:00:01] <ann> y\n",
            "2020-01-01 10:00:00 - INFO: started\n2020-01-01 10:00:01 - INFO: stopped\n",
            "13/04/20, 10:00 - Ann left\n13/04/20, 10:00 - Bo left\n",
            "From: Ann\n\n13/04/20, 10:00 - Ann: x\n",
            "",
        ] {
            assert!(!looks_like(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn changed_and_cut_bytes_never_panic() {
        let bytes = CHAT.as_bytes();
        for at in 0..bytes.len() {
            read(&String::from_utf8_lossy(&bytes[..at]), true);
            for value in [0, b'\n', b':', b'-', b'9', 0xff] {
                let mut changed = bytes.to_vec();
                changed[at] = value;
                read(&String::from_utf8_lossy(&changed), true);
            }
        }
    }
}
