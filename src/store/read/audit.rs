//! What an audit asks of an inventory: the rows as they stand, believed in nothing.
//!
//! Numbers are signed and digests are text here: an inventory that somebody changed may hold anything.

use rusqlite::{OptionalExtension, Result, Row, params};

use crate::model::{FileId, MessageId, Outcome};
use crate::store::Inventory;

/// What was scanned and whether the scan came to its end.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditHead {
    /// The scanned paths of the last scan, byte for byte.
    pub roots: Vec<Vec<u8>>,
    /// Whether symbolic links that lead out of them were followed.
    pub follow_links: bool,
    /// No scan has ended, or files are still to be read.
    pub is_unfinished: bool,
}

/// One row of `file`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditRow {
    /// Its id.
    pub file_id: FileId,
    /// Path as recorded, byte for byte.
    pub path: Vec<u8>,
    /// Bytes.
    pub size_bytes: i64,
    /// Hexadecimal digits of the digest of all bytes.
    pub sha256: Option<String>,
    /// `None` for a word that no scan writes.
    pub outcome: Option<Outcome>,
    /// In plain words; for a link, where it leads.
    pub detail: String,
    /// `device:inode:size:mtime:ctime` as it was read.
    pub stat: Option<String>,
    /// Messages in it.
    pub messages: i64,
}

/// A range of a file in the ledger: a frame with its message, or a segment outside every frame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditPiece {
    /// First byte.
    pub offset_bytes: i64,
    /// Number of bytes.
    pub length_bytes: i64,
    /// The message in it.
    pub message: Option<AuditMessage>,
}

/// A message as it is recorded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditMessage {
    /// Its id.
    pub message_id: MessageId,
    /// First byte in the file.
    pub offset_bytes: i64,
    /// Number of bytes.
    pub length_bytes: i64,
    /// Hexadecimal digits of the digest of those bytes.
    pub stored_sha256: String,
}

/// The n-th of k parts of the files, by their ids.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// From 1 to `of`.
    pub number: u32,
    /// How many parts there are.
    pub of: u32,
}

impl Part {
    /// Everything.
    pub const ALL: Part = Part { number: 1, of: 1 };

    /// Whether the file is in this part. Each file is in exactly one of the k.
    pub fn holds(self, file: FileId) -> bool {
        (file.0 - 1).rem_euclid(i64::from(self.of)) == i64::from(self.number) - 1
    }
}

const ROW: &str = "SELECT file_id, path_bytes, size_bytes, sha256, outcome, detail, stat, messages FROM file";
/// Files whose bytes were all read.
const HASHED: &str = "outcome IN ('read', 'empty', 'items', 'support', 'unsupported', 'not_mail')";

impl Inventory {
    /// What was scanned.
    pub fn audit_head(&self) -> Result<AuditHead> {
        let last: Option<(String, String, bool)> = self
            .db
            .query_row("SELECT roots, outcome, follow_links FROM scan ORDER BY scan_id DESC LIMIT 1", [], |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?))
            })
            .optional()?;
        let Some((roots, outcome, follow_links)) = last else {
            return Ok(AuditHead { is_unfinished: true, ..AuditHead::default() });
        };
        let pending: bool =
            self.db.query_row("SELECT EXISTS (SELECT 1 FROM file WHERE outcome = 'pending')", [], |r| r.get(0))?;
        let texts: Vec<String> = serde_json::from_str(&roots).unwrap_or_default();
        let mut head = AuditHead {
            roots: Vec::new(),
            follow_links,
            is_unfinished: pending || outcome != "done" || texts.is_empty(),
        };
        let mut row = self.db.prepare("SELECT path_bytes FROM file WHERE path = ?")?;
        for text in texts {
            // The text of a path that is not UTF-8 is not its bytes; those stand in its row.
            let bytes: Vec<Vec<u8>> = row.query_map([&text], |r| r.get(0))?.collect::<Result<_>>()?;
            if bytes.is_empty() {
                head.roots.push(text.into_bytes());
            }
            head.roots.extend(bytes);
        }
        Ok(head)
    }

    /// Bytes and files that a part of an audit has to read.
    pub fn audit_total(&self, part: Part) -> Result<(u64, u64)> {
        let sql = format!(
            "SELECT coalesce(sum(max(size_bytes, 0)), 0), count(*) FROM file WHERE {HASHED} AND (file_id - 1) % ? = ?"
        );
        let unsigned = |n: i64| n.max(0) as u64;
        self.db.query_row(&sql, params![part.of, i64::from(part.number) - 1], |r| {
            Ok((unsigned(r.get(0)?), unsigned(r.get(1)?)))
        })
    }

    /// Calls `visit` for every row of `file` in the order of their ids, until it says `false`.
    ///
    /// # Errors
    /// Those of `visit`, and SQLite's.
    pub fn for_each_audit_row<E: From<rusqlite::Error>>(
        &self,
        visit: &mut dyn FnMut(AuditRow) -> std::result::Result<bool, E>,
    ) -> std::result::Result<(), E> {
        let mut statement = self.db.prepare(&format!("{ROW} ORDER BY file_id"))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if !visit(audit_row(row)?)? {
                break;
            }
        }
        Ok(())
    }

    /// The row of the file at this recorded path.
    pub fn audit_row(&self, path: &[u8]) -> Result<Option<AuditRow>> {
        self.db.prepare_cached(&format!("{ROW} WHERE path_bytes = ?"))?.query_row([path], audit_row).optional()
    }

    /// Calls `visit` for every piece of a file's ledger, in the order of their first bytes, until it says `false`.
    ///
    /// # Errors
    /// Those of `visit`, and SQLite's.
    pub fn for_each_audit_piece<E: From<rusqlite::Error>>(
        &self,
        file: FileId,
        visit: &mut dyn FnMut(AuditPiece) -> std::result::Result<bool, E>,
    ) -> std::result::Result<(), E> {
        let mut statement = self.db.prepare_cached(
            "SELECT offset_bytes, length_bytes, NULL, NULL, NULL, NULL FROM segment WHERE file_id = ?1
             UNION ALL
             SELECT frame_offset_bytes, frame_length_bytes, message_id, offset_bytes, length_bytes, stored_sha256
             FROM message WHERE file_id = ?1 AND present = 1
             ORDER BY 1, 2",
        )?;
        let mut rows = statement.query([file.0])?;
        while let Some(row) = rows.next()? {
            if !visit(audit_piece(row)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Messages that refer to a file without a row.
    pub fn orphan_messages(&self) -> Result<u64> {
        self.db.query_row(
            "SELECT count(*) FROM (SELECT DISTINCT file_id FROM message) x
             WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.file_id = x.file_id)",
            [],
            |r| r.get::<_, i64>(0).map(|n| n.max(0) as u64),
        )
    }
}

impl AuditRow {
    /// Whether all its bytes were read and have a digest.
    pub fn was_hashed(&self) -> bool {
        use Outcome::*;
        matches!(self.outcome, Some(Read | Empty | Items | Support | Unsupported | NotMail))
    }
}

fn audit_row(row: &Row<'_>) -> Result<AuditRow> {
    let outcome: String = row.get(4)?;
    Ok(AuditRow {
        file_id: FileId(row.get(0)?),
        path: row.get(1)?,
        size_bytes: row.get(2)?,
        sha256: row.get(3)?,
        outcome: Outcome::from_word(&outcome),
        detail: row.get(5)?,
        stat: row.get(6)?,
        messages: row.get(7)?,
    })
}

fn audit_piece(row: &Row<'_>) -> Result<AuditPiece> {
    let message = match row.get::<_, Option<i64>>(2)? {
        Some(id) => Some(AuditMessage {
            message_id: MessageId(id),
            offset_bytes: row.get(3)?,
            length_bytes: row.get(4)?,
            stored_sha256: row.get(5)?,
        }),
        None => None,
    };
    Ok(AuditPiece { offset_bytes: row.get(0)?, length_bytes: row.get(1)?, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn rows_come_in_order_and_say_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let tiny = inventory(&folder.path().join("tiny.db"), State::Interrupted);
        let head = tiny.audit_head().unwrap();
        assert_eq!((head.roots, head.is_unfinished), (vec![b"\x01".to_vec()], true));
        let mut ids = Vec::new();
        tiny.for_each_audit_row::<rusqlite::Error>(&mut |row| {
            ids.push(row.file_id.0);
            Ok(row.file_id.0 < 6)
        })
        .unwrap();
        assert_eq!(ids, [1, 2, 3, 4, 5, 6]);
        let mut pieces = Vec::new();
        tiny.for_each_audit_piece::<rusqlite::Error>(FileId(2), &mut |piece| {
            pieces.push((piece.offset_bytes, piece.length_bytes, piece.message.is_some()));
            Ok(true)
        })
        .unwrap();
        assert_eq!(pieces, [(0, 10, false), (10, 70, true), (80, 70, true), (150, 70, true)]);
        assert_eq!(tiny.audit_total(Part::ALL).unwrap(), (570, 5));
        assert_eq!(tiny.orphan_messages().unwrap(), 0);
    }

    #[test]
    fn each_file_is_in_one_part() {
        for id in 1..40 {
            let parts = (1..=5).filter(|&number| Part { number, of: 5 }.holds(FileId(id))).count();
            assert_eq!(parts, 1, "file {id}");
            assert!(Part::ALL.holds(FileId(id)));
        }
    }
}
