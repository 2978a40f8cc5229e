//! Subjects without what changes from one message of a machine to the next.

use crate::model::calendar;

/// A subject made comparable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Masked {
    /// Lower case; numbers, codes, dates and what stands in quotation marks as `#`.
    pub text: String,
    /// Whether it began as an answer or was passed on: a person did that.
    pub by_person: bool,
}

const ANSWERED: [&str; 17] =
    ["re", "aw", "antw", "antwort", "sv", "res", "r", "rif", "ref", "odp", "fw", "fwd", "wg", "tr", "rv", "enc", "i"];
/// Words of a subject that are kept.
const WORDS: usize = 8;

/// Masks a subject.
pub fn mask(subject: &str) -> Masked {
    let mut rest = subject.trim();
    let mut by_person = false;
    for _ in 0..6 {
        let Some(colon) = rest.bytes().take(10).position(|b| b == b':') else { break };
        let word = rest[..colon].trim().split('[').next().unwrap_or_default();
        if !ANSWERED.iter().any(|known| known.eq_ignore_ascii_case(word)) {
            break;
        }
        by_person = true;
        rest = rest[colon + 1..].trim_start();
    }
    let mut text = String::new();
    let mut words = 0;
    let mut quoted = false;
    for token in rest.split(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '(' | ')' | '|')) {
        if token.is_empty() {
            continue;
        }
        let opens = token.starts_with(['"', '“', '„', '«']);
        let closes = token.ends_with(['"', '”', '“', '»']);
        let inside = quoted || opens;
        quoted = inside && !closes;
        let hole = inside || is_variable(token);
        if hole && text.ends_with('#') {
            continue;
        }
        if words == WORDS {
            break;
        }
        if words > 0 {
            text.push(' ');
        }
        words += 1;
        if hole { text.push('#') } else { text.extend(token.chars().take(40).flat_map(char::to_lowercase)) }
    }
    Masked { text, by_person }
}

/// A number, a code, an address, a month or a day of the week.
fn is_variable(token: &str) -> bool {
    if token.bytes().any(|b| b.is_ascii_digit()) || token.contains('@') {
        return true;
    }
    let word = token.trim_matches(|c: char| !c.is_alphanumeric());
    if !(3..=11).contains(&word.len()) {
        return false;
    }
    let word = word.to_lowercase();
    calendar::month(&word).is_some() || calendar::is_weekday(&word)
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn what_changes_is_masked() {
        assert_eq!(mask("Stock list 2024-05-03 06:10").text, "stock list #");
        assert_eq!(mask("Stock list 4 May 2024").text, mask("Stock list 12 June 2025").text);
        assert_eq!(mask("Invoice RE-4711, due Friday").text, "invoice # due #");
        assert_eq!(mask("Enquiry from \"Anna Muster\" (web)").text, "enquiry from # web");
        assert!(mask("AW: Re: Offer").by_person && !mask("Report: all well").by_person);
        assert_eq!(mask("WG: Offer").text, "offer");
    }
}
