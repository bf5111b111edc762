//! Mailboxes: mails one after another, each below a line `From <sender> <date>`.

use std::borrow::Cow;
use std::io::{ErrorKind, Read};
use std::sync::LazyLock;

use jiff::Timestamp;
use memchr::memmem::{self, Finder};

use super::mail::{self, Folder, MAX_MAIL_BYTES};
use super::{Batch, Batches, PIECE_BYTES, Reader, cause};
use crate::fault::{Fault, Place, Position};
use crate::message::Message;

/// Bytes kept when a mail that is too large is passed over, so that a separator on the border of two readings is seen.
const OVERLAP_BYTES: usize = 4096;
const MAX_HEADER_LINES: usize = 1000;
const BOM: &[u8] = "\u{feff}".as_bytes();

/// Whether the first bytes of a file begin a mailbox: a separator line, not only the word "From".
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(BOM).unwrap_or(head);
    separator(head, 0).is_some()
}

/// Opens a mailbox: pieces of about 256 KiB, cut between mails. Where reading breaks off, what stands before is kept.
#[must_use]
pub fn open(file: Box<dyn Read + Send>, at: Place, folder: Folder) -> Batches {
    Box::new(Windows { file, at, folder, buffer: Vec::new(), offset: 0, n_records: 0, searched: 0, state: State::Reading, failed: None })
}

/// Reads every mail of a piece, in order.
pub fn each_message(bytes: &[u8], at: &Place, records_before: u64, folder: &Folder, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    for (record, piece) in (records_before + 1..).zip(split(bytes)) {
        let at = at.at(Position::Record(record));
        let (mail, envelope_date) = match separator(piece, 0) {
            Some((len, date)) => (&piece[len..], Some(date)),
            None => (piece, None),
        };
        // The blank line above a separator belongs to it and not to the mail, which is the same in a file of its own.
        let end = if mail.ends_with(b"\n\n") { 1 } else { 2 * usize::from(mail.ends_with(b"\n\r\n")) };
        mail::each(&unescape(&mail[..mail.len() - end]), &at, folder, envelope_date, sink);
    }
}

/// The mails of a piece, separator lines included. Text above the first separator is a piece of its own, so that it cannot vanish.
pub fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let start = from?;
        from = next_start(bytes, start);
        Some(&bytes[start..from.unwrap_or(bytes.len())])
    })
    .filter(|piece| !piece.trim_ascii().is_empty())
}

/// Where the mail after the one at `start` begins; none if that one is the last.
fn next_start(bytes: &[u8], start: usize) -> Option<usize> {
    match counted_end(bytes, start) {
        Counted::At(end) => Some(end).filter(|&end| end < bytes.len()),
        Counted::Beyond | Counted::Nowhere => separators_below(bytes, start).next(),
    }
}

/// Where a mail ends by its own `Content-Length`.
enum Counted {
    At(usize),
    /// Where no byte is known yet.
    Beyond,
    /// It gives no length, or one that cannot be trusted: no mail begins there.
    Nowhere,
}

/// In mailboxes that count (mboxcl2), lines of a text that look like separators are not escaped.
fn counted_end(bytes: &[u8], start: usize) -> Counted {
    let Some((body, length)) = content_length(bytes, start) else { return Counted::Nowhere };
    let end = body + length;
    if end > bytes.len() {
        return Counted::Beyond;
    }
    if bytes[end..].trim_ascii().is_empty() {
        return Counted::At(bytes.len());
    }
    let mut next = end;
    // The line end that closes a text, and the blank line, are counted by some and not by others.
    for _ in 0..2 {
        let rest = &bytes[next..];
        next += if rest.starts_with(b"\r\n") { 2 } else { usize::from(rest.starts_with(b"\n")) };
    }
    let is_start = bytes[..next].ends_with(b"\n") && separator(bytes, next).is_some();
    if is_start { Counted::At(next) } else { Counted::Nowhere }
}

/// Where the body of the mail begins whose separator stands at `start`, and the length that its header gives it.
fn content_length(bytes: &[u8], start: usize) -> Option<(usize, usize)> {
    const NAME: &[u8] = b"content-length:";
    let mut at = start + separator_line(bytes, start)?.len();
    let mut length = None;
    for _ in 0..MAX_HEADER_LINES {
        let end = at + memchr::memchr(b'\n', &bytes[at..])? + 1;
        let line = bytes[at..end].trim_ascii_end();
        at = end;
        if line.is_empty() {
            // Few mails are counted, so that only of these the separator is looked at more closely.
            let length = length.filter(|&length| length <= MAX_MAIL_BYTES)?;
            return separator(bytes, start).map(|_| (at, length));
        }
        if length.is_none() && line.len() > NAME.len() && line[..NAME.len()].eq_ignore_ascii_case(NAME) {
            length = std::str::from_utf8(line[NAME.len()..].trim_ascii()).ok().and_then(|number| number.parse().ok());
        }
    }
    None
}

/// Where separator lines begin below the line at `start`, in order.
fn separators_below(bytes: &[u8], start: usize) -> impl Iterator<Item = usize> {
    static LINE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\nFrom "));
    let found = LINE.find_iter(&bytes[start..]).map(move |at| start + at + 1);
    found.filter(|&next| is_after_blank(bytes, next) && separator(bytes, next).is_some())
}

/// Where the last mail begins of which the bytes hold the start, in a mailbox whose mails say how long they are.
fn last_counted(bytes: &[u8]) -> Option<usize> {
    let (mut start, mut last) = (0, None);
    loop {
        let end = counted_end(bytes, start);
        // At the end of what has been read a separator may stand that is not there yet.
        let is_open = match end {
            Counted::At(end) => end == bytes.len(),
            Counted::Beyond => true,
            Counted::Nowhere => false,
        };
        if is_open {
            return last;
        }
        match next_start(bytes, start).filter(|&next| memchr::memchr(b'\n', &bytes[next..]).is_some()) {
            None => return last,
            next => last = next,
        }
        start = last?;
    }
}

/// The last separator at or after `from` but not at the start.
fn last_separator(bytes: &[u8], from: usize) -> Option<usize> {
    let base = from.saturating_sub(OVERLAP_BYTES);
    let candidates = memmem::rfind_iter(&bytes[base..], b"\nFrom ").map(|at| base + at + 1);
    // A line that has not been read to its end may yet turn out to be none.
    let is_whole = |start: usize| memchr::memchr(b'\n', &bytes[start..]).is_some();
    candidates
        .filter(|&start| start > 0 && is_after_blank(bytes, start))
        .find(|&start| is_whole(start) && separator(bytes, start).is_some())
}

/// The length and the date of the separator line at a line's start.
fn separator(bytes: &[u8], start: usize) -> Option<(usize, Timestamp)> {
    let line = separator_line(bytes, start)?;
    mail::envelope(line).map(|date| (line.len(), date))
}

/// The line at a line's start, if it begins as a separator does.
fn separator_line(bytes: &[u8], start: usize) -> Option<&[u8]> {
    let rest = bytes[start..].strip_prefix(b"From ").map(|_| &bytes[start..])?;
    // No separator is as long; without a limit a file without line ends would be searched again and again.
    let head = &rest[..rest.len().min(1000)];
    Some(memchr::memchr(b'\n', head).map_or(head, |at| &head[..=at]))
}

fn is_after_blank(bytes: &[u8], start: usize) -> bool {
    let before = &bytes[..start];
    before == b"\n" || before == b"\r\n" || before.ends_with(b"\n\n") || before.ends_with(b"\n\r\n")
}

/// Takes back what keeps a line of text from being taken for a separator: one `>` before `>*From `.
fn unescape(mail: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let mut copied = 0;
    for at in memmem::find_iter(mail, b">From ") {
        let line_start = mail[..at].iter().rposition(|&byte| byte != b'>').map_or(0, |before| before + 1);
        if line_start == 0 || mail[line_start - 1] == b'\n' {
            out.extend_from_slice(&mail[copied..line_start]);
            copied = line_start + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(mail);
    }
    out.extend_from_slice(&mail[copied..]);
    Cow::Owned(out)
}

/// A mailbox being read.
struct Windows {
    file: Box<dyn Read + Send>,
    at: Place,
    folder: Folder,
    buffer: Vec<u8>,
    /// Where the buffer begins in the file.
    offset: u64,
    n_records: u64,
    /// How much of the buffer holds no separator but its first.
    searched: usize,
    state: State,
    /// Why reading broke off, to be told after what was read before.
    failed: Option<Fault>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// Inside a mail that is too large.
    PassingOver,
    AtEnd,
}

impl Iterator for Windows {
    type Item = Result<Batch, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.state {
                State::AtEnd => {
                    let rest = std::mem::take(&mut self.buffer);
                    return if rest.trim_ascii().is_empty() { self.failed.take().map(Err) } else { Some(Ok(self.batch(rest))) };
                }
                State::PassingOver => {
                    self.fill(PIECE_BYTES);
                    self.pass_over();
                }
                State::Reading => {
                    self.fill(self.searched + PIECE_BYTES);
                    if self.state == State::AtEnd {
                        continue;
                    }
                    let counts = content_length(&self.buffer, 0).is_some();
                    let cut = if counts { last_counted(&self.buffer) } else { last_separator(&self.buffer, self.searched) };
                    if let Some(cut) = cut {
                        let mut rest = Vec::with_capacity(PIECE_BYTES + self.buffer.len() - cut);
                        rest.extend_from_slice(&self.buffer[cut..]);
                        self.buffer.truncate(cut);
                        self.searched = 0;
                        let piece = std::mem::replace(&mut self.buffer, rest);
                        return Some(Ok(self.batch(piece)));
                    }
                    self.searched = self.buffer.len();
                    if self.buffer.len() > MAX_MAIL_BYTES {
                        let at = self.at.at(Position::Byte(self.offset));
                        self.state = State::PassingOver;
                        self.searched = 0;
                        self.n_records += 1;
                        self.drop_front(self.buffer.len() - OVERLAP_BYTES);
                        return Some(Err(Fault::new(at, format!("the mail is larger than {} MiB", MAX_MAIL_BYTES >> 20))));
                    }
                }
            }
        }
    }
}

impl Windows {
    /// Reads until the buffer holds so many bytes or the file ends.
    fn fill(&mut self, target: usize) {
        while self.buffer.len() < target {
            let wanted = (target - self.buffer.len()) as u64;
            match (&mut self.file).take(wanted).read_to_end(&mut self.buffer) {
                Ok(0) => return self.state = State::AtEnd,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let at = self.at.at(Position::Byte(self.offset + self.buffer.len() as u64));
                    self.failed = Some(Fault::new(at, format!("reading broke off: {}", cause(&error))));
                    return self.state = State::AtEnd;
                }
            }
        }
    }

    /// Drops what belongs to the mail that is too large, up to the next separator.
    fn pass_over(&mut self) {
        let next = separators_below(&self.buffer, 0).next();
        match (next, self.state) {
            (Some(start), _) => {
                self.drop_front(start);
                if self.state == State::PassingOver {
                    self.state = State::Reading;
                }
            }
            (None, State::AtEnd) => self.buffer.clear(),
            (None, State::PassingOver | State::Reading) => self.drop_front(self.buffer.len().saturating_sub(OVERLAP_BYTES)),
        }
    }

    fn drop_front(&mut self, n: usize) {
        self.buffer.drain(..n);
        self.offset += n as u64;
    }

    fn batch(&mut self, bytes: Vec<u8>) -> Batch {
        let records_before = self.n_records;
        self.n_records += split(&bytes).count() as u64;
        self.offset += bytes.len() as u64;
        Batch { bytes, packed: None, at: self.at.clone(), records_before, reader: Reader::Mbox(self.folder.clone()) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io;

    use super::*;
    use crate::source::packed::Broken;

    const SEPARATOR: &str = "From ann@example.com Mon Jan  2 19:20:11 2023";

    fn mail(text: &str) -> String {
        format!("{SEPARATOR}\nFrom: ann@example.com\n\n{text}\n\n")
    }

    fn pieces(file: impl Read + Send + 'static) -> Vec<Result<Batch, Fault>> {
        open(Box::new(file), Place::file("a.mbox"), Folder::default()).collect()
    }

    fn texts(bytes: &[u8]) -> Vec<String> {
        let mut texts = Vec::new();
        each_message(bytes, &Place::file("a.mbox"), 0, &Folder::default(), &mut |read| {
            texts.push(read.unwrap().text.trim_end().to_owned());
        });
        texts
    }

    #[test]
    fn sentences_that_begin_with_from_separate_nothing() {
        let mbox = mail("one\n\nFrom here on we go\n\nFrom Mon on, at 10:30") + &mail("two");
        assert_eq!(texts(mbox.as_bytes()), ["one\n\nFrom here on we go\n\nFrom Mon on, at 10:30", "two"]);
        assert_eq!(split(mail(&format!("no blank line above\n{SEPARATOR}")).as_bytes()).count(), 1);
    }

    #[test]
    fn the_length_in_a_header_is_trusted_only_where_a_mail_begins_there() {
        let counted = |length: usize, text: &str| format!("{SEPARATOR}\nFrom: a@b.c\nContent-Length: {length}\n\n{text}\n");
        let text = format!("one\n\n{SEPARATOR}\nFrom: b@b.c\n\nstill one\n");
        let mbox = counted(text.len(), &text) + &counted(4, "two\n");
        let both = [text.trim_end(), "two"];
        assert_eq!(texts(mbox.as_bytes()), both);
        assert_eq!(texts(mbox.replace('\n', "\r\n").as_bytes()).len(), 3, "the length counted other line ends");
        for wrong in [0, 5, text.len() - 3, 1 << 40] {
            assert_eq!(texts((counted(wrong, &text) + &counted(4, "two\n")).as_bytes()).len(), 3, "{wrong}");
        }
        let long = text.repeat(1000);
        let large: String = (0..90).map(|_| counted(long.len(), &long)).collect();
        let pieces: Vec<Batch> = pieces(io::Cursor::new(large.clone().into_bytes())).into_iter().map(Result::unwrap).collect();
        assert!(pieces.len() > 3);
        assert_eq!(pieces.iter().map(|piece| split(&piece.bytes).count()).sum::<usize>(), 90);
        assert_eq!(pieces.iter().flat_map(|piece| piece.bytes.clone()).collect::<Vec<u8>>(), large.as_bytes());
    }

    #[test]
    fn carriage_returns_a_missing_end_and_leading_blanks_do_not_matter() {
        let mbox = (mail("one") + &mail("two")).replace('\n', "\r\n");
        assert_eq!(texts(mbox.trim_end().as_bytes()), ["one", "two"]);
        assert_eq!(texts(format!("\n{}", mail("one")).as_bytes()), ["one"]);
        assert_eq!(split(b"").count(), 0);
    }

    #[test]
    fn one_mark_is_taken_from_escaped_lines_only() {
        assert_eq!(texts(mail(">From us\n>>From them\na >From b\n> From c").as_bytes()), ["From us\n>From them\na >From b\n> From c"]);
    }

    #[test]
    fn the_date_of_the_separator_counts_where_the_mail_has_none_and_places_count_on() {
        let mut seen = Vec::new();
        each_message(mail("one").as_bytes(), &Place::file("a.mbox"), 6, &Folder::default(), &mut |read| {
            let message = read.unwrap();
            seen.push((message.place.to_string(), message.sent_at.unwrap().to_string()));
        });
        assert_eq!(seen, [("a.mbox: record 7".to_owned(), "2023-01-02T19:20:11Z".to_owned())]);
    }

    #[test]
    fn a_mailbox_is_told_from_a_list_of_addresses() {
        assert!(looks_like(mail("x").as_bytes()));
        assert!(looks_like(format!("\u{feff}{}", mail("x")).as_bytes()));
        assert!(!looks_like(b"From: ann@example.com\n"));
        assert!(!looks_like(b"From now on we write at 10:30\n"));
    }

    #[test]
    fn large_files_are_cut_between_mails_and_nothing_is_lost() {
        let mbox: String = (0..300).map(|n| mail(&format!("{n} {}", "word ".repeat(4000)))).collect();
        let pieces: Vec<Batch> = pieces(io::Cursor::new(mbox.clone().into_bytes())).into_iter().map(Result::unwrap).collect();
        assert!(pieces.len() >= 5 && pieces.iter().all(|piece| piece.bytes.len() <= PIECE_BYTES + 21_000));
        assert_eq!(pieces.iter().flat_map(|piece| piece.bytes.clone()).collect::<Vec<u8>>(), mbox.as_bytes());
        let mut n = 0;
        for piece in &pieces {
            assert_eq!(piece.records_before, n);
            n += split(&piece.bytes).count() as u64;
        }
        assert_eq!(n, 300);
    }

    #[test]
    fn a_mail_that_is_too_large_is_told_and_passed_over() {
        let (before, after) = (mail("before"), mail("after"));
        let large = io::Cursor::new(mail("").into_bytes()).chain(io::repeat(b'x').take(MAX_MAIL_BYTES as u64 + 5_000_000));
        let file = io::Cursor::new(before.clone().into_bytes()).chain(large).chain(io::Cursor::new(format!("\n\n{after}").into_bytes()));
        let pieces = pieces(file);
        let fault = pieces.iter().find_map(|piece| piece.as_ref().err()).unwrap();
        assert_eq!(fault.to_string(), format!("a.mbox: byte {}: the mail is larger than 64 MiB", before.len()));
        let read: Vec<&Batch> = pieces.iter().filter_map(|piece| piece.as_ref().ok()).collect();
        assert_eq!(read.iter().map(|batch| batch.records_before).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(read.iter().map(|batch| batch.bytes.clone()).collect::<Vec<_>>(), [before.into_bytes(), after.into_bytes()]);
    }

    #[test]
    fn where_reading_breaks_off_what_stands_before_is_kept() {
        let broken = Broken(Some(io::Error::other("bad block")));
        let text = mail("one");
        let pieces = pieces(io::Cursor::new(text.clone().into_bytes()).chain(broken));
        assert_eq!(pieces[0].as_ref().ok().map(|batch| batch.bytes.clone()), Some(text.clone().into_bytes()));
        assert_eq!(pieces[1].as_ref().err().unwrap().to_string(), format!("a.mbox: byte {}: reading broke off: bad block", text.len()));
        assert_eq!(pieces.len(), 2);
    }
}
