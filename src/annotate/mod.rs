//! Breaches and remarks → what a person or a program reads. One file a format, all of one shape.

mod annotation;
mod github;
mod human;
mod json;
mod junit;
mod sarif;

use std::io::{self, Write};

use crate::check::Judged;
use crate::fault::Fault;
use crate::lint::Linted;
use annotation::{Annotation, Case, Suite};

/// How judged limits and remarks are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines for people.
    Human,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0 (OASIS 2020), which code hosts and editors read.
    Sarif,
    /// `JUnit` XML, which CI servers read.
    Junit,
    /// Commands of GitHub Actions that put annotations on a change.
    Github,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Human, Self::Json, Self::Sarif, Self::Junit, Self::Github];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
        }
    }

    /// The format with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Writes judged limits; `is_complete` is whether all that was to be judged could be read.
///
/// # Errors
/// If the writer fails.
pub fn write(judged: &[Judged], is_complete: bool, format: Format, out: &mut dyn Write) -> io::Result<()> {
    let suites = || vec![Suite::of_check(judged)];
    match format {
        Format::Human => human::write(judged, out),
        Format::Json => json::write(judged, out),
        Format::Sarif => sarif::write(&suites(), &[], is_complete, out),
        Format::Junit => junit::write("evenhand check", &suites(), &[], out),
        Format::Github => github::write(&suites(), &[], out),
    }
}

/// Writes the remarks on drafts, and what could not be read.
///
/// # Errors
/// If the writer fails.
pub fn write_lint(linted: &[Linted], faults: &[Fault], format: Format, out: &mut dyn Write) -> io::Result<()> {
    let suites = || linted.iter().map(Suite::of_draft).collect::<Vec<_>>();
    match format {
        Format::Human => human::write_lint(linted, out),
        Format::Json => json::write_lint(linted, faults, out),
        Format::Sarif => sarif::write(&suites(), faults, faults.is_empty(), out),
        Format::Junit => junit::write("evenhand lint", &suites(), faults, out),
        Format::Github => github::write(&suites(), faults, out),
    }
}
