//! What stands beside the verdicts: quarters and their changes, the two teams of a pair, gendered wording beside scorn, replies.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ends;
use crate::disclosure::{Rate, Shown, ShownBetween, ShownEntries, ShownGendered, ShownMeeting, ShownQuarters, ShownReplies};
use crate::stats::quarters::Quarter;
use crate::stats::replies::Tone;

/// A level of one quarter, per 1,000 own words.
#[derive(Serialize)]
pub(super) struct QuarterRow<'a> {
    speaker: &'a str,
    category: &'static str,
    /// `null` where the quarters are not shown.
    quarter: Option<String>,
    status: &'static str,
    why: Option<&'static str>,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

/// The last quarter ÷ the one before, within the authors who wrote in both; ends as those of gaps.
#[derive(Serialize)]
pub(super) struct ChangeRow<'a> {
    speaker: &'a str,
    category: &'static str,
    from: String,
    to: String,
    status: &'static str,
    why: Option<&'static str>,
    ratio: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    authors: Option<usize>,
    excludes_one: Option<bool>,
}

/// Secondary: the two teams of a pair as authors, level per own word of the first ÷ that of the second.
#[derive(Serialize)]
pub(super) struct BetweenRow<'a> {
    first: &'a str,
    second: &'a str,
    category: &'static str,
    ratio: f64,
    low: Option<f64>,
    high: Option<f64>,
    p: f64,
}

/// Hits about the target per 1,000 segments that name it; coded adjectives are gendered wording, too.
#[derive(Serialize)]
pub(super) struct GenderedRow<'a> {
    speaker: &'a str,
    target: &'a str,
    gendered: RateRow,
    coded_masculine: RateRow,
    coded_feminine: RateRow,
    scorn: RateRow,
}

/// `replying` authors of `authors` have answered the team, unless `status` is `hidden` (too few) or `no_data` (nobody); tones are hits about
/// the team per 1,000 segments of these replies.
#[derive(Serialize)]
pub(super) struct ReplyRow<'a> {
    speaker: &'a str,
    to_team: &'a str,
    authors: usize,
    status: &'static str,
    why: Option<&'static str>,
    replying: Option<usize>,
    tones: BTreeMap<&'static str, RateRow>,
}

/// Threads about a topic in which both teams write.
#[derive(Serialize)]
pub(super) struct MeetingRow<'a> {
    first: &'a str,
    second: &'a str,
    topic: &'a str,
    status: &'static str,
    why: Option<&'static str>,
    shared_threads: Option<u64>,
}

/// Share of the company's hits of a category about a group that an entry makes, alone or with others; `entry` is `null` in the row of the
/// hits that no listed entry makes. `sense` is `null` where the figures were made with other lexicons.
#[derive(Serialize)]
pub(super) struct EntryRow<'a> {
    category: &'static str,
    target: &'a str,
    entry: Option<&'a str>,
    sense: Option<&'a str>,
    enters_gaps: Option<bool>,
    share: f64,
}

#[derive(Serialize)]
pub(super) struct RateRow {
    status: &'static str,
    why: Option<&'static str>,
    rate: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

pub(super) fn quarter_rows(series: &ShownQuarters) -> Vec<QuarterRow<'_>> {
    let row = |figure: Option<&(Quarter, Rate)>| {
        let [low, high] = ends(figure.and_then(|(_, rate)| rate.interval));
        QuarterRow {
            speaker: series.speaker.name(),
            category: series.category.name(),
            quarter: figure.map(|(quarter, _)| quarter.to_string()),
            status: series.rates.name(),
            why: series.rates.why(),
            rate: figure.map(|(_, rate)| rate.per_1000),
            low,
            high,
        }
    };
    match &series.rates {
        Shown::Value(rates) => rates.iter().map(|figure| row(Some(figure))).collect(),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => vec![row(None)],
    }
}

pub(super) fn change_row(series: &ShownQuarters) -> Option<ChangeRow<'_>> {
    let rates = series.rates.clone().value()?;
    let [.., (from, _), (to, _)] = rates.as_slice() else { return None };
    let value = match series.change {
        Shown::Value(ratio) => Some(ratio),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
    };
    let [low, high] = ends(value.map(|ratio| ratio.interval));
    Some(ChangeRow {
        speaker: series.speaker.name(),
        category: series.category.name(),
        from: from.to_string(),
        to: to.to_string(),
        status: series.change.name(),
        why: series.change.why(),
        ratio: value.map(|ratio| ratio.ratio).filter(|ratio| ratio.is_finite()),
        low,
        high,
        authors: value.and_then(|ratio| ratio.n_authors),
        excludes_one: value.map(|ratio| ratio.excludes_one()),
    })
}

pub(super) fn between_row(one: &ShownBetween) -> BetweenRow<'_> {
    let [low, high] = ends(Some(one.interval));
    BetweenRow { first: &one.first, second: &one.second, category: one.category.name(), ratio: one.ratio, low, high, p: one.p }
}

pub(super) fn gendered_row(one: &ShownGendered) -> GenderedRow<'_> {
    let [masculine, feminine] = one.coded;
    GenderedRow {
        speaker: one.speaker.name(),
        target: &one.target,
        gendered: rate_row(one.gendered),
        coded_masculine: rate_row(masculine),
        coded_feminine: rate_row(feminine),
        scorn: rate_row(one.scorn),
    }
}

pub(super) fn reply_row(replies: &ShownReplies) -> ReplyRow<'_> {
    let replying = match replies.n_replying {
        Shown::Value(n) => Some(n),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
    };
    ReplyRow {
        speaker: replies.speaker.name(),
        to_team: &replies.to_team,
        authors: replies.n_authors,
        status: replies.n_replying.name(),
        why: replies.n_replying.why(),
        replying,
        tones: Tone::ALL.into_iter().map(|tone| (tone.name(), rate_row(replies.tone(tone)))).collect(),
    }
}

pub(super) fn meeting_row(meeting: &ShownMeeting) -> MeetingRow<'_> {
    let shared = &meeting.shared_threads;
    MeetingRow {
        first: &meeting.first,
        second: &meeting.second,
        topic: &meeting.topic,
        status: shared.name(),
        why: shared.why(),
        shared_threads: shared.value(),
    }
}

pub(super) fn entry_rows(shown: &ShownEntries) -> Vec<EntryRow<'_>> {
    let (category, target) = (shown.category.name(), &*shown.target);
    let listed = shown.entries.iter().map(|entry| EntryRow {
        category,
        target,
        entry: Some(&entry.name),
        sense: entry.sense.as_deref(),
        enters_gaps: Some(entry.enters_gaps),
        share: entry.share,
    });
    let others = shown.others.map(|share| EntryRow { category, target, entry: None, sense: None, enters_gaps: None, share });
    listed.chain(others).collect()
}

pub(super) fn rate_row(rate: Shown<Rate>) -> RateRow {
    let value = match rate {
        Shown::Value(rate) => Some(rate),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
    };
    let [low, high] = ends(value.and_then(|rate| rate.interval));
    RateRow { status: rate.name(), why: rate.why(), rate: value.map(|rate| rate.per_1000), low, high }
}
