//! Who got a copy of what, and in which folder it lies at the end: rules, filing by hand, deletions, and the holes.

use std::collections::BTreeMap;

use super::cast::{Cast, Store};
use super::clock::{Day, iso_day, month_after, wall};
use super::names::FILING;
use super::post::{Post, Sort, domain};
use super::rng::Rng;
use super::studio::{Studio, base_subject};
use super::truth::Hole;

/// How a copy came into a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// Address it was delivered to, and the one that was written to if that differs.
    Received {
        to: String,
        original: Option<String>,
    },
    Sent,
    Draft,
}

/// One copy of one message in one folder.
#[derive(Clone, Debug)]
pub struct Copy {
    pub post: usize,
    pub mailbox: usize,
    /// As the store names it, levels divided by `/`.
    pub folder: String,
    pub came: Came,
    pub seen: bool,
    pub flagged: bool,
}

/// Where mail to an address of ours ends up.
#[derive(Clone, Debug)]
pub enum Target {
    Mailbox(usize),
    Members(Vec<usize>),
    Nowhere,
}

/// What an address of ours is.
#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: &'static str,
    pub of: Option<String>,
    pub on_roster: bool,
    pub target: Target,
}

pub type Directory = BTreeMap<String, Entry>;

/// Inbox, Sent, Drafts, Trash, Junk as a store calls them.
pub fn system_folders(store: Store) -> [&'static str; 5] {
    match store {
        Store::Eml => ["Posteingang", "Gesendete Elemente", "Entwürfe", "Gelöschte Elemente", "Junk-E-Mail"],
        Store::Thunderbird | Store::Maildir => ["INBOX", "Sent", "Drafts", "Trash", "Junk"],
        _ => ["Inbox", "Sent", "Drafts", "Trash", "Junk"],
    }
}

/// The rules and habits of every mailbox.
pub fn habits(studio: &mut Studio) {
    let cast = &mut studio.cast;
    let (roles, shared) = (cast.roles, cast.shared.clone());
    let mailbox = |cast: &Cast, person: usize| cast.people[person].mailbox.expect("a mailbox");
    let ours = |cast: &Cast, local: &str| cast.at(local);
    let rules = [
        (mailbox(cast, roles.clerk), ours(cast, "erp"), "Aufträge"),
        (shared.orders, ours(cast, "erp"), "ERP"),
        (shared.it, ours(cast, "backup"), "Sicherung"),
        (mailbox(cast, roles.accountant), "kontoauszug@hansebank-nord.example".to_owned(), "Bank"),
        (mailbox(cast, roles.it), "notifications@ticketlotse.example".to_owned(), "Tickets"),
        (mailbox(cast, roles.boss), "redaktion@pt-kurier.example".to_owned(), "Newsletter"),
    ];
    for (mailbox, sender, folder) in rules {
        cast.mailboxes[mailbox].rules.push((sender, folder.to_owned()));
    }
    for mailbox in cast.mailboxes.iter_mut().filter(|mailbox| mailbox.person.is_some()) {
        if studio.rng.chance(0.65) {
            let count = 2 + studio.rng.below(4);
            mailbox.filing = studio.rng.some(FILING, count).into_iter().map(str::to_owned).collect();
        }
    }
}

/// Every address of ours and where its mail goes.
pub fn directory(studio: &Studio, services: &[String]) -> Directory {
    let cast = &studio.cast;
    let mut all = Directory::new();
    for who in &cast.people {
        let target = who.mailbox.map_or(Target::Nowhere, Target::Mailbox);
        let kind = if who.left.is_some() { "leaver" } else { "person" };
        for other in &who.others {
            let (of, target) = (Some(who.address.clone()), target.clone());
            all.insert(other.clone(), Entry { kind: "alias", of, on_roster: true, target });
        }
        all.insert(who.address.clone(), Entry { kind, of: None, on_roster: true, target });
    }
    let shared = &cast.shared;
    for (mailbox, kind) in [
        (shared.orders, "shared"),
        (shared.info, "shared"),
        (shared.invoices, "shared"),
        (shared.it, "shared"),
        (shared.archive, "service"),
    ] {
        let address = cast.mailboxes[mailbox].address.clone();
        all.insert(address, Entry { kind, of: None, on_roster: true, target: Target::Mailbox(mailbox) });
    }
    let info = Some(cast.mailboxes[shared.info].address.clone());
    let target = Target::Mailbox(shared.info);
    all.insert(cast.at("kontakt"), Entry { kind: "alias", of: info, on_roster: true, target });
    for list in &cast.lists {
        let members = list.members.iter().filter_map(|member| cast.people[*member].mailbox).collect();
        let target = Target::Members(members);
        all.insert(list.address.clone(), Entry { kind: "list", of: None, on_roster: true, target });
    }
    for (nth, service) in services.iter().enumerate() {
        let on_roster = nth % 2 == 0;
        all.entry(service.clone()).or_insert(Entry { kind: "service", of: None, on_roster, target: Target::Nowhere });
    }
    for (local, kind) in super::bulk::OFF_ROSTER {
        all.insert(cast.at(local), Entry { kind, of: None, on_roster: false, target: Target::Nowhere });
    }
    all
}

/// All copies, in the order of the messages; nothing is lost yet but by deletion.
pub fn copies(studio: &Studio, directory: &Directory, regular: &[bool]) -> Vec<Copy> {
    let mut rng = studio.rng.fork("copies");
    let (mut copies, mut hits) = (Vec::new(), BTreeMap::new());
    for (number, post) in studio.posts.iter().enumerate() {
        if let Some(mailbox) = post.kept_by {
            let came = if post.sort == Sort::Draft { Came::Draft } else { Came::Sent };
            let names = system_folders(studio.cast.mailboxes[mailbox].store);
            let folder = names[if came == Came::Draft { 2 } else { 1 }].to_owned();
            let lost = came == Came::Sent && rng.chance(studio.cast.mailboxes[mailbox].deletes * 0.4);
            if !lost {
                copies.push(Copy { post: number, mailbox, folder, came, seen: true, flagged: false });
            }
        }
        if post.sort == Sort::Draft {
            continue;
        }
        let is_regular = matches!(post.sort, Sort::Machine(machine) if regular[machine]);
        for (nth, (mailbox, came)) in receivers(studio, directory, post).into_iter().enumerate() {
            let folder = folder(studio, post, mailbox, &mut hits, &mut rng);
            let names = system_folders(studio.cast.mailboxes[mailbox].store);
            let mut copy =
                Copy { post: number, mailbox, folder, came, seen: rng.chance(0.96), flagged: rng.chance(0.01) };
            // The first reader of a regular report keeps it all, so that a missed run is one.
            let keeps = is_regular && nth == 0;
            if !keeps && rng.chance(studio.cast.mailboxes[mailbox].deletes) {
                if rng.chance(0.7) {
                    continue;
                }
                copy.folder = names[3].to_owned();
            } else if rng.chance(0.003) && copy.folder != "Ablage" && studio.cast.mailboxes[mailbox].person.is_some() {
                copies.push(Copy { folder: "Ablage".to_owned(), ..copy.clone() });
            }
            copies.push(copy);
        }
    }
    copies
}

fn receivers(studio: &Studio, directory: &Directory, post: &Post) -> Vec<(usize, Came)> {
    let mut found: Vec<(usize, Came)> = Vec::new();
    for party in post.recipients() {
        let Some(entry) = directory.get(&party.address) else { continue };
        let boxes: &[usize] = match &entry.target {
            Target::Mailbox(mailbox) => &[*mailbox],
            Target::Members(members) => members,
            Target::Nowhere => &[],
        };
        for mailbox in boxes {
            let own = matches!(entry.target, Target::Members(_)) && post.kept_by == Some(*mailbox);
            if own || found.iter().any(|(known, _)| known == mailbox) {
                continue;
            }
            let to = studio.cast.mailboxes[*mailbox].address.clone();
            let original = (to != party.address).then(|| party.address.clone());
            found.push((*mailbox, Came::Received { to, original }));
        }
    }
    found
}

fn folder(
    studio: &Studio,
    post: &Post,
    mailbox: usize,
    hits: &mut BTreeMap<(usize, String), usize>,
    rng: &mut Rng,
) -> String {
    let place = &studio.cast.mailboxes[mailbox];
    let names = system_folders(place.store);
    if let Some((_, folder)) = post.placed.iter().find(|(at, _)| *at == mailbox) {
        return folder.clone();
    }
    if let Some((sender, folder)) = place.rules.iter().find(|(sender, _)| *sender == post.from.address) {
        let count = hits.entry((mailbox, sender.clone())).or_default();
        *count += 1;
        // Some were read and dragged back, one a year or so.
        return if *count % 331 == 7 { names[0].to_owned() } else { folder.clone() };
    }
    if post.extra.iter().any(|(name, _)| name == "X-Spam-Flag") {
        return names[4].to_owned();
    }
    if place.filing.is_empty() || matches!(post.sort, Sort::Machine(_) | Sort::Bulk) || rng.chance(0.5) {
        return names[0].to_owned();
    }
    let outside = domain(&post.from.address) != studio.cast.domain;
    let subject = if outside { domain(&post.from.address) } else { base_subject(&post.subject) };
    let sum: usize = subject.bytes().map(usize::from).sum();
    match place.filing.get(sum % (place.filing.len() + 2)) {
        Some(folder) => folder.clone(),
        None => names[0].to_owned(),
    }
}

/// What was taken out of the mailboxes afterwards.
pub struct Losses {
    pub holes: Vec<Hole>,
    /// Copies in the short mailbox before its folder was lost.
    pub short_had: usize,
    pub short_had_bytes: usize,
}

/// Takes out what the three holes and the short delivery lack.
pub fn lose(studio: &Studio, copies: &mut Vec<Copy>, size: impl Fn(&Copy) -> usize) -> Losses {
    let (mut rng, roles, cast) = (studio.rng.fork("losses"), &studio.cast.roles, &studio.cast);
    let mailbox = |person: usize| cast.people[person].mailbox.expect("a mailbox");
    let day = |copy: &Copy| wall(studio.posts[copy.post].at).0;
    let mut holes = Vec::new();
    let mut take = |kind,
                    at: usize,
                    from: Vec<String>,
                    (first, last): (Day, Day),
                    gone: &dyn Fn(&Copy) -> bool,
                    copies: &mut Vec<Copy>| {
        let before = copies.len();
        copies.retain(|copy| !(copy.mailbox == at && (first..=last).contains(&day(copy)) && gone(copy)));
        let copies = before - copies.len();
        let mailbox = cast.mailboxes[at].address.clone();
        holes.push(Hole { kind, mailbox, from, first_day: iso_day(first), last_day: iso_day(last), copies });
    };
    let months = (month_after(studio.span.1, 0) - studio.span.0) / 30;
    let starts = month_after(studio.span.0, months * rng.between(30, 60) / 100);
    let ends = month_after(starts, rng.between(2, 3)) - 1;
    take("months_missing", mailbox(roles.cut), vec![], (starts, ends), &|_| true, copies);
    let whole = (studio.span.0, studio.span.1 - 1);
    take("no_sent_folder", mailbox(roles.no_sent), vec![], whole, &|copy| copy.came == Came::Sent, copies);
    let losers = roles.lost_from.map(|one| cast.people[one].address.clone());
    let lost = mailbox(roles.lost);
    let is_theirs = |copy: &Copy| {
        let writer = studio.posts[copy.post].writer;
        matches!(copy.came, Came::Received { .. }) && writer.is_some_and(|one| roles.lost_from.contains(&one))
    };
    // Of six stretches of ten weeks, the one with the most mail.
    let length = studio.span.1 - studio.span.0;
    let window = (0..6)
        .map(|_| studio.span.0 + 45 + rng.between(0, length - 70 - 90))
        .max_by_key(|start| {
            let inside =
                |copy: &&Copy| copy.mailbox == lost && is_theirs(copy) && (*start..start + 70).contains(&day(copy));
            copies.iter().filter(inside).count()
        })
        .expect("six");
    take("internal_mail_missing", lost, losers.to_vec(), (window, window + 69), &is_theirs, copies);
    let short = mailbox(roles.short);
    let had: Vec<&Copy> = copies.iter().filter(|copy| copy.mailbox == short).collect();
    let (short_had, short_had_bytes) = (had.len(), had.iter().map(|copy| size(copy)).sum());
    let lost_partners: Vec<&str> = (1..=3).map(|at| studio.partners[at].domain.as_str()).collect();
    copies.retain(|copy| {
        let from = domain(&studio.posts[copy.post].from.address);
        copy.mailbox != short || !lost_partners.contains(&from)
    });
    Losses { holes, short_had, short_had_bytes }
}
