//! `evenhand lexicon`: the words themselves.

mod fit;
mod import;
mod neutral;
mod suggest;

use std::io::{self, Write};

use evenhand::fault;
use evenhand::framing::Framing;
use evenhand::lexicon::{About, Category, Entry, Lexicons};

use crate::args::{LexiconArgs, LexiconCommand};
use crate::load::{self, Request};
use crate::output::{self, Failure, Outcome};

pub(crate) fn run(args: &LexiconArgs) -> Result<Outcome, Failure> {
    match &args.command {
        LexiconCommand::List(setup) => {
            let loaded = load::load_setup(setup, Request::new()?)?;
            output::print(|out| list(&loaded.setup.framing.lexicons, out))?;
            output::tell_faults(&loaded.faults, None, 0)
        }
        LexiconCommand::Show { name, setup } => {
            let loaded = load::load_setup(setup, Request::new()?)?;
            show(&loaded.setup.framing.lexicons, name)?;
            output::tell_faults(&loaded.faults, None, 0)
        }
        LexiconCommand::Test { files, neutral, setup } => {
            let loaded = load::load_setup(setup, Request { only: files, ..Request::new()? })?;
            if neutral.neutral.is_empty() { test(&loaded.setup.framing, files.is_empty()) } else { neutral::run(neutral, &loaded.setup) }
        }
        LexiconCommand::Import(args) => import::run(args),
        LexiconCommand::Fit(args) => fit::run(args),
        LexiconCommand::Suggest(args) => suggest::run(args),
    }
}

/// Runs the examples of every entry, and of every topic where all that is in force is tested.
fn test(framing: &Framing, with_topics: bool) -> Result<Outcome, Failure> {
    let mut failed = framing.failed_examples();
    if with_topics {
        failed.extend(framing.failed_topics());
    }
    let entries: Vec<&Entry> = framing.lexicons.entries.iter().filter(|entry| !entry.is_of_cues()).collect();
    let of_topics = framing.lexicons.topics.all().filter(|_| with_topics).map(|(_, words)| words.yes.len() + words.no.len());
    let n_examples: usize = entries.iter().map(|entry| entry.yes.len() + entry.no.len()).chain(of_topics).sum();
    let n_bare = entries.iter().filter(|entry| entry.yes.is_empty()).count();
    let bare = if n_bare == 0 {
        String::new()
    } else {
        format!(", {} imported without examples", output::counted(n_bare as u64, "entry", "entries"))
    };
    output::print(|out| {
        writeln!(out, "{}, {n_examples} examples, {} failed{bare}", output::counted(entries.len() as u64, "entry", "entries"), failed.len())
    })?;
    output::tell_faults(&failed, None, 0)
}

fn list(lexicons: &Lexicons, out: &mut dyn Write) -> io::Result<()> {
    for lexicon in &lexicons.lexicons {
        let entries: Vec<&Entry> =
            lexicons.entries.iter().filter(|entry| entry.category == lexicon.category && !entry.is_of_cues()).collect();
        let n_strings: usize = entries.iter().map(|entry| entry.matches.len()).sum();
        let description = &lexicon.description;
        writeln!(out, "{:14} {:4} entries {n_strings:5} strings  {description}", lexicon.category, entries.len())?;
    }
    let n_names: usize = lexicons.groups.all().map(|group| lexicons.groups.aliases(group).count()).sum();
    writeln!(out, "{:14} {:4} groups  {n_names:5} names", "groups", lexicons.groups.len())?;
    let n_strings: usize = lexicons.topics.all().map(|(_, words)| words.matches.len()).sum();
    writeln!(out, "{:14} {:4} topics  {n_strings:5} strings", "topics", lexicons.topics.all().count())?;
    writeln!(out, "fingerprint {}", lexicons.fingerprint())
}

fn show(lexicons: &Lexicons, name: &str) -> Result<(), Failure> {
    if name == "groups" {
        return output::print(|out| {
            lexicons.groups.all().try_for_each(|group| {
                let names: Vec<_> = lexicons.groups.aliases(group).collect();
                writeln!(out, "{}: {}", lexicons.groups.name(group), names.join(", "))
            })
        });
    }
    if name == "topics" {
        return output::print(|out| {
            lexicons
                .topics
                .all()
                .try_for_each(|(_, words)| writeln!(out, "{}  {}\n    words   {}", words.name, words.title, words.matches.join(", ")))
        });
    }
    let Some(category) = Category::from_name(name) else {
        let known: Vec<_> = Category::ALL.iter().map(|category| category.name()).chain(["groups", "topics"]).collect();
        let nearest = fault::nearest(name, known.iter().copied());
        return Err(Failure::Other(format!("no lexicon \"{name}\"; expected one of {}{nearest}", known.join(", "))));
    };
    output::print(|out| {
        for lexicon in lexicons.lexicons.iter().filter(|lexicon| lexicon.category == category) {
            writeln!(out, "{} {} ({})\n{}\n", lexicon.title, lexicon.version, lexicon.language, lexicon.description)?;
        }
        lexicons
            .entries
            .iter()
            .filter(|entry| entry.category == category && !entry.is_of_cues())
            .try_for_each(|entry| show_entry(entry, out))
    })
}

fn show_entry(entry: &Entry, out: &mut dyn Write) -> io::Result<()> {
    let about = match entry.about {
        About::Group => "of a group",
        About::Person => "of a person",
        About::Nothing => "anywhere",
    };
    let swap = if entry.swap { "could be said of any team" } else { "fits one team only" };
    writeln!(out, "{}  {}", entry.name, entry.sense)?;
    writeln!(out, "    counts {about}; {swap}; source: {}", entry.source)?;
    writeln!(out, "    words   {}", entry.matches.join(", "))?;
    if !entry.unless.is_empty() {
        writeln!(out, "    unless  {}", entry.unless.join(", "))?;
    }
    if let Some(instead) = &entry.instead {
        writeln!(out, "    instead {instead}")?;
    }
    entry.yes.iter().try_for_each(|sentence| writeln!(out, "    yes     {sentence}"))?;
    entry.no.iter().try_for_each(|sentence| writeln!(out, "    no      {sentence}"))?;
    writeln!(out)
}
