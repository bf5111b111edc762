//! What may be shown → pages: one file a format, all of one shape. Reports take [`Disclosed`] and nothing else.

mod answers;
mod beside;
mod csv;
mod gaps;
mod html;
mod json;
mod layout;
mod markdown;
mod method;
mod notices;
mod sheet;
mod since;
mod terminal;
mod text;
mod view;
mod words;

#[cfg(test)]
pub(crate) mod sample;

use std::io;

use crate::decision::Sheet;
use crate::disclosure::comparison::Earlier;
use crate::disclosure::{Disclosed, Shown};

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Aligned text for a terminal.
    Terminal,
    /// One page that stands by itself.
    Html,
    /// Tables for a wiki or a pull request.
    Markdown,
    /// One row a figure.
    Csv,
    /// Everything, versioned.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Terminal, Self::Html, Self::Markdown, Self::Csv, Self::Json];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// The format with that name on the command line.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The extension of its files, without a dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Terminal => "txt",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// What the terminal can show; the other formats do not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to write colour codes.
    pub color: bool,
    /// Whether to keep to ASCII.
    pub ascii: bool,
    /// Columns; below 60 the report is as wide as 60.
    pub width: usize,
}

/// Writes a report.
///
/// # Errors
/// If `out` cannot be written to.
pub fn write(shown: &Disclosed, sheet: &Sheet, format: Format, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    match format {
        Format::Terminal => terminal::write(shown, sheet, style, out),
        Format::Html => html::write(shown, sheet, out),
        Format::Markdown => markdown::write(shown, sheet, out),
        Format::Csv => csv::write(shown, sheet, out),
        Format::Json => json::write(shown, sheet, out),
    }
}

/// Reads a report that was written as JSON, to compare another with it.
///
/// # Errors
/// What is wrong with it, in words.
pub fn earlier(text: &str) -> Result<Earlier, String> {
    json::earlier(text)
}

/// What a level is counted per, as files name it.
const fn unit(target: Option<&str>) -> &'static str {
    if target.is_some() { "per_1000_naming_segments" } else { "per_1000_words" }
}

impl<T> Shown<T> {
    /// What became of a figure, as files name it.
    const fn name(&self) -> &'static str {
        match self {
            Self::Value(_) => "value",
            Self::Few => "few",
            Self::Hidden(_) => "hidden",
            Self::NoData => "no_data",
        }
    }

    /// Why a figure is hidden, as files name it.
    const fn why(&self) -> Option<&'static str> {
        match self {
            Self::Hidden(why) => Some(why.name()),
            Self::Value(_) | Self::Few | Self::NoData => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(format));
        }
        assert_eq!(Format::from_name("pdf"), None);
    }

    #[test]
    fn no_report_holds_the_key_fingerprint_and_two_runs_give_the_same_bytes() {
        let shown = sample::sample();
        for format in Format::ALL {
            let page = sample::written(&shown, format);
            assert!(!page.contains(&shown.origin.key), "{}", format.name());
            assert_eq!(page, sample::written(&shown, format));
        }
    }
}
