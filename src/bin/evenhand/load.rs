//! Files that set a run up: configuration, roster, lexicons, key.

use std::path::{Path, PathBuf};

use evenhand::config::Config;
use evenhand::fault::Fault;
use evenhand::run::files::{self, LexiconChoice};
use evenhand::scan::{Period, Setup};
use evenhand::tally::Key;
use evenhand::validation::Validation;

use crate::args::{InputArgs, SetupArgs};
use crate::environment::{self, Given};
use crate::origins;
use crate::output::Failure;

pub(crate) use evenhand::run::files::{CONFIG, ConfigFile, builtin_lexicons, read, read_bytes};

/// Name of the roster in the current folder, where `init` puts it.
pub(crate) const ROSTER: &str = "roster.csv";

/// A run's setup, its configuration, and lines of the roster that could not be used.
pub(crate) struct Loaded {
    pub(crate) setup: Setup,
    pub(crate) config: Config,
    pub(crate) config_file: ConfigFile,
    /// What is in force and where from, a line a value.
    pub(crate) origins: Vec<String>,
    pub(crate) faults: Vec<Fault>,
}

/// Loads all that a scan needs. `min_authors` is the floor as it was typed.
pub(crate) fn load(args: &InputArgs, min_authors: Option<u16>) -> Result<Loaded, Failure> {
    let key_file = environment::typed_or_set(args.key_file.as_ref(), "EVENHAND_KEY_FILE")?;
    let request = Request { key: files::key(key_file.as_ref().map(|set| set.value.as_path()))?, min_authors, ..Request::new()? };
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
        Ok(Self { only: &[], key: files::random_key()?, min_authors: None, drafts_roster: false, skips_roster: false })
    }
}

/// Loads configuration, roster and lexicons. What was typed goes before the environment, and that before the configuration, which holds
/// afterwards what is in force.
pub(crate) fn load_setup(args: &SetupArgs, request: Request<'_>) -> Result<Loaded, Failure> {
    let given = Given::of(args, request.min_authors)?;
    let (mut config, config_file) = config(given.config.as_ref().map(|set| set.value.as_path()))?;
    let base = config_file.base();
    let default = || request.drafts_roster.then(|| PathBuf::from(ROSTER));
    let roster_path = given.roster_path(&config, &base).or_else(default);
    let is_to_come = |path: &PathBuf| request.drafts_roster && given.roster.is_none() && !path.exists();
    let roster = roster_path.filter(|path| !request.skips_roster && !is_to_come(path));
    let origins = origins::lines(args, &given, &config, &config_file);
    if let Some(floor) = &given.min_authors {
        config.privacy.min_authors = usize::from(floor.value.get());
    }
    if let Some(zone) = &given.timezone {
        config.clean.timezone.clone_from(&zone.value);
    }
    let choice = LexiconChoice {
        only: request.only,
        replace: &args.replace_lexicon,
        extend: &args.lexicon,
        cues: args.cues.as_deref(),
        no_cues: args.no_cues,
        only_cues: args.only_cues,
    };
    let lexicons = files::lexicons(&choice, &config, &base)?;
    let (setup, faults) = files::setup(&config, &config_file, roster.as_deref(), lexicons, request.key)?;
    Ok(Loaded { setup, config, config_file, origins, faults })
}

impl Loaded {
    /// The score of a coded sample: the one that was typed, else the one that the configuration names.
    pub(crate) fn validation(&self, typed: Option<&Path>) -> Result<Option<Validation>, Failure> {
        Ok(files::validation(typed, &self.config, &self.config_file.base())?)
    }
}

fn config(path: Option<&Path>) -> Result<(Config, ConfigFile), Failure> {
    let path = match path {
        Some(path) => path,
        None if Path::new(CONFIG).is_file() => Path::new(CONFIG),
        None => return Ok((Config::default(), ConfigFile::default())),
    };
    Ok(ConfigFile::read(path)?)
}
