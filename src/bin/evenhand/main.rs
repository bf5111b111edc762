//! The command `evenhand`: parses, runs, maps the outcome to an exit code.

mod args;
mod check;
mod compare;
mod environment;
mod examples;
mod generate;
mod hits;
mod init;
mod interrupt;
mod lexicon;
mod lint;
mod load;
mod origins;
mod output;
mod preview;
mod progress;
mod report;
mod scan;
mod validate;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use output::{Failure, Outcome};

fn main() -> ExitCode {
    interrupt::watch();
    match run(&Args::parse()) {
        Ok(outcome) => outcome.into(),
        Err(failure) => failure.print(),
    }
}

fn run(args: &Args) -> Result<Outcome, Failure> {
    match &args.command {
        Command::Init(init) => init::run(init),
        Command::Report(report) => report::run(report),
        Command::Scan(scan) => scan::run(scan),
        Command::Check(check) => check::run(check),
        Command::Lint(lint) => lint::run(lint),
        Command::Hits(hits) => hits::run(hits),
        Command::Lexicon(lexicon) => lexicon::run(lexicon),
        Command::Validate(validate) => validate::run(validate),
        Command::Completions { shell } => generate::completions(*shell),
        Command::Man { folder } => generate::man(folder),
    }
}
