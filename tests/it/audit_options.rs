//! `mailcensus audit`: the fixtures, and what its options do.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::*;

#[test]
fn the_fixtures_are_proved() {
    let (_folder, _, inventory) = workspace();
    scan(&[&repository().join("fixtures/company")], &inventory);
    let ended = run(&["audit".as_ref(), inventory.as_os_str()]);
    let sentence = "172 entries, 132 files with 273 messages and 353,580 bytes: every byte is where the inventory says, \
                    with the digest it says.\n";
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (0, sentence, ""));
    // Unsupported and damaged files are bytes, too.
    let (_folder, _, inventory) = workspace();
    scan(&[&repository().join("fixtures/broken")], &inventory);
    let ended = run(&["audit".as_ref(), inventory.as_os_str()]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", ended.stdout);
}

#[test]
fn five_parts_are_the_whole() {
    let (_folder, _, inventory) = workspace();
    scan(&[&repository().join("fixtures/company")], &inventory);
    let mut sums = [0; 3];
    for part in 1..=5 {
        let part = format!("{part}/5");
        let ended =
            run(&["audit".as_ref(), inventory.as_os_str(), "--json".as_ref(), "--subset".as_ref(), part.as_ref()]);
        let json: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!((ended.code, json["part"].as_str()), (0, Some(part.as_str())));
        assert!(json["sentence"].as_str().unwrap().contains("the other parts were not read"));
        for (sum, key) in sums.iter_mut().zip(["files", "bytes", "messages"]) {
            *sum += json[key].as_u64().unwrap();
        }
    }
    assert_eq!(sums, [150, 353_580, 273]);
    for wrong in ["0/5", "6/5", "1", "1/0", "a/b"] {
        let ended = run(&["audit".as_ref(), inventory.as_os_str(), "--subset".as_ref(), wrong.as_ref()]);
        assert_eq!(ended.code, 2, "{wrong}");
    }
}

#[test]
fn the_manifest_is_one_that_sha256sum_checks() {
    let (folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox(1..3)).unwrap();
    fs::write(export.join("a b\nc\\d.eml"), message(1)).unwrap();
    fs::write(export.join("end\r"), message(2)).unwrap();
    fs::write(export.join(std::ffi::OsStr::from_bytes(b"caf\xe9.eml")), message(3)).unwrap();
    fs::write(export.join("Empty.mbox"), "").unwrap();
    scan(&[&export], &inventory);
    let manifest = folder.path().join("export.sha256");
    let audit = |to: &Path| run(&["audit".as_ref(), inventory.as_os_str(), "--manifest".as_ref(), to.as_os_str()]);
    assert_eq!(audit(&manifest).code, 0);
    assert_eq!(audit(&manifest).code, 0, "a manifest may be written again");
    let check = || Run::from(Command::new("sha256sum").arg("-c").arg(&manifest).output().expect("sha256sum"));
    let ended = check();
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", ended.stdout);
    assert_eq!(ended.stdout.matches(": OK").count(), 5, "{}", ended.stdout);
    fs::write(export.join("Inbox"), mbox(1..4)).unwrap();
    assert_eq!(check().code, 1);
    // Never into the export, never over something else.
    assert_eq!(audit(&export.join("manifest")).code, 2);
    assert_eq!(audit(&inventory).code, 2);
    assert!(!export.join("manifest").exists());
}

#[test]
fn links_that_were_followed_are_followed_again() {
    let (folder, export, inventory) = workspace();
    let outside = folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("Old"), mbox(1..3)).unwrap();
    fs::write(export.join("Inbox"), mbox(3..5)).unwrap();
    symlink(&outside, export.join("archive")).unwrap();
    let mut command = program();
    command.arg("scan").arg(&export).arg("--follow-links").arg("--to").arg(&inventory);
    command.output().expect("the program starts");
    let audit = || run(&["audit".as_ref(), inventory.as_os_str()]);
    let ended = audit();
    assert_eq!(ended.code, 0, "{}", ended.stdout);
    assert!(ended.stdout.contains("2 files with 4 messages"), "{}", ended.stdout);
    fs::write(outside.join("New"), mbox(5..6)).unwrap();
    assert!(audit().stdout.contains("archive/New: added"));
    fs::remove_file(outside.join("New")).unwrap();
    fs::rename(export.join("Inbox"), export.join("Inbox2")).unwrap();
    symlink("Inbox2", export.join("Inbox")).unwrap();
    assert!(audit().stdout.contains("Inbox: type changed"), "{}", audit().stdout);
}

#[test]
fn what_is_no_inventory_is_refused() {
    let (folder, export, inventory) = workspace();
    assert_eq!(run(&["audit".as_ref(), inventory.as_os_str()]).code, 2);
    fs::write(export.join("Inbox"), mbox(1..3)).unwrap();
    assert_eq!(run(&["audit".as_ref(), export.join("Inbox").as_os_str()]).code, 2);
    assert_eq!(run(&["audit".as_ref(), folder.path().as_os_str()]).code, 2);
}
