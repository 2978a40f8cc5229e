//! What `discover/task` reads and writes, and the actions that a scan finds.
//!
//! Words stay in the tables: what is read holds digests of quotes, ids and times. Ids of tasks stay with their messages
//! and quotes.

use rusqlite::{Result, params};
use sha2::{Digest as _, Sha256};

use super::Inventory;
use crate::model::action::{Action, ActionOwner};
use crate::model::reading::Reading;
use crate::model::{Digest, MessageId};

mod found;

pub use found::{TaskFound, TaskRow};

/// A message as a place where something is asked or answered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TaskMessage {
    /// `message.message_id`.
    pub message_id: i64,
    /// `message.thread_id`.
    pub thread_id: i64,
    /// As in the inventory.
    pub sent_at: Option<String>,
    /// Lower-case.
    pub from_address: String,
}

/// An action without its words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActionRow {
    /// Where it stands.
    pub message_id: i64,
    /// Which of that message.
    pub ordinal: i64,
    /// `action.quote_sha256`.
    pub quote_sha256: String,
    /// Recipient, sender or a name.
    pub owner: String,
    /// Lower-case.
    pub owner_address: Option<String>,
    /// For a date that can be read in two ways: with the day first, with the month first.
    pub readings: Option<(String, String)>,
    /// The account.
    pub mailbox: String,
    /// Asks to send, give or write something.
    pub delivers: bool,
    /// Asks for a decision.
    pub decides: bool,
}

/// An answer by which something may be done with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClosingRow {
    /// The answer.
    pub message_id: i64,
    /// `done`, `delivered`, `decided`.
    pub kind: String,
}

/// Sums of dates that can be read in one order only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderRow {
    /// Lower-case.
    pub from_address: String,
    /// The account.
    pub mailbox: String,
    /// Dates such as 30/11.
    pub day_first: u32,
    /// Dates such as 11/30.
    pub month_first: u32,
}

/// A message that is a thing to do by where it lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MarkedRow {
    /// The message.
    pub message_id: i64,
    /// `draft` or `flagged`.
    pub kind: &'static str,
    /// Digest of its subject, as of a quote.
    pub quote_sha256: String,
}

/// Digest of the words of a quote: lower case, without marks and white space.
pub fn quote_sha256(quote: &str) -> String {
    let mut digest = Sha256::new();
    for word in quote.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        digest.update(word.to_lowercase());
        digest.update(b" ");
    }
    Digest(digest.finalize().into()).to_hex()
}

/// Words of requests that are met by handing something over.
const DELIVER: [&str; 34] = [
    "send", "forward", "provide", "fax", "email", "mail", "attach", "prepare", "draft", "copy", "copies", "report",
    "list", "update", "revise", "revised", "comments", "review", "mark", "give", "submit", "return", "complete",
    "fill", "write", "document", "file", "schick", "schicken", "senden", "zusenden", "envoyer", "envoyez", "sending",
];
/// Words of requests that are met by a decision.
const DECIDE: [&str; 18] = [
    "approve",
    "approval",
    "approved",
    "authorize",
    "authorise",
    "confirm",
    "agree",
    "consent",
    "sign",
    "ok",
    "okay",
    "decide",
    "decision",
    "genehmigen",
    "freigeben",
    "freigabe",
    "zustimmung",
    "approuver",
];

fn has_word(text: &str, words: &[&str]) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| words.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

impl Inventory {
    /// Writes what a message asks for and what it answers.
    pub(super) fn put_actions(&self, id: MessageId, reading: &Reading) -> Result<()> {
        for (ordinal, action) in (1i64..).zip(&reading.actions) {
            self.put_action(id, ordinal, action)?;
        }
        for closing in &reading.closings {
            self.db.prepare_cached("INSERT OR IGNORE INTO closing VALUES (?, ?, ?, ?)")?.execute(params![
                id.0,
                closing.kind.as_str(),
                closing.words,
                closing.place.to_string()
            ])?;
        }
        let order = reading.date_order;
        if order.day_first + order.month_first > 0 {
            let mut row = self.db.prepare_cached("INSERT INTO date_order VALUES (?, ?, ?)")?;
            row.execute(params![id.0, order.day_first, order.month_first])?;
        }
        Ok(())
    }

    fn put_action(&self, id: MessageId, ordinal: i64, action: &Action) -> Result<()> {
        let owner = match &action.owner {
            ActionOwner::Recipient => "recipient",
            ActionOwner::Sender => "sender",
            ActionOwner::Named(name) => name,
        };
        let due = action.due.clone().unwrap_or_default();
        let (day_first, month_first) = due.readings.unzip();
        let there = action.due.is_some();
        self.db.prepare_cached("INSERT INTO action VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(
            params![
                id.0,
                ordinal,
                action.kind.as_str(),
                action.quote,
                quote_sha256(&action.quote),
                action.place.to_string(),
                owner,
                action.owner_address,
                there.then_some(due.text),
                there.then_some(due.kind),
                due.on,
                due.at,
                day_first,
                month_first,
                (f64::from(action.score) * 10_000.0).round() / 10_000.0,
            ],
        )?;
        Ok(())
    }

    /// Every present message, in the order of ids; all of them are in a thread.
    pub fn each_task_message(&self, mut visit: impl FnMut(TaskMessage)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT message_id, coalesce(thread_id, -message_id), sent_at, lower(from_address) FROM message
             WHERE present = 1 ORDER BY message_id",
        )?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            visit(TaskMessage {
                message_id: row.get(0)?,
                thread_id: row.get(1)?,
                sent_at: row.get(2)?,
                from_address: row.get(3)?,
            });
        }
        Ok(())
    }

    /// Every action of a present message, in the order of messages and ordinals.
    pub fn each_action(&self, mut visit: impl FnMut(ActionRow)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT a.message_id, a.ordinal, a.quote_sha256, a.owner, a.owner_address, a.due_day_first,
               a.due_month_first, m.mailbox, a.quote
             FROM action a JOIN message m USING (message_id) WHERE m.present = 1 ORDER BY a.message_id, a.ordinal",
        )?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let quote = row.get_ref(8)?.as_str()?;
            visit(ActionRow {
                message_id: row.get(0)?,
                ordinal: row.get(1)?,
                quote_sha256: row.get(2)?,
                owner: row.get(3)?,
                owner_address: row.get(4)?,
                readings: row.get::<_, Option<String>>(5)?.zip(row.get(6)?),
                mailbox: row.get(7)?,
                delivers: has_word(quote, &DELIVER),
                decides: has_word(quote, &DECIDE),
            });
        }
        Ok(())
    }

    /// The people of every message with an action or an answer, in the order of messages: message, name, address; with
    /// the sender first, marked. Recipients of Bcc are left out.
    pub fn each_task_person(&self, mut visit: impl FnMut(i64, &str, &str, bool)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT m.message_id, 0, m.from_name, lower(m.from_address), 1 FROM message m WHERE m.present = 1
             UNION ALL
             SELECT r.message_id, r.ordinal, r.name, lower(r.address), 0 FROM recipient r JOIN message m USING (message_id)
             WHERE m.present = 1 AND r.role = 'to'
               AND EXISTS (SELECT 1 FROM action a WHERE a.message_id = r.message_id)
             ORDER BY 1, 2",
        )?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            visit(row.get(0)?, row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?, row.get(4)?);
        }
        Ok(())
    }

    /// Every answer that may close something, in the order of messages.
    pub fn each_closing(&self, mut visit: impl FnMut(ClosingRow)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT c.message_id, c.kind FROM closing c JOIN message m USING (message_id) WHERE m.present = 1
             ORDER BY c.message_id, c.kind",
        )?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            visit(ClosingRow { message_id: row.get(0)?, kind: row.get(1)? });
        }
        Ok(())
    }

    /// Sums of dates by sender and account.
    pub fn date_orders(&self) -> Result<Vec<OrderRow>> {
        let mut rows = self.db.prepare(
            "SELECT lower(m.from_address), m.mailbox, sum(d.day_first), sum(d.month_first)
             FROM date_order d JOIN message m USING (message_id) WHERE m.present = 1 AND m.duplicate_of IS NULL
             GROUP BY 1, 2 ORDER BY 1, 2",
        )?;
        let row = |r: &rusqlite::Row<'_>| {
            let (from_address, mailbox) = (r.get(0)?, r.get(1)?);
            Ok(OrderRow { from_address, mailbox, day_first: r.get(2)?, month_first: r.get(3)? })
        };
        rows.query_map([], row)?.collect()
    }

    /// Messages that are drafts, or flagged and without an action; copies aside.
    pub fn marked_messages(&self) -> Result<Vec<MarkedRow>> {
        let mut rows = self.db.prepare(
            r"SELECT m.message_id, m.subject,
                instr(' ' || m.flags || ' ', ' \Draft ') > 0
                  OR lower(replace(m.folder, '.', '/')) IN ('drafts', 'draft', 'entwürfe', 'brouillons')
                  OR lower(replace(m.folder, '.', '/')) LIKE '%/drafts' OR m.folder LIKE '%/Entwürfe'
                  OR m.folder LIKE '%/Brouillons' AS draft
              FROM message m
              WHERE m.present = 1 AND m.duplicate_of IS NULL AND m.deleted = 0 AND m.class <> 'bulk'
                AND m.subject IS NOT NULL AND trim(m.subject) <> ''
                AND (draft OR instr(' ' || m.flags || ' ', ' \Flagged ') > 0
                  AND NOT EXISTS (SELECT 1 FROM action a WHERE a.message_id = m.message_id))
              ORDER BY m.message_id",
        )?;
        let row = |r: &rusqlite::Row<'_>| {
            let kind = if r.get(2)? { "draft" } else { "flagged" };
            Ok(MarkedRow { message_id: r.get(0)?, kind, quote_sha256: quote_sha256(r.get_ref(1)?.as_str()?) })
        };
        rows.query_map([], row)?.collect()
    }

    /// The newest date of a message that is not after the last scan: the end of the export.
    pub fn export_end(&self) -> Result<Option<String>> {
        self.db.query_row(
            "SELECT max(sent_at) FROM message WHERE present = 1 AND sent_at_source <> 'none'
               AND sent_at <= coalesce((SELECT max(started_at) FROM scan), '9999')",
            [],
            |r| r.get(0),
        )
    }

    /// The age in days from which a task is no longer called open.
    pub fn open_days(&self) -> Result<i64> {
        self.db.query_row(
            "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'open_days'), 180)",
            [],
            |r| r.get(0),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::quote_sha256;

    #[test]
    fn marks_case_and_white_space_make_no_other_quote() {
        assert_eq!(quote_sha256("Please  send\nit, by Friday!"), quote_sha256("please send it by friday"));
        assert_ne!(quote_sha256("Please send it"), quote_sha256("Please sendit"));
    }
}
