//! Orders come to a shared address; agents work them by moving mail between folders and answer in its name.

use super::cast::Party;
use super::clock::{Day, is_workday, local, office_minute};
use super::names::PARTS;
use super::post::Sort;
use super::process::{Run, record};
use super::studio::{By, Letter, Studio};
use super::texts::{euros, phrase};

const ORDER: &[&str] = &[
    "hiermit bestellen wir {part}, {n} Stück, zum Preis von {eur} Euro. Unsere Bestellnummer: {key}.",
    "bitte liefern Sie gemäß Angebot {n} x {part}. Bestellung {key} anbei.",
    "please supply {n} pcs {part} against our purchase order {key}.",
    "anbei unsere Bestellung {key} mit der Bitte um Auftragsbestätigung.",
    "wir benötigen dringend {part}. Bestellung {key}, Lieferung frei Haus.",
    "Guten Tag, nachfolgend unser Auftrag {key}: {n} mal {part}. Wann können Sie liefern?",
    "our order {key} is attached, please confirm price and date.",
];
const CONFIRM: &[&str] = &[
    "vielen Dank für Ihre Bestellung {key}. Wir liefern voraussichtlich {weekday} in zwei Wochen.",
    "hiermit bestätigen wir Ihren Auftrag {key} wie bestellt.",
    "Bestellung {key} ist eingeplant, Versand ab KW {n}.",
    "Ihr Auftrag ist erfasst, die Bestätigung liegt bei.",
    "thank you, order {key} is confirmed as per attachment.",
];
const ASK: &[&str] = &[
    "zu Ihrer Bestellung {key} fehlt uns noch die Angabe zur Spannung. Können Sie das ergänzen?",
    "welche Lieferanschrift gilt für {key}?",
    "der Preis in {key} weicht von unserem Angebot ab. Bitte prüfen Sie das.",
    "could you tell us which seal material you need for {key}?",
    "{part} gibt es nicht mehr, wäre der Nachfolger für Sie in Ordnung?",
];
const REPLY: &[&str] = &[
    "bitte 400 V.",
    "die Anschrift ist unverändert, Tor 2.",
    "stimmt, es gilt Ihr Angebot.",
    "the standard one please.",
    "ja, der Nachfolger ist in Ordnung.",
    "entschuldigen Sie die späte Antwort, wir nehmen die Ausführung in Edelstahl.",
];
const SHIPPED: &[&str] = &[
    "Ihre Ware zu {key} hat heute unser Haus verlassen. Lieferschein anbei.",
    "die Lieferung zu {key} ist unterwegs, Ankunft {weekday}.",
    "we dispatched your order {key} today.",
    "Versandanzeige zu {key}: {n} Kolli per Spedition.",
    "{key} ist abholbereit.",
];
const SUBJECTS: &[&str] = &[
    "Bestellung {key}",
    "Bestellung Nr. {key}",
    "PO {key}",
    "Unser Auftrag {key}",
    "Order {key} / {part}",
    "Bestellung {part} ({key})",
];

/// Names of the folders by state, in the language of the company.
pub fn folders(studio: &Studio) -> [(String, &'static str); 4] {
    let names = match studio.cast.english_folders {
        true => ["New", "In progress", "Waiting", "Done"],
        false => ["Neu", "In Arbeit", "Wartet auf Kunde", "Erledigt"],
    };
    let states = ["new", "in_progress", "waiting", "done"];
    std::array::from_fn(|at| (names[at].to_owned(), states[at]))
}

/// Writes all orders and puts their mail into the folder of their last state.
pub fn write(studio: &mut Studio) {
    let (mut runs, mut serial) = (Vec::new(), studio.rng.between(450_100, 460_000));
    let folders = folders(studio);
    let rate = 0.3 * studio.scale.max(0.4);
    for day in (studio.span.0..studio.span.1).filter(|day| is_workday(*day)) {
        for _ in 0..studio.rng.poisson(rate) {
            serial += studio.rng.between(1, 9);
            let mut run = Run::new(format!("PO-{serial}"), Some(studio.rng.between(80, 9_500)));
            let state = order(studio, &mut run, day);
            let (folder, _) = &folders[state];
            run.case.folder = Some(folder.clone());
            let mailbox = studio.cast.shared.orders;
            for post in &run.posts {
                studio.posts[*post].placed.push((mailbox, folder.clone()));
            }
            runs.push(run);
        }
    }
    record(studio, "order_queue", "queue", &["identifier", "file"], runs);
}

/// One order; returns its state.
fn order(studio: &mut Studio, run: &mut Run, day: Day) -> usize {
    let customers: Vec<usize> =
        (0..studio.partners.len()).filter(|at| studio.partners[*at].trade == "customer").collect();
    let partner = *studio.rng.pick(&customers);
    let contact = studio.rng.below(studio.partners[partner].contacts.len());
    let mailbox = studio.cast.shared.orders;
    let at = local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59));
    let part = *studio.rng.pick(PARTS);
    let subject = phrase(SUBJECTS, &[("{key}", &run.case.key), ("{part}", part)], &mut studio.rng);
    let files = vec![studio.file(format!("{}.pdf", run.case.key), "application/pdf")];
    let to = vec![studio.cast.shared_party(mailbox)];
    let amount = euros(run.case.amount.unwrap_or_default(), false);
    let text = phrase(ORDER, &[("{key}", &run.case.key), ("{part}", part), ("{eur}", &amount)], &mut studio.rng);
    let by = By::Contact(partner, contact);
    run.step(
        studio,
        "order",
        Letter { by, to, cc: vec![], subject, text, parent: None, at, files, sort: Sort::Process },
    );
    // Some are never taken up.
    if studio.rng.chance(0.02) {
        run.case.outcome = "new";
        return 0;
    }
    let agent = studio.cast.roles.agents[studio.rng.below(3)];
    if studio.rng.chance(0.3) {
        if !answer(studio, run, agent, partner, contact, "ask_back", ASK) {
            return 0;
        }
        if studio.rng.chance(0.06) || !customer_answers(studio, run, partner, contact) {
            run.case.outcome = "waiting";
            return 2;
        }
    }
    if !answer(studio, run, agent, partner, contact, "confirm", CONFIRM) {
        run.case.outcome = "new";
        return if run.posts.len() == 1 { 0 } else { 2 };
    }
    let delivery = studio.rng.between(6, 16) * 86_400;
    let shipped = answer_after(studio, run, (agent, partner, contact), delivery, "ship", SHIPPED);
    if !shipped || studio.rng.chance(0.015) {
        run.case.outcome = "in_progress";
        return 1;
    }
    run.close("done");
    3
}

fn answer(
    studio: &mut Studio,
    run: &mut Run,
    agent: usize,
    partner: usize,
    contact: usize,
    activity: &'static str,
    words: &[&str],
) -> bool {
    let delay = studio.rng.between(1_200, 2 * 86_400);
    answer_after(studio, run, (agent, partner, contact), delay, activity, words)
}

fn answer_after(
    studio: &mut Studio,
    run: &mut Run,
    (agent, partner, contact): (usize, usize, usize),
    delay: i64,
    activity: &'static str,
    words: &[&str],
) -> bool {
    let end = studio.end();
    let Some(at) = studio.cast.next_slot(agent, run.at(studio) + delay, end, &mut studio.rng) else { return false };
    let text = phrase(words, &[("{key}", &run.case.key)], &mut studio.rng);
    let to: Vec<Party> = vec![studio.contact(partner, contact)];
    let files = match activity {
        "confirm" => vec![studio.file(format!("AB_{}.pdf", run.case.key), "application/pdf")],
        _ => Vec::new(),
    };
    // One agent writes in her own name with the shared address in copy.
    let mailbox = studio.cast.shared.orders;
    let own = agent == studio.cast.roles.agents[1] && studio.rng.chance(0.3);
    let (by, cc) = match own {
        true => (By::Person(agent), vec![studio.cast.shared_party(mailbox)]),
        false => (By::Agent { person: agent, mailbox }, Vec::new()),
    };
    let (subject, parent) = (String::new(), run.last());
    run.step(studio, activity, Letter { by, to, cc, subject, text, parent, at, files, sort: Sort::Process });
    true
}

fn customer_answers(studio: &mut Studio, run: &mut Run, partner: usize, contact: usize) -> bool {
    let delay = studio.rng.between(3_600, 4 * 86_400);
    let Some(at) = studio.business_hours(run.at(studio) + delay) else { return false };
    let text = phrase(REPLY, &[("{key}", &run.case.key)], &mut studio.rng);
    let to = vec![studio.cast.shared_party(studio.cast.shared.orders)];
    let (by, parent) = (By::Contact(partner, contact), run.last());
    let letter =
        Letter { by, to, cc: vec![], subject: String::new(), text, parent, at, files: vec![], sort: Sort::Process };
    run.step(studio, "answer", letter);
    true
}
