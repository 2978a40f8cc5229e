//! Digests of text that do not see the white space which transports change.

use crate::model::Digest;
use sha2::{Digest as _, Sha256};

/// White space longer than this is content in pieces of this length, so that memory stays small.
const LONGEST_BLANK: usize = 64 * 1024;
const BUFFER: usize = 4 * 1024;
/// SP, TAB, LF, CR.
static BLANK: [bool; 256] = {
    let mut blank = [false; 256];
    (blank[9], blank[10], blank[13], blank[32]) = (true, true, true, true);
    blank
};
/// Every byte as itself, white space as a blank.
static FOLDED: [u8; 256] = {
    let mut folded = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        folded[byte] = if (byte >= 9 && byte <= 13) || byte == 32 { b' ' } else { byte as u8 };
        byte += 1;
    }
    folded
};
static LINE_ENDS: [u8; 1024] = [b'\n'; 1024];

/// Lines without the white space at their ends.
#[derive(Default)]
pub struct Lines {
    newlines: u64,
    blanks: Vec<u8>,
    after_cr: bool,
    buffer: Vec<u8>,
    lines: Sha256,
    nospace: Sha256,
    any: bool,
}

impl Lines {
    /// The next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
            self.stretch(&rest[..end]);
            let Some(line_end) = rest.get(end) else { return };
            let second_half = *line_end == b'\n' && end == 0 && self.after_cr;
            self.newlines += u64::from(!second_half);
            self.blanks.clear();
            self.after_cr = *line_end == b'\r';
            rest = &rest[end + 1..];
        }
    }

    /// Bytes of one line.
    fn stretch(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        self.after_cr = false;
        let trailing = bytes.iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let (text, blank) = bytes.split_at(bytes.len() - trailing);
        if !text.is_empty() {
            self.emit_held();
            self.emit(text);
        }
        for piece in blank.chunks(LONGEST_BLANK) {
            let room = LONGEST_BLANK - self.blanks.len();
            let (now, later) = piece.split_at(piece.len().min(room));
            self.blanks.extend_from_slice(now);
            if self.blanks.len() == LONGEST_BLANK {
                self.emit_held();
            }
            self.blanks.extend_from_slice(later);
        }
    }

    fn emit_held(&mut self) {
        // Line ends before the first text count too: a leaf may begin with blank lines.
        while self.newlines > 0 {
            let some = self.newlines.min(LINE_ENDS.len() as u64);
            self.emit(&LINE_ENDS[..some as usize]);
            self.newlines -= some;
        }
        if !self.blanks.is_empty() {
            let blanks = std::mem::take(&mut self.blanks);
            self.emit(&blanks);
        }
    }

    fn emit(&mut self, bytes: &[u8]) {
        self.any = true;
        for piece in bytes.chunks(BUFFER) {
            if self.buffer.len() + piece.len() > BUFFER {
                self.flush();
            }
            self.buffer.extend_from_slice(piece);
        }
    }

    fn flush(&mut self) {
        self.lines.update(&self.buffer);
        let mut squeezed = [0u8; BUFFER];
        let mut length = 0;
        for byte in &self.buffer {
            squeezed[length % BUFFER] = *byte;
            length += usize::from(!BLANK[usize::from(*byte)]);
        }
        self.nospace.update(&squeezed[..length]);
        self.buffer.clear();
    }

    /// The digest of the lines and that without white space; `None` for a blank text.
    pub fn finish(&mut self) -> Option<(Digest, Digest)> {
        self.flush();
        let take = |sha256: &mut Sha256| Digest(std::mem::take(sha256).finalize().into());
        self.any.then(|| (take(&mut self.lines), take(&mut self.nospace)))
    }
}

/// `text_sha256`: of the text with white space (as Unicode has it) folded; `None` if there is nothing else.
pub fn text_digest(text: &str) -> Option<Digest> {
    if text.is_ascii() {
        return ascii_digest(text.trim().as_bytes());
    }
    let mut sha256 = Sha256::new();
    let mut buffer = Vec::with_capacity(BUFFER);
    let mut any = false;
    for word in text.split_whitespace() {
        if any {
            buffer.push(b' ');
        }
        any = true;
        buffer.extend_from_slice(word.as_bytes());
        if buffer.len() > BUFFER / 2 {
            sha256.update(&buffer);
            buffer.clear();
        }
    }
    sha256.update(&buffer);
    any.then(|| Digest(sha256.finalize().into()))
}

/// The same for text in ASCII that is trimmed, without a branch for each byte.
fn ascii_digest(text: &[u8]) -> Option<Digest> {
    let mut sha256 = Sha256::new();
    let mut folded = [0u8; BUFFER];
    let mut after_blank = false;
    for block in text.chunks(BUFFER) {
        let mut length = 0;
        for byte in block {
            let byte = FOLDED[usize::from(*byte)];
            let blank = byte == b' ';
            folded[length % BUFFER] = byte;
            length += usize::from(!(blank & after_blank));
            after_blank = blank;
        }
        sha256.update(&folded[..length]);
    }
    (!text.is_empty()).then(|| Digest(sha256.finalize().into()))
}
