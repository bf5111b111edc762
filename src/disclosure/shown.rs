//! What may be shown, figure by figure: each is there, or says why it is not.

use std::sync::Arc;

use super::rules::Why;
use crate::lexicon::Category;
use crate::stats::family::FALSE_DISCOVERY_RATE;
use crate::stats::gate::Missing;
use crate::stats::interval::Interval;
use crate::stats::planning::Row;
use crate::stats::quarters::Quarter;
use crate::stats::replies::Tone;
use crate::stats::stability::WeakPoint;
use crate::stats::verdict::Verdict;
use crate::stats::{GapKind, Speaker};

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown<T> {
    /// It may be shown.
    Value(T),
    /// Fewer than [`super::MIN_AUTHORS_WITH_HIT`] authors have a hit, but some do.
    Few,
    /// It may not be shown.
    Hidden(Why),
    /// Nothing to measure: nobody names the group, or there is no hit on either side of a ratio.
    NoData,
}

impl<T> Shown<T> {
    /// Whether there is a figure.
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        matches!(self, Self::Value(_))
    }

    /// The same answer about another figure.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Shown<U> {
        match self {
            Self::Value(value) => Shown::Value(change(value)),
            Self::Few => Shown::Few,
            Self::Hidden(why) => Shown::Hidden(why),
            Self::NoData => Shown::NoData,
        }
    }

    /// The figure.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Few | Self::Hidden(_) | Self::NoData => None,
        }
    }
}

/// A speaker and how much it wrote.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownSpeaker {
    /// Who.
    pub speaker: Speaker,
    /// Authors.
    pub n_authors: usize,
    /// Messages kept; hidden wherever the words are, and where somebody is left out.
    pub messages: Shown<u64>,
    /// Own words.
    pub words: Shown<u64>,
}

/// Hits per 1,000 words or naming segments, to two significant figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Hits per 1,000.
    pub per_1000: f64,
    /// 95 % jackknife interval, same unit; none where there is no hit.
    pub interval: Option<Interval>,
}

/// A level that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownLevel {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category.
    pub category: Category,
    /// About whom: `None` per 1,000 own words, `Some` per 1,000 segments that name the group.
    pub target: Option<Arc<str>>,
    /// The rate.
    pub rate: Shown<Rate>,
}

/// A ratio within author that may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Mantel–Haenszel ratio, to two significant figures; infinite where only the group on top has hits.
    pub ratio: f64,
    /// 95 % interval from random subsets of authors.
    pub interval: Interval,
    /// Authors who name both groups; none where, with the parts', those of a hidden part could be worked out.
    pub n_authors: Option<usize>,
}

impl Ratio {
    /// Whether the interval excludes 1.
    #[must_use]
    pub fn excludes_one(&self) -> bool {
        self.interval.excludes(1.0)
    }
}

/// What is said of a gap, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownVerdict {
    /// The verdict; `suppressed` wherever the ratio is hidden or rests on too few authors with a hit.
    pub verdict: Verdict,
    /// False discovery rate within the family, to two significant figures; none outside of the family.
    pub q: Option<f64>,
    /// What the gate misses; hits rounded up to fives and segments to fifties, so that no small count can be had from it.
    pub missing: Vec<Missing>,
    /// The row of the planning table that is nearest to what was measured, where more data are missing.
    pub planning: Option<Row>,
    /// What a gap that is real and large enough hangs on.
    pub weak_points: Vec<WeakPoint>,
    /// For a real gap: it is gone if the precision about the group that is hit more often is below this while about the other group it is
    /// [`crate::stats::spread::ASSUMED_PRECISION`].
    pub vanishing_precision: Option<f64>,
    /// Coefficient of variation of the authors' rates where it is so high that intervals are known to be a little narrow.
    pub high_author_cv: Option<f64>,
}

impl ShownVerdict {
    /// The verdict on a hidden gap.
    pub const SUPPRESSED: Self = Self {
        verdict: Verdict::Suppressed,
        q: None,
        missing: Vec::new(),
        planning: None,
        weak_points: Vec::new(),
        vanishing_precision: None,
        high_author_cv: None,
    };

    /// Whether the false discovery rate calls the difference real.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.q.is_some_and(|q| q <= FALSE_DISCOVERY_RATE)
    }
}

/// A gap that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownGap {
    /// Whose authors.
    pub speaker: Speaker,
    /// What is compared.
    pub kind: GapKind,
    /// Group on top.
    pub numerator: Arc<str>,
    /// Group below.
    pub denominator: Arc<str>,
    /// The ratio.
    pub ratio: Shown<Ratio>,
    /// What is said of it.
    pub verdict: ShownVerdict,
}

/// A level by quarter: all of its quarters, or none of them, for a missing one could be had from the others and the level of the whole
/// period.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownQuarters {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category; hits per 1,000 own words, about anyone.
    pub category: Category,
    /// The rates.
    pub rates: Shown<Vec<(Quarter, Rate)>>,
    /// The last quarter ÷ the one before, within the authors who wrote in both.
    pub change: Shown<Ratio>,
}

/// Two teams' levels side by side; shown where both levels are.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownBetween {
    /// Team on top.
    pub first: Arc<str>,
    /// Team below.
    pub second: Arc<str>,
    /// Category; hits per own word, about anyone.
    pub category: Category,
    /// Ratio of the rates, to two significant figures.
    pub ratio: f64,
    /// 95 % jackknife-t interval.
    pub interval: Interval,
    /// p-value of the studentised permutation of author labels, to two significant figures.
    pub p: f64,
}

/// Gendered wording about a group beside the scorn about it, per 1,000 segments that name the group.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownGendered {
    /// Who speaks.
    pub speaker: Speaker,
    /// About whom.
    pub target: Arc<str>,
    /// Any gendered wording.
    pub gendered: Shown<Rate>,
    /// Adjectives coded masculine, then feminine.
    pub coded: [Shown<Rate>; 2],
    /// Ivory-tower and past-failure wording.
    pub scorn: Shown<Rate>,
}

/// Where the two teams of a pair meet.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownMeeting {
    /// One team.
    pub first: Arc<str>,
    /// The other.
    pub second: Arc<str>,
    /// Topic.
    pub topic: Arc<str>,
    /// Threads about it in which both write; hidden where they are fewer people of either team than the floor.
    pub shared_threads: Shown<u64>,
}

/// Which entries make the company's hits of a category about a group.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownEntries {
    /// Of what category.
    pub category: Category,
    /// About whom.
    pub target: Arc<str>,
    /// Those that may be listed, the most frequent first; none where no entry is used by enough authors.
    pub entries: Vec<ShownEntry>,
    /// Share of the hits that no listed entry makes, to two significant figures; none where there is no such hit.
    pub others: Option<f64>,
}

/// An entry that the floor of authors used.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownEntry {
    /// Its public name.
    pub name: Arc<str>,
    /// In which sense it counts; none where the figures were made with other lexicons.
    pub sense: Option<String>,
    /// Whether it could be said of any team, so that it enters comparisons.
    pub enters_gaps: bool,
    /// Share of the hits that it makes, alone or with others, to two significant figures.
    pub share: f64,
}

/// How a speaker answers a team.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownReplies {
    /// Who answers.
    pub speaker: Speaker,
    /// Whose messages are answered.
    pub to_team: Arc<str>,
    /// Authors of the speaker.
    pub n_authors: usize,
    /// Those who have answered the team; hidden if they are fewer than the floor, no data if nobody has.
    pub n_replying: Shown<usize>,
    /// Hits about the team per 1,000 segments of the replies, in the order of [`Tone::ALL`].
    pub tones: [Shown<Rate>; 3],
}

impl ShownReplies {
    /// The rate of a tone.
    #[must_use]
    pub fn tone(&self, wanted: Tone) -> Shown<Rate> {
        Tone::ALL.into_iter().zip(self.tones).find(|&(tone, _)| tone == wanted).map_or(Shown::NoData, |(_, rate)| rate)
    }
}

/// Two significant figures: enough to act on, too few to count single people back.
#[must_use]
pub fn two_figures(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Through decimal text, so that the result is the double nearest to the printed number.
    format!("{value:.1e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_two_significant_figures() {
        let printed = [0.012_345, 1.0, 1234.0].map(|value| two_figures(value).to_string());
        assert_eq!(printed, ["0.012", "1", "1200"]);
    }
}
