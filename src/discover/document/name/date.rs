//! Dates in file names.

use super::{Name, Token};

const MONTHS: [(&str, u32); 28] = [
    ("jan", 1),
    ("january", 1),
    ("feb", 2),
    ("february", 2),
    ("mar", 3),
    ("march", 3),
    ("apr", 4),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("aug", 8),
    ("august", 8),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("oct", 10),
    ("october", 10),
    ("nov", 11),
    ("november", 11),
    ("dec", 12),
    ("december", 12),
    ("januar", 1),
    ("februar", 2),
    ("oktober", 10),
    ("dezember", 12),
];
const DAYS: [&str; 12] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
];

pub(super) fn number(token: &Token) -> Option<u32> {
    if token.text.len() <= 8 { token.text.parse().ok() } else { None }
}

fn month_of(token: &Token) -> Option<u32> {
    MONTHS.iter().find(|(word, _)| *word == token.text).map(|(_, month)| *month)
}

fn year(n: u32) -> Option<u32> {
    match n {
        1985..=2079 => Some(n),
        85..=99 => Some(1900 + n),
        0..=40 => Some(2000 + n),
        _ => None,
    }
}

/// A date of digits only, such as 20010514, 05142001 or 051401.
fn whole_date(token: &Token) -> Option<String> {
    let n = number(token)?;
    let valid = |y: u32, m: u32, d: u32| {
        ((1..=12).contains(&m) && (1..=31).contains(&d)).then(|| format!("{y:04}{m:02}{d:02}"))
    };
    match token.text.len() {
        8 => {
            let ymd = year(n / 10_000).filter(|y| *y > 1900).and_then(|y| valid(y, n / 100 % 100, n % 100));
            let tail = n % 10_000;
            let mdy = || (1985..2080).contains(&tail).then(|| valid(tail, n / 1_000_000, n / 10_000 % 100)).flatten();
            let dmy = || (1985..2080).contains(&tail).then(|| valid(tail, n / 10_000 % 100, n / 1_000_000)).flatten();
            ymd.or_else(mdy).or_else(dmy)
        }
        6 => {
            let mdy = year(n % 100).and_then(|y| valid(y, n / 10_000, n / 100 % 100));
            let ymd = || year(n / 10_000).and_then(|y| valid(y, n / 100 % 100, n % 100));
            mdy.or_else(ymd)
        }
        _ => None,
    }
}

/// Takes dates out: digits alone, `5-14-01`, `14. Mai 2001`, `May 2001`, `Q2 2001`, a year.
pub(super) fn take_dates(tokens: &mut Vec<Token>, name: &mut Name) {
    let mut date = String::new();
    let mut at = 0;
    while at < tokens.len() {
        let n = |offset: usize| tokens.get(at + offset).and_then(number);
        let short = |offset: usize| n(offset).filter(|_| tokens[at + offset].text.len() <= 2);
        let taken: Option<(usize, String)> = if let Some(date) = whole_date(&tokens[at]) {
            Some((1, date))
        } else if let Some(month) = month_of(&tokens[at]) {
            dated_month(tokens, at, month)
        } else if let (Some(d @ 1..=31), Some(month)) = (short(0), tokens.get(at + 1).and_then(month_of)) {
            let year = n(2).and_then(year).filter(|_| tokens[at + 2].text.len() != 3);
            Some(year.map_or((2, format!("{month:02}{d:02}")), |y| (3, format!("{y}{month:02}{d:02}"))))
        } else if let (Some(a), Some(b), Some(y)) = (short(0), short(1), n(2).and_then(year)) {
            in_calendar(a, b)
                .filter(|_| matches!(tokens[at + 2].text.len(), 2 | 4))
                .map(|(m, d)| (3, format!("{y}{m:02}{d:02}")))
        } else if let (Some(y), Some(m), Some(d)) =
            (n(0).filter(|_| tokens[at].text.len() == 4).and_then(year), short(1), short(2))
        {
            ((1..=12).contains(&m) && (1..=31).contains(&d)).then(|| (3, format!("{y}{m:02}{d:02}")))
        } else if let (Some(a), Some(b)) = (short(0), short(1))
            && tokens[at + 1].tagged
            && tokens.get(at + 2).and_then(number).is_none()
        {
            in_calendar(a, b).map(|(m, d)| (2, format!("{m:02}{d:02}")))
        } else if tokens[at].text == "q" && short(1).is_some_and(|q| (1..=4).contains(&q)) {
            Some((2, format!("q{}", tokens[at + 1].text)))
        } else if tokens[at].text.len() == 4 && n(0).is_some_and(|y| (1985..2080).contains(&y))
            || DAYS.contains(&tokens[at].text.as_str())
        {
            Some((1, tokens[at].text.clone()))
        } else {
            None
        };
        match taken {
            Some((count, found)) => {
                date.push_str(&found);
                tokens.drain(at..(at + count).min(tokens.len()));
            }
            None => at += 1,
        }
    }
    name.date = (!date.is_empty()).then_some(date);
}

/// Month and day of two numbers in the order that makes sense, month first if both do.
fn in_calendar(a: u32, b: u32) -> Option<(u32, u32)> {
    let fits = |m: u32, d: u32| ((1..=12).contains(&m) && (1..=31).contains(&d)).then_some((m, d));
    fits(a, b).or_else(|| fits(b, a))
}

/// A month's name with the day and year after it. A name alone may be a person or a word.
fn dated_month(tokens: &[Token], at: usize, month: u32) -> Option<(usize, String)> {
    let n = |offset: usize| tokens.get(at + offset).and_then(number);
    let (first, second) = (n(1), n(2));
    match (first, second.and_then(year)) {
        (Some(d @ 1..=31), Some(y)) => Some((3, format!("{y}{month:02}{d:02}"))),
        (Some(y), _) if (1985..2080).contains(&y) => Some((2, format!("{y}{month:02}"))),
        (Some(d @ 1..=31), None) => Some((2, format!("{month:02}{d:02}"))),
        (Some(y @ 85..=99), _) => Some((2, format!("{}{month:02}", 1900 + y))),
        _ => Some((1, format!("m{month:02}"))).filter(|_| tokens[at].text.len() > 3 && tokens[at].text != "march"),
    }
}
