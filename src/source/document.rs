//! A document of bounded size, read as one piece.

use std::io::{ErrorKind, Read};

use super::{Batch, Batches, Reader, cause};
use crate::fault::{Fault, Place, Position};

/// The largest document that is read: the programs that write such exports can cut them by time.
const MAX_BYTES: u64 = 64 << 20;

/// The document as one piece. Where reading breaks off, what stands before is kept and the fault follows.
pub(super) fn open(mut stream: Box<dyn Read + Send>, at: Place, reader: Reader) -> Batches {
    let mut bytes = Vec::new();
    let failed = loop {
        let wanted = MAX_BYTES + 1 - bytes.len() as u64;
        match (&mut stream).take(wanted).read_to_end(&mut bytes) {
            Ok(_) => break None,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                let at = at.at(Position::Byte(bytes.len() as u64));
                break Some(Fault::new(at, format!("reading broke off: {}", cause(&error))));
            }
        }
    };
    if bytes.len() as u64 > MAX_BYTES {
        let why = format!("the file is larger than {} MiB; export it in parts, such as months", MAX_BYTES >> 20);
        return Box::new(std::iter::once(Err(Fault::new(at, why))));
    }
    let batch = Batch { bytes, packed: None, at, records_before: 0, reader };
    Box::new(std::iter::once(Ok(batch)).chain(failed.map(Err)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io;

    use super::*;
    use crate::source::packed::Broken;

    #[test]
    fn a_document_is_one_piece_and_one_that_is_too_large_is_told() {
        let read = |stream: Box<dyn Read + Send>| open(stream, Place::file("a"), Reader::Text).collect::<Vec<_>>();
        assert_eq!(read(Box::new(io::Cursor::new(b"{}".to_vec())))[0].as_ref().ok().unwrap().bytes, b"{}");
        let large = read(Box::new(io::repeat(b' ').take(MAX_BYTES + 1)));
        assert_eq!(large.len(), 1);
        assert!(large[0].as_ref().err().unwrap().to_string().starts_with("a: the file is larger than 64 MiB; "));
    }

    #[test]
    fn where_reading_breaks_off_what_stands_before_is_kept() {
        let broken = Broken(Some(io::Error::other("bad block")));
        let read: Vec<_> = open(Box::new(io::Cursor::new(b"[1".to_vec()).chain(broken)), Place::file("a"), Reader::Text).collect();
        assert_eq!(read[0].as_ref().ok().unwrap().bytes, b"[1");
        assert_eq!(read[1].as_ref().err().unwrap().to_string(), "a: byte 2: reading broke off: bad block");
    }
}
