//! Days by name or number: weekdays, dates, feasts.

use jiff::civil::Date;

use super::calendar::{self, plus};
use super::{DueKind, Moment, Reader};

/// A date without a year that went by so many days ago may be meant: it is left unresolved.
const JUST_GONE_DAYS: i32 = 60;

/// What a date without a weekday says.
enum Dated {
    /// A year is written.
    Full(Date),
    /// Month and day.
    Yearless(u32, u32),
    /// Two numbers that may be day and month or month and day: as day first, as month first.
    Either(Option<Date>, Option<Date>, (u32, u32)),
    /// A day of a month.
    OfMonth(u32),
}

/// Reads a day at `at`.
pub(super) fn read(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    weekday(reader, at).or_else(|| plain(reader, at)).or_else(|| feast(reader, at))
}

/// The token after a weekday, its number and whether it needs company.
fn weekday_word(reader: &Reader<'_>, at: usize) -> Option<(usize, i32, bool)> {
    let token = reader.tokens.get(at)?;
    let (number, short) = calendar::weekday(&token.word)?;
    // "sun", "sat" and "wed" are words of their own.
    if short && !token.capital && !reader.is(at + 1, &["."]) {
        return None;
    }
    // The last dot ends the sentence.
    let dotted = short && reader.is(at + 1, &["."]) && reader.tokens.len() > at + 2;
    let next = at + 1 + usize::from(dotted);
    Some((next, number, short))
}

fn weekday(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    const NEXT: [&str; 6] = ["next week's", "next", "nächsten", "nächster", "nächste", "nächstem"];
    const THIS: [&str; 10] =
        ["this coming", "this", "the coming", "coming", "upcoming", "kommenden", "kommender", "diesen", "diesem", "ce"];
    let (from, next, this) = match (reader.any(at, &NEXT), reader.any(at, &THIS)) {
        (Some(from), _) => (from, true, false),
        (_, Some(from)) => (from, false, true),
        _ => (at, false, false),
    };
    let Some((after, number, short)) = weekday_word(reader, from) else { return abbreviated(reader, at) };
    const GAPS: [&str; 10] = [", the", ", den", ", dem", ", le", "the", "den", "dem", "le", ",", "("];
    let gap = reader.any(after, &GAPS).unwrap_or(after);
    if let Some((next, dated)) = dated(reader, gap, true).or_else(|| dated(reader, after, true)) {
        let next = if reader.is(next, &[")"]) { next + 1 } else { next };
        return Some(with_weekday(reader, next, number, dated));
    }
    let today = reader.today();
    let coming = |day: Date| plus(day, (number - calendar::weekday_number(day) + 6).rem_euclid(7) + 1);
    let in_week = |day: Date, weeks: i32| plus(calendar::monday(day), 7 * weeks + number);
    if let Some(feast) = reader.any(after, &["following", "after"]).and_then(|next| feast(reader, next)) {
        let day = feast.days.map(|(day, _)| coming(day));
        return Some(Moment::day(feast.next, day));
    }
    const OF_NEXT: [&str; 5] =
        ["of next week", "next week", "nächster woche", "nächste woche", "de la semaine prochaine"];
    const OF_THIS: [&str; 3] = ["of this week", "this week", "dieser woche"];
    if let Some(end) = reader.any(after, &OF_NEXT).or_else(|| reader.any(after, &["in einer woche", "week"])) {
        return Some(Moment::day(end, today.map(|day| in_week(day, 1))));
    }
    if let Some(end) = reader.any(after, &OF_THIS) {
        let day = today.map(|day| in_week(day, 0)).filter(|day| today.is_some_and(|today| *day >= today));
        let kind = if day.is_none() { DueKind::Ambiguous } else { DueKind::Day };
        return Some(Moment { kind, ..Moment::day(end, day) });
    }
    if reader.is(after, &["prochain", "prochaine"]) {
        return Some(Moment::day(after + 1, today.map(coming)));
    }
    let day = match (next, this) {
        (true, _) => today.map(|day| in_week(day, 1)),
        // "This Friday" on a Friday is today.
        (_, true) => today.map(|day| plus(coming(plus(day, -1)), 0)),
        _ => today.map(coming),
    };
    let moment = Moment::day(after, day);
    Some(if short && !next && !this { moment.shy() } else { moment })
}

/// "Fr, 30.11.": German weekdays in two letters need their date.
fn abbreviated(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let token = reader.tokens.get(at).filter(|token| token.capital)?;
    let number = ["mo", "di", "mi", "do", "fr", "sa", "so"].iter().position(|word| *word == token.word)?;
    let next = reader.any(at + 1, &[". ,", ".", ","])?;
    let (next, dated) = dated(reader, next, true)?;
    Some(with_weekday(reader, next, number as i32, dated))
}

/// A date with its weekday: the weekday chooses between readings and years, and what fits none stays unresolved.
fn with_weekday(reader: &Reader<'_>, next: usize, number: i32, dated: Dated) -> Moment {
    let fits = |day: &Date| calendar::weekday_number(*day) == number;
    let unresolved = Moment::new(next, DueKind::Ambiguous, None);
    let chosen = match dated {
        Dated::Full(day) => Some(day).filter(fits),
        Dated::Either(day_first, month_first, _) if day_first.is_some() || month_first.is_some() => {
            match (day_first.filter(fits), month_first.filter(fits)) {
                (Some(one), None) | (None, Some(one)) => Some(one),
                (Some(one), Some(other)) if one == other => Some(one),
                _ => None,
            }
        }
        Dated::Either(_, _, (first, second)) => {
            let (one, other) = (nearest(reader, second, first, fits), nearest(reader, first, second, fits));
            match (one, other) {
                (Some(day), None) | (None, Some(day)) => Some(day),
                (Some(one), Some(other)) if one == other => Some(one),
                _ => None,
            }
        }
        Dated::Yearless(month, day) => nearest(reader, month, day, fits),
        Dated::OfMonth(day) => {
            let today = reader.today();
            let at = |months: i32| {
                let month = calendar::plus_months(today?.first_of_month(), months);
                calendar::date(i32::from(month.year()), month.month().unsigned_abs().into(), day)
            };
            [0, 1, 2].into_iter().filter_map(at).find(|day| fits(day) && today.is_some_and(|today| *day >= today))
        }
    };
    let no_date = reader.sent.is_none() && chosen.is_none();
    if no_date {
        return Moment::day(next, None);
    }
    chosen.map_or(unresolved, |day| Moment::day(next, Some(day)))
}

/// The occurrence that fits the weekday: the next one first, then the last one.
fn nearest(reader: &Reader<'_>, month: u32, day: u32, fits: impl Fn(&Date) -> bool) -> Option<Date> {
    let today = reader.today()?;
    let year = i32::from(today.year());
    let mut all: Vec<Date> = [0, 1, -1].iter().filter_map(|add| calendar::date(year + add, month, day)).collect();
    all.retain(|day| (-JUST_GONE_DAYS..=330).contains(&days_between(today, *day)) && fits(day));
    all.sort_by_key(|day| (*day < today, days_between(today, *day).abs()));
    all.first().copied()
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// A date without a weekday before it.
fn plain(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    let (next, dated) = dated(reader, at, false)?;
    Some(match dated {
        Dated::Full(day) => Moment::day(next, Some(day)),
        Dated::Yearless(month, day) => yearless(reader, next, month, day),
        Dated::Either(Some(one), Some(other), _) if one == other => Moment::day(next, Some(one)),
        Dated::Either(Some(one), None, (0, 0)) | Dated::Either(None, Some(one), (0, 0)) => Moment::day(next, Some(one)),
        Dated::Either(Some(day_first), Some(month_first), _) => {
            Moment { readings: Some((day_first, month_first)), ..Moment::new(next, DueKind::Order, None) }
        }
        Dated::Either(_, _, (first, second)) => either(reader, next, first, second),
        Dated::OfMonth(day) => of_month(reader, next, day).shy(),
    })
}

/// Two numbers without a year.
fn either(reader: &Reader<'_>, next: usize, first: u32, second: u32) -> Moment {
    if first == second {
        return yearless(reader, next, first, first).shy();
    }
    match (second <= 12, first <= 12) {
        (true, false) => yearless(reader, next, second, first).shy(),
        (false, true) => yearless(reader, next, first, second).shy(),
        _ => {
            let of = |month: u32, day: u32| yearless(reader, next, month, day).days.map(|(day, _)| day);
            match (of(second, first), of(first, second)) {
                (Some(one), Some(other)) => {
                    Moment { readings: Some((one, other)), ..Moment::new(next, DueKind::Order, None) }.shy()
                }
                _ => Moment::new(next, DueKind::Ambiguous, None).shy(),
            }
        }
    }
}

/// The next such day; unresolved if one has just gone by.
fn yearless(reader: &Reader<'_>, next: usize, month: u32, day: u32) -> Moment {
    let Some(today) = reader.today() else { return Moment::day(next, None) };
    let year = i32::from(today.year());
    let mut all = [-1, 0, 1, 2, 3, 4].iter().filter_map(|add| calendar::date(year + add, month, day));
    let gone = all.clone().any(|day| day < today && days_between(today, day) >= -JUST_GONE_DAYS);
    let coming = all.find(|day| *day >= today).filter(|_| !gone);
    match coming {
        Some(day) => Moment::day(next, Some(day)),
        None => Moment::new(next, DueKind::Ambiguous, None),
    }
}

fn of_month(reader: &Reader<'_>, next: usize, day: u32) -> Moment {
    let Some(today) = reader.today() else { return Moment::day(next, None) };
    let at = |months: i32| {
        let month = calendar::plus_months(today.first_of_month(), months);
        calendar::date(i32::from(month.year()), month.month().unsigned_abs().into(), day)
    };
    Moment::day(next, [0, 1, 2].into_iter().filter_map(at).find(|day| *day >= today))
}

/// Numbers and names that make a date; `after_weekday` allows forms that alone mean nothing.
fn dated(reader: &Reader<'_>, at: usize, after_weekday: bool) -> Option<(usize, Dated)> {
    let at = if reader.is(at, &["the", "den", "dem", "le"]) && !after_weekday { at + 1 } else { at };
    named_month(reader, at).or_else(|| numeric(reader, at)).or_else(|| of_month_words(reader, at, after_weekday))
}

/// "May 25th, 2001", "25 May", "the 25th of May", "25. Mai", "1er mai".
fn named_month(reader: &Reader<'_>, at: usize) -> Option<(usize, Dated)> {
    let (next, month, day) = if let Some((next, month)) = month_word(reader, at) {
        let day = reader.number(next).filter(|_| reader.tokens[next].digits <= 2)?;
        // "May 25" but not "May 2001" and not "May 10:30".
        if reader.is(next + 1, &[":"]) && !reader.tokens[next].ordinal {
            return None;
        }
        (next + 1, month, day)
    } else {
        let day = reader.number(at).filter(|_| reader.tokens[at].digits <= 2)?;
        let next = reader.any(at + 1, &[". of", "of", "."]).unwrap_or(at + 1);
        let (next, month) = month_word(reader, next)?;
        (next, month, day)
    };
    calendar::date(2000, month, day)?;
    let year_at = if reader.is(next, &[",", "'"]) { next + 1 } else { next };
    let year_at = if reader.is(year_at, &["'"]) { year_at + 1 } else { year_at };
    let marked = year_at > next;
    if let Some(number) = reader.number(year_at)
        && let token = &reader.tokens[year_at]
        && (token.digits == 4 || token.digits == 2 && marked && reader.is(year_at - 1, &["'"]))
        && let Some(year) = calendar::full_year(number, token.digits)
    {
        return Some((year_at + 1, Dated::Full(calendar::date(year, month, day)?)));
    }
    Some((next, Dated::Yearless(month, day)))
}

/// The token after the name of a month, and its number.
pub(super) fn month_word(reader: &Reader<'_>, at: usize) -> Option<(usize, u32)> {
    let token = reader.tokens.get(at)?;
    let (month, doubtful) = calendar::month(&token.word)?;
    let dot = reader.is(at + 1, &["."]) && token.word.len() <= 4;
    let numbered = reader.number(at + 1 + usize::from(dot)).is_some() || at > 0 && reader.number(at - 1).is_some();
    (!doubtful || token.capital || dot || numbered)
        .then_some((at + 1 + usize::from(dot && reader_goes_on(reader, at)), month))
}

/// Whether the dot after a short month is no end of the sentence.
fn reader_goes_on(reader: &Reader<'_>, at: usize) -> bool {
    reader.tokens.len() > at + 2
}

/// "11/30", "11/30/01", "30.11.", "30.11.2001", "2001-11-30", "11-30-2001".
fn numeric(reader: &Reader<'_>, at: usize) -> Option<(usize, Dated)> {
    let first = reader.number(at)?;
    let tokens = &reader.tokens;
    let mark = reader.word(at + 1).to_owned();
    if !matches!(mark.as_str(), "/" | "." | "-") || tokens[at + 1].spaced || tokens[at].ordinal {
        return None;
    }
    let second = reader.number(at + 2)?;
    if tokens[at + 2].spaced && mark != "."
        || at > 0 && !tokens[at].spaced && reader.is(at - 1, &["/", ".", "-", "$", "#"])
    {
        return None;
    }
    let third = (reader.word(at + 3) == mark && !tokens[at + 3].spaced)
        .then(|| reader.number(at + 4).filter(|_| !tokens[at + 4].spaced || mark == "."))
        .flatten();
    if tokens[at].digits == 4 {
        let day = calendar::date(first as i32, second, third?)?;
        return Some((at + 5, Dated::Full(day)));
    }
    if tokens[at].digits > 2 || tokens[at + 2].digits > 2 || first == 0 || second == 0 {
        return None;
    }
    let year = third.and_then(|number| calendar::full_year(number, tokens[at + 4].digits));
    if mark == "." {
        // Dots put the day first, in every country that writes them.
        let closed = reader.is(at + 3, &["."]) && !tokens[at + 3].spaced;
        calendar::date(2000, second, first)?;
        return match year {
            Some(year) => Some((at + 5, Dated::Full(calendar::date(year, second, first)?))),
            None if closed => {
                // The last dot belongs to the date unless the sentence ends with it.
                Some((at + 4, Dated::Yearless(second, first)))
            }
            None if tokens[at].digits == 2 || tokens[at + 2].digits == 2 => {
                let prepared = at > 0 && reader.is(at - 1, &["am", "bis", "zum", "den", "vom", "le", "dem"]);
                prepared.then_some((at + 3, Dated::Yearless(second, first)))
            }
            None => None,
        };
    }
    if let Some(year) = year {
        let (one, other) = (calendar::date(year, second, first), calendar::date(year, first, second));
        if one.is_none() && other.is_none() {
            return None;
        }
        let only = one.is_none() || other.is_none();
        return Some((at + 5, Dated::Either(one, other, if only { (0, 0) } else { (first, second) })));
    }
    let possible = calendar::date(2000, first, second).is_some() || calendar::date(2000, second, first).is_some();
    let bounded = !reader.is(at + 3, &["/", "%"]) || tokens.get(at + 3).is_none_or(|token| token.spaced);
    (mark == "/" && possible && bounded).then_some((at + 3, Dated::Either(None, None, (first, second))))
}

/// "the 15th", "zum 15.", "le 15".
fn of_month_words(reader: &Reader<'_>, at: usize, after_weekday: bool) -> Option<(usize, Dated)> {
    let day = reader.number(at).filter(|day| (1..=31).contains(day) && reader.tokens[at].digits <= 2)?;
    let german = at > 0 && reader.is(at - 1, &["den", "zum", "am", "dem", "bis"]);
    let french = at > 0 && reader.is(at - 1, &["le"]);
    let dotted = reader.is(at + 1, &["."]) && !reader.tokens[at + 1].spaced;
    let ordinal = reader.tokens[at].ordinal || german && dotted || french || after_weekday && dotted;
    let next = at + 1 + usize::from(dotted && !reader.tokens[at].ordinal);
    // "The 15th floor", "the 2nd draft": a noun after it makes it no day.
    const ALLOWED: [&str; 40] = [
        "at", "by", "of", "so", "if", "for", "and", "to", "as", "in", "or", "we", "please", "when", "with", "because",
        "since", "i", "you", "the", "but", "this", "on", "noch", "um", "bitte", "und", "oder", "an", "à", "et", "ou",
        "pour", "s'il", "merci", "that", "then", "before", "from", "a",
    ];
    let open = reader
        .tokens
        .get(next)
        .is_none_or(|token| !token.word.starts_with(char::is_alphanumeric) || ALLOWED.contains(&token.word.as_ref()));
    let of = reader.is(next, &["of"]) && !reader.is(next + 1, &["this", "the", "next"]);
    (ordinal && open && !of).then_some((
        reader.any(next, &["of this month", "of the month", "dieses monats"]).unwrap_or(next),
        Dated::OfMonth(day),
    ))
}

/// Feasts of a fixed day, and those that hang on Easter or on a weekday of a month.
fn feast(reader: &Reader<'_>, at: usize) -> Option<Moment> {
    type Rule = fn(i32) -> Option<Date>;
    const FEASTS: [(&[&str], Rule); 14] = [
        (&["christmas eve", "heiligabend", "heilig abend"], |year| calendar::date(year, 12, 24)),
        (&["christmas day", "christmas", "xmas", "x - mas", "weihnachten", "noël"], |year| {
            calendar::date(year, 12, 25)
        }),
        (&["new year's eve", "new years eve", "silvester", "jahreswechsel"], |year| calendar::date(year, 12, 31)),
        (&["new year's day", "new year's", "new years", "new year", "neujahr", "nouvel an"], |year| {
            calendar::date(year, 1, 1)
        }),
        (&["thanksgiving day", "thanksgiving"], |year| calendar::nth_weekday(year, 11, 3, 4)),
        (&["independence day", "fourth of july"], |year| calendar::date(year, 7, 4)),
        (&["labor day"], |year| calendar::nth_weekday(year, 9, 0, 1)),
        (&["memorial day"], |year| calendar::nth_weekday(year, 5, 0, 5)),
        (&["good friday", "karfreitag"], |year| calendar::easter(year).map(|day| plus(day, -2))),
        (&["easter monday", "ostermontag"], |year| calendar::easter(year).map(|day| plus(day, 1))),
        (&["easter sunday", "easter", "ostern", "pâques"], calendar::easter),
        (&["pfingsten", "whitsun", "pentecost", "pentecôte"], |year| calendar::easter(year).map(|day| plus(day, 49))),
        (&["halloween"], |year| calendar::date(year, 10, 31)),
        (&["valentine's day", "valentines day"], |year| calendar::date(year, 2, 14)),
    ];
    let at = if reader.is(at, &["the", "this"]) { at + 1 } else { at };
    let (next, rule) = FEASTS.iter().find_map(|(names, rule)| Some((reader.any(at, names)?, rule)))?;
    // "The Christmas party" is not the day.
    if reader.is(
        next,
        &[
            "party", "parties", "card", "cards", "dinner", "lunch", "list", "present", "presents", "gift", "gifts",
            "feier", "tree",
        ],
    ) {
        return None;
    }
    let Some(today) = reader.today() else { return Some(Moment::day(next, None)) };
    let year = i32::from(today.year());
    let day = [year, year + 1].into_iter().filter_map(rule).find(|day| *day >= today);
    Some(Moment::day(next, day))
}
