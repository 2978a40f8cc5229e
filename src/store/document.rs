//! Documents: their contents made rows, set-wise; their copies as a stream; families written with ids that survive.

use rusqlite::{Result, params};

use super::Inventory;

/// One copy of a document: what the discovery needs to know of it. Text is hostile.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct DocumentCopy {
    /// Copies of one document come together, in the order of their messages.
    pub document_id: i64,
    /// attachment, body or link.
    pub carrier: String,
    /// Decoded; of a body: of the message; of a link: 0.
    pub size_bytes: u64,
    /// Declared.
    pub media_type: String,
    /// By its first bytes.
    pub detected_type: Option<String>,
    /// File name, subject or target.
    pub name: Option<String>,
    /// Shown in place.
    pub is_inline: bool,
    /// Why it stayed closed.
    pub opaque: Option<String>,
    /// Where it lies.
    pub message_id: i64,
    /// The thread of its message.
    pub thread_id: i64,
    /// Subject.
    pub subject: Option<String>,
    /// The first words.
    pub excerpt: String,
    /// Lower-case.
    pub from_address: String,
    /// Lower-case addresses, blank between.
    pub recipients: String,
    /// `2001-05-14T23:39:00Z`.
    pub sent_at: Option<String>,
    /// Account.
    pub mailbox: String,
    /// Mailed to oneself.
    pub is_self_sent: bool,
}

/// What was found out about a document.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct DocumentRow {
    pub document_id: i64,
    pub name: Option<String>,
    pub kind: &'static str,
    pub kind_evidence: String,
    pub flag: Option<&'static str>,
    pub listed_apart: Option<&'static str>,
    pub copies: u32,
    pub messages: u32,
    pub mailboxes: u32,
    pub self_filed: u32,
    pub first_seen_at: Option<String>,
    pub last_seen_at: Option<String>,
}

/// A member of a family, and a family.
#[derive(Clone, PartialEq, Debug, Default)]
#[allow(missing_docs, reason = "as the columns of the table, see docs/inventory.md")]
pub struct FamilyRow {
    pub family_id: i64,
    pub name: String,
    pub kind: &'static str,
    pub relation: &'static str,
    pub current_document_id: i64,
    pub current_why: String,
    pub branches: String,
    pub copies: u64,
    pub bytes: u64,
    /// In their order: document, branch, why it is a member.
    pub members: Vec<(i64, Option<String>, String)>,
}

impl Inventory {
    /// Gives every distinct content a document; ids stay with carrier and digest. Documents without any copy left stay
    /// with `copies = 0`.
    ///
    /// Containers that were opened are no documents of their own, nor are whole messages. A text is a document if its
    /// message served as one, is more than a line or two, and neither has a file nor speaks of one.
    pub fn find_contents(&self) -> Result<()> {
        self.db.execute_batch(
            "DROP TABLE IF EXISTS temp.content;
             CREATE TEMP TABLE content (carrier TEXT, sha256 TEXT, size_bytes INTEGER, media_type TEXT, first_id INTEGER,
               PRIMARY KEY (carrier, sha256)) WITHOUT ROWID;
             INSERT INTO content
               SELECT 'attachment', a.sha256, max(a.size_bytes), min(coalesce(a.detected_type, a.media_type)), min(a.message_id)
               FROM attachment a JOIN message m USING (message_id)
               WHERE m.present = 1 AND a.size_bytes > 0 AND a.opened = 0
                 AND a.media_type NOT IN ('message/rfc822', 'message/global')
               GROUP BY a.sha256;
             DROP TABLE IF EXISTS temp.text_document;
             CREATE TEMP TABLE text_document AS
               SELECT m.message_id, i.text_sha256 AS sha256, m.length_bytes
               FROM message_use u JOIN message m USING (message_id) JOIN identity i USING (message_id)
               WHERE u.use = 'document' AND u.score >= 0.5 AND m.present = 1 AND i.text_sha256 IS NOT NULL
                 AND length(m.excerpt) >= 150
                 AND NOT EXISTS (SELECT 1 FROM missing_file x WHERE x.message_id = m.message_id)
                 AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = m.message_id AND a.size_bytes > 0
                   AND NOT (a.inline = 1 AND a.media_type LIKE 'image/%')
                   AND a.media_type NOT LIKE '%-signature'
                   AND NOT (a.file_name IS NULL AND a.media_type LIKE 'text/%'));
             INSERT INTO content
               SELECT 'body', sha256, max(length_bytes), 'text/plain', min(message_id) FROM text_document GROUP BY sha256;
             INSERT INTO content
               SELECT 'link', l.sha256, 0, 'text/uri-list', min(l.message_id)
               FROM document_link l JOIN message m USING (message_id) WHERE m.present = 1 GROUP BY l.sha256;
             UPDATE document SET copies = 0, messages = 0, mailboxes = 0, self_filed = 0 WHERE copies > 0;
             UPDATE document SET size_bytes = c.size_bytes, media_type = c.media_type FROM temp.content c
               WHERE c.carrier = document.carrier AND c.sha256 = document.sha256
                 AND (document.size_bytes <> c.size_bytes OR document.media_type <> c.media_type);
             INSERT INTO document (sha256, size_bytes, media_type, carrier, copies)
               SELECT c.sha256, c.size_bytes, c.media_type, c.carrier, 0 FROM temp.content c
               WHERE NOT EXISTS (SELECT 1 FROM document d WHERE d.sha256 = c.sha256 AND d.carrier = c.carrier)
               ORDER BY c.carrier, c.first_id, c.sha256;
             UPDATE attachment SET document_id = NULL
               WHERE document_id IS NOT NULL AND (size_bytes = 0 OR opened = 1);
             UPDATE attachment SET document_id = d.document_id FROM document d
               WHERE d.sha256 = attachment.sha256 AND d.carrier = 'attachment'
                 AND attachment.document_id IS NOT d.document_id AND attachment.size_bytes > 0
                 AND attachment.opened = 0 AND attachment.media_type NOT IN ('message/rfc822', 'message/global');
             UPDATE document_link SET document_id = d.document_id FROM document d
               WHERE d.sha256 = document_link.sha256 AND d.carrier = 'link'
                 AND document_link.document_id IS NOT d.document_id;
             DELETE FROM document_body;
             INSERT INTO document_body
               SELECT t.message_id, d.document_id FROM temp.text_document t
               JOIN document d ON d.sha256 = t.sha256 AND d.carrier = 'body';
             DROP TABLE temp.text_document;
             DROP TABLE temp.content;",
        )
    }

    /// Every copy of every document, those of one document together.
    pub fn document_copies(&self, each: &mut dyn FnMut(DocumentCopy)) -> Result<()> {
        let mut statement = self.db.prepare(
            "WITH copy AS (
               SELECT document_id, message_id, part, file_name AS name, media_type, detected_type, inline, opaque, attachment_id
                 FROM attachment WHERE document_id IS NOT NULL
               UNION ALL SELECT document_id, message_id, '', NULL, 'text/plain', NULL, 0, NULL, 0 FROM document_body
               UNION ALL SELECT document_id, message_id, '', target, 'text/uri-list', NULL, 0, NULL, ordinal
                 FROM document_link WHERE document_id IS NOT NULL)
             SELECT c.document_id, d.carrier, d.size_bytes, c.media_type, c.detected_type, c.name, c.inline, c.opaque,
               m.message_id, coalesce(m.thread_id, -m.message_id),
               m.subject, m.excerpt, lower(m.from_address),
               (SELECT group_concat(lower(address), ' ') FROM (
                  SELECT address FROM recipient r WHERE r.message_id = m.message_id ORDER BY ordinal LIMIT 40)),
               m.sent_at, m.mailbox,
               EXISTS (SELECT 1 FROM message_signal s WHERE s.message_id = m.message_id AND s.signal = 'self_sent')
             FROM copy c JOIN document d USING (document_id) JOIN message m USING (message_id)
             WHERE m.present = 1
             ORDER BY c.document_id, m.message_id, c.attachment_id",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            each(DocumentCopy {
                document_id: row.get(0)?,
                carrier: row.get(1)?,
                size_bytes: row.get::<_, i64>(2)?.max(0) as u64,
                media_type: row.get(3)?,
                detected_type: row.get(4)?,
                name: row.get(5)?,
                is_inline: row.get(6)?,
                opaque: row.get(7)?,
                message_id: row.get(8)?,
                thread_id: row.get(9)?,
                subject: row.get(10)?,
                excerpt: row.get(11)?,
                from_address: row.get(12)?,
                recipients: row.get::<_, Option<String>>(13)?.unwrap_or_default(),
                sent_at: row.get(14)?,
                mailbox: row.get(15)?,
                is_self_sent: row.get(16)?,
            });
        }
        Ok(())
    }

    /// Writes what was found out about documents.
    pub fn save_documents(&self, rows: &[DocumentRow]) -> Result<()> {
        let mut put = self.db.prepare(
            "UPDATE document SET name = ?2, kind = ?3, kind_evidence = ?4, flag = ?5, listed_apart = ?6, copies = ?7,
               messages = ?8, mailboxes = ?9, self_filed = ?10, first_seen_at = ?11, last_seen_at = ?12
             WHERE document_id = ?1",
        )?;
        for row in rows {
            put.execute(params![
                row.document_id,
                row.name,
                row.kind,
                row.kind_evidence,
                row.flag,
                row.listed_apart,
                row.copies,
                row.messages,
                row.mailboxes,
                row.self_filed,
                row.first_seen_at,
                row.last_seen_at,
            ])?;
        }
        Ok(())
    }

    /// Document and family of an earlier discovery, in the order of documents; and the largest id of a family.
    pub fn old_families(&self) -> Result<(Vec<(i64, i64)>, i64)> {
        let mut rows = self.db.prepare(
            "SELECT d.document_id, d.family_id FROM document d JOIN document_family f USING (family_id)
             WHERE f.retired_into IS NULL ORDER BY d.document_id",
        )?;
        let members = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
        let largest =
            self.db.query_row("SELECT coalesce(max(family_id), 0) FROM document_family", [], |row| row.get(0))?;
        Ok((members, largest))
    }

    /// Writes families under the ids they have; `retired` are old ids with the family that most of their documents are
    /// in now. Families without any copy left keep their row with `copies = 0`.
    pub fn save_families(&self, families: &[FamilyRow], retired: &[(i64, i64)]) -> Result<()> {
        self.db.execute("UPDATE document_family SET copies = 0 WHERE copies > 0", [])?;
        let mut family = self.db.prepare(
            "INSERT INTO document_family (family_id, name, kind, versions, copies, current_document_id, retired_into,
               relation, current_why, branches, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7, ?8, ?9, ?10)
             ON CONFLICT (family_id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
               versions = excluded.versions, copies = excluded.copies, current_document_id = excluded.current_document_id,
               retired_into = NULL, relation = excluded.relation, current_why = excluded.current_why,
               branches = excluded.branches, bytes = excluded.bytes",
        )?;
        let mut member = self.db.prepare(
            "UPDATE document SET family_id = ?2, version = ?3, branch = ?4, joined_by = ?5 WHERE document_id = ?1",
        )?;
        for one in families {
            family.execute(params![
                one.family_id,
                one.name,
                one.kind,
                one.members.len() as i64,
                one.copies as i64,
                one.current_document_id,
                one.relation,
                one.current_why,
                one.branches,
                one.bytes as i64,
            ])?;
            for (version, (document, branch, why)) in (1i64..).zip(&one.members) {
                member.execute(params![document, one.family_id, version, branch, why])?;
            }
        }
        let mut retire =
            self.db.prepare("UPDATE document_family SET retired_into = ?2, copies = 0 WHERE family_id = ?1")?;
        for (old, new) in retired {
            retire.execute([old, new])?;
        }
        Ok(())
    }
}
