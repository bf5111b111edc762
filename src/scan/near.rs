//! Sources → which words stand beside the matches of a category, and which in other segments that name a group. The second scan that looks at text.

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::score::{self, Read, Scorer, Scratch, Writer};
use super::{Setup, in_order, learn};
use crate::fault::Fault;
use crate::fingerprint;
use crate::framing::Reading;
use crate::learned::Learned;
use crate::lexicon::{Category, is_function_word};
use crate::message::Message;
use crate::source::{Batch, Source};
use crate::span::Span;
use crate::token::{Token, fold};

/// Longest run of words that is counted.
const MAX_RUN: usize = 3;

/// What was counted of a run of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// Times in segments with a match of the category.
    pub near: u64,
    /// Times in other segments that name a group.
    pub other: u64,
    /// Its first authors, as many as `min_authors` asks for.
    authors: Vec<u64>,
}

/// Words beside matches and elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Near {
    /// Words of segments with a match of the category.
    pub n_near: u64,
    /// Words of other segments that name a group.
    pub n_other: u64,
    /// Runs of one to three words that at least `min_authors` authors used and that are not function words alone, none within a match; sorted.
    pub runs: Vec<(String, Run)>,
}

/// What one message adds.
struct Added {
    duplicate_key: Option<u64>,
    author: u64,
    segments: Vec<Segment>,
}

struct Segment {
    is_near: bool,
    n_words: u64,
    runs: Vec<String>,
}

/// Reads every message of the sources that has an author, once.
pub fn near(sources: Vec<Source>, setup: &Setup, category: Category, min_authors: usize) -> (Near, Vec<Fault>) {
    let scorer = Scorer::new(setup);
    let mut faults = Vec::new();
    let mut near = Near::default();
    let mut runs: FxHashMap<String, Run> = FxHashMap::default();
    let mut seen = FxHashSet::default();
    for source in sources {
        let learned = source.again.as_ref().map_or_else(Learned::default, learn);
        let read = |_: usize, batch: &Batch, scratch: &mut Scratch| {
            let mut added = Vec::new();
            batch.each_message(&mut |record| match record {
                Ok(message) => added.extend(read_message(&scorer, &message, &learned, category, scratch).map(Ok)),
                Err(fault) => added.push(Err(fault)),
            });
            added
        };
        let _ = in_order(source.batches, &read, Err, &mut |_, all| {
            for added in all {
                match added {
                    Err(fault) => faults.push(fault),
                    Ok(added) if added.duplicate_key.is_some_and(|key| !seen.insert(key)) => {}
                    Ok(added) => add(added, &mut near, &mut runs, min_authors),
                }
            }
            ControlFlow::Continue(())
        });
    }
    near.runs = runs.into_iter().filter(|(_, run)| run.authors.len() >= min_authors).collect();
    near.runs.sort_by(|a, b| a.0.cmp(&b.0));
    (near, faults)
}

fn add(added: Added, near: &mut Near, runs: &mut FxHashMap<String, Run>, min_authors: usize) {
    for segment in added.segments {
        *(if segment.is_near { &mut near.n_near } else { &mut near.n_other }) += segment.n_words;
        for words in segment.runs {
            let run = runs.entry(words).or_default();
            *(if segment.is_near { &mut run.near } else { &mut run.other }) += 1;
            if run.authors.len() < min_authors && !run.authors.contains(&added.author) {
                run.authors.push(added.author);
            }
        }
    }
}

fn read_message(scorer: &Scorer<'_>, message: &Message<'_>, learned: &Learned, category: Category, scratch: &mut Scratch) -> Option<Added> {
    let day = scorer.day_if_in_scope(message).ok()?;
    let (author, team) = scorer.identify(message, day);
    let author = author?;
    let mut segments = Vec::new();
    let writer = Writer { author: &author, team };
    let cleaned = learned.clean(message, None).ok()?;
    let Read { duplicate_key, .. } = scorer.read(message, cleaned, writer, scratch, &mut |tokens, reading| {
        segments.push(segment(&message.text, tokens, &reading, category));
    });
    let author = score::short(fingerprint::of_parts([author.as_bytes()]));
    Some(Added { duplicate_key, author, segments })
}

fn segment(text: &str, tokens: &[Token], reading: &Reading, category: Category) -> Segment {
    let matched: Vec<Span> = reading.hits.iter().map(|hit| hit.span).collect();
    let is_free =
        |token: &Token| token.is_word && !matched.iter().any(|span| span.start < token.span().end && token.span().start < span.end);
    let words: Vec<Option<String>> = tokens.iter().map(|token| is_free(token).then(|| fold(token.span().of(text)))).collect();
    let mut runs = Vec::new();
    for start in 0..tokens.len() {
        for end in start + 1..=(start + MAX_RUN).min(tokens.len()) {
            if end > start + 1 && tokens[end - 1].before.is_clause_break() {
                break;
            }
            let Some(run) = words[start..end].iter().cloned().collect::<Option<Vec<String>>>() else { break };
            let says_something =
                |word: &String| !is_function_word(word) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '-'));
            // A run that begins or ends with a function word is another run with a word too many.
            if says_something(&run[0]) && says_something(&run[run.len() - 1]) {
                runs.push(run.join(" "));
            }
        }
    }
    let is_near = reading.hits.iter().any(|hit| hit.category == category);
    Segment { is_near, n_words: tokens.iter().filter(|token| token.is_word).count() as u64, runs }
}
