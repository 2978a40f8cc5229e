//! evidence → class and uses: rules as data, scores by weight.
//!
//! A score is the logistic (uses, flags) or softmax (classes) of the summed weights of the signals found, each counted
//! once, and of what `model` adds for the words, the subject and the shape. Sums of signals are made in hundredths, as
//! integers; the exponential and the logarithm are our own: the same on every machine and in every order.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};

use crate::model::Digest;
use crate::model::message::{Facts, Location};
use crate::model::reading::{Class, Evidence, Flag, Place, Reading, Signal, Use};
use crate::parse::zones::{Zone, ZoneKind, Zones};
use crate::signal::{self, Signals};

pub mod action;
pub mod model;
mod rules;
mod score;

use action::Seen;
use model::{BUILT_IN_BYTES, HEADS, Model, Scored};
pub use rules::{RuleError, SUBJECTS};
use rules::{Rules, USES_FROM};
use score::{logistic, softmax};

/// The built-in weights, as text.
pub const RULES: &str = include_str!("rules.toml");

/// Most pieces of evidence for one class or use.
const PIECES: usize = 6;
/// Words that add less to the log-odds are no evidence.
const WORDING: f64 = 0.05;

/// Reads messages by rules. Built once, shared by all workers.
#[derive(Debug)]
pub struct Classifier {
    rules: Rules,
    model: &'static Model,
}

impl Classifier {
    /// The rules that come with the program.
    pub fn built_in() -> Classifier {
        Classifier::with_rules(&[]).expect("rules.toml is checked by a test")
    }

    /// The built-in rules and those of the given files (file name, TOML text), later ones over earlier ones.
    pub fn with_rules(files: &[(String, String)]) -> Result<Classifier, RuleError> {
        Ok(Classifier { rules: Rules::load(files)?, model: Model::built_in() })
    }

    /// Digest of all phrase lists and rules in force, the user's included.
    pub fn rules_sha256(&self) -> Digest {
        self.rules.rules_sha256
    }

    /// Digest of the weights and thresholds in force.
    pub fn model_sha256(&self) -> Digest {
        let mut digest = Sha256::new();
        digest.update(self.rules.weights_sha256.0);
        digest.update(BUILT_IN_BYTES);
        digest.update(action::WEIGHTS);
        Digest(digest.finalize().into())
    }

    /// Says what a message was used for, and why.
    pub fn read(&self, facts: &Facts, location: &Location, signals: &Signals) -> Reading {
        let extra = self.extra(facts, location, signals);
        let found = self.numbered(signals, &extra);
        let scored = self.model.score(&signals.grams);
        let sums = self.sums(&found, &scored);
        let mut probabilities = [0f64; 5];
        softmax(&sums[..5], &mut probabilities);
        let top = (0..5).max_by(|a, b| sums[*a].cmp(&sums[*b]).then(b.cmp(a))).unwrap_or(3);
        let class_score = probabilities[top] as f32;
        let class = if class_score < self.rules.unsure { Class::Unsure } else { Class::ALL[top] };
        let mut evidence = Vec::with_capacity(PIECES * 2);
        self.evidence(&found, top, Sign::Any, &mut evidence);
        self.wording(facts, signals, &scored, top, &mut evidence);
        let mut uses = Vec::new();
        let mut use_scores = Vec::with_capacity(3);
        for (at, one) in Use::ALL.into_iter().enumerate() {
            let score = logistic(sums[USES_FROM + at]) as f32;
            use_scores.push((one, score));
            let same = top < 3 && Class::ALL[top].as_str() == one.as_str() && class != Class::Unsure;
            let held = (score >= self.rules.thresholds[USES_FROM + at] || same) && class != Class::Bulk;
            let before = evidence.len();
            if held {
                self.evidence(&found, USES_FROM + at, Sign::For, &mut evidence);
                self.wording(facts, signals, &scored, USES_FROM + at, &mut evidence);
            }
            if evidence.len() > before {
                uses.push(one);
            }
        }
        let seen = Seen {
            acts: &scored.acts,
            classes: probabilities,
            yes: std::array::from_fn(|at| f64::from(sums[USES_FROM + at]) / 100.0),
        };
        let flags_from = USES_FROM + 3;
        let flags = Flag::ALL
            .into_iter()
            .enumerate()
            .filter(|(at, _)| logistic(sums[flags_from + at]) as f32 >= self.rules.thresholds[flags_from + at]);
        Reading {
            class,
            class_score,
            class_scores: (0..5).map(|at| (Class::ALL[at], probabilities[at] as f32)).collect(),
            use_scores,
            uses,
            flags: flags.map(|(_, flag)| flag).collect(),
            sender_kind: signals.sender_kind,
            evidence,
            actions: action::read(facts, signals, &seen),
            closings: action::closing::read(facts, signals),
            date_order: action::closing::date_order(facts, signals),
        }
    }

    /// Signals that the user's own phrases raise: number, place.
    fn extra(&self, facts: &Facts, location: &Location, signals: &Signals) -> Vec<(usize, String, Place)> {
        let Some(book) = &self.rules.book else { return Vec::new() };
        let all = signals.spoken.iter().map(|(start, end)| Zone { kind: ZoneKind::New, start: *start, end: *end });
        let zones = Zones { all: all.collect(), bare_forward: false };
        signal::find_phrases(facts, location, &zones, book)
    }

    fn numbered<'a>(&self, signals: &'a Signals, extra: &'a [(usize, String, Place)]) -> Vec<Found<'a>> {
        let mut found: Vec<Found<'a>> = Vec::with_capacity(signals.found.len() + extra.len());
        for Signal { number, excerpt, place, .. } in &signals.found {
            found.push(Found { number: usize::from(*number), excerpt, place });
        }
        found.extend(extra.iter().map(|(number, excerpt, place)| Found { number: *number, excerpt, place }));
        found.sort_by_key(|one| one.number);
        found
    }

    /// Summed weights of every subject, in hundredths.
    fn sums(&self, found: &[Found<'_>], scored: &Scored) -> [i32; SUBJECTS.len()] {
        let mut sums = self.rules.bias;
        for (sum, added) in sums.iter_mut().zip(scored.scores) {
            *sum += (added * 100.0).round() as i32;
        }
        let mut last = usize::MAX;
        for one in found.iter().filter(|one| std::mem::replace(&mut last, one.number) != one.number) {
            for (sum, weight) in sums.iter_mut().zip(&self.rules.weights[one.number]) {
                *sum += i32::from(*weight);
            }
        }
        sums
    }

    /// Adds the strongest reasons for `subject`. A signal seen more than once shares its weight among its places.
    fn evidence(&self, found: &[Found<'_>], subject: usize, sign: Sign, into: &mut Vec<Evidence>) {
        let weight_of = |one: &Found<'_>| i32::from(self.rules.weights[one.number][subject]);
        let wanted = |one: &&Found<'_>| match sign {
            Sign::For => weight_of(one) > 0,
            Sign::Any => weight_of(one) != 0,
        };
        let mut chosen: Vec<&Found<'_>> = found.iter().filter(wanted).collect();
        chosen.sort_by_key(|one| std::cmp::Reverse(weight_of(one).abs()));
        for one in chosen.into_iter().take(PIECES) {
            let places = found.iter().filter(|other| other.number == one.number).count();
            into.push(Evidence {
                subject: SUBJECTS[subject],
                signal: self.name(one.number),
                weight: weight_of(one) as f32 / 100.0 / places as f32,
                excerpt: one.excerpt.to_owned(),
                place: one.place.clone(),
            });
        }
    }

    fn name(&self, number: usize) -> Cow<'static, str> {
        match signal::table::TABLE.get(number) {
            Some(kind) => Cow::Borrowed(kind.name),
            None => Cow::Owned(self.rules.own_names[number - signal::table::TABLE.len()].clone()),
        }
    }

    /// Adds the sentence, or the subject, whose words speak most for `subject`.
    fn wording(&self, facts: &Facts, signals: &Signals, scored: &Scored, subject: usize, into: &mut Vec<Evidence>) {
        const _: () = assert!(HEADS <= SUBJECTS.len());
        let Some(in_subject) = scored.subject.get(subject) else { return };
        let parts = self.model.sentence_parts(&signals.grams, scored, subject);
        let best = parts.enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other));
        let mut add = |signal: &'static str, weight: f64, (excerpt, place): (&str, Place)| {
            if weight >= WORDING {
                let (signal, excerpt) = (Cow::Borrowed(signal), excerpt.to_owned());
                into.push(Evidence { subject: SUBJECTS[subject], signal, weight: weight as f32, excerpt, place });
            }
        };
        if let Some((at, part)) = best {
            let one = &signals.grams.sentences[at];
            add("wording", part, signal::quote(&facts.body_text, one.start, one.end, one.start));
        }
        let text = facts.subject.as_deref().unwrap_or_default();
        let excerpt = signal::clip(text, 0, signal::EXCERPT_BYTES);
        add("subject_wording", *in_subject, (excerpt, Place::Header("Subject".into())));
    }
}

#[derive(Clone, Copy)]
enum Sign {
    For,
    Any,
}

struct Found<'a> {
    number: usize,
    excerpt: &'a str,
    place: &'a Place,
}

#[cfg(test)]
mod tests;
