//! What the first reading of a source found of each message by itself, in few bytes, so that the second need not look for it again.

use crate::clean::{self, OwnWords, Piece, TrailingCut, TrailingLine, Writer};
use crate::fingerprint;
use crate::message::{Kind, Message, Reason};
use crate::span::Span;

/// What a message says by itself, whatever its author otherwise writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its own words.
    pub(super) own: OwnWords,
    /// Whether it was written by or for a program.
    pub(super) is_automatic: bool,
    /// Hash of the last own line of a mail, if another stands above it.
    pub(super) last_line: Option<u64>,
}

impl Finding {
    /// What is found of a message, and the hashes of its last own lines, the last one first.
    pub(super) fn of(message: &Message<'_>) -> (Self, Vec<u64>) {
        let mut lines = Vec::new();
        let own = clean::own_words_above(&message.text, message.markup, Writer::of(&message.author), &mut |last: &[TrailingLine]| {
            lines.extend(last.iter().map(|line| line.hash));
            TrailingCut::default()
        });
        let is_automatic = clean::is_automatic(&message.text, message.markup, &own);
        (Self { own, is_automatic, last_line: lines.first().copied() }, lines)
    }
}

/// The findings of one piece of a source, message by message.
#[derive(Debug, Default)]
pub struct Findings(Vec<u8>);

const IS_AUTOMATIC: u8 = 1;
const HAS_LAST_LINE: u8 = 2;
const JOINS: usize = 1;

impl Findings {
    /// Adds what was found of the next message; nothing for one that no person wrote.
    pub(super) fn add(&mut self, text: &str, finding: Option<&Finding>) {
        let Some(Finding { own, is_automatic, last_line }) = finding else {
            self.0.push(0);
            return;
        };
        let mut record = Vec::new();
        record.extend(fingerprint::quick(text.as_bytes()).to_le_bytes());
        record.push(if *is_automatic { IS_AUTOMATIC } else { 0 } | if last_line.is_some() { HAS_LAST_LINE } else { 0 });
        record.extend(last_line.iter().flat_map(|line| line.to_le_bytes()));
        put(&mut record, own.pieces.len());
        let mut from = 0;
        for Piece { span, joins } in &own.pieces {
            put(&mut record, (span.start - from) << 1 | if *joins { JOINS } else { 0 });
            put(&mut record, span.len());
            from = span.end;
        }
        from = 0;
        for (span, reason) in &own.removed {
            put(&mut record, span.start - from);
            put(&mut record, span.len());
            record.push(*reason as u8);
            from = span.end;
        }
        put(&mut self.0, record.len());
        self.0.append(&mut record);
    }

    /// Bytes that they take.
    #[must_use]
    pub const fn n_bytes(&self) -> usize {
        self.0.len()
    }

    /// Asks for them in order.
    #[must_use]
    pub fn recall(&self) -> Recall<'_> {
        Recall(&self.0)
    }
}

/// Findings that have not been asked for yet.
#[derive(Debug, Clone, Default)]
pub struct Recall<'a>(&'a [u8]);

impl Recall<'_> {
    /// What was found of the next message; nothing where its text is another now.
    pub fn next(&mut self, text: &str) -> Option<Finding> {
        let length = take(&mut self.0)?;
        let (mut record, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        let record = &mut record;
        if u64::from_le_bytes(*record.split_off(..8)?.first_chunk()?) != fingerprint::quick(text.as_bytes()) {
            return None;
        }
        let flags = *record.split_off_first()?;
        let last_line = match flags & HAS_LAST_LINE {
            0 => None,
            _ => Some(u64::from_le_bytes(*record.split_off(..8)?.first_chunk()?)),
        };
        let mut own = OwnWords::default();
        let mut from = 0;
        for _ in 0..take(record)? {
            let start = take(record)?;
            let span = next_span(&mut from, start >> 1, take(record)?, text)?;
            own.pieces.push(Piece { span, joins: start & JOINS != 0 });
        }
        from = 0;
        while !record.is_empty() {
            let span = next_span(&mut from, take(record)?, take(record)?, text)?;
            own.removed.push((span, *Reason::ALL.get(usize::from(*record.split_off_first()?))?));
        }
        Some(Finding { own, is_automatic: flags & IS_AUTOMATIC != 0, last_line })
    }
}

fn next_span(from: &mut usize, gap: usize, length: usize, text: &str) -> Option<Span> {
    let start = from.checked_add(gap)?;
    let end = start.checked_add(length)?;
    text.get(start..end)?;
    *from = end;
    Some(Span::new(start, end))
}

/// Writes a number in as many bytes as it needs, seven bits each, the low ones first.
fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(low_seven(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_seven(number));
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits are left")]
const fn low_seven(number: usize) -> u8 {
    (number & 0x7f) as u8
}

fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for shift in (0..usize::BITS).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Whether a person seems to have written a message, so that there is something to be found in it.
pub(super) fn is_persons(message: &Message<'_>) -> bool {
    message.kind == Kind::Person && message.author.key().is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::learned::tests::message;
    use crate::message::Markup;

    #[test]
    fn what_was_found_is_found_again_and_nothing_where_the_text_changed() {
        let texts = [
            "Hi all,\n\nsee https://x.example/a for it.\n\n> old\n> words\n\nnew words\nBest,\nAnn\n-- \nAnn Lee\n",
            "",
            "Öl für die Mühle\nund mehr davon",
            "This is an automatically generated message",
        ];
        let mut findings = Findings::default();
        let found: Vec<_> = texts.iter().map(|text| Finding::of(&message("ann@x", 1, Markup::Mail, text)).0).collect();
        for (text, finding) in texts.iter().zip(&found) {
            findings.add(text, Some(finding));
            findings.add(text, None);
        }
        let (mut recall, mut changed) = (findings.recall(), findings.recall());
        for (text, finding) in texts.iter().zip(found) {
            assert_eq!(recall.next(text), Some(finding));
            assert_eq!(recall.next(text), None);
            assert_eq!(changed.next(&format!("{text}.")), None);
            assert_eq!(changed.next(text), None);
        }
        assert_eq!(recall.next(texts[0]), None);
    }

    proptest! {
        #[test]
        fn damaged_findings_are_none_or_lie_in_the_text(bytes in proptest::collection::vec(any::<u8>(), 0..40), text in "\\PC{0,30}") {
            let mut record = fingerprint::quick(text.as_bytes()).to_le_bytes().to_vec();
            record.extend(bytes);
            let mut findings = Findings::default();
            put(&mut findings.0, record.len());
            findings.0.append(&mut record);
            if let Some(Finding { own, .. }) = findings.recall().next(&text) {
                own.pieces.iter().for_each(|piece| assert!(text.get(piece.span.start..piece.span.end).is_some()));
            }
        }

        #[test]
        fn numbers_come_back(number in any::<usize>()) {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            prop_assert_eq!(take(&mut &*bytes), Some(number));
        }
    }
}
