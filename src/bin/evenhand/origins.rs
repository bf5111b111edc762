//! `--show-config`: what is in force, and where each value comes from.

use std::collections::BTreeSet;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};

use evenhand::config::{self, Config};

use crate::args::{InputArgs, SetupArgs};
use crate::environment::{Given, Set, typed_or_set};
use crate::load::ConfigFile;
use crate::output::{self, Failure};

/// A line for every value: `key = value  # from where`.
pub(crate) fn lines(args: &SetupArgs, given: &Given, config: &Config, file: &ConfigFile) -> Vec<String> {
    let keys = config::keys_of(&file.text);
    let from = Origins { keys: &keys, file: &file.path };
    let teams = &config.teams;
    let roster = match &given.roster {
        Some(set) => line("teams.roster", &quoted(&set.value), set.from),
        None => from.file_line("teams.roster", &teams.roster.as_deref().map_or_else(|| "none".to_owned(), quoted)),
    };
    let pairs: Vec<_> = config.contrast.pairs.iter().map(|(top, bottom)| [top, bottom]).collect();
    let check = &config.check;
    let mut lines = vec![roster];
    lines.extend(teams.domains.iter().map(|(domain, team)| line(&format!("teams.domains.{domain:?}"), &format!("{team:?}"), &file.path)));
    lines.extend(teams.names.iter().map(|(team, rule)| line(&format!("teams.names.{team}"), &format!("{:?}", rule.get_ref()), &file.path)));
    lines.push(from.file_line("contrast.pairs", &format!("{pairs:?}")));
    lines.push(from.file_line("contrast.material_ratio", &config.contrast.material_ratio.to_string()));
    let aliases = config.groups.iter().map(|(name, group)| (format!("groups.{name}.aliases"), format!("{:?}", group.aliases)));
    lines.extend(aliases.map(|(key, value)| line(&key, &value, &file.path)));
    lines.extend(config.lexicons.replace.iter().map(|path| line("lexicons.replace", &quoted(path), &file.path)));
    lines.extend(args.replace_lexicon.iter().map(|path| line("lexicons.replace", &quoted(path), "command line")));
    lines.extend(config.lexicons.extend.iter().map(|path| line("lexicons.extend", &quoted(path), &file.path)));
    lines.extend(args.lexicon.iter().map(|path| line("lexicons.extend", &quoted(path), "command line")));
    match (&args.cues, &config.lexicons.cues) {
        _ if args.no_cues => lines.push(line("lexicons.cues", "none", "command line")),
        (Some(folder), _) => lines.push(line("lexicons.cues", &quoted(folder), "command line")),
        (None, Some(folder)) => lines.push(line("lexicons.cues", &quoted(folder), &file.path)),
        (None, None) => {}
    }
    lines.extend(config.report.validation.iter().map(|path| line("report.validation", &quoted(path), &file.path)));
    lines.push(from.line("privacy.min_authors", &config.privacy.min_authors.to_string(), given.min_authors.as_ref(), ToString::to_string));
    lines.push(from.line("clean.timezone", &format!("{:?}", config.clean.timezone), given.timezone.as_ref(), |zone| format!("{zone:?}")));
    if !config.clean.bots.is_empty() {
        lines.push(from.file_line("clean.bots", &format!("{:?}", config.clean.bots)));
    }
    let situation = &config.situation;
    let declared = [
        ("situation.head_count", situation.head_count.map(|n| n.to_string())),
        ("situation.marketing_role", situation.marketing_role.map(|role| format!("{:?}", role.name()))),
        ("situation.hbr_score", situation.hbr_score.as_ref().map(|score| score.get_ref().to_string())),
    ];
    lines.extend(declared.into_iter().filter_map(|(key, value)| Some(from.file_line(key, &value?))));
    lines.push(from.file_line("check.limit", &output::counted(check.limit.len() as u64, "limit", "limits")));
    lines.push(from.file_line("check.fail_on", &output::counted(check.fail_on.len() as u64, "verdict", "verdicts")));
    let baseline = check.baseline.as_ref().map_or_else(|| "none".to_owned(), |path| quoted(path.get_ref()));
    lines.push(from.file_line("check.baseline", &baseline));
    lines.push(from.file_line("check.tolerance", &check.tolerance.to_string()));
    let insufficient = format!("{:?}", check.on_insufficient).to_lowercase();
    lines.push(from.file_line("check.on_insufficient", &format!("{insufficient:?}")));
    lines
}

/// The same for what only the command line and the environment can set.
pub(crate) fn input_lines(args: &InputArgs, key_file: Option<&Set<PathBuf>>) -> Result<Vec<String>, Failure> {
    let threads = typed_or_set(args.threads.and_then(NonZeroU16::new).as_ref(), "EVENHAND_THREADS")?;
    let of_set = |key: &str, set: Option<(String, &str)>, default: &str| match set {
        Some((value, from)) => line(key, &value, from),
        None => line(key, default, "default"),
    };
    let typed = |value: Option<String>| value.map(|value| (value, "command line"));
    let include: Vec<String> = args.include.iter().map(|what| format!("{what:?}").to_lowercase()).collect();
    Ok(vec![
        of_set("key_file", key_file.map(|set| (quoted(&set.value), set.from)), "none"),
        of_set("threads", threads.map(|set| (set.value.to_string(), set.from)), "one per core"),
        of_set("since", typed(args.since.map(|day| day.to_string())), "none"),
        of_set("until", typed(args.until.map(|day| day.to_string())), "none"),
        of_set("include", typed((!include.is_empty()).then(|| format!("{include:?}"))), "[]"),
        of_set("allow_faults", typed((args.allow_faults > 0).then(|| args.allow_faults.to_string())), "0"),
    ])
}

/// Which keys the configuration sets, whatever their values.
struct Origins<'a> {
    keys: &'a BTreeSet<String>,
    file: &'a str,
}

impl Origins<'_> {
    fn file_line(&self, key: &str, value: &str) -> String {
        line(key, value, if self.keys.contains(key) { self.file } else { "default" })
    }

    fn line<T>(&self, key: &str, value: &str, given: Option<&Set<T>>, write: impl Fn(&T) -> String) -> String {
        match given {
            Some(set) => line(key, &write(&set.value), set.from),
            None => self.file_line(key, value),
        }
    }
}

fn line(key: &str, value: &str, from: &str) -> String {
    format!("{key} = {value}  # {from}")
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display())
}
