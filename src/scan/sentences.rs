//! Sources → every sentence that names a group or holds a hit, counted as the tally counts it: what a coding sample is drawn from. It hands
//! on text, like the concordance beside it.

use std::ops::ControlFlow;

use rustc_hash::FxHashSet;

use super::score::{self, Scorer, Scratch, Writer};
use super::{Setup, in_order, learn};
use crate::fault::Fault;
use crate::fingerprint;
use crate::framing::{Hit, Reading};
use crate::learned::Learned;
use crate::lexicon::Category;
use crate::lexicon::groups::Group;
use crate::message::{Author, Message, Reason};
use crate::source::{Batch, Source};
use crate::span::Span;
use crate::token::{Stem, Token, Tokens, Word};

/// Signs that may stand behind a sentence's last word.
const CLOSING: [char; 9] = ['.', '!', '?', '…', '"', '”', '\'', '’', ')'];

/// A message that counts, with those of its sentences that name a group or hold a hit.
#[derive(Debug, Clone)]
pub struct Written {
    /// The author's key.
    pub author: String,
    /// Names under which the author may be mentioned: display name, else handle, else the part of the address before the `@`.
    pub names: Vec<String>,
    /// The sentences, in order.
    pub sentences: Vec<Sentence>,
}

/// A sentence that names a group or holds a hit.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Differs from sentence to sentence, and is the same in every run.
    pub identity: u128,
    /// Its text.
    pub text: Line,
    /// The sentences of the message before and after it.
    pub around: [Option<Line>; 2],
    /// Whether it names a group.
    pub names_group: bool,
    /// Its hits: one for each category and target.
    pub hits: Vec<SentenceHit>,
}

/// One (sentence, category, target).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceHit {
    /// The category.
    pub category: Category,
    /// The group it is about.
    pub target: Option<Group>,
    /// Whether that group is named in the sentence.
    pub named: bool,
    /// The stretches that made it, bytes of [`Line::text`], in order.
    pub spans: Vec<Span>,
}

/// A sentence on one line; what cleaning cut out of it is a word in brackets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The text.
    pub text: String,
    /// Its words, in order: bytes of `text`, and whether lexicons, names of groups or rules know the word.
    pub words: Vec<(Span, bool)>,
}

/// Reads every message of the sources, in order, and hands each on that counts, or a fault, until the sink breaks off. Duplicate messages
/// and repeated naming sentences of an author come once, as in the tally.
pub fn sentences(
    sources: Vec<Source>,
    setup: &Setup,
    sink: &mut (dyn FnMut(Result<Written, Fault>) -> ControlFlow<()> + Send),
) -> ControlFlow<()> {
    let scorer = Scorer::new(setup);
    let (mut messages, mut templates) = (FxHashSet::default(), FxHashSet::default());
    sources.into_iter().try_for_each(|source| {
        let learned = source.again.as_ref().map_or_else(Learned::default, learn);
        let read = |_: usize, batch: &Batch, scratch: &mut Scratch| written(&scorer, batch, &learned, scratch);
        in_order(source.batches, &read, Err, &mut |_, read| {
            read.into_iter().try_for_each(|message| match message {
                Err(fault) => sink(Err(fault)),
                Ok(Keyed { duplicate_key, .. }) if duplicate_key.is_some_and(|key| !messages.insert(key)) => ControlFlow::Continue(()),
                Ok(Keyed { mut written, template_keys, .. }) => {
                    let mut keys = template_keys.into_iter();
                    written.sentences.retain(|sentence| {
                        let key = keys.next().unwrap_or_default();
                        !sentence.names_group || templates.insert(key)
                    });
                    sink(Ok(written))
                }
            })
        })
    })
}

/// A message with the keys by which repetitions are told.
struct Keyed {
    written: Written,
    duplicate_key: Option<u64>,
    template_keys: Vec<u64>,
}

fn written(scorer: &Scorer<'_>, batch: &Batch, learned: &Learned, scratch: &mut Scratch) -> Vec<Result<Keyed, Fault>> {
    let mut messages = Vec::new();
    batch.each_message(&mut |record| match record {
        Err(fault) => messages.push(Err(fault)),
        Ok(message) => messages.extend(keyed(scorer, &message, learned, scratch).map(Ok)),
    });
    messages
}

/// A message that counts; `None` where it does not.
fn keyed(scorer: &Scorer<'_>, message: &Message<'_>, learned: &Learned, scratch: &mut Scratch) -> Option<Keyed> {
    let day = scorer.day_if_in_scope(message).ok()?;
    let (author, team) = scorer.identify(message, day);
    let author = author?;
    let mut found: Vec<(u32, u64, Reading)> = Vec::new();
    let writer = Writer { author: &author, team };
    let cleaned = learned.clean(message, None).ok()?;
    let read = scorer.read(message, cleaned, writer, scratch, &mut |segment, reading| {
        let start = segment.first().map_or(0, |token| token.start);
        found.push((start, score::template_key(&message.text, &author, segment), reading));
    });
    let page = Page { text: &message.text, tokens: &scratch.tokens, removed: &read.own.removed };
    let second = message.sent_at.map_or(i64::MIN, jiff::Timestamp::as_second).to_le_bytes();
    let (mut sentences, mut template_keys) = (Vec::new(), Vec::new());
    let mut numbers = 0..page.tokens.segment_ends.len();
    for (start, template_key, reading) in found {
        let is_it = |number: &usize| page.tokens.segment(*number).first().is_some_and(|token| token.start == start);
        let Some(number) = numbers.find(is_it) else { continue };
        let place = number.to_le_bytes();
        let parts = [message.id.as_bytes(), author.as_bytes(), &second, &place, &template_key.to_le_bytes()];
        sentences.push(page.sentence(number, fingerprint::of_parts(parts), &reading));
        template_keys.push(template_key);
    }
    let names = names(&message.author);
    Some(Keyed { written: Written { author, names, sentences }, duplicate_key: read.duplicate_key, template_keys })
}

fn names(author: &Author<'_>) -> Vec<String> {
    let local_part = author.email.as_deref().and_then(|email| email.split('@').next());
    let name = author.name.as_deref().or(author.handle.as_deref()).or(local_part);
    name.map(str::to_owned).into_iter().collect()
}

/// A message's text as it was read.
struct Page<'a> {
    text: &'a str,
    tokens: &'a Tokens,
    removed: &'a [(Span, Reason)],
}

impl Page<'_> {
    fn sentence(&self, number: usize, identity: u128, reading: &Reading) -> Sentence {
        let segment = self.tokens.segment(number);
        let line = self.line(segment);
        let is_there = |at: &usize| *at < self.tokens.segment_ends.len();
        let around = [number.checked_sub(1), Some(number + 1)];
        let around = around.map(|at| at.filter(is_there).map(|at| self.line(self.tokens.segment(at))));
        let hits = hits(&reading.hits, segment, &line);
        Sentence { identity, text: line, around, names_group: !reading.named.is_empty(), hits }
    }

    fn line(&self, segment: &[Token]) -> Line {
        let mut line = Line::default();
        let Some(first) = segment.first() else { return line };
        let mut done = first.span().start;
        for token in segment {
            self.gap(Span::new(done, token.span().start), &mut line.text);
            let start = line.text.len();
            line.text.push_str(token.span().of(self.text));
            line.words.push((Span::new(start, line.text.len()), token.word != Word::UNKNOWN || token.stem != Stem::NONE));
            done = token.span().end;
        }
        let cut_after = self.removed.iter().map(|(cut, _)| cut.start).find(|&start| start >= done).unwrap_or(self.text.len());
        line.text.extend(self.text[done..cut_after].chars().take(3).take_while(|c| CLOSING.contains(c)));
        line
    }

    /// What stands between two words, with what was cut there as a word in brackets.
    fn gap(&self, gap: Span, out: &mut String) {
        let mut done = gap.start;
        for &(cut, reason) in self.removed.iter().filter(|(cut, _)| cut.start >= gap.start && cut.end <= gap.end) {
            one_line(&self.text[done..cut.start], out);
            one_line(stand_in(cut.of(self.text), reason), out);
            done = cut.end;
        }
        one_line(&self.text[done..gap.end], out);
    }
}

/// Adds text with runs of white space and control characters as one blank.
fn one_line(text: &str, out: &mut String) {
    for c in text.chars() {
        if !(c.is_whitespace() || c.is_control()) {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
}

/// What is shown in place of a stretch that was cut.
fn stand_in(cut: &str, reason: Reason) -> &str {
    if reason == Reason::Code {
        return "[code]";
    }
    if reason != Reason::Address {
        return " ";
    }
    match cut {
        "&amp;" => "&",
        "&lt;" => "<",
        "&gt;" => ">",
        _ if cut.starts_with(':') && cut.ends_with(':') => cut,
        _ if cut.starts_with("<@") || cut.starts_with('@') => "[name]",
        _ if cut.starts_with("<#") => "[channel]",
        // Begin and end of a link whose label stays.
        _ if cut.ends_with('|') || cut == ">" || cut.starts_with("<!") => "",
        _ if cut.contains('@') => "[address]",
        _ => "[link]",
    }
}

/// Matches of one category about one target are one hit.
fn hits(matches: &[Hit], segment: &[Token], line: &Line) -> Vec<SentenceHit> {
    let mut hits: Vec<SentenceHit> = Vec::new();
    for found in matches {
        let first = segment.iter().position(|token| token.span().start == found.span.start).unwrap_or(0);
        let last = segment.iter().position(|token| token.span().end == found.span.end).unwrap_or(segment.len() - 1);
        let span = Span::new(line.words[first].0.start, line.words[last].0.end);
        match hits.iter_mut().find(|hit| hit.category == found.category && hit.target == found.target) {
            Some(hit) => hit.spans.push(span),
            None => hits.push(SentenceHit { category: found.category, target: found.target, named: found.named, spans: vec![span] }),
        }
    }
    hits
}
