//! Takes one `>` from quoted `From ` lines, as a stream (rule 2 of the recovery).

use memchr::{memmem, memrchr};

use crate::model::{Dialect, Recovery};

/// How a dialect protects a line that starts with `From `.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    Never,
    /// Only `From ` gets a `>`.
    Once,
    /// Every `>*From ` gets one more `>`.
    EveryLevel,
}

/// Rule 2: takes one `>` from a quoted `From ` line.
pub(super) struct Unquote {
    quoting: Quoting,
    at_line_start: bool,
    /// The start of a line that may be a quoted `From `, not handed on yet: so many `>` …
    marks: u64,
    /// … and so many bytes of `From `.
    from_bytes: usize,
}

const FROM: &[u8] = b"From ";

impl Unquote {
    pub fn new(recovery: Recovery) -> Unquote {
        let quoting = match recovery {
            Recovery::AsStored => Quoting::Never,
            Recovery::Mbox(dialect) => match dialect {
                Dialect::O | Dialect::Cl | Dialect::Pipermail => Quoting::Once,
                Dialect::Rd | Dialect::Thunderbird | Dialect::Takeout => Quoting::EveryLevel,
                Dialect::Cl2 | Dialect::Plain => Quoting::Never,
            },
        };
        Unquote { quoting, at_line_start: true, marks: 0, from_bytes: 0 }
    }

    pub fn push(&mut self, text: &[u8], out: &mut dyn FnMut(&[u8])) {
        if self.quoting == Quoting::Never || text.is_empty() {
            out(text);
            return;
        }
        let mut rest = text;
        if self.marks > 0 {
            rest = self.go_on_with_held(rest, out);
        }
        if rest.is_empty() {
            return;
        }
        let kept = self.hold_back(rest);
        let (now, _) = rest.split_at(rest.len() - kept);
        self.unquote_whole(now, out);
        self.at_line_start = kept == 0 && rest.ends_with(b"\n");
    }

    /// Hands on text in which every quoted `From ` is complete.
    fn unquote_whole(&self, text: &[u8], out: &mut dyn FnMut(&[u8])) {
        let mut passed = 0;
        for at in memmem::find_iter(text, b">From ") {
            let mut start = at;
            while self.quoting == Quoting::EveryLevel && start > 0 && text[start - 1] == b'>' {
                start -= 1;
            }
            if if start == 0 { self.at_line_start } else { text[start - 1] == b'\n' } {
                out(&text[passed..start]);
                passed = start + 1;
            }
        }
        if passed < text.len() {
            out(&text[passed..]);
        }
    }

    /// Notes the start of the last line if it may be a quoted `From ` that is not complete, and says its length.
    fn hold_back(&mut self, text: &[u8]) -> usize {
        let start = match memrchr(b'\n', text) {
            Some(at) => at + 1,
            None if self.at_line_start => 0,
            None => return 0,
        };
        let line = &text[start..];
        let marks = line.iter().take_while(|&&b| b == b'>').count();
        let after = &line[marks..];
        if marks == 0 || after.len() >= FROM.len() || !FROM.starts_with(after) {
            return 0;
        }
        self.marks = marks as u64;
        self.from_bytes = after.len();
        line.len()
    }

    /// Matches on where the last block stopped. Gives back what does not belong to the held start.
    fn go_on_with_held<'a>(&mut self, text: &'a [u8], out: &mut dyn FnMut(&[u8])) -> &'a [u8] {
        let mut used = 0;
        while used < text.len() && self.from_bytes < FROM.len() {
            if text[used] == b'>' && self.from_bytes == 0 {
                self.marks += 1;
            } else if text[used] == FROM[self.from_bytes] {
                self.from_bytes += 1;
            } else {
                break;
            }
            used += 1;
        }
        let complete = self.from_bytes == FROM.len();
        if complete || used < text.len() {
            let quoted = complete && (self.quoting == Quoting::EveryLevel || self.marks == 1);
            self.release(u64::from(quoted), out);
        }
        &text[used..]
    }

    fn release(&mut self, dropped: u64, out: &mut dyn FnMut(&[u8])) {
        for _ in dropped..self.marks {
            out(b">");
        }
        if self.from_bytes > 0 {
            out(&FROM[..self.from_bytes]);
        }
        self.at_line_start = false;
        self.marks = 0;
        self.from_bytes = 0;
    }

    pub fn finish(&mut self, out: &mut dyn FnMut(&[u8])) {
        if self.marks > 0 {
            self.release(0, out);
        }
    }
}
