//! The gate: whether there is enough to judge a gap, and what is missing if not.
//!
//! The bars are STATISTICS.md's; simulated, test and interval keep what they promise behind them ([`crate::stats::power`]). They are held
//! against authors who name both groups: with those who name one only, false alarms behind the gate rose to 13.5 %.

use crate::stats::evidence::{self, AuthorEvidence, CUES};
use crate::stats::gap::{AuthorPair, Counts};

/// Fewest authors who name both groups.
pub const MIN_AUTHORS_NAMING_BOTH: usize = 10;
/// Fewest of them with a hit.
pub const MIN_CONTRIBUTING: usize = 8;
/// Fewest segments that name each group.
pub const MIN_NAMING: u64 = 300;
/// Fewest hits over both groups.
pub const MIN_HITS: u64 = 30;
/// Fewest hits to be expected for each group if there were no gap: keeps the test honest where one group is rarely named.
pub const MIN_EXPECTED: f64 = 10.0;
/// Fewest authors that the weights amount to.
pub const MIN_EFFECTIVE_AUTHORS: f64 = 6.0;

/// One thing that is missing. Groups are 0, the numerator's, and 1, the denominator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// So many more authors who name both groups.
    AuthorsNamingBoth(u64),
    /// So many more authors with a hit.
    AuthorsWithHit(u64),
    /// So many more segments that name the group.
    NamingSegments {
        /// Group.
        group: usize,
        /// How many more.
        more: u64,
    },
    /// So many more hits over both groups.
    Hits(u64),
    /// The group is named, or such wording used, too seldom: so many more hits would have to be expected about it if there were no gap.
    ExpectedHits {
        /// Group.
        group: usize,
        /// How many more.
        more: u64,
    },
    /// A few authors have nearly all the weight: it would have to be spread as over so many more.
    EffectiveAuthors(u64),
    /// One entry makes more than half of the hits.
    SecondEntry,
}

/// What is missing, in the order of the bars; nothing where the gate is passed.
#[must_use]
pub fn missing(counts: &Counts, authors: &[AuthorEvidence]) -> Vec<Missing> {
    let mut missing = missing_counts(counts);
    if has_dominant_entry(authors) {
        missing.push(Missing::SecondEntry);
    }
    missing
}

/// What is missing of the counts, whatever the entries.
#[must_use]
pub fn missing_counts(counts: &Counts) -> Vec<Missing> {
    let short = |bar: u64, found: u64| bar.checked_sub(found).filter(|&more| more > 0);
    let short_of = |bar: f64, found: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and a bar of at most 10")]
        (found < bar).then(|| (bar - found).ceil() as u64)
    };
    let mut missing = Vec::new();
    missing.extend(short(MIN_AUTHORS_NAMING_BOTH as u64, counts.n_naming_both as u64).map(Missing::AuthorsNamingBoth));
    missing.extend(short(MIN_CONTRIBUTING as u64, counts.n_contributing as u64).map(Missing::AuthorsWithHit));
    for group in [0, 1] {
        missing.extend(short(MIN_NAMING, counts.naming[group]).map(|more| Missing::NamingSegments { group, more }));
    }
    missing.extend(short(MIN_HITS, counts.hits[0] + counts.hits[1]).map(Missing::Hits));
    for group in [0, 1] {
        missing.extend(short_of(MIN_EXPECTED, counts.expected[group]).map(|more| Missing::ExpectedHits { group, more }));
    }
    missing.extend(short_of(MIN_EFFECTIVE_AUTHORS, counts.effective_authors).map(Missing::EffectiveAuthors));
    missing
}

/// Whether more than half of the hits would be gone without one entry. Weighted cues are many words under one name; they are held
/// against the entries instead ([`crate::stats::stability`]).
fn has_dominant_entry(authors: &[AuthorEvidence]) -> bool {
    let all = evidence::n_hits(&evidence::pairs(authors));
    let hits = |pair: AuthorPair| pair.hits[0] + pair.hits[1];
    evidence::authors_by_entry(authors).into_iter().filter(|(entry, _)| &*entry.1 != CUES).any(|(left_out, authors)| {
        let lost: u64 = authors.iter().map(|author| hits(author.pair()) - hits(author.pair_of(|entry| entry != left_out))).sum();
        2 * lost > all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Category;
    use crate::stats::evidence::EntryHits;

    const ENOUGH: Counts = Counts {
        n_naming_both: 10,
        n_contributing: 8,
        naming: [300, 300],
        hits: [30, 0],
        expected: [10.0, 20.0],
        effective_authors: 6.0,
        largest_shares: [0.2, 0.2],
    };

    #[test]
    fn the_bars_themselves_are_enough() {
        assert_eq!(missing_counts(&ENOUGH), []);
    }

    #[test]
    fn every_bar_says_how_much_is_missing() {
        let nothing = missing_counts(&Counts::default());
        let expected = [
            Missing::AuthorsNamingBoth(10),
            Missing::AuthorsWithHit(8),
            Missing::NamingSegments { group: 0, more: 300 },
            Missing::NamingSegments { group: 1, more: 300 },
            Missing::Hits(30),
            Missing::ExpectedHits { group: 0, more: 10 },
            Missing::ExpectedHits { group: 1, more: 10 },
            Missing::EffectiveAuthors(6),
        ];
        assert_eq!(nothing, expected);
        assert_eq!(missing_counts(&Counts { hits: [11, 18], ..ENOUGH }), [Missing::Hits(1)]);
        assert_eq!(missing_counts(&Counts { expected: [20.0, 9.99], ..ENOUGH }), [Missing::ExpectedHits { group: 1, more: 1 }]);
    }

    #[test]
    fn an_entry_may_make_half_of_the_hits_and_cues_all_of_them() {
        let author = |hits: &[(&str, u64)]| AuthorEvidence {
            naming: [100, 100],
            hits: hits
                .iter()
                .map(|&(name, segments)| EntryHits { group: 0, entries: vec![(Category::Heroic, name.into())], segments })
                .collect(),
        };
        assert!(!has_dominant_entry(&[author(&[("hero", 2), ("legend", 2)])]));
        assert!(has_dominant_entry(&[author(&[("hero", 2), ("legend", 1)]), author(&[("hero", 1), ("legend", 1)])]));
        assert!(!has_dominant_entry(&[author(&[(CUES, 9), ("legend", 1)])]));
    }
}
