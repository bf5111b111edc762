//! The sentences of the reports, for terminal and Markdown alike: they speak of wording, never of what people think, and every figure that
//! is not shown says why. What a reader must know beside the figures stands in [`super::notices`].

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::disclosure::{Disclosed, MAX_PERCENT_OF_ONE, MAX_PERCENT_OF_TWO, MIN_AUTHORS_WITH_HIT, Rate, Shown, Why};
use crate::lexicon::Category;
use crate::message::{ByReason, Reason};
use crate::report::text::{authors, capitalised, count, list, name, number, percent, printable, thousands};
use crate::stats::interval::Interval;
use crate::stats::{GapKind, Speaker};
use crate::tally::{Intake, Month};
use crate::validation::estimate::Estimate;
use crate::validation::{CategoryScore, MIN_ALPHA, MIN_CODED, MIN_HITS_OF_CATEGORY, MIN_PRECISION, SampleSize, Validation};

/// Who speaks.
pub(super) fn speaker(speaker: &Speaker) -> String {
    match speaker {
        Speaker::Company => "Whole company".to_owned(),
        Speaker::Team(team) => name(team),
        Speaker::OtherTeams => "Other teams".to_owned(),
        Speaker::NotInRoster => "Not in the roster".to_owned(),
    }
}

/// A kind of wording.
pub(super) const fn category(category: Category) -> &'static str {
    match category {
        Category::Heroic => "heroic wording",
        Category::IvoryTower => "ivory-tower wording",
        Category::Gendered => "gendered wording",
        Category::PastFailure => "past-failure wording",
        Category::Collaboration => "collaborative wording",
        Category::AntiSales => "wording against Sales",
    }
}

/// A kind of wording in a column's head, where `wording` goes without saying.
pub(super) fn short_category(kind: Category) -> String {
    category(kind).replace("wording", "").trim().to_owned()
}

/// The kinds of wording that a gap compares, without the word `wording`.
pub(super) const fn gap_kind(kind: GapKind) -> &'static str {
    match kind {
        GapKind::Praise => "heroic",
        GapKind::Scorn => "ivory-tower, past-failure",
        GapKind::Credit => "collaborative",
    }
}

/// The report's name and period.
pub(super) fn title(shown: &Disclosed) -> String {
    format!("evenhand: wording about teams, {}", period_of(shown))
}

/// `2026-01 to 2026-06`.
pub(super) fn period_of(shown: &Disclosed) -> String {
    shown.months.map_or_else(|| "no dates".to_owned(), period)
}

/// First and last month.
pub(super) fn period((first, last): (Month, Month)) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

/// Whose words, and how many, the figures rest on; none where nobody may be shown.
pub(super) fn volume(shown: &Disclosed) -> Option<String> {
    let company = shown.speakers.iter().find(|count| count.speaker == Speaker::Company)?;
    let authors = authors(company.n_authors);
    let messages = company.messages.value().map(|n| count(n, "message", "messages"));
    let words = company.words.value().map(|n| count(n, "own word", "own words"));
    Some([Some(authors), messages, words].into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// Why a report has no figures.
pub(super) fn nobody(shown: &Disclosed) -> String {
    format!("Fewer than {} are left, so nothing can be shown about how teams are talked about.", authors(shown.min_authors))
}

/// The mark of a report whose floor is lower than what may be passed round.
pub(super) fn not_for_circulation(shown: &Disclosed) -> Option<String> {
    let floor = authors(shown.min_authors);
    shown.is_not_for_circulation().then(|| format!("NOT FOR CIRCULATION: the floor is {floor}, so single people may be recognised."))
}

/// `3.8 to 9.6`, `above 4.2`, `below 0.5`.
pub(super) fn interval(interval: Interval) -> String {
    match (interval.low.map(number), interval.high.map(number)) {
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("above {low}"),
        (None, Some(high)) => format!("below {high}"),
        (None, None) => String::new(),
    }
}

/// A cell of a matrix; [`legend`] explains the signs.
pub(super) fn cell(rate: Shown<Rate>) -> String {
    match rate {
        Shown::Value(rate) => number(rate.per_1000),
        Shown::Few => "few".to_owned(),
        Shown::Hidden(Why::TooFewAuthors) => "·".to_owned(),
        Shown::Hidden(Why::OneAuthor | Why::TwoAuthors) => "main".to_owned(),
        Shown::Hidden(Why::Cover) => "cover".to_owned(),
        Shown::Hidden(Why::FewCameOrWent) => "hidden".to_owned(),
        Shown::NoData => "–".to_owned(),
    }
}

/// Why a cell of a matrix has no figure: one line of 80 columns, and one more for each of the rarer `whys`.
pub(super) fn legend(min_authors: usize, whys: &BTreeSet<Why>) -> String {
    let name = if min_authors == 1 { "names" } else { "name" };
    let mut legend =
        format!("few: under {MIN_AUTHORS_WITH_HIT} authors; ·: hidden, under {} {name} it; –: nobody names it", authors(min_authors));
    if whys.contains(&Why::OneAuthor) || whys.contains(&Why::TwoAuthors) {
        legend.push_str("; main: hidden, one author or two wrote most of those sentences");
    }
    if whys.contains(&Why::Cover) {
        legend.push_str("; cover: hidden, with it another hidden figure could be worked out");
    }
    legend
}

/// Why a figure is hidden, in at most 29 columns; the method says what the words mean.
pub(super) fn hidden(why: Why, min_authors: usize) -> String {
    match why {
        Why::TooFewAuthors => format!("hidden: under {}", authors(min_authors)),
        Why::OneAuthor => format!("hidden: one author over {MAX_PERCENT_OF_ONE} %"),
        Why::TwoAuthors => format!("hidden: two authors over {MAX_PERCENT_OF_TWO} %"),
        Why::Cover => "hidden: covers another".to_owned(),
        Why::FewCameOrWent => "hidden: few came or went".to_owned(),
    }
}

/// A level and its interval, or why there is none.
pub(super) fn level(rate: Shown<Rate>, min_authors: usize) -> (String, String) {
    match rate {
        Shown::Value(rate) => (number(rate.per_1000), rate.interval.map_or_else(String::new, interval)),
        Shown::Few => ("few".to_owned(), format!("under {MIN_AUTHORS_WITH_HIT} authors use it")),
        Shown::Hidden(why) => (cell(rate), hidden(why, min_authors)),
        Shown::NoData => ("–".to_owned(), "no words".to_owned()),
    }
}

/// Groups without a figure.
pub(super) fn not_shown<T: AsRef<str>>(groups: &[T], min_authors: usize) -> String {
    let (column, them) = if groups.len() == 1 { ("column", "it") } else { ("columns", "them") };
    format!("No {column} for {}: no speaker here has {} or more who name {them}.", list(groups), authors(min_authors))
}

/// Groups for which a line has no room.
pub(super) fn no_room<T: AsRef<str>>(groups: &[T]) -> String {
    let them = if groups.len() == 1 { "it" } else { "them" };
    format!("Left out for width: {}; the other formats have {them}.", list(groups))
}

/// What became of the messages: read = kept + left out, by reason.
pub(super) fn messages_read(intake: &Intake) -> String {
    let read = count(intake.read, "message", "messages");
    let removed = intake.removed.total();
    if removed == 0 {
        return format!("{} read, {}.", capitalised(&read), if intake.read == 1 { "and kept" } else { "all kept" });
    }
    let reasons = reasons(&intake.removed, thousands);
    format!("{} read = {} kept + {} left out: {reasons}.", capitalised(&read), thousands(intake.kept), thousands(removed))
}

/// How much of the kept messages' text was somebody's own words.
pub(super) fn own_text(intake: &Intake) -> String {
    let removed = intake.removed_characters.total();
    if intake.characters == 0 {
        return "The messages kept have no text.".to_owned();
    }
    if removed == 0 {
        return "All of the text was the authors' own words.".to_owned();
    }
    let share = |n: u64| percent(n, intake.characters);
    format!("{} of the text was not the authors' own words: {}.", capitalised(&share(removed)), reasons(&intake.removed_characters, share))
}

/// Each reason with its messages and its share of the text, empty where it has none.
pub(super) fn left_out(intake: &Intake) -> Vec<(Reason, String, String)> {
    let or_empty = |n: u64, text: fn(u64, u64) -> String, whole: u64| if n == 0 { String::new() } else { text(n, whole) };
    Reason::ALL
        .into_iter()
        .map(|reason| (reason, intake.removed.get(reason), intake.removed_characters.get(reason)))
        .filter(|&(_, messages, characters)| messages + characters > 0)
        .map(|(reason, messages, characters)| {
            (reason, or_empty(messages, |n, _| thousands(n), intake.read), or_empty(characters, percent, intake.characters))
        })
        .collect()
}

/// Sentences that were counted once; none where there is no such sentence.
pub(super) fn repeated(intake: &Intake) -> Option<String> {
    match intake.repeated_segments {
        0 => None,
        1 => Some("1 sentence repeats an earlier one by the same author and was not counted again.".to_owned()),
        n => Some(format!("{} sentences repeat earlier ones by the same author and were not counted again.", thousands(n))),
    }
}

fn reasons<T: Display>(counts: &ByReason, figure: impl Fn(u64) -> T) -> String {
    let mut by_size: Vec<(Reason, u64)> = counts.iter().collect();
    by_size.sort_by_key(|&(reason, n)| (std::cmp::Reverse(n), reason));
    by_size.into_iter().map(|(reason, n)| format!("{} {}", reason.title(), figure(n))).collect::<Vec<_>>().join(", ")
}

/// How far the lexicons can be trusted on these data, by a coded sample if there is one.
pub(super) fn validation(shown: &Disclosed) -> Vec<String> {
    const NOT_VALIDATED: &str = "lexicons were not validated on your data: some hits will be wrong, and some wording will be missed.";
    let Some(score) = shown.valid_score() else {
        return vec![match &shown.validation {
            None => format!("The {NOT_VALIDATED}"),
            Some(other) => format!(
                "The coded sample was scored with other lexicons ({}), so it does not count for these: the {NOT_VALIDATED}",
                printable(&other.lexicons)
            ),
        }];
    };
    let bars = if score.holds() {
        "The lexicons were validated on a coded sample of your data: all bars hold."
    } else {
        "The lexicons are not validated on your data: a sample was coded, but not all bars hold."
    };
    let mut sentences = vec![format!("{bars} {}", coded(score))];
    let told = |category: &&CategoryScore| category.coded >= MIN_HITS_OF_CATEGORY;
    let precisions: Vec<String> = score.categories.iter().filter(told).map(precision).collect();
    if !precisions.is_empty() {
        sentences.push(format!("Of the hits, these are right (95 % interval): {}.", precisions.join("; ")));
    }
    let few: Vec<String> = score.categories.iter().filter(|category| !told(category)).map(|it| short_category(it.category)).collect();
    if !few.is_empty() {
        sentences.push(format!("Too few hits were coded to say how many are right (under {MIN_HITS_OF_CATEGORY}): {}.", few.join(", ")));
    }
    sentences.extend(score.recall.map(|recall| {
        format!("Of such wording in sentences that name a team, about {} is found; what is missed is in no figure.", share(recall))
    }));
    sentences
}

/// How much was coded, and by how many.
fn coded(score: &Validation) -> String {
    let all = |size: SampleSize| if size.coded >= size.population { "all".to_owned() } else { thousands(size.coded) };
    let coded = format!("{} hits and {} sentences without one were coded", capitalised(&all(score.hits)), all(score.sentences));
    let enough = if score.hits.is_enough() && score.sentences.is_enough() {
        String::new()
    } else {
        format!(", fewer than the {MIN_CODED} each that are needed")
    };
    let coders = match score.agreement.map(|agreement| (agreement.wording, agreement.holds())) {
        None => " by one person".to_owned(),
        Some((None, _)) => " by two people, whose agreement cannot be told: nothing varies".to_owned(),
        Some((Some(alpha), true)) => format!(" by two people who agree (Krippendorff's α {})", share_of_one(alpha)),
        Some((Some(alpha), false)) => {
            format!(" by two people who do not agree well enough (Krippendorff's α {}, needed {MIN_ALPHA})", share_of_one(alpha))
        }
    };
    format!("{coded}{coders}{enough}.")
}

/// `0.86, 0.79 to 0.92`.
fn share_of_one(estimate: Estimate) -> String {
    format!("{:.2}, {:.2} to {:.2}", estimate.value, estimate.low, estimate.high)
}

/// `heroic 91 % (78 to 97 %)`.
fn precision(score: &CategoryScore) -> String {
    let category = short_category(score.category);
    let Some(precision) = score.precision else { return category };
    let bar = if score.holds() == Some(false) {
        format!(", the lower end below the bar of {:.0} %", 100.0 * MIN_PRECISION)
    } else {
        String::new()
    };
    format!("{category} {}{bar}", share(precision))
}

fn share(estimate: Estimate) -> String {
    let [value, low, high] = [estimate.value, estimate.low, estimate.high].map(|share| 100.0 * share);
    format!("{value:.0} % ({low:.0} to {high:.0} %)")
}

/// Heads over the parts of a report.
pub(super) const MATRIX_HEAD: &str = "How each team talks about the others (hits per 1,000 sentences that name them)";
/// The same where no speaker teams are known.
pub(super) const MATRIX_HEAD_WITHOUT_TEAMS: &str = "How the teams are talked about (hits per 1,000 sentences that name them)";
/// What stands behind the verdicts on the company's gaps.
pub(super) const REASONS_HEAD: &str = "What stands behind these verdicts";
/// Matrices of all categories and groups.
pub(super) const MATRICES_HEAD: &str = "Each kind of wording, about each team (hits per 1,000 sentences)";
/// Levels.
pub(super) const LEVELS_HEAD: &str = "How often each team uses such wording, about anyone (hits per 1,000 own words)";
/// The same where no speaker teams are known.
pub(super) const LEVELS_HEAD_WITHOUT_TEAMS: &str = "How often such wording is used, about anyone (hits per 1,000 own words)";
/// Intake.
pub(super) const INTAKE_HEAD: &str = "Where the text came from and what was left out";
/// Notices.
pub(super) const NOTICES_HEAD: &str = "Before you read on";
/// Method.
pub(super) const METHOD_HEAD: &str = "Method";
/// Fingerprints.
pub(super) const FINGERPRINTS_HEAD: &str = "Fingerprints";

/// The head over a comparison in the whole company.
pub(super) fn pair_head(first: &str, second: &str) -> String {
    format!("The same people, about {} and about {} (95 % interval)", name(first), name(second))
}

/// The head over a comparison team by team.
pub(super) fn team_pair_head(first: &str, second: &str) -> String {
    format!("Team by team, the same people about {} and about {} (95 % interval)", name(first), name(second))
}

/// In place of a matrix without columns.
pub(super) fn no_targets(min_authors: usize) -> String {
    format!("No team is named by {} or more, so there is no figure about any.", authors(min_authors))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{sample, validation as sample_validation};

    #[test]
    fn the_period_is_one_month_two_or_unknown() {
        let mut shown = sample();
        assert_eq!(title(&shown), "evenhand: wording about teams, 2026-01 to 2026-06");
        shown.months = shown.months.map(|(first, _)| (first, first));
        assert_eq!(title(&shown), "evenhand: wording about teams, 2026-01");
        shown.months = None;
        assert_eq!(title(&shown), "evenhand: wording about teams, no dates");
    }

    #[test]
    fn counts_that_may_not_be_shown_are_not_in_the_volume() {
        let mut shown = sample();
        assert_eq!(volume(&shown).unwrap(), "80 authors, 5,910 messages, 71,000 own words");
        shown.speakers[0].messages = Shown::Hidden(Why::Cover);
        assert_eq!(volume(&shown).unwrap(), "80 authors, 71,000 own words");
        shown.speakers[0].words = Shown::Hidden(Why::OneAuthor);
        assert_eq!(volume(&shown).unwrap(), "80 authors");
        shown.speakers.clear();
        assert_eq!(volume(&shown), None);
    }

    #[test]
    fn the_intake_adds_up_and_names_the_largest_reason_first() {
        let mut intake = Intake { read: 1, kept: 1, ..Intake::default() };
        assert_eq!(messages_read(&intake), "1 message read, and kept.");
        assert_eq!(own_text(&intake), "The messages kept have no text.");
        intake = Intake { read: 3000, kept: 2990, characters: 1000, ..Intake::default() };
        intake.removed.add(Reason::Automatic, 3);
        intake.removed.add(Reason::Bot, 7);
        assert_eq!(own_text(&intake), "All of the text was the authors' own words.");
        intake.removed_characters.add(Reason::Signature, 9);
        intake.removed_characters.add(Reason::QuotedReply, 401);
        assert_eq!(messages_read(&intake), "3,000 messages read = 2,990 kept + 10 left out: bots and apps 7, automatic messages 3.");
        assert_eq!(own_text(&intake), "41 % of the text was not the authors' own words: quoted replies 40 %, signatures under 1 %.");
        assert_eq!(messages_read(&Intake::default()), "No messages read, all kept.");
    }

    #[test]
    fn a_coded_sample_is_cited_with_its_bars() {
        let mut shown = sample();
        shown.validation = Some(sample_validation());
        let says = validation(&shown);
        assert_eq!(
            says,
            [
                "The lexicons are not validated on your data: a sample was coded, but not all bars hold. 200 hits and 200 sentences \
                 without one were coded by two people who agree (Krippendorff's α 0.81, 0.75 to 0.87).",
                "Of the hits, these are right (95 % interval): heroic 94 % (87 to 97 %); ivory-tower 72 % (63 to 80 %), the lower end below the bar of 70 %.",
                "Too few hits were coded to say how many are right (under 9): against Sales.",
                "Of such wording in sentences that name a team, about 41 % (30 to 55 %) is found; what is missed is in no figure.",
            ]
        );
    }

    #[test]
    fn what_was_not_coded_well_enough_is_said() {
        let mut shown = sample();
        let mut score = sample_validation();
        score.categories.truncate(1);
        let mut first = |score: &Validation| {
            shown.validation = Some(score.clone());
            validation(&shown)[0].clone()
        };
        assert!(first(&score).starts_with("The lexicons were validated on a coded sample of your data: all bars hold."));
        score.hits.coded = 150;
        assert!(first(&score).ends_with(
            "without one were coded by two people who agree (Krippendorff's α 0.81, 0.75 to 0.87), fewer than the 200 each that are needed."
        ));
        score.hits.population = 150;
        score.agreement = None;
        assert!(first(&score).ends_with("data: all bars hold. All hits and 200 sentences without one were coded by one person."));
    }

    #[test]
    fn a_score_of_other_lexicons_does_not_count() {
        let mut shown = sample();
        assert!(validation(&shown)[0].starts_with("The lexicons were not validated on your data"));
        shown.validation = Some(Validation { lexicons: "77".into(), ..sample_validation() });
        let says = validation(&shown);
        assert!(says.len() == 1 && says[0].contains("other lexicons (77), so it does not count for these"), "{says:?}");
    }
}
