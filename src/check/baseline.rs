//! The baseline: levels and gaps of months that are over, as they were shown, in a file that holds nothing that a report does not.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::disclosure::{Disclosed, Rate, Shown};
use crate::fault::{Fault, Place, Position};
use crate::lexicon::Category;
use crate::stats::GapKind;
use crate::stats::interval::Interval;
use crate::tally::{Month, Origin};

/// Version of the file's shape.
const SCHEMA_VERSION: u32 = 1;

/// What later months are held against.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// Fingerprint of the lexicons, version of the cleaning rules and zone that it was made with.
    pub made_with: [String; 3],
    /// Its first month.
    pub from: Month,
    /// Its last month.
    pub to: Month,
    /// Levels that may be shown.
    pub levels: Vec<BaseLevel>,
    /// Gaps that may be shown.
    pub gaps: Vec<BaseGap>,
}

/// A level of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseLevel {
    /// Team that speaks, or "company".
    pub team: String,
    /// Category, by name.
    pub category: String,
    /// Group that it is about: with one, per 1,000 segments that name it, without, per 1,000 own words.
    pub target: Option<String>,
    /// Authors of the team.
    pub n_authors: usize,
    /// Hits per 1,000.
    pub per_1000: f64,
    /// Low end of the 95 % interval.
    pub low: Option<f64>,
    /// High end of it.
    pub high: Option<f64>,
}

/// A gap of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseGap {
    /// Team whose authors, or "company".
    pub team: String,
    /// Kind of gap, by name.
    pub gap: String,
    /// Group on top.
    pub numerator: String,
    /// Group below.
    pub denominator: String,
    /// Ratio; gaps of which one group alone has hits are not kept.
    pub ratio: f64,
    /// Low end of the 95 % interval.
    pub low: Option<f64>,
    /// High end of it.
    pub high: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    schema_version: u32,
    lexicons: String,
    cleaning: String,
    timezone: String,
    from: String,
    to: String,
    levels: Vec<BaseLevel>,
    gaps: Vec<BaseGap>,
}

/// What must be the same for figures to be comparable; the key of pseudonyms need not.
fn made_with(origin: &Origin) -> [String; 3] {
    [origin.lexicons.clone(), origin.cleaning.clone(), origin.timezone.clone()]
}

impl Baseline {
    /// The baseline of what may be shown; none without a month.
    #[must_use]
    pub fn of(shown: &Disclosed) -> Option<Self> {
        let (from, to) = shown.months?;
        Some(Self { made_with: made_with(&shown.origin), from, to, levels: levels(shown), gaps: gaps(shown) })
    }

    /// Reads the file.
    ///
    /// # Errors
    /// If it is no baseline of this version.
    pub fn parse(path: &str, text: &str) -> Result<Self, Fault> {
        let at = Place::file(path);
        let line = |error: &serde_json::Error| at.at(Position::Line(error.line() as u64));
        let wire: Wire = serde_json::from_str(text).map_err(|error| {
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default();
            Fault::new(line(&error), format!("no baseline: {why}"))
        })?;
        if wire.schema_version != SCHEMA_VERSION {
            return Err(Fault::new(at, format!("baseline of version {}, expected {SCHEMA_VERSION}", wire.schema_version)));
        }
        let month = |text: &str| Month::parse(text).ok_or_else(|| Fault::new(at.clone(), format!("no month \"{text}\", expected 2026-03")));
        Ok(Self {
            made_with: [wire.lexicons, wire.cleaning, wire.timezone],
            from: month(&wire.from)?,
            to: month(&wire.to)?,
            levels: wire.levels,
            gaps: wire.gaps,
        })
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If the writer fails.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let [lexicons, cleaning, timezone] = self.made_with.clone();
        let wire = Wire {
            schema_version: SCHEMA_VERSION,
            lexicons,
            cleaning,
            timezone,
            from: self.from.to_string(),
            to: self.to.to_string(),
            levels: self.levels.clone(),
            gaps: self.gaps.clone(),
        };
        serde_json::to_writer_pretty(&mut *out, &wire)?;
        writeln!(out)
    }

    /// What figures of this origin are made with otherwise, if anything.
    #[must_use]
    pub fn differs_in(&self, origin: &Origin) -> Option<&'static str> {
        let ours = made_with(origin);
        let names = ["lexicons", "cleaning rules", "time zone"];
        names.into_iter().zip(self.made_with.iter().zip(&ours)).find_map(|(name, (theirs, ours))| (theirs != ours).then_some(name))
    }
}

/// Levels that are watched: of all wording that one would rather not see more of, about anyone, and about the groups that are compared.
pub(super) fn levels(shown: &Disclosed) -> Vec<BaseLevel> {
    let is_compared = |group: &str| shown.gaps.iter().any(|gap| *gap.numerator == *group || *gap.denominator == *group);
    let level = |level: &crate::disclosure::ShownLevel| {
        let Shown::Value(Rate { per_1000, interval }) = level.rate else { return None };
        let is_watched = level.category != Category::Collaboration && level.target.as_deref().is_none_or(is_compared);
        let n_authors = shown.speakers.iter().find(|count| count.speaker == level.speaker)?.n_authors;
        is_watched.then(|| BaseLevel {
            team: level.speaker.name().to_owned(),
            category: level.category.name().to_owned(),
            target: level.target.as_deref().map(str::to_owned),
            n_authors,
            per_1000,
            low: interval.and_then(|interval| interval.low),
            high: interval.and_then(|interval| interval.high),
        })
    };
    shown.levels.iter().filter_map(level).collect()
}

/// Gaps that are watched: all with a finite ratio.
pub(super) fn gaps(shown: &Disclosed) -> Vec<BaseGap> {
    let gap = |gap: &crate::disclosure::ShownGap| {
        let Shown::Value(ratio) = gap.ratio else { return None };
        let Interval { low, high } = ratio.interval;
        (ratio.ratio.is_finite() && ratio.ratio > 0.0).then(|| BaseGap {
            team: gap.speaker.name().to_owned(),
            gap: GapKind::name(gap.kind).to_owned(),
            numerator: gap.numerator.to_string(),
            denominator: gap.denominator.to_string(),
            ratio: ratio.ratio,
            low: low.filter(|low| low.is_finite()),
            high,
        })
    };
    shown.gaps.iter().filter_map(gap).collect()
}
