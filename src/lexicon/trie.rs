//! Strings as a trie of words and stems, in tables that the build writes down and that can be added to.

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Match;
use super::pattern;
use super::payload::Payload;
use crate::frozen::{Fixed, Frozen};
use crate::word::{Stem, Token, Vocabulary, Word};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Step {
    Word(Word),
    Stem(Stem),
}

impl Step {
    const fn number(self) -> u32 {
        match self {
            Self::Word(Word(id)) => id << 1,
            Self::Stem(Stem(id)) => id << 1 | 1,
        }
    }
}

impl Fixed for Step {
    const N_BYTES: usize = u32::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        self.number().put(bytes);
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        let number = u32::take(bytes);
        if number & 1 == 0 { Self::Word(Word(number >> 1)) } else { Self::Stem(Stem(number >> 1)) }
    }
}

/// Index of a node; the root is 0.
type NodeId = u32;

/// Index of an accept; `NONE` ends a node's list.
type AcceptId = u32;
const NONE: AcceptId = u32::MAX;

#[derive(Debug, Clone, Copy)]
struct Node {
    /// What ends here.
    first_accept: AcceptId,
    /// Whether some string goes on with a word or a stem.
    goes_on: bool,
    has_stems: bool,
    /// Where the steps from here begin among all that are settled, and how many they are.
    first_step: u32,
    n_steps: u32,
}

impl Node {
    const NEW: Self = Self { first_accept: NONE, goes_on: false, has_stems: false, first_step: 0, n_steps: 0 };
}

impl Fixed for Node {
    const N_BYTES: usize = <(u32, u8, u32, u32)>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        let ways = u8::from(self.goes_on) | u8::from(self.has_stems) << 1;
        (self.first_accept, ways, self.first_step, self.n_steps).put(bytes);
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        let (first_accept, ways, first_step, n_steps) = <(u32, u8, u32, u32)>::take(bytes);
        Self { first_accept, goes_on: ways & 1 != 0, has_stems: ways & 2 != 0, first_step, n_steps }
    }
}

#[derive(Debug, Clone, Copy)]
struct Accept {
    payload: Payload,
    /// Which of an entry's strings it is.
    string: u16,
    /// For a name that asks for its case: which of `exact` says how it must be written, from 1.
    exact: u16,
    /// What else ends at the node.
    next: AcceptId,
}

impl Fixed for Accept {
    const N_BYTES: usize = <(Payload, u16, u16, u32)>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        (self.payload, self.string, self.exact, self.next).put(bytes);
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        let (payload, string, exact, next) = <(Payload, u16, u16, u32)>::take(bytes);
        Self { payload, string, exact, next }
    }
}

/// The trie.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Trie {
    nodes: Frozen<Node>,
    accepts: Frozen<Accept>,
    /// The words of names that ask for their case.
    exact: Vec<Box<[Box<str>]>>,
    /// The steps from every node and where they lead, each node's in order.
    steps: Frozen<(Step, NodeId)>,
    /// One bit for each hash of a node and a step: most pairs of words are none, which is told here.
    may_be: Frozen<u64>,
    /// Steps that are not among them yet.
    #[serde(skip)]
    added: FxHashMap<(NodeId, Step), NodeId>,
    /// Node after a first word, by word id; 0 where no string begins with it.
    first_words: Frozen<NodeId>,
    /// The same for stems.
    first_stems: Frozen<NodeId>,
}

impl Trie {
    /// Adds a string; a part with `*` is a stem.
    ///
    /// # Errors
    /// If a stem is too short.
    pub(super) fn add(&mut self, sequence: &[String], payload: Payload, string: u16, vocabulary: &mut Vocabulary) -> Result<(), String> {
        if self.nodes.is_empty() {
            self.nodes.push(Node::NEW);
        }
        let mut at = 0;
        for part in sequence {
            let step = match part.strip_suffix('*') {
                Some(stem) => Step::Stem(vocabulary.intern_stem(stem)?),
                None => Step::Word(vocabulary.intern(part)),
            };
            at = self.step(at, step).unwrap_or_else(|| self.add_step(at, step));
        }
        let asks_for_case = matches!(payload, Payload::Alias(_)) && sequence.iter().any(|part| part.contains(char::is_uppercase));
        if asks_for_case {
            self.exact.push(sequence.iter().map(|part| part.as_str().into()).collect());
        }
        let exact = if asks_for_case { u16::try_from(self.exact.len()).map_err(|error| error.to_string())? } else { 0 };
        self.accept(at, Accept { payload, string, exact, next: NONE });
        Ok(())
    }

    /// Puts what ends at a node behind what ended there before, names of groups in the order of the groups.
    fn accept(&mut self, node: NodeId, accept: Accept) {
        let rank = accept.payload.group_rank();
        let id = number(self.accepts.len());
        let ends = self.nodes.at(node as usize);
        let (mut before, mut next) = (NONE, ends.first_accept);
        while let Some(other) = self.accepts.get(next as usize)
            && other.payload.group_rank() <= rank
        {
            (before, next) = (next, other.next);
        }
        self.accepts.push(Accept { next, ..accept });
        match self.accepts.get(before as usize) {
            Some(other) => self.accepts.set(before as usize, Accept { next: id, ..other }),
            None => self.nodes.set(node as usize, Node { first_accept: id, ..ends }),
        }
    }

    /// Where a step from a node leads.
    #[inline]
    fn step(&self, from: NodeId, step: Step) -> Option<NodeId> {
        if !self.added.is_empty()
            && let Some(&to) = self.added.get(&(from, step))
        {
            return Some(to);
        }
        let (at, bit) = place(from, step);
        if self.may_be.get(at).is_none_or(|bits| bits >> bit & 1 == 0) {
            return None;
        }
        let Node { first_step, n_steps, .. } = self.nodes.at(from as usize);
        let (mut start, mut end) = (first_step as usize, (first_step + n_steps) as usize);
        while start < end {
            let middle = usize::midpoint(start, end);
            let (other, to) = self.steps.at(middle);
            match other.cmp(&step) {
                Ordering::Equal => return Some(to),
                Ordering::Less => start = middle + 1,
                Ordering::Greater => end = middle,
            }
        }
        None
    }

    fn add_step(&mut self, from: NodeId, step: Step) -> NodeId {
        let to = number(self.nodes.len());
        self.nodes.push(Node::NEW);
        self.added.insert((from, step), to);
        let before = self.nodes.at(from as usize);
        let has_stems = before.has_stems || matches!(step, Step::Stem(_));
        self.nodes.set(from as usize, Node { goes_on: true, has_stems, ..before });
        if from == 0 {
            let (firsts, at) = match step {
                Step::Word(Word(id)) => (&mut self.first_words, id as usize),
                Step::Stem(Stem(id)) => (&mut self.first_stems, id as usize),
            };
            firsts.extend((firsts.len()..=at).map(|_| 0));
            firsts.set(at, to);
        }
        to
    }

    /// Puts all steps where they are found without a table that each run would have to make; others may still be added.
    pub(super) fn settle(&mut self) {
        let mut steps: Vec<_> = std::mem::take(&mut self.added).into_iter().map(|((from, step), to)| (from, step, to)).collect();
        for from in 0..number(self.nodes.len()) {
            let Node { first_step, n_steps, .. } = self.nodes.at(from as usize);
            let settled = self.steps.range(first_step as usize..(first_step + n_steps) as usize);
            steps.extend(settled.map(|(step, to)| (from, step, to)));
        }
        steps.sort_unstable();
        self.steps = steps.iter().map(|&(_, step, to)| (step, to)).collect();
        let mut may_be = vec![0_u64; N_BITS / 64];
        for &(from, step, _) in &steps {
            let (at, bit) = place(from, step);
            may_be[at] |= 1 << bit;
        }
        self.may_be = may_be.into_iter().collect();
        let mut first_step = 0;
        for of_node in steps.chunk_by(|one, other| one.0 == other.0) {
            let from = of_node[0].0 as usize;
            let n_steps = number(of_node.len());
            self.nodes.set(from, Node { first_step, n_steps, ..self.nodes.at(from) });
            first_step += n_steps;
        }
    }

    /// Finds every string from every start in a segment.
    pub(super) fn find(&self, text: &str, segment: &[Token], vocabulary: &Vocabulary, found: &mut Vec<Match>) {
        for (start, token) in segment.iter().enumerate() {
            // Words that other modules interned later have no node.
            let first = self.first_words.get(token.word.0 as usize).unwrap_or(0);
            if first != 0 {
                self.walk(first, start, start + 1, text, segment, vocabulary, found);
            }
            if token.stem != Stem::NONE {
                for stem in vocabulary.stems_of(token.stem) {
                    let first = self.first_stems.get(stem.0 as usize).unwrap_or(0);
                    if first != 0 {
                        self.walk(first, start, start + 1, text, segment, vocabulary, found);
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the walk's fixed surroundings; a struct for them would only rename them")]
    fn walk(
        &self,
        node: NodeId,
        start: usize,
        next: usize,
        text: &str,
        segment: &[Token],
        vocabulary: &Vocabulary,
        found: &mut Vec<Match>,
    ) {
        let node_id = node;
        let node = self.nodes.at(node as usize);
        let mut accept = node.first_accept;
        while accept != NONE {
            let Accept { payload, string, exact, next: other } = self.accepts.at(accept as usize);
            let exact = usize::from(exact).checked_sub(1).map(|at| &self.exact[at]);
            if exact.is_none_or(|exact| is_written_so(exact, text, segment, &segment[start..next])) {
                found.push(Match { payload, string, tokens: start..next });
            }
            accept = other;
        }
        if !node.goes_on {
            return;
        }
        let Some(token) = segment.get(next).filter(|token| !token.before.is_clause_break()) else { return };
        if token.word != Word::UNKNOWN
            && let Some(to) = self.step(node_id, Step::Word(token.word))
        {
            self.walk(to, start, next + 1, text, segment, vocabulary, found);
        }
        if token.stem != Stem::NONE && node.has_stems {
            for stem in vocabulary.stems_of(token.stem) {
                if let Some(to) = self.step(node_id, Step::Stem(stem)) {
                    self.walk(to, start, next + 1, text, segment, vocabulary, found);
                }
            }
        }
    }
}

/// Bits of the table of hashes.
const N_BITS: usize = 1 << 18;

/// Where the bit of a step from a node lies.
#[inline]
const fn place(from: NodeId, step: Step) -> (usize, u32) {
    let hash = (from.wrapping_mul(0x85eb_ca6b) ^ step.number()).wrapping_mul(0x9e37_79b1) >> (u32::BITS - N_BITS.trailing_zeros());
    (hash as usize / 64, hash % 64)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How much text around a word alone tells whether all is in capitals, in bytes.
const NEARBY: usize = 200;

/// Whether tokens stand in the case that a name asks for. A segment all in capitals says nothing about case: there initials count ("AES"), unless they are
/// a common word ("IT", save alone amid text that is not: "IT? They never called"), and other names do not ("SUPPORT").
fn is_written_so(exact: &[Box<str>], text: &str, segment: &[Token], tokens: &[Token]) -> bool {
    let asks = |wanted: &str| wanted.contains(char::is_uppercase);
    if !segment.iter().any(|token| token.span().of(text).contains(char::is_lowercase)) {
        let are_initials = |wanted: &str| wanted.chars().take(2).filter(|c| c.is_uppercase()).count() == 2;
        let around = |token: &Token| &text.as_bytes()[token.span().start.saturating_sub(NEARBY)..text.len().min(token.span().end + NEARBY)];
        let is_alone = segment.len() == 1 && around(&segment[0]).iter().any(u8::is_ascii_lowercase);
        let is_name = |wanted: &str| are_initials(wanted) && (is_alone || !pattern::is_function_word(&wanted.to_lowercase()));
        return exact.iter().all(|wanted| !asks(wanted) || is_name(wanted));
    }
    let strip = |raw: &str| raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s")).unwrap_or(raw).to_owned();
    tokens.iter().zip(exact).all(|(token, wanted)| !asks(wanted) || strip(token.span().of(text)) == **wanted)
}
