//! Goes through everything: what lies there now, every row, every byte.

use std::collections::HashMap;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, Ordering};

use super::content;
use super::finding::{Finding, Findings, Kind};
use super::listing::{Entry, Ground, is_absent, plain, what};
use super::moved::Moved;
use super::pass::{Pass, open};
use crate::model::Outcome;
use crate::model::path::display;
use crate::store::Inventory;
use crate::store::read::audit::{AuditHead, AuditRow, Part};

/// So many removed and added files are compared with each other to find renamed ones.
const COMPARED: usize = 100_000;

/// How closely files are looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Sizes and times: no proof of content.
    Times,
    /// Every byte.
    Content,
}

/// What to audit and how.
pub struct Plan<'a> {
    /// How closely.
    pub depth: Depth,
    /// Which files are looked at closely; the listing is always compared whole.
    pub part: Part,
    /// Where the export lies now.
    pub moved: &'a Moved,
    /// Set from outside to end early.
    pub stop: &'a AtomicBool,
}

/// What happens, for whoever watches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    /// The entries are being listed.
    Listing,
    /// Reading starts: bytes and files to read.
    Start {
        /// Bytes to read.
        bytes: u64,
        /// Files to read.
        files: u64,
    },
    /// So much was read since the last call.
    Read {
        /// Bytes.
        bytes: u64,
        /// Messages.
        messages: u64,
        /// Findings.
        problems: u64,
    },
}

/// What was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals {
    /// Recorded directory entries that are there.
    pub entries: u64,
    /// Regular files looked at.
    pub files: u64,
    /// Regular files in all parts.
    pub files_in_all: u64,
    /// Files with messages.
    pub mail_files: u64,
    /// Messages.
    pub messages: u64,
    /// Bytes of those files.
    pub bytes: u64,
}

/// The outcome of an audit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// How closely.
    pub depth: Depth,
    /// Which files.
    pub part: Part,
    /// What was looked at.
    pub totals: Totals,
    /// What does not agree.
    pub findings: Findings,
    /// The scan has not come to its end.
    pub is_unfinished: bool,
    /// Somebody asked for the end before everything was looked at.
    pub is_interrupted: bool,
}

impl Audit {
    /// Whether everything that was to be looked at agrees.
    pub fn agrees(&self) -> bool {
        self.findings.is_empty() && !self.is_unfinished && !self.is_interrupted
    }
}

/// An audit under way.
pub(super) struct Run<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) ground: &'a Ground<'a>,
    pub(super) plan: &'a Plan<'a>,
    pub(super) totals: Totals,
    pub(super) findings: Findings,
    pub(super) block: Vec<u8>,
    pub(super) watch: &'a mut dyn FnMut(Progress),
    /// Recorded and not there.
    gone: Vec<AuditRow>,
    /// There and not recorded.
    new: Vec<New>,
}

/// An entry that is not recorded.
struct New {
    path: Vec<u8>,
    size_bytes: u64,
    is_file: bool,
    inode: String,
    detail: String,
}

/// Compares the inventory with what lies at the scanned paths now.
///
/// # Errors
/// The store's. Trouble with the files is a finding.
pub fn audit(
    inventory: &Inventory,
    head: &AuditHead,
    plan: &Plan<'_>,
    watch: &mut dyn FnMut(Progress),
) -> anyhow::Result<Audit> {
    let ground = Ground::new(inventory, head, plan.moved);
    let (totals, findings) = (Totals::default(), Findings::default());
    let (gone, new, block) = (Vec::new(), Vec::new(), Vec::new());
    let mut run = Run { inventory, ground: &ground, plan, totals, findings, block, watch, gone, new };
    (run.watch)(Progress::Listing);
    let mut whole = run.list()?;
    if whole {
        run.totals.files_in_all = inventory.audit_total(Part::ALL)?.1;
        let (bytes, files) = inventory.audit_total(plan.part)?;
        (run.watch)(Progress::Start { bytes, files });
        whole = run.rows()?;
    }
    if whole {
        run.rename()?;
        run.orphans()?;
    }
    let is_interrupted = plan.stop.load(Ordering::Relaxed);
    run.settle();
    let Run { totals, mut findings, .. } = run;
    findings.sort();
    Ok(Audit {
        depth: plan.depth,
        part: plan.part,
        totals,
        findings,
        is_unfinished: head.is_unfinished,
        is_interrupted,
    })
}

impl Run<'_> {
    /// What is there and not recorded.
    fn list(&mut self) -> anyhow::Result<bool> {
        let (ground, stop) = (self.ground, self.plan.stop);
        ground.list(stop, &mut |entry| {
            match entry {
                Entry::Found(path, None, meta) => self.add(path, meta, what(meta).to_owned()),
                Entry::Found(path, Some(row), meta) if row.outcome == Some(Outcome::Vanished) => {
                    self.add(path, meta, format!("{}; it was gone at the last scan and is back", what(meta)));
                }
                Entry::Found(..) => self.totals.entries += 1,
                Entry::Trouble(path, error) => {
                    self.findings.push(Finding::new(Kind::Unreadable, path, plain(&error)));
                }
            }
            Ok(())
        })
    }

    fn add(&mut self, path: &[u8], meta: &Metadata, detail: String) {
        let detail = if meta.is_file() { format!("{detail} of {} bytes", meta.len()) } else { detail };
        if self.new.len() >= COMPARED {
            self.findings.push(Finding::new(Kind::Added, path, detail));
            return;
        }
        self.new.push(New {
            path: path.to_owned(),
            size_bytes: meta.len(),
            is_file: meta.is_file(),
            inode: format!("{}:{}:", meta.dev(), meta.ino()),
            detail,
        });
    }

    /// Every recorded entry. `false` if it was interrupted.
    fn rows(&mut self) -> anyhow::Result<bool> {
        let (inventory, stop) = (self.inventory, self.plan.stop);
        inventory.for_each_audit_row::<anyhow::Error>(&mut |row| {
            self.row(row)?;
            Ok(!stop.load(Ordering::Relaxed))
        })?;
        Ok(!stop.load(Ordering::Relaxed))
    }

    fn row(&mut self, row: AuditRow) -> anyhow::Result<()> {
        let Some(outcome) = row.outcome else {
            let finding = Finding::new(Kind::InventoryAltered, &row.path, "its outcome is a word that no scan writes");
            self.findings.push(finding);
            return Ok(());
        };
        if let Some(why) = never_proved(outcome) {
            let detail = if row.detail.is_empty() { why.to_owned() } else { format!("{why} ({})", row.detail) };
            self.findings.push(Finding::new(Kind::NotProved, &row.path, detail));
            return Ok(());
        }
        if !self.ground.holds(&row.path) {
            let finding = Finding::new(Kind::InventoryAltered, &row.path, "it does not lie under the scanned paths");
            self.findings.push(finding);
        }
        let meta = match self.ground.look(&row.path, Some(&row)) {
            Ok(meta) => meta,
            Err(error) if is_absent(&error) => {
                self.lose(row);
                return Ok(());
            }
            Err(error) => {
                self.findings.push(Finding::new(Kind::Unreadable, &row.path, plain(&error)));
                return Ok(());
            }
        };
        if let Some(finding) = self.ground.compare_type(&row, &meta) {
            let is_type = finding.kind == Kind::TypeChanged;
            self.findings.push(finding);
            if is_type {
                return Ok(());
            }
        }
        if row.was_hashed() {
            if self.plan.part.holds(row.file_id) { content::check(self, &row, &meta) } else { Ok(()) }
        } else {
            self.expect_no_mail(&row)
        }
    }

    /// What holds no bytes holds no messages.
    fn expect_no_mail(&mut self, row: &AuditRow) -> anyhow::Result<()> {
        let mut pieces = 0u64;
        self.inventory.for_each_audit_piece::<anyhow::Error>(row.file_id, &mut |_| {
            pieces += 1;
            Ok(false)
        })?;
        if pieces > 0 || row.messages != 0 {
            let detail = "bytes or messages are recorded for what is no file";
            self.findings.push(Finding::new(Kind::InventoryAltered, &row.path, detail));
        }
        Ok(())
    }

    fn lose(&mut self, row: AuditRow) {
        if self.gone.len() >= COMPARED {
            self.findings.push(removed(&row));
        } else {
            self.gone.push(row);
        }
    }

    /// Brings together what is gone and what is new under another name.
    fn rename(&mut self) -> anyhow::Result<()> {
        let mut by_size: HashMap<i64, Vec<usize>> = HashMap::new();
        for (at, row) in self.gone.iter().enumerate() {
            if row.was_hashed() && row.size_bytes > 0 {
                by_size.entry(row.size_bytes).or_default().push(at);
            }
        }
        let mut renamed: Vec<Option<Vec<u8>>> = vec![None; self.gone.len()];
        for new in std::mem::take(&mut self.new) {
            let same_size = by_size.get(&i64::try_from(new.size_bytes).unwrap_or(-1));
            let old = match same_size {
                Some(candidates) if new.is_file => self.find_old(&new, candidates, &renamed),
                _ => None,
            };
            match old {
                Some(at) => renamed[at] = Some(new.path),
                None => self.new.push(new),
            }
        }
        for (row, now) in std::mem::take(&mut self.gone).into_iter().zip(renamed) {
            self.findings.push(match now {
                Some(path) => Finding::new(Kind::Renamed, &row.path, format!("it lies at {} now", display(&path))),
                None => removed(&row),
            });
        }
        Ok(())
    }

    fn find_old(&mut self, new: &New, candidates: &[usize], renamed: &[Option<Vec<u8>>]) -> Option<usize> {
        let digest = match self.plan.depth {
            Depth::Content => Some(self.digest(&new.path, new.size_bytes)?),
            Depth::Times => None,
        };
        candidates.iter().copied().find(|&at| {
            let row = &self.gone[at];
            let is_same = match &digest {
                Some(digest) => row.sha256.as_ref() == Some(digest),
                None => row.stat.as_ref().is_some_and(|stat| stat.starts_with(&new.inode)),
            };
            is_same && renamed[at].is_none()
        })
    }

    fn digest(&mut self, path: &[u8], size_bytes: u64) -> Option<String> {
        let file = open(&self.ground.place(path)).ok()?;
        let mut pass = Pass::new(&file, size_bytes, &mut self.block, self.plan.stop);
        pass.reach(size_bytes, None, &mut |_| {}).then(|| pass.digest().to_hex())
    }

    /// Messages of files that have no row.
    fn orphans(&mut self) -> anyhow::Result<()> {
        let orphans = self.inventory.orphan_messages()?;
        if orphans > 0 {
            let detail = format!("the messages of {orphans} files are recorded, and the files are not");
            let path = self.inventory.path().as_os_str().as_bytes();
            self.findings.push(Finding::new(Kind::InventoryAltered, path, detail));
        }
        Ok(())
    }

    /// Whatever is still waiting for its counterpart has none.
    fn settle(&mut self) {
        for row in std::mem::take(&mut self.gone) {
            self.findings.push(removed(&row));
        }
        for new in std::mem::take(&mut self.new) {
            self.findings.push(Finding::new(Kind::Added, &new.path, new.detail));
        }
    }
}

/// Why the scan itself does not vouch for such an entry.
fn never_proved(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Pending => Some("the scan has not read it"),
        Outcome::Unreadable => Some("the scan could not read it"),
        Outcome::Changed => Some("it changed while it was scanned"),
        Outcome::Vanished => Some("it was listed and then gone"),
        _ => None,
    }
}

fn removed(row: &AuditRow) -> Finding {
    let detail = match (row.outcome, row.messages) {
        (Some(Outcome::Directory), _) => "the folder is gone".to_owned(),
        (Some(Outcome::Symlink), _) => "the symbolic link is gone".to_owned(),
        (_, 0) => "the file is gone".to_owned(),
        (_, 1) => "the file is gone, with one message".to_owned(),
        (_, messages) => format!("the file is gone, with {messages} messages"),
    };
    let finding = Finding::new(Kind::Removed, &row.path, detail);
    match u64::try_from(row.size_bytes) {
        Ok(size) if row.was_hashed() => finding.at(0, size),
        _ => finding,
    }
}
