//! Reading an inventory: counts for the closing sentences, and rows for the client's files.
//!
//! Nothing here holds more than one row of a large table at a time. A `Scope` restricts every answer to one mailbox,
//! so that a package made for one person cannot hold another person's mail: each query applies it by itself.

pub mod audit;
mod counts;
mod document;
mod document_counts;
mod dossier;
mod estate_counts;
mod estate_sql;
mod find;
mod labelled;
mod mail_sql;
mod reading;
mod rows;
mod system_sql;
mod work_sql;

pub use counts::{Counts, LastScan, MailboxTotal, ProblemCount, ProblemRow, TASK_STATUS};
pub use document::{DocumentPlace, StoredDocument};
pub use document_counts::DocumentCounts;
pub use dossier::{Dossier, Part, Step, Transition};
pub use estate_counts::EstateCounts;
pub use find::{FoundMessage, MessageName};
pub use labelled::{Drawable, LabelledRow, SampleRow};
pub use reading::{EvidenceRow, StoredReading};
pub use rows::{Cell, Names, Scope, Table};

use rusqlite::Result;

use super::Inventory;

/// Messages that are there, in the order of their ids. The range join uses `message_id = file_id * 2^32 + serial`, so
/// that a scope needs no index and no sort. The `+` keeps SQLite from making an index on `present` for one query, which
/// it then walks once for every file: 190 s instead of 1 s for 300,000 messages.
const MAIL: &str = "file f CROSS JOIN message m
    ON m.message_id > (f.file_id << 32) AND m.message_id < ((f.file_id + 1) << 32) AND +m.present = 1
    AND (?1 IS NULL OR f.mailbox = ?1)";

/// A date that can be believed when the oldest and the newest are asked for: not before 1971, not after the last scan.
const PLAUSIBLE: &str =
    "CASE WHEN m.sent_at >= '1971' AND m.sent_at <= coalesce((SELECT max(started_at) FROM scan), '9999')
    THEN m.sent_at END";

/// The path of a file. Without names (`?2`), the last part of it is left out unless it is a folder or a mailbox file:
/// mail programs name single messages after their subjects.
const PATH: &str = "CASE WHEN ?2 AND f.outcome <> 'directory' AND coalesce(f.format, '') NOT LIKE 'mbox%'
    THEN rtrim(f.path, replace(f.path, '/', '')) || '[F' || f.file_id || ']' ELSE f.path END";

/// Replaces the abbreviations of this module in `sql`: `{mail}`, `{plausible}`, `{path}`, `{same_mailbox}` for message
/// `d`, `{years:N}` for the time N years before the last scan, and `{id:X}` for the id of the message in `X` as people see it.
fn expand(sql: &str, scope: Scope<'_>) -> String {
    // Left out where it is not needed: `?1 IS NULL OR …` would keep SQLite from using the index on copies.
    let same_mailbox = if scope.mailbox.is_some() { "AND d.mailbox = ?1" } else { "" };
    let mut sql = sql
        .replace("{mail}", MAIL)
        .replace("{plausible}", PLAUSIBLE)
        .replace("{path}", PATH)
        .replace("{same_mailbox}", same_mailbox);
    for years in [1, 3, 7] {
        let since = format!("(SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(started_at), '-{years} years') FROM scan)");
        sql = sql.replace(&format!("{{years:{years}}}"), &since);
    }
    while let Some(start) = sql.find("{id:") {
        let Some(length) = sql[start..].find('}') else { break };
        let column = sql[start + 4..start + length].to_owned();
        let id =
            format!("CASE WHEN {column} IS NOT NULL THEN printf('M%d-%d', {column} >> 32, {column} & 4294967295) END");
        sql.replace_range(start..=start + length, &id);
    }
    sql
}

impl Inventory {
    /// Runs `read` so that all its queries see one and the same state, whatever a scan writes meanwhile.
    ///
    /// # Errors
    /// Those of `read`, and SQLite's.
    pub fn snapshot<T, E: From<rusqlite::Error>>(
        &self,
        read: impl FnOnce() -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        self.db.execute_batch("BEGIN")?;
        let result = read();
        let ended = self.db.execute_batch("COMMIT");
        let value = result?;
        ended?;
        Ok(value)
    }

    /// Names of all mailboxes that have mail or a file that should hold mail, in byte order.
    pub fn mailbox_names(&self) -> Result<Vec<String>> {
        let mut rows = self.db.prepare(&format!("SELECT DISTINCT mailbox FROM ({MAIL_FILES}) ORDER BY mailbox"))?;
        rows.query_map([], |r| r.get(0))?.collect()
    }
}

/// Files that hold mail or should.
const MAIL_FILES: &str = "SELECT file_id, mailbox, folder FROM file WHERE mailbox IS NOT NULL
    AND outcome IN ('pending', 'read', 'empty', 'unsupported', 'unreadable', 'changed')";

#[cfg(test)]
mod tests {
    use super::expand;
    use crate::store::tiny::{State, inventory};

    const DOCUMENT: &str = include_str!("../../docs/inventory.md");

    #[test]
    fn queries_of_the_reference_run() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let mut queries = DOCUMENT.split("```sql\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let rows = |sql: &str| {
            let mut statement = inventory.db.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
            let mut rows = statement.query([]).unwrap();
            let mut count = 0;
            while rows.next().unwrap().is_some() {
                count += 1;
            }
            count
        };
        rows(queries.next().unwrap());
        assert_eq!(rows(queries.next().unwrap()), 0, "the ledger of the tiny inventory closes");
        let others: Vec<_> = queries.map(rows).collect();
        assert_eq!(others, [2, 6, 3, 0, 1, 2, 1, 1]);
    }

    #[test]
    fn the_reference_names_every_table_and_column() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let mut names = inventory
            .db
            .prepare("SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%'")
            .unwrap();
        let names = names.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))).unwrap();
        let (tables, _) = DOCUMENT.split_once("\n## Views").unwrap();
        for name in names {
            let (table, column) = name.unwrap();
            let section = tables
                .split("\n### ")
                .find(|section| section.lines().next().unwrap().split(", ").any(|heading| heading == table));
            let section = section.unwrap_or_else(|| panic!("docs/inventory.md has no section on table {table}"));
            assert!(section.contains(&format!("`{column}`")), "docs/inventory.md does not name {table}.{column}");
        }
    }

    #[test]
    fn abbreviations_are_replaced() {
        let sql = expand("SELECT {id:m.message_id}, {id:x} FROM {mail}", super::Scope::default());
        assert!(!sql.contains('{'), "{sql}");
        assert!(sql.contains("m.message_id >> 32") && sql.contains("x & 4294967295"));
    }
}
