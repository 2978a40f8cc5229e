use proptest::prelude::*;

use super::*;
use crate::model::activity::Activity;
use crate::model::cue;
use crate::model::subject::Opening;

/// A step: sender, recipient, hours since the first, cues, subject.
fn run(steps: &[(u32, u32, i64, u32, &str)]) -> Vec<Marks> {
    let to: Vec<[u32; 1]> = steps.iter().map(|step| [step.1]).collect();
    let event = |(step, to): (&(u32, u32, i64, u32, &str), &'_ [u32; 1])| -> (u32, i64, u32, Vec<u32>, [u32; 1]) {
        (step.0, step.2 * 3600, step.3, subject_words(step.4), *to)
    };
    let parts: Vec<_> = steps.iter().zip(&to).map(event).collect();
    let events: Vec<Event<'_>> = parts
        .iter()
        .enumerate()
        .map(|(at, (from, time, cues, subject, to))| Event {
            from: *from,
            who: Who::Person,
            to,
            to_who: Some(Who::Person),
            cc: &[],
            at: *time,
            subject: subject.clone(),
            opening: if at == 0 { Opening::New } else { Opening::Answer },
            cues: *cues,
            words: &[],
            files: &[],
            fields: 0,
            by_program: false,
        })
        .collect();
    marks(&events)
}

fn judged(runs: &[Vec<Marks>]) -> Vec<Vec<Activity>> {
    let found = activities(Weights::built_in(), runs);
    found.into_iter().map(|run| run.into_iter().map(|one| one.activity).collect()).collect()
}

#[test]
fn plain_runs() {
    let asked = cue::ASKED | cue::REQUEST | cue::QUESTION;
    let yes =
        run(&[(1, 2, 0, asked, "New drill"), (2, 1, 5, cue::APPROVED | cue::ASSENT | cue::SHORT, "Re: New drill")]);
    let no =
        run(&[(1, 2, 0, asked, "New drill"), (2, 1, 5, cue::REFUSED | cue::DISSENT | cue::SHORT, "Re: New drill")]);
    let again = run(&[
        (1, 2, 0, asked, "New drill"),
        (1, 2, 72, cue::REMINDER | cue::QUESTION | cue::SHORT, "Re: New drill"),
        (2, 1, 80, cue::APPROVED | cue::ASSENT | cue::SHORT, "Re: New drill"),
    ]);
    assert_eq!(judged(&[yes]), [[Activity::Request, Activity::Approve]]);
    assert_eq!(judged(&[no]), [[Activity::Request, Activity::Refuse]]);
    assert_eq!(judged(&[again]), [[Activity::Request, Activity::Remind, Activity::Approve]]);
}

#[test]
fn other_runs_tell_what_words_do_not() {
    let asked = cue::ASKED | cue::REQUEST | cue::QUESTION;
    let clear = run(&[(1, 2, 0, asked, "Leave"), (2, 1, 5, cue::APPROVED | cue::ASSENT | cue::SHORT, "Re: Leave")]);
    let silent = run(&[(1, 2, 0, 0, "Leave"), (2, 1, 5, cue::SHORT, "Re: Leave")]);
    let mut runs = vec![clear; 20];
    runs.push(silent);
    let found = activities(Weights::built_in(), &runs);
    assert_eq!(found[20][1], Judged { activity: Activity::Approve, seen: false });
    assert_eq!(found[20][0].activity, Activity::Request);
}

#[test]
fn words_of_a_subject() {
    let hashes = |words: &[&str]| -> Vec<u32> {
        let mut hashes: Vec<u32> = words.iter().map(|word| crate::model::hash::hash32(word.as_bytes())).collect();
        hashes.sort_unstable();
        hashes
    };
    assert_eq!(
        subject_words("Re: AW: Reminder - order PO-4711 / Größe a"),
        hashes(&["reminder", "order", "größe", "po"])
    );
}

#[test]
fn other_files_are_no_weights() {
    assert_eq!(Weights::parse(b""), None);
    assert_eq!(Weights::parse(&[0; 45]), None);
    let bytes = Weights::built_in().to_bytes();
    assert_eq!(bytes, include_bytes!("weights.bin"));
    assert_eq!(Weights::parse(&bytes[..bytes.len() - 1]), None);
}

proptest! {
    /// Every step is judged once, whatever the run looks like, and the same whenever it is asked.
    #[test]
    fn every_step_is_judged(
        runs in proptest::collection::vec(
            proptest::collection::vec((0u32..5, 0u32..5, -9i64..9_000, any::<u32>(), Just("x")), 0..9), 0..12)
    ) {
        let runs: Vec<Vec<Marks>> = runs.iter().map(|steps| run(steps)).collect();
        let found = judged(&runs);
        prop_assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), runs.iter().map(Vec::len).collect::<Vec<_>>());
        prop_assert_eq!(judged(&runs), found);
    }
}
