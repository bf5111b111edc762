//! Time stamps, which are also the messages' ids.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::source::json::Loose;

/// What a time stamp should be.
pub(super) const SECONDS: &str = "seconds with a fraction";

/// A time stamp as written and as a time. Never through a float: the microseconds tell messages apart, and a float loses them.
pub(super) fn stamp<'a>(field: &Loose<'a>, name: &str) -> Result<Option<(Cow<'a, str>, Timestamp)>, String> {
    let text = match field {
        Loose::Null => return Ok(None),
        Loose::Text(text) => text.clone(),
        Loose::Integer(seconds) => Cow::Owned(format!("{seconds}.000000")),
        // Ten digits of seconds and six of microseconds fit into a float: its shortest form is the one that was written.
        Loose::Float(number) => {
            let (seconds, fraction) = decimal(*number).ok_or_else(|| field.unexpected(name, SECONDS))?;
            Cow::Owned(format!("{seconds}.{fraction:0<6}"))
        }
        Loose::Bool(_) | Loose::Array | Loose::Object => return Err(field.unexpected(name, SECONDS)),
    };
    match time(&text) {
        Some(time) => Ok(Some((text, time))),
        None => Err(field.unexpected(name, SECONDS)),
    }
}

/// A number's parts before and after the point, if it stands for microseconds without loss.
fn decimal(number: f64) -> Option<(String, String)> {
    let text = number.to_string();
    let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
    (fraction.len() <= 6).then(|| (seconds.to_owned(), fraction.to_owned()))
}

fn time(text: &str) -> Option<Timestamp> {
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.is_empty() || fraction.len() > 9 || !digits(seconds) || !digits(fraction) {
        return None;
    }
    let nanoseconds = format!("{fraction:0<9}").parse().ok()?;
    Timestamp::new(seconds.parse().ok()?, nanoseconds).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<String, String> {
        let field = serde_json::from_str(json).unwrap();
        stamp(&field, "ts").map(|stamp| stamp.map_or_else(String::new, |(text, time)| format!("{text} {}", time.as_nanosecond())))
    }

    #[test]
    fn every_microsecond_of_a_text_is_kept() {
        assert_eq!(read("\"1433524800.000002\"").unwrap(), "1433524800.000002 1433524800000002000");
        assert_eq!(read("\"1.5\"").unwrap(), "1.5 1500000000");
        assert_eq!(read("null").unwrap(), "");
    }

    #[test]
    fn a_number_is_read_where_nothing_is_lost() {
        assert_eq!(read("1700000000.123456").unwrap(), "1700000000.123456 1700000000123456000");
        assert_eq!(read("1700000000").unwrap(), "1700000000.000000 1700000000000000000");
        assert_eq!(read("1700000000.5").unwrap(), "1700000000.500000 1700000000500000000");
        assert_eq!(read("1700000000.1234567").unwrap_err(), "`ts` is the number 1700000000.1234567, expected seconds with a fraction");
    }

    #[test]
    fn what_is_no_time_is_an_error() {
        for json in
            ["-1", "-1.5", "1e300", "true", "[]", "{}", "\"-1.0\"", "\"\"", "\".5\"", "\"99999999999999.0\"", "\"1.0000000001\"", "\"1,5\""]
        {
            assert!(read(json).unwrap_err().starts_with("`ts` is "), "{json}");
        }
    }
}
