//! Documents with a place in the mail, for commands that take them out or look for them elsewhere.

use rusqlite::Result;

use crate::store::Inventory;
use crate::store::read::FoundMessage;
use crate::store::read::find::found;

/// One document. Text is hostile.
#[derive(Clone, PartialEq, Debug)]
pub struct StoredDocument {
    /// Its id.
    pub document_id: i64,
    /// Its family.
    pub family_id: Option<i64>,
    /// Its place in the family, from 1.
    pub version: Option<i64>,
    /// Versions of the family.
    pub versions: i64,
    /// Whether it is the current one.
    pub is_current: bool,
    /// File name, subject or target.
    pub name: Option<String>,
    /// contract, invoice, …
    pub kind: String,
    /// attachment, body or link.
    pub carrier: String,
    /// Decoded.
    pub size_bytes: u64,
    /// Of the decoded bytes; of a body: of its text; of a link: of its target.
    pub sha256: String,
    /// How often it lies in this mail.
    pub copies: u64,
    /// Why it is no document of its own.
    pub listed_apart: Option<String>,
}

/// One place of a document.
#[derive(Clone, PartialEq, Debug)]
pub struct DocumentPlace {
    /// Its id.
    pub document_id: i64,
    /// The part; `TEXT` for the message itself.
    pub part: String,
    /// The file that Apple Mail keeps beside the message, byte for byte.
    pub beside: Option<Vec<u8>>,
    /// The message.
    pub message: FoundMessage,
}

impl Inventory {
    /// All documents that lie in mail, by family and version.
    pub fn documents(&self) -> Result<Vec<StoredDocument>> {
        let mut rows = self.db.prepare(
            "SELECT d.document_id, d.family_id, d.version, coalesce(f.versions, 1), coalesce(f.current_document_id = d.document_id, 1),
               d.name, d.kind, d.carrier, d.size_bytes, d.sha256, d.copies, d.listed_apart
             FROM document d LEFT JOIN document_family f USING (family_id)
             WHERE d.copies > 0 AND d.retired_into IS NULL ORDER BY d.family_id, d.version, d.document_id",
        )?;
        let unsigned = |n: i64| n.max(0) as u64;
        rows.query_map([], |row| {
            Ok(StoredDocument {
                document_id: row.get(0)?,
                family_id: row.get(1)?,
                version: row.get(2)?,
                versions: row.get(3)?,
                is_current: row.get(4)?,
                name: row.get(5)?,
                kind: row.get(6)?,
                carrier: row.get(7)?,
                size_bytes: unsigned(row.get(8)?),
                sha256: row.get(9)?,
                copies: unsigned(row.get(10)?),
                listed_apart: row.get(11)?,
            })
        })?
        .collect()
    }

    /// The places of a document, oldest id first, at most `limit`.
    pub fn document_places(&self, document_id: i64, limit: usize) -> Result<Vec<DocumentPlace>> {
        let mut rows = self.db.prepare_cached(
            "SELECT m.message_id, f.path_bytes, f.format, m.offset_bytes, m.length_bytes, m.stored_sha256,
               m.message_sha256, m.present, m.mailbox, m.folder, m.sent_at, m.subject, c.part,
               CASE WHEN c.opaque = 'beside' THEN (SELECT b.path_bytes FROM file b JOIN document d ON d.sha256 = b.sha256
                 WHERE d.document_id = c.document_id AND b.outcome = 'support' LIMIT 1) END
             FROM document_copy c JOIN message m USING (message_id) JOIN file f USING (file_id)
             WHERE c.document_id = ?1 ORDER BY m.message_id, c.part LIMIT ?2",
        )?;
        rows.query_map([document_id, limit as i64], |row| {
            Ok(DocumentPlace { document_id, part: row.get(12)?, beside: row.get(13)?, message: found(row)? })
        })?
        .collect()
    }
}
