//! Texts without what changes from one run to the next: digits, dates, amounts, names of months and days.

use std::sync::LazyLock;

use crate::model::calendar;
use foldhash::HashSet;

static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common.txt").split_whitespace().collect());

/// Whether a word in lower case may stand in any subject: articles, greetings, and what all talk is called.
pub fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// Words of a subject in lower case; what varies is `#`, once for each run of it.
pub fn subject(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let divides = |c: char| {
        c.is_whitespace()
            || matches!(c, ':' | ',' | ';' | '(' | ')' | '|' | '[' | ']' | '"' | '/' | '„' | '“' | '<' | '>')
    };
    for token in text.split(divides) {
        let token = token.trim_matches(|c: char| !c.is_alphanumeric() && c != '#');
        if token.is_empty() {
            continue;
        }
        let word: String = token.chars().take(30).flat_map(char::to_lowercase).collect();
        if token.chars().any(|c| c.is_ascii_digit()) || token.contains('@') || is_time(&word) {
            if words.last().is_none_or(|last| last != "#") {
                words.push("#".to_owned());
            }
        } else if token.chars().any(char::is_alphabetic) {
            words.push(word);
        }
    }
    words
}

/// Runs of digits as `#`.
pub fn digits(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '#' } else { c };
        if c != '#' || !masked.ends_with('#') {
            masked.push(c);
        }
    }
    masked
}

/// A file name in lower case: digits as `#`, without marks of versions; the ending stays.
pub fn file(name: &str) -> String {
    let name: String = name.chars().take(80).flat_map(char::to_lowercase).collect();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let words = stem
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| {
            !word.is_empty() && !matches!(*word, "final" | "neu" | "new" | "copy" | "kopie" | "draft" | "entwurf")
        })
        .map(|word| if word.bytes().any(|b| b.is_ascii_digit()) || is_time(word) { "#" } else { word });
    let mut masked = String::new();
    for word in words {
        if word == "#" && masked.ends_with('#') {
            continue;
        }
        if !masked.is_empty() {
            masked.push('_');
        }
        masked.push_str(word);
    }
    format!("{masked}.{ending}")
}

/// A month, a day of the week, or the word before the number of a week.
fn is_time(word: &str) -> bool {
    word == "kw" || calendar::month(word).is_some() || calendar::is_weekday(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_a_hole() {
        assert_eq!(subject("PO 4711: approval needed (3 May 2024)").join(" "), "po # approval needed #");
        assert_eq!(subject("Urlaubsantrag Ada Muster 03.05.2024").join(" "), "urlaubsantrag ada muster #");
        assert_eq!(subject("Wochenbericht KW 12").join(" "), "wochenbericht #");
        assert_eq!(digits("INV-2023-118"), "INV-#-#");
        assert_eq!(file("Angebot_BANF-2024-001 FINAL v2.pdf"), "angebot_banf_#.pdf");
        assert_eq!(file("report"), "report.");
    }
}
