//! Messages that lie in memory, as tables of engines hold them: nothing is copied, and they may be read as often as is wanted.

use std::ops::Range;
use std::sync::Arc;

use super::{Batch, Batches, PIECE_BYTES, Reader, Source};
use crate::fault::{Fault, Place};
use crate::message::Message;

/// Messages by their number, in the order in which they count.
pub trait Messages: Send + Sync {
    /// How many there are.
    fn n_messages(&self) -> usize;

    /// Size of one of them, about.
    fn n_bytes(&self, number: usize) -> usize;

    /// One of them, or why it cannot be read; on any thread.
    ///
    /// # Errors
    /// What is wrong with it and where.
    fn message(&self, number: usize) -> Result<Message<'_>, Fault>;
}

/// Some of them, one after the other.
#[derive(Clone)]
pub struct Stretch {
    messages: Arc<dyn Messages>,
    numbers: Range<usize>,
    n_bytes: usize,
}

impl Stretch {
    pub(super) const fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    pub(super) fn each_message(&self, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
        self.numbers.clone().for_each(|number| sink(self.messages.message(number)));
    }
}

/// Messages as a source of their own, from which is learned what shows only over several of them.
#[must_use]
pub fn source(label: &str, messages: Arc<dyn Messages>) -> Source {
    let at = Place::file(label);
    let open = move || pieces(Arc::clone(&messages), at.clone());
    Source { label: label.into(), batches: open(), again: Some(Box::new(move || Ok(open()))) }
}

fn pieces(messages: Arc<dyn Messages>, at: Place) -> Batches {
    let mut next = 0;
    Box::new(std::iter::from_fn(move || {
        let start = next;
        let mut n_bytes = 0;
        while next < messages.n_messages() && n_bytes < PIECE_BYTES {
            n_bytes += messages.n_bytes(next);
            next += 1;
        }
        let stretch = Stretch { messages: Arc::clone(&messages), numbers: start..next, n_bytes };
        let reader = Reader::Memory(stretch);
        (start < next).then(|| Ok(Batch { bytes: Vec::new(), packed: None, at: at.clone(), records_before: start as u64, reader }))
    }))
}
