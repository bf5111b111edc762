//! A table of folded words: all letters in one string, and places in it found by a hash that is the same on every machine.

use serde::{Deserialize, Serialize};

use super::key::Key;
use super::{Stem, Word};

/// Folded words with their ids.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Forms {
    /// All of them, one behind the other.
    text: String,
    list: Vec<Form>,
    /// One for each of the list.
    #[serde(skip)]
    entries: Vec<Entry>,
    /// A power of two of places, at most half of them taken, found by the hash and searched onwards (open addressing). They are kept apart
    /// from what they lead to, so that a word that is not there is told by a table that stays near.
    #[serde(skip)]
    slots: Vec<Slot>,
    /// How far a hash is shifted to become a place.
    #[serde(skip)]
    shift: u32,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Form {
    /// In bytes.
    length: u32,
    id: Word,
    /// The longest stem that it begins with.
    stem: Stem,
}

/// What a place leads to.
#[derive(Debug, Clone, Copy)]
struct Entry {
    key: Key,
    start: u32,
    id: Word,
    stem: Stem,
}

/// A place of the table: an entry's number from 1 in the low bits, some bits of its hash in the others; 0 where it is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot(u32);

impl Slot {
    const FREE: Self = Self(0);

    /// Bits of an entry's number: more entries than the longest lists of words have.
    const NUMBER_BITS: u32 = 24;

    #[expect(clippy::cast_possible_truncation, reason = "the low bits of the hash are wanted")]
    const fn new(number: u32, hash: u64) -> Self {
        Self(number | (hash as u32) << Self::NUMBER_BITS)
    }

    const fn number(self) -> u32 {
        self.0 & ((1 << Self::NUMBER_BITS) - 1)
    }

    /// Whether it may lead to an entry of this hash.
    const fn may_be(self, hash: u64) -> bool {
        (self.0 ^ Self::new(0, hash).0) >> Self::NUMBER_BITS == 0
    }
}

/// Fewest places of a table that holds something.
const MIN_SLOTS: usize = 64;

impl Forms {
    /// The ids of a folded word and of the longest stem that it begins with.
    pub(super) fn get(&self, folded: &[u8]) -> Option<(Word, Stem)> {
        let key = Key::of(folded);
        self.find(key, |start| key.is_whole() || self.text.as_bytes()[start..][..folded.len()] == *folded)
    }

    /// The same for a word that its key holds all of.
    #[inline]
    pub(super) fn get_whole(&self, key: Key) -> Option<(Word, Stem)> {
        self.find(key, |_| true)
    }

    #[inline]
    fn find(&self, key: Key, is_rest_equal: impl Fn(usize) -> bool) -> Option<(Word, Stem)> {
        let hash = key.hash();
        let mut at = self.place(hash);
        loop {
            let slot = *self.slots.get(at)?;
            if slot == Slot::FREE {
                return None;
            }
            if slot.may_be(hash) {
                let entry = &self.entries[slot.number() as usize - 1];
                if entry.key == key && is_rest_equal(entry.start as usize) {
                    return Some((entry.id, entry.stem));
                }
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the shift leaves fewer bits than any machine has")]
    const fn place(&self, hash: u64) -> usize {
        (hash >> self.shift) as usize
    }

    /// Adds a folded word unless it is there.
    pub(super) fn add(&mut self, folded: &str, id: Word, stem: Stem) {
        if self.get(folded.as_bytes()).is_some() {
            return;
        }
        let start = number(self.text.len());
        self.text.push_str(folded);
        self.list.push(Form { length: number(folded.len()), id, stem });
        if self.list.len() * 2 > self.slots.len() {
            self.thaw();
        } else {
            self.put(Entry { key: Key::of(folded.as_bytes()), start, id, stem });
        }
    }

    /// Finds every word its place.
    pub(super) fn thaw(&mut self) {
        let n_slots = (self.list.len() * 2).next_power_of_two().max(MIN_SLOTS);
        self.shift = u64::BITS - n_slots.trailing_zeros();
        self.slots = vec![Slot::FREE; n_slots];
        self.entries = Vec::with_capacity(self.list.len());
        let mut start = 0;
        for at in 0..self.list.len() {
            let Form { length, id, stem } = self.list[at];
            let end = start + length as usize;
            self.put(Entry { key: Key::of(&self.text.as_bytes()[start..end]), start: number(start), id, stem });
            start = end;
        }
    }

    /// Asks anew for every word's stem.
    pub(super) fn set_stems(&mut self, stem_of: impl Fn(&[u8]) -> Stem) {
        let mut start = 0;
        for form in &mut self.list {
            let end = start + form.length as usize;
            form.stem = stem_of(&self.text.as_bytes()[start..end]);
            start = end;
        }
        self.thaw();
    }

    fn put(&mut self, entry: Entry) {
        let hash = entry.key.hash();
        let mut at = self.place(hash);
        while self.slots[at] != Slot::FREE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.entries.push(entry);
        self.slots[at] = Slot::new(number(self.entries.len()), hash);
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
