//! Marks on numbers, taken back all at once.

/// Which numbers were met since the last start. A mark is the number of the round among the last 255, so that nothing is wiped between two.
#[derive(Debug, Default)]
pub(super) struct Marks {
    round: u8,
    marks: Vec<u8>,
}

impl Marks {
    /// Takes all marks back; numbers below `n` may be marked.
    pub(super) fn start(&mut self, n: usize) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.marks.fill(0);
            self.round = 1;
        }
        if self.marks.len() < n {
            self.marks.resize(n, 0);
        }
    }

    /// Marks a number; says whether it bore no mark before.
    pub(super) fn mark(&mut self, number: usize) -> bool {
        std::mem::replace(&mut self.marks[number], self.round) != self.round
    }

    /// Whether a number bears a mark.
    pub(super) fn has(&self, number: usize) -> bool {
        self.marks.get(number) == Some(&self.round)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_gone_after_a_start_however_many_there_were() {
        let mut marks = Marks::default();
        for round in 0..600 {
            marks.start(2);
            assert!(!marks.has(0) && !marks.has(1) && !marks.has(7), "{round}");
            assert!(marks.mark(round % 2) && !marks.mark(round % 2) && marks.has(round % 2));
        }
    }
}
