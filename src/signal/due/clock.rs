//! Times of the day: hours, noon, the end of the day, and parts of a day.

use super::Reader;

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
pub(super) fn read(reader: &Reader<'_>, at: usize) -> Option<Clock> {
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
