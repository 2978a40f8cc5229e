//! The sender's words made ready for the search: lower case, white space folded, cut into sentences, in one pass.

use crate::parse::zones::{ZoneKind, Zones};

/// A sentence, in folded bytes (`from..to`) and in the body text (`start..end`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence {
    pub from: usize,
    pub to: usize,
    pub start: usize,
    pub end: usize,
    /// The sender speaks; else it is a signature, disclaimer or footer.
    pub spoken: bool,
    pub question: bool,
}

/// Folded text. Sentences are separated by LF; every byte leads back to the body text.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    pub bytes: Vec<u8>,
    pub sentences: Vec<Sentence>,
    /// (folded, original) where the distance between the two changes.
    breaks: Vec<(usize, usize)>,
}

impl Folded {
    /// The body-text offset of a folded offset.
    pub fn original(&self, folded: usize) -> usize {
        let at = self.breaks.partition_point(|(from, _)| *from <= folded);
        let (from, original) = self.breaks[at.saturating_sub(1)];
        original + (folded - from)
    }
}

/// Folds what the sender says and the tails below it.
pub(crate) fn fold(text: &str, zones: &Zones) -> Folded {
    let mut folder = Folder { text, ..Folder::default() };
    folder.out.bytes.reserve(text.len().min(1 << 16) + 16);
    folder.out.breaks.push((0, 0));
    let forwarded = zones.spoken(text).find(|zone| zone.kind == ZoneKind::Forwarded).map(|zone| zone.start);
    for zone in &zones.all {
        let tail = matches!(zone.kind, ZoneKind::Signature | ZoneKind::Disclaimer | ZoneKind::Footer);
        let spoken = zone.kind == ZoneKind::New || Some(zone.start) == forwarded;
        if spoken || tail {
            folder.zone(zone.start, zone.end, spoken);
        }
    }
    folder.out
}

/// Folds one line, such as a subject, without zones.
pub(crate) fn fold_line(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    push_line(&mut bytes, text);
    bytes
}

/// Adds one folded line to `bytes`.
pub(super) fn push_line(bytes: &mut Vec<u8>, text: &str) {
    let ascii = text.bytes().take_while(|byte| is_plain(*byte) || *byte == b' ').count();
    bytes.extend(text.as_bytes()[..ascii].iter().map(u8::to_ascii_lowercase));
    for c in text[ascii..].chars() {
        if c.is_whitespace() {
            bytes.push(b' ');
        } else {
            push_lower(bytes, c);
        }
    }
}

/// ASCII that is neither white space nor a control character; DEL counts.
fn is_plain(byte: u8) -> bool {
    byte > b' ' && byte < 0x80
}

fn push_lower(bytes: &mut Vec<u8>, c: char) -> bool {
    if c.is_ascii() {
        bytes.push(c.to_ascii_lowercase() as u8);
        return true;
    }
    let mut lower = c.to_lowercase();
    let c = match (c, lower.next(), lower.next()) {
        ('\u{2019}' | '\u{2018}', ..) => '\'',
        (_, Some(one), None) if one.len_utf8() == c.len_utf8() => one,
        _ => c,
    };
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    c != '\''
}

#[derive(Default)]
struct Folder<'a> {
    text: &'a str,
    out: Folded,
    from: usize,
    start: usize,
    /// Body-text offset after the last byte that is not white space.
    last: usize,
}

impl Folder<'_> {
    fn zone(&mut self, start: usize, end: usize, spoken: bool) {
        let bytes = self.text.as_bytes();
        self.begin(start);
        let mut line_start = start;
        let mut at = start;
        while at < end {
            let byte = bytes[at];
            if is_plain(byte) {
                at = self.plain(at, end);
                continue;
            }
            let Some(c) = self.text[at..end].chars().next() else { break };
            if c.is_whitespace() || c.is_control() {
                let (next, newlines) = white(&self.text[at..end], at);
                if self.ends_sentence(at - line_start, next, end, newlines) {
                    self.finish(spoken);
                    self.begin(next);
                } else if self.out.bytes.len() > self.from {
                    self.out.bytes.push(b' ');
                    self.sync(next);
                } else {
                    self.begin(next);
                }
                if newlines > 0 {
                    line_start = next;
                }
                at = next;
                continue;
            }
            at += c.len_utf8();
            if !push_lower(&mut self.out.bytes, c) {
                self.sync(at);
            }
            self.last = at;
        }
        self.finish(spoken);
    }

    /// Takes words of ASCII with single blanks between them; stops before any other byte and where a sentence may end.
    fn plain(&mut self, from: usize, end: usize) -> usize {
        let bytes = &self.text.as_bytes()[..end];
        let mut at = from;
        while at < end {
            let byte = bytes[at];
            let blank = byte == b' '
                && !matches!(bytes[at - 1], b'.' | b'!' | b'?' | b' ')
                && bytes.get(at + 1).is_some_and(|next| is_plain(*next) && *next != 0x7f);
            if !is_plain(byte) && !blank {
                break;
            }
            at += 1;
        }
        let folded = self.out.bytes.len();
        self.out.bytes.extend_from_slice(&bytes[from..at]);
        self.out.bytes[folded..].make_ascii_lowercase();
        self.last = at;
        at
    }

    fn begin(&mut self, start: usize) {
        self.from = self.out.bytes.len();
        self.start = start;
        self.last = start;
        self.sync(start);
    }

    fn sync(&mut self, original: usize) {
        let folded = self.out.bytes.len();
        let (from, was) = self.out.breaks.last().copied().unwrap_or_default();
        if from == folded {
            self.out.breaks.pop();
        } else if original.checked_sub(was) == Some(folded - from) {
            return;
        }
        self.out.breaks.push((folded, original));
    }

    fn finish(&mut self, spoken: bool) {
        if self.last > self.start {
            while self.out.bytes.len() > self.from && self.out.bytes.last() == Some(&b' ') {
                self.out.bytes.pop();
            }
            let to = self.out.bytes.len();
            let question = self.out.bytes[self.from..to].iter().rev().take(4).any(|&b| b == b'?');
            let (from, start, end) = (self.from, self.start, self.last);
            self.out.sentences.push(Sentence { from, to, start, end, spoken, question });
            self.out.bytes.push(b'\n');
        }
    }

    /// Whether the white space between here and `next` ends a sentence.
    fn ends_sentence(&self, line_bytes: usize, next: usize, end: usize, newlines: usize) -> bool {
        let bytes = &self.out.bytes[self.from..];
        let Some(&before) = bytes.last() else { return false };
        let after = if next < end { self.text.as_bytes()[next] } else { b'\n' };
        let short = line_bytes < 55 && !after.is_ascii_lowercase();
        if newlines > 1 || newlines == 1 && (short || matches!(after, b'-' | b'*' | b'>' | b'\xe2')) {
            return true;
        }
        if newlines == 1 && (before == b':' || after.is_ascii_digit() && before != b',') {
            return true;
        }
        match before {
            b'!' | b'?' => true,
            b'.' => !after.is_ascii_lowercase() && !abbreviation(bytes),
            _ => false,
        }
    }
}

/// One past the white space at the start of `rest`, and how many line ends it has.
fn white(rest: &str, at: usize) -> (usize, usize) {
    let mut newlines = 0;
    for (offset, c) in rest.char_indices() {
        if !c.is_whitespace() && !c.is_control() {
            return (at + offset, newlines);
        }
        newlines += usize::from(c == '\n');
    }
    (at + rest.len(), newlines)
}

fn abbreviation(bytes: &[u8]) -> bool {
    const KNOWN: [&[u8]; 22] = [
        b"mr", b"mrs", b"ms", b"dr", b"st", b"inc", b"e.g", b"i.e", b"no", b"vs", b"jr", b"co", b"corp", b"z.b",
        b"bzw", b"ca", b"nr", b"str", b"hr", b"fr", b"evtl", b"usw",
    ];
    let body = &bytes[..bytes.len() - 1];
    let word = body.iter().rposition(|b| *b == b' ').map_or(body, |space| &body[space + 1..]);
    word.len() == 1 && word[0].is_ascii_alphabetic() || KNOWN.contains(&word)
}
