//! What changed since an earlier report; and an earlier report read back, as far as a comparison needs it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::beside::{RateRow, rate_row};
use super::{SCHEMA_VERSION, ends};
use crate::disclosure::comparison::{Comparison, Earlier, EarlierGap, GapSince, GapStanding, LevelSince};
use crate::disclosure::{Rate, Ratio, Shown, ShownLevel, Why};
use crate::lexicon::Category;
use crate::stats::interval::Interval;
use crate::stats::verdict::Verdict;
use crate::stats::{GapKind, Speaker};
use crate::tally::Month;

/// `changes` are within the authors who wrote in both periods if `within_authors`, else of the published figures.
#[derive(Serialize)]
pub(super) struct ComparisonRow<'a> {
    /// First and last month of the earlier report.
    months: [String; 2],
    within_authors: bool,
    levels: Vec<LevelSinceRow<'a>>,
    gaps: Vec<GapSinceRow<'a>>,
}

/// Rates are per 1,000 of `unit`; `change` is the later ÷ the earlier.
#[derive(Serialize)]
struct LevelSinceRow<'a> {
    speaker: &'a str,
    category: &'static str,
    target: Option<&'a str>,
    unit: &'static str,
    before: RateRow,
    since: RateRow,
    change: RatioRow,
}

/// `verdict_before` and the ratio before are `null` where they are hidden.
#[derive(Serialize)]
struct GapSinceRow<'a> {
    speaker: &'a str,
    gap: &'static str,
    numerator: &'a str,
    denominator: &'a str,
    verdict_before: Option<&'static str>,
    verdict_since: &'static str,
    before: RatioRow,
    since: RatioRow,
    change: RatioRow,
}

/// Ends as those of gaps.
#[derive(Serialize)]
struct RatioRow {
    status: &'static str,
    why: Option<&'static str>,
    ratio: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    excludes_one: Option<bool>,
}

pub(super) fn comparison_row(comparison: &Comparison) -> ComparisonRow<'_> {
    let (first, last) = comparison.months;
    ComparisonRow {
        months: [first, last].map(|month| month.to_string()),
        within_authors: comparison.is_within_authors,
        levels: comparison.levels.iter().map(level_row).collect(),
        gaps: comparison.gaps.iter().map(gap_row).collect(),
    }
}

fn level_row(level: &LevelSince) -> LevelSinceRow<'_> {
    LevelSinceRow {
        speaker: level.speaker.name(),
        category: level.category.name(),
        target: level.target.as_deref(),
        unit: crate::report::unit(level.target.as_deref()),
        before: rate_row(level.before),
        since: rate_row(level.since),
        change: ratio_row(level.change),
    }
}

fn gap_row(gap: &GapSince) -> GapSinceRow<'_> {
    let before = match gap.before {
        Shown::Value(standing) => standing.ratio,
        Shown::Few => Shown::Few,
        Shown::Hidden(why) => Shown::Hidden(why),
        Shown::NoData => Shown::NoData,
    };
    GapSinceRow {
        speaker: gap.speaker.name(),
        gap: gap.kind.name(),
        numerator: &gap.numerator,
        denominator: &gap.denominator,
        verdict_before: gap.before.value().map(|standing| standing.verdict.name()),
        verdict_since: gap.since.verdict.name(),
        before: ratio_row(before),
        since: ratio_row(gap.since.ratio),
        change: ratio_row(gap.change),
    }
}

fn ratio_row(shown: Shown<Ratio>) -> RatioRow {
    let value = shown.value();
    let [low, high] = ends(value.map(|ratio| ratio.interval));
    RatioRow {
        status: shown.name(),
        why: shown.why(),
        ratio: value.map(|ratio| ratio.ratio).filter(|ratio| ratio.is_finite()),
        low,
        high,
        excludes_one: value.map(|ratio| ratio.excludes_one()),
    }
}

#[derive(Deserialize)]
struct EarlierReport {
    schema_version: u32,
    months: Option<[String; 2]>,
    min_authors: usize,
    fingerprints: EarlierFingerprints,
    speakers: Vec<EarlierSpeaker>,
    levels: Vec<EarlierLevel>,
    gaps: Vec<EarlierGapRow>,
}

#[derive(Deserialize)]
struct EarlierFingerprints {
    lexicons: String,
    cleaning: String,
}

#[derive(Deserialize)]
struct EarlierSpeaker {
    speaker: String,
    kind: String,
    authors: usize,
}

#[derive(Deserialize)]
struct EarlierLevel {
    speaker: String,
    category: String,
    target: Option<String>,
    status: String,
    why: Option<String>,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

#[derive(Deserialize)]
struct EarlierGapRow {
    speaker: String,
    gap: String,
    numerator: String,
    denominator: String,
    status: String,
    why: Option<String>,
    ratio: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    excludes_one: Option<bool>,
    verdict: String,
}

/// Reads a report that was written as JSON.
///
/// # Errors
/// What is wrong with it, in words: no JSON, another schema, a name that no report has, no months.
pub(in crate::report) fn earlier(text: &str) -> Result<Earlier, String> {
    let report: EarlierReport = serde_json::from_str(text).map_err(|error| format!("is no report in JSON: {error}"))?;
    if report.schema_version != SCHEMA_VERSION {
        return Err(format!("found schema version {}, expected {SCHEMA_VERSION}", report.schema_version));
    }
    let [first, last] = report.months.as_ref().ok_or("holds no months, so there is no saying what came since")?;
    let month = |text: &String| Month::parse(text).ok_or_else(|| format!("found month \"{text}\", expected a form like 2026-03"));
    let teams: BTreeSet<&str> = report.speakers.iter().filter(|row| row.kind == "team").map(|row| row.speaker.as_str()).collect();
    let speaker = |name: &str| match name {
        team if teams.contains(team) => Speaker::Team(team.into()),
        "company" => Speaker::Company,
        "other teams" => Speaker::OtherTeams,
        "not in roster" => Speaker::NotInRoster,
        team => Speaker::Team(team.into()),
    };
    let level = |row: &EarlierLevel| -> Result<ShownLevel, String> {
        let category = Category::from_name(&row.category).ok_or_else(|| format!("found category \"{}\"", row.category))?;
        let interval = (row.low.is_some() || row.high.is_some()).then_some(Interval { low: row.low, high: row.high });
        let rate = || Ok(Rate { per_1000: row.rate.ok_or("found a level without its rate")?, interval });
        let rate = shown(&row.status, row.why.as_deref(), rate)?;
        Ok(ShownLevel { speaker: speaker(&row.speaker), category, target: row.target.as_deref().map(Into::into), rate })
    };
    let gap = |row: &EarlierGapRow| -> Result<EarlierGap, String> {
        let kind = GapKind::ALL.into_iter().find(|kind| kind.name() == row.gap).ok_or_else(|| format!("found gap \"{}\"", row.gap))?;
        let verdict = Verdict::from_name(&row.verdict).ok_or_else(|| format!("found verdict \"{}\"", row.verdict))?;
        let is_at_infinity = row.ratio.is_none() && row.low.is_none() && row.excludes_one == Some(true);
        let low = if is_at_infinity { Some(f64::INFINITY) } else { row.low };
        let ratio = Ratio { ratio: row.ratio.unwrap_or(f64::INFINITY), interval: Interval { low, high: row.high }, n_authors: None };
        Ok(EarlierGap {
            speaker: speaker(&row.speaker),
            kind,
            numerator: row.numerator.as_str().into(),
            denominator: row.denominator.as_str().into(),
            standing: GapStanding { verdict, ratio: shown(&row.status, row.why.as_deref(), || Ok(ratio))? },
        })
    };
    Ok(Earlier {
        months: (month(first)?, month(last)?),
        min_authors: report.min_authors,
        speakers: report.speakers.iter().map(|row| (speaker(&row.speaker), row.authors)).collect(),
        levels: report.levels.iter().map(level).collect::<Result<_, _>>()?,
        gaps: report.gaps.iter().map(gap).collect::<Result<_, _>>()?,
        lexicons: report.fingerprints.lexicons,
        cleaning: report.fingerprints.cleaning,
    })
}

/// A figure as files write it.
fn shown<T>(status: &str, why: Option<&str>, value: impl FnOnce() -> Result<T, String>) -> Result<Shown<T>, String> {
    match status {
        "value" => value().map(Shown::Value),
        "few" => Ok(Shown::Few),
        "no_data" => Ok(Shown::NoData),
        "hidden" => {
            let why = why.and_then(Why::from_name).ok_or("found a hidden figure without a known reason")?;
            Ok(Shown::Hidden(why))
        }
        other => Err(format!("found status \"{other}\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::comparison::compare;
    use crate::report::Format;
    use crate::report::sample::{empty, sample, written};

    #[test]
    fn a_report_read_back_is_what_was_written() {
        let shown = sample();
        let read = earlier(&written(&shown, Format::Json)).unwrap();
        let mut expected = Option::<Earlier>::from(&shown).unwrap();
        // How many are behind a ratio is not read back, for nothing needs it.
        for gap in &mut expected.gaps {
            gap.standing.ratio = gap.standing.ratio.map(|ratio| Ratio { n_authors: None, ..ratio });
        }
        assert_eq!(read, expected);
    }

    #[test]
    fn what_is_no_report_is_told() {
        assert!(earlier("{").unwrap_err().starts_with("is no report in JSON: "));
        let text = written(&sample(), Format::Json).replacen("\"schema_version\": 1", "\"schema_version\": 7", 1);
        assert_eq!(earlier(&text).unwrap_err(), "found schema version 7, expected 1");
        let text = written(&empty(), Format::Json).replacen("\"2026-01\"", "\"Januar\"", 1);
        assert!(earlier(&text).is_err());
    }

    #[test]
    fn the_rows_carry_both_periods_and_the_change() {
        let mut shown = sample();
        let comparison = compare(&Option::<Earlier>::from(&shown).unwrap(), &shown, None);
        let n_levels = comparison.levels.len();
        shown.comparison = Some(comparison);
        let report: serde_json::Value = serde_json::from_str(&written(&shown, Format::Json)).unwrap();
        let found = &report["comparison"];
        assert_eq!(found["months"], serde_json::json!(["2026-01", "2026-06"]));
        assert_eq!(found["levels"].as_array().unwrap().len(), n_levels);
        assert_eq!(found["levels"][0]["change"]["ratio"], 1.0);
        assert_eq!(found["gaps"][0]["verdict_before"], "material_gap");
    }
}
