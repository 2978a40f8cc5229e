//! Wires the steps: one thread finds and frames, the workers read messages, the caller's thread is the one writer.
//! The only file with threads.
//!
//! Work travels in jobs: a group of small files, or consecutive frames of a large one. Jobs are numbered in file order
//! and committed in that order, so the inventory does not depend on who finishes first. The bytes of all jobs under way
//! stay within a budget, which also bounds the channels.

pub mod beside;
mod counts;
pub mod message;
mod probe;
pub mod read;
mod renames;
mod supplied;
mod work;

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};

use crate::classify::Classifier;
use crate::model::{Digest, FileId};
use crate::source::{Roots, walk};
use crate::store::{FileEnd, Inventory, OpenFile, ScanHead};
use work::{Done, Feed, Job, Record, work};

pub use probe::probe;

/// Bytes of jobs under way at the same time.
const BUDGET_BYTES: u64 = 96 << 20;
/// How often the entries are listed again because something was still changing.
const ROUNDS: usize = 3;

/// What to scan and how.
pub struct Plan<'a> {
    /// The given paths.
    pub roots: &'a Roots,
    /// Worker threads, at least 1.
    pub jobs: usize,
    /// Follow links to places outside the given paths.
    pub follow_links: bool,
    /// Something new was said of the estate, so that it must be found anew.
    pub told: bool,
    /// Reads messages for their use.
    pub classifier: Arc<Classifier>,
    /// What goes into the `scan` row.
    pub head: ScanHead,
    /// Seconds since 1970, asked at the end.
    pub now: fn() -> i64,
    /// Set from outside to end the scan early.
    pub stop: Arc<AtomicBool>,
    /// The program to run for messages under suspicion of killing the parser.
    pub program: PathBuf,
}

/// What happens, for whoever watches.
pub trait Watch {
    /// Reading starts: bytes and files to read.
    fn start(&mut self, bytes: u64, files: u64);
    /// So much has been committed since the last call.
    fn progress(&mut self, bytes: u64, messages: u64, problems: u64);
    /// A new stage, in words.
    fn stage(&mut self, what: &str);
    /// Everything is over.
    fn end(&mut self);
}

/// How a scan ended.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum ScanEnd {
    /// Every file was looked at.
    Done,
    /// Somebody asked for the end; the same command goes on.
    Interrupted,
}

/// What one scan read.
#[derive(Debug, Default, Clone, Copy)]
pub struct ScanTotals {
    /// Files.
    pub files: u64,
    /// Messages.
    pub messages: u64,
    /// Bytes.
    pub bytes: u64,
}

/// One worker for each processor.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Digest of everything that decides how a file is read: two files read with the same need not be read twice.
fn parsed_with(head: &ScanHead) -> Digest {
    use sha2::Digest as _;
    let text = format!(
        "{}\n{}\n{}\n{}\n{}",
        head.version,
        head.rules_sha256,
        head.model_sha256,
        crate::parse::identity::IDENTITY_VERSION,
        crate::parse::FACTS_VERSION
    );
    Digest(sha2::Sha256::digest(text.as_bytes()).into())
}

/// Scans into `inventory`. The inventory is consistent whatever happens.
///
/// # Errors
/// The store's: a full or failing disk, an inventory that fails its own check.
pub fn scan(inventory: &Inventory, plan: &Plan, watch: &mut dyn Watch) -> anyhow::Result<(ScanEnd, ScanTotals)> {
    // A panic over a message becomes a problem of that message; what it says may be text of the message.
    std::panic::set_hook(Box::new(|_| {}));
    inventory.begin()?;
    let seed = format!("{} {} {} {}", plan.head.started_at, plan.head.host, std::process::id(), plan.head.roots);
    let inventory_id = sha256_hex(seed.as_bytes())[..32].to_owned();
    let unfinished = inventory.is_unfinished()?;
    let scan_id = inventory.begin_scan(&plan.head, &inventory_id)?;
    inventory.commit()?;
    let mut totals = ScanTotals::default();
    let mut worked = unfinished || plan.told;
    let result = rounds(inventory, plan, scan_id, watch, &mut totals, &mut worked);
    watch.end();
    let read = [totals.files, totals.messages, totals.bytes];
    match result {
        Ok(ScanEnd::Done) => {
            if worked {
                finish(inventory)?;
            }
            inventory.begin()?;
            inventory.end_scan(scan_id, "done", (plan.now)(), read)?;
            inventory.commit()?;
            Ok((ScanEnd::Done, totals))
        }
        Ok(ScanEnd::Interrupted) => {
            inventory.begin()?;
            inventory.end_scan(scan_id, "interrupted", (plan.now)(), read)?;
            inventory.commit()?;
            Ok((ScanEnd::Interrupted, totals))
        }
        Err(error) => {
            // The disk may be full: the row is a courtesy, the error is the answer.
            let _ = inventory.rollback();
            let _ = inventory.end_scan(scan_id, "failed", (plan.now)(), read);
            Err(error)
        }
    }
}

/// Makes one checked file of the inventory; only then is the scan done.
fn finish(inventory: &Inventory) -> anyhow::Result<()> {
    let busy = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            anyhow::anyhow!("another program has the inventory open; close it")
        }
        _ => error.into(),
    };
    inventory.stop_writing().map_err(busy)?;
    let reader = inventory.reader()?;
    let (damage, orphan) = std::thread::scope(|scope| {
        let orphan = scope.spawn(move || reader.find_orphan());
        (inventory.find_damage(), orphan.join())
    });
    let orphan = orphan.map_err(|_| anyhow::anyhow!("a fault of this program while it checked; please report it"))?;
    match damage.map_err(busy)?.or(orphan.map_err(busy)?) {
        Some(found) => anyhow::bail!("the inventory fails its own check: {found}"),
        None => Ok(()),
    }
}

fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(bytes).into()).to_hex()
}

fn rounds(
    inventory: &Inventory,
    plan: &Plan,
    scan_id: i64,
    watch: &mut dyn Watch,
    totals: &mut ScanTotals,
    worked: &mut bool,
) -> anyhow::Result<ScanEnd> {
    // The last round lists only: what is still changing then stays pending, and the inventory unfinished.
    for round in 0..=ROUNDS {
        watch.stage(if round == 0 { "listing" } else { "listing again" });
        let listed = list(inventory, plan, scan_id, round)?;
        *worked |= listed.changed;
        if listed.to_read == 0 && round > 0 {
            break;
        }
        if listed.to_read == 0 && !*worked {
            return Ok(ScanEnd::Done);
        }
        *worked = true;
        if round == ROUNDS {
            break;
        }
        inventory.start_writing()?;
        let killers = probe::find_killers(inventory, &plan.program)?;
        if read_pending(inventory, plan, killers, watch, totals)? == ScanEnd::Interrupted {
            return Ok(ScanEnd::Interrupted);
        }
    }
    watch.stage("bringing together");
    inventory.begin()?;
    counts::read(inventory)?;
    supplied::check(inventory)?;
    inventory.commit()?;
    unchecked(inventory, || Ok(crate::discover::discover(inventory)?))?;
    Ok(ScanEnd::Done)
}

/// Does what writes much and deletes nothing that others refer to; what rows refer to is checked in the end.
fn unchecked(inventory: &Inventory, write: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<()> {
    inventory.check_references(false)?;
    write()?;
    Ok(inventory.check_references(true)?)
}

/// What a listing found.
struct Listed {
    /// Files to read.
    to_read: u64,
    /// Something is not as the inventory had it, even if there is nothing to read.
    changed: bool,
}

/// Lists every entry in one transaction.
fn list(inventory: &Inventory, plan: &Plan, scan_id: i64, round: usize) -> anyhow::Result<Listed> {
    let with = parsed_with(&plan.head);
    inventory.begin()?;
    let before = inventory.last_file_id()?;
    let mut changed = false;
    let again = round > 0;
    walk(plan.roots, plan.follow_links, &mut |entry| {
        changed |= inventory.list(scan_id, &entry, &with, again)?;
        Ok::<(), rusqlite::Error>(())
    })?;
    changed |= renames::settle_unlisted(inventory, plan.roots, scan_id, before)?;
    let to_read = inventory.pending_total()?.1;
    inventory.commit()?;
    Ok(Listed { to_read, changed })
}

/// What may be under way: jobs and their bytes. Few jobs, so that little is read twice after a kill.
pub(crate) struct Budget {
    free: Mutex<(u64, usize)>,
    freed: Condvar,
}

impl Budget {
    fn new(workers: usize) -> Budget {
        Budget { free: Mutex::new((BUDGET_BYTES, 3 * workers + 2)), freed: Condvar::new() }
    }

    /// Waits until one more job of so many bytes may start; more than there are at all counts as all of them.
    pub(crate) fn take(&self, bytes: u64) -> u64 {
        let share = bytes.clamp(1, BUDGET_BYTES);
        let mut free = self.free.lock().unwrap_or_else(|e| e.into_inner());
        while free.0 < share || free.1 == 0 {
            free = self.freed.wait(free).unwrap_or_else(|e| e.into_inner());
        }
        free.0 -= share;
        free.1 -= 1;
        share
    }

    fn give_back(&self, share: u64, jobs: usize) {
        let mut free = self.free.lock().unwrap_or_else(|e| e.into_inner());
        free.0 += share;
        free.1 += jobs;
        self.freed.notify_all();
    }
}

/// What the writer hears.
pub(crate) enum Event {
    /// A job that may start once its range is noted.
    Dispatch(Job),
    /// A job that is done.
    Done(Done),
    /// A worker or the feeder met a fault of this program outside any one message.
    Broken,
    /// No more jobs will come.
    Fed(rusqlite::Result<()>),
}

fn read_pending(
    inventory: &Inventory,
    plan: &Plan,
    killers: HashSet<(FileId, u64)>,
    watch: &mut dyn Watch,
    totals: &mut ScanTotals,
) -> anyhow::Result<ScanEnd> {
    let (bytes, files) = inventory.pending_total()?;
    watch.start(bytes, files);
    let budget = Budget::new(plan.jobs.max(1));
    let halt = AtomicBool::new(false);
    let killers = Arc::new(killers);
    let reader = inventory.reader()?;
    let (events, inbox) = channel();
    let (jobs, queue) = channel();
    let queue = Mutex::new(queue);
    std::thread::scope(|scope| {
        let feed_events = events.clone();
        let (budget, halt, queue) = (&budget, &halt, &queue);
        scope.spawn(move || {
            let mut feed = Feed::new(&reader, budget, halt, &plan.stop, feed_events.clone());
            let fed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| feed.run()));
            let _ = feed_events.send(fed.map_or(Event::Broken, Event::Fed));
        });
        for _ in 0..plan.jobs.max(1) {
            let (events, killers) = (events.clone(), Arc::clone(&killers));
            let classifier = Arc::clone(&plan.classifier);
            scope.spawn(move || work(queue, &events, &classifier, &killers, halt));
        }
        drop(events);
        let mut writer = Writer::new(inventory, parsed_with(&plan.head), totals, watch);
        let result = unchecked(inventory, || writer.run(&inbox, jobs, budget));
        // Whatever happened: nobody may wait for a share that never comes.
        halt.store(true, Ordering::Relaxed);
        budget.give_back(u64::MAX / 2, usize::MAX / 2);
        result
    })?;
    Ok(if plan.stop.load(Ordering::Relaxed) { ScanEnd::Interrupted } else { ScanEnd::Done })
}

/// The one writer.
struct Writer<'a> {
    inventory: &'a Inventory,
    parsed_with: Digest,
    totals: &'a mut ScanTotals,
    watch: &'a mut dyn Watch,
    next: u64,
    waiting: BTreeMap<u64, Done>,
    open: Option<OpenFile>,
    fed: Option<rusqlite::Result<()>>,
    dispatched: u64,
}

impl<'a> Writer<'a> {
    fn new(
        inventory: &'a Inventory,
        parsed_with: Digest,
        totals: &'a mut ScanTotals,
        watch: &'a mut dyn Watch,
    ) -> Writer<'a> {
        let waiting = BTreeMap::new();
        Writer { inventory, parsed_with, totals, watch, next: 0, waiting, open: None, fed: None, dispatched: 0 }
    }

    fn run(&mut self, inbox: &Receiver<Event>, jobs: Sender<Job>, budget: &Budget) -> anyhow::Result<()> {
        while self.fed.is_none() || self.next < self.dispatched {
            let Ok(first) = inbox.recv() else { anyhow::bail!("a worker ended before its work was done") };
            self.inventory.begin()?;
            let mut ready = Vec::new();
            for event in std::iter::once(first).chain(inbox.try_iter()) {
                match event {
                    Event::Dispatch(job) => {
                        for (file, offset, length) in job.ranges() {
                            self.inventory.take_off(file, offset, length)?;
                        }
                        self.dispatched += 1;
                        ready.push(job);
                    }
                    Event::Done(done) => {
                        self.waiting.insert(done.number, done);
                    }
                    Event::Fed(result) => self.fed = Some(result),
                    Event::Broken => anyhow::bail!("a fault of this program while it read; please report it"),
                }
            }
            let (mut shares, mut ended) = (0, 0);
            while let Some(done) = self.waiting.remove(&self.next) {
                shares += done.share;
                ended += 1;
                self.write(done)?;
                self.next += 1;
            }
            self.inventory.commit()?;
            for job in ready {
                let _ = jobs.send(job);
            }
            budget.give_back(shares, ended);
        }
        match self.fed.take() {
            Some(Err(error)) => Err(error.into()),
            _ => Ok(()),
        }
    }

    fn write(&mut self, done: Done) -> rusqlite::Result<()> {
        let (mut messages, mut problems) = (0, 0);
        for record in done.records {
            match record {
                Record::Begin { file, stat, format, resumed } => {
                    let format = format.map(|format| format.as_str());
                    self.open = Some(if resumed {
                        self.inventory.reopen_file(file)?
                    } else {
                        self.inventory.begin_file(file, &stat.to_string(), format, &self.parsed_with)?
                    });
                }
                Record::Message(record) => {
                    let Some(open) = &mut self.open else { continue };
                    messages += 1;
                    problems += (record.problems.len() + record.frame.problems.len()) as u64;
                    self.inventory.add_message(open, &record)?;
                }
                Record::Outside(kind, span, found) => {
                    let Some(open) = &self.open else { continue };
                    problems += found.len() as u64;
                    self.inventory.add_outside(open, kind, span, &found)?;
                }
                Record::Mark(offset, sha256) => {
                    let Some(open) = &self.open else { continue };
                    self.inventory.set_resume(open, offset, &sha256)?;
                }
                Record::End(end) => {
                    let Some(open) = self.open.take() else { continue };
                    problems += end.problems.len() as u64;
                    self.end(&open, &end)?;
                }
            }
        }
        for (file, offset) in done.ranges {
            self.inventory.land(file, offset)?;
        }
        self.totals.messages += messages;
        self.totals.bytes += done.bytes;
        self.watch.progress(done.bytes, messages, problems);
        Ok(())
    }

    fn end(&mut self, open: &OpenFile, end: &FileEnd) -> rusqlite::Result<()> {
        self.totals.files += 1;
        self.inventory.end_file(open, end, &self.parsed_with)
    }
}
