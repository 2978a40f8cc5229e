//! From labelled messages to weights.

use mailcensus::signal::Signals;

use crate::data::{Item, Set};
use crate::features::{Layout, Sentences, Vectors};
use crate::fit::{Fitted, Problem, Row, fit};

/// Strengths of the data against the prior.
const SENTENCE_C: f64 = 4.0;
const CLASS_C: f64 = 2.0;
const YES_C: f64 = 2.0;
/// Weight of a message of the spamassassin set, which says only whether it is bulk.
const SPAM: f64 = 0.3;
/// Training messages are scored by sentence weights that were not fitted to them: so many parts.
const PARTS: usize = 4;
/// A class weighs its frequency to the power of minus this.
const BALANCE: f64 = 1.0;
/// The same for yes and no.
const BALANCE_YES: f64 = 1.0;
/// The same for flags that are read from signals alone; some are rare.
const BALANCE_RARE: f64 = 0.3;

/// Everything fitted; 3 uses and 9 flags after the classes.
pub struct Weights {
    pub layout: Layout,
    pub sentences: Sentences,
    pub classes: Fitted,
    pub yes: Vec<Fitted>,
}

/// What each of the yes-or-no heads asks: uses, then flags.
pub fn truth(item: &Item, head: usize) -> bool {
    if head < 3 { item.uses[head] } else { item.flags[head - 3] }
}

/// Whether the item may be used for that head.
pub fn counts(item: &Item, head: usize) -> bool {
    item.set != Set::Spam && (head >= 3 || !item.disputed[head])
}

pub fn learn(items: &[&Item], intents: &[&(Signals, bool, String)], vectors: &Vectors) -> Weights {
    let sentences = fit_sentences(items, intents);
    let layout = Layout::of(items.iter().map(|item| &item.signals), vectors.width);
    let rows = training_rows(items, intents, &layout, vectors);
    let balance = |item: &Item| if item.set == Set::Spam { SPAM } else { 1.0 };
    let mut sums = [0.0; 5];
    items.iter().for_each(|item| sums[item.class] += balance(item));
    let total: f64 = sums.iter().sum();
    let weights = items.iter().map(|item| balance(item) * (total / (5.0 * sums[item.class])).powf(BALANCE)).collect();
    let problem = Problem { rows: rows.iter().collect(), weights, features: layout.features, c: CLASS_C };
    let classes = fit(&problem, 5, &items.iter().map(|item| item.class).collect::<Vec<_>>());
    let yes = (0..12).map(|head| fit_yes(items, &rows, &layout, head)).collect();
    Weights { layout, sentences, classes, yes }
}

fn fit_yes(items: &[&Item], rows: &[Row], layout: &Layout, head: usize) -> Fitted {
    let used: Vec<usize> = (0..items.len()).filter(|at| counts(items[*at], head)).collect();
    let truth: Vec<usize> = used.iter().map(|at| usize::from(truth(items[*at], head))).collect();
    let there = truth.iter().sum::<usize>().max(1) as f64 / used.len() as f64;
    let weight = |truth: &usize| if *truth == 1 { 0.5 / there } else { 0.5 / (1.0 - there) };
    // The flags that the model file has no room for are read from the signals alone.
    let only_signals: Vec<Row>;
    let chosen: Vec<&Row> = if head < 5 {
        used.iter().map(|at| &rows[*at]).collect()
    } else {
        let part = |at: &usize| rows[*at].iter().copied().filter(|(at, _)| (*at as usize) < layout.starts[1]).collect();
        only_signals = used.iter().map(part).collect();
        only_signals.iter().collect()
    };
    let balance = if head < 5 { BALANCE_YES } else { BALANCE_RARE };
    let weights = truth.iter().map(|truth| weight(truth).powf(balance)).collect();
    fit(&Problem { rows: chosen, weights, features: layout.features, c: YES_C }, 1, &truth)
}

/// Rows whose sentence scores come from weights that did not see the message.
fn training_rows(
    items: &[&Item],
    intents: &[&(Signals, bool, String)],
    layout: &Layout,
    vectors: &Vectors,
) -> Vec<Row> {
    let part_of =
        |item: &Item| item.user.bytes().fold(7usize, |sum, byte| sum * 31 % 1_000_003 + usize::from(byte)) % PARTS;
    let parts: Vec<Sentences> = (0..PARTS)
        .map(|part| {
            let others: Vec<&Item> = items.iter().copied().filter(|item| part_of(item) != part).collect();
            fit_sentences(&others, intents)
        })
        .collect();
    let row = |item: &&Item| layout.row(&item.signals, &parts[part_of(item)].scores(&item.signals.grams), vectors);
    items.iter().map(row).collect()
}

/// Fits the three heads of the sentence step: quoted as an action item; in the intent set; strongest sentence of a
/// message that is a request (found by fitting twice, from the intents on).
pub fn fit_sentences(items: &[&Item], intents: &[&(Signals, bool, String)]) -> Sentences {
    let read: Vec<&Item> = items.iter().copied().filter(|item| item.set != Set::Spam).collect();
    let all = read.iter().map(|item| &item.signals.grams).chain(intents.iter().map(|one| &one.0.grams));
    let marks = Sentences::marks_of(all);
    let rows: Vec<Vec<Row>> = read.iter().map(|item| Sentences::rows(&marks, &item.signals.grams)).collect();
    let fit_rows = |rows: Vec<&Row>, truth: Vec<usize>, positive: f64| {
        let weights = truth.iter().map(|truth| if *truth == 1 { positive } else { 1.0 }).collect();
        fit(&Problem { rows, weights, features: Sentences::features(), c: SENTENCE_C }, 1, &truth)
    };
    let task = fit_rows(
        rows.iter().flatten().collect(),
        read.iter().flat_map(|item| item.tasks.iter().map(|task| usize::from(*task))).collect(),
        4.0,
    );
    let spoken: Vec<(Row, usize)> = intents
        .iter()
        .flat_map(|one| Sentences::rows(&marks, &one.0.grams).into_iter().map(|row| (row, usize::from(one.1))))
        .collect();
    let intent = fit_rows(spoken.iter().map(|one| &one.0).collect(), spoken.iter().map(|one| one.1).collect(), 1.0);
    let mut request = intent.clone();
    for _ in 0..2 {
        let (mut chosen, mut truth) = (Vec::new(), Vec::new());
        for (item, rows) in read.iter().zip(&rows) {
            if item.flags[0] {
                let best = rows.iter().max_by(|a, b| request.scores(a)[0].total_cmp(&request.scores(b)[0]));
                chosen.extend(best);
                truth.extend(best.map(|_| 1));
            } else {
                chosen.extend(rows);
                truth.extend(rows.iter().map(|_| 0));
            }
        }
        request = fit_rows(chosen, truth, 3.0);
    }
    Sentences { marks, heads: vec![task, intent, request] }
}
