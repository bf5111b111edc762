//! Single mails: `.eml` files, Maildir, one file a mail. A mailbox's mails are read here too.

mod author;
mod automatic;
mod body;
mod date;
mod decode;
mod header;
mod letterhead;
mod parts;

use std::borrow::Cow;
use std::io::Read;

use jiff::Timestamp;

use self::header::Headers;
use super::{Batch, Batches, Options, Reader, cause};
use crate::fault::{Fault, Place};
use crate::message::{Author, Kind, Markup, Message, Reason};

pub use self::body::texts;
pub(super) use self::date::{envelope, is_plausible};
pub(super) use self::decode::characters;
pub(super) use self::letterhead::{Letterhead, first_id};

/// The largest mail that is read; offsets in the parser have 32 bits, and nobody types as much.
pub(super) const MAX_MAIL_BYTES: usize = 64 << 20;
const BOM: &[u8] = "\u{feff}".as_bytes();

/// The folder that mails lie in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    /// Its own name without the folders above it, in lower case.
    pub name: String,
    /// The same of the folder above it, empty if the user named that one.
    pub above: String,
    /// Whether its mails are left out because of its name.
    pub private: bool,
    /// Whether private mail was asked for, so that a mail's own mark (`Sensitivity`, draft and trash flags) does not leave it out either.
    pub include_private: bool,
}

impl Folder {
    /// The folder of the file at a path below what the user named: a mailbox is a folder itself, a mail lies in the folder above.
    #[must_use]
    pub fn of(path: &str, options: &Options) -> Self {
        let is_level = |name: &&str| !matches!(*name, "" | "." | ".." | "cur" | "new");
        let mut names: Vec<String> = path.split(['/', '\\']).filter(is_level).flat_map(folder_names).collect();
        let private = !options.include_private && names.iter().any(|name| is_private(name));
        let name = names.pop().unwrap_or_default();
        Self { name, above: names.pop().unwrap_or_default(), private, include_private: options.include_private }
    }

    /// The folder at a path inside a mailbox that has folders itself.
    pub(super) fn within(&self, path: &str) -> Self {
        let names: Vec<String> = path.split('/').map(str::to_lowercase).filter(|name| !name.is_empty()).collect();
        let private = self.private || !self.include_private && names.iter().any(|name| is_private(name));
        let name = names.last().unwrap_or(&self.name).clone();
        Self { name, above: String::new(), private, include_private: self.include_private }
    }

    /// The folder that a mail with this file lies in.
    pub(super) fn above(self) -> Self {
        Self { name: self.above, above: String::new(), ..self }
    }
}

/// Names of the folders that one name of a path stands for: Maildir writes `.Archive.Sent`, Thunderbird `Archive.sbd`.
fn folder_names(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    match name.strip_prefix('.') {
        Some(levels) => levels.split('.').filter(|level| !level.is_empty()).map(str::to_owned).collect(),
        None => vec![
            [".mbox", ".mbx", ".sbd", ".mbox.gz", ".gz", ".zst"]
                .iter()
                .fold(name.as_str(), |name, end| name.strip_suffix(end).unwrap_or(name))
                .to_owned(),
        ],
    }
}

/// Folders of drafts, deleted mail and junk, as mail programs name them in their languages, and those that say they are private.
#[rustfmt::skip]
const PRIVATE_FOLDERS: [&str; 47] = [
    "draft", "drafts", "trash", "deleted", "deleted items", "deleted messages", "recoverable items", "personal", "private", "junk",
    "junk email", "junk e mail", "spam",
    "entwurf", "entwürfe", "papierkorb", "gelöscht", "gelöschte elemente", "gelöschte objekte", "persönlich", "privat",
    "brouillons", "corbeille", "éléments supprimés", "courrier indésirable", "personnel",
    "borradores", "papelera", "elementos eliminados", "correo no deseado",
    "concepten", "prullenbak", "verwijderde items", "ongewenste e mail", "privé",
    "bozze", "cestino", "posta eliminata", "posta indesiderata",
    "rascunhos", "lixeira", "lixo", "itens excluídos", "itens eliminados", "lixo eletrônico", "lixo eletrónico",
    "email não solicitado",
];

fn is_private(name: &str) -> bool {
    PRIVATE_FOLDERS.contains(&name.replace(['_', '-'], " ").trim())
}

/// Whether a file's path is one in a Maildir.
pub(super) fn is_maildir(path: &str) -> bool {
    path.rsplit('/').nth(1).is_some_and(|folder| matches!(folder, "cur" | "new"))
}

/// The flags that end a Maildir name (`…:2,RS`; other systems write `!2,` or `;2,`).
fn maildir_flags(name: &str) -> Option<&str> {
    [":2,", "!2,", ";2,"].iter().find_map(|mark| name.rsplit_once(mark)).map(|(_, flags)| flags)
}

/// Whether the first bytes of a file look like the header of a mail.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(BOM).unwrap_or(head).trim_ascii_start();
    let (mut n_fields, mut n_other, mut is_mail) = (0, 0, false);
    let line_end = if head.contains(&b'\n') { b'\n' } else { b'\r' };
    for line in head.split(|&byte| byte == line_end).map(<[u8]>::trim_ascii_end).take(20) {
        if line.is_empty() {
            break;
        }
        if let Some(colon) = header::name_len(line) {
            n_fields += 1;
            let name = line[..colon].trim_ascii_end();
            is_mail |=
                ["from", "date", "subject", "received", "message-id"].iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        } else if !matches!(line[0], b' ' | b'\t') && !line.starts_with(b"From ") && !line.starts_with(b">From ") {
            n_other += 1;
        }
    }
    is_mail && n_fields >= 2 && n_other * 4 <= n_fields && !head.iter().take(1000).any(|&byte| byte == 0)
}

/// Opens a stream that holds one mail; the place's path tells its folder and its Maildir flags.
#[must_use]
pub fn open(stream: Box<dyn Read + Send>, at: Place, folder: Folder) -> Batches {
    let mut folder = folder.above();
    let path = at.member.as_ref().unwrap_or(&at.path);
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    folder.private |= !folder.include_private && maildir_flags(name).is_some_and(|flags| flags.contains(['D', 'T']));
    Box::new(std::iter::once_with(move || {
        let mut bytes = Vec::new();
        match stream.take(MAX_MAIL_BYTES as u64 + 1).read_to_end(&mut bytes) {
            Err(error) => Err(Fault::new(at, cause(&error))),
            Ok(n) if n > MAX_MAIL_BYTES => Err(Fault::new(at, format!("the mail is larger than {} MiB", MAX_MAIL_BYTES >> 20))),
            Ok(_) => Ok(Batch { bytes, packed: None, at, records_before: 0, reader: Reader::Mail(folder) }),
        }
    }))
}

/// Reads the one mail of a file.
pub fn each_message(bytes: &[u8], at: &Place, folder: &Folder, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    // An empty file is no error: it holds no mail.
    if !bytes.trim_ascii().is_empty() {
        each(bytes, at, folder, None, sink);
    }
}

/// Reads a mail and hands on, before it, what was damaged in it.
pub(super) fn each(
    bytes: &[u8],
    at: &Place,
    folder: &Folder,
    envelope_date: Option<Timestamp>,
    sink: &mut dyn FnMut(Result<Message<'_>, Fault>),
) {
    let mut notes = Vec::new();
    let message = read_noting(bytes, at.clone(), folder, envelope_date, &mut notes);
    for why in notes {
        sink(Err(Fault::new(at.clone(), why)));
    }
    sink(message);
}

/// Reads one mail.
///
/// # Errors
/// If it has no header, or nests too many mails.
pub fn read<'a>(bytes: &'a [u8], at: Place, folder: &Folder, envelope_date: Option<Timestamp>) -> Result<Message<'a>, Fault> {
    read_noting(bytes, at, folder, envelope_date, &mut Vec::new())
}

/// A text that the author of a mail wrote: its subject, or a part of its body.
#[derive(Debug)]
pub struct Written<'a> {
    /// Decoded; borrowed where it lies so in the mail.
    pub text: Cow<'a, str>,
    /// The bytes of the mail that it was decoded from.
    pub raw: &'a [u8],
}

/// The subject, unless it is that of a mail that is answered or passed on, and the texts of the body, in the order of the mail, whatever kind of
/// mail it is; beside them what was damaged.
///
/// # Errors
/// If it has no header.
pub fn written(bytes: &[u8]) -> Result<(Vec<Written<'_>>, Vec<String>), String> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let (bytes, _) = without_separator(bytes.trim_ascii_start(), None);
    let headers = Headers::read(bytes);
    if headers.is_empty() {
        return Err("found no header line, expected a mail".to_owned());
    }
    let (mut texts, notes) = body::pieces(&headers);
    if let Some(raw) = headers.raw("subject").next() {
        let text = match headers.text("subject").unwrap_or_default() {
            Cow::Borrowed(text) => header::decode_words(text),
            Cow::Owned(text) => Cow::Owned(header::decode_words(&text).into_owned()),
        };
        if !is_answer(&text) {
            texts.insert(0, Written { text, raw });
        }
    }
    Ok((texts, notes))
}

/// Whether a subject begins with the mark that mail programs put before that of another mail.
fn is_answer(subject: &str) -> bool {
    let mark = subject.trim_start().split(':').next().unwrap_or_default().trim_end();
    let mark = mark.split('[').next().unwrap_or_default().to_lowercase();
    ["re", "fw", "fwd", "aw", "wg", "sv", "vs", "tr", "rv", "antw", "res", "enc"].contains(&mark.as_str()) && subject.contains(':')
}

fn read_noting<'a>(
    bytes: &'a [u8],
    at: Place,
    folder: &Folder,
    envelope_date: Option<Timestamp>,
    notes: &mut Vec<String>,
) -> Result<Message<'a>, Fault> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if !bytes.contains(&b'\n') && bytes.contains(&b'\r') {
        let bytes: Vec<u8> = bytes.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect();
        return read_lines(&bytes, at, folder, envelope_date, notes).map(into_owned);
    }
    read_lines(bytes, at, folder, envelope_date, notes)
}

fn read_lines<'a>(
    bytes: &'a [u8],
    at: Place,
    folder: &Folder,
    envelope_date: Option<Timestamp>,
    notes: &mut Vec<String>,
) -> Result<Message<'a>, Fault> {
    let (bytes, envelope_date) = without_separator(bytes.trim_ascii_start(), envelope_date);
    let headers = Headers::read(bytes);
    if headers.is_empty() {
        return Err(Fault::new(at, "found no header line, expected a mail"));
    }
    let body = body::read(&headers);
    notes.extend(body.notes);
    let letterhead = Letterhead::of(&headers, envelope_date);
    let is_private = folder.private || !folder.include_private && letterhead.is_sensitive;
    let kind = kind(is_private, body.is_encrypted, body.is_automatic || letterhead.is_automatic, &letterhead.author);
    Ok(Message {
        place: at,
        id: letterhead.id,
        author: letterhead.author,
        sent_at: letterhead.sent_at,
        channel: Cow::Owned(folder.name.clone()),
        thread: letterhead.thread,
        reply_to: letterhead.reply_to,
        kind,
        markup: Markup::Mail,
        text: body.text,
        removed: body.removed,
    })
}

/// A single mail may have been saved with the separator line of the mailbox it comes from.
fn without_separator(bytes: &[u8], envelope_date: Option<Timestamp>) -> (&[u8], Option<Timestamp>) {
    if !bytes.starts_with(b"From ") {
        return (bytes, envelope_date);
    }
    let end = header::line_end(bytes, 0);
    (&bytes[end..], envelope_date.or_else(|| envelope(&bytes[..end])))
}

/// Whether a mail is read, and if not, why; the first reason that holds.
pub(super) fn kind(is_private: bool, is_encrypted: bool, is_automatic: bool, author: &Author<'_>) -> Kind {
    if is_private {
        Kind::Removed(Reason::Private)
    } else if is_automatic {
        Kind::Removed(Reason::Automatic)
    } else if author.key().is_none() {
        Kind::Removed(Reason::NoAuthor)
    } else if is_encrypted {
        Kind::Removed(Reason::Encrypted)
    } else {
        Kind::Person
    }
}

fn into_owned(message: Message<'_>) -> Message<'static> {
    let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    Message {
        place: message.place,
        id: own(message.id),
        author: message.author.into_owned(),
        sent_at: message.sent_at,
        channel: own(message.channel),
        thread: message.thread.map(own),
        reply_to: message.reply_to.map(own),
        kind: message.kind,
        markup: message.markup,
        text: own(message.text),
        removed: message.removed,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn message(mail: &[u8]) -> Message<'_> {
        read(mail, Place::file("a.eml"), &Folder::default(), None).unwrap()
    }

    const MAIL: &[u8] = b"From: Ann Lee <Ann@Example.com>\nDate: Mon, 2 Jan 2023 10:00:00 +0100\nMessage-ID: <m1@x>\n\
        References: <m0@x>\n <m00@x>\nIn-Reply-To: Your message of Monday <m00@x>\nSubject: words of the subject\n\nHi all,\nit works.\n";

    #[test]
    fn a_mail_is_read_with_all_its_fields() {
        let folder = Folder { name: "inbox".into(), ..Folder::default() };
        let message = read(MAIL, Place::file("a.eml"), &folder, None).unwrap();
        assert_eq!((message.id.as_ref(), message.author.email.as_deref()), ("m1@x", Some("ann@example.com")));
        assert_eq!((message.thread.as_deref(), message.reply_to.as_deref()), (Some("m0@x"), Some("m00@x")));
        assert_eq!((message.channel.as_ref(), message.kind, message.markup), ("inbox", Kind::Person, Markup::Mail));
        assert_eq!(message.sent_at.unwrap().to_string(), "2023-01-02T09:00:00Z");
        assert!(matches!(message.text, Cow::Borrowed("Hi all,\nit works.\n")));
    }

    #[test]
    fn a_bom_and_bare_carriage_returns_hide_nothing() {
        let with_bom = [BOM, MAIL].concat();
        assert_eq!(message(&with_bom).author.email.as_deref(), Some("ann@example.com"));
        let old_mac: Vec<u8> = MAIL.iter().map(|&byte| if byte == b'\n' { b'\r' } else { byte }).collect();
        assert_eq!((message(&old_mac).text.as_ref(), message(&old_mac).id.as_ref()), ("Hi all,\nit works.\n", "m1@x"));
    }

    #[test]
    fn mail_without_a_sender_or_a_header_is_told() {
        assert_eq!(message(b"Subject: x\n\nwords").kind, Kind::Removed(Reason::NoAuthor));
        assert_eq!(message(b"From: \nSender: bo@example.com\n\nwords").author.email.as_deref(), Some("bo@example.com"));
        let fault = read(b"just text\n\nmore", Place::file("a.eml"), &Folder::default(), None).unwrap_err();
        assert_eq!(fault.to_string(), "a.eml: found no header line, expected a mail");
    }

    #[test]
    fn private_folders_and_marks_are_left_out_unless_asked_for() {
        let open = Options { include_private: true, ..Options::default() };
        for path in
            ["ann/Deleted_Items/3.", "ann/.Trash/cur", "Drafts", "Mail/Trash.sbd/Old", "Junk.mbox", "x/.Archive.Private", "ann/personal"]
        {
            assert!(Folder::of(path, &Options::default()).private, "{path}");
            assert!(!Folder::of(path, &open).private, "{path}");
        }
        let mail = b"From: a@b.c\nSensitivity: Private\n\nx";
        assert_eq!(message(mail).kind, Kind::Removed(Reason::Private));
        assert_eq!(read(mail, Place::file("a"), &Folder::of("inbox", &open), None).unwrap().kind, Kind::Person);
    }

    #[test]
    fn a_mailbox_is_a_folder_and_a_mail_lies_in_one() {
        for (path, name, above) in [
            ("Sales Team.mbox", "sales team", ""),
            ("ann/Sent/12.", "12.", "sent"),
            ("a/.Sent/cur/1:2,S", "1:2,s", "sent"),
            ("x.sbd/2023", "2023", "x"),
        ] {
            let folder = Folder::of(path, &Options::default());
            assert_eq!((folder.name.as_str(), folder.above.as_str(), folder.private), (name, above, false), "{path}");
            assert_eq!(folder.above().name, above);
        }
    }

    #[test]
    fn a_file_is_one_batch_and_its_flags_tell_drafts_and_trash() {
        let private_of = |name: &str| {
            let stream = Box::new(std::io::Cursor::new(MAIL.to_vec()));
            let batches: Vec<_> = open(stream, Place::file(name), Folder::of(&format!("Sent/cur/{name}"), &Options::default())).collect();
            match &batches[..] {
                [Ok(Batch { bytes, reader: Reader::Mail(folder), .. })] if bytes == MAIL && folder.name == "sent" => folder.private,
                _ => panic!("expected one batch of the folder"),
            }
        };
        assert_eq!(["1:2,S", "2:2,DS", "3!2,T", "4"].map(private_of), [false, true, true, false]);
    }

    #[test]
    fn heads_of_mails_are_told_from_other_text() {
        assert!(looks_like(MAIL));
        assert!(looks_like(b"Return-Path: <a@b>\r\nReceived: from x\r\n\tby y\r\n\r\nbody"));
        assert!(looks_like(b"From: a@b\rDate: x\r\rbody"));
        assert!(!looks_like(b"Date: today\nwe met\nand talked\nabout: this\n"));
        assert!(!looks_like(b"ann at example.com (Ann)\nbo at example.com (Bo)\n"));
        assert!(!looks_like(b"name: x\nversion: 1\n"));
    }

    #[test]
    fn a_hundred_thousand_nested_mails_are_one_part_and_read_on_a_small_stack() {
        let plain = "Content-Type: message/rfc822\n\n".repeat(100_000);
        let hidden = "Content-Type: message/(x)rfc822\n\n".repeat(100_000);
        let nest = |levels: &str| {
            format!(
                "From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nmine\n--b\n{levels}\n--b--\n"
            )
        };
        let small = std::thread::Builder::new().stack_size(256 << 10);
        let reader = small.spawn(move || {
            assert_eq!(message(nest(&plain).as_bytes()).text, "mine");
            assert_eq!(message(nest(&hidden).as_bytes()).text, "mine");
            assert_eq!(message(format!("From: a@b.c\n{plain}").as_bytes()).text, "");
        });
        reader.unwrap().join().unwrap();
    }

    #[test]
    fn damage_is_handed_on_beside_the_message() {
        let mut seen = Vec::new();
        let mail = b"From: a@b.c\nContent-Type: text/plain; charset=utf-8\n\nab\xff";
        each_message(mail, &Place::file("a"), &Folder::default(), &mut |read| seen.push(read.map(|message| message.text.into_owned())));
        assert_eq!(seen[0].as_ref().unwrap_err().to_string(), "a: 33.3 % of the characters are not valid utf-8");
        assert_eq!(seen[1].as_deref(), Ok("ab\u{fffd}"));
        each_message(b"", &Place::file("a"), &Folder::default(), &mut |_| panic!("an empty file is no error"));
    }
}
