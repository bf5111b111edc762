//! Numbers and names as words, for every page alike.

use crate::disclosure::two_figures;

/// `1,234 messages`, `1 message`, `no messages`.
pub(super) fn count(n: u64, one: &str, many: &str) -> String {
    match n {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        _ => format!("{} {many}", thousands(n)),
    }
}

/// `5 authors`.
pub(super) fn authors(n: usize) -> String {
    count(n as u64, "author", "authors")
}

/// `1,234,567`.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let head = digits.len() % 3;
    let groups = digits.as_bytes()[head..].chunks(3).map(String::from_utf8_lossy);
    let head = (head > 0).then(|| digits[..head].into());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

/// A figure to two significant figures, in plain decimals: `4.0`, `0.012`, `1,200`.
pub(super) fn number(value: f64) -> String {
    let value = settled(value);
    if value == 0.0 {
        return "0".to_owned();
    }
    let plain = value.to_string();
    if value >= 1000.0 {
        // Figures of this size are whole: they have two significant ones.
        return plain.parse().map_or(plain, thousands);
    }
    // A whole number below 10 gets its second figure: `4` would look less exact than the `3.8` beside it.
    if plain.len() == 1 { format!("{plain}.0") } else { plain }
}

/// Two significant figures, or as many more as keep the value on its side of 1 (disclosure leaves an interval unrounded where rounding
/// would move an end onto 1).
pub(super) fn settled(value: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let rounded = (2..17).map(|digits| format!("{value:.digits$e}").parse().unwrap_or(value));
    let mut candidates = std::iter::once(two_figures(value)).chain(rounded);
    candidates.find(|rounded: &f64| rounded.partial_cmp(&1.0) == value.partial_cmp(&1.0)).unwrap_or(value)
}

/// A name from the user's files on one line, without control characters and without those that turn the direction of writing.
pub(super) fn printable(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unprintable(*c)).collect();
    text.trim().to_owned()
}

/// Control characters, what turns the direction of writing, and what takes no room (Unicode Technical Report #36, section 2.10.2).
pub(super) fn is_unprintable(c: char) -> bool {
    let is_unseen = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    c.is_control() || is_unseen
}

/// A team or group as a heading writes it: `sales` → `Sales`, `hr` → `HR`.
pub(super) fn name(text: &str) -> String {
    let text = printable(text);
    match text.chars().count() {
        0 => "(no name)".to_owned(),
        1 | 2 => text.to_uppercase(),
        _ => capitalised(&text),
    }
}

/// The text with a capital at the front.
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Names in a row: `Sales, Marketing and HR`.
pub(super) fn list<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<String> = names.iter().map(|text| name(text.as_ref())).collect();
    listed(&names)
}

/// Pieces of a sentence in a row: `a, b and c`.
pub(super) fn listed<T: AsRef<str>>(pieces: &[T]) -> String {
    let pieces: Vec<&str> = pieces.iter().map(AsRef::as_ref).collect();
    match pieces.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A name cut at its end to so many characters.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

/// `22 %`; `under 1 %`, for a reason that occurs is not nothing.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let share = 100.0 * part as f64 / whole as f64;
    if share < 1.0 { "under 1 %".to_owned() } else { format!("{share:.0} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_right_in_zero_one_and_many() {
        assert_eq!([0, 1, 5910].map(|n| count(n, "message", "messages")), ["no messages", "1 message", "5,910 messages"]);
        assert_eq!([7, 999, 1000, 1_234_567].map(thousands), ["7", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn numbers_have_two_figures_and_stay_on_their_side_of_one() {
        assert_eq!([0.0, 4.0, 0.012, 1200.0, 38.0, 1.0].map(number), ["0", "4.0", "0.012", "1,200", "38", "1.0"]);
        assert_eq!([1.000_41, 0.998_7].map(number), ["1.0004", "0.999"]);
    }

    #[test]
    fn names_lose_control_characters_and_gain_a_capital() {
        assert_eq!(["sales", "hr", "a\u{1b}[31m\nb", "x\u{202e}y z"].map(name), ["Sales", "HR", "A[31m b", "Xy z"]);
        assert_eq!(["\u{200b}\u{202e}", "a\u{61c}b\u{e0041}c"].map(name), ["(no name)", "Abc"]);
        assert_eq!([list(&["sales"]), list(&["sales", "hr", "legal"])], ["Sales", "Sales, HR and Legal"]);
    }

    #[test]
    fn a_share_that_occurs_is_not_nothing() {
        assert_eq!([percent(1, 1000), percent(410, 1000), percent(5, 5)], ["under 1 %", "41 %", "100 %"]);
    }
}
