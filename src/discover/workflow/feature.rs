//! What runs have in common, as weighted features, and how much a run looks like one of a process.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::case::Case;
use super::letter::{Letter, Mail, Who};
use crate::model::cue;

/// What a feature is about; decides its weight and whether a process may be founded on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum About {
    /// A series of identifiers.
    Series,
    /// The same, where the run begins with it in its subject.
    Titled,
    /// The masked subject as a whole.
    Template,
    /// Two neighbouring words of the subject.
    Pair,
    /// A word of the subject.
    Word,
    /// A field of a form.
    Label,
    /// The masked name of a file.
    File,
    /// The same, where it comes later.
    LaterFile,
    /// The shared address it goes to.
    Entry,
    /// The program it comes from.
    Machine,
    /// The person it goes to.
    Reader,
    /// The person it comes from.
    Writer,
    /// Whoever answers first.
    Answerer,
    /// The next two who act, in turn.
    Path,
    /// All who get the first letter.
    Circle,
    /// Somebody who begins, or is asked, and how it goes on: decided, handed on, in versions.
    Habit,
    /// A word of the first text.
    Text,
    /// What kinds of people write to each other in turn.
    Shape,
}

impl About {
    fn weight(self) -> f32 {
        match self {
            About::Series => 3.0,
            About::Titled => 0.3,
            About::Template => 1.6,
            About::Pair => 1.2,
            About::Word => 1.4,
            About::Label => 1.2,
            About::File => 1.2,
            About::LaterFile => 0.6,
            About::Entry => 2.2,
            About::Machine => 2.2,
            About::Reader => 0.9,
            About::Writer => 0.5,
            About::Answerer => 1.0,
            About::Path => 1.3,
            About::Circle => 1.0,
            About::Habit => 1.0,
            About::Text => 0.45,
            About::Shape => 0.6,
        }
    }

    /// Whether it says who takes part and how, and not what it is called.
    pub fn is_way(self) -> bool {
        matches!(
            self,
            About::Entry
                | About::Reader
                | About::Answerer
                | About::Path
                | About::Circle
                | About::Shape
                | About::Label
                | About::File
        )
    }

    /// Whether a process may be founded on it.
    pub fn founds(self) -> bool {
        !matches!(
            self,
            About::Titled
                | About::LaterFile
                | About::Reader
                | About::Writer
                | About::Answerer
                | About::Text
                | About::Shape
        )
    }
}

/// A feature: what it is about and its value.
pub type Feature = (About, u64);

/// A run as a vector of length 1, and what it looks like.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Number of the feature and weight, ascending.
    pub vector: Vec<(u32, f32)>,
    /// 0 to 1: how much it looks like a run of some process.
    pub likeness: f32,
    /// Whether a program begins it.
    pub by_machine: bool,
}

/// All features that at least two runs have.
#[derive(Debug, Default)]
pub struct Space {
    /// By number.
    pub features: Vec<Feature>,
    /// How many runs have each.
    pub counts: Vec<u32>,
    /// The kind of identifier that each series is of, and whether runs begin with it in the subject; by number, for series
    /// only.
    pub series: HashMap<u32, (u32, bool)>,
}

fn number<T: Hash>(value: T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Describes every run.
pub fn profiles(mail: &Mail, cases: &[Case]) -> (Space, Vec<Profile>) {
    let series = series(mail, cases);
    let all: Vec<Vec<Feature>> = cases.iter().map(|case| features(mail, case, &series)).collect();
    let mut counts: HashMap<Feature, u32> = HashMap::new();
    for feature in all.iter().flatten() {
        *counts.entry(*feature).or_default() += 1;
    }
    let mut known: Vec<(Feature, u32)> = counts.into_iter().filter(|(_, n)| *n > 1).collect();
    known.sort_unstable();
    let numbers: HashMap<Feature, u32> =
        known.iter().zip(0u32..).map(|((feature, _), number)| (*feature, number)).collect();
    let space = Space {
        features: known.iter().map(|(feature, _)| *feature).collect(),
        counts: known.iter().map(|(_, n)| *n).collect(),
        series: kinds_of(&series, &numbers),
    };
    // In a small mailbox what all runs share is not worthless.
    let total = (cases.len() as f32 + 100.0).ln();
    let profiles = cases
        .iter()
        .zip(&all)
        .map(|(case, features)| {
            let mut vector: Vec<(u32, f32)> = features
                .iter()
                .filter_map(|feature| {
                    let number = *numbers.get(feature)?;
                    let rare = 1.0 - (space.counts[number as usize] as f32).ln() / total;
                    Some((number, feature.0.weight() * rare.max(0.0)))
                })
                .collect();
            vector.sort_unstable_by_key(|(number, _)| *number);
            let length = vector.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
            vector.iter_mut().for_each(|(_, w)| *w /= length);
            let first = case.letters.first().map(|index| &mail.letters[*index as usize]);
            let by_machine = first.is_some_and(|one| one.by_machine || mail.who(one.from) == Who::Machine);
            Profile { vector, likeness: likeness(mail, case), by_machine }
        })
        .collect();
    (space, profiles)
}

/// Who begins, and whether the first letter goes out of the house.
type Starter = (u8, bool);

fn kinds_of(series: &HashSet<u32>, numbers: &HashMap<Feature, u32>) -> HashMap<u32, (u32, bool)> {
    let mut kinds = HashMap::new();
    for kind in series {
        for starter in (0u8..5).flat_map(|side| [(side, false), (side, true)]) {
            for (about, titled) in [(About::Series, false), (About::Titled, true)] {
                if let Some(number) = numbers.get(&(about, number::<(u32, Starter)>((*kind, starter)))) {
                    kinds.insert(*number, (*kind, titled));
                }
            }
        }
    }
    kinds
}

/// Words that stand in any subject.
pub const COMMON: [&str; 64] = [
    "the", "a", "an", "of", "for", "to", "in", "on", "and", "or", "from", "with", "your", "our", "my", "is", "at",
    "by", "re", "new", "der", "die", "das", "den", "dem", "des", "und", "für", "von", "vom", "zu", "zum", "zur", "im",
    "am", "an", "auf", "mit", "bei", "ihr", "ihre", "unsere", "unser", "ein", "eine", "bitte", "please", "um", "no",
    "nr", "number", "nummer", "up", "this", "that", "it", "we", "you", "i", "be", "are", "ist", "wir", "#",
];

/// Series of identifiers whose values belong to one run each: digits alone are none, for everybody's numbers look so, and what
/// the same value names again and again (a product, a room) is none.
fn series(mail: &Mail, cases: &[Case]) -> HashSet<u32> {
    let mut seen: HashMap<u32, (u32, HashSet<u32>)> = HashMap::new();
    for case in cases {
        let mut kinds: HashSet<u32> = HashSet::new();
        for key in case.letters.iter().take(4).flat_map(|index| mail.letters[*index as usize].keys.iter()) {
            let entry = seen.entry(key.kind).or_default();
            entry.0 += u32::from(kinds.insert(key.kind));
            entry.1.insert(key.value);
        }
    }
    let letters = |kind: u32| mail.words.text(kind).bytes().filter(u8::is_ascii_alphabetic).count();
    // One letter before a number may be chance; in several runs it is not.
    let named = |kind: u32, runs: u32| letters(kind) >= 2 || letters(kind) == 1 && runs >= 5;
    // Numbers may begin anew for each customer or year; what names a place or a product has few values.
    let own = |(runs, values): &(u32, HashSet<u32>)| {
        values.len() >= 3 && (values.len() * 10 >= *runs as usize * 3 || is_counted(mail, values))
    };
    seen.iter().filter(|(kind, of)| named(**kind, of.0) && own(of)).map(|(kind, _)| *kind).collect()
}

/// Whether the numbers of a series count from the beginning, as where each customer or job has its own 1, 2, 3.
fn is_counted(mail: &Mail, values: &HashSet<u32>) -> bool {
    let last = |value: &u32| {
        let text = mail.words.text(*value);
        text[text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1)..].parse::<u64>().ok()
    };
    let mut numbers: Vec<u64> = values.iter().filter_map(last).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (Some(first), Some(middle)) = (numbers.first(), numbers.get(numbers.len() / 2)) else { return false };
    numbers.len() >= 4 && *first <= 10 && *middle <= numbers.len() as u64 * 2
}

fn features(mail: &Mail, case: &Case, series: &HashSet<u32>) -> Vec<Feature> {
    let mut found: Vec<Feature> = Vec::with_capacity(48);
    let Some(first) = case.letters.first().map(|index| &mail.letters[*index as usize]) else { return found };
    let common = |word: u32| word == mail.hole || COMMON.contains(&mail.words.text(word)) || mail.names.contains(&word);
    let content: Vec<u32> = first.tokens.iter().copied().filter(|word| !common(*word)).collect();
    let template: Vec<u32> =
        first.tokens.iter().copied().map(|word| if mail.names.contains(&word) { mail.hole } else { word }).collect();
    // The same words mean another thing where another side begins, or where it goes out of the house.
    let side = match mail.who(first.from) {
        _ if first.by_machine => Who::Machine as u8,
        Who::Shared | Who::List => Who::Person as u8,
        other => other as u8,
    };
    let starter: Starter = (side, first.to.iter().any(|to| mail.who(*to) == Who::Outside));
    if !content.is_empty() {
        found.push((About::Template, number((&template, starter))));
    }
    found.extend(content.iter().map(|word| (About::Word, number((*word, starter)))));
    found.extend(content.windows(2).map(|pair| (About::Pair, number((pair[0], pair[1], starter)))));
    let mut kinds: HashMap<u32, bool> = HashMap::new();
    for (at, index) in case.letters.iter().take(4).enumerate() {
        for key in mail.letters[*index as usize].keys.iter().take(3).filter(|key| series.contains(&key.kind)) {
            *kinds.entry(key.kind).or_default() |= at == 0 && key.in_subject;
        }
    }
    for (kind, titled) in kinds {
        found.push((About::Series, number((kind, starter))));
        found.extend(titled.then(|| (About::Titled, number((kind, starter)))));
    }
    found.extend(first.fields.iter().map(|(label, _)| (About::Label, u64::from(*label))));
    found.extend(first.files.iter().take(3).map(|file| (About::File, u64::from(*file))));
    let later: HashSet<u32> = case
        .letters
        .iter()
        .skip(1)
        .take(8)
        .flat_map(|index| mail.letters[*index as usize].files.iter().copied())
        .collect();
    let named = |file: &u32| mail.words.text(*file).chars().filter(|c| c.is_alphabetic()).count() >= 7;
    found.extend(later.into_iter().filter(named).map(|file| (About::LaterFile, u64::from(file))));
    for to in first.to.iter().take(4) {
        match mail.who(*to) {
            // What a program and what people send there are two things.
            Who::Shared | Who::List if *to != first.from => {
                found.push((About::Entry, u64::from(*to) << 1 | u64::from(side == Who::Machine as u8)));
            }
            _ => found.push((About::Reader, u64::from(*to))),
        }
    }
    if first.by_machine || mail.who(first.from) == Who::Machine {
        found.push((About::Machine, u64::from(first.from)));
    } else {
        found.push((About::Writer, u64::from(first.from)));
    }
    let answers = case.letters.iter().skip(1).map(|index| &mail.letters[*index as usize]);
    found.extend(
        answers.map(|one| one.acting).find(|who| *who != first.acting).map(|who| (About::Answerer, u64::from(who))),
    );
    let mut turn: Vec<u32> = Vec::new();
    for letter in case.letters.iter().skip(1).map(|index| &mail.letters[*index as usize]) {
        if letter.acting != first.acting && !turn.contains(&letter.acting) && mail.who(letter.acting) != Who::Outside {
            turn.push(letter.acting);
        }
    }
    if let [second, third, ..] = turn.as_slice() {
        found.push((About::Path, number((*second, *third))));
    }
    for habit in habits(mail, case) {
        found.push((About::Habit, number((habit, first.acting, starter))));
        let readers = first.to.iter().filter(|to| mail.who(**to) == Who::Person).take(2);
        found.extend(readers.map(|to| (About::Habit, number((habit, *to, "asked")))));
    }
    let mut circle: Vec<u32> = first.to.iter().chain(&first.cc).copied().collect();
    circle.retain(|who| *who != first.from && mail.who(*who) == Who::Person);
    circle.sort_unstable();
    circle.dedup();
    if (3..=12).contains(&circle.len()) {
        found.push((About::Circle, number(&circle)));
    }
    found.extend(first.words.iter().map(|word| (About::Text, u64::from(*word))));
    let sides: Vec<(Who, bool)> = case
        .letters
        .iter()
        .take(5)
        .map(|index| &mail.letters[*index as usize])
        .map(|letter| (mail.who(letter.from), letter.to.contains(&first.from)))
        .collect();
    found.push((About::Shape, number(sides.iter().map(|(who, back)| (*who as u8, *back)).collect::<Vec<_>>())));
    found.sort_unstable();
    found.dedup();
    found
}

/// How a run goes on, as far as one can tell without knowing its process: 0 in versions, 1 decided, 2 handed on inside.
fn habits(mail: &Mail, case: &Case) -> Vec<u8> {
    let letters: Vec<&Letter> = case.letters.iter().map(|index| &mail.letters[*index as usize]).collect();
    let Some(first) = letters.first() else { return Vec::new() };
    let mut found = Vec::new();
    let drafts = letters.iter().filter(|letter| letter.cues & cue::FILE != 0 && letter.cues & cue::DRAFT != 0).count();
    let same_file = letters.iter().enumerate().any(|(at, letter)| {
        letters[..at].iter().any(|before| before.documents.iter().any(|one| letter.documents.contains(one)))
    });
    if drafts >= 2 || same_file {
        found.push(0);
    }
    let asked = first.cues & (cue::ASKED | cue::REQUEST | cue::QUESTION) != 0;
    let decided = cue::APPROVED | cue::REFUSED | cue::ASSENT | cue::DISSENT;
    if asked && letters.iter().skip(1).any(|letter| letter.from != first.from && letter.cues & decided != 0) {
        found.push(1);
    }
    let outside = mail.who(first.from) == Who::Outside;
    let inside = |letter: &&&Letter| {
        mail.who(letter.from) != Who::Outside
            && letter.to.iter().all(|to| mail.who(*to) != Who::Outside && *to != first.from)
    };
    if outside && letters.iter().skip(1).filter(inside).count() > 0 {
        found.push(2);
    }
    found
}

/// How much a run looks like one of a process: points for what processes have, none for what conversation has.
fn likeness(mail: &Mail, case: &Case) -> f32 {
    let Some(first) = case.letters.first().map(|index| &mail.letters[*index as usize]) else { return 0.0 };
    let letters: Vec<&Letter> = case.letters.iter().map(|index| &mail.letters[*index as usize]).collect();
    let later = || letters.iter().skip(1).filter(|letter| letter.from != first.from);
    let any = |bits: u32| later().any(|letter| letter.cues & bits != 0);
    let mut points = 0.0f32;
    let keys: HashSet<bool> = letters.iter().flat_map(|letter| letter.keys.iter().map(|key| key.in_subject)).collect();
    points += if keys.contains(&true) {
        0.3
    } else if keys.contains(&false) {
        0.12
    } else {
        0.0
    };
    points += if first.cues & cue::ASKED != 0 { 0.3 } else { 0.0 };
    points += if first.cues & (cue::REQUEST | cue::QUESTION) != 0 { 0.1 } else { 0.0 };
    points += if first.cues & cue::FORM != 0 || first.fields.len() >= 3 { 0.3 } else { 0.0 };
    points += if any(cue::APPROVED | cue::REFUSED | cue::ASSENT | cue::DISSENT) { 0.25 } else { 0.0 };
    points += if any(cue::DONE | cue::STEP) { 0.15 } else { 0.0 };
    // Asked for, and done.
    points += if first.cues & (cue::REQUEST | cue::QUESTION | cue::ASKED) != 0 && any(cue::DONE) { 0.15 } else { 0.0 };
    points += if first.to.iter().any(|to| mail.who(*to) == Who::Shared) { 0.25 } else { 0.0 };
    points += if first.by_machine { 0.25 } else { 0.0 };
    points += if !first.files.is_empty() { 0.08 } else { 0.0 };
    // One document goes back and forth.
    points += if habits(mail, case).contains(&0) { 0.15 } else { 0.0 };
    let score: f32 = letters.iter().map(|letter| letter.score).fold(0.0, f32::max);
    points += 0.35 * score;
    if letters.len() == 1 && !first.by_machine && first.fields.len() < 3 {
        points -= 0.1;
    }
    if first.cues & cue::MEETING != 0 && first.keys.is_empty() {
        points -= 0.15;
    }
    if first.bulk {
        points -= 0.6;
    } else if first.announcement && mail.who(first.from) == Who::Outside {
        points -= 0.35;
    }
    points.clamp(0.0, 1.0)
}
