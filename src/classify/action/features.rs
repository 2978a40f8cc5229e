//! What is known of a sentence when it is asked whether it is a thing to do.

use crate::classify::model::NO_SENTENCE;
use crate::classify::score::ln;
use crate::model::reading::{Place, SenderKind};
use crate::signal::Signals;
use crate::signal::due;

/// Signals that stand in the sentence.
const ACTS: [&str; 20] = [
    "request_please",
    "request_can_you",
    "request_need",
    "request_imperative",
    "request_reply",
    "request_review",
    "commitment",
    "approval_asked",
    "reminder",
    "question",
    "courtesy",
    "note_to_self",
    "deadline",
    "approval_given",
    "delivery",
    "here_is",
    "meeting",
    "done",
    "process_step",
    "out_of_office",
];
/// The first so many of [`ACTS`] ask or promise.
const ASKING: usize = 9;
/// Signals of the message.
const OF_MESSAGE: [&str; 10] = [
    "recipient_self",
    "recipient_one",
    "recipient_few",
    "recipient_many",
    "recipient_crowd",
    "sender_owner",
    "owner_cc_only",
    "owner_not_named",
    "sender_outside",
    "attachment",
];
/// What is asked of the words themselves.
const WORDS: [&str; 9] =
    ["word_please", "word_you", "word_will", "word_if", "only_answer", "few_words", "due", "due_firm", "question_mark"];
/// Scores of the sentence step and of the message.
const SCORES: [&str; 28] = [
    "task",
    "intent",
    "request",
    "task_before",
    "task_after",
    "task_gap",
    "task_best",
    "rank",
    "strongest",
    "sentences",
    "words",
    "first",
    "last",
    "place",
    "class_workflow",
    "class_document",
    "class_task",
    "class_correspondence",
    "class_bulk",
    "use_workflow",
    "use_document",
    "use_task",
    "flag_request",
    "flag_commitment",
    "task_and_class",
    "task_and_use",
    "person",
    "forwarded",
];

/// How many features there are.
pub const COUNT: usize = SCORES.len() + WORDS.len() + 1 + ACTS.len() + OF_MESSAGE.len();

/// The name of each feature.
pub static NAMES: [&str; COUNT] = names();

const fn names() -> [&'static str; COUNT] {
    let mut all = [""; COUNT];
    let mut at = 0;
    let lists: [&[&str]; 5] = [&SCORES, &WORDS, &["asks_nothing"], &ACTS, &OF_MESSAGE];
    let mut list = 0;
    while list < lists.len() {
        let mut one = 0;
        while one < lists[list].len() {
            all[at] = lists[list][one];
            at += 1;
            one += 1;
        }
        list += 1;
    }
    all
}

/// What the message model says.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Of each sentence; log-odds of [`crate::classify::model::SENTENCE_HEADS`].
    pub acts: &'a [[f64; 3]],
    /// Probabilities of the classes.
    pub classes: [f64; 5],
    /// Log-odds of the three uses and of the flags request and commitment.
    pub yes: [f64; 5],
}

/// Where the features of [`WORDS`] stand in a row; each is 0 or 1.
pub const OF_WORDS: std::ops::Range<usize> = SCORES.len()..SCORES.len() + WORDS.len();

/// A row for each sentence of `signals.grams`. The words of a sentence are only looked at if the row without them is
/// `worth` it; else their features are 0.
pub fn read(
    text: &str,
    signals: &Signals,
    seen: &Seen<'_>,
    worth: &dyn Fn(&[f64; COUNT]) -> bool,
) -> Vec<[f64; COUNT]> {
    let of_message = OF_MESSAGE.map(|name| f64::from(u8::from(signals.has(name))));
    let forwarded = signals.get("forward_bare").and_then(|signal| match signal.place {
        Place::Text(start, _) => Some(start),
        _ => None,
    });
    let mut order: Vec<usize> = (0..seen.acts.len()).collect();
    order.sort_by(|one, other| seen.acts[*other][0].total_cmp(&seen.acts[*one][0]).then(one.cmp(other)));
    let mut ranks = vec![0usize; order.len()];
    order.iter().enumerate().for_each(|(rank, at)| ranks[*at] = rank);
    let standing = standing(signals);
    (0..signals.grams.sentences.len().min(seen.acts.len()))
        .map(|at| {
            let one = &signals.grams.sentences[at];
            let mut row = [0.0; COUNT];
            let mut next = 0;
            let mut put = |value: f64| {
                row[next] = value;
                next += 1;
            };
            let strongest_other =
                order.iter().find(|other| **other != at).map_or(NO_SENTENCE, |other| seen.acts[*other][0]);
            scores(signals, seen, at, ranks[at], strongest_other, &mut put);
            put(f64::from(u8::from(signals.sender_kind == SenderKind::Person)));
            put(f64::from(u8::from(forwarded.is_some_and(|start| one.start >= start))));
            (0..WORDS.len()).for_each(|_| put(0.0));
            let here = &standing[at];
            let acts = ACTS.map(|name| !here.is_empty() && here.contains(&name));
            put(f64::from(u8::from(!acts[..ASKING].contains(&true))));
            acts.into_iter().for_each(|act| put(f64::from(u8::from(act))));
            of_message.into_iter().for_each(&mut put);
            if worth(&row) {
                let mut of_words = row[OF_WORDS].iter_mut();
                words(&text[one.start..one.end], seen.acts[at][0], &mut |value| {
                    of_words.by_ref().take(1).for_each(|place| *place = value);
                });
            }
            row
        })
        .collect()
}

/// The names of the signals in each sentence.
fn standing(signals: &Signals) -> Vec<Vec<&'static str>> {
    let sentences = &signals.grams.sentences;
    let mut all = vec![Vec::new(); sentences.len()];
    for signal in &signals.found {
        if let Place::Text(from, _) = signal.place {
            let at = sentences.partition_point(|one| one.end <= from);
            if sentences.get(at).is_some_and(|one| one.start <= from) {
                all[at].push(signal.name);
            }
        }
    }
    all
}

fn scores(signals: &Signals, seen: &Seen<'_>, at: usize, rank: usize, strongest_other: f64, put: &mut impl FnMut(f64)) {
    let many = seen.acts.len();
    let [task, intent, request] = seen.acts[at];
    let near = |at: Option<usize>| at.and_then(|at| seen.acts.get(at)).map_or(NO_SENTENCE, |acts| acts[0]);
    let one = &signals.grams.sentences[at];
    let words = one.words.1 - one.words.0;
    let flag = |yes: bool| f64::from(u8::from(yes));
    let near = [near(at.checked_sub(1)), near(Some(at + 1))];
    [task, intent, request, near[0], near[1], strongest_other - task].into_iter().for_each(&mut *put);
    put(strongest_other.max(task));
    put(rank.min(6) as f64);
    put(flag(rank == 0));
    put(ln(1.0 + many as f64));
    put(ln(1.0 + words as f64));
    put(flag(at == 0));
    put(flag(at + 1 == many));
    put(at as f64 / many.saturating_sub(1).max(1) as f64);
    seen.classes.into_iter().chain(seen.yes).for_each(&mut *put);
    put(task * seen.classes[2]);
    put(task * seen.yes[2] / 3.0);
}

/// What the words say, in the order of [`WORDS`].
fn words(text: &str, task: f64, put: &mut impl FnMut(f64)) {
    let mut lower = String::from(" ");
    let mut count = 0;
    for word in text
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
        .filter(|word| !word.is_empty())
        .take(80)
    {
        lower.extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '\u{2019}' { '\'' } else { c }));
        lower.push(' ');
        count += 1;
    }
    let has = |all: &[&str]| all.iter().any(|one| lower.contains(one));
    const ANSWERS: [&str; 11] = [
        " let me know ",
        " your thoughts ",
        " what do you think ",
        " call me ",
        " any questions ",
        " give me a call ",
        " do you know ",
        " do you have ",
        " did you ",
        " have you ",
        " feel free ",
    ];
    let flag = |yes: bool| f64::from(u8::from(yes));
    put(flag(has(&[" please ", " pls ", " bitte "])));
    put(flag(has(&[" you ", " your ", " sie ", " du "])));
    put(flag(has(&[" i will ", " i'll ", " we will ", " we'll ", " ich werde ", " wir werden "])));
    put(flag(lower.starts_with(" if ")));
    put(flag(has(&ANSWERS)));
    put(flag(count < 5));
    // Looked for only where it can matter; most sentences are far from being things to do.
    let due = if task > -4.0 { due::find(text, None) } else { None };
    put(flag(due.is_some()));
    put(flag(due.is_some_and(|due| due.firm)));
    put(flag(text.trim_end().ends_with('?')));
}
