//! Tables of words: a column for the word and one for its list, or a column for every list with a mark in it (LIWC-22's `.dicx`).

use std::path::Path;

use super::Reading;
use crate::fault::Fault;
use crate::span::LineStarts;

/// Headers of the column that holds the word, in small letters.
const WORD: [&str; 9] = ["dicterm", "word", "words", "term", "phrase", "match", "entry", "stem", "token"];

/// Headers of the column that names the list.
const LIST: [&str; 6] = ["list", "category", "lexicon", "dimension", "class", "dictionary"];

pub(super) fn read(text: &str, reading: &mut Reading) -> Result<(), Fault> {
    let header_line = text.lines().next().unwrap_or_default();
    let delimiter = [b'\t', b';', b','].into_iter().find(|&mark| header_line.as_bytes().contains(&mark)).unwrap_or(b',');
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let header = table.headers().map_err(|error| reading.fault(1, error.to_string()))?.clone();
    let column = |names: &[&str]| header.iter().position(|name| names.contains(&name.trim().to_lowercase().as_str()));
    let Some(word) = column(&WORD) else {
        return Err(reading.fault(1, format!("found no column for the word; expected one called {}", WORD.join(", "))));
    };
    let list = column(&LIST);
    let marks: Vec<usize> = if list.is_some() { Vec::new() } else { (0..header.len()).filter(|&at| at != word).collect() };
    let stem = Path::new(&*reading.file.path).file_stem().map_or_else(|| "words".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let lines = LineStarts::of(text);
    let mut has_weights = false;
    for (number, record) in (2..).zip(table.records()) {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                reading.warn(error.position().map_or(number, csv::Position::line), "found bytes that are no row; left out");
                continue;
            }
        };
        // A record is said to begin at the line end before it where that is two bytes long.
        let begin = record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let begin = begin + text.get(begin..).unwrap_or_default().find(|c| !matches!(c, '\r' | '\n')).unwrap_or_default();
        let line = lines.line_of(begin);
        let entry = record.get(word).unwrap_or_default().trim();
        if entry.is_empty() {
            reading.warn(line, "found a row without a word; left out");
            continue;
        }
        match list {
            Some(list) => match record.get(list).map(str::trim).filter(|name| !name.is_empty()) {
                Some(name) => reading.add(name, entry, line),
                None => reading.warn(line, format!("\"{entry}\" is in no list; left out")),
            },
            None if marks.is_empty() => reading.add(&stem, entry, line),
            None => {
                let mut is_marked = false;
                for &at in &marks {
                    let mark = record.get(at).unwrap_or_default().trim();
                    let weight = mark.parse::<f64>().ok();
                    has_weights |= weight.is_some_and(|weight| weight != 0.0 && (weight - 1.0).abs() > f64::EPSILON);
                    if mark.eq_ignore_ascii_case("x") || weight.is_some_and(|weight| weight != 0.0) {
                        is_marked = true;
                        reading.add(header[at].trim(), entry, line);
                    } else if !mark.is_empty() && weight.is_none() {
                        reading
                            .warn(line, format!("found \"{mark}\" under {}, expected X, a number or nothing; left out", header[at].trim()));
                    }
                }
                if !is_marked {
                    reading.warn(line, format!("\"{entry}\" is in no list; left out"));
                }
            }
        }
    }
    if has_weights {
        reading.warn(1, "found weights; every word that has one was taken, and the weight was not kept");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::super::tests::read_as;

    #[test]
    fn a_column_of_lists_and_a_column_for_each_list_are_read() {
        let (lists, told) = read_as("x.csv", b"\xef\xbb\xbfTerm;Category\r\nhero;heroic\r\n\"head; clouds\";remote\r\npump;\r\n");
        assert_eq!(lists, ["heroic: hero", "remote: head; clouds"]);
        assert_eq!(told, ["x.csv:4: \"pump\" is in no list; left out"]);
        let (lists, told) = read_as("x.dicx", b"DicTerm,heroic,remote\nhero*,X,\ncloudy,,0.5\npump,0,?\n");
        assert_eq!(lists, ["heroic: hero*", "remote: cloudy"]);
        assert_eq!(
            told,
            [
                "x.dicx:4: found \"?\" under remote, expected X, a number or nothing; left out",
                "x.dicx:4: \"pump\" is in no list; left out",
                "x.dicx:1: found weights; every word that has one was taken, and the weight was not kept",
            ]
        );
    }

    #[test]
    fn one_column_is_one_list_called_like_the_file() {
        assert_eq!(read_as("lists/heroic.csv", b"word\nsaga\n").0, ["heroic: saga"]);
    }

    #[test]
    fn a_table_without_words_is_an_error() {
        let told = read("x.csv", b"a,b\n1,2\n", None).unwrap_err().to_string();
        assert!(told.starts_with("x.csv:1: found no column for the word; expected one called dicterm, word"), "{told}");
    }
}
