//! One document out of one message, compared with its digest before it gets its name.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::rc::Rc;

use sha2::{Digest as _, Sha256};

use super::place::Places;
use crate::command::message;
use crate::framing::Recover;
use crate::model::Digest;
use crate::parse::{Limits, MessageReader};
use crate::store::read::{DocumentPlace, StoredDocument};
use crate::verify::Moved;

/// What is written, and its digest.
struct Sink {
    file: File,
    sha256: Sha256,
    failed: Option<io::Error>,
}

impl Sink {
    fn new(file: File) -> Sink {
        Sink { file, sha256: Sha256::new(), failed: None }
    }

    fn push(&mut self, bytes: &[u8]) {
        if self.failed.is_none() {
            self.sha256.update(bytes);
            self.failed = self.file.write_all(bytes).err();
        }
    }

    /// Begins anew.
    fn restart(&mut self) {
        use std::io::Seek;
        self.sha256 = Sha256::new();
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        self.failed = self.failed.take().or(emptied.err());
    }
}

/// Writes the document to `path` below the folder and gives the digest of the file.
///
/// # Errors
/// The outer one is that of the folder; the inner one says in plain words why this copy could not be used.
pub fn take(
    copy: &DocumentPlace,
    document: &StoredDocument,
    moved: &Moved,
    places: &Places,
    path: &Path,
) -> anyhow::Result<Result<String, String>> {
    let source = copy.beside.as_deref().unwrap_or(&copy.message.path);
    let file = match message::open(&moved.place(source)) {
        Ok(file) => file,
        Err(why) => return Ok(Err(why)),
    };
    let (staged, target) = places.stage(path)?;
    let sink = Rc::new(RefCell::new(Sink::new(target)));
    let read = if copy.beside.is_some() {
        whole_file(&file, &sink)
    } else if document.carrier == "body" {
        message_text(&file, copy, &sink)
    } else {
        part(&file, copy, &sink)
    };
    let mut sink = sink.borrow_mut();
    if let Some(error) = sink.failed.take() {
        return Err(error.into());
    }
    let sha256 = Digest(std::mem::take(&mut sink.sha256).finalize().into()).to_hex();
    let expected = if document.carrier == "body" { &copy.message.message_sha256 } else { &document.sha256 };
    let why = match read {
        Err(why) => Some(why),
        Ok(()) if sha256 != *expected => Some("what it decodes to has not the recorded digest".to_owned()),
        Ok(()) => None,
    };
    if let Some(why) = why {
        std::fs::remove_file(staged)?;
        return Ok(Err(why));
    }
    sink.file.sync_data()?;
    places.publish(&staged, path)?;
    Ok(Ok(sha256))
}

/// Reads the stored message and says whether it is still the one that was scanned.
fn stored(file: &File, copy: &DocumentPlace, each: &mut dyn FnMut(&[u8])) -> Result<(), String> {
    let mut stored = Sha256::new();
    message::read(file, &copy.message, |block| {
        stored.update(block);
        each(block);
        true
    })?;
    if Digest(stored.finalize().into()).to_hex() == copy.message.stored_sha256 {
        Ok(())
    } else {
        Err(message::CHANGED.to_owned())
    }
}

fn part(file: &File, copy: &DocumentPlace, sink: &Rc<RefCell<Sink>>) -> Result<(), String> {
    let recovery = message::recovery(copy.message.format.as_deref());
    let mut reader = MessageReader::new(recovery, b"", &Limits::default());
    let (wanted, taken) = (copy.part.clone(), Rc::clone(sink));
    reader.give_decoded_to(Box::new(move |part, bytes| {
        if part == wanted {
            match bytes {
                Some(bytes) => taken.borrow_mut().push(bytes),
                None => taken.borrow_mut().restart(),
            }
        }
    }));
    let read = stored(file, copy, &mut |block| reader.push(block));
    reader.finish();
    read
}

fn message_text(file: &File, copy: &DocumentPlace, sink: &Rc<RefCell<Sink>>) -> Result<(), String> {
    let mut recover = Recover::new(message::recovery(copy.message.format.as_deref()));
    let read = stored(file, copy, &mut |block| recover.push(block, &mut |text| sink.borrow_mut().push(text)));
    recover.finish(&mut |text| sink.borrow_mut().push(text));
    read
}

fn whole_file(file: &File, sink: &Rc<RefCell<Sink>>) -> Result<(), String> {
    let (mut file, mut block) = (file, vec![0u8; 1 << 20]);
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(()),
            Ok(read) => sink.borrow_mut().push(&block[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(format!("it cannot be read: {error}")),
        }
    }
}
