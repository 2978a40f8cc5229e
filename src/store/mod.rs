//! The inventory: the only place with SQL.
//!
//! One SQLite file, STRICT tables with singular names, times as `2001-05-14T23:39:00Z`, digests as lower-case hex.
//! `file` has a row for every directory entry; `message` one for every message, `present = 0` for those that a later
//! scan no longer found. What lies outside every frame is in `segment`; the view `ledger` unites both and covers every
//! regular file from 0 to its size. Classes, uses and what hangs on them are estimates; `evidence` says why.
//! `in_flight`, `rescan` and `killer` hold work in progress.
//!
//! While a scan writes, the journal is a WAL with `synchronous = FULL`; a finished inventory is one plain file.

mod ahead;
mod discover;
pub mod document;
pub mod estate;
mod evaluation;
pub mod given;
mod list;
mod message;
mod open;
mod progress;
pub mod read;
mod rows;
pub mod task;
pub mod thread;
#[cfg(test)]
pub(crate) mod tiny;
pub mod workflow;
mod write;

pub use evaluation::Evaluation;
pub use list::{ScanHead, Unpaired};
pub use message::MessageRecord;
pub use open::{APPLICATION_ID, Inventory, OpenError};
pub use progress::{PendingFile, Reader, Resume};
pub use write::{FileEnd, OpenFile};
