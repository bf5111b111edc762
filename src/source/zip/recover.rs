//! Archives without their list: the members are found by walking from one local header to the next.

use flate2::{Crc, Decompress, FlushDecompress, Status};
use rawzip::{CompressionMethod, ReaderAt};

use super::{Bytes, MAX_UNPACKED, Member};

/// Bytes of a local header before its name.
pub(super) const HEADER_SIZE: usize = 30;
const HEADER_MARK: &[u8] = b"PK\x03\x04";
const LIST_MARK: &[u8] = b"PK\x01\x02";
const DESCRIPTOR_MARK: &[u8] = b"PK\x07\x08";
const WINDOW: usize = 64 << 10;
/// A size that stands in the extra field instead, because it may need eight bytes.
const ELSEWHERE: u64 = u32::MAX as u64;

/// What stands before a member's bytes.
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    method: CompressionMethod,
    encrypted: bool,
    /// Sizes and checksum follow the bytes.
    described_after: bool,
    packed_size: u64,
    unpacked_size: u64,
    crc32: u32,
    pub(super) data_at: u64,
}

/// The members before the break.
pub(super) struct Found {
    pub(super) members: Vec<Member>,
    pub(super) broken_at: u64,
    end: End,
}

enum End {
    /// The file does not begin as an archive does.
    NoArchive,
    /// All members are whole, but the list after them is not.
    List,
    /// A member is not whole.
    Inside(String),
    /// No whole header of a member stands where the member before ends.
    Between,
}

impl Found {
    /// The fault in words; `error` is what was wrong with the archive's own list.
    pub(super) fn why(&self, error: &rawzip::Error) -> String {
        let read = match self.members.len() {
            0 => "no member is whole".to_owned(),
            1 => "the 1 member before it is read".to_owned(),
            n => format!("the {n} members before it are read"),
        };
        // The list stands at the end: without it the file's end is missing, else the end is there and the list is bad.
        let what = match error.kind() {
            rawzip::ErrorKind::MissingEndOfCentralDirectory | rawzip::ErrorKind::Eof => "the archive is cut short".to_owned(),
            _ => format!("the archive is cut short or damaged ({})", error.to_string().to_lowercase()),
        };
        match &self.end {
            End::NoArchive => "not a zip archive".into(),
            End::List => format!("{what}: its list of members is not whole; {read}"),
            End::Inside(name) => format!("{what}: member {name}, which begins here, is not whole; {read}"),
            End::Between => format!("{what}: no whole member begins here; {read}"),
        }
    }
}

/// Walks the archive from its front.
pub(super) fn members(file: &Bytes, len: u64) -> Found {
    let mut members = Vec::new();
    let mut at = 0;
    let end = loop {
        let Some(header) = header_at(file, at, len) else {
            let mut mark = [0; 4];
            let begins = bytes_at(file, at, len, &mut mark);
            break match begins {
                _ if at == 0 && !HEADER_MARK.starts_with(begins) => End::NoArchive,
                LIST_MARK | [] => End::List,
                _ => End::Between,
            };
        };
        let name = String::from_utf8_lossy(&header.name).into_owned();
        let Some((header, next)) = whole(file, header, len) else { break End::Inside(name) };
        if !name.ends_with('/') {
            let sizes = (header.packed_size, header.unpacked_size);
            members.push(Member::new(&header.name, header.method, header.encrypted, sizes, header.crc32, at));
        }
        at = next;
    };
    Found { members, broken_at: at, end }
}

/// The local header at that byte, if there is one and it is whole.
pub(super) fn header_at(file: &Bytes, at: u64, len: u64) -> Option<Header> {
    let mut fixed = [0; HEADER_SIZE];
    if bytes_at(file, at, len, &mut fixed).len() < HEADER_SIZE || !fixed.starts_with(HEADER_MARK) {
        return None;
    }
    let name_len = usize::from(u16_at(&fixed, 26));
    let mut variable = vec![0; name_len + usize::from(u16_at(&fixed, 28))];
    let name_at = at + HEADER_SIZE as u64;
    if bytes_at(file, name_at, len, &mut variable).len() < variable.len() {
        return None;
    }
    let (name, extra) = variable.split_at(name_len);
    let flags = u16_at(&fixed, 6);
    let (mut packed_size, mut unpacked_size) = (u64::from(u32_at(&fixed, 18)), u64::from(u32_at(&fixed, 22)));
    if let Some(mut wide) = wide_sizes(extra) {
        for size in [&mut unpacked_size, &mut packed_size] {
            if *size == ELSEWHERE
                && let Some((first, rest)) = wide.split_first_chunk()
            {
                *size = u64::from_le_bytes(*first);
                wide = rest;
            }
        }
    }
    Some(Header {
        name: name.to_vec(),
        method: CompressionMethod::new(u16_at(&fixed, 8)),
        encrypted: flags & 1 != 0,
        described_after: flags & 8 != 0,
        packed_size,
        unpacked_size,
        crc32: u32_at(&fixed, 14),
        data_at: name_at + variable.len() as u64,
    })
}

/// The header with its sizes known, and the byte after the member, if all of the member is there.
fn whole(file: &Bytes, mut header: Header, len: u64) -> Option<(Header, u64)> {
    let sizes_known = !header.described_after || (header.packed_size != 0 && header.packed_size != ELSEWHERE);
    if !sizes_known {
        // Only a deflated stream tells its own end.
        if header.encrypted || header.method != CompressionMethod::DEFLATE {
            return None;
        }
        measure(file, &mut header, len)?;
    }
    let end = header.data_at.checked_add(header.packed_size).filter(|&end| end <= len)?;
    let next = if header.described_after { end + descriptor_len(file, &header, end, len) } else { end };
    Some((header, next))
}

/// Unpacks a stream without keeping it, to learn its sizes and checksum.
fn measure(file: &Bytes, header: &mut Header, len: u64) -> Option<()> {
    let mut stream = Decompress::new(false);
    let mut crc = Crc::new();
    let (mut window, mut unpacked) = (vec![0; WINDOW], vec![0; WINDOW]);
    loop {
        let (before_in, before_out) = (stream.total_in(), stream.total_out());
        let packed = bytes_at(file, header.data_at + before_in, len, &mut window);
        let status = stream.decompress(packed, &mut unpacked, FlushDecompress::None).ok()?;
        let n = usize::try_from(stream.total_out() - before_out).ok()?;
        crc.update(unpacked.get(..n)?);
        if status == Status::StreamEnd {
            break;
        }
        let stands_still = stream.total_in() == before_in && n == 0;
        if stands_still || stream.total_out() > MAX_UNPACKED {
            return None;
        }
    }
    (header.packed_size, header.unpacked_size, header.crc32) = (stream.total_in(), stream.total_out(), crc.sum());
    Some(())
}

/// Length of what follows a member's bytes: a mark that may be left out, the checksum, two sizes of four or eight bytes.
fn descriptor_len(file: &Bytes, header: &Header, at: u64, len: u64) -> u64 {
    let mut bytes = [0; 24];
    let bytes = bytes_at(file, at, len, &mut bytes);
    let mark = if bytes.starts_with(DESCRIPTOR_MARK) { DESCRIPTOR_MARK.len() } else { 0 };
    let wide = [header.packed_size.to_le_bytes(), header.unpacked_size.to_le_bytes()].concat();
    let sizes = if bytes.get(mark + 4..mark + 20) == Some(&wide) { 16 } else { 8 };
    (mark + 4 + sizes) as u64
}

/// As much of `buffer` as the file has from that byte on.
fn bytes_at<'b>(file: &Bytes, at: u64, len: u64, buffer: &'b mut [u8]) -> &'b [u8] {
    let size = usize::try_from(len.saturating_sub(at)).unwrap_or(usize::MAX).min(buffer.len());
    let buffer = &mut buffer[..size];
    // A read error ends the walk just as the end of the file does.
    if size == 0 || file.read_exact_at(buffer, at).is_err() { &[] } else { buffer }
}

/// The extra field's record of sizes with eight bytes each.
fn wide_sizes(mut extra: &[u8]) -> Option<&[u8]> {
    while let Some((head, rest)) = extra.split_first_chunk::<4>() {
        let size = usize::from(u16_at(head, 2));
        let data = rest.get(..size)?;
        if u16_at(head, 0) == 1 {
            return Some(data);
        }
        extra = &rest[size..];
    }
    None
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
