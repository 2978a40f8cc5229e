//! Writing the estate: what holds no longer goes, or stays with its id and zero messages where a decision may hang on it.

use rusqlite::{Result, params};

use super::letters::LetterCopies;
use super::rows::*;
use crate::store::Inventory;
use crate::store::write::time;

fn at(seconds: Option<i64>) -> Option<String> {
    seconds.and_then(time)
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

impl Inventory {
    /// Patterns that systems have, by address.
    pub fn system_patterns(&self) -> Result<Vec<(String, String)>> {
        let mut rows = self.db.prepare("SELECT address, pattern FROM system WHERE pattern <> '' ORDER BY 1, 2")?;
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect()
    }

    /// Replaces all systems; their messages are all copies of their letters.
    pub fn save_systems(&self, rows: &[SystemRow], copies: &LetterCopies) -> Result<()> {
        self.db.execute_batch("DELETE FROM system_message; UPDATE system SET messages = 0;")?;
        let mut put = self.db.prepare(
            "INSERT INTO system (address, pattern, name, kind, evidence, direction, first_hop, first_hop_internal, mailer,
               recipients, recipient_count, messages, cadence, cadence_evidence, first_at, last_at, missed_runs, missed_on,
               may_break, subjects, score)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (address, pattern) DO UPDATE SET
               name = excluded.name, kind = excluded.kind, evidence = excluded.evidence, direction = excluded.direction,
               first_hop = excluded.first_hop, first_hop_internal = excluded.first_hop_internal,
               mailer = excluded.mailer, recipients = excluded.recipients, recipient_count = excluded.recipient_count,
               messages = excluded.messages, cadence = excluded.cadence, cadence_evidence = excluded.cadence_evidence,
               first_at = excluded.first_at, last_at = excluded.last_at, missed_runs = excluded.missed_runs,
               missed_on = excluded.missed_on, may_break = excluded.may_break, subjects = excluded.subjects,
               score = excluded.score
             RETURNING system_id",
        )?;
        let mut message = self.db.prepare("INSERT OR IGNORE INTO system_message VALUES (?, ?)")?;
        for row in rows {
            let id: i64 = put.query_row(
                params![
                    row.address,
                    row.pattern,
                    row.name,
                    row.kind,
                    row.evidence,
                    row.direction,
                    row.first_hop,
                    row.first_hop_internal,
                    row.mailer,
                    row.recipients,
                    row.recipient_count,
                    row.letters.len() as i64,
                    row.cadence,
                    row.cadence_evidence,
                    at(row.first),
                    at(row.last),
                    row.missed_runs,
                    filled(&row.missed_on),
                    filled(&row.may_break),
                    row.subjects,
                    (row.score * 1e4).round() / 1e4,
                ],
                |r| r.get(0),
            )?;
            for letter in &row.letters {
                for message_id in std::iter::once(letter).chain(copies.later_than(*letter)) {
                    message.execute([id, *message_id])?;
                }
            }
        }
        Ok(())
    }

    /// Replaces all addresses.
    pub fn save_addresses(&self, rows: &[AddressRow]) -> Result<()> {
        self.db.execute_batch(
            "UPDATE address SET sent = 0, received = 0, kind = 'unknown', evidence = 'no longer seen'",
        )?;
        let mut put = self.db.prepare(
            "INSERT INTO address (address, name, kind, evidence, mailbox, sent, received, outside_senders, last_received_at,
               last_sent_at, delivered_to, sent_on_behalf_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (address) DO UPDATE SET name = excluded.name, kind = excluded.kind, evidence = excluded.evidence,
               mailbox = excluded.mailbox, sent = excluded.sent, received = excluded.received,
               outside_senders = excluded.outside_senders, last_received_at = excluded.last_received_at,
               last_sent_at = excluded.last_sent_at, delivered_to = excluded.delivered_to,
               sent_on_behalf_of = excluded.sent_on_behalf_of",
        )?;
        for row in rows {
            put.execute(params![
                row.address,
                row.name,
                row.kind,
                row.evidence,
                row.mailbox,
                row.sent,
                row.received,
                row.outside_senders,
                at(row.last_received),
                at(row.last_sent),
                row.delivered_to,
                row.sent_on_behalf_of,
            ])?;
        }
        Ok(())
    }

    /// Replaces all partners.
    pub fn save_partners(&self, rows: &[PartnerRow]) -> Result<()> {
        self.db.execute_batch("UPDATE partner SET messages_in = 0, messages_out = 0")?;
        let mut put = self.db.prepare(
            "INSERT INTO partner (domain, our_address, messages_in, messages_out, files_in, files_out, bytes, first_at, last_at,
               file_transfer, tell_before_the_move, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (domain, our_address) DO UPDATE SET messages_in = excluded.messages_in,
               messages_out = excluded.messages_out, files_in = excluded.files_in, files_out = excluded.files_out,
               bytes = excluded.bytes, first_at = excluded.first_at, last_at = excluded.last_at,
               file_transfer = excluded.file_transfer, tell_before_the_move = excluded.tell_before_the_move,
               evidence = excluded.evidence",
        )?;
        for row in rows {
            put.execute(params![
                row.domain,
                row.our_address,
                row.messages_in,
                row.messages_out,
                row.files_in,
                row.files_out,
                row.bytes as i64,
                at(row.first),
                at(row.last),
                row.file_transfer,
                row.tell_before_the_move,
                row.evidence,
            ])?;
        }
        Ok(())
    }

    /// Replaces all rules.
    pub fn save_rules(&self, rows: &[RuleRow]) -> Result<()> {
        self.db.execute_batch("DELETE FROM rule_seen")?;
        let mut put = self.db.prepare(
            "INSERT OR IGNORE INTO rule_seen (kind, mailbox, subject, target, messages, of_messages, first_at, last_at, sentence)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        for row in rows {
            put.execute(params![
                row.kind,
                row.mailbox,
                row.subject,
                row.target,
                row.messages,
                row.of_messages,
                at(row.first),
                at(row.last),
                row.sentence,
            ])?;
        }
        Ok(())
    }

    /// Replaces coverage and holes.
    pub fn save_coverage(&self, rows: &[CoverageRow], holes: &[HoleRow]) -> Result<()> {
        self.db.execute_batch("DELETE FROM coverage; DELETE FROM hole;")?;
        let mut put =
            self.db.prepare("INSERT OR IGNORE INTO coverage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        let size = |n: Option<u64>| n.map(|n| n as i64);
        for row in rows {
            put.execute(params![
                row.address,
                row.person,
                row.status,
                row.on_roster,
                row.mailbox,
                row.delivered,
                size(row.expected_items),
                size(row.found_items),
                size(row.expected_bytes),
                size(row.found_bytes),
                row.hold,
                filled(&row.holes),
                row.evidence,
            ])?;
        }
        let mut put = self.db.prepare(
            "INSERT INTO hole (kind, address, mailbox, from_on, to_on, expected, found, sentence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        for row in holes {
            put.execute(params![
                row.kind,
                row.address,
                row.mailbox,
                row.from_on,
                row.to_on,
                size(row.expected),
                size(row.found),
                row.sentence,
            ])?;
        }
        Ok(())
    }

    /// Adds to the rows of `mailbox`, whose counts `find_mailboxes` has written.
    pub fn save_mailboxes(&self, rows: &[MailboxRow]) -> Result<()> {
        self.db.execute_batch("UPDATE mailbox SET single_copy_documents = 0, replies_to_unknown = 0")?;
        let mut put = self.db.prepare(
            "UPDATE mailbox SET kind = ?2, address = ?3, custodian = ?4, evidence = ?5, last_received_at = ?6,
               last_sent_at = ?7, empty_months = ?8, replies_to_unknown = ?9 WHERE name = ?1",
        )?;
        for row in rows {
            put.execute(params![
                row.name,
                row.kind,
                row.address,
                row.custodian,
                row.evidence,
                at(row.last_received),
                at(row.last_sent),
                row.empty_months,
                row.replies_to_unknown,
            ])?;
        }
        self.db.execute_batch(
            "UPDATE mailbox SET single_copy_documents = d.n FROM (
               SELECT mailbox AS name, count(*) AS n FROM (
                 SELECT min(m.mailbox) AS mailbox FROM attachment a JOIN message m USING (message_id)
                 WHERE m.present = 1 AND a.document_id IS NOT NULL AND a.inline = 0
                 GROUP BY a.document_id HAVING count(*) = 1)
               GROUP BY mailbox) d WHERE d.name = mailbox.name;",
        )
    }

    /// Replaces the roles of all folders.
    pub fn save_folders(&self, rows: &[FolderRow]) -> Result<()> {
        self.db.execute_batch("UPDATE folder SET messages = 0")?;
        let mut put = self.db.prepare(
            "INSERT INTO folder (mailbox, name, role, evidence, messages) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (mailbox, name) DO UPDATE SET role = excluded.role, evidence = excluded.evidence,
               messages = excluded.messages",
        )?;
        for row in rows {
            put.execute(params![row.mailbox, row.name, row.role, row.evidence, row.messages as i64])?;
        }
        Ok(())
    }

    /// Replaces all people; ids stay with the main address.
    pub fn save_people(&self, rows: &[PersonRow]) -> Result<()> {
        self.db.execute_batch("DELETE FROM person_address; DELETE FROM person_name;")?;
        let mut put = self.db.prepare(
            "INSERT INTO person (name, main_address) VALUES (?, ?)
             ON CONFLICT (main_address) DO UPDATE SET name = excluded.name RETURNING person_id",
        )?;
        let mut address = self.db.prepare("INSERT OR IGNORE INTO person_address VALUES (?, ?, ?)")?;
        let mut name = self.db.prepare("INSERT OR IGNORE INTO person_name VALUES (?, ?, ?)")?;
        for row in rows {
            let id: i64 = put.query_row(params![row.name, row.main_address], |r| r.get(0))?;
            for (one, evidence) in &row.addresses {
                address.execute(params![id, one, evidence])?;
            }
            for (one, messages) in &row.names {
                name.execute(params![id, one, messages])?;
            }
        }
        Ok(())
    }

    /// Flags and classes in each folder: mailbox, folder, flags, class, messages.
    pub fn folder_states(&self) -> Result<Vec<FolderState>> {
        let counted = self.count_texts("SELECT mailbox, folder, flags, class FROM message WHERE present = 1")?;
        Ok(counted.into_iter().map(|([mailbox, folder, flags, class], n)| (mailbox, folder, flags, class, n)).collect())
    }

    /// Notes how long the estate took.
    pub fn note_estate_time(&self, milliseconds: u64) -> Result<()> {
        self.db.execute(
            "UPDATE scan SET estate_ms = ? WHERE scan_id = (SELECT max(scan_id) FROM scan)",
            [milliseconds as i64],
        )?;
        Ok(())
    }
}
