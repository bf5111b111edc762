//! Axes: values → shares of a width, with their ticks.

use crate::report::text::number;

/// How values lie on an axis.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scale {
    /// From 0 to `end`, by square roots, so that rare wording can be told apart beside frequent.
    Root {
        /// Right end.
        end: f64,
    },
    /// From `1 ÷ end` to `end`, by logarithms.
    Log {
        /// Right end, above 1.
        end: f64,
    },
    /// From 0 to `end`, evenly.
    Even {
        /// Right end.
        end: f64,
    },
}

impl Scale {
    /// Where a value lies, 0 to 1; values beyond an end lie on it.
    pub(super) fn place(self, value: f64) -> f64 {
        let share = match self {
            Self::Root { end } => (value / end).max(0.0).sqrt(),
            Self::Log { end } => f64::midpoint(value.max(f64::MIN_POSITIVE).ln() / end.ln(), 1.0),
            Self::Even { end } => value / end,
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// Whether a value lies beyond the right end.
    pub(super) fn is_right_of(self, value: f64) -> bool {
        match self {
            Self::Root { end } | Self::Log { end } | Self::Even { end } => value > end * (1.0 + 1e-9),
        }
    }

    /// Whether a value lies beyond the left end.
    pub(super) fn is_left_of(self, value: f64) -> bool {
        match self {
            Self::Root { .. } | Self::Even { .. } => false,
            Self::Log { end } => value * end < 1.0 - 1e-9,
        }
    }

    /// Values with a tick, and how they are written.
    pub(super) fn ticks(self) -> Vec<(f64, String)> {
        match self {
            Self::Root { end } => {
                let steps = (-3..5).flat_map(|power| [1.0, 3.0].map(|digit| digit * 10_f64.powi(power)));
                let inside: Vec<f64> = steps.filter(|&step| step >= end / 40.0 && step <= end / 1.6).collect();
                // Ticks stand at least an eighth of the axis apart.
                let mut ticks = vec![0.0];
                for step in inside {
                    if ticks.last().is_none_or(|&last| self.place(step) - self.place(last) >= 0.13) {
                        ticks.push(step);
                    }
                }
                ticks.push(end);
                ticks.into_iter().map(|tick| (tick, plain(tick))).collect()
            }
            Self::Log { end } => {
                let far = end.sqrt().round().max(2.0);
                let mut ticks = vec![(1.0 / end, format!("1/{}", plain(end))), (1.0, "1".to_owned()), (end, plain(end))];
                if end > 3.0 {
                    ticks.extend([(1.0 / far, format!("1/{}", plain(far))), (far, plain(far))]);
                }
                ticks
            }
            Self::Even { end } => vec![(0.0, "0".to_owned()), (end, plain(end))],
        }
    }
}

/// The least end of the form 1, 1.5, 2, 3, 4, 6 or 8 times a power of ten that is not below the value.
pub(super) fn round_end(value: f64) -> f64 {
    let steps = (-6..9).flat_map(|power| [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0].map(|digit| digit * 10_f64.powi(power)));
    steps.into_iter().find(|&step| step >= value * (1.0 - 1e-9)).unwrap_or(value)
}

/// `0.3`, `1`, `30`: a tick needs no second figure.
fn plain(value: f64) -> String {
    let text = number(value);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lies_in_the_middle_of_a_ratio_axis() {
        let scale = Scale::Log { end: 16.0 };
        assert_eq!(
            [1.0 / 16.0, 1.0, 16.0, 99.0, 0.0].map(|value| format!("{:.0}", 100.0 * scale.place(value))),
            ["0", "50", "100", "100", "0"]
        );
        assert!(scale.is_right_of(17.0) && scale.is_left_of(0.01) && !scale.is_left_of(0.0625));
    }

    #[test]
    fn ticks_are_few_and_round() {
        let texts = |scale: Scale| scale.ticks().into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(Scale::Root { end: 5.0 }), ["0", "0.3", "1", "3", "5"]);
        assert_eq!(texts(Scale::Log { end: 16.0 }), ["1/16", "1", "16", "1/4", "4"]);
        assert_eq!(texts(Scale::Even { end: 0.8 }), ["0", "0.8"]);
    }

    #[test]
    fn ends_are_round() {
        assert_eq!([0.0012, 0.9, 1.0, 5.2, 64.0].map(|value| round_end(value).to_string()), ["0.0015", "1", "1", "6", "80"]);
    }
}
