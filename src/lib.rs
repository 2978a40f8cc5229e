//! mailcensus finds every message in exported mailboxes, says what each was used for, and proves that nothing was lost.
//!
//! # The way the data flows
//!
//! ```text
//! paths -> source -> framing -> parse -> signal -> classify -> store -> discover -> store -> export, report, verify
//! ```
//!
//! A line of code belongs to the first step that has all it needs. `scan` wires the steps and is the only place with
//! threads; `command` holds one verb a file; `ui` is the only place that prints.
//!
//! # Invariants
//!
//! 1. A source is never opened for writing, moved or deleted.
//! 2. Every byte of every regular file under the given paths is in exactly one ledger segment, and every directory
//!    entry has a row. Nothing is skipped silently.
//! 3. `parse`, `signal`, `classify` are pure: no I/O, no clock, no randomness.
//! 4. Bad mail is a `problem` row, never an error and never a panic.
//! 5. The inventory does not depend on the number of threads, on the order in which the file system lists things, or
//!    on being killed and started again.
//! 6. Every use has evidence, and every piece of evidence has a place a person can look at.
//! 7. Text from mail is hostile wherever it goes.
//! 8. Memory is bounded: it does not grow with the size of a mailbox, a file or a message.
//! 9. An unknown outcome is a failure: nothing is green that was not looked at.

pub mod model;

pub mod source;

pub mod framing;

pub mod parse;

pub mod signal;

pub mod classify;

pub mod store;

pub mod discover;

pub mod export;

pub mod verify;

pub mod report;

pub mod scan;

pub mod command;

pub mod cli;

pub mod exit;

pub mod ui;
