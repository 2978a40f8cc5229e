//! What the runs of a process have in common as numbers: transitions with waits and conditions, people with shares, fields.

use std::collections::{BTreeMap, BTreeSet};

use super::activity::Activity;
use super::condition::{Circumstances, condition};
use super::letter::{Letter, Mail};
use super::run::{Run, role};
use crate::model::cue;
use crate::store::workflow::{ActivityRow, FieldRow, PersonRow, TransitionRow};
use foldhash::HashMap;

const HOUR: f64 = 3600.0;
/// A field must be filled in so many of the runs.
const FIELD_SHARE: f64 = 0.3;
/// A file is what a step gives or takes if it is there in so many of its steps.
const FILE_SHARE: f64 = 0.25;

/// A part of sorted numbers; `None` of none.
pub fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let at = ((sorted.len() as f64 - 1.0) * part).round();
    sorted.get(at as usize).copied()
}

/// A step and the one after it.
type Way = (Activity, Activity);

/// Which step follows which, how often, after how long, and under what condition.
pub fn transitions(mail: &Mail, runs: &[Run<'_>]) -> Vec<TransitionRow> {
    let mut ways: BTreeMap<Way, (Vec<usize>, Vec<f64>)> = BTreeMap::new();
    // How often the one who began the run goes on: only then is waiting the reason.
    let mut by_initiator: HashMap<Way, usize> = HashMap::default();
    for (number, run) in runs.iter().enumerate() {
        let letters: Vec<&Letter> = run.letters(mail).collect();
        for (at, pair) in run.steps.windows(2).enumerate() {
            let (taken, waits) = ways.entry((pair[0].0, pair[1].0)).or_default();
            waits.push((letters[at + 1].at - letters[at].at) as f64 / HOUR);
            if letters[at + 1].from == letters[0].from {
                *by_initiator.entry((pair[0].0, pair[1].0)).or_default() += 1;
            }
            if taken.last() != Some(&number) {
                taken.push(number);
            }
        }
    }
    let known: Vec<Circumstances> = runs.iter().map(|run| Circumstances::of(mail, run)).collect();
    let mut rows = Vec::new();
    for ((from, to), (taken, waits)) in &ways {
        let mut waits = waits.clone();
        waits.sort_by(f64::total_cmp);
        let here: Vec<&Circumstances> = taken.iter().map(|run| &known[*run]).collect();
        let elsewhere = ways.iter().filter(|((one, other), _)| one == from && other != to);
        let others: BTreeSet<usize> = elsewhere.flat_map(|(_, (runs, _))| runs.iter().copied()).collect();
        let others: Vec<&Circumstances> =
            others.difference(&taken.iter().copied().collect()).map(|run| &known[*run]).collect();
        let mut condition = condition(&here, &others);
        let waited = by_initiator.get(&(*from, *to)).is_some_and(|n| n * 2 > waits.len());
        if condition.is_empty() && waited && waits.len() > 1 && matches!(to, Activity::Remind | Activity::Escalate) {
            let days = quantile(&waits, 0.5).unwrap_or(0.0) / 24.0;
            condition = format!("no answer for about {days:.1} days");
        }
        rows.push(TransitionRow {
            from: from.as_str(),
            to: to.as_str(),
            runs: taken.len() as u32,
            wait_p50_hours: quantile(&waits, 0.5),
            wait_p90_hours: quantile(&waits, 0.9),
            condition,
        });
    }
    rows
}

/// What each activity takes and gives, and how long it lets wait.
pub fn activities(mail: &Mail, runs: &[Run<'_>]) -> Vec<ActivityRow> {
    #[derive(Default)]
    struct Part {
        steps: u32,
        starts: u32,
        before: BTreeMap<&'static str, u32>,
        after: BTreeMap<&'static str, u32>,
        takes: BTreeMap<u32, u32>,
        gives: BTreeMap<u32, u32>,
        waits: Vec<f64>,
    }
    let mut parts: BTreeMap<Activity, Part> = BTreeMap::new();
    for run in runs {
        let letters: Vec<&Letter> = run.letters(mail).collect();
        for (at, (activity, _)) in run.steps.iter().enumerate() {
            let part = parts.entry(*activity).or_default();
            part.steps += 1;
            letters[at].files.iter().for_each(|file| *part.gives.entry(*file).or_default() += 1);
            match at.checked_sub(1) {
                None => part.starts += 1,
                Some(before) => {
                    *part.before.entry(run.steps[before].0.as_str()).or_default() += 1;
                    letters[before].files.iter().for_each(|file| *part.takes.entry(*file).or_default() += 1);
                    part.waits.push((letters[at].at - letters[before].at) as f64 / HOUR);
                }
            }
            if let Some((next, _)) = run.steps.get(at + 1) {
                *part.after.entry(next.as_str()).or_default() += 1;
            }
        }
    }
    let files = |counts: BTreeMap<u32, u32>, of: u32| -> Vec<String> {
        let mut all: Vec<(u32, &str)> = counts.into_iter().map(|(file, n)| (n, mail.words.text(file))).collect();
        all.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        let often = all.into_iter().filter(|(n, _)| *n > 1 && f64::from(*n) >= f64::from(of) * FILE_SHARE);
        often.take(3).map(|(n, file)| format!("{file} ({n} of {of})")).collect()
    };
    let steps = |counts: BTreeMap<&'static str, u32>| -> Vec<String> {
        let mut all: Vec<(u32, &str)> = counts.into_iter().map(|(activity, n)| (n, activity)).collect();
        all.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
        all.into_iter().take(4).map(|(n, activity)| format!("{activity} ({n})")).collect()
    };
    parts
        .into_iter()
        .map(|(activity, mut part)| {
            part.waits.sort_by(f64::total_cmp);
            let start = (part.starts > 0).then(|| format!("start ({})", part.starts));
            let input: Vec<String> =
                start.into_iter().chain(steps(part.before)).chain(files(part.takes, part.steps)).collect();
            let output: Vec<String> = files(part.gives, part.steps).into_iter().chain(steps(part.after)).collect();
            ActivityRow {
                activity: activity.as_str(),
                input: input.join(", "),
                output: output.join(", "),
                wait_p50_hours: quantile(&part.waits, 0.5),
                wait_p90_hours: quantile(&part.waits, 0.9),
            }
        })
        .collect()
}

/// Hundredths with two decimals.
pub fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents.rem_euclid(100))
}

/// Who does what, most first.
pub fn persons(mail: &Mail, runs: &[Run<'_>]) -> Vec<PersonRow> {
    #[derive(Default)]
    struct Part {
        steps: u32,
        most: Option<i64>,
        roles: HashMap<&'static str, u32>,
    }
    let mut parts: BTreeMap<(Activity, u32), Part> = BTreeMap::new();
    let mut totals: HashMap<Activity, u32> = HashMap::default();
    for run in runs {
        let amount = run.amount(mail);
        for (letter, (activity, _)) in run.letters(mail).zip(&run.steps) {
            let part = parts.entry((*activity, letter.acting)).or_default();
            part.steps += 1;
            part.most = part.most.max(amount);
            *part.roles.entry(role(mail, run, letter, *activity)).or_default() += 1;
            *totals.entry(*activity).or_default() += 1;
        }
    }
    let mut rows: Vec<PersonRow> = parts
        .into_iter()
        .map(|((activity, actor), part)| {
            let mut roles: Vec<(u32, &str)> = part.roles.into_iter().map(|(role, n)| (n, role)).collect();
            roles.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
            PersonRow {
                activity: activity.as_str(),
                role: roles.first().map_or("handler", |(_, role)| role),
                actor: mail.words.text(actor).to_owned(),
                steps: part.steps,
                share: f64::from(part.steps) / f64::from(totals[&activity]),
                amount_max_cents: part.most,
            }
        })
        .collect();
    rows.sort_by(|one, other| {
        one.activity.cmp(other.activity).then(other.steps.cmp(&one.steps)).then(one.actor.cmp(&other.actor))
    });
    rows
}

/// What is filled in when a run starts: fields of forms, the series of identifiers, an amount, a date, a file.
pub fn fields(mail: &Mail, runs: &[Run<'_>]) -> Vec<FieldRow> {
    let mut found: BTreeMap<(u8, String), (u32, HashMap<char, u32>)> = BTreeMap::new();
    for run in runs {
        let mut seen: Vec<(u8, String)> = Vec::new();
        let mut add = |source: u8, label: String, kind: char| {
            if !seen.contains(&(source, label.clone())) {
                let entry = found.entry((source, label.clone())).or_default();
                entry.0 += 1;
                *entry.1.entry(kind).or_default() += 1;
                seen.push((source, label));
            }
        };
        for key in run.letters(mail).take(3).flat_map(|letter| letter.keys.iter()) {
            add(if key.in_subject { 0 } else { 2 }, mail.words.text(key.kind).to_owned(), 'k');
        }
        let first = run.first(mail);
        for (label, kind) in &first.fields {
            add(1, mail.words.text(*label).to_owned(), *kind);
        }
        if run.amount(mail).is_some() {
            add(2, "amount".to_owned(), 'm');
        }
        let of_form = first.fields.iter().any(|(_, kind)| *kind == 'd');
        if first.cues & cue::DAY != 0 && !of_form {
            add(2, "date".to_owned(), 'd');
        } else if first.due_firm && !of_form {
            add(2, "due date".to_owned(), 'd');
        }
        for file in first.files.iter().take(2) {
            add(3, mail.words.text(*file).to_owned(), 'f');
        }
    }
    let least = (runs.len() as f64 * FIELD_SHARE).max(2.0) as u32;
    let mut rows: Vec<FieldRow> = found
        .into_iter()
        .filter(|(_, (n, _))| *n >= least)
        .map(|((source, label), (runs, kinds))| {
            let kind = kinds.into_iter().max_by_key(|(kind, n)| (*n, *kind)).map_or('t', |(kind, _)| kind);
            FieldRow {
                label,
                kind: word(kind),
                runs,
                source: ["subject", "form", "text", "attachment"][usize::from(source)],
            }
        })
        .collect();
    rows.sort_by(|one, other| other.runs.cmp(&one.runs).then(one.label.cmp(&other.label)));
    rows.truncate(24);
    rows
}

fn word(kind: char) -> &'static str {
    match kind {
        'd' => "date",
        'm' => "amount",
        'n' => "number",
        'a' => "address",
        'k' => "identifier",
        'f' => "file",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0, 2.0, 9.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[1.0, 2.0, 9.0], 0.9), Some(9.0));
    }
}
