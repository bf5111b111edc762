//! Krippendorff's α for nominal data: how far coders agree beyond chance.

use std::collections::BTreeMap;

/// Krippendorff's α with the nominal difference (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C). `units` hold the
/// values that coders gave to each unit; `None` is a missing value. A unit with fewer than two values adds nothing.
///
/// `None` where nothing varies: no pair of values, or one value only.
#[must_use]
pub fn nominal_alpha<T: Ord>(units: &[Vec<Option<T>>]) -> Option<f64> {
    let mut totals: BTreeMap<&T, f64> = BTreeMap::new();
    let mut disagreeing_pairs = 0.0;
    for unit in units {
        let mut counts: BTreeMap<&T, f64> = BTreeMap::new();
        for value in unit.iter().flatten() {
            *counts.entry(value).or_default() += 1.0;
        }
        let n: f64 = counts.values().sum();
        if n < 2.0 {
            continue;
        }
        let agreeing_pairs: f64 = counts.values().map(|count| count * (count - 1.0)).sum();
        disagreeing_pairs += (n * (n - 1.0) - agreeing_pairs) / (n - 1.0);
        for (value, count) in counts {
            *totals.entry(value).or_default() += count;
        }
    }
    let n: f64 = totals.values().sum();
    let expected_pairs = n * n - totals.values().map(|total| total * total).sum::<f64>();
    (expected_pairs > 0.0).then(|| 1.0 - (n - 1.0) * disagreeing_pairs / expected_pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Coders' values, one character a unit, `.` where there is none.
    fn alpha(coders: &[&str]) -> Option<f64> {
        let rows: Vec<Vec<char>> = coders.iter().map(|coder| coder.chars().collect()).collect();
        let unit = |at: usize| rows.iter().map(|row| Some(row[at]).filter(|&value| value != '.')).collect::<Vec<_>>();
        nominal_alpha(&(0..rows[0].len()).map(unit).collect::<Vec<_>>())
    }

    #[test]
    fn alpha_is_that_of_the_published_examples() {
        // Krippendorff (2011): A, two observers, binary; B, two observers, nominal; C, four observers, missing values, nominal metric.
        let near = |coders: &[&str], expected: f64| (alpha(coders).unwrap() - expected).abs() < 5e-4;
        assert!(near(&["0100000010", "1110010000"], 0.095));
        assert!(near(&["aabbdcccedda", "babbbccceddd"], 0.692));
        assert!(near(&["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743));
    }

    #[test]
    fn without_variation_there_is_no_alpha() {
        assert_eq!(alpha(&["yyyy", "yyyy"]), None);
        assert_eq!(alpha(&["yn..", "..ny"]), None);
        assert_eq!(alpha(&["yyn", "yyn"]), Some(1.0));
    }
}
