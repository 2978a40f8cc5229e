//! What the scanner keeps of the things it is inside of: headers, multiparts, messages, residue.

use super::field::name_length;
use super::harvest::{Harvest, Row};
use super::leaf::Entity;
use super::part::PartHead;
use crate::model::{Digest, ProblemKind};
use sha2::{Digest as _, Sha256};

/// One level of nesting.
pub enum Level {
    /// A multipart with a boundary.
    Multipart(Multipart),
    /// A message/rfc822 that is not encoded.
    Message(Inner),
}

/// A multipart that is open, or closed and not yet left.
pub struct Multipart {
    /// Without the two dashes.
    pub boundary: Vec<u8>,
    /// Section number of its parts without their last number.
    pub prefix: String,
    /// Parts so far.
    pub children: u32,
    /// Its closing boundary was seen.
    pub closed: bool,
    /// Media type of parts that name none (RFC 2046 section 5.1.5).
    pub child_type: &'static str,
    /// As in [`Entity`].
    pub depth: u16,
    /// As in [`Entity`].
    pub alternative: Option<u32>,
}

/// A message inside: its bytes are digested while its parts are read.
pub struct Inner {
    row: usize,
    length: u64,
    sha256: Sha256,
}

impl Inner {
    /// Adds its row, to be completed when it ends.
    pub fn new(entity: &Entity, head: &PartHead, harvest: &mut Harvest) -> Inner {
        let row = harvest.add_row(Row {
            part: entity.leaf_section(),
            file_name: head.file_name.clone(),
            media_type: head.media_type.clone(),
            detected_type: None,
            size_bytes: 0,
            sha256: Digest([0; 32]),
            inline: head.disposition == super::part::Disposition::Inline,
            opaque: None,
            problem: head.problem(1),
            form: None,
            alternative: None,
            depth: entity.depth,
            opened: false,
        });
        Inner { row, length: 0, sha256: Sha256::new() }
    }

    /// The next of its bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.sha256.update(bytes);
    }

    /// The message ends.
    pub fn finish(self, harvest: &mut Harvest) {
        harvest.set_row(self.row, self.length, Digest(self.sha256.finalize().into()));
    }
}

/// What a line among headers is.
pub enum HeaderLine {
    /// The blank line at the end.
    End,
    /// A field or its continuation.
    Keep,
    /// Neither; what follows tells if it is junk or the start of the body.
    Doubt,
    /// The body has begun without a blank line.
    Body,
}

/// A header block that is being read.
pub struct Header {
    /// Whose it is.
    pub entity: Entity,
    /// Its fields, each line ending in LF.
    pub block: Vec<u8>,
    /// Lines in doubt, with their LF.
    pub junk: Vec<u8>,
    /// The start of this line was taken already.
    pub line_goes_on: bool,
    junk_lines: usize,
    limit: usize,
}

/// So many lines that are no fields may stand among fields before they are taken for the body.
const JUNK_LINES: usize = 8;
const JUNK_BYTES: usize = 8 * 1024;

impl Header {
    /// An empty header of at most `limit` bytes.
    pub fn new(entity: Entity, limit: usize) -> Header {
        let usual = if entity.root { 4096 } else { 256 };
        Header { entity, block: Vec::with_capacity(usual), junk: Vec::new(), line_goes_on: false, junk_lines: 0, limit }
    }

    /// Whether no field was read yet.
    pub fn is_empty(&self) -> bool {
        self.block.is_empty()
    }

    /// Says what a line (without LF) is. A line that is no field is junk if a field follows within the next eight
    /// lines and before a blank one, else the start of the body: so no text is lost among headers.
    pub fn judge(&mut self, line: &[u8]) -> HeaderLine {
        if std::mem::take(&mut self.line_goes_on) {
            return HeaderLine::Keep;
        }
        let top = self.entity.root && self.entity.depth == 0;
        let leading_blanks = self.junk.iter().all(|b| *b == b'\n');
        if line.is_empty() {
            return match (self.is_empty() && top && leading_blanks, self.junk.is_empty()) {
                (true, _) => self.doubt_or_body(line),
                (false, true) => HeaderLine::End,
                (false, false) => HeaderLine::Body,
            };
        }
        let in_doubt = !self.junk.is_empty();
        if matches!(line[0], b' ' | b'\t') {
            return if in_doubt || self.is_empty() { self.doubt_or_body(line) } else { HeaderLine::Keep };
        }
        match name_length(line) {
            Some(_) if !in_doubt => HeaderLine::Keep,
            Some(name) if leading_blanks && !is_usual(&line[..name]) => HeaderLine::Body,
            Some(name) if matches!(line.get(name + 1), None | Some(b' ' | b'\t')) => HeaderLine::Keep,
            _ => self.doubt_or_body(line),
        }
    }

    fn doubt_or_body(&self, line: &[u8]) -> HeaderLine {
        if self.junk_lines >= JUNK_LINES || self.junk.len() + line.len() > JUNK_BYTES {
            HeaderLine::Body
        } else {
            HeaderLine::Doubt
        }
    }

    /// Adds a line to the block; false if it is full.
    pub fn keep(&mut self, line: &[u8]) -> bool {
        let fits = self.block.len() + line.len() < self.limit;
        if fits {
            self.block.extend_from_slice(line);
            self.block.push(b'\n');
        }
        fits
    }

    /// Adds a line in doubt.
    pub fn doubt(&mut self, line: &[u8], has_lf: bool) {
        self.junk.extend_from_slice(line);
        if has_lf {
            self.junk.push(b'\n');
        }
        self.junk_lines += 1;
    }

    /// Takes the lines in doubt.
    pub fn take_junk(&mut self) -> Vec<u8> {
        self.junk_lines = 0;
        std::mem::take(&mut self.junk)
    }
}

/// Names that headers begin with; after leading blank lines only these make a header.
fn is_usual(name: &[u8]) -> bool {
    const USUAL: [&str; 12] = [
        "From",
        "To",
        "Cc",
        "Subject",
        "Date",
        "Received",
        "Return-Path",
        "Message-ID",
        "MIME-Version",
        "Delivered-To",
        "Content-Type",
        "Reply-To",
    ];
    USUAL.iter().any(|usual| name.eq_ignore_ascii_case(usual.as_bytes())) || name.starts_with(b"X-")
}

/// A piece of residue: bytes in no header and no leaf.
#[derive(Default)]
pub struct Residue {
    length: u64,
    sha256: Option<Sha256>,
    not_blank: bool,
    lines: u64,
    header_like: bool,
    line: Vec<u8>,
}

impl Residue {
    const LINE_START: usize = 80;

    /// The next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.sha256.get_or_insert_with(Sha256::new).update(bytes);
        self.not_blank |= !bytes.trim_ascii().is_empty();
        for piece in bytes.split_inclusive(|b| *b == b'\n') {
            let room = Self::LINE_START - self.line.len().min(Self::LINE_START);
            self.line.extend_from_slice(&piece[..piece.len().min(room)]);
            if piece.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let name = name_length(&self.line);
        self.header_like |= name.is_some_and(|name| is_usual(&self.line[..name]) || self.line.starts_with(b"Content-"));
        self.lines += u64::from(!self.line.trim_ascii().is_empty());
        self.line.clear();
    }

    /// How many bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The piece ends: if it is not blank, its digest counts. It is noted if it is more than the customary one to
    /// three lines for old mail programs, or looks like headers.
    pub fn finish(mut self, harvest: &mut Harvest) {
        self.end_line();
        if let (true, Some(sha256)) = (self.not_blank, self.sha256) {
            harvest.add_residue(Digest(sha256.finalize().into()));
            if self.lines > 3 || self.header_like {
                harvest.problems.note(ProblemKind::Residue, "");
            }
        }
    }
}
