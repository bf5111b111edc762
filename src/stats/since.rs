//! What changed since an earlier period, within the authors who wrote in both: an author who came or went moves a team's level, not this.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::gap::{self, AuthorPair, Gap};
use crate::stats::partition::{self, Authors};
use crate::stats::{Plan, Speaker};
use crate::tally::{Pseudonym, Tally};

/// A speaker of both periods.
#[derive(Debug, Clone)]
pub struct SinceFinding {
    /// Who speaks.
    pub speaker: Speaker,
    /// Authors who wrote in one of the two periods only.
    pub n_changed: usize,
    /// The changes, category by category: about anyone, then about each group that is compared.
    pub changes: Vec<Change>,
}

/// One level's change.
#[derive(Debug, Clone)]
pub struct Change {
    /// Of what category.
    pub category: Category,
    /// About whom: `None` per own word, `Some` per segment that names the group.
    pub target: Option<Arc<str>>,
    /// The later period ÷ the earlier, within the authors of both: rates in place of shares of segments. None with fewer such authors than the
    /// floor, or fewer than three of them with a hit.
    pub ratio: Option<Gap>,
}

/// The changes of every speaker that both periods have. The tallies must be of different months and made under one key. "Other teams" are
/// not compared, for they need not be the same teams.
#[must_use]
pub fn findings(before: &Tally, since: &Tally, plan: &Plan) -> Vec<SinceFinding> {
    let speakers = |tally: &Tally| partition::partition(partition::by_team(tally.cells.iter()), plan.min_authors).speakers;
    let groups: BTreeSet<Arc<str>> =
        plan.pairs.iter().flat_map(|(first, second)| [first, second]).map(|name| name.as_str().into()).collect();
    let earlier = speakers(before);
    let later = speakers(since).into_iter().filter(|(speaker, _)| *speaker != Speaker::OtherTeams);
    let both = later.filter_map(|(speaker, later)| {
        let (_, earlier) = earlier.iter().find(|(other, _)| *other == speaker)?;
        Some(finding(speaker, earlier, &later, &groups, plan.min_authors))
    });
    both.collect()
}

fn finding(speaker: Speaker, earlier: &Authors, later: &Authors, groups: &BTreeSet<Arc<str>>, min_authors: usize) -> SinceFinding {
    let names = |authors: &Authors| authors.keys().copied().collect::<BTreeSet<Pseudonym>>();
    let n_changed = names(earlier).symmetric_difference(&names(later)).count();
    let pairs_of = |category: Category, target: Option<&Arc<str>>| -> Vec<AuthorPair> {
        let both = later.iter().filter_map(|(author, now)| Some((now, earlier.get(author)?)));
        both.map(|(now, before)| AuthorPair::of_rates(now.count(category, target), before.count(category, target))).collect()
    };
    let targets = || std::iter::once(None).chain(groups.iter().map(Some));
    let change = |category: Category, target: Option<&Arc<str>>| {
        let seed = format!("since {} {} {}", speaker.name(), category.name(), target.map_or("", |group| group));
        Change { category, target: target.cloned(), ratio: gap::change(&pairs_of(category, target), min_authors, &seed) }
    };
    let changes = Category::ALL.into_iter().flat_map(|category| targets().map(move |target| (category, target)));
    let changes = changes.map(|(category, target)| change(category, target)).collect();
    SinceFinding { speaker, n_changed, changes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{Cell, CellKey, HitKey, Month, Origin};

    fn tally(month: i8, authors: &[(u128, u64)]) -> Tally {
        let origin = Origin { lexicons: String::new(), cleaning: String::new(), key: String::new(), timezone: "UTC".into() };
        let mut tally = Tally::new(origin);
        for &(author, hits) in authors {
            let about = |named| HitKey { target: Some("sales".into()), named, category: Category::Heroic, entries: vec!["hero".into()] };
            let cell = Cell {
                words: 1000,
                names: [("sales".into(), 10)].into(),
                hits: [(about(true), hits), (about(false), 1)].into(),
                ..Cell::default()
            };
            let key = CellKey { author: Pseudonym(author), team: Some("finance".into()), month: Some(Month { year: 2026, month }) };
            tally.cells.insert(key, cell);
        }
        tally
    }

    fn finance(before: &Tally, since: &Tally) -> SinceFinding {
        let plan = Plan { pairs: vec![("sales".to_owned(), "marketing".to_owned())], min_authors: 5, material: 1.5 };
        let is_finance = |finding: &SinceFinding| finding.speaker.name() == "finance";
        findings(before, since, &plan).into_iter().find(is_finance).unwrap()
    }

    #[test]
    fn who_came_since_does_not_move_the_change_and_is_counted() {
        let before = tally(3, &[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]);
        let since = tally(4, &[(1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (6, 9), (7, 9)]);
        let found = finance(&before, &since);
        assert_eq!(found.n_changed, 2);
        let ratio = |target: Option<&str>| {
            let is_meant = |change: &&Change| change.category == Category::Heroic && change.target.as_deref() == target;
            found.changes.iter().find(is_meant).unwrap().ratio.and_then(|gap| gap.ratio)
        };
        // About anyone resolved hits count, about a group named ones alone.
        assert_eq!((ratio(None), ratio(Some("sales")), ratio(Some("marketing"))), (Some(1.5), Some(2.0), None));
    }

    #[test]
    fn four_authors_of_both_periods_make_no_change() {
        let found = finance(&tally(3, &[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]), &tally(4, &[(1, 1), (2, 1), (3, 1), (4, 1), (6, 1)]));
        assert!(found.changes.iter().all(|change| change.ratio.is_none()));
        assert_eq!(found.n_changed, 2);
    }
}
