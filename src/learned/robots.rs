//! Programs that write under a name of their own: no person varies so little.

use rustc_hash::FxHashSet;

use super::lowest::Lowest;
use super::words::Words;

/// Fewer messages may be alike by chance or by zeal.
const MANY: u32 = 10;

/// Messages of an author that are compared with each other.
const COMPARED: usize = 12;

/// A message with fewer different words is no sign either way.
const FEWEST_WORDS: usize = 5;

/// Mean share of words that two messages of a program have in common (Jaccard 1901), in per cent.
const ALIKE: f64 = 0.5;

/// How much an author's messages vary.
#[derive(Debug, Default)]
pub(super) struct Variety {
    n_messages: u32,
    n_wordy: u32,
    sketches: Lowest<Vec<u64>, COMPARED>,
}

impl Variety {
    pub(super) fn add(&mut self, lot: u64, words: Words) {
        self.n_messages += 1;
        if words.sketch.len() >= FEWEST_WORDS {
            self.n_wordy += 1;
            self.sketches.add(lot, words.sketch);
        }
    }

    /// Ten messages or more, most of them of some length, any two of which share half their words on average.
    pub(super) fn is_robot(&self) -> bool {
        self.n_wordy >= MANY && self.n_wordy * 2 >= self.n_messages && self.likeness() >= ALIKE
    }

    fn likeness(&self) -> f64 {
        let sketches: Vec<&Vec<u64>> = self.sketches.values().collect();
        let pairs = sketches.iter().enumerate().flat_map(|(i, one)| sketches[..i].iter().map(move |other| shared(one, other)));
        let (sum, n) = pairs.fold((0.0, 0.0), |(sum, n), shared| (sum + shared, n + 1.0));
        sum / n
    }
}

/// The share of the words of two sketches that both hold.
fn shared(one: &[u64], other: &[u64]) -> f64 {
    let both = one.iter().filter(|word| other.binary_search(word).is_ok()).count();
    both as f64 / (one.len() + other.len() - both) as f64
}

/// The skeletons that occur so often that a program must have filled them in.
pub(super) fn templates(mut skeletons: Vec<u64>) -> FxHashSet<u64> {
    skeletons.sort_unstable();
    skeletons.chunk_by(|a, b| a == b).filter(|same| same.len() >= MANY as usize).map(|same| same[0]).collect()
}
