//! Names, addresses and numbers in a sentence → words in brackets. Names are those of authors and roster, and capitalised words that are
//! never written small; what is masked too much does less harm than what is masked too little.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::scan::sentences::Line;
use crate::span::Span;

/// What stands for a name.
const NAME: &str = "[name]";
/// What stands for a number that could be called or looked up.
const NUMBER: &str = "[number]";

/// Digits from which a number may be that of a telephone, a customer or an account.
const LONG_NUMBER: usize = 7;

/// Signs that stand inside such a number.
const IN_NUMBER: [char; 7] = [' ', '-', '.', '/', '(', ')', '+'];

/// A display name of more parts is that of an office or a list, whose words are anybody's.
const MAX_PARTS: usize = 4;

/// Capitalised words that are nobody's name.
const CALENDAR: [&str; 18] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What tells names from words, gathered over all that was read.
#[derive(Debug, Default)]
pub(super) struct Names {
    people: FxHashSet<String>,
    of_groups: FxHashSet<String>,
    writings: FxHashMap<String, Writings>,
}

/// How often a word is written how.
#[derive(Debug, Default)]
struct Writings {
    small: u64,
    capitalised: u64,
    /// Of those, behind a sentence's first word.
    capitalised_inside: u64,
}

impl Names {
    /// Notes the name of an author or of somebody in the roster.
    pub(super) fn add_person(&mut self, name: &str) {
        let parts = name.split(|c: char| !(c.is_alphabetic() || c == '\'' || c == '’')).filter(|part| part.chars().count() > 1);
        if parts.clone().count() <= MAX_PARTS {
            self.people.extend(parts.map(str::to_lowercase));
        }
    }

    /// Notes the name of a group, whose words are masked for nobody's sake.
    pub(super) fn add_group(&mut self, name: &str) {
        self.of_groups.extend(name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase));
    }

    /// Notes how the words of a sentence are written.
    pub(super) fn add_line(&mut self, line: &Line) {
        for (at, &(span, _)) in line.words.iter().enumerate() {
            let word = bare(span.of(&line.text));
            let lower = word.to_lowercase();
            let is_small = lower == word;
            if is_small || is_capitalised(word) {
                let writings = self.writings.entry(lower).or_default();
                writings.small += u64::from(is_small);
                writings.capitalised += u64::from(!is_small);
                writings.capitalised_inside += u64::from(!is_small && at > 0);
            }
        }
    }

    fn is_ever_small(&self, lower: &str) -> bool {
        self.writings.get(lower).is_some_and(|writings| writings.small > 0)
    }

    /// The sentence with its names masked, and `stretches` of it in double brackets.
    pub(super) fn mask(&self, line: &Line, stretches: &[Span]) -> String {
        let names = self.names_in(line, stretches);
        let mut out = String::with_capacity(line.text.len() + 16);
        let mut done = 0;
        let mut stand_in_before = None;
        for (at, &(span, _)) in line.words.iter().enumerate() {
            let gap = &line.text[done..span.start];
            let word = span.of(&line.text);
            let stand_in = if names[at] { Some(NAME) } else { is_in_long_number(line, at).then_some(NUMBER) };
            let starts = stretches.iter().any(|stretch| stretch.start == span.start);
            // A first and a last name are one name, and the parts of a number one number.
            let joins = stand_in.is_some() && stand_in == stand_in_before && !starts && gap.chars().all(|c| IN_NUMBER.contains(&c));
            if !joins {
                push_plain(gap, &mut out);
                if starts {
                    push_bracketed("[[", &mut out);
                }
                match stand_in {
                    Some(stand_in) => push_bracketed(stand_in, &mut out),
                    None => out.push_str(word),
                }
            }
            if names[at] && word.len() > bare(word).len() {
                out.push_str("'s");
            }
            if stretches.iter().any(|stretch| stretch.end == span.end) {
                out.push_str("]]");
            }
            done = span.end;
            stand_in_before = stand_in;
        }
        push_plain(&line.text[done..], &mut out);
        out
    }

    /// Which words of a sentence are names or parts of one.
    fn names_in(&self, line: &Line, stretches: &[Span]) -> Vec<bool> {
        let word = |at: usize| line.words[at].0.of(&line.text);
        let is_free = |at: usize| !stretches.iter().any(|stretch| stretch.overlaps(line.words[at].0)) || !line.words[at].1;
        let mut names: Vec<bool> = (0..line.words.len()).map(|at| is_free(at) && self.is_name(line, at)).collect();
        let gap = |at: usize| &line.text[line.words[at].0.end..line.words[at + 1].0.start];
        let joins = |at: usize| matches!(gap(at), " " | ". ");
        for at in 1..names.len() {
            names[at] |= names[at - 1] && joins(at - 1) && is_initial(word(at));
        }
        // "Mark" and "Lord" are names beside one; so is an initial.
        for at in (0..names.len().saturating_sub(1)).rev() {
            let may_be = is_initial(word(at)) || !line.words[at].1 && is_written_as_name(word(at));
            let is_word = at == 0 && self.is_ever_small(&bare(word(at)).to_lowercase());
            names[at] |= names[at + 1] && joins(at) && may_be && !is_word;
        }
        for at in 1..names.len() {
            names[at] |= names[at - 1] && gap(at - 1) == " " && !line.words[at].1 && is_written_as_name(word(at));
        }
        names
    }

    fn is_name(&self, line: &Line, at: usize) -> bool {
        let (span, is_known) = line.words[at];
        let word = bare(span.of(&line.text));
        let lower = word.to_lowercase();
        let is_first = at == 0;
        if self.of_groups.contains(&lower) {
            return false;
        }
        let writings = self.writings.get(&lower);
        if self.people.contains(&lower) {
            // "will" is a word too: what lexicons and rules know is a name where it is written as one, and everywhere if it mostly is.
            let is_mostly_a_name = writings.is_none_or(|writings| writings.capitalised >= writings.small);
            return !is_known || is_mostly_a_name || is_written_as_name(word) && !is_first;
        }
        let is_word = is_known || self.is_ever_small(&lower) || CALENDAR.contains(&lower.as_str());
        let may_be_first = writings.is_some_and(|writings| writings.capitalised_inside > 0);
        !is_word && is_written_as_name(word) && (!is_first || may_be_first)
    }
}

/// A word without the possessive.
fn bare(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

fn is_capitalised(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase) && word.chars().count() > 1
}

/// With a capital, but not all in capitals as an abbreviation or an emphasis.
fn is_written_as_name(word: &str) -> bool {
    is_capitalised(word) && word.chars().any(char::is_lowercase)
}

fn is_initial(word: &str) -> bool {
    word.chars().count() == 1 && word.chars().all(char::is_uppercase)
}

/// Whether a word is, or is a part of, a number of many digits. Commas part thousands: an amount stays.
fn is_in_long_number(line: &Line, at: usize) -> bool {
    let is_number = |at: usize| line.words[at].0.of(&line.text).bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let joins = |at: usize| {
        let gap = &line.text[line.words[at].0.end..line.words[at + 1].0.start];
        gap.len() <= 3 && gap.chars().all(|c| IN_NUMBER.contains(&c))
    };
    if !is_number(at) {
        return line.words[at].0.of(&line.text).bytes().filter(u8::is_ascii_digit).count() >= LONG_NUMBER
            && !line.words[at].0.of(&line.text).contains(',');
    }
    let first = (0..at).rev().find(|&other| !is_number(other) || !joins(other)).map_or(0, |other| other + 1);
    let last = (at + 1..line.words.len()).find(|&other| !is_number(other) || !joins(other - 1)).unwrap_or(line.words.len());
    let digits = |span: Span| span.of(&line.text).bytes().filter(u8::is_ascii_digit).count();
    line.words[first..last].iter().map(|&(span, _)| digits(span)).sum::<usize>() >= LONG_NUMBER
}

/// Adds a mark or a stand-in, which must not run into a bracket before it.
fn push_bracketed(mark: &str, out: &mut String) {
    if out.ends_with('[') {
        out.push(' ');
    }
    out.push_str(mark);
}

/// Adds text between words; its own double brackets must not look like marks.
fn push_plain(text: &str, out: &mut String) {
    for c in text.chars() {
        if (c == '[' || c == ']') && out.ends_with(c) {
            out.push(' ');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of words parted by blanks; those of `known` are the tool's own.
    fn line(text: &str, known: &[&str]) -> Line {
        let mut words = Vec::new();
        let mut start = None;
        for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
            let is_part = c.is_alphanumeric() || c == '\'';
            match start {
                None if is_part => start = Some(at),
                Some(from) if !is_part => {
                    let span = Span::new(from, at);
                    words.push((span, known.contains(&span.of(text).to_lowercase().as_str())));
                    start = None;
                }
                Some(_) | None => {}
            }
        }
        Line { text: text.to_owned(), words }
    }

    fn masked(text: &str) -> String {
        let known = ["sonja", "will", "sales", "the", "marketing", "heroes", "are", "i", "thanks"];
        let mut names = Names::default();
        names.add_person("Ann Lee");
        names.add_person("will.berg");
        names.add_person("Sonja Lee");
        names.add_person("Sales Desk");
        names.add_group("sales");
        names.add_line(&line("the quarter will close in a castle with Petra and it will please", &known));
        let line = line(text, &known);
        names.add_line(&line);
        names.mask(&line, &[])
    }

    #[test]
    fn names_of_authors_are_masked_however_they_are_written() {
        assert_eq!(masked("thanks ann, Ann Lee's idea"), "thanks [name], [name]'s idea");
        assert_eq!(masked("will the sales ask Will?"), "will the sales ask [name]?");
        assert_eq!(masked("Sonja in Marketing will not"), "[name] in Marketing will not");
        assert_eq!(masked("Will the sales ask?"), "Will the sales ask?");
    }

    #[test]
    fn capitalised_words_are_names_unless_they_are_written_small_elsewhere() {
        assert_eq!(masked("the Quarter of Boris K. is over"), "the Quarter of [name]. is over");
        assert_eq!(masked("Petra says the Sales are heroes"), "[name] says the Sales are heroes");
        assert_eq!(masked("Karen L. Boris, Mark Boris Lord"), "[name], [name]");
        assert_eq!(masked("The castle of Boris"), "The castle of [name]");
        assert_eq!(masked("Regrettably the CRM fell over on Friday"), "Regrettably the CRM fell over on Friday");
    }

    #[test]
    fn long_numbers_are_masked_and_amounts_stay() {
        assert_eq!(masked("call 5551234 about 12,000 chairs"), "call [number] about 12,000 chairs");
        assert_eq!(masked("call (555) 123-4567, in 3 - 4 weeks"), "call ([number], in 3 - 4 weeks");
    }

    #[test]
    fn stretches_are_marked_and_brackets_of_the_text_are_not() {
        let mut names = Names::default();
        names.add_person("Office Chairman");
        let chairs = line("the Chairman of [Boris]", &["the", "chairman", "of"]);
        assert_eq!(names.mask(&chairs, &[Span::new(4, 12)]), "the [[Chairman]] of [ [name] ]");
        let line = line("the heroes are [[here]]", &["the", "heroes", "are"]);
        assert_eq!(Names::default().mask(&line, &[Span::new(4, 10)]), "the [[heroes]] are [ [here] ]");
    }
}
