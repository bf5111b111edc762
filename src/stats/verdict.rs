//! What is said of a gap: the first verdict that fits (STATISTICS.md, Verdicts).

use crate::stats::family::FALSE_DISCOVERY_RATE;
use crate::stats::gap::Gap;
use crate::stats::gate::Missing;
use crate::stats::stability::Stability;

/// The band within which no gap counts as large, as a ratio either way.
pub const LARGE: f64 = 2.0;

/// What is said of a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The privacy floor hides it; given by [`crate::disclosure`], never here.
    Suppressed,
    /// The gate is not passed.
    Insufficient,
    /// The 90 % interval lies within ½ and 2 (two one-sided tests: Schuirmann 1987).
    NoLargeGap,
    /// Real, at least as large as the configuration asks, and it hangs on no single author or entry.
    MaterialGap,
    /// Real, but small or hanging on one author or entry.
    SmallOrUnstableGap,
    /// Everything else.
    Inconclusive,
}

impl Verdict {
    /// All verdicts, in the order in which they are tried.
    pub const ALL: [Self; 6] =
        [Self::Suppressed, Self::Insufficient, Self::NoLargeGap, Self::MaterialGap, Self::SmallOrUnstableGap, Self::Inconclusive];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Suppressed => "suppressed",
            Self::Insufficient => "insufficient",
            Self::NoLargeGap => "no_large_gap",
            Self::MaterialGap => "material_gap",
            Self::SmallOrUnstableGap => "small_or_unstable_gap",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The verdict with that name in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// The verdict on a gap. `q` is its false discovery rate within the family; `material` the least ratio of a material gap, above 1. All on
/// |log ratio|, so that it does not depend on which group stands on top.
#[must_use]
pub fn verdict(gap: &Gap, missing: &[Missing], q: Option<f64>, stability: &Stability, material: f64) -> Verdict {
    let Some((ratio, q)) = gap.ratio.zip(q).filter(|_| missing.is_empty()) else { return Verdict::Insufficient };
    let is_real = q <= FALSE_DISCOVERY_RATE;
    let size = size(ratio);
    if gap.interval90.lies_within(LARGE.recip(), LARGE) {
        Verdict::NoLargeGap
    } else if is_real && size >= material && stability.weak_points(ratio, material).is_empty() {
        Verdict::MaterialGap
    } else if is_real {
        Verdict::SmallOrUnstableGap
    } else {
        Verdict::Inconclusive
    }
}

/// A ratio turned to the side above 1.
#[must_use]
pub fn size(ratio: f64) -> f64 {
    if ratio >= 1.0 { ratio } else { ratio.recip() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MATERIAL_RATIO;
    use crate::stats::gap::Counts;
    use crate::stats::interval::Interval;

    const STABLE: Stability = Stability { without_one_author: Some(2.8), without_one_entry: Some(2.5), alone: None };

    fn of(ratio: f64, (low, high): (f64, f64), q: f64, stability: &Stability) -> Verdict {
        let interval = Interval::between(low, high);
        let gap = Gap { ratio: Some(ratio), interval, interval90: interval, p: q, counts: Counts::default() };
        verdict(&gap, &[], Some(q), stability, MATERIAL_RATIO)
    }

    #[test]
    fn the_first_verdict_that_fits_is_given() {
        assert_eq!(of(1.0, (0.6, 1.6), 0.9, &STABLE), Verdict::NoLargeGap);
        assert_eq!(of(1.6, (1.3, 1.9), 0.01, &STABLE), Verdict::NoLargeGap, "small and sure");
        assert_eq!(of(3.0, (2.0, 4.5), 0.01, &STABLE), Verdict::MaterialGap);
        assert_eq!(of(1.4, (1.1, 2.1), 0.01, &STABLE), Verdict::SmallOrUnstableGap);
        assert_eq!(of(3.0, (2.0, 4.5), 0.06, &STABLE), Verdict::Inconclusive);
        let hangs_on_one = Stability { without_one_author: Some(1.4), ..STABLE };
        assert_eq!(of(3.0, (2.0, 4.5), 0.01, &hangs_on_one), Verdict::SmallOrUnstableGap);
    }

    #[test]
    fn turned_over_the_verdict_is_the_same() {
        let turned = Stability { without_one_author: Some(1.0 / 2.8), without_one_entry: Some(1.0 / 2.5), alone: None };
        assert_eq!(of(1.0 / 3.0, (1.0 / 4.5, 0.5), 0.01, &turned), Verdict::MaterialGap);
        assert_eq!(of(1.0 / 1.4, (1.0 / 2.1, 1.0 / 1.1), 0.01, &turned), Verdict::SmallOrUnstableGap);
    }

    #[test]
    fn what_is_missing_goes_before_everything() {
        let gap = Gap {
            ratio: Some(9.0),
            interval: Interval::between(5.0, 20.0),
            interval90: Interval::between(5.0, 20.0),
            p: 0.001,
            counts: Counts::default(),
        };
        assert_eq!(verdict(&gap, &[Missing::Hits(3)], Some(0.001), &STABLE, MATERIAL_RATIO), Verdict::Insufficient);
        assert_eq!(verdict(&Gap { ratio: None, ..gap }, &[], Some(1.0), &STABLE, MATERIAL_RATIO), Verdict::Insufficient);
    }

    #[test]
    fn every_verdict_is_found_by_its_name() {
        assert!(Verdict::ALL.into_iter().all(|verdict| Verdict::from_name(verdict.name()) == Some(verdict)));
        assert_eq!(Verdict::from_name("gap"), None);
    }
}
