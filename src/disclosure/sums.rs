//! Sums that hold a hidden part. The company's figure is a sum over the speakers, so what is left of it when the published parts are taken
//! away must be a figure that could be shown, too. Where it is not, further parts are hidden, the smallest first, until it is
//! (complementary suppression; Willenborg & de Waal 2001, ch. 4).

use std::collections::BTreeMap;

use super::rules::{Base, Rules};
use super::shown::Shown;
use crate::stats::{Speaker, SpeakerCount};

/// One figure of one speaker, as a part of the company's or as the company's.
pub(super) struct Summand<'a, K> {
    /// Which sum.
    pub(super) sum: K,
    /// Whose part.
    pub(super) speaker: &'a Speaker,
    /// What it rests on, the figures that stand or fall together.
    pub(super) bases: Vec<Base>,
    /// What becomes of it by itself.
    pub(super) standing: Shown<()>,
}

/// The rules for sums.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums {
    pub(super) rules: Rules,
    /// Most authors who may be in two parts of one sum: they changed teams.
    overlap: usize,
}

impl Sums {
    /// The sums over these speakers.
    pub(super) fn new(speakers: &[SpeakerCount], rules: Rules) -> Self {
        let n_authors = |is_company: bool| -> usize {
            speakers.iter().filter(|count| (count.speaker == Speaker::Company) == is_company).map(|count| count.n_authors).sum()
        };
        Self { rules, overlap: n_authors(false).saturating_sub(n_authors(true)) }
    }

    /// Places of the summands that must be hidden although they could be shown by themselves.
    pub(super) fn covers<K: Ord>(self, summands: &[Summand<'_, K>]) -> Vec<usize> {
        let mut sums: BTreeMap<&K, (bool, Vec<usize>)> = BTreeMap::new();
        for (place, summand) in summands.iter().enumerate() {
            let (is_published, parts) = sums.entry(&summand.sum).or_default();
            if *summand.speaker == Speaker::Company {
                *is_published = summand.standing.is_shown();
            } else {
                parts.push(place);
            }
        }
        sums.into_values().filter(|(is_published, _)| *is_published).flat_map(|(_, parts)| self.covers_of_one(summands, &parts)).collect()
    }

    fn covers_of_one<K>(self, summands: &[Summand<'_, K>], parts: &[usize]) -> Vec<usize> {
        let (mut shown, hidden): (Vec<usize>, Vec<usize>) = parts.iter().partition(|&&place| summands[place].standing.is_shown());
        let mut rest: Vec<Base> = Vec::new();
        for place in hidden {
            self.add(&mut rest, &summands[place].bases);
        }
        shown.sort_by_key(|&place| summands[place].bases.iter().map(|base| base.exposure).sum::<u64>());
        let mut covers = Vec::new();
        while !self.is_safe(&rest) && !shown.is_empty() {
            let with = |place: usize| {
                let mut sum = rest.clone();
                self.add(&mut sum, &summands[place].bases);
                sum
            };
            let next = shown.iter().position(|&place| self.is_safe(&with(place))).unwrap_or(0);
            let place = shown.remove(next);
            rest = with(place);
            covers.push(place);
        }
        covers
    }

    /// Adds a part. An author who changed teams may write most in both, so the largest texts add up then.
    fn add(self, sums: &mut Vec<Base>, others: &[Base]) {
        sums.resize(sums.len().max(others.len()), Base::default());
        for (sum, other) in sums.iter_mut().zip(others) {
            let [first, second] = [0, 1].map(|place| sum.largest[place] + other.largest[place]);
            *sum = sum.plus(*other);
            if self.overlap > 0 {
                sum.largest = [first, second];
            }
        }
    }

    /// Whether figures of hidden parts could be shown if they were one part. Authors who changed teams may have been counted twice.
    pub(super) fn is_safe(self, rest: &[Base]) -> bool {
        rest.iter().filter(|base| !base.is_empty()).all(|base| {
            let once = Base {
                n_authors: base.n_authors.saturating_sub(self.overlap),
                n_with_hit: base.n_with_hit.saturating_sub(self.overlap),
                ..*base
            };
            self.rules.standing(&once).is_shown()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::rules::Why;

    fn team(name: &str) -> Speaker {
        Speaker::Team(name.into())
    }

    fn base(n_authors: usize, n_with_hit: usize) -> Base {
        Base { n_authors, n_with_hit, hits: n_with_hit as u64, exposure: 10 * n_authors as u64, largest: [10, 10] }
    }

    fn covered(parts: &[(&str, Base)]) -> Vec<String> {
        let rules = Rules { min_authors: 5 };
        let whole = parts.iter().fold(Base::default(), |sum, (_, base)| sum.plus(*base));
        let speakers: Vec<(Speaker, Base)> =
            std::iter::once((Speaker::Company, whole)).chain(parts.iter().map(|(name, base)| (team(name), *base))).collect();
        let summands: Vec<Summand<'_, ()>> = speakers
            .iter()
            .map(|(speaker, base)| Summand { sum: (), speaker, bases: vec![*base], standing: rules.standing(base) })
            .collect();
        let covers = Sums { rules, overlap: 0 }.covers(&summands);
        covers.into_iter().map(|place| summands[place].speaker.name().to_owned()).collect()
    }

    #[test]
    fn a_single_hidden_part_takes_the_smallest_other_with_it() {
        assert_eq!(covered(&[("finance", base(2, 0)), ("legal", base(9, 4)), ("sales", base(20, 9))]), ["legal"]);
        assert_eq!(covered(&[("finance", base(9, 2)), ("legal", base(9, 4)), ("sales", base(20, 9))]), ["legal"]);
        assert!(covered(&[("finance", base(9, 3)), ("legal", base(9, 4))]).is_empty());
    }

    #[test]
    fn hidden_parts_that_are_enough_together_need_no_cover() {
        assert!(covered(&[("finance", base(3, 2)), ("hr", base(2, 1)), ("sales", base(20, 9))]).is_empty());
        assert_eq!(covered(&[("finance", base(2, 2)), ("hr", base(2, 1)), ("sales", base(20, 9))]), ["sales"]);
    }

    #[test]
    fn a_sum_that_is_hidden_itself_gives_nothing_away() {
        assert!(covered(&[("finance", base(9, 1)), ("legal", base(9, 1))]).is_empty());
        assert_eq!(Rules { min_authors: 5 }.standing(&base(18, 2)), Shown::Few);
        assert_eq!(Rules { min_authors: 5 }.standing(&base(2, 0)), Shown::Hidden(Why::TooFewAuthors));
    }

    #[test]
    fn who_changed_teams_is_counted_once_only() {
        let rules = Rules { min_authors: 5 };
        assert!(Sums { rules, overlap: 0 }.is_safe(&[base(5, 3)]));
        assert!(!Sums { rules, overlap: 1 }.is_safe(&[base(5, 3)]));
        assert!(Sums { rules, overlap: 1 }.is_safe(&[Base::default()]));
        let largest = |overlap| {
            let mut sum = vec![base(5, 3)];
            Sums { rules, overlap }.add(&mut sum, &[base(5, 3)]);
            sum[0].largest
        };
        assert_eq!((largest(0), largest(1)), ([10, 10], [20, 20]));
    }
}
