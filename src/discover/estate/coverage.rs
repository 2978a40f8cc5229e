//! Is that everything? What was expected, by the roster and by count files in the export, and what was delivered. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::{domain, local};
use super::words::plain;
use crate::store::estate::{CoverageRow, Expected, HoleRow};

/// A mailbox that was delivered.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delivered {
    /// Its name.
    pub name: String,
    /// Its owner's address.
    pub address: Option<String>,
    /// Messages in it.
    pub items: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// A file of it could not be read.
    pub broken: bool,
}

/// An address of the client's that was seen.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// Lower-case.
    pub address: String,
    /// Its kind.
    pub kind: String,
    /// Display name.
    pub name: Option<String>,
    /// Letters from it.
    pub sent: u32,
    /// Letters to it.
    pub received: u32,
    /// It wrote in so many months, and in the last three of the export.
    pub months: usize,
    /// The same.
    pub lately: bool,
}

/// Fewer messages than expected by more than this is a hole and not a matter of counting.
const SHORT: f64 = 0.02;
/// Where so many of the active people have a mailbox, the others should.
const COMPLETE: f64 = 0.6;

/// Rows in the order of the roster, then of addresses; and the holes that only the expectations show. `holes` are those
/// seen inside each mailbox.
pub fn coverage(
    expected: &[Expected],
    delivered: &[Delivered],
    seen: &[Seen],
    holes: &BTreeMap<String, Vec<String>>,
) -> (Vec<CoverageRow>, Vec<HoleRow>) {
    let mut ledger = Ledger { delivered, holes, rows: Vec::new(), found: Vec::new(), done: BTreeSet::new() };
    let has_roster = expected.iter().any(|one| one.on_roster);
    let counts: BTreeMap<&str, &Expected> =
        expected.iter().filter(|one| !one.on_roster).map(|one| (one.address.as_str(), one)).collect();
    for one in expected.iter().filter(|one| one.on_roster) {
        let mut one = one.clone();
        if let Some(count) = counts.get(one.address.as_str()) {
            one.items = one.items.or(count.items);
            one.bytes = one.bytes.or(count.bytes);
            ledger.done.insert(count.address.clone());
        }
        ledger.expected(&one);
    }
    for one in counts.values() {
        if !ledger.done.contains(&one.address) {
            ledger.expected(one);
        }
    }
    for one in seen.iter().filter(|one| !ledger.done.contains(&one.address)).cloned().collect::<Vec<_>>() {
        ledger.seen(&one, has_roster);
    }
    // Mailboxes of nobody we know are mailboxes all the same.
    for box_ in delivered.iter().filter(|one| one.address.is_none()) {
        if !ledger.rows.iter().any(|row| row.mailbox.as_deref() == Some(&box_.name)) {
            ledger.rows.push(CoverageRow {
                address: format!("(mailbox) {}", box_.name),
                on_roster: has_roster.then_some(false),
                mailbox: Some(box_.name.clone()),
                delivered: if has_roster { "not on the roster" } else { "delivered" },
                found_items: Some(box_.items),
                found_bytes: Some(box_.bytes),
                holes: holes.get(&box_.name).map_or(String::new(), |all| all.join("; ")),
                evidence: "a mailbox whose address is not known".to_owned(),
                ..CoverageRow::default()
            });
        }
    }
    if !has_roster {
        ledger.missing_people(seen);
    }
    (ledger.rows, ledger.found)
}

struct Ledger<'a> {
    delivered: &'a [Delivered],
    holes: &'a BTreeMap<String, Vec<String>>,
    rows: Vec<CoverageRow>,
    found: Vec<HoleRow>,
    done: BTreeSet<String>,
}

impl<'a> Ledger<'a> {
    fn mailbox_of(&self, address: &str, aliases: &[String]) -> Option<&'a Delivered> {
        let is = |one: &&Delivered, wanted: &str| {
            one.address.as_deref() == Some(wanted) || one.name.eq_ignore_ascii_case(wanted)
        };
        let names = std::iter::once(address).chain(aliases.iter().map(String::as_str));
        let mut by_address = names.clone().filter_map(|name| self.delivered.iter().find(|one| is(one, name)));
        by_address.next().or_else(|| {
            // A mailbox without a known address may be named like the person.
            let wanted = plain(local(address));
            self.delivered.iter().find(|one| one.address.is_none() && plain(&one.name) == wanted)
        })
    }

    fn expected(&mut self, one: &Expected) {
        self.done.insert(one.address.clone());
        self.done.extend(one.aliases.iter().cloned());
        let mailbox = self.mailbox_of(&one.address, &one.aliases);
        let status = one.status.as_deref().unwrap_or("");
        let short = |expected: Option<u64>, found: u64| expected.is_some_and(|expected| found < expected);
        let mut evidence = vec![if one.on_roster {
            format!("line {} of the roster", one.line)
        } else {
            format!("line {} of {}", one.line, one.path)
        }];
        let delivered = match mailbox {
            Some(found) if short(one.items, found.items) => {
                let missing = one.items.unwrap_or(0) - found.items;
                evidence.push(format!("{missing} messages fewer than expected"));
                "delivered short"
            }
            Some(found) if one.items.is_none() && short(one.bytes, (found.bytes as f64 * 1.1) as u64) => {
                evidence.push("more than a tenth of the bytes expected is not there".to_owned());
                "delivered short"
            }
            Some(found) if self.holes.contains_key(&found.name) => {
                evidence.push("it has a hole".to_owned());
                "delivered short"
            }
            Some(_) => "delivered",
            None if one.items == Some(0) => "delivered",
            None if matches!(status, "list" | "service") && one.items.is_none() => {
                evidence.push(format!("a {status} need not have a mailbox"));
                "no mailbox expected"
            }
            None => "not delivered",
        };
        if mailbox.is_some_and(|found| found.broken) {
            evidence.push("a file of it could not be read, see files.csv".to_owned());
        }
        self.note(one, mailbox, delivered);
        self.rows.push(CoverageRow {
            address: one.address.clone(),
            person: one.person.clone(),
            status: one.status.clone(),
            on_roster: one.on_roster.then_some(true),
            mailbox: mailbox.map(|found| found.name.clone()),
            delivered,
            expected_items: one.items,
            found_items: mailbox.map(|found| found.items),
            expected_bytes: one.bytes,
            found_bytes: mailbox.map(|found| found.bytes),
            hold: one.hold.clone(),
            holes: mailbox.and_then(|found| self.holes.get(&found.name)).map_or(String::new(), |all| all.join("; ")),
            evidence: evidence.join("; "),
        });
    }

    /// What is missing by the expectation alone.
    fn note(&mut self, one: &Expected, mailbox: Option<&Delivered>, delivered: &str) {
        let status = one.status.as_deref().unwrap_or("");
        let mut row = HoleRow {
            address: Some(one.address.clone()),
            mailbox: mailbox.map(|found| found.name.clone()),
            expected: one.items,
            found: mailbox.map(|found| found.items),
            ..HoleRow::default()
        };
        match (delivered, mailbox) {
            ("not delivered", _)
                if one.items.is_some() || matches!(status, "active" | "shared" | "") || one.hold.is_some() =>
            {
                row.kind = "mailbox not delivered";
                row.sentence = format!("no mailbox of {} was delivered", one.address);
            }
            ("delivered short", Some(found)) if !self.holes.contains_key(&found.name) => {
                let expected = one.items.unwrap_or(0);
                if expected > 0 && (found.items as f64) >= (1.0 - SHORT) * expected as f64 {
                    return;
                }
                row.kind = "delivered short";
                row.sentence =
                    format!("{} of {expected} expected messages of {} were delivered", found.items, one.address);
                if one.items.is_none() {
                    row.sentence = format!(
                        "{} of {} expected bytes of {} were delivered",
                        found.bytes,
                        one.bytes.unwrap_or(0),
                        one.address
                    );
                }
            }
            _ => return,
        }
        self.found.push(row);
    }

    fn seen(&mut self, one: &Seen, has_roster: bool) {
        self.done.insert(one.address.clone());
        let mailbox = self.mailbox_of(&one.address, &[]).filter(|found| found.address.as_deref() == Some(&one.address));
        let hole = mailbox.and_then(|found| self.holes.get(&found.name));
        let delivered = match (has_roster, mailbox, hole) {
            (true, _, _) => "not on the roster",
            (false, Some(_), Some(_)) => "delivered short",
            (false, Some(_), None) => "delivered",
            (false, None, _) if matches!(one.kind.as_str(), "list" | "alias" | "service") => "no mailbox expected",
            (false, None, _) => "not delivered",
        };
        self.rows.push(CoverageRow {
            address: one.address.clone(),
            person: one.name.clone(),
            on_roster: has_roster.then_some(false),
            mailbox: mailbox.map(|found| found.name.clone()),
            delivered,
            found_items: mailbox.map(|found| found.items),
            found_bytes: mailbox.map(|found| found.bytes),
            holes: hole.map_or(String::new(), |all| all.join("; ")),
            evidence: format!(
                "seen in mail: {} messages from it, {} to it; probably a {}",
                one.sent, one.received, one.kind
            ),
            ..CoverageRow::default()
        });
    }

    /// Without a roster: people who write all the time, in an export that holds nearly everybody else's mailbox.
    fn missing_people(&mut self, seen: &[Seen]) {
        let active: Vec<&Seen> =
            seen.iter().filter(|one| one.kind == "person" && one.sent >= 10 && one.months >= 3 && one.lately).collect();
        let here = |one: &&Seen| self.delivered.iter().any(|found| found.address.as_deref() == Some(&one.address));
        let (with, without): (Vec<&Seen>, Vec<&Seen>) = active.into_iter().partition(|one| here(one));
        if with.len() < 4 || (with.len() as f64) < COMPLETE * (with.len() + without.len()) as f64 {
            return;
        }
        // Only domains that mailboxes were delivered of.
        let domains: BTreeSet<&str> = with.iter().map(|one| domain(&one.address)).collect();
        for one in without.into_iter().filter(|one| domains.contains(domain(&one.address))) {
            self.found.push(HoleRow {
                kind: "mailbox not delivered",
                address: Some(one.address.clone()),
                sentence: format!(
                    "{} wrote {} messages in {} months and up to the end, and {} of {} people like that have a mailbox here: its mailbox was probably not delivered",
                    one.address,
                    one.sent,
                    one.months,
                    with.len(),
                    with.len() + 1
                ),
                ..HoleRow::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expected(address: &str, status: &str, items: Option<u64>) -> Expected {
        Expected {
            on_roster: true,
            address: address.into(),
            status: Some(status.into()),
            items,
            line: 2,
            ..Expected::default()
        }
    }

    fn delivered(name: &str, items: u64) -> Delivered {
        Delivered { name: name.into(), address: Some(format!("{name}@x.example")), items, ..Delivered::default() }
    }

    fn seen(name: &str) -> Seen {
        Seen {
            address: format!("{name}@x.example"),
            kind: "person".into(),
            sent: 50,
            months: 12,
            lately: true,
            ..Seen::default()
        }
    }

    #[test]
    fn the_roster_against_the_delivery() {
        let roster = [
            expected("anna@x.example", "active", Some(10)),
            expected("ben@x.example", "active", Some(100)),
            expected("carl@x.example", "active", None),
            expected("dora@x.example", "leaver", None),
            expected("all@x.example", "list", None),
        ];
        let (rows, holes) = coverage(
            &roster,
            &[delivered("anna", 10), delivered("ben", 50)],
            &[seen("eve"), seen("anna")],
            &BTreeMap::new(),
        );
        let shown: Vec<_> = rows.iter().map(|row| (row.address.as_str(), row.delivered)).collect();
        assert_eq!(
            shown,
            [
                ("anna@x.example", "delivered"),
                ("ben@x.example", "delivered short"),
                ("carl@x.example", "not delivered"),
                ("dora@x.example", "not delivered"),
                ("all@x.example", "no mailbox expected"),
                ("eve@x.example", "not on the roster"),
            ]
        );
        let kinds: Vec<_> = holes.iter().map(|hole| (hole.kind, hole.address.as_deref().unwrap())).collect();
        assert_eq!(kinds, [("delivered short", "ben@x.example"), ("mailbox not delivered", "carl@x.example")]);
    }

    #[test]
    fn without_a_roster_only_a_nearly_whole_company_shows_who_is_missing() {
        let boxes: Vec<Delivered> = ["a", "b", "c", "d", "e"].map(|name| delivered(name, 9)).to_vec();
        let people: Vec<Seen> = ["a", "b", "c", "d", "e", "f"].map(seen).to_vec();
        let (_, holes) = coverage(&[], &boxes, &people, &BTreeMap::new());
        assert_eq!(holes.iter().map(|hole| hole.address.as_deref().unwrap()).collect::<Vec<_>>(), ["f@x.example"]);
        let (rows, holes) = coverage(&[], &boxes[..2], &people, &BTreeMap::new());
        assert!(holes.is_empty() && rows.iter().filter(|row| row.delivered == "not delivered").count() == 4);
    }
}
