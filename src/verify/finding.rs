//! What does not agree.

use crate::model::MessageId;

/// So many findings are kept; those beyond are counted.
const KEPT: usize = 100_000;

/// What kind of disagreement it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// Recorded and gone.
    Removed,
    /// There and not recorded.
    Added,
    /// Gone, while the same content lies under a new name.
    Renamed,
    /// A file became a link, a link a folder, and so on.
    TypeChanged,
    /// A symbolic link leads elsewhere.
    LinkChanged,
    /// Bytes were added at the end; those before are the same.
    Appended,
    /// The end is missing.
    Truncated,
    /// The bytes of a message are different.
    MessageChanged,
    /// The bytes of a file are different, and no message of the same size says where.
    ContentChanged,
    /// Another time of change; what changed was not looked at.
    TimesChanged,
    /// Bytes of a file that have no place in the ledger.
    Hole,
    /// Bytes of a file that have two places in the ledger, or places beyond its end.
    Overlap,
    /// The number of messages of a file is not that of its rows.
    MessageCount,
    /// The mail is as recorded elsewhere in the inventory, so a row of it was changed.
    InventoryAltered,
    /// Could not be read now.
    Unreadable,
    /// Was being written while it was read.
    ChangedMeanwhile,
    /// The scan itself could not read it to its end.
    NotProved,
}

impl Kind {
    /// The word in `mismatches[].kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Removed => "removed",
            Kind::Added => "added",
            Kind::Renamed => "renamed",
            Kind::TypeChanged => "type_changed",
            Kind::LinkChanged => "link_changed",
            Kind::Appended => "appended",
            Kind::Truncated => "truncated",
            Kind::MessageChanged => "message_changed",
            Kind::ContentChanged => "content_changed",
            Kind::TimesChanged => "times_changed",
            Kind::Hole => "hole",
            Kind::Overlap => "overlap",
            Kind::MessageCount => "message_count",
            Kind::InventoryAltered => "inventory_altered",
            Kind::Unreadable => "unreadable",
            Kind::ChangedMeanwhile => "changed_meanwhile",
            Kind::NotProved => "not_proved",
        }
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Kind::Removed => "put it back from the delivered export; if it was to go, scan again",
            Kind::Added => "find out who put it there; if it belongs to the export, scan again",
            Kind::Renamed => "nothing is lost; scan again, and its messages keep their ids",
            Kind::TypeChanged | Kind::LinkChanged => "put the delivered entry back",
            Kind::Appended => "mail may have arrived since: scan again to take it in",
            Kind::Truncated => "copy the file again from the delivered export",
            Kind::MessageChanged | Kind::ContentChanged => {
                "compare the file with the delivered export; a failing disk or an edit is likely"
            }
            Kind::TimesChanged => "run the audit without --quick to see whether the content is still the same",
            Kind::Hole | Kind::Overlap | Kind::MessageCount | Kind::InventoryAltered => {
                "the inventory was changed after the scan, or this is a defect: compare its SHA-256 with the delivery note, or scan into a new one"
            }
            Kind::Unreadable => "check the permissions and the medium, then audit again",
            Kind::ChangedMeanwhile => "stop whatever writes there, then audit again",
            Kind::NotProved => "see `mailcensus summary`, remove the cause, and scan again",
        }
    }

    /// Whether it says that something was not looked at, rather than that something is wrong.
    pub fn is_unproved(self) -> bool {
        matches!(self, Kind::Unreadable | Kind::ChangedMeanwhile | Kind::NotProved)
    }
}

/// One disagreement with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// Path as recorded, byte for byte; for what was added, where it would have been recorded.
    pub path: Vec<u8>,
    /// First byte concerned; `None` for the entry as a whole.
    pub offset_bytes: Option<u64>,
    /// How many bytes.
    pub length_bytes: Option<u64>,
    /// The message concerned, or the first of them.
    pub message_id: Option<MessageId>,
    /// Particulars in plain words; hostile where it names a path.
    pub detail: String,
}

impl Finding {
    /// A finding about an entry as a whole.
    pub fn new(kind: Kind, path: &[u8], detail: impl Into<String>) -> Finding {
        Finding {
            kind,
            path: path.to_owned(),
            offset_bytes: None,
            length_bytes: None,
            message_id: None,
            detail: detail.into(),
        }
    }

    /// The same about the bytes from `start` up to and without `end`.
    pub fn at(self, start: u64, end: u64) -> Finding {
        Finding { offset_bytes: Some(start), length_bytes: Some(end.saturating_sub(start)), ..self }
    }

    /// The same about a message.
    pub fn of(self, message_id: Option<MessageId>) -> Finding {
        Finding { message_id, ..self }
    }
}

/// All that was found: listed up to a bound, counted beyond it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Findings {
    /// By path and place once the audit has ended.
    pub list: Vec<Finding>,
    /// How many are mismatches, listed or not.
    pub mismatches: u64,
    /// How many say that something was not proved.
    pub unproved: u64,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        if finding.kind.is_unproved() {
            self.unproved += 1;
        } else {
            self.mismatches += 1;
        }
        if self.list.len() < KEPT {
            self.list.push(finding);
        }
    }

    /// Mismatches and what was not proved.
    pub fn total(&self) -> u64 {
        self.mismatches + self.unproved
    }

    /// Whether everything agrees.
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }

    /// Puts them in the order of paths and places.
    pub(super) fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            (&a.path, a.offset_bytes, a.kind, a.message_id).cmp(&(&b.path, b.offset_bytes, b.kind, b.message_id))
        });
    }
}
