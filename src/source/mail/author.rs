//! Who wrote a mail, also where list archives have hidden the address.

use std::borrow::Cow;

use super::header::{Headers, decode_words};
use crate::message::Author;

/// Part of the address in pipermail archives that replace letters ("sending from").
const LETTERS_REPLACED: &str = "@end|ng |rom";

/// `From`, else `Sender`; all empty where neither names anybody.
pub(super) fn author<'a>(headers: &Headers<'a>) -> Author<'a> {
    let mut named = ["from", "sender"].into_iter().filter_map(|name| headers.text(name)).map(|value| read(&value));
    named.find(|author| author.key().is_some()).unwrap_or_default()
}

/// The domain of each address of a field, in lower case.
pub(super) fn domains(field: &str) -> impl Iterator<Item = String> {
    field.split(['@']).skip(1).map(|rest| {
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect::<String>().to_ascii_lowercase()
    })
}

fn read(value: &str) -> Author<'static> {
    let mailbox = Mailbox::read(value);
    let phrase = text(&mailbox.phrase);
    let comment = text(&mailbox.comment);
    let whole = || Some(Cow::Owned(fold(value).to_lowercase()));
    // Some spellings of the phrase differ; all put the sign for the dot too, so that the last word holds several.
    let has_signs_for_dots = mailbox.phrase.split_whitespace().next_back().is_some_and(|word| word.matches('@').count() > 1);
    if value.contains(LETTERS_REPLACED) || mailbox.angle.is_none() && has_signs_for_dots {
        return Author { id: whole(), name: comment, ..Author::default() };
    }
    let (address, name) = match &mailbox.angle {
        Some(angle) => (angle.as_str(), phrase.or(comment)),
        None => (mailbox.phrase.as_str(), comment),
    };
    match plain_address(address) {
        Address::Whole(email) => Author { email: Some(email.into()), name, ..Author::default() },
        Address::Cut => Author { id: whole(), name, ..Author::default() },
        Address::None if mailbox.angle.is_some() => {
            let id = fold(address).to_lowercase();
            Author { id: (!id.is_empty()).then_some(id.into()), name, ..Author::default() }
        }
        Address::None => {
            name_before_address(address).unwrap_or_else(|| Author { name: text(&mailbox.phrase).or(name), ..Author::default() })
        }
    }
}

/// Some list archives write no brackets: `Lee, Ann ann@example.com`.
fn name_before_address(phrase: &str) -> Option<Author<'static>> {
    let (name, address) = phrase.trim().rsplit_once(char::is_whitespace)?;
    match plain_address(address) {
        Address::Whole(email) => Some(Author { email: Some(email.into()), name: text(name), ..Author::default() }),
        Address::Cut | Address::None => None,
    }
}

enum Address {
    Whole(String),
    /// Shortened by an archive (`ann@example....`), so that two people may share what is left.
    Cut,
    None,
}

fn plain_address(text: &str) -> Address {
    let folded = fold(text);
    let address = match folded.split_once(" at ") {
        Some((local, host)) if !local.contains(' ') => Cow::Owned(format!("{local}@{host}")),
        _ => folded,
    };
    let address = address.trim_matches(['\'', '"']).to_lowercase();
    match address.rsplit_once('@') {
        Some((local, host)) if !local.is_empty() && !host.is_empty() && !address.contains(char::is_whitespace) => {
            if host.ends_with("..") {
                Address::Cut
            } else {
                Address::Whole(address)
            }
        }
        _ => Address::None,
    }
}

/// One blank between two words, none around them.
fn fold(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let is_white = |byte: u8| byte == b' ' || !byte.is_ascii_graphic();
    // Most names are folded as they stand.
    if text.as_bytes().windows(2).all(|two| !is_white(two[0]) || two[0] == b' ' && !is_white(two[1])) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A display name with its encoded words decoded; none if it is empty.
fn text(raw: &str) -> Option<Cow<'static, str>> {
    let name = decode_words(raw);
    let name = fold(&name);
    let name = name.trim_matches(['\'', '"', ' ']);
    (!name.is_empty()).then(|| Cow::Owned(name.to_owned()))
}

/// The first mailbox of an address field, cut into its pieces but not decoded, for a decoded name may hold brackets.
#[derive(Default)]
struct Mailbox {
    phrase: String,
    angle: Option<String>,
    comment: String,
}

impl Mailbox {
    fn read(field: &str) -> Self {
        let mut mailbox = Self::default();
        let (mut quoted, mut in_angle, mut depth, mut escaped) = (false, false, 0_usize, false);
        for c in field.chars() {
            let is_escaped = std::mem::take(&mut escaped);
            match c {
                '\\' if !is_escaped && (quoted || depth > 0) => escaped = true,
                '"' if !is_escaped && depth == 0 => quoted = !quoted,
                _ if quoted || is_escaped => mailbox.put(c, in_angle, depth),
                '(' if !in_angle => {
                    depth += 1;
                    if depth > 1 {
                        mailbox.comment.push(c);
                    }
                }
                ')' if depth > 0 => {
                    depth -= 1;
                    if depth > 0 {
                        mailbox.comment.push(c);
                    }
                }
                '<' if depth == 0 => {
                    in_angle = true;
                    mailbox.angle = Some(String::new());
                }
                '>' if in_angle => in_angle = false,
                // The name of a group (`team: ann@example.com;`).
                ':' if depth == 0 && !in_angle => mailbox.phrase.clear(),
                ',' | ';' if depth == 0 && !in_angle && mailbox.has_address() => break,
                ';' if depth == 0 && !in_angle => {}
                _ => mailbox.put(c, in_angle, depth),
            }
        }
        mailbox
    }

    fn put(&mut self, c: char, in_angle: bool, depth: usize) {
        match &mut self.angle {
            _ if depth > 0 => self.comment.push(c),
            Some(angle) if in_angle => angle.push(c),
            Some(_) | None => self.phrase.push(c),
        }
    }

    fn has_address(&self) -> bool {
        self.angle.is_some() || self.phrase.contains('@')
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key_and_name(value: &str) -> (String, String) {
        let author = read(value);
        (author.key().unwrap_or_default().to_owned(), author.name.unwrap_or_default().into_owned())
    }

    #[test]
    fn the_usual_forms_give_address_and_name() {
        for (value, email, name) in [
            ("Ann.Lee@Example.com", "ann.lee@example.com", ""),
            ("\"Lee, Ann\" <Ann@example.com>", "ann@example.com", "Lee, Ann"),
            ("Ann Lee <ann@example.com>, Bo <bo@example.com>", "ann@example.com", "Ann Lee"),
            ("ann@example.com (Ann (A.) Lee)", "ann@example.com", "Ann (A.) Lee"),
            ("=?utf-8?q?J=C3=BCrgen?= <j@example.com>", "j@example.com", "Jürgen"),
            ("k..lee@example.com", "k..lee@example.com", ""),
            ("team: ann@example.com;", "ann@example.com", ""),
            ("Lee, Ann Ann.Lee@EXAMPLE.com", "ann.lee@example.com", "Lee, Ann"),
            ("ann@example.com ann@example.com", "ann@example.com", "ann@example.com"),
            ("<ann@example.com>", "ann@example.com", ""),
        ] {
            assert_eq!(key_and_name(value), (email.to_owned(), name.to_owned()), "{value}");
        }
    }

    #[test]
    fn list_archives_write_at_for_the_sign() {
        assert_eq!(key_and_name("ann.lee at example.com (Ann Lee)"), ("ann.lee@example.com".into(), "Ann Lee".into()));
        assert_eq!(key_and_name("\"Ann T. Lee\" <ann at example.com>").0, "ann@example.com");
        assert_eq!(key_and_name("a at b.org (=?UTF-8?B?w4VzYQ==?=)").1, "Åsa");
    }

    #[test]
    fn hidden_addresses_are_keyed_by_the_whole_string() {
        let author = read("@nn @end|ng |rom ex@mp|e@com (Ann  Lee)");
        assert_eq!(author.id.as_deref(), Some("@nn @end|ng |rom ex@mp|e@com (ann lee)"));
        assert_eq!((author.email, author.name.as_deref()), (None, Some("Ann Lee")));
        assert_eq!(read("@nn-|ee m@iii@g oii ex@mp|e@com (Ann)").id.as_deref(), Some("@nn-|ee m@iii@g oii ex@mp|e@com (ann)"));
        assert_eq!(read("ann@exam.... (Ann)").id.as_deref(), Some("ann@exam.... (ann)"));
    }

    #[test]
    fn a_name_alone_and_an_address_of_another_kind_are_kept() {
        assert_eq!(key_and_name("Ann Lee"), ("Ann Lee".into(), "Ann Lee".into()));
        assert_eq!(read("Ann </O=ACME/CN=ALEE>").id.as_deref(), Some("/o=acme/cn=alee"));
        assert_eq!(read("undisclosed:;").key(), None);
    }
}
