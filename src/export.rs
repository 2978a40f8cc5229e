//! Rows of the inventory into files for the client.
//!
//! `columns` names every column of every file and says what kind of thing it holds; `csv`, `jsonl` and the reference in
//! `docs/inventory.md` all follow it. `safe` makes text from mail harmless in a spreadsheet. `package` puts the files
//! into a directory so that no half file is ever seen, and `manifest` says by digests what was delivered.

pub mod columns;
pub mod csv;
pub mod dossier;
pub mod ics;
pub mod jsonl;
pub mod manifest;
pub mod package;
pub mod safe;
pub mod sample;
mod summary;
pub mod xes;

use std::path::PathBuf;

use crate::store::read::{Names, Scope};

/// How much text of messages the files hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Text {
    /// Neither subjects nor names nor quotes.
    None,
    /// Subjects, file names and the words of tasks, and no other text of a message.
    #[default]
    Usual,
    /// Excerpts and the words of evidence too.
    Full,
}

impl Text {
    /// The part of the inventory for one mailbox, or for all, at this setting.
    pub(crate) fn scope(self, mailbox: Option<&str>) -> Scope<'_> {
        let names = if self == Text::None { Names::LeftOut } else { Names::Shown };
        Scope { mailbox, names }
    }

    /// In words, for the manifest.
    pub fn describe(self) -> &'static str {
        match self {
            Text::None => "no text: subjects, names and quotes are left out",
            Text::Usual => "subjects, file names and the words of tasks, and no other text of a message",
            Text::Full => "with text: excerpts of messages and the words of evidence",
        }
    }
}

/// Why an export did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The place is somebody else's; nothing was written.
    #[error("{path}: {why}\nhint: give another path", path = .0.display(), why = .1)]
    Refused(PathBuf, String),
    /// The file system failed.
    #[error("{path}: {error}", path = .0.display(), error = .1)]
    Io(PathBuf, std::io::Error),
    /// The inventory failed.
    #[error("the inventory could not be read: {0}")]
    Inventory(#[from] rusqlite::Error),
}
