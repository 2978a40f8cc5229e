//! Measures threads on an inventory: hides References and In-Reply-To of a part of its messages in a copy, finds the threads
//! there anew, and compares them pair by pair with the groups in which each message is joined to the one it answers, and
//! with the threads that the inventory had with all headers.
//!
//! `cargo run --release --example threads -- INVENTORY.db COPY.db [PERCENT] [SEED]`

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
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
    let truth = groups_by_headers(&db)?;
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
    let both: Vec<(i64, i64)> =
        found.iter().filter_map(|(message, thread, _)| Some((*truth.get(message)?, *thread))).collect();
    let (shared, first, second) = pairs(&both);
    println!(
        "{} messages, {hidden} hidden; pairs: {first} true, {second} found, {shared} both; precision {:.4}, recall {:.4}, F1 {:.4}; discovery {seconds:.1} s",
        both.len(),
        shared as f64 / second as f64,
        shared as f64 / first as f64,
        2.0 * shared as f64 / (first + second) as f64
    );
    println!("joined by: {why:?}");
    let own: Vec<(i64, i64)> =
        found.iter().filter_map(|(message, thread, _)| Some((*before.get(message)?, *thread))).collect();
    let (shared, first, second) = pairs(&own);
    println!(
        "against the threads that the inventory had: precision {:.4}, recall {:.4}, F1 {:.4}",
        shared as f64 / second as f64,
        shared as f64 / first as f64,
        2.0 * shared as f64 / (first + second) as f64
    );
    Ok(())
}

/// Connected groups in which each message is joined to the one it answers: the last id of References, else the first of
/// In-Reply-To (RFC 5322 section 3.6.4), whether that message is here or not.
fn groups_by_headers(db: &Connection) -> anyhow::Result<HashMap<i64, i64>> {
    let mut rows = db.prepare(
        "SELECT message_id, name, value FROM identity_header JOIN message USING (message_id)
         WHERE present = 1 AND name IN ('Message-ID', 'References', 'In-Reply-To') ORDER BY message_id, name",
    )?;
    let mut headers: HashMap<i64, HashMap<String, String>> = HashMap::new();
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        headers.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
    }
    let mut parent: HashMap<String, String> = HashMap::new();
    let mut messages: HashMap<i64, String> = HashMap::new();
    for (message, of) in &headers {
        let ids = |name: &str| of.get(name).into_iter().flat_map(|value| value.split_ascii_whitespace());
        let real = |id: &&str| id.contains('@');
        let Some(own) = ids("Message-ID").find(real) else { continue };
        messages.insert(*message, own.to_owned());
        // In-Reply-To of old programs names people; an id has digits.
        let id = |id: &&str| real(id) && id.bytes().any(|b| b.is_ascii_digit());
        if let Some(answered) = ids("References").rfind(real).or_else(|| ids("In-Reply-To").find(id)) {
            let (one, other) = (find(&mut parent, own), find(&mut parent, answered));
            parent.insert(one, other);
        }
    }
    let mut numbers: HashMap<String, i64> = HashMap::new();
    let mut found = HashMap::new();
    for (message, own) in messages {
        let root = find(&mut parent, &own);
        let next = numbers.len() as i64;
        found.insert(message, *numbers.entry(root).or_insert(next));
    }
    Ok(found)
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
