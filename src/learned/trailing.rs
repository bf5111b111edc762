//! Lines below mails: an author's signature without a mark, and footers of lists and companies.

use rustc_hash::FxHashSet;

use super::lowest::Lowest;
use super::{Author, Learned, by_author};
use crate::clean::{TrailingCut, TrailingLine};

/// A line is an author's signature if it stands below so many of the author's mails, and below at least one in so many.
const AUTHORS_MAILS: usize = 4;
const ONE_IN: usize = 6;

/// A line is a footer if it stands below mails of so many authors, below so many mails, and below half of what those authors wrote.
const FOOTER_AUTHORS: usize = 5;
const FOOTER_MAILS: usize = 10;

/// Shared lines must hold so many letters together: "All the best" is shared too.
const FOOTER_LETTERS: usize = 40;

/// Mails of an author whose last lines are kept: as many as tell what stands below one in six of them, however many there are.
const KEPT_MAILS: usize = 240;

/// The bits of a packed line that hold the author's index.
const AUTHOR_BITS: u64 = (1 << 24) - 1;

/// The different last lines of some of an author's mails.
#[derive(Debug, Default)]
pub(super) struct Below(Lowest<Box<[u64]>, KEPT_MAILS>);

impl Below {
    pub(super) fn add(&mut self, lot: u64, mut lines: Vec<u64>) {
        lines.sort_unstable();
        lines.dedup();
        self.0.add(lot, lines.into());
    }
}

/// The footers, and the signatures with their authors.
pub(super) fn learn(authors: &[Author]) -> (FxHashSet<u64>, FxHashSet<u64>) {
    let (mut footers, mut signatures) = (FxHashSet::default(), FxHashSet::default());
    // A line's hash above and its author's index below; an author beyond the sixteen millionth goes without.
    let mut lines = Vec::new();
    for (author, index) in authors.iter().zip(0..=AUTHOR_BITS) {
        lines.extend(author.below.0.values().flatten().map(|line| line & !AUTHOR_BITS | index));
    }
    lines.sort_unstable();
    for same in lines.chunk_by(|a, b| a & !AUTHOR_BITS == b & !AUTHOR_BITS) {
        if same.len() < AUTHORS_MAILS {
            continue;
        }
        let line = same[0] & !AUTHOR_BITS;
        let (mut n_authors, mut n_mails) = (0, 0);
        for by_one in same.chunk_by(|a, b| a == b) {
            let Some(author) = usize::try_from(by_one[0] & AUTHOR_BITS).ok().and_then(|index| authors.get(index)) else { continue };
            let n_of_author = author.below.0.len();
            n_authors += 1;
            n_mails += n_of_author;
            if by_one.len() >= AUTHORS_MAILS && by_one.len() * ONE_IN >= n_of_author {
                signatures.insert(by_author(author.id, line));
            }
        }
        if n_authors >= FOOTER_AUTHORS && same.len() >= FOOTER_MAILS && same.len() * 2 >= n_mails {
            footers.insert(line);
        }
    }
    (footers, signatures)
}

/// Whether a mail's last line is a footer's or a signature's: where it is not, none of the lines above goes either.
pub(super) fn is_known(learned: &Learned, author: u64, hash: u64) -> bool {
    is_footer(learned, hash) || is_signature(learned, author, hash)
}

fn is_footer(learned: &Learned, hash: u64) -> bool {
    !learned.footers.is_empty() && learned.footers.contains(&(hash & !AUTHOR_BITS))
}

fn is_signature(learned: &Learned, author: u64, hash: u64) -> bool {
    !learned.signatures.is_empty() && learned.signatures.contains(&by_author(author, hash & !AUTHOR_BITS))
}

/// How many of a mail's last lines, the last one first, are known.
pub(super) fn known(learned: &Learned, author: u64, lines: &[TrailingLine]) -> TrailingCut {
    let shared = lines.iter().take_while(|line| is_footer(learned, line.hash)).count();
    let letters: usize = lines[..shared].iter().map(|line| line.letters).sum();
    let footer = if letters >= FOOTER_LETTERS { shared } else { 0 };
    let repeated = lines[footer..].iter().take_while(|line| is_signature(learned, author, line.hash)).count();
    // What closes a block of code is repeated too, and no signature.
    let has_letters = lines[footer..footer + repeated].iter().any(|line| line.letters > 0);
    TrailingCut { footer, signature: if has_letters { repeated } else { 0 } }
}
