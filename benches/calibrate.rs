//! What the statistics make of companies drawn at random: `cargo run --release --example calibrate [COMPANIES] [PART…]`.
//!
//! Prints, from the tool's own code, with 2,000 companies a row unless said, the parts `table` (verdicts; `spread-table` with author gaps that
//! spread wider), `gaps` (false alarms and coverage of single gaps where there is none), `families` (false alarms of whole families) and
//! `planning` (the rows of the planning table); all of them unless some are named. Every share stands with its Monte Carlo standard error.

use std::error::Error;
use std::io::{self, Write};
use std::ops::AddAssign;

use evenhand::stats::power::{self, FamilyOutcome, N_ENTRIES, Outcome, Setting};
use evenhand::stats::verdict::Verdict;
use rayon::prelude::*;

/// Authors, mentions of the two groups, hit rate, true ratio.
const TABLE: [(usize, [f64; 2], f64, f64); 11] = [
    (30, [40.0, 40.0], 0.01, 1.0),
    (30, [40.0, 40.0], 0.03, 1.0),
    (50, [40.0, 40.0], 0.01, 1.0),
    (50, [40.0, 40.0], 0.03, 1.0),
    (50, [60.0, 6.0], 0.03, 1.0),
    (20, [40.0, 40.0], 0.03, 2.0),
    (30, [40.0, 40.0], 0.03, 2.0),
    (50, [40.0, 40.0], 0.03, 2.0),
    (20, [160.0, 160.0], 0.03, 2.0),
    (40, [40.0, 40.0], 0.02, 3.0),
    (20, [40.0, 40.0], 0.02, 4.0),
];

/// Settings of the planning table, all with a true ratio of 2.
const PLANNING: [(usize, [f64; 2], f64); 12] = [
    (10, [40.0, 40.0], 0.03),
    (20, [10.0, 10.0], 0.03),
    (20, [40.0, 40.0], 0.01),
    (20, [40.0, 40.0], 0.03),
    (20, [160.0, 160.0], 0.03),
    (30, [40.0, 40.0], 0.03),
    (50, [10.0, 10.0], 0.03),
    (50, [40.0, 40.0], 0.01),
    (50, [40.0, 40.0], 0.03),
    (50, [60.0, 6.0], 0.03),
    (100, [40.0, 40.0], 0.01),
    (100, [40.0, 40.0], 0.03),
];

/// What can be asked for.
const PARTS: [&str; 5] = ["table", "spread-table", "gaps", "families", "planning"];

fn main() -> Result<(), Box<dyn Error>> {
    let n: u32 = std::env::args().nth(1).map_or(Ok(2000), |n| n.parse())?;
    let named: Vec<String> = std::env::args().skip(2).collect();
    if let Some(unknown) = named.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("unknown part {unknown:?}, expected some of {}", PARTS.join(", ")).into());
    }
    let mut out = io::stdout().lock();
    writeln!(out, "Author rates gamma, author gaps normal on the log scale, mentions Poisson, hits binomial, {N_ENTRIES} entries.")?;
    for part in PARTS.into_iter().filter(|part| named.is_empty() || named.iter().any(|name| name == part)) {
        match part {
            "table" => table(n, 0.4, &mut out)?,
            "spread-table" => table(n, 0.4 * std::f64::consts::SQRT_2, &mut out)?,
            "gaps" => single_gaps(n / 2, &mut out)?,
            "families" => families(n / 2, &mut out)?,
            _ => planning(n, &mut out)?,
        }
    }
    Ok(())
}

fn sum<T: Default + AddAssign + Send>(n: u32, one: impl Fn(u32) -> T + Sync + Send) -> T {
    let add = |mut sum: T, other: T| {
        sum += other;
        sum
    };
    (0..n).into_par_iter().map(one).reduce(T::default, add)
}

/// Per cent and its standard error.
fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let share = f64::from(part) / f64::from(whole);
    format!("{:.1} ± {:.1}", 100.0 * share, 100.0 * (share * (1.0 - share) / f64::from(whole)).sqrt())
}

fn table(n: u32, gap_sd: f64, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "\n{n} companies a row, author CV 1, author gap SD {gap_sd:.2}; per cent ± standard error\n")?;
    writeln!(
        out,
        "| authors, mentions | hit rate | ratio | passed | p ≤ .05 | coverage | no large gap | material | small | inconclusive |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|---|")?;
    for (n_authors, mentions, hit_rate, ratio) in TABLE {
        let setting = Setting { gap_sd, ..Setting::usual(n_authors, mentions, hit_rate, ratio) };
        let found: Outcome = sum(n, |index| power::simulate(&setting, index));
        let verdicts = [Verdict::NoLargeGap, Verdict::MaterialGap, Verdict::SmallOrUnstableGap, Verdict::Inconclusive];
        let verdicts = verdicts.map(|verdict| share(found.with(verdict), n)).join(" | ");
        let [top, bottom] = mentions;
        let (passed, alarms, covered) =
            (share(found.passed, n), share(found.significant, found.passed), share(found.covered, found.passed));
        writeln!(out, "| {n_authors}, {top} : {bottom} | {hit_rate} | {ratio} | {passed} | {alarms} | {covered} | {verdicts} |")?;
    }
    Ok(())
}

fn single_gaps(n: u32, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "\nNo gap, {n} companies a setting; settings of which at least 100 pass the gate\n")?;
    writeln!(out, "| author CV | gap SD | authors, mentions | hit rate | passed | p ≤ .05 | coverage |")?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for author_cv in [0.5, 1.0, 2.0] {
        let mut all = Outcome::default();
        for gap_sd in [0.0, 0.4] {
            for n_authors in [10, 20, 30, 50] {
                for mentions in [[10.0, 10.0], [40.0, 40.0], [60.0, 60.0], [60.0, 6.0]] {
                    for hit_rate in [0.01, 0.03] {
                        let setting = Setting { n_authors, mentions, hit_rate, ratio: 1.0, author_cv, gap_sd };
                        let found: Outcome = sum(n, |index| power::simulate(&setting, index));
                        all += found;
                        if found.passed < 100 {
                            continue;
                        }
                        let (alarms, covered) = (share(found.significant, found.passed), share(found.covered, found.passed));
                        let [top, bottom] = mentions;
                        writeln!(
                            out,
                            "| {author_cv} | {gap_sd} | {n_authors}, {top} : {bottom} | {hit_rate} | {} | {alarms} | {covered} |",
                            found.passed
                        )?;
                    }
                }
            }
        }
        let (alarms, covered) = (share(all.significant, all.passed), share(all.covered, all.passed));
        writeln!(out, "| {author_cv} | all | all | all | {} | {alarms} | {covered} |", all.passed)?;
    }
    Ok(())
}

fn families(n: u32, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "\nNo gap, whole families (company and three teams × praise, scorn, credit), {n} companies a row\n")?;
    writeln!(out, "| author CV | gap SD | authors, mentions | hit rate | gaps a family | any q ≤ .05 | any material or small |")?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for (author_cv, gap_sd) in [(0.5, 0.4), (1.0, 0.0), (1.0, 0.4), (2.0, 0.4)] {
        let setting = Setting { n_authors: 90, mentions: [40.0, 40.0], hit_rate: 0.03, ratio: 1.0, author_cv, gap_sd };
        let found: FamilyOutcome = sum(n, |index| power::simulate_family(&setting, 3, index));
        let (real, verdict) = (share(found.any_real, found.n), share(found.any_verdict, found.n));
        let size = f64::from(found.gaps) / f64::from(found.n.max(1));
        writeln!(out, "| {author_cv} | {gap_sd} | 90, 40 : 40 | 0.03 | {size:.1} | {real} | {verdict} |")?;
    }
    Ok(())
}

fn planning(n: u32, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    writeln!(out, "\nRows of src/stats/planning.rs: true ratio 2, author CV 1, author gap SD 0.4, {n} companies a row\n")?;
    for (n_authors, mentions, hit_rate) in PLANNING {
        let setting = Setting::usual(n_authors, mentions, hit_rate, 2.0);
        let row = power::row(&setting, &sum(n, |index| power::simulate(&setting, index)));
        writeln!(out, "    row({}, {:?}, {}, {}, {}),", row.n_authors, row.mentions, row.hit_rate, row.passed, row.material)?;
    }
    Ok(())
}
