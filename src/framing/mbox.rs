//! mbox to frames in one streaming pass (RFC 4155 and the dialects of mbox(5)).
//!
//! A line that starts with `From ` is judged by its shape and by the lines after it (`evidence`). Bodies are only
//! searched for `From ` and for the boundaries of open multiparts; headers are read line by line.

use memchr::{memchr2, memmem};

use super::evidence::{Doubt, Judged, Separator, Surroundings, judge};
use super::head::{Head, Mark, mark_of};
use super::lead::{BOM, Lead};
use super::tail::Tail;
use super::tentative::{Ending, Tentative, Tentatives, note_doubt};
use crate::model::{Dialect, Piece, Problem, ProblemKind, Span};

/// So much of a separator is kept.
const SEPARATOR_LIMIT: usize = 1024;
/// A header line that is longer is passed over in pieces.
const LINE_LIMIT: usize = 60 * 1024;
/// Blocks are joined to what is carried in steps of this size.
const STEP_BYTES: usize = 128 * 1024;
const FROM: &[u8] = b"From ";

/// Where in a message the reader stands.
#[derive(PartialEq, Eq)]
enum Zone {
    /// At the start of a header line.
    Headers,
    /// In a header line that is too long to be held.
    LongHeader,
    Body,
}

/// Why the reader stopped.
enum Step {
    /// Go on from here.
    At(usize),
    /// What follows is needed to decide about what starts here.
    NeedsMore(usize),
}

/// The framer of one mbox.
pub(super) struct Mbox {
    dialect: Dialect,
    /// Everything before was emitted or lies in `open`.
    tail: Tail,
    carry: Vec<u8>,
    zone: Zone,
    head: Head,
    open: Tentatives,
    lead: Lead,
    from: memmem::Finder<'static>,
}

impl Mbox {
    pub fn new(dialect: Dialect, offset_bytes: u64) -> Mbox {
        Mbox {
            dialect,
            tail: Tail::starting_at(offset_bytes),
            carry: Vec::new(),
            zone: Zone::Body,
            head: Head::default(),
            open: Tentatives::default(),
            lead: Lead::starting_at(offset_bytes),
            from: memmem::Finder::new(FROM),
        }
    }

    pub fn held_from(&self) -> u64 {
        self.open.first_start().unwrap_or(self.lead.start)
    }

    pub fn push(&mut self, block: &[u8], out: &mut Vec<Piece>) {
        let mut block = block;
        while !self.carry.is_empty() && !block.is_empty() {
            let mut joined = std::mem::take(&mut self.carry);
            let carried = joined.len();
            let (now, later) = block.split_at(block.len().min(STEP_BYTES));
            joined.extend_from_slice(now);
            let used = self.scan(&joined, false, out);
            if used >= carried {
                block = &block[used - carried..];
            } else {
                joined.drain(..used);
                self.carry = joined;
                block = later;
            }
        }
        if !block.is_empty() {
            let used = self.scan(block, false, out);
            self.carry.extend_from_slice(&block[used..]);
        }
    }

    pub fn finish(&mut self, out: &mut Vec<Piece>) {
        let rest = std::mem::take(&mut self.carry);
        self.scan(&rest, true, out);
        let end = self.tail.position;
        let cut_off = self.cut_off();
        self.end_message(end, end, out);
        self.open.emit_all(out);
        self.note_the_last(cut_off, out);
        self.lead.emit(end, &self.tail, out);
    }

    /// Why the message being read seems to be cut off by the end of the file.
    fn cut_off(&self) -> Option<&'static str> {
        let current = self.open.last()?;
        let unfinished = !self.tail.ended_in_line_end();
        let promised = matches!(self.dialect, Dialect::Cl | Dialect::Cl2);
        if promised && current.length_end.is_some_and(|claim| claim > self.tail.position) {
            Some("its Content-Length leads beyond the end of the file")
        } else if self.zone != Zone::Body && unfinished {
            Some("the file ends within its headers")
        } else if current.watch.is_some() && unfinished {
            Some("the file ends within a line of a multipart that is still open")
        } else {
            None
        }
    }

    /// Reads as far as it can; gives back how many bytes are done with.
    fn scan(&mut self, text: &[u8], at_end: bool, out: &mut Vec<Piece>) -> usize {
        let mut at = 0;
        while at < text.len() {
            let step = match self.zone {
                Zone::Body => self.scan_body(text, at, at_end, out),
                Zone::Headers => self.scan_header(text, at, at_end, out),
                Zone::LongHeader => self.scan_long_header(text, at),
            };
            match step {
                Step::At(next) => at = next,
                Step::NeedsMore(next) => return next,
            }
        }
        at
    }

    fn scan_long_header(&mut self, text: &[u8], at: usize) -> Step {
        let found = memchr2(b'\n', b'\r', &text[at..]);
        let end = found.map_or(text.len(), |found| at + found + 1);
        if found.is_some() {
            self.zone = Zone::Headers;
        }
        self.pass(&text[at..end]);
        Step::At(end)
    }

    fn scan_header(&mut self, text: &[u8], at: usize, at_end: bool, out: &mut Vec<Piece>) -> Step {
        // The second half of a CR LF whose CR ended a long line.
        if text[at] == b'\n' && self.tail.ended_in_cr() {
            self.pass(&text[at..=at]);
            return Step::At(at + 1);
        }
        let window = &text[at..];
        if window.starts_with(FROM) {
            return self.consider(text, at, at_end, out);
        }
        let Some((line, rest)) = super::evidence::split_line(window, at_end) else {
            if window.len() < LINE_LIMIT {
                return Step::NeedsMore(at);
            }
            self.zone = Zone::LongHeader;
            return Step::At(at);
        };
        let end = text.len() - rest.len();
        if line.first() == Some(&0) || line.starts_with(b"--") {
            // No header: what follows a run of NUL, or a part without headers before it, is looked at as text.
            self.begin_body(self.tail.position);
            return Step::At(at);
        }
        self.head.take(line);
        self.pass(&text[at..end]);
        if line.is_empty() {
            self.begin_body(self.tail.position);
        }
        Step::At(end)
    }

    fn begin_body(&mut self, body_start: u64) {
        self.zone = Zone::Body;
        let head = std::mem::take(&mut self.head);
        if let Some(length_bytes) = head.content_length {
            self.open.claim_length(body_start, length_bytes, self.dialect);
        }
        if let Some(boundary) = head.boundary() {
            self.open.watch(&boundary);
        }
    }

    fn scan_body(&mut self, text: &[u8], from: usize, at_end: bool, out: &mut Vec<Piece>) -> Step {
        let held = self.open.longest_watch() + 8;
        let limit = if at_end { text.len() } else { text.len().saturating_sub(held).max(from) };
        let mut at = from;
        loop {
            let candidate = self.next_candidate(text, at, limit);
            let end = candidate.unwrap_or(limit);
            while let Some((hit, watcher, mark)) = self.next_mark(text, at, end) {
                self.pass(&text[at..=hit]);
                at = hit + 1;
                self.heed(watcher, mark);
            }
            if candidate.is_none() {
                self.pass(&text[at..limit]);
                return if limit < text.len() { Step::NeedsMore(limit) } else { Step::At(limit) };
            }
            self.pass(&text[at..end]);
            match self.consider(text, end, at_end, out) {
                // Rejected: go on within this text.
                Step::At(next) if self.zone == Zone::Body && next <= limit => at = next,
                step => return step,
            }
        }
    }

    /// The next `From ` at the start of a line, or after NUL or a byte order mark.
    fn next_candidate(&self, text: &[u8], at: usize, limit: usize) -> Option<usize> {
        let window = &text[at..(limit + FROM.len()).min(text.len())];
        self.from
            .find_iter(window)
            .map(|found| at + found)
            .filter(|&found| found < limit)
            .find(|&found| self.is_line_start(text, at, found))
    }

    fn is_line_start(&self, text: &[u8], at: usize, found: usize) -> bool {
        match self.tail.byte_before(&text[at..], found - at, 1) {
            None | Some(b'\n' | b'\r' | 0) => true,
            Some(0xBF) => self.follows_bom(text, at, found),
            Some(_) => false,
        }
    }

    fn follows_bom(&self, text: &[u8], at: usize, found: usize) -> bool {
        let before = |back| self.tail.byte_before(&text[at..], found - at, back);
        before(3) == Some(BOM[0])
            && before(2) == Some(BOM[1])
            && before(1) == Some(BOM[2])
            && matches!(before(4), None | Some(b'\n' | b'\r' | 0))
    }

    /// The first occurrence of an open boundary that starts before `end`; `at` is where the bytes not passed start.
    fn next_mark(&mut self, text: &[u8], at: usize, end: usize) -> Option<(usize, usize, Mark)> {
        let base = self.tail.position;
        let (watcher, offset, length) = self.open.next_mark(&text[at..], end - at, base)?;
        let hit = at + (offset - base) as usize;
        let before = [3, 2, 1].map(|back| self.tail.byte_before(&text[at..], hit - at, back).unwrap_or(b'\n'));
        Some((hit, watcher, mark_of(before, &text[hit + length..])))
    }

    /// Draws the conclusion from an occurrence of the boundary of message `watcher`.
    fn heed(&mut self, watcher: usize, mark: Mark) {
        let is_last = self.open.is_last(watcher);
        match mark {
            Mark::Other => {}
            Mark::Declared if is_last => {}
            Mark::Declared => self.open.stop_watching(watcher),
            Mark::Delimiter | Mark::Close => {
                if !is_last {
                    self.open.swallow_after(watcher, "the boundary of the message's multipart follows after them");
                }
                if mark == Mark::Close {
                    self.open.stop_watching(watcher);
                }
            }
        }
    }

    /// Decides about the `From ` line at `at`, up to which everything was passed.
    fn consider(&mut self, text: &[u8], at: usize, at_end: bool, out: &mut Vec<Piece>) -> Step {
        let position = self.tail.position;
        let leading = self.open.length_leading_to(position, self.tail.blank_start());
        let around = Surroundings {
            after_blank: self.tail.ends_in_blank_line() || self.follows_bom(&text[at..], 0, 0),
            first: self.open.last().is_none() && self.lead.is_padding(&self.tail),
            resumed: self.lead.start > 0 && position == self.lead.start && self.open.last().is_none(),
            recent: self.tail.recent(),
            current: self.open.last().map(|current| &current.from),
            length_leads_here: leading.is_some(),
            quotes: matches!(
                self.dialect,
                Dialect::O | Dialect::Rd | Dialect::Cl | Dialect::Pipermail | Dialect::Takeout
            ),
        };
        match judge(&text[at..], at_end, &around) {
            Judged::NeedsMore => Step::NeedsMore(at),
            Judged::Text(doubt) => {
                if doubt != Doubt::None {
                    self.doubt_text(doubt, Span { offset_bytes: position, length_bytes: FROM.len() as u64 });
                }
                self.pass(&text[at..at + FROM.len()]);
                // A header line goes on after the word; a body does not care.
                if self.zone == Zone::Headers {
                    self.zone = Zone::LongHeader;
                }
                Step::At(at + FROM.len())
            }
            Judged::Separator(separator) => {
                if let Some(message) = leading {
                    self.open
                        .swallow_after(message, "its Content-Length leads exactly to the next separator after them");
                }
                if separator.doubtful {
                    self.doubt_start(Span { offset_bytes: position, length_bytes: separator.line_bytes as u64 });
                }
                let bom = if self.follows_bom(&text[at..], 0, 0) { BOM.len() as u64 } else { 0 };
                self.end_message(position - bom, position, out);
                self.begin_message(&text[at..], *separator);
                Step::At(at + text[at..].len().min(self.passed_since(position)))
            }
        }
    }

    fn passed_since(&self, position: u64) -> usize {
        (self.tail.position - position) as usize
    }

    fn doubt_start(&mut self, span: Span) {
        let detail = "a `From ` line was read as the start of the next message, on weak evidence; \
                      the other reading is that it is text of this message";
        self.note_doubt(Problem::at(ProblemKind::DoubtfulBoundary, span, detail));
    }

    fn doubt_text(&mut self, doubt: Doubt, span: Span) {
        let (kind, detail) = if doubt == Doubt::Included {
            let detail = "a line that looks like a separator was kept inside the message, because the text before it \
                          says that a message is included; the other reading is that a message starts here";
            (ProblemKind::MailboxInMessage, detail)
        } else {
            let detail = "a line starts with `From ` and was read as text; \
                          the other reading is that a message starts here";
            (ProblemKind::DoubtfulBoundary, detail)
        };
        self.note_doubt(Problem::at(kind, span, detail));
    }

    /// A doubt belongs to the message whose end is in doubt, so that a framer that resumes after it need not know.
    fn note_doubt(&mut self, problem: Problem) {
        match self.open.current() {
            Some(current) => note_doubt(&mut current.problems, problem),
            None => note_doubt(&mut self.lead.doubts, problem),
        }
    }

    fn begin_message(&mut self, text: &[u8], separator: Separator) {
        let start = self.tail.position;
        self.pass(&text[..separator.full_bytes]);
        let line = Span { offset_bytes: start, length_bytes: separator.line_bytes as u64 };
        let mut problems = std::mem::take(&mut self.lead.doubts);
        if separator.from.date.is_none() {
            problems.push(Problem::at(ProblemKind::NoSeparatorDate, line, "the `From ` line has no date"));
        }
        if separator.deleted {
            problems.push(Problem::new(ProblemKind::DeletedNotCompacted, "X-Mozilla-Status has the bit 0x0008"));
        }
        self.open.push(Tentative {
            start,
            message_start: self.tail.position,
            separator: text[..separator.line_bytes.min(SEPARATOR_LIMIT)].to_vec(),
            from: separator.from,
            deleted: separator.deleted,
            problems,
            length_end: None,
            watch: None,
            ending: Ending::default(),
        });
        self.zone = Zone::Headers;
        self.head = Head::default();
    }

    /// Ends what came before `next`: a message, or what stands before the first one. `content_end` lies before a
    /// byte order mark.
    fn end_message(&mut self, content_end: u64, next: u64, out: &mut Vec<Piece>) {
        if self.zone == Zone::Headers || self.zone == Zone::LongHeader {
            self.begin_body(self.tail.position);
        }
        let blank_start = self.tail.blank_start();
        let Some(at) = self.open.length_leading_to(content_end, blank_start).or_else(|| self.open.len().checked_sub(1))
        else {
            self.lead.emit(next, &self.tail, out);
            return;
        };
        self.open.swallow_after(at, "its Content-Length leads exactly to the end of the file after them");
        let leads_here = self.open.length_leading_to(content_end, blank_start).is_some();
        let Some(current) = self.open.current() else { return };
        let claim = current.length_end.filter(|_| leads_here);
        let (frame, message) = self.tail.split(current.message_start, content_end, claim);
        if blank_start <= current.message_start {
            let span = Span::between(current.start, next);
            current.problems.push(Problem::at(ProblemKind::EmptyMessage, span, "nothing follows the `From ` line"));
        }
        self.lead.start = next;
        self.open.end_current(Ending { message, frame, next }, out);
    }

    /// Says how the file ends, on its last frame.
    fn note_the_last(&mut self, cut_off: Option<&str>, out: &mut [Piece]) {
        let Some(Piece::Frame(last)) = out.last_mut() else { return };
        let end = self.tail.position;
        if let Some(why) = cut_off {
            last.problems.push(Problem::at(ProblemKind::TruncatedMessage, last.frame, why));
        }
        if last.frame.end() != end || self.tail.ended_in_line_end() || last.message.length_bytes == 0 {
            return;
        }
        let span = Span::between(end.saturating_sub(1), end);
        last.problems.push(Problem::at(ProblemKind::NoFinalNewline, span, "the last line has no line end"));
    }

    /// Goes past these bytes.
    fn pass(&mut self, text: &[u8]) {
        if self.open.last().is_none() {
            self.lead.take(text);
        }
        self.tail.pass(text);
    }
}
