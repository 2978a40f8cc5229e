//! A tiny inventory for tests, written by hand: two mailboxes, six messages, every trouble that a file for the client
//! must survive. The words in it are invented.

use std::path::Path;

use super::Inventory;

/// How far the scan of the tiny inventory came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// To its end.
    Done,
    /// It was stopped before the last file.
    Interrupted,
}

/// Makes the tiny inventory at `path`.
///
/// Files: 1 directory, 2 mbox of anna (220 bytes: a 10-byte gap, 3 messages), 3 mbox of boss (200 bytes, 2 messages),
/// 4 single message of boss (100 bytes) with the subject as its name, 5 PST (50 bytes, unsupported, an error),
/// 6 empty, 7 (only if interrupted) pending, 1,000 bytes.
pub(crate) fn inventory(path: &Path, state: State) -> Inventory {
    let inventory = Inventory::open_for_scan(path).expect("a new inventory");
    inventory.db.execute_batch(include_str!("tiny.sql")).expect("rows");
    if state == State::Interrupted {
        inventory
            .db
            .execute_batch(
                "INSERT INTO file (file_id, path, path_bytes, size_bytes, outcome, mailbox, folder)
                 VALUES (7, '/data/late', x'07', 1000, 'pending', 'late', 'INBOX');
                 UPDATE scan SET outcome = 'interrupted';",
            )
            .expect("rows");
    }
    inventory
}
