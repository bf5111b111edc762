//! SARIF 2.1.0 (OASIS Standard, 2020): one run, a rule for every category or kind of gap that is marked, a result for every mark. Columns are
//! characters.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use super::annotation::{Level, Region, Rule, region_of};
use super::{Annotation, Suite};
use crate::fault::Fault;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
const VERSION: &str = "2.1.0";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Message<'static>,
    help: Message<'static>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

/// What could not be read.
#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message<'static>,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message<'a>,
    locations: [Location; 1],
}

#[derive(Serialize)]
struct Message<'a> {
    text: Cow<'a, str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<WireRegion>,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRegion {
    start_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    end_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
}

pub(super) fn write(suites: &[Suite], faults: &[Fault], is_complete: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: Vec<Rule> = Suite::annotations(suites).map(|annotation| annotation.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    let notification = |fault: &Fault| {
        let (path, region) = region_of(&fault.at);
        Notification { level: "error", message: message(fault.to_string()), locations: [location(&path, region)] }
    };
    let log = Log {
        schema: SCHEMA,
        version: VERSION,
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    version: env!("CARGO_PKG_VERSION"),
                    rules: rules.iter().map(|rule| descriptor(*rule)).collect(),
                },
            },
            invocations: [Invocation {
                execution_successful: is_complete,
                tool_execution_notifications: faults.iter().map(notification).collect(),
            }],
            column_kind: "unicodeCodePoints",
            results: Suite::annotations(suites).map(|annotation| finding(annotation, &rules)).collect(),
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: Rule) -> Descriptor {
    let message = |text: &'static str| Message { text: text.into() };
    Descriptor { id: rule.id(), short_description: message(rule.title()), help: message(rule.help()) }
}

fn finding<'a>(annotation: &'a Annotation, rules: &[Rule]) -> Finding<'a> {
    let level = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    Finding {
        rule_id: annotation.rule.id(),
        rule_index: rules.binary_search(&annotation.rule).unwrap_or_default(),
        level,
        message: Message { text: annotation.message.as_str().into() },
        locations: [location(&annotation.path, annotation.region)],
    }
}

fn message(text: String) -> Message<'static> {
    Message { text: text.into() }
}

fn location(path: &str, region: Option<Region>) -> Location {
    let region = region.map(|Region { line, columns, end_line }| WireRegion {
        start_line: line,
        start_column: columns.map(|(from, _)| from),
        end_line,
        end_column: columns.map(|(_, to)| to),
    });
    Location { physical_location: PhysicalLocation { artifact_location: ArtifactLocation { uri: uri(path) }, region } }
}

/// A path as a reference (RFC 3986): other characters than those that need no code are written as codes; one from the root names its scheme.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        assert_eq!(uri("drafts/job ad.md"), "drafts/job%20ad.md");
        assert_eq!(uri("/srv/naïve:1%.md"), "file:///srv/na%C3%AFve%3A1%25.md");
    }
}
