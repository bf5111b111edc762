//! Tar archives, packed or not: the list of members, and their bytes in the order of their names.
//!
//! A packed archive can only be read from its front, and its members lie in the order in which some folder listed them. So they are fetched in
//! passes: each takes along what comes next by name, up to a fixed amount of memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rawzip::ReaderAt;
use rustc_hash::FxHashMap;
use tar::EntryType;

use super::{Bytes, MAX_RATIO, MAX_UNPACKED, Member};
use crate::source::{cause, packed};

const BLOCK_BYTES: u64 = 512;
/// The longest name, or list of further fields, of a member.
const MAX_FIELDS_BYTES: u64 = 1 << 20;
const MAX_MEMBERS: usize = 1_000_000;
/// Bytes that one pass over a packed archive takes along.
const PASS_BYTES: u64 = 128 << 20;

/// Whether the first bytes of a file are the header of a tar archive: its checksum holds, which no other file's does by chance.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let Some(block) = head.get(..512) else { return false };
    let stored = block[148..156].iter().copied().filter(u8::is_ascii_digit).try_fold(0_u64, |sum, digit| match digit {
        b'0'..=b'7' => Some(sum * 8 + u64::from(digit - b'0')),
        _ => None,
    });
    let sum: u64 =
        block.iter().enumerate().map(|(at, &byte)| if (148..156).contains(&at) { u64::from(b' ') } else { u64::from(byte) }).sum();
    block[0] != 0 && block[148..156].iter().any(u8::is_ascii_digit) && stored == Some(sum)
}

/// Where the archive lies.
#[derive(Clone)]
pub(in crate::source) enum Origin {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

impl Origin {
    /// A member as a stream, for those that are too large to be read at once and for what is left of one that is cut.
    pub(super) fn member(&self, member: &Member) -> io::Result<Box<dyn Read + Send>> {
        let mut stream = self.stream()?;
        stream.skip_to(member.header_at)?;
        Ok(Box::new(Whole { stream, n_left: member.packed_size }))
    }

    fn len(&self) -> io::Result<u64> {
        match self {
            Self::File(path) => Ok(path.metadata()?.len()),
            Self::Memory(bytes) => Ok(bytes.len() as u64),
        }
    }

    fn bytes(&self) -> io::Result<Bytes> {
        Ok(match self {
            Self::File(path) => Bytes::File(File::open(path)?.into()),
            Self::Memory(bytes) => Bytes::Memory(Arc::clone(bytes)),
        })
    }

    /// The archive from its front, unpacked, but never to more than a multiple of its size.
    fn stream(&self) -> io::Result<Stream> {
        let raw: Box<dyn Read + Send> = match self {
            Self::File(path) => Box::new(BufReader::new(File::open(path)?)),
            Self::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        };
        let limit = self.len()?.saturating_mul(MAX_RATIO).saturating_add(MAX_UNPACKED);
        Ok(Stream { reader: packed::unpack(raw)?, at: 0, limit })
    }
}

/// Bytes that are read from the front and counted.
struct Stream {
    reader: Box<dyn Read + Send>,
    at: u64,
    limit: u64,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at > self.limit {
            return Err(io::Error::other(format!("more than {MAX_RATIO} times as many bytes are not unpacked")));
        }
        let n = self.reader.read(buffer)?;
        self.at += n as u64;
        Ok(n)
    }
}

impl Stream {
    fn skip_to(&mut self, at: u64) -> io::Result<()> {
        let n = at.saturating_sub(self.at);
        if io::copy(&mut self.take(n), &mut io::sink())? < n { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

/// So many bytes of a stream; an error where it ends before.
struct Whole {
    stream: Stream,
    n_left: u64,
}

impl Read for Whole {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = (&mut self.stream).take(self.n_left).read(buffer)?;
        if n == 0 && self.n_left > 0 && !buffer.is_empty() {
            self.n_left = 0;
            return Err(io::Error::other("the archive ends inside it"));
        }
        self.n_left -= n as u64;
        Ok(n)
    }
}

/// The members as they were found, and where and why the list ends early, if it does.
pub(super) struct Found {
    pub(super) members: Vec<Member>,
    pub(super) broken: Option<(u64, String)>,
}

/// Lists an archive.
pub(super) fn list(origin: &Origin) -> io::Result<Found> {
    let mut members = Vec::new();
    let mut archive = tar::Archive::new(origin.stream()?);
    let mut end = 0;
    let broken = walk(&mut archive, &mut members, &mut end).err().map(|error| error.to_string().to_lowercase());
    let mut stream = archive.into_inner();
    let broken = broken.or_else(|| {
        // An archive ends with blocks of zeros, which the walk has read if they are there.
        let is_whole = stream.at > end || io::copy(&mut (&mut stream).take(1), &mut io::sink()).is_ok_and(|n| n > 0);
        (!is_whole).then(|| "its end is missing".to_owned())
    });
    let broken = broken.map(|why| (end, format!("the archive is cut short or damaged: {why}; what stands before is read")));
    Ok(Found { members, broken })
}

/// Goes from header to header; `end` is where the member ends that was found last.
fn walk(archive: &mut tar::Archive<Stream>, members: &mut Vec<Member>, end: &mut u64) -> io::Result<()> {
    let mut long_name: Option<Vec<u8>> = None;
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        if matches!(kind, EntryType::GNULongName | EntryType::XHeader) {
            let mut fields = Vec::new();
            let size = entry.size();
            (&mut entry).take(MAX_FIELDS_BYTES + 1).read_to_end(&mut fields)?;
            if fields.len() as u64 != size {
                return Err(io::Error::other("a name is cut short or too long"));
            }
            match kind {
                EntryType::GNULongName => long_name = Some(fields.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()),
                _ => long_name = path_in(&fields).or(long_name),
            }
            continue;
        }
        if matches!(kind, EntryType::GNULongLink | EntryType::XGlobalHeader) {
            continue;
        }
        let name = long_name.take().unwrap_or_else(|| entry.path_bytes().into_owned());
        let problem = match kind {
            EntryType::Directory => continue,
            EntryType::Regular | EntryType::Continuous => None,
            EntryType::Symlink | EntryType::Link => Some("a link; links are not followed"),
            EntryType::Char | EntryType::Block | EntryType::Fifo => Some("a device, refused"),
            _ => Some("a member of a kind that is not read"),
        };
        if members.len() == MAX_MEMBERS {
            return Err(io::Error::other(format!("more than {MAX_MEMBERS} members")));
        }
        let (at, size) = (entry.raw_file_position(), entry.size());
        if !name.ends_with(b"/") {
            members.push(Member::at(&name, size, at, problem));
        }
        // Only who reads to its end knows whether a member is whole.
        let n = io::copy(&mut entry, &mut io::sink());
        if n.as_ref().is_ok_and(|&n| n == size) {
            *end = at.saturating_add(size.next_multiple_of(BLOCK_BYTES));
            continue;
        }
        if let Some(member) = members.last_mut() {
            member.is_cut = true;
        }
        return Err(n.err().unwrap_or_else(|| io::Error::other(format!("the member {} is not whole", String::from_utf8_lossy(&name)))));
    }
    Ok(())
}

/// The name among the further fields of a member (`31 path=folder/name` and a line end each, the number counting all of it).
fn path_in(mut fields: &[u8]) -> Option<Vec<u8>> {
    while !fields.is_empty() {
        let blank = fields.iter().position(|&byte| byte == b' ')?;
        let len: usize = std::str::from_utf8(&fields[..blank]).ok()?.parse().ok()?;
        let field = fields.get(blank + 1..len)?;
        if let Some(path) = field.strip_prefix(b"path=") {
            return Some(path.strip_suffix(b"\n").unwrap_or(path).to_vec());
        }
        fields = &fields[len..];
    }
    None
}

/// The bytes of an archive's members.
pub(super) enum Contents {
    /// Not packed, so that every member can be read at its place.
    Plain(Bytes),
    Packed(Box<Mutex<Passes>>),
}

impl Contents {
    /// `members` in the order in which they will mostly be asked for.
    pub(super) fn new(origin: &Origin, members: &[Member]) -> io::Result<Self> {
        let bytes = origin.bytes()?;
        let mut magic = [0; 4];
        let is_packed = bytes.read_exact_at(&mut magic, 0).is_ok() && packed::is_packed(&magic);
        if !is_packed {
            return Ok(Self::Plain(bytes));
        }
        let readable = |member: &&Member| member.problem.is_none() && !member.is_cut && member.packed_size <= MAX_UNPACKED;
        let order: Vec<(u64, u64)> = members.iter().filter(readable).map(|member| (member.header_at, member.packed_size)).collect();
        let index_of = order.iter().enumerate().map(|(index, &(at, _))| (at, index)).collect();
        let passes = Passes { origin: origin.clone(), stream: None, order, index_of, last: 0, fetched: BTreeMap::new() };
        Ok(Self::Packed(Box::new(Mutex::new(passes))))
    }

    pub(super) fn read(&self, member: &Member) -> Result<Vec<u8>, String> {
        if member.packed_size > MAX_UNPACKED {
            return Err(super::too_large(member.packed_size));
        }
        match self {
            Self::Plain(bytes) => {
                let mut content = vec![0; usize::try_from(member.packed_size).map_err(|_| "too large for this machine")?];
                bytes.read_exact_at(&mut content, member.header_at).map_err(|error| cause(&error))?;
                Ok(content)
            }
            Self::Packed(passes) => {
                let mut passes = passes.lock().unwrap_or_else(PoisonError::into_inner);
                passes.read(member.header_at, member.packed_size).map_err(|error| cause(&error))
            }
        }
    }
}

/// A packed archive being read, front to end, as often as needed.
pub(super) struct Passes {
    origin: Origin,
    stream: Option<Stream>,
    /// Place and size of the members in the order of their names.
    order: Vec<(u64, u64)>,
    index_of: FxHashMap<u64, usize>,
    /// Where in that order the member stands that was read last.
    last: usize,
    fetched: BTreeMap<u64, Vec<u8>>,
}

impl Passes {
    fn read(&mut self, at: u64, size: u64) -> io::Result<Vec<u8>> {
        let index = self.index_of.get(&at).copied();
        let goes_on = index.is_some_and(|index| (self.last..=self.last + 16).contains(&index));
        self.last = index.unwrap_or(self.last);
        if let Some(bytes) = self.fetched.remove(&at) {
            return Ok(bytes);
        }
        let mut wanted = vec![(at, size)];
        // A list that is read between the messages says nothing about what comes next.
        if let Some(index) = index.filter(|_| goes_on) {
            let mut sum = size;
            wanted.extend(self.order[index + 1..].iter().take_while(|(_, size)| {
                sum += size;
                sum <= PASS_BYTES
            }));
            self.fetched.clear();
        }
        wanted.sort_unstable();
        let first = wanted[0].0;
        let mut stream = match self.stream.take() {
            Some(stream) if stream.at <= first => stream,
            Some(_) | None => self.origin.stream()?,
        };
        let mut asked_for = None;
        for (place, size) in wanted {
            stream.skip_to(place)?;
            let mut bytes = Vec::new();
            if (&mut stream).take(size).read_to_end(&mut bytes)? < usize::try_from(size).unwrap_or(usize::MAX) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if place == at {
                asked_for = Some(bytes);
            } else {
                self.fetched.insert(place, bytes);
            }
        }
        self.stream = Some(stream);
        asked_for.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::super::tests::Scratch;
    use super::super::{Archive, open_tar};
    use super::*;
    use crate::fault::Place;

    fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, bytes) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn open(bytes: &[u8]) -> Archive {
        open_tar(Origin::Memory(bytes.into()), Place::file("a.tar"), 0).unwrap()
    }

    fn contents(archive: &Archive) -> Vec<(String, String)> {
        let read = |member: &Member| match archive.read(member) {
            Ok((bytes, _)) => String::from_utf8(bytes).unwrap(),
            Err(fault) => fault.to_string(),
        };
        archive.members().iter().map(|member| (member.name.clone(), read(member))).collect()
    }

    #[test]
    fn members_come_in_the_order_of_a_folder_packed_or_not() {
        let long = format!("{}/x", "long".repeat(60));
        let bytes = tar(&[("b", b"2"), (&long, b"4"), ("a-b/1", b"3"), ("a/1", b"1"), ("empty", b"")]);
        assert!(looks_like(&bytes) && !looks_like(&[0; 1024]));
        let expected = [("a/1", "1"), ("a-b/1", "3"), ("b", "2"), ("empty", ""), (&long, "4")];
        let expected: Vec<_> = expected.iter().map(|&(name, text)| (name.to_owned(), text.to_owned())).collect();
        for bytes in [bytes.clone(), gzip(&bytes)] {
            let archive = open(&bytes);
            assert_eq!(contents(&archive), expected);
            // Again and from the back: what is packed is read from its front each time.
            for member in archive.members().iter().rev() {
                assert!(archive.read(member).is_ok());
            }
            assert_eq!(archive.broken(), None);
        }
        let scratch = Scratch::new("tar-file");
        let archive = open_tar(Origin::File(scratch.write("a.tar", &bytes)), Place::file("a.tar"), 0).unwrap();
        assert_eq!(contents(&archive), expected);
    }

    #[test]
    fn links_devices_and_names_that_lead_out_are_refused() {
        let mut builder = tar::Builder::new(Vec::new());
        for (kind, name) in
            [(EntryType::Symlink, "link"), (EntryType::Link, "hard"), (EntryType::Char, "tty"), (EntryType::Directory, "d/")]
        {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(0);
            header.set_path(name).unwrap();
            header.set_cksum();
            builder.append(&header, io::empty()).unwrap();
        }
        let mut header = tar::Header::new_old();
        header.set_size(1);
        header.as_mut_bytes()[..6].copy_from_slice(b"../out");
        header.set_cksum();
        builder.append(&header, &b"x"[..]).unwrap();
        let archive = open(&builder.into_inner().unwrap());
        let seen: Vec<String> = contents(&archive).into_iter().map(|(_, text)| text).collect();
        assert_eq!(
            seen,
            [
                "a.tar!../out: a name with `..`, refused",
                "a.tar!hard: a link; links are not followed",
                "a.tar!link: a link; links are not followed",
                "a.tar!tty: a device, refused",
            ]
        );
    }

    #[test]
    fn wherever_it_is_cut_that_is_told_and_what_stands_before_is_kept() {
        let plain = tar(&[("a", b"one"), ("b", &[b'x'; 600])]);
        let packed = gzip(&plain);
        for (bytes, is_packed) in [(&plain, false), (&packed, true)] {
            for cut in (1..bytes.len()).step_by(37) {
                let Ok(archive) = open_tar(Origin::Memory(bytes[..cut].into()), Place::file("a.tar"), 0) else { continue };
                // One block of zeros is an end too, so a plain archive without its second is whole.
                let is_whole = !is_packed && cut >= 512 * 5 + 512;
                assert!(archive.broken().is_some() || is_whole || cut < 4, "{cut}");
                if !is_packed && cut >= 1024 {
                    assert_eq!(contents(&archive)[0].1, "one");
                }
                if !is_packed && (1600..2000).contains(&cut) {
                    let mut text = Vec::new();
                    let error = archive.stream(&archive.members()[1]).unwrap().unwrap().read_to_end(&mut text).unwrap_err();
                    assert_eq!((text.len(), error.to_string().as_str()), (cut - 1536, "the archive ends inside it"));
                }
            }
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let mut bomb = tar(&[("a", b"one")]);
        bomb.truncate(1024);
        let mut header = tar::Header::new_gnu();
        let size = MAX_UNPACKED + (16 << 20);
        header.set_size(size);
        header.set_path("zeros").unwrap();
        header.set_cksum();
        bomb.extend(header.as_bytes());
        let mut packed = ruzstd::encoding::compress_to_vec(&bomb[..], ruzstd::encoding::CompressionLevel::Fastest);
        // A frame of blocks that say "128 KiB of zeros" in four bytes each (RFC 8878).
        packed.extend(b"\x28\xb5\x2f\xfd\x00\x58");
        let n_blocks = size >> 17;
        for block in 1..=n_blocks {
            let header = u32::from(block == n_blocks) | 1 << 1 | (128 << 10) << 3;
            packed.extend(&header.to_le_bytes()[..3]);
            packed.push(0);
        }
        let archive = open(&packed);
        assert!(archive.broken().unwrap().why.contains("more than 1000 times as many bytes are not unpacked"), "{:?}", archive.broken());
        assert_eq!(contents(&archive)[0].1, "one");
    }

    #[test]
    fn changed_bytes_never_panic() {
        let plain = tar(&[("a", b"one"), ("b", b"two")]);
        for at in 0..plain.len() {
            let mut changed = plain.clone();
            changed[at] ^= 0x41;
            if let Ok(archive) = open_tar(Origin::Memory(changed.into()), Place::file("a.tar"), 0) {
                contents(&archive);
            }
        }
    }
}
