//! Hashes that stay the same across runs, machines and versions.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

/// First 16 hexadecimal digits of the SHA-256 of some bytes: names a file's content.
#[must_use]
pub fn of_file(bytes: &[u8]) -> String {
    hex(&hmac_sha256::Hash::hash(bytes)[..8])
}

/// A 128-bit hash of some parts in order (SipHash-1-3; Aumasson & Bernstein 2012). Parts cannot run into each other.
#[must_use]
pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u128 {
    let mut hasher = SipHasher13::new();
    for part in parts {
        hasher.write_u64(part.len() as u64);
        hasher.write(part);
    }
    hasher.finish128().as_u128()
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
