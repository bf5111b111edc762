//! Everything that may be shown, as JSON with a schema version; see the records below for what a missing number means.

mod beside;
mod sheet;
mod since;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use crate::decision::Sheet;
use crate::disclosure::{Disclosed, Shown, ShownGap, ShownLevel, ShownSpeaker, two_figures};
use crate::message::ByReason;
use crate::report::notices::notices;
use crate::report::text::{is_unprintable, settled};
use crate::stats::Speaker;
use crate::stats::family::FALSE_DISCOVERY_RATE;
use crate::stats::gate::Missing;
use crate::stats::interval::Interval;
use crate::stats::planning::Row;
use crate::stats::spread::ASSUMED_PRECISION;
use crate::validation::estimate::Estimate;
use crate::validation::{CategoryScore, MIN_HITS_OF_CATEGORY};
use beside::{BetweenRow, ChangeRow, EntryRow, GenderedRow, MeetingRow, QuarterRow, ReplyRow};
use sheet::DecisionRow;
use since::ComparisonRow;
pub(super) use since::earlier;

/// Raised when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    schema_version: u32,
    tool: Tool,
    /// First and last; `null` where no message has a date.
    months: Option<[String; 2]>,
    messages: Messages,
    /// Own words of all speakers; `null` where nobody may be shown.
    words: Option<u64>,
    characters: Characters,
    repeated_segments: u64,
    speakers: Vec<SpeakerRow<'a>>,
    levels: Vec<LevelRow<'a>>,
    gaps: Vec<GapRow<'a>>,
    family: Family,
    quarters: Vec<QuarterRow<'a>>,
    changes: Vec<ChangeRow<'a>>,
    between: Vec<BetweenRow<'a>>,
    gendered: Vec<GenderedRow<'a>>,
    replies: Vec<ReplyRow<'a>>,
    meetings: Vec<MeetingRow<'a>>,
    /// `null` unless the report was compared with an earlier one.
    comparison: Option<ComparisonRow<'a>>,
    entries: Vec<EntryRow<'a>>,
    decision: DecisionRow,
    pooled_teams: &'a [Arc<str>],
    left_out_teams: &'a [Arc<str>],
    min_authors: usize,
    not_for_circulation: bool,
    shared_authors: u64,
    faults: u64,
    fingerprints: Fingerprints<'a>,
    validation: ValidationRow,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Messages {
    read: u64,
    kept: u64,
    removed: BTreeMap<&'static str, u64>,
}

/// Of the kept messages: all characters, and those that are not own words.
#[derive(Serialize)]
struct Characters {
    read: u64,
    removed: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct SpeakerRow<'a> {
    speaker: &'a str,
    kind: &'static str,
    authors: usize,
    /// `null` where words are hidden, and where somebody is left out, whose messages could be had by subtraction from `messages.kept`.
    messages: Option<u64>,
    words: Option<u64>,
    /// Of the words.
    status: &'static str,
    why: Option<&'static str>,
}

/// `rate` is `null` unless `status` is `value`; then `low` and `high` are both `null` where there is no interval (no hit).
#[derive(Serialize)]
struct LevelRow<'a> {
    speaker: &'a str,
    category: &'static str,
    target: Option<&'a str>,
    unit: &'static str,
    status: &'static str,
    /// Why it is hidden; `null` unless `status` is `hidden`.
    why: Option<&'static str>,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

/// Gaps are judged together: `size` of them had enough data, and of those with a `q` of at most `false_discovery_rate` about that share is
/// no real difference.
#[derive(Serialize)]
struct Family {
    size: usize,
    false_discovery_rate: f64,
    material_ratio: f64,
}

/// With `status` `value`, a `ratio` of `null` is infinite: only the numerator's group has hits. A `low` of `null` is an open end (0), a
/// `high` of `null` an open end (infinity); both `null` with `excludes_one` true is an interval wholly at infinity.
/// `q` is `null` outside of the family. `gone_below` is the precision about the group that has
/// more below which the difference would be gone while about the other group it is `assumed_precision`.
#[derive(Serialize)]
struct GapRow<'a> {
    speaker: &'a str,
    gap: &'static str,
    numerator: &'a str,
    denominator: &'a str,
    status: &'static str,
    why: Option<&'static str>,
    ratio: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    authors: Option<usize>,
    excludes_one: Option<bool>,
    verdict: &'static str,
    q: Option<f64>,
    missing: Vec<MissingRow<'a>>,
    simulated: Option<SimulatedRow>,
    weak_points: Vec<&'static str>,
    gone_below: Option<f64>,
    assumed_precision: Option<f64>,
    high_author_cv: Option<f64>,
}

/// So many more of `what` are needed, about `group` if one is named; `more` of a second entry is 1.
#[derive(Serialize)]
struct MissingRow<'a> {
    what: &'static str,
    group: Option<&'a str>,
    more: u64,
}

/// The nearest row of the planning table: of 100 simulated companies with these settings, how many pass the gate and how many show a
/// material gap.
#[derive(Serialize)]
struct SimulatedRow {
    authors: u32,
    segments_per_author: [u32; 2],
    hits_per_1000_segments: f64,
    true_ratio: f64,
    passed: u32,
    material_gap: u32,
}

#[derive(Serialize)]
struct Fingerprints<'a> {
    lexicons: &'a str,
    cleaning: &'a str,
    rosters: Vec<&'a str>,
}

/// What a coded sample says of the lexicons. `status` is `none`, `other_lexicons` (it does not count) or `counts`; all else is `null` or empty
/// unless it counts.
#[derive(Serialize)]
struct ValidationRow {
    status: &'static str,
    bars_hold: Option<bool>,
    coders: Option<u8>,
    /// Krippendorff's α of two coders, from -1 to 1.
    alpha: Option<Share>,
    recall: Option<Share>,
    categories: Vec<CategoryRow>,
}

/// `precision` and `recall` are `null` where too few hits were coded.
#[derive(Serialize)]
struct CategoryRow {
    category: &'static str,
    precision: Option<Share>,
    bar_holds: Option<bool>,
    recall: Option<Share>,
}

/// A share with its 95 % interval.
#[derive(Serialize)]
struct Share {
    value: f64,
    low: f64,
    high: f64,
}

/// Writes the report.
pub(super) fn write(shown: &Disclosed, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let intake = &shown.intake;
    let report = Report {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        months: shown.months.map(|(first, last)| [first.to_string(), last.to_string()]),
        messages: Messages { read: intake.read, kept: intake.kept, removed: by_name(&intake.removed) },
        words: shown.speakers.iter().find(|count| count.speaker == Speaker::Company).and_then(|count| count.words.value()),
        characters: Characters { read: intake.characters, removed: by_name(&intake.removed_characters) },
        repeated_segments: intake.repeated_segments,
        speakers: shown.speakers.iter().map(speaker_row).collect(),
        levels: shown.levels.iter().map(level_row).collect(),
        gaps: shown.gaps.iter().map(gap_row).collect(),
        family: Family { size: shown.family_size, false_discovery_rate: FALSE_DISCOVERY_RATE, material_ratio: shown.material_ratio },
        quarters: shown.quarters.iter().flat_map(beside::quarter_rows).collect(),
        changes: shown.quarters.iter().filter_map(beside::change_row).collect(),
        between: shown.between.iter().map(beside::between_row).collect(),
        gendered: shown.gendered.iter().map(beside::gendered_row).collect(),
        replies: shown.replies.iter().map(beside::reply_row).collect(),
        meetings: shown.meetings.iter().map(beside::meeting_row).collect(),
        comparison: shown.comparison.as_ref().map(since::comparison_row),
        entries: shown.entries.iter().flat_map(beside::entry_rows).collect(),
        decision: sheet::decision_row(sheet),
        pooled_teams: &shown.pooled,
        left_out_teams: &shown.left_out,
        min_authors: shown.min_authors,
        not_for_circulation: shown.is_not_for_circulation(),
        shared_authors: shown.shared_authors,
        faults: intake.faults,
        fingerprints: Fingerprints {
            lexicons: &shown.origin.lexicons,
            cleaning: &shown.origin.cleaning,
            rosters: shown.rosters.iter().map(String::as_str).collect(),
        },
        validation: validation_row(shown),
        notices: notices(shown),
    };
    let text = serde_json::to_string_pretty(&report)?;
    writeln!(out, "{}", visible(&text))
}

/// The same JSON with what a terminal or editor would not show, or be turned by, written as its number; outside of strings there is none.
fn visible(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_unprintable(c) {
            text.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

fn validation_row(shown: &Disclosed) -> ValidationRow {
    let Some(score) = shown.valid_score() else {
        let status = if shown.validation.is_some() { "other_lexicons" } else { "none" };
        return ValidationRow { status, bars_hold: None, coders: None, alpha: None, recall: None, categories: Vec::new() };
    };
    let share = |estimate: Estimate| {
        let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(two_figures);
        Share { value, low, high }
    };
    let category = |score: &CategoryScore| {
        let is_told = score.coded >= MIN_HITS_OF_CATEGORY;
        CategoryRow {
            category: score.category.name(),
            precision: score.precision.filter(|_| is_told).map(share),
            bar_holds: score.holds(),
            recall: score.recall.filter(|_| is_told).map(share),
        }
    };
    ValidationRow {
        status: "counts",
        bars_hold: Some(score.holds()),
        coders: Some(if score.agreement.is_some() { 2 } else { 1 }),
        alpha: score.agreement.and_then(|agreement| agreement.wording).map(share),
        recall: score.recall.map(share),
        categories: score.categories.iter().map(category).collect(),
    }
}

fn by_name(counts: &ByReason) -> BTreeMap<&'static str, u64> {
    counts.iter().map(|(reason, n)| (reason.name(), n)).collect()
}

fn speaker_row(count: &ShownSpeaker) -> SpeakerRow<'_> {
    let kind = match count.speaker {
        Speaker::Company => "company",
        Speaker::Team(_) => "team",
        Speaker::OtherTeams => "other_teams",
        Speaker::NotInRoster => "not_in_roster",
    };
    SpeakerRow {
        speaker: count.speaker.name(),
        kind,
        authors: count.n_authors,
        messages: count.messages.value(),
        words: count.words.value(),
        status: count.words.name(),
        why: count.words.why(),
    }
}

fn level_row(level: &ShownLevel) -> LevelRow<'_> {
    let value = match level.rate {
        Shown::Value(rate) => Some(rate),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
    };
    let [low, high] = ends(value.and_then(|rate| rate.interval));
    LevelRow {
        speaker: level.speaker.name(),
        category: level.category.name(),
        target: level.target.as_deref(),
        unit: crate::report::unit(level.target.as_deref()),
        status: level.rate.name(),
        why: level.rate.why(),
        rate: value.map(|rate| rate.per_1000),
        low,
        high,
    }
}

fn gap_row(gap: &ShownGap) -> GapRow<'_> {
    let value = match gap.ratio {
        Shown::Value(ratio) => Some(ratio),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
    };
    let [low, high] = ends(value.map(|ratio| ratio.interval));
    GapRow {
        speaker: gap.speaker.name(),
        gap: gap.kind.name(),
        numerator: &gap.numerator,
        denominator: &gap.denominator,
        status: gap.ratio.name(),
        why: gap.ratio.why(),
        ratio: value.map(|ratio| ratio.ratio).filter(|ratio| ratio.is_finite()),
        low,
        high,
        authors: value.and_then(|ratio| ratio.n_authors),
        excludes_one: value.map(|ratio| ratio.excludes_one()),
        verdict: gap.verdict.verdict.name(),
        q: gap.verdict.q,
        missing: gap.verdict.missing.iter().map(|&missing| missing_row(missing, gap)).collect(),
        simulated: gap.verdict.planning.map(simulated_row),
        weak_points: gap.verdict.weak_points.iter().map(|point| point.name()).collect(),
        gone_below: gap.verdict.vanishing_precision,
        assumed_precision: gap.verdict.vanishing_precision.map(|_| ASSUMED_PRECISION),
        high_author_cv: gap.verdict.high_author_cv,
    }
}

fn missing_row(missing: Missing, gap: &ShownGap) -> MissingRow<'_> {
    let name = |group: usize| Some(if group == 0 { &*gap.numerator } else { &*gap.denominator });
    let (what, group, more) = match missing {
        Missing::AuthorsNamingBoth(more) => ("authors_naming_both", None, more),
        Missing::AuthorsWithHit(more) => ("authors_with_hit", None, more),
        Missing::NamingSegments { group, more } => ("naming_segments", name(group), more),
        Missing::Hits(more) => ("hits", None, more),
        Missing::ExpectedHits { group, more } => ("expected_hits", name(group), more),
        Missing::EffectiveAuthors(more) => ("effective_authors", None, more),
        Missing::SecondEntry => ("second_entry", None, 1),
    };
    MissingRow { what, group, more }
}

fn simulated_row(row: Row) -> SimulatedRow {
    SimulatedRow {
        authors: row.n_authors,
        segments_per_author: row.mentions,
        hits_per_1000_segments: 1000.0 * row.hit_rate,
        true_ratio: row.ratio,
        passed: row.passed,
        material_gap: row.material,
    }
}

fn ends(interval: Option<Interval>) -> [Option<f64>; 2] {
    let ends = interval.map_or([None, None], |interval| [interval.low, interval.high]);
    ends.map(|end| end.filter(|end| end.is_finite()).map(settled))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::disclosure::Why;
    use crate::report::Format;
    use crate::report::sample::{empty, gap_of, ratio, sample, validation, written};
    use crate::stats::GapKind;

    fn parsed(shown: &Disclosed) -> Value {
        serde_json::from_str(&written(shown, Format::Json)).unwrap()
    }

    #[test]
    fn the_report_has_the_promised_fields() {
        let report = parsed(&sample());
        assert_eq!(report["schema_version"], 1);
        assert_eq!(report["months"], json!(["2026-01", "2026-06"]));
        assert_eq!(report["messages"], json!({"read": 6410, "kept": 5910, "removed": {"bot": 300, "duplicate_message": 200}}));
        assert_eq!(report["words"], 71_000);
        assert_eq!(report["characters"], json!({"read": 1000, "removed": {"quoted_reply": 220, "signature": 190}}));
        let finance = json!({"speaker": "finance", "kind": "team", "authors": 18, "messages": 1500, "words": 18_000,
            "status": "value", "why": null});
        assert_eq!(report["speakers"][1], finance);
        assert_eq!(report["pooled_teams"], json!(["hr", "it"]));
        assert_eq!(report["fingerprints"], json!({"lexicons": "1f0c", "cleaning": "3", "rosters": ["77ab"]}));
        assert!(written(&sample(), Format::Json).ends_with("}\n"));
    }

    #[test]
    fn a_name_that_turns_the_writing_is_kept_but_written_as_numbers() {
        let mut shown = sample();
        let name = "a\u{202e}b\u{7f}\u{e0041}";
        shown.speakers[1].speaker = Speaker::Team(name.into());
        assert!(written(&shown, Format::Json).contains("\"a\\u202eb\\u007f\\udb40\\udc41\""));
        assert_eq!(parsed(&shown)["speakers"][1]["speaker"], name);
    }

    #[test]
    fn levels_and_gaps_carry_their_status() {
        let report = parsed(&sample());
        let level = json!({"speaker": "company", "category": "heroic", "target": null, "unit": "per_1000_words",
            "status": "value", "why": null, "rate": 0.4, "low": 0.2, "high": 0.8});
        assert_eq!(report["levels"][0], level);
        let hidden = json!({"speaker": "company", "category": "heroic", "target": "legal", "unit": "per_1000_naming_segments",
            "status": "hidden", "why": "too_few_authors", "rate": null, "low": null, "high": null});
        assert!(report["levels"].as_array().unwrap().contains(&hidden));
        let gap = json!({"speaker": "company", "gap": "praise", "numerator": "sales", "denominator": "marketing", "status": "value", "why": null,
            "ratio": 5.9, "low": 3.8, "high": 9.6, "authors": 54, "excludes_one": true, "verdict": "material_gap", "q": 0.001,
            "missing": [], "simulated": null, "weak_points": [], "gone_below": 0.24, "assumed_precision": 0.9, "high_author_cv": null});
        assert_eq!(report["gaps"][0], gap);
        let none_names_both = report["gaps"].as_array().unwrap().iter().find(|gap| gap["status"] == "no_data").unwrap();
        assert_eq!(none_names_both["missing"], json!([{"what": "authors_naming_both", "group": null, "more": 10}]));
        assert_eq!(report["family"], json!({"size": 8, "false_discovery_rate": 0.05, "material_ratio": 1.5}));
    }

    #[test]
    fn quarters_changes_replies_and_teams_side_by_side_have_rows() {
        let report = parsed(&sample());
        let quarter = json!({"speaker": "company", "category": "heroic", "quarter": "2026-Q1", "status": "value", "why": null,
            "rate": 0.4, "low": 0.2, "high": 0.8});
        assert_eq!(report["quarters"][0], quarter);
        let change = json!({"speaker": "company", "category": "heroic", "from": "2026-Q1", "to": "2026-Q2", "status": "value", "why": null,
            "ratio": 2.0, "low": 1.2, "high": 3.4, "authors": 54, "excludes_one": true});
        assert_eq!(report["changes"][0], change);
        let between =
            json!({"first": "sales", "second": "marketing", "category": "heroic", "ratio": 1.2, "low": 0.6, "high": 2.4, "p": 0.61});
        assert_eq!(report["between"], json!([between]));
        let scorn = json!({"status": "value", "why": null, "rate": 31.0, "low": null, "high": null});
        assert_eq!((&report["replies"][0]["replying"], &report["replies"][0]["tones"]["scorn"]["rate"]), (&json!(14), &json!(31.0)));
        assert_eq!(report["replies"][0]["tones"]["scorn"], scorn);
        assert_eq!(
            report["gendered"][0]["coded_masculine"],
            json!({"status": "few", "why": null, "rate": null, "low": null, "high": null})
        );
        assert_eq!(report["gendered"][1]["scorn"]["rate"], 3.0);
        assert_eq!((&report["replies"][1]["replying"], &report["replies"][1]["status"]), (&Value::Null, &json!("hidden")));
    }

    #[test]
    fn the_decision_sheet_says_where_each_answer_comes_from() {
        let report = parsed(&sample());
        let small = json!({"condition": "small_company", "answer": "no", "basis": "measured"});
        assert_eq!(report["decision"]["conditions"][0], small);
        assert_eq!(report["decision"]["people"], json!({"basis": "measured", "n": 80}));
        let remedy = json!({"remedy": "chief_revenue_officer", "answer": "not_known", "basis": "not_known"});
        assert_eq!(report["decision"]["remedies"][3], remedy);
        let met =
            json!({"first": "sales", "second": "marketing", "topic": "content", "status": "value", "why": null, "shared_threads": 14});
        assert_eq!(report["meetings"][0], met);
    }

    #[test]
    fn infinite_numbers_are_null_and_excludes_one_tells_them_from_open_ends() {
        let mut shown = sample();
        let infinite = f64::INFINITY;
        shown.gaps =
            vec![gap_of(GapKind::Praise, ratio(infinite, Some(infinite), None)), gap_of(GapKind::Praise, ratio(infinite, None, None))];
        let report = parsed(&shown);
        for (gap, excludes_one) in [(0, true), (1, false)] {
            let gap = &report["gaps"][gap];
            assert_eq!([&gap["ratio"], &gap["low"], &gap["high"]], [&Value::Null; 3]);
            assert_eq!(gap["excludes_one"], excludes_one);
        }
    }

    #[test]
    fn no_sum_holds_the_messages_of_those_who_are_left_out() {
        let mut shown = sample();
        shown.speakers.iter_mut().for_each(|count| count.messages = Shown::Hidden(Why::Cover));
        let report = parsed(&shown);
        assert!(report["speakers"].as_array().unwrap().iter().all(|speaker| speaker["messages"].is_null()));
    }

    #[test]
    fn with_nobody_left_there_are_no_words() {
        let report = parsed(&empty());
        assert_eq!((&report["words"], &report["speakers"]), (&Value::Null, &json!([])));
        assert!(report["notices"][0].as_str().unwrap().starts_with("Fewer than 5 authors are left"));
    }

    #[test]
    fn a_coded_sample_has_no_figure_of_few_hits_and_no_number_of_hits() {
        let mut shown = sample();
        assert_eq!(parsed(&shown)["validation"]["status"], "none");
        shown.validation = Some(validation());
        let found = &parsed(&shown)["validation"];
        assert_eq!((&found["status"], &found["bars_hold"], &found["coders"]), (&json!("counts"), &json!(false), &json!(2)));
        let heroic =
            json!({"category": "heroic", "precision": {"value": 0.94, "low": 0.87, "high": 0.97}, "bar_holds": true, "recall": null});
        assert_eq!(found["categories"][0], heroic);
        let few = json!({"category": "anti_sales", "precision": null, "bar_holds": false, "recall": null});
        assert_eq!(found["categories"][2], few);
        shown.origin.lexicons = "77".into();
        assert_eq!(parsed(&shown)["validation"]["status"], "other_lexicons");
    }
}
