//! Times reckoned from the day of the message: hours, today, tomorrow, weeks, ends of months, so many days.

use jiff::civil::Date;

use super::calendar::{self, plus};
use super::day::month_word;
use super::{DueKind, Moment, Reader};

/// An hour, a part of a day, or its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub next: usize,
    pub at: Option<(u8, u8)>,
    /// "End of the day", "COB": means today where no day is named.
    pub end_of_day: bool,
    /// Morning, evening.
    pub part: bool,
}

impl Clock {
    fn new(next: usize, at: Option<(u8, u8)>) -> Clock {
        Clock { next, at, end_of_day: false, part: false }
    }
}

/// A time of the day at `at`.
pub(super) fn clock(reader: &Reader<'_>, at: usize) -> Option<Clock> {
    const ENDS: [&str; 32] = [
        "the very end of the day",
        "the end of the business day",
        "the end of the day",
        "the end of day",
        "the end of business",
        "the end of today",
        "the close of business",
        "the close of the day",
        "the close",
        "end of the business day",
        "end of the day",
        "end of business day",
        "end of business",
        "end of today",
        "end of day",
        "close of business",
        "close of the business day",
        "close of day",
        "c . o . b .",
        "c . o . b",
        "cob",
        "e . o . d .",
        "eod",
        "eob",
        "cop",
        "dienstschluss",
        "büroschluss",
        "feierabend",
        "geschäftsschluss",
        "ende des tages",
        "fin de journée",
        "la fin de la journée",
    ];
    if let Some(next) = reader.any(at, &ENDS) {
        return Some(Clock { end_of_day: true, ..Clock::new(next, None) });
    }
    const PARTS: [&str; 20] = [
        "in the morning",
        "in the afternoon",
        "in the evening",
        "first thing in the morning",
        "first thing",
        "morning",
        "afternoon",
        "evening",
        "night",
        "a . m .",
        "am",
        "a . m",
        "pm",
        "vormittag",
        "nachmittag",
        "abend",
        "früh",
        "matin",
        "après - midi",
        "soir",
    ];
    if let Some(next) = reader.any(at, &PARTS).filter(|_| at > 0) {
        return Some(Clock { part: true, ..Clock::new(next, None) });
    }
    const NOON: [&str; 10] = [
        "high noon",
        "12 : 00 noon",
        "12 noon",
        "noon",
        "midday",
        "mittags",
        "mittag",
        "midi",
        "12 : 00 midday",
        "lunchtime",
    ];
    if let Some(next) = reader.any(at, &NOON) {
        return Some(Clock::new(zone(reader, next).0, Some((12, 0))));
    }
    if let Some(next) = reader.any(at, &["midnight", "mitternacht", "minuit"]) {
        return Some(Clock { end_of_day: true, ..Clock::new(next, Some((23, 59))) });
    }
    numbers(reader, at)
}

/// "3:30", "3:30 p.m. Pacific", "17:00 Uhr", "14h30", "5 pm", "by 5".
fn numbers(reader: &Reader<'_>, at: usize) -> Option<Clock> {
    let hour = reader.number(at).filter(|hour| *hour < 25 && reader.tokens[at].digits <= 2)?;
    if reader.tokens[at].ordinal {
        return None;
    }
    let minutes = reader.number(at + 2).filter(|minute| *minute < 60 && reader.tokens[at + 2].digits == 2);
    let tight = reader.tokens.get(at + 1).is_some_and(|token| !token.spaced);
    let (mut next, mut minute, mut exact) = (at + 1, 0, false);
    if let Some(number) = minutes.filter(|_| tight && reader.is(at + 1, &[":", "h", "."])) {
        // "3.30" needs its pm or Uhr: else it is a number or a date.
        let colon = !reader.is(at + 1, &["."]);
        if colon || half(reader, at + 3).is_some() || reader.is(at + 3, &["uhr"]) {
            (next, minute, exact) = (at + 3, number, colon);
        }
    } else if reader.is(at + 1, &["h"]) && tight {
        (next, exact) = (at + 2, true);
    }
    let mut hour = hour;
    if let Some((after, later)) = half(reader, next) {
        hour = hour % 12 + if later { 12 } else { 0 };
        next = after;
    } else if reader.is(next, &["uhr", "heures", "o'clock", "oclock"]) {
        next += 1;
    } else if exact && !reader.is(at + 1, &["h"]) && (1..=7).contains(&hour) && reader.tokens[at].digits == 1 {
        // "By 3:30": in office hours.
        hour += 12;
    } else if !exact {
        let by = at > 0 && reader.is(at - 1, &["by", "before", "until", "till"]);
        let ends = reader
            .tokens
            .get(at + 1)
            .is_none_or(|token| !token.word.starts_with(char::is_alphanumeric) && token.spaced)
            || reader.is(at + 1, &["today", "tomorrow", "tonight", "on", ",", ".", "!", "?", ";", ")"])
                && reader.number(at + 2).is_none();
        if !(by && ends && (1..=12).contains(&hour)) {
            return None;
        }
        hour += if hour < 8 { 12 } else { 0 };
    }
    let (next, elsewhere) = zone(reader, next);
    let at = (hour < 24).then_some((hour as u8, minute as u8)).filter(|_| !elsewhere);
    Some(Clock::new(next, at))
}

/// "am", "p.m.": the token after it, and whether it is the later half.
fn half(reader: &Reader<'_>, at: usize) -> Option<(usize, bool)> {
    let later = match reader.tokens.get(at)?.word.as_ref() {
        "pm" | "p" => true,
        "am" | "a" => false,
        _ => return None,
    };
    if reader.word(at).len() == 2 {
        return Some((at + 1, later));
    }
    let next = reader.any(at + 1, &[". m .", ". m", "m"])?;
    Some((next, later))
}

/// The token after the name of a zone; `true` if one is named.
fn zone(reader: &Reader<'_>, at: usize) -> (usize, bool) {
    const ZONES: [&str; 27] = [
        "pacific daylight time",
        "pacific standard time",
        "pacific time",
        "eastern time",
        "eastern standard time",
        "eastern daylight time",
        "central time",
        "central standard time",
        "central daylight time",
        "mountain time",
        "london time",
        "houston time",
        "new york time",
        "pst",
        "pdt",
        "est",
        "edt",
        "cst",
        "cdt",
        "mst",
        "mdt",
        "gmt",
        "utc",
        "cet",
        "cest",
        "pacific",
        "eastern",
    ];
    let inner = if reader.is(at, &["("]) { at + 1 } else { at };
    match reader.any(inner, &ZONES) {
        Some(next) => (next + usize::from(inner > at && reader.is(next, &[")"])), true),
        None => (at, false),
    }
}

/// A time reckoned from the day of the message, at `at`.
pub(super) fn read(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    near(reader, at).or_else(|| within(reader, at)).or_else(|| week(reader, at)).or_else(|| end(reader, at))
}

fn near(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let day = |days: i32| reader.today().map(|day| plus(day, days));
    const OVER: [&str; 5] =
        ["the day after tomorrow", "day after tomorrow", "übermorgen", "après - demain", "the day after next"];
    if let Some(next) = reader.any(at, &OVER) {
        return Some(Moment::day(next, day(2)));
    }
    const TODAY: [&str; 20] = [
        "later on today",
        "later today",
        "sometime today",
        "today",
        "tonight",
        "this morning",
        "this afternoon",
        "this evening",
        "heute noch",
        "heute morgen",
        "heute vormittag",
        "heute nachmittag",
        "heute abend",
        "heute",
        "ce soir",
        "ce matin",
        "cet après - midi",
        "aujourd'hui",
        "tonite",
        "today's",
    ];
    if let Some(next) = reader.any(at, &TODAY) {
        // "This morning", said in the afternoon, has gone by.
        let gone = reader.is(at + 1, &["morning", "morgen", "vormittag", "matin"])
            && reader.sent.is_some_and(|sent| sent.minutes >= 12 * 60);
        let moment = Moment::day(next, day(0));
        return Some(if gone { moment.shy() } else { moment });
    }
    const TOMORROW: [&str; 9] = [
        "first thing tomorrow",
        "tomorrow",
        "tommorow",
        "tommorrow",
        "tomorow",
        "tmrw",
        "morgen",
        "demain",
        "the next day",
    ];
    let next = reader.any(at, &TOMORROW)?;
    // "Guten Morgen", "am Morgen".
    if reader.is(at, &["morgen"]) && at > 0 && reader.is(at - 1, &["guten", "am", "gute", "jeden"]) {
        return None;
    }
    Some(Moment::day(next, day(1)))
}

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
fn within(reader: &Reader<'_>, at: usize) -> Option<Moment> {
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

/// This week, next week, the week of the 25th, the weekend, calendar weeks.
fn week(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let monday = reader.today().map(calendar::monday);
    let week = |next: usize, weeks: i32| {
        let days = monday.map(|monday| (plus(monday, 7 * weeks), plus(monday, 7 * weeks + 4)));
        // On a weekend "this week" has no Friday left.
        let days = days.filter(|(_, last)| reader.today().is_some_and(|today| *last >= today));
        let kind = if days.is_none() && monday.is_some() { DueKind::Ambiguous } else { DueKind::Week };
        Moment::new(next, kind, days)
    };
    const ENDS: [&str; 15] = [
        "the end of next week",
        "end of next week",
        "late next week",
        "ende nächster woche",
        "ende der nächsten woche",
        "ende kommender woche",
        "fin de la semaine prochaine",
        "the end of the following week",
        "later next week",
        "early next week",
        "the beginning of next week",
        "beginning of next week",
        "mid next week",
        "the middle of next week",
        "anfang nächster woche",
    ];
    if let Some(next) = reader.any(at, &ENDS) {
        let middle =
            at + 1 < next && reader.is(at, &["mid", "the"]) && (at..next).any(|at| reader.is(at, &["mid", "middle"]));
        let early = (at..next).any(|at| reader.is(at, &["early", "beginning", "anfang"]));
        let moment = week(next, 1);
        let last = |days: i32| moment.days.map(|(first, _)| (first, plus(first, days)));
        // Early is up to Tuesday, the middle Wednesday.
        return Some(match (early, middle) {
            (true, _) => Moment { days: last(1), ..moment },
            (_, true) => Moment { days: last(2), ..moment },
            _ => moment.limit(),
        });
    }
    const NEXT: [&str; 8] = [
        "sometime next week",
        "next week",
        "nächste woche",
        "nächster woche",
        "kommende woche",
        "kommender woche",
        "la semaine prochaine",
        "the following week",
    ];
    if let Some(next) = reader.any(at, &NEXT) {
        return Some(week(next, 1));
    }
    const END_THIS: [&str; 17] = [
        "the end of this week",
        "the end of the week",
        "the end of week",
        "end of this week",
        "end of the week",
        "end of week",
        "week's end",
        "week end",
        "eow",
        "ende dieser woche",
        "ende der woche",
        "ende woche",
        "wochenende der",
        "la fin de la semaine",
        "fin de la semaine",
        "fin de semaine",
        "late this week",
    ];
    if let Some(next) = reader.any(at, &END_THIS) {
        return Some(week(next, 0).limit());
    }
    const THIS: [&str; 9] = [
        "later on this week",
        "later this week",
        "sometime this week",
        "this week",
        "early this week",
        "diese woche",
        "dieser woche",
        "cette semaine",
        "the week",
    ];
    if let Some(next) = reader.any(at, &THIS) {
        if let Some(of) = reader.any(next, &["of the", "of"]).filter(|_| reader.is(at, &["the"])) {
            return week_of(reader, of);
        }
        return (!reader.is(at, &["the"])).then(|| week(next, 0));
    }
    if let Some(of) = reader.any(at, &["week of the", "week of"]) {
        return week_of(reader, of);
    }
    weekend(reader, at, monday).or_else(|| calendar_week(reader, at))
}

fn week_of(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let moment = super::day::read(reader, at)?;
    let days = moment.days.map(|(day, _)| (calendar::monday(day), plus(calendar::monday(day), 4)));
    let kind = if moment.kind == DueKind::Day { DueKind::Week } else { moment.kind };
    Some(Moment::new(moment.next, kind, days))
}

fn weekend(reader: &Reader<'_>, at: usize, monday: Option<Date>) -> Option<Moment> {
    const THIS: [&str; 13] = [
        "this weekend",
        "the weekend",
        "this week - end",
        "weekend",
        "wochenende",
        "diesem wochenende",
        "ce week - end",
        "over the weekend",
        "this coming weekend",
        "le week - end",
        "am wochenende",
        "the week - end",
        "this week end",
    ];
    let (next, weeks) = match reader.any(at, &["next weekend", "nächstes wochenende", "nächstem wochenende"]) {
        Some(next) => (next, 1),
        None => (reader.any(at, &THIS)?, 0),
    };
    let saturday = monday.map(|monday| plus(monday, 7 * weeks + 5));
    Some(Moment::new(next, DueKind::Week, saturday.map(|day| (day, plus(day, 1)))))
}

/// "KW 20": the ISO week of this year, or of the next if it has gone by.
fn calendar_week(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let from = reader.any(at, &["ende kw", "kw"])?;
    let number = reader.number(from).filter(|number| (1..=53).contains(number))?;
    let monday = |year: i16| {
        jiff::civil::ISOWeekDate::new(year, number as i8, jiff::civil::Weekday::Monday).ok().map(|d| d.date())
    };
    let found = reader.today().and_then(|today| {
        let year = today.iso_week_date().year();
        [year, year + 1].into_iter().filter_map(monday).find(|monday| plus(*monday, 4) >= today)
    });
    Some(Moment::new(from + 1, DueKind::Week, found.map(|monday| (monday, plus(monday, 4)))))
}

/// Ends of months, quarters and years.
fn end(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let today = reader.today();
    let month_end =
        |months: i32| today.map(|day| calendar::month_end(calendar::plus_months(day.first_of_month(), months)));
    let moment = |next: usize, day: Option<Date>| Some(Moment::day(next, day).limit());
    const NEXT: [&str; 6] = [
        "the end of next month",
        "end of next month",
        "ende nächsten monats",
        "ende des nächsten monats",
        "end of the next month",
        "la fin du mois prochain",
    ];
    if let Some(next) = reader.any(at, &NEXT) {
        return moment(next, month_end(1));
    }
    const MONTH: [&str; 19] = [
        "the end of this month",
        "the end of the month",
        "the end of month",
        "end of this month",
        "end of the month",
        "end of month",
        "month's end",
        "month - end",
        "month end",
        "monthend",
        "eom",
        "monatsende",
        "ende des monats",
        "ende dieses monats",
        "ende monat",
        "ultimo",
        "la fin du mois",
        "fin du mois",
        "fin de mois",
    ];
    if let Some(next) = reader.any(at, &MONTH) {
        return moment(next, month_end(0));
    }
    const QUARTER: [&str; 10] = [
        "the end of this quarter",
        "the end of the quarter",
        "end of this quarter",
        "end of the quarter",
        "end of quarter",
        "quarter - end",
        "quarter end",
        "eoq",
        "quartalsende",
        "ende des quartals",
    ];
    if let Some(next) = reader.any(at, &QUARTER) {
        return moment(next, today.and_then(|day| month_end((3 - i32::from(day.month()) % 3) % 3)));
    }
    const YEAR: [&str; 16] = [
        "the end of this year",
        "the end of the year",
        "the end of year",
        "end of this year",
        "end of the year",
        "end of year",
        "year - end",
        "year end",
        "yearend",
        "eoy",
        "jahresende",
        "ende des jahres",
        "ende dieses jahres",
        "la fin de l'année",
        "fin de l'année",
        "fin d'année",
    ];
    if let Some(next) = reader.any(at, &YEAR) {
        return moment(next, today.and_then(|day| calendar::date(day.year().into(), 12, 31)));
    }
    let from = reader.any(at, &["the end of", "end of", "ende", "la fin", "fin"])?;
    if reader.is(from, &["q"]) && reader.number(from + 1).is_some_and(|q| (1..=4).contains(&q)) {
        let last = 3 * reader.number(from + 1).unwrap_or(1);
        return Some(named(reader, from + 2, last)?.limit());
    }
    let (next, month) = month_word(reader, from)?;
    Some(named(reader, next, month)?.limit()).map(|moment| Moment { kind: DueKind::Day, ..moment })
}

/// The month of that number, with a year after it or the next one; the days of it.
fn named(reader: &Reader<'_>, next: usize, month: u32) -> Option<Moment> {
    let year_at = if reader.is(next, &[","]) { next + 1 } else { next };
    let written = reader.number(year_at).filter(|_| reader.tokens[year_at].digits == 4);
    let of = |year: i32| calendar::date(year, month, 1).map(|first| (first, calendar::month_end(first)));
    if let Some(year) = written.and_then(|number| calendar::full_year(number, 4)) {
        return Some(Moment::new(year_at + 1, DueKind::Month, of(year)));
    }
    let Some(today) = reader.today() else { return Some(Moment::new(next, DueKind::Month, None)) };
    let year = i32::from(today.year());
    let days = [year, year + 1].into_iter().filter_map(of).find(|(_, last)| *last >= today);
    Some(Moment::new(next, DueKind::Month, days))
}

/// "Mid November", "early May", "in June", "next month".
pub(super) fn month(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let today = reader.today();
    let of = |months: i32| {
        let first = today.map(|day| calendar::plus_months(day.first_of_month(), months));
        first.map(|first| (first, calendar::month_end(first)))
    };
    if let Some(next) = reader.any(at, &["next month", "nächsten monat", "nächsten monats", "le mois prochain"]) {
        return Some(Moment::new(next, DueKind::Month, of(1)));
    }
    if let Some(next) = reader.any(at, &["later this month", "this month", "diesen monat", "ce mois - ci"]) {
        return Some(Moment::new(next, DueKind::Month, of(0)));
    }
    const PARTS: [&str; 12] = [
        "the middle of",
        "middle of",
        "mid -",
        "mid",
        "mitte",
        "mi -",
        "early",
        "late",
        "the beginning of",
        "beginning of",
        "anfang",
        "the first week of",
    ];
    let part = reader.any(at, &PARTS);
    let (next, number) = month_word(reader, part.unwrap_or(at))?;
    // "May" alone is a verb; a month alone needs its preposition.
    let moment = named(reader, next, number)?;
    let Some(part) = part else { return Some(moment.shy()) };
    let middle = (at..part).any(|at| reader.is(at, &["middle", "mid", "mitte", "mi"]));
    let first = moment.days.map(|(first, _)| first);
    Some(if middle {
        Moment { kind: DueKind::Day, days: first.map(|day| (plus(day, 14), plus(day, 14))), ..moment }.limit()
    } else {
        Moment { kind: DueKind::Month, days: None, ..moment }.limit()
    })
}
