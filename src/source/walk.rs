//! What an input is, told by its content: a Slack export (folder or zip), a mailbox, a single mail, an export of another chat, a table of
//! messages, any of them packed by gzip or Zstandard, or a folder or zip archive of such files.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use walkdir::WalkDir;

use super::beside::Beside;
use super::steady::Steady;
use super::table::{self, Table};
use super::{
    Again, Batches, Format, Options, Source, cause, cause_at, discord, google_chat, irc, mail, mattermost, mbox, outlook, packed, slack,
    teams, telegram, text, whatsapp, zip, zulip,
};
use crate::fault::{Fault, Place};

/// Bytes of a file that recognition looks at.
const HEAD_BYTES: usize = 64 << 10;

/// Files of a folder that hold no messages by their very kind, whatever stands in them: indexes, and what people sent each other beside
/// words.
#[rustfmt::skip]
const OTHER_EXTENSIONS: [&str; 34] = [
    "msf", "idx", "css", "js", "woff", "woff2", "ttf", "jpg", "jpeg", "png", "gif", "webp", "bmp", "tif", "tiff", "heic", "svg", "ico", "mp3",
    "m4a", "ogg", "oga", "opus", "wav", "aac", "flac", "mp4", "mov", "webm", "mkv", "avi", "3gp", "tgs", "vcf",
];

/// Archives in archives that are opened: exports come in bundles of bundles, more is made to harm.
const MAX_ARCHIVES: usize = 2;
/// The largest archive that is opened in memory, because it is no file by itself.
const MAX_INNER_BYTES: u64 = 64 << 20;

const WITHOUT_EXPORT: &str =
    "archive without an export in it (channels.json and users.json of Slack, or JSON, mbox, mail, CSV or chat files)";

pub(super) fn open(path: &Path, options: &Options) -> Result<Source, Fault> {
    let label: Arc<str> = path.to_string_lossy().into();
    let batches = open_batches(path, options)?;
    let (again_path, again_options) = (path.to_owned(), options.clone());
    let is_kept = path != Path::new("-") && path.metadata().is_ok_and(|metadata| metadata.is_dir() || metadata.is_file());
    let again: Option<Again> = if is_kept { Some(Box::new(move || open_batches(&again_path, &again_options))) } else { None };
    Ok(Source { label, batches, again })
}

fn open_batches(path: &Path, options: &Options) -> Result<Batches, Fault> {
    if path == Path::new("-") {
        return open_stream(Box::new(io::stdin()), Place::file("-"), mail::Folder::default(), &Beside::Nowhere, options);
    }
    let metadata = path.metadata().map_err(|error| Fault::file(path.to_string_lossy(), cause_at(path, &error)))?;
    if metadata.is_dir() { Ok(open_folder(path, options)) } else { open_file(path, path, options) }
}

/// A file that lies in memory.
pub(super) fn open_bytes(path: &str, content: Vec<u8>, options: &Options) -> Result<Batches, Fault> {
    let at = Place::file(path);
    if zip::looks_like(&content) {
        return open_archive(zip::open_nested(content, at, 0)?, false, options);
    }
    if zip::tar::looks_like(&content) {
        return open_archive(zip::open_tar(zip::tar::Origin::Memory(content.into()), at, 0)?, true, options);
    }
    open_stream(Box::new(io::Cursor::new(content)), at, mail::Folder::of("", options), &Beside::Nowhere, options)
}

/// Every file below a folder, in the order of their names, hidden ones too: hidden files are data here. A Slack export below it is read as
/// a whole.
fn open_folder(root: &Path, options: &Options) -> Batches {
    let root = root.to_owned();
    let options = options.clone();
    let may_be_slack = options.format.is_none_or(|format| format == Format::Slack);
    let mut entries = WalkDir::new(&root).sort_by_file_name().into_iter();
    let next = move || {
        let failed = |path: &Path, why: String| Err(Fault::file(path.to_string_lossy(), why));
        loop {
            let batches = match entries.next()? {
                Ok(entry) if entry.file_type().is_file() && is_other(entry.path()) => continue,
                Ok(entry) if entry.file_type().is_file() => open_file(entry.path(), &root, &options),
                Ok(entry) if entry.file_type().is_dir() && may_be_slack && slack::holds_export(entry.path()) => {
                    entries.skip_current_dir();
                    slack::open_folder(entry.path(), &options)
                }
                Ok(entry) if entry.file_type().is_dir() => continue,
                Ok(entry) if entry.file_type().is_symlink() => {
                    failed(entry.path(), "a link; links inside a folder are not followed".to_owned())
                }
                Ok(entry) => failed(entry.path(), "neither a file nor a folder".to_owned()),
                Err(error) => {
                    let why = error.io_error().map_or_else(|| "links in a circle".to_owned(), cause);
                    failed(error.path().unwrap_or(Path::new("")), why)
                }
            };
            return Some(batches.unwrap_or_else(|fault| Box::new(std::iter::once(Err(fault)))));
        }
    };
    Box::new(std::iter::from_fn(next).flatten())
}

/// Whether a file of a folder is passed over: it holds no messages, or it is one of the lists that are read with the messages beside it.
fn is_other(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.extension().is_some_and(|extension| OTHER_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
        || teams::is_list(&name)
        || google_chat::is_list(&name)
        || zulip::is_list(&name)
}

/// Files below a folder or members of an archive that are passed over; a Slack export's files are chosen by its reader.
pub(super) fn n_passed_over(path: &Path) -> u64 {
    if path.is_dir() {
        let is_walked = |entry: &walkdir::DirEntry| !(entry.file_type().is_dir() && slack::holds_export(entry.path()));
        let entries = WalkDir::new(path).into_iter().filter_entry(is_walked).flatten();
        return entries.filter(|entry| entry.file_type().is_file() && is_other(entry.path())).count() as u64;
    }
    // A pipe that was read is not opened again, for nobody may write into it any more.
    if !path.is_file() {
        return 0;
    }
    let mut magic = [0; 2];
    let is_zip = File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && &magic == b"PK";
    let Some(archive) = is_zip.then(|| zip::open(path).ok()).flatten() else { return 0 };
    let names = || archive.members().iter().map(|member| member.name.as_str());
    if slack::is_export(names()).is_some() { 0 } else { names().filter(|name| is_other(Path::new(name))).count() as u64 }
}

/// One file; `root` is what the user named, so that folders above it say nothing about privacy.
fn open_file(path: &Path, root: &Path, options: &Options) -> Result<Batches, Fault> {
    let label: Arc<str> = path.to_string_lossy().into();
    let fault = |error: &io::Error| Fault::file(Arc::clone(&label), cause(error));
    let mut file = File::open(path).and_then(Steady::of).map_err(|error| fault(&error))?;
    let mut magic = Vec::new();
    (&mut file).take(4).read_to_end(&mut magic).map_err(|error| fault(&error))?;
    if zip::looks_like(&magic) {
        return open_archive(zip::open(path)?, false, options);
    }
    let below = path.strip_prefix(root).unwrap_or(Path::new(""));
    let folder = mail::Folder::of(&below.to_string_lossy(), options);
    if outlook::pst::looks_like(&magic) && options.format.is_none_or(|format| format == Format::Outlook) {
        return Ok(outlook::pst::open(path, folder, options));
    }
    let beside = Beside::File(path.to_owned());
    open_stream(Box::new(io::Cursor::new(magic).chain(file)), Place::file(Arc::clone(&label)), folder, &beside, options)
}

/// An archive, be it of one export or of files as a folder holds them.
fn open_archive(archive: zip::Archive, is_tar: bool, options: &Options) -> Result<Batches, Fault> {
    if let Some(prefix) = slack::is_export(archive.members().iter().map(|member| member.name.as_str())) {
        return slack::open_zip(archive, &prefix, options);
    }
    // Where the archive is cut short, the lists that tell a Slack export may be what is missing.
    let has_days = archive.members().iter().any(|member| slack::is_day(&member.name));
    // Many documents are zip archives, but none is a tar.
    let mut names = archive.members().iter().map(|member| member.name.as_str());
    let may_hold = names.any(|name| if is_tar { !is_other(Path::new(name)) } else { may_hold_messages(name) }) || holds_talk(&archive);
    match archive.broken().cloned() {
        Some(_) if has_days => slack::open_zip(archive, "", options),
        broken if may_hold => Ok(Box::new(broken.into_iter().map(Err).chain(open_members(archive, options)))),
        Some(broken) => Err(broken),
        None => Err(Fault::new(archive.at(), WITHOUT_EXPORT)),
    }
}

/// An archive that comes as a stream, or in another archive.
fn open_inner_archive(stream: Box<dyn Read + Send>, is_tar: bool, at: Place, beside: &Beside, options: &Options) -> Result<Batches, Fault> {
    let depth = match beside {
        Beside::Nowhere | Beside::File(_) => 0,
        Beside::Member(archive, _) => archive.depth() + 1,
    };
    if depth > MAX_ARCHIVES {
        return Err(Fault::new(at, format!("an archive in {depth} others, at most {MAX_ARCHIVES} are opened")));
    }
    if let (true, Beside::File(path)) = (is_tar, beside) {
        return open_archive(zip::open_tar(zip::tar::Origin::File(path.clone()), at, depth)?, is_tar, options);
    }
    let mut bytes = Vec::new();
    let broken = stream.take(MAX_INNER_BYTES + 1).read_to_end(&mut bytes).err();
    if bytes.len() as u64 > MAX_INNER_BYTES {
        return Err(Fault::new(
            at,
            format!("an archive of more than {} MiB that is no file by itself; unpack it first", MAX_INNER_BYTES >> 20),
        ));
    }
    let broken = broken.map(|error| Err(Fault::new(at.clone(), format!("reading broke off: {}", cause(&error)))));
    let archive =
        if is_tar { zip::open_tar(zip::tar::Origin::Memory(bytes.into()), at, depth) } else { zip::open_nested(bytes, at, depth) };
    match (archive.and_then(|archive| open_archive(archive, is_tar, options)), broken) {
        (Ok(batches), broken) => Ok(Box::new(broken.into_iter().chain(batches))),
        (Err(fault), _) => Err(fault),
    }
}

/// Whether a member's name is one of an export: many documents are zip archives too.
fn may_hold_messages(name: &str) -> bool {
    let extension = Path::new(name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(
        &*extension,
        "json" | "jsonl" | "ndjson" | "mbox" | "eml" | "msg" | "pst" | "ost" | "csv" | "gz" | "zst" | "tar" | "tgz" | "zip"
    ) && !is_other(Path::new(name))
        || mail::is_maildir(name)
}

/// Texts of an archive that are looked into: who packs a book has more of them.
const MAX_TEXTS: usize = 16;

/// Whether a text in an archive is a chat or a log.
fn holds_talk(archive: &zip::Archive) -> bool {
    let texts = archive.members().iter().filter(|member| {
        let extension = Path::new(&member.name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
        matches!(&*extension, "txt" | "log" | "weechatlog")
    });
    texts.take(MAX_TEXTS).any(|member| {
        let bytes = archive.read(member).map_err(|_| ()).and_then(|(bytes, packed)| match packed {
            None => Ok(bytes),
            Some(packed) => zip::unpack(&bytes, &packed).map_err(|_| ()),
        });
        bytes.is_ok_and(|bytes| {
            let head = bytes.get(..HEAD_BYTES).unwrap_or(&bytes);
            whatsapp::looks_like(head) || irc::looks_like(head)
        })
    })
}

/// The members of an archive that is no Slack export, as files of a folder.
fn open_members(archive: zip::Archive, options: &Options) -> Batches {
    let options = options.clone();
    let mut members: Vec<zip::Member> = archive.members().iter().filter(|member| !is_other(Path::new(&member.name))).cloned().collect();
    // What lies beside a chat is what people sent each other.
    if members.iter().any(|member| whatsapp::is_chat_name(&member.name)) {
        members.retain(|member| whatsapp::is_chat_name(&member.name));
    }
    Box::new(members.into_iter().flat_map(move |member| match open_member(&archive, &member, &options) {
        Ok(batches) => batches,
        Err(fault) => Box::new(std::iter::once(Err(fault))),
    }))
}

fn open_member(archive: &zip::Archive, member: &zip::Member, options: &Options) -> Result<Batches, Fault> {
    let name = member.name.as_str();
    let at = archive.place(name);
    let stream: Box<dyn Read + Send> = match archive.stream(member) {
        Some(stream) => stream.map_err(|error| Fault::new(at.clone(), cause(&error)))?,
        None => match archive.read(member)? {
            (bytes, None) => Box::new(io::Cursor::new(bytes)),
            (bytes, Some(packed)) => Box::new(io::Cursor::new(zip::unpack(&bytes, &packed).map_err(|why| Fault::new(at.clone(), why))?)),
        },
    };
    let beside = Beside::Member(archive.clone(), name.to_owned());
    open_stream(stream, at, mail::Folder::of(name, options), &beside, options)
}

/// A stream of bytes, told by its first ones.
fn open_stream(
    stream: Box<dyn Read + Send>,
    at: Place,
    folder: mail::Folder,
    beside: &Beside,
    options: &Options,
) -> Result<Batches, Fault> {
    let mut stream = packed::unpack(stream).map_err(|error| Fault::new(at.clone(), cause(&error)))?;
    let mut head = Vec::new();
    let broken = (&mut stream).take(HEAD_BYTES as u64).read_to_end(&mut head).err();
    let stream: Box<dyn Read + Send> = match broken {
        // What stands before the break is read, and the break is told where it comes.
        Some(error) => Box::new(packed::Broken(Some(error))),
        None => stream,
    };
    let is_tar = zip::tar::looks_like(&head);
    if is_tar || zip::looks_like(&head) {
        return open_inner_archive(Box::new(io::Cursor::new(head).chain(stream)), is_tar, at, beside, options);
    }
    let is_pst = outlook::pst::looks_like(&head);
    let is_tally = head.starts_with(b"{\"evenhand_tally\":");
    let format = match options.format {
        Some(format) => Some(format),
        // An empty mailbox, mail or table is no mistake.
        None if head.is_empty() || teams::is_empty(&head, beside) => return Ok(Box::new(stream_fault(stream, at))),
        None if let Some(why) = refused(&head, options) => return Err(Fault::new(at, why)),
        None if is_pst || outlook::msg::looks_like(&head) => Some(Format::Outlook),
        None => recognise(&head, options),
    };
    if is_tally {
        return Err(Fault::new(at, "a tally; give it by itself and unpacked, not in a folder or archive"));
    }
    let Some(format) = format else { return Err(Fault::new(at, unknown(&head))) };
    let stream: Box<dyn Read + Send> = Box::new(io::Cursor::new(head.clone()).chain(stream));
    let table = || {
        let map = options.map.clone().ok_or_else(|| {
            Fault::new(at.clone(), "a table of messages; say which column holds what with --map text=COLUMN,author=COLUMN,time=COLUMN")
        })?;
        Ok(Table { map, zone: options.zone.clone() })
    };
    match format {
        Format::Slack if slack::looks_like(&head) => Ok(slack::open_file(stream, at, &head, beside, options)),
        Format::Slack => Err(Fault::new(at, "expected a Slack export, a folder or a zip archive")),
        Format::Mbox => Ok(mbox::open(stream, at, folder)),
        Format::Mail => Ok(mail::open(stream, at, folder)),
        Format::Outlook if is_pst => Ok(outlook::pst::open_stream(stream, at, folder, options)),
        Format::Outlook => Ok(outlook::msg::open(stream, at, folder, options)),
        Format::Discord => Ok(discord::open(stream, at, options.wanted())),
        Format::Mattermost => Ok(mattermost::open(stream, at, options.wanted())),
        Format::Teams => Ok(teams::open(stream, at, beside, options)),
        Format::GoogleChat => Ok(google_chat::open(stream, at, beside, options)),
        Format::Zulip => Ok(zulip::open(stream, at, beside, options)),
        Format::Telegram => Ok(telegram::open(stream, at, options)),
        Format::WhatsApp => Ok(whatsapp::open(stream, at, options)),
        Format::Irc => Ok(irc::open(stream, at, beside, options)),
        Format::Csv => table::csv::open(stream, at.clone(), table()?),
        Format::JsonLines => Ok(table::jsonl::open(stream, at.clone(), table()?)),
        Format::Text | Format::Markdown => Ok(text::open(stream, at)),
    }
}

/// The fault of a stream that broke before its first byte, if it did.
fn stream_fault(mut stream: Box<dyn Read + Send>, at: Place) -> impl Iterator<Item = Result<super::Batch, Fault>> {
    let mut byte = [0];
    stream.read(&mut byte).err().map(|error| Err(Fault::new(at, cause(&error)))).into_iter()
}

/// Why a form of a known program's export is not read, where the program writes a better one.
fn refused(head: &[u8], options: &Options) -> Option<&'static str> {
    if telegram::is_other_form(head) {
        return Some("a Telegram export as pages, in which ids are missing; export as JSON (\"machine-readable\")");
    }
    // Who gives a map wants the table.
    (options.map.is_none() && discord::is_other_form(head))
        .then_some("a Discord export as HTML, CSV or text, in which bots and ids are missing; export as JSON (--format Json)")
}

fn recognise(head: &[u8], options: &Options) -> Option<Format> {
    if mbox::looks_like(head) {
        Some(Format::Mbox)
    } else if mail::looks_like(head) {
        Some(Format::Mail)
    } else if slack::looks_like(head) {
        Some(Format::Slack)
    } else if discord::looks_like(head) {
        Some(Format::Discord)
    } else if mattermost::looks_like(head) {
        Some(Format::Mattermost)
    } else if teams::looks_like(head) {
        Some(Format::Teams)
    } else if google_chat::looks_like(head) {
        Some(Format::GoogleChat)
    } else if zulip::looks_like(head) {
        Some(Format::Zulip)
    } else if telegram::looks_like(head) {
        Some(Format::Telegram)
    } else if whatsapp::looks_like(head) {
        Some(Format::WhatsApp)
    } else if irc::looks_like(head) {
        Some(Format::Irc)
    } else if table::jsonl::looks_like(head) && (options.map.is_some() || has_json_lines(head)) {
        Some(Format::JsonLines)
    } else if table::csv::looks_like(head) || options.map.is_some() && table::csv::could_be(head) {
        Some(Format::Csv)
    } else {
        None
    }
}

/// Whether the first line is a whole object, so that a table is what is meant and the map is what is missing.
fn has_json_lines(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head).trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}")
}

/// A file's first bytes in words.
fn unknown(head: &[u8]) -> String {
    let known: [(&[u8], &str); 3] = [(b"%PDF", "a PDF header"), (b"{", "a JSON object"), (b"[", "a JSON array")];
    let begins = match known.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, words)) => (*words).to_owned(),
        None => match head[..head.len().min(24)].utf8_chunks().next() {
            Some(chunk) if !chunk.valid().is_empty() => format!("the text {:?}", chunk.valid().lines().next().unwrap_or("")),
            Some(_) | None => "bytes that are no text".to_owned(),
        },
    };
    format!(
        "of no known format: begins with {begins}; known are exports of Slack, Discord, Mattermost, Teams, \
         Google Chat, Zulip, Telegram and WhatsApp, IRC logs, mbox, single mails, Outlook items and mailboxes, CSV and JSON Lines (--map), and, when named with --input-format, text and \
         Markdown"
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::zip::tests::{Scratch, pack};
    use super::*;

    const TOPIC: &[u8] = br#"[{"id":1,"sender_full_name":"Ann","timestamp":1577836800,"content":"<p>x</p>"}]"#;
    const CHANNELS: &[u8] = br#"[{"Id":"19:a","DisplayName":"General"}]"#;
    const TEAM: &[u8] =
        br#"[{"Id":"1","CreatedDateTime":"2020-01-01T00:00:00Z","MessageType":"message","ChannelIdentity":{"ChannelId":"19:a"},
        "From":{"User":{"Id":"u1"}},"Body":{"ContentType":"text","Content":"y"}}]"#;

    fn read(path: &Path) -> Vec<String> {
        let source = match open(path, &Options::default()) {
            Ok(source) => source,
            Err(fault) => return vec![fault.why],
        };
        let mut seen = Vec::new();
        for batch in source.batches {
            match batch {
                Ok(batch) => batch.each_message(&mut |message| {
                    let format = batch.reader.format().name();
                    seen.push(message.map_or_else(|fault| fault.why, |message| format!("{format} {} {}", message.channel, message.text)));
                }),
                Err(fault) => seen.push(fault.why),
            }
        }
        seen
    }

    #[test]
    fn chats_are_told_by_content_in_a_folder_and_in_an_archive_and_their_lists_and_pictures_are_passed_over() {
        let files: [(&str, &[u8]); 5] = [
            ("top/12-sales/.60a.json", TOPIC),
            ("top/stream_index.json", b"{}"),
            ("top/teams/u/messages_u.json", b"[]"),
            ("top/teams/t/channels_t.json", CHANNELS),
            ("top/teams/t/messages_t.json", TEAM),
        ];
        let scratch = Scratch::new("walk-chats");
        for (name, bytes) in files {
            scratch.write(name, bytes);
        }
        scratch.write("top/photo.JPG", b"\xff\xd8");
        assert_eq!(read(&scratch.0), ["zulip sales x", "teams general y"]);
        let archive = Scratch::new("walk-archive");
        assert_eq!(read(&archive.write("a.zip", &pack(&files))), ["zulip sales x", "teams general y"]);
        // Of an archive that is cut short what is whole is read.
        let mut cut = pack(&files[..1]);
        cut.truncate(memchr::memmem::find(&cut, b"PK\x01\x02").unwrap());
        assert_eq!(read(&archive.write("c.zip", &cut))[1..], ["zulip sales x"]);
        // Of two members of one name the second is told and not the first read again.
        assert_eq!(read(&archive.write("d.zip", &pack(&[files[0], files[0]]))), ["zulip sales x", "a second member of this name"]);
        assert_eq!(read(&archive.write("b.zip", &pack(&[("word/document.xml", b"<x/>")]))), [WITHOUT_EXPORT]);
    }

    #[test]
    fn other_forms_of_known_programs_are_refused_with_the_form_that_is_read() {
        let scratch = Scratch::new("walk-refused");
        let discord = read(&scratch.write("a.csv", b"AuthorID,Author,Date,Content,Attachments,Reactions\n1,a,b,c,,\n"));
        assert!(discord[0].contains("export as JSON"), "{discord:?}");
        let telegram = read(&scratch.write("a.html", b"<!DOCTYPE html><title>Exported Data</title><div class=\"page_wrap\">"));
        assert!(telegram[0].contains("export as JSON"), "{telegram:?}");
    }
}
