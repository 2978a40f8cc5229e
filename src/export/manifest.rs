//! `MANIFEST.csv`: what was delivered, by digests that `sha256sum` can recheck.
//!
//! It is written last, so a package with a manifest is whole. Its own digest stands nowhere in the package: it is
//! printed, and belongs on the delivery note.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use sha2::Digest as _;

use super::ExportError;
use super::csv::{csv_error, io, writer};
use super::safe;
use crate::model::Digest;

/// Name of the file.
pub const FILE_NAME: &str = "MANIFEST.csv";

/// Its header.
pub const HEADER: &str = "file,sha256,size_bytes,rows,holds";

/// One line of a manifest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Name in the package; the absolute path for the inventory.
    pub file: String,
    /// Of all its bytes.
    pub sha256: Digest,
    /// How many bytes.
    pub size_bytes: u64,
    /// Rows without the header; `None` where there are none to count.
    pub rows: Option<u64>,
    /// What it holds, one line of ASCII.
    pub holds: String,
}

/// Writes the manifest.
///
/// # Errors
/// Those of `out`.
pub fn write(entries: &[Entry], out: &mut dyn Write) -> Result<(), ExportError> {
    let mut csv = writer(out);
    csv.write_record(HEADER.split(',')).map_err(csv_error)?;
    for entry in entries {
        csv.write_record([
            safe::cell(&entry.file).as_ref(),
            &entry.sha256.to_hex(),
            &entry.size_bytes.to_string(),
            &entry.rows.map_or(String::new(), |n| n.to_string()),
            &entry.holds,
        ])
        .map_err(csv_error)?;
    }
    csv.flush().map_err(io)
}

/// Passes bytes on, and counts and digests them.
pub struct Digesting<W> {
    inner: W,
    sha256: sha2::Sha256,
    size_bytes: u64,
}

impl<W: Write> Digesting<W> {
    /// Nothing written yet.
    pub fn new(inner: W) -> Digesting<W> {
        Digesting { inner, sha256: sha2::Sha256::new(), size_bytes: 0 }
    }

    /// The writer, the digest of all bytes and their number.
    pub fn finish(self) -> (W, Digest, u64) {
        (self.inner, Digest(self.sha256.finalize().into()), self.size_bytes)
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sha256.update(&bytes[..written]);
        self.size_bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

/// The lines for an inventory: the file itself, and its journal if a scan was killed or is running.
///
/// # Errors
/// A file that cannot be read.
pub fn of_inventory(path: &Path) -> Result<Vec<Entry>, ExportError> {
    let journal = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    let mut entries = vec![of_file(path, "the inventory (SQLite)")?];
    if journal.metadata().is_ok_and(|meta| meta.len() > 0) {
        entries.push(of_file(&journal, "the inventory's journal: a scan is running or was killed")?);
    }
    Ok(entries)
}

fn of_file(path: &Path, holds: &str) -> Result<Entry, ExportError> {
    let failed = |e| ExportError::Io(path.to_owned(), e);
    let mut digesting = Digesting::new(std::io::sink());
    // SQLite's locks belong to the process and fall when any descriptor of the file is closed (POSIX). An inventory
    // that is only read loses nothing by it; the scan itself must close its own before it exports.
    let mut file = File::open(path).map_err(failed)?;
    let mut block = vec![0u8; 1 << 20];
    loop {
        match file.read(&mut block).map_err(failed)? {
            0 => break,
            read => digesting.write_all(&block[..read]).map_err(failed)?,
        }
    }
    let (_, sha256, size_bytes) = digesting.finish();
    let file = crate::model::path::display(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()));
    Ok(Entry { file, sha256, size_bytes, rows: None, holds: holds.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_digested_on_their_way() {
        let mut digesting = Digesting::new(Vec::new());
        digesting.write_all(b"abc").unwrap();
        let (bytes, sha256, size) = digesting.finish();
        assert_eq!((bytes.as_slice(), size), (&b"abc"[..], 3));
        // FIPS 180-4, appendix B.1.
        assert_eq!(sha256.to_hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
