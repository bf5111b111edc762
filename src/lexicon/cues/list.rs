//! Cues in tables, found by a hash of their words. The tables are the form that the build writes down, so that nothing is made at the start.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::file::{CueFile, Weight};
use super::mask::{self, Key};
use crate::fault::{Fault, Place, Position};
use crate::frozen::{Fixed, Frozen};
use crate::lexicon::{Category, Text};
use crate::word::Vocabulary;

/// Index of a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CueId(pub(super) u32);

/// A cue's weight for every category; 0 where it says nothing.
pub(super) type Weights = [Weight; Category::ALL.len()];

impl Fixed for Weights {
    const N_BYTES: usize = 2 * Category::ALL.len();

    fn put(self, bytes: &mut Vec<u8>) {
        // A weight is at most 100, in hundredths.
        for Weight(weight) in self {
            i16::try_from(weight).unwrap_or(0).put(bytes);
        }
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        std::array::from_fn(|at| Weight(i16::take(&bytes[2 * at..]).into()))
    }
}

/// Bits that tell the eighths of a place apart.
const EIGHTHS: u32 = 3;

/// All cues, in the order of their hashes.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct List {
    keys: Frozen<Key>,
    weights: Frozen<Weights>,
    /// All cues as they are written, one behind the other, and where each ends.
    text: Text,
    ends: Frozen<u32>,
    /// By the high bits of a hash, where its cues begin, with one more at the end; empty if there are no cues.
    starts: Frozen<u32>,
    /// How far a hash is shifted to become a place in `starts`.
    shift: u32,
    /// One bit for each eighth of a place: whether some cue's hash lies there. Most keys that are asked for are no cue's, which is told here,
    /// by a table that stays near.
    taken: Frozen<u64>,
    /// One bit for each word id: whether a cue holds it.
    holds: Frozen<u64>,
}

impl List {
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn each(&self) -> impl Iterator<Item = CueId> {
        (0..number(self.len())).map(CueId)
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the shift leaves fewer bits than any machine has")]
    pub(super) fn get(&self, key: Key) -> Option<CueId> {
        let hash = key.hash();
        let eighth = hash >> self.shift.checked_sub(EIGHTHS)?;
        if self.taken.get(eighth as usize / 64)? >> (eighth % 64) & 1 == 0 {
            return None;
        }
        let place = (hash >> self.shift) as usize;
        let (start, end) = (self.starts.get(place)?, self.starts.get(place + 1)?);
        (start..end).map(CueId).find(|id| self.keys.at(id.0 as usize) == key)
    }

    /// Whether some cue holds a word.
    #[inline]
    pub(super) fn holds(&self, word: u32) -> bool {
        self.holds.get(word as usize / 64).is_some_and(|bits| bits >> (word % 64) & 1 == 1)
    }

    pub(super) fn text(&self, cue: CueId) -> &str {
        let at = cue.0 as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends.at(before));
        &self.text[start as usize..self.ends.at(at) as usize]
    }

    #[inline]
    pub(super) fn weights(&self, cue: CueId) -> Weights {
        self.weights.at(cue.0 as usize)
    }
}

/// Collects the cues of files.
#[derive(Debug, Default)]
pub(super) struct Builder {
    by_key: FxHashMap<Key, (String, Weights)>,
}

impl Builder {
    /// Adds the cues of a file; tells those that are none and those that stand twice.
    pub(super) fn add(&mut self, file: &CueFile, vocabulary: &mut Vocabulary, faults: &mut Vec<Fault>) {
        let at = |line| Place { path: file.path.clone(), member: None, position: Position::Line(line) };
        let mut seen = FxHashSet::default();
        for cue in &file.cues {
            match mask::key_of(&cue.text, &mut |word| vocabulary.intern(word).0) {
                Ok(key) => {
                    let (_, weights) = self.by_key.entry(key).or_insert_with(|| (cue.text.clone(), Weights::default()));
                    // Another spelling of a word ("dont") is the same cue, and the stronger one stands first.
                    let weight = &mut weights[file.header.category as usize];
                    if *weight == Weight(0) {
                        *weight = cue.weight;
                    }
                    if !seen.insert(&cue.text) {
                        faults.push(Fault::new(at(cue.line), format!("\"{}\" already stands in this file", cue.text)));
                    }
                }
                Err(why) => faults.push(Fault::new(at(cue.line), why)),
            }
        }
    }

    pub(super) fn finish(self) -> List {
        if self.by_key.is_empty() {
            return List::default();
        }
        let mut cues: Vec<_> = self.by_key.into_iter().collect();
        cues.sort_unstable_by_key(|(key, _)| (key.hash(), *key));
        // About one cue a place.
        let n_bits = cues.len().next_power_of_two().trailing_zeros().max(1);
        let mut list = List { shift: u64::BITS - n_bits, ..List::default() };
        let mut starts = vec![0_u32; (1 << n_bits) + 1];
        let (mut text, mut holds) = (String::new(), Vec::new());
        let mut taken = vec![0_u64; ((1 << (n_bits + EIGHTHS)) / 64).max(1)];
        for (key, (written, weights)) in cues {
            list.keys.push(key);
            list.weights.push(weights);
            text.push_str(&written);
            list.ends.push(number(text.len()));
            #[expect(clippy::cast_possible_truncation, reason = "the shifts leave few bits")]
            let [place, eighth] = [list.shift, list.shift - EIGHTHS].map(|shift| (key.hash() >> shift) as usize);
            starts[place + 1] += 1;
            taken[eighth / 64] |= 1 << (eighth % 64);
            for word in key.words() {
                let at = word as usize / 64;
                if holds.len() <= at {
                    holds.resize(at + 1, 0_u64);
                }
                holds[at] |= 1 << (word % 64);
            }
        }
        for place in 1..starts.len() {
            starts[place] += starts[place - 1];
        }
        let [taken, holds] = [taken, holds].map(|bits| bits.into_iter().collect());
        List { text: text.into(), starts: starts.into_iter().collect(), taken, holds, ..list }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
