//! A file as long as it was when it was opened: what is added while it is read stays out, and that is told.

use std::fs::File;
use std::io::{self, Read};

/// A file that is read to the length that it had.
pub(super) struct Steady {
    file: File,
    len: u64,
    n_read: u64,
    is_told: bool,
}

impl Steady {
    /// Takes a file; one that has no length, as pipes and devices have none, is read to its end.
    ///
    /// # Errors
    /// If its length cannot be had.
    pub(super) fn of(file: File) -> io::Result<Box<dyn Read + Send>> {
        let metadata = file.metadata()?;
        if !metadata.is_file() || metadata.len() == 0 {
            return Ok(Box::new(file));
        }
        Ok(Box::new(Self { file, len: metadata.len(), n_read: 0, is_told: false }))
    }
}

impl Read for Steady {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = (&mut self.file).take(self.len - self.n_read).read(buffer)?;
        self.n_read += n as u64;
        if n > 0 || buffer.is_empty() || self.is_told {
            return Ok(n);
        }
        self.is_told = true;
        let len = self.file.metadata()?.len();
        if len == self.len {
            return Ok(0);
        }
        let (before, read) = (self.len, self.n_read);
        Err(io::Error::other(format!("the file went from {before} to {len} bytes while it was read; its first {read} are")))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::zip::tests::Scratch;
    use super::*;

    #[test]
    fn what_is_added_or_lost_while_a_file_is_read_is_told() {
        let scratch = Scratch::new("steady");
        let read = |change: &dyn Fn(&File)| {
            let path = scratch.write("a", b"one two");
            let mut stream = Steady::of(File::open(&path).unwrap()).unwrap();
            let mut bytes = [0; 4];
            stream.read_exact(&mut bytes).unwrap();
            change(&File::options().append(true).open(path).unwrap());
            let mut rest = Vec::new();
            let error = stream.read_to_end(&mut rest).err().map(|error| error.to_string());
            // It is told once.
            assert_eq!(stream.read(&mut bytes).unwrap(), 0);
            (String::from_utf8(rest).unwrap(), error.unwrap_or_default())
        };
        assert_eq!(read(&|_| {}), ("two".into(), String::new()));
        let (rest, error) = read(&|mut file| file.write_all(b" three").unwrap());
        assert_eq!((rest.as_str(), error.as_str()), ("two", "the file went from 7 to 13 bytes while it was read; its first 7 are"));
        let (rest, error) = read(&|file| file.set_len(5).unwrap());
        assert_eq!((rest.as_str(), error.as_str()), ("t", "the file went from 7 to 5 bytes while it was read; its first 5 are"));
    }
}
