//! Runs the real program on real files and looks at what it wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::Connection;

/// How a run of the program ended.
pub struct Run {
    /// Exit code; -1 if a signal ended it.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it complained.
    pub stderr: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program, ready for arguments; runs in the repository.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailcensus"));
    command.current_dir(repository());
    command
}

/// The root of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program with these arguments.
pub fn run<S: AsRef<std::ffi::OsStr>>(arguments: &[S]) -> Run {
    program().args(arguments).output().expect("the program starts").into()
}

/// Scans `paths` into `inventory` and returns how that ended.
pub fn scan(paths: &[&Path], inventory: &Path) -> Run {
    let mut command = program();
    command.arg("scan").args(paths).arg("--to").arg(inventory);
    command.output().expect("the program starts").into()
}

/// A folder of this test's own, and the path of an inventory beside it.
pub fn workspace() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let export = folder.path().join("export");
    std::fs::create_dir(&export).expect("a folder");
    let inventory = folder.path().join("inventory.db");
    (folder, export, inventory)
}

/// Opens an inventory for looking.
pub fn open(inventory: &Path) -> Connection {
    Connection::open_with_flags(inventory, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).expect("an inventory")
}

/// One number from an inventory.
pub fn number(inventory: &Path, sql: &str) -> i64 {
    open(inventory).query_row(sql, [], |row| row.get(0)).unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// Rows as text, columns divided by `|`.
pub fn rows(inventory: &Path, sql: &str) -> Vec<String> {
    let db = open(inventory);
    let mut statement = db.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let columns = statement.column_count();
    let found = statement.query_map([], |row| {
        let cells: Vec<String> = (0..columns)
            .map(|at| match row.get_ref(at).expect("a cell") {
                rusqlite::types::ValueRef::Null => "∅".to_owned(),
                rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                rusqlite::types::ValueRef::Real(x) => x.to_string(),
                rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                rusqlite::types::ValueRef::Blob(bytes) => format!("{bytes:x?}"),
            })
            .collect();
        Ok(cells.join("|"))
    });
    found.expect("rows").map(|row| row.expect("a row")).collect()
}

/// Everything in an inventory but what says when and by whom it was made.
pub fn dump(inventory: &Path) -> BTreeMap<String, Vec<String>> {
    let tables = rows(inventory, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    let mut dump = BTreeMap::new();
    for table in tables.into_iter().filter(|table| table != "scan") {
        let columns: Vec<String> = rows(inventory, &format!("SELECT name FROM pragma_table_info('{table}')"))
            .into_iter()
            .filter(|column| column != "seen_in_scan")
            .collect();
        let columns = columns.join(", ");
        dump.insert(table.clone(), rows(inventory, &format!("SELECT {columns} FROM {table} ORDER BY {columns}")));
    }
    dump
}

/// Fails if any byte of any regular file is in no segment, or in two.
pub fn assert_ledger_holds(inventory: &Path) {
    let broken = rows(
        inventory,
        "WITH piece AS (
           SELECT path, offset_bytes, length_bytes,
                  lag(offset_bytes + length_bytes, 1, 0) OVER (PARTITION BY path ORDER BY offset_bytes) AS expected
           FROM ledger)
         SELECT path, offset_bytes, expected FROM piece WHERE offset_bytes <> expected",
    );
    assert_eq!(broken, Vec::<String>::new(), "segments that do not touch");
    let short = rows(
        inventory,
        "SELECT f.path, f.size_bytes, coalesce(sum(l.length_bytes), 0) AS covered
         FROM file f LEFT JOIN ledger l USING (path)
         WHERE f.outcome NOT IN ('directory', 'symlink', 'special', 'vanished', 'unreadable')
         GROUP BY f.path HAVING covered <> f.size_bytes",
    );
    assert_eq!(short, Vec::<String>::new(), "files that are not covered to their end");
}

/// A small message of its own kind for each number.
pub fn message(number: usize) -> String {
    format!(
        "From: Ada <ada@wendholt.example>\nTo: Ben <ben@wendholt.example>\nSubject: Delivery {number}\n\
         Date: Mon, 6 Mar 2023 09:{:02}:00 +0100\nMessage-ID: <delivery-{number}@wendholt.example>\n\n\
         The lorry for job {number} leaves at noon.\n",
        number % 60
    )
}

/// An mbox of these messages, each with the `From ` line and the blank line that the format asks for.
pub fn mbox(numbers: impl IntoIterator<Item = usize>) -> String {
    numbers
        .into_iter()
        .map(|number| format!("From ada@wendholt.example Mon Mar  6 09:00:00 2023\n{}\n", message(number)))
        .collect()
}
