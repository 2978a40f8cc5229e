//! `mailcensus audit`: green only where every byte was looked at and agrees, and every change is named.

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::{FileExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::*;

/// An export of two mboxes, a maildir, a link, an empty file and a file that is no mail, scanned.
struct Scanned {
    _folder: tempfile::TempDir,
    export: PathBuf,
    inventory: PathBuf,
}

fn scanned() -> Scanned {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox(1..6)).unwrap();
    fs::write(export.join("Sent"), mbox(6..8)).unwrap();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(export.join("Maildir").join(part)).unwrap();
    }
    fs::write(export.join("Maildir/cur/1.M1P1.host:2,S"), message(8)).unwrap();
    fs::write(export.join("Maildir/cur/2.M2P2.host:2,"), message(9)).unwrap();
    fs::write(export.join("notes.csv"), "a,b\n1,2\n").unwrap();
    fs::write(export.join("Drafts.mbox"), "").unwrap();
    symlink("Inbox", export.join("Link")).unwrap();
    assert_eq!(scan(&[&export], &inventory).code, 0);
    Scanned { _folder: folder, export, inventory }
}

impl Scanned {
    fn audit(&self, options: &[&str]) -> Run {
        let mut command = program();
        command.arg("audit").arg(&self.inventory).args(options);
        command.output().expect("the program starts").into()
    }

    /// The mismatches, as (path below the export, kind, message, offset, length).
    fn mismatches(&self, options: &[&str]) -> Vec<String> {
        let ended = self.audit(&[&["--json"], options].concat());
        let json: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|e| panic!("{e}: {}", ended.stderr));
        assert_eq!(json["exit_code"], ended.code);
        assert_eq!(json["command"], "audit");
        let list = json["mismatches"].as_array().expect("a list");
        assert_eq!(i32::from(!list.is_empty()), ended.code, "{}", ended.stdout);
        let root = format!("{}/", self.export.display());
        list.iter()
            .map(|found| {
                let path = found["path"].as_str().unwrap();
                let path = path.strip_prefix(&root).unwrap_or(path);
                let place = match (&found["offset_bytes"], &found["length_bytes"]) {
                    (Value::Null, _) => String::new(),
                    (offset, length) => format!(" {offset}+{length}"),
                };
                let message = found["message_id"].as_str().map_or(String::new(), |id| format!(" {id}"));
                format!("{path}: {}{message}{place}", found["kind"].as_str().unwrap())
            })
            .collect()
    }

    fn tamper(&self, sql: &str) {
        let db = rusqlite::Connection::open(&self.inventory).unwrap();
        assert!(db.execute(sql, []).unwrap() > 0, "{sql}");
    }

    /// Changes one byte and puts the times back.
    fn flip(&self, name: &str, offset: u64) {
        let path = self.export.join(name);
        let before = fs::metadata(&path).unwrap();
        let file = File::options().read(true).write(true).open(&path).unwrap();
        let mut byte = [0u8];
        file.read_exact_at(&mut byte, offset).unwrap();
        file.write_all_at(&[byte[0] ^ 1], offset).unwrap();
        let times = FileTimes::new().set_accessed(before.accessed().unwrap()).set_modified(before.modified().unwrap());
        file.set_times(times).unwrap();
        let after = fs::metadata(&path).unwrap();
        assert_eq!((before.len(), before.mtime_nsec(), before.ino()), (after.len(), after.mtime_nsec(), after.ino()));
    }
}

/// Id and range of a message as the inventory has them.
fn place(inventory: &Path, subject: &str) -> (String, u64, u64) {
    let sql = format!(
        "SELECT printf('M%d-%d', message_id >> 32, message_id & 4294967295), offset_bytes, length_bytes FROM message
         WHERE subject = '{subject}'"
    );
    let row = rows(inventory, &sql).remove(0);
    let mut cells = row.split('|');
    let mut next = || cells.next().unwrap();
    (next().to_owned(), next().parse().unwrap(), next().parse().unwrap())
}

#[test]
fn nothing_is_found_where_nothing_changed() {
    let scanned = scanned();
    assert_eq!(scanned.mismatches(&[]), Vec::<String>::new());
    assert_eq!(scanned.mismatches(&["--quick"]), Vec::<String>::new());
    assert!(scanned.audit(&["--quick"]).stdout.contains("no proof"));
}

#[test]
fn a_flipped_byte_names_its_message() {
    let scanned = scanned();
    let (id, offset, length) = place(&scanned.inventory, "Delivery 3");
    scanned.flip("Inbox", offset + length / 2);
    assert_eq!(scanned.mismatches(&[]), [format!("Inbox: message_changed {id} {offset}+{length}")]);
    let ended = scanned.audit(&[]);
    assert!(ended.stdout.contains(&format!("message {id}, {length} bytes at {offset}: message changed")));
    assert!(ended.stdout.contains("\n1 mismatch: 12 entries, 4 files with 9 messages and "), "{}", ended.stdout);
    // The clock of the inode gives it away even to a quick look, where it has not been set back.
    assert_eq!(scanned.mismatches(&["--quick"]), ["Inbox: times_changed"]);
}

#[test]
fn a_flipped_byte_outside_messages_names_the_file() {
    let scanned = scanned();
    scanned.flip("Inbox", 7);
    scanned.flip("notes.csv", 1);
    assert_eq!(scanned.mismatches(&[]), ["Inbox: content_changed", "notes.csv: content_changed"]);
}

#[test]
fn what_grew_shrank_went_and_came_is_named() {
    let scanned = scanned();
    let size = fs::metadata(scanned.export.join("Inbox")).unwrap().len();
    let sent = fs::metadata(scanned.export.join("Sent")).unwrap().len();
    let (last, offset, _) = place(&scanned.inventory, "Delivery 7");
    fs::write(scanned.export.join("Inbox"), mbox(1..7)).unwrap();
    File::options().write(true).open(scanned.export.join("Sent")).unwrap().set_len(offset + 10).unwrap();
    fs::remove_file(scanned.export.join("notes.csv")).unwrap();
    fs::write(scanned.export.join("late.eml"), message(30)).unwrap();
    let new = fs::metadata(scanned.export.join("Inbox")).unwrap().len();
    let expected = [
        format!("Inbox: appended {size}+{}", new - size),
        format!("Sent: truncated {last} {}+{}", offset + 10, sent - offset - 10),
        "late.eml: added".to_owned(),
        "notes.csv: removed 0+8".to_owned(),
    ];
    assert_eq!(scanned.mismatches(&[]), expected);
    let quick = scanned.mismatches(&["--quick"]);
    assert_eq!(quick.len(), 4, "{quick:?}");
}

#[test]
fn bytes_put_in_the_middle_are_not_taken_for_growth() {
    let scanned = scanned();
    let mut text = mbox(1..6);
    text.insert_str(700, "x\n");
    fs::write(scanned.export.join("Inbox"), text).unwrap();
    let found = scanned.mismatches(&[]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("Inbox: content_changed M"), "{found:?}");
}

#[test]
fn a_new_name_is_no_loss() {
    let scanned = scanned();
    let cur = scanned.export.join("Maildir/cur");
    fs::rename(cur.join("2.M2P2.host:2,"), cur.join("2.M2P2.host:2,FS")).unwrap();
    for options in [&[][..], &["--quick"]] {
        assert_eq!(scanned.mismatches(options), ["Maildir/cur/2.M2P2.host:2,: renamed"]);
    }
    assert!(scanned.audit(&[]).stdout.contains("2.M2P2.host:2,FS now"));
}

#[test]
fn another_type_is_named() {
    let scanned = scanned();
    let elsewhere = scanned.inventory.with_file_name("elsewhere");
    fs::rename(scanned.export.join("Inbox"), &elsewhere).unwrap();
    symlink(&elsewhere, scanned.export.join("Inbox")).unwrap();
    fs::remove_file(scanned.export.join("Drafts.mbox")).unwrap();
    fs::create_dir(scanned.export.join("Drafts.mbox")).unwrap();
    fs::remove_file(scanned.export.join("Link")).unwrap();
    symlink("Sent", scanned.export.join("Link")).unwrap();
    let expected = ["Drafts.mbox: type_changed", "Inbox: type_changed", "Link: link_changed"];
    assert_eq!(scanned.mismatches(&[]), expected);
    assert_eq!(scanned.mismatches(&["--quick"]), expected);
}

#[test]
fn a_tampered_inventory_is_named() {
    let inbox = "(SELECT file_id FROM file WHERE path LIKE '%/Inbox')";
    let cases = [
        // The message leaves its frame at the end.
        (
            format!("UPDATE message SET offset_bytes = offset_bytes + 5 WHERE file_id = {inbox} AND ordinal = 2"),
            "inventory_altered",
        ),
        // Both: the bytes are others, and the file is as it was.
        (
            format!(
                "UPDATE message SET offset_bytes = offset_bytes + 1, length_bytes = length_bytes - 1 WHERE file_id = {inbox} AND ordinal = 2"
            ),
            "inventory_altered",
        ),
        (
            format!("UPDATE message SET stored_sha256 = printf('%064d', 0) WHERE file_id = {inbox} AND ordinal = 2"),
            "inventory_altered",
        ),
        (
            format!(
                "UPDATE message SET frame_length_bytes = frame_length_bytes - 1 WHERE file_id = {inbox} AND ordinal = 2"
            ),
            "hole",
        ),
        (
            format!(
                "UPDATE message SET frame_length_bytes = frame_length_bytes + 3 WHERE file_id = {inbox} AND ordinal = 2"
            ),
            "overlap",
        ),
        (format!("UPDATE message SET present = 0 WHERE file_id = {inbox} AND ordinal = 5"), "hole"),
        (format!("UPDATE file SET messages = 4 WHERE file_id = {inbox}"), "message_count"),
        (format!("UPDATE file SET sha256 = NULL WHERE file_id = {inbox}"), "inventory_altered"),
        (format!("UPDATE file SET size_bytes = -1 WHERE file_id = {inbox}"), "inventory_altered"),
        (format!("UPDATE file SET outcome = 'fine' WHERE file_id = {inbox}"), "inventory_altered"),
        (
            "DELETE FROM segment WHERE file_id = (SELECT file_id FROM file WHERE path LIKE '%/notes.csv')".to_owned(),
            "hole",
        ),
        ("UPDATE segment SET length_bytes = 9223372036854775807".to_owned(), "overlap"),
        ("DELETE FROM file WHERE path LIKE '%/Drafts.mbox'".to_owned(), "added"),
    ];
    for (sql, kind) in cases {
        let scanned = scanned();
        let db = rusqlite::Connection::open(&scanned.inventory).unwrap();
        db.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        db.execute(&sql, []).unwrap();
        drop(db);
        let found = scanned.mismatches(&[]);
        assert!(found.iter().any(|found| found.contains(kind)), "{sql}: {found:?}");
        assert!(found.len() <= 2, "{sql}: {found:?}");
    }
}

#[test]
fn what_the_scan_did_not_prove_the_audit_does_not() {
    for outcome in ["pending", "unreadable", "changed", "vanished"] {
        let scanned = scanned();
        scanned.tamper(&format!("UPDATE file SET outcome = '{outcome}' WHERE path LIKE '%/Sent'"));
        let ended = scanned.audit(&[]);
        assert_eq!(ended.code, 1, "{outcome}");
        assert!(ended.stdout.contains("/Sent: not proved: "), "{}", ended.stdout);
        assert!(ended.stdout.contains("1 entry not proved"), "{}", ended.stdout);
    }
    let scanned = scanned();
    scanned.tamper("UPDATE scan SET outcome = 'interrupted'");
    let ended = scanned.audit(&[]);
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.starts_with("The inventory is unfinished"), "{}", ended.stdout);
}

#[test]
fn an_export_that_moved_is_found() {
    let scanned = scanned();
    let elsewhere = scanned.inventory.with_file_name("elsewhere");
    let deep = scanned.inventory.with_file_name("deep");
    fs::rename(scanned.export.join("Maildir"), &deep).unwrap();
    fs::rename(&scanned.export, &elsewhere).unwrap();
    let gone = scanned.mismatches(&[]);
    assert_eq!(gone.len(), 12);
    assert!(gone.iter().all(|line| line.contains(": removed")), "{gone:?}");
    let whole = format!("{}={}", scanned.export.display(), elsewhere.display());
    let part = format!("{}={}", scanned.export.join("Maildir").display(), deep.display());
    let moved = ["--moved", &whole, "--moved", &part];
    assert_eq!(scanned.mismatches(&moved), Vec::<String>::new());
    assert_eq!(scanned.mismatches(&[&moved[..], &["--quick"]].concat()), Vec::<String>::new());
    fs::write(deep.join("cur/3.M3P3.host:2,"), message(40)).unwrap();
    fs::remove_file(deep.join("cur/2.M2P2.host:2,")).unwrap();
    let found = scanned.mismatches(&moved);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[1], "Maildir/cur/3.M3P3.host:2,: added");
    let ended = scanned.audit(&["--moved", "/nowhere=/tmp"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("was not scanned"), "{}", ended.stderr);
}

#[test]
fn a_message_that_kills_the_parser_is_proved_all_the_same() {
    let scanned = scanned();
    scanned.tamper(
        "INSERT INTO killer SELECT file_id, offset_bytes FROM message WHERE subject IN ('Delivery 2', 'Delivery 9')",
    );
    // Read once more by the same program, as after a kill.
    scanned.tamper("UPDATE file SET outcome = 'pending' WHERE outcome = 'read'");
    assert_eq!(scan(&[&scanned.export], &scanned.inventory).code, 1);
    assert_eq!(number(&scanned.inventory, "SELECT count(*) FROM problem WHERE kind = 'parser_died'"), 2);
    assert_eq!(scanned.mismatches(&[]), Vec::<String>::new());
    assert_eq!(number(&scanned.inventory, "SELECT count(*) FROM message WHERE present = 0"), 0, "ids stay");
}

/// A pass holds one block, whatever the size of the file, and hears Ctrl-C.
#[test]
fn a_large_file_is_read_in_little_memory_and_can_be_interrupted() {
    let (_folder, export, inventory) = workspace();
    let big = export.join("big.bin");
    fs::write(&big, "\u{7f}ELF no mail").unwrap();
    scan(&[&export], &inventory);
    // A sparse file of 200 GB takes longer to hash than this test waits.
    let size: u64 = 200 << 30;
    File::options().write(true).open(&big).unwrap().set_len(size).unwrap();
    let db = rusqlite::Connection::open(&inventory).unwrap();
    db.execute("UPDATE file SET size_bytes = ?1 WHERE path LIKE '%/big.bin'", [size as i64]).unwrap();
    db.execute("UPDATE segment SET length_bytes = ?1", [size as i64]).unwrap();
    drop(db);
    let mut child = program();
    let child = child.args(["audit", "--json"]).arg(&inventory).stdout(std::process::Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1500));
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < 60_000, "{peak} kB");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = Run::from(child.wait_with_output().unwrap());
    let json: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, json["exit_code"].as_u64()), (130, Some(130)));
    assert!(json["sentence"].as_str().unwrap().starts_with("Interrupted, so nothing is proved"), "{json}");
    assert_eq!(json["mismatches"].as_array().unwrap().len(), 0);
}
