//! Killed, interrupted, out of disk: the same command goes on, and the inventory is the same as undisturbed.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::harness::*;

/// Small files of both kinds and an mbox large enough to be cut into jobs.
fn export_into(export: &Path) {
    fs::create_dir_all(export.join("ada/cur")).unwrap();
    for number in 0..300 {
        fs::write(export.join(format!("ada/cur/{number}.host:2,S")), message(number)).unwrap();
    }
    let mut large = String::new();
    for number in 0..2500 {
        large.push_str(&mbox([number]));
        large.push_str(&"A line of a longer text.\n".repeat(30));
        large.push('\n');
    }
    fs::write(export.join("Archive.mbox"), large).unwrap();
}

fn start(export: &Path, inventory: &Path) -> Child {
    let mut command = program();
    command.arg("scan").arg(export).arg("--to").arg(inventory);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts")
}

#[test]
fn kill_at_any_moment_changes_nothing() {
    let (folder, export, undisturbed) = workspace();
    export_into(&export);
    assert_eq!(scan(&[&export], &undisturbed).code, 0);
    let expected = dump(&undisturbed);
    let inventory = folder.path().join("killed.db");
    for delay in [5, 20, 60, 120, 200, 300, 450] {
        let mut child = start(&export, &inventory);
        std::thread::sleep(Duration::from_millis(delay));
        let _ = child.kill();
        child.wait().expect("the program ends");
    }
    assert_eq!(scan(&[&export], &inventory).code, 0);
    let found = dump(&inventory);
    for (table, rows) in &expected {
        assert!(found[table] == *rows, "{table} differs");
    }
    assert_ledger_holds(&inventory);
}

#[test]
fn ctrl_c_stops_cleanly_and_the_same_command_goes_on() {
    let (folder, export, undisturbed) = workspace();
    export_into(&export);
    scan(&[&export], &undisturbed);
    let inventory = folder.path().join("stopped.db");
    let mut child = start(&export, &inventory);
    // As soon as there is something to interrupt.
    while !inventory.exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_millis(50));
    std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    let code = child.wait().expect("the program ends").code();
    assert!(matches!(code, Some(130 | 0)), "{code:?}");
    assert_eq!(scan(&[&export], &inventory).code, 0);
    assert!(dump(&inventory) == dump(&undisturbed));
}

#[test]
fn a_full_disk_is_code_3_and_the_same_command_goes_on() {
    let (folder, export, undisturbed) = workspace();
    export_into(&export);
    scan(&[&export], &undisturbed);
    let inventory = folder.path().join("small.db");
    // A limit on file sizes fails writes as a full disk does.
    let script = "trap '' XFSZ; ulimit -f 800; exec \"$0\" scan \"$1\" --to \"$2\"";
    let ended: Run = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_mailcensus")])
        .args([&export, &inventory])
        .output()
        .expect("a shell")
        .into();
    assert_eq!(ended.code, 3, "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stderr.contains("the same command goes on"), "{}", ended.stderr);
    assert_eq!(scan(&[&export], &inventory).code, 0);
    assert!(dump(&inventory) == dump(&undisturbed));
}

#[test]
fn two_scans_on_one_inventory_are_refused() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("Inbox"), mbox([1])).unwrap();
    scan(&[&export], &inventory);
    let held = fs::File::open(&inventory).unwrap();
    held.lock().unwrap();
    let ended = scan(&[&export], &inventory);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("another scan"), "{}", ended.stderr);
}
