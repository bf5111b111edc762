//! The report as one page that stands by itself: no script, no request, light and dark, for screen, paper and screen reader.

mod axis;
mod chart;
mod context;
mod evidence;
mod flow;
mod gaps;
mod parts;
mod quarters;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::decision::Sheet;
use crate::disclosure::Disclosed;
use crate::report::answers::answers;
use crate::report::view::View;
use crate::report::words;

const STYLE: &str = include_str!("style.css");

/// Writes the report.
pub(super) fn write(shown: &Disclosed, sheet: &Sheet, out: &mut dyn Write) -> io::Result<()> {
    let view = View::new(shown);
    let sections = sections(shown, &view, sheet);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex, nofollow";
                title { (words::title(shown)) }
                style { (PreEscaped(STYLE)) }
            }
            // Browsers that know boxes in the margin stamp every printed page.
            body class=[shown.is_not_for_circulation().then_some("restricted")] {
                a class="skip" href="#answer" { "Skip to the answers" }
                (top(shown))
                main {
                    (first_screen(shown, &view, sheet))
                    nav aria-label="Parts of this report" {
                        ul { @for (id, name, _) in &sections { li { a href=(format!("#{id}")) { (name) } } } }
                    }
                    @for (_, _, section) in &sections { (section) }
                }
                footer {
                    p { "evenhand " (env!("CARGO_PKG_VERSION")) " · " (words::period_of(shown)) }
                    @if let Some(stamp) = words::not_for_circulation(shown) { p class="stamp" { (stamp) } }
                }
            }
        }
    };
    writeln!(out, "{}", page.into_string())
}

fn top(shown: &Disclosed) -> Markup {
    html! {
        header {
            @if let Some(stamp) = words::not_for_circulation(shown) { p class="stamp" { (stamp) } }
            h1 { "How our teams are talked about" }
            p class="volume" {
                (words::period_of(shown))
                @if let Some(volume) = words::volume(shown) { " · " (volume) }
                " · wording, not people"
            }
        }
    }
}

/// The five answers, with the company's comparisons beside them.
fn first_screen(shown: &Disclosed, view: &View<'_>, sheet: &Sheet) -> Markup {
    let glance = gaps::glance(shown, view);
    html! {
        section id="answer" class=[glance.is_some().then_some("two")] aria-label="The answers" {
            dl class="answers" {
                @for answer in answers(shown, view, sheet) {
                    div { dt { (answer.question) } dd { (isolated(&answer.text)) } }
                }
            }
            @if let Some(glance) = glance { (glance) }
        }
    }
}

/// The sections in order: where links lead to, their names in the list of parts, what they hold.
fn sections(shown: &Disclosed, view: &View<'_>, sheet: &Sheet) -> Vec<(&'static str, &'static str, Markup)> {
    let has_figures = !shown.speakers.is_empty();
    let of_figures = |section: fn(&Disclosed, &View<'_>) -> Option<Markup>| has_figures.then(|| section(shown, view)).flatten();
    let all = [
        ("levels", "How often", has_figures.then(|| evidence::levels(shown, view))),
        ("matrix", "Who about whom", has_figures.then(|| evidence::matrix(shown, view))),
        ("gaps", "The same people compared", of_figures(gaps::gaps)),
        ("since", "What changed", of_figures(context::since)),
        ("quarters", "Quarters", of_figures(evidence::quarters)),
        ("entries", "Which words", of_figures(evidence::entries)),
        ("beside", "Gendered wording", of_figures(evidence::gendered)),
        ("contact", "Contact and tone", of_figures(context::contact)),
        ("intake", "What was left out", Some(context::intake(shown))),
        ("decision", "What to do", Some(context::decision(shown, sheet))),
        ("notices", "Before you rely on it", Some(context::notices(shown))),
        ("method", "Method and limits", Some(context::method(shown))),
        ("repeat", "Make it again", Some(context::repeat(shown))),
    ];
    all.into_iter().filter_map(|(id, name, section)| Some((id, name, section?))).collect()
}

/// Nothing may be loaded or run; of styles only the page's own, told by its hash.
fn policy() -> String {
    let hash = base64(&hmac_sha256::Hash::hash(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            text.push(if place <= chunk.len() { char::from(DIGITS[digit]) } else { '=' });
        }
    }
    text
}

/// Text whose stretches of right-to-left writing turn nothing but themselves: without it the figures behind such a name would stand
/// before it (Unicode Standard Annex #9).
fn isolated(text: &str) -> Markup {
    // A line does not end between a number and its unit.
    let text = text.replace(" %", "\u{a0}%").replace(" ×", "\u{a0}×");
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    let mut rest = text.as_str();
    while let Some(from) = rest.find(is_right_to_left) {
        let stop = rest[from..].find(|c: char| c.is_alphanumeric() && !is_right_to_left(c)).map_or(rest.len(), |at| from + at);
        let to = rest[from..stop].trim_end_matches(|c| !is_right_to_left(c)).len() + from;
        pieces.extend([(false, &rest[..from]), (true, &rest[from..to])]);
        rest = &rest[to..];
    }
    pieces.push((false, rest));
    html! { @for (is_turned, piece) in pieces { @if is_turned { bdi { (piece) } } @else { (piece) } } }
}

/// Hebrew, Arabic and their neighbours.
const fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Format;
    use crate::report::sample::{empty, sample, wide, without_roster, written};

    #[test]
    fn base64_is_that_of_the_standard() {
        assert_eq!(["", "f", "fo", "foo", "foobar"].map(|text| base64(text.as_bytes())), ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]);
    }

    #[test]
    fn only_the_right_to_left_stretch_is_isolated() {
        assert_eq!(isolated("about שיווק ומכירות 5.9 × <b>").into_string(), "about <bdi>שיווק ומכירות</bdi> 5.9\u{a0}× &lt;b&gt;");
        assert_eq!(isolated("שיווק, Sales, שיווק").into_string(), "<bdi>שיווק</bdi>, Sales, <bdi>שיווק</bdi>");
    }

    #[test]
    fn the_page_asks_for_nothing_and_runs_nothing() {
        for shown in [sample(), wide(), without_roster(), empty()] {
            let page = written(&shown, Format::Html);
            for part in ["<script", "<link", "<img", "<iframe", "http:", "https:", "url(", "style=\"", "onclick", "@import"] {
                assert!(!page.contains(part), "{part}");
            }
            assert!(page.starts_with(
                "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\""
            ));
        }
    }

    #[test]
    fn heads_are_in_order_and_ids_are_there_once() {
        for shown in [sample(), wide(), without_roster(), empty()] {
            let page = written(&shown, Format::Html);
            let depths: Vec<u32> = page.match_indices("<h").filter_map(|(at, _)| page[at + 2..].chars().next()?.to_digit(10)).collect();
            assert_eq!(depths.iter().filter(|&&depth| depth == 1).count(), 1);
            assert!(depths.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{depths:?}");
            let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let n_ids = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), n_ids);
            for id in page.split("aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(ids.contains(&id), "{id}");
            }
            for id in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(ids.contains(&id), "{id}");
            }
        }
    }

    #[test]
    fn every_chart_has_a_title_and_a_description() {
        let page = written(&sample(), Format::Html);
        let charts = page.split("<svg class=\"chart").skip(1);
        assert!(charts.clone().count() > 12);
        assert!(charts.into_iter().all(|chart| chart.contains("<title id=") && chart.contains("<desc id=")));
    }

    #[test]
    fn what_is_hidden_says_why_and_a_low_floor_is_stamped() {
        let mut shown = sample();
        assert!(written(&shown, Format::Html).contains("under 5 authors name both"));
        assert!(written(&empty(), Format::Html).contains("Fewer than 5 authors are left"));
        shown.min_authors = 2;
        let page = written(&shown, Format::Html);
        let (_, body) = page.split_once("</style>").unwrap();
        assert_eq!(body.matches("NOT FOR CIRCULATION").count(), 3, "at both ends and among the notices");
        assert!(body.contains("<body class=\"restricted\">") && !written(&sample(), Format::Html).contains("<body class"));
    }
}
