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
use super::lines::Lines;
use super::word;
use crate::model::Digest;
use crate::model::message::Address;
use sha2::{Digest as _, Sha256};

/// The version of the normal forms above; digests of different versions must not be compared.
pub const IDENTITY_VERSION: u32 = 1;

/// The digests of one text leaf, as a stream.
pub struct TextDigest {
    decoder: Option<encoding_rs::Decoder>,
    /// ASCII stands for itself in every state.
    single_byte: bool,
    /// Of the bytes as they are, where they may not fit their charset.
    raw: Option<Sha256>,
    damaged: bool,
    lines: Lines,
}

impl TextDigest {
    /// Of a leaf with this declared charset.
    pub fn new(charset: Charset) -> TextDigest {
        let encoding = match charset {
            Charset::Known(encoding) => Some(encoding),
            _ => None,
        };
        TextDigest {
            decoder: encoding.map(|encoding| encoding.new_decoder_without_bom_handling()),
            single_byte: encoding.is_some_and(|encoding| encoding.is_single_byte()),
            raw: encoding.filter(|encoding| *encoding != encoding_rs::WINDOWS_1252).map(|_| Sha256::new()),
            damaged: false,
            lines: Lines::default(),
        }
    }

    /// The next bytes, decoded from the transfer encoding.
    pub fn update(&mut self, bytes: &[u8]) {
        if let Some(raw) = &mut self.raw {
            raw.update(bytes);
        }
        if self.decoder.is_none() || (self.single_byte && bytes.is_ascii()) {
            self.lines.push(bytes);
        } else {
            self.decode(bytes, false);
        }
    }

    fn decode(&mut self, bytes: &[u8], last: bool) {
        let Some(decoder) = &mut self.decoder else { return };
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
        match self.raw {
            Some(raw) if self.damaged => {
                let raw = Digest(raw.finalize().into());
                Some((raw, raw))
            }
            _ => Some((lines, nospace)),
        }
    }
}

/// The rows of `identity_header`, in the order of their names; headers that are not there have none.
pub fn header_rows(block: &[u8]) -> Vec<(&'static str, String)> {
    let mut rows = Rows::default();
    for field in fields(block) {
        if let Some(at) = Rows::place(&field) {
            rows.add(at, read(at, &field));
        }
    }
    rows.finish()
}

/// What a field of the identity says, read once for the facts and for the rows.
pub enum Reading {
    /// From, To, Cc.
    Addresses(Vec<Address>),
    /// Date.
    Date(Option<date::Stamp>),
    /// Message-ID, In-Reply-To, References.
    Ids(Vec<String>),
    /// Subject, and whatever could not be read.
    Text,
}

/// Reads a field that stands at this place of [`Rows::NAMES`]; gives the reading and the normal form.
pub fn read(at: usize, field: &Field<'_>) -> (Reading, String) {
    let text = || folded(&word::decode(&word::unfold(field.value)));
    match Rows::NAMES[at] {
        "Date" => {
            let stamp = date::parse(&word::unfold(field.value));
            (Reading::Date(stamp), stamp.map_or_else(text, |stamp| date::iso(stamp.seconds)))
        }
        "From" | "To" | "Cc" => {
            let all = header::addresses(field.value);
            let mut normal = String::new();
            for one in &all {
                push_address(one, &mut normal);
            }
            let normal = if all.is_empty() { text() } else { normal };
            (Reading::Addresses(all), normal)
        }
        "Message-ID" | "In-Reply-To" | "References" => {
            let ids = header::ids(field.value);
            let normal = ids.join(" ");
            (Reading::Ids(ids), normal)
        }
        _ => (Reading::Text, text()),
    }
}

/// The rows of `identity_header` while they are collected.
#[derive(Default)]
pub struct Rows {
    values: [Vec<String>; 8],
}

impl Rows {
    /// The headers of the identity.
    pub const NAMES: [&str; 8] = ["Cc", "Date", "From", "In-Reply-To", "Message-ID", "References", "Subject", "To"];

    /// Which of them a field is.
    pub fn place(field: &Field<'_>) -> Option<usize> {
        if !matches!(field.name.len(), 2 | 4 | 7 | 10 | 11) {
            return None;
        }
        Rows::NAMES.iter().position(|name| field.is(name))
    }

    /// Adds a field's normal form and hands the reading on.
    pub fn add(&mut self, at: usize, (reading, normal): (Reading, String)) -> Reading {
        self.values[at].push(normal);
        reading
    }

    /// All rows.
    pub fn finish(self) -> Vec<(&'static str, String)> {
        Rows::NAMES
            .into_iter()
            .zip(self.values)
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, values)| (name, values.join(", ")))
            .collect()
    }
}

/// Adds `name <address>`, after `, ` if something is there already.
fn push_address(one: &Address, out: &mut String) {
    if !out.is_empty() {
        out.push_str(", ");
    }
    if !one.name.is_empty() {
        out.push_str(&folded(&one.name));
        out.push(' ');
    }
    out.push('<');
    match one.address.rsplit_once('@') {
        Some((local, domain)) => {
            out.push_str(local);
            out.push('@');
            out.push_str(&domain.to_lowercase());
        }
        None => out.push_str(&one.address),
    }
    out.push('>');
}

/// White space runs (as Unicode has it) become one blank; trimmed.
pub fn folded(text: &str) -> String {
    let simple = |pair: &[u8]| pair[0].is_ascii_graphic() || (pair[0] == b' ' && pair[1] != b' ');
    let trimmed = text.trim();
    if trimmed.is_ascii() && trimmed.as_bytes().windows(2).all(simple) {
        return trimmed.to_owned();
    }
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

#[cfg(test)]
mod tests {
    use super::super::lines::text_digest;
    use super::*;

    fn lines(text: &str) -> Option<Digest> {
        let mut digest = TextDigest::new(Charset::Utf8);
        digest.update(text.as_bytes());
        digest.finish().map(|both| both.0)
    }

    #[test]
    fn white_space_at_ends_does_not_count_and_elsewhere_does() {
        assert_eq!(lines("a  \nb\n\n"), lines("a\r\nb"));
        assert_eq!(lines("a\n\nb"), lines("a \r\n\t\r\nb \r\n"));
        assert_ne!(lines("a b"), lines("a  b"));
        assert_ne!(lines("a\nb"), lines("a\n\nb"));
        assert_eq!(lines(" \n\t\n"), None);
        assert_eq!(lines("ab"), Some(Digest(Sha256::digest(b"ab").into())));
    }

    #[test]
    fn folding_is_the_same_with_and_without_umlauts() {
        assert_eq!(text_digest("a \n\x0b b\n"), Some(Digest(Sha256::digest(b"a b").into())));
        assert_eq!(text_digest("ä \n\x0b b\n"), Some(Digest(Sha256::digest("ä b".as_bytes()).into())));
        assert_eq!(text_digest(" \n"), None);
        let long = "word \n".repeat(3000);
        assert_eq!(text_digest(&long), Some(Digest(Sha256::digest(vec!["word"; 3000].join(" ").as_bytes()).into())));
    }

    #[test]
    fn long_blank_runs_do_not_depend_on_the_split() {
        let text = format!("a{}b{}\nc", " ".repeat(200_000), " ".repeat(100_000));
        let mut split = TextDigest::new(Charset::Utf8);
        text.as_bytes().chunks(70_001).for_each(|piece| split.update(piece));
        assert_eq!(split.finish().map(|both| both.0), lines(&text));
    }

    #[test]
    fn rows_are_normalised() {
        let block =
            b"to: Bo <bo@Y.ORG>,\n\tC <c@d>\nFROM: anna@X.org\nDate: Mon, 14 May 2001 16:39:00 -0700\nTo: e@f\n";
        let rows = header_rows(block);
        let expected =
            [("Date", "2001-05-14T23:39:00Z"), ("From", "<anna@x.org>"), ("To", "Bo <bo@y.org>, C <c@d>, <e@f>")];
        assert_eq!(rows, expected.map(|(name, value)| (name, value.to_owned())).to_vec());
    }
}
