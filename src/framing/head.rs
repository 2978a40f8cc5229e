//! The two header fields that the framing of an mbox has to know: Content-Length, and the boundary of a multipart.

use memchr::{memchr, memmem};

use crate::source::header_line::field_name;

/// The part of a field that is looked at.
const FIELD_LIMIT: usize = 4096;
/// RFC 2046 section 5.1.1 allows 70; programs write more.
const BOUNDARY_LIMIT: usize = 200;
/// Shorter boundaries occur in ordinary text, so that watching for them is slow and says little.
const BOUNDARY_MINIMUM: usize = 4;

/// Reads header lines one by one.
#[derive(Default)]
pub(super) struct Head {
    /// The Content-Type field so far, with its continuation lines.
    content_type: Vec<u8>,
    in_content_type: bool,
    /// The last Content-Length that is a number.
    pub content_length: Option<u64>,
}

impl Head {
    /// Takes a header line without its line end.
    pub fn take(&mut self, line: &[u8]) {
        match line.first() {
            Some(b' ' | b'\t') if self.in_content_type => self.extend(line),
            Some(b' ' | b'\t') => {}
            Some(b'c' | b'C') => self.take_field(line),
            _ => self.in_content_type = false,
        }
    }

    fn take_field(&mut self, line: &[u8]) {
        self.in_content_type = false;
        let Some(name) = field_name(line) else { return };
        let value = memchr(b':', line).map_or(&[][..], |at| line[at + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"Content-Length") {
            let number = std::str::from_utf8(value).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
            self.content_length = number.and_then(|text| text.parse().ok()).or(self.content_length);
        } else if name.eq_ignore_ascii_case(b"Content-Type") && self.content_type.is_empty() {
            self.in_content_type = true;
            self.extend(value);
        }
    }

    fn extend(&mut self, text: &[u8]) {
        let room = FIELD_LIMIT - self.content_type.len();
        self.content_type.extend_from_slice(&text[..text.len().min(room)]);
    }

    /// The boundary of a multipart (RFC 2046 section 5.1.1).
    pub fn boundary(&self) -> Option<Vec<u8>> {
        let lower = self.content_type.to_ascii_lowercase();
        if !lower.starts_with(b"multipart/") {
            return None;
        }
        let at = memmem::find(&lower, b"boundary")?;
        let rest = self.content_type[at + 8..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let value = match rest.strip_prefix(b"\"") {
            Some(quoted) => &quoted[..memchr(b'"', quoted)?],
            None => &rest[..rest.iter().position(|&b| b == b';' || b.is_ascii_whitespace()).unwrap_or(rest.len())],
        };
        let value = value.trim_ascii_end();
        (BOUNDARY_MINIMUM..=BOUNDARY_LIMIT).contains(&value.len()).then(|| value.to_vec())
    }
}

/// What an occurrence of a boundary string is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// A line `--boundary`.
    Delimiter,
    /// A line `--boundary--`.
    Close,
    /// Named in a header once more: what follows has its own claim to it.
    Declared,
    /// A longer boundary that starts with this one, or text.
    Other,
}

/// Reads the bytes around an occurrence: the last three before it (oldest first) and those after it.
pub(super) fn mark_of(before: [u8; 3], after: &[u8]) -> Mark {
    let [line_end, dashes @ ..] = before;
    let ends = |rest: &[u8]| matches!(rest.first(), None | Some(b'\r' | b'\n' | b' ' | b'\t'));
    if dashes == *b"--" && matches!(line_end, b'\n' | b'\r') {
        match after.strip_prefix(b"--") {
            Some(rest) if ends(rest) => Mark::Close,
            _ if ends(after) => Mark::Delimiter,
            _ => Mark::Other,
        }
    } else if matches!(before[2], b'"' | b'=') && matches!(after.first(), None | Some(b'"' | b';' | b'\r' | b'\n')) {
        Mark::Declared
    } else {
        Mark::Other
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Mark, mark_of};

    fn head(lines: &[&str]) -> Head {
        let mut head = Head::default();
        lines.iter().for_each(|line| head.take(line.as_bytes()));
        head
    }

    #[test]
    fn boundaries_are_found_however_they_are_written() {
        for lines in [
            &["Content-Type: multipart/mixed; boundary=\"abcd\""][..],
            &["content-type: Multipart/Mixed;", "\tcharset=x; BOUNDARY=abcd"],
            &["Content-Type: multipart/mixed; boundary = abcd; x=y", "To: x"],
        ] {
            assert_eq!(head(lines).boundary().as_deref(), Some(&b"abcd"[..]), "{lines:?}");
        }
        assert_eq!(head(&["Content-Type: text/plain; boundary=abcd"]).boundary(), None);
        assert_eq!(head(&["Content-Type: multipart/mixed; boundary=\"abcd"]).boundary(), None);
    }

    #[test]
    fn only_a_number_is_a_length() {
        assert_eq!(head(&["Content-Length: 12 "]).content_length, Some(12));
        assert_eq!(head(&["Content-Length: 12", "Content-Length: +3"]).content_length, Some(12));
    }

    #[test]
    fn marks() {
        assert_eq!(mark_of(*b"\n--", b"\n"), Mark::Delimiter);
        assert_eq!(mark_of(*b"\n--", b"--\r\n"), Mark::Close);
        assert_eq!(mark_of(*b"\n--", b""), Mark::Delimiter);
        assert_eq!(mark_of(*b"\n--", b"_alt\n"), Mark::Other);
        assert_eq!(mark_of(*b"> --".last_chunk::<3>().unwrap(), b"\n"), Mark::Other);
        assert_eq!(mark_of(*b"y=\"", b"\"\n"), Mark::Declared);
    }
}
