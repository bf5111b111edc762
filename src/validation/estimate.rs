//! Shares, totals and ratios from a stratified sample, with 95 % intervals. Pure functions on numbers.

/// The 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// An estimate with its 95 % interval; all three in the same unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    /// Nothing, for certain.
    pub const ZERO: Self = Self { value: 0.0, low: 0.0, high: 0.0 };

    /// The estimate times a known number, not negative.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { value: self.value * factor, low: self.low * factor, high: self.high * factor }
    }
}

/// Wilson's score interval of a share (Wilson 1927; Newcombe 1998, method 3). `share` is the share seen in `n` units; `n` need not be whole,
/// for it may be an effective number of units.
#[must_use]
pub fn wilson(share: f64, n: f64) -> Estimate {
    if n <= 0.0 {
        return Estimate { value: share, low: 0.0, high: 1.0 };
    }
    let centre = share + Z * Z / (2.0 * n);
    let half_width = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    // At 0 and 1 the ends are exact; rounding must not move them beyond the share.
    Estimate {
        value: share,
        low: ((centre - half_width) / scale).clamp(0.0, share),
        high: ((centre + half_width) / scale).clamp(share, 1.0),
    }
}

/// The share of a population of `population` units of which `n` were drawn without replacement: Wilson's interval with the number of units
/// raised by the finite population correction (Cochran 1977, equation 3.8), so that a population that was coded whole is known.
#[must_use]
pub fn share_of_population(share: f64, n: u64, population: u64) -> Estimate {
    if n >= population {
        return Estimate { value: share, low: share, high: share };
    }
    wilson(share, n as f64 * (population - 1) as f64 / (population - n) as f64)
}

/// A share of units that stand for unequal numbers of units: the weighted share, with Wilson's interval on the effective number of units
/// (Σw)²/Σw² (Kish 1965, section 11.7). `units` are weight and whether the unit counts; `None` where there is none.
#[must_use]
pub fn weighted_share(units: &[(f64, bool)]) -> Option<Estimate> {
    let total: f64 = units.iter().map(|(weight, _)| weight).sum();
    let squares: f64 = units.iter().map(|(weight, _)| weight * weight).sum();
    let counting: f64 = units.iter().filter(|(_, counts)| *counts).map(|(weight, _)| weight).sum();
    // Sums in another order may lie an ulp above the whole.
    (total > 0.0).then(|| wilson((counting / total).min(1.0), total * total / squares))
}

/// The sum of independent estimates (Zou & Donner 2008, equations 5 and 6: distances from the ends add up as squares).
#[must_use]
pub fn sum(estimates: impl IntoIterator<Item = Estimate>) -> Estimate {
    let (mut value, mut below, mut above) = (0.0, 0.0, 0.0);
    for estimate in estimates {
        value += estimate.value;
        below += (estimate.value - estimate.low).powi(2);
        above += (estimate.high - estimate.value).powi(2);
    }
    Estimate { value, low: (value - below.sqrt()).max(0.0), high: value + above.sqrt() }
}

/// The share found ÷ (found + missed) of two independent totals, by the interval of missed ÷ found (Donner & Zou 2012, section 2.3; its roots
/// are written so that an upper end beyond twice the estimate does no harm). `None` where neither is anything.
#[must_use]
pub fn recall(found: Estimate, missed: Estimate) -> Option<Estimate> {
    if found.value <= 0.0 {
        return (missed.value > 0.0).then_some(Estimate { value: 0.0, low: 0.0, high: found.high / (found.high + missed.low) });
    }
    // Terms of the quadratic equation of the ratio's end: square, linear, constant.
    let product = missed.value * found.value;
    let root = |square: f64, constant: f64| (product * product - square * constant).max(0.0).sqrt();
    let term = |estimate: Estimate, end: f64| end * (2.0 * estimate.value - end);
    let (square, constant) = (term(found, found.high), term(missed, missed.low));
    let divisor = product + root(square, constant);
    let low = if divisor > 0.0 { constant / divisor } else { 0.0 };
    let (square, constant) = (term(found, found.low), term(missed, missed.high));
    let high = if square > 0.0 { (product + root(square, constant)) / square } else { f64::INFINITY };
    let share = |ratio: f64| 1.0 / (1.0 + ratio);
    Some(Estimate { value: share(missed.value / found.value), low: share(high), high: share(low) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_gives_the_published_limits() {
        // Newcombe (1998), table I, method 3: counts and limits to four decimals.
        for (count, n, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let found = wilson(f64::from(count) / f64::from(n), f64::from(n));
            assert!((found.low - low).abs() < 5e-5 && (found.high - high).abs() < 5e-5, "{count} of {n}: {found:?}");
        }
    }

    #[test]
    fn a_population_that_was_coded_whole_is_known() {
        assert_eq!(share_of_population(0.25, 40, 40), Estimate { value: 0.25, low: 0.25, high: 0.25 });
        let (sample, whole) = (share_of_population(0.25, 40, 80), wilson(0.25, 40.0));
        assert!(sample.low > whole.low && sample.high < whole.high);
        let far = share_of_population(0.25, 40, 1_000_000);
        assert!((far.low - whole.low).abs() < 1e-5 && (far.high - whole.high).abs() < 1e-5);
    }

    #[test]
    fn equal_weights_are_no_weights_and_unequal_ones_widen() {
        let equal = weighted_share(&[(7.0, true), (7.0, true), (7.0, false), (7.0, true)]).unwrap();
        let plain = wilson(0.75, 4.0);
        assert!((equal.low - plain.low).abs() < 1e-12 && (equal.high - plain.high).abs() < 1e-12);
        let unequal = weighted_share(&[(20.0, true), (2.0, true), (8.0, false), (2.0, true)]).unwrap();
        assert!((unequal.value - 0.75).abs() < 1e-12 && unequal.high - unequal.low > plain.high - plain.low);
        assert_eq!(weighted_share(&[]), None);
    }

    #[test]
    fn the_ends_of_recall_are_where_the_interval_of_the_difference_touches_zero() {
        let (found, missed) = (Estimate { value: 80.0, low: 60.0, high: 95.0 }, Estimate { value: 40.0, low: 10.0, high: 110.0 });
        let recall = recall(found, missed).unwrap();
        assert!((recall.value - 2.0 / 3.0).abs() < 1e-12);
        // Zou & Donner's ends of missed − ratio · found, which must be 0 at the ends of the ratio.
        for (end, missed_end, found_end) in [(recall.high, missed.low, found.high), (recall.low, missed.high, found.low)] {
            let ratio = 1.0 / end - 1.0;
            let half = ((missed.value - missed_end).powi(2) + (ratio * (found_end - found.value)).powi(2)).sqrt();
            assert!(((missed.value - ratio * found.value).abs() - half).abs() < 1e-9);
        }
    }

    #[test]
    fn recall_stands_where_nothing_was_missed_or_found() {
        let found = Estimate { value: 50.0, low: 40.0, high: 55.0 };
        let none_seen = Estimate { value: 0.0, low: 0.0, high: 20.0 };
        let all = recall(found, none_seen).unwrap();
        assert_eq!((all.value, all.high), (1.0, 1.0));
        assert!(all.low > 0.6 && all.low < 0.75, "{all:?}");
        let nothing = recall(Estimate { value: 0.0, low: 0.0, high: 5.0 }, Estimate { value: 30.0, low: 15.0, high: 60.0 }).unwrap();
        assert_eq!((nothing.value, nothing.low, nothing.high), (0.0, 0.0, 0.25));
        assert_eq!(recall(Estimate::ZERO, Estimate::ZERO), None);
    }
}
