//! `evenhand lexicon fit`: labelled sentences → weighted cues.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evenhand::fit::labelled::{self, Writer};
use evenhand::fit::{Cut, Data, Fitted, LeftOut, Options};
use evenhand::lexicon::cues::{self, Header, Threshold};
use evenhand::lexicon::{Category, builtin};
use evenhand::scan::Setup;
use evenhand::scan::segments::{self, Segment};
use evenhand::source;
use evenhand::validation::{self, Labelled};

use crate::args::FitArgs;
use crate::load::{self, Request};
use crate::output::{self, Failure, Outcome};

/// Groups that the authors of a coded sheet are put into.
const MAX_WRITERS_OF_SHEET: usize = 8;

pub(crate) fn run(args: &FitArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load_setup(&args.setup, Request::new()?)?;
    let setup = &loaded.setup;
    let mut writers = Vec::new();
    for path in &args.labelled {
        let (label, text) = (path.to_string_lossy(), load::read(path)?);
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv")) {
            writers.extend(of_sheet(&label, validation::labelled(&label, &text)?, setup));
        } else {
            let (writer, faults) = labelled::read(&label, &text, &setup.framing);
            writers.push(writer);
            loaded.faults.extend(faults);
        }
    }
    let mut read = |inputs: &[PathBuf]| -> Result<Vec<Segment>, Failure> {
        let (segments, faults) = segments::of_sources(sources(inputs, args, setup)?, setup);
        loaded.faults.extend(faults);
        Ok(segments)
    };
    let (neutral, held_back) = (read(&args.neutral)?, read(&args.held_back)?);
    let struck = cues::parse_struck(builtin::STRUCK.0, builtin::STRUCK.1)?;
    let data = Data::new(&writers, &neutral, &held_back, &struck);
    let &FitArgs { min_writers, false_per_1000, false_aside_per_1000, .. } = args;
    let fitted = data.fit(Options { min_writers, false_per_1000, false_aside_per_1000 });
    fs::create_dir_all(&args.output).map_err(|error| Failure::Write { path: args.output.clone(), error })?;
    for fitted in &fitted {
        write(fitted, &header(fitted, writers.len(), data.n_segments()), &args.output)?;
    }
    let names: Vec<&str> = writers.iter().map(|writer| writer.name.as_str()).collect();
    output::print(|out| tell(&fitted, &names, data.n_segments(), out))?;
    output::tell_faults(&loaded.faults, None, 0)
}

/// The sentences of a coded sheet. Its authors, of whom each wrote a few, are put together by turns, so that a cue must still recur over several
/// and none is left out alone.
fn of_sheet(label: &str, rows: Vec<Labelled>, setup: &Setup) -> Vec<Writer> {
    let authors: BTreeSet<String> = rows.iter().map(|row| row.writer.clone()).collect();
    let n_writers = authors.len().min(MAX_WRITERS_OF_SHEET);
    let mut writers: Vec<Writer> = (1..=n_writers).map(|n| Writer::new(format!("{label} {n}"))).collect();
    let place: BTreeMap<String, usize> = authors.into_iter().zip((0..n_writers).cycle()).collect();
    for row in rows {
        let holds: Vec<Category> = row.holds.iter().map(|(category, _)| *category).collect();
        writers[place[&row.writer]].add(&row.text, &holds, &row.lacks, &setup.framing);
    }
    writers
}

fn sources(inputs: &[PathBuf], args: &FitArgs, setup: &Setup) -> Result<Vec<source::Source>, Failure> {
    let map = args.map.clone().map(Arc::new);
    let options = source::Options { map, zone: setup.zone.clone(), ..source::Options::default() };
    inputs.iter().map(|path| Ok(source::open(path, &options)?)).collect()
}

fn header(fitted: &Fitted, n_writers: usize, [_, neutral, _]: [usize; 3]) -> Header {
    let writers = output::counted(n_writers as u64, "writer", "writers");
    Header {
        category: fitted.category,
        language: "en".to_owned(),
        version: "1".to_owned(),
        fitted_from: format!("{} marked segments of {writers}, {neutral} neutral segments", fitted.n_positive),
        meant: threshold(fitted.meant, MEANT),
        aside: fitted.aside.map(|cut| threshold(cut, ASIDE)),
    }
}

/// Which segments a threshold is for.
const MEANT: &str = "that mean a team";
const ASIDE: &str = "that mean none";

fn threshold(cut: Cut, which: &str) -> Threshold {
    Threshold { sum: cut.threshold, false_alarms: false_alarms(cut, which) }
}

fn false_alarms(cut: Cut, which: &str) -> String {
    let (low, high) = cut.false_alarm_interval();
    let (above, of) = cut.false_alarms;
    format!("{above} of {of} neutral segments {which} (95 % interval {low:.1} to {high:.1} per 1,000)")
}

fn write(fitted: &Fitted, header: &Header, folder: &Path) -> Result<(), Failure> {
    let path = folder.join(format!("{}.tsv", fitted.category));
    output::write_file(&path, false, |out| cues::write(header, &fitted.cues, out))
}

/// What was fitted, and how it reads writers who were left out.
fn tell(fitted: &[Fitted], names: &[&str], [labelled, neutral, held_back]: [usize; 3], out: &mut dyn Write) -> io::Result<()> {
    let writers = output::counted(names.len() as u64, "writer", "writers");
    writeln!(out, "{labelled} labelled segments of {writers}, {neutral} neutral, {held_back} held back\n")?;
    for fitted in fitted {
        let (marked, cues) = (fitted.n_positive, fitted.cues.len());
        writeln!(out, "{:14} {marked} marked, {cues} cues", fitted.category)?;
        for (cut, which) in [(Some(fitted.meant), MEANT), (fitted.aside, ASIDE)] {
            let Some(cut) = cut else { continue };
            writeln!(out, "{:14} threshold {}, false: {}", "", cut.threshold, false_alarms(cut, which))?;
        }
    }
    writeln!(out, "\nSegments of writers who were left out of the fit: precision, recall, F1\n")?;
    writeln!(out, "{:20}  {:14}    {:14}    both", "", "entries", "cues")?;
    for fitted in fitted {
        let mut sum = LeftOut::default();
        fitted.left_out.iter().for_each(|one| sum += *one);
        line(fitted.category.name(), &sum, out)?;
    }
    for (at, name) in names.iter().enumerate() {
        let mut sum = LeftOut::default();
        for fitted in fitted {
            sum += fitted.left_out[at];
        }
        line(name, &sum, out)?;
    }
    Ok(())
}

fn line(name: &str, left_out: &LeftOut, out: &mut dyn Write) -> io::Result<()> {
    let columns = [left_out.entries, left_out.cues, left_out.joined].map(|agreement| {
        let [precision, recall, f1] = agreement.figures();
        format!("{precision:.2} {recall:.2} {f1:.2}")
    });
    writeln!(out, "{name:20}  {:14}    {:14}    {}", columns[0], columns[1], columns[2])
}
