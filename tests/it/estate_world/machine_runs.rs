//! What the machines sent: subjects with running numbers and dates, files, jitter, bursts, and who answered them.

use super::cast::Party;
use super::clock::{
    Day, Stamp, german_day, hour_minute, is_workday, iso_day, local, office_minute, offset_minutes, wall, week,
};
use super::machines::Machine;
use super::names::PARTS;
use super::post::{Attachment, Post, Route, Sort};
use super::studio::{By, Letter, Studio};
use super::texts::euros;

/// Writes the mail of all machines and returns them in the order of their numbers.
pub fn write(studio: &mut Studio) -> Vec<Machine> {
    let machines = super::machines::machines(studio);
    for (number, machine) in machines.iter().enumerate() {
        let mut serial = studio.rng.between(100, 4_000);
        for day in studio.span.0..studio.span.1 {
            if let Some(minute) = machine.cadence.minute {
                if machine.is_due(day) && !machine.missed.contains(&day) {
                    let jitter = studio.rng.between(0, 240);
                    run(studio, number, machine, local(day, minute, jitter), &mut serial);
                }
                continue;
            }
            let scale = if machine.key == "monitoring" { studio.scale.max(0.5) } else { studio.scale.max(0.4) };
            let mut count = studio.rng.poisson(machine.load(day) * scale);
            if machine.key == "monitoring" && count > 0 {
                count += studio.rng.below(6);
            }
            moments(studio, machine, day, count)
                .into_iter()
                .for_each(|at| run(studio, number, machine, at, &mut serial));
        }
    }
    machines
}

/// When an irregular machine sends on one day; alarms come in bursts at any hour.
fn moments(studio: &mut Studio, machine: &Machine, day: Day, count: usize) -> Vec<Stamp> {
    let begins = studio.rng.between(0, 1_439);
    let mut moments: Vec<Stamp> = (0..count as i64)
        .map(|nth| match machine.key {
            "monitoring" => local(day, (begins + nth * 3).min(1_439), studio.rng.between(0, 59)),
            "web_form" => local(day, studio.rng.between(360, 1_420), studio.rng.between(0, 59)),
            _ => local(day, office_minute(&mut studio.rng), studio.rng.between(0, 59)),
        })
        .collect();
    moments.sort_unstable();
    moments
}

/// One message of a machine.
fn run(studio: &mut Studio, number: usize, machine: &Machine, at: Stamp, serial: &mut i64) {
    *serial += studio.rng.between(1, 3);
    let (subject, text, files) = content(studio, machine, at, *serial);
    let domain = studio.cast.domain.clone();
    let host = match &machine.route {
        Route::Device { host, .. } | Route::Desk { host, .. } | Route::Outside { host, .. } => host.clone(),
    };
    // The copier writes no Message-ID; the mail server puts one on.
    let id_host = if machine.key == "scanner" { format!("mail.{domain}") } else { host };
    let message_id = studio.new_id(machine.mailer, &id_host);
    // Who changed her name was written to under the old one before.
    let cast = studio.cast.clone();
    let party = |address: &String| {
        let before = cast.people.iter().find(|who| who.address == *address).and_then(|who| who.former.clone());
        match before {
            Some((_, former, changed)) if wall(at).0 < changed => Party::new("", former),
            _ => Party::new("", address.clone()),
        }
    };
    let mut post = Post {
        message_id,
        at,
        zone: (machine.key == "saas").then_some(0),
        from: machine.from.clone(),
        sender: None,
        reply_to: None,
        to: vec![],
        cc: vec![],
        bcc: vec![],
        subject,
        fresh: text.clone(),
        text,
        html: machine.key == "saas" || machine.key == "weekly_report",
        files,
        in_reply_to: None,
        references: vec![],
        extra: vec![],
        mailer: machine.mailer.to_owned(),
        route: machine.route.clone(),
        sort: Sort::Machine(number),
        kept_by: None,
        writer: None,
        placed: vec![],
    };
    match machine.key {
        "scanner" | "calendar" | "saas" => post.to = vec![party(studio.rng.pick(&machine.to))],
        "fax" => post.to = vec![party(&machine.to[usize::from(studio.rng.chance(0.25))])],
        "invoices_out" => {
            let customers: Vec<usize> =
                (0..studio.partners.len()).filter(|at| studio.partners[*at].trade == "customer").collect();
            let customer = *studio.rng.pick(&customers);
            post.to = vec![studio.partners[customer].contacts[0].clone()];
            post.bcc = vec![party(&machine.to[0])];
        }
        _ => post.to = machine.to.iter().map(party).collect(),
    }
    headers(studio, machine, &mut post);
    let written = studio.push(post);
    answered(studio, machine, written);
}

fn headers(studio: &mut Studio, machine: &Machine, post: &mut Post) {
    let mut extra = |name: &str, value: String| post.extra.push((name.to_owned(), value));
    match machine.key {
        "backup" | "daily_sales" | "month_end" | "weekly_report" => {
            extra("Auto-Submitted", "auto-generated".to_owned());
        }
        "monitoring" => {
            extra("X-Priority", "1".to_owned());
            extra("Precedence", "bulk".to_owned());
        }
        "saas" => {
            extra("List-Unsubscribe", "<https://ticketlotse.example/u/7781>".to_owned());
            extra("X-Ticketlotse-Event", "ticket.updated".to_owned());
            extra("Auto-Submitted", "auto-generated".to_owned());
        }
        "web_form" => {
            let name = *studio.rng.pick(super::names::LAST);
            let address = format!("{}{}@freepost.example", super::names::fold(name), studio.rng.between(1, 99));
            post.reply_to = Some(Party::new(name, address));
        }
        _ => {}
    }
}

fn content(studio: &mut Studio, machine: &Machine, at: Stamp, serial: i64) -> (String, String, Vec<Attachment>) {
    let (day, minute) = wall(at);
    let (subject, body) = match machine.cadence.minute {
        Some(_) => scheduled_text(studio, machine, day, serial),
        None if ["scanner", "fax", "calendar"].contains(&machine.key) => {
            device_text(studio, machine, (day, minute), serial)
        }
        None => event_text(studio, machine, (day, minute), serial),
    };
    let files = machine_files(studio, machine, day, serial);
    (subject, body, files)
}

fn device_text(studio: &mut Studio, machine: &Machine, (day, minute): (Day, i64), serial: i64) -> (String, String) {
    let (date, time) = (german_day(day), hour_minute(minute));
    match machine.key {
        "scanner" => (
            "Message from MFP-02".to_owned(),
            format!(
                "This E-mail was sent from \"MFP-02\".\n\nScan Date: {date} {time}\nQueries to: {}\n",
                machine.from.address
            ),
        ),
        "fax" => (
            format!("Fax von +49 4000 {} ({} Seiten)", studio.rng.between(10_000, 99_999), 1 + serial % 4),
            format!("Ein Fax ist eingegangen.\nJob: {serial}\nEmpfangen: {date} {time}\n"),
        ),
        _ => {
            let answer = if studio.rng.chance(0.85) { "Angenommen" } else { "Abgelehnt" };
            let part = studio.rng.word(PARTS);
            let when = german_day(day + 3);
            (
                format!("{answer}: Besprechung {part}"),
                format!("Ihre Buchung für Raum Elbe am {when} wurde bearbeitet.\n"),
            )
        }
    }
}

fn event_text(studio: &mut Studio, machine: &Machine, (day, minute): (Day, i64), serial: i64) -> (String, String) {
    let amount = euros(studio.rng.between(120, 48_000), false);
    let part = studio.rng.word(PARTS);
    let firms = studio.partners.iter().filter(|partner| !partner.freemail).count();
    let partner = studio.partners.iter().filter(|partner| !partner.freemail).nth(studio.rng.below(firms));
    let partner = partner.map(|partner| partner.name.clone()).unwrap_or_default();
    match machine.key {
        "erp_confirmations" => (
            format!("Auftragsbestätigung AB-{} zu Bestellung {}", 20_000 + serial, 4_500_000 + serial * 3),
            format!(
                "Auftrag: AB-{}\nKunde: {partner}\nPosition 10: {part}\nSumme: {amount} EUR\nLiefertermin: {}\n",
                20_000 + serial,
                german_day(day + 14)
            ),
        ),
        "monitoring" => {
            let host = studio.rng.word(&["sw-halle3", "erp-app1", "nas01", "usv-keller", "gw-vpn"]);
            let state = studio.rng.word(&["CRITICAL", "WARNING", "OK"]);
            let when = format!("{} {}", iso_day(day), hour_minute(minute));
            let text = format!("Service: ping\nHost: {host}\nState: {state}\nDate/Time: {when}\n");
            (format!("** {state}: {host}/ping **"), text)
        }
        "invoices_out" => {
            let (number, company) = (70_000 + serial, &studio.cast.company);
            let text = format!("anbei erhalten Sie unsere Rechnung RE-{number} über {amount} EUR.\n\n{company}\n");
            (format!("Rechnung RE-{number}"), format!("Sehr geehrte Damen und Herren,\n\n{text}"))
        }
        "web_form" => {
            let name = studio.rng.word(super::names::LAST);
            let wish = format!("Ich interessiere mich für {part}, bitte um ein Angebot.");
            let subject = "Neue Anfrage über das Kontaktformular".to_owned();
            (subject, format!("Name: {name}\nNachricht: {wish}\nSeite: /kontakt\n"))
        }
        _ => {
            let ticket = 1_000 + serial / 3;
            let text = format!("Ticket TL-{ticket} wurde aktualisiert.\nPriorität: normal\nBearbeiter: -\n");
            (format!("[TL-{ticket}] {part}: Status geändert"), text)
        }
    }
}

fn scheduled_text(studio: &mut Studio, machine: &Machine, day: Day, serial: i64) -> (String, String) {
    let (date, iso, before) = (german_day(day), iso_day(day), german_day(day - 1));
    let amount = euros(studio.rng.between(120, 48_000), false);
    let mut some = |low, high| studio.rng.between(low, high);
    match machine.key {
        "backup" => {
            let state = if some(0, 99) < 93 { "Erfolg" } else { "Warnung" };
            let (minutes, size) = (some(31, 74), some(310, 420));
            let text = format!("Auftrag: Vollsicherung\nDauer: {minutes} min\nDaten: {size} GB\nErgebnis: {state}\n");
            (format!("[NAS01] Sicherung {iso}: {state}"), text)
        }
        "daily_sales" => {
            let (orders, open) = (some(2, 19), some(40, 90));
            let text = format!("Umsatz {before}: {amount} EUR\nAuftragseingang: {orders}\nOffene Posten: {open}\n");
            (format!("Tagesumsatz {before}"), text)
        }
        "month_end" => {
            let (month, entries) = (&iso[..7], some(900, 1_900));
            let text =
                format!("Abschlusslauf {month} beendet.\nBuchungen: {entries}\nFehler: 0\nSaldo: {amount} EUR\n");
            (format!("Monatsabschluss {month} Protokoll"), text)
        }
        "weekly_report" => {
            let (load, in_time, claims) = (some(70, 98), some(81, 99), some(0, 5));
            let text = format!("Auslastung: {load} %\nTermintreue: {in_time} %\nReklamationen: {claims}\n");
            (format!("Wochenbericht KW {:02}", week(day - 7)), text)
        }
        _ => {
            let text = format!("Ihr Kontoauszug Nr. {serial} steht bereit.\nKonto: DE00 **** 4711\n");
            (format!("Kontoauszug vom {date}"), text)
        }
    }
}

fn machine_files(studio: &mut Studio, machine: &Machine, day: Day, serial: i64) -> Vec<Attachment> {
    let iso = iso_day(day);
    let (name, ending) = match machine.key {
        "scanner" => (format!("scan_{:04}.pdf", serial % 10_000), "pdf"),
        "fax" if serial % 3 == 0 => (format!("fax_{serial}.tif"), "tif"),
        "fax" => (format!("fax_{serial}.pdf"), "pdf"),
        "invoices_out" => (format!("RE-{}.pdf", 70_000 + serial), "pdf"),
        "month_end" => (format!("abschluss_{}.xlsx", &iso[..7]), "xlsx"),
        "bank" => (format!("auszug_{iso}.sta"), "sta"),
        "calendar" => {
            let mut reply = studio.file("", "text/calendar; method=REPLY");
            let head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n";
            let starts = iso_day(day + 3).replace('-', "");
            let event = format!("UID:{serial}@groupware\r\nDTSTART:{starts}T080000Z\r\n");
            reply.text = Some(format!("{head}{event}END:VEVENT\r\nEND:VCALENDAR\r\n"));
            return vec![reply];
        }
        _ => return Vec::new(),
    };
    vec![studio.file(name, super::render::media_type(ending))]
}

/// People write back to a machine now and then, or send what it said on to a colleague; the web form is answered.
fn answered(studio: &mut Studio, machine: &Machine, number: usize) {
    let (probability, shared) = match machine.key {
        "web_form" => (0.7, Some(studio.cast.shared.info)),
        "saas" | "scanner" => (0.03, None),
        "backup" | "daily_sales" => (0.012, None),
        _ => return,
    };
    if !studio.rng.chance(probability) {
        return;
    }
    let post = studio.posts[number].clone();
    let reader = match machine.key {
        "backup" => studio.cast.roles.it,
        "web_form" => studio.cast.roles.agents[0],
        _ => match studio.cast.people.iter().position(|who| who.address == post.to[0].address) {
            Some(reader) => reader,
            None => return,
        },
    };
    let Some(at) = super::talk::later(studio, reader, post.at) else { return };
    let on = studio.rng.chance(0.6) && shared.is_none();
    let (to, subject, text) = match (&post.reply_to, on) {
        (Some(customer), _) => {
            (customer.clone(), "", "vielen Dank für Ihre Anfrage, das Angebot folgt in den nächsten Tagen.")
        }
        (None, true) => {
            let other = (reader + 1) % 15;
            (studio.person(other, at), "WG: ", "zur Info, kannst du da mal draufschauen?")
        }
        (None, false) => (post.from.clone(), "", "bitte keine Doppelten mehr schicken."),
    };
    let subject = if subject.is_empty() { String::new() } else { format!("{subject}{}", post.subject) };
    let by = match shared {
        Some(mailbox) => By::Agent { person: reader, mailbox },
        None => By::Person(reader),
    };
    debug_assert!(offset_minutes(at) > 0 && is_workday(wall(at).0));
    let (to, text) = (vec![to], text.to_owned());
    studio.write(Letter {
        by,
        to,
        cc: vec![],
        subject,
        text,
        parent: Some(number),
        at,
        files: vec![],
        sort: Sort::Talk,
    });
}
