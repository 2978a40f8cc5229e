//! Finds out which message killed the program, by letting a child process read what was under way.
//!
//! A killed scan leaves the ranges it was working on. Before they are read again, a child reads every message in them
//! and names each before it starts. If the child dies, the last one named has killed twice, and only its headers are
//! read from then on.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Stdio};

use super::message::{FileContext, read_held, read_long};
use super::read::{Bytes, Sink, Stop, open, read_file};
use crate::classify::Classifier;
use crate::model::{FileId, Format, Frame, Problem, SegmentKind, Span};
use crate::source::Stat;
use crate::store::{Inventory, Reader};

/// Messages that must not be parsed, after the ranges a dead scan left behind have been tried.
pub(super) fn find_killers(inventory: &Inventory, program: &Path) -> anyhow::Result<HashSet<(FileId, u64)>> {
    if !inventory.crashed()?.is_empty() {
        while let Some((file, offset)) = run_child(inventory.path(), program)? {
            inventory.begin()?;
            inventory.add_killer(file, offset)?;
            inventory.commit()?;
        }
        inventory.begin()?;
        inventory.clear_in_flight()?;
        inventory.commit()?;
    }
    Ok(inventory.killers()?.into_iter().collect())
}

/// The message at which the child was killed by a signal; `None` if it read everything.
fn run_child(inventory: &Path, program: &Path) -> anyhow::Result<Option<(FileId, u64)>> {
    let mut child = Command::new(program)
        .arg("probe")
        .arg(inventory)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0) // Ctrl-C is for the scan
        .spawn()?;
    let mut last = None;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            if let Some((file, offset)) = line.split_once(' ')
                && let (Ok(file), Ok(offset)) = (file.parse(), offset.parse())
            {
                last = Some((FileId(file), offset));
            }
        }
    }
    let status = child.wait()?;
    // Only what a fault of the program raises; anybody may send the others.
    let fault = status.signal().is_some_and(|signal| {
        [libc::SIGABRT, libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE].contains(&signal)
    });
    Ok(if fault { last } else { None })
}

/// The child's part: reads all messages under way, naming each on `out` before it starts.
///
/// # Errors
/// Those of the store and of `out`.
pub fn probe(reader: &Reader, classifier: &Classifier, out: &mut dyn Write) -> anyhow::Result<()> {
    let known: HashSet<(FileId, u64)> = reader.killers()?.into_iter().collect();
    let mut ranges = reader.in_flight()?.into_iter().peekable();
    while let Some((file, from, length)) = ranges.next() {
        let mut spans = vec![span(from, length)];
        while let Some((_, from, length)) = ranges.next_if(|(other, ..)| *other == file) {
            spans.push(span(from, length));
        }
        let Some(file) = reader.file_in_flight(file, from)? else { continue };
        let context = FileContext { file: file.clone(), format: None, beside: Default::default() };
        let mut sink = Prober { context, classifier, known: &known, spans, out };
        let _ = read_file(&file, &mut sink);
    }
    Ok(())
}

fn span(from: u64, length: Option<u64>) -> Span {
    Span { offset_bytes: from, length_bytes: length.unwrap_or(u64::MAX - from) }
}

struct Prober<'a> {
    context: FileContext,
    classifier: &'a Classifier,
    known: &'a HashSet<(FileId, u64)>,
    spans: Vec<Span>,
    out: &'a mut dyn Write,
}

impl Sink for Prober<'_> {
    fn begin(&mut self, _stat: &Stat, format: Option<Format>, _resumed: bool) {
        self.context.format = format;
    }

    fn message(&mut self, frame: Frame, ordinal: u32, bytes: Bytes<'_>) -> Result<(), Stop> {
        let offset = frame.message.offset_bytes;
        let start = frame.frame.offset_bytes;
        if self.spans.iter().all(|span| span.end() <= start) {
            return Err(Stop);
        }
        if !self.spans.iter().any(|span| span.offset_bytes <= start && start < span.end()) {
            return Ok(());
        }
        if self.known.contains(&(self.context.file.file_id, offset)) {
            return Ok(());
        }
        let named = writeln!(self.out, "{} {offset}", self.context.file.file_id.0).and_then(|()| self.out.flush());
        if named.is_err() {
            return Err(Stop); // nobody listens any more
        }
        match bytes {
            Bytes::Held(bytes) => drop(read_held(&self.context, frame, ordinal, bytes, self.classifier)),
            Bytes::Long => {
                if let Ok(handle) = open(&self.context.file.path) {
                    drop(read_long(&self.context, frame, ordinal, &handle, self.classifier));
                }
            }
        }
        Ok(())
    }

    fn outside(&mut self, _kind: SegmentKind, _span: Span, _problems: Vec<Problem>) {}
}
