//! Which rows and columns the pages for readers have; the files for machines have all.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::disclosure::{Disclosed, Rate, Shown, ShownGap, ShownSpeaker, Why};
use crate::lexicon::Category;
use crate::stats::{GapKind, Speaker};

/// Categories that have a matrix of speakers and groups, in order.
pub(super) const MATRICES: [Category; 5] =
    [Category::Heroic, Category::IvoryTower, Category::PastFailure, Category::Collaboration, Category::Gendered];

/// Rows and columns.
pub(super) struct View<'a> {
    /// Speakers, the company first; without a team the company alone.
    pub(super) speakers: Vec<&'a ShownSpeaker>,
    /// Groups that a row has a figure for: those that are compared, then those that most rows have a figure for.
    pub(super) targets: Vec<Arc<str>>,
    /// Groups that somebody names, but too few for a figure.
    pub(super) targets_not_shown: Vec<Arc<str>>,
    /// Pairs of groups that are compared.
    pub(super) pairs: Vec<Pair<'a>>,
    shown: &'a Disclosed,
    rates: BTreeMap<(&'a Speaker, Category, Option<&'a str>), Shown<Rate>>,
}

/// A pair of groups, in the direction of praise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair<'a> {
    /// Group on top for praise and credit, below for scorn.
    pub(super) first: &'a str,
    /// The other.
    pub(super) second: &'a str,
}

impl<'a> View<'a> {
    /// The rows and columns of what may be shown.
    pub(super) fn new(shown: &'a Disclosed) -> Self {
        let has_teams = shown.speakers.iter().any(|count| matches!(count.speaker, Speaker::Team(_) | Speaker::OtherTeams));
        let speakers = shown.speakers.iter().filter(|count| has_teams || count.speaker == Speaker::Company).collect();
        let rates = shown.levels.iter().map(|level| ((&level.speaker, level.category, level.target.as_deref()), level.rate)).collect();
        let mut view = View { speakers, targets: Vec::new(), targets_not_shown: Vec::new(), pairs: pairs(shown), shown, rates };
        let (mut targets, not_shown): (Vec<_>, Vec<_>) = shown.targets().into_iter().partition(|target| view.n_figures(target) > 0);
        targets.sort_by_key(|target| (view.place_in_pairs(target), Reverse(view.n_figures(target))));
        view.targets = targets;
        view.targets_not_shown = not_shown;
        view
    }

    /// Whether there are rows for teams.
    pub(super) fn has_teams(&self) -> bool {
        self.speakers.len() > 1
    }

    /// A cell of a matrix (`Some`) or a level per word (`None`).
    pub(super) fn rate(&self, speaker: &Speaker, category: Category, target: Option<&str>) -> Shown<Rate> {
        self.rates.get(&(speaker, category, target)).copied().unwrap_or(Shown::NoData)
    }

    /// Why cells of the matrices are hidden.
    pub(super) fn whys(&self) -> BTreeSet<Why> {
        let speakers = self.speakers.iter().map(|count| &count.speaker);
        let cells = speakers.flat_map(|speaker| {
            let about = move |category| self.targets.iter().map(move |target| self.rate(speaker, category, Some(target)));
            MATRICES.into_iter().flat_map(about)
        });
        let why = |rate| match rate {
            Shown::Hidden(why) => Some(why),
            Shown::Value(_) | Shown::Few | Shown::NoData => None,
        };
        cells.filter_map(why).collect()
    }

    /// A speaker's gap.
    pub(super) fn gap(&self, speaker: &Speaker, kind: GapKind, pair: Pair<'_>) -> Option<&'a ShownGap> {
        self.shown.gaps.iter().find(|gap| gap.speaker == *speaker && gap.kind == kind && Pair::of(gap) == pair)
    }

    fn n_figures(&self, target: &str) -> usize {
        let has_figure = |count: &&&ShownSpeaker| {
            MATRICES.iter().any(|&category| match self.rate(&count.speaker, category, Some(target)) {
                Shown::Value(_) | Shown::Few => true,
                Shown::Hidden(_) | Shown::NoData => false,
            })
        };
        self.speakers.iter().filter(has_figure).count()
    }

    /// Where a group stands in the pairs; behind them all if it does not.
    fn place_in_pairs(&self, target: &str) -> usize {
        let mut places = self.pairs.iter().flat_map(|pair| [pair.first, pair.second]);
        places.position(|group| group == target).unwrap_or(usize::MAX)
    }
}

impl<'a> Pair<'a> {
    fn of(gap: &'a ShownGap) -> Self {
        match gap.kind {
            GapKind::Praise | GapKind::Credit => Pair { first: &gap.numerator, second: &gap.denominator },
            GapKind::Scorn => Pair { first: &gap.denominator, second: &gap.numerator },
        }
    }
}

fn pairs(shown: &Disclosed) -> Vec<Pair<'_>> {
    let mut pairs = Vec::new();
    for gap in &shown.gaps {
        if !pairs.contains(&Pair::of(gap)) {
            pairs.push(Pair::of(gap));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{empty, sample, without_roster};

    #[test]
    fn compared_groups_stand_first_and_groups_without_a_figure_not_at_all() {
        let shown = sample();
        let view = View::new(&shown);
        assert_eq!(view.targets.iter().map(|target| &**target).collect::<Vec<_>>(), ["sales", "marketing", "finance"]);
        assert_eq!(view.targets_not_shown.iter().map(|target| &**target).collect::<Vec<_>>(), ["legal"]);
    }

    #[test]
    fn without_teams_the_company_stands_alone() {
        let shown = without_roster();
        let view = View::new(&shown);
        assert!(!view.has_teams());
        assert_eq!(view.speakers.iter().map(|count| &count.speaker).collect::<Vec<_>>(), [&Speaker::Company]);
        assert!(View::new(&empty()).speakers.is_empty());
    }

    #[test]
    fn a_pair_is_the_same_for_scorn_although_it_is_turned_over() {
        let shown = sample();
        let view = View::new(&shown);
        assert_eq!(view.pairs.len(), 1);
        assert_eq!(view.gap(&Speaker::Company, GapKind::Scorn, view.pairs[0]).map(|gap| &*gap.numerator), Some("marketing"));
    }
}
