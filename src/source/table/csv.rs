//! CSV with a header row (RFC 4180; comma, semicolon or tab), read with a field map.

use std::io::Read;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord};

use super::windows::Windows;
use super::{Field, FieldMap, Row, Table};
use crate::fault::{self, Fault, Place, Position};
use crate::message::Message;
use crate::source::{Batches, Reader};

/// Bytes in which the header row must end.
const MAX_HEADER_BYTES: usize = 64 << 10;

/// What a piece of a CSV file is read with.
#[derive(Debug, Clone)]
pub struct Sheet {
    table: Table,
    delimiter: u8,
    n_columns: usize,
    /// Column of every mapped field.
    fields: Arc<[(Field, usize)]>,
}

/// Whether a file's first line is a header with a constant number of cells in the lines below.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let Some((delimiter, n_columns)) = shape(head) else { return false };
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(head);
    // The last record may be cut where the head ends.
    let counts: Vec<usize> = reader.byte_records().take(20).map_while(Result::ok).map(|record| record.len()).collect();
    let whole = if counts.len() > 1 { &counts[..counts.len() - 1] } else { &counts[..] };
    n_columns > 1 && whole.iter().filter(|&&n| n == n_columns).count() * 10 >= whole.len() * 8
}

/// Whether a file has a first line that can be a header, where a map says that a table is meant.
#[must_use]
pub fn could_be(head: &[u8]) -> bool {
    let is_document = head.starts_with(b"%PDF-") || memchr::memchr(0, head).is_some();
    !is_document && shape(head).is_some()
}

/// The delimiter that the header row has most of, and the number of its cells.
fn shape(head: &[u8]) -> Option<(u8, usize)> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|&byte| byte == b'\n').next().filter(|line| !line.is_empty() && std::str::from_utf8(line).is_ok())?;
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, line).count();
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|&delimiter| (count(delimiter), delimiter == b','))?;
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(head);
    reader.byte_records().next()?.ok().map(|record| (delimiter, record.len()))
}

/// Opens a file: reads its header row and finds the mapped columns.
///
/// # Errors
/// If the header cannot be read or a mapped column is not in it.
pub fn open(mut stream: Box<dyn Read + Send>, at: Place, table: Table) -> Result<Batches, Fault> {
    let line_1 = at.at(Position::Line(1));
    let mut head = Vec::new();
    (&mut stream)
        .take(MAX_HEADER_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(|error| Fault::new(at.clone(), crate::source::cause(&error)))?;
    let Some((delimiter, _)) = shape(&head) else { return Err(Fault::new(line_1, "found no header row, expected one in UTF-8")) };
    let start = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).has_headers(false).from_reader(&head[start..]);
    let mut header = StringRecord::new();
    reader.read_record(&mut header).map_err(|error| Fault::new(line_1.clone(), error.to_string()))?;
    let mut header_end = start + usize::try_from(reader.position().byte()).unwrap_or(0);
    if head[header_end..].starts_with(b"\n") {
        // Of "\r\n" the parser takes the first byte only.
        header_end += 1;
    }
    let fields = fields(&table.map, &header).map_err(|why| Fault::new(line_1, why))?;
    let n_lines = memchr::memchr_iter(b'\n', &head[..header_end]).count() as u64;
    let sheet = Sheet { table, delimiter, n_columns: header.len(), fields: fields.into() };
    let rest = head.split_off(header_end);
    Ok(Box::new(Windows { stream, at, reader: Reader::Csv(sheet), last_end, n_lines, rest, is_done: false }))
}

fn fields(map: &FieldMap, header: &StringRecord) -> Result<Vec<(Field, usize)>, String> {
    map.columns()
        .map(|(field, column)| {
            let at = header.iter().position(|cell| cell.trim() == column).or_else(|| {
                // Spreadsheets change the case of headers.
                header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(column))
            });
            at.map(|at| (field, at)).ok_or_else(|| {
                let known: Vec<&str> = header.iter().collect();
                let nearest = fault::nearest(column, known.iter().copied());
                format!("found no column \"{column}\" (mapped to {}), expected one of {}{nearest}", field.name(), known.join(", "))
            })
        })
        .collect()
}

/// A record ends at a line end outside quotes; a piece begins outside quotes.
fn last_end(bytes: &[u8]) -> Option<usize> {
    let mut last = None;
    let mut quoted = false;
    for at in memchr::memchr2_iter(b'"', b'\n', bytes) {
        if bytes[at] == b'"' {
            quoted = !quoted;
        } else if !quoted {
            last = Some(at + 1);
        }
    }
    last
}

/// Reads every record of a piece, in order.
pub fn each_message(bytes: &[u8], at: &Place, lines_before: u64, sheet: &Sheet, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let mut reader = ReaderBuilder::new().delimiter(sheet.delimiter).flexible(true).has_headers(false).from_reader(bytes);
    let mut record = StringRecord::new();
    let (mut counted_to, mut line) = (0, lines_before + 1);
    loop {
        let read = reader.read_record(&mut record);
        // The parser's own count stays behind at "\r\n", so lines are counted here.
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(0).clamp(counted_to, bytes.len());
        let start = start + bytes[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += memchr::memchr_iter(b'\n', &bytes[counted_to..start]).count() as u64;
        counted_to = start;
        let place = at.at(Position::Line(line));
        match read {
            Ok(false) => return,
            Ok(true) if record.len() != sheet.n_columns => {
                sink(Err(Fault::new(place, format!("found {} cells, expected {}", record.len(), sheet.n_columns))));
            }
            Ok(true) => {
                let mut row = Row::default();
                for &(field, column) in sheet.fields.iter() {
                    row.set(field, record.get(column).unwrap_or("").into());
                }
                sink(row.into_message(place.clone(), &sheet.table.zone).map_err(|why| Fault::new(place, why)));
            }
            Err(error) => {
                sink(Err(Fault::new(place, format!("not valid UTF-8 ({})", error.to_string().to_lowercase()))));
                if !matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn read(map: &str, bytes: &[u8]) -> Vec<String> {
        let table = Table { map: Arc::new(FieldMap::parse(map).unwrap()), zone: TimeZone::UTC };
        let batches = match open(Box::new(std::io::Cursor::new(bytes.to_vec())), Place::file("a.csv"), table) {
            Ok(batches) => batches,
            Err(fault) => return vec![fault.to_string()],
        };
        let mut seen = Vec::new();
        for batch in batches {
            batch.unwrap().each_message(&mut |record| {
                seen.push(match record {
                    Ok(message) => format!("{} {} {:?}", message.place, message.author.key().unwrap_or("-"), message.text),
                    Err(fault) => fault.to_string(),
                });
            });
        }
        seen
    }

    #[test]
    fn quotes_line_ends_and_ragged_rows_are_told_by_line() {
        assert_eq!(
            read("text=Body,author=from", b"\xef\xbb\xbffrom;body\r\na@x.example;\"one\ntwo; \"\"three\"\"\"\r\nb\r\nc;last\n"),
            ["a.csv:2 a@x.example \"one\\ntwo; \\\"three\\\"\"", "a.csv:4: found 1 cells, expected 2", "a.csv:5 c \"last\""]
        );
    }

    #[test]
    fn a_column_that_is_not_there_names_the_nearest() {
        let told = read("text=bodi", b"from,body\n");
        assert_eq!(told, ["a.csv:1: found no column \"bodi\" (mapped to text), expected one of from, body; did you mean \"body\"?"]);
    }

    #[test]
    fn large_files_are_cut_between_records_and_lines_count_on() {
        let mut text = "text\n".to_owned();
        for n in 0..300 {
            text += &["\"", &n.to_string(), " ", &"word \n".repeat(1000), "\n\"\n"].concat();
        }
        let seen = read("text=text", text.as_bytes());
        assert_eq!(seen.len(), 300);
        assert!(seen[299].starts_with(&format!("a.csv:{} - \"299 ", 2 + 299 * 1002)));
    }

    #[test]
    fn tables_are_told_from_prose() {
        assert!(looks_like(b"a,b\n1,2\n3,4\n"));
        assert!(!looks_like(b"Dear all, thanks\nfor this\nand, and, that\nx\n"));
        assert!(!looks_like(b"one\ntwo\n"));
    }
}
