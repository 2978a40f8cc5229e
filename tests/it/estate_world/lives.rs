//! What happens to people in the time covered: aliases, a marriage, notices, holidays, parental leave.

use super::cast::{Absence, Person, Roles};
use super::clock::{Day, civil, day_of};
use super::names::{LAST, fold};
use super::rng::Rng;

/// Aliases, a maiden name, people who left, holidays and leave.
pub fn lives(people: &mut [Person], roles: &Roles, second: &str, (start, end): (Day, Day), rng: &mut Rng) {
    let initials = |who: &Person| format!("{}{}", &fold(&who.first)[..1], &fold(&who.last)[..1]);
    for at in [roles.boss, roles.sales_lead, roles.marketing] {
        let local = initials(&people[at]);
        let domain = people[at].address.split('@').nth(1).expect("a domain").to_owned();
        let taken = people.iter().any(|who| who.others.iter().any(|other| other.starts_with(&format!("{local}@"))));
        let local = if taken { format!("{local}2") } else { local };
        people[at].others.push(format!("{local}@{domain}"));
    }
    for at in [roles.boss, roles.head_of_purchasing, 13] {
        let local = people[at].address.split('@').next().expect("a local part").to_owned();
        people[at].others.push(format!("{local}@{second}"));
    }
    let married = roles.accountant;
    let maiden = LAST.iter().find(|last| people.iter().all(|who| who.last != **last)).unwrap_or(&"Steenbock");
    let was = people[married].address.replace(&fold(&people[married].last), &fold(maiden));
    let changed = start + (end - start) * rng.between(35, 60) / 100;
    people[married].former = Some(((*maiden).to_owned(), was.clone(), changed));
    people[married].others.push(was);
    for (nth, at) in [22, 23].into_iter().enumerate() {
        people[at].left = Some(start + (end - start) * (rng.between(30, 45) + 25 * nth as i64) / 100);
    }
    for (at, who) in people.iter_mut().enumerate() {
        if at == roles.on_leave {
            let from = start + (end - start) * rng.between(35, 55) / 100;
            who.absences.push(Absence { from, until: from + 92, auto_reply: true });
        }
        let mut from = start + rng.between(20, 100);
        while from < end {
            let long = if rng.chance(0.12) { rng.between(18, 22) } else { rng.between(2, 12) };
            who.absences.push(Absence { from, until: from + long, auto_reply: rng.chance(0.4) });
            from += rng.between(70, 150);
        }
        let mut year = civil(start).0;
        while day_of(year, 12, 24) < end {
            let eve = day_of(year, 12, 24);
            who.absences.push(Absence { from: eve, until: eve + 8, auto_reply: false });
            year += 1;
        }
    }
}
