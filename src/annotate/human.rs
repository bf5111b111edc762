//! Lines for people: one a limit, and a sum.

use std::io::{self, Write};

use crate::check::{Judged, Judgement, SoundLimit, VerdictJudgement, VerdictLimit};
use crate::disclosure::{Rate, ShownGap};

pub(super) fn write(judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    for one in judged {
        match one {
            Judged::Limit(limit, judgement) => write_limit(limit, *judgement, out)?,
            Judged::Verdict(limit, judgement) => write_verdict(limit, judgement, out)?,
        }
    }
    let n_crossed = judged.iter().filter(|one| one.is_crossed()).count();
    let n_not_judged = judged.iter().filter(|one| one.is_not_judged()).count();
    let limits = if judged.len() == 1 { "limit" } else { "limits" };
    writeln!(out, "{n_crossed} of {} {limits} crossed, {n_not_judged} not judged", judged.len())
}

fn write_limit(limit: &SoundLimit, judgement: Judgement, out: &mut dyn Write) -> io::Result<()> {
    let about = limit.target.as_ref().map_or_else(String::new, |target| format!(" about {target}"));
    let what = format!("{}, {} wording{about}", limit.speaker.name(), limit.category);
    let limit_text = format!("limit {} per 1,000 {}", limit.max_per_1000, limit.unit.title());
    match judgement {
        Judgement::Crossed(rate) => writeln!(out, "{}: crossed: {what}: {}; {limit_text}", limit.at, in_words(&rate)),
        Judgement::Kept(rate) => writeln!(out, "{}: kept: {what}: {}; {limit_text}", limit.at, in_words(&rate)),
        Judgement::NotJudged(why) => writeln!(out, "{}: could not be judged: {what}: {why}; {limit_text}", limit.at),
    }
}

fn write_verdict(limit: &VerdictLimit, judgement: &VerdictJudgement, out: &mut dyn Write) -> io::Result<()> {
    let verdict = limit.verdict.name();
    let gaps = limit.kind.map_or_else(|| "any gap".to_owned(), |kind| format!("{} gap", kind.name()));
    let whose = limit.speaker.as_ref().map_or_else(String::new, |speaker| format!("{}, ", speaker.name()));
    match judgement {
        VerdictJudgement::Crossed(found) => {
            let found: Vec<String> = found.iter().map(gap_in_words).collect();
            writeln!(out, "{}: crossed: {whose}{gaps}: verdict {verdict}: {}", limit.at, found.join("; "))
        }
        VerdictJudgement::Kept => writeln!(out, "{}: kept: {whose}{gaps}: no verdict {verdict}", limit.at),
        VerdictJudgement::NotJudged(why) => writeln!(out, "{}: could not be judged: {whose}{gaps}: verdict {verdict}: {why}", limit.at),
    }
}

fn gap_in_words(gap: &ShownGap) -> String {
    format!("{}, {} {}/{}", gap.speaker.name(), gap.kind.name(), gap.numerator, gap.denominator)
}

fn in_words(rate: &Rate) -> String {
    let interval = rate.interval.map_or_else(String::new, |interval| {
        let end = |end: Option<f64>| end.map_or_else(|| "open".to_owned(), |end| end.to_string());
        format!(" (95 % interval {} to {})", end(interval.low), end(interval.high))
    });
    format!("{}{interval}", rate.per_1000)
}
