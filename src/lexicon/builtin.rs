//! The lexicons that ship with the tool, as they are written.

use super::Lexicons;
use super::cues::{self, CueFile};
use super::groups::Groups;
use super::parse::{self, Classes, LexiconFile};
use super::topics::Topics;
use crate::fault::Fault;

/// Name and text of every shipped lexicon.
pub const LEXICONS: [(&str, &str); 6] = [
    ("lexicons/heroic.toml", include_str!("../../lexicons/heroic.toml")),
    ("lexicons/ivory_tower.toml", include_str!("../../lexicons/ivory_tower.toml")),
    ("lexicons/gendered.toml", include_str!("../../lexicons/gendered.toml")),
    ("lexicons/past_failure.toml", include_str!("../../lexicons/past_failure.toml")),
    ("lexicons/collaboration.toml", include_str!("../../lexicons/collaboration.toml")),
    ("lexicons/anti_sales.toml", include_str!("../../lexicons/anti_sales.toml")),
];

/// Name and text of the word classes that patterns of every lexicon may use.
pub const CLASSES: (&str, &str) = ("lexicons/classes.toml", include_str!("../../lexicons/classes.toml"));

/// Name and text of the topics that teams may meet over.
pub const TOPICS: (&str, &str) = ("lexicons/topics.toml", include_str!("../../lexicons/topics.toml"));

/// Name and text of the shipped group names.
pub const GROUPS: (&str, &str) = ("lexicons/groups.toml", include_str!("../../lexicons/groups.toml"));

/// Name and text of the cues that ship, for the categories that they earned their place in.
pub const CUES: [(&str, &str); 4] = [
    ("lexicons/cues/heroic.tsv", include_str!("../../lexicons/cues/heroic.tsv")),
    ("lexicons/cues/ivory_tower.tsv", include_str!("../../lexicons/cues/ivory_tower.tsv")),
    ("lexicons/cues/past_failure.tsv", include_str!("../../lexicons/cues/past_failure.tsv")),
    ("lexicons/cues/collaboration.tsv", include_str!("../../lexicons/cues/collaboration.tsv")),
];

/// Name and text of the list of what was struck out of cues.
pub const STRUCK: (&str, &str) = ("lexicons/cues/struck.tsv", include_str!("../../lexicons/cues/struck.tsv"));

/// All that ships, read.
pub struct Shipped {
    /// The lexicons.
    pub files: Vec<LexiconFile>,
    /// Word classes.
    pub classes: Classes,
    /// Cues.
    pub cues: Vec<CueFile>,
    /// Group names.
    pub groups: Groups,
    /// Topics.
    pub topics: Topics,
}

/// Reads all that ships.
///
/// # Errors
/// The first mistake, with its place.
pub fn read() -> Result<Shipped, Fault> {
    Ok(Shipped {
        files: LEXICONS.iter().map(|(path, text)| parse::parse(path, text)).collect::<Result<_, _>>()?,
        classes: parse::parse_classes(CLASSES.0, CLASSES.1)?,
        cues: CUES.iter().map(|(path, text)| cues::parse(path, text)).collect::<Result<_, _>>()?,
        groups: Groups::parse(GROUPS.0, GROUPS.1)?,
        topics: Topics::parse(TOPICS.0, TOPICS.1)?,
    })
}

/// Compiles all that ships.
///
/// # Errors
/// Every mistake, with its place.
pub fn compile() -> Result<Lexicons, Vec<Fault>> {
    let Shipped { files, classes, cues, groups, topics } = read().map_err(|fault| vec![fault])?;
    Lexicons::compile_with(&files, &classes, &cues, groups, topics)
}
