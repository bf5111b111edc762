//! quanteda's YAML: names over lists of words, at any depth; a list within a list is called `outer/inner`.
//!
//! Read from the parser's events, so that every word keeps its line and no word is taken for a number or a truth value ("no", "on"). Words are globs there: a
//! `*` at the end is our stem, any other and `?` are told and left out; `_` between words is a blank.

use saphyr_parser::{Event, Parser};

use super::Reading;
use crate::fault::Fault;

/// Lists within lists.
const MAX_DEPTH: usize = 20;

/// What is open around an event.
enum Open {
    /// A mapping; the name of its current key once that is read.
    Mapping(Option<String>),
    Sequence,
}

pub(super) fn read(text: &str, reading: &mut Reading) -> Result<(), Fault> {
    let mut open: Vec<Open> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| reading.fault(error.marker().line() as u64, format!("no YAML: {}", error.info())))?;
        let line = span.start.line() as u64;
        match event {
            Event::Scalar(scalar, ..) => match open.last_mut() {
                Some(Open::Mapping(key @ None)) => *key = Some(scalar.trim().to_owned()),
                Some(_) => {
                    // A key without a value is an empty list.
                    if !matches!(scalar.as_ref(), "" | "~" | "null") {
                        reading.add(&name(&open), &scalar.replace('_', " "), line);
                    }
                    close_value(&mut open);
                }
                None => return Err(reading.fault(line, "expected names of lists, each with its words")),
            },
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let is_sequence = matches!(event, Event::SequenceStart(..));
                if matches!(open.last(), Some(Open::Mapping(None))) {
                    return Err(reading.fault(line, "found a list as a name, expected a word"));
                }
                if open.is_empty() && is_sequence {
                    return Err(reading.fault(line, "expected names of lists, each with its words"));
                }
                if open.len() == MAX_DEPTH {
                    return Err(reading.fault(line, format!("more than {MAX_DEPTH} lists inside each other")));
                }
                open.push(if is_sequence { Open::Sequence } else { Open::Mapping(None) });
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                close_value(&mut open);
            }
            Event::Alias(_) => return Err(reading.fault(line, "found an alias (*name), expected the words themselves")),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }
    Ok(())
}

/// The value of a key has ended; the next scalar is a key.
fn close_value(open: &mut [Open]) {
    if let Some(Open::Mapping(key)) = open.last_mut() {
        *key = None;
    }
}

fn name(open: &[Open]) -> String {
    let keys = open.iter().filter_map(|open| match open {
        Open::Mapping(key) => key.as_deref(),
        Open::Sequence => None,
    });
    keys.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::super::tests::read_as;

    #[test]
    fn lists_at_any_depth_are_read_with_their_lines() {
        let text = "# ours\npraise:\n  heroes:\n    - hero*\n    - white_knight\n  - wrong\n";
        assert!(read("x.yml", text.as_bytes(), None).unwrap_err().to_string().starts_with("x.yml:6: no YAML: "));
        let text = "praise:\n  heroes:\n    - Hero*\n    - white_knight\n    - h?ro\n  single: saga\nno: [on, off, 007, l*ve]\nempty:\nmixed:\n  - pump\n  - deep: [well]\n";
        let (lists, told) = read_as("x.yml", text.as_bytes());
        assert_eq!(
            lists,
            ["mixed: pump", "mixed/deep: well", "no: on, off, 007", "praise/heroes: hero*, white knight", "praise/single: saga"]
        );
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].starts_with("x.yml:5: \"h?ro\"") && told[1].starts_with("x.yml:7: \"l*ve\""), "{told:?}");
    }

    #[test]
    fn what_is_no_lists_is_an_error_with_its_line() {
        let fault = |text: &str| read("x.yml", text.as_bytes(), None).unwrap_err().to_string();
        assert_eq!(fault("- hero\n"), "x.yml:1: expected names of lists, each with its words");
        assert_eq!(fault("hero\n"), "x.yml:1: expected names of lists, each with its words");
        assert_eq!(fault("a: &x [hero]\nb: *x\n"), "x.yml:2: found an alias (*name), expected the words themselves");
        assert!(fault(&format!("a: {}", "[".repeat(5000))).starts_with("x.yml:1: "));
        assert!(fault("a: [hero\n").starts_with("x.yml:"));
    }
}
