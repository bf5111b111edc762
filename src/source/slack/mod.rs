//! Slack exports: a folder or zip with `users.json`, `channels.json` and a folder of day files for each conversation; an organisation's
//! (Enterprise Grid) with workspaces below `teams/`; a single conversation, as its folder or as one file; and logs of events. Those of
//! organisations and single files of a conversation are known from descriptions only.

mod blocks;
mod events;
mod files;
mod record;
mod stamp;
mod workspace;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

pub use self::events::{Log, each_message as each_event};
use self::files::Files;
pub use self::record::each_message;
use self::workspace::ORGANISATION;
pub use self::workspace::{User, Workspace};
use super::beside::Beside;
use super::{Batch, Batches, ChannelKind, Options, Reader, document, json, zip};
use crate::fault::{Fault, Place};

/// A conversation, with what its messages need to know of the export.
#[derive(Debug, Clone)]
pub struct Channel {
    /// The export's lists.
    pub workspace: Arc<Workspace>,
    /// The folder's name in lower case.
    pub name: String,
    /// Who can read it.
    pub kind: ChannelKind,
    /// Whether its messages are read, or only counted.
    pub included: bool,
    /// Whether a list of the export names it.
    pub is_listed: bool,
}

impl Channel {
    /// The conversation in a folder; `team` is the organisation's workspace that it belongs to, with `/`, or empty.
    fn of(folder: &str, team: &str, workspace: &Arc<Workspace>, options: &Options) -> Self {
        let kind = workspace.kind_of(folder);
        let included = options.wanted().reads(kind);
        let is_listed = workspace.listed(folder).is_some();
        Self { workspace: Arc::clone(workspace), name: format!("{team}{folder}").to_lowercase(), kind, included, is_listed }
    }

    /// The id of the message with that time stamp.
    fn id_of(&self, ts: &str) -> String {
        [&self.name, "/", &ts.to_lowercase()].concat()
    }
}

/// Whether files of these names (parts separated by `/`) are a Slack export: `users.json` and `channels.json`, or an organisation's
/// list of people, stand at the root or in one folder below it. Gives that folder with its `/`, or nothing before the names.
pub fn is_export<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut found: BTreeMap<&str, [bool; 3]> = BTreeMap::new();
    for name in names {
        let (folder, file) = name.split_at(name.rfind('/').map_or(0, |slash| slash + 1));
        if folder.matches('/').count() <= 1
            && let Some(which) = ["users.json", "channels.json", ORGANISATION].iter().position(|list| *list == file)
        {
            found.entry(folder).or_default()[which] = true;
        }
    }
    found.into_iter().find(|(_, lists)| matches!(lists, [true, true, _] | [.., true])).map(|(folder, _)| folder.to_owned())
}

/// Whether an archive's member could be one day of a conversation.
pub(super) fn is_day(member: &str) -> bool {
    member.rsplit_once('/').is_some_and(|(_, name)| files::is_day(name))
}

/// Whether the first bytes of a file are of a single one that is read: a day, a whole conversation, a log of events.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    is_day_content(head) || conversation(head).is_some() || events::looks_like(head)
}

/// Whether the first bytes of a file begin an array of Slack's messages, by what all of them have.
fn is_day_content(head: &[u8]) -> bool {
    let members = first_record(head);
    members.iter().any(|(key, value)| key == "type" && *value == "\"message\"") && members.iter().any(|(key, _)| key == "ts")
}

/// The members of an array's first object.
fn first_record(head: &[u8]) -> Vec<(String, &str)> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    head.strip_prefix(b"[").map(json::members).unwrap_or_default()
}

/// The name or id of the conversation in the first bytes of a file that holds a whole one.
fn conversation(head: &[u8]) -> Option<String> {
    let members = json::members(head);
    let value = |name: &str| members.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim_matches('"'));
    let id = value("channel_id").filter(|id| !id.is_empty())?;
    value("messages").filter(|messages| messages.starts_with('['))?;
    Some(id.to_owned())
}

/// Opens a single file; lists are looked for beside it and, of a day, beside its folder.
#[must_use]
pub(super) fn open_file(stream: Box<dyn Read + Send>, at: Place, head: &[u8], beside: &Beside, options: &Options) -> Batches {
    let mut faults = Vec::new();
    let lists = |name: &str| beside.read(name).into_iter().chain(beside.read(&format!("../{name}"))).collect();
    let workspace = Arc::new(Workspace::read(lists, false, &mut faults));
    let reader = if events::looks_like(head) {
        Reader::SlackEvents(Arc::new(Log { workspace, wanted: options.wanted() }))
    } else {
        let name = conversation(head).unwrap_or_else(|| beside.names().0);
        Reader::Slack(Arc::new(Channel::of(&name, "", &workspace, options)))
    };
    Box::new(faults.into_iter().map(Err).chain(document::open(stream, at, reader)))
}

/// Whether a folder holds an export, by its lists or by its folders of days, or is one conversation's.
pub(super) fn holds_export(folder: &Path) -> bool {
    let names = ["users.json", "channels.json", ORGANISATION].into_iter().filter(|name| folder.join(name).is_file());
    is_export(names).is_some()
        || files::folders_of_days(folder).is_some_and(|folders| folders.iter().any(|below| is_channel(below)))
        || is_channel(folder)
}

/// Whether a folder is one conversation's: its first day file holds messages, or none.
fn is_channel(folder: &Path) -> bool {
    let head = |path| {
        let mut head = Vec::new();
        let read = std::fs::File::open(path).and_then(|file| file.take(64 << 10).read_to_end(&mut head));
        read.map(|_| head)
    };
    let is_day = |head: &[u8]| first_record(head).iter().any(|(key, _)| key == "ts") || head.trim_ascii() == b"[]";
    files::first_day(folder).is_some_and(|day| head(day).is_ok_and(|head| is_day(&head)))
}

/// Opens the export in a folder, or the one conversation whose folder it is: one batch a day file, by conversation and day.
///
/// # Errors
/// If the folder cannot be listed.
pub fn open_folder(root: &Path, options: &Options) -> Result<Batches, Fault> {
    let files = if is_channel(root) { Files::of_channel(root) } else { Files::of_folder(root)? };
    Ok(open(files, options))
}

/// Opens the export in an archive, below `prefix` as [`is_export`] gives it; the batches are those of the folder that it unpacks to.
///
/// # Errors
/// None yet: what is wrong with an archive that could be opened comes as the first batches.
pub fn open_zip(archive: zip::Archive, prefix: &str, options: &Options) -> Result<Batches, Fault> {
    Ok(open(Files::of_zip(archive, prefix), options))
}

/// An export, and where it is an organisation's its workspaces after it.
fn open(files: Files, options: &Options) -> Batches {
    let workspaces = files.workspaces();
    let is_organisation = !workspaces.is_empty() || files.list(ORGANISATION).is_some();
    let organisation = Arc::new(files);
    let mut told = BTreeSet::new();
    let mut all = vec![open_workspace(Arc::clone(&organisation), None, is_organisation, &mut told, options)];
    for (team, files) in workspaces {
        all.push(match files {
            Ok(files) => open_workspace(Arc::new(files), Some((&team, &organisation)), true, &mut told, options),
            Err(fault) => Box::new(std::iter::once(Err(fault))),
        });
    }
    Box::new(all.into_iter().flatten())
}

/// A workspace, with its name and its organisation's lists, if it belongs to one. `told` are the faults that were told already.
fn open_workspace(
    files: Arc<Files>,
    of: Option<(&str, &Arc<Files>)>,
    is_organisation: bool,
    told: &mut BTreeSet<Fault>,
    options: &Options,
) -> Batches {
    let mut faults = files.faults.clone();
    let lists = |name: &str| files.list(name).into_iter().chain(of.and_then(|(_, organisation)| organisation.list(name))).collect();
    let workspace = Arc::new(Workspace::read(lists, is_organisation, &mut faults));
    // The root of an organisation's export need not hold conversations.
    if !is_organisation || !files.days.is_empty() {
        faults.extend(workspace.missing(&files.root()));
    }
    faults.retain(|fault| told.insert(fault.clone()));
    let team = of.map_or_else(String::new, |(team, _)| format!("{team}/"));
    let options = options.clone();
    let log = Arc::new(Log { workspace: Arc::clone(&workspace), wanted: options.wanted() });
    let mut open_channel: Option<(String, Arc<Channel>)> = None;
    let all_files = Arc::clone(&files);
    let days = (0..files.days.len()).map(move |n| {
        let (folder, name) = &files.days[n];
        let channel = match &open_channel {
            Some((open_folder, channel)) if open_folder == folder => Arc::clone(channel),
            Some(_) | None => {
                let channel = Arc::new(Channel::of(folder, &team, &workspace, &options));
                open_channel = Some((folder.clone(), Arc::clone(&channel)));
                channel
            }
        };
        batch(&files, name, Reader::Slack(channel))
    });
    let logs = (0..all_files.logs.len()).map(move |n| batch(&all_files, &all_files.logs[n], Reader::SlackEvents(Arc::clone(&log))));
    Box::new(faults.into_iter().map(Err).chain(days).chain(logs))
}

fn batch(files: &Files, name: &str, reader: Reader) -> Result<Batch, Fault> {
    let (bytes, packed) = files.read(name)?;
    Ok(Batch { bytes, packed, at: files.place(name), records_before: 0, reader })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::zip::tests::{Scratch, pack};
    use super::*;
    use crate::message::{Kind, Reason};

    const EXPORT: [(&str, &[u8]); 10] = [
        ("users.json", br#"[{"id":"U1","name":"ann"}]"#),
        ("channels.json", br#"[{"id":"C1","name":"b"}]"#),
        ("groups.json", br#"[{"id":"G1","name":"secret"}]"#),
        ("b/2024-01-02.json", br#"[{"ts":"2.0","user":"U1","text":"two"},{"ts":"x"}]"#),
        ("b/2024-01-01.json", br#"[{"ts":"1.0","user":"U1","text":"one"}]"#),
        ("b/canvas_in_the_conversation.json", b"{"),
        ("b-more/2024-01-01.json", br#"[{"ts":"3.0","user":"U1","text":"three"}"#),
        ("secret/2024-01-01.json", br#"[{"ts":"4.0","user":"U1","text":"four"}]"#),
        ("D024BE91L/2024-01-01.json", br#"[{"ts":"5.0","user":"U1","text":"five"}]"#),
        ("b/deeper/2024-01-01.json", br#"[{"ts":"6.0","user":"U1","text":"six"}]"#),
    ];

    /// One line a batch, message or fault; places without what stands before the export.
    fn lines(batches: Batches, root: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let short = |text: String| text.replace(root, "");
        for batch in batches {
            match batch {
                Err(fault) => lines.push(short(fault.to_string())),
                Ok(batch) => {
                    lines.push(short(batch.at.to_string()));
                    batch.each_message(&mut |message| {
                        lines.push(match message {
                            Ok(message) => format!("{} {:?} {}", message.id, message.kind, message.text),
                            Err(fault) => short(fault.to_string()),
                        });
                    });
                }
            }
        }
        lines
    }

    fn from_folder(test: &str, files: &[(&str, &[u8])], options: &Options) -> Vec<String> {
        let scratch = Scratch::new(test);
        for (name, bytes) in files {
            scratch.write(name, bytes);
        }
        lines(open_folder(&scratch.0, options).unwrap(), &format!("{}/", scratch.0.display()))
    }

    fn from_zip(test: &str, prefix: &str, bytes: &[u8], options: &Options) -> Vec<String> {
        let scratch = Scratch::new(test);
        let path = scratch.write("a.zip", bytes);
        let archive = zip::open(&path).unwrap();
        lines(open_zip(archive, prefix, options).unwrap(), &format!("{}!{prefix}", path.display()))
    }

    #[test]
    fn an_export_is_known_by_its_two_lists_at_the_root_or_one_folder_down() {
        let prefix = |names: &[&str]| is_export(names.iter().copied());
        assert_eq!(prefix(&["users.json", "channels.json"]).as_deref(), Some(""));
        assert_eq!(prefix(&["top/channels.json", "other/x.json", "top/users.json"]).as_deref(), Some("top/"));
        assert_eq!(prefix(&["a/b/channels.json", "a/b/users.json"]), None);
        assert_eq!(prefix(&["a/channels.json", "b/users.json"]), None);
        assert_eq!(prefix(&["users.json", "general/2024-01-01.json"]), None);
    }

    #[test]
    fn a_folder_is_read_by_conversation_and_day() {
        let seen = from_folder("slack-folder", &EXPORT, &Options::default());
        assert_eq!(
            seen,
            [
                "D024BE91L/2024-01-01.json",
                "d024be91l/5.0 Removed(Private) ",
                "b/2024-01-01.json",
                "b/1.0 Person one",
                "b/2024-01-02.json",
                "b/2.0 Person two",
                "b/2024-01-02.json: record 2: `ts` is \"x\", expected seconds with a fraction",
                "b-more/2024-01-01.json",
                "b-more/3.0 Person three",
                "b-more/2024-01-01.json:1: the JSON breaks at column 41: found the end, expected `,` or `]`; records before it: 1",
                "secret/2024-01-01.json",
                "secret/4.0 Removed(Private) ",
            ]
        );
    }

    #[test]
    fn private_and_direct_conversations_are_read_when_they_are_included() {
        let options = Options { include_private: true, ..Options::default() };
        let seen = from_folder("slack-private", &EXPORT, &options);
        assert!(seen.contains(&"secret/4.0 Person four".to_owned()));
        assert!(seen.contains(&format!("d024be91l/5.0 {:?} ", Kind::Removed(Reason::Private))));
        let options = Options { include_direct: true, ..Options::default() };
        assert!(from_folder("slack-direct", &EXPORT, &options).contains(&"d024be91l/5.0 Person five".to_owned()));
    }

    /// An organisation: a channel of its own, and two workspaces with a channel of the same name.
    const ORGANISATION_EXPORT: [(&str, &[u8]); 9] = [
        ("org_users.json", br#"[{"id":"U1","name":"ann","team_id":"T1"},{"id":"U2","name":"bo","team_id":"T2"}]"#),
        ("channels.json", br#"[{"id":"C1","name":"all"}]"#),
        ("all/2024-01-01.json", br#"[{"ts":"1.0","user":"U1","user_team":"T1","text":"one"}]"#),
        ("teams/north/channels.json", br#"[{"id":"C2","name":"b"},{"id":"C3","name":"closed","is_private":true}]"#),
        ("teams/north/b/2024-01-01.json", br#"[{"ts":"2.0","user":"U2","user_team":"T2","text":"two"}]"#),
        ("teams/north/closed/2024-01-01.json", br#"[{"ts":"3.0","user":"U2","text":"three"}]"#),
        ("teams/south/channels.json", br#"[{"id":"C4","name":"b"}]"#),
        (
            "teams/south/b/2024-01-01.json",
            br#"[{"ts":"2.0","user":"U1","text":"four"},{"ts":"5.0","user":"U9","user_team":"T9","text":"x"}]"#,
        ),
        ("teams/south/b/notes.json", b"{"),
    ];

    #[test]
    fn an_organisations_workspaces_are_read_after_its_own_channels() {
        let seen = from_folder("slack-grid", &ORGANISATION_EXPORT, &Options::default());
        assert_eq!(
            seen,
            [
                "all/2024-01-01.json",
                "all/1.0 Person one",
                "teams/north/b/2024-01-01.json",
                "north/b/2.0 Person two",
                "teams/north/closed/2024-01-01.json",
                "north/closed/3.0 Removed(Private) ",
                "teams/south/b/2024-01-01.json",
                "south/b/2.0 Person four",
                "south/b/5.0 Removed(Guest) x",
            ]
        );
        assert_eq!(from_zip("slack-grid-zip", "", &pack(&ORGANISATION_EXPORT), &Options::default()), seen);
        assert_eq!(is_export(ORGANISATION_EXPORT.iter().map(|(name, _)| *name)).as_deref(), Some(""));
    }

    #[test]
    fn one_conversation_is_read_alone_with_the_lists_around_it() {
        let scratch = Scratch::new("slack-channel");
        for (name, bytes) in EXPORT {
            scratch.write(name, bytes);
        }
        let root = format!("{}/", scratch.0.display());
        let read = |folder: &str| lines(open_folder(&scratch.0.join(folder), &Options::default()).unwrap(), &root);
        assert!(holds_export(&scratch.0.join("b")) && !holds_export(&scratch.0.join("b/deeper/none")));
        let of_b = ["b/2024-01-01.json", "b/1.0 Person one", "b/2024-01-02.json", "b/2.0 Person two"];
        assert_eq!(read("b")[..4], of_b);
        assert_eq!(read("secret"), ["secret/2024-01-01.json", "secret/4.0 Removed(Private) "]);
    }

    #[test]
    fn whole_conversations_and_logs_beside_the_lists_are_read() {
        let conversation = br#"{"channel_id":"C024BE91L","name":"b","messages":[{"ts":"1.0","user":"U1","text":"one"}]}"#;
        let log = br#"{"type":"message","channel":"C024BE91L","user":"U1","ts":"2.0","text":"two"}"#;
        let files: [(&str, &[u8]); 5] = [
            ("users.json", b"[]"),
            ("channels.json", br#"[{"id":"C024BE91L","name":"b"}]"#),
            ("C024BE91L.json", conversation),
            ("events.jsonl", log),
            ("lists.json", b"{"),
        ];
        let expected = ["C024BE91L.json", "c024be91l/1.0 Person one", "events.jsonl", "c024be91l/2.0 Person two"];
        assert_eq!(from_folder("slack-dump", &files, &Options::default()), expected);
        assert_eq!(from_zip("slack-dump-zip", "", &pack(&files), &Options::default()), expected);
        assert!(looks_like(conversation) && looks_like(log) && looks_like(br#"[ {"type":"message","ts":"1.0"}]"#));
        assert!(!looks_like(br#"{"channel_id":"C1","messages":7}"#) && !looks_like(b"[]") && !looks_like(br#"[{"ts":"1.0"}]"#));
    }

    #[test]
    fn an_archive_gives_what_its_folder_gives() {
        let folder = from_folder("slack-same-folder", &EXPORT, &Options::default());
        assert_eq!(from_zip("slack-same-zip", "", &pack(&EXPORT), &Options::default()), folder);
        let below: Vec<(String, &[u8])> = EXPORT.iter().map(|(name, bytes)| (format!("top/{name}"), *bytes)).collect();
        let below: Vec<(&str, &[u8])> = below.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        assert_eq!(from_zip("slack-below", "top/", &pack(&below), &Options::default()), folder);
    }

    #[test]
    fn an_export_without_its_lists_is_read_and_says_so_first() {
        let files = &EXPORT[3..5];
        let seen = from_folder("slack-bare", files, &Options::default());
        assert!(seen[0].contains("no users.json"));
        assert!(seen[1].contains("no channels.json"));
        assert_eq!(seen[2..4], ["b/2024-01-01.json", "b/1.0 Removed(Private) "]);
        assert!(from_zip("slack-bare-zip", "", &pack(files), &Options::default())[1].contains("no channels.json"));
    }

    #[test]
    fn of_an_archive_cut_short_the_whole_days_are_read_after_the_fault() {
        let bytes = pack(&EXPORT);
        let cut = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap() - 30;
        let seen = from_zip("slack-cut", "", &bytes[..cut], &Options::default());
        assert!(
            seen[0].contains("the archive is cut short: member b/deeper/2024-01-01.json, which begins here, is not whole"),
            "{}",
            seen[0]
        );
        assert_eq!(seen[1..], from_folder("slack-cut-folder", &EXPORT, &Options::default()));
    }

    #[test]
    fn a_damaged_day_is_a_fault_of_that_day() {
        let mut bytes = pack(&EXPORT[..5]);
        let name = memchr::memmem::find(&bytes, b"b/2024-01-01.json").unwrap();
        bytes[name + 25] ^= 0xff;
        let seen = from_zip("slack-damaged", "", &bytes, &Options::default());
        assert_eq!(seen[0], "b/2024-01-01.json");
        assert!(seen[1].starts_with("b/2024-01-01.json: damaged: "));
        assert!(seen.contains(&"b/2.0 Person two".to_owned()));
    }
}
