//! What was read, what of it is somebody's own words, what is scored: three bars, each the whole of what was kept of the one above.

use maud::{Markup, html};

use super::chart::{WIDTH, rounded};

/// A bar in parts; the first part is what is kept.
pub(super) struct Bar {
    /// What the whole is.
    pub(super) whole: String,
    /// What is left out of it; empty where nothing is.
    pub(super) left_out: String,
    /// The parts; the first is kept.
    pub(super) parts: Vec<u64>,
}

const BAR: f64 = 22.0;
const STEP: f64 = 72.0;

/// Draws the bars.
pub(super) fn chart(title: &str, description: &str, bars: &[Bar]) -> Markup {
    let height = STEP * bars.len() as f64 - 26.0;
    html! {
        svg class="chart flow" role="img" viewBox=(format!("0 0 {WIDTH} {height}")) aria-labelledby="flow-t" aria-describedby="flow-d" {
            title id="flow-t" { (title) }
            desc id="flow-d" { (description) }
            @for (index, bar) in bars.iter().enumerate() {
                (drawn(bar, STEP * index as f64, index + 1 < bars.len()))
            }
        }
    }
}

fn drawn(bar: &Bar, top: f64, has_next: bool) -> Markup {
    let whole = bar.parts.iter().sum::<u64>().max(1) as f64;
    let mut starts = vec![0.0];
    for &part in &bar.parts {
        starts.push(starts.last().unwrap_or(&0.0) + WIDTH * part as f64 / whole);
    }
    let (text, from) = (top + 14.0, top + 20.0);
    let to = from + BAR;
    let kept = rounded(starts[1]);
    html! {
        text class="b" x="0" y=(text) { (bar.whole) }
        text class="s m" x=(WIDTH) y=(text) text-anchor="end" { (bar.left_out) }
        @for (index, pair) in starts.windows(2).enumerate() {
            rect class=(if index == 0 { "kept" } else if index % 2 == 1 { "cut" } else { "cut two" }) x=(rounded(pair[0])) y=(from)
                width=(rounded((pair[1] - pair[0] - if index + 2 < starts.len() { 1.0 } else { 0.0 }).max(0.5))) height=(BAR) {}
        }
        @if has_next {
            path class="wedge" d=(format!("M0 {to}H{kept}L{WIDTH} {0}H0Z", top + STEP + 2.0)) {}
        }
    }
}
