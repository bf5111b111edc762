//! Counts → evidence: levels with intervals, gaps within author. Nothing here decides what may be shown.

pub mod gap;
pub mod interval;
pub mod level;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::lexicon::Category;
use crate::tally::{Cell, CellKey, HitKey, Month, Pseudonym, Tally};
use gap::{AuthorPair, Gap};
use level::{AuthorCount, Level};

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
    /// Authors who have a hit about either group.
    pub n_authors_with_hit: usize,
    /// The evidence, over the authors who name both groups.
    pub gap: Gap,
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
}

/// An author's counts over the whole period, as one speaker.
#[derive(Default)]
struct AuthorTotal {
    total: Cell,
}

type Authors = BTreeMap<Pseudonym, AuthorTotal>;

/// Computes all evidence from a tally.
#[must_use]
pub fn analyse(tally: &Tally, plan: &Plan) -> Findings {
    let mut by_team: BTreeMap<Option<Arc<str>>, Authors> = BTreeMap::new();
    for (key, cell) in &tally.cells {
        by_team.entry(key.team.clone()).or_default().entry(key.author).or_default().total += cell.clone();
    }
    let partition = partition(by_team, plan.min_authors);
    let mut findings = Findings {
        speakers: Vec::new(),
        pooled: partition.pooled,
        left_out: partition.left_out,
        few_not_in_roster: partition.few_not_in_roster,
        months: months(tally.cells.keys()),
        levels: Vec::new(),
        gaps: Vec::new(),
    };
    let groups: BTreeSet<Arc<str>> =
        partition.speakers.iter().flat_map(|(_, authors)| authors.iter().flat_map(|author| author.total.names.keys().cloned())).collect();
    for (speaker, authors) in &partition.speakers {
        findings.speakers.push(SpeakerCount {
            speaker: speaker.clone(),
            n_authors: authors.len(),
            messages: authors.iter().map(|author| author.total.messages).sum(),
            words: authors.iter().map(|author| author.total.words).sum(),
        });
        for category in Category::ALL {
            findings.levels.push(level_of(speaker, authors, category, None));
            findings.levels.extend(groups.iter().map(|group| level_of(speaker, authors, category, Some(group))));
        }
        for pair in &plan.pairs {
            findings.gaps.extend(GapKind::ALL.map(|kind| gap_of(speaker, authors, kind, pair, tally)));
        }
    }
    findings
}

/// Authors by speaker, none smaller than the floor.
struct Partition {
    speakers: Vec<(Speaker, Vec<AuthorTotal>)>,
    pooled: BTreeMap<Arc<str>, usize>,
    left_out: BTreeSet<Arc<str>>,
    few_not_in_roster: bool,
}

/// Small teams go together; if they are too small together, they are left out, so that nothing can be had by subtraction from a total.
fn partition(by_team: BTreeMap<Option<Arc<str>>, Authors>, min_authors: usize) -> Partition {
    let mut partition = Partition { speakers: Vec::new(), pooled: BTreeMap::new(), left_out: BTreeSet::new(), few_not_in_roster: false };
    let mut pool: Authors = Authors::new();
    let mut speakers: Vec<(Speaker, Authors)> = Vec::new();
    for (team, authors) in by_team {
        if authors.len() >= min_authors {
            speakers.push((team.map_or(Speaker::NotInRoster, Speaker::Team), authors));
            continue;
        }
        match team {
            Some(team) => {
                partition.pooled.insert(team, authors.len());
            }
            None => partition.few_not_in_roster = true,
        }
        for (author, counts) in authors {
            pool.entry(author).or_default().total += counts.total;
        }
    }
    if pool.len() >= min_authors {
        speakers.push((Speaker::OtherTeams, pool));
    } else {
        partition.left_out = std::mem::take(&mut partition.pooled).into_keys().collect();
    }
    let mut company = Authors::new();
    for (_, authors) in &speakers {
        for (&author, counts) in authors {
            company.entry(author).or_default().total += counts.total.clone();
        }
    }
    speakers.push((Speaker::Company, company));
    speakers.sort_by(|a, b| a.0.cmp(&b.0));
    // The order of pseudonyms depends on the key; nothing below may.
    partition.speakers = speakers.into_iter().map(|(speaker, authors)| (speaker, authors.into_values().collect())).collect();
    partition
}

fn months<'a>(keys: impl Iterator<Item = &'a CellKey>) -> Option<(Month, Month)> {
    let months: BTreeSet<Month> = keys.filter_map(|key| key.month).collect();
    months.first().copied().zip(months.last().copied())
}

fn level_of(speaker: &Speaker, authors: &[AuthorTotal], category: Category, target: Option<&Arc<str>>) -> LevelFinding {
    let mut counts: Vec<AuthorCount> = authors
        .iter()
        .map(|author| match target {
            None => AuthorCount { hits: author.hits(|hit| hit.category == category), exposure: author.total.words },
            Some(group) => AuthorCount {
                hits: author.hits(|hit| hit.category == category && hit.named && hit.target.as_ref() == Some(group)),
                exposure: author.total.names.get(group).copied().unwrap_or(0),
            },
        })
        .filter(|count| count.exposure > 0)
        .collect();
    counts.sort_unstable_by_key(|count| (count.exposure, count.hits));
    LevelFinding { speaker: speaker.clone(), category, target: target.cloned(), level: level::level(&counts, CONFIDENCE) }
}

fn gap_of(speaker: &Speaker, authors: &[AuthorTotal], kind: GapKind, pair: &(String, String), tally: &Tally) -> GapFinding {
    let (numerator, denominator) = kind.direction(pair);
    let is_swappable = |hit: &HitKey| hit.entries.iter().any(|entry| !tally.not_swappable.contains(&(hit.category, Arc::clone(entry))));
    let side = |author: &AuthorTotal, group: &str| {
        let naming = author.total.names.get(group).copied().unwrap_or(0);
        let hits = author.hits(|hit| {
            kind.categories().contains(&hit.category) && hit.named && hit.target.as_deref() == Some(group) && is_swappable(hit)
        });
        // A segment may hold a hit of both categories of one gap; it is one segment still.
        (naming, hits.min(naming))
    };
    // Authors who name one group only add nothing to the ratio and would let the gate pass on their counts alone.
    let pairs: Vec<AuthorPair> = authors
        .iter()
        .map(|author| (side(author, numerator), side(author, denominator)))
        .filter(|(top, bottom)| top.0 > 0 && bottom.0 > 0)
        .map(|(top, bottom)| AuthorPair { naming: [top.0, bottom.0], hits: [top.1, bottom.1] })
        .collect();
    let name = format!("{} {} {numerator} {denominator}", speaker.name(), kind.name());
    GapFinding {
        speaker: speaker.clone(),
        kind,
        numerator: numerator.as_str().into(),
        denominator: denominator.as_str().into(),
        n_authors_with_hit: pairs.iter().filter(|pair| pair.hits[0] + pair.hits[1] > 0).count(),
        gap: gap::gap(&pairs, &name),
    }
}

impl AuthorTotal {
    fn hits(&self, is_wanted: impl Fn(&HitKey) -> bool) -> u64 {
        self.total.hits.iter().filter(|(hit, _)| is_wanted(hit)).map(|(_, n)| n).sum()
    }
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
