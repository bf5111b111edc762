//! `evenhand.toml`: what a company sets once. Unknown keys are errors with line and the nearest known key.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;

use crate::fault::{Fault, Place};

/// The file that `init` writes: every section with what it does, and the defaults as comments.
pub const TEMPLATE: &str = include_str!("evenhand.toml");

/// Smallest number of authors a cell may show, unless the configuration says otherwise.
pub const MIN_AUTHORS: usize = 5;

/// By so large a share a figure may rise above the baseline, unless the configuration says otherwise.
pub const TOLERANCE: f64 = 0.1;

/// From so large a ratio on, either way, a gap is material, unless the configuration says otherwise.
pub const MATERIAL_RATIO: f64 = 1.5;

/// The configuration; paths are as written, relative to the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// `[teams]`
    pub teams: Teams,
    /// `[groups.NAME]`
    pub groups: BTreeMap<String, GroupAliases>,
    /// `[contrast]`
    pub contrast: Contrast,
    /// `[lexicons]`
    pub lexicons: LexiconFiles,
    /// `[privacy]`
    pub privacy: Privacy,
    /// `[clean]`
    pub clean: Clean,
    /// `[check]`
    pub check: Check,
    /// `[report]`
    pub report: Report,
    /// `[situation]`
    pub situation: Situation,
}

/// `[teams]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Teams {
    /// Path of the roster.
    pub roster: Option<PathBuf>,
    /// Team of every address of a domain whose owner the roster gives none.
    pub domains: BTreeMap<String, String>,
    /// Team of everybody whose display name matches a regular expression and who has none otherwise; keys are teams.
    pub names: BTreeMap<String, toml::Spanned<String>>,
}

/// `[groups.NAME]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GroupAliases {
    /// Further names of the group.
    pub aliases: Vec<String>,
}

/// `[contrast]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct Contrast {
    /// Pairs of groups whose framing is compared within author; the first is the numerator for praise and credit.
    pub pairs: Vec<(String, String)>,
    /// The least ratio of a material gap, above 1.
    pub material_ratio: f64,
}

impl Eq for Contrast {}

impl Default for Contrast {
    fn default() -> Self {
        Self { pairs: vec![("sales".to_owned(), "marketing".to_owned())], material_ratio: MATERIAL_RATIO }
    }
}

/// `[lexicons]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LexiconFiles {
    /// Files, or folders of them, whose entries are added to those that ship.
    pub extend: Vec<PathBuf>,
    /// Files, or folders of them, that take the place of those that ship for the same category.
    pub replace: Vec<PathBuf>,
    /// Folder of weighted cues, in place of those that ship.
    pub cues: Option<PathBuf>,
}

/// `[privacy]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Privacy {
    /// Smallest number of authors behind a figure.
    pub min_authors: usize,
}

impl Default for Privacy {
    fn default() -> Self {
        Self { min_authors: MIN_AUTHORS }
    }
}

/// `[clean]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Clean {
    /// Zone that months are counted in (IANA name).
    pub timezone: String,
    /// Ids and handles of bots that cannot be told from people.
    pub bots: Vec<String>,
}

impl Default for Clean {
    fn default() -> Self {
        Self { timezone: "UTC".to_owned(), bots: Vec::new() }
    }
}

/// `[check]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default)]
pub struct Check {
    /// Path of the baseline that later months are held against.
    pub baseline: Option<toml::Spanned<PathBuf>>,
    /// By so large a share a figure may rise above the baseline; 0 or more.
    pub tolerance: f64,
    /// Verdicts that count as crossed limits, by name.
    pub fail_on: Vec<toml::Spanned<String>>,
    /// What a limit that cannot be judged does to the exit code.
    pub on_insufficient: OnInsufficient,
    /// `[[check.limit]]`
    pub limit: Vec<toml::Spanned<Limit>>,
}

impl Eq for Check {}

impl Default for Check {
    fn default() -> Self {
        Self { baseline: None, tolerance: TOLERANCE, fail_on: Vec::new(), on_insufficient: OnInsufficient::default(), limit: Vec::new() }
    }
}

/// What a limit that cannot be judged does to the exit code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnInsufficient {
    /// Nothing; it is said.
    #[default]
    Pass,
    /// Exit code 3.
    Fail,
}

/// `[[check.limit]]`: the most hits that a team may have of a category, the largest ratio of a gap, or a verdict that its gaps may not have.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Limit {
    /// Team that speaks, or "company".
    pub team: String,
    /// Category.
    pub category: String,
    /// Group that the wording is about; anyone if it is not set.
    pub target: Option<String>,
    /// Most hits per 1,000 own words.
    pub max_per_1000_words: Option<f64>,
    /// Most hits per 1,000 segments that name the target.
    pub max_per_1000_naming_segments: Option<f64>,
    /// Gap that a ratio or a verdict is of: praise, scorn or credit.
    pub gap: Option<String>,
    /// Which way round the ratio is: "marketing/sales".
    pub direction: Option<String>,
    /// Largest ratio.
    pub max_ratio: Option<f64>,
    /// Verdict that the gap may not have.
    pub verdict: Option<String>,
}

impl Eq for Limit {}

/// `[report]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Report {
    /// Path of the score of a coded sample, made by `evenhand validate score`.
    pub validation: Option<PathBuf>,
}

/// `[situation]`: what no data can tell; the decision sheet quotes it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Situation {
    /// People in the company.
    pub head_count: Option<u32>,
    /// What Marketing is there for.
    pub marketing_role: Option<MarketingRole>,
    /// Score of the questionnaire of Kotler, Rackham & Krishnaswamy 2006, 20 to 100.
    pub hbr_score: Option<toml::Spanned<u32>>,
}

/// What Marketing is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketingRole {
    /// It supports Sales and does not do more yet.
    SalesSupport,
    /// It is a function of its own.
    OwnFunction,
}

impl MarketingRole {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SalesSupport => "sales_support",
            Self::OwnFunction => "own_function",
        }
    }
}

/// Sections and their keys; `*` is any name.
const KEYS: [(&str, &[&str]); 9] = [
    ("teams", &["roster", "domains", "names"]),
    ("groups.*", &["aliases"]),
    ("contrast", &["pairs", "material_ratio"]),
    ("lexicons", &["extend", "replace", "cues"]),
    ("privacy", &["min_authors"]),
    ("clean", &["timezone", "bots"]),
    ("check", &["baseline", "tolerance", "fail_on", "on_insufficient", "limit"]),
    ("report", &["validation"]),
    ("situation", &["head_count", "marketing_role", "hbr_score"]),
];

/// Keys of a `[[check.limit]]`.
const LIMIT_KEYS: [&str; 9] =
    ["team", "category", "target", "max_per_1000_words", "max_per_1000_naming_segments", "gap", "direction", "max_ratio", "verdict"];

/// Reads `evenhand.toml`.
///
/// # Errors
/// If the text is not TOML, or a key is unknown or of the wrong type; the place names the line.
pub fn parse(path: &str, text: &str) -> Result<Config, Fault> {
    let place = Place::file(path);
    let fault = |span: std::ops::Range<usize>, why: String| Fault::in_text(&place, text, span, why);
    let of_toml = |error: &toml::de::Error| fault(error.span().unwrap_or(0..0), error.message().to_owned());
    let table = toml::de::DeTable::parse(text).map_err(|error| of_toml(&error))?;
    for (section, value) in table.get_ref() {
        check_section(section, value).map_err(|(span, why)| fault(span, why))?;
    }
    let config: Config = toml::from_str(text).map_err(|error| of_toml(&error))?;
    let value = |section: &str, key: &str| span_in(table.get_ref(), section, key).unwrap_or(0..0);
    if config.privacy.min_authors == 0 {
        return Err(fault(value("privacy", "min_authors"), "min_authors: found 0, expected a number from 1 up".to_owned()));
    }
    if let Some(score) = config.situation.hbr_score.as_ref().filter(|score| !(20..=100).contains(score.get_ref())) {
        return Err(fault(score.span(), format!("hbr_score: found {}, expected a number from 20 to 100", score.get_ref())));
    }
    let material = config.contrast.material_ratio;
    if !material.is_finite() || material <= 1.0 {
        let why = format!("material_ratio: found {material}, expected a number above 1");
        return Err(fault(value("contrast", "material_ratio"), why));
    }
    let tolerance = config.check.tolerance;
    if !tolerance.is_finite() || tolerance < 0.0 {
        return Err(fault(value("check", "tolerance"), format!("tolerance: found {tolerance}, expected a number from 0 up")));
    }
    Ok(config)
}

/// Where the value of a key stands.
fn span_in(table: &toml::de::DeTable<'_>, section: &str, key: &str) -> Option<std::ops::Range<usize>> {
    Some(table.get(section)?.get_ref().as_table()?.get(key)?.span())
}

/// Where the value of a key of the limit with that number, from 0, stands.
#[must_use]
pub fn span_in_limit(text: &str, number: usize, key: &str) -> Option<std::ops::Range<usize>> {
    let table = toml::de::DeTable::parse(text).ok()?;
    let limits = table.get_ref().get("check")?.get_ref().as_table()?.get("limit")?.get_ref().as_array()?;
    Some(limits.get(number)?.get_ref().as_table()?.get(key)?.span())
}

/// The keys that a configuration sets, with their sections (`privacy.min_authors`); empty if it is not TOML.
#[must_use]
pub fn keys_of(text: &str) -> BTreeSet<String> {
    let Ok(table) = toml::de::DeTable::parse(text) else { return BTreeSet::new() };
    let keys_in = |section: &str, value: &SpannedValue<'_>| -> Vec<String> {
        value.get_ref().as_table().into_iter().flatten().map(|(key, _)| format!("{section}.{}", key.get_ref())).collect()
    };
    table.get_ref().iter().flat_map(|(section, value)| keys_in(section.get_ref(), value)).collect()
}

type SpannedValue<'a> = toml::Spanned<toml::de::DeValue<'a>>;
type Misplaced = (std::ops::Range<usize>, String);

fn check_section(section: &toml::Spanned<std::borrow::Cow<'_, str>>, value: &SpannedValue<'_>) -> Result<(), Misplaced> {
    let name = section.get_ref().as_ref();
    let Some((pattern, keys)) = KEYS.iter().find(|(known, _)| known.trim_end_matches(".*") == name) else {
        let known = KEYS.map(|(section, _)| section.trim_end_matches(".*"));
        return Err((section.span(), format!("unknown section [{name}]{}", crate::fault::nearest(name, known))));
    };
    let Some(table) = value.get_ref().as_table() else {
        return Err((value.span(), format!("expected a section [{name}]")));
    };
    if pattern.ends_with(".*") {
        for (group, value) in table {
            let Some(table) = value.get_ref().as_table() else {
                return Err((value.span(), format!("expected a section [{name}.{}]", group.get_ref())));
            };
            check_keys(table, &format!("{name}.{}", group.get_ref()), keys)?;
        }
        Ok(())
    } else {
        check_keys(table, name, keys)?;
        let limits = table.get("limit").and_then(|limits| limits.get_ref().as_array());
        limits
            .into_iter()
            .flatten()
            .filter_map(|limit| limit.get_ref().as_table())
            .try_for_each(|limit| check_keys(limit, "check.limit", &LIMIT_KEYS))
    }
}

fn check_keys(table: &toml::de::DeTable<'_>, section: &str, known: &[&str]) -> Result<(), Misplaced> {
    match table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) {
        None => Ok(()),
        Some(key) => {
            let nearest = crate::fault::nearest(key.get_ref(), known.iter().copied());
            Err((key.span(), format!("unknown key \"{}\" in [{section}]{nearest}", key.get_ref())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error_with_line_and_nearest_key() {
        let fault = |text| parse("evenhand.toml", text).unwrap_err().to_string();
        assert_eq!(
            fault("[teams]\nrooster = \"r.csv\"\n"),
            "evenhand.toml:2: unknown key \"rooster\" in [teams]; did you mean \"roster\"?"
        );
        assert_eq!(fault("\n[privcy]\n"), "evenhand.toml:2: unknown section [privcy]; did you mean \"privacy\"?");
        assert_eq!(
            fault("[groups.sales]\nalias = []\n"),
            "evenhand.toml:2: unknown key \"alias\" in [groups.sales]; did you mean \"aliases\"?"
        );
        assert!(fault("[privacy]\nmin_authors = \"five\"\n").starts_with("evenhand.toml:2: invalid type: string \"five\""));
        assert!(fault("[teams\n").starts_with("evenhand.toml:1: "));
        assert_eq!(fault("[situation]\nhbr_score = 10\n"), "evenhand.toml:2: hbr_score: found 10, expected a number from 20 to 100");
        assert!(fault("[situation]\nmarketing_role = \"boss\"\n").starts_with("evenhand.toml:2: unknown variant `boss`"));
    }

    #[test]
    fn what_init_writes_sets_nothing_but_the_roster() {
        let config = parse("evenhand.toml", TEMPLATE).unwrap();
        let teams = Teams { roster: Some("roster.csv".into()), ..Teams::default() };
        assert_eq!(config, Config { teams, ..Config::default() });
    }

    #[test]
    fn what_init_writes_tells_every_key_and_its_examples_are_sound() {
        let is_example = |line: &&str| line.strip_prefix('#').is_some_and(|line| line.starts_with(|c: char| c == '[' || c.is_lowercase()));
        let text: Vec<&str> = TEMPLATE.lines().map(|line| if is_example(&line) { &line[1..] } else { line }).collect();
        let config = parse("evenhand.toml", &text.join("\n")).unwrap();
        let keys = keys_of(&text.join("\n"));
        for (section, known) in KEYS {
            let told = |key: &&str| match section.strip_suffix(".*") {
                None => keys.contains(&format!("{section}.{key}")),
                Some(_) => text.iter().any(|line| line.starts_with(&format!("{key} = "))),
            };
            assert_eq!(known.iter().find(|key| !told(key)), None, "[{section}]");
        }
        for key in LIMIT_KEYS {
            assert!(TEMPLATE.lines().any(|line| line.trim_start_matches(['#', ' ']).starts_with(&format!("{key} = "))), "{key}");
        }
        // What stands there as a default is one.
        let default = Config::default();
        assert_eq!((config.privacy, config.clean, config.contrast), (default.privacy, default.clean, default.contrast));
        assert_eq!((config.check.on_insufficient, config.check.tolerance), (default.check.on_insufficient, default.check.tolerance));
    }

    #[test]
    fn the_schema_for_editors_knows_every_key_and_no_other() {
        let schema: serde_json::Value = serde_json::from_str(include_str!("../docs/evenhand.schema.json")).unwrap();
        let keys = |object: &serde_json::Value| -> BTreeSet<String> {
            assert_eq!(object["additionalProperties"], false, "{object}");
            object["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let owned = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(keys(&schema), owned(&KEYS.map(|(section, _)| section.trim_end_matches(".*"))));
        for (section, known) in KEYS {
            let of_section = &schema["properties"][section.trim_end_matches(".*")];
            let of_section = if section.ends_with(".*") { &of_section["additionalProperties"] } else { of_section };
            assert_eq!(keys(of_section), owned(known), "[{section}]");
        }
        assert_eq!(keys(&schema["$defs"]["limit"]), owned(&LIMIT_KEYS));
        let default = |section: &str, key: &str| schema["properties"][section]["properties"][key]["default"].clone();
        let numbers = [default("privacy", "min_authors"), default("contrast", "material_ratio"), default("check", "tolerance")];
        assert_eq!(numbers, [serde_json::json!(MIN_AUTHORS), serde_json::json!(MATERIAL_RATIO), serde_json::json!(TOLERANCE)]);
    }

    #[test]
    fn keys_are_told_with_their_sections() {
        let keys = keys_of("[clean]\ntimezone = \"UTC\"\n[teams]\nroster = \"r.csv\"\n");
        assert_eq!(keys.into_iter().collect::<Vec<_>>(), ["clean.timezone", "teams.roster"]);
        assert!(keys_of("[clean").is_empty());
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let config = parse("evenhand.toml", "[groups.sales]\naliases = [\"pump sellers\"]\n").unwrap();
        assert_eq!(config.privacy.min_authors, MIN_AUTHORS);
        assert_eq!(config.contrast.pairs, [("sales".to_owned(), "marketing".to_owned())]);
        assert_eq!(config.groups["sales"].aliases, ["pump sellers"]);
    }
}
