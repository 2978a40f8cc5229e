//! Scan rows and the listing of directory entries.

use rusqlite::{OptionalExtension, Result, params};

use super::Inventory;
use super::write::time;
use crate::model::{Digest, FileId, Outcome, Problem};
use crate::source::ListedFile;

/// What a scan says of itself before it starts.
#[derive(Clone, Debug)]
pub struct ScanHead {
    /// JSON array of the paths as given, made absolute.
    pub roots: String,
    /// Version of this program.
    pub version: String,
    /// Digest of all rules in force.
    pub rules_sha256: Digest,
    /// Digest of the model in force.
    pub model_sha256: Digest,
    /// Login name of whoever runs the scan.
    pub operator: String,
    /// Name of the machine.
    pub host: String,
    /// Unix seconds.
    pub started_at: i64,
    /// Whether symbolic links were followed.
    pub follow_links: bool,
}

/// What the inventory knows of an entry that is listed again.
struct Known {
    file_id: i64,
    outcome: String,
    stat: Option<String>,
    parsed_with: Option<String>,
    place: (String, String),
}

/// A file that is there on one side only: in the inventory and not in the listing, or the other way round.
#[derive(Clone, Debug)]
pub struct Unpaired {
    /// Its id.
    pub file_id: FileId,
    /// Absolute path, byte for byte.
    pub path: Vec<u8>,
    /// Its size.
    pub size_bytes: u64,
    /// Of its content, where it was read.
    pub sha256: Option<Digest>,
}

fn unpaired(r: &rusqlite::Row<'_>) -> Result<Unpaired> {
    let sha256: Option<String> = r.get(3)?;
    Ok(Unpaired {
        file_id: FileId(r.get(0)?),
        path: r.get(1)?,
        size_bytes: r.get::<_, i64>(2)? as u64,
        sha256: sha256.and_then(|hex| Digest::from_hex(&hex)),
    })
}

impl Inventory {
    /// Starts a `scan` row.
    pub fn begin_scan(&self, head: &ScanHead, inventory_id: &str) -> Result<i64> {
        self.db.execute(
            "INSERT INTO scan (inventory_id, roots, version, rules_sha256, model_sha256, operator, host, started_at,
                               outcome, follow_links)
             VALUES (coalesce((SELECT inventory_id FROM scan LIMIT 1), ?), ?, ?, ?, ?, ?, ?, ?, 'running', ?)",
            params![
                inventory_id,
                head.roots,
                head.version,
                head.rules_sha256.to_hex(),
                head.model_sha256.to_hex(),
                head.operator,
                head.host,
                time(head.started_at),
                head.follow_links
            ],
        )?;
        Ok(self.db.last_insert_rowid())
    }

    /// Ends a `scan` row; `outcome` is `done`, `interrupted` or `failed`.
    pub fn end_scan(&self, scan_id: i64, outcome: &str, finished_at: i64, read: [u64; 3]) -> Result<()> {
        self.db.execute(
            "UPDATE scan SET outcome = ?, finished_at = ?, files_read = ?, messages_read = ?, bytes_read = ?
             WHERE scan_id = ?",
            params![outcome, time(finished_at), read[0] as i64, read[1] as i64, read[2] as i64, scan_id],
        )?;
        Ok(())
    }

    /// Records a listed entry: a new row, or what became of the old one. Returns whether anything is not as it was.
    /// `again` for the later listings of one scan, which do not try once more what could not be read.
    pub fn list(&self, scan_id: i64, entry: &ListedFile, parsed_with: &Digest, again: bool) -> Result<bool> {
        let known = self
            .db
            .prepare_cached(
                "SELECT file_id, outcome, stat, parsed_with, coalesce(mailbox, ''), coalesce(folder, '')
                 FROM file WHERE path_bytes = ?",
            )?
            .query_row([&entry.path], |r| {
                Ok(Known {
                    file_id: r.get(0)?,
                    outcome: r.get(1)?,
                    stat: r.get(2)?,
                    parsed_with: r.get(3)?,
                    place: (r.get(4)?, r.get(5)?),
                })
            })
            .optional()?;
        let Some(known) = known else {
            let file_id = self.insert_listed(scan_id, entry)?;
            self.add_problems(Some(file_id), None, &entry.problems)?;
            return Ok(true);
        };
        self.db
            .prepare_cached("UPDATE file SET seen_in_scan = ? WHERE file_id = ?")?
            .execute(params![scan_id, known.file_id])?;
        match entry.outcome {
            Outcome::Pending => self.list_regular(&known, entry, parsed_with, again),
            _ => self.list_other(known.file_id, entry),
        }
    }

    /// A regular file that is known: to be read again unless it and the way of reading are as they were.
    fn list_regular(&self, known: &Known, entry: &ListedFile, parsed_with: &Digest, again: bool) -> Result<bool> {
        let settled = match known.outcome.as_str() {
            "pending" | "changed" | "vanished" => false,
            "unreadable" => again,
            _ => true,
        };
        let same_file = known.stat.as_deref() == Some(&entry.stat);
        let same_reading = known.parsed_with == Some(parsed_with.to_hex())
            && known.place.0 == entry.mailbox
            && known.place.1 == entry.folder;
        if settled && (same_file && same_reading || known.outcome == "unreadable") {
            return Ok(false);
        }
        if !(same_file && same_reading) {
            // Half of it read in one way and half in another would be neither.
            self.forget_progress(known.file_id)?;
        }
        self.db
            .prepare_cached(
                "UPDATE file SET outcome = 'pending', size_bytes = ?, modified_at = ?, mailbox = ?, folder = ?
                 WHERE file_id = ?",
            )?
            .execute(params![
                entry.size_bytes as i64,
                time(entry.modified_at),
                entry.mailbox,
                entry.folder,
                known.file_id
            ])?;
        Ok(true)
    }

    /// An entry that is known and is no regular file now.
    fn list_other(&self, file_id: i64, entry: &ListedFile) -> Result<bool> {
        if self.is_listed_as(file_id, entry)? {
            return Ok(false);
        }
        self.forget_messages(file_id)?;
        self.forget_progress(file_id)?;
        self.db.prepare_cached("DELETE FROM problem WHERE file_id = ? AND message_id IS NULL")?.execute([file_id])?;
        self.db.prepare_cached("DELETE FROM segment WHERE file_id = ?")?.execute([file_id])?;
        self.db
            .prepare_cached(
                "UPDATE file SET outcome = ?, detail = ?, size_bytes = ?, sha256 = NULL, format = NULL, stat = NULL,
                 messages = 0 WHERE file_id = ?",
            )?
            .execute(params![entry.outcome.as_str(), entry.detail, entry.size_bytes as i64, file_id])?;
        self.add_problems(Some(file_id), None, &entry.problems)?;
        Ok(true)
    }

    /// Whether the row of an entry that is no regular file says what the listing says, problems included.
    fn is_listed_as(&self, file_id: i64, entry: &ListedFile) -> Result<bool> {
        let same = self
            .db
            .prepare_cached("SELECT outcome = ? AND detail = ? FROM file WHERE file_id = ?")?
            .query_row(params![entry.outcome.as_str(), entry.detail, file_id], |r| r.get::<_, bool>(0))?;
        let mut rows = self
            .db
            .prepare_cached("SELECT kind FROM problem WHERE file_id = ? AND message_id IS NULL ORDER BY problem_id")?;
        let known: Vec<String> = rows.query_map([file_id], |r| r.get(0))?.collect::<Result<_>>()?;
        Ok(same && known.iter().map(String::as_str).eq(entry.problems.iter().map(|p| p.kind.as_str())))
    }

    /// The next reading starts at the first byte, and no message is held to kill the program.
    fn forget_progress(&self, file_id: i64) -> Result<()> {
        self.db
            .prepare_cached("UPDATE file SET resume_offset_bytes = NULL, resume_sha256 = NULL WHERE file_id = ?")?
            .execute([file_id])?;
        self.db.prepare_cached("DELETE FROM killer WHERE file_id = ?")?.execute([file_id])?;
        Ok(())
    }

    fn insert_listed(&self, scan_id: i64, entry: &ListedFile) -> Result<i64> {
        self.db
            .prepare_cached(
                "INSERT INTO file (path, path_bytes, size_bytes, modified_at, outcome, detail, mailbox, folder, seen_in_scan)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                crate::model::path::display(&entry.path),
                entry.path,
                entry.size_bytes as i64,
                time(entry.modified_at),
                entry.outcome.as_str(),
                entry.detail,
                (entry.outcome == Outcome::Pending).then_some(&entry.mailbox),
                (entry.outcome == Outcome::Pending).then_some(&entry.folder),
                scan_id
            ])?;
        Ok(self.db.last_insert_rowid())
    }

    /// Files of earlier scans that this one did not list.
    pub fn unlisted(&self, scan_id: i64) -> Result<Vec<Unpaired>> {
        let mut rows = self.db.prepare(
            "SELECT file_id, path_bytes, size_bytes, sha256 FROM file
             WHERE seen_in_scan <> ? AND outcome <> 'vanished' ORDER BY file_id",
        )?;
        rows.query_map([scan_id], unpaired)?.collect()
    }

    /// Files with ids above `after` that this scan listed for the first time.
    pub fn newly_listed(&self, scan_id: i64, after: FileId) -> Result<Vec<Unpaired>> {
        let mut rows = self.db.prepare(
            "SELECT file_id, path_bytes, size_bytes, sha256 FROM file
             WHERE seen_in_scan = ? AND file_id > ? AND outcome = 'pending' ORDER BY file_id",
        )?;
        rows.query_map(params![scan_id, after.0], unpaired)?.collect()
    }

    /// The largest file id in use, 0 for none.
    pub fn last_file_id(&self) -> Result<FileId> {
        self.db.query_row("SELECT coalesce(max(file_id), 0) FROM file", [], |r| r.get(0).map(FileId))
    }

    /// A file was renamed: the row that the walk made for the new name goes, the old row gets its path.
    pub fn rename(&self, old: FileId, new: FileId) -> Result<()> {
        self.db.execute("DELETE FROM problem WHERE file_id = ?", [new.0])?;
        let (path, bytes): (String, Vec<u8>) =
            self.db.query_row("SELECT path, path_bytes FROM file WHERE file_id = ?", [new.0], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        self.db.execute(
            "UPDATE file SET size_bytes = new.size_bytes, modified_at = new.modified_at, mailbox = new.mailbox,
               folder = new.folder, seen_in_scan = new.seen_in_scan, outcome = 'pending'
             FROM file AS new WHERE file.file_id = ? AND new.file_id = ?",
            params![old.0, new.0],
        )?;
        self.db.execute("DELETE FROM file WHERE file_id = ?", [new.0])?;
        self.db.execute("UPDATE file SET path = ?, path_bytes = ? WHERE file_id = ?", params![path, bytes, old.0])?;
        Ok(())
    }

    /// A file of an earlier scan is gone.
    pub fn vanish(&self, file: FileId, problem: &Problem) -> Result<()> {
        self.forget_messages(file.0)?;
        self.forget_progress(file.0)?;
        self.db.execute("DELETE FROM segment WHERE file_id = ?", [file.0])?;
        self.db.execute("DELETE FROM problem WHERE file_id = ? AND message_id IS NULL", [file.0])?;
        self.db.execute("UPDATE file SET outcome = 'vanished', messages = 0 WHERE file_id = ?", [file.0])?;
        self.add_problems(Some(file.0), None, std::slice::from_ref(problem))
    }

    fn forget_messages(&self, file_id: i64) -> Result<()> {
        self.db.prepare_cached("UPDATE message SET present = 0 WHERE file_id = ?")?.execute([file_id])?;
        Ok(())
    }
}
