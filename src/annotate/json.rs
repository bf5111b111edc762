//! One JSON object: `schema_version`, counts, and `limits`, one a limit in the order of the configuration.

use std::io::{self, Write};

use serde::Serialize;

use crate::check::{Judged, Judgement, SoundLimit, VerdictJudgement, VerdictLimit};
use crate::disclosure::ShownGap;
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

/// A limit; rates are per 1,000 of `unit`; `low` and `high` are the ends of the 95 % interval, null where it is open or there is none.
#[derive(Serialize)]
struct WireLimit<'a> {
    place: String,
    judgement: &'static str,
    why: Option<&'a str>,
    team: Option<&'a str>,
    category: Option<&'static str>,
    target: Option<&'a str>,
    /// Gap that a verdict is looked for in; null where all are meant.
    gap: Option<&'static str>,
    verdict: Option<&'static str>,
    /// Gaps that have the verdict.
    found: Vec<WireGap<'a>>,
    unit: Option<&'static str>,
    max: Option<f64>,
    rate: Option<f64>,
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
    }
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
        category: None,
        target: None,
        gap: limit.kind.map(GapKind::name),
        verdict: Some(limit.verdict.name()),
        found: found.iter().map(wire_gap).collect(),
        unit: None,
        max: None,
        rate: None,
        low: None,
        high: None,
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
        gap: None,
        verdict: None,
        found: Vec::new(),
        unit: Some(limit.unit.title()),
        max: Some(limit.max_per_1000),
        rate: rate.map(|rate| rate.per_1000),
        low: interval.and_then(|interval| interval.low),
        high: interval.and_then(|interval| interval.high),
    }
}
