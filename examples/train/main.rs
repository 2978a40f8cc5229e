//! Fits the weights of `classify` to labelled mail and says how well that does on users it has not seen.
//!
//!     cargo run --release --example train -- SHARED             # cross-validation only
//!     cargo run --release --example train -- SHARED --write     # also src/classify/model.bin, rules.toml, action.toml
//!
//!     cargo run --release --example train -- SHARED --rules     # only what is not fitted: owners and due texts
//!
//! SHARED holds `gold`, `sets` and `mailboxes`. `training/readings.jsonl` has more readings, by digest of the message;
//! `training/word_vectors.bin` is described in `training/README.md`. The result depends on nothing else, to the byte.

mod action;
mod data;
mod features;
mod fit;
mod learn;
mod measure;
mod rules;

use std::path::Path;

use anyhow::Context as _;
use data::{Item, Set};
use features::Vectors;
use learn::{Weights, learn};
use mailcensus::signal::Signals;
use measure::Said;

const FOLDS: usize = 5;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (shared, write) = match &args[..] {
        [shared] => (Path::new(shared), false),
        [shared, option] if option == "--write" => (Path::new(shared), true),
        [shared, option] if option == "--rules" => {
            action::tell_details(&data::gold(Path::new(shared))?);
            return Ok(());
        }
        _ => anyhow::bail!("usage: train SHARED [--write | --rules]"),
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut items = data::gold(shared)?;
    let gold = items.len();
    items.extend(data::more(shared, &here.join("training/readings.jsonl"))?);
    let more = items.len() - gold;
    items.extend(data::spam(shared)?);
    let intents = data::intents(shared)?;
    let vectors = Vectors::read(&std::fs::read(here.join("training/word_vectors.bin")).context("word_vectors.bin")?);
    println!(
        "{gold} gold, {more} more readings, {} for bulk, {} sentences of the intent set",
        items.len() - gold - more,
        intents.len()
    );
    cross_validate_intents(&items, &intents);
    let folds = folds(&items);
    let said = cross_validate(&items, &folds, &intents, &vectors);
    let thresholds = tell(&items, &folds, &said);
    let gold: Vec<usize> = (0..items.len()).filter(|at| items[*at].set == Set::Gold).collect();
    let chosen: Vec<&Item> = gold.iter().map(|at| &items[*at]).collect();
    let temperature = measure::temperature(&chosen, &gold.iter().map(|at| said[*at].clone()).collect::<Vec<_>>());
    let actions = action::learn(&items, &folds, &said, temperature);
    action::tell(&actions);
    if write {
        let weights = learn(&items.iter().collect::<Vec<_>>(), &intents.iter().collect::<Vec<_>>(), &vectors);
        std::fs::write(here.join("src/classify/action.toml"), actions.to_text())?;
        rules::write(&here.join("src/classify"), &weights, &thresholds, temperature, &vectors)?;
    }
    Ok(())
}

/// By user, as even as may be.
fn folds(items: &[Item]) -> Vec<usize> {
    let mut counts: std::collections::BTreeMap<&str, usize> = Default::default();
    for item in items {
        *counts.entry(&item.user).or_default() += 1 + 1000 * usize::from(item.set == Set::Gold);
    }
    let mut users: Vec<(&str, usize)> = counts.into_iter().collect();
    users.sort_by_key(|(user, count)| (std::cmp::Reverse(*count), *user));
    let mut load = [0usize; FOLDS];
    let mut at = std::collections::HashMap::new();
    for (user, count) in users {
        let fold = (0..FOLDS).min_by_key(|fold| load[*fold]).unwrap_or(0);
        load[fold] += count;
        at.insert(user.to_owned(), fold);
    }
    items.iter().map(|item| at[&item.user]).collect()
}

/// What weights fitted to other users, and to no message of a thread that is tested, say of each message.
fn cross_validate(
    items: &[Item],
    folds: &[usize],
    intents: &[(Signals, bool, String)],
    vectors: &Vectors,
) -> Vec<Said> {
    let mut said = vec![Said::default(); items.len()];
    let intents: Vec<&(Signals, bool, String)> = intents.iter().collect();
    for fold in 0..FOLDS {
        let tested: std::collections::HashSet<&str> = (0..items.len())
            .filter(|at| folds[*at] == fold && items[*at].thread.len() > 12)
            .map(|at| items[at].thread.as_str())
            .collect();
        let training: Vec<&Item> = (0..items.len())
            .filter(|at| folds[*at] != fold && !tested.contains(items[*at].thread.as_str()))
            .map(|at| &items[at])
            .collect();
        let weights = learn(&training, &intents, vectors);
        for at in (0..items.len()).filter(|at| folds[*at] == fold) {
            said[at] = say(&weights, &items[at], vectors);
        }
        eprintln!("fold {} of {FOLDS}", fold + 1);
    }
    said
}

fn say(weights: &Weights, item: &Item, vectors: &Vectors) -> Said {
    let sentences = weights.sentences.scores(&item.signals.grams);
    let row = weights.layout.row(&item.signals, &sentences, vectors);
    let yes = weights.yes.iter().map(|one| one.scores(&row)[0]).collect();
    Said { classes: weights.classes.scores(&row), yes, sentences }
}

/// Prints the figures; thresholds and temperature of a fold are chosen on the others. Gives back those of all.
fn tell(items: &[Item], folds: &[usize], said: &[Said]) -> Vec<f64> {
    let gold: Vec<usize> = (0..items.len()).filter(|at| items[*at].set == Set::Gold).collect();
    let chosen = |keep: &dyn Fn(usize) -> bool| -> (Vec<&Item>, Vec<Said>) {
        let kept: Vec<usize> = gold.iter().copied().filter(|at| keep(*at)).collect();
        (kept.iter().map(|at| &items[*at]).collect(), kept.iter().map(|at| said[*at].clone()).collect())
    };
    let (mut yes, mut temperatures) = (vec![Vec::new(); gold.len()], vec![1.0; gold.len()]);
    for fold in 0..FOLDS {
        let (others, their) = chosen(&|at| folds[at] != fold);
        let temperature = measure::temperature(&others, &their);
        let thresholds: Vec<f64> = (0..12).map(|head| measure::threshold(&others, &their, head)).collect();
        for (place, at) in gold.iter().enumerate().filter(|(_, at)| folds[**at] == fold) {
            temperatures[place] = temperature;
            let top = measure::top(&said[*at].classes);
            let held = |head: usize| said[*at].yes[head] >= thresholds[head];
            // As the program does: the class is a use, and bulk has none.
            let use_held = |head: usize| (held(head) || top == head) && top != 4;
            yes[place] = (0..12).map(|head| if head < 3 { use_held(head) } else { held(head) }).collect();
        }
    }
    let (all, theirs) = chosen(&|_| true);
    println!("gold, cross-validated by user:");
    measure::report(&all, &theirs, &yes, &temperatures);
    let spam = (0..items.len()).filter(|at| items[*at].set == Set::Spam);
    let [f1, precision, recall, _] =
        measure::f1(spam.map(|at| (items[at].class == 4, measure::top(&said[at].classes) == 4)));
    println!("spamassassin, cross-validated: bulk F1 {f1:.3}  precision {precision:.3}  recall {recall:.3}");
    (0..12).map(|head| measure::threshold(&all, &theirs, head)).collect()
}

/// The sentence step on the intent set alone, by group.
fn cross_validate_intents(items: &[Item], intents: &[(Signals, bool, String)]) {
    let fold_of =
        |group: &str| group.bytes().fold(3usize, |sum, byte| (sum * 31 + usize::from(byte)) % 1_000_003) % FOLDS;
    let mut scored: Vec<(f64, bool)> = Vec::new();
    let none: Vec<&Item> = items.iter().take(0).collect();
    for fold in 0..FOLDS {
        let training: Vec<&(Signals, bool, String)> = intents.iter().filter(|one| fold_of(&one.2) != fold).collect();
        let sentences = learn::fit_sentences(&none, &training);
        for one in intents.iter().filter(|one| fold_of(&one.2) == fold) {
            let scores = sentences.scores(&one.0.grams);
            scored.push((scores.iter().map(|one| one[1]).fold(-9.0, f64::max), one.1));
        }
    }
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |t: f64| measure::f1(scored.iter().map(|(score, truth)| (*truth, *score >= t)))[0];
    let best = (-30..10).map(|step| f64::from(step) / 10.0).max_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap_or(0.0);
    let yes = scored.iter().filter(|one| one.1).count() as f64;
    let no = scored.len() as f64 - yes;
    let ranks: f64 = scored.iter().enumerate().filter(|(_, one)| one.1).map(|(rank, _)| rank as f64 + 1.0).sum();
    println!(
        "intent of sentences, by group: F1 {:.3} (at even odds {:.3}), AUROC {:.3}",
        at(best),
        at(0.0),
        (ranks - yes * (yes + 1.0) / 2.0) / (yes * no)
    );
}
