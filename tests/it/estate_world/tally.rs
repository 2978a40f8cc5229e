//! Counts what lies on disk and sets the truth down.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::{iso, iso_day, iso_month, month_after, wall};
use super::deliver::{Came, Copy, system_folders};
use super::outside::BULK;
use super::post::{Post, Sort, domain};
use super::render::is_own;
use super::stores::{seen_folder, store_name};
use super::truth::{AddressTruth, MachineTruth, MailboxTruth, OutsideTruth, PersonTruth, Queue, RuleTruth, Truth};
use super::{Estate, machines::Machine, post::Route};

/// Counts by message: how many copies of it lie on disk.
pub fn copies_of(estate: &Estate) -> Vec<usize> {
    let mut counts = vec![0; estate.posts.len()];
    for copy in &estate.copies {
        counts[copy.post] += 1;
    }
    counts
}

/// Fills in everything that is counted.
pub fn tally(estate: &Estate, truth: &mut Truth) {
    let counts = copies_of(estate);
    truth.copies = estate.copies.len();
    truth.messages = counts.iter().filter(|count| **count > 0).count();
    truth.mailboxes = (0..estate.cast.mailboxes.len()).map(|mailbox| mailbox_truth(estate, mailbox)).collect();
    truth.addresses = addresses(estate, &counts);
    truth.machines = estate
        .machines
        .iter()
        .enumerate()
        .map(|(number, machine)| machine_truth(estate, number, machine, &counts))
        .collect();
    truth.outside = outside(estate, &counts, &truth.domains);
    truth.people = people(estate);
    truth.rules = rules(estate, &counts);
    truth.queue = queue(estate);
    truth.workflows.clone_from(&estate.workflows);
    let by_id: BTreeMap<&str, usize> =
        estate.posts.iter().zip(&counts).map(|(post, count)| (post.message_id.as_str(), *count)).collect();
    for step in truth.workflows.iter_mut().flat_map(|flow| &mut flow.cases).flat_map(|case| &mut case.steps) {
        step.copies = by_id[step.message_id.as_str()];
    }
}

fn mailbox_truth(estate: &Estate, mailbox: usize) -> MailboxTruth {
    let place = &estate.cast.mailboxes[mailbox];
    let mine: Vec<&Copy> = estate.copies.iter().filter(|copy| copy.mailbox == mailbox).collect();
    let mut folders = BTreeMap::new();
    for copy in &mine {
        *folders.entry(seen_folder(place.store, &copy.folder)).or_default() += 1;
    }
    let times: Vec<i64> = mine.iter().map(|copy| estate.posts[copy.post].at).collect();
    let (first, last) = (times.iter().min().copied().unwrap_or(0), times.iter().max().copied().unwrap_or(0));
    let months: BTreeSet<String> = times.iter().map(|at| iso_month(wall(*at).0)).collect();
    let mut empty_months = Vec::new();
    let mut month = month_after(wall(first).0, 0);
    while month <= wall(last).0 {
        let name = iso_month(month);
        if !months.contains(&name) {
            empty_months.push(name);
        }
        month = month_after(month, 1);
    }
    let kind = match place.person {
        Some(_) => "person",
        None if mailbox == estate.cast.shared.archive => "archive",
        None => "shared",
    };
    let sent = mine.iter().filter(|copy| copy.came == Came::Sent).count();
    MailboxTruth {
        dir: place.dir.clone(),
        address: place.address.clone(),
        kind,
        store: store_name(place.store).to_owned(),
        messages: mine.len(),
        folders,
        sent,
        has_sent_folder: sent > 0,
        first_at: iso(first),
        last_at: iso(last),
        empty_months,
    }
}

fn addresses(estate: &Estate, counts: &[usize]) -> Vec<AddressTruth> {
    let (mut sent, mut received) = (BTreeMap::<&str, usize>::new(), BTreeMap::<&str, usize>::new());
    let mut seen = BTreeSet::new();
    for (post, _) in estate.posts.iter().zip(counts).filter(|(_, count)| **count > 0) {
        *sent.entry(&post.from.address).or_default() += 1;
        let to: BTreeSet<&str> = post.to.iter().chain(&post.cc).map(|party| party.address.as_str()).collect();
        to.iter().for_each(|address| *received.entry(address).or_default() += 1);
        seen.extend(to);
        seen.insert(&post.from.address);
        seen.extend(post.sender.iter().chain(&post.reply_to).map(|party| party.address.as_str()));
    }
    for copy in &estate.copies {
        if let Came::Received { to, original } = &copy.came {
            seen.insert(to);
            seen.extend(original.as_deref());
        }
    }
    let boxes: BTreeSet<&str> = estate.cast.mailboxes.iter().map(|mailbox| mailbox.address.as_str()).collect();
    let truth = |(address, entry): (&String, &super::deliver::Entry)| AddressTruth {
        address: address.clone(),
        kind: entry.kind,
        of: entry.of.clone(),
        on_roster: entry.on_roster,
        has_mailbox: boxes.contains(address.as_str()),
        sent: sent.get(address.as_str()).copied().unwrap_or(0),
        received: received.get(address.as_str()).copied().unwrap_or(0),
        seen: seen.contains(address.as_str()),
    };
    estate.directory.iter().map(truth).collect()
}

fn machine_truth(estate: &Estate, number: usize, machine: &Machine, counts: &[usize]) -> MachineTruth {
    let mine =
        || estate.posts.iter().zip(counts).filter(|(post, count)| post.sort == Sort::Machine(number) && **count > 0);
    let (host, ip, inside) = match &machine.route {
        Route::Outside { host, ip } => (host, ip, false),
        Route::Desk { host, ip } | Route::Device { host, ip } => (host, ip, true),
    };
    let own_domain = is_own(&machine.from.address, &estate.domains());
    let mut may_break = Vec::new();
    if inside {
        may_break.push("relays_through_old_server");
    }
    if own_domain {
        may_break.push("sends_from_client_domain");
    }
    if machine.to.iter().any(|to| estate.cast.people.iter().any(|who| who.address == *to)) {
        may_break.push("personal_mailbox_reads_it");
    }
    let last = mine().map(|(post, _)| post.at).max().unwrap_or(0);
    MachineTruth {
        key: machine.key,
        kind: machine.kind,
        address: machine.from.address.clone(),
        direction: machine.direction,
        cadence_text: machine.cadence.text(),
        cadence: machine.cadence.clone(),
        first_hop_host: host.clone(),
        first_hop_ip: ip.clone(),
        inside,
        own_domain,
        mailer: machine.mailer.to_owned(),
        recipients: machine.to.clone(),
        messages: mine().count(),
        copies: mine().map(|(_, count)| count).sum(),
        last_seen: iso(last),
        missed_runs: machine.missed.iter().map(|day| iso_day(*day)).collect(),
        may_break,
    }
}

fn outside(estate: &Estate, counts: &[usize], domains: &[String]) -> Vec<OutsideTruth> {
    let mut found: BTreeMap<String, (OutsideTruth, i64, BTreeSet<String>)> = BTreeMap::new();
    let kept = |(post, count): &(&Post, &usize)| **count > 0 && post.sort != Sort::Draft;
    for (post, _) in estate.posts.iter().zip(counts).filter(kept) {
        let to: BTreeSet<&str> = post.to.iter().chain(&post.cc).map(|party| party.address.as_str()).collect();
        let from = post.from.address.as_str();
        let comes_in = !is_own(from, domains);
        let theirs: BTreeSet<&str> = match comes_in {
            true => [domain(from)].into(),
            false => to.iter().filter(|to| !is_own(to, domains)).map(|to| domain(to)).collect(),
        };
        let ours = to.iter().chain([&from]).filter(|address| is_own(address, domains));
        for domain in theirs {
            let (row, last, addresses) = found.entry(domain.to_owned()).or_default();
            let files = post.files.iter().filter(|file| !file.name.is_empty()).count();
            match comes_in {
                true => (row.messages_in, row.files_in) = (row.messages_in + 1, row.files_in + files),
                false => (row.messages_out, row.files_out) = (row.messages_out + 1, row.files_out + files),
            }
            *last = (*last).max(post.at);
            addresses.extend(ours.clone().map(|address| (*address).to_owned()));
        }
    }
    let finish = |(domain, (row, last, addresses)): (String, (OutsideTruth, i64, BTreeSet<String>))| {
        let partner = estate.partners.iter().find(|partner| partner.domain == domain);
        let (kind, name) = outside_kind(estate, &domain, partner);
        OutsideTruth { domain, kind, name, last_at: iso(last), our_addresses: addresses.into_iter().collect(), ..row }
    };
    found.into_iter().map(finish).collect()
}

fn outside_kind(estate: &Estate, name: &str, partner: Option<&super::outside::Partner>) -> (&'static str, String) {
    if super::names::FREEMAIL.contains(&name) {
        return ("freemail", String::new());
    }
    if let Some(partner) = partner {
        return ("partner", partner.name.clone());
    }
    if let Some(machine) = estate.machines.iter().find(|machine| domain(&machine.from.address) == name) {
        return ("machine", machine.from.name.clone());
    }
    BULK.iter()
        .find(|bulk| domain(bulk.address) == name)
        .map_or(("private", String::new()), |bulk| (bulk.kind, bulk.name.to_owned()))
}

fn people(estate: &Estate) -> Vec<PersonTruth> {
    let mut people = Vec::new();
    for (number, who) in estate.cast.people.iter().enumerate() {
        let (mut names, mut why) = (vec![estate.cast.name(number)], Vec::new());
        let mut addresses = vec![who.address.clone()];
        if let Some((name, _, _)) = &who.former {
            names.push(format!("{} {name}", who.first));
            why.push("maiden_name");
        }
        for other in &who.others {
            let is_former = who.former.as_ref().is_some_and(|(_, former, _)| former == other);
            let second = domain(other) == estate.cast.second_domain;
            if !is_former {
                why.push(if second { "second_domain" } else { "alias" });
            }
            addresses.push(other.clone());
        }
        if number == estate.cast.roles.forwards {
            addresses.push(estate.private_address.clone());
            why.push("private_address");
        }
        people.push(PersonTruth { name: estate.cast.name(number), names, addresses, why });
    }
    people
}

fn rules(estate: &Estate, counts: &[usize]) -> Vec<RuleTruth> {
    let mut by_sender: BTreeMap<(usize, &str), BTreeMap<&str, usize>> = BTreeMap::new();
    for copy in estate.copies.iter().filter(|copy| matches!(copy.came, Came::Received { .. })) {
        let sender = estate.posts[copy.post].from.address.as_str();
        *by_sender.entry((copy.mailbox, sender)).or_default().entry(&copy.folder).or_default() += 1;
    }
    let mut rules = Vec::new();
    for ((mailbox, sender), folders) in by_sender {
        let of: usize = folders.values().sum();
        let (folder, hits) = folders.iter().max_by_key(|(_, hits)| **hits).expect("a folder");
        let place = &estate.cast.mailboxes[mailbox];
        if of >= 20 && *hits * 100 >= of * 95 && !system_folders(place.store).contains(folder) {
            let (about, to) = (sender.to_owned(), seen_folder(place.store, folder));
            rules.push(RuleTruth { kind: "filing", mailbox: place.address.clone(), about, to, hits: *hits, of });
        }
    }
    let count = |is: &dyn Fn(&Post) -> bool| {
        estate.posts.iter().zip(counts).filter(|(post, count)| **count > 0 && is(post)).count()
    };
    let roles = &estate.cast.roles;
    let forwards = estate.cast.people[roles.forwards].address.clone();
    let hits = count(&|post| post.sort == Sort::Forward);
    let about = estate.partners[0].domain.clone();
    rules.push(RuleTruth {
        kind: "forwarding",
        mailbox: forwards,
        about,
        to: estate.private_address.clone(),
        hits,
        of: hits,
    });
    for (number, who) in estate.cast.people.iter().enumerate() {
        let hits = count(&|post| post.sort == Sort::AutoReply && post.writer == Some(number));
        if hits > 0 {
            let (mailbox, about, to) = (who.address.clone(), String::new(), String::new());
            rules.push(RuleTruth { kind: "auto_reply", mailbox, about, to, hits, of: hits });
        }
    }
    let mut on_behalf: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (post, _) in estate.posts.iter().zip(counts).filter(|(_, count)| **count > 0) {
        if let Some(sender) = &post.sender {
            *on_behalf.entry((&sender.address, &post.from.address)).or_default() += 1;
        }
    }
    for ((by, about), hits) in on_behalf {
        let (mailbox, about, to) = (by.to_owned(), about.to_owned(), String::new());
        rules.push(RuleTruth { kind: "delegation", mailbox, about, to, hits, of: hits });
    }
    rules
}

fn queue(estate: &Estate) -> Queue {
    let mailbox = estate.cast.shared.orders;
    let store = estate.cast.mailboxes[mailbox].store;
    let count =
        |folder: &str| estate.copies.iter().filter(|copy| copy.mailbox == mailbox && copy.folder == folder).count();
    Queue {
        mailbox: estate.cast.mailboxes[mailbox].address.clone(),
        agents: estate.cast.roles.agents.map(|agent| estate.cast.people[agent].address.clone()).to_vec(),
        folders: estate
            .queue_folders
            .iter()
            .map(|(folder, state)| (seen_folder(store, folder), *state, count(folder)))
            .collect(),
    }
}
