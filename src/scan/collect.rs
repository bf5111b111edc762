//! What messages add → one tally, in the order of the sources: duplicates are told here, because they lie far apart.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::score::{Outcome, Scored, ScoredSegment, SegmentHit};
use super::{Scanned, Setup, SourceIntake};
use crate::fault::{self, Fault};
use crate::lexicon::groups::Group;
use crate::lexicon::topics::TopicSet;
use crate::lexicon::{Category, Entry};
use crate::message::Reason;
use crate::tally::{Cell, CellKey, Coded, HitKey, InTopicThread, Intake, Month, Pseudonym, Replies, Tally, ThreadPseudonym};

/// Adds up what messages add.
pub(super) struct Collector<'a> {
    setup: &'a Setup,
    tally: Tally,
    faults: Vec<Fault>,
    sources: Vec<SourceIntake>,
    /// Intake before the source that is being read.
    intake_before: Intake,
    source: SourceContent,
    authors: FxHashMap<String, u32>,
    counted: Counted,
    /// What the source that is being read adds, kept apart until it is known not to be one that was read before.
    of_source: Counted,
    messages: FxHashSet<u64>,
    templates: FxHashSet<u64>,
    /// Teams of mapped columns that nobody knows, each told once.
    unknown_teams: FxHashSet<String>,
    /// Team of whoever wrote a message, by the hash of its id.
    teams_of_messages: FxHashMap<u64, Group>,
}

/// Counts by author, team and month, and the replies among them.
#[derive(Default)]
struct Counted {
    cells: FxHashMap<Place, u32>,
    counts: Vec<(Place, Counts)>,
    replies: Vec<Reply>,
}

/// Messages of the source that is being read.
#[derive(Default)]
struct SourceContent {
    n_messages: u64,
    sum: u128,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    author: u32,
    team: Option<Group>,
    month: Option<Month>,
}

struct Counts {
    messages: u64,
    words: u64,
    segments: u64,
    names: Vec<u64>,
    hits: FxHashMap<SegmentHit, u64>,
    threads: FxHashMap<u64, InThread>,
}

/// What one author wrote in one thread in one month.
#[derive(Debug, Clone, Copy, Default)]
struct InThread {
    topics: TopicSet,
    messages: u32,
    /// Whether a message says that it stands in a thread, rather than that it may open one.
    is_thread: bool,
}

/// A reply whose other side may not have been read yet.
struct Reply {
    cell: u32,
    to: u64,
    segments: u64,
    hits: Vec<(Category, Group)>,
}

impl<'a> Collector<'a> {
    pub(super) fn new(setup: &'a Setup) -> Self {
        Self {
            setup,
            tally: Tally::new(setup.origin()),
            faults: Vec::new(),
            sources: Vec::new(),
            intake_before: Intake::default(),
            source: SourceContent::default(),
            authors: FxHashMap::default(),
            counted: Counted::default(),
            of_source: Counted::default(),
            messages: FxHashSet::default(),
            templates: FxHashSet::default(),
            unknown_teams: FxHashSet::default(),
            teams_of_messages: FxHashMap::default(),
        }
    }

    pub(super) fn add(&mut self, outcome: Outcome) {
        let intake = &mut self.tally.intake;
        match outcome {
            Outcome::Fault(fault) => {
                intake.faults += 1;
                self.faults.push(fault);
            }
            Outcome::Removed { reason, content } => {
                intake.read += 1;
                intake.removed.add(reason, 1);
                self.source.add(content);
            }
            Outcome::Scored(scored) => {
                intake.read += 1;
                self.source.add(scored.content);
                if scored.duplicate_key.is_none_or(|key| self.messages.insert(key)) {
                    intake.kept += 1;
                    self.add_scored(*scored);
                } else {
                    intake.removed.add(Reason::DuplicateMessage, 1);
                }
            }
        }
    }

    fn add_scored(&mut self, mut scored: Scored) {
        if let Some((at, team)) = scored.unknown_team.take() {
            self.tell_unknown_team(at, team);
        }
        let intake = &mut self.tally.intake;
        intake.characters += scored.characters;
        intake.removed_characters += &scored.removed;
        if let Some(team) = scored.team {
            self.teams_of_messages.insert(scored.id, team);
        }
        let cell = self.cell(scored.author, scored.team, scored.month);
        let mut hits_about = Vec::new();
        let counts = &mut self.of_source.counts[cell as usize].1;
        counts.messages += 1;
        counts.words += scored.words;
        counts.segments += scored.segments;
        let in_thread = counts.threads.entry(scored.thread).or_default();
        in_thread.topics.extend(scored.topics);
        in_thread.messages += 1;
        in_thread.is_thread |= scored.is_in_thread;
        for ScoredSegment { template_key, named, hits } in scored.readings {
            if !named.is_empty() && !self.templates.insert(template_key) {
                self.tally.intake.repeated_segments += 1;
                continue;
            }
            for group in named {
                counts.names[group.0 as usize] += 1;
            }
            for hit in hits {
                hits_about.extend(hit.target.map(|target| (hit.category, target)));
                *counts.hits.entry(hit).or_default() += 1;
            }
        }
        if let Some(to) = scored.reply_to {
            self.of_source.replies.push(Reply { cell, to, segments: scored.segments, hits: hits_about });
        }
    }

    fn tell_unknown_team(&mut self, at: crate::fault::Place, team: String) {
        let groups = &self.setup.framing.lexicons.groups;
        if self.unknown_teams.contains(&team) {
            return;
        }
        let nearest = fault::nearest(&team, groups.all().flat_map(|group| groups.aliases(group)));
        let why = format!("team \"{team}\" is neither a group nor in the roster, so that its authors count as not in the roster{nearest}");
        self.faults.push(Fault::new(at, why));
        self.unknown_teams.insert(team);
    }

    fn cell(&mut self, author: String, team: Option<Group>, month: Option<Month>) -> u32 {
        let next = u32::try_from(self.authors.len()).unwrap_or(u32::MAX);
        let author = *self.authors.entry(author).or_insert(next);
        self.of_source.cell(Place { author, team, month }, self.setup.framing.lexicons.groups.len())
    }

    /// Notes the content of the source that was read to its end. A source that is given twice under two names adds only duplicates.
    pub(super) fn end_source(&mut self, label: Arc<str>, seen: super::Seen, is_read_once: bool) {
        let source = std::mem::take(&mut self.source);
        let of_source = std::mem::take(&mut self.of_source);
        if source.n_messages == 0 || self.tally.sources.insert(source.sum) {
            self.counted.add(of_source);
        } else {
            // The same messages again. Those without time and id, which cannot be told apart one by one, are duplicates too.
            let (now, before) = (&mut self.tally.intake, &self.intake_before);
            now.removed.add(Reason::DuplicateMessage, now.kept - before.kept);
            *now = Intake { read: now.read, removed: now.removed, faults: now.faults, ..*before };
        }
        self.tally.intake.sources_read_once += u64::from(is_read_once);
        let intake = self.tally.intake.since(&self.intake_before);
        self.intake_before = self.tally.intake;
        self.sources.push(SourceIntake { label, formats: seen.formats, unlisted: seen.unlisted, intake });
    }

    /// The tally, with pseudonyms for authors and names for groups and entries.
    pub(super) fn finish(mut self) -> Scanned {
        let lexicons = &self.setup.framing.lexicons;
        let team_name = |team: Group| Arc::clone(lexicons.groups.name(team));
        let entry_names: Vec<Arc<str>> = lexicons.entries.iter().map(|entry| entry.name.as_str().into()).collect();
        let not_swappable: BTreeSet<_> = lexicons
            .entries
            .iter()
            .zip(&entry_names)
            .filter(|(entry, _)| !entry.swap)
            .map(|(entry, name)| (entry.category, Arc::clone(name)))
            .collect();
        let coded_as = |entry: &Entry| entry.subcategory.as_deref().and_then(Coded::from_name);
        let coded =
            lexicons.entries.iter().zip(&entry_names).filter_map(|(entry, name)| Some((coded_as(entry)?, Arc::clone(name)))).collect();
        let mut authors = vec![""; self.authors.len()];
        #[expect(clippy::iter_over_hash_type, reason = "every element goes to its own place")]
        for (author, &index) in &self.authors {
            authors[index as usize] = author;
        }
        let pseudonyms: Vec<Pseudonym> = authors.into_iter().map(|author| Pseudonym::new(&self.setup.key, author)).collect();
        let mut replies: FxHashMap<u32, BTreeMap<Arc<str>, Replies>> = FxHashMap::default();
        for reply in &self.counted.replies {
            let Some(&team) = self.teams_of_messages.get(&reply.to) else { continue };
            let mut to = Replies { segments: reply.segments, hits: BTreeMap::new() };
            for &(category, _) in reply.hits.iter().filter(|&&(_, about)| about == team) {
                *to.hits.entry(category).or_default() += 1;
            }
            *replies.entry(reply.cell).or_default().entry(team_name(team)).or_default() += to;
        }
        let topics_of_threads = topics_of_threads(&self.counted.counts);
        for (index, (place, counts)) in self.counted.counts.into_iter().enumerate() {
            let mut cell = Cell { messages: counts.messages, words: counts.words, segments: counts.segments, ..Cell::default() };
            for (group, n) in lexicons.groups.all().zip(counts.names).filter(|&(_, n)| n > 0) {
                cell.names.insert(team_name(group), n);
            }
            #[expect(clippy::iter_over_hash_type, reason = "goes into an ordered map")]
            for (hit, n) in counts.hits {
                let mut entries: Vec<_> = hit.entries.iter().map(|entry| Arc::clone(&entry_names[entry.0 as usize])).collect();
                entries.sort_unstable();
                let key = HitKey { target: hit.target.map(team_name), named: hit.named, category: hit.category, entries };
                *cell.hits.entry(key).or_default() += n;
            }
            for (thread, in_thread) in counts.threads.into_iter().filter(|(thread, _)| topics_of_threads.contains(thread)) {
                let topics = lexicons.topics.names(in_thread.topics).map(Arc::clone).collect();
                let pseudonym = ThreadPseudonym::new(&self.setup.key, thread);
                cell.threads.insert(pseudonym, InTopicThread { topics, messages: u64::from(in_thread.messages) });
            }
            cell.replies = u32::try_from(index).ok().and_then(|index| replies.remove(&index)).unwrap_or_default();
            let key = CellKey { author: pseudonyms[place.author as usize], team: place.team.map(team_name), month: place.month };
            *self.tally.cells.entry(key).or_default() += cell;
        }
        self.tally.not_swappable = not_swappable;
        self.tally.coded = coded;
        self.tally.rosters.extend(self.setup.roster.fingerprint.clone());
        Scanned { tally: self.tally, faults: self.faults, sources: self.sources }
    }
}

impl InThread {
    fn add(&mut self, other: Self) {
        self.topics.extend(other.topics);
        self.messages += other.messages;
        self.is_thread |= other.is_thread;
    }
}

/// Threads of more than one message in which some message is about a topic. The others say nothing about where teams meet and are not kept.
fn topics_of_threads(counts: &[(Place, Counts)]) -> FxHashSet<u64> {
    let mut sums: FxHashMap<u64, InThread> = FxHashMap::default();
    for (_, counts) in counts {
        #[expect(clippy::iter_over_hash_type, reason = "adds up in any order")]
        for (&thread, &in_thread) in &counts.threads {
            sums.entry(thread).or_default().add(in_thread);
        }
    }
    sums.retain(|_, sum| !sum.topics.is_empty() && (sum.is_thread || sum.messages > 1));
    sums.into_keys().collect()
}

impl Counted {
    fn cell(&mut self, place: Place, n_groups: usize) -> u32 {
        *self.cells.entry(place).or_insert_with(|| {
            let counts = Counts {
                messages: 0,
                words: 0,
                segments: 0,
                names: vec![0; n_groups],
                hits: FxHashMap::default(),
                threads: FxHashMap::default(),
            };
            self.counts.push((place, counts));
            u32::try_from(self.counts.len() - 1).unwrap_or(u32::MAX)
        })
    }

    fn add(&mut self, other: Self) {
        let mut cells = Vec::with_capacity(other.counts.len());
        for (place, counts) in other.counts {
            let cell = self.cell(place, counts.names.len());
            cells.push(cell);
            let sum = &mut self.counts[cell as usize].1;
            sum.messages += counts.messages;
            sum.words += counts.words;
            sum.segments += counts.segments;
            for (sum, n) in sum.names.iter_mut().zip(counts.names) {
                *sum += n;
            }
            #[expect(clippy::iter_over_hash_type, reason = "goes into another map")]
            for (hit, n) in counts.hits {
                *sum.hits.entry(hit).or_default() += n;
            }
            #[expect(clippy::iter_over_hash_type, reason = "goes into another map")]
            for (thread, in_thread) in counts.threads {
                sum.threads.entry(thread).or_default().add(in_thread);
            }
        }
        self.replies.extend(other.replies.into_iter().map(|reply| Reply { cell: cells[reply.cell as usize], ..reply }));
    }
}

impl SourceContent {
    fn add(&mut self, content: u128) {
        self.n_messages += 1;
        self.sum = self.sum.wrapping_add(content);
    }
}
