//! The coded words of the gendered lexicon as a lexicon of their own, in which they count anywhere: for counting them as the gender decoders
//! for job advertisements do.

use super::groups::Groups;
use super::parse::{self, LexiconFile};
use super::{About, Category, Entry, Lexicons, Text, builtin};
use crate::fault::Fault;

/// Word classes of the gendered lexicon, with the sub-categories of the entries that use them.
const KINDS: [(&str, &str); 2] = [("coded_m", "coded_masculine"), ("coded_f", "coded_feminine")];

/// What coded words mean elsewhere: the entries of the lexicon need no such exceptions, for they ask for a person.
#[rustfmt::skip]
const OTHER_SENSES: [&str; 13] = [
    "kind of", "kind regards", "(a|any|by|each|every|its|no|of|one|other|per|same|some|that|the|their|this|what|which) kind",
    "(case|cost|price|time) sensitive", "sensitive (content|data|document*|file*|information|material*|personal)",
    "(a|each|every|of|our|that|the|this) tender", "tender (document*|for|offer*|process|team)",
    "(a|an|basic|better|clear|common|deep|good|mutual|my|our|the|your) understanding", "understanding (how|of|that|what|why)",
    "(a|each|every|of|our|per|the|their|your) patient", "patient (care|data|record*|safety)",
    "quiet (hours|period|room)", "(warm|sunny) (day|days|lead*|up|water|weather)",
];

/// Compiles the word classes, with the exceptions of the entries that use them.
///
/// # Errors
/// Every mistake in them, with its place.
pub fn compile() -> Result<Lexicons, Vec<Fault>> {
    let classes = parse::parse_classes(builtin::CLASSES.0, builtin::CLASSES.1).map_err(|fault| vec![fault])?;
    let (path, text) = builtin::LEXICONS[Category::Gendered as usize];
    let mut file = parse::parse(path, text).map_err(|fault| vec![fault])?;
    file.entries = KINDS.into_iter().filter_map(|(class, kind)| entry(&file, class, kind)).collect();
    Lexicons::compile(&[file], &classes, Groups::default())
}

/// One entry of all coded words of a kind, that counts anywhere.
fn entry(file: &LexiconFile, class: &str, kind: &str) -> Option<Entry> {
    let of_kind = || file.entries.iter().filter(|entry| entry.subcategory.as_deref() == Some(kind));
    let other_senses = OTHER_SENSES.into_iter().map(Text::from);
    let mut unless: Vec<Text> = of_kind().flat_map(|entry| entry.unless.clone()).chain(other_senses).collect();
    unless.sort_unstable();
    unless.dedup();
    let first = of_kind().next()?.clone();
    let matches = file.classes.members.get(class)?.iter().map(|word| word.as_str().into()).collect();
    Some(Entry { name: class.to_owned(), matches, unless, about: About::Nothing, yes: Vec::new(), no: Vec::new(), ..first })
}
