//! Files of one message: .eml, MH and maildir as they are, and Apple Mail's .emlx.

use super::evidence::{split_line, starts_with_headers};
use crate::model::{Frame, Piece, Problem, ProblemKind, SegmentKind, Span};
use crate::source::from_line::parse_from_line;
use crate::source::header_line::is_header_line;

/// So much of the file is looked at for a banner, a `From ` line or a length line.
const START_LIMIT: usize = 64 * 1024;
/// Lines before the headers that are no headers.
const BANNER_LINES: usize = 5;
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The framer of a file that is one message.
pub(super) struct Single {
    start: Vec<u8>,
    position: u64,
    base: u64,
    last: Option<u8>,
}

impl Single {
    pub fn new(offset_bytes: u64) -> Single {
        Single { start: Vec::new(), position: offset_bytes, base: offset_bytes, last: None }
    }

    pub fn held_from(&self) -> u64 {
        self.base
    }

    pub fn push(&mut self, block: &[u8]) {
        let room = START_LIMIT - self.start.len();
        self.start.extend_from_slice(&block[..block.len().min(room)]);
        self.position += block.len() as u64;
        self.last = block.last().copied().or(self.last);
    }

    pub fn finish(&mut self, out: &mut Vec<Piece>) {
        let frame = Span::between(self.base, self.position);
        if frame.length_bytes == 0 {
            return;
        }
        if frame.length_bytes == self.start.len() as u64 && self.start.iter().all(|&b| is_blank(b)) {
            out.push(Piece::Outside(SegmentKind::Padding, frame, Vec::new()));
            self.base = self.position;
            return;
        }
        let lead = leading_bytes(&self.start);
        let message_start = self.base + lead.length_bytes as u64;
        let mut problems = Vec::new();
        if lead.banner {
            let span = Span::between(self.base, message_start);
            problems.push(Problem::at(ProblemKind::LeadingBanner, span, "the headers start after these bytes"));
        }
        if !matches!(self.last, Some(b'\n' | b'\r')) {
            let span = Span::between(self.position - 1, self.position);
            problems.push(Problem::at(ProblemKind::NoFinalNewline, span, "the last line has no line end"));
        }
        let separator = split_line(&self.start[..lead.length_bytes], true).map_or(&[][..], |(line, _)| line);
        out.push(Piece::Frame(Frame {
            frame,
            message: Span::between(message_start, self.position),
            separator: separator[..separator.len().min(1024)].to_vec(),
            trailer: Vec::new(),
            deleted: false,
            problems,
        }));
        self.base = self.position;
    }
}

struct Lead {
    length_bytes: usize,
    banner: bool,
}

/// The length of what stands before the headers: a byte order mark, blank lines, `From ` lines, and banners such as
/// Exchange's `Microsoft Mail Internet Headers Version 2.0`. Nothing if no headers follow.
fn leading_bytes(start: &[u8]) -> Lead {
    let mut rest = start.strip_prefix(BOM).unwrap_or(start);
    let none = Lead { length_bytes: start.len() - rest.len(), banner: false };
    let mut banner = false;
    for lines in 0..=BANNER_LINES {
        let Some((line, after)) = split_line(rest, true) else { break };
        if is_header_line(line) {
            let found = lines == 0 || starts_with_headers(rest) || !banner;
            return if found { Lead { length_bytes: start.len() - rest.len(), banner } } else { none };
        }
        let is_framing = line.trim_ascii().is_empty() || parse_from_line(line).is_some() || line.starts_with(b">From ");
        banner |= !is_framing;
        rest = after;
    }
    none
}

/// The framer of Apple Mail's format: a line with the length of the message, the message, a property list.
pub(super) struct Emlx {
    start: Vec<u8>,
    /// The first 64 bytes that follow the claimed end, to see whether the property list starts there.
    after: Vec<u8>,
    /// The end of the file, to find the property list where the length lies.
    end: Vec<u8>,
    position: u64,
    base: u64,
}

/// So much of the property list is given out.
const TRAILER_LIMIT: usize = 16 * 1024;
/// So much of the end is kept.
const END_LIMIT: usize = 64 * 1024;

impl Emlx {
    pub fn new(offset_bytes: u64) -> Emlx {
        Emlx { start: Vec::new(), after: Vec::new(), end: Vec::new(), position: offset_bytes, base: offset_bytes }
    }

    pub fn held_from(&self) -> u64 {
        self.base
    }

    pub fn push(&mut self, block: &[u8]) {
        let room = 64 - self.start.len().min(64);
        self.start.extend_from_slice(&block[..block.len().min(room)]);
        let kept = &block[block.len().saturating_sub(END_LIMIT)..];
        self.end.extend_from_slice(kept);
        let extra = self.end.len().saturating_sub(2 * END_LIMIT);
        self.end.drain(..extra);
        if let Some((message_start, length_bytes)) = length_line(&self.start) {
            let wanted = self.base + (message_start as u64).saturating_add(length_bytes) + self.after.len() as u64;
            if self.after.len() < 64 && wanted >= self.position && wanted < self.position + block.len() as u64 {
                let from = (wanted - self.position) as usize;
                self.after.extend_from_slice(&block[from..block.len().min(from + 64 - self.after.len())]);
            }
        }
        self.position += block.len() as u64;
    }

    pub fn finish(&mut self, out: &mut Vec<Piece>) {
        let frame = Span::between(self.base, self.position);
        if frame.length_bytes == 0 {
            return;
        }
        let (message_start, length_bytes) = length_line(&self.start).unwrap_or((0, u64::MAX));
        let message_start = self.base + message_start as u64;
        let claimed = message_start.saturating_add(length_bytes);
        let mut problems = Vec::new();
        let end = if claimed == self.position || (claimed < self.position && starts_property_list(&self.after)) {
            claimed
        } else {
            let found = self.property_list().unwrap_or(self.position).max(message_start);
            let detail = format!("the first line says {length_bytes} bytes, the message has {}", found - message_start);
            problems.push(Problem::at(ProblemKind::ContentLengthLies, Span::between(self.base, message_start), detail));
            if claimed > self.position && found == self.position {
                let detail = "the message should be longer and its property list is missing";
                problems.push(Problem::at(ProblemKind::TruncatedMessage, frame, detail));
            }
            found
        };
        let separator = split_line(&self.start, true).map_or(&[][..], |(line, _)| line);
        out.push(Piece::Frame(Frame {
            frame,
            message: Span::between(message_start, end),
            separator: if message_start > self.base { separator.to_vec() } else { Vec::new() },
            trailer: self.bytes_from(end),
            deleted: false,
            problems,
        }));
        self.base = self.position;
    }

    /// What is kept of the bytes from `end` on.
    fn bytes_from(&self, end: u64) -> Vec<u8> {
        let kept = self.kept();
        let kept_from = self.position - kept.len() as u64;
        let from = end.checked_sub(kept_from).map_or(kept.len(), |from| from as usize);
        let trailer = kept.get(from..).unwrap_or_default();
        trailer[..trailer.len().min(TRAILER_LIMIT)].to_vec()
    }

    /// The end of the file: the same bytes however they came in.
    fn kept(&self) -> &[u8] {
        &self.end[self.end.len().saturating_sub(END_LIMIT)..]
    }

    /// Where the property list at the end of the file starts.
    fn property_list(&self) -> Option<u64> {
        let kept = self.kept();
        let found = [&b"<?xml"[..], b"<!DOCTYPE plist", b"<plist"]
            .iter()
            .filter_map(|word| memchr::memmem::rfind(kept, word))
            .min()?;
        Some(self.position - (kept.len() - found) as u64)
    }
}

fn starts_property_list(after: &[u8]) -> bool {
    let after = after.trim_ascii_start();
    [&b"<?xml"[..], b"<!DOCTYPE", b"<plist", b"bplist"].iter().any(|word| after.starts_with(word))
}

/// The number on the first line, and where the next line starts.
fn length_line(start: &[u8]) -> Option<(usize, u64)> {
    let (line, rest) = split_line(start, false)?;
    let text = std::str::from_utf8(line).ok()?.trim();
    let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then_some(())?;
    Some((start.len() - rest.len(), text.parse().ok()?))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b' ' | b'\t' | 0 | 0xEF | 0xBB | 0xBF)
}
