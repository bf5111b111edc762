//! What a line may begin with: most lines are told apart by their first byte.

/// Some beginnings.
pub(super) struct Starts {
    list: &'static [&'static str],
    /// Whether some beginning has that first byte.
    first: [bool; 256],
}

impl Starts {
    /// Beginnings, none of them empty.
    pub(super) const fn new(list: &'static [&'static str]) -> Self {
        let mut first = [false; 256];
        let mut at = 0;
        while at < list.len() {
            first[list[at].as_bytes()[0] as usize] = true;
            at += 1;
        }
        Self { list, first }
    }

    /// Whether a text begins with one of them.
    pub(super) fn begin(&self, text: &str) -> bool {
        text.as_bytes().first().is_some_and(|&byte| self.first[usize::from(byte)]) && self.list.iter().any(|start| text.starts_with(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_a_whole_beginning() {
        static STARTS: Starts = Starts::new(&["#!", "für "]);
        assert!(STARTS.begin("#!/bin/sh") && STARTS.begin("für alle"));
        assert!(!STARTS.begin("# no") && !STARTS.begin("") && !STARTS.begin("fürs"));
    }
}
