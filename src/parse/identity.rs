//! Digests that survive what a transport does to a message (DESIGN section 6).
//!
//! Version 1, normal forms:
//! - headers: From, To, Cc, Subject, Date, Message-ID, In-Reply-To, References, in the order of their names; unfolded,
//!   encoded words decoded, white space runs folded to one blank, trimmed; several of a name joined by `, `;
//!   addresses as `name <address>` with the domain in lower case; a readable date as its moment in UTC; ids in order,
//!   with one blank between them. `headers_sha256` is over `name NUL value LF`.
//! - text leaves: decoded to UTF-8 where the declared charset is one of the WHATWG standard and every byte fits it, else
//!   as they are; line ends LF; white space at line ends and at the end of the leaf dropped. `nospace`: no white space.
//! - other leaves: their decoded bytes. Empty leaves do not count. Inner messages: their header rows count as a leaf.
//! - white space is SP, TAB, LF, CR.

use super::charset::Charset;
use super::date;
use super::field::{Field, fields};
use super::header;
use super::word;
use crate::model::Digest;
use sha2::{Digest as _, Sha256};

/// The version of the normal forms above; digests of different versions must not be compared.
pub const IDENTITY_VERSION: u32 = 1;

/// The digests of one text leaf, as a stream.
pub struct TextDigest {
    decoder: Option<(encoding_rs::Decoder, Sha256)>,
    damaged: bool,
    lines: Lines,
}

impl TextDigest {
    /// Of a leaf with this declared charset.
    pub fn new(charset: Charset) -> TextDigest {
        let decoder = match charset {
            Charset::Known(encoding) => Some((encoding.new_decoder_without_bom_handling(), Sha256::new())),
            _ => None,
        };
        TextDigest { decoder, damaged: false, lines: Lines::default() }
    }

    /// The next bytes, decoded from the transfer encoding.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.decoder {
            None => self.lines.push(bytes),
            Some((_, raw)) => {
                raw.update(bytes);
                self.decode(bytes, false);
            }
        }
    }

    fn decode(&mut self, bytes: &[u8], last: bool) {
        let Some((decoder, _)) = &mut self.decoder else { return };
        let mut buffer = [0u8; 8192];
        let mut rest = bytes;
        loop {
            let (result, read, written, damaged) = decoder.decode_to_utf8(rest, &mut buffer, last);
            self.damaged |= damaged;
            self.lines.push(&buffer[..written]);
            rest = &rest[read..];
            if result == encoding_rs::CoderResult::InputEmpty {
                return;
            }
        }
    }

    /// The digest of the lines and that without white space; `None` for a blank text.
    pub fn finish(mut self) -> Option<(Digest, Digest)> {
        self.decode(b"", true);
        let (lines, nospace) = self.lines.finish()?;
        match self.decoder {
            Some((_, raw)) if self.damaged => {
                let raw = Digest(raw.finalize().into());
                Some((raw, raw))
            }
            _ => Some((lines, nospace)),
        }
    }
}

/// White space longer than this is content in pieces of this length, so that memory stays small.
const LONGEST_BLANK: usize = 64 * 1024;
const BUFFER: usize = 16 * 1024;
static LINE_ENDS: [u8; 1024] = [b'\n'; 1024];

/// Lines without the white space at their ends.
#[derive(Default)]
struct Lines {
    newlines: u64,
    blanks: Vec<u8>,
    after_cr: bool,
    buffer: Vec<u8>,
    squeezed: Vec<u8>,
    lines: Sha256,
    nospace: Sha256,
    any: bool,
}

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
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
        self.squeezed.resize(self.buffer.len(), 0);
        let mut length = 0;
        for byte in &self.buffer {
            self.squeezed[length] = *byte;
            length += usize::from(!matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        }
        self.nospace.update(&self.squeezed[..length]);
        self.buffer.clear();
    }

    fn finish(&mut self) -> Option<(Digest, Digest)> {
        self.flush();
        let take = |sha256: &mut Sha256| Digest(std::mem::take(sha256).finalize().into());
        self.any.then(|| (take(&mut self.lines), take(&mut self.nospace)))
    }
}

/// The rows of `identity_header`, in the order of their names; headers that are not there have none.
pub fn header_rows(block: &[u8]) -> Vec<(&'static str, String)> {
    const NAMES: [&str; 8] = ["Cc", "Date", "From", "In-Reply-To", "Message-ID", "References", "Subject", "To"];
    let mut values: [Vec<String>; 8] = Default::default();
    for field in fields(block).filter(|field| matches!(field.name.len(), 2 | 4 | 7 | 10 | 11)) {
        if let Some(at) = NAMES.iter().position(|name| field.is(name)) {
            values[at].push(normal(NAMES[at], &field));
        }
    }
    NAMES
        .into_iter()
        .zip(values)
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| (name, values.join(", ")))
        .collect()
}

fn normal(name: &str, field: &Field<'_>) -> String {
    match name {
        "Date" => match date::parse(&word::unfold(field.value)) {
            Some(stamp) => date::iso(stamp.seconds),
            None => folded(&word::decode(&word::unfold(field.value))),
        },
        "From" | "To" | "Cc" => {
            let all = header::addresses(field.value);
            if all.is_empty() {
                return folded(&word::decode(&word::unfold(field.value)));
            }
            let all: Vec<String> = all.iter().map(|one| address(&one.name, &one.address)).collect();
            all.join(", ")
        }
        "Message-ID" | "In-Reply-To" | "References" => header::ids(field.value).join(" "),
        _ => folded(&word::decode(&word::unfold(field.value))),
    }
}

fn address(name: &str, address: &str) -> String {
    let address = match address.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_lowercase()),
        None => address.to_owned(),
    };
    let name = folded(name);
    if name.is_empty() { format!("<{address}>") } else { format!("{name} <{address}>") }
}

/// White space runs (as Unicode has it) become one blank; trimmed.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// `headers_sha256` of the rows.
pub fn digest_rows(rows: &[(&'static str, String)]) -> Digest {
    let mut sha256 = Sha256::new();
    for (name, value) in rows {
        sha256.update(name.as_bytes());
        sha256.update([0]);
        sha256.update(value.as_bytes());
        sha256.update(b"\n");
    }
    Digest(sha256.finalize().into())
}

/// The digest of the rows of an inner message.
pub fn inner_headers(block: &[u8]) -> Digest {
    digest_rows(&header_rows(block))
}

/// The digest of two digests, one after the other.
pub fn both(first: Digest, second: Digest) -> Digest {
    let mut sha256 = Sha256::new();
    sha256.update(first.0);
    sha256.update(second.0);
    Digest(sha256.finalize().into())
}

/// `text_sha256`: of the text with white space folded; `None` if there is nothing else.
pub fn text_digest(text: &str) -> Option<Digest> {
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
