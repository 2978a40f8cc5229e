//! The linear model over what a message says: hashed n-grams of sentences, words, subject and shape.
//!
//! Two steps, both linear. First each sentence is scored by itself (is this a task, a promise or request, something that
//! makes the message a request?). Then the message is scored by its words, its subject, its shape and by the strongest,
//! the second, the mean, the number and the first of the sentence scores. Weights are bytes with one scale a column.
//!
//! The file (little endian): the tables in the order of [`Model`], each as `rows: u32, columns: u32, scale: f32 a column,
//! rows * columns bytes`; before them, where a block has them, `rows: u32` and two bytes a row: its [`Mark`].

use std::sync::LazyLock;

use super::score::{ln, logistic};
use crate::signal::grams::{Grams, SentenceGrams};

/// What the sentences are scored for.
pub const SENTENCE_HEADS: [&str; 3] = ["task", "intent", "request"];
/// What messages are scored for: that many of the first of [`SUBJECTS`](super::SUBJECTS).
pub const HEADS: usize = 10;
/// Numbers drawn from the scores of the sentences for one head.
pub const POOLED: usize = 5;
/// The score that stands for a sentence that is not there.
pub const NO_SENTENCE: f64 = -6.0;

/// A score for each head; log-odds.
pub type Scores = [f64; HEADS];

/// One table of weights: a row for each feature, a column for each head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Heads.
    pub columns: usize,
    /// What a byte of each column is worth.
    pub scale: Vec<f32>,
    /// Row by row.
    pub weights: Vec<i8>,
}

impl Table {
    /// Rounds rows of weights to bytes: the largest of each column becomes 127.
    pub fn round(columns: usize, rows: &[f64]) -> Table {
        let most =
            |column: usize| rows.iter().skip(column).step_by(columns).fold(0f64, |most, one| most.max(one.abs()));
        let scale: Vec<f32> = (0..columns).map(|column| (most(column) / 127.0) as f32).collect();
        let byte = |(at, one): (usize, &f64)| match f64::from(scale[at % columns]) {
            0.0 => 0,
            scale => (one / scale).round() as i8,
        };
        Table { columns, weights: rows.iter().enumerate().map(byte).collect(), scale }
    }

    fn rows(&self) -> usize {
        self.weights.len() / self.columns.max(1)
    }

    /// Adds a row, `N` columns of it.
    fn add<const N: usize>(&self, row: usize, value: f64, to: &mut [f64; N]) {
        let weights = &self.weights[row * N..][..N];
        let scale = &self.scale[..N];
        for column in 0..N {
            to[column] += value * f64::from(weights[column]) * f64::from(scale[column]);
        }
    }

    /// What [`Table::add`] adds to one column.
    fn one(&self, row: usize, value: f64, column: usize) -> f64 {
        value * f64::from(self.weights[row * self.columns + column]) * f64::from(self.scale[column])
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend((self.rows() as u32).to_le_bytes());
        out.extend((self.columns as u32).to_le_bytes());
        self.scale.iter().for_each(|scale| out.extend(scale.to_le_bytes()));
        out.extend(self.weights.iter().map(|weight| *weight as u8));
    }
}

/// What a row knows of the one feature that it was fitted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Inverse document frequency, in sixteenths; 0 if the training never saw a feature of this row often enough.
    pub rarity: u8,
    /// Low bits of its hash: other features that fall into the row, such as words of a language that the training never
    /// saw, are not taken for it.
    pub check: u8,
}

impl Mark {
    /// Whether the row stands for the feature of this hash.
    pub fn fits(self, hash: u32) -> bool {
        (self.rarity > 0) & (self.check == hash as u8)
    }
}

/// Weights of one block of hashed features; a feature's row is the high bits of its hash.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Of each row.
    pub marks: Vec<Mark>,
    /// The weights.
    pub table: Table,
}

/// A feature and its value in a block of length one.
pub type Feature = (u32, f64);

/// Counts features by row and gives each its part of a vector of length one: (1 + ln count) * rarity.
pub fn normed(marks: &[Mark], hashes: impl Iterator<Item = u32>, out: &mut Vec<Feature>) {
    let bits = marks.len().trailing_zeros();
    let row = |hash: u32| hash >> (32 - bits);
    let mut rows: Vec<u32> = hashes.collect();
    // About half of them fit, which no processor foresees: all are put down, and only those that fit are kept.
    let mut fit = 0;
    for at in 0..rows.len() {
        let hash = rows[at];
        rows[fit] = row(hash);
        fit += usize::from(marks[row(hash) as usize].fits(hash));
    }
    rows.truncate(fit);
    rows.sort_unstable();
    out.clear();
    let mut square = 0.0;
    for equal in rows.chunk_by(|one, other| one == other) {
        let row = equal[0];
        let often = if equal.len() == 1 { 1.0 } else { 1.0 + ln(equal.len() as f64) };
        let value = often * f64::from(marks[row as usize].rarity) / 16.0;
        square += value * value;
        out.push((row, value));
    }
    let length = square.sqrt();
    out.iter_mut().for_each(|(_, value)| *value /= length);
}

/// All weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Of sentences; columns are [`SENTENCE_HEADS`].
    pub sentence: Block,
    /// Added to the sentence scores; one row.
    pub sentence_bias: Table,
    /// Words and pairs of the spoken text.
    pub words: Block,
    /// Of the subject.
    pub subject: Block,
    /// Of the shape.
    pub shape: Block,
    /// One row for each number drawn from the sentence scores.
    pub pooled: Table,
    /// Hashes of known words, sorted.
    pub known: Vec<u32>,
    /// What the mean of known words adds, a row for each of [`Model::known`].
    pub meaning: Table,
}

/// The built-in model file.
pub const BUILT_IN_BYTES: &[u8] = include_bytes!("model.bin");

static BUILT_IN: LazyLock<Model> =
    LazyLock::new(|| Model::read(BUILT_IN_BYTES).expect("model.bin is checked by a test"));

impl Model {
    /// The model that comes with the program.
    pub fn built_in() -> &'static Model {
        &BUILT_IN
    }

    /// The bytes of a model file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for block in [&self.sentence, &self.words, &self.subject, &self.shape] {
            out.extend((block.marks.len() as u32).to_le_bytes());
            out.extend(block.marks.iter().flat_map(|mark| [mark.rarity, mark.check]));
            block.table.write(&mut out);
        }
        self.sentence_bias.write(&mut out);
        self.pooled.write(&mut out);
        out.extend((self.known.len() as u32).to_le_bytes());
        self.known.iter().for_each(|hash| out.extend(hash.to_le_bytes()));
        self.meaning.write(&mut out);
        out
    }

    /// Reads a model file; `None` if it is none.
    pub fn read(bytes: &[u8]) -> Option<Model> {
        let mut bytes = Bytes(bytes);
        let mut model = Model::default();
        for block in [&mut model.sentence, &mut model.words, &mut model.subject, &mut model.shape] {
            let rows = bytes.number()?;
            let marks = bytes.take(rows.checked_mul(2)?)?.chunks_exact(2);
            block.marks = marks.map(|two| Mark { rarity: two[0], check: two[1] }).collect();
            block.table = bytes.table()?;
            if !rows.is_power_of_two() || rows < 2 || block.table.rows() != rows {
                return None;
            }
        }
        model.sentence_bias = bytes.table()?;
        model.pooled = bytes.table()?;
        let known = bytes.number()?;
        let hashes = bytes.take(known.checked_mul(4)?)?;
        model.known =
            hashes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
        model.meaning = bytes.table()?;
        (bytes.0.is_empty() && model.fits()).then_some(model)
    }

    fn fits(&self) -> bool {
        let wide = [&self.words.table, &self.subject.table, &self.shape.table, &self.pooled, &self.meaning];
        wide.iter().all(|table| table.columns == HEADS)
            && [&self.sentence.table, &self.sentence_bias].iter().all(|table| table.columns == SENTENCE_HEADS.len())
            && self.sentence_bias.rows() == 1
            && self.pooled.rows() == SENTENCE_HEADS.len() * POOLED
            && self.meaning.rows() == self.known.len()
    }

    /// Scores of one sentence; log-odds.
    pub fn sentence_scores(&self, grams: &Grams, one: &SentenceGrams, scratch: &mut Vec<Feature>) -> [f64; 3] {
        let mut scores = [0.0; SENTENCE_HEADS.len()];
        self.sentence_bias.add(0, 1.0, &mut scores);
        normed(&self.sentence.marks, grams.inner[one.inner.0..one.inner.1].iter().copied(), scratch);
        for (row, value) in scratch.iter() {
            self.sentence.table.add(*row as usize, *value, &mut scores);
        }
        scores
    }

    /// What the model adds to the log-odds of each head.
    pub fn score(&self, grams: &Grams) -> Scored {
        let mut scratch = Vec::with_capacity(grams.words.len() * 2);
        let acts: Vec<[f64; 3]> =
            grams.sentences.iter().map(|one| self.sentence_scores(grams, one, &mut scratch)).collect();
        let (mut scores, mut subject) = ([0.0; HEADS], [0.0; HEADS]);
        for (row, value) in pool(&acts).into_iter().enumerate() {
            self.pooled.add(row, value, &mut scores);
        }
        normed(&self.subject.marks, grams.subject.iter().copied(), &mut scratch);
        for (row, value) in &scratch {
            self.subject.table.add(*row as usize, *value, &mut subject);
        }
        normed(&self.shape.marks, grams.shape.iter().copied(), &mut scratch);
        for (row, value) in &scratch {
            self.shape.table.add(*row as usize, *value, &mut scores);
        }
        normed(&self.words.marks, grams.words.iter().chain(&grams.pairs).copied(), &mut scratch);
        for (row, value) in &scratch {
            self.words.table.add(*row as usize, *value, &mut scores);
        }
        let meant: Vec<Option<usize>> = grams.words.iter().map(|word| self.meaning_of(*word)).collect();
        let share = share(meant.iter().flatten().count());
        for row in meant.iter().flatten() {
            self.meaning.add(*row, share, &mut scores);
        }
        for (sum, subject) in scores.iter_mut().zip(&subject) {
            *sum += subject;
        }
        Scored { scores, subject, acts, words: scratch, meant, share }
    }

    /// What the words of each sentence add to the score for one head.
    pub fn sentence_parts(&self, grams: &Grams, scored: &Scored, head: usize) -> impl Iterator<Item = f64> {
        let bits = self.words.marks.len().trailing_zeros();
        grams.sentences.iter().map(move |one| {
            let mut part = 0.0;
            let hashes = grams.words[one.words.0..one.words.1].iter().chain(&grams.pairs[one.pairs.0..one.pairs.1]);
            for hash in hashes {
                let row = hash >> (32 - bits);
                if self.words.marks[row as usize].fits(*hash)
                    && let Ok(at) = scored.words.binary_search_by_key(&row, |(row, _)| *row)
                {
                    part += self.words.table.one(row as usize, scored.words[at].1, head);
                }
            }
            for row in scored.meant[one.words.0..one.words.1].iter().flatten() {
                part += self.meaning.one(*row, scored.share, head);
            }
            part
        })
    }

    /// The row of a known word.
    fn meaning_of(&self, word: u32) -> Option<usize> {
        // Hashes are spread evenly, so that each is near the place that its size names; seldom as far as this.
        const NEAR: usize = 256;
        let place = ((u64::from(word) * self.known.len() as u64) >> 32) as usize;
        let (from, to) = (place.saturating_sub(NEAR), (place + NEAR).min(self.known.len()));
        let near = &self.known[from..to];
        if near.first().is_some_and(|first| *first <= word) && near.last().is_some_and(|last| word <= *last) {
            return near.binary_search(&word).ok().map(|at| from + at);
        }
        self.known.binary_search(&word).ok()
    }
}

/// What the model says of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// Log-odds to be added for each head.
    pub scores: Scores,
    /// What of that comes from the subject.
    pub subject: Scores,
    /// What each sentence does; log-odds of [`SENTENCE_HEADS`].
    pub acts: Vec<[f64; SENTENCE_HEADS.len()]>,
    /// Words and pairs of the text, by row.
    words: Vec<Feature>,
    /// Of each word, its row in [`Model::meaning`].
    meant: Vec<Option<usize>>,
    /// What each of those adds to the mean.
    share: f64,
}

/// What each of `known` words adds to a mean that grows slowly with their number.
pub fn share(known: usize) -> f64 {
    if known == 0 { 0.0 } else { ln(1.0 + known as f64) / known as f64 }
}

/// The numbers drawn from the scores of the sentences, head by head: strongest, second, mean, how many, first.
pub fn pool(sentences: &[[f64; 3]]) -> [f64; SENTENCE_HEADS.len() * POOLED] {
    let mut out = [0.0; SENTENCE_HEADS.len() * POOLED];
    for head in 0..SENTENCE_HEADS.len() {
        let to = &mut out[head * POOLED..(head + 1) * POOLED];
        let (mut first, mut second, mut sum, mut many) = (NO_SENTENCE, NO_SENTENCE, 0.0, 0.0);
        for score in sentences.iter().map(|scores| scores[head]) {
            if score > first {
                (first, second) = (score, first);
            } else if score > second {
                second = score;
            }
            sum += score;
            many += logistic((score * 100.0) as i32);
        }
        let mean = if sentences.is_empty() { NO_SENTENCE } else { sum / sentences.len() as f64 };
        to.copy_from_slice(&[first, second, mean, many, sentences.first().map_or(0.0, |scores| scores[head])]);
    }
    out
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        self.take(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize)
    }

    fn table(&mut self) -> Option<Table> {
        let (rows, columns) = (self.number()?, self.number()?);
        let scale = self.take(columns.checked_mul(4)?)?;
        let scale =
            scale.chunks_exact(4).map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
        let weights = self.take(rows.checked_mul(columns)?)?.iter().map(|byte| *byte as i8).collect();
        Some(Table { columns, scale, weights })
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
