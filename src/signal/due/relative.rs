//! Times reckoned from the day of the message: today, tomorrow, weeks, ends of months.

use jiff::civil::Date;

use super::calendar::{self, plus};
use super::day::month_word;
use super::span::within;
use super::{DueKind, Moment, Reader};

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
