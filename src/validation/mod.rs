//! How far the lexicons can be trusted on somebody's own data: a coding sample drawn from hits and from sentences without one, and what people
//! say of it, as precision, recall, accuracy of targets and agreement.
//!
//! *Draw*: hits in strata by category, sentences that name a group and hold no hit in a stratum of their own, each a simple random sample
//! without replacement. *Precision* of a category: the share of its coded hits that are right, with Wilson's interval. *Recall*: among the
//! sentences that name a group, right hits found ÷ (right hits found + wording missed); both totals are expansion estimates, the sum over
//! strata of size × mean (Cochran 1977, section 5.3). Wording missed beside a hit is seen once for every hit of its sentence, so each row
//! counts for its share (Sirken 1970). [`estimate`] has the intervals.

pub mod alpha;
mod draw;
pub mod estimate;
mod mask;
mod result;
mod score;
mod sheet;

#[cfg(test)]
mod tests;

pub use draw::{Drawing, Plan};
pub use result::{parse, write};
pub use score::score;
pub use sheet::{Answer, Coded, Labelled, Row, Sheet, how_to_code, labelled, read_sheet, write_sheet};

use std::sync::Arc;

use crate::lexicon::Category;
use estimate::Estimate;

/// Smallest lower end of a category's precision that is good enough (STATISTICS.md).
pub const MIN_PRECISION: f64 = 0.70;

/// Smallest α of two coders that is good enough for tentative conclusions (Krippendorff 2004, section 11.4.2).
pub const MIN_ALPHA: f64 = 0.667;

/// Hits, and sentences without one, that must be coded; all, if there are fewer.
pub const MIN_CODED: u64 = 200;

/// Fewest coded hits of a category with which its lower end can reach [`MIN_PRECISION`] at all.
pub const MIN_HITS_OF_CATEGORY: u64 = 9;

/// What a coded sample says of the lexicons. It holds no text.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// Fingerprint of the lexicons that found the hits.
    pub lexicons: String,
    /// Hits: how many there are and were coded.
    pub hits: SampleSize,
    /// Sentences that name a group and hold no hit.
    pub sentences: SampleSize,
    /// Categories with a hit or with wording missed, in order.
    pub categories: Vec<CategoryScore>,
    /// Recall of all categories together.
    pub recall: Option<Estimate>,
    /// Groups that hits are aimed at, in order of name; `None` is nobody in particular.
    pub targets: Vec<TargetScore>,
    /// Agreement, where two people coded.
    pub agreement: Option<Agreement>,
}

/// How many units there are and how many were coded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SampleSize {
    /// Units in the data.
    pub population: u64,
    /// Units coded, also those of which nobody can tell.
    pub coded: u64,
}

impl SampleSize {
    /// Whether enough were coded.
    #[must_use]
    pub fn is_enough(self) -> bool {
        self.coded >= MIN_CODED.min(self.population)
    }
}

/// What was found of one category.
#[derive(Debug, Clone, PartialEq)]
pub struct CategoryScore {
    /// The category.
    pub category: Category,
    /// Hits in the data.
    pub population: u64,
    /// Coded hits of which people can tell whether they are right.
    pub coded: u64,
    /// Those that are right.
    pub right: u64,
    /// Share of right hits; `None` where no hit was coded.
    pub precision: Option<Estimate>,
    /// Share of the wording in sentences that name a group that is found; `None` where neither hit nor missed wording is seen.
    pub recall: Option<Estimate>,
}

impl CategoryScore {
    /// Whether precision is good enough; `None` where no hit was coded.
    #[must_use]
    pub fn holds(&self) -> Option<bool> {
        self.precision.map(|precision| precision.low >= MIN_PRECISION)
    }
}

/// What was found of hits aimed at one group.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetScore {
    /// The group; `None` for hits about nobody in particular.
    pub target: Option<Arc<str>>,
    /// Coded hits aimed at it.
    pub coded: u64,
    /// Share that are right, whatever their target, weighted by category.
    pub precision: Option<Estimate>,
    /// Share of the right ones whose target is right, weighted by category.
    pub accuracy: Option<Estimate>,
}

/// How far two people agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Rows that both coded.
    pub rows: u64,
    /// Krippendorff's α, with its 95 % interval, of the category seen in a row, "none" being one; `None` where nothing varies.
    pub wording: Option<Estimate>,
    /// Krippendorff's α of whether a hit's target is right; `None` where nothing varies.
    pub target: Option<Estimate>,
}

impl Agreement {
    /// Whether two people agree well enough.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.wording.is_some_and(|alpha| alpha.value >= MIN_ALPHA)
    }
}

impl Validation {
    /// Precision of the hits about a group, where enough of them were coded to tell.
    #[must_use]
    pub fn precision_about(&self, group: &str) -> Option<Estimate> {
        let score = self.targets.iter().find(|score| score.target.as_deref() == Some(group))?;
        score.precision.filter(|_| score.coded >= MIN_HITS_OF_CATEGORY)
    }

    /// Whether all bars hold: enough coded, every category with a hit precise enough, and two coders, if there were two, of one mind.
    #[must_use]
    pub fn holds(&self) -> bool {
        let mut categories = self.categories.iter().filter_map(CategoryScore::holds).peekable();
        let has_categories = categories.peek().is_some();
        self.hits.is_enough()
            && self.sentences.is_enough()
            && has_categories
            && categories.all(|holds| holds)
            && self.agreement.is_none_or(|agreement| agreement.holds())
    }
}

/// A stratum of the sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stratum {
    /// Hits of a category.
    Hits(Category),
    /// Sentences that name a group and hold no hit.
    Sentences,
}

impl Stratum {
    /// Every stratum, hits first.
    fn all() -> impl Iterator<Item = Self> {
        Category::ALL.into_iter().map(Self::Hits).chain([Self::Sentences])
    }

    /// The name in files.
    const fn name(self) -> &'static str {
        match self {
            Self::Hits(category) => category.name(),
            Self::Sentences => "",
        }
    }
}
