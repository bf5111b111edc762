//! The figures as a tidy table: one row a figure, `section` level, target, gap, quarter, change (last quarter in `target`, the one before in
//! `denominator`), since (change since the earlier report), between (teams in `speaker` and `denominator`), gendered, replies, meeting (teams
//! as in between), entry (its name in `denominator`, empty for all that are not listed), condition or remedy
//! (of the decision sheet: the answer in `verdict`, its basis in `status`).
//!
//! An empty `low` or `high` is an open end; `inf` stands where every finite ratio is below (`value`: only the numerator's group has hits).

use std::io::{self, Write};

use crate::decision::Sheet;
use crate::disclosure::comparison::Comparison;
use crate::disclosure::{Disclosed, Rate, Ratio, Shown};
use crate::report::text::{is_unprintable, settled};
use crate::stats::interval::Interval;
use crate::stats::replies::Tone;

const COLUMNS: [&str; 14] = [
    "section",
    "speaker",
    "category_or_gap",
    "target",
    "denominator",
    "unit",
    "value",
    "low",
    "high",
    "status",
    "n_authors",
    "verdict",
    "q",
    "why",
];

/// Writes the table.
pub(super) fn write(shown: &Disclosed, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    levels(shown, &mut writer)?;
    gaps(shown, &mut writer)?;
    quarters(shown, &mut writer)?;
    between_and_gendered(shown, &mut writer)?;
    replies(shown, &mut writer)?;
    if let Some(comparison) = &shown.comparison {
        since(comparison, &mut writer)?;
    }
    entries(shown, &mut writer)?;
    decision(shown, sheet, &mut writer)?;
    writer.flush()
}

/// The table that is being written.
type Table<'a> = csv::Writer<&'a mut dyn Write>;

fn levels(shown: &Disclosed, writer: &mut Table<'_>) -> io::Result<()> {
    for level in &shown.levels {
        let section = if level.target.is_some() { "target" } else { "level" };
        let target = guarded(level.target.as_deref().unwrap_or_default());
        let speaker = guarded(level.speaker.name());
        let [value, low, high] = figures(level.rate, |Rate { per_1000, interval }| (per_1000, interval));
        let unit = super::unit(level.target.as_deref());
        let status = level.rate.name();
        writer.write_record([
            section,
            &speaker,
            level.category.name(),
            &target,
            "",
            unit,
            &value,
            &low,
            &high,
            status,
            "",
            "",
            "",
            why(&level.rate),
        ])?;
    }
    Ok(())
}

fn gaps(shown: &Disclosed, writer: &mut Table<'_>) -> io::Result<()> {
    for gap in &shown.gaps {
        let [speaker, top, bottom] = [gap.speaker.name(), &gap.numerator, &gap.denominator].map(guarded);
        let [value, low, high] = figures(gap.ratio, |Ratio { ratio, interval, .. }| (ratio, Some(interval)));
        let authors = match gap.ratio {
            Shown::Value(ratio) => ratio.n_authors.map_or_else(String::new, |n| n.to_string()),
            Shown::Few | Shown::Hidden(_) | Shown::NoData => String::new(),
        };
        let status = gap.ratio.name();
        let verdict = gap.verdict.verdict.name();
        let q = gap.verdict.q.map_or_else(String::new, |q| q.to_string());
        let kind = gap.kind.name();
        writer.write_record([
            "gap",
            &speaker,
            kind,
            &top,
            &bottom,
            "ratio",
            &value,
            &low,
            &high,
            status,
            &authors,
            verdict,
            &q,
            why(&gap.ratio),
        ])?;
    }
    Ok(())
}

fn quarters(shown: &Disclosed, writer: &mut Table<'_>) -> io::Result<()> {
    for series in &shown.quarters {
        let (speaker, category) = (guarded(series.speaker.name()), series.category.name());
        let unit = "per_1000_words";
        let Shown::Value(rates) = &series.rates else {
            let status = series.rates.name();
            writer.write_record(["quarter", &speaker, category, "", "", unit, "", "", "", status, "", "", "", why(&series.rates)])?;
            continue;
        };
        for &(quarter, rate) in rates {
            let [value, low, high] = figures(Shown::Value(rate), |Rate { per_1000, interval }| (per_1000, interval));
            let quarter = quarter.to_string();
            writer.write_record(["quarter", &speaker, category, &quarter, "", unit, &value, &low, &high, "value", "", "", "", ""])?;
        }
        let [.., (before, _), (last, _)] = rates.as_slice() else { continue };
        let [value, low, high] = figures(series.change, |Ratio { ratio, interval, .. }| (ratio, Some(interval)));
        let (before, last, status) = (before.to_string(), last.to_string(), series.change.name());
        let why = why(&series.change);
        writer.write_record(["change", &speaker, category, &last, &before, "ratio", &value, &low, &high, status, "", "", "", why])?;
    }
    Ok(())
}

fn between_and_gendered(shown: &Disclosed, writer: &mut Table<'_>) -> io::Result<()> {
    for one in &shown.between {
        let [first, second] = [&one.first, &one.second].map(|name| guarded(name));
        let [value, low, high] = figures(Shown::Value(one), |one| (one.ratio, Some(one.interval)));
        writer.write_record([
            "between",
            &first,
            one.category.name(),
            "",
            &second,
            "ratio",
            &value,
            &low,
            &high,
            "value",
            "",
            "",
            "",
            "",
        ])?;
    }
    for one in &shown.gendered {
        let [speaker, target] = [one.speaker.name(), &one.target].map(guarded);
        let [masculine, feminine] = one.coded;
        for (what, rate) in [("gendered", one.gendered), ("coded_masculine", masculine), ("coded_feminine", feminine), ("scorn", one.scorn)]
        {
            let [value, low, high] = figures(rate, |Rate { per_1000, interval }| (per_1000, interval));
            let (status, unit) = (rate.name(), "per_1000_naming_segments");
            writer.write_record(["gendered", &speaker, what, &target, "", unit, &value, &low, &high, status, "", "", "", why(&rate)])?;
        }
    }
    Ok(())
}

fn replies(shown: &Disclosed, writer: &mut Table<'_>) -> io::Result<()> {
    for replies in &shown.replies {
        let [speaker, to_team] = [replies.speaker.name(), &replies.to_team].map(guarded);
        for tone in Tone::ALL {
            let rate = replies.tone(tone);
            let [value, low, high] = figures(rate, |Rate { per_1000, interval }| (per_1000, interval));
            let (status, unit) = (rate.name(), "per_1000_segments_of_replies");
            let authors = match replies.n_replying {
                Shown::Value(n) => n.to_string(),
                Shown::Few | Shown::Hidden(_) | Shown::NoData => String::new(),
            };
            writer.write_record([
                "replies",
                &speaker,
                tone.name(),
                &to_team,
                "",
                unit,
                &value,
                &low,
                &high,
                status,
                &authors,
                "",
                "",
                why(&rate),
            ])?;
        }
    }
    Ok(())
}

/// Changes since the earlier report, whose last month stands in `denominator`; its own figures are in its own table.
fn since(comparison: &Comparison, writer: &mut Table<'_>) -> io::Result<()> {
    let before = comparison.months.1.to_string();
    for level in &comparison.levels {
        let [speaker, target] = [level.speaker.name(), level.target.as_deref().unwrap_or_default()].map(guarded);
        let [value, low, high] = figures(level.change, |Ratio { ratio, interval, .. }| (ratio, Some(interval)));
        let (category, status, why) = (level.category.name(), level.change.name(), why(&level.change));
        writer.write_record(["since", &speaker, category, &target, &before, "ratio", &value, &low, &high, status, "", "", "", why])?;
    }
    Ok(())
}

fn entries(shown: &Disclosed, writer: &mut Table<'_>) -> io::Result<()> {
    for made in &shown.entries {
        let target = guarded(&made.target);
        let listed = made.entries.iter().map(|entry| (guarded(&entry.name), entry.share));
        for (entry, share) in listed.chain(made.others.map(|share| (String::new(), share))) {
            let (category, share) = (made.category.name(), share.to_string());
            writer.write_record([
                "entry",
                "company",
                category,
                &target,
                &entry,
                "share_of_hits",
                &share,
                "",
                "",
                "value",
                "",
                "",
                "",
                "",
            ])?;
        }
    }
    Ok(())
}

fn decision(shown: &Disclosed, sheet: &Sheet, writer: &mut Table<'_>) -> io::Result<()> {
    for meeting in &shown.meetings {
        let [first, second, topic] = [&meeting.first, &meeting.second, &meeting.topic].map(|name| guarded(name));
        let threads = meeting.shared_threads.value().map_or_else(String::new, |n| n.to_string());
        let (status, why) = (meeting.shared_threads.name(), why(&meeting.shared_threads));
        writer.write_record(["meeting", &first, &topic, "", &second, "threads", &threads, "", "", status, "", "", "", why])?;
    }
    for (section, answers) in [("condition", &sheet.conditions()[..]), ("remedy", &sheet.remedies()[..])] {
        for &(name, answer) in answers {
            writer.write_record([section, "", name, "", "", "", "", "", "", answer.basis.name(), "", answer.name(), "", ""])?;
        }
    }
    Ok(())
}

/// Why a figure is hidden; empty if it is not.
fn why<T>(shown: &Shown<T>) -> &'static str {
    shown.why().unwrap_or_default()
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
