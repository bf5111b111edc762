//! The lexicons that ship as the build compiled them: ready in a few milliseconds, where reading and compiling takes a hundred.

use crate::lexicon::Lexicons;

static FROZEN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/shipped"));
static CODED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/coded"));

/// What [`builtin::compile`](crate::lexicon::builtin::compile) gives; nothing if the build found a mistake in it.
#[must_use]
pub fn lexicons() -> Option<Lexicons> {
    Lexicons::thaw(FROZEN).ok()
}

/// What [`coded::compile`](crate::lexicon::coded::compile) gives; nothing if the build found a mistake in it.
#[must_use]
pub fn coded() -> Option<Lexicons> {
    Lexicons::thaw(CODED).ok()
}
