//! What the steps of one process teach about each other.
//!
//! First every step is judged alone, one after the other. Then counts over all runs (naive Bayes over who acts, where, to
//! whom, with which words; each step counted by its probabilities) correct what is not sure, a few times over.

use foldhash::HashMap;

use super::marks::Marks;
use super::weights::{Scores, Weights};
use crate::model::activity::Activity;

const COUNT: usize = Activity::COUNT;
/// So often probabilities are corrected.
const ROUNDS: usize = 3;
/// How much a place weighs, all its marks together, how much words, and how much what is usual in the process. These and the
/// next were chosen on companies that the weights had not seen.
const PLACE_WEIGHT: f32 = 6.0;
const WORD_WEIGHT: f32 = 0.2;
const USUAL_WEIGHT: f32 = 1.5;
const MOST_WORDS: f32 = 8.0;
/// So many steps beforehand.
const PRIOR: f32 = 0.9;
/// Fewer steps teach nothing.
const FEWEST_STEPS: usize = 8;
/// A word in fewer steps is left out.
const FEWEST_OF_WORD: u32 = 2;

/// A step's activity.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Judged {
    /// What it does.
    pub activity: Activity,
    /// Whether its own marks say so; else the other runs do.
    pub seen: bool,
}

/// Judges every step of every run of one process; the result has the shape of `runs`.
pub fn activities(weights: &Weights, runs: &[Vec<Marks>]) -> Vec<Vec<Judged>> {
    let steps: Vec<&Marks> = runs.iter().flatten().collect();
    let mut process = Process::judge_alone(weights, &steps);
    let alone = process.likely.clone();
    if steps.len() >= FEWEST_STEPS {
        for _ in 0..ROUNDS {
            process.correct(weights, &steps);
        }
    }
    let mut judged = process.likely.iter().zip(&alone).map(|(now, alone)| {
        let activity = best(now);
        Judged { activity, seen: best(alone) == activity && alone[activity as usize] >= 0.5 }
    });
    runs.iter().map(|run| judged.by_ref().take(run.len()).collect()).collect()
}

fn best(likely: &Scores) -> Activity {
    let most = (0..COUNT).max_by(|one, other| likely[*one].total_cmp(&likely[*other]).then(other.cmp(one)));
    Activity::ALL[most.unwrap_or_default()]
}

fn probabilities(mut scores: Scores) -> Scores {
    let most = scores.iter().copied().fold(f32::MIN, f32::max);
    scores.iter_mut().for_each(|score| *score = (*score - most).exp());
    let sum: f32 = scores.iter().sum();
    scores.map(|score| score / sum)
}

struct Process {
    /// What the marks that never change add up to.
    fixed: Vec<[i32; COUNT]>,
    /// Scores by the weights.
    scores: Vec<Scores>,
    /// Probabilities.
    likely: Vec<Scores>,
}

impl Process {
    fn judge_alone(weights: &Weights, steps: &[&Marks]) -> Process {
        let fixed: Vec<[i32; COUNT]> = steps.iter().map(|step| weights.sum(&step.fixed)).collect();
        let mut process = Process { fixed, scores: Vec::new(), likely: Vec::new() };
        let mut before = None;
        for (at, step) in steps.iter().enumerate() {
            before = before.filter(|_| !step.is_first);
            let scores = process.score(weights, step, at, before);
            let likely = probabilities(scores);
            before = Some(best(&likely));
            process.scores.push(scores);
            process.likely.push(likely);
        }
        process
    }

    fn score(&self, weights: &Weights, step: &Marks, at: usize, before: Option<Activity>) -> Scores {
        let mut marks = Vec::with_capacity(16);
        step.after(before, &mut marks);
        weights.scores(&self.fixed[at], &weights.sum(&marks))
    }

    /// What the step before does, as far as is known.
    fn before(&self, steps: &[&Marks], at: usize) -> Option<Activity> {
        (!steps[at].is_first && at > 0).then(|| best(&self.likely[at - 1]))
    }

    fn correct(&mut self, weights: &Weights, steps: &[&Marks]) {
        let after: Vec<u32> = (0..steps.len()).map(|at| Marks::compared_after(self.before(steps, at))).collect();
        let habits = Habits::of(steps, &after, &self.likely);
        let corrected = steps.iter().enumerate().map(|(at, step)| {
            let habit = habits.of_step(step, after[at]);
            let prior = probabilities(self.scores[at]);
            probabilities(std::array::from_fn(|activity| (prior[activity] + 1e-6).ln() + habit[activity]))
        });
        self.likely = corrected.collect();
        for (at, step) in steps.iter().enumerate() {
            let before = self.before(steps, at);
            self.scores[at] = self.score(weights, step, at, before);
        }
    }
}

/// How probable each mark is with each activity in this process.
struct Habits {
    /// Of an activity.
    prior: Scores,
    /// Of a mark.
    marks: HashMap<u32, Scores>,
}

impl Habits {
    fn of(steps: &[&Marks], after: &[u32], likely: &[Scores]) -> Habits {
        let mut totals = Scores::default();
        let mut counts: HashMap<u32, (u32, Scores)> = HashMap::default();
        for ((step, after), likely) in steps.iter().zip(after).zip(likely) {
            totals.iter_mut().zip(likely).for_each(|(total, one)| *total += one);
            for mark in step.place.iter().chain(&step.words).chain([after]) {
                let (n, count) = counts.entry(*mark).or_default();
                *n += 1;
                count.iter_mut().zip(likely).for_each(|(count, one)| *count += one);
            }
        }
        let all = steps.len() as f32;
        let enough = counts.into_iter().filter(|(_, (n, _))| *n >= FEWEST_OF_WORD);
        let marks = enough.map(|(mark, (n, count))| {
            let usual = n as f32 / all;
            (mark, std::array::from_fn(|at| ((count[at] + PRIOR * usual + 1e-3) / (totals[at] + PRIOR + 1e-3)).ln()))
        });
        Habits { marks: marks.collect(), prior: totals.map(|total| USUAL_WEIGHT * (total + 0.2).ln()) }
    }

    fn of_step(&self, step: &Marks, after: u32) -> Scores {
        let mut sum = self.prior;
        let mut add = |weight: f32, row: &Scores| sum.iter_mut().zip(row).for_each(|(sum, one)| *sum += weight * one);
        let share = PLACE_WEIGHT / (step.place.len() + 1) as f32;
        let place = step.place.iter().chain([&after]).filter_map(|mark| self.marks.get(mark));
        place.for_each(|row| add(share, row));
        let words: Vec<&Scores> = step.words.iter().filter_map(|mark| self.marks.get(mark)).collect();
        let share = WORD_WEIGHT * (MOST_WORDS / words.len().max(1) as f32).min(1.0);
        words.into_iter().for_each(|row| add(share, row));
        sum
    }
}
