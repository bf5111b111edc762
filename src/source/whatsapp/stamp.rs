//! The stamp that begins a message: `[15.04.16, 15:04:22] ` as iOS writes it, `15.04.2016, 15:04 - ` as Android does, with the numbers and
//! half-days of many languages.

use jiff::civil::{Date, DateTime, Time};

/// Which number of a date is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// 31.12.2020.
    DayFirst,
    /// 12/31/2020.
    MonthFirst,
    /// 2020-12-31.
    YearFirst,
}

impl DateOrder {
    /// All orders.
    pub const ALL: [Self; 3] = [Self::DayFirst, Self::MonthFirst, Self::YearFirst];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
            Self::YearFirst => "year-first",
        }
    }
}

/// A date as written, before it is known which number is what, and the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) numbers: [i16; 3],
    time: Time,
    /// Signs that are the same in all stamps of a file: the bracket and what stands between the numbers.
    pub(super) form: (bool, char),
}

impl Stamp {
    /// The date under an order; two digits of a year are of this century.
    pub(super) fn date(&self, order: DateOrder) -> Option<Date> {
        let [a, b, c] = self.numbers;
        let (year, month, day) = match order {
            DateOrder::DayFirst => (c, b, a),
            DateOrder::MonthFirst => (c, a, b),
            DateOrder::YearFirst => (a, b, c),
        };
        let year = if year < 100 { 2000 + year } else { year };
        Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
    }

    pub(super) fn at(&self, order: DateOrder) -> Option<DateTime> {
        Some(self.date(order)?.to_datetime(self.time))
    }
}

/// The stamp at the start of a line and what follows it.
pub(super) fn parse(line: &str) -> Option<(Stamp, &str)> {
    let mut scanner = Scanner(line);
    scanner.blanks();
    let is_bracketed = scanner.eat("[");
    let start = scanner;
    let mut date_first = || {
        let (numbers, separator) = scanner.date()?;
        scanner.between();
        Some((numbers, separator, scanner.time()?))
    };
    let (numbers, separator, time) = if let Some(found) = date_first() {
        found
    } else {
        scanner = start;
        let time = scanner.time()?;
        scanner.between();
        let (numbers, separator) = scanner.date()?;
        (numbers, separator, time)
    };
    scanner.blanks();
    let closed = if is_bracketed { scanner.eat("]") } else { scanner.eat("-") || scanner.eat("\u{2013}") };
    let is_whole = scanner.0.is_empty() || scanner.0.starts_with(is_blank);
    (closed && is_whole).then(|| (Stamp { numbers, time, form: (is_bracketed, separator) }, scanner.0.trim_start_matches(is_space)))
}

/// White space, and marks of writing direction, which have no width.
pub(super) const fn is_blank(c: char) -> bool {
    is_space(c) || is_mark(c)
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Marks of writing direction.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The value of a digit of Latin, Arabic, Persian, Devanagari, Bengali, or full-width script.
fn digit(c: char) -> Option<i16> {
    let zeros = ['0', '\u{660}', '\u{6f0}', '\u{966}', '\u{9e6}', '\u{ff10}'];
    let value = zeros.into_iter().find_map(|zero| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10))?;
    i16::try_from(value).ok()
}

/// Half-days before the time, with whether they are the second.
const HALVES_BEFORE: [(&str, bool); 8] =
    [("上午", false), ("午前", false), ("오전", false), ("凌晨", false), ("下午", true), ("午後", true), ("오후", true), ("晚上", true)];
/// Half-days behind the time, without points and blanks.
const HALVES_BEHIND: [(&str, bool); 10] = [
    ("am", false),
    ("pm", true),
    ("πμ", false),
    ("μμ", true),
    ("ص", false),
    ("م", true),
    ("vorm", false),
    ("nachm", true),
    ("fm", false),
    ("em", true),
];
/// Words between date and time.
const BETWEEN: [&str; 8] = ["à", "um", "kl.", "klo", "at", "в", "às", "alle ore"];

#[derive(Clone, Copy)]
struct Scanner<'a>(&'a str);

impl Scanner<'_> {
    fn eat(&mut self, text: &str) -> bool {
        match self.0.strip_prefix(text) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn blanks(&mut self) {
        self.0 = self.0.trim_start_matches(is_blank);
    }

    /// A number of up to so many digits, and no more of them.
    fn number(&mut self, max_digits: usize) -> Option<i16> {
        let mut value = None;
        for n in 0.. {
            let Some(digit) = self.0.chars().next().and_then(digit) else { break };
            if n == max_digits {
                return None;
            }
            value = Some(value.unwrap_or(0) * 10 + digit);
            self.0 = &self.0[self.0.chars().next().map_or(0, char::len_utf8)..];
        }
        value
    }

    /// Three numbers with the same sign between them: `15.04.16`, `2016. 4. 15.`, `2016年4月15日`.
    fn date(&mut self) -> Option<([i16; 3], char)> {
        let a = self.number(4)?;
        let separator = self.0.chars().next().filter(|c| matches!(c, '/' | '.' | '-' | '年' | '년'))?;
        let second = match separator {
            '年' => "月",
            '년' => "월",
            '/' => "/",
            '.' => ".",
            _ => "-",
        };
        self.0 = &self.0[separator.len_utf8()..];
        self.blanks();
        let b = self.number(2)?;
        if !self.eat(second) {
            return None;
        }
        self.blanks();
        let c = self.number(4)?;
        let _ = self.eat("日") || self.eat("일") || self.eat(".");
        Some(([a, b, c], separator))
    }

    fn between(&mut self) {
        let _ = self.eat(",") || self.eat("\u{60c}");
        self.blanks();
        let _ = BETWEEN.iter().any(|word| self.eat(word));
        self.blanks();
    }

    /// `15:04`, `3:04:22 PM`, `3.04 p. m.`, `下午3:04`, `15 h 04`.
    fn time(&mut self) -> Option<Time> {
        let before = HALVES_BEFORE.iter().find(|(word, _)| self.eat(word)).map(|&(_, is_second)| is_second);
        self.blanks();
        let hour = self.number(2)?;
        let colon = ["h", " h ", "\u{a0}h\u{a0}", "\u{202f}h\u{202f}", ":", "."].into_iter().find(|colon| self.eat(colon))?;
        let minute = self.number(2)?;
        let second = if matches!(colon, ":" | ".") && self.eat(colon) { self.number(2)? } else { 0 };
        let half = before.or_else(|| self.half_behind());
        let hour = match half {
            Some(false) if hour == 12 => 0,
            Some(true) if hour < 12 => hour + 12,
            Some(_) | None => hour,
        };
        Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, 0).ok()
    }

    /// Whether a half-day follows and is the second; moves behind it.
    fn half_behind(&mut self) -> Option<bool> {
        let is_filler = |c: char| c == '.' || is_blank(c);
        for (word, is_second) in HALVES_BEHIND {
            let mut rest = self.0.trim_start_matches(is_blank);
            let is_here = word.chars().all(|wanted| {
                rest = rest.trim_start_matches(is_filler);
                let found = rest.chars().next().is_some_and(|c| c.to_lowercase().eq([wanted]));
                if found {
                    rest = &rest[first_len(rest)..];
                }
                found
            });
            if is_here && !rest.starts_with(char::is_alphabetic) {
                self.0 = rest.strip_prefix('.').unwrap_or(rest);
                return Some(is_second);
            }
        }
        None
    }
}

/// Bytes of the first character.
fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The order of a file's dates, each with its line. The first number above 12 or 31 settles it; else the setting; else the order in which
/// dates never go backwards.
///
/// # Errors
/// The line and the sentence to tell, if no order fits all dates, or both do and nothing tells which is meant.
pub(super) fn order_of(stamps: &[(u64, Stamp)], setting: Option<DateOrder>) -> Result<DateOrder, (u64, String)> {
    use DateOrder::{DayFirst, MonthFirst, YearFirst};
    let misfit = |order: DateOrder| stamps.iter().find(|(_, stamp)| stamp.date(order).is_none()).map(|&(line, _)| line);
    let has_long_year = stamps.iter().any(|(_, stamp)| stamp.numbers[0] > 31);
    let is_two_digits = stamps.iter().all(|(_, stamp)| stamp.numbers.iter().all(|&number| number < 100));
    if has_long_year || setting == Some(YearFirst) && is_two_digits {
        return match misfit(YearFirst) {
            None => Ok(YearFirst),
            Some(line) => Err((line, "the date does not fit the year-first order of the file".to_owned())),
        };
    }
    match (misfit(DayFirst), misfit(MonthFirst)) {
        (None, Some(_)) => return Ok(DayFirst),
        (Some(_), None) => return Ok(MonthFirst),
        (None, None) => {}
        (Some(line), Some(other)) => {
            let why = format!("the date is not day-first, and that of line {other} not month-first; expected one order in the whole file");
            return Err((line, why));
        }
    }
    if let Some(order) = setting {
        return Ok(order);
    }
    if stamps.iter().all(|(_, stamp)| stamp.numbers[0] == stamp.numbers[1]) {
        return Ok(DayFirst);
    }
    let is_forward = |order: DateOrder| stamps.is_sorted_by_key(|(_, stamp)| stamp.date(order));
    match (is_forward(DayFirst), is_forward(MonthFirst)) {
        (true, false) => Ok(DayFirst),
        (false, true) => Ok(MonthFirst),
        (true, true) | (false, false) => Err((
            stamps.first().map_or(1, |&(line, _)| line),
            "the dates fit both day-first and month-first; say which with --date-order day-first or --date-order month-first".to_owned(),
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        match parse(line) {
            Some((stamp, rest)) => format!("{:?} {} {rest}", stamp.numbers, stamp.time),
            None => "none".to_owned(),
        }
    }

    #[test]
    fn stamps_of_many_languages_are_read() {
        for line in [
            "15.04.16, 15:04 - x",
            "[15.04.16, 15:04:00] x",
            "\u{200e}[15.04.16,\u{a0}3:04:00\u{202f}PM] x",
            "15/4/16, 3:04 pm - x",
            "15/4/16, 3:04 p.\u{a0}m. - x",
            "15/4/16, 3:04\u{202f}p.m. - x",
            "15/4/16 à 15:04 - x",
            "15/4/16 15 h 04 - x",
            "15.4.16 klo 15.04 - x",
            "15-4-16 15:04 - x",
            "15:04, 15/4/16 - x",
            "15/4/16, 3:04 μ.μ. - x",
            "\u{661}\u{665}/\u{664}/\u{661}\u{666}\u{60c} \u{663}:\u{660}\u{664} م - x",
        ] {
            assert_eq!(read(line), "[15, 4, 16] 15:04:00 x", "{line}");
        }
        for line in ["2016/4/15 下午3:04 - x", "2016. 4. 15. 오후 3:04 - x", "2016年4月15日 15:04 - x", "[2016-04-15, 15:04:00] x"] {
            assert_eq!(read(line), "[2016, 4, 15] 15:04:00 x", "{line}");
        }
        assert_eq!(read("1/2/20, 12:00 AM - x"), "[1, 2, 20] 00:00:00 x");
        assert_eq!(read("1/2/20, 12:00 PM - x"), "[1, 2, 20] 12:00:00 x");
    }

    #[test]
    fn other_lines_have_no_stamp() {
        for line in [
            "",
            "15.04.16",
            "15.04.16, 15:04",
            "15.04.16, 15:04 x",
            "15.04.16, 25:04 - x",
            "15.04/16, 15:04 - x",
            "15.04.16, 15:04 -x",
            "2020-01-01 12:00:00,123 - module - INFO - x",
            "[15.04.16, 15:04:22 x",
            "12345/1/1, 10:00 - x",
            "- 15.04.16, 15:04 - x",
        ] {
            assert_eq!(read(line), "none", "{line}");
        }
    }

    fn order(dates: &[&str], setting: Option<DateOrder>) -> Result<DateOrder, (u64, String)> {
        let stamps: Vec<_> = (1..).zip(dates).map(|(n, date)| (n, parse(&format!("{date}, 10:00 - x")).unwrap().0)).collect();
        order_of(&stamps, setting)
    }

    #[test]
    fn the_order_of_day_and_month_is_that_of_the_whole_file() {
        use DateOrder::{DayFirst, MonthFirst, YearFirst};
        assert_eq!(order(&["1/2/20", "13/2/20"], Some(MonthFirst)), Ok(DayFirst));
        assert_eq!(order(&["1/2/20", "2/13/20"], Some(DayFirst)), Ok(MonthFirst));
        assert_eq!(order(&["2020-02-01", "2020-03-01"], None), Ok(YearFirst));
        // 5 March before 1 April, but not 3 May before 4 January.
        assert_eq!(order(&["5/3/20", "1/4/20"], None), Ok(DayFirst));
        assert_eq!(order(&["3/5/20", "4/1/20"], None), Ok(MonthFirst));
        assert_eq!(order(&["2/2/20", "3/3/20"], None), Ok(DayFirst));
        assert_eq!(order(&["20/01/05"], Some(YearFirst)), Ok(YearFirst));
    }

    #[test]
    fn what_fits_both_orders_is_asked_for_and_what_fits_none_is_told() {
        let (line, why) = order(&["1/2/20", "1/2/20"], None).unwrap_err();
        assert_eq!(line, 1);
        assert!(why.contains("--date-order day-first"), "{why}");
        assert_eq!(order(&["1/2/20"], Some(DateOrder::MonthFirst)), Ok(DateOrder::MonthFirst));
        assert!(order(&["5/3/20", "1/4/20", "2/1/20"], None).is_err());
        let (line, why) = order(&["13/1/20", "1/14/20"], None).unwrap_err();
        assert_eq!((line, why.contains("line 1")), (2, true), "{why}");
    }
}
