//! Everything a file system can put in the way gets a row and a plain sentence.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use crate::harness::*;

fn outcome_of(inventory: &Path, name: &str) -> Vec<String> {
    rows(inventory, &format!("SELECT outcome FROM file WHERE path LIKE '%/{name}'"))
}

fn problems_of(inventory: &Path, name: &str) -> Vec<String> {
    let sql = format!(
        "SELECT p.level || ' ' || p.kind FROM problem p JOIN file f USING (file_id)
         WHERE f.path LIKE '%/{name}' AND p.message_id IS NULL ORDER BY 1"
    );
    rows(inventory, &sql)
}

#[test]
fn strange_entries_have_rows() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    fs::write(export.join("nothing"), "").unwrap();
    fs::create_dir(export.join("folder.mbox")).unwrap();
    fs::write(export.join("folder.mbox/inner"), mbox([2])).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(export.join("pipe")).status().unwrap().success());
    symlink(".", export.join("loop")).unwrap();
    symlink("Inbox", export.join("again")).unwrap();
    symlink("nowhere", export.join("broken")).unwrap();
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("Sent"), mbox([3])).unwrap();
    symlink(&outside, export.join("out")).unwrap();
    fs::write(export.join(OsStr::from_bytes(b"caf\xe9")), mbox([4])).unwrap();

    assert_eq!(scan(&[&export], &inventory).code, 1);
    assert_ledger_holds(&inventory);
    assert_eq!(outcome_of(&inventory, "nothing"), ["empty"]);
    assert_eq!(problems_of(&inventory, "nothing"), ["note empty_store"]);
    assert_eq!(outcome_of(&inventory, "folder.mbox"), ["directory"]);
    assert_eq!(problems_of(&inventory, "folder.mbox"), ["note directory_named_like_a_file"]);
    assert_eq!(outcome_of(&inventory, "pipe"), ["special"]);
    assert_eq!(problems_of(&inventory, "loop"), ["warning symlink_loop"]);
    assert_eq!(problems_of(&inventory, "again"), ["warning symlink_not_followed"]);
    assert_eq!(problems_of(&inventory, "broken"), ["warning symlink_broken"]);
    assert_eq!(problems_of(&inventory, "out"), ["error symlink_outside"]);
    assert_eq!(outcome_of(&inventory, "caf\\xE9"), ["read"]);
    assert_eq!(problems_of(&inventory, "caf\\xE9"), ["note name_not_utf8"]);
    assert_eq!(number(&inventory, "SELECT count(*) FROM file WHERE path_bytes LIKE '%caf' || x'e9'"), 1);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message"), 3);

    // Following the link that leads outside finds its mail, once.
    let mut command = program();
    command.arg("scan").arg(&export).arg("--follow-links").arg("--to").arg(folder.path().join("followed.db"));
    let ended: Run = command.output().unwrap().into();
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(number(&folder.path().join("followed.db"), "SELECT count(*) FROM message"), 4);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    fs::write(export.join("Sent"), mbox([2])).unwrap();
    fs::create_dir(export.join("locked")).unwrap();
    for name in ["Sent", "locked"] {
        fs::set_permissions(export.join(name), fs::Permissions::from_mode(0o0)).unwrap();
    }
    if fs::File::open(export.join("Sent")).is_ok() {
        println!("skipped: this user reads everything");
        return;
    }
    assert_eq!(scan(&[&export], &inventory).code, 1);
    assert_eq!(outcome_of(&inventory, "Sent"), ["unreadable"]);
    assert_eq!(problems_of(&inventory, "Sent"), ["error unreadable_file"]);
    assert_eq!(problems_of(&inventory, "locked"), ["error unreadable_folder"]);
    for name in ["Sent", "locked"] {
        fs::set_permissions(export.join(name), fs::Permissions::from_mode(0o700)).unwrap();
    }
    assert_eq!(scan(&[&export], &inventory).code, 0);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message"), 2);
}

#[test]
fn an_inventory_of_somebody_else_is_not_touched() {
    let (folder, export, _) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    let letter = folder.path().join("letter.txt");
    fs::write(&letter, "Dear Ada,\n").unwrap();
    let other = folder.path().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE t (x); INSERT INTO t VALUES (1)").unwrap();
    for path in [&letter, &other, &export, &folder.path().to_owned()] {
        let before = path.is_file().then(|| fs::read(path).unwrap());
        let ended = scan(&[&export], path);
        assert_eq!(ended.code, 2, "{}: {}", path.display(), ended.stderr);
        assert!(ended.stderr.contains("hint:"), "{}", ended.stderr);
        assert_eq!(path.is_file().then(|| fs::read(path).unwrap()), before);
    }
}

#[test]
fn nothing_is_written_among_the_sources() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    let ended = scan(&[&export], &export.join("deep/inventory.db"));
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("nothing is ever written there"), "{}", ended.stderr);
    let ended = run(&[
        OsStr::new("scan"),
        export.as_os_str(),
        OsStr::new("--to"),
        inventory.as_os_str(),
        OsStr::new("--csv"),
        export.join("csv").as_os_str(),
    ]);
    assert_eq!(ended.code, 2);
    assert_eq!(fs::read_dir(&export).unwrap().count(), 1);
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let (_folder, export, inventory) = workspace();
    let ended = scan(&[&export.join("typo")], &inventory);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("typo") && ended.stderr.contains("hint:"), "{}", ended.stderr);
    assert!(!inventory.exists());
}

#[test]
fn a_path_that_looks_like_a_uri_is_a_path() {
    let (folder, export, _) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    let inventory = folder.path().join("file:x?mode=memory");
    assert_eq!(scan(&[&export], &inventory).code, 0);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message"), 1);
}

#[test]
fn a_damaged_start_hides_no_mail() {
    let (_folder, export, inventory) = workspace();
    let junk: String = (0..3000).map(|line| format!("{line} no header and no separator\n")).collect();
    fs::write(export.join("junk-then-mail"), format!("{junk}\n{}", mbox(0..40))).unwrap();
    // A first message longer than what is looked at to tell the format.
    let long = mbox([50]).trim_end().to_owned() + "\n" + &"A line of a long text.\n".repeat(4000) + "\n";
    fs::write(export.join("2001"), format!("{long}{}", mbox(51..90))).unwrap();
    fs::write(export.join("Inbox"), format!("{long}{}", mbox(91..99)).split_once('\n').unwrap().1).unwrap();
    scan(&[&export], &inventory);
    assert_ledger_holds(&inventory);
    let found = rows(&inventory, "SELECT count(*) FROM message JOIN file USING (file_id) GROUP BY path ORDER BY path");
    assert_eq!(found, ["40", "9", "40"]);
}

#[test]
fn mail_that_begins_a_file_to_decode_and_does_not_is_text() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("a.eml"), "begin ").unwrap();
    fs::write(export.join("b.eml"), message(1) + "begin \nnext\n").unwrap();
    scan(&[&export], &inventory);
    assert_ledger_holds(&inventory);
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'parser_died'"), 0);
}

#[test]
fn a_link_that_comes_to_lead_somewhere_is_looked_at_again() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    symlink(folder.path().join("nas"), export.join("nas")).unwrap();
    assert_eq!(scan(&[&export], &inventory).code, 0);
    fs::create_dir(folder.path().join("nas")).unwrap();
    fs::write(folder.path().join("nas/Sent"), mbox([2])).unwrap();
    assert_eq!(scan(&[&export], &inventory).code, 1);
    assert_eq!(problems_of(&inventory, "nas"), ["error symlink_outside"]);
}

#[test]
fn links_do_not_count_twice_and_do_not_open_the_export_for_writing() {
    let (folder, export, inventory) = workspace();
    fs::create_dir(export.join("sub")).unwrap();
    fs::write(export.join("sub/Inbox"), mbox([1])).unwrap();
    let link = folder.path().join("link");
    symlink(export.join("sub"), &link).unwrap();
    let ended = scan(&[&export, &link], &inventory);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    assert!(ended.stderr.contains("link"), "{}", ended.stderr);
    let ended = scan(&[&export], &link.join("../inventory.db"));
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    assert_eq!(fs::read_dir(&export).unwrap().count(), 1);
}

#[test]
fn what_cannot_be_scanned_or_written_is_said_at_once() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(scan(&[&pipe], &inventory).code, 2);
    let letter = folder.path().join("letter");
    fs::write(&letter, "Dear Ada").unwrap();
    let mut command = program();
    command.arg("scan").arg(&export).arg("--to").arg(&inventory).arg("--csv").arg(&letter);
    assert_eq!(command.output().unwrap().status.code(), Some(2));
    assert!(!inventory.exists());
}
