//! `mailcensus show`: one message, byte for byte.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::exit::{Exit, Refused};
use crate::framing::Recover;
use crate::model::{Dialect, Digest, MessageId, Recovery, path::display};
use crate::store::Inventory;
use crate::store::read::{FoundMessage, MessageName};
use crate::ui::escape::{escape, shorten};
use crate::ui::{self, visible::Visible};
use crate::verify::Moved;

/// So many messages of one name are listed.
const LISTED: usize = 20;
/// The shortest beginning of a digest that names a message.
const DIGITS: usize = 8;
/// Bytes read at once.
const BLOCK_BYTES: u64 = 1 << 20;

/// Print one message: as it was before the mail store took it, or as it is stored.
///
/// Without --raw, what the store added is undone: the headers it wrote, the `>` before `From ` lines, CR LF line ends;
/// the result ends in one line end and has the recorded message_sha256. Nothing else is printed, so the output can go
/// into a file. While it is printed, the bytes are compared with their recorded digest. On a terminal, control characters
/// other than line end and tab are shown as \u{1b} or \xFF, because mail may hold sequences that act on the
/// terminal; in a pipe or a file every byte is as it is.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db
  mailcensus show inventory.db M124-1
  mailcensus show inventory.db M124-1 --raw > stored.eml

Exit codes: 0 printed, and the digest agrees; 1 the source has changed or is gone; 2 no such message, or several.")]
pub struct ShowArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// An id (M17-204), a Message-ID, or at least 8 digits of a digest: message_sha256, stored_sha256, fingerprint
    pub message: String,
    /// Print the stored bytes
    #[arg(long)]
    pub raw: bool,
    /// The export lies elsewhere now; repeatable, the longest FROM that fits wins
    #[arg(long, value_name = "FROM=TO")]
    pub moved: Vec<OsString>,
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory, and for a name that fits no message or several.
pub fn run(args: &ShowArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    let roots = inventory.audit_head()?.roots;
    let moved = Moved::parse(&args.moved, &roots).map_err(Refused::because)?;
    let message = find(&inventory, &args.message)?;
    let place = moved.place(&message.path);
    let complain = |why: &str| {
        let path = escape(&display(place.as_os_str().as_bytes())).into_owned();
        let hint = "see what else changed with `mailcensus audit`, or give the new place with --moved FROM=TO";
        ui::hint(&format!("mailcensus: {path}, message {}: {why}\nhint: {hint}", message.message_id));
        Ok(Exit::Findings)
    };
    if !message.is_present {
        return complain("the last scan no longer found it in this file; only its row is left");
    }
    let file = match open(&place) {
        Ok(file) => file,
        Err(why) => return complain(&why),
    };
    let ended = if ui::is_terminal() {
        let mut shown = Visible::new(out);
        let ended = print(&file, &message, args.raw, &mut shown)?;
        shown.finish()?;
        ended
    } else {
        print(&file, &message, args.raw, out)?
    };
    out.flush()?;
    match ended {
        Ok(()) => Ok(Exit::Done),
        Err(why) => complain(&why),
    }
}

/// The one message of that name.
fn find(inventory: &Inventory, name: &str) -> anyhow::Result<FoundMessage> {
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

fn open(place: &Path) -> Result<File, String> {
    let opened = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(place);
    match opened.and_then(|file| file.metadata().map(|meta| (file, meta))) {
        Ok((file, meta)) if meta.is_file() => Ok(file),
        Ok(_) => Err("it is no regular file any more".to_owned()),
        Err(error) if error.kind() == ErrorKind::NotFound => Err("the file is gone".to_owned()),
        Err(error) => Err(format!("the file cannot be opened: {error}")),
    }
}

/// Prints the message and says whether its bytes were the recorded ones.
///
/// # Errors
/// The outer one is that of `out`; the inner one says in plain words what is wrong with the source.
fn print(file: &File, message: &FoundMessage, raw: bool, out: &mut dyn Write) -> anyhow::Result<Result<(), String>> {
    let (mut stored, mut recovered) = (Sha256::new(), Sha256::new());
    let mut recover = Some(Recover::new(recovery(message.format.as_deref()))).filter(|_| !raw);
    let mut broken: std::io::Result<()> = Ok(());
    let mut write = |bytes: &[u8], recovered: Option<&mut Sha256>| {
        if let Some(sha256) = recovered {
            sha256.update(bytes);
        }
        if broken.is_ok() {
            broken = out.write_all(bytes);
        }
        broken.is_ok()
    };
    let end = message.offset_bytes.saturating_add(message.length_bytes);
    let mut block = vec![0u8; BLOCK_BYTES.min(message.length_bytes) as usize];
    let mut at = message.offset_bytes;
    while at < end {
        let want = (end - at).min(BLOCK_BYTES) as usize;
        let got = match file.read_at(&mut block[..want], at) {
            Ok(0) => break, // the digest tells
            Ok(got) => got,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Ok(Err(format!("it cannot be read at byte {at}: {error}"))),
        };
        stored.update(&block[..got]);
        let mut goes_on = true;
        match &mut recover {
            Some(recover) => recover.push(&block[..got], &mut |bytes| goes_on &= write(bytes, Some(&mut recovered))),
            None => goes_on = write(&block[..got], None),
        }
        if !goes_on {
            break;
        }
        at += got as u64;
    }
    if let Some(recover) = recover {
        recover.finish(&mut |bytes| {
            write(bytes, Some(&mut recovered));
        });
    }
    broken?;
    let hex = |sha256: Sha256| Digest(sha256.finalize().into()).to_hex();
    Ok(if hex(stored) != message.stored_sha256 {
        Err("its bytes are not those that were scanned: the file has changed since".to_owned())
    } else if !raw && hex(recovered) != message.message_sha256 {
        Err("its stored bytes are those that were scanned, but this version recovers another message from them; --raw prints them as they are".to_owned())
    } else {
        Ok(())
    })
}

/// What the scan undid, from `file.format`.
fn recovery(format: Option<&str>) -> Recovery {
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
