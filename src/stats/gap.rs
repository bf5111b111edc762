//! Gaps: whether the same people frame one group and another differently (ARCHITECTURE.md, Statistics).

use std::iter;
use std::ops::AddAssign;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::stats::interval::Interval;

/// Up to so many contributing authors every subset is looked at, above it [`N_DRAWS`] drawn ones.
const EXHAUSTIVE_UP_TO: usize = 15;

/// 20,000 with the identity, so that 2.5 % and 5 % of them are whole numbers.
const N_DRAWS: usize = 19_999;

/// The fixed part of every seed; another text here would change every drawn p-value.
const SEED_PREFIX: &[u8; 24] = b"evenhand gap draws, v. 1";

/// Sums that differ by less than this share are a tie at ratio 1, which must not hang on how A and B were rounded.
const TIE: f64 = 1e-12;

/// What one author says of the two groups; index 0 is the numerator's group, 1 the denominator's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct AuthorPair {
    /// Segments that name the group.
    pub naming: [u64; 2],
    /// Those of them with a hit aimed at the group.
    pub hits: [u64; 2],
}

/// One cell's gap: the ratio within authors, how sure it is, and the figures that the gate looks at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// Mantel–Haenszel ratio; +∞ where the denominator has no hit, none where no author contributes.
    pub ratio: Option<f64>,
    /// 95 % interval; it excludes 1 exactly when p ≤ .05.
    pub interval: Interval,
    /// 90 % interval; it excludes 1 exactly when p ≤ .10.
    pub interval90: Interval,
    /// Two-sided p-value of the ratio 1.
    pub p: f64,
    /// Authors who name both groups.
    pub n_naming_both: usize,
    /// Those of them with a hit.
    pub n_contributing: usize,
    /// Segments that name each group, of all authors.
    pub naming: [u64; 2],
    /// Hits aimed at each group, of all authors.
    pub hits: [u64; 2],
    /// Hits to expect for each group if there were no gap, of all authors: `Σ h_a · n_at ÷ n_a` (Mantel & Haenszel 1959).
    pub expected: [f64; 2],
    /// `(Σw)² ÷ Σw²` over the Mantel–Haenszel weights `w = n_a0 · n_a1 ÷ n_a` (Kish 1965, effective size); 0 where nobody names both.
    pub effective_authors: f64,
}

/// The gap of one cell, from one record an author, in any order.
///
/// Authors who name one group only change `naming`, `hits` and `expected`, nothing else; leave them out for a gate that does not count them.
///
/// Turning the two groups over turns ratio and intervals over and leaves p as it is, provided that `name`, which seeds the draws, stays
/// the same.
#[must_use]
pub fn gap(authors: &[AuthorPair], name: &str) -> Gap {
    let (contributing, direction) = contributing_in_fixed_order(authors);
    let subsets = Subsets::of(&contributing, name);
    let turn = |interval: Interval| match direction {
        Direction::AsGiven => interval,
        Direction::TurnedOver => interval.inverted(),
        Direction::Same => evened(interval),
    };
    let mut all = authors.to_vec();
    all.sort_unstable();
    let both = |pick: fn(&AuthorPair, usize) -> u64| [0, 1].map(|group| all.iter().map(|author| pick(author, group)).sum());
    Gap {
        ratio: mantel_haenszel(authors),
        interval: turn(subsets.interval(40)),
        interval90: turn(subsets.interval(20)),
        p: subsets.p_at_one(),
        n_naming_both: all.iter().filter(|author| author.names_both()).count(),
        n_contributing: contributing.len(),
        naming: both(|author, group| author.naming[group]),
        hits: both(|author, group| author.hits[group]),
        expected: [0, 1].map(|group| all.iter().map(|author| author.expected(group)).sum()),
        effective_authors: effective_size(all.iter().map(AuthorPair::weight)),
    }
}

/// `Σ A_a ÷ Σ B_a`, the Mantel–Haenszel risk ratio stratified by author, with `A_a = h_a0 · n_a1 ÷ n_a` and `B_a = h_a1 · n_a0 ÷ n_a`
/// (Mantel & Haenszel 1959; for risk ratios Greenland & Robins 1985); none for 0/0. The ratio alone, without the draws, for leaving out
/// one author after another.
#[must_use]
pub fn mantel_haenszel(authors: &[AuthorPair]) -> Option<f64> {
    let (contributing, direction) = contributing_in_fixed_order(authors);
    let mut total = Terms::default();
    for author in &contributing {
        total += author.terms();
    }
    let ratio = total.ratio()?;
    Some(match direction {
        Direction::AsGiven | Direction::Same => ratio,
        Direction::TurnedOver => ratio.recip(),
    })
}

impl AuthorPair {
    fn names_both(&self) -> bool {
        self.naming[0] > 0 && self.naming[1] > 0
    }

    fn turned_over(self) -> Self {
        Self { naming: [self.naming[1], self.naming[0]], hits: [self.hits[1], self.hits[0]] }
    }

    /// The author's A and B, for an author who names a group.
    fn terms(&self) -> Terms {
        let [naming, other] = self.naming.map(|n| n as f64);
        let [hits, hits_other] = self.hits.map(|h| h as f64);
        Terms { a: hits * other / (naming + other), b: hits_other * naming / (naming + other) }
    }

    fn expected(&self, group: usize) -> f64 {
        let naming = self.naming[0] + self.naming[1];
        if naming == 0 { 0.0 } else { (self.hits[0] + self.hits[1]) as f64 * self.naming[group] as f64 / naming as f64 }
    }

    fn weight(&self) -> f64 {
        let [naming, other] = self.naming.map(|n| n as f64);
        if self.names_both() { naming * other / (naming + other) } else { 0.0 }
    }
}

/// Sums of A and B over some authors.
#[derive(Debug, Clone, Copy, Default)]
struct Terms {
    a: f64,
    b: f64,
}

impl AddAssign for Terms {
    fn add_assign(&mut self, other: Self) {
        self.a += other.a;
        self.b += other.b;
    }
}

impl Terms {
    fn ratio(self) -> Option<f64> {
        let sum = self.a + self.b;
        let tie = (self.a - self.b).abs() <= TIE * sum;
        (sum > 0.0).then(|| if tie { 1.0 } else { self.a / self.b })
    }
}

/// How the order in which authors are looked at lies to the one that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    AsGiven,
    TurnedOver,
    /// The authors are the same either way, so the true answer is its own inverse.
    Same,
}

/// The authors who contribute (A + B > 0), sorted by `(n_0, n_1, h_0, h_1)`, never by pseudonym, so that the same counts meet the same draws;
/// and in that direction, of the two, whose list comes first, so that turning the groups over does not change the draws either.
fn contributing_in_fixed_order(authors: &[AuthorPair]) -> (Vec<AuthorPair>, Direction) {
    let mut given: Vec<AuthorPair> =
        authors.iter().copied().filter(|author| author.names_both() && author.hits[0] + author.hits[1] > 0).collect();
    let mut turned: Vec<AuthorPair> = given.iter().map(|author| author.turned_over()).collect();
    given.sort_unstable();
    turned.sort_unstable();
    match given.cmp(&turned) {
        std::cmp::Ordering::Less => (given, Direction::AsGiven),
        std::cmp::Ordering::Greater => (turned, Direction::TurnedOver),
        std::cmp::Ordering::Equal => (given, Direction::Same),
    }
}

/// The interval widened until it is its own inverse; drawn subsets alone would leave a little to chance.
fn evened(interval: Interval) -> Interval {
    let (low, high) = interval.ends();
    let reach = high.max(low.recip());
    Interval::between(reach.recip(), reach)
}

/// `(Σw)² ÷ Σw²` (Kish 1965, effective size).
fn effective_size(weights: impl Iterator<Item = f64>) -> f64 {
    let (sum, squares) = weights.fold((0.0, 0.0), |(sum, squares), weight| (sum + weight, squares + weight * weight));
    if squares > 0.0 { sum * sum / squares } else { 0.0 }
}

/// The ratios of subsets of the contributing authors, from which test and interval are both read.
///
/// Flip the signs of the authors in a subset in `T = Σ d_a(ρ)`, `d_a(ρ) = A_a − ρ · B_a`: what comes out is at least T exactly when the
/// subset's ratio is at most ρ, and at most T when it is at least ρ. So the flips' tail counts at every ρ are places in one sorted list of
/// ratios ("typical values": Hartigan 1969). The empty subset, whose ratio would be 0/0, is the identity flip: it leaves T as it is and
/// stands in both tails at every ρ. Looking at every subset it occurs once; drawn ones get it added, which is the +1 in numerator and
/// denominator (Phipson & Smyth 2010), and where it is drawn as well (for 16 authors one draw in 65,536) it stands in both tails again.
struct Subsets {
    /// Ratios of the non-empty subsets, ascending; +∞ where a subset has no hit in the denominator.
    ratios: Vec<f64>,
    /// How often the empty subset occurs.
    n_empty: usize,
}

impl Subsets {
    fn of(contributing: &[AuthorPair], name: &str) -> Self {
        let sums = subset_sums(&contributing.iter().map(AuthorPair::terms).collect::<Vec<_>>(), name);
        let mut ratios: Vec<f64> = sums.iter().filter_map(|sum| sum.ratio()).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        Self { n_empty: sums.len() - ratios.len(), ratios }
    }

    fn len(&self) -> usize {
        self.ratios.len() + self.n_empty
    }

    /// Twice the smaller tail at ρ = 1, at most 1.
    fn p_at_one(&self) -> f64 {
        let below = self.ratios.partition_point(|ratio| *ratio < 1.0);
        let not_above = self.ratios.partition_point(|ratio| *ratio <= 1.0);
        let tail = not_above.min(self.ratios.len() - below) + self.n_empty;
        (2.0 * tail as f64 / self.len() as f64).min(1.0)
    }

    /// The ratios ρ that the test does not reject when each tail may hold one part in `parts`: 40 for 95 %, 20 for 90 %. Whole-number
    /// ranks and no interpolation, so that the interval excludes 1 exactly when p ≤ 2 ÷ `parts` (Hartigan 1969: the k-th smallest and k-th
    /// largest of N typical values leave out 2k ÷ (N + 1)).
    fn interval(&self, parts: usize) -> Interval {
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
    let mut rng = ChaCha8Rng::from_seed(seed(name));
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

/// A fixed text and the name's 64-bit FNV-1a hash (Fowler, Noll & Vo 1991): the same on every machine and in every version of
/// Rust, which std's hashers do not promise.
fn seed(name: &str) -> [u8; 32] {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut seed = [0; 32];
    seed[..24].copy_from_slice(SEED_PREFIX);
    seed[24..].copy_from_slice(&hash.to_le_bytes());
    seed
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Rows of `n_0, n_1, h_0, h_1`.
    fn authors(rows: &[[u64; 4]]) -> Vec<AuthorPair> {
        rows.iter().map(|&[n0, n1, h0, h1]| AuthorPair { naming: [n0, n1], hits: [h0, h1] }).collect()
    }

    fn turned_over(authors: &[AuthorPair]) -> Vec<AuthorPair> {
        authors.iter().map(|author| author.turned_over()).collect()
    }

    fn close(found: f64, expected: f64, tolerance: f64) {
        let equal = found == expected || (found - expected).abs() <= tolerance * expected.abs();
        assert!(equal, "found {found}, expected {expected}");
    }

    fn close_interval(found: Interval, (low, high): (f64, f64), tolerance: f64) {
        close(found.ends().0, low, tolerance);
        close(found.ends().1, high, tolerance);
    }

    const SIX: [[u64; 4]; 6] = [[40, 38, 3, 1], [22, 30, 2, 1], [51, 44, 4, 2], [10, 12, 1, 1], [35, 20, 2, 0], [28, 33, 0, 1]];
    #[rustfmt::skip]
    const TWELVE: [[u64; 4]; 15] = [
        [40, 38, 3, 1], [22, 30, 2, 3], [51, 44, 4, 2], [10, 12, 1, 1], [35, 20, 2, 0], [28, 33, 0, 1], [60, 6, 5, 0], [17, 90, 1, 2],
        [33, 33, 2, 1], [45, 5, 3, 1], [8, 70, 1, 2], [25, 26, 2, 0], [19, 0, 4, 0], [0, 23, 0, 3], [31, 29, 0, 0],
    ];
    #[rustfmt::skip]
    const EIGHT_STRONG: [[u64; 4]; 8] = [
        [40, 40, 6, 1], [30, 35, 4, 1], [25, 20, 3, 0], [50, 45, 7, 2], [20, 22, 3, 1], [36, 30, 4, 1], [28, 28, 5, 1], [44, 41, 6, 1],
    ];
    const OPEN_ABOVE: [[u64; 4]; 7] =
        [[40, 40, 2, 0], [30, 20, 3, 0], [25, 35, 1, 0], [50, 45, 2, 0], [20, 22, 1, 0], [36, 30, 1, 0], [28, 28, 1, 2]];
    const ONE_SIDE_ONLY: [[u64; 4]; 7] =
        [[40, 40, 2, 0], [30, 20, 3, 0], [25, 35, 1, 0], [50, 45, 2, 0], [20, 22, 1, 0], [36, 30, 1, 0], [28, 28, 1, 0]];
    const TIES: [[u64; 4]; 7] =
        [[30, 30, 1, 1], [20, 20, 2, 2], [10, 20, 1, 2], [7, 3, 1, 0], [3, 7, 0, 1], [11, 13, 2, 1], [13, 11, 1, 2]];
    #[rustfmt::skip]
    const EIGHTEEN: [[u64; 4]; 18] = [
        [40, 38, 3, 1], [22, 30, 2, 3], [51, 44, 4, 2], [10, 12, 1, 1], [35, 20, 2, 0], [28, 33, 0, 1], [60, 16, 5, 0], [17, 60, 1, 2],
        [33, 33, 2, 1], [45, 15, 3, 1], [18, 70, 1, 2], [25, 26, 2, 0], [41, 40, 4, 1], [39, 52, 2, 1], [27, 21, 1, 1], [48, 47, 3, 2],
        [12, 18, 1, 0], [55, 49, 2, 3],
    ];

    // The expected values are printed by tests/oracle/statistics.py: sign flips in exact fractions and an inverted test, no subset ratios.
    #[test]
    fn ratio_p_and_intervals_are_those_of_all_sign_flips() {
        let inf = f64::INFINITY;
        #[rustfmt::skip]
        let cases: [(&[[u64; 4]], [f64; 6]); 6] = [
            (&SIX, [1.963_893_828_008_728, 0.093_75, 0.0, inf, 1.2, 4.268_181_818_181_818_5]),
            (&TWELVE, [1.801_322_086_626_840_2, 0.036_132_812_5, 1.049_152_435_250_517, 3.872_471_345_918_835_4, 1.172_035_914_856_302_2, 3.191_391_473_290_262_4]),
            (&EIGHT_STRONG, [4.585_388_105_996_832, 0.007_812_5, 3.317_796_610_169_491_3, 7.102_119_460_500_964, 3.612_299_465_240_641_7, 6.342_204_547_772]),
            (&OPEN_ABOVE, [5.209_056_732_740_943, 0.046_875, 1.023_809_523_809_523_7, inf, 1.478_354_978_354_978_3, inf]),
            (&ONE_SIDE_ONLY, [inf, 0.015_625, inf, inf, inf, inf]),
            (&TIES, [1.0, 1.0, 0.423_076_923_076_923_1, 2.363_636_363_636_363_8, 0.548_780_487_804_878_1, 1.822_222_222_222_222_2]),
        ];
        for (rows, [ratio, p, low, high, low90, high90]) in cases {
            let found = gap(&authors(rows), "company:praise");
            close(found.ratio.unwrap(), ratio, 1e-9);
            close(found.p, p, 1e-9);
            close_interval(found.interval, (low, high), 1e-9);
            close_interval(found.interval90, (low90, high90), 1e-9);
        }
    }

    // From tests/oracle/statistics.py, all 2^18 subsets; 19,999 draws have a standard error of .0007 in this p.
    #[test]
    fn drawn_subsets_come_near_to_all_of_them() {
        let found = gap(&authors(&EIGHTEEN), "company:praise");
        close(found.ratio.unwrap(), 1.778_340_769_812_972_5, 1e-9);
        assert!((found.p - 0.005_279_5).abs() < 0.003, "{}", found.p);
        close_interval(found.interval, (1.221_664_575_491_426_2, 2.862_213_015_680_480_6), 0.03);
        close_interval(found.interval90, (1.303_792_022_759_075_4, 2.606_692_914_715_818), 0.03);
    }

    // From tests/oracle/statistics.py.
    #[test]
    fn the_gate_figures_count_all_authors_and_the_subsets_only_those_who_contribute() {
        let found = gap(&authors(&TWELVE), "company:praise");
        assert_eq!((found.n_naming_both, found.n_contributing), (13, 12));
        assert_eq!((found.naming, found.hits), ([424, 459], [30, 17]));
        close(found.expected[0], 25.438_728_397_534_71, 1e-9);
        close(found.expected[1], 21.561_271_602_465_29, 1e-9);
        close(found.effective_authors, 10.927_259_785_411_32, 1e-9);
        let both = gap(&authors(&TWELVE[..12]), "company:praise");
        assert_eq!((both.ratio, both.p, both.interval), (found.ratio, found.p, found.interval));
    }

    #[test]
    fn without_a_contributing_author_there_is_no_ratio_and_nothing_is_excluded() {
        let found = gap(&authors(&[[5, 0, 2, 0], [4, 4, 0, 0], [0, 0, 0, 0]]), "company:praise");
        assert_eq!((found.ratio, found.interval, found.interval90, found.p), (None, Interval::UNBOUNDED, Interval::UNBOUNDED, 1.0));
        close(found.effective_authors, 1.0, 1e-12);
    }

    #[test]
    fn five_authors_of_one_mind_cannot_reach_five_percent() {
        let found = gap(&authors(&[[9, 9, 3, 1]; 5]), "company:praise");
        assert_eq!((found.p, found.interval), (0.0625, Interval::UNBOUNDED));
        assert!(found.interval90.excludes(1.0));
    }

    #[test]
    fn a_tie_does_not_hang_on_rounding() {
        assert_eq!(gap(&authors(&[[9, 1, 1, 0], [8, 2, 1, 0], [3, 7, 0, 1]]), "x").ratio, Some(1.0), "0.1 + 0.2 against 0.3");
    }

    #[test]
    fn hits_on_one_side_only_exclude_every_finite_ratio() {
        let found = gap(&authors(&ONE_SIDE_ONLY), "company:praise");
        assert_eq!(found.interval, Interval { low: Some(f64::INFINITY), high: None });
        let turned = gap(&turned_over(&authors(&ONE_SIDE_ONLY)), "company:praise");
        assert_eq!((turned.ratio, turned.interval), (Some(0.0), Interval { low: None, high: Some(0.0) }));
    }

    #[test]
    fn another_cell_has_other_draws_and_the_same_cell_the_same() {
        let of = |name| gap(&authors(&EIGHTEEN), name);
        assert_eq!(of("company:praise"), of("company:praise"));
        assert_ne!(of("company:praise"), of("company:credit"));
    }

    // FNV-1a's published test value for "a".
    #[test]
    fn the_seed_ends_in_the_names_fnv_1a_hash() {
        assert_eq!(seed("a")[24..], 0xaf63_dc4c_8601_ec8c_u64.to_le_bytes());
    }

    prop_compose! {
        /// Up to 30 authors, so that both all and drawn subsets occur, at times with hits on one side only.
        fn any_authors()(most in (0u64..4, 0u64..4))(
            rows in prop::collection::vec(((0u64..30), (0u64..30), 0..=most.0, 0..=most.1), 0..30)
        ) -> Vec<AuthorPair> {
            rows.into_iter().map(|(n0, n1, h0, h1)| AuthorPair { naming: [n0, n1], hits: [h0.min(n0), h1.min(n1)] }).collect()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]

        #[test]
        fn interval_and_p_never_disagree(authors in any_authors()) {
            let found = gap(&authors, "x");
            prop_assert_eq!(found.p <= 0.05, found.interval.excludes(1.0));
            prop_assert_eq!(found.p <= 0.10, found.interval90.excludes(1.0));
        }

        #[test]
        fn turning_the_groups_over_turns_ratio_and_intervals_over(given in any_authors(), balanced in any::<bool>()) {
            let given = if balanced { [given.clone(), turned_over(&given)].concat() } else { given };
            let (found, turned) = (gap(&given, "x"), gap(&turned_over(&given), "x"));
            prop_assert_eq!((found.p, found.ratio.is_some()), (turned.p, turned.ratio.is_some()));
            if let (Some(ratio), Some(turned)) = (found.ratio, turned.ratio) {
                close(turned, ratio.recip(), 1e-15);
            }
            close_interval(turned.interval, found.interval.inverted().ends(), 1e-15);
            close_interval(turned.interval90, found.interval90.inverted().ends(), 1e-15);
        }

        #[test]
        fn the_order_of_authors_does_not_matter(given in any_authors().prop_flat_map(|given| (Just(given.clone()), Just(given).prop_shuffle()))) {
            prop_assert_eq!(gap(&given.0, "x"), gap(&given.1, "x"));
        }
    }
}
