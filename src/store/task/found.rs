//! Writing tasks. Ids stay with their messages and quotes; what holds no longer stays as a retired row, since a decision
//! may hang on it.

use rusqlite::{Result, params};

use crate::store::Inventory;

/// A row of `task` to be written; its words are copied from `action`, `message` and `closing`.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct TaskRow {
    /// Its id.
    pub task_id: i64,
    /// Where it stands.
    pub message_id: i64,
    /// Which action of that message; `None` for drafts and flagged messages.
    pub ordinal: Option<i64>,
    /// `draft` or `flagged` where there is no action.
    pub kind: &'static str,
    /// Found in the thread for an owner who is only named.
    pub owner_address: Option<String>,
    /// For a date that could be read in two ways: the chosen day, and the other one.
    pub due: Option<(Option<String>, String)>,
    /// `open`, `done`, `unknown`.
    pub status: &'static str,
    /// In words.
    pub status_why: String,
    /// The message that says so, and by what.
    pub status_by: Option<(i64, String)>,
    /// From the message to the end of the export.
    pub age_days: Option<i64>,
    /// Messages that hold it.
    pub copies: i64,
}

/// Where a task of an earlier run stood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TaskFound {
    /// Its id.
    pub task_id: i64,
    /// A message that holds it.
    pub message_id: i64,
    /// And its words there.
    pub quote_sha256: String,
}

impl Inventory {
    /// Where the tasks of earlier runs stood, in the order of their ids.
    pub fn each_task_found(&self, mut visit: impl FnMut(TaskFound)) -> Result<()> {
        let mut rows = self.db.prepare(
            "SELECT task_id, message_id, quote_sha256 FROM task_message ORDER BY task_id, message_id, quote_sha256",
        )?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            visit(TaskFound { task_id: row.get(0)?, message_id: row.get(1)?, quote_sha256: row.get(2)? });
        }
        Ok(())
    }

    /// The largest id that a task has or had.
    pub fn last_task_id(&self) -> Result<i64> {
        self.db.query_row("SELECT coalesce(max(task_id), 0) FROM task", [], |r| r.get(0))
    }

    /// Forgets where a task stands; before it is written anew.
    pub fn clear_task_places(&self, task_id: i64) -> Result<()> {
        self.db.prepare_cached("DELETE FROM task_message WHERE task_id = ?")?.execute([task_id])?;
        Ok(())
    }

    /// Retires a task into another one, or into 0 if none took its place; where it stood is remembered.
    pub fn retire_task(&self, task_id: i64, into: i64) -> Result<()> {
        self.db
            .prepare_cached("UPDATE task SET retired_into = ? WHERE task_id = ?")?
            .execute(params![into, task_id])?;
        Ok(())
    }

    /// Notes that a task stands in a message.
    pub fn add_task_place(&self, task_id: i64, message_id: i64, quote_sha256: &str) -> Result<()> {
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO task_message (task_id, message_id, quote_sha256, place)
                 VALUES (?1, ?2, ?3, coalesce((SELECT place FROM action WHERE message_id = ?2 AND quote_sha256 = ?3
                   ORDER BY ordinal LIMIT 1), 'header:Subject'))",
            )?
            .execute(params![task_id, message_id, quote_sha256])?;
        Ok(())
    }

    /// Writes a task under its id.
    pub fn put_task(&self, row: &TaskRow) -> Result<()> {
        let values = match row.ordinal {
            Some(_) => {
                "SELECT ?1, a.message_id, a.quote, a.owner, coalesce(a.owner_address, ?4), a.due_text,
                   CASE WHEN ?5 THEN ?6 ELSE a.due_on END, ?8, a.score, NULL,
                   CASE WHEN ?13 = '' THEN a.kind ELSE ?13 END, m.from_address, m.sent_at, a.place,
                   CASE WHEN NOT ?5 THEN a.due_kind WHEN ?6 IS NULL THEN 'ambiguous' ELSE 'day' END, a.due_at, ?7, ?9,
                   ?10, ?11, ?12
                 FROM action a JOIN message m USING (message_id) WHERE a.message_id = ?2 AND a.ordinal = ?3"
            }
            None => {
                "SELECT ?1, m.message_id, m.subject, CASE ?13 WHEN 'draft' THEN 'sender' ELSE 'recipient' END, ?4, NULL,
                   CASE WHEN ?5 THEN ?6 END, ?8, CASE ?13 WHEN 'draft' THEN 0.5 ELSE 0.8 END, NULL, ?13, m.from_address,
                   m.sent_at, 'header:Subject', NULL, NULL, ?7, ?9, ?10, ?11, ?12
                 FROM message m WHERE m.message_id = ?2 AND ?3 IS NULL"
            }
        };
        let sql = format!(
            "INSERT INTO task (task_id, message_id, quote, owner, owner_address, due_text, due_on, status, score, retired_into,
               kind, asked_by, asked_at, place, due_kind, due_at, due_reading, age_days, copies, status_why, status_message_id)
             {values}
             ON CONFLICT (task_id) DO UPDATE SET
               message_id = excluded.message_id, quote = excluded.quote, owner = excluded.owner,
               owner_address = excluded.owner_address, due_text = excluded.due_text, due_on = excluded.due_on,
               status = excluded.status, score = excluded.score, retired_into = NULL, kind = excluded.kind,
               asked_by = excluded.asked_by, asked_at = excluded.asked_at, place = excluded.place,
               due_kind = excluded.due_kind, due_at = excluded.due_at, due_reading = excluded.due_reading,
               age_days = excluded.age_days, copies = excluded.copies, status_why = excluded.status_why,
               status_message_id = excluded.status_message_id"
        );
        let (reads, day, other) = match &row.due {
            Some((day, other)) => (true, day.clone(), Some(other.clone())),
            None => (false, None, None),
        };
        let by = row.status_by.as_ref();
        self.db.prepare_cached(&sql)?.execute(params![
            row.task_id,
            row.message_id,
            row.ordinal,
            row.owner_address,
            reads,
            day,
            other,
            row.status,
            row.age_days,
            row.copies,
            row.status_why,
            by.map(|by| by.0),
            row.kind,
        ])?;
        let words = "UPDATE task SET (status_words, status_place, status_at) =
            (SELECT c.words, c.place, m.sent_at FROM closing c JOIN message m USING (message_id)
             WHERE c.message_id = ?2 AND c.kind = ?3) WHERE task_id = ?1";
        self.db.prepare_cached(words)?.execute(params![row.task_id, by.map(|by| by.0), by.map(|by| by.1.as_str())])?;
        Ok(())
    }
}
