//! `summary.csv`: every number of the inventory in one short file, and the closing sentences.

use std::io::Write;

use super::csv::{BYTE_ORDER_MARK, csv_error, io, writer};
use super::{ExportError, Text, safe};
use crate::report::closing::{closing, segment_words};
use crate::report::{document_lines, words};
use crate::store::read::{Counts, TASK_STATUS};

/// Its header.
pub(super) const HEADER: [&str; 4] = ["part", "item", "value", "meaning"];

/// Writes the file and returns how many rows it has. `mailbox` is the one mailbox that the package is made for.
pub(super) fn write(
    counts: &Counts,
    mailbox: Option<&str>,
    text: Text,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    out.write_all(BYTE_ORDER_MARK).map_err(io)?;
    let mut csv = writer(out);
    csv.write_record(HEADER).map_err(csv_error)?;
    let rows = about(counts, mailbox, text).into_iter().chain(numbers(counts)).chain(sentences(counts));
    let mut written = 0;
    for [part, item, value, meaning] in rows {
        csv.write_record(
            [safe::cell(&part), safe::cell(&item), safe::cell(&value), safe::cell(&meaning)].map(|c| c.into_owned()),
        )
        .map_err(csv_error)?;
        written += 1;
    }
    csv.flush().map_err(io)?;
    Ok(written)
}

type Line = [String; 4];

fn line(part: &str, item: impl Into<String>, value: impl ToString, meaning: &str) -> Line {
    [part.to_owned(), item.into(), value.to_string(), meaning.to_owned()]
}

fn about(counts: &Counts, mailbox: Option<&str>, text: Text) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(mailbox) = mailbox {
        lines.push(line("about", "mailbox", mailbox, "this package holds nothing of any other mailbox"));
    }
    lines.push(line("about", "text", text.describe(), ""));
    let Some(scan) = &counts.scan else { return lines };
    lines.push(line("about", "inventory_id", &scan.inventory_id, "the same for all scans of one inventory"));
    for root in &scan.roots {
        lines.push(line("about", "scanned", root, "a path given to the last scan"));
    }
    lines.push(line("about", "version", &scan.version, "of mailcensus"));
    lines.push(line("about", "started_at", &scan.started_at, "the last scan"));
    lines.push(line("about", "finished_at", scan.finished_at.as_deref().unwrap_or(""), "the last scan"));
    let finished = if counts.is_unfinished() { "no" } else { "yes" };
    lines.push(line("about", "finished", finished, "whether every file was looked at"));
    lines
}

fn numbers(counts: &Counts) -> Vec<Line> {
    let mut lines = vec![line("proved", "entries", counts.entries(), "directory entries found")];
    for (outcome, n) in &counts.files {
        lines.push(line("proved", format!("entries {}", outcome.as_str()), n, "see files.csv"));
    }
    lines.push(line("proved", "bytes", counts.bytes_found, "of all regular files"));
    for (kind, n) in &counts.bytes {
        lines.push(line("proved", format!("bytes {}", kind.as_str()), n, segment_words(*kind)));
    }
    lines.push(line("proved", "bytes unreadable", counts.unreadable_bytes, "could not be read"));
    lines.push(line("proved", "bytes not looked at", counts.pending_bytes, "scan again"));
    lines.push(line("proved", "messages", counts.messages, "messages that are there"));
    lines.push(line("proved", "messages that are copies", counts.duplicates, "the same message also lies elsewhere"));
    lines.push(line("proved", "messages no longer there", counts.absent_messages, "seen by an earlier scan"));
    lines.push(line("proved", "mailboxes", counts.mailboxes, "see mailboxes.csv"));
    lines.push(line("proved", "folders", counts.folders, "with mail; see folders.csv"));
    lines.push(line("proved", "attachments", counts.attachments, "see documents.csv"));
    lines.push(line("proved", "attachment bytes", counts.attachment_bytes, "decoded"));
    lines.push(line(
        "proved",
        "oldest message",
        counts.first_at.as_deref().unwrap_or(""),
        "by its own date, if plausible",
    ));
    lines.push(line(
        "proved",
        "newest message",
        counts.last_at.as_deref().unwrap_or(""),
        "by its own date, if plausible",
    ));
    for (class, n) in &counts.classes {
        lines.push(line("estimated", format!("class {}", words::class(*class)), n, "the one primary reading"));
    }
    for (usage, n) in &counts.uses {
        lines.push(line("estimated", format!("use {}", words::usage(*usage)), n, "a message may have several"));
    }
    if mailbox_has_documents(counts) {
        for (part, item, value, meaning) in document_lines::lines(&counts.documents) {
            lines.push(line(part, item, value, meaning));
        }
    }
    for (status, n) in TASK_STATUS.iter().zip(counts.tasks) {
        lines.push(line("estimated", format!("tasks {status}"), n, "things to do; see tasks.csv"));
    }
    for problem in &counts.problems {
        lines.push(line("problems", format!("{} {}", problem.level, problem.kind), problem.count, "see problems.csv"));
    }
    lines
}

/// In a package for one mailbox documents are not counted: their numbers are of the whole export.
fn mailbox_has_documents(counts: &Counts) -> bool {
    counts.documents != crate::store::read::DocumentCounts::default()
}

fn sentences(counts: &Counts) -> Vec<Line> {
    let closing = closing(counts, &[]);
    let block = |part: &'static str, sentences: Vec<String>| {
        sentences.into_iter().map(move |sentence| line(part, "sentence", sentence, ""))
    };
    block("proved", closing.proved).chain(block("estimated", closing.estimated)).collect()
}
