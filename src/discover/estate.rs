//! The estate: which mailboxes, addresses, machines and partners hang on this mail system, and is that everything?
//!
//! One reading of all letters fills the sums of `tally`; everything after that is judged from the sums. Headers and
//! counts only: no text of a message is read.

mod address;
pub mod cadence;
mod coverage;
mod folder;
mod ground;
mod hole;
mod kind;
mod machine;
mod mask;
mod partner;
mod person;
mod rule;
mod sums;
mod system;
mod tally;
mod words;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::store::Inventory;
use crate::store::estate::{AddressRow, Expected, HoleRow, LetterCopies, MailboxRow, SenderInFolder};
use ground::{OwnDomains, Owner, domain};
use tally::{Tally, month};
use words::WORDS;

/// What the rest of the discovery needs to know first.
pub struct Ground {
    senders: Vec<SenderInFolder>,
    own: OwnDomains,
    owners: Vec<Owner>,
}

/// Finds the client's domains and whose each mailbox is; `own_domain` is written.
///
/// # Errors
/// Those of the store.
pub fn ground(inventory: &Inventory) -> rusqlite::Result<Ground> {
    let senders = inventory.senders_in_folders()?;
    let mut own = OwnDomains::find(inventory.given_domains()?, &senders);
    let owners = ground::owners(&senders, &own, |unknown| inventory.recipients_in(unknown, 5))?;
    if own.domains.is_empty() {
        own.add_named(&owners);
    }
    inventory.set_inferred_domains(&own.inferred)?;
    Ok(Ground { senders, own, owners })
}

/// Finds the estate and writes it.
///
/// # Errors
/// Those of the store.
pub fn find(inventory: &Inventory, ground: Ground, copies: &LetterCopies) -> rusqlite::Result<()> {
    let mut tally = Tally::new(ground.own, &ground.owners);
    inventory.letters(copies, &mut |letter| tally.add(letter))?;
    let expected = inventory.expectations()?;
    let estate = Estate { end: end_of(&tally.days), roster: Roster::of(&expected), tally };
    let systems = estate.systems(&inventory.system_patterns()?);
    inventory.save_systems(&systems, copies)?;
    let machines: HashSet<&str> =
        systems.iter().filter(|one| one.kind != "newsletter").map(|one| one.address.as_str()).collect();
    let addresses = estate.addresses(&machines);
    inventory.save_addresses(&addresses)?;
    inventory.save_partners(&partner::partners(&estate.tally, estate.end))?;
    inventory.save_rules(&rule::rules(&estate.tally))?;
    inventory.save_people(&person::people(&estate.candidates(&addresses)))?;
    inventory.save_mailboxes(&estate.mailboxes(&addresses, &ground.senders))?;
    inventory.save_folders(&folder::folders(&inventory.folder_states()?, &ground.senders))?;
    let (rows, holes) = estate.coverage(&expected, inventory.mailbox_sizes()?, &addresses);
    inventory.save_coverage(&rows, &holes)
}

/// The last day of the export in Unix seconds: of the last month that is not nearly empty.
fn end_of(days: &BTreeMap<i32, u32>) -> i64 {
    let mut months: BTreeMap<i32, (u32, i32)> = BTreeMap::new();
    for (day, n) in days {
        let entry = months.entry(month(i64::from(*day) * 86_400)).or_default();
        *entry = (entry.0 + n, *day);
    }
    let mut sizes: Vec<u32> = months.values().map(|(n, _)| *n).collect();
    sizes.sort_unstable();
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
    let last = months.values().rev().find(|(n, _)| *n * 20 >= usual).map_or(0, |(_, day)| *day);
    (i64::from(last) + 1) * 86_400
}

/// What the roster says of addresses.
#[derive(Default)]
struct Roster {
    status: HashMap<String, String>,
    alias_of: HashMap<String, String>,
    person: HashMap<String, String>,
}

impl Roster {
    fn of(expected: &[Expected]) -> Roster {
        let mut roster = Roster::default();
        for one in expected.iter().filter(|one| one.on_roster) {
            if let Some(status) = &one.status {
                roster.status.insert(one.address.clone(), status.clone());
            }
            if let Some(person) = &one.person {
                roster.person.insert(one.address.clone(), person.clone());
            }
            for alias in &one.aliases {
                roster.alias_of.insert(alias.clone(), one.address.clone());
            }
        }
        roster
    }
}

struct Estate {
    tally: Tally,
    end: i64,
    roster: Roster,
}

impl Estate {
    /// Every address of the client's domains, in byte order.
    fn addresses(&self, machines: &HashSet<&str>) -> Vec<AddressRow> {
        let mut rows = Vec::new();
        for (number, one) in (0u32..).zip(&self.tally.addresses) {
            if !one.own || one.sent + one.received == 0 && !self.tally.owned.contains_key(&number) {
                continue;
            }
            let mailbox = self.tally.owned.get(&number).map(|at| self.tally.mailboxes[*at as usize].name.clone());
            let lies_with = self.lies_with(one);
            let writers = one.written_by.distinct().max(self.different_people(one));
            let about = address::Circumstances {
                status: self.roster.status.get(&one.address).map(String::as_str),
                alias_of: self.roster.alias_of.get(&one.address).map(String::as_str),
                has_mailbox: mailbox.is_some(),
                is_system: machines.contains(one.address.as_str()),
                end: self.end,
                lies_with: &lies_with,
                writers,
            };
            let (kind, evidence) = address::kind(one, &about);
            let list = |of: &tally::Frequent| {
                let all = of.sorted();
                (!all.is_empty()).then(|| all.iter().take(8).map(|(value, _)| *value).collect::<Vec<_>>().join("; "))
            };
            let name = self.roster.person.get(&one.address).cloned();
            rows.push(AddressRow {
                address: one.address.clone(),
                name: name.or_else(|| one.names.top().or(one.called.top()).map(|(name, _)| name.to_owned())),
                kind: kind.to_owned(),
                evidence,
                mailbox,
                sent: one.sent,
                received: one.received,
                outside_senders: one.outside_senders.len() as u32,
                last_received: one.last_received,
                last_sent: one.last_sent,
                delivered_to: list(&one.delivered_to),
                sent_on_behalf_of: list(&one.on_behalf_of),
            });
        }
        rows.sort_by(|a, b| a.address.cmp(&b.address));
        rows
    }

    /// Owners of the mailboxes that hold its mail unnamed, most first.
    fn lies_with(&self, one: &tally::AddressTally) -> Vec<(String, u32)> {
        let owner = |mailbox: &u32| {
            let tally = &self.tally.mailboxes[*mailbox as usize];
            tally.owner.map_or(tally.name.clone(), |number| self.tally.addresses[number as usize].address.clone())
        };
        let mut all: Vec<(String, u32)> = one.lies_with.iter().map(|(mailbox, n)| (owner(mailbox), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all
    }

    /// Different full names under which it wrote, each more than once.
    fn different_people(&self, one: &tally::AddressTally) -> usize {
        let names = one.names.sorted();
        let full: HashSet<Vec<String>> =
            names.iter().filter(|(_, n)| *n >= 2).filter_map(|(name, _)| person::full_name(name)).collect();
        full.len()
    }

    fn candidates(&self, addresses: &[AddressRow]) -> Vec<person::Candidate> {
        let kinds: HashMap<&str, &AddressRow> = addresses.iter().map(|row| (row.address.as_str(), row)).collect();
        let mut all = Vec::new();
        for one in &self.tally.addresses {
            let row = kinds.get(one.address.as_str());
            let kind = row.map_or("outside", |row| row.kind.as_str());
            let private = kind == "outside" && WORDS.is_free_mail(domain(&one.address));
            if !matches!(kind, "person" | "leaver" | "alias") && !private {
                continue;
            }
            let mut names = one.names.sorted();
            if names.is_empty() {
                names = one.called.sorted();
            }
            let alias_of = match self.roster.alias_of.get(&one.address) {
                Some(other) => Some((other.clone(), "the roster names it as an alias".to_owned())),
                None => row.filter(|_| kind == "alias").and_then(|row| {
                    let other = one
                        .delivered_to
                        .top()
                        .map(|(other, _)| other.to_owned())
                        .or_else(|| self.lies_with(one).first().map(|(other, _)| other.clone()))?;
                    Some((other, row.evidence.clone()))
                }),
            };
            all.push(person::Candidate {
                address: one.address.clone(),
                own: one.own,
                names: names.into_iter().take(12).map(|(name, n)| (name.to_owned(), n)).collect(),
                letters: one.sent + one.received,
                alias_of,
            });
        }
        all.sort_by(|a, b| a.address.cmp(&b.address));
        all
    }

    fn mailboxes(&self, addresses: &[AddressRow], senders: &[SenderInFolder]) -> Vec<MailboxRow> {
        let mut different: HashMap<&str, HashSet<&str>> = HashMap::new();
        for row in senders {
            different.entry(&row.mailbox).or_default().insert(&row.address);
        }
        let mut lists: HashMap<u32, (&str, u32)> = HashMap::new();
        for ((mailbox, who), filed) in &self.tally.filing {
            let who = self.tally.names.of(*who);
            if who.contains('@') {
                continue;
            }
            let best = lists.entry(*mailbox).or_insert((who, 0));
            if (filed.folders.total, std::cmp::Reverse(who)) > (best.1, std::cmp::Reverse(best.0)) {
                *best = (who, filed.folders.total);
            }
        }
        let mut rows = Vec::new();
        for (number, mailbox) in (0u32..).zip(&self.tally.mailboxes) {
            let owner = mailbox.owner.map(|owner| self.tally.addresses[owner as usize].address.as_str());
            let row = owner.and_then(|owner| addresses.binary_search_by(|row| row.address.as_str().cmp(owner)).ok());
            let row = row.map(|at| &addresses[at]);
            let kind = owner.map(|owner| (owner, row.map_or("person", |row| row.kind.as_str())));
            let many = different.get(mailbox.name.as_str()).map_or(0, HashSet::len);
            let (kind, evidence) = folder::mailbox_kind(mailbox, kind, lists.get(&number).copied(), many);
            rows.push(MailboxRow {
                name: mailbox.name.clone(),
                kind,
                address: owner.map(str::to_owned),
                custodian: row.and_then(|row| row.name.clone()),
                evidence,
                last_received: mailbox.last_received,
                last_sent: mailbox.last_sent,
                empty_months: empty_months(&mailbox.days),
                replies_to_unknown: self.tally.replies_to_unknown(number),
            });
        }
        rows
    }

    /// Said once, if next to no mailbox holds what its owner sent.
    fn without_sent_mail(&self) -> Option<HoleRow> {
        let owned = self.tally.mailboxes.iter().filter(|mailbox| mailbox.owner.is_some());
        let sent: Vec<bool> = owned.map(|mailbox| mailbox.in_sent > 0).collect();
        let hole = hole::without_sent_mail(&sent)?;
        Some(HoleRow { kind: hole.kind, sentence: hole.sentence, ..HoleRow::default() })
    }

    fn coverage(
        &self,
        expected: &[Expected],
        sizes: Vec<(String, u64, u64, bool)>,
        addresses: &[AddressRow],
    ) -> (Vec<crate::store::estate::CoverageRow>, Vec<HoleRow>) {
        let kinds: HashMap<&str, &str> =
            addresses.iter().map(|row| (row.address.as_str(), row.kind.as_str())).collect();
        let mut holes = Vec::new();
        let mut by_mailbox: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut owners: HashMap<&str, &str> = HashMap::new();
        let without_sent = self.without_sent_mail();
        let one_for_all = without_sent.is_some();
        holes.extend(without_sent);
        for mailbox in &self.tally.mailboxes {
            let owner = mailbox.owner.map(|owner| self.tally.addresses[owner as usize].address.as_str());
            owners.extend(owner.map(|owner| (mailbox.name.as_str(), owner)));
            let kind = owner.and_then(|owner| kinds.get(owner).copied()).unwrap_or("unknown");
            let must_have_sent = matches!(kind, "person" | "leaver") && !one_for_all;
            for hole in hole::holes(mailbox, &self.tally.days, must_have_sent) {
                by_mailbox.entry(mailbox.name.clone()).or_default().push(hole.sentence.clone());
                holes.push(HoleRow {
                    kind: hole.kind,
                    address: owner.map(str::to_owned),
                    mailbox: Some(mailbox.name.clone()),
                    from_on: hole.from.map(hole::day_words),
                    to_on: hole.to.map(hole::day_words),
                    expected: hole.expected.map(u64::from),
                    found: hole.found.map(u64::from),
                    sentence: format!("{}: {}", mailbox.name, hole.sentence),
                });
            }
        }
        let delivered: Vec<coverage::Delivered> = sizes
            .into_iter()
            .map(|(name, items, bytes, broken)| coverage::Delivered {
                address: owners.get(name.as_str()).map(|owner| (*owner).to_owned()),
                name,
                items,
                bytes,
                broken,
            })
            .collect();
        let last = month(self.end);
        let seen: Vec<coverage::Seen> = addresses
            .iter()
            .map(|row| {
                let months =
                    self.tally.find(&row.address).map(|number| &self.tally.addresses[number as usize].sent_months);
                coverage::Seen {
                    address: row.address.clone(),
                    kind: row.kind.clone(),
                    name: row.name.clone(),
                    sent: row.sent,
                    received: row.received,
                    months: months.map_or(0, |months| months.len()),
                    lately: months.is_some_and(|months| months.range(last - 2..).next().is_some()),
                }
            })
            .collect();
        let (rows, more) = coverage::coverage(expected, &delivered, &seen, &by_mailbox);
        holes.extend(more);
        holes.sort_by(|a, b| {
            (&a.mailbox, &a.address, a.kind, &a.from_on).cmp(&(&b.mailbox, &b.address, b.kind, &b.from_on))
        });
        (rows, holes)
    }
}

/// Months without mail between the first and the last.
fn empty_months(days: &BTreeMap<i32, u32>) -> Option<u32> {
    let months: std::collections::BTreeSet<i32> = days.keys().map(|day| month(i64::from(*day) * 86_400)).collect();
    let (first, last) = (months.first()?, months.last()?);
    Some((last - first + 1) as u32 - months.len() as u32)
}
