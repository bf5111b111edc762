//! Dates of header fields and of `From ` lines, also in the forms that no standard allows.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::tz::Offset;

use super::header::Headers;

const PARSER: DateTimeParser = DateTimeParser::new().relaxed_weekday(true);
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// When a mail was sent: its `Date`, else the newest `Received`, else what the mailbox says; nothing if the year is nonsense.
pub(super) fn sent_at(headers: &Headers<'_>, envelope: Option<Timestamp>) -> Option<Timestamp> {
    let received = || headers.raw("received").filter_map(|raw| parse(String::from_utf8_lossy(raw).rsplit(';').next()?)).max();
    let date = headers.text("date").and_then(|text| parse(&text));
    date.or_else(received).or(envelope).filter(|&time| is_plausible(time))
}

/// The date that ends a mailbox's separator line (`From ann@example.com Mon Jan  2 19:20:11 2023`), none where there is no such date.
/// The weekday is asked for, because sentences begin with "From" too.
pub(in crate::source) fn envelope(line: &[u8]) -> Option<Timestamp> {
    let line = std::str::from_utf8(&line[..line.len().min(500)]).ok()?.trim_end();
    let is_weekday = |token: &str| {
        let token = token.trim_end_matches(',');
        token.len() == 3 && WEEKDAYS.iter().any(|day| token.eq_ignore_ascii_case(day))
    };
    // From the end on, into what is free of so many places from the last on.
    let mut tokens = [""; 7];
    let mut free = tokens.len();
    let mut from_the_end = line.split_ascii_whitespace().rev();
    loop {
        let token = from_the_end.next()?;
        if is_weekday(token) {
            break;
        }
        free = free.checked_sub(1)?;
        tokens[free] = token;
    }
    // The weekday is not the first.
    from_the_end.next()?;
    from_tokens(&tokens[free..])
}

fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(time) = PARSER.parse_timestamp(text) {
        return Some(time);
    }
    let without_comments = text.split('(').next().unwrap_or_default().replace(',', " ");
    let tokens: Vec<&str> = without_comments.split_ascii_whitespace().collect();
    let is_weekday = |token: &str| token.get(..3).is_some_and(|head| WEEKDAYS.iter().any(|day| head.eq_ignore_ascii_case(day)));
    let tokens = if tokens.first().is_some_and(|token| is_weekday(token)) { &tokens[1..] } else { &tokens[..] };
    from_tokens(tokens).or_else(|| text.parse().ok())
}

/// Day, month, time, year and zone in any order that can be told apart; anything else among them makes it no date.
fn from_tokens(tokens: &[&str]) -> Option<Timestamp> {
    let (mut day, mut month, mut year, mut time, mut zone) = (None, None, None, None, None);
    for token in tokens {
        let is_number = token.bytes().all(|byte| byte.is_ascii_digit());
        if token.contains(':') && time.is_none() {
            time = Some(clock(token)?);
        } else if is_number && day.is_none() && token.len() <= 2 {
            day = Some(token.parse::<i8>().ok()?);
        } else if is_number && year.is_none() && matches!(token.len(), 2..=4) {
            year = Some(full_year(token)?);
        } else if let (Some(number), None) = (month_number(token), month) {
            month = Some(number);
        } else if zone.is_none() && time.is_some() {
            zone = Some(offset(token)?);
        } else {
            return None;
        }
    }
    let (hour, minute, second) = time?;
    let local = DateTime::new(year?, month?, day?, hour, minute, second, 0).ok()?;
    zone.unwrap_or(Offset::UTC).to_timestamp(local).ok()
}

fn clock(token: &str) -> Option<(i8, i8, i8)> {
    let mut numbers = token.split(':').map(|number| number.parse::<i8>().ok());
    let (hour, minute) = (numbers.next()??, numbers.next()??);
    let second = numbers.next().unwrap_or(Some(0))?;
    // A leap second is no time of its own.
    Some((hour, minute, second.min(59)))
}

/// RFC 5322: 00 to 49 are of this century, 50 to 999 count from 1900.
fn full_year(token: &str) -> Option<i16> {
    let year: i16 = token.parse().ok()?;
    Some(match year {
        0..50 => year + 2000,
        50..1000 => year + 1900,
        _ => year,
    })
}

fn month_number(token: &str) -> Option<i8> {
    let head = token.get(..3)?;
    let index = MONTHS.iter().position(|month| head.eq_ignore_ascii_case(month))?;
    i8::try_from(index + 1).ok()
}

/// A numeric zone, or a name; a name that no standard gives a meaning is UTC (RFC 5322, 4.3).
fn offset(token: &str) -> Option<Offset> {
    let name = token.to_ascii_uppercase();
    let digits = name.trim_start_matches("UTC").trim_start_matches("GMT");
    if let Some(sign) = digits.chars().next().filter(|sign| matches!(sign, '+' | '-')) {
        let number: i32 = digits[1..].replace(':', "").parse().ok().filter(|number| (0..=2400).contains(number))?;
        let seconds = number / 100 * 3600 + number % 100 * 60;
        return Offset::from_seconds(if sign == '-' { -seconds } else { seconds }).ok();
    }
    let hours = match name.as_str() {
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" | "MET" | "MEZ" | "BST" => 1,
        "CEST" | "METDST" | "MEST" | "MESZ" | "EET" => 2,
        "EEST" => 3,
        _ => 0,
    };
    let is_name = (1..=6).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase());
    is_name.then(|| Offset::constant(hours))
}

/// Whether mail was sent at such a time, and not by a clock that was never set.
pub(in crate::source) fn is_plausible(time: Timestamp) -> bool {
    // A clock that was never set says midnight of 1 January 1980, which east of its sender is the day after.
    let day = Offset::UTC.to_datetime(time).date();
    day > jiff::civil::date(1980, 1, 2) && day.year() <= 2100
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn date(field: &str) -> Option<String> {
        parse(field).map(|time| time.to_string())
    }

    #[test]
    fn dates_of_the_standard_and_its_obsolete_forms_are_read() {
        let expected = Some("2023-01-03T00:20:11Z".to_owned());
        for field in [
            "Mon, 2 Jan 2023 19:20:11 -0500",
            "2 Jan 2023 19:20:11 EST",
            "Mon, 02 Jan 23 19:20:11 -0500 (Eastern (US))",
            "Sun, 2 Jan 2023 19:20:11 -0500",
            "Monday, 2 January 2023 19:20:11 -0500",
            "Mon Jan  2 19:20:11 EST 2023",
            "Tue, 3 Jan 2023 00:20:11 GMT",
            "Tue, 3 Jan 2023 01:20:11 GMT+0100",
            "Tue, 3 Jan 2023 02:20:11 METDST",
            "2023-01-03T00:20:11Z",
        ] {
            assert_eq!(date(field), expected, "{field}");
        }
        assert_eq!(date("Mon, 2 Jan 2023 19:20 +0000").unwrap(), "2023-01-02T19:20:00Z");
    }

    #[test]
    fn nonsense_is_no_date() {
        for field in ["99 Foo 99999", "yesterday", "", "32 Jan 2023 10:00:00 +0000", "2 Jan 2023"] {
            assert_eq!(date(field), None, "{field}");
        }
    }

    #[test]
    fn separator_lines_end_with_a_date_and_sentences_do_not() {
        for line in [
            "From ann@example.com Mon Jan  2 19:20:11 2023",
            "From - Mon Jan 02 19:20:11 2023\r\n",
            "From MAILER-DAEMON Mon Jan  2 19:20:11 2023 +0000",
            "From a b c@d Mon Jan  2 19:20:11 UTC 2023",
            "From x@y Mon, 2 Jan 2023 19:20:11 +0000",
        ] {
            assert_eq!(envelope(line.as_bytes()).unwrap().to_string(), "2023-01-02T19:20:11Z", "{line}");
        }
        for line in ["From here on we go", "From Mon to Fri at 10:30", "From x Mon Jan 2 19:20:11 2023 we moved", "From Mon Jan 2 2023"] {
            assert_eq!(envelope(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn without_a_date_the_newest_received_counts_then_the_envelope() {
        let envelope = Some(Timestamp::UNIX_EPOCH);
        let read = |text: &str, envelope| sent_at(&Headers::read(text.as_bytes()), envelope).map(|time| time.to_string());
        let received = "Received: from a; Mon, 2 Jan 2023 10:00:00 +0000\nReceived: by b;\n Mon, 2 Jan 2023 11:00:00 +0000\n\n";
        assert_eq!(read(received, envelope).unwrap(), "2023-01-02T11:00:00Z");
        assert_eq!(read("Date: Mon, 2 Jan 1970 10:00:00 +0000\n\n", None), None);
        assert_eq!(read("Subject: x\n\n", "2001-01-01T00:00:00Z".parse().ok()).unwrap(), "2001-01-01T00:00:00Z");
    }
}
