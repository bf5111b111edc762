//! What was measured, by team and kind of wording: levels, matrices, quarters, entries, gendered wording beside scorn.

use maud::{Markup, html};

use super::axis::{Scale, round_end};
use super::chart::{LEVELS, Mark, Panel, Row, Tone, panel};
use super::parts::{behind, note, panels, section, table};
use super::{isolated, quarters};
use crate::disclosure::{Disclosed, Rate, Shown, ShownQuarters, Why};
use crate::lexicon::Category;
use crate::report::beside as words_beside;
use crate::report::text::{capitalised, number, thousands};
use crate::report::view::{MATRICES, View};
use crate::report::words::{self, short_category, speaker};
use crate::stats::Speaker;
use crate::stats::quarters::Quarter;

/// Shades of a matrix.
const MAX_SHADE: f64 = 5.0;
/// Columns of a matrix that leave room for another beside it.
const FEW_TARGETS: usize = 5;

/// How often each team uses each kind of wording.
pub(super) fn levels(shown: &Disclosed, view: &View<'_>) -> Markup {
    let rate = |count: &crate::disclosure::ShownSpeaker, category| view.rate(&count.speaker, category, None);
    let all: Vec<Shown<Rate>> = view.speakers.iter().flat_map(|count| Category::ALL.map(|category| rate(count, category))).collect();
    let scale = Scale::Root { end: axis_end(&all) };
    let charts: Vec<(String, Markup)> = Category::ALL
        .into_iter()
        .map(|category| {
            let rows: Vec<Row> =
                view.speakers.iter().map(|count| level_row(&count.speaker, rate(count, category), shown.min_authors)).collect();
            let title = capitalised(words::category(category));
            let drawn = panel(&Panel {
                id: format!("level-{}", category.name()),
                description: level_description(&rows),
                title: format!("{title}, hits per 1,000 own words, dot and 95 % interval"),
                layout: LEVELS,
                rows: &rows,
                scale,
                guides: None,
                ends: None,
            });
            (title, drawn)
        })
        .collect();
    let mut rows = vec![vec!["Who speaks".to_owned(), "Authors".to_owned(), "Own words".to_owned()]];
    rows[0].extend(Category::ALL.map(|category| capitalised(&short_category(category))));
    for count in &view.speakers {
        let n_words = match count.words {
            Shown::Value(n) => thousands(n),
            Shown::Hidden(why) => words::hidden(why, shown.min_authors),
            Shown::Few | Shown::NoData => "–".to_owned(),
        };
        let mut row = vec![speaker(&count.speaker), thousands(count.n_authors as u64), n_words];
        row.extend(Category::ALL.map(|category| with_interval(words::level(rate(count, category), shown.min_authors))));
        rows.push(row);
    }
    let head = if view.has_teams() { words::LEVELS_HEAD } else { words::LEVELS_HEAD_WITHOUT_TEAMS };
    let body = html! {
        (panels(3, &charts))
        (note("Dot: hits per 1,000 own words; line: 95 % interval. All six charts share one axis, drawn by square roots so that rare wording \
               can be read beside frequent. Where two intervals overlap widely, the teams may not differ at all."))
        (behind("These levels as a table", &table("How often, as a table", 1, &rows)))
    };
    section("levels", head, &body)
}

/// Where the common axis ends: at the highest interval, but at most three times the highest rate, lest one wide interval press all others
/// together.
fn axis_end(rates: &[Shown<Rate>]) -> f64 {
    let rates: Vec<Rate> = rates.iter().filter_map(|rate| rate.value()).collect();
    let highest = rates.iter().map(|rate| rate.per_1000).fold(0.0, f64::max);
    let ends = rates.iter().filter_map(|rate| rate.interval?.high);
    round_end(ends.fold(highest, f64::max).min(3.0 * highest).max(0.1))
}

fn level_row(of: &Speaker, rate: Shown<Rate>, min_authors: usize) -> Row {
    let mark = match rate {
        Shown::Value(rate) => Mark::Dot { at: rate.per_1000, interval: rate.interval.map(|ends| [ends.low, ends.high]), tone: Tone::Plain },
        Shown::Few | Shown::Hidden(_) | Shown::NoData => Mark::Words(words::level(rate, min_authors).1),
    };
    let figure = rate.value().map_or_else(String::new, |rate| number(rate.per_1000));
    Row { name: speaker(of), mark, figure, is_strong: *of == Speaker::Company }
}

/// The rows of a chart, read out.
fn level_description(rows: &[Row]) -> String {
    let row = |row: &Row| match &row.mark {
        Mark::Words(words) => format!("{}: {words}", row.name),
        Mark::Dot { .. } => format!("{}: {}", row.name, row.figure),
    };
    format!("{}.", rows.iter().map(row).collect::<Vec<_>>().join("; "))
}

fn with_interval((figure, interval): (String, String)) -> String {
    // A line may break before the bracket, not within.
    if interval.is_empty() { figure } else { format!("{figure} ({})", interval.replace(' ', "\u{a0}")) }
}

/// Who speaks how about whom: a shaded table for each kind of wording.
pub(super) fn matrix(shown: &Disclosed, view: &View<'_>) -> Markup {
    let head = if view.has_teams() { words::MATRIX_HEAD } else { words::MATRIX_HEAD_WITHOUT_TEAMS };
    let cells = MATRICES.into_iter().flat_map(|category| {
        view.speakers.iter().flat_map(move |count| view.targets.iter().map(move |target| view.rate(&count.speaker, category, Some(target))))
    });
    let most = cells.filter_map(Shown::value).map(|rate| rate.per_1000).fold(0.0, f64::max);
    let body = if view.targets.is_empty() {
        note(&words::no_targets(shown.min_authors))
    } else {
        html! {
            @if !view.has_teams() { (shaded("Who is talked about how", "Wording", &by_category(view), most)) }
            @else { div class=(if view.targets.len() > FEW_TARGETS { "matrices wide" } else { "matrices" }) {
                @for category in MATRICES { div { h3 { (capitalised(words::category(category))) } (shaded(&format!("Who uses {} about whom", words::category(category)), "Who speaks", &by_speaker(view, category), most)) } }
            } }
            (note(&format!("{}. The darker a cell, the more frequent, over all five tables alike.", words::legend(shown.min_authors, &view.whys()))))
            @if !view.targets_not_shown.is_empty() { (note(&words::not_shown(&view.targets_not_shown, shown.min_authors))) }
        }
    };
    section("matrix", head, &body)
}

/// A row of a matrix: its name, whether it is set in bold, and a rate about each group.
type MatrixRow = (String, bool, Vec<(String, Shown<Rate>)>);

fn row_of(view: &View<'_>, name: String, is_strong: bool, of: &Speaker, category: Category) -> MatrixRow {
    let cells =
        view.targets.iter().map(|target| (format!("about {}", crate::report::text::name(target)), view.rate(of, category, Some(target))));
    (name, is_strong, cells.collect())
}

fn by_speaker(view: &View<'_>, category: Category) -> Vec<MatrixRow> {
    let row = |of: &Speaker| row_of(view, speaker(of), *of == Speaker::Company, of, category);
    view.speakers.iter().map(|count| row(&count.speaker)).collect()
}

/// Where the company stands alone, one matrix holds all kinds of wording.
fn by_category(view: &View<'_>) -> Vec<MatrixRow> {
    MATRICES.map(|category| row_of(view, capitalised(&short_category(category)), false, &Speaker::Company, category)).into()
}

fn shaded(label: &str, corner: &str, rows: &[MatrixRow], most: f64) -> Markup {
    let shade = |rate: Shown<Rate>| match rate {
        Shown::Value(rate) if rate.per_1000 > 0.0 => format!("h{:.0}", (MAX_SHADE * (rate.per_1000 / most).sqrt()).ceil()),
        Shown::Value(_) => "h0".to_owned(),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => "no".to_owned(),
    };
    html! {
        div class="scroll" role="region" aria-label=(label) tabindex="0" {
            table class="matrix" {
                thead { tr { th scope="col" { (corner) } @for (about, _) in rows.first().iter().flat_map(|row| &row.2) { th scope="col" { (isolated(about)) } } } }
                tbody {
                    @for (name, is_strong, cells) in rows {
                        tr class=[is_strong.then_some("b")] {
                            th scope="row" { (isolated(name)) }
                            @for (_, rate) in cells { td class=(shade(*rate)) { (words::cell(*rate)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The company's quarters as charts, all speakers' in the table behind.
pub(super) fn quarters(shown: &Disclosed, _: &View<'_>) -> Option<Markup> {
    let all: Vec<Quarter> =
        shown.quarters.iter().find_map(|one| one.rates.clone().value())?.into_iter().map(|(quarter, _)| quarter).collect();
    let charts: Vec<(String, Markup)> = shown
        .quarters
        .iter()
        .filter(|one| one.speaker == Speaker::Company)
        .map(|one| (capitalised(words::category(one.category)), quarter_chart(one, shown.min_authors)))
        .collect();
    let mut rows = vec![vec!["Who speaks".to_owned(), "Wording".to_owned()]];
    rows[0].extend(all.iter().map(ToString::to_string));
    rows[0].push("Last quarter against the one before, same authors".to_owned());
    rows.extend(shown.quarters.iter().map(|one| quarter_row(one, &all, shown.min_authors)));
    let body = html! {
        (panels(3, &charts))
        (note(words_beside::QUARTERS_NOTE))
        (behind("These quarters as a table, with those of the teams", &table("Quarter by quarter, as a table", 2, &rows)))
    };
    Some(section("quarters", "Quarter by quarter, the whole company (hits per 1,000 own words)", &body))
}

fn quarter_chart(one: &ShownQuarters, min_authors: usize) -> Markup {
    let change = words_beside::change(one.change, min_authors);
    match &one.rates {
        Shown::Value(rates) => {
            let told: Vec<String> = rates.iter().map(|(quarter, rate)| format!("{quarter}: {}", number(rate.per_1000))).collect();
            let title = format!("{} by quarter, dots and 95 % intervals", capitalised(words::category(one.category)));
            html! {
                (quarters::chart(&format!("quarter-{}", one.category.name()), &title, &format!("{}.", told.join("; ")), rates))
                figcaption { "Last against the one before: " (change) "." }
            }
        }
        Shown::Few => html! { figcaption { "Few: in some quarter under three authors use it." } },
        Shown::Hidden(why) => html! { figcaption { (capitalised(&words::hidden(*why, min_authors))) "." } },
        Shown::NoData => html! { figcaption { "No data." } },
    }
}

fn quarter_row(one: &ShownQuarters, all: &[Quarter], min_authors: usize) -> Vec<String> {
    let figure = |quarter: &Quarter| match &one.rates {
        Shown::Value(rates) => {
            rates.iter().find(|(other, _)| other == quarter).map_or_else(|| "–".to_owned(), |(_, rate)| number(rate.per_1000))
        }
        Shown::Few => words::cell(Shown::Few),
        Shown::Hidden(why) => words::cell(Shown::Hidden(*why)),
        Shown::NoData => words::cell(Shown::NoData),
    };
    let mut row = vec![speaker(&one.speaker), short_category(one.category)];
    row.extend(all.iter().map(figure));
    row.push(words_beside::change(one.change, min_authors));
    row
}

/// Which entries of the lexicons make the hits about the groups that are compared.
pub(super) fn entries(shown: &Disclosed, _: &View<'_>) -> Option<Markup> {
    if shown.entries.is_empty() {
        return None;
    }
    let body = html! {
        div class="entries" {
            @for made in shown.entries.iter().filter(|made| !made.entries.is_empty()) {
                @let head = capitalised(&words_beside::wording_about(made));
                div {
                    h3 { (isolated(&head)) }
                    div class="scroll" role="region" aria-label=(format!("Entries: {head}")) tabindex="0" {
                        table {
                            thead { tr { th scope="col" { "Entry, and the sense in which it counts" } th scope="col" class="n" { "Of the hits" } } }
                            tbody {
                                @for entry in &made.entries {
                                    tr {
                                        th scope="row" {
                                            (isolated(&words_beside::entry_name(entry)))
                                            @if let Some(sense) = &entry.sense { span class="sense" { (isolated(sense)) } }
                                        }
                                        td class="n" { (share(entry.share)) }
                                    }
                                }
                                @if let Some(others) = made.others {
                                    tr class="rest" { th scope="row" { (words_beside::OTHERS) } td class="n" { (share(others)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
        (note(&words_beside::entries_note(shown)))
    };
    Some(section("entries", "Which entries of the lexicons carry it, in the whole company", &body))
}

/// A share with its bar; the bar says nothing that the figure does not.
fn share(share: f64) -> Markup {
    let percent = number(100.0 * share);
    html! {
        svg class="bar" viewBox="0 0 60 8" aria-hidden="true" { rect width=(number(60.0 * share.min(1.0))) height="8" {} }
        span class="f" { (percent) " %" }
    }
}

/// What stands in cells in place of a figure.
pub(super) fn signs(shown: &Disclosed) -> String {
    format!("{}.", capitalised(&words::legend(shown.min_authors, &Why::ALL.into())))
}

/// Gendered wording beside scorn.
pub(super) fn gendered(shown: &Disclosed, _: &View<'_>) -> Option<Markup> {
    let beside_scorn = words_beside::gendered(shown)?;
    let body = html! { (table("Gendered wording and scorn, as a table", beside_scorn.first_figure, &beside_scorn.rows)) (note(&format!("{} {}", beside_scorn.note, signs(shown)))) };
    Some(section("beside", &beside_scorn.head, &body))
}
