use proptest::prelude::*;

use super::{Block, HEADS, Mark, Model, NO_SENTENCE, SENTENCE_HEADS, Table, normed, pool, share};
use crate::signal::grams::{Grams, SentenceGrams};

/// Two rows a block, one known word; every weight is what `weight` says.
fn tiny(weight: f64) -> Model {
    let table = |rows: usize, columns: usize| Table::round(columns, &vec![weight; rows * columns]);
    let block = |columns| Block {
        marks: vec![Mark { rarity: 16, check: 7 }, Mark { rarity: 16, check: 255 }],
        table: table(2, columns),
    };
    Model {
        sentence: block(SENTENCE_HEADS.len()),
        sentence_bias: table(1, SENTENCE_HEADS.len()),
        words: block(HEADS),
        subject: block(HEADS),
        shape: block(HEADS),
        pooled: table(15, HEADS),
        known: vec![7],
        meaning: table(1, HEADS),
    }
}

#[test]
fn a_model_comes_back_from_its_bytes() {
    let model = tiny(0.5);
    let bytes = model.to_bytes();
    assert_eq!(Model::read(&bytes), Some(model));
    for cut in 0..bytes.len() {
        assert_eq!(Model::read(&bytes[..cut]), None);
    }
}

#[test]
fn the_built_in_model_is_whole_and_small() {
    let model = Model::built_in();
    assert!(model.to_bytes().len() < 1_000_000);
    assert!(model.known.is_sorted());
}

#[test]
fn bytes_keep_the_largest_weight_and_the_sign() {
    let table = Table::round(2, &[1.0, 0.0, -0.5, 0.0, 0.004, 0.0]);
    assert_eq!(table.weights, [127, 0, -64, 0, 1, 0]);
    assert_eq!(table.scale[1], 0.0);
    let mut sums = [0.0; 2];
    table.add(1, 2.0, &mut sums);
    assert!((sums[0] + 128.0 / 127.0).abs() < 1e-6 && sums[1] == 0.0);
}

/// (1 + ln 3, 1) with rarities 1 and 2: by hand (2.0986, 2) / 2.8990.
#[test]
fn features_have_length_one() {
    let mut out = Vec::new();
    let marks = |one, other| [Mark { rarity: one, check: 7 }, Mark { rarity: other, check: 255 }];
    normed(&marks(16, 32), &mut [7u32, 7, u32::MAX, 7].into_iter(), &mut out);
    assert_eq!(out.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [0, 1]);
    assert!((out[0].1 - 0.7239).abs() < 1e-4 && (out[1].1 - 0.6899).abs() < 1e-4, "{out:?}");
    normed(&marks(16, 0), &mut [u32::MAX].into_iter(), &mut out);
    assert!(out.is_empty());
    // What falls into the row of another feature says nothing.
    normed(&marks(16, 16), &mut [8u32, u32::MAX - 1].into_iter(), &mut out);
    assert!(out.is_empty());
}

#[test]
fn sentences_are_pooled() {
    let pooled = pool(&[[1.0, 0.0, 0.0], [3.0, 0.0, 0.0], [-1.0, 0.0, 0.0]]);
    assert_eq!(pooled[..3], [3.0, 1.0, 1.0]);
    // Logistic of 1, 3 and -1: 0.7311 + 0.9526 + 0.2689.
    assert!((pooled[3] - 1.9526).abs() < 1e-3, "{}", pooled[3]);
    assert_eq!(pooled[4], 1.0);
    assert_eq!(pool(&[])[..5], [NO_SENTENCE, NO_SENTENCE, NO_SENTENCE, 0.0, 0.0]);
}

/// One sentence of two words, one of them known, and a subject word: every part by hand, with all weights 0.5.
#[test]
fn a_score_is_the_sum_of_its_parts() {
    let grams = Grams {
        words: vec![7, u32::MAX],
        pairs: vec![],
        inner: vec![7],
        sentences: vec![SentenceGrams { start: 0, end: 9, words: (0, 2), pairs: (0, 0), inner: (0, 1) }],
        subject: vec![7],
        shape: vec![],
    };
    let model = tiny(0.5);
    let scored = model.score(&grams);
    // The sentence: bias 0.5 + 0.5. Pooled: 1 + none + 1 + logistic(1) + 1. Words: 2 / √2. Known: ln 2.
    let pooled = (1.0 + NO_SENTENCE + 1.0 + 0.7311 + 1.0) * 3.0 * 0.5;
    let words = std::f64::consts::SQRT_2 * 0.5 + std::f64::consts::LN_2 * 0.5;
    let expected = pooled + 0.5 + words;
    assert!((scored.scores[0] - expected).abs() < 1e-2, "{} {expected}", scored.scores[0]);
    assert!((scored.subject[0] - 0.5).abs() < 1e-6);
    let parts: Vec<f64> = model.sentence_parts(&grams, &scored, 0).collect();
    assert!(parts.len() == 1 && (parts[0] - words).abs() < 1e-6);
    assert_eq!(share(0), 0.0);
}

proptest! {
    #[test]
    fn any_bytes_are_a_model_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Model::read(&bytes);
    }
}
