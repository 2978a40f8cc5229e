//! Who works at the company: people, shared addresses, lists, services, and whose mail lies in which store.

use super::clock::{Day, Stamp, is_workday, local, wall};
use super::names::{COMPANIES, FIRST, JOBS, LAST, MAILERS, fold};
use super::rng::Rng;

/// A name and an address, as in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    pub address: String,
}

impl Party {
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Party {
        Party { name: name.into(), address: address.into() }
    }
}

/// An absence; during it a person sends nothing, and an auto-reply may go out.
#[derive(Clone, Debug)]
pub struct Absence {
    pub from: Day,
    pub until: Day,
    pub auto_reply: bool,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub first: String,
    pub last: String,
    pub job: &'static str,
    /// Conversations begun on a working day at scale 1.
    pub pace: f64,
    /// The address in use; others follow in `others`.
    pub address: String,
    pub others: Vec<String>,
    /// Name and address before a marriage, and the day of the change.
    pub former: Option<(String, String, Day)>,
    pub left: Option<Day>,
    pub absences: Vec<Absence>,
    pub english: bool,
    pub mailer: &'static str,
    pub host: String,
    pub ip: String,
    /// The mail program answers without References (a phone).
    pub drops_references: bool,
    pub mailbox: Option<usize>,
}

/// The form a mailbox was exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    MboxRd,
    MboxO,
    MboxCl2,
    Thunderbird,
    Maildir,
    Eml,
}

#[derive(Clone, Debug)]
pub struct Mailbox {
    /// Directory below the export.
    pub dir: String,
    pub address: String,
    pub person: Option<usize>,
    pub store: Store,
    /// Senders whose mail is filed by a rule: address, folder.
    pub rules: Vec<(String, String)>,
    /// Folders that its owner files into by hand; empty for someone who files nothing.
    pub filing: Vec<String>,
    pub deletes: f64,
}

#[derive(Clone, Debug)]
pub struct List {
    pub address: String,
    pub name: String,
    pub members: Vec<usize>,
}

/// Persons by what the story needs them for; indexes into `Cast::people`.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    pub boss: usize,
    pub assistant: usize,
    pub head_of_purchasing: usize,
    pub accountant: usize,
    pub clerk: usize,
    pub hr: usize,
    pub it: usize,
    pub sales_lead: usize,
    pub agents: [usize; 3],
    pub deputy: usize,
    pub marketing: usize,
    /// The mailbox with months cut out.
    pub cut: usize,
    /// The one whose Sent folder was not exported.
    pub no_sent: usize,
    /// The one who lost a stretch of mail from `losers`.
    pub lost: usize,
    pub lost_from: [usize; 2],
    pub on_leave: usize,
    pub not_delivered: usize,
    pub short: usize,
    pub forwards: usize,
}

/// Addresses that belong to no person.
#[derive(Clone, Debug)]
pub struct Shared {
    pub orders: usize,
    pub info: usize,
    pub invoices: usize,
    pub it: usize,
    pub archive: usize,
}

#[derive(Clone, Debug)]
pub struct Cast {
    pub company: String,
    pub product: String,
    pub domain: String,
    pub second_domain: String,
    pub people: Vec<Person>,
    pub mailboxes: Vec<Mailbox>,
    pub shared: Shared,
    pub lists: Vec<List>,
    pub roles: Roles,
    pub english_folders: bool,
}

impl Cast {
    /// The party a person shows to others on a day; people vary how their names are written.
    pub fn party(&self, person: usize, at: Stamp, rng: &mut Rng) -> Party {
        let who = &self.people[person];
        if let Some((name, address, changed)) = &who.former
            && wall(at).0 < *changed
        {
            return Party::new(format!("{} {name}", who.first), address.clone());
        }
        let name = match rng.below(14) {
            0 => format!("{}, {}", who.last, who.first),
            1 => format!("{}. {}", who.first.chars().next().expect("a name"), who.last),
            2 => String::new(),
            _ => format!("{} {}", who.first, who.last),
        };
        let old = !who.others.is_empty() && rng.chance(0.06);
        let address = if old { rng.pick(&who.others).clone() } else { who.address.clone() };
        Party::new(name, address)
    }

    /// The address a person writes from: the main one, its former one before the change, rarely an alias.
    pub fn sender(&self, person: usize, at: Stamp, rng: &mut Rng) -> Party {
        let who = &self.people[person];
        match &who.former {
            Some((name, address, changed)) if wall(at).0 < *changed => {
                Party::new(format!("{} {name}", who.first), address.clone())
            }
            _ if !who.others.is_empty() && who.former.is_none() && rng.chance(0.04) => {
                Party::new(format!("{} {}", who.first, who.last), rng.pick(&who.others).clone())
            }
            _ => Party::new(format!("{} {}", who.first, who.last), who.address.clone()),
        }
    }

    pub fn is_available(&self, person: usize, day: Day) -> bool {
        let who = &self.people[person];
        is_workday(day)
            && who.left.is_none_or(|left| day < left)
            && !who.absences.iter().any(|absence| (absence.from..=absence.until).contains(&day))
    }

    /// The next moment from `after` on at which this person is at work; `None` after `end`.
    pub fn next_slot(&self, person: usize, after: Stamp, end: Stamp, rng: &mut Rng) -> Option<Stamp> {
        let (mut day, mut minute) = wall(after);
        if minute > 17 * 60 + 40 {
            (day, minute) = (day + 1, 0);
        }
        for later in 0..40 {
            if self.is_available(person, day + later) {
                let begins = 7 * 60 + 40;
                let at = match later == 0 && minute >= begins {
                    true => local(day, minute, after.rem_euclid(60)),
                    false => local(day + later, begins + rng.between(0, 150), rng.between(0, 59)),
                };
                return (at < end).then_some(at.max(after));
            }
        }
        None
    }

    /// Full name of a person today.
    pub fn name(&self, person: usize) -> String {
        format!("{} {}", self.people[person].first, self.people[person].last)
    }

    pub fn shared_party(&self, mailbox: usize) -> Party {
        let address = self.mailboxes[mailbox].address.clone();
        let local = address.split('@').next().unwrap_or_default();
        let mut letters = local.chars();
        let name: String = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
        Party::new(format!("{name}{} {}", letters.as_str(), self.company), address)
    }

    /// An address of the company's main domain.
    pub fn at(&self, local: &str) -> String {
        format!("{local}@{}", self.domain)
    }
}

/// First and last names without accidental twins, but for two pairs that are made on purpose.
fn names(count: usize, rng: &mut Rng) -> Vec<(String, String)> {
    let (mut first, mut last) = (FIRST.to_vec(), LAST.to_vec());
    rng.shuffle(&mut first);
    rng.shuffle(&mut last);
    let mut names: Vec<(String, String)> = (0..count)
        .map(|at| (first[at % first.len()].to_owned(), last[(at * 7 + at / last.len()) % last.len()].to_owned()))
        .collect();
    // Person 14 has the first name of person 10, person 17 the last name of person 8.
    names[14].0 = names[10].0.clone();
    names[17].1 = names[8].1.clone();
    let initial = |name: &(String, String)| name.0.chars().next();
    if initial(&names[17]) == initial(&names[8])
        && let Some(other) = (18..names.len()).find(|at| initial(&names[*at]) != initial(&names[8]))
    {
        let spare = names[other].0.clone();
        names[other].0 = std::mem::replace(&mut names[17].0, spare);
    }
    names
}

fn person(at: usize, name: (String, String), style: usize, domain: &str, rng: &mut Rng) -> Person {
    let (first, last) = name;
    let (short, long) = (fold(&first), fold(&last));
    let local = match style {
        0 => format!("{short}.{long}"),
        1 => format!("{}.{long}", &short[..1]),
        _ => format!("{long}.{short}"),
    };
    let local = if at >= JOBS.len() && style == 1 { format!("{short}.{long}") } else { local };
    let pace = match at {
        0 | 7 | 8 | 12 => 0.62,
        10 | 11 | 17 | 19 => 0.16,
        16 | 23 => 0.05,
        _ if at >= 25 && at.is_multiple_of(3) => 0.06,
        _ => 0.2,
    };
    Person {
        first,
        last,
        job: JOBS.get(at).copied().unwrap_or(["Vertrieb", "Konstruktion", "Werkstatt", "Service"][at % 4]),
        pace,
        address: format!("{local}@{domain}"),
        others: Vec::new(),
        former: None,
        left: None,
        absences: Vec::new(),
        english: at % 7 == 3 || rng.chance(0.12),
        mailer: rng.word(MAILERS),
        host: format!("ws-{}", rng.token(4)),
        ip: format!("10.{}.{}.{}", 20, rng.between(1, 9), 20 + at % 200),
        drops_references: at % 9 == 5,
        mailbox: None,
    }
}

fn roles(rng: &mut Rng) -> Roles {
    let mut agents = [9, 10, 11];
    rng.shuffle(&mut agents);
    let mut engineers = [12, 13, 14];
    rng.shuffle(&mut engineers[1..]);
    Roles {
        boss: 0,
        assistant: 1,
        head_of_purchasing: 2,
        accountant: 3,
        clerk: 4,
        hr: 5,
        it: 6,
        sales_lead: 7,
        agents,
        deputy: 15,
        marketing: 19,
        cut: 8,
        no_sent: if rng.chance(0.5) { 20 } else { 15 },
        lost: engineers[0],
        lost_from: [engineers[1], engineers[2]],
        on_leave: 18,
        not_delivered: 21,
        short: 24,
        forwards: 17,
    }
}

fn mailboxes(people: &mut [Person], roles: &Roles, domain: &str, rng: &mut Rng) -> (Vec<Mailbox>, Shared) {
    const STORES: [Store; 6] =
        [Store::Maildir, Store::MboxRd, Store::Thunderbird, Store::Eml, Store::MboxCl2, Store::MboxO];
    let turn = rng.below(6);
    let mut mailboxes = Vec::new();
    for (at, who) in people.iter_mut().enumerate().filter(|(at, _)| *at != roles.not_delivered) {
        let local = who.address.split('@').next().expect("a local part").to_owned();
        let dir = match at % 5 {
            0 => who.address.clone(),
            1 => format!("{}_{}", fold(&who.last), fold(&who.first)),
            2 => format!("user{:03}", at * 3 + 11),
            _ => local,
        };
        who.mailbox = Some(mailboxes.len());
        let deletes = 0.02 + rng.unit() * 0.04;
        let store = STORES[(at + turn) % 6];
        let address = who.address.clone();
        mailboxes.push(Mailbox { dir, address, person: Some(at), store, rules: vec![], filing: vec![], deletes });
    }
    let mut add = |local: &str, store| {
        let address = format!("{local}@{domain}");
        let dir = local.to_owned();
        let (person, rules, filing) = (None, Vec::new(), Vec::new());
        mailboxes.push(Mailbox { dir, address, person, store, rules, filing, deletes: 0.0 });
        mailboxes.len() - 1
    };
    let orders = if rng.chance(0.5) { "orders" } else { "bestellung" };
    let invoices = if rng.chance(0.5) { "rechnung" } else { "invoices" };
    let shared = Shared {
        orders: add(orders, if rng.chance(0.5) { Store::Maildir } else { Store::Eml }),
        info: add("info", Store::MboxRd),
        invoices: add(invoices, Store::Thunderbird),
        it: add("it", Store::Maildir),
        archive: add(if rng.chance(0.5) { "archiv" } else { "journal" }, Store::MboxCl2),
    };
    (mailboxes, shared)
}

/// The cast of a company with `count` delivered mailboxes, at work from `start` up to `end`.
pub fn cast(count: usize, span: (Day, Day), rng: &mut Rng) -> Cast {
    let (company, domain, second, product) = *rng.pick(COMPANIES);
    let (style, roles) = (rng.below(3), roles(rng));
    let count = count.max(30) - 5 + 1;
    let names = names(count, rng);
    let mut people: Vec<Person> =
        names.into_iter().enumerate().map(|(at, name)| person(at, name, style, domain, rng)).collect();
    super::lives::lives(&mut people, &roles, second, span, rng);
    let (mailboxes, shared) = mailboxes(&mut people, &roles, domain, rng);
    let list = |local: &str, name: &str, members: Vec<usize>| List {
        address: format!("{local}@{domain}"),
        name: name.to_owned(),
        members,
    };
    let lists = vec![
        list("alle", "Alle Mitarbeiter", (0..people.len().min(40)).collect()),
        list("vertrieb", "Vertrieb", vec![roles.sales_lead, roles.cut, 22, roles.boss, 1]),
        list("technik", "Technik", vec![12, 13, 14, 15, 18, 21]),
    ];
    Cast {
        company: company.to_owned(),
        product: product.to_owned(),
        domain: domain.to_owned(),
        second_domain: second.to_owned(),
        people,
        mailboxes,
        shared,
        lists,
        roles,
        english_folders: rng.chance(0.4),
    }
}
