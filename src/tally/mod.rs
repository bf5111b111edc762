//! Mergeable counts, the only thing kept between runs. Tallies add up in any order and grouping as long as their authors are disjoint.

mod file;
pub mod part;
pub mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::AddAssign;
use std::sync::Arc;

use crate::lexicon::{CUES, Category};
use crate::message::ByReason;

pub use file::{SCHEMA, looks_like, read, write};

/// A keyed hash (first 128 bits of HMAC-SHA-256, RFC 2104) that stands for an author.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pseudonym(pub u128);

impl Pseudonym {
    /// The pseudonym of an author under a key.
    #[must_use]
    pub fn new(key: &Key, author: &str) -> Self {
        let digest = hmac_sha256::HMAC::mac(author.as_bytes(), key.0);
        let mut first = [0; 16];
        first.copy_from_slice(&digest[..16]);
        Self(u128::from_be_bytes(first))
    }
}

/// A keyed hash that stands for a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadPseudonym(pub u128);

impl ThreadPseudonym {
    /// The pseudonym of a thread, by the hash of its id, under a key; no author's, whatever his name.
    #[must_use]
    pub fn new(key: &Key, thread: u64) -> Self {
        Self(Pseudonym::new(key, &format!("thread\0{thread:016x}")).0)
    }
}

/// The secret that makes pseudonyms; never printed.
#[derive(Clone, Copy)]
pub struct Key([u8; 32]);

impl Key {
    /// A key from its bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Names the key in a tally's header, so that tallies made under different keys are not merged.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        crate::fingerprint::hex(&hmac_sha256::HMAC::mac(b"evenhand key fingerprint", self.0)[..8])
    }
}

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year, common era.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Month {
    /// A month from `2026-03`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let month = Self { year: year.parse().ok()?, month: month.parse().ok()? };
        (1..=12).contains(&month.month).then_some(month)
    }
}

/// Whose counts, of when. A missing team is an author whom the roster does not know; a missing month a message without a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// Author.
    pub author: Pseudonym,
    /// Team at that time.
    pub team: Option<Arc<str>>,
    /// Month.
    pub month: Option<Month>,
}

/// A kind of hit within a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HitKey {
    /// Group that the hit is about.
    pub target: Option<Arc<str>>,
    /// Whether the segment names that group.
    pub named: bool,
    /// Category.
    pub category: Category,
    /// The entries that made the hit, sorted.
    pub entries: Vec<Arc<str>>,
}

impl HitKey {
    /// Whether weighted cues made the hit; where an entry hits they are not asked.
    #[must_use]
    pub fn is_of_cues(&self) -> bool {
        self.entries.iter().all(|entry| **entry == *CUES)
    }
}

/// Replies to members of one team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replies {
    /// Segments of the replies.
    pub segments: u64,
    /// Hits in them about that team, by category.
    pub hits: BTreeMap<Category, u64>,
}

/// What an author wrote in one thread that is about a topic, whoever named the topic.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InTopicThread {
    /// Topics of the author's own messages, by name.
    pub topics: BTreeSet<Arc<str>>,
    /// Messages.
    pub messages: u64,
}

/// Counts of one author in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Messages kept.
    pub messages: u64,
    /// Own words.
    pub words: u64,
    /// Segments of own words.
    pub segments: u64,
    /// Segments that name a group, by group.
    pub names: BTreeMap<Arc<str>, u64>,
    /// Segments with a hit, by kind.
    pub hits: BTreeMap<HitKey, u64>,
    /// Replies by the team of whom they answer.
    pub replies: BTreeMap<Arc<str>, Replies>,
    /// Threads that are about a topic.
    pub threads: BTreeMap<ThreadPseudonym, InTopicThread>,
}

fn add_all<K: Ord, V: AddAssign>(sums: &mut BTreeMap<K, V>, others: BTreeMap<K, V>) {
    for (key, n) in others {
        match sums.entry(key) {
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(n);
            }
            std::collections::btree_map::Entry::Occupied(mut occupied) => *occupied.get_mut() += n,
        }
    }
}

impl AddAssign for Replies {
    fn add_assign(&mut self, other: Self) {
        self.segments += other.segments;
        add_all(&mut self.hits, other.hits);
    }
}

impl AddAssign for InTopicThread {
    fn add_assign(&mut self, other: Self) {
        self.topics.extend(other.topics);
        self.messages += other.messages;
    }
}

impl AddAssign for Cell {
    fn add_assign(&mut self, other: Self) {
        self.messages += other.messages;
        self.words += other.words;
        self.segments += other.segments;
        add_all(&mut self.names, other.names);
        add_all(&mut self.hits, other.hits);
        add_all(&mut self.replies, other.replies);
        add_all(&mut self.threads, other.threads);
    }
}

/// How many messages were read and what became of them and of their text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Intake {
    /// Messages read = kept + removed.
    pub read: u64,
    /// Messages kept.
    pub kept: u64,
    /// Messages removed.
    pub removed: ByReason,
    /// Characters of the kept messages' texts, quotes and all.
    pub characters: u64,
    /// Characters of them that are not own words.
    pub removed_characters: ByReason,
    /// Naming segments that repeat one by the same author, counted once.
    pub repeated_segments: u64,
    /// Records that could not be read.
    pub faults: u64,
    /// Sources that could be read only once, so that nothing was learned over several of their messages.
    pub sources_read_once: u64,
}

impl Intake {
    /// What was added since an earlier count of the same intake.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        Self {
            read: self.read - before.read,
            kept: self.kept - before.kept,
            removed: self.removed.since(&before.removed),
            characters: self.characters - before.characters,
            removed_characters: self.removed_characters.since(&before.removed_characters),
            repeated_segments: self.repeated_segments - before.repeated_segments,
            faults: self.faults - before.faults,
            sources_read_once: self.sources_read_once - before.sources_read_once,
        }
    }
}

impl AddAssign<&Self> for Intake {
    fn add_assign(&mut self, other: &Self) {
        self.read += other.read;
        self.kept += other.kept;
        self.removed += &other.removed;
        self.characters += other.characters;
        self.removed_characters += &other.removed_characters;
        self.repeated_segments += other.repeated_segments;
        self.faults += other.faults;
        self.sources_read_once += other.sources_read_once;
    }
}

/// What makes two tallies comparable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Fingerprint of lexicons and group names.
    pub lexicons: String,
    /// Version of the cleaning rules.
    pub cleaning: String,
    /// Fingerprint of the key.
    pub key: String,
    /// Zone that months are counted in.
    pub timezone: String,
}

/// A mergeable tally.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What it was made with.
    pub origin: Origin,
    /// Fingerprints of the rosters, one unless rosters differed.
    pub rosters: BTreeSet<String>,
    /// Content hash of every source: the sum of its messages' hashes, so that folder and archive give the same.
    pub sources: BTreeSet<u128>,
    /// Intake counts.
    pub intake: Intake,
    /// Entries that fit one team only and stay out of comparisons, by category.
    pub not_swappable: BTreeSet<(Category, Arc<str>)>,
    /// Gendered entries that are adjectives coded masculine or feminine, which are counted apart.
    pub coded: BTreeSet<(Coded, Arc<str>)>,
    /// How many authors occur in more than one of the tallies that were added up: repeated text across them was not looked for.
    pub shared_authors: u64,
    /// The counts.
    pub cells: BTreeMap<CellKey, Cell>,
}

/// How an adjective is coded: two kinds that hardly go together (Gaucher, Friesen & Kay 2011: r = .05 to .10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coded {
    /// Coded masculine.
    Masculine,
    /// Coded feminine.
    Feminine,
}

impl Coded {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Masculine, Self::Feminine];

    /// The name in files, which is the sub-category's in the lexicon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Masculine => "coded_masculine",
            Self::Feminine => "coded_feminine",
        }
    }

    /// The kind with that name in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|coded| coded.name() == name)
    }
}

/// Why two tallies cannot be added up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// One of the origins differs.
    #[error("made with other {what}: found {found}, expected {expected}")]
    Origin {
        /// Lexicons, cleaning rules, key or zone.
        what: &'static str,
        /// What this tally was made with.
        found: String,
        /// What those before it were made with.
        expected: String,
    },
    /// A source is in both.
    #[error("holds a source that was already counted (content {0:032x})")]
    Source(u128),
    /// An author has two teams in one month.
    #[error("one author is in two teams ({0} and {1}) in {2}; the rosters differ")]
    Teams(Arc<str>, Arc<str>, String),
}

impl Tally {
    /// An empty tally.
    #[must_use]
    pub const fn new(origin: Origin) -> Self {
        Self {
            origin,
            rosters: BTreeSet::new(),
            sources: BTreeSet::new(),
            intake: Intake {
                read: 0,
                kept: 0,
                removed: ByReason::NONE,
                characters: 0,
                removed_characters: ByReason::NONE,
                repeated_segments: 0,
                faults: 0,
                sources_read_once: 0,
            },
            not_swappable: BTreeSet::new(),
            coded: BTreeSet::new(),
            shared_authors: 0,
            cells: BTreeMap::new(),
        }
    }

    /// First and last month, if any message has a time.
    #[must_use]
    pub fn months(&self) -> Option<(Month, Month)> {
        let months = || self.cells.keys().filter_map(|key| key.month);
        months().min().zip(months().max())
    }

    /// Adds another tally.
    ///
    /// # Errors
    /// If the two were made with different rules, hold the same source, or put one author into two teams in one month.
    pub fn merge(&mut self, other: Self) -> Result<(), Mismatch> {
        let pairs = [
            ("lexicons", &self.origin.lexicons, &other.origin.lexicons),
            ("cleaning rules", &self.origin.cleaning, &other.origin.cleaning),
            ("key", &self.origin.key, &other.origin.key),
            ("time zone", &self.origin.timezone, &other.origin.timezone),
        ];
        for (what, expected, found) in pairs {
            if expected != found {
                return Err(Mismatch::Origin { what, found: found.clone(), expected: expected.clone() });
            }
        }
        if let Some(&source) = self.sources.intersection(&other.sources).next() {
            return Err(Mismatch::Source(source));
        }
        if self.rosters != other.rosters {
            self.check_teams(&other)?;
        }
        let authors: BTreeSet<Pseudonym> = self.cells.keys().map(|key| key.author).collect();
        let others: BTreeSet<Pseudonym> = other.cells.keys().map(|key| key.author).collect();
        self.shared_authors += other.shared_authors + authors.intersection(&others).count() as u64;
        self.rosters.extend(other.rosters);
        self.sources.extend(other.sources);
        self.not_swappable.extend(other.not_swappable);
        self.coded.extend(other.coded);
        self.intake += &other.intake;
        add_all(&mut self.cells, other.cells);
        Ok(())
    }

    /// A roster that was changed between two scans may have moved an author; within a month that cannot be right twice.
    fn check_teams(&self, other: &Self) -> Result<(), Mismatch> {
        let teams: BTreeMap<_, _> = self.cells.keys().map(|key| ((key.author, key.month), &key.team)).collect();
        for key in other.cells.keys() {
            if let (Some(Some(ours)), Some(theirs)) = (teams.get(&(key.author, key.month)), &key.team)
                && ours != theirs
            {
                let month = key.month.map_or_else(|| "messages without a time".to_owned(), |month| month.to_string());
                return Err(Mismatch::Teams(Arc::clone(ours), Arc::clone(theirs), month));
            }
        }
        Ok(())
    }
}
