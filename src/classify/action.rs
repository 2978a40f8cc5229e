//! Things to do in what the sender says: which sentences, who is to do them, by when.
//!
//! A second, small model weighs for each sentence what the sentence step says of it and of its neighbours, what the
//! message is, and which signals stand there ([`features`]); its weights are `action.toml`, written by `examples/train`.

use crate::model::action::{Action, ActionDue, ActionKind, ActionOwner};
use crate::model::message::Facts;
use crate::model::reading::Place;
use crate::signal::due::{self, Due, DueKind, Sent};
use crate::signal::{Signals, clip};

mod calendar;
pub mod closing;
pub mod features;
pub mod owner;
mod weights;

pub use features::Seen;
pub use weights::Weights;

/// The weights that come with the program, as text.
pub const WEIGHTS: &str = include_str!("action.toml");

/// Reads the things to do of one message, in the order in which they stand; at most [`Action::MOST`], the most probable.
pub fn read(facts: &Facts, signals: &Signals, seen: &Seen<'_>) -> Vec<Action> {
    let weights = Weights::built_in();
    let scores = scores(weights, &facts.body_text, signals, seen);
    let mut chosen: Vec<(usize, f64)> =
        scores.into_iter().enumerate().filter(|(_, score)| *score >= weights.threshold).collect();
    chosen.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    chosen.truncate(Action::MOST);
    chosen.sort_by_key(|(at, _)| *at);
    let mut all: Vec<Action> = chosen.into_iter().map(|(at, score)| action(facts, signals, at, score as f32)).collect();
    all.extend(calendar::read(facts));
    all.truncate(Action::MOST);
    all
}

/// The probability of each sentence to be a thing to do; too low where it cannot reach the threshold.
pub fn scores(weights: &Weights, text: &str, signals: &Signals, seen: &Seen<'_>) -> Vec<f64> {
    let rows = features::read(text, signals, seen, &|row| weights.can_reach(row));
    rows.iter().map(|row| weights.score(row)).collect()
}

/// What is known of the sentence of that number as a thing to do.
pub fn action(facts: &Facts, signals: &Signals, at: usize, score: f32) -> Action {
    let one = &signals.grams.sentences[at];
    let quote = clip(&facts.body_text, one.start, one.end.min(one.start + Action::QUOTE_BYTES));
    let (owner, owner_address) = owner::read(facts, signals, at);
    let kind = if signals.has("recipient_self") || signals.has("note_to_self") && owner == ActionOwner::Sender {
        ActionKind::Note
    } else if owner == ActionOwner::Sender {
        ActionKind::Commitment
    } else {
        ActionKind::Request
    };
    Action {
        kind,
        quote: quote.to_owned(),
        place: Place::Text(one.start, one.start + quote.len()),
        owner,
        owner_address,
        due: due_of(facts, signals, at),
        score,
    }
}

/// By when: as the sentence says; where it names no day, as one of the next two does ("I need this by Friday").
pub fn due_of(facts: &Facts, signals: &Signals, at: usize) -> Option<ActionDue> {
    let sent = Sent::of(facts);
    let text = |at: usize| signals.grams.sentences.get(at).map(|one| &facts.body_text[one.start..one.end]);
    let own = text(at)?;
    let found = due::find(own, sent);
    if let Some(due) = found.filter(|due| due.kind != DueKind::Vague) {
        return Some(written(own, &due));
    }
    let firm = |due: &Due| due.firm && matches!(due.kind, DueKind::Day | DueKind::Week | DueKind::Order);
    let next = (at + 1..at + 3).filter_map(text).filter(|next| next.len() < 200).find_map(|next| {
        let due = due::find(next, sent).filter(firm)?;
        (points_back(next) || found.is_some() || next.len() < 120).then(|| written(next, &due))
    });
    next.or_else(|| found.map(|due| written(own, &due)))
}

/// Whether a short sentence speaks of what the one before it asked for.
fn points_back(sentence: &str) -> bool {
    sentence.split(|c: char| !c.is_alphabetic()).take(12).any(|word| {
        ["this", "it", "these", "them", "that", "es", "das", "dies"].iter().any(|one| word.eq_ignore_ascii_case(one))
    })
}

fn written(sentence: &str, due: &Due) -> ActionDue {
    ActionDue {
        text: sentence[due.start..due.end].to_owned(),
        kind: due.kind.as_str(),
        on: due.on.map(|day| day.to_string()),
        at: due.at.map(|(hour, minute)| format!("{hour:02}:{minute:02}")),
        readings: due.readings.map(|(one, other)| (one.to_string(), other.to_string())),
    }
}

#[cfg(test)]
#[path = "action/tests.rs"]
mod tests;
