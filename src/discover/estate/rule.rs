//! Filing, forwarding, automatic replies and delegation, as far as mail shows them. Pure.

use super::ground::Place;
use super::tally::{Seen, Tally};
use crate::store::estate::RuleRow;

/// What no mail shows; stands in every list of rules.
pub const NOT_IN_MAIL: &str = "Rules, permissions, list membership and retention settings are in no mail export; what stands here is only what mail shows of them. Ask for them before the old system is switched off.";

/// Fewest messages of one sender in one folder.
const FEWEST: u32 = 15;

/// All that is seen, in the order of kinds and mailboxes.
pub fn rules(tally: &Tally) -> Vec<RuleRow> {
    let mut rows = vec![RuleRow {
        kind: "not in mail",
        subject: "rules, permissions, list membership, retention".to_owned(),
        sentence: NOT_IN_MAIL.to_owned(),
        ..RuleRow::default()
    }];
    rows.extend(filing(tally));
    rows.extend(forwarding(tally));
    rows.extend(replies(tally));
    rows.extend(delegation(tally));
    rows
}

/// Mail of one sender that lies in one own folder and not where mail arrives.
fn filing(tally: &Tally) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    for ((mailbox, who), filed) in &tally.filing {
        let Some((folder, n)) = filed.folders.top() else { continue };
        let total = filed.folders.total;
        if Place::of(folder) != Place::Own || n < FEWEST || f64::from(n) < 0.9 * f64::from(total) {
            continue;
        }
        let mailbox = &tally.mailboxes[*mailbox as usize];
        // A mailbox that is one folder says nothing.
        if u64::from(n) * 10 > 9 * mailbox.days.values().map(|n| u64::from(*n)).sum::<u64>() {
            continue;
        }
        let who = tally.names.of(*who);
        rows.push(RuleRow {
            kind: "filing",
            mailbox: Some(mailbox.name.clone()),
            subject: who.to_owned(),
            target: folder.to_owned(),
            messages: Some(n),
            of_messages: Some(total),
            first: filed.first,
            last: filed.last,
            sentence: format!("{n} of {total} messages from {who} lie in {folder}"),
        });
    }
    rows.sort_by(|a, b| (&a.mailbox, &a.subject).cmp(&(&b.mailbox, &b.subject)));
    rows
}

fn forwarding(tally: &Tally) -> Vec<RuleRow> {
    let seen = tally.forwarded.iter().filter(|(_, (n, _, _))| *n >= 3);
    let row = |((mailbox, other), (n, first, last)): (&(u32, String), &Seen)| {
        let mailbox = &tally.mailboxes[*mailbox as usize].name;
        RuleRow {
            kind: "forwarding",
            mailbox: Some(mailbox.clone()),
            subject: other.clone(),
            messages: Some(*n),
            first: *first,
            last: *last,
            sentence: format!(
                "{n} messages in {mailbox} were passed on without being changed, with {other} as one end"
            ),
            ..RuleRow::default()
        }
    };
    let mut rows: Vec<RuleRow> = seen.map(row).collect();
    for ((from, to), (n, first, last)) in tally.passed_on.iter().filter(|(_, (n, _, _))| *n >= FEWEST) {
        let from = &tally.addresses[*from as usize];
        rows.push(RuleRow {
            kind: "forwarding",
            subject: from.address.clone(),
            target: to.clone(),
            messages: Some(*n),
            of_messages: Some(from.sent),
            first: *first,
            last: *last,
            sentence: format!("{} passed {n} messages on to {to}, outside the company, alone", from.address),
            ..RuleRow::default()
        });
    }
    // Mail to one address of ours that arrives in somebody else's mailbox: a server passed it on.
    for address in tally.addresses.iter().filter(|one| one.own) {
        for (other, n) in address.delivered_to.sorted().into_iter().filter(|(_, n)| *n >= 3) {
            rows.push(RuleRow {
                kind: "delivery",
                subject: address.address.clone(),
                target: other.to_owned(),
                messages: Some(n),
                of_messages: Some(address.received),
                sentence: format!(
                    "{n} of {} messages to {} were delivered to {other}",
                    address.received, address.address
                ),
                ..RuleRow::default()
            });
        }
    }
    rows.sort_by(|a, b| (a.kind, &a.mailbox, &a.subject, &a.target).cmp(&(b.kind, &b.mailbox, &b.subject, &b.target)));
    rows
}

fn replies(tally: &Tally) -> Vec<RuleRow> {
    let mut rows: Vec<RuleRow> = tally
        .addresses
        .iter()
        .filter(|one| one.own && one.auto_replies >= 1)
        .map(|one| RuleRow {
            kind: "automatic reply",
            subject: one.address.clone(),
            messages: Some(one.auto_replies),
            of_messages: Some(one.sent),
            sentence: format!(
                "{} of {} messages from {} are automatic replies",
                one.auto_replies, one.sent, one.address
            ),
            ..RuleRow::default()
        })
        .collect();
    rows.sort_by(|a, b| a.subject.cmp(&b.subject));
    rows
}

fn delegation(tally: &Tally) -> Vec<RuleRow> {
    let mut rows = Vec::new();
    for one in tally.addresses.iter().filter(|one| one.own) {
        for (other, n) in one.written_by.sorted().into_iter().filter(|(other, _)| tally.own.holds(other)) {
            rows.push(RuleRow {
                kind: "delegation",
                subject: one.address.clone(),
                target: other.to_owned(),
                messages: Some(n),
                of_messages: Some(one.sent),
                sentence: format!(
                    "{n} of {} messages from {} were written by {other} on its behalf",
                    one.sent, one.address
                ),
                ..RuleRow::default()
            });
        }
    }
    rows.sort_by(|a, b| (&a.subject, &a.target).cmp(&(&b.subject, &b.target)));
    rows
}
