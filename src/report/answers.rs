//! The five answers that a reader must be able to point at, one sentence each, for all pages alike.

use crate::decision::{MARKETING, SALES, Sheet};
use crate::disclosure::{Disclosed, ShownGap};
use crate::message::{ByReason, Reason};
use crate::report::gaps::told_of;
use crate::report::text::{authors, capitalised, list, listed, name, percent, thousands};
use crate::report::view::{Pair, View};
use crate::report::words::{gap_kind, nobody};
use crate::stats::verdict::Verdict;
use crate::stats::{GapKind, Speaker};

/// Reasons that are named; the others are counted only.
const MAX_REASONS: usize = 3;
/// Gaps that are told in the first sentence.
const MAX_GAPS: usize = 3;

/// A question and its answer.
pub(super) struct Answer {
    /// The question.
    pub(super) question: &'static str,
    /// One sentence.
    pub(super) text: String,
}

/// The answers, in the order of the questions.
pub(super) fn answers(shown: &Disclosed, view: &View<'_>, sheet: &Sheet) -> Vec<Answer> {
    let of = |question, text| Answer { question, text };
    let mut answers = Vec::new();
    if shown.speakers.is_empty() {
        answers.push(of("Who talks how about whom?", nobody(shown)));
    } else {
        let gaps = Gaps::of(view);
        answers.push(of("Who talks how about whom?", who(&gaps, view)));
        answers.push(of("What is sure?", sure(&gaps)));
        answers.push(of("What is not known?", not_known(&gaps, shown)));
    }
    answers.push(of("What was left out?", left_out(shown)));
    answers.push(of("What to do?", what_to_do(sheet)));
    answers
}

/// The company's gaps by what is said of them.
struct Gaps<'a> {
    material: Vec<&'a ShownGap>,
    alike: Vec<&'a ShownGap>,
    weak: Vec<&'a ShownGap>,
    open: Vec<&'a ShownGap>,
}

impl<'a> Gaps<'a> {
    fn of(view: &View<'a>) -> Self {
        let mut gaps = Self { material: Vec::new(), alike: Vec::new(), weak: Vec::new(), open: Vec::new() };
        let kinds = |pair: Pair<'a>| GapKind::ALL.into_iter().filter_map(move |kind| view.gap(&Speaker::Company, kind, pair));
        for gap in view.pairs.iter().flat_map(|&pair| kinds(pair)) {
            match gap.verdict.verdict {
                Verdict::MaterialGap => gaps.material.push(gap),
                Verdict::NoLargeGap => gaps.alike.push(gap),
                Verdict::SmallOrUnstableGap => gaps.weak.push(gap),
                Verdict::Suppressed | Verdict::Insufficient | Verdict::Inconclusive => gaps.open.push(gap),
            }
        }
        gaps
    }
}

/// `heroic and collaborative wording`; kinds that occur with several pairs are named once.
fn wording(gaps: &[&ShownGap]) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for gap in gaps {
        let kind = gap_kind(gap.kind).replace(", ", " or ");
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    format!("{} wording", listed(&kinds))
}

fn compared(view: &View<'_>) -> String {
    match view.pairs.as_slice() {
        [pair] => format!("{} and of {}", name(pair.first), name(pair.second)),
        _ => "the teams that are compared".to_owned(),
    }
}

fn who(gaps: &Gaps<'_>, view: &View<'_>) -> String {
    if view.pairs.is_empty() {
        return "No two teams are compared here; how often each is talked about in such words stands below.".to_owned();
    }
    let clauses: Vec<String> = gaps.material.iter().filter_map(|gap| told_of(gap)).map(|told| told.clause()).collect();
    match (clauses.len(), gaps.alike.is_empty(), gaps.open.is_empty() && gaps.weak.is_empty()) {
        (0, false, true) => format!("The same people speak of {} much alike: no large gap in {}.", compared(view), wording(&gaps.alike)),
        (0, true, _) => format!("Whether the same people speak differently of {} is not settled by these data.", compared(view)),
        (0, false, false) => format!(
            "No material gap was found in how the same people speak of {}, and in {} they speak much alike.",
            compared(view),
            wording(&gaps.alike)
        ),
        (n, ..) if n > MAX_GAPS => {
            let more = n - MAX_GAPS;
            let such = if more == 1 { "difference" } else { "differences" };
            format!("The same people use {}; {more} more such {such} stand below.", listed(&clauses[..MAX_GAPS]))
        }
        (1.., ..) => format!("The same people use {}.", listed(&clauses)),
    }
}

fn sure(gaps: &Gaps<'_>) -> String {
    let intervals: Vec<String> = gaps.material.iter().filter_map(|gap| told_of(gap)).map(|told| told.interval()).collect();
    let large = match intervals.as_slice() {
        [] => None,
        [one] => Some(format!("that this gap is real and large (95 % interval {one}), also without any one author or any one entry")),
        many => Some(format!(
            "that these {} gaps are real and large (95 % intervals {}), also without any one author or any one entry",
            many.len(),
            listed(many)
        )),
    };
    let alike = (!gaps.alike.is_empty()).then(|| format!("that {} shows no large gap", wording(&gaps.alike)));
    match (large, alike) {
        (None, None) => {
            "Nothing yet: these data settle neither a difference nor a likeness between the teams that are compared.".to_owned()
        }
        (Some(large), None) => format!("{}; of such findings about 1 in 20 is chance.", capitalised(&large)),
        (None, Some(alike)) => format!("{}; a small one may be there.", capitalised(&alike)),
        (Some(large), Some(alike)) => format!("{}; and {alike}.", capitalised(&large)),
    }
}

fn not_known(gaps: &Gaps<'_>, shown: &Disclosed) -> String {
    let mut open = Vec::new();
    if !gaps.open.is_empty() {
        open.push(format!("whether {} differs", wording(&gaps.open)));
    }
    if !gaps.weak.is_empty() {
        open.push(format!("how far the small or unstable gap in {} can be relied on", wording(&gaps.weak)));
    }
    let of_teams: Vec<&ShownGap> = shown.gaps.iter().filter(|gap| gap.speaker != Speaker::Company).collect();
    let is_open = |gap: &&&ShownGap| match gap.verdict.verdict {
        Verdict::Suppressed | Verdict::Insufficient | Verdict::Inconclusive => true,
        Verdict::NoLargeGap | Verdict::MaterialGap | Verdict::SmallOrUnstableGap => false,
    };
    match (of_teams.iter().filter(is_open).count(), of_teams.len()) {
        (0, _) => {}
        (n, all) if n == all => open.push("any gap within a single team".to_owned()),
        (n, all) => open.push(format!("{n} of {all} gaps within single teams")),
    }
    if !shown.valid_score().is_some_and(crate::validation::Validation::holds) {
        open.push("how many hits are wrong or missed, for the lexicons are not validated on your data".to_owned());
    }
    open.push("why people write so".to_owned());
    format!("{}.", capitalised(&open.join("; ")))
}

fn left_out(shown: &Disclosed) -> String {
    let intake = &shown.intake;
    let (messages, characters) = (intake.removed.total(), intake.removed_characters.total());
    let mut parts = Vec::new();
    if messages > 0 {
        let of = if intake.read == 1 { "message" } else { "messages" };
        parts.push(format!("{} of {} {of}{}", thousands(messages), thousands(intake.read), largest(&intake.removed, thousands)));
    }
    if characters > 0 {
        let share = |n| percent(n, intake.characters);
        let of = if messages > 0 { "of the text of the others" } else { "of the text" };
        parts.push(format!("{} {of}{}", share(characters), largest(&intake.removed_characters, share)));
    }
    if !shown.left_out.is_empty() {
        parts.push(format!("all that {} wrote", list(&shown.left_out)));
    }
    parts.push(format!("every figure of fewer than {}", authors(shown.min_authors)));
    format!("{}.", capitalised(&parts.join("; ")))
}

/// ` (bots and apps 75, duplicates 9, …)`.
fn largest<T: std::fmt::Display>(counts: &ByReason, figure: impl Fn(u64) -> T) -> String {
    let mut by_size: Vec<(Reason, u64)> = counts.iter().collect();
    by_size.sort_by_key(|&(reason, n)| (std::cmp::Reverse(n), reason));
    let named: Vec<String> = by_size.iter().take(MAX_REASONS).map(|(reason, n)| format!("{} {}", reason.title(), figure(*n))).collect();
    let more = if by_size.len() > MAX_REASONS { ", …" } else { "" };
    format!(" ({}{more})", named.join(", "))
}

fn what_to_do(sheet: &Sheet) -> String {
    let (sales, marketing) = (name(SALES), name(MARKETING));
    let conditions = [
        (sheet.small, "the company is small".to_owned()),
        (sheet.good_relations, format!("{sales} and {marketing} get on well informally")),
        (sheet.sales_support, format!("{marketing} is still there to support {sales}")),
    ];
    let that = |wanted: Option<bool>| -> Vec<&str> {
        conditions.iter().filter(|(answer, _)| answer.holds == wanted).map(|(_, what)| what.as_str()).collect()
    };
    let remedies = [
        (sheet.rallying, "rallying points".to_owned()),
        (sheet.in_the_field, format!("marketers in the field with {sales}")),
        (sheet.third_person, "a third person for projects of both".to_owned()),
        (sheet.one_head, "with doubts, one chief revenue officer".to_owned()),
    ];
    let fitting: Vec<&String> = remedies.iter().filter(|(answer, _)| answer.holds == Some(true)).map(|(_, what)| what).collect();
    let (holding, open) = (that(Some(true)), that(None));
    if !holding.is_empty() {
        return format!("By convention nothing need be done about {sales} and {marketing}, for {}.", listed(&holding));
    }
    match (open.as_slice(), fitting.is_empty()) {
        ([], true) => "None of the three reasons to do nothing holds, but no remedy is called for by what was measured.".to_owned(),
        ([], false) => format!("None of the three reasons to do nothing holds; {} would fit what was measured.", listed(&fitting)),
        (open, true) => format!("Find out first {}; what would fit is not known yet.", whether(open)),
        (open, false) => format!("Find out first {}; if not, {} would fit what was measured.", whether(open), listed(&fitting)),
    }
}

/// `whether the company is small and whether …`.
fn whether(open: &[&str]) -> String {
    listed(&open.iter().map(|what| format!("whether {what}")).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{MarketingRole, Situation};
    use crate::decision;
    use crate::report::sample::{empty, gap_of, ratio, sample, without_roster};

    fn told_with(shown: &Disclosed, situation: &Situation) -> Vec<String> {
        let view = View::new(shown);
        answers(shown, &view, &decision::sheet(shown, situation)).into_iter().map(|answer| answer.text).collect()
    }

    fn told(shown: &Disclosed) -> Vec<String> {
        told_with(shown, &Situation::default())
    }

    #[test]
    fn the_five_answers_of_the_sample() {
        assert_eq!(
            told(&sample()),
            [
                "The same people use heroic wording 5.9 times as often about Sales as about Marketing and ivory-tower or past-failure wording \
                 4.1 times as often about Marketing as about Sales.",
                "That these 2 gaps are real and large (95 % intervals 3.8 to 9.6 × and 2.2 to 8.0 ×), also without any one author or any one \
                 entry; and that collaborative wording shows no large gap.",
                "6 of 12 gaps within single teams; how many hits are wrong or missed, for the lexicons are not validated on your data; why people \
                 write so.",
                "500 of 6,410 messages (bots and apps 300, duplicate messages 200); 41 % of the text of the others (quoted replies 22 %, \
                 signatures 19 %); every figure of fewer than 5 authors.",
                "Find out first whether Marketing is still there to support Sales; if not, rallying points and marketers in the field with Sales \
                 would fit what was measured.",
            ]
        );
    }

    #[test]
    fn what_is_not_settled_is_not_told_as_if_it_were() {
        let mut shown = sample();
        shown.gaps = GapKind::ALL.map(|kind| gap_of(kind, ratio(2.0, None, None))).into();
        let answers = told(&shown);
        assert_eq!(answers[0], "Whether the same people speak differently of Sales and of Marketing is not settled by these data.");
        assert!(answers[1].starts_with("Nothing yet"), "{}", answers[1]);
        assert!(answers[2].starts_with("Whether heroic, ivory-tower or past-failure and collaborative wording differs;"), "{}", answers[2]);
        shown.gaps = GapKind::ALL.map(|kind| gap_of(kind, ratio(1.0, Some(0.8), Some(1.2)))).into();
        let answers = told(&shown);
        assert!(
            answers[0].starts_with("The same people speak of Sales and of Marketing much alike: no large gap in heroic"),
            "{}",
            answers[0]
        );
        assert!(answers[1].ends_with("a small one may be there."), "{}", answers[1]);
        shown.gaps.clear();
        assert!(told(&shown)[0].starts_with("No two teams are compared here"));
    }

    #[test]
    fn a_condition_that_holds_is_the_answer_to_what_to_do() {
        let of = |head_count, role| Situation { head_count: Some(head_count), marketing_role: Some(role), hbr_score: None };
        let holds = told_with(&sample(), &of(40, MarketingRole::SalesSupport)).pop();
        assert_eq!(
            holds.unwrap(),
            "By convention nothing need be done about Sales and Marketing, for the company is small and Marketing is still there to support Sales."
        );
        let none = told_with(&sample(), &of(400, MarketingRole::OwnFunction)).pop();
        assert!(none.unwrap().starts_with("None of the three reasons to do nothing holds; rallying points and"));
        let unknown = told(&without_roster()).pop();
        assert!(unknown.unwrap().ends_with("what would fit is not known yet."));
    }

    #[test]
    fn with_nobody_shown_three_answers_are_left() {
        let answers = told(&empty());
        assert!(answers[0].starts_with("Fewer than 5 authors are left"));
        assert_eq!(answers.len(), 3);
    }
}
