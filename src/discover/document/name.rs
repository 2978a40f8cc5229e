//! What a file name says: the words that name the document, and the marks of its version.

mod date;

use std::collections::HashSet;
use std::sync::LazyLock;

use date::{number, take_dates};

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
        } else if tokens[at].bracketed && number(&tokens[at]).is_some_and(|n| n < 100)
            || matches!(word, "copy" | "kopie")
        {
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
    telling.is_empty() || letters < 3
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
