//! A table of folded words: all letters in one string, and places in it found by a hash that is the same on every machine.

use serde::{Deserialize, Serialize};

use super::Word;
use crate::fingerprint;

/// Folded words with their ids.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Forms {
    /// All of them, one behind the other.
    text: String,
    list: Vec<Form>,
    /// A power of two of places, at most half of them taken, found by the hash and searched onwards (open addressing).
    #[serde(skip)]
    slots: Vec<Slot>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Form {
    /// In bytes.
    length: u32,
    id: Word,
}

/// A place of the table; free where the id is [`Word::UNKNOWN`].
#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    start: u32,
    form: Form,
}

const FREE: Slot = Slot { hash: 0, start: 0, form: Form { length: 0, id: Word::UNKNOWN } };

/// Fewest places of a table that holds something.
const MIN_SLOTS: usize = 64;

impl Forms {
    /// The id of a folded word.
    pub(super) fn get(&self, folded: &[u8]) -> Option<Word> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = hash(folded);
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = &self.slots[at];
            if slot.form.id == Word::UNKNOWN {
                return None;
            }
            if slot.hash == hash
                && slot.form.length as usize == folded.len()
                && self.text.as_bytes()[slot.start as usize..][..folded.len()] == *folded
            {
                return Some(slot.form.id);
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a folded word unless it is there.
    pub(super) fn add(&mut self, folded: &str, id: Word) {
        if self.get(folded.as_bytes()).is_some() {
            return;
        }
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let form = Form { length: number(folded.len()), id };
        let start = number(self.text.len());
        self.text.push_str(folded);
        self.list.push(form);
        if self.list.len() * 2 > self.slots.len() {
            self.thaw();
        } else {
            self.put(Slot { hash: hash(folded.as_bytes()), start, form });
        }
    }

    /// Finds every word its place.
    pub(super) fn thaw(&mut self) {
        // Room for as many again.
        self.slots = vec![FREE; (self.list.len() * 4).next_power_of_two().max(MIN_SLOTS)];
        let mut start = 0;
        for at in 0..self.list.len() {
            let form = self.list[at];
            let end = start + form.length as usize;
            let hash = hash(&self.text.as_bytes()[start..end]);
            self.put(Slot { hash, start: u32::try_from(start).unwrap_or(u32::MAX), form });
            start = end;
        }
    }

    fn put(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.hash as usize & mask;
        while self.slots[at].form.id != Word::UNKNOWN {
            at = (at + 1) & mask;
        }
        self.slots[at] = slot;
    }
}

fn hash(folded: &[u8]) -> u32 {
    (fingerprint::quick(folded) >> 32) as u32
}
