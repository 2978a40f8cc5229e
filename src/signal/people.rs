//! Who writes to whom.

use super::Finder;
use super::fold::push_line;
use super::phrases::{PhraseBook, Where};
use super::table::id;
use crate::model::message::{Address, Location, Role};
use crate::model::reading::SenderKind;

/// Mail services for private people.
const PRIVATE: [&str; 24] = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "aol.com",
    "icloud.com",
    "me.com",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "web.de",
    "t-online.de",
    "freenet.de",
    "orange.fr",
    "free.fr",
    "libero.it",
    "earthlink.net",
    "comcast.net",
    "juno.com",
    "prodigy.net",
    "compuserve.com",
];

/// Reads sender and recipients.
pub(super) fn read(finder: &mut Finder<'_>, location: &Location, book: &PhraseBook) -> SenderKind {
    let kind = sender(finder, book);
    recipients(finder, book);
    relations(finder, location);
    kind
}

/// The part before the @ and the name, folded.
fn fold_person(address: &Address, folded: &mut Vec<u8>) {
    folded.clear();
    push_line(folded, local(&address.address));
    folded.push(b' ');
    push_line(folded, &address.name);
}

/// What stands before the first @.
fn local(address: &str) -> &str {
    memchr::memchr(b'@', address.as_bytes()).map_or(address, |at| &address[..at])
}

fn shown(address: &Address) -> String {
    if address.name.is_empty() { address.address.clone() } else { format!("{} <{}>", address.name, address.address) }
}

fn sender(finder: &mut Finder<'_>, book: &PhraseBook) -> SenderKind {
    let facts = finder.facts;
    let Some(from) = facts.from.as_ref().filter(|from| !from.address.is_empty() || !from.name.is_empty()) else {
        finder.header(id!("sender_unknown"), "From", "");
        return if finder.has(id!("auto_submitted")) { SenderKind::Machine } else { SenderKind::Unknown };
    };
    let excerpt = shown(from);
    let mut folded = Vec::with_capacity(64);
    fold_person(from, &mut folded);
    book.in_line(Where::Sender, &folded, |hit| finder.header(hit.signal as u16, "From", &excerpt));
    let words = from.name.split([' ', ',']).filter(|w| w.len() > 1 && w.chars().all(|c| c.is_alphabetic() || c == '-'));
    let local = local(&from.address);
    let parts =
        local.split(['.', '_']).filter(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'));
    let named = words.count() >= 2 || parts.count() >= 2;
    let kind = if finder.has(id!("sender_machine")) || finder.has(id!("auto_submitted")) {
        SenderKind::Machine
    } else if finder.has(id!("sender_role")) {
        SenderKind::Role
    } else if named && !finder.has(id!("sender_bulk")) {
        SenderKind::Person
    } else {
        SenderKind::Unknown
    };
    if kind == SenderKind::Person {
        finder.header(id!("sender_person"), "From", &excerpt);
    }
    if is_private(&from.address) {
        finder.header(id!("sender_private"), "From", &excerpt);
    }
    let other = facts.reply_to.first().filter(|to| !to.address.is_empty() && to.address != from.address);
    if let Some(other) = other {
        finder.header(id!("reply_to_differs"), "Reply-To", &shown(other));
    }
    kind
}

fn domain(address: &str) -> &str {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    // The last two labels; good enough to tell a company from its neighbours.
    let mut dots = memchr::memrchr_iter(b'.', domain.as_bytes());
    dots.nth(1).map_or(domain, |at| &domain[at + 1..])
}

fn is_private(address: &str) -> bool {
    PRIVATE.contains(&domain(address))
}

fn recipients(finder: &mut Finder<'_>, book: &PhraseBook) {
    let facts = finder.facts;
    let mut all: Vec<&str> =
        facts.recipients.iter().map(|(_, to)| to.address.as_str()).filter(|a| !a.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    let first = facts.recipients.first();
    let header = match first.map(|(role, _)| *role) {
        Some(Role::Cc) => "Cc",
        Some(Role::Bcc) => "Bcc",
        _ => "To",
    };
    let excerpt = first.map(|(_, to)| shown(to)).unwrap_or_default();
    let number = match all.len() {
        0 => id!("recipient_none"),
        1 => id!("recipient_one"),
        2..=5 => id!("recipient_few"),
        6..=15 => id!("recipient_many"),
        _ => id!("recipient_crowd"),
    };
    finder.header(number, header, &excerpt);
    let mut folded = Vec::with_capacity(64);
    for (role, to) in facts.recipients.iter().take(60) {
        if finder.has(id!("recipient_list")) && finder.has(id!("recipient_cc")) {
            break;
        }
        let header = match role {
            Role::To => "To",
            Role::Cc => "Cc",
            Role::Bcc => "Bcc",
        };
        if *role == Role::Cc && !finder.has(id!("recipient_cc")) {
            finder.header(id!("recipient_cc"), header, &shown(to));
        }
        if !finder.has(id!("recipient_list")) {
            fold_person(to, &mut folded);
            book.in_line(Where::Recipient, &folded, |hit| finder.header(hit.signal as u16, header, &shown(to)));
        }
    }
}

fn relations(finder: &mut Finder<'_>, location: &Location) {
    let facts = finder.facts;
    let owner = Owner::of(&location.mailbox);
    let to = || facts.recipients.iter().filter(|(role, _)| *role != Role::Bcc).map(|(_, to)| to);
    if let Some(from) = &facts.from {
        if owner.is(from) {
            finder.header(id!("sender_owner"), "From", &shown(from));
        }
        let same = |to: &Address| !from.address.is_empty() && to.address == from.address;
        if to().next().is_some() && to().all(same) {
            finder.header(id!("recipient_self"), "To", &shown(from));
        }
        let outside = |to: &Address| !to.address.is_empty() && domain(&to.address) != domain(&from.address);
        if !from.address.is_empty() && to().next().is_some() && to().all(outside) {
            finder.header(id!("sender_outside"), "From", &shown(from));
        } else if let Some(other) = to().find(|to| outside(to)) {
            finder.header(id!("recipient_outside"), "To", &shown(other));
        }
    }
    if let Some(other) = to().find(|to| is_private(&to.address)) {
        finder.header(id!("recipient_private"), "To", &shown(other));
    }
    if !owner.word.is_empty() && !finder.has(id!("sender_owner")) && !finder.has(id!("recipient_none")) {
        let named = || facts.recipients.iter().filter(|(role, to)| *role != Role::Bcc && owner.is(to));
        if named().next().is_none() {
            finder.header(id!("owner_not_named"), "To", &to().next().map(shown).unwrap_or_default());
        } else if named().all(|(role, _)| *role == Role::Cc) {
            finder.header(id!("owner_cc_only"), "Cc", &location.mailbox);
        }
    }
}

/// The owner of a mailbox, as far as its name tells: an address, or `smith-m`.
struct Owner<'a> {
    address: &'a str,
    /// The longest word of the name.
    word: String,
}

impl Owner<'_> {
    fn of(mailbox: &str) -> Owner<'_> {
        let words = local(mailbox).split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2);
        let word = words.map(str::to_lowercase).max_by_key(String::len).unwrap_or_default();
        Owner { address: if mailbox.contains('@') { mailbox } else { "" }, word }
    }

    fn is(&self, person: &Address) -> bool {
        if !self.address.is_empty() {
            return self.address.eq_ignore_ascii_case(&person.address);
        }
        if self.word.is_empty() {
            return false;
        }
        let (word, name) = (self.word.as_bytes(), &person.name);
        let named = if name.is_ascii() {
            name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
        } else {
            name.to_lowercase().contains(self.word.as_str())
        };
        named || local(&person.address).contains(self.word.as_str())
    }
}
