//! The linear streaming MIME scanner (RFC 2046): one pass, an explicit stack, no recursion over nesting.
//!
//! The input is what recovery gives: LF line ends. A boundary line is `--`, the boundary, perhaps `--`, and white space
//! (RFC 2046 section 5.1.1); the LF before it belongs to it. The innermost open multipart whose boundary fits takes
//! the line, and everything inside it ends there.

use super::decode::Encoding;
use super::field::name_length;
use super::harvest::Harvest;
use super::identity;
use super::leaf::{Entity, Leaf, child_section};
use super::level::{Header, HeaderLine, Inner, Level, Multipart, Residue};
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

enum State {
    Header(Box<Header>),
    Leaf(Box<Leaf>),
    /// Before the first boundary of the innermost multipart: residue, or the text of a multipart without any boundary.
    Preamble(Box<Leaf>, Box<Residue>),
    Epilogue(Box<Residue>),
    Ended,
}

/// A line end that was read and waits for what comes after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    None,
    /// Content, unless a boundary follows.
    Content,
    /// The end of a header or boundary line: accounted for, content only of the messages around it.
    Framing,
}

/// The scanner of one message.
pub struct Scanner {
    levels: Vec<Level>,
    state: State,
    /// The start of a header line or of a line that may be a boundary, as far as it was read.
    line: Vec<u8>,
    line_start: bool,
    pending: Pending,
    /// Multiparts on the stack whose closing boundary was not seen.
    open: usize,
    /// Messages on the stack.
    messages: usize,
    /// Too many parts: boundaries are not looked for any more.
    deaf: bool,
    base_depth: usize,
    encoded_depth: usize,
    account: Account,
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

    fn inside(entity: Entity, harvest: &Harvest, base_depth: usize, encoded_depth: usize) -> Scanner {
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

    // ---- headers ----

    fn header_bytes<'a>(&mut self, bytes: &'a [u8], harvest: &mut Harvest) -> &'a [u8] {
        let Some(end) = memchr::memchr(b'\n', bytes) else {
            self.line.extend_from_slice(bytes);
            if self.line.len() > harvest.limits.header_bytes {
                self.overlong_header_line(harvest);
            }
            return &[];
        };
        if self.line.is_empty() {
            self.header_line(&bytes[..end], true, harvest);
        } else {
            let mut line = std::mem::take(&mut self.line);
            line.extend_from_slice(&bytes[..end]);
            self.header_line(&line, true, harvest);
        }
        &bytes[end + 1..]
    }

    /// A header line longer than all headers may be: its start is treated as a line of its own.
    fn overlong_header_line(&mut self, harvest: &mut Harvest) {
        let line = std::mem::take(&mut self.line);
        if name_length(&line).is_none() && !matches!(line.first(), Some(b' ' | b'\t')) {
            self.start_body(&line, false, harvest);
            return;
        }
        harvest.problems.note(ProblemKind::HeadersTooLong, "");
        self.header_line(&line, false, harvest);
        if let State::Header(header) = &mut self.state {
            header.line_goes_on = true;
        }
    }

    /// One line without its LF.
    fn header_line(&mut self, line: &[u8], has_lf: bool, harvest: &mut Harvest) {
        if self.open > 0 && line.starts_with(b"--") && self.boundary_line(line, has_lf, harvest) {
            return;
        }
        let State::Header(header) = &mut self.state else { return };
        match header.judge(line) {
            HeaderLine::End => {
                self.framing(line, has_lf);
                self.end_header(harvest);
            }
            HeaderLine::Keep => {
                self.settle_junk(harvest);
                self.framing(line, has_lf);
                if let State::Header(header) = &mut self.state
                    && !header.keep(line)
                {
                    harvest.problems.note(ProblemKind::HeadersTooLong, "");
                }
            }
            HeaderLine::Doubt => header.doubt(line, has_lf),
            HeaderLine::Body => self.start_body(line, has_lf, harvest),
        }
    }

    /// Lines that were no fields stand among fields: they are residue.
    fn settle_junk(&mut self, harvest: &mut Harvest) {
        let State::Header(header) = &mut self.state else { return };
        if header.junk.is_empty() {
            return;
        }
        let (junk, leading) = (header.take_junk(), header.is_empty());
        let kind = if leading { ProblemKind::LeadingBanner } else { ProblemKind::HeaderJunk };
        if !junk.trim_ascii().is_empty() {
            harvest.problems.note(kind, "");
        }
        if leading && harvest.leading_from_line.is_empty() && self.levels.is_empty() && self.base_depth == 0 {
            harvest.leading_from_line = junk.split(|b| *b == b'\n').next().unwrap_or_default().to_vec();
        }
        let mut residue = Residue::default();
        residue.push(&junk);
        residue.finish(harvest);
        self.account.residue += junk.len() as u64;
        self.flush_pending(harvest);
        let without_lf = junk.strip_suffix(b"\n").unwrap_or(&junk);
        self.raw(without_lf);
        self.pending = Pending::Framing;
    }

    /// The headers end without a blank line: what was in doubt, and this line, are the start of the body.
    fn start_body(&mut self, line: &[u8], has_lf: bool, harvest: &mut Harvest) {
        let State::Header(header) = &mut self.state else { return };
        let mut start = header.take_junk();
        start.extend_from_slice(line);
        if has_lf {
            start.push(b'\n');
        }
        self.open_entity(harvest);
        self.push(&start, harvest);
    }

    fn framing(&mut self, line: &[u8], has_lf: bool) {
        self.account.header += line.len() as u64 + u64::from(has_lf);
        self.framing_raw(line, has_lf);
    }

    fn framing_raw(&mut self, line: &[u8], has_lf: bool) {
        if self.pending != Pending::None {
            self.raw(b"\n");
        }
        self.raw(line);
        self.pending = if has_lf { Pending::Framing } else { Pending::None };
    }

    fn end_header(&mut self, harvest: &mut Harvest) {
        let State::Header(header) = &mut self.state else { return };
        let junk = header.take_junk();
        self.open_entity(harvest);
        if !junk.is_empty() {
            self.push(&junk, harvest);
        }
    }

    /// The header is complete: what does it open?
    fn open_entity(&mut self, harvest: &mut Harvest) {
        let State::Header(header) = std::mem::replace(&mut self.state, State::Ended) else { return };
        let Header { block, entity, .. } = *header;
        self.line_start = true;
        harvest.parts += 1;
        let head = PartHead::parse(&block, entity.default_type);
        if entity.root && entity.depth > 0 {
            harvest.digest_inner_headers(identity::inner_headers(&block));
        } else if entity.root {
            harvest.top_block = block;
        }
        let deep = self.base_depth + self.levels.len() >= harvest.limits.depth;
        let is_multipart = head.media_type.starts_with("multipart/");
        if deep && (is_multipart || head.is_message()) {
            harvest.problems.note(ProblemKind::TooDeep, "");
        }
        harvest.structure.update(b"(");
        harvest.structure.update(head.media_type.as_bytes());
        if is_multipart && !deep {
            if let Some(boundary) = head.boundary.clone() {
                self.open_multipart(boundary, entity, head, harvest);
                return;
            }
            harvest.problems.note(ProblemKind::NoBoundary, "");
        } else if head.is_message() && !deep {
            self.open_message(entity, head, harvest);
            return;
        }
        self.state = State::Leaf(Box::new(Leaf::new(entity, head)));
    }

    fn open_multipart(&mut self, boundary: Vec<u8>, entity: Entity, head: PartHead, harvest: &mut Harvest) {
        if head.media_type == "multipart/encrypted" {
            harvest.problems.note(ProblemKind::OpaqueEncrypted, &format!("part {}", entity.leaf_section()));
        }
        let alternative = if head.media_type == "multipart/alternative" && entity.alternative.is_none() {
            harvest.alternatives += 1;
            Some(harvest.alternatives)
        } else {
            entity.alternative
        };
        let digest = head.media_type == "multipart/digest";
        self.levels.push(Level::Multipart(Multipart {
            boundary,
            prefix: entity.section.clone(),
            children: 0,
            closed: false,
            child_type: if digest { "message/rfc822" } else { "text/plain" },
            depth: entity.depth,
            alternative,
        }));
        self.open += 1;
        let mut text = PartHead::bare("text/plain");
        text.charset = head.charset;
        self.state = State::Preamble(Box::new(Leaf::new(entity, text)), Box::default());
    }

    fn open_message(&mut self, entity: Entity, head: PartHead, harvest: &mut Harvest) {
        let section = entity.leaf_section();
        let inner = Entity {
            section,
            root: true,
            depth: entity.depth.saturating_add(1),
            alternative: None,
            default_type: "text/plain",
        };
        let encoded = matches!(head.encoding, Encoding::Base64 | Encoding::QuotedPrintable);
        if encoded && self.encoded_depth >= harvest.limits.encoded_depth {
            harvest.problems.note(ProblemKind::TooDeep, "");
            self.state = State::Leaf(Box::new(Leaf::new(entity, head)));
        } else if encoded {
            let depth = self.base_depth + self.levels.len() + 1;
            let scanner = Scanner::inside(inner, harvest, depth, self.encoded_depth + 1);
            self.state = State::Leaf(Box::new(Leaf::message(entity, head, scanner, harvest)));
        } else {
            self.flush_pending(harvest);
            self.levels.push(Level::Message(Inner::new(&entity, &head, harvest)));
            self.messages += 1;
            self.state = State::Header(Box::new(Header::new(inner, harvest.limits.header_bytes)));
        }
    }

    // ---- bodies ----

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
    fn boundary_line(&mut self, line: &[u8], has_lf: bool, harvest: &mut Harvest) -> bool {
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

    fn content(&mut self, bytes: &[u8], harvest: &mut Harvest) {
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

    fn flush_pending(&mut self, harvest: &mut Harvest) {
        match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::None => {}
            Pending::Content => self.content(b"\n", harvest),
            Pending::Framing => self.raw(b"\n"),
        }
    }

    /// Bytes of every message on the stack.
    fn raw(&mut self, bytes: &[u8]) {
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
