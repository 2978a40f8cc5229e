//! Measures threads on an inventory: hides References and In-Reply-To of a part of its messages in a copy, finds the threads
//! there anew, and compares them pair by pair with groups by headers: each message with the one it answers, with all of
//! References, and the same without answers to what is not here; and with the threads that the inventory had.
//!
//! `cargo run --release --example threads -- INVENTORY.db COPY.db [PERCENT] [SEED]`

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Context as _;
use mailcensus::model::subject::{Opening, base};
use mailcensus::store::Inventory;
use rusqlite::Connection;

const USAGE: &str = "threads INVENTORY.db COPY.db [PERCENT] [SEED]";

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, rest @ ..] = args.as_slice() else { anyhow::bail!(USAGE) };
    let number = |at: usize, usual: u64| rest.get(at).map_or(Ok(usual), |text| text.parse::<u64>()).context(USAGE);
    let (percent, seed) = (number(0, 20)?, number(1, 1)?);
    std::fs::copy(from, to)?;
    let db = Connection::open(to)?;
    let Truth { by_parent, by_all, unknown } = groups_by_headers(&db)?;
    let before: HashMap<i64, i64> = db
        .prepare("SELECT message_id, thread_id FROM message WHERE present = 1 AND thread_id IS NOT NULL")?
        .query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?
        .collect::<Result<_, _>>()?;
    // The old threads must not help.
    db.execute_batch("UPDATE message SET thread_id = NULL; DELETE FROM thread;")?;
    let hidden = hide(&db, percent, seed)?;
    db.close().map_err(|(_, error)| error)?;
    let inventory = Inventory::open_for_scan(Path::new(to))?;
    let started = std::time::Instant::now();
    mailcensus::discover::discover(&inventory)?;
    let seconds = started.elapsed().as_secs_f64();
    drop(inventory);
    let db = Connection::open(to)?;
    let mut rows = db.prepare("SELECT message_id, thread_id, joined_by FROM message WHERE present = 1")?;
    let found: Vec<(i64, i64, String)> =
        rows.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?.collect::<Result<_, _>>()?;
    let mut why: HashMap<&str, u64> = HashMap::new();
    found.iter().for_each(|(_, _, joined)| *why.entry(joined).or_default() += 1);
    let tell = |what: &str, truth: &HashMap<i64, i64>, counts: &dyn Fn(i64) -> bool| {
        let both: Vec<(i64, i64)> = found
            .iter()
            .filter(|(message, ..)| counts(*message))
            .filter_map(|(message, thread, _)| Some((*truth.get(message)?, *thread)))
            .collect();
        let (shared, first, second) = pairs(&both);
        let share = |of: u64| shared as f64 / of.max(1) as f64;
        println!(
            "{what}: {} messages; pairs: {first} true, {second} found, {shared} both; precision {:.4}, recall {:.4}, F1 {:.4}",
            both.len(),
            share(second),
            share(first),
            2.0 * shared as f64 / (first + second).max(1) as f64
        );
    };
    println!("{hidden} headers hidden; discovery {seconds:.1} s; joined by: {why:?}");
    tell("each with the message it answers", &by_parent, &|_| true);
    tell("each with all of References", &by_all, &|_| true);
    tell("the same, without answers to nothing that is here", &by_all, &|message| !unknown.contains(&message));
    tell("against the threads that the inventory had", &before, &|_| true);
    Ok(())
}

/// Threads as the headers of RFC 5322 section 3.6.4 have them.
#[derive(Default)]
struct Truth {
    /// Each message is joined to the one it answers: the last id of References, else the first of In-Reply-To, whether that
    /// message is here or not.
    by_parent: HashMap<i64, i64>,
    /// Each is joined to all of References, else to the first of In-Reply-To.
    by_all: HashMap<i64, i64>,
    /// Answers of which headers do not say where they belong: they name nothing, or nothing that is here.
    unknown: HashSet<i64>,
}

/// Reads the headers as they are before a part is hidden.
fn groups_by_headers(db: &Connection) -> anyhow::Result<Truth> {
    let mut subjects = db.prepare("SELECT message_id, coalesce(subject, '') FROM message WHERE present = 1")?;
    let subjects: HashMap<i64, String> =
        subjects.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<Result<_, _>>()?;
    let mut rows = db.prepare(
        "SELECT message_id, name, value FROM identity_header JOIN message USING (message_id)
         WHERE present = 1 AND name IN ('Message-ID', 'References', 'In-Reply-To') ORDER BY message_id, name",
    )?;
    let mut headers: HashMap<i64, HashMap<String, String>> = HashMap::new();
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        headers.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
    }
    let real = |id: &&str| id.contains('@');
    let ids = |of: &HashMap<String, String>, name: &str| -> Vec<String> {
        let value = of.get(name).map(String::as_str).unwrap_or_default();
        value.split_ascii_whitespace().filter(real).map(str::to_owned).collect()
    };
    let own: HashMap<i64, String> = headers
        .iter()
        .filter_map(|(message, of)| Some((*message, ids(of, "Message-ID").into_iter().next()?)))
        .collect();
    let here: HashSet<&str> = own.values().map(String::as_str).collect();
    let (mut parent, mut all) = (HashMap::new(), HashMap::new());
    let mut truth = Truth::default();
    for (message, own) in &own {
        let mut named = ids(&headers[message], "References");
        if named.is_empty() {
            // In-Reply-To of old programs names people; an id has digits.
            let answered = ids(&headers[message], "In-Reply-To");
            named.extend(answered.into_iter().find(|id| id.bytes().any(|b| b.is_ascii_digit())));
        }
        named.iter().for_each(|one| join(&mut all, own, one));
        named.last().into_iter().for_each(|one| join(&mut parent, own, one));
        let answers = base(subjects.get(message).map_or("", String::as_str)).opening == Opening::Answer;
        if (!named.is_empty() || answers) && !named.iter().any(|one| here.contains(one.as_str())) {
            truth.unknown.insert(*message);
        }
    }
    let mut numbers: HashMap<String, i64> = HashMap::new();
    for (message, own) in &own {
        for (groups, parent) in [(&mut truth.by_parent, &mut parent), (&mut truth.by_all, &mut all)] {
            let next = numbers.len() as i64;
            groups.insert(*message, *numbers.entry(find(parent, own)).or_insert(next));
        }
    }
    Ok(truth)
}

fn join(parent: &mut HashMap<String, String>, one: &str, other: &str) {
    let (one, other) = (find(parent, one), find(parent, other));
    parent.insert(one, other);
}

fn find(parent: &mut HashMap<String, String>, one: &str) -> String {
    let mut at = one.to_owned();
    while let Some(above) = parent.get(&at).filter(|above| **above != at) {
        at = above.clone();
    }
    parent.insert(one.to_owned(), at.clone());
    at
}

/// Deletes the headers of a part of the messages, the same ones for the same seed.
fn hide(db: &Connection, percent: u64, seed: u64) -> anyhow::Result<usize> {
    let chosen = "((message_id % 1000003) * 40503 + (message_id >> 32) * 7919 + ?1 * 104729) % 9973 % 100 < ?2";
    let hidden = db.execute(
        &format!("DELETE FROM identity_header WHERE name IN ('References', 'In-Reply-To') AND {chosen}"),
        [seed, percent].map(|n| n as i64),
    )?;
    Ok(hidden)
}

/// Pairs that are together in both, in the first, in the second.
fn pairs(both: &[(i64, i64)]) -> (u64, u64, u64) {
    fn together<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> u64 {
        let mut counts: HashMap<K, u64> = HashMap::new();
        keys.for_each(|key| *counts.entry(key).or_default() += 1);
        counts.into_values().map(|n| n * (n - 1) / 2).sum()
    }
    let both = || both.iter().copied();
    (together(both()), together(both().map(|pair| pair.0)), together(both().map(|pair| pair.1)))
}
