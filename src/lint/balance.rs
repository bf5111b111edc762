//! Coded words of a whole text, counted as the gender decoders for job advertisements do, but by whole entries: a word counts once, in the
//! sense that the lexicon means, and not where it is said of a target, a price or a salary.

use super::Scratch;
use super::draft::Text;
use crate::fault::Fault;
use crate::framing::Framing;
use crate::lexicon::groups::Groups;
use crate::lexicon::parse::{self, LexiconFile};
use crate::lexicon::{self, About, Category, Entry, Lexicons, builtin};
use crate::tally;

/// By so many words more of one kind a text reads strongly coded: the convention of the gender decoders.
const STRONGLY: usize = 4;

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

/// The coded words of a text, in order, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Balance {
    /// Coded masculine.
    pub masculine: Vec<String>,
    /// Coded feminine.
    pub feminine: Vec<String>,
}

impl Balance {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.masculine.is_empty() && self.feminine.is_empty()
    }

    /// How the text reads by them.
    #[must_use]
    pub fn reads(&self) -> &'static str {
        let (masculine, feminine) = (self.masculine.len(), self.feminine.len());
        match (masculine.cmp(&feminine), masculine.abs_diff(feminine) >= STRONGLY) {
            (std::cmp::Ordering::Equal, _) => "neutral",
            (std::cmp::Ordering::Greater, false) => "masculine-coded",
            (std::cmp::Ordering::Greater, true) => "strongly masculine-coded",
            (std::cmp::Ordering::Less, false) => "feminine-coded",
            (std::cmp::Ordering::Less, true) => "strongly feminine-coded",
        }
    }
}

/// The coded words that ship, compiled.
pub struct Coded {
    framing: Framing,
}

impl Coded {
    /// Compiles the word classes `coded_m` and `coded_f` of the gendered lexicon, with the exceptions of the entries that use them.
    ///
    /// # Errors
    /// Every mistake in them, with its place.
    pub fn new() -> Result<Self, Vec<Fault>> {
        let classes = parse::parse_classes(builtin::CLASSES.0, builtin::CLASSES.1).map_err(|fault| vec![fault])?;
        let (path, text) = builtin::LEXICONS[Category::Gendered as usize];
        let mut file = parse::parse(path, text).map_err(|fault| vec![fault])?;
        file.entries = tally::Coded::ALL.into_iter().filter_map(|coded| entry(&file, coded)).collect();
        Ok(Self { framing: Framing::new(Lexicons::compile(&[file], &classes, Groups::default())?) })
    }

    pub(super) fn count(&self, texts: &[Text], scratch: &mut Scratch) -> Balance {
        let mut balance = Balance::default();
        for text in texts {
            scratch.read(text, &self.framing, &mut |hit| {
                let words = hit.span.of(text.text()).to_lowercase();
                let is_masculine = self.framing.lexicons.entry(hit.entry).subcategory.as_deref() == Some(tally::Coded::Masculine.name());
                if is_masculine { balance.masculine.push(words) } else { balance.feminine.push(words) }
            });
        }
        balance
    }
}

/// One entry of all coded words of a kind, that counts anywhere.
fn entry(file: &LexiconFile, coded: tally::Coded) -> Option<Entry> {
    let class = match coded {
        tally::Coded::Masculine => "coded_m",
        tally::Coded::Feminine => "coded_f",
    };
    let of_kind = || file.entries.iter().filter(|entry| entry.subcategory.as_deref() == Some(coded.name()));
    let other_senses = OTHER_SENSES.into_iter().map(lexicon::Text::from);
    let mut unless: Vec<lexicon::Text> = of_kind().flat_map(|entry| entry.unless.clone()).chain(other_senses).collect();
    unless.sort_unstable();
    unless.dedup();
    let first = of_kind().next()?.clone();
    let matches = file.classes.members.get(class)?.iter().map(|word| word.as_str().into()).collect();
    Some(Entry { name: class.to_owned(), matches, unless, about: About::Nothing, yes: Vec::new(), no: Vec::new(), ..first })
}
