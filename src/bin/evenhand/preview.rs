//! `--show-config` and `--dry-run`: what is in force, what would be read and as what, what is left out, what the data could support.

use std::io::{self, Write};
use std::path::PathBuf;

use evenhand::scan::SourceIntake;
use evenhand::source;
use evenhand::stats::gate::Missing;
use evenhand::stats::{self, Findings, GapFinding, GapKind, Speaker};

use crate::args::InputArgs;
use crate::load::Loaded;
use crate::output::{self, Failure, Outcome, counted};
use crate::scan::{self, TallyIntake};

pub(crate) fn run(args: &InputArgs, mut loaded: Loaded) -> Result<Outcome, Failure> {
    if args.show_config {
        output::print(|out| loaded.origins.iter().try_for_each(|origin| writeln!(out, "{origin}")))?;
        return scan::tell(args, &loaded.faults);
    }
    let read = scan::read(args, &mut loaded)?;
    // Nobody is pooled here, so that all who name both groups are counted; figures of teams are not printed.
    let findings = stats::analyse(&read.tally, &stats::Plan::new(&loaded.config.contrast, 1));
    output::print(|out| {
        read.sources.iter().try_for_each(|source| write_source(source, &args.inputs, out))?;
        read.tallies.iter().try_for_each(|tally| write_tally(tally, out))?;
        write_support(&findings, loaded.config.privacy.min_authors, out)
    })?;
    scan::tell(args, &loaded.faults)
}

fn write_source(source: &SourceIntake, inputs: &[PathBuf], out: &mut dyn Write) -> io::Result<()> {
    let formats: Vec<String> = source.formats.iter().map(|(name, n)| format!("{name}, {}", counted(*n, "file", "files"))).collect();
    let what = if formats.is_empty() { "nothing readable".to_owned() } else { formats.join("; ") };
    writeln!(out, "{}: {what}", source.label)?;
    writeln!(out, "    {} read, {} kept", counted(source.intake.read, "message", "messages"), source.intake.kept)?;
    for (reason, n) in source.intake.removed.iter() {
        writeln!(out, "    {n} left out: {}{}", reason.title(), scan::way_out(reason))?;
    }
    if source.intake.sources_read_once > 0 {
        writeln!(out, "    read only once: nothing learned over several messages (signatures without a mark, robots, other languages)")?;
    }
    if source.intake.faults > 0 {
        writeln!(out, "    {} could not be read", source.intake.faults)?;
    }
    let passed_over = inputs.iter().find(|input| input.to_string_lossy() == *source.label).map_or(0, |input| source::n_passed_over(input));
    if passed_over > 0 {
        writeln!(out, "    {} passed over: pictures, sound, film, indexes, lists", counted(passed_over, "file", "files"))?;
    }
    if !source.unlisted.is_empty() {
        let names: Vec<&str> = source.unlisted.iter().map(String::as_str).collect();
        let channels = counted(names.len() as u64, "channel", "channels");
        writeln!(out, "    {channels} read as public although no list of the export names them: {}", names.join(", "))?;
    }
    Ok(())
}

fn write_tally(tally: &TallyIntake, out: &mut dyn Write) -> io::Result<()> {
    let months = match &tally.months {
        Some((first, last)) if first == last => format!(", {first}"),
        Some((first, last)) => format!(", {first} to {last}"),
        None => String::new(),
    };
    writeln!(out, "{}: tally of {}{months}", tally.label, counted(tally.n_sources as u64, "source", "sources"))?;
    writeln!(out, "    {} read, {} kept", counted(tally.intake.read, "message", "messages"), tally.intake.kept)?;
    tally.intake.removed.iter().try_for_each(|(reason, n)| writeln!(out, "    {n} left out: {}", reason.title()))?;
    if tally.intake.faults > 0 {
        writeln!(out, "    {} could not be read", tally.intake.faults)?;
    }
    Ok(())
}

/// What the data could support: numbers of authors, and which teams are large enough, but no figure of what anybody wrote.
fn write_support(findings: &Findings, min_authors: usize, out: &mut dyn Write) -> io::Result<()> {
    let can_stand_alone = |speaker: &Speaker| {
        matches!(speaker, Speaker::Team(_))
            && findings.speakers.iter().any(|count| count.speaker == *speaker && count.n_authors >= min_authors)
    };
    let n_teams = findings.speakers.iter().filter(|count| can_stand_alone(&count.speaker)).count();
    let n_authors = findings.speakers.iter().find(|count| count.speaker == Speaker::Company).map_or(0, |count| count.n_authors);
    let (authors, teams) = (counted(n_authors as u64, "author", "authors"), counted(n_teams as u64, "team", "teams"));
    writeln!(out, "{authors}; {teams} of at least {min_authors} authors, who can stand alone")?;
    if n_authors < min_authors {
        return writeln!(out, "fewer than {min_authors} authors: no figure at all");
    }
    let gaps = || findings.gaps.iter().filter(|gap| gap.kind == GapKind::Praise);
    let names_enough = |gap: &GapFinding| gap.gap.counts.n_naming_both >= min_authors && needs(gap).is_empty();
    for company in gaps().filter(|gap| gap.speaker == Speaker::Company) {
        let is_same_pair = |gap: &&GapFinding| gap.numerator == company.numerator && gap.denominator == company.denominator;
        let of_teams = gaps().filter(is_same_pair).filter(|gap| can_stand_alone(&gap.speaker) && names_enough(gap)).count();
        let n = company.gap.counts.n_naming_both;
        let needs = needs(company);
        let says = match of_teams {
            _ if n < min_authors => "levels only, too few for a gap".to_owned(),
            _ if !needs.is_empty() => format!("levels; a verdict on a gap needs {}", needs.join(" and ")),
            0 => "levels and a company-wide gap, no team gaps".to_owned(),
            of_teams => format!("levels, a company-wide gap and gaps of {}", counted(of_teams as u64, "team", "teams")),
        };
        let name = if n == 1 { "author names" } else { "authors name" };
        writeln!(out, "{n} {name} both {} and {}: {says}", company.numerator, company.denominator)?;
    }
    Ok(())
}

/// What the gate misses of authors and of sentences that name a group; whether there are hits enough is for the report to say.
fn needs(gap: &GapFinding) -> Vec<String> {
    let groups = [&gap.numerator, &gap.denominator];
    let need = |missing: &Missing| match *missing {
        Missing::AuthorsNamingBoth(more) => Some(format!("{} who name both", counted(more, "more author", "more authors"))),
        Missing::NamingSegments { group, more } => {
            Some(format!("{} that name {}", counted(more, "more sentence", "more sentences"), groups[group]))
        }
        Missing::AuthorsWithHit(_)
        | Missing::Hits(_)
        | Missing::ExpectedHits { .. }
        | Missing::EffectiveAuthors(_)
        | Missing::SecondEntry => None,
    };
    gap.missing.iter().filter_map(need).collect()
}
