//! LIWC's `.dic` (Pennebaker, Booth & Francis, LIWC2007 manual): `%`, lines of number and name, `%`, lines of word and numbers, parted by tabs.
//!
//! Files in the wild part by blanks too, count lists with leading zeros, indent the names of sublists, and hold numbers that no line declares. LIWC2007's
//! conditional numbers (`(02 134)125/464`, `<of>131/125`) depend on the words around and are left out.

use std::collections::BTreeMap;

use super::Reading;
use crate::fault::Fault;

pub(super) fn read(text: &str, reading: &mut Reading) -> Result<(), Fault> {
    let mut lines = (1..).zip(text.lines());
    let is_mark = |line: &str| line.trim() == "%";
    if !lines.by_ref().find(|(_, line)| !line.trim().is_empty()).is_some_and(|(_, line)| is_mark(line)) {
        return Err(reading.fault(1, "expected a line with nothing but % before the lists"));
    }
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    loop {
        let Some((number, line)) = lines.next() else {
            return Err(reading.fault(text.lines().count() as u64, "expected a second line with nothing but % behind the lists"));
        };
        let line = line.trim();
        if is_mark(line) {
            break;
        }
        if line.is_empty() {
            continue;
        }
        let (id, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        match (id.parse(), name.trim()) {
            (Ok(id), name) if !name.is_empty() => match names.get(&id) {
                Some(first) => reading.warn(number, format!("list {id} is already called \"{first}\"; left out")),
                None => drop(names.insert(id, name.to_owned())),
            },
            _ => reading.warn(number, format!("found \"{line}\", expected a number and the name of a list; left out")),
        }
    }
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        read_word(line, number, &names, reading);
    }
    Ok(())
}

fn read_word(line: &str, number: u64, names: &BTreeMap<u64, String>, reading: &mut Reading) {
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (word, ids): (String, Vec<&str>) = if let Some((word, ids)) = line.trim().split_once('\t') {
        (word.to_owned(), ids.split_whitespace().collect())
    } else {
        // Without a tab the numbers at the end are lists; what stands before them may be a phrase.
        let parts: Vec<&str> = line.split_whitespace().collect();
        let n_ids = parts.iter().rev().take_while(|part| is_id(part)).count().min(parts.len() - 1);
        let (word, ids) = parts.split_at(parts.len() - n_ids);
        (word.join(" "), ids.to_vec())
    };
    if ids.is_empty() {
        reading.warn(number, format!("\"{word}\" is in no list; left out"));
    }
    for id in ids {
        if !is_id(id) {
            reading.warn(number, format!("found \"{id}\" for \"{word}\", expected the number of a list; left out"));
            continue;
        }
        match id.parse().ok().and_then(|id: u64| names.get(&id)) {
            Some(name) => reading.add(name, &word, number),
            None => reading.warn(number, format!("\"{word}\" is in list {id}, which no line declares; left out")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::super::tests::read_as;

    #[test]
    fn lists_words_stems_and_phrases_are_read_with_their_traps() {
        let text = b"%\r\n01\theroic\r\n\t2\tivory tower (remote)\r\n1\tagain\r\nwhat\r\n%\r\nhero\t01\r\nHeroi*\t1\t002\r\nhead in the clouds\t2\r\n\
                     out of touch 2\r\nsaga\t7\r\nlike\t(02 134)125/464\r\nlone\r\n:)\t1\r\nlie*\t1\r\n";
        let (lists, told) = read_as("x.dic", text);
        assert_eq!(lists, ["heroic: hero, heroi*", "ivory tower (remote): heroi*, head in the clouds, out of touch"]);
        assert_eq!(
            told,
            [
                "x.dic:4: list 1 is already called \"heroic\"; left out",
                "x.dic:5: found \"what\", expected a number and the name of a list; left out",
                "x.dic:11: \"saga\" is in list 7, which no line declares; left out",
                "x.dic:12: found \"(02\" for \"like\", expected the number of a list; left out",
                "x.dic:12: found \"134)125/464\" for \"like\", expected the number of a list; left out",
                "x.dic:13: \"lone\" is in no list; left out",
                "x.dic:14: \":)\": found an operator in \":)\", expected words and stems (\"word*\") only; left out",
                "x.dic:15: stem \"lie*\" is shorter than 4 letters; left out",
            ]
        );
    }

    #[test]
    fn windows_1252_is_read_and_told() {
        let (lists, told) = read_as("x.dic", b"%\n1 a\n%\nna\xefve\t1\n");
        assert_eq!(lists, ["a: naïve"]);
        assert_eq!(told, ["x.dic: byte 10: is not UTF-8; read as Windows-1252"]);
    }

    #[test]
    fn a_file_without_its_marks_is_an_error() {
        let fault = |text: &[u8]| read("x.dic", text, None).unwrap_err().to_string();
        assert_eq!(fault(b"hero\t1\n"), "x.dic:1: expected a line with nothing but % before the lists");
        assert_eq!(fault(b"%\n1 a\nhero 1\n"), "x.dic:3: expected a second line with nothing but % behind the lists");
    }
}
