//! What authors say of two groups, hit by hit, so that an entry can be left out exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::gap::AuthorPair;

/// The name under which hits of a category's weighted cues stand beside its entries.
pub const CUES: &str = "cues";

/// An item of a lexicon.
pub type Entry = (Category, Arc<str>);

/// What one author says of the two groups; index 0 is the numerator's group, 1 the denominator's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuthorEvidence {
    /// Segments that name the group.
    pub naming: [u64; 2],
    /// Hits about the two groups.
    pub hits: Vec<EntryHits>,
}

/// Segments with a hit that the same entries made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHits {
    /// 0 or 1, the group that the hits are about.
    pub group: usize,
    /// The entries.
    pub entries: Vec<Entry>,
    /// How many segments.
    pub segments: u64,
}

impl AuthorEvidence {
    /// The author's counts.
    #[must_use]
    pub fn pair(&self) -> AuthorPair {
        self.pair_of(|_| true)
    }

    /// The author's counts if only some entries were in the lexicon. A segment may hold a hit of two categories of one gap; it is one
    /// segment still, so there are never more hits than naming segments.
    #[must_use]
    pub fn pair_of(&self, is_kept: impl Fn(&Entry) -> bool) -> AuthorPair {
        let hits = [0, 1].map(|group| {
            let about = self.hits.iter().filter(|hit| hit.group == group && hit.entries.iter().any(&is_kept));
            about.map(|hit| hit.segments).sum::<u64>().min(self.naming[group])
        });
        AuthorPair { naming: self.naming, hits }
    }
}

/// All authors' counts.
#[must_use]
pub fn pairs(authors: &[AuthorEvidence]) -> Vec<AuthorPair> {
    authors.iter().map(AuthorEvidence::pair).collect()
}

/// All authors' counts if only some entries were in the lexicon.
pub(super) fn pairs_of(authors: &[AuthorEvidence], is_kept: impl Fn(&Entry) -> bool) -> Vec<AuthorPair> {
    authors.iter().map(|author| author.pair_of(&is_kept)).collect()
}

/// Hits of all authors about both groups.
pub(super) fn n_hits(authors: &[AuthorPair]) -> u64 {
    authors.iter().map(|author| author.hits[0] + author.hits[1]).sum()
}

/// The entries that made a hit, in order of category and name, each with the authors it made one for.
pub(super) fn authors_by_entry(authors: &[AuthorEvidence]) -> BTreeMap<&Entry, Vec<&AuthorEvidence>> {
    let mut by_entry: BTreeMap<&Entry, Vec<&AuthorEvidence>> = BTreeMap::new();
    for author in authors {
        let entries: BTreeSet<&Entry> = author.hits.iter().flat_map(|hit| &hit.entries).collect();
        for entry in entries {
            by_entry.entry(entry).or_default().push(author);
        }
    }
    by_entry
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_of_two_entries_stays_when_one_is_left_out() {
        let entry = |name: &str| (Category::Heroic, Arc::from(name));
        let hits =
            |group, entries: &[&str], segments| EntryHits { group, entries: entries.iter().map(|name| entry(name)).collect(), segments };
        let author =
            AuthorEvidence { naming: [9, 4], hits: vec![hits(0, &["hero", "legend"], 2), hits(0, &["hero"], 3), hits(1, &["hero"], 6)] };
        assert_eq!(author.pair(), AuthorPair { naming: [9, 4], hits: [5, 4] });
        assert_eq!(author.pair_of(|(_, name)| &**name != "hero"), AuthorPair { naming: [9, 4], hits: [2, 0] });
    }
}
