//! Work in progress: what is still to be read, what is under way, what killed the program.

use rusqlite::{Connection, OptionalExtension, Result, params};

use super::Inventory;
use crate::model::{Digest, FileId};

/// A file that has to be read.
#[derive(Clone, Debug)]
pub struct PendingFile {
    /// Its id.
    pub file_id: FileId,
    /// Absolute path, byte for byte.
    pub path: Vec<u8>,
    /// Size when it was listed.
    pub size_bytes: u64,
    /// Account.
    pub mailbox: String,
    /// Folder.
    pub folder: String,
    /// Where an interrupted reading left off: stat and format then, end of the last committed frame, digest of all bytes
    /// before it, messages so far.
    pub resume: Option<Resume>,
}

/// Where an interrupted reading left off.
#[derive(Clone, Debug)]
pub struct Resume {
    /// `stat` as it was then.
    pub stat: String,
    /// `file.format` as it was then.
    pub format: String,
    /// End of the last committed frame.
    pub offset_bytes: u64,
    /// Digest of all bytes before it.
    pub sha256: Digest,
    /// Messages committed.
    pub messages: u32,
}

const PENDING: &str = "SELECT file_id, path_bytes, size_bytes, coalesce(mailbox, ''), coalesce(folder, ''),
    stat, format, resume_offset_bytes, resume_sha256, messages FROM file";

/// A second connection to an inventory that is being written; only reads.
pub struct Reader {
    db: Connection,
}

impl Inventory {
    /// Opens a second connection for another thread.
    pub fn reader(&self) -> Result<Reader> {
        // No look at the file beforehand: closing a descriptor of it would drop the locks that SQLite holds.
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(self.path(), flags)?;
        db.busy_timeout(std::time::Duration::from_secs(60))?;
        db.execute_batch("PRAGMA query_only = ON;")?;
        Ok(Reader { db })
    }

    /// Whether the last scan did not come to its end.
    pub fn is_unfinished(&self) -> Result<bool> {
        let last = self.db.query_row("SELECT outcome FROM scan ORDER BY scan_id DESC LIMIT 1", [], |r| r.get(0));
        match last {
            Ok(outcome) => Ok::<bool, rusqlite::Error>(<String as AsRef<str>>::as_ref(&outcome) != "done"),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Bytes and files still to be read.
    pub fn pending_total(&self) -> Result<(u64, u64)> {
        self.db.query_row(
            "SELECT coalesce(sum(size_bytes - coalesce(resume_offset_bytes, 0)), 0), count(*) FROM file
             WHERE outcome = 'pending'",
            [],
            |r| Ok((r.get::<_, i64>(0)?.max(0) as u64, r.get::<_, i64>(1)? as u64)),
        )
    }

    /// Notes a range that is about to be handed to a worker; no length is the whole file.
    pub fn take_off(&self, file: FileId, offset_bytes: u64, length_bytes: Option<u64>) -> Result<()> {
        self.db
            .prepare_cached("INSERT OR REPLACE INTO in_flight (file_id, offset_bytes, length_bytes) VALUES (?, ?, ?)")?
            .execute(params![file.0, offset_bytes as i64, length_bytes.map_or(-1, |n| n as i64)])?;
        Ok(())
    }

    /// The range has been committed.
    pub fn land(&self, file: FileId, offset_bytes: u64) -> Result<()> {
        self.db
            .prepare_cached("DELETE FROM in_flight WHERE file_id = ? AND offset_bytes = ?")?
            .execute(params![file.0, offset_bytes as i64])?;
        Ok(())
    }

    /// What was in flight when the last scan died: files and offsets.
    pub fn crashed(&self) -> Result<Vec<(FileId, u64)>> {
        places(&self.db, "SELECT file_id, offset_bytes FROM in_flight ORDER BY file_id, offset_bytes")
    }

    /// Forgets what was in flight.
    pub fn clear_in_flight(&self) -> Result<()> {
        self.db.execute("DELETE FROM in_flight", []).map(drop)
    }

    /// Messages known to kill the program, as file and offset of the message.
    pub fn killers(&self) -> Result<Vec<(FileId, u64)>> {
        killers(&self.db)
    }

    /// Remembers a message that kills the program.
    pub fn add_killer(&self, file: FileId, offset_bytes: u64) -> Result<()> {
        self.db.execute("INSERT OR IGNORE INTO killer VALUES (?, ?)", params![file.0, offset_bytes as i64]).map(drop)
    }
}

impl Reader {
    /// A row that refers to one that is not there, in words.
    pub fn find_orphan(&self) -> Result<Option<String>> {
        let table: Option<String> = self.db.query_row("PRAGMA foreign_key_check", [], |row| row.get(0)).optional()?;
        Ok(table.map(|table| format!("a row of table {table} refers to nothing")))
    }

    /// At most `limit` files that are still to be read, with ids above `after`, in the order of their ids.
    pub fn pending(&self, after: FileId, limit: usize) -> Result<Vec<PendingFile>> {
        let sql = format!("{PENDING} WHERE outcome = 'pending' AND file_id > ? ORDER BY file_id LIMIT ?");
        let mut rows = self.db.prepare_cached(&sql)?;
        rows.query_map(params![after.0, limit as i64], pending_file)?.collect()
    }

    /// Messages known to kill the program, as file and offset of the message.
    pub fn killers(&self) -> Result<Vec<(FileId, u64)>> {
        killers(&self.db)
    }

    /// Ranges under way: file, offset, length; no length for a whole file.
    pub fn in_flight(&self) -> Result<Vec<(FileId, u64, Option<u64>)>> {
        let mut rows = self.db.prepare("SELECT * FROM in_flight ORDER BY file_id, offset_bytes")?;
        rows.query_map([], |r| {
            let length: i64 = r.get(2)?;
            Ok((FileId(r.get(0)?), r.get::<_, i64>(1)? as u64, u64::try_from(length).ok()))
        })?
        .collect()
    }

    /// A file with a range under way, set to be read from its last committed frame where that lies before `offset`.
    pub fn file_in_flight(&self, file: FileId, offset: u64) -> Result<Option<PendingFile>> {
        let sql = format!("{PENDING} WHERE file_id = ?");
        let mut found: Vec<PendingFile> =
            self.db.prepare(&sql)?.query_map([file.0], pending_file)?.collect::<Result<_>>()?;
        let mut found = found.pop();
        if let Some(file) = &mut found
            && file.resume.as_ref().is_some_and(|resume| resume.offset_bytes > offset)
        {
            file.resume = None;
        }
        Ok(found)
    }
}

fn places(db: &Connection, sql: &str) -> Result<Vec<(FileId, u64)>> {
    let mut rows = db.prepare(sql)?;
    rows.query_map([], |r| Ok((FileId(r.get(0)?), r.get::<_, i64>(1)? as u64)))?.collect()
}

fn killers(db: &Connection) -> Result<Vec<(FileId, u64)>> {
    places(db, "SELECT file_id, offset_bytes FROM killer ORDER BY file_id, offset_bytes")
}

fn pending_file(r: &rusqlite::Row<'_>) -> Result<PendingFile> {
    let offset: Option<i64> = r.get(7)?;
    let sha256: Option<String> = r.get(8)?;
    let resume = match (offset, sha256.and_then(|hex| Digest::from_hex(&hex))) {
        (Some(offset), Some(sha256)) => Some(Resume {
            stat: r.get::<_, Option<String>>(5)?.unwrap_or_default(),
            format: r.get::<_, Option<String>>(6)?.unwrap_or_default(),
            offset_bytes: offset as u64,
            sha256,
            messages: r.get(9)?,
        }),
        _ => None,
    };
    Ok(PendingFile {
        file_id: FileId(r.get(0)?),
        path: r.get(1)?,
        size_bytes: r.get::<_, i64>(2)? as u64,
        mailbox: r.get(3)?,
        folder: r.get(4)?,
        resume,
    })
}
