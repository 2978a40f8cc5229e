//! The machines: what sends by itself, from where, to whom and when.

use super::cast::Party;
use super::clock::{Day, is_holiday, is_last_workday_of_month, is_weekend, is_workday, weekday};
use super::post::Route;
use super::studio::Studio;
use super::truth::Cadence;

/// One job of one machine; two jobs may share an address.
#[derive(Clone, Debug)]
pub struct Machine {
    /// What it does, never changed: `scanner`, `erp_confirmations`, …
    pub key: &'static str,
    /// Kind in the words of issue D.
    pub kind: &'static str,
    pub from: Party,
    /// `in`: to us, from inside or outside; `out`: from us to others.
    pub direction: &'static str,
    pub route: Route,
    pub mailer: &'static str,
    pub to: Vec<String>,
    pub cadence: Cadence,
    /// Messages on a working day if irregular, at scale 1.
    pub rate: f64,
    /// Days on which a run failed to come.
    pub missed: Vec<Day>,
}

impl Machine {
    /// Whether a run is due on this day.
    pub fn is_due(&self, day: Day) -> bool {
        match self.cadence.rhythm {
            "daily" => true,
            "weekdays" => is_workday(day),
            "weekly" => !is_holiday(day) && Some(weekday(day)) == self.cadence.weekday,
            "month_end" => is_last_workday_of_month(day),
            _ => false,
        }
    }

    /// How busy an irregular one is on this day.
    pub fn load(&self, day: Day) -> f64 {
        match self.key {
            "monitoring" => self.rate,
            "web_form" | "erp_confirmations" | "saas" if is_weekend(day) => self.rate * 0.15,
            _ if is_workday(day) => self.rate,
            _ => 0.0,
        }
    }
}

fn inside(studio: &Studio, host: &str, net: &str) -> Route {
    Route::Device { host: format!("{host}.lan.{}", studio.cast.domain), ip: net.to_owned() }
}

fn outside(host: &str, ip: &str) -> Route {
    Route::Outside { host: host.to_owned(), ip: ip.to_owned() }
}

/// Thirteen jobs on twelve machines that send to us and one that sends for us.
pub fn machines(studio: &mut Studio) -> Vec<Machine> {
    let mut all = devices(studio);
    all.extend(servers(studio));
    all.extend(reports(studio));
    all.extend(services(studio));
    for machine in &mut all {
        let count = match machine.key {
            "backup" => 2,
            "weekly_report" => 1,
            _ => 0,
        };
        let due: Vec<Day> = (studio.span.0 + 20..studio.span.1 - 20).filter(|day| machine.is_due(*day)).collect();
        machine.missed = studio.rng.some(&due, count);
        machine.missed.sort_unstable();
    }
    all
}

fn irregular() -> Cadence {
    Cadence { rhythm: "irregular", weekday: None, minute: None }
}

fn devices(studio: &mut Studio) -> Vec<Machine> {
    let cast = &studio.cast;
    let address = |index: usize| cast.people[index].address.clone();
    let roles = cast.roles;
    let scanner = *studio.rng.pick(&["scanner", "kopierer", "mfp-02", "scan"]);
    let scan_to: Vec<String> = [roles.accountant, roles.hr, roles.clerk, 10, 17, roles.assistant].map(address).into();
    let fax = cast.at("fax");
    vec![
        Machine {
            key: "scanner",
            kind: "scanner",
            from: Party::new(if scanner == "scan" { "Scan OG2" } else { "" }, cast.at(scanner)),
            direction: "in",
            route: inside(studio, "mfp-02", "10.30.3.41"),
            mailer: "Kontora MFP 4110",
            to: scan_to,
            cadence: irregular(),
            rate: 1.1,
            missed: vec![],
        },
        Machine {
            key: "fax",
            kind: "fax",
            from: Party::new("Fax Server", fax),
            direction: "in",
            route: inside(studio, "faxsrv", "10.30.0.17"),
            mailer: "FaxBridge 7.2",
            to: vec![
                cast.mailboxes[cast.shared.orders].address.clone(),
                cast.mailboxes[cast.shared.info].address.clone(),
            ],
            cadence: irregular(),
            rate: 0.7,
            missed: vec![],
        },
        Machine {
            key: "calendar",
            kind: "calendar",
            from: Party::new("Raum Elbe", cast.at("raum-elbe")),
            direction: "in",
            route: inside(studio, "groupware", "10.30.0.8"),
            mailer: "Terminplaner 4.1",
            to: [roles.assistant, 12, roles.marketing, roles.sales_lead, 18].map(address).into(),
            cadence: irregular(),
            rate: 0.5,
            missed: vec![],
        },
    ]
}

fn servers(studio: &mut Studio) -> Vec<Machine> {
    let cast = &studio.cast;
    let roles = cast.roles;
    let it = cast.mailboxes[cast.shared.it].address.clone();
    let backup_minute = *studio.rng.pick(&[130, 185, 250]);
    let person = |index: usize| cast.people[index].address.clone();
    let erp = Party::new("PlanWerk ERP", cast.at("erp"));
    let orders = cast.mailboxes[cast.shared.orders].address.clone();
    vec![
        Machine {
            key: "erp_confirmations",
            kind: "erp",
            from: erp,
            direction: "in",
            route: inside(studio, "erp-app1", "10.30.0.21"),
            mailer: "PlanWerk Mailer 9.4",
            to: vec![orders, person(roles.clerk)],
            cadence: irregular(),
            rate: 2.2,
            missed: vec![],
        },
        Machine {
            key: "backup",
            kind: "backup",
            from: Party::new("", cast.at("backup")),
            direction: "in",
            route: inside(studio, "nas01", "10.30.0.30"),
            mailer: "",
            to: vec![it.clone()],
            cadence: Cadence { rhythm: "daily", weekday: None, minute: Some(backup_minute) },
            rate: 0.0,
            missed: vec![],
        },
        Machine {
            key: "monitoring",
            kind: "monitoring",
            from: Party::new("Wächter", cast.at("monitor")),
            direction: "in",
            route: inside(studio, "mon1", "10.30.0.33"),
            mailer: "",
            to: vec![it, person(roles.it)],
            cadence: irregular(),
            rate: 0.22,
            missed: vec![],
        },
        Machine {
            key: "invoices_out",
            kind: "erp",
            from: Party::new(cast.company.clone(), cast.at("faktura")),
            direction: "out",
            route: inside(studio, "erp-app1", "10.30.0.21"),
            mailer: "PlanWerk Mailer 9.4",
            to: vec![cast.mailboxes[cast.shared.archive].address.clone()],
            cadence: irregular(),
            rate: 2.0,
            missed: vec![],
        },
    ]
}

fn reports(studio: &mut Studio) -> Vec<Machine> {
    let sales_minute = *studio.rng.pick(&[370, 345, 395]);
    let weekly = (*studio.rng.pick(&[0, 0, 4]), *studio.rng.pick(&[420, 440]));
    let closing_minute = *studio.rng.pick(&[1_110, 1_140]);
    let cast = &studio.cast;
    let roles = cast.roles;
    let person = |index: usize| cast.people[index].address.clone();
    let report = |key, from, host, ip, mailer, to, cadence| Machine {
        key,
        kind: "report",
        from,
        direction: "in",
        route: inside(studio, host, ip),
        mailer,
        to,
        cadence,
        rate: 0.0,
        missed: vec![],
    };
    vec![
        report(
            "daily_sales",
            Party::new("PlanWerk ERP", cast.at("erp")),
            "erp-app1",
            "10.30.0.21",
            "PlanWerk Mailer 9.4",
            vec![person(roles.sales_lead), person(roles.boss)],
            Cadence { rhythm: "daily", weekday: None, minute: Some(sales_minute) },
        ),
        report(
            "month_end",
            Party::new("Fibu Abschluss", cast.at("fibu")),
            "erp-db2",
            "10.30.0.22",
            "PlanWerk Mailer 9.4",
            vec![person(roles.accountant), person(roles.boss)],
            Cadence { rhythm: "month_end", weekday: None, minute: Some(closing_minute) },
        ),
        report(
            "weekly_report",
            Party::new("Berichtswesen", cast.at("bi-report")),
            "bi01",
            "10.30.0.45",
            "Reportlauf/2.0",
            vec![person(roles.deputy), person(roles.boss), person(roles.sales_lead)],
            Cadence { rhythm: "weekly", weekday: Some(weekly.0), minute: Some(weekly.1) },
        ),
    ]
}

fn services(studio: &mut Studio) -> Vec<Machine> {
    let bank_minute = *studio.rng.pick(&[390, 405, 450]);
    let cast = &studio.cast;
    let roles = cast.roles;
    let person = |index: usize| cast.people[index].address.clone();
    vec![
        Machine {
            key: "web_form",
            kind: "web_form",
            from: Party::new(format!("Website {}", cast.company), cast.at("webform")),
            direction: "in",
            route: outside("web113.hosting-insel.example", "203.0.113.77"),
            mailer: "PHPMailer 6.6.0",
            to: vec![cast.mailboxes[cast.shared.info].address.clone()],
            cadence: irregular(),
            rate: 0.7,
            missed: vec![],
        },
        Machine {
            key: "bank",
            kind: "bank",
            from: Party::new("Kontoauszug Service", "kontoauszug@hansebank-nord.example"),
            direction: "in",
            route: outside("out3.hansebank-nord.example", "203.0.113.12"),
            mailer: "",
            to: vec![person(roles.accountant)],
            cadence: Cadence { rhythm: "weekdays", weekday: None, minute: Some(bank_minute) },
            rate: 0.0,
            missed: vec![],
        },
        Machine {
            key: "saas",
            kind: "saas",
            from: Party::new("Ticketlotse", "notifications@ticketlotse.example"),
            direction: "in",
            route: outside("o12.mailer.ticketlotse.example", "203.0.113.140"),
            mailer: "",
            to: [roles.it, roles.deputy, 18, 14].map(person).into(),
            cadence: irregular(),
            rate: 1.3,
            missed: vec![],
        },
    ]
}
