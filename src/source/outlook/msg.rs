//! Single items of Outlook (`.msg`): a file of files, in which each property is a stream of its own or a line in a table (MS-OXMSG).

use std::io::{Cursor, Read};

use super::item::Item;
use super::property::{ALL, Properties, Value, id};
use super::{Origin, RTF_ONLY};
use crate::fault::{Fault, Place};
use crate::message::Message;
use crate::source::mail::{Folder, MAX_MAIL_BYTES};
use crate::source::{Batch, Batches, Options, Reader, cause};

const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const TABLE: &str = "__properties_version1.0";
/// Bytes of the table before its first line, in the item that is the whole file.
const TABLE_HEADER_BYTES: usize = 32;
const LINE_BYTES: usize = 16;

// Types of values (MS-OXCDATA 2.11.1).
const NUMBER_16: u16 = 0x02;
const NUMBER_32: u16 = 0x03;
const NARROW: u16 = 0x1E;
const WIDE: u16 = 0x1F;
const TIME: u16 = 0x40;
const BYTES: u16 = 0x102;

/// Whether a file begins as one that holds files: Outlook's items, and old documents of Word and Excel.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Opens a stream that holds one item.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, folder: Folder, options: &Options) -> Batches {
    let origin = Origin { folder: folder.above(), include_direct: options.include_direct };
    Box::new(std::iter::once_with(move || {
        let mut bytes = Vec::new();
        match stream.take(MAX_MAIL_BYTES as u64 + 1).read_to_end(&mut bytes) {
            Err(error) => Err(Fault::new(at, cause(&error))),
            Ok(n) if n > MAX_MAIL_BYTES => Err(Fault::new(at, format!("the item is larger than {} MiB", MAX_MAIL_BYTES >> 20))),
            Ok(_) => Ok(Batch { bytes, packed: None, at, records_before: 0, reader: Reader::Msg(origin) }),
        }
    }))
}

/// Reads the one item of a file.
pub fn each_message(bytes: &[u8], at: &Place, origin: &Origin, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let mut notes = Vec::new();
    let read = properties(bytes, &mut notes);
    for why in notes {
        sink(Err(Fault::new(at.clone(), why)));
    }
    match read {
        Err(why) => sink(Err(Fault::new(at.clone(), why))),
        Ok(properties) => {
            let item = Item::of(&properties);
            if item.is_rtf_only {
                sink(Err(Fault::new(at.clone(), RTF_ONLY)));
            }
            sink(Ok(item.message(at.clone(), origin)));
        }
    }
}

fn properties(bytes: &[u8], notes: &mut Vec<String>) -> Result<Properties, String> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|error| format!("damaged: {}", error.to_string().to_lowercase()))?;
    if !file.is_stream(TABLE) {
        return Err("an OLE file that is no Outlook item (of Word, Excel or PowerPoint?)".to_owned());
    }
    let mut properties = Properties::default();
    let table = stream(&mut file, TABLE)?;
    for line in table.get(TABLE_HEADER_BYTES..).unwrap_or_default().chunks_exact(LINE_BYTES) {
        let number = |at: usize| u16::from_le_bytes([line[at], line[at + 1]]);
        let (kind, id) = (number(0), number(2));
        if !ALL.contains(&id) {
            continue;
        }
        let value = i64::from_le_bytes([8, 9, 10, 11, 12, 13, 14, 15].map(|at| line[at]));
        match kind {
            NUMBER_16 => _ = properties.0.insert(id, Value::Number(value & 0xFFFF)),
            NUMBER_32 => _ = properties.0.insert(id, Value::Number(value & 0xFFFF_FFFF)),
            TIME => _ = properties.0.insert(id, Value::Time(value)),
            NARROW | WIDE | BYTES => {
                let name = format!("__substg1.0_{id:04X}{kind:04X}");
                // A property of which the table says that it is empty has no stream.
                if file.is_stream(&name) {
                    match stream(&mut file, &name) {
                        Ok(bytes) => _ = properties.0.insert(id, variable(kind, bytes)),
                        Err(why) => notes.push(why),
                    }
                } else if value & 0xFFFF_FFFF > 2 && matches!(id, id::TEXT | id::HTML | id::HEADER) {
                    notes.push(format!("damaged: {name} is missing"));
                }
            }
            _ => {}
        }
    }
    Ok(properties)
}

fn variable(kind: u16, bytes: Vec<u8>) -> Value {
    match kind {
        WIDE => Value::Wide(encoding_rs::UTF_16LE.decode_without_bom_handling(&bytes).0.into_owned()),
        NARROW => Value::Narrow(bytes),
        _ => Value::Bytes(bytes),
    }
}

fn stream(file: &mut cfb::CompoundFile<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, String> {
    let damaged = |error: std::io::Error| format!("damaged: {} in {name}", error.to_string().to_lowercase());
    let mut bytes = Vec::new();
    let stream = file.open_stream(name).map_err(damaged)?;
    stream.take(MAX_MAIL_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(damaged)?;
    if bytes.len() > MAX_MAIL_BYTES {
        return Err(format!("{name} is larger than {} MiB", MAX_MAIL_BYTES >> 20));
    }
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    /// A file of one item with these texts, each in two-byte characters.
    fn msg(texts: &[(u16, &str)]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut table = vec![0; TABLE_HEADER_BYTES];
        for (id, text) in texts {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let size = u32::try_from(bytes.len() + 2).unwrap();
            table.extend([&WIDE.to_le_bytes()[..], &id.to_le_bytes(), &[6, 0, 0, 0], &size.to_le_bytes(), &[0; 4]].concat());
            file.create_stream(format!("__substg1.0_{id:04X}{WIDE:04X}")).unwrap().write_all(&bytes).unwrap();
        }
        file.create_stream(TABLE).unwrap().write_all(&table).unwrap();
        file.into_inner().into_inner()
    }

    fn read(bytes: &[u8]) -> Vec<String> {
        let origin = Origin { folder: Folder::default(), include_direct: false };
        let mut seen = Vec::new();
        each_message(bytes, &Place::file("a.msg"), &origin, &mut |read| {
            seen.push(match read {
                Ok(message) => format!("{:?} {}: {}", message.kind, message.author.key().unwrap_or_default(), message.text),
                Err(fault) => fault.to_string(),
            });
        });
        seen
    }

    const TEXTS: [(u16, &str); 3] = [(id::CLASS, "IPM.Note"), (id::SENDER_SMTP, "ann@example.com"), (id::TEXT, "Grüße, it works.")];

    #[test]
    fn an_item_is_read_from_its_streams() {
        let bytes = msg(&TEXTS);
        assert!(looks_like(&bytes));
        assert_eq!(read(&bytes), ["Person ann@example.com: Grüße, it works."]);
    }

    #[test]
    fn other_files_of_files_are_refused_and_damage_is_told() {
        let mut other = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        other.create_stream("WordDocument").unwrap();
        assert!(read(&other.into_inner().into_inner())[0].starts_with("a.msg: an OLE file that is no Outlook item"));
        let bytes = msg(&TEXTS);
        for cut in (0..bytes.len()).step_by(97) {
            let left = read(&bytes[..cut]);
            assert!(left == read(&bytes) || left.iter().any(|line| line.starts_with("a.msg: damaged: ")), "cut at {cut}");
        }
        for at in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            read(&changed);
        }
    }
}
