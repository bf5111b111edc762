//! Coded sheets → what they say of the lexicons.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::alpha::nominal_alpha_with_interval;
use super::estimate::{self, Estimate, share_of_population, weighted_share, wilson};
use super::sheet::{Answer, Coded, Sheet};
use super::{Agreement, CategoryScore, SampleSize, Stratum, TargetScore, Validation};
use crate::fault::{Fault, Place, Position};
use crate::lexicon::Category;

/// Scores a coded sheet; a second coder's rows serve agreement only.
///
/// # Errors
/// Rows of the second sheet, at `second_path`, that are not of the same draw as the first.
pub fn score(sheet: &Sheet, coded: &[Coded], second: Option<(&str, &Sheet, &[Coded])>) -> Result<Validation, Vec<Fault>> {
    let agreement = second.map(|(path, other, rows)| agreement(sheet, coded, path, other, rows)).transpose()?;
    let strata = strata(coded);
    let size = |is_it: fn(&Stratum) -> bool| {
        let sizes = strata.iter().filter(|(stratum, _)| is_it(stratum)).map(|(_, rows)| (rows[0].row.population, rows.len() as u64));
        sizes.fold(SampleSize::default(), |sum, (population, n)| SampleSize {
            population: sum.population + population,
            coded: sum.coded + n,
        })
    };
    let found = |category| found(&strata, category);
    let recall = estimate::recall(estimate::sum(Category::ALL.map(found)), missed(&strata, |missed| !missed.is_empty()));
    Ok(Validation {
        lexicons: sheet.lexicons.clone(),
        hits: size(|stratum| matches!(stratum, Stratum::Hits(_))),
        sentences: size(|stratum| *stratum == Stratum::Sentences),
        categories: Category::ALL.into_iter().filter_map(|category| category_score(&strata, category)).collect(),
        recall,
        targets: targets(coded),
        agreement,
    })
}

type Strata<'a> = BTreeMap<Stratum, Vec<&'a Coded>>;

fn strata(coded: &[Coded]) -> Strata<'_> {
    let mut strata = Strata::new();
    for row in coded {
        strata.entry(row.stratum()).or_default().push(row);
    }
    strata
}

fn category_score(strata: &Strata<'_>, category: Category) -> Option<CategoryScore> {
    let rows = strata.get(&Stratum::Hits(category)).map_or(&[][..], Vec::as_slice);
    let told: Vec<bool> = rows.iter().filter_map(|row| told(row.right)).collect();
    let (coded, right) = (told.len() as u64, told.iter().filter(|&&right| right).count() as u64);
    let missed = missed(strata, |missed| missed.contains(&category));
    (!rows.is_empty() || missed.value > 0.0).then(|| CategoryScore {
        category,
        population: rows.first().map_or(0, |row| row.row.population),
        coded,
        right,
        precision: (coded > 0).then(|| wilson(right as f64 / coded as f64, coded as f64)),
        recall: estimate::recall(found(strata, category), missed),
    })
}

/// Right hits of a category in sentences that name a group.
fn found(strata: &Strata<'_>, category: Category) -> Estimate {
    let rows = strata.get(&Stratum::Hits(category)).map_or(&[][..], Vec::as_slice);
    let right = |row: &&Coded| told(row.right).map(|right| f64::from(u8::from(right && row.row.names_group)));
    total(rows, right)
}

/// Sentences that name a group and hold wording that was missed. Beside a hit each row counts for its share of the sentence's hits.
fn missed(strata: &Strata<'_>, is_missed: impl Fn(&BTreeSet<Category>) -> bool) -> Estimate {
    let share = |row: &&Coded| {
        let missed = row.missed.as_ref()?;
        let counts = row.row.names_group && is_missed(missed);
        Some(if counts { 1.0 / row.row.hits_in_sentence.max(1) as f64 } else { 0.0 })
    };
    estimate::sum(strata.values().map(|rows| total(rows, share)))
}

/// The total over a stratum of what `value` gives, from 0 to 1 a row; rows without a value are left out as if they had not been drawn. For values
/// between 0 and 1 the interval is that of a share, which is never too narrow.
fn total(rows: &[&Coded], value: impl Fn(&&Coded) -> Option<f64>) -> Estimate {
    let Some(population) = rows.first().map(|row| row.row.population) else { return Estimate::ZERO };
    let values: Vec<f64> = rows.iter().filter_map(value).collect();
    let n = values.len();
    let mean = if n == 0 { 0.0 } else { values.iter().sum::<f64>() / n as f64 };
    share_of_population(mean, n as u64, population).times(population as f64)
}

const fn told(answer: Option<Answer>) -> Option<bool> {
    match answer {
        Some(Answer::Yes) => Some(true),
        Some(Answer::No) => Some(false),
        Some(Answer::CannotTell) | None => None,
    }
}

/// Hits by the group they are aimed at. Categories are drawn in unequal parts, so each row weighs what it stands for.
fn targets(coded: &[Coded]) -> Vec<TargetScore> {
    let mut by_target: BTreeMap<Option<Arc<str>>, Vec<&Coded>> = BTreeMap::new();
    for row in coded.iter().filter(|row| row.row.category.is_some()) {
        by_target.entry(row.row.target.clone()).or_default().push(row);
    }
    let weight = |row: &Coded| row.row.population as f64 / row.row.drawn as f64;
    let share = |rows: &[&Coded], answer: fn(&Coded) -> Option<Answer>| {
        let units: Vec<_> = rows.iter().filter_map(|row| Some((weight(row), told(answer(row))?))).collect();
        weighted_share(&units)
    };
    by_target
        .into_iter()
        .map(|(target, rows)| TargetScore {
            target,
            coded: rows.len() as u64,
            precision: share(&rows, |row| row.right),
            accuracy: share(&rows, |row| row.target_right),
        })
        .collect()
}

fn agreement(sheet: &Sheet, coded: &[Coded], path: &str, other: &Sheet, rows: &[Coded]) -> Result<Agreement, Vec<Fault>> {
    let place = Place::file(path);
    if (&sheet.lexicons, sheet.seed) != (&other.lexicons, other.seed) {
        return Err(vec![Fault::new(place, "is of another draw (`lexicons`, `seed`) than the first sheet")]);
    }
    let by_id: BTreeMap<&str, &Coded> = coded.iter().map(|row| (row.row.id.as_str(), row)).collect();
    let mut pairs = Vec::new();
    let mut faults = Vec::new();
    for row in rows {
        match by_id.get(row.row.id.as_str()) {
            Some(first) if asked(first) == asked(row) => pairs.push((*first, row)),
            Some(first) => faults.push(Fault::new(
                place.at(Position::Line(row.line)),
                format!("what was drawn as \"{}\" differs from line {} of the first sheet", row.row.id, first.line),
            )),
            None => faults.push(Fault::new(place.at(Position::Line(row.line)), format!("the first sheet has no \"{}\"", row.row.id))),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let alpha_of = |value: fn(&Coded) -> Option<BTreeSet<Category>>| {
        nominal_alpha_with_interval(&pairs.iter().map(|(first, second)| vec![value(first), value(second)]).collect::<Vec<_>>())
    };
    let targets = pairs.iter().map(|(first, second)| vec![told(first.target_right), told(second.target_right)]).collect::<Vec<_>>();
    Ok(Agreement { rows: pairs.len() as u64, wording: alpha_of(seen), target: nominal_alpha_with_interval(&targets) })
}

/// What a row asks about, apart from its text, which a spreadsheet may touch.
fn asked(row: &Coded) -> (Stratum, Option<&str>, &str, u64) {
    (row.stratum(), row.row.target.as_deref(), &row.row.writer, row.row.population)
}

/// The wording that a coder sees in a row: the hit's category if it is right, or what was missed in a sentence without a hit; the empty set is
/// "none".
fn seen(row: &Coded) -> Option<BTreeSet<Category>> {
    match row.row.category {
        Some(category) => told(row.right).map(|right| if right { BTreeSet::from([category]) } else { BTreeSet::new() }),
        None => row.missed.clone(),
    }
}
