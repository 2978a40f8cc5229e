//! Readings compared with labels: how far they can be trusted. Pure: the same labels give the same intervals.

use std::collections::BTreeMap;

use super::statistics::{
    Bin, Interval, Random, Scored, Tally, bins, calibration_error, percentile_interval, resample, wilson,
};
use crate::model::reading::{Class, Flag, Use};

pub mod json;
pub mod text;

/// How often labels are drawn anew for an interval.
pub const RESAMPLES: usize = 1000;
/// The same labels give the same intervals.
const SEED: u64 = 20_010_514;

/// The stratum of a message that `eval --sample` drew.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stratum {
    /// Its number.
    pub number: u64,
    /// Messages in it, drawn or not.
    pub messages: u64,
}

/// One label and what the inventory says of the same message.
#[derive(Clone, PartialEq, Debug)]
pub struct Compared {
    /// The class that was labelled.
    pub label: Class,
    /// Classes that would not be called wrong.
    pub alternatives: Vec<Class>,
    /// The class held; `Unsure` counts as wrong.
    pub said: Class,
    /// Its probability.
    pub score: f64,
    /// In the order of `Use::ALL`: whether it is labelled so (`None`: not scored), whether it was read so.
    pub uses: [(Option<bool>, bool); 3],
    /// The same in the order of `Flag::ALL`.
    pub flags: [(Option<bool>, bool); 9],
    /// Where it was drawn from.
    pub stratum: Option<Stratum>,
    /// Who wrote it: messages of one sender are alike, and count together where they were not drawn at random.
    pub sender: String,
}

/// A value with what it may be; `None` where it is undefined.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Estimate {
    /// The value.
    pub value: Option<f64>,
    /// 95 % confidence.
    pub interval: Option<Interval>,
}

/// How well one class, use or flag is read.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Score {
    /// Labels that say so.
    pub support: usize,
    /// Of what was read so.
    pub precision: Estimate,
    /// Of what is labelled so.
    pub recall: Estimate,
    /// Of both.
    pub f1: Estimate,
    /// Label and reading agree.
    pub accuracy: Estimate,
    /// Labels that were scored.
    pub scored: usize,
}

/// Everything that was measured.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Evaluation {
    /// Labels compared.
    pub compared: usize,
    /// Of these, class as labelled.
    pub correct: usize,
    /// Of these, class as labelled or its alternative.
    pub accepted_count: usize,
    /// Messages for which the labels stand, if weighted by stratum.
    pub stands_for: Option<u64>,
    /// Senders, if resampled by sender.
    pub senders: Option<usize>,
    /// Class as labelled.
    pub accuracy: Estimate,
    /// Class as labelled or its alternative.
    pub accepted: Estimate,
    /// Mean of the F1 of the classes that occur in labels or readings.
    pub macro_f1: Estimate,
    /// How many classes that are.
    pub classes_in_mean: usize,
    /// In the order of `Class::ALL` without `Unsure`.
    pub classes: [Score; 5],
    /// In the order of `Use::ALL`.
    pub uses: [Score; 3],
    /// In the order of `Flag::ALL`.
    pub flags: [Score; 9],
    /// Rows: labelled; columns: read, the last one `Unsure`. Labels, not weighted.
    pub confusion: [[usize; 6]; 5],
    /// By class score.
    pub bins: Vec<Bin>,
    /// Expected calibration error of the class score.
    pub calibration_error: Estimate,
}

/// One pass over all cases.
#[derive(Default)]
struct Pass {
    accepted: Tally,
    right: Tally,
    classes: [Tally; 5],
    uses: [Tally; 3],
    flags: [Tally; 9],
}

impl Pass {
    fn over(cases: &[Compared], weight: impl Fn(usize) -> f64) -> Pass {
        let mut pass = Pass::default();
        for (at, case) in cases.iter().enumerate() {
            let weight = weight(at);
            if weight == 0.0 {
                continue;
            }
            pass.right.add(true, case.is_right(), weight);
            pass.accepted.add(true, case.is_accepted(), weight);
            for (class, tally) in Class::ALL.into_iter().zip(&mut pass.classes) {
                tally.add(case.label == class, case.said == class, weight);
            }
            let uses = case.uses.iter().zip(&mut pass.uses);
            for ((label, said), tally) in uses.chain(case.flags.iter().zip(&mut pass.flags)) {
                if let Some(label) = label {
                    tally.add(*label, *said, weight);
                }
            }
        }
        pass
    }

    /// Classes that neither a label nor a reading names say nothing, and are left out of the mean.
    fn macro_f1(&self) -> Option<f64> {
        let known: Vec<f64> = self.classes.iter().filter_map(Tally::f1).collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    }

    /// What is resampled, apart from the calibration error, in a fixed order.
    fn values(&self) -> [Option<f64>; 18] {
        let mut values = [None; 18];
        values[0] = self.macro_f1();
        let tallies = self.classes.iter().chain(&self.uses).chain(&self.flags);
        for (value, tally) in values[1..].iter_mut().zip(tallies) {
            *value = tally.f1();
        }
        values
    }
}

impl Compared {
    fn is_right(&self) -> bool {
        self.label == self.said
    }

    fn is_accepted(&self) -> bool {
        self.is_right() || self.alternatives.contains(&self.said)
    }
}

/// Measures. Weighted by stratum if every label has one: then a label stands for as many messages of its stratum as
/// there are for each label of it, and resamples are drawn within strata. Otherwise every label counts the same, and
/// resamples are drawn by sender.
pub fn evaluate(cases: &[Compared]) -> Evaluation {
    let weights = weights(cases);
    let weight = |at: usize| weights.as_ref().map_or(1.0, |weights| weights[at]);
    let groups = groups(cases, weights.is_some());
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by(|a, b| cases[*a].score.total_cmp(&cases[*b].score));
    let pass = Pass::over(cases, weight);
    let calibration = table(cases, &order, weight);
    let intervals = intervals(cases, &groups, &order, weight);
    let estimate = |value: Option<f64>, at: usize| Estimate { value, interval: value.and(intervals[at]) };
    let mut found = Evaluation {
        compared: cases.len(),
        correct: cases.iter().filter(|case| case.is_right()).count(),
        accepted_count: cases.iter().filter(|case| case.is_accepted()).count(),
        stands_for: weights.as_ref().map(|_| stands_for(cases)),
        senders: weights.is_none().then(|| groups.iter().map(Vec::len).sum()),
        accuracy: proportion(pass.right.recall(), pass.right.effective()[1]),
        accepted: proportion(pass.accepted.recall(), pass.accepted.effective()[1]),
        macro_f1: estimate(pass.macro_f1(), 0),
        classes_in_mean: pass.classes.iter().filter(|tally| tally.f1().is_some()).count(),
        calibration_error: estimate(calibration_error(&calibration), 18),
        bins: calibration,
        ..Evaluation::default()
    };
    for (at, (score, tally)) in found.classes.iter_mut().zip(&pass.classes).enumerate() {
        let labels = cases.iter().map(|case| Some(case.label == Class::ALL[at]));
        *score = scored(tally, labels, estimate(tally.f1(), 1 + at));
    }
    for (at, (score, tally)) in found.uses.iter_mut().zip(&pass.uses).enumerate() {
        *score = scored(tally, cases.iter().map(|case| case.uses[at].0), estimate(tally.f1(), 6 + at));
    }
    for (at, (score, tally)) in found.flags.iter_mut().zip(&pass.flags).enumerate() {
        *score = scored(tally, cases.iter().map(|case| case.flags[at].0), estimate(tally.f1(), 9 + at));
    }
    for case in cases.iter().filter(|case| case.label != Class::Unsure) {
        found.confusion[case.label as usize][case.said as usize] += 1;
    }
    found
}

fn proportion(value: Option<f64>, n: f64) -> Estimate {
    Estimate { value, interval: value.and_then(|value| wilson(value, n)) }
}

fn scored(tally: &Tally, labels: impl Iterator<Item = Option<bool>> + Clone, f1: Estimate) -> Score {
    let [said, there, total] = tally.effective();
    Score {
        support: labels.clone().filter(|label| *label == Some(true)).count(),
        scored: labels.flatten().count(),
        precision: proportion(tally.precision(), said),
        recall: proportion(tally.recall(), there),
        accuracy: proportion(tally.accuracy(), total),
        // Where few labels all agree, resamples do, too; the interval by shares still tells how few they are.
        f1: Estimate { interval: tally.f1_interval().map(|wide| wide.with(f1.interval)), ..f1 },
    }
}

fn table(cases: &[Compared], order: &[usize], weight: impl Fn(usize) -> f64 + Clone) -> Vec<Bin> {
    bins(order.iter().map(|&at| Scored { score: cases[at].score, right: cases[at].is_right(), weight: weight(at) }))
}

fn strata(cases: &[Compared]) -> Option<BTreeMap<Stratum, Vec<usize>>> {
    let mut strata: BTreeMap<Stratum, Vec<usize>> = BTreeMap::new();
    for (at, case) in cases.iter().enumerate() {
        strata.entry(case.stratum?).or_default().push(at);
    }
    Some(strata)
}

fn stands_for(cases: &[Compared]) -> u64 {
    strata(cases).unwrap_or_default().keys().map(|stratum| stratum.messages).sum()
}

/// Messages for each label, scaled so that a label counts 1 on average; `None` if any label has no stratum.
fn weights(cases: &[Compared]) -> Option<Vec<f64>> {
    let strata = strata(cases).filter(|strata| !strata.is_empty())?;
    let scale = cases.len() as f64 / strata.keys().map(|stratum| stratum.messages as f64).sum::<f64>();
    let mut weights = vec![0.0; cases.len()];
    for (stratum, members) in &strata {
        for at in members {
            weights[*at] = scale * stratum.messages as f64 / members.len() as f64;
        }
    }
    Some(weights)
}

/// What is drawn from: messages within their strata, or all senders with all their messages.
fn groups(cases: &[Compared], by_stratum: bool) -> Vec<Vec<Vec<usize>>> {
    if by_stratum {
        let strata = strata(cases).unwrap_or_default();
        return strata.into_values().map(|members| members.into_iter().map(|at| vec![at]).collect()).collect();
    }
    let mut senders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut members = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        if case.sender.is_empty() {
            members.push(vec![at]);
        } else {
            senders.entry(&case.sender).or_default().push(at);
        }
    }
    members.extend(senders.into_values());
    vec![members]
}

fn intervals(
    cases: &[Compared],
    groups: &[Vec<Vec<usize>>],
    order: &[usize],
    weight: impl Fn(usize) -> f64 + Copy,
) -> Vec<Option<Interval>> {
    let mut drawn: Vec<Vec<f64>> = vec![Vec::new(); 19];
    let mut times = vec![0u32; cases.len()];
    let mut random = Random(SEED);
    for _ in 0..RESAMPLES {
        resample(groups, &mut times, &mut random);
        let weight = |at: usize| weight(at) * f64::from(times[at]);
        let values = Pass::over(cases, weight).values();
        let error = calibration_error(&table(cases, order, weight));
        for (drawn, value) in drawn.iter_mut().zip(values.into_iter().chain([error])) {
            drawn.extend(value);
        }
    }
    drawn.into_iter().map(|values| percentile_interval(values, RESAMPLES)).collect()
}

/// Position of a use in `Use::ALL`.
pub fn use_at(word: &str) -> Option<usize> {
    Use::ALL.iter().position(|one| one.as_str() == word)
}

/// Position of a flag in `Flag::ALL`.
pub fn flag_at(word: &str) -> Option<usize> {
    Flag::ALL.iter().position(|one| one.as_str() == word)
}

#[cfg(test)]
#[path = "evaluation_tests.rs"]
mod tests;
