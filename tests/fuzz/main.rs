//! Every reader, and every file that people write, fed with damaged seeds for a while. Ten seconds in all, or `EVENHAND_FUZZ_SECONDS`;
//! `EVENHAND_FUZZ_TARGET` names one target, `EVENHAND_FUZZ_SEED` another lot. What went wrong is kept as a file below `target/fuzz`, with the
//! numbers that make it anew.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod mutate;
mod seeds;
mod targets;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use targets::{Room, Target};

/// What one input may take; tests are built to be built fast, not to run fast.
const LONGEST: Duration = Duration::from_secs(10);

thread_local! {
    /// Where the last panic of the thread was, and what it said.
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name}: found {value}, expected a number")))
}

/// What came of a target.
struct Outcome {
    name: &'static str,
    n_seeds: usize,
    n_runs: u64,
    slowest: Duration,
    /// Number of the first run that made each of them.
    wrong: BTreeMap<String, u64>,
}

fn run(target: &Target, seeds: &[(String, Vec<u8>)], lot: u64, time: Duration, folder: &Path) -> Outcome {
    let seeds: Vec<Vec<u8>> = seeds
        .iter()
        .filter(|(path, bytes)| target.grows_from(path) && bytes.len() <= 8 * target.most_bytes())
        .map(|(_, bytes)| bytes.clone())
        .collect();
    let mut outcome = Outcome { name: target.name, n_seeds: seeds.len(), n_runs: 0, slowest: Duration::ZERO, wrong: BTreeMap::new() };
    if seeds.is_empty() {
        return outcome;
    }
    let name = target.name.replace(' ', "-");
    let room = Room(folder.join("rooms").join(&name));
    std::fs::create_dir_all(&room.0).unwrap();
    // Whoever does not come back leaves what it was fed with.
    let last = folder.join(format!("{name}.last"));
    let began = Instant::now();
    while began.elapsed() < time {
        let n = outcome.n_runs;
        let key: u64 = name.bytes().fold(lot, |key, byte| key.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
        let mut rng = ChaCha8Rng::seed_from_u64(key ^ n);
        // Every other time a seed itself, as long as there are some.
        let whole = usize::try_from(n / 2).ok().filter(|_| n.is_multiple_of(2)).and_then(|n| seeds.get(n)).cloned();
        let input = whole.unwrap_or_else(|| mutate::mutate(&seeds, target.most_bytes(), &mut rng));
        std::fs::write(&last, &input).unwrap();
        let start = Instant::now();
        let is_sound = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(&input, &room))).is_ok();
        let took = start.elapsed();
        outcome.slowest = outcome.slowest.max(took);
        outcome.n_runs += 1;
        let wrong = if is_sound { (took > LONGEST).then(|| format!("takes {:.1} s", took.as_secs_f64())) } else { Some(PANIC.take()) };
        if let Some(wrong) = wrong
            && !outcome.wrong.contains_key(&wrong)
        {
            std::fs::write(folder.join(format!("{name}-{n}")), &input).unwrap();
            outcome.wrong.insert(wrong, n);
        }
    }
    std::fs::remove_file(last).unwrap();
    outcome
}

#[test]
fn nothing_that_is_read_panics_hangs_or_comes_out_unsound() {
    let (seconds, lot) = (number("EVENHAND_FUZZ_SECONDS", 10), number("EVENHAND_FUZZ_SEED", 13));
    let wanted = std::env::var("EVENHAND_FUZZ_TARGET").ok();
    let targets: Vec<Target> = targets::all().into_iter().filter(|target| wanted.as_ref().is_none_or(|name| name == target.name)).collect();
    assert!(!targets.is_empty(), "EVENHAND_FUZZ_TARGET: no target {wanted:?}");
    let seeds = seeds::all();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from).min(targets.len());
    let time = Duration::from_secs_f64(seconds as f64 * n_threads as f64 / targets.len() as f64);
    panic::set_hook(Box::new(|info| PANIC.set(info.to_string())));
    let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(target, &seeds, lot, time, &folder);
                    outcomes.lock().unwrap().push(outcome);
                }
            });
        }
    });
    drop(panic::take_hook());
    let mut outcomes = outcomes.into_inner().unwrap();
    outcomes.sort_by_key(|outcome| targets.iter().position(|target| target.name == outcome.name));
    let (mut table, mut wrong) = (String::new(), String::new());
    for Outcome { name, n_seeds, n_runs, slowest, wrong: found } in &outcomes {
        writeln!(table, "{name:20} {n_seeds:5} seeds {n_runs:8} runs, slowest {:6.0} ms", slowest.as_secs_f64() * 1000.0).unwrap();
        for (what, n) in found {
            writeln!(wrong, "{name}, run {n} (kept as {}-{n}): {what}", folder.join(name.replace(' ', "-")).display()).unwrap();
        }
        assert!(*n_seeds > 0 || std::env::var_os("EVENHAND_CORPORA").is_none(), "{name} has no seeds");
    }
    eprintln!("EVENHAND_FUZZ_SEED={lot}, {seconds} s\n{table}{} runs", outcomes.iter().map(|outcome| outcome.n_runs).sum::<u64>());
    assert!(wrong.is_empty(), "EVENHAND_FUZZ_SEED={lot}\n{wrong}");
}
