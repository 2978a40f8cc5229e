//! What each step of a run does: runs as `discover/step` wants them.

use super::case::Case;
use super::letter::Mail;
use crate::discover::step::{self, Event, Marks, Weights};
pub use crate::model::activity::Activity;

/// A step's activity, and whether its own words say so.
pub type Step = (Activity, bool);

/// The activities of every step of every run of one process.
pub fn activities(mail: &Mail, cases: &[&Case]) -> Vec<Vec<Step>> {
    let runs: Vec<Vec<Marks>> = cases.iter().map(|case| marks(mail, case)).collect();
    let judged = step::activities(Weights::built_in(), &runs);
    judged.into_iter().map(|run| run.into_iter().map(|one| (one.activity, one.seen)).collect()).collect()
}

fn marks(mail: &Mail, case: &Case) -> Vec<Marks> {
    let event = |index: &u32| -> Event<'_> {
        let letter = &mail.letters[*index as usize];
        Event {
            from: letter.from,
            who: mail.who(letter.from),
            to: &letter.to,
            to_who: letter.to.first().map(|to| mail.who(*to)),
            cc: &letter.cc,
            at: letter.at,
            subject: step::subject_words(mail.words.text(letter.subject)),
            opening: letter.opening,
            cues: letter.cues,
            words: &letter.words,
            files: &letter.files,
            fields: letter.fields.len(),
            by_program: letter.by_machine,
        }
    };
    let events: Vec<Event<'_>> = case.letters.iter().map(event).collect();
    step::marks(&events)
}
