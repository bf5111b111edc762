//! What an input is, told by its content: a Slack export (folder or zip), a mailbox, a single mail, a table of messages, any of them packed
//! by gzip or Zstandard, or a folder of such files.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use super::table::{self, Table};
use super::{Batches, Format, Options, Source, cause, mail, mbox, packed, slack, text, zip};
use crate::fault::{Fault, Place};

/// Bytes of a file that recognition looks at.
const HEAD_BYTES: u64 = 64 << 10;

/// Files of a folder that hold no messages by their very kind, whatever stands in them.
const INDEX_EXTENSIONS: [&str; 2] = ["msf", "idx"];

pub(super) fn open(path: &Path, options: &Options) -> Result<Source, Fault> {
    let label: Arc<str> = path.to_string_lossy().into();
    if path == Path::new("-") {
        let at = Place::file("-");
        let batches = open_stream(Box::new(io::stdin()), at, mail::Folder::default(), options)?;
        return Ok(Source { label, batches });
    }
    let metadata = path.metadata().map_err(|error| Fault::file(Arc::clone(&label), cause(&error)))?;
    let batches = if metadata.is_dir() {
        match slack_root(path).filter(|_| options.format.is_none_or(|format| format == Format::Slack)) {
            Some(root) => slack::open_folder(&root, options)?,
            None => open_folder(path, options),
        }
    } else {
        open_file(path, path, options)?
    };
    Ok(Source { label, batches })
}

/// The folder that holds a Slack export's `channels.json` and `users.json`: the folder itself or the first with them one level down.
fn slack_root(root: &Path) -> Option<PathBuf> {
    let is_export = |folder: &Path| {
        let names = ["channels.json", "users.json"].into_iter().filter(|name| folder.join(name).is_file());
        slack::is_export(names).is_some()
    };
    if is_export(root) {
        return Some(root.to_owned());
    }
    let mut below = WalkDir::new(root).min_depth(1).max_depth(1).sort_by_file_name().into_iter().flatten();
    let only_one = WalkDir::new(root).min_depth(1).max_depth(1).into_iter().flatten().count() == 1;
    below.find(|entry| only_one && entry.file_type().is_dir() && is_export(entry.path())).map(walkdir::DirEntry::into_path)
}

/// Every file below a folder, in the order of their names, hidden ones too: hidden files are data here.
fn open_folder(root: &Path, options: &Options) -> Batches {
    let root = root.to_owned();
    let options = options.clone();
    let files = WalkDir::new(&root).sort_by_file_name().into_iter().filter_map(|entry| match entry {
        Ok(entry) if entry.file_type().is_file() && !is_index(entry.path()) => Some(Ok(entry.into_path())),
        Ok(_) => None,
        Err(error) => {
            let path = error.path().map_or_else(String::new, |path| path.to_string_lossy().into_owned());
            let why = error.io_error().map_or_else(|| "links in a circle".to_owned(), cause);
            Some(Err(Fault::file(path, why)))
        }
    });
    Box::new(files.flat_map(move |file| match file.and_then(|file| open_file(&file, &root, &options)) {
        Ok(batches) => batches,
        Err(fault) => Box::new(std::iter::once(Err(fault))),
    }))
}

fn is_index(path: &Path) -> bool {
    path.extension().is_some_and(|extension| INDEX_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

/// One file; `root` is what the user named, so that folders above it say nothing about privacy.
fn open_file(path: &Path, root: &Path, options: &Options) -> Result<Batches, Fault> {
    let label: Arc<str> = path.to_string_lossy().into();
    let fault = |error: &io::Error| Fault::file(Arc::clone(&label), cause(error));
    let mut file = File::open(path).map_err(|error| fault(&error))?;
    let mut magic = Vec::new();
    (&mut file).take(4).read_to_end(&mut magic).map_err(|error| fault(&error))?;
    if matches!(magic[..], [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6]) {
        return open_zip(path, options);
    }
    let below = path.strip_prefix(root).unwrap_or(Path::new(""));
    let folder = mail::Folder::of(&below.to_string_lossy(), options);
    open_stream(Box::new(io::Cursor::new(magic).chain(file)), Place::file(Arc::clone(&label)), folder, options)
}

fn open_zip(path: &Path, options: &Options) -> Result<Batches, Fault> {
    let archive = zip::open(path)?;
    if let Some(prefix) = slack::is_export(archive.members().iter().map(|member| member.name.as_str())) {
        return slack::open_zip(archive, &prefix, options);
    }
    // Where the archive is cut short, the lists that tell a Slack export may be what is missing.
    let has_days = archive.members().iter().any(|member| slack::is_day(&member.name));
    match archive.broken().cloned() {
        Some(_) if has_days => slack::open_zip(archive, "", options),
        Some(broken) => Err(broken),
        None => Err(Fault::file(path.to_string_lossy(), "zip archive without a Slack export in it (channels.json and users.json)")),
    }
}

/// A stream of bytes, told by its first ones.
fn open_stream(stream: Box<dyn Read + Send>, at: Place, folder: mail::Folder, options: &Options) -> Result<Batches, Fault> {
    let mut stream = packed::unpack(stream).map_err(|error| Fault::new(at.clone(), cause(&error)))?;
    let mut head = Vec::new();
    // An error this early is met again, and told, where the stream is read.
    let _ = (&mut stream).take(HEAD_BYTES).read_to_end(&mut head);
    let format = match options.format {
        Some(format) => Some(format),
        // An empty mailbox, mail or table is no mistake.
        None if head.is_empty() => return Ok(Box::new(stream_fault(stream, at))),
        None => recognise(&head, options),
    };
    let Some(format) = format else { return Err(Fault::new(at, unknown(&head))) };
    let stream: Box<dyn Read + Send> = Box::new(io::Cursor::new(head).chain(stream));
    let table = || {
        let map = options.map.clone().ok_or_else(|| {
            Fault::new(at.clone(), "a table of messages; say which column holds what with --map text=COLUMN,author=COLUMN,time=COLUMN")
        })?;
        Ok(Table { map, zone: options.zone.clone() })
    };
    match format {
        Format::Slack => Err(Fault::new(at, "expected a Slack export, a folder or a zip archive")),
        Format::Mbox => Ok(mbox::open(stream, at, folder)),
        Format::Mail => Ok(mail::open(stream, at, folder)),
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

fn recognise(head: &[u8], options: &Options) -> Option<Format> {
    if mbox::looks_like(head) {
        Some(Format::Mbox)
    } else if mail::looks_like(head) {
        Some(Format::Mail)
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
    let known: [(&[u8], &str); 5] = [
        (b"!BDN", "an Outlook PST header"),
        (b"\xd0\xcf\x11\xe0", "an OLE header (Outlook .msg?)"),
        (b"%PDF", "a PDF header"),
        (b"{", "a JSON object"),
        (b"[", "a JSON array"),
    ];
    let begins = match known.iter().find(|(magic, _)| head.starts_with(magic)) {
        Some((_, words)) => (*words).to_owned(),
        None => match head[..head.len().min(24)].utf8_chunks().next() {
            Some(chunk) if !chunk.valid().is_empty() => format!("the text {:?}", chunk.valid().lines().next().unwrap_or("")),
            Some(_) | None => "bytes that are no text".to_owned(),
        },
    };
    format!(
        "of no known format: begins with {begins}; known are Slack exports, mbox, single mails, CSV and JSON Lines (--map), and, when named \
         with --input-format, text and Markdown"
    )
}
