//! Whether the same people speak differently of two groups: ratios on one axis, with the bands that the verdicts use.

use maud::{Markup, html};

use super::axis::{Scale, round_end};
use super::chart::{Guides, KINDS, Layout, Mark, Panel, Row, TEAMS, Tone, panel};
use super::isolated;
use super::parts::{behind, head, note, panels, section, table};
use crate::disclosure::{Disclosed, Ratio, Shown, ShownGap};
use crate::report::gaps::{self, GapReading};
use crate::report::text::{capitalised, name, number, thousands};
use crate::report::view::{Pair, View};
use crate::report::words::{gap_kind, pair_head, speaker};
use crate::stats::verdict::{LARGE, Verdict};
use crate::stats::{GapKind, Speaker};

/// Ends of the axis of ratios.
const ENDS: [f64; 2] = [4.0, 32.0];

/// The company's comparisons in one chart, for the first screen; of the first pair.
pub(super) fn glance(shown: &Disclosed, view: &View<'_>) -> Option<Markup> {
    let pair = view.pairs.first().copied().filter(|_| !shown.speakers.is_empty())?;
    let gaps: Vec<&ShownGap> = GapKind::ALL.into_iter().filter_map(|kind| view.gap(&Speaker::Company, kind, pair)).collect();
    let of = |gap: &&ShownGap| {
        let figure = gaps::gap(gap, shown.min_authors, usize::MAX).verdict.to_owned();
        Row { name: gap_kind(gap.kind).to_owned(), figure, ..row(gap, pair, shown.min_authors) }
    };
    let rows: Vec<Row> = gaps.iter().map(of).collect();
    let title = pair_head(pair.first, pair.second);
    let told: Vec<String> = gaps.iter().map(|gap| gaps::sentence(gap, shown.min_authors)).collect();
    let drawn = drawn("glance", &title, told.join(" "), &rows, KINDS, scale(&gaps), pair, shown);
    Some(html! {
        figure class="glance" {
            figcaption { (isolated(&title)) }
            (drawn)
            (note("Lines: 95 % intervals; at 1 there is no difference; shaded: no large gap. Pale: not enough data."))
        }
    })
}

/// All comparisons, pair by pair.
pub(super) fn gaps(shown: &Disclosed, view: &View<'_>) -> Option<Markup> {
    if view.pairs.is_empty() {
        return None;
    }
    let body = html! { @for (index, &pair) in view.pairs.iter().enumerate() { (of_pair(index, pair, shown, view)) } };
    Some(section("gaps", "Do the same people speak differently of two teams?", &body))
}

fn of_pair(index: usize, pair: Pair<'_>, shown: &Disclosed, view: &View<'_>) -> Markup {
    let of_kind = |kind: GapKind| view.speakers.iter().filter_map(move |count| view.gap(&count.speaker, kind, pair));
    let all: Vec<&ShownGap> = GapKind::ALL.into_iter().flat_map(of_kind).collect();
    let scale = scale(&all);
    let charts: Vec<(String, Markup)> = GapKind::ALL
        .into_iter()
        .map(|kind| {
            let rows: Vec<Row> = of_kind(kind).map(|gap| row(gap, pair, shown.min_authors)).collect();
            let title = capitalised(&format!("{} wording", gap_kind(kind)));
            let told = of_kind(kind).map(|gap| {
                let GapReading { verdict, figure, .. } = gaps::gap(gap, shown.min_authors, usize::MAX);
                format!("{}: {verdict}, {figure}", speaker(&gap.speaker))
            });
            let description = format!("{}.", told.collect::<Vec<_>>().join("; "));
            (title.clone(), drawn(&format!("gap-{index}-{}", kind.name()), &title, description, &rows, TEAMS, scale, pair, shown))
        })
        .collect();
    let company: Vec<&ShownGap> = GapKind::ALL.into_iter().filter_map(|kind| view.gap(&Speaker::Company, kind, pair)).collect();
    let head_of_pair = pair_head(pair.first, pair.second);
    html! {
        (head(3, &head_of_pair))
        ul class="told" {
            @for gap in company {
                li {
                    strong { (isolated(&gaps::sentence(gap, shown.min_authors))) }
                    @for reason in gaps::reasons(gap, shown.valid_score()) { " " (isolated(&reason)) }
                }
            }
        }
        (panels(4, &charts))
        (reading_help(shown))
        (behind("These comparisons as a table", &table(&format!("As a table: {head_of_pair}"), 4, &rows(pair, shown, view))))
    }
}

fn rows(pair: Pair<'_>, shown: &Disclosed, view: &View<'_>) -> Vec<Vec<String>> {
    let mut rows = vec![
        ["Who speaks", "Wording", "Verdict", "Ratio (95 % interval) or what is missing", "Authors who name both"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for count in &view.speakers {
        for gap in GapKind::ALL.into_iter().filter_map(|kind| view.gap(&count.speaker, kind, pair)) {
            let reading = gaps::gap(gap, shown.min_authors, usize::MAX);
            let n_authors = reading.n_authors.map_or_else(String::new, |n| thousands(n as u64));
            rows.push(vec![speaker(&gap.speaker), gap_kind(gap.kind).to_owned(), reading.verdict.to_owned(), reading.figure, n_authors]);
        }
    }
    rows
}

/// The ratio of the first group of the pair to the second, whichever stands on top.
fn towards_first(gap: &ShownGap, pair: Pair<'_>, ratio: Ratio) -> (f64, [Option<f64>; 2]) {
    if *gap.numerator == *pair.first {
        (ratio.ratio, [ratio.interval.low, ratio.interval.high])
    } else {
        let interval = ratio.interval.inverted();
        (ratio.ratio.recip(), [interval.low, interval.high])
    }
}

fn row(gap: &ShownGap, pair: Pair<'_>, min_authors: usize) -> Row {
    let reading = gaps::gap(gap, min_authors, 14);
    let (mark, figure) = match gap.ratio {
        Shown::Value(ratio) => {
            let (at, interval) = towards_first(gap, pair, ratio);
            let tone = match gap.verdict.verdict {
                Verdict::MaterialGap | Verdict::SmallOrUnstableGap => Tone::Told,
                Verdict::NoLargeGap | Verdict::Inconclusive => Tone::Plain,
                Verdict::Insufficient | Verdict::Suppressed => Tone::Pale,
            };
            // Zero on one side and infinity on the other lie beyond any axis.
            let at = if at == 0.0 { f64::INFINITY } else { at };
            (Mark::Dot { at, interval: Some(interval), tone }, reading.verdict.to_owned())
        }
        Shown::NoData if !gap.verdict.missing.is_empty() => (Mark::Words(format!("missing: {}", reading.figure)), String::new()),
        Shown::Few | Shown::Hidden(_) | Shown::NoData => (Mark::Words(reading.figure), String::new()),
    };
    Row { name: speaker(&gap.speaker), mark, figure, is_strong: gap.speaker == Speaker::Company }
}

/// One axis for all comparisons of a pair: half as far again as the furthest verdict.
fn scale(gaps: &[&ShownGap]) -> Scale {
    let is_read = |gap: &&&ShownGap| gap.verdict.missing.is_empty();
    let ratios = gaps.iter().filter(is_read).filter_map(|gap| gap.ratio.value()).map(|ratio| ratio.ratio);
    let furthest = ratios.filter(|ratio| ratio.is_finite() && *ratio > 0.0).map(|ratio| ratio.max(ratio.recip())).fold(1.0, f64::max);
    let [least, most] = ENDS;
    let end = round_end(1.5 * furthest).clamp(least, most);
    Scale::Log {
        end: if end > 8.0 {
            if end > 16.0 { 32.0 } else { 16.0 }
        } else if end > 4.0 {
            8.0
        } else {
            4.0
        },
    }
}

#[expect(clippy::too_many_arguments, reason = "a chart is its parts")]
fn drawn(
    id: &str,
    title: &str,
    description: String,
    rows: &[Row],
    layout: Layout,
    scale: Scale,
    pair: Pair<'_>,
    shown: &Disclosed,
) -> Markup {
    let material = shown.material_ratio;
    panel(&Panel {
        id: id.to_owned(),
        title: format!("{title}: ratios on an axis of logarithms"),
        description,
        layout,
        rows,
        scale,
        guides: Some(Guides { band: [LARGE.recip(), LARGE], lines: [material.recip(), material] }),
        ends: Some([pair.second, pair.first].map(name)),
    })
}

fn reading_help(shown: &Disclosed) -> Markup {
    let [low, high] = [LARGE.recip(), LARGE].map(number);
    note(&format!(
        "Line: 95 % interval of the ratio within the same authors; at 1 there is no difference. Shaded: {low} to {high}, within which no large \
         gap lies; dashed: {} × and its reverse, from which on a gap is material. Pale: not enough data, not to be read as a finding.",
        number(shown.material_ratio)
    ))
}
