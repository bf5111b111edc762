//! Files that set a run up: configuration, roster, lexicons, key. What is wrong with them is told with its place.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::config::{self, Config, LexiconFiles};
use crate::fault::{Fault, Place, Position};
use crate::lexicon::builtin::{self, Shipped};
use crate::lexicon::cues::{self, CueFile};
use crate::lexicon::parse::{self, LexiconFile};
use crate::lexicon::{Category, Lexicons};
use crate::roster::Roster;
use crate::scan::Setup;
use crate::shipped;
use crate::source;
use crate::tally::Key;
use crate::validation::{self, Validation};

/// Name of the configuration in a folder.
pub const CONFIG: &str = "evenhand.toml";

/// The largest file with settings, a roster, words or cues that is read.
const MAX_SETTINGS_BYTES: u64 = 64 << 20;

/// What is wrong with the files, each with its place.
#[derive(Debug)]
pub struct Faults(pub Vec<Fault>);

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl From<Vec<Fault>> for Faults {
    fn from(faults: Vec<Fault>) -> Self {
        Self(faults)
    }
}

/// The configuration as it was read, for places; empty where there is none.
#[derive(Debug, Default)]
pub struct ConfigFile {
    /// Where it lies.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl ConfigFile {
    /// Reads a configuration.
    ///
    /// # Errors
    /// If it cannot be read or is none.
    pub fn read(path: &Path) -> Result<(Config, Self), Faults> {
        let file = Self { path: path.to_string_lossy().into_owned(), text: read(path)? };
        Ok((config::parse(&file.path, &file.text)?, file))
    }

    /// The folder that its paths are relative to.
    #[must_use]
    pub fn base(&self) -> PathBuf {
        Path::new(&self.path).parent().map(Path::to_owned).unwrap_or_default()
    }
}

/// Lexicons and cues beside those of the configuration.
#[derive(Debug, Clone, Copy, Default)]
pub struct LexiconChoice<'a> {
    /// Of the lexicons only these, where there are any.
    pub only: &'a [PathBuf],
    /// In place of those of the same category.
    pub replace: &'a [PathBuf],
    /// Added to the others.
    pub extend: &'a [PathBuf],
    /// Folder of cues, in place of those that ship.
    pub cues: Option<&'a Path>,
    /// Entries without cues.
    pub no_cues: bool,
    /// Cues without entries.
    pub only_cues: bool,
}

/// The setup of a run, and lines of the roster that could not be used. A roster that is not there is none.
///
/// # Errors
/// What is wrong with the configuration's rules for names, its zone, or names of groups, or if the roster cannot be read.
pub fn setup(
    config: &Config,
    file: &ConfigFile,
    roster: Option<&Path>,
    mut lexicons: Lexicons,
    key: Key,
) -> Result<(Setup, Vec<Fault>), Faults> {
    let (mut roster, faults) = match roster {
        Some(path) => Roster::parse(&path.to_string_lossy(), &read(path)?),
        None => (Roster::default(), Vec::new()),
    };
    for (domain, team) in &config.teams.domains {
        roster.add_domain(domain, team);
    }
    for (team, pattern) in &config.teams.names {
        let at = Place::file(file.path.as_str());
        let fault = |why| Fault::in_text(&at, &file.text, pattern.span(), format!("teams.names: {why}"));
        roster.add_name_rule(team, pattern.get_ref()).map_err(fault)?;
    }
    let at = Place::file(file.base().join(CONFIG).to_string_lossy());
    lexicons.add_groups(config.groups.iter().map(|(name, group)| (name.as_str(), &group.aliases[..], at.clone())))?;
    let zone_name = &config.clean.timezone;
    let zone = TimeZone::get(zone_name)
        .map_err(|_| Fault::file("timezone", format!("found \"{zone_name}\", expected an IANA name such as Europe/Berlin")))?;
    let mut setup = Setup::new(lexicons, roster, zone, key)?;
    setup.bots = config.clean.bots.iter().map(|bot| bot.to_lowercase()).collect();
    Ok((setup, faults))
}

/// The score of a coded sample at a path, else the one that the configuration names, if it names one.
///
/// # Errors
/// If it cannot be read or is none.
pub fn validation(path: Option<&Path>, config: &Config, base: &Path) -> Result<Option<Validation>, Faults> {
    let path = path.map(Path::to_owned).or_else(|| config.report.validation.as_ref().map(|path| base.join(path)));
    path.map(|path| Ok(validation::parse(&path.to_string_lossy(), &read(&path)?)?)).transpose()
}

/// The lexicons in force: as the build compiled them where they are those that ship, else compiled now. Paths of the configuration are
/// relative to `base`.
///
/// # Errors
/// Every mistake of a lexicon, or a file that cannot be read.
pub fn lexicons(choice: &LexiconChoice<'_>, config: &Config, base: &Path) -> Result<Lexicons, Faults> {
    let LexiconFiles { replace, extend, cues: cues_folder } = &config.lexicons;
    let is_of_paths =
        !choice.only.is_empty() || [&**replace, &**extend, choice.replace, choice.extend].iter().any(|paths| !paths.is_empty());
    let has_other_cues = choice.no_cues || choice.only_cues || choice.cues.is_some() || cues_folder.is_some();
    if !is_of_paths
        && !has_other_cues
        && let Some(shipped) = shipped::lexicons()
    {
        return Ok(shipped);
    }
    let mut files = lexicon_files(choice, config, base)?;
    if choice.only_cues {
        for file in &mut files {
            file.entries.clear();
            file.text.clear();
        }
    }
    let cues = cues(choice, config, base)?;
    let Shipped { classes, groups, topics, .. } = builtin::read()?;
    Ok(Lexicons::compile_with(&files, &classes, &cues, groups, topics)?)
}

fn lexicon_files(choice: &LexiconChoice<'_>, config: &Config, base: &Path) -> Result<Vec<LexiconFile>, Faults> {
    if !choice.only.is_empty() {
        return lexicons_at(choice.only.iter().cloned());
    }
    let replacing = lexicons_at(config.lexicons.replace.iter().map(|path| base.join(path)).chain(choice.replace.iter().cloned()))?;
    let extending = lexicons_at(config.lexicons.extend.iter().map(|path| base.join(path)).chain(choice.extend.iter().cloned()))?;
    let mut all = builtin_lexicons()?;
    all.retain(|shipped| replacing.iter().all(|other| other.lexicon.category != shipped.lexicon.category));
    all.extend(replacing);
    all.extend(extending);
    Ok(all)
}

/// The lexicons that ship.
///
/// # Errors
/// A mistake in one of them.
pub fn builtin_lexicons() -> Result<Vec<LexiconFile>, Faults> {
    builtin::LEXICONS.iter().map(|(path, text)| Ok(parse::parse(path, text)?)).collect()
}

/// The lexicons at some paths; of a folder every `.toml` in it, by name.
fn lexicons_at(paths: impl Iterator<Item = PathBuf>) -> Result<Vec<LexiconFile>, Faults> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(lexicon(&path)?);
            continue;
        }
        let unreadable = |error: &std::io::Error| Fault::file(path.to_string_lossy(), source::cause(error));
        let mut inside = Vec::new();
        for entry in fs::read_dir(&path).map_err(|error| unreadable(&error))? {
            inside.push(entry.map_err(|error| unreadable(&error))?.path());
        }
        inside.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        inside.sort();
        if inside.is_empty() {
            return Err(Fault::file(path.to_string_lossy(), "holds no lexicon (.toml)").into());
        }
        for file in inside {
            files.push(lexicon(&file)?);
        }
    }
    Ok(files)
}

/// The cues that ship, or those of a folder: every file of it that ends in `.tsv` and is named like a category.
fn cues(choice: &LexiconChoice<'_>, config: &Config, base: &Path) -> Result<Vec<CueFile>, Faults> {
    if choice.no_cues || !choice.only.is_empty() {
        return Ok(Vec::new());
    }
    let Some(folder) = choice.cues.map(Path::to_owned).or_else(|| config.lexicons.cues.as_ref().map(|folder| base.join(folder))) else {
        return builtin::CUES.iter().map(|(path, text)| Ok(cues::parse(path, text)?)).collect();
    };
    let paths = Category::ALL.map(|category| folder.join(format!("{}.tsv", category.name())));
    let files: Vec<CueFile> = paths
        .iter()
        .filter(|path| path.exists())
        .map(|path| Ok(cues::parse(&path.to_string_lossy(), &read(path)?)?))
        .collect::<Result<_, Faults>>()?;
    if files.is_empty() {
        return Err(Fault::file(folder.to_string_lossy(), "found no file of cues, expected CATEGORY.tsv").into());
    }
    Ok(files)
}

fn lexicon(path: &Path) -> Result<LexiconFile, Faults> {
    Ok(parse::parse(&path.to_string_lossy(), &read(path)?)?)
}

/// A key from its file, or a random one that is forgotten when the run ends.
///
/// # Errors
/// If the file cannot be read or holds no key; what it holds is never told.
pub fn key(path: Option<&Path>) -> Result<Key, Faults> {
    let Some(path) = path else { return random_key() };
    let text = read(path)?;
    let digits = text.trim();
    let mut bytes = [0; 32];
    let is_key = digits.len() == 64 && digits.is_ascii();
    for (i, byte) in bytes.iter_mut().enumerate() {
        let pair = digits.get(2 * i..2 * i + 2).filter(|_| is_key);
        *byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(|| {
            // What was found stays unsaid: it may be a key with a slip of the pen.
            Fault::file(path.to_string_lossy(), "expected 64 hexadecimal digits (openssl rand -hex 32)")
        })?;
    }
    Ok(Key::new(bytes))
}

/// A key that is forgotten when the run ends.
///
/// # Errors
/// If the system gives no random numbers.
pub fn random_key() -> Result<Key, Faults> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Fault::file("key", format!("no random numbers: {error}")))?;
    Ok(Key::new(bytes))
}

/// A file's bytes.
///
/// # Errors
/// If it cannot be read or is too large for a file that people write.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SETTINGS_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Fault::file(path.to_string_lossy(), source::cause_at(path, &error)))?;
    if bytes.len() as u64 > MAX_SETTINGS_BYTES {
        let why = format!("larger than the {} MiB that are read of a file with settings or words", MAX_SETTINGS_BYTES >> 20);
        return Err(Fault::file(path.to_string_lossy(), why));
    }
    Ok(bytes)
}

/// A file as text.
///
/// # Errors
/// If it cannot be read or is not UTF-8.
pub fn read(path: &Path) -> Result<String, Fault> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new(Place::file(path.to_string_lossy()).at(Position::Byte(at as u64)), "found bytes that are not UTF-8, expected UTF-8")
    })
}
