//! Finds what stands below the sender's words: signature, disclaimer, list footer.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::quote::starts_with;
use super::{Line, ZoneKind};

/// Words of a disclaimer; one is enough for its paragraph.
const DISCLAIMER: [&str; 26] = [
    "this e-mail and any",
    "this email and any",
    "this message and any",
    "this e-mail is the property",
    "this message is intended",
    "this e-mail is intended",
    "this email is intended",
    "intended solely for",
    "intended only for the",
    "are not the intended recipient",
    "not an intended recipient",
    "if you have received this",
    "the information contained in this e",
    "the information in this e",
    "this communication is confidential",
    "may contain confidential",
    "may contain privileged",
    "attorney-client privileged communication",
    "diese e-mail enthält vertrauliche",
    "diese e-mail kann vertrauliche",
    "diese nachricht ist vertraulich",
    "nicht der richtige adressat",
    "nicht der beabsichtigte empfänger",
    "ce message et",
    "este mensaje y",
    "la presente comunicazione",
];
/// Words of a footer; one near the end is enough.
const FOOTER: [&str; 24] = [
    "mailing list",
    "mailman/listinfo",
    "to unsubscribe",
    "unsubscribe from",
    "to be removed from",
    "yahoo! groups",
    "do you yahoo",
    "get your free",
    "get your private",
    "join the world's largest",
    "msn photos",
    "msn messenger",
    "manage your subscription",
    "to be taken off",
    "you received this message because",
    "you are subscribed to",
    "you are receiving this",
    "sent by the list",
    "aus dieser liste austragen",
    "newsletter abbestellen",
    "vom newsletter abmelden",
    "se désabonner",
    "darse de baja",
    "sponsored by:",
];
/// Closing words that begin a signature.
const CLOSINGS: [&str; 44] = [
    "regards",
    "best regards",
    "kind regards",
    "warm regards",
    "with best regards",
    "best wishes",
    "best,",
    "thanks",
    "thank you",
    "many thanks",
    "thx",
    "tks",
    "sincerely",
    "yours sincerely",
    "yours truly",
    "very truly yours",
    "respectfully",
    "cordially",
    "cheers",
    "take care",
    "love",
    "later",
    "have a great",
    "have a good",
    "mfg",
    "mit freundlichen gr",
    "freundliche gr",
    "viele gr",
    "beste gr",
    "herzliche gr",
    "liebe gr",
    "schöne gr",
    "gruß",
    "gruss",
    "vielen dank",
    "danke",
    "cordialement",
    "bien à vous",
    "saludos",
    "atentamente",
    "met vriendelijke groet",
    "groeten",
    "cordiali saluti",
    "atenciosamente",
];

static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .kind(Some(AhoCorasickKind::DFA))
        .build(DISCLAIMER.iter().chain(&FOOTER))
        .expect("a few dozen short patterns")
});

/// Marks the tails of every run of new lines.
pub(super) fn mark(text: &str, lines: &[Line<'_>], kinds: &mut [ZoneKind]) {
    legal_and_lists(text, lines, kinds);
    let mut at = 0;
    while at < lines.len() {
        let end = (at..lines.len()).find(|&i| kinds[i] != ZoneKind::New).unwrap_or(lines.len());
        if end > at {
            if let Some(start) = signature(&lines[at..end]) {
                kinds[at + start..end].fill(ZoneKind::Signature);
            }
        }
        at = end.max(at + 1);
    }
}

fn legal_and_lists(text: &str, lines: &[Line<'_>], kinds: &mut [ZoneKind]) {
    let mut done = 0;
    for found in MARKS.find_iter(text) {
        let at = lines.partition_point(|line| line.start <= found.start()).saturating_sub(1);
        if at < done || kinds.get(at) != Some(&ZoneKind::New) {
            continue;
        }
        let (start, mut end) = paragraph(lines, kinds, at);
        let kind = if found.pattern().as_usize() < DISCLAIMER.len() { ZoneKind::Disclaimer } else { ZoneKind::Footer };
        if kind == ZoneKind::Footer {
            // Only near the end: elsewhere the words are the message.
            let run_end = (at..lines.len().min(at + 16)).find(|&i| kinds[i] != ZoneKind::New);
            let Some(run_end) = run_end.or((lines.len() <= at + 15).then_some(lines.len())) else { continue };
            end = run_end;
        }
        if start == 0 && end >= lines.len() {
            continue;
        }
        for kind_of_line in &mut kinds[start..end] {
            if *kind_of_line == ZoneKind::New {
                *kind_of_line = kind;
            }
        }
        done = end;
    }
}

/// The paragraph around a line with the rules (`****`) next to it; at most 15 lines each way.
fn paragraph(lines: &[Line<'_>], kinds: &[ZoneKind], at: usize) -> (usize, usize) {
    let inside = |&i: &usize| kinds[i] == ZoneKind::New && !lines[i].is_blank();
    let mut start = (at.saturating_sub(15)..at).rev().take_while(inside).last().unwrap_or(at);
    if let Some(rule) = (start..at).rev().find(|&i| is_rule(lines[i].text)) {
        start = rule;
    }
    let mut end = (at..lines.len().min(at + 15)).take_while(inside).last().map_or(at + 1, |i| i + 1);
    if let Some(rule) = (at + 1..end).find(|&i| is_rule(lines[i].text)) {
        end = rule + 1;
    }
    (start, end)
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 4 && line.bytes().all(|b| matches!(b, b'-' | b'_' | b'=' | b'*' | b'~' | b'+' | b'#' | b' '))
}

/// Where the signature starts in a run of new lines.
fn signature(run: &[Line<'_>]) -> Option<usize> {
    let from = run.len().saturating_sub(24);
    if let Some(dashes) = (from..run.len()).find(|&i| matches!(run[i].text.trim_end(), "--" | "---")) {
        return Some(dashes);
    }
    let mut seen = 0;
    for at in (from..run.len()).rev() {
        let line = run[at].text.trim();
        if line.is_empty() {
            continue;
        }
        if is_closing(line) {
            return Some(at);
        }
        seen += 1;
        if seen > 14 || line.len() > 75 || line.ends_with('?') || line.len() > 45 && line.ends_with('.') {
            break;
        }
    }
    contact_block(run, from).or_else(|| lone_name(run))
}

fn is_closing(line: &str) -> bool {
    let short = line.len() < 32 && !line.ends_with('?');
    short
        && CLOSINGS.iter().any(|closing| {
            starts_with(line, closing) && !line[closing.len()..].starts_with(|c: char| c.is_ascii_lowercase())
                || closing.ends_with("gr") && starts_with(line, closing)
        })
        && line.split_whitespace().count() < 6
}

/// A last paragraph of short lines of which one has a telephone number, an address or a home page.
fn contact_block(run: &[Line<'_>], from: usize) -> Option<usize> {
    let last = run.iter().rposition(|line| !line.is_blank())?;
    let mut start = None;
    let mut contacts = 0;
    for at in (from..=last).rev() {
        let line = run[at].text.trim();
        if line.is_empty() || line.len() > 60 || line.ends_with(['?', '!', ':']) {
            break;
        }
        contacts += usize::from(is_contact(line));
        start = Some(at);
    }
    start.filter(|&at| contacts > 0 && last > at && at > 0)
}

fn is_contact(line: &str) -> bool {
    const WORDS: [&str; 9] = ["tel", "fax", "phone", "mobile", "cell", "telefon", "mobil", "email", "e-mail"];
    let digits = line.bytes().filter(u8::is_ascii_digit).count();
    let run = line.bytes().all(|b| b.is_ascii_digit() || b" ()-.+/x".contains(&b));
    digits >= 7 && (run || WORDS.iter().any(|word| starts_with(line, word)))
        || starts_with(line, "www.")
        || line.contains('@') && !line.contains(' ')
}

/// A last line that is only a name, below at least one other line.
fn lone_name(run: &[Line<'_>]) -> Option<usize> {
    let last = run.iter().rposition(|line| !line.is_blank())?;
    let line = run[last].text.trim();
    let name = line.len() < 30
        && line.split_whitespace().count() <= 3
        && line.split_whitespace().all(|word| word.starts_with(char::is_uppercase))
        && line.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\''));
    let above = run[..last].iter().any(|line| !line.is_blank());
    (name && above && last > 0 && run[last - 1].is_blank()).then_some(last)
}
