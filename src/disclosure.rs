//! Findings → what may be shown. Reports take [`Disclosed`] and nothing else, so that no figure of fewer than `min_authors` people and no
//! count of hits can slip by.
//!
//! Rules: no speaker under the floor (small teams were pooled or left out, of the totals too, by [`crate::stats`]); no rate about a group
//! that fewer than the floor name; `few` instead of a rate where fewer than three authors have a hit; rates to two significant figures;
//! the verdict on a gap that is not shown is `suppressed`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::MIN_AUTHORS;
use crate::lexicon::Category;
use crate::stats::between::{Between, BetweenFinding};
use crate::stats::family::FALSE_DISCOVERY_RATE;
use crate::stats::gap::Gap;
use crate::stats::gate::Missing;
use crate::stats::gendered::GenderedFinding;
use crate::stats::interval::Interval;
use crate::stats::level::Level;
use crate::stats::planning::{self, Row};
use crate::stats::quarters::{Quarter, QuarterFinding};
use crate::stats::replies::{ReplyFinding, Tone};
use crate::stats::stability::WeakPoint;
use crate::stats::verdict::{self, Verdict};
use crate::stats::{Findings, GapFinding, GapKind, LevelFinding, Speaker, SpeakerCount, spread};
use crate::tally::{Intake, Month, Origin, Tally};
use crate::validation::Validation;

/// Fewest authors with a hit behind a printed rate.
pub const MIN_AUTHORS_WITH_HIT: usize = 3;

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shown<T> {
    /// It may be shown.
    Value(T),
    /// Fewer than three authors have a hit, but some do.
    Few,
    /// Fewer than the floor are behind it.
    Hidden,
    /// Nothing to measure: nobody names the group, or there is no hit on either side of a ratio.
    NoData,
}

/// Hits per 1,000 words or naming segments, to two significant figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// Hits per 1,000.
    pub per_1000: f64,
    /// 95 % jackknife interval, same unit; none where there is no hit.
    pub interval: Option<Interval>,
}

/// A level that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownLevel {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category.
    pub category: Category,
    /// About whom: `None` per 1,000 own words, `Some` per 1,000 segments that name the group.
    pub target: Option<Arc<str>>,
    /// The rate.
    pub rate: Shown<Rate>,
}

/// A ratio within author that may be shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// Mantel–Haenszel ratio, to two significant figures; infinite where only the group on top has hits.
    pub ratio: f64,
    /// 95 % interval from random subsets of authors.
    pub interval: Interval,
    /// Authors who name both groups.
    pub n_authors: usize,
}

impl Ratio {
    /// Whether the interval excludes 1.
    #[must_use]
    pub fn excludes_one(&self) -> bool {
        self.interval.excludes(1.0)
    }
}

/// What is said of a gap, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownVerdict {
    /// The verdict; `suppressed` wherever the ratio is hidden or rests on too few authors with a hit.
    pub verdict: Verdict,
    /// False discovery rate within the family, to two significant figures; none outside of the family.
    pub q: Option<f64>,
    /// What the gate misses; hits rounded up to fives and segments to fifties, so that no small count can be had from it.
    pub missing: Vec<Missing>,
    /// The row of the planning table that is nearest to what was measured, where more data are missing.
    pub planning: Option<Row>,
    /// What a gap that is real and large enough hangs on.
    pub weak_points: Vec<WeakPoint>,
    /// For a real gap: it is gone if the precision about the group that is hit more often is below this while about the other group it is
    /// [`spread::ASSUMED_PRECISION`].
    pub vanishing_precision: Option<f64>,
    /// Coefficient of variation of the authors' rates where it is so high that intervals are known to be a little narrow.
    pub high_author_cv: Option<f64>,
}

impl ShownVerdict {
    /// The verdict on a hidden gap.
    pub const SUPPRESSED: Self = Self {
        verdict: Verdict::Suppressed,
        q: None,
        missing: Vec::new(),
        planning: None,
        weak_points: Vec::new(),
        vanishing_precision: None,
        high_author_cv: None,
    };

    /// Whether the false discovery rate calls the difference real.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.q.is_some_and(|q| q <= FALSE_DISCOVERY_RATE)
    }
}

/// A gap that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownGap {
    /// Whose authors.
    pub speaker: Speaker,
    /// What is compared.
    pub kind: GapKind,
    /// Group on top.
    pub numerator: Arc<str>,
    /// Group below.
    pub denominator: Arc<str>,
    /// The ratio.
    pub ratio: Shown<Ratio>,
    /// What is said of it.
    pub verdict: ShownVerdict,
}

/// A level by quarter that may be shown: all of its quarters, or none of them, for a missing one could be had from the others and the
/// level of the whole period.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownQuarters {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category; hits per 1,000 own words, about anyone.
    pub category: Category,
    /// The rates.
    pub rates: Vec<(Quarter, Rate)>,
    /// The last quarter ÷ the one before, within the authors who wrote in both.
    pub change: Shown<Ratio>,
}

/// Two teams' levels side by side; shown where both levels are.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownBetween {
    /// Team on top.
    pub first: Arc<str>,
    /// Team below.
    pub second: Arc<str>,
    /// Category; hits per own word, about anyone.
    pub category: Category,
    /// Ratio of the rates, to two significant figures.
    pub ratio: f64,
    /// 95 % jackknife-t interval.
    pub interval: Interval,
    /// p-value of the studentised permutation of author labels, to two significant figures.
    pub p: f64,
}

/// Gendered wording about a group beside the scorn about it, per 1,000 segments that name the group.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownGendered {
    /// Who speaks.
    pub speaker: Speaker,
    /// About whom.
    pub target: Arc<str>,
    /// Any gendered wording.
    pub gendered: Shown<Rate>,
    /// Adjectives coded masculine, then feminine.
    pub coded: [Shown<Rate>; 2],
    /// Ivory-tower and past-failure wording.
    pub scorn: Shown<Rate>,
}

/// How a speaker answers a team.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownReplies {
    /// Who answers.
    pub speaker: Speaker,
    /// Whose messages are answered.
    pub to_team: Arc<str>,
    /// Authors of the speaker.
    pub n_authors: usize,
    /// Those who have answered the team; hidden if they are fewer than the floor, no data if nobody has.
    pub n_replying: Shown<usize>,
    /// Hits about the team per 1,000 segments of the replies, in the order of [`Tone::ALL`].
    pub tones: [Shown<Rate>; 3],
}

impl ShownReplies {
    /// The rate of a tone.
    #[must_use]
    pub fn tone(&self, wanted: Tone) -> Shown<Rate> {
        Tone::ALL.into_iter().zip(self.tones).find(|&(tone, _)| tone == wanted).map_or(Shown::NoData, |(_, rate)| rate)
    }
}

/// All that a report may know.
#[derive(Debug, Clone)]
pub struct Disclosed {
    /// What the tally was made with.
    pub origin: Origin,
    /// Fingerprints of the rosters; empty where there was none.
    pub rosters: BTreeSet<String>,
    /// What was read and left out.
    pub intake: Intake,
    /// Smallest number of authors behind a figure.
    pub min_authors: usize,
    /// First and last month.
    pub months: Option<(Month, Month)>,
    /// Speakers, the company first; there is always a company unless nobody is left.
    pub speakers: Vec<SpeakerCount>,
    /// Teams that were added up as "other teams".
    pub pooled: Vec<Arc<str>>,
    /// Teams that are left out, of the totals too.
    pub left_out: Vec<Arc<str>>,
    /// Whether authors whom the roster does not know were pooled or left out because they are too few.
    pub few_not_in_roster: bool,
    /// Authors that occur in more than one of the tallies that were added up.
    pub shared_authors: u64,
    /// Levels.
    pub levels: Vec<ShownLevel>,
    /// Gaps.
    pub gaps: Vec<ShownGap>,
    /// Levels by quarter, where there are two quarters or more.
    pub quarters: Vec<ShownQuarters>,
    /// The two teams of each pair side by side.
    pub between: Vec<ShownBetween>,
    /// Gendered wording about the groups that are compared, beside the scorn about them.
    pub gendered: Vec<ShownGendered>,
    /// How the speakers answer the teams.
    pub replies: Vec<ShownReplies>,
    /// How many gaps are judged together.
    pub family_size: usize,
    /// The least ratio of a material gap.
    pub material_ratio: f64,
    /// Share of the hits that weighted cues made, to two significant figures; no data where they made none.
    pub share_of_cues: Shown<f64>,
    /// What a coded sample says of the lexicons, if there is one; it may be of other lexicons.
    pub validation: Option<Validation>,
}

impl Disclosed {
    /// Whether a coded sample was scored with the lexicons that these figures are made with.
    #[must_use]
    pub fn valid_score(&self) -> Option<&Validation> {
        self.validation.as_ref().filter(|validation| validation.lexicons == self.origin.lexicons)
    }

    /// Whether the floor is lower than what may be passed round.
    #[must_use]
    pub const fn is_not_for_circulation(&self) -> bool {
        self.min_authors < MIN_AUTHORS
    }

    /// A level, if the speaker and target exist.
    #[must_use]
    pub fn level(&self, speaker: &Speaker, category: Category, target: Option<&str>) -> Option<&ShownLevel> {
        self.levels.iter().find(|level| level.speaker == *speaker && level.category == category && level.target.as_deref() == target)
    }

    /// Groups that anybody names, in order of name.
    #[must_use]
    pub fn targets(&self) -> Vec<Arc<str>> {
        let targets: BTreeSet<_> = self.levels.iter().filter_map(|level| level.target.clone()).collect();
        targets.into_iter().collect()
    }
}

/// Hides what the floor hides.
#[must_use]
pub fn disclose(findings: Findings, tally: &Tally, min_authors: usize) -> Disclosed {
    let names = |teams: BTreeMap<Arc<str>, usize>| teams.into_keys().collect();
    let hides_company = findings.speakers.iter().any(|count| count.speaker == Speaker::Company && count.n_authors < min_authors);
    let share_of_cues = if hides_company { Shown::Hidden } else { share_of_cues(tally, &findings) };
    Disclosed {
        origin: tally.origin.clone(),
        rosters: tally.rosters.clone(),
        intake: tally.intake,
        min_authors,
        months: findings.months,
        levels: findings.levels.into_iter().map(|level| disclose_level(level, min_authors)).collect(),
        gaps: findings.gaps.into_iter().map(|gap| disclose_gap(gap, min_authors, findings.material)).collect(),
        quarters: findings.quarters.into_iter().filter_map(|finding| disclose_quarters(finding, min_authors)).collect(),
        between: findings.between.into_iter().filter_map(disclose_between).collect(),
        gendered: findings.gendered.into_iter().map(|finding| disclose_gendered(finding, min_authors)).collect(),
        replies: findings.replies.into_iter().map(|finding| disclose_replies(finding, min_authors)).collect(),
        family_size: findings.family_size,
        material_ratio: findings.material,
        speakers: if hides_company { Vec::new() } else { findings.speakers },
        pooled: names(findings.pooled),
        left_out: findings.left_out.into_iter().collect(),
        few_not_in_roster: findings.few_not_in_roster,
        shared_authors: tally.shared_authors,
        share_of_cues,
        validation: None,
    }
}

/// How much of what is shown rests on cues, over the authors who are not left out.
fn share_of_cues(tally: &Tally, findings: &Findings) -> Shown<f64> {
    let (mut n_hits, mut n_of_cues) = (0, 0);
    let mut authors = BTreeSet::new();
    for (key, cell) in &tally.cells {
        let is_left_out = match &key.team {
            Some(team) => findings.left_out.contains(team),
            None => findings.few_not_in_roster,
        };
        for (hit, n) in cell.hits.iter().filter(|_| !is_left_out) {
            n_hits += n;
            if hit.is_of_cues() {
                n_of_cues += n;
                authors.insert(key.author);
            }
        }
    }
    match authors.len() {
        0 => Shown::NoData,
        n if n < MIN_AUTHORS_WITH_HIT => Shown::Few,
        _ => Shown::Value(two_figures(n_of_cues as f64 / n_hits as f64)),
    }
}

fn disclose_level(finding: LevelFinding, min_authors: usize) -> ShownLevel {
    let LevelFinding { speaker, category, target, level } = finding;
    ShownLevel { speaker, category, target, rate: rate_of(&level, min_authors) }
}

fn rate_of(level: &Level, min_authors: usize) -> Shown<Rate> {
    if level.exposure == 0 {
        Shown::NoData
    } else if level.n_authors < min_authors {
        Shown::Hidden
    } else if level.hits > 0 && level.n_authors_with_hit < MIN_AUTHORS_WITH_HIT {
        Shown::Few
    } else {
        let per_1000 = |rate: f64| two_figures(1000.0 * rate);
        let interval = level.interval.map(|interval| Interval { low: interval.low.map(per_1000), high: interval.high.map(per_1000) });
        Shown::Value(Rate { per_1000: per_1000(level.rate), interval })
    }
}

/// A ratio within author, where it may be shown.
fn ratio_of(gap: &Gap, min_authors: usize) -> Shown<Ratio> {
    let n_authors = gap.counts.n_naming_both;
    if n_authors == 0 {
        return Shown::NoData;
    }
    if n_authors < min_authors {
        return Shown::Hidden;
    }
    match gap.ratio {
        None => Shown::NoData,
        Some(_) if gap.counts.n_contributing < MIN_AUTHORS_WITH_HIT => Shown::Few,
        Some(ratio) => Shown::Value(Ratio { ratio: two_figures(ratio), interval: rounded_ends(gap.interval), n_authors }),
    }
}

/// An interval to two significant figures, unless rounding would move an end onto or over 1.
fn rounded_ends(interval: Interval) -> Interval {
    let rounded = Interval { low: interval.low.map(two_figures), high: interval.high.map(two_figures) };
    if rounded.excludes(1.0) == interval.excludes(1.0) { rounded } else { interval }
}

fn disclose_quarters(finding: QuarterFinding, min_authors: usize) -> Option<ShownQuarters> {
    let QuarterFinding { speaker, category, levels, change } = finding;
    let value = |(quarter, level): (Quarter, Level)| match rate_of(&level, min_authors) {
        Shown::Value(rate) => Some((quarter, rate)),
        Shown::Few | Shown::Hidden | Shown::NoData => None,
    };
    let rates: Vec<(Quarter, Rate)> = levels.into_iter().map(value).collect::<Option<_>>()?;
    let change = change.map_or(Shown::NoData, |change| ratio_of(&change, min_authors));
    (rates.len() > 1).then_some(ShownQuarters { speaker, category, rates, change })
}

/// Speakers are above the floor, and both teams have three authors with a hit wherever there is a comparison.
fn disclose_between(finding: BetweenFinding) -> Option<ShownBetween> {
    let BetweenFinding { first, second, category, between } = finding;
    let Between { ratio, p } = between?;
    Some(ShownBetween {
        first,
        second,
        category,
        ratio: two_figures(ratio.ratio),
        interval: rounded_ends(ratio.interval),
        p: two_figures(p),
    })
}

fn disclose_gendered(finding: GenderedFinding, min_authors: usize) -> ShownGendered {
    let GenderedFinding { speaker, target, gendered, coded, scorn } = finding;
    let rate = |level: Level| rate_of(&level, min_authors);
    ShownGendered { speaker, target, gendered: rate(gendered), coded: coded.map(rate), scorn: rate(scorn) }
}

fn disclose_replies(finding: ReplyFinding, min_authors: usize) -> ShownReplies {
    let ReplyFinding { speaker, to_team, n_authors, n_replying, tones } = finding;
    let n_replying = match n_replying {
        0 => Shown::NoData,
        n if n < min_authors => Shown::Hidden,
        n => Shown::Value(n),
    };
    ShownReplies { speaker, to_team, n_authors, n_replying, tones: tones.map(|level| rate_of(&level, min_authors)) }
}

fn disclose_gap(finding: GapFinding, min_authors: usize, material: f64) -> ShownGap {
    let ratio = ratio_of(&finding.gap, min_authors);
    let verdict = match ratio {
        Shown::Value(_) | Shown::NoData => disclose_verdict(&finding, material),
        Shown::Few | Shown::Hidden => ShownVerdict::SUPPRESSED,
    };
    let GapFinding { speaker, kind, numerator, denominator, .. } = finding;
    ShownGap { speaker, kind, numerator, denominator, ratio, verdict }
}

fn disclose_verdict(finding: &GapFinding, material: f64) -> ShownVerdict {
    let gap = &finding.gap;
    let real = gap.ratio.filter(|_| finding.q.is_some_and(|q| q <= FALSE_DISCOVERY_RATE));
    let nearest_end = real.and_then(|ratio| if ratio >= 1.0 { gap.interval.low } else { gap.interval.high.map(f64::recip) });
    ShownVerdict {
        verdict: finding.verdict,
        q: finding.q.map(two_figures),
        missing: finding.missing.iter().copied().map(rounded).collect(),
        planning: if finding.missing.iter().all(|&missing| missing == Missing::SecondEntry) { None } else { nearest_row(finding) },
        weak_points: real
            .filter(|&ratio| verdict::size(ratio) >= material)
            .map_or_else(Vec::new, |ratio| finding.stability.weak_points(ratio, material)),
        vanishing_precision: nearest_end.map(|end| two_figures(spread::vanishing_precision(end, spread::ASSUMED_PRECISION))),
        high_author_cv: finding.author_cv.filter(|&cv| cv > spread::HIGH_AUTHOR_CV).map(two_figures),
    }
}

/// What is missing in steps too coarse to work out a few people's hits or segments from it.
fn rounded(missing: Missing) -> Missing {
    match missing {
        Missing::Hits(more) => Missing::Hits(more.next_multiple_of(5)),
        Missing::NamingSegments { group, more } => Missing::NamingSegments { group, more: more.next_multiple_of(50) },
        Missing::ExpectedHits { group, more } => Missing::ExpectedHits { group, more: more.next_multiple_of(5) },
        Missing::AuthorsNamingBoth(_) | Missing::AuthorsWithHit(_) | Missing::EffectiveAuthors(_) | Missing::SecondEntry => missing,
    }
}

fn nearest_row(finding: &GapFinding) -> Option<Row> {
    let counts = &finding.gap.counts;
    let naming = counts.naming[0] + counts.naming[1];
    if naming == 0 {
        return None;
    }
    let mentions = counts.naming.map(|n| n as f64 / counts.n_naming_both as f64);
    planning::nearest(counts.n_naming_both, mentions, (counts.hits[0] + counts.hits[1]) as f64 / naming as f64)
}

/// Two significant figures: enough to act on, too few to count single people back.
#[must_use]
pub fn two_figures(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    // Through decimal text, so that the result is the double nearest to the printed number.
    format!("{value:.1e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::level::{AuthorCount, level};

    fn shown(authors: &[AuthorCount]) -> Shown<Rate> {
        let finding = LevelFinding { speaker: Speaker::Company, category: Category::Heroic, target: None, level: level(authors, 0.95) };
        disclose_level(finding, 5).rate
    }

    #[test]
    fn a_rate_needs_the_floor_and_three_authors_with_a_hit() {
        let author = |hits| AuthorCount { hits, exposure: 1000 };
        assert_eq!(shown(&[author(1); 4]), Shown::Hidden);
        assert_eq!(shown(&[author(5), author(5), author(0), author(0), author(0)]), Shown::Few);
        assert_eq!(shown(&[author(0); 5]), Shown::Value(Rate { per_1000: 0.0, interval: None }));
        assert!(
            matches!(shown(&[author(1), author(1), author(1), author(0), author(0)]), Shown::Value(rate) if (rate.per_1000 - 0.6).abs() < 1e-12)
        );
    }

    #[test]
    fn rates_have_two_significant_figures() {
        let printed = [0.012_345, 1.0, 1234.0].map(|value| two_figures(value).to_string());
        assert_eq!(printed, ["0.012", "1", "1200"]);
    }
}
