//! Files that are gone since the last scan: renamed, or vanished.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::read::open;
use crate::model::{Digest, FileId, Problem, ProblemKind};
use crate::source::{Roots, maildir};
use crate::store::{Inventory, Unpaired};

/// A file that is gone while one of equal content appears was renamed; any other one has vanished. What lies under
/// other paths than those given now was not asked for and stays as it is. Says whether anything was gone.
pub(super) fn settle_unlisted(
    inventory: &Inventory,
    roots: &Roots,
    scan_id: i64,
    before: FileId,
) -> anyhow::Result<bool> {
    let mut gone = inventory.unlisted(scan_id)?;
    gone.retain(|old| roots.name(&old.path));
    if gone.is_empty() {
        return Ok(false);
    }
    let mut fresh = Fresh::new(inventory.newly_listed(scan_id, before)?);
    for old in gone {
        match fresh.take_same(&old) {
            Some(new) => inventory.rename(old.file_id, new)?,
            None => inventory
                .vanish(old.file_id, &Problem::new(ProblemKind::FileVanished, "it was there at the last scan"))?,
        }
    }
    Ok(true)
}

/// Files listed for the first time; each is hashed at most once, however many are gone.
struct Fresh {
    files: Vec<Unpaired>,
    taken: Vec<bool>,
    /// By size, the unique part of a name in a maildir, and whether it has flags; later ones first.
    by_name: HashMap<(u64, Vec<u8>, bool), Vec<usize>>,
    by_size: HashMap<u64, Vec<usize>>,
    /// Filled for a size when it is first asked for; later ones first.
    by_content: HashMap<(u64, Digest), Vec<usize>>,
}

impl Fresh {
    fn new(files: Vec<Unpaired>) -> Fresh {
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
        let mut by_size: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, file) in files.iter().enumerate().rev() {
            let (name, flagged) = unique_name(&file.path);
            by_name.entry((file.size_bytes, name, flagged)).or_default().push(at);
            by_size.entry(file.size_bytes).or_default().push(at);
        }
        Fresh { taken: vec![false; files.len()], files, by_name, by_size, by_content: HashMap::new() }
    }

    fn take_same(&mut self, old: &Unpaired) -> Option<FileId> {
        let size_bytes = old.size_bytes;
        let (name, was_flagged) = unique_name(&old.path);
        // A name without flags on either side may be that of any file.
        for flagged in [true, false].into_iter().filter(|flagged| *flagged || was_flagged) {
            let list = self.by_name.get_mut(&(size_bytes, name.clone(), flagged));
            if let Some(at) = list.and_then(|list| pop_free(list, &self.taken)) {
                return Some(self.take(at));
            }
        }
        let sha256 = old.sha256?;
        for at in self.by_size.remove(&size_bytes).unwrap_or_default() {
            if !self.taken[at]
                && let Some(digest) = hash_file(&self.files[at].path)
            {
                self.by_content.entry((size_bytes, digest)).or_default().push(at);
            }
        }
        let list = self.by_content.get_mut(&(size_bytes, sha256))?;
        pop_free(list, &self.taken).map(|at| self.take(at))
    }

    fn take(&mut self, at: usize) -> FileId {
        self.taken[at] = true;
        self.files[at].file_id
    }
}

/// The last of the list that is not taken; the taken ones after it go.
fn pop_free(list: &mut Vec<usize>, taken: &[bool]) -> Option<usize> {
    while let Some(at) = list.pop() {
        if !taken[at] {
            return Some(at);
        }
    }
    None
}

/// The part of a maildir name that stays, and whether the name has flags.
fn unique_name(path: &[u8]) -> (Vec<u8>, bool) {
    let name = path.rsplit(|&b| b == b'/').next().unwrap_or_default();
    let (unique, info) = maildir::split_name(name);
    (unique.to_vec(), info.is_some())
}

fn hash_file(path: &[u8]) -> Option<Digest> {
    use std::io::Read;
    let mut handle = open(path).ok()?;
    let mut sha256 = Sha256::new();
    let mut block = vec![0u8; 1 << 20];
    loop {
        match handle.read(&mut block).ok()? {
            0 => return Some(Digest(sha256.finalize().into())),
            n => sha256.update(&block[..n]),
        }
    }
}
