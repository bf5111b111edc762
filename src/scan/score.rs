//! One message → what it adds to the tally. Pure, so that any thread may do it.

use jiff::civil::Date;

use super::Setup;
use crate::clean::OwnWords;
use crate::fault::{Fault, Place};
use crate::fingerprint;
use crate::framing::{self, Hit, Observed, Reading};
use crate::learned::{Cleaned, Findings, Learned, Recall};
use crate::lexicon::groups::Group;
use crate::lexicon::topics::TopicSet;
use crate::lexicon::{Category, EntryId};
use crate::message::{ByReason, Kind, Message, Reason};
use crate::source::Batch;
use crate::tally::Month;
use crate::token::{Token, Tokens};

/// What became of one record.
pub(super) enum Outcome {
    /// It could not be read.
    Fault(Fault),
    /// It was read and does not count.
    Removed { reason: Reason, content: u128 },
    /// It counts.
    Scored(Box<Scored>),
}

/// What one message adds.
pub(super) struct Scored {
    pub(super) author: String,
    pub(super) team: Option<Group>,
    pub(super) month: Option<Month>,
    /// Hash of the message as it lies in its source.
    pub(super) content: u128,
    /// Equal for the same author, second and own words, wherever the message lies.
    pub(super) duplicate_key: Option<u64>,
    /// Hash of the message's own id.
    pub(super) id: u64,
    /// Hash of the id of its thread; a message outside any thread may open one under its own id, if it has one.
    pub(super) thread: Option<u64>,
    /// Whether its source says that it stands in a thread.
    pub(super) is_in_thread: bool,
    /// What it is about.
    pub(super) topics: TopicSet,
    /// Hash of the id of the message it answers.
    pub(super) reply_to: Option<u64>,
    pub(super) words: u64,
    pub(super) segments: u64,
    pub(super) characters: u64,
    pub(super) removed: ByReason,
    /// Segments with a name or a hit.
    pub(super) readings: Vec<ScoredSegment>,
    /// Where a mapped column names a team that nobody knows, and which.
    pub(super) unknown_team: Option<(Place, String)>,
}

/// A segment that names a group or holds a hit.
pub(super) struct ScoredSegment {
    /// Equal for the same author and words.
    pub(super) template_key: u64,
    pub(super) named: Vec<Group>,
    pub(super) hits: Vec<SegmentHit>,
}

/// The hit of a segment: one for each category and target, whatever the number of entries that made it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SegmentHit {
    pub(super) category: Category,
    pub(super) target: Option<Group>,
    pub(super) named: bool,
    pub(super) entries: Vec<EntryId>,
}

/// Who wrote a message, as far as reading it needs to know.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    pub(super) author: &'a str,
    pub(super) team: Option<Group>,
}

/// A message that was read.
pub(super) struct Read {
    pub(super) own: OwnWords,
    /// Equal for the same author, second and own words, wherever the message lies.
    pub(super) duplicate_key: Option<u64>,
}

/// Space that a thread uses again from message to message.
#[derive(Default)]
pub(super) struct Scratch {
    pub(super) tokens: Tokens,
    framing: framing::Scratch,
    /// Topics of the message that was read last.
    topics: TopicSet,
}

/// Scores messages under a setup.
pub(super) struct Scorer<'a> {
    setup: &'a Setup,
}

impl<'a> Scorer<'a> {
    /// A scorer for a setup.
    pub(super) const fn new(setup: &'a Setup) -> Self {
        Self { setup }
    }

    /// Every record of a batch, in order, with what a first reading found of it.
    pub(super) fn score_batch(&self, batch: &Batch, learned: &Learned, found: Option<&Findings>, scratch: &mut Scratch) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut recall = found.map_or_else(Recall::default, Findings::recall);
        batch.each_message(&mut |record| {
            outcomes.push(match record {
                Ok(message) => self.score(&message, learned, &mut recall, scratch),
                Err(fault) => Outcome::Fault(fault),
            });
        });
        outcomes
    }

    /// Whether a message counts at all, before it is read, and when it was sent in the setup's zone.
    pub(super) fn day_if_in_scope(&self, message: &Message<'_>) -> Result<Option<Date>, Reason> {
        if let Kind::Removed(reason) = message.kind {
            return Err(reason);
        }
        let author = &message.author;
        let keys = [&author.email, &author.id, &author.handle];
        if keys.into_iter().flatten().any(|key| self.setup.bots.contains(key.as_ref())) {
            return Err(Reason::Bot);
        }
        let day = message.sent_at.map(|sent_at| self.setup.zone.to_datetime(sent_at).date());
        if self.setup.period.holds(day) { Ok(day) } else { Err(Reason::OutsidePeriod) }
    }

    /// The author's key, if there is one, and team; a mapped team goes before the roster.
    pub(super) fn identify(&self, message: &Message<'_>, day: Option<Date>) -> (Option<String>, Option<Group>) {
        let identity = self.setup.roster.identify(&message.author, day);
        let mapped = message.author.team.as_deref().and_then(|team| self.setup.framing.lexicons.groups.find(team));
        let team = mapped.or_else(|| identity.as_ref()?.team.map(|team| self.setup.group_of(team)));
        (identity.map(|identity| identity.key.into_owned()), team)
    }

    /// Reads a message's own words; calls `read` for every segment with a name or a hit.
    pub(super) fn read(
        &self,
        message: &Message<'_>,
        cleaned: Cleaned,
        writer: Writer<'_>,
        scratch: &mut Scratch,
        read: &mut impl FnMut(&[Token], Reading),
    ) -> Read {
        let own = self.own_words(message, cleaned, writer.author, scratch);
        scratch.topics = self.setup.framing.read_message(&message.text, &scratch.tokens, writer.team, &mut scratch.framing, read);
        own
    }

    /// Makes tokens of a message's own words.
    pub(super) fn own_words(&self, message: &Message<'_>, cleaned: Cleaned, author: &str, scratch: &mut Scratch) -> Read {
        let vocabulary = &self.setup.framing.lexicons.vocabulary;
        // Two sources may have taught different things of copies of one message, so these tell nothing about what is a copy.
        scratch.tokens.read(&message.text, cleaned.whole(), message.markup, vocabulary);
        let duplicate_key = duplicate_key(message, author, &scratch.tokens);
        if *cleaned.whole() != cleaned.own {
            scratch.tokens.read(&message.text, &cleaned.own, message.markup, vocabulary);
        }
        Read { own: cleaned.own, duplicate_key }
    }

    fn unknown_team(&self, message: &Message<'_>) -> Option<(Place, String)> {
        let team = message.author.team.as_deref()?.trim();
        self.setup.framing.lexicons.groups.find(team).is_none().then(|| (message.place.clone(), team.to_owned()))
    }

    /// Calls `observe` for every segment of a message that counts, as a fit of cues needs it. What only several messages show is not asked for: a
    /// segment that repeats is fitted once anyway.
    pub(super) fn observe(&self, message: &Message<'_>, scratch: &mut Scratch, observe: &mut impl FnMut(Observed<'_>)) {
        let Ok(day) = self.day_if_in_scope(message) else { return };
        let (author, team) = self.identify(message, day);
        if let Ok(cleaned) = Learned::default().clean(message, None) {
            self.own_words(message, cleaned, author.as_deref().unwrap_or_default(), scratch);
            self.setup.framing.observe_message(&message.text, &scratch.tokens, team, &mut scratch.framing, observe);
        }
    }

    fn score(&self, message: &Message<'_>, learned: &Learned, recall: &mut Recall<'_>, scratch: &mut Scratch) -> Outcome {
        let found = recall.next(&message.text);
        let second = message.sent_at.map_or(i64::MIN, jiff::Timestamp::as_second);
        let content = fingerprint::of_parts([
            message.id.as_bytes(),
            message.author.key().unwrap_or("").as_bytes(),
            &second.to_le_bytes(),
            message.text.as_bytes(),
        ]);
        let day = match self.day_if_in_scope(message) {
            Ok(day) => day,
            Err(reason) => return Outcome::Removed { reason, content },
        };
        let (author, team) = self.identify(message, day);
        let Some(author) = author else { return Outcome::Removed { reason: Reason::NoAuthor, content } };
        let cleaned = match learned.clean(message, found) {
            Ok(cleaned) => cleaned,
            Err(reason) => return Outcome::Removed { reason, content },
        };
        let mut readings = Vec::new();
        let writer = Writer { author: &author, team };
        let Read { own, duplicate_key } = self.read(message, cleaned, writer, scratch, &mut |segment, reading| {
            readings.push(scored_segment(&message.text, &author, segment, reading));
        });
        let tokens = &scratch.tokens;
        let mut removed_characters = message.removed;
        for &(span, reason) in &own.removed {
            removed_characters.add(reason, characters(span.of(&message.text)));
        }
        let thread = message.thread.as_deref().or_else(|| Some(&*message.id).filter(|id| !id.is_empty()));
        Outcome::Scored(Box::new(Scored {
            duplicate_key,
            id: short(fingerprint::of_parts([message.id.as_bytes()])),
            thread: thread.map(|id| short(fingerprint::of_parts([id.as_bytes()]))),
            is_in_thread: message.thread.is_some(),
            topics: scratch.topics,
            reply_to: message.reply_to.as_deref().map(|id| short(fingerprint::of_parts([id.as_bytes()]))),
            author,
            team,
            month: day.map(month_of),
            content,
            words: tokens.n_words(),
            segments: tokens.segment_ends.len() as u64,
            characters: characters(&message.text) + message.removed.total(),
            removed: removed_characters,
            readings,
            unknown_team: self.unknown_team(message),
        }))
    }
}

fn month_of(day: Date) -> Month {
    Month { year: day.year(), month: day.month() }
}

fn characters(text: &str) -> u64 {
    text.chars().count() as u64
}

/// Half of a hash: enough to tell messages of one author from each other.
#[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
pub(super) const fn short(hash: u128) -> u64 {
    hash as u64
}

/// Real archives repeat content under other ids, so ids do not decide where there is a time; a message without own words is told by its
/// whole text. Where there is neither time nor id nothing tells a repetition from a duplicate.
fn duplicate_key(message: &Message<'_>, author: &str, tokens: &Tokens) -> Option<u64> {
    let second = message.sent_at.map(|sent_at| sent_at.as_second().to_le_bytes());
    let when: &[u8] = second.as_ref().map_or(message.id.as_bytes(), |second| second);
    if when.is_empty() {
        return None;
    }
    let words = tokens.tokens.iter().map(|token| token.span().bytes_of(&message.text));
    let text = Some(message.text.as_bytes()).filter(|_| tokens.tokens.is_empty());
    Some([author.as_bytes(), when].into_iter().chain(words).chain(text).fold(0, fingerprint::quick_after))
}

fn scored_segment(text: &str, author: &str, segment: &[Token], reading: Reading) -> ScoredSegment {
    ScoredSegment { template_key: template_key(text, author, segment), named: reading.named, hits: segment_hits(&reading.hits) }
}

/// Equal for the same author and words.
pub(super) fn template_key(text: &str, author: &str, segment: &[Token]) -> u64 {
    let words = segment.iter().map(|token| token.span().bytes_of(text));
    short(fingerprint::of_parts(std::iter::once(author.as_bytes()).chain(words)))
}

/// Matches of one category about one target are one hit.
fn segment_hits(matches: &[Hit]) -> Vec<SegmentHit> {
    let mut hits: Vec<SegmentHit> = Vec::new();
    for found in matches {
        match hits.iter_mut().find(|hit| hit.category == found.category && hit.target == found.target) {
            Some(hit) => hit.entries.push(found.entry),
            None => {
                hits.push(SegmentHit { category: found.category, target: found.target, named: found.named, entries: vec![found.entry] });
            }
        }
    }
    for hit in &mut hits {
        hit.entries.sort_unstable();
        hit.entries.dedup();
    }
    hits
}
