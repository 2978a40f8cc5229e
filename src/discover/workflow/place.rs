//! What a step does, judged from its words and from what stands around it.

use super::activity::Activity;
use super::case::Case;
use super::letter::{Letter, Mail, Who};
use crate::model::cue;
use crate::model::subject::Opening;
use foldhash::{HashMap, HashSet};

/// What stands around a step.
pub struct Place<'a> {
    pub mail: &'a Mail,
    pub first: &'a Letter,
    pub letter: &'a Letter,
    pub before: Option<(&'a Letter, Activity)>,
    pub next: Option<&'a Letter>,
    pub at: usize,
    /// It goes to somebody who was not there before.
    pub new_person: bool,
    /// Names of files seen before in the run.
    pub files: &'a HashSet<u32>,
    /// How this process goes.
    pub manner: &'a Manner,
}

/// What is known of a process before its steps are read.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// Somebody decides.
    pub decides: bool,
    /// Somebody outside does: he says no, too.
    pub outside_decides: bool,
    /// Who says yes or no, more than once.
    pub deciders: HashSet<u32>,
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
    pub fn clear(&self) -> Option<Activity> {
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
    pub fn guess(&self) -> Activity {
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
    pub fn marks(&self) -> Vec<(u8, u64)> {
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

impl Manner {
    /// Somebody decides where yes and no are said, or a decision is asked for.
    pub fn of(mail: &Mail, cases: &[&Case]) -> Manner {
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
        let mut said: HashMap<u32, u32> = HashMap::default();
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
