//! The client's own list of mailboxes, what it says about completeness, and the rest of the truth that is not counted.

use super::clock::{hour_minute, iso_day};
use super::deliver::{Copy, Losses};
use super::outside::BULK;
use super::truth::{Cadence, Decoy, NotHole, RosterLine, Truth};
use super::{Estate, tally};

impl Cadence {
    /// `daily 06:10`
    pub fn text(&self) -> String {
        const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
        let rhythm = match (self.rhythm, self.weekday) {
            ("weekly", Some(weekday)) => DAYS[weekday],
            ("month_end", _) => "last working day of the month",
            (rhythm, _) => rhythm,
        };
        self.minute.map_or(rhythm.to_owned(), |minute| format!("{rhythm} {}", hour_minute(minute)))
    }
}

/// The whole truth about an estate whose copies are final.
pub fn truth(estate: &Estate, losses: Losses) -> Truth {
    let (first_day, last_day) = super::days(estate.span);
    let mut truth = Truth {
        seed: estate.options.seed,
        scale: estate.options.scale,
        company: estate.cast.company.clone(),
        domains: estate.domains(),
        first_day,
        last_day,
        ..Truth::default()
    };
    tally::tally(estate, &mut truth);
    truth.roster = lines(estate, &losses);
    truth.holes = losses.holes;
    truth.not_holes = not_holes(estate);
    quiet_months(&mut truth);
    let address = |person: usize| estate.cast.people[person].address.clone();
    truth.different_people = vec![(address(10), address(14)), (address(8), address(17))];
    truth.decoys = decoys(estate);
    truth
}

fn lines(estate: &Estate, losses: &Losses) -> Vec<RosterLine> {
    let cast = &estate.cast;
    let items = |mailbox: usize| estate.copies.iter().filter(|copy| copy.mailbox == mailbox).count();
    let size = |copy: &&Copy| {
        super::stores::copy_text(&estate.posts[copy.post], copy, &cast.domain).replace('\n', "\r\n").len()
    };
    let bytes =
        |mailbox: usize| estate.copies.iter().filter(|copy| copy.mailbox == mailbox).map(|copy| size(&copy)).sum();
    let aliases = |address: &str| {
        let leads_here = |(_, entry): &(&String, &super::deliver::Entry)| entry.of.as_deref() == Some(address);
        estate.directory.iter().filter(leads_here).map(|(alias, _)| alias.clone()).collect::<Vec<_>>()
    };
    let mut lines = Vec::new();
    for (address, entry) in estate.directory.iter().filter(|(_, entry)| entry.on_roster && entry.of.is_none()) {
        let mailbox = cast.mailboxes.iter().position(|mailbox| mailbox.address == *address);
        let number = cast.people.iter().position(|who| who.address == *address);
        let is_short = number == Some(cast.roles.short);
        // Not every mailbox was counted before the export.
        let counted = mailbox.filter(|mailbox| mailbox % 2 == 0 || is_short);
        let weighed = mailbox.filter(|mailbox| mailbox % 6 == 0 || is_short);
        lines.push(RosterLine {
            address: address.clone(),
            person: number.map(|number| cast.name(number)).unwrap_or_default(),
            status: match entry.kind {
                "person" => "active",
                other => other,
            },
            aliases: aliases(address),
            expected_items: counted.map(|mailbox| if is_short { losses.short_had } else { items(mailbox) }),
            expected_bytes: weighed.map(|mailbox| if is_short { losses.short_had_bytes } else { bytes(mailbox) }),
            hold: number == Some(cast.roles.sales_lead),
            delivery: match mailbox {
                Some(_) if is_short => "short",
                Some(_) => "delivered",
                None if number == Some(cast.roles.not_delivered) => "not_delivered",
                None => "no_mailbox",
            },
        });
    }
    lines
}

/// `roster.csv` as `--expect` reads it.
pub fn csv(lines: &[RosterLine]) -> String {
    let mut text = "address,person,status,aliases,expected_items,expected_bytes,hold\n".to_owned();
    let number = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
    for line in lines {
        text.push_str(&format!(
            "{},{},{},{},{},{},{}\n",
            line.address,
            line.person,
            line.status,
            line.aliases.join(";"),
            number(line.expected_items),
            number(line.expected_bytes),
            if line.hold { "yes" } else { "" }
        ));
    }
    text
}

fn not_holes(estate: &Estate) -> Vec<NotHole> {
    let cast = &estate.cast;
    let (from, until) = super::days(estate.span);
    let mut all = Vec::new();
    let mut add = |mailbox: &str, why, first_day: &str, last_day: &str| {
        let (first_day, last_day) = (first_day.to_owned(), last_day.to_owned());
        all.push(NotHole { mailbox: mailbox.to_owned(), why, first_day, last_day });
    };
    for (number, who) in cast.people.iter().enumerate() {
        if let Some(left) = who.left {
            add(&who.address, "left", &iso_day(left), &until);
        }
        for away in who.absences.iter().filter(|away| away.until - away.from >= 18) {
            let why = if number == cast.roles.on_leave && away.until - away.from > 60 {
                "parental_leave"
            } else {
                "long_holiday"
            };
            add(&who.address, why, &iso_day(away.from), &iso_day(away.until));
        }
        if who.pace < 0.1 {
            add(&who.address, "low_volume", &from, &until);
        }
    }
    add(&cast.people[cast.roles.short].address, "short_seen_by_roster_only", &from, &until);
    for mailbox in [cast.shared.it, cast.shared.archive] {
        add(&cast.mailboxes[mailbox].address, "never_sends", &from, &until);
    }
    all
}

/// Months without mail that are nobody's loss: few people write to a low-volume mailbox.
fn quiet_months(truth: &mut Truth) {
    for mailbox in &truth.mailboxes {
        let is_cut = |month: &str| {
            let mut cuts =
                truth.holes.iter().filter(|hole| hole.kind == "months_missing" && hole.mailbox == mailbox.address);
            cuts.any(|hole| (&hole.first_day[..7]..=&hole.last_day[..7]).contains(&month))
        };
        for month in mailbox.empty_months.iter().filter(|month| !is_cut(month)) {
            let (first_day, last_day) = (format!("{month}-01"), format!("{month}-28"));
            truth.not_holes.push(NotHole { mailbox: mailbox.address.clone(), why: "quiet_month", first_day, last_day });
        }
    }
}

fn decoys(estate: &Estate) -> Vec<Decoy> {
    let mut decoys: Vec<Decoy> = BULK
        .iter()
        .map(|bulk| Decoy { kind: bulk.kind, address: bulk.address.to_owned(), why: "bulk mail from outside" })
        .collect();
    let address = estate.cast.people[estate.cast.roles.marketing].address.clone();
    decoys.push(Decoy { kind: "person", address, why: "writes a weekly letter by hand on Fridays" });
    let (kind, address) = ("device", estate.cast.at("kamera-hof"));
    decoys.push(Decoy { kind, address, why: "a camera that writes a few times a year; may be listed or not" });
    decoys
}
