//! `evenhand validate`: a coding sample drawn from exports, and its score. The sheet holds text, so that only its owner can read it.

use std::ffi::OsString;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use evenhand::fault::Fault;
use evenhand::scan::sentences;
use evenhand::validation::estimate::Estimate;
use evenhand::validation::{self, Coded, Drawing, Plan, Sheet, Validation};

use crate::args::{DrawArgs, ScoreArgs, ValidateArgs, ValidateCommand};
use crate::output::{self, Failure, Outcome};
use crate::{load, preview, scan};

pub(crate) fn run(args: &ValidateArgs) -> Result<Outcome, Failure> {
    match &args.command {
        ValidateCommand::Draw(args) => draw(args),
        ValidateCommand::Score(args) => score(args),
    }
}

fn draw(args: &DrawArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load(&args.input, None)?;
    if args.input.is_preview() {
        return preview::run(&args.input, loaded);
    }
    let sources = scan::sources_of(&args.input, &loaded.setup, &mut loaded.faults)?;
    let setup = &loaded.setup;
    let faults = &mut loaded.faults;
    let plan = Plan { seed: args.seed, n_hits: args.hits.into(), n_sentences: args.sentences.into() };
    let mut drawing = Drawing::new(plan, setup.roster.people_names.iter().map(String::as_str));
    let _ = scan::pool(&args.input)?.install(|| {
        sentences::sentences(sources, setup, &mut |written| {
            match written {
                Ok(written) => drawing.add(written),
                Err(fault) => faults.push(fault),
            }
            ControlFlow::Continue(())
        })
    });
    let lexicons = &setup.framing.lexicons;
    let sheet = drawing.finish(&lexicons.fingerprint(), &lexicons.groups);
    if sheet.rows.is_empty() {
        scan::tell(&args.input, faults)?;
        return Err(Failure::Other("nothing to draw: no sentence names a team or holds a hit".to_owned()));
    }
    let guide = guide(&args.output);
    output::write_private(&args.output, |out| validation::write_sheet(&sheet, out))?;
    output::write_private(&guide, |out| out.write_all(validation::how_to_code(lexicons).as_bytes()))?;
    output::print(|out| write_drawn(&sheet, &args.output, &guide, out))?;
    scan::tell(&args.input, faults)
}

/// The file beside a sheet that says how to fill it in.
fn guide(sheet: &Path) -> PathBuf {
    let mut name = OsString::from(sheet);
    name.push(".README.md");
    name.into()
}

fn write_drawn(sheet: &Sheet, path: &Path, guide: &Path, out: &mut dyn Write) -> io::Result<()> {
    let mut strata: Vec<(&str, u64, u64)> = Vec::new();
    for row in &sheet.rows {
        let name = row.category.map_or("sentences without a hit", |category| category.name());
        if strata.iter().all(|(known, ..)| *known != name) {
            strata.push((name, row.drawn, row.population));
        }
    }
    strata.sort_by_key(|&(name, ..)| (name.contains(' '), name));
    writeln!(out, "{}: {} drawn with seed {}", path.display(), output::counted(sheet.rows.len() as u64, "row", "rows"), sheet.seed)?;
    for (name, drawn, population) in strata {
        writeln!(out, "    {name:24} {drawn:5} of {population}")?;
    }
    writeln!(out, "It holds what people wrote. How to fill it in: {}", guide.display())
}

fn score(args: &ScoreArgs) -> Result<Outcome, Failure> {
    let (sheet, coded) = read(&args.sheet, false)?;
    let second = args.second.as_ref().map(|path| Ok::<_, Failure>((path.to_string_lossy(), read(path, true)?))).transpose()?;
    let second = second.as_ref().map(|(path, (sheet, coded))| (path.as_ref(), sheet, coded.as_slice()));
    let score = validation::score(&sheet, &coded, second)?;
    if let Some(path) = &args.output {
        output::write_private(path, |out| validation::write(&score, out))?;
    }
    output::print(|out| write_score(&score, out))?;
    Ok(Outcome::Done)
}

fn read(path: &Path, second: bool) -> Result<(Sheet, Vec<Coded>), Vec<Fault>> {
    let text = load::read(path).map_err(|fault| vec![fault])?;
    validation::read_sheet(&path.to_string_lossy(), &text, second)
}

fn write_score(score: &Validation, out: &mut dyn Write) -> io::Result<()> {
    let size = |size: validation::SampleSize| format!("{} of {}", size.coded, size.population);
    writeln!(out, "lexicons {}", score.lexicons)?;
    writeln!(out, "coded: {} hits, {} sentences that name a team and hold no hit", size(score.hits), size(score.sentences))?;
    writeln!(out, "\n{:16}{:>8}{:>8}  {:27}recall (95 % interval)", "category", "coded", "right", "precision (95 % interval)")?;
    for category in &score.categories {
        let holds = if category.holds() == Some(false) { " *" } else { "" };
        let precision = format!("{}{holds}", interval(category.precision));
        writeln!(out, "{:16}{:>8}{:>8}  {precision:27}{}", category.category, category.coded, category.right, interval(category.recall))?;
    }
    writeln!(out, "{:61}{}", "all, of sentences that name a team", interval(score.recall))?;
    writeln!(out, "\n{:32}{:>8}  {:27}target right (95 % interval)", "about", "coded", "precision (95 % interval)")?;
    for target in &score.targets {
        let name = target.target.as_deref().unwrap_or("nobody in particular");
        writeln!(out, "{name:32}{:>8}  {:27}{}", target.coded, interval(target.precision), interval(target.accuracy))?;
    }
    if let Some(agreement) = score.agreement {
        let alpha = |alpha: Option<Estimate>| {
            let in_words = |alpha: Estimate| format!("{:.3} ({:.3} to {:.3})", alpha.value, alpha.low, alpha.high);
            alpha.map_or("not defined, nothing varies".to_owned(), in_words)
        };
        let (wording, target) = (alpha(agreement.wording), alpha(agreement.target));
        writeln!(out, "\nKrippendorff's alpha over {} rows: wording {wording}, target {target}", agreement.rows)?;
    }
    writeln!(out, "\n{}", bars(score))
}

/// Whether the bars hold, and which do not.
fn bars(score: &Validation) -> String {
    let mut missed = Vec::new();
    let n = validation::MIN_CODED;
    if !score.hits.is_enough() {
        missed.push(format!("fewer than {n} hits were coded"));
    }
    if !score.sentences.is_enough() {
        missed.push(format!("fewer than {n} sentences without a hit were coded"));
    }
    let imprecise: Vec<_> =
        score.categories.iter().filter(|category| category.holds() == Some(false)).map(|it| it.category.name()).collect();
    if !imprecise.is_empty() {
        missed.push(format!("the lower end of precision is below {:.2} for {} (*)", validation::MIN_PRECISION, imprecise.join(", ")));
    }
    if score.agreement.is_some_and(|agreement| !agreement.holds()) {
        missed.push(format!("alpha is below {}", validation::MIN_ALPHA));
    }
    if missed.is_empty() && !score.holds() {
        missed.push("no hit was coded".to_owned());
    }
    if missed.is_empty() { "All bars hold.".to_owned() } else { format!("Bars that do not hold: {}.", missed.join("; ")) }
}

fn interval(estimate: Option<Estimate>) -> String {
    estimate.map_or_else(|| "-".to_owned(), |Estimate { value, low, high }| format!("{value:.2} ({low:.2} to {high:.2})"))
}
