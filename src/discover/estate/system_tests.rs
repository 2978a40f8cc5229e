use super::*;

const DAY: i64 = 86_400;
/// 2024-01-01, a Monday.
const START: i64 = 19_723 * DAY;

fn sender(templates: &[(&str, Vec<i64>, Option<&str>)]) -> SenderTally {
    let mut sender = SenderTally::default();
    for (mask, times, file) in templates {
        let found = sender.templates.entry((*mask).to_owned()).or_default();
        for at in times {
            sender.letters += 1;
            found.runs.push((*at, *at, *at));
            if let Some(file) = file {
                found.files.add(file);
            }
        }
    }
    sender
}

fn daily(hour: i64) -> Vec<i64> {
    (0..90).map(|d| START + d * DAY + hour * 3600).collect()
}

fn monthly() -> Vec<i64> {
    [30, 59, 90, 120, 151, 181].map(|d| START + d * DAY + 20 * 3600).to_vec()
}

#[test]
fn kinds_by_words_and_files() {
    let scanner = sender(&[("message from #", daily(9), Some("SKM_0042.pdf"))]);
    let found = systems("kopierer.2og@x.example", &scanner, 0, false, &[]);
    assert_eq!((found[0].kind.as_str(), found[0].cadence.label.as_str()), ("scanner", "daily 09:00"));
    let bank = sender(&[("ihr kontoauszug # ist da", monthly(), None)]);
    let mut bank = bank;
    bank.generated = 6;
    assert_eq!(systems("noreply@geldhaus.example", &bank, 0, true, &[])[0].kind, "bank");
    let form = sender(&[("neue kontaktanfrage #", daily(3), None)]);
    assert_eq!(systems("www-data@x.example", &form, 0, false, &[])[0].kind, "web form");
}

#[test]
fn one_address_with_two_machines() {
    let two = sender(&[("backup job # ok", daily(2), None), ("kontoauszug #", monthly(), None)]);
    let found = systems("noreply@x.example", &two, 0, false, &[]);
    let kinds: Vec<_> = found.iter().map(|one| (one.kind.as_str(), one.cadence.label.as_str())).collect();
    assert_eq!(kinds, [("backup", "daily 02:00"), ("bank", "month-end 20:00")]);
    assert_eq!(found[1].pattern, "kontoauszug #");
    let many: Vec<(String, Vec<i64>)> =
        (0..30).map(|k| (format!("order {k}x from"), vec![START + k * 40_000, START + k * 90_001])).collect();
    let many: Vec<(&str, Vec<i64>, Option<&str>)> =
        many.iter().map(|(mask, times)| (mask.as_str(), times.clone(), None)).collect();
    assert_eq!(systems("erp@x.example", &sender(&many), 0, false, &[]).len(), 1, "one machine with many subjects");
}

#[test]
fn people_are_no_machines() {
    let mut person =
        sender(&[("weekly report", daily(8)[..12].to_vec(), None), ("lunch", daily(12)[..30].to_vec(), None)]);
    person.answers = 40;
    person.letters += 40;
    assert!(systems("anna.berg@x.example", &person, 0, false, &[]).is_empty());
    let list = sender(&[("digest #", daily(8), None)]);
    assert!(systems("anna@y.example", &list, 90, true, &[]).is_empty());
}

#[test]
fn memos_of_a_person_and_mail_of_a_service() {
    let on_demand: Vec<i64> = (0..60).map(|k| START + k * k * 7_919 + (k * 37 % 11) * 3_600).collect();
    let memos = sender(&[("violation memo #", on_demand, None)]);
    assert!(systems("anna.berg@x.example", &memos, 0, false, &[]).is_empty());
    assert_eq!(systems("company_update@service.example", &memos, 0, true, &[]).len(), 1);
}

#[test]
fn a_pattern_once_given_stays() {
    let two = sender(&[
        ("backup job # ok", daily(2), None),
        ("bank statement #", monthly(), None),
        ("account statement #", monthly()[..5].to_vec(), None),
    ]);
    let found = systems("noreply@x.example", &two, 0, false, &["account statement #".to_owned()]);
    assert_eq!(found[1].pattern, "account statement #");
}

#[test]
fn machines_that_distribute_are_called_so() {
    let mut one = sender(&[("your daily word", daily(6), None)]);
    one.machine = one.letters;
    let kind = |address: &str| systems(address, &one, 0, true, &[])[0].kind.clone();
    assert_eq!(kind("anna@lists.church.example"), "newsletter");
    assert_ne!(kind("anna@playlists.example"), "newsletter");
}
