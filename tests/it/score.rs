//! Hits held against labelled stretches: which are right, which wrong, which missed. Counts add up over rows.
//!
//! A hit is right if it overlaps a labelled stretch of its category by more than white space; one hit never earns two stretches. A second hit inside
//! one stretch and a hit on an optional stretch are neither right nor wrong. A target is right if it is the labelled one or one of its alternatives.

use std::ops::AddAssign;

use serde::Deserialize;

/// The labelled categories, in the order of the tables; other hits are not judged.
pub(crate) const CATEGORIES: [&str; 5] = ["heroic", "ivory_tower", "gendered", "past_failure", "collaboration"];

/// A labelled message.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Row {
    pub(crate) speaker_team: Option<String>,
    pub(crate) text: String,
    pub(crate) spans: Vec<Label>,
    #[serde(default)]
    pub(crate) note: String,
}

/// A stretch that carries framing; bytes of the text.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Label {
    category: String,
    target: Option<String>,
    #[serde(default)]
    target_alt: Vec<Option<String>>,
    #[serde(default)]
    optional: bool,
    start: usize,
    end: usize,
}

impl Label {
    fn allows(&self, target: Option<&str>) -> bool {
        self.target.as_deref() == target || self.target_alt.iter().any(|other| other.as_deref() == target)
    }
}

/// What the tool found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Guess {
    pub(crate) category: &'static str,
    pub(crate) target: Option<String>,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Counts of one category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
    /// Right ones whose target is right too.
    pub(crate) target_right: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
        self.target_right += other.target_right;
    }
}

impl Count {
    /// Precision, recall and their harmonic mean; 0 where there is nothing to divide by.
    pub(crate) fn rates(&self) -> [f64; 3] {
        let share = |part: usize, rest: usize| if part + rest == 0 { 0.0 } else { part as f64 / (part + rest) as f64 };
        let (precision, recall) = (share(self.right, self.wrong), share(self.right, self.missed));
        let f1 = if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        [precision, recall, f1]
    }
}

/// Counts of many rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Score {
    pub(crate) n_rows: usize,
    /// By [`CATEGORIES`].
    pub(crate) counts: [Count; 5],
    /// Rows without a label that is not optional, and how many of them hold a wrong hit.
    pub(crate) harmless: usize,
    pub(crate) harmless_flagged: usize,
    /// Labels in rows noted as paraphrases, and how many of them were found.
    pub(crate) paraphrases: usize,
    pub(crate) paraphrases_found: usize,
    /// Labels about Sales and about Marketing: found and all.
    pub(crate) about_sales: [usize; 2],
    pub(crate) about_marketing: [usize; 2],
}

impl Score {
    /// Adds a row with what was found in it.
    pub(crate) fn add(&mut self, row: &Row, guesses: &[Guess]) {
        self.n_rows += 1;
        let (mut n_labels, mut n_found, mut n_wrong) = (0, 0, 0);
        for (count, category) in self.counts.iter_mut().zip(CATEGORIES) {
            let of_category = |label: &&Label| label.category == category;
            let labels: Vec<&Label> = row.spans.iter().filter(of_category).filter(|label| !label.optional).collect();
            let optional: Vec<&Label> = row.spans.iter().filter(of_category).filter(|label| label.optional).collect();
            let guesses = distinct(guesses.iter().filter(|guess| guess.category == category));
            let matching = matching(&row.text, &labels, &guesses);
            let is_wrong = |at: usize| {
                !matching.contains(&Some(at)) && !labels.iter().chain(&optional).any(|label| overlap(&row.text, label, guesses[at]))
            };
            let wrong = (0..guesses.len()).filter(|&at| is_wrong(at)).count();
            let mut found = Count { wrong, ..Count::default() };
            for (label, guess) in labels.iter().zip(&matching) {
                let about = match label.target.as_deref() {
                    Some("sales") => Some(&mut self.about_sales),
                    Some("marketing") => Some(&mut self.about_marketing),
                    Some(_) | None => None,
                };
                if let Some([found, all]) = about {
                    *found += usize::from(guess.is_some());
                    *all += 1;
                }
                match guess {
                    Some(at) => {
                        found.right += 1;
                        found.target_right += usize::from(label.allows(guesses[*at].target.as_deref()));
                    }
                    None => found.missed += 1,
                }
            }
            n_labels += labels.len();
            n_found += found.right;
            n_wrong += wrong;
            *count += found;
        }
        if row.spans.iter().all(|label| label.optional) {
            self.harmless += 1;
            self.harmless_flagged += usize::from(n_wrong > 0);
        } else if row.note.split(';').next().unwrap_or_default().split(',').any(|tag| tag.trim() == "paraphrase") {
            self.paraphrases += n_labels;
            self.paraphrases_found += n_found;
        }
    }

    /// Mean F1 of the categories.
    pub(crate) fn macro_f1(&self) -> f64 {
        self.counts.iter().map(|count| count.rates()[2]).sum::<f64>() / CATEGORIES.len() as f64
    }

    /// Share of the right hits whose target is right.
    pub(crate) fn target(&self) -> f64 {
        let all = self.all();
        if all.right == 0 { 0.0 } else { all.target_right as f64 / all.right as f64 }
    }

    /// F1 where a hit is right only if its target is right too.
    pub(crate) fn end_to_end(&self) -> f64 {
        let all = self.all();
        let off = all.right - all.target_right;
        Count { right: all.target_right, wrong: all.wrong + off, missed: all.missed + off, target_right: 0 }.rates()[2]
    }

    /// Harmless rows with a wrong hit, per 1,000.
    pub(crate) fn harmless_per_1000(&self) -> f64 {
        if self.harmless == 0 { 0.0 } else { 1000.0 * self.harmless_flagged as f64 / self.harmless as f64 }
    }

    fn all(&self) -> Count {
        let mut all = Count::default();
        for &count in &self.counts {
            all += count;
        }
        all
    }
}

/// The first of those that cover the same bytes, whatever their target.
fn distinct<'a>(guesses: impl Iterator<Item = &'a Guess>) -> Vec<&'a Guess> {
    let mut kept: Vec<&Guess> = Vec::new();
    for guess in guesses {
        if kept.iter().all(|other| (other.start, other.end) != (guess.start, guess.end)) {
            kept.push(guess);
        }
    }
    kept
}

fn overlap(text: &str, label: &Label, guess: &Guess) -> bool {
    let (start, end) = (label.start.max(guess.start), label.end.min(guess.end));
    start < end && !text.as_bytes()[start..end].trim_ascii().is_empty()
}

/// Share of the bytes of both that are bytes of each.
fn intersection_over_union(label: &Label, guess: &Guess) -> f64 {
    let shared = label.end.min(guess.end).saturating_sub(label.start.max(guess.start));
    shared as f64 / (label.end.max(guess.end) - label.start.min(guess.start)) as f64
}

/// For every label the guess that it is matched with: as many pairs as possible (augmenting paths), each label trying first the guess with the right
/// target, then the one that covers it best.
fn matching(text: &str, labels: &[&Label], guesses: &[&Guess]) -> Vec<Option<usize>> {
    let wanted: Vec<Vec<usize>> = labels
        .iter()
        .map(|label| {
            let preference = |at: usize| {
                let is_right = label.allows(guesses[at].target.as_deref());
                f64::from(u8::from(is_right)) / 2.0 + intersection_over_union(label, guesses[at])
            };
            let mut wanted: Vec<usize> = (0..guesses.len()).filter(|&at| overlap(text, label, guesses[at])).collect();
            wanted.sort_by(|&a, &b| preference(b).total_cmp(&preference(a)));
            wanted
        })
        .collect();
    let mut label_of: Vec<Option<usize>> = vec![None; guesses.len()];
    for label in 0..labels.len() {
        augment(label, &wanted, &mut label_of, &mut vec![false; guesses.len()]);
    }
    (0..labels.len()).map(|label| label_of.iter().position(|&of| of == Some(label))).collect()
}

fn augment(label: usize, wanted: &[Vec<usize>], label_of: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for &guess in &wanted[label] {
        if std::mem::replace(&mut seen[guess], true) {
            continue;
        }
        let is_free = match label_of[guess] {
            None => true,
            Some(other) => augment(other, wanted, label_of, seen),
        };
        if is_free {
            label_of[guess] = Some(label);
            return true;
        }
    }
    false
}

#[test]
fn one_hit_never_earns_two_labels_and_optional_ones_do_not_count() {
    let label = |start, end, target: Option<&str>, optional| Label {
        category: "heroic".to_owned(),
        target: target.map(str::to_owned),
        target_alt: Vec::new(),
        optional,
        start,
        end,
    };
    let guess = |start, end, target: Option<&str>| Guess { category: "heroic", target: target.map(str::to_owned), start, end };
    let row = |spans: Vec<Label>| Row {
        speaker_team: None,
        text: "0123456789 0123456789".to_owned(),
        spans,
        note: "paraphrase, we; x".to_owned(),
    };
    let counts = |spans, guesses: &[Guess]| {
        let mut score = Score::default();
        score.add(&row(spans), guesses);
        (score.counts[0], score.harmless_flagged, score.paraphrases)
    };
    let two = || vec![label(0, 4, Some("sales"), false), label(5, 9, Some("it"), false)];
    let count = |right, wrong, missed, target_right| Count { right, wrong, missed, target_right };
    assert_eq!(counts(two(), &[guess(0, 21, Some("it"))]), (count(1, 0, 1, 0), 0, 2));
    // The path is augmented: the wide hit gives way to the one that only the first label can take.
    assert_eq!(counts(two(), &[guess(0, 21, Some("sales")), guess(0, 1, None)]), (count(2, 0, 0, 0), 0, 2));
    assert_eq!(counts(two(), &[guess(6, 8, Some("it")), guess(5, 6, None), guess(10, 11, None)]), (count(1, 1, 1, 1), 0, 2));
    assert_eq!(counts(vec![label(0, 4, None, true)], &[guess(0, 2, None)]), (count(0, 0, 0, 0), 0, 0));
    assert_eq!(counts(vec![label(0, 4, None, true)], &[guess(6, 8, None)]), (count(0, 1, 0, 0), 1, 0));
}
