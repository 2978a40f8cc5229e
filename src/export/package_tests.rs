//! The package as a client gets it, from the tiny inventory.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use sha2::Digest as _;

use super::*;
use crate::store::tiny::{State, inventory};

type Row = HashMap<String, String>;

fn read(path: &Path) -> Vec<Row> {
    let bytes = fs::read(path).unwrap();
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    let mut reader = ::csv::Reader::from_reader(bytes);
    reader.deserialize().map(|row| row.unwrap()).collect()
}

fn all_text(directory: &Path) -> String {
    let mut paths: Vec<_> = fs::read_dir(directory).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn the_manifest_tells_the_truth() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("tiny.db");
    let inventory = inventory(&db, State::Done);
    let out = folder.path().join("deep/csv");
    let package = write(&inventory, &out, Text::Usual).unwrap();
    let sha256 = |path: &Path| Digest(sha2::Sha256::digest(fs::read(path).unwrap()).into());
    assert_eq!(package.manifest_sha256, sha256(&out.join("MANIFEST.csv")));
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o700);
    let rows = read(&out.join("MANIFEST.csv"));
    assert_eq!(rows.len(), 19);
    for row in &rows {
        // The inventory stands with its whole path, which `join` then takes alone.
        let path = out.join(&row["file"]);
        assert_eq!(row["sha256"], sha256(&path).to_hex(), "{path:?}");
        assert_eq!(row["size_bytes"], fs::metadata(&path).unwrap().len().to_string());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        if row["file"].ends_with(".csv") {
            let bytes = fs::read(&path).unwrap();
            assert!(bytes.starts_with(BYTE_ORDER_MARK));
            let lines = bytes.iter().filter(|b| **b == b'\n').count();
            assert_eq!(row["rows"], (lines - 1).to_string(), "{path:?}: one line a row");
            assert_eq!(lines, bytes.windows(2).filter(|w| w == b"\r\n").count());
            assert_eq!(row["rows"], read(&path).len().to_string());
        }
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), 19, "no part file is left");
}

#[test]
fn messages_are_safe_and_in_the_clients_words() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
    write(&inventory, &folder.path().join("csv"), Text::Usual).unwrap();
    let rows = read(&folder.path().join("csv/messages.csv"));
    let ids: Vec<_> = rows.iter().map(|row| row["id"].as_str()).collect();
    assert_eq!(ids, ["M2-1", "M2-2", "M2-3", "M3-1", "M3-2", "M4-1"]);
    assert_eq!(rows[0]["to"], "anna@x.example;' +49 30 1234");
    assert_eq!(rows[0]["same_message_also_in"], "M3-1 boss/Sent");
    assert_eq!(rows[3]["same_message_also_in"], "M2-1 anna/INBOX");
    assert_eq!(rows[0]["other_folders"], "Starred");
    assert_eq!(rows[1]["subject"], "'=1+1");
    assert_eq!(rows[1]["from_name"], "'=cmd|' /C calc'!A0");
    assert_eq!(rows[1]["class"], "announcements and automatic mail");
    assert_eq!(rows[2]["subject"], "Order 4711, \"please\" approve");
    assert_eq!(rows[2]["uses"], "process; task");
    assert_eq!(rows[2]["why"], "approval asked; request please");
    assert_eq!(rows[2]["signs"], "approval; request");
    assert_eq!(rows[2]["class_score"], "0.9");
    let tasks = read(&folder.path().join("csv/tasks.csv"));
    assert_eq!(tasks[1]["quote"], "'-approve order 4711");
    let mailboxes = read(&folder.path().join("csv/mailboxes.csv"));
    assert_eq!((mailboxes[0]["mailbox"].as_str(), mailboxes[0]["decision"].as_str()), ("anna", "move"));
    assert_eq!(mailboxes[0]["first_at"], "2023-05-01T08:00:00Z", "not the year 101");
    assert_eq!((mailboxes[1]["messages"].as_str(), mailboxes[1]["errors"].as_str()), ("3", "1"));
    let documents = read(&folder.path().join("csv/documents.csv"));
    assert_eq!((documents[0]["sha256"].as_str(), documents[0]["copies"].as_str()), ("d1", "2"));
    assert_eq!(documents[0]["lies_in"], "M2-1 anna/INBOX; M3-1 boss/Sent");
    let problems = read(&folder.path().join("csv/problems.csv"));
    assert_eq!(problems[0]["kind"], "gap");
    assert!(problems[0]["remedy"].starts_with("Look at the bytes"));
}

#[test]
fn text_settings_hold() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
    let out = folder.path().join("csv");
    write(&inventory, &out, Text::Usual).unwrap();
    let usual = all_text(&out);
    assert!(usual.contains("Secret merger") && !usual.contains("Do not tell"));
    write(&inventory, &out, Text::Full).unwrap();
    let full = all_text(&out);
    assert!(full.contains("Do not tell") && full.contains("First line\\nsecond \\u{202e}line;' =evil"));
    assert!(full.contains("Please approve"));
    write(&inventory, &out, Text::None).unwrap();
    let none = all_text(&out);
    for word in ["Secret", "Salary", "salary", "offer.pdf", "merger", "Order 4711", "Boss,", "Chair", "Do not tell"] {
        assert!(!none.contains(word), "{word}");
    }
    assert!(none.contains("/data/boss/[F4]") && none.contains("/data/boss/Inbox"));
}

#[test]
fn a_mailbox_gets_nothing_of_anybody_else() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
    let out = folder.path().join("boxes");
    for text in [Text::Usual, Text::Full] {
        let packages = write_by_mailbox(&inventory, &out, text).unwrap();
        assert_eq!(packages.len(), 2);
        let anna = all_text(&out.join("anna"));
        // `/data` is the given path, and the boss wrote to Anna: those are hers.
        for word in [
            "Secret",
            "merger",
            "Salary",
            "salary",
            "M3-",
            "M4-",
            "/data/boss",
            "cheap.pdf",
            "Order approval",
            "escalate",
        ] {
            assert!(!anna.contains(word), "{word}");
        }
        assert!(anna.contains("Order 4711") && anna.contains("M2-1"));
        let boss = all_text(&out.join("boss"));
        for word in ["Order 4711", "M2-", "/data/anna", "offer.pdf", "1+1"] {
            assert!(!boss.contains(word), "{word}");
        }
    }
    let index = read(&out.join("INDEX.csv"));
    assert_eq!(index[0]["directory"], "anna");
    assert_eq!(index[0]["messages"], "3");
}

#[test]
fn foreign_files_are_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
    let out = folder.path().join("csv");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("files.csv"), "my,own\r\n1,2\r\n").unwrap();
    let refused = write(&inventory, &out, Text::Usual).unwrap_err().to_string();
    assert!(refused.contains("files.csv") && refused.contains("hint:"), "{refused}");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
    fs::write(out.join("files.csv"), "").unwrap();
    assert!(write(&inventory, &out, Text::Usual).is_err(), "an empty file is somebody's too");
    fs::remove_file(out.join("files.csv")).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    write(&inventory, &out, Text::Usual).unwrap();
    // A killed export may have left files without their manifest: they are known by their headers.
    fs::remove_file(out.join("MANIFEST.csv")).unwrap();
    write(&inventory, &out, Text::None).unwrap();
    assert!(write(&inventory, &folder.path().join("tiny.db"), Text::Usual).is_err());
    assert_eq!(fs::read(out.join("notes.txt")).unwrap(), b"mine");
}

#[test]
fn folders_of_hostile_names_are_safe_and_unique() {
    let names = ["anna", "Anna", "../x", "__/x", "", "INDEX.csv"].map(str::to_owned).to_vec();
    let places: Vec<_> = places(names, Path::new("/d")).into_iter().map(|(_, place)| place).collect();
    let expected = ["anna", "Anna~2", "_._x", "___x", "no_name", "INDEX.csv~2"].map(|name| Path::new("/d").join(name));
    assert_eq!(places, expected);
}

#[test]
fn an_unfinished_inventory_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let inventory = inventory(&folder.path().join("tiny.db"), State::Interrupted);
    let out = folder.path().join("csv");
    write(&inventory, &out, Text::Usual).unwrap();
    let rows = read(&out.join("summary.csv"));
    assert!(rows.iter().any(|row| row["item"] == "finished" && row["value"] == "no"));
    assert!(!rows.iter().any(|row| row["value"].contains("every message is in the inventory")));
}

#[test]
fn a_killed_inventory_is_not_changed_by_reading_it() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("tiny.db");
    let writing = inventory(&db, State::Interrupted);
    writing.start_writing().unwrap();
    writing.begin().unwrap();
    writing.clear_in_flight().unwrap();
    writing.end_scan(1, "running", 0, [0, 0, 0]).unwrap();
    writing.commit().unwrap();
    // What a kill leaves: the file and its journal, without the connection that wrote them.
    let killed = folder.path().join("killed.db");
    fs::copy(&db, &killed).unwrap();
    fs::copy(folder.path().join("tiny.db-wal"), folder.path().join("killed.db-wal")).unwrap();
    let out = folder.path().join("csv");
    write(&Inventory::open(&killed).unwrap(), &out, Text::Usual).unwrap();
    let rows = read(&out.join("MANIFEST.csv"));
    assert_eq!(rows.len(), 20);
    assert!(rows[19]["holds"].contains("journal"));
    for row in &rows {
        let now = Digest(sha2::Sha256::digest(fs::read(out.join(&row["file"])).unwrap()).into());
        assert_eq!(row["sha256"], now.to_hex(), "{}", row["file"]);
    }
}
