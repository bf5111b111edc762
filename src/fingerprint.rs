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

/// A 64-bit hash of a few bytes, for tables and counts in memory: many times faster than [`of_parts`], and no match for who wants two texts to have one.
#[must_use]
pub fn quick(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;
    let mix = |hash: u64, eight: u64| (hash.rotate_left(23) ^ eight).wrapping_mul(FACTOR);
    let mut hash = mix(0, bytes.len() as u64);
    // The last bytes may be taken twice, which does no harm and spares a loop.
    let last = if let Some(last) = bytes.last_chunk::<8>() {
        for eight in bytes.as_chunks::<8>().0 {
            hash = mix(hash, u64::from_le_bytes(*eight));
            hash ^= hash >> 32;
        }
        u64::from_le_bytes(*last)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
    } else {
        bytes.iter().fold(0, |last, &byte| last << 8 | u64::from(byte))
    };
    hash = mix(hash, last);
    // Low bits of a product know nothing of the high ones.
    hash = (hash ^ hash >> 32).wrapping_mul(FACTOR);
    hash ^ hash >> 29
}

/// The same for several parts, each after the hash of those before it.
#[must_use]
pub fn quick_after(hash: u64, part: &[u8]) -> u64 {
    (hash.rotate_left(29) ^ quick(part)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
