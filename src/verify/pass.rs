//! One pass over one file: every byte is read once and goes into the digest of the file and, where it belongs to a
//! message, into that of the message.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest as _, Sha256};

use crate::model::Digest;

/// Bytes read at once.
pub(super) const BLOCK_BYTES: usize = 1 << 20;

/// Why a pass stopped before its end.
#[derive(Debug)]
pub(super) enum Halt {
    /// The file could not be read any further.
    Broken(io::Error),
    /// Somebody asked for the end.
    Asked,
}

/// Reads on through a file. Memory: one block.
pub(super) struct Pass<'a> {
    handle: &'a File,
    block: &'a mut Vec<u8>,
    /// What of the block has been read and not been taken: from, to.
    unread: (usize, usize),
    /// Offset of the first byte that has not been taken.
    at: u64,
    /// Nothing is read from here on.
    limit: u64,
    whole: Sha256,
    stop: &'a AtomicBool,
    halt: Option<Halt>,
}

/// Opens for reading without ever waiting for a FIFO.
///
/// # Errors
/// The system's.
pub(super) fn open(place: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(place)
}

impl<'a> Pass<'a> {
    /// A pass over the first `limit` bytes.
    pub(super) fn new(handle: &'a File, limit: u64, block: &'a mut Vec<u8>, stop: &'a AtomicBool) -> Pass<'a> {
        block.resize(BLOCK_BYTES, 0);
        Pass { handle, block, unread: (0, 0), at: 0, limit, whole: Sha256::new(), stop, halt: None }
    }

    /// Offset of the next byte.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// Why it stopped, if it did.
    pub(super) fn halt(&self) -> Option<&Halt> {
        self.halt.as_ref()
    }

    /// Whether somebody asked for the end.
    pub(super) fn was_asked_to_stop(&self) -> bool {
        matches!(self.halt, Some(Halt::Asked))
    }

    /// Goes on to offset `to`, feeding `part` as well; `false` if that was not reached. `read` hears of every block.
    pub(super) fn reach(&mut self, to: u64, mut part: Option<&mut Sha256>, read: &mut dyn FnMut(u64)) -> bool {
        while self.at < to.min(self.limit) {
            if self.unread.0 == self.unread.1 && !self.fill(read) {
                return false;
            }
            let have = self.unread.1 - self.unread.0;
            let take = (to.min(self.limit) - self.at).min(have as u64) as usize;
            let bytes = &self.block[self.unread.0..self.unread.0 + take];
            self.whole.update(bytes);
            if let Some(part) = &mut part {
                part.update(bytes);
            }
            self.unread.0 += take;
            self.at += take as u64;
        }
        self.at == to
    }

    fn fill(&mut self, read: &mut dyn FnMut(u64)) -> bool {
        while self.halt.is_none() {
            if self.stop.load(Ordering::Relaxed) {
                self.halt = Some(Halt::Asked);
                break;
            }
            let want = (self.limit - self.at).min(BLOCK_BYTES as u64) as usize;
            match self.handle.read_at(&mut self.block[..want], self.at) {
                Ok(0) => {
                    let short = io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter while it was read");
                    self.halt = Some(Halt::Broken(short));
                }
                Ok(got) => {
                    self.unread = (0, got);
                    read(got as u64);
                    return true;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.halt = Some(Halt::Broken(error)),
            }
        }
        false
    }

    /// The digest of everything read.
    pub(super) fn digest(&self) -> Digest {
        Digest(self.whole.clone().finalize().into())
    }
}
