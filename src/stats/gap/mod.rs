//! Gaps: whether the same people frame one group and another differently (ARCHITECTURE.md, Statistics).

mod counts;
mod subsets;

use std::ops::AddAssign;

use crate::stats::interval::Interval;
use crate::stats::level::{AuthorCount, MIN_AUTHORS_WITH_HIT};
pub use counts::Counts;
use subsets::Subsets;

/// Sums that differ by less than this share are a tie at ratio 1, which must not hang on how A and B were rounded.
const TIE: f64 = 1e-12;

/// What one author says of the two groups; index 0 is the numerator's group, 1 the denominator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AuthorPair {
    /// Segments that name the group.
    pub naming: [u64; 2],
    /// Those of them with a hit aimed at the group.
    pub hits: [u64; 2],
}

/// One cell's gap: the ratio within authors, how sure it is, and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Mantel–Haenszel ratio; +∞ where the denominator has no hit, none where no author contributes.
    pub ratio: Option<f64>,
    /// 95 % interval; it excludes 1 exactly when p ≤ .05.
    pub interval: Interval,
    /// 90 % interval; it excludes 1 exactly when p ≤ .10.
    pub interval90: Interval,
    /// Two-sided p-value of the ratio 1.
    pub p: f64,
    /// What the gate looks at.
    pub counts: Counts,
}

/// The gap of one cell, from one record an author, in any order.
///
/// Authors who name one group only change `naming`, `hits` and `expected` of its counts, nothing else; leave them out for a gate that does
/// not count them.
///
/// Turning the two groups over turns ratio and intervals over and leaves p as it is, provided that `name`, which seeds the draws, stays
/// the same.
#[must_use]
pub fn gap(authors: &[AuthorPair], name: &str) -> Gap {
    let (contributing, direction) = contributing_in_fixed_order(authors);
    let subsets = Subsets::of(&contributing, name);
    let turn = |interval: Interval| match direction {
        Direction::AsGiven => interval,
        Direction::TurnedOver => interval.inverted(),
        Direction::Same => evened(interval),
    };
    Gap {
        ratio: mantel_haenszel(authors),
        interval: turn(subsets.interval(40)),
        interval90: turn(subsets.interval(20)),
        p: subsets.p_at_one(),
        counts: Counts::of(authors),
    }
}

/// `Σ A_a ÷ Σ B_a`, the Mantel–Haenszel risk ratio stratified by author, with `A_a = h_a0 · n_a1 ÷ n_a` and `B_a = h_a1 · n_a0 ÷ n_a`
/// (Mantel & Haenszel 1959; for risk ratios Greenland & Robins 1985); none for 0/0.
#[must_use]
pub fn mantel_haenszel(authors: &[AuthorPair]) -> Option<f64> {
    Strata::of(authors).ratio()
}

/// The authors who contribute to a ratio, for leaving out one after another of them or of what they say.
pub(super) struct Strata {
    authors: Vec<AuthorPair>,
    direction: Direction,
}

impl Strata {
    /// Those of some authors, given in any order.
    pub(super) fn of(authors: &[AuthorPair]) -> Self {
        let (authors, direction) = contributing_in_fixed_order(authors);
        Self { authors, direction }
    }

    /// The Mantel–Haenszel ratio of all; none for 0/0.
    pub(super) fn ratio(&self) -> Option<f64> {
        self.ratio_of(Terms::sum(&self.authors))
    }

    /// The ratios without one author each. Those before and behind are added, nothing is taken away, so that no digit is lost.
    pub(super) fn without_each(&self) -> impl Iterator<Item = Option<f64>> {
        let mut behind = vec![Terms::default(); self.authors.len()];
        let mut sum = Terms::default();
        for (behind, author) in behind.iter_mut().zip(&self.authors).rev() {
            *behind = sum;
            sum += author.terms();
        }
        let mut before = Terms::default();
        self.authors.iter().zip(behind).map(move |(author, mut rest)| {
            rest += before;
            before += author.terms();
            self.ratio_of(rest)
        })
    }

    /// The ratio if some authors had other counts; each with the counts before and after.
    pub(super) fn ratio_if(&self, changed: &[[AuthorPair; 2]]) -> Option<f64> {
        let turn = |pair: AuthorPair| if self.direction == Direction::TurnedOver { pair.turned_over() } else { pair };
        let of = |which: usize| {
            let mut pairs: Vec<AuthorPair> = changed.iter().map(|pairs| turn(pairs[which])).filter(AuthorPair::contributes).collect();
            pairs.sort_unstable();
            pairs
        };
        let mut gone = of(0).into_iter().peekable();
        let mut sum = Terms::default();
        for author in &self.authors {
            if gone.next_if_eq(author).is_none() {
                sum += author.terms();
            }
        }
        sum += Terms::sum(&of(1));
        self.ratio_of(sum)
    }

    fn ratio_of(&self, sum: Terms) -> Option<f64> {
        let ratio = sum.ratio()?;
        Some(match self.direction {
            Direction::AsGiven | Direction::Same => ratio,
            Direction::TurnedOver => ratio.recip(),
        })
    }
}

/// The change of a rate from an earlier period to a later one, within the authors of both; one pair an author ([`AuthorPair::of_rates`]). None
/// with fewer such authors than `min_authors`, or fewer than [`MIN_AUTHORS_WITH_HIT`] of them with a hit. `name` seeds the draws.
#[must_use]
pub fn change(authors: &[AuthorPair], min_authors: usize, name: &str) -> Option<Gap> {
    let counts = Counts::of(authors);
    (counts.n_naming_both >= min_authors && counts.n_contributing >= MIN_AUTHORS_WITH_HIT).then(|| gap(authors, name))
}

impl AuthorPair {
    /// A later rate on top of an earlier one: the Mantel–Haenszel ratio of rates has the form of the one of shares, with exposure in place of
    /// segments (Rothman & Greenland 1998, ch. 15).
    #[must_use]
    pub const fn of_rates(later: AuthorCount, earlier: AuthorCount) -> Self {
        Self { naming: [later.exposure, earlier.exposure], hits: [later.hits, earlier.hits] }
    }

    fn names_both(&self) -> bool {
        self.naming[0] > 0 && self.naming[1] > 0
    }

    /// Whether A + B > 0.
    fn contributes(&self) -> bool {
        self.names_both() && self.hits[0] + self.hits[1] > 0
    }

    fn turned_over(self) -> Self {
        Self { naming: [self.naming[1], self.naming[0]], hits: [self.hits[1], self.hits[0]] }
    }

    /// The author's A and B, for an author who names a group.
    fn terms(&self) -> Terms {
        let [naming, other] = self.naming.map(|n| n as f64);
        let [hits, hits_other] = self.hits.map(|h| h as f64);
        Terms { a: hits * other / (naming + other), b: hits_other * naming / (naming + other) }
    }

    fn expected(&self, group: usize) -> f64 {
        let naming = self.naming[0] + self.naming[1];
        if naming == 0 { 0.0 } else { (self.hits[0] + self.hits[1]) as f64 * self.naming[group] as f64 / naming as f64 }
    }

    fn weight(&self) -> f64 {
        let [naming, other] = self.naming.map(|n| n as f64);
        if self.names_both() { naming * other / (naming + other) } else { 0.0 }
    }
}

/// Sums of A and B over some authors.
#[derive(Debug, Clone, Copy, Default)]
struct Terms {
    a: f64,
    b: f64,
}

impl AddAssign for Terms {
    fn add_assign(&mut self, other: Self) {
        self.a += other.a;
        self.b += other.b;
    }
}

impl Terms {
    fn sum(authors: &[AuthorPair]) -> Self {
        let mut sum = Self::default();
        for author in authors {
            sum += author.terms();
        }
        sum
    }

    fn ratio(self) -> Option<f64> {
        let sum = self.a + self.b;
        let tie = (self.a - self.b).abs() <= TIE * sum;
        (sum > 0.0).then(|| if tie { 1.0 } else { self.a / self.b })
    }
}

/// How the order in which authors are looked at lies to the one that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    AsGiven,
    TurnedOver,
    /// The authors are the same either way, so the true answer is its own inverse.
    Same,
}

/// The authors who contribute (A + B > 0), sorted by `(n_0, n_1, h_0, h_1)`, never by pseudonym, so that the same counts meet the same draws;
/// and in that direction, of the two, whose list comes first, so that turning the groups over does not change the draws either.
fn contributing_in_fixed_order(authors: &[AuthorPair]) -> (Vec<AuthorPair>, Direction) {
    let mut given: Vec<AuthorPair> = authors.iter().copied().filter(AuthorPair::contributes).collect();
    let mut turned: Vec<AuthorPair> = given.iter().map(|author| author.turned_over()).collect();
    given.sort_unstable();
    turned.sort_unstable();
    match given.cmp(&turned) {
        std::cmp::Ordering::Less => (given, Direction::AsGiven),
        std::cmp::Ordering::Greater => (turned, Direction::TurnedOver),
        std::cmp::Ordering::Equal => (given, Direction::Same),
    }
}

/// The interval widened until it is its own inverse; drawn subsets alone would leave a little to chance.
fn evened(interval: Interval) -> Interval {
    let (low, high) = interval.ends();
    let reach = high.max(low.recip());
    Interval::between(reach.recip(), reach)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp)]
mod tests;
