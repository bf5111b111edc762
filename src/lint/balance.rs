//! Coded words of a whole text, counted as the gender decoders for job advertisements do, but by whole entries: a word counts once, in the
//! sense that the lexicon means, and not where it is said of a target, a price or a salary.

use super::Scratch;
use super::draft::Text;
use crate::fault::Fault;
use crate::framing::Framing;
use crate::lexicon::coded;
use crate::{shipped, tally};

/// By so many words more of one kind a text reads strongly coded: the convention of the gender decoders.
const STRONGLY: usize = 4;

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
    /// The coded words as the build compiled them.
    ///
    /// # Errors
    /// Every mistake in them, with its place.
    pub fn new() -> Result<Self, Vec<Fault>> {
        let lexicons = shipped::coded().map_or_else(coded::compile, Ok)?;
        Ok(Self { framing: Framing::new(lexicons) })
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
