//! Intervals of a rate or a ratio, whose ends may be open, and the Student t quantile that some are made with.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A closed interval of a rate or a ratio; `None` is an open end.
///
/// An open low end reads as 0 and an open high end as +∞, the two ends of the log scale. An interval that lies wholly at one of
/// them keeps it as a value, `low: Some(f64::INFINITY)` ("above any ratio") or `high: Some(0.0)` ("below any ratio"), for it excludes
/// every finite ratio and must not read as open.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end; `None` where nothing bounds it from below.
    pub low: Option<f64>,
    /// Upper end; `None` where nothing bounds it from above.
    pub high: Option<f64>,
}

impl Interval {
    /// The interval that excludes nothing.
    pub const UNBOUNDED: Self = Self { low: None, high: None };

    /// The interval from `low` to `high`, where 0 as the low and +∞ as the high end are open.
    #[must_use]
    pub fn between(low: f64, high: f64) -> Self {
        Self { low: (low > 0.0).then_some(low), high: (high < f64::INFINITY).then_some(high) }
    }

    /// exp(`centre` ± `half_width`): an interval made on the log scale.
    #[must_use]
    pub fn of_logs(centre: f64, half_width: f64) -> Self {
        Self::between((centre - half_width).exp(), (centre + half_width).exp())
    }

    /// The ends as numbers: 0 and +∞ where they are open.
    #[must_use]
    pub fn ends(self) -> (f64, f64) {
        (self.low.unwrap_or(0.0), self.high.unwrap_or(f64::INFINITY))
    }

    /// Whether `value` lies outside.
    #[must_use]
    pub fn excludes(self, value: f64) -> bool {
        self.low.is_some_and(|low| value < low) || self.high.is_some_and(|high| value > high)
    }

    /// Whether both ends lie strictly between `low` and `high`, the rule of two one-sided tests (Schuirmann 1987, section 2).
    #[must_use]
    pub fn lies_within(self, low: f64, high: f64) -> bool {
        self.low.is_some_and(|own| own > low) && self.high.is_some_and(|own| own < high)
    }

    /// The interval of `above` ÷ `below`, two independent positive estimates with their intervals of the same confidence: on the log scale
    /// the distances from the ends add up as squares (Zou & Donner 2008, equation 7; for ratios Donner & Zou 2012). An open end opens the
    /// end that it moves.
    #[must_use]
    pub fn of_ratio((above, around_above): (f64, Self), (below, around_below): (f64, Self)) -> Self {
        let [top, bottom] = [around_above.ends(), around_below.ends()];
        let log_ratio = (above / below).ln();
        let half = |end_above: f64, end_below: f64| (above / end_above).ln().hypot((below / end_below).ln());
        Self::between((log_ratio - half(top.0, bottom.1)).exp(), (log_ratio + half(top.1, bottom.0)).exp())
    }

    /// The interval of the ratio turned over, 1/high to 1/low.
    #[must_use]
    pub fn inverted(self) -> Self {
        let (low, high) = self.ends();
        Self::between(high.recip(), low.recip())
    }
}

/// The value below which a Student t variable with `degrees_of_freedom` falls with `probability` (Student 1908; statrs' inverse).
///
/// # Panics
/// If `degrees_of_freedom` is not positive or `probability` not within 0 and 1.
#[must_use]
pub fn student_t_quantile(probability: f64, degrees_of_freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees_of_freedom).expect("positive degrees of freedom").inverse_cdf(probability)
}

/// The probability that a Student t variable with `degrees_of_freedom` is above `value` (statrs' survival function).
///
/// # Panics
/// If `degrees_of_freedom` is not positive.
#[must_use]
pub fn student_t_upper_tail(value: f64, degrees_of_freedom: f64) -> f64 {
    StudentsT::new(0.0, 1.0, degrees_of_freedom).expect("positive degrees of freedom").sf(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_end_excludes_nothing_on_its_side() {
        let above = Interval { low: Some(1.5), high: None };
        assert!(above.excludes(1.0) && !above.excludes(1e300));
        assert!(!Interval::UNBOUNDED.excludes(1.0) && !Interval::UNBOUNDED.excludes(f64::INFINITY));
    }

    #[test]
    fn the_ends_belong_to_the_interval_but_an_end_on_the_border_does_not_lie_within_it() {
        let interval = Interval::between(1.0, 2.0);
        assert!(!interval.excludes(1.0) && !interval.excludes(2.0) && interval.excludes(2.1));
        assert!(
            interval.lies_within(0.5, 2.1)
                && !interval.lies_within(0.5, 2.0)
                && !interval.lies_within(1.0, 2.1)
                && !above(1.0).lies_within(0.5, 2.0)
        );
    }

    fn above(low: f64) -> Interval {
        Interval { low: Some(low), high: None }
    }

    #[test]
    fn two_equal_intervals_give_a_ratio_whose_half_width_is_their_own_times_root_two() {
        let interval = Interval::of_logs(0.0, 0.4);
        let (low, high) = Interval::of_ratio((3.0, Interval::of_logs(3f64.ln(), 0.4)), (1.0, interval)).ends();
        let half = 0.4 * 2f64.sqrt();
        assert!((low.ln() - (3f64.ln() - half)).abs() < 1e-12 && (high.ln() - (3f64.ln() + half)).abs() < 1e-12);
    }

    #[test]
    fn an_open_end_opens_the_end_of_the_ratio_that_it_moves() {
        let open = Interval { low: None, high: Some(2.0) };
        let closed = Interval::between(0.5, 2.0);
        let ratio = Interval::of_ratio((1.0, open), (1.0, closed));
        assert!(ratio.low.is_none() && ratio.high.is_some());
        let ratio = Interval::of_ratio((1.0, closed), (1.0, open));
        assert!(ratio.low.is_some() && ratio.high.is_none());
    }

    #[test]
    fn turned_over_the_open_end_changes_sides() {
        assert_eq!(above(4.0).inverted(), Interval { low: None, high: Some(0.25) });
        assert_eq!(Interval::UNBOUNDED.inverted(), Interval::UNBOUNDED);
    }

    #[test]
    fn an_interval_wholly_at_infinity_excludes_every_finite_ratio_and_turns_over_to_zero() {
        assert!(above(f64::INFINITY).excludes(1.0));
        assert_eq!(above(f64::INFINITY).inverted(), Interval { low: None, high: Some(0.0) });
        assert_eq!(above(f64::INFINITY).inverted().inverted(), above(f64::INFINITY));
    }

    #[test]
    fn the_upper_tail_is_the_quantile_turned_round() {
        for (probability, degrees_of_freedom) in [(0.975, 2.0), (0.95, 9.37), (0.999_9, 29.0)] {
            let tail = student_t_upper_tail(student_t_quantile(probability, degrees_of_freedom), degrees_of_freedom);
            assert!((tail - (1.0 - probability)).abs() < 1e-9, "{tail}");
        }
    }

    // The expected values are printed by tests/oracle/statistics.py (scipy.stats.t.ppf).
    #[test]
    fn student_t_quantiles_are_scipys() {
        let cases = [
            (0.975, 2.0, 4.302_652_729_749_462),
            (0.95, 9.37, 1.824_905_947_584_355),
            (0.975, 29.0, 2.045_229_642_132_703),
            (0.995, 4.0, 4.604_094_871_349_992),
        ];
        for (probability, degrees_of_freedom, expected) in cases {
            let found = student_t_quantile(probability, degrees_of_freedom);
            assert!((found - expected).abs() < 1e-9, "found {found}, expected {expected}");
        }
    }
}
