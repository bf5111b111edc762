//! Which entries may be listed: those that the floor of authors used, as long as what is left over is as many authors' or nobody's.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::rules::{Base, Rules};
use super::shown::{Shown, ShownEntries, ShownEntry, ShownLevel, two_figures};
use crate::stats::Speaker;
use crate::stats::entries::{EntryFinding, MadeHits};
use crate::tally::Tally;

/// The entries behind the company's hits, where the level that they make is shown.
pub(super) fn entries(findings: &[EntryFinding], levels: &[ShownLevel], tally: &Tally, rules: Rules) -> Vec<ShownEntries> {
    let is_shown = |finding: &&EntryFinding| {
        let is_meant = |level: &&ShownLevel| {
            level.speaker == Speaker::Company && level.category == finding.category && level.target.as_ref() == Some(&finding.target)
        };
        levels.iter().find(is_meant).is_some_and(|level| level.rate.is_shown())
    };
    findings.iter().filter(is_shown).map(|finding| shown(finding, tally, rules)).collect()
}

fn shown(finding: &EntryFinding, tally: &Tally, rules: Rules) -> ShownEntries {
    let names: BTreeSet<&Arc<str>> = finding.authors.iter().flatten().flat_map(|made| &made.entries).collect();
    let base = |name: &Arc<str>| base(finding, |made| made.entries.contains(name));
    let mut listed: Vec<(&Arc<str>, u64)> = names
        .into_iter()
        .map(|name| (name, base(name)))
        .filter(|(_, base)| may_stand(base, rules))
        .map(|(name, base)| (name, base.hits))
        .collect();
    listed.sort_by_key(|&(name, hits)| (std::cmp::Reverse(hits), Arc::clone(name)));
    let rest = |listed: &[(&Arc<str>, u64)]| self::base(finding, |made| listed.iter().all(|(name, _)| !made.entries.contains(name)));
    // What is left over can be had from the shares, so it must be able to stand, too; the smallest go with it until it can.
    while !listed.is_empty() && rest(&listed).hits > 0 && !may_stand(&rest(&listed), rules) {
        listed.pop();
    }
    let all: u64 = finding.authors.iter().flatten().map(|made| made.hits).sum();
    let share = |hits: u64| two_figures(hits as f64 / all as f64);
    let others = rest(&listed).hits;
    let entries = listed.into_iter().map(|(name, hits)| {
        let enters_gaps = !tally.not_swappable.contains(&(finding.category, Arc::clone(name)));
        ShownEntry { name: Arc::clone(name), sense: None, enters_gaps, share: share(hits) }
    });
    ShownEntries {
        category: finding.category,
        target: Arc::clone(&finding.target),
        entries: entries.collect(),
        others: (others > 0).then(|| share(others)),
    }
}

/// Hits as text: who used the words, and how much of the hits is whose.
fn base(finding: &EntryFinding, is_meant: impl Fn(&MadeHits) -> bool) -> Base {
    let hits_of = |author: &Vec<MadeHits>| author.iter().filter(|made| is_meant(made)).map(|made| made.hits).sum::<u64>();
    let mut hits: Vec<u64> = finding.authors.iter().map(hits_of).filter(|&hits| hits > 0).collect();
    hits.sort_unstable_by_key(|&hits| std::cmp::Reverse(hits));
    let largest = [0, 1].map(|place| hits.get(place).copied().unwrap_or(0));
    let total = hits.iter().sum();
    Base { n_authors: hits.len(), n_with_hit: hits.len(), hits: total, exposure: total, largest }
}

fn may_stand(base: &Base, rules: Rules) -> bool {
    matches!(rules.standing(base), Shown::Value(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Category;
    use crate::tally::Origin;

    const RULES: Rules = Rules { min_authors: 5 };

    /// So many authors with so many hits of the same entries each.
    fn finding(made: &[(usize, &[&str], u64)]) -> EntryFinding {
        let of = |&(n, entries, hits): &(usize, &[&str], u64)| {
            vec![vec![MadeHits { entries: entries.iter().map(|&name| name.into()).collect(), hits }]; n]
        };
        EntryFinding { category: Category::Heroic, target: "sales".into(), authors: made.iter().flat_map(of).collect() }
    }

    fn listed(made: &[(usize, &[&str], u64)]) -> (Vec<(String, f64)>, Option<f64>) {
        let text = String::new;
        let tally = Tally::new(Origin { lexicons: text(), cleaning: text(), key: text(), timezone: text() });
        let shown = shown(&finding(made), &tally, RULES);
        (shown.entries.into_iter().map(|entry| (entry.name.to_string(), entry.share)).collect(), shown.others)
    }

    #[test]
    fn an_entry_of_the_floor_is_listed_and_the_others_are_added_up() {
        let (entries, others) = listed(&[(6, &["hero"], 2), (4, &["saviour"], 1), (4, &["miracle"], 1)]);
        assert_eq!((entries, others), (vec![("hero".to_owned(), 0.6)], Some(0.4)));
    }

    #[test]
    fn a_rest_of_too_few_takes_the_smallest_entry_with_it() {
        let (entries, others) = listed(&[(9, &["hero"], 2), (5, &["rescue"], 1), (2, &["saviour"], 1)]);
        assert_eq!((entries, others), (vec![("hero".to_owned(), 0.72)], Some(0.28)));
        let (entries, others) = listed(&[(9, &["hero"], 2), (2, &["saviour"], 1)]);
        assert_eq!((entries, others), (Vec::new(), Some(1.0)));
    }

    #[test]
    fn nothing_is_left_over_where_every_hit_has_a_listed_entry() {
        let (entries, others) = listed(&[(5, &["hero", "saviour"], 1), (5, &["hero"], 1)]);
        assert_eq!((entries, others), (vec![("hero".to_owned(), 1.0), ("saviour".to_owned(), 0.5)], None));
    }

    #[test]
    fn an_entry_that_is_mostly_one_authors_is_not_listed() {
        let (entries, others) = listed(&[(1, &["hero"], 20), (9, &["hero"], 1), (9, &["rescue"], 2)]);
        assert_eq!((entries, others), (Vec::new(), Some(1.0)));
    }
}
