//! Reports and notices that come by the clock: the same sender, the same masked subject, a cadence.

use super::case::Case;
use super::letter::{Letter, Mail, Who};
use crate::discover::estate::cadence::{self, Cadence};
use foldhash::HashMap;

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
/// Where only the file is the same, more are needed.
const FEWEST_WORDED: usize = 6;
/// Where the days vary, too.
const FEWEST_BY_HAND: usize = 8;

/// By what messages of one sender are put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sign {
    /// The masked subject.
    Subject,
    /// The masked name of the first file: whoever words it anew each time sends the same file.
    File,
    /// Who gets a file or filled fields with it: a list of several whom somebody writes to each week, whatever he calls it.
    Readers,
}

impl Sign {
    fn of(self, mail: &Mail, letter: &Letter) -> Vec<u32> {
        let named = |file: &&u32| mail.words.text(**file).chars().filter(|c| c.is_alphabetic()).count() >= 7;
        match self {
            Sign::Subject => letter.tokens.clone(),
            Sign::File => letter.files.iter().take(1).filter(named).copied().collect(),
            Sign::Readers if letter.files.is_empty() && letter.fields.len() < 2 || letter.to.len() < 2 => Vec::new(),
            Sign::Readers => {
                let mut to: Vec<u32> = letter.to.iter().take(12).copied().collect();
                to.sort_unstable();
                to
            }
        }
    }
}

/// Finds what comes by the clock among the runs that are not `taken`, and takes it: first what is exact, then what a person
/// does about every week or month.
pub fn rhythms(mail: &Mail, cases: &[Case], taken: &mut [bool]) -> Vec<Rhythm> {
    let mut found = group(mail, cases, taken, Sign::Subject, (FEWEST, cadence::read));
    found.extend(group(mail, cases, taken, Sign::File, (FEWEST_WORDED, cadence::read)));
    found.extend(group(mail, cases, taken, Sign::Readers, (FEWEST_BY_HAND, cadence::read)));
    found.extend(group(mail, cases, taken, Sign::File, (FEWEST_BY_HAND, cadence::by_hand)));
    found.extend(group(mail, cases, taken, Sign::Subject, (FEWEST_BY_HAND, cadence::by_hand)));
    found.extend(group(mail, cases, taken, Sign::Readers, (FEWEST_BY_HAND, cadence::by_hand)));
    found.sort_by(|one, other| one.cases.cmp(&other.cases));
    found
}

type Reading = (usize, fn(&[i64]) -> Cadence);

fn group(mail: &Mail, cases: &[Case], taken: &mut [bool], sign: Sign, (fewest, read): Reading) -> Vec<Rhythm> {
    let mut groups: HashMap<Notice, Vec<u32>> = HashMap::default();
    for (index, case) in (0u32..).zip(cases) {
        let Some(first) = case.letters.first().map(|at| &mail.letters[*at as usize]) else { continue };
        let outside = mail.who(first.from) == Who::Outside && !first.by_machine;
        if taken[index as usize] || first.bulk || outside || first.opening != crate::model::subject::Opening::New {
            continue;
        }
        let sign = sign.of(mail, first);
        if sign.iter().any(|word| *word != mail.hole) {
            groups.entry((first.from, sign)).or_default().push(index);
        }
    }
    let mut groups: Vec<(Notice, Vec<u32>)> = groups.into_iter().filter(|(_, all)| all.len() >= fewest).collect();
    groups.sort();
    let mut found = Vec::new();
    for (_, all) in groups {
        let first = |index: &u32| &mail.letters[cases[*index as usize].letters[0] as usize];
        let mut times: Vec<i64> = all.iter().map(|index| first(index).local).collect();
        times.sort_unstable();
        let cadence = read(&times);
        // What people answer as a rule is asked for, not reported.
        let answered = all.iter().filter(|index| cases[**index as usize].letters.len() > 1).count();
        if cadence.is_regular() && answered * 2 <= all.len() {
            all.iter().for_each(|index| taken[*index as usize] = true);
            found.push(Rhythm { cases: all, cadence });
        }
    }
    found
}
