//! Runs: threads, joined by what they are about.
//!
//! Two threads that name the same identifier are one run if they are close in time and share people or both name it in
//! the subject. Identifiers that too many threads name (a customer, a telephone) and threads that name many identifiers (a
//! list of open orders) join nothing.

use super::letter::{Letter, Mail};
use crate::model::cue;
use foldhash::{HashMap, HashSet};

/// One run, or what may be one.
#[derive(Clone, Debug)]
pub struct Case {
    /// Indices of its letters in the order of time.
    pub letters: Vec<u32>,
}

/// More threads than that with one identifier are no run.
const MOST_THREADS: usize = 12;
/// A thread with more identifiers than that is a list.
const MOST_KEYS: usize = 5;
const DAY: i64 = 86_400;
/// So long may a run rest.
const REST_DAYS: i64 = 60;
/// More letters than that are a discussion.
const MOST_LETTERS: usize = 60;
/// So long may a run take.
const LONGEST_DAYS: i64 = 400;

/// Puts letters into runs, in the order of their first letters.
pub fn cases(mail: &Mail) -> Vec<Case> {
    let mut of_thread: HashMap<i64, u32> = HashMap::default();
    let thread_of: Vec<u32> = mail
        .letters
        .iter()
        .map(|letter| {
            let next = of_thread.len() as u32;
            // A letter without a thread stands alone.
            let thread = if letter.thread == 0 { -letter.message_id } else { letter.thread };
            *of_thread.entry(thread).or_insert(next)
        })
        .collect();
    let mut parent: Vec<u32> = (0..of_thread.len() as u32).collect();
    join_by_keys(mail, &thread_of, &mut parent);
    join_by_documents(mail, &thread_of, &mut parent);
    let mut found: HashMap<u32, usize> = HashMap::default();
    let mut cases: Vec<Case> = Vec::new();
    for (index, thread) in (0u32..).zip(&thread_of) {
        let letter = &mail.letters[index as usize];
        // Somebody's being away is no step.
        if letter.for_absent || letter.cues & cue::AUTOMATIC != 0 && !letter.keys.iter().any(|key| key.in_subject) {
            continue;
        }
        let root = find(&mut parent, *thread);
        let at = *found.entry(root).or_insert_with(|| {
            cases.push(Case { letters: Vec::new() });
            cases.len() - 1
        });
        cases[at].letters.push(index);
    }
    for case in &mut cases {
        case.letters.sort_by_key(|index| (mail.letters[*index as usize].at, *index));
    }
    cases.retain(|case| {
        let time = |index: Option<&u32>| index.map_or(0, |index| mail.letters[*index as usize].at);
        case.letters.len() <= MOST_LETTERS
            && time(case.letters.last()) - time(case.letters.first()) <= LONGEST_DAYS * DAY
    });
    cases
}

fn find(parent: &mut [u32], one: u32) -> u32 {
    let mut at = one;
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

fn unite(parent: &mut [u32], one: u32, other: u32) {
    let (one, other) = (find(parent, one), find(parent, other));
    parent[one.max(other) as usize] = one.min(other);
}

fn distinct(threads: impl Iterator<Item = u32>) -> usize {
    threads.collect::<HashSet<u32>>().len()
}

fn join_by_keys(mail: &Mail, thread_of: &[u32], parent: &mut [u32]) {
    let mut keys_of: HashMap<u32, Vec<u32>> = HashMap::default();
    let mut named: Vec<(u32, i64, u32, bool, u32)> = Vec::new();
    for (index, letter) in (0u32..).zip(&mail.letters) {
        if is_list(letter) {
            continue;
        }
        for key in &letter.keys {
            let known = keys_of.entry(thread_of[index as usize]).or_default();
            if known.len() <= MOST_KEYS && !known.contains(&key.core) {
                known.push(key.core);
            }
            named.push((key.core, letter.at, index, key.in_subject, key.value));
        }
    }
    named.sort_unstable();
    for group in named.chunk_by(|one, other| one.0 == other.0) {
        if !(2..=MOST_THREADS).contains(&distinct(group.iter().map(|one| thread_of[one.2 as usize]))) {
            continue;
        }
        let usable: Vec<_> = group
            .iter()
            .filter(|one| keys_of.get(&thread_of[one.2 as usize]).is_none_or(|keys| keys.len() <= MOST_KEYS))
            .collect();
        for pair in usable.windows(2) {
            let (one, other) = (&mail.letters[pair[0].2 as usize], &mail.letters[pair[1].2 as usize]);
            let near = other.at - one.at <= REST_DAYS * DAY;
            // Written in two ways, or a number as short as many others, it may be two things: then people must agree.
            let long = mail.words.text(pair[0].4).bytes().filter(u8::is_ascii_digit).count() > 3;
            let same = long && pair[0].4 == pair[1].4 && pair[0].3 && pair[1].3;
            if near && (same || share_people(one, other)) {
                unite(parent, thread_of[pair[0].2 as usize], thread_of[pair[1].2 as usize]);
            }
        }
    }
}

/// Whether a letter names several things of one series: what is open, what is handed over.
fn is_list(letter: &Letter) -> bool {
    letter
        .keys
        .iter()
        .enumerate()
        .any(|(at, key)| letter.keys[..at].iter().any(|before| before.kind == key.kind && before.core != key.core))
}

/// A document that is in more threads is a form or a sign, and joins none.
const MOST_HANDOVERS: usize = 4;
/// And where one person sends it here and there.
const MOST_OWN: usize = 3;
/// So long may somebody keep a document before handing it on.
const HANDOVER_DAYS: i64 = 30;

/// A thread goes on in another where somebody sends on, in this or a later version, the document that was sent to him.
fn join_by_documents(mail: &Mail, thread_of: &[u32], parent: &mut [u32]) {
    let mut sent: Vec<(i64, i64, u32, i64)> = Vec::new();
    for (index, letter) in (0u32..).zip(&mail.letters) {
        sent.extend(letter.documents.iter().map(|(family, document)| (*family, letter.at, index, *document)));
    }
    sent.sort_unstable();
    for group in sent.chunk_by(|one, other| one.0 == other.0) {
        let threads = distinct(group.iter().map(|one| thread_of[one.2 as usize]));
        if !(2..=MOST_HANDOVERS).contains(&threads) {
            continue;
        }
        for pair in group.windows(2) {
            let (one, other) = (&mail.letters[pair[0].2 as usize], &mail.letters[pair[1].2 as usize]);
            let handed_on = one.from != other.from && (one.to.contains(&other.from) || one.cc.contains(&other.from));
            // The same person may go on with a later version elsewhere; the same form is only sent again.
            let went_on = one.from == other.from && pair[0].3 != pair[1].3 && threads <= MOST_OWN;
            if (handed_on || went_on) && other.at - one.at <= HANDOVER_DAYS * DAY && !name_different_things(one, other)
            {
                unite(parent, thread_of[pair[0].2 as usize], thread_of[pair[1].2 as usize]);
            }
        }
    }
}

/// Whether both have identifiers of one series in their subjects, and not the same.
fn name_different_things(one: &Letter, other: &Letter) -> bool {
    let named = |letter: &Letter| -> Vec<(u32, u32)> {
        letter.keys.iter().filter(|key| key.in_subject).map(|key| (key.kind, key.value)).collect()
    };
    let (one, other) = (named(one), named(other));
    one.iter().any(|(kind, _)| other.iter().any(|key| key.0 == *kind)) && !one.iter().any(|key| other.contains(key))
}

fn share_people(one: &Letter, other: &Letter) -> bool {
    let people = |letter: &Letter| -> Vec<u32> {
        let mut all = vec![letter.from, letter.acting];
        all.extend(letter.to.iter().take(8).chain(letter.cc.iter().take(8)));
        all
    };
    let known = people(one);
    people(other).iter().any(|who| known.contains(who))
}
