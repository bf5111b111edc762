//! Matches and names → hits: what makes a match count, and whose it is. Pure: a segment and its surroundings in, hits out.

pub mod examples;
mod exclusions;
mod roles;
mod target;

use std::ops::Range;

use crate::lexicon::cues::{self, CueId, CueMatch, CueSpace, Masked};
use crate::lexicon::groups::Group;
use crate::lexicon::payload::Payload;
use crate::lexicon::topics::TopicSet;
use crate::lexicon::{About, Category, Entry, EntryId, Found, Lexicons, Match, PatternSpace};
use crate::span::Span;
use crate::token::{Token, Tokens};
use roles::{Role, Roles};

/// How far from a match a person must be named for entries said of persons, in tokens.
const PERSON_REACH: usize = 6;

/// Lexicons with the function words that framing rules need.
pub struct Framing {
    /// The compiled lexicons.
    pub lexicons: Lexicons,
    roles: Roles,
}

/// A match that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The entry.
    pub entry: EntryId,
    /// Which of its strings.
    pub string: u16,
    /// Its category.
    pub category: Category,
    /// Bytes of the message's text.
    pub span: Span,
    /// The group it is about.
    pub target: Option<Group>,
    /// Whether that group is named in the segment (levels use every hit, gaps only these).
    pub named: bool,
    /// The strongest cues, where cues made it.
    pub cues: Vec<CueId>,
}

/// What was read in one segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Groups named in it, sorted; empty if it is too short to name one.
    pub named: Vec<Group>,
    /// Matches that count, by place.
    pub hits: Vec<Hit>,
}

/// A segment as a fit of cues sees it.
pub struct Observed<'a> {
    /// Its tokens.
    pub segment: &'a [Token],
    /// Its words with what no cue may see masked.
    pub words: &'a [Masked],
    /// Whether a group is named or meant in it.
    pub means_a_group: bool,
    /// What entries and their rules find in it.
    pub hits: Vec<Hit>,
}

/// A match that counts, before overlaps are settled.
struct Counting {
    entry: EntryId,
    string: u16,
    category: Category,
    tokens: Range<usize>,
    targets: Vec<Group>,
}

/// Space that is used again from message to message.
#[derive(Default)]
pub struct Scratch {
    segments: Vec<SegmentFound>,
    n_used: usize,
    patterns: PatternSpace,
    cues: CueSpace,
    cue_matches: Vec<CueMatch>,
    masked: Vec<Masked>,
}

/// What was found in a segment that holds a match or a name.
#[derive(Default)]
struct SegmentFound {
    number: usize,
    found: Found,
}

impl Reading {
    /// Adds a hit for every target, or one without.
    fn add(&mut self, counting: Counting, segment: &[Token], cues: &[CueId]) {
        let Counting { entry, string, category, tokens, targets } = counting;
        let span = Span::new(segment[tokens.start].span().start, segment[tokens.end - 1].span().end);
        let none = targets.is_empty().then_some(None);
        for target in targets.into_iter().map(Some).chain(none) {
            let named = target.is_some_and(|target| self.named.binary_search(&target).is_ok());
            self.hits.push(Hit { entry, string, category, span, target, named, cues: cues.to_vec() });
        }
    }
}

impl Scratch {
    /// The space behind what is used.
    fn next(&mut self) -> (&mut SegmentFound, &mut PatternSpace) {
        if self.segments.len() == self.n_used {
            self.segments.push(SegmentFound::default());
        }
        (&mut self.segments[self.n_used], &mut self.patterns)
    }
}

impl Framing {
    /// Adds the rules' function words to the vocabulary.
    #[must_use]
    pub fn new(mut lexicons: Lexicons) -> Self {
        let roles = Roles::intern(&mut lexicons.vocabulary);
        Self { lexicons, roles }
    }

    /// Reads every segment of a message that holds a match or a name, and calls `read` for each; gives the topics of all segments.
    pub fn read_message(
        &self,
        text: &str,
        tokens: &Tokens,
        speaker: Option<Group>,
        scratch: &mut Scratch,
        read: &mut impl FnMut(&[Token], Reading),
    ) -> TopicSet {
        let topics = self.find(text, tokens, scratch, !self.lexicons.cues.is_empty());
        let Scratch { segments, n_used, cues, cue_matches, .. } = scratch;
        self.each_segment(text, tokens, speaker, &segments[..*n_used], &mut |around, found| {
            let mut reading = self.read_segment(&found.matches, around);
            self.add_cue_hits(around, cues, cue_matches, &mut reading);
            if !reading.named.is_empty() || !reading.hits.is_empty() {
                read(around.segment, reading);
            }
        });
        topics
    }

    /// Every segment of a message as a fit of cues needs it.
    pub fn observe_message(
        &self,
        text: &str,
        tokens: &Tokens,
        speaker: Option<Group>,
        scratch: &mut Scratch,
        observe: &mut impl FnMut(Observed<'_>),
    ) {
        self.find(text, tokens, scratch, true);
        let Scratch { segments, n_used, masked, .. } = scratch;
        self.each_segment(text, tokens, speaker, &segments[..*n_used], &mut |around, found| {
            // Any code will do: whoever fits gives the words numbers of their own.
            cues::mask(text, around.segment, around.mentions, &|_| 1, masked);
            let hits = self.read_segment(&found.matches, around).hits;
            observe(Observed { segment: around.segment, words: masked, means_a_group: target::may_be_meant(around), hits });
        });
    }

    /// Finds what stands in every segment, and keeps those with a match or a name, or all; gives the topics.
    fn find(&self, text: &str, tokens: &Tokens, scratch: &mut Scratch, are_all_kept: bool) -> TopicSet {
        let mut topics = TopicSet::default();
        scratch.n_used = 0;
        for (number, segment) in tokens.segments().enumerate() {
            let (found, patterns) = scratch.next();
            self.lexicons.find(text, segment, patterns, &mut found.found);
            found.number = number;
            topics.extend(found.found.topics);
            let Found { matches, mentions, hinted, works, .. } = &found.found;
            if are_all_kept || !matches.is_empty() || !mentions.is_empty() || !hinted.is_empty() || !works.is_empty() {
                scratch.n_used += 1;
            }
        }
        topics
    }

    /// Calls `each` for every kept segment with what framing knows around it.
    fn each_segment(
        &self,
        text: &str,
        tokens: &Tokens,
        speaker: Option<Group>,
        segments: &[SegmentFound],
        each: &mut dyn FnMut(&target::Around<'_>, &Found),
    ) {
        let other_named = |at: usize| {
            let Found { mentions, hinted, .. } = &segments.get(at)?.found;
            let mut groups = mentions.iter().rev().map(|mention| mention.group).chain(hinted.iter().rev().copied());
            groups.find(|&group| Some(group) != speaker)
        };
        let mut named_before = None;
        for (at, SegmentFound { number, found }) in segments.iter().enumerate() {
            let segment = tokens.segment(*number);
            let is_next = |other: usize| segments.get(other).is_some_and(|other| other.number.abs_diff(*number) == 1);
            let mut neighbours = [at.wrapping_sub(1), at + 1].into_iter().filter(|&other| is_next(other));
            let around = target::Around {
                text,
                segment,
                mentions: &found.mentions,
                weak: &found.weak,
                speaker,
                named_before,
                named_beside: neighbours.clone().find_map(other_named),
                own_beside: speaker.filter(|_| neighbours.clone().any(|other| !segments[other].found.mentions.is_empty())),
                work: found.works.first().copied().or_else(|| neighbours.find_map(|other| segments[other].found.works.first().copied())),
                roles: &self.roles,
            };
            each(&around, found);
            named_before = other_named(at).or(named_before);
        }
    }

    fn read_segment(&self, matches: &[Match], around: &target::Around<'_>) -> Reading {
        let mut named: Vec<Group> = around.mentions.iter().map(|mention| mention.group).collect();
        named.sort_unstable();
        named.dedup();
        let mut reading = Reading { named, hits: Vec::new() };
        for counting in self.counting(matches, around) {
            reading.add(counting, around.segment, &[]);
        }
        reading
    }

    /// Adds what cues read of categories that no entry read in the segment, under the rules that hold for entries.
    fn add_cue_hits(&self, around: &target::Around<'_>, space: &mut CueSpace, matches: &mut Vec<CueMatch>, reading: &mut Reading) {
        let all = &self.lexicons.cues;
        if all.is_empty() {
            return;
        }
        let means_a_group = target::may_be_meant(around);
        if !means_a_group && !all.counts_aside() {
            return;
        }
        all.score(around.text, around.segment, around.mentions, means_a_group, space, matches);
        if matches.is_empty() {
            return;
        }
        for CueMatch { category, tokens, cues } in matches.drain(..) {
            let Some(entry) = self.lexicons.cue_entry(category) else { continue };
            if reading.hits.iter().any(|hit| hit.category == category) || self.is_dropped(&tokens, true, around) {
                continue;
            }
            let about = if means_a_group { About::Group } else { About::Nothing };
            let targets = target::targets(category, about, &tokens, around);
            if about == About::Nothing || !targets.is_empty() || target::may_stand_alone(category, around) {
                reading.add(Counting { entry, string: 0, category, tokens, targets }, around.segment, &cues);
            }
        }
        reading.hits.sort_by_key(|hit| hit.span.start);
    }

    /// Matches that count: not undone by exception, negation, quotation, report or name, with the person or group that they must be said of; of
    /// those that overlap within a category the longest.
    fn counting(&self, matches: &[Match], around: &target::Around<'_>) -> Vec<Counting> {
        let mut counting: Vec<Counting> = matches.iter().filter_map(|found| self.count(found, matches, around)).collect();
        // Longest first, then leftmost, so that a phrase wins over the words in it; by id at last, so that the answer is one.
        counting.sort_unstable_by_key(|found| {
            (found.category, usize::MAX - found.tokens.len(), found.tokens.start, found.targets.is_empty(), found.entry, found.string)
        });
        let mut kept: Vec<Counting> = Vec::new();
        for found in counting {
            let overlaps = |taken: &Range<usize>| taken.start < found.tokens.end && found.tokens.start < taken.end;
            if !kept.iter().any(|other| other.category == found.category && overlaps(&other.tokens)) {
                kept.push(found);
            }
        }
        kept.sort_unstable_by_key(|found| (found.tokens.start, found.category, found.entry));
        kept
    }

    fn count(&self, found: &Match, matches: &[Match], around: &target::Around<'_>) -> Option<Counting> {
        let Payload::Entry(id) = found.payload else { return None };
        let &Entry { category, about, negatable, .. } = self.lexicons.entry(id);
        let tokens = &found.tokens;
        let is_undone = matches
            .iter()
            .any(|other| other.payload == Payload::Unless(id) && other.tokens.start < tokens.end && tokens.start < other.tokens.end);
        if is_undone || self.is_dropped(tokens, negatable, around) || about == About::Person && !self.person_in_reach(around, tokens) {
            return None;
        }
        let targets = target::targets(category, about, tokens, around);
        let may_stand = about != About::Group || !targets.is_empty() || target::may_stand_alone(category, around);
        may_stand.then(|| Counting { entry: id, string: found.string, category, tokens: tokens.clone(), targets })
    }

    /// Whether what surrounds a stretch undoes it.
    fn is_dropped(&self, tokens: &Range<usize>, negatable: bool, around: &target::Around<'_>) -> bool {
        let segment = around.segment;
        let is_mention = |at: usize| around.mentions.iter().any(|mention| mention.tokens.contains(&at));
        negatable && exclusions::is_negated(segment, tokens.start, &self.roles)
            || exclusions::is_quoted(segment, tokens)
            || exclusions::is_reported(segment, tokens.start, &self.roles)
            || exclusions::is_name(around.text, segment, tokens, is_mention)
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
