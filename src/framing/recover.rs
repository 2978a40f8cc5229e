//! From the stored bytes of a message to the message as it was before the store took it (DESIGN section 6).
//!
//! Four rules in this order, the first two for an mbox only:
//! 1. headers that a store adds are dropped, only where it adds them;
//! 2. one level of `From ` quoting is undone, as the dialect quotes (RFC 4155 names the ambiguity, mbox(5) the dialects);
//! 3. CR LF and lone CR become LF;
//! 4. the result ends in exactly one LF.

use memchr::memchr;

use super::unquote::Unquote;
use crate::model::{Dialect, Recovery};

/// The longest Content-Length field that a store would write; anything longer is the message's own.
const HELD_FIELD_LIMIT: usize = 1024;
/// The longest field name that is dropped, with a few blanks before its colon.
const NAME_LIMIT: usize = 32;
/// Line ends that are passed on in one piece.
const LINE_ENDS: [u8; 4096] = [b'\n'; 4096];

/// Undoes what a store did to a message, as a stream: any split of the input gives the same output.
///
/// Memory: a copy of a block that holds CR, and about 1 KiB besides; nothing grows with the message.
pub struct Recover {
    head: Head,
    unquote: Unquote,
    ending: Ending,
    after_cr: bool,
    without_cr: Vec<u8>,
}

impl Recover {
    /// A recovery that starts at the first byte of a stored message.
    pub fn new(recovery: Recovery) -> Recover {
        Recover {
            head: Head::new(recovery),
            unquote: Unquote::new(recovery),
            ending: Ending::default(),
            after_cr: false,
            without_cr: Vec::new(),
        }
    }

    /// Takes the next stored bytes and hands on what is certain by now; untouched runs are passed through as slices.
    pub fn push(&mut self, block: &[u8], out: &mut dyn FnMut(&[u8])) {
        if block.is_empty() {
            return;
        }
        if !self.after_cr && memchr(b'\r', block).is_none() {
            self.take_lines(block, out);
            return;
        }
        let mut text = std::mem::take(&mut self.without_cr);
        text.clear();
        self.normalise(block, &mut text);
        self.take_lines(&text, out);
        self.without_cr = text;
    }

    /// Ends the message: hands on what was held back, and the one LF at the end.
    pub fn finish(mut self, out: &mut dyn FnMut(&[u8])) {
        if self.after_cr {
            self.take_lines(b"\n", out);
        }
        let Recover { head, unquote, ending, .. } = &mut self;
        head.finish(&mut |text| unquote.push(text, &mut |text| ending.push(text, out)));
        unquote.finish(&mut |text| ending.push(text, out));
        out(b"\n");
    }

    /// Rule 3. A CR at the end of the block waits for the next one: it may be half of a CR LF.
    fn normalise(&mut self, block: &[u8], text: &mut Vec<u8>) {
        let mut rest = block;
        if self.after_cr {
            self.after_cr = false;
            text.push(b'\n');
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(at) = memchr(b'\r', rest) {
            text.extend_from_slice(&rest[..at]);
            rest = &rest[at + 1..];
            match rest.first() {
                Some(b'\n') => rest = &rest[1..],
                Some(_) => {}
                None => {
                    self.after_cr = true;
                    return;
                }
            }
            text.push(b'\n');
        }
        text.extend_from_slice(rest);
    }

    fn take_lines(&mut self, text: &[u8], out: &mut dyn FnMut(&[u8])) {
        let Recover { head, unquote, ending, .. } = self;
        head.push(text, &mut |text| unquote.push(text, &mut |text| ending.push(text, out)));
    }
}

/// Where the header reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// In the run of fields that a store puts before the message's own.
    Leading,
    /// In the message's own fields; a Content-Length is held until it is known to be the last.
    Fields,
    /// Nothing to drop from here on.
    Done,
}

/// What happens to the rest of the current line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Undecided,
    Pass,
    Drop,
    Hold,
}

/// Rule 1: the fields that a store adds.
struct Head {
    zone: Zone,
    dialect: Option<Dialect>,
    fate: Fate,
    /// The start of the current line, while its fate is undecided.
    line: Vec<u8>,
    /// A Content-Length field that may be the last.
    held: Vec<u8>,
    /// The field before this line was dropped, so a continuation line goes with it.
    dropped_before: bool,
}

impl Head {
    fn new(recovery: Recovery) -> Head {
        let (zone, dialect) = match recovery {
            Recovery::AsStored => (Zone::Done, None),
            Recovery::Mbox(dialect) => (Zone::Leading, Some(dialect)),
        };
        Head { zone, dialect, fate: Fate::Undecided, line: Vec::new(), held: Vec::new(), dropped_before: false }
    }

    fn push(&mut self, text: &[u8], out: &mut dyn FnMut(&[u8])) {
        let mut rest = text;
        while !rest.is_empty() {
            if self.zone == Zone::Done {
                out(rest);
                return;
            }
            if self.fate == Fate::Undecided {
                rest = self.decide(rest, out);
                continue;
            }
            let end = memchr(b'\n', rest).map_or(rest.len(), |at| at + 1);
            let (now, later) = rest.split_at(end);
            match self.fate {
                Fate::Pass => out(now),
                Fate::Hold => self.hold(now, out),
                Fate::Drop | Fate::Undecided => {}
            }
            if now.ends_with(b"\n") {
                self.fate = Fate::Undecided;
            }
            rest = later;
        }
    }

    fn finish(&mut self, out: &mut dyn FnMut(&[u8])) {
        if self.zone == Zone::Done {
            return;
        }
        // The message ends inside its head: a line without its end, then a Content-Length that was the last field.
        if self.fate == Fate::Undecided && !self.line.is_empty() {
            let line = std::mem::take(&mut self.line);
            self.judge(&line, out);
            if self.fate == Fate::Pass {
                out(&line);
            }
        }
    }

    /// Collects the start of a line until it says what the line is. Gives back what was not needed for that.
    fn decide<'a>(&mut self, text: &'a [u8], out: &mut dyn FnMut(&[u8])) -> &'a [u8] {
        let room = NAME_LIMIT - self.line.len();
        let told = text.iter().take(room).position(|&b| matches!(b, b':' | b'\n'));
        let blank_start = self.line.is_empty() && matches!(text[0], b' ' | b'\t');
        let taken = if blank_start { 1 } else { told.map_or(room.min(text.len()), |at| at + 1) };
        self.line.extend_from_slice(&text[..taken]);
        if told.is_none() && !blank_start && self.line.len() < NAME_LIMIT {
            return &[];
        }
        let line = std::mem::take(&mut self.line);
        self.judge(&line, out);
        match self.fate {
            Fate::Pass => out(&line),
            Fate::Hold => self.hold(&line, out),
            Fate::Drop | Fate::Undecided => {}
        }
        if line.ends_with(b"\n") {
            self.fate = Fate::Undecided;
        }
        self.line = line;
        self.line.clear();
        &text[taken..]
    }

    /// Decides the fate of the line that starts so.
    fn judge(&mut self, start: &[u8], out: &mut dyn FnMut(&[u8])) {
        let continues = matches!(start.first(), Some(b' ' | b'\t'));
        if self.zone == Zone::Leading {
            let dropped =
                if continues { self.dropped_before } else { field_name(start).is_some_and(|name| self.is_added(name)) };
            self.dropped_before = dropped;
            if dropped {
                self.fate = Fate::Drop;
                return;
            }
            self.zone = if self.has_length() { Zone::Fields } else { Zone::Done };
        }
        self.fate = Fate::Pass;
        if self.zone != Zone::Fields {
            return;
        }
        if start == b"\n" {
            self.held.clear();
            self.zone = Zone::Done;
        } else if continues && !self.held.is_empty() {
            self.fate = Fate::Hold;
        } else {
            self.release(out);
            if field_name(start).is_some_and(|name| name.eq_ignore_ascii_case(b"Content-Length")) {
                self.fate = Fate::Hold;
            }
        }
    }

    /// Is this a field that a store puts before the message's own?
    fn is_added(&self, name: &[u8]) -> bool {
        let is_any = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        is_any(&["X-Mozilla-Status", "X-Mozilla-Status2", "X-Mozilla-Keys"])
            || (self.dialect == Some(Dialect::Takeout) && is_any(&["X-GM-THRID", "X-Gmail-Labels"]))
    }

    fn has_length(&self) -> bool {
        matches!(self.dialect, Some(Dialect::Cl | Dialect::Cl2))
    }

    fn hold(&mut self, text: &[u8], out: &mut dyn FnMut(&[u8])) {
        self.held.extend_from_slice(text);
        if self.held.len() > HELD_FIELD_LIMIT {
            self.release(out);
            self.fate = Fate::Pass;
        }
    }

    fn release(&mut self, out: &mut dyn FnMut(&[u8])) {
        if !self.held.is_empty() {
            out(&self.held);
            self.held.clear();
        }
    }
}

/// The field name at the start of a line (RFC 5322 section 2.2), blanks before the colon allowed.
fn field_name(start: &[u8]) -> Option<&[u8]> {
    let colon = memchr(b':', start)?;
    Some(start[..colon].trim_ascii_end())
}

/// Rule 4: line ends are handed on only when something follows them.
#[derive(Default)]
struct Ending {
    line_ends: u64,
}

impl Ending {
    fn push(&mut self, text: &[u8], out: &mut dyn FnMut(&[u8])) {
        let Some(last) = text.iter().rposition(|&b| b != b'\n') else {
            self.line_ends += text.len() as u64;
            return;
        };
        while self.line_ends > 0 {
            let now = self.line_ends.min(LINE_ENDS.len() as u64);
            out(&LINE_ENDS[..now as usize]);
            self.line_ends -= now;
        }
        out(&text[..=last]);
        self.line_ends = (text.len() - last - 1) as u64;
    }
}

#[cfg(test)]
#[path = "recover_tests.rs"]
mod tests;
