//! The linear streaming MIME scanner (RFC 2046): one pass, an explicit stack, no recursion over nesting.
//!
//! The input is what recovery gives: LF line ends. A boundary line is `--`, the boundary, perhaps `--`, and white space
//! (RFC 2046 section 5.1.1); the LF before it belongs to it. The innermost open multipart whose boundary fits takes
//! the line, and everything inside it ends there.

use super::harvest::Harvest;
use super::leaf::{Entity, Leaf, child_section};
use super::level::{Header, Level, Multipart, Residue};
use super::part::PartHead;
use crate::model::ProblemKind;
use sha2::Digest as _;

/// Where every byte of a scanned stream went. The sum is the length of the stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Account {
    /// Header blocks with the blank line after them.
    pub header: u64,
    /// Leaves, as they stand.
    pub leaf: u64,
    /// Boundary lines with the line end before them.
    pub boundary: u64,
    /// Preambles, epilogues, junk among the headers.
    pub residue: u64,
}

impl Account {
    /// All bytes.
    pub fn total(&self) -> u64 {
        self.header + self.leaf + self.boundary + self.residue
    }
}

pub(super) enum State {
    Header(Box<Header>),
    Leaf(Box<Leaf>),
    /// Before the first boundary of the innermost multipart: residue, or the text of a multipart without any boundary.
    Preamble(Box<Leaf>, Box<Residue>),
    Epilogue(Box<Residue>),
    Ended,
}

/// A line end that was read and waits for what comes after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pending {
    None,
    /// Content, unless a boundary follows.
    Content,
    /// The end of a header or boundary line: accounted for, content only of the messages around it.
    Framing,
}

/// The scanner of one message.
pub struct Scanner {
    pub(super) levels: Vec<Level>,
    pub(super) state: State,
    /// The start of a header line or of a line that may be a boundary, as far as it was read.
    pub(super) line: Vec<u8>,
    pub(super) line_start: bool,
    pub(super) pending: Pending,
    /// Multiparts on the stack whose closing boundary was not seen.
    pub(super) open: usize,
    /// Messages on the stack.
    pub(super) messages: usize,
    /// Too many parts: boundaries are not looked for any more.
    pub(super) deaf: bool,
    pub(super) base_depth: usize,
    pub(super) encoded_depth: usize,
    pub(super) account: Account,
}

/// A line that starts with `--` and is longer than this is no boundary.
const LONGEST_BOUNDARY_LINE: usize = 2048;

impl Scanner {
    /// A scanner for a message that is the outermost.
    pub fn new(harvest: &Harvest) -> Scanner {
        let entity =
            Entity { section: String::new(), root: true, depth: 0, alternative: None, default_type: "text/plain" };
        Scanner::inside(entity, harvest, 0, 0)
    }

    pub(super) fn inside(entity: Entity, harvest: &Harvest, base_depth: usize, encoded_depth: usize) -> Scanner {
        Scanner {
            levels: Vec::new(),
            state: State::Header(Box::new(Header::new(entity, harvest.limits.header_bytes))),
            line: Vec::new(),
            line_start: true,
            pending: Pending::None,
            open: 0,
            messages: 0,
            deaf: false,
            base_depth,
            encoded_depth,
            account: Account::default(),
        }
    }

    /// Where the bytes went so far.
    pub fn account(&self) -> Account {
        self.account
    }

    /// The next bytes; any split gives the same harvest.
    pub fn push(&mut self, bytes: &[u8], harvest: &mut Harvest) {
        let mut rest = bytes;
        while !rest.is_empty() {
            rest = match self.state {
                State::Header(_) => self.header_bytes(rest, harvest),
                _ if self.open == 0 || self.deaf => {
                    self.flush_pending(harvest);
                    self.content(rest, harvest);
                    &[]
                }
                _ => self.body_bytes(rest, harvest),
            };
        }
    }

    /// The message ends; gives the final account.
    pub fn finish(mut self, harvest: &mut Harvest) -> Account {
        loop {
            let line = std::mem::take(&mut self.line);
            match self.state {
                State::Header(_) if line.is_empty() => self.end_header(harvest),
                State::Header(_) => self.header_line(&line, false, harvest),
                _ if line.is_empty() => break,
                _ => {
                    if !self.boundary_line(&line, false, harvest) {
                        self.flush_pending(harvest);
                        self.content(&line, harvest);
                    }
                }
            }
        }
        self.flush_pending(harvest);
        self.end_state(false, harvest);
        self.close_levels(0, harvest);
        self.account
    }

    fn body_bytes<'a>(&mut self, bytes: &'a [u8], harvest: &mut Harvest) -> &'a [u8] {
        if self.line_start {
            if !self.line.is_empty() || bytes[0] == b'-' {
                return self.candidate(bytes, harvest);
            }
            self.flush_pending(harvest);
            self.line_start = false;
        }
        if let Some(at) = memchr::memmem::find(bytes, b"\n-") {
            self.content(&bytes[..at], harvest);
            (self.pending, self.line_start) = (Pending::Content, true);
            return &bytes[at + 1..];
        }
        if let Some(before) = bytes.strip_suffix(b"\n") {
            self.content(before, harvest);
            (self.pending, self.line_start) = (Pending::Content, true);
        } else {
            self.content(bytes, harvest);
        }
        &[]
    }

    /// At the start of a line that begins with `-`, or further on in it.
    fn candidate<'a>(&mut self, bytes: &'a [u8], harvest: &mut Harvest) -> &'a [u8] {
        let end = memchr::memchr(b'\n', &bytes[..bytes.len().min(LONGEST_BOUNDARY_LINE + 1)]);
        let (piece, has_lf) = match end {
            Some(end) => (&bytes[..end], true),
            None => (&bytes[..bytes.len().min(LONGEST_BOUNDARY_LINE + 1)], false),
        };
        let rest = &bytes[piece.len()..];
        let carried = !self.line.is_empty();
        if carried || !has_lf {
            self.line.extend_from_slice(piece);
        }
        let line = if carried || !has_lf { std::mem::take(&mut self.line) } else { Vec::new() };
        let whole: &[u8] = if carried || !has_lf { &line } else { piece };
        let possible = whole.len() <= LONGEST_BOUNDARY_LINE && (whole.starts_with(b"--") || whole == b"-");
        if possible && !has_lf {
            self.line = line;
            return rest;
        }
        if possible && self.boundary_line(whole, true, harvest) {
            return &rest[1..];
        }
        self.flush_pending(harvest);
        self.content(whole, harvest);
        self.line_start = false;
        rest
    }

    /// Acts on a line if it is a boundary of an open multipart.
    pub(super) fn boundary_line(&mut self, line: &[u8], has_lf: bool, harvest: &mut Harvest) -> bool {
        let Some((at, closes)) = self.find_boundary(line) else { return false };
        while matches!(self.state, State::Header(_)) {
            self.end_header(harvest);
        }
        self.end_state(at + 1 == self.levels.len(), harvest);
        self.close_levels(at + 1, harvest);
        let before = u64::from(self.pending == Pending::Content);
        self.account.boundary += before + line.len() as u64 + u64::from(has_lf);
        self.framing_raw(line, has_lf);
        self.line_start = true;
        let Some(Level::Multipart(multipart)) = self.levels.last_mut() else { return true };
        if closes {
            multipart.closed = true;
            self.open -= 1;
            self.state = State::Epilogue(Box::default());
            return true;
        }
        multipart.children = multipart.children.saturating_add(1);
        let entity = multipart.child();
        if harvest.parts >= harvest.limits.parts {
            harvest.problems.note(ProblemKind::TooManyParts, "");
            self.deaf = true;
            harvest.structure.update(b"(");
            let rest = PartHead::bare("application/octet-stream");
            self.state = State::Leaf(Box::new(Leaf::new(entity, rest)));
        } else {
            self.state = State::Header(Box::new(Header::new(entity, harvest.limits.part_header_bytes)));
        }
        true
    }

    fn find_boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let text = line.strip_prefix(b"--")?.trim_ascii_end();
        self.levels.iter().enumerate().rev().find_map(|(at, level)| match level {
            Level::Multipart(multipart) if !multipart.closed => {
                match text.strip_prefix(multipart.boundary.as_slice()) {
                    Some(b"") => Some((at, false)),
                    Some(b"--") => Some((at, true)),
                    _ => None,
                }
            }
            _ => None,
        })
    }

    pub(super) fn content(&mut self, bytes: &[u8], harvest: &mut Harvest) {
        if bytes.is_empty() {
            return;
        }
        self.raw(bytes);
        let length = bytes.len() as u64;
        match &mut self.state {
            State::Leaf(leaf) => {
                self.account.leaf += length;
                leaf.push(bytes, harvest);
            }
            State::Preamble(leaf, residue) => {
                self.account.residue += length;
                leaf.push(bytes, harvest);
                residue.push(bytes);
            }
            State::Epilogue(residue) => {
                self.account.residue += length;
                residue.push(bytes);
            }
            State::Header(_) | State::Ended => {}
        }
    }

    pub(super) fn flush_pending(&mut self, harvest: &mut Harvest) {
        match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::None => {}
            Pending::Content => self.content(b"\n", harvest),
            Pending::Framing => self.raw(b"\n"),
        }
    }

    /// Bytes of every message on the stack.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        if self.messages > 0 {
            for level in &mut self.levels {
                if let Level::Message(inner) = level {
                    inner.push(bytes);
                }
            }
        }
    }

    /// `own_boundary`: a boundary of the innermost level ends it, so a preamble is a preamble.
    fn end_state(&mut self, own_boundary: bool, harvest: &mut Harvest) {
        match std::mem::replace(&mut self.state, State::Ended) {
            State::Leaf(leaf) => {
                leaf.finish(harvest);
                harvest.structure.update(b")");
            }
            State::Preamble(_, residue) if own_boundary => residue.finish(harvest),
            State::Preamble(leaf, residue) => {
                self.account.residue -= residue.length();
                self.account.leaf += residue.length();
                leaf.finish(harvest);
            }
            State::Epilogue(residue) => residue.finish(harvest),
            State::Header(_) | State::Ended => {}
        }
    }

    /// Ends the levels from `keep` on, innermost first.
    fn close_levels(&mut self, keep: usize, harvest: &mut Harvest) {
        while self.levels.len() > keep {
            harvest.structure.update(b")");
            match self.levels.pop() {
                Some(Level::Multipart(multipart)) if !multipart.closed => {
                    self.open -= 1;
                    harvest.problems.note(ProblemKind::UnclosedMultipart, "");
                }
                Some(Level::Message(inner)) => {
                    self.messages -= 1;
                    inner.finish(harvest);
                }
                Some(Level::Multipart(_)) | None => {}
            }
        }
    }
}

impl Multipart {
    fn child(&self) -> Entity {
        Entity {
            section: child_section(&self.prefix, self.children),
            root: false,
            depth: self.depth,
            alternative: self.alternative,
            default_type: self.child_type,
        }
    }
}
