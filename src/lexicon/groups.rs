//! Names of groups: under which words people reach a team.

use std::sync::Arc;

use serde::Deserialize;

use super::matcher::{Builder, Payload};
use super::parse::from_toml;
use crate::fault::{Fault, Place, Position};
use crate::span::LineStarts;
use crate::token::Vocabulary;

/// Index of a group in [`Groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(pub u16);

/// The groups that wording can be about: those that ship, those of the configuration and every team of the roster.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    list: Vec<GroupNames>,
    /// Nouns for people ("folks", "manager"): behind a group's field of work they name the group.
    people: Vec<(String, Place)>,
}

/// A group's own name and the names under which people reach it.
#[derive(Debug, Clone)]
struct GroupNames {
    name: Arc<str>,
    aliases: Vec<(String, Place)>,
    stop: Vec<(String, Place)>,
    weak: Vec<(String, Place)>,
    fields: Vec<(String, Place)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroups {
    #[serde(rename = "version")]
    _version: String,
    #[serde(default)]
    people: Vec<toml::Spanned<String>>,
    #[serde(default)]
    group: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    name: String,
    aliases: Vec<toml::Spanned<String>>,
    #[serde(default)]
    stop: Vec<toml::Spanned<String>>,
    #[serde(default)]
    weak: Vec<toml::Spanned<String>>,
    #[serde(default)]
    fields: Vec<toml::Spanned<String>>,
}

impl Groups {
    /// Reads a file of group names.
    ///
    /// # Errors
    /// If the text is not TOML or a key is missing, unknown or of the wrong type.
    pub fn parse(path: &str, text: &str) -> Result<Self, Fault> {
        let file = Place::file(path);
        let raw: RawGroups = from_toml(&file, text)?;
        let lines = LineStarts::of(text);
        let placed = |strings: Vec<toml::Spanned<String>>| {
            let place = |string: &toml::Spanned<String>| file.at(Position::Line(lines.line_of(string.span().start)));
            strings.into_iter().map(|string| (place(&string), string.into_inner())).map(|(at, string)| (string, at)).collect()
        };
        let list = raw
            .group
            .into_iter()
            .map(|group| GroupNames {
                name: group.name.into(),
                aliases: placed(group.aliases),
                stop: placed(group.stop),
                weak: placed(group.weak),
                fields: placed(group.fields),
            })
            .collect();
        Ok(Self { list, people: placed(raw.people) })
    }

    /// Adds a team of the roster, or aliases of the configuration; a new name is its own first alias.
    pub fn add(&mut self, name: &str, aliases: &[String], at: &Place) {
        let group = self.find(name).unwrap_or_else(|| {
            self.list.push(GroupNames {
                name: name.into(),
                aliases: vec![(name.to_owned(), at.clone())],
                stop: Vec::new(),
                weak: Vec::new(),
                fields: Vec::new(),
            });
            Group(u16::try_from(self.list.len() - 1).unwrap_or(u16::MAX))
        });
        let known = &mut self.list[group.0 as usize].aliases;
        for alias in aliases {
            if known.iter().all(|(other, _)| other != alias) {
                known.push((alias.clone(), at.clone()));
            }
        }
    }

    /// The group whose name or alias this is, in any case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Group> {
        let is = |other: &str| other.eq_ignore_ascii_case(name.trim());
        self.list
            .iter()
            .position(|group| is(&group.name))
            .or_else(|| self.list.iter().position(|group| group.aliases.iter().any(|(alias, _)| is(alias))))
            .map(|at| Group(u16::try_from(at).unwrap_or(u16::MAX)))
    }

    /// A group's name.
    #[must_use]
    pub fn name(&self, group: Group) -> &Arc<str> {
        &self.list[group.0 as usize].name
    }

    /// All groups, in order.
    pub fn all(&self) -> impl Iterator<Item = Group> {
        (0..u16::try_from(self.list.len()).unwrap_or(u16::MAX)).map(Group)
    }

    /// Number of groups.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Names of a group, for listing.
    pub fn aliases(&self, group: Group) -> impl Iterator<Item = &str> {
        self.list[group.0 as usize].aliases.iter().map(|(alias, _)| alias.as_str())
    }

    pub(super) fn add_to(
        &self,
        building: &mut Builder,
        vocabulary: &mut Vocabulary,
        hash: &mut hmac_sha256::Hash,
        faults: &mut Vec<Fault>,
    ) {
        for (string, at) in &self.people {
            hash.update(string.as_bytes());
            if let Err(why) = building.add_name(string, Payload::People, vocabulary) {
                faults.push(Fault::new(at.clone(), why));
            }
        }
        for (group, names) in self.all().zip(&self.list) {
            let aliases = names.aliases.iter().map(|name| (name, Payload::Alias(group)));
            let stops = names.stop.iter().map(|name| (name, Payload::Stop));
            let weak = names.weak.iter().map(|name| (name, Payload::Weak(group)));
            let fields = names.fields.iter().map(|name| (name, Payload::Field(group)));
            for ((string, at), payload) in aliases.chain(stops).chain(weak).chain(fields) {
                hash.update(string.as_bytes());
                if let Err(why) = building.add_name(string, payload, vocabulary) {
                    faults.push(Fault::new(at.clone(), format!("group \"{}\": {why}", names.name)));
                }
            }
        }
    }
}
