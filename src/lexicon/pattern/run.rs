//! Programs over a segment. All paths go in step from token to token; what is kept of a path is where its core began and ended.

use rustc_hash::FxHashMap;

use super::Class;
use super::compile::{Anchor, Edge, Label, MAX_STATES, Program};
use crate::token::{MAX_SEGMENT_TOKENS, Stem, Token, Vocabulary};

/// A member of a class, or a name of a group, in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lexicon) struct Occurrence {
    /// The class; `None` for a name of a group.
    pub(in crate::lexicon) class: Option<Class>,
    /// First token.
    pub(in crate::lexicon) start: usize,
    /// One past the last token.
    pub(in crate::lexicon) end: usize,
}

/// What is kept of the path to a state: first and one past the last core token; `NONE` before the core.
type Core = (u8, u8);
const NONE: u8 = u8::MAX;

/// Positions between the tokens of the longest segment.
const POSITIONS: usize = MAX_SEGMENT_TOKENS + 1;

/// All programs, hung on their anchors.
#[derive(Default)]
pub(in crate::lexicon) struct Runner {
    programs: Vec<Program>,
    by_word: Vec<Vec<u32>>,
    by_stem: FxHashMap<Stem, Vec<u32>>,
    by_class: FxHashMap<Class, Vec<u32>>,
}

impl Runner {
    /// Adds a program; gives its number.
    pub(in crate::lexicon) fn add(&mut self, program: Program, anchors: Vec<Anchor>) -> u32 {
        let number = u32::try_from(self.programs.len()).unwrap_or(u32::MAX);
        self.programs.push(program);
        for anchor in anchors {
            match anchor {
                Anchor::Words(words) => {
                    for word in words {
                        let at = word.0 as usize;
                        if self.by_word.len() <= at {
                            self.by_word.resize(at + 1, Vec::new());
                        }
                        self.by_word[at].push(number);
                    }
                }
                Anchor::Stem(stem) => self.by_stem.entry(stem).or_default().push(number),
                Anchor::Class(class) => self.by_class.entry(class).or_default().push(number),
            }
        }
        number
    }

    /// Runs every program whose anchor stands in the segment; calls `found(program, start, end)` for every core.
    pub(in crate::lexicon) fn run(
        &self,
        segment: &[Token],
        occurrences: &[Occurrence],
        vocabulary: &Vocabulary,
        paths: &mut Paths,
        found: &mut impl FnMut(u32, usize, usize),
    ) {
        let mut wanted: Vec<u32> = Vec::new();
        for token in segment {
            wanted.extend(self.by_word.get(token.word.0 as usize).into_iter().flatten());
            if token.stem != Stem::NONE {
                wanted.extend(vocabulary.stems_of(token.stem).filter_map(|stem| self.by_stem.get(&stem)).flatten());
            }
        }
        wanted.extend(occurrences.iter().filter_map(|occurrence| self.by_class.get(&occurrence.class?)).flatten());
        if wanted.is_empty() || segment.len() > MAX_SEGMENT_TOKENS {
            return;
        }
        wanted.sort_unstable();
        wanted.dedup();
        for number in wanted {
            paths.run(&self.programs[number as usize], segment, occurrences, vocabulary, &mut |start, end| found(number, start, end));
        }
    }
}

/// Space for paths that is used again from segment to segment.
#[derive(Debug)]
pub(in crate::lexicon) struct Paths {
    /// For every position the states that some path has reached.
    active: [u64; POSITIONS],
    cores: Vec<Core>,
}

impl Default for Paths {
    fn default() -> Self {
        Self { active: [0; POSITIONS], cores: vec![(NONE, NONE); POSITIONS * MAX_STATES] }
    }
}

impl Paths {
    fn run(
        &mut self,
        program: &Program,
        segment: &[Token],
        occurrences: &[Occurrence],
        vocabulary: &Vocabulary,
        found: &mut impl FnMut(usize, usize),
    ) {
        self.active[..=segment.len()].fill(0);
        for at in 0..=segment.len() {
            if at == 0 || !program.at_start {
                self.reach(program, at, 0, (NONE, NONE));
            }
            let mut states = self.active[at];
            if states >> program.accept & 1 == 1 && (!program.at_end || at == segment.len()) {
                let (start, end) = self.cores[at * MAX_STATES + program.accept as usize];
                if start != NONE {
                    found(start as usize, end as usize);
                }
            }
            while states != 0 && at < segment.len() {
                let state = states.trailing_zeros() as usize;
                states &= states - 1;
                for edge in &program.edges[state] {
                    self.follow(program, edge, state, at, segment, occurrences, vocabulary);
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a step's fixed surroundings; a struct for them would only rename them")]
    fn follow(
        &mut self,
        program: &Program,
        edge: &Edge,
        state: usize,
        at: usize,
        segment: &[Token],
        occurrences: &[Occurrence],
        vocabulary: &Vocabulary,
    ) {
        #[cfg(test)]
        tests::STEPS.with(|steps| steps.set(steps.get() + 1));
        let token = &segment[at];
        // A path's first token may stand behind any punctuation; state 0 has taken none.
        let is_parted = state != 0 && if edge.is_loose { token.before.is_strong_break() } else { token.before.is_clause_break() };
        if is_parted {
            return;
        }
        match &edge.label {
            Label::Words(words) => {
                if words.binary_search(&token.word).is_ok() {
                    self.arrive(program, edge, state, at, at + 1);
                }
            }
            Label::Stem(stem) => {
                if token.stem != Stem::NONE && vocabulary.stems_of(token.stem).any(|other| other == *stem) {
                    self.arrive(program, edge, state, at, at + 1);
                }
            }
            Label::Any => self.arrive(program, edge, state, at, at + 1),
            Label::Class(class) => self.arrive_at_occurrences(program, edge, state, at, occurrences, Some(*class)),
            Label::Team => self.arrive_at_occurrences(program, edge, state, at, occurrences, None),
        }
    }

    fn arrive_at_occurrences(
        &mut self,
        program: &Program,
        edge: &Edge,
        state: usize,
        at: usize,
        occurrences: &[Occurrence],
        class: Option<Class>,
    ) {
        for occurrence in occurrences.iter().filter(|occurrence| occurrence.start == at && occurrence.class == class) {
            self.arrive(program, edge, state, at, occurrence.end);
        }
    }

    fn arrive(&mut self, program: &Program, edge: &Edge, state: usize, from: usize, to: usize) {
        let (start, end) = self.cores[from * MAX_STATES + state];
        let position = |at: usize| u8::try_from(at).unwrap_or(NONE);
        let core = if edge.is_core { (start.min(position(from)), position(to)) } else { (start, end) };
        self.reach(program, to, edge.to, core);
    }

    /// Marks a state and all that follow without a token; of several paths the one whose core begins first is kept.
    fn reach(&mut self, program: &Program, at: usize, state: u8, core: Core) {
        let mut states = program.closures[state as usize];
        while states != 0 {
            let state = states.trailing_zeros() as usize;
            states &= states - 1;
            let kept = &mut self.cores[at * MAX_STATES + state];
            if self.active[at] >> state & 1 == 0 || core.0 < kept.0 {
                *kept = core;
            }
            self.active[at] |= 1 << state;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use proptest::prelude::*;

    use super::*;
    use crate::clean;
    use crate::lexicon::pattern::{Names, compile};
    use crate::message::Markup;
    use crate::token::Tokens;

    thread_local! {
        /// Edges looked at.
        pub(super) static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    /// Patterns that a matcher which tries one path after the other would choke on.
    const HARD: [&str; 4] = [
        "(saga|saga saga) {0,6} (saga|saga saga) {0,6} (saga|saga saga) {0,6} pump",
        "(saga)? (saga)? (saga)? (saga)? (saga)? (saga)? (saga)? (saga)? saga pump",
        "saga {0,6} saga {0,6} saga {0,6} saga {0,6} saga {0,6} pump",
        "((saga|(saga|saga saga) (saga)?) (saga)?) {1,6} <pump (well)?> $",
    ];

    /// For every hard pattern its edges, and the edges looked at and words of a text.
    fn work(text: &str) -> Vec<[usize; 3]> {
        let work = HARD.map(|pattern| {
            let mut vocabulary = Vocabulary::default();
            let mut names = Names { classes: [None, None], is_common: &[], vocabulary: &mut vocabulary };
            let (program, _) = compile(pattern, &mut names).unwrap();
            let mut tokens = Tokens::default();
            tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &vocabulary);
            STEPS.set(0);
            let mut paths = Paths::default();
            for segment in tokens.segments() {
                paths.run(&program, segment, &[], &vocabulary, &mut |_, _| {});
            }
            [program.edges.iter().map(Vec::len).sum(), STEPS.get(), tokens.tokens.len()]
        });
        work.to_vec()
    }

    #[test]
    fn twice_the_words_are_twice_the_work() {
        let of = |n_words: usize| work(&"saga ".repeat(n_words));
        for (short, long) in of(1600).into_iter().zip(of(3200)) {
            assert!(short[1] > 0 && long[1] <= 2 * short[1], "{short:?} {long:?}");
        }
    }

    proptest! {
        #[test]
        fn work_is_bounded_by_edges_and_words(words in proptest::collection::vec(proptest::sample::select(vec!["saga", "pump", "well", "x", "saga,"]), 1..300)) {
            for [n_edges, n_steps, n_tokens] in work(&words.join(" ")) {
                prop_assert!(n_steps <= n_edges * n_tokens, "{n_steps} steps for {n_edges} edges and {n_tokens} words");
            }
        }
    }
}
