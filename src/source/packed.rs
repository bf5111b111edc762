//! Streams packed by gzip or Zstandard, unpacked as they are read, and text of two bytes a character, made UTF-8.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, UTF_16LE};
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use super::zip::{MAX_RATIO, MAX_UNPACKED};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTANDARD: &[u8] = b"\x28\xb5\x2f\xfd";

const UTF_16_BYTES: usize = 64 << 10;
/// Share of characters that may be replaced before the text counts as damaged, in percent.
const MAX_REPLACED_PERCENT: f64 = 1.0;

/// Layers that are taken off: `.mbox.gz.zst` happens, more is made to harm.
const MAX_LAYERS: usize = 3;

/// Whether a file that begins so is packed.
pub(super) fn is_packed(head: &[u8]) -> bool {
    head.starts_with(GZIP) || head.starts_with(ZSTANDARD)
}

/// The stream itself, or what is packed in it, but never more than a multiple of what it is packed into.
///
/// # Errors
/// If the first bytes cannot be read.
pub(super) fn unpack(stream: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let n_packed = Arc::new(AtomicU64::new(0));
    let mut stream: Box<dyn Read + Send> = Box::new(Counted { stream, n: Arc::clone(&n_packed) });
    let bounded = |stream| -> Box<dyn Read + Send> { Box::new(Bounded { stream, n: 0, n_packed: Arc::clone(&n_packed) }) };
    for _ in 0..MAX_LAYERS {
        let mut magic = Vec::new();
        (&mut stream).take(4).read_to_end(&mut magic)?;
        let kind = (magic.starts_with(GZIP), magic.starts_with(ZSTANDARD));
        let is_utf_16 = magic.starts_with(b"\xff\xfe") || magic.starts_with(b"\xfe\xff");
        let whole = io::Cursor::new(magic).chain(stream);
        stream = match kind {
            (true, _) => bounded(Box::new(MultiGzDecoder::new(BufReader::new(whole)))),
            (_, true) => bounded(Box::new(Frames::Between(BufReader::new(Box::new(whole))))),
            (false, false) if is_utf_16 => return Ok(Box::new(Utf16::new(Box::new(whole)))),
            (false, false) => return Ok(Box::new(whole)),
        };
    }
    Ok(stream)
}

/// The packed bytes, counted.
struct Counted {
    stream: Box<dyn Read + Send>,
    n: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.stream.read(buffer)?;
        self.n.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// What a layer unpacks to, held against the bytes of the outermost.
struct Bounded {
    stream: Box<dyn Read + Send>,
    n: u64,
    n_packed: Arc<AtomicU64>,
}

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_packed = self.n_packed.load(Ordering::Relaxed);
        if self.n > n_packed.saturating_mul(MAX_RATIO).saturating_add(MAX_UNPACKED) {
            let unpacked = self.n;
            return Err(io::Error::other(format!(
                "{n_packed} bytes that unpack to {unpacked}, more than {MAX_RATIO} times as many, are not unpacked further"
            )));
        }
        let n = self.stream.read(buffer)?;
        self.n += n as u64;
        Ok(n)
    }
}

/// Text of two bytes a character that begins with its mark; other programs' tables and "Unicode" text files are such.
struct Utf16 {
    stream: Box<dyn Read + Send>,
    decoder: Option<Decoder>,
    text: Vec<u8>,
    n_given: usize,
    n_characters: usize,
    n_replaced: usize,
}

impl Utf16 {
    fn new(stream: Box<dyn Read + Send>) -> Self {
        // The mark decides which of the two orders it is.
        let decoder = Some(UTF_16LE.new_decoder());
        Self { stream, decoder, text: Vec::new(), n_given: 0, n_characters: 0, n_replaced: 0 }
    }

    /// Decodes the next stretch; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        let Some(decoder) = &mut self.decoder else { return Ok(false) };
        let mut bytes = Vec::new();
        (&mut self.stream).take(UTF_16_BYTES as u64).read_to_end(&mut bytes)?;
        let is_last = bytes.len() < UTF_16_BYTES;
        self.text.resize(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(UTF_16_BYTES * 4), 0);
        let (_, _, n, has_replaced) = decoder.decode_to_utf8(&bytes, &mut self.text, is_last);
        self.text.truncate(n);
        self.n_given = 0;
        self.n_characters += bytes.len().div_ceil(2);
        if has_replaced {
            self.n_replaced += memchr::memmem::find_iter(&self.text, "\u{fffd}".as_bytes()).count();
        }
        if is_last {
            self.decoder = None;
        }
        Ok(true)
    }
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.n_given == self.text.len() {
            if self.fill()? {
                continue;
            }
            let percent = std::mem::take(&mut self.n_replaced) as f64 * 100.0 / self.n_characters.max(1) as f64;
            if percent > MAX_REPLACED_PERCENT {
                return Err(io::Error::other(format!("{percent:.1} % of the characters are not valid utf-16")));
            }
            return Ok(0);
        }
        let n = buffer.len().min(self.text.len() - self.n_given);
        buffer[..n].copy_from_slice(&self.text[self.n_given..][..n]);
        self.n_given += n;
        Ok(n)
    }
}

/// A stream that broke off, to say so once where its end would be.
pub(super) struct Broken(pub(super) Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

type Packed = BufReader<Box<dyn Read + Send>>;

/// Zstandard frames one after another; the decoder itself ends with the first.
enum Frames {
    Between(Packed),
    Inside(Box<StreamingDecoder<Packed, FrameDecoder>>),
    Done,
}

impl Read for Frames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            *self = match std::mem::replace(self, Self::Done) {
                Self::Done => return Ok(0),
                Self::Between(mut packed) => {
                    if packed.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    Self::Inside(Box::new(StreamingDecoder::new(packed).map_err(|error| io::Error::other(error.to_string()))?))
                }
                Self::Inside(mut decoder) => {
                    let n = decoder.read(buffer)?;
                    if n > 0 || buffer.is_empty() {
                        *self = Self::Inside(decoder);
                        return Ok(n);
                    }
                    let (packed, decoder) = decoder.into_parts();
                    let (expected, found) = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
                    if expected.is_some() && expected != found {
                        return Err(io::Error::other("the checksum of a Zstandard frame does not fit what was unpacked"));
                    }
                    Self::Between(packed)
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: Vec<u8>) -> (Vec<u8>, Option<String>) {
        let mut out = Vec::new();
        let error = unpack(Box::new(io::Cursor::new(bytes))).unwrap().read_to_end(&mut out).err();
        (out, error.map(|error| error.to_string()))
    }

    #[test]
    fn members_and_layers_are_unpacked_and_other_streams_left_alone() {
        assert_eq!(read([gzip(b"one "), gzip(b"two")].concat()).0, b"one two");
        assert_eq!(read(gzip(&gzip(b"x"))).0, b"x");
        assert_eq!(read(b"plain".to_vec()).0, b"plain");
        assert_eq!(read(Vec::new()).0, b"");
    }

    #[test]
    fn all_zstandard_frames_are_read() {
        let frame = |text: &[u8]| ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest);
        assert_eq!(read([frame(b"one "), frame(b"two")].concat()).0, b"one two");
    }

    #[test]
    fn a_bomb_is_not_unpacked_whatever_it_is_packed_in() {
        // A frame of blocks that say "128 KiB of zeros" in four bytes each (RFC 8878).
        let blocks = (1..=4096_u32).flat_map(|block| {
            let header = u32::from(block == 4096) | 1 << 1 | (128 << 10) << 3;
            [header.to_le_bytes()[0], header.to_le_bytes()[1], header.to_le_bytes()[2], 0]
        });
        let bomb: Vec<u8> = b"\x28\xb5\x2f\xfd\x00\x58".iter().copied().chain(blocks).collect();
        for packed in [bomb.clone(), gzip(&bomb)] {
            let (out, error) = read(packed);
            assert!((64 << 20..96 << 20).contains(&out.len()), "{}", out.len());
            assert!(error.unwrap().ends_with("more than 1000 times as many, are not unpacked further"));
        }
    }

    #[test]
    fn a_zstandard_frame_with_another_checksum_is_an_error_after_what_was_unpacked() {
        // "one " stored in a raw block, with the frame's checksum as RFC 8878 lays it out.
        let frame = |checksum: [u8; 4]| [b"\x28\xb5\x2f\xfd\x24\x04\x21\x00\x00one ", &checksum[..]].concat();
        assert_eq!(read(frame(*b"\x29\x92\x3f\xd7")), (b"one ".to_vec(), None));
        let (out, error) = read(frame([0; 4]));
        assert_eq!((out, error.as_deref()), (b"one ".to_vec(), Some("the checksum of a Zstandard frame does not fit what was unpacked")));
    }

    #[test]
    fn text_of_two_bytes_a_character_becomes_utf_8() {
        let text: String = "From: ü€😀\n".repeat(20_000);
        let wide = |swap: bool| -> Vec<u8> {
            let units = std::iter::once('\u{feff}').chain(text.chars()).collect::<String>();
            units.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        for bytes in [wide(false), wide(true), gzip(&wide(false))] {
            assert!(read(bytes).0 == text.as_bytes());
        }
        let (out, error) = read(b"\xff\xfea\0\0\xd8b\0\0".to_vec());
        assert_eq!(out, "a\u{fffd}b\u{fffd}".as_bytes());
        assert_eq!(error.unwrap(), "40.0 % of the characters are not valid utf-16");
        assert_eq!(read(b"\xff\xfe".to_vec()), (Vec::new(), None));
    }

    #[test]
    fn a_cut_stream_is_an_error_after_what_could_be_read() {
        let text: Vec<u8> = (0..50_000_u32).flat_map(u32::to_le_bytes).collect();
        let packed = gzip(&text);
        let (out, error) = read(packed[..packed.len() / 2].to_vec());
        assert!(error.is_some() && !out.is_empty() && text.starts_with(&out));
    }
}
