//! One long row of features for a message: signals, words, subject, shape, sentence scores, mean of word vectors.

use std::collections::HashMap;

use mailcensus::classify::model::{Block, Model, POOLED, SENTENCE_HEADS, normed, pool, share};
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

/// Inverse document frequencies, in sixteenths: ln((1 + n) / (1 + df)) + 1, as scikit-learn has it.
fn rarity<'a>(bits: u32, examples: impl Iterator<Item = Vec<&'a [u32]>>) -> Vec<u8> {
    let mut count = vec![0usize; 1 << bits];
    let mut seen = HashMap::new();
    let mut total = 0usize;
    for (at, example) in examples.enumerate() {
        total += 1;
        for row in example.into_iter().flatten().map(|hash| hash >> (32 - bits)) {
            if seen.insert(row, at) != Some(at) {
                count[row as usize] += 1;
            }
        }
    }
    let rare = |df: &usize| match *df {
        df if df < LEAST => 0,
        df => (16.0 * (((1 + total) as f64 / (1 + df) as f64).ln() + 1.0)).round().min(255.0) as u8,
    };
    count.iter().map(rare).collect()
}

/// The sentence step: rarity, and weights for each head.
#[derive(Clone)]
pub struct Sentences {
    pub rarity: Vec<u8>,
    pub heads: Vec<Fitted>,
}

impl Sentences {
    pub fn rarity_of<'a>(all: impl Iterator<Item = &'a Grams>) -> Vec<u8> {
        let sentences =
            all.flat_map(|grams| grams.sentences.iter().map(|one| vec![&grams.inner[one.inner.0..one.inner.1]]));
        rarity(SENTENCE_BITS, sentences)
    }

    pub fn rows(rarity: &[u8], grams: &Grams) -> Vec<Row> {
        let mut scratch = Vec::new();
        let row = |one: &mailcensus::signal::grams::SentenceGrams| {
            normed(rarity, &mut grams.inner[one.inner.0..one.inner.1].iter().copied(), &mut scratch);
            scratch.iter().map(|(row, value)| (*row, *value as f32)).collect()
        };
        grams.sentences.iter().map(row).collect()
    }

    pub fn features() -> usize {
        1 << SENTENCE_BITS
    }

    pub fn scores(&self, grams: &Grams) -> Vec<[f64; 3]> {
        let rows = Sentences::rows(&self.rarity, grams);
        rows.iter().map(|row| [0, 1, 2].map(|head| self.heads[head].scores(row)[0])).collect()
    }
}

/// Where each part of a row begins.
pub struct Layout {
    words: Vec<u8>,
    subject: Vec<u8>,
    shape: Vec<u8>,
    pub starts: [usize; 6],
    pub features: usize,
}

impl Layout {
    pub fn of<'a>(all: impl Iterator<Item = &'a Signals> + Clone, width: usize) -> Layout {
        let words = rarity(WORD_BITS, all.clone().map(|one| vec![&one.grams.words[..], &one.grams.pairs]));
        let subject = rarity(OTHER_BITS, all.clone().map(|one| vec![&one.grams.subject[..]]));
        let shape = rarity(OTHER_BITS, all.map(|one| vec![&one.grams.shape[..]]));
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
        let mut block = |rarity: &[u8], start: usize, hashes: &mut dyn Iterator<Item = u32>| {
            normed(rarity, hashes, &mut scratch);
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
            |rarity: &[u8], start: usize| Block { rarity: rarity.to_vec(), table: table(start, rarity.len(), 1.0) };
        let inner = |at: usize| sentences.heads.iter().map(move |head| head.weights(0)[at]);
        let rows = sentences.rarity.len();
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
            sentence: Block { rarity: sentences.rarity.clone(), table: round(3, &all) },
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
