//! How much more often a word stands in one text than in another.

/// Log-likelihood ratio of a word's frequencies in two texts (Dunning 1993, in the form of Rayson & Garside 2000); 0 where it is not more frequent in
/// the first. `near` of `n_near` words and `other` of `n_other` words are the word. Above 6.63 a difference this large is chance in less than 1 % of words.
#[must_use]
pub fn keyness(near: u64, n_near: u64, other: u64, n_other: u64) -> f64 {
    if n_near == 0 || n_other == 0 || near as f64 * n_other as f64 <= other as f64 * n_near as f64 {
        return 0.0;
    }
    let expected = |n: u64| n as f64 * (near + other) as f64 / (n_near + n_other) as f64;
    let term = |seen: u64, n: u64| if seen == 0 { 0.0 } else { seen as f64 * (seen as f64 / expected(n)).ln() };
    2.0 * (term(near, n_near) + term(other, n_other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_as_frequent_has_none() {
        // 2 (10 ln(10/5) + 0): the word stands ten times in one of two equal texts.
        assert!((keyness(10, 1000, 0, 1000) - 20.0 * 2.0_f64.ln()).abs() < 1e-12);
        // 2 (10 ln(10/1.818…) + 10 ln(10/18.18…)).
        assert!((keyness(10, 100, 10, 1000) - 2.0 * 10.0 * (5.5_f64.ln() + 0.55_f64.ln())).abs() < 1e-9);
        for (near, n_near, other, n_other) in [(5, 100, 50, 1000), (1, 100, 50, 1000), (0, 100, 0, 1000), (1, 0, 1, 10), (1, 10, 0, 0)] {
            assert!(keyness(near, n_near, other, n_other).abs() < 1e-12, "{near} {n_near} {other} {n_other}");
        }
    }
}
