//! One trie over all words, stems and phrases. It goes over a segment once; work per token is bounded by the longest phrase and the number
//! of stems that begin alike, never by the text.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::groups::Group;
use super::{Entry, EntryId, Match};
use crate::fault::{Fault, Place, Position};
use crate::token::{self, Stem, Token, Vocabulary, Word};

/// What a string of a lexicon or group file stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payload {
    /// A match of an entry.
    Entry(EntryId),
    /// A phrase that undoes an entry.
    Unless(EntryId),
    /// A name of a group.
    Alias(Group),
    /// A phrase in which a name names no group.
    Stop,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Word(Word),
    Stem(Stem),
}

#[derive(Debug, Default)]
struct Node {
    words: Vec<(Word, u32)>,
    stems: Vec<(Stem, u32)>,
    accepts: Vec<Accept>,
}

#[derive(Debug)]
struct Accept {
    payload: Payload,
    /// For a name that asks for its case: the words as they must be written.
    exact: Option<Box<[Box<str>]>>,
}

/// Collects strings; [`Builder::finish`] makes the matcher.
#[derive(Default)]
pub struct Builder {
    nodes: Vec<Node>,
    /// Where every string of a category stood first.
    seen: FxHashMap<(super::Category, String), Seen>,
}

struct Seen {
    id: EntryId,
    name: String,
    file: Arc<str>,
    line: u64,
}

impl Builder {
    /// Adds an entry's matches and exceptions; tells strings that are none and strings that stand twice in the category.
    pub fn add_entry(&mut self, id: EntryId, entry: &Entry, vocabulary: &mut Vocabulary, faults: &mut Vec<Fault>) {
        let at = Place { path: Arc::clone(&entry.file), member: None, position: Position::Line(entry.line) };
        let mut fault = |why: String| faults.push(Fault::new(at.clone(), format!("entry \"{}\": {why}", entry.name)));
        for string in &entry.matches {
            match sequences(string) {
                Err(why) => fault(why),
                Ok(sequences) => {
                    for sequence in sequences {
                        let key = (entry.category, sequence.join(" "));
                        if let Some(seen) = self.seen.get(&key) {
                            // The joined and the split form of one hyphenated string may meet a sibling of the same entry.
                            if seen.id != id || key.1 == *string {
                                fault(format!("\"{string}\" already stands in entry \"{}\" ({}:{})", seen.name, seen.file, seen.line));
                            }
                            continue;
                        }
                        let seen = Seen { id, name: entry.name.clone(), file: Arc::clone(&entry.file), line: entry.line };
                        self.seen.insert(key, seen);
                        if let Err(why) = self.add(&sequence, Payload::Entry(id), vocabulary) {
                            fault(why);
                        }
                    }
                }
            }
        }
        for string in &entry.unless {
            let added = sequences(string).and_then(|all| all.iter().try_for_each(|one| self.add(one, Payload::Unless(id), vocabulary)));
            if let Err(why) = added {
                fault(format!("unless: {why}"));
            }
        }
    }

    /// Adds a name of a group, or a stop phrase.
    ///
    /// # Errors
    /// If the string is no phrase.
    pub fn add_name(&mut self, string: &str, payload: Payload, vocabulary: &mut Vocabulary) -> Result<(), String> {
        sequences(string)?.iter().try_for_each(|sequence| self.add(sequence, payload, vocabulary))
    }

    fn add(&mut self, sequence: &[String], payload: Payload, vocabulary: &mut Vocabulary) -> Result<(), String> {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let mut at = 0;
        for part in sequence {
            let step = match part.strip_suffix('*') {
                Some(stem) => Step::Stem(vocabulary.intern_stem(stem)?),
                None => Step::Word(vocabulary.intern(part)),
            };
            at = self.child(at, &step);
        }
        let asks_for_case = matches!(payload, Payload::Alias(_)) && sequence.iter().any(|part| part.contains(char::is_uppercase));
        let exact = asks_for_case.then(|| sequence.iter().map(|part| part.as_str().into()).collect());
        self.nodes[at].accepts.push(Accept { payload, exact });
        Ok(())
    }

    fn child(&mut self, at: usize, step: &Step) -> usize {
        let known = match step {
            Step::Word(word) => self.nodes[at].words.iter().find(|(other, _)| other == word).map(|&(_, to)| to),
            Step::Stem(prefix) => self.nodes[at].stems.iter().find(|(other, _)| other == prefix).map(|&(_, to)| to),
        };
        if let Some(to) = known {
            return to as usize;
        }
        let to = self.nodes.len();
        self.nodes.push(Node::default());
        let id = u32::try_from(to).unwrap_or(u32::MAX);
        match *step {
            Step::Word(word) => self.nodes[at].words.push((word, id)),
            Step::Stem(prefix) => self.nodes[at].stems.push((prefix, id)),
        }
        to
    }

    /// The matcher over all that was added.
    #[must_use]
    pub fn finish(mut self, vocabulary: &Vocabulary) -> Matcher {
        let mut first_words = vec![0; vocabulary.n_word_ids()];
        let mut first_stems = vec![0; vocabulary.n_stem_ids()];
        if let Some(root) = self.nodes.first() {
            for &(word, to) in &root.words {
                first_words[word.0 as usize] = to;
            }
            for &(stem, to) in &root.stems {
                first_stems[stem.0 as usize] = to;
            }
        }
        for node in &mut self.nodes {
            node.words.sort_unstable();
        }
        Matcher { nodes: self.nodes, first_words, first_stems }
    }
}

/// The compiled trie.
pub struct Matcher {
    nodes: Vec<Node>,
    /// Node after a first word, by word id; 0 where no string begins with it.
    first_words: Vec<u32>,
    /// The same for stems.
    first_stems: Vec<u32>,
}

impl Matcher {
    /// Finds every string from every start in a segment.
    pub fn find(&self, text: &str, segment: &[Token], vocabulary: &Vocabulary, found: &mut Vec<Match>) {
        for (start, token) in segment.iter().enumerate() {
            // Words that other modules interned later have no node.
            let first = self.first_words.get(token.word.0 as usize).copied().unwrap_or(0);
            if first != 0 {
                self.walk(first, start, start + 1, text, segment, vocabulary, found);
            }
            if token.stem != Stem::NONE {
                for stem in vocabulary.stems_of(token.stem) {
                    let first = self.first_stems[stem.0 as usize];
                    if first != 0 {
                        self.walk(first, start, start + 1, text, segment, vocabulary, found);
                    }
                }
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the walk's fixed surroundings; a struct for them would only rename them")]
    fn walk(&self, node: u32, start: usize, next: usize, text: &str, segment: &[Token], vocabulary: &Vocabulary, found: &mut Vec<Match>) {
        let node = &self.nodes[node as usize];
        for accept in &node.accepts {
            if accept.exact.as_ref().is_none_or(|exact| is_written_so(exact, text, segment, &segment[start..next])) {
                found.push(Match { payload: accept.payload, tokens: start..next });
            }
        }
        let Some(token) = segment.get(next).filter(|token| !token.before.is_clause_break()) else { return };
        if let Ok(at) = node.words.binary_search_by_key(&token.word, |&(word, _)| word) {
            self.walk(node.words[at].1, start, next + 1, text, segment, vocabulary, found);
        }
        if token.stem != Stem::NONE && !node.stems.is_empty() {
            for stem in vocabulary.stems_of(token.stem) {
                for &(_, to) in node.stems.iter().filter(|&&(other, _)| other == stem) {
                    self.walk(to, start, next + 1, text, segment, vocabulary, found);
                }
            }
        }
    }
}

/// Whether tokens stand in the case that a name asks for. A segment all in capitals says nothing about case.
fn is_written_so(exact: &[Box<str>], text: &str, segment: &[Token], tokens: &[Token]) -> bool {
    let strip = |raw: &str| raw.strip_suffix("'s").or_else(|| raw.strip_suffix("’s")).unwrap_or(raw).to_owned();
    tokens.iter().zip(exact).all(|(token, wanted)| !wanted.contains(char::is_uppercase) || strip(token.span().of(text)) == **wanted)
        && segment.iter().any(|token| token.span().of(text).contains(char::is_lowercase))
}

/// A string of a file as sequences of words: a hyphen stands for a hyphen, a blank or nothing, so a string with hyphens gives several.
///
/// # Errors
/// If the string holds no word or a `*` that does not end one.
pub fn sequences(string: &str) -> Result<Vec<Vec<String>>, String> {
    let parts: Vec<&str> = string.split('-').collect();
    if parts.len() > 6 {
        return Err(format!("\"{string}\" has more than five hyphens"));
    }
    let mut all: Vec<Vec<String>> = Vec::new();
    for split in 0..1_u32 << (parts.len() - 1) {
        let mut spelled = parts[0].to_owned();
        for (i, part) in parts[1..].iter().enumerate() {
            spelled.push_str(if split >> i & 1 == 1 { "" } else { " " });
            spelled.push_str(part);
        }
        let mut sequence = Vec::new();
        for piece in spelled.split_whitespace() {
            let (body, star) = piece.strip_suffix('*').map_or((piece, ""), |body| (body, "*"));
            if body.contains(['*', '|', '(', ')', '{', '}', '[', ']', '?', '~', '@', '^', '$']) {
                return Err(format!("\"{string}\": found an operator in \"{piece}\", expected words and stems (\"word*\") only"));
            }
            let words = token::words(body);
            if let Some((last, head)) = words.split_last() {
                sequence.extend(head.iter().map(|&word| word.to_owned()));
                sequence.push(format!("{last}{star}"));
            }
        }
        if sequence.is_empty() {
            return Err(format!("\"{string}\" holds no word"));
        }
        if !all.contains(&sequence) {
            all.push(sequence);
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hyphen_is_a_blank_or_nothing() {
        let spelled: Vec<_> = sequences("man-power shortage").unwrap().iter().map(|sequence| sequence.join(" ")).collect();
        assert_eq!(spelled, ["man power shortage", "manpower shortage"]);
        assert_eq!(sequences("r&d").unwrap(), [["r", "d"]]);
        assert!(sequences("(a|b)").is_err());
        assert!(sequences("…").is_err());
    }
}
