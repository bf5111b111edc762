//! Whether a gap hangs on one author, on one entry, or on one of the two ways in which hits are found.

use crate::stats::evidence::{self, AuthorEvidence, CUES, Entry};
use crate::stats::gap::{Strata, mantel_haenszel};

/// Fewest hits of the entries, and of the cues, for which each is looked at alone.
pub const MIN_HITS_ALONE: u64 = 10;

/// Mantel–Haenszel ratios of parts of the data.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stability {
    /// The ratio nearest to, or farthest beyond, 1 that leaving one author out gives; none where nothing is left.
    pub without_one_author: Option<f64>,
    /// The same for leaving one entry out.
    pub without_one_entry: Option<f64>,
    /// The ratios of entries alone and of weighted cues alone, where each has [`MIN_HITS_ALONE`] hits.
    pub alone: Option<[f64; 2]>,
}

/// What a gap hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WeakPoint {
    /// Without one of the authors it falls under the bar.
    OneAuthor,
    /// Without one of the entries it does.
    OneEntry,
    /// Entries and weighted cues, each alone, point different ways.
    EntriesOrCues,
}

impl WeakPoint {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneAuthor => "one_author",
            Self::OneEntry => "one_entry",
            Self::EntriesOrCues => "entries_or_cues",
        }
    }
}

impl Stability {
    /// Leaves out one author, one entry, entries, cues.
    #[must_use]
    pub fn of(authors: &[AuthorEvidence]) -> Self {
        let strata = Strata::of(&evidence::pairs(authors));
        let Some(whole) = strata.ratio() else { return Self::default() };
        let without_entries = evidence::authors_by_entry(authors).into_iter().filter(|(entry, _)| &*entry.1 != CUES);
        let without_entry = |(entry, authors): (&Entry, Vec<&AuthorEvidence>)| {
            let changed: Vec<_> = authors.iter().map(|author| [author.pair(), author.pair_of(|other| other != entry)]).collect();
            strata.ratio_if(&changed)
        };
        Self {
            without_one_author: weakest(whole, strata.without_each()),
            without_one_entry: weakest(whole, without_entries.map(without_entry)),
            alone: alone(authors),
        }
    }

    /// What the gap hangs on: it must stay at `least` or more, in its direction, without any author and any entry, and entries and cues must
    /// point its way each. Each alone is too few hits to ask more of than the direction.
    #[must_use]
    pub fn weak_points(&self, ratio: f64, least: f64) -> Vec<WeakPoint> {
        let is_above = ratio >= 1.0;
        let holds = |part: Option<f64>| part.is_some_and(|part| if is_above { part >= least } else { part <= least.recip() });
        let points_there = |part: f64| if is_above { part > 1.0 } else { part < 1.0 };
        let found = [
            (WeakPoint::OneAuthor, holds(self.without_one_author)),
            (WeakPoint::OneEntry, holds(self.without_one_entry)),
            (WeakPoint::EntriesOrCues, self.alone.is_none_or(|parts| parts.into_iter().all(points_there))),
        ];
        found.into_iter().filter(|&(_, holds)| !holds).map(|(point, _)| point).collect()
    }
}

/// The part that says least of the whole's direction; none if a part says nothing, or there are none.
fn weakest(whole: f64, parts: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let weaker = |one: f64, other: f64| if whole >= 1.0 { one.min(other) } else { one.max(other) };
    parts.reduce(|one, other| one.zip(other).map(|(one, other)| weaker(one, other))).flatten()
}

fn alone(authors: &[AuthorEvidence]) -> Option<[f64; 2]> {
    let ratio = |of_cues: bool| {
        let pairs = evidence::pairs_of(authors, |entry| (&*entry.1 == CUES) == of_cues);
        if evidence::n_hits(&pairs) < MIN_HITS_ALONE { None } else { mantel_haenszel(&pairs) }
    };
    Some([ratio(false)?, ratio(true)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Category;
    use crate::stats::evidence::EntryHits;

    /// Hits of an entry about group 0 and about group 1, in 100 segments each.
    fn author(hits: &[(&str, [u64; 2])]) -> AuthorEvidence {
        let of_entry = |&(name, [top, bottom]): &(&str, [u64; 2])| {
            [(0, top), (1, bottom)].map(|(group, segments)| EntryHits { group, entries: vec![(Category::Heroic, name.into())], segments })
        };
        AuthorEvidence { naming: [100, 100], hits: hits.iter().flat_map(of_entry).collect() }
    }

    #[test]
    fn a_gap_that_one_author_makes_is_not_stable() {
        let even = author(&[("hero", [2, 2]), ("legend", [2, 2])]);
        let loud = author(&[("hero", [9, 0]), ("legend", [9, 0])]);
        let found = Stability::of(&[even.clone(), even.clone(), loud]);
        assert_eq!(found.without_one_author, Some(1.0));
        assert_eq!(found.weak_points(26.0 / 8.0, 1.5), [WeakPoint::OneAuthor]);
    }

    #[test]
    fn a_gap_that_one_entry_makes_is_not_stable() {
        let authors = vec![author(&[("hero", [4, 0]), ("legend", [1, 1])]); 3];
        let found = Stability::of(&authors);
        assert_eq!((found.without_one_author, found.without_one_entry), (Some(5.0), Some(1.0)));
        assert_eq!(found.weak_points(5.0, 1.5), [WeakPoint::OneEntry]);
        assert_eq!(Stability::of(&vec![author(&[("hero", [4, 1]), ("legend", [4, 1])]); 3]).weak_points(4.0, 1.5), []);
    }

    #[test]
    fn a_gap_below_one_is_held_against_the_turned_over_bar() {
        let authors = vec![author(&[("hero", [1, 4]), ("legend", [1, 4])]); 3];
        assert_eq!(Stability::of(&authors).weak_points(0.25, 1.5), []);
        let small = Stability::of(&vec![author(&[("hero", [4, 5]), ("legend", [4, 5])]); 3]);
        assert_eq!(small.weak_points(0.8, 1.5), [WeakPoint::OneAuthor, WeakPoint::OneEntry]);
    }

    #[test]
    fn entries_and_cues_must_point_the_same_way_once_each_has_ten_hits() {
        let against = vec![author(&[("hero", [5, 1]), ("legend", [5, 1]), (CUES, [1, 3])]); 3];
        assert_eq!(Stability::of(&against).alone, Some([5.0, 1.0 / 3.0]));
        assert_eq!(Stability::of(&against).weak_points(33.0 / 15.0, 1.5), [WeakPoint::EntriesOrCues]);
        let few = vec![author(&[("hero", [5, 1]), ("legend", [5, 1]), (CUES, [1, 2])]); 3];
        assert_eq!(Stability::of(&few).alone, None);
        assert_eq!(Stability::of(&few).weak_points(33.0 / 12.0, 1.5), []);
    }

    #[test]
    fn where_nothing_is_left_nothing_is_stable() {
        assert_eq!(Stability::of(&[]), Stability::default());
        let alone = Stability::of(&[author(&[("hero", [5, 1])])]);
        assert_eq!(alone.weak_points(5.0, 1.5), [WeakPoint::OneAuthor, WeakPoint::OneEntry]);
    }
}
