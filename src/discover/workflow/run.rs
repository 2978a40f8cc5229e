//! One run as it is written: key, steps with roles and waits, outcome, and whose turn it is.

use super::activity::{Activity, Step};
use super::case::Case;
use super::letter::{Letter, Mail, Who};
use super::state::States;
use crate::store::workflow::{CaseRow, StepRow};
use foldhash::HashMap;

const HOUR: f64 = 3600.0;
/// An unfinished run that rested longer is not called open.
const OPEN_DAYS: i64 = 180;

/// A run with its activities.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// Its letters.
    pub case: &'a Case,
    /// What each does.
    pub steps: Vec<Step>,
}

impl Run<'_> {
    /// The letters of the run.
    pub fn letters<'m>(&self, mail: &'m Mail) -> impl Iterator<Item = &'m Letter> + use<'_, 'm> {
        self.case.letters.iter().map(|index| &mail.letters[*index as usize])
    }

    /// The first letter.
    pub fn first<'m>(&self, mail: &'m Mail) -> &'m Letter {
        &mail.letters[self.case.letters[0] as usize]
    }

    /// The last letter.
    pub fn last<'m>(&self, mail: &'m Mail) -> &'m Letter {
        &mail.letters[self.case.letters[self.case.letters.len() - 1] as usize]
    }

    /// From first to last.
    pub fn hours(&self, mail: &Mail) -> f64 {
        (self.last(mail).at - self.first(mail).at) as f64 / HOUR
    }

    /// Whether a step does this.
    pub fn does(&self, activity: Activity) -> bool {
        self.steps.iter().any(|(one, _)| *one == activity)
    }

    /// Its activities in order; what is repeated at once stands there once.
    pub fn variant(&self) -> String {
        let mut words: Vec<&str> = self.steps.iter().map(|(activity, _)| activity.as_str()).collect();
        words.dedup();
        words.join(" > ")
    }

    /// The first amount that somebody names.
    pub fn amount(&self, mail: &Mail) -> Option<i64> {
        self.letters(mail).find_map(|letter| letter.amount).filter(|amount| *amount > 0)
    }
}

/// The part somebody plays.
pub fn role(mail: &Mail, run: &Run<'_>, letter: &Letter, activity: Activity) -> &'static str {
    // A single message of a person may look like a program's; an address that writes as a person is one.
    if mail.who(letter.from) == Who::Machine || letter.by_machine && mail.who(letter.from) != Who::Person {
        return "system";
    }
    let initiator = letter.from == run.first(mail).from;
    match activity {
        Activity::Approve | Activity::Refuse => "approver",
        Activity::AskBack if !initiator => "approver",
        Activity::Report | Activity::Notify if initiator => "reporter",
        _ if initiator && mail.who(letter.from) == Who::Outside => "outside party",
        _ if initiator => "requester",
        _ if mail.who(letter.from) == Who::Outside => "outside party",
        _ if mail.who(letter.from) == Who::Shared => "team",
        _ => "handler",
    }
}

/// How runs of a process usually go on after each activity, and with what they end.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    ends: HashMap<Activity, (u32, u32)>,
}

impl Habits {
    /// Counted over runs that rest since long.
    pub fn of(mail: &Mail, runs: &[Run<'_>], end: i64) -> Habits {
        let mut habits = Habits::default();
        for run in runs.iter().filter(|run| end - run.last(mail).at > 30 * 86_400) {
            for (at, (activity, _)) in run.steps.iter().enumerate() {
                let entry = habits.ends.entry(*activity).or_default();
                entry.0 += u32::from(at + 1 == run.steps.len());
                entry.1 += 1;
            }
        }
        habits
    }

    /// Whether a run that rests after this activity is over.
    fn is_end(&self, activity: Activity, single: bool) -> bool {
        let waits = matches!(activity, Activity::Request | Activity::AskBack | Activity::Remind | Activity::Escalate);
        match self.ends.get(&activity) {
            // Most runs go on from here: it is none.
            Some((ends, all)) if *all >= 4 => {
                let share = f64::from(*ends) / f64::from(*all);
                if waits && !single { share > 0.6 } else { share > 0.3 }
            }
            _ => !waits,
        }
    }
}

/// What all runs of a process have in common, by which one is judged.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// How runs usually go on.
    pub habits: &'a Habits,
    /// The states of the process.
    pub states: &'a States,
    /// When the export ends.
    pub end: i64,
    /// The process's own series of identifiers.
    pub series: Option<u32>,
    /// Runs begin by naming a day.
    pub dated: bool,
    /// Who usually does the next step after an activity.
    pub next: &'a HashMap<Activity, u32>,
}

/// The row of a run.
pub fn row(mail: &Mail, run: &Run<'_>, ground: &Ground<'_>) -> CaseRow {
    let (first, last) = (run.first(mail), run.last(mail));
    let last_step = run.steps.last().map_or(Activity::Notify, |(activity, _)| *activity);
    let state = ground.states.of_run(mail, run);
    // Where work is done by moving mail, the place says it; else how such runs end.
    let over = match state {
        Some(state) => ground.states.is_last(state),
        None => ground.habits.is_end(last_step, run.steps.len() == 1),
    };
    let status = match (over, ground.end - last.at <= OPEN_DAYS * 86_400) {
        (true, _) => "closed",
        (false, true) => "open",
        (false, false) => "unknown",
    };
    let outcome = if run.does(Activity::Refuse) && !run.does(Activity::Approve) {
        Some("refused")
    } else if run.does(Activity::Approve) {
        Some("approved")
    } else {
        (status == "closed").then_some("done")
    };
    let waiting =
        last.to.iter().find(|to| **to != last.from && mail.who(**to) != Who::List).or(ground.next.get(&last_step));
    CaseRow {
        case_id: 0,
        workflow_id: 0,
        key: key(mail, run, ground.series),
        status,
        opened: first.at,
        last: last.at,
        outcome,
        amount_cents: run.amount(mail),
        variant: run.variant(),
        initiator: mail.words.text(first.acting).to_owned(),
        waiting_on: (status == "open").then(|| waiting.map(|who| mail.words.text(*who).to_owned())).flatten(),
        due_day: due_day(mail, run, ground.dated),
        state_folder: state.map(|state| mail.words.text(state.label).to_owned()),
        steps: steps(mail, run),
    }
}

/// Whether runs of a process begin by naming a day, as a rule.
pub fn are_dated(mail: &Mail, runs: &[Run<'_>]) -> bool {
    let dated = runs.iter().filter(|run| run.first(mail).due_day.is_some()).count();
    dated * 10 >= runs.len() * 6
}

/// By when it must be done: as it was first said, where such runs name a day; else the last limit that was set.
fn due_day(mail: &Mail, run: &Run<'_>, dated: bool) -> Option<i64> {
    let first = run.first(mail);
    let begins = first.due_day.filter(|_| first.due_firm || dated);
    begins.or_else(|| run.letters(mail).filter(|letter| letter.due_firm).filter_map(|letter| letter.due_day).last())
}

/// Its identifier of the process's own series, else any in its subjects, else its subject.
fn key(mail: &Mail, run: &Run<'_>, series: Option<u32>) -> String {
    let keys = || run.letters(mail).flat_map(|letter| letter.keys.iter());
    let own = keys().find(|key| Some(key.kind) == series).or_else(|| keys().find(|key| key.in_subject));
    match own {
        Some(key) => mail.words.text(key.value).to_owned(),
        None => mail.subject(run.first(mail)).chars().take(120).collect(),
    }
}

fn steps(mail: &Mail, run: &Run<'_>) -> Vec<StepRow> {
    let mut before: Option<i64> = None;
    run.letters(mail)
        .zip(&run.steps)
        .map(|(letter, (activity, clear))| {
            let wait = before.map(|before| (letter.at - before) as f64 / HOUR);
            before = Some(letter.at);
            StepRow {
                message_id: letter.message_id,
                activity: activity.as_str(),
                actor: mail.words.text(letter.written_by).to_owned(),
                at: letter.at,
                role: role(mail, run, letter, *activity),
                wait_hours: wait,
                seen: if *clear { "seen" } else { "inferred" },
            }
        })
        .collect()
}
