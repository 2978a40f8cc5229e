//! Opening and making inventories: ours or nothing, private, one writer.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Read;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

/// `application_id` in the header of every inventory: the letters `mlcn`.
pub const APPLICATION_ID: i32 = 0x6d6c_636e;

/// One script for each `user_version`, applied in order; append, never edit.
const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_evaluation.sql"),
    include_str!("schema_documents.sql"),
    include_str!("schema_tasks.sql"),
    include_str!("schema_threads.sql"),
    include_str!("schema_workflows.sql"),
    include_str!("schema_dossiers.sql"),
    include_str!("schema_due.sql"),
    include_str!("schema_states.sql"),
];

/// Why an inventory could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The path holds something that is no inventory; it was not touched.
    #[error("{0}: this file is not a mailcensus inventory and will not be touched\nhint: give another path")]
    NotOurs(PathBuf),
    /// There is nothing at the path.
    #[error("{0}: there is no inventory here\nhint: make one with `mailcensus scan <PATH>... --to {0}`")]
    Missing(PathBuf),
    /// A newer program made it.
    #[error(
        "{0}: this inventory was made by a newer version of mailcensus (its schema is {1}, this program knows {2})"
    )]
    Newer(PathBuf, i64, usize),
    /// An older program made it, and reading changes nothing.
    #[error(
        "{0}: this inventory was made by an older version of mailcensus (its schema is {1}, this program reads {2})\nhint: scan the same paths into it again; ids and decisions stay"
    )]
    Older(PathBuf, i64, usize),
    /// Another scan writes it.
    #[error("{0}: another scan is writing this inventory\nhint: wait for it to end, or stop it with Ctrl-C")]
    Busy(PathBuf),
    /// The file system refused.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// SQLite refused.
    #[error("{0}: {1}")]
    Sqlite(PathBuf, rusqlite::Error),
}

/// An open inventory.
pub struct Inventory {
    pub(super) db: Connection,
    path: PathBuf,
    // Declared after `db`: closing a descriptor of the file drops SQLite's own locks, so SQLite must go first.
    _lock: Option<File>,
}

impl Inventory {
    /// Opens an inventory for a scan, making it if nothing is there. The file gets mode 0600 and an exclusive lock that
    /// lasts as long as the value.
    ///
    /// # Errors
    /// `NotOurs` for any file without our mark; `Busy` if another scan holds the lock.
    pub fn open_for_scan(path: &Path) -> Result<Inventory, OpenError> {
        let path = std::path::absolute(path).map_err(|e| OpenError::Io(path.to_owned(), e))?;
        let io = |e| OpenError::Io(path.clone(), e);
        if path.is_dir() {
            return Err(OpenError::NotOurs(path));
        }
        let fresh = match std::fs::symlink_metadata(&path) {
            Ok(meta) if !meta.is_file() => return Err(OpenError::NotOurs(path)),
            Ok(meta) => meta.len() == 0,
            Err(_) => true,
        };
        if !fresh {
            check_mark(&path)?;
        }
        let lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(OpenError::Busy(path)),
            Err(TryLockError::Error(e)) => return Err(OpenError::Io(path, e)),
        }
        lock.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(io)?;
        let mut db = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        migrate(&mut db, &path)?;
        let sqlite = |e| OpenError::Sqlite(path.clone(), e);
        db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768; PRAGMA temp_store = FILE;")
            .map_err(sqlite)?;
        // A plan that hangs on the values of parameters is made anew whenever they change.
        db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(sqlite)?;
        // A scan uses about 40 statements, and one for each number of rows at once; the cache holds 16 unless told.
        db.set_prepared_statement_cache_capacity(192);
        Ok(Inventory { db, path, _lock: Some(lock) })
    }

    /// Opens an inventory to read from it.
    ///
    /// # Errors
    /// `Missing`, `NotOurs`, `Newer`; never changes the file.
    pub fn open(path: &Path) -> Result<Inventory, OpenError> {
        let path = std::path::absolute(path).map_err(|e| OpenError::Io(path.to_owned(), e))?;
        if !path.exists() {
            return Err(OpenError::Missing(path));
        }
        check_mark(&path)?;
        // A scan that was killed leaves a WAL that only a writable connection can read.
        let db = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .or_else(|_| connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY))?;
        let version = user_version(&db).map_err(|e| OpenError::Sqlite(path.clone(), e))?;
        if version > MIGRATIONS.len() as i64 {
            return Err(OpenError::Newer(path, version, MIGRATIONS.len()));
        }
        if version < MIGRATIONS.len() as i64 {
            return Err(OpenError::Older(path, version, MIGRATIONS.len()));
        }
        // Closing the last connection would fold the WAL in, and the digest in a manifest would no longer be the file's.
        db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
            .map_err(|e| OpenError::Sqlite(path.clone(), e))?;
        db.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -32768;")
            .map_err(|e| OpenError::Sqlite(path.clone(), e))?;
        Ok(Inventory { db, path, _lock: None })
    }

    /// Its absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, OpenError> {
    // No SQLITE_OPEN_URI: a path is a path, whatever it begins with.
    Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .and_then(|db| db.busy_timeout(std::time::Duration::from_secs(10)).map(|()| db))
        .map_err(|e| OpenError::Sqlite(path.to_owned(), e))
}

/// The header of an SQLite file: magic at 0, `application_id` big-endian at 68 (SQLite file format, section 1.3).
fn check_mark(path: &Path) -> Result<(), OpenError> {
    let mut head = [0u8; 100];
    let mut file = File::open(path).map_err(|e| OpenError::Io(path.to_owned(), e))?;
    let ours = file.read_exact(&mut head).is_ok()
        && &head[..16] == b"SQLite format 3\0"
        && head[68..72] == APPLICATION_ID.to_be_bytes();
    if ours { Ok(()) } else { Err(OpenError::NotOurs(path.to_owned())) }
}

fn user_version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn migrate(db: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let sqlite = |e| OpenError::Sqlite(path.to_owned(), e);
    let version = user_version(db).map_err(sqlite)?;
    let known = MIGRATIONS.len() as i64;
    if version > known {
        return Err(OpenError::Newer(path.to_owned(), version, MIGRATIONS.len()));
    }
    for (number, script) in (1i64..).zip(MIGRATIONS).filter(|(number, _)| *number > version) {
        let step = db.transaction().map_err(sqlite)?;
        if number == 1 {
            step.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID};")).map_err(sqlite)?;
        }
        step.execute_batch(script).map_err(sqlite)?;
        step.execute_batch(&format!("PRAGMA user_version = {number};")).map_err(sqlite)?;
        step.commit().map_err(sqlite)?;
    }
    Ok(())
}
