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

/// Rows for a true ratio of 2, the band within which a gap is not called large.
pub const ROWS: [Row; 4] = [
    row(20, [40, 40], 0.03, 96, 43),
    row(30, [40, 40], 0.03, 100, 54),
    row(50, [40, 40], 0.03, 100, 79),
    row(20, [160, 160], 0.03, 100, 70),
];

/// The row nearest to what was measured: on the log scale of authors, mentions and hit rate alike; none without a hit or a mention.
#[must_use]
pub fn nearest(n_authors: usize, mentions: [f64; 2], hit_rate: f64) -> Option<Row> {
    let measured = [n_authors as f64, mentions[0], mentions[1], hit_rate];
    if measured.iter().any(|&value| value <= 0.0) {
        return None;
    }
    let distance = |row: &Row| {
        let of_row = [f64::from(row.n_authors), f64::from(row.mentions[0]), f64::from(row.mentions[1]), row.hit_rate];
        of_row.iter().zip(measured).map(|(row, measured)| (row / measured).ln().powi(2)).sum::<f64>()
    };
    ROWS.into_iter().min_by(|one, other| distance(one).total_cmp(&distance(other)))
}
