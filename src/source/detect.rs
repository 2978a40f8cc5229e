//! What a file is, told by its content. A name only breaks ties: it says of a file that is no mail whether it belongs
//! to a mail store, and it lowers or raises the evidence that a text needs to count as one message.

use memchr::{memchr2, memmem};

use super::from_line::parse_from_line;
use super::header_line::{Known, field_name, is_continuation, is_header_line, known_name};
use super::magic::{self, Binary};
use super::support::support_by_name;

/// So many lines may stand before the headers of a message (`Microsoft Mail Internet Headers Version 2.0`).
const BANNER_LINES: usize = 4;
/// So many lines of headers are looked at.
const HEADER_LINES: usize = 200;

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// Messages, each after a `From ` line; possibly with bytes before the first one.
    Mbox,
    /// One message as RFC 5322 has it: .eml, MH, maildir; possibly after a banner, a `From ` line or a byte order mark.
    Message,
    /// Apple Mail: a length line, the message, a property list.
    Emlx,
    /// Calendar entries or contacts.
    Items(ItemKind),
    /// Belongs to a mail store without holding messages; the word says to which.
    Support(&'static str),
    /// Holds mail or items, and is not read by this version; the word says what it is.
    Unsupported(&'static str),
    /// Nothing but NUL and blanks, as far as was looked.
    Zeros,
    /// No bytes.
    Empty,
    /// Anything else.
    NotMail,
}

/// Which items a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ItemKind {
    /// iCalendar (RFC 5545).
    Calendar,
    /// vCard (RFC 6350).
    Contacts,
}

/// What the name of a file promises.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// One message, whatever its text: `x.eml`, a file in a maildir.
    Any,
    /// One message if it looks like one at all: the number of MH, `x.msg`.
    Message,
    None,
}

/// Tells what a file is from its first bytes (64 KiB are enough), its size and its name or path.
pub fn detect(head: &[u8], size_bytes: u64, name: &[u8]) -> Content {
    let support = support_by_name(name);
    let by_name = || support.map(Content::Support);
    if size_bytes == 0 || head.is_empty() {
        return by_name().unwrap_or(Content::Empty);
    }
    if let Some(binary) = magic::of(head, name) {
        return match binary {
            Binary::Support(what) => Content::Support(what),
            Binary::Unsupported(what) => by_name().unwrap_or(Content::Unsupported(what)),
            Binary::Other => by_name().unwrap_or(Content::NotMail),
        };
    }
    let text = skip_blanks(head);
    if text.is_empty() {
        return by_name().unwrap_or(Content::Zeros);
    }
    let found = mail_in(text, promise_of(name));
    // A file that a mail store keeps for itself has to look very much like mail to be mail.
    match (found, support) {
        (Some(Content::Message), Some(what)) if !is_full_message(text) => Content::Support(what),
        (Some(content), _) => content,
        (None, Some(what)) => Content::Support(what),
        (None, None) => items_in(text).or_else(|| utf16_mail(head)).unwrap_or(Content::NotMail),
    }
}

fn mail_in(text: &[u8], promise: Promise) -> Option<Content> {
    if is_emlx(text) {
        return Some(Content::Emlx);
    }
    let separators = separators_in(text);
    let (line, rest) = next_line(text);
    if let Some(from) = parse_from_line(line) {
        let rest = skip_from_lines(rest);
        let headers = HeaderBlock::read(rest);
        let is_message = headers.is_message(Promise::Message) || rest.trim_ascii().is_empty();
        if from.date.is_some() || is_message || separators > 1 {
            let single = promise != Promise::None && separators <= 1 && line.len() < text.len();
            return Some(if single { Content::Message } else { Content::Mbox });
        }
    }
    let message = message_in(text, promise);
    match (message, promise) {
        (true, Promise::None) => Some(if separators > 1 { Content::Mbox } else { Content::Message }),
        (true, _) => Some(Content::Message),
        (false, _) if separators > 0 => Some(Content::Mbox),
        (false, Promise::Any) => Some(Content::Message),
        (false, _) => None,
    }
}

/// Counts the lines that are beyond doubt the start of a message of an mbox: a date, and two known header fields after
/// it. The first line counts too.
fn separators_in(text: &[u8]) -> usize {
    memmem::find_iter(text, b"From ")
        .filter(|&at| at == 0 || matches!(text[at - 1], b'\n' | b'\r' | 0))
        .filter(|&at| {
            let (line, rest) = next_line(&text[at..]);
            let is_dated = parse_from_line(line).is_some_and(|from| from.date.is_some());
            is_dated && {
                let headers = HeaderBlock::read(skip_from_lines(rest));
                headers.junk_first == 0 && headers.mail + headers.common >= 2
            }
        })
        .count()
}

/// Is this a message, perhaps after a banner?
fn message_in(text: &[u8], promise: Promise) -> bool {
    if [&b"HTTP/"[..], b"#!", b"<", b"{", b"%!", b"/*", b"//"].iter().any(|start| text.starts_with(start)) {
        return false;
    }
    let headers = HeaderBlock::read(text);
    if headers.is_message(promise) {
        return true;
    }
    let mut rest = text;
    for _ in 0..BANNER_LINES {
        let (line, after) = next_line(rest);
        if is_header_line(line) {
            break;
        }
        if parse_from_line(line).is_some_and(|from| from.date.is_some()) {
            // Junk before the first separator of a mailbox, and no banner.
            return false;
        }
        rest = after;
    }
    let after_banner = HeaderBlock::read(rest);
    rest.len() < text.len() && after_banner.junk == 0 && after_banner.is_full()
}

fn is_full_message(text: &[u8]) -> bool {
    HeaderBlock::read(text).is_full()
}

/// A block of header lines, counted.
#[derive(Default, Debug)]
struct HeaderBlock {
    mail: usize,
    common: usize,
    unknown: usize,
    junk: usize,
    junk_first: usize,
    /// Fields that a person writes into a message: an address in From or To, a Subject.
    personal: usize,
    /// The block ends in a blank line or with the bytes.
    ended: bool,
}

impl HeaderBlock {
    fn read(text: &[u8]) -> HeaderBlock {
        let mut block = HeaderBlock::default();
        let mut rest = text;
        for _ in 0..HEADER_LINES {
            let (line, after) = next_line(rest);
            if line.trim_ascii().is_empty() {
                block.ended = true;
                break;
            }
            block.take(line);
            if block.junk > 8 {
                break;
            }
            rest = after;
        }
        block
    }

    fn take(&mut self, line: &[u8]) {
        let fields = self.mail + self.common + self.unknown;
        if fields > 0 && is_continuation(line) {
            return;
        }
        let Some(name) = field_name(line).filter(|_| is_header_line(line)) else {
            self.junk += 1;
            self.junk_first += usize::from(fields == 0);
            return;
        };
        match known_name(name) {
            Known::Mail => self.mail += 1,
            Known::Common => self.common += 1,
            Known::No => self.unknown += 1,
        }
        let is = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        let has_address = is(&["From", "To", "Cc", "Sender"]) && line.contains(&b'@');
        self.personal += usize::from(has_address || is(&["Subject"]));
    }

    fn is_message(&self, promise: Promise) -> bool {
        let known = self.mail + self.common;
        let mostly_fields = self.junk <= 1 + (known + self.unknown) / 4;
        if self.junk_first > 0 {
            return promise != Promise::None && known >= 2 && self.junk_first <= 2;
        }
        if promise != Promise::None {
            return known >= 1 || (self.unknown >= 1 && self.junk == 0 && self.ended);
        }
        (self.mail >= 1 && known >= 2 && mostly_fields)
            || (self.mail >= 1 && self.junk == 0 && self.unknown <= self.mail)
            || (self.common >= 2 && self.junk == 0 && (self.personal >= 1 && self.unknown <= self.common))
            || (self.personal >= 1 && self.junk == 0 && self.unknown == 0 && self.ended)
            || (self.personal >= 2 && self.junk <= 2 && self.unknown <= self.common)
    }

    /// Beyond doubt.
    fn is_full(&self) -> bool {
        self.junk_first == 0 && self.mail >= 2 && self.mail + self.common >= 4
    }
}

/// A line with a number alone, then a message.
fn is_emlx(text: &[u8]) -> bool {
    let (line, rest) = next_line(text);
    let number = line.trim_ascii();
    let is_number = (1..=12).contains(&number.len()) && number.iter().all(u8::is_ascii_digit);
    is_number && HeaderBlock::read(rest).is_message(Promise::None)
}

fn items_in(text: &[u8]) -> Option<Content> {
    let (line, _) = next_line(text);
    let line = line.trim_ascii();
    if line.eq_ignore_ascii_case(b"BEGIN:VCALENDAR") {
        Some(Content::Items(ItemKind::Calendar))
    } else if line.eq_ignore_ascii_case(b"BEGIN:VCARD") {
        Some(Content::Items(ItemKind::Contacts))
    } else {
        None
    }
}

/// Mail in UTF-16 is mail, and no reader of mail takes it.
fn utf16_mail(head: &[u8]) -> Option<Content> {
    let low_byte = match head.get(..2)? {
        [0xFF, 0xFE] => 0,
        [0xFE, 0xFF] => 1,
        _ => return None,
    };
    let narrow: Vec<u8> = head[2..].chunks_exact(2).take(8192).map(|pair| pair[low_byte]).collect();
    mail_in(skip_blanks(&narrow), Promise::None).map(|_| Content::Unsupported("mail in UTF-16"))
}

fn promise_of(path: &[u8]) -> Promise {
    let mut parts = path.rsplit(|&b| b == b'/');
    let name = parts.next().unwrap_or(path);
    let lower = name.to_ascii_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| lower.ends_with(end.as_bytes()));
    // The unique name of maildir, with its flags after `:`, `;` or `!`.
    let flags = memmem::find(name, b"2,").is_some_and(|at| at > 0 && matches!(name[at - 1], b':' | b';' | b'!'));
    let dots: Vec<&[u8]> = name.splitn(3, |&b| b == b'.').collect();
    let is_digits = |part: &[u8]| part.len() >= 8 && part.iter().all(u8::is_ascii_digit);
    let is_unique = dots.len() == 3 && is_digits(dots[0]) && dots[1].first().is_some_and(u8::is_ascii_alphanumeric);
    let parent = parts.next().unwrap_or_default();
    let in_maildir = matches!(parent, b"cur" | b"new");
    // MH puts a comma or a number sign before the number of a message that was removed.
    let number = name.strip_suffix(b".").unwrap_or(name);
    let number = number.strip_prefix(b",").or(number.strip_prefix(b"#")).unwrap_or(number);
    // Thunderbird's subfolders are mailboxes, also the one called `2023`.
    let is_number = !number.is_empty() && !parent.ends_with(b".sbd") && number.iter().all(u8::is_ascii_digit);
    if flags || (is_unique && in_maildir) || ends(&[".eml"]) {
        Promise::Any
    } else if is_number || is_unique || in_maildir || ends(&[".emlx", ".msg", ".mht", ".mhtml", ".mai"]) {
        Promise::Message
    } else {
        Promise::None
    }
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let is_blank = |b: &u8| matches!(b, b'\r' | b'\n' | b' ' | b'\t' | 0 | 0xEF | 0xBB | 0xBF);
    let start = text.iter().position(|b| !is_blank(b)).unwrap_or(text.len());
    // A blank at the start of the first line belongs to it, but no format starts with one.
    &text[start..]
}

fn skip_from_lines(text: &[u8]) -> &[u8] {
    let mut text = text;
    while text.starts_with(b">From ") || text.starts_with(b"From ") {
        text = next_line(text).1;
    }
    text
}

/// The first line without its end, and what follows it.
fn next_line(text: &[u8]) -> (&[u8], &[u8]) {
    let Some(at) = memchr2(b'\n', b'\r', text) else { return (text, &[]) };
    let crlf = text[at..].starts_with(b"\r\n");
    (&text[..at], &text[at + 1 + usize::from(crlf)..])
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;
