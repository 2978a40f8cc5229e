//! States that letters name themselves as a run goes on: a word in the subjects of a program (`OPEN`, `not acknowledged`,
//! `CLOSED`) and the marks of a file's versions (`v1`, `v2`, `final`).
//!
//! No list of such words: what differs between two subjects of one run that are the same otherwise, and recurs over the
//! runs with few values, is the name of a state. So it is with the names of files.

use std::collections::BTreeMap;

use super::letter::{Letter, Mail, Who};
use super::run::Run;
use crate::store::workflow::StateRow;

/// What fewer runs name is no state …
const FEWEST: usize = 2;
const FEWEST_FILES: usize = 3;
/// … nor what fewer of the runs do that name any: in a subject, in the name of a file.
const SHARE_OF_SUBJECTS: f64 = 0.05;
const SHARE_OF_FILES: f64 = 0.2;
/// So many of the runs must name any.
const RUNS: f64 = 0.3;
/// What has more values is no state.
const MOST: usize = 8;
/// A state has a name of so many words.
const MOST_WORDS: usize = 3;
/// Runs begin in one state: where the first words vary more, they say how grave it is, or for whom.
const FIRST: f64 = 0.6;
/// So many letters of a run are compared.
const MOST_LETTERS: usize = 24;

/// A text in words, for comparison and as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Words {
    plain: Vec<String>,
    written: Vec<String>,
}

impl Words {
    fn of(text: &str) -> Words {
        let written: Vec<String> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let plain = written.iter().map(|word| word.to_lowercase()).collect();
        Words { plain, written }
    }

    /// Where it differs from another that is the same otherwise.
    fn apart(&self, other: &Words) -> Option<std::ops::Range<usize>> {
        let (one, two) = (&self.plain, &other.plain);
        let least = one.len().min(two.len());
        let before = one.iter().zip(two).take_while(|(a, b)| a == b).count();
        let behind = one.iter().rev().zip(two.iter().rev()).take(least - before).take_while(|(a, b)| a == b).count();
        (before + behind > 0 && (before + behind) * 2 >= least).then(|| before..one.len() - behind)
    }
}

/// What names states.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sign {
    Subject,
    File,
}

/// The names that one run gives to its states, in order, each as compared and as written; what it begins with first.
type Named = Vec<(String, String)>;

/// The states that letters name, those of programs before those of files, in the order in which runs come through them.
pub fn rows(mail: &Mail, runs: &[Run<'_>], is_open: &dyn Fn(usize) -> bool) -> Vec<StateRow> {
    let mut rows = of_sign(Sign::Subject, mail, runs, is_open);
    rows.extend(of_sign(Sign::File, mail, runs, is_open));
    rows
}

fn of_sign(sign: Sign, mail: &Mail, runs: &[Run<'_>], is_open: &dyn Fn(usize) -> bool) -> Vec<StateRow> {
    let texts: Vec<Vec<(u32, Words)>> = runs.iter().map(|run| texts(sign, mail, run)).collect();
    let named: Vec<Named> = texts.iter().map(|texts| names(sign, mail, texts)).collect();
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for names in &named {
        for (at, (name, _)) in names.iter().enumerate() {
            let entry = counts.entry(name).or_default();
            let again = names[..at].iter().any(|(before, _)| before == name);
            entry.0 += usize::from(!again);
            entry.1 += usize::from(at > 0);
        }
        if let Some((name, _)) = names.first() {
            *first.entry(name).or_default() += 1;
        }
    }
    let all: usize = first.values().sum();
    let (share, fewest) =
        if sign == Sign::Subject { (SHARE_OF_SUBJECTS, FEWEST) } else { (SHARE_OF_FILES, FEWEST_FILES) };
    let least = (all as f64 * share).max(fewest as f64);
    let begins = first.values().any(|n| *n as f64 >= all as f64 * FIRST);
    let known: Vec<&str> = counts
        .into_iter()
        .filter(|(name, (n, later))| {
            let leads = first.get(name).is_some_and(|n| begins && *n as f64 >= all as f64 * FIRST);
            *n as f64 >= least && (leads || *later as f64 >= least && later * 2 >= *n)
        })
        .map(|(name, _)| name)
        .collect();
    if (all as f64) < runs.len() as f64 * RUNS {
        return Vec::new();
    }
    let mut rows = count(sign, &known, &named, is_open);
    if sign == Sign::File {
        keep_versions(&mut rows);
    }
    if rows.len() > MOST { Vec::new() } else { rows }
}

/// Versions are numbered; of other words in the names of files those say a state in which runs come to rest (`final`), and
/// the rest name a kind of document or a person.
fn keep_versions(rows: &mut Vec<StateRow>) {
    let series = |row: &StateRow| {
        let letters = row.label.trim_end_matches(|c: char| c.is_ascii_digit());
        (!letters.is_empty() && letters.len() < row.label.len()).then(|| letters.to_lowercase())
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    rows.iter().filter_map(series).for_each(|letters| *counts.entry(letters).or_default() += 1);
    let rests: u32 = rows.iter().map(|row| row.runs).sum();
    if !counts.values().any(|n| *n > 1) {
        rows.clear();
    }
    rows.retain(|row| match series(row) {
        Some(letters) => counts[&letters] > 1,
        None => f64::from(row.runs) >= f64::from(rests) * SHARE_OF_FILES,
    });
}

/// What a run's letters say that may name its states, with whom they are compared.
fn texts(sign: Sign, mail: &Mail, run: &Run<'_>) -> Vec<(u32, Words)> {
    let letters = run.letters(mail).take(MOST_LETTERS);
    match sign {
        Sign::Subject => {
            let by_program = |letter: &&Letter| letter.by_machine || mail.who(letter.from) == Who::Machine;
            let of = |letter: &Letter| (letter.from, Words::of(mail.words.text(letter.subject)));
            letters.filter(by_program).map(of).collect()
        }
        Sign::File => {
            let names = letters.flat_map(|letter| letter.names.iter().map(|name| mail.words.text(*name)));
            let stem = |name: &str| Words::of(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
            names.map(stem).filter(|words| !words.plain.is_empty()).take(MOST_LETTERS).map(|words| (0, words)).collect()
        }
    }
}

fn names(sign: Sign, mail: &Mail, texts: &[(u32, Words)]) -> Named {
    let mut found: Named = Vec::new();
    for (at, (by, words)) in texts.iter().enumerate() {
        let others = texts.iter().enumerate().filter(|(other, (from, _))| *other != at && from == by);
        let mut apart =
            others.filter_map(|(_, (_, other))| words.apart(other)).filter(|apart| apart.len() <= MOST_WORDS);
        let apart = match sign {
            Sign::Subject => apart.find(|apart| !apart.is_empty()),
            // `v1` beside `v1_comments` says less than beside `v2`.
            Sign::File => apart.max_by_key(|apart| (apart.len(), std::cmp::Reverse(apart.start))),
        };
        let Some(apart) = apart else { continue };
        let (plain, written) = (&words.plain[apart.clone()], &words.written[apart]);
        match sign {
            Sign::Subject if plain.iter().all(|word| word.chars().all(char::is_alphabetic)) => {
                found.push((plain.join(" "), written.join(" ")));
            }
            Sign::Subject => {}
            Sign::File => {
                let is_name = |word: &str| mail.words.find(word).is_some_and(|word| mail.names.contains(&word));
                let marks = plain.iter().zip(written);
                let marks = marks.filter(|(word, _)| word.len() <= 12 && word.chars().any(char::is_alphabetic));
                found.extend(marks.filter(|(word, _)| !is_name(word)).map(|(a, b)| (a.clone(), b.clone())));
            }
        }
    }
    found
}

fn count(sign: Sign, known: &[&str], named: &[Named], is_open: &dyn Fn(usize) -> bool) -> Vec<StateRow> {
    struct Part {
        written: BTreeMap<String, u32>,
        place: f64,
        seen: u32,
        runs: u32,
        open_runs: u32,
    }
    let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
    for (run, names) in named.iter().enumerate() {
        let names: Vec<&(String, String)> = names.iter().filter(|(name, _)| known.contains(&name.as_str())).collect();
        for (at, (name, written)) in names.iter().enumerate() {
            let part = parts.entry(name.as_str()).or_insert_with(|| Part {
                written: BTreeMap::new(),
                place: 0.0,
                seen: 0,
                runs: 0,
                open_runs: 0,
            });
            *part.written.entry(written.clone()).or_default() += 1;
            part.place += at as f64;
            part.seen += 1;
            if at + 1 == names.len() {
                part.runs += 1;
                part.open_runs += u32::from(is_open(run));
            }
        }
    }
    let rests: u32 = parts.values().map(|part| part.runs).sum();
    let mut rows: Vec<(f64, StateRow)> = parts
        .into_values()
        .map(|part| {
            let label = part.written.iter().max_by(|one, other| one.1.cmp(other.1).then(other.0.cmp(one.0)));
            let row = StateRow {
                kind: if sign == Sign::Subject { "subject" } else { "version" },
                mailbox: String::new(),
                label: label.map(|(label, _)| label.clone()).unwrap_or_default(),
                runs: part.runs,
                open_runs: part.open_runs,
                is_last: part.runs * 2 > rests,
            };
            (part.place / f64::from(part.seen), row)
        })
        .collect();
    rows.sort_by(|one, other| one.0.total_cmp(&other.0).then_with(|| one.1.label.cmp(&other.1.label)));
    rows.into_iter().map(|(_, row)| row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_two_differ() {
        let apart = |one: &str, other: &str| {
            let words = Words::of(one);
            words.apart(&Words::of(other)).map(|range| words.written[range].join(" "))
        };
        assert_eq!(apart("[T-1] OPEN: camera 2", "[T-1] CLOSED: camera 2").as_deref(), Some("OPEN"));
        assert_eq!(apart("Not acknowledged: camera 2", "camera 2").as_deref(), Some("Not acknowledged"));
        assert_eq!(apart("camera 2", "Not acknowledged: camera 2").as_deref(), Some(""));
        assert_eq!(apart("list_v1", "list_v2_final").as_deref(), Some("v1"));
        assert_eq!(apart("list_v2_final", "list_v1").as_deref(), Some("v2 final"));
        assert_eq!(apart("camera 2", "weekly report"), None);
        assert_eq!(apart("a a", "a a a").as_deref(), Some(""));
    }
}
