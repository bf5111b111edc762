//! What messages add → one tally, in the order of the sources: duplicates are told here, because they lie far apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::score::{Outcome, Scored, ScoredSegment, SegmentHit};
use super::{Scanned, ScannedPart, Setup, SourceIntake};
use crate::fault::{self, Fault};
use crate::lexicon::groups::Group;
use crate::lexicon::topics::TopicSet;
use crate::lexicon::{Category, Entry, Lexicons};
use crate::message::Reason;
use crate::tally::part::{MessageMark, Open, OpenReply, OpenThread, Part};
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
    /// Team of whoever wrote a message, by the hash of its id; of several messages of one id the team that comes first by name.
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
            let names = &self.setup.framing.lexicons.groups;
            let first = |known: Group| if names.name(team) < names.name(known) { team } else { known };
            self.teams_of_messages.entry(scored.id).and_modify(|known| *known = first(*known)).or_insert(team);
        }
        let cell = self.cell(scored.author, scored.team, scored.month);
        let mut hits_about = Vec::new();
        let counts = &mut self.of_source.counts[cell as usize].1;
        counts.messages += 1;
        counts.words += scored.words;
        counts.segments += scored.segments;
        if let Some(thread) = scored.thread {
            let in_thread = InThread { topics: scored.topics, messages: 1, is_thread: scored.is_in_thread };
            counts.threads.entry(thread).or_default().add(in_thread);
        }
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
        let mut replies: FxHashMap<u32, BTreeMap<Arc<str>, Replies>> = FxHashMap::default();
        for reply in &self.counted.replies {
            let Some(&team) = self.teams_of_messages.get(&reply.to) else { continue };
            let mut to = Replies { segments: reply.segments, hits: BTreeMap::new() };
            for &(category, _) in reply.hits.iter().filter(|&&(_, about)| about == team) {
                *to.hits.entry(category).or_default() += 1;
            }
            *replies.entry(reply.cell).or_default().entry(self.team_name(team)).or_default() += to;
        }
        let topics_of_threads = topics_of_threads(&self.counted.counts);
        let names = Names::new(&self);
        for (index, (place, counts)) in (0_u32..).zip(std::mem::take(&mut self.counted.counts)) {
            let mut cell = names.cell(&counts);
            for (thread, in_thread) in counts.threads.into_iter().filter(|(thread, _)| topics_of_threads.contains(thread)) {
                cell.threads.insert(ThreadPseudonym::new(&self.setup.key, thread), names.in_thread(in_thread));
            }
            cell.replies = replies.remove(&index).unwrap_or_default();
            *self.tally.cells.entry(names.key(place)).or_default() += cell;
        }
        self.describe();
        Scanned { tally: self.tally, faults: self.faults, sources: self.sources }
    }

    /// The same of some of a company's authors: what must be asked of the others stays open.
    pub(super) fn finish_part(mut self) -> ScannedPart {
        let names = Names::new(&self);
        let key = &self.setup.key;
        let mark = |message: u64| MessageMark::from(ThreadPseudonym::new(key, message));
        let mut open = Open::default();
        for reply in &self.counted.replies {
            let place = self.counted.counts[reply.cell as usize].0;
            let to: &mut OpenReply = open.replies.entry((names.key(place), mark(reply.to))).or_default();
            to.segments += reply.segments;
            for &(category, about) in &reply.hits {
                *to.hits.entry((category, self.team_name(about))).or_default() += 1;
            }
        }
        let mut openers = FxHashSet::default();
        for (place, mut counts) in std::mem::take(&mut self.counted.counts) {
            let cell_key = names.key(place);
            let cell = names.cell(&counts);
            let mut may_open = Vec::new();
            #[expect(clippy::iter_over_hash_type, reason = "goes into ordered maps, and lists that are sorted")]
            for (thread, in_thread) in counts.threads.drain() {
                if in_thread.is_thread || !in_thread.topics.is_empty() || in_thread.messages > 1 {
                    let own = names.in_thread(in_thread);
                    let thread = ThreadPseudonym::new(key, thread);
                    open.threads.insert((cell_key.clone(), thread), OpenThread { own, is_thread: in_thread.is_thread });
                } else {
                    openers.insert(thread);
                    may_open.push(mark(thread));
                }
            }
            if !may_open.is_empty() {
                may_open.sort_unstable();
                open.openers.insert(cell_key.clone(), may_open);
            }
            *self.tally.cells.entry(cell_key).or_default() += cell;
        }
        for (&message, &team) in self.teams_of_messages.iter().filter(|(message, _)| !openers.contains(message)) {
            open.sent.entry(self.team_name(team)).or_default().push(mark(message));
        }
        open.sent.values_mut().for_each(|messages| messages.sort_unstable());
        self.describe();
        ScannedPart { part: Part { tally: self.tally, open }, faults: self.faults, sources: self.sources }
    }

    fn team_name(&self, team: Group) -> Arc<str> {
        Arc::clone(self.setup.framing.lexicons.groups.name(team))
    }

    /// Notes in the tally what its entries are and which roster it was made with.
    fn describe(&mut self) {
        let entries = || self.setup.framing.lexicons.entries.iter();
        let name = |entry: &Entry| Arc::<str>::from(entry.name.as_str());
        self.tally.not_swappable = entries().filter(|entry| !entry.swap).map(|entry| (entry.category, name(entry))).collect();
        let coded_as = |entry: &Entry| entry.subcategory.as_deref().and_then(Coded::from_name);
        self.tally.coded = entries().filter_map(|entry| Some((coded_as(entry)?, name(entry)))).collect();
        self.tally.rosters.extend(self.setup.roster.fingerprint.clone());
    }
}

/// Pseudonyms for authors and names for groups and entries.
struct Names<'a> {
    lexicons: &'a Lexicons,
    entries: Vec<Arc<str>>,
    authors: Vec<Pseudonym>,
}

impl<'a> Names<'a> {
    fn new(collector: &Collector<'a>) -> Self {
        let lexicons = &collector.setup.framing.lexicons;
        let mut authors = vec![""; collector.authors.len()];
        #[expect(clippy::iter_over_hash_type, reason = "every element goes to its own place")]
        for (author, &index) in &collector.authors {
            authors[index as usize] = author;
        }
        Self {
            lexicons,
            entries: lexicons.entries.iter().map(|entry| entry.name.as_str().into()).collect(),
            authors: authors.into_iter().map(|author| Pseudonym::new(&collector.setup.key, author)).collect(),
        }
    }

    fn group(&self, group: Group) -> Arc<str> {
        Arc::clone(self.lexicons.groups.name(group))
    }

    fn key(&self, place: Place) -> CellKey {
        CellKey { author: self.authors[place.author as usize], team: place.team.map(|team| self.group(team)), month: place.month }
    }

    /// All but replies and threads.
    fn cell(&self, counts: &Counts) -> Cell {
        let mut cell = Cell { messages: counts.messages, words: counts.words, segments: counts.segments, ..Cell::default() };
        for (group, &n) in self.lexicons.groups.all().zip(&counts.names).filter(|&(_, &n)| n > 0) {
            cell.names.insert(self.group(group), n);
        }
        #[expect(clippy::iter_over_hash_type, reason = "goes into an ordered map")]
        for (hit, &n) in &counts.hits {
            let mut entries: Vec<_> = hit.entries.iter().map(|entry| Arc::clone(&self.entries[entry.0 as usize])).collect();
            entries.sort_unstable();
            let target = hit.target.map(|target| self.group(target));
            *cell.hits.entry(HitKey { target, named: hit.named, category: hit.category, entries }).or_default() += n;
        }
        cell
    }

    fn in_thread(&self, in_thread: InThread) -> InTopicThread {
        let topics = self.lexicons.topics.names(in_thread.topics).map(Arc::clone).collect();
        InTopicThread { topics, messages: u64::from(in_thread.messages) }
    }
}

impl InThread {
    fn add(&mut self, other: Self) {
        self.topics.extend(other.topics);
        self.messages += other.messages;
        self.is_thread |= other.is_thread;
    }
}

/// Threads in which some message is about a topic. The others say nothing about where teams meet and are not kept.
fn topics_of_threads(counts: &[(Place, Counts)]) -> FxHashSet<u64> {
    let in_threads = || counts.iter().flat_map(|(_, counts)| &counts.threads);
    // Few threads have a topic, and most messages open one that nobody goes on with: of these nothing is written down.
    let with_topic: FxHashSet<u64> = in_threads().filter(|(_, here)| !here.topics.is_empty()).map(|(&thread, _)| thread).collect();
    in_threads().filter(|(thread, here)| here.is_thread && with_topic.contains(thread)).map(|(&thread, _)| thread).collect()
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
        // Of the first source all is taken as it is: two copies would be the most that a scan holds.
        if self.counts.is_empty() && self.replies.is_empty() {
            *self = other;
            return;
        }
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
