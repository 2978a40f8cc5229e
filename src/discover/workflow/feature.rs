//! What runs have in common, as weighted features, and how much a run looks like one of a process.

use std::hash::Hash;

use super::case::Case;
use super::letter::{Letter, Mail, Who};
use super::likeness::{IN_VERSIONS, habits, likeness};
use super::mask::is_common;
use super::series::series;
use crate::model::cue;
use foldhash::{HashMap, HashSet};

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
    /// Who is asked and who asks: several who ask each other, whoever begins.
    Team,
    /// Who hands on to somebody else what came to him, from which side to which.
    Relay,
    /// Who has most to do with it, and the turns of all.
    Turns,
    /// Somebody who begins, or is asked, where one document goes back and forth.
    Review,
    /// The same where it is decided, or handed on.
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
            About::Team => 1.2,
            About::Relay => 0.9,
            About::Turns => 1.0,
            About::Review | About::Habit => 1.0,
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
                | About::Team
                | About::Relay
                | About::Turns
                | About::Shape
                | About::Label
                | About::File
        )
    }

    /// Whether it says who takes part and in which turns.
    pub fn is_people(self) -> bool {
        self.is_way() && !matches!(self, About::Label | About::File)
    }

    /// Whether it says that somebody has a certain part in it.
    pub fn is_role(self) -> bool {
        matches!(
            self,
            About::Entry
                | About::Machine
                | About::Reader
                | About::Writer
                | About::Answerer
                | About::Path
                | About::Circle
                | About::Team
                | About::Relay
        )
    }

    /// Whether a process may be founded on it.
    pub fn founds(self) -> bool {
        !matches!(
            self,
            About::Titled
                | About::LaterFile
                | About::Habit
                | About::Reader
                | About::Writer
                | About::Answerer
                | About::Text
                | About::Relay
                | About::Turns
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
    /// Whether it holds an amount, a day, a file, a decision.
    pub content: [bool; 4],
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
    crate::model::hash::number(&value)
}

/// So many labels weigh as much as any form does.
const WHOLE_LABELS: f32 = 3.0;

/// Describes every run.
pub fn profiles(mail: &Mail, cases: &[Case]) -> (Space, Vec<Profile>) {
    let series = series(mail, cases);
    let all: Vec<Vec<Feature>> = cases.iter().map(|case| features(mail, case, &series)).collect();
    let mut counts: HashMap<Feature, u32> = HashMap::default();
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
            let labels = features.iter().filter(|feature| feature.0 == About::Label).count() as f32;
            let one_of_labels = (WHOLE_LABELS / labels).sqrt().min(1.0);
            let mut vector: Vec<(u32, f32)> = features
                .iter()
                .filter_map(|feature| {
                    let number = *numbers.get(feature)?;
                    let rare = 1.0 - (space.counts[number as usize] as f32).ln() / total;
                    // A long form is not more of a form than a short one.
                    let part = if feature.0 == About::Label { one_of_labels } else { 1.0 };
                    Some((number, feature.0.weight() * part * rare.max(0.0)))
                })
                .collect();
            vector.sort_unstable_by_key(|(number, _)| *number);
            let length = vector.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
            vector.iter_mut().for_each(|(_, w)| *w /= length);
            let first = case.letters.first().map(|index| &mail.letters[*index as usize]);
            let by_machine = first.is_some_and(|one| one.by_machine || mail.who(one.from) == Who::Machine);
            Profile { vector, likeness: likeness(mail, case), by_machine, content: content(mail, case) }
        })
        .collect();
    (space, profiles)
}

/// Whether a run holds an amount, a day, a file, a decision.
fn content(mail: &Mail, case: &Case) -> [bool; 4] {
    let letters = || case.letters.iter().take(8).map(|index| &mail.letters[*index as usize]);
    let decided = cue::APPROVED | cue::REFUSED | cue::ASSENT | cue::DISSENT;
    [
        letters().any(|letter| letter.amount.is_some()),
        letters().take(1).any(|letter| letter.cues & cue::DAY != 0),
        letters().any(|letter| !letter.files.is_empty()),
        letters().skip(1).any(|letter| letter.cues & decided != 0),
    ]
}

/// Who begins, and whether the first letter goes out of the house.
type Starter = (u8, bool);

fn kinds_of(series: &HashSet<u32>, numbers: &HashMap<Feature, u32>) -> HashMap<u32, (u32, bool)> {
    let mut kinds = HashMap::default();
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

fn features(mail: &Mail, case: &Case, series: &HashSet<u32>) -> Vec<Feature> {
    let mut found: Vec<Feature> = Vec::with_capacity(48);
    let letters: Vec<&Letter> = case.letters.iter().map(|index| &mail.letters[*index as usize]).collect();
    let Some(first) = letters.first() else { return found };
    // The same words mean another thing where another side begins, or where it goes out of the house.
    let side = match mail.who(first.from) {
        _ if first.by_machine => Who::Machine as u8,
        Who::Shared | Who::List => Who::Person as u8,
        other => other as u8,
    };
    let starter: Starter = (side, first.to.iter().any(|to| mail.who(*to) == Who::Outside));
    of_subject(mail, first, starter, &mut found);
    of_series(&letters, starter, series, &mut found);
    of_files(mail, &letters, &mut found);
    of_people(mail, &letters, side, &mut found);
    for habit in habits(mail, case) {
        let about = if habit == IN_VERSIONS { About::Review } else { About::Habit };
        found.push((about, number((habit, first.acting, starter))));
        let readers = first.to.iter().filter(|to| mail.who(**to) == Who::Person).take(2);
        found.extend(readers.map(|to| (about, number((habit, *to, "asked")))));
    }
    found.extend(first.fields.iter().map(|(label, _)| (About::Label, u64::from(*label))));
    found.extend(first.words.iter().map(|word| (About::Text, u64::from(*word))));
    found.sort_unstable();
    found.dedup();
    found
}

fn of_subject(mail: &Mail, first: &Letter, starter: Starter, found: &mut Vec<Feature>) {
    let common = |word: u32| word == mail.hole || is_common(mail.words.text(word)) || mail.names.contains(&word);
    let content: Vec<u32> = first.tokens.iter().copied().filter(|word| !common(*word)).collect();
    let template: Vec<u32> =
        first.tokens.iter().copied().map(|word| if mail.names.contains(&word) { mail.hole } else { word }).collect();
    if !content.is_empty() {
        found.push((About::Template, number((&template, starter))));
    }
    found.extend(content.iter().map(|word| (About::Word, number((*word, starter)))));
    found.extend(content.windows(2).map(|pair| (About::Pair, number((pair[0], pair[1], starter)))));
}

fn of_series(letters: &[&Letter], starter: Starter, series: &HashSet<u32>, found: &mut Vec<Feature>) {
    let mut kinds: HashMap<u32, bool> = HashMap::default();
    for (at, letter) in letters.iter().take(4).enumerate() {
        for key in letter.keys.iter().take(3).filter(|key| series.contains(&key.kind)) {
            *kinds.entry(key.kind).or_default() |= at == 0 && key.in_subject;
        }
    }
    for (kind, titled) in kinds {
        found.push((About::Series, number((kind, starter))));
        found.extend(titled.then(|| (About::Titled, number((kind, starter)))));
    }
}

fn of_files(mail: &Mail, letters: &[&Letter], found: &mut Vec<Feature>) {
    let first = letters.iter().take(1).flat_map(|letter| letter.files.iter().take(3));
    found.extend(first.map(|file| (About::File, u64::from(*file))));
    let named = |file: &&u32| mail.words.text(**file).chars().filter(|c| c.is_alphabetic()).count() >= 7;
    let later = letters.iter().skip(1).take(8).flat_map(|letter| letter.files.iter()).filter(named);
    found.extend(later.map(|file| (About::LaterFile, u64::from(*file))));
}

fn of_people(mail: &Mail, letters: &[&Letter], side: u8, found: &mut Vec<Feature>) {
    let first = letters[0];
    for to in first.to.iter().take(4) {
        match mail.who(*to) {
            // What a program and what people send there are two things.
            Who::Shared | Who::List if *to != first.from => {
                found.push((About::Entry, u64::from(*to) << 1 | u64::from(side == Who::Machine as u8)));
            }
            _ => found.push((About::Reader, u64::from(*to))),
        }
    }
    let by_machine = first.by_machine || mail.who(first.from) == Who::Machine;
    found.push((if by_machine { About::Machine } else { About::Writer }, u64::from(first.from)));
    let others = || letters.iter().skip(1).map(|letter| letter.acting).filter(|who| *who != first.acting);
    found.extend(others().next().map(|who| (About::Answerer, u64::from(who))));
    let mut turn: Vec<u32> = Vec::new();
    for who in letters.iter().skip(1).filter(|one| mail.who(one.acting) != Who::Outside).map(|one| one.acting) {
        if who != first.acting && !turn.contains(&who) {
            turn.push(who);
        }
    }
    if let [second, third, ..] = turn.as_slice() {
        found.push((About::Path, number((*second, *third))));
    }
    let mut circle: Vec<u32> = first.to.iter().chain(&first.cc).copied().collect();
    circle.retain(|who| *who != first.from && mail.who(*who) == Who::Person);
    circle.sort_unstable();
    circle.dedup();
    if (3..=12).contains(&circle.len()) {
        found.push((About::Circle, number(&circle)));
    }
    let mut team: Vec<u32> = first.to.iter().copied().chain([first.acting]).collect();
    team.retain(|who| mail.who(*who) == Who::Person);
    team.sort_unstable();
    team.dedup();
    if (4..=12).contains(&team.len()) && !by_machine {
        found.push((About::Team, number(&team)));
    }
    of_turns(mail, letters, found);
    let sides: Vec<(u8, bool)> =
        letters.iter().take(5).map(|one| (mail.who(one.from) as u8, one.to.contains(&first.from))).collect();
    found.push((About::Shape, number(&sides)));
}

/// So many turns of a run are looked at.
const MOST_TURNS: usize = 4;

/// What goes through three hands or more: who hands it on, and in which turns.
fn of_turns(mail: &Mail, letters: &[&Letter], found: &mut Vec<Feature>) {
    let mut turns: Vec<(u32, u32)> = Vec::new();
    for letter in letters.iter().take(12) {
        let Some(to) = letter.to.iter().copied().find(|to| *to != letter.acting && *to != letter.from) else {
            continue;
        };
        let turn = (letter.acting, to);
        if !turns.contains(&turn) && turns.len() < MOST_TURNS {
            turns.push(turn);
        }
    }
    let mut people: Vec<u32> = Vec::new();
    for who in turns.iter().flat_map(|(from, to)| [*from, *to]) {
        if !people.contains(&who) {
            people.push(who);
        }
    }
    if people.len() < 3 {
        return;
    }
    let side = |who: u32| match mail.who(who) {
        Who::Shared | Who::List => Who::Person as u8,
        other => other as u8,
    };
    let ours = |who: u32| side(who) == Who::Person as u8;
    // He gets it from one and gives it to another.
    let handed_on = turns.windows(2).find(|pair| pair[0].1 == pair[1].0 && pair[0].0 != pair[1].1 && ours(pair[1].0));
    if let Some([(from, hub), (_, to)]) = handed_on {
        found.push((About::Relay, number((*hub, people[0] == *hub, side(*from), side(*to)))));
    }
    let part = |who: u32| turns.iter().filter(|(from, to)| *from == who || *to == who).count();
    let hub = people.iter().copied().filter(|who| ours(*who)).rev().max_by_key(|who| part(*who));
    if let Some(hub) = hub {
        let at = |who: u32| people.iter().position(|one| *one == who).unwrap_or(0) as u8;
        let path: Vec<(u8, u8)> = turns.iter().take(3).map(|(from, to)| (at(*from), at(*to))).collect();
        found.push((About::Turns, number((hub, path))));
    }
}
