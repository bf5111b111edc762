//! Programs over a segment. All paths go in step from token to token; what is kept of a path is where its core began and ended.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Class;
use super::compile::{Anchor, Edge, Held, Label, MAX_STATES, Part, Program};
use crate::lexicon::marks::Marks;
use crate::word::{MAX_SEGMENT_TOKENS, Stem, Token, Vocabulary, Word};

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
#[derive(Default, Serialize, Deserialize)]
pub(in crate::lexicon) struct Runner {
    programs: Vec<Flat>,
    /// The states of all programs.
    states: Vec<State>,
    /// The edges of all states.
    edges: Vec<FlatEdge>,
    /// What all programs need, lists in `parts`: where each begins and how long it is.
    needs: Vec<(u32, u16)>,
    /// The parts of all lists; equal lists stand here once.
    parts: Vec<Part>,
    #[serde(skip)]
    lists: FxHashMap<Vec<Part>, (u32, u16)>,
    /// The words that edges with several wait for, sorted for each.
    words: Vec<Word>,
    by_word: Vec<(Word, u32)>,
    by_stem: FxHashMap<Stem, Vec<u32>>,
    by_class: FxHashMap<Class, Vec<u32>>,
    /// By word id, where its programs begin in `of_words`, with one more at the end.
    #[serde(skip)]
    starts: Vec<u32>,
    #[serde(skip)]
    of_words: Vec<u32>,
    /// For every program what its first step can be taken over.
    #[serde(skip)]
    firsts: Vec<Held>,
}

/// A program whose states and edges lie among those of all others.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Flat {
    first_state: u32,
    accept: u8,
    at_start: bool,
    at_end: bool,
    /// How many lists it needs a part of, and where among those of all programs they begin.
    n_needs: u8,
    first_need: u32,
}

#[derive(Debug, Serialize, Deserialize)]
struct State {
    /// The state itself and all that are reached without a token, counted within the program.
    closure: u64,
    first_edge: u32,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct FlatEdge {
    waits_for: WaitsFor,
    to: u8,
    is_loose: bool,
    is_core: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
enum WaitsFor {
    Word(Word),
    /// One of so many words of the list, from there on.
    Words(u32, u16),
    Stem(Stem),
    Class(Class),
    Team,
    Any,
}

impl Runner {
    /// Adds a program; gives its number.
    pub(in crate::lexicon) fn add(&mut self, program: &Program, anchors: Vec<Anchor>) -> u32 {
        let number = index(self.programs.len());
        let Program { edges, closures, accept, at_start, at_end, needs } = program;
        // What is over is not asked for.
        let n_needs = u8::try_from(needs.len()).unwrap_or(u8::MAX);
        let (first_state, first_need) = (index(self.states.len()), index(self.needs.len()));
        self.programs.push(Flat { first_state, accept: *accept, at_start: *at_start, at_end: *at_end, n_needs, first_need });
        for need in needs {
            let list = self.list(need);
            self.needs.push(list);
        }
        for (edges, &closure) in edges.iter().zip(closures) {
            self.states.push(State { closure, first_edge: index(self.edges.len()) });
            for &Edge { ref label, to, is_loose, is_core } in edges {
                let waits_for = self.waits_for(label);
                self.edges.push(FlatEdge { waits_for, to, is_loose, is_core });
            }
        }
        for anchor in anchors {
            match anchor {
                Anchor::Words(words) => self.by_word.extend(words.into_iter().map(|word| (word, number))),
                Anchor::Stem(stem) => self.by_stem.entry(stem).or_default().push(number),
                Anchor::Class(class) => self.by_class.entry(class).or_default().push(number),
            }
        }
        number
    }

    /// Where a list of parts stands.
    fn list(&mut self, parts: &[Part]) -> (u32, u16) {
        let next = (index(self.parts.len()), u16::try_from(parts.len()).unwrap_or(u16::MAX));
        *self.lists.entry(parts.to_vec()).or_insert_with(|| {
            self.parts.extend(parts);
            next
        })
    }

    fn waits_for(&mut self, label: &Label) -> WaitsFor {
        match label {
            Label::Words(words) => {
                if let [word] = words[..] {
                    return WaitsFor::Word(word);
                }
                let start = index(self.words.len());
                self.words.extend(words);
                WaitsFor::Words(start, u16::try_from(words.len()).unwrap_or(u16::MAX))
            }
            &Label::Stem(stem) => WaitsFor::Stem(stem),
            &Label::Class(class) => WaitsFor::Class(class),
            Label::Team => WaitsFor::Team,
            Label::Any => WaitsFor::Any,
        }
    }

    /// Hangs the programs on their words. Must follow before anything is run.
    pub(in crate::lexicon) fn index(&mut self) {
        self.by_word.sort_unstable();
        self.by_word.dedup();
        let n_words = self.by_word.last().map_or(0, |(word, _)| word.0 as usize + 1);
        self.starts = vec![0; n_words + 1];
        for (word, _) in &self.by_word {
            self.starts[word.0 as usize + 1] += 1;
        }
        for at in 0..n_words {
            self.starts[at + 1] += self.starts[at];
        }
        self.of_words = self.by_word.iter().map(|&(_, number)| number).collect();
        self.firsts = self.programs.iter().map(|program| self.first_of(*program)).collect();
    }

    /// What some edge waits for that leaves the first state or one reached from it without a token.
    fn first_of(&self, program: Flat) -> Held {
        let first = program.first_state as usize;
        let mut held = Held::default();
        for state in bits(self.states[first].closure.into()) {
            for edge in self.edges_of(first + state) {
                match edge.waits_for {
                    WaitsFor::Word(word) => held.add(Held::word(word)),
                    WaitsFor::Words(start, n) => {
                        self.words[start as usize..][..usize::from(n)].iter().for_each(|&word| held.add(Held::word(word)));
                    }
                    WaitsFor::Stem(stem) => held.add(Held::stem(stem)),
                    WaitsFor::Class(class) => held.add(Held::class(class)),
                    WaitsFor::Team => held.add(Held::team()),
                    WaitsFor::Any => held.add(Held::all()),
                }
            }
        }
        held
    }

    fn programs_of(&self, word: Word) -> &[u32] {
        let at = word.0 as usize;
        self.starts.get(at..at + 2).map_or(&[], |range| &self.of_words[range[0] as usize..range[1] as usize])
    }

    fn edges_of(&self, state: usize) -> &[FlatEdge] {
        let end = self.states.get(state + 1).map_or(self.edges.len(), |next| next.first_edge as usize);
        &self.edges[self.states[state].first_edge as usize..end]
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
        if segment.len() > MAX_SEGMENT_TOKENS {
            return;
        }
        let mut wanted = std::mem::take(&mut paths.wanted);
        wanted.clear();
        let present = &mut paths.present;
        present.note(segment, occurrences, vocabulary, self.programs.len());
        let mut ask = |numbers: &[u32]| {
            wanted.extend(numbers.iter().filter(|&&number| present.is_new(number) && self.needs_of(number).all(|need| present.has(need))));
        };
        for token in segment {
            ask(self.programs_of(token.word));
            if token.stem != Stem::NONE {
                vocabulary.stems_of(token.stem).filter_map(|stem| self.by_stem.get(&stem)).for_each(|numbers| ask(numbers));
            }
        }
        for class in occurrences.iter().filter_map(|occurrence| occurrence.class) {
            self.by_class.get(&class).into_iter().for_each(|numbers| ask(numbers));
        }
        if !wanted.is_empty() {
            paths.note_held(segment, occurrences, vocabulary);
            for &number in &wanted {
                paths.run(self, number, segment, occurrences, vocabulary, &mut |start, end| found(number, start, end));
            }
        }
        paths.wanted = wanted;
    }

    /// The lists of which a program needs a part each.
    fn needs_of(&self, number: u32) -> impl Iterator<Item = &[Part]> {
        let Flat { n_needs, first_need, .. } = self.programs[number as usize];
        let needs = &self.needs[first_need as usize..][..usize::from(n_needs)];
        needs.iter().map(|&(start, n)| &self.parts[start as usize..][..usize::from(n)])
    }
}

/// What a segment holds.
#[derive(Debug, Default)]
struct Present {
    words: Marks,
    stems: Marks,
    classes: Marks,
    has_team: bool,
    /// Programs that have been asked about.
    programs: Marks,
}

impl Present {
    fn note(&mut self, segment: &[Token], occurrences: &[Occurrence], vocabulary: &Vocabulary, n_programs: usize) {
        let class_ids = occurrences.iter().filter_map(|occurrence| occurrence.class).map(|class| usize::from(class.0));
        self.words.start(vocabulary.n_word_ids());
        self.stems.start(vocabulary.n_stem_ids());
        self.classes.start(class_ids.max().map_or(0, |class| class + 1));
        self.programs.start(n_programs);
        for token in segment {
            self.words.mark(token.word.0 as usize);
            if token.stem != Stem::NONE {
                for stem in vocabulary.stems_of(token.stem) {
                    self.stems.mark(stem.0 as usize);
                }
            }
        }
        self.has_team = false;
        for occurrence in occurrences {
            match occurrence.class {
                Some(class) => {
                    self.classes.mark(usize::from(class.0));
                }
                None => self.has_team = true,
            }
        }
    }

    /// Whether a program has not been asked about in this segment; from now on it has.
    fn is_new(&mut self, number: u32) -> bool {
        self.programs.mark(number as usize)
    }

    /// Whether one of some parts stands in the segment.
    fn has(&self, parts: &[Part]) -> bool {
        parts.iter().any(|part| match *part {
            Part::Word(word) => self.words.has(word.0 as usize),
            Part::Stem(stem) => self.stems.has(stem.0 as usize),
            Part::Class(class) => self.classes.has(usize::from(class.0)),
            Part::Team => self.has_team,
        })
    }
}

/// The places of the bits that are set, from the lowest.
fn bits(mut set: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = set.trailing_zeros() as usize;
        set &= set.wrapping_sub(1);
        (lowest < 128).then_some(lowest)
    })
}

/// A program among all.
#[derive(Clone, Copy)]
struct InProgram<'a> {
    runner: &'a Runner,
    /// Its states, and those of the programs behind it.
    states: &'a [State],
}

/// Space for paths that is used again from segment to segment.
#[derive(Debug)]
pub(in crate::lexicon) struct Paths {
    /// For every position the states that some path has reached; meaningless where `live` has no bit.
    active: [u64; POSITIONS],
    /// The positions that some path has reached.
    live: u128,
    cores: Vec<Core>,
    /// For every position what a step could be taken over there.
    held: [Held; POSITIONS],
    /// The programs to run.
    wanted: Vec<u32>,
    present: Present,
}

impl Default for Paths {
    fn default() -> Self {
        let cores = vec![(NONE, NONE); POSITIONS * MAX_STATES];
        Self { active: [0; POSITIONS], live: 0, cores, held: [Held::default(); POSITIONS], wanted: Vec::new(), present: Present::default() }
    }
}

impl Paths {
    /// Notes what steps could be taken over at every position of a segment.
    fn note_held(&mut self, segment: &[Token], occurrences: &[Occurrence], vocabulary: &Vocabulary) {
        for (held, token) in self.held.iter_mut().zip(segment) {
            *held = Held::word(token.word);
            if token.stem != Stem::NONE {
                vocabulary.stems_of(token.stem).for_each(|stem| held.add(Held::stem(stem)));
            }
        }
        for occurrence in occurrences {
            self.held[occurrence.start].add(occurrence.class.map_or_else(Held::team, Held::class));
        }
    }

    fn run(
        &mut self,
        runner: &Runner,
        number: u32,
        segment: &[Token],
        occurrences: &[Occurrence],
        vocabulary: &Vocabulary,
        found: &mut impl FnMut(usize, usize),
    ) {
        let program = runner.programs[number as usize];
        let in_program = InProgram { runner, states: &runner.states[program.first_state as usize..] };
        let first = runner.firsts[number as usize];
        let n_starts = if program.at_start { 1 } else { segment.len() };
        // No path begins where its first step cannot be taken, and most positions see no path at all.
        let starts = self.held[..n_starts].iter().zip(0..).fold(0_u128, |starts, (held, at)| starts | u128::from(held.shares(first)) << at);
        self.live = 0;
        let mut at = 0;
        while let Some(next) = bits((starts | self.live) >> at).next() {
            at += next;
            if starts >> at & 1 == 1 {
                self.reach(in_program, at, 0, (NONE, NONE));
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
                for edge in runner.edges_of(program.first_state as usize + state) {
                    self.follow(in_program, edge, state, at, segment, occurrences, vocabulary);
                }
            }
            at += 1;
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a step's fixed surroundings; a struct for them would only rename them")]
    fn follow(
        &mut self,
        program: InProgram<'_>,
        edge: &FlatEdge,
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
        let fits = match edge.waits_for {
            WaitsFor::Word(word) => token.word == word,
            WaitsFor::Words(start, n) => program.runner.words[start as usize..][..usize::from(n)].binary_search(&token.word).is_ok(),
            WaitsFor::Stem(stem) => token.stem != Stem::NONE && vocabulary.stems_of(token.stem).any(|other| other == stem),
            WaitsFor::Any => true,
            WaitsFor::Class(class) => return self.arrive_at_occurrences(program, edge, state, at, occurrences, Some(class)),
            WaitsFor::Team => return self.arrive_at_occurrences(program, edge, state, at, occurrences, None),
        };
        if fits {
            self.arrive(program, edge, state, at, at + 1);
        }
    }

    fn arrive_at_occurrences(
        &mut self,
        program: InProgram<'_>,
        edge: &FlatEdge,
        state: usize,
        at: usize,
        occurrences: &[Occurrence],
        class: Option<Class>,
    ) {
        for occurrence in occurrences.iter().filter(|occurrence| occurrence.start == at && occurrence.class == class) {
            self.arrive(program, edge, state, at, occurrence.end);
        }
    }

    fn arrive(&mut self, program: InProgram<'_>, edge: &FlatEdge, state: usize, from: usize, to: usize) {
        let (start, end) = self.cores[from * MAX_STATES + state];
        let position = |at: usize| u8::try_from(at).unwrap_or(NONE);
        let core = if edge.is_core { (start.min(position(from)), position(to)) } else { (start, end) };
        self.reach(program, to, edge.to, core);
    }

    /// Marks a state and all that follow without a token; of several paths the one whose core begins first is kept.
    fn reach(&mut self, program: InProgram<'_>, at: usize, state: u8, core: Core) {
        let mut states = program.states[state as usize].closure;
        if self.live >> at & 1 == 0 {
            self.live |= 1 << at;
            self.active[at] = 0;
        }
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

fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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
            let (program, anchors) = compile(pattern, &mut names).unwrap();
            let mut runner = Runner::default();
            runner.add(&program, anchors);
            let mut tokens = Tokens::default();
            tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &vocabulary);
            STEPS.set(0);
            let mut paths = Paths::default();
            runner.index();
            for segment in tokens.segments() {
                paths.note_held(segment, &[], &vocabulary);
                paths.run(&runner, 0, segment, &[], &vocabulary, &mut |_, _| {});
            }
            [runner.edges.len(), STEPS.get(), tokens.tokens.len()]
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
