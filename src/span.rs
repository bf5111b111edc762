//! Byte ranges of a text.

/// A half-open range of bytes, `start..end`, that lies on character borders of the text it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two ranges share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The stretch of `text` that the range names.
    ///
    /// # Panics
    /// If the range does not lie on character borders of `text`.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// The same as bytes, which asks nothing of its ends.
    ///
    /// # Panics
    /// If the range does not lie in `text`.
    #[must_use]
    pub fn bytes_of(self, text: &str) -> &[u8] {
        &text.as_bytes()[self.start..self.end]
    }
}

/// The line, from 1, that a byte offset of a text lies in.
#[must_use]
pub fn line_of(text: &str, offset: usize) -> u64 {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..offset.min(text.len())]).count() as u64
}

/// Where the lines of a text begin, for many offsets of one text.
#[derive(Debug)]
pub struct LineStarts(Vec<usize>);

impl LineStarts {
    /// Finds the lines of a text.
    #[must_use]
    pub fn of(text: impl AsRef<[u8]>) -> Self {
        Self(memchr::memchr_iter(b'\n', text.as_ref()).map(|at| at + 1).collect())
    }

    /// The number of lines; an empty text has one.
    #[must_use]
    pub fn n_lines(&self) -> u64 {
        1 + self.0.len() as u64
    }

    /// Where a line, from 1, begins; 0 for the first and for line 0.
    #[must_use]
    pub fn start_of(&self, line: u64) -> usize {
        usize::try_from(line).ok().and_then(|line| line.checked_sub(2)).and_then(|at| self.0.get(at)).copied().unwrap_or(0)
    }

    /// The line, from 1, that a byte offset lies in.
    #[must_use]
    pub fn line_of(&self, offset: usize) -> u64 {
        1 + self.0.partition_point(|&start| start <= offset) as u64
    }
}
