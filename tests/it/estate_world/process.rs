//! What all processes share: a run is written step by step, each step a message and a line of truth.

use super::clock::iso;
use super::studio::{By, Letter, Studio};
use super::truth::{Case, Field, Step, Workflow};
use std::collections::BTreeSet;

/// A run while it is written.
pub struct Run {
    pub case: Case,
    pub posts: Vec<usize>,
}

impl Run {
    pub fn new(key: String, amount: Option<i64>) -> Run {
        Run {
            case: Case {
                key,
                status: "open",
                outcome: "open",
                amount,
                folder: None,
                named: Vec::new(),
                steps: Vec::new(),
            },
            posts: vec![],
        }
    }

    /// Writes one step.
    pub fn step(&mut self, studio: &mut Studio, activity: &'static str, letter: Letter) {
        let actor = match letter.by {
            By::Person(person) | By::Agent { person, .. } => studio.cast.people[person].address.clone(),
            By::Behalf { assistant, .. } => studio.cast.people[assistant].address.clone(),
            By::Contact(partner, contact) => studio.partners[partner].contacts[contact].address.clone(),
        };
        let at = iso(letter.at);
        let post = studio.write(letter);
        let message_id = studio.posts[post].message_id.clone();
        self.case.steps.push(Step { activity, actor, at, message_id, copies: 0 });
        self.posts.push(post);
    }

    pub fn close(&mut self, outcome: &'static str) {
        (self.case.status, self.case.outcome) = ("closed", outcome);
    }

    pub fn last(&self) -> Option<usize> {
        self.posts.last().copied()
    }

    /// When the last step happened.
    pub fn at(&self, studio: &Studio) -> i64 {
        self.last().map_or(0, |last| studio.posts[last].at)
    }
}

/// Adds a finished set of runs to the truth. `fields` are kinds, with `label=` before it for a line of a form.
pub fn record(studio: &mut Studio, name: &'static str, kind: &'static str, fields: &[&'static str], runs: Vec<Run>) {
    let cases: Vec<Case> = runs.into_iter().filter(|run| !run.posts.is_empty()).map(|run| run.case).collect();
    let fields = fields.iter().map(|field| match field.split_once('=') {
        Some((label, kind)) => Field { label: Some(label), kind },
        None => Field { label: None, kind: field },
    });
    let states: BTreeSet<String> =
        cases.iter().flat_map(|case| case.folder.iter().chain(&case.named)).cloned().collect();
    let (fields, states) = (fields.collect(), states.into_iter().collect());
    studio.workflows.push(Workflow { name, kind, fields, states, cases });
}
