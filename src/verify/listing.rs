//! What lies under the scanned paths now, listed by itself and compared with the rows.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::finding::{Finding, Kind};
use super::moved::Moved;
use crate::model::Outcome;
use crate::model::path::display;
use crate::store::Inventory;
use crate::store::read::audit::{AuditHead, AuditRow};

/// The scanned paths and where they lie now.
pub(super) struct Ground<'a> {
    inventory: &'a Inventory,
    moved: &'a Moved,
    follow_links: bool,
    /// Recorded paths at which a listing starts.
    starts: Vec<Vec<u8>>,
    roots: &'a [Vec<u8>],
    /// Where they really lie now.
    real: Vec<PathBuf>,
}

/// What a listing comes upon.
pub(super) enum Entry<'a> {
    /// An entry at a recorded path, with its row if there is one.
    Found(&'a [u8], Option<AuditRow>, &'a Metadata),
    /// An entry that cannot be looked at or listed.
    Trouble(&'a [u8], io::Error),
}

impl<'a> Ground<'a> {
    pub(super) fn new(inventory: &'a Inventory, head: &'a AuditHead, moved: &'a Moved) -> Ground<'a> {
        let below = |path: &[u8]| head.roots.iter().any(|root| path != root.as_slice() && is_under(path, root));
        let mut starts = head.roots.clone();
        starts.extend(moved.prefixes().filter(|prefix| below(prefix)).map(<[u8]>::to_vec));
        starts.sort();
        starts.dedup();
        let real = starts.iter().filter_map(|start| moved.place(start).canonicalize().ok()).collect();
        Ground { inventory, moved, follow_links: head.follow_links, starts, roots: &head.roots, real }
    }

    /// Where a recorded path lies now.
    pub(super) fn place(&self, recorded: &[u8]) -> PathBuf {
        self.moved.place(recorded)
    }

    /// Whether it was said to have moved: device, inode and time of the inode are others then.
    pub(super) fn is_moved(&self, recorded: &[u8]) -> bool {
        self.moved.is_moved(recorded)
    }

    /// Whether the path is one of the scanned ones or below one.
    pub(super) fn holds(&self, recorded: &[u8]) -> bool {
        self.roots.iter().any(|root| is_under(recorded, root))
    }

    /// What lies at a recorded path. A link is looked through where the scan did so: at a given path, and with
    /// `--follow-links` where it leads out of the given paths.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn look(&self, recorded: &[u8], row: Option<&AuditRow>) -> io::Result<Metadata> {
        let place = self.place(recorded);
        let meta = fs::symlink_metadata(&place)?;
        if meta.is_symlink() && self.looks_through(recorded, &place, row) { fs::metadata(&place) } else { Ok(meta) }
    }

    fn looks_through(&self, recorded: &[u8], place: &Path, row: Option<&AuditRow>) -> bool {
        if self.starts.iter().any(|start| start == recorded) {
            return true;
        }
        let was_followed = row.is_some_and(|row| row.outcome != Some(Outcome::Symlink));
        let leads_out = || place.canonicalize().is_ok_and(|real| !self.real.iter().any(|root| real.starts_with(root)));
        self.follow_links && was_followed && leads_out()
    }

    /// Calls `visit` for everything that lies under the scanned paths now. Stops early, with `false`, if asked to.
    ///
    /// # Errors
    /// Those of `visit` and of the store.
    pub(super) fn list(
        &self,
        stop: &AtomicBool,
        visit: &mut dyn FnMut(Entry<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<bool> {
        let mut stack: Vec<Vec<u8>> = self.starts.iter().rev().cloned().collect();
        while let Some(path) = stack.pop() {
            if stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let row = self.inventory.audit_row(&path)?;
            let meta = match self.look(&path, row.as_ref()) {
                Ok(meta) => meta,
                // Gone: its row, if there is one, says so.
                Err(error) if is_absent(&error) => continue,
                Err(error) => {
                    visit(Entry::Trouble(&path, error))?;
                    continue;
                }
            };
            visit(Entry::Found(&path, row, &meta))?;
            if meta.is_dir() {
                match names(&self.place(&path)) {
                    Ok(names) => self.push_children(&path, names, &mut stack),
                    Err(error) => visit(Entry::Trouble(&path, error))?,
                }
            }
        }
        Ok(true)
    }

    fn push_children(&self, path: &[u8], names: Vec<Vec<u8>>, stack: &mut Vec<Vec<u8>>) {
        for name in names.into_iter().rev() {
            let mut child = path.to_vec();
            if !child.ends_with(b"/") {
                child.push(b'/');
            }
            child.extend_from_slice(&name);
            if !self.starts.contains(&child) {
                stack.push(child);
            }
        }
    }

    /// Compares the type of an entry with its row; for links, also where they lead.
    pub(super) fn compare_type(&self, row: &AuditRow, meta: &Metadata) -> Option<Finding> {
        let kind = meta.file_type();
        let agrees = match row.outcome {
            Some(Outcome::Directory) => kind.is_dir(),
            Some(Outcome::Symlink) => kind.is_symlink(),
            Some(Outcome::Special) => special(meta) == Some(row.detail.as_str()),
            _ => kind.is_file(),
        };
        if !agrees {
            let was = match row.outcome {
                Some(Outcome::Directory) => "a folder",
                Some(Outcome::Symlink) => "a symbolic link",
                Some(Outcome::Special) => "a FIFO, socket or device",
                _ => "a regular file",
            };
            let detail = format!("it was {was} and is {} now", what(meta));
            return Some(Finding::new(Kind::TypeChanged, &row.path, detail));
        }
        if row.outcome != Some(Outcome::Symlink) {
            return None;
        }
        let target =
            fs::read_link(self.place(&row.path)).map(|t| display(t.as_os_str().as_bytes())).unwrap_or_default();
        let was = row.detail.strip_prefix("to ").unwrap_or(&row.detail);
        (target != was)
            .then(|| Finding::new(Kind::LinkChanged, &row.path, format!("it led to {was} and leads to {target} now")))
    }
}

/// Whether the error says that there is nothing at the path.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// An entry in words.
pub(super) fn what(meta: &Metadata) -> &'static str {
    if meta.is_symlink() {
        "a symbolic link"
    } else if meta.is_dir() {
        "a folder"
    } else if meta.is_file() {
        "a regular file"
    } else {
        "a FIFO, socket or device"
    }
}

/// A system error in plain words, without its number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn special(meta: &Metadata) -> Option<&'static str> {
    let kind = meta.file_type();
    if kind.is_fifo() {
        Some("FIFO")
    } else if kind.is_socket() {
        Some("socket")
    } else if kind.is_char_device() || kind.is_block_device() {
        Some("device")
    } else {
        None
    }
}

/// Names in a folder, in byte order.
fn names(folder: &Path) -> io::Result<Vec<Vec<u8>>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().as_bytes().to_vec());
    }
    names.sort_unstable();
    Ok(names)
}

fn is_under(path: &[u8], root: &[u8]) -> bool {
    let rest = path.strip_prefix(root);
    rest.is_some_and(|rest| rest.is_empty() || rest[0] == b'/' || root.ends_with(b"/"))
}
