//! Who wrote a mail, as its header says: a line that is that name is a signature wherever it stands.

use crate::message::Author;

/// The longest line that is looked at for a name, with a title or a company behind it.
const LONGEST: usize = 90;

/// The longest line that is a name and nothing else.
const LONGEST_ALONE: usize = 40;

/// Name and mail address of a writer; either may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Writer<'a> {
    name: &'a str,
    mailbox: &'a str,
}

impl<'a> Writer<'a> {
    /// An author by what stands in the header of the mail.
    #[must_use]
    pub fn of(author: &'a Author<'_>) -> Self {
        let mail = author.email.as_deref().unwrap_or_default();
        Self { name: author.name.as_deref().unwrap_or_default(), mailbox: mail.split('@').next().unwrap_or_default() }
    }

    /// Whether a line is the writer's name, or the first name, a short form of it, or initials: "Ann", "-ann", "Ann B. Lee", "AL".
    pub(super) fn is_signed_by(&self, body: &str) -> bool {
        if body.len() > LONGEST_ALONE || self.name.is_empty() && self.mailbox.is_empty() {
            return false;
        }
        let body = without_proxy(without_smile(body));
        if self.name.is_empty() && self.is_mailbox_of(body) {
            return true;
        }
        let (mut n, mut known) = (0, 0);
        for word in words(body) {
            n += 1;
            known += usize::from(self.has(word));
            if n > 4 || !(self.has(word) || is_initial(word) || is_set_apart(body, word)) {
                return n == 1 && words(body).nth(1).is_none() && (self.has_short_form(word) || self.has_initials(word));
            }
        }
        // "The lee of Ann" holds other letters than those of the words.
        known > 0 && body.chars().all(|c| c.is_alphanumeric() || " .,-–—'\"’()*_~/?!".contains(c))
    }

    /// Whether a line begins with the writer's whole name and goes on, if at all, as a card does: "Ann Lee, M.D.", "*Ann Lee* | Head of Sales".
    pub(super) fn begins_card(&self, body: &str) -> bool {
        if self.name.is_empty() && self.mailbox.is_empty() {
            return false;
        }
        let head =
            without_proxy(&body[..body.floor_char_boundary(LONGEST)]).trim_start_matches(['*', '_', '|', '-', '–', '—', '/', '~', ' ']);
        // Most lines begin with another word.
        if !words(head).next().is_some_and(|first| self.has(first) || is_initial(first) || is_title(first)) {
            return false;
        }
        let end = ["  ", " - ", " – ", " (", " <"]
            .iter()
            .filter_map(|gap| head.find(gap))
            .chain(head.find([',', '|', '\t', '*', '<', '•', '·']))
            .min();
        let name = &head[..end.unwrap_or(head.len())];
        let (mut n, mut known) = (0, 0);
        for word in words(name) {
            n += 1;
            // A mailbox of many is named after what it is for: "sales.team".
            let is_of_name = if self.name.is_empty() { self.has(word) } else { words(self.name).any(|own| is_same(own, word)) };
            known += usize::from(is_of_name && !is_initial(word));
            if n > 6 || !(self.has(word) || is_initial(word) || is_title(word)) {
                return false;
            }
        }
        known >= 2 && name.starts_with(char::is_alphabetic)
    }

    /// Whether a word is one of the name's, in any case.
    fn has(&self, word: &str) -> bool {
        word.chars().nth(1).is_some() && self.words().any(|own| is_same(own, word))
    }

    /// "Rob", if the name is Robert.
    fn has_short_form(&self, word: &str) -> bool {
        let is_short = |own: &str| own.len() > word.len() && own.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        word.len() >= 3 && word.starts_with(char::is_uppercase) && words(self.name).any(is_short)
    }

    /// "AL", if the name is Ann Lee, or Lee, Ann.
    fn has_initials(&self, word: &str) -> bool {
        let name = if self.name.is_empty() { self.mailbox } else { self.name.split('(').next().unwrap_or_default() };
        let name = || words(name).map(|own| own.as_bytes()[0].to_ascii_uppercase());
        (2..=3).contains(&word.len())
            && word.bytes().all(|b| b.is_ascii_uppercase())
            && name().count() == word.len()
            && name().all(|initial| word.as_bytes().contains(&initial))
    }

    /// "Harry Oak", if the mailbox is "harryo", "hoak" or "h.oak": where no header says the name, that is made of it.
    fn is_mailbox_of(&self, body: &str) -> bool {
        let mut own = words(body).filter(|word| !is_set_apart(body, word) && !is_initial(word));
        let (Some(first), Some(last), None) = (own.next(), own.next(), own.nth(1)) else { return false };
        let is_initial_of =
            |letter: &str, word: &str| letter.chars().nth(1).is_none() && is_same(letter, &word[..letter.len().min(word.len())]);
        let joins = |one: &str, other: &str| {
            self.mailbox.split_at_checked(one.len()).is_some_and(|(start, rest)| {
                is_same(start, one) && is_initial_of(rest.trim_start_matches(['.', '_', '-']), other) && rest.len() < 3 && !rest.is_empty()
            })
        };
        let ends_with_last = || {
            self.mailbox.len().checked_sub(last.len()).filter(|&at| self.mailbox.is_char_boundary(at)).is_some_and(|at| {
                (1..=2).contains(&at)
                    && is_same(&self.mailbox[at..], last)
                    && is_initial_of(self.mailbox[..at].trim_end_matches(['.', '_', '-']), first)
            })
        };
        body.is_ascii()
            && self.mailbox.is_ascii()
            && first.len() >= 3
            && last.len() >= 3
            && [first, last].iter().all(|word| word.starts_with(char::is_uppercase))
            && (joins(first, last) || ends_with_last())
            && body.chars().all(|c| c.is_alphabetic() || " .-'\"".contains(c))
    }

    fn words(&self) -> impl Iterator<Item = &'a str> {
        words(self.name).chain(words(self.mailbox).filter(|word| word.len() >= 3))
    }
}

/// A name behind "i. A.", which says that somebody signs for somebody else.
fn without_proxy(body: &str) -> &str {
    ["i. A. ", "i.A. ", "i. V. ", "i.V. ", "ppa. ", "p.p. ", "gez. "].iter().find_map(|proxy| body.strip_prefix(proxy)).unwrap_or(body)
}

/// A name less the face that smiles behind it.
fn without_smile(body: &str) -> &str {
    [":-)", ";-)", ":)", ";)"].iter().find_map(|face| body.strip_suffix(face)).unwrap_or(body).trim_end()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

/// Whether a word of a line stands in quotation marks or brackets, as nicknames do.
fn is_set_apart(body: &str, word: &str) -> bool {
    let at = word.as_ptr() as usize - body.as_ptr() as usize;
    let before = body[..at].chars().next_back();
    // "smilin'"
    let behind = &body[at + word.len()..];
    let behind = if before == Some('"') { behind.strip_prefix('\'').unwrap_or(behind) } else { behind };
    let behind = behind.chars().next();
    matches!((before, behind), (Some('\''), Some('\'')) | (Some('"'), Some('"')) | (Some('('), Some(')')) | (Some('“'), Some('”')))
}

fn is_title(word: &str) -> bool {
    ["Dr", "Prof", "Mr", "Mrs", "Ms", "Dipl", "Ing", "Herr", "Frau"].contains(&word)
}

fn is_initial(word: &str) -> bool {
    word.chars().nth(1).is_none() && word.starts_with(char::is_uppercase)
}

fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || !one.is_ascii() && one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn author(name: &'static str, mail: &'static str) -> Author<'static> {
        Author { name: Some(Cow::Borrowed(name)), email: Some(Cow::Borrowed(mail)), ..Author::default() }
    }

    #[test]
    fn names_are_told_from_other_words() {
        let author = author("Lee, Robert B.", "rblee@acme.example");
        let writer = Writer::of(&author);
        for line in ["Robert", "-robert", "Rob", "Robert B. Lee", "Lee", "LRB", "i. A. Robert Lee", "Robert 'Bo' Lee", "rblee", "/Rob"] {
            assert!(writer.is_signed_by(line), "{line}");
        }
        for line in ["Ro", "rob", "Ann", "Robert can", "Robert, can you?", "B.", "", "Lee: yes", "Robert Lee and Ann"] {
            assert!(!writer.is_signed_by(line), "{line}");
        }
        assert!(!Writer::default().is_signed_by("Ann"));
    }

    #[test]
    fn cards_begin_with_the_whole_name() {
        let author = author("Eva Müller", "eva.mueller@acme.example");
        let writer = Writer::of(&author);
        for line in [
            "Eva Müller",
            "*Eva MÜLLER* | Einkauf",
            "Eva Müller, PhD",
            "Dr. Eva B. Müller   Tel: 1",
            "Eva Müller <eva@acme.example>",
            "i. A. Eva Müller",
        ] {
            assert!(writer.begins_card(line), "{line}");
        }
        for line in ["Eva", "Eva, Einkauf", "Eva Müller said so", "Eva Fox", ", Eva Müller", ""] {
            assert!(!writer.begins_card(line), "{line}");
        }
    }
}
