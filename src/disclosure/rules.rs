//! When a figure may be shown: the floor, dominance, and authors with a hit.

use super::shown::{Rate, Shown, two_figures};
use crate::config::MIN_AUTHORS;
use crate::stats::interval::Interval;
use crate::stats::level::Level;

/// Fewest authors with a hit behind a printed rate.
pub const MIN_AUTHORS_WITH_HIT: usize = 3;
/// Most of a figure's text, in percent, that may be one author's.
pub const MAX_PERCENT_OF_ONE: u64 = 50;
/// Most of a figure's text, in percent, that may be two authors'.
pub const MAX_PERCENT_OF_TWO: u64 = 67;

/// Why a figure is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Fewer than the floor are behind it.
    TooFewAuthors,
    /// One author makes more than half of its text.
    OneAuthor,
    /// Two authors make more than two thirds of its text.
    TwoAuthors,
    /// With it and a sum, another figure that is hidden could be worked out.
    Cover,
    /// Fewer than the floor came or went since the report that it is compared with.
    FewCameOrWent,
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::TooFewAuthors, Self::OneAuthor, Self::TwoAuthors, Self::Cover, Self::FewCameOrWent];

    /// The reason with that name in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.name() == name)
    }

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TooFewAuthors => "too_few_authors",
            Self::OneAuthor => "one_author_dominates",
            Self::TwoAuthors => "two_authors_dominate",
            Self::Cover => "covers_another",
            Self::FewCameOrWent => "few_came_or_went",
        }
    }
}

/// What a figure rests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) n_authors: usize,
    pub(super) n_with_hit: usize,
    pub(super) hits: u64,
    pub(super) exposure: u64,
    pub(super) largest: [u64; 2],
}

impl From<&Level> for Base {
    fn from(level: &Level) -> Self {
        let &Level { n_authors, n_authors_with_hit: n_with_hit, hits, exposure, largest, .. } = level;
        Self { n_authors, n_with_hit, hits, exposure, largest }
    }
}

impl Base {
    /// A mere number of authors.
    pub(super) fn of_authors(n_authors: usize) -> Self {
        let largest = [u64::from(n_authors > 0), u64::from(n_authors > 1)];
        Self { n_authors, n_with_hit: 0, hits: 0, exposure: n_authors as u64, largest }
    }

    /// The same text without its hits.
    pub(super) const fn text(self) -> Self {
        Self { n_with_hit: 0, hits: 0, ..self }
    }

    /// Two bases without a common author.
    pub(super) fn plus(self, other: Self) -> Self {
        let [a, b] = self.largest;
        let [c, d] = other.largest;
        Self {
            n_authors: self.n_authors + other.n_authors,
            n_with_hit: self.n_with_hit + other.n_with_hit,
            hits: self.hits + other.hits,
            exposure: self.exposure + other.exposure,
            largest: [a.max(c), a.min(c).max(b).max(d)],
        }
    }

    /// Whether there is nothing.
    pub(super) const fn is_empty(&self) -> bool {
        self.exposure == 0 && self.hits == 0
    }
}

/// The rules under one floor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) min_authors: usize,
}

impl Rules {
    /// Why a figure of this text may not be shown.
    pub(super) fn why(self, base: &Base) -> Option<Why> {
        if base.n_authors < self.min_authors { Some(Why::TooFewAuthors) } else { self.dominance(base.largest, base.exposure) }
    }

    /// Whether one author or two make too much of a whole. A floor under the usual one lifts this rule with it, for two authors of two are
    /// all of the text; every page is stamped then.
    fn dominance(self, [first, second]: [u64; 2], whole: u64) -> Option<Why> {
        let is_over = |part: u64, percent: u64| 100 * u128::from(part) > u128::from(percent) * u128::from(whole);
        if self.min_authors < MIN_AUTHORS {
            None
        } else if is_over(first, MAX_PERCENT_OF_ONE) {
            Some(Why::OneAuthor)
        } else if is_over(first.saturating_add(second), MAX_PERCENT_OF_TWO) {
            Some(Why::TwoAuthors)
        } else {
            None
        }
    }

    /// The same of shares of a weight.
    pub(super) fn dominance_of_shares(self, [first, second]: [f64; 2]) -> Option<Why> {
        if self.min_authors < MIN_AUTHORS {
            None
        } else if 100.0 * first > MAX_PERCENT_OF_ONE as f64 {
            Some(Why::OneAuthor)
        } else if 100.0 * (first + second) > MAX_PERCENT_OF_TWO as f64 {
            Some(Why::TwoAuthors)
        } else {
            None
        }
    }

    /// What becomes of a rate that rests on this, by itself.
    pub(super) fn standing(self, base: &Base) -> Shown<()> {
        if base.exposure == 0 {
            Shown::NoData
        } else if let Some(why) = self.why(base) {
            Shown::Hidden(why)
        } else if base.hits > 0 && base.n_with_hit < MIN_AUTHORS_WITH_HIT {
            Shown::Few
        } else {
            Shown::Value(())
        }
    }

    /// A rate, where it may be shown by itself.
    pub(super) fn rate(self, level: &Level) -> Shown<Rate> {
        let per_1000 = |rate: f64| two_figures(1000.0 * rate);
        self.standing(&Base::from(level)).map(|()| {
            let interval = level.interval.map(|interval| Interval { low: interval.low.map(per_1000), high: interval.high.map(per_1000) });
            Rate { per_1000: per_1000(level.rate), interval }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::level::{AuthorCount, level};

    fn shown(authors: &[AuthorCount]) -> Shown<Rate> {
        Rules { min_authors: 5 }.rate(&level(authors, 0.95))
    }

    fn author(hits: u64) -> AuthorCount {
        AuthorCount { hits, exposure: 1000 }
    }

    #[test]
    fn a_rate_needs_the_floor_and_three_authors_with_a_hit() {
        assert_eq!(shown(&[author(1); 4]), Shown::Hidden(Why::TooFewAuthors));
        assert_eq!(shown(&[author(5), author(5), author(0), author(0), author(0)]), Shown::Few);
        assert_eq!(shown(&[author(0); 5]), Shown::Value(Rate { per_1000: 0.0, interval: None }));
        assert!(
            matches!(shown(&[author(1), author(1), author(1), author(0), author(0)]), Shown::Value(rate) if (rate.per_1000 - 0.6).abs() < 1e-12)
        );
    }

    #[test]
    fn no_author_makes_more_than_half_and_no_two_more_than_two_thirds() {
        let texts = |exposures: [u64; 6]| {
            let counts = exposures.map(|exposure| AuthorCount { hits: 1, exposure });
            Rules { min_authors: 5 }.standing(&Base::from(&level(&counts, 0.95)))
        };
        assert_eq!(texts([50, 10, 10, 10, 10, 10]), Shown::Value(()));
        assert_eq!(texts([51, 10, 10, 10, 10, 9]), Shown::Hidden(Why::OneAuthor));
        assert_eq!(texts([34, 33, 10, 10, 10, 3]), Shown::Value(()));
        assert_eq!(texts([34, 34, 10, 10, 10, 2]), Shown::Hidden(Why::TwoAuthors));
    }

    #[test]
    fn a_floor_under_five_lifts_dominance_too() {
        let two = Base { n_authors: 2, n_with_hit: 2, hits: 0, exposure: 10, largest: [9, 1] };
        assert_eq!(Rules { min_authors: 2 }.standing(&two), Shown::Value(()));
    }

    #[test]
    fn bases_add_up_with_the_two_largest_of_both() {
        let base = |largest: [u64; 2]| Base { n_authors: 2, exposure: largest[0] + largest[1], largest, ..Base::default() };
        assert_eq!(base([9, 1]).plus(base([5, 4])).largest, [9, 5]);
        assert_eq!(base([9, 8]).plus(base([5, 4])).largest, [9, 8]);
        assert_eq!(base([2, 1]).plus(base([5, 4])).largest, [5, 4]);
    }
}
