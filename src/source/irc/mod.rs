//! IRC as programs log it: irssi, weechat, ZNC, `HexChat`, energymech, log bots, and pages of one line a `<span>`. Those of irssi, weechat and
//! ZNC are known from descriptions only.
//!
//! A log has no ids: an author is a nick, and within a file the nicks of one who changes them are one author. Where lines bear no date it
//! comes from lines that say so, else from the file's name, a day later at each step backwards in time. Words to oneself (`/me`) are words;
//! joins and the like are counted as system messages.

mod line;

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use rustc_hash::{FxHashMap, FxHashSet};

use self::line::{Event, Line};
use super::beside::Beside;
use super::table::Windows;
use super::{Batches, ChannelKind, Options, Reader, withheld};
use crate::fault::{Fault, Place, Position};
use crate::message::{Author, Kind, Markup, Message, Reason};

/// Lines that recognition looks at.
const HEAD_LINES: usize = 50;

/// A log read up to some line.
#[derive(Debug, Clone)]
pub struct Log {
    zone: TimeZone,
    channel: Arc<str>,
    is_read: bool,
    /// The day, where it is known.
    date: Option<Date>,
    /// Whether lines say when a day begins, so that steps backwards do not.
    has_days: bool,
    clock: Option<Time>,
    /// First nick of everybody who changed it, by the present one, both in lower case.
    first_nicks: Arc<FxHashMap<String, String>>,
    /// Nicks in lower case of all who spoke up to the end of the piece: a line that begins with one is addressed to it.
    nicks: Arc<FxHashSet<String>>,
}

/// Whether the first bytes of a file begin a log: of the first lines two (or all, where there are fewer) are a log's, and most are.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head));
    let (mut n_lines, mut n_known, mut n_timed) = (0, 0, 0);
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(HEAD_LINES) {
        n_lines += 1;
        let line = line::rendered(line);
        let Some(line) = line::parse(&line) else { continue };
        n_known += 1;
        n_timed += usize::from(line.time.is_some());
    }
    n_timed >= 2.min(n_lines).max(1) && 2 * n_known > n_lines
}

/// Opens a log: pieces of about 1 MiB, each with what the lines above it say.
#[must_use]
pub(super) fn open(stream: Box<dyn Read + Send>, at: Place, beside: &Beside, options: &Options) -> Batches {
    let (folder, file) = beside.names();
    let (channel, date) = name_and_date(&folder, &file);
    let is_channel = [&folder, &file].iter().any(|name| name.contains(['#', '&']));
    let start = Log {
        zone: options.zone.clone(),
        channel: channel.into(),
        is_read: true,
        date,
        has_days: false,
        clock: None,
        first_nicks: Arc::default(),
        nicks: Arc::default(),
    };
    let last_end = |bytes: &[u8]| memchr::memrchr(b'\n', bytes).map(|at| at + 1);
    let reader = Reader::Irc(Arc::new(start.clone()));
    let windows = Windows { stream, at, reader, last_end, n_lines: 0, rest: Vec::new(), is_done: false };
    let wanted = options.wanted();
    let mut log = start;
    let mut is_first = true;
    Box::new(windows.map(move |batch| {
        let mut batch = batch?;
        if std::mem::take(&mut is_first) {
            log.is_read = wanted.reads(if is_channel || is_crowd(&batch.bytes) { ChannelKind::Public } else { ChannelKind::Direct });
        }
        let mut piece = log.clone();
        log.pass(&batch.bytes);
        piece.nicks = Arc::clone(&log.nicks);
        batch.reader = Reader::Irc(Arc::new(piece));
        Ok(batch)
    }))
}

/// Reads every line of a piece, in order.
pub fn each_message(bytes: &[u8], at: &Place, lines_before: u64, log: &Log, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let mut log = log.clone();
    for (number, text) in (lines_before + 1..).zip(lines(bytes)) {
        let text = String::from_utf8_lossy(text);
        if text.trim().is_empty() {
            continue;
        }
        let place = at.at(Position::Line(number));
        let rendered = line::rendered(&text);
        match line::parse(&rendered) {
            None => sink(Err(Fault::new(place, "not a line of an IRC log: expected a time, then a nick in angle brackets or a notice"))),
            Some(line) => {
                let sent_at = log.step(&line);
                if let Some(message) = message(&line, place, number, sent_at, &log) {
                    sink(Ok(message));
                }
            }
        }
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    super::lines(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))
}

impl Log {
    /// Goes over a piece without handing anything on.
    fn pass(&mut self, bytes: &[u8]) {
        let mut nicks = None;
        for text in lines(bytes) {
            let text = String::from_utf8_lossy(text);
            let rendered = line::rendered(&text);
            let Some(line) = line::parse(&rendered) else { continue };
            self.step(&line);
            if let Event::Talk { nick, .. } = line.event {
                nicks.get_or_insert_with(|| (*self.nicks).clone()).insert(nick.to_lowercase());
            }
        }
        if let Some(nicks) = nicks {
            self.nicks = Arc::new(nicks);
        }
    }

    /// Takes what a line says about time and nicks; gives its time.
    fn step(&mut self, line: &Line<'_>) -> Option<Timestamp> {
        match line.event {
            Event::Day(day) => {
                (self.date, self.has_days, self.clock) = (day, true, None);
                return None;
            }
            Event::Renamed { from, to } => {
                let nicks = Arc::make_mut(&mut self.first_nicks);
                let (from, to) = (from.to_lowercase(), to.to_lowercase());
                let first = nicks.remove(&from).unwrap_or(from);
                if first == to {
                    nicks.remove(&to)
                } else {
                    nicks.insert(to, first)
                };
            }
            Event::Talk { .. } | Event::System => {}
        }
        match (line.date, line.time, self.clock) {
            (Some(date), ..) => self.date = Some(date),
            (None, ..) if line.month_and_day.is_some() => self.date = self.date.and_then(|date| later(date, line.month_and_day?)),
            // A minute back is a clock that was set; nobody is silent for all but a minute of a day.
            (None, Some(time), Some(before)) if !self.has_days && before.duration_since(time).as_secs() > 60 => {
                self.date = self.date.and_then(|date| date.tomorrow().ok());
            }
            (None, ..) => {}
        }
        self.clock = line.time.or(self.clock);
        let local = self.date?.to_datetime(self.clock?);
        match line.offset {
            Some(offset) => offset.to_timestamp(local).ok(),
            None => self.zone.to_timestamp(local).ok(),
        }
    }
}

/// The first day of that name that is not before the month of `date`.
fn later(date: Date, (month, day): (i8, i8)) -> Option<Date> {
    let year = if month < date.month() { date.year() + 1 } else { date.year() };
    Date::new(year, month, day).ok()
}

fn message<'a>(line: &Line<'a>, place: Place, number: u64, sent_at: Option<Timestamp>, log: &Log) -> Option<Message<'a>> {
    let (nick, text) = match line.event {
        Event::Talk { nick, text } => (nick.to_lowercase(), text),
        Event::Renamed { .. } | Event::System => (String::new(), ""),
        Event::Day(_) => return None,
    };
    let id = format!("{}/{number}", log.channel);
    let mut message = Message { id: id.into(), sent_at, channel: log.channel.to_string().into(), ..withheld(place) };
    if !log.is_read {
        return Some(message);
    }
    if nick.is_empty() {
        message.kind = Kind::Removed(Reason::System);
        return Some(message);
    }
    message.kind = if is_bot(line) { Kind::Removed(Reason::Bot) } else { Kind::Person };
    let text = without_codes(text);
    let address = address_len(&text, &log.nicks);
    message.removed.add(Reason::Address, text[..address].chars().count() as u64);
    message.text = text[address..].to_owned().into();
    message.markup = Markup::Plain;
    let first = log.first_nicks.get(&nick).unwrap_or(&nick).clone();
    message.author = Author { id: Some(first.into()), handle: Some(nick.into()), ..Author::default() };
    Some(message)
}

/// Services and bots that are known by their nicks; others are named in the configuration.
const BOTS: [&str; 10] =
    ["ubotu", "chanserv", "nickserv", "memoserv", "botserv", "operserv", "hostserv", "ubottu", "meetingology", "limnoria"];

/// Whether a nick is a bot's by its own account: `LogBot`, `log-bot`, `bot`, but not `abbot`.
fn is_bot(line: &Line<'_>) -> bool {
    let Event::Talk { nick, .. } = line.event else { return false };
    let nick = nick.trim_end_matches(|c: char| c == '_' || c == '`' || c.is_ascii_digit());
    let before = nick.len().checked_sub(3).and_then(|at| nick.split_at_checked(at)).filter(|(_, end)| end.eq_ignore_ascii_case("bot"));
    let is_apart = before.is_some_and(|(before, end)| {
        let last = before.chars().next_back();
        last.is_none_or(|last| matches!(last, '-' | '_' | '|' | '[')) || end == "Bot" && last.is_some_and(char::is_lowercase)
    });
    is_apart || BOTS.iter().any(|bot| nick.eq_ignore_ascii_case(bot))
}

/// The text without marks for colour and weight.
fn without_codes(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_ascii_control() && c != '\t') {
        words.push_str(&rest[..at]);
        let code = rest.as_bytes()[at];
        rest = &rest[at + 1..];
        let digits = |text: &str, most: usize, is: fn(&u8) -> bool| text.bytes().take(most).take_while(is).count();
        let (most, is): (usize, fn(&u8) -> bool) = match code {
            3 => (2, u8::is_ascii_digit),
            4 => (6, u8::is_ascii_hexdigit),
            _ => continue,
        };
        let foreground = digits(rest, most, is);
        rest = &rest[foreground..];
        if foreground > 0
            && let Some(behind) = rest.strip_prefix(',')
            && digits(behind, most, is) > 0
        {
            rest = &behind[digits(behind, most, is)..];
        }
    }
    words.push_str(rest);
    words
}

/// Bytes of `ann: `, `ann, bo: ` or `@ann ` at the start of a line, where these are nicks.
fn address_len(text: &str, nicks: &FxHashSet<String>) -> usize {
    let mut len = text.len() - text.trim_start().len();
    for _ in 0..3 {
        let word = text[len..].split_whitespace().next().unwrap_or_default();
        let nick = word.trim_end_matches([':', ',']);
        let bare = nick.trim_start_matches('@');
        if bare.len() == word.len() || !nicks.contains(&bare.to_lowercase()) {
            break;
        }
        len += word.len();
        len += text[len..].len() - text[len..].trim_start().len();
    }
    len
}

/// Whether a log is of a channel and not of two people: somebody comes or goes, or three speak.
fn is_crowd(bytes: &[u8]) -> bool {
    let mut nicks = FxHashSet::default();
    lines(bytes).any(|text| {
        let text = String::from_utf8_lossy(text);
        let rendered = line::rendered(&text);
        match line::parse(&rendered).map(|line| line.event) {
            Some(Event::Talk { nick, .. }) => {
                nicks.insert(nick.to_lowercase());
                nicks.len() > 2
            }
            Some(Event::System) => {
                [" has joined", " has left", "entered the room", "left the room"].iter().any(|verb| rendered.contains(verb))
            }
            Some(Event::Renamed { .. } | Event::Day(_)) | None => false,
        }
    })
}

/// The channel and the day in the names of a file and its folder: `ltsp-2019-10-03.txt`, `#plans.20191003.log`, `#plans/2019-10-03.log`.
fn name_and_date(folder: &str, file: &str) -> (String, Option<Date>) {
    let name = file.trim_end_matches(".gz").trim_end_matches(".zst");
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let date_at = |at: usize, len: usize| {
        let text = stem.get(at..at + len)?;
        let is_date = if len == 8 { digits(text) } else { text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-' };
        text.parse::<Date>().ok().filter(|_| is_date)
    };
    let found = (0..stem.len()).find_map(|at| [10, 8].into_iter().find_map(|len| date_at(at, len).map(|date| (at, len, date))));
    let (channel, date) = match found {
        Some((at, len, date)) => {
            let (before, behind) = (&stem[..at], &stem[at + len..]);
            let channel = if before.trim_matches(is_seam).is_empty() { behind } else { before };
            (channel.trim_matches(is_seam).to_owned(), Some(date))
        }
        None => (stem.to_string(), None),
    };
    let channel = if channel.is_empty() { folder.to_owned() } else { channel };
    (channel.to_lowercase(), date)
}

const fn is_seam(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | ' ')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use super::super::tests::view;
    use super::*;

    fn batches(file: &str, text: &str, options: &Options) -> Batches {
        let stream = Box::new(std::io::Cursor::new(text.to_owned().into_bytes()));
        open(stream, Place::file("f"), &Beside::File(PathBuf::from(file)), options)
    }

    fn read(file: &str, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for batch in batches(file, text, &Options::default()) {
            batch.unwrap().each_message(&mut |message| seen.push(view(message)));
        }
        seen
    }

    /// Times of the messages, without zone.
    fn times(file: &str, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        for batch in batches(file, text, &Options::default()) {
            batch
                .unwrap()
                .each_message(&mut |message| seen.push(message.unwrap().sent_at.map_or_else(String::new, |time| time.to_string())));
        }
        seen
    }

    const JOIN: &str = "06:40 -!- ann [a@b.example] has joined #plans\n";

    #[test]
    fn people_notices_and_bots_are_told_apart() {
        let text = format!("{JOIN}06:41 <@ann> one\n06:42 * ann waves\n06:43 <LogBot> logged\n06:44 <abbot> two\nwhat?\n\n");
        assert_eq!(
            read("plans.log", &text),
            [
                "plans/1 system - \"\"",
                "plans/2 person ann \"one\"",
                "plans/3 person ann \"waves\"",
                "plans/4 bot logbot \"logged\"",
                "plans/5 person abbot \"two\"",
                "f:6: not a line of an IRC log: expected a time, then a nick in angle brackets or a notice",
            ]
        );
    }

    #[test]
    fn whoever_changes_the_nick_stays_one_author() {
        let text = format!(
            "{JOIN}06:41 <ann> a\n06:42 -!- ann is now known as Ann_away\n06:43 <ann_away> b\n06:44 -!- Ann_away is now known as ann2\n\
             06:45 <ann2> c\n06:46 -!- ann2 is now known as ann\n06:47 <ann> d\n06:48 <ann2> e\n"
        );
        let seen = read("plans.log", &text);
        let talk: Vec<&str> = seen.iter().filter(|line| line.contains("person")).map(|line| line.split(' ').nth(2).unwrap()).collect();
        assert_eq!(talk, ["ann", "ann", "ann", "ann", "ann2"]);
    }

    #[test]
    fn nicks_spoken_to_and_colours_are_no_words() {
        let text = format!(
            "{JOIN}06:41 <ann> bo: see\n06:42 <bo> Ann, note: it\n06:43 <bo> @ann \u{2}yes\u{f} \u{3}04,12red\n06:44 <bo> note: x\n"
        );
        let seen = read("plans.log", &text);
        assert_eq!(
            seen[1..],
            [
                "plans/2 person ann \"see\"",
                "plans/3 person bo \"note: it\"",
                "plans/4 person bo \"yes red\"",
                "plans/5 person bo \"note: x\""
            ]
        );
    }

    #[test]
    fn the_day_comes_from_the_line_from_lines_between_or_from_the_name() {
        let talk = "23:58 <ann> a\n23:57:30 <bo> b\n00:01 <cy> c\n";
        assert_eq!(times("#plans-2019-10-03.log", talk), ["2019-10-03T23:58:00Z", "2019-10-03T23:57:30Z", "2019-10-04T00:01:00Z"]);
        assert_eq!(times("#plans.log", talk), ["", "", ""]);
        let days = "--- Log opened Thu Oct 03 06:42:17 2019\n23:58 <ann> a\n--- Day changed Fri Oct 04 2019\n00:01 <bo> b\n";
        assert_eq!(times("#plans-2001-01-01.log", days), ["2019-10-03T23:58:00Z", "2019-10-04T00:01:00Z"]);
        let yearless = "**** BEGIN LOGGING AT Tue Dec 31 23:57:00 2019\nDec 31 23:58:00 <ann>\ta\nJan 01 00:01:00 <bo>\tb\n";
        assert_eq!(times("#plans.log", yearless), ["2019-12-31T23:58:00Z", "2020-01-01T00:01:00Z"]);
        assert_eq!(
            times("#plans.log", "2019-10-03 06:42:17\tann\tx\n2019-10-03T06:42:17+02:00 <ann> y\n"),
            ["2019-10-03T06:42:17Z", "2019-10-03T04:42:17Z"]
        );
    }

    #[test]
    fn talks_of_two_stay_out_unless_direct_messages_are_wanted() {
        let text = "06:41 <ann> a\n06:42 <bo> b\n";
        assert_eq!(read("bo.log", text), ["bo/1 private - \"\"", "bo/2 private - \"\""]);
        assert_eq!(read("#plans/2019-10-03.log", text)[0], "#plans/1 person ann \"a\"");
        assert_eq!(read("bo.log", &format!("{text}06:43 <cy> c\n"))[0], "bo/1 person ann \"a\"");
        let options = Options { include_direct: true, ..Options::default() };
        let mut seen = Vec::new();
        for batch in batches("bo.log", text, &options) {
            batch.unwrap().each_message(&mut |message| seen.push(view(message)));
        }
        assert_eq!(seen[0], "bo/1 person ann \"a\"");
    }

    #[test]
    fn a_long_log_is_cut_into_pieces_that_know_what_stands_above() {
        let mut text = "06:00 <ann> a\n06:01 -!- ann is now known as ann2\n23:59 <bo> b\n00:01 <cy> c\n".to_owned();
        while text.len() < crate::source::PIECE_BYTES + 100 {
            text.push_str("00:02 <cy> something to fill the piece with, on and on\n");
        }
        text.push_str("00:03 <ann2> cy: last\n");
        let pieces: Vec<_> = batches("#plans-2019-10-03.log", &text, &Options::default()).map(Result::unwrap).collect();
        assert_eq!(pieces.len(), 2);
        let mut last = String::new();
        pieces[1].each_message(&mut |message| {
            let message = message.unwrap();
            last = format!("{} {} {}", message.author.key().unwrap(), message.sent_at.unwrap(), message.text);
        });
        assert_eq!(last, "ann 2019-10-04T00:03:00Z last");
    }

    #[test]
    fn channels_and_days_are_read_from_names() {
        let read = |folder: &str, file: &str| {
            let (channel, date) = name_and_date(folder, file);
            format!("{channel} {}", date.map_or_else(String::new, |date| date.to_string()))
        };
        assert_eq!(read("logs", "ltsp-2019-10-03.txt"), "ltsp 2019-10-03");
        assert_eq!(read("logs", "#Plans_20191003.log"), "#plans 2019-10-03");
        assert_eq!(read("#plans", "2019-10-03.log.gz"), "#plans 2019-10-03");
        assert_eq!(read("logs", "irc.net.#plans.weechatlog"), "irc.net.#plans ");
        assert_eq!(read("logs", "2019-13-03.log"), "2019-13-03 ");
    }

    #[test]
    fn a_log_is_known_and_other_texts_are_not_taken_for_one() {
        assert!(looks_like(b"06:41 <ann> a\n06:42 <bo> b\n"));
        assert!(looks_like(b"[06:41] <ann> a\n"));
        assert!(looks_like(b"--- Log opened Thu Oct 03 06:42:17 2019\n06:41 <ann> a\n06:42 <bo> b\n"));
        for other in [
            "",
            "* one\n* two\n",
            "06:41 hello\n06:42 bye\n",
            "=== a\n=== b\n",
            "06:41 <ann> a\nprose\nprose\nprose\n06:42 <b> x\n",
            "a\tb\tc\n",
        ] {
            assert!(!looks_like(other.as_bytes()), "{other}");
        }
    }

    #[test]
    fn changed_bytes_never_panic() {
        let text =
            format!("{JOIN}[06:41] <ann> bo: \u{3}1,2x\n2019-10-03 06:42:17\tann\tx\n2019-10-03T06:42:17+02:00 * ann y\n06:42 -a- b\n");
        for at in 0..text.len() {
            for value in [0, 3, b'\n', b'<', b' ', b':', 0xff] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = value;
                read("#plans.log", &String::from_utf8_lossy(&bytes));
            }
        }
    }
}
