//! Labelled sentences → segments with what is true of them: JSON Lines (`text`, `speaker_team`, `spans` with `category`, `start`, `end`), or
//! sentences of which somebody said what each holds and lacks.

use serde::Deserialize;

use crate::fault::{Fault, Place, Position};
use crate::framing::Framing;
use crate::lexicon::Category;
use crate::scan::segments::{self, Segment};

/// What a person said of a segment and a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Truth {
    /// It is no wording of the category.
    #[default]
    No,
    /// It is.
    Yes,
    /// Contested: neither right nor wrong.
    Contested,
}

/// The sentences of one writer.
#[derive(Debug, Clone)]
pub struct Writer {
    /// Name of the file, without its ending.
    pub name: String,
    /// Its segments, with the truth by category.
    pub segments: Vec<(Segment, [Truth; Category::ALL.len()])>,
}

#[derive(Deserialize)]
struct RawRow {
    text: String,
    speaker_team: Option<String>,
    spans: Vec<RawSpan>,
}

#[derive(Deserialize)]
struct RawSpan {
    category: String,
    start: usize,
    end: usize,
    #[serde(default)]
    optional: bool,
}

/// Reads a file of one writer.
#[must_use]
pub fn read(path: &str, text: &str, framing: &Framing) -> (Writer, Vec<Fault>) {
    let name = std::path::Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut writer = Writer::new(name);
    let mut faults = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match row(line, framing) {
            Ok(segments) => writer.segments.extend(segments),
            Err(why) => faults.push(Fault::new(Place::file(path).at(Position::Line(number)), why)),
        }
    }
    (writer, faults)
}

impl Writer {
    /// A writer without a sentence.
    #[must_use]
    pub const fn new(name: String) -> Self {
        Self { name, segments: Vec::new() }
    }

    /// Adds a sentence that holds wording of some categories and lacks that of others; of the rest nobody knows. Nothing is known of the
    /// speaker's team.
    pub fn add(&mut self, text: &str, holds: &[Category], lacks: &[Category], framing: &Framing) {
        let truth = Category::ALL.map(|category| match (holds.contains(&category), lacks.contains(&category)) {
            (true, _) => Truth::Yes,
            (false, true) => Truth::No,
            (false, false) => Truth::Contested,
        });
        self.segments.extend(segments::of_text(framing, text, None).into_iter().map(|segment| (segment, truth)));
    }
}

fn row(line: &str, framing: &Framing) -> Result<Vec<(Segment, [Truth; Category::ALL.len()])>, String> {
    let row: RawRow = serde_json::from_str(line).map_err(|error| format!("expected a labelled sentence: {error}"))?;
    let mut spans = Vec::new();
    for span in &row.spans {
        let category = Category::from_name(&span.category).ok_or_else(|| format!("category \"{}\" is none", span.category))?;
        if span.start >= span.end || row.text.get(span.start..span.end).is_none() {
            return Err(format!("found bytes {} to {} of {}, expected a stretch of the text", span.start, span.end, row.text.len()));
        }
        spans.push((category, span));
    }
    let speaker = row.speaker_team.as_deref().and_then(|team| framing.lexicons.groups.find(team));
    let truth = |segment: &Segment| {
        let mut truth = [Truth::No; Category::ALL.len()];
        for (category, span) in &spans {
            let said = &mut truth[*category as usize];
            if span.start < segment.span.end && segment.span.start < span.end && *said != Truth::Yes {
                *said = if span.optional { Truth::Contested } else { Truth::Yes };
            }
        }
        truth
    };
    let segments = segments::of_text(framing, &row.text, speaker);
    Ok(segments.into_iter().map(|segment| (segment.clone(), truth(&segment))).collect())
}
