//! Compiles the lexicons that ship, so that no run has to: the modules that compile are those of the crate.
//!
//! A mistake in them does not stop the build, for then nothing could tell it with its place: what is written is empty, and the command, which
//! compiles them anew, says what is wrong.
#![expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::struct_field_names,
    reason = "of the crate's modules only what compiles and writes is used here"
)]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

#[path = "src/bytes.rs"]
mod bytes;
#[path = "src/fault.rs"]
mod fault;
#[path = "src/fingerprint.rs"]
mod fingerprint;
#[path = "src/frozen.rs"]
mod frozen;
#[path = "src/lexicon/mod.rs"]
mod lexicon;
#[path = "src/span.rs"]
mod span;
#[path = "src/word/mod.rs"]
mod word;

fn main() -> Result<(), Box<dyn Error>> {
    for path in [
        "build.rs",
        "lexicons",
        "src/bytes.rs",
        "src/fault.rs",
        "src/fingerprint.rs",
        "src/frozen.rs",
        "src/lexicon",
        "src/span.rs",
        "src/word",
    ] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    for (name, compiled) in [("shipped", lexicon::builtin::compile()), ("coded", lexicon::coded::compile())] {
        let frozen = match compiled {
            Ok(lexicons) => lexicons.freeze()?,
            Err(faults) => {
                for fault in faults {
                    println!("cargo::warning={fault}");
                }
                Vec::new()
            }
        };
        fs::write(out.join(name), frozen)?;
    }
    Ok(())
}
