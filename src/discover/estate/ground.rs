//! Where the estate stands: the client's domains, what each folder is for, and whose each mailbox is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::words::{WORDS, plain};
use crate::store::estate::{FrequentRecipients, SenderInFolder};

/// A domain is the client's if so many of the messages in folders of sent mail come from it.
const OWN_DOMAIN_SHARE: f64 = 0.2;
/// Shorter names are many companies'.
const NAME_LETTERS: usize = 4;
/// A mailbox is its whose address has sent so much of its sent mail.
const OWNER_SHARE: f64 = 0.5;

/// What a folder is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// Where mail arrives.
    Inbox,
    /// Copies of what was sent.
    Sent,
    /// Not sent yet.
    Drafts,
    /// Thrown away.
    Trash,
    /// Suspected of being advertising.
    Junk,
    /// Anything else that a program makes.
    Program,
    /// A person's own folder.
    Own,
}

impl Place {
    /// By the name of the folder.
    pub fn of(folder: &str) -> Place {
        match WORDS.folder(folder) {
            "inbox" => Place::Inbox,
            "sent" => Place::Sent,
            "drafts" | "outbox" => Place::Drafts,
            "trash" => Place::Trash,
            "junk" => Place::Junk,
            "calendar" | "archive" => Place::Program,
            _ => Place::Own,
        }
    }
}

/// The domain of an address, empty if there is none.
pub fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// An address without the marks that mail programs leave on it: quotes around it, and a server's own name without a dot
/// behind a whole address (`x@there.example@server`).
pub fn bare(address: &str) -> &str {
    let quoted = address.trim_matches(['\'', '"']);
    match quoted.rsplit_once('@') {
        Some((front, server)) if !server.contains('.') && front.contains('@') => front,
        _ => quoted,
    }
}

/// The part of a domain that names the company: `acme` of `acme.co.uk`.
pub fn company_name(domain: &str) -> &str {
    let mut parts = domain.rsplit('.').skip(1);
    match (parts.next(), parts.next()) {
        (Some(second), Some(third)) if second.len() <= 3 => third,
        (Some(second), _) => second,
        (None, _) => domain,
    }
}

/// What stands before the `@`.
pub fn local(address: &str) -> &str {
    address.rsplit_once('@').map_or(address, |(local, _)| local)
}

/// The client's domains.
#[derive(Clone, Debug, Default)]
pub struct OwnDomains {
    /// Sorted.
    pub domains: Vec<String>,
    /// Domain and evidence; empty if they were given.
    pub inferred: Vec<(String, String)>,
}

impl OwnDomains {
    /// Whether the address is the client's; subdomains are.
    pub fn holds(&self, address: &str) -> bool {
        let domain = domain(address);
        let under =
            |own: &String| domain == own || domain.strip_suffix(own.as_str()).is_some_and(|front| front.ends_with('.'));
        // A server writes its own people's domain, and the names of machines beside it, without an ending.
        let short = |own: &String| {
            let name = company_name(own);
            !domain.contains('.') && (domain == name || name.len() >= NAME_LETTERS && domain.starts_with(name))
        };
        !domain.is_empty() && self.domains.iter().any(|own| under(own) || short(own))
    }

    /// Given ones, else those that sent mail comes from or that mailboxes are named after.
    pub fn find(given: Vec<String>, senders: &[SenderInFolder]) -> OwnDomains {
        if !given.is_empty() {
            return OwnDomains { domains: given, inferred: Vec::new() };
        }
        let mut all: BTreeMap<&str, u64> = BTreeMap::new();
        let mut by_mailbox: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for row in senders {
            let at = domain(&row.address);
            if !at.is_empty() && Place::of(&row.folder) == Place::Sent {
                *all.entry(at).or_default() += row.messages;
                *by_mailbox.entry(&row.mailbox).or_default().entry(at).or_default() += row.messages;
            }
            let named = domain(&row.mailbox);
            if named.contains('.') && !WORDS.is_free_mail(named) {
                found.insert(named.to_lowercase(), "a mailbox is named after it".to_owned());
            }
        }
        let total: u64 = all.values().sum();
        for (domain, n) in &all {
            let majority = by_mailbox.values().any(|of| {
                let sum: u64 = of.values().sum();
                let here = of.get(domain).copied().unwrap_or(0);
                here >= 5 && here * 2 > sum
            });
            // A second domain of the company: several people have sent from it, one by one not most of their mail.
            let several = by_mailbox.values().filter(|of| {
                let sum: u64 = of.values().sum();
                let here = of.get(domain).copied().unwrap_or(0);
                here >= 5 && here * 20 >= sum
            });
            let several = several.count() >= if by_mailbox.len() > 4 { 3 } else { 2 };
            let most = *n as f64 >= OWN_DOMAIN_SHARE * total as f64 || majority;
            if (most || several) && !WORDS.is_free_mail(domain) {
                found.insert(
                    (*domain).to_owned(),
                    format!("{n} of {total} messages in folders of sent mail come from it"),
                );
            }
        }
        for (alike, evidence) in alike(senders, &found) {
            found.insert(alike, evidence);
        }
        OwnDomains { domains: found.keys().cloned().collect(), inferred: found.into_iter().collect() }
    }

    /// Domains of the addresses that mailboxes stand for, where no sent mail told anything.
    pub fn add_named(&mut self, owners: &[Owner]) {
        for owner in owners.iter().filter_map(|owner| owner.address.as_deref()) {
            let at = domain(owner);
            if !at.is_empty() && !WORDS.is_free_mail(at) && !self.domains.iter().any(|own| own == at) {
                self.domains.push(at.to_owned());
                self.inferred.push((at.to_owned(), "a mailbox is named after one of its addresses".to_owned()));
            }
        }
        self.domains.sort();
    }
}

/// Domains under which the same names write as under a domain that is known, or that have the company's name under
/// another ending.
fn alike(senders: &[SenderInFolder], known: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in senders {
        let name = local(&row.address);
        let words = plain(name);
        let role =
            [&WORDS.shared, &WORDS.list, &WORDS.service].into_iter().any(|list| list.hit_start(&words).is_some());
        let of_domain = names.entry(domain(&row.address)).or_default();
        if !role && name.len() >= 4 {
            of_domain.insert(name);
        }
    }
    let ours: BTreeSet<&str> = known.keys().filter_map(|own| names.get(own.as_str())).flatten().copied().collect();
    names
        .iter()
        .filter(|(at, _)| at.contains('.') && !known.contains_key(**at) && !WORDS.is_free_mail(at))
        .filter_map(|(at, theirs)| {
            let name = company_name(at);
            let under = |own: &String| at.strip_suffix(own.as_str()).is_some_and(|front| front.ends_with('.'));
            if known.keys().any(under) {
                return None;
            }
            if let Some(own) = known.keys().find(|own| name.len() >= NAME_LETTERS && company_name(own) == name) {
                return Some(((*at).to_owned(), format!("the name of {own} under another ending")));
            }
            let same = theirs.iter().filter(|name| ours.contains(*name)).count();
            (same >= 2 && same * 10 >= theirs.len() * 9)
                .then(|| ((*at).to_owned(), format!("{same} of {} of its addresses are named like ours", theirs.len())))
        })
        .collect()
}

/// Whose a mailbox is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Owner {
    /// Name of the mailbox.
    pub mailbox: String,
    /// Its address.
    pub address: Option<String>,
    /// Why.
    pub evidence: String,
}

/// Finds the owner of each mailbox. `ask` gives the most frequent recipients of mailboxes and their numbers; it is called
/// once, with those of which nothing else tells.
pub fn owners<E>(
    senders: &[SenderInFolder],
    own: &OwnDomains,
    ask: impl FnOnce(&[String]) -> Result<FrequentRecipients, E>,
) -> Result<Vec<Owner>, E> {
    let mut sent: BTreeMap<&str, HashMap<&str, u64>> = BTreeMap::new();
    for row in senders {
        let of = sent.entry(&row.mailbox).or_default();
        if Place::of(&row.folder) == Place::Sent && row.address.contains('@') {
            *of.entry(&row.address).or_default() += row.messages;
        }
    }
    let mut owners = Vec::new();
    let mut unknown = Vec::new();
    for (mailbox, of) in sent {
        let mut owner = Owner { mailbox: mailbox.to_owned(), address: None, evidence: String::new() };
        let total: u64 = of.values().sum();
        let best = of.iter().max_by_key(|(address, n)| (**n, std::cmp::Reverse(**address)));
        if mailbox.contains('@') && domain(mailbox).contains('.') {
            owner.address = Some(mailbox.to_lowercase());
            owner.evidence = "the mailbox is named so".to_owned();
        } else if let Some((address, n)) = of
            .iter()
            .find(|(address, n)| plain(local(address)) == plain(mailbox) && **n * 10 >= total && own.holds(address))
        {
            owner.address = Some((*address).to_owned());
            owner.evidence =
                format!("it is named like the mailbox, and {n} of {total} messages in its sent mail are from it");
        } else if let Some((address, n)) = best.filter(|(_, n)| **n as f64 >= OWNER_SHARE * total as f64 && total >= 2)
        {
            owner.address = Some((*address).to_owned());
            owner.evidence = format!("{n} of {total} messages in its sent mail are from it");
        } else {
            unknown.push(mailbox.to_owned());
        }
        owners.push(owner);
    }
    let frequent = ask(&unknown)?;
    for owner in owners.iter_mut().filter(|owner| owner.address.is_none()) {
        by_recipients(owner, frequent.get(&owner.mailbox).map_or(&[], Vec::as_slice), own);
    }
    Ok(owners)
}

fn by_recipients(owner: &mut Owner, frequent: &[(String, u64)], own: &OwnDomains) {
    let name = plain(&owner.mailbox);
    let named = |address: &str| {
        let words = plain(local(address));
        words == name || words.replace(' ', "") == name.replace(' ', "") || {
            let mut parts: Vec<&str> = words.split_whitespace().collect();
            let mut others: Vec<&str> = name.split_whitespace().collect();
            parts.sort_unstable();
            others.sort_unstable();
            parts == others || others.len() == 1 && parts.len() > 1 && parts.contains(&others[0]) && others[0].len() > 2
        }
    };
    let known = own.domains.is_empty();
    let candidate = frequent.iter().filter(|(address, _)| address.contains('@') && (known || own.holds(address)));
    if let Some((address, n)) = candidate.clone().find(|(address, _)| named(address)) {
        owner.address = Some(address.clone());
        owner.evidence = format!("it is named like the mailbox, and {n} messages in it are to it");
    } else if let Some((address, n)) = candidate.clone().next().filter(|_| !known) {
        let next = candidate.clone().nth(1).map_or(0, |(_, n)| *n);
        if *n >= 10 && *n > 2 * next {
            owner.address = Some(address.clone());
            owner.evidence = format!("{n} messages in the mailbox are to it, to no other so many");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(mailbox: &str, folder: &str, address: &str, messages: u64) -> SenderInFolder {
        SenderInFolder { mailbox: mailbox.into(), folder: folder.into(), address: address.into(), messages }
    }

    #[test]
    fn the_company_under_other_names() {
        let names = ["acme.com", "mail.acme.co.uk", "acme", "ab.example"].map(company_name);
        assert_eq!(names, ["acme", "acme", "acme", "ab"]);
        let rows = [
            row("anna", "Sent", "anna@acme.example", 50),
            row("anna", "INBOX", "desk@acme.test", 2),
            row("anna", "INBOX", "desk@acmetal.test", 2),
            row("anna", "INBOX", "robot@web.acme.example", 2),
        ];
        let own = OwnDomains::find(Vec::new(), &rows);
        assert_eq!(own.domains, ["acme.example", "acme.test"]);
        assert!(own.holds("ben@acmegate") && !own.holds("ben@acmegate.test"));
        let short = OwnDomains { domains: vec!["ab.example".to_owned()], inferred: Vec::new() };
        assert!(short.holds("a@ab") && !short.holds("a@abgate"));
        let given = OwnDomains::find(vec!["acme.example".to_owned()], &rows);
        assert!(!given.holds("desk@acme.test"));
    }

    #[test]
    fn domains_and_owners() {
        let rows = [
            row("anna", "Sent", "anna@x.example", 50),
            row("anna", "INBOX", "news@shop.example", 900),
            row("ben", "Gesendet", "ben@y.example", 6),
            row("carl", "Sent", "carl@gmail.com", 40),
            row("dora", "INBOX", "anna@x.example", 3),
        ];
        let own = OwnDomains::find(Vec::new(), &rows);
        assert_eq!(own.domains, ["x.example", "y.example"]);
        assert_eq!((bare("'a@x.example'"), bare("a@y.example@x"), bare("a@x")), ("a@x.example", "a@y.example", "a@x"));
        assert!(own.holds("a@x") && !own.holds("a@z"));
        assert!(own.holds("a@mail.x.example") && !own.holds("a@max.example"));
        let given = OwnDomains::find(vec!["x.example".to_owned()], &rows);
        assert!(given.inferred.is_empty() && !given.holds("ben@y.example"));
        let ask = |unknown: &[String]| {
            assert_eq!(unknown, ["dora"]);
            let frequent = vec![("anna@x.example".to_owned(), 9), ("dora@x.example".to_owned(), 4)];
            Ok([("dora".to_owned(), frequent)].into())
        };
        let found = owners::<()>(&rows, &own, ask).unwrap();
        let addresses: Vec<_> = found.iter().map(|owner| owner.address.as_deref().unwrap_or("-")).collect();
        assert_eq!(addresses, ["anna@x.example", "ben@y.example", "carl@gmail.com", "dora@x.example"]);
    }
}
