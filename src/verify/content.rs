//! One file against its rows: size, digest, a place for every byte, and every message.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;

use sha2::{Digest as _, Sha256};

use super::audit::{Depth, Progress, Run};
use super::finding::{Finding, Findings, Kind};
use super::listing::plain;
use super::pass::{Halt, Pass, open};
use crate::model::{Digest, MessageId};
use crate::store::read::audit::{AuditMessage, AuditPiece, AuditRow};

/// So many different messages of one file are named.
const NAMED: usize = 10_000;

/// Checks a regular file whose bytes were all read by the scan.
///
/// # Errors
/// The store's.
pub(super) fn check(run: &mut Run<'_>, row: &AuditRow, meta: &Metadata) -> anyhow::Result<()> {
    let Ok(size) = u64::try_from(row.size_bytes) else {
        run.findings.push(Finding::new(Kind::InventoryAltered, &row.path, "its recorded size is no number of bytes"));
        return Ok(());
    };
    let opened = match run.plan.depth {
        Depth::Times => {
            let finding = compare_times(row, meta, size, run.ground.is_moved(&row.path));
            finding.into_iter().for_each(|finding| run.findings.push(finding));
            None
        }
        Depth::Content => {
            match open(&run.ground.place(&row.path)).and_then(|file| file.metadata().map(|m| (file, m))) {
                Ok((file, meta)) if meta.is_file() => Some((file, meta)),
                Ok(_) => {
                    run.findings.push(Finding::new(
                        Kind::ChangedMeanwhile,
                        &row.path,
                        "it is no regular file any more",
                    ));
                    return Ok(());
                }
                Err(error) => {
                    run.findings.push(Finding::new(Kind::Unreadable, &row.path, plain(&error)));
                    None
                }
            }
        }
    };
    let before = run.findings.total();
    let Run { inventory, plan, findings, block, watch, .. } = run;
    let mut pass = opened.as_ref().map(|(file, meta)| Pass::new(file, size.min(meta.len()), block, plan.stop));
    let mut ledger = Ledger { row, size, expected: 0, sum: 0, messages: 0, agrees: true };
    let mut messages = Messages::default();
    let mut checked = 0; // messages that the watch has not heard of
    inventory.for_each_audit_piece::<anyhow::Error>(row.file_id, &mut |piece| {
        ledger.take(&piece, findings);
        if let (Some(message), Some(pass)) = (&piece.message, &mut pass)
            && lies_in(message, &piece)
        {
            checked += 1;
            messages.check(message, pass, &mut |bytes| {
                watch(Progress::Read { bytes, messages: std::mem::take(&mut checked), problems: 0 });
            });
        }
        Ok(!pass.as_ref().is_some_and(Pass::was_asked_to_stop))
    })?;
    if pass.as_ref().is_some_and(Pass::was_asked_to_stop) {
        return Ok(());
    }
    ledger.finish(findings);
    run.totals.messages += ledger.messages;
    run.totals.mail_files += u64::from(ledger.messages > 0);
    run.totals.files += 1;
    if let (Some((file, meta)), Some(mut pass)) = (&opened, pass) {
        pass.reach(size.min(meta.len()), None, &mut |bytes| {
            watch(Progress::Read { bytes, messages: 0, problems: 0 });
        });
        run.totals.bytes += pass.at();
        verdict(row, size, &pass, messages, (file, meta), findings);
    } else if plan.depth == Depth::Times {
        run.totals.bytes += size;
    }
    watch(Progress::Read { bytes: 0, messages: checked, problems: findings.total() - before });
    Ok(())
}

/// Size and times against those noted when the file was read.
fn compare_times(row: &AuditRow, meta: &Metadata, size: u64, is_moved: bool) -> Option<Finding> {
    if meta.len() != size {
        return Some(resized(row, size, meta.len(), "its content was not looked at"));
    }
    let stat = row.stat.as_deref().unwrap_or_default();
    let mut parts = stat.split(':');
    let place = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (modified, changed) = (parts.nth(1)?, parts.next()?);
    let shown = |seconds: i64, nanos: i64| format!("{seconds}.{nanos:09}");
    let now = shown(meta.mtime(), meta.mtime_nsec());
    if now != modified {
        let detail = format!("same size, content changed at {now} instead of {modified} (seconds since 1970)");
        return Some(Finding::new(Kind::TimesChanged, &row.path, detail));
    }
    // A copy has times of its own for the inode.
    let is_same_inode = !is_moved && place == (meta.dev().to_string(), meta.ino().to_string());
    let now = shown(meta.ctime(), meta.ctime_nsec());
    (is_same_inode && now != changed).then(|| {
        let detail = format!("same size and time of content, but the entry changed at {now} instead of {changed}");
        Finding::new(Kind::TimesChanged, &row.path, detail)
    })
}

fn resized(row: &AuditRow, was: u64, is: u64, detail: &str) -> Finding {
    let kind = if is > was { Kind::Appended } else { Kind::Truncated };
    let detail = format!("it had {was} bytes and has {is} now; {detail}");
    Finding::new(kind, &row.path, detail).at(was.min(is), was.max(is))
}

fn lies_in(message: &AuditMessage, piece: &AuditPiece) -> bool {
    let end = |offset: i64, length: i64| if offset < 0 || length < 0 { None } else { offset.checked_add(length) };
    match (end(message.offset_bytes, message.length_bytes), end(piece.offset_bytes, piece.length_bytes)) {
        (Some(message_end), Some(piece_end)) => message.offset_bytes >= piece.offset_bytes && message_end <= piece_end,
        _ => false,
    }
}

/// Does every byte have one place?
struct Ledger<'a> {
    row: &'a AuditRow,
    size: u64,
    expected: u64,
    sum: u128,
    messages: u64,
    agrees: bool,
}

impl Ledger<'_> {
    fn found(&mut self, kind: Kind, detail: String) -> Finding {
        self.agrees = false;
        Finding::new(kind, &self.row.path, detail)
    }

    fn take(&mut self, piece: &AuditPiece, findings: &mut Findings) {
        let id = piece.message.as_ref().map(|message| message.message_id);
        self.messages += u64::from(id.is_some());
        let (Ok(offset), Ok(length)) = (u64::try_from(piece.offset_bytes), u64::try_from(piece.length_bytes)) else {
            findings.push(self.found(Kind::InventoryAltered, "a range that is no range of bytes".to_owned()).of(id));
            return;
        };
        let end = offset + length; // both are below 2^63
        if offset > self.expected {
            let hole = offset - self.expected;
            let finding = self.found(Kind::Hole, format!("{hole} bytes have no place in the ledger"));
            findings.push(finding.at(self.expected, offset).of(id));
        } else if offset < self.expected && length > 0 {
            let finding = self.found(Kind::Overlap, "these bytes have two places in the ledger".to_owned());
            findings.push(finding.at(offset, end.min(self.expected)).of(id));
        }
        self.expected = self.expected.max(end);
        self.sum += u128::from(length);
        if let Some(message) = &piece.message
            && !lies_in(message, piece)
        {
            let (at, long) = (message.offset_bytes, message.length_bytes);
            let detail = format!("the message is recorded with {long} bytes at {at}, which is outside its own frame");
            let start = u64::try_from(at).unwrap_or(0);
            let finding = self.found(Kind::InventoryAltered, detail);
            findings.push(finding.at(start, start.saturating_add(u64::try_from(long).unwrap_or(0))).of(id));
        }
    }

    fn finish(&mut self, findings: &mut Findings) {
        let (expected, size, sum) = (self.expected, self.size, self.sum);
        if expected < size {
            let detail = format!("{} bytes have no place in the ledger", size - expected);
            findings.push(self.found(Kind::Hole, detail).at(expected, size));
        } else if expected > size {
            let detail = format!("the ledger goes on for {} bytes after the end of the file", expected - size);
            findings.push(self.found(Kind::Overlap, detail).at(size, expected));
        } else if self.agrees && sum != u128::from(size) {
            let detail = format!("the ledger sums up to {sum} bytes, the file has {size}");
            findings.push(self.found(Kind::Hole, detail));
        }
        if i64::try_from(self.messages) != Ok(self.row.messages) {
            let detail =
                format!("{} messages are recorded for the file and {} are there", self.row.messages, self.messages);
            findings.push(Finding::new(Kind::MessageCount, &self.row.path, detail));
        }
    }
}

/// A message whose bytes have another digest.
struct Different {
    id: MessageId,
    start: u64,
    end: u64,
    digest: Digest,
    recorded: String,
}

/// What became of the messages of one file.
#[derive(Default)]
struct Messages {
    /// At most [`NAMED`] of them.
    different: Vec<Different>,
    different_total: u64,
    /// Those that lie beyond the present end: how many, and the first.
    lost: u64,
    first_lost: Option<MessageId>,
}

impl Messages {
    fn check(&mut self, message: &AuditMessage, pass: &mut Pass<'_>, read: &mut dyn FnMut(u64)) {
        let start = message.offset_bytes as u64; // not negative: it lies in its frame
        let end = start + message.length_bytes as u64;
        if start < pass.at() {
            return; // overlaps what came before, which was found already
        }
        let mut sha256 = Sha256::new();
        if pass.reach(start, None, read) && pass.reach(end, Some(&mut sha256), read) {
            let digest = Digest(sha256.finalize().into());
            if digest.to_hex() != message.stored_sha256 {
                self.different_total += 1;
                if self.different.len() < NAMED {
                    let recorded = message.stored_sha256.clone();
                    self.different.push(Different { id: message.message_id, start, end, digest, recorded });
                }
            }
        } else {
            self.lost += 1;
            self.first_lost.get_or_insert(message.message_id);
        }
    }

    fn first_different(&self) -> Option<MessageId> {
        self.different.first().map(|different| different.id)
    }

    /// Names each message whose digest differs.
    fn name(self, row: &AuditRow, file_agrees: bool, findings: &mut Findings) {
        let unnamed = self.different_total - self.different.len() as u64;
        for Different { id, start, end, digest, recorded } in self.different {
            let (kind, why) = if file_agrees {
                (
                    Kind::InventoryAltered,
                    "; the file as a whole has the recorded digest, so the row was changed and not the mail",
                )
            } else {
                (Kind::MessageChanged, "")
            };
            let detail = format!("its bytes have the SHA-256 {digest}, recorded is {recorded}{why}");
            findings.push(Finding::new(kind, &row.path, detail).at(start, end).of(Some(id)));
        }
        if unnamed > 0 {
            let detail = format!("{unnamed} more messages of the file are different");
            findings.push(Finding::new(Kind::ContentChanged, &row.path, detail));
        }
    }
}

/// Brings together what one pass showed.
fn verdict(
    row: &AuditRow,
    size: u64,
    pass: &Pass<'_>,
    messages: Messages,
    (file, meta): (&File, &Metadata),
    findings: &mut Findings,
) {
    match pass.halt() {
        Some(Halt::Asked) => return,
        Some(Halt::Broken(error)) => {
            findings.push(Finding::new(Kind::Unreadable, &row.path, plain(error)).at(pass.at(), size));
            return messages.name(row, false, findings);
        }
        None => {}
    }
    let times = |meta: &Metadata| (meta.len(), meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec());
    if !file.metadata().is_ok_and(|after| times(&after) == times(meta)) {
        findings.push(Finding::new(Kind::ChangedMeanwhile, &row.path, "it was written while it was read"));
    }
    let digest = pass.digest().to_hex();
    let agrees = row.sha256.as_deref() == Some(&digest);
    if meta.len() < size {
        let mut detail = match messages.lost {
            0 => "no message was there".to_owned(),
            1 => "one message is cut or gone".to_owned(),
            lost => format!("{lost} messages are cut or gone, from this one on"),
        };
        if messages.different_total > 0 {
            detail.push_str(&format!("; {} before them are different", messages.different_total));
        }
        let first = messages.first_lost.or(messages.first_different());
        findings.push(resized(row, size, meta.len(), &detail).of(first));
    } else if meta.len() > size && agrees {
        findings.push(resized(row, size, meta.len(), "the bytes before are the same"));
        messages.name(row, true, findings);
    } else if meta.len() > size {
        let first = messages.different.first().map(|different| (different.start, different.id));
        let detail = format!(
            "it had {size} bytes and has {} now, and those before are different as well; {} messages are no longer where they were",
            meta.len(),
            messages.different_total
        );
        let start = first.map_or(0, |(start, _)| start);
        let finding = Finding::new(Kind::ContentChanged, &row.path, detail).at(start, meta.len());
        findings.push(finding.of(first.map(|(_, id)| id)));
    } else if let Some(recorded) = row.sha256.as_deref().filter(|_| !agrees && messages.different_total == 0) {
        let place = if row.messages > 0 { "; no message differs, so it is a byte between or around them" } else { "" };
        let detail = format!("the file has the SHA-256 {digest}, recorded is {recorded}{place}");
        findings.push(Finding::new(Kind::ContentChanged, &row.path, detail));
    } else if row.sha256.is_none() {
        findings.push(Finding::new(Kind::InventoryAltered, &row.path, "the file has no recorded SHA-256"));
        messages.name(row, false, findings);
    } else {
        messages.name(row, agrees, findings);
    }
}
