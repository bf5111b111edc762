//! Files that set a run up: configuration, roster, lexicons, key.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use evenhand::config::{self, Config, LexiconFiles};
use evenhand::fault::{Fault, Place, Position};
use evenhand::lexicon::builtin::{self, Shipped};
use evenhand::lexicon::cues::{self, CueFile};
use evenhand::lexicon::parse::{self, LexiconFile};
use evenhand::lexicon::{Category, Lexicons};
use evenhand::roster::Roster;
use evenhand::scan::{Period, Setup};
use evenhand::shipped;
use evenhand::tally::Key;
use evenhand::validation::{self, Validation};
use jiff::tz::TimeZone;

use crate::args::{InputArgs, SetupArgs};
use crate::environment::{self, Given};
use crate::origins;
use crate::output::Failure;

/// Name of the configuration in the current folder.
pub(crate) const CONFIG: &str = "evenhand.toml";

/// Name of the roster in the current folder, where `init` puts it.
pub(crate) const ROSTER: &str = "roster.csv";

/// The largest file with settings, a roster, words or cues that is read.
const MAX_SETTINGS_BYTES: u64 = 64 << 20;

/// A run's setup, its configuration, and lines of the roster that could not be used.
pub(crate) struct Loaded {
    pub(crate) setup: Setup,
    pub(crate) config: Config,
    pub(crate) config_file: ConfigFile,
    /// What is in force and where from, a line a value.
    pub(crate) origins: Vec<String>,
    pub(crate) faults: Vec<Fault>,
}

/// The configuration as it was read, for places; empty where there is none.
#[derive(Default)]
pub(crate) struct ConfigFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Loads all that a scan needs. `min_authors` is the floor as it was typed.
pub(crate) fn load(args: &InputArgs, min_authors: Option<u16>) -> Result<Loaded, Failure> {
    let key_file = environment::typed_or_set(args.key_file.as_ref(), "EVENHAND_KEY_FILE")?;
    let request = Request { key: key(key_file.as_ref().map(|set| set.value.as_path()))?, min_authors, ..Request::new()? };
    let mut loaded = load_setup(&args.setup, request)?;
    loaded.origins.extend(origins::input_lines(args, key_file.as_ref())?);
    loaded.setup.period = Period { since: args.since, until: args.until };
    Ok(loaded)
}

/// Loads all that a draft of the roster needs; the roster may be there already, or not yet.
pub(crate) fn load_for_draft(args: &InputArgs) -> Result<Loaded, Failure> {
    let mut loaded = load_setup(&args.setup, Request { drafts_roster: true, ..Request::new()? })?;
    loaded.origins.extend(origins::input_lines(args, None)?);
    loaded.setup.period = Period { since: args.since, until: args.until };
    Ok(loaded)
}

/// What commands want differently.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    /// Of the lexicons only these, where there are any.
    pub(crate) only: &'a [PathBuf],
    pub(crate) key: Key,
    /// The floor as it was typed.
    pub(crate) min_authors: Option<u16>,
    /// Whether the roster may not be there yet, and stands in the current folder where nothing names it.
    pub(crate) drafts_roster: bool,
    /// Whether nothing is asked of the roster, so that the one of the configuration need not be there.
    pub(crate) skips_roster: bool,
}

impl Request<'_> {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { only: &[], key: random_key()?, min_authors: None, drafts_roster: false, skips_roster: false })
    }
}

/// Loads configuration, roster and lexicons. What was typed goes before the environment, and that before the configuration, which holds
/// afterwards what is in force.
pub(crate) fn load_setup(args: &SetupArgs, request: Request<'_>) -> Result<Loaded, Failure> {
    let given = Given::of(args, request.min_authors)?;
    let (mut config, config_file) = config(given.config.as_ref().map(|set| set.value.as_path()))?;
    let base = Path::new(&config_file.path).parent().map(Path::to_owned).unwrap_or_default();
    let default = || request.drafts_roster.then(|| PathBuf::from(ROSTER));
    let roster_path = given.roster_path(&config, &base).or_else(default);
    let is_to_come = |path: &PathBuf| request.drafts_roster && given.roster.is_none() && !path.exists();
    let (mut roster, faults) = match roster_path.filter(|path| !request.skips_roster && !is_to_come(path)) {
        Some(path) => Roster::parse(&path.to_string_lossy(), &read(&path)?),
        None => (Roster::default(), Vec::new()),
    };
    for (domain, team) in &config.teams.domains {
        roster.add_domain(domain, team);
    }
    for (team, pattern) in &config.teams.names {
        let file = Place::file(config_file.path.as_str());
        let fault = |why| Fault::in_text(&file, &config_file.text, pattern.span(), format!("teams.names: {why}"));
        roster.add_name_rule(team, pattern.get_ref()).map_err(fault)?;
    }
    let origins = origins::lines(args, &given, &config, &config_file);
    if let Some(floor) = &given.min_authors {
        config.privacy.min_authors = usize::from(floor.value.get());
    }
    if let Some(zone) = &given.timezone {
        config.clean.timezone.clone_from(&zone.value);
    }
    let mut lexicons = lexicons(args, request.only, &config, &base)?;
    let at = Place::file(base.join(CONFIG).to_string_lossy());
    lexicons.add_groups(config.groups.iter().map(|(name, group)| (name.as_str(), &group.aliases[..], at.clone())))?;
    let zone_name = &config.clean.timezone;
    let zone = TimeZone::get(zone_name)
        .map_err(|_| Failure::Other(format!("timezone: found \"{zone_name}\", expected an IANA name such as Europe/Berlin")))?;
    let mut setup = Setup::new(lexicons, roster, zone, request.key)?;
    setup.bots = config.clean.bots.iter().map(|bot| bot.to_lowercase()).collect();
    Ok(Loaded { setup, config, config_file, origins, faults })
}

impl Loaded {
    /// The score of a coded sample: the one that was typed, else the one that the configuration names.
    pub(crate) fn validation(&self, typed: Option<&Path>) -> Result<Option<Validation>, Failure> {
        let base = Path::new(&self.config_file.path).parent().unwrap_or_else(|| Path::new(""));
        let path = typed.map(Path::to_owned).or_else(|| self.config.report.validation.as_ref().map(|path| base.join(path)));
        path.map(|path| Ok(validation::parse(&path.to_string_lossy(), &read(&path)?)?)).transpose()
    }
}

/// The lexicons in force: as the build compiled them where they are those that ship, else compiled now.
fn lexicons(args: &SetupArgs, only: &[PathBuf], config: &Config, base: &Path) -> Result<Lexicons, Failure> {
    let LexiconFiles { replace, extend, cues: cues_folder } = &config.lexicons;
    let is_of_paths = !only.is_empty() || [replace, extend, &args.replace_lexicon, &args.lexicon].iter().any(|paths| !paths.is_empty());
    let has_other_cues = args.no_cues || args.only_cues || args.cues.is_some() || cues_folder.is_some();
    if !is_of_paths
        && !has_other_cues
        && let Some(shipped) = shipped::lexicons()
    {
        return Ok(shipped);
    }
    let mut files = lexicon_files(args, only, config, base)?;
    if args.only_cues {
        for file in &mut files {
            file.entries.clear();
            file.text.clear();
        }
    }
    let cues = cues(args, only, config, base)?;
    let Shipped { classes, groups, topics, .. } = builtin::read()?;
    Ok(Lexicons::compile_with(&files, &classes, &cues, groups, topics)?)
}

fn lexicon_files(args: &SetupArgs, only: &[PathBuf], config: &Config, base: &Path) -> Result<Vec<LexiconFile>, Failure> {
    if !only.is_empty() {
        return lexicons_at(only.iter().cloned());
    }
    let replacing = lexicons_at(config.lexicons.replace.iter().map(|path| base.join(path)).chain(args.replace_lexicon.iter().cloned()))?;
    let extending = lexicons_at(config.lexicons.extend.iter().map(|path| base.join(path)).chain(args.lexicon.iter().cloned()))?;
    let mut all = builtin_lexicons()?;
    all.retain(|shipped| replacing.iter().all(|other| other.lexicon.category != shipped.lexicon.category));
    all.extend(replacing);
    all.extend(extending);
    Ok(all)
}

/// The lexicons that ship.
pub(crate) fn builtin_lexicons() -> Result<Vec<LexiconFile>, Failure> {
    builtin::LEXICONS.iter().map(|(path, text)| Ok(parse::parse(path, text)?)).collect()
}

/// The lexicons at some paths; of a folder every `.toml` in it, by name.
fn lexicons_at(paths: impl Iterator<Item = PathBuf>) -> Result<Vec<LexiconFile>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(lexicon(&path)?);
            continue;
        }
        let unreadable = |error: &std::io::Error| Fault::file(path.to_string_lossy(), evenhand::source::cause(error));
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
fn cues(args: &SetupArgs, only: &[PathBuf], config: &Config, base: &Path) -> Result<Vec<CueFile>, Failure> {
    if args.no_cues || !only.is_empty() {
        return Ok(Vec::new());
    }
    let Some(folder) = args.cues.clone().or_else(|| config.lexicons.cues.as_ref().map(|folder| base.join(folder))) else {
        return builtin::CUES.iter().map(|(path, text)| Ok(cues::parse(path, text)?)).collect();
    };
    let paths = Category::ALL.map(|category| folder.join(format!("{}.tsv", category.name())));
    let files: Vec<CueFile> = paths
        .iter()
        .filter(|path| path.exists())
        .map(|path| Ok(cues::parse(&path.to_string_lossy(), &read(path)?)?))
        .collect::<Result<_, Failure>>()?;
    if files.is_empty() {
        return Err(Fault::file(folder.to_string_lossy(), "found no file of cues, expected CATEGORY.tsv").into());
    }
    Ok(files)
}

fn config(path: Option<&Path>) -> Result<(Config, ConfigFile), Failure> {
    let path = match path {
        Some(path) => path,
        None if Path::new(CONFIG).is_file() => Path::new(CONFIG),
        None => return Ok((Config::default(), ConfigFile::default())),
    };
    let file = ConfigFile { path: path.to_string_lossy().into_owned(), text: read(path)? };
    Ok((config::parse(&file.path, &file.text)?, file))
}

fn lexicon(path: &Path) -> Result<LexiconFile, Failure> {
    Ok(parse::parse(&path.to_string_lossy(), &read(path)?)?)
}

/// A key from its file, or a random one that is forgotten when the run ends.
fn key(path: Option<&Path>) -> Result<Key, Failure> {
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
pub(crate) fn random_key() -> Result<Key, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Failure::Other(format!("no random numbers: {error}")))?;
    Ok(Key::new(bytes))
}

/// A file's bytes.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MAX_SETTINGS_BYTES + 1).read_to_end(&mut bytes));
    read.map_err(|error| Fault::file(path.to_string_lossy(), evenhand::source::cause_at(path, &error)))?;
    if bytes.len() as u64 > MAX_SETTINGS_BYTES {
        let why = format!("larger than the {} MiB that are read of a file with settings or words", MAX_SETTINGS_BYTES >> 20);
        return Err(Fault::file(path.to_string_lossy(), why));
    }
    Ok(bytes)
}

/// A file as text.
pub(crate) fn read(path: &Path) -> Result<String, Fault> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new(Place::file(path.to_string_lossy()).at(Position::Byte(at as u64)), "found bytes that are not UTF-8, expected UTF-8")
    })
}
