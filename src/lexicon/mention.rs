//! Names of groups in a segment, from the strings that were found in it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::matcher::Payload;
use super::{Match, Mention};
use crate::word::{MIN_SEGMENT_TOKENS, Token, Vocabulary, Word};

/// Function words that join a noun for people to a field of work.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Grammar {
    /// "in", "from".
    places: Vec<Word>,
    /// "the", "our".
    articles: Vec<Word>,
}

impl Grammar {
    pub(super) fn intern(vocabulary: &mut Vocabulary) -> Self {
        let mut intern = |words: &[&str]| words.iter().map(|word| vocabulary.intern(word)).collect();
        Self { places: intern(&["in", "from", "of", "at", "over", "on"]), articles: intern(&["the", "our", "their", "your"]) }
    }
}

/// Names of groups in a segment: the longest at each place, none inside a stop phrase, none in a segment that is too short to name one.
pub(super) fn find_mentions(segment: &[Token], matches: &[Match], grammar: &Grammar, mentions: &mut Vec<Mention>) {
    mentions.clear();
    if segment.len() < MIN_SEGMENT_TOKENS {
        return;
    }
    let is_stopped = |tokens: &Range<usize>| {
        matches.iter().any(|stop| stop.payload == Payload::Stop && stop.tokens.start <= tokens.start && tokens.end <= stop.tokens.end)
    };
    for found in matches {
        let (group, tokens) = match found.payload {
            Payload::Alias(group) => (group, found.tokens.clone()),
            Payload::Field(group) | Payload::Weak(group) => match with_people(segment, matches, &found.tokens, grammar) {
                Some(tokens) => (group, tokens),
                None => continue,
            },
            Payload::Entry(_)
            | Payload::Unless(_)
            | Payload::Topic(_)
            | Payload::TopicUnless(_)
            | Payload::People
            | Payload::Stop
            | Payload::Class(_) => continue,
        };
        // "Sales leads" are no people of Sales, whatever stands beside the field.
        if is_stopped(&tokens) {
            continue;
        }
        match mentions.last_mut() {
            Some(last) if last.tokens.end > tokens.start => {
                if tokens.len() > last.tokens.len() {
                    *last = Mention { group, tokens, field: found.tokens.clone() };
                }
            }
            Some(_) | None => mentions.push(Mention { group, tokens, field: found.tokens.clone() }),
        }
    }
}

/// A field of work as a name: with the noun for people behind it ("payroll lads"), or behind a noun for people and a preposition of place ("the
/// girls in payroll").
fn with_people(segment: &[Token], matches: &[Match], field: &Range<usize>, grammar: &Grammar) -> Option<Range<usize>> {
    let is_people = |found: &&Match| found.payload == Payload::People;
    if segment.get(field.end).is_some_and(|next| !next.before.is_clause_break()) {
        let people =
            matches.iter().filter(is_people).filter(|people| people.tokens.start == field.end).map(|people| people.tokens.end).max();
        if let Some(end) = people {
            return Some(field.start..end);
        }
    }
    let mut at = field.start.checked_sub(1)?;
    if grammar.articles.contains(&segment[at].word) {
        at = at.checked_sub(1)?;
    }
    let is_behind = grammar.places.contains(&segment[at].word) && matches.iter().filter(is_people).any(|people| people.tokens.end == at);
    is_behind.then(|| field.clone())
}
