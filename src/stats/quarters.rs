//! Levels by quarter, and whether the same authors changed from one quarter to the next: an interval of the change, no trend line.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::gap::{self, AuthorPair, Gap};
use crate::stats::level::{self, AuthorCount, Level};
use crate::stats::partition::{AuthorTotal, Authors};
use crate::stats::{CONFIDENCE, Speaker};
use crate::tally::{Month, Pseudonym, Tally};

/// A calendar quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// Year, common era.
    pub year: i16,
    /// 1 to 4.
    pub quarter: i8,
}

impl From<Month> for Quarter {
    fn from(month: Month) -> Self {
        Self { year: month.year, quarter: (month.month + 2) / 3 }
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.quarter)
    }
}

/// How a speaker's level of a category went from quarter to quarter.
#[derive(Debug, Clone)]
pub struct QuarterFinding {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category; hits per own word, about anyone.
    pub category: Category,
    /// The quarters with a message, in order.
    pub levels: Vec<(Quarter, Level)>,
    /// The last quarter against the one before, within the authors who wrote in both: rates per word in place of shares of segments. None
    /// with fewer than two quarters, fewer such authors than the floor, or fewer than three of them with a hit.
    pub change: Option<Gap>,
}

/// One author's hits and words by quarter.
type ByQuarter = BTreeMap<Quarter, AuthorCount>;

/// Every speaker's quarters in every category. Messages without a time are in no quarter.
pub(super) fn findings(tally: &Tally, speakers: &[(Speaker, Authors)], min_authors: usize) -> Vec<QuarterFinding> {
    let mut findings = Vec::new();
    for (speaker, members) in speakers {
        let mut cells: BTreeMap<Pseudonym, BTreeMap<Quarter, AuthorTotal>> = BTreeMap::new();
        for (key, cell) in &tally.cells {
            let Some(month) = key.month.filter(|_| members.contains_key(&key.author) && speaks_as(speaker, key.team.as_ref(), speakers))
            else {
                continue;
            };
            cells.entry(key.author).or_default().entry(month.into()).or_default().total += cell.clone();
        }
        for category in Category::ALL {
            let by_quarter = |author: &BTreeMap<Quarter, AuthorTotal>| -> ByQuarter {
                author
                    .iter()
                    .map(|(&quarter, counts)| (quarter, counts.per_word(category)))
                    .filter(|(_, count)| count.exposure > 0)
                    .collect()
            };
            let authors: Vec<ByQuarter> = cells.values().map(by_quarter).collect();
            findings.push(finding(speaker, category, &authors, min_authors));
        }
    }
    findings
}

/// Whether what a member wrote for a team counts for the speaker.
fn speaks_as(speaker: &Speaker, team: Option<&Arc<str>>, speakers: &[(Speaker, Authors)]) -> bool {
    let own = team.map_or(Speaker::NotInRoster, |team| Speaker::Team(Arc::clone(team)));
    let is_speaker = |one: &Speaker| speakers.iter().any(|(speaker, _)| speaker == one);
    match speaker {
        Speaker::Team(_) | Speaker::NotInRoster => *speaker == own,
        Speaker::OtherTeams => !is_speaker(&own),
        Speaker::Company => is_speaker(&own) || is_speaker(&Speaker::OtherTeams),
    }
}

/// Levels and change of one speaker and category.
fn finding(speaker: &Speaker, category: Category, authors: &[ByQuarter], min_authors: usize) -> QuarterFinding {
    let mut by_quarter: BTreeMap<Quarter, Vec<AuthorCount>> = BTreeMap::new();
    for (&quarter, &count) in authors.iter().flatten() {
        by_quarter.entry(quarter).or_default().push(count);
    }
    let levels: Vec<(Quarter, Level)> =
        by_quarter.into_iter().map(|(quarter, counts)| (quarter, level::level(&counts, CONFIDENCE))).collect();
    let change = match levels.as_slice() {
        [.., (before, _), (last, _)] => {
            let pair = |author: &ByQuarter| Some(AuthorPair::of_rates(*author.get(last)?, *author.get(before)?));
            let pairs: Vec<AuthorPair> = authors.iter().filter_map(pair).collect();
            gap::change(&pairs, min_authors, &format!("{} {} {before} {last}", speaker.name(), category.name()))
        }
        [] | [_] => None,
    };
    QuarterFinding { speaker: speaker.clone(), category, levels, change }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Quarter = Quarter { year: 2025, quarter: 4 };
    const SECOND: Quarter = Quarter { year: 2026, quarter: 1 };

    fn author(counts: &[(Quarter, u64, u64)]) -> ByQuarter {
        counts.iter().map(|&(quarter, hits, exposure)| (quarter, AuthorCount { hits, exposure })).collect()
    }

    fn of(authors: &[ByQuarter]) -> QuarterFinding {
        finding(&Speaker::Company, Category::Heroic, authors, 5)
    }

    #[test]
    fn months_fall_into_quarters() {
        let quarters = [1, 3, 4, 12].map(|month| Quarter::from(Month { year: 2026, month }).to_string());
        assert_eq!(quarters, ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]);
    }

    #[test]
    fn who_wrote_in_one_quarter_only_makes_no_change() {
        let stays = author(&[(FIRST, 1, 1000), (SECOND, 2, 1000)]);
        let newcomer = author(&[(SECOND, 50, 1000)]);
        let found = of(&[vec![stays; 6], vec![newcomer]].concat());
        let change = found.change.unwrap();
        assert_eq!((change.ratio, change.counts.n_naming_both), (Some(2.0), 6));
        assert_eq!(found.levels.iter().map(|(quarter, level)| (*quarter, level.hits)).collect::<Vec<_>>(), [(FIRST, 6), (SECOND, 62)]);
    }

    #[test]
    fn one_quarter_has_no_change() {
        assert!(of(&[author(&[(FIRST, 1, 1000)])]).change.is_none());
        assert!(of(&[]).change.is_none());
    }

    #[test]
    fn four_authors_in_both_quarters_are_under_the_floor() {
        assert!(of(&vec![author(&[(FIRST, 1, 1000), (SECOND, 2, 1000)]); 4]).change.is_none());
    }
}
