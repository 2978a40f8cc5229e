//! Count files that lie in the export, read as expectations.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::source::expectation;
use crate::store::Inventory;

/// Count files are short.
const LONGEST_BYTES: u64 = 4 << 20;

/// Reads every count file and replaces what earlier ones said. A file that cannot be read has its own problem already.
pub fn read(inventory: &Inventory) -> rusqlite::Result<()> {
    let mut found = Vec::new();
    for (path, shown) in inventory.count_file_candidates(LONGEST_BYTES)? {
        let text = std::fs::read(Path::new(std::ffi::OsStr::from_bytes(&path))).unwrap_or_default();
        if let Some(lines) = expectation::counts(&text) {
            found.push((shown, lines));
        }
    }
    inventory.set_expectations("count file", &found)
}
