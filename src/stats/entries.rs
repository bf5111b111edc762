//! Which entries make the company's hits about the groups that are compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::lexicon::Category;
use crate::stats::Speaker;
use crate::stats::partition::AuthorTotal;

/// The company's hits of a category about a group, from segments that name it, author by author.
#[derive(Debug, Clone)]
pub struct EntryFinding {
    /// Of what category.
    pub category: Category,
    /// About whom.
    pub target: Arc<str>,
    /// The hits of every author who has one, in no order.
    pub authors: Vec<Vec<MadeHits>>,
}

/// Hits that the same entries made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeHits {
    /// The entries, sorted.
    pub entries: Vec<Arc<str>>,
    /// How many hits.
    pub hits: u64,
}

/// Every category about every group that is compared, where there is a hit.
pub(super) fn findings(speakers: &[(Speaker, Vec<AuthorTotal>)], pairs: &[(String, String)]) -> Vec<EntryFinding> {
    let Some((_, authors)) = speakers.iter().find(|(speaker, _)| *speaker == Speaker::Company) else { return Vec::new() };
    let targets: BTreeSet<&String> = pairs.iter().flat_map(|(first, second)| [first, second]).collect();
    let of = |category: Category, target: &String| {
        let made = |author: &AuthorTotal| -> Vec<MadeHits> {
            let is_meant = |(hit, _): &(&crate::tally::HitKey, &u64)| {
                hit.category == category && hit.named && hit.target.as_deref() == Some(target.as_str())
            };
            let hits = author.total.hits.iter().filter(is_meant);
            hits.map(|(hit, &hits)| MadeHits { entries: hit.entries.clone(), hits }).collect()
        };
        let authors: Vec<Vec<MadeHits>> = authors.iter().map(made).filter(|hits| !hits.is_empty()).collect();
        (!authors.is_empty()).then(|| EntryFinding { category, target: target.as_str().into(), authors })
    };
    Category::ALL.into_iter().flat_map(|category| targets.iter().filter_map(move |target| of(category, target))).collect()
}
