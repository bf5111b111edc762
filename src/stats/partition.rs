//! Authors by speaker, none smaller than the floor.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::Speaker;
use crate::stats::level::AuthorCount;
use crate::tally::{Cell, CellKey, HitKey, Pseudonym};

/// An author's counts over some months, as one speaker.
#[derive(Default, Clone)]
pub(super) struct AuthorTotal {
    pub(super) total: Cell,
}

impl AuthorTotal {
    pub(super) fn hits(&self, is_wanted: impl Fn(&HitKey) -> bool) -> u64 {
        self.total.hits.iter().filter(|(hit, _)| is_wanted(hit)).map(|(_, n)| n).sum()
    }

    /// Hits of a category about anyone and own words, or named hits about a group and segments that name it.
    pub(super) fn count(&self, category: Category, target: Option<&Arc<str>>) -> AuthorCount {
        match target {
            None => self.per_word(category),
            Some(group) => AuthorCount {
                hits: self.hits(|hit| hit.category == category && hit.named && hit.target.as_ref() == Some(group)),
                exposure: self.total.names.get(group).copied().unwrap_or(0),
            },
        }
    }

    /// Hits of a category about anyone, and own words.
    pub(super) fn per_word(&self, category: Category) -> AuthorCount {
        AuthorCount { hits: self.hits(|hit| hit.category == category), exposure: self.total.words }
    }
}

/// Authors of one speaker.
pub(super) type Authors = BTreeMap<Pseudonym, AuthorTotal>;

/// Authors by speaker.
pub(super) struct Partition {
    pub(super) speakers: Vec<(Speaker, Authors)>,
    pub(super) pooled: BTreeMap<Arc<str>, usize>,
    pub(super) left_out: BTreeSet<Arc<str>>,
    pub(super) few_not_in_roster: bool,
}

/// Authors by team.
pub(super) fn by_team<'a>(cells: impl Iterator<Item = (&'a CellKey, &'a Cell)>) -> BTreeMap<Option<Arc<str>>, Authors> {
    let mut by_team: BTreeMap<Option<Arc<str>>, Authors> = BTreeMap::new();
    for (key, cell) in cells {
        by_team.entry(key.team.clone()).or_default().entry(key.author).or_default().total += cell.clone();
    }
    by_team
}

/// Small teams go together; if they are too small together, they are left out, so that nothing can be had by subtraction from a total.
pub(super) fn partition(by_team: BTreeMap<Option<Arc<str>>, Authors>, min_authors: usize) -> Partition {
    let mut partition = Partition { speakers: Vec::new(), pooled: BTreeMap::new(), left_out: BTreeSet::new(), few_not_in_roster: false };
    let mut pool: Authors = Authors::new();
    let mut speakers: Vec<(Speaker, Authors)> = Vec::new();
    for (team, authors) in by_team {
        if authors.len() >= min_authors {
            speakers.push((team.map_or(Speaker::NotInRoster, Speaker::Team), authors));
            continue;
        }
        match team {
            Some(team) => {
                partition.pooled.insert(team, authors.len());
            }
            None => partition.few_not_in_roster = true,
        }
        for (author, counts) in authors {
            pool.entry(author).or_default().total += counts.total;
        }
    }
    if pool.len() >= min_authors {
        speakers.push((Speaker::OtherTeams, pool));
    } else {
        partition.left_out = std::mem::take(&mut partition.pooled).into_keys().collect();
    }
    let mut company = Authors::new();
    for (_, authors) in &speakers {
        for (&author, counts) in authors {
            company.entry(author).or_default().total += counts.total.clone();
        }
    }
    speakers.push((Speaker::Company, company));
    speakers.sort_by(|a, b| a.0.cmp(&b.0));
    partition.speakers = speakers;
    partition
}
