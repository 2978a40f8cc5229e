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
    let (date, iso) = (german_day(day), iso_day(day));
    let amount = euros(studio.rng.between(120, 48_000), false);
    let part = *studio.rng.pick(PARTS);
    let partner = studio.partners[studio.rng.below(36)].name.clone();
    let text = |subject: String, body: String| (subject, body);
    let (mut files, (subject, body)) = (
        Vec::new(),
        match machine.key {
            "scanner" => text(
                format!("Message from {}", "MFP-02"),
                format!(
                    "This E-mail was sent from \"MFP-02\".\n\nScan Date: {date} {}\nQueries to: {}\n",
                    hour_minute(minute),
                    machine.from.address
                ),
            ),
            "fax" => text(
                format!("Fax von +49 4000 {} ({} Seiten)", studio.rng.between(10_000, 99_999), 1 + serial % 4),
                format!("Ein Fax ist eingegangen.\nJob: {serial}\nEmpfangen: {date} {}\n", hour_minute(minute)),
            ),
            "calendar" => text(
                format!("{}: Besprechung {part}", if studio.rng.chance(0.85) { "Angenommen" } else { "Abgelehnt" }),
                format!("Ihre Buchung für Raum Elbe am {} wurde bearbeitet.\n", german_day(day + 3)),
            ),
            "erp_confirmations" => text(
                format!("Auftragsbestätigung AB-{} zu Bestellung {}", 20_000 + serial, 4_500_000 + serial * 3),
                format!(
                    "Auftrag: AB-{}\nKunde: {partner}\nPosition 10: {part}\nSumme: {amount} EUR\nLiefertermin: {}\n",
                    20_000 + serial,
                    german_day(day + 14)
                ),
            ),
            "backup" => {
                let state = if studio.rng.chance(0.93) { "Erfolg" } else { "Warnung" };
                text(
                    format!("[NAS01] Sicherung {iso}: {state}"),
                    format!(
                        "Auftrag: Vollsicherung\nDauer: {} min\nDaten: {} GB\nErgebnis: {state}\n",
                        studio.rng.between(31, 74),
                        studio.rng.between(310, 420)
                    ),
                )
            }
            "monitoring" => {
                let host = *studio.rng.pick(&["sw-halle3", "erp-app1", "nas01", "usv-keller", "gw-vpn"]);
                let state = *studio.rng.pick(&["CRITICAL", "WARNING", "OK"]);
                text(
                    format!("** {state}: {host}/ping **"),
                    format!("Service: ping\nHost: {host}\nState: {state}\nDate/Time: {iso} {}\n", hour_minute(minute)),
                )
            }
            "invoices_out" => text(
                format!("Rechnung RE-{}", 70_000 + serial),
                format!(
                    "Sehr geehrte Damen und Herren,\n\nanbei erhalten Sie unsere Rechnung RE-{} über {amount} EUR.\n\n{}\n",
                    70_000 + serial,
                    studio.cast.company
                ),
            ),
            "daily_sales" => text(
                format!("Tagesumsatz {}", german_day(day - 1)),
                format!(
                    "Umsatz {}: {amount} EUR\nAuftragseingang: {}\nOffene Posten: {}\n",
                    german_day(day - 1),
                    studio.rng.between(2, 19),
                    studio.rng.between(40, 90)
                ),
            ),
            "month_end" => text(
                format!("Monatsabschluss {} Protokoll", &iso[..7]),
                format!(
                    "Abschlusslauf {} beendet.\nBuchungen: {}\nFehler: 0\nSaldo: {amount} EUR\n",
                    &iso[..7],
                    studio.rng.between(900, 1_900)
                ),
            ),
            "weekly_report" => text(
                format!("Wochenbericht KW {:02}", week(day - 7)),
                format!(
                    "Auslastung: {} %\nTermintreue: {} %\nReklamationen: {}\n",
                    studio.rng.between(70, 98),
                    studio.rng.between(81, 99),
                    studio.rng.between(0, 5)
                ),
            ),
            "web_form" => text(
                "Neue Anfrage über das Kontaktformular".to_owned(),
                format!(
                    "Name: {}\nNachricht: Ich interessiere mich für {part}, bitte um ein Angebot.\nSeite: /kontakt\n",
                    studio.rng.pick(super::names::LAST)
                ),
            ),
            "bank" => text(
                format!("Kontoauszug vom {date}"),
                format!("Ihr Kontoauszug Nr. {serial} steht bereit.\nKonto: DE00 **** 4711\n"),
            ),
            _ => text(
                format!("[TL-{}] {part}: Status geändert", 1_000 + serial / 3),
                format!("Ticket TL-{} wurde aktualisiert.\nPriorität: normal\nBearbeiter: -\n", 1_000 + serial / 3),
            ),
        },
    );
    let name = match machine.key {
        "scanner" => Some((format!("scan_{:04}.pdf", serial % 10_000), "pdf")),
        "fax" if serial % 3 == 0 => Some((format!("fax_{serial}.tif"), "tif")),
        "fax" => Some((format!("fax_{serial}.pdf"), "pdf")),
        "invoices_out" => Some((format!("RE-{}.pdf", 70_000 + serial), "pdf")),
        "month_end" => Some((format!("abschluss_{}.xlsx", &iso[..7]), "xlsx")),
        "bank" => Some((format!("auszug_{iso}.sta"), "sta")),
        _ => None,
    };
    if let Some((name, ending)) = name {
        files.push(studio.file(name, super::render::media_type(ending)));
    }
    if machine.key == "calendar" {
        let mut reply = studio.file("", "text/calendar; method=REPLY");
        reply.text = Some(format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{serial}@groupware\r\nDTSTART:{}T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            iso_day(day + 3).replace('-', "")
        ));
        files.push(reply);
    }
    (subject, body, files)
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
