//! Files made to take long, to fill the memory, or to break the program: each has its row, and the run its end.
//!
//! The sizes here are small; `docs/fuzzing.md` has the commands and figures for the large ones.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::harness::*;

/// Scans with at most so much address space for data, so that a leak fails the test and not the machine.
fn scan_within(path: &Path, inventory: &Path, mebibytes: u64) -> (Run, Duration) {
    let mut command = Command::new("sh");
    let limit = format!("ulimit -d {}; exec \"$0\" scan \"$1\" --to \"$2\" --jobs 2", mebibytes * 1024);
    command.args(["-c", &limit, env!("CARGO_BIN_EXE_mailcensus")]).arg(path).arg(inventory);
    let start = Instant::now();
    let run = command.output().expect("a shell").into();
    (run, start.elapsed())
}

fn write_repeated(path: &Path, head: &str, part: &str, count: usize, end: &str) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    file.write_all(head.as_bytes()).unwrap();
    (0..count).for_each(|_| file.write_all(part.as_bytes()).unwrap());
    file.write_all(end.as_bytes()).unwrap();
    file.flush().unwrap();
}

fn outcomes(inventory: &Path) -> Vec<String> {
    rows(inventory, "SELECT outcome, messages FROM file WHERE outcome <> 'directory' ORDER BY path")
}

fn kinds(inventory: &Path) -> Vec<String> {
    rows(inventory, "SELECT DISTINCT kind FROM problem ORDER BY kind")
}

#[test]
fn a_mailbox_of_zeros_has_a_row_and_a_problem() {
    let (_folder, export, inventory) = workspace();
    File::create(export.join("Inbox")).unwrap().set_len(256 << 20).unwrap();
    let (ended, _) = scan_within(&export, &inventory, 512);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_ledger_holds(&inventory);
    assert_eq!(
        rows(&inventory, "SELECT outcome, detail FROM file WHERE outcome <> 'directory'"),
        ["not_mail|nothing but NUL bytes and blanks"]
    );
    assert_eq!(kinds(&inventory), ["no_message"]);
}

#[test]
fn mail_after_a_hole_is_found() {
    let (_folder, export, inventory) = workspace();
    let file = File::create(export.join("Inbox")).unwrap();
    file.write_all_at(mbox([1]).as_bytes(), 64 << 20).unwrap();
    let (ended, _) = scan_within(&export, &inventory, 512);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_ledger_holds(&inventory);
    assert_eq!(outcomes(&inventory), ["read|1"]);
}

#[test]
fn a_line_of_any_length_is_one_message() {
    let (_folder, export, inventory) = workspace();
    for (name, head) in [("body", "Subject: long line\n\n"), ("header", "Subject: long line\nX-Long: ")] {
        let file = File::create(export.join(name)).unwrap();
        file.write_all_at(format!("From a@b.example Mon Mar  6 09:00:00 2023\n{head}").as_bytes(), 0).unwrap();
        file.set_len(96 << 20).unwrap();
        let text = vec![b'x'; 1 << 20];
        (1..80).for_each(|at| file.write_all_at(&text, at << 20).unwrap());
    }
    let (ended, _) = scan_within(&export, &inventory, 512);
    assert!(ended.code <= 1, "{}", ended.stderr);
    assert_ledger_holds(&inventory);
    assert_eq!(outcomes(&inventory), ["read|1", "read|1"]);
    assert!(!kinds(&inventory).is_empty());
}

#[test]
fn three_hundred_thousand_separators_take_no_more_memory_than_a_few() {
    let (_folder, export, inventory) = workspace();
    write_repeated(&export.join("Inbox"), "", "From a@b.example Mon Mar  6 09:00:00 2023\n", 30_000, "");
    write_repeated(
        &export.join("Sent"),
        "From a@b.example Mon Mar  6 09:00:00 2023\nTo: x\n\n",
        "From \n",
        300_000,
        "",
    );
    let (ended, _) = scan_within(&export, &inventory, 768);
    assert!(ended.code <= 1, "{}", ended.stderr);
    assert_ledger_holds(&inventory);
    assert_eq!(outcomes(&inventory), ["read|30000", "read|1"]);
    assert!(kinds(&inventory).contains(&"doubtful_boundary".to_owned()));
}

#[test]
fn one_message_cannot_kill_the_program() {
    let (_folder, export, inventory) = workspace();
    let nested: String = (0..50_000)
        .map(|level| format!("Content-Type: multipart/mixed; boundary=\"b{level}\"\n\n--b{level}\n"))
        .collect();
    fs::write(export.join("deep.eml"), format!("Subject: deep\nMIME-Version: 1.0\n{nested}")).unwrap();
    let inside = "Content-Type: message/rfc822\n\n";
    write_repeated(&export.join("letters.eml"), "Subject: letters in letters\n", inside, 50_000, "end\n");
    let head = "Subject: delimiters\nContent-Type: multipart/mixed; boundary=\"cut\"\n\n";
    write_repeated(&export.join("parts.eml"), head, "--cut\n", 1_000_000, "");
    write_repeated(&export.join("nearly.eml"), head, "--cutter\n--cu\n", 500_000, "--cut--\n");
    write_repeated(&export.join("headers.eml"), "Subject: many headers\n", "X-Line: value\n", 200_000, "\nbody\n");
    write_repeated(
        &export.join("people.eml"),
        "Subject: many people\nTo: a@b.example",
        ",\n c@d.example",
        100_000,
        "\n\nx\n",
    );
    let (ended, time) = scan_within(&export, &inventory, 768);
    assert!(ended.code <= 1, "{}", ended.stderr);
    assert!(time < Duration::from_secs(120), "{time:?}");
    assert_ledger_holds(&inventory);
    assert_eq!(outcomes(&inventory), ["read|1"; 6]);
    let subjects = rows(&inventory, "SELECT subject FROM message ORDER BY subject");
    assert_eq!(subjects, ["deep", "delimiters", "delimiters", "letters in letters", "many headers", "many people"]);
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'parser_died'"), 0);
}

#[test]
fn names_may_be_anything_a_file_system_takes() {
    let (_folder, export, inventory) = workspace();
    let long = [b"l".repeat(251), b".eml".to_vec()].concat();
    let names: [&[u8]; 6] =
        [b"\x1b[31mred\x1b[0m.eml", b"two\nlines.eml", b"'; DROP TABLE file; --.eml", &long, b"\xff\xfe.eml", b" .eml"];
    for (at, name) in names.iter().enumerate() {
        fs::write(export.join(OsStr::from_bytes(name)), message(at)).unwrap();
    }
    let folder = export.join(OsStr::from_bytes(&b"d".repeat(255)));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("Inbox"), mbox([9])).unwrap();
    let ended = scan(&[&export], &inventory);
    assert!(ended.code <= 1, "{}", ended.stderr);
    assert!(!ended.stdout.contains('\x1b') && !ended.stderr.contains('\x1b'));
    assert_ledger_holds(&inventory);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message"), 7);
    let stored = rows(&inventory, "SELECT count(DISTINCT path_bytes), max(length(path_bytes)) FROM file");
    assert!(stored[0].starts_with("9|"), "{stored:?}");
}

#[test]
fn twenty_thousand_small_files_are_read_fast() {
    let (_folder, export, inventory) = workspace();
    for part in ["cur", "new", "tmp"] {
        fs::create_dir_all(export.join("ada").join(part)).unwrap();
    }
    for at in 0..20_000 {
        fs::write(export.join(format!("ada/cur/16780{at:05}.M{at}.host:2,S")), message(at)).unwrap();
    }
    let (ended, time) = scan_within(&export, &inventory, 768);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_ledger_holds(&inventory);
    assert_eq!(number(&inventory, "SELECT count(*) FROM message WHERE flags = '\\Seen'"), 20_000);
    // Seconds on any machine; a look at the whole folder for each file would take hours.
    assert!(time < Duration::from_secs(120), "{time:?}");
    let ids = "SELECT file_id, subject FROM message WHERE present = 1 ORDER BY file_id";
    let before = rows(&inventory, ids);
    fs::rename(export.join("ada"), export.join("ben")).unwrap();
    let (ended, time) = scan_within(&export, &inventory, 768);
    assert_eq!(ended.code, 1, "the old folder itself is gone: {}", ended.stderr);
    assert!(time < Duration::from_secs(120), "{time:?}");
    assert_eq!(rows(&inventory, ids), before);
}
