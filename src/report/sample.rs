//! A small made-up company for the tests of this folder.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::{MATERIAL_RATIO, Situation};
use crate::decision;
use crate::disclosure::{
    Disclosed, Rate, Ratio, Shown, ShownBetween, ShownEntries, ShownEntry, ShownGap, ShownGendered, ShownLevel, ShownMeeting,
    ShownQuarters, ShownReplies, ShownSpeaker, ShownVerdict, Why, two_figures,
};
use crate::lexicon::Category;
use crate::message::Reason;
use crate::report::{Format, Style, write};
use crate::stats::gate::Missing;
use crate::stats::interval::Interval;
use crate::stats::quarters::Quarter;
use crate::stats::verdict::Verdict;
use crate::stats::{GapKind, Speaker};
use crate::tally::{Intake, Month, Origin};
use crate::validation::estimate::{self, Estimate};
use crate::validation::{Agreement, CategoryScore, SampleSize, Validation};

/// Plain 80 columns.
pub(super) const STYLE: Style = Style { color: false, ascii: false, width: 80 };

/// A report as text.
pub(super) fn written(shown: &Disclosed, format: Format) -> String {
    written_as(shown, format, STYLE)
}

/// A report as text in a style.
pub(super) fn written_as(shown: &Disclosed, format: Format, style: Style) -> String {
    let mut out = Vec::new();
    write(shown, &decision::sheet(shown, &Situation::default()), format, &style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Three teams and the small ones together; Legal is named by too few.
pub(crate) fn sample() -> Disclosed {
    company(&["finance", "marketing", "sales"], &["finance", "legal", "marketing", "sales"])
}

/// Twelve teams with long names, all of which are talked about.
pub(super) fn wide() -> Disclosed {
    let names: Vec<String> = (1..=12).map(|n| format!("regional customer success and enablement {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    company(&names, &[&names[..], &["marketing", "sales"]].concat())
}

/// A company whose export came without a roster.
pub(super) fn without_roster() -> Disclosed {
    let mut shown = company(&[], &["marketing", "sales"]);
    shown.rosters.clear();
    shown.pooled.clear();
    let speakers = shown.speakers.iter_mut().map(|count| &mut count.speaker);
    let speakers = speakers.chain(shown.levels.iter_mut().map(|level| &mut level.speaker));
    for speaker in speakers.chain(shown.gaps.iter_mut().map(|gap| &mut gap.speaker)) {
        if *speaker == Speaker::OtherTeams {
            *speaker = Speaker::NotInRoster;
        }
    }
    shown
}

/// An export of too few authors.
pub(crate) fn empty() -> Disclosed {
    let mut shown = without_roster();
    shown.speakers.clear();
    shown.levels.iter_mut().for_each(|level| level.rate = Shown::NoData);
    shown.quarters.clear();
    shown.gendered.clear();
    shown.entries.clear();
    shown.gaps.iter_mut().for_each(|gap| (gap.ratio, gap.verdict) = (Shown::NoData, verdict_of(Shown::NoData)));
    shown
}

/// A coded sample scored with the lexicons of [`sample`]: one category well, one below the bar, one with too few hits to say.
pub(super) fn validation() -> Validation {
    let category = |category, coded, right: u64| {
        let estimate = estimate::wilson(right as f64 / coded as f64, coded as f64);
        CategoryScore { category, population: 3 * coded, coded, right, precision: Some(estimate), recall: None }
    };
    Validation {
        lexicons: "1f0c".into(),
        hits: SampleSize { population: 504, coded: 200 },
        sentences: SampleSize { population: 8000, coded: 200 },
        categories: vec![category(Category::Heroic, 96, 90), category(Category::IvoryTower, 97, 70), category(Category::AntiSales, 7, 7)],
        recall: Some(Estimate { value: 0.412, low: 0.296, high: 0.55 }),
        targets: Vec::new(),
        agreement: Some(Agreement { rows: 400, wording: Some(Estimate { value: 0.812, low: 0.75, high: 0.87 }), target: None }),
    }
}

/// A gap of the whole company between Sales and Marketing.
pub(super) fn gap_of(kind: GapKind, ratio: Shown<Ratio>) -> ShownGap {
    let pair = ("sales".to_owned(), "marketing".to_owned());
    let (numerator, denominator) = kind.direction(&pair);
    let verdict = verdict_of(ratio);
    ShownGap {
        speaker: Speaker::Company,
        kind,
        numerator: numerator.as_str().into(),
        denominator: denominator.as_str().into(),
        ratio,
        verdict,
    }
}

/// A verdict that goes with a ratio.
fn verdict_of(ratio: Shown<Ratio>) -> ShownVerdict {
    match ratio {
        Shown::Value(ratio) if ratio.interval == Interval::UNBOUNDED => {
            let missing = vec![Missing::AuthorsNamingBoth(3), Missing::NamingSegments { group: 1, more: 150 }, Missing::Hits(20)];
            ShownVerdict { verdict: Verdict::Insufficient, missing, ..ShownVerdict::SUPPRESSED }
        }
        Shown::Value(ratio) if ratio.excludes_one() => {
            ShownVerdict { verdict: Verdict::MaterialGap, q: Some(0.001), vanishing_precision: Some(0.24), ..ShownVerdict::SUPPRESSED }
        }
        Shown::Value(_) => ShownVerdict { verdict: Verdict::NoLargeGap, q: Some(0.9), ..ShownVerdict::SUPPRESSED },
        Shown::NoData => {
            ShownVerdict { verdict: Verdict::Insufficient, missing: vec![Missing::AuthorsNamingBoth(10)], ..ShownVerdict::SUPPRESSED }
        }
        Shown::Few | Shown::Hidden(_) => ShownVerdict::SUPPRESSED,
    }
}

/// A ratio of 54 authors.
pub(super) fn ratio(ratio: f64, low: Option<f64>, high: Option<f64>) -> Shown<Ratio> {
    Shown::Value(Ratio { ratio, interval: Interval { low, high }, n_authors: Some(54) })
}

fn company(teams: &[&str], targets: &[&str]) -> Disclosed {
    let mut speakers = vec![count(Speaker::Company, 80, 5910, 71_000)];
    speakers.extend(teams.iter().map(|&team| count(Speaker::Team(team.into()), 18, 1500, 18_000)));
    speakers.push(count(Speaker::OtherTeams, 8, 410, 4000));
    let names: Vec<Speaker> = speakers.iter().map(|count| count.speaker.clone()).collect();
    Disclosed {
        origin: Origin { lexicons: "1f0c".into(), cleaning: "3".into(), key: "5ec2e7".into(), timezone: "Europe/Berlin".into() },
        rosters: BTreeSet::from(["77ab".to_owned()]),
        intake: intake(),
        min_authors: 5,
        months: Some((Month { year: 2026, month: 1 }, Month { year: 2026, month: 6 })),
        speakers,
        pooled: vec!["hr".into(), "it".into()],
        left_out: Vec::new(),
        few_not_in_roster: false,
        shared_authors: 0,
        share_of_cues: Shown::NoData,
        levels: names.iter().flat_map(|speaker| levels(speaker, targets)).collect(),
        gaps: names.iter().flat_map(gaps).collect(),
        quarters: names.iter().flat_map(quarters).collect(),
        between: if teams.contains(&"sales") && teams.contains(&"marketing") { between() } else { Vec::new() },
        gendered: gendered(),
        replies: replies(teams),
        meetings: meetings(teams),
        entries: entries(),
        family_size: 8,
        material_ratio: MATERIAL_RATIO,
        validation: None,
        comparison: None,
    }
}

fn count(speaker: Speaker, n_authors: usize, messages: u64, words: u64) -> ShownSpeaker {
    ShownSpeaker { speaker, n_authors, messages: Shown::Value(messages), words: Shown::Value(words) }
}

fn intake() -> Intake {
    let mut intake = Intake { read: 6410, kept: 5910, characters: 1000, repeated_segments: 12, faults: 2, ..Intake::default() };
    intake.removed.add(Reason::Bot, 300);
    intake.removed.add(Reason::DuplicateMessage, 200);
    intake.removed_characters.add(Reason::QuotedReply, 220);
    intake.removed_characters.add(Reason::Signature, 190);
    intake
}

fn levels(speaker: &Speaker, targets: &[&str]) -> Vec<ShownLevel> {
    let share = match speaker {
        Speaker::Company | Speaker::NotInRoster => 1.0,
        Speaker::Team(team) => 0.5 + 0.25 * (team.len() % 5) as f64,
        Speaker::OtherTeams => 1.5,
    };
    let value = |per_1000: f64| {
        let [per_1000, low, high] = [1.0, 0.5, 2.0].map(|factor| two_figures(share * per_1000 * factor));
        Shown::Value(Rate { per_1000, interval: Some(Interval { low: Some(low), high: Some(high) }) })
    };
    let mut levels = Vec::new();
    for (index, category) in Category::ALL.into_iter().enumerate() {
        let level = |target: Option<Arc<str>>, rate| ShownLevel { speaker: speaker.clone(), category, target, rate };
        let per_word = if category == Category::Gendered { Shown::Few } else { value([0.4, 0.8, 0.0, 0.2, 1.2, 0.1][index]) };
        levels.push(level(None, per_word));
        for &target in targets {
            let rate = match (category, target, speaker) {
                (_, "legal", Speaker::Company) | (_, "finance", Speaker::OtherTeams) => Shown::Hidden(Why::TooFewAuthors),
                (_, "legal", _) => Shown::NoData,
                (Category::PastFailure, "sales", _) | (_, "marketing", Speaker::OtherTeams) => Shown::Few,
                (Category::Gendered, ..) => Shown::Value(Rate { per_1000: 0.0, interval: None }),
                (Category::Heroic, "sales", _) => value(32.0),
                (Category::IvoryTower, "marketing", _) => value(24.0),
                (Category::Heroic | Category::IvoryTower | Category::PastFailure | Category::Collaboration | Category::AntiSales, ..) => {
                    value(5.2)
                }
            };
            levels.push(level(Some(target.into()), rate));
        }
    }
    levels
}

fn gaps(speaker: &Speaker) -> Vec<ShownGap> {
    let ratios = match speaker {
        Speaker::Company => [ratio(5.9, Some(3.8), Some(9.6)), ratio(4.1, Some(2.2), Some(8.0)), ratio(1.0, Some(0.6), Some(1.7))],
        Speaker::Team(_) => [ratio(f64::INFINITY, Some(4.2), None), ratio(0.2, Some(0.1), Some(0.5)), Shown::Few],
        Speaker::OtherTeams | Speaker::NotInRoster => [Shown::Hidden(Why::TooFewAuthors), Shown::NoData, ratio(2.0, None, None)],
    };
    GapKind::ALL.into_iter().zip(ratios).map(|(kind, ratio)| ShownGap { speaker: speaker.clone(), ..gap_of(kind, ratio) }).collect()
}

fn quarters(speaker: &Speaker) -> Vec<ShownQuarters> {
    let rate = |per_1000| Rate { per_1000, interval: Some(Interval { low: Some(per_1000 / 2.0), high: Some(per_1000 * 2.0) }) };
    let quarter = |n| Quarter { year: 2026, quarter: n };
    let of = |category, change| ShownQuarters {
        speaker: speaker.clone(),
        category,
        rates: Shown::Value(vec![(quarter(1), rate(0.4)), (quarter(2), rate(0.8))]),
        change,
    };
    vec![
        of(Category::Heroic, ratio(2.0, Some(1.2), Some(3.4))),
        of(Category::IvoryTower, ratio(0.5, Some(0.2), Some(0.9))),
        of(Category::Collaboration, ratio(1.1, Some(0.8), Some(1.6))),
        of(Category::PastFailure, Shown::NoData),
    ]
}

fn between() -> Vec<ShownBetween> {
    let interval = Interval { low: Some(0.6), high: Some(2.4) };
    vec![ShownBetween { first: "sales".into(), second: "marketing".into(), category: Category::Heroic, ratio: 1.2, interval, p: 0.61 }]
}

fn gendered() -> Vec<ShownGendered> {
    let rate =
        |per_1000| Shown::Value(Rate { per_1000, interval: Some(Interval { low: Some(per_1000 / 2.0), high: Some(per_1000 * 2.0) }) });
    let of =
        |target: &str, gendered, coded, scorn| ShownGendered { speaker: Speaker::Company, target: target.into(), gendered, coded, scorn };
    vec![
        of("marketing", rate(9.0), [Shown::Few, rate(4.0)], rate(27.0)),
        of("sales", rate(6.0), [rate(5.0), Shown::Value(Rate { per_1000: 0.0, interval: None })], rate(3.0)),
    ]
}

fn entries() -> Vec<ShownEntries> {
    let entry = |name: &str, sense: Option<&str>, enters_gaps, share| ShownEntry {
        name: name.into(),
        sense: sense.map(str::to_owned),
        enters_gaps,
        share,
    };
    let of = |category, target: &str, entries, others| ShownEntries { category, target: target.into(), entries, others };
    let heroes = vec![
        entry("hero", Some("salesperson cast as rescuer of the company"), true, 0.41),
        entry("sales god", Some("salesperson as superhuman"), false, 0.3),
        entry("cues", None, true, 0.021),
    ];
    vec![
        of(Category::Heroic, "sales", heroes, Some(0.3)),
        of(Category::IvoryTower, "marketing", vec![entry("ivory tower", Some("remote from customers"), true, 1.0)], None),
        of(Category::Collaboration, "sales", Vec::new(), Some(1.0)),
    ]
}

fn meetings(teams: &[&str]) -> Vec<ShownMeeting> {
    let of = |topic: &str, shared_threads| ShownMeeting {
        first: "sales".into(),
        second: "marketing".into(),
        topic: topic.into(),
        shared_threads,
    };
    let all = vec![of("content", Shown::Value(14)), of("events", Shown::Hidden(Why::TooFewAuthors)), of("messaging", Shown::Value(0))];
    if teams.contains(&"sales") && teams.contains(&"marketing") { all } else { Vec::new() }
}

fn replies(teams: &[&str]) -> Vec<ShownReplies> {
    let rate = |per_1000| Shown::Value(Rate { per_1000, interval: None });
    let of = |speaker: &str, to_team: &str, n_replying, tones| ShownReplies {
        speaker: Speaker::Team(speaker.into()),
        to_team: to_team.into(),
        n_authors: 18,
        n_replying,
        tones,
    };
    let all = vec![
        of("sales", "marketing", Shown::Value(14), [rate(0.0), rate(31.0), rate(8.0)]),
        of("marketing", "sales", Shown::Hidden(Why::TooFewAuthors), [Shown::Hidden(Why::TooFewAuthors); 3]),
        of("finance", "sales", Shown::NoData, [Shown::NoData; 3]),
    ];
    all.into_iter().filter(|reply| teams.contains(&reply.speaker.name())).collect()
}
