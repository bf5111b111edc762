//! The figures as a tidy table: one row a figure, `section` level, target, gap, quarter, change (last quarter in `target`, the one before in
//! `denominator`), since (change since the earlier report), between (teams in `speaker` and `denominator`), gendered, replies, meeting (teams
//! as in between), entry (its name in `denominator`, empty for all that are not listed), condition or remedy
//! (of the decision sheet: the answer in `verdict`, its basis in `status`).
//!
//! An empty `low` or `high` is an open end; `inf` stands where every finite ratio is below (`value`: only the numerator's group has hits).

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;

use crate::decision::Sheet;
use crate::disclosure::comparison::{Comparison, LevelSince};
use crate::disclosure::{Disclosed, Rate, Ratio, Shown, ShownGap, ShownLevel};
use crate::report::text::{is_unprintable, settled};
use crate::stats::Speaker;
use crate::stats::interval::Interval;
use crate::stats::replies::Tone;

/// One figure; its fields are the columns.
#[derive(Serialize, Default)]
struct Row<'a> {
    section: &'static str,
    speaker: String,
    category_or_gap: Cow<'a, str>,
    target: String,
    denominator: String,
    unit: &'static str,
    value: String,
    low: String,
    high: String,
    status: &'static str,
    n_authors: Option<usize>,
    verdict: &'static str,
    q: String,
    why: &'static str,
}

impl Row<'_> {
    fn of<T>(section: &'static str, unit: &'static str, shown: Shown<T>, parts: impl Fn(T) -> (f64, Option<Interval>)) -> Self {
        let (status, why) = (shown.name(), shown.why().unwrap_or_default());
        let [value, low, high] = figures(shown, parts);
        Self { section, unit, value, low, high, status, why, ..Self::default() }
    }

    fn of_rate(section: &'static str, unit: &'static str, rate: Shown<Rate>) -> Self {
        Self::of(section, unit, rate, |Rate { per_1000, interval }| (per_1000, interval))
    }

    fn of_ratio(section: &'static str, ratio: Shown<Ratio>) -> Self {
        Self::of(section, "ratio", ratio, |Ratio { ratio, interval, .. }| (ratio, Some(interval)))
    }
}

/// Writes the table.
pub(super) fn write(shown: &Disclosed, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut rows = levels(shown);
    rows.extend(gaps(shown));
    rows.extend(quarters(shown));
    rows.extend(between_and_gendered(shown));
    rows.extend(replies(shown));
    rows.extend(shown.comparison.iter().flat_map(since));
    rows.extend(entries(shown));
    rows.extend(decision(shown, sheet));
    rows.into_iter().try_for_each(|row| writer.serialize(row))?;
    writer.flush()
}

fn levels(shown: &Disclosed) -> Vec<Row<'_>> {
    let row = |level: &ShownLevel| {
        let target = level.target.as_deref();
        Row {
            speaker: guarded(level.speaker.name()),
            category_or_gap: level.category.name().into(),
            target: guarded(target.unwrap_or_default()),
            ..Row::of_rate(if target.is_some() { "target" } else { "level" }, super::unit(target), level.rate)
        }
    };
    shown.levels.iter().map(row).collect()
}

fn gaps(shown: &Disclosed) -> Vec<Row<'_>> {
    let row = |gap: &ShownGap| Row {
        speaker: guarded(gap.speaker.name()),
        category_or_gap: gap.kind.name().into(),
        target: guarded(&gap.numerator),
        denominator: guarded(&gap.denominator),
        n_authors: gap.ratio.value().and_then(|ratio| ratio.n_authors),
        verdict: gap.verdict.verdict.name(),
        q: gap.verdict.q.map_or_else(String::new, |q| q.to_string()),
        ..Row::of_ratio("gap", gap.ratio)
    };
    shown.gaps.iter().map(row).collect()
}

fn quarters(shown: &Disclosed) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for series in &shown.quarters {
        let of_series = |target: String, row: Row<'static>| Row {
            speaker: guarded(series.speaker.name()),
            category_or_gap: series.category.name().into(),
            target,
            ..row
        };
        let of_quarter = |rate: Shown<Rate>| Row::of_rate("quarter", "per_1000_words", rate);
        let rates = match &series.rates {
            Shown::Value(rates) => rates,
            Shown::Few | Shown::Hidden(_) | Shown::NoData => {
                let hidden = Row::of("quarter", "per_1000_words", series.rates.clone(), |_| (f64::NAN, None));
                rows.push(of_series(String::new(), hidden));
                continue;
            }
        };
        rows.extend(rates.iter().map(|&(quarter, rate)| of_series(quarter.to_string(), of_quarter(Shown::Value(rate)))));
        if let [.., (before, _), (last, _)] = rates.as_slice() {
            let change = Row { denominator: before.to_string(), ..Row::of_ratio("change", series.change) };
            rows.push(of_series(last.to_string(), change));
        }
    }
    rows
}

fn between_and_gendered(shown: &Disclosed) -> Vec<Row<'_>> {
    let between = shown.between.iter().map(|one| Row {
        speaker: guarded(&one.first),
        category_or_gap: one.category.name().into(),
        denominator: guarded(&one.second),
        ..Row::of("between", "ratio", Shown::Value(one), |one| (one.ratio, Some(one.interval)))
    });
    let gendered = shown.gendered.iter().flat_map(|one| {
        let [masculine, feminine] = one.coded;
        let rates = [("gendered", one.gendered), ("coded_masculine", masculine), ("coded_feminine", feminine), ("scorn", one.scorn)];
        rates.map(|(what, rate)| Row {
            speaker: guarded(one.speaker.name()),
            category_or_gap: what.into(),
            target: guarded(&one.target),
            ..Row::of_rate("gendered", super::unit(Some(&one.target)), rate)
        })
    });
    between.chain(gendered).collect()
}

fn replies(shown: &Disclosed) -> Vec<Row<'_>> {
    let rows = shown.replies.iter().flat_map(|replies| {
        Tone::ALL.map(|tone| Row {
            speaker: guarded(replies.speaker.name()),
            category_or_gap: tone.name().into(),
            target: guarded(&replies.to_team),
            n_authors: replies.n_replying.value(),
            ..Row::of_rate("replies", "per_1000_segments_of_replies", replies.tone(tone))
        })
    });
    rows.collect()
}

/// Changes since the earlier report, whose last month stands in `denominator`; its own figures are in its own table.
fn since(comparison: &Comparison) -> Vec<Row<'_>> {
    let row = |level: &LevelSince| Row {
        speaker: guarded(level.speaker.name()),
        category_or_gap: level.category.name().into(),
        target: guarded(level.target.as_deref().unwrap_or_default()),
        denominator: comparison.months.1.to_string(),
        ..Row::of_ratio("since", level.change)
    };
    comparison.levels.iter().map(row).collect()
}

fn entries(shown: &Disclosed) -> Vec<Row<'_>> {
    let rows = shown.entries.iter().flat_map(|made| {
        let listed = made.entries.iter().map(|entry| (guarded(&entry.name), entry.share));
        listed.chain(made.others.map(|share| (String::new(), share))).map(|(entry, share)| Row {
            section: "entry",
            speaker: Speaker::Company.name().to_owned(),
            category_or_gap: made.category.name().into(),
            target: guarded(&made.target),
            denominator: entry,
            unit: "share_of_hits",
            value: share.to_string(),
            status: "value",
            ..Row::default()
        })
    });
    rows.collect()
}

fn decision<'a>(shown: &'a Disclosed, sheet: &Sheet) -> Vec<Row<'a>> {
    let meetings = shown.meetings.iter().map(|meeting| Row {
        section: "meeting",
        speaker: guarded(&meeting.first),
        category_or_gap: guarded(&meeting.topic).into(),
        denominator: guarded(&meeting.second),
        unit: "threads",
        value: meeting.shared_threads.value().map_or_else(String::new, |n| n.to_string()),
        status: meeting.shared_threads.name(),
        why: meeting.shared_threads.why().unwrap_or_default(),
        ..Row::default()
    });
    let mut rows: Vec<Row<'a>> = meetings.collect();
    for (section, answers) in [("condition", &sheet.conditions()[..]), ("remedy", &sheet.remedies()[..])] {
        rows.extend(answers.iter().map(|&(name, answer)| Row {
            section,
            category_or_gap: name.into(),
            status: answer.basis.name(),
            verdict: answer.name(),
            ..Row::default()
        }));
    }
    rows
}

/// Value, low and high.
fn figures<T>(shown: Shown<T>, parts: impl Fn(T) -> (f64, Option<Interval>)) -> [String; 3] {
    let Shown::Value(value) = shown else { return Default::default() };
    let (value, interval) = parts(value);
    let (low, high) = interval.map_or((None, None), |interval| (interval.low, interval.high));
    [Some(value), low, high].map(|number| number.map_or_else(String::new, |number| settled(number).to_string()))
}

/// A name that no spreadsheet takes for a formula (OWASP, CSV Injection); what would move a cursor, turn the writing or stay unseen is
/// written as its number.
fn guarded(name: &str) -> String {
    let mut cell = String::with_capacity(name.len());
    for c in name.chars() {
        if c != '\n' && is_unprintable(c) {
            cell.extend(c.escape_unicode());
        } else {
            cell.push(c);
        }
    }
    if cell.starts_with(['=', '+', '-', '@', '\n', '＝', '＋', '－', '＠']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use crate::disclosure::Disclosed;
    use crate::report::Format;
    use crate::report::sample::{empty, sample, written};
    use crate::stats::Speaker;

    fn rows(shown: &Disclosed) -> Vec<Vec<String>> {
        let text = written(shown, Format::Csv);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn there_is_a_row_for_every_figure_and_every_missing_one() {
        let shown = sample();
        let rows = rows(&shown);
        let n_of_quarters: usize = shown.quarters.iter().map(|series| series.rates.clone().value().unwrap().len() + 1).sum();
        assert_eq!(
            rows.len(),
            1 + shown.levels.len()
                + shown.gaps.len()
                + n_of_quarters
                + shown.between.len()
                + 4 * shown.gendered.len()
                + 3 * shown.replies.len()
                + shown.meetings.len()
                + 6
                + 7
        );
        let has = |row: &str| rows.iter().any(|found| found.join(";") == row);
        assert!(has("level;company;heroic;;;per_1000_words;0.4;0.2;0.8;value;;;;"));
        assert!(has("target;company;heroic;sales;;per_1000_naming_segments;32;16;64;value;;;;"));
        assert!(has("target;company;heroic;legal;;per_1000_naming_segments;;;;hidden;;;;too_few_authors"));
        assert!(has("gap;company;scorn;marketing;sales;ratio;4.1;2.2;8;value;54;material_gap;0.001;"));
        assert!(has("gap;finance;praise;sales;marketing;ratio;inf;4.2;;value;54;material_gap;0.001;"));
        assert!(has("gap;finance;credit;sales;marketing;ratio;;;;few;;suppressed;;"));
        assert!(has("quarter;company;heroic;2026-Q2;;per_1000_words;0.8;0.4;1.6;value;;;;"));
        assert!(has("change;company;heroic;2026-Q2;2026-Q1;ratio;2;1.2;3.4;value;;;;"));
        assert!(has("between;sales;heroic;;marketing;ratio;1.2;0.6;2.4;value;;;;"));
        assert!(has("gendered;company;coded_feminine;marketing;;per_1000_naming_segments;4;2;8;value;;;;"));
        assert!(has("replies;sales;scorn;marketing;;per_1000_segments_of_replies;31;;;value;14;;;"));
        assert!(has("replies;marketing;praise;sales;;per_1000_segments_of_replies;;;;hidden;;;;too_few_authors"));
        assert!(has("meeting;sales;content;;marketing;threads;14;;;value;;;;"));
        assert!(has("entry;company;heroic;sales;hero;share_of_hits;0.41;;;value;;;;"));
        assert!(has("entry;company;heroic;sales;;share_of_hits;0.3;;;value;;;;"));
        assert!(has("condition;;small_company;;;;;;;measured;;no;;"));
        assert!(has("remedy;;chief_revenue_officer;;;;;;;not_known;;not_known;;"));
        assert!(has("gap;other teams;scorn;marketing;sales;ratio;;;;no_data;;insufficient;;"));
    }

    #[test]
    fn a_name_cannot_become_a_formula_or_a_cell() {
        let mut shown = sample();
        shown.levels[0].speaker = Speaker::Team("=HYPERLINK(\"x\"),\ny".into());
        assert_eq!(rows(&shown)[1][1], "'=HYPERLINK(\"x\"),\ny");
        shown.levels[0].speaker = Speaker::Team("\u{1b}[2J\u{202e}x".into());
        assert_eq!(rows(&shown)[1][1], "\\u{1b}[2J\\u{202e}x");
    }

    #[test]
    fn with_nobody_left_there_are_rows_without_figures() {
        let of_sheet = |row: &&Vec<String>| row[0] == "condition" || row[0] == "remedy";
        assert!(rows(&empty())[1..].iter().all(|row| row[6].is_empty() && (row[9] == "no_data" || of_sheet(&row))));
    }
}
