//! Rows of `system`: what a machine is, and why it may break at the cut-over. Pure.

use std::collections::HashMap;

use super::Estate;
use super::ground::local;
use super::system;
use super::tally::SenderTally;
use super::words::{WORDS, plain};
use crate::store::estate::SystemRow;

impl Estate {
    /// In the order of addresses and patterns.
    pub(super) fn systems(&self, patterns: &[(String, String)]) -> Vec<SystemRow> {
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

    fn system_row(&self, address: &str, own: bool, sender: &SenderTally, one: system::System) -> SystemRow {
        let hop = sender.hops.top().map(|(hop, _)| hop.to_owned());
        let recipients = sender.recipients.sorted();
        let (inside, may_break) = self.may_break(own, sender, hop.as_deref(), &recipients);
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

    /// Whether it stands inside, and why it may break at the cut-over.
    fn may_break(
        &self,
        own: bool,
        sender: &SenderTally,
        hop: Option<&str>,
        recipients: &[(&str, u32)],
    ) -> (Option<bool>, Vec<String>) {
        let inside =
            (sender.hops_inside.0 + sender.hops_inside.1 > 0).then_some(sender.hops_inside.0 >= sender.hops_inside.1);
        let own_hop = hop.is_some_and(|hop| {
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
        let readers: Vec<&str> =
            recipients.iter().map(|(to, _)| *to).filter(|to| self.is_read_by_a_person(to)).collect();
        if !readers.is_empty() {
            may_break.push(format!(
                "writes to a mailbox that a person reads ({}{})",
                readers[0],
                if readers.len() > 1 { ", …" } else { "" }
            ));
        }
        (inside, may_break)
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
}
