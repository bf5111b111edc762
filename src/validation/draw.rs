//! Sentences → a coding sample. Every unit has a random number that is made of the seed and the unit itself, and the smallest numbers of a
//! stratum are its sample: simple random sampling without replacement in one pass (Sunter 1977), the same whatever the order of the inputs and
//! the number of threads, in memory for the sample alone.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::mask::Names;
use super::sheet::{Row, Sheet};
use super::{MIN_CODED, Stratum};
use crate::fingerprint;
use crate::lexicon::Category;
use crate::lexicon::groups::Groups;
use crate::scan::sentences::{Sentence, SentenceHit, Written};

/// What to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Seed of the draw.
    pub seed: u64,
    /// Hits to draw, over all categories.
    pub n_hits: usize,
    /// Sentences without a hit to draw.
    pub n_sentences: usize,
}

impl Default for Plan {
    fn default() -> Self {
        let n = usize::try_from(MIN_CODED).unwrap_or(usize::MAX);
        Self { seed: 1, n_hits: n, n_sentences: n }
    }
}

/// A draw that goes on.
#[derive(Debug)]
pub struct Drawing {
    plan: Plan,
    strata: BTreeMap<Stratum, Units>,
    names: Names,
    n_seen: u64,
}

/// The units of a stratum that are in the sample so far.
#[derive(Debug, Default)]
struct Units {
    population: u64,
    /// By random number, then in the order in which they came.
    kept: BTreeMap<(u128, u64), Unit>,
}

#[derive(Debug)]
struct Unit {
    author: String,
    sentence: Sentence,
    /// The hit that is asked about; `None` in a sentence without one.
    hit: Option<SentenceHit>,
}

impl Drawing {
    /// A draw in which nothing was seen yet. `names` are people beside the authors whose names are masked.
    #[must_use]
    pub fn new<'a>(plan: Plan, names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut drawing = Self { plan, strata: BTreeMap::new(), names: Names::default(), n_seen: 0 };
        names.into_iter().for_each(|name| drawing.names.add_person(name));
        drawing
    }

    /// Takes what somebody wrote into the draw.
    pub fn add(&mut self, written: Written) {
        written.names.iter().for_each(|name| self.names.add_person(name));
        for sentence in written.sentences {
            self.names.add_line(&sentence.text);
            let author = &written.author;
            if sentence.hits.is_empty() {
                self.offer(
                    Stratum::Sentences,
                    self.plan.n_sentences,
                    || Unit { author: author.clone(), sentence: sentence.clone(), hit: None },
                    &[&sentence.identity.to_le_bytes()],
                );
            }
            for hit in &sentence.hits {
                let target = hit.target.map_or(u16::MAX, |group| group.0).to_le_bytes();
                let unit = || Unit { author: author.clone(), sentence: sentence.clone(), hit: Some(hit.clone()) };
                self.offer(Stratum::Hits(hit.category), self.plan.n_hits, unit, &[&sentence.identity.to_le_bytes(), &target]);
            }
        }
    }

    fn offer(&mut self, stratum: Stratum, room: usize, unit: impl FnOnce() -> Unit, identity: &[&[u8]]) {
        let seed = self.plan.seed.to_le_bytes();
        let parts = [&seed[..], stratum.name().as_bytes()].into_iter().chain(identity.iter().copied());
        let key = (fingerprint::of_parts(parts), self.n_seen);
        self.n_seen += 1;
        let units = self.strata.entry(stratum).or_default();
        units.population += 1;
        if units.kept.len() < room || units.kept.last_key_value().is_some_and(|(last, _)| key < *last) {
            units.kept.insert(key, unit());
            if units.kept.len() > room {
                units.kept.pop_last();
            }
        }
    }

    /// The sample as a sheet without answers, hits first, each part in random order.
    #[must_use]
    pub fn finish(mut self, lexicons: &str, groups: &Groups) -> Sheet {
        // Of "comp and ben" neither part is a group.
        let of_one_word = groups.all().flat_map(|group| groups.aliases(group)).filter(|name| !name.contains(' '));
        of_one_word.for_each(|name| self.names.add_group(name));
        let available: Vec<usize> =
            Category::ALL.map(|category| self.strata.get(&Stratum::Hits(category)).map_or(0, |units| units.kept.len())).into();
        let shares = shares(&available, self.plan.n_hits);
        let mut sheet = Sheet { lexicons: lexicons.to_owned(), seed: self.plan.seed, rows: Vec::new() };
        let mut writers: FxHashMap<String, usize> = FxHashMap::default();
        let seed = self.plan.seed.to_le_bytes();
        for of_hits in [true, false] {
            let mut drawn: Vec<(u128, Stratum, u64, usize, Unit)> = Vec::new();
            for stratum in Stratum::all().filter(|stratum| matches!(stratum, Stratum::Hits(_)) == of_hits) {
                let Some(Units { population, kept }) = self.strata.remove(&stratum) else { continue };
                let n_drawn = match stratum {
                    Stratum::Hits(category) => shares[category as usize],
                    Stratum::Sentences => kept.len(),
                };
                // The sample's own numbers would tell the strata apart.
                let order = |number: u128| fingerprint::of_parts([&seed[..], b"order", &number.to_le_bytes()]);
                let units = kept.into_iter().take(n_drawn);
                drawn.extend(units.map(|((number, _), unit)| (order(number), stratum, population, n_drawn, unit)));
            }
            drawn.sort_by_key(|&(order, stratum, ..)| (order, stratum));
            for (number, (_, stratum, population, n_drawn, unit)) in drawn.into_iter().enumerate() {
                let next = writers.len() + 1;
                let writer = *writers.entry(unit.author.clone()).or_insert(next);
                let id = format!("{}{:03}", if of_hits { 'h' } else { 's' }, number + 1);
                let row = row(id, stratum, writer, &unit, &self.names, groups);
                sheet.rows.push(Row { population, drawn: n_drawn as u64, ..row });
            }
        }
        sheet
    }
}

fn row(id: String, stratum: Stratum, writer: usize, unit: &Unit, names: &Names, groups: &Groups) -> Row {
    let Unit { sentence, hit, .. } = unit;
    // Around it only what the target must be looked for in.
    let needs_more = hit.as_ref().is_some_and(|hit| hit.target.is_some() && !hit.named);
    let around =
        [0, 1].map(|at| sentence.around[at].as_ref().filter(|_| needs_more).map_or_else(String::new, |line| names.mask(line, &[])));
    let [before, after] = around;
    Row {
        id,
        category: match stratum {
            Stratum::Hits(category) => Some(category),
            Stratum::Sentences => None,
        },
        text: names.mask(&sentence.text, hit.as_ref().map_or(&[], |hit| &hit.spans)),
        before,
        after,
        target: hit.as_ref().and_then(|hit| hit.target).map(|target| groups.name(target).clone()),
        writer: format!("w{writer:03}"),
        hits_in_sentence: sentence.hits.len() as u64,
        names_group: sentence.names_group,
        population: 0,
        drawn: 0,
    }
}

/// `total` shared out as evenly as `available` allows; what one cannot use goes to the others.
fn shares(available: &[usize], total: usize) -> Vec<usize> {
    let mut shares = vec![0; available.len()];
    let mut left = total;
    loop {
        let open: Vec<usize> = (0..available.len()).filter(|&at| shares[at] < available[at]).collect();
        if open.is_empty() || left == 0 {
            return shares;
        }
        let each = (left / open.len()).max(1);
        for at in open {
            let more = each.min(available[at] - shares[at]).min(left);
            shares[at] += more;
            left -= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::groups::Group;
    use crate::scan::sentences::Line;
    use crate::span::Span;

    fn written(author: &str, n: u128, categories: &[Category]) -> Written {
        let text = Line { text: format!("sentence {n}"), words: vec![(Span::new(0, 8), true)] };
        let hits = categories
            .iter()
            .map(|&category| SentenceHit { category, target: Some(Group(0)), named: true, spans: vec![Span::new(0, 8)] })
            .collect();
        let sentence = Sentence { identity: n, text, around: [None, None], names_group: true, hits };
        Written { author: author.to_owned(), names: Vec::new(), sentences: vec![sentence] }
    }

    fn groups() -> Groups {
        let mut groups = Groups::default();
        groups.add("sales", &[], &crate::fault::Place::file("test"));
        groups
    }

    fn drawn(plan: Plan, written: impl IntoIterator<Item = Written>) -> Sheet {
        let mut drawing = Drawing::new(plan, []);
        written.into_iter().for_each(|written| drawing.add(written));
        drawing.finish("abc", &groups())
    }

    #[test]
    fn hits_are_shared_out_evenly_and_what_is_not_used_goes_to_the_others() {
        assert_eq!(shares(&[100, 10, 0, 200], 90), [40, 10, 0, 40]);
        assert_eq!(shares(&[3, 2], 200), [3, 2]);
        assert_eq!(shares(&[5, 5, 5], 4), [2, 1, 1]);
    }

    #[test]
    fn the_sample_does_not_depend_on_the_order_of_the_inputs_but_on_the_seed() {
        let all: Vec<Written> =
            (0..300).map(|n| written(&format!("a{}", n % 7), n, if n % 3 == 0 { &[Category::Heroic] } else { &[] })).collect();
        let plan = Plan { seed: 7, n_hits: 20, n_sentences: 30 };
        let sheet = drawn(plan, all.clone());
        assert_eq!(sheet.rows.len(), 50);
        assert_eq!(sheet, drawn(plan, all.iter().rev().cloned()));
        assert_ne!(sheet.rows, drawn(Plan { seed: 8, ..plan }, all).rows);
        let heroic = &sheet.rows[0];
        assert_eq!((heroic.population, heroic.drawn, heroic.category), (100, 20, Some(Category::Heroic)));
        assert_eq!((sheet.rows[20].population, sheet.rows[20].drawn, sheet.rows[20].category), (200, 30, None));
    }

    #[test]
    fn every_unit_is_drawn_equally_often() {
        let all: Vec<Written> = (0..20).map(|n| written("a", n, &[Category::Heroic])).collect();
        let mut counts = BTreeMap::<String, u32>::new();
        for seed in 0..2000 {
            for row in drawn(Plan { seed, n_hits: 5, n_sentences: 0 }, all.clone()).rows {
                *counts.entry(row.text).or_default() += 1;
            }
        }
        // 500 each, with a standard deviation of 19.
        assert!(counts.len() == 20 && counts.values().all(|&count| (420..=580).contains(&count)), "{counts:?}");
    }
}
