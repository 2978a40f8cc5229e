//! Words of an answer by which what was asked before is done, and the order in which a sender writes dates.

use crate::model::action::{Closing, ClosingKind, DateOrder};
use crate::model::message::Facts;
use crate::signal::Signals;

/// Reads how an answer closes what was asked; nothing for a message that answers none.
pub fn read(facts: &Facts, signals: &Signals) -> Vec<Closing> {
    if !is_answer(facts) {
        return Vec::new();
    }
    const KINDS: [(&[&str], ClosingKind); 3] = [
        (&["done"], ClosingKind::Done),
        (&["attachment"], ClosingKind::Delivered),
        (&["approval_given", "approval_refused"], ClosingKind::Decided),
    ];
    KINDS
        .iter()
        .filter_map(|(names, kind)| {
            let signal = signals.found.iter().find(|signal| names.contains(&signal.name))?;
            Some(Closing { kind: *kind, words: signal.excerpt.clone(), place: signal.place.clone() })
        })
        .collect()
}

fn is_answer(facts: &Facts) -> bool {
    if !facts.in_reply_to.is_empty() || !facts.references.is_empty() {
        return true;
    }
    let subject = facts.subject.as_deref().unwrap_or_default().trim_start();
    const MARKS: [&str; 9] = ["re:", "re ", "re[", "aw:", "antw:", "sv:", "vs:", "rif:", "tr:"];
    MARKS.iter().any(|mark| subject.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)))
}

/// Counts dates that can be read in one order only, in the sender's own words.
pub fn date_order(facts: &Facts, signals: &Signals) -> DateOrder {
    let mut order = DateOrder::default();
    for (start, end) in &signals.spoken {
        let bytes = &facts.body_text.as_bytes()[*start..*end];
        for at in memchr::memchr_iter(b'/', bytes) {
            match two(bytes, at) {
                Some((13..=31, 1..=12)) => order.day_first += 1,
                Some((1..=12, 13..=31)) => order.month_first += 1,
                _ => {}
            }
        }
    }
    order
}

/// The numbers of one or two digits on both sides of a stroke that begins a date.
fn two(bytes: &[u8], at: usize) -> Option<(u32, u32)> {
    let digit =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    let before = |back: usize| digit(at.checked_sub(back));
    let after = |on: usize| digit(at.checked_add(on));
    let first = match (before(2), before(1)?) {
        (Some(tens), ones) => 10 * tens + ones,
        (None, ones) => ones,
    };
    let width = if before(2).is_some() { 3 } else { 2 };
    let lead = at.checked_sub(width).and_then(|at| bytes.get(at));
    if lead.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'$')) {
        return None;
    }
    let second = match (after(1)?, after(2)) {
        (tens, Some(ones)) => 10 * tens + ones,
        (ones, None) => ones,
    };
    let on = if after(2).is_some() { 3 } else { 2 };
    (after(on).is_none() && before(3).is_none()).then_some((first, second))
}
