//! Many gaps at once: the false discovery rate (Benjamini & Hochberg 1995).

/// Share of false alarms among the gaps called real.
pub const FALSE_DISCOVERY_RATE: f64 = 0.05;

/// The q-value of every p-value, in their order: the smallest false discovery rate at which it is called real, `min over p_(j) ≥ p_(i) of
/// p_(j) · m ÷ j`, at most 1 (Benjamini & Hochberg 1995, step-up; as adjusted p-values Yekutieli & Benjamini 1999).
#[must_use]
pub fn q_values(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&one, &other| p_values[one].total_cmp(&p_values[other]));
    let mut q_values = vec![1.0; p_values.len()];
    let mut smallest: f64 = 1.0;
    for (rank, &index) in order.iter().enumerate().rev() {
        smallest = smallest.min(p_values[index] * (p_values.len() as f64 / (rank + 1) as f64));
        q_values[index] = smallest;
    }
    q_values
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    // The expected values are printed by tests/oracle/statistics.py (scipy.stats.false_discovery_control).
    #[test]
    fn q_values_are_scipys() {
        let found = q_values(&[0.01, 0.04, 0.03, 0.005, 0.55, 0.03, 0.9]);
        let expected = [0.035, 0.056, 0.0525, 0.035, 0.641_666_666_666_666_7, 0.0525, 0.9];
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-9), "{found:?}");
        assert!(q_values(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn a_q_value_is_never_below_its_p_value_and_keeps_the_order(p_values in prop::collection::vec(0.0..=1.0_f64, 0..20)) {
            let q = q_values(&p_values);
            for (i, p) in p_values.iter().enumerate() {
                prop_assert!(q[i] >= *p && q[i] <= 1.0);
                prop_assert!(p_values.iter().zip(&q).all(|(other, other_q)| other > p || other_q <= &q[i]));
            }
        }
    }
}
