//! Arithmetic with days, and the names of weekdays, months and feasts.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};

/// `days` later; the same day where the calendar ends.
pub(super) fn plus(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap_or(day)
}

/// `months` later, on the last day of the month if it is shorter.
pub(super) fn plus_months(day: Date, months: i32) -> Date {
    day.checked_add(Span::new().months(months)).unwrap_or(day)
}

/// So many days later that are no Saturday or Sunday.
pub(super) fn plus_workdays(day: Date, days: i32) -> Date {
    let mut day = day;
    let mut left = days;
    while left > 0 {
        day = plus(day, 1);
        left -= i32::from(!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
    }
    day
}

/// A day, if there is one of these numbers and it lies between 1970 and 2100.
pub(super) fn date(year: i32, month: u32, day: u32) -> Option<Date> {
    if !(1970..=2100).contains(&year) || month > 12 || day > 31 {
        return None;
    }
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// Four digits as they are; two are of 1970 to 2069.
pub(super) fn full_year(number: u32, digits: usize) -> Option<i32> {
    match (digits, number) {
        (4, 1970..=2100) => Some(number as i32),
        (2, 0..=69) => Some(2000 + number as i32),
        (2, 70..=99) => Some(1900 + number as i32),
        _ => None,
    }
}

/// Days from one Monday-first weekday number (0 to 6).
pub(super) fn weekday_number(day: Date) -> i32 {
    i32::from(day.weekday().to_monday_zero_offset())
}

/// Monday of the week of `day`.
pub(super) fn monday(day: Date) -> Date {
    plus(day, -weekday_number(day))
}

/// The last day of a month.
pub(super) fn month_end(day: Date) -> Date {
    day.last_of_month()
}

/// 0 for Monday; `true` if the word is short and might be another one.
pub(super) fn weekday(word: &str) -> Option<(i32, bool)> {
    Some(match word {
        "monday" | "montag" | "lundi" | "mondays" => (0, false),
        "tuesday" | "dienstag" | "mardi" => (1, false),
        "wednesday" | "mittwoch" | "mercredi" => (2, false),
        "thursday" | "donnerstag" | "jeudi" => (3, false),
        "friday" | "freitag" | "vendredi" => (4, false),
        "saturday" | "samstag" | "sonnabend" | "samedi" => (5, false),
        "sunday" | "sonntag" | "dimanche" => (6, false),
        "mon" => (0, true),
        "tue" | "tues" => (1, true),
        "wed" | "weds" => (2, true),
        "thu" | "thur" | "thurs" => (3, true),
        "fri" => (4, true),
        "sat" => (5, true),
        "sun" => (6, true),
        _ => return None,
    })
}

/// 1 for January; `true` if the word might be another one.
pub(super) fn month(word: &str) -> Option<(u32, bool)> {
    Some(match word {
        "january" | "januar" | "jänner" | "janvier" => (1, false),
        "february" | "februar" | "février" => (2, false),
        "märz" | "march" => (3, word == "march"),
        "april" | "avril" => (4, false),
        "may" | "mai" => (5, word == "may"),
        "june" | "juni" | "juin" => (6, false),
        "july" | "juli" | "juillet" => (7, false),
        "august" | "août" => (8, false),
        "september" | "septembre" => (9, false),
        "october" | "oktober" | "octobre" => (10, false),
        "november" | "novembre" => (11, false),
        "december" | "dezember" | "décembre" => (12, false),
        "jan" => (1, true),
        "feb" => (2, true),
        "mar" => (3, true),
        "apr" => (4, true),
        "jun" => (6, true),
        "jul" => (7, true),
        "aug" => (8, true),
        "sep" | "sept" => (9, true),
        "oct" | "okt" => (10, true),
        "nov" => (11, true),
        "dec" | "dez" => (12, true),
        _ => return None,
    })
}

/// Western Easter Sunday (the "anonymous" Gregorian computus).
pub(super) fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    date(year, (n / 31) as u32, (n % 31 + 1) as u32)
}

/// The `count`-th of a weekday in a month; 5 is the last.
pub(super) fn nth_weekday(year: i32, month: u32, weekday: i32, count: i32) -> Option<Date> {
    let first = date(year, month, 1)?;
    let ahead = (weekday - weekday_number(first)).rem_euclid(7);
    let day = plus(first, ahead + 7 * (count - 1));
    Some(if day.month() == first.month() { day } else { plus(day, -7) })
}
