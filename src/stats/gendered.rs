//! Gendered wording about a group beside the scorn about it: side by side, without a causal claim.

use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::level::{self, AuthorCount, Level};
use crate::stats::partition::AuthorTotal;
use crate::stats::{CONFIDENCE, GapKind, Speaker};
use crate::tally::{Coded, HitKey, Tally};

/// Hits about a group per segment that names it, each from segments that name it.
#[derive(Debug, Clone)]
pub struct GenderedFinding {
    /// Who speaks.
    pub speaker: Speaker,
    /// About whom.
    pub target: Arc<str>,
    /// Any gendered wording.
    pub gendered: Level,
    /// Adjectives coded masculine, then feminine ([`Coded::ALL`]): counted apart, for they hardly go together.
    pub coded: [Level; 2],
    /// Ivory-tower and past-failure wording.
    pub scorn: Level,
}

/// Every speaker about every group that is compared.
pub(super) fn findings(speakers: &[(Speaker, Vec<AuthorTotal>)], pairs: &[(String, String)], tally: &Tally) -> Vec<GenderedFinding> {
    let mut targets: Vec<&String> = pairs.iter().flat_map(|(first, second)| [first, second]).collect();
    targets.sort_unstable();
    targets.dedup();
    let of = |(speaker, authors): &(Speaker, Vec<AuthorTotal>)| {
        targets.iter().map(|target| finding(speaker, authors, target.as_str(), tally)).collect::<Vec<_>>()
    };
    speakers.iter().flat_map(of).collect()
}

fn finding(speaker: &Speaker, authors: &[AuthorTotal], target: &str, tally: &Tally) -> GenderedFinding {
    let level_of = |is_wanted: &dyn Fn(&HitKey) -> bool| {
        let count = |author: &AuthorTotal| {
            let exposure = author.total.names.get(target).copied().unwrap_or(0);
            let hits = author.hits(|hit| hit.named && hit.target.as_deref() == Some(target) && is_wanted(hit));
            // A segment may hold a hit of both categories of scorn; it is one segment still.
            AuthorCount { hits: hits.min(exposure), exposure }
        };
        level::level(&authors.iter().map(count).collect::<Vec<_>>(), CONFIDENCE)
    };
    let is_coded = |hit: &HitKey, kind: Coded| hit.entries.iter().any(|entry| tally.coded.contains(&(kind, Arc::clone(entry))));
    GenderedFinding {
        speaker: speaker.clone(),
        target: target.into(),
        gendered: level_of(&|hit| hit.category == Category::Gendered),
        coded: Coded::ALL.map(|kind| level_of(&|hit| hit.category == Category::Gendered && is_coded(hit, kind))),
        scorn: level_of(&|hit| GapKind::Scorn.categories().contains(&hit.category)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::tally::{Cell, Origin};

    #[test]
    fn coded_adjectives_are_counted_apart_and_only_about_the_group() {
        let hit = |target: &str, category, entry: &str| HitKey {
            target: Some(target.into()),
            named: true,
            category,
            entries: vec![entry.into()],
        };
        let hits = BTreeMap::from([
            (hit("sales", Category::Gendered, "assertive"), 2),
            (hit("sales", Category::Gendered, "girls"), 1),
            (hit("sales", Category::IvoryTower, "tower"), 3),
            (hit("sales", Category::PastFailure, "flop"), 1),
            (hit("marketing", Category::Gendered, "assertive"), 5),
        ]);
        let author = AuthorTotal { total: Cell { names: BTreeMap::from([("sales".into(), 20)]), hits, ..Cell::default() } };
        let mut tally =
            Tally::new(Origin { lexicons: String::new(), cleaning: String::new(), key: String::new(), timezone: String::new() });
        tally.coded.insert((Coded::Masculine, "assertive".into()));
        let found = finding(&Speaker::Company, &[author], "sales", &tally);
        assert_eq!((found.gendered.hits, found.coded.map(|level| level.hits), found.scorn.hits), (3, [2, 0], 4));
        assert_eq!(found.gendered.exposure, 20);
    }
}
