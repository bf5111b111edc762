//! The figures as a tidy table: one row a figure, `section` level, target or gap.
//!
//! An empty `low` or `high` is an open end; `inf` stands where every finite ratio is below (`value`: only the numerator's group has hits).

use std::io::{self, Write};

use crate::disclosure::{Disclosed, Rate, Ratio, Shown};
use crate::report::text::settled;
use crate::stats::interval::Interval;

const COLUMNS: [&str; 13] = [
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
];

/// Writes the table.
pub(super) fn write(shown: &Disclosed, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(COLUMNS)?;
    for level in &shown.levels {
        let section = if level.target.is_some() { "target" } else { "level" };
        let target = guarded(level.target.as_deref().unwrap_or_default());
        let speaker = guarded(level.speaker.name());
        let [value, low, high] = figures(level.rate, |Rate { per_1000, interval }| (per_1000, interval));
        let unit = super::unit(level);
        let status = level.rate.name();
        writer.write_record([section, &speaker, level.category.name(), &target, "", unit, &value, &low, &high, status, "", "", ""])?;
    }
    for gap in &shown.gaps {
        let [speaker, top, bottom] = [gap.speaker.name(), &gap.numerator, &gap.denominator].map(guarded);
        let [value, low, high] = figures(gap.ratio, |Ratio { ratio, interval, .. }| (ratio, Some(interval)));
        let authors = match gap.ratio {
            Shown::Value(ratio) => ratio.n_authors.to_string(),
            Shown::Few | Shown::Hidden | Shown::NoData => String::new(),
        };
        let status = gap.ratio.name();
        let verdict = gap.verdict.verdict.name();
        let q = gap.verdict.q.map_or_else(String::new, |q| q.to_string());
        let kind = gap.kind.name();
        writer.write_record(["gap", &speaker, kind, &top, &bottom, "ratio", &value, &low, &high, status, &authors, verdict, &q])?;
    }
    writer.flush()
}

/// Value, low and high.
fn figures<T>(shown: Shown<T>, parts: impl Fn(T) -> (f64, Option<Interval>)) -> [String; 3] {
    let Shown::Value(value) = shown else { return Default::default() };
    let (value, interval) = parts(value);
    let (low, high) = interval.map_or((None, None), |interval| (interval.low, interval.high));
    [Some(value), low, high].map(|number| number.map_or_else(String::new, |number| settled(number).to_string()))
}

/// A name that no spreadsheet takes for a formula (OWASP, CSV Injection).
fn guarded(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) { format!("'{name}") } else { name.to_owned() }
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
        assert_eq!(rows.len(), 1 + shown.levels.len() + shown.gaps.len());
        let has = |row: &str| rows.iter().any(|found| found.join(";") == row);
        assert!(has("level;company;heroic;;;per_1000_words;0.4;0.2;0.8;value;;;"));
        assert!(has("target;company;heroic;sales;;per_1000_naming_segments;32;16;64;value;;;"));
        assert!(has("target;company;heroic;legal;;per_1000_naming_segments;;;;hidden;;;"));
        assert!(has("gap;company;scorn;marketing;sales;ratio;4.1;2.2;8;value;54;material_gap;0.001"));
        assert!(has("gap;finance;praise;sales;marketing;ratio;inf;4.2;;value;54;material_gap;0.001"));
        assert!(has("gap;finance;credit;sales;marketing;ratio;;;;few;;suppressed;"));
        assert!(has("gap;other teams;scorn;marketing;sales;ratio;;;;no_data;;insufficient;"));
    }

    #[test]
    fn a_name_cannot_become_a_formula_or_a_cell() {
        let mut shown = sample();
        shown.levels[0].speaker = Speaker::Team("=HYPERLINK(\"x\"),\ny".into());
        assert_eq!(rows(&shown)[1][1], "'=HYPERLINK(\"x\"),\ny");
    }

    #[test]
    fn with_nobody_left_there_are_rows_without_figures() {
        assert!(rows(&empty())[1..].iter().all(|row| row[6].is_empty() && row[9] == "no_data"));
    }
}
