//! One line of a log → what happened. Forms of irssi, weechat, ZNC, energymech, `HexChat`, mIRC, of ltsp's and Ubuntu's log bots, and pages of
//! one `<span>` a line.

use std::borrow::Cow;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use crate::source::html;

/// What a line says, and when.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) date: Option<Date>,
    /// Month and day, where no year stands beside them.
    pub(super) month_and_day: Option<(i8, i8)>,
    pub(super) time: Option<Time>,
    pub(super) offset: Option<Offset>,
    pub(super) event: Event<'a>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// Somebody's words, also those of an action (`/me`).
    Talk { nick: &'a str, text: &'a str },
    /// A nick was changed.
    Renamed { from: &'a str, to: &'a str },
    /// Joins, quits, modes, topics, notices of servers and services.
    System,
    /// Not an event of the channel: the log was opened, or a new day began, if the line says which.
    Day(Option<Date>),
}

/// The text of a line of a page; other lines as they are.
pub(super) fn rendered(line: &str) -> Cow<'_, str> {
    if !line.trim_start().starts_with("<span class=\"irc-") {
        return line.into();
    }
    html::to_text(line).0.into()
}

/// Reads a line; `None` if it is none of a log.
pub(super) fn parse(line: &str) -> Option<Line<'_>> {
    let line = line.trim_end_matches(['\r', '\n']);
    let (stamp, rest) = stamp(line).unwrap_or((Stamp::default(), line));
    let event = if stamp.time.is_some() { stamped(rest)? } else { unstamped(line)? };
    Some(Line { date: stamp.date, month_and_day: stamp.month_and_day, time: stamp.time, offset: stamp.offset, event })
}

#[derive(Default, Clone, Copy)]
struct Stamp {
    date: Option<Date>,
    month_and_day: Option<(i8, i8)>,
    time: Option<Time>,
    offset: Option<Offset>,
}

/// `[04:46]`, `06:42:17`, `2019-10-03T06:42:17Z`, `[2019-10-03 06:42:17]`, `(06:42:17 PM)`, `Oct 03 06:42:17`, and what follows.
fn stamp(line: &str) -> Option<(Stamp, &str)> {
    let open = line.chars().next()?;
    let close = match open {
        '[' => Some(']'),
        '(' => Some(')'),
        _ => None,
    };
    let mut rest = if close.is_some() { &line[1..] } else { line };
    let date = rest.get(..10).and_then(|date| date.parse::<Date>().ok()).filter(|_| rest.as_bytes().get(4) == Some(&b'-'));
    if date.is_some() {
        rest = rest[10..].strip_prefix(['T', ' '])?;
    }
    let month_and_day = month_and_day(rest);
    if month_and_day.is_some() {
        rest = &rest[7..];
    }
    let (time, behind) = clock(rest)?;
    rest = behind;
    let (time, behind) = half_day(time, rest);
    rest = behind;
    let mut offset = None;
    if let Some(behind) = rest.strip_prefix('Z') {
        (offset, rest) = (Some(Offset::UTC), behind);
    } else if let Some((found, behind)) = zone(rest) {
        (offset, rest) = (Some(found), behind);
    }
    if let Some(close) = close {
        rest = rest.strip_prefix(close)?;
    }
    rest.starts_with([' ', '\t']).then_some((Stamp { date, month_and_day, time: Some(time), offset }, rest))
}

/// `Oct 03 ` or `Oct  3 `.
fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, rest) = text.split_at_checked(4)?;
    let month = MONTHS.iter().position(|name| month.strip_suffix(' ') == Some(*name))?;
    let day = rest.get(..3)?.strip_suffix(' ')?.trim_start().parse().ok()?;
    Some((i8::try_from(month + 1).ok()?, day))
}

/// `6:42`, `06:42:17`, `06:42:17.123`.
fn clock(text: &str) -> Option<(Time, &str)> {
    let mut numbers = [0_i8; 3];
    let mut rest = text;
    for (n, number) in numbers.iter_mut().enumerate() {
        if n > 0 {
            match rest.strip_prefix(':') {
                Some(behind) => rest = behind,
                None if n == 2 => break,
                None => return None,
            }
        }
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(n_digits == 2 || n == 0 && n_digits == 1) {
            return None;
        }
        *number = rest[..n_digits].parse().ok()?;
        rest = &rest[n_digits..];
    }
    if let Some(behind) = rest.strip_prefix('.') {
        rest = behind.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    Some((Time::new(numbers[0], numbers[1], numbers[2], 0).ok()?, rest))
}

fn half_day(time: Time, rest: &str) -> (Time, &str) {
    for (mark, is_second) in [(" AM", false), (" PM", true), ("am", false), ("pm", true)] {
        if let Some(behind) = rest.strip_prefix(mark) {
            let hour = match (is_second, time.hour()) {
                (false, 12) => 0,
                (true, hour) if hour < 12 => hour + 12,
                (_, hour) => hour,
            };
            return (Time::new(hour, time.minute(), time.second(), 0).unwrap_or(time), behind);
        }
    }
    (time, rest)
}

/// `+02:00` or `-0500`.
fn zone(text: &str) -> Option<(Offset, &str)> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours: i32 = text.get(1..3)?.parse().ok()?;
    let rest = text[3..].strip_prefix(':').unwrap_or(&text[3..]);
    let minutes: i32 = rest.get(..2)?.parse().ok()?;
    Some((Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?, &rest[2..]))
}

/// A line with a time.
fn stamped(rest: &str) -> Option<Event<'_>> {
    // Weechat: two tabs.
    if let Some((prefix, text)) = rest.strip_prefix('\t').and_then(|rest| rest.split_once('\t')) {
        return match prefix.trim() {
            "-->" | "<--" | "--" | "=!=" | "" => Some(system(text)),
            "*" => {
                let (nick, text) = text.split_once(' ').unwrap_or((text, ""));
                Some(Event::Talk { nick: bare_nick(nick)?, text })
            }
            nick => Some(Event::Talk { nick: bare_nick(nick)?, text }),
        };
    }
    let rest = rest.trim_start_matches([' ', '\t']);
    if let Some((nick, text)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        // Irssi writes the channel where several share a window.
        let nick = nick.split_once(":#").map_or(nick, |(nick, _)| nick);
        return Some(Event::Talk { nick: bare_nick(nick)?, text: text.strip_prefix([' ', '\t']).unwrap_or(text) });
    }
    for mark in ["-!-", "===", "***", "-->", "<--", "<->"] {
        if let Some(text) = rest.strip_prefix(mark) {
            return Some(system(text.trim_start()));
        }
    }
    if let Some(text) = rest.strip_prefix("* ").or_else(|| rest.strip_prefix("*\t")) {
        return star(text.trim_start());
    }
    // A notice: `-nick- text`, `-nick:#channel- text`.
    let notice = rest.strip_prefix('-').and_then(|rest| rest.split_once("- "));
    notice.filter(|(nick, _)| !nick.is_empty() && !nick.contains(' ')).map(|_| Event::System)
}

/// A line without a time.
fn unstamped(line: &str) -> Option<Event<'_>> {
    for (mark, is_opening) in [
        ("--- Day changed ", true),
        ("--- Log opened ", true),
        ("--- Log closed ", false),
        ("**** BEGIN LOGGING AT ", true),
        ("**** ENDING LOGGING AT ", false),
        ("Session Start: ", true),
        ("Session Time: ", true),
        ("Session Close: ", false),
        ("Session Ident: ", false),
    ] {
        if let Some(text) = line.strip_prefix(mark) {
            return Some(if is_opening { Event::Day(long_date(text)) } else { Event::System });
        }
    }
    ["=== ", "*** "].iter().find_map(|mark| line.strip_prefix(mark)).map(system)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The date in `Thu Oct 03 2019` and `Thu Oct  3 06:42:17 2019`.
fn long_date(text: &str) -> Option<Date> {
    let mut words = text.split_whitespace().skip(1);
    let month = words.next().and_then(|word| MONTHS.iter().position(|month| *month == word))?;
    let day = words.next()?.parse().ok()?;
    let year = words.find_map(|word| word.parse().ok().filter(|_| word.len() == 4))?;
    Date::new(year, i8::try_from(month + 1).ok()?, day).ok()
}

/// A system line without its mark.
fn system(text: &str) -> Event<'_> {
    match renamed(text) {
        Some((from, to)) => Event::Renamed { from, to },
        None => Event::System,
    }
}

/// `ann is now known as bo`, and nothing else.
fn renamed(text: &str) -> Option<(&str, &str)> {
    let (from, to) = text.split_once(" is now known as ")?;
    Some((bare_nick(from)?, bare_nick(to.trim_end())?))
}

/// Joins, quits and the like begin with the same star as an action.
fn star(text: &str) -> Option<Event<'_>> {
    if renamed(text).is_some() {
        return Some(system(text));
    }
    if ["Topic is '", "Topic for ", "Set by ", "Now talking ", "Disconnected", "Rejoined ", "Topic ", "Channel ", "Users on "]
        .iter()
        .any(|start| text.starts_with(start))
    {
        return Some(Event::System);
    }
    let (nick, text) = text.split_once(' ').unwrap_or((text, ""));
    // The host in brackets stands only where somebody comes or goes.
    let behind_host =
        text.strip_prefix(['(', '[']).and_then(|text| text.split_once([')', ']'])).map_or(text, |(_, rest)| rest.trim_start());
    let is_move = [
        "has joined",
        "has left",
        "has quit",
        "Quit",
        "sets mode",
        "changes topic",
        "has changed the topic",
        "was kicked",
        "has kicked",
        "gives channel operator status",
        "removes channel operator status",
        "gives voice",
    ]
    .iter()
    .any(|verb| behind_host.starts_with(verb) && (behind_host.len() < text.len() || ends_or_names(behind_host, verb)));
    if is_move { Some(Event::System) } else { Some(Event::Talk { nick: bare_nick(nick)?, text }) }
}

/// Whether after the verb comes nothing, a channel, a reason in brackets, a mode, or a colon: "has joined the party" are somebody's words.
fn ends_or_names(text: &str, verb: &str) -> bool {
    let rest = text[verb.len()..].trim_start();
    let rest = rest.strip_prefix("IRC").map_or(rest, str::trim_start);
    rest.is_empty() || rest.starts_with(['#', '&', '(', ':', '+', '-']) || rest.starts_with("to ") || rest.starts_with("by ")
}

/// A nick without the sign of its rank; `None` if it cannot be one.
fn bare_nick(nick: &str) -> Option<&str> {
    let nick = nick.trim().trim_start_matches(['@', '+', '%', '~', '&', '!']);
    let is_nick = !nick.is_empty() && nick.len() <= 64 && !nick.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ','));
    is_nick.then_some(nick)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let line = rendered(line);
        let Some(line) = parse(&line) else { return "none".to_owned() };
        let event = match line.event {
            Event::Talk { nick, text } => format!("{nick}: {text}"),
            Event::Renamed { from, to } => format!("{from} = {to}"),
            Event::System => "system".to_owned(),
            Event::Day(day) => format!("day {}", day.map_or_else(String::new, |day| day.to_string())),
        };
        let date = line.date.map_or_else(String::new, |date| format!("{date} "));
        let time = line.time.map_or_else(String::new, |time| format!("{time} "));
        format!("{date}{time}{event}")
    }

    #[test]
    fn talk_of_every_program_is_read() {
        for line in [
            "[06:42:17] <ann> so <it> is",
            "06:42:17 <@ann> so <it> is",
            "06:42:17 < ann> so <it> is",
            "06:42:17 <ann:#plans> so <it> is",
            "(06:42:17 AM) <ann> so <it> is",
            "[06:42:17]  * ann so <it> is",
            "06:42:17  * ann so <it> is",
            "06:42:17 *\tann so <it> is",
            "<span class=\"irc-date\">[06:42:17]</span> <span class=\"irc-black\">&lt;ann&gt; so &lt;it&gt; is</span><br />",
        ] {
            assert_eq!(read(line), "06:42:17 ann: so <it> is", "{line}");
        }
        for line in [
            "2019-10-03T06:42:17  <ann> yes",
            "2019-10-03 06:42:17\t@ann\tyes",
            "2019-10-03 06:42:17\t *\tann yes",
            "[2019-10-03 06:42:17] <ann> yes",
            "2019-10-03T06:42:17Z <ann> yes",
            "[2019-10-03T06:42:17+02:00] <ann> yes",
        ] {
            assert_eq!(read(line), "2019-10-03 06:42:17 ann: yes", "{line}");
        }
        assert_eq!(read("[4:46] <ann>"), "04:46:00 ann: ");
        assert_eq!(parse("Oct 03 06:42:17 <ann>\tyes").unwrap().month_and_day, Some((10, 3)));
    }

    #[test]
    fn what_the_server_says_is_nobodys() {
        for line in [
            "06:42 -!- ann [a@b.example] has joined #plans",
            "06:42 *** ann <ann!a@b.example> has quit IRC (Quit: bye)",
            "06:42 === ann [a@b.example] has joined #plans",
            "06:42 * ann (~a@b.example) has joined #plans",
            "06:42 * ann (~a@b.example) Quit (bye)",
            "06:42 * ann has left #plans",
            "06:42 * ann sets mode: +o bo",
            "06:42 * Topic is 'plans'",
            "06:42 -ChanServ- [#plans] welcome",
        ] {
            assert_eq!(read(line), "06:42:00 system", "{line}");
        }
        for mark in ["-->", "<--", "--", ""] {
            assert_eq!(read(&format!("2019-10-03 06:42:17\t{mark}\tann (a@b) has joined #plans")), "2019-10-03 06:42:17 system");
        }
        assert_eq!(read("=== Ann entered the room."), "system");
        assert_eq!(read("06:42 * ann has joined the party"), "06:42:00 ann: has joined the party");
    }

    #[test]
    fn nicks_and_days_change() {
        for line in ["06:42 -!- ann is now known as bo", "06:42 *** ann is now known as bo", "06:42 * ann is now known as bo"] {
            assert_eq!(read(line), "06:42:00 ann = bo", "{line}");
        }
        assert_eq!(read("=== ann is now known as bo"), "ann = bo");
        assert_eq!(read("2019-10-03 06:42:17\t--\tann is now known as bo"), "2019-10-03 06:42:17 ann = bo");
        assert_eq!(read("06:42 * ann is now known as the hero"), "06:42:00 ann: is now known as the hero");
        assert_eq!(read("--- Day changed Thu Oct 03 2019"), "day 2019-10-03");
        assert_eq!(read("--- Log opened Thu Oct  3 06:42:17 2019"), "day 2019-10-03");
        assert_eq!(read("**** BEGIN LOGGING AT Thu Oct  3 06:42:17 2019"), "day 2019-10-03");
        assert_eq!(read("--- Day changed jeu. oct. 03 2019"), "day ");
    }

    #[test]
    fn other_lines_are_none_of_a_log() {
        for line in [
            "",
            "hello",
            "* item",
            "--- a/file",
            "06:42",
            "06:42 hello",
            "06:42 <a b> x",
            "[06:42 <ann> x",
            "26:42 <ann> x",
            "06:4 <ann> x",
        ] {
            assert_eq!(read(line), "none", "{line}");
        }
    }
}
