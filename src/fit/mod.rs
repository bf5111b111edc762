//! Labelled and neutral segments → weighted cues: for every category a logistic regression with a ridge penalty over the cues of a segment.
//!
//! Positive are segments that a person marked; negative the harmless ones of the same files, those of other categories, and neutral segments of
//! real text. A cue must recur over writers. Thresholds and agreement come from segments that were not in the
//! fit that judges them: every writer is left out once, and with the writer a share of the neutral segments.

mod design;
pub mod labelled;
mod regression;

use std::ops::AddAssign;

use statrs::distribution::{Beta, ContinuousCDF};

use crate::lexicon::Category;
use crate::lexicon::cues::{MIN_CUES, Struck, Weight};
use crate::scan::segments::Segment;
use design::Design;
pub use labelled::{Truth, Writer};
use regression::{Column, Problem};

/// Weight of the ridge penalty on a cue. Improvised wording is told by many weak cues: with a penalty that leaves few (L1), writers who were left
/// out are read worse at the same false alarms (lexicons/cues/README.md).
const PENALTY: f64 = 1.0;

/// A weaker cue is left out, so that files stay small; thresholds and agreement are taken with what is left.
const SMALLEST_WEIGHT: Weight = Weight(5);

/// Weight of a segment that was marked with other categories alone: it is written much like those of this one, and is no harmless text.
const ELSEWHERE_WEIGHT: f64 = 0.5;

/// Weight of a neutral segment in which no group is meant: there are many, and they say how people write.
const ASIDE_WEIGHT: f64 = 0.5;

/// Fewest such segments from which their threshold is taken. Most sentences of ordinary text are such, so that nearly none may count falsely.
const FEWEST_ASIDE: usize = 2000;

/// What a fit may be told.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Fewest writers in whose segments, marked or not, a cue stands. More would leave out half of the words that tell improvised wording.
    pub min_writers: usize,
    /// Neutral segments that mean a group and may count falsely, per 1,000.
    pub false_per_1000: f64,
    /// The same of those in which no group is named or meant; of ordinary text these are the most.
    pub false_aside_per_1000: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { min_writers: 2, false_per_1000: 0.5, false_aside_per_1000: 0.05 }
    }
}

/// The cues of one category.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// The category.
    pub category: Category,
    /// Cues with a weight that counts.
    pub cues: Vec<(String, Weight)>,
    /// From which sum on a segment counts that names or means a group.
    pub meant: Cut,
    /// The same for any other segment; none where there is too little neutral text to tell.
    pub aside: Option<Cut>,
    /// Number of marked segments that were fitted.
    pub n_positive: usize,
    /// For every writer, read by cues of all others.
    pub left_out: Vec<LeftOut>,
}

/// A threshold, and what it lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The lowest sum that counts.
    pub threshold: Weight,
    /// Neutral segments that were not in the fit that scored them: those at the threshold or above, and all.
    pub false_alarms: (u64, u64),
}

impl Cut {
    fn of(mut sums: Vec<Weight>, false_per_1000: f64) -> Self {
        sums.sort_unstable_by(|a, b| b.cmp(a));
        let threshold = threshold(&sums, false_per_1000);
        let n_above = sums.iter().filter(|&&sum| sum >= threshold).count();
        Self { threshold, false_alarms: (n_above as u64, sums.len() as u64) }
    }

    /// 95 % interval of the false alarms per 1,000 such segments (Clopper & Pearson 1934).
    #[must_use]
    pub fn false_alarm_interval(&self) -> (f64, f64) {
        let (k, n) = (self.false_alarms.0 as f64, self.false_alarms.1 as f64);
        let quantile = |a: f64, b: f64, p: f64| Beta::new(a, b).map_or(f64::NAN, |beta| 1000.0 * beta.inverse_cdf(p));
        let low = if k == 0.0 { 0.0 } else { quantile(k, n - k + 1.0, 0.025) };
        let high = if k >= n { 1000.0 } else { quantile(k + 1.0, n - k, 0.975) };
        (low, high)
    }
}

/// How the segments of a writer are read: by entries, by cues that were fitted without the writer, by both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Entries alone.
    pub entries: Agreement,
    /// Cues alone.
    pub cues: Agreement,
    /// Entries and cues.
    pub joined: Agreement,
}

/// Agreement with the labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Agreement {
    /// Marked and found.
    pub right: u64,
    /// Found and not marked.
    pub wrong: u64,
    /// Marked and not found.
    pub missed: u64,
}

impl Agreement {
    fn add(&mut self, truth: Truth, is_found: bool) {
        match (truth, is_found) {
            (Truth::Yes, true) => self.right += 1,
            (Truth::Yes, false) => self.missed += 1,
            (Truth::No, true) => self.wrong += 1,
            (Truth::No, false) | (Truth::Contested, _) => {}
        }
    }

    /// Precision, recall and F1; 0 where nothing is right.
    #[must_use]
    pub fn figures(&self) -> [f64; 3] {
        let share = |rest: u64| if self.right == 0 { 0.0 } else { self.right as f64 / (self.right + rest) as f64 };
        let f1 = 2.0 * self.right as f64 / (2 * self.right + self.wrong + self.missed).max(1) as f64;
        [share(self.wrong), share(self.missed), f1]
    }
}

impl AddAssign for Agreement {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

impl AddAssign for LeftOut {
    fn add_assign(&mut self, other: Self) {
        self.entries += other.entries;
        self.cues += other.cues;
        self.joined += other.joined;
    }
}

/// Segments with their cues as numbers, made once for all fits.
pub struct Data {
    design: Design,
    writers: Vec<Vec<Row>>,
    neutral: Vec<Row>,
    held_back: Vec<Row>,
    /// By cue number: whether it was struck out.
    is_struck: Vec<bool>,
}

struct Row {
    cues: Vec<u32>,
    truth: [Truth; Category::ALL.len()],
    is_hit: [bool; Category::ALL.len()],
    means_a_group: bool,
}

impl Row {
    fn is_marked(&self) -> bool {
        self.truth.contains(&Truth::Yes)
    }

    fn is_positive(&self, category: Category) -> bool {
        self.truth[category as usize] == Truth::Yes
    }

    /// The sum of its cues; 0 where too few speak for the category.
    fn sum(&self, weights: &[Weight]) -> Weight {
        let weights = || self.cues.iter().map(|&cue| weights[cue as usize].0);
        if weights().filter(|&weight| weight > 0).count() < MIN_CUES { Weight(0) } else { Weight(weights().sum()) }
    }
}

/// A fit of one category: the weight of every cue, by number.
struct Weights {
    by_cue: Vec<Weight>,
    n_positive: usize,
}

impl Data {
    /// Numbers the cues of all segments.
    #[must_use]
    pub fn new(writers: &[Writer], neutral: &[Segment], held_back: &[Segment], struck: &Struck) -> Self {
        let mut design = Design::default();
        let mut row = |segment: &Segment, truth| Row {
            cues: design.cues_of(segment),
            truth,
            is_hit: segment.is_hit,
            means_a_group: segment.means_a_group,
        };
        let writers = writers.iter().map(|writer| writer.segments.iter().map(|(segment, truth)| row(segment, *truth)).collect()).collect();
        let mut unmarked = |segments| -> Vec<Row> {
            design::distinct(segments).into_iter().map(|segment| row(segment, [Truth::No; Category::ALL.len()])).collect()
        };
        let (neutral, held_back) = (unmarked(neutral), unmarked(held_back));
        let is_struck = design.cues.iter().map(|cue| struck.holds(cue)).collect();
        Self { design, writers, neutral, held_back, is_struck }
    }

    /// Numbers of labelled, neutral and held-back segments; of the last two without repetitions.
    #[must_use]
    pub fn n_segments(&self) -> [usize; 3] {
        [self.writers.iter().map(Vec::len).sum(), self.neutral.len(), self.held_back.len()]
    }

    /// Fits every category that a segment is marked with, and finds its threshold.
    #[must_use]
    pub fn fit(&self, options: Options) -> Vec<Fitted> {
        Category::ALL.into_iter().filter_map(|category| self.fit_category(category, options)).collect()
    }

    /// The cues of a category, without the threshold, which asks for a fit per writer more.
    #[must_use]
    pub fn cues(&self, category: Category, options: Options) -> Vec<(String, Weight)> {
        self.weights(category, None, options).map(|weights| self.written(&weights)).unwrap_or_default()
    }

    fn fit_category(&self, category: Category, options: Options) -> Option<Fitted> {
        let all = self.weights(category, None, options)?;
        let folds: Vec<Option<Weights>> = (0..self.writers.len()).map(|left_out| self.weights(category, Some(left_out), options)).collect();
        let sum = |row: &Row, weights: &Option<Weights>| weights.as_ref().map_or(Weight(0), |weights| row.sum(&weights.by_cue));
        let dealt = self.neutral.iter().enumerate().map(|(at, row)| (row.means_a_group, sum(row, &folds[self.fold(at)])));
        let held_back = self.held_back.iter().map(|row| (row.means_a_group, row.sum(&all.by_cue)));
        let (meant, aside): (Vec<_>, Vec<_>) = dealt.chain(held_back).partition(|&(means_a_group, _)| means_a_group);
        let sums = |of: Vec<(bool, Weight)>| of.into_iter().map(|(_, sum)| sum).collect::<Vec<_>>();
        let meant = Cut::of(sums(meant), options.false_per_1000);
        let aside = (aside.len() >= FEWEST_ASIDE).then(|| Cut::of(sums(aside), options.false_aside_per_1000));
        let left_out = self.writers.iter().zip(&folds).map(|(rows, weights)| {
            let mut left_out = LeftOut::default();
            for row in rows {
                let (truth, by_entries) = (row.truth[category as usize], row.is_hit[category as usize]);
                let cut = if row.means_a_group { Some(meant) } else { aside };
                let by_cues = cut.is_some_and(|cut| sum(row, weights) >= cut.threshold);
                left_out.entries.add(truth, by_entries);
                left_out.cues.add(truth, by_cues);
                left_out.joined.add(truth, by_entries || by_cues);
            }
            left_out
        });
        Some(Fitted { category, cues: self.written(&all), meant, aside, n_positive: all.n_positive, left_out: left_out.collect() })
    }

    /// The writer with whom a neutral segment is left out.
    const fn fold(&self, neutral: usize) -> usize {
        neutral % self.writers.len()
    }

    fn written(&self, weights: &Weights) -> Vec<(String, Weight)> {
        let cues = self.design.cues.iter().zip(&weights.by_cue);
        cues.filter(|(_, weight)| weight.0 != 0).map(|(cue, &weight)| (cue.clone(), weight)).collect()
    }

    /// Fits one category, all writers or all but one; none where nothing is marked.
    fn weights(&self, category: Category, left_out: Option<usize>, options: Options) -> Option<Weights> {
        let writers = self.writers.iter().enumerate().filter(|&(at, _)| Some(at) != left_out);
        let labelled = writers.flat_map(|(at, rows)| rows.iter().map(move |row| (Some(at), row)));
        let neutral = self.neutral.iter().enumerate().filter(|&(at, _)| left_out != Some(self.fold(at))).map(|(_, row)| (None, row));
        let rows: Vec<(Option<usize>, &Row)> =
            labelled.chain(neutral).filter(|(_, row)| row.truth[category as usize] != Truth::Contested).collect();
        let n_positive = rows.iter().filter(|(_, row)| row.is_positive(category)).count();
        if n_positive == 0 {
            return None;
        }
        let numbers = self.eligible(&rows, options);
        let mut places = vec![usize::MAX; self.design.cues.len()];
        for (place, &number) in numbers.iter().enumerate() {
            places[number as usize] = place;
        }
        let mut columns: Vec<Column> = numbers.iter().map(|_| Column { rows: Vec::new(), penalty: PENALTY }).collect();
        let mut weighted = Vec::with_capacity(rows.len());
        for (at, (writer, row)) in (0..).zip(&rows) {
            let is_positive = row.is_positive(category);
            let weight = if writer.is_none() && !row.means_a_group {
                ASIDE_WEIGHT
            } else if row.is_marked() && !is_positive {
                ELSEWHERE_WEIGHT
            } else {
                1.0
            };
            weighted.push((is_positive, weight));
            for &cue in &row.cues {
                if let Some(column) = columns.get_mut(places[cue as usize]) {
                    column.rows.push(at);
                }
            }
        }
        let coefficients = regression::solve(&Problem { rows: weighted, columns });
        let mut by_cue = vec![Weight(0); self.design.cues.len()];
        for (&number, &coefficient) in numbers.iter().zip(&coefficients) {
            by_cue[number as usize] = Weight::of(coefficient).filter(|weight| weight.0.abs() >= SMALLEST_WEIGHT.0).unwrap_or_default();
        }
        Some(Weights { by_cue, n_positive })
    }

    /// Numbers of the cues that may bear a weight: those that recur over writers.
    fn eligible(&self, rows: &[(Option<usize>, &Row)], options: Options) -> Vec<u32> {
        #[derive(Clone, Default)]
        struct Count {
            n_writers: usize,
            last_writer: Option<usize>,
        }
        let mut counts = vec![Count::default(); self.design.cues.len()];
        for (writer, row) in rows.iter().filter(|(writer, _)| writer.is_some()) {
            for &cue in &row.cues {
                let count = &mut counts[cue as usize];
                // Rows stand in the order of writers.
                if count.last_writer != *writer {
                    count.last_writer = *writer;
                    count.n_writers += 1;
                }
            }
        }
        let is_eligible = |number: u32, count: &Count| count.n_writers >= options.min_writers && !self.is_struck[number as usize];
        (0..).zip(&counts).filter(|&(number, count)| is_eligible(number, count)).map(|(number, _)| number).collect()
    }
}

/// The lowest threshold that lets no more than a rate of neutral segments through; `sums` are sorted, largest first.
fn threshold(sums: &[Weight], false_per_1000: f64) -> Weight {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of the number of segments")]
    let n_allowed = (false_per_1000.max(0.0) * sums.len() as f64 / 1000.0) as usize;
    Weight(sums.get(n_allowed).map_or(1, |highest| highest.0 + 1).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_lets_a_rate_through_and_no_more() {
        let sums: Vec<Weight> = (0..2000).rev().map(Weight).collect();
        assert_eq!(threshold(&sums, 1.0), Weight(1998));
        assert_eq!(threshold(&sums, 0.0), Weight(2000));
        assert_eq!(threshold(&[], 1.0), Weight(1));
    }

    #[test]
    fn false_alarms_have_the_exact_interval() {
        let cut = |false_alarms| Cut { threshold: Weight(1), false_alarms };
        // The rule of three: 1 − .025^(1/n).
        let (low, high) = cut((0, 1000)).false_alarm_interval();
        assert!(low == 0.0 && (high - 1000.0 * (1.0 - 0.025_f64.powf(0.001))).abs() < 1e-6, "{high}");
        let (low, high) = cut((1, 1)).false_alarm_interval();
        assert!((low - 25.0).abs() < 1e-6 && (high - 1000.0).abs() < 1e-6, "{low}");
    }
}
