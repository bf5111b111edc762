//! Krippendorff's α for nominal data: how far coders agree beyond chance.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::estimate::Estimate;

/// Samples of units that an interval is taken from.
const N_SAMPLES: usize = 2000;

/// Fewest units with two values that an interval can rest on.
const MIN_UNITS: usize = 10;

/// [`nominal_alpha`] with a 95 % bootstrap interval: units drawn with replacement, the percentiles of 2,000 samples (Zapf et al. 2016, BMC
/// Medical Research Methodology 16:93, who found it to keep its coverage where Krippendorff's own does not). A sample in which nothing
/// varies counts as full agreement, which it shows. The draws are seeded, so that the same sheets give the same interval. `None` for the whole where
/// nothing varies; both ends at α itself's bounds −1 and 1 where fewer than ten units have two values.
#[must_use]
pub fn nominal_alpha_with_interval<T: Ord>(units: &[Vec<Option<T>>]) -> Option<Estimate> {
    let value = nominal_alpha(units)?;
    // Values as numbers, so that drawing and counting compare no sets.
    let mut numbers: BTreeMap<&T, usize> = BTreeMap::new();
    for value in units.iter().flatten().flatten() {
        let next = numbers.len();
        numbers.entry(value).or_insert(next);
    }
    let paired = |unit: &&Vec<Option<T>>| unit.iter().flatten().count() > 1;
    let units: Vec<Vec<Option<usize>>> =
        units.iter().filter(paired).map(|unit| unit.iter().map(|value| value.as_ref().map(|value| numbers[value])).collect()).collect();
    if units.len() < MIN_UNITS {
        return Some(Estimate { value, low: -1.0, high: 1.0 });
    }
    let mut rng = ChaCha8Rng::from_seed(*b"evenhand: Krippendorff's alpha..");
    let mut sample = units.clone();
    let mut alphas: Vec<f64> = (0..N_SAMPLES)
        .map(|_| {
            for unit in &mut sample {
                unit.clone_from(&units[rng.random_range(0..units.len())]);
            }
            nominal_alpha(&sample).unwrap_or(1.0)
        })
        .collect();
    alphas.sort_by(f64::total_cmp);
    Some(Estimate { value, low: alphas[N_SAMPLES / 40].min(value), high: alphas[N_SAMPLES - 1 - N_SAMPLES / 40].max(value) })
}

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
    fn the_interval_covers_the_agreement_that_the_codes_were_made_with() {
        // Two coders who see a balanced truth and each say the other thing in one case of ten: α = (1 − 2 · .1 · .9 − .5) ÷ .5 = .64.
        let mut rng = ChaCha8Rng::from_seed([7; 32]);
        let covered = (0..60).filter(|_| {
            let unit = |_| {
                let truth = rng.random_bool(0.5);
                (0..2).map(|_| Some(truth ^ rng.random_bool(0.1))).collect::<Vec<_>>()
            };
            let units: Vec<_> = (0..150).map(unit).collect();
            let found = nominal_alpha_with_interval(&units).unwrap();
            found.low <= 0.64 && 0.64 <= found.high
        });
        assert!(covered.count() >= 53, "of 60; 57 to expect");
    }

    #[test]
    fn a_few_units_tell_nothing_and_full_agreement_is_a_point() {
        let same = |n: usize| (0..n).map(|i| vec![Some(i % 3); 2]).collect::<Vec<_>>();
        assert_eq!(nominal_alpha_with_interval(&same(9)), Some(Estimate { value: 1.0, low: -1.0, high: 1.0 }));
        assert_eq!(nominal_alpha_with_interval(&same(30)), Some(Estimate { value: 1.0, low: 1.0, high: 1.0 }));
    }

    #[test]
    fn without_variation_there_is_no_alpha() {
        assert_eq!(alpha(&["yyyy", "yyyy"]), None);
        assert_eq!(alpha(&["yn..", "..ny"]), None);
        assert_eq!(alpha(&["yyn", "yyn"]), Some(1.0));
    }
}
