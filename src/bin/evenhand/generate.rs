//! `evenhand completions` and `evenhand man`: what shells and manuals know of the command, made from its own arguments.

use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

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
    std::fs::create_dir_all(folder).map_err(|error| Failure::Write { path: folder.to_owned(), error })?;
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    let n_pages = pages(command, folder)?;
    output::print(|out| writeln!(out, "{}: {}", folder.display(), counted(n_pages, "page", "pages")))?;
    Ok(Outcome::Done)
}

/// Writes the pages of a command and of all below it, and gives their number.
fn pages(command: Command, folder: &Path) -> Result<u64, Failure> {
    let mut n = 1;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()).cloned() {
        n += pages(below, folder)?;
    }
    let page = Man::new(command);
    output::write_file(&folder.join(page.get_filename()), false, |mut out| page.render(&mut out))?;
    Ok(n)
}
