//! What comes in masses or by itself without being a machine of the client's: newsletters, a mailing list, spam, a
//! person's weekly letter, auto-replies, a forwarding rule, drafts, and addresses that are on no roster.

use std::collections::BTreeSet;

use super::cast::Party;
use super::clock::{Stamp, is_weekend, is_workday, local, office_minute, wall, week, weekday};
use super::names::{PARTS, TOPICS};
use super::outside::{BULK, Bulk};
use super::post::{Post, Route, Sort, domain};
use super::studio::{By, Letter, Studio};
use super::texts;

/// Address that a person's mail is forwarded to.
pub fn private_address(studio: &Studio) -> String {
    let who = &studio.cast.people[studio.cast.roles.forwards];
    format!("{}.{}.privat@freepost.example", super::names::fold(&who.first), super::names::fold(&who.last))
}

/// Local parts of addresses that write or are written to and stand on no roster, with their kind.
pub const OFF_ROSTER: &[(&str, &str)] = &[("extern.krause", "person"), ("azubi", "shared"), ("kamera-hof", "service")];

/// Everything that does not depend on other mail.
pub fn write(studio: &mut Studio) {
    for day in studio.span.0..studio.span.1 {
        for (nth, bulk) in BULK.iter().enumerate() {
            let weekend = if is_weekend(day) { 0.2 } else { 1.3 };
            if studio.rng.chance(bulk.per_month / 30.4 * weekend) {
                letter(studio, nth, day);
            }
        }
        weekly_by_hand(studio, day);
        off_roster(studio, day);
    }
}

/// What answers other mail; written last.
pub fn react(studio: &mut Studio) {
    auto_replies(studio);
    forwards(studio);
    drafts(studio);
}

fn readers(studio: &Studio, nth: usize) -> Vec<usize> {
    let roles = &studio.cast.roles;
    match BULK[nth].kind {
        "newsletter" if nth == 0 => vec![12, roles.boss, 22],
        "newsletter" if nth == 1 => vec![roles.assistant, roles.clerk],
        "newsletter" if nth == 2 => vec![roles.hr, roles.boss],
        "newsletter" => vec![roles.marketing, 23],
        "list" => vec![13],
        _ => vec![(nth * 3) % studio.cast.people.len(), 7, 20],
    }
}

fn letter(studio: &mut Studio, nth: usize, day: i64) {
    let bulk = &BULK[nth];
    let at = local(day, studio.rng.between(300, 1_200), studio.rng.between(0, 59));
    let host = format!("out{}.{}", studio.rng.between(1, 4), domain(bulk.address));
    let from = match bulk.kind {
        "list" => {
            let name = *studio.rng.pick(super::names::FIRST);
            Party::new(name, format!("{}@freepost.example", super::names::fold(name)))
        }
        _ => Party::new(bulk.name, bulk.address),
    };
    let topic = *studio.rng.pick(TOPICS);
    let text = format!(
        "{}\n\n{}",
        texts::opening(false, topic, "Leser", &mut studio.rng),
        texts::opening(true, topic, "reader", &mut studio.rng)
    );
    let extra = bulk_headers(bulk);
    for reader in readers(studio, nth) {
        let to = match bulk.kind {
            "list" => Party::new("", bulk.address),
            _ => Party::new("", studio.cast.people[reader].address.clone()),
        };
        let subject = match bulk.kind {
            "list" => format!("[fluidforum] {topic} / {}", studio.rng.pick(PARTS)),
            "spam" => format!("You won {} EUR", studio.rng.between(1_000, 99_000)),
            _ => format!("{}: {topic} und mehr (KW {})", bulk.name, week(day)),
        };
        let message_id = studio.new_id("bulk", &host);
        // A list writes one message to the list; its member is in the envelope.
        let bcc = match bulk.kind {
            "list" => vec![Party::new("", studio.cast.people[reader].address.clone())],
            _ => Vec::new(),
        };
        let route = Route::Outside { host: host.clone(), ip: format!("203.0.113.{}", 180 + nth) };
        studio.push(Post {
            message_id,
            at,
            zone: Some(0),
            from: from.clone(),
            sender: None,
            reply_to: None,
            to: vec![to],
            cc: vec![],
            bcc,
            subject,
            fresh: text.clone(),
            text: text.clone(),
            html: bulk.kind != "list",
            files: vec![],
            in_reply_to: None,
            references: vec![],
            extra: extra.clone(),
            mailer: "MassSender 3".to_owned(),
            route,
            sort: Sort::Bulk,
            kept_by: None,
            writer: None,
            placed: vec![],
        });
    }
}

fn bulk_headers(bulk: &Bulk) -> Vec<(String, String)> {
    let mut extra = vec![("Precedence".to_owned(), "bulk".to_owned())];
    let leave = format!("<https://{}/unsubscribe>", domain(bulk.address));
    match bulk.kind {
        "list" => {
            extra.push(("List-Id".to_owned(), format!("{} <fluidforum.{}>", bulk.name, domain(bulk.address))));
            extra.push(("Sender".to_owned(), "fluidforum-bounces@lists.fluidforum.example".to_owned()));
        }
        "newsletter" => extra.push(("List-Unsubscribe".to_owned(), leave)),
        _ => extra = vec![("X-Spam-Flag".to_owned(), "YES".to_owned())],
    }
    extra
}

/// A person who writes every Friday, when there is time: regular, and no machine.
fn weekly_by_hand(studio: &mut Studio, day: i64) {
    let writer = studio.cast.roles.marketing;
    if weekday(day) != 4 || !studio.cast.is_available(writer, day) {
        return;
    }
    let at = local(day, studio.rng.between(13 * 60 + 20, 16 * 60 + 30), studio.rng.between(0, 59));
    let text = format!(
        "{}\n\nSonst noch: {}",
        texts::opening(false, "die Woche", "ihr Lieben", &mut studio.rng),
        texts::answer(false, "die Woche", "ihr Lieben", &mut studio.rng)
    );
    let roles = studio.cast.roles;
    let to = studio.people(&[roles.boss, roles.sales_lead, roles.deputy], at);
    let subject = format!("Wochenrückblick KW {}", week(day));
    let by = By::Person(writer);
    studio.write(Letter { by, to, cc: vec![], subject, text, parent: None, at, files: vec![], sort: Sort::Talk });
}

/// Somebody with an address of ours whom no roster knows, and old addresses in copy.
fn off_roster(studio: &mut Studio, day: i64) {
    if !is_workday(day) || !studio.rng.chance(0.06) {
        return;
    }
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let roles = studio.cast.roles;
    let (who, kind) = OFF_ROSTER[studio.rng.below(OFF_ROSTER.len())];
    let address = studio.cast.at(who);
    let topic = *studio.rng.pick(TOPICS);
    let text = texts::opening(false, topic, "zusammen", &mut studio.rng);
    if kind == "shared" {
        let (by, to) = (By::Person(roles.hr), vec![Party::new("Azubis", address)]);
        studio.write(Letter {
            by,
            to,
            cc: vec![],
            subject: topic.to_owned(),
            text,
            parent: None,
            at,
            files: vec![],
            sort: Sort::Talk,
        });
        return;
    }
    let name = if kind == "person" { "Uwe Krause" } else { "Kamera Hof" };
    let to = studio.people(if kind == "person" { &[12, 15] } else { &[6] }, at);
    let (subject, text) = match kind {
        "person" => (topic.to_owned(), text),
        _ => (format!("Bewegung erkannt {}", super::clock::iso(at)), "Ereignis: Bewegung\nKamera: Hof 1".to_owned()),
    };
    let domain = studio.cast.domain.clone();
    let message_id = studio.new_id("Apple Mail", &domain);
    let route = Route::Desk { host: format!("ext-7.lan.{domain}"), ip: "10.20.9.77".to_owned() };
    studio.push(Post {
        message_id,
        at,
        zone: None,
        from: Party::new(name, address),
        sender: None,
        reply_to: None,
        to,
        cc: vec![],
        bcc: vec![],
        subject,
        fresh: text.clone(),
        text,
        html: false,
        files: vec![],
        in_reply_to: None,
        references: vec![],
        extra: vec![],
        mailer: String::new(),
        route,
        sort: Sort::Talk,
        kept_by: None,
        writer: None,
        placed: vec![],
    });
}

/// The first letter of each sender during an absence is answered by the mail server.
fn auto_replies(studio: &mut Studio) {
    let mut order: Vec<usize> = (0..studio.posts.len()).collect();
    order.sort_by_key(|post| studio.posts[*post].at);
    let mut told: BTreeSet<(usize, i64, String)> = BTreeSet::new();
    for number in order {
        if !matches!(studio.posts[number].sort, Sort::Talk | Sort::Process) {
            continue;
        }
        let (at, from) = (studio.posts[number].at, studio.posts[number].from.clone());
        let to: Vec<String> = studio.posts[number].to.iter().map(|party| party.address.clone()).collect();
        for address in to {
            let Some(person) = studio.cast.people.iter().position(|who| who.address == address) else { continue };
            let day = wall(at).0;
            let away = studio.cast.people[person].absences.iter().find(|away| (away.from..=away.until).contains(&day));
            let Some(away) = away.filter(|away| away.auto_reply && studio.cast.people[person].mailbox.is_some()) else {
                continue;
            };
            let until = away.until;
            if studio.cast.people[person].left.is_none() && told.insert((person, away.from, from.address.clone())) {
                auto_reply(studio, number, person, until, at + 4);
            }
        }
    }
}

fn auto_reply(studio: &mut Studio, number: usize, person: usize, until: i64, at: Stamp) {
    let english = studio.cast.people[person].english;
    let (mark, text) = match english {
        true => ("Automatic reply:", format!("I am out of the office until {}.", super::clock::german_day(until))),
        false => (
            "Abwesenheitsnotiz:",
            format!(
                "ich bin bis {} nicht im Haus. Ihre Nachricht wird nicht weitergeleitet.",
                super::clock::german_day(until)
            ),
        ),
    };
    let subject = format!("{mark} {}", super::studio::base_subject(&studio.posts[number].subject));
    let to = vec![studio.posts[number].from.clone()];
    let by = By::Person(person);
    let letter =
        Letter { by, to, cc: vec![], subject, text, parent: Some(number), at, files: vec![], sort: Sort::AutoReply };
    let reply = studio.write(letter);
    let host = format!("mail.{}", studio.cast.domain);
    let post = &mut studio.posts[reply];
    post.kept_by = None;
    post.text = post.fresh.clone();
    post.mailer = String::new();
    post.route = Route::Device { host, ip: "10.30.0.5".to_owned() };
    post.extra.push(("Auto-Submitted".to_owned(), "auto-replied".to_owned()));
    post.extra.push(("X-Auto-Response-Suppress".to_owned(), "All".to_owned()));
}

/// A rule sends what one partner writes to one person on to a private address within seconds.
fn forwards(studio: &mut Studio) {
    let person = studio.cast.roles.forwards;
    let private = private_address(studio);
    let own = studio.cast.people[person].address.clone();
    for number in 0..studio.posts.len() {
        let post = &studio.posts[number];
        let from_partner = domain(&post.from.address) == studio.partners[0].domain;
        if !from_partner || !post.to.iter().any(|to| to.address == own) {
            continue;
        }
        let (at, subject, files) =
            (post.at + studio.rng.between(6, 9), format!("WG: {}", post.subject), post.files.clone());
        let to = vec![Party::new("", private.clone())];
        let by = By::Person(person);
        let letter = Letter {
            by,
            to,
            cc: vec![],
            subject,
            text: String::new(),
            parent: Some(number),
            at,
            files,
            sort: Sort::Forward,
        };
        let forward = studio.write(letter);
        let post = &mut studio.posts[forward];
        post.extra.push(("Auto-Submitted".to_owned(), "auto-generated".to_owned()));
        post.extra.push(("X-MS-Exchange-Inbox-Rules-Loop".to_owned(), own.clone()));
    }
}

/// Letters that were begun and never sent.
fn drafts(studio: &mut Studio) {
    for person in 0..studio.cast.people.len() {
        if person % 3 != 1 || studio.cast.people[person].mailbox.is_none() {
            continue;
        }
        for _ in 0..studio.rng.below(4) {
            let day = studio.rng.between(studio.span.0, studio.span.1 - 1);
            if !studio.cast.is_available(person, day) {
                continue;
            }
            let at = local(day, office_minute(&mut studio.rng), 7);
            let topic = *studio.rng.pick(TOPICS);
            let text = texts::opening(false, topic, "", &mut studio.rng);
            let by = By::Person(person);
            let letter = Letter {
                by,
                to: vec![],
                cc: vec![],
                subject: topic.to_owned(),
                text,
                parent: None,
                at,
                files: vec![],
                sort: Sort::Draft,
            };
            studio.write(letter);
        }
    }
}
