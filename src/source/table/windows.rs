//! A stream cut into pieces of about 256 KiB between records, for formats whose records end at a line end.

use std::io::{ErrorKind, Read};

use crate::fault::{Fault, Place, Position};
use crate::source::packed::Broken;
use crate::source::{Batch, PIECE_BYTES, Reader, cause};

/// The largest record that is read; nobody types as much.
const MAX_RECORD_BYTES: usize = 64 << 20;

/// Pieces of a stream.
pub(in crate::source) struct Windows {
    pub(in crate::source) stream: Box<dyn Read + Send>,
    pub(in crate::source) at: Place,
    pub(in crate::source) reader: Reader,
    /// One past the last record that ends in the bytes; `None` if none does.
    pub(in crate::source) last_end: fn(&[u8]) -> Option<usize>,
    /// Lines read so far.
    pub(in crate::source) n_lines: u64,
    pub(in crate::source) rest: Vec<u8>,
    pub(in crate::source) is_done: bool,
}

impl Iterator for Windows {
    type Item = Result<Batch, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let mut buffer = std::mem::take(&mut self.rest);
        loop {
            let before = buffer.len();
            // A little more than the window, so that the next piece rarely has to move a long rest.
            let read = (&mut self.stream).take(PIECE_BYTES as u64).read_to_end(&mut buffer);
            match read {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.is_done = true;
                    let line = self.n_lines + lines(&buffer);
                    let fault = Fault::new(self.at.at(Position::Line(line + 1)), format!("reading broke off: {}", cause(&error)));
                    // Whole records above the break count; the fault comes with the next piece.
                    return match (self.last_end)(&buffer) {
                        Some(end) => {
                            buffer.truncate(end);
                            self.rest = Vec::new();
                            self.stream = Box::new(Broken(Some(error)));
                            self.is_done = false;
                            let batch = self.batch(buffer);
                            self.n_lines = line;
                            Some(Ok(batch))
                        }
                        None => Some(Err(fault)),
                    };
                }
                Ok(_) if buffer.len() == before => {
                    self.is_done = true;
                    return (!buffer.trim_ascii().is_empty()).then(|| Ok(self.batch(buffer)));
                }
                Ok(_) => {}
            }
            if let Some(end) = (self.last_end)(&buffer) {
                self.rest = buffer.split_off(end);
                return Some(Ok(self.batch(buffer)));
            }
            if buffer.len() > MAX_RECORD_BYTES {
                self.is_done = true;
                let at = self.at.at(Position::Line(self.n_lines + 1));
                return Some(Err(Fault::new(
                    at,
                    format!("the record is larger than {} MiB; nothing below it was read", MAX_RECORD_BYTES >> 20),
                )));
            }
        }
    }
}

impl Windows {
    fn batch(&mut self, bytes: Vec<u8>) -> Batch {
        let records_before = self.n_lines;
        self.n_lines += lines(&bytes);
        Batch { bytes, packed: None, at: self.at.clone(), records_before, reader: self.reader.clone() }
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
