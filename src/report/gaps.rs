//! What is said of a gap: its verdict, its figure, and why; for terminal and Markdown alike.

use crate::disclosure::{MIN_AUTHORS_WITH_HIT, Ratio, Shown, ShownGap, ShownVerdict, Why, two_figures};
use crate::report::text::{authors, capitalised, count, cut, name, number};
use crate::report::words::{gap_kind, hidden, interval};
use crate::stats::gate::Missing;
use crate::stats::interval::Interval;
use crate::stats::planning::Row;
use crate::stats::spread;
use crate::stats::stability::WeakPoint;
use crate::stats::verdict::Verdict;
use crate::validation::Validation;

/// A gap at a glance.
pub(super) struct GapReading {
    /// The verdict: `material gap`.
    pub(super) verdict: &'static str,
    /// The ratio, or why there is none: `Sales 5.9 × (3.8 to 9.6)`, `Sales 0.6 to 1.7 ×`, `12 more authors who name both`.
    pub(super) figure: String,
    /// Whether the verdict is that of a real difference.
    pub(super) is_told: bool,
    /// Authors who name both groups, where that may be shown.
    pub(super) n_authors: Option<usize>,
}

/// A gap at a glance; names are cut to `limit` characters.
pub(super) fn gap(gap: &ShownGap, min_authors: usize, limit: usize) -> GapReading {
    let names = [&gap.numerator, &gap.denominator].map(|group| cut(&name(group), limit));
    let figure = match (gap.ratio, gap.verdict.missing.first()) {
        (Shown::Few, _) => format!("under {MIN_AUTHORS_WITH_HIT} authors use it"),
        (Shown::Hidden(Why::TooFewAuthors), _) => format!("under {} name both", authors(min_authors)),
        (Shown::Hidden(why), _) => hidden(why, min_authors),
        (Shown::Value(_) | Shown::NoData, Some(first)) => missing(*first, &names),
        (Shown::NoData, None) => "nobody names both, or no hit".to_owned(),
        (Shown::Value(ratio), None) => figure(ratio, &names),
    };
    let n_authors = match gap.ratio {
        Shown::Value(ratio) => ratio.n_authors,
        Shown::Few | Shown::Hidden(_) | Shown::NoData => None,
    };
    let is_told = matches!(gap.verdict.verdict, Verdict::MaterialGap | Verdict::SmallOrUnstableGap);
    GapReading { verdict: title(&gap.verdict), figure, is_told, n_authors }
}

/// A gap as one sentence.
pub(super) fn sentence(shown: &ShownGap, min_authors: usize) -> String {
    let reading = gap(shown, min_authors, usize::MAX);
    let authors = reading.n_authors.map_or_else(String::new, |n| format!("; {} name both", authors(n)));
    let wording = capitalised(&gap_kind(shown.kind).replace(", ", " and "));
    // What is missing follows in full, so it is not said here.
    let figure = if shown.verdict.missing.is_empty() { format!(": {}", reading.figure) } else { String::new() };
    format!("{wording} wording: {}{figure}{authors}.", reading.verdict)
}

/// A ratio, said of the group that has more.
pub(super) struct Told {
    wording: String,
    more: String,
    less: String,
    ratio: Ratio,
}

/// The ratio of a gap whose interval excludes 1.
pub(super) fn told_of(gap: &ShownGap) -> Option<Told> {
    let ratio = gap.ratio.value().filter(Ratio::excludes_one)?;
    let wording = format!("{} wording", gap_kind(gap.kind).replace(", ", " or "));
    let [top, bottom] = [&gap.numerator, &gap.denominator].map(|group| name(group));
    let is_below = ratio.interval.high.is_some_and(|high| high < 1.0);
    let (more, less, ratio) = if is_below { (bottom, top, turned_over(ratio)) } else { (top, bottom, ratio) };
    Some(Told { wording, more, less, ratio })
}

impl Told {
    /// `heroic wording 6.4 times as often about Sales as about Marketing`.
    pub(super) fn clause(&self) -> String {
        let Self { wording, more, less, ratio } = self;
        if ratio.ratio.is_infinite() {
            return format!("{wording} about {more} and not about {less}");
        }
        format!("{wording} {} times as often about {more} as about {less}", number(ratio.ratio))
    }

    /// `3.8 to 15 ×`.
    pub(super) fn interval(&self) -> String {
        if self.ratio.interval.low.is_some_and(f64::is_infinite) {
            return "beyond any ratio".to_owned();
        }
        format!("{} ×", interval(self.ratio.interval))
    }
}

/// What stands behind a verdict, each a sentence; nothing where there is nothing to add.
pub(super) fn reasons(gap: &ShownGap, validation: Option<&Validation>) -> Vec<String> {
    let shown = &gap.verdict;
    let names = [&gap.numerator, &gap.denominator].map(|group| name(group));
    let mut reasons = Vec::new();
    if !shown.missing.is_empty() {
        let what: Vec<String> = shown.missing.iter().map(|&what| missing(what, &names)).collect();
        reasons.push(format!("Missing: {}.", what.join(", ")));
        reasons.extend(shown.planning.map(planning));
    }
    reasons.extend(shown.weak_points.iter().map(|&point| weak_point(point).to_owned()));
    if shown.verdict == Verdict::NoLargeGap && shown.is_real() {
        reasons.push("A small difference is likely.".to_owned());
    }
    if let (Shown::Value(ratio), Some(below)) = (gap.ratio, shown.vanishing_precision) {
        let [top, bottom] = &names;
        let (more, less) = if ratio.ratio >= 1.0 { (top, bottom) } else { (bottom, top) };
        let groups = if ratio.ratio >= 1.0 { [&gap.numerator, &gap.denominator] } else { [&gap.denominator, &gap.numerator] };
        let measured = validation.and_then(|validation| {
            let [of_more, of_less] = groups.map(|group| validation.precision_about(group));
            of_more.zip(of_less)
        });
        let percent = |share: f64| number(100.0 * two_figures(share));
        reasons.push(match measured {
            Some((of_more, of_less)) => format!(
                "It would be gone if less than {} % of the hits about {more} were right, against the measured {} % of those about {less}; about {more} \
                 {} % ({} to {}) were measured.",
                percent(below * of_less.value / spread::ASSUMED_PRECISION),
                percent(of_less.value),
                percent(of_more.value),
                percent(of_more.low),
                percent(of_more.high),
            ),
            None => format!(
                "It would be gone if less than {} % of the hits about {more} were right, against {} % of those about {less}.",
                percent(below),
                percent(spread::ASSUMED_PRECISION)
            ),
        });
    }
    if let Some(cv) = shown.high_author_cv {
        let cv = number(cv);
        reasons.push(format!("Authors differ very much in how often they use it (CV {cv}): the interval is a little too narrow."));
    }
    reasons
}

/// A verdict in words.
fn title(shown: &ShownVerdict) -> &'static str {
    match shown.verdict {
        Verdict::SmallOrUnstableGap if shown.weak_points.is_empty() => "small gap",
        Verdict::SmallOrUnstableGap => "unstable gap",
        other => verdict(other),
    }
}

/// A verdict in words, where what it hangs on is not known.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Suppressed => "suppressed",
        Verdict::Insufficient => "not enough data",
        Verdict::NoLargeGap => "no large gap",
        Verdict::MaterialGap => "material gap",
        Verdict::SmallOrUnstableGap => "small or unstable gap",
        Verdict::Inconclusive => "inconclusive",
    }
}

/// One thing that is missing; `names` of the groups, numerator first.
fn missing(missing: Missing, names: &[String; 2]) -> String {
    match missing {
        Missing::AuthorsNamingBoth(more) => format!("{} who name both", count(more, "more author", "more authors")),
        Missing::AuthorsWithHit(more) => format!("{} with such wording", count(more, "more author", "more authors")),
        Missing::NamingSegments { group, more } => format!("{} about {}", count(more, "more sentence", "more sentences"), names[group]),
        Missing::Hits(more) => count(more, "more hit", "more hits"),
        Missing::ExpectedHits { group, more } => format!("{} to expect about {}", count(more, "more hit", "more hits"), names[group]),
        Missing::EffectiveAuthors(more) => format!("text spread over {}", count(more, "more author", "more authors")),
        Missing::SecondEntry => "hits spread over more entries".to_owned(),
    }
}

fn planning(row: Row) -> String {
    let Row { n_authors, mentions: [one, other], hit_rate, ratio, passed, material } = row;
    format!(
        "Of 100 simulated companies where {n_authors} authors name them in {one} and {other} sentences each, {} of 1,000 of which are hits, {passed} \
         have enough data; with a true ratio of {ratio}, {material} show a material gap.",
        number(1000.0 * hit_rate)
    )
}

const fn weak_point(point: WeakPoint) -> &'static str {
    match point {
        WeakPoint::OneAuthor => "It hangs on one author.",
        WeakPoint::OneEntry => "It hangs on one entry of the lexicon.",
        WeakPoint::EntriesOrCues => "Entries and weighted cues point different ways.",
    }
}

/// A ratio that excludes 1 is said of the group that has more, by the interval, not the ratio: rounded, a ratio of 0.98 is 1.
fn figure(ratio: Ratio, [top, bottom]: &[String; 2]) -> String {
    if ratio.interval.high.is_some_and(|high| high < 1.0) {
        told(&turned_over(ratio), bottom, top)
    } else if ratio.excludes_one() {
        told(&ratio, top, bottom)
    } else if ratio.interval == Interval::UNBOUNDED {
        "any ratio fits".to_owned()
    } else {
        format!("{top} {} ×", interval(ratio.interval))
    }
}

fn turned_over(ratio: Ratio) -> Ratio {
    Ratio { ratio: two_figures(ratio.ratio.recip()), interval: ratio.interval.inverted(), ..ratio }
}

fn told(ratio: &Ratio, more: &str, less: &str) -> String {
    if ratio.interval.low.is_some_and(f64::is_infinite) {
        return format!("only {more}, never {less}");
    }
    let interval = interval(ratio.interval);
    if ratio.ratio.is_infinite() { format!("only {more} ({interval})") } else { format!("{more} {} × ({interval})", number(ratio.ratio)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{gap_of, ratio, validation};
    use crate::stats::GapKind;
    use crate::validation::TargetScore;
    use crate::validation::estimate::Estimate;

    fn read(kind: GapKind, ratio: Shown<Ratio>) -> (&'static str, String, bool) {
        let reading = gap(&gap_of(kind, ratio), 5, 40);
        (reading.verdict, reading.figure, reading.is_told)
    }

    #[test]
    fn a_gap_is_said_of_the_group_that_has_more() {
        let read = |low, high, value| read(GapKind::Praise, ratio(value, low, high));
        assert_eq!(read(Some(3.8), Some(9.6), 5.9), ("material gap", "Sales 5.9 × (3.8 to 9.6)".into(), true));
        assert_eq!(read(Some(0.1), Some(0.5), 0.2), ("material gap", "Marketing 5.0 × (2.0 to 10)".into(), true));
        assert_eq!(read(Some(0.97), Some(0.99), 1.0), ("material gap", "Marketing 1.0 × (1.01 to 1.03)".into(), true));
        assert_eq!(read(Some(0.6), Some(1.7), 1.1), ("no large gap", "Sales 0.6 to 1.7 ×".into(), false));
    }

    #[test]
    fn open_and_infinite_ends_are_said_in_words() {
        let read = |low, high, value| read(GapKind::Scorn, ratio(value, low, high)).1;
        let infinite = f64::INFINITY;
        assert_eq!(read(Some(4.2), None, 8.0), "Marketing 8.0 × (above 4.2)");
        assert_eq!(read(Some(4.2), None, infinite), "only Marketing (above 4.2)");
        assert_eq!(read(Some(infinite), None, infinite), "only Marketing, never Sales");
        assert_eq!(read(None, Some(0.0), 0.0), "only Sales, never Marketing");
        assert_eq!(read(None, Some(3.0), 0.5), "Marketing below 3.0 ×");
    }

    #[test]
    fn a_gap_that_is_not_shown_says_why() {
        let read = |ratio| read(GapKind::Credit, ratio);
        assert_eq!(read(Shown::Few), ("suppressed", "under 3 authors use it".into(), false));
        assert_eq!(read(Shown::Hidden(Why::TooFewAuthors)), ("suppressed", "under 5 authors name both".into(), false));
        assert_eq!(read(Shown::Hidden(Why::OneAuthor)), ("suppressed", "hidden: one author over 50 %".into(), false));
        assert_eq!(read(Shown::NoData), ("not enough data", "10 more authors who name both".into(), false));
    }

    #[test]
    fn what_is_missing_is_said_first_at_a_glance_and_in_full_behind_it() {
        let shown = gap_of(GapKind::Scorn, ratio(2.0, None, None));
        assert_eq!(gap(&shown, 5, 40).figure, "3 more authors who name both");
        assert_eq!(reasons(&shown, None), ["Missing: 3 more authors who name both, 150 more sentences about Sales, 20 more hits."]);
        assert_eq!(missing(Missing::AuthorsWithHit(1), &["A".into(), "B".into()]), "1 more author with such wording");
    }

    #[test]
    fn what_a_gap_hangs_on_makes_it_unstable_and_without_it_it_is_small() {
        let mut shown = gap_of(GapKind::Praise, ratio(1.3, Some(1.1), Some(1.6)));
        shown.verdict.verdict = Verdict::SmallOrUnstableGap;
        assert_eq!(gap(&shown, 5, 40).verdict, "small gap");
        shown.verdict.weak_points = vec![WeakPoint::OneEntry];
        assert_eq!(gap(&shown, 5, 40).verdict, "unstable gap");
        assert_eq!(reasons(&shown, None)[0], "It hangs on one entry of the lexicon.");
    }

    #[test]
    fn unequal_precision_is_said_of_the_group_that_has_more() {
        let more = |value, low, high| reasons(&gap_of(GapKind::Praise, ratio(value, Some(low), Some(high))), None);
        assert_eq!(
            more(5.9, 3.8, 9.6),
            ["It would be gone if less than 24 % of the hits about Sales were right, against 90 % of those about Marketing."]
        );
        assert_eq!(
            more(0.2, 0.1, 0.5),
            ["It would be gone if less than 24 % of the hits about Marketing were right, against 90 % of those about Sales."]
        );
    }

    #[test]
    fn precision_that_was_measured_about_both_groups_takes_the_place_of_the_assumed_one() {
        let mut score = validation();
        let of = |target: &str, coded, value| {
            let precision = Some(Estimate { value, low: value - 0.1, high: value + 0.05 });
            TargetScore { target: Some(target.into()), coded, precision, accuracy: None }
        };
        score.targets = vec![of("marketing", 40, 0.6), of("sales", 40, 0.8)];
        let gap = gap_of(GapKind::Praise, ratio(5.9, Some(3.8), Some(9.6)));
        let said = "It would be gone if less than 16 % of the hits about Sales were right, against the measured 60 % of those about Marketing; about \
                    Sales 80 % (70 to 85) were measured.";
        assert_eq!(reasons(&gap, Some(&score)), [said]);
        score.targets[0].coded = 3;
        assert_eq!(reasons(&gap, Some(&score)), reasons(&gap, None));
    }
}
