//! Files that stand beside the one that is read and say what is needed to understand it: people, channels.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::cause;
use super::zip::{self, Archive};
use crate::fault::{Fault, Place};

/// The largest list that is read.
const MAX_BYTES: u64 = 64 << 20;

/// Where the file that is read lies, to find others from there.
#[derive(Clone)]
pub(super) enum Beside {
    /// In no folder: standard input.
    Nowhere,
    /// A file.
    File(PathBuf),
    /// A member of an archive.
    Member(Archive, String),
}

impl Beside {
    /// The place and bytes of the file at a path, relative to the folder of the file that is read; nothing if there is none.
    pub(super) fn read(&self, relative: &str) -> Option<Result<(Place, Vec<u8>), Fault>> {
        match self {
            Self::Nowhere => None,
            Self::File(path) => {
                let path = path.parent()?.join(relative);
                let is_file = path.symlink_metadata().is_ok_and(|entry| entry.is_file());
                is_file.then(|| {
                    let at = Place::file(path.to_string_lossy());
                    read_file(&path).map(|bytes| (at.clone(), bytes)).map_err(|why| Fault::new(at, why))
                })
            }
            Self::Member(archive, member) => {
                let name = joined(Path::new(member).parent()?, relative)?;
                let member = archive.find(&name)?;
                Some(archive.read(member).and_then(|(bytes, packed)| {
                    let at = archive.place(&name);
                    match packed {
                        None => Ok((at, bytes)),
                        Some(packed) => match zip::unpack(&bytes, &packed) {
                            Ok(bytes) => Ok((at, bytes)),
                            Err(why) => Err(Fault::new(at, why)),
                        },
                    }
                }))
            }
        }
    }

    /// The names of the folder that holds the file and of the file itself.
    pub(super) fn names(&self) -> (String, String) {
        let path = match self {
            Self::Nowhere => return Default::default(),
            Self::File(path) => path.as_path(),
            Self::Member(_, member) => Path::new(member),
        };
        let name = |name: Option<&std::ffi::OsStr>| name.unwrap_or_default().to_string_lossy().into_owned();
        (name(path.parent().and_then(Path::file_name)), name(path.file_name()))
    }
}

/// The name of a member from a folder on; nothing if it leads out of the archive.
fn joined(folder: &Path, relative: &str) -> Option<String> {
    let mut names: Vec<&str> = folder.iter().map(|name| name.to_str()).collect::<Option<_>>()?;
    for part in Path::new(relative).components() {
        match part {
            Component::ParentDir => {
                names.pop()?;
            }
            Component::Normal(name) => names.push(name.to_str()?),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    Some(names.join("/"))
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(|error| cause(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("larger than the {} MiB that are read of a list", MAX_BYTES >> 20));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_members_name_never_leads_out_of_the_archive() {
        assert_eq!(joined(Path::new("top/teams/1"), "../../users/usersList.json").as_deref(), Some("top/users/usersList.json"));
        assert_eq!(joined(Path::new(""), "realm.json").as_deref(), Some("realm.json"));
        assert_eq!(joined(Path::new("a"), "../../x"), None);
    }
}
