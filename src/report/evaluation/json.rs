//! What `eval --json` prints.

use serde_json::{Map, Value, json};

use super::{Estimate, Evaluation, RESAMPLES, Score};
use crate::model::reading::{Class, Flag, Use};

/// The measured part of the object.
pub fn json(found: &Evaluation) -> Value {
    let named = |names: &[&str], scores: &[Score]| -> Map<String, Value> {
        names.iter().zip(scores).map(|(name, one)| ((*name).to_owned(), score(one))).collect()
    };
    let confusion = |row: &[usize; 6]| -> Map<String, Value> {
        Class::ALL.iter().zip(row).map(|(class, n)| (class.as_str().to_owned(), (*n).into())).collect()
    };
    let bins = found.bins.iter().map(|bin| {
        json!({
            "labels": bin.cases,
            "score_from": rounded(bin.range.0),
            "score_to": rounded(bin.range.1),
            "mean_score": rounded(bin.score),
            "share_right": rounded(bin.right),
        })
    });
    json!({
        "compared": found.compared,
        "correct": found.correct,
        "weighted": found.stands_for.is_some(),
        "stands_for_messages": found.stands_for,
        "intervals": {
            "confidence": 0.95,
            "proportions": "wilson",
            "f1": "the wider of bootstrap percentile and wilson",
            "others": "bootstrap percentile",
            "resamples": RESAMPLES,
            "resampled_by": if found.stands_for.is_some() { "message within stratum" } else { "sender" },
        },
        "accuracy": estimate(&found.accuracy),
        "primary_or_alternative": estimate(&found.accepted),
        "macro_f1": estimate(&found.macro_f1),
        "macro_f1_classes": found.classes_in_mean,
        "classes": named(&Class::ALL.map(Class::as_str)[..5], &found.classes),
        "uses": named(&Use::ALL.map(Use::as_str), &found.uses),
        "flags": named(&Flag::ALL.map(Flag::as_str), &found.flags),
        "confusion": Class::ALL.iter().zip(&found.confusion).map(|(class, row)| (class.as_str().to_owned(), confusion(row).into()))
            .collect::<Map<String, Value>>(),
        "calibration_error": estimate(&found.calibration_error),
        "calibration": bins.collect::<Vec<Value>>(),
    })
}

fn score(score: &Score) -> Value {
    json!({
        "support": score.support,
        "scored": score.scored,
        "precision": estimate(&score.precision),
        "recall": estimate(&score.recall),
        "f1": estimate(&score.f1),
        "accuracy": estimate(&score.accuracy),
    })
}

fn estimate(one: &Estimate) -> Value {
    json!({
        "value": one.value.map(rounded),
        "low": one.interval.map(|interval| rounded(interval.low)),
        "high": one.interval.map(|interval| rounded(interval.high)),
    })
}

fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
