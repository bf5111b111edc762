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
const TIES: [[u64; 4]; 7] = [[30, 30, 1, 1], [20, 20, 2, 2], [10, 20, 1, 2], [7, 3, 1, 0], [3, 7, 0, 1], [11, 13, 2, 1], [13, 11, 1, 2]];
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
    assert_eq!((found.counts.n_naming_both, found.counts.n_contributing), (13, 12));
    assert_eq!((found.counts.naming, found.counts.hits), ([424, 459], [30, 17]));
    close(found.counts.expected[0], 25.438_728_397_534_71, 1e-9);
    close(found.counts.expected[1], 21.561_271_602_465_29, 1e-9);
    close(found.counts.effective_authors, 10.927_259_785_411_32, 1e-9);
    let both = gap(&authors(&TWELVE[..12]), "company:praise");
    assert_eq!((both.ratio, both.p, both.interval), (found.ratio, found.p, found.interval));
}

#[test]
fn the_two_authors_who_weigh_most_are_known_by_their_shares() {
    let shares = |rows: &[[u64; 4]]| gap(&authors(rows), "company:praise").counts.largest_shares;
    let [first, second] = shares(&[[5, 5, 0, 1], [10, 10, 1, 0], [5, 5, 1, 1]]);
    close(first, 0.5, 1e-12);
    close(second, 0.25, 1e-12);
    assert_eq!(shares(&[[5, 0, 2, 0]]), [0.0, 0.0]);
}

#[test]
fn without_a_contributing_author_there_is_no_ratio_and_nothing_is_excluded() {
    let found = gap(&authors(&[[5, 0, 2, 0], [4, 4, 0, 0], [0, 0, 0, 0]]), "company:praise");
    assert_eq!((found.ratio, found.interval, found.interval90, found.p), (None, Interval::UNBOUNDED, Interval::UNBOUNDED, 1.0));
    close(found.counts.effective_authors, 1.0, 1e-12);
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
    fn leaving_out_is_as_if_it_had_never_been_there(authors in any_authors(), every in 1..4_usize) {
        let same = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
            (Some(found), Some(expected)) => close(found, expected, 1e-9),
            (found, expected) => assert_eq!(found, expected),
        };
        let strata = Strata::of(&authors);
        let rests: Vec<_> = strata.without_each().collect();
        for (left_out, found) in rests.into_iter().enumerate() {
            let mut rest = strata.authors.clone();
            rest.remove(left_out);
            let expected = mantel_haenszel(&rest);
            same(found, if strata.direction == Direction::TurnedOver { mantel_haenszel(&turned_over(&rest)) } else { expected });
        }
        let fewer = |author: AuthorPair| AuthorPair { hits: [author.hits[0] / 2, 0], ..author };
        let changed: Vec<_> = authors.iter().step_by(every).map(|&author| [author, fewer(author)]).collect();
        let after: Vec<_> = authors.iter().enumerate().map(|(i, &author)| if i % every == 0 { fewer(author) } else { author }).collect();
        same(strata.ratio_if(&changed), mantel_haenszel(&after));
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
