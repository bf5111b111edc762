//! Lexicon file (TOML) → entries, every mistake with file, line and entry.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::{About, Category, Entry, Lexicon, Text};
use crate::fault::{Fault, Place, Position};
use crate::span::{LineStarts, line_of};

/// A lexicon file that was read, not yet compiled.
#[derive(Debug, Clone)]
pub struct LexiconFile {
    /// Its description.
    pub lexicon: Lexicon,
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Its own word classes.
    pub classes: Classes,
    /// The file.
    pub path: Arc<str>,
    /// The file's text, for the fingerprint.
    pub text: String,
}

/// Word classes that patterns may use as `@name`.
#[derive(Debug, Clone)]
pub struct Classes {
    /// Where they stand.
    pub at: Place,
    /// Members by name.
    pub members: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawClasses {
    classes: BTreeMap<String, Vec<String>>,
}

/// A file's records; what is wrong is told with its line.
pub(super) fn from_toml<T: DeserializeOwned>(file: &Place, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        Fault::new(file.at(Position::Line(line)), error.message())
    })
}

/// Reads a file of word classes: a table `[classes]`.
///
/// # Errors
/// If the text is not TOML or holds anything else.
pub fn parse_classes(path: &str, text: &str) -> Result<Classes, Fault> {
    let at = Place::file(path);
    let raw: RawClasses = from_toml(&at, text)?;
    Ok(Classes { at, members: raw.classes })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLexicon {
    name: Spanned<String>,
    title: String,
    version: String,
    language: String,
    description: String,
    reads_as: String,
    /// The file that the words were imported from; its entries may lack examples.
    imported: Option<String>,
    #[serde(default)]
    classes: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    entry: Vec<Spanned<RawEntry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    name: Option<String>,
    #[serde(rename = "match")]
    matches: Vec<String>,
    sense: String,
    #[serde(default)]
    unless: Vec<String>,
    about: RawAbout,
    swap: bool,
    subcategory: Option<String>,
    negatable: Option<bool>,
    instead: Option<String>,
    source: String,
    #[serde(default)]
    yes: Vec<String>,
    #[serde(default)]
    no: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawAbout {
    Group,
    Person,
    None,
}

/// Reads a lexicon file.
///
/// # Errors
/// If the text is not TOML, a key is missing, unknown or of the wrong type, the name is no category, or an entry has no match, or no
/// `yes` or `no` in a file that was not imported.
pub fn parse(path: &str, text: &str) -> Result<LexiconFile, Fault> {
    let file: Arc<str> = path.into();
    let at = |line| Place { path: Arc::clone(&file), member: None, position: Position::Line(line) };
    let raw: RawLexicon = from_toml(&Place::file(path), text)?;
    let category = Category::from_name(raw.name.get_ref()).ok_or_else(|| {
        let known: Vec<_> = Category::ALL.iter().map(|category| category.name()).collect();
        Fault::new(
            at(line_of(text, raw.name.span().start)),
            format!("name \"{}\" is no category; expected one of {}", raw.name.get_ref(), known.join(", ")),
        )
    })?;
    let lexicon = Lexicon {
        category,
        title: raw.title,
        version: raw.version,
        language: raw.language,
        description: raw.description,
        reads_as: raw.reads_as,
    };
    let lines = LineStarts::of(text);
    let is_written = raw.imported.is_none();
    let mut entries = Vec::with_capacity(raw.entry.len());
    for spanned in raw.entry {
        let line = lines.line_of(spanned.span().start);
        let raw = spanned.into_inner();
        let Some(name) = raw.name.or_else(|| raw.matches.first().cloned()).filter(|_| !raw.matches.is_empty()) else {
            return Err(Fault::new(at(line), "entry without a `match`"));
        };
        if is_written && (raw.yes.is_empty() || raw.no.is_empty()) {
            return Err(Fault::new(at(line), format!("entry \"{name}\": needs at least one `yes` and one `no` sentence")));
        }
        entries.push(Entry {
            name,
            category,
            subcategory: raw.subcategory,
            matches: texts(raw.matches),
            sense: raw.sense,
            unless: texts(raw.unless),
            about: match raw.about {
                RawAbout::Group => About::Group,
                RawAbout::Person => About::Person,
                RawAbout::None => About::Nothing,
            },
            swap: raw.swap,
            negatable: raw.negatable.unwrap_or(true),
            instead: raw.instead,
            source: raw.source,
            yes: texts(raw.yes),
            no: texts(raw.no),
            line,
            file: Arc::clone(&file),
        });
    }
    let classes = Classes { at: Place::file(Arc::clone(&file)), members: raw.classes };
    Ok(LexiconFile { lexicon, entries, classes, path: file, text: text.to_owned() })
}

fn texts(strings: Vec<String>) -> Vec<Text> {
    strings.into_iter().map(Text::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "name = \"heroic\"\ntitle = \"\"\nversion = \"1\"\nlanguage = \"en\"\ndescription = \"\"\nreads_as = \"\"\n";

    fn fault(entry: &str) -> String {
        parse("x.toml", &format!("{HEAD}{entry}")).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert!(fault("[[entry]]\nmatch = \"hero\"\n").starts_with("x.toml:8: invalid type: string \"hero\""));
        assert!(fault("[[entry]]\nmatches = []\n").starts_with("x.toml:8: unknown field `matches`"));
        let empty = "[[entry]]\nmatch = []\nsense = \"\"\nabout = \"group\"\nswap = true\nsource = \"own\"\nyes = []\nno = []\n";
        assert_eq!(fault(empty), "x.toml:7: entry without a `match`");
        let lone = empty.replace("match = []", "match = [\"saga\"]");
        assert_eq!(fault(&lone), "x.toml:7: entry \"saga\": needs at least one `yes` and one `no` sentence");
        assert!(parse("x.toml", &format!("{HEAD}imported = \"x.dic\"\n{lone}")).is_ok());
        assert!(
            parse("x.toml", &HEAD.replace("heroic", "epic")).unwrap_err().to_string().starts_with("x.toml:1: name \"epic\" is no category")
        );
    }
}
