//! `mailcensus show`: the bytes as they were sent, or as they are stored, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use crate::harness::*;

/// What `show` gave: code, bytes, complaint.
fn show(inventory: &Path, arguments: &[&str]) -> (i32, Vec<u8>, String) {
    let output = program().arg("show").arg(inventory).args(arguments).output().expect("the program starts");
    (output.status.code().unwrap_or(-1), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn ids(inventory: &Path) -> Vec<String> {
    rows(
        inventory,
        "SELECT printf('M%d-%d', message_id >> 32, message_id & 4294967295) FROM message ORDER BY message_id",
    )
}

const SENT: &str = "From: Ada <ada@wendholt.example>\nSubject: Quotes\nMessage-ID: <quotes@wendholt.example>\n\n\
                    >From the start, a body.\nFrom here on\n>>From twice\n";

/// An mboxrd with one quoted message between two others.
fn quoted() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let (folder, export, inventory) = workspace();
    let stored: String = SENT
        .split_inclusive('\n')
        .map(|line| {
            let is_quoted = line.trim_start_matches('>').starts_with("From ");
            if is_quoted { format!(">{line}") } else { line.to_owned() }
        })
        .collect();
    let from = "From ada@wendholt.example Mon Mar  6 09:00:00 2023\n";
    fs::write(export.join("Inbox"), format!("{}{from}{stored}\n{}", mbox(1..2), mbox(2..3))).unwrap();
    scan(&[&export], &inventory);
    (folder, export, inventory)
}

#[test]
fn a_quoted_message_is_what_was_sent() {
    let (_folder, export, inventory) = quoted();
    let (code, bytes, complaint) = show(&inventory, &["<quotes@wendholt.example>"]);
    assert_eq!((code, complaint.as_str()), (0, ""));
    assert_eq!(String::from_utf8(bytes).unwrap(), SENT);
    let (code, bytes, _) = show(&inventory, &["quotes@wendholt.example", "--raw"]);
    let range = "FROM message WHERE rfc_message_id = 'quotes@wendholt.example'";
    let start = number(&inventory, &format!("SELECT offset_bytes {range}")) as usize;
    let length = number(&inventory, &format!("SELECT length_bytes {range}")) as usize;
    assert_eq!((code, bytes.as_slice()), (0, &fs::read(export.join("Inbox")).unwrap()[start..start + length]));
    assert!(bytes.windows(9).any(|window| window == b"\n>>From t".as_slice() || window == b"\n>>>From "));
}

#[test]
fn every_message_of_the_fixtures_has_its_digests() {
    for fixture in ["fixtures/company", "fixtures/broken"] {
        let (_folder, _, inventory) = workspace();
        scan(&[&repository().join(fixture)], &inventory);
        let ids: Vec<String> = ids(&inventory).into_iter().step_by(7).collect();
        for id in ids {
            let digests = format!(
                "SELECT message_sha256, stored_sha256 FROM message
                 WHERE printf('M%d-%d', message_id >> 32, message_id & 4294967295) = '{id}'"
            );
            let expected = rows(&inventory, &digests).remove(0);
            let digest = |options: &[&str]| {
                let (code, bytes, complaint) = show(&inventory, &[&[id.as_str()], options].concat());
                assert_eq!((code, complaint.as_str()), (0, ""), "{id}");
                format!("{:x}", Digest(Sha256::digest(&bytes).into()))
            };
            assert_eq!(format!("{}|{}", digest(&[]), digest(&["--raw"])), expected, "{id}");
        }
    }
}

/// A digest in hexadecimal.
struct Digest([u8; 32]);

impl std::fmt::LowerHex for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[test]
fn a_digest_or_its_beginning_names_a_message() {
    let (_folder, _, inventory) = quoted();
    for column in ["message_sha256", "stored_sha256", "fingerprint"] {
        let hex = rows(&inventory, &format!("SELECT {column} FROM message WHERE subject = 'Quotes'")).remove(0);
        for name in [hex.as_str(), &hex[..8], &hex[..20].to_uppercase()] {
            assert_eq!(show(&inventory, &[name]).1, SENT.as_bytes(), "{column} {name}");
        }
        assert_eq!(show(&inventory, &[&hex[..7]]).0, 2);
    }
}

#[test]
fn a_name_of_several_lists_them() {
    let (_folder, export, inventory) = workspace();
    let hostile = message(1).replace("Subject: Delivery 1", "Subject: =?utf-8?q?clear_=1B[2J?=");
    fs::write(export.join("a.eml"), hostile).unwrap();
    fs::write(export.join("b.eml"), message(1)).unwrap();
    scan(&[&export], &inventory);
    let (code, bytes, complaint) = show(&inventory, &["<delivery-1@wendholt.example>"]);
    assert_eq!((code, bytes.as_slice()), (2, b"".as_slice()));
    for id in ids(&inventory) {
        assert!(complaint.contains(&format!("{id}  export  INBOX  2023-03-06T08:01:00Z  ")), "{complaint}");
    }
    assert!(!complaint.contains('\u{1b}') && complaint.contains("clear \\u{1b}[2J"), "{complaint}");
    let (code, _, complaint) = show(&inventory, &["nobody@nowhere.example"]);
    assert_eq!(code, 2);
    assert!(complaint.contains("hint: "), "{complaint}");
}

#[test]
fn a_source_that_changed_is_no_success() {
    let (_folder, export, inventory) = quoted();
    let path = export.join("Inbox");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("a body", "a Body")).unwrap();
    let (code, bytes, complaint) = show(&inventory, &["quotes@wendholt.example"]);
    assert_eq!(code, 1);
    assert!(String::from_utf8(bytes).unwrap().contains("a Body"));
    assert!(complaint.contains("changed since") && complaint.contains("hint: "), "{complaint}");
    assert_eq!(show(&inventory, &["delivery-1@wendholt.example"]).0, 0, "its neighbour is as it was");
    fs::write(&path, &text[..200]).unwrap();
    assert_eq!(show(&inventory, &["delivery-2@wendholt.example", "--raw"]).0, 1);
    fs::remove_file(&path).unwrap();
    let (code, bytes, complaint) = show(&inventory, &["quotes@wendholt.example"]);
    assert_eq!((code, bytes.as_slice()), (1, b"".as_slice()));
    assert!(complaint.contains("the file is gone"), "{complaint}");
}

#[test]
fn an_export_that_moved_is_found() {
    let (folder, export, inventory) = quoted();
    let elsewhere = folder.path().join("elsewhere");
    fs::rename(&export, &elsewhere).unwrap();
    let moved = format!("{}={}", export.display(), elsewhere.display());
    assert_eq!(show(&inventory, &["quotes@wendholt.example", "--moved", &moved]).1, SENT.as_bytes());
}

/// `script` gives the program a terminal of its own.
#[test]
fn a_terminal_is_not_driven_by_mail() {
    let (_folder, export, inventory) = workspace();
    fs::write(export.join("a.eml"), format!("{}\u{1b}]0;title\u{7}end\n", message(1))).unwrap();
    scan(&[&export], &inventory);
    let name = "delivery-1@wendholt.example";
    assert!(show(&inventory, &[name]).1.contains(&0x1b), "a pipe gets every byte");
    let line = format!("{} show {} {name}", env!("CARGO_BIN_EXE_mailcensus"), inventory.display());
    let output = Command::new("script").args(["-qec", &line, "/dev/null"]).stdin(Stdio::null()).output();
    let Ok(output) = output else { return }; // not everywhere
    let seen = String::from_utf8_lossy(&output.stdout);
    assert!(seen.contains("\\u{1b}]0;title\\u{7}end") && !seen.contains('\u{1b}'), "{seen}");
}
