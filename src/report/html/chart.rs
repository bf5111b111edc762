//! Rows of dots with intervals on a common axis, drawn as SVG: levels and gaps are both of this kind.
//!
//! A panel is as wide as a telephone, so that its text keeps its size; wide pages set several side by side.

use maud::{Markup, html};

use super::axis::Scale;
use crate::report::layout::cut_in_middle;

/// Width of a panel, in units of about a pixel.
pub(super) const WIDTH: f64 = 360.0;
/// Height of a row.
const ROW: f64 = 21.0;
/// Height of a row under its name.
const STACKED_ROW: f64 = 46.0;
/// Height of the axis with its ticks.
const AXIS: f64 = 24.0;

/// Where names, plot and figures stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Where the plot begins, behind the rows' names.
    plot: f64,
    /// Width of the plot.
    plot_width: f64,
    /// Where the rows' figures begin.
    figure: f64,
    /// Most columns of a name.
    name_width: usize,
    /// Whether name and figure stand above the plot.
    is_stacked: bool,
}

/// A row a team, with a number behind it.
pub(super) const LEVELS: Layout = Layout { plot: 118.0, plot_width: 188.0, figure: 316.0, name_width: 15, is_stacked: false };
/// A row a team, with a verdict behind it.
pub(super) const TEAMS: Layout = Layout { plot: 118.0, plot_width: 128.0, figure: 256.0, name_width: 15, is_stacked: false };
/// Few rows, each with its name and verdict above it.
pub(super) const KINDS: Layout = Layout { plot: 12.0, plot_width: 336.0, figure: 0.0, name_width: 32, is_stacked: true };

/// How a mark looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// As any other.
    Plain,
    /// A difference that is real.
    Told,
    /// Not enough data to be read as a finding.
    Pale,
}

/// What is drawn in a row.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A dot with an interval; an end that is missing or beyond the axis is an arrow. No dot where the ratio is infinite.
    Dot {
        /// The figure.
        at: f64,
        /// Both ends, if there is an interval.
        interval: Option<[Option<f64>; 2]>,
        /// How it looks.
        tone: Tone,
    },
    /// Words in place of a figure.
    Words(String),
}

/// A row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Whose.
    pub(super) name: String,
    /// What is drawn.
    pub(super) mark: Mark,
    /// What stands behind it.
    pub(super) figure: String,
    /// Whether it is set in bold.
    pub(super) is_strong: bool,
}

/// A chart.
pub(super) struct Panel<'a> {
    /// Unique on the page.
    pub(super) id: String,
    /// What it shows.
    pub(super) title: String,
    /// The same in words for those who do not see it.
    pub(super) description: String,
    /// Where things stand.
    pub(super) layout: Layout,
    /// Rows.
    pub(super) rows: &'a [Row],
    /// The axis.
    pub(super) scale: Scale,
    /// A shaded stretch, and lines at some values.
    pub(super) guides: Option<Guides>,
    /// What the two ends of the axis mean.
    pub(super) ends: Option<[String; 2]>,
}

/// What helps to read a ratio.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guides {
    /// A shaded stretch.
    pub(super) band: [f64; 2],
    /// Dashed lines.
    pub(super) lines: [f64; 2],
}

/// Draws a panel.
pub(super) fn panel(panel: &Panel<'_>) -> Markup {
    let row_height = if panel.layout.is_stacked { STACKED_ROW } else { ROW };
    let plot_height = row_height * panel.rows.len() as f64;
    let ends = if panel.ends.is_some() { 16.0 } else { 0.0 };
    let height = plot_height + AXIS + ends;
    let (title, description) = (format!("{}-t", panel.id), format!("{}-d", panel.id));
    html! {
        svg class="chart" role="img" viewBox=(format!("0 0 {WIDTH} {height}")) aria-labelledby=(title) aria-describedby=(description) {
            title id=(title) { (panel.title) }
            desc id=(description) { (panel.description) }
            (background(panel, plot_height))
            @for (index, row) in panel.rows.iter().enumerate() {
                (drawn(row, panel.layout, panel.scale, row_height * index as f64))
            }
            @if let Some([left, right]) = &panel.ends {
                text class="s m" x=((panel.layout.plot - 6.0).max(0.0)) y=(height - 3.0) text-anchor="start" { "← " (cut_in_middle(left, 18)) }
                text class="s m" x=((panel.layout.plot + panel.layout.plot_width + 6.0).min(WIDTH)) y=(height - 3.0) text-anchor="end" { (cut_in_middle(right, 18)) " →" }
            }
        }
    }
}

/// Band, lines and ticks.
fn background(panel: &Panel<'_>, plot_height: f64) -> Markup {
    let Layout { plot, plot_width, .. } = panel.layout;
    let x = |value| panel.layout.x(panel.scale, value);
    html! {
        @if let Some(Guides { band: [low, high], lines }) = panel.guides {
            rect class="band" x=(x(low)) y="0" width=(rounded(x(high) - x(low))) height=(plot_height) {}
            path class="dash" d=(lines.map(|line| format!("M{} 0V{plot_height}", x(line))).concat()) {}
            path class="one" d=(format!("M{} 0V{plot_height}", x(1.0))) {}
        }
        path class="axis" d=(format!("M{plot} {plot_height}h{plot_width}")) {}
        @for (tick, text) in panel.scale.ticks() {
            path class="axis" d=(format!("M{} {plot_height}v3", x(tick))) {}
            text class="s m" x=(x(tick)) y=(plot_height + 15.0) text-anchor="middle" { (text) }
        }
    }
}

fn drawn(row: &Row, layout: Layout, scale: Scale, top: f64) -> Markup {
    let y = top + if layout.is_stacked { STACKED_ROW - 13.0 } else { ROW / 2.0 };
    let name = cut_in_middle(&row.name, layout.name_width);
    let class =
        |small: &str| [small, if row.is_strong { "b" } else { "" }, if is_told(row) { "t" } else { "" }].join(" ").trim().to_owned();
    html! {
        @if layout.is_stacked {
            text class="b" x="0" y=(top + 16.0) { (name) }
            text class=(class("")) x=(WIDTH) y=(top + 16.0) text-anchor="end" { (row.figure) }
        } @else {
            text class=[row.is_strong.then_some("b")] x=(layout.plot - 8.0) y=(y + 4.0) text-anchor="end" { (name) }
            text class=(class("s")) x=(layout.figure) y=(y + 4.0) { (row.figure) }
        }
        @match &row.mark {
            Mark::Words(words) => text class="s m w" x=(layout.plot + 4.0) y=(y + 4.0) { (words) },
            Mark::Dot { at, interval, tone } => {
                (interval.map(|ends| line(ends, layout, scale, y, *tone)).unwrap_or_default())
                @if at.is_finite() && !scale.is_right_of(*at) && !scale.is_left_of(*at) {
                    circle class=(self::class("dot", *tone)) cx=(layout.x(scale, *at)) cy=(y) r=(if layout.is_stacked { 4.6 } else { 3.6 }) {}
                }
            }
        }
    }
}

/// Whether the row is that of a real difference.
fn is_told(row: &Row) -> bool {
    matches!(row.mark, Mark::Dot { tone: Tone::Told, .. })
}

/// The line of an interval: a bar at an end that lies on the axis, an arrow at one that does not.
fn line([low, high]: [Option<f64>; 2], layout: Layout, scale: Scale, y: f64, tone: Tone) -> Markup {
    let left = low.filter(|&low| !scale.is_left_of(low) && low.is_finite());
    let right = high.filter(|&high| !scale.is_right_of(high) && high.is_finite());
    let is_rooted = matches!(scale, Scale::Root { .. } | Scale::Even { .. });
    let (first, last) = (layout.plot, layout.plot + layout.plot_width);
    let from = left.map_or(first, |low| layout.x(scale, low));
    let from = if low.is_some_and(|low| scale.is_right_of(low)) { last - 8.0 } else { from };
    let to = right.map_or(last, |high| layout.x(scale, high));
    let to = if high.is_some_and(|high| scale.is_left_of(high)) { first + 8.0 } else { to };
    let mut path = format!("M{from} {y}H{to}");
    let end = |x: f64, is_end: bool, outward: f64| {
        if is_end {
            format!("M{x} {}v6", y - 3.0)
        } else {
            format!("M{} {}l{} 3l{} 3", x - 4.0 * outward, y - 3.0, 4.0 * outward, -4.0 * outward)
        }
    };
    // An open left end on an axis from 0 is 0 itself.
    path.push_str(&end(from, left.is_some() || is_rooted, -1.0));
    path.push_str(&end(to, right.is_some(), 1.0));
    html! { path class=(class("line", tone)) d=(path) {} }
}

fn class(of: &str, tone: Tone) -> String {
    match tone {
        Tone::Plain => of.to_owned(),
        Tone::Told => format!("{of} told"),
        Tone::Pale => format!("{of} pale"),
    }
}

impl Layout {
    fn x(self, scale: Scale, value: f64) -> f64 {
        rounded(self.plot + self.plot_width * scale.place(value))
    }
}

/// A tenth of a unit is finer than any screen shows.
pub(super) fn rounded(value: f64) -> f64 {
    (10.0 * value).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(mark: Mark, scale: Scale) -> String {
        let rows = [Row { name: "<Sales>".into(), mark, figure: "1.0".into(), is_strong: false }];
        let (title, description) = ("Levels".into(), "One row".into());
        panel(&Panel { id: "p".into(), title, description, layout: TEAMS, rows: &rows, scale, guides: None, ends: None }).into_string()
    }

    #[test]
    fn a_chart_says_what_it_shows_and_escapes_names() {
        let svg = svg(Mark::Words("hidden".into()), Scale::Root { end: 5.0 });
        assert!(svg.contains("<title id=\"p-t\">Levels</title><desc id=\"p-d\">One row</desc>") && svg.contains("&lt;Sales&gt;"));
    }

    #[test]
    fn ends_beyond_the_axis_are_arrows() {
        let dot = |interval| Mark::Dot { at: 4.0, interval: Some(interval), tone: Tone::Plain };
        let closed = svg(dot([Some(2.0), Some(8.0)]), Scale::Log { end: 16.0 });
        let open = svg(dot([Some(2.0), None]), Scale::Log { end: 16.0 });
        assert_eq!((closed.matches("v6").count(), open.matches("v6").count()), (2, 1));
        assert!(open.contains("M242 7.5l4 3l-4 3"), "{open}");
    }

    #[test]
    fn an_infinite_ratio_has_a_line_and_no_dot() {
        let infinite = svg(Mark::Dot { at: f64::INFINITY, interval: Some([Some(4.2), None]), tone: Tone::Told }, Scale::Log { end: 16.0 });
        assert!(!infinite.contains("<circle") && infinite.contains("line told"));
    }
}
