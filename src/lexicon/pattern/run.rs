//! Programs over a segment. All paths go in step from token to token; what is kept of a path is where its core began and ended.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Class;
use super::compile::{Edge, Held, Label, MAX_STATES, Part, Program};
use super::placed::{Hung, Placed, PlacedEdge, State, WaitsFor};
use super::present::Present;
use crate::frozen::Frozen;
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
#[serde(bound(deserialize = "'de: 'static"))]
pub(in crate::lexicon) struct Runner {
    programs: Frozen<Placed>,
    /// The states of all programs, and one behind the last.
    states: Frozen<State>,
    /// The edges of all states.
    edges: Frozen<PlacedEdge>,
    /// What all programs need, lists in `parts`: where each begins and how long it is.
    needs: Frozen<(u32, u16)>,
    /// The parts of all lists; equal lists stand here once.
    parts: Frozen<Part>,
    #[serde(skip)]
    lists: FxHashMap<Vec<Part>, (u32, u16)>,
    /// The words that edges with several wait for, sorted for each.
    words: Frozen<Word>,
    /// What each program hangs on.
    #[serde(skip)]
    anchors: Vec<(Part, u32)>,
    on_words: Hung,
    on_stems: Hung,
    on_classes: Hung,
    /// For every program what its first step can be taken over.
    firsts: Frozen<Held>,
}

impl Runner {
    /// Adds a program; gives its number.
    pub(in crate::lexicon) fn add(&mut self, program: &Program) -> u32 {
        let number = index(self.programs.len());
        let Program { edges, closures, accept, at_start, at_end, anchor, needs } = program;
        // What is over is not asked for.
        let n_needs = u8::try_from(needs.len()).unwrap_or(u8::MAX);
        let (first_state, first_need) = (index(self.states.len()), index(self.needs.len()));
        self.programs.push(Placed { first_state, accept: *accept, at_start: *at_start, at_end: *at_end, n_needs, first_need });
        for need in needs {
            let list = self.list(need);
            self.needs.push(list);
        }
        for (edges, &closure) in edges.iter().zip(closures) {
            self.states.push(State { closure, first_edge: index(self.edges.len()) });
            for &Edge { ref label, to, is_loose, is_core } in edges {
                let waits_for = self.waits_for(label);
                self.edges.push(PlacedEdge { waits_for, to, is_loose, is_core });
            }
        }
        self.anchors.extend(anchor.iter().map(|&part| (part, number)));
        number
    }

    /// Where a list of parts stands.
    fn list(&mut self, parts: &[Part]) -> (u32, u16) {
        let next = (index(self.parts.len()), u16::try_from(parts.len()).unwrap_or(u16::MAX));
        *self.lists.entry(parts.to_vec()).or_insert_with(|| {
            self.parts.extend(parts.iter().copied());
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
                self.words.extend(words.iter().copied());
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
        self.anchors.sort_unstable();
        self.anchors.dedup();
        let besides = |number| self.needs_of(number).next().map_or(Held::all(), |parts| parts.map(Held::from).collect());
        let anchors: Vec<(Part, (u32, Held))> = self.anchors.iter().map(|&(part, number)| (part, (number, besides(number)))).collect();
        let hung = |id_of: fn(Part) -> Option<u32>| anchors.iter().filter_map(|&(part, program)| Some((id_of(part)?, program))).collect();
        self.on_words = hung(|part| if let Part::Word(word) = part { Some(word.0) } else { None });
        self.on_stems = hung(|part| if let Part::Stem(stem) = part { Some(stem.0) } else { None });
        self.on_classes = hung(|part| if let Part::Class(class) = part { Some(class.0.into()) } else { None });
        // Where the edges of the last state end.
        self.states.push(State { closure: 0, first_edge: index(self.edges.len()) });
        self.firsts = self.programs.iter().map(|program| self.first_of(program)).collect();
    }

    /// What some edge waits for that leaves the first state or one reached from it without a token.
    fn first_of(&self, program: Placed) -> Held {
        let first = program.first_state as usize;
        let mut held = Held::default();
        for state in bits(self.states.at(first).closure.into()) {
            for edge in self.edges_of(first + state) {
                match edge.waits_for {
                    WaitsFor::Word(word) => held.add(Held::word(word)),
                    WaitsFor::Words(start, n) => self.listed(start, n).for_each(|word| held.add(Held::word(word))),
                    WaitsFor::Stem(stem) => held.add(Held::stem(stem)),
                    WaitsFor::Class(class) => held.add(Held::class(class)),
                    WaitsFor::Team => held.add(Held::team()),
                    WaitsFor::Any => held.add(Held::all()),
                }
            }
        }
        held
    }

    /// The words of an edge that waits for several.
    #[inline]
    fn listed(&self, start: u32, n: u16) -> impl ExactSizeIterator<Item = Word> + '_ {
        self.words.range(start as usize..start as usize + usize::from(n))
    }

    /// Whether a word is one of those.
    #[inline]
    fn lists(&self, start: u32, n: u16, word: Word) -> bool {
        let (mut start, mut end) = (start as usize, start as usize + usize::from(n));
        while start < end {
            let middle = usize::midpoint(start, end);
            let other = self.words.at(middle);
            if other == word {
                return true;
            }
            if other < word { start = middle + 1 } else { end = middle }
        }
        false
    }

    #[inline]
    fn edges_of(&self, state: usize) -> impl Iterator<Item = PlacedEdge> + '_ {
        self.edges.range(self.states.at(state).first_edge as usize..self.states.at(state + 1).first_edge as usize)
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
        let held = present.note(segment, occurrences, vocabulary, self.programs.len());
        let mut ask = |number| {
            if present.is_new(number) && self.needs_of(number).all(|need| need.into_iter().any(|part| present.has(part))) {
                wanted.push(number);
            }
        };
        for token in segment.iter().filter(|token| token.word != Word::UNKNOWN || token.stem != Stem::NONE) {
            self.on_words.of(token.word.0, held).for_each(&mut ask);
            if token.stem != Stem::NONE {
                vocabulary.stems_of(token.stem).flat_map(|stem| self.on_stems.of(stem.0, held)).for_each(&mut ask);
            }
        }
        for class in occurrences.iter().filter_map(|occurrence| occurrence.class) {
            self.on_classes.of(class.0.into(), held).for_each(&mut ask);
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
    #[inline]
    fn needs_of(&self, number: u32) -> impl Iterator<Item = impl Iterator<Item = Part> + '_> + '_ {
        let Placed { n_needs, first_need, .. } = self.programs.at(number as usize);
        let needs = self.needs.range(first_need as usize..first_need as usize + usize::from(n_needs));
        needs.map(|(start, n)| self.parts.range(start as usize..start as usize + usize::from(n)))
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
    first_state: usize,
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
        let program = runner.programs.at(number as usize);
        let in_program = InProgram { runner, first_state: program.first_state as usize };
        let first = runner.firsts.at(number as usize);
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
                for edge in runner.edges_of(in_program.first_state + state) {
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
        edge: PlacedEdge,
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
            WaitsFor::Words(start, n) => program.runner.lists(start, n, token.word),
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
        edge: PlacedEdge,
        state: usize,
        at: usize,
        occurrences: &[Occurrence],
        class: Option<Class>,
    ) {
        for occurrence in occurrences.iter().filter(|occurrence| occurrence.start == at && occurrence.class == class) {
            self.arrive(program, edge, state, at, occurrence.end);
        }
    }

    fn arrive(&mut self, program: InProgram<'_>, edge: PlacedEdge, state: usize, from: usize, to: usize) {
        let (start, end) = self.cores[from * MAX_STATES + state];
        let position = |at: usize| u8::try_from(at).unwrap_or(NONE);
        let core = if edge.is_core { (start.min(position(from)), position(to)) } else { (start, end) };
        self.reach(program, to, edge.to, core);
    }

    /// Marks a state and all that follow without a token; of several paths the one whose core begins first is kept.
    fn reach(&mut self, program: InProgram<'_>, at: usize, state: u8, core: Core) {
        let mut states = program.runner.states.at(program.first_state + state as usize).closure;
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

pub(super) fn index(n: usize) -> u32 {
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
            let mut names = Names { classes: [None, None], members: &[], vocabulary: &mut vocabulary };
            let program = compile(pattern, &mut names).unwrap();
            let mut runner = Runner::default();
            runner.add(&program);
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
