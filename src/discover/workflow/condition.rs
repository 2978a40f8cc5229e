//! Why runs go one way and not the other: an amount, a customer, who asks, a word of the subject, a file.

use std::collections::{BTreeMap, BTreeSet};

use super::feature::COMMON;
use super::letter::{Mail, Who};
use super::run::Run;

/// A condition holds in so many of the runs that go this way, and in no more than the rest of those that do not.
const DIVIDES: f64 = 0.8;
/// What fewer runs show is chance.
const FEWEST: usize = 4;

/// What is known of a run before it divides.
#[derive(Clone, Debug, Default)]
pub struct Circumstances {
    amount: Option<i64>,
    /// As they are written into the dossier.
    marks: BTreeSet<String>,
}

impl Circumstances {
    /// Those of a run, from its first message.
    pub fn of(mail: &Mail, run: &Run<'_>) -> Circumstances {
        let first = run.first(mail);
        let mut marks: BTreeSet<String> = BTreeSet::new();
        let outside =
            [first.from].into_iter().chain(first.to.iter().copied()).filter(|who| mail.who(*who) == Who::Outside);
        for domain in outside.filter_map(|who| mail.words.text(who).rsplit_once('@')).map(|(_, domain)| domain) {
            marks.insert(format!("customer or supplier {domain}"));
        }
        if mail.who(first.acting) != Who::Outside {
            marks.insert(format!("from {}", mail.words.text(first.acting)));
        }
        for to in first.to.iter().filter(|to| mail.who(**to) != Who::Outside) {
            marks.insert(format!("sent to {}", mail.words.text(*to)));
        }
        for word in first.tokens.iter().filter(|word| **word != mail.hole && !mail.names.contains(word)) {
            let text = mail.words.text(*word);
            if !COMMON.contains(&text) {
                marks.insert(format!("\"{text}\" in the subject"));
            }
        }
        if !first.files.is_empty() {
            marks.insert("with a file".to_owned());
        }
        Circumstances { amount: run.amount(mail), marks }
    }
}

/// What tells these runs from the others; empty if nothing does.
pub fn condition(here: &[&Circumstances], others: &[&Circumstances]) -> String {
    if here.len() < FEWEST || others.len() < FEWEST {
        return String::new();
    }
    let amounts = |all: &[&Circumstances]| -> Vec<i64> { all.iter().filter_map(|one| one.amount).collect() };
    let by_amount = amount(&amounts(here), &amounts(others));
    let by_mark = mark(here, others);
    match (by_amount, by_mark) {
        (Some((share, text)), mark) if mark.as_ref().is_none_or(|(other, _)| share >= *other) => text,
        (_, Some((_, text))) => text,
        (_, None) => String::new(),
    }
}

fn mark(here: &[&Circumstances], others: &[&Circumstances]) -> Option<(f64, String)> {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for one in here {
        one.marks.iter().for_each(|mark| counts.entry(mark).or_default().0 += 1);
    }
    for one in others {
        one.marks.iter().for_each(|mark| counts.entry(mark).or_default().1 += 1);
    }
    let part = |n: usize, of: &[&Circumstances]| n as f64 / of.len() as f64;
    let shares = counts.into_iter().map(|(mark, (n, m))| (part(n, here).min(1.0 - part(m, others)), mark));
    let best = shares
        .filter(|(share, _)| *share >= DIVIDES)
        .max_by(|one, other| one.0.total_cmp(&other.0).then_with(|| other.1.cmp(one.1)));
    best.map(|(share, mark)| (share, mark.to_owned()))
}

/// `amount over 5000.00` if that tells these amounts from the others, with the share that it tells rightly.
fn amount(here: &[i64], others: &[i64]) -> Option<(f64, String)> {
    if here.len() < FEWEST || others.len() < FEWEST {
        return None;
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
            best = Some((share, format!("amount {word} {}", super::shape::money(pair[0].0))));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(found: Option<(f64, String)>) -> String {
        found.map(|(_, text)| text).unwrap_or_default()
    }

    #[test]
    fn amounts_that_divide() {
        let small: Vec<i64> = (1..20).map(|n| n * 10_000).collect();
        let large: Vec<i64> = (1..20).map(|n| 500_000 + n * 10_000).collect();
        assert_eq!(text(amount(&large, &small)), "amount over 1900.00");
        assert_eq!(text(amount(&small, &large)), "amount up to 1900.00");
        assert_eq!(text(amount(&small, &small)), "");
        assert_eq!(text(amount(&small[..3], &large)), "");
    }

    #[test]
    fn marks_that_divide() {
        let with =
            |mark: &str| Circumstances { amount: None, marks: [mark.to_owned(), "with a file".to_owned()].into() };
        let (north, south) = (with("customer or supplier north.example"), with("customer or supplier south.example"));
        let (here, others) = (vec![&north; 5], [vec![&south; 9], vec![&north; 1]].concat());
        assert_eq!(condition(&here, &others), "customer or supplier north.example");
        assert_eq!(condition(&here[..3], &others), "");
        assert_eq!(condition(&[&north, &south, &north, &south], &others[..9]), "");
    }
}
