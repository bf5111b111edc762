//! `evenhand hits`: every match that counts, in its place. With `lexicon`, `lint` and `validate`, the only command that can show text.

use std::io::{self, Write};
use std::ops::ControlFlow;

use evenhand::framing::Hit;
use evenhand::lexicon::cues::CueId;
use evenhand::lexicon::{Category, Lexicons};
use evenhand::message::Reason;
use evenhand::scan::concordance::{self, Row};
use evenhand::span::Span;
use serde::Serialize;

use crate::args::{HitsArgs, HitsFormat};
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

/// Characters of text on either side of a match.
const CONTEXT: usize = 40;

pub(crate) fn run(args: &HitsArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, None)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    let sources = scan::sources_of(&args.input, &loaded.setup, &mut loaded.faults)?;
    let pool = scan::pool(&args.input)?;
    let setup = &loaded.setup;
    let faults = &mut loaded.faults;
    output::print(|out| {
        let mut written = Ok(());
        let _ = pool.install(|| {
            concordance::concordance(sources, setup, &mut |row| {
                match row {
                    Err(fault) => faults.push(fault),
                    Ok(row) => written = write_row(&row, args, &setup.framing.lexicons, out),
                }
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
        });
        written
    })?;
    scan::tell(&args.input, faults)
}

fn write_row(row: &Row, args: &HitsArgs, lexicons: &Lexicons, out: &mut dyn Write) -> io::Result<()> {
    let is_wanted = |category: Category| args.category.is_empty() || args.category.contains(&category);
    let hits: Vec<&Hit> = row.hits.iter().filter(|hit| is_wanted(hit.category)).collect();
    match args.format {
        HitsFormat::Human => write_human(row, &hits, args, lexicons, out),
        HitsFormat::Jsonl => write_json(row, &hits, args, lexicons, out),
    }
}

#[derive(Serialize)]
struct WireRow<'a> {
    id: &'a str,
    removed: Option<&'static str>,
    hits: Vec<WireHit<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cleaning: Option<Vec<WireCut<'a>>>,
}

/// A match; offsets are bytes of the text before cleaning, half open.
#[derive(Serialize)]
struct WireHit<'a> {
    category: &'static str,
    subcategory: Option<&'a str>,
    entry: &'a str,
    start: usize,
    end: usize,
    target: Option<&'a str>,
    named: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cues: Vec<WireCue<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// A cue and its weight in log-odds.
#[derive(Serialize)]
struct WireCue<'a> {
    cue: &'a str,
    weight: f64,
}

#[derive(Serialize)]
struct WireCut<'a> {
    start: usize,
    end: usize,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

fn write_json(row: &Row, hits: &[&Hit], args: &HitsArgs, lexicons: &Lexicons, out: &mut dyn Write) -> io::Result<()> {
    let text = |span: Span| args.show_text.then(|| span.of(&row.text));
    let cut = |&(span, reason): &(Span, Reason)| WireCut { start: span.start, end: span.end, reason: reason.name(), text: text(span) };
    let wire = WireRow {
        id: &row.id,
        removed: row.removed.map(Reason::name),
        hits: hits
            .iter()
            .map(|hit| {
                let entry = lexicons.entry(hit.entry);
                WireHit {
                    category: hit.category.name(),
                    subcategory: entry.subcategory.as_deref(),
                    entry: &entry.name,
                    start: hit.span.start,
                    end: hit.span.end,
                    target: hit.target.map(|target| &**lexicons.groups.name(target)),
                    named: hit.named,
                    cues: hit.cues.iter().map(|&cue| wire_cue(lexicons, cue, hit.category)).collect(),
                    text: text(hit.span),
                }
            })
            .collect(),
        cleaning: args.cleaning.then(|| row.cut.iter().map(cut).collect()),
    };
    serde_json::to_writer(&mut *out, &wire)?;
    writeln!(out)
}

fn wire_cue(lexicons: &Lexicons, cue: CueId, category: Category) -> WireCue<'_> {
    WireCue { cue: lexicons.cues.text(cue), weight: f64::from(lexicons.cues.weight(cue, category).0) / 100.0 }
}

fn write_human(row: &Row, hits: &[&Hit], args: &HitsArgs, lexicons: &Lexicons, out: &mut dyn Write) -> io::Result<()> {
    if args.cleaning {
        match row.removed {
            Some(reason) => writeln!(out, "{}: left out: {}", row.place, reason.title())?,
            None => writeln!(out, "{}: read", row.place)?,
        }
        for &(span, reason) in &row.cut {
            let text = if args.show_text { format!(": {}", one_line(span.of(&row.text))) } else { String::new() };
            writeln!(out, "    bytes {} to {}: {}{text}", span.start, span.end, reason.title())?;
        }
    }
    for hit in hits {
        let entry = lexicons.entry(hit.entry);
        let about = match hit.target {
            Some(target) if hit.named => format!("about {}", lexicons.groups.name(target)),
            Some(target) => format!("about {} (not named in the sentence)", lexicons.groups.name(target)),
            None => "about nobody in particular".to_owned(),
        };
        let cues: Vec<String> =
            hit.cues.iter().map(|&cue| format!("\"{}\" {}", lexicons.cues.text(cue), lexicons.cues.weight(cue, hit.category))).collect();
        let sense = if cues.is_empty() { entry.sense.clone() } else { cues.join(", ") };
        writeln!(out, "{}: {}, \"{}\" ({sense}), {about}", row.place, hit.category, entry.name)?;
        if args.show_text {
            let (before, after) = context(&row.text, hit.span);
            writeln!(out, "    {before}[{}]{after}", one_line(hit.span.of(&row.text)))?;
        }
    }
    Ok(())
}

/// What stands before and after a match, on its line.
fn context(text: &str, span: Span) -> (String, String) {
    let before: Vec<char> = text[..span.start].chars().rev().take(CONTEXT).collect();
    let after: String = text[span.end..].chars().take(CONTEXT).collect();
    (one_line(&before.into_iter().rev().collect::<String>()), one_line(&after))
}

/// Text on one line, without anything that could steer a terminal.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
