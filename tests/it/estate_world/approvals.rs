//! Processes inside the house: purchase requests, leave requests, supplier invoices.

use super::clock::{Day, civil, german_day, is_workday, local, office_minute, wall};
use super::names::PARTS;
use super::post::Sort;
use super::process::{Run, record};
use super::studio::{By, Letter, Studio};
use super::texts::{euros, phrase};

const REQUEST: &[&str] = &[
    "ich bitte um Freigabe für {part}, Kosten {amount} Euro. Nummer {key}.",
    "für {topic} brauchen wir {part}. Angebot über {amount} Euro liegt bei, Vorgang {key}.",
    "{key}: {part} muss ersetzt werden, {amount} Euro netto. Darf ich bestellen?",
    "kannst du bitte {key} freigeben? Es geht um {part} für {amount} Euro.",
    "please approve {key}: {part}, EUR {amount}. The supplier holds the price until {weekday}.",
    "Beschaffungsantrag {key} über {amount} Euro ({part}), bitte um kurzes OK.",
];
const APPROVE: &[&str] = &[
    "freigegeben.",
    "ok, bitte bestellen.",
    "einverstanden.",
    "approved.",
    "ja, aber bitte Skonto ziehen.",
    "geht klar, danke fürs Vergleichen.",
    "von mir aus, {key} ist genehmigt.",
];
const REFUSE: &[&str] = &[
    "nein, das Budget ist aufgebraucht.",
    "bitte zurückstellen, dieses Quartal nicht mehr.",
    "abgelehnt, da gibt es etwas Günstigeres.",
    "not this year, sorry.",
    "{key} kann ich so nicht freigeben.",
];
const ASK: &[&str] = &[
    "gibt es ein zweites Angebot?",
    "warum so teuer?",
    "wofür genau brauchen wir das?",
    "who else did you ask for a price?",
    "reicht nicht eine Reparatur?",
];
const EXPLAIN: &[&str] = &[
    "Vergleichsangebot liegt bei, {n} Prozent teurer.",
    "die alte hält keine {n} Wochen mehr.",
    "der Kunde besteht darauf.",
    "reparieren lohnt nicht mehr.",
    "the other one takes {n} weeks.",
];
const REMIND: &[&str] = &[
    "darf ich an {key} erinnern?",
    "gibt es bei {key} schon etwas Neues?",
    "any news on {key}? The price only holds this week.",
    "{key} liegt noch, kannst du kurz schauen?",
    "nur eine Nachfrage zu {key}.",
];
const ESCALATE: &[&str] = &[
    "ich komme bei {key} nicht weiter, kannst du entscheiden?",
    "zu {key} habe ich seit einer Woche keine Antwort, daher an dich.",
    "I have to take {key} to you, the supplier is waiting.",
    "bitte entscheide du über {key}, sonst verlieren wir den Preis.",
];
const ORDERED: &[&str] =
    &["{key} ist bestellt, Lieferung nächste Woche.", "bestellt.", "habe {key} heute ausgelöst.", "ordered today."];
const GRANT: &[&str] = &[
    "genehmigt, schönen Urlaub.",
    "passt, ist eingetragen.",
    "ok.",
    "einverstanden, Vertretung bitte absprechen.",
    "granted, enjoy.",
];
const DENY: &[&str] = &[
    "da ist leider schon jemand weg, geht das auch später?",
    "in der Woche ist Inventur, bitte verschieben.",
    "das geht leider nicht.",
];
const BOOKED: &[&str] = &["ist gebucht, Resturlaub {n} Tage.", "eingetragen im Kalender.", "danke, erledigt."];
const INVOICE: &[&str] = &[
    "anbei unsere Rechnung {key} über {amount} Euro.",
    "please find attached invoice {key}, EUR {amount}.",
    "Rechnung {key} im Anhang, zahlbar in {n} Tagen.",
    "wir erlauben uns zu berechnen: siehe {key}.",
];
const CHECK: &[&str] = &[
    "bitte {key} prüfen und zurück an mich.",
    "passt die Rechnung {key}?",
    "kannst du {key} sachlich prüfen?",
    "ist das so geliefert worden?",
    "{key} über {amount} Euro, in Ordnung?",
];
const FINE: &[&str] =
    &["ist geliefert, kann bezahlt werden.", "passt.", "sachlich richtig.", "ok zur Zahlung.", "yes, all received."];
const OBJECT: &[&str] =
    &["da fehlen {n} Stück, bitte nicht zahlen.", "Preis stimmt nicht mit der Bestellung.", "haben wir nie bekommen."];
const PAID: &[&str] =
    &["{key} ist gebucht und angewiesen.", "zur Zahlung vorgemerkt.", "gebucht, läuft mit dem nächsten Zahllauf."];

/// Writes all three processes.
pub fn write(studio: &mut Studio) {
    let (mut purchases, mut leaves, mut invoices) = (Vec::new(), Vec::new(), Vec::new());
    let scale = studio.scale.max(0.45);
    let mut serial = 0;
    for day in (studio.span.0..studio.span.1).filter(|day| is_workday(*day)) {
        for _ in 0..studio.rng.poisson(0.13 * scale) {
            serial += 1;
            purchases.push(purchase(studio, day, serial));
        }
        for _ in 0..studio.rng.poisson(0.16 * scale) {
            leaves.push(leave(studio, day));
        }
        for _ in 0..studio.rng.poisson(0.3 * scale) {
            invoices.push(invoice(studio, day));
        }
    }
    record(studio, "purchase_approval", "approval", &["identifier", "amount", "file"], purchases);
    record(
        studio,
        "leave_request",
        "form",
        &["Name=text", "Von=date", "Bis=date", "Arbeitstage=number", "Vertretung=text"],
        leaves,
    );
    record(studio, "invoice_handoff", "handoff", &["identifier", "amount", "file"], invoices);
}

/// One message of a run from a person of ours; false if it would fall after the end.
pub fn say(
    studio: &mut Studio,
    run: &mut Run,
    activity: &'static str,
    by: usize,
    to: &[usize],
    cc: &[usize],
    words: &[&str],
) -> bool {
    let Some(at) = super::talk::later(studio, by, run.at(studio)) else { return false };
    let amount = euros(run.case.amount.unwrap_or_default(), false);
    let text = phrase(words, &[("{key}", &run.case.key), ("{amount}", &amount)], &mut studio.rng);
    let (to, cc) = (studio.people(to, at), studio.people(cc, at));
    let (parent, subject) = (run.last(), String::new());
    let letter = Letter { by: By::Person(by), to, cc, subject, text, parent, at, files: vec![], sort: Sort::Process };
    run.step(studio, activity, letter);
    true
}

fn available(studio: &mut Studio, people: &[usize], day: Day) -> Option<usize> {
    let here: Vec<usize> = people.iter().copied().filter(|one| studio.cast.is_available(*one, day)).collect();
    (!here.is_empty()).then(|| *studio.rng.pick(&here))
}

fn purchase(studio: &mut Studio, day: Day, serial: usize) -> Run {
    let mut run = Run::new(format!("BANF-{}-{serial:03}", civil(day).0), Some(studio.rng.between(150, 19_000)));
    let roles = studio.cast.roles;
    let askers = [roles.head_of_purchasing, 12, 13, 14, roles.it, roles.deputy, 18];
    let Some(asker) = available(studio, &askers, day) else { return run };
    // While the boss is away the deputy decides.
    let boss =
        if studio.cast.is_available(roles.boss, day) || asker == roles.deputy { roles.boss } else { roles.deputy };
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let part = *studio.rng.pick(PARTS);
    let amount = euros(run.case.amount.unwrap_or_default(), false);
    let key = run.case.key.clone();
    let text = phrase(REQUEST, &[("{key}", &key), ("{amount}", &amount), ("{part}", part)], &mut studio.rng);
    let subject = phrase(
        &["Freigabe {key} {part}", "{key} {part}", "Bitte um Freigabe: {part} ({key})", "Approval {key}"],
        &[("{key}", &key), ("{part}", part)],
        &mut studio.rng,
    );
    let files = match studio.rng.chance(0.6) {
        true => vec![studio.file(format!("Angebot_{key}.pdf"), "application/pdf")],
        false => vec![],
    };
    let (to, by) = (studio.people(&[boss], at), By::Person(asker));
    run.step(
        studio,
        "request",
        Letter { by, to, cc: vec![], subject, text, parent: None, at, files, sort: Sort::Process },
    );
    if studio.rng.chance(0.2)
        && (!say(studio, &mut run, "ask_back", boss, &[asker], &[], ASK)
            || !say(studio, &mut run, "answer", asker, &[boss], &[], EXPLAIN))
    {
        return run;
    }
    if studio.rng.chance(0.03) {
        return run;
    }
    // Who gets no answer asks again, and then somebody else.
    if studio.more && studio.rng.chance(0.15) {
        if !chase(studio, &mut run, "remind", asker, boss, 4, REMIND) {
            return run;
        }
        let other = if boss == roles.boss { roles.deputy } else { roles.boss };
        if studio.rng.chance(0.5) && asker != other && !chase(studio, &mut run, "escalate", asker, other, 3, ESCALATE) {
            return run;
        }
    }
    let refuses = studio.rng.chance(if run.case.amount > Some(12_000) { 0.4 } else { 0.12 });
    if refuses {
        if say(studio, &mut run, "refuse", boss, &[asker], &[], REFUSE) {
            run.close("refused");
        }
        return run;
    }
    let buyer = if asker == roles.head_of_purchasing { roles.clerk } else { roles.head_of_purchasing };
    if say(studio, &mut run, "approve", boss, &[asker], &[buyer], APPROVE)
        && say(studio, &mut run, "order", buyer, &[asker], &[], ORDERED)
    {
        run.close("approved");
    } else if run.case.steps.last().is_some_and(|step| step.activity == "approve") {
        run.case.outcome = "approved";
    }
    run
}

/// The asker writes once more, some days later.
fn chase(
    studio: &mut Studio,
    run: &mut Run,
    activity: &'static str,
    by: usize,
    to: usize,
    days: i64,
    words: &[&str],
) -> bool {
    let (after, end) = (run.at(studio) + days * 86_400, studio.end());
    let Some(at) = studio.cast.next_slot(by, after, end, &mut studio.rng) else { return false };
    let text = phrase(words, &[("{key}", &run.case.key)], &mut studio.rng);
    let (to, parent) = (studio.people(&[to], at), run.last());
    let letter = Letter {
        by: By::Person(by),
        to,
        cc: vec![],
        subject: String::new(),
        text,
        parent,
        at,
        files: vec![],
        sort: Sort::Process,
    };
    run.step(studio, activity, letter);
    true
}

fn leave(studio: &mut Studio, day: Day) -> Run {
    let count = studio.cast.people.len();
    let roles = studio.cast.roles;
    let asker = studio.rng.below(count);
    let mut run = Run::new(String::new(), None);
    if !studio.cast.is_available(asker, day) || [roles.boss, roles.hr, roles.deputy].contains(&asker) {
        return run;
    }
    let first = day + studio.rng.between(10, 60);
    let last = first + studio.rng.between(0, 14);
    run.case.key = format!("{} {}", studio.cast.people[asker].address, super::clock::iso_day(first));
    let decides = if asker.is_multiple_of(2) { roles.boss } else { roles.deputy };
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let name = studio.cast.name(asker);
    let text = format!(
        "Urlaubsantrag\n\nName: {name}\nVon: {}\nBis: {}\nArbeitstage: {}\nVertretung: {}",
        german_day(first),
        german_day(last),
        (first..=last).filter(|day| is_workday(*day)).count(),
        studio.cast.name((asker + 1) % count)
    );
    let (to, cc) = (studio.people(&[decides], at), studio.people(&[roles.hr], at));
    let subject = format!("Urlaubsantrag {name} {}", german_day(first));
    let by = By::Person(asker);
    run.step(
        studio,
        "request",
        Letter { by, to, cc, subject, text, parent: None, at, files: vec![], sort: Sort::Process },
    );
    if studio.rng.chance(0.12) {
        if say(studio, &mut run, "refuse", decides, &[asker], &[roles.hr], DENY) {
            run.close("refused");
        }
        return run;
    }
    if say(studio, &mut run, "approve", decides, &[asker], &[roles.hr], GRANT) {
        run.case.outcome = "approved";
        if say(studio, &mut run, "book", roles.hr, &[asker], &[], BOOKED) {
            run.close("approved");
        }
    }
    run
}

fn invoice(studio: &mut Studio, day: Day) -> Run {
    let suppliers: Vec<usize> =
        (0..studio.partners.len()).filter(|at| studio.partners[*at].trade == "supplier").collect();
    let partner = *studio.rng.pick(&suppliers);
    let contacts = studio.partners[partner].contacts.len();
    let (contact, number) = (studio.rng.below(contacts), studio.rng.between(1_000, 99_999));
    let key = match partner % 3 {
        0 => format!("RG-{number:06}"),
        1 => format!("{}/{number}", civil(day).0),
        _ => format!("INV-{number}-{partner}"),
    };
    let mut run = Run::new(key.clone(), Some(studio.rng.between(60, 14_000)));
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let amount = euros(run.case.amount.unwrap_or_default(), false);
    let text = phrase(INVOICE, &[("{key}", &key), ("{amount}", &amount)], &mut studio.rng);
    let file = studio.file(format!("Rechnung_{}.pdf", key.replace('/', "-")), "application/pdf");
    let shared = studio.cast.shared.invoices;
    let to = vec![studio.cast.shared_party(shared)];
    let subject = phrase(
        &["Rechnung {key}", "Rechnung Nr. {key}", "Invoice {key}", "Ihre Rechnung {key}"],
        &[("{key}", &key)],
        &mut studio.rng,
    );
    let by = By::Contact(partner, contact);
    run.step(
        studio,
        "receive",
        Letter { by, to, cc: vec![], subject, text, parent: None, at, files: vec![file.clone()], sort: Sort::Process },
    );
    let clerk = studio.cast.roles.clerk;
    let owner = studio.partners[partner].owners[0];
    let (begins, end) = (run.at(studio) + studio.rng.between(1_800, 86_400), studio.end());
    let Some(at) = studio.cast.next_slot(clerk, begins, end, &mut studio.rng) else { return run };
    if studio.cast.people[owner].left.is_some_and(|left| wall(at).0 >= left) || owner == clerk {
        return run;
    }
    let text = phrase(CHECK, &[("{key}", &key), ("{amount}", &amount)], &mut studio.rng);
    let subject = format!("WG: {}", studio.posts[run.posts[0]].subject);
    let (to, parent) = (studio.people(&[owner], at), run.last());
    let by = By::Agent { person: clerk, mailbox: shared };
    run.step(
        studio,
        "hand_over",
        Letter { by, to, cc: vec![], subject, text, parent, at, files: vec![file], sort: Sort::Process },
    );
    if studio.rng.chance(0.1) {
        if say(studio, &mut run, "object", owner, &[clerk], &[], OBJECT) {
            run.close("objected");
        }
        return run;
    }
    let accountant = studio.cast.roles.accountant;
    if say(studio, &mut run, "approve", owner, &[clerk], &[], FINE)
        && say(studio, &mut run, "book", clerk, &[accountant], &[], PAID)
    {
        run.close("paid");
    }
    run
}
