//! One JSON object: `schema_version`, counts, and `limits`, one a limit in the order of the configuration, or `remarks`, by draft and place.

use std::io::{self, Write};

use serde::Serialize;

use crate::check::ratchet::{Held, Rise};
use crate::check::{
    BaselineJudgement, BaselineLimit, Judged, Judgement, RatioJudgement, RatioLimit, SoundLimit, VerdictJudgement, VerdictLimit,
};
use crate::disclosure::ShownGap;
use crate::fault::Fault;
use crate::lexicon::Category;
use crate::lint::{Balance, Linted, Remark, What};
use crate::stats::{GapKind, Speaker};

/// Version of the shape.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Wire<'a> {
    schema_version: u32,
    crossed: usize,
    not_judged: usize,
    limits: Vec<WireLimit<'a>>,
}

/// A limit; rates are per 1,000 of `unit`, which is "ratio" for a limit on a ratio; `low` and `high` are the ends of the 95 % interval, null
/// where it is open or there is none.
#[derive(Serialize, Default)]
struct WireLimit<'a> {
    place: String,
    judgement: &'static str,
    why: Option<&'a str>,
    team: Option<&'a str>,
    category: Option<&'static str>,
    target: Option<&'a str>,
    /// Gap that a ratio or verdict is of; null where all are meant.
    gap: Option<&'static str>,
    /// Which way round a ratio is.
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<String>,
    verdict: Option<&'static str>,
    /// Gaps that have the verdict.
    found: Vec<WireGap<'a>>,
    unit: Option<&'static str>,
    max: Option<f64>,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<WireHeld<'a>>,
}

/// Later months against a baseline.
#[derive(Serialize)]
struct WireHeld<'a> {
    from: String,
    to: String,
    baseline_from: String,
    baseline_to: String,
    compared: usize,
    not_compared: usize,
    risen: Vec<WireRise<'a>>,
    within_noise: Vec<WireRise<'a>>,
}

/// A figure that is higher; `low` and `high` are the ends of the ratio's 95 % interval.
#[derive(Serialize)]
struct WireRise<'a> {
    subject: &'a str,
    before: f64,
    after: f64,
    ratio: f64,
    low: Option<f64>,
    high: Option<f64>,
}

/// A gap that has the verdict.
#[derive(Serialize)]
struct WireGap<'a> {
    team: &'a str,
    gap: &'static str,
    numerator: &'a str,
    denominator: &'a str,
}

pub(super) fn write(judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    let wire = Wire {
        schema_version: SCHEMA_VERSION,
        crossed: judged.iter().filter(|one| one.is_crossed()).count(),
        not_judged: judged.iter().filter(|one| one.is_not_judged()).count(),
        limits: judged.iter().map(wire_limit).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn wire_limit(judged: &Judged) -> WireLimit<'_> {
    match judged {
        Judged::Verdict(limit, judgement) => wire_verdict(limit, judgement),
        Judged::Limit(limit, judgement) => wire_rate(limit, *judgement),
        Judged::Ratio(limit, judgement) => wire_ratio(limit, *judgement),
        Judged::Baseline(limit, judgement) => wire_baseline(limit, judgement, judged.is_crossed()),
    }
}

fn wire_ratio(limit: &RatioLimit, judgement: RatioJudgement) -> WireLimit<'_> {
    let (name, why, ratio) = match judgement {
        RatioJudgement::Crossed(ratio) => ("crossed", None, Some(ratio)),
        RatioJudgement::WithinNoise(ratio) => ("kept", Some("above the limit, but within noise"), Some(ratio)),
        RatioJudgement::Kept(ratio) => ("kept", None, Some(ratio)),
        RatioJudgement::NotJudged(why) => ("not_judged", Some(why), None),
    };
    WireLimit {
        place: limit.at.to_string(),
        judgement: name,
        why,
        team: Some(limit.speaker.name()),
        gap: Some(limit.kind.name()),
        direction: Some(limit.direction.join("/")),
        unit: Some("ratio"),
        max: Some(limit.max_ratio),
        // A number that JSON has; a ratio without any hit on one side is told by its interval.
        rate: ratio.map(|ratio| ratio.ratio).filter(|ratio| ratio.is_finite()),
        low: ratio.and_then(|ratio| ratio.interval.low),
        high: ratio.and_then(|ratio| ratio.interval.high),
        ..WireLimit::default()
    }
}

fn wire_baseline<'a>(limit: &BaselineLimit, judgement: &'a BaselineJudgement, is_crossed: bool) -> WireLimit<'a> {
    let (name, why, held) = match judgement {
        BaselineJudgement::NotJudged(why) => ("not_judged", Some(why.as_str()), None),
        BaselineJudgement::Held(held) if is_crossed => ("crossed", None, Some(held)),
        BaselineJudgement::Held(held) => ("kept", None, Some(held)),
    };
    WireLimit { place: limit.at.to_string(), judgement: name, why, baseline: held.map(wire_held), ..WireLimit::default() }
}

fn wire_held(held: &Held) -> WireHeld<'_> {
    WireHeld {
        from: held.months.0.to_string(),
        to: held.months.1.to_string(),
        baseline_from: held.baseline.0.to_string(),
        baseline_to: held.baseline.1.to_string(),
        compared: held.n_compared,
        not_compared: held.n_not_compared,
        risen: held.rises.iter().map(wire_rise).collect(),
        within_noise: held.within_noise.iter().map(wire_rise).collect(),
    }
}

fn wire_rise(rise: &Rise) -> WireRise<'_> {
    let Rise { subject, before, after, ratio, interval } = rise;
    WireRise { subject, before: *before, after: *after, ratio: *ratio, low: interval.low, high: interval.high }
}

fn wire_verdict<'a>(limit: &'a VerdictLimit, judgement: &'a VerdictJudgement) -> WireLimit<'a> {
    let (name, why, found) = match judgement {
        VerdictJudgement::Crossed(found) => ("crossed", None, found.as_slice()),
        VerdictJudgement::Kept => ("kept", None, &[][..]),
        VerdictJudgement::NotJudged(why) => ("not_judged", Some(*why), &[][..]),
    };
    WireLimit {
        place: limit.at.to_string(),
        judgement: name,
        why,
        team: limit.speaker.as_ref().map(Speaker::name),
        gap: limit.kind.map(GapKind::name),
        verdict: Some(limit.verdict.name()),
        found: found.iter().map(wire_gap).collect(),
        ..WireLimit::default()
    }
}

fn wire_gap(gap: &ShownGap) -> WireGap<'_> {
    WireGap { team: gap.speaker.name(), gap: gap.kind.name(), numerator: &gap.numerator, denominator: &gap.denominator }
}

fn wire_rate(limit: &SoundLimit, judgement: Judgement) -> WireLimit<'_> {
    let (name, why, rate) = match judgement {
        Judgement::Crossed(rate) => ("crossed", None, Some(rate)),
        Judgement::Kept(rate) => ("kept", None, Some(rate)),
        Judgement::NotJudged(why) => ("not_judged", Some(why), None),
    };
    let interval = rate.and_then(|rate| rate.interval);
    WireLimit {
        place: limit.at.to_string(),
        judgement: name,
        why,
        team: Some(limit.speaker.name()),
        category: Some(limit.category.name()),
        target: limit.target.as_deref(),
        unit: Some(limit.unit.title()),
        max: Some(limit.max_per_1000),
        rate: rate.map(|rate| rate.per_1000),
        low: interval.and_then(|interval| interval.low),
        high: interval.and_then(|interval| interval.high),
        ..WireLimit::default()
    }
}

#[derive(Serialize)]
struct WireLint<'a> {
    schema_version: u32,
    drafts: usize,
    ignored: usize,
    remarks: Vec<WireRemark<'a>>,
    coded: Vec<WireCoded<'a>>,
    faults: Vec<WireFault<'a>>,
}

/// A remark; lines and columns count from 1, columns in characters, `end_column` one past the last. Where the text was decoded there are no
/// columns, and `inside` is the place in what came out.
#[derive(Serialize)]
struct WireRemark<'a> {
    path: &'a str,
    line: u64,
    column: Option<u64>,
    end_line: u64,
    end_column: Option<u64>,
    inside: Option<WireInside>,
    /// A category, or "ignore" for a mark that is not sound.
    rule: &'static str,
    /// Why such a mark is not sound.
    why: Option<&'a str>,
    words: Option<&'a str>,
    entry: Option<&'a str>,
    sense: Option<&'a str>,
    targets: Vec<&'a str>,
    instead: Option<&'a str>,
    source: Option<&'a str>,
    cues: &'a [String],
}

#[derive(Serialize)]
struct WireInside {
    line: u64,
    column: u64,
}

/// Coded words of a draft.
#[derive(Serialize)]
struct WireCoded<'a> {
    path: &'a str,
    masculine: &'a [String],
    feminine: &'a [String],
    reads: &'static str,
}

/// What could not be read.
#[derive(Serialize)]
struct WireFault<'a> {
    place: String,
    why: &'a str,
}

pub(super) fn write_lint(linted: &[Linted], faults: &[Fault], out: &mut dyn Write) -> io::Result<()> {
    let wire = WireLint {
        schema_version: SCHEMA_VERSION,
        drafts: linted.len(),
        ignored: linted.iter().map(|draft| draft.n_ignored).sum(),
        remarks: linted.iter().flat_map(|draft| draft.remarks.iter().map(|remark| wire_remark(&draft.path, remark))).collect(),
        coded: linted.iter().filter_map(|draft| Some(wire_coded(&draft.path, draft.balance.as_ref()?))).collect(),
        faults: faults.iter().map(|fault| WireFault { place: fault.at.to_string(), why: &fault.why }).collect(),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn wire_coded<'a>(path: &'a str, balance: &'a Balance) -> WireCoded<'a> {
    WireCoded { path, masculine: &balance.masculine, feminine: &balance.feminine, reads: balance.reads() }
}

fn wire_remark<'a>(path: &'a str, remark: &'a Remark) -> WireRemark<'a> {
    let place = &remark.place;
    let (wording, why) = match &remark.what {
        What::Wording(wording) => (Some(wording), None),
        What::Ignore(why) => (None, Some(why.as_str())),
    };
    WireRemark {
        path,
        line: place.line,
        column: place.columns.map(|(from, _)| from),
        end_line: place.end_line,
        end_column: place.columns.map(|(_, to)| to),
        inside: place.inside.map(|inside| WireInside { line: inside.line, column: inside.column }),
        rule: wording.map_or("ignore", |wording| Category::name(wording.category)),
        why,
        words: wording.map(|wording| wording.words.as_str()),
        entry: wording.map(|wording| wording.entry.as_str()),
        sense: wording.map(|wording| wording.sense.as_str()),
        targets: wording.map(|wording| wording.targets.iter().map(|target| &**target).collect()).unwrap_or_default(),
        instead: wording.and_then(|wording| wording.instead.as_deref()),
        source: wording.map(|wording| wording.source.as_str()),
        cues: wording.map(|wording| wording.cues.as_slice()).unwrap_or_default(),
    }
}
