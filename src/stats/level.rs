//! Levels: how often something is said per unit of text, with an interval by author, and the ratio of two teams' levels.

use crate::stats::interval::{Interval, student_t_quantile};

/// With fewer authors who have a hit, an interval by author would rest on one or two people, so none is given (ARCHITECTURE.md, Statistics).
pub const MIN_AUTHORS_WITH_HIT: usize = 3;

/// What one author adds to a level; one record an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AuthorCount {
    /// Hits.
    pub hits: u64,
    /// Own words, or segments that name the group.
    pub exposure: u64,
}

/// One cell's level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Hits per unit of exposure; 0 without a hit, +∞ for hits without any exposure.
    pub rate: f64,
    /// Authors with exposure or a hit.
    pub n_authors: usize,
    /// Those of them with a hit.
    pub n_authors_with_hit: usize,
    /// Hits of all authors.
    pub hits: u64,
    /// Exposure of all authors.
    pub exposure: u64,
    /// Exposure of the author with the most, and of the one with the second most.
    pub largest: [u64; 2],
    /// The rate's interval; none for a rate of 0, with fewer than [`MIN_AUTHORS_WITH_HIT`], or where one author has all the exposure.
    pub interval: Option<Interval>,
}

/// One team's level over another's (secondary: between teams the authors differ, too).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Rate of the first team ÷ rate of the second.
    pub ratio: f64,
    /// The ratio's interval.
    pub interval: Interval,
    /// Welch–Satterthwaite degrees of freedom of the difference of log rates.
    pub degrees_of_freedom: f64,
}

/// The level of one cell: Σ hits ÷ Σ exposure, with a delete-one-author jackknife-t interval on the log scale.
///
/// `ln(rate) ± t · √v`, with Student's t at n − 1 degrees of freedom and the jackknife's variance `v = (n − 1)/n · Σ (θ_(i) − θ̄)²`, where
/// `θ_(i)` is the log rate without author i of n (Tukey 1958; Efron & Tibshirani 1993, eq. 11.5). The log scale keeps the low end above 0;
/// the interval lies around the rate itself, not around the jackknife's bias-corrected value. `confidence` is a share, such as 0.95.
#[must_use]
pub fn level(authors: &[AuthorCount], confidence: f64) -> Level {
    let authors = in_fixed_order(authors);
    let (hits, exposure) = totals(&authors);
    Level {
        rate: if hits == 0 { 0.0 } else { hits as f64 / exposure as f64 },
        n_authors: authors.len(),
        n_authors_with_hit: n_with_hit(&authors),
        hits,
        exposure,
        largest: largest_two(&authors),
        interval: log_rate(&authors).map(|log| log.interval(confidence)),
    }
}

/// The ratio of two teams' rates with an interval, or none where either team's level has none.
///
/// `ln(rate_a) − ln(rate_b) ± t · √(v_a + v_b)`, with `(v_a + v_b)² ÷ (v_a²/(n_a − 1) + v_b²/(n_b − 1))` degrees of freedom
/// (Satterthwaite 1946; Welch 1947; JCGM 100:2008, eq. G.2b). `confidence` is a share, such as 0.95.
#[must_use]
pub fn compare(a: &[AuthorCount], b: &[AuthorCount], confidence: f64) -> Option<Ratio> {
    let difference = log_rate(&in_fixed_order(a))?.minus(log_rate(&in_fixed_order(b))?);
    let LogEstimate { estimate, degrees_of_freedom, .. } = difference;
    Some(Ratio { ratio: estimate.exp(), interval: difference.interval(confidence), degrees_of_freedom })
}

/// The log of a rate or ratio with its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogEstimate {
    /// Natural logarithm of the figure.
    pub estimate: f64,
    /// Variance of it.
    pub variance: f64,
    /// Degrees of freedom of the variance.
    pub degrees_of_freedom: f64,
}

impl LogEstimate {
    /// The difference of two independent ones, with Welch–Satterthwaite degrees of freedom (see [`compare`]).
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let variance = self.variance + other.variance;
        let degrees_of_freedom = if variance > 0.0 {
            let share = |log: Self| log.variance.powi(2) / log.degrees_of_freedom;
            variance.powi(2) / (share(self) + share(other))
        } else {
            // Authors who are all alike leave 0/0 in the formula; the interval is then a point, whatever the degrees of freedom.
            self.degrees_of_freedom + other.degrees_of_freedom
        };
        Self { estimate: self.estimate - other.estimate, variance, degrees_of_freedom }
    }

    /// The interval of the figure itself, by Student's t; `confidence` is a share, such as 0.95.
    #[must_use]
    pub fn interval(self, confidence: f64) -> Interval {
        let t = student_t_quantile(f64::midpoint(1.0, confidence), self.degrees_of_freedom);
        Interval::of_logs(self.estimate, t * self.variance.sqrt())
    }
}

/// The log rate with its variance as [`level`] describes it; none where a hit or two, or one author's exposure, would be all it rests on.
fn log_rate(authors: &[AuthorCount]) -> Option<LogEstimate> {
    let (hits, exposure) = totals(authors);
    let rest_has_exposure = authors.iter().all(|author| author.exposure < exposure);
    if n_with_hit(authors) < MIN_AUTHORS_WITH_HIT || !rest_has_exposure {
        return None;
    }
    let n = authors.len() as f64;
    let without_one: Vec<f64> =
        authors.iter().map(|author| ((hits - author.hits) as f64 / (exposure - author.exposure) as f64).ln()).collect();
    let mean = without_one.iter().sum::<f64>() / n;
    let variance = (n - 1.0) / n * without_one.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    Some(LogEstimate { estimate: (hits as f64 / exposure as f64).ln(), variance, degrees_of_freedom: n - 1.0 })
}

/// The authors who say anything, sorted by their counts: sums of floating-point numbers depend on the order, the level must not.
fn in_fixed_order(authors: &[AuthorCount]) -> Vec<AuthorCount> {
    let mut present: Vec<AuthorCount> = authors.iter().copied().filter(|author| author.hits > 0 || author.exposure > 0).collect();
    present.sort_unstable();
    present
}

fn totals(authors: &[AuthorCount]) -> (u64, u64) {
    authors.iter().fold((0, 0), |(hits, exposure), author| (hits + author.hits, exposure + author.exposure))
}

fn largest_two(authors: &[AuthorCount]) -> [u64; 2] {
    authors.iter().fold([0, 0], |[first, second], author| {
        let smaller = first.min(author.exposure);
        [first.max(author.exposure), second.max(smaller)]
    })
}

fn n_with_hit(authors: &[AuthorCount]) -> usize {
    authors.iter().filter(|author| author.hits > 0).count()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use super::*;

    /// Rows of hits and exposure.
    fn authors(rows: &[(u64, u64)]) -> Vec<AuthorCount> {
        rows.iter().map(|&(hits, exposure)| AuthorCount { hits, exposure }).collect()
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-9 * expected.abs(), "found {found}, expected {expected}");
    }

    fn close_interval(found: Interval, low: f64, high: f64) {
        close(found.low.unwrap(), low);
        close(found.high.unwrap(), high);
    }

    const SEVEN: [(u64, u64); 7] = [(3, 4120), (0, 2210), (7, 5031), (1, 880), (0, 150), (12, 7400), (2, 3333)];
    const OTHER_TEAM: [(u64, u64); 5] = [(1, 3900), (2, 2750), (0, 1200), (1, 6100), (1, 2900)];

    // The expected values are printed by tests/oracle/statistics.py (numpy, scipy).
    #[test]
    fn the_interval_is_the_jackknifes_on_the_log_scale() {
        let found = level(&authors(&SEVEN), 0.95);
        close(found.rate, 0.001_081_127_832_554_921_1);
        close_interval(found.interval.unwrap(), 0.000_533_304_339_055_403_5, 0.002_191_689_256_448_135);
        assert_eq!((found.n_authors, found.n_authors_with_hit, found.hits, found.exposure), (7, 5, 25, 23_124));
        assert_eq!(found.largest, [7400, 5031]);
        let few = level(&authors(&[(1, 100), (1, 250), (4, 900)]), 0.95);
        close_interval(few.interval.unwrap(), 0.002_434_299_002_326_732, 0.009_464_737_067_212_401);
    }

    // The expected values are printed by tests/oracle/statistics.py (numpy, scipy).
    #[test]
    fn two_teams_are_compared_with_welch_satterthwaite_degrees_of_freedom() {
        let found = compare(&authors(&SEVEN), &authors(&OTHER_TEAM), 0.95).unwrap();
        close(found.ratio, 3.643_400_795_710_081);
        close(found.degrees_of_freedom, 8.324_149_574_760_884);
        close_interval(found.interval, 1.246_212_236_082_082_4, 10.651_772_606_497_286);
    }

    #[test]
    fn fewer_than_three_authors_with_a_hit_have_a_rate_but_no_interval() {
        let two = authors(&[(1, 100), (2, 100), (0, 100)]);
        assert_eq!((level(&two, 0.95).rate, level(&two, 0.95).interval), (0.01, None));
        assert_eq!(compare(&two, &authors(&SEVEN), 0.95), None);
    }

    #[test]
    fn zero_is_a_value() {
        let found = level(&authors(&[(0, 100), (0, 50)]), 0.95);
        assert_eq!((found.rate, found.n_authors, found.interval), (0.0, 2, None));
        assert_eq!(level(&[], 0.95).rate, 0.0);
    }

    #[test]
    fn hits_through_we_and_they_count_for_authors_who_never_name_the_group() {
        let found = level(&authors(&[(1, 0), (2, 40), (1, 60), (0, 0)]), 0.95);
        assert_eq!((found.n_authors, found.hits, found.rate), (3, 4, 0.04));
        assert!(found.interval.is_some());
        assert_eq!(level(&authors(&[(1, 0), (1, 0), (1, 9)]), 0.95).interval, None);
    }

    #[test]
    fn authors_who_are_all_alike_leave_no_doubt() {
        let same = authors(&[(2, 100); 4]);
        close_interval(level(&same, 0.95).interval.unwrap(), 0.02, 0.02);
        let ratio = compare(&same, &same, 0.95).unwrap();
        close_interval(ratio.interval, 1.0, 1.0);
        close(ratio.degrees_of_freedom, 6.0);
    }

    #[test]
    fn the_order_of_authors_does_not_matter() {
        // A wide interval, for in a narrow one the last digit of the variance is lost.
        let mut rows = [(900, 1000), (70, 1100), (0, 130), (8, 3700), (1, 170), (0, 1900), (3, 2300)];
        let found = level(&authors(&rows), 0.9999);
        for _ in 0..rows.len() {
            rows.rotate_left(1);
            assert_eq!(found, level(&authors(&rows), 0.9999));
        }
    }
}
