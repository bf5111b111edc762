//! The decision sheet in sentences, for terminal and Markdown alike: each answer says where it comes from.

use crate::config::MarketingRole;
use crate::decision::{
    Answer, Basis, CONTACT_ONE_IN, MARKETING, MAX_PEOPLE_OF_SMALL, MIN_SCORE_FOR_ONE_HEAD, People, RallyingPoint, SALES, Sheet, Wording,
};
use crate::disclosure::Shown;
use crate::report::text::{authors, count, name, number, thousands};
use crate::report::words::hidden;

/// The head over the sheet.
pub(super) const HEAD: &str = "Decision sheet: conventions, not findings";

/// How to read it.
pub(super) const NOTE: &str = "Conditions and remedies are those of Kotler, Rackham & Krishnaswamy (Harvard Business Review, July 2006); the rules in brackets \
                               are conventions of this report. Measured: from the figures above; declared: under [situation] in evenhand.toml.";

/// What a line of the sheet is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What follows from the three conditions.
    Conclusion,
    /// A condition under which nothing should be done.
    Condition,
    /// The declared score.
    Stage,
    /// A remedy.
    Remedy,
}

/// A line of the sheet.
pub(super) struct Item {
    /// What it is.
    pub(super) kind: Kind,
    /// The question.
    pub(super) question: String,
    /// The answer and where it comes from.
    pub(super) answer: String,
    /// What it rests on.
    pub(super) why: String,
    /// Yes or no; none where it is not known, or no such question.
    pub(super) holds: Option<bool>,
}

/// The questions in order, each with its answer.
pub(super) fn lines(sheet: &Sheet, min_authors: usize) -> Vec<(String, String)> {
    let line = |item: Item| {
        let Item { kind, question, answer, why, .. } = item;
        let text = match kind {
            Kind::Conclusion | Kind::Stage => answer,
            Kind::Condition => format!("{answer}. {why}"),
            Kind::Remedy => format!("{answer} {why}"),
        };
        (question, text)
    };
    items(sheet, min_authors).into_iter().map(line).collect()
}

/// The lines of the sheet in order.
pub(super) fn items(sheet: &Sheet, min_authors: usize) -> Vec<Item> {
    let (sales, marketing) = (name(SALES), name(MARKETING));
    let condition = |question: String, answer: Answer, why: String| Item {
        kind: Kind::Condition,
        question,
        answer: in_words(answer).to_owned(),
        why,
        holds: answer.holds,
    };
    let plain =
        |kind, question: &str, answer: String| Item { kind, question: question.to_owned(), answer, why: String::new(), holds: None };
    let mut items = vec![
        plain(Kind::Conclusion, "Three conditions under which nothing should be done", conclusion(sheet).to_owned()),
        condition(format!("1. Is the company small (at most {MAX_PEOPLE_OF_SMALL} people)?"), sheet.small, people(sheet)),
        condition(
            format!(
                "2. Do {sales} and {marketing} get on well informally (at least one in {CONTACT_ONE_IN} has answered the other team, and each \
                 speaks of the other at least as often in collaborative as in scornful words)?"
            ),
            sheet.good_relations,
            relations(sheet, min_authors),
        ),
        condition(format!("3. Is {marketing} still there to support {sales}?"), sheet.sales_support, role(sheet)),
    ];
    items.extend(sheet.stage.map(|(score, stage)| {
        let question = "Questionnaire (20 to 39 undefined, 40 to 59 defined, 60 to 79 aligned, 80 to 100 integrated)";
        plain(Kind::Stage, question, format!("{score} of 100, declared: {}.", stage.name()))
    }));
    items.extend(remedies(sheet, min_authors));
    items
}

fn in_words(answer: Answer) -> &'static str {
    match (answer.basis, answer.holds) {
        (Basis::Measured, Some(true)) => "Yes, measured",
        (Basis::Measured, Some(false)) => "No, measured",
        (Basis::Declared, Some(true)) => "Yes, declared",
        (Basis::Declared, Some(false)) => "No, declared",
        (Basis::NotKnown, _) | (_, None) => "Not known",
    }
}

fn conclusion(sheet: &Sheet) -> &'static str {
    let holds = sheet.conditions().map(|(_, answer)| answer.holds);
    if holds.contains(&Some(true)) {
        "at least one holds; by this convention the two teams may well be left as they are."
    } else if holds == [Some(false); 3] {
        "none holds; the remedies below are worth a thought."
    } else {
        "none is known to hold, and not all are known; find out before you act."
    }
}

fn people(sheet: &Sheet) -> String {
    match sheet.people {
        Some(People::Declared(n)) => format!("{} people.", thousands(n as u64)),
        Some(People::Seen(n)) => format!("{} seen; head_count tells how many people there are.", authors(n)),
        None => "Too few authors are shown, and head_count is not declared.".to_owned(),
    }
}

fn relations(sheet: &Sheet, min_authors: usize) -> String {
    let contact = match sheet.contact {
        Some(contact) => {
            format!("{} of {} of both teams have answered the other.", thousands(contact.replied as u64), authors(contact.authors))
        }
        None => "How many have answered the other team is not shown.".to_owned(),
    };
    let wording = [(SALES, MARKETING, sheet.sales_about_marketing), (MARKETING, SALES, sheet.marketing_about_sales)]
        .map(|(speaker, about, wording)| spoken(&name(speaker), &name(about), &wording, min_authors));
    format!("{contact} {}", wording.join(" "))
}

/// Two figures and no conclusion: the reader sees what the rule compares.
fn spoken(speaker: &str, about: &str, wording: &Wording, min_authors: usize) -> String {
    let figure = |shown: Shown<f64>| match shown {
        Shown::Value(rate) => number(rate),
        Shown::Few => "few".to_owned(),
        Shown::Hidden(why) => hidden(why, min_authors),
        Shown::NoData => "no data".to_owned(),
    };
    let (friendly, scornful) = (figure(wording.collaborative), figure(wording.scornful));
    format!("{speaker} about {about}, per 1,000 sentences: collaborative {friendly}, scornful {scornful}.")
}

fn role(sheet: &Sheet) -> String {
    match sheet.sales_support.holds {
        Some(holds) => {
            let role = if holds { MarketingRole::SalesSupport } else { MarketingRole::OwnFunction };
            format!("marketing_role is \"{}\".", role.name())
        }
        None => "No message can tell; marketing_role may be declared.".to_owned(),
    }
}

fn remedies(sheet: &Sheet, min_authors: usize) -> [Item; 4] {
    let (sales, marketing) = (name(SALES), name(MARKETING));
    let points = rallying_points(&sheet.rallying_points, min_authors);
    let item = |question: String, answer: Answer, why: String| Item {
        kind: Kind::Remedy,
        question,
        answer: fits(answer),
        why,
        holds: answer.holds,
    };
    [
        item("Remedy: rallying points".to_owned(), sheet.rallying, format!("(where condition 2 does not hold). {points}")),
        item(
            format!("Remedy: marketers in the field with {sales}"),
            sheet.in_the_field,
            format!("(where {sales} speaks of {marketing} more in scornful than in collaborative words)."),
        ),
        item(
            "Remedy: a third person for projects of both".to_owned(),
            sheet.third_person,
            "(where each of the two speaks so of the other).".to_owned(),
        ),
        item(
            "Remedy, with doubts: one chief revenue officer".to_owned(),
            sheet.one_head,
            format!("(from {MIN_SCORE_FOR_ONE_HEAD} of the questionnaire on; one head alone brings nobody together)."),
        ),
    ]
}

fn fits(answer: Answer) -> String {
    let fits = match answer.holds {
        Some(true) => "would fit",
        Some(false) => "nothing calls for it",
        None => "not known whether it fits",
    };
    let basis = match answer.basis {
        Basis::Measured => ", measured",
        Basis::Declared => ", declared",
        Basis::NotKnown => "",
    };
    format!("{fits}{basis}")
}

/// Where the two teams write in the same threads, and where they do not yet.
fn rallying_points(points: &[RallyingPoint], min_authors: usize) -> String {
    let point = |point: &RallyingPoint| {
        let topic = point.topic.replace('_', " ");
        match point.shared_threads {
            Shown::Value(0) => format!("{topic} none"),
            Shown::Value(n) => format!("{topic} {}", count(n, "thread", "threads")),
            Shown::Hidden(why) => format!("{topic} {}", hidden(why, min_authors)),
            Shown::Few => format!("{topic} few"),
            Shown::NoData => format!("{topic} no data"),
        }
    };
    if points.is_empty() {
        return "Where both write in the same threads is not known.".to_owned();
    }
    format!("Where both write in the same threads: {}.", points.iter().map(point).collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Situation;
    use crate::decision;
    use crate::report::sample::{empty, sample};

    fn told(shown: &crate::disclosure::Disclosed, situation: &Situation) -> Vec<String> {
        lines(&decision::sheet(shown, situation), 5).into_iter().map(|(question, answer)| format!("{question} {answer}")).collect()
    }

    fn has(lines: &[String], part: &str) -> bool {
        lines.iter().any(|line| line.contains(part))
    }

    #[test]
    fn each_answer_says_where_it_comes_from() {
        let lines = told(&sample(), &Situation::default());
        assert!(has(&lines, "No, measured. 80 authors seen; head_count tells"), "{lines:?}");
        assert!(has(&lines, "Not known. No message can tell; marketing_role may be declared."), "{lines:?}");
        assert!(has(&lines, "not all are known; find out before you act"), "{lines:?}");
        let situation = Situation {
            head_count: Some(40),
            marketing_role: Some(MarketingRole::OwnFunction),
            hbr_score: Some(toml::Spanned::new(0..0, 57)),
        };
        let lines = told(&sample(), &situation);
        assert!(has(&lines, "Yes, declared. 40 people.") && has(&lines, "57 of 100, declared: defined."), "{lines:?}");
        assert!(has(&lines, "may well be left as they are") && has(&lines, "nothing calls for it, declared"), "{lines:?}");
    }

    #[test]
    fn what_is_hidden_says_why_and_meetings_are_told() {
        let lines = told(&sample(), &Situation::default());
        assert!(has(&lines, "How many have answered the other team is not shown."), "{lines:?}");
        assert!(has(&lines, "content 14 threads; events hidden: under 5 authors; messaging none."), "{lines:?}");
    }

    #[test]
    fn with_nobody_shown_nothing_is_known() {
        let lines = told(&empty(), &Situation::default());
        assert!(has(&lines, "Not known. Too few authors are shown"), "{lines:?}");
        assert!(has(&lines, "collaborative no data, scornful no data"), "{lines:?}");
    }
}
