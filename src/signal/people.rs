//! Who writes to whom.

use super::Finder;
use super::fold::fold_line;
use super::phrases::{PhraseBook, Where};
use super::table::TABLE;
use crate::model::message::{Address, Location, Role};
use crate::model::reading::{Place, SenderKind};

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

fn spelled(address: &Address) -> String {
    format!("{} {}", address.address.split('@').next().unwrap_or_default(), address.name)
}

fn shown(address: &Address) -> String {
    if address.name.is_empty() { address.address.clone() } else { format!("{} <{}>", address.name, address.address) }
}

fn sender(finder: &mut Finder<'_>, book: &PhraseBook) -> SenderKind {
    let facts = finder.facts;
    let Some(from) = facts.from.as_ref().filter(|from| !from.address.is_empty() || !from.name.is_empty()) else {
        finder.header("sender_unknown", "From", "");
        return if finder.has("auto_submitted") { SenderKind::Machine } else { SenderKind::Unknown };
    };
    let excerpt = shown(from);
    let folded = fold_line(&spelled(from));
    book.in_line(Where::Sender, &folded, |hit| {
        finder.add(TABLE[hit.signal].name, &excerpt, Place::Header("From".into()));
    });
    let words = from.name.split([' ', ',']).filter(|w| w.len() > 1 && w.chars().all(|c| c.is_alphabetic() || c == '-'));
    let local = from.address.split('@').next().unwrap_or_default();
    let parts =
        local.split(['.', '_']).filter(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'));
    let named = words.count() >= 2 || parts.count() >= 2;
    let kind = if finder.has("sender_machine") || finder.has("auto_submitted") {
        SenderKind::Machine
    } else if finder.has("sender_role") {
        SenderKind::Role
    } else if named && !finder.has("sender_bulk") {
        SenderKind::Person
    } else {
        SenderKind::Unknown
    };
    if kind == SenderKind::Person {
        finder.header("sender_person", "From", &excerpt);
    }
    if is_private(&from.address) {
        finder.header("sender_private", "From", &excerpt);
    }
    let other = facts.reply_to.first().filter(|to| !to.address.is_empty() && to.address != from.address);
    if let Some(other) = other {
        finder.header("reply_to_differs", "Reply-To", &shown(other));
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
    let name = match all.len() {
        0 => "recipient_none",
        1 => "recipient_one",
        2..=5 => "recipient_few",
        6..=15 => "recipient_many",
        _ => "recipient_crowd",
    };
    finder.header(name, header, &excerpt);
    for (role, to) in facts.recipients.iter().take(60) {
        let header = match role {
            Role::To => "To",
            Role::Cc => "Cc",
            Role::Bcc => "Bcc",
        };
        if *role == Role::Cc {
            finder.header("recipient_cc", header, &shown(to));
        }
        if !finder.has("recipient_list") {
            let folded = fold_line(&spelled(to));
            book.in_line(Where::Recipient, &folded, |hit| {
                finder.add(TABLE[hit.signal].name, &shown(to), Place::Header(header.into()));
            });
        }
    }
}

fn relations(finder: &mut Finder<'_>, location: &Location) {
    let facts = finder.facts;
    let owner = Owner::of(&location.mailbox);
    let to = || facts.recipients.iter().filter(|(role, _)| *role != Role::Bcc).map(|(_, to)| to);
    if let Some(from) = &facts.from {
        if owner.is(from) {
            finder.header("sender_owner", "From", &shown(from));
        }
        let same = |to: &Address| !from.address.is_empty() && to.address == from.address;
        if to().next().is_some() && to().all(same) {
            finder.header("recipient_self", "To", &shown(from));
        }
        let outside = |to: &Address| !to.address.is_empty() && domain(&to.address) != domain(&from.address);
        if !from.address.is_empty() && to().next().is_some() && to().all(outside) {
            finder.header("sender_outside", "From", &shown(from));
        } else if let Some(other) = to().find(|to| outside(to)) {
            finder.header("recipient_outside", "To", &shown(other));
        }
    }
    if let Some(other) = to().find(|to| is_private(&to.address)) {
        finder.header("recipient_private", "To", &shown(other));
    }
    if !owner.words.is_empty() && !finder.has("sender_owner") && !finder.has("recipient_none") {
        let named = || facts.recipients.iter().filter(|(role, to)| *role != Role::Bcc && owner.is(to));
        if named().next().is_none() {
            finder.header("owner_not_named", "To", &to().next().map(shown).unwrap_or_default());
        } else if named().all(|(role, _)| *role == Role::Cc) {
            finder.header("owner_cc_only", "Cc", &location.mailbox);
        }
    }
}

/// The owner of a mailbox, as far as its name tells: an address, or `smith-m`.
struct Owner<'a> {
    address: &'a str,
    words: Vec<String>,
}

impl Owner<'_> {
    fn of(mailbox: &str) -> Owner<'_> {
        let local = mailbox.split('@').next().unwrap_or_default();
        let words =
            local.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() > 2).map(str::to_lowercase);
        Owner { address: if mailbox.contains('@') { mailbox } else { "" }, words: words.collect() }
    }

    fn is(&self, person: &Address) -> bool {
        if !self.address.is_empty() {
            return self.address.eq_ignore_ascii_case(&person.address);
        }
        let Some(word) = self.words.iter().max_by_key(|word| word.len()) else { return false };
        let local = person.address.split('@').next().unwrap_or_default();
        local.contains(word.as_str()) || person.name.to_lowercase().contains(word.as_str())
    }
}
