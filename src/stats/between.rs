//! Two teams' levels side by side: secondary, for other people speak.

use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::lexicon::Category;
use crate::stats::level::{self, AuthorCount, Ratio};
use crate::stats::partition::AuthorTotal;
use crate::stats::{CONFIDENCE, Speaker, draws};

/// 10,000 with the labels as they are.
const N_DRAWS: usize = 9_999;

/// The fixed part of every seed.
const LABELS: &[u8; 24] = b"evenhand team labels v.1";

/// Two statistics that differ by less than this share are a tie.
const TIE: f64 = 1e-9;

/// One team's level over another's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Between {
    /// Ratio with its jackknife-t interval, Welch–Satterthwaite degrees of freedom.
    pub ratio: Ratio,
    /// Two-sided p-value of the studentised permutation of author labels.
    pub p: f64,
}

/// The two teams of a pair side by side, in one category.
#[derive(Debug, Clone)]
pub struct BetweenFinding {
    /// Team on top.
    pub first: Arc<str>,
    /// Team below.
    pub second: Arc<str>,
    /// Category; hits per own word, about anyone.
    pub category: Category,
    /// The comparison; none where fewer than three authors of either team have a hit.
    pub between: Option<Between>,
}

/// Every pair of groups that are teams, too, in every category.
pub(super) fn findings(speakers: &[(Speaker, Vec<AuthorTotal>)], pairs: &[(String, String)]) -> Vec<BetweenFinding> {
    let team = |name: &str| {
        let is_team = |speaker: &Speaker| matches!(speaker, Speaker::Team(team) if **team == *name);
        speakers.iter().find(|(speaker, _)| is_team(speaker)).map(|(_, authors)| authors)
    };
    let mut findings = Vec::new();
    for (first, second) in pairs {
        let (Some(a), Some(b)) = (team(first), team(second)) else { continue };
        for category in Category::ALL {
            let [a, b] = [a, b].map(|authors| authors.iter().map(|author| author.per_word(category)).collect::<Vec<_>>());
            let between = between(&a, &b, CONFIDENCE, &format!("{first} {second} {}", category.name()));
            findings.push(BetweenFinding { first: first.as_str().into(), second: second.as_str().into(), category, between });
        }
    }
    findings
}

/// The ratio of two teams' levels; none where fewer than three authors of either have a hit. `name` seeds the draws.
///
/// The p-value is that of the difference of the two rates over its standard error among random assignments of the authors to the teams;
/// studentised, it holds its level also where the teams differ in size and spread (Janssen 1997; Chung & Romano 2013).
#[must_use]
pub fn between(a: &[AuthorCount], b: &[AuthorCount], confidence: f64, name: &str) -> Option<Between> {
    let ratio = level::compare(a, b, confidence)?;
    let present = |authors: &[AuthorCount]| authors.iter().copied().filter(|author| author.exposure > 0).collect::<Vec<_>>();
    let (a, b) = (present(a), present(b));
    let mut all = [a.as_slice(), b.as_slice()].concat();
    all.sort_unstable();
    let total = Sums::of(&all);
    let observed = statistic(&Sums::of(&a), &Sums::of(&b)).abs();
    let mut rng = draws::rng(LABELS, name);
    let is_as_extreme = |first: Sums| statistic(&first, &total.without(&first)).abs() >= observed * (1.0 - TIE);
    let extreme = (0..N_DRAWS).filter(|_| is_as_extreme(first_of(&mut all, a.len(), &mut rng))).count();
    Some(Between { ratio, p: (extreme + 1) as f64 / (N_DRAWS + 1) as f64 })
}

/// Sums over a random choice of `n` authors (Fisher–Yates, as far as it is needed; whatever order the last choice left behind will do).
fn first_of(authors: &mut [AuthorCount], n: usize, rng: &mut ChaCha8Rng) -> Sums {
    for index in 0..n {
        let chosen = rng.random_range(index..authors.len());
        authors.swap(index, chosen);
    }
    Sums::of(&authors[..n])
}

/// What the statistic needs to know of a team. Sums of whole numbers, so that their order does not matter.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    n: f64,
    hits: f64,
    exposure: f64,
    hits_squared: f64,
    exposure_squared: f64,
    hits_by_exposure: f64,
}

impl Sums {
    fn of(authors: &[AuthorCount]) -> Self {
        authors.iter().fold(Self::default(), |sums, author| {
            let (hits, exposure) = (author.hits as f64, author.exposure as f64);
            Self {
                n: sums.n + 1.0,
                hits: sums.hits + hits,
                exposure: sums.exposure + exposure,
                hits_squared: sums.hits_squared + hits * hits,
                exposure_squared: sums.exposure_squared + exposure * exposure,
                hits_by_exposure: sums.hits_by_exposure + hits * exposure,
            }
        })
    }

    fn without(&self, part: &Self) -> Self {
        Self {
            n: self.n - part.n,
            hits: self.hits - part.hits,
            exposure: self.exposure - part.exposure,
            hits_squared: self.hits_squared - part.hits_squared,
            exposure_squared: self.exposure_squared - part.exposure_squared,
            hits_by_exposure: self.hits_by_exposure - part.hits_by_exposure,
        }
    }

    fn rate(&self) -> f64 {
        self.hits / self.exposure
    }

    /// Variance of the rate, a ratio of two sums over authors: `n/(n − 1) · Σ(h − r·e)² ÷ (Σe)²` (Cochran 1977, eq. 6.12).
    fn variance(&self) -> f64 {
        let rate = self.rate();
        let residuals = self.hits_squared - 2.0 * rate * self.hits_by_exposure + rate * rate * self.exposure_squared;
        self.n / (self.n - 1.0) * residuals.max(0.0) / (self.exposure * self.exposure)
    }
}

/// Difference of the rates over its standard error; 0 where there is neither.
fn statistic(a: &Sums, b: &Sums) -> f64 {
    let difference = a.rate() - b.rate();
    if difference == 0.0 { 0.0 } else { difference / (a.variance() + b.variance()).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authors(rows: &[(u64, u64)]) -> Vec<AuthorCount> {
        rows.iter().map(|&(hits, exposure)| AuthorCount { hits, exposure }).collect()
    }

    const SEVEN: [(u64, u64); 7] = [(3, 4120), (0, 2210), (7, 5031), (1, 880), (0, 150), (12, 7400), (2, 3333)];
    const OTHER_TEAM: [(u64, u64); 5] = [(1, 3900), (2, 2750), (0, 1200), (1, 6100), (1, 2900)];

    // The expected value is that of all 792 assignments, printed by tests/oracle/statistics.py; 10,000 draws have a standard error of .003.
    #[test]
    fn the_p_value_comes_near_to_that_of_all_assignments() {
        let found = between(&authors(&SEVEN), &authors(&OTHER_TEAM), 0.95, "x").unwrap();
        assert!((found.p - 0.059_343).abs() < 0.015, "{}", found.p);
        assert!((found.ratio.ratio - 3.643_400_795_710_081).abs() < 1e-9);
    }

    #[test]
    fn the_order_of_authors_does_not_matter() {
        let mut rows = SEVEN;
        rows.reverse();
        let other = authors(&OTHER_TEAM);
        assert_eq!(between(&authors(&SEVEN), &other, 0.95, "x"), between(&authors(&rows), &other, 0.95, "x"));
    }

    #[test]
    fn teams_that_are_all_alike_do_not_differ() {
        let same = authors(&[(2, 100); 5]);
        assert!(between(&same, &same, 0.95, "x").unwrap().p >= 1.0);
        assert_eq!(between(&same, &authors(&[(1, 100), (0, 50)]), 0.95, "x"), None);
    }
}
