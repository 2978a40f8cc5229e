//! How well predictions agree with labels.

use std::collections::BTreeMap;

use crate::data::{CLASSES, Item, USES};
use crate::learn::{counts, truth};
use mailcensus::model::reading::Flag;

/// What was said of one message: log-odds of the classes, of uses and flags, of its sentences.
#[derive(Clone, Default)]
pub struct Said {
    pub classes: Vec<f64>,
    pub yes: Vec<f64>,
    pub sentences: Vec<[f64; 3]>,
}

pub fn f1(pairs: impl Iterator<Item = (bool, bool)>) -> [f64; 4] {
    let (mut both, mut said, mut there, mut right, mut all) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (is, says) in pairs {
        both += f64::from(u8::from(is && says));
        said += f64::from(u8::from(says));
        there += f64::from(u8::from(is));
        right += f64::from(u8::from(is == says));
        all += 1.0;
    }
    let ratio = |a: f64, b: f64| if b == 0.0 { 0.0 } else { a / b };
    [ratio(2.0 * both, said + there), ratio(both, said), ratio(both, there), ratio(right, all)]
}

pub fn softmax(scores: &[f64], temperature: f64) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let all: Vec<f64> = scores.iter().map(|score| ((score - most) / temperature).exp()).collect();
    let sum: f64 = all.iter().sum();
    all.iter().map(|one| one / sum).collect()
}

pub fn top(scores: &[f64]) -> usize {
    (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).unwrap_or(0)
}

/// Expected calibration error over ten bins of equal mass.
pub fn calibration(items: &[&Item], said: &[Said], temperature: f64) -> f64 {
    let mut all: Vec<(f64, f64)> = items
        .iter()
        .zip(said)
        .map(|(item, said)| {
            let scores = softmax(&said.classes, temperature);
            let top = top(&scores);
            (scores[top], f64::from(u8::from(top == item.class)))
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = all.len();
    let bin = |at: usize| &all[at * n / 10..(at + 1) * n / 10];
    (0..10)
        .map(|at| {
            let sum = bin(at).iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            (sum.0 - sum.1).abs() / n as f64
        })
        .sum()
}

/// The temperature with the best likelihood of the true class.
pub fn temperature(items: &[&Item], said: &[Said]) -> f64 {
    let loss =
        |t: f64| -> f64 { items.iter().zip(said).map(|(i, s)| -softmax(&s.classes, t)[i.class].max(1e-9).ln()).sum() };
    (10..200).map(|step| f64::from(step) / 50.0).min_by(|a, b| loss(*a).total_cmp(&loss(*b))).unwrap_or(1.0)
}

/// The threshold with the best F1, as log-odds.
pub fn threshold(items: &[&Item], said: &[Said], head: usize) -> f64 {
    let at = |t: f64| {
        let pairs = items.iter().zip(said).filter(|(item, _)| counts(item, head));
        f1(pairs.map(|(item, said)| (truth(item, head), said.yes[head] >= t)))[0]
    };
    (-40..=30)
        .map(|step| f64::from(step) / 10.0)
        .max_by(|a, b| at(*a).total_cmp(&at(*b)).then((-a.abs()).total_cmp(&-b.abs())))
        .unwrap_or(0.0)
}

/// Prints the table; `yes` has the thresholds applied.
pub fn report(items: &[&Item], said: &[Said], yes: &[Vec<bool>], temperatures: &[f64]) {
    let tops: Vec<usize> = said.iter().map(|said| top(&said.classes)).collect();
    let per: Vec<[f64; 4]> = (0..5)
        .map(|class| f1(items.iter().zip(&tops).map(|(item, top)| (item.class == class, *top == class))))
        .collect();
    let n = items.len() as f64;
    let right = items.iter().zip(&tops).filter(|(item, top)| item.class == **top).count() as f64;
    let good =
        items.iter().zip(&tops).filter(|(i, top)| i.class == **top || i.alternatives.contains(top)).count() as f64;
    let scaled: Vec<Said> = said
        .iter()
        .zip(temperatures)
        .map(|(said, t)| Said { classes: said.classes.iter().map(|one| one / t).collect(), ..Said::default() })
        .collect();
    println!(
        "macro-F1 {:.3}  accuracy {:.3}  primary or alternative {:.3}  calibration error {:.3}",
        per.iter().map(|one| one[0]).sum::<f64>() / 5.0,
        right / n,
        good / n,
        calibration(items, &scaled, 1.0)
    );
    let line = |name: &str, [f1, precision, recall, accuracy]: [f64; 4]| {
        println!("  {name:<24} F1 {f1:.3}  precision {precision:.3}  recall {recall:.3}  accuracy {accuracy:.3}");
    };
    CLASSES.iter().zip(&per).for_each(|(name, one)| line(&format!("class {name}"), *one));
    for head in 0..12 {
        let name =
            if head < 3 { format!("use {}", USES[head]) } else { format!("flag {}", Flag::ALL[head - 3].as_str()) };
        let pairs = items.iter().zip(yes).filter(|(item, _)| counts(item, head));
        line(&name, f1(pairs.map(|(item, yes)| (truth(item, head), yes[head]))));
    }
    let mut wrong: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (item, top) in items.iter().zip(&tops).filter(|(i, top)| i.class != **top && !i.alternatives.contains(top)) {
        *wrong.entry((item.class, *top)).or_default() += 1;
    }
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let words: Vec<String> =
        wrong.iter().take(8).map(|((a, b), n)| format!("{n} {} as {}", CLASSES[*a], CLASSES[*b])).collect();
    println!("  wrong and no alternative: {}", words.join(", "));
    println!("  by score: (least score, messages, right, right or alternative)");
    let mut by: Vec<(f64, bool, bool)> = (0..items.len())
        .map(|at| {
            let scores = softmax(&scaled[at].classes, 1.0);
            let (item, top) = (items[at], tops[at]);
            (scores[top], item.class == top, item.class == top || item.alternatives.contains(&top))
        })
        .collect();
    by.sort_by(|a, b| a.0.total_cmp(&b.0));
    for bin in by.chunks(by.len().div_ceil(20)) {
        let share =
            |f: fn(&(f64, bool, bool)) -> bool| bin.iter().filter(|one| f(one)).count() as f64 / bin.len() as f64;
        println!("    {:.2} {} {:.2} {:.2}", bin[0].0, bin.len(), share(|one| one.1), share(|one| one.2));
    }
}
