//! Fits the weights that judge what a step of a process does, and says how well they do on a company they have not seen.
//!
//!     cargo run --release --example steps              # each company in turn is left out
//!     cargo run --release --example steps -- --write   # also src/discover/step/weights.bin
//!
//! `training/steps.jsonl` is described in `training/README.md`. The result depends on nothing else, to the byte.

mod data;
#[path = "../train/fit.rs"]
#[allow(dead_code, reason = "scores are what the other training uses")]
mod fit;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Context as _;
use data::{Example, Run};
use fit::{Problem, Row, fit};
use mailcensus::discover::step::{Weights, activities};
use mailcensus::model::activity::Activity;

/// A mark must occur in so many examples.
const LEAST: usize = 3;
/// Strength of the data against the prior.
const C: f64 = 0.03;
/// What all steps of one company weigh together, in single phrases.
const COMPANY: f64 = 2000.0;
/// The company of the project's own generator says less than those of other hands.
const GENERATED: f64 = 0.4;

fn main() -> anyhow::Result<()> {
    let write = std::env::args().nth(1).is_some_and(|option| option == "--write");
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(here.join("training/steps.jsonl")).context("training/steps.jsonl")?;
    let runs = data::runs(&text)?;
    let mut companies: Vec<&str> = runs.iter().map(|run| run.company.as_str()).collect();
    companies.sort_unstable();
    companies.dedup();
    println!("{:12} {:>6} {:>9} {:>12}", "left out", "steps", "alone", "in process");
    for company in companies.into_iter().filter(|one| *one != data::PHRASES) {
        let (tested, fitted): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| run.company == company);
        tell(company, &learn(&fitted), &tested);
    }
    if write {
        let weights = learn(&runs.iter().collect::<Vec<_>>());
        let bytes = weights.to_bytes();
        println!("weights of all: {} bytes", bytes.len());
        std::fs::write(here.join("src/discover/step/weights.bin"), bytes)?;
    }
    Ok(())
}

fn learn(runs: &[&Run]) -> Weights {
    let examples: Vec<(&str, Example)> =
        runs.iter().flat_map(|run| run.examples().into_iter().map(|one| (run.company.as_str(), one))).collect();
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    for (company, example) in &examples {
        *sizes.entry(company).or_default() += 1;
        example.marks.iter().for_each(|mark| *counts.entry(*mark).or_default() += 1);
    }
    let known: Vec<u32> = counts.into_iter().filter(|(_, n)| *n >= LEAST).map(|(mark, _)| mark).collect();
    let number: HashMap<u32, u32> = known.iter().copied().zip(0..).collect();
    let row = |example: &Example| -> Row {
        let found = example.marks.iter().filter_map(|mark| number.get(mark));
        found.map(|number| (*number, 1.0)).collect()
    };
    let rows: Vec<Row> = examples.iter().map(|(_, example)| row(example)).collect();
    let weight = |company: &str| match company {
        data::PHRASES => 1.0,
        data::GENERATED => GENERATED * COMPANY / sizes[company] as f64,
        _ => COMPANY / sizes[company] as f64,
    };
    let weights = examples.iter().map(|(company, _)| weight(company)).collect();
    let truth: Vec<usize> = examples.iter().map(|(_, example)| example.does as usize).collect();
    let fitted =
        fit(&Problem { rows: rows.iter().collect(), weights, features: known.len(), c: C }, Activity::COUNT, &truth);
    let of = |class: usize| fitted.weights(class);
    let bias = std::array::from_fn(|class| of(class)[known.len()] as f32);
    let rows: Vec<(u32, [f64; Activity::COUNT])> =
        known.iter().enumerate().map(|(at, mark)| (*mark, std::array::from_fn(|class| of(class)[at]))).collect();
    Weights::new(bias, &rows)
}

/// How many steps of a company are judged rightly: one run at a time, and with all runs of its process.
fn tell(company: &str, weights: &Weights, runs: &[&Run]) {
    let mut processes: BTreeMap<&str, Vec<&Run>> = BTreeMap::new();
    runs.iter().for_each(|run| processes.entry(&run.process).or_default().push(run));
    let (mut steps, mut alone, mut together) = (0, 0, 0);
    let right = |run: &Run, judged: &[mailcensus::discover::step::Judged]| {
        run.truth().zip(judged).filter(|(does, judged)| *does == judged.activity).count()
    };
    for runs in processes.into_values() {
        let marks: Vec<_> = runs.iter().map(|run| run.marks()).collect();
        for ((run, marks), judged) in runs.iter().zip(&marks).zip(activities(weights, &marks)) {
            steps += judged.len();
            together += right(run, &judged);
            alone += right(run, &activities(weights, std::slice::from_ref(marks))[0]);
        }
    }
    let share = |n: usize| n as f64 / steps.max(1) as f64;
    println!("{company:12} {steps:6} {:9.3} {:12.3}", share(alone), share(together));
}
