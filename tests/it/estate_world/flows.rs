//! More processes of known truth, written when `Options::processes` asks for them: tickets of a machine, a weekly report,
//! orders confirmed from outside, reviews of contracts, onboarding, a yearly renewal, travel that is allowed by word of mouth.
//!
//! Texts are put together from several lists, so that hardly two steps read the same; activities carry the words of the
//! inventory.

use super::approvals::say;
use super::cast::Party;
use super::clock::{Day, german_day, is_workday, local, office_minute, week, weekday};
use super::flow_texts::*;
use super::names::PARTS;
use super::post::{Post, Route, Sort};
use super::process::{Run, record};
use super::studio::{By, Letter, Studio};
use super::texts::{euros, phrase};

/// Writes all of them.
pub fn write(studio: &mut Studio) {
    let days: Vec<Day> = (studio.span.0..studio.span.1).filter(|day| is_workday(*day)).collect();
    let rate = 44.0 / days.len() as f64;
    let (mut tickets, mut orders, mut contracts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut starts, mut travels) = (Vec::new(), Vec::new());
    let mut serial = studio.rng.between(20_100, 30_000);
    for day in &days {
        for _ in 0..studio.rng.poisson(rate) {
            serial += studio.rng.between(1, 30);
            tickets.push(ticket(studio, *day, serial));
        }
        for _ in 0..studio.rng.poisson(rate) {
            serial += studio.rng.between(1, 30);
            orders.push(order(studio, *day, serial));
        }
        for _ in 0..studio.rng.poisson(rate * 0.9) {
            contracts.push(contract(studio, *day));
        }
        if studio.rng.chance(rate * 0.9) && starts.len() < NEWCOMERS.len() {
            starts.push(onboarding(studio, *day, NEWCOMERS[starts.len()]));
        }
        for _ in 0..studio.rng.poisson(rate) {
            travels.push(travel(studio, *day));
        }
    }
    let reports = reports(studio, &days);
    let renewals = renewals(studio);
    record(
        studio,
        "it_ticket",
        "ticket",
        &["identifier", "Ticket=number", "Melder=text", "Betreff=text", "Priorität=text"],
        tickets,
    );
    record(studio, "order_confirmation", "intake", &["identifier", "file"], orders);
    record(studio, "contract_review", "review", &["file"], contracts);
    record(studio, "onboarding", "handoff", &["date", "file"], starts);
    record(studio, "travel_booking", "not visible", &["date"], travels);
    record(studio, "weekly_sales_report", "report", &["amount", "file"], reports);
    record(studio, "maintenance_renewal", "candidate", &["amount", "file"], renewals);
}

fn begins(studio: &mut Studio, day: Day) -> i64 {
    local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59))
}

fn someone(studio: &mut Studio, day: Day, not: &[usize]) -> Option<usize> {
    for _ in 0..20 {
        let one = studio.rng.below(studio.cast.people.len());
        if !not.contains(&one) && studio.cast.is_available(one, day) {
            return Some(one);
        }
    }
    None
}

/// A program opens and closes it; people write in between.
fn ticket(studio: &mut Studio, day: Day, serial: i64) -> Run {
    let mut run = Run::new(format!("#{serial}"), None);
    let it = studio.cast.roles.it;
    let Some(asker) = someone(studio, day, &[it]) else { return run };
    let at = begins(studio, day);
    let fault = *studio.rng.pick(FAULTS);
    let subject = format!("[#{serial}] {fault}");
    let who = studio.cast.name(asker);
    let text = format!(
        "Neues Ticket\n\nTicket: {serial}\nMelder: {who}\nBetreff: {fault}\nPriorität: {}\n\nDiese Nachricht wurde automatisch erzeugt.",
        ["niedrig", "normal", "hoch"][studio.rng.below(3)]
    );
    let (to, cc) = (studio.people(&[it], at), studio.people(&[asker], at));
    machine(studio, &mut run, to, cc, subject, text, at);
    if studio.rng.chance(0.35)
        && (!say(studio, &mut run, "ask back", it, &[asker], &[], TICKET_ASK)
            || !say(studio, &mut run, "deliver", asker, &[it], &[], TICKET_SAY))
    {
        return run;
    }
    if studio.rng.chance(0.4) && !say(studio, &mut run, "confirm", it, &[asker], &[], TICKET_TAKEN) {
        return run;
    }
    if studio.rng.chance(0.08) {
        return run;
    }
    if say(studio, &mut run, "confirm", it, &[asker], &[], TICKET_DONE) {
        let at = run.at(studio) + studio.rng.between(60, 4_000);
        let text = format!("Das Ticket {serial} wurde geschlossen.\n\nDiese Nachricht wurde automatisch erzeugt.");
        let (to, cc) = (studio.people(&[asker], at), studio.people(&[it], at));
        if at < studio.end() {
            machine(studio, &mut run, to, cc, format!("[#{serial}] {fault} - geschlossen"), text, at);
            run.case.named.push("geschlossen".to_owned());
            run.close("done");
        }
    }
    run
}

fn machine(studio: &mut Studio, run: &mut Run, to: Vec<Party>, cc: Vec<Party>, subject: String, text: String, at: i64) {
    let from = Party::new("Helpdesk", studio.cast.at("helpdesk"));
    let host = format!("tickets.{}", studio.cast.domain);
    let message_id = studio.new_id("osTicket", &host);
    let post = studio.push(Post {
        message_id: message_id.clone(),
        at,
        zone: None,
        from: from.clone(),
        sender: None,
        reply_to: None,
        to,
        cc,
        bcc: vec![],
        subject,
        fresh: text.clone(),
        text,
        html: false,
        files: vec![],
        in_reply_to: None,
        references: vec![],
        extra: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        mailer: "osTicket 1.17".to_owned(),
        route: Route::Device { host, ip: "10.20.0.77".to_owned() },
        sort: Sort::Process,
        kept_by: None,
        writer: None,
        placed: vec![],
    });
    run.case.steps.push(super::truth::Step {
        activity: "notify",
        actor: from.address,
        at: super::clock::iso(at),
        message_id,
        copies: 0,
    });
    run.posts.push(post);
}

/// A letter that begins a run or goes on under a subject of its own.
#[allow(clippy::too_many_arguments, reason = "each is one part of a letter")]
fn letter(
    studio: &mut Studio,
    run: &mut Run,
    activity: &'static str,
    by: By,
    to: Vec<Party>,
    (subject, text): (String, String),
    (at, parent): (i64, Option<usize>),
    file: Option<&str>,
) {
    let files =
        file.map(|name| studio.file(name, super::render::media_type(name.rsplit('.').next().unwrap_or_default())));
    let files = files.into_iter().collect();
    run.step(studio, activity, Letter { by, to, cc: vec![], subject, text, parent, at, files, sort: Sort::Process });
}

fn order(studio: &mut Studio, day: Day, serial: i64) -> Run {
    let key = format!("45{serial}");
    let mut run = Run::new(key.clone(), Some(studio.rng.between(200, 30_000)));
    let suppliers: Vec<usize> =
        (0..studio.partners.len()).filter(|at| studio.partners[*at].trade == "supplier").collect();
    let partner = *studio.rng.pick(&suppliers);
    let contact = studio.rng.below(studio.partners[partner].contacts.len());
    let roles = studio.cast.roles;
    let buyers = [roles.head_of_purchasing, roles.clerk];
    let buyer = buyers[studio.rng.below(2)];
    if !studio.cast.is_available(buyer, day) {
        return run;
    }
    let amount = euros(run.case.amount.unwrap_or_default(), false);
    let part = *studio.rng.pick(PARTS);
    let date = german_day(day + studio.rng.between(10, 50));
    let slots = [("{key}", key.as_str()), ("{amount}", amount.as_str()), ("{part}", part), ("{date}", date.as_str())];
    let at = begins(studio, day);
    let subject = phrase(
        &["Bestellung {key}", "Unsere Bestellung {key} {part}", "Purchase order {key}", "Bestellung Nr. {key}"],
        &slots,
        &mut studio.rng,
    );
    let text = phrase(ORDER_OUT, &slots, &mut studio.rng);
    let to = vec![studio.contact(partner, contact)];
    letter(
        studio,
        &mut run,
        "request",
        By::Person(buyer),
        to,
        (subject, text),
        (at, None),
        Some(&format!("Bestellung_{key}.pdf")),
    );
    let delay = studio.rng.between(7_200, 4 * 86_400);
    let Some(at) = studio.business_hours(run.at(studio) + delay) else { return run };
    if studio.rng.chance(0.06) {
        return run;
    }
    let own = studio.rng.between(100_000, 999_999);
    // Their system writes a mail of its own.
    let fresh = studio.rng.chance(0.4);
    let subject = if fresh { format!("Auftragsbestätigung AB-{own} zu {key}") } else { String::new() };
    let parent = if fresh { None } else { run.last() };
    let text = phrase(ORDER_BACK, &slots, &mut studio.rng);
    let to = studio.people(&[buyer], at);
    let by = By::Contact(partner, contact);
    letter(studio, &mut run, "confirm", by, to, (subject, text), (at, parent), Some(&format!("AB_{own}.pdf")));
    if studio.rng.chance(0.2) {
        let Some(at) = super::talk::later(studio, buyer, run.at(studio)) else { return run };
        let (to, text) = (vec![studio.contact(partner, contact)], phrase(ORDER_WRONG, &slots, &mut studio.rng));
        let parent = run.last();
        letter(studio, &mut run, "ask back", By::Person(buyer), to, (String::new(), text), (at, parent), None);
        let delay = studio.rng.between(7_200, 2 * 86_400);
        let Some(at) = studio.business_hours(run.at(studio) + delay) else { return run };
        let (to, text) = (studio.people(&[buyer], at), phrase(ORDER_RIGHT, &slots, &mut studio.rng));
        let parent = run.last();
        letter(
            studio,
            &mut run,
            "deliver",
            by,
            to,
            (String::new(), text),
            (at, parent),
            Some(&format!("AB_{own}_neu.pdf")),
        );
    }
    let delay = studio.rng.between(5 * 86_400, 25 * 86_400);
    let Some(at) = studio.business_hours(run.at(studio) + delay) else { return run };
    let (to, text) = (studio.people(&[buyer], at), phrase(ORDER_SENT, &slots, &mut studio.rng));
    let subject = phrase(
        &["Versandanzeige {key}", "Lieferung zu Bestellung {key}", "Your order {key} has shipped"],
        &slots,
        &mut studio.rng,
    );
    letter(studio, &mut run, "notify", by, to, (subject, text), (at, None), None);
    run.close("done");
    run
}

fn contract(studio: &mut Studio, day: Day) -> Run {
    let partner = studio.rng.below(studio.partners.len());
    let firm = studio.partners[partner].name.clone();
    let short = firm.split(' ').next().unwrap_or("Partner").to_owned();
    let mut run = Run::new(format!("{firm} {}", super::clock::iso_day(day)), None);
    let roles = studio.cast.roles;
    let authors = [roles.sales_lead, roles.head_of_purchasing, roles.marketing];
    let author = authors[studio.rng.below(3)];
    let reviewer = roles.deputy;
    if !studio.cast.is_available(author, day) {
        return run;
    }
    let slots = [("{firm}", firm.as_str())];
    let kind = ["Rahmenvertrag", "Liefervertrag", "NDA", "Servicevertrag"][studio.rng.below(4)];
    let subject = phrase(
        &[
            &format!("{kind} {firm}"),
            &format!("Vertrag {firm}: Entwurf"),
            &format!("Prüfung {kind} {short}"),
            &format!("{kind} with {firm}, draft"),
        ],
        &slots,
        &mut studio.rng,
    );
    let at = begins(studio, day);
    let (to, text) = (studio.people(&[reviewer], at), phrase(CONTRACT_FIRST, &slots, &mut studio.rng));
    let stem = format!("{kind}_{short}");
    letter(
        studio,
        &mut run,
        "request",
        By::Person(author),
        to,
        (subject, text),
        (at, None),
        Some(&format!("{stem}_v1.docx")),
    );
    let mut version = 1;
    run.case.named.push("v1".to_owned());
    for _ in 0..1 + studio.rng.below(2) {
        for (activity, by, to, words) in
            [("deliver", reviewer, author, CONTRACT_MARKED), ("deliver", author, reviewer, CONTRACT_NEXT)]
        {
            version += 1;
            let Some(at) = super::talk::later(studio, by, run.at(studio)) else { return run };
            let (to, text) = (studio.people(&[to], at), phrase(words, &slots, &mut studio.rng));
            let parent = run.last();
            let file = format!("{stem}_v{version}.docx");
            letter(studio, &mut run, activity, By::Person(by), to, (String::new(), text), (at, parent), Some(&file));
            run.case.named.push(format!("v{version}"));
        }
    }
    if studio.rng.chance(0.1) {
        return run;
    }
    if studio.rng.chance(0.15) {
        if say(studio, &mut run, "refuse", reviewer, &[author], &[], CONTRACT_NO) {
            run.close("refused");
        }
    } else if say(studio, &mut run, "approve", reviewer, &[author], &[roles.boss], CONTRACT_YES) {
        run.close("approved");
    }
    run
}

fn onboarding(studio: &mut Studio, day: Day, who: &str) -> Run {
    let mut run = Run::new(who.to_owned(), None);
    let roles = studio.cast.roles;
    if !studio.cast.is_available(roles.hr, day) {
        return run;
    }
    let date = german_day(day + studio.rng.between(14, 40));
    let slots = [("{who}", who), ("{date}", date.as_str())];
    let at = begins(studio, day);
    let subject = phrase(
        &["Eintritt {who} am {date}", "Neu bei uns: {who}", "Onboarding {who}", "{who} - Eintritt {date}"],
        &slots,
        &mut studio.rng,
    );
    let mut text = phrase(NEW_PERSON, &slots, &mut studio.rng);
    text.push_str("\n\n- Rechner und Konto\n- Schlüssel\n- Telefon\n- Zeiterfassung");
    let helpers = [roles.it, roles.assistant, roles.clerk];
    let to = studio.people(&helpers, at);
    letter(
        studio,
        &mut run,
        "request",
        By::Person(roles.hr),
        to,
        (subject, text),
        (at, None),
        Some("Checkliste_Eintritt.xlsx"),
    );
    let request = run.last();
    for helper in helpers {
        if studio.rng.chance(0.1) {
            continue;
        }
        let Some(at) = super::talk::later(studio, helper, run.at(studio)) else { return run };
        let (to, text) = (studio.people(&[roles.hr], at), phrase(READY, &slots, &mut studio.rng));
        letter(studio, &mut run, "confirm", By::Person(helper), to, (String::new(), text), (at, request), None);
    }
    run.close("done");
    run
}

/// The boss is asked in the corridor; the mail shows only the booking.
fn travel(studio: &mut Studio, day: Day) -> Run {
    let assistant = studio.cast.roles.assistant;
    let Some(asker) = someone(studio, day, &[assistant]) else { return Run::new(String::new(), None) };
    let town = *studio.rng.pick(TOWNS);
    let date = german_day(day + studio.rng.between(5, 40));
    let mut run = Run::new(format!("{town} {date} {asker}"), None);
    let slots = [("{town}", town), ("{date}", date.as_str())];
    let at = begins(studio, day);
    let subject = phrase(
        &["Reise {town} {date}", "Dienstreise {town}", "Travel to {town}, {date}", "Buchung {town} {date}"],
        &slots,
        &mut studio.rng,
    );
    let (to, text) = (studio.people(&[assistant], at), phrase(TRAVEL, &slots, &mut studio.rng));
    letter(studio, &mut run, "request", By::Person(asker), to, (subject, text), (at, None), None);
    if say(studio, &mut run, "confirm", assistant, &[asker], &[], BOOKED) {
        run.close("done");
    }
    run
}

fn reports(studio: &mut Studio, days: &[Day]) -> Vec<Run> {
    let roles = studio.cast.roles;
    let mut runs = Vec::new();
    for day in days.iter().copied().filter(|day| weekday(*day) == 4) {
        if studio.rng.chance(0.05) || !studio.cast.is_available(roles.sales_lead, day) {
            continue;
        }
        let number = week(day);
        let mut run =
            Run::new(format!("KW {number} {}", super::clock::iso_day(day)), Some(studio.rng.between(20_000, 180_000)));
        let amount = euros(run.case.amount.unwrap_or_default(), false);
        let text = phrase(REPORT, &[("{amount}", &amount)], &mut studio.rng);
        let at = local(day, 15 * 60 + studio.rng.between(0, 75), 0);
        let to = studio.people(&[roles.boss, roles.deputy], at);
        let file = format!("Vertrieb_KW{number:02}.xlsx");
        letter(
            studio,
            &mut run,
            "report",
            By::Person(roles.sales_lead),
            to,
            (format!("Vertriebsbericht KW {number}"), text),
            (at, None),
            Some(&file),
        );
        if studio.rng.chance(0.12) {
            say(studio, &mut run, "notify", roles.boss, &[roles.sales_lead], &[], NOTED);
        }
        run.close("done");
        runs.push(run);
    }
    runs
}

/// Twice, a year apart, if the time covered is long enough.
fn renewals(studio: &mut Studio) -> Vec<Run> {
    let roles = studio.cast.roles;
    let partner = (0..studio.partners.len()).find(|at| studio.partners[*at].trade == "supplier").unwrap_or(0);
    let first = studio.span.0 + 40 + studio.rng.between(0, 40);
    let mut runs = Vec::new();
    for mut day in [first, first + 364] {
        while !is_workday(day) || !studio.cast.is_available(roles.clerk, day) {
            day += 1;
        }
        let mut run = Run::new(format!("{}", super::clock::civil(day).0), Some(studio.rng.between(4_000, 4_800)));
        let amount = euros(run.case.amount.unwrap_or_default(), false);
        let at = begins(studio, day);
        if day + 20 >= studio.span.1 {
            break;
        }
        let (to, text) = (studio.people(&[roles.clerk], at), phrase(RENEW, &[("{amount}", &amount)], &mut studio.rng));
        let subject = format!("Wartungsvertrag Kompressoren {}: Verlängerung", super::clock::civil(day).0 + 1);
        let file = format!("Angebot_Wartung_{}.pdf", super::clock::civil(day).0 + 1);
        letter(studio, &mut run, "deliver", By::Contact(partner, 0), to, (subject, text), (at, None), Some(&file));
        let _ = say(studio, &mut run, "request", roles.clerk, &[roles.deputy], &[], RENEW_ASK)
            && say(studio, &mut run, "approve", roles.deputy, &[roles.clerk], &[], RENEW_YES);
        run.close("approved");
        runs.push(run);
    }
    runs
}
