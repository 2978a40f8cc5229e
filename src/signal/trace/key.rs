//! Identifiers by their shape: letters and digits that name one thing (`PO 4711`, `INV-2023-118`, `#20391`, `2024/1187`).
//!
//! No list of prefixes: what recurs with other digits is learned by `discover`. Dates, times, amounts, telephone numbers,
//! years and versions are none.

use crate::model::calendar;

/// An identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// The same for all of its series: letters as they are in upper case, digits as `#`.
    pub kind: String,
    /// Letters in upper case, one `-` for what divides; no blanks.
    pub value: String,
    /// Whether it stands in the subject.
    pub in_subject: bool,
}

/// Words before a number that make it a name.
const DESIGNATORS: [&str; 44] = [
    "po",
    "order",
    "ticket",
    "case",
    "invoice",
    "inv",
    "deal",
    "ref",
    "reference",
    "no",
    "nr",
    "number",
    "project",
    "job",
    "quote",
    "rfq",
    "rma",
    "request",
    "incident",
    "claim",
    "contract",
    "id",
    "batch",
    "shipment",
    "bestellung",
    "auftrag",
    "rechnung",
    "vorgang",
    "projekt",
    "angebot",
    "lieferschein",
    "antrag",
    "vertrag",
    "kunde",
    "nummer",
    "rg",
    "re",
    "ab",
    "bestellnummer",
    "rechnungsnummer",
    "auftragsnummer",
    "commande",
    "facture",
    "pedido",
];

/// What divides the words among which identifiers are looked for.
fn divides(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '<' | '>' | '|' | '=' | '„' | '“')
}

/// Adds the identifiers of a text, in order and without repetition, until there are `most`. Says whether a day is named
/// before that.
pub fn read(text: &str, in_subject: bool, most: usize, found: &mut Vec<Key>) -> bool {
    let mut day = false;
    let mut at = 0;
    // From digit to digit: most words have none, and are neither an identifier nor a day.
    while let Some(digit) = text.as_bytes()[at..].iter().position(u8::is_ascii_digit) {
        if found.len() >= most {
            break;
        }
        let digit = at + digit;
        let gap = text[at..digit].char_indices().rev().find(|(_, c)| divides(*c));
        let start = gap.map_or(at, |(gap, c)| at + gap + c.len_utf8());
        let end = text[digit..].find(divides).map_or(text.len(), |gap| digit + gap);
        let (before, token) = (last_word(&text[..start]), &text[start..end]);
        let next = text[end..].trim_start_matches(divides).split(divides).next().filter(|next| !next.is_empty());
        day = day || names_day(before, token);
        if token.len() <= 40
            && token.is_ascii()
            && let Some(mut key) = key(before, token, in_subject)
        {
            if let Some(more) = next.and_then(|next| second_group(&key, next)) {
                key = finish(&format!("{}-{more}", key.value), in_subject);
            }
            if found.iter().all(|one| one.value != key.value) {
                found.push(key);
            }
        }
        // `3. Mai`: the word behind has no digit of its own.
        day = day || found.len() < most && next.is_some_and(|next| names_day(token, next));
        at = end;
    }
    day
}

fn last_word(text: &str) -> &str {
    text.trim_end_matches(divides).rsplit(divides).next().unwrap_or_default()
}

/// A number written in groups goes on: `AWB 724-1234 5675`, `AWB 020 78241951`.
fn second_group<'t>(key: &Key, next: &'t str) -> Option<&'t str> {
    let next = next.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let (_, digits) = key.value.split_at(key.value.find(|c: char| c.is_ascii_digit())?);
    let least = match digits.contains('-') {
        true if digits.starts_with("20") => return None,
        true => 4,
        false if digits.len() == 3 => 6,
        false => return None,
    };
    let number = (least..=9).contains(&next.len()) && next.bytes().all(|b| b.is_ascii_digit()) && !is_year(next);
    (number && !key.value.starts_with('#')).then_some(next)
}

/// Whether a word, or it and the one before, is a day: `3.5.2024`, `2024-05-03`, `3. Mai`, `May 3rd`.
fn names_day(before: &str, token: &str) -> bool {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let starts =
        |word: &str| word.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with(|c: char| c.is_ascii_digit());
    let number = |word: &str| {
        let word = bare(word);
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, ending) = word.split_at(digits);
        matches!(digits.parse::<u32>(), Ok(1..=31)) && matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er")
    };
    match (starts(before), starts(token)) {
        (_, true) if !token.contains(':') => {
            let token = token.trim_matches(|c: char| !c.is_alphanumeric());
            let figures = token.bytes().filter(|b| matches!(b, b'.' | b'/' | b'-')).count() == 2;
            let named = !starts(before) && calendar::month(&bare(before)).is_some();
            token.len() <= 12 && (figures && is_date(token) || named && number(token))
        }
        (true, false) => number(before) && calendar::month(&bare(token)).is_some(),
        _ => false,
    }
}

fn key(before: &str, token: &str, in_subject: bool) -> Option<Key> {
    let marked = token.trim_start_matches(['[', '\'', '*']).starts_with('#');
    let token = token.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = token.bytes().filter(u8::is_ascii_digit).count();
    let letters = token.bytes().filter(u8::is_ascii_alphabetic).count();
    let strange =
        token.bytes().any(|b| !b.is_ascii_alphanumeric() && !matches!(b, b'-' | b'/' | b'_' | b'#' | b'.' | b':'));
    if strange || digits < 2 || letters > 12 || token.contains("//") || token.contains("..") {
        return None;
    }
    if is_date(token) {
        return in_subject.then(|| like_a_day(before, token)).flatten();
    }
    if letters == 0 {
        return bare_number(before, token, digits, marked, in_subject);
    }
    // `4711` at the end of a word, or groups divided by a hyphen; `v2`, `Q3`, `10am`, `2nd` and names of files are none.
    let ends_in_digits = token.bytes().next_back().is_some_and(|b| b.is_ascii_digit());
    let starts_with_letter = token.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    let dotted = token.contains('.');
    let divided = dotted || token.contains(['-', '_', '/', '#', ':']);
    if !starts_with_letter || !ends_in_digits || dotted && !in_dots(token) || !(divided && digits >= 2 || digits >= 3) {
        return None;
    }
    let prefix: String = token.chars().take_while(char::is_ascii_alphabetic).collect();
    if months(&prefix)
        || matches!(
            prefix.to_ascii_lowercase().as_str(),
            "tel" | "fax" | "phone" | "http" | "https" | "utf" | "iso" | "win" | "fy" | "am" | "pm" | "x" | "ext"
        )
    {
        return None;
    }
    // `v2.1`, `Q3`, `p12` are no numbers of their own; `V-3321` is.
    if prefix.len() == 1 && digits < 3 {
        return None;
    }
    // A hyphen after a long word makes no identifier: `mid-2001`, `Week-23`.
    if divided && digits <= 4 && is_year(&token[token.len() - digits.min(token.len())..]) {
        return None;
    }
    Some(finish(&canonical(token), in_subject))
}

/// `HA 25/07` may be the seventh of the year or a day of July; whether any of its series can be no day is seen later.
fn like_a_day(before: &str, token: &str) -> Option<Key> {
    let prefix = before.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let (one, other) = token.split_once('/')?;
    let two = |group: &str| group.len() == 2 && group.bytes().all(|b| b.is_ascii_digit());
    let numbers = two(one) && two(other) && prefix.len() >= 2 && is_prefix(prefix, 4, true);
    (numbers && !before.ends_with([':', '.', ',', ';'])).then(|| finish(&format!("{prefix}-{one}-{other}"), true))
}

/// Whether a word in capitals is numbered in groups with dots between: `HRQ4.0111`, `A.2024.0012`. Amounts, versions and names
/// of files and machines look otherwise.
fn in_dots(token: &str) -> bool {
    let (prefix, numbers) = token.split_at(token.bytes().take_while(u8::is_ascii_uppercase).count());
    let groups: Vec<&str> = numbers.trim_start_matches('.').split('.').collect();
    (1..=5).contains(&prefix.len())
        && !CURRENCIES.contains(&prefix.to_ascii_lowercase().as_str())
        && groups.len() <= 3
        && groups.iter().all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit()))
        && groups.last().is_some_and(|last| last.len() >= 4 && !is_year(last))
}

/// Words in capitals before a number that count or measure it, and are no name.
const UNITS: [&str; 40] = [
    "CHF", "EUR", "USD", "GBP", "JPY", "SEK", "DKK", "NOK", "CAD", "AUD", "FR", "AM", "PM", "TEL", "FAX", "MOB", "EXT",
    "PLZ", "CP", "AT", "BY", "IN", "ON", "TO", "OF", "OR", "IS", "AN", "UM", "AB", "BIS", "VON", "CA", "ISO", "DIN",
    "EN", "KW", "THE", "AND", "FOR",
];

/// Before five digits they are the place of a postal code in the United States.
const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK \
    OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC";

/// Whether a word is short and in capitals, so that the number behind it may be its own: `RT 2205`, `O 25321`, `TA 25/0408`.
fn is_prefix(word: &str, digits: usize, in_subject: bool) -> bool {
    let enough = match word.len() {
        1 => 4,
        _ if in_subject => 2,
        _ => 3,
    };
    (1..=5).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_uppercase())
        && digits >= enough
        && !UNITS.contains(&word)
        // An extension of a telephone.
        && word != "X"
        && !(digits == 5 && word.len() == 2 && STATES.split_ascii_whitespace().any(|state| state == word))
        && !months(word)
        && !calendar::is_weekday(&word.to_lowercase())
}

fn bare_number(before: &str, token: &str, digits: usize, marked: bool, in_subject: bool) -> Option<Key> {
    let prefix = before.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if !before.ends_with([':', '.', ',', ';'])
        && is_prefix(prefix, digits, in_subject)
        && !is_year(token)
        && token.len() <= 20
    {
        let grouped = token.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'/'));
        return grouped.then(|| finish(&format!("{prefix}-{}", canonical(token)), in_subject));
    }
    let word = before.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    if CURRENCIES.contains(&word.as_str()) {
        return None;
    }
    let number_word = matches!(word.as_str(), "no" | "nr" | "number" | "nummer" | "id" | "ref" | "reference" | "");
    let named = DESIGNATORS.contains(&word.as_str()) || before.ends_with('#');
    // `2024/1187`: a year and a number.
    let parts: Vec<&str> = token.split(['/', '-']).collect();
    if let [year, number] = parts.as_slice()
        && is_year(year)
        && (3..=7).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return Some(finish(&canonical(token), in_subject));
    }
    if !token.bytes().all(|b| b.is_ascii_digit()) || digits > 12 || is_year(token) && !marked && !named {
        return None;
    }
    let enough = match (named || marked, in_subject) {
        (true, _) => digits >= 3,
        (false, true) => digits >= 5,
        (false, false) => return None,
    };
    if !enough {
        return None;
    }
    let prefix = if named && !number_word { word.to_uppercase() } else { String::new() };
    let prefix = if prefix.is_ascii() { prefix } else { String::new() };
    let value = if prefix.is_empty() { format!("#{token}") } else { format!("{prefix}-{token}") };
    Some(finish(&value, in_subject))
}

fn canonical(token: &str) -> String {
    let mut value = String::with_capacity(token.len() + 1);
    let mut last = 0u8;
    for byte in token.bytes() {
        let byte = if byte.is_ascii_alphanumeric() { byte.to_ascii_uppercase() } else { b'-' };
        if last.is_ascii_alphabetic() && byte.is_ascii_digit() {
            value.push('-');
        }
        if byte != b'-' || last != b'-' {
            value.push(byte as char);
        }
        last = byte;
    }
    value
}

fn finish(value: &str, in_subject: bool) -> Key {
    let mut kind = String::new();
    for c in value.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !kind.ends_with('#') {
            kind.push(c);
        }
    }
    Key { kind, value: value.to_owned(), in_subject }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && text.bytes().all(|b| b.is_ascii_digit())
}

fn months(word: &str) -> bool {
    calendar::month(&word.to_lowercase()).is_some()
}

/// Whether a value is a date or a time: `2024-05-03`, `3.5.24`, `05/03/2024`, `12:30`, `3 May 2024`.
pub fn is_date(text: &str) -> bool {
    let text = text.trim();
    let groups: Vec<&str> = text.split(['-', '/', '.', ':', ' ', ',']).filter(|part| !part.is_empty()).collect();
    if groups.len() < 2 || groups.len() > 6 || text.len() > 32 {
        return false;
    }
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 4);
    let small = |part: &&str| number(part).is_some_and(|n| n <= 31 && part.len() <= 2);
    let numeric = groups.iter().filter(|part| number(part).is_some()).count();
    let named = groups.iter().any(|part| months(part) && !small(part));
    if named {
        return numeric >= 1 && groups.len() <= 5;
    }
    if numeric != groups.len() {
        return false;
    }
    let years = groups.iter().filter(|part| is_year(part)).count();
    let smalls = groups.iter().filter(|part| small(part)).count();
    years + smalls == groups.len()
        && years <= 1
        && (years == 1 && groups.len() >= 2 || text.contains([':', '/', '.']) || groups.len() == 3)
}

/// Words and signs of money.
const CURRENCIES: [&str; 13] =
    ["€", "$", "£", "eur", "usd", "gbp", "chf", "euro", "euros", "dollar", "dollars", "us$", "fr"];

fn is_currency(word: &str) -> bool {
    // Most words begin with other letters than these do.
    let first = word.as_bytes().first().map(u8::to_ascii_lowercase);
    let may = first.is_some_and(|first| first >= 0x80 || b"$eugcdf".contains(&first));
    may && word.len() <= 7 && CURRENCIES.contains(&word.to_lowercase().as_str())
}

/// Whether a currency stands in a value.
pub fn has_currency(text: &str) -> bool {
    money(text).is_some()
}

/// The first number of a text that a currency stands beside, in hundredths.
pub fn money(text: &str) -> Option<i64> {
    let mut before: Option<&str> = None;
    let mut waits = false;
    for token in text.split_whitespace() {
        let number = token.bytes().any(|b| b.is_ascii_digit());
        let word = token.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '€' | '$' | '£'));
        let sign = word.trim_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '\''));
        let currency = is_currency(sign);
        let found = match (currency, number) {
            (true, true) => amount(token),
            (true, false) => before.and_then(amount),
            (false, true) if waits && sign.is_empty() => amount(token),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
        waits = currency && !number;
        before = (number && sign.is_empty()).then_some(token);
    }
    None
}

/// The first amount of a text in hundredths: `1.234,56 EUR`, `$1,234.56`, `12 Mio` is 12.
pub fn amount(text: &str) -> Option<i64> {
    let start = text.bytes().position(|b| b.is_ascii_digit())?;
    let length = text[start..].bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'\'')).count();
    let digits = text[start..start + length].trim_end_matches(['.', ',', '\'']);
    // The last divider with two digits behind it divides the hundredths.
    let (whole, cents) = match digits.rfind(['.', ',']) {
        Some(at) if digits.len() - at == 3 => (&digits[..at], digits[at + 1..].parse::<i64>().ok()?),
        _ => (digits, 0),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).take(13).collect();
    Some(whole.parse::<i64>().ok()? * 100 + cents)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, in_subject: bool) -> Vec<String> {
        let mut found = Vec::new();
        read(text, in_subject, 8, &mut found);
        found.into_iter().map(|key| format!("{} {}", key.kind, key.value)).collect()
    }

    #[test]
    fn identifiers_by_their_shape() {
        assert_eq!(of("Invoice INV-2023-118 and PO4711", false), ["INV-#-# INV-2023-118", "PO-# PO-4711"]);
        assert_eq!(of("PO 4711: approval", true), ["PO-# PO-4711"]);
        assert_eq!(of("[#20391] printer, Rechnung Nr. 88123", true), ["# #20391", "# #88123"]);
        assert_eq!(of("our 2024/1187", false), ["#-# 2024-1187"]);
        assert_eq!(of("Order 5512, deal 77123", false), ["ORDER-# ORDER-5512", "DEAL-# DEAL-77123"]);
        assert_eq!(of("RT 2205 and O 25321, TA 25/0408", false), ["RT-# RT-2205", "O-# O-25321", "TA-#-# TA-25-0408"]);
        assert_eq!(of("AWB 724-1234 5675", true), ["AWB-#-#-# AWB-724-1234-5675"]);
        assert_eq!(of("RFI 12 gate, CO #17", true), ["RFI-# RFI-12", "CO-# CO-17"]);
        assert_eq!(of("HRQ4.0111, A.2024.00123.", false), ["HRQ-#-# HRQ-4-0111", "A-#-# A-2024-00123"]);
        assert_eq!(of("HA 25/07: findings", true), ["HA-#-# HA-25-07"]);
        assert_eq!(of("HA 25/07: findings", false), Vec::<String>::new());
        assert_eq!(of("on 25/07, MON 25/07, HA: 25/07", true), Vec::<String>::new());
        assert_eq!(of("EUR1.2000 V2.1 RFC822.3 srv1.0001 X1.2.2024", false), Vec::<String>::new());
        assert_eq!(of("OCT 12, FRI 13", true), Vec::<String>::new());
        assert_eq!(of("Houston, TX 77002, X 3-5544, 1:30PM-3:30", false), Vec::<String>::new());
        assert_eq!(of("CHF 10600 IN 2024, AM 345", true), Vec::<String>::new());
    }

    #[test]
    fn days_that_are_named() {
        let named = |text: &str| read(text, false, 8, &mut Vec::new());
        for text in [
            "am 03.05.2024 nach Lyon",
            "by 2024-05-03",
            "due 5/3/24.",
            "on May 3rd",
            "le 3 juin",
            "zum 1. März",
            "3.5. oder 4.5.24",
        ] {
            assert!(named(text), "{text}");
        }
        for text in ["at 12:30", "1.2", "version 2.4.1.7", "may 500 be", "in 2001", "call 555-01-22 99", "12 pcs"] {
            assert!(!named(text), "{text}");
        }
    }

    #[test]
    fn what_is_none() {
        for text in [
            "2024-05-03 at 12:30, 3.5.2024",
            "call +49 4000 77110",
            "v2 Q3 10am 2nd 1,200.00 EUR 12 pcs",
            "in 2001 and mid-2001",
            "Jan-03 week 23",
            "see http://x.example/4711",
            "report_2023.pdf",
        ] {
            assert_eq!(of(text, false), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn amounts() {
        assert_eq!(amount("EUR 1.234,56 net"), Some(123_456));
        assert_eq!(amount("$1,234.56"), Some(123_456));
        assert_eq!(amount("12.000 Euro"), Some(1_200_000));
        assert_eq!(amount("4711"), Some(471_100));
        assert_eq!(amount("none"), None);
        for (text, cents) in [
            ("BANF-2022-007: Kosten 12.345,00 Euro netto", 1_234_500),
            ("EUR 1,200. Fine?", 120_000),
            ("for $99.95 a piece", 9_995),
            ("about 700 EUR", 70_000),
            ("€ 80", 8_000),
        ] {
            assert_eq!(money(text), Some(cents), "{text}");
        }
        assert_eq!(money("12 pumps and 3 valves, in euro please"), None);
    }

    #[test]
    fn dates() {
        for text in ["2024-05-03", "3.5.24", "05/03/2024", "12:30", "3 May 2024", "03.05.2024 12:30"] {
            assert!(is_date(text), "{text}");
        }
        for text in ["4711", "12", "INV-2023", "May be", "1.200,00"] {
            assert!(!is_date(text), "{text}");
        }
    }
}
