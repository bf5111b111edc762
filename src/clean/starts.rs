//! What a line may begin with: most lines are told apart by their first two bytes.

/// Some beginnings.
pub(super) struct Starts {
    list: &'static [&'static str],
    /// Whether some beginning has that first byte.
    first: [bool; 256],
    /// Whether some beginning has that second byte, or none.
    second: [bool; 256],
}

impl Starts {
    /// Beginnings, none of them empty.
    pub(super) const fn new(list: &'static [&'static str]) -> Self {
        let (mut first, mut second) = ([false; 256], [false; 256]);
        let mut at = 0;
        while at < list.len() {
            let start = list[at].as_bytes();
            first[start[0] as usize] = true;
            if start.len() > 1 {
                second[start[1] as usize] = true;
            } else {
                second = [true; 256];
            }
            at += 1;
        }
        Self { list, first, second }
    }

    /// Whether a text begins with one of them.
    #[inline]
    pub(super) fn begin(&self, text: &str) -> bool {
        let may_begin = match *text.as_bytes() {
            [first, second, ..] => self.first[usize::from(first)] && self.second[usize::from(second)],
            [first] => self.first[usize::from(first)],
            [] => false,
        };
        may_begin && self.list.iter().any(|start| text.starts_with(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_begins_with_a_whole_beginning() {
        static STARTS: Starts = Starts::new(&["#!", "für "]);
        static SHORT: Starts = Starts::new(&["}", "ab"]);
        assert!(STARTS.begin("#!/bin/sh") && STARTS.begin("für alle"));
        assert!(SHORT.begin("}") && SHORT.begin("}z") && SHORT.begin("abc") && !SHORT.begin("a") && !SHORT.begin("az"));
        assert!(!STARTS.begin("# no") && !STARTS.begin("") && !STARTS.begin("fürs"));
    }
}
