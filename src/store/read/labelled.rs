//! Messages with what they were read as: to compare with labels, and to draw from.

use rusqlite::{Result, Row};

use crate::model::MessageId;
use crate::store::Inventory;

/// A message, its names, and what it was read as. Text from mail and paths is hostile.
#[derive(Clone, PartialEq, Debug)]
pub struct LabelledRow {
    /// Its id.
    pub message_id: MessageId,
    /// `file.path`.
    pub path: String,
    /// Of the whole file, if the message is the only one in it; its `From ` line may belong to the file alone.
    pub file_sha256: Option<String>,
    /// Hexadecimal digits.
    pub stored_sha256: String,
    /// Hexadecimal digits.
    pub message_sha256: String,
    /// Address of the sender, lower-case; may be empty.
    pub from_address: String,
    /// The class held.
    pub class: String,
    /// Its probability.
    pub class_score: f64,
}

/// A message that may be drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawable {
    /// Its id.
    pub message_id: MessageId,
    /// The class held.
    pub class: String,
    /// The uses held, sorted, blank between.
    pub uses: String,
    /// Hexadecimal digits.
    pub message_sha256: String,
}

/// What a person who labels a message is shown of it. All text is hostile.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SampleRow {
    /// Account.
    pub mailbox: String,
    /// All folders, `; ` between.
    pub folder: String,
    /// `2001-05-14T23:39:00Z`.
    pub sent_at: Option<String>,
    /// Name and address.
    pub from: String,
    /// Names and addresses of To, Cc and Bcc, `; ` between; at most 20.
    pub to: String,
    /// Subject.
    pub subject: Option<String>,
    /// Names of attachments, `; ` between; at most 20.
    pub attachments: String,
    /// First words of the new text.
    pub excerpt: String,
}

/// Somebody as a person writes them.
const PERSON: &str =
    "CASE WHEN name = '' THEN address WHEN address = '' THEN name ELSE name || ' <' || address || '>' END";

impl Inventory {
    /// Calls `each` with every message that is there, in the order of ids.
    pub fn each_labelled(&self, each: &mut dyn FnMut(LabelledRow)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT m.message_id, f.path, m.stored_sha256, m.message_sha256, m.from_address, m.class, m.class_score,
               CASE WHEN f.messages = 1 THEN f.sha256 END
             FROM message m JOIN file f ON f.file_id = m.file_id WHERE m.present = 1 ORDER BY m.message_id",
        )?;
        for row in rows.query_map([], labelled)? {
            each(row?);
        }
        Ok(())
    }

    /// The uses that the inventory holds of a message.
    pub fn uses_of(&self, message: MessageId) -> Result<Vec<String>> {
        let mut rows = self.db.prepare_cached("SELECT use FROM message_use WHERE message_id = ?1 ORDER BY use")?;
        rows.query_map([message.0], |r| r.get(0))?.collect()
    }

    /// Calls `each` with every message that is there and is no copy of another one, in the order of ids.
    pub fn each_drawable(&self, each: &mut dyn FnMut(Drawable)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT m.message_id, m.class, coalesce((SELECT group_concat(use, ' ') FROM
               (SELECT use FROM message_use u WHERE u.message_id = m.message_id ORDER BY use)), ''), m.message_sha256
             FROM message m WHERE m.present = 1 AND m.duplicate_of IS NULL ORDER BY m.message_id",
        )?;
        let drawable = |r: &Row<'_>| {
            Ok(Drawable {
                message_id: MessageId(r.get(0)?),
                class: r.get(1)?,
                uses: r.get(2)?,
                message_sha256: r.get(3)?,
            })
        };
        for row in rows.query_map([], drawable)? {
            each(row?);
        }
        Ok(())
    }

    /// What is shown of a message to the person who labels it.
    pub fn sample_row(&self, message: MessageId) -> Result<SampleRow> {
        let sql = format!(
            "SELECT mailbox, coalesce((SELECT group_concat(folder, '; ') FROM
                 (SELECT folder FROM message_folder o WHERE o.message_id = m.message_id ORDER BY folder)), folder),
               sent_at,
               CASE WHEN from_name = '' THEN from_address WHEN from_address = '' THEN from_name
                 ELSE from_name || ' <' || from_address || '>' END,
               coalesce((SELECT group_concat(who, '; ') FROM (SELECT {PERSON} AS who FROM recipient r
                 WHERE r.message_id = m.message_id ORDER BY ordinal LIMIT 20)), ''),
               subject,
               coalesce((SELECT group_concat(coalesce(file_name, media_type), '; ') FROM (SELECT file_name, media_type
                 FROM attachment a WHERE a.message_id = m.message_id ORDER BY attachment_id LIMIT 20)), ''),
               excerpt
             FROM message m WHERE message_id = ?1"
        );
        self.db.prepare_cached(&sql)?.query_row([message.0], |r| {
            Ok(SampleRow {
                mailbox: r.get(0)?,
                folder: r.get(1)?,
                sent_at: r.get(2)?,
                from: r.get(3)?,
                to: r.get(4)?,
                subject: r.get(5)?,
                attachments: r.get(6)?,
                excerpt: r.get(7)?,
            })
        })
    }

    /// Whether everything was looked at: the last scan came to its end, and no file is still to be read.
    pub fn is_finished(&self) -> Result<bool> {
        self.db.query_row(
            "SELECT coalesce((SELECT outcome FROM scan ORDER BY scan_id DESC LIMIT 1), '') = 'done'
               AND NOT EXISTS (SELECT 1 FROM file WHERE outcome = 'pending')",
            [],
            |r| r.get(0),
        )
    }
}

fn labelled(r: &Row<'_>) -> Result<LabelledRow> {
    Ok(LabelledRow {
        message_id: MessageId(r.get(0)?),
        path: r.get(1)?,
        stored_sha256: r.get(2)?,
        message_sha256: r.get(3)?,
        from_address: r.get(4)?,
        class: r.get(5)?,
        class_score: r.get(6)?,
        file_sha256: r.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FileId;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn present_messages_and_no_copies() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Interrupted);
        let (mut labelled, mut drawable) = (Vec::new(), Vec::new());
        inventory.each_labelled(&mut |row| labelled.push(row.message_id.to_string())).unwrap();
        inventory.each_drawable(&mut |row| drawable.push((row.message_id.to_string(), row.uses))).unwrap();
        assert_eq!(labelled, ["M2-1", "M2-2", "M2-3", "M3-1", "M3-2", "M4-1"]);
        let drawn: Vec<_> = drawable.iter().map(|(id, uses)| (id.as_str(), uses.as_str())).collect();
        assert_eq!(
            drawn,
            [("M2-1", "document"), ("M2-2", ""), ("M2-3", "task workflow"), ("M3-2", ""), ("M4-1", "task")]
        );
        let row = inventory.sample_row(MessageId::new(FileId(2), 1)).unwrap();
        assert_eq!((row.folder.as_str(), row.from.as_str()), ("INBOX; Starred", "Boss <boss@x.example>"));
        assert_eq!(row.to, "Anna <anna@x.example>; +49 30 1234; Chair <chair@x.example>");
        assert!(!inventory.is_finished().unwrap());
    }
}
