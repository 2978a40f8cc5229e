//! Frames that are not certain yet. A message may claim, by its Content-Length or by the boundary of a multipart that
//! is still open, that what looks like the next messages is its own text. The claim is checked when its end is
//! reached; until then the messages inside are kept as if it were false, so that either answer costs one pass.

use std::collections::VecDeque;

use memchr::memmem::Finder;

use crate::model::{Dialect, Frame, Piece, Problem, ProblemKind, SegmentKind, Span};
use crate::source::from_line::FromLine;

/// A claim over more messages than this is not believed.
const CLAIM_LIMIT: usize = 1024;
/// The same for an open multipart, which a message that was cut off leaves behind.
const WATCH_LIMIT: usize = 256;
/// So many open multiparts are watched at a time; an older one is given up.
const WATCHES_LIMIT: usize = 8;
/// And in bytes.
const WATCH_LIMIT_BYTES: u64 = 16 << 20;
/// The longest claim in a dialect that does not promise lengths.
const UNPROMISED_LENGTH_LIMIT: u64 = 16 << 20;
/// A store may put so many bytes of blank lines between the length and the next separator.
const SLACK_BYTES: u64 = 4;

/// The boundary of a multipart that has not been closed.
pub(super) struct Watch {
    finder: Finder<'static>,
    /// No occurrence starts before this offset, apart from those already heeded …
    searched_to: u64,
    /// … and here is one, if this is set.
    found: Option<u64>,
}

impl Watch {
    pub fn new(boundary: &[u8]) -> Watch {
        Watch { finder: Finder::new(boundary).into_owned(), searched_to: 0, found: None }
    }

    fn boundary(&self) -> &[u8] {
        self.finder.needle()
    }

    /// The offset of the first occurrence that starts in `text[..end]`, where `text` starts at offset `base`. What
    /// was searched before is not searched again.
    fn next_in(&mut self, text: &[u8], end: usize, base: u64) -> Option<u64> {
        if self.found.is_none_or(|found| found < base) {
            self.found = None;
            let from = self.searched_to.saturating_sub(base).min(end as u64) as usize;
            let window = &text[from..(end + self.boundary().len() - 1).min(text.len())];
            self.found = self.finder.find(window).map(|found| base + (from + found) as u64);
            self.searched_to = self.found.map_or(base + end as u64, |found| found + 1);
        }
        self.found.filter(|&found| found < base + end as u64)
    }
}

/// Where a message ends.
#[derive(Clone, Copy, Default)]
pub(super) struct Ending {
    /// The end of the message itself.
    pub message: u64,
    /// The end of the frame, with the blank line that the format adds.
    pub frame: u64,
    /// The start of the next frame; what lies between is padding.
    pub next: u64,
}

/// One message that is not emitted yet.
pub(super) struct Tentative {
    pub start: u64,
    pub message_start: u64,
    pub separator: Vec<u8>,
    pub from: FromLine,
    pub deleted: bool,
    pub problems: Vec<Problem>,
    /// Where the Content-Length says that the message ends.
    pub length_end: Option<u64>,
    pub watch: Option<Watch>,
    pub ending: Ending,
}

impl Tentative {
    fn claims(&self) -> bool {
        self.length_end.is_some() || self.watch.is_some()
    }

    fn into_pieces(self, out: &mut Vec<Piece>) {
        let Tentative { start, message_start, separator, deleted, problems, ending, .. } = self;
        out.push(Piece::Frame(Frame {
            frame: Span::between(start, ending.frame),
            message: Span::between(message_start, ending.message),
            separator,
            trailer: Vec::new(),
            deleted,
            problems,
        }));
        if ending.next > ending.frame {
            out.push(Piece::Outside(SegmentKind::Padding, Span::between(ending.frame, ending.next), Vec::new()));
        }
    }
}

/// The frames that are not emitted yet, in file order; the last is the one that is being read.
#[derive(Default)]
pub(super) struct Tentatives {
    list: VecDeque<Tentative>,
}

/// So many doubts are noted for one message.
const DOUBTS_LIMIT: usize = 16;

/// Adds a doubt to a list, up to a limit, so that a hostile message cannot fill the memory with them.
pub(super) fn note_doubt(doubts: &mut Vec<Problem>, mut problem: Problem) {
    let is_doubt = |one: &&Problem| matches!(one.kind, ProblemKind::DoubtfulBoundary | ProblemKind::MailboxInMessage);
    let count = doubts.iter().filter(is_doubt).count();
    if count + 1 == DOUBTS_LIMIT {
        problem.detail.push_str("; more such lines follow and are not listed");
    }
    if count < DOUBTS_LIMIT {
        doubts.push(problem);
    }
}

impl Tentatives {
    pub fn current(&mut self) -> Option<&mut Tentative> {
        self.list.back_mut()
    }

    pub fn last(&self) -> Option<&Tentative> {
        self.list.back()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn first_start(&self) -> Option<u64> {
        self.list.front().map(|first| first.start)
    }

    pub fn push(&mut self, tentative: Tentative) {
        self.list.push_back(tentative);
    }

    /// The next occurrence of an open boundary that starts in `text[..end]`, where `text` starts at offset `base`:
    /// the place of the message in the list, the offset, and the length of the boundary. Of two at one place the
    /// longer one.
    pub fn next_mark(&mut self, text: &[u8], end: usize, base: u64) -> Option<(usize, u64, usize)> {
        let of = |(at, one): (usize, &mut Tentative)| {
            let watch = one.watch.as_mut()?;
            Some((at, watch.next_in(text, end, base)?, watch.boundary().len()))
        };
        self.list
            .iter_mut()
            .enumerate()
            .filter_map(of)
            .min_by_key(|(_, hit, length)| (*hit, std::cmp::Reverse(*length)))
    }

    /// Watches for the boundary of the message being read.
    pub fn watch(&mut self, boundary: &[u8]) {
        self.claim_boundary(boundary);
        let Some(current) = self.list.back_mut() else { return };
        current.watch = Some(Watch::new(boundary));
        let open = self.list.iter().filter(|one| one.watch.is_some()).count();
        if open > WATCHES_LIMIT
            && let Some(oldest) = self.list.iter_mut().find(|one| one.watch.is_some())
        {
            oldest.watch = None;
        }
    }

    pub fn longest_watch(&self) -> usize {
        self.list.iter().filter_map(|one| Some(one.watch.as_ref()?.boundary().len())).max().unwrap_or(0)
    }

    pub fn is_last(&self, at: usize) -> bool {
        at + 1 == self.list.len()
    }

    pub fn stop_watching(&mut self, at: usize) {
        if let Some(one) = self.list.get_mut(at) {
            one.watch = None;
        }
    }

    /// A message names a boundary in its own headers: older messages cannot tell any more whose delimiters follow.
    fn claim_boundary(&mut self, boundary: &[u8]) {
        for one in &mut self.list {
            one.watch.take_if(|watch| watch.boundary() == boundary);
        }
    }

    /// Notes the length that the message being read claims for its body.
    pub fn claim_length(&mut self, body_start: u64, length_bytes: u64, dialect: Dialect) {
        let promised = matches!(dialect, Dialect::Cl | Dialect::Cl2);
        if (promised || length_bytes <= UNPROMISED_LENGTH_LIMIT)
            && let Some(one) = self.list.back_mut()
        {
            one.length_end = body_start.checked_add(length_bytes);
        }
    }

    /// The oldest message whose Content-Length ends at `end`, give or take the blank line; only blank bytes lie
    /// between `blank_start` and `end`.
    pub fn length_leading_to(&self, end: u64, blank_start: u64) -> Option<usize> {
        self.list.iter().position(|one| {
            one.length_end.is_some_and(|claim| claim <= end && claim >= blank_start && end - claim <= SLACK_BYTES)
        })
    }

    /// The claim of message `at` was true: what followed it is its text.
    pub fn swallow_after(&mut self, at: usize, evidence: &str) {
        let swallowed = self.list.len() - at - 1;
        if swallowed == 0 {
            return;
        }
        let span = Span::between(self.list[at + 1].start, self.list[at + 1].message_start);
        self.list.truncate(at + 1);
        let detail = format!(
            "{swallowed} `From ` line(s) that look like separators were kept inside the message, because {evidence}; \
             the other reading is that each of them starts a message"
        );
        self.list[at].problems.push(Problem::at(ProblemKind::MailboxInMessage, span, detail));
    }

    /// Ends the message being read, and gives up claims that did not come true.
    pub fn end_current(&mut self, ending: Ending, out: &mut Vec<Piece>) {
        let Some(current) = self.list.back_mut() else { return };
        current.ending = ending;
        let count = self.list.len();
        for (at, one) in self.list.iter_mut().enumerate() {
            let lies = one.length_end.is_some_and(|claim| claim <= ending.next) || count - at > CLAIM_LIMIT;
            if let Some(claim) = one.length_end.take_if(|_| lies)
                && claim != one.ending.message
            {
                one.problems.push(lie_about(one.start, claim, one.ending.message));
            }
            let far = count - at > WATCH_LIMIT || ending.next - one.ending.next > WATCH_LIMIT_BYTES;
            one.watch.take_if(|_| far);
        }
        self.emit_certain(out);
    }

    fn emit_certain(&mut self, out: &mut Vec<Piece>) {
        while self.list.front().is_some_and(|first| !first.claims()) {
            if let Some(first) = self.list.pop_front() {
                first.into_pieces(out);
            }
        }
    }

    /// The file ends: there are no claims any more.
    pub fn emit_all(&mut self, out: &mut Vec<Piece>) {
        for mut one in self.list.drain(..) {
            if let Some(claim) = one.length_end.filter(|&claim| claim != one.ending.message) {
                one.problems.push(lie_about(one.start, claim, one.ending.message));
            }
            one.into_pieces(out);
        }
    }
}

fn lie_about(start: u64, claim: u64, end: u64) -> Problem {
    let difference = if claim > end { "beyond" } else { "before" };
    let detail = format!("the length leads {} bytes {difference} the end of the message", claim.abs_diff(end));
    Problem::at(ProblemKind::ContentLengthLies, Span::between(start, end), detail)
}
