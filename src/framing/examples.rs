//! The examples that every entry carries, run: each `yes` must give a hit of its entry, each `no` none, each match string must be exercised.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Framing, Hit, Scratch};
use crate::clean;
use crate::fault::{Fault, Place, Position};
use crate::lexicon::EntryId;
use crate::lexicon::topics::TopicSet;
use crate::message::Markup;
use crate::token::Tokens;

impl Framing {
    /// The hits of a text on its own, without a speaker.
    #[must_use]
    pub fn hits_of(&self, text: &str) -> Vec<Hit> {
        let mut tokens = Tokens::default();
        tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &self.lexicons.vocabulary);
        let mut hits = Vec::new();
        self.read_message(text, &tokens, None, &mut Scratch::default(), &mut |_, reading| hits.extend(reading.hits));
        hits
    }

    /// The topics of a text on its own.
    #[must_use]
    pub fn topics_of(&self, text: &str) -> TopicSet {
        let mut tokens = Tokens::default();
        tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &self.lexicons.vocabulary);
        self.read_message(text, &tokens, None, &mut Scratch::default(), &mut |_, _| {})
    }

    /// Runs all examples of all topics; every fault names file, line and topic.
    #[must_use]
    pub fn failed_topics(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (topic, words) in self.lexicons.topics.all() {
            let mut fail = |why| faults.push(Fault::new(self.lexicons.topics.place(words), format!("topic \"{}\": {why}", words.name)));
            for sentence in words.yes.iter().filter(|sentence| !self.topics_of(sentence).holds(topic)) {
                fail(format!("`yes` is not about it: {sentence}"));
            }
            for sentence in words.no.iter().filter(|sentence| self.topics_of(sentence).holds(topic)) {
                fail(format!("`no` is about it: {sentence}"));
            }
        }
        faults
    }

    /// Runs all examples of all entries; every fault names file, line and entry.
    #[must_use]
    pub fn failed_examples(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, entry) in self.lexicons.entries.iter().enumerate() {
            let id = EntryId(u32::try_from(index).unwrap_or(u32::MAX));
            let place = Place { path: Arc::clone(&entry.file), member: None, position: Position::Line(entry.line) };
            let mut fail = |why: String| faults.push(Fault::new(place.clone(), format!("entry \"{}\": {why}", entry.name)));
            let mut exercised = BTreeSet::new();
            for sentence in &entry.yes {
                let hits: Vec<_> = self.hits_of(sentence).into_iter().filter(|hit| hit.entry == id).collect();
                if hits.is_empty() {
                    fail(format!("`yes` is no hit: {sentence}"));
                }
                exercised.extend(hits.iter().map(|hit| hit.string));
            }
            for sentence in entry.no.iter().filter(|sentence| self.hits_of(sentence).iter().any(|hit| hit.entry == id)) {
                fail(format!("`no` is a hit: {sentence}"));
            }
            // Imported words have no examples.
            let unshown = (0_u16..).zip(&entry.matches).filter(|(number, _)| !entry.yes.is_empty() && !exercised.contains(number));
            for (_, string) in unshown {
                fail(format!("no `yes` shows \"{string}\""));
            }
        }
        faults
    }
}
