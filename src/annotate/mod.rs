//! Breaches → what a person or a program reads. One file a format, all of one shape.

mod human;
mod json;

use std::io::{self, Write};

use crate::check::Judged;

/// How judged limits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Lines for people.
    Human,
    /// One JSON object.
    Json,
}

/// Writes judged limits.
///
/// # Errors
/// If the writer fails.
pub fn write(judged: &[Judged], format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human => human::write(judged, out),
        Format::Json => json::write(judged, out),
    }
}
