//! Finding a message by one of its names.

use rusqlite::{Result, Row, params};

use crate::model::MessageId;
use crate::store::Inventory;

/// What a person calls a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MessageName {
    /// Its id.
    Id(MessageId),
    /// The first digits of a digest in lower case: of the stored bytes, of the message, or its fingerprint.
    Digest(String),
    /// Its Message-ID without angle brackets.
    Rfc(String),
}

/// A message that goes by such a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FoundMessage {
    /// Its id.
    pub message_id: MessageId,
    /// Path of its file as recorded, byte for byte.
    pub path: Vec<u8>,
    /// `file.format`.
    pub format: Option<String>,
    /// First byte of the stored message.
    pub offset_bytes: u64,
    /// Number of its bytes.
    pub length_bytes: u64,
    /// Hexadecimal digits.
    pub stored_sha256: String,
    /// Hexadecimal digits.
    pub message_sha256: String,
    /// Whether the last scan still found it.
    pub is_present: bool,
    /// Account; hostile, as the next ones are.
    pub mailbox: String,
    /// Folder.
    pub folder: String,
    /// `2001-05-14T23:39:00Z`.
    pub sent_at: Option<String>,
    /// Subject.
    pub subject: Option<String>,
}

const FOUND: &str = "SELECT m.message_id, f.path_bytes, f.format, m.offset_bytes, m.length_bytes, m.stored_sha256,
    m.message_sha256, m.present, m.mailbox, m.folder, m.sent_at, m.subject
    FROM message m JOIN file f ON f.file_id = m.file_id";

impl Inventory {
    /// At most `limit` messages of that name, those that are still there first, then by id.
    pub fn find_messages(&self, name: &MessageName, limit: usize) -> Result<Vec<FoundMessage>> {
        let order = "ORDER BY m.present DESC, m.message_id LIMIT ?2";
        let limit = limit as i64;
        match name {
            MessageName::Id(id) => {
                let sql = format!("{FOUND} WHERE m.message_id = ?1 {order}");
                self.db.prepare(&sql)?.query_map(params![id.0, limit], found)?.collect()
            }
            MessageName::Rfc(id) => {
                let sql = format!("{FOUND} WHERE m.rfc_message_id = ?1 {order}");
                self.db.prepare(&sql)?.query_map(params![id, limit], found)?.collect()
            }
            MessageName::Digest(digits) => {
                // Every digit sorts before the letter g.
                let within = |column: &str| format!("({column} >= ?1 AND {column} < ?1 || 'g')");
                let sql = format!(
                    "{FOUND} WHERE {} OR {} OR {} {order}",
                    within("m.stored_sha256"),
                    within("m.message_sha256"),
                    within("m.fingerprint")
                );
                self.db.prepare(&sql)?.query_map(params![digits, limit], found)?.collect()
            }
        }
    }
}

/// The first twelve columns of a query such as [`FOUND`].
pub(super) fn found(row: &Row<'_>) -> Result<FoundMessage> {
    let unsigned = |n: i64| n.max(0) as u64;
    Ok(FoundMessage {
        message_id: MessageId(row.get(0)?),
        path: row.get(1)?,
        format: row.get(2)?,
        offset_bytes: unsigned(row.get(3)?),
        length_bytes: unsigned(row.get(4)?),
        stored_sha256: row.get(5)?,
        message_sha256: row.get(6)?,
        is_present: row.get(7)?,
        mailbox: row.get(8)?,
        folder: row.get(9)?,
        sent_at: row.get(10)?,
        subject: row.get(11)?,
    })
}
