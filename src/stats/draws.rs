//! Seeded random numbers: the same for the same name, on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// Random numbers for what `name` names, of a kind that `kind` names; another text in either gives other numbers.
pub(super) fn rng(kind: &[u8; 24], name: &str) -> ChaCha8Rng {
    ChaCha8Rng::from_seed(seed(kind, name))
}

/// The kind and the name's 64-bit FNV-1a hash (Fowler, Noll & Vo 1991): the same on every machine and in every version of Rust, which
/// std's hashers do not promise.
fn seed(kind: &[u8; 24], name: &str) -> [u8; 32] {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut seed = [0; 32];
    seed[..24].copy_from_slice(kind);
    seed[24..].copy_from_slice(&hash.to_le_bytes());
    seed
}

#[cfg(test)]
mod tests {
    use super::*;

    // FNV-1a's published test value for "a".
    #[test]
    fn the_seed_ends_in_the_names_fnv_1a_hash() {
        assert_eq!(seed(b"123456789012345678901234", "a")[24..], 0xaf63_dc4c_8601_ec8c_u64.to_le_bytes());
    }
}
