//! What a file name says: the words that name the document, and the marks of its version.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A file name taken apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Name {
    /// Lower-case words and numbers that name the document, blank between; what marks a version is not among them.
    pub stem: String,
    /// Lower-case, without the dot; empty if there is none.
    pub extension: String,
    /// "v2", "rev 3", "draft 4": the number.
    pub number: Option<u32>,
    /// final, signed, executed.
    pub is_final: bool,
    /// draft, redline, comments and the like.
    pub is_draft: bool,
    /// A date, as digits that sort; `None` if there is none.
    pub date: Option<String>,
    /// Initials of whoever worked on it.
    pub initials: Option<String>,
    /// "Copy of", "(1)": made by a program.
    pub is_copy: bool,
    /// The words, numbers and dates that mark the version, in order; without those that a program made.
    pub marks: String,
    /// The words could name anything: `image001`, `invoice`, `scan 17`.
    pub is_generic: bool,
}

static GENERIC: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("generic.txt").split_whitespace().collect());

const FINAL: [&str; 11] = [
    "final",
    "fin",
    "signed",
    "executed",
    "endgueltig",
    "endgültig",
    "final1",
    "unterschrieben",
    "signe",
    "signé",
    "definitivo",
];
const DRAFT: [&str; 22] = [
    "draft",
    "drft",
    "entwurf",
    "redline",
    "redlined",
    "redlines",
    "blackline",
    "blacklined",
    "marked",
    "markup",
    "comments",
    "revised",
    "revision",
    "updated",
    "update",
    "latest",
    "neu",
    "new",
    "old",
    "clean",
    "corrected",
    "edited",
];
const VERSION: [&str; 7] = ["v", "ver", "vers", "version", "rev", "draft", "drft"];
const MONTHS: [(&str, u32); 28] = [
    ("jan", 1),
    ("january", 1),
    ("feb", 2),
    ("february", 2),
    ("mar", 3),
    ("march", 3),
    ("apr", 4),
    ("april", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("aug", 8),
    ("august", 8),
    ("sep", 9),
    ("sept", 9),
    ("september", 9),
    ("oct", 10),
    ("october", 10),
    ("nov", 11),
    ("november", 11),
    ("dec", 12),
    ("december", 12),
    ("januar", 1),
    ("februar", 2),
    ("oktober", 10),
    ("dezember", 12),
];
const DAYS: [&str; 12] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
];

/// One token, and whether `_`, `-` or `(` stands before it.
struct Token {
    text: String,
    tagged: bool,
    bracketed: bool,
}

/// Takes a file name apart. Linear; at most its first 300 characters count.
pub fn read(file_name: &str) -> Name {
    let mut name = Name::default();
    let whole: String = file_name.trim().chars().take(300).collect();
    let (body, extension) = split_extension(&whole);
    name.extension = extension.to_lowercase();
    let mut body = body.replace("%20", " ");
    while let Some(rest) = strip_lead(&body) {
        name.is_copy = true;
        body = rest;
    }
    let mut tokens = tokens(&body);
    take_marks(&mut tokens, &mut name);
    take_dates(&mut tokens, &mut name);
    take_initials(&mut tokens, &mut name, &body);
    let words: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).collect();
    name.stem = words.join(" ");
    for mark in [&name.date, &name.initials].into_iter().flatten() {
        name.marks.push(' ');
        name.marks.push_str(mark);
    }
    name.is_generic = is_generic(&words);
    name
}

fn split_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((body, extension))
            if !body.is_empty()
                && (1..=5).contains(&extension.len())
                && extension.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            (body, extension)
        }
        _ => (name, ""),
    }
}

fn strip_lead(body: &str) -> Option<String> {
    let lower = body.to_lowercase();
    const LEADS: [&str; 8] = ["copy of ", "kopie von ", "copie de ", "re: ", "fw: ", "fwd: ", "re_ ", "fw_ "];
    let lead = LEADS.iter().find(|lead| lower.starts_with(**lead))?;
    body.get(lead.len()..).map(str::to_owned)
}

/// Runs of letters and runs of digits; everything else divides.
fn tokens(body: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut tagged, mut bracketed) = (false, false);
    let mut last: Option<char> = None;
    for c in body.chars() {
        let kind = |c: char| (c.is_alphabetic(), c.is_ascii_digit());
        if !c.is_alphanumeric() {
            tagged = matches!(c, '_' | '-' | '(' | '.');
            bracketed = c == '(';
            last = None;
            continue;
        }
        let follows = last.is_some_and(|before| kind(before) == kind(c));
        match tokens.last_mut().filter(|_| follows) {
            Some(token) => token.text.extend(c.to_lowercase()),
            None => {
                tokens.push(Token { text: c.to_lowercase().collect(), tagged: tagged || last.is_some(), bracketed });
                (tagged, bracketed) = (false, false);
            }
        }
        last = Some(c);
    }
    tokens
}

fn number(token: &Token) -> Option<u32> {
    if token.text.len() <= 8 { token.text.parse().ok() } else { None }
}

fn month_of(token: &Token) -> Option<u32> {
    MONTHS.iter().find(|(word, _)| *word == token.text).map(|(_, month)| *month)
}

fn year(n: u32) -> Option<u32> {
    match n {
        1985..=2079 => Some(n),
        85..=99 => Some(1900 + n),
        0..=40 => Some(2000 + n),
        _ => None,
    }
}

/// A date of digits only, such as 20010514, 05142001 or 051401.
fn whole_date(token: &Token) -> Option<String> {
    let n = number(token)?;
    let valid = |y: u32, m: u32, d: u32| {
        ((1..=12).contains(&m) && (1..=31).contains(&d)).then(|| format!("{y:04}{m:02}{d:02}"))
    };
    match token.text.len() {
        8 => {
            let ymd = year(n / 10_000).filter(|y| *y > 1900).and_then(|y| valid(y, n / 100 % 100, n % 100));
            let tail = n % 10_000;
            let mdy = || (1985..2080).contains(&tail).then(|| valid(tail, n / 1_000_000, n / 10_000 % 100)).flatten();
            let dmy = || (1985..2080).contains(&tail).then(|| valid(tail, n / 10_000 % 100, n / 1_000_000)).flatten();
            ymd.or_else(mdy).or_else(dmy)
        }
        6 => {
            let mdy = year(n % 100).and_then(|y| valid(y, n / 10_000, n / 100 % 100));
            let ymd = || year(n / 10_000).and_then(|y| valid(y, n / 100 % 100, n % 100));
            mdy.or_else(ymd)
        }
        _ => None,
    }
}

/// Takes dates out: digits alone, `5-14-01`, `14. Mai 2001`, `May 2001`, `Q2 2001`, a year.
fn take_dates(tokens: &mut Vec<Token>, name: &mut Name) {
    let mut date = String::new();
    let mut at = 0;
    while at < tokens.len() {
        let n = |offset: usize| tokens.get(at + offset).and_then(number);
        let short = |offset: usize| n(offset).filter(|_| tokens[at + offset].text.len() <= 2);
        let taken: Option<(usize, String)> = if let Some(date) = whole_date(&tokens[at]) {
            Some((1, date))
        } else if let Some(month) = month_of(&tokens[at]) {
            dated_month(tokens, at, month)
        } else if let (Some(d @ 1..=31), Some(month)) = (short(0), tokens.get(at + 1).and_then(month_of)) {
            let year = n(2).and_then(year).filter(|_| tokens[at + 2].text.len() != 3);
            Some(year.map_or((2, format!("{month:02}{d:02}")), |y| (3, format!("{y}{month:02}{d:02}"))))
        } else if let (Some(a), Some(b), Some(y)) = (short(0), short(1), n(2).and_then(year)) {
            in_calendar(a, b)
                .filter(|_| matches!(tokens[at + 2].text.len(), 2 | 4))
                .map(|(m, d)| (3, format!("{y}{m:02}{d:02}")))
        } else if let (Some(y), Some(m), Some(d)) =
            (n(0).filter(|_| tokens[at].text.len() == 4).and_then(year), short(1), short(2))
        {
            ((1..=12).contains(&m) && (1..=31).contains(&d)).then(|| (3, format!("{y}{m:02}{d:02}")))
        } else if let (Some(a), Some(b)) = (short(0), short(1))
            && tokens[at + 1].tagged
            && tokens.get(at + 2).and_then(number).is_none()
        {
            in_calendar(a, b).map(|(m, d)| (2, format!("{m:02}{d:02}")))
        } else if tokens[at].text == "q" && short(1).is_some_and(|q| (1..=4).contains(&q)) {
            Some((2, format!("q{}", tokens[at + 1].text)))
        } else if tokens[at].text.len() == 4 && n(0).is_some_and(|y| (1985..2080).contains(&y)) {
            Some((1, tokens[at].text.clone()))
        } else if DAYS.contains(&tokens[at].text.as_str()) {
            Some((1, tokens[at].text.clone()))
        } else {
            None
        };
        match taken {
            Some((count, found)) => {
                date.push_str(&found);
                tokens.drain(at..(at + count).min(tokens.len()));
            }
            None => at += 1,
        }
    }
    name.date = (!date.is_empty()).then_some(date);
}

/// Month and day of two numbers in the order that makes sense, month first if both do.
fn in_calendar(a: u32, b: u32) -> Option<(u32, u32)> {
    let fits = |m: u32, d: u32| ((1..=12).contains(&m) && (1..=31).contains(&d)).then_some((m, d));
    fits(a, b).or_else(|| fits(b, a))
}

/// A month's name with the day and year after it. A name alone may be a person or a word.
fn dated_month(tokens: &[Token], at: usize, month: u32) -> Option<(usize, String)> {
    let n = |offset: usize| tokens.get(at + offset).and_then(number);
    let (first, second) = (n(1), n(2));
    match (first, second.and_then(year)) {
        (Some(d @ 1..=31), Some(y)) => Some((3, format!("{y}{month:02}{d:02}"))),
        (Some(y), _) if (1985..2080).contains(&y) => Some((2, format!("{y}{month:02}"))),
        (Some(d @ 1..=31), None) => Some((2, format!("{month:02}{d:02}"))),
        (Some(y @ 85..=99), _) => Some((2, format!("{}{month:02}", 1900 + y))),
        _ => Some((1, format!("m{month:02}"))).filter(|_| tokens[at].text.len() > 3 && tokens[at].text != "march"),
    }
}

/// Takes the words and numbers of versions out.
fn take_marks(tokens: &mut Vec<Token>, name: &mut Name) {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let word = tokens[at].text.as_str();
        // "draft 5-14-01" is a draft of a day, not draft 5.
        let goes_on = tokens.get(at + 2).is_some_and(|t| t.tagged && number(t).is_some());
        let next = tokens.get(at + 1).and_then(number).filter(|n| *n < 100 && (!goes_on || word == "v"));
        let counts = VERSION.contains(&word) || name.is_draft && word == "no" || FINAL.contains(&word);
        if counts && let Some(n) = next {
            // "v2.1": what follows the dot counts less than what stands before it.
            let minor = tokens.get(at + 2).filter(|t| t.tagged).and_then(number).filter(|n| *n < 100 && word == "v");
            name.number = Some(n * 100 + minor.unwrap_or(0));
            name.marks.push_str(&format!("{word}{n}.{minor:?} "));
            name.is_draft |= DRAFT.contains(&word);
            name.is_final |= FINAL.contains(&word);
            at += 2 + usize::from(minor.is_some());
        } else if FINAL.contains(&word) {
            name.is_final = true;
            name.marks.push_str(word);
            at += 1;
        } else if DRAFT.contains(&word) || matches!(word, "ver" | "version" | "rev") {
            name.is_draft = true;
            name.marks.push_str(word);
            at += 1;
        } else if tokens[at].bracketed && number(&tokens[at]).is_some_and(|n| n < 100) {
            name.is_copy = true;
            at += 1;
        } else if word == "copy" || word == "kopie" {
            name.is_copy = true;
            at += 1;
        } else {
            kept.push(at);
            at += 1;
        }
    }
    let mut number = 0;
    tokens.retain(|_| {
        number += 1;
        kept.binary_search(&(number - 1)).is_ok()
    });
}

/// Two or three letters behind `_`, `-` or in brackets at the end, in capitals or after the mark of a draft.
fn take_initials(tokens: &mut Vec<Token>, name: &mut Name, body: &str) {
    let letters: usize = tokens.iter().map(|token| token.text.chars().filter(|c| c.is_alphabetic()).count()).sum();
    let Some(last) = tokens.last() else { return };
    let short = (2..=3).contains(&last.text.chars().count()) && last.text.chars().all(char::is_alphabetic);
    if !short || !last.tagged || letters < last.text.len() + 4 || GENERIC.contains(last.text.as_str()) {
        return;
    }
    let capitals = body.contains(&last.text.to_uppercase());
    let vowels = last.text.chars().filter(|c| "aeiouy".contains(*c)).count();
    if (capitals && (last.bracketed || name.is_draft || name.number.is_some())) || (last.bracketed && vowels == 0) {
        name.initials = Some(last.text.to_uppercase());
        tokens.pop();
    }
}

fn is_generic(words: &[&str]) -> bool {
    let telling: Vec<&&str> = words
        .iter()
        .filter(|word| {
            !GENERIC.contains(**word) && !word.chars().all(|c| c.is_ascii_digit()) && word.chars().count() > 2
        })
        .collect();
    let letters: usize = telling.iter().map(|word| word.chars().count()).sum();
    telling.is_empty() || letters < 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_versions_are_no_part_of_the_name() {
        for name in [
            "Master Agreement.doc",
            "master_agreement_v2.doc",
            "Master Agreement FINAL.doc",
            "Master_Agreement_final_final.doc",
            "Copy of Master Agreement (1).doc",
            "Master Agreement 05-14-01.doc",
            "Master Agreement 2001-05-14 v3.doc",
            "Master Agreement (redline) v4_JD.doc",
            "MasterAgreement.doc".replace("MasterAgreement", "Master-Agreement").as_str(),
            "Re: Master Agreement draft 3.doc",
            "Master%20Agreement 14May2001.doc",
            "Master Agreement May 2001.doc",
            "Master Agreement - signed.doc",
        ] {
            assert_eq!(read(name).stem, "master agreement", "{name}");
        }
    }

    #[test]
    fn numbers_that_name_a_thing_stay() {
        assert_eq!(read("Invoice 4711.pdf").stem, "invoice 4711");
        assert_eq!(read("Contract 96001234 v2.doc").stem, "contract 96001234");
        assert_eq!(read("PO-2231.xls").stem, "po 2231");
        assert_ne!(read("Exhibit A.doc").stem, read("Exhibit B.doc").stem);
        assert_ne!(read("part1.doc").stem, read("part2.doc").stem);
        assert_eq!(read("Terms and Conditions.doc").stem, "terms and conditions");
    }

    #[test]
    fn what_the_marks_say() {
        let name = read("Offer Wendholt v2_MK.docx");
        assert_eq!((name.number, name.initials.as_deref(), name.extension.as_str()), (Some(200), Some("MK"), "docx"));
        assert_eq!(read("Offer Wendholt v2.1.docx").number, Some(201));
        assert!(read("Offer FINAL.doc").is_final && read("Offer draft.doc").is_draft);
        assert_eq!(read("Report 20010514.xls").date.as_deref(), Some("20010514"));
        assert_eq!(read("Report 5-14-01.xls").date.as_deref(), Some("20010514"));
        assert_eq!(read("Report 051401.xls").date.as_deref(), Some("20010514"));
    }

    #[test]
    fn names_that_could_be_anything() {
        for name in [
            "image001.png",
            "invoice.pdf",
            "IMG_4711.JPG",
            "scan0001.pdf",
            "ATT00001.htm",
            "1.doc",
            "",
            "Book1.xls",
            "Rechnung.pdf",
            "05-14-01.xls",
            "final.doc",
            "Re: Draft v2.doc",
            "winmail.dat",
        ] {
            assert!(read(name).is_generic, "{name}");
        }
        for name in ["Master Agreement.doc", "Offer Wendholt.pdf", "gasprices.xls"] {
            assert!(!read(name).is_generic, "{name}");
        }
    }
}
