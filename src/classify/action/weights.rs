//! The weights of the second model: a number for each feature, in a TOML file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::WEIGHTS;
use super::features::{COUNT, NAMES, OF_WORDS};
use crate::classify::score::logistic;

/// Weights and the least probability.
#[derive(Clone, PartialEq, Debug)]
pub struct Weights {
    /// A sentence of this probability or more is a thing to do.
    pub threshold: f64,
    /// Added to every score.
    pub bias: f64,
    /// In the order of [`NAMES`]; log-odds.
    pub weights: [f64; COUNT],
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct WeightFile {
    threshold: f64,
    bias: f64,
    weight: BTreeMap<String, f64>,
}

static BUILT_IN: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(WEIGHTS).expect("action.toml is checked by a test"));

impl Weights {
    /// Those that come with the program.
    pub fn built_in() -> &'static Weights {
        &BUILT_IN
    }

    /// Reads a file of weights; features it does not name weigh nothing.
    ///
    /// # Errors
    /// In words, for what is no such file or names an unknown feature.
    pub fn parse(text: &str) -> Result<Weights, String> {
        let file: WeightFile = toml::from_str(text).map_err(|error| error.to_string())?;
        let mut weights = [0.0; COUNT];
        for (name, weight) in file.weight {
            let at = NAMES.iter().position(|known| *known == name).ok_or_else(|| format!("no feature {name}"))?;
            weights[at] = weight;
        }
        Ok(Weights { threshold: file.threshold, bias: file.bias, weights })
    }

    /// The file of these weights.
    pub fn to_text(&self) -> String {
        let mut text = String::from(
            "# What makes a sentence a thing to do, as log-odds. Written by `cargo run --release --example train`.\n",
        );
        text.push_str(&format!("threshold = {:.3}\nbias = {:.4}\n\n[weight]\n", self.threshold, self.bias));
        for (name, weight) in NAMES.iter().zip(&self.weights) {
            text.push_str(&format!("{name} = {weight:.4}\n"));
        }
        text
    }

    /// Whether a row can reach the threshold, whatever the words of the sentence are.
    pub fn can_reach(&self, row: &[f64; COUNT]) -> bool {
        let most: f64 = self.weights[OF_WORDS].iter().map(|weight| weight.max(0.0)).sum();
        let sum = self.weights.iter().zip(row).fold(self.bias + most, |sum, (weight, value)| sum + weight * value);
        // One hundredth more for the order of additions.
        logistic((sum * 100.0).ceil() as i32 + 1) >= self.threshold
    }

    /// Probability of a row of features; rounded to hundredths of log-odds, so that it is the same on every machine.
    pub fn score(&self, row: &[f64; COUNT]) -> f64 {
        let sum = self.weights.iter().zip(row).fold(self.bias, |sum, (weight, value)| sum + weight * value);
        logistic((sum * 100.0).round() as i32)
    }
}
