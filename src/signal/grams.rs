//! What a message says and how it is made, as hashed features for the linear model of `classify`.
//!
//! Words are lower case; numbers keep only their length, addresses and links only that they are some. Nothing here is
//! weighed. The work is linear and bounded by [`MOST_WORDS`].

use super::fold::{Folded, Sentence, fold_line};
use crate::model::hash::{hash32 as hash, mix32 as mix};
use crate::model::message::{Facts, Location, Role};
use crate::model::reading::{Place, SenderKind, Signal};
use crate::parse::zones::{ZoneKind, Zones};

/// So many words of the text are looked at.
const MOST_WORDS: usize = 4_000;
/// So many words of one sentence.
const MOST_WORDS_OF_A_SENTENCE: usize = 200;

/// Hashed features of one message.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grams {
    /// Single words of the spoken text, in order.
    pub words: Vec<u32>,
    /// Pairs of neighbours within a sentence, in order.
    pub pairs: Vec<u32>,
    /// Features of single sentences: runs of one to three words, pairs with one word left out, place, length,
    /// signals that stand there.
    pub inner: Vec<u32>,
    /// The sentences in which the sender speaks.
    pub sentences: Vec<SentenceGrams>,
    /// Words and pairs of the subject, without Re: and Fw:.
    pub subject: Vec<u32>,
    /// How the message is made: people, folder, files, lengths.
    pub shape: Vec<u32>,
}

/// One sentence: where it stands in the body text, and its features.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SentenceGrams {
    /// Bytes of the body text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Its part of [`Grams::words`].
    pub words: (usize, usize),
    /// Its part of [`Grams::pairs`].
    pub pairs: (usize, usize),
    /// Its part of [`Grams::inner`].
    pub inner: (usize, usize),
}

fn join(one: u32, other: u32, kind: u64) -> u32 {
    mix((u64::from(one) << 32 | u64::from(other)).wrapping_mul(0xd6e8_feb8_6659_fd93).wrapping_add(kind))
}

/// The hash of a word as it stands in [`Grams::words`].
pub fn word_hash(word: &str) -> u32 {
    hash(word.as_bytes())
}

const START: u32 = 1;
const END: u32 = 2;

/// Calls `found` for every word of folded text.
fn each_word(text: &[u8], mut found: impl FnMut(u32)) {
    let mail = memchr::memchr(b'@', text).is_some();
    let is_link =
        |chunk: &[u8]| chunk.starts_with(b"http://") || chunk.starts_with(b"https://") || chunk.starts_with(b"www.");
    for chunk in text.split(|b| *b == b' ') {
        if matches!(chunk.first(), Some(b'h' | b'w')) && is_link(chunk) {
            found(hash(b"_url_"));
        } else if mail && chunk.contains(&b'@') && chunk.contains(&b'.') {
            found(hash(b"_mail_"));
        } else {
            words_of(chunk, &mut found);
        }
    }
}

fn words_of(chunk: &[u8], found: &mut impl FnMut(u32)) {
    let is_letter = |b: u8| b.is_ascii_lowercase() || b >= 0x80;
    let mut at = 0;
    while at < chunk.len() {
        let from = at;
        let byte = chunk[at];
        if is_letter(byte) {
            let inner = |at: usize| chunk[at] == b'\'' && chunk.get(at + 1).is_some_and(|b| is_letter(*b));
            while at < chunk.len() && (is_letter(chunk[at]) || inner(at)) {
                at += 1;
            }
            found(hash(&chunk[from..at]));
        } else if byte.is_ascii_digit() {
            while at < chunk.len() && chunk[at].is_ascii_digit() {
                at += 1;
            }
            found(hash(&b"0000"[..(at - from).min(4)]));
        } else {
            at += 1;
            if matches!(byte, b'?' | b'!' | b'$' | b'%') {
                found(hash(&[byte]));
            }
        }
    }
}

/// Reads the features of a message.
pub(super) fn read(
    facts: &Facts,
    location: &Location,
    zones: &Zones,
    folded: &Folded,
    sender_kind: SenderKind,
    found: &[Signal],
) -> Grams {
    let spoken: Vec<&Sentence> = folded.sentences.iter().filter(|sentence| sentence.spoken).collect();
    // Room for words of five letters.
    let words = (folded.bytes.len() / 6).min(MOST_WORDS);
    let mut grams = Grams {
        words: Vec::with_capacity(words),
        pairs: Vec::with_capacity(words),
        inner: Vec::with_capacity(4 * words + 8 * spoken.len().min(words)),
        sentences: Vec::with_capacity(spoken.len().min(words)),
        ..Grams::default()
    };
    let mut run = Vec::with_capacity(64);
    for (at, one) in spoken.iter().enumerate() {
        if grams.words.len() >= MOST_WORDS {
            break;
        }
        sentence(&mut grams, &mut run, folded, one, (at, spoken.len()), found);
    }
    subject(&mut grams, facts.subject.as_deref().unwrap_or_default());
    let mut shape = Shape(&mut grams.shape);
    shape.people(facts, sender_kind);
    shape.folder(location);
    shape.files(facts);
    shape.text(facts, zones, folded, &spoken);
    grams
}

/// Adds the features of a sentence, the `at`-th of so many; `run` is only room.
fn sentence(
    grams: &mut Grams,
    run: &mut Vec<u32>,
    folded: &Folded,
    one: &Sentence,
    (at, of): (usize, usize),
    found: &[Signal],
) {
    let (words, pairs, inner) = (grams.words.len(), grams.pairs.len(), grams.inner.len());
    run.clear();
    run.push(START);
    each_word(&folded.bytes[one.from..one.to], |word| {
        if run.len() <= MOST_WORDS_OF_A_SENTENCE {
            run.push(word);
        }
    });
    if run.len() == 1 {
        return;
    }
    grams.words.extend_from_slice(&run[1..]);
    grams.pairs.extend(run[1..].windows(2).map(|two| join(two[0], two[1], 1)));
    run.push(END);
    grams.inner.extend(run.iter().map(|word| join(*word, 0, 2)));
    grams.inner.extend(run.windows(2).map(|two| join(two[0], two[1], 3)));
    grams.inner.extend(run.windows(3).map(|three| join(join(three[0], three[1], 3), three[2], 4)));
    grams.inner.extend(run.windows(3).map(|three| join(three[0], three[2], 5)));
    let length = (run.len() * run.len()).ilog2();
    grams.inner.push(join(length, 0, 6));
    grams.inner.push(join(at.min(4) as u32, 0, 7));
    grams.inner.push(join((of - 1 - at).min(3) as u32, 0, 8));
    grams.inner.push(join(u32::from(one.question), 0, 9));
    for signal in found {
        if let Place::Text(from, _) = signal.place
            && (one.start..one.end).contains(&from)
        {
            grams.inner.push(join(hash(signal.name.as_bytes()), 0, 12));
        }
    }
    grams.sentences.push(SentenceGrams {
        start: one.start,
        end: one.end,
        words: (words, grams.words.len()),
        pairs: (pairs, grams.pairs.len()),
        inner: (inner, grams.inner.len()),
    });
}

fn subject(grams: &mut Grams, subject: &str) {
    let mut folded: &[u8] = &fold_line(subject);
    while let Some(rest) = ["re:", "fw:", "fwd:", "aw:", "wg:", "antw:", "sv:", "vs:", "rif:", "tr:", "rv:"]
        .iter()
        .find_map(|mark| folded.trim_ascii_start().strip_prefix(mark.as_bytes()))
    {
        folded = rest;
    }
    let mut run = Vec::new();
    each_word(folded, |word| {
        if run.len() < MOST_WORDS_OF_A_SENTENCE {
            run.push(word);
        }
    });
    grams.subject.extend_from_slice(&run);
    grams.subject.extend(run.windows(2).map(|two| join(two[0], two[1], 1)));
}

/// Collects features of the form `name=value`.
struct Shape<'a>(&'a mut Vec<u32>);

impl Shape<'_> {
    fn add(&mut self, name: &str, value: &str) {
        self.0.push(join(hash(name.as_bytes()), hash(value.as_bytes()), 10));
    }

    fn count(&mut self, name: &str, value: usize) {
        self.0.push(join(hash(name.as_bytes()), value as u32, 11));
    }

    /// Every word of letters in `text`, which is lower case.
    fn words(&mut self, name: &str, text: &str, shortest: usize) {
        let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() >= shortest);
        words.take(20).for_each(|word| self.add(name, word));
    }

    fn people(&mut self, facts: &Facts, sender_kind: SenderKind) {
        if let Some(from) = &facts.from {
            let address = from.address.to_lowercase();
            let (local, domain) = address.rsplit_once('@').unwrap_or((&address, ""));
            self.add("from domain", domain);
            self.words("from local", local, 1);
            self.words("from name", &from.name.to_lowercase(), 1);
        }
        let of = |role: Role| facts.recipients.iter().filter(|(one, _)| *one == role).count();
        self.count("recipients", facts.recipients.len().min(6));
        self.count("to", of(Role::To).min(3));
        self.count("cc", of(Role::Cc).min(2));
        self.add("sender", sender_kind.as_str());
    }

    fn folder(&mut self, location: &Location) {
        if let Some(folder) = location.folders.first() {
            self.words("folder", &folder.to_lowercase(), 1);
        }
    }

    fn files(&mut self, facts: &Facts) {
        for attachment in facts.attachments.iter().take(20) {
            let name = attachment.file_name.as_deref().unwrap_or_default().to_lowercase();
            let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, "none"));
            self.add("ending", ending);
            self.add("type", &attachment.media_type);
            self.words("file", stem, 3);
        }
        self.count("files", facts.attachments.len().min(3));
    }

    fn text(&mut self, facts: &Facts, zones: &Zones, folded: &Folded, spoken: &[&Sentence]) {
        let of = |kind: ZoneKind| zones.of(kind).map(|zone| zone.end - zone.start).sum::<usize>();
        self.count("quoted", (of(ZoneKind::Quoted) + 1).ilog2() as usize / 2);
        self.count("forwarded", (of(ZoneKind::Forwarded) + 1).ilog2() as usize / 2);
        self.count("bare forward", usize::from(zones.bare_forward));
        let (mut bytes, mut digits, mut asked, mut lines) = (0usize, 0usize, 0usize, 0usize);
        for one in spoken {
            let text = &folded.bytes[one.from..one.to];
            bytes += text.len();
            digits += text.iter().filter(|b| b.is_ascii_digit()).count();
            asked += text.iter().filter(|b| **b == b'?').count();
            lines += memchr::memchr_iter(b'\n', &facts.body_text.as_bytes()[one.start..one.end]).count() + 1;
        }
        self.count("bytes", (bytes + 1).ilog2() as usize);
        self.count("lines", (lines + 1).ilog2() as usize);
        self.count("sentences", (spoken.len() + 1).ilog2() as usize);
        self.count("questions", asked.min(3));
        self.count("digits", 10 * digits / (bytes + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::{each_word, hash, word_hash};

    fn words(text: &str) -> Vec<u32> {
        let mut all = Vec::new();
        each_word(text.as_bytes(), |word| all.push(word));
        all
    }

    #[test]
    fn words_are_cut_and_numbers_masked() {
        let expected: Vec<u32> =
            ["don't", "pay", "0000", "00", "%", "of", "it", "?", "_mail_", "_url_", "für"].map(word_hash).to_vec();
        assert_eq!(words("don't pay 12345 17% of (it)? a@b.example https://x.example/y für"), expected);
        assert!(words("''  - :").is_empty());
        // FNV-1a of the empty text is its offset basis, mixed.
        assert_ne!(hash(b""), hash(b"a"));
    }
}
