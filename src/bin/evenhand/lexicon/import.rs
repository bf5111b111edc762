//! `evenhand lexicon import`: a word list of another tool → a lexicon.

use evenhand::fault::Fault;
use evenhand::import::{self, Imported};
use evenhand::lexicon::{About, Category, Entry};

use crate::args::{ImportAbout, ImportArgs};
use crate::load;
use crate::output::{self, Failure, Outcome};

pub(super) fn run(args: &ImportArgs) -> Result<Outcome, Failure> {
    let path = args.file.to_string_lossy();
    let bytes = load::read_bytes(&args.file)?;
    let mut imported = import::read(&path, &bytes, args.format)?;
    if let Some(unknown) = args.list.iter().find(|name| !imported.lists.contains_key(*name)) {
        return Err(Failure::Other(format!("--list: no list \"{unknown}\" in {path}; it holds {}", titles(&imported))));
    }
    let category = category(args, &imported)?;
    let about = match args.about {
        ImportAbout::Group => About::Group,
        ImportAbout::Person => About::Person,
        ImportAbout::None => About::Nothing,
    };
    let shipped: Vec<Entry> = load::builtin_lexicons()?.into_iter().flat_map(|file| file.entries).collect();
    let words = import::select(&mut imported, &args.list, category, &shipped, &path);
    output::complain_all(&imported.warnings);
    if words.is_empty() {
        return Err(Fault::file(&*path, "holds no word that the shipped lexicon does not have").into());
    }
    let text = import::write(&words, category, about, &args.language, &path);
    match &args.output {
        Some(output) => output::write_private(output, |out| out.write_all(text.as_bytes()))?,
        None => output::print(|out| out.write_all(text.as_bytes()))?,
    }
    Ok(Outcome::Done)
}

/// The category that is asked for, else the one that every chosen list is called.
fn category(args: &ImportArgs, imported: &Imported) -> Result<Category, Failure> {
    if let Some(category) = args.category {
        return Ok(category);
    }
    let mut chosen = imported.lists.keys().filter(|name| args.list.is_empty() || args.list.contains(name));
    if let (Some(category), None) = (chosen.next().and_then(|name| Category::from_name(name)), chosen.next()) {
        return Ok(category);
    }
    let known = Category::ALL.map(Category::name).join(", ");
    let path = args.file.display();
    Err(Failure::Other(format!("--as: expected one of {known}; {path} holds {}", titles(imported))))
}

/// The lists with the number of their words.
fn titles(imported: &Imported) -> String {
    let titles =
        imported.lists.iter().map(|(name, items)| format!("\"{name}\" ({})", output::counted(items.len() as u64, "word", "words")));
    titles.collect::<Vec<_>>().join(", ")
}
