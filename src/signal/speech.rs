//! What the sender's sentences do and what they are about.

use super::Finder;
use super::fold::{Folded, Sentence};
use super::phrases::{Hit, PhraseBook, Where};
use super::table::{Extent, TABLE, id};

/// How many sentences one signal may quote.
const QUOTES: usize = 4;
/// Signals that a courtesy in the same sentence takes back.
const ASKS: [usize; 7] = [
    id!("request_please") as usize,
    id!("request_can_you") as usize,
    id!("request_need") as usize,
    id!("request_imperative") as usize,
    id!("request_reply") as usize,
    id!("request_review") as usize,
    id!("question") as usize,
];

/// Reads phrases sentence by sentence.
pub(super) fn read(finder: &mut Finder<'_>, folded: &Folded, book: &PhraseBook) {
    let mut counts = [0u32; TABLE.len()];
    let mut last = [usize::MAX; TABLE.len()];
    let mut hits: Vec<(usize, Hit)> = Vec::with_capacity(64);
    let courtesy = usize::from(id!("courtesy"));
    let mut polite: Vec<usize> = Vec::new();
    each(folded, book, |at, _, hit| {
        if hit.signal == courtesy && polite.last() != Some(&at) {
            polite.push(at);
        }
        hits.push((at, hit));
    });
    for (at, hit) in hits {
        let kind = &TABLE[hit.signal];
        if ASKS.contains(&hit.signal) && polite.binary_search(&at).is_ok() {
            continue;
        }
        let sentence = folded.sentences[at];
        match kind.extent {
            Extent::Sentence if last[hit.signal] != at && counts[hit.signal] < QUOTES as u32 => {
                counts[hit.signal] += 1;
                finder.text(hit.signal as u16, sentence.start, sentence.end, folded.original(hit.from));
            }
            Extent::Words if last[hit.signal] != hit.to => {
                counts[hit.signal] += 1;
                words(finder, folded, hit, counts[hit.signal]);
            }
            _ => {}
        }
        last[hit.signal] = if kind.extent == Extent::Sentence { at } else { hit.to };
    }
    questions(finder, folded, &polite);
}

/// Calls `found` for every phrase that fits its sentence, with the sentence's number.
pub(super) fn each(folded: &Folded, book: &PhraseBook, mut found: impl FnMut(usize, &Sentence, Hit)) {
    let mut at = 0;
    book.in_text(&folded.bytes, |hit| {
        // Phrases come in the order in which they begin.
        while folded.sentences.get(at).is_some_and(|sentence| sentence.to <= hit.from) {
            at += 1;
        }
        let Some(sentence) = folded.sentences.get(at).filter(|sentence| sentence.from <= hit.from) else { return };
        let fits = (sentence.spoken || hit.place == Where::Any)
            && (!hit.question || sentence.question)
            && (!hit.head || is_head(&folded.bytes[sentence.from..hit.from]));
        if fits {
            found(at, sentence, hit);
        }
    });
}

fn words(finder: &mut Finder<'_>, folded: &Folded, hit: Hit, count: u32) {
    let number = match count {
        1 => hit.signal,
        // `NAME_many` stands right behind NAME.
        3 if TABLE.get(hit.signal + 1).is_some_and(|kind| kind.name.ends_with("_many")) => hit.signal + 1,
        _ => return,
    };
    let (start, end) = (folded.original(hit.from), folded.original(hit.to - 1) + 1);
    let end = super::ceil(&finder.facts.body_text, end);
    finder.text(number as u16, start, end, start);
}

fn questions(finder: &mut Finder<'_>, folded: &Folded, polite: &[usize]) {
    let asked = |(at, sentence): &(usize, &Sentence)| {
        sentence.spoken && sentence.question && sentence.to - sentence.from > 3 && polite.binary_search(at).is_err()
    };
    let first: Vec<Sentence> =
        folded.sentences.iter().enumerate().filter(asked).take(QUOTES).map(|(_, sentence)| *sentence).collect();
    for sentence in first {
        finder.text(id!("question"), sentence.start, sentence.end, sentence.start);
    }
}

/// Whether words that follow `before` begin what the sentence says: after a bullet, a name and a comma, "please".
fn is_head(before: &[u8]) -> bool {
    let end = before.iter().rposition(|b| *b != b' ').map_or(0, |at| at + 1);
    let before = &before[..end];
    let Some(&closing) = before.last() else { return true };
    if before.iter().all(|b| !b.is_ascii_alphabetic() && *b < 0x80) {
        return true;
    }
    let few_words = || before.split(|b| *b == b' ').count() <= 3;
    if matches!(closing, b',' | b'-' | b':') {
        return before.len() <= 25 && few_words();
    }
    const LEADS: [&[u8]; 11] =
        [b"please", b"pls", b"also", b"and", b"so", b"then", b"bitte", b"just", b"kindly", b"therefore", b"plz"];
    let last = before.rsplit(|b| *b == b' ').next().unwrap_or(before);
    LEADS.contains(&last) && few_words()
}
