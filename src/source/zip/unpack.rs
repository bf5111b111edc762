//! Packed bytes → a member's content, never more of it than the limits allow.

use std::io::Read;

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

/// No member is unpacked beyond this size (64 MiB), whatever its archive claims.
pub const MAX_UNPACKED: u64 = 64 << 20;
/// No member is unpacked to more than this multiple of its packed size; text stays far below, a zip bomb does not.
pub const MAX_RATIO: u64 = 1000;

/// What is needed to unpack a deflated member and to know that it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed {
    /// Bytes when unpacked, as the archive claims.
    pub unpacked_size: u64,
    /// Checksum of the unpacked bytes.
    pub crc32: u32,
}

/// Unpacks a deflated member.
///
/// # Errors
/// If the bytes are damaged, do not have the size or checksum that the archive claims, or unpack beyond [`MAX_UNPACKED`] or
/// [`MAX_RATIO`]; in words.
pub fn unpack(bytes: &[u8], packed: &Packed) -> Result<Vec<u8>, String> {
    let claimed = packed.unpacked_size;
    if claimed > MAX_UNPACKED {
        return Err(too_large(claimed));
    }
    if claimed > (bytes.len() as u64).saturating_mul(MAX_RATIO) {
        return Err(format!("{} bytes that unpack to {claimed}, more than {MAX_RATIO} times as many, are not unpacked", bytes.len()));
    }
    // JSON and mail shrink to a sixth or so; more room is only taken when the bytes really come.
    let mut unpacked = Vec::with_capacity(bytes.len().saturating_mul(6).min(usize::try_from(claimed).unwrap_or(0)));
    let outcome = DeflateDecoder::new(bytes).take(claimed + 1).read_to_end(&mut unpacked);
    if let Err(error) = outcome {
        return Err(format!("damaged: unpacking stops after {} of {claimed} bytes ({error})", unpacked.len()));
    }
    verify(&unpacked, *packed)?;
    Ok(unpacked)
}

pub(super) fn verify(bytes: &[u8], packed: Packed) -> Result<(), String> {
    let size = bytes.len() as u64;
    if size > packed.unpacked_size {
        return Err(format!("damaged: more than the {} bytes that the archive's list says", packed.unpacked_size));
    }
    if size < packed.unpacked_size {
        return Err(format!("damaged: {size} bytes, the archive's list says {}", packed.unpacked_size));
    }
    let mut crc = Crc::new();
    crc.update(bytes);
    if crc.sum() == packed.crc32 {
        Ok(())
    } else {
        Err(format!("damaged: checksum {:08x}, the archive's list says {:08x}", crc.sum(), packed.crc32))
    }
}

pub(super) fn too_large(size: u64) -> String {
    format!("{size} bytes unpacked, more than the {MAX_UNPACKED} that are read of one member")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    fn deflated(content: &[u8]) -> (Vec<u8>, Packed) {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).unwrap();
        let mut crc = Crc::new();
        crc.update(content);
        (encoder.finish().unwrap(), Packed { unpacked_size: content.len() as u64, crc32: crc.sum() })
    }

    #[test]
    fn what_was_packed_comes_back() {
        let (bytes, packed) = deflated(b"words and words");
        assert_eq!(unpack(&bytes, &packed).unwrap(), b"words and words");
        let (bytes, packed) = deflated(b"");
        assert_eq!(unpack(&bytes, &packed).unwrap(), b"");
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let (bytes, packed) = deflated(&vec![0; 2_000_000]);
        assert!(unpack(&bytes, &packed).unwrap_err().contains("more than 1000 times as many"));
        let claims_less = Packed { unpacked_size: 10, ..packed };
        assert_eq!(unpack(&bytes, &claims_less).unwrap_err(), "damaged: more than the 10 bytes that the archive's list says");
        let claims_more = Packed { unpacked_size: MAX_UNPACKED + 1, ..packed };
        assert!(unpack(&bytes, &claims_more).unwrap_err().contains("that are read of one member"));
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let (bytes, packed) = deflated(b"words and words");
        assert!(unpack(&bytes, &Packed { crc32: 7, ..packed }).unwrap_err().ends_with("the archive's list says 00000007"));
        assert_eq!(unpack(&bytes, &Packed { unpacked_size: 20, ..packed }).unwrap_err(), "damaged: 15 bytes, the archive's list says 20");
        assert!(unpack(&bytes[..bytes.len() - 2], &packed).unwrap_err().starts_with("damaged: "));
        assert!(unpack(b"\xff\xff", &packed).unwrap_err().starts_with("damaged: unpacking stops after 0 of 15 bytes"));
    }
}
