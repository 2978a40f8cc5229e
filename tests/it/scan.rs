//! `mailcensus scan` on the fixtures and on good mail: everything is found, once, and stays what it was.

use std::fs;
use std::path::Path;

use crate::harness::*;

/// Counted by hand in `fixtures/README.md`.
const COMPANY: &[(&str, &str, i64)] = &[
    ("anna", "Entwürfe", 2),
    ("anna", "INBOX", 31),
    ("anna", "INBOX/Invoices", 9),
    ("anna", "INBOX/Invoices/Paid", 2),
    ("anna", "Sent", 14),
    ("georg", "Inbox", 30),
    ("georg", "Sent", 23),
    ("martin", "Inbox", 51),
    ("martin", "Sent", 26),
    ("orders", "Inbox", 9),
    ("orders", "Sent", 8),
    ("orders", "running", 7),
    ("priya", "Inbox", 25),
    ("priya", "Orders - done", 10),
    ("priya", "Orders - open", 6),
    ("priya", "Sent Items", 20),
];

fn company() -> std::path::PathBuf {
    repository().join("fixtures/company")
}

#[test]
fn the_company_is_found_whole_and_clean() {
    let (_folder, _, inventory) = workspace();
    let ended = scan(&[&company()], &inventory);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", ended.stdout);
    let found = rows(&inventory, "SELECT mailbox, folder, count(*) FROM message GROUP BY 1, 2 ORDER BY 1, 2");
    let expected: Vec<String> = COMPANY.iter().map(|(m, f, n)| format!("{m}|{f}|{n}")).collect();
    assert_eq!(found, expected);
    assert_ledger_holds(&inventory);
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE level = 'error'"), 0);
    // 152 different messages lie there; the rest are the other people's copies.
    assert_eq!(number(&inventory, "SELECT count(*) FROM message WHERE duplicate_of IS NULL"), 152);
    let outcomes = rows(&inventory, "SELECT outcome, count(*) FROM file WHERE outcome <> 'directory' GROUP BY 1");
    assert_eq!(outcomes, ["empty|4", "items|2", "not_mail|2", "read|132", "support|10"]);
}

#[test]
fn every_use_has_evidence() {
    let (_folder, _, inventory) = workspace();
    scan(&[&company()], &inventory);
    let bare = rows(
        &inventory,
        "SELECT message_id, use FROM message_use u
         WHERE NOT EXISTS (SELECT 1 FROM evidence e
                           WHERE e.message_id = u.message_id AND e.subject LIKE '%' || u.use AND e.weight > 0)",
    );
    assert_eq!(bare, Vec::<String>::new());
}

#[test]
fn threads_and_order_of_paths_do_not_matter() {
    let (folder, _, first) = workspace();
    scan(&[&company(), &repository().join("fixtures/broken")], &first);
    let expected = dump(&first);
    for jobs in ["1", "5"] {
        let inventory = folder.path().join(format!("jobs{jobs}.db"));
        let mut command = program();
        command.args(["scan", "fixtures/broken", "fixtures/company", "--jobs", jobs, "--to"]).arg(&inventory);
        command.output().expect("the program starts");
        assert_eq!(dump(&inventory), expected, "{jobs} workers");
    }
}

#[test]
fn a_second_scan_does_no_work() {
    let (_folder, _, inventory) = workspace();
    scan(&[&company()], &inventory);
    let before = dump(&inventory);
    assert_eq!(scan(&[&company()], &inventory).code, 0);
    assert_eq!(dump(&inventory), before);
    let read = rows(&inventory, "SELECT outcome, files_read, messages_read, bytes_read FROM scan ORDER BY scan_id");
    assert_eq!(read[1], "done|0|0|0");
}

#[test]
fn an_inventory_is_one_private_file() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox(1..4)).unwrap();
    scan(&[&export], &inventory);
    assert_eq!(fs::metadata(&inventory).unwrap().permissions().mode() & 0o777, 0o600);
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["export", "inventory.db"]);
}

#[test]
fn ids_stay_when_messages_come_and_go() {
    let (_folder, export, inventory) = workspace();
    let path = export.join("Inbox");
    fs::write(&path, mbox([1, 2, 3])).unwrap();
    scan(&[&export], &inventory);
    let by_subject = "SELECT subject, message_id & 4294967295, ordinal, present FROM message ORDER BY message_id";
    assert_eq!(rows(&inventory, by_subject), ["Delivery 1|1|1|1", "Delivery 2|2|2|1", "Delivery 3|3|3|1"]);
    // One goes, one comes before the others, one at the end, and one is there twice.
    fs::write(&path, mbox([9, 1, 3, 3, 4])).unwrap();
    assert_eq!(scan(&[&export], &inventory).code, 0);
    assert_eq!(
        rows(&inventory, by_subject),
        [
            "Delivery 1|1|2|1",
            "Delivery 2|2|2|0",
            "Delivery 3|3|3|1",
            "Delivery 9|4|1|1",
            "Delivery 3|5|4|1",
            "Delivery 4|6|5|1"
        ]
    );
    assert_ledger_holds(&inventory);
    // And it comes back to its old id.
    fs::write(&path, mbox([2])).unwrap();
    scan(&[&export], &inventory);
    assert_eq!(rows(&inventory, "SELECT message_id & 4294967295 FROM message WHERE present = 1"), ["2"]);
}

#[test]
fn a_renamed_file_keeps_its_id() {
    let (_folder, export, inventory) = workspace();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(export.join("ada").join(part)).unwrap();
    }
    fs::write(export.join("ada/new/1678089600.M1.host"), message(1)).unwrap();
    fs::write(export.join("ada/Archive.mbox"), mbox([5])).unwrap();
    scan(&[&export], &inventory);
    let ids = "SELECT file_id, subject FROM message WHERE present = 1 ORDER BY subject";
    let before = rows(&inventory, ids);
    fs::rename(export.join("ada/new/1678089600.M1.host"), export.join("ada/cur/1678089600.M1.host:2,RS")).unwrap();
    fs::rename(export.join("ada/Archive.mbox"), export.join("ada/Zold.mbox")).unwrap();
    assert_eq!(scan(&[&export], &inventory).code, 0);
    assert_eq!(rows(&inventory, ids), before);
    assert_eq!(rows(&inventory, "SELECT flags FROM message WHERE subject = 'Delivery 1'"), ["\\Answered \\Seen"]);
    assert_eq!(number(&inventory, "SELECT count(*) FROM file WHERE outcome = 'vanished'"), 0);
}

#[test]
fn a_vanished_file_is_an_error_and_its_messages_stay_as_absent() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    fs::write(export.join("Sent"), mbox([2])).unwrap();
    scan(&[&export], &inventory);
    fs::remove_file(export.join("Sent")).unwrap();
    assert_eq!(scan(&[&export], &inventory).code, 1);
    assert_eq!(
        rows(&inventory, "SELECT subject, present FROM message ORDER BY subject"),
        ["Delivery 1|1", "Delivery 2|0"]
    );
    assert_eq!(rows(&inventory, "SELECT kind FROM problem WHERE level = 'error'"), ["file_vanished"]);
}

#[test]
fn the_copy_that_is_left_is_no_copy() {
    let (_folder, export, inventory) = workspace();
    for name in ["a.eml", "b.eml"] {
        fs::write(export.join(name), message(1)).unwrap();
    }
    scan(&[&export], &inventory);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message WHERE duplicate_of IS NOT NULL"), 1);
    fs::remove_file(export.join("a.eml")).unwrap();
    scan(&[&export], &inventory);
    assert_eq!(
        rows(&inventory, "SELECT present, duplicate_of IS NULL FROM message ORDER BY message_id"),
        ["0|1", "1|1"]
    );
    assert_eq!(number(&inventory, "SELECT messages FROM mailbox"), 1);
}

#[test]
fn another_path_adds_to_the_inventory() {
    let (_folder, export, inventory) = workspace();
    for (name, number) in [("ada", 1), ("ben", 2)] {
        fs::create_dir(export.join(name)).unwrap();
        fs::write(export.join(name).join("Inbox"), mbox([number])).unwrap();
    }
    scan(&[&export.join("ada")], &inventory);
    assert_eq!(scan(&[&export.join("ben")], &inventory).code, 0);
    assert_eq!(rows(&inventory, "SELECT mailbox, present FROM message ORDER BY 1"), ["ada|1", "ben|1"]);
}

#[test]
fn ledger_holds_for_the_broken_files() {
    let (_folder, _, inventory) = workspace();
    let ended = scan(&[&repository().join("fixtures/broken")], &inventory);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert_ledger_holds(&inventory);
    let unsupported = rows(&inventory, "SELECT path FROM file WHERE outcome = 'unsupported' ORDER BY path");
    let names: Vec<_> = unsupported.iter().map(|p| Path::new(p).file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["export.pst", "mail.zip"]);
}
