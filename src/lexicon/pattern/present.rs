//! What a segment holds of what programs need.

use super::compile::{Held, Part};
use super::run::Occurrence;
use crate::lexicon::marks::Marks;
use crate::word::{Stem, Token, Vocabulary};

/// The words, stems, classes and names of a segment.
#[derive(Debug, Default)]
pub(super) struct Present {
    words: Marks,
    stems: Marks,
    classes: Marks,
    has_team: bool,
    /// Programs that have been asked about.
    programs: Marks,
}

impl Present {
    /// Notes all that a segment holds; gives it as a set of bits besides.
    pub(super) fn note(&mut self, segment: &[Token], occurrences: &[Occurrence], vocabulary: &Vocabulary, n_programs: usize) -> Held {
        let mut held = Held::default();
        let class_ids = occurrences.iter().filter_map(|occurrence| occurrence.class).map(|class| usize::from(class.0));
        self.words.start(vocabulary.n_word_ids());
        self.stems.start(vocabulary.n_stem_ids());
        self.classes.start(class_ids.max().map_or(0, |class| class + 1));
        self.programs.start(n_programs);
        for token in segment {
            self.words.mark(token.word.0 as usize);
            held.add(Held::word(token.word));
            if token.stem != Stem::NONE {
                for stem in vocabulary.stems_of(token.stem) {
                    self.stems.mark(stem.0 as usize);
                    held.add(Held::stem(stem));
                }
            }
        }
        self.has_team = false;
        for occurrence in occurrences {
            if let Some(class) = occurrence.class {
                self.classes.mark(usize::from(class.0));
                held.add(Held::class(class));
            } else {
                self.has_team = true;
                held.add(Held::team());
            }
        }
        held
    }

    /// Whether a program has not been asked about in this segment; from now on it has.
    pub(super) fn is_new(&mut self, number: u32) -> bool {
        self.programs.mark(number as usize)
    }

    /// Whether a part stands in the segment.
    pub(super) fn has(&self, part: Part) -> bool {
        match part {
            Part::Word(word) => self.words.has(word.0 as usize),
            Part::Stem(stem) => self.stems.has(stem.0 as usize),
            Part::Class(class) => self.classes.has(usize::from(class.0)),
            Part::Team => self.has_team,
        }
    }
}
