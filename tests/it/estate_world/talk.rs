//! Ordinary correspondence: colleagues among themselves, with partners, and a project whose mail gets lost later.

use super::clock::{civil, local, office_minute};
use super::names::{PARTS, TOPICS};
use super::post::{Post, Sort};
use super::studio::{By, Letter, Studio, base_subject};
use super::texts;

/// Writes all of it, day by day.
pub fn write(studio: &mut Studio) {
    for day in studio.span.0..studio.span.1 {
        let season = if [8, 12].contains(&civil(day).1) { 0.7 } else { 1.0 };
        for person in 0..studio.cast.people.len() {
            if !studio.cast.is_available(person, day) {
                continue;
            }
            let pace = pace(studio, person) * season;
            for _ in 0..studio.rng.poisson(pace) {
                begin(studio, person, day);
            }
        }
        project(studio, day);
        for partner in 0..studio.partners.len() {
            // The one whose mail is forwarded by a rule writes enough at every scale for that to be seen.
            let least = if partner == 0 { 1.6 } else { 0.0 };
            let mean = (studio.partners[partner].weight * studio.scale).max(least) * season / 21.0;
            if super::clock::is_workday(day) {
                for _ in 0..studio.rng.poisson(mean) {
                    from_partner(studio, partner, day);
                }
            }
        }
    }
}

/// Conversations a day; those whose loss must be seen write enough at every scale.
fn pace(studio: &Studio, person: usize) -> f64 {
    let (roles, own) = (&studio.cast.roles, studio.cast.people[person].pace * studio.scale);
    match person {
        _ if person == roles.cut => own.max(0.45),
        _ if person == roles.no_sent => own.max(0.25),
        _ => own,
    }
}

/// Colleagues of a person: neighbours in the list, and anyone now and then.
fn colleague(studio: &mut Studio, person: usize, day: i64) -> Option<usize> {
    let count = studio.cast.people.len();
    for _ in 0..8 {
        let step = studio.rng.below(3) + 1;
        let other = match studio.rng.below(10) {
            0..=3 => (person + step) % count,
            4..=6 => (person + count - step) % count,
            7 => studio.cast.roles.boss,
            _ => studio.rng.below(count),
        };
        let gone = studio.cast.people[other].left.is_some_and(|left| day >= left);
        if other != person && !gone {
            return Some(other);
        }
    }
    None
}

fn begin(studio: &mut Studio, person: usize, day: i64) {
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let mine: Vec<usize> =
        (0..studio.partners.len()).filter(|partner| studio.partners[*partner].owners.contains(&person)).collect();
    if !mine.is_empty() && studio.rng.chance(0.35) {
        let partner = *studio.rng.pick(&mine);
        return to_partner(studio, person, partner, at);
    }
    let Some(first) = colleague(studio, person, day) else { return };
    let mut to = vec![first];
    let mut cc = Vec::new();
    if studio.rng.chance(0.25) {
        let more = colleague(studio, person, day);
        to.extend(more.filter(|more| !to.contains(more)));
    }
    if studio.rng.chance(0.15) {
        let more = colleague(studio, person, day);
        cc.extend(more.filter(|more| !to.contains(more)));
    }
    let topic = subject(studio);
    if studio.rng.chance(0.02) && !studio.cast.lists.is_empty() {
        return to_list(studio, person, &topic, at);
    }
    // An assistant writes in the name of the boss now and then.
    let roles = studio.cast.roles;
    let by = match person {
        _ if person == roles.boss && studio.rng.chance(0.3) && studio.cast.is_available(roles.assistant, day) => {
            By::Behalf { person, assistant: roles.assistant }
        }
        _ => By::Person(person),
    };
    exchange(studio, by, to, cc, &topic, at);
}

fn subject(studio: &mut Studio) -> String {
    let rng = &mut studio.rng;
    match rng.below(6) {
        0 => (*rng.pick(PARTS)).to_owned(),
        1 => format!("Frage zu {}", rng.pick(TOPICS)),
        2 => format!("{} - {}", rng.pick(TOPICS), rng.pick(PARTS)),
        _ => (*rng.pick(TOPICS)).to_owned(),
    }
}

fn exchange(studio: &mut Studio, by: By, to: Vec<usize>, cc: Vec<usize>, topic: &str, at: i64) {
    let english = match by {
        By::Person(person) | By::Behalf { person, .. } => studio.cast.people[person].english,
        _ => false,
    };
    let greeted = studio.cast.people[to[0]].first.clone();
    let text = texts::opening(english, topic, &greeted, &mut studio.rng);
    let files = attach(studio, 0.13);
    let (to_parties, cc_parties) = (studio.people(&to, at), studio.people(&cc, at));
    let letter = Letter {
        by,
        to: to_parties,
        cc: cc_parties,
        subject: topic.to_owned(),
        text,
        parent: None,
        at,
        files,
        sort: Sort::Talk,
    };
    let mut last = studio.write(letter);
    let author = match by {
        By::Person(person) | By::Behalf { person, .. } => person,
        _ => return,
    };
    let (mut asks, mut answers) = (author, to[0]);
    while studio.rng.chance(0.48) {
        match reply(studio, last, By::Person(answers), &[asks], &cc) {
            Some(next) => last = next,
            None => return,
        }
        (asks, answers) = (answers, asks);
    }
}

/// An answer some hours or days later, when its writer is at work.
pub fn reply(studio: &mut Studio, parent: usize, by: By, to: &[usize], cc: &[usize]) -> Option<usize> {
    let By::Person(person) = by else { return None };
    let at = later(studio, person, studio.posts[parent].at)?;
    let english = studio.cast.people[person].english;
    let topic = base_subject(&studio.posts[parent].subject).to_owned();
    let greeted = studio.cast.people[to[0]].first.clone();
    let text = texts::answer(english, &topic, &greeted, &mut studio.rng);
    let files = attach(studio, 0.06);
    let (to, cc) = (studio.people(to, at), studio.people(cc, at));
    Some(studio.write(Letter {
        by,
        to,
        cc,
        subject: String::new(),
        text,
        parent: Some(parent),
        at,
        files,
        sort: Sort::Talk,
    }))
}

/// When a person gets round to something that came at `at`.
pub fn later(studio: &mut Studio, person: usize, at: i64) -> Option<i64> {
    let delay = match studio.rng.below(10) {
        0..=5 => studio.rng.between(4 * 60, 4 * 3_600),
        6..=8 => studio.rng.between(4 * 3_600, 30 * 3_600),
        _ => studio.rng.between(86_400, 5 * 86_400),
    };
    let end = studio.end();
    studio.cast.next_slot(person, at + delay, end, &mut studio.rng)
}

pub fn attach(studio: &mut Studio, probability: f64) -> Vec<super::post::Attachment> {
    if !studio.rng.chance(probability) {
        return Vec::new();
    }
    const KINDS: &[(&str, &str)] = &[
        ("Angebot", "pdf"),
        ("Zeichnung", "pdf"),
        ("Stückliste", "xlsx"),
        ("Protokoll", "docx"),
        ("Foto", "jpg"),
        ("Kalkulation", "xlsx"),
        ("parts-list", "xlsx"),
        ("drawing", "pdf"),
    ];
    let (name, ending) = *studio.rng.pick(KINDS);
    let name = format!("{name}_{}.{ending}", studio.rng.between(1000, 9999));
    vec![studio.file(name, super::render::media_type(ending))]
}

fn to_list(studio: &mut Studio, person: usize, topic: &str, at: i64) {
    let list = studio.rng.below(studio.cast.lists.len());
    let (name, address) = (studio.cast.lists[list].name.clone(), studio.cast.lists[list].address.clone());
    let text = texts::opening(false, topic, "zusammen", &mut studio.rng);
    let files = attach(studio, 0.2);
    let number = studio.write(Letter {
        by: By::Person(person),
        to: vec![super::cast::Party::new(name.clone(), address.clone())],
        cc: Vec::new(),
        subject: topic.to_owned(),
        text,
        parent: None,
        at,
        files,
        sort: Sort::Talk,
    });
    let list_id = address.replace('@', ".");
    let extra = [("List-Id", format!("{name} <{list_id}>")), ("List-Post", format!("<mailto:{address}>"))];
    studio.posts[number].extra.extend(extra.map(|(name, value)| (name.to_owned(), value)));
}

fn to_partner(studio: &mut Studio, person: usize, partner: usize, at: i64) {
    let contact = studio.rng.below(studio.partners[partner].contacts.len());
    let english = studio.partners[partner].english;
    let topic = subject(studio);
    let to = vec![studio.contact(partner, contact)];
    let text = texts::opening(english, &topic, &surname(&to[0].name), &mut studio.rng);
    let files = attach(studio, 0.3);
    let by = By::Person(person);
    let letter = Letter { by, to, cc: vec![], subject: topic, text, parent: None, at, files, sort: Sort::Talk };
    let first = studio.write(letter);
    ping_pong(studio, first, partner, contact, person, 0.6);
}

fn from_partner(studio: &mut Studio, partner: usize, day: i64) {
    let contact = studio.rng.below(studio.partners[partner].contacts.len());
    let owners = studio.partners[partner].owners.clone();
    let person = if studio.rng.chance(0.75) { owners[0] } else { owners[owners.len() - 1] };
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let (topic, info) = (subject(studio), studio.rng.chance(0.1));
    let to = match info {
        true if studio.rng.chance(0.3) => vec![super::cast::Party::new("", studio.cast.at("kontakt"))],
        true => vec![super::cast::Party::new("", studio.cast.mailboxes[studio.cast.shared.info].address.clone())],
        false => vec![studio.person(person, at)],
    };
    let text = texts::opening(
        studio.partners[partner].english,
        &topic,
        &studio.cast.people[person].last.clone(),
        &mut studio.rng,
    );
    let files = attach(studio, 0.35);
    let by = By::Contact(partner, contact);
    let letter = Letter { by, to, cc: vec![], subject: topic, text, parent: None, at, files, sort: Sort::Talk };
    let first = studio.write(letter);
    if !info && studio.rng.chance(0.65) {
        answer_partner(studio, first, partner, contact, person);
    }
}

fn answer_partner(studio: &mut Studio, parent: usize, partner: usize, contact: usize, person: usize) {
    let Some(at) = later(studio, person, studio.posts[parent].at) else { return };
    let to = vec![studio.contact(partner, contact)];
    let english = studio.partners[partner].english;
    let topic = base_subject(&studio.posts[parent].subject).to_owned();
    let text = texts::answer(english, &topic, &surname(&to[0].name), &mut studio.rng);
    let files = attach(studio, 0.15);
    let by = By::Person(person);
    let letter =
        Letter { by, to, cc: vec![], subject: String::new(), text, parent: Some(parent), at, files, sort: Sort::Talk };
    let next = studio.write(letter);
    ping_pong(studio, next, partner, contact, person, 0.35);
}

fn ping_pong(studio: &mut Studio, parent: usize, partner: usize, contact: usize, person: usize, goes_on: f64) {
    if !studio.rng.chance(goes_on) {
        return;
    }
    let delay = studio.rng.between(1_800, 3 * 86_400);
    let Some(at) = studio.business_hours(studio.posts[parent].at + delay) else { return };
    let topic = base_subject(&studio.posts[parent].subject).to_owned();
    let text = texts::answer(
        studio.partners[partner].english,
        &topic,
        &studio.cast.people[person].last.clone(),
        &mut studio.rng,
    );
    let to = vec![studio.person(person, at)];
    let files = attach(studio, 0.2);
    let by = By::Contact(partner, contact);
    let letter =
        Letter { by, to, cc: vec![], subject: String::new(), text, parent: Some(parent), at, files, sort: Sort::Talk };
    let next = studio.write(letter);
    if studio.rng.chance(0.4) {
        answer_partner(studio, next, partner, contact, person);
    }
}

/// Two colleagues report to a third all the time; ten weeks of that are lost in delivery.
fn project(studio: &mut Studio, day: i64) {
    let roles = studio.cast.roles;
    for from in roles.lost_from {
        if studio.cast.is_available(from, day) && studio.rng.chance(0.3) {
            let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
            let topic = subject(studio);
            exchange(studio, By::Person(from), vec![roles.lost], Vec::new(), &topic, at);
        }
    }
}

fn surname(name: &str) -> String {
    name.split(' ').next_back().unwrap_or_default().to_owned()
}

impl Studio {
    /// The first moment from `at` on within business hours, for people outside.
    pub fn business_hours(&mut self, at: i64) -> Option<i64> {
        let (mut day, minute) = super::clock::wall(at);
        if super::clock::is_workday(day) && (450..1_080).contains(&minute) {
            return (at < self.end()).then_some(at);
        }
        day += i64::from(minute >= 450);
        while !super::clock::is_workday(day) {
            day += 1;
        }
        let at = local(day, 450 + self.rng.between(0, 200), self.rng.between(0, 59));
        (at < self.end()).then_some(at)
    }

    /// Adds a message that no person typed.
    pub fn push(&mut self, post: Post) -> usize {
        self.posts.push(post);
        self.posts.len() - 1
    }
}
