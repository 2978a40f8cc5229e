//! Reports and notices that come by the clock: the same sender, the same masked subject, a cadence.

use std::collections::HashMap;

use super::case::Case;
use super::letter::{Mail, Who};
use crate::discover::estate::cadence::{self, Cadence};

/// Runs by the clock.
#[derive(Clone, Debug)]
pub struct Rhythm {
    /// Indices of runs, ascending.
    pub cases: Vec<u32>,
    /// When they come.
    pub cadence: Cadence,
}

/// A sender and the words of a masked subject.
type Notice = (u32, Vec<u32>);

/// Fewer runs show no cadence.
const FEWEST: usize = 4;

/// Finds what comes by the clock among the runs that are not `taken`, and takes it.
pub fn rhythms(mail: &Mail, cases: &[Case], taken: &mut [bool]) -> Vec<Rhythm> {
    let mut groups: HashMap<Notice, Vec<u32>> = HashMap::new();
    for (index, case) in (0u32..).zip(cases) {
        let Some(first) = case.letters.first().map(|at| &mail.letters[*at as usize]) else { continue };
        let outside = mail.who(first.from) == Who::Outside && !first.by_machine;
        if taken[index as usize] || first.bulk || outside || first.opening != crate::model::subject::Opening::New {
            continue;
        }
        if first.tokens.iter().any(|word| *word != mail.hole) {
            groups.entry((first.from, first.tokens.clone())).or_default().push(index);
        }
    }
    let mut groups: Vec<(Notice, Vec<u32>)> = groups.into_iter().filter(|(_, all)| all.len() >= FEWEST).collect();
    groups.sort();
    let mut found = Vec::new();
    for (_, all) in groups {
        let first = |index: &u32| &mail.letters[cases[*index as usize].letters[0] as usize];
        let mut times: Vec<i64> = all.iter().map(|index| first(index).local).collect();
        times.sort_unstable();
        let cadence = cadence::read(&times);
        // What people answer as a rule is asked for, not reported.
        let answered = all.iter().filter(|index| cases[**index as usize].letters.len() > 1).count();
        if cadence.is_regular() && answered * 2 <= all.len() {
            all.iter().for_each(|index| taken[*index as usize] = true);
            found.push(Rhythm { cases: all, cadence });
        }
    }
    found.sort_by(|one, other| one.cases.cmp(&other.cases));
    found
}
