//! A word, stem or phrase of a file → the sequences of words that it stands for.

use crate::word;

/// A string of a file as sequences of words: a hyphen stands for a hyphen, a blank or nothing, so a string with hyphens gives several.
///
/// # Errors
/// If the string holds no word or a `*` that does not end one.
pub(crate) fn sequences(string: &str) -> Result<Vec<Vec<String>>, String> {
    // Most strings are one plain word, and there are tens of thousands of them to be read before anything else happens.
    if !string.is_empty() && string.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(vec![vec![string.to_owned()]]);
    }
    let parts: Vec<&str> = string.split('-').collect();
    if parts.len() > 6 {
        return Err(format!("\"{string}\" has more than five hyphens"));
    }
    let mut all: Vec<Vec<String>> = Vec::new();
    for split in 0..1_u32 << (parts.len() - 1) {
        let mut spelled = parts[0].to_owned();
        for (i, part) in parts[1..].iter().enumerate() {
            spelled.push_str(if split >> i & 1 == 1 { "" } else { " " });
            spelled.push_str(part);
        }
        let mut sequence = Vec::new();
        for piece in spelled.split_whitespace() {
            let (body, star) = piece.strip_suffix('*').map_or((piece, ""), |body| (body, "*"));
            if body.contains(['*', '|', '(', ')', '{', '}', '[', ']', '?', '~', '@', '^', '$', '\\', '+'])
                || !star.is_empty() && body.ends_with('.')
            {
                return Err(format!("\"{string}\": found an operator in \"{piece}\", expected words and stems (\"word*\") only"));
            }
            let words = word::words(body).into_iter().flat_map(|word| match word::split_clitic(word) {
                Some((at, full)) => vec![&word[..at], full],
                None => vec![word],
            });
            let mut words: Vec<String> = words.map(str::to_owned).collect();
            if let Some(last) = words.last_mut() {
                last.push_str(star);
            }
            sequence.extend(words);
        }
        if sequence.is_empty() {
            return Err(format!("\"{string}\" holds no word"));
        }
        if !all.contains(&sequence) {
            all.push(sequence);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_is_a_blank_or_nothing() {
        let spelled: Vec<_> = sequences("man-power shortage").unwrap().iter().map(|sequence| sequence.join(" ")).collect();
        assert_eq!(spelled, ["man power shortage", "manpower shortage"]);
        assert_eq!(sequences("r&d").unwrap(), [["r", "d"]]);
        for not_ours in ["(a|b)", "hero\\w+", "hero.*", "\\bhero\\b", "hero+", "[a-z]ero", "her*o"] {
            assert!(sequences(not_ours).unwrap_err().contains("found an operator"), "{not_ours}");
        }
        assert!(sequences("…").is_err());
    }
}
