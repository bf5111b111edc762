//! The ratchet: simulated companies whose wording stays or rises, and the command on a table whose wording rises.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::sync::Arc;

use evenhand::check::baseline::Baseline;
use evenhand::check::ratchet::{self, Held};
use evenhand::config::{Contrast, TOLERANCE};
use evenhand::disclosure::{self, Disclosed};
use evenhand::lexicon::Category;
use evenhand::stats::{self, Plan};
use evenhand::tally::{Cell, CellKey, HitKey, Month, Origin, Pseudonym, Tally};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Gamma, Poisson};
use rayon::prelude::*;

use crate::support::{Scratch, evenhand, stdout};

/// The first month after the baseline.
const LATER: i8 = 4;

/// A company's months: 40 authors of two teams who name two groups, each with rates of wording about each that stay from month to month (gamma,
/// coefficient of variation 1; 4 of 100 naming segments on average). In the last month all is `factor` times as often.
fn company(seed: u64, factor: f64) -> Tally {
    const GROUPS: [&str; 2] = ["sales", "marketing"];
    const CATEGORIES: [Category; 5] =
        [Category::Heroic, Category::IvoryTower, Category::PastFailure, Category::Gendered, Category::Collaboration];
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let origin = Origin { lexicons: String::new(), cleaning: String::new(), key: String::new(), timezone: String::new() };
    let mut tally = Tally::new(origin);
    let mentions = Poisson::new(20.0).unwrap();
    let rate = Gamma::new(1.0, 0.04).unwrap();
    for author in 0..40_usize {
        let rates = CATEGORIES.map(|category| (category, [rate.sample(&mut rng), rate.sample(&mut rng)]));
        for month in 1..=LATER {
            let names: BTreeMap<Arc<str>, u64> =
                GROUPS.into_iter().map(|group| (Arc::from(group), whole(mentions.sample(&mut rng)))).collect();
            let mut cell = Cell { words: 3000, segments: 200, messages: 20, names, ..Cell::default() };
            for (category, rates) in rates {
                for (group, rate) in GROUPS.into_iter().zip(rates) {
                    let rate: f64 = if month == LATER { rate * factor } else { rate };
                    let hits = Binomial::new(cell.names[group], rate.min(1.0)).unwrap().sample(&mut rng);
                    let key =
                        HitKey { target: Some(group.into()), named: true, category, entries: vec![format!("entry {}", author % 7).into()] };
                    cell.hits.extend((hits > 0).then_some((key, hits)));
                }
            }
            cell.names.retain(|_, n| *n > 0);
            let team = Some(Arc::from(GROUPS[author % 2]));
            tally.cells.insert(CellKey { author: Pseudonym(author as u128), team, month: Some(Month { year: 2026, month }) }, cell);
        }
    }
    tally
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a Poisson variable is a whole number")]
fn whole(value: f64) -> u64 {
    value as u64
}

/// What may be shown of some months.
fn shown(tally: &Tally, is_wanted: impl Fn(i8) -> bool) -> Disclosed {
    let mut part = tally.clone();
    part.cells.retain(|key, _| key.month.is_some_and(|month| is_wanted(month.month)));
    disclosure::disclose(stats::analyse(&part, &Plan::new(&Contrast::default(), 5)), &part, 5)
}

/// The last month held against those before it.
fn held(tally: &Tally) -> Held {
    let baseline = Baseline::of(&shown(tally, |month| month < LATER)).unwrap();
    ratchet::hold(&baseline, &shown(tally, |month| month == LATER), TOLERANCE).unwrap()
}

#[test]
fn of_a_hundred_runs_without_a_rise_at_most_one_fails_and_a_rise_of_three_is_seen_in_its_first_month() {
    let n_failed = (0..100_u64).into_par_iter().filter(|&seed| !held(&company(seed, 1.0)).rises.is_empty()).count();
    let n_seen = (1000..1020_u64).into_par_iter().filter(|&seed| !held(&company(seed, 3.0)).rises.is_empty()).count();
    eprintln!("{n_failed} of 100 runs without a rise failed, {n_seen} of 20 with one");
    assert!(n_failed <= 1, "{n_failed} of 100");
    assert_eq!(n_seen, 20);
}

#[test]
fn a_baseline_is_read_back_as_it_was_written() {
    let baseline = Baseline::of(&shown(&company(7, 1.0), |_| true)).unwrap();
    assert!(baseline.levels.len() > 10 && !baseline.gaps.is_empty());
    assert!(baseline.levels.iter().all(|level| level.category != "collaboration"));
    let mut out = Vec::new();
    baseline.write(&mut out).unwrap();
    assert_eq!(Baseline::parse("b.json", std::str::from_utf8(&out).unwrap()), Ok(baseline));
    let fault = Baseline::parse("b.json", "{\n\"schema_version\": 1, \"x\": 2}").unwrap_err().to_string();
    assert!(fault.starts_with("b.json:2: no baseline: unknown field `x`"), "{fault}");
}

/// A table of sentences by twelve authors over some months of 2026; `share` of a hundred are scorn. Their other words are drawn, so that nobody
/// looks like a program.
fn table(months: std::ops::RangeInclusive<u32>, share: impl Fn(u32) -> u32) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut word = || (0..3).map(|_| char::from(b"bdfgklmnprst"[rng.random_range(0..12)]).to_string() + "a").collect::<String>();
    let mut rows = "from,date,body\n".to_owned();
    for month in months {
        for n in 0..600_u32 {
            // Spread evenly, so that no two authors differ by much.
            let is_scorn = n * 37 % 100 < share(month);
            let about = if is_scorn { "marketing sits in its ivory tower" } else { "marketing" };
            let (before, after) = ([word(), word(), word()].join(" "), [word(), word()].join(" "));
            let _ = writeln!(rows, "clerk{}@lawnseat.example,2026-{month:02}-{:02},{before} {about} {after}", n % 12, 1 + n % 28);
        }
    }
    rows
}

#[test]
fn the_command_keeps_a_baseline_passes_noise_and_fails_on_a_rise() {
    let scratch = Scratch::new("ratchet");
    let config = scratch.write("evenhand.toml", "[check]\nbaseline = \"base.json\"\n");
    let check = |input: &str, as_of: &str, more: &[&str], exit_code: i32| {
        let args = ["check", input, "--map", "text=body,author=from,time=date", "--config", &config, "--as-of", as_of];
        stdout(&[&args, more].concat(), exit_code)
    };
    let quiet = scratch.write("quiet.csv", table(1..=4, |_| 5));
    let missing = evenhand(&["check", &quiet, "--map", "text=body,author=from,time=date", "--config", &config, "--as-of", "2026-04-01"]);
    let told = String::from_utf8(missing.stderr).unwrap();
    assert!(missing.status.code() == Some(2) && told.contains("no such baseline; evenhand check --update-baseline writes it"), "{told}");
    let written = check(&quiet, "2026-04-01", &["--update-baseline"], 0);
    assert!(written.contains("of 2026-01 to 2026-03"), "{written}");
    let base = fs::read_to_string(scratch.path("base.json")).unwrap();
    assert!(!base.contains("clerk") && !base.contains("lawnseat"), "{base}");
    let waiting = check(&quiet, "2026-04-01", &[], 0);
    assert!(waiting.contains("evenhand.toml:2: could not be judged: baseline: no month after 2026-03, its last, is over"), "{waiting}");
    let noise = check(&scratch.write("noise.csv", table(1..=4, |month| if month == 4 { 6 } else { 5 })), "2026-05-01", &[], 0);
    assert!(noise.contains("kept: 2026-04 against the baseline of 2026-01 to 2026-03: higher but within noise: company, "), "{noise}");
    let risen = check(&scratch.write("risen.csv", table(1..=4, |month| if month == 4 { 15 } else { 5 })), "2026-05-01", &[], 1);
    assert!(risen.contains("crossed: 2026-04 against the baseline of 2026-01 to 2026-03: risen: company, ivory_tower wording"), "{risen}");
    fs::write(scratch.path("base.json"), base.replace("\"timezone\": \"UTC\"", "\"timezone\": \"Asia/Tokyo\"")).unwrap();
    let other = evenhand(&["check", &quiet, "--map", "text=body,author=from,time=date", "--config", &config]);
    assert!(other.status.code() == Some(2) && String::from_utf8(other.stderr).unwrap().contains("made with other time zone"));
}
