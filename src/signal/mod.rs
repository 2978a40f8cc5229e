//! message → evidence, pure: what can be noticed in one message, before it is weighed.
//!
//! [`table::TABLE`] names every signal. `read` costs one pass over the sender's words and one over the headers.

use std::sync::LazyLock;

use crate::model::message::{Facts, Location};
use crate::model::reading::{Place, SenderKind, Signal};
use crate::parse::zones::Zones;

mod content;
pub mod due;
pub(crate) mod fold;
pub mod grams;
mod header;
mod people;
pub mod phrases;
mod shape;
mod speech;
pub mod table;
pub mod trace;
mod trie;

use grams::Grams;
use phrases::{PhraseBook, PhraseFile, Where};

/// The built-in phrase lists, as text.
pub const PHRASES: &str = include_str!("phrases.toml");

/// Longest excerpt, in bytes.
pub const EXCERPT_BYTES: usize = 200;

/// The sets of words that built-in and users' phrases share, and the built-in lists.
pub static PHRASE_FILE: LazyLock<PhraseFile> =
    LazyLock::new(|| toml::from_str(PHRASES).expect("phrases.toml is checked by a test"));

static BOOK: LazyLock<PhraseBook> =
    LazyLock::new(|| PhraseBook::build(&PHRASE_FILE, table::index_of).expect("phrases.toml is checked by a test"));

/// Everything noticed in one message.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Signals {
    /// The signals, in the order of where they stand: headers, people, subject, text, attachments, folder.
    pub found: Vec<Signal>,
    /// Who speaks.
    pub sender_kind: SenderKind,
    /// Ranges of the body text in which the sender speaks; what `--rules` phrases are searched in.
    pub spoken: Vec<(usize, usize)>,
    /// What the model of `classify` weighs beside the signals.
    pub grams: Grams,
    /// What the message leaves for the search for processes.
    pub trace: trace::Trace,
}

impl Signals {
    /// The first signal of that name.
    pub fn get(&self, name: &str) -> Option<&Signal> {
        self.found.iter().find(|signal| signal.name == name)
    }

    /// Whether there is a signal of that name.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Reads the signals of one message. Pure; the same on every machine; independent of the order of headers.
pub fn read(facts: &Facts, location: &Location, zones: &Zones) -> Signals {
    let mut finder = Finder { facts, found: Vec::with_capacity(48), seen: [0; SEEN] };
    header::read(&mut finder);
    let sender_kind = people::read(&mut finder, location, &BOOK);
    header::subject(&mut finder, &BOOK);
    let folded = fold::fold(&facts.body_text, zones);
    speech::read(&mut finder, &folded, &BOOK);
    let words = shape::read(&mut finder, &folded, zones);
    content::attachments(&mut finder, &BOOK, words);
    content::folders(&mut finder, location, &BOOK);
    let spoken = zones.spoken(&facts.body_text).map(|zone| (zone.start, zone.end)).collect();
    let grams = grams::read(facts, location, zones, &folded, sender_kind, &finder.found);
    let trace = trace::read(&finder, zones, &folded, &grams.words);
    Signals { found: finder.found, sender_kind, spoken, grams, trace }
}

/// Finds a user's phrases: number of the signal, words, place; each signal once.
pub(crate) fn find_phrases(
    facts: &Facts,
    location: &Location,
    zones: &Zones,
    book: &PhraseBook,
) -> Vec<(usize, String, Place)> {
    let mut found: Vec<(usize, String, Place)> = Vec::new();
    let folded = fold::fold(&facts.body_text, zones);
    speech::each(&folded, book, |_, sentence, hit| {
        if found.iter().all(|(number, ..)| *number != hit.signal) {
            let (excerpt, place) = quote(&facts.body_text, sentence.start, sentence.end, folded.original(hit.from));
            found.push((hit.signal, excerpt.to_owned(), place));
        }
    });
    let mut line = |place: Where, text: &str, at: Place| {
        book.in_line(place, &fold::fold_line(text), |hit| {
            if found.iter().all(|(number, ..)| *number != hit.signal) {
                found.push((hit.signal, clip(text, 0, EXCERPT_BYTES).to_owned(), at.clone()));
            }
        });
    };
    line(Where::Subject, facts.subject.as_deref().unwrap_or_default(), Place::Header("Subject".into()));
    for attachment in facts.attachments.iter().take(200) {
        let name = attachment.file_name.as_deref().unwrap_or_default();
        line(Where::File, name, Place::Attachment(attachment.part.clone()));
    }
    if let Some(from) = &facts.from {
        line(Where::Sender, &format!("{} {}", from.address, from.name), Place::Header("From".into()));
    }
    for folder in &location.folders {
        line(Where::Folder, folder, Place::Folder);
    }
    for (_, to) in facts.recipients.iter().take(60) {
        line(Where::Recipient, &format!("{} {}", to.address, to.name), Place::Header("To".into()));
    }
    found
}

/// Words of bits for all signals of the table.
const SEEN: usize = table::TABLE.len().div_ceil(64);

/// Collects signals; keeps the promises about excerpts. Signals go by their number: `id!("link")`.
struct Finder<'a> {
    facts: &'a Facts,
    found: Vec<Signal>,
    /// A bit for each signal found.
    seen: [u64; SEEN],
}

impl Finder<'_> {
    fn has(&self, number: u16) -> bool {
        self.seen[usize::from(number / 64)] >> (number % 64) & 1 == 1
    }

    /// Adds a signal once.
    fn add(&mut self, number: u16, excerpt: &str, place: impl FnOnce() -> Place) {
        if !self.has(number) {
            self.push(number, clip(excerpt, 0, EXCERPT_BYTES).to_owned(), place());
        }
    }

    fn push(&mut self, number: u16, excerpt: String, place: Place) {
        self.seen[usize::from(number / 64)] |= 1 << (number % 64);
        self.found.push(Signal { number, name: table::TABLE[usize::from(number)].name, excerpt, place });
    }

    fn header(&mut self, number: u16, header: &'static str, excerpt: &str) {
        self.add(number, excerpt, || Place::Header(header.into()));
    }

    /// A place in the body text, cut to the longest excerpt around `focus`.
    fn text(&mut self, number: u16, start: usize, end: usize, focus: usize) {
        let (excerpt, place) = quote(&self.facts.body_text, start, end, focus);
        self.push(number, excerpt.to_owned(), place);
    }

    /// The same, once.
    fn text_once(&mut self, number: u16, start: usize, end: usize) {
        if !self.has(number) {
            self.text(number, start, end, start);
        }
    }
}

/// A place in a text and its words, cut to the longest excerpt around `focus`.
pub(crate) fn quote(text: &str, start: usize, end: usize, focus: usize) -> (&str, Place) {
    let mut from = start;
    if end - start > EXCERPT_BYTES && focus > start + 120 {
        from = ceil(text, focus - 60);
    }
    let excerpt = clip(text, from, end.min(from + EXCERPT_BYTES));
    (excerpt, Place::Text(from, from + excerpt.len()))
}

/// `text[start..end]` moved inwards to character boundaries; `end` may lie behind the text.
pub(crate) fn clip(text: &str, start: usize, end: usize) -> &str {
    let mut end = end.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = ceil(text, start).min(end);
    &text[start..end]
}

fn ceil(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

#[cfg(test)]
pub(crate) mod tests;
