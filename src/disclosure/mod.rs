//! Findings → what may be shown. Reports take [`Disclosed`] and nothing else, so that no figure of fewer than `min_authors` people and no
//! count of hits can slip by.
//!
//! Rules: no speaker under the floor (small teams were pooled or left out, of the totals too, by [`crate::stats`]); no rate about a group
//! that fewer than the floor name; none of which one author or two wrote too much (`rules`); `few` instead of a rate where fewer than three
//! authors have a hit; no sum from which a hidden part could be had (`sums`); two significant figures; the verdict on a gap that is not
//! shown is `suppressed`. Every figure that is not shown says why ([`Shown`], [`Why`]).

pub mod comparison;
mod entries;
mod figures;
mod rules;
mod shown;
mod sums;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::MIN_AUTHORS;
use crate::lexicon::{Category, Entry, Lexicons};
use crate::stats::{Findings, Speaker};
use crate::tally::{Intake, Month, Origin, Tally};
use crate::validation::Validation;
use comparison::Comparison;
use rules::Rules;
pub use rules::{MAX_PERCENT_OF_ONE, MAX_PERCENT_OF_TWO, MIN_AUTHORS_WITH_HIT, Why};
pub use shown::{
    Rate, Ratio, Shown, ShownBetween, ShownEntries, ShownEntry, ShownGap, ShownGendered, ShownLevel, ShownMeeting, ShownQuarters,
    ShownReplies, ShownSpeaker, ShownVerdict, two_figures,
};
use sums::Sums;

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
    pub speakers: Vec<ShownSpeaker>,
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
    /// Where the two teams of each pair meet.
    pub meetings: Vec<ShownMeeting>,
    /// Which entries make the company's hits about the groups that are compared.
    pub entries: Vec<ShownEntries>,
    /// How many gaps are judged together.
    pub family_size: usize,
    /// The least ratio of a material gap.
    pub material_ratio: f64,
    /// Share of the hits that weighted cues made, to two significant figures; no data where they made none.
    pub share_of_cues: Shown<f64>,
    /// What a coded sample says of the lexicons, if there is one; it may be of other lexicons.
    pub validation: Option<Validation>,
    /// What changed since an earlier report, if there is one.
    pub comparison: Option<Comparison>,
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

    /// Whether some authors are in no figure at all.
    #[must_use]
    pub fn leaves_somebody_out(&self) -> bool {
        let is_pooled = self.speakers.iter().any(|count| count.speaker == Speaker::OtherTeams);
        !self.left_out.is_empty() || (self.few_not_in_roster && !is_pooled)
    }

    /// A level, if the speaker and target exist.
    #[must_use]
    pub fn level(&self, speaker: &Speaker, category: Category, target: Option<&str>) -> Option<&ShownLevel> {
        self.levels.iter().find(|level| level.speaker == *speaker && level.category == category && level.target.as_deref() == target)
    }

    /// Tells in which sense the listed entries count, if these are the lexicons that the figures are made with.
    pub fn tell_senses(&mut self, lexicons: &Lexicons) {
        if lexicons.fingerprint() != self.origin.lexicons {
            return;
        }
        for shown in &mut self.entries {
            for entry in &mut shown.entries {
                let is_meant = |known: &&Entry| known.category == shown.category && *known.name == *entry.name;
                entry.sense = lexicons.entries.iter().find(is_meant).map(|known| known.sense.clone());
            }
        }
    }

    /// Groups that anybody names, in order of name.
    #[must_use]
    pub fn targets(&self) -> Vec<Arc<str>> {
        let targets: BTreeSet<_> = self.levels.iter().filter_map(|level| level.target.clone()).collect();
        targets.into_iter().collect()
    }
}

/// Hides what may not be shown.
#[must_use]
pub fn disclose(findings: Findings, tally: &Tally, min_authors: usize) -> Disclosed {
    let sums = Sums::new(&findings.speakers, Rules { min_authors });
    let hides_company = findings.speakers.iter().any(|count| count.speaker == Speaker::Company && count.n_authors < min_authors);
    let is_pooled = findings.speakers.iter().any(|count| count.speaker == Speaker::OtherTeams);
    let leaves_somebody_out = !findings.left_out.is_empty() || (findings.few_not_in_roster && !is_pooled);
    let share_of_cues = if hides_company { Shown::Hidden(Why::TooFewAuthors) } else { share_of_cues(tally, &findings) };
    let speakers =
        if hides_company { Vec::new() } else { figures::speakers(findings.speakers, &findings.levels, sums, leaves_somebody_out) };
    let levels = figures::levels(findings.levels, sums);
    Disclosed {
        origin: tally.origin.clone(),
        rosters: tally.rosters.clone(),
        intake: tally.intake,
        min_authors,
        months: findings.months,
        speakers,
        pooled: findings.pooled.into_keys().collect(),
        left_out: findings.left_out.into_iter().collect(),
        few_not_in_roster: findings.few_not_in_roster,
        shared_authors: tally.shared_authors,
        gaps: figures::gaps(findings.gaps, sums, findings.material),
        quarters: figures::quarters(findings.quarters, sums),
        between: figures::between(findings.between, &levels),
        gendered: figures::gendered(&findings.gendered, &levels, sums),
        replies: figures::replies(&findings.replies, sums),
        meetings: figures::meetings(findings.meetings, sums.rules),
        entries: entries::entries(&findings.entries, &levels, tally, sums.rules),
        levels,
        family_size: findings.family_size,
        material_ratio: findings.material,
        share_of_cues,
        validation: None,
        comparison: None,
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
