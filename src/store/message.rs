//! Writing one message with all that is known of it.

use std::sync::LazyLock;

use rusqlite::types::ToSqlOutput;
use rusqlite::{OptionalExtension, Result, params};
use sha2::{Digest as _, Sha256};

use super::Inventory;
use super::rows::RowInsert;
use super::write::{OpenFile, time};
use crate::model::message::Facts;
use crate::model::reading::Reading;
use crate::model::{Digest, FileId, Frame, MessageId, Problem};
use crate::parse::conversation::{Conversation, Opening};
use crate::parse::reference::References;
use crate::parse::transport::Transport;
use crate::signal::trace::Trace;

/// One message with all that is known of it.
#[derive(Debug)]
pub struct MessageRecord {
    /// Its place.
    pub frame: Frame,
    /// From 1.
    pub ordinal: u32,
    /// Digest of the stored bytes.
    pub stored_sha256: Digest,
    /// Digest of the recovered message.
    pub message_sha256: Digest,
    /// What it says of itself.
    pub facts: Facts,
    /// Account, folders, flags.
    pub location: crate::model::message::Location,
    /// What it was used for.
    pub reading: Reading,
    /// The way it came, where its headers say so.
    pub transport: Option<Transport>,
    /// What its text refers to.
    pub references: References,
    /// What says to which conversation it belongs.
    pub conversation: Conversation,
    /// What it leaves for the search for processes.
    pub trace: Trace,
    /// The first words.
    pub excerpt: String,
    /// Of the message; offsets count in the file.
    pub problems: Vec<Problem>,
}

static RECIPIENTS: LazyLock<RowInsert> = LazyLock::new(|| RowInsert::new("INSERT INTO recipient", "(?1, ?, ?, ?, ?)"));
static CLASSES: LazyLock<RowInsert> = LazyLock::new(|| RowInsert::new("INSERT INTO message_class", "(?1, ?, ?, ?)"));
static FLAGS: LazyLock<RowInsert> = LazyLock::new(|| RowInsert::new("INSERT OR IGNORE INTO message_signal", "(?1, ?)"));
static EVIDENCE: LazyLock<RowInsert> =
    LazyLock::new(|| RowInsert::new("INSERT INTO evidence", "(?1, ?, ?, ?, 'message', ?, ?, ?)"));
static HEADERS: LazyLock<RowInsert> =
    LazyLock::new(|| RowInsert::new("INSERT OR IGNORE INTO identity_header", "(?1, ?, ?)"));

fn round(score: f32) -> f64 {
    (f64::from(score) * 10_000.0).round() / 10_000.0
}

impl Inventory {
    /// Writes a message under the id of the one it matches, or under the next serial.
    pub fn add_message(&self, open: &mut OpenFile, record: &MessageRecord) -> Result<()> {
        let stored = record.stored_sha256.to_hex();
        let matched = if open.rescan { self.take_match(open.file_id, &stored)? } else { None };
        let id = match matched {
            Some(id) => {
                self.clear_message(id)?;
                id
            }
            None => {
                let id = MessageId::new(open.file_id, open.next_serial);
                open.next_serial += 1;
                id
            }
        };
        open.messages += 1;
        self.put_message_row(id, &stored, record)?;
        self.put_people(id, record)?;
        self.put_reading(id, &record.reading)?;
        self.put_attachments(id, &record.facts)?;
        self.put_identity(id, &record.facts)?;
        self.put_transport(id, record.transport.as_ref())?;
        self.put_references(id, &record.references)?;
        self.put_actions(id, &record.reading)?;
        self.put_conversation(id, &record.conversation)?;
        self.put_trace(id, &record.trace)?;
        self.add_problems(Some(open.file_id.0), Some(id.0), &record.frame.problems)?;
        self.add_problems(Some(open.file_id.0), Some(id.0), &record.problems)
    }

    fn take_match(&self, file: FileId, stored: &str) -> Result<Option<MessageId>> {
        let found: Option<(i64, i64, i64)> = self
            .db
            .prepare_cached(
                "SELECT gone, ordinal, message_id FROM rescan WHERE file_id = ? AND stored_sha256 = ?
                 ORDER BY gone, ordinal, message_id LIMIT 1",
            )?
            .query_row(params![file.0, stored], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
            .optional()?;
        let Some((gone, ordinal, id)) = found else { return Ok(None) };
        self.db
            .prepare_cached(
                "DELETE FROM rescan WHERE file_id = ? AND stored_sha256 = ? AND gone = ? AND ordinal = ? AND message_id = ?",
            )?
            .execute(params![file.0, stored, gone, ordinal, id])?;
        Ok(Some(MessageId(id)))
    }

    fn clear_message(&self, id: MessageId) -> Result<()> {
        for table in [
            "message_folder",
            "recipient",
            "message_class",
            "message_use",
            "message_signal",
            "evidence",
            "attachment",
            "identity",
            "identity_header",
            "transport",
            "document_link",
            "missing_file",
            "document_body",
            "action",
            "closing",
            "date_order",
            "conversation",
            "trace",
            "problem",
        ] {
            self.db.prepare_cached(&format!("DELETE FROM {table} WHERE message_id = ?"))?.execute([id.0])?;
        }
        Ok(())
    }

    fn put_message_row(&self, id: MessageId, stored: &str, record: &MessageRecord) -> Result<()> {
        let MessageRecord { frame, facts, location, reading, .. } = record;
        let folder = location.folders.first().map_or("", String::as_str);
        let opaque: Vec<&str> = facts.opaque.iter().map(|o| o.as_str()).collect();
        let from = facts.from.clone().unwrap_or_default();
        self.db
            .prepare_cached(
                "INSERT INTO message (message_id, file_id, ordinal, offset_bytes, length_bytes, frame_offset_bytes,
                   frame_length_bytes, stored_sha256, message_sha256, fingerprint, mailbox, folder, flags,
                   rfc_message_id, sent_at, sent_at_source, sent_offset_minutes, received_at, sender_kind, from_name,
                   from_address, subject, class, class_score, present, excerpt, deleted, text_source, opaque)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
                 ON CONFLICT (message_id) DO UPDATE SET
                   ordinal = excluded.ordinal, offset_bytes = excluded.offset_bytes,
                   length_bytes = excluded.length_bytes, frame_offset_bytes = excluded.frame_offset_bytes,
                   frame_length_bytes = excluded.frame_length_bytes, message_sha256 = excluded.message_sha256,
                   fingerprint = excluded.fingerprint, mailbox = excluded.mailbox, folder = excluded.folder,
                   flags = excluded.flags, rfc_message_id = excluded.rfc_message_id, sent_at = excluded.sent_at,
                   sent_at_source = excluded.sent_at_source, sent_offset_minutes = excluded.sent_offset_minutes,
                   received_at = excluded.received_at, sender_kind = excluded.sender_kind,
                   from_name = excluded.from_name, from_address = excluded.from_address, subject = excluded.subject,
                   class = excluded.class, class_score = excluded.class_score, present = 1,
                   excerpt = excluded.excerpt, deleted = excluded.deleted, text_source = excluded.text_source,
                   opaque = excluded.opaque",
            )?
            .execute(params![
                id.0,
                id.file().0,
                record.ordinal,
                frame.message.offset_bytes as i64,
                frame.message.length_bytes as i64,
                frame.frame.offset_bytes as i64,
                frame.frame.length_bytes as i64,
                stored,
                record.message_sha256.to_hex(),
                facts.identity.fingerprint.to_hex(),
                location.mailbox,
                folder,
                location.flags.join(" "),
                facts.rfc_message_id,
                facts.sent_at.and_then(time),
                facts.sent_at_source.as_str(),
                facts.sent_offset_minutes,
                location.received_at.or(facts.received_at).and_then(time),
                reading.sender_kind.as_str(),
                from.name,
                from.address,
                facts.subject,
                reading.class.as_str(),
                round(reading.class_score),
                record.excerpt,
                frame.deleted,
                text_source(facts),
                opaque.join(","),
            ])?;
        Ok(())
    }

    fn put_people(&self, id: MessageId, record: &MessageRecord) -> Result<()> {
        let mut folder = self.db.prepare_cached("INSERT OR IGNORE INTO message_folder VALUES (?, ?)")?;
        for name in &record.location.folders {
            folder.execute(params![id.0, name])?;
        }
        let rows = (1i64..).zip(&record.facts.recipients).flat_map(|(ordinal, (role, person))| {
            [ordinal.into(), role.as_str().into(), person.name.as_str().into(), person.address.as_str().into()]
        });
        RECIPIENTS.run(&self.db, id.0, &rows.collect::<Vec<_>>())
    }

    fn put_reading(&self, id: MessageId, reading: &Reading) -> Result<()> {
        let classes = reading.class_scores.iter().filter(|(_, score)| *score >= 0.02);
        let rows = classes.flat_map(|(name, score)| [name.as_str().into(), round(*score).into(), round(*score).into()]);
        CLASSES.run(&self.db, id.0, &rows.collect::<Vec<_>>())?;
        let mut used = self.db.prepare_cached("INSERT INTO message_use VALUES (?, ?, ?, ?)")?;
        for name in &reading.uses {
            let score = reading.use_scores.iter().find(|(u, _)| u == name).map_or(0.0, |(_, s)| *s);
            used.execute(params![id.0, name.as_str(), round(score), round(score)])?;
        }
        let rows = reading.flags.iter().map(|name| name.as_str().into());
        FLAGS.run(&self.db, id.0, &rows.collect::<Vec<_>>())?;
        let rows = (1i64..).zip(&reading.evidence).flat_map(|(ordinal, piece)| -> [ToSqlOutput<'_>; 6] {
            [
                ordinal.into(),
                piece.subject.into(),
                piece.signal.as_ref().into(),
                round(piece.weight).into(),
                piece.excerpt.as_str().into(),
                piece.place.to_string().into(),
            ]
        });
        EVIDENCE.run(&self.db, id.0, &rows.collect::<Vec<_>>())
    }

    fn put_attachments(&self, id: MessageId, facts: &Facts) -> Result<()> {
        let mut row = self.db.prepare_cached(
            "INSERT INTO attachment (message_id, part, file_name, media_type, detected_type, size_bytes, sha256, inline, opaque, opened)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        for attachment in &facts.attachments {
            row.execute(params![
                id.0,
                attachment.part,
                attachment.file_name,
                attachment.media_type,
                attachment.detected_type,
                attachment.size_bytes as i64,
                attachment.sha256.to_hex(),
                attachment.inline,
                attachment.opaque.map(|o| o.as_str()),
                attachment.opened,
            ])?;
        }
        Ok(())
    }

    fn put_references(&self, id: MessageId, references: &References) -> Result<()> {
        for (ordinal, link) in (1i64..).zip(&references.links) {
            let digest = Digest(Sha256::digest(link.target.as_bytes()).into()).to_hex();
            self.db.prepare_cached("INSERT INTO document_link VALUES (?, ?, ?, ?, ?, ?, NULL)")?.execute(params![
                id.0,
                ordinal,
                link.kind.as_str(),
                link.target,
                link.host,
                digest
            ])?;
        }
        for (ordinal, (why, name)) in (1i64..).zip(&references.missing) {
            self.db.prepare_cached("INSERT INTO missing_file VALUES (?, ?, ?, ?)")?.execute(params![
                id.0,
                ordinal,
                why.as_str(),
                name
            ])?;
        }
        Ok(())
    }

    fn put_transport(&self, id: MessageId, way: Option<&Transport>) -> Result<()> {
        let Some(way) = way else { return Ok(()) };
        let joined = |all: &[String]| (!all.is_empty()).then(|| all.join(" "));
        self.db.prepare_cached("INSERT INTO transport VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![
                id.0,
                way.first_hop_host,
                way.first_hop_ip.map(|ip| ip.to_string()),
                way.first_hop_internal,
                way.mailer,
                way.sender_address,
                way.reply_to,
                joined(&way.delivered_to),
                way.list_id,
                way.automatic,
                way.return_path,
                joined(&way.forwarded),
                way.in_reply_to,
            ],
        )?;
        Ok(())
    }

    fn put_conversation(&self, id: MessageId, one: &Conversation) -> Result<()> {
        if *one == Conversation::default() {
            return Ok(());
        }
        let bytes = |openings: &[Opening]| -> Option<Vec<u8>> {
            let all = openings.iter().flat_map(|o| [o.short.to_le_bytes(), o.long.to_le_bytes()]).flatten();
            (!openings.is_empty()).then(|| all.collect())
        };
        let own = (one.opening.short != 0).then_some(one.opening);
        self.db.prepare_cached("INSERT INTO conversation VALUES (?, ?, ?, ?, ?)")?.execute(params![
            id.0,
            one.gmail_thread,
            one.outlook_index,
            bytes(own.as_slice()),
            bytes(&one.quoted),
        ])?;
        Ok(())
    }

    fn put_trace(&self, id: MessageId, one: &Trace) -> Result<()> {
        let filled = |text: String| (!text.is_empty()).then_some(text);
        let keys = one.keys.iter().map(|key| format!("{}{}", if key.in_subject { 'S' } else { 'T' }, key.value));
        // A label has no control characters; a tab divides.
        let fields = one.fields.iter().map(|field| format!("{}{}", field.kind.letter(), field.label));
        let words: Vec<u8> = one.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.db.prepare_cached("INSERT INTO trace VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
            id.0,
            one.cues,
            words,
            filled(keys.collect::<Vec<_>>().join(" ")),
            filled(fields.collect::<Vec<_>>().join("\t")),
            one.amount_cents,
            one.due.map(|(day, _)| day.to_string()),
            one.due.is_some_and(|(_, firm)| firm),
        ])?;
        Ok(())
    }

    fn put_identity(&self, id: MessageId, facts: &Facts) -> Result<()> {
        let identity = &facts.identity;
        self.db.prepare_cached("INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
            id.0,
            crate::parse::identity::IDENTITY_VERSION,
            identity.headers_sha256.to_hex(),
            identity.leaves_sha256.to_hex(),
            identity.leaves_nospace_sha256.to_hex(),
            identity.text_sha256.map(|d| d.to_hex()),
            identity.structure_sha256.to_hex(),
            identity.residue_sha256.map(|d| d.to_hex()),
            identity.leaves,
        ])?;
        let rows = identity.headers.iter().flat_map(|(name, value)| [(*name).into(), value.as_str().into()]);
        HEADERS.run(&self.db, id.0, &rows.collect::<Vec<_>>())
    }
}

fn text_source(facts: &Facts) -> &'static str {
    use crate::model::message::TextSource::*;
    match facts.text_source {
        Plain => "plain",
        Html => "html",
        None => "none",
    }
}
