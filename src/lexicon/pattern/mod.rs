//! Patterns over tokens: small expressions that say in one line what many people say in many ways.
//!
//! `lexicons/README.md` has the notation. A string is parsed (`parse`), compiled into a program of at most 64 states (`compile`), laid beside all others (`placed`), hung on the
//! rarest part that it needs (`frequency`), and run (`run`) over a segment only where that part stands, and one word of every other part that it needs. A
//! run visits every state at most once for every token (Thompson 1968, all paths in step), so its work is bounded by states × tokens,
//! whatever the text.

mod compile;
mod frequency;
mod inflect;
mod parse;
mod placed;
mod present;
mod run;

pub(super) use compile::{ClassNames, Members, Names, compile};
pub(super) use frequency::of_phrase as frequency_of_phrase;
pub(super) use inflect::inflect;
pub use parse::is_function_word;
pub(super) use parse::is_pattern;
pub(super) use run::{Occurrence, Paths, Runner};

/// Index of a word class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(pub u16);
