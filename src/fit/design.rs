//! Segments → the cues that stand in them, by number.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::lexicon::cues::{self, Key, Masked};
use crate::scan::segments::Segment;
use crate::token::Vocabulary;

/// Cues and words under numbers, in the order in which they were met.
#[derive(Default)]
pub(super) struct Design {
    vocabulary: Vocabulary,
    /// By word number.
    words: Vec<String>,
    numbers: FxHashMap<Key, u32>,
    /// By cue number.
    pub(super) cues: Vec<String>,
}

impl Design {
    /// The numbers of a segment's cues, each once, sorted.
    pub(super) fn cues_of(&mut self, segment: &Segment) -> Vec<u32> {
        let mut words: Vec<Masked> = segment.words.clone();
        for (word, spelled) in words.iter_mut().zip(&segment.spelled) {
            if !word.is_team() && word.code != 0 {
                word.code = self.word(spelled);
            }
        }
        let mut found = Vec::new();
        cues::each_cue(&words, &mut |key, first, last| {
            let next = u32::try_from(self.cues.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(key).or_insert(next);
            if number == next {
                let spell = |word: &Masked| if word.is_team() { cues::TEAM } else { &self.words[word.code as usize] };
                let mut parts: Vec<&str> = words[first..=last].iter().map(spell).collect();
                if key.has_gap() {
                    parts[1] = cues::BETWEEN;
                }
                self.cues.push(parts.join(" "));
            }
            found.push(number);
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The number of a word; other spellings of it have the same.
    fn word(&mut self, spelled: &str) -> u32 {
        let number = self.vocabulary.intern(spelled).0;
        let at = number as usize;
        if self.words.len() <= at {
            self.words.resize(at + 1, String::new());
            spelled.clone_into(&mut self.words[at]);
        }
        number
    }
}

/// Segments without those that repeat an earlier one (templates, signatures), which would count as many.
pub(super) fn distinct(segments: &[Segment]) -> Vec<&Segment> {
    let mut seen = FxHashSet::default();
    segments.iter().filter(|segment| seen.insert(&segment.spelled)).collect()
}
