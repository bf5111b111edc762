//! Where teams meet: threads that are about a topic, and the teams that write in them. Pure counts; nothing here says what may be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::tally::{Pseudonym, Tally, ThreadPseudonym};

/// Threads about one topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RallyingPoint {
    /// Threads in which some message is about it.
    pub threads: u64,
    /// Those of them in which authors of at least two teams write.
    pub shared: u64,
    /// By team, what it has to do with it.
    pub teams: BTreeMap<Arc<str>, TeamAtPoint>,
    /// By two teams in the order of their names, the threads in which both write.
    pub pairs: BTreeMap<(Arc<str>, Arc<str>), u64>,
}

/// A team and the threads about one topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamAtPoint {
    /// Threads in which it writes.
    pub threads: u64,
    /// Its messages in them.
    pub messages: u64,
    /// Its authors in them.
    pub authors: BTreeSet<Pseudonym>,
}

/// The topics by name, each with its threads. Authors without a team count in threads, and as no team.
#[must_use]
pub fn rallying_points(tally: &Tally) -> BTreeMap<Arc<str>, RallyingPoint> {
    let mut topics: BTreeMap<ThreadPseudonym, BTreeSet<&Arc<str>>> = BTreeMap::new();
    let mut writers: BTreeMap<ThreadPseudonym, BTreeMap<&Arc<str>, TeamAtPoint>> = BTreeMap::new();
    for (key, cell) in &tally.cells {
        for (&thread, in_thread) in &cell.threads {
            topics.entry(thread).or_default().extend(&in_thread.topics);
            if let Some(team) = &key.team {
                let team = writers.entry(thread).or_default().entry(team).or_default();
                team.messages += in_thread.messages;
                team.authors.insert(key.author);
            }
        }
    }
    let nobody = BTreeMap::new();
    let mut points: BTreeMap<Arc<str>, RallyingPoint> = BTreeMap::new();
    for (thread, topics) in topics {
        let teams = writers.get(&thread).unwrap_or(&nobody);
        for topic in topics {
            let point = points.entry(Arc::clone(topic)).or_default();
            point.threads += 1;
            point.shared += u64::from(teams.len() > 1);
            for (at, (&team, in_thread)) in teams.iter().enumerate() {
                let sum = point.teams.entry(Arc::clone(team)).or_default();
                sum.threads += 1;
                sum.messages += in_thread.messages;
                sum.authors.extend(&in_thread.authors);
                for &other in teams.keys().skip(at + 1) {
                    *point.pairs.entry((Arc::clone(team), Arc::clone(other))).or_default() += 1;
                }
            }
        }
    }
    points
}

/// Where the two teams of a pair meet over a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingFinding {
    /// One team.
    pub first: Arc<str>,
    /// The other.
    pub second: Arc<str>,
    /// Topic.
    pub topic: Arc<str>,
    /// Threads about it in which both write.
    pub shared_threads: u64,
    /// Authors of the first team, then of the second, who write in these threads.
    pub n_authors: [usize; 2],
}

/// Authors of the first team, then of the second.
type OfBoth = [BTreeSet<Pseudonym>; 2];

/// The topics that the two teams write about, each with the threads in which both teams write.
pub(super) fn meetings(tally: &Tally, [first, second]: [&Arc<str>; 2]) -> Vec<MeetingFinding> {
    let mut threads: BTreeMap<ThreadPseudonym, (BTreeSet<&Arc<str>>, OfBoth)> = BTreeMap::new();
    for (key, cell) in &tally.cells {
        for (&thread, in_thread) in &cell.threads {
            let (topics, authors) = threads.entry(thread).or_default();
            // What others say it is about stays out: they may be too few to be in any figure.
            if let Some(place) = [first, second].iter().position(|&team| key.team.as_ref() == Some(team)) {
                topics.extend(&in_thread.topics);
                authors[place].insert(key.author);
            }
        }
    }
    let mut meetings: BTreeMap<&Arc<str>, (u64, OfBoth)> = BTreeMap::new();
    for (topics, authors) in threads.values() {
        let is_shared = authors.iter().all(|authors| !authors.is_empty());
        for topic in topics {
            let (shared, all) = meetings.entry(topic).or_default();
            if is_shared {
                *shared += 1;
                all.iter_mut().zip(authors).for_each(|(all, authors)| all.extend(authors));
            }
        }
    }
    let finding = |(topic, (shared_threads, authors)): (&Arc<str>, (u64, OfBoth))| MeetingFinding {
        first: Arc::clone(first),
        second: Arc::clone(second),
        topic: Arc::clone(topic),
        shared_threads,
        n_authors: authors.map(|authors| authors.len()),
    };
    meetings.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{Cell, CellKey, InTopicThread, Origin};

    #[test]
    fn a_thread_is_about_what_any_of_its_messages_is_about() {
        let empty = String::new;
        let mut tally = Tally::new(Origin { lexicons: empty(), cleaning: empty(), key: empty(), timezone: empty() });
        let mut add = |author, team: Option<&str>, thread, topics: &[&str], messages| {
            let key = CellKey { author: Pseudonym(author), team: team.map(Into::into), month: None };
            let mut cell = Cell::default();
            let topics = topics.iter().map(|&topic| topic.into()).collect();
            cell.threads.insert(ThreadPseudonym(thread), InTopicThread { topics, messages });
            *tally.cells.entry(key).or_default() += cell;
        };
        add(1, Some("sales"), 7, &["events"], 2);
        add(2, Some("marketing"), 7, &[], 1);
        add(3, Some("finance"), 7, &[], 1);
        add(1, Some("sales"), 8, &["events", "content"], 1);
        add(4, Some("sales"), 8, &[], 3);
        add(5, None, 9, &["content"], 1);
        let points = rallying_points(&tally);
        let (events, content) = (&points["events"], &points["content"]);
        assert_eq!((events.threads, events.shared, content.threads, content.shared), (2, 1, 2, 0));
        assert_eq!((events.teams["sales"].threads, events.teams["sales"].messages, events.teams["sales"].authors.len()), (2, 6, 2));
        let pairs: Vec<_> = events.pairs.iter().map(|((one, two), n)| format!("{one}+{two} {n}")).collect();
        assert_eq!(pairs, ["finance+marketing 1", "finance+sales 1", "marketing+sales 1"]);
        assert!(content.pairs.is_empty());
        let met: Vec<_> = meetings(&tally, [&"sales".into(), &"marketing".into()]);
        let met: Vec<_> = met.iter().map(|one| (&*one.topic, one.shared_threads, one.n_authors)).collect();
        assert_eq!(met, [("content", 0, [0, 0]), ("events", 1, [1, 1])]);
    }
}
