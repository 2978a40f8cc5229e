//! The second model: which sentences are things to do. Fitted to what weights that did not see a message say of it.

use std::collections::BTreeMap;

use mailcensus::classify::action::features::{COUNT, NAMES};
use mailcensus::classify::action::{Seen, Weights, action, features};
use mailcensus::model::action::ActionOwner;

use crate::data::{Item, Marked, Set};
use crate::fit::{Problem, Row, fit};
use crate::measure::{Said, softmax};

/// Strength of the data against the prior, for features of one standard deviation.
const C: f64 = 0.05;

/// A row of features for each sentence of one message.
type Rows = Vec<[f64; COUNT]>;

/// What the second model is fitted to: features and labels of every sentence.
pub struct Material {
    rows: Vec<Rows>,
}

impl Material {
    /// `said` must come from weights that saw neither the message nor its user.
    pub fn new(items: &[Item], said: &[Said], temperature: f64) -> Material {
        let rows = items.iter().zip(said).map(|(item, said)| {
            let classes = softmax(&said.classes, temperature);
            let seen = Seen {
                acts: &said.sentences,
                classes: std::array::from_fn(|at| classes[at]),
                yes: std::array::from_fn(|at| said.yes[at]),
            };
            features::read(&item.facts.body_text, &item.signals, &seen, &|_| true)
        });
        Material { rows: rows.collect() }
    }

    /// Fits to the items that `keep` names; the threshold is left at nothing.
    pub fn fit(&self, items: &[Item], keep: &dyn Fn(usize) -> bool) -> Weights {
        let used: Vec<usize> = (0..items.len()).filter(|at| items[*at].set != Set::Spam && keep(*at)).collect();
        let all = || used.iter().flat_map(|at| &self.rows[*at]);
        let count = all().count() as f64;
        let mean: [f64; COUNT] = std::array::from_fn(|f| all().map(|row| row[f]).sum::<f64>() / count);
        let spread: [f64; COUNT] = std::array::from_fn(|f| {
            (all().map(|row| (row[f] - mean[f]).powi(2)).sum::<f64>() / count).sqrt().max(1e-6)
        });
        let scaled: Vec<Row> = all()
            .map(|row| (0..COUNT).map(|f| (f as u32, ((row[f] - mean[f]) / spread[f]) as f32)).collect())
            .collect();
        let truth: Vec<usize> =
            used.iter().flat_map(|at| items[*at].tasks.iter().map(|one| usize::from(*one))).collect();
        let problem =
            Problem { rows: scaled.iter().collect(), weights: vec![1.0; scaled.len()], features: COUNT, c: C };
        let fitted = fit(&problem, 1, &truth);
        let theta = fitted.weights(0);
        let weights: [f64; COUNT] = std::array::from_fn(|f| round(theta[f] / spread[f]));
        let bias = round(theta[COUNT] - (0..COUNT).map(|f| theta[f] / spread[f] * mean[f]).sum::<f64>());
        Weights { threshold: 0.0, bias, weights }
    }

    /// Probabilities of the sentences of one item.
    pub fn scores(&self, weights: &Weights, at: usize) -> Vec<f64> {
        self.rows[at].iter().map(|row| weights.score(row)).collect()
    }
}

/// As many digits as are written.
fn round(weight: f64) -> f64 {
    (weight * 10_000.0).round() / 10_000.0
}

/// Words in lower case.
fn words(text: &str) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()) {
        *all.entry(word.to_lowercase()).or_default() += 1;
    }
    all
}

/// How many words two texts share.
fn shared(one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>) -> usize {
    one.iter().map(|(word, count)| other.get(word).map_or(0, |also| (*count).min(*also))).sum()
}

/// Pairs of sentence and marked item, one to one, that share at least half of the words of the quote; best first.
fn pairs(item: &Item, chosen: &[usize]) -> Vec<(usize, usize)> {
    let text = |at: usize| {
        let one = &item.signals.grams.sentences[at];
        &item.facts.body_text[one.start..one.end]
    };
    let mut all = Vec::new();
    for at in chosen {
        let said = words(text(*at));
        for (number, marked) in item.marked.iter().enumerate() {
            let quote = words(&marked.quote);
            let both = shared(&said, &quote);
            let length: usize = quote.values().sum();
            if 2 * both >= length && both > 0 {
                all.push((1_000 * both / length, both, *at, number));
            }
        }
    }
    all.sort_by_key(|(share, both, at, number)| (std::cmp::Reverse((*share, *both)), *at, *number));
    let (mut taken, mut found) = (Vec::new(), Vec::new());
    for (_, _, at, number) in all {
        if !taken.contains(&(Some(at), None)) && !taken.contains(&(None, Some(number))) {
            taken.extend([(Some(at), None), (None, Some(number))]);
            found.push((at, number));
        }
    }
    found
}

/// Matched, said, there.
#[derive(Clone, Copy, Default)]
struct Sums(usize, usize, usize);

impl Sums {
    fn add(&mut self, item: &Item, chosen: &[usize]) {
        self.0 += pairs(item, chosen).len();
        self.1 += chosen.len();
        self.2 += item.marked.len();
    }

    fn precision(self) -> f64 {
        self.0 as f64 / self.1.max(1) as f64
    }

    fn recall(self) -> f64 {
        self.0 as f64 / self.2.max(1) as f64
    }

    fn f1(self) -> f64 {
        2.0 * self.0 as f64 / (self.1 + self.2).max(1) as f64
    }
}

fn chosen(scores: &[f64], threshold: f64) -> Vec<usize> {
    (0..scores.len()).filter(|at| scores[*at] >= threshold).collect()
}

fn best_threshold(items: &[Item], scores: &[Vec<f64>], gold: &[usize]) -> f64 {
    let f1 = |threshold: f64| {
        let mut sums = Sums::default();
        gold.iter().for_each(|at| sums.add(&items[*at], &chosen(&scores[*at], threshold)));
        sums.f1()
    };
    (4..70)
        .map(|step| f64::from(step) / 100.0)
        .max_by(|a, b| f1(*a).total_cmp(&f1(*b)).then(b.total_cmp(a)))
        .unwrap_or(0.3)
}

/// Prints how well it does on gold, cross-validated by user; gives the weights of all, with their threshold.
pub fn learn(items: &[Item], folds: &[usize], said: &[Said], temperature: f64) -> Weights {
    let material = Material::new(items, said, temperature);
    let count = folds.iter().max().map_or(0, |last| last + 1);
    let mut scores = vec![Vec::new(); items.len()];
    for fold in 0..count {
        let tested: std::collections::HashSet<&str> = (0..items.len())
            .filter(|at| folds[*at] == fold && items[*at].thread.len() > 12)
            .map(|at| items[at].thread.as_str())
            .collect();
        let weights = material.fit(items, &|at| folds[at] != fold && !tested.contains(items[at].thread.as_str()));
        for at in (0..items.len()).filter(|at| folds[*at] == fold) {
            scores[at] = material.scores(&weights, at);
        }
    }
    let gold: Vec<usize> = (0..items.len()).filter(|at| items[*at].set == Set::Gold).collect();
    let mut sums = Sums::default();
    let mut details = Details::default();
    for fold in 0..count {
        let (here, others): (Vec<usize>, Vec<usize>) = gold.iter().partition(|at| folds[**at] == fold);
        let threshold = best_threshold(items, &scores, &others);
        for at in here {
            let chosen = chosen(&scores[at], threshold);
            sums.add(&items[at], &chosen);
            details.add(&items[at], &pairs(&items[at], &chosen));
        }
    }
    println!(
        "things to do in gold, cross-validated by user: precision {:.3}  recall {:.3}  F1 {:.3} ({} of {} found, {} said)",
        sums.precision(),
        sums.recall(),
        sums.f1(),
        sums.0,
        sums.2,
        sums.1
    );
    for threshold in [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6] {
        let mut sums = Sums::default();
        gold.iter().for_each(|at| sums.add(&items[*at], &chosen(&scores[*at], threshold)));
        println!("  from {threshold:.2}: precision {:.3}  recall {:.3}", sums.precision(), sums.recall());
    }
    details.tell("on those");
    tell_details(items);
    let weights = material.fit(items, &|_| true);
    Weights { threshold: best_threshold(items, &scores, &gold), ..weights }
}

/// Prints owners and due texts of everything that readers of gold marked, whether found or not.
pub fn tell_details(items: &[Item]) {
    let mut all = Details::default();
    for item in items.iter().filter(|item| item.set == Set::Gold) {
        let every: Vec<usize> = (0..item.signals.grams.sentences.len()).collect();
        all.add(item, &pairs(item, &every));
    }
    all.tell("on every marked sentence");
}

/// Owners and due texts.
#[derive(Default)]
struct Details {
    owners: (usize, usize),
    due: (usize, usize, usize, usize),
    wrong: Vec<String>,
}

impl Details {
    fn add(&mut self, item: &Item, pairs: &[(usize, usize)]) {
        for (at, number) in pairs {
            let marked = &item.marked[*number];
            let found = action(&item.facts, &item.signals, *at, 1.0);
            let right = owner_is(marked, &found.owner, found.owner_address.as_deref(), item);
            self.owners.0 += usize::from(right);
            self.owners.1 += 1;
            if !right {
                self.wrong.push(format!("{} as {:?}", marked.owner, found.owner));
            }
            let told = found.due.as_ref().map(|due| due.text.as_str());
            match (&marked.due, told) {
                (Some(due), Some(told)) => {
                    let (due, told) = (words(due), words(told));
                    let both = shared(&due, &told);
                    self.due.0 += usize::from(2 * both >= due.values().sum());
                    self.due.1 += 1;
                }
                (Some(_), None) => self.due.1 += 1,
                (None, Some(_)) => self.due.3 += 1,
                (None, None) => {}
            }
            self.due.2 += usize::from(marked.due.is_none());
        }
    }

    fn tell(&self, what: &str) {
        let share = |(right, all): (usize, usize)| right as f64 / all.max(1) as f64;
        println!(
            "  {what}: owner right {:.3} ({} of {}); due text found {:.3} ({} of {}), said where none is marked {} of {}",
            share(self.owners),
            self.owners.0,
            self.owners.1,
            share((self.due.0, self.due.1)),
            self.due.0,
            self.due.1,
            self.due.3,
            self.due.2
        );
        let mut wrong: BTreeMap<&str, usize> = BTreeMap::new();
        self.wrong.iter().for_each(|one| *wrong.entry(one).or_default() += 1);
        let mut wrong: Vec<_> = wrong.into_iter().collect();
        wrong.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let words: Vec<String> = wrong.iter().take(12).map(|(what, count)| format!("{count} {what}")).collect();
        println!("    wrong owners: {}", words.join(", "));
    }
}

/// Whether the owner is the one whom the reader named. A named person who is the only recipient, or whose address was
/// found, is the same person under either word.
fn owner_is(marked: &Marked, owner: &ActionOwner, address: Option<&str>, item: &Item) -> bool {
    let from = item.facts.from.as_ref().map(|from| from.address.as_str());
    match (marked.owner.as_str(), owner) {
        ("recipient", ActionOwner::Recipient) | ("sender", ActionOwner::Sender) => true,
        ("recipient", ActionOwner::Named(_)) => {
            item.facts.recipients.iter().any(|(_, one)| Some(one.address.as_str()) == address)
        }
        // A note to oneself has one person in both places.
        ("recipient", ActionOwner::Sender) => item.signals.has("recipient_self") && address == from,
        (other, found) => {
            let name = other.trim_start_matches("other:").to_lowercase();
            let first = name.split_whitespace().next().unwrap_or_default().to_owned();
            let person = |address: &str| {
                let all = item.facts.recipients.iter().map(|(_, one)| one);
                let mut all = all.filter(|one| one.address == address);
                all.any(|one| one.is_called(&first) || one.is_called_in_short(&first))
            };
            match found {
                ActionOwner::Named(found) => {
                    found.to_lowercase().contains(&first) || name.contains(&found.to_lowercase())
                }
                ActionOwner::Recipient => other != "sender" && address.is_some_and(person),
                ActionOwner::Sender => false,
            }
        }
    }
}

/// The names of features, for the table that is printed.
pub fn tell(weights: &Weights) {
    let mut all: Vec<(&str, f64)> = NAMES.iter().copied().zip(weights.weights).collect();
    all.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    let words: Vec<String> = all.iter().take(15).map(|(name, weight)| format!("{name} {weight:.2}")).collect();
    println!("  heaviest: {}", words.join(", "));
}
