//! Sources → segments as a fit of cues needs them, in order.

use std::ops::ControlFlow;

use super::score::{Scorer, Scratch};
use super::{Setup, in_order};
use crate::clean;
use crate::fault::Fault;
use crate::framing::{Framing, Observed};
use crate::lexicon::Category;
use crate::lexicon::cues::{self, Masked};
use crate::lexicon::groups::Group;
use crate::message::Markup;
use crate::source::{Batch, Source};
use crate::span::Span;
use crate::token::Tokens;

/// A segment with what a cue may see of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its words; the code says only whether a word may be seen.
    pub words: Vec<Masked>,
    /// For every one of them how cues spell it; empty where nothing may be seen.
    pub spelled: Vec<String>,
    /// Whether a group is named or meant in it.
    pub means_a_group: bool,
    /// By category: whether an entry hits in it.
    pub is_hit: [bool; Category::ALL.len()],
    /// Bytes of the text.
    pub span: Span,
}

impl Segment {
    fn of(text: &str, observed: &Observed<'_>) -> Option<Self> {
        let (first, last) = (observed.segment.first()?, observed.segment.last()?);
        let spell = |word: &Masked| match word.code {
            _ if word.is_team() => cues::TEAM.to_owned(),
            0 => String::new(),
            _ => cues::spelled(text, &observed.segment[word.tokens.start]),
        };
        let mut is_hit = [false; Category::ALL.len()];
        observed.hits.iter().for_each(|hit| is_hit[hit.category as usize] = true);
        Some(Self {
            words: observed.words.to_vec(),
            spelled: observed.words.iter().map(spell).collect(),
            means_a_group: observed.means_a_group,
            is_hit,
            span: Span::new(first.span().start, last.span().end),
        })
    }
}

/// The segments of a text on its own.
#[must_use]
pub fn of_text(framing: &Framing, text: &str, speaker: Option<Group>) -> Vec<Segment> {
    let mut tokens = Tokens::default();
    tokens.read(text, &clean::own_words(text, Markup::Plain), Markup::Plain, &framing.lexicons.vocabulary);
    let mut segments = Vec::new();
    framing.observe_message(text, &tokens, speaker, &mut crate::framing::Scratch::default(), &mut |observed| {
        segments.extend(Segment::of(text, &observed));
    });
    segments
}

/// The segments of every message that counts, in the order of the sources, and what could not be read.
#[must_use]
pub fn of_sources(sources: Vec<Source>, setup: &Setup) -> (Vec<Segment>, Vec<Fault>) {
    let scorer = Scorer::new(setup);
    let (mut segments, mut faults) = (Vec::new(), Vec::new());
    let read = |_: usize, batch: &Batch, scratch: &mut Scratch| {
        let mut read = Vec::new();
        batch.each_message(&mut |record| match record {
            Ok(message) => scorer.observe(&message, scratch, &mut |observed| read.extend(Segment::of(&message.text, &observed).map(Ok))),
            Err(fault) => read.push(Err(fault)),
        });
        read
    };
    for source in sources {
        let _ = in_order(source.batches, &read, Err, &mut |_, read| {
            for segment in read {
                match segment {
                    Ok(segment) => segments.push(segment),
                    Err(fault) => faults.push(fault),
                }
            }
            ControlFlow::Continue(())
        });
    }
    (segments, faults)
}
