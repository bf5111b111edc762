//! Sources → every match that counts, with its place: how a reading can be looked at and measured. The only scan that hands on text.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::score::{Scorer, Scratch, Writer};
use super::{Setup, in_order, learn};
use crate::fault::{Fault, Place};
use crate::framing::Hit;
use crate::learned::Learned;
use crate::message::{Message, Reason};
use crate::source::{Batch, Source};
use crate::span::Span;

/// One message with its matches; offsets are bytes of the text before cleaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it lies.
    pub place: Place,
    /// The source's id.
    pub id: String,
    /// Why it does not count, if it does not.
    pub removed: Option<Reason>,
    /// Matches that count, by place.
    pub hits: Vec<Hit>,
    /// Segments of own words.
    pub segments: usize,
    /// Stretches that are not own words.
    pub cut: Vec<(Span, Reason)>,
    /// The text before cleaning.
    pub text: String,
}

/// Reads every message of the sources, in order, and hands each on, or a fault, until the sink breaks off.
pub fn concordance(
    sources: Vec<Source>,
    setup: &Setup,
    sink: &mut (dyn FnMut(Result<Row, Fault>) -> ControlFlow<()> + Send),
) -> ControlFlow<()> {
    let scorer = Scorer::new(setup);
    let mut seen = FxHashSet::default();
    sources.into_iter().try_for_each(|source| {
        let learned = source.again.as_ref().map_or_else(Learned::default, learn);
        let read = |_: usize, batch: &Batch, scratch: &mut Scratch| rows(&scorer, batch, &learned, scratch);
        in_order(source.batches, &read, Err, &mut |_, rows| {
            rows.into_iter().try_for_each(|row| {
                sink(row.map(|(mut row, duplicate_key)| {
                    if row.removed.is_none() && duplicate_key.is_some_and(|key| !seen.insert(key)) {
                        row.removed = Some(Reason::DuplicateMessage);
                        row.hits.clear();
                    }
                    row
                }))
            })
        })
    })
}

fn rows(scorer: &Scorer<'_>, batch: &Batch, learned: &Learned, scratch: &mut Scratch) -> Vec<Result<(Row, Option<u64>), Fault>> {
    let mut rows = Vec::new();
    batch.each_message(&mut |record| rows.push(record.map(|message| row(scorer, &message, learned, scratch))));
    rows
}

fn row(scorer: &Scorer<'_>, message: &Message<'_>, learned: &Learned, scratch: &mut Scratch) -> (Row, Option<u64>) {
    let mut row = Row {
        place: message.place.clone(),
        id: message.id.to_string(),
        removed: None,
        hits: Vec::new(),
        segments: 0,
        cut: Vec::new(),
        text: message.text.to_string(),
    };
    let mut duplicate_key = None;
    let read = scorer.day_if_in_scope(message).and_then(|day| {
        // A table or text that names no author can be looked at all the same.
        let (author, team) = scorer.identify(message, day);
        let writer = Writer { author: author.as_deref().unwrap_or_default(), team };
        let cleaned = learned.clean(message, None)?;
        Ok(scorer.read(message, cleaned, writer, scratch, &mut |_, reading| row.hits.extend(reading.hits)))
    });
    match read {
        Err(reason) => row.removed = Some(reason),
        Ok(read) => {
            row.cut = read.own.removed;
            row.segments = scratch.tokens.segment_ends.len();
            duplicate_key = read.duplicate_key;
        }
    }
    (row, duplicate_key)
}
