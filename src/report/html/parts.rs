//! Pieces that all sections are made of.

use maud::{Markup, html};

use super::isolated;
use crate::report::beside::Section;

/// A section with a head that links lead to.
pub(super) fn section(id: &str, head: &str, body: &Markup) -> Markup {
    html! {
        section id=(id) aria-labelledby=(format!("{id}-h")) {
            h2 id=(format!("{id}-h")) {
                // What stands in brackets at the end is the unit.
                @match head.strip_suffix(')').and_then(|head| head.rsplit_once(" (")) {
                    Some((what, unit)) => { (isolated(what)) " " span class="unit" { (isolated(unit)) } },
                    None => (isolated(head)),
                }
            }
            (body)
        }
    }
}

/// A table that scrolls by itself where the page is too narrow; the first row is its head, columns from `first_figure` on are set right.
pub(super) fn table(label: &str, first_figure: usize, rows: &[Vec<String>]) -> Markup {
    let Some((head, body)) = rows.split_first() else { return Markup::default() };
    let class = |column: usize| (column >= first_figure).then_some("n");
    html! {
        div class="scroll" role="region" aria-label=(label) tabindex="0" {
            table {
                thead { tr { @for (column, cell) in head.iter().enumerate() { th scope="col" class=[class(column)] { (isolated(cell)) } } } }
                tbody {
                    @for row in body {
                        tr {
                            @for (column, cell) in row.iter().enumerate() {
                                @if column == 0 { th scope="row" { (isolated(cell)) } } @else { td class=[class(column)] { (isolated(cell)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a chart is drawn from.
pub(super) fn behind(summary: &str, body: &Markup) -> Markup {
    html! { details { summary { (summary) } (body) } }
}

/// Charts beside each other where there is room, each under a head of this depth.
pub(super) fn panels(depth: u8, panels: &[(String, Markup)]) -> Markup {
    html! {
        div class="panels" {
            @for (head, panel) in panels {
                figure { (self::head(depth, head)) (panel) }
            }
        }
    }
}

/// A head of depth 3, or 4 for any other number.
pub(super) fn head(depth: u8, text: &str) -> Markup {
    if depth == 3 {
        html! { h3 { (isolated(text)) } }
    } else {
        html! { h4 { (isolated(text)) } }
    }
}

/// A table of what stands beside the verdicts, with its head and how to read it.
pub(super) fn beside(section: &Section) -> Markup {
    html! { (head(3, &section.head)) (table(&section.head, section.first_figure, &section.rows)) (note(&section.note)) }
}

/// How to read what stands above.
pub(super) fn note(text: &str) -> Markup {
    html! { p class="note" { (isolated(text)) } }
}
