//! Attachments against Python's `email`, and winmail.dat against Debian's `tnef`, where these and the mail are there.

use std::path::Path;
use std::process::{Command, Output};

use crate::harness::*;

fn python(arguments: &[&std::ffi::OsStr]) -> Option<Output> {
    Command::new("python3").current_dir(repository()).args(arguments).output().ok()
}

#[test]
fn attachments_are_those_of_pythons_email() {
    let mail = repository().join("target/shared/mailboxes/enron_full_rebuilt");
    if !mail.exists() {
        println!("skipped: {} is not there", mail.display());
        return;
    }
    let (_folder, _, inventory) = workspace();
    assert_eq!(scan(&[&mail], &inventory).code, 0);
    let Some(ended) = python(&["tests/oracle/attachments.py".as_ref(), inventory.as_os_str()]) else {
        println!("skipped: there is no python3");
        return;
    };
    let text = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{text}{}", String::from_utf8_lossy(&ended.stderr));
    assert!(!text.contains(" bytes: ") && !text.contains("name: "), "{text}");
}

#[test]
fn files_in_winmail_dat_are_those_of_other_tools() {
    let (folder, _, inventory) = workspace();
    let made = folder.path().join("made");
    if python(&["tests/oracle/make_tnef.py".as_ref(), made.as_os_str()]).is_none_or(|ended| !ended.status.success()) {
        println!("skipped: there is no python3");
        return;
    }
    scan(&[Path::new(&made)], &inventory);
    let files = number(&inventory, "SELECT count(*) FROM attachment WHERE part LIKE '%.tnef.%' AND size_bytes > 0");
    // Counted by hand in tests/oracle/make_tnef.py, the messages that are attached as one file each.
    assert_eq!(files, 1 + 1 + 1 + 12 + 1 + 1 + 3 + 4 + 1 + 2 + 2 + 1 + 1 + 1 + 2 + 1);
    if Command::new("tnef").arg("--version").output().is_err() || Command::new("ytnef").output().is_err() {
        println!("skipped: Debian's tnef and ytnef are not there");
        return;
    }
    let arguments = ["tests/oracle/tnef.py".as_ref(), inventory.as_os_str(), "tnef".as_ref(), "ytnef".as_ref()];
    let ended = python(&arguments).expect("python3");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stdout));
}
