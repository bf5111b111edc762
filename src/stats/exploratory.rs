//! Which words set two bodies of text apart, and how evenly they are spread: exploratory, never a verdict.
//!
//! Pure functions on counts. No report shows them: a tally holds no counts of words (DESIGN.md, section 7).

/// How much more often a word is used in the first body of text than in the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogOdds {
    /// Difference of the log odds.
    pub log_odds: f64,
    /// The difference in units of its standard deviation.
    pub z: f64,
}

/// Log-odds ratio with an informative Dirichlet prior, "Fightin' Words" (Monroe, Colaresi & Quinn 2008, eqs. 16, 20 and 22).
///
/// `count` and `total` are the word's and all words' counts in the two bodies of text; `prior` is what the prior adds to the word's count, in
/// proportion to a background, and `prior_total` what it adds to all words.
///
/// # Panics
/// If `prior` is not positive or not below `prior_total`.
#[must_use]
pub fn log_odds(count: [u64; 2], total: [u64; 2], prior: f64, prior_total: f64) -> LogOdds {
    assert!(prior > 0.0 && prior < prior_total, "a prior of {prior} in {prior_total}");
    let with_prior = count.map(|n| n as f64 + prior);
    let log_odds = |text: usize| (with_prior[text] / (total[text] as f64 + prior_total - with_prior[text])).ln();
    let difference = log_odds(0) - log_odds(1);
    LogOdds { log_odds: difference, z: difference / (with_prior[0].recip() + with_prior[1].recip()).sqrt() }
}

/// Gries' DP, half the sum of the differences between each author's share of the uses and share of the text (Gries 2008), divided by 1 − the
/// smallest share of the text, so that 0 is even and 1 one author alone (Lijffijt & Gries 2012). Rows of uses and words; none where there is
/// no use, or where one author wrote everything.
#[must_use]
pub fn dispersion(authors: &[(u64, u64)]) -> Option<f64> {
    let mut authors: Vec<(u64, u64)> = authors.iter().copied().filter(|author| author.1 > 0).collect();
    authors.sort_unstable();
    let (uses, words) = authors.iter().fold((0, 0), |sum, author| (sum.0 + author.0, sum.1 + author.1));
    if uses == 0 || authors.len() < 2 {
        return None;
    }
    let share = |n: u64, of: u64| n as f64 / of as f64;
    let smallest = authors.iter().map(|author| share(author.1, words)).fold(1.0, f64::min);
    let apart: f64 = authors.iter().map(|author| (share(author.0, uses) - share(author.1, words)).abs()).sum();
    Some(apart / 2.0 / (1.0 - smallest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "found {found}, expected {expected}");
    }

    // The expected values are printed by tests/oracle/statistics.py.
    #[test]
    fn log_odds_are_those_of_the_oracle() {
        let found = log_odds([31, 7], [5210, 4877], 12.5, 1000.0);
        close(found.log_odds, 0.750_937_947_900_845_3);
        close(found.z, 2.755_470_151_757_032);
        let turned = log_odds([7, 31], [4877, 5210], 12.5, 1000.0);
        close(turned.z, -2.755_470_151_757_032);
    }

    #[test]
    fn a_word_that_neither_uses_more_than_the_prior_has_no_log_odds() {
        close(log_odds([0, 0], [500, 500], 1.0, 100.0).log_odds, 0.0);
    }

    // The expected value is printed by tests/oracle/statistics.py.
    #[test]
    fn dispersion_is_0_where_uses_follow_the_text_and_1_where_the_shortest_author_has_them_all() {
        close(dispersion(&[(1, 100), (2, 200), (7, 700)]).unwrap(), 0.0);
        close(dispersion(&[(9, 100), (0, 200), (0, 700)]).unwrap(), 1.0);
        close(dispersion(&[(3, 4120), (0, 2210), (7, 5031), (1, 880), (12, 7400)]).unwrap(), 0.202_237_296_148_578_35);
        assert_eq!([dispersion(&[(0, 10), (0, 10)]), dispersion(&[(3, 10)])], [None, None]);
    }
}
