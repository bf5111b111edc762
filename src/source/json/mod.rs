//! JSON that may be broken or of the wrong type: values of a text one after another, fields of any type, times.

mod cursor;
mod elements;
mod field;
mod time;

use std::borrow::Cow;

use serde::Deserialize;

pub(super) use self::cursor::{Bad, Cursor};
pub(super) use self::elements::Elements;
pub(super) use self::field::{Inner, List, Loose, Present};
pub(super) use self::time::{milliseconds, seconds, time};
use crate::fault::{Fault, Place};
use crate::message::Message;

/// Whether the first bytes of a file begin a JSON object; gives its first keys, as far as they go, each with its value's text.
/// The text of a value that does not end in these bytes goes to their end.
pub(super) fn members(head: &[u8]) -> Vec<(String, &str)> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
    };
    let mut found = Vec::new();
    let mut cursor = Cursor::of(text);
    // Where the object breaks its beginning has told enough.
    let _ = cursor.each_member(&mut |key, cursor| {
        let start = cursor.at();
        let skipped = cursor.skip();
        found.push((key.to_owned(), if skipped.is_ok() { &text[start..cursor.at()] } else { &text[start..] }));
        skipped
    });
    found
}

/// Gives the text of a file to `read`; bytes that are no UTF-8 are replaced, and told where they are many.
pub(super) fn with_text(
    bytes: &[u8],
    at: &Place,
    sink: &mut dyn FnMut(Result<Message<'_>, Fault>),
    read: impl FnOnce(&str, &mut dyn FnMut(Result<Message<'_>, Fault>)),
) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // To look for what is no UTF-8 takes many times as long as to see that there is none.
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    read(&text, sink);
    if let Cow::Owned(text) = &text {
        let replaced = text.matches(char::REPLACEMENT_CHARACTER).count();
        let percent = 100.0 * replaced as f64 / text.chars().count() as f64;
        if percent > 1.0 {
            sink(Err(Fault::new(at.clone(), format!("{percent:.1} % of the characters are not valid UTF-8"))));
        }
    }
}

/// The elements of a list whose text is at hand, one by one; each that cannot be read is a fault, and false is given back.
pub(super) fn each_listed<T: for<'a> Deserialize<'a>>(at: &Place, bytes: &[u8], faults: &mut Vec<Fault>, mut add: impl FnMut(T)) -> bool {
    let before = faults.len();
    let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let mut n = 0;
    let mut cursor = Cursor::of(&text);
    let read = cursor.each_element(&mut |cursor| {
        n += 1;
        match cursor.record::<T>() {
            Ok((record, _)) => add(record),
            Err(Bad::Element(why)) => faults.push(Bad::Element(why).fault(at, n)),
            Err(bad) => return Err(bad),
        }
        Ok(())
    });
    faults.extend(read.err().map(|bad| bad.fault(at, n.saturating_sub(1))));
    faults.len() == before
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_gone_through_without_reading_what_is_not_wanted() {
        let mut seen = Vec::new();
        let mut cursor = Cursor::of(r#" {"a":{"b":[1,"x"]},"c":[],"d":[[2]],"e":{}} 7"#);
        cursor
            .each_member(&mut |key, cursor| {
                seen.push(key.to_owned());
                if key != "d" {
                    return Ok(());
                }
                cursor.each_element(&mut |cursor| {
                    cursor.each_element(&mut |cursor| {
                        seen.push(cursor.record::<u8>()?.0.to_string());
                        Ok(())
                    })
                })
            })
            .unwrap();
        assert_eq!(seen, ["a", "c", "d", "2", "e"]);
        assert!(cursor.end().is_err());
        let keys: Vec<_> = members(br#"{"a":1,"b":"x","c":[1,2"#).into_iter().collect();
        assert_eq!(keys, [("a".to_owned(), "1"), ("b".to_owned(), "\"x\""), ("c".to_owned(), "[1,2")]);
        assert!(members(b"[1]").is_empty());
    }
}
