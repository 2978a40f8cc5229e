//! What a step is judged by, as hashed marks.

use foldhash::HashSet;

use super::Who;
use crate::model::activity::Activity;
use crate::model::hash::{Hash64, hash32};
use crate::model::subject::{self, Opening};

/// A message as a step of a run. Addresses and files are numbers of the caller's.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// The sender.
    pub from: u32,
    /// Who the sender is.
    pub who: Who,
    /// Recipients.
    pub to: &'a [u32],
    /// Who the first recipient is.
    pub to_who: Option<Who>,
    /// Those who only get a copy.
    pub cc: &'a [u32],
    /// Unix seconds.
    pub at: i64,
    /// As [`subject_words`] gives them, ascending.
    pub subject: Vec<u32>,
    /// What stood before the subject.
    pub opening: Opening,
    /// Bits of [`crate::model::cue`].
    pub cues: u32,
    /// Hashes of the first words, as [`hash32`] has them.
    pub words: &'a [u32],
    /// Names of files.
    pub files: &'a [u32],
    /// How many fields of a form it has.
    pub fields: usize,
    /// A program wrote it.
    pub by_program: bool,
}

/// Marks of one step.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Whatever came before.
    pub fixed: Vec<u32>,
    /// By which steps of one process are compared: where it stands and who acts.
    pub place: Vec<u32>,
    /// And with which words.
    pub words: Vec<u32>,
    cues: u32,
    side: u32,
    has_file: bool,
    was_asked: bool,
    /// It begins its run; so steps of one run are told from those of the next.
    pub is_first: bool,
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// So long may one wait before asking again.
const PATIENCE: i64 = 20 * HOUR;
/// So many first words are the beginning.
const BEGINNING: usize = 6;
/// So many words are compared within a process.
const COMPARED: usize = 25;
/// What stands for no activity.
const NOTHING: u32 = 99;
/// So many cues there are.
const CUES: u32 = 30;

/// Hashes of the words of a subject that no number stands in, without what answering puts before it; ascending, each once,
/// at most 24.
pub fn subject_words(subject: &str) -> Vec<u32> {
    let words = subject::base(subject).words.split(|c: char| !c.is_alphanumeric() && c != '_');
    let plain = words.filter(|word| word.chars().count() > 1 && !word.chars().any(|c| c.is_ascii_digit()));
    let mut hashes: Vec<u32> = plain.take(24).map(|word| hash32(word.to_lowercase().as_bytes())).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

fn mark(kind: u8, values: &[u32]) -> u32 {
    let mut hash = Hash64::default();
    hash.push(&[kind]);
    values.iter().for_each(|value| hash.push(&value.to_le_bytes()));
    (hash.finish() as u64 >> 32) as u32
}

fn of_words(words: &[u32], found: &mut Vec<u32>) {
    found.extend(words.iter().map(|word| mark(0, &[*word])));
    found.extend(words.iter().take(BEGINNING).map(|word| mark(1, &[*word])));
    found.push(mark(2, &[(words.len() / 5).min(8) as u32]));
}

fn cues(bits: u32) -> impl Iterator<Item = u32> {
    (0..CUES).filter(move |bit| bits >> bit & 1 == 1)
}

fn tidy(mut marks: Vec<u32>) -> Vec<u32> {
    marks.sort_unstable();
    marks.dedup();
    marks
}

/// Marks of a text of which nothing else is known.
pub fn alone(words: &[u32], bits: u32) -> Vec<u32> {
    let mut found = Vec::with_capacity(2 * words.len());
    of_words(words, &mut found);
    found.extend(cues(bits).map(|cue| mark(5, &[cue])));
    tidy(found)
}

/// Marks of every step of a run, in the order of its steps, which is that of time.
pub fn marks(run: &[Event<'_>]) -> Vec<Marks> {
    let mut known: HashSet<u32> = HashSet::default();
    let mut files: HashSet<u32> = HashSet::default();
    let mut found = Vec::with_capacity(run.len());
    for at in 0..run.len() {
        let event = &run[at];
        found.push(of_step(run, at, &known, &files));
        known.extend(event.to.iter().chain(event.cc).chain([&event.from]));
        files.extend(event.files);
    }
    found
}

fn of_step(run: &[Event<'_>], at: usize, known: &HashSet<u32>, files: &HashSet<u32>) -> Marks {
    let (event, first) = (&run[at], &run[0]);
    let before = at.checked_sub(1).map(|at| &run[at]);
    let next = run.get(at + 1);
    // 0 begins, 1 is whoever began, 2 somebody else.
    let side = if at == 0 { 0 } else { 2 - u32::from(event.from == first.from) };
    let new_person = u32::from(event.to.iter().any(|to| !known.contains(to) && *to != event.from));
    let back = u32::from(event.to.contains(&first.from));
    let again = u32::from(before.is_some_and(|before| before.from == event.from));
    let makes_act = u32::from(next.is_some_and(|next| next.from != event.from && event.to.contains(&next.from)));
    let waited = match before.map_or(0, |before| event.at - before.at) {
        ..HOUR => 0,
        HOUR..PATIENCE => 1,
        wait if wait < 3 * DAY => 2,
        _ => 3,
    };
    let has_file = !event.files.is_empty();
    let new_version = u32::from(event.files.iter().any(|file| files.contains(file)));
    let to = event.to_who.map_or(NOTHING, |who| who as u32);
    let place = at.min(5) as u32;
    let last = u32::from(next.is_none());
    let fields = event.fields.min(4) as u32;
    let mut fixed = Vec::with_capacity(2 * event.words.len() + 60);
    of_words(event.words, &mut fixed);
    let new = event.subject.iter().filter(|word| at == 0 || first.subject.binary_search(word).is_err());
    fixed.extend(new.map(|word| mark(3 + u8::from(at > 0), &[*word])));
    fixed.extend(cues(event.cues).flat_map(|cue| [mark(5, &[cue]), mark(6, &[cue, side])]));
    let numbered: [(u8, &[u32]); 19] = [
        (10, &[place]),
        (11, &[side]),
        (12, &[last]),
        (13, &[u32::from(run.len() == 1)]),
        (14, &[again, side]),
        (15, &[new_person, side]),
        (16, &[back, side]),
        (17, &[makes_act, side]),
        (18, &[event.who as u32]),
        (19, &[to]),
        (20, &[event.who as u32, to, side]),
        (21, &[event.opening as u32, side]),
        (22, &[u32::from(event.by_program), side]),
        (23, &[u32::from(has_file), side]),
        (24, &[new_version, side]),
        (25, &[waited, again, side]),
        (26, &[fields, side]),
        (27, &[new_person, makes_act, side]),
        (28, &[u32::from(before.is_some_and(|before| event.to.contains(&before.from)))]),
    ];
    fixed.extend(numbered.iter().map(|(kind, values)| mark(*kind, values)));
    let compared: [(u8, &[u32]); 10] = [
        (40, &[at.min(4) as u32]),
        (41, &[u32::from(event.from == first.from), back, new_person]),
        (42, &[event.who as u32]),
        (43, &[to]),
        (44, &[event.from]),
        (45, &[again]),
        (46, &[u32::from(has_file)]),
        (47, &[last]),
        (48, &[fields.min(3)]),
        (49, &[makes_act]),
    ];
    Marks {
        fixed: tidy(fixed),
        place: compared.iter().map(|(kind, values)| mark(*kind, values)).collect(),
        words: tidy(event.words.iter().take(COMPARED).map(|word| mark(50, &[*word])).collect()),
        cues: event.cues,
        side,
        has_file,
        was_asked: before.is_some_and(|before| before.to.contains(&event.from)),
        is_first: at == 0,
    }
}

impl Marks {
    /// What follows from what the step before does.
    pub fn after(&self, before: Option<Activity>, found: &mut Vec<u32>) {
        let before = before.map_or(NOTHING, |activity| activity as u32);
        found.extend([
            mark(30, &[before]),
            mark(31, &[before, self.side]),
            mark(32, &[before, u32::from(self.has_file)]),
            mark(33, &[before, u32::from(self.was_asked)]),
        ]);
        found.extend(cues(self.cues).map(|cue| mark(34, &[cue, before])));
    }

    /// The one by which steps of a process are compared that follows from the step before.
    pub fn compared_after(before: Option<Activity>) -> u32 {
        mark(51, &[before.map_or(NOTHING, |activity| activity as u32)])
    }
}
