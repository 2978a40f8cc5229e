use super::*;

/// 2024-01-01, a Monday.
const START: i64 = 19_723;

fn at(day: i64, hour: i64, minute: i64) -> i64 {
    (START + day) * DAY + hour * 3600 + minute * MINUTE
}

/// Jitter that is the same every time.
fn jitter(n: i64, most: i64) -> i64 {
    (n * 7919).rem_euclid(most + 1)
}

fn label(times: &[i64]) -> String {
    read(times).label
}

#[test]
fn days() {
    let daily: Vec<i64> = (0..60).filter(|d| d % 19 != 5).map(|d| at(d, 6, 10) + jitter(d, 300)).collect();
    let found = read(&daily);
    assert_eq!((found.label.as_str(), found.missed.len()), ("daily 06:10", 3));
    let working: Vec<i64> = (0..60).filter(|d| d % 7 < 5 && *d != 8).map(|d| at(d, 18, 0) + jitter(d, 600)).collect();
    let found = read(&working);
    assert_eq!((found.label.as_str(), found.missed), ("weekdays 18:00", vec!["2024-01-09".to_owned()]));
    let weekly: Vec<i64> = (0..20).map(|w| at(7 * w, 7, 30) + jitter(w, 120)).collect();
    assert_eq!(label(&weekly), "weekly Monday 07:30");
    let twice: Vec<i64> = (0..40).flat_map(|d| [at(d, 6, 0), at(d, 18, 0)]).collect();
    assert_eq!(label(&twice), "daily 06:00 and 18:00");
    let other: Vec<i64> = (0..12).map(|w| at(14 * w + 3, 9, 0)).collect();
    assert_eq!(label(&other), "every 2 weeks Thursday 09:00");
    let late: Vec<i64> = (0..40).map(|d| at(d, 23, 55) + jitter(d, 600)).collect();
    assert_eq!(label(&late), "daily 23:55");
    let some: Vec<i64> = (0..60).filter(|d| [0, 2, 4].contains(&(d % 7))).map(|d| at(d, 5, 0)).collect();
    assert_eq!(label(&some), "Monday, Wednesday, Friday 05:00");
}

#[test]
fn people_at_a_machine_have_no_time_of_the_day() {
    let scans: Vec<i64> = (0..90)
        .filter(|d| d % 7 < 5)
        .flat_map(|d| (0..3).map(move |k| at(d, 8 + 3 * k, jitter(d * 3 + k, 170))))
        .collect();
    assert_eq!(
        (label(&scans).as_str(), read(&scans).evidence.as_str()),
        ("irregular", "weekdays at no fixed time, 195 runs on 65 days")
    );
    let rare: Vec<i64> = (0..12).map(|k| at(k * k * 2 + jitter(k, 5), 9, jitter(k, 400))).collect();
    assert_eq!(label(&rare), "irregular");
    assert_eq!(label(&[1, 2, 3]), "irregular");
}

#[test]
fn months() {
    let month = |day: i64| (0..12).map(move |m| jiff::civil::date(2024, m + 1, day as i8));
    let number = |date: jiff::civil::Date| i64::from((date - jiff::civil::date(1970, 1, 1)).get_days());
    let fifth: Vec<i64> = month(5).map(|date| number(date) * DAY + 8 * 3600).collect();
    assert_eq!(label(&fifth), "monthly day 5 08:00");
    let ends: Vec<i64> =
        month(1).filter(|d| d.month() != 4).map(|d| number(d.last_of_month()) * DAY + 22 * 3600).collect();
    let found = read(&ends);
    assert_eq!((found.label.as_str(), found.missed), ("month-end 22:00", vec!["2024-04".to_owned()]));
    let working: Vec<i64> = month(1)
        .map(|d| number(d.last_of_month()))
        .map(|d| (0..3).map(|k| d - k).find(|d| weekday(*d) < 5).unwrap() * DAY + 64_800)
        .collect();
    assert_eq!(label(&working), "month-end 18:00");
    let quarter: Vec<i64> =
        (0..6).map(|q| number(jiff::civil::date(2023 + q / 4, (q % 4 * 3 + 1) as i8, 2)) * DAY).collect();
    assert_eq!(label(&quarter), "quarterly, monthly day 2 00:00");
}

#[test]
fn hours() {
    let hourly: Vec<i64> = (0..200).filter(|h| h % 37 != 3).map(|h| at(0, h, 5) + jitter(h, 60)).collect();
    assert_eq!(label(&hourly), "hourly");
    let office: Vec<i64> = (0..20).flat_map(|d| (8..18).map(move |h| at(d, h, 0))).collect();
    assert_eq!(label(&office), "hourly");
    let quarter: Vec<i64> = (0..200).map(|k| at(0, 0, 15 * k)).collect();
    assert_eq!(label(&quarter), "every 15 minutes");
}

#[test]
fn a_clock_without_summer_time_is_one_job() {
    let job: Vec<i64> = (0..200).map(|d| at(d, if d < 90 { 5 } else { 4 }, 10)).collect();
    assert!(label(&job).starts_with("daily 0") && !label(&job).contains("and"), "{}", label(&job));
}

#[test]
fn hostile_times_do_no_harm() {
    read(&[i64::MIN / 4, 0, 1, 2, i64::MAX / 4]);
}
