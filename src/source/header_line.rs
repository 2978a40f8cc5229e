//! Lines that are header fields (RFC 5322 section 2.2), told from text by their shape and by known names.

use memchr::memchr;

/// Names longer than this are text with a colon in it.
const NAME_LIMIT: usize = 76;

/// Names that only mail uses, so that one of them says "these are headers".
// Sorted, for the search.
const MAIL_NAMES: &[&str] = &[
    "apparently-to",
    "arc-authentication-results",
    "arc-message-signature",
    "arc-seal",
    "authentication-results",
    "content-disposition",
    "content-length",
    "content-transfer-encoding",
    "content-type",
    "delivered-to",
    "delivery-date",
    "disposition-notification-to",
    "dkim-signature",
    "domainkey-signature",
    "envelope-to",
    "errors-to",
    "importance",
    "in-reply-to",
    "list-archive",
    "list-help",
    "list-id",
    "list-owner",
    "list-post",
    "list-subscribe",
    "list-unsubscribe",
    "mailing-list",
    "message-id",
    "mime-version",
    "newsgroups",
    "nntp-posting-host",
    "original-recipient",
    "path",
    "precedence",
    "received",
    "received-spf",
    "references",
    "reply-to",
    "resent-bcc",
    "resent-cc",
    "resent-date",
    "resent-from",
    "resent-message-id",
    "resent-sender",
    "resent-to",
    "return-path",
    "return-receipt-to",
    "thread-index",
    "thread-topic",
    "user-agent",
    "x-account-key",
    "x-envelope-from",
    "x-envelope-to",
    "x-gm-thrid",
    "x-gmail-labels",
    "x-mailer",
    "x-mozilla-keys",
    "x-mozilla-status",
    "x-mozilla-status2",
    "x-original-to",
    "x-originating-ip",
    "x-priority",
    "x-sender",
    "x-spam-level",
    "x-spam-status",
    "x-status",
    "x-uid",
    "x-uidl",
    "x-unsent",
];

/// Names that mail uses and prose or forms may use too.
// Sorted, for the search.
const COMMON_NAMES: &[&str] = &[
    "approved",
    "bcc",
    "cc",
    "comments",
    "content-description",
    "content-id",
    "content-language",
    "content-location",
    "date",
    "distribution",
    "encoding",
    "expires",
    "fcc",
    "from",
    "keywords",
    "lines",
    "organisation",
    "organization",
    "priority",
    "sender",
    "sensitivity",
    "status",
    "subject",
    "summary",
    "supersedes",
    "to",
    "xref",
];

/// How well a field name is known to be one of mail.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Known {
    /// The shape of a field name, and nothing more.
    No,
    /// A name that prose and forms use too, such as `Date`.
    Common,
    /// A name that only mail uses, such as `Message-ID`; every `X-`, `List-` and `Resent-` name counts.
    Mail,
}

/// The field name of a header line: printable ASCII without colon and blank (RFC 5322 section 3.6.8), blanks before
/// the colon allowed (section 4.5). Bytes ≥ 0x80 are no part of a name. `None` if the line is no header field.
pub fn field_name(line: &[u8]) -> Option<&[u8]> {
    let colon = memchr(b':', &line[..line.len().min(NAME_LIMIT + 4)])?;
    let name = line[..colon].trim_ascii_end();
    let is_name = !name.is_empty() && name.len() <= NAME_LIMIT && name.iter().all(|b| (33..=126).contains(b));
    is_name.then_some(name)
}

/// Is this line a header field: a name and a colon? A URL (`http://…`) is none.
pub fn is_header_line(line: &[u8]) -> bool {
    field_name(line).is_some_and(|name| {
        let after = &line[memchr(b':', line).map_or(0, |at| at + 1)..];
        !after.starts_with(b"//") && name.iter().any(u8::is_ascii_alphabetic)
    })
}

/// Does this line continue a folded field (RFC 5322 section 2.2.3)? A line of blanks alone does not.
pub fn is_continuation(line: &[u8]) -> bool {
    matches!(line.first(), Some(b' ' | b'\t')) && !line.trim_ascii().is_empty()
}

/// How well this field name is known.
pub fn known_name(name: &[u8]) -> Known {
    let mut lower = [0; NAME_LIMIT];
    let Some(lower) = lower.get_mut(..name.len()) else { return Known::No };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let has = |names: &[&str]| names.binary_search_by(|known| known.as_bytes().cmp(lower)).is_ok();
    if has(MAIL_NAMES) || is_of_a_mail_family(lower) {
        Known::Mail
    } else if has(COMMON_NAMES) {
        Known::Common
    } else {
        Known::No
    }
}

fn is_of_a_mail_family(lower: &[u8]) -> bool {
    let is_word = |rest: &[u8]| {
        rest.len() >= 2 && rest.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    ["x-", "list-", "resent-", "arc-", "dkim-", "thread-"]
        .iter()
        .any(|family| lower.strip_prefix(family.as_bytes()).is_some_and(is_word))
}

/// How well the name of this line is known; `None` if the line is no header field.
pub fn known_line(line: &[u8]) -> Option<Known> {
    if is_header_line(line) { field_name(line).map(known_name) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Known, is_continuation, is_header_line, known_line};

    #[test]
    fn header_lines_are_a_name_and_a_colon() {
        for line in
            ["Subject: x", "subject:x", "To :", "X-Weird_Name.1: y", "Date\t: z", "A:", "Content-Type:text/plain"]
        {
            assert!(is_header_line(line.as_bytes()), "{line}");
        }
        for line in ["", ":", " To: x", "Dear Sir: hello", "http://x/", "From x Mon: y", "hello", "12:30 lunch", "Ü: x"]
        {
            assert!(!is_header_line(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn names_are_known_in_any_case() {
        assert_eq!(known_line(b"MESSAGE-ID: <a@b>"), Some(Known::Mail));
        assert_eq!(known_line(b"x-foo: a"), Some(Known::Mail));
        assert_eq!(known_line(b"Date: a"), Some(Known::Common));
        assert_eq!(known_line(b"Note: a"), Some(Known::No));
        assert_eq!(known_line(b"plain text"), None);
    }

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(super::MAIL_NAMES.is_sorted());
        assert!(super::COMMON_NAMES.is_sorted());
    }

    #[test]
    fn a_blank_line_continues_nothing() {
        assert!(is_continuation(b" a"));
        assert!(!is_continuation(b" \t"));
        assert!(!is_continuation(b"a"));
    }
}
