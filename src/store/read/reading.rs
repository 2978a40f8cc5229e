//! What the inventory says of one message, and why.

use rusqlite::{OptionalExtension, Result, params};

use crate::model::MessageId;
use crate::store::Inventory;

/// One row of `evidence`. Text is hostile.
#[derive(Clone, PartialEq, Debug)]
pub struct EvidenceRow {
    /// What it speaks for or against: `class:workflow`, `use:task`, `flag:request`.
    pub subject: String,
    /// Name of the signal.
    pub signal: String,
    /// `message`, `discovery` or `review`.
    pub origin: String,
    /// Log-odds; negative speaks against.
    pub weight: f64,
    /// The words.
    pub excerpt: String,
    /// Where they stand (DESIGN section 8).
    pub place: String,
}

/// What was read out of one message, as stored. Text from mail is hostile.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct StoredReading {
    /// Name and address of the sender.
    pub from: (String, String),
    /// `person`, `role`, `machine` or `unknown`.
    pub sender_kind: String,
    /// All folders, the first one first.
    pub folders: Vec<String>,
    /// IMAP names and keywords, blank between.
    pub flags: String,
    /// The class held to be true.
    pub class: String,
    /// Its probability.
    pub class_score: f64,
    /// Probabilities of classes, the highest first; those near 0 are not stored.
    pub classes: Vec<(String, f64)>,
    /// The uses held to be true, the likeliest first.
    pub uses: Vec<(String, f64)>,
    /// The flags of the labelling guide held to be true.
    pub signals: Vec<String>,
    /// Why, in the order in which it was found.
    pub evidence: Vec<EvidenceRow>,
    /// What was not looked into, comma between; empty if nothing.
    pub opaque: String,
    /// Only its headers were read, because its content killed the parser.
    pub headers_only: bool,
}

impl Inventory {
    /// What the inventory says of this message; `None` if there is no such row.
    pub fn reading_of(&self, message: MessageId) -> Result<Option<StoredReading>> {
        let base = self
            .db
            .query_row(
                "SELECT from_name, from_address, sender_kind, folder, flags, class, class_score, opaque,
                   EXISTS (SELECT 1 FROM problem p WHERE p.message_id = m.message_id AND p.kind = 'parser_died')
                 FROM message m WHERE message_id = ?1",
                [message.0],
                |r| {
                    Ok(StoredReading {
                        from: (r.get(0)?, r.get(1)?),
                        sender_kind: r.get(2)?,
                        folders: vec![r.get(3)?],
                        flags: r.get(4)?,
                        class: r.get(5)?,
                        class_score: r.get(6)?,
                        opaque: r.get(7)?,
                        headers_only: r.get(8)?,
                        ..StoredReading::default()
                    })
                },
            )
            .optional()?;
        let Some(mut reading) = base else { return Ok(None) };
        let folders = "SELECT folder FROM message_folder WHERE message_id = ?1 AND folder <> ?2 ORDER BY folder";
        let first = reading.folders[0].clone();
        let mut rows = self.db.prepare_cached(folders)?;
        for folder in rows.query_map(params![message.0, first], |r| r.get(0))? {
            reading.folders.push(folder?);
        }
        let scores = |sql: &str| -> Result<Vec<(String, f64)>> {
            self.db.prepare_cached(sql)?.query_map([message.0], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
        };
        reading.classes =
            scores("SELECT class, score FROM message_class WHERE message_id = ?1 ORDER BY score DESC, class")?;
        reading.uses = scores("SELECT use, score FROM message_use WHERE message_id = ?1 ORDER BY score DESC, use")?;
        reading.signals = self.marks_of(message)?;
        let mut rows = self.db.prepare_cached(
            "SELECT subject, signal, origin, weight, excerpt, place FROM evidence WHERE message_id = ?1 ORDER BY ordinal",
        )?;
        let evidence = rows.query_map([message.0], |r| {
            Ok(EvidenceRow {
                subject: r.get(0)?,
                signal: r.get(1)?,
                origin: r.get(2)?,
                weight: r.get(3)?,
                excerpt: r.get(4)?,
                place: r.get(5)?,
            })
        })?;
        reading.evidence = evidence.collect::<Result<_>>()?;
        Ok(Some(reading))
    }

    /// The flags of the labelling guide that the inventory holds of a message, in the order of their words.
    pub fn marks_of(&self, message: MessageId) -> Result<Vec<String>> {
        let mut rows =
            self.db.prepare_cached("SELECT signal FROM message_signal WHERE message_id = ?1 ORDER BY signal")?;
        rows.query_map([message.0], |r| r.get(0))?.collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{FileId, MessageId};
    use crate::store::tiny::{State, inventory};

    #[test]
    fn a_message_with_its_reasons() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let reading = inventory.reading_of(MessageId::new(FileId(2), 3)).unwrap().unwrap();
        assert_eq!((reading.class.as_str(), reading.class_score), ("workflow", 0.9));
        assert_eq!(reading.uses, [("workflow".to_owned(), 0.9), ("task".to_owned(), 0.6)]);
        assert_eq!(reading.signals, ["approval", "request"]);
        assert_eq!((reading.evidence.len(), reading.evidence[2].weight), (3, -0.5));
        let first = inventory.reading_of(MessageId::new(FileId(2), 1)).unwrap().unwrap();
        assert_eq!(first.folders, ["INBOX", "Starred"]);
        assert_eq!(inventory.reading_of(MessageId::new(FileId(9), 9)).unwrap(), None);
    }
}
