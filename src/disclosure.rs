//! Findings → what may be shown. Reports take [`Disclosed`] and nothing else, so that no figure of fewer than `min_authors` people and no
//! count of hits can slip by.
//!
//! Rules: no speaker under the floor (small teams were pooled or left out, of the totals too, by [`crate::stats`]); no rate about a group
//! that fewer than the floor name; `few` instead of a rate where fewer than three authors have a hit; rates to two significant figures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::MIN_AUTHORS;
use crate::lexicon::Category;
use crate::stats::interval::Interval;
use crate::stats::{Findings, GapFinding, GapKind, LevelFinding, Speaker, SpeakerCount};
use crate::tally::{Intake, Month, Origin, Tally};

/// Fewest authors with a hit behind a printed rate.
pub const MIN_AUTHORS_WITH_HIT: usize = 3;

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown<T> {
    /// It may be shown.
    Value(T),
    /// Fewer than three authors have a hit, but some do.
    Few,
    /// Fewer than the floor are behind it.
    Hidden,
    /// Nothing to measure: nobody names the group, or there is no hit on either side of a ratio.
    NoData,
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
    /// Authors who name both groups.
    pub n_authors: usize,
}

impl Ratio {
    /// Whether the interval excludes 1.
    #[must_use]
    pub fn excludes_one(&self) -> bool {
        self.interval.excludes(1.0)
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
}

/// All that a report may know.
#[derive(Debug, Clone)]
pub struct Disclosed {
    /// What the tally was made with.
    pub origin: Origin,
    /// Fingerprints of the rosters; empty where there was none.
    pub rosters: BTreeSet<String>,
    /// What was read and left out.
    pub intake: Intake,
    /// Smallest number of authors behind a figure.
    pub min_authors: usize,
    /// First and last month.
    pub months: Option<(Month, Month)>,
    /// Speakers, the company first; there is always a company unless nobody is left.
    pub speakers: Vec<SpeakerCount>,
    /// Teams that were added up as "other teams".
    pub pooled: Vec<Arc<str>>,
    /// Teams that are left out, of the totals too.
    pub left_out: Vec<Arc<str>>,
    /// Whether authors whom the roster does not know were pooled or left out because they are too few.
    pub few_not_in_roster: bool,
    /// Authors that occur in more than one of the tallies that were added up.
    pub shared_authors: u64,
    /// Levels.
    pub levels: Vec<ShownLevel>,
    /// Gaps.
    pub gaps: Vec<ShownGap>,
}

impl Disclosed {
    /// Whether the floor is lower than what may be passed round.
    #[must_use]
    pub const fn is_not_for_circulation(&self) -> bool {
        self.min_authors < MIN_AUTHORS
    }

    /// A level, if the speaker and target exist.
    #[must_use]
    pub fn level(&self, speaker: &Speaker, category: Category, target: Option<&str>) -> Option<&ShownLevel> {
        self.levels.iter().find(|level| level.speaker == *speaker && level.category == category && level.target.as_deref() == target)
    }

    /// Groups that anybody names, in order of name.
    #[must_use]
    pub fn targets(&self) -> Vec<Arc<str>> {
        let targets: BTreeSet<_> = self.levels.iter().filter_map(|level| level.target.clone()).collect();
        targets.into_iter().collect()
    }
}

/// Hides what the floor hides.
#[must_use]
pub fn disclose(findings: Findings, tally: &Tally, min_authors: usize) -> Disclosed {
    let names = |teams: BTreeMap<Arc<str>, usize>| teams.into_keys().collect();
    let hides_company = findings.speakers.iter().any(|count| count.speaker == Speaker::Company && count.n_authors < min_authors);
    Disclosed {
        origin: tally.origin.clone(),
        rosters: tally.rosters.clone(),
        intake: tally.intake,
        min_authors,
        months: findings.months,
        levels: findings.levels.into_iter().map(|level| disclose_level(level, min_authors)).collect(),
        gaps: findings.gaps.into_iter().map(|gap| disclose_gap(gap, min_authors)).collect(),
        speakers: if hides_company { Vec::new() } else { findings.speakers },
        pooled: names(findings.pooled),
        left_out: findings.left_out.into_iter().collect(),
        few_not_in_roster: findings.few_not_in_roster,
        shared_authors: tally.shared_authors,
    }
}

fn disclose_level(finding: LevelFinding, min_authors: usize) -> ShownLevel {
    let LevelFinding { speaker, category, target, level } = finding;
    let rate = if level.exposure == 0 {
        Shown::NoData
    } else if level.n_authors < min_authors {
        Shown::Hidden
    } else if level.hits > 0 && level.n_authors_with_hit < MIN_AUTHORS_WITH_HIT {
        Shown::Few
    } else {
        let per_1000 = |rate: f64| two_figures(1000.0 * rate);
        let interval = level.interval.map(|interval| Interval { low: interval.low.map(per_1000), high: interval.high.map(per_1000) });
        Shown::Value(Rate { per_1000: per_1000(level.rate), interval })
    };
    ShownLevel { speaker, category, target, rate }
}

fn disclose_gap(finding: GapFinding, min_authors: usize) -> ShownGap {
    let GapFinding { speaker, kind, numerator, denominator, n_authors_with_hit, gap } = finding;
    let ratio = if gap.n_naming_both == 0 {
        Shown::NoData
    } else if gap.n_naming_both < min_authors {
        Shown::Hidden
    } else {
        match gap.ratio {
            None => Shown::NoData,
            Some(_) if n_authors_with_hit < MIN_AUTHORS_WITH_HIT => Shown::Few,
            Some(ratio) => {
                let interval = Interval { low: gap.interval.low.map(two_figures), high: gap.interval.high.map(two_figures) };
                // Rounding must not move an end onto or over 1.
                let interval = if interval.excludes(1.0) == gap.interval.excludes(1.0) { interval } else { gap.interval };
                Shown::Value(Ratio { ratio: two_figures(ratio), interval, n_authors: gap.n_naming_both })
            }
        }
    };
    ShownGap { speaker, kind, numerator, denominator, ratio }
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
    use crate::stats::level::{AuthorCount, level};

    fn shown(authors: &[AuthorCount]) -> Shown<Rate> {
        let finding = LevelFinding { speaker: Speaker::Company, category: Category::Heroic, target: None, level: level(authors, 0.95) };
        disclose_level(finding, 5).rate
    }

    #[test]
    fn a_rate_needs_the_floor_and_three_authors_with_a_hit() {
        let author = |hits| AuthorCount { hits, exposure: 1000 };
        assert_eq!(shown(&[author(1); 4]), Shown::Hidden);
        assert_eq!(shown(&[author(5), author(5), author(0), author(0), author(0)]), Shown::Few);
        assert_eq!(shown(&[author(0); 5]), Shown::Value(Rate { per_1000: 0.0, interval: None }));
        assert!(
            matches!(shown(&[author(1), author(1), author(1), author(0), author(0)]), Shown::Value(rate) if (rate.per_1000 - 0.6).abs() < 1e-12)
        );
    }

    #[test]
    fn rates_have_two_significant_figures() {
        let printed = [0.012_345, 1.0, 1234.0].map(|value| two_figures(value).to_string());
        assert_eq!(printed, ["0.012", "1", "1200"]);
    }
}
