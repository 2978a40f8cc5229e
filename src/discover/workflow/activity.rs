//! What each step of a run does.
//!
//! Words that say it decide first. What they leave open is learned from the same process: who acts, to whom, after what, with
//! which first words, counted over the steps that are clear (naive Bayes). Steps that were learned are marked as inferred.

use std::collections::{HashMap, HashSet};

use super::case::Case;
use super::letter::{Letter, Mail, Who};
use crate::model::cue;
use crate::model::subject::Opening;

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

/// What stands around a step.
struct Place<'a> {
    mail: &'a Mail,
    first: &'a Letter,
    letter: &'a Letter,
    before: Option<(&'a Letter, Activity)>,
    next: Option<&'a Letter>,
    at: usize,
    /// It goes to somebody who was not there before.
    new_person: bool,
    /// Names of files seen before in the run.
    files: &'a HashSet<u32>,
    /// How this process goes.
    manner: &'a Manner,
}

/// What is known of a process before its steps are read.
#[derive(Clone, Debug, Default)]
struct Manner {
    /// Somebody decides.
    decides: bool,
    /// Somebody outside does: he says no, too.
    outside_decides: bool,
    /// Who says yes or no, more than once.
    deciders: HashSet<u32>,
}

/// So long may one wait before asking again.
const PATIENCE_SECONDS: i64 = 20 * 3600;

impl Place<'_> {
    fn by_initiator(&self) -> bool {
        self.letter.from == self.first.from
    }

    fn back(&self) -> bool {
        self.letter.to.contains(&self.first.from)
    }

    fn has(&self, bits: u32) -> bool {
        self.letter.cues & bits != 0
    }

    /// The same person writes again before anybody answered.
    fn again(&self) -> bool {
        self.before.is_some_and(|(before, _)| before.from == self.letter.from)
    }

    /// Whether one of those it goes to acts next, who had not written before.
    fn makes_act(&self) -> bool {
        self.next.is_some_and(|next| next.from != self.letter.from && self.letter.to.contains(&next.from))
    }

    /// Seconds since the step before.
    fn waited(&self) -> i64 {
        self.before.map_or(0, |(before, _)| self.letter.at - before.at)
    }

    /// It has a file of a name that was in the run before.
    fn new_version(&self) -> bool {
        self.letter.files.iter().any(|file| self.files.contains(file))
    }

    /// What the words say, if they say it clearly.
    fn clear(&self) -> Option<Activity> {
        if self.at == 0 {
            return self.opening();
        }
        let asks = self.has(cue::REQUEST | cue::QUESTION | cue::ASKED);
        if self.has(cue::ESCALATE) && (self.new_person || self.again()) {
            return Some(Activity::Escalate);
        }
        if self.has(cue::REMINDER) && (self.again() || self.by_initiator()) {
            return Some(if self.new_person && self.again() { Activity::Escalate } else { Activity::Remind });
        }
        // Whoever was asked back gives what was asked for.
        if let Some((before, Activity::AskBack)) = self.before
            && before.from != self.letter.from
            && before.to.contains(&self.letter.from)
            && !self.has(cue::REFUSED | cue::APPROVED | cue::WHY)
        {
            return Some(Activity::Deliver);
        }
        if self.letter.by_machine {
            return Some(if self.has(cue::DONE) && !self.by_initiator() {
                Activity::Confirm
            } else {
                Activity::Notify
            });
        }
        if self.by_initiator() { self.clear_of_initiator(asks) } else { self.clear_of_other(asks) }
    }

    /// Whoever began the run goes on.
    fn clear_of_initiator(&self, asks: bool) -> Option<Activity> {
        if self.new_version() {
            return Some(if self.has(cue::QUESTION | cue::ASKED) { Activity::Request } else { Activity::Deliver });
        }
        if self.has(cue::DONE) && !asks {
            return Some(Activity::Confirm);
        }
        if self.new_person {
            return Some(if asks || self.makes_act() { Activity::Request } else { Activity::Notify });
        }
        // Nobody has answered, and a day has passed.
        if self.again() && self.waited() >= PATIENCE_SECONDS && asks && !self.has(cue::FILE) {
            return Some(Activity::Remind);
        }
        if self.has(cue::DELIVERY) {
            return Some(Activity::Deliver);
        }
        let answered = matches!(
            self.before.map(|(_, activity)| activity),
            Some(Activity::Deliver | Activity::Confirm | Activity::Approve | Activity::Refuse | Activity::Notify)
        );
        if answered
            && !self.again()
            && self.has(cue::THANKS | cue::ASSENT)
            && self.has(cue::SHORT)
            && !self.has(cue::QUESTION)
        {
            return Some(Activity::Confirm);
        }
        // A promise was given, and time has passed.
        let promised = matches!(self.before.map(|(_, activity)| activity), Some(Activity::Confirm | Activity::Notify));
        if promised && asks && self.waited() >= PATIENCE_SECONDS && !self.has(cue::FILE | cue::DISSENT) {
            return Some(Activity::Remind);
        }
        // What came was not what was wanted.
        (answered && !self.again() && self.has(cue::WHY | cue::QUESTION | cue::DISSENT)).then_some(Activity::AskBack)
    }

    /// Somebody who was asked, or who joins.
    fn clear_of_other(&self, asks: bool) -> Option<Activity> {
        if self.has(cue::REFUSED | cue::DISSENT) && !self.has(cue::APPROVED | cue::ASSENT) {
            return Some(Activity::Refuse);
        }
        if self.new_person && !self.back() && (asks || self.letter.opening == Opening::PassedOn) {
            return Some(self.handed_on(asks));
        }
        let carries =
            self.has(cue::FILE) && self.has(cue::DELIVERY) && !self.has(cue::DONE | cue::APPROVED | cue::REFUSED);
        if self.new_version() || carries && self.back() {
            return Some(Activity::Deliver);
        }
        // A yes of or to somebody outside is no approval, it confirms, unless approvals are what is asked for there.
        let is_outside = |who: u32| self.mail.who(who) == Who::Outside;
        let outside = is_outside(self.letter.from) || self.letter.to.iter().all(|to| is_outside(*to));
        if self.has(cue::APPROVED | cue::ASSENT) && !self.has(cue::WHY) {
            let decided = if outside { self.manner.outside_decides } else { self.manner.decides };
            return Some(if decided { Activity::Approve } else { Activity::Confirm });
        }
        let inside = self.back() || !self.new_person;
        if inside && (self.has(cue::WHY) || self.has(cue::QUESTION) && self.has(cue::SHORT)) {
            return Some(Activity::AskBack);
        }
        if self.has(cue::DONE) {
            return Some(Activity::Confirm);
        }
        if self.has(cue::FILE) && (self.has(cue::DELIVERY) || self.back()) {
            return Some(Activity::Deliver);
        }
        // Tells once more, and nobody asked.
        (self.again() && !asks).then_some(Activity::Notify)
    }

    /// It goes on to somebody who was not there before: for a decision, to be done, or to be known.
    fn handed_on(&self, asks: bool) -> Activity {
        let over = matches!(
            self.before.map(|(_, activity)| activity),
            Some(Activity::Deliver | Activity::Confirm | Activity::Approve | Activity::Refuse | Activity::Notify)
        );
        let inside = self.letter.to.iter().any(|to| self.mail.who(*to) != Who::Outside);
        if over && !asks && !self.makes_act() {
            Activity::Notify
        } else if !over && inside && self.manner.decides && self.manner.deciders.contains(&self.letter.acting) {
            Activity::Escalate
        } else {
            Activity::Request
        }
    }

    fn opening(&self) -> Option<Activity> {
        if self.letter.by_machine || self.mail.who(self.letter.from) == Who::Machine {
            return Some(if self.has(cue::REPORT) && self.has(cue::FILE) {
                Activity::Report
            } else {
                Activity::Notify
            });
        }
        if self.has(cue::ASKED | cue::FORM) || self.letter.fields.len() >= 3 {
            return Some(Activity::Request);
        }
        if self.has(cue::DELIVERY) && !self.has(cue::REQUEST | cue::QUESTION) {
            return Some(Activity::Deliver);
        }
        self.has(cue::REQUEST | cue::QUESTION).then_some(Activity::Request)
    }

    /// Where nothing is clear and nothing was learned.
    fn guess(&self) -> Activity {
        match self.before.map(|(_, activity)| activity) {
            None => Activity::Request,
            Some(Activity::AskBack) if self.by_initiator() => Activity::Deliver,
            Some(Activity::Request | Activity::Remind | Activity::Escalate) if !self.by_initiator() => {
                if self.has(cue::QUESTION) {
                    Activity::AskBack
                } else if self.has(cue::FILE) {
                    Activity::Deliver
                } else {
                    Activity::Confirm
                }
            }
            _ if self.again() => Activity::Remind,
            _ if self.has(cue::FILE) => Activity::Deliver,
            _ => Activity::Notify,
        }
    }

    /// What a step is counted by.
    fn marks(&self) -> Vec<(u8, u64)> {
        let mut marks = vec![
            (0, self.before.map_or(99, |(_, activity)| activity as u64)),
            (1, self.at.min(4) as u64),
            (2, u64::from(self.by_initiator()) | u64::from(self.back()) << 1 | u64::from(self.new_person) << 2),
            (3, self.mail.who(self.letter.from) as u64),
            (
                4,
                u64::from(self.has(cue::FILE))
                    | u64::from(self.has(cue::QUESTION)) << 1
                    | u64::from(self.has(cue::SHORT)) << 2,
            ),
            (5, u64::from(self.letter.from)),
            (6, u64::from(self.again())),
        ];
        marks.extend(self.letter.words.iter().take(12).map(|word| (7, u64::from(*word))));
        marks
    }
}

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
    let mut counts: HashMap<Activity, usize> = HashMap::new();
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

impl Manner {
    /// Somebody decides where yes and no are said, or a decision is asked for.
    fn of(mail: &Mail, cases: &[&Case]) -> Manner {
        let share = |bits: u32| {
            let with = cases.iter().filter(|case| {
                let first = case.letters.first().map(|index| mail.letters[*index as usize].from);
                case.letters
                    .iter()
                    .map(|index| &mail.letters[*index as usize])
                    .any(|letter| letter.cues & bits != 0 && (bits == cue::ASKED || Some(letter.from) != first))
            });
            with.count() as f32 / cases.len().max(1) as f32
        };
        let yes = share(cue::APPROVED | cue::ASSENT);
        // Of the runs that begin in the house.
        let outside = |bits: u32| {
            let said = |letter: &Letter| letter.cues & bits != 0 && mail.who(letter.from) == Who::Outside;
            let with = cases.iter().filter(|case| {
                let mut letters = case.letters.iter().map(|index| &mail.letters[*index as usize]);
                letters.next().is_some_and(|first| mail.who(first.from) != Who::Outside) && letters.any(said)
            });
            with.count() as f32 / cases.len().max(1) as f32
        };
        let mut said: HashMap<u32, u32> = HashMap::new();
        for case in cases {
            let mut letters = case.letters.iter().map(|index| &mail.letters[*index as usize]);
            let Some(first) = letters.next() else { continue };
            let decides = |letter: &&Letter| {
                letter.acting != first.acting
                    && letter.cues & (cue::APPROVED | cue::ASSENT | cue::REFUSED | cue::DISSENT) != 0
                    && mail.who(letter.from) == Who::Person
            };
            letters.filter(decides).for_each(|letter| *said.entry(letter.acting).or_default() += 1);
        }
        Manner {
            decides: share(cue::ASKED) >= 0.3 && yes >= 0.15 || yes >= 0.25,
            outside_decides: outside(cue::APPROVED | cue::ASSENT) >= 0.25
                && outside(cue::REFUSED | cue::DISSENT) >= 0.1,
            deciders: said.into_iter().filter(|(_, n)| *n >= 3).map(|(who, _)| who).collect(),
        }
    }
}

fn walk(mail: &Mail, case: &Case, manner: &Manner, judge: &mut dyn FnMut(&Place<'_>) -> Step) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(case.letters.len());
    let Some(first) = case.letters.first().map(|index| &mail.letters[*index as usize]) else { return steps };
    let mut known: HashSet<u32> = HashSet::new();
    let mut before: Option<(&Letter, Activity)> = None;
    let mut files: HashSet<u32> = HashSet::new();
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
