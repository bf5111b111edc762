//! What changed since an earlier report, under the rules for two reports together.
//!
//! The two periods have no month in common, so that no figure of one can be taken from a figure of the other. A speaker's figures of both
//! stand side by side only where nobody came or went, or as many as the floor; else a newcomer's wording could be read from the difference.
//! The change within the authors who wrote in both says nothing about those, and needs no more than any ratio.

use std::sync::Arc;

use super::figures;
use super::rules::{Rules, Why};
use super::shown::{Rate, Ratio, Shown, two_figures};
use super::{Disclosed, ShownGap, ShownLevel};
use crate::lexicon::Category;
use crate::stats::interval::Interval;
use crate::stats::since::{Change, SinceFinding};
use crate::stats::verdict::Verdict;
use crate::stats::{GapKind, Speaker};
use crate::tally::Month;

/// An earlier report, as far as a comparison needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// First and last month.
    pub months: (Month, Month),
    /// Smallest number of authors behind a figure.
    pub min_authors: usize,
    /// Fingerprint of lexicons and group names.
    pub lexicons: String,
    /// Version of the cleaning rules.
    pub cleaning: String,
    /// Speakers and how many authors each has.
    pub speakers: Vec<(Speaker, usize)>,
    /// Levels.
    pub levels: Vec<ShownLevel>,
    /// Gaps.
    pub gaps: Vec<EarlierGap>,
}

/// A gap of an earlier report.
#[derive(Debug, Clone, PartialEq)]
pub struct EarlierGap {
    /// Whose authors.
    pub speaker: Speaker,
    /// What is compared.
    pub kind: GapKind,
    /// Group on top.
    pub numerator: Arc<str>,
    /// Group below.
    pub denominator: Arc<str>,
    /// The ratio and what is said of it.
    pub standing: GapStanding,
}

/// A gap's ratio in one of the periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GapStanding {
    /// The verdict.
    pub verdict: Verdict,
    /// The ratio.
    pub ratio: Shown<Ratio>,
}

/// What changed since an earlier report.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// First and last month of the earlier report.
    pub months: (Month, Month),
    /// Whether changes of levels are within the authors who wrote in both periods; else the published figures are set side by side.
    pub is_within_authors: bool,
    /// Levels, in the order of this report.
    pub levels: Vec<LevelSince>,
    /// Gaps, in the order of this report.
    pub gaps: Vec<GapSince>,
}

/// A level in both periods.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelSince {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category.
    pub category: Category,
    /// About whom: `None` per 1,000 own words, `Some` per 1,000 segments that name the group.
    pub target: Option<Arc<str>>,
    /// The earlier rate.
    pub before: Shown<Rate>,
    /// This report's.
    pub since: Shown<Rate>,
    /// The later ÷ the earlier.
    pub change: Shown<Ratio>,
}

/// A gap in both periods.
#[derive(Debug, Clone, PartialEq)]
pub struct GapSince {
    /// Whose authors.
    pub speaker: Speaker,
    /// What is compared.
    pub kind: GapKind,
    /// Group on top.
    pub numerator: Arc<str>,
    /// Group below.
    pub denominator: Arc<str>,
    /// The earlier ratio; hidden with the rest where a few came or went.
    pub before: Shown<GapStanding>,
    /// This report's.
    pub since: GapStanding,
    /// The later ratio ÷ the earlier.
    pub change: Shown<Ratio>,
}

impl From<&Disclosed> for Option<Earlier> {
    /// None where no message has a time or nobody may be shown.
    fn from(shown: &Disclosed) -> Self {
        Some(Earlier {
            months: shown.months?,
            min_authors: shown.min_authors,
            lexicons: shown.origin.lexicons.clone(),
            cleaning: shown.origin.cleaning.clone(),
            speakers: shown.speakers.iter().map(|count| (count.speaker.clone(), count.n_authors)).collect(),
            levels: shown.levels.clone(),
            gaps: shown.gaps.iter().map(earlier_gap).collect(),
        })
    }
}

fn earlier_gap(gap: &ShownGap) -> EarlierGap {
    EarlierGap {
        speaker: gap.speaker.clone(),
        kind: gap.kind,
        numerator: Arc::clone(&gap.numerator),
        denominator: Arc::clone(&gap.denominator),
        standing: standing(gap),
    }
}

const fn standing(gap: &ShownGap) -> GapStanding {
    GapStanding { verdict: gap.verdict.verdict, ratio: gap.ratio }
}

/// Sets a report beside an earlier one of other months. `within` holds the changes within author where both periods' authors are known under
/// one key; without them authors are only counted, and as many as before pass for the same. "Other teams" are not compared. Groups that are
/// not in a gap are left out.
#[must_use]
pub fn compare(earlier: &Earlier, shown: &Disclosed, within: Option<&[SinceFinding]>) -> Comparison {
    let rules = Rules { min_authors: shown.min_authors };
    let come_and_gone = |speaker: &Speaker| -> Option<usize> {
        if *speaker == Speaker::OtherTeams {
            return None;
        }
        if let Some(within) = within {
            return within.iter().find(|finding| finding.speaker == *speaker).map(|finding| finding.n_changed);
        }
        let before = earlier.speakers.iter().find(|(other, _)| other == speaker)?.1;
        let now = shown.speakers.iter().find(|count| count.speaker == *speaker)?.n_authors;
        Some(before.abs_diff(now))
    };
    let may_be_beside = |n_changed: usize| n_changed == 0 || n_changed >= shown.min_authors;
    let is_compared = |group: &str| shown.gaps.iter().any(|gap| *gap.numerator == *group || *gap.denominator == *group);
    let level_since = |level: &ShownLevel| -> Option<LevelSince> {
        let n_changed = come_and_gone(&level.speaker).filter(|_| level.target.as_deref().is_none_or(is_compared))?;
        let is_same =
            |other: &&ShownLevel| other.speaker == level.speaker && other.category == level.category && other.target == level.target;
        let published = earlier.levels.iter().find(is_same).map_or(Shown::NoData, |other| other.rate);
        let before = if may_be_beside(n_changed) { published } else { Shown::Hidden(Why::FewCameOrWent) };
        let change = match within {
            Some(within) => within_authors(within, level, rules),
            None => of_rates(level.rate, before),
        };
        let (speaker, target) = (level.speaker.clone(), level.target.clone());
        Some(LevelSince { speaker, category: level.category, target, before, since: level.rate, change })
    };
    let gap_since = |gap: &ShownGap| -> Option<GapSince> {
        let n_changed = come_and_gone(&gap.speaker)?;
        let EarlierGap { speaker, kind, numerator, denominator, .. } = earlier_gap(gap);
        let is_same = |other: &&EarlierGap| {
            other.speaker == speaker && other.kind == kind && other.numerator == numerator && other.denominator == denominator
        };
        let published = earlier.gaps.iter().find(is_same)?.standing;
        let before = if may_be_beside(n_changed) { Shown::Value(published) } else { Shown::Hidden(Why::FewCameOrWent) };
        let since = standing(gap);
        let change = match before {
            Shown::Value(before) => of_ratios(since.ratio, before.ratio),
            Shown::Few => Shown::Few,
            Shown::Hidden(why) => Shown::Hidden(why),
            Shown::NoData => Shown::NoData,
        };
        Some(GapSince { speaker, kind, numerator, denominator, before, since, change })
    };
    Comparison {
        months: earlier.months,
        is_within_authors: within.is_some(),
        levels: shown.levels.iter().filter_map(level_since).collect(),
        gaps: shown.gaps.iter().filter_map(gap_since).collect(),
    }
}

fn within_authors(within: &[SinceFinding], level: &ShownLevel, rules: Rules) -> Shown<Ratio> {
    let is_meant = |change: &&Change| change.category == level.category && change.target == level.target;
    let finding = within.iter().find(|finding| finding.speaker == level.speaker);
    let change = finding.and_then(|finding| finding.changes.iter().find(is_meant)?.ratio.as_ref());
    let ratio = change.map_or(Shown::NoData, |gap| figures::ratio(gap, rules));
    // How many are behind it is not told: it would say how many stayed.
    ratio.map(|ratio| Ratio { n_authors: None, ..ratio })
}

/// The ratio of two published rates, as if their authors were others.
fn of_rates(since: Shown<Rate>, before: Shown<Rate>) -> Shown<Ratio> {
    let parts = |rate: Rate| Some((rate.per_1000, rate.interval?));
    quotient(since.map(parts), before.map(parts))
}

/// The ratio of two published ratios, as if their authors were others.
fn of_ratios(since: Shown<Ratio>, before: Shown<Ratio>) -> Shown<Ratio> {
    let parts = |ratio: Ratio| (ratio.ratio > 0.0 && ratio.ratio.is_finite()).then_some((ratio.ratio, ratio.interval));
    quotient(since.map(parts), before.map(parts))
}

type Parts = Shown<Option<(f64, Interval)>>;

fn quotient(above: Parts, below: Parts) -> Shown<Ratio> {
    match (above, below) {
        (Shown::Value(Some(above)), Shown::Value(Some(below))) => {
            let ratio = two_figures(above.0 / below.0);
            Shown::Value(Ratio { ratio, interval: figures::rounded_ends(Interval::of_ratio(above, below)), n_authors: None })
        }
        (Shown::Hidden(why), _) | (_, Shown::Hidden(why)) => Shown::Hidden(why),
        (Shown::Few, _) | (_, Shown::Few) => Shown::Few,
        (Shown::NoData | Shown::Value(None), _) | (_, Shown::NoData | Shown::Value(None)) => Shown::NoData,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::sample;

    fn earlier() -> Earlier {
        Option::<Earlier>::from(&sample()).unwrap()
    }

    fn finance(comparison: &Comparison) -> LevelSince {
        let is_meant = |level: &&LevelSince| level.speaker.name() == "finance" && level.target.is_none();
        comparison.levels.iter().find(is_meant).unwrap().clone()
    }

    fn is_near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-12
    }

    #[test]
    fn equal_reports_have_a_change_of_one_that_tells_nothing() {
        let found = compare(&earlier(), &sample(), None);
        let company = &found.levels[0];
        assert_eq!(company.before, company.since);
        assert!(matches!(company.change, Shown::Value(ratio) if is_near(ratio.ratio, 1.0) && !ratio.excludes_one()));
        assert!(found.levels.iter().all(|level| level.speaker != Speaker::OtherTeams));
        assert!(found.levels.iter().all(|level| level.target.as_deref() != Some("legal")), "nobody compares Legal");
    }

    #[test]
    fn a_team_that_a_few_joined_is_not_set_beside_itself() {
        let finance_has = |n_authors: usize| {
            let mut earlier = earlier();
            for (speaker, n) in &mut earlier.speakers {
                if speaker.name() == "finance" {
                    *n = n_authors;
                }
            }
            finance(&compare(&earlier, &sample(), None))
        };
        for n_authors in [17, 14, 22] {
            let level = finance_has(n_authors);
            assert_eq!(level.before, Shown::Hidden(Why::FewCameOrWent), "{n_authors}");
            assert_eq!(level.change, Shown::Hidden(Why::FewCameOrWent), "{n_authors}");
        }
        for n_authors in [18, 13, 23] {
            assert_ne!(finance_has(n_authors).before, Shown::Hidden(Why::FewCameOrWent), "{n_authors}");
        }
    }

    #[test]
    fn within_authors_the_change_stands_although_a_few_came() {
        use crate::stats::gap::{self, AuthorPair};
        let pairs = [AuthorPair { naming: [1000, 1000], hits: [2, 1] }; 8];
        let change =
            Change { category: finance(&compare(&earlier(), &sample(), None)).category, target: None, ratio: Some(gap::gap(&pairs, "x")) };
        let finding = SinceFinding { speaker: Speaker::Team("finance".into()), n_changed: 1, changes: vec![change] };
        let level = finance(&compare(&earlier(), &sample(), Some(&[finding])));
        assert_eq!(level.before, Shown::Hidden(Why::FewCameOrWent));
        assert!(matches!(level.change, Shown::Value(ratio) if is_near(ratio.ratio, 2.0) && ratio.n_authors.is_none()));
    }

    #[test]
    fn a_hidden_figure_on_either_side_hides_the_change() {
        let mut earlier = earlier();
        earlier.levels[0].rate = Shown::Hidden(Why::OneAuthor);
        assert_eq!(compare(&earlier, &sample(), None).levels[0].change, Shown::Hidden(Why::OneAuthor));
        earlier.levels[0].rate = Shown::Value(Rate { per_1000: 0.0, interval: None });
        assert_eq!(compare(&earlier, &sample(), None).levels[0].change, Shown::NoData);
    }
}
