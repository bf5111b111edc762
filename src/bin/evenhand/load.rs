//! Files that set a run up: configuration, roster, lexicons, key.

use std::fs;
use std::path::{Path, PathBuf};

use evenhand::config::{self, Config};
use evenhand::fault::{Fault, Place};
use evenhand::lexicon::builtin;
use evenhand::lexicon::groups::Groups;
use evenhand::lexicon::parse::{self, LexiconFile};
use evenhand::roster::Roster;
use evenhand::scan::{Period, Setup};
use evenhand::tally::Key;
use jiff::tz::TimeZone;

use crate::args::{InputArgs, SetupArgs};
use crate::output::{self, Failure};

/// Name of the configuration in the current folder.
const CONFIG: &str = "evenhand.toml";

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

/// Loads all that a scan needs.
pub(crate) fn load(args: &InputArgs) -> Result<Loaded, Failure> {
    let mut loaded = load_setup(&args.setup, &[], key(args.key_file.as_deref())?)?;
    loaded.setup.period = Period { since: args.since, until: args.until };
    Ok(loaded)
}

/// Loads configuration, roster and lexicons; of the lexicons only those named, where any is.
pub(crate) fn load_setup(args: &SetupArgs, only: &[PathBuf], key: Key) -> Result<Loaded, Failure> {
    let (config, config_file) = config(args.config.as_deref())?;
    let base = Path::new(&config_file.path).parent().map(Path::to_owned).unwrap_or_default();
    let roster_path = args.roster.clone().or_else(|| config.teams.roster.as_ref().map(|path| base.join(path)));
    let (roster, faults) = match &roster_path {
        Some(path) => Roster::parse(&path.to_string_lossy(), &read(path)?),
        None => (Roster::default(), Vec::new()),
    };
    let lexicons = lexicons(args, only, &config, &base)?;
    let mut groups = Groups::parse(builtin::GROUPS.0, builtin::GROUPS.1)?;
    for (name, group) in &config.groups {
        groups.add(name, &group.aliases, &Place::file(base.join(CONFIG).to_string_lossy()));
    }
    let zone_name = args.timezone.as_ref().unwrap_or(&config.clean.timezone);
    let zone = TimeZone::get(zone_name)
        .map_err(|_| Failure::Other(format!("timezone: found \"{zone_name}\", expected an IANA name such as Europe/Berlin")))?;
    let classes = parse::parse_classes(builtin::CLASSES.0, builtin::CLASSES.1)?;
    let mut setup = Setup::new(&lexicons, &classes, groups, roster, zone, key)?;
    setup.bots = config.clean.bots.iter().map(|bot| bot.to_lowercase()).collect();
    let origins = origins(args, &config, &config_file);
    Ok(Loaded { setup, config, config_file, origins, faults })
}

fn lexicons(args: &SetupArgs, only: &[PathBuf], config: &Config, base: &Path) -> Result<Vec<LexiconFile>, Failure> {
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

fn config(path: Option<&Path>) -> Result<(Config, ConfigFile), Failure> {
    let path = match path {
        Some(path) => path,
        None if Path::new(CONFIG).is_file() => Path::new(CONFIG),
        None => return Ok((Config::default(), ConfigFile::default())),
    };
    let file = ConfigFile { path: path.to_string_lossy().into_owned(), text: read(path)? };
    Ok((config::parse(&file.path, &file.text)?, file))
}

/// A line for every value: `key = value  # from where`.
fn origins(args: &SetupArgs, config: &Config, file: &ConfigFile) -> Vec<String> {
    let default = Config::default();
    let from_file = |differs: bool| if differs { file.path.as_str() } else { "default" };
    let line = |key: &str, value: String, from: &str| format!("{key} = {value}  # {from}");
    let typed = "command line";
    let roster = match (&args.roster, &config.teams.roster) {
        (Some(path), _) => line("teams.roster", quoted(path), typed),
        (None, Some(path)) => line("teams.roster", quoted(path), &file.path),
        (None, None) => line("teams.roster", "none".to_owned(), "default"),
    };
    let timezone = match &args.timezone {
        Some(zone) => line("clean.timezone", format!("{zone:?}"), typed),
        None => line("clean.timezone", format!("{:?}", config.clean.timezone), from_file(config.clean.timezone != default.clean.timezone)),
    };
    let mut lines = vec![roster];
    let pairs: Vec<_> = config.contrast.pairs.iter().map(|(top, bottom)| [top, bottom]).collect();
    lines.push(line("contrast.pairs", format!("{pairs:?}"), from_file(config.contrast.pairs != default.contrast.pairs)));
    let material = config.contrast.material_ratio;
    let is_default = material.total_cmp(&default.contrast.material_ratio).is_eq();
    lines.push(line("contrast.material_ratio", material.to_string(), from_file(!is_default)));
    lines.extend(
        config.groups.iter().map(|(name, group)| line(&format!("groups.{name}.aliases"), format!("{:?}", group.aliases), &file.path)),
    );
    lines.extend(config.lexicons.replace.iter().map(|path| line("lexicons.replace", quoted(path), &file.path)));
    lines.extend(args.replace_lexicon.iter().map(|path| line("lexicons.replace", quoted(path), typed)));
    lines.extend(config.lexicons.extend.iter().map(|path| line("lexicons.extend", quoted(path), &file.path)));
    lines.extend(args.lexicon.iter().map(|path| line("lexicons.extend", quoted(path), typed)));
    lines.push(line("privacy.min_authors", config.privacy.min_authors.to_string(), from_file(config.privacy != default.privacy)));
    lines.push(timezone);
    if !config.clean.bots.is_empty() {
        lines.push(line("clean.bots", format!("{:?}", config.clean.bots), &file.path));
    }
    lines.push(line(
        "check.limit",
        output::counted(config.check.limit.len() as u64, "limit", "limits"),
        from_file(!config.check.limit.is_empty()),
    ));
    lines.push(line(
        "check.fail_on",
        output::counted(config.check.fail_on.len() as u64, "verdict", "verdicts"),
        from_file(!config.check.fail_on.is_empty()),
    ));
    let insufficient = format!("{:?}", config.check.on_insufficient).to_lowercase();
    lines.push(line(
        "check.on_insufficient",
        format!("{insufficient:?}"),
        from_file(config.check.on_insufficient != default.check.on_insufficient),
    ));
    lines
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display())
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

fn read(path: &Path) -> Result<String, Failure> {
    let bytes = fs::read(path).map_err(|error| Fault::file(path.to_string_lossy(), evenhand::source::cause(&error)))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new(
            Place::file(path.to_string_lossy()).at(evenhand::fault::Position::Byte(at as u64)),
            "found bytes that are not UTF-8, expected UTF-8",
        )
        .into()
    })
}
