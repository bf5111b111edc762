//! What shows only over several messages of one source: lines that an author repeats below mails, lines that many authors' mails share,
//! authors who are programs, and authors who write another language. Learned in a first pass that keeps hashes and counts, and of what
//! does not read like English a few excerpts an author, in memory only. Beside it stand the places of each message's own words, for the
//! second reading (`findings`).
//!
//! All of it is told by author and source alone, whatever the order of the messages: nothing that is kept depends on what came first, and a
//! copy of a message in another folder counts once. Thresholds stand where they are used and were set by reading real archives.

mod findings;
mod language;
mod lowest;
mod robots;
mod trailing;
mod words;

#[cfg(test)]
mod tests;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::clean::{self, OwnWords, TrailingCut, Writer};
use crate::fingerprint;
use crate::message::{Markup, Message, Reason};

pub use findings::{Finding, Findings, Recall};
pub use language::Language;
use language::Writing;
use robots::Variety;
use trailing::Below;
use words::Words;

/// What one message teaches.
#[derive(Debug)]
pub struct Trace {
    author: u64,
    /// Equal for copies of the same message; `None` where nothing tells a copy from a repetition.
    copy: Option<u64>,
    /// Which messages of an author are looked at more closely is drawn by this.
    lot: u64,
    is_mail: bool,
    trailing: Vec<u64>,
    words: Words,
    excerpt: Option<Box<str>>,
}

impl Trace {
    /// The trace of a message, if a person seems to have written it; what was found of the message is added to the findings.
    #[must_use]
    pub fn of(message: &Message<'_>, findings: &mut Findings) -> Option<Self> {
        let Some(author) = author_of(message).filter(|_| findings::is_persons(message)) else {
            findings.add(&message.text, None);
            return None;
        };
        let (finding, trailing) = Finding::of(message);
        findings.add(&message.text, Some(&finding));
        let Finding { own, is_automatic: false, .. } = finding else { return None };
        let words = Words::of(&message.text, &own);
        let second = message.sent_at.map(|sent_at| sent_at.as_second().to_le_bytes());
        let when: &[u8] = second.as_ref().map_or(message.id.as_bytes(), |second| second);
        let below: Vec<u8> = trailing.iter().flat_map(|line| line.to_le_bytes()).collect();
        let own_text = own.pieces.iter().map(|piece| piece.span.of(&message.text).as_bytes());
        let lot = short(fingerprint::of_parts([author.to_le_bytes().as_slice(), when, &below].into_iter().chain(own_text)));
        Some(Self {
            author,
            copy: (!when.is_empty()).then_some(lot),
            lot,
            is_mail: message.markup == Markup::Mail,
            trailing,
            excerpt: language::excerpt(&message.text, &own, &words),
            words,
        })
    }
}

/// A source's author while its messages are read.
#[derive(Debug)]
struct Author {
    id: u64,
    below: Below,
    variety: Variety,
    writing: Writing,
}

/// What the messages of one source teach, while they are read.
#[derive(Debug, Default)]
pub struct Lessons {
    copies: FxHashSet<u64>,
    by_id: FxHashMap<u64, u32>,
    authors: Vec<Author>,
    skeletons: Vec<u64>,
}

impl Lessons {
    /// Adds what a message teaches; the order does not matter.
    pub fn add(&mut self, trace: Trace) {
        if trace.copy.is_some_and(|copy| !self.copies.insert(copy)) {
            return;
        }
        let next = u32::try_from(self.authors.len()).unwrap_or(u32::MAX);
        let index = *self.by_id.entry(trace.author).or_insert(next);
        if index == next {
            self.authors.push(Author {
                id: trace.author,
                below: Below::default(),
                variety: Variety::default(),
                writing: Writing::default(),
            });
        }
        let author = &mut self.authors[index as usize];
        if trace.is_mail {
            author.below.add(trace.lot, trace.trailing);
        }
        self.skeletons.extend(trace.words.skeleton.map(|skeleton| by_author(trace.author, skeleton)));
        author.writing.add(trace.lot, &trace.words, trace.excerpt);
        author.variety.add(trace.lot, trace.words);
    }

    /// How many authors there are.
    #[must_use]
    pub const fn n_authors(&self) -> usize {
        self.authors.len()
    }

    /// What the messages of an author, from 0, say of the author. It takes the longest of all that is learned, so that several may be asked side
    /// by side.
    ///
    /// # Panics
    /// If there are not so many.
    #[must_use]
    pub fn nature_of(&self, author: usize) -> Nature {
        let Author { variety, writing, .. } = &self.authors[author];
        if variety.is_robot() { Nature::Robot } else { Nature::Writes(writing.learn()) }
    }

    /// What they teach together, given what they say of each author, in order.
    #[must_use]
    pub fn learn(self, natures: Vec<Nature>) -> Learned {
        let (footers, signatures) = trailing::learn(&self.authors);
        let templates = robots::templates(self.skeletons);
        let mut learned = Learned { footers, signatures, templates, ..Learned::default() };
        for (Author { id, .. }, nature) in self.authors.into_iter().zip(natures) {
            match nature {
                Nature::Robot => {
                    learned.robots.insert(id);
                }
                Nature::Writes(Language::English) => {}
                Nature::Writes(language) => {
                    learned.languages.insert(id, language);
                }
            }
        }
        learned
    }
}

/// What an author's messages say of the author.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A program that is called like a person.
    Robot,
    /// Somebody who writes in this.
    Writes(Language),
}

/// What was learned of a source; nothing where it could be read only once.
#[derive(Debug, Default)]
pub struct Learned {
    /// Lines that many authors' mails share at the end.
    footers: FxHashSet<u64>,
    /// Lines below mails, each with its author.
    signatures: FxHashSet<u64>,
    /// Skeletons of messages that differ in numbers only, each with its author.
    templates: FxHashSet<u64>,
    /// Authors who are programs.
    robots: FxHashSet<u64>,
    /// Authors who write another language than English, or both.
    languages: FxHashMap<u64, Language>,
}

impl Learned {
    /// Cleans a message, of which a first reading may have found something.
    ///
    /// # Errors
    /// Why it does not count: by what it says, or by what its author otherwise writes.
    pub fn clean(&self, message: &Message<'_>, found: Option<Finding>) -> Result<Cleaned, Reason> {
        let author = author_of(message);
        let Finding { own: whole, is_automatic, last_line } = found.unwrap_or_else(|| Finding::of(message).0);
        if is_automatic {
            return Err(Reason::Automatic);
        }
        if let Some(reason) = author.and_then(|author| self.removes(author, message, &whole)) {
            return Err(reason);
        }
        let knows = |author: &u64| last_line.is_some_and(|line| trailing::is_known(self, *author, line));
        let Some(author) = author.filter(knows) else { return Ok(Cleaned { own: whole, whole: None }) };
        let mut is_cut = false;
        let own = clean::own_words_above(&message.text, message.markup, Writer::of(&message.author), &mut |lines| {
            let cut = trailing::known(self, author, lines);
            is_cut = cut != TrailingCut::default();
            cut
        });
        Ok(Cleaned { own, whole: is_cut.then_some(whole) })
    }

    /// Why a message does not count, by what its author otherwise writes.
    fn removes(&self, author: u64, message: &Message<'_>, own: &OwnWords) -> Option<Reason> {
        if self.robots.contains(&author) {
            return Some(Reason::Automatic);
        }
        let language = self.languages.get(&author).copied().unwrap_or(Language::English);
        if self.templates.is_empty() && language == Language::English {
            return None;
        }
        let words = Words::of(&message.text, own);
        if words.skeleton.is_some_and(|skeleton| self.templates.contains(&by_author(author, skeleton))) {
            return Some(Reason::Automatic);
        }
        language::is_other(language, &message.text, own, &words).then_some(Reason::OtherLanguage)
    }
}

/// A message that counts.
#[derive(Debug)]
pub struct Cleaned {
    /// Its own words.
    pub own: OwnWords,
    /// What these would be if nothing had been learned, where that is something else.
    whole: Option<OwnWords>,
}

impl Cleaned {
    /// The own words as they would be if nothing had been learned: equal for copies of a message in any source.
    #[must_use]
    pub fn whole(&self) -> &OwnWords {
        self.whole.as_ref().unwrap_or(&self.own)
    }
}

/// Names the author by what the source says alone, so that the roster decides about teams and not about cleaning.
fn author_of(message: &Message<'_>) -> Option<u64> {
    message.author.key().map(|key| short(fingerprint::of_parts([key.as_bytes()])))
}

fn by_author(author: u64, hash: u64) -> u64 {
    short(fingerprint::of_parts([author.to_le_bytes().as_slice(), &hash.to_le_bytes()]))
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
const fn short(hash: u128) -> u64 {
    hash as u64
}
