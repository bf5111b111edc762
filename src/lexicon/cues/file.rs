//! Files of cues: a header of `# key: value` lines, then a line a cue, `cue TAB weight`; and the list of cues that were struck out.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fault::{self, Fault, Place, Position};
use crate::lexicon::Category;

/// A weight or a sum of weights in hundredths, so that sums are exact. Unit: log-odds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Weight(pub i32);

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100)
    }
}

impl Weight {
    /// Largest weight of a file, so that sums cannot run over.
    const MAX: f64 = 100.0;

    /// From log-odds, rounded; `None` if it is no number or beyond any sense.
    #[must_use]
    pub fn of(log_odds: f64) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, reason = "at most 10,000")]
        (log_odds.abs() <= Self::MAX).then(|| Self((log_odds * 100.0).round() as i32))
    }

    fn parse(text: &str) -> Option<Self> {
        Self::of(text.parse().ok()?)
    }
}

/// What a file of cues says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// What the cues speak for.
    pub category: Category,
    /// Language (BCP 47).
    pub language: String,
    /// Version of the list.
    pub version: String,
    /// What it was fitted from.
    pub fitted_from: String,
    /// From which sum on a segment counts that names or means a group.
    pub meant: Threshold,
    /// The same for any other segment; without it none counts.
    pub aside: Option<Threshold>,
}

/// A sum from which a segment counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The sum.
    pub sum: Weight,
    /// Expected false alarms, in words.
    pub false_alarms: String,
}

/// A file of cues.
#[derive(Debug, Clone)]
pub struct CueFile {
    /// Its header.
    pub header: Header,
    /// Its cues.
    pub cues: Vec<WrittenCue>,
    /// The file.
    pub path: Arc<str>,
    /// The file's text, for the fingerprint.
    pub text: String,
}

/// A cue of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenCue {
    /// As written.
    pub text: String,
    /// Its weight.
    pub weight: Weight,
    /// Its line.
    pub line: u64,
}

const KEYS: [&str; 8] = [
    "category",
    "language",
    "version",
    "fitted from",
    "threshold",
    "expected false alarms",
    "threshold without a team",
    "expected false alarms without a team",
];

/// Where the keys of a threshold stand among [`KEYS`].
const MEANT: usize = 4;
const ASIDE: usize = 6;

/// Reads a file of cues.
///
/// # Errors
/// If a key of the header is missing, unknown or stands twice, or a line is not `cue TAB weight`.
pub fn parse(path: &str, text: &str) -> Result<CueFile, Fault> {
    let path: Arc<str> = path.into();
    let fail = |line, why: String| Fault::new(Place { path: Arc::clone(&path), member: None, position: Position::Line(line) }, why);
    let mut values: [Option<(u64, &str)>; KEYS.len()] = [None; KEYS.len()];
    let mut cues = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(comment) = line.strip_prefix('#') {
            let (key, value) = comment.split_once(':').ok_or_else(|| fail(number, "expected \"# key: value\"".to_owned()))?;
            let key = key.trim();
            let at = KEYS.iter().position(|&known| known == key).ok_or_else(|| {
                fail(number, format!("unknown key \"{key}\"; expected one of {}{}", KEYS.join(", "), fault::nearest(key, KEYS)))
            })?;
            if values[at].replace((number, value.trim())).is_some() {
                return Err(fail(number, format!("key \"{key}\" stands twice")));
            }
        } else if !line.is_empty() {
            let weight = |text: &str| Weight::parse(text).filter(|weight| weight.0 != 0);
            let (cue, weight) = line
                .split_once('\t')
                .and_then(|(cue, text)| Some((cue, weight(text)?)))
                .ok_or_else(|| fail(number, format!("found \"{line}\", expected a cue, a tab and a weight that is not 0")))?;
            cues.push(WrittenCue { text: cue.to_owned(), weight, line: number });
        }
    }
    let value = |at: usize| values[at].ok_or_else(|| fail(1, format!("key \"{}\" is missing", KEYS[at])));
    let own = |at: usize| value(at).map(|(_, value)| value.to_owned());
    let (line, name) = value(0)?;
    let category = Category::from_name(name).ok_or_else(|| {
        let known = Category::ALL.map(Category::name);
        fail(line, format!("category \"{name}\" is none; expected one of {}{}", known.join(", "), fault::nearest(name, known)))
    })?;
    let threshold = |at: usize| {
        let (line, number) = value(at)?;
        let sum = Weight::parse(number)
            .filter(|sum| sum.0 > 0)
            .ok_or_else(|| fail(line, format!("{}: found \"{number}\", expected a number above 0", KEYS[at])))?;
        Ok(Threshold { sum, false_alarms: own(at + 1)? })
    };
    let has_aside = values[ASIDE].or(values[ASIDE + 1]).is_some();
    let (meant, aside) = (threshold(MEANT)?, has_aside.then(|| threshold(ASIDE)).transpose()?);
    let header = Header { category, language: own(1)?, version: own(2)?, fitted_from: own(3)?, meant, aside };
    Ok(CueFile { header, cues, path, text: text.to_owned() })
}

/// Writes a file of cues, the strongest first.
///
/// # Errors
/// If `out` cannot be written.
pub fn write(header: &Header, cues: &[(String, Weight)], out: &mut dyn Write) -> io::Result<()> {
    let Header { category, language, version, fitted_from, meant, aside } = header;
    let mut values = vec![category.name().to_owned(), language.clone(), version.clone(), fitted_from.clone()];
    for Threshold { sum, false_alarms } in std::iter::once(meant).chain(aside) {
        values.extend([sum.to_string(), false_alarms.clone()]);
    }
    KEYS.iter().zip(values).try_for_each(|(key, value)| writeln!(out, "# {key}: {value}"))?;
    let mut cues: Vec<_> = cues.iter().collect();
    cues.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    cues.iter().try_for_each(|(cue, weight)| writeln!(out, "{cue}\t{weight}"))
}

/// Words and runs of words that no cue may hold.
#[derive(Debug, Clone, Default)]
pub struct Struck(Vec<String>);

impl Struck {
    /// Whether a cue holds a run that was struck out.
    #[must_use]
    pub fn holds(&self, cue: &str) -> bool {
        let padded = format!(" {cue} ");
        self.0.iter().any(|struck| padded.contains(struck.as_str()))
    }
}

/// Reads the list of what was struck out: `cue TAB reason` a line; every cue that holds it is meant.
///
/// # Errors
/// If a line has no reason.
pub fn parse_struck(path: &str, text: &str) -> Result<Struck, Fault> {
    let mut struck = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let (cue, _) = line.split_once('\t').filter(|(cue, reason)| !cue.is_empty() && !reason.is_empty()).ok_or_else(|| {
            let at = Place { path: path.into(), member: None, position: Position::Line(number) };
            Fault::new(at, format!("found \"{line}\", expected a cue, a tab and a reason"))
        })?;
        struck.push(format!(" {cue} "));
    }
    Ok(Struck(struck))
}
