//! Mailboxes of Outlook (`.pst`, `.ost`): a tree of folders, each with a table of its items (MS-PST).
//!
//! The package that reads them panics on some damage and cannot be sent between threads. So the store is opened anew for each batch, on the
//! thread that fetches, and what a panic leaves is one fault; batches carry the items as lines of JSON, which any thread can read.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use outlook_pst::ltp::prop_context::PropertyValue;
use outlook_pst::ltp::table_context::{TableContext, TableRowData};
use outlook_pst::messaging::folder::Folder;
use outlook_pst::messaging::store::{AnsiStore, Store, UnicodeStore};
use outlook_pst::ndb::node_id::{NID_ROOT_FOLDER, NodeId, NodeIdType};
use outlook_pst::{AnsiPstFile, PstReader, UnicodePstFile};

use super::item::{Item, may_hold_words};
use super::property::{ALL, Properties, Value, id};
use super::{Origin, RTF_ONLY};
use crate::fault::{Fault, Place, Position};
use crate::message::Message;
use crate::source::mail::Folder as MailFolder;
use crate::source::{Batch, Batches, Options, Reader, cause, lines};

const MAGIC: &[u8] = b"!BDN";
/// The largest mailbox that is read from a stream or an archive; a file of its own may have any size.
const MAX_STREAM_BYTES: u64 = 64 << 20;
const MAX_DEPTH: usize = 64;
const BATCH_BYTES: usize = 1 << 20;
const BATCH_ITEMS: usize = 500;

/// Whether a file begins as a mailbox of Outlook.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Opens a mailbox; `folder` is the mailbox itself.
#[must_use]
pub fn open(path: &Path, folder: MailFolder, options: &Options) -> Batches {
    batches(Bytes::File(path.to_owned()), Place::file(path.to_string_lossy()), folder, options)
}

/// Opens a mailbox that comes as a stream: it is read as a whole, for its parts point at each other.
#[must_use]
pub fn open_stream(stream: Box<dyn Read + Send>, at: Place, folder: MailFolder, options: &Options) -> Batches {
    let mut bytes = Vec::new();
    let fault = match stream.take(MAX_STREAM_BYTES + 1).read_to_end(&mut bytes) {
        Ok(n) if n as u64 > MAX_STREAM_BYTES => {
            Some(format!("a packed mailbox of more than {} MiB; unpack it first", MAX_STREAM_BYTES >> 20))
        }
        Ok(_) => None,
        // What a mailbox points at may lie behind the break, so that each item tells by itself whether it is whole.
        Err(error) => Some(format!("reading broke off after {} bytes: {}", bytes.len(), cause(&error))),
    };
    let fault = fault.map(|why| Err(Fault::new(at.clone(), why)));
    Box::new(fault.into_iter().chain(batches(Bytes::Memory(bytes.into()), at, folder, options)))
}

#[derive(Clone)]
enum Bytes {
    File(PathBuf),
    Memory(Arc<[u8]>),
}

/// A folder with the numbers of its items, and for those that are no mail their class.
struct Listed {
    at: Place,
    origin: Origin,
    items: Vec<(u32, Option<String>)>,
    n_read: usize,
}

fn batches(bytes: Bytes, at: Place, folder: MailFolder, options: &Options) -> Batches {
    let include_direct = options.include_direct;
    Box::new(std::iter::once(()).flat_map(move |()| {
        let (folders, faults) = match guarded(|| list(&bytes, &at, &folder, include_direct)) {
            Ok(listed) => listed,
            Err(why) => (Vec::new(), vec![Fault::new(at.clone(), why)]),
        };
        let bytes = bytes.clone();
        let items = folders.into_iter().flat_map(move |mut folder| {
            let bytes = bytes.clone();
            std::iter::from_fn(move || folder.next(&bytes))
        });
        faults.into_iter().map(Err).chain(items)
    }))
}

/// What `read` gives, or its failure in words; upstream panics on some damage.
fn guarded<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("damaged: its parts do not fit together".to_owned()))
}

fn store(bytes: &Bytes) -> Result<Rc<dyn Store>, String> {
    let reader = || -> io::Result<Box<dyn PstReader>> {
        Ok(match bytes {
            Bytes::File(path) => Box::new(BufReader::new(File::open(path)?)),
            Bytes::Memory(bytes) => Box::new(Cursor::new(Arc::clone(bytes))),
        })
    };
    let words = |error: &io::Error| format!("a mailbox of Outlook that cannot be opened: {}", cause(error));
    if let Ok(file) = reader().and_then(UnicodePstFile::read_from) {
        return Ok(UnicodeStore::read(Rc::new(file)).map_err(|error| words(&error))?);
    }
    let file = reader().and_then(AnsiPstFile::read_from).map_err(|error| words(&error))?;
    Ok(AnsiStore::read(Rc::new(file)).map_err(|error| words(&error))?)
}

type Listing = (Vec<Listed>, Vec<Fault>);

/// Every folder that holds items, those above first.
fn list(bytes: &Bytes, at: &Place, mailbox: &MailFolder, include_direct: bool) -> Result<Listing, String> {
    let store = store(bytes)?;
    let number = |entry: io::Result<outlook_pst::messaging::store::EntryId>| entry.ok().map(|entry| u32::from(entry.node_id()));
    let visible = number(store.properties().ipm_sub_tree_entry_id());
    let deleted = number(store.properties().ipm_wastebasket_entry_id());
    let (mut folders, mut faults, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut waiting = vec![(u32::from(NID_ROOT_FOLDER), Vec::<String>::new(), false)];
    while let Some((node, mut path, is_deleted)) = waiting.pop() {
        if !seen.insert(node) {
            continue;
        }
        let is_deleted = is_deleted || Some(node) == deleted;
        // The root and the folder above all that Outlook shows have no names that a person gave.
        let is_nameless = node == u32::from(NID_ROOT_FOLDER) || Some(node) == visible;
        let place = |path: &[String]| Place { member: (!path.is_empty()).then(|| path.join("/").into()), ..at.clone() };
        let read = guarded(|| {
            let folder = open_folder(&*store, node)?;
            let name = folder.properties().display_name().unwrap_or_default().replace(['/', '\0'], " ");
            Ok((items(&*folder), below_of(&*folder), name))
        });
        let (items, below_it, name) = match read {
            Ok(read) => read,
            Err(why) => {
                faults.push(Fault::new(place(&path), format!("a folder here cannot be read: {why}")));
                continue;
            }
        };
        if !is_nameless {
            path.push(name);
        }
        let at = place(&path);
        match items {
            Ok((items, missing)) => {
                faults.extend(missing.map(|why| Fault::new(at.clone(), why)));
                let mut folder = mailbox.within(&path.join("/"));
                folder.private |= is_deleted && !folder.include_private;
                if !items.is_empty() {
                    let origin = Origin { folder, include_direct };
                    folders.push(Listed { at: at.clone(), origin, items, n_read: 0 });
                }
            }
            Err(why) => faults.push(Fault::new(at.clone(), why)),
        }
        match below_it {
            Ok(_) if path.len() >= MAX_DEPTH => faults.push(Fault::new(at, format!("folders nest deeper than {MAX_DEPTH}"))),
            Ok(below_it) => waiting.extend(below_it.into_iter().rev().map(|node| (node, path.clone(), is_deleted))),
            Err(why) => faults.push(Fault::new(at, why)),
        }
    }
    Ok((folders, faults))
}

fn open_folder(store: &dyn Store, node: u32) -> Result<Rc<dyn Folder>, String> {
    let entry = store.properties().make_entry_id(NodeId::from(node)).map_err(|error| cause(&error))?;
    store.open_folder(&entry).map_err(|error| cause(&error))
}

/// The folders below a folder. Folders that hold the results of a search are left out: what they show lies elsewhere too.
fn below_of(folder: &dyn Folder) -> Result<Vec<u32>, String> {
    let Some(table) = folder.hierarchy_table() else {
        let has_some = folder.properties().has_sub_folders().unwrap_or(false);
        return if has_some { Err("the list of the folders in it cannot be read".to_owned()) } else { Ok(Vec::new()) };
    };
    let nodes = table.rows_matrix().map(|row| u32::from(row.id()));
    Ok(nodes.filter(|&node| NodeId::from(node).id_type().is_ok_and(|kind| kind == NodeIdType::NormalFolder)).collect())
}

type Items = (Vec<(u32, Option<String>)>, Option<String>);

/// The items of a folder, and what is missing if some are.
fn items(folder: &dyn Folder) -> Result<Items, String> {
    let n_expected = folder.properties().content_count().ok().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let Some(table) = folder.contents_table() else {
        return if n_expected > 0 { Err(format!("the list of its {n_expected} items cannot be read")) } else { Ok((Vec::new(), None)) };
    };
    let class_column = table.context().columns().iter().position(|column| column.prop_id() == id::CLASS);
    let items: Vec<_> =
        table.rows_matrix().map(|row| (u32::from(row.id()), class_column.and_then(|column| class(&**table, row, column)))).collect();
    let missing = (items.len() < n_expected).then(|| format!("{} of its {n_expected} items are not in its list", n_expected - items.len()));
    Ok((items, missing))
}

fn class(table: &dyn TableContext, row: &TableRowData, column: usize) -> Option<String> {
    let value = row.columns(table.context()).ok()?.into_iter().nth(column)??;
    let kind = table.context().columns()[column].prop_type();
    let class = match table.read_column(&value, kind).ok()? {
        PropertyValue::Unicode(text) => text.to_string(),
        PropertyValue::String8(text) => text.to_string(),
        _ => return None,
    };
    (!may_hold_words(&class)).then_some(class)
}

impl Listed {
    /// The next items of the folder, as a batch or as one fault for all of them where the store cannot be opened again.
    fn next(&mut self, bytes: &Bytes) -> Option<Result<Batch, Fault>> {
        if self.n_read >= self.items.len() {
            return None;
        }
        let records_before = self.n_read as u64;
        let store = match guarded(|| store(bytes)) {
            Ok(store) => store,
            Err(why) => {
                let n_lost = self.items.len() - self.n_read;
                self.n_read = self.items.len();
                return Some(Err(Fault::new(self.at.clone(), format!("{n_lost} items are not read: {why}"))));
            }
        };
        let mut lines = Vec::new();
        for (node, class) in self.items[self.n_read..].iter().take(BATCH_ITEMS) {
            self.n_read += 1;
            let item: Result<Item, String> = match class {
                Some(class) => Ok(Item::of_class(class.clone())),
                None => guarded(|| read_item(&*store, *node)),
            };
            // Strings and numbers always make a line.
            if serde_json::to_writer(&mut lines, &item).is_ok() {
                lines.push(b'\n');
            }
            if lines.len() >= BATCH_BYTES {
                break;
            }
        }
        let reader = Reader::Pst(Arc::new(self.origin.clone()));
        Some(Ok(Batch { bytes: lines, packed: None, at: self.at.clone(), records_before, reader }))
    }
}

fn read_item(store: &dyn Store, node: u32) -> Result<Item, String> {
    let entry = store.properties().make_entry_id(NodeId::from(node)).map_err(|error| cause(&error))?;
    let message = store.open_message(&entry, Some(&ALL)).map_err(|error| format!("the item cannot be read: {}", cause(&error)))?;
    let values = message.properties().iter().filter_map(|(&id, value)| Some((id, value_of(value)?)));
    Ok(Item::of(&Properties(values.collect())))
}

fn value_of(value: &PropertyValue) -> Option<Value> {
    Some(match value {
        PropertyValue::Unicode(text) => Value::Wide(text.to_string()),
        PropertyValue::String8(text) => Value::Narrow(text.buffer().to_vec()),
        PropertyValue::Binary(bytes) => Value::Bytes(bytes.buffer().to_vec()),
        PropertyValue::Integer16(number) => Value::Number((*number).into()),
        PropertyValue::Integer32(number) => Value::Number((*number).into()),
        PropertyValue::Time(time) => Value::Time(*time),
        _ => return None,
    })
}

/// Reads the items of a batch.
pub fn each_message(bytes: &[u8], at: &Place, records_before: u64, origin: &Origin, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    for (record, line) in (records_before + 1..).zip(lines(bytes).filter(|line| !line.is_empty())) {
        let at = at.at(Position::Record(record));
        match serde_json::from_slice::<Result<Item, String>>(line) {
            Ok(Ok(item)) => {
                if item.is_rtf_only {
                    sink(Err(Fault::new(at.clone(), RTF_ONLY)));
                }
                sink(Ok(item.message(at, origin)));
            }
            Ok(Err(why)) => sink(Err(Fault::new(at, why))),
            Err(error) => sink(Err(Fault::new(at, error.to_string()))),
        }
    }
}
