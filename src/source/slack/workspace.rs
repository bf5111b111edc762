//! What a Slack export says beside its messages: people, and which conversations are public.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::fault::{Fault, Place};
use crate::source::ChannelKind;
use crate::source::json::{Bad, Elements, Inner, Loose};

/// The lists of an export.
#[derive(Debug, Default)]
pub struct Workspace {
    /// People by their id in lower case.
    pub users: FxHashMap<String, User>,
    /// The company's teams, in lower case: the one that most people belong to; of an organisation's export all.
    pub teams: BTreeSet<String>,
    /// Conversations by name in lower case.
    by_name: FxHashMap<String, ChannelKind>,
    /// Conversations by id in lower case.
    by_id: FxHashMap<String, ChannelKind>,
    /// A list of conversations is missing or broken: one that stands in no list may be private.
    lists_incomplete: bool,
    has_users: bool,
    has_channels: bool,
}

/// Somebody in `users.json`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct User {
    /// Id in lower case.
    pub id: String,
    /// Handle in lower case.
    pub handle: Option<String>,
    /// Mail address in lower case.
    pub email: Option<String>,
    /// Real name, else display name, as written.
    pub name: Option<String>,
    /// Team in lower case.
    pub team: Option<String>,
    /// Title of the profile, as written.
    pub title: Option<String>,
    /// An app.
    pub is_bot: bool,
}

/// The lists of conversations, each with what its entries are unless they say that they are more private.
const LISTS: [(&str, ChannelKind); 4] = [
    ("channels.json", ChannelKind::Public),
    ("groups.json", ChannelKind::Private),
    ("dms.json", ChannelKind::Direct),
    ("mpims.json", ChannelKind::Direct),
];
/// The lists of people: of a workspace, of an organisation.
const USERS: [&str; 2] = ["users.json", ORGANISATION];
/// The list that only an organisation's export (Enterprise Grid) has.
pub(super) const ORGANISATION: &str = "org_users.json";

/// Whether the file of that name at an export's root is one that is read.
pub(super) fn is_list(name: &str) -> bool {
    USERS.contains(&name) || LISTS.iter().any(|(list, _)| *list == name)
}

#[derive(Deserialize)]
struct UserRecord<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    real_name: Loose<'a>,
    #[serde(borrow, default)]
    team_id: Loose<'a>,
    #[serde(borrow, default)]
    is_bot: Loose<'a>,
    #[serde(borrow, default)]
    profile: Inner<Profile<'a>>,
}

#[derive(Deserialize, Default)]
struct Profile<'a> {
    #[serde(borrow, default)]
    real_name: Loose<'a>,
    #[serde(borrow, default)]
    display_name: Loose<'a>,
    #[serde(borrow, default)]
    email: Loose<'a>,
    #[serde(borrow, default)]
    title: Loose<'a>,
}

#[derive(Deserialize)]
struct ChannelRecord<'a> {
    #[serde(borrow, default)]
    id: Loose<'a>,
    #[serde(borrow, default)]
    name: Loose<'a>,
    #[serde(borrow, default)]
    is_private: Loose<'a>,
    #[serde(borrow, default)]
    is_im: Loose<'a>,
    #[serde(borrow, default)]
    is_mpim: Loose<'a>,
}

impl Workspace {
    /// Reads the lists. `read` gives the place and bytes of every list of that name: a workspace's own, then its organisation's.
    pub(super) fn read(
        read: impl Fn(&str) -> Vec<Result<(Place, Vec<u8>), Fault>>,
        is_organisation: bool,
        faults: &mut Vec<Fault>,
    ) -> Self {
        let mut workspace = Self::default();
        for list in USERS.into_iter().flat_map(&read) {
            workspace.has_users = true;
            match list {
                Ok((at, bytes)) => {
                    each(&at, &bytes, faults, |record: UserRecord<'_>| workspace.add_user(record));
                }
                Err(fault) => faults.push(fault),
            }
        }
        let teams = workspace.users.values().filter_map(|user| user.team.as_deref());
        workspace.teams = if is_organisation { teams.map(str::to_owned).collect() } else { most_frequent(teams).into_iter().collect() };
        for (name, kind) in LISTS {
            for list in read(name) {
                workspace.has_channels |= kind == ChannelKind::Public;
                match list {
                    Ok((at, bytes)) => {
                        workspace.lists_incomplete |=
                            !each(&at, &bytes, faults, |record: ChannelRecord<'_>| workspace.add_channel(record, kind));
                    }
                    Err(fault) => {
                        workspace.lists_incomplete = true;
                        faults.push(fault);
                    }
                }
            }
        }
        // An export of public channels only has none of the other lists.
        workspace.lists_incomplete |= !workspace.has_channels;
        workspace
    }

    /// What is missing; `export` is the whole of it.
    pub(super) fn missing(&self, export: &Place) -> impl Iterator<Item = Fault> {
        let users = (!self.has_users).then_some("no users.json: authors are known by their ids only; add the file from the export");
        let channels = (!self.has_channels)
            .then_some("no channels.json: no channel is known to be public, so that all count as private; add the file from the export");
        users.into_iter().chain(channels).map(|why| Fault::new(export.clone(), why))
    }

    /// The user of that id, in whatever case.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.get(&id.to_lowercase())
    }

    /// Whether an author belongs to another company. `team` is the author's team as the message says it.
    pub(super) fn is_guest(&self, user: Option<&User>, team: &str) -> bool {
        // A member's message may bear the team of a shared channel, so that users.json goes before the message.
        let is_own = |team: &str| self.teams.contains(team);
        !self.teams.is_empty() && !is_own(&team.to_lowercase()) && !user.is_some_and(|user| user.team.as_deref().is_some_and(is_own))
    }

    /// What the conversation in a folder is: its name stands in a list, else its id does, else its name tells.
    pub(super) fn kind_of(&self, folder: &str) -> ChannelKind {
        if let Some(kind) = self.listed(folder) {
            return kind;
        }
        if folder.to_lowercase().starts_with("mpdm-") || is_id(folder, 'D') {
            return ChannelKind::Direct;
        }
        // An id of that kind is a private channel's or a group's.
        if self.lists_incomplete || is_id(folder, 'G') { ChannelKind::Private } else { ChannelKind::Public }
    }

    /// What the conversation of that name or id is, if it stands in a list.
    pub(super) fn listed(&self, name: &str) -> Option<ChannelKind> {
        let key = name.to_lowercase();
        self.by_name.get(&key).or_else(|| self.by_id.get(&key)).copied()
    }

    fn add_user(&mut self, record: UserRecord<'_>) -> Result<(), String> {
        let Some(id) = record.id.clone().text("id")?.filter(|id| !id.is_empty()) else {
            return Err(record.id.unexpected("id", "a user's id"));
        };
        let profile = record.profile.0.unwrap_or_default();
        let id = id.to_lowercase();
        let user = User {
            id: id.clone(),
            handle: record.name.word().map(|name| name.to_lowercase()),
            email: profile.email.word().map(|email| email.trim().to_lowercase()),
            name: [record.real_name, profile.real_name, profile.display_name].into_iter().find_map(Loose::word).map(Cow::into_owned),
            team: record.team_id.word().map(|team| team.to_lowercase()),
            title: profile.title.word().map(Cow::into_owned),
            is_bot: record.is_bot.is_true(),
        };
        self.users.insert(id, user);
        Ok(())
    }

    fn add_channel(&mut self, record: ChannelRecord<'_>, kind: ChannelKind) -> Result<(), String> {
        let kind = match kind {
            _ if record.is_im.is_true() || record.is_mpim.is_true() => ChannelKind::Direct,
            ChannelKind::Public if record.is_private.is_true() => ChannelKind::Private,
            ChannelKind::Public | ChannelKind::Private | ChannelKind::Direct => kind,
        };
        let (name, id) = (record.name.word(), record.id.word());
        if name.is_none() && id.is_none() {
            return Err("a conversation without a name and an id".into());
        }
        for (key, index) in [(name, &mut self.by_name), (id, &mut self.by_id)] {
            if let Some(key) = key {
                // Of two entries the more private one holds.
                let known = index.entry(key.to_lowercase()).or_insert(kind);
                *known = kind.max(*known);
            }
        }
        Ok(())
    }
}

/// Gives each element of a list to `add`; false if any could not be read.
fn each<'a, T: Deserialize<'a>>(
    at: &Place,
    bytes: &'a [u8],
    faults: &mut Vec<Fault>,
    mut add: impl FnMut(T) -> Result<(), String>,
) -> bool {
    let before = faults.len();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            faults.push(Fault::new(at.clone(), format!("not UTF-8 from byte {} on; what stands before is read", error.valid_up_to())));
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
    };
    let mut elements = Elements::of(text);
    while let Some(element) = elements.next::<T>() {
        let added = element.and_then(|(record, _)| add(record).map_err(Bad::Element));
        if let Err(bad) = added {
            faults.push(bad.fault(at, elements.taken()));
        }
    }
    faults.len() == before
}

fn most_frequent<'a>(teams: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for team in teams {
        *counts.entry(team).or_default() += 1;
    }
    // Of equally frequent ones the first by name, so that the answer does not hang on the order.
    counts.into_iter().rev().max_by_key(|&(_, n)| n).map(|(team, _)| team.to_owned())
}

/// Whether a name is a conversation's id of that kind (`D024BE91L`); channels' names are in lower case.
pub(super) fn is_id(name: &str, kind: char) -> bool {
    name.len() > 6 && name.starts_with(kind) && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn workspace(lists: &[(&str, &str)]) -> (Workspace, Vec<String>) {
        let mut faults = Vec::new();
        let read = |name: &str| {
            let found = lists.iter().filter(|(list, _)| *list == name);
            found.map(|(name, text)| Ok((Place::file(*name), text.as_bytes().to_vec()))).collect()
        };
        let workspace = Workspace::read(read, false, &mut faults);
        faults.extend(workspace.missing(&Place::file("export")));
        (workspace, faults.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn people_are_found_by_id_in_any_case() {
        let users = r#"[{"id":"U1","name":"Ann","profile":{"real_name":"Ann Lee","email":" Ann@Example.com ","title":"Key Accounts"},"team_id":"T1"}]"#;
        let (workspace, faults) = workspace(&[("users.json", users), ("channels.json", "[]")]);
        assert!(faults.is_empty());
        let user = workspace.user("u1").unwrap();
        assert_eq!(workspace.user("U1"), Some(user));
        assert_eq!(
            (user.handle.as_deref(), user.email.as_deref(), user.name.as_deref()),
            (Some("ann"), Some("ann@example.com"), Some("Ann Lee"))
        );
        assert_eq!(user.title.as_deref(), Some("Key Accounts"));
        assert_eq!(workspace.teams.iter().collect::<Vec<_>>(), ["t1"]);
    }

    #[test]
    fn a_conversation_is_found_by_name_then_by_id_and_the_more_private_entry_holds() {
        let (workspace, _) = workspace(&[
            ("channels.json", r#"[{"id":"C1","name":"general"},{"id":"C2","name":"both"},{"id":"C3","name":"closed","is_private":true}]"#),
            ("groups.json", r#"[{"id":"G1","name":"both"}]"#),
            ("dms.json", r#"[{"id":"D1"}]"#),
            ("mpims.json", r#"[{"id":"G2","name":"mpdm-a--b-1"}]"#),
        ]);
        let kinds = ["General", "c1", "both", "closed", "d1", "G2", "mpdm-x--y-1", "D024BE91L", "unlisted", "design", "d3"]
            .map(|name| workspace.kind_of(name));
        let expected = {
            use ChannelKind::{Direct, Private, Public};
            [Public, Public, Private, Private, Direct, Direct, Direct, Direct, Public, Public, Public]
        };
        assert_eq!(kinds, expected);
    }

    #[test]
    fn without_a_whole_list_of_channels_what_stands_in_none_is_private() {
        let (without, faults) = workspace(&[("users.json", "[]")]);
        assert_eq!(without.kind_of("general"), ChannelKind::Private);
        assert!(faults[0].starts_with("export: no channels.json: "), "{faults:?}");
        let (broken, faults) = workspace(&[("users.json", "[]"), ("channels.json", r#"[{"name":"general"},{"name""#)]);
        assert_eq!((broken.kind_of("general"), broken.kind_of("other")), (ChannelKind::Public, ChannelKind::Private));
        assert!(faults[0].starts_with("channels.json:1: the JSON breaks at column "));
        let (no_groups, _) = workspace(&[("users.json", "[]"), ("channels.json", "[]"), ("groups.json", "{")]);
        assert_eq!(no_groups.kind_of("other"), ChannelKind::Private);
    }

    #[test]
    fn an_organisations_lists_add_to_a_workspaces_and_all_its_teams_are_the_company() {
        let read = |name: &str| {
            let lists: &[(&str, &str)] = match name {
                "users.json" => &[("a/users.json", r#"[{"id":"U1","team_id":"T1"}]"#)],
                "org_users.json" => &[("org_users.json", r#"[{"id":"U2","team_id":"T2"}]"#)],
                "channels.json" => &[("a/channels.json", r#"[{"name":"x"}]"#), ("channels.json", r#"[{"name":"y","is_private":true}]"#)],
                _ => &[],
            };
            lists.iter().map(|(at, text)| Ok((Place::file(*at), text.as_bytes().to_vec()))).collect()
        };
        let workspace = Workspace::read(read, true, &mut Vec::new());
        assert_eq!(["x", "y"].map(|name| workspace.kind_of(name)), [ChannelKind::Public, ChannelKind::Private]);
        assert!(workspace.user("U1").is_some() && workspace.user("U2").is_some());
        assert_eq!(["T1", "T2", "T3"].map(|team| workspace.is_guest(None, team)), [false, false, true]);
        assert_eq!(workspace.missing(&Place::file("x")).count(), 0);
    }

    #[test]
    fn missing_and_broken_lists_of_people_are_faults_and_the_rest_is_read() {
        let (_, faults) = workspace(&[("channels.json", "[]")]);
        assert_eq!(faults, ["export: no users.json: authors are known by their ids only; add the file from the export"]);
        let (broken, faults) = workspace(&[("channels.json", "[]"), ("users.json", r#"[{"id":"U1"},{"name":"x"},7,{"id":"U2"},{"id":"#)]);
        assert_eq!(broken.users.len(), 2);
        assert_eq!(faults[0], "users.json: record 2: `id` is missing, expected a user's id");
        assert!(faults[1].starts_with("users.json: record 3: "));
        assert!(faults[2].ends_with("records before it: 4"), "{}", faults[2]);
    }
}
