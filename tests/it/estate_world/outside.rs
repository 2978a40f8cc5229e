//! Who writes from outside: forty partners with their people, free-mail correspondents, newsletters, spammers.

use super::cast::{Cast, Party};
use super::names::{FIRM_HEADS, FIRM_TAILS, FIRST, FREEMAIL, LAST, fold};
use super::rng::Rng;

#[derive(Clone, Debug)]
pub struct Partner {
    pub name: String,
    pub domain: String,
    /// `customer` or `supplier`.
    pub trade: &'static str,
    /// Writes from a provider's domain that many share.
    pub freemail: bool,
    pub contacts: Vec<Party>,
    /// Our people who deal with it; the first most often.
    pub owners: Vec<usize>,
    /// Conversations it begins in a month at scale 1.
    pub weight: f64,
    /// Minutes ahead of UTC; `None` for our own zone.
    pub zone: Option<i64>,
    pub english: bool,
    pub host: String,
    pub ip: String,
}

/// A sender of bulk mail.
#[derive(Clone, Debug)]
pub struct Bulk {
    pub name: &'static str,
    pub address: &'static str,
    /// `newsletter`, `list` or `spam`.
    pub kind: &'static str,
    pub per_month: f64,
}

pub const BULK: &[Bulk] = &[
    Bulk {
        name: "Pumpen & Technik Kurier",
        address: "redaktion@pt-kurier.example",
        kind: "newsletter",
        per_month: 4.3,
    },
    Bulk {
        name: "Officewelt24 Angebote",
        address: "news@news.officewelt24.example",
        kind: "newsletter",
        per_month: 6.0,
    },
    Bulk { name: "IHK Rundbrief", address: "rundbrief@ihk-nordmark.example", kind: "newsletter", per_month: 1.0 },
    Bulk { name: "Trade Fair Weekly", address: "newsletter@tradefairs.example", kind: "newsletter", per_month: 3.0 },
    Bulk { name: "fluidforum", address: "fluidforum@lists.fluidforum.example", kind: "list", per_month: 7.0 },
    Bulk { name: "Winner Department", address: "claim@lucky-prize-77.example", kind: "spam", per_month: 0.6 },
    Bulk { name: "SEO Ranking Team", address: "rank1@seo-topp.example", kind: "spam", per_month: 0.8 },
];

fn contact(domain: &str, style: usize, rng: &mut Rng) -> Party {
    let (first, last) = (*rng.pick(FIRST), *rng.pick(LAST));
    let local = match style {
        0 => format!("{}.{}", fold(first), fold(last)),
        1 => fold(last),
        _ => format!("{}.{}", &fold(first)[..1], fold(last)),
    };
    Party::new(format!("{first} {last}"), format!("{local}@{domain}"))
}

fn owners(cast: &Cast, trade: &str, nth: usize, rng: &mut Rng) -> Vec<usize> {
    let roles = &cast.roles;
    let mut pool = match trade {
        "customer" => vec![roles.sales_lead, roles.cut, 22, 12, 13, 14, 19],
        _ => vec![roles.head_of_purchasing, 20, roles.accountant, 12, 15, roles.it, roles.short],
    };
    pool.extend((25..cast.people.len()).filter(|at| at % 4 == nth % 4));
    rng.shuffle(&mut pool);
    let mut owners = rng.some(&pool, 2);
    // Fixed points of the story: who forwards, who lost a folder of outside mail.
    match nth {
        0 => owners[0] = roles.forwards,
        1..=3 => owners[0] = roles.short,
        4 | 5 => owners[0] = 22,
        6 => owners[0] = roles.cut,
        _ => {}
    }
    owners
}

/// Forty partners: thirty-six firms and four people at free-mail providers.
pub fn partners(cast: &Cast, rng: &mut Rng) -> Vec<Partner> {
    let mut heads = FIRM_HEADS.to_vec();
    rng.shuffle(&mut heads);
    let mut partners: Vec<Partner> = Vec::new();
    for nth in 0..40_usize {
        let freemail = nth % 10 == 9;
        // The first firms sell to us, whose mail is filed or forwarded.
        let (tail, word, buys) = FIRM_TAILS[(nth * 5 + rng.below(2) * 2) % FIRM_TAILS.len()];
        let head = heads[nth % heads.len()];
        let english = nth % 9 == 4;
        let (name, domain) = match freemail {
            true => (String::new(), FREEMAIL[(nth / 10) % FREEMAIL.len()].to_owned()),
            false if nth % 4 == 1 => (format!("{head} {tail}"), format!("{}{word}.example", fold(head))),
            false => (format!("{head} {tail} GmbH"), format!("{}-{word}.example", fold(head))),
        };
        let domain = match !freemail && partners.iter().any(|known| known.domain == domain) {
            true => format!("{}{nth}-{word}.example", fold(head)),
            false => domain,
        };
        let trade = if buys || freemail { "customer" } else { "supplier" };
        let style = rng.below(3);
        let people = if freemail { 1 } else { 1 + rng.below(4) };
        let mut contacts: Vec<Party> = Vec::new();
        while contacts.len() < people {
            let one = contact(&domain, style, rng);
            let known = partners.iter().flat_map(|partner| &partner.contacts).any(|other| other.address == one.address);
            if !known && contacts.iter().all(|other| other.address != one.address) {
                contacts.push(one);
            }
        }
        let weight = if freemail { 0.5 } else { 0.35 + 2.2 * rng.unit() * rng.unit() };
        partners.push(Partner {
            name,
            host: format!("{}.{domain}", rng.pick(&["mail", "mx0", "smtp-out", "mailgw"])),
            ip: format!("198.51.100.{}", 10 + nth * 5),
            domain,
            trade,
            freemail,
            contacts,
            owners: owners(cast, trade, nth, rng),
            weight: if nth <= 6 { weight.max(1.2) } else { weight },
            zone: if english { Some(*rng.pick(&[0, -300, 330])) } else { None },
            english,
        });
    }
    partners
}
