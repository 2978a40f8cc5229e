//! Dates as mail writes them (RFC 5322 sections 3.3 and 4.3), as `asctime` does, and as ISO 8601 does.

/// A moment, and the zone it was written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// Unix seconds.
    pub seconds: i64,
    /// Minutes east of UTC; `None` where no zone, or `-0000`, or an unknown one is written (then read as UTC).
    pub offset_minutes: Option<i32>,
    /// The year as written.
    pub year: i64,
}

/// Reads a date. Weekdays and comments do not matter; two-digit years are 1950 to 2049, three-digit ones count from
/// 1900 (RFC 5322 section 4.3). `None` for what is no date, or a day or hour that does not exist.
pub fn parse(text: &[u8]) -> Option<Stamp> {
    const LONGEST: usize = 256;
    let text = without_comments(&text[..text.len().min(LONGEST)]);
    let mut reading = Reading::default();
    for token in text.split(|b| b.is_ascii_whitespace() || *b == b',').filter(|token| !token.is_empty()) {
        reading.token(token)?;
    }
    reading.stamp()
}

fn without_comments(text: &[u8]) -> Vec<u8> {
    let mut depth = 0usize;
    text.iter()
        .map(|byte| {
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth = depth.saturating_sub(1);
                    return b' ';
                }
                _ => {}
            }
            if depth > 0 { b' ' } else { *byte }
        })
        .collect()
}

#[derive(Default)]
struct Reading {
    day: Option<i64>,
    month: Option<i64>,
    year: Option<(i64, usize)>,
    time: Option<(i64, i64, i64)>,
    zone: Option<i32>,
    zone_is_numeric: bool,
    afternoon: Option<bool>,
}

impl Reading {
    /// Takes one token; `None` if it makes the whole unreadable.
    fn token(&mut self, token: &[u8]) -> Option<()> {
        let first = token[0];
        let is_iso = token.iter().position(|b| *b == b'T').is_some_and(|at| at >= 8);
        if token.contains(&b':') && first.is_ascii_digit() && !is_iso {
            return self.clock(token);
        }
        if matches!(first, b'+' | b'-') && self.time.is_some() {
            return self.numeric_zone(token);
        }
        if first.is_ascii_digit() {
            return self.number(token);
        }
        if let Some(month) = month(token) {
            self.month = self.month.or(Some(month));
            // Jan-2001 or Jan/2001
            let digits = token.iter().position(u8::is_ascii_digit).unwrap_or(token.len());
            return if digits < token.len() { self.number(&token[digits..]) } else { Some(()) };
        }
        if self.time.is_some() {
            self.named_zone(token);
        }
        Some(())
    }

    fn number(&mut self, token: &[u8]) -> Option<()> {
        if let Some(at) = token.iter().position(|b| *b == b'T').filter(|at| *at >= 8) {
            self.number(&token[..at])?;
            return self.clock(&token[at + 1..]);
        }
        let parts: Vec<&[u8]> = token.split(|b| matches!(b, b'-' | b'/' | b'.')).filter(|p| !p.is_empty()).collect();
        match parts.as_slice() {
            [year, month, day] if year.len() == 4 => {
                self.year = Some((integer(year)?, 4));
                self.month = Some(integer(month)?);
                self.day = Some(integer(day)?);
            }
            [day, name, year] if month(name).is_some() => {
                self.day = Some(integer(day)?);
                self.month = month(name);
                self.year = Some((integer(year)?, year.len()));
            }
            [number] => {
                let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
                let value = integer(&number[..digits])?;
                if self.day.is_none() && digits <= 2 {
                    self.day = Some(value);
                } else if self.year.is_none() {
                    self.year = Some((value, digits));
                }
                if digits < number.len() {
                    let rest = &number[digits..];
                    self.month = self.month.or(month(rest));
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn clock(&mut self, token: &[u8]) -> Option<()> {
        let zone = token.iter().position(|b| !b.is_ascii_digit() && !matches!(b, b':' | b'.')).unwrap_or(token.len());
        let mut parts = token[..zone].split(|b| *b == b':');
        let hour = integer(parts.next()?)?;
        let minute = integer(parts.next()?)?;
        let second = match parts.next() {
            Some(second) => integer(second.split(|b| *b == b'.').next()?)?,
            None => 0,
        };
        self.time = self.time.or(Some((hour, minute, second)));
        if zone < token.len() { self.token(&token[zone..]) } else { Some(()) }
    }

    fn numeric_zone(&mut self, token: &[u8]) -> Option<()> {
        let digits: Vec<u8> = token[1..].iter().copied().filter(u8::is_ascii_digit).collect();
        let (hours, minutes) = match digits.len() {
            1 | 2 => (integer(&digits)?, 0),
            3 => (integer(&digits[..1])?, integer(&digits[1..])?),
            4 => (integer(&digits[..2])?, integer(&digits[2..])?),
            _ => return Some(()),
        };
        let east = (hours * 60 + minutes) as i32;
        let unknown = token[0] == b'-' && east == 0;
        if east < 24 * 60 && !self.zone_is_numeric && !unknown {
            self.zone = Some(if token[0] == b'-' { -east } else { east });
            self.zone_is_numeric = true;
        }
        Some(())
    }

    fn named_zone(&mut self, token: &[u8]) {
        let letters = token.iter().take_while(|b| b.is_ascii_alphabetic()).count();
        let name = token[..letters].to_ascii_uppercase();
        match name.as_slice() {
            b"AM" => self.afternoon = Some(false),
            b"PM" => self.afternoon = Some(true),
            _ if !self.zone_is_numeric && self.zone.is_none() => self.zone = zone_minutes(&name),
            _ => {}
        }
        if letters < token.len() && matches!(token[letters], b'+' | b'-') {
            self.numeric_zone(&token[letters..]);
        }
    }

    fn stamp(&self) -> Option<Stamp> {
        let (day, month, (year, digits)) = (self.day?, self.month?, self.year?);
        let (mut hour, minute, second) = self.time?;
        let year = match digits {
            1 | 2 if year < 50 => year + 2000,
            1..=3 => year + 1900,
            4 => year,
            _ => return None,
        };
        match self.afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        let possible = (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second <= 60;
        let offset = self.zone.unwrap_or(0);
        possible.then(|| Stamp {
            seconds: days_since_epoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
                - i64::from(offset) * 60,
            offset_minutes: self.zone,
            year,
        })
    }
}

fn integer(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    digits.iter().try_fold(0i64, |value, b| b.is_ascii_digit().then(|| value * 10 + i64::from(b - b'0')))
}

fn month(token: &[u8]) -> Option<i64> {
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let start: Vec<u8> = token.iter().skip_while(|b| **b == b'-').take(3).map(|b| b.to_ascii_lowercase()).collect();
    MONTHS.iter().position(|month| *month == start.as_slice()).map(|at| at as i64 + 1)
}

/// The zones of RFC 5322 section 4.3, and those that mail in Europe, Asia and Australia is full of.
fn zone_minutes(name: &[u8]) -> Option<i32> {
    Some(match name {
        b"UT" | b"UTC" | b"GMT" | b"Z" | b"WET" => 0,
        b"EDT" => -240,
        b"EST" | b"CDT" => -300,
        b"CST" | b"MDT" => -360,
        b"MST" | b"PDT" => -420,
        b"PST" | b"AKDT" => -480,
        b"AKST" => -540,
        b"HST" => -600,
        b"BST" | b"CET" | b"MET" | b"WEST" | b"MEZ" => 60,
        b"CEST" | b"MEST" | b"EET" | b"MESZ" | b"SAST" => 120,
        b"EEST" | b"MSK" => 180,
        b"MSD" => 240,
        b"HKT" | b"AWST" => 480,
        b"JST" | b"KST" => 540,
        b"AEST" => 600,
        b"AEDT" => 660,
        b"NZST" => 720,
        b"NZDT" => 780,
        _ => return None,
    })
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the Gregorian calendar (Howard Hinnant, `days_from_civil`).
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The moment as `2001-05-14T23:39:00Z`.
pub fn iso(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Option<i32>)> {
        parse(text.as_bytes()).map(|stamp| (iso(stamp.seconds), stamp.offset_minutes))
    }

    fn at(iso: &str, offset: Option<i32>) -> Option<(String, Option<i32>)> {
        Some((iso.to_owned(), offset))
    }

    #[test]
    fn dates_of_the_standard_and_of_the_wild() {
        assert_eq!(read("Mon, 14 May 2001 16:39:00 -0700 (PDT)"), at("2001-05-14T23:39:00Z", Some(-420)));
        assert_eq!(read("Fri, 21 Nov 97 09(comment):   55  :  06 -0600"), None);
        assert_eq!(read("21 Nov 97 09:55:06 GMT"), at("1997-11-21T09:55:06Z", Some(0)));
        assert_eq!(read("1 Jan 49 00:00 EST"), at("2049-01-01T05:00:00Z", Some(-300)));
        assert_eq!(read("Tue, 4 Dec 101 10:00:00 +0100"), at("2001-12-04T09:00:00Z", Some(60)));
        assert_eq!(read("Sat Mar  3 12:00:00 2001"), at("2001-03-03T12:00:00Z", None));
        assert_eq!(read("Sat Mar  3 12:00:00 CET 2001"), at("2001-03-03T11:00:00Z", Some(60)));
        assert_eq!(read("2001-05-14T23:39:00Z"), at("2001-05-14T23:39:00Z", Some(0)));
        assert_eq!(read("2001-05-14 23:39:00.123 +02:00"), at("2001-05-14T21:39:00Z", Some(120)));
        assert_eq!(read("01-Jan-2001 01:02:03 PM GMT+0100"), at("2001-01-01T12:02:03Z", Some(60)));
        assert_eq!(read("1 Jan 2001 00:00:00 -0000"), at("2001-01-01T00:00:00Z", None));
        assert_eq!(read("1 Jan 1960 00:00:00 +0000"), at("1960-01-01T00:00:00Z", Some(0)));
        assert_eq!(read("31 Dec 9999 23:59:60 +0000"), at("10000-01-01T00:00:00Z", Some(0)));
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in ["", "yesterday", "30 Feb 2001 10:00:00 GMT", "1 Jan 2001", "1 Jan 99999 10:00 GMT", "1 2 3 4:5"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read("1 Jan 2001 24:00:00 GMT"), None);
        assert_eq!(read("1 Jan 2001 10:00:00 +9999999999"), at("2001-01-01T10:00:00Z", None));
    }
}
