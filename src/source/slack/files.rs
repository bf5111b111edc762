//! The files of an export, in a folder or in an archive, by the same names and in the same order.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::workspace::is_list;
use crate::fault::{Fault, Place};
use crate::source::cause;
use crate::source::zip::{self, Archive, MAX_UNPACKED, Packed};

/// An export's files.
pub(super) struct Files {
    origin: Origin,
    /// Conversation folder and day file, sorted by folder, then by day.
    pub(super) days: Vec<(String, String)>,
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
        let mut files = Self { origin: Origin::Folder(root.to_owned()), days: Vec::new(), faults: Vec::new() };
        let mut folders = Vec::new();
        for (name, entry) in entries(root).map_err(|error| unlistable(root, &error))? {
            if entry.is_dir() {
                folders.push(name);
            } else if entry.is_symlink() {
                files.faults.push(link(&root.join(name)));
            }
        }
        for folder in folders {
            let path = root.join(&folder);
            match entries(&path) {
                Err(error) => files.faults.push(unlistable(&path, &error)),
                Ok(entries) => {
                    for (name, entry) in entries.into_iter().filter(|(name, _)| is_day(name)) {
                        if entry.is_symlink() {
                            files.faults.push(link(&path.join(name)));
                        } else {
                            files.days.push((folder.clone(), name));
                        }
                    }
                }
            }
        }
        Ok(files)
    }

    /// Lists the export in an archive.
    pub(super) fn of_zip(archive: Archive, prefix: &str) -> Self {
        let mut faults: Vec<Fault> = archive.broken().cloned().into_iter().collect();
        let mut days = Vec::new();
        for member in archive.members() {
            let day = member.name.strip_prefix(prefix).and_then(|name| name.split_once('/')).filter(|(_, day)| is_day(day));
            match (&member.problem, day) {
                (None, Some((folder, day))) => days.push((folder.to_owned(), day.to_owned())),
                (None, None) => {}
                // A list says for itself that it cannot be read; pictures and the like are not read anyway.
                (Some(_), None) if !is_json(&member.name) || member.name.strip_prefix(prefix).is_some_and(is_list) => {}
                (Some(problem), Some(_) | None) => faults.push(Fault::new(archive.place(&member.name), problem.clone())),
            }
        }
        days.sort();
        Self { origin: Origin::Zip { archive, prefix: prefix.to_owned() }, days, faults }
    }

    /// The place of the whole export.
    pub(super) fn root(&self) -> Place {
        match &self.origin {
            Origin::Folder(root) => Place::file(root.to_string_lossy()),
            Origin::Zip { archive, .. } => Place::file(archive.path()),
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
