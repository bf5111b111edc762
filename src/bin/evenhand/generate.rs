//! `evenhand completions` and `evenhand man`: what shells and manuals know of the command, made from its own arguments.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;
use crate::output::{self, Failure, Outcome, counted};

pub(crate) fn completions(shell: Shell) -> Result<Outcome, Failure> {
    // Through memory, for the generator panics where a pipe is closed.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "evenhand", &mut script);
    output::print(|out| out.write_all(&script))?;
    Ok(Outcome::Done)
}

pub(crate) fn man(folder: &Path) -> Result<Outcome, Failure> {
    let fail = |error| Failure::Write { path: folder.to_owned(), error };
    std::fs::create_dir_all(folder).map_err(fail)?;
    clap_mangen::generate_to(Args::command(), folder).map_err(fail)?;
    let n_pages = folder.read_dir().map_err(fail)?.flatten().filter(|entry| entry.file_name().to_string_lossy().ends_with(".1")).count();
    output::print(|out| writeln!(out, "{}: {}", folder.display(), counted(n_pages as u64, "page", "pages")))?;
    Ok(Outcome::Done)
}
