//! What stands in the place of words: notices of the program, and marks for media, deletions and edits. Lower case, without a full stop.

use std::borrow::Cow;

use super::stamp::{is_blank, is_mark};
use crate::message::{Reason, RemovedText};

/// What a message's text is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Text<'a> {
    /// Somebody's words, perhaps none, and what was taken out.
    Words(Cow<'a, str>, RemovedText),
    /// A mark that the message was deleted.
    Deleted,
    /// A sentence of the program's.
    System,
}

const DELETED: [&str; 15] = [
    "this message was deleted",
    "you deleted this message",
    "diese nachricht wurde gelöscht",
    "du hast diese nachricht gelöscht",
    "se eliminó este mensaje",
    "eliminaste este mensaje",
    "ce message a été supprimé",
    "vous avez supprimé ce message",
    "questo messaggio è stato eliminato",
    "hai eliminato questo messaggio",
    "dit bericht is verwijderd",
    "u hebt dit bericht verwijderd",
    "esta mensagem foi apagada",
    "mensagem apagada",
    "você apagou esta mensagem",
];

/// Beginnings of the notice about encryption, which some versions write as if the group had said it.
const ENCRYPTION: [&str; 9] = [
    "messages and calls are end-to-end encrypted",
    "messages to this group are now secured with end-to-end encryption",
    "messages you send to this",
    "nachrichten und anrufe sind ende-zu-ende-verschlüsselt",
    "los mensajes y las llamadas están cifrados de extremo a extremo",
    "les messages et les appels sont chiffrés de bout en bout",
    "i messaggi e le chiamate sono crittografati end-to-end",
    "berichten en oproepen worden end-to-end versleuteld",
    "as mensagens e as ligações são protegidas com a criptografia de ponta a ponta",
];

/// What stands for media that were not exported; those of iOS begin with a mark, too.
const MEDIA: [&str; 11] = [
    "null",
    "image omitted",
    "video omitted",
    "audio omitted",
    "sticker omitted",
    "gif omitted",
    "document omitted",
    "contact card omitted",
    "video note omitted",
    "waiting for this message",
    "waiting for this message. this may take a while",
];
/// Words of what iOS writes for media, in other languages.
const OMITTED: [&str; 9] =
    [" omitted", "weggelassen", " omitido", " omitida", " absente", " omesso", " omessa", " weggelaten", " ocultado"];

/// Behind the name of a file that was exported beside the text.
const ATTACHED: [&str; 7] = [
    "(file attached)",
    "(datei angehängt)",
    "(archivo adjunto)",
    "(fichier joint)",
    "(file allegato)",
    "(bestand bijgevoegd)",
    "(arquivo anexado)",
];

const EDITED: [&str; 7] = [
    "this message was edited",
    "diese nachricht wurde bearbeitet",
    "se editó este mensaje",
    "ce message a été modifié",
    "questo messaggio è stato modificato",
    "dit bericht is bewerkt",
    "mensagem editada",
];

/// Tells what a text is. `text` is what stands behind the author's name.
pub(super) fn read(text: &str) -> Text<'_> {
    let is_marked = text.trim_start_matches(' ').starts_with('\u{200e}');
    let plain = plain(text);
    let is = |list: &[&str]| list.iter().any(|known| *known == plain);
    if is(&DELETED) {
        return Text::Deleted;
    }
    if ENCRYPTION.iter().any(|start| plain.starts_with(start)) {
        return Text::System;
    }
    let is_tag = plain.starts_with('<') && plain.ends_with('>') && plain.matches('<').count() == 1;
    if is(&MEDIA) || is_tag || is_marked && OMITTED.iter().any(|word| plain.contains(word)) {
        return Text::Words("".into(), RemovedText::NONE);
    }
    // On iOS what begins with the mark is the program's, as "Ann added Bo".
    if is_marked {
        return Text::System;
    }
    let mut removed = RemovedText::NONE;
    let words = without_names(without_media(without_edit_mark(text)), &mut removed);
    Text::Words(words, removed)
}

/// In lower case, without marks, white space around it and full stops at its end.
fn plain(text: &str) -> String {
    // No notice is long; the encryption notice is told by its start.
    let text: String = text.chars().filter(|&c| !is_mark(c)).take(200).collect();
    text.trim_matches(|c: char| is_blank(c) || c.is_whitespace()).trim_end_matches('.').to_lowercase()
}

fn without_edit_mark(text: &str) -> &str {
    let rest = text.trim_end_matches(|c: char| is_blank(c) || c.is_whitespace());
    let found = rest.strip_suffix('>').and_then(|rest| rest.rsplit_once('<'));
    match found {
        Some((before, mark)) if EDITED.contains(&plain(mark).as_str()) => before,
        Some(_) | None => text,
    }
}

/// Takes out the lines that name a file, and the marks of polls and places; what people wrote beside them stays.
fn without_media(text: &str) -> Cow<'_, str> {
    let is_media = |line: &str| {
        let line = plain(line);
        line == "poll:"
            || line.starts_with("option: ")
            || line.starts_with("location: http")
            || line.starts_with("<attached: ") && line.ends_with('>')
            || ATTACHED.iter().any(|mark| line.ends_with(mark))
    };
    // On iOS the file stands behind the words, on the same line.
    let text = match text.rfind("\u{200e}<attached: ") {
        Some(at) if text.trim_end().ends_with('>') => &text[..at],
        Some(_) | None => text,
    };
    if !text.lines().any(is_media) {
        return text.into();
    }
    text.lines().filter(|line| !is_media(line)).collect::<Vec<_>>().join("\n").into()
}

/// Takes out marks of direction, and the names and numbers of people who are spoken to.
fn without_names<'a>(text: Cow<'a, str>, removed: &mut RemovedText) -> Cow<'a, str> {
    if !text.contains(|c: char| is_mark(c) || c == '@') {
        return text;
    }
    let mut words = String::new();
    let mut rest = &*text;
    while let Some(at) = rest.find('@') {
        words.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let name = behind.trim_start_matches(['\u{200e}', '\u{200f}']);
        let skipped = behind.len() - name.len();
        let end = match name.strip_prefix('\u{2068}') {
            Some(name) => name.find('\u{2069}').map(|end| end + 2 * '\u{2068}'.len_utf8()),
            None => Some(name.bytes().take_while(u8::is_ascii_digit).count()).filter(|&n| n >= 6),
        };
        if let Some(end) = end {
            removed.add(Reason::Address, name[..end].chars().count() as u64 + 1);
            rest = &behind[skipped + end..];
        } else {
            words.push('@');
            rest = behind;
        }
    }
    words.push_str(rest);
    words.retain(|c| !is_mark(c));
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        match read(text) {
            Text::Words(words, removed) => format!("{words:?} {}", removed.total()),
            Text::Deleted => "deleted".to_owned(),
            Text::System => "system".to_owned(),
        }
    }

    #[test]
    fn marks_for_media_and_deletions_are_no_words() {
        for text in [
            "<Media omitted>",
            "<Medien ausgeschlossen>",
            "\u{200e}image omitted",
            "\u{200e}Bild weggelassen",
            "null",
            "\u{200e}<attached: a.jpg>",
        ] {
            assert_eq!(words(text), "\"\" 0", "{text}");
        }
        for text in ["This message was deleted", "\u{200e}You deleted this message.", "Se eliminó este mensaje"] {
            assert_eq!(words(text), "deleted", "{text}");
        }
        assert_eq!(words("Messages and calls are end-to-end encrypted. No one else can read them."), "system");
        assert_eq!(words("\u{200e}Ann added Bo"), "system");
    }

    #[test]
    fn what_people_wrote_beside_them_stays() {
        assert_eq!(words("so it is <This message was edited>"), "\"so it is \" 0");
        assert_eq!(words("so it is \u{200e}<This message was edited>"), "\"so it is \" 0");
        assert_eq!(words("IMG-1.jpg (file attached)\nthe plan"), "\"the plan\" 0");
        assert_eq!(words("the plan \u{200e}<attached: 1.jpg>"), "\"the plan \" 0");
        assert_eq!(words("POLL:\nWho comes?\nOPTION: me (2 votes)\nOPTION: you (0 votes)"), "\"Who comes?\" 0");
        assert_eq!(words("a < b and c > d"), "\"a < b and c > d\" 0");
        assert_eq!(words("we are end-to-end encrypted"), "\"we are end-to-end encrypted\" 0");
    }

    #[test]
    fn people_who_are_spoken_to_are_no_words() {
        assert_eq!(words("@491701234567 and @\u{2068}Ann Lee\u{2069} see"), "\" and  see\" 23");
        assert_eq!(words("at ann@example.com \u{200e}now"), "\"at ann@example.com now\" 0");
        assert_eq!(words("@\u{2068}Ann"), "\"@Ann\" 0");
    }
}
