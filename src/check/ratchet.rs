//! Baseline + later months → what rose. The months do not overlap, so that no message is on both sides; that the same people write on both
//! only makes the two figures alike, and the test too careful rather than too bold.
//!
//! A rise is a ratio of the later figure to the earlier one above 1 + tolerance. Its log has the variances of both logs added up, each had back
//! from its 95 % interval, `v = ((ln high − ln low) ÷ 2t)²`, and Welch–Satterthwaite degrees of freedom (Satterthwaite 1946; Welch 1947), as
//! two teams are compared. Many figures are looked at in each run, so p-values go through Holm (1979): a run without any true rise fails at
//! most once in a hundred.

use crate::check::baseline::{self, BaseGap, BaseLevel, Baseline};
use crate::disclosure::{Disclosed, two_figures};
use crate::stats::CONFIDENCE;
use crate::stats::interval::{Interval, student_t_quantile, student_t_upper_tail};
use crate::stats::level::LogEstimate;
use crate::tally::Month;

/// Share of the runs without any rise that may fail.
const FAMILY_ERROR: f64 = 0.01;

/// Degrees of freedom where an interval is no Student's: so many that it is a normal one's.
const MANY: f64 = 1e6;

/// A figure that is higher than in the baseline by more than the tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Rise {
    /// What it is of.
    pub subject: String,
    /// In the baseline.
    pub before: f64,
    /// In the later months.
    pub after: f64,
    /// Later ÷ earlier, of gaps by how far from 1 they are; two significant figures.
    pub ratio: f64,
    /// The ratio's 95 % interval.
    pub interval: Interval,
}

/// What came of holding later months against a baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// First and last of the later months.
    pub months: (Month, Month),
    /// First and last month of the baseline.
    pub baseline: (Month, Month),
    /// Figures that rose, beyond noise.
    pub rises: Vec<Rise>,
    /// Figures that are higher, but within noise.
    pub within_noise: Vec<Rise>,
    /// Figures that were compared.
    pub n_compared: usize,
    /// Figures of the baseline that are hidden, missing or without an interval now or then.
    pub n_not_compared: usize,
}

/// Holds what may be shown of later months against a baseline; `tolerance` is a share, such as 0.1. None without a month.
#[must_use]
pub fn hold(baseline: &Baseline, shown: &Disclosed, tolerance: f64) -> Option<Held> {
    let mut held = Held {
        months: shown.months?,
        baseline: (baseline.from, baseline.to),
        rises: Vec::new(),
        within_noise: Vec::new(),
        n_compared: 0,
        n_not_compared: 0,
    };
    let mut compared: Vec<(f64, Rise)> = Vec::new();
    let levels = baseline::levels(shown);
    for before in &baseline.levels {
        let is_same =
            |level: &&BaseLevel| (&level.team, &level.category, &level.target) == (&before.team, &before.category, &before.target);
        match levels.iter().find(is_same).map(|after| level_rise(before, after, tolerance)) {
            Some(Compared::Of(p, rise)) => compared.push((p, rise)),
            Some(Compared::NotHigher) => held.n_compared += 1,
            Some(Compared::Not) | None => held.n_not_compared += 1,
        }
    }
    let gaps = baseline::gaps(shown);
    for before in &baseline.gaps {
        let is_same = |gap: &&BaseGap| {
            (&gap.team, &gap.gap, &gap.numerator, &gap.denominator) == (&before.team, &before.gap, &before.numerator, &before.denominator)
        };
        match gaps.iter().find(is_same).map(|after| gap_rise(before, after, tolerance)) {
            Some(Compared::Of(p, rise)) => compared.push((p, rise)),
            Some(Compared::NotHigher) => held.n_compared += 1,
            Some(Compared::Not) | None => held.n_not_compared += 1,
        }
    }
    held.n_compared += compared.len();
    compared.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Holm steps down from the least p-value; behind the first that stands nothing is beyond noise.
    let n = held.n_compared;
    let n_beyond = compared.iter().enumerate().take_while(|(rank, (p, _))| *p <= FAMILY_ERROR / (n - rank) as f64).count();
    held.within_noise =
        compared.split_off(n_beyond).into_iter().map(|(_, rise)| rise).filter(|rise| rise.ratio > 1.0 + tolerance).collect();
    held.rises = compared.into_iter().map(|(_, rise)| rise).collect();
    Some(held)
}

/// A figure before and after.
enum Compared {
    /// The p-value of no rise beyond the tolerance, and the rise, which may be a fall.
    Of(f64, Rise),
    /// There is none now.
    NotHigher,
    /// It cannot be compared.
    Not,
}

fn level_rise(before: &BaseLevel, after: &BaseLevel, tolerance: f64) -> Compared {
    if after.per_1000 <= 0.0 {
        return Compared::NotHigher;
    }
    let log = |level: &BaseLevel| log(level.per_1000, level.low, level.high, level.n_authors as f64 - 1.0);
    let (Some(first), Some(second)) = (log(before), log(after)) else { return Compared::Not };
    let about = before.target.as_ref().map_or_else(String::new, |target| format!(" about {target}"));
    let subject = format!("{}, {} wording{about}", before.team, before.category);
    rise(subject, (before.per_1000, after.per_1000), (first, second), tolerance, 1.0)
}

/// A gap rises where it goes away from 1, on either side, so its p-value is that of two sides.
fn gap_rise(before: &BaseGap, after: &BaseGap, tolerance: f64) -> Compared {
    let log = |gap: &BaseGap| log(gap.ratio, gap.low, gap.high, MANY).map(|log| LogEstimate { estimate: log.estimate.abs(), ..log });
    let (Some(first), Some(second)) = (log(before), log(after)) else { return Compared::Not };
    let subject = format!("{}, {} gap {}/{}", before.team, before.gap, before.numerator, before.denominator);
    rise(subject, (before.ratio, after.ratio), (first, second), tolerance, 2.0)
}

fn rise(subject: String, (before, after): (f64, f64), (first, second): (LogEstimate, LogEstimate), tolerance: f64, sides: f64) -> Compared {
    let difference = second.minus(first);
    let beyond = difference.estimate - tolerance.ln_1p();
    // Rounded figures whose intervals are points leave no doubt that could be measured.
    let p = match (difference.variance > 0.0, beyond > 0.0) {
        (true, _) => sides * student_t_upper_tail(beyond / difference.variance.sqrt(), difference.degrees_of_freedom),
        (false, is_higher) => f64::from(u8::from(!is_higher)),
    };
    let Interval { low, high } = difference.interval(CONFIDENCE);
    let interval = Interval { low: low.map(two_figures), high: high.map(two_figures) };
    Compared::Of(p.min(1.0), Rise { subject, before, after, ratio: two_figures(difference.estimate.exp()), interval })
}

/// The log of a figure with the variance that its interval tells; none where an end is open.
fn log(figure: f64, low: Option<f64>, high: Option<f64>, degrees_of_freedom: f64) -> Option<LogEstimate> {
    let (low, high) = (low?, high?);
    let is_sound = figure > 0.0 && low > 0.0 && high >= low && high.is_finite() && degrees_of_freedom >= 1.0;
    let t = is_sound.then(|| student_t_quantile(f64::midpoint(1.0, CONFIDENCE), degrees_of_freedom))?;
    Some(LogEstimate { estimate: figure.ln(), variance: ((high.ln() - low.ln()) / (2.0 * t)).powi(2), degrees_of_freedom })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(per_1000: f64, low: f64, high: f64) -> BaseLevel {
        BaseLevel {
            team: "company".to_owned(),
            category: "heroic".to_owned(),
            target: None,
            n_authors: 30,
            per_1000,
            low: Some(low),
            high: Some(high),
        }
    }

    fn p_of(before: (f64, f64, f64), after: (f64, f64, f64), tolerance: f64) -> f64 {
        let [before, after] = [before, after].map(|(rate, low, high)| level(rate, low, high));
        match level_rise(&before, &after, tolerance) {
            Compared::Of(p, _) => p,
            Compared::NotHigher | Compared::Not => f64::NAN,
        }
    }

    #[test]
    fn a_rise_is_told_from_noise_by_both_intervals_and_the_tolerance() {
        let narrow = (10.0, 8.0, 12.5);
        assert!(p_of(narrow, (30.0, 24.0, 37.5), 0.1) < 1e-6);
        assert!(p_of(narrow, (30.0, 6.0, 150.0), 0.1) > 0.05);
        assert!(p_of(narrow, (12.0, 9.6, 15.0), 0.1) > 0.1);
        assert!(p_of(narrow, (30.0, 24.0, 37.5), 2.5) > 0.5);
        assert!(p_of(narrow, (5.0, 4.0, 6.25), 0.0) > 0.99);
        assert!((p_of(narrow, narrow, 0.0) - 0.5).abs() < 1e-9);
    }
}
