//! How much a run looks like one of a process, whatever process that is.

use super::case::Case;
use super::letter::{Letter, Mail, Who};
use crate::model::cue;
use foldhash::HashSet;

/// One document goes back and forth.
pub const IN_VERSIONS: u8 = 0;
/// Somebody else says yes or no.
const DECIDED: u8 = 1;
/// What came from outside goes on inside.
const HANDED_ON: u8 = 2;

/// How a run goes on, as far as one can tell without knowing its process: the constants above.
pub fn habits(mail: &Mail, case: &Case) -> Vec<u8> {
    let letters: Vec<&Letter> = case.letters.iter().map(|index| &mail.letters[*index as usize]).collect();
    let Some(first) = letters.first() else { return Vec::new() };
    let mut found = Vec::new();
    let drafts = letters.iter().filter(|letter| letter.cues & cue::FILE != 0 && letter.cues & cue::DRAFT != 0).count();
    let same_file = letters.iter().enumerate().any(|(at, letter)| {
        letters[..at].iter().any(|before| {
            before.documents.iter().any(|(family, _)| letter.documents.iter().any(|(other, _)| other == family))
        })
    });
    if drafts >= 2 || same_file {
        found.push(IN_VERSIONS);
    }
    let asked = first.cues & (cue::ASKED | cue::REQUEST | cue::QUESTION) != 0;
    let decided = cue::APPROVED | cue::REFUSED | cue::ASSENT | cue::DISSENT;
    if asked && letters.iter().skip(1).any(|letter| letter.from != first.from && letter.cues & decided != 0) {
        found.push(DECIDED);
    }
    let outside = mail.who(first.from) == Who::Outside;
    let inside = |letter: &&&Letter| {
        mail.who(letter.from) != Who::Outside
            && letter.to.iter().all(|to| mail.who(*to) != Who::Outside && *to != first.from)
    };
    if outside && letters.iter().skip(1).filter(inside).count() > 0 {
        found.push(HANDED_ON);
    }
    found
}

/// How much a run looks like one of a process: points for what processes have, none for what conversation has.
pub fn likeness(mail: &Mail, case: &Case) -> f32 {
    let Some(first) = case.letters.first().map(|index| &mail.letters[*index as usize]) else { return 0.0 };
    let letters: Vec<&Letter> = case.letters.iter().map(|index| &mail.letters[*index as usize]).collect();
    let later = || letters.iter().skip(1).filter(|letter| letter.from != first.from);
    let any = |bits: u32| later().any(|letter| letter.cues & bits != 0);
    let mut points = 0.0f32;
    let keys: HashSet<bool> = letters.iter().flat_map(|letter| letter.keys.iter().map(|key| key.in_subject)).collect();
    points += if keys.contains(&true) {
        0.3
    } else if keys.contains(&false) {
        0.12
    } else {
        0.0
    };
    points += if first.cues & cue::ASKED != 0 { 0.3 } else { 0.0 };
    points += if first.cues & (cue::REQUEST | cue::QUESTION) != 0 { 0.1 } else { 0.0 };
    points += if first.cues & cue::FORM != 0 || first.fields.len() >= 3 { 0.3 } else { 0.0 };
    points += if any(cue::APPROVED | cue::REFUSED | cue::ASSENT | cue::DISSENT) { 0.25 } else { 0.0 };
    points += if any(cue::DONE | cue::STEP) { 0.15 } else { 0.0 };
    // Asked for, and done.
    points += if first.cues & (cue::REQUEST | cue::QUESTION | cue::ASKED) != 0 && any(cue::DONE) { 0.15 } else { 0.0 };
    points += if first.to.iter().any(|to| mail.who(*to) == Who::Shared) { 0.25 } else { 0.0 };
    points += if first.by_machine { 0.25 } else { 0.0 };
    points += if !first.files.is_empty() { 0.08 } else { 0.0 };
    // One document goes back and forth.
    points += if habits(mail, case).contains(&IN_VERSIONS) { 0.15 } else { 0.0 };
    let score: f32 = letters.iter().map(|letter| letter.score).fold(0.0, f32::max);
    points += 0.35 * score;
    if letters.len() == 1 && !first.by_machine && first.fields.len() < 3 {
        points -= 0.1;
    }
    if first.cues & cue::MEETING != 0 && first.keys.is_empty() {
        points -= 0.15;
    }
    if first.bulk {
        points -= 0.6;
    } else if first.announcement && mail.who(first.from) == Who::Outside {
        points -= 0.35;
    }
    points.clamp(0.0, 1.0)
}
