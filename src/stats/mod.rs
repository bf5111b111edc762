//! Counts → evidence: levels with intervals, gaps within author and what is said of them. Nothing here decides what may be shown.

pub mod between;
mod draws;
pub mod entries;
pub mod evidence;
pub mod exploratory;
pub mod family;
pub mod gap;
pub mod gate;
pub mod gendered;
pub mod interval;
pub mod keyness;
pub mod level;
mod partition;
pub mod planning;
pub mod power;
pub mod quarters;
pub mod rallying;
pub mod replies;
pub mod since;
pub mod spread;
pub mod stability;
pub mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Contrast;
use crate::lexicon::Category;
use crate::tally::{CellKey, HitKey, Month, Tally};
use between::BetweenFinding;
use entries::EntryFinding;
use evidence::{AuthorEvidence, EntryHits};
use gap::Gap;
use gate::Missing;
use gendered::GenderedFinding;
use level::{AuthorCount, Level};
use partition::AuthorTotal;
use quarters::QuarterFinding;
use rallying::MeetingFinding;
use replies::ReplyFinding;
use stability::Stability;
use verdict::Verdict;

/// Confidence of the printed intervals.
pub const CONFIDENCE: f64 = 0.95;

/// Who speaks: an author's team at the time of writing, or the whole company.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Speaker {
    /// Everybody who is not left out.
    Company,
    /// A team.
    Team(Arc<str>),
    /// Teams that are too small to stand alone, together.
    OtherTeams,
    /// Authors whom the roster does not know.
    NotInRoster,
}

/// What is compared within author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapKind {
    /// Heroic wording, first group of the pair ÷ second.
    Praise,
    /// Ivory-tower and past-failure wording, second group ÷ first.
    Scorn,
    /// Collaboration wording, first group ÷ second.
    Credit,
}

impl GapKind {
    /// All kinds, in the order of the report.
    pub const ALL: [Self; 3] = [Self::Praise, Self::Scorn, Self::Credit];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Praise => "praise",
            Self::Scorn => "scorn",
            Self::Credit => "credit",
        }
    }

    /// Its categories.
    #[must_use]
    pub const fn categories(self) -> &'static [Category] {
        match self {
            Self::Praise => &[Category::Heroic],
            Self::Scorn => &[Category::IvoryTower, Category::PastFailure],
            Self::Credit => &[Category::Collaboration],
        }
    }

    /// Numerator and denominator of a pair, in the direction in which the gap is usually suspected.
    #[must_use]
    pub const fn direction(self, pair: &(String, String)) -> (&String, &String) {
        match self {
            Self::Praise | Self::Credit => (&pair.0, &pair.1),
            Self::Scorn => (&pair.1, &pair.0),
        }
    }
}

/// What to compute.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Pairs of groups that are compared within author.
    pub pairs: Vec<(String, String)>,
    /// Teams with fewer authors are added up as "other teams", or left out, of the totals too.
    pub min_authors: usize,
    /// The least ratio of a material gap, above 1 ([`crate::config::MATERIAL_RATIO`]).
    pub material: f64,
}

impl Plan {
    /// The plan of a configuration.
    #[must_use]
    pub fn new(contrast: &Contrast, min_authors: usize) -> Self {
        Self { pairs: contrast.pairs.clone(), min_authors, material: contrast.material_ratio }
    }
}

/// A speaker and how much it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeakerCount {
    /// Who.
    pub speaker: Speaker,
    /// Authors.
    pub n_authors: usize,
    /// Messages kept.
    pub messages: u64,
    /// Own words.
    pub words: u64,
}

/// How often a speaker uses a category, about anyone or about one group.
#[derive(Debug, Clone)]
pub struct LevelFinding {
    /// Who speaks.
    pub speaker: Speaker,
    /// Of what category.
    pub category: Category,
    /// About whom: `None` counts every hit per word, `Some` the hits about a group per segment that names it.
    pub target: Option<Arc<str>>,
    /// The evidence; exposure is in words (`target: None`) or naming segments.
    pub level: Level,
}

/// Whether the same authors frame two groups differently.
#[derive(Debug, Clone)]
pub struct GapFinding {
    /// Whose authors.
    pub speaker: Speaker,
    /// What is compared.
    pub kind: GapKind,
    /// Group on top.
    pub numerator: Arc<str>,
    /// Group below.
    pub denominator: Arc<str>,
    /// The evidence, over the authors who name both groups.
    pub gap: Gap,
    /// What the gate misses; empty where it is passed.
    pub missing: Vec<Missing>,
    /// What hangs on one author or entry; looked at where the gate is passed.
    pub stability: Stability,
    /// How unevenly the authors use such wording ([`spread::author_cv`]).
    pub author_cv: Option<f64>,
    /// False discovery rate within the family; none outside of it.
    pub q: Option<f64>,
    /// What is said of it.
    pub verdict: Verdict,
}

/// All evidence.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Speakers, the company first.
    pub speakers: Vec<SpeakerCount>,
    /// Teams that were added up as "other teams", and how many authors each has.
    pub pooled: BTreeMap<Arc<str>, usize>,
    /// Teams that are too small even together.
    pub left_out: BTreeSet<Arc<str>>,
    /// Authors whom the roster does not know and who were pooled or left out because they are too few.
    pub few_not_in_roster: bool,
    /// First and last month with a message.
    pub months: Option<(Month, Month)>,
    /// Levels per word, then per naming segment.
    pub levels: Vec<LevelFinding>,
    /// Gaps.
    pub gaps: Vec<GapFinding>,
    /// The levels of the two teams of each pair, side by side.
    pub between: Vec<BetweenFinding>,
    /// Levels by quarter.
    pub quarters: Vec<QuarterFinding>,
    /// Gendered wording about the groups that are compared, beside the scorn about them.
    pub gendered: Vec<GenderedFinding>,
    /// How the speakers answer the teams.
    pub replies: Vec<ReplyFinding>,
    /// Where the two teams of each pair meet, if both can stand alone.
    pub meetings: Vec<MeetingFinding>,
    /// Which entries make the company's hits about the groups that are compared.
    pub entries: Vec<EntryFinding>,
    /// How many gaps are judged together: those of all speakers, pairs and kinds that passed the gate and are not under the floor.
    pub family_size: usize,
    /// The least ratio of a material gap.
    pub material: f64,
}

/// Computes all evidence from a tally.
#[must_use]
pub fn analyse(tally: &Tally, plan: &Plan) -> Findings {
    let partition = partition::partition(partition::by_team(tally.cells.iter()), plan.min_authors);
    let mut findings = Findings {
        speakers: Vec::new(),
        pooled: partition.pooled,
        left_out: partition.left_out,
        few_not_in_roster: partition.few_not_in_roster,
        months: months(tally.cells.keys()),
        levels: Vec::new(),
        gaps: Vec::new(),
        between: Vec::new(),
        quarters: quarters::findings(tally, &partition.speakers, plan.min_authors),
        gendered: Vec::new(),
        replies: Vec::new(),
        meetings: Vec::new(),
        entries: Vec::new(),
        family_size: 0,
        material: plan.material,
    };
    // The order of pseudonyms depends on the key; nothing below may.
    let speakers: Vec<(Speaker, Vec<AuthorTotal>)> =
        partition.speakers.into_iter().map(|(speaker, authors)| (speaker, authors.into_values().collect())).collect();
    let groups: BTreeSet<Arc<str>> =
        speakers.iter().flat_map(|(_, authors)| authors.iter().flat_map(|author| author.total.names.keys().cloned())).collect();
    for (speaker, authors) in &speakers {
        findings.speakers.push(SpeakerCount {
            speaker: speaker.clone(),
            n_authors: authors.len(),
            messages: authors.iter().map(|author| author.total.messages).sum(),
            words: authors.iter().map(|author| author.total.words).sum(),
        });
        // Most authors name few of the groups.
        let mut naming: BTreeMap<&Arc<str>, Vec<&AuthorTotal>> = groups.iter().map(|group| (group, Vec::new())).collect();
        for author in authors {
            for group in author.total.names.keys() {
                naming.entry(group).or_default().push(author);
            }
        }
        for category in Category::ALL {
            findings.levels.push(level_of(speaker, authors, category, None));
            findings.levels.extend(naming.iter().map(|(group, authors)| level_of(speaker, authors.iter().copied(), category, Some(group))));
        }
        for pair in &plan.pairs {
            findings.gaps.extend(GapKind::ALL.map(|kind| gap_of(speaker, authors, kind, pair, tally)));
        }
    }
    findings.between = between::findings(&speakers, &plan.pairs);
    findings.gendered = gendered::findings(&speakers, &plan.pairs, tally);
    findings.replies = replies::findings(&speakers);
    findings.entries = entries::findings(&speakers, &plan.pairs);
    let team = |name: &String| {
        speakers.iter().find_map(|(speaker, _)| if let Speaker::Team(team) = speaker { (**team == **name).then_some(team) } else { None })
    };
    let teams = plan.pairs.iter().filter_map(|(first, second)| Some([team(first)?, team(second)?]));
    findings.meetings = teams.flat_map(|pair| rallying::meetings(tally, pair)).collect();
    judge(&mut findings, plan);
    findings
}

/// Gives every gap its place in the family and its verdict. Gaps under the floor stay out of the family: its size and the others' rates
/// would tell of them.
fn judge(findings: &mut Findings, plan: &Plan) {
    let is_member = |gap: &GapFinding| gap.missing.is_empty() && gap.gap.counts.n_naming_both >= plan.min_authors;
    let p_values: Vec<f64> = findings.gaps.iter().filter(|gap| is_member(gap)).map(|gap| gap.gap.p).collect();
    findings.family_size = p_values.len();
    let mut q_values = family::q_values(&p_values).into_iter();
    for gap in &mut findings.gaps {
        gap.q = if is_member(gap) { q_values.next() } else { None };
        gap.verdict = verdict::verdict(&gap.gap, &gap.missing, gap.q, &gap.stability, plan.material);
    }
}

fn months<'a>(keys: impl Iterator<Item = &'a CellKey>) -> Option<(Month, Month)> {
    let months: BTreeSet<Month> = keys.filter_map(|key| key.month).collect();
    months.first().copied().zip(months.last().copied())
}

/// A level over some authors, among them all who have part in it.
fn level_of<'a>(
    speaker: &Speaker,
    authors: impl IntoIterator<Item = &'a AuthorTotal>,
    category: Category,
    target: Option<&Arc<str>>,
) -> LevelFinding {
    let counts = authors.into_iter().map(|author| author.count(category, target));
    let mut counts: Vec<AuthorCount> = counts.filter(|count| count.exposure > 0).collect();
    counts.sort_unstable_by_key(|count| (count.exposure, count.hits));
    LevelFinding { speaker: speaker.clone(), category, target: target.cloned(), level: level::level(&counts, CONFIDENCE) }
}

fn gap_of(speaker: &Speaker, authors: &[AuthorTotal], kind: GapKind, pair: &(String, String), tally: &Tally) -> GapFinding {
    let (numerator, denominator) = kind.direction(pair);
    let evidence: Vec<AuthorEvidence> =
        authors.iter().filter_map(|author| evidence_of(author, kind, [numerator, denominator], tally)).collect();
    let Assessed { gap, missing, stability, author_cv } =
        assess(&evidence, &format!("{} {} {numerator} {denominator}", speaker.name(), kind.name()));
    GapFinding {
        speaker: speaker.clone(),
        kind,
        numerator: numerator.as_str().into(),
        denominator: denominator.as_str().into(),
        gap,
        missing,
        stability,
        author_cv,
        q: None,
        verdict: Verdict::Insufficient,
    }
}

/// A gap, its gate and its stability, before the others of its family are known.
struct Assessed {
    gap: Gap,
    missing: Vec<Missing>,
    stability: Stability,
    author_cv: Option<f64>,
}

/// Assesses the authors who name both groups; `name` seeds the draws.
fn assess(authors: &[AuthorEvidence], name: &str) -> Assessed {
    let pairs = evidence::pairs(authors);
    let gap = gap::gap(&pairs, name);
    let missing = gate::missing(&gap.counts, authors);
    let stability = if missing.is_empty() { Stability::of(authors) } else { Stability::default() };
    Assessed { gap, missing, stability, author_cv: spread::author_cv(&pairs) }
}

/// What an author says of the two groups, from hits named in the segment and entries that could be said of any team; none of an author who
/// does not name both: that one adds nothing to the ratio and would let the gate pass on counts that cannot support it.
fn evidence_of(author: &AuthorTotal, kind: GapKind, groups: [&String; 2], tally: &Tally) -> Option<AuthorEvidence> {
    let naming = groups.map(|group| author.total.names.get(group.as_str()).copied().unwrap_or(0));
    if naming.contains(&0) {
        return None;
    }
    let group_of = |hit: &HitKey| groups.iter().position(|group| hit.named && hit.target.as_deref() == Some(group.as_str()));
    let is_swappable = |entry: &evidence::Entry| !tally.not_swappable.contains(entry);
    let hits = author.total.hits.iter().filter(|(hit, _)| kind.categories().contains(&hit.category));
    let hits = hits.filter_map(|(hit, &segments)| {
        let group = group_of(hit)?;
        let entries: Vec<_> = hit.entries.iter().map(|entry| (hit.category, Arc::clone(entry))).filter(is_swappable).collect();
        (!entries.is_empty()).then_some(EntryHits { group, entries, segments })
    });
    Some(AuthorEvidence { naming, hits: hits.collect() })
}

impl Speaker {
    /// The name in files and reports.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Company => "company",
            Self::Team(team) => team,
            Self::OtherTeams => "other teams",
            Self::NotInRoster => "not in roster",
        }
    }
}
