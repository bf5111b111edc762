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
    /// A power of two of places, at most half of them taken, found by the hash and searched onwards (open addressing).
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

/// A place of the table; free where the id is [`Word::UNKNOWN`].
#[derive(Debug, Clone, Copy)]
struct Slot {
    key: Key,
    start: u32,
    id: Word,
    stem: Stem,
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
    pub(super) fn get_whole(&self, key: Key) -> Option<(Word, Stem)> {
        self.find(key, |_| true)
    }

    fn find(&self, key: Key, is_rest_equal: impl Fn(usize) -> bool) -> Option<(Word, Stem)> {
        if self.slots.is_empty() {
            return None;
        }
        let mut at = self.place(key);
        loop {
            let slot = &self.slots[at];
            if slot.id == Word::UNKNOWN {
                return None;
            }
            if slot.key == key && is_rest_equal(slot.start as usize) {
                return Some((slot.id, slot.stem));
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the shift leaves fewer bits than any machine has")]
    fn place(&self, key: Key) -> usize {
        (key.hash() >> self.shift) as usize
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
            self.put(Slot { key: Key::of(folded.as_bytes()), start, id, stem });
        }
    }

    /// Finds every word its place.
    pub(super) fn thaw(&mut self) {
        // Room for as many again.
        let n_slots = (self.list.len() * 4).next_power_of_two().max(MIN_SLOTS);
        self.shift = u64::BITS - n_slots.trailing_zeros();
        self.slots = vec![Slot { key: Key::of(b""), start: 0, id: Word::UNKNOWN, stem: Stem::NONE }; n_slots];
        let mut start = 0;
        for at in 0..self.list.len() {
            let Form { length, id, stem } = self.list[at];
            let end = start + length as usize;
            self.put(Slot { key: Key::of(&self.text.as_bytes()[start..end]), start: number(start), id, stem });
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

    fn put(&mut self, slot: Slot) {
        let mut at = self.place(slot.key);
        while self.slots[at].id != Word::UNKNOWN {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = slot;
    }
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
