//! What stands before the first separator of an mbox.

use super::evidence::starts_with_headers;
use super::tail::Tail;
use crate::model::{Frame, Piece, Problem, ProblemKind, SegmentKind, Span};

/// The byte order mark of UTF-8.
pub(super) const BOM: &[u8] = b"\xEF\xBB\xBF";
/// So many bytes are kept to say what they are.
const LIMIT: usize = 2048;

/// The bytes before the first separator.
pub(super) struct Lead {
    /// The first byte that no piece covers; the end of the last message while one is being read.
    pub start: u64,
    /// Doubts about `From ` lines among them.
    pub doubts: Vec<Problem>,
    text: Vec<u8>,
}

impl Lead {
    pub fn starting_at(offset_bytes: u64) -> Lead {
        Lead { start: offset_bytes, doubts: Vec::new(), text: Vec::new() }
    }

    pub fn take(&mut self, text: &[u8]) {
        let room = LIMIT - self.text.len();
        self.text.extend_from_slice(&text[..text.len().min(room)]);
    }

    /// Is there nothing but blanks and byte order marks?
    pub fn is_padding(&self, tail: &Tail) -> bool {
        let is_padding = |b: &u8| matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0) || BOM.contains(b);
        tail.blank_start() <= self.start || (self.text.len() < LIMIT && self.text.iter().all(is_padding))
    }

    /// Gives out what was taken: blanks, a message without its separator, or a gap.
    pub fn emit(&mut self, end: u64, tail: &Tail, out: &mut Vec<Piece>) {
        let span = Span::between(self.start, end);
        let is_padding = self.is_padding(tail);
        let text = std::mem::take(&mut self.text);
        self.start = end;
        if span.length_bytes == 0 {
            return;
        }
        if is_padding {
            out.push(Piece::Outside(SegmentKind::Padding, span, Vec::new()));
            return;
        }
        let mut problems = std::mem::take(&mut self.doubts);
        if !starts_with_headers(&text) {
            problems.push(Problem::at(ProblemKind::Gap, span, "bytes before the first `From ` line"));
            out.push(Piece::Outside(SegmentKind::Gap, span, problems));
            return;
        }
        let (frame_end, message_end) = tail.split(span.offset_bytes, end, None);
        let detail = "the file starts with the headers of a message that has no `From ` line; \
                      the other reading is that these bytes are the rest of a damaged message";
        problems.push(Problem::at(ProblemKind::DoubtfulBoundary, span, detail));
        out.push(Piece::Frame(Frame {
            frame: Span::between(span.offset_bytes, frame_end),
            message: Span::between(span.offset_bytes, message_end),
            separator: Vec::new(),
            trailer: Vec::new(),
            deleted: false,
            problems,
        }));
        if frame_end < end {
            out.push(Piece::Outside(SegmentKind::Padding, Span::between(frame_end, end), Vec::new()));
        }
    }
}
