//! The lexicons that ship with the tool, compiled into the binary.

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
pub const CUES: [(&str, &str); 3] = [
    ("lexicons/cues/heroic.tsv", include_str!("../../lexicons/cues/heroic.tsv")),
    ("lexicons/cues/ivory_tower.tsv", include_str!("../../lexicons/cues/ivory_tower.tsv")),
    ("lexicons/cues/collaboration.tsv", include_str!("../../lexicons/cues/collaboration.tsv")),
];

/// Name and text of the list of what was struck out of cues.
pub const STRUCK: (&str, &str) = ("lexicons/cues/struck.tsv", include_str!("../../lexicons/cues/struck.tsv"));
