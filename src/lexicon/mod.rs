//! The words themselves: lexicons and the names of groups, data from TOML files, compiled into one matcher.

pub mod builtin;
pub mod coded;
pub mod cues;
pub mod groups;
mod marks;
pub mod matcher;
mod mention;
pub mod parse;
mod pattern;
pub mod payload;
mod phrase;
mod text;
pub mod topics;
mod trie;

pub use pattern::is_function_word;
pub(crate) use phrase::sequences;
pub use text::Text;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, Place};
use crate::fingerprint;
use crate::word::{Token, Vocabulary};
use cues::{CueFile, Cues};
use groups::{Group, Groups};
use matcher::Matcher;
use parse::{Classes, LexiconFile};
use payload::Payload;
use topics::{TopicSet, Topics};

/// What wording is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Category {
    /// A team or its people as saviours, fighters, superhuman, the only ones who count.
    Heroic,
    /// A team as remote, theoretical, ignorant of customers, playing with form.
    IvoryTower,
    /// Gender-marked nouns, diminutives, stereotyped traits.
    Gendered,
    /// An earlier failure used to talk down a team, an idea or a person.
    PastFailure,
    /// Work across teams, told or invited.
    Collaboration,
    /// The mirror against Sales: short-sighted, pushy, only after commission.
    AntiSales,
}

impl Category {
    /// All categories, in the order in which reports list them.
    pub const ALL: [Self; 6] = [Self::Heroic, Self::IvoryTower, Self::Gendered, Self::PastFailure, Self::Collaboration, Self::AntiSales];

    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Heroic => "heroic",
            Self::IvoryTower => "ivory_tower",
            Self::Gendered => "gendered",
            Self::PastFailure => "past_failure",
            Self::Collaboration => "collaboration",
            Self::AntiSales => "anti_sales",
        }
    }

    /// The category with that name in files.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.name() == name)
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What an entry must be said of to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum About {
    /// A group.
    Group,
    /// A person: a role, a name for people or a personal pronoun is in reach.
    Person,
    /// Nothing: it counts anywhere.
    Nothing,
}

/// One item of a lexicon, in one sense.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Entry {
    /// Public name: `name`, else the first of `matches`.
    pub name: String,
    /// The category of its lexicon.
    pub category: Category,
    /// A finer kind within the category (gendered: noun, diminutive, …).
    pub subcategory: Option<String>,
    /// Words, stems, phrases and patterns.
    pub matches: Vec<Text>,
    /// The sense in which it counts.
    pub sense: String,
    /// Phrases that undo it.
    pub unless: Vec<Text>,
    /// What it must be said of.
    pub about: About,
    /// Whether it could be said of any team, so that it may enter a comparison of teams.
    pub swap: bool,
    /// Whether a negator before it undoes it.
    pub negatable: bool,
    /// What to write instead.
    pub instead: Option<String>,
    /// Paper, list or "own".
    pub source: String,
    /// Sentences in which it must count.
    pub yes: Vec<Text>,
    /// Sentences in which it must not count.
    pub no: Vec<Text>,
    /// Its line in its file, for messages.
    pub line: u64,
    /// The file it comes from.
    pub file: Arc<str>,
}

/// Name of the entry that stands for a category's cues.
pub const CUES: &str = "cues";

impl Entry {
    /// What a category's weighted cues are in a tally: one entry among others. They hold no name of a team, so they fit any.
    fn of_cues(file: &CueFile) -> Self {
        Self {
            name: CUES.to_owned(),
            category: file.header.category,
            subcategory: None,
            matches: Vec::new(),
            sense: "weighted cues that add up".to_owned(),
            unless: Vec::new(),
            about: About::Group,
            swap: true,
            negatable: true,
            instead: None,
            source: file.header.fitted_from.clone(),
            yes: Vec::new(),
            no: Vec::new(),
            line: 1,
            file: Arc::clone(&file.path),
        }
    }

    /// Whether it stands for weighted cues.
    #[must_use]
    pub const fn is_of_cues(&self) -> bool {
        self.matches.is_empty()
    }
}

/// A lexicon's description.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lexicon {
    /// Its category.
    pub category: Category,
    /// Title for people.
    pub title: String,
    /// Version of the list.
    pub version: String,
    /// Language of its entries (BCP 47).
    pub language: String,
    /// What it claims.
    pub description: String,
    /// How reports word it ("heroic wording").
    pub reads_as: String,
}

/// Index of an entry in [`Lexicons::entries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryId(pub u32);

/// A name of a group in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The group.
    pub group: Group,
    /// The segment's tokens of the name.
    pub tokens: Range<usize>,
    /// Those of them without a noun for people behind a field of work ("HR" in "HR ladies"): what `@team` stands for as well.
    pub field: Range<usize>,
}

/// What was found in a segment, in space that is used again from segment to segment.
#[derive(Debug, Default)]
pub struct Found {
    /// Entries and their exceptions, all lengths from every start.
    pub matches: Vec<Match>,
    /// Names of groups, in order.
    pub mentions: Vec<Mention>,
    /// Words that name a group only as the subject of wording.
    pub weak: Vec<Mention>,
    /// Groups that it brings up without naming them: "they" of the next segment may be one of these.
    pub hinted: Vec<Group>,
    /// Groups whose work is spoken of ("the brochure"): wording that names nobody may be about them.
    pub works: Vec<Group>,
    /// What it is about.
    pub topics: TopicSet,
    occurrences: Vec<pattern::Occurrence>,
}

/// Space that patterns run in, used again from segment to segment.
#[derive(Debug, Default)]
pub struct PatternSpace(pattern::Paths);

/// An entry, or a phrase that undoes one, found in a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// What was found.
    pub payload: Payload,
    /// Which of the entry's strings.
    pub string: u16,
    /// The segment's tokens it covers.
    pub tokens: Range<usize>,
}

/// All lexicons and group names, compiled.
#[derive(Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Lexicons {
    /// The lexicons, in the order of [`Category::ALL`].
    pub lexicons: Vec<Lexicon>,
    /// All entries.
    pub entries: Vec<Entry>,
    /// Weighted cues, beside the entries.
    pub cues: Cues,
    /// For every category that has cues, the entry that stands for them.
    cue_entries: [Option<EntryId>; Category::ALL.len()],
    /// The groups and their names.
    pub groups: Groups,
    /// The topics that are looked for.
    pub topics: Topics,
    /// The words of entries and names.
    pub vocabulary: Vocabulary,
    /// SHA-256 of all but the groups.
    content: [u8; 32],
    matcher: Matcher,
}

impl Lexicons {
    /// Compiles lexicon files and groups. Files of one category add up; the first gives the description.
    ///
    /// # Errors
    /// Every string that is no word, stem or phrase, and every string that stands twice in a category, with its place.
    pub fn compile(files: &[LexiconFile], classes: &Classes, groups: Groups) -> Result<Self, Vec<Fault>> {
        Self::compile_with(files, classes, &[], groups, Topics::default())
    }

    /// The same, with weighted cues and with topics to look for.
    ///
    /// # Errors
    /// The same, and every cue and every string of a topic that is none.
    pub fn compile_with(
        files: &[LexiconFile],
        classes: &Classes,
        cue_files: &[CueFile],
        groups: Groups,
        topics: Topics,
    ) -> Result<Self, Vec<Fault>> {
        let mut vocabulary = Vocabulary::default();
        let mut building = matcher::Builder::default();
        let mut faults = Vec::new();
        let mut entries = Vec::new();
        let mut lexicons: Vec<Lexicon> = Vec::new();
        let mut hash = hmac_sha256::Hash::new();
        let shared: Arc<str> = "".into();
        let of_files = files.iter().map(|file| (&file.path, &file.classes));
        for (file, classes) in std::iter::once((&shared, classes)).chain(of_files) {
            for (name, members) in &classes.members {
                hash.update(members.join("\n").as_bytes());
                if let Err(why) = building.add_class(file, name, members, &mut vocabulary) {
                    faults.push(Fault::new(classes.at.clone(), why));
                }
            }
        }
        for file in files {
            hash.update(file.text.as_bytes());
            if lexicons.iter().all(|lexicon| lexicon.category != file.lexicon.category) {
                lexicons.push(file.lexicon.clone());
            }
            for entry in &file.entries {
                let id = EntryId(u32::try_from(entries.len()).unwrap_or(u32::MAX));
                building.add_entry(id, entry, &mut vocabulary, &mut faults);
                entries.push(entry.clone());
            }
        }
        let mut cue_entries = [None; Category::ALL.len()];
        for file in cue_files {
            hash.update(file.text.as_bytes());
            cue_entries[file.header.category as usize] = Some(EntryId(u32::try_from(entries.len()).unwrap_or(u32::MAX)));
            entries.push(Entry::of_cues(file));
        }
        let cues = Cues::compile(cue_files, &mut vocabulary).unwrap_or_else(|mistakes| {
            faults.extend(mistakes);
            Cues::default()
        });
        topics.add_to(&mut building, &mut vocabulary, &mut hash, &mut faults);
        let mut matcher = building.finish(&mut vocabulary);
        groups.add_to(&mut matcher, &mut vocabulary, &mut faults);
        if !faults.is_empty() {
            return Err(faults);
        }
        matcher.settle();
        vocabulary.finish();
        lexicons.sort_by_key(|lexicon| lexicon.category);
        Ok(Self { lexicons, entries, cues, cue_entries, groups, topics, vocabulary, content: hash.finalize(), matcher })
    }

    /// Adds groups, or names to those that are there.
    ///
    /// # Errors
    /// Every name that is none, with its place.
    pub fn add_groups<'a>(&mut self, groups: impl IntoIterator<Item = (&'a str, &'a [String], Place)>) -> Result<(), Vec<Fault>> {
        let mut faults = Vec::new();
        for (name, aliases, at) in groups {
            let (group, added) = self.groups.add(name, aliases, &at);
            for alias in added {
                if let Err(why) = self.matcher.add_name(&alias, Payload::Alias(group), &mut self.vocabulary) {
                    faults.push(Fault::new(at.clone(), format!("group \"{name}\": {why}")));
                }
            }
        }
        self.vocabulary.finish();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// The compiled form as bytes that any machine reads, for [`Lexicons::thaw`].
    ///
    /// # Errors
    /// None that is known of.
    pub fn freeze(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_allocvec(self)
    }

    /// What [`Lexicons::freeze`] wrote, ready to be used.
    ///
    /// # Errors
    /// If the bytes cannot be read. What their lists hold is not checked: it must be what the same version wrote.
    pub fn thaw(bytes: &'static [u8]) -> Result<Self, postcard::Error> {
        let mut lexicons: Self = postcard::from_bytes(bytes)?;
        lexicons.vocabulary.thaw();
        Ok(lexicons)
    }

    /// First 16 hexadecimal digits of a SHA-256 over all lexicons, cues, topics and groups.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = hmac_sha256::Hash::new();
        hash.update(self.content);
        self.groups.each_name(&mut |name| hash.update(name));
        fingerprint::hex(&hash.finalize()[..8])
    }

    /// The entry with this id.
    #[must_use]
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    /// The entry that stands for a category's cues, if it has some.
    #[must_use]
    pub const fn cue_entry(&self, category: Category) -> Option<EntryId> {
        self.cue_entries[category as usize]
    }

    /// Finds every entry, exception and group name in a segment.
    pub fn find(&self, text: &str, segment: &[Token], space: &mut PatternSpace, found: &mut Found) {
        self.matcher.find(text, segment, &self.vocabulary, &mut space.0, found);
    }

    /// The group a team of the roster is.
    #[must_use]
    pub fn group_of_team(&self, team: &str) -> Option<Group> {
        self.groups.find(team)
    }
}
