//! The estate: which mailboxes, addresses, machines and partners hang on this mail system, and is that everything?
//!
//! One reading of all letters fills the sums of `tally`; everything after that is judged from the sums. Headers and
//! counts only: no text of a message is read.

mod address;
mod cadence;
mod coverage;
mod folder;
mod ground;
mod hole;
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
use crate::store::estate::{AddressRow, Expected, HoleRow, MailboxRow, SenderInFolder, SystemRow};
use ground::{OwnDomains, Owner, domain, local};
use tally::{Tally, month};
use words::{WORDS, plain};

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
pub fn find(inventory: &Inventory, ground: Ground) -> rusqlite::Result<()> {
    let mut tally = Tally::new(ground.own, &ground.owners);
    inventory.prepare_letters()?;
    inventory.letters(&mut |letter| tally.add(letter))?;
    let expected = inventory.expectations()?;
    let estate = Estate { end: end_of(&tally.days), roster: Roster::of(&expected), tally };
    let systems = estate.systems(&inventory.system_patterns()?);
    inventory.save_systems(&systems)?;
    inventory.end_letters()?;
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
    /// In the order of addresses and patterns.
    fn systems(&self, patterns: &[(String, String)]) -> Vec<SystemRow> {
        let mut existing: HashMap<&str, Vec<String>> = HashMap::new();
        for (address, pattern) in patterns {
            existing.entry(address).or_default().push(pattern.clone());
        }
        let mut rows = Vec::new();
        for (number, sender) in &self.tally.senders {
            let who = &self.tally.addresses[*number as usize];
            let known = existing.get(who.address.as_str()).map_or(&[][..], Vec::as_slice);
            let several = |list: &str| self.tally.posters.get(list).is_some_and(|posters| posters.len() >= 3);
            let posted = sender.lists.sorted().into_iter().filter(|(list, _)| several(list)).map(|(_, n)| n).sum();
            for one in system::systems(&who.address, sender, posted, !who.own, known) {
                rows.push(self.system_row(&who.address, who.own, sender, one));
            }
        }
        rows.sort_by(|a, b| (&a.address, &a.pattern).cmp(&(&b.address, &b.pattern)));
        rows
    }

    fn system_row(&self, address: &str, own: bool, sender: &tally::SenderTally, one: system::System) -> SystemRow {
        let hop = sender.hops.top().map(|(hop, _)| hop.to_owned());
        let inside =
            (sender.hops_inside.0 + sender.hops_inside.1 > 0).then_some(sender.hops_inside.0 >= sender.hops_inside.1);
        let own_hop = hop.as_deref().is_some_and(|hop| {
            let host = hop.split(' ').next().unwrap_or_default();
            self.tally.own.holds(&format!("@{host}"))
        });
        let mut may_break = Vec::new();
        if inside == Some(true) || inside.is_none() && own_hop {
            may_break.push("relays through the old server".to_owned());
        }
        if own {
            may_break.push("sends from the client's own domain".to_owned());
        }
        let recipients = sender.recipients.sorted();
        let readers: Vec<&str> =
            recipients.iter().map(|(to, _)| *to).filter(|to| self.is_read_by_a_person(to)).collect();
        if !readers.is_empty() {
            may_break.push(format!(
                "writes to a mailbox that a person reads ({}{})",
                readers[0],
                if readers.len() > 1 { ", …" } else { "" }
            ));
        }
        let period = if one.cadence.is_regular() { one.cadence.period_days } else { 0.0 };
        let silent = one.last.map_or(0, |last| (self.end - last) / 86_400);
        let mut cadence_evidence = one.cadence.evidence.clone();
        if period > 0.0 && silent as f64 > 10.0 + 4.0 * period {
            cadence_evidence.push_str(&format!("; silent for the last {silent} days of the export"));
        }
        let direction = match sender.directions.top() {
            Some((direction @ ("in" | "out" | "internal"), _)) => direction,
            _ if own => "unknown",
            _ => "in",
        };
        let cut = |all: &[String]| match all.len() {
            0..=12 => all.join("; "),
            n => format!("{}; … {} in all", all[..12].join("; "), n),
        };
        // On a holiday nobody of the company answers anything: no run was to be expected.
        let mut missed = one.cadence.missed;
        let all = missed.len();
        if !one.cadence.label.starts_with("daily") {
            missed.retain(|day| !self.is_holiday(day));
        }
        let missed_runs = one.cadence.missed_runs.map(|n| n.saturating_sub((all - missed.len()) as u32));
        SystemRow {
            address: address.to_owned(),
            pattern: one.pattern,
            name: sender.names.top().map_or(String::new(), |(name, _)| name.to_owned()),
            kind: one.kind,
            evidence: one.evidence,
            direction: direction.to_owned(),
            first_hop: hop,
            first_hop_internal: inside,
            mailer: sender.mailers.top().map(|(mailer, _)| mailer.to_owned()),
            recipients: recipients.iter().take(5).map(|(to, _)| *to).collect::<Vec<_>>().join("; "),
            recipient_count: recipients.len() as u32,
            cadence: one.cadence.label,
            cadence_evidence,
            first: one.first,
            last: one.last,
            missed_runs,
            missed_on: cut(&missed),
            may_break: may_break.join("; "),
            subjects: one.subjects.join("; "),
            score: one.score,
            letters: one.letters,
        }
    }

    /// Whether the people of the company wrote next to nothing on that day, `2024-05-01`.
    fn is_holiday(&self, day: &str) -> bool {
        let Ok(date) = day.parse::<jiff::civil::Date>() else { return false };
        let day = (date - jiff::civil::date(1970, 1, 1)).get_days();
        let days = &self.tally.working_days;
        let near: u32 =
            (1..=3).flat_map(|week| [day - 7 * week, day + 7 * week]).filter_map(|day| days.get(&day)).sum();
        near >= 12 && days.get(&day).copied().unwrap_or(0) * 6 * 5 <= near
    }

    fn is_read_by_a_person(&self, address: &str) -> bool {
        let Some(number) = self.tally.find(address) else { return false };
        let who = &self.tally.addresses[number as usize];
        let role = plain(local(address));
        who.own
            && who.answers > 0
            && WORDS.service.hit_start(&role).is_none()
            && WORDS.shared.hit_start(&role).is_none()
    }

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
        for ((mailbox, who), filed) in self.tally.filing.iter().filter(|((_, who), _)| !who.contains('@')) {
            let best = lists.entry(*mailbox).or_insert((who, 0));
            if (filed.folders.total, std::cmp::Reverse(who.as_str())) > (best.1, std::cmp::Reverse(best.0)) {
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
            });
        }
        rows
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
        for mailbox in &self.tally.mailboxes {
            let owner = mailbox.owner.map(|owner| self.tally.addresses[owner as usize].address.as_str());
            owners.extend(owner.map(|owner| (mailbox.name.as_str(), owner)));
            let kind = owner.and_then(|owner| kinds.get(owner).copied()).unwrap_or("unknown");
            for hole in hole::holes(mailbox, &self.tally.days, matches!(kind, "person" | "leaver")) {
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
