//! Chance alone must not look like a gap, from the text on: which sentences carry the wording is drawn anew within each author, the text is
//! written, and the whole pipeline reads it.

use std::fmt::Write;

use evenhand::lexicon::builtin;
use evenhand::roster::Roster;
use evenhand::scan::{self, Setup};
use evenhand::source;
use evenhand::stats::{self, GapKind, Plan, Speaker};
use evenhand::tally::Key;
use jiff::tz::TimeZone;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::support::Scratch;

/// Permutations; more by `EVENHAND_PERMUTATIONS`.
const N_PERMUTATIONS: u64 = 150;

/// Authors: sentences about Sales, sentences about Marketing, sentences of both that carry the wording. Uneven in all three.
const AUTHORS: [[usize; 3]; 14] = [
    [40, 12, 6],
    [9, 30, 1],
    [25, 25, 5],
    [60, 20, 2],
    [14, 14, 8],
    [33, 41, 4],
    [8, 19, 3],
    [22, 9, 0],
    [17, 38, 7],
    [50, 45, 9],
    [11, 10, 2],
    [28, 16, 6],
    [19, 27, 1],
    [35, 31, 10],
];

const DAYS: [&str; 7] = ["Yesterday", "This morning", "Before lunch", "On Tuesday", "After the audit", "Last week", "Around noon"];
const DOINGS: [&str; 8] = ["sent", "asked for", "printed", "returned", "counted", "filed", "checked", "ordered"];
const THINGS: [&str; 12] = [
    "oak benches",
    "teak tables",
    "parasols",
    "cushions",
    "hinges",
    "invoices",
    "leaflets",
    "samples",
    "keys",
    "boxes",
    "labels",
    "chairs",
];
const PLACES: [&str; 9] = [
    "for the Leeds shop",
    "from the second shed",
    "with two pallets",
    "near the dock",
    "by courier",
    "for Ghent",
    "in blue",
    "at cost",
    "twice",
];
/// Wording of six entries, so that none makes more than half of the hits.
const PRAISE: [&str; 6] = [
    "The {} team are the heroes of the {}",
    "The {} team are the rock stars of the {}",
    "The {} team are the lifeblood of the {}",
    "The {} team saved the day with the {}",
    "The {} team moved mountains for the {}",
    "The {} team worked miracles with the {}",
];

fn setup() -> Setup {
    Setup::new(builtin::compile().unwrap(), Roster::default(), TimeZone::UTC, Key::new([0; 32])).unwrap()
}

/// One company's messages as a table, a sentence a message.
fn company(rng: &mut ChaCha8Rng) -> String {
    let mut table = "author,time,text\n".to_owned();
    for (author, [n_sales, n_marketing, n_praise]) in AUTHORS.into_iter().enumerate() {
        let mut sentences: Vec<(&str, bool)> = Vec::new();
        sentences.extend(std::iter::repeat_n(("sales", false), n_sales));
        sentences.extend(std::iter::repeat_n(("marketing", false), n_marketing));
        sentences.shuffle(rng);
        // The first so many carry the wording: a permutation of the labels within the author.
        for (place, (_, is_praise)) in sentences.iter_mut().enumerate() {
            *is_praise = place < n_praise;
        }
        for (place, (group, is_praise)) in sentences.into_iter().enumerate() {
            // Numbers of all sentences differ, for what an author repeats counts once.
            let n = 10 * place + rng.random_range(1..9);
            let mut pick = |words: &[&'static str]| *words.choose(rng).unwrap();
            let [day, doing, thing, where_to] = [pick(&DAYS), pick(&DOINGS), pick(&THINGS), pick(&PLACES)];
            let sentence = if is_praise {
                pick(&PRAISE).replacen("{}", group, 1).replacen("{}", &format!("{n} {thing}"), 1)
            } else {
                format!("{day} the {group} team {doing} {n} {thing}")
            };
            writeln!(table, "a{author}@x.example,2026-01-{:02}T{:02}:00:00Z,{sentence} {where_to}.", place / 24 + 1, place % 24).unwrap();
        }
    }
    table
}

#[test]
fn wording_that_falls_on_sentences_by_chance_is_a_gap_once_in_twenty() {
    let n: u64 = std::env::var("EVENHAND_PERMUTATIONS").map_or(N_PERMUTATIONS, |n| n.parse().unwrap());
    let setup = setup();
    let scratch = Scratch::new("permuted");
    let options = source::Options {
        map: Some(source::table::FieldMap::parse("text=text,author=author,time=time").unwrap().into()),
        ..source::Options::default()
    };
    let plan = Plan { pairs: vec![("sales".to_owned(), "marketing".to_owned())], min_authors: 5, material: 1.5 };
    let n_hits: usize = AUTHORS.iter().map(|[_, _, n]| n).sum();
    let (mut n_false, mut n_called) = (0, 0);
    for seed in 0..n {
        let table = company(&mut ChaCha8Rng::seed_from_u64(seed));
        let path = scratch.write("chat.csv", &table);
        let scanned = scan::scan(vec![source::open(path.as_ref(), &options).unwrap()], &setup, &|_| {});
        let tally = scanned.tally;
        let hits: u64 = tally.cells.values().flat_map(|cell| cell.hits.values()).sum();
        assert_eq!(
            (tally.intake.read, tally.intake.kept),
            (table.lines().count() as u64 - 1, tally.intake.read),
            "{:?}",
            tally.intake.removed
        );
        assert_eq!(hits, n_hits as u64, "what was written and what was read differ");
        let findings = stats::analyse(&tally, &plan);
        let praise = findings.gaps.iter().find(|gap| gap.speaker == Speaker::Company && gap.kind == GapKind::Praise).unwrap();
        assert!(praise.missing.is_empty(), "{:?}", praise.missing);
        n_false += u64::from(praise.gap.p <= 0.05);
        n_called += u64::from(praise.q.is_some_and(|q| q <= 0.05));
    }
    let share = |part: u64| part as f64 / n as f64;
    let error = (0.05 * 0.95 / n as f64).sqrt();
    eprintln!("p <= .05 in {n_false} of {n} permutations, called real in {n_called} (standard error {error:.4})");
    assert!((share(n_false) - 0.05).abs() <= 3.0 * error, "{n_false} of {n}");
    assert!(share(n_called) <= 0.05 + 3.0 * error, "{n_called} of {n}");
}
