//! Matches and names → hits: what makes a match count, and whose it is. Pure: a segment and its surroundings in, hits out.

pub mod examples;
mod roles;
mod target;

use std::ops::Range;

use crate::lexicon::groups::Group;
use crate::lexicon::matcher::Payload;
use crate::lexicon::{About, Category, Entry, EntryId, Lexicons, Match};
use crate::span::Span;
use crate::token::{MIN_SEGMENT_TOKENS, Token, Tokens};
use roles::{Role, Roles};

/// How far before a match a negator still undoes it, in tokens.
const NEGATION_REACH: usize = 3;

/// How far from a match a person must be named for entries said of persons, in tokens.
const PERSON_REACH: usize = 6;

/// Lexicons with the function words that framing rules need.
pub struct Framing {
    /// The compiled lexicons.
    pub lexicons: Lexicons,
    roles: Roles,
}

/// A name of a group in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The group.
    pub group: Group,
    /// The segment's tokens of the name.
    pub tokens: Range<usize>,
}

/// A match that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The entry.
    pub entry: EntryId,
    /// Its category.
    pub category: Category,
    /// Bytes of the message's text.
    pub span: Span,
    /// The group it is about.
    pub target: Option<Group>,
    /// Whether that group is named in the segment (levels use every hit, gaps only these).
    pub named: bool,
}

/// What was read in one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Groups named in it, sorted; empty if it is too short to name one.
    pub named: Vec<Group>,
    /// Matches that count, by place.
    pub hits: Vec<Hit>,
}

/// Space that is used again from segment to segment.
#[derive(Default)]
pub struct Scratch {
    matches: Vec<Match>,
    mentions: Vec<Mention>,
}

impl Framing {
    /// Adds the rules' function words to the vocabulary.
    #[must_use]
    pub fn new(mut lexicons: Lexicons) -> Self {
        let roles = Roles::intern(&mut lexicons.vocabulary);
        Self { lexicons, roles }
    }

    /// Reads every segment of a message that holds a match or a name, and calls `read` for each.
    pub fn read_message(
        &self,
        text: &str,
        tokens: &Tokens,
        speaker: Option<Group>,
        scratch: &mut Scratch,
        read: &mut impl FnMut(&[Token], Reading),
    ) {
        let mut named_before = None;
        for segment in tokens.segments() {
            scratch.matches.clear();
            self.lexicons.find(text, segment, &mut scratch.matches);
            if scratch.matches.is_empty() {
                continue;
            }
            find_mentions(segment, &scratch.matches, &mut scratch.mentions);
            let around = target::Around { segment, mentions: &scratch.mentions, speaker, named_before, roles: &self.roles };
            let reading = self.read_segment(&scratch.matches, &around);
            if let Some(last) = scratch.mentions.iter().rev().find(|mention| Some(mention.group) != speaker) {
                named_before = Some(last.group);
            }
            if !reading.named.is_empty() || !reading.hits.is_empty() {
                read(segment, reading);
            }
        }
    }

    fn read_segment(&self, matches: &[Match], around: &target::Around<'_>) -> Reading {
        let mut named: Vec<Group> = around.mentions.iter().map(|mention| mention.group).collect();
        named.sort_unstable();
        named.dedup();
        let mut hits = Vec::new();
        for (entry, tokens) in self.counting(matches, around) {
            let &Entry { category, about, .. } = self.lexicons.entry(entry);
            let span = Span::new(around.segment[tokens.start].span().start, around.segment[tokens.end - 1].span().end);
            let targets = target::targets(category, about, &tokens, around);
            if targets.is_empty() && about == About::Group && !target::may_stand_alone(category, around) {
                continue;
            }
            if targets.is_empty() {
                hits.push(Hit { entry, category, span, target: None, named: false });
            }
            for target in targets {
                hits.push(Hit { entry, category, span, target: Some(target), named: named.binary_search(&target).is_ok() });
            }
        }
        Reading { named, hits }
    }

    /// Matches of entries that no exception, negation or missing person undoes; of those that overlap within a category the longest.
    fn counting(&self, matches: &[Match], around: &target::Around<'_>) -> Vec<(EntryId, Range<usize>)> {
        let mut counting: Vec<(Category, Range<usize>, EntryId)> = Vec::new();
        for found in matches {
            let Payload::Entry(id) = found.payload else { continue };
            let entry = self.lexicons.entry(id);
            let is_undone = matches.iter().any(|other| {
                other.payload == Payload::Unless(id) && other.tokens.start < found.tokens.end && found.tokens.start < other.tokens.end
            });
            let is_negated = entry.negatable && self.is_negated(around.segment, found.tokens.start);
            let lacks_person = entry.about == About::Person && !self.person_in_reach(around, &found.tokens);
            if !is_undone && !is_negated && !lacks_person {
                counting.push((entry.category, found.tokens.clone(), id));
            }
        }
        // Longest first, then leftmost, so that a phrase wins over the words in it; by id at last, so that the answer is one.
        counting.sort_unstable_by_key(|(category, tokens, id)| (*category, usize::MAX - tokens.len(), tokens.start, *id));
        let mut kept: Vec<(Category, Range<usize>, EntryId)> = Vec::new();
        for (category, tokens, id) in counting {
            let is_taken = kept.iter().any(|(other, taken, _)| *other == category && taken.start < tokens.end && tokens.start < taken.end);
            if !is_taken {
                kept.push((category, tokens, id));
            }
        }
        kept.sort_unstable_by_key(|(category, tokens, id)| (tokens.start, *category, *id));
        kept.into_iter().map(|(_, tokens, id)| (id, tokens)).collect()
    }

    /// Whether a negator stands within reach before a token, in the same clause; "not only", "not just" and "not merely" do not negate.
    fn is_negated(&self, segment: &[Token], start: usize) -> bool {
        for at in (start.saturating_sub(NEGATION_REACH)..start).rev() {
            if segment[at + 1].before.is_clause_break() || self.roles.is(segment[at].word, Role::But) {
                return false;
            }
            if self.roles.is(segment[at].word, Role::Negator) {
                return !self.roles.is(segment[at + 1].word, Role::OnlyJust);
            }
        }
        false
    }

    fn person_in_reach(&self, around: &target::Around<'_>, tokens: &Range<usize>) -> bool {
        let first = tokens.start.saturating_sub(PERSON_REACH);
        let last = (tokens.end + PERSON_REACH).min(around.segment.len());
        let is_person = |token: &Token| self.roles.is(token.word, Role::Person);
        around.segment[first..tokens.start].iter().any(is_person)
            || around.segment[tokens.end..last].iter().any(is_person)
            || around.mentions.iter().any(|mention| mention.tokens.start < last && first < mention.tokens.end)
    }
}

/// Names of groups in a segment: the longest at each place, none inside a stop phrase.
fn find_mentions(segment: &[Token], matches: &[Match], mentions: &mut Vec<Mention>) {
    mentions.clear();
    if segment.len() < MIN_SEGMENT_TOKENS {
        return;
    }
    let is_stopped = |tokens: &Range<usize>| {
        matches.iter().any(|stop| stop.payload == Payload::Stop && stop.tokens.start <= tokens.start && tokens.end <= stop.tokens.end)
    };
    for found in matches {
        let Payload::Alias(group) = found.payload else { continue };
        if is_stopped(&found.tokens) {
            continue;
        }
        match mentions.last_mut() {
            Some(last) if last.tokens.end > found.tokens.start => {
                if found.tokens.len() > last.tokens.len() {
                    *last = Mention { group, tokens: found.tokens.clone() };
                }
            }
            Some(_) | None => mentions.push(Mention { group, tokens: found.tokens.clone() }),
        }
    }
}
