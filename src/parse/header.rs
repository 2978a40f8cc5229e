//! Facts from the header block of the outermost message (RFC 5322 section 3.6).

use super::date::{self, Stamp};
use super::field::{Field, fields};
use super::harvest::Tally;
use super::identity::{self, Reading, Rows};
use super::word;
use crate::model::ProblemKind;
use crate::model::message::{Address, DateSource, Role};
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderValue};
use std::borrow::Cow;

/// What the headers say. Fields as in [`crate::model::message::Facts`].
#[derive(Debug, Default)]
pub struct HeaderFacts {
    /// Message-ID.
    pub rfc_message_id: Option<String>,
    /// In-Reply-To.
    pub in_reply_to: Vec<String>,
    /// References.
    pub references: Vec<String>,
    /// Unix seconds.
    pub sent_at: Option<i64>,
    /// Where `sent_at` comes from.
    pub sent_at_source: DateSource,
    /// Minutes east of UTC.
    pub sent_offset_minutes: Option<i32>,
    /// Newest Received.
    pub received_at: Option<i64>,
    /// First of From.
    pub from: Option<Address>,
    /// Sender.
    pub sender: Option<Address>,
    /// Reply-To.
    pub reply_to: Vec<Address>,
    /// To, Cc, Bcc.
    pub recipients: Vec<(Role, Address)>,
    /// First Subject.
    pub subject: Option<String>,
    /// All of them, up to the limits.
    pub headers: Vec<(String, String)>,
    /// The rows of the identity.
    pub rows: Vec<(&'static str, String)>,
}

const MOST_HEADERS: usize = 2000;
const LONGEST_VALUE: usize = 8 * 1024;
/// The longest address list that is given to mail-parser.
const LONGEST_ADDRESSES: usize = 256 * 1024;

/// Reads a header block. `separator` is the mbox `From ` line or empty.
pub fn read(block: &[u8], separator: &[u8], problems: &mut Tally) -> HeaderFacts {
    let mut facts = HeaderFacts::default();
    let mut date = None;
    let mut received: Vec<Stamp> = Vec::new();
    if !block.is_ascii() {
        problems.note(ProblemKind::HeaderNotAscii, "");
    }
    let mut rows = Rows::default();
    for field in fields(block) {
        if facts.headers.len() < MOST_HEADERS {
            let value = word::decode(&word::unfold(clip(field.value, LONGEST_VALUE)));
            facts.headers.push((super::text_of(clip(field.name, 255)), clip_text(value)));
        }
        match Rows::place(&field) {
            Some(at) => {
                let reading = rows.add(at, identity::read(at, &field));
                if let (Reading::Date(stamp), None) = (&reading, date) {
                    date = Some(*stamp);
                }
                facts.take(Rows::NAMES[at], &field, reading);
            }
            None if field.is("Received") => received.extend(received_date(field.value)),
            None => facts.take_other(&field),
        }
    }
    facts.rows = rows.finish();
    // The order of headers says nothing.
    facts.recipients.sort_by_key(|(role, _)| *role);
    if facts.rfc_message_id.is_none() {
        problems.note(ProblemKind::MessageIdMissing, "");
    }
    facts.received_at = received.iter().map(|stamp| stamp.seconds).max();
    facts.date(date, received.last().copied(), separator, problems);
    facts
}

impl HeaderFacts {
    /// A header of the identity.
    fn take(&mut self, name: &str, field: &Field<'_>, reading: Reading) {
        match (name, reading) {
            ("From", Reading::Addresses(all)) if self.from.is_none() => self.from = lower(all).next(),
            ("To", Reading::Addresses(all)) => self.recipients.extend(lower(all).map(|one| (Role::To, one))),
            ("Cc", Reading::Addresses(all)) => self.recipients.extend(lower(all).map(|one| (Role::Cc, one))),
            ("Message-ID", Reading::Ids(ids)) if self.rfc_message_id.is_none() => {
                self.rfc_message_id = ids.into_iter().next();
            }
            ("In-Reply-To", Reading::Ids(ids)) => self.in_reply_to.extend(ids),
            ("References", Reading::Ids(ids)) => self.references.extend(ids),
            ("Subject", _) if self.subject.is_none() => {
                self.subject = Some(word::decode(&word::unfold(field.value)));
            }
            _ => {}
        }
    }

    fn take_other(&mut self, field: &Field<'_>) {
        if field.is("Bcc") {
            self.recipients.extend(lower(addresses(field.value)).map(|one| (Role::Bcc, one)));
        } else if field.is("Sender") && self.sender.is_none() {
            self.sender = lower(addresses(field.value)).next();
        } else if field.is("Reply-To") {
            self.reply_to.extend(lower(addresses(field.value)));
        }
    }

    /// Date header, else the first hop's Received, else the envelope.
    fn date(&mut self, date: Option<Option<Stamp>>, first_hop: Option<Stamp>, separator: &[u8], problems: &mut Tally) {
        const TWO_DAYS: i64 = 2 * 86_400;
        let written = date.flatten();
        let (stamp, source) = match (written, first_hop) {
            (Some(stamp), _) => (stamp, DateSource::Header),
            (None, Some(stamp)) => (stamp, DateSource::Received),
            (None, None) => match envelope_date(separator) {
                Some(stamp) => (stamp, DateSource::Envelope),
                None => (Stamp { seconds: 0, offset_minutes: None, year: 0 }, DateSource::None),
            },
        };
        match (date, written) {
            (None, _) => problems.note(ProblemKind::DateMissing, ""),
            (Some(_), None) => problems.note(ProblemKind::DateUnreadable, ""),
            (Some(_), Some(stamp)) => {
                let late = self.received_at.is_some_and(|newest| stamp.seconds > newest + TWO_DAYS);
                if stamp.seconds < 0 || stamp.year > 2100 || late {
                    problems.note(ProblemKind::DateImplausible, if late { "later than every Received" } else { "" });
                }
            }
        }
        self.sent_at_source = source;
        if source != DateSource::None {
            self.sent_at = Some(stamp.seconds);
            self.sent_offset_minutes = stamp.offset_minutes;
        }
    }
}

fn clip(bytes: &[u8], limit: usize) -> &[u8] {
    &bytes[..bytes.len().min(limit)]
}

/// Decoding can make text longer.
fn clip_text(mut text: String) -> String {
    if text.len() > LONGEST_VALUE {
        let end = text.floor_char_boundary(LONGEST_VALUE);
        text.truncate(end);
    }
    text
}

/// The date of a Received field stands after its last `;` (RFC 5322 section 3.6.7).
fn received_date(value: &[u8]) -> Option<Stamp> {
    let at = memchr::memrchr(b';', value)?;
    date::parse(&word::unfold(&value[at + 1..]))
}

/// The date on a `From ` line: everything after the second word, or what is left of it.
fn envelope_date(separator: &[u8]) -> Option<Stamp> {
    let rest = separator.strip_prefix(b">").unwrap_or(separator).strip_prefix(b"From ")?.trim_ascii();
    let after_sender = memchr::memchr(b' ', rest).map_or(&b""[..], |at| &rest[at..]);
    date::parse(after_sender).or_else(|| date::parse(rest))
}

fn lower(all: Vec<Address>) -> impl Iterator<Item = Address> {
    all.into_iter().map(|mut one| {
        if one.address.is_ascii() {
            one.address.make_ascii_lowercase();
        } else {
            one.address = one.address.to_lowercase();
        }
        one
    })
}

/// The addresses of a field in order, members of groups too (RFC 5322 section 3.4); the case as written.
pub fn addresses(value: &[u8]) -> Vec<Address> {
    let mut line = word::recode(clip(&word::unfold(value), LONGEST_ADDRESSES));
    line.push(b'\n');
    let found: Vec<Addr<'_>> = super::guard(|| match MessageStream::new(&line).parse_address() {
        HeaderValue::Address(mail_parser::Address::List(all)) => all,
        HeaderValue::Address(mail_parser::Address::Group(groups)) => {
            groups.into_iter().flat_map(|group| group.addresses).collect()
        }
        _ => Vec::new(),
    });
    let mut all = Vec::with_capacity(found.len());
    for one in found {
        add_address(text(one.name), &text(one.address), &mut all);
    }
    all
}

fn text(value: Option<Cow<'_, str>>) -> String {
    match value {
        Some(value) if value.contains("=?") => word::decode(value.as_bytes()).trim().to_owned(),
        Some(value) => value.trim().to_owned(),
        None => String::new(),
    }
}

/// What stands in the place of an address, without source route (RFC 5322 section 4.4), white space and stray `>`.
fn add_address(name: String, written: &str, all: &mut Vec<Address>) {
    let mut address = written.trim_end_matches('>');
    if address.starts_with('@')
        && let Some((_, behind)) = address.rsplit_once(':')
    {
        address = behind;
    }
    // A lone word is where mail goes on a machine of its own: `root`.
    if address.is_empty() {
        let word = !name.is_empty() && !name.contains(char::is_whitespace);
        let (name, address) = if word { (String::new(), name) } else { (name, String::new()) };
        all.push(Address { name, address });
    } else if !address.contains(char::is_whitespace) {
        all.push(Address { name, address: address.to_owned() });
    } else if address.split_whitespace().all(|word| word.trim_matches('@').contains('@')) {
        // A list whose commas were forgotten.
        let words = address.split_whitespace().map(|word| Address { name: name.clone(), address: word.to_owned() });
        all.extend(words);
    } else {
        // Only blanks around dots and `@` are no part of what was meant (RFC 5322 section 4.4).
        let words: Vec<&str> = address.split_whitespace().collect();
        let joins = |pair: &[&str]| pair[0].ends_with(['.', '@']) || pair[1].starts_with(['.', '@']);
        let gap = if words.windows(2).all(joins) { "" } else { " " };
        all.push(Address { name, address: words.join(gap) });
    }
}

/// The ids of a field (RFC 5322 section 3.6.4) without their brackets and without white space; where there are no
/// brackets, the words that hold an `@`, else the whole value.
pub fn ids(value: &[u8]) -> Vec<String> {
    let text = super::text_of(value);
    let mut all = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find('<') {
        let Some(length) = rest[start..].find('>') else { break };
        let inside = &rest[start + 1..start + length];
        let inside = inside.rsplit('<').next().unwrap_or(inside);
        let id: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        if !id.is_empty() {
            all.push(id);
        }
        rest = &rest[start + length + 1..];
    }
    if all.is_empty() {
        let bare = |c: char| c.is_whitespace() || matches!(c, ',' | '<' | '>');
        all = text.split(bare).filter(|word| word.contains('@')).map(str::to_owned).collect();
    }
    if all.is_empty() && !text.trim().is_empty() {
        all.push(super::identity::folded(&text));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, address: &str) -> Address {
        Address { name: name.into(), address: address.into() }
    }

    fn of(block: &str, separator: &str) -> (HeaderFacts, Vec<ProblemKind>) {
        let mut tally = Tally::default();
        let facts = read(block.as_bytes(), separator.as_bytes(), &mut tally);
        (facts, tally.into_problems().into_iter().map(|problem| problem.kind).collect())
    }

    #[test]
    fn addresses_of_every_kind() {
        assert_eq!(
            addresses(b"Anna <Anna@X.org>, \"B, C\" <b@c>,\n d@e (Dee)"),
            vec![one("Anna", "Anna@X.org"), one("B, C", "b@c"), one("Dee", "d@e")]
        );
        assert_eq!(addresses(b"Team: a@b, Bo <c@d>;"), vec![one("", "a@b"), one("Bo", "c@d")]);
        assert_eq!(addresses(b"undisclosed-recipients:;"), vec![]);
        assert_eq!(addresses(b"root"), vec![one("", "root")]);
        assert_eq!(addresses(b"M <@relay.tld:m@n.net>, j@t . e"), vec![one("M", "m@n.net"), one("", "j@t.e")]);
        assert_eq!(addresses(b"a@b c@d"), vec![one("", "a@b"), one("", "c@d")]);
        assert_eq!(addresses(b"big bug bb@b.c"), vec![one("", "big bug bb@b.c")]);
        assert_eq!(
            addresses(b"=?utf-8?Q?J=C3?= =?utf-8?Q?=BCrgen=2C_x?= <j@x>"),
            vec![one("Jürgen, x", "j@x")],
            "a comma inside an encoded word is no separator"
        );
        assert_eq!(addresses(b"J\xfcrgen Gr\xfc\xdfe <j@x>"), vec![one("Jürgen Grüße", "j@x")]);
    }

    #[test]
    fn ids_are_cleaned() {
        assert_eq!(ids(b" <a@b>\n <c @d>"), vec!["a@b", "c@d"]);
        assert_eq!(ids(b"Your message of Mon <x@y>"), vec!["x@y"]);
        assert_eq!(ids(b"a@b c@d"), vec!["a@b", "c@d"]);
        assert_eq!(ids(b" "), Vec::<String>::new());
    }

    #[test]
    fn dates_fall_back_in_order() {
        let hops = "Received: by b; Mon, 14 May 2001 23:40:00 +0000\nReceived: by a; Mon, 14 May 2001 23:39:00 +0000\n";
        let (facts, problems) = of(&format!("{hops}Message-ID: <a@b>\n"), "");
        assert_eq!((facts.sent_at, facts.sent_at_source), (Some(989_883_540), DateSource::Received));
        assert_eq!(facts.received_at, Some(989_883_600));
        assert_eq!(problems, vec![ProblemKind::DateMissing]);
        let (facts, problems) = of("Date: soon\nMessage-ID: <a@b>\n", "From a@b Mon May 14 23:39:00 2001");
        assert_eq!((facts.sent_at, facts.sent_at_source), (Some(989_883_540), DateSource::Envelope));
        assert_eq!(problems, vec![ProblemKind::DateUnreadable]);
        let (facts, problems) = of("Date: 1 Jan 1960 00:00:00 GMT\n", "");
        assert_eq!(facts.sent_at_source, DateSource::Header);
        assert_eq!(problems, vec![ProblemKind::DateImplausible, ProblemKind::MessageIdMissing]);
        let (_, problems) = of(&format!("{hops}Date: 17 May 2001 00:00:00 GMT\nMessage-ID: <a>\n"), "");
        assert_eq!(problems, vec![ProblemKind::DateImplausible]);
    }

    #[test]
    fn hostile_address_lists_take_linear_time() {
        for pattern in ["=?x?q?", "=?", "a:", "(", "\"", "<", "a,", "=?utf-8?q?a?=", "\\", "a@b;"] {
            addresses(pattern.repeat(1_000_000 / pattern.len()).as_bytes());
        }
    }
}
