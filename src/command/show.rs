//! `mailcensus show`: one message, byte for byte.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::message::{self, CHANGED, GONE};
use crate::exit::{Exit, Refused};
use crate::framing::Recover;
use crate::model::Digest;
use crate::store::Inventory;
use crate::store::read::FoundMessage;
use crate::ui::{self, visible::Visible};
use crate::verify::Moved;

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
    let message = message::find(&inventory, &args.message)?;
    let place = moved.place(&message.path);
    let complain = |why: &str| Ok(message::complain(&place, message.message_id, why));
    if !message.is_present {
        return complain(GONE);
    }
    let file = match message::open(&place) {
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

/// Prints the message and says whether its bytes were the recorded ones.
///
/// # Errors
/// The outer one is that of `out`; the inner one says in plain words what is wrong with the source.
fn print(file: &File, message: &FoundMessage, raw: bool, out: &mut dyn Write) -> anyhow::Result<Result<(), String>> {
    let (mut stored, mut recovered) = (Sha256::new(), Sha256::new());
    let mut recover = Some(Recover::new(message::recovery(message.format.as_deref()))).filter(|_| !raw);
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
    let read = message::read(file, message, |block| {
        stored.update(block);
        let mut goes_on = true;
        match &mut recover {
            Some(recover) => recover.push(block, &mut |bytes| goes_on &= write(bytes, Some(&mut recovered))),
            None => goes_on = write(block, None),
        }
        goes_on
    });
    if let Err(why) = read {
        return Ok(Err(why));
    }
    if let Some(recover) = recover {
        recover.finish(&mut |bytes| {
            write(bytes, Some(&mut recovered));
        });
    }
    broken?;
    let hex = |sha256: Sha256| Digest(sha256.finalize().into()).to_hex();
    Ok(if hex(stored) != message.stored_sha256 {
        Err(CHANGED.to_owned())
    } else if !raw && hex(recovered) != message.message_sha256 {
        Err("its stored bytes are those that were scanned, but this version recovers another message from them; --raw prints them as they are".to_owned())
    } else {
        Ok(())
    })
}
