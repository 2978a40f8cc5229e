//! What the runs of a process have in common as numbers: transitions with waits and conditions, people with shares, fields.

use std::collections::{BTreeMap, HashMap};

use super::activity::Activity;
use super::letter::{Letter, Mail};
use super::run::{Run, role};
use crate::store::workflow::{FieldRow, PersonRow, TransitionRow};

const HOUR: f64 = 3600.0;
/// A field must be filled in so many of the runs.
const FIELD_SHARE: f64 = 0.3;
/// An amount divides two ways if so many runs of each lie on their side.
const DIVIDES: f64 = 0.8;

/// A part of sorted numbers; `None` of none.
pub fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let at = ((sorted.len() as f64 - 1.0) * part).round();
    sorted.get(at as usize).copied()
}

/// Which step follows which, how often and after how long.
pub fn transitions(mail: &Mail, runs: &[Run<'_>]) -> Vec<TransitionRow> {
    struct Way {
        runs: u32,
        waits: Vec<f64>,
        amounts: Vec<i64>,
    }
    let mut ways: BTreeMap<(Activity, Activity), Way> = BTreeMap::new();
    for run in runs {
        let letters: Vec<&Letter> = run.letters(mail).collect();
        let mut seen: Vec<(Activity, Activity)> = Vec::new();
        for (at, pair) in run.steps.windows(2).enumerate() {
            let key = (pair[0].0, pair[1].0);
            let way = ways.entry(key).or_insert_with(|| Way { runs: 0, waits: Vec::new(), amounts: Vec::new() });
            way.waits.push((letters[at + 1].at - letters[at].at) as f64 / HOUR);
            if !seen.contains(&key) {
                seen.push(key);
                way.runs += 1;
                way.amounts.extend(run.amount(mail));
            }
        }
    }
    let mut rows = Vec::new();
    for ((from, to), way) in &ways {
        let mut waits = way.waits.clone();
        waits.sort_by(f64::total_cmp);
        let others: Vec<i64> = ways
            .iter()
            .filter(|((one, other), _)| one == from && other != to)
            .flat_map(|(_, way)| way.amounts.iter().copied())
            .collect();
        let mut condition = amount_condition(&way.amounts, &others);
        if condition.is_empty() && matches!(to, Activity::Remind | Activity::Escalate) {
            let days = quantile(&waits, 0.5).unwrap_or(0.0) / 24.0;
            condition = format!("no answer for about {days:.1} days");
        }
        rows.push(TransitionRow {
            from: from.as_str(),
            to: to.as_str(),
            runs: way.runs,
            wait_p50_hours: quantile(&waits, 0.5),
            wait_p90_hours: quantile(&waits, 0.9),
            condition,
        });
    }
    rows
}

/// `amount over 5,000.00` if that tells these runs from the others.
fn amount_condition(here: &[i64], others: &[i64]) -> String {
    if here.len() < 4 || others.len() < 4 {
        return String::new();
    }
    let mut all: Vec<(i64, bool)> = here.iter().map(|a| (*a, true)).chain(others.iter().map(|a| (*a, false))).collect();
    all.sort_unstable();
    let (total_here, total_others) = (here.len() as f64, others.len() as f64);
    let (mut below_here, mut below_others) = (0.0, 0.0);
    let mut best: Option<(f64, String)> = None;
    for pair in all.windows(2) {
        if pair[0].1 {
            below_here += 1.0
        } else {
            below_others += 1.0
        }
        if pair[0].0 == pair[1].0 {
            continue;
        }
        let over = ((total_here - below_here) / total_here).min(below_others / total_others);
        let under = (below_here / total_here).min((total_others - below_others) / total_others);
        let (share, word) = if over >= under { (over, "over") } else { (under, "up to") };
        if share >= DIVIDES && best.as_ref().is_none_or(|(known, _)| share > *known) {
            best = Some((share, format!("amount {word} {}", money(pair[0].0))));
        }
    }
    best.map(|(_, text)| text).unwrap_or_default()
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
    let mut totals: HashMap<Activity, u32> = HashMap::new();
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
        if first.cues & crate::model::cue::DEADLINE != 0 {
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
    fn amounts_that_divide() {
        let small: Vec<i64> = (1..20).map(|n| n * 10_000).collect();
        let large: Vec<i64> = (1..20).map(|n| 500_000 + n * 10_000).collect();
        assert_eq!(amount_condition(&large, &small), "amount over 1900.00");
        assert_eq!(amount_condition(&small, &large), "amount up to 1900.00");
        assert_eq!(amount_condition(&small, &small), "");
        assert_eq!(amount_condition(&small[..3], &large), "");
    }

    #[test]
    fn quantiles() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[1.0, 2.0, 9.0], 0.5), Some(2.0));
        assert_eq!(quantile(&[1.0, 2.0, 9.0], 0.9), Some(9.0));
    }
}
