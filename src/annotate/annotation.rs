//! What judged limits and remarks are for a program that knows neither: marks at lines of files, in suites of cases.

use super::human;
use crate::check::Judged;
use crate::fault::{Place, Position};
use crate::lexicon::Category;
use crate::lint::{self, Linted, Remark, What};
use crate::stats::GapKind;

/// What a mark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    /// Wording of a category.
    Category(Category),
    /// A gap, of one kind or of any.
    Gap(Option<GapKind>),
    /// Figures of later months against those of a baseline.
    Baseline,
    /// A mark to ignore something.
    Ignore,
}

impl Rule {
    /// The name in files.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Category(category) => category.name(),
            Self::Gap(Some(kind)) => kind.name(),
            Self::Gap(None) => "gap",
            Self::Baseline => "baseline",
            Self::Ignore => "ignore",
        }
    }

    /// What it is about, in a few words.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Category(Category::Heroic) => "Heroic wording",
            Self::Category(Category::IvoryTower) => "Ivory-tower wording",
            Self::Category(Category::Gendered) => "Gendered wording",
            Self::Category(Category::PastFailure) => "Past-failure wording",
            Self::Category(Category::Collaboration) => "Collaborative wording",
            Self::Category(Category::AntiSales) => "Anti-sales wording",
            Self::Gap(Some(GapKind::Praise)) => "Gap in praise",
            Self::Gap(Some(GapKind::Scorn)) => "Gap in scorn",
            Self::Gap(Some(GapKind::Credit)) => "Gap in credit",
            Self::Gap(None) => "Gap between teams",
            Self::Baseline => "Rise above the baseline",
            Self::Ignore => "Mark to ignore something",
        }
    }

    /// What it claims, and what to do.
    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Category(Category::Heroic) => {
                "Frames a team or its people as saviours, fighters, superhuman or the only ones who count. Name what was done instead."
            }
            Self::Category(Category::IvoryTower) => {
                "Frames a team as remote, theoretical, ignorant of customers or busy with form. Name the piece of work and what it lacks instead."
            }
            Self::Category(Category::Gendered) => {
                "Gender-marked nouns, diminutives for adults, stereotyped traits, coded adjectives, generic he or she. Name the role or the task \
                 instead."
            }
            Self::Category(Category::PastFailure) => {
                "Uses an earlier failure to talk down a team, an idea or a person. Name the cause and what is different now instead."
            }
            Self::Category(Category::Collaboration) => "Tells of or invites work across teams, or credits another team. Nothing to mend.",
            Self::Category(Category::AntiSales) => {
                "Frames Sales as short-sighted, pushy or after commission only. Name the promise or the figure that is meant instead."
            }
            Self::Gap(_) => {
                "The same people speak of one team otherwise than of another. `evenhand report` shows the ratio with its interval, and what \
                 makes it."
            }
            Self::Baseline => {
                "A figure of the months after the baseline is above it by more than the tolerance, and by more than noise. `evenhand hits` shows \
                 the wording; `evenhand check --update-baseline` takes the new figures as they are."
            }
            Self::Ignore => "A mark to ignore something names categories of wording that stands there, and a reason.",
        }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Error,
    Warning,
    Note,
}

/// Lines and columns, from 1; the end column is one past the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u64,
    pub(super) columns: Option<(u64, u64)>,
    pub(super) end_line: u64,
}

/// A mark at a place of a file.
#[derive(Debug, Clone)]
pub(super) struct Annotation {
    pub(super) rule: Rule,
    pub(super) level: Level,
    pub(super) path: String,
    pub(super) region: Option<Region>,
    pub(super) message: String,
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) outcome: Outcome,
}

/// What became of a case.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// Nothing to say.
    Passed,
    /// It could not be told, and why.
    Skipped(Annotation),
    /// It is not as it ought to be.
    Failed(Annotation),
}

/// What was looked at in one file.
#[derive(Debug, Clone)]
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) cases: Vec<Case>,
}

impl Suite {
    /// The limits of a configuration, a case each.
    pub(super) fn of_check(judged: &[Judged]) -> Self {
        Self {
            name: judged.first().map_or_else(|| "check".to_owned(), |one| one.at().path.to_string()),
            cases: judged.iter().map(case).collect(),
        }
    }

    /// A draft; a case for every remark, or one that has passed.
    pub(super) fn of_draft(linted: &Linted) -> Self {
        let case = |remark: &Remark| {
            let annotation = of_remark(linted, remark);
            let column = remark.place.columns.map_or_else(String::new, |(column, _)| format!(":{column}"));
            Case { name: format!("{}{column} {}", remark.place.line, annotation.rule.id()), outcome: Outcome::Failed(annotation) }
        };
        let mut cases: Vec<Case> = linted.remarks.iter().map(case).collect();
        if cases.is_empty() {
            cases.push(Case { name: "no remarks".to_owned(), outcome: Outcome::Passed });
        }
        Self { name: linted.path.to_string(), cases }
    }

    /// All marks.
    pub(super) fn annotations(suites: &[Self]) -> impl Iterator<Item = &Annotation> {
        suites.iter().flat_map(|suite| &suite.cases).filter_map(|case| match &case.outcome {
            Outcome::Passed => None,
            Outcome::Skipped(annotation) | Outcome::Failed(annotation) => Some(annotation),
        })
    }
}

fn case(judged: &Judged) -> Case {
    let annotation = |level: Level| {
        let (path, region) = region_of(judged.at());
        Annotation { rule: rule_of(judged), level, path, region, message: human::sentence(judged) }
    };
    let outcome = if judged.is_crossed() {
        Outcome::Failed(annotation(Level::Error))
    } else if judged.is_not_judged() {
        Outcome::Skipped(annotation(Level::Note))
    } else {
        Outcome::Passed
    };
    Case { name: human::subject(judged), outcome }
}

const fn rule_of(judged: &Judged) -> Rule {
    match judged {
        Judged::Limit(limit, _) => Rule::Category(limit.category),
        Judged::Ratio(limit, _) => Rule::Gap(Some(limit.kind)),
        Judged::Verdict(limit, _) => Rule::Gap(limit.kind),
        Judged::Baseline(..) => Rule::Baseline,
    }
}

fn of_remark(linted: &Linted, remark: &Remark) -> Annotation {
    let lint::Place { line, columns, end_line, .. } = remark.place;
    let rule = match &remark.what {
        What::Wording(wording) => Rule::Category(wording.category),
        What::Ignore(_) => Rule::Ignore,
    };
    let message = human::remark(remark, true);
    Annotation { rule, level: Level::Warning, path: linted.path.to_string(), region: Some(Region { line, columns, end_line }), message }
}

/// The file and line of a place.
pub(super) fn region_of(place: &Place) -> (String, Option<Region>) {
    let path = place.member.as_ref().map_or_else(|| place.path.to_string(), |member| format!("{}!{member}", place.path));
    let region = match place.position {
        Position::Line(line) => Some(Region { line, columns: None, end_line: line }),
        Position::Whole | Position::Record(_) | Position::Byte(_) => None,
    };
    (path, region)
}
