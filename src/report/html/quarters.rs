//! One category quarter by quarter: dots with intervals, joined by a line.

use maud::{Markup, html};

use super::axis::{Scale, round_end};
use super::chart::{WIDTH, rounded};
use crate::disclosure::Rate;
use crate::stats::quarters::Quarter;

/// Where the plot begins and ends.
const LEFT: f64 = 40.0;
const RIGHT: f64 = WIDTH - 14.0;
/// Its top and bottom.
const TOP: f64 = 10.0;
const BOTTOM: f64 = 104.0;
/// Height of the drawing.
const HEIGHT: f64 = 124.0;
/// Quarters that all have their name written.
const MAX_NAMES: usize = 5;

/// Draws the quarters.
pub(super) fn chart(id: &str, title: &str, description: &str, rates: &[(Quarter, Rate)]) -> Markup {
    let highest = |rate: &Rate| rate.interval.and_then(|interval| interval.high).unwrap_or(0.0).min(4.0 * rate.per_1000).max(rate.per_1000);
    let end = round_end(rates.iter().map(|(_, rate)| highest(rate)).fold(0.0, f64::max).max(0.01));
    let scale = Scale::Even { end };
    let y = |value: f64| rounded(BOTTOM - (BOTTOM - TOP) * scale.place(value));
    let step = (RIGHT - LEFT - 40.0) / (rates.len().max(2) - 1) as f64;
    let x = |index: usize| rounded(LEFT + 20.0 + step * index as f64);
    let points: Vec<String> = rates.iter().enumerate().map(|(index, (_, rate))| format!("{},{}", x(index), y(rate.per_1000))).collect();
    let is_named = |index: usize| rates.len() <= MAX_NAMES || index == 0 || index + 1 == rates.len();
    html! {
        svg class="chart" role="img" viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) aria-labelledby=(format!("{id}-t")) aria-describedby=(format!("{id}-d")) {
            title id=(format!("{id}-t")) { (title) }
            desc id=(format!("{id}-d")) { (description) }
            @for (value, text) in scale.ticks() {
                path class="grid" d=(format!("M{LEFT} {}H{RIGHT}", y(value))) {}
                text class="s m" x=(LEFT - 6.0) y=(y(value) + 4.0) text-anchor="end" { (text) }
            }
            polyline class="trace" points=(points.join(" ")) {}
            @for (index, (quarter, rate)) in rates.iter().enumerate() {
                @if let Some(interval) = rate.interval {
                    path class="line" d=(format!("M{} {}V{}", x(index), y(interval.low.unwrap_or(0.0)), y(interval.high.unwrap_or(end)))) {}
                }
                circle class="dot" cx=(x(index)) cy=(y(rate.per_1000)) r="3.6" {}
                @if is_named(index) {
                    text class="s m" x=(x(index)) y=(HEIGHT - 4.0) text-anchor="middle" { (quarter) }
                }
            }
        }
    }
}
