//! So many days from now.

use jiff::civil::Date;

use super::calendar::{self, plus};
use super::{DueKind, Moment, Reader};

/// A number in digits or words.
fn count(reader: &Reader<'_>, at: usize) -> Option<(usize, i32)> {
    if let Some(number) = reader.number(at) {
        return (number <= 400 && !reader.tokens[at].ordinal).then_some((at + 1, number as i32));
    }
    const WORDS: [(&str, i32); 40] = [
        ("one", 1),
        ("two", 2),
        ("three", 3),
        ("four", 4),
        ("five", 5),
        ("six", 6),
        ("seven", 7),
        ("eight", 8),
        ("nine", 9),
        ("ten", 10),
        ("twelve", 12),
        ("fourteen", 14),
        ("fifteen", 15),
        ("thirty", 30),
        ("sixty", 60),
        ("ninety", 90),
        ("a", 1),
        ("an", 1),
        ("einem", 1),
        ("einer", 1),
        ("eines", 1),
        ("zwei", 2),
        ("drei", 3),
        ("vier", 4),
        ("fünf", 5),
        ("sechs", 6),
        ("sieben", 7),
        ("acht", 8),
        ("zehn", 10),
        ("vierzehn", 14),
        ("un", 1),
        ("une", 1),
        ("deux", 2),
        ("trois", 3),
        ("quatre", 4),
        ("cinq", 5),
        ("huit", 8),
        ("dix", 10),
        ("quinze", 15),
        ("twenty", 20),
    ];
    let (_, number) = WORDS.iter().find(|(word, _)| *word == reader.word(at))?;
    // "ten (10) days"
    let next = if reader.is(at + 1, &["("]) && reader.is(at + 3, &[")"]) { at + 4 } else { at + 1 };
    Some((next, *number))
}

#[derive(Clone, Copy)]
enum Unit {
    Hours,
    Days,
    Workdays,
    Weeks,
    Months,
    Years,
}

fn unit(reader: &Reader<'_>, at: usize) -> Option<(usize, Unit)> {
    const UNITS: [(&str, Unit); 30] = [
        ("business days", Unit::Workdays),
        ("working days", Unit::Workdays),
        ("work days", Unit::Workdays),
        ("business day", Unit::Workdays),
        ("working day", Unit::Workdays),
        ("workdays", Unit::Workdays),
        ("arbeitstagen", Unit::Workdays),
        ("werktagen", Unit::Workdays),
        ("jours ouvrés", Unit::Workdays),
        ("calendar days", Unit::Days),
        ("hours", Unit::Hours),
        ("hour", Unit::Hours),
        ("hrs", Unit::Hours),
        ("stunden", Unit::Hours),
        ("heures", Unit::Hours),
        ("days", Unit::Days),
        ("day", Unit::Days),
        ("tagen", Unit::Days),
        ("tage", Unit::Days),
        ("jours", Unit::Days),
        ("weeks", Unit::Weeks),
        ("week", Unit::Weeks),
        ("wochen", Unit::Weeks),
        ("woche", Unit::Weeks),
        ("semaines", Unit::Weeks),
        ("months", Unit::Months),
        ("month", Unit::Months),
        ("monaten", Unit::Months),
        ("mois", Unit::Months),
        ("years", Unit::Years),
    ];
    let at = reader.any(at, &["( s )"]).unwrap_or(at);
    let (next, unit) = UNITS.iter().find_map(|(words, unit)| Some((reader.run(at, words)?, *unit)))?;
    Some((if reader.is(next, &["'"]) { next + 1 } else { next }, unit))
}

/// "Within 10 days", "in the next two weeks", "binnen 14 Tagen", "sous 8 jours", "10 days from now".
pub(super) fn within(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    const LEADS: [&str; 22] = [
        "within the next",
        "within",
        "in the next",
        "over the next",
        "during the next",
        "in no more than",
        "in under",
        "in less than",
        "in about",
        "in",
        "innerhalb der nächsten",
        "innerhalb von",
        "in den nächsten",
        "innerhalb",
        "binnen",
        "sous",
        "dans un délai de",
        "dans les prochains",
        "dans les",
        "dans",
        "the next",
        "no more than",
    ];
    let lead = reader.any(at, &LEADS);
    let from = lead.unwrap_or(at);
    // "In the next week" is one week.
    let (next, number) = match count(reader, from) {
        Some(found) => found,
        None if lead.is_some() && reader.is(from, &["week", "month", "day", "24", "48"]) => (from, 1),
        None => return None,
    };
    // "one or two weeks", "2 - 3 weeks": the longer one.
    let (next, number) =
        match reader.any(next, &["or", "to", "-", "bis", "oder", "à"]).and_then(|and| count(reader, and)) {
            Some((next, larger)) if larger > number => (next, larger),
            _ => (next, number),
        };
    let (next, unit) = unit(reader, next)?;
    let from_now = [
        "from now",
        "from today",
        "from this date",
        "of today",
        "of this date",
        "of this e - mail",
        "of this email",
        "after today",
    ];
    let back = reader.any(next, &from_now);
    if lead.is_none() && back.is_none() {
        return None;
    }
    // "within 10 days of the start", "60 days after closing": hangs on what happens.
    if back.is_none() && (reader.is(next, &["of", "after", "following", "from", "nach", "après", "prior", "before"])) {
        return Some(Moment::new(clause_end(reader, next, 5), DueKind::Event, None));
    }
    if reader.is(next, &["ago", "old", "notice"]) {
        return None;
    }
    let on = reader.sent.map(|sent| after(sent.day, sent.minutes, number, unit));
    Some(Moment::day(back.unwrap_or(next), on).limit())
}

fn after(day: Date, minutes: u16, number: i32, unit: Unit) -> Date {
    match unit {
        Unit::Hours => plus(day, (i32::from(minutes) + 60 * number) / (24 * 60)),
        Unit::Days => plus(day, number),
        Unit::Workdays => calendar::plus_workdays(day, number),
        Unit::Weeks => plus(day, 7 * number),
        Unit::Months => calendar::plus_months(day, number),
        Unit::Years => calendar::plus_months(day, 12 * number),
    }
}

/// The token at which the clause ends, at most `most` on.
pub(super) fn clause_end(reader: &Reader<'_>, from: usize, most: usize) -> usize {
    let ends = |at: usize| reader.tokens.get(at).is_none_or(|token| !token.word.starts_with(char::is_alphanumeric));
    let breaks = |at: usize| reader.is(at, &["and", "so", "please", "we", "i'll", "i", "if", "as", "und", "bitte"]);
    (from + 1..=from + most).find(|at| ends(*at) || breaks(*at)).unwrap_or(from + most).min(reader.tokens.len())
}
