//! Everything that changes an inventory. Called by one thread; the caller decides where a transaction ends.

use rusqlite::{Result, named_params, params};

use super::Inventory;
use crate::model::{Digest, FileId, Outcome, Problem, SegmentKind, Span};

/// How the reading of a file ended.
#[derive(Clone, Debug)]
pub struct FileEnd {
    /// What the file turned out to be.
    pub outcome: Outcome,
    /// `file.format`.
    pub format: Option<String>,
    /// In plain words.
    pub detail: String,
    /// Bytes read.
    pub size_bytes: u64,
    /// Of all bytes; `None` if they could not all be read.
    pub sha256: Option<Digest>,
    /// As it was read.
    pub stat: String,
    /// Calendars or contacts in it.
    pub items: Option<u64>,
    /// Of the file as a whole.
    pub problems: Vec<Problem>,
}

/// The file whose records are being written.
#[derive(Debug)]
pub struct OpenFile {
    pub(super) file_id: FileId,
    pub(super) next_serial: u32,
    pub(super) messages: u32,
    pub(super) rescan: bool,
}

/// Unix seconds as `2001-05-14T23:39:00Z`; `None` for years that have no four digits.
pub(super) fn time(seconds: i64) -> Option<String> {
    let stamp = jiff::Timestamp::from_second(seconds).ok()?;
    let text = stamp.to_string();
    (text.len() == 20).then_some(text)
}

impl Inventory {
    /// Starts a transaction.
    pub fn begin(&self) -> Result<()> {
        self.db.execute_batch("BEGIN IMMEDIATE")
    }

    /// Makes everything since `begin` last.
    pub fn commit(&self) -> Result<()> {
        self.db.execute_batch("COMMIT")
    }

    /// Forgets everything since `begin`.
    pub fn rollback(&self) -> Result<()> {
        self.db.execute_batch("ROLLBACK")
    }

    /// Writes go to a WAL that is forced to disk at each commit.
    pub fn start_writing(&self) -> Result<()> {
        self.db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        self.db.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;")
    }

    /// Whether every row is checked for what it refers to as it is written. Without that the rows of a message, which
    /// refer to it, cost less; [`Reader::find_orphan`](super::Reader::find_orphan) checks all of them. Nothing is deleted with what refers to it
    /// meanwhile. Outside of transactions only.
    pub fn check_references(&self, at_once: bool) -> Result<()> {
        self.db.pragma_update(None, "foreign_keys", at_once)
    }

    /// Folds the WAL into one plain file.
    pub fn stop_writing(&self) -> Result<()> {
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        self.db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
    }

    /// What SQLite's own check finds wrong with the file.
    pub fn find_damage(&self) -> Result<Option<String>> {
        let verdict: String = self.db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        Ok((verdict != "ok").then_some(verdict))
    }

    /// Starts writing a file from its first byte. Messages of an earlier reading wait to be matched.
    pub fn begin_file(&self, file: FileId, stat: &str, format: Option<&str>, parsed_with: &Digest) -> Result<OpenFile> {
        self.db.prepare_cached("DELETE FROM segment WHERE file_id = ?")?.execute([file.0])?;
        // What the walk said of the name is still true.
        self.db
            .prepare_cached("DELETE FROM problem WHERE file_id = ? AND message_id IS NULL AND kind <> 'name_not_utf8'")?
            .execute([file.0])?;
        self.db
            .prepare_cached(
                "UPDATE file SET stat = ?, format = ?, parsed_with = ?, messages = 0, resume_offset_bytes = NULL, resume_sha256 = NULL
                 WHERE file_id = ?",
            )?
            .execute(params![stat, format, parsed_with.to_hex(), file.0])?;
        let next_serial: u32 = self
            .db
            .prepare_cached("SELECT next_serial FROM file WHERE file_id = ?")?
            .query_row([file.0], |r| r.get(0))?;
        let rescan = next_serial > 1;
        if rescan {
            self.db.prepare_cached("DELETE FROM rescan WHERE file_id = ?")?.execute([file.0])?;
            self.db
                .prepare_cached(
                    "INSERT INTO rescan SELECT file_id, stored_sha256, 1 - present, ordinal, message_id FROM message
                     WHERE file_id = ?",
                )?
                .execute([file.0])?;
        }
        Ok(OpenFile { file_id: file, next_serial, messages: 0, rescan })
    }

    /// Goes on with a file that was left in the middle.
    pub fn reopen_file(&self, file: FileId) -> Result<OpenFile> {
        let (next_serial, messages) =
            self.db.query_row("SELECT next_serial, messages FROM file WHERE file_id = ?", [file.0], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        let rescan =
            self.db.query_row("SELECT EXISTS (SELECT 1 FROM rescan WHERE file_id = ?)", [file.0], |r| r.get(0))?;
        Ok(OpenFile { file_id: file, next_serial, messages, rescan })
    }

    /// Writes bytes outside every frame.
    pub fn add_outside(&self, open: &OpenFile, kind: SegmentKind, span: Span, problems: &[Problem]) -> Result<()> {
        if span.length_bytes > 0 {
            self.db
                .prepare_cached("INSERT INTO segment (file_id, offset_bytes, length_bytes, kind) VALUES (?, ?, ?, ?)")?
                .execute(params![open.file_id.0, span.offset_bytes as i64, span.length_bytes as i64, kind.as_str()])?;
        }
        self.add_problems(Some(open.file_id.0), None, problems)
    }

    /// Everything up to `offset_bytes` is written; `sha256` is the digest of those bytes.
    pub fn set_resume(&self, open: &OpenFile, offset_bytes: u64, sha256: &Digest) -> Result<()> {
        self.db
            .prepare_cached(
                "UPDATE file SET resume_offset_bytes = ?, resume_sha256 = ?, messages = ?, next_serial = ? WHERE file_id = ?",
            )?
            .execute(params![
                offset_bytes as i64,
                sha256.to_hex(),
                open.messages,
                open.next_serial,
                open.file_id.0
            ])?;
        Ok(())
    }

    /// Ends a file; messages that no new one matched stay with `present = 0`.
    pub fn end_file(&self, open: &OpenFile, end: &FileEnd, parsed_with: &Digest) -> Result<()> {
        if open.rescan {
            self.db
                .prepare_cached(
                    "UPDATE message SET present = 0, duplicate_of = NULL
                     WHERE message_id IN (SELECT message_id FROM rescan WHERE file_id = ?)",
                )?
                .execute([open.file_id.0])?;
            self.db.prepare_cached("DELETE FROM rescan WHERE file_id = ?")?.execute([open.file_id.0])?;
        }
        self.db
            .prepare_cached(
                "UPDATE file SET outcome = :outcome, format = :format, detail = :detail, size_bytes = :size_bytes,
                   sha256 = :sha256, stat = :stat, parsed_with = :parsed_with, items = :items, messages = :messages,
                   next_serial = :next_serial, resume_offset_bytes = NULL, resume_sha256 = NULL
                 WHERE file_id = :file_id",
            )?
            .execute(named_params! {
                ":outcome": end.outcome.as_str(),
                ":format": end.format,
                ":detail": end.detail,
                ":size_bytes": end.size_bytes as i64,
                ":sha256": end.sha256.map(|d| d.to_hex()),
                ":stat": end.stat,
                ":parsed_with": parsed_with.to_hex(),
                ":items": end.items.map(|n| n as i64),
                ":messages": open.messages,
                ":next_serial": open.next_serial,
                ":file_id": open.file_id.0,
            })?;
        self.add_problems(Some(open.file_id.0), None, &end.problems)
    }

    pub(super) fn add_problems(&self, file: Option<i64>, message: Option<i64>, problems: &[Problem]) -> Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        let mut row = self.db.prepare_cached(
            "INSERT INTO problem (file_id, message_id, offset_bytes, length_bytes, level, kind, detail)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )?;
        for problem in problems {
            row.execute(params![
                file,
                message,
                problem.offset_bytes.map(|n| n as i64),
                problem.length_bytes.map(|n| n as i64),
                problem.kind.level().as_str(),
                problem.kind.as_str(),
                problem.detail
            ])?;
        }
        Ok(())
    }
}
