//! Imported words → a lexicon file.

use std::fmt::Write;
use std::path::Path;

use super::Item;
use crate::lexicon::{About, Category};

/// A lexicon file (TOML) of one category with an entry for every word; `path` is the file that the words come from, of which only the name is kept.
///
/// A word list does not say what its words must be said of, nor whether they could be said of any team: they count only of what `about` says, and stay
/// out of comparisons until somebody writes `swap = true`.
#[must_use]
pub fn write(words: &[(String, Item)], category: Category, about: About, language: &str, path: &str) -> String {
    let file = Path::new(path).file_name().map_or_else(|| "words".to_owned(), |name| name.to_string_lossy().into_owned());
    let mut lists: Vec<&str> = words.iter().map(|(list, _)| list.as_str()).collect();
    lists.sort_unstable();
    lists.dedup();
    let about = match about {
        About::Group => "group",
        About::Person => "person",
        About::Nothing => "none",
    };
    let mut out = String::new();
    let description = format!("Words of {file}: {}.", lists.join(", "));
    for (key, value) in [
        ("name", category.name()),
        ("title", &format!("Imported from {file}")),
        ("version", "1"),
        ("language", language),
        ("description", &description),
        ("reads_as", &format!("{} wording", category.name().replace('_', "-"))),
        ("imported", &file),
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{key} = {}", quoted(value));
    }
    for (list, Item { text, line }) in words {
        let source = format!("{file}:{line}");
        let _ = writeln!(
            out,
            "\n[[entry]]\nmatch = [{}]\nsense = {}\nabout = \"{about}\"\nswap = false\nsource = {}",
            quoted(text),
            quoted(list),
            quoted(&source)
        );
    }
    out
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::parse;

    #[test]
    fn what_is_written_is_a_lexicon_without_examples() {
        let item = |text: &str, line| Item { text: text.to_owned(), line };
        let words = [("a \"b\"\u{7}".to_owned(), item("hero*", 3)), ("c\\d".to_owned(), item("white knight", 4))];
        let text = write(&words, Category::Heroic, About::Person, "en", "lists/my.dic");
        let file = parse::parse("my.toml", &text).unwrap();
        assert_eq!(file.lexicon.description, "Words of my.dic: a \"b\"\u{7}, c\\d.");
        let entries: Vec<_> = file.entries.iter().map(|entry| (entry.name.as_str(), entry.sense.as_str(), entry.source.as_str())).collect();
        assert_eq!(entries, [("hero*", "a \"b\"\u{7}", "my.dic:3"), ("white knight", "c\\d", "my.dic:4")]);
        assert!(file.entries.iter().all(|entry| entry.about == About::Person && !entry.swap && entry.yes.is_empty()));
    }
}
