//! Topics: what a message is about, where teams may meet over it. They claim nothing of anybody and are no framing.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::matcher::Builder;
use super::parse::from_toml;
use super::payload::Payload;
use crate::fault::{Fault, Place, Position};
use crate::span::LineStarts;
use crate::word::Vocabulary;

/// Most topics, so that a set of them is one machine word.
const MAX_TOPICS: usize = 32;

/// Index of a topic in [`Topics`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Topic(pub(super) u8);

/// Some topics.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct TopicSet(u32);

impl TopicSet {
    /// Adds a topic.
    pub const fn insert(&mut self, topic: Topic) {
        self.0 |= 1 << topic.0;
    }

    /// Adds those of another set.
    pub const fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether a topic is in it.
    #[must_use]
    pub const fn holds(self, topic: Topic) -> bool {
        self.0 >> topic.0 & 1 == 1
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The topics that are looked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Topics {
    list: Vec<TopicWords>,
    file: Arc<str>,
}

/// A topic and the words that show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TopicWords {
    /// Name in files.
    pub name: Arc<str>,
    /// Title for people.
    pub title: String,
    /// Words, stems, phrases and patterns.
    pub matches: Vec<String>,
    /// Phrases that undo a match which overlaps them.
    pub unless: Vec<String>,
    /// Sentences that are about it.
    pub yes: Vec<String>,
    /// Sentences that are not.
    pub no: Vec<String>,
    /// Its line.
    pub line: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopics {
    #[serde(rename = "version")]
    _version: String,
    topic: Vec<Spanned<RawTopic>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopic {
    name: String,
    title: String,
    #[serde(rename = "match")]
    matches: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    yes: Vec<String>,
    no: Vec<String>,
}

impl Topics {
    /// Reads a file of topics.
    ///
    /// # Errors
    /// If the text is not TOML, a key is missing, unknown or of the wrong type, a name stands twice, or there are more than 32 topics.
    pub fn parse(path: &str, text: &str) -> Result<Self, Fault> {
        let file = Place::file(path);
        let raw: RawTopics = from_toml(&file, text)?;
        if raw.topic.len() > MAX_TOPICS {
            return Err(Fault::new(file, format!("found {} topics, expected at most {MAX_TOPICS}", raw.topic.len())));
        }
        let lines = LineStarts::of(text);
        let mut list: Vec<TopicWords> = Vec::new();
        for topic in raw.topic {
            let line = lines.line_of(topic.span().start);
            let RawTopic { name, title, matches, unless, yes, no } = topic.into_inner();
            if list.iter().any(|other| *other.name == name) {
                return Err(Fault::new(file.at(Position::Line(line)), format!("topic \"{name}\" stands twice")));
            }
            list.push(TopicWords { name: name.into(), title, matches, unless, yes, no, line });
        }
        Ok(Self { list, file: path.into() })
    }

    /// All topics with their words, in order.
    pub fn all(&self) -> impl Iterator<Item = (Topic, &TopicWords)> {
        (0_u8..).map(Topic).zip(&self.list)
    }

    /// The names of some topics, in order.
    pub fn names(&self, set: TopicSet) -> impl Iterator<Item = &Arc<str>> {
        self.all().filter(move |(topic, _)| set.holds(*topic)).map(|(_, words)| &words.name)
    }

    /// Where a topic stands.
    #[must_use]
    pub fn place(&self, words: &TopicWords) -> Place {
        Place { path: Arc::clone(&self.file), member: None, position: Position::Line(words.line) }
    }

    pub(super) fn add_to(
        &self,
        building: &mut Builder,
        vocabulary: &mut Vocabulary,
        hash: &mut hmac_sha256::Hash,
        faults: &mut Vec<Fault>,
    ) {
        for (topic, words) in self.all() {
            let matches = (0..).zip(&words.matches).map(|(number, string)| (number, string, Payload::Topic(topic)));
            let unless = words.unless.iter().map(|string| (0, string, Payload::TopicUnless(topic)));
            for (number, string, payload) in matches.chain(unless) {
                hash.update(string.as_bytes());
                if let Err(why) = building.add_string(&self.file, string, payload, number, vocabulary) {
                    faults.push(Fault::new(self.place(words), format!("topic \"{}\": {why}", words.name)));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_with_their_line() {
        let fault = |text: &str| Topics::parse("topics.toml", text).unwrap_err().to_string();
        let topic = "[[topic]]\nname = \"events\"\ntitle = \"\"\nmatch = [\"booth\"]\nyes = []\nno = []\n";
        assert_eq!(fault(&format!("version = \"1\"\n{topic}{topic}")), "topics.toml:8: topic \"events\" stands twice");
        assert!(fault("version = \"1\"\n[[topic]]\nnames = 1\n").starts_with("topics.toml:3: unknown field `names`"));
        assert_eq!(
            fault(&format!("version = \"1\"\n{}", "[[topic]]\nname=\"x\"\ntitle=\"\"\nmatch=[]\nyes=[]\nno=[]\n".repeat(33))),
            "topics.toml: found 33 topics, expected at most 32"
        );
    }
}
