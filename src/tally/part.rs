//! The tally of some of a company's authors, with what it must leave open: whom a reply answers and which threads are about a topic may lie
//! with other authors. Parts of disjoint authors add up to the tally that one scan of all of them gives.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{CellKey, InTopicThread, Mismatch, Replies, Tally, ThreadPseudonym, add_all};
use crate::lexicon::Category;

/// First 64 bits of the pseudonym of the thread that a message may open: stands for the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageMark(pub u64);

impl From<ThreadPseudonym> for MessageMark {
    fn from(thread: ThreadPseudonym) -> Self {
        Self((thread.0 >> 64) as u64)
    }
}

/// Replies to one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenReply {
    /// Segments of the replies.
    pub segments: u64,
    /// Hits in them, by category and whom they are about.
    pub hits: BTreeMap<(Category, Arc<str>), u64>,
}

/// What an author wrote in one thread, be it about a topic or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenThread {
    /// Topics and messages.
    pub own: InTopicThread,
    /// Whether a message says that it stands in a thread, rather than that it may open one.
    pub is_thread: bool,
}

impl AddAssign for OpenReply {
    fn add_assign(&mut self, other: Self) {
        self.segments += other.segments;
        add_all(&mut self.hits, other.hits);
    }
}

impl AddAssign for OpenThread {
    fn add_assign(&mut self, other: Self) {
        self.own += other.own;
        self.is_thread |= other.is_thread;
    }
}

/// What the other parts must be asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Open {
    /// Messages outside any thread and about no topic, which may open a thread, by who wrote them.
    pub openers: BTreeMap<CellKey, Vec<MessageMark>>,
    /// Other messages by the team of whoever wrote them.
    pub sent: BTreeMap<Arc<str>, Vec<MessageMark>>,
    /// Replies, by who wrote them and what they answer.
    pub replies: BTreeMap<(CellKey, MessageMark), OpenReply>,
    /// Threads, by who wrote in them.
    pub threads: BTreeMap<(CellKey, ThreadPseudonym), OpenThread>,
}

/// A tally, and what it leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The counts; their replies and threads are those that are settled.
    pub tally: Tally,
    /// The rest.
    pub open: Open,
}

impl Part {
    /// Adds another part.
    ///
    /// # Errors
    /// As [`Tally::merge`].
    pub fn merge(&mut self, other: Self) -> Result<(), Mismatch> {
        self.tally.merge(other.tally)?;
        let Open { openers, sent, replies, threads } = other.open;
        for (key, messages) in openers {
            self.open.openers.entry(key).or_default().extend(messages);
        }
        for (team, messages) in sent {
            self.open.sent.entry(team).or_default().extend(messages);
        }
        for (key, reply) in replies {
            *self.open.replies.entry(key).or_default() += reply;
        }
        for (key, thread) in threads {
            *self.open.threads.entry(key).or_default() += thread;
        }
        Ok(())
    }

    /// The tally, with all that the parts could tell each other.
    #[must_use]
    pub fn close(self) -> Tally {
        let Self { mut tally, open } = self;
        close_replies(&mut tally, &open);
        close_threads(&mut tally, open);
        tally
    }
}

fn close_replies(tally: &mut Tally, open: &Open) {
    if open.replies.is_empty() {
        return;
    }
    let mut teams: FxHashMap<MessageMark, &Arc<str>> = FxHashMap::default();
    let of_openers = open.openers.iter().filter_map(|(key, messages)| Some((key.team.as_ref()?, messages)));
    for (team, messages) in of_openers.chain(&open.sent) {
        for &message in messages {
            // Two messages of one id: the answer must not depend on which was read first.
            teams.entry(message).and_modify(|known| *known = team.min(known)).or_insert(team);
        }
    }
    for ((key, answered), reply) in &open.replies {
        let Some(&team) = teams.get(answered) else { continue };
        let mut to = Replies { segments: reply.segments, hits: BTreeMap::new() };
        for ((category, _), &n) in reply.hits.iter().filter(|((_, about), _)| about == team) {
            *to.hits.entry(*category).or_default() += n;
        }
        *tally.cells.entry(key.clone()).or_default().replies.entry(Arc::clone(team)).or_default() += to;
    }
}

fn close_threads(tally: &mut Tally, open: Open) {
    let mut is_thread = BTreeSet::new();
    let mut has_topic = BTreeSet::new();
    for ((_, thread), in_thread) in &open.threads {
        if in_thread.is_thread {
            is_thread.insert(*thread);
        }
        if !in_thread.own.topics.is_empty() {
            has_topic.insert(*thread);
        }
    }
    let kept: FxHashMap<MessageMark, ThreadPseudonym> =
        is_thread.intersection(&has_topic).map(|&thread| (MessageMark::from(thread), thread)).collect();
    let mut add = |key: CellKey, thread: ThreadPseudonym, own: InTopicThread| {
        *tally.cells.entry(key).or_default().threads.entry(thread).or_default() += own;
    };
    for ((key, thread), in_thread) in open.threads {
        if kept.contains_key(&thread.into()) {
            add(key, thread, in_thread.own);
        }
    }
    for (key, messages) in open.openers {
        for thread in messages.into_iter().filter_map(|message| kept.get(&message)) {
            add(key.clone(), *thread, InTopicThread { topics: BTreeSet::new(), messages: 1 });
        }
    }
}
