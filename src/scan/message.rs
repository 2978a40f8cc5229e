//! One message from its bytes to its record. Pure but for the long ones, which are read block by block.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::beside::{self, Beside};
use crate::classify::Classifier;
use crate::framing::Recover;
use crate::model::message::{Facts, Location};
use crate::model::{Digest, Format, Frame, Problem, ProblemKind, Recovery};
use crate::parse::{self, Limits, MessageReader, Parsed};
use crate::source::{apple, locate, maildir, mh};
use crate::store::{MessageRecord, PendingFile};

/// What all messages of one file share.
#[derive(Clone, Debug)]
pub struct FileContext {
    /// The file.
    pub file: PendingFile,
    /// Its format, once known.
    pub format: Option<Format>,
    /// What lies beside it.
    pub beside: Beside,
}

impl FileContext {
    fn recovery(&self) -> Recovery {
        match self.format {
            Some(Format::Mbox(dialect)) => Recovery::Mbox(dialect),
            _ => Recovery::AsStored,
        }
    }

    fn name(&self) -> Vec<u8> {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(&self.file.path));
        path.file_name().map(|name| name.as_bytes().to_vec()).unwrap_or_default()
    }

    fn directory_name(&self) -> String {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(&self.file.path));
        let parent = path.parent().and_then(Path::file_name);
        parent.map(|name| crate::model::path::display(name.as_bytes())).unwrap_or_default()
    }

    /// Whether the file lies in `cur`, `new` or `tmp`.
    fn maildir_part(&self) -> Option<&'static str> {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(&self.file.path));
        let parent = path.parent()?.file_name()?.as_bytes();
        ["cur", "new", "tmp"].into_iter().find(|part| part.as_bytes() == parent)
    }
}

/// Reads a message that lies in memory.
pub fn read_held(
    context: &FileContext,
    frame: Frame,
    ordinal: u32,
    stored: &[u8],
    classifier: &Classifier,
) -> MessageRecord {
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let mut reader = MessageReader::new(context.recovery(), &frame.separator, &Limits::default());
        reader.push(stored);
        let parsed = reader.finish();
        judge(context, frame.clone(), ordinal, parsed, stored, classifier)
    }));
    attempt.unwrap_or_else(|_| read_headers_only(context, frame, ordinal, stored, classifier))
}

/// Reads a message of any length from its file, block by block.
pub fn read_long(
    context: &FileContext,
    frame: Frame,
    ordinal: u32,
    handle: &File,
    classifier: &Classifier,
) -> MessageRecord {
    let mut head = vec![0u8; frame.message.length_bytes.min(64 << 10) as usize];
    let read = handle.read_at(&mut head, frame.message.offset_bytes).unwrap_or(0);
    head.truncate(read);
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let mut reader = MessageReader::new(context.recovery(), &frame.separator, &Limits::default());
        let broke = blocks(handle, &frame, &mut |block| reader.push(block));
        let mut record = judge(context, frame.clone(), ordinal, reader.finish(), &head, classifier);
        record.problems.extend(broke);
        record
    }));
    attempt.unwrap_or_else(|_| read_headers_only(context, frame, ordinal, &head, classifier))
}

fn blocks(handle: &File, frame: &Frame, push: &mut dyn FnMut(&[u8])) -> Option<Problem> {
    let mut block = vec![0u8; 1 << 20];
    let mut at = frame.message.offset_bytes;
    while at < frame.message.end() {
        let want = (frame.message.end() - at).min(block.len() as u64) as usize;
        match handle.read_at(&mut block[..want], at) {
            Ok(0) => return Some(Problem::new(ProblemKind::UnreadableBytes, "the file became shorter")),
            Ok(read) => {
                push(&block[..read]);
                at += read as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Some(Problem::new(ProblemKind::UnreadableBytes, crate::source::walk::plain(&error))),
        }
    }
    None
}

/// The record of a message whose content must not be looked at: `stored` may be its start only.
pub fn read_headers_only(
    context: &FileContext,
    frame: Frame,
    ordinal: u32,
    stored: &[u8],
    classifier: &Classifier,
) -> MessageRecord {
    let (stored_sha256, message_sha256, broke) = digests(context, &frame, stored);
    // Even the headers may be what kills the parser: then the row has its bytes and nothing else.
    let read = |stored: &[u8]| {
        let mut parsed = parse::headers_only(context.recovery(), &frame.separator, stored, &Limits::default());
        (parsed.stored_sha256, parsed.message_sha256) = (stored_sha256, message_sha256);
        parsed.facts.identity.fingerprint = message_sha256;
        judge(context, frame.clone(), ordinal, parsed, stored, classifier)
    };
    let attempt = catch_unwind(AssertUnwindSafe(|| read(stored)));
    let mut record = attempt.unwrap_or_else(|_| read(&[]));
    record.problems.push(Problem::new(ProblemKind::ParserDied, ""));
    record.problems.extend(broke);
    record
}

/// Digests of all bytes of a message, stored and recovered, without a parser.
fn digests(context: &FileContext, frame: &Frame, stored: &[u8]) -> (Digest, Digest, Option<Problem>) {
    let (mut stored_sha256, mut message_sha256) = (Sha256::new(), Sha256::new());
    let mut recover = Recover::new(context.recovery());
    let mut push = |block: &[u8]| {
        stored_sha256.update(block);
        recover.push(block, &mut |text| message_sha256.update(text));
    };
    let mut broke = None;
    if stored.len() as u64 == frame.message.length_bytes {
        push(stored);
    } else {
        broke = match super::read::open(&context.file.path) {
            Ok(handle) => blocks(&handle, frame, &mut push),
            Err(error) => Some(Problem::new(ProblemKind::UnreadableBytes, crate::source::walk::plain(&error))),
        };
    }
    recover.finish(&mut |text| message_sha256.update(text));
    (Digest(stored_sha256.finalize().into()), Digest(message_sha256.finalize().into()), broke)
}

fn judge(
    context: &FileContext,
    frame: Frame,
    ordinal: u32,
    parsed: Parsed,
    stored: &[u8],
    classifier: &Classifier,
) -> MessageRecord {
    let Parsed { stored_sha256, message_sha256, mut facts, mut problems, .. } = parsed;
    let location = locate(context, &facts, &frame, stored, &mut problems);
    let zones = parse::zones::zones(&facts.body_text);
    let mut signals = crate::signal::read(&facts, &location, &zones);
    let reading = classifier.read(&facts, &location, &signals);
    let excerpt = parse::zones::excerpt(&facts.body_text, &zones);
    let from = facts.from.as_ref().map_or("", |from| from.address.as_str());
    let references = parse::reference::read(&facts, &zones);
    problems.extend(references.problems());
    let transport = parse::transport::read(&facts.headers, from, facts.in_reply_to.first().map(String::as_str));
    let gmail = parse::store_headers::gmail_thread(stored);
    let conversation = parse::conversation::read(&facts.headers, gmail, &facts.body_text, &zones);
    // The text has been read for its meaning; only digests and excerpts go on.
    facts.body_text = String::new();
    facts.headers = Vec::new();
    facts.calendars = Vec::new();
    MessageRecord {
        frame,
        ordinal,
        stored_sha256,
        message_sha256,
        facts,
        location,
        reading,
        excerpt,
        problems,
        transport,
        references,
        conversation,
        trace: std::mem::take(&mut signals.trace),
    }
}

/// Account, folders and flags, from the place of the file and from what the store wrote into the message.
fn locate(context: &FileContext, facts: &Facts, frame: &Frame, stored: &[u8], problems: &mut Vec<Problem>) -> Location {
    let mut location = Location { mailbox: context.file.mailbox.clone(), ..Location::default() };
    let folder = context.file.folder.clone();
    match context.format {
        Some(Format::Mbox(_)) => {
            let name = crate::model::path::display(&context.name());
            location.folders = vec![locate::mbox_folder(&folder, &context.directory_name(), &name)];
            let (flags, labels) = parse::store_headers::read(stored);
            location.flags = flags;
            if !labels.is_empty() {
                location.folders = labels;
            }
        }
        Some(Format::Emlx) => {
            location.folders = vec![folder];
            let list = apple::PropertyList::read(&frame.trailer);
            location.flags = list.flags;
            location.received_at = list.received_at;
            let missing = facts.attachments.iter().filter(|one| one.size_bytes == 0).map(|one| one.part.as_str());
            beside::note_attachments(&context.file.path, &missing.collect::<Vec<_>>(), problems);
        }
        _ => {
            location.folders = vec![folder];
            locate_single(context, stored, &mut location, problems);
        }
    }
    location
}

/// Flags of a message that is a file of its own, from its name, its directory or its first headers.
fn locate_single(context: &FileContext, stored: &[u8], location: &mut Location, problems: &mut Vec<Problem>) {
    let name = context.name();
    if let Some(part) = context.maildir_part() {
        location.flags = maildir::flags(&name, &context.beside.keywords);
        location.received_at = maildir::delivered_at(&name);
        if part == "tmp" {
            problems.push(Problem::new(ProblemKind::UnfinishedDelivery, ""));
        }
    } else if mh::is_removed(&name) {
        location.flags = vec!["\\Deleted".to_owned()];
        problems.push(Problem::new(ProblemKind::DeletedNotCompacted, "its name starts with a comma or number sign"));
    } else if let Some(number) = mh::number(&name) {
        location.flags = context.beside.sequences.flags(number);
    }
    // Thunderbird's maildir has its flags where its mailboxes have them.
    if stored.len() > 17 && stored[..17].eq_ignore_ascii_case(b"X-Mozilla-Status:") {
        location.flags.extend(parse::store_headers::read(stored).0);
        location.flags.sort();
        location.flags.dedup();
    }
}
