//! Names of groups: under which words people reach a team.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::matcher::Matcher;
use super::parse::from_toml;
use super::payload::Payload;
use super::{Text, builtin};
use crate::fault::{Fault, Place, Position};
use crate::span::LineStarts;
use crate::word::Vocabulary;

/// Index of a group in [`Groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Group(pub u16);

/// The groups that wording can be about: those that ship, those of the configuration and every team of the roster.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Groups {
    list: Vec<GroupNames>,
    /// Nouns for people ("folks", "manager"): behind a group's field of work they name the group.
    people: Vec<Name>,
}

/// A group's own name and the names under which people reach it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct GroupNames {
    name: Arc<str>,
    aliases: Vec<Name>,
    stop: Vec<Name>,
    weak: Vec<Name>,
    fields: Vec<Name>,
    works: Vec<Name>,
}

/// A string and where it stands, which is not written down: what was compiled holds no mistake that could be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Name {
    text: Text,
    #[serde(skip)]
    at: Option<Place>,
}

impl Name {
    fn fault(&self, why: String) -> Fault {
        Fault::new(self.at.clone().unwrap_or_else(|| Place::file(builtin::GROUPS.0)), why)
    }
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
    #[serde(default)]
    works: Vec<toml::Spanned<String>>,
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
            strings.into_iter().map(|string| Name { at: Some(place(&string)), text: string.into_inner().into() }).collect()
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
                works: placed(group.works),
            })
            .collect();
        Ok(Self { list, people: placed(raw.people) })
    }

    /// Adds a team of the roster, or aliases of the configuration; a new name is its own first alias. Gives the group and the aliases that are new.
    pub fn add(&mut self, name: &str, aliases: &[String], at: &Place) -> (Group, Vec<String>) {
        let known = self.find(name);
        let group = known.unwrap_or_else(|| {
            self.list.push(GroupNames { name: name.into(), ..GroupNames::default() });
            Group(u16::try_from(self.list.len() - 1).unwrap_or(u16::MAX))
        });
        let names = &mut self.list[group.0 as usize].aliases;
        let own = known.is_none().then(|| name.to_owned());
        let mut added = Vec::new();
        for alias in own.iter().chain(aliases) {
            if names.iter().all(|other| *other.text != **alias) {
                names.push(Name { text: alias.clone().into(), at: Some(at.clone()) });
                added.push(alias.clone());
            }
        }
        (group, added)
    }

    /// The group whose name or alias this is, in any case.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Group> {
        let is = |other: &str| other.eq_ignore_ascii_case(name.trim());
        self.list
            .iter()
            .position(|group| is(&group.name))
            .or_else(|| self.list.iter().position(|group| group.aliases.iter().any(|alias| is(&alias.text))))
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
        self.list[group.0 as usize].aliases.iter().map(|alias| &*alias.text)
    }

    /// Calls `each` for every name, in order.
    pub(super) fn each_name(&self, each: &mut dyn FnMut(&str)) {
        self.people.iter().for_each(|name| each(&name.text));
        for names in &self.list {
            names
                .aliases
                .iter()
                .chain(&names.stop)
                .chain(&names.weak)
                .chain(&names.fields)
                .chain(&names.works)
                .for_each(|name| each(&name.text));
        }
    }

    pub(super) fn add_to(&self, matcher: &mut Matcher, vocabulary: &mut Vocabulary, faults: &mut Vec<Fault>) {
        for name in &self.people {
            if let Err(why) = matcher.add_name(&name.text, Payload::People, vocabulary) {
                faults.push(name.fault(why));
            }
        }
        for (group, names) in self.all().zip(&self.list) {
            let aliases = names.aliases.iter().map(|name| (name, Payload::Alias(group)));
            let stops = names.stop.iter().map(|name| (name, Payload::Stop));
            let weak = names.weak.iter().map(|name| (name, Payload::Weak(group)));
            let fields = names.fields.iter().map(|name| (name, Payload::Field(group)));
            let works = names.works.iter().map(|name| (name, Payload::Work(group)));
            for (name, payload) in aliases.chain(stops).chain(weak).chain(fields).chain(works) {
                if let Err(why) = matcher.add_name(&name.text, payload, vocabulary) {
                    faults.push(name.fault(format!("group \"{}\": {why}", names.name)));
                }
            }
        }
    }
}
