//! Jobs: how they are made from files, and how a worker does one. The threads themselves are in `scan`.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex};

use super::beside::Besides;
use super::message::{FileContext, read_headers_only, read_held, read_long};
use super::read::{Bytes, ReadEnd, Sink, Stop, open, read_file};
use super::{Budget, Event};
use crate::classify::Classifier;
use crate::model::{Digest, FileId, Format, Frame, Outcome, Problem, ProblemKind, SegmentKind, Span};
use crate::source::Stat;
use crate::store::{FileEnd, MessageRecord, PendingFile, Reader};

/// A file up to this size is read by a worker whole; a larger one is cut into jobs by the feeder.
const SMALL_FILE_BYTES: u64 = 4 << 20;
/// A job is full at so many bytes.
const JOB_BYTES: u64 = 2 << 20;
/// A job is full at so many files or messages.
const JOB_ITEMS: usize = 256;
/// What an item costs in memory beside its bytes.
const ITEM_BYTES: u64 = 4 << 10;
/// How often a file that changes under our hands is read.
const ATTEMPTS: usize = 3;

/// Work for one worker.
pub(crate) struct Job {
    number: u64,
    share: u64,
    work: Work,
}

enum Work {
    /// Small files, each read whole.
    Files(Vec<FileContext>),
    /// Consecutive pieces of one large file.
    Pieces { context: Arc<FileContext>, begin: Option<(Stat, bool)>, pieces: Vec<HeldPiece>, end: Option<Box<FileEnd>> },
}

enum HeldPiece {
    Message(Frame, u32, Option<Vec<u8>>),
    Outside(SegmentKind, Span, Vec<Problem>),
    Mark(u64, Digest),
}

/// What a worker found, in file order.
pub(crate) enum Record {
    /// A file starts, or goes on.
    Begin { file: FileId, stat: Stat, format: Option<Format>, resumed: bool },
    /// A message.
    Message(Box<MessageRecord>),
    /// Bytes outside every frame.
    Outside(SegmentKind, Span, Vec<Problem>),
    /// Everything before this offset has been given; the digest is of those bytes.
    Mark(u64, Digest),
    /// The file is over.
    End(FileEnd),
}

/// A finished job.
pub(crate) struct Done {
    pub number: u64,
    pub share: u64,
    pub bytes: u64,
    pub ranges: Vec<(FileId, u64)>,
    pub records: Vec<Record>,
}

impl Job {
    /// What the job will read: file, offset, length; no length for a whole file.
    pub(crate) fn ranges(&self) -> Vec<(FileId, u64, Option<u64>)> {
        match &self.work {
            Work::Files(files) => files.iter().map(|context| (context.file.file_id, 0, None)).collect(),
            Work::Pieces { context, pieces, .. } => {
                let spans: Vec<Span> = pieces
                    .iter()
                    .filter_map(|piece| match piece {
                        HeldPiece::Message(frame, ..) => Some(frame.frame),
                        _ => None,
                    })
                    .collect();
                match (spans.first(), spans.last()) {
                    (Some(first), Some(last)) => {
                        vec![(context.file.file_id, first.offset_bytes, Some(last.end() - first.offset_bytes))]
                    }
                    _ => Vec::new(),
                }
            }
        }
    }
}

/// Takes jobs until there are none.
pub(crate) fn work(
    queue: &Mutex<Receiver<Job>>,
    events: &Sender<Event>,
    classifier: &Classifier,
    killers: &HashSet<(FileId, u64)>,
    halt: &AtomicBool,
) {
    loop {
        let job = match queue.lock().unwrap_or_else(|e| e.into_inner()).recv() {
            Ok(job) => job,
            Err(_) => return,
        };
        if halt.load(Ordering::Relaxed) {
            return;
        }
        let ranges = job.ranges().into_iter().map(|(file, offset, _)| (file, offset)).collect();
        let mut worker = Worker { classifier, killers, context: None, records: Vec::new(), bytes: 0 };
        let work = job.work;
        let attempt = catch_unwind(AssertUnwindSafe(|| match work {
            Work::Files(files) => files.into_iter().for_each(|context| worker.file(context)),
            Work::Pieces { context, begin, pieces, end } => worker.pieces(context, begin, pieces, end),
        }));
        if attempt.is_err() {
            let _ = events.send(Event::Broken);
            return;
        }
        let done = Done { number: job.number, share: job.share, bytes: worker.bytes, ranges, records: worker.records };
        if events.send(Event::Done(done)).is_err() {
            return;
        }
    }
}

struct Worker<'a> {
    classifier: &'a Classifier,
    killers: &'a HashSet<(FileId, u64)>,
    context: Option<FileContext>,
    records: Vec<Record>,
    bytes: u64,
}

impl Worker<'_> {
    fn file(&mut self, context: FileContext) {
        let start = self.records.len();
        let file = context.file.clone();
        self.context = Some(context);
        for attempt in 1..=ATTEMPTS {
            self.records.truncate(start);
            // This sink never stops.
            let Ok(read) = read_file(&file, self) else { return };
            let end = match read {
                ReadEnd::Done(end) => end,
                ReadEnd::Changed(_) if attempt < ATTEMPTS => continue,
                ReadEnd::Changed(end) => changed(end),
            };
            self.bytes += file.size_bytes;
            self.records.push(Record::End(end));
            return;
        }
    }

    fn pieces(
        &mut self,
        context: Arc<FileContext>,
        begin: Option<(Stat, bool)>,
        pieces: Vec<HeldPiece>,
        end: Option<Box<FileEnd>>,
    ) {
        let file = context.file.file_id;
        if let Some((stat, resumed)) = begin {
            self.records.push(Record::Begin { file, stat, format: context.format, resumed });
        }
        for piece in pieces {
            match piece {
                HeldPiece::Message(frame, ordinal, bytes) => {
                    self.bytes += frame.frame.length_bytes;
                    let record = self.read_message(&context, frame, ordinal, bytes.as_deref());
                    self.records.push(Record::Message(Box::new(record)));
                }
                HeldPiece::Outside(kind, span, problems) => {
                    self.bytes += span.length_bytes;
                    self.records.push(Record::Outside(kind, span, problems));
                }
                HeldPiece::Mark(offset, sha256) => self.records.push(Record::Mark(offset, sha256)),
            }
        }
        self.records.extend(end.map(|end| Record::End(*end)));
    }

    fn read_message(&self, context: &FileContext, frame: Frame, ordinal: u32, bytes: Option<&[u8]>) -> MessageRecord {
        let killer = self.killers.contains(&(context.file.file_id, frame.message.offset_bytes));
        match (bytes, killer) {
            (Some(bytes), true) => read_headers_only(context, frame, ordinal, bytes, self.classifier),
            (Some(bytes), false) => read_held(context, frame, ordinal, bytes, self.classifier),
            (None, _) => match open(&context.file.path) {
                Ok(handle) if !killer => read_long(context, frame, ordinal, &handle, self.classifier),
                _ => read_headers_only(context, frame, ordinal, &[], self.classifier),
            },
        }
    }
}

impl Sink for Worker<'_> {
    fn begin(&mut self, stat: &Stat, format: Option<Format>, resumed: bool) {
        let Some(context) = &mut self.context else { return };
        context.format = format;
        self.records.push(Record::Begin { file: context.file.file_id, stat: *stat, format, resumed });
    }

    fn message(&mut self, frame: Frame, ordinal: u32, bytes: Bytes<'_>) -> Result<(), Stop> {
        if let Some(context) = &self.context {
            let bytes = match bytes {
                Bytes::Held(bytes) => Some(bytes),
                Bytes::Long => None,
            };
            let record = self.read_message(context, frame, ordinal, bytes);
            self.records.push(Record::Message(Box::new(record)));
        }
        Ok(())
    }

    fn outside(&mut self, kind: SegmentKind, span: Span, problems: Vec<Problem>) {
        self.records.push(Record::Outside(kind, span, problems));
    }
}

fn changed(mut end: FileEnd) -> FileEnd {
    end.outcome = Outcome::Changed;
    end.sha256 = None;
    end.problems.push(Problem::new(ProblemKind::FileChanged, "it changed while it was read"));
    end
}

/// Makes jobs from the files that are still to be read.
pub(crate) struct Feed<'a> {
    reader: &'a Reader,
    budget: &'a Budget,
    halt: &'a AtomicBool,
    stop: &'a AtomicBool,
    events: Sender<Event>,
    number: u64,
    small: Vec<FileContext>,
    small_bytes: u64,
    besides: Besides,
}

impl<'a> Feed<'a> {
    pub(crate) fn new(
        reader: &'a Reader,
        budget: &'a Budget,
        halt: &'a AtomicBool,
        stop: &'a AtomicBool,
        events: Sender<Event>,
    ) -> Feed<'a> {
        Feed {
            reader,
            budget,
            halt,
            stop,
            events,
            number: 0,
            small: Vec::new(),
            small_bytes: 0,
            besides: Besides::default(),
        }
    }

    /// Feeds every pending file, or stops early when asked to.
    pub(crate) fn run(&mut self) -> rusqlite::Result<()> {
        let mut after = FileId(0);
        loop {
            let page = self.reader.pending(after, 1024)?;
            let Some(last) = page.last() else { break };
            after = last.file_id;
            for file in page {
                if self.stopped() {
                    return Ok(());
                }
                let context = FileContext { beside: self.besides.of(&file.path), format: None, file };
                if context.file.size_bytes <= SMALL_FILE_BYTES && context.file.resume.is_none() {
                    self.add_small(context);
                } else {
                    self.flush_small();
                    self.large(context);
                }
            }
        }
        self.flush_small();
        Ok(())
    }

    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.halt.load(Ordering::Relaxed)
    }

    fn add_small(&mut self, context: FileContext) {
        self.small_bytes += context.file.size_bytes + ITEM_BYTES;
        self.small.push(context);
        if self.small_bytes >= JOB_BYTES || self.small.len() >= JOB_ITEMS {
            self.flush_small();
        }
    }

    fn flush_small(&mut self) {
        if !self.small.is_empty() {
            let files = std::mem::take(&mut self.small);
            let bytes = std::mem::take(&mut self.small_bytes);
            self.dispatch(bytes, Work::Files(files));
        }
    }

    fn dispatch(&mut self, bytes: u64, work: Work) {
        let share = self.budget.take(bytes);
        let job = Job { number: self.number, share, work };
        self.number += 1;
        let _ = self.events.send(Event::Dispatch(job));
    }

    /// Cuts a large file into jobs as it is read; reads it again from the start if it changed meanwhile.
    fn large(&mut self, mut context: FileContext) {
        let file = context.file.clone();
        for attempt in 1..=ATTEMPTS {
            let mut cutter = Cutter {
                context: Arc::new(context.clone()),
                begin: None,
                pieces: Vec::new(),
                bytes: 0,
                messages: 0,
                feed: self,
            };
            let Ok(read) = read_file(&context.file, &mut cutter) else { return };
            let end = match read {
                ReadEnd::Done(end) => end,
                ReadEnd::Changed(_) if attempt < ATTEMPTS => {
                    context.file = PendingFile { resume: None, ..file.clone() };
                    continue;
                }
                ReadEnd::Changed(end) => changed(end),
            };
            cutter.cut(Some(end));
            return;
        }
    }
}

struct Cutter<'a, 'b> {
    context: Arc<FileContext>,
    begin: Option<(Stat, bool)>,
    pieces: Vec<HeldPiece>,
    bytes: u64,
    messages: usize,
    feed: &'b mut Feed<'a>,
}

impl Cutter<'_, '_> {
    fn cut(&mut self, end: Option<FileEnd>) {
        let pieces = std::mem::take(&mut self.pieces);
        let bytes = std::mem::take(&mut self.bytes) + self.messages as u64 * ITEM_BYTES;
        self.messages = 0;
        let context = Arc::clone(&self.context);
        self.feed.dispatch(bytes, Work::Pieces { context, begin: self.begin.take(), pieces, end: end.map(Box::new) });
    }
}

impl Sink for Cutter<'_, '_> {
    fn begin(&mut self, stat: &Stat, format: Option<Format>, resumed: bool) {
        Arc::make_mut(&mut self.context).format = format;
        self.begin = Some((*stat, resumed));
    }

    fn message(&mut self, frame: Frame, ordinal: u32, bytes: Bytes<'_>) -> Result<(), Stop> {
        if self.feed.stopped() {
            return Err(Stop);
        }
        let bytes = match bytes {
            Bytes::Held(bytes) => {
                self.bytes += bytes.len() as u64;
                Some(bytes.to_vec())
            }
            Bytes::Long => None,
        };
        self.messages += 1;
        self.pieces.push(HeldPiece::Message(frame, ordinal, bytes));
        Ok(())
    }

    fn outside(&mut self, kind: SegmentKind, span: Span, problems: Vec<Problem>) {
        self.messages += 1;
        self.pieces.push(HeldPiece::Outside(kind, span, problems));
    }

    fn wants_mark(&self) -> bool {
        self.bytes >= JOB_BYTES || self.messages >= JOB_ITEMS
    }

    fn mark(&mut self, offset_bytes: u64, sha256: Digest) -> Result<(), Stop> {
        self.pieces.push(HeldPiece::Mark(offset_bytes, sha256));
        self.cut(None);
        Ok(())
    }
}
