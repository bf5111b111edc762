//! Word lists of other tools → a lexicon file of ours: LIWC's `.dic`, tables (LIWC-22's `.dicx` among them) and quanteda's YAML.
//!
//! What cannot be carried over is told with its place and left out, never bent: a word list knows nothing of senses, exceptions and examples, so what is
//! written says that it was imported, and counts only of a group until somebody says more.

mod dic;
mod table;
mod write;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Fault, Place, Position};
use crate::lexicon::groups::Groups;
use crate::lexicon::parse::{self, Classes};
use crate::lexicon::{About, Category, Entry, Lexicons, sequences};
use crate::token;

pub use write::write;

/// Fewest letters of a stem (`word*`); shorter ones would be tried at nearly every word.
const MIN_STEM_LETTERS: usize = 4;

/// A format of word lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// LIWC's `.dic`: numbered lists between two `%`, then words with the numbers of their lists.
    Dic,
    /// A table with a header: a word and its list, or a word and a column for every list.
    Csv,
    /// quanteda's YAML: lists of words by name, at any depth.
    Yaml,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Dic, Self::Csv, Self::Yaml];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dic => "dic",
            Self::Csv => "csv",
            Self::Yaml => "yaml",
        }
    }

    /// The format by the file's content, and by its name where the content leaves a doubt.
    #[must_use]
    pub fn recognise(path: &str, text: &str) -> Self {
        let is_named = |endings: &[&str]| endings.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
        if text.lines().map(str::trim).find(|line| !line.is_empty()) == Some("%") || is_named(&[".dic"]) {
            Self::Dic
        } else if is_named(&[".yml", ".yaml"]) {
            Self::Yaml
        } else {
            Self::Csv
        }
    }
}

/// A word or phrase of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// As our lexicons write it.
    pub text: String,
    /// Its line.
    pub line: u64,
}

/// Lists by name, in the order of names.
pub type Lists = BTreeMap<String, Vec<Item>>;

/// What a file held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// The lists.
    pub lists: Lists,
    /// What was left out or changed, with its place.
    pub warnings: Vec<Fault>,
}

/// Reads a file of word lists; of a format that is not given what the content and name say.
///
/// # Errors
/// If the file as a whole is not of its format.
pub fn read(path: &str, bytes: &[u8], format: Option<Format>) -> Result<Imported, Fault> {
    let mut reading = Reading { file: Place::file(path), imported: Imported::default() };
    let text = reading.decode(bytes);
    match format.unwrap_or_else(|| Format::recognise(path, &text)) {
        Format::Dic => dic::read(&text, &mut reading)?,
        Format::Csv => table::read(&text, &mut reading)?,
        Format::Yaml => yaml::read(&text, &mut reading)?,
    }
    if reading.imported.lists.values().all(Vec::is_empty) {
        return Err(Fault::new(reading.file, "found no word that can be imported"));
    }
    Ok(reading.imported)
}

/// A file that is being read.
struct Reading {
    file: Place,
    imported: Imported,
}

impl Reading {
    /// UTF-8 if it is, with or without a mark; else Windows-1252, which is told.
    fn decode(&mut self, bytes: &[u8]) -> String {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(error) => {
                let at = self.file.at(Position::Byte(error.valid_up_to() as u64));
                self.imported.warnings.push(Fault::new(at, "is not UTF-8; read as Windows-1252"));
                encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
            }
        }
    }

    fn fault(&self, line: u64, why: impl Into<String>) -> Fault {
        Fault::new(self.file.at(Position::Line(line)), why)
    }

    fn warn(&mut self, line: u64, why: impl Into<String>) {
        let fault = self.fault(line, why);
        self.imported.warnings.push(fault);
    }

    /// Adds a word to a list, or tells why it cannot be.
    fn add(&mut self, list: &str, word: &str, line: u64) {
        match ours(word) {
            Ok(text) => {
                let items = self.imported.lists.entry(list.to_owned()).or_default();
                items.push(Item { text, line });
            }
            Err(why) => self.warn(line, format!("{why}; left out")),
        }
    }
}

/// A word as our lexicons write it.
fn ours(word: &str) -> Result<String, String> {
    let text = word.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    sequences(&text)?;
    let stem = text.split(' ').filter_map(|part| part.strip_suffix('*')).find(|stem| token::fold(stem).len() < MIN_STEM_LETTERS);
    match stem {
        Some(stem) => Err(format!("stem \"{stem}*\" is shorter than {MIN_STEM_LETTERS} letters")),
        None => Ok(text),
    }
}

/// One list of those that were read, or several as one, without what stands twice or in an entry that ships with the category.
#[must_use]
pub fn select(imported: &mut Imported, names: &[String], category: Category, shipped: &[Entry], path: &str) -> Vec<(String, Item)> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for entry in shipped.iter().filter(|entry| entry.category == category) {
        let plain = entry.matches.iter().filter_map(|string| sequences(string).ok()).flatten();
        seen.extend(plain.map(|sequence| (sequence.join(" "), format!("stands in the shipped entry \"{}\"", entry.name))));
    }
    let mut chosen = Vec::new();
    let mut warnings = BTreeSet::new();
    for (name, items) in imported.lists.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        for item in items {
            let spelled: Vec<String> = sequences(&item.text).unwrap_or_default().iter().map(|sequence| sequence.join(" ")).collect();
            if let Some(where_) = spelled.iter().find_map(|spelled| seen.get(spelled)) {
                let at = Place::file(path).at(Position::Line(item.line));
                warnings.insert(Fault::new(at, format!("\"{}\" {where_}; left out", item.text)));
                continue;
            }
            seen.extend(spelled.into_iter().map(|spelled| (spelled, format!("stands in line {} too", item.line))));
            chosen.push((name.clone(), item.clone()));
        }
    }
    for (index, why) in refused(&chosen, category, path).into_iter().rev() {
        let (_, item) = chosen.remove(index);
        warnings.insert(Fault::new(Place::file(path).at(Position::Line(item.line)), format!("{why}; left out")));
    }
    imported.warnings.extend(warnings);
    chosen
}

/// The words that are none to the compiler, which has the last word: some of their signs mean something in patterns.
fn refused(words: &[(String, Item)], category: Category, path: &str) -> BTreeMap<usize, String> {
    let Ok(file) = parse::parse(path, &write(words, category, About::Nothing, "en", path)) else { return BTreeMap::new() };
    let lines: Vec<u64> = file.entries.iter().map(|entry| entry.line).collect();
    let classes = Classes { at: Place::file(path), members: BTreeMap::new() };
    let faults = Lexicons::compile(&[file], &classes, Groups::default()).err().unwrap_or_default();
    let of_line = |fault: Fault| match fault.at.position {
        Position::Line(line) => lines.binary_search(&line).ok().map(|index| (index, fault.why)),
        Position::Whole | Position::Record(_) | Position::Byte(_) => None,
    };
    faults.into_iter().filter_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_compiles_and_what_does_not_is_told() {
        let mut imported = read("x.csv", b"word,list\nhero,a\nbold <move,a\nh%ro*,a\n--->bold,a\n", None).unwrap();
        let words = select(&mut imported, &[], Category::Heroic, &[], "x.csv");
        assert_eq!(words.iter().map(|(_, item)| item.text.as_str()).collect::<Vec<_>>(), ["hero"]);
        let told: Vec<String> = imported.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].starts_with("x.csv:3: entry \"bold <move\"") && told[0].ends_with("; left out"), "{told:?}");
    }

    /// The lists as `name: words`, and the warnings.
    pub(super) fn read_as(path: &str, text: &[u8]) -> (Vec<String>, Vec<String>) {
        let imported = read(path, text, None).unwrap();
        let words = |items: &Vec<Item>| items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(", ");
        let lists = imported.lists.iter().map(|(name, items)| format!("{name}: {}", words(items))).collect();
        (lists, imported.warnings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn what_our_notation_cannot_say_is_told() {
        for (word, told) in [
            ("hero", "hero"),
            ("  Ivory   Tower ", "ivory tower"),
            ("man-power*", "man-power*"),
            ("her*", "stem \"her*\" is shorter than 4 letters"),
            ("a*b", "\"a*b\": found an operator in \"a*b\", expected words and stems (\"word*\") only"),
            ("l?ve", "\"l?ve\": found an operator in \"l?ve\", expected words and stems (\"word*\") only"),
            (":)", "\":)\": found an operator in \":)\", expected words and stems (\"word*\") only"),
            ("...", "\"...\" holds no word"),
            ("", "\"\" holds no word"),
        ] {
            assert_eq!(ours(word).unwrap_or_else(|why| why), told, "{word}");
        }
    }

    #[test]
    fn a_file_without_a_word_is_an_error() {
        assert_eq!(read("x.yml", b"a: []\n", None).unwrap_err().to_string(), "x.yml: found no word that can be imported");
    }

    #[test]
    fn what_stands_twice_is_left_out_and_told() {
        let mut imported = read("x.yml", b"a: [saga, man-power]\nb: [saga, manpower, pump]\n", None).unwrap();
        let chosen = select(&mut imported, &[], Category::Heroic, &[], "x.yml");
        assert_eq!(chosen.iter().map(|(_, item)| item.text.as_str()).collect::<Vec<_>>(), ["saga", "man-power", "pump"]);
        let told: Vec<_> = imported.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["x.yml:2: \"manpower\" stands in line 1 too; left out", "x.yml:2: \"saga\" stands in line 1 too; left out"]);
    }
}
