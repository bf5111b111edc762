//! Slack exports: a folder or zip with `users.json`, `channels.json` and a folder of day files for each conversation.

mod blocks;
mod files;
mod record;
mod stamp;
mod workspace;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use self::files::Files;
pub use self::record::each_message;
pub use self::workspace::{User, Workspace};
use super::{Batch, Batches, ChannelKind, Options, Reader, zip};
use crate::fault::Fault;

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
}

impl Channel {
    fn of(folder: &str, workspace: &Arc<Workspace>, options: &Options) -> Self {
        let kind = workspace.kind_of(folder);
        let included = options.wanted().reads(kind);
        Self { workspace: Arc::clone(workspace), name: folder.to_lowercase(), kind, included }
    }

    /// The id of the message with that time stamp.
    fn id_of(&self, ts: &str) -> String {
        [&self.name, "/", &ts.to_lowercase()].concat()
    }
}

/// Whether files of these names (parts separated by `/`) are a Slack export: `users.json` and `channels.json` stand at the root or
/// in one folder below it. Gives that folder with its `/`, or nothing before the names.
pub fn is_export<'a>(names: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut found: BTreeMap<&str, [bool; 2]> = BTreeMap::new();
    for name in names {
        let (folder, file) = name.split_at(name.rfind('/').map_or(0, |slash| slash + 1));
        if folder.matches('/').count() <= 1
            && let Some(which) = ["users.json", "channels.json"].iter().position(|list| *list == file)
        {
            found.entry(folder).or_default()[which] = true;
        }
    }
    found.into_iter().find(|(_, lists)| *lists == [true, true]).map(|(folder, _)| folder.to_owned())
}

/// Whether an archive's member could be one day of a conversation.
pub(super) fn is_day(member: &str) -> bool {
    member.rsplit_once('/').is_some_and(|(_, name)| files::is_day(name))
}

/// Opens the export whose `users.json` stands in the folder `root`: one batch a day file, by conversation and day.
///
/// # Errors
/// If the folder cannot be listed.
pub fn open_folder(root: &Path, options: &Options) -> Result<Batches, Fault> {
    Ok(open(Files::of_folder(root)?, options))
}

/// Opens the export in an archive, below `prefix` as [`is_export`] gives it; the batches are those of the folder that it unpacks to.
///
/// # Errors
/// None yet: what is wrong with an archive that could be opened comes as the first batches.
pub fn open_zip(archive: zip::Archive, prefix: &str, options: &Options) -> Result<Batches, Fault> {
    Ok(open(Files::of_zip(archive, prefix), options))
}

fn open(mut files: Files, options: &Options) -> Batches {
    let mut faults = std::mem::take(&mut files.faults);
    let workspace = Arc::new(Workspace::read(&files.root(), |list| files.list(list), &mut faults));
    let days = std::mem::take(&mut files.days);
    let options = options.clone();
    let mut open_channel: Option<(String, Arc<Channel>)> = None;
    let batches = days.into_iter().map(move |(folder, day)| {
        let channel = match &open_channel {
            Some((open_folder, channel)) if *open_folder == folder => Arc::clone(channel),
            Some(_) | None => {
                let channel = Arc::new(Channel::of(&folder, &workspace, &options));
                open_channel = Some((folder.clone(), Arc::clone(&channel)));
                channel
            }
        };
        let name = format!("{folder}/{day}");
        let (bytes, packed) = files.read(&name)?;
        Ok(Batch { bytes, packed, at: files.place(&name), records_before: 0, reader: Reader::Slack(channel) })
    });
    Box::new(faults.into_iter().map(Err).chain(batches))
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
