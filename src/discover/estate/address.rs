//! What each address of the company is: a person's, shared, a list, another name for one, a machine's, or a leaver's. Pure.

use super::ground::{company_name, domain, local};
use super::tally::AddressTally;
use super::words::{WORDS, plain};

/// What is known of an address beside its sums.
#[derive(Clone, Debug, Default)]
pub struct Circumstances<'a> {
    /// From the roster: active, leaver, shared, list, service.
    pub status: Option<&'a str>,
    /// The roster names it as an alias of this address.
    pub alias_of: Option<&'a str>,
    /// A mailbox of its own was delivered.
    pub has_mailbox: bool,
    /// It was recognised as a machine.
    pub is_system: bool,
    /// Unix seconds of the last day of the export.
    pub end: i64,
    /// Owners' addresses of the mailboxes in which its mail lies unnamed, with letters, most first.
    pub lies_with: &'a [(String, u32)],
    /// Different people who wrote under it, as Sender or by name.
    pub writers: usize,
}

const DAY: i64 = 86_400;
/// Nobody is silent for so long and still there, unless he writes seldom.
const SILENT_DAYS: i64 = 100;

/// The kind and why.
pub fn kind(tally: &AddressTally, about: &Circumstances<'_>) -> (&'static str, String) {
    if let Some(found) = by_roster(about) {
        return found;
    }
    let local = plain(local(&tally.address));
    let service = WORDS.service.hit_start(&local);
    if about.is_system {
        return ("service", "a machine writes under it, see systems.csv".to_owned());
    }
    if let Some(word) = service.filter(|_| tally.answers == 0) {
        return ("service", format!("it begins with \"{word}\" and answers nobody"));
    }
    if let Some(found) = list_or_alias(tally, about, &local) {
        return found;
    }
    if let Some(word) = WORDS.shared.hit_start(&local) {
        return ("shared", format!("\"{word}\" is a role, no name"));
    }
    if let Some((name, _)) = tally.names.top().filter(|(name, _)| is_company(name, &tally.address, &local)) {
        return ("shared", format!("it is called \"{name}\", by the company's name"));
    }
    if about.writers >= 2 && tally.sent >= 4 && !is_name(&local) {
        return ("shared", format!("{} people wrote under it", about.writers));
    }
    person(tally, about, &local)
}

/// Whether a display name is made of the company's name and the word before the `@`: `Harcourt Moss Lettings`.
fn is_company(name: &str, address: &str, local: &str) -> bool {
    let company = plain(company_name(domain(address))).replace(' ', "");
    let name = plain(name);
    let of_company = |word: &str| word.len() >= 3 && company.contains(word);
    let letters: usize = name.split_whitespace().filter(|word| of_company(word)).map(str::len).sum();
    company.len() >= 4
        && letters * 2 >= company.len()
        && !local.contains(' ')
        && name.split_whitespace().all(|word| of_company(word) || word == local)
}

fn by_roster(about: &Circumstances<'_>) -> Option<(&'static str, String)> {
    if let Some(other) = about.alias_of {
        return Some(("alias", format!("the roster names it as an alias of {other}")));
    }
    let kind = match about.status? {
        "active" => "person",
        "leaver" => "leaver",
        "shared" => "shared",
        "list" => "list",
        "service" => "service",
        _ => return None,
    };
    Some((kind, format!("the roster says {}", about.status.unwrap_or_default())))
}

/// Mail to it lies with people whom no header names.
fn list_or_alias(tally: &AddressTally, about: &Circumstances<'_>, local: &str) -> Option<(&'static str, String)> {
    if about.has_mailbox {
        return None;
    }
    let seldom = tally.sent * 10 <= tally.received || tally.sent <= 1;
    let holders = about.lies_with.iter().filter(|(_, n)| *n >= 2 || *n * 4 >= tally.unnamed).count();
    let list_word = WORDS.list.hit_border(local);
    if tally.as_list * 2 > tally.received && tally.received >= 2 {
        return Some(("list", format!("{} of {} messages to it carry a List-Id", tally.as_list, tally.received)));
    }
    // The delivery names one other address: that is whose it is.
    if seldom
        && let Some((other, n)) = tally.delivered_to.top()
        && n >= 2
        && n * 10 >= tally.delivered_to.total * 8
        && holders <= 1
    {
        return Some(("alias", format!("{n} messages to it were delivered to {other}")));
    }
    // Somebody who writes under a second name; a role that one person answers is shared all the same.
    if let Some((other, n)) = tally.delivered_to.top()
        && n >= 3
        && n * 10 >= tally.delivered_to.total * 9
        && n * 2 >= tally.received
        && WORDS.shared.hit_start(local).is_none()
    {
        return Some(("alias", format!("{n} of {} messages to it were delivered to {other}", tally.received)));
    }
    if seldom && holders >= 3 && tally.unnamed >= 3 {
        return Some((
            "list",
            format!("{} messages to it lie in {holders} mailboxes whose owners they do not name", tally.unnamed),
        ));
    }
    if let Some(word) = list_word.filter(|_| seldom && (holders >= 2 || tally.unnamed == 0)) {
        return Some(("list", format!("\"{word}\" in its name, and it does not write")));
    }
    if seldom
        && tally.unnamed >= 3
        && let Some((other, n)) = about.lies_with.first()
        && *n * 10 >= tally.unnamed * 8
    {
        return Some(("alias", format!("{n} messages to it lie in the mailbox of {other}, whom they do not name")));
    }
    if seldom && holders == 2 && tally.unnamed >= 4 {
        return Some((
            "list",
            format!("{} messages to it lie in 2 mailboxes whose owners they do not name", tally.unnamed),
        ));
    }
    None
}

/// Two words, or an initial and a word: `anna.berg`, `a.berg`.
fn is_name(local: &str) -> bool {
    let words: Vec<&str> = local.split_whitespace().collect();
    words.len() >= 2 && words.iter().all(|word| word.chars().all(char::is_alphabetic))
}

fn person(tally: &AddressTally, about: &Circumstances<'_>, local: &str) -> (&'static str, String) {
    if let Some(last) = tally.last_sent
        && tally.sent >= 3
        && !about.is_system
    {
        let months = tally.sent_months.len().max(1) as i64;
        let span = tally.sent_months.last().zip(tally.sent_months.first()).map_or(1, |(b, a)| i64::from(b - a) + 1);
        // Who writes every third month is not gone after four.
        let usual_gap = 31 * span / months;
        let silent = (about.end - last) / DAY;
        if silent > SILENT_DAYS.max(6 * usual_gap) {
            return ("leaver", format!("wrote last {silent} days before the end of the export"));
        }
    }
    let mut reasons = Vec::new();
    if about.has_mailbox {
        reasons.push("it has a mailbox".to_owned());
    }
    if tally.sent > 0 {
        reasons.push(format!("it wrote {} messages, {} of them answers", tally.sent, tally.answers));
    }
    if is_name(local) {
        reasons.push("it is made like a name".to_owned());
    }
    let called = tally.names.top().or(tally.called.top());
    if let Some((name, _)) = called.filter(|(name, _)| name.split_whitespace().count() >= 2 && !name.contains('@')) {
        reasons.push(format!("it is called by a full name ({} words)", name.split_whitespace().count()));
    }
    if reasons.is_empty() {
        return ("unknown", "it only receives, and nothing tells more".to_owned());
    }
    ("person", reasons.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(address: &str, sent: u32, received: u32) -> AddressTally {
        AddressTally { address: address.to_owned(), own: true, sent, received, ..AddressTally::default() }
    }

    fn kind_of(tally: &AddressTally, about: Circumstances<'_>) -> &'static str {
        kind(tally, &about).0
    }

    #[test]
    fn kinds() {
        let with_mailbox = Circumstances { has_mailbox: true, ..Circumstances::default() };
        assert_eq!(kind_of(&tally("anna.berg@x.example", 9, 9), with_mailbox.clone()), "person");
        assert_eq!(kind_of(&tally("buchhaltung@x.example", 9, 9), with_mailbox.clone()), "shared");
        assert!(is_company("Harcourt Moss Lettings", "lettings@harcourtmoss.example", "lettings"));
        assert!(!is_company("Anna Berg", "anna.berg@bergbau.example", "anna berg"));
        assert!(!is_company("Anna Moss", "anna@harcourtmoss.example", "anna"), "too little of the company");
        assert_eq!(kind_of(&tally("noreply@x.example", 9, 0), Circumstances::default()), "service");
        let roster = Circumstances { status: Some("leaver"), ..with_mailbox };
        assert_eq!(kind_of(&tally("info@x.example", 9, 0), roster), "leaver");
        let mut gone = tally("carl@x.example", 9, 9);
        gone.last_sent = Some(0);
        gone.sent_months = [0, 1, 2].into();
        assert_eq!(kind_of(&gone, Circumstances { end: 200 * DAY, ..Circumstances::default() }), "leaver");
        assert_eq!(kind_of(&gone, Circumstances { end: 90 * DAY, ..Circumstances::default() }), "person");
    }

    #[test]
    fn where_mail_lies_tells_lists_from_aliases() {
        let mut one = tally("a.berg@x.example", 0, 8);
        one.unnamed = 8;
        let with = [("anna.berg@x.example".to_owned(), 8)];
        assert_eq!(kind_of(&one, Circumstances { lies_with: &with, ..Circumstances::default() }), "alias");
        let many: Vec<(String, u32)> = (0..5).map(|n| (format!("p{n}@x.example"), 7)).collect();
        assert_eq!(kind_of(&one, Circumstances { lies_with: &many, ..Circumstances::default() }), "list");
        let mut delivered = tally("info@x.example", 0, 5);
        (0..5).for_each(|_| delivered.delivered_to.add("anna.berg@x.example"));
        assert_eq!(kind_of(&delivered, Circumstances::default()), "alias");
        assert_eq!(kind_of(&tally("alle@x.example", 0, 5), Circumstances::default()), "list");
    }
}
