//! The line before each message of an mbox: `From `, the envelope sender, a date (RFC 4155 appendix A), in the many
//! shapes that programs write. The date should be asctime in UTC; zones before and after the year, RFC 5322 dates and
//! no date at all are common.

/// The longest line whose words are looked at; what follows is never part of a separator's date.
const LOOKED_AT_BYTES: usize = 1024;

/// What stands between `From ` and the date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sender {
    /// Nothing.
    Missing,
    /// `-`, as Thunderbird and its ancestors write.
    Dash,
    /// `???@???`, as Eudora writes.
    Unknown,
    /// A word with an `@` in it, also in angle brackets or quotes.
    Address,
    /// `user at host`, as pipermail writes.
    Obscured,
    /// One word without `@`, such as `MAILER-DAEMON`.
    Word,
    /// Several words: more like prose than like a separator.
    Words,
}

/// What a `From ` line says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FromLine {
    /// The bytes between `From ` and the date, trimmed; empty if there are none.
    pub envelope_sender: Vec<u8>,
    /// What kind of words these are.
    pub sender: Sender,
    /// Seconds since 1970 in UTC; a line without a zone counts as UTC (RFC 4155), an unknown zone name too.
    pub date: Option<i64>,
    /// The line has words of a date (a month or a time of day), although they may not make up a whole date.
    pub has_date_words: bool,
}

impl FromLine {
    /// Do two separators look as if one program had written both?
    pub fn is_like(&self, other: &FromLine) -> bool {
        let plain = |sender| if matches!(sender, Sender::Word | Sender::Address) { Sender::Address } else { sender };
        self.date.is_some() == other.date.is_some() && plain(self.sender) == plain(other.sender)
    }
}

/// Reads a line that starts with `From `, with or without its line end. `None` if it does not start so.
pub fn parse_from_line(line: &[u8]) -> Option<FromLine> {
    let line = &line[..line.len().min(LOOKED_AT_BYTES)];
    let rest = line.strip_prefix(b"From ")?;
    let rest = rest.trim_ascii_end();
    let words = words_of(rest);
    let starts = (0..words.len()).filter(|&at| may_start_date(words[at].text));
    let found = starts.into_iter().find_map(|at| date_from(&words[at..]).map(|date| (at, date)));
    let first_date_word = match found {
        Some((at, _)) => at,
        None => words.iter().position(|word| is_time(word.text) || weekday(word.text)).unwrap_or(words.len()),
    };
    let sender_end = words.get(first_date_word).map_or(rest.len(), |word| word.start);
    let envelope_sender = rest[..sender_end].trim_ascii().to_vec();
    Some(FromLine {
        sender: kind_of_sender(&envelope_sender),
        envelope_sender,
        date: found.map(|(_, date)| date),
        has_date_words: found.is_some() || words.iter().any(|word| is_time(word.text)),
    })
}

struct Word<'a> {
    text: &'a [u8],
    start: usize,
}

fn words_of(text: &[u8]) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let length = text[at..].iter().position(u8::is_ascii_whitespace).unwrap_or(text.len() - at);
        if length > 0 {
            words.push(Word { text: &text[at..at + length], start: at });
        }
        at += length + 1;
    }
    words
}

fn kind_of_sender(sender: &[u8]) -> Sender {
    let words: Vec<&[u8]> = sender.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
    match words[..] {
        [] => Sender::Missing,
        [b"-"] => Sender::Dash,
        [b"???@???"] => Sender::Unknown,
        [_, b"at", _] => Sender::Obscured,
        [word] if word.contains(&b'@') => Sender::Address,
        [_] => Sender::Word,
        // A display name or a quoted local part with blanks: still an address if its last word is one.
        [.., last] if last.contains(&b'@') || sender.starts_with(b"\"") => Sender::Address,
        // A host name with a comment, or an obscured address with more words: `user at host.tld (Name)`.
        [_, b"at", ..] => Sender::Obscured,
        _ => Sender::Words,
    }
}

/// A date starts with a weekday, a month or a number.
fn may_start_date(text: &[u8]) -> bool {
    text[0].is_ascii_digit() || weekday(text) || month(text).is_some()
}

/// A date that starts at the first word and goes on to the end of the line, apart from UUCP's `remote from host` and
/// comments. Needs a month, a day and a time or a year.
fn date_from(words: &[Word]) -> Option<i64> {
    if let Some(date) = iso_date(words) {
        return Some(date);
    }
    let mut date = DateWords::default();
    for (at, word) in words.iter().enumerate() {
        let text = word.text.strip_suffix(b",").unwrap_or(word.text);
        if matches!(text, b"remote" | b"forwarded") && words.len() - at == 3 {
            break;
        }
        if !date.take(text, at == 0) {
            return None;
        }
    }
    date.seconds()
}

#[derive(Default)]
struct DateWords {
    weekday: bool,
    month: Option<i64>,
    day: Option<i64>,
    year: Option<i64>,
    time: Option<i64>,
    zone_seconds: Option<i64>,
    zone_named: bool,
}

impl DateWords {
    /// Takes one word as part of the date; `false` if it can be none.
    fn take(&mut self, text: &[u8], is_first: bool) -> bool {
        if weekday(text) {
            return is_first && !std::mem::replace(&mut self.weekday, true);
        }
        if let Some(month) = month(text) {
            return self.month.replace(month).is_none();
        }
        if let Some(time) = time_of_day(text) {
            return self.month.is_some() && self.time.replace(time).is_none();
        }
        if let Some(zone) = numeric_zone(text) {
            return self.time.is_some() && self.zone_seconds.replace(zone).is_none();
        }
        if let Some(number) = number(text) {
            return self.take_number(number, text.len());
        }
        if self.time.is_none() {
            return false;
        }
        if text.starts_with(b"(") || text.ends_with(b")") {
            return true;
        }
        let is_zone = (1..=5).contains(&text.len()) && text.iter().all(u8::is_ascii_alphabetic);
        if is_zone && self.zone_seconds.is_none() {
            self.zone_seconds = named_zone(text);
        }
        // `MET DST`: two words.
        is_zone && (!std::mem::replace(&mut self.zone_named, true) || text == b"DST")
    }

    fn take_number(&mut self, number: i64, digits: usize) -> bool {
        if digits <= 2 && self.day.is_none() {
            self.day = Some(number);
            return (1..=31).contains(&number) || number == 0;
        }
        if self.month.is_none() || self.year.is_some() {
            return false;
        }
        self.year = match digits {
            4 => Some(number),
            // RFC 5322 section 4.3.
            2 if number < 50 => Some(2000 + number),
            2 => Some(1900 + number),
            3 => Some(1900 + number),
            _ => return false,
        };
        true
    }

    fn seconds(&self) -> Option<i64> {
        let (month, day) = (self.month?, self.day?);
        if self.time.is_none() && (self.year.is_none() || !self.weekday) {
            return None;
        }
        let days = days_since_1970(self.year?, month, day.max(1));
        Some(days * 86_400 + self.time.unwrap_or(0) - self.zone_seconds.unwrap_or(0))
    }
}

/// `2001-05-14T23:39:00Z` or `2001-05-14 23:39:00 +0200`.
fn iso_date(words: &[Word]) -> Option<i64> {
    let first = words.first()?.text;
    let (day, rest) = first.split_at_checked(10)?;
    let part = |range: std::ops::Range<usize>| number(&day[range]);
    if day[4] != b'-' || day[7] != b'-' {
        return None;
    }
    let (year, month, mday) = (part(0..4)?, part(5..7)?, part(8..10)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&mday) {
        return None;
    }
    let mut others = words[1..].iter().map(|word| word.text);
    let clock = if rest.is_empty() { others.next()? } else { rest.strip_prefix(b"T")? };
    let clock = clock.strip_suffix(b"Z").unwrap_or(clock);
    let zone_at = clock.iter().position(|b| matches!(b, b'+' | b'-')).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at(zone_at);
    let zone = if zone.is_empty() { others.next().unwrap_or_default() } else { zone };
    let clock = clock.split(|&b| b == b'.').next()?;
    let zone_seconds = numeric_zone(zone).or_else(|| zone.is_empty().then_some(0)).or_else(|| named_zone(zone))?;
    Some(days_since_1970(year, month, mday) * 86_400 + time_of_day(clock)? - zone_seconds)
}

fn number(text: &[u8]) -> Option<i64> {
    let is_number = (1..=6).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| text.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

fn weekday(text: &[u8]) -> bool {
    let text = text.strip_suffix(b",").unwrap_or(text);
    is_name_of(text, &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]).is_some()
}

fn month(text: &[u8]) -> Option<i64> {
    let months = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    is_name_of(text, &months).map(|at| at as i64 + 1)
}

/// The index of the name that is this word or starts with it (three letters or more, as in asctime).
fn is_name_of(text: &[u8], names: &[&str]) -> Option<usize> {
    let fits = |name: &&str| {
        (text.len() == 3 || text.len() == name.len() || (text.len() == 4 && text.len() < name.len()))
            && name.as_bytes()[..text.len()].eq_ignore_ascii_case(text)
    };
    if text.len() < 3 { None } else { names.iter().position(|name| name.len() >= text.len() && fits(name)) }
}

fn is_time(text: &[u8]) -> bool {
    time_of_day(text).is_some()
}

/// `23:39` or `23:39:00`, also with one digit for the hour and a leap second.
fn time_of_day(text: &[u8]) -> Option<i64> {
    let mut parts = text.split(|&b| b == b':');
    let two = |part: &[u8]| if (1..=2).contains(&part.len()) { number(part) } else { None };
    let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
    let second = match parts.next() {
        Some(part) => two(part)?,
        None => 0,
    };
    let is_time = parts.next().is_none() && hour < 25 && minute < 60 && second < 62;
    is_time.then_some(hour * 3600 + minute * 60 + second)
}

/// `+0200`, `-05:00`.
fn numeric_zone(text: &[u8]) -> Option<i64> {
    let (sign, rest) = text.split_first()?;
    let sign = match sign {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let value = match rest {
        [_, _, b':', _, _] => number(&rest[..2])? * 100 + number(&rest[3..])?,
        [_, _, _, _] => number(rest)?,
        _ => return None,
    };
    Some(sign * (value / 100 * 3600 + value % 100 * 60))
}

/// Zone names of RFC 5322 section 4.3, and the commonest of Europe.
fn named_zone(text: &[u8]) -> Option<i64> {
    let hours = match text.to_ascii_uppercase().as_slice() {
        b"UT" | b"UTC" | b"GMT" | b"Z" | b"WET" => 0,
        b"BST" | b"CET" | b"MET" | b"WEST" => 1,
        b"CEST" | b"MEST" | b"EET" | b"METDST" => 2,
        b"EEST" | b"MSK" => 3,
        b"EST" => -5,
        b"EDT" => -4,
        b"CST" => -6,
        b"CDT" => -5,
        b"MST" => -7,
        b"MDT" => -6,
        b"PST" => -8,
        b"PDT" => -7,
        b"JST" => 9,
        _ => return None,
    };
    Some(hours * 3600)
}

/// Days from 1970-01-01 in the Gregorian calendar.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
#[path = "from_line_tests.rs"]
mod tests;
