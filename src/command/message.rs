//! One message by the name a person gives it, and its bytes where they lie now: what `show` and `explain` share.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use crate::exit::{Exit, Refused};
use crate::model::{Dialect, MessageId, Recovery, path::display};
use crate::store::Inventory;
use crate::store::read::{FoundMessage, MessageName};
use crate::ui;
use crate::ui::escape::{escape, shorten};

/// So many messages of one name are listed.
const LISTED: usize = 20;
/// The shortest beginning of a digest that names a message.
const DIGITS: usize = 8;
/// Bytes read at once.
const BLOCK_BYTES: u64 = 1 << 20;

/// The one message of that name; those that are still there go before those that are not.
///
/// # Errors
/// `Refused` for a name that fits no message, or several, which are then listed; the store's.
pub(super) fn find(inventory: &Inventory, name: &str) -> anyhow::Result<FoundMessage> {
    let mut found = Vec::new();
    for name in readings(name) {
        found = inventory.find_messages(&name, LISTED + 1)?;
        if !found.is_empty() {
            break;
        }
    }
    if found.iter().any(|message| message.is_present) {
        found.retain(|message| message.is_present);
    }
    let shown = shorten(name, 80);
    match found.len() {
        0 => Err(Refused::because(format!(
            "{shown}: no message of that name in the inventory\nhint: give an id as in messages.csv (M17-204), a Message-ID, or at least {DIGITS} digits of a digest"
        ))),
        1 => Ok(found.remove(0)),
        count => {
            found.truncate(LISTED);
            let mut list: String = found.iter().map(|message| format!("\n  {}", line(message))).collect();
            if count > LISTED {
                list.push_str("\n  and more");
            }
            Err(Refused::because(format!("{shown}: several messages go by that name{list}\nhint: give the id of one")))
        }
    }
}

/// What the name may mean, the likeliest first.
fn readings(name: &str) -> Vec<MessageName> {
    let mut readings: Vec<MessageName> = MessageId::parse(name).map(MessageName::Id).into_iter().collect();
    if (DIGITS..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit()) {
        readings.push(MessageName::Digest(name.to_ascii_lowercase()));
    }
    let bare = name.trim().trim_start_matches('<').trim_end_matches('>');
    readings.push(MessageName::Rfc(bare.to_owned()));
    readings
}

fn line(message: &FoundMessage) -> String {
    let FoundMessage { message_id, mailbox, folder, sent_at, subject, .. } = message;
    let date = sent_at.as_deref().unwrap_or("no date");
    let subject = subject.as_deref().map_or("no subject".to_owned(), |subject| shorten(subject, 60));
    format!("{message_id}  {}  {}  {}  {subject}", shorten(mailbox, 30), shorten(folder, 40), escape(date))
}

/// Says on stderr what is wrong with the source of a message, and what to do.
pub(super) fn complain(place: &Path, message: MessageId, why: &str) -> Exit {
    let path = escape(&display(place.as_os_str().as_bytes())).into_owned();
    let hint = "see what else changed with `mailcensus audit`, or give the new place with --moved FROM=TO";
    ui::hint(&format!("mailcensus: {path}, message {message}: {why}\nhint: {hint}"));
    Exit::Findings
}

/// Why a message that the last scan did not find cannot be read.
pub(super) const GONE: &str = "the last scan no longer found it in this file; only its row is left";
/// Why bytes that were read are not those of the message.
pub(super) const CHANGED: &str = "its bytes are not those that were scanned: the file has changed since";

/// Opens the file without ever waiting for a FIFO; the error is in plain words.
pub(super) fn open(place: &Path) -> Result<File, String> {
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(place);
    match opened.and_then(|file| file.metadata().map(|meta| (file, meta))) {
        Ok((file, meta)) if meta.is_file() => Ok(file),
        Ok(_) => Err("it is no regular file any more".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err("the file is gone".to_owned()),
        Err(error) => Err(format!("the file cannot be opened: {error}")),
    }
}

/// Reads the stored bytes of a message block by block, until `take` has had enough. A file that became shorter gives
/// fewer bytes: the digest tells.
///
/// # Errors
/// In plain words, if the file cannot be read.
pub(super) fn read(file: &File, message: &FoundMessage, mut take: impl FnMut(&[u8]) -> bool) -> Result<(), String> {
    let end = message.offset_bytes.saturating_add(message.length_bytes);
    let mut block = vec![0u8; BLOCK_BYTES.min(message.length_bytes) as usize];
    let mut at = message.offset_bytes;
    while at < end {
        let want = (end - at).min(BLOCK_BYTES) as usize;
        let got = match file.read_at(&mut block[..want], at) {
            Ok(0) => break,
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(format!("it cannot be read at byte {at}: {error}")),
        };
        if !take(&block[..got]) {
            break;
        }
        at += got as u64;
    }
    Ok(())
}

/// What the scan undid, from `file.format`.
pub(super) fn recovery(format: Option<&str>) -> Recovery {
    format.and_then(Dialect::from_word).map_or(Recovery::AsStored, Recovery::Mbox)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;

    #[test]
    fn a_name_is_read_as_what_it_looks_like() {
        let rfc = |text: &str| MessageName::Rfc(text.to_owned());
        let id = MessageName::Id(MessageId::new(FileId(17), 204));
        assert_eq!(readings("M17-204"), [id, rfc("M17-204")]);
        assert_eq!(readings("<a@b.example>"), [rfc("a@b.example")]);
        assert_eq!(readings("DEADBEEF"), [MessageName::Digest("deadbeef".to_owned()), rfc("DEADBEEF")]);
        assert_eq!(readings("deadbee"), [rfc("deadbee")]);
    }
}
