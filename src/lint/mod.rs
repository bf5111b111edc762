//! One draft → remarks with their places, before anybody reads it. No roster, no author, no statistics: what lexicons and framing find in the
//! writer's own words, less what the draft says to pass over.
//!
//! `draft` reads a file, `markdown` and `ignore` cut what is no prose, `balance` counts coded words, `diff` says which lines were changed.

mod balance;
pub mod diff;
mod draft;
mod ignore;
mod markdown;
mod places;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clean::{self, OwnWords, Piece};
use crate::framing::{self, Framing, Hit};
use crate::lexicon::Category;
use crate::message::{Markup, Reason};
use crate::span::Span;
use crate::token::Tokens;

pub use balance::{Balance, Coded};
use draft::Text;
pub use draft::{Draft, Format, MAX_BYTES};
pub use places::{Inside, Place};

/// Categories that are looked for unless others are asked for: all that one would rather write differently.
pub const USUAL: [Category; 5] = [Category::Heroic, Category::IvoryTower, Category::Gendered, Category::PastFailure, Category::AntiSales];

/// A remark on a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// Where.
    pub place: Place,
    /// The line, and which of its characters, half open, are meant.
    pub line: String,
    /// First and one past the last character of it that is meant.
    pub marked: (usize, usize),
    /// What is remarked.
    pub what: What,
}

/// What is remarked.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Wording of a category.
    Wording(Box<Wording>),
    /// A mark to ignore something that is not sound, and why.
    Ignore(String),
}

/// Wording of a category, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wording {
    /// The category.
    pub category: Category,
    /// The words, on one line.
    pub words: String,
    /// Public name of the entry.
    pub entry: String,
    /// The sense in which it counts.
    pub sense: String,
    /// Groups it is about; none for wording that needs none.
    pub targets: Vec<Arc<str>>,
    /// What to write instead.
    pub instead: Option<String>,
    /// Paper, list or "own".
    pub source: String,
    /// The strongest weighted cues, where these made it and no entry.
    pub cues: Vec<String>,
}

/// What is found in one draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Linted {
    /// The draft.
    pub path: Arc<str>,
    /// All remarks, by place.
    pub remarks: Vec<Remark>,
    /// How many remarks the draft says to ignore.
    pub n_ignored: usize,
    /// Its coded words, if it has any and they were asked for.
    pub balance: Option<Balance>,
}

/// What to look for.
pub struct Options<'a> {
    /// In these categories.
    pub categories: &'a [Category],
    /// In these lines of the file only, from 1; everywhere where it is not set.
    pub lines: Option<&'a BTreeSet<u64>>,
    /// Coded words to count, over the whole draft.
    pub coded: Option<&'a Coded>,
}

/// Reads a draft.
#[must_use]
pub fn lint(draft: &Draft, framing: &Framing, options: &Options<'_>) -> Linted {
    let is_meant = |place: &Place| options.lines.is_none_or(|lines| (place.line..=place.end_line).any(|line| lines.contains(&line)));
    let mut remarks: Vec<Remark> = Vec::new();
    let mut scratch = Scratch::default();
    for text in draft.texts() {
        let mut found = Vec::new();
        scratch.read(text, framing, &mut |hit| add(&mut found, hit, text, framing));
        remarks.extend(found.into_iter().filter(|(_, wording)| options.categories.contains(&wording.category)).map(|(span, wording)| {
            let (place, line, marked) = draft.locate(text, span);
            Remark { place, line, marked, what: What::Wording(Box::new(wording)) }
        }));
    }
    remarks.retain(|remark| is_meant(&remark.place));
    let n_all = remarks.len();
    let is_asked = |category: Category| options.categories.contains(&category);
    let mistakes = ignore::apply(draft.directives(), &mut remarks, &is_asked);
    let n_ignored = n_all - remarks.len();
    let mistakes = mistakes.into_iter().map(|(span, why)| {
        let (place, line, marked) = draft.locate_bytes(span);
        Remark { place, line, marked, what: What::Ignore(why) }
    });
    remarks.extend(mistakes.filter(|remark| is_meant(&remark.place)));
    remarks.sort_by(|a, b| a.place.cmp(&b.place));
    let balance = options.coded.map(|coded| coded.count(draft.texts(), &mut scratch)).filter(|balance| !balance.is_empty());
    Linted { path: Arc::clone(draft.path()), remarks, n_ignored, balance }
}

/// Adds a hit; one stretch of one entry is one remark, whatever the number of groups it is about.
fn add(found: &mut Vec<(Span, Wording)>, hit: &Hit, text: &Text, framing: &Framing) {
    let lexicons = &framing.lexicons;
    let entry = lexicons.entry(hit.entry);
    let target = hit.target.map(|target| Arc::clone(lexicons.groups.name(target)));
    let is_same =
        |(span, wording): &&mut (Span, Wording)| *span == hit.span && wording.category == hit.category && wording.entry == entry.name;
    if let Some((_, wording)) = found.iter_mut().find(|one| is_same(one)) {
        wording.targets.extend(target);
        return;
    }
    let words = hit.span.of(text.text());
    let wording = Wording {
        category: hit.category,
        words: words.split_whitespace().collect::<Vec<_>>().join(" "),
        entry: entry.name.clone(),
        sense: entry.sense.clone(),
        targets: target.into_iter().collect(),
        instead: entry.instead.clone(),
        source: entry.source.clone(),
        cues: hit.cues.iter().map(|&cue| lexicons.cues.text(cue).to_owned()).collect(),
    };
    found.push((hit.span, wording));
}

/// Space that is used again from text to text.
#[derive(Default)]
struct Scratch {
    tokens: Tokens,
    framing: framing::Scratch,
}

impl Scratch {
    /// Calls `each` for every hit in the writer's own words.
    fn read(&mut self, text: &Text, framing: &Framing, each: &mut dyn FnMut(&Hit)) {
        let own = own_words(text);
        self.tokens.read(text.text(), &own, Markup::Mail, &framing.lexicons.vocabulary);
        framing
            .read_message(text.text(), &self.tokens, None, &mut self.framing, &mut |_, reading| reading.hits.iter().for_each(&mut *each));
    }
}

/// The own words of a text. What everybody writes and nobody means is no speech of a company, but in a draft it will be read: greetings
/// stay, and of what is no mail closings, footers and disclaimers too.
fn own_words(text: &Text) -> OwnWords {
    let mut own = clean::own_words(text.text(), Markup::Mail);
    let first = own.pieces.first().map_or(usize::MAX, |piece| piece.span.start);
    let stays = |&(span, reason): &(Span, Reason)| match reason {
        Reason::Closing => !text.is_of_mail() || span.start < first,
        Reason::Signature | Reason::Disclaimer | Reason::ListFooter => !text.is_of_mail(),
        _ => false,
    };
    let back: Vec<Span> = own.removed.iter().filter(|removed| stays(removed)).map(|&(span, _)| span).collect();
    own.removed.retain(|removed| !stays(removed));
    for span in back {
        let inner = clean::own_words(span.of(text.text()), Markup::Plain);
        let shifted = |piece: &Piece| Piece { span: Span::new(span.start + piece.span.start, span.start + piece.span.end), ..*piece };
        own.pieces.extend(inner.pieces.iter().map(shifted));
    }
    own.pieces.sort_by_key(|piece| piece.span.start);
    own
}
