//! Outlook: single items (`.msg`) and mailboxes (`.pst`, `.ost`).

mod item;
pub mod msg;
mod property;
pub mod pst;

use super::mail;

const RTF_ONLY: &str = "the text is there in RTF only, which is not read";

/// Where an item lies.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The folder of the mailbox, or of the file.
    pub folder: mail::Folder,
    /// Chats that Outlook keeps between mails are read too.
    pub include_direct: bool,
}
