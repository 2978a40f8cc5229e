//! Sums over all letters, by address, by mailbox and by pair. What is kept grows with the number of addresses and with
//! the mail of machines, not with the mail of people.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::ground::{self, OwnDomains, Owner, Place, domain, local};
use super::mask::mask;
use super::words::{WORDS, plain};
use crate::model::hash::Hash64;
use crate::store::estate::Letter;

pub use super::sums::*;

/// Everything.
#[derive(Debug, Default)]
pub struct Tally {
    /// The client's domains.
    pub own: OwnDomains,
    /// By number.
    pub addresses: Vec<AddressTally>,
    numbers: HashMap<String, u32>,
    /// By number.
    pub mailboxes: Vec<MailboxTally>,
    mailbox_numbers: HashMap<String, u32>,
    /// Mailboxes of each owner's number.
    pub owned: HashMap<u32, u32>,
    /// Machines and people, by address.
    pub senders: HashMap<u32, SenderTally>,
    /// Domains, senders and lists.
    pub names: Names,
    /// By domain or free-mail address, and number of our address.
    pub partners: HashMap<(u32, u32), PartnerTally>,
    /// By number of mailbox, and sender or list.
    pub filing: HashMap<(u32, u32), FilingTally>,
    /// Hashes of the Message-IDs of all letters.
    known: HashSet<i64>,
    /// Letters that were passed on by a server: mailbox, to or from whom.
    pub forwarded: BTreeMap<(u32, String), Seen>,
    /// Letters of each day in all mailboxes.
    pub days: BTreeMap<i32, u32>,
    /// Some of the senders of each mailing list.
    pub posters: HashMap<String, HashSet<u32>>,
    /// Letters of people of the company on each day; a day without any is a holiday.
    pub working_days: BTreeMap<i32, u32>,
    /// Letters that somebody of ours passed on to one outside address alone.
    pub passed_on: BTreeMap<(u32, String), Seen>,
    places: HashMap<String, Place>,
}

fn is_service(address: &str) -> bool {
    WORDS.service.hit_start(&plain(local(address))).is_some()
}

fn later(old: &mut Option<i64>, at: Option<i64>) {
    *old = (*old).max(at);
}

fn earlier(old: &mut Option<i64>, at: Option<i64>) {
    if let Some(at) = at {
        *old = Some(old.map_or(at, |old| old.min(at)));
    }
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(own: OwnDomains, owners: &[Owner]) -> Tally {
        let mut tally = Tally { own, ..Tally::default() };
        for owner in owners {
            let mailbox = tally.mailbox(&owner.mailbox);
            if let Some(address) = &owner.address {
                let number = tally.number(address);
                tally.mailboxes[mailbox as usize].owner = Some(number);
                tally.owned.entry(number).or_insert(mailbox);
            }
        }
        tally
    }

    fn number(&mut self, address: &str) -> u32 {
        let address = ground::bare(address);
        if let Some(number) = self.numbers.get(address) {
            return *number;
        }
        let number = self.addresses.len() as u32;
        let own = self.own.holds(address);
        let at = domain(address);
        let partner = self.names.number(if WORDS.is_free_mail(at) { address } else { at });
        let service = is_service(address);
        let address_tally =
            AddressTally { address: address.to_owned(), own, service, partner, ..AddressTally::default() };
        self.addresses.push(address_tally);
        self.numbers.insert(address.to_owned(), number);
        number
    }

    /// The number of an address that was seen.
    pub fn find(&self, address: &str) -> Option<u32> {
        self.numbers.get(address).copied()
    }

    fn mailbox(&mut self, name: &str) -> u32 {
        if let Some(number) = self.mailbox_numbers.get(name) {
            return *number;
        }
        let number = self.mailboxes.len() as u32;
        self.mailboxes.push(MailboxTally { name: name.to_owned(), ..MailboxTally::default() });
        self.mailbox_numbers.insert(name.to_owned(), number);
        number
    }

    fn place(&mut self, folder: &str) -> Place {
        if let Some(place) = self.places.get(folder) {
            return *place;
        }
        let place = Place::of(folder);
        self.places.insert(folder.to_owned(), place);
        place
    }

    /// Messages of a mailbox that answer a message which no mailbox holds.
    pub fn replies_to_unknown(&self, mailbox: u32) -> u32 {
        let answered = &self.mailboxes[mailbox as usize].answered;
        answered.iter().filter(|id| !self.known.contains(id)).count() as u32
    }

    /// One more letter.
    pub fn add(&mut self, letter: &Letter) {
        let from = letter.from_address.contains('@').then(|| self.number(&letter.from_address));
        let mut to: Vec<u32> = Vec::with_capacity(letter.recipients.len());
        for (address, name) in letter.recipients.iter().filter(|(address, _)| address.contains('@')) {
            let number = self.number(address);
            if !to.contains(&number) || to.len() > 200 {
                to.push(number);
                let tally = &mut self.addresses[number as usize];
                if tally.own && !name.is_empty() {
                    tally.called.add(name);
                }
            }
        }
        let hash = |id: &str| Hash64::of(id.as_bytes());
        self.known.extend(letter.rfc_message_id.as_deref().map(hash));
        let answers = letter.way.in_reply_to.as_deref().map(hash);
        for copy in letter.copies.iter().filter(|_| answers.is_some()) {
            let mailbox = self.mailbox(&copy.mailbox);
            self.mailboxes[mailbox as usize].answered.extend(answers);
        }
        // A draft is no letter yet.
        let mut copies: Vec<(u32, Place)> = Vec::with_capacity(letter.copies.len());
        let mut folders: Vec<&str> = Vec::with_capacity(letter.copies.len());
        for copy in &letter.copies {
            let place = self.place(&copy.folder);
            if place != Place::Drafts {
                copies.push((self.mailbox(&copy.mailbox), place));
                folders.push(&copy.folder);
            }
        }
        if copies.is_empty() {
            return;
        }
        if let Some(at) = letter.at {
            *self.days.entry(day(at)).or_default() += copies.len() as u32;
        }
        let subject = mask(&letter.subject);
        let answer = subject.by_person || letter.way.in_reply_to.is_some();
        if let (Some(from), Some(at)) = (from, letter.at)
            && self.addresses[from as usize].own
            && letter.sender_kind != "machine"
        {
            *self.working_days.entry(day(at + i64::from(letter.offset_minutes.unwrap_or(0)) * 60)).or_default() +=
                u32::from(answer);
            if let [only] = to.as_slice()
                && subject.by_person
                && !self.addresses[*only as usize].own
                && WORDS.is_forward(&letter.subject)
            {
                let entry = self.passed_on.entry((from, self.addresses[*only as usize].address.clone())).or_default();
                entry.0 += 1;
                earlier(&mut entry.1, letter.at);
                later(&mut entry.2, letter.at);
            }
        }
        if let Some(from) = from {
            self.add_sender(letter, from, answer);
            self.add_machine(letter, from, &to, answer, subject.text);
            self.add_partners(letter, from, &to);
        }
        self.add_recipients(letter, from, &to, &copies);
        self.add_mailboxes(letter, from, &to, &copies, &folders);
    }

    fn add_sender(&mut self, letter: &Letter, from: u32, answer: bool) {
        let acting = letter.way.sender_address.as_deref().filter(|_| letter.way.list_id.is_none());
        let tally = &mut self.addresses[from as usize];
        tally.sent += 1;
        tally.answers += u32::from(answer);
        tally.auto_replies += u32::from(
            letter.way.automatic.as_deref() == Some("replied")
                || WORDS.auto_reply.hit(&plain(&letter.subject)).is_some(),
        );
        if !letter.from_name.is_empty() {
            tally.names.add(&letter.from_name);
        }
        later(&mut tally.last_sent, letter.at);
        tally.sent_months.extend(letter.at.map(month));
        if let Some(acting) = acting {
            tally.written_by.add(acting);
            let from_address = tally.address.clone();
            let acting = self.number(acting);
            self.addresses[acting as usize].on_behalf_of.add(&from_address);
        }
    }

    /// A machine may write in somebody's name: then its own address is in Sender or Return-Path.
    fn acting(&mut self, letter: &Letter, from: u32) -> u32 {
        if letter.way.list_id.is_some() || self.addresses[from as usize].service {
            return from;
        }
        let candidates = [letter.way.sender_address.as_deref(), letter.way.return_path.as_deref()];
        match candidates.into_iter().flatten().find(|address| address.contains('@') && is_service(address)) {
            // Bounce addresses are made anew for every message; they are nobody.
            Some(address) if address.len() < 60 && !address.contains(['=', '+']) && !address.contains("bounce") => {
                let address = address.to_owned();
                self.number(&address)
            }
            _ => from,
        }
    }

    fn add_machine(&mut self, letter: &Letter, from: u32, to: &[u32], answer: bool, template: String) {
        let acting = self.acting(letter, from);
        let names: Vec<&str> =
            to.iter().take(20).map(|number| self.addresses[*number as usize].address.as_str()).collect();
        let sender = self.senders.entry(acting).or_default();
        names.iter().for_each(|name| sender.recipients.add(name));
        sender.letters += 1;
        sender.answers += u32::from(answer);
        sender.machine += u32::from(letter.sender_kind == "machine");
        match letter.way.automatic.as_deref() {
            Some("generated") => sender.generated += 1,
            Some("bulk") => sender.bulk += 1,
            Some("replied") => sender.replied += 1,
            _ => {}
        }
        if let Some(list) = &letter.way.list_id {
            sender.lists.add(list);
            let posters = self.posters.entry(list.clone()).or_default();
            if posters.len() < 4 {
                posters.insert(acting);
            }
        }
        sender.first_words.add(template.split(' ').next().unwrap_or_default());
        sender.null_path += u32::from(letter.way.return_path.as_deref() == Some(""));
        sender.directions.add(&letter.direction);
        sender.names.add(&letter.from_name);
        if let Some(hop) = letter.way.first_hop_host.as_deref().or(letter.way.first_hop_ip.as_deref()) {
            let shown = match &letter.way.first_hop_ip {
                Some(ip) if ip != hop => format!("{hop} [{ip}]"),
                _ => hop.to_owned(),
            };
            sender.hops.add(&shown);
        }
        match letter.way.first_hop_internal {
            Some(true) => sender.hops_inside.0 += 1,
            Some(false) => sender.hops_inside.1 += 1,
            None => {}
        }
        if let Some(mailer) = &letter.way.mailer {
            sender.mailers.add(mailer);
        }
        if let Some(reply_to) = &letter.way.reply_to {
            sender.reply_to.add(reply_to);
        }
        letter.copies.iter().for_each(|copy| sender.mailboxes.add(&copy.mailbox));
        let files: Vec<&str> = letter.files.iter().filter(|file| !file.inline).map(|file| file.name.as_str()).collect();
        sender.with_files += u32::from(!files.is_empty());
        if sender.human || answer || letter.way.automatic.as_deref() == Some("replied") {
            return;
        }
        let found = sender.templates.entry(template).or_default();
        if found.runs.is_empty() {
            found.sample = letter.subject.clone();
        }
        files.iter().take(3).for_each(|file| found.files.add(file));
        if let Some(at) = letter.at {
            found.runs.push((at + i64::from(letter.offset_minutes.unwrap_or(0)) * 60, at, letter.letter_id));
        }
        // Nobody's machine has a new subject every time and writes answers, too.
        let kinds = sender.templates.len() as u32;
        let many = kinds * 5 > sender.letters * 2 && sender.machine * 2 < sender.letters;
        if sender.letters.is_multiple_of(64) && many && sender.answers * 20 > sender.letters {
            sender.human = true;
            sender.templates = Default::default();
        }
    }

    fn add_partners(&mut self, letter: &Letter, from: u32, to: &[u32]) {
        let sender_is_own = self.addresses[from as usize].own;
        let files = letter.files.iter().filter(|file| !file.inline);
        let (count, bytes) = files.fold((0u32, 0u64), |(n, sum), file| (n + 1, sum + file.size_bytes));
        let automatic = letter.class == "bulk" || letter.sender_kind == "machine" || letter.way.automatic.is_some();
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for number in to {
            let other = &self.addresses[*number as usize];
            let (outsider, ours) = match (sender_is_own, other.own) {
                (true, false) => (other, from),
                (false, true) => (&self.addresses[from as usize], *number),
                _ => continue,
            };
            // Without a dot it is a name inside some house, and no domain that one could write to.
            if domain(&outsider.address).contains('.') {
                pairs.push((outsider.partner, ours));
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        for pair in pairs {
            let tally = self.partners.entry(pair).or_default();
            if sender_is_own {
                tally.letters_out += 1;
                tally.files_out += count;
            } else {
                tally.letters_in += 1;
                tally.files_in += count;
            }
            tally.bytes += bytes;
            tally.with_files += u32::from(count > 0);
            tally.automatic += u32::from(automatic);
            earlier(&mut tally.first, letter.at);
            later(&mut tally.last, letter.at);
            tally.months.extend(letter.at.map(month));
        }
    }

    fn add_recipients(&mut self, letter: &Letter, from: Option<u32>, to: &[u32], copies: &[(u32, Place)]) {
        let outside = from.filter(|from| !self.addresses[*from as usize].own);
        let owners: Vec<Option<u32>> =
            copies.iter().map(|(mailbox, _)| self.mailboxes[*mailbox as usize].owner).collect();
        let delivered: Vec<&str> = letter
            .copies
            .iter()
            .filter_map(|copy| copy.delivered_to.as_deref())
            .flat_map(str::split_whitespace)
            .collect();
        let own: Vec<u32> = to.iter().copied().filter(|number| self.addresses[*number as usize].own).collect();
        // Copies that came to somebody whom no header names.
        let unnamed: Vec<u32> = copies
            .iter()
            .zip(&owners)
            .filter(|((_, place), owner)| {
                *place != Place::Sent && owner.is_some_and(|owner| !to.contains(&owner) && Some(owner) != from)
            })
            .map(|((mailbox, _), _)| *mailbox)
            .collect();
        for number in &own {
            // The delivery tells of an address only if it is the one that could be meant.
            let others: Vec<&str> = delivered
                .iter()
                .copied()
                .filter(|other| self.own.holds(other) && self.find(other).is_none_or(|other| !own.contains(&other)))
                .collect();
            let tally = &mut self.addresses[*number as usize];
            tally.received += 1;
            later(&mut tally.last_received, letter.at);
            tally.outside_senders.extend(outside);
            tally.as_list += u32::from(letter.way.list_id.is_some());
            let already = self.owned.contains_key(number);
            if own.len() == 1 || !already {
                others.iter().for_each(|other| tally.delivered_to.add(other));
                tally.unnamed += u32::from(!unnamed.is_empty());
                for mailbox in &unnamed {
                    *tally.lies_with.entry(*mailbox).or_default() += 1;
                }
            }
        }
    }

    fn add_mailboxes(
        &mut self,
        letter: &Letter,
        from: Option<u32>,
        to: &[u32],
        copies: &[(u32, Place)],
        folders: &[&str],
    ) {
        let in_sent = copies.iter().any(|(_, place)| *place == Place::Sent);
        let mut seen: Vec<u32> = Vec::new();
        for ((mailbox, place), folder) in copies.iter().zip(folders) {
            let tally = &mut self.mailboxes[*mailbox as usize];
            let from_owner = from.is_some() && tally.owner == from;
            if !seen.contains(mailbox) {
                seen.push(*mailbox);
                if let Some(at) = letter.at {
                    *tally.days.entry(day(at)).or_default() += 1;
                }
                tally.from_owner += u32::from(from_owner);
                tally.unaddressed += u32::from(to.is_empty());
            }
            tally.in_sent += u32::from(*place == Place::Sent);
            if from_owner || *place == Place::Sent {
                later(&mut tally.last_sent, letter.at);
            } else {
                later(&mut tally.last_received, letter.at);
                let who = self.names.number(letter.way.list_id.as_deref().unwrap_or(&letter.from_address));
                let filing = self.filing.entry((*mailbox, who)).or_default();
                filing.folders.add(folder);
                earlier(&mut filing.first, letter.at);
                later(&mut filing.last, letter.at);
            }
            if let Some(forwarded) = &letter.way.forwarded {
                for other in forwarded.split_whitespace() {
                    let entry = self.forwarded.entry((*mailbox, other.to_owned())).or_default();
                    entry.0 += 1;
                    earlier(&mut entry.1, letter.at);
                    later(&mut entry.2, letter.at);
                }
            }
        }
        let (Some(from), Some(at)) = (from, letter.at) else { return };
        let day = day(at);
        let holds = |mailbox: u32| seen.contains(&mailbox);
        if self.addresses[from as usize].own && in_sent {
            for number in to.iter().filter(|number| **number != from) {
                if let Some(mailbox) = self.owned.get(number) {
                    let due = Due { day, other: from, found: holds(*mailbox) };
                    self.mailboxes[*mailbox as usize].internal.push(due);
                }
            }
        }
        // What lies in another person's sent mail was sent from there.
        if let Some(mailbox) = self.owned.get(&from).copied() {
            let elsewhere = copies.iter().any(|(other, place)| *other != mailbox && *place != Place::Sent);
            let by_others = copies.iter().any(|(other, place)| *other != mailbox && *place == Place::Sent);
            // No program keeps automatic replies, and a deputy keeps what he wrote in his own mailbox.
            let kept = letter.way.sender_address.is_none()
                && !matches!(letter.way.automatic.as_deref(), Some("replied" | "generated"))
                && WORDS.auto_reply.hit(&plain(&letter.subject)).is_none();
            if elsewhere && !by_others && kept {
                let due = Due { day, other: from, found: holds(mailbox) };
                self.mailboxes[mailbox as usize].sent.push(due);
            }
        }
    }
}
