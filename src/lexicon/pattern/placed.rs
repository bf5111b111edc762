//! Programs as they lie among all others: in lists that the build writes down.

use serde::{Deserialize, Serialize};

use super::Class;
use super::compile::Held;
use super::run::index;
use crate::frozen::{Fixed, Frozen};
use crate::word::{Stem, Word};

/// Programs by the id of what they hang on.
#[derive(Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Hung {
    /// By id, where its programs begin, with one more at the end.
    starts: Frozen<u32>,
    /// Each with what a segment must hold some of besides; that is asked first, for most programs fail there.
    programs: Frozen<(u32, Held)>,
}

impl FromIterator<(u32, (u32, Held))> for Hung {
    /// From ids, in order, and programs.
    fn from_iter<I: IntoIterator<Item = (u32, (u32, Held))>>(pairs: I) -> Self {
        let mut hung = Self::default();
        for (id, program) in pairs {
            let begun = hung.starts.len()..=id as usize;
            hung.starts.extend(begun.map(|_| index(hung.programs.len())));
            hung.programs.push(program);
        }
        hung.starts.push(index(hung.programs.len()));
        hung
    }
}

impl Hung {
    /// The programs that hang on this and may match a segment that holds such parts.
    #[inline]
    pub(super) fn of(&self, id: u32, held: Held) -> impl Iterator<Item = u32> + '_ {
        let at = id as usize;
        let range = self.starts.get(at + 1).map_or(0..0, |end| self.starts.at(at) as usize..end as usize);
        self.programs.range(range).filter(move |(_, besides)| besides.shares(held)).map(|(program, _)| program)
    }
}

/// A program whose states and edges lie among those of all others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) first_state: u32,
    pub(super) accept: u8,
    pub(super) at_start: bool,
    pub(super) at_end: bool,
    /// How many lists it needs a part of, and where among those of all programs they begin.
    pub(super) n_needs: u8,
    pub(super) first_need: u32,
}

impl Fixed for Placed {
    const N_BYTES: usize = <((u32, u8), (u8, u8, u32))>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        let ends = u8::from(self.at_start) | u8::from(self.at_end) << 1;
        ((self.first_state, self.accept), (ends, self.n_needs, self.first_need)).put(bytes);
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        let ((first_state, accept), (ends, n_needs, first_need)) = <((u32, u8), (u8, u8, u32))>::take(bytes);
        Self { first_state, accept, at_start: ends & 1 != 0, at_end: ends & 2 != 0, n_needs, first_need }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// The state itself and all that are reached without a token, counted within the program.
    pub(super) closure: u64,
    pub(super) first_edge: u32,
}

impl Fixed for State {
    const N_BYTES: usize = <(u64, u32)>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        (self.closure, self.first_edge).put(bytes);
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        let (closure, first_edge) = <(u64, u32)>::take(bytes);
        Self { closure, first_edge }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct PlacedEdge {
    pub(super) waits_for: WaitsFor,
    pub(super) to: u8,
    pub(super) is_loose: bool,
    pub(super) is_core: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum WaitsFor {
    Word(Word),
    /// One of so many words of the list, from there on.
    Words(u32, u16),
    Stem(Stem),
    Class(Class),
    Team,
    Any,
}

impl Fixed for PlacedEdge {
    const N_BYTES: usize = <((u8, u32, u16), (u8, u8))>::N_BYTES;

    fn put(self, bytes: &mut Vec<u8>) {
        let (kind, id, n): (u8, u32, u16) = match self.waits_for {
            WaitsFor::Word(Word(id)) => (0, id, 0),
            WaitsFor::Words(start, n) => (1, start, n),
            WaitsFor::Stem(Stem(id)) => (2, id, 0),
            WaitsFor::Class(Class(id)) => (3, 0, id),
            WaitsFor::Team => (4, 0, 0),
            WaitsFor::Any => (5, 0, 0),
        };
        let ways = u8::from(self.is_loose) | u8::from(self.is_core) << 1;
        ((kind, id, n), (self.to, ways)).put(bytes);
    }

    #[inline]
    fn take(bytes: &[u8]) -> Self {
        let ((kind, id, n), (to, ways)) = <((u8, u32, u16), (u8, u8))>::take(bytes);
        let waits_for = match kind {
            0 => WaitsFor::Word(Word(id)),
            1 => WaitsFor::Words(id, n),
            2 => WaitsFor::Stem(Stem(id)),
            3 => WaitsFor::Class(Class(n)),
            4 => WaitsFor::Team,
            _ => WaitsFor::Any,
        };
        Self { waits_for, to, is_loose: ways & 1 != 0, is_core: ways & 2 != 0 }
    }
}
