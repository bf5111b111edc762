//! `evenhand init`: writes a configuration and drafts a roster from the authors of the exports.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use evenhand::config;
use evenhand::fault::Fault;
use evenhand::roster::draft::{self, Coverage, Seen};
use evenhand::scan::census::census;

use crate::args::InitArgs;
use crate::load::{self, CONFIG, Loaded, ROSTER};
use crate::output::{self, Failure, Outcome, counted};
use crate::{preview, progress, scan};

/// Share of the words without a team, in percent, that the rows hold which are best filled in first.
const FIRST_ROWS: u64 = 80;

pub(crate) fn run(args: &InitArgs) -> Result<Outcome, Failure> {
    let mut loaded = load::load_for_draft(&args.input)?;
    if args.input.show_config {
        return preview::run(&args.input, loaded);
    }
    // A line that could not be read would be lost when the roster is written anew.
    if !loaded.faults.is_empty() {
        return Err(loaded.faults.into());
    }
    let is_trial = args.input.dry_run;
    let target = target(&loaded);
    if target.exists() && !args.force && !is_trial {
        return Err(Fault::file(target.to_string_lossy(), "is there already; --force drafts it anew and keeps what it says").into());
    }
    let seen = if args.input.inputs.is_empty() { Vec::new() } else { authors(args, &mut loaded)? };
    let coverage = Coverage::of(&seen);
    let first = first_rows(&seen);
    let rows = draft::draft(&loaded.setup.roster, seen);
    let has_config = !loaded.config_file.path.is_empty();
    if !is_trial {
        output::write_private(&target, |out| draft::write(&rows, out))?;
        if !has_config {
            output::write_private(Path::new(CONFIG), |out| out.write_all(config::TEMPLATE.as_bytes()))?;
        }
    }
    let written = if is_trial { "would be written" } else { "written" };
    let n_open = rows.iter().filter(|row| row.team.is_empty()).count() as u64;
    output::print(|out| {
        if has_config {
            writeln!(out, "{}: stays as it is", loaded.config_file.path)?;
        } else {
            writeln!(out, "{CONFIG}: {written}")?;
        }
        writeln!(out, "{}: {written}; {}, {n_open} without a team", target.display(), counted(rows.len() as u64, "row", "rows"))?;
        if coverage.authors > 0 {
            write_coverage(&coverage, first, out)?;
        }
        let task = if n_open > 0 || rows.is_empty() {
            format!("fill in the column \"team\" of {}, then ", target.display())
        } else {
            String::new()
        };
        writeln!(out, "next: {task}type")?;
        writeln!(out, "    {}", next_command(&loaded, &target, args))
    })?;
    scan::tell(&args.input, &loaded.faults)
}

/// Where the draft goes: to the roster that the configuration names, else into the current folder.
fn target(loaded: &Loaded) -> PathBuf {
    let base = Path::new(&loaded.config_file.path).parent().unwrap_or(Path::new(""));
    loaded.config.teams.roster.as_ref().map_or_else(|| PathBuf::from(ROSTER), |path| base.join(path))
}

fn authors(args: &InitArgs, loaded: &mut Loaded) -> Result<Vec<Seen>, Failure> {
    let sources = scan::sources_of(&args.input, &loaded.setup, &mut loaded.faults)?;
    let bar = progress::bar(&args.input.inputs, args.input.quiet);
    let setup = &loaded.setup;
    let census = scan::pool(&args.input)?.install(|| census(sources, setup, &|n_bytes| bar.set_position(n_bytes)));
    bar.finish_and_clear();
    loaded.faults.extend(census.faults);
    if census.kept == 0 {
        // Why nothing was read stands in the faults, if there are any.
        scan::tell(&args.input, &loaded.faults)?;
        return Err(scan::nothing_in_scope(&census.removed));
    }
    Ok(census.authors)
}

/// How many authors without a team, those who wrote most first, hold most of the words without one.
fn first_rows(seen: &[Seen]) -> usize {
    let mut open: Vec<u64> = seen.iter().map(|seen| seen.words - seen.words_with_team).filter(|&words| words > 0).collect();
    open.sort_unstable_by(|a, b| b.cmp(a));
    let all: u64 = open.iter().sum();
    let mut sum = 0;
    let is_short = |words: &&u64| {
        let is_short = sum * 100 < all * FIRST_ROWS;
        sum += **words;
        is_short
    };
    open.iter().take_while(is_short).count()
}

fn write_coverage(coverage: &Coverage, first: usize, out: &mut dyn Write) -> io::Result<()> {
    let Coverage { authors, authors_with_team, words, words_with_team } = *coverage;
    // Rounded down, so that 100 % is all of them.
    let percent = (words_with_team * 100).checked_div(words).unwrap_or(0);
    let verb = if authors_with_team == 1 { "has" } else { "have" };
    writeln!(out, "{authors_with_team} of {}, {percent} % of words {verb} a team", counted(authors, "author", "authors"))?;
    match first {
        0 => Ok(()),
        1 => writeln!(out, "the author without a team who wrote most holds {FIRST_ROWS} % of the other words or more"),
        n => writeln!(out, "the {n} authors without a team who wrote most hold {FIRST_ROWS} % of the other words"),
    }
}

/// What was typed, with the report in the place of this command, and the roster where no configuration names it.
fn next_command(loaded: &Loaded, target: &Path, args: &InitArgs) -> String {
    let typed = std::env::args().skip(2).filter(|word| word != "--force" && word != "--dry-run");
    let mut words: Vec<String> = typed.collect();
    if args.input.inputs.is_empty() {
        words.insert(0, "EXPORT...".to_owned());
    }
    let is_named = loaded.config_file.path.is_empty() || loaded.config.teams.roster.is_some();
    if !is_named && args.input.setup.roster.is_none() {
        words.extend(["--roster".to_owned(), target.to_string_lossy().into_owned()]);
    }
    let words = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
    format!("evenhand report {words}")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=,:@%+~".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}
