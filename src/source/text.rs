//! A plain text or Markdown file, read only when named: one message without an author, for looking at its wording.

use std::io::Read;

use super::{Batch, Batches, Reader, cause};
use crate::fault::{Fault, Place, Position};
use crate::message::{Author, Kind, Markup, Message, RemovedText};

/// The largest text that is read as one message.
const MAX_TEXT_BYTES: u64 = 64 << 20;

/// Opens a text.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place) -> Batches {
    let mut bytes = Vec::new();
    let batch = match stream.take(MAX_TEXT_BYTES + 1).read_to_end(&mut bytes) {
        Err(error) => Err(Fault::new(at, cause(&error))),
        Ok(n) if n as u64 > MAX_TEXT_BYTES => Err(Fault::new(at, format!("the text is larger than {} MiB", MAX_TEXT_BYTES >> 20))),
        Ok(_) => Ok(Batch { bytes, packed: None, at, records_before: 0, reader: Reader::Text }),
    };
    Box::new(std::iter::once(batch))
}

/// The text as one message.
pub fn each_message(bytes: &[u8], at: &Place, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Err(error) => sink(Err(Fault::new(at.at(Position::Byte(error.valid_up_to() as u64)), "found bytes that are not UTF-8"))),
        Ok(text) => sink(Ok(Message {
            place: at.clone(),
            id: at.path.to_string().into(),
            author: Author::default(),
            sent_at: None,
            channel: "".into(),
            thread: None,
            reply_to: None,
            kind: Kind::Person,
            markup: Markup::Mail,
            text: text.into(),
            removed: RemovedText::NONE,
        })),
    }
}
