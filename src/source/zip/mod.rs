//! Archives, zip and tar: the list of members and their raw bytes; unpacking of zip members is apart, so that it may run on another thread.

mod recover;
pub mod tar;
mod unpack;

use std::cmp::Ordering;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use rawzip::{CompressionMethod, FileReader, ReaderAt, ZipFileHeaderRecord, ZipLocator};
use rustc_hash::FxHashSet;

pub use self::unpack::{MAX_RATIO, MAX_UNPACKED, Packed, unpack};
use self::unpack::{too_large, verify};
use super::cause;
use crate::fault::{Fault, Place, Position};

/// Holds the longest entry of a directory (name, extra field and comment of 65,535 bytes each).
const DIRECTORY_BUFFER: usize = 256 << 10;

/// An opened archive; a copy shares the file and the list.
#[derive(Clone)]
pub struct Archive(Arc<Opened>);

struct Opened {
    /// The archive itself: a file, or a member of another archive.
    at: Place,
    /// In how many archives it lies.
    depth: usize,
    contents: Contents,
    members: Vec<Member>,
    broken: Option<Fault>,
}

enum Contents {
    Zip { file: Bytes, len: u64 },
    Tar(tar::Contents, tar::Origin),
}

/// Bytes that can be read at any place.
pub(in crate::source) enum Bytes {
    File(FileReader),
    Memory(Arc<[u8]>),
}

impl ReaderAt for Bytes {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read_at(buffer, offset),
            Self::Memory(bytes) => {
                let rest = usize::try_from(offset).ok().and_then(|offset| bytes.get(offset..)).unwrap_or_default();
                let n = rest.len().min(buffer.len());
                buffer[..n].copy_from_slice(&rest[..n]);
                Ok(n)
            }
        }
    }
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name with `/` between folders, without `.` parts; of an unsafe name, the name as it stands.
    pub name: String,
    /// Bytes in the archive, as the archive claims.
    pub packed_size: u64,
    /// Bytes when unpacked, as the archive claims.
    pub unpacked_size: u64,
    /// Why it cannot be read, if it cannot.
    pub problem: Option<String>,
    /// The archive ends inside it.
    is_cut: bool,
    stored: bool,
    crc32: u32,
    /// Where its header begins; of a tar's member, where its bytes begin.
    header_at: u64,
}

/// Whether a file begins as a zip archive.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    matches!(head, [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..])
}

/// Opens an archive and reads its list of members. Of an archive that is cut short the members before the break are kept, and
/// [`Archive::broken`] says where it breaks.
///
/// # Errors
/// If the file cannot be opened, is no zip archive, or is cut short before the end of its first member.
pub fn open(path: &Path) -> Result<Archive, Fault> {
    let at = Place::file(path.to_string_lossy());
    let (file, len) = open_file(path).map_err(|error| Fault::new(at.clone(), cause(&error)))?;
    open_bytes(Bytes::File(file), len, at, 0)
}

/// Opens an archive that lies in memory, in so many other archives; errors as [`open`] has them.
pub(super) fn open_nested(bytes: Vec<u8>, at: Place, depth: usize) -> Result<Archive, Fault> {
    let len = bytes.len() as u64;
    open_bytes(Bytes::Memory(bytes.into()), len, at, depth)
}

fn open_bytes(file: Bytes, len: u64, at: Place, depth: usize) -> Result<Archive, Fault> {
    let (members, broken) = match list(&file, len) {
        Ok(members) => {
            let broken = members.iter().find(|member| has_two_names(member, &file, len));
            let why = |member: &Member| {
                format!("damaged: the archive's list calls a member {}, which begins here under another name", member.name)
            };
            let fault = broken.map(|member| Fault::new(at.at(Position::Byte(member.header_at)), why(member)));
            (members, fault)
        }
        Err(error) => {
            let found = recover::members(&file, len);
            let fault = Fault::new(at.at(Position::Byte(found.broken_at)), found.why(&error));
            if found.members.is_empty() {
                return Err(fault);
            }
            (found.members, Some(fault))
        }
    };
    let contents = Contents::Zip { file, len };
    Ok(Archive(Arc::new(Opened { at, depth, contents, members: settle(members, len), broken })))
}

/// Whether the archive's list gives a member another name than stands above its bytes: no checksum covers names.
fn has_two_names(member: &Member, file: &Bytes, len: u64) -> bool {
    recover::header_at(file, member.header_at, len).is_some_and(|header| {
        let raw = String::from_utf8_lossy(&header.name);
        safe_name(&raw).map_or_else(|_| raw.as_ref() != member.name, |name| name != member.name)
    })
}

/// Opens a tar archive, packed or not.
///
/// # Errors
/// If it cannot be read at all.
pub(super) fn open_tar(origin: tar::Origin, at: Place, depth: usize) -> Result<Archive, Fault> {
    let fault = |error: &io::Error| Fault::new(at.clone(), cause(error));
    let tar::Found { members, broken } = tar::list(&origin).map_err(|error| fault(&error))?;
    let members = by_name(members);
    let contents = tar::Contents::new(&origin, &members).map_err(|error| fault(&error))?;
    let broken = broken.map(|(byte, why)| Fault::new(at.at(Position::Byte(byte)), why));
    Ok(Archive(Arc::new(Opened { at, depth, contents: Contents::Tar(contents, origin), members, broken })))
}

fn open_file(path: &Path) -> io::Result<(FileReader, u64)> {
    let mut file = FileReader::from(File::open(path)?);
    let len = file.seek(SeekFrom::End(0))?;
    Ok((file, len))
}

impl Archive {
    /// The members, sorted by name; folders are left out.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.0.members
    }

    /// The member of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Member> {
        let members = self.members();
        let at = members.partition_point(|member| order(&member.name, name).is_lt());
        members.get(at).filter(|member| member.name == name)
    }

    /// Where and how the archive breaks off, if it does.
    #[must_use]
    pub fn broken(&self) -> Option<&Fault> {
        self.0.broken.as_ref()
    }

    /// The place of the archive.
    #[must_use]
    pub fn at(&self) -> Place {
        self.0.at.clone()
    }

    /// In how many archives it lies itself.
    pub(super) fn depth(&self) -> usize {
        self.0.depth
    }

    /// The place of a member.
    #[must_use]
    pub fn place(&self, name: &str) -> Place {
        let Place { path, member, .. } = self.at();
        let name = member.map_or_else(|| name.into(), |archive| format!("{archive}!{name}").into());
        Place { path, member: Some(name), position: Position::Whole }
    }

    /// A member's bytes as a stream, where it is too large or too damaged to be read at once and its kind of archive allows it.
    pub(super) fn stream(&self, member: &Member) -> Option<io::Result<Box<dyn Read + Send>>> {
        match &self.0.contents {
            Contents::Tar(_, origin) if member.problem.is_none() && (member.is_cut || member.packed_size > MAX_UNPACKED) => {
                Some(origin.member(member))
            }
            Contents::Tar(..) | Contents::Zip { .. } => None,
        }
    }

    /// A member's bytes as they lie in the archive. With `Some` they are still deflated, for [`unpack`]; with `None` they were
    /// stored as they are and their checksum holds.
    ///
    /// # Errors
    /// If the member has a [`Member::problem`], lies outside the file, or is stored with a wrong checksum.
    pub fn read(&self, member: &Member) -> Result<(Vec<u8>, Option<Packed>), Fault> {
        self.raw(member).map_err(|why| Fault::new(self.place(&member.name), why))
    }

    fn raw(&self, member: &Member) -> Result<(Vec<u8>, Option<Packed>), String> {
        if let Some(problem) = &member.problem {
            return Err(problem.clone());
        }
        let (file, len) = match &self.0.contents {
            Contents::Zip { file, len } => (file, len),
            Contents::Tar(contents, _) => return contents.read(member).map(|bytes| (bytes, None)),
        };
        let header = recover::header_at(file, member.header_at, *len).ok_or("damaged: no member begins where the archive's list says")?;
        // The size is allocated only after it is known to lie inside the file.
        if member.packed_size > len.saturating_sub(header.data_at) {
            return Err("cut short: the archive ends inside it".into());
        }
        let size = usize::try_from(member.packed_size).map_err(|_| "too large for this machine")?;
        let mut bytes = vec![0; size];
        file.read_exact_at(&mut bytes, header.data_at).map_err(|error| cause(&error))?;
        let packed = Packed { unpacked_size: member.unpacked_size, crc32: member.crc32 };
        if member.stored {
            verify(&bytes, packed)?;
            return Ok((bytes, None));
        }
        Ok((bytes, Some(packed)))
    }
}

fn list(file: &Bytes, len: u64) -> Result<Vec<Member>, rawzip::Error> {
    let mut buffer = vec![0; DIRECTORY_BUFFER];
    let archive = ZipLocator::new().locate_in_reader(file, &mut buffer, len).map_err(|(_, error)| error)?;
    let mut members = Vec::new();
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry()? {
        if !entry.is_dir() {
            members.push(listed(&entry));
        }
    }
    Ok(members)
}

fn listed(entry: &ZipFileHeaderRecord<'_>) -> Member {
    let mut member = Member::new(
        entry.file_path().as_ref(),
        entry.compression_method(),
        entry.flags().is_encrypted() || entry.flags().has_strong_encryption(),
        (entry.compressed_size_hint(), entry.uncompressed_size_hint()),
        entry.crc32(),
        entry.local_header_offset(),
    );
    if entry.mode().is_symlink() {
        member.problem = Some("a link; links are not followed".into());
    }
    member
}

impl Member {
    fn new(raw_name: &[u8], method: CompressionMethod, encrypted: bool, sizes: (u64, u64), crc32: u32, header_at: u64) -> Self {
        let (packed_size, unpacked_size) = sizes;
        let raw_name = String::from_utf8_lossy(raw_name);
        let (name, unsafe_name) = match safe_name(&raw_name) {
            Ok(name) => (name, None),
            Err(why) => (raw_name.into_owned(), Some(why.to_owned())),
        };
        let problem = unsafe_name.or_else(|| {
            if encrypted {
                return Some("encrypted; unpack it with its password first".into());
            }
            if method != CompressionMethod::STORE && method != CompressionMethod::DEFLATE {
                return Some(format!("packed by a method that is not read ({}), expected deflate or none", words_of(method)));
            }
            (packed_size.max(unpacked_size) > MAX_UNPACKED).then(|| too_large(packed_size.max(unpacked_size)))
        });
        let stored = method == CompressionMethod::STORE;
        Self { name, packed_size, unpacked_size, problem, is_cut: false, stored, crc32, header_at }
    }

    /// A member that is not packed by itself.
    fn at(raw_name: &[u8], size: u64, at: u64, problem: Option<&str>) -> Self {
        let raw_name = String::from_utf8_lossy(raw_name);
        let (name, unsafe_name) = match safe_name(&raw_name) {
            Ok(name) => (name, None),
            Err(why) => (raw_name.into_owned(), Some(why)),
        };
        let problem = unsafe_name.or(problem).map(str::to_owned);
        Self { name, packed_size: size, unpacked_size: size, problem, is_cut: false, stored: true, crc32: 0, header_at: at }
    }
}

fn words_of(method: CompressionMethod) -> String {
    method.name().map_or_else(|| format!("number {}", method.as_u16()), str::to_lowercase)
}

/// The name with `/` between its parts, or why it is refused: a name must not lead out of the archive.
fn safe_name(raw: &str) -> Result<String, &'static str> {
    let name = raw.replace('\\', "/");
    let has_drive = name.as_bytes().get(1) == Some(&b':') && name.as_bytes()[0].is_ascii_alphabetic();
    if name.starts_with('/') || has_drive {
        return Err("an absolute name, refused");
    }
    if name.split('/').any(|part| part == "..") {
        return Err("a name with `..`, refused");
    }
    Ok(name.split('/').filter(|part| !part.is_empty() && *part != ".").collect::<Vec<_>>().join("/"))
}

/// Marks members that share bytes or names with another, or lie beyond the end, and sorts by name.
fn settle(mut members: Vec<Member>, len: u64) -> Vec<Member> {
    // Overlapping members are how a small archive unpacks to terabytes without any single large member.
    let mut by_place: Vec<usize> = (0..members.len()).collect();
    by_place.sort_by_key(|&index| members[index].header_at);
    let mut end = 0;
    for index in by_place {
        let member = &mut members[index];
        let begins_inside = member.header_at < end;
        end = end.max(member.header_at.saturating_add(recover::HEADER_SIZE as u64).saturating_add(member.packed_size));
        if begins_inside {
            member.problem.get_or_insert_with(|| "shares bytes with another member".into());
        } else if end > len {
            member.problem.get_or_insert_with(|| "cut short: the archive ends before it does".into());
        }
    }
    by_name(members)
}

/// The order of files in a folder that is walked: by the names of folders and files, one after another.
fn order(a: &str, b: &str) -> Ordering {
    a.split('/').cmp(b.split('/'))
}

/// Sorts by name and marks what has the name of another.
fn by_name(mut members: Vec<Member>) -> Vec<Member> {
    members.sort_by(|a, b| order(&a.name, &b.name));
    let mut seen = FxHashSet::default();
    let repeated: Vec<usize> = (0..members.len()).filter(|&index| !seen.insert(members[index].name.as_str())).collect();
    for index in repeated {
        members[index].problem.get_or_insert_with(|| "a second member of this name".into());
    }
    members
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(in crate::source) mod tests {
    use std::io::Write;
    use std::path::PathBuf;

    use flate2::Crc;

    use super::*;

    /// A file below the temporary folder that goes when the test ends.
    pub(in crate::source) struct Scratch(pub(in crate::source) PathBuf);

    impl Scratch {
        pub(in crate::source) fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("evenhand-{}-{name}", std::process::id()));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        pub(in crate::source) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
            let path = self.0.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, bytes).unwrap();
            path
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    /// An archive of deflated members, each with its sizes after its bytes, as streaming writers make it.
    pub(in crate::source) fn pack(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
        for (name, content) in members {
            let (mut entry, config) = archive
                .new_file(rawzip::path::EntryPath::verbatim(name.as_bytes()))
                .compression_method(CompressionMethod::DEFLATE)
                .start()
                .unwrap();
            let mut writer = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::default()));
            writer.write_all(content).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
        archive.finish().unwrap();
        bytes
    }

    /// An archive of stored members with their sizes before their bytes, without a list; `list` says whether one follows.
    fn store(members: &[(&str, &[u8])], list: bool) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in members {
            let mut crc = Crc::new();
            crc.update(content);
            let size = u32::try_from(content.len()).unwrap().to_le_bytes();
            let mut fields = vec![10, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            fields.extend(crc.sum().to_le_bytes());
            fields.extend(size);
            fields.extend(size);
            fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            fields.extend([0, 0]);
            directory.extend(b"PK\x01\x02\x0a\x00");
            directory.extend(&fields);
            directory.extend([0; 10]);
            directory.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
            directory.extend(name.as_bytes());
            bytes.extend(b"PK\x03\x04");
            bytes.extend(&fields);
            bytes.extend(name.as_bytes());
            bytes.extend(*content);
        }
        if list {
            let at = u32::try_from(bytes.len()).unwrap().to_le_bytes();
            let count = u16::try_from(members.len()).unwrap().to_le_bytes();
            bytes.extend(&directory);
            bytes.extend(b"PK\x05\x06\0\0\0\0");
            bytes.extend(count);
            bytes.extend(count);
            bytes.extend(u32::try_from(directory.len()).unwrap().to_le_bytes());
            bytes.extend(at);
            bytes.extend([0, 0]);
        }
        bytes
    }

    fn opened(test: &str, bytes: &[u8]) -> Result<Archive, Fault> {
        let scratch = Scratch::new(test);
        open(&scratch.write("a.zip", bytes))
    }

    fn content(archive: &Archive, name: &str) -> Result<Vec<u8>, String> {
        let (bytes, packed) = archive.read(archive.find(name).unwrap()).map_err(|fault| fault.why)?;
        packed.map_or(Ok(bytes.clone()), |packed| unpack(&bytes, &packed))
    }

    fn names(archive: &Archive) -> Vec<&str> {
        archive.members().iter().map(|member| member.name.as_str()).collect()
    }

    #[test]
    fn members_are_listed_by_name_and_read_back() {
        let archive = opened("listed", &pack(&[("b/2.json", b"[2]"), ("a.json", b"[1]")])).unwrap();
        assert_eq!(names(&archive), ["a.json", "b/2.json"]);
        assert_eq!(content(&archive, "b/2.json").unwrap(), b"[2]");
        assert!(archive.broken().is_none());
        assert!(archive.find("b").is_none());
    }

    #[test]
    fn a_stored_member_comes_unpacked_and_checked() {
        let mut bytes = store(&[("a", b"words"), ("b", b"more")], true);
        let archive = opened("stored", &bytes).unwrap();
        assert_eq!(archive.read(archive.find("a").unwrap()).unwrap(), (b"words".to_vec(), None));
        bytes[31] ^= 1;
        let archive = opened("stored-wrong", &bytes).unwrap();
        assert!(content(&archive, "a").unwrap_err().starts_with("damaged: checksum"));
        assert_eq!(content(&archive, "b").unwrap(), b"more");
    }

    #[test]
    fn names_that_lead_out_of_the_archive_are_refused() {
        let archive =
            opened("names", &store(&[("../a", b""), ("/b", b""), ("C:\\c", b""), ("d\\..\\e", b""), ("./f//g", b"1")], true)).unwrap();
        assert_eq!(names(&archive), ["/b", "../a", "C:\\c", "d\\..\\e", "f/g"]);
        let refused: Vec<bool> = archive.members().iter().map(|member| member.problem.is_some()).collect();
        assert_eq!(refused, [true, true, true, true, false]);
        assert_eq!(content(&archive, "../a").unwrap_err(), "a name with `..`, refused");
    }

    #[test]
    fn encrypted_oddly_packed_and_repeated_members_are_listed_with_a_reason() {
        let mut bytes = store(&[("a", b"1"), ("b", b"2"), ("c", b"3"), ("c", b"4")], true);
        let list: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
        bytes[list[0] + 8] = 1;
        bytes[list[1] + 10] = 14;
        let archive = opened("odd", &bytes).unwrap();
        let problems: Vec<&str> = archive.members().iter().map(|member| member.problem.as_deref().unwrap_or("")).collect();
        assert!(problems[0].starts_with("encrypted"));
        assert!(problems[1].contains("(lzma)"));
        assert_eq!(problems[2..], ["", "a second member of this name"]);
        assert_eq!(content(&archive, "c").unwrap(), b"3");
    }

    #[test]
    fn members_that_share_bytes_are_refused_but_for_the_first() {
        let mut bytes = store(&[("a", b"111"), ("b", b"222")], true);
        let list: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
        bytes[list[1] + 42..list[1] + 46].copy_from_slice(&[0; 4]);
        let archive = opened("overlap", &bytes).unwrap();
        assert_eq!(content(&archive, "a").unwrap(), b"111");
        assert_eq!(content(&archive, "b").unwrap_err(), "shares bytes with another member");
    }

    #[test]
    fn a_claimed_size_is_neither_allocated_nor_believed() {
        let mut bytes = pack(&[("a", b"[1]")]);
        let list = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes[list + 24..list + 28].copy_from_slice(&2u32.to_le_bytes());
        assert_eq!(
            content(&opened("small", &bytes).unwrap(), "a").unwrap_err(),
            "damaged: more than the 2 bytes that the archive's list says"
        );
        bytes[list + 24..list + 28].copy_from_slice(&60_000_000u32.to_le_bytes());
        assert!(content(&opened("ratio", &bytes).unwrap(), "a").unwrap_err().contains("more than 1000 times as many"));
        bytes[list + 24..list + 28].copy_from_slice(&u32::MAX.saturating_sub(1).to_le_bytes());
        assert!(content(&opened("large", &bytes).unwrap(), "a").unwrap_err().contains("that are read of one member"));
        bytes[list + 20..list + 24].copy_from_slice(&4_000_000u32.to_le_bytes());
        assert!(content(&opened("packed", &bytes).unwrap(), "a").is_err());
    }

    #[test]
    fn damaged_bytes_are_an_error_that_says_what_is_wrong() {
        let zeros = vec![b' '; 10_000];
        let mut bytes = pack(&[("a", &zeros)]);
        bytes[40] ^= 0xff;
        assert!(content(&opened("damaged", &bytes).unwrap(), "a").unwrap_err().starts_with("damaged: "));
    }

    #[test]
    fn of_an_archive_cut_short_the_whole_members_are_read() {
        let members: [(&str, &[u8]); 2] = [("a", b"first words"), ("b", b"second words")];
        for (kind, bytes) in [("deflated", pack(&members)), ("plain", store(&members, true))] {
            let second = memchr::memmem::find_iter(&bytes, b"PK\x03\x04").nth(1).unwrap();
            let list = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
            for cut in 0..bytes.len() {
                let outcome = opened(&format!("cut-{kind}"), &bytes[..cut]);
                match outcome {
                    Err(fault) => {
                        assert!(fault.why.contains("cut short"), "{cut}: {fault}");
                        assert!(cut < second);
                    }
                    Ok(archive) => {
                        let fault = archive.broken().unwrap();
                        assert!(fault.why.contains("cut short"), "{cut}: {fault}");
                        assert_eq!(content(&archive, "a").unwrap(), members[0].1);
                        if cut >= list {
                            assert_eq!(fault.at.position, Position::Byte(list as u64));
                            assert_eq!(content(&archive, "b").unwrap(), members[1].1);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_archive_is_said_to_be_none() {
        assert_eq!(opened("none", b"From ann@example.com").err().unwrap().why, "not a zip archive");
        assert!(opened("empty-archive", &store(&[], true)).unwrap().members().is_empty());
    }

    #[test]
    fn changed_bytes_never_panic() {
        let bytes = pack(&[("a/2024-01-01.json", b"[{\"ts\":\"1.0\"}]"), ("b", b"22")]);
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut changed = bytes.clone();
                changed[at] = value;
                if let Ok(archive) = opened("changed", &changed) {
                    for member in archive.members() {
                        let _ = archive.read(member).map(|(bytes, packed)| packed.map(|packed| unpack(&bytes, &packed)));
                    }
                }
            }
        }
    }
}
