//! Sources → who wrote in them and how much, for drafting a roster. The only scan that hands on who somebody is.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::score::{Scorer, Scratch};
use super::{Setup, in_order, learn};
use crate::fault::Fault;
use crate::learned::Learned;
use crate::message::{Author, ByReason, Message, Reason};
use crate::roster::draft::Seen;
use crate::source::{Batch, Source};

/// Who was seen.
#[derive(Debug, Default)]
pub struct Census {
    /// Authors of messages that a report would count, by their keys.
    pub authors: Vec<Seen>,
    /// Messages that count.
    pub kept: u64,
    /// Messages that do not.
    pub removed: ByReason,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// What one message says of its author.
struct Signed {
    key: String,
    author: Author<'static>,
    team: Option<Arc<str>>,
    words: u64,
    duplicate_key: Option<u64>,
}

/// A message that does not count, or could not be read.
enum Lost {
    Removed(Reason),
    Fault(Fault),
}

/// Takes the names of everybody whose messages a report would count, and calls `watch` with the bytes read so far.
pub fn census(sources: Vec<Source>, setup: &Setup, watch: &(dyn Fn(u64) + Sync)) -> Census {
    let scorer = Scorer::new(setup);
    let mut census = Census::default();
    let mut authors: BTreeMap<String, Seen> = BTreeMap::new();
    let mut messages = FxHashSet::default();
    let mut n_bytes = 0;
    for source in sources {
        let learned = source.again.as_ref().map_or_else(Learned::default, learn);
        let read = |_: usize, batch: &Batch, scratch: &mut Scratch| {
            let mut read = Vec::new();
            batch.each_message(&mut |record| {
                let signed = |message: Message<'_>| signed(&scorer, setup, &message, &learned, scratch).map_err(Lost::Removed);
                read.push(record.map_err(Lost::Fault).and_then(signed));
            });
            read
        };
        let _ = in_order(source.batches, &read, |fault| Err(Lost::Fault(fault)), &mut |window, read| {
            n_bytes += window.iter().flatten().map(|batch| batch.bytes.len() as u64).sum::<u64>();
            for record in read {
                match record {
                    Err(Lost::Fault(fault)) => census.faults.push(fault),
                    Err(Lost::Removed(reason)) => census.removed.add(reason, 1),
                    Ok(signed) if signed.duplicate_key.is_some_and(|key| !messages.insert(key)) => {
                        census.removed.add(Reason::DuplicateMessage, 1);
                    }
                    Ok(signed) => {
                        census.kept += 1;
                        add(authors.entry(signed.key.clone()).or_default(), signed);
                    }
                }
            }
            watch(n_bytes);
            ControlFlow::Continue(())
        });
    }
    census.authors = authors.into_values().collect();
    census
}

fn signed(scorer: &Scorer<'_>, setup: &Setup, message: &Message<'_>, learned: &Learned, scratch: &mut Scratch) -> Result<Signed, Reason> {
    let day = scorer.day_if_in_scope(message)?;
    let (key, team) = scorer.identify(message, day);
    let key = key.ok_or(Reason::NoAuthor)?;
    let own = scorer.own_words(message, learned.clean(message, None)?, &key, scratch);
    Ok(Signed {
        duplicate_key: own.duplicate_key,
        key,
        author: message.author.clone().into_owned(),
        team: team.map(|team| Arc::clone(setup.framing.lexicons.groups.name(team))),
        words: scratch.tokens.n_words(),
    })
}

fn add(seen: &mut Seen, signed: Signed) {
    let Signed { key, author, team, words, .. } = signed;
    let text = |field: Option<std::borrow::Cow<'static, str>>| field.map(std::borrow::Cow::into_owned).filter(|text| !text.is_empty());
    seen.key = key;
    seen.email = text(author.email).or(seen.email.take());
    seen.handle = text(author.handle).or(seen.handle.take());
    seen.name = text(author.name).or(seen.name.take());
    seen.titles.extend(text(author.title));
    seen.words += words;
    seen.words_with_team += if team.is_some() { words } else { 0 };
    seen.teams.extend(team);
}
