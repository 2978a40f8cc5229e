//! What the sender's sentences do and what they are about.

use super::Finder;
use super::fold::{Folded, Sentence};
use super::phrases::{Hit, PhraseBook, Where};
use super::table::{Extent, TABLE, index_of};

/// How many sentences one signal may quote.
const QUOTES: usize = 4;

/// Reads phrases sentence by sentence.
pub(super) fn read(finder: &mut Finder<'_>, folded: &Folded, book: &PhraseBook) {
    let mut counts = vec![0usize; TABLE.len()];
    let mut last = vec![usize::MAX; TABLE.len()];
    let mut hits: Vec<(usize, Hit)> = Vec::with_capacity(32);
    let courtesy = index_of("courtesy");
    each(folded, book, |sentence, hit| hits.push((folded.sentence_at(sentence.from).unwrap_or(0), hit)));
    let mut polite: Vec<usize> =
        hits.iter().filter(|(_, hit)| Some(hit.signal) == courtesy).map(|(at, _)| *at).collect();
    polite.dedup();
    for (at, hit) in hits {
        let kind = &TABLE[hit.signal];
        let asks = kind.name.starts_with("request_") || kind.name == "question";
        if asks && polite.binary_search(&at).is_ok() {
            continue;
        }
        let sentence = folded.sentences[at];
        match kind.extent {
            Extent::Sentence if last[hit.signal] != at && counts[hit.signal] < QUOTES => {
                counts[hit.signal] += 1;
                finder.text(kind.name, sentence.start, sentence.end, folded.original(hit.from));
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

/// Calls `found` for every phrase that fits its sentence.
pub(super) fn each(folded: &Folded, book: &PhraseBook, mut found: impl FnMut(&Sentence, Hit)) {
    book.in_text(&folded.bytes, |hit| {
        let Some(at) = folded.sentence_at(hit.from) else { return };
        let sentence = &folded.sentences[at];
        let fits = (sentence.spoken || hit.place == Where::Any)
            && (!hit.question || sentence.question)
            && (!hit.head || is_head(&folded.bytes[sentence.from..hit.from]));
        if fits {
            found(sentence, hit);
        }
    });
}

fn words(finder: &mut Finder<'_>, folded: &Folded, hit: Hit, count: usize) {
    let (start, end) = (folded.original(hit.from), folded.original(hit.to - 1) + 1);
    let text = finder.facts.body_text.as_str();
    let end = super::ceil(text, end);
    match count {
        1 => finder.text(TABLE[hit.signal].name, start, end, start),
        3 => {
            // `NAME_many` stands right behind NAME.
            if let Some(many) = TABLE.get(hit.signal + 1).filter(|kind| kind.name.ends_with("_many")) {
                finder.text(many.name, start, end, start);
            }
        }
        _ => {}
    }
}

fn questions(finder: &mut Finder<'_>, folded: &Folded, polite: &[usize]) {
    let asked = |(at, sentence): &(usize, &Sentence)| {
        sentence.spoken && sentence.question && sentence.to - sentence.from > 3 && polite.binary_search(at).is_err()
    };
    let first: Vec<Sentence> =
        folded.sentences.iter().enumerate().filter(asked).take(QUOTES).map(|(_, sentence)| *sentence).collect();
    for sentence in first {
        finder.text("question", sentence.start, sentence.end, sentence.start);
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
    let words = before.split(|b| *b == b' ').count();
    if matches!(closing, b',' | b'-' | b':') {
        return before.len() <= 25 && words <= 3;
    }
    const LEADS: [&[u8]; 11] =
        [b"please", b"pls", b"also", b"and", b"so", b"then", b"bitte", b"just", b"kindly", b"therefore", b"plz"];
    let last = before.rsplit(|b| *b == b' ').next().unwrap_or(before);
    words <= 3 && LEADS.contains(&last)
}
