//! Which dialect of mbox a file is in, told from its first 16 MiB.

use memchr::memmem;

use super::evidence::split_line;
use super::mbox::Mbox;
use crate::model::{Dialect, Frame, Piece};
use crate::source::from_line::{Sender, parse_from_line};
use crate::source::header_line::field_name;

/// So much of a file is surveyed.
pub const SURVEY_BYTES: usize = 16 << 20;
/// Messages are counted in steps of so many bytes.
const STEP_BYTES: usize = 256 * 1024;
/// So much of the start of a message is looked at for fields that stores add.
const HEAD_LIMIT: usize = 64 * 1024;

/// Looks at the start of a file and chooses its dialect.
///
/// It holds what it is given, at most 16 MiB, until `dialect` is asked for.
pub struct Survey {
    text: Vec<u8>,
    stopped_early: bool,
    promised: Option<Dialect>,
}

/// What was counted.
#[derive(Default, Debug)]
struct Counts {
    messages: u64,
    dash: u64,
    obscured: u64,
    takeout: u64,
    mozilla: u64,
    labelled: u64,
    lengths: u64,
    lengths_that_lead: u64,
    quoted_once: u64,
    quoted_more: u64,
    votes_rd: i64,
    unquoted: u64,
}

impl Survey {
    /// A survey that has seen nothing.
    pub fn new() -> Survey {
        Survey { text: Vec::new(), stopped_early: false, promised: None }
    }

    /// Takes the file's name as a hint: `x.mboxrd`, `x.mboxo`, `x.mboxcl` and `x.mboxcl2` say how they quote. It decides
    /// only where the content does not.
    pub fn named(mut self, name: &[u8]) -> Survey {
        let lower = name.to_ascii_lowercase();
        let known =
            [(".mboxrd", Dialect::Rd), (".mboxo", Dialect::O), (".mboxcl2", Dialect::Cl2), (".mboxcl", Dialect::Cl)];
        self.promised = known.iter().find(|(end, _)| lower.ends_with(end.as_bytes())).map(|(_, dialect)| *dialect);
        self
    }

    /// Takes the next block from the start of the file; what lies beyond 16 MiB is not looked at.
    pub fn push(&mut self, block: &[u8]) {
        let room = SURVEY_BYTES - self.text.len();
        self.text.extend_from_slice(&block[..block.len().min(room)]);
        self.stopped_early |= block.len() > room;
    }

    /// The dialect that explains best what was seen.
    pub fn dialect(&self) -> Dialect {
        let counts = self.count();
        let most = |n: u64| n > 0 && 2 * n >= counts.messages;
        if most(counts.takeout) || (counts.takeout > 0 && most(counts.labelled)) {
            Dialect::Takeout
        } else if most(counts.mozilla) || (most(counts.dash) && !most(counts.lengths_that_lead)) {
            Dialect::Thunderbird
        } else if counts.lengths_that_lead > 0 && 2 * counts.lengths_that_lead >= counts.lengths {
            let only_lengths_protect = counts.unquoted > 0 && counts.quoted_once == 0;
            let promised = self.promised == Some(Dialect::Cl2) && counts.quoted_once == 0;
            if only_lengths_protect || promised { Dialect::Cl2 } else { Dialect::Cl }
        } else if counts.unquoted > counts.quoted_once + counts.quoted_more {
            // A store that lets such lines through does not quote; a `>From ` was in the message before.
            Dialect::Plain
        } else if most(counts.obscured) {
            Dialect::Pipermail
        } else {
            self.quoting(&counts)
        }
    }

    fn quoting(&self, counts: &Counts) -> Dialect {
        let quoted = counts.quoted_once + counts.quoted_more;
        let promised = self.promised.filter(|dialect| matches!(dialect, Dialect::O | Dialect::Rd));
        match counts.votes_rd {
            1.. => Dialect::Rd,
            ..=-1 => Dialect::O,
            0 if promised.is_some() => promised.unwrap_or(Dialect::O),
            0 if counts.quoted_more > 0 => Dialect::Rd,
            // Nothing to undo so far: the first `>From ` further on will most likely be quoted.
            0 if quoted > 0 || self.stopped_early => Dialect::O,
            0 => Dialect::Plain,
        }
    }

    fn count(&self) -> Counts {
        let mut pieces = Vec::new();
        let mut mbox = Mbox::new(Dialect::Cl2, 0);
        let mut counts = Counts::default();
        let mut count = |pieces: &mut Vec<Piece>| {
            for piece in pieces.drain(..) {
                if let Piece::Frame(frame) = piece {
                    self.count_message(&frame, &mut counts);
                }
            }
        };
        // Step by step: a file of separators alone has half a million messages.
        for block in self.text.chunks(STEP_BYTES) {
            mbox.push(block, &mut pieces);
            count(&mut pieces);
        }
        mbox.finish(&mut pieces);
        count(&mut pieces);
        counts
    }

    fn count_message(&self, frame: &Frame, counts: &mut Counts) {
        let message = &self.text[frame.message.offset_bytes as usize..frame.message.end() as usize];
        counts.messages += 1;
        if let Some(from) = parse_from_line(&frame.separator) {
            counts.dash += u64::from(from.sender == Sender::Dash);
            counts.obscured += u64::from(from.sender == Sender::Obscured);
            let id = from.envelope_sender.strip_suffix(b"@xxx");
            counts.takeout += u64::from(id.is_some_and(|id| !id.is_empty() && id.iter().all(u8::is_ascii_digit)));
        }
        let length = self.count_fields(message, counts);
        if let Some((body_start, length_bytes)) = length {
            counts.lengths += 1;
            let body_bytes = (message.len() - body_start) as u64;
            let follows = frame.frame.end() - frame.message.end();
            // A file that was converted to CR LF keeps the lengths it had before.
            let line_ends = memmem::find_iter(&message[body_start..], b"\r\n").count() as u64;
            let leads = length_bytes == body_bytes
                || (length_bytes + line_ends).abs_diff(body_bytes) <= 1
                || (length_bytes > body_bytes && length_bytes <= body_bytes + follows);
            // The last message may be cut off by the end of the survey.
            counts.lengths_that_lead += u64::from(leads);
            if frame.frame.end() == self.text.len() as u64 && self.stopped_early {
                counts.lengths -= u64::from(!leads);
            }
        }
        count_quotes(message, counts);
    }

    /// The place of the body and its Content-Length, if there is one.
    fn count_fields(&self, message: &[u8], counts: &mut Counts) -> Option<(usize, u64)> {
        let mut left = &message[..message.len().min(HEAD_LIMIT)];
        let (mut length, mut leading) = (None, true);
        while let Some((line, rest)) = split_line(left, true) {
            left = rest;
            if line.is_empty() {
                break;
            }
            let Some(name) = field_name(line) else { continue };
            let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
            if leading {
                counts.mozilla += u64::from(is("X-Mozilla-Status"));
                counts.labelled += u64::from(is("X-GM-THRID"));
                leading = false;
            }
            if is("Content-Length") {
                let value = line.splitn(2, |&b| b == b':').nth(1).unwrap_or_default().trim_ascii();
                length = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok()).or(length);
            }
        }
        let body_start = message.len().min(HEAD_LIMIT) - left.len();
        length.map(|length| (body_start, length))
    }
}

impl Default for Survey {
    fn default() -> Survey {
        Survey::new()
    }
}

/// Counts lines that start with `From ` behind any number of `>`. The line before a `>>From ` tells the dialects
/// apart: in quoted text it starts with as many `>` as the line had before the store added one.
fn count_quotes(message: &[u8], counts: &mut Counts) {
    for at in memmem::find_iter(message, b"From ") {
        let marks = message[..at].iter().rev().take_while(|&&b| b == b'>').count();
        let start = at - marks;
        if start == 0 || !matches!(message[start - 1], b'\n' | b'\r') {
            continue;
        }
        match marks {
            0 => counts.unquoted += 1,
            1 => counts.quoted_once += 1,
            _ => {
                counts.quoted_more += 1;
                let before = memchr::memrchr(b'\n', &message[..start - 1]).map_or(0, |found| found + 1);
                let marks_before = message[before..].iter().take_while(|&&b| b == b'>').count();
                counts.votes_rd += i64::from(marks_before + 1 == marks) - i64::from(marks_before == marks);
            }
        }
    }
}
