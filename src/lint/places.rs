//! Where something stands in a file: lines and columns, and which byte of the file a byte of the text that is read comes from.

/// Where a remark belongs. Lines and columns count from 1, columns in characters; the end column is one past the last character.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line of the file.
    pub line: u64,
    /// First and one past the last column, on their lines; none where the text does not lie in the file as it is read.
    pub columns: Option<(u64, u64)>,
    /// Line of the file that it ends in.
    pub end_line: u64,
    /// For text that was decoded, the place inside of what came out.
    pub inside: Option<Inside>,
}

/// A place inside of a decoded part of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Inside {
    /// Line of the decoded text.
    pub line: u64,
    /// Column of it.
    pub column: u64,
}

/// Pairs of a byte of the text and the byte of the file that it is, both rising; between two pairs bytes go side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Places(pub(super) Vec<(usize, usize)>);

impl Places {
    /// A text that lies in the file from a byte on.
    pub(super) fn from(byte: usize) -> Self {
        Self(vec![(0, byte)])
    }

    /// The byte of the file that a byte of the text is.
    pub(super) fn of(&self, offset: usize) -> usize {
        match self.0.partition_point(|&(start, _)| start <= offset).checked_sub(1) {
            Some(at) => self.0[at].1 + (offset - self.0[at].0),
            None => self.0.first().map_or(0, |&(_, byte)| byte),
        }
    }
}

/// A text put together from stretches of a file.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    pub(super) text: String,
    pub(super) places: Places,
}

impl Assembly {
    /// Adds a stretch of the file, which begins there at byte `from`.
    pub(super) fn keep(&mut self, stretch: &str, from: usize) {
        if !stretch.is_empty() {
            self.places.0.push((self.text.len(), from));
            self.text.push_str(stretch);
        }
    }

    /// Adds white space that the file does not have.
    pub(super) fn blank(&mut self, blank: &str) {
        self.text.push_str(blank);
    }
}
