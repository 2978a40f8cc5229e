//! What each step of a run does.
//!
//! Words that say it decide first. What they leave open is learned from the same process: who acts, to whom, after what, with
//! which first words, counted over the steps that are clear (naive Bayes). Steps that were learned are marked as inferred.

use super::case::Case;
use super::letter::{Letter, Mail};
use super::place::{Manner, Place};
use foldhash::{HashMap, HashSet};

/// What a step does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Activity {
    /// Asks for a decision or for work.
    Request,
    /// Says yes.
    Approve,
    /// Says no.
    Refuse,
    /// Wants to know more first.
    AskBack,
    /// Hands over what was asked for.
    Deliver,
    /// Says that something was done or received.
    Confirm,
    /// Takes it to a higher place.
    Escalate,
    /// Asks again.
    Remind,
    /// Reports at intervals.
    Report,
    /// Lets know.
    Notify,
}

impl Activity {
    /// Every activity.
    pub const ALL: [Activity; 10] = [
        Activity::Request,
        Activity::Approve,
        Activity::Refuse,
        Activity::AskBack,
        Activity::Deliver,
        Activity::Confirm,
        Activity::Escalate,
        Activity::Remind,
        Activity::Report,
        Activity::Notify,
    ];

    /// The word in `workflow_step.activity`.
    pub fn as_str(self) -> &'static str {
        match self {
            Activity::Request => "request",
            Activity::Approve => "approve",
            Activity::Refuse => "refuse",
            Activity::AskBack => "ask back",
            Activity::Deliver => "deliver",
            Activity::Confirm => "confirm",
            Activity::Escalate => "escalate",
            Activity::Remind => "remind",
            Activity::Report => "report",
            Activity::Notify => "notify",
        }
    }
}

/// A step's activity, and whether its own words say so.
pub type Step = (Activity, bool);

/// Counts of marks by activity.
#[derive(Default)]
struct Learned {
    steps: HashMap<Activity, f64>,
    marks: HashMap<(Activity, (u8, u64)), f64>,
    total: f64,
}

impl Learned {
    fn add(&mut self, activity: Activity, marks: &[(u8, u64)]) {
        *self.steps.entry(activity).or_default() += 1.0;
        self.total += 1.0;
        for mark in marks {
            *self.marks.entry((activity, *mark)).or_default() += 1.0;
        }
    }

    fn best(&self, marks: &[(u8, u64)]) -> Option<Activity> {
        if self.total < 8.0 {
            return None;
        }
        let score = |activity: Activity| -> Option<f64> {
            let steps = *self.steps.get(&activity)?;
            let mut sum = (steps / self.total).ln();
            for mark in marks {
                let seen = self.marks.get(&(activity, *mark)).copied().unwrap_or(0.0);
                // A word counts less than a place: words of one text depend on each other.
                let weight = if mark.0 == 7 { 0.4 } else { 1.0 };
                sum += weight * ((seen + 0.3) / (steps + 3.0)).ln();
            }
            Some(sum)
        };
        let mut all: Vec<(f64, Activity)> =
            Activity::ALL.into_iter().filter_map(|activity| Some((score(activity)?, activity))).collect();
        all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        all.first().map(|(_, activity)| *activity)
    }
}

/// The activities of every step of every run of one process.
pub fn activities(mail: &Mail, cases: &[&Case]) -> Vec<Vec<Step>> {
    let manner = Manner::of(mail, cases);
    let mut learned = Learned::default();
    for case in cases {
        walk(mail, case, &manner, &mut |place| match place.clear() {
            Some(activity) => {
                learned.add(activity, &place.marks());
                (activity, true)
            }
            None => (place.guess(), false),
        });
    }
    let (usual, alike) = usual_opening(mail, cases, &manner);
    let again = |case: &&Case| {
        walk(mail, case, &manner, &mut |place| match place.clear() {
            Some(activity) if place.at > 0 || !alike || activity == usual => (activity, true),
            _ if place.at == 0 => (usual, false),
            Some(activity) => (activity, true),
            None => (learned.best(&place.marks()).unwrap_or_else(|| place.guess()), false),
        })
    };
    cases.iter().map(again).collect()
}

/// How runs begin: as most others do, else as a request where somebody answers. And whether all begin so.
fn usual_opening(mail: &Mail, cases: &[&Case], manner: &Manner) -> (Activity, bool) {
    let mut counts: HashMap<Activity, usize> = HashMap::default();
    let mut answered = 0;
    for case in cases {
        answered += usize::from(case.letters.len() > 1);
        let mut first = None;
        walk(mail, case, manner, &mut |place| {
            if place.at == 0 {
                first = place.clear();
            }
            (Activity::Notify, false)
        });
        if let Some(first) = first {
            *counts.entry(first).or_default() += 1;
        }
    }
    let said: usize = counts.values().sum();
    let most = counts.into_iter().max_by_key(|(activity, n)| (*n, std::cmp::Reverse(*activity)));
    match most {
        // Runs of one process begin alike, however they are worded.
        Some((activity, n)) if n * 3 >= cases.len() => (activity, n * 10 >= said * 6),
        _ if answered * 5 >= cases.len() * 2 => (Activity::Request, false),
        _ => (Activity::Notify, false),
    }
}

fn walk(mail: &Mail, case: &Case, manner: &Manner, judge: &mut dyn FnMut(&Place<'_>) -> Step) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(case.letters.len());
    let Some(first) = case.letters.first().map(|index| &mail.letters[*index as usize]) else { return steps };
    let mut known: HashSet<u32> = HashSet::default();
    let mut before: Option<(&Letter, Activity)> = None;
    let mut files: HashSet<u32> = HashSet::default();
    for (at, index) in case.letters.iter().enumerate() {
        let letter = &mail.letters[*index as usize];
        let new_person = letter.to.iter().any(|to| !known.contains(to) && *to != letter.from);
        let next = case.letters.get(at + 1).map(|index| &mail.letters[*index as usize]);
        let place = Place { mail, first, letter, before, next, at, new_person, files: &files, manner };
        let step = judge(&place);
        files.extend(&letter.files);
        known.extend(letter.to.iter().chain(&letter.cc).chain([&letter.from]));
        before = Some((letter, step.0));
        steps.push(step);
    }
    steps
}
