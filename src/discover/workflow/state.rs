//! In which state a run is: the folder of a shared mailbox, or the keyword, that its last message has.
//!
//! Which folders and keywords stand for a state is learned from the process itself: one set of them takes most of its runs,
//! again and again. Names only help: a folder that is called "done" is one in anybody's mailbox.

use std::collections::BTreeMap;

use super::letter::{Letter, Mail};
use super::run::Run;
use crate::store::workflow::StateRow;
use foldhash::{HashMap, HashSet};

/// A folder or keyword that stands for a state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct State {
    /// Number of the mailbox; of nothing for keywords.
    pub mailbox: u32,
    /// Number of the folder or keyword.
    pub label: u32,
    /// Whether it is a folder.
    pub is_folder: bool,
}

/// The states of one process.
#[derive(Clone, Debug, Default)]
pub struct States {
    known: HashSet<State>,
    last: HashSet<State>,
}

/// Keywords of mail programs, which say nothing of the work.
const PROGRAM_KEYWORDS: [&str; 8] =
    ["junk", "nonjunk", "notjunk", "forwarded", "redirected", "mdnsent", "old", "non-junk"];
/// So many of the runs must have one of the states.
const RUNS: f64 = 0.3;
/// What fewer runs have is no state.
const FEWEST: usize = 2;
/// A state in which the runs rest that are over: so many of all …
const LAST: f64 = 0.5;

/// Keywords that people gave, from `message.flags`.
pub fn keywords(flags: &str) -> impl Iterator<Item = &str> {
    flags.split(' ').filter(|flag| {
        let bare = flag.trim_start_matches('$').to_ascii_lowercase();
        !flag.is_empty() && !flag.starts_with('\\') && !PROGRAM_KEYWORDS.contains(&bare.as_str())
    })
}

fn of_letter(mail: &Mail, letter: &Letter) -> Vec<State> {
    let made = letter.places.iter().filter(|place| mail.made_folders.contains_key(place));
    let folders = made.map(|(mailbox, label)| State { mailbox: *mailbox, label: *label, is_folder: true });
    let marks = letter.marks.iter().map(|label| State { mailbox: mail.hole, label: *label, is_folder: false });
    folders.chain(marks).collect()
}

impl States {
    /// Learns which folders and keywords are states of these runs.
    pub fn of(mail: &Mail, runs: &[Run<'_>]) -> States {
        let mut sets: BTreeMap<(bool, u32), BTreeMap<State, usize>> = BTreeMap::new();
        let mut covered: HashMap<(bool, u32), usize> = HashMap::default();
        for run in runs {
            let mut found: Vec<State> = run.letters(mail).flat_map(|letter| of_letter(mail, letter)).collect();
            found.sort_unstable();
            found.dedup();
            let mut seen: HashSet<(bool, u32)> = HashSet::default();
            for state in found {
                let set = (state.is_folder, state.mailbox);
                *sets.entry(set).or_default().entry(state).or_default() += 1;
                if seen.insert(set) {
                    *covered.entry(set).or_default() += 1;
                }
            }
        }
        let mut states = States::default();
        for (set, counts) in sets {
            let shared = !set.0 || mail.shared_mailboxes.contains(&set.1);
            let kept: Vec<(State, usize)> = counts
                .into_iter()
                .filter(|(state, n)| shared && *n >= FEWEST || mail.is_named_state(state.mailbox, state.label))
                .collect();
            // One folder for all is where they are filed; states are several.
            if kept.len() >= 2 && covered[&set] as f64 >= runs.len() as f64 * RUNS {
                states.known.extend(kept.iter().map(|(state, _)| *state));
            }
        }
        states.find_last(mail, runs);
        states
    }

    /// The state where most older runs lie, and what is called so.
    fn find_last(&mut self, mail: &Mail, runs: &[Run<'_>]) {
        let mut counts: HashMap<State, usize> = HashMap::default();
        let mut all = 0;
        for state in runs.iter().filter_map(|run| self.of_run(mail, run)) {
            *counts.entry(state).or_default() += 1;
            all += 1;
        }
        let most = |(state, n): (State, usize)| (n as f64 >= f64::from(all) * LAST).then_some(state);
        self.last = counts.into_iter().filter_map(most).collect();
    }

    /// The state of a run: that of its last message that has one.
    pub fn of_run(&self, mail: &Mail, run: &Run<'_>) -> Option<State> {
        let letters: Vec<&Letter> = run.letters(mail).collect();
        let known = |letter: &&&Letter| of_letter(mail, letter).into_iter().any(|state| self.known.contains(&state));
        let last = letters.iter().rev().find(known)?;
        of_letter(mail, last).into_iter().find(|state| self.known.contains(state))
    }

    /// Whether runs in this state are over.
    pub fn is_last(&self, state: State) -> bool {
        self.last.contains(&state)
    }

    /// As rows, most runs first. `is_open` says it of each run.
    pub fn rows(&self, mail: &Mail, runs: &[Run<'_>], is_open: &dyn Fn(usize) -> bool) -> Vec<StateRow> {
        let mut counts: BTreeMap<State, (u32, u32)> = BTreeMap::new();
        for (at, run) in runs.iter().enumerate() {
            if let Some(state) = self.of_run(mail, run) {
                let entry = counts.entry(state).or_default();
                entry.0 += 1;
                entry.1 += u32::from(is_open(at));
            }
        }
        let mut rows: Vec<StateRow> = counts
            .into_iter()
            .map(|(state, (runs, open_runs))| StateRow {
                kind: if state.is_folder { "folder" } else { "keyword" },
                mailbox: if state.is_folder { mail.words.text(state.mailbox).to_owned() } else { String::new() },
                label: mail.words.text(state.label).to_owned(),
                runs,
                open_runs,
                is_last: self.is_last(state),
            })
            .collect();
        rows.sort_by(|one, other| other.runs.cmp(&one.runs).then_with(|| one.label.cmp(&other.label)));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::keywords;

    #[test]
    fn keywords_of_people() {
        let found: Vec<&str> = keywords("$Forwarded $Label4 Junk \\Answered \\Seen waiting").collect();
        assert_eq!(found, ["$Label4", "waiting"]);
    }
}
