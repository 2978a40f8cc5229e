//! The list of digests that came with the delivery, compared file by file.
//!
//! SHA-256 was taken while the file was read for its mail. For a list of MD5 or SHA-1 the files it names are read again,
//! after the scan proper; without such a list nothing is.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use sha2::Digest as _;

use crate::store::Inventory;
use crate::store::given::{DeliveredFile, Supplied, SuppliedFound};

/// One read.
const BLOCK_BYTES: usize = 1 << 20;

/// Compares every line and writes what was found; does nothing without a list.
pub fn check(inventory: &Inventory) -> rusqlite::Result<()> {
    let listed = inventory.supplied()?;
    if listed.is_empty() {
        return Ok(());
    }
    let files = inventory.delivered_files()?;
    let mut by_name: HashMap<&str, Vec<&DeliveredFile>> = HashMap::new();
    for file in &files {
        by_name.entry(file.path.rsplit('/').next().unwrap_or_default()).or_default().push(file);
    }
    let mut named: HashSet<i64> = HashSet::new();
    let found: Vec<SuppliedFound> = listed
        .iter()
        .map(|line| {
            let candidates = candidates(&line.path, &by_name);
            named.extend(candidates.iter().map(|file| file.file_id));
            compare(line, &candidates)
        })
        .collect();
    let unlisted: Vec<&DeliveredFile> = files.iter().filter(|file| !named.contains(&file.file_id)).collect();
    inventory.set_supplied(&found, &unlisted)
}

/// Files whose path ends with the listed one, whole components.
fn candidates<'a>(path: &str, by_name: &HashMap<&str, Vec<&'a DeliveredFile>>) -> Vec<&'a DeliveredFile> {
    let ends = |tail: &str| -> Vec<&'a DeliveredFile> {
        let tail = format!("/{}", tail.trim_start_matches("./").trim_start_matches('/'));
        let name = tail.rsplit('/').next().unwrap_or_default();
        by_name.get(name).into_iter().flatten().copied().filter(|file| file.path.ends_with(&tail)).collect()
    };
    let found = ends(path);
    // A list that was made on Windows.
    if found.is_empty() && path.contains('\\') { ends(&path.replace('\\', "/")) } else { found }
}

fn compare(line: &Supplied, candidates: &[&DeliveredFile]) -> SuppliedFound {
    let row = |file: Option<&DeliveredFile>, outcome, detail| SuppliedFound {
        path: line.path.clone(),
        file_id: file.map(|file| file.file_id),
        outcome,
        detail,
    };
    let mut worst = None;
    for file in candidates {
        match digest(file, &line.algorithm) {
            Ok(digest) if digest == line.digest => return row(Some(file), "ok", String::new()),
            Ok(digest) => {
                let detail = format!("{} is {digest}, the list says {}", line.algorithm, line.digest);
                worst = Some(row(Some(file), "differs", detail));
            }
            Err(error) => {
                let unread = || row(Some(file), "not checked", crate::source::walk::plain(&error));
                worst = worst.or_else(|| Some(unread()));
            }
        }
    }
    worst.unwrap_or_else(|| row(None, "missing", format!("the list names {}", line.path)))
}

fn digest(file: &DeliveredFile, algorithm: &str) -> std::io::Result<String> {
    match (algorithm, &file.sha256) {
        ("sha256", Some(known)) => Ok(known.clone()),
        ("sha256", None) => read(file, sha2::Sha256::new()),
        ("sha1", _) => read(file, sha1::Sha1::new()),
        _ => read(file, md5::Md5::new()),
    }
}

fn read<D: sha2::Digest>(file: &DeliveredFile, mut hasher: D) -> std::io::Result<String> {
    let mut file = File::open(Path::new(std::ffi::OsStr::from_bytes(&file.path_bytes)))?;
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match file.read(&mut block)? {
            0 => break,
            n => hasher.update(&block[..n]),
        }
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}
