//! Days, local time of central Europe with its daylight saving, public holidays of northern Germany, and how mail
//! writes a time. Code of its own on purpose: the program under test has another one.

use super::rng::Rng;

/// Days since 1970-01-01.
pub type Day = i64;
/// Seconds since 1970-01-01 00:00 UTC.
pub type Stamp = i64;

pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

pub fn day_of(year: i64, month: i64, day: i64) -> Day {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month, day of the month.
pub fn civil(day: Day) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z - era * 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// 0 is Monday.
pub fn weekday(day: Day) -> usize {
    (day + 3).rem_euclid(7) as usize
}

/// The first day of the month that lies `count` months after that of `day`.
pub fn month_after(day: Day, count: i64) -> Day {
    let (year, month, _) = civil(day);
    let months = year * 12 + month - 1 + count;
    day_of(months.div_euclid(12), months.rem_euclid(12) + 1, 1)
}

fn last_sunday(year: i64, month: i64) -> Day {
    let last = day_of(year, month, 31);
    last - (weekday(last) as i64 + 1) % 7
}

/// Minutes that local time is ahead of UTC: 120 from the last Sunday in March to the last Sunday in October.
pub fn offset_minutes(at: Stamp) -> i64 {
    let (year, _, _) = civil(at.div_euclid(86_400));
    let starts = last_sunday(year, 3) * 86_400 + 3_600;
    let ends = last_sunday(year, 10) * 86_400 + 3_600;
    if (starts..ends).contains(&at) { 120 } else { 60 }
}

/// The moment of a local wall clock reading.
pub fn local(day: Day, minute: i64, second: i64) -> Stamp {
    let wall = day * 86_400 + minute * 60 + second;
    let summer = wall - 7_200;
    if offset_minutes(summer) == 120 { summer } else { wall - 3_600 }
}

/// Local day and minute of that day.
pub fn wall(at: Stamp) -> (Day, i64) {
    let wall = at + offset_minutes(at) * 60;
    (wall.div_euclid(86_400), wall.rem_euclid(86_400) / 60)
}

fn easter(year: i64) -> Day {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    day_of(year, n / 31, n % 31 + 1)
}

pub fn is_holiday(day: Day) -> bool {
    let (year, month, of_month) = civil(day);
    let fixed = [(1, 1), (5, 1), (10, 3), (10, 31), (12, 24), (12, 25), (12, 26), (12, 31)];
    fixed.contains(&(month, of_month)) || [-2, 1, 39, 50].contains(&(day - easter(year)))
}

pub fn is_weekend(day: Day) -> bool {
    weekday(day) >= 5
}

pub fn is_workday(day: Day) -> bool {
    !is_weekend(day) && !is_holiday(day)
}

pub fn is_last_workday_of_month(day: Day) -> bool {
    is_workday(day) && !(day + 1..month_after(day, 1)).any(is_workday)
}

/// Calendar week (ISO 8601).
pub fn week(day: Day) -> i64 {
    let thursday = day - weekday(day) as i64 + 3;
    (thursday - day_of(civil(thursday).0, 1, 1)) / 7 + 1
}

/// `Wed, 05 Jul 2023 09:03:11 +0200`; `zone` in minutes.
pub fn mail_date(at: Stamp, zone: i64) -> String {
    let there = at + zone * 60;
    let (year, month, day) = civil(there.div_euclid(86_400));
    let seconds = there.rem_euclid(86_400);
    let sign = if zone < 0 { '-' } else { '+' };
    format!(
        "{}, {day:02} {} {year} {} {sign}{:02}{:02}",
        WEEKDAYS[weekday(there.div_euclid(86_400))],
        MONTHS[month as usize - 1],
        clock_time(seconds),
        zone.abs() / 60,
        zone.abs() % 60
    )
}

/// `Wed Jul  5 07:03:11 2023`, as in the `From ` line of an mbox.
pub fn from_line_date(at: Stamp) -> String {
    let (year, month, day) = civil(at.div_euclid(86_400));
    let name = WEEKDAYS[weekday(at.div_euclid(86_400))];
    format!("{name} {} {day:2} {} {year}", MONTHS[month as usize - 1], clock_time(at.rem_euclid(86_400)))
}

fn clock_time(seconds: i64) -> String {
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// `2023-07-05T07:03:11Z`
pub fn iso(at: Stamp) -> String {
    format!("{}T{}Z", iso_day(at.div_euclid(86_400)), clock_time(at.rem_euclid(86_400)))
}

/// `2023-07-05`
pub fn iso_day(day: Day) -> String {
    let (year, month, of_month) = civil(day);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// `05.07.2023`
pub fn german_day(day: Day) -> String {
    let (year, month, of_month) = civil(day);
    format!("{of_month:02}.{month:02}.{year}")
}

/// `2023-07`
pub fn iso_month(day: Day) -> String {
    iso_day(day)[..7].to_owned()
}

/// `06:10`
pub fn hour_minute(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// A minute of the day at which office people write: two humps, a dip at noon.
pub fn office_minute(rng: &mut Rng) -> i64 {
    let hump = if rng.chance(0.55) { 560 } else { 890 };
    hump + rng.between(-110, 60) + rng.between(0, 90)
}
