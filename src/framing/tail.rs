//! The bytes just passed: what a boundary has to know about the end of the message before it.

/// Runs of NUL shorter than this belong to the line before them.
const NUL_RUN: u64 = 8;

/// The last bytes, and the run of blank bytes (CR, LF, SP, TAB, NUL) that they end in.
pub(super) struct Tail {
    /// Offset of the first byte that was not passed.
    pub position: u64,
    /// The last four bytes, newest last; before the start of the file stands nothing.
    last: [Option<u8>; 4],
    blank_start: u64,
    nul: Option<NulRun>,
    recent: Vec<u8>,
}

/// So many of the last bytes are kept to see what leads up to a boundary.
const RECENT_BYTES: usize = 256;

/// The first NUL of the blank run that starts a line, or a long run of them.
#[derive(Clone, Copy)]
struct NulRun {
    start: u64,
    before: [Option<u8>; 4],
    length_bytes: u64,
    at_line_start: bool,
}

impl NulRun {
    /// Nothing that follows changes what the run is.
    fn is_settled(self) -> bool {
        self.at_line_start || self.length_bytes >= NUL_RUN
    }
}

impl Tail {
    pub fn starting_at(offset_bytes: u64) -> Tail {
        Tail { position: offset_bytes, last: [None; 4], blank_start: offset_bytes, nul: None, recent: Vec::new() }
    }

    /// The last bytes passed, at most 256.
    pub fn recent(&self) -> &[u8] {
        &self.recent[self.recent.len().saturating_sub(RECENT_BYTES)..]
    }

    /// The start of the run of blank bytes that ends here; `position` if there is none.
    pub fn blank_start(&self) -> u64 {
        self.blank_start
    }

    pub fn ended_in_cr(&self) -> bool {
        self.last[3] == Some(b'\r')
    }

    pub fn ended_in_line_end(&self) -> bool {
        is_line_end(self.last[3])
    }

    /// Does a blank line, a run of NUL or the start of the file end here?
    pub fn ends_in_blank_line(&self) -> bool {
        match self.last {
            [.., None] | [.., Some(0)] => true,
            [_, b, Some(b'\r'), Some(b'\n')] => is_line_end(b) || b.is_none(),
            [_, _, b, Some(b'\n' | b'\r')] => is_line_end(b) || b.is_none() || b == Some(0),
            _ => false,
        }
    }

    /// The byte `back` bytes before `text[at]`, where `text` follows what was passed. `None` before the start.
    pub fn byte_before(&self, text: &[u8], at: usize, back: usize) -> Option<u8> {
        match at.checked_sub(back) {
            Some(index) => Some(text[index]),
            None => self.last[4 - (back - at)],
        }
    }

    pub fn pass(&mut self, text: &[u8]) {
        if text.len() >= RECENT_BYTES {
            self.recent.clear();
        } else if self.recent.len() > 8 * RECENT_BYTES {
            self.recent.drain(..self.recent.len() - RECENT_BYTES);
        }
        self.recent.extend_from_slice(&text[text.len().saturating_sub(RECENT_BYTES)..]);
        let blank = text.iter().rev().take_while(|&&b| is_blank(b)).count();
        let solid = text.len() - blank;
        if solid > 0 {
            self.shift(&text[..solid]);
            self.blank_start = self.position;
            self.nul = None;
        }
        let run = &text[solid..];
        if self.nul.is_some() || run.contains(&0) {
            let mut rest = run;
            while let Some((&byte, after)) = rest.split_first() {
                if self.nul.is_some_and(NulRun::is_settled) {
                    self.shift(rest);
                    break;
                }
                self.note_nul(byte);
                self.shift(&[byte]);
                rest = after;
            }
        } else {
            self.shift(run);
        }
    }

    fn note_nul(&mut self, byte: u8) {
        match &mut self.nul {
            Some(run) if run.is_settled() => {}
            Some(run) if byte == 0 && run.start + run.length_bytes == self.position => run.length_bytes += 1,
            _ if byte == 0 => {
                let at_line_start = self.last[3].is_none_or(|b| matches!(b, b'\n' | b'\r'));
                self.nul = Some(NulRun { start: self.position, before: self.last, length_bytes: 1, at_line_start });
            }
            _ => {}
        }
    }

    fn shift(&mut self, text: &[u8]) {
        self.position += text.len() as u64;
        match *text {
            [.., a, b, c, d] => self.last = [Some(a), Some(b), Some(c), Some(d)],
            _ => {
                for &byte in text {
                    self.last = [self.last[1], self.last[2], self.last[3], Some(byte)];
                }
            }
        }
    }

    /// Where the frame and the message of a message that starts at `message_start` and stops before `content_end`
    /// end: a run of NUL is padding, and the last blank line is the format's, unless the length says otherwise.
    pub fn split(&self, message_start: u64, content_end: u64, claim: Option<u64>) -> (u64, u64) {
        let nul = self.nul.filter(|run| run.is_settled());
        let nul = nul.filter(|run| run.start >= message_start && claim.is_none());
        let (frame_end, last) = match nul {
            Some(run) => (run.start, run.before),
            None if content_end < self.position => return (content_end, content_end),
            None => (content_end, self.last),
        };
        if let Some(claim) = claim {
            return (frame_end, claim);
        }
        let line_end = match last {
            [_, _, Some(b'\r'), Some(b'\n')] => 2,
            [.., Some(b'\n' | b'\r')] => 1,
            _ => return (frame_end, frame_end),
        };
        let Some(message_end) = frame_end.checked_sub(line_end).filter(|&end| end >= message_start) else {
            return (frame_end, frame_end);
        };
        let blank = message_end == message_start || is_line_end(last[3 - line_end as usize]);
        if blank { (frame_end, message_end) } else { (frame_end, frame_end) }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | b' ' | b'\t' | 0)
}

fn is_line_end(byte: Option<u8>) -> bool {
    matches!(byte, Some(b'\n' | b'\r'))
}
