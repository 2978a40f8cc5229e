//! Writes `rules.toml` and `model.bin`.

use std::fmt::Write as _;
use std::path::Path;

use mailcensus::classify::SUBJECTS;
use mailcensus::signal::table::TABLE;

use crate::features::{SIGNAL_SCALE, Vectors};
use crate::learn::Weights;

/// Below it a reading is more often wrong than not (see the table that the program prints).
const UNSURE: f64 = 0.3;
const HEAD: &str = "\
# Weights: what each signal adds to the log-odds of a class, a use or a flag. Written by `cargo run --release --example train`.
# A file given with --rules has the same form and goes over this one; docs/rules.md says how.
";

pub fn write(
    folder: &Path,
    weights: &Weights,
    thresholds: &[f64],
    temperature: f64,
    vectors: &Vectors,
) -> anyhow::Result<()> {
    // Classes are divided by the temperature, so that their scores are probabilities.
    let scaled: Vec<Vec<f64>> =
        (0..5).map(|class| weights.classes.weights(class).iter().map(|one| one / temperature).collect()).collect();
    let heads: Vec<&[f64]> =
        scaled.iter().map(Vec::as_slice).chain(weights.yes.iter().map(|yes| yes.weights(0))).collect();
    let model = weights.layout.model(&heads[..10], &weights.sentences, vectors);
    std::fs::write(folder.join("model.bin"), model.to_bytes())?;
    let mut text = format!("{HEAD}\nunsure = {UNSURE}\n\n[threshold]\n");
    for (head, threshold) in thresholds.iter().enumerate() {
        writeln!(text, "\"{}\" = {:.2}", SUBJECTS[5 + head], 1.0 / (1.0 + (-threshold).exp()))?;
    }
    text.push_str("\n[bias]\n");
    for (subject, head) in SUBJECTS.iter().zip(&heads) {
        writeln!(text, "\"{subject}\" = {:.2}", head[head.len() - 1])?;
    }
    text.push_str("\n[weight]\n");
    let mut kinds: Vec<(usize, &str)> = TABLE.iter().enumerate().map(|(at, kind)| (at, kind.name)).collect();
    kinds.sort_by_key(|(_, name)| *name);
    for (number, name) in kinds {
        let part = |(subject, head): (&&str, &&[f64])| {
            let weight = head[number] * f64::from(SIGNAL_SCALE);
            (weight.abs() >= 0.015).then(|| format!("\"{subject}\" = {weight:.2}"))
        };
        let row: Vec<String> = SUBJECTS.iter().zip(&heads).filter_map(part).collect();
        if !row.is_empty() {
            writeln!(text, "{name} = {{ {} }}", row.join(", "))?;
        }
    }
    std::fs::write(folder.join("rules.toml"), text)?;
    Ok(())
}
