//! Companies drawn at random, to see what the statistics make of them: false alarms, coverage, verdicts, author variation.
//!
//! The generator, as STATISTICS.md has it: an author's hit rate is gamma with mean `hit_rate` and coefficient of variation `author_cv`; the
//! author's own log ratio is normal with mean `ln ratio` and standard deviation `gap_sd`, half of it on each side of the rate, so that the
//! ratio of the mean rates is the true one; mentions are Poisson, hits binomial among them, each made by one of [`N_ENTRIES`] entries at
//! random. What comes out goes through the same code as a company's counts.

use std::collections::BTreeMap;
use std::ops::AddAssign;
use std::sync::Arc;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, Distribution, Gamma, Normal, Poisson};

use crate::lexicon::Category;
use crate::stats::evidence::{self, AuthorEvidence, EntryHits};
use crate::stats::gap::Counts;
use crate::stats::planning::Row;
use crate::stats::verdict::{self, Verdict};
use crate::stats::{GapKind, Plan, analyse, assess, draws, gate};
use crate::tally::{Cell, CellKey, HitKey, Origin, Pseudonym, Tally};

/// Entries that hits are spread over.
pub const N_ENTRIES: usize = 20;

/// The fixed part of every seed.
const COMPANY: &[u8; 24] = b"evenhand companies, v. 1";

/// What a company is drawn from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Authors.
    pub n_authors: usize,
    /// Mean segments of an author that name each group, numerator's first.
    pub mentions: [f64; 2],
    /// Mean hits per naming segment where there is no gap.
    pub hit_rate: f64,
    /// True ratio.
    pub ratio: f64,
    /// Coefficient of variation of the authors' rates.
    pub author_cv: f64,
    /// Standard deviation of the authors' own log ratios.
    pub gap_sd: f64,
}

impl Setting {
    /// Author rates with CV 1 and author gaps with SD 0.4, as in STATISTICS.md's table.
    #[must_use]
    pub const fn usual(n_authors: usize, mentions: [f64; 2], hit_rate: f64, ratio: f64) -> Self {
        Self { n_authors, mentions, hit_rate, ratio, author_cv: 1.0, gap_sd: 0.4 }
    }

    fn name(&self) -> String {
        format!("{self:?}")
    }
}

/// What became of simulated companies; one is added to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Companies.
    pub n: u32,
    /// Those that passed the gate.
    pub passed: u32,
    /// Those of them with p ≤ .05.
    pub significant: u32,
    /// Those of them whose 95 % interval holds the true ratio.
    pub covered: u32,
    /// Companies by verdict, in the order of [`Verdict::ALL`]; a gap is a family of its own here, q = p.
    pub verdicts: [u32; 6],
}

impl Outcome {
    /// Companies with a verdict.
    #[must_use]
    pub fn with(&self, wanted: Verdict) -> u32 {
        Verdict::ALL.into_iter().zip(self.verdicts).filter(|&(verdict, _)| verdict == wanted).map(|(_, n)| n).sum()
    }
}

impl AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.passed += other.passed;
        self.significant += other.significant;
        self.covered += other.covered;
        for (sum, n) in self.verdicts.iter_mut().zip(other.verdicts) {
            *sum += n;
        }
    }
}

/// Draws company number `index` of a setting and judges its one gap.
///
/// # Panics
/// If a setting has a mean, rate or CV that is not positive, or an SD below 0.
#[must_use]
pub fn simulate(setting: &Setting, index: u32) -> Outcome {
    let name = format!("{} {index}", setting.name());
    let mut rng = draws::rng(COMPANY, &name);
    let authors: Vec<AuthorEvidence> =
        (0..setting.n_authors).map(|_| author(setting, &mut rng)).filter(|author| !author.naming.contains(&0)).collect();
    let mut outcome = Outcome { n: 1, ..Outcome::default() };
    // The draws cost most of the time, and behind a closed gate they decide nothing.
    let verdict = if gate::missing(&Counts::of(&evidence::pairs(&authors)), &authors).is_empty() {
        let assessed = assess(&authors, &name);
        outcome.passed = 1;
        outcome.significant = u32::from(assessed.gap.p <= 0.05);
        outcome.covered = u32::from(!assessed.gap.interval.excludes(setting.ratio));
        verdict::verdict(&assessed.gap, &[], Some(assessed.gap.p), &assessed.stability, crate::config::MATERIAL_RATIO)
    } else {
        Verdict::Insufficient
    };
    for (n, one) in outcome.verdicts.iter_mut().zip(Verdict::ALL) {
        *n = u32::from(one == verdict);
    }
    outcome
}

/// The row of the planning table that an outcome makes.
#[must_use]
pub fn row(setting: &Setting, outcome: &Outcome) -> Row {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of authors, sentences and per cent")]
    let whole = |value: f64| value.round() as u32;
    let percent = |n: u32| whole(100.0 * f64::from(n) / f64::from(outcome.n));
    Row {
        n_authors: whole(setting.n_authors as f64),
        mentions: setting.mentions.map(whole),
        hit_rate: setting.hit_rate,
        ratio: setting.ratio,
        passed: percent(outcome.passed),
        material: percent(outcome.with(Verdict::MaterialGap)),
    }
}

/// What became of the whole family of simulated companies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FamilyOutcome {
    /// Companies with at least one gap in the family.
    pub n: u32,
    /// Gaps in all of their families.
    pub gaps: u32,
    /// Companies with a gap that the false discovery rate calls real.
    pub any_real: u32,
    /// Companies with a gap that is `material` or `small or unstable`.
    pub any_verdict: u32,
}

impl AddAssign for FamilyOutcome {
    fn add_assign(&mut self, other: Self) {
        self.n += other.n;
        self.gaps += other.gaps;
        self.any_real += other.any_real;
        self.any_verdict += other.any_verdict;
    }
}

/// Draws company number `index` of `n_teams` teams of equal size with three kinds of wording, as counts by author, and judges the family of
/// its gaps: company and teams, praise, scorn and credit.
///
/// # Panics
/// As [`simulate`].
#[must_use]
pub fn simulate_family(setting: &Setting, n_teams: usize, index: u32) -> FamilyOutcome {
    let mut rng = draws::rng(COMPANY, &format!("{} family of {n_teams} {index}", setting.name()));
    let mut tally = Tally::new(Origin { lexicons: String::new(), cleaning: String::new(), key: String::new(), timezone: String::new() });
    for index in 0..setting.n_authors {
        let team = Some(Arc::from(format!("team {}", index % n_teams)));
        tally.cells.insert(CellKey { author: Pseudonym(index as u128), team, month: None }, cell(setting, &mut rng));
    }
    let plan = Plan { pairs: vec![GROUPS.map(str::to_owned).into()], min_authors: 5, material: crate::config::MATERIAL_RATIO };
    let findings = analyse(&tally, &plan);
    let any = |is_wanted: &dyn Fn(&crate::stats::GapFinding) -> bool| u32::from(findings.gaps.iter().any(is_wanted));
    let is_real = |q: Option<f64>| q.is_some_and(|q| q <= crate::stats::family::FALSE_DISCOVERY_RATE);
    FamilyOutcome {
        n: u32::from(findings.family_size > 0),
        gaps: u32::try_from(findings.family_size).unwrap_or(u32::MAX),
        any_real: any(&|gap| is_real(gap.q)),
        any_verdict: any(&|gap| matches!(gap.verdict, Verdict::MaterialGap | Verdict::SmallOrUnstableGap)),
    }
}

const GROUPS: [&str; 2] = ["sales", "marketing"];

/// An author's counts, with wording of each kind of gap drawn by itself.
fn cell(setting: &Setting, rng: &mut ChaCha8Rng) -> Cell {
    let naming = naming(setting, rng);
    let names: BTreeMap<Arc<str>, u64> = GROUPS.into_iter().zip(naming).map(|(group, n)| (group.into(), n)).collect();
    let mut cell = Cell { names: names.into_iter().filter(|&(_, n)| n > 0).collect(), words: 1, ..Cell::default() };
    for kind in GapKind::ALL {
        let category = kind.categories()[0];
        for hits in hits(setting, naming, category, rng) {
            let target = Some(Arc::from(GROUPS[hits.group]));
            let entries = hits.entries.into_iter().map(|(_, entry)| entry).collect();
            *cell.hits.entry(HitKey { target, named: true, category, entries }).or_default() += hits.segments;
        }
    }
    cell
}

fn author(setting: &Setting, rng: &mut ChaCha8Rng) -> AuthorEvidence {
    let naming = naming(setting, rng);
    AuthorEvidence { naming, hits: hits(setting, naming, Category::Heroic, rng) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a Poisson variable is a whole number")]
fn naming(setting: &Setting, rng: &mut ChaCha8Rng) -> [u64; 2] {
    setting.mentions.map(|mean| Poisson::new(mean).expect("a positive mean").sample(rng) as u64)
}

fn hits(setting: &Setting, naming: [u64; 2], category: Category, rng: &mut ChaCha8Rng) -> Vec<EntryHits> {
    let shape = setting.author_cv.powi(-2);
    let rate: f64 = Gamma::new(shape, setting.hit_rate / shape).expect("a positive rate and CV").sample(rng);
    let gap: f64 = Normal::new(setting.ratio.ln(), setting.gap_sd).expect("an SD from 0 up").sample(rng);
    let rates = [rate * (gap / 2.0).exp(), rate * (-gap / 2.0).exp()];
    let mut hits: BTreeMap<(usize, usize), u64> = BTreeMap::new();
    for group in [0, 1] {
        let n_hits = Binomial::new(naming[group], rates[group].min(1.0)).expect("a share").sample(rng);
        for _ in 0..n_hits {
            *hits.entry((group, rng.random_range(0..N_ENTRIES))).or_default() += 1;
        }
    }
    let entry = |index: usize| (category, Arc::from(format!("entry {index}")));
    hits.into_iter().map(|((group, index), segments)| EntryHits { group, entries: vec![entry(index)], segments }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(setting: &Setting, n: u32) -> Outcome {
        let mut outcome = Outcome::default();
        (0..n).for_each(|index| outcome += simulate(setting, index));
        outcome
    }

    /// Whether `found` of `n` lies within four standard errors of an expected share; fails for a right share once in 16,000 times, and the
    /// draws are fixed, so that it fails always or never.
    fn is_near(found: u32, n: u32, expected: f64) -> bool {
        let standard_error = (expected * (1.0 - expected) / f64::from(n)).sqrt().max(0.5 / f64::from(n));
        (f64::from(found) / f64::from(n) - expected).abs() <= 4.0 * standard_error
    }

    // The expected shares are the full table's (`cargo run --release --example calibrate`, 2,000 companies a row).
    #[test]
    fn a_short_form_of_the_table_comes_out_as_the_full_one() {
        let null = of(&Setting::usual(30, [40.0, 40.0], 0.03, 1.0), 100);
        assert!(is_near(null.passed, 100, 0.999) && is_near(null.significant, null.passed, 0.047), "{null:?}");
        assert!(is_near(null.covered, null.passed, 0.953) && is_near(null.with(Verdict::NoLargeGap), 100, 0.608), "{null:?}");
        let three = of(&Setting::usual(40, [40.0, 40.0], 0.02, 3.0), 60);
        assert!(is_near(three.with(Verdict::MaterialGap), 60, 0.975) && is_near(three.covered, three.passed, 0.945), "{three:?}");
        let rarely_named = of(&Setting::usual(50, [60.0, 6.0], 0.03, 1.0), 200);
        assert!(is_near(rarely_named.passed, 200, 0.189), "{rarely_named:?}");
    }

    #[test]
    fn a_company_is_the_same_every_time_and_another_index_is_another_company() {
        let setting = Setting::usual(20, [40.0, 40.0], 0.03, 2.0);
        let evidence = |index: u32| {
            let mut rng = draws::rng(COMPANY, &format!("{} {index}", setting.name()));
            (0..20).map(|_| author(&setting, &mut rng)).collect::<Vec<_>>()
        };
        assert_eq!(evidence(7), evidence(7));
        assert_ne!(evidence(7), evidence(8));
    }

    #[test]
    fn a_family_without_a_gap_seldom_has_a_false_alarm() {
        let mut outcome = FamilyOutcome::default();
        (0..20).for_each(|index| outcome += simulate_family(&Setting::usual(60, [40.0, 40.0], 0.03, 1.0), 3, index));
        assert!(outcome.n == 20 && outcome.gaps > 100, "{outcome:?}");
        assert!(outcome.any_real <= 5, "{outcome:?}");
    }
}
