//! The file in which a score is kept: JSON with a schema version. It holds figures of the whole data only, and no text.

use std::io;

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::{Agreement, CategoryScore, SampleSize, TargetScore, Validation};
use crate::fault::{Fault, Place, Position};
use crate::lexicon::Category;

/// Raised when a field changes its meaning or goes.
const SCHEMA_VERSION: u32 = 2;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireValidation {
    evenhand_validation: u32,
    lexicons: String,
    hits: WireSize,
    sentences: WireSize,
    categories: Vec<WireCategory>,
    recall: Option<WireEstimate>,
    targets: Vec<WireTarget>,
    agreement: Option<WireAgreement>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSize {
    population: u64,
    coded: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireEstimate {
    value: f64,
    low: f64,
    high: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireCategory {
    category: String,
    population: u64,
    coded: u64,
    right: u64,
    precision: Option<WireEstimate>,
    recall: Option<WireEstimate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireTarget {
    target: Option<String>,
    coded: u64,
    precision: Option<WireEstimate>,
    accuracy: Option<WireEstimate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireAgreement {
    rows: u64,
    alpha_wording: Option<WireEstimate>,
    alpha_target: Option<WireEstimate>,
}

impl From<Estimate> for WireEstimate {
    fn from(Estimate { value, low, high }: Estimate) -> Self {
        Self { value, low, high }
    }
}

impl From<WireEstimate> for Estimate {
    fn from(WireEstimate { value, low, high }: WireEstimate) -> Self {
        Self { value, low, high }
    }
}

/// Writes a score.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(validation: &Validation, out: &mut dyn io::Write) -> io::Result<()> {
    let size = |SampleSize { population, coded }: SampleSize| WireSize { population, coded };
    let wire = WireValidation {
        evenhand_validation: SCHEMA_VERSION,
        lexicons: validation.lexicons.clone(),
        hits: size(validation.hits),
        sentences: size(validation.sentences),
        categories: validation.categories.iter().map(wire_category).collect(),
        recall: validation.recall.map(Into::into),
        targets: validation.targets.iter().map(wire_target).collect(),
        agreement: validation.agreement.map(|Agreement { rows, wording, target }| WireAgreement {
            rows,
            alpha_wording: wording.map(Into::into),
            alpha_target: target.map(Into::into),
        }),
    };
    serde_json::to_writer_pretty(&mut *out, &wire)?;
    writeln!(out)
}

fn wire_category(score: &CategoryScore) -> WireCategory {
    WireCategory {
        category: score.category.name().to_owned(),
        population: score.population,
        coded: score.coded,
        right: score.right,
        precision: score.precision.map(Into::into),
        recall: score.recall.map(Into::into),
    }
}

fn wire_target(score: &TargetScore) -> WireTarget {
    WireTarget {
        target: score.target.as_deref().map(str::to_owned),
        coded: score.coded,
        precision: score.precision.map(Into::into),
        accuracy: score.accuracy.map(Into::into),
    }
}

/// Reads a score.
///
/// # Errors
/// If the text is no such file, or of another version.
pub fn parse(path: &str, text: &str) -> Result<Validation, Fault> {
    let wire: WireValidation = serde_json::from_str(text).map_err(|error| {
        let at = Place::file(path).at(Position::Line(error.line() as u64));
        Fault::new(at, format!("not a file made by evenhand validate score: {error}"))
    })?;
    if wire.evenhand_validation != SCHEMA_VERSION {
        let found = wire.evenhand_validation;
        return Err(Fault::file(path, format!("found a score of version {found}, expected version {SCHEMA_VERSION}")));
    }
    let size = |WireSize { population, coded }: WireSize| SampleSize { population, coded };
    let category = |wire: WireCategory| {
        let category = Category::from_name(&wire.category).ok_or_else(|| {
            let known = Category::ALL.map(Category::name);
            Fault::file(path, format!("found category \"{}\", expected one of {}", wire.category, known.join(", ")))
        })?;
        let (precision, recall) = (wire.precision.map(Into::into), wire.recall.map(Into::into));
        Ok(CategoryScore { category, population: wire.population, coded: wire.coded, right: wire.right, precision, recall })
    };
    let target = |wire: WireTarget| TargetScore {
        target: wire.target.map(Into::into),
        coded: wire.coded,
        precision: wire.precision.map(Into::into),
        accuracy: wire.accuracy.map(Into::into),
    };
    Ok(Validation {
        lexicons: wire.lexicons,
        hits: size(wire.hits),
        sentences: size(wire.sentences),
        categories: wire.categories.into_iter().map(category).collect::<Result<_, Fault>>()?,
        recall: wire.recall.map(Into::into),
        targets: wire.targets.into_iter().map(target).collect(),
        agreement: wire.agreement.map(|wire| Agreement {
            rows: wire.rows,
            wording: wire.alpha_wording.map(Into::into),
            target: wire.alpha_target.map(Into::into),
        }),
    })
}
