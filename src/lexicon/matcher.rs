//! One trie over all words, stems, phrases, names and members of classes, and the programs of patterns beside it. The trie goes over a segment
//! once; work per token is bounded by the longest phrase and the number of stems that begin alike, never by the text.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::mention::{Grammar, find_hinted, find_mentions, find_weak};
use super::pattern::{self, Class, ClassNames, Members, Names, Occurrence, Paths, Runner};
use super::payload::Payload;
use super::phrase::sequences;
use super::topics::TopicSet;
use super::trie::Trie;
use super::{Entry, EntryId, Found, Match, Mention, Text};
use crate::fault::{Fault, Place, Position};
use crate::frozen::Frozen;
use crate::word::{Token, Vocabulary};

/// Collects strings; [`Builder::finish`] makes the matcher.
#[derive(Default)]
pub struct Builder {
    matcher: Matcher,
    /// Where every string of a category stood first.
    seen: FxHashMap<(super::Category, String), Seen>,
    /// Classes by the file that knows them (empty: every file), then by name.
    classes: FxHashMap<Arc<str>, ClassNames>,
    members: Vec<Members>,
}

struct Seen {
    id: EntryId,
    name: String,
    file: Arc<str>,
    line: u64,
}

impl Builder {
    /// Adds a word class; `file` is empty for one that every file may use.
    ///
    /// # Errors
    /// If a member is no word, stem or phrase.
    pub fn add_class(&mut self, file: &Arc<str>, name: &str, members: &[String], vocabulary: &mut Vocabulary) -> Result<(), String> {
        let class = Class(u16::try_from(self.members.len()).map_err(|error| error.to_string())?);
        let mut known = Members::default();
        for member in members {
            for form in inflected(member) {
                for sequence in sequences(&form).map_err(|why| format!("class @{name}: {why}"))? {
                    known.is_common |= sequence.len() == 1 && pattern::is_function_word(&sequence[0]);
                    known.rate += pattern::frequency_of_phrase(&sequence);
                    self.matcher.trie.add(&sequence, Payload::Class(class), 0, vocabulary)?;
                }
            }
        }
        self.members.push(known);
        self.classes.entry(Arc::clone(file)).or_default().insert(name.to_owned(), class);
        Ok(())
    }

    /// Adds an entry's matches and exceptions; tells strings that are none and strings that stand twice in the category.
    pub fn add_entry(&mut self, id: EntryId, entry: &Entry, vocabulary: &mut Vocabulary, faults: &mut Vec<Fault>) {
        let at = Place { path: Arc::clone(&entry.file), member: None, position: Position::Line(entry.line) };
        let mut fault = |why: String| faults.push(Fault::new(at.clone(), format!("entry \"{}\": {why}", entry.name)));
        for (number, string) in (0..).zip(&entry.matches) {
            if let Err(why) = self.add_match(id, entry, number, string, vocabulary) {
                fault(why);
            }
        }
        for why in shadowed(entry) {
            fault(why);
        }
        for string in &entry.unless {
            if let Err(why) = self.add_string(&entry.file, string, Payload::Unless(id), 0, vocabulary) {
                fault(format!("unless: {why}"));
            }
        }
    }

    fn add_match(&mut self, id: EntryId, entry: &Entry, number: u16, string: &str, vocabulary: &mut Vocabulary) -> Result<(), String> {
        if pattern::is_pattern(string) {
            let spelled = string.split_whitespace().collect::<Vec<_>>().join(" ");
            self.note(id, entry, &spelled, true)?;
            return self.add_string(&entry.file, string, Payload::Entry(id), number, vocabulary);
        }
        for sequence in sequences(string)? {
            let spelled = sequence.join(" ");
            // The joined and the split form of one hyphenated string may meet a sibling of the same entry.
            if self.note(id, entry, &spelled, spelled == string)? {
                self.matcher.trie.add(&sequence, Payload::Entry(id), number, vocabulary)?;
            }
        }
        Ok(())
    }

    /// Notes where a string stands; says whether it is new.
    fn note(&mut self, id: EntryId, entry: &Entry, spelled: &str, is_written_so: bool) -> Result<bool, String> {
        let key = (entry.category, spelled.to_owned());
        if let Some(seen) = self.seen.get(&key) {
            if seen.id != id || is_written_so {
                return Err(format!("\"{spelled}\" already stands in entry \"{}\" ({}:{})", seen.name, seen.file, seen.line));
            }
            return Ok(false);
        }
        self.seen.insert(key, Seen { id, name: entry.name.clone(), file: Arc::clone(&entry.file), line: entry.line });
        Ok(true)
    }

    /// Adds a string, whether a phrase or a pattern.
    pub(super) fn add_string(
        &mut self,
        file: &Arc<str>,
        string: &str,
        payload: Payload,
        number: u16,
        vocabulary: &mut Vocabulary,
    ) -> Result<(), String> {
        if !pattern::is_pattern(string) {
            return sequences(string)?.iter().try_for_each(|sequence| self.matcher.trie.add(sequence, payload, number, vocabulary));
        }
        // A file's own class goes before a shared one of the same name.
        let classes = [self.classes.get(file), self.classes.get("")];
        let mut names = Names { classes, members: &self.members, vocabulary };
        let program = pattern::compile(string, &mut names).map_err(|why| format!("\"{string}\": {why}"))?;
        self.matcher.runner.add(&program);
        self.matcher.payloads.push((payload, number));
        Ok(())
    }

    /// The matcher over all that was added.
    #[must_use]
    pub fn finish(mut self, vocabulary: &mut Vocabulary) -> Matcher {
        self.matcher.grammar = Grammar::intern(vocabulary);
        self.matcher.runner.index();
        self.matcher
    }
}

/// The compiled trie and programs.
#[derive(Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Matcher {
    trie: Trie,
    runner: Runner,
    /// What the programs stand for.
    payloads: Frozen<(Payload, u16)>,
    grammar: Grammar,
}

impl Matcher {
    /// Adds a name of a group, or a stop phrase.
    ///
    /// # Errors
    /// If the string is no phrase.
    pub(super) fn add_name(&mut self, string: &str, payload: Payload, vocabulary: &mut Vocabulary) -> Result<(), String> {
        sequences(string)?.iter().try_for_each(|sequence| self.trie.add(sequence, payload, 0, vocabulary))
    }

    /// Puts all that was added where a matcher that is written down has it.
    pub(super) fn settle(&mut self) {
        self.trie.settle();
    }

    /// Finds every string from every start in a segment, the names of groups among them, and every pattern.
    pub(super) fn find(&self, text: &str, segment: &[Token], vocabulary: &Vocabulary, paths: &mut Paths, found: &mut Found) {
        found.matches.clear();
        self.trie.find(text, segment, vocabulary, &mut found.matches);
        find_mentions(text, segment, &found.matches, &self.grammar, &mut found.mentions);
        find_hinted(segment, &found.matches, &found.mentions, &mut found.hinted);
        find_weak(segment, &found.matches, &found.mentions, &mut found.weak);
        found.occurrences.clear();
        found.works.clear();
        found.matches.retain(|string| match string.payload {
            Payload::Class(class) => {
                found.occurrences.push(Occurrence { class: Some(class), start: string.tokens.start, end: string.tokens.end });
                false
            }
            Payload::Work(group) => {
                found.works.push(group);
                false
            }
            Payload::Entry(_) | Payload::Unless(_) | Payload::Topic(_) | Payload::TopicUnless(_) => true,
            Payload::Alias(_) | Payload::Weak(_) | Payload::Stop | Payload::Field(_) | Payload::People => false,
        });
        for Mention { tokens, field, .. } in &found.mentions {
            found.occurrences.push(Occurrence { class: None, start: tokens.start, end: tokens.end });
            if field != tokens {
                found.occurrences.push(Occurrence { class: None, start: field.start, end: field.end });
            }
        }
        self.runner.run(segment, &found.occurrences, vocabulary, paths, &mut |program, start, end| {
            let (payload, string) = self.payloads.at(program as usize);
            found.matches.push(Match { payload, string, tokens: start..end });
        });
        found.topics = take_topics(&mut found.matches);
    }
}

/// Strings of an entry that can never be seen: a stem before them in the entry takes every such word, or its own exception undoes every match.
fn shadowed(entry: &Entry) -> Vec<String> {
    let plain = |strings: &[Text]| -> Vec<(Text, Vec<Vec<String>>)> {
        strings.iter().filter_map(|string| Some((string.clone(), sequences(string).ok()?))).collect()
    };
    let part_covers = |cover: &String, part: &String| {
        cover == part || cover.strip_suffix('*').is_some_and(|stem| part.strip_suffix('*').unwrap_or(part).starts_with(stem))
    };
    let covers = |cover: &[String], words: &[String]| {
        cover.len() == words.len() && cover.iter().zip(words).all(|(cover, part)| part_covers(cover, part))
    };
    let (matches, unless) = (plain(&entry.matches), plain(&entry.unless));
    let mut told = Vec::new();
    for (at, (string, spelled)) in matches.iter().enumerate() {
        let by_stem =
            matches[..at].iter().find(|(_, covers_all)| spelled.iter().all(|words| covers_all.iter().any(|cover| covers(cover, words))));
        if let Some((stem, _)) = by_stem.filter(|(stem, _)| stem != string) {
            told.push(format!("\"{string}\" is never seen behind \"{stem}\", which takes every such word"));
        }
        let undoes = |words: &[String]| {
            unless.iter().any(|(_, undo)| undo.iter().any(|undo| words.windows(undo.len()).any(|part| covers(undo, part))))
        };
        if spelled.iter().all(|words| undoes(words)) {
            told.push(format!("\"{string}\" is always undone by the entry's own `unless`"));
        }
    }
    told
}

/// The topics among what was found, which is no match of an entry.
fn take_topics(matches: &mut Vec<Match>) -> TopicSet {
    let mut topics = TopicSet::default();
    for found in &*matches {
        let Payload::Topic(topic) = found.payload else { continue };
        let is_undone = matches.iter().any(|other| {
            other.payload == Payload::TopicUnless(topic) && other.tokens.start < found.tokens.end && found.tokens.start < other.tokens.end
        });
        if !is_undone {
            topics.insert(topic);
        }
    }
    matches.retain(|found| !matches!(found.payload, Payload::Topic(_) | Payload::TopicUnless(_)));
    topics
}

/// A member of a class in all its forms: every `word~` in every inflection.
fn inflected(member: &str) -> Vec<String> {
    let mut forms = vec![String::new()];
    for part in member.split_whitespace() {
        let bent = part.strip_suffix('~').map_or_else(|| vec![part.to_owned()], pattern::inflect);
        forms = forms.iter().flat_map(|head| bent.iter().map(move |form| format!("{head} {form}"))).collect();
    }
    forms
}
