//! Lines for people. Of limits one each, and a sum; of drafts the place, what is remarked, the line with what is meant, and what to write instead.

use std::io::{self, Write};

use crate::check::ratchet::{Held, Rise};
use crate::check::{BaselineJudgement, Judged, Judgement, RatioJudgement, VerdictJudgement};
use crate::disclosure::{Rate, Ratio, ShownGap};
use crate::lint::{Linted, Place, Remark, What};
use crate::stats::interval::Interval;
use crate::tally::Month;

/// Most characters of a line that are shown on either side of what is meant.
const CONTEXT: usize = 60;

/// Most coded words of a kind that are listed.
const LISTED: usize = 12;

pub(super) fn write(judged: &[Judged], out: &mut dyn Write) -> io::Result<()> {
    for one in judged {
        writeln!(out, "{}: {}", one.at(), sentence(one))?;
    }
    let n_crossed = judged.iter().filter(|one| one.is_crossed()).count();
    let n_not_judged = judged.iter().filter(|one| one.is_not_judged()).count();
    let limits = if judged.len() == 1 { "limit" } else { "limits" };
    writeln!(out, "{n_crossed} of {} {limits} crossed, {n_not_judged} not judged", judged.len())
}

/// What a limit is about.
pub(super) fn subject(judged: &Judged) -> String {
    match judged {
        Judged::Limit(limit, _) => {
            let about = limit.target.as_ref().map_or_else(String::new, |target| format!(" about {target}"));
            format!("{}, {} wording{about}", limit.speaker.name(), limit.category)
        }
        Judged::Verdict(limit, _) => {
            let gaps = limit.kind.map_or_else(|| "any gap".to_owned(), |kind| format!("{} gap", kind.name()));
            let whose = limit.speaker.as_ref().map_or_else(String::new, |speaker| format!("{}, ", speaker.name()));
            format!("{whose}{gaps}")
        }
        Judged::Ratio(limit, _) => {
            let [top, bottom] = &limit.direction;
            format!("{}, {} gap {top}/{bottom}", limit.speaker.name(), limit.kind.name())
        }
        Judged::Baseline(..) => "baseline".to_owned(),
    }
}

/// How a limit was met, without its place.
pub(super) fn sentence(judged: &Judged) -> String {
    let what = subject(judged);
    match judged {
        Judged::Limit(limit, judgement) => {
            let limit = format!("limit {} per 1,000 {}", limit.max_per_1000, limit.unit.title());
            match judgement {
                Judgement::Crossed(rate) => format!("crossed: {what}: {}; {limit}", in_words(rate)),
                Judgement::Kept(rate) => format!("kept: {what}: {}; {limit}", in_words(rate)),
                Judgement::NotJudged(why) => format!("could not be judged: {what}: {why}; {limit}"),
            }
        }
        Judged::Verdict(limit, judgement) => {
            let verdict = limit.verdict.name();
            match judgement {
                VerdictJudgement::Crossed(found) => {
                    let found: Vec<String> = found.iter().map(gap_in_words).collect();
                    format!("crossed: {what}: verdict {verdict}: {}", found.join("; "))
                }
                VerdictJudgement::Kept => format!("kept: {what}: no verdict {verdict}"),
                VerdictJudgement::NotJudged(why) => format!("could not be judged: {what}: verdict {verdict}: {why}"),
            }
        }
        Judged::Ratio(limit, judgement) => {
            let top = &limit.direction[0];
            let limit = format!("limit {} ×", limit.max_ratio);
            match judgement {
                RatioJudgement::Crossed(ratio) => format!("crossed: {what}: {}; {limit}", ratio_in_words(ratio, top)),
                RatioJudgement::WithinNoise(ratio) => {
                    format!("kept: {what}: {}; {limit}, above it but within noise", ratio_in_words(ratio, top))
                }
                RatioJudgement::Kept(ratio) => format!("kept: {what}: {}; {limit}", ratio_in_words(ratio, top)),
                RatioJudgement::NotJudged(why) => format!("could not be judged: {what}: {why}; {limit}"),
            }
        }
        Judged::Baseline(_, BaselineJudgement::NotJudged(why)) => format!("could not be judged: {what}: {why}"),
        Judged::Baseline(_, BaselineJudgement::Held(held)) => {
            let outcome = if held.rises.is_empty() { "kept" } else { "crossed" };
            format!("{outcome}: {} against the {what} of {}: {}", months(held.months), months(held.baseline), held_in_words(held))
        }
    }
}

/// What rose, what is higher within noise, and how much was compared.
fn held_in_words(held: &Held) -> String {
    let list = |rises: &[Rise]| rises.iter().map(rise_in_words).collect::<Vec<_>>().join("; ");
    let mut parts = Vec::new();
    if !held.rises.is_empty() {
        parts.push(format!("risen: {}", list(&held.rises)));
    }
    if !held.within_noise.is_empty() {
        parts.push(format!("higher but within noise: {}", list(&held.within_noise)));
    }
    if parts.is_empty() {
        parts.push("nothing is higher by more than the tolerance".to_owned());
    }
    let not_compared = if held.n_not_compared == 0 { String::new() } else { format!(", {} could not be", held.n_not_compared) };
    format!("{} ({} compared{not_compared})", parts.join(". "), held.n_compared)
}

fn rise_in_words(rise: &Rise) -> String {
    format!("{}: {} after {}, {} × (95 % interval {})", rise.subject, rise.after, rise.before, rise.ratio, ends(rise.interval))
}

fn months((from, to): (Month, Month)) -> String {
    if from == to { from.to_string() } else { format!("{from} to {to}") }
}

fn ratio_in_words(ratio: &Ratio, top: &str) -> String {
    if ratio.ratio.is_infinite() {
        return format!("only {top} has hits");
    }
    format!("{} × (95 % interval {})", ratio.ratio, ends(ratio.interval))
}

fn ends(interval: Interval) -> String {
    let end = |end: Option<f64>| end.map_or_else(|| "open".to_owned(), |end| end.to_string());
    format!("{} to {}", end(interval.low), end(interval.high))
}

fn gap_in_words(gap: &ShownGap) -> String {
    format!("{}, {} {}/{}", gap.speaker.name(), gap.kind.name(), gap.numerator, gap.denominator)
}

fn in_words(rate: &Rate) -> String {
    let interval = rate.interval.map_or_else(String::new, |interval| format!(" (95 % interval {})", ends(interval)));
    format!("{}{interval}", rate.per_1000)
}

pub(super) fn write_lint(linted: &[Linted], out: &mut dyn Write) -> io::Result<()> {
    for draft in linted {
        for found in &draft.remarks {
            write_remark(draft, found, out)?;
        }
    }
    for draft in linted {
        let Some(balance) = &draft.balance else { continue };
        let kind = |words: &[String], name: &str| {
            let more = if words.len() > LISTED { ", …" } else { "" };
            let first = words[..words.len().min(LISTED)].join(", ");
            let in_brackets = if words.is_empty() { String::new() } else { format!(" ({}{more})", one_line(&first)) };
            format!("{} {name}{in_brackets}", words.len())
        };
        let (masculine, feminine) = (kind(&balance.masculine, "masculine"), kind(&balance.feminine, "feminine"));
        writeln!(out, "{}: coded words: {masculine}, {feminine}; reads {}", draft.path, balance.reads())?;
    }
    let n_remarks: usize = linted.iter().map(|draft| draft.remarks.len()).sum();
    let n_ignored: usize = linted.iter().map(|draft| draft.n_ignored).sum();
    let ignored = if n_ignored == 0 { String::new() } else { format!(", {n_ignored} ignored") };
    let counted = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    writeln!(out, "{} in {}{ignored}", counted(n_remarks, "remark"), counted(linted.len(), "draft"))
}

fn write_remark(draft: &Linted, found: &Remark, out: &mut dyn Write) -> io::Result<()> {
    let Place { line, columns, inside, .. } = found.place;
    let column = columns.map_or_else(String::new, |(column, _)| format!(":{column}"));
    let inside = inside.map_or_else(String::new, |inside| format!(" in the decoded text, {}:{}:", inside.line, inside.column));
    writeln!(out, "{}:{line}{column}:{inside} {}", draft.path, remark(found, false))?;
    let (before, marked, after) = parts(&found.line, found.marked);
    writeln!(out, "    {before}{marked}{after}")?;
    writeln!(out, "    {}{}", " ".repeat(before.chars().count()), "^".repeat(marked.chars().count().max(1)))?;
    let What::Wording(wording) = &found.what else { return Ok(()) };
    if let Some(instead) = &wording.instead {
        writeln!(out, "    instead: {instead}")?;
    }
    Ok(())
}

/// What is remarked, without its place; `whole` adds what to write instead.
pub(super) fn remark(remark: &Remark, whole: bool) -> String {
    let wording = match &remark.what {
        What::Wording(wording) => wording,
        What::Ignore(why) => return format!("ignore: this mark {why}"),
    };
    let about = if wording.targets.is_empty() { String::new() } else { format!(" about {}", wording.targets.join(" and ")) };
    let why = if wording.cues.is_empty() {
        format!("{}; source: {}", wording.sense, wording.source)
    } else {
        format!("words that together read so: {}", wording.cues.join(", "))
    };
    let instead = wording.instead.as_ref().filter(|_| whole).map_or_else(String::new, |instead| format!("; instead: {instead}"));
    format!("{}{about}: \"{}\" ({why}){instead}", wording.category, one_line(&wording.words))
}

/// What stands before, in and after the marked stretch of a line, cut to what surrounds it.
fn parts(line: &str, (from, to): (usize, usize)) -> (String, String, String) {
    let characters: Vec<char> = one_line(line).chars().collect();
    let text = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
    let first = from.saturating_sub(CONTEXT);
    let last = characters.len().min(to + CONTEXT);
    let before = if first > 0 { format!("…{}", text(first..from)) } else { text(0..from).trim_start().to_owned() };
    let after = if last < characters.len() { format!("{}…", text(to..last)) } else { text(to..last) };
    (before, text(from..to), after.trim_end().to_owned())
}

/// Text on one line, without anything that could steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
