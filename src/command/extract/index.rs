//! `INDEX.csv`: what was written where, and what every file was called.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::place::Places;
use crate::export::safe;
use crate::model::path::display;
use crate::store::read::{DocumentPlace, StoredDocument};

/// Name of the file.
pub const FILE_NAME: &str = "INDEX.csv";
const HEADER: [&str; 15] = [
    "path",
    "sha256",
    "size_bytes",
    "name",
    "document_id",
    "family_id",
    "version",
    "is_current",
    "kind",
    "carrier",
    "document_sha256",
    "message_id",
    "part",
    "outcome",
    "why",
];
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What became of a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Written, with the recorded digest.
    Written,
    /// No copy could be read as it was recorded.
    Changed,
    /// A link; nothing to write.
    Elsewhere,
}

/// One line.
pub struct Line {
    path: String,
    sha256: String,
    /// Of the document.
    pub size_bytes: u64,
    document: StoredDocument,
    message_id: String,
    part: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Why it was not written.
    pub why: String,
}

impl Line {
    /// A document of which nothing was written yet.
    pub fn of(document: &StoredDocument, copy: Option<&DocumentPlace>) -> Line {
        Line {
            path: String::new(),
            sha256: String::new(),
            size_bytes: document.size_bytes,
            document: document.clone(),
            message_id: copy.map_or(String::new(), |copy| copy.message.message_id.to_string()),
            part: copy.map_or(String::new(), |copy| copy.part.clone()),
            outcome: Outcome::Elsewhere,
            why: String::new(),
        }
    }

    /// It was written.
    pub fn written(&mut self, path: &Path, sha256: String, copy: &DocumentPlace) {
        (self.path, self.sha256, self.outcome) = (display(path.as_os_str().as_bytes()), sha256, Outcome::Written);
        (self.message_id, self.part) = (copy.message.message_id.to_string(), copy.part.clone());
        if self.document.carrier == "body" {
            self.size_bytes = 0;
        }
    }
}

/// All lines.
#[derive(Default)]
pub struct Index {
    /// By family and version.
    pub lines: Vec<Line>,
    /// Somebody asked for the end.
    pub is_interrupted: bool,
}

impl Index {
    /// Lines of this outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.lines.iter().filter(|line| line.outcome == outcome).count() as u64
    }

    /// Writes the file, after everything else.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write(&self, places: &Places) -> anyhow::Result<()> {
        let name = PathBuf::from(FILE_NAME);
        let (staged, mut file) = places.stage(&name)?;
        file.write_all(MARK)?;
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut file);
        csv.write_record(HEADER)?;
        for line in &self.lines {
            let document = &line.document;
            let size = std::fs::metadata(places.root().join(&line.path))
                .map_or(line.size_bytes, |meta| if line.path.is_empty() { line.size_bytes } else { meta.len() });
            let cells = [
                line.path.clone(),
                line.sha256.clone(),
                size.to_string(),
                document.name.clone().unwrap_or_default(),
                format!("D{}", document.document_id),
                document.family_id.map_or(String::new(), |id| format!("DF{id}")),
                document.version.map_or(String::new(), |version| version.to_string()),
                if document.is_current { "yes" } else { "no" }.to_owned(),
                document.kind.clone(),
                document.carrier.clone(),
                document.sha256.clone(),
                line.message_id.clone(),
                line.part.clone(),
                match line.outcome {
                    Outcome::Written => "written",
                    Outcome::Changed => "could not be taken",
                    Outcome::Elsewhere => "a link; lies elsewhere",
                }
                .to_owned(),
                line.why.clone(),
            ];
            csv.write_record(cells.iter().map(|cell| safe::cell(cell).into_owned()))?;
        }
        csv.flush()?;
        drop(csv);
        file.sync_data()?;
        places.publish(&staged, &name)?;
        Ok(())
    }
}

/// Whether a file begins like an index of ours.
pub fn is_ours(path: &Path) -> bool {
    let mut line = Vec::new();
    let opened =
        std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file()).then(|| File::open(path).ok()).flatten();
    let Some(file) = opened else { return false };
    let read = BufReader::new(file.take(1024)).read_until(b'\n', &mut line);
    let line = line.strip_prefix(MARK).unwrap_or(&line);
    read.is_ok() && line.trim_ascii_end() == HEADER.join(",").as_bytes()
}
