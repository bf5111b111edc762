//! `evenhand lexicon test --neutral`: what every string of every entry flags in text in which nothing ought to be found.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use evenhand::lexicon::{EntryId, Lexicons};
use evenhand::scan::Setup;
use evenhand::scan::concordance;
use evenhand::source::{self, Format, Options};

use crate::args::NeutralArgs;
use crate::output::{self, Failure, Outcome};

/// What was read and found.
#[derive(Default)]
struct Flagged {
    messages: u64,
    segments: u64,
    hits: BTreeMap<(EntryId, u16), u64>,
}

pub(super) fn run(args: &NeutralArgs, setup: &Setup) -> Result<Outcome, Failure> {
    let mut faults = Vec::new();
    let mut sources = Vec::new();
    for path in &args.neutral {
        match source::open(path, &options(args, path, setup)) {
            Ok(source) => sources.push(source),
            Err(fault) => faults.push(fault),
        }
    }
    let mut flagged = Flagged::default();
    let _ = concordance::concordance(sources, setup, &mut |row| {
        match row {
            Err(fault) => faults.push(fault),
            Ok(row) if row.removed.is_none() => {
                flagged.messages += 1;
                flagged.segments += row.segments as u64;
                // A match about two teams is one match.
                let mut hits = row.hits;
                hits.dedup_by_key(|hit| (hit.entry, hit.string, hit.span));
                for hit in &hits {
                    *flagged.hits.entry((hit.entry, hit.string)).or_default() += 1;
                }
            }
            Ok(_) => {}
        }
        ControlFlow::Continue(())
    });
    output::print(|out| write(&flagged, &setup.framing.lexicons, out))?;
    output::tell_faults(&faults, None, 0)
}

/// Everything counts, private or not: the text was chosen by hand. Text files are told by their name, as nothing in them says what they are.
fn options(args: &NeutralArgs, path: &Path, setup: &Setup) -> Options {
    let is_text = path.extension().is_some_and(|extension| extension == "txt");
    Options {
        format: args.input_format.or_else(|| is_text.then_some(Format::Text)),
        map: args.map.clone().map(Arc::new),
        zone: setup.zone.clone(),
        date_order: None,
        include_private: true,
        include_direct: true,
    }
}

fn write(flagged: &Flagged, lexicons: &Lexicons, out: &mut dyn Write) -> io::Result<()> {
    let per_1000 = |n: u64| if flagged.segments == 0 { 0.0 } else { 1000.0 * n as f64 / flagged.segments as f64 };
    let total = flagged.hits.values().sum();
    let (segments, messages) =
        (output::counted(flagged.segments, "segment", "segments"), output::counted(flagged.messages, "message", "messages"));
    writeln!(out, "{} in {segments} of {messages}: {:.2} per 1,000 segments", output::counted(total, "match", "matches"), per_1000(total))?;
    let mut rows: Vec<_> = flagged.hits.iter().collect();
    rows.sort_by_key(|&(&(entry, string), &n)| (std::cmp::Reverse(n), lexicons.entry(entry).category, entry, string));
    for (&(id, string), &n) in rows {
        let entry = lexicons.entry(id);
        let string = entry.matches.get(usize::from(string)).map_or("", |string| &**string);
        writeln!(out, "{n:6} {:7.2}  {} \"{}\"  {string}", per_1000(n), entry.category, entry.name)?;
    }
    Ok(())
}
