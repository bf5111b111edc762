//! The files of an export, in a folder or in an archive, by the same names and in the same order.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::workspace::{is_id, is_list};
use crate::fault::{Fault, Place};
use crate::source::cause;
use crate::source::zip::{self, Archive, MAX_UNPACKED, Packed};

/// An export's files.
pub(super) struct Files {
    origin: Origin,
    /// Conversation, and the name of a file with its messages, sorted by conversation, then by day. The conversation is the folder's
    /// name; of a file at the root, which holds a whole conversation, its own.
    pub(super) days: Vec<(String, String)>,
    /// Names of event logs at the root.
    pub(super) logs: Vec<String>,
    /// What could not be listed.
    pub(super) faults: Vec<Fault>,
}

enum Origin {
    Folder(PathBuf),
    Zip { archive: Archive, prefix: String },
}

impl Files {
    /// Lists the export in a folder.
    pub(super) fn of_folder(root: &Path) -> Result<Self, Fault> {
        let mut files = Self { origin: Origin::Folder(root.to_owned()), days: Vec::new(), logs: Vec::new(), faults: Vec::new() };
        let mut folders = Vec::new();
        for (name, entry) in entries(root).map_err(|error| unlistable(root, &error))? {
            if entry.is_dir() {
                folders.push(name);
            } else if entry.is_symlink() {
                files.faults.push(link(&root.join(name)));
            } else {
                files.add_root_file(&name);
            }
        }
        for folder in folders {
            files.add_folder(&root.join(&folder), &folder);
        }
        files.days.sort();
        Ok(files)
    }

    /// The files of one conversation's folder, whose export may lie around it.
    pub(super) fn of_channel(folder: &Path) -> Self {
        // "." has no name.
        let folder = if folder.file_name().is_none() { folder.canonicalize() } else { Ok(folder.to_owned()) }.unwrap_or_default();
        let root = folder.parent().unwrap_or(Path::new("")).to_owned();
        let mut files = Self { origin: Origin::Folder(root), days: Vec::new(), logs: Vec::new(), faults: Vec::new() };
        files.add_folder(&folder, &folder.file_name().unwrap_or_default().to_string_lossy());
        files
    }

    fn add_folder(&mut self, path: &Path, folder: &str) {
        match entries(path) {
            Err(error) => self.faults.push(unlistable(path, &error)),
            Ok(entries) => {
                for (name, entry) in entries.into_iter().filter(|(name, _)| is_day(name)) {
                    if entry.is_symlink() {
                        self.faults.push(link(&path.join(name)));
                    } else {
                        self.days.push((folder.to_owned(), format!("{folder}/{name}")));
                    }
                }
            }
        }
    }

    /// A file at the root: one conversation's, or a log of events.
    fn add_root_file(&mut self, name: &str) {
        if let Some(conversation) = conversation_of(name) {
            self.days.push((conversation.to_owned(), name.to_owned()));
        } else if Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("jsonl")) {
            self.logs.push(name.to_owned());
        }
    }

    /// The workspaces of an organisation's export: those of its folders `teams/NAME` that hold channels.
    pub(super) fn workspaces(&self) -> Vec<(String, Result<Self, Fault>)> {
        let of_root = |files: &Self| !files.days.is_empty() || files.list("channels.json").is_some();
        match &self.origin {
            Origin::Folder(root) => {
                let teams = root.join("teams");
                let names = entries(&teams).unwrap_or_default().into_iter().filter(|(_, entry)| entry.is_dir()).map(|(name, _)| name);
                let read = names.map(|name| (name.clone(), Self::of_folder(&teams.join(name))));
                read.filter(|(_, files)| files.as_ref().is_ok_and(of_root)).collect()
            }
            Origin::Zip { archive, prefix } => {
                let prefix = format!("{prefix}teams/");
                let below = archive.members().iter().filter_map(|member| member.name.strip_prefix(&prefix)?.split_once('/'));
                let names: BTreeSet<&str> = below.map(|(name, _)| name).collect();
                let read = names.into_iter().map(|name| {
                    let mut files = Self::of_zip(archive.clone(), &format!("{prefix}{name}/"));
                    // What is wrong with the archive was told with its root.
                    files.faults.clear();
                    (name.to_owned(), Ok(files))
                });
                read.filter(|(_, files)| files.as_ref().is_ok_and(of_root)).collect()
            }
        }
    }

    /// Lists the export in an archive.
    pub(super) fn of_zip(archive: Archive, prefix: &str) -> Self {
        let mut files = Self { origin: Origin::Folder(PathBuf::new()), days: Vec::new(), logs: Vec::new(), faults: Vec::new() };
        files.faults.extend(archive.broken().cloned());
        for member in archive.members() {
            let below = member.name.strip_prefix(prefix);
            let day = below.and_then(|name| name.split_once('/')).filter(|(_, day)| is_day(day));
            match (&member.problem, day) {
                (None, Some((folder, day))) => files.days.push((folder.to_owned(), format!("{folder}/{day}"))),
                (None, None) => {
                    if let Some(name) = below.filter(|name| !name.contains('/')) {
                        files.add_root_file(name);
                    }
                }
                // A list says for itself that it cannot be read; pictures and the like are not read anyway.
                (Some(_), None) if !is_json(&member.name) || below.is_some_and(is_list) => {}
                (Some(problem), Some(_) | None) => files.faults.push(Fault::new(archive.place(&member.name), problem.clone())),
            }
        }
        files.days.sort();
        files.origin = Origin::Zip { archive, prefix: prefix.to_owned() };
        files
    }

    /// The place of the whole export.
    pub(super) fn root(&self) -> Place {
        match &self.origin {
            Origin::Folder(root) if root.as_os_str().is_empty() => Place::file("."),
            Origin::Folder(root) => Place::file(root.to_string_lossy()),
            Origin::Zip { archive, .. } => archive.at(),
        }
    }

    /// The place of a file.
    pub(super) fn place(&self, name: &str) -> Place {
        match &self.origin {
            Origin::Folder(root) => Place::file(root.join(name).to_string_lossy()),
            Origin::Zip { archive, prefix } => archive.place(&format!("{prefix}{name}")),
        }
    }

    /// The place and bytes of a file at the export's root, if there is one.
    pub(super) fn list(&self, name: &str) -> Option<Result<(Place, Vec<u8>), Fault>> {
        let is_there = match &self.origin {
            Origin::Folder(root) => root.join(name).symlink_metadata().is_ok_and(|entry| !entry.is_symlink()),
            Origin::Zip { archive, prefix } => archive.find(&format!("{prefix}{name}")).is_some(),
        };
        is_there.then(|| {
            let (bytes, packed) = self.read(name)?;
            let bytes = match packed {
                None => bytes,
                Some(packed) => zip::unpack(&bytes, &packed).map_err(|why| Fault::new(self.place(name), why))?,
            };
            Ok((self.place(name), bytes))
        })
    }

    /// The bytes of a file as they lie there.
    pub(super) fn read(&self, name: &str) -> Result<(Vec<u8>, Option<Packed>), Fault> {
        match &self.origin {
            Origin::Folder(root) => read_file(&root.join(name)).map(|bytes| (bytes, None)).map_err(|why| Fault::new(self.place(name), why)),
            Origin::Zip { archive, prefix } => match archive.find(&format!("{prefix}{name}")) {
                Some(member) => archive.read(member),
                None => Err(Fault::new(self.place(name), "not in the archive")),
            },
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    // To open a pipe is to wait for who writes into it.
    if path.symlink_metadata().is_ok_and(|entry| !entry.is_file()) {
        return Err("not a file".to_owned());
    }
    let mut bytes = Vec::new();
    let outcome = File::open(path).and_then(|file| file.take(MAX_UNPACKED + 1).read_to_end(&mut bytes));
    match outcome {
        Err(error) => Err(cause(&error)),
        Ok(_) if bytes.len() as u64 > MAX_UNPACKED => Err(format!("more than the {MAX_UNPACKED} bytes that are read of one file")),
        Ok(_) => Ok(bytes),
    }
}

/// Names and types of a folder's entries, sorted by name.
fn entries(folder: &Path) -> io::Result<Vec<(String, fs::FileType)>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| entry.and_then(|entry| Ok((entry.file_name().to_string_lossy().into_owned(), entry.file_type()?))))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(entries)
}

fn unlistable(folder: &Path, error: &io::Error) -> Fault {
    Fault::file(folder.to_string_lossy(), cause(error))
}

fn link(path: &Path) -> Fault {
    Fault::file(path.to_string_lossy(), "a link; links are not followed")
}

fn is_json(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// Whether a file is named by a day, as those with messages are (`2024-05-31.json`).
pub(super) fn is_day(name: &str) -> bool {
    let pattern = b"0000-00-00.json";
    name.len() == pattern.len()
        && name.bytes().zip(pattern).all(|(byte, &expected)| if expected == b'0' { byte.is_ascii_digit() } else { byte == expected })
}

/// The conversation in the name of a file that holds a whole one: `C024BE91L.json`, a thread of it `C024BE91L-1577836800.000100.json`.
pub(super) fn conversation_of(name: &str) -> Option<&str> {
    let stem = name.strip_suffix(".json")?;
    let id = stem.split_once('-').map_or(stem, |(id, _)| id);
    ['C', 'G', 'D'].into_iter().any(|kind| is_id(id, kind)).then_some(id)
}

/// The first day file of a folder, by name.
pub(super) fn first_day(folder: &Path) -> Option<PathBuf> {
    let days = entries(folder).ok()?.into_iter().find(|(name, entry)| entry.is_file() && is_day(name));
    days.map(|(name, _)| folder.join(name))
}

/// The folders in a folder that holds nothing else than folders with day files, and the export's own lists.
pub(super) fn folders_of_days(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for (name, entry) in entries(folder).ok()? {
        if entry.is_dir() {
            let below = folder.join(name);
            first_day(&below)?;
            folders.push(below);
        } else if !is_list(&name) {
            return None;
        }
    }
    Some(folders)
}
