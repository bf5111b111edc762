//! The ratios of random subsets of authors, from which test and interval are both read.

use std::iter;

use rand_chacha::rand_core::Rng;

use super::{AuthorPair, Terms};
use crate::stats::draws;
use crate::stats::interval::Interval;

/// Up to so many contributing authors every subset is looked at, above it [`N_DRAWS`] drawn ones.
const EXHAUSTIVE_UP_TO: usize = 15;

/// 20,000 with the identity, so that 2.5 % and 5 % of them are whole numbers.
const N_DRAWS: usize = 19_999;

/// The fixed part of every seed; another text here would change every drawn p-value.
const DRAWS: &[u8; 24] = b"evenhand gap draws, v. 1";

/// The ratios of subsets of the contributing authors, from which test and interval are both read.
///
/// Flip the signs of the authors in a subset in `T = Σ d_a(ρ)`, `d_a(ρ) = A_a − ρ · B_a`: what comes out is at least T exactly when the
/// subset's ratio is at most ρ, and at most T when it is at least ρ. So the flips' tail counts at every ρ are places in one sorted list of
/// ratios ("typical values": Hartigan 1969). The empty subset, whose ratio would be 0/0, is the identity flip: it leaves T as it is and
/// stands in both tails at every ρ. Looking at every subset it occurs once; drawn ones get it added, which is the +1 in numerator and
/// denominator (Phipson & Smyth 2010), and where it is drawn as well (for 16 authors one draw in 65,536) it stands in both tails again.
pub(super) struct Subsets {
    /// Ratios of the non-empty subsets, ascending; +∞ where a subset has no hit in the denominator.
    ratios: Vec<f64>,
    /// How often the empty subset occurs.
    n_empty: usize,
}

impl Subsets {
    pub(super) fn of(contributing: &[AuthorPair], name: &str) -> Self {
        let sums = subset_sums(&contributing.iter().map(AuthorPair::terms).collect::<Vec<_>>(), name);
        let mut ratios: Vec<f64> = sums.iter().filter_map(|sum| sum.ratio()).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        Self { n_empty: sums.len() - ratios.len(), ratios }
    }

    fn len(&self) -> usize {
        self.ratios.len() + self.n_empty
    }

    /// Twice the smaller tail at ρ = 1, at most 1.
    pub(super) fn p_at_one(&self) -> f64 {
        let below = self.ratios.partition_point(|ratio| *ratio < 1.0);
        let not_above = self.ratios.partition_point(|ratio| *ratio <= 1.0);
        let tail = not_above.min(self.ratios.len() - below) + self.n_empty;
        (2.0 * tail as f64 / self.len() as f64).min(1.0)
    }

    /// The ratios ρ that the test does not reject when each tail may hold one part in `parts`: 40 for 95 %, 20 for 90 %. Whole-number
    /// ranks and no interpolation, so that the interval excludes 1 exactly when p ≤ 2 ÷ `parts` (Hartigan 1969: the k-th smallest and k-th
    /// largest of N typical values leave out 2k ÷ (N + 1)).
    pub(super) fn interval(&self, parts: usize) -> Interval {
        match (self.len() / parts + 1).checked_sub(self.n_empty) {
            Some(rank @ 1..) => Interval::between(self.ratios[rank - 1], self.ratios[self.ratios.len() - rank]),
            Some(0) | None => Interval::UNBOUNDED,
        }
    }
}

/// Sums of A and B over every subset, or over [`N_DRAWS`] subsets that hold each author with probability ½ and the empty one.
fn subset_sums(terms: &[Terms], name: &str) -> Vec<Terms> {
    if terms.len() <= EXHAUSTIVE_UP_TO {
        let mut sums = vec![Terms::default(); 1 << terms.len()];
        add_subsets(terms, 0.., &mut sums);
        return sums;
    }
    let mut rng = draws::rng(DRAWS, name);
    let mut sums = vec![Terms::default(); 1 + N_DRAWS];
    for block in terms.chunks(64) {
        add_subsets(block, iter::repeat_with(|| rng.next_u64()), &mut sums[1..]);
    }
    sums
}

/// Adds to each sum the terms that the bits of its word name. Eight authors are looked up at a time in a table of their 256 subsets: 500
/// authors would otherwise cost ten million additions.
fn add_subsets(block: &[Terms], words: impl Iterator<Item = u64>, sums: &mut [Terms]) {
    let tables: Vec<[Terms; 256]> = block.chunks(8).map(subsets_of_eight).collect();
    for (sum, word) in sums.iter_mut().zip(words) {
        for (table, byte) in tables.iter().zip(word.to_le_bytes()) {
            *sum += table[usize::from(byte)];
        }
    }
}

/// The sums over all subsets of up to eight authors, by the bits that name them; bits beyond the last author name nobody.
fn subsets_of_eight(terms: &[Terms]) -> [Terms; 256] {
    let mut table = [Terms::default(); 256];
    for (bit, term) in terms.iter().enumerate() {
        for (subset, sum) in table.iter_mut().enumerate() {
            if subset >> bit & 1 == 1 {
                *sum += *term;
            }
        }
    }
    table
}
