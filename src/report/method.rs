//! How the figures are made, where they end, and how to make them again, for all pages alike.

use crate::config::MIN_AUTHORS;
use crate::disclosure::{Disclosed, MAX_PERCENT_OF_ONE, MAX_PERCENT_OF_TWO, MIN_AUTHORS_WITH_HIT};
use crate::report::text::{authors, number, printable};

/// How the figures are made: a head and a sentence each.
pub(super) fn method(shown: &Disclosed) -> Vec<(&'static str, String)> {
    let floor = authors(shown.min_authors);
    let judged = match shown.family_size {
        0 => "no gap had enough data to be judged".to_owned(),
        1 => "one gap had enough data to be judged".to_owned(),
        n => format!(
            "{n} gaps had enough data and are judged together, so that of those called real about 1 in 20 is none (Benjamini & Hochberg 1995)"
        ),
    };
    let sentences = [
        ("Unit", "a sentence of an author's own words; a hit is one with such wording.".to_owned()),
        (
            "Ratio",
            "within author (Mantel & Haenszel 1959): each author's sentences about one team against the same author's about the other; \
             only wording that fits any team enters."
                .to_owned(),
        ),
        (
            "Interval",
            "95 %; for levels a delete-one-author jackknife (Efron 1982), for ratios random subsets of authors (Hartigan 1969).".to_owned(),
        ),
        (
            "Verdict",
            format!(
                "{judged}. Material: {} × or more, also without any one author or entry. No large gap: the 90 % interval lies within 0.5 and 2 \
                 (Schuirmann 1987).",
                number(shown.material_ratio)
            ),
        ),
        (
            "Floor",
            format!(
                "no figure of fewer than {floor}, none of which one author wrote over {MAX_PERCENT_OF_ONE} % or two over {MAX_PERCENT_OF_TWO} %, no \
                 rate with hits of fewer than {MIN_AUTHORS_WITH_HIT}; a further figure is hidden (covers another) where, with it and the company's, a hidden \
                 one could be worked out; two significant figures."
            ),
        ),
        ("Reading", "the report counts words; it does not know what anybody thinks or means.".to_owned()),
        ("Months", format!("in the time zone {}.", printable(&shown.origin.timezone))),
    ];
    sentences.into()
}

/// What no figure here says.
pub(super) const LIMITS: [&str; 6] = [
    "Words are counted, not thoughts: irony, jokes and good intentions look like what they say.",
    "A difference is no cause: why people write about two teams in different words is not in the data.",
    "What is said in calls, meetings and corridors is not here, nor what was left out, nor languages other than English.",
    "Where no figure stands, nothing is said: hidden is neither much nor little.",
    "Figures of teams rest on fewer people than those of the company; look at the intervals before you compare them.",
    "No person can be looked up here, and nobody should be asked who wrote what.",
];

/// The command that makes the report again from the same exports, without their places.
pub(super) fn repeat(shown: &Disclosed) -> String {
    let parts = [
        Some("evenhand report EXPORTS --config evenhand.toml".to_owned()),
        (!shown.rosters.is_empty()).then(|| "--roster roster.csv".to_owned()),
        Some(format!("--timezone {}", printable(&shown.origin.timezone))),
        (shown.min_authors != MIN_AUTHORS).then(|| format!("--min-authors {}", shown.min_authors)),
        shown.validation.is_some().then(|| "--validation validation.json".to_owned()),
        shown.comparison.is_some().then(|| "--compare OLD".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What the figures were made with.
pub(super) fn fingerprints(shown: &Disclosed) -> Vec<(&'static str, String)> {
    let rosters = shown.rosters.iter().map(|roster| printable(roster)).collect::<Vec<_>>().join(", ");
    vec![
        ("lexicons", printable(&shown.origin.lexicons)),
        ("cleaning", printable(&shown.origin.cleaning)),
        (if shown.rosters.len() > 1 { "rosters" } else { "roster" }, if rosters.is_empty() { "none".to_owned() } else { rosters }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{sample, without_roster};

    #[test]
    fn the_command_names_what_was_given_and_no_place() {
        let mut shown = sample();
        assert_eq!(repeat(&shown), "evenhand report EXPORTS --config evenhand.toml --roster roster.csv --timezone Europe/Berlin");
        shown.min_authors = 8;
        assert!(repeat(&shown).ends_with(" --min-authors 8"));
        assert!(!repeat(&without_roster()).contains("roster"));
    }
}
