//! evenhand shows a company, from its own exported mail and chat, whether it talks about its teams with an even hand.
//!
//! The modules stand in the order of the data's way; each uses only those above it (`tests/it/architecture.rs` holds it to that):
//!
//! ```text
//! exports ─source→ messages ─clean→ own words ─token→ segments ─lexicon→ matches ─framing→ hits ─tally→ mergeable counts
//!         counts ─stats→ findings ─disclosure→ what may be shown ─┬ decision → report → pages
//!                                                                 └ check → annotate → breaches
//! drafts  ─source→ clean → token → lexicon → framing ─lint→ annotate
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod span;

pub mod fault;

pub mod fingerprint;

mod bytes;

pub mod frozen;

pub mod message;

pub mod roster;

pub mod config;

pub mod source;

pub mod word;

pub mod clean;

pub mod learned;

pub mod token;

pub mod lexicon;

pub mod shipped;

pub mod import;

pub mod framing;

pub mod tally;

pub mod scan;

pub mod fit;

pub mod stats;

pub mod validation;

pub mod disclosure;

pub mod decision;

pub mod check;

pub mod lint;

pub mod report;

pub mod annotate;

pub mod run;
