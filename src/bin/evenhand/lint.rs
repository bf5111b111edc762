//! `evenhand lint`: remarks on drafts before they are sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use evenhand::annotate::{self, Format};
use evenhand::fault::Fault;
use evenhand::lexicon::Category;
use evenhand::lint::{self, Coded, Draft, Linted, MAX_BYTES, Options, diff};
use evenhand::source;

use crate::args::LintArgs;
use crate::load::{self, Request};
use crate::output::{self, Failure, Outcome};

/// Standard input as a file.
const STDIN: &str = "-";

/// A draft to read, and the lines that are meant, where not all are.
struct Wanted {
    path: PathBuf,
    name: String,
    lines: Option<BTreeSet<u64>>,
}

pub(crate) fn run(args: &LintArgs) -> Result<Outcome, Failure> {
    let setup = load::load_setup(&args.setup, Request { skips_roster: args.setup.roster.is_none(), ..Request::new()? })?.setup;
    let categories: &[Category] = if args.category.is_empty() { &lint::USUAL } else { &args.category };
    // How a whole text is coded is no matter of a few lines.
    let counts_coded = args.diff.is_none() && categories.contains(&Category::Gendered);
    let coded = counts_coded.then(Coded::new).transpose()?;
    let (wanted, n_passed_over) = match &args.diff {
        Some(path) => of_diff(path)?,
        None => (of_files(&args.files), 0),
    };
    let mut faults = Vec::new();
    let mut linted: Vec<Linted> = Vec::new();
    for Wanted { path, name, lines } in wanted {
        match read(&path).and_then(|bytes| Draft::read(&name, bytes, args.input_format)) {
            Ok(draft) => {
                let options = Options { categories, lines: lines.as_ref(), coded: coded.as_ref() };
                linted.push(lint::lint(&draft, &setup.framing, &options));
            }
            Err(fault) => faults.push(fault),
        }
    }
    output::print(|out| {
        annotate::write_lint(&linted, &faults, args.format, out)?;
        if args.format == Format::Human && n_passed_over > 0 {
            let files = output::counted(n_passed_over, "file", "files");
            writeln!(out, "{files} of the diff passed over: no text, Markdown, HTML or mail")?;
        }
        Ok(())
    })?;
    let read = output::tell_faults(&faults, None, 0)?;
    Ok(read.or(if linted.iter().all(|draft| draft.remarks.is_empty()) { Outcome::Done } else { Outcome::Found }))
}

/// The files that were typed, each once.
fn of_files(files: &[PathBuf]) -> Vec<Wanted> {
    let mut seen = BTreeSet::new();
    let files = files.iter().filter(|path| seen.insert((*path).clone()));
    files.map(|path| Wanted { path: path.clone(), name: path.to_string_lossy().into_owned(), lines: None }).collect()
}

/// The drafts that a diff changes, with their changed lines, and how many other files it changes.
fn of_diff(path: &Path) -> Result<(Vec<Wanted>, u64), Failure> {
    let bytes = read(path)?;
    let changed = diff::changed(&path.to_string_lossy(), &String::from_utf8_lossy(&bytes))?;
    let (drafts, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        changed.into_iter().partition(|(name, _)| lint::Format::of_name(name).is_some());
    let top = top_folder();
    let wanted = |(name, lines): (String, BTreeSet<u64>)| {
        let here = PathBuf::from(&name);
        // Git names files from the top of the work tree, wherever it is called.
        let path = if here.exists() { here } else { top.as_ref().map(|top| top.join(&name)).filter(|path| path.exists()).unwrap_or(here) };
        Wanted { path, name, lines: Some(lines) }
    };
    Ok((drafts.into_iter().map(wanted).collect(), others.len() as u64))
}

/// The nearest folder above that holds a repository.
fn top_folder() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// A draft's bytes, and one more than is read of one where it is larger.
fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    if path != Path::new(STDIN) && path.is_dir() {
        return Err(Fault::file(path.to_string_lossy(), "is a folder, expected a file"));
    }
    let mut bytes = Vec::new();
    let most = MAX_BYTES as u64 + 1;
    let read = if path == Path::new(STDIN) {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| Fault::file(path.to_string_lossy(), source::cause_at(path, &error)))?;
    Ok(bytes)
}
