//! Strings as a trie of words and stems, kept as a list of steps so that it can be written down and added to.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::Match;
use super::matcher::Payload;
use super::pattern;
use crate::word::{Stem, Token, Vocabulary, Word};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Step {
    Word(Word),
    Stem(Stem),
}

/// Index of a node; the root is 0.
type NodeId = u32;

/// Index of an accept; `NONE` ends a node's list.
type AcceptId = u32;
const NONE: AcceptId = u32::MAX;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Node {
    /// From which node it is reached, and how.
    from: NodeId,
    step: Step,
    /// What ends here.
    first_accept: AcceptId,
    /// Whether some string goes on with a word or a stem.
    goes_on: bool,
    has_stems: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Accept {
    payload: Payload,
    /// Which of an entry's strings it is.
    string: u16,
    /// For a name that asks for its case: the words as they must be written.
    exact: Option<Box<[Box<str>]>>,
    /// What else ends at the node.
    next: AcceptId,
}

/// The trie.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    accepts: Vec<Accept>,
    #[serde(skip)]
    children: FxHashMap<(NodeId, Step), NodeId>,
    /// Node after a first word, by word id; 0 where no string begins with it.
    #[serde(skip)]
    first_words: Vec<NodeId>,
    /// The same for stems.
    #[serde(skip)]
    first_stems: Vec<NodeId>,
}

impl Trie {
    /// Adds a string; a part with `*` is a stem.
    ///
    /// # Errors
    /// If a stem is too short.
    pub(super) fn add(&mut self, sequence: &[String], payload: Payload, string: u16, vocabulary: &mut Vocabulary) -> Result<(), String> {
        if self.nodes.is_empty() {
            self.nodes.push(Node { from: 0, step: Step::Word(Word::UNKNOWN), first_accept: NONE, goes_on: false, has_stems: false });
        }
        let mut at = 0;
        for part in sequence {
            let step = match part.strip_suffix('*') {
                Some(stem) => Step::Stem(vocabulary.intern_stem(stem)?),
                None => Step::Word(vocabulary.intern(part)),
            };
            at = self.child(at, step);
        }
        let asks_for_case = matches!(payload, Payload::Alias(_)) && sequence.iter().any(|part| part.contains(char::is_uppercase));
        let exact = asks_for_case.then(|| sequence.iter().map(|part| part.as_str().into()).collect());
        self.accept(at, Accept { payload, string, exact, next: NONE });
        Ok(())
    }

    /// Puts what ends at a node behind what ended there before, names of groups in the order of the groups.
    fn accept(&mut self, node: NodeId, accept: Accept) {
        let rank = accept.payload.group_rank();
        let id = number(self.accepts.len());
        let (mut before, mut next) = (NONE, self.nodes[node as usize].first_accept);
        while next != NONE && self.accepts[next as usize].payload.group_rank() <= rank {
            (before, next) = (next, self.accepts[next as usize].next);
        }
        self.accepts.push(Accept { next, ..accept });
        match self.accepts.get_mut(before as usize) {
            Some(before) => before.next = id,
            None => self.nodes[node as usize].first_accept = id,
        }
    }

    fn child(&mut self, from: NodeId, step: Step) -> NodeId {
        let next = number(self.nodes.len());
        let to = *self.children.entry((from, step)).or_insert(next);
        if to == next {
            self.nodes.push(Node { from, step, first_accept: NONE, goes_on: false, has_stems: false });
            self.link(to);
        }
        to
    }

    /// Tells the node before a node of it.
    fn link(&mut self, to: NodeId) {
        let Node { from, step, .. } = self.nodes[to as usize];
        let before = &mut self.nodes[from as usize];
        before.goes_on = true;
        before.has_stems |= matches!(step, Step::Stem(_));
        if from == 0 {
            let (firsts, at) = match step {
                Step::Word(word) => (&mut self.first_words, word.0),
                Step::Stem(stem) => (&mut self.first_stems, stem.0),
            };
            if firsts.len() <= at as usize {
                firsts.resize(at as usize + 1, 0);
            }
            firsts[at as usize] = to;
        }
    }

    /// Makes a trie that was written down ready to be searched and added to.
    pub(super) fn thaw(&mut self) {
        self.children.reserve(self.nodes.len());
        for to in 1..number(self.nodes.len()) {
            let Node { from, step, .. } = self.nodes[to as usize];
            self.children.insert((from, step), to);
            self.link(to);
        }
    }

    /// Finds every string from every start in a segment.
    pub(super) fn find(&self, text: &str, segment: &[Token], vocabulary: &Vocabulary, found: &mut Vec<Match>) {
        for (start, token) in segment.iter().enumerate() {
            // Words that other modules interned later have no node.
            let first = self.first_words.get(token.word.0 as usize).copied().unwrap_or(0);
            if first != 0 {
                self.walk(first, start, start + 1, text, segment, vocabulary, found);
            }
            if token.stem != Stem::NONE {
                for stem in vocabulary.stems_of(token.stem) {
                    let first = self.first_stems.get(stem.0 as usize).copied().unwrap_or(0);
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
        let node = &self.nodes[node as usize];
        let mut accept = node.first_accept;
        while accept != NONE {
            let Accept { payload, string, exact, next: other } = &self.accepts[accept as usize];
            if exact.as_ref().is_none_or(|exact| is_written_so(exact, text, segment, &segment[start..next])) {
                found.push(Match { payload: *payload, string: *string, tokens: start..next });
            }
            accept = *other;
        }
        if !node.goes_on {
            return;
        }
        let Some(token) = segment.get(next).filter(|token| !token.before.is_clause_break()) else { return };
        if token.word != Word::UNKNOWN
            && let Some(&to) = self.children.get(&(node_id, Step::Word(token.word)))
        {
            self.walk(to, start, next + 1, text, segment, vocabulary, found);
        }
        if token.stem != Stem::NONE && node.has_stems {
            for stem in vocabulary.stems_of(token.stem) {
                if let Some(&to) = self.children.get(&(node_id, Step::Stem(stem))) {
                    self.walk(to, start, next + 1, text, segment, vocabulary, found);
                }
            }
        }
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether tokens stand in the case that a name asks for. A segment all in capitals says nothing about case: there initials count ("AES"), unless they are
/// a common word ("IT"), and other names do not ("SUPPORT").
fn is_written_so(exact: &[Box<str>], text: &str, segment: &[Token], tokens: &[Token]) -> bool {
    let asks = |wanted: &str| wanted.contains(char::is_uppercase);
    if !segment.iter().any(|token| token.span().of(text).contains(char::is_lowercase)) {
        let are_initials = |wanted: &str| wanted.chars().take(2).filter(|c| c.is_uppercase()).count() == 2;
        return exact.iter().all(|wanted| !asks(wanted) || are_initials(wanted) && !pattern::is_function_word(&wanted.to_lowercase()));
    }
    let strip = |raw: &str| raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s")).unwrap_or(raw).to_owned();
    tokens.iter().zip(exact).all(|(token, wanted)| !asks(wanted) || strip(token.span().of(text)) == **wanted)
}
