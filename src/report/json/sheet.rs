//! The decision sheet: conventions, not findings.

use serde::Serialize;

use crate::decision::{Answer, Basis, People, Sheet};

/// `contact` is `null` where it may not be shown, `questionnaire` where no score is declared.
#[derive(Serialize)]
pub(super) struct DecisionRow {
    conditions: Vec<ConditionRow>,
    people: Option<PeopleRow>,
    contact: Option<ContactRow>,
    questionnaire: Option<QuestionnaireRow>,
    remedies: Vec<RemedyRow>,
}

/// A condition under which nothing should be done; `answer` is `yes`, `no` or `not_known`, `basis` is `measured`, `declared` or
/// `not_known`.
#[derive(Serialize)]
struct ConditionRow {
    condition: &'static str,
    answer: &'static str,
    basis: &'static str,
}

/// Declared, or authors seen.
#[derive(Serialize)]
struct PeopleRow {
    basis: &'static str,
    n: usize,
}

/// Authors of Sales and Marketing who have answered the other team.
#[derive(Serialize)]
struct ContactRow {
    replied: usize,
    authors: usize,
}

#[derive(Serialize)]
struct QuestionnaireRow {
    score: u32,
    stage: &'static str,
}

/// Whether a remedy fits.
#[derive(Serialize)]
struct RemedyRow {
    remedy: &'static str,
    answer: &'static str,
    basis: &'static str,
}

pub(super) fn decision_row(sheet: &Sheet) -> DecisionRow {
    let condition =
        |(condition, answer): (&'static str, Answer)| ConditionRow { condition, answer: answer.name(), basis: answer.basis.name() };
    let remedy = |(remedy, answer): (&'static str, Answer)| RemedyRow { remedy, answer: answer.name(), basis: answer.basis.name() };
    let people = |people: People| match people {
        People::Declared(n) => PeopleRow { basis: Basis::Declared.name(), n },
        People::Seen(n) => PeopleRow { basis: Basis::Measured.name(), n },
    };
    DecisionRow {
        conditions: sheet.conditions().map(condition).into(),
        people: sheet.people.map(people),
        contact: sheet.contact.map(|contact| ContactRow { replied: contact.replied, authors: contact.authors }),
        questionnaire: sheet.stage.map(|(score, stage)| QuestionnaireRow { score, stage: stage.name() }),
        remedies: sheet.remedies().map(remedy).into(),
    }
}
