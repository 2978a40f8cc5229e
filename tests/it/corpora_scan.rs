//! The whole program on real mail, where it lies beside the repository: no crash, every entry a row, every ledger whole.

use std::path::PathBuf;

use crate::harness::*;

/// The folder with the unpacked mail; `None`, and a word about it, where there is none.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("MAILCENSUS_SHARED").map_or_else(|| repository().join("target/shared"), PathBuf::from);
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: no shared mail at {}", path.display());
    None
}

/// Counts directory entries with a program that is not ours.
fn entries_by_find(path: &std::path::Path) -> i64 {
    let found = std::process::Command::new("find").arg(path).args(["-printf", "x"]).output().expect("find");
    found.stdout.len() as i64
}

#[test]
fn every_entry_of_the_corpora_is_a_row() {
    let Some(corpora) = shared("corpora") else { return };
    let (_folder, _, inventory) = workspace();
    let ended = scan(&[&corpora], &inventory);
    assert_eq!(ended.code, 1, "there are stores that are not read: {}", ended.stderr);
    assert_ledger_holds(&inventory);
    assert_eq!(number(&inventory, "SELECT count(*) FROM file"), entries_by_find(&corpora));
    assert_eq!(number(&inventory, "SELECT count(*) FROM problem WHERE kind = 'parser_died'"), 0);
    // One message a file in MH, whatever lies in it.
    assert_eq!(
        number(&inventory, "SELECT count(*) FROM message JOIN file USING (file_id) WHERE path LIKE '%/s8-mh/%'"),
        600
    );
    assert_eq!(
        number(&inventory, "SELECT count(*) FROM in_flight") + number(&inventory, "SELECT count(*) FROM rescan"),
        0
    );
}

#[test]
fn every_single_file_of_the_mailboxes_is_one_message() {
    for folder in ["mailboxes/spamassassin", "mailboxes/enron_full_rebuilt", "mailboxes/berkeley_enron"] {
        let Some(mailbox) = shared(folder) else { return };
        let (_folder, _, inventory) = workspace();
        let ended = scan(&[&mailbox], &inventory);
        assert_eq!(ended.code, 0, "{folder}: {}", ended.stdout);
        assert_ledger_holds(&inventory);
        let files = number(&inventory, "SELECT count(*) FROM file WHERE outcome <> 'directory'");
        assert_eq!(number(&inventory, "SELECT count(*) FROM message"), files, "{folder}");
        assert_eq!(number(&inventory, "SELECT max(messages) FROM file"), 1, "{folder}");
    }
}

#[test]
fn evidence_stands_where_it_says() {
    let Some(mailbox) = shared("mailboxes/enron_full_rebuilt") else { return };
    let (_folder, _, inventory) = workspace();
    scan(&[&mailbox], &inventory);
    let bare = number(
        &inventory,
        "SELECT count(*) FROM message_use u WHERE NOT EXISTS (
           SELECT 1 FROM evidence e WHERE e.message_id = u.message_id AND e.subject LIKE '%' || u.use AND e.place <> '')",
    );
    assert_eq!(bare, 0);
}
