//! One JSON object: `schema_version`, counts, and `limits`, one a limit in the order of the configuration.

use std::io::{self, Write};

use serde::Serialize;

use crate::check::{Judged, Judgement, SoundLimit};

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
    verdict: Option<&'a str>,
    unit: Option<&'static str>,
    max: Option<f64>,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
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
        Judged::Verdict(at, verdict) => WireLimit {
            place: at.to_string(),
            judgement: "not_judged",
            why: Some("this version gives no verdicts yet"),
            team: None,
            category: None,
            target: None,
            verdict: Some(verdict),
            unit: None,
            max: None,
            rate: None,
            low: None,
            high: None,
        },
        Judged::Limit(limit, judgement) => wire_rate(limit, *judgement),
    }
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
        verdict: None,
        unit: Some(limit.unit.title()),
        max: Some(limit.max_per_1000),
        rate: rate.map(|rate| rate.per_1000),
        low: interval.and_then(|interval| interval.low),
        high: interval.and_then(|interval| interval.high),
    }
}
