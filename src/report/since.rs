//! What changed since an earlier report, for all pages alike.

use crate::disclosure::comparison::{Comparison, GapSince, GapStanding, LevelSince};
use crate::disclosure::{Disclosed, Shown};
use crate::report::beside::{Section, change};
use crate::report::gaps::verdict;
use crate::report::text::{name, number};
use crate::report::words::{cell, gap_kind, hidden, period, short_category, speaker};
use crate::stats::Speaker;

/// All sections that have a row.
pub(super) fn sections(shown: &Disclosed) -> Vec<Section> {
    let Some(comparison) = &shown.comparison else { return Vec::new() };
    [levels(comparison, shown.min_authors), teams(comparison, shown.min_authors), gaps(comparison, shown.min_authors)]
        .into_iter()
        .flatten()
        .collect()
}

fn head(what: &str, comparison: &Comparison) -> String {
    format!("{what} since the report of {}", period(comparison.months))
}

/// How a change of a level was worked out.
fn method(comparison: &Comparison) -> &'static str {
    if comparison.is_within_authors {
        "Change: this report against the earlier one, within the authors who wrote in both, with its 95 % interval."
    } else {
        "Change: the published figures of the two reports as if other people had written them, with its 95 % interval; two tallies made with the same \
         --key-file would tell what changed within the same authors."
    }
}

fn level_row(level: &LevelSince, min_authors: usize) -> Vec<String> {
    let about = level.target.as_deref().map_or_else(|| "anyone".to_owned(), name);
    vec![short_category(level.category), about, cell(level.before), cell(level.since), change(level.change, min_authors)]
}

/// The company's levels; the teams' are in the files for machines.
fn levels(comparison: &Comparison, min_authors: usize) -> Option<Section> {
    let of_company = comparison.levels.iter().filter(|level| level.speaker == Speaker::Company);
    let rows: Vec<Vec<String>> = of_company.map(|level| level_row(level, min_authors)).collect();
    let columns = ["Wording", "About", "Before", "Now", "Change"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Section {
        head: head("The whole company", comparison),
        rows: [vec![columns], rows].concat(),
        first_figure: 2,
        note: format!(
            "Hits per 1,000 own words (about anyone) or per 1,000 sentences that name the team. {} Where it holds 1 no change is told, and of those \
             that leave it out about 1 in 20 is chance.",
            method(comparison)
        ),
    })
}

/// Teams whose level about anyone has a change that leaves 1 out.
fn teams(comparison: &Comparison, min_authors: usize) -> Option<Section> {
    let of_teams = || comparison.levels.iter().filter(|level| level.speaker != Speaker::Company && level.target.is_none());
    let is_clear = |level: &&LevelSince| matches!(level.change, Shown::Value(ratio) if ratio.excludes_one());
    let row = |level: &LevelSince| [vec![speaker(&level.speaker)], level_row(level, min_authors)].concat();
    let rows: Vec<Vec<String>> = of_teams().filter(is_clear).map(row).collect();
    let n_told = of_teams().filter(|level| level.change.is_shown()).count();
    let columns = ["Team", "Wording", "About", "Before", "Now", "Change"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Section {
        head: head("Teams whose wording changed", comparison),
        rows: [vec![columns], rows].concat(),
        first_figure: 3,
        note: format!(
            "{n_told} levels of teams could be compared; of so many about {} would leave 1 out by chance alone. Before is hidden where fewer than the \
             floor joined or left the team.",
            number(n_told as f64 / 20.0)
        ),
    })
}

fn gaps(comparison: &Comparison, min_authors: usize) -> Option<Section> {
    let of_company = comparison.gaps.iter().filter(|gap| gap.speaker == Speaker::Company);
    let rows_of = |gap: &GapSince| {
        let before = match gap.before {
            Shown::Value(before) => standing(before, gap),
            Shown::Few | Shown::NoData => ["–".to_owned(), "–".to_owned()],
            Shown::Hidden(why) => [hidden(why, min_authors), String::new()],
        };
        let row = |what: &str, [verdict, ratio]: [String; 2]| vec![what.to_owned(), verdict, ratio];
        [
            row(gap_kind(gap.kind), [String::new(), String::new()]),
            row("– before", before),
            row("– now", standing(gap.since, gap)),
            row("– change", [String::new(), change(gap.change, min_authors)]),
        ]
    };
    let rows: Vec<Vec<String>> = of_company.flat_map(rows_of).collect();
    let columns = ["Wording", "Verdict", "Ratio"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then(|| Section {
        head: head("The same people about two teams,", comparison),
        rows: [vec![columns], rows].concat(),
        first_figure: 3,
        note: "Change: the later ratio ÷ the earlier, as if other people had written them, which makes its 95 % interval rather too wide than too narrow."
            .to_owned(),
    })
}

/// Verdict and ratio.
fn standing(standing: GapStanding, gap: &GapSince) -> [String; 2] {
    let ratio = match standing.ratio {
        Shown::Value(ratio) if ratio.ratio.is_finite() => {
            format!("{} ÷ {} {}", name(&gap.numerator), name(&gap.denominator), number(ratio.ratio))
        }
        Shown::Value(_) => format!("only {}", name(&gap.numerator)),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => String::new(),
    };
    [verdict(standing.verdict).to_owned(), ratio]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disclosure::comparison::{Earlier, compare};
    use crate::report::sample::{ratio, sample};

    fn compared() -> Disclosed {
        let mut shown = sample();
        let earlier = Option::<Earlier>::from(&shown).unwrap();
        shown.comparison = Some(compare(&earlier, &shown, None));
        shown
    }

    #[test]
    fn without_an_earlier_report_there_is_no_section() {
        assert!(sections(&sample()).is_empty());
    }

    #[test]
    fn levels_and_gaps_stand_side_by_side() {
        let sections = sections(&compared());
        assert_eq!(sections[0].head, "The whole company since the report of 2026-01 to 2026-06");
        assert_eq!(sections[0].rows[1][..4], ["heroic", "anyone", "0.4", "0.4"]);
        assert!(sections[0].rows[1][4].starts_with("no clear change ("));
        let gaps = sections.last().unwrap();
        assert_eq!(gaps.rows[2], ["– before", "material gap", "Sales ÷ Marketing 5.9"]);
        assert_eq!(gaps.rows[3], ["– now", "material gap", "Sales ÷ Marketing 5.9"]);
        assert!(gaps.rows[4][2].starts_with("no clear change ("));
    }

    #[test]
    fn teams_are_listed_only_where_the_change_is_clear() {
        let mut shown = compared();
        assert_eq!(sections(&shown).len(), 2);
        let levels = &mut shown.comparison.as_mut().unwrap().levels;
        let team = levels.iter_mut().find(|level| level.speaker != Speaker::Company && level.target.is_none()).unwrap();
        team.change = ratio(2.5, Some(1.2), Some(4.0));
        let found = sections(&shown);
        assert_eq!(found[1].rows[1].last().unwrap(), "2.5 × (1.2 to 4.0)");
        assert_eq!(found[1].rows.len(), 2);
    }
}
