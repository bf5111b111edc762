//! The planning table: what so much data finds, from our own simulation.
//!
//! `cargo run --release --example calibrate` prints it anew ([`crate::stats::power`] has the generator). A report names the row nearest to
//! a gap that could not be judged.

/// A row: settings, and of 100 companies like that how many pass the gate and get a verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Authors who name both groups.
    pub n_authors: u32,
    /// Mean segments of an author that name each group, numerator's first.
    pub mentions: [u32; 2],
    /// Hits per naming segment where there is no gap.
    pub hit_rate: f64,
    /// True ratio.
    pub ratio: f64,
    /// Per cent that pass the gate.
    pub passed: u32,
    /// Per cent with the verdict `material gap`.
    pub material: u32,
}

const fn row(n_authors: u32, mentions: [u32; 2], hit_rate: f64, passed: u32, material: u32) -> Row {
    Row { n_authors, mentions, hit_rate, ratio: 2.0, passed, material }
}

/// Rows for a true ratio of 2, the band within which a gap is not called large: 1,000 companies each, author CV 1, author gap SD 0.4.
pub const ROWS: [Row; 12] = [
    row(10, [40, 40], 0.03, 23, 8),
    row(20, [10, 10], 0.03, 0, 0),
    row(20, [40, 40], 0.01, 4, 1),
    row(20, [40, 40], 0.03, 96, 50),
    row(20, [160, 160], 0.03, 100, 82),
    row(30, [40, 40], 0.03, 100, 70),
    row(50, [10, 10], 0.03, 64, 28),
    row(50, [40, 40], 0.01, 95, 53),
    row(50, [40, 40], 0.03, 100, 85),
    row(50, [60, 6], 0.03, 48, 27),
    row(100, [40, 40], 0.01, 100, 78),
    row(100, [40, 40], 0.03, 100, 94),
];

/// The row nearest to what was measured: on the log scale of authors, mentions and hit rate alike; none without a hit or a mention.
#[must_use]
pub fn nearest(n_authors: usize, mentions: [f64; 2], hit_rate: f64) -> Option<Row> {
    let measured = [n_authors as f64, mentions[0], mentions[1], hit_rate];
    if measured.iter().any(|&value| value <= 0.0) {
        return None;
    }
    let distance = |row: &Row| {
        // Which group is named more does not matter to what can be found.
        let mentions = if mentions[0] < mentions[1] { [row.mentions[1], row.mentions[0]] } else { row.mentions };
        let of_row = [f64::from(row.n_authors), f64::from(mentions[0]), f64::from(mentions[1]), row.hit_rate];
        of_row.iter().zip(measured).map(|(row, measured)| (row / measured).ln().powi(2)).sum::<f64>()
    };
    ROWS.into_iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(row: Option<Row>) -> Option<(u32, [u32; 2], f64)> {
        row.map(|row| (row.n_authors, row.mentions, row.hit_rate))
    }

    #[test]
    fn a_row_is_nearest_to_itself() {
        for row in ROWS {
            let mentions = row.mentions.map(f64::from);
            assert_eq!(nearest(row.n_authors as usize, mentions, row.hit_rate), Some(row));
        }
    }

    #[test]
    fn the_nearest_row_is_that_on_the_log_scale_whichever_group_is_named_more() {
        assert_eq!(settings(nearest(24, [35.0, 50.0], 0.02)), Some((20, [40, 40], 0.03)));
        assert_eq!(settings(nearest(60, [5.0, 70.0], 0.03)), Some((50, [60, 6], 0.03)));
    }

    #[test]
    fn without_a_hit_or_a_mention_there_is_no_row() {
        assert_eq!([nearest(20, [40.0, 0.0], 0.03), nearest(20, [40.0, 40.0], 0.0)], [None, None]);
    }
}
