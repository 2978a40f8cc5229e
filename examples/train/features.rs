//! One long row of features for a message: signals, words, subject, shape, sentence scores, mean of word vectors.

use std::collections::HashMap;

use mailcensus::classify::model::{Block, Mark, Model, POOLED, SENTENCE_HEADS, normed, pool, share};
use mailcensus::signal::Signals;
use mailcensus::signal::grams::Grams;
use mailcensus::signal::table::TABLE;

use crate::fit::{Fitted, Row};

/// Rows of the blocks, as powers of two.
const SENTENCE_BITS: u32 = 15;
const WORD_BITS: u32 = 15;
const OTHER_BITS: u32 = 12;
/// A feature must occur in so many examples.
const LEAST: usize = 2;
/// How freely the weights of a part may grow, beside those of the words.
pub const SIGNAL_SCALE: f32 = 0.3;
pub const POOLED_SCALE: f32 = 0.15;
pub const MEANING_SCALE: f32 = 1.0;

/// Word vectors: hash, vector of bytes.
pub struct Vectors {
    pub known: Vec<u32>,
    pub width: usize,
    pub bytes: Vec<i8>,
}

impl Vectors {
    pub fn read(bytes: &[u8]) -> Vectors {
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let (count, width) = (number(0) as usize, number(4) as usize);
        let known = (0..count).map(|at| number(8 + 4 * at)).collect();
        Vectors { known, width, bytes: bytes[8 + 4 * count..].iter().map(|byte| *byte as i8).collect() }
    }

    fn of(&self, word: u32) -> Option<&[i8]> {
        let at = self.known.binary_search(&word).ok()?;
        Some(&self.bytes[at * self.width..(at + 1) * self.width])
    }

    fn mean(&self, grams: &Grams) -> Vec<f32> {
        let vectors: Vec<&[i8]> = grams.words.iter().filter_map(|word| self.of(*word)).collect();
        let mut sum = vec![0f32; self.width];
        for vector in &vectors {
            sum.iter_mut().zip(*vector).for_each(|(sum, byte)| *sum += f32::from(*byte) / 254.0);
        }
        let share = share(vectors.len()) as f32;
        sum.iter().map(|one| one * share).collect()
    }
}

/// The most frequent feature of each row with its inverse document frequency, in sixteenths: ln((1 + n) / (1 + df)) + 1, as
/// scikit-learn has it.
fn marks<'a>(bits: u32, examples: impl Iterator<Item = Vec<&'a [u32]>>) -> Vec<Mark> {
    let mut seen: HashMap<u32, (usize, usize)> = HashMap::new();
    let mut total = 0usize;
    for example in examples {
        total += 1;
        for hash in example.into_iter().flatten() {
            let (count, last) = seen.entry(*hash).or_default();
            *count += usize::from(*last != total);
            *last = total;
        }
    }
    let mut best = vec![(0usize, 0u32); 1 << bits];
    for (hash, (count, _)) in seen {
        let row = &mut best[(hash >> (32 - bits)) as usize];
        *row = (*row).max((count, hash));
    }
    let rare = |df: usize| match df {
        df if df < LEAST => 0,
        df => (16.0 * (((1 + total) as f64 / (1 + df) as f64).ln() + 1.0)).round().min(255.0) as u8,
    };
    best.iter().map(|(df, hash)| Mark { rarity: rare(*df), check: *hash as u8 }).collect()
}

/// The sentence step: marks, and weights for each head.
#[derive(Clone)]
pub struct Sentences {
    pub marks: Vec<Mark>,
    pub heads: Vec<Fitted>,
}

impl Sentences {
    pub fn marks_of<'a>(all: impl Iterator<Item = &'a Grams>) -> Vec<Mark> {
        let sentences =
            all.flat_map(|grams| grams.sentences.iter().map(|one| vec![&grams.inner[one.inner.0..one.inner.1]]));
        marks(SENTENCE_BITS, sentences)
    }

    pub fn rows(marks: &[Mark], grams: &Grams) -> Vec<Row> {
        let mut scratch = Vec::new();
        let row = |one: &mailcensus::signal::grams::SentenceGrams| {
            normed(marks, &mut grams.inner[one.inner.0..one.inner.1].iter().copied(), &mut scratch);
            scratch.iter().map(|(row, value)| (*row, *value as f32)).collect()
        };
        grams.sentences.iter().map(row).collect()
    }

    pub fn features() -> usize {
        1 << SENTENCE_BITS
    }

    pub fn scores(&self, grams: &Grams) -> Vec<[f64; 3]> {
        let rows = Sentences::rows(&self.marks, grams);
        rows.iter().map(|row| [0, 1, 2].map(|head| self.heads[head].scores(row)[0])).collect()
    }
}

/// Where each part of a row begins.
pub struct Layout {
    words: Vec<Mark>,
    subject: Vec<Mark>,
    shape: Vec<Mark>,
    pub starts: [usize; 6],
    pub features: usize,
}

impl Layout {
    pub fn of<'a>(all: impl Iterator<Item = &'a Signals> + Clone, width: usize) -> Layout {
        let words = marks(WORD_BITS, all.clone().map(|one| vec![&one.grams.words[..], &one.grams.pairs]));
        let subject = marks(OTHER_BITS, all.clone().map(|one| vec![&one.grams.subject[..]]));
        let shape = marks(OTHER_BITS, all.map(|one| vec![&one.grams.shape[..]]));
        let sizes = [TABLE.len(), words.len(), subject.len(), shape.len(), SENTENCE_HEADS.len() * POOLED, width];
        let mut starts = [0; 6];
        let mut features = 0;
        for (start, size) in starts.iter_mut().zip(sizes) {
            *start = features;
            features += size;
        }
        Layout { words, subject, shape, starts, features }
    }

    pub fn row(&self, signals: &Signals, sentences: &[[f64; 3]], vectors: &Vectors) -> Row {
        let grams = &signals.grams;
        let mut numbers: Vec<u32> = signals.found.iter().map(|one| u32::from(one.number)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut row: Row = numbers.into_iter().map(|number| (number, SIGNAL_SCALE)).collect();
        let mut scratch = Vec::new();
        let mut block = |marks: &[Mark], start: usize, hashes: &mut dyn Iterator<Item = u32>| {
            normed(marks, hashes, &mut scratch);
            row.extend(scratch.iter().map(|(at, value)| (start as u32 + at, *value as f32)));
        };
        block(&self.words, self.starts[1], &mut grams.words.iter().chain(&grams.pairs).copied());
        block(&self.subject, self.starts[2], &mut grams.subject.iter().copied());
        block(&self.shape, self.starts[3], &mut grams.shape.iter().copied());
        let pooled = pool(sentences);
        row.extend(
            pooled.iter().enumerate().map(|(at, value)| ((self.starts[4] + at) as u32, *value as f32 * POOLED_SCALE)),
        );
        let mean = vectors.mean(grams);
        row.extend(mean.iter().enumerate().map(|(at, value)| ((self.starts[5] + at) as u32, value * MEANING_SCALE)));
        row
    }

    /// The model file's tables from the fitted weights of all heads, in their order.
    pub fn model(&self, heads: &[&[f64]], sentences: &Sentences, vectors: &Vectors) -> Model {
        let columns = heads.len();
        let table = |start: usize, rows: usize, scale: f64| {
            let all: Vec<f64> =
                (0..rows).flat_map(|row| heads.iter().map(move |head| head[start + row] * scale)).collect();
            mailcensus::classify::model::Table::round(columns, &all)
        };
        let block =
            |marks: &[Mark], start: usize| Block { marks: marks.to_vec(), table: table(start, marks.len(), 1.0) };
        let inner = |at: usize| sentences.heads.iter().map(move |head| head.weights(0)[at]);
        let rows = sentences.marks.len();
        let all: Vec<f64> = (0..rows).flat_map(inner).collect();
        let round = mailcensus::classify::model::Table::round;
        let meaning = (0..vectors.known.len()).flat_map(|word| {
            let vector = &vectors.bytes[word * vectors.width..(word + 1) * vectors.width];
            heads.iter().map(move |head| {
                let part =
                    vector.iter().enumerate().map(|(at, byte)| head[self.starts[5] + at] * f64::from(*byte) / 254.0);
                part.sum::<f64>() * f64::from(MEANING_SCALE)
            })
        });
        Model {
            sentence: Block { marks: sentences.marks.clone(), table: round(3, &all) },
            sentence_bias: round(3, &inner(rows).collect::<Vec<_>>()),
            words: block(&self.words, self.starts[1]),
            subject: block(&self.subject, self.starts[2]),
            shape: block(&self.shape, self.starts[3]),
            pooled: table(self.starts[4], SENTENCE_HEADS.len() * POOLED, f64::from(POOLED_SCALE)),
            known: vectors.known.clone(),
            meaning: round(columns, &meaning.collect::<Vec<_>>()),
        }
    }
}
