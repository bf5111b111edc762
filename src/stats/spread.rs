//! How unevenly authors use such wording, and how unequally the lexicon would have to err for a gap to vanish.

use crate::stats::gap::AuthorPair;

/// Above it the intervals are known to be a little too narrow, which reports say (simulated: [`crate::stats::power`]).
pub const HIGH_AUTHOR_CV: f64 = 1.5;

/// The precision about the denominator's group that [`vanishing_precision`] starts from, as long as nobody has measured it.
pub const ASSUMED_PRECISION: f64 = 0.9;

/// Coefficient of variation of the authors' hit rates beyond what chance alone makes of equal rates: `√(Σ((h − μ)² − μ) ÷ Σμ²)`, with
/// `μ_a = n_a · Σh ÷ Σn` and a negative sum read as 0 (moments of the negative binomial distribution; Anscombe 1949, section 3). None
/// without a hit.
#[must_use]
pub fn author_cv(authors: &[AuthorPair]) -> Option<f64> {
    let mut counts: Vec<(u64, u64)> = authors.iter().map(|author| (author.naming.iter().sum(), author.hits.iter().sum())).collect();
    counts.sort_unstable();
    let (naming, hits) = counts.iter().fold((0, 0), |(naming, hits), count| (naming + count.0, hits + count.1));
    if hits == 0 {
        return None;
    }
    let rate = hits as f64 / naming as f64;
    let (excess, squares) = counts.iter().fold((0.0, 0.0), |(excess, squares), &(naming, hits)| {
        let expected = naming as f64 * rate;
        (excess + (hits as f64 - expected).powi(2) - expected, squares + expected * expected)
    });
    Some((excess.max(0.0) / squares).sqrt())
}

/// The precision about the more often hit group below which a gap would vanish while the precision about the other group is `precision`.
///
/// Found hits are true hits ÷ precision, so the true ratio is the found one times the quotient of the precisions; the gap is gone when the
/// interval's end nearest to 1, `end`, comes to 1. `end` is turned to the side above 1.
#[must_use]
pub fn vanishing_precision(end: f64, precision: f64) -> f64 {
    precision / end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(naming: u64, hits: u64) -> AuthorPair {
        AuthorPair { naming: [naming, 0], hits: [hits, 0] }
    }

    // The expected value is printed by tests/oracle/statistics.py.
    #[test]
    fn the_variation_beyond_chance_is_that_of_the_negative_binomial() {
        let found = author_cv(&[author(80, 9), author(40, 0), author(120, 2), author(60, 1), author(90, 14)]).unwrap();
        assert!((found - 0.826_610_221_009_882).abs() < 1e-9, "{found}");
    }

    #[test]
    fn equal_rates_have_none_and_no_hit_has_no_answer() {
        assert_eq!(author_cv(&[author(50, 2); 8]), Some(0.0));
        assert_eq!(author_cv(&[author(50, 0); 8]), None);
    }

    #[test]
    fn a_gap_whose_interval_begins_at_three_is_gone_at_a_third_of_the_precision() {
        assert!((vanishing_precision(3.0, 0.9) - 0.3).abs() < 1e-12);
    }
}
