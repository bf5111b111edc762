//! Times as chats write them.

use jiff::Timestamp;

use super::Loose;

/// What a time should be.
const TIME: &str = "a time";

/// A time with its zone, as `2026-03-31T14:05:00.5+02:00`.
pub(in crate::source) fn time(field: &Loose<'_>, name: &str) -> Result<Option<Timestamp>, String> {
    match field {
        Loose::Null => Ok(None),
        Loose::Text(text) => text.trim().parse().map(Some).map_err(|_| field.unexpected(name, TIME)),
        _ => Err(field.unexpected(name, TIME)),
    }
}

/// A time in seconds since 1970, a number with or without a fraction, or a text of one.
pub(in crate::source) fn seconds(field: &Loose<'_>, name: &str) -> Result<Option<Timestamp>, String> {
    since_1970(field, name, 1000.0)
}

/// A time in milliseconds since 1970.
pub(in crate::source) fn milliseconds(field: &Loose<'_>, name: &str) -> Result<Option<Timestamp>, String> {
    since_1970(field, name, 1.0)
}

fn since_1970(field: &Loose<'_>, name: &str, unit_milliseconds: f64) -> Result<Option<Timestamp>, String> {
    let number = match field {
        Loose::Null => return Ok(None),
        Loose::Integer(number) => Some(*number as f64),
        Loose::Float(number) => Some(*number),
        Loose::Text(text) => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
        Loose::Bool(_) | Loose::Array | Loose::Object => None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "out of range saturates and is refused")]
    let time = number.and_then(|number| Timestamp::from_millisecond((number * unit_milliseconds).round() as i64).ok());
    time.map(Some).ok_or_else(|| field.unexpected(name, TIME))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_seconds_and_milliseconds() {
        let at = |json: &str| seconds(&serde_json::from_str(json).unwrap(), "t").map(|time| time.map(|time| time.to_string()));
        for json in ["1577836800", "1577836800.0", "\"1577836800\""] {
            assert_eq!(at(json).unwrap().unwrap(), "2020-01-01T00:00:00Z");
        }
        assert_eq!(at("null"), Ok(None));
        for json in ["true", "1e300", "\"NaN\"", "\"x\"", "[]", "\"\""] {
            assert!(at(json).unwrap_err().ends_with("expected a time"), "{json}");
        }
        assert_eq!(milliseconds(&Loose::Integer(1_577_836_800_000), "t").unwrap().unwrap().to_string(), "2020-01-01T00:00:00Z");
        assert_eq!(time(&Loose::Text("2020-01-01T01:00:00.5+01:00".into()), "t").unwrap().unwrap().as_second(), 1_577_836_800);
    }
}
