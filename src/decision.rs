//! What may be shown + what the company says of itself → the decision sheet: the three conditions under which nothing should be done and
//! the remedies of the article behind the project (Kotler, Rackham & Krishnaswamy 2006, Harvard Business Review 84(7)). Its rules are
//! conventions, not findings.

use std::sync::Arc;

use crate::config::{MarketingRole, Situation};
use crate::disclosure::{Disclosed, Shown, ShownReplies};
use crate::lexicon::Category;
use crate::stats::Speaker;

/// The team that is said to be praised too much.
pub const SALES: &str = "sales";
/// The team that is said to be scorned.
pub const MARKETING: &str = "marketing";
/// Most people of a small company.
pub const MAX_PEOPLE_OF_SMALL: usize = 50;
/// Good relations: of so many authors of the two teams, one has answered the other team.
pub const CONTACT_ONE_IN: usize = 3;
/// From this score of the questionnaire on, one head over both teams is worth a thought.
pub const MIN_SCORE_FOR_ONE_HEAD: u32 = 60;

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// From the data.
    Measured,
    /// From the configuration.
    Declared,
    /// From neither.
    NotKnown,
}

impl Basis {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Declared => "declared",
            Self::NotKnown => "not_known",
        }
    }
}

/// An answer and where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Yes or no; none where it is not known.
    pub holds: Option<bool>,
    /// From where.
    pub basis: Basis,
}

impl Answer {
    const NOT_KNOWN: Self = Self { holds: None, basis: Basis::NotKnown };

    const fn measured(holds: Option<bool>) -> Self {
        match holds {
            Some(_) => Self { holds, basis: Basis::Measured },
            None => Self::NOT_KNOWN,
        }
    }

    const fn declared(holds: Option<bool>) -> Self {
        match holds {
            Some(_) => Self { holds, basis: Basis::Declared },
            None => Self::NOT_KNOWN,
        }
    }

    /// The answer in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.holds {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not_known",
        }
    }
}

/// How many people there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// As the configuration says.
    Declared(usize),
    /// Authors seen, which may be fewer.
    Seen(usize),
}

/// What one of the two teams says of the other: hits per 1,000 segments that name it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wording {
    /// Collaborative wording.
    pub collaborative: Shown<f64>,
    /// Ivory-tower and past-failure wording.
    pub scornful: Shown<f64>,
    /// Whether the first is at least as frequent; none where that cannot be told.
    pub is_friendly: Option<bool>,
}

/// Authors of the two teams who have answered the other one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// Who have.
    pub replied: usize,
    /// Of how many.
    pub authors: usize,
}

impl Contact {
    /// Whether at least one in [`CONTACT_ONE_IN`] has.
    #[must_use]
    pub const fn is_enough(self) -> bool {
        self.replied * CONTACT_ONE_IN >= self.authors
    }
}

/// A topic over which the two teams may meet.
#[derive(Debug, Clone, PartialEq)]
pub struct RallyingPoint {
    /// Its name.
    pub topic: Arc<str>,
    /// Threads about it in which both teams write.
    pub shared_threads: Shown<u64>,
}

/// How far the two teams' working together has come, by the article's questionnaire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// 20 to 39.
    Undefined,
    /// 40 to 59.
    Defined,
    /// 60 to 79.
    Aligned,
    /// 80 to 100.
    Integrated,
}

impl Stage {
    /// The stage of a score from 20 to 100.
    #[must_use]
    pub const fn of(score: u32) -> Self {
        match score {
            0..=39 => Self::Undefined,
            40..=59 => Self::Defined,
            60..=79 => Self::Aligned,
            80.. => Self::Integrated,
        }
    }

    /// The name in files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Defined => "defined",
            Self::Aligned => "aligned",
            Self::Integrated => "integrated",
        }
    }
}

/// The sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Nothing should be done in a small company.
    pub small: Answer,
    /// How many people there are; none where nobody is shown.
    pub people: Option<People>,
    /// Nothing should be done where the two teams get on well informally.
    pub good_relations: Answer,
    /// Whether they answer each other; none where that may not be shown.
    pub contact: Option<Contact>,
    /// What Sales says of Marketing.
    pub sales_about_marketing: Wording,
    /// What Marketing says of Sales.
    pub marketing_about_sales: Wording,
    /// Nothing should be done while Marketing is still a sales-support function.
    pub sales_support: Answer,
    /// Score and stage, if declared.
    pub stage: Option<(u32, Stage)>,
    /// Remedy: meet over common topics. Fits where the two teams do not get on well.
    pub rallying: Answer,
    /// The topics.
    pub rallying_points: Vec<RallyingPoint>,
    /// Remedy: marketers in the field with Sales. Fits where Sales speaks of Marketing more scornfully than collaboratively.
    pub in_the_field: Answer,
    /// Remedy: a third person for overlapping projects. Fits where each of the two speaks so of the other.
    pub third_person: Answer,
    /// Remedy, with doubts: one chief revenue officer. Worth a thought from an aligned stage on.
    pub one_head: Answer,
}

impl Sheet {
    /// The conditions under which nothing should be done, by their names in files.
    #[must_use]
    pub const fn conditions(&self) -> [(&'static str, Answer); 3] {
        [
            ("small_company", self.small),
            ("good_informal_relations", self.good_relations),
            ("marketing_is_sales_support", self.sales_support),
        ]
    }

    /// The remedies, by their names in files.
    #[must_use]
    pub const fn remedies(&self) -> [(&'static str, Answer); 4] {
        [
            ("rallying_points", self.rallying),
            ("marketers_in_the_field", self.in_the_field),
            ("third_person", self.third_person),
            ("chief_revenue_officer", self.one_head),
        ]
    }
}

/// Fills the sheet in.
#[must_use]
pub fn sheet(shown: &Disclosed, situation: &Situation) -> Sheet {
    let people = people(shown, situation);
    let contact = contact(shown);
    let sales_about_marketing = wording(shown, SALES, MARKETING);
    let marketing_about_sales = wording(shown, MARKETING, SALES);
    let friendly = [sales_about_marketing.is_friendly, marketing_about_sales.is_friendly];
    let good = all([contact.map(Contact::is_enough), friendly[0], friendly[1]]);
    let stage = situation.hbr_score.as_ref().map(|score| (*score.get_ref(), Stage::of(*score.get_ref())));
    let small = |n: usize| Some(n <= MAX_PEOPLE_OF_SMALL);
    Sheet {
        small: match people {
            Some(People::Declared(n)) => Answer::declared(small(n)),
            Some(People::Seen(n)) => Answer::measured(small(n)),
            None => Answer::NOT_KNOWN,
        },
        people,
        good_relations: Answer::measured(good),
        contact,
        sales_about_marketing,
        marketing_about_sales,
        sales_support: Answer::declared(situation.marketing_role.map(|role| role == MarketingRole::SalesSupport)),
        stage,
        rallying: Answer::measured(good.map(|good| !good)),
        rallying_points: shown
            .meetings
            .iter()
            .filter(|meeting| [&*meeting.first, &*meeting.second] == [SALES, MARKETING])
            .map(|meeting| RallyingPoint { topic: Arc::clone(&meeting.topic), shared_threads: meeting.shared_threads })
            .collect(),
        in_the_field: Answer::measured(friendly[0].map(|friendly| !friendly)),
        third_person: Answer::measured(all(friendly.map(|friendly| friendly.map(|friendly| !friendly)))),
        one_head: Answer::declared(stage.map(|(score, _)| score >= MIN_SCORE_FOR_ONE_HEAD)),
    }
}

fn people(shown: &Disclosed, situation: &Situation) -> Option<People> {
    let seen = || shown.speakers.iter().find(|count| count.speaker == Speaker::Company).map(|count| People::Seen(count.n_authors));
    situation.head_count.map(|n| People::Declared(n as usize)).or_else(seen)
}

/// Authors of both teams together; none unless both numbers are known, for of one the other could be guessed.
fn contact(shown: &Disclosed) -> Option<Contact> {
    let of = |speaker: &str, to_team: &str| {
        let is_meant = |one: &&ShownReplies| matches!(&one.speaker, Speaker::Team(team) if **team == *speaker) && *one.to_team == *to_team;
        let found = shown.replies.iter().find(is_meant)?;
        let replied = match found.n_replying {
            Shown::Value(n) => n,
            Shown::NoData => 0,
            Shown::Few | Shown::Hidden(_) => return None,
        };
        Some(Contact { replied, authors: found.n_authors })
    };
    let (one, other) = (of(SALES, MARKETING)?, of(MARKETING, SALES)?);
    Some(Contact { replied: one.replied + other.replied, authors: one.authors + other.authors })
}

/// What a team says of another, from the rates that are shown, so that no answer hangs on a figure that is not.
fn wording(shown: &Disclosed, speaker: &str, about: &str) -> Wording {
    let speaker = Speaker::Team(speaker.into());
    let rate = |category| shown.level(&speaker, category, Some(about)).map_or(Shown::NoData, |level| level.rate.map(|rate| rate.per_1000));
    let collaborative = rate(Category::Collaboration);
    let parts = [Category::IvoryTower, Category::PastFailure].map(rate);
    let scornful = match parts {
        [Shown::Value(tower), Shown::Value(failure)] => Shown::Value(tower + failure),
        [Shown::Value(_), other] | [other, _] => other,
    };
    // One part alone may already be more than the collaborative wording.
    let at_least = parts.iter().filter_map(|part| part.value()).fold(0.0, f64::max);
    let is_friendly = match (collaborative, scornful) {
        (Shown::Value(friendly), Shown::Value(scornful)) => Some(friendly >= scornful),
        (Shown::Value(friendly), Shown::Few | Shown::Hidden(_) | Shown::NoData) if at_least > friendly => Some(false),
        (Shown::Value(_) | Shown::Few | Shown::Hidden(_) | Shown::NoData, _) => None,
    };
    Wording { collaborative, scornful, is_friendly }
}

/// Whether all hold: no as soon as one does not, not known where that hangs on one that is not known.
fn all<const N: usize>(parts: [Option<bool>; N]) -> Option<bool> {
    if parts.contains(&Some(false)) { Some(false) } else { parts.into_iter().all(|part| part.is_some()).then_some(true) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn situation(text: &str) -> Situation {
        config::parse("evenhand.toml", &format!("[situation]\n{text}")).unwrap().situation
    }

    #[test]
    fn the_four_stages_have_the_articles_bounds() {
        let stages = [20, 39, 40, 59, 60, 79, 80, 100].map(|score| Stage::of(score).name());
        let expected = ["undefined", "undefined", "defined", "defined", "aligned", "aligned", "integrated", "integrated"];
        assert_eq!(stages, expected);
    }

    #[test]
    fn a_third_is_enough_contact() {
        assert!(Contact { replied: 4, authors: 12 }.is_enough() && !Contact { replied: 4, authors: 13 }.is_enough());
    }

    #[test]
    fn one_no_settles_it_and_what_is_not_known_does_not() {
        assert_eq!(all([Some(true), None, Some(false)]), Some(false));
        assert_eq!(all([Some(true), None]), None);
        assert_eq!(all([Some(true); 2]), Some(true));
    }

    #[test]
    fn with_nothing_shown_only_what_is_declared_is_known() {
        let shown = crate::report::sample::empty();
        let sheet = |text| sheet(&shown, &situation(text));
        let names = |sheet: &Sheet| sheet.conditions().map(|(_, answer)| (answer.name(), answer.basis.name()));
        assert_eq!(names(&sheet("")), [("not_known", "not_known"); 3]);
        let declared = sheet("head_count = 50\nmarketing_role = \"own_function\"\nhbr_score = 60\n");
        assert_eq!(names(&declared), [("yes", "declared"), ("not_known", "not_known"), ("no", "declared")]);
        assert_eq!((declared.stage, declared.one_head.holds), (Some((60, Stage::Aligned)), Some(true)));
        assert_eq!(sheet("head_count = 51\n").small, Answer { holds: Some(false), basis: Basis::Declared });
    }

    #[test]
    fn relations_are_measured_from_what_is_shown() {
        let shown = crate::report::sample::sample();
        let found = sheet(&shown, &Situation::default());
        assert_eq!(found.people, Some(People::Seen(80)));
        assert_eq!((found.small.holds, found.small.basis), (Some(false), Basis::Measured));
        assert_eq!(found.contact, None, "how many marketers answered is hidden");
        assert_eq!((found.good_relations.holds, found.in_the_field.holds), (Some(false), Some(true)));
    }
}
