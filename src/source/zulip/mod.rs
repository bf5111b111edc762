//! Zulip: the public archive, one array a topic, and the server's own export, `realm.json` with `messages-000001.json` and so on. The
//! archive is known from real files, the server's export from its documentation and source only.

mod archive;
mod server;

use std::io::Read;
use std::sync::Arc;

pub use self::archive::Topic;
pub use self::server::Realm;
use super::beside::Beside;
use super::packed::Broken;
use super::{Batches, Options, Reader, document, json};
use crate::fault::{Fault, Place};
use crate::message::Message;

/// What a file belongs to.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A topic of an archive.
    Archive(Topic),
    /// A server.
    Server(Arc<Realm>),
}

/// Whether the first bytes of a file begin a topic or a server's messages.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    is_server(head) || archive::looks_like(head)
}

fn is_server(head: &[u8]) -> bool {
    // The lists stand in any order, and the one of messages is longer than a head.
    json::members(head).iter().any(|(key, _)| key == "zerver_message" || key == "zerver_usermessage")
}

/// Whether a file of that name stands in an export beside the messages and holds none.
pub(super) fn is_list(name: &str) -> bool {
    matches!(name, "realm.json" | "analytics.json" | "attachment.json" | "migration_status.json" | "stream_index.json")
}

/// Opens a file, and of a server reads the lists that stand beside it.
pub(super) fn open(stream: Box<dyn Read + Send>, at: Place, beside: &Beside, options: &Options) -> Batches {
    let mut head = Vec::new();
    let mut stream = stream;
    if let Err(error) = (&mut stream).take(64 << 10).read_to_end(&mut head) {
        // To be told where the document is read.
        stream = Box::new(Broken(Some(error)));
    }
    let mut faults = Vec::new();
    let origin = if is_server(&head) {
        Origin::Server(Arc::new(Realm::read(&at, beside, options.wanted(), &mut faults)))
    } else {
        Origin::Archive(Topic::of(beside))
    };
    let stream = Box::new(std::io::Cursor::new(head).chain(stream));
    Box::new(faults.into_iter().map(Err).chain(document::open(stream, at, Reader::Zulip(origin))))
}

/// Reads the messages of a file, in order.
pub fn each_message(bytes: &[u8], at: &Place, origin: &Origin, sink: &mut dyn FnMut(Result<Message<'_>, Fault>)) {
    json::with_text(bytes, at, sink, |text, sink| match origin {
        Origin::Archive(topic) => archive::each_message(text, at, topic, sink),
        Origin::Server(realm) => server::each_message(text, at, realm, sink),
    });
}

/// What stands in the place of a deleted message.
fn is_deleted(text: &str) -> bool {
    text.trim() == "(deleted)"
}
