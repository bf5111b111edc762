//! Sources → tally. The only module that knows rayon: pieces of a source are read, cleaned and scored side by side, while the next pieces
//! are fetched; what came out is added up in the order of the source, so that the tally does not depend on the number of threads.

pub mod census;
mod collect;
pub mod concordance;
pub mod near;
mod score;
pub mod segments;
pub mod sentences;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rayon::prelude::*;

use crate::fault::{Fault, Place, Position};
use crate::framing::Framing;
use crate::learned::{Findings, Learned, Lessons, Trace};
use crate::lexicon::Lexicons;
use crate::lexicon::groups::Group;
use crate::roster::{Roster, Team};
use crate::source::{Again, Batch, Batches, Source};
use crate::tally::part::Part;
use crate::tally::{Intake, Key, Origin, Tally};
use collect::Collector;
use score::{Outcome, Scorer, Scratch};

/// Version of the cleaning rules; tallies made under different ones do not add up.
pub const CLEANING: &str = "2";

/// Bytes that are scored side by side. Peak memory is a small multiple of it, whatever the size of the source.
const WINDOW_BYTES: usize = 8 << 20;

/// Bytes of findings that are kept from the first reading of a source for the second; what is beyond is looked for again.
const FINDINGS_BYTES: usize = 64 << 20;

/// Pieces in a window, for sources of many small files.
const WINDOW_BATCHES: usize = 4096;

/// All that reading, scoring and adding up must know.
pub struct Setup {
    /// Lexicons and framing rules.
    pub framing: Framing,
    /// The roster; empty where there is none.
    pub roster: Roster,
    /// Key of the pseudonyms.
    pub key: Key,
    /// Zone that days and months are counted in.
    pub zone: TimeZone,
    /// First and last day, both inclusive, of the messages that count.
    pub period: Period,
    /// Ids and handles, in lower case, of bots that cannot be told from people.
    pub bots: BTreeSet<String>,
    groups_of_teams: Vec<Group>,
}

/// A stretch of days, both ends inclusive, open where `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub since: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
}

impl Period {
    /// Whether a message of that day counts. Where a period is set, a message without a time does not.
    #[must_use]
    pub fn holds(&self, day: Option<Date>) -> bool {
        match day {
            Some(day) => self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until),
            None => self.since.is_none() && self.until.is_none(),
        }
    }
}

impl Setup {
    /// Takes lexicons, to whose groups the roster's teams are added.
    ///
    /// # Errors
    /// Every team whose name cannot be looked for.
    pub fn new(mut lexicons: Lexicons, roster: Roster, zone: TimeZone, key: Key) -> Result<Self, Vec<Fault>> {
        lexicons.add_groups(roster.teams.iter().map(|team| (&**team, &[][..], Place::file("roster"))))?;
        let groups_of_teams = roster.teams.iter().filter_map(|team| lexicons.groups.find(team)).collect();
        let framing = Framing::new(lexicons);
        Ok(Self { framing, roster, key, zone, period: Period::default(), bots: BTreeSet::new(), groups_of_teams })
    }

    fn group_of(&self, team: Team) -> Group {
        self.groups_of_teams[team.0 as usize]
    }

    /// What a tally made with this setup can be added to.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin {
            lexicons: self.framing.lexicons.fingerprint(),
            cleaning: CLEANING.to_owned(),
            key: self.key.fingerprint(),
            timezone: self.zone.iana_name().unwrap_or("UTC").to_owned(),
        }
    }
}

/// What became of one input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceIntake {
    /// The input as the user named it.
    pub label: Arc<str>,
    /// Names of the formats that were found in it, with the number of files of each.
    pub formats: BTreeMap<&'static str, u64>,
    /// Channels that are read although no list of the export names them.
    pub unlisted: BTreeSet<String>,
    /// What was read of it; duplicates of earlier inputs are its own.
    pub intake: Intake,
}

/// The result of a scan.
#[derive(Debug)]
pub struct Scanned {
    /// The counts.
    pub tally: Tally,
    /// What could not be read; the tally counts it.
    pub faults: Vec<Fault>,
    /// The inputs, in order.
    pub sources: Vec<SourceIntake>,
}

/// The result of a scan of some of a company's authors.
#[derive(Debug)]
pub struct ScannedPart {
    /// The counts, and what they leave open.
    pub part: Part,
    /// What could not be read; the tally counts it.
    pub faults: Vec<Fault>,
    /// The inputs, in order.
    pub sources: Vec<SourceIntake>,
}

/// Scans sources into one tally and calls `watch` with the bytes read so far; a source that is read twice counts half of each reading.
pub fn scan(sources: Vec<Source>, setup: &Setup, watch: &(dyn Fn(u64) + Sync)) -> Scanned {
    collect(sources, setup, watch).finish()
}

/// Scans sources that hold some of a company's authors, whose part is to be added to those of the others.
pub fn scan_part(sources: Vec<Source>, setup: &Setup, watch: &(dyn Fn(u64) + Sync)) -> ScannedPart {
    collect(sources, setup, watch).finish_part()
}

fn collect<'a>(sources: Vec<Source>, setup: &'a Setup, watch: &(dyn Fn(u64) + Sync)) -> Collector<'a> {
    let scorer = Scorer::new(setup);
    let mut collector = Collector::new(setup);
    let mut n_bytes = 0;
    for source in sources {
        let parts = if source.again.is_some() { 2 } else { 1 };
        let before = n_bytes;
        let mut n_read = 0;
        let mut watch_source = |window: &[Result<Batch, Fault>]| {
            n_read += window.iter().flatten().map(|batch| batch.n_bytes() as u64).sum::<u64>();
            watch(before + n_read / parts);
        };
        let (learned, findings) = source.again.as_ref().map(|again| learn_and_find(again, &mut watch_source)).unwrap_or_default();
        let mut seen = Seen::default();
        let score =
            |number: usize, batch: &Batch, scratch: &mut Scratch| scorer.score_batch(batch, &learned, findings.get(number), scratch);
        let _ = in_order(source.batches, &score, Outcome::Fault, &mut |window, outcomes| {
            for batch in window.iter().flatten() {
                n_bytes += batch.n_bytes() as u64;
                seen.add(batch);
            }
            for outcome in outcomes {
                collector.add(outcome);
            }
            watch_source(window);
            ControlFlow::Continue(())
        });
        collector.end_source(source.label, seen, source.again.is_none());
    }
    collector
}

/// What is noted of the pieces of a source.
#[derive(Default)]
struct Seen {
    formats: BTreeMap<&'static str, u64>,
    unlisted: BTreeSet<String>,
    /// The file of the piece before.
    file: Option<Place>,
}

impl Seen {
    fn add(&mut self, batch: &Batch) {
        let file = Some(batch.at.at(Position::Whole));
        if self.file != file {
            *self.formats.entry(batch.reader.format().name()).or_default() += 1;
            self.file = file;
        }
        self.unlisted.extend(batch.reader.unlisted_channel().map(str::to_owned));
    }
}

/// What is told of every window that was read.
type Watch<'a> = dyn FnMut(&[Result<Batch, Fault>]) + Send + 'a;

/// The first reading of a source, for what shows only over several messages. What cannot be read is told by the second.
fn learn(again: &Again) -> Learned {
    learn_and_find(again, &mut |_| {}).0
}

/// The same, with what was found of every message by itself, piece by piece, as far as there is room.
fn learn_and_find(again: &Again, watch: &mut Watch<'_>) -> (Learned, Vec<Findings>) {
    let Ok(batches) = again() else { return Default::default() };
    let mut lessons = Lessons::default();
    let (mut findings, mut room) = (Vec::new(), FINDINGS_BYTES);
    let trace = |_: usize, batch: &Batch, _: &mut Scratch| {
        let (mut traces, mut found) = (Vec::new(), Findings::default());
        batch.each_message(&mut |record| traces.extend(record.ok().and_then(|message| Trace::of(&message, &mut found))));
        vec![(traces, found)]
    };
    let _ = in_order(batches, &trace, |_| Default::default(), &mut |window, traced| {
        for (traces, found) in traced {
            for trace in traces {
                lessons.add(trace);
            }
            let left = room.checked_sub(found.n_bytes());
            room = left.unwrap_or(room);
            findings.push(if left.is_some() { found } else { Findings::default() });
        }
        watch(window);
        ControlFlow::Continue(())
    });
    let natures = (0..lessons.n_authors()).into_par_iter().map(|author| lessons.nature_of(author)).collect();
    (lessons.learn(natures), findings)
}

/// What takes a window and what came of it, and says whether to go on.
type Sink<'a, T> = dyn FnMut(&[Result<Batch, Fault>], Vec<T>) -> ControlFlow<()> + Send + 'a;

/// Reads every batch, numbered from 0, on some thread and hands on what came of it in the order of the source, window by window, until `sink`
/// breaks off. While a window is read, what came of the one before is handed on and the one behind is fetched.
fn in_order<T: Send>(
    mut batches: Batches,
    read: &(dyn Fn(usize, &Batch, &mut Scratch) -> Vec<T> + Sync),
    failed: fn(Fault) -> T,
    sink: &mut Sink<'_, T>,
) -> ControlFlow<()> {
    let mut window = next_window(&mut batches);
    let mut before = Vec::new();
    let mut read_of_before = Vec::new();
    let mut n_before = 0;
    while !window.is_empty() || !before.is_empty() {
        let read_window = || {
            window
                .par_iter()
                .with_max_len(1)
                .enumerate()
                .map_init(Scratch::default, |scratch, (number, batch)| match batch {
                    Ok(batch) => read(n_before + number, batch, scratch),
                    Err(fault) => vec![failed(fault.clone())],
                })
                .collect::<Vec<Vec<T>>>()
        };
        let hand_on_and_fetch = || {
            if !before.is_empty() {
                sink(&before, std::mem::take(&mut read_of_before).into_iter().flatten().collect())?;
            }
            ControlFlow::Continue(if window.is_empty() { Vec::new() } else { next_window(&mut batches) })
        };
        let (read, next) = rayon::join(read_window, hand_on_and_fetch);
        let ControlFlow::Continue(next) = next else { return ControlFlow::Break(()) };
        n_before += window.len();
        read_of_before = read;
        before = std::mem::replace(&mut window, next);
    }
    ControlFlow::Continue(())
}

fn next_window(batches: &mut Batches) -> Vec<Result<Batch, Fault>> {
    let mut window = Vec::new();
    let mut n_bytes = 0;
    while n_bytes < WINDOW_BYTES && window.len() < WINDOW_BATCHES {
        let Some(batch) = batches.next() else { break };
        n_bytes += batch.as_ref().map_or(0, Batch::n_bytes);
        window.push(batch);
    }
    window
}
