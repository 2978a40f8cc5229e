//! A sample of messages for a person to label: drawn by strata, without a word of what the program read.
//!
//! A stratum is a class with a combination of uses; it goes by a number that says nothing. Every class has at least some
//! messages in the sample, the rest is proportional. What is drawn depends on the seed and on the messages, not on their
//! order. Copies are left out: a label of one is a label of all.

use std::collections::BTreeMap;
use std::io::Write;

use sha2::{Digest as _, Sha256};

use super::csv::{BYTE_ORDER_MARK, csv_error, io, writer};
use super::{ExportError, Text, safe};
use crate::model::MessageId;
use crate::store::Inventory;
use crate::store::read::SampleRow;

/// The columns; the last four are empty, for the reader.
pub const COLUMNS: [&str; 17] = [
    "id",
    "message_sha256",
    "stratum",
    "stratum_messages",
    "stratum_sampled",
    "mailbox",
    "folder",
    "sent_at",
    "from",
    "to",
    "subject",
    "attachments",
    "text",
    "class",
    "alternative",
    "uses",
    "flags",
];

/// A message that was drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Drawn {
    /// Its id.
    pub message_id: MessageId,
    /// Hexadecimal digits.
    pub message_sha256: String,
    /// Number of its stratum, from 1.
    pub stratum: usize,
}

/// What was drawn.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sample {
    /// In an order that says nothing.
    pub drawn: Vec<Drawn>,
    /// Messages and draws of each stratum; stratum 1 is the first.
    pub strata: Vec<(u64, u64)>,
}

type Key = [u8; 32];

/// Draws `size` messages, or all if there are fewer. Memory grows with `size`, not with the inventory.
///
/// # Errors
/// The inventory's.
pub fn draw(inventory: &Inventory, size: usize, seed: u64) -> rusqlite::Result<Sample> {
    let mut classes: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    inventory.each_drawable(&mut |one| {
        *classes.entry(one.class).or_default().entry(one.uses).or_default() += 1;
    })?;
    let mut strata = strata(&classes, size);
    // Numbers that do not follow the classes.
    strata.sort_by_key(|stratum| key(seed, &[stratum.class.as_bytes(), b"/", stratum.uses.join(",").as_bytes()]));
    let place: BTreeMap<(&str, &str), usize> = strata
        .iter()
        .enumerate()
        .flat_map(|(at, stratum)| stratum.uses.iter().map(move |uses| ((stratum.class.as_str(), uses.as_str()), at)))
        .collect();
    let mut held: Vec<BTreeMap<(Key, MessageId), String>> = vec![BTreeMap::new(); strata.len()];
    inventory.each_drawable(&mut |one| {
        let Some(&at) = place.get(&(one.class.as_str(), one.uses.as_str())) else { return };
        let key = key(seed, &[one.message_sha256.as_bytes()]);
        held[at].insert((key, one.message_id), one.message_sha256);
        if held[at].len() as u64 > strata[at].draws {
            held[at].pop_last();
        }
    })?;
    let mut drawn: Vec<(Key, Drawn)> = Vec::new();
    for (at, held) in held.into_iter().enumerate() {
        drawn.extend(
            held.into_iter().map(|((key, message_id), message_sha256)| {
                (key, Drawn { message_id, message_sha256, stratum: at + 1 })
            }),
        );
    }
    drawn.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.message_id.cmp(&b.1.message_id)));
    Ok(Sample {
        drawn: drawn.into_iter().map(|(_, drawn)| drawn).collect(),
        strata: strata.iter().map(|stratum| (stratum.messages, stratum.draws)).collect(),
    })
}

fn key(seed: u64, parts: &[&[u8]]) -> Key {
    let mut digest = Sha256::new();
    digest.update(seed.to_le_bytes());
    parts.iter().for_each(|part| digest.update(part));
    digest.finalize().into()
}

struct StratumPlan {
    class: String,
    /// Combinations of uses in it; rare ones share a stratum.
    uses: Vec<String>,
    messages: u64,
    draws: u64,
}

fn strata(classes: &BTreeMap<String, BTreeMap<String, u64>>, size: usize) -> Vec<StratumPlan> {
    let totals: Vec<u64> = classes.values().map(|uses| uses.values().sum()).collect();
    let floor = (size as u64 / 20).max(2);
    let mut strata = Vec::new();
    for ((class, uses), draws) in classes.iter().zip(allocate(&totals, floor, size as u64)) {
        let mut by_size: Vec<(&String, u64)> = uses.iter().map(|(uses, n)| (uses, *n)).collect();
        by_size.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        // Two draws a stratum at least, so that chance can be told from difference; the rest shares one.
        let most = (draws / 2).max(1) as usize;
        let rest = by_size.split_off(by_size.len().min(most));
        let mut own: Vec<StratumPlan> = by_size
            .into_iter()
            .map(|(uses, messages)| StratumPlan { class: class.clone(), uses: vec![uses.clone()], messages, draws: 0 })
            .collect();
        if let Some(last) = own.last_mut() {
            for (uses, messages) in rest {
                last.uses.push(uses.clone());
                last.messages += messages;
            }
        }
        let sizes: Vec<u64> = own.iter().map(|stratum| stratum.messages).collect();
        for (stratum, draws) in own.iter_mut().zip(allocate(&sizes, 2, draws)) {
            stratum.draws = draws;
        }
        strata.extend(own);
    }
    strata
}

/// Shares `draws` among groups of these sizes: at least `floor` each as far as they go round, the rest in proportion.
fn allocate(sizes: &[u64], floor: u64, draws: u64) -> Vec<u64> {
    let total: u64 = sizes.iter().sum();
    let draws = draws.min(total);
    let mut given = vec![0u64; sizes.len()];
    let mut left = draws;
    for _ in 0..floor {
        for (given, size) in given.iter_mut().zip(sizes) {
            if left > 0 && *given < *size {
                *given += 1;
                left -= 1;
            }
        }
    }
    while left > 0 {
        let lack = |at: usize| sizes[at] as f64 * draws as f64 / total as f64 - given[at] as f64;
        let open = (0..sizes.len()).filter(|&at| given[at] < sizes[at]);
        let Some(next) = open.max_by(|a, b| lack(*a).total_cmp(&lack(*b)).then(b.cmp(a))) else { break };
        given[next] += 1;
        left -= 1;
    }
    given
}

/// Writes the sample as CSV. `read` gives the text of a message for reading; without it the excerpt stands there.
///
/// # Errors
/// The inventory's; those of `out` come as `Io` with an empty path.
pub fn write(
    inventory: &Inventory,
    sample: &Sample,
    text: Text,
    read: &mut dyn FnMut(MessageId) -> Option<String>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    out.write_all(BYTE_ORDER_MARK).map_err(io)?;
    let mut csv = writer(out);
    csv.write_record(COLUMNS).map_err(csv_error)?;
    for drawn in &sample.drawn {
        let SampleRow { mailbox, folder, sent_at, from, to, subject, attachments, excerpt } =
            inventory.sample_row(drawn.message_id)?;
        let words = |words: String| if text == Text::None { String::new() } else { words };
        let body = if text == Text::None { None } else { read(drawn.message_id) };
        let (messages, draws) = sample.strata[drawn.stratum - 1];
        let row = [
            drawn.message_id.to_string(),
            drawn.message_sha256.clone(),
            drawn.stratum.to_string(),
            messages.to_string(),
            draws.to_string(),
            mailbox,
            folder,
            sent_at.unwrap_or_default(),
            from,
            to,
            words(subject.unwrap_or_default()),
            words(attachments),
            words(body.unwrap_or(excerpt)),
        ];
        let cells = row.iter().map(|cell| safe::cell(cell).into_owned()).chain(std::iter::repeat_n(String::new(), 4));
        csv.write_record(cells).map_err(csv_error)?;
    }
    csv.flush().map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{State, inventory};

    #[test]
    fn shares_have_a_floor_and_close() {
        assert_eq!(allocate(&[1000, 10, 1], 5, 100), [94, 5, 1]);
        assert_eq!(allocate(&[50, 50], 2, 10), [5, 5]);
        assert_eq!(allocate(&[3, 3], 5, 100), [3, 3]);
        assert_eq!(allocate(&[9, 9, 9], 2, 2), [1, 1, 0]);
        assert_eq!(allocate(&[], 2, 10), Vec::<u64>::new());
    }

    #[test]
    fn every_message_has_a_chance() {
        let uses = |list: &[(&str, u64)]| list.iter().map(|(uses, n)| ((*uses).to_owned(), *n)).collect();
        let classes = BTreeMap::from([
            ("bulk".to_owned(), uses(&[("", 2000)])),
            ("task".to_owned(), uses(&[("task", 30), ("document task", 3), ("task workflow", 2), ("", 1)])),
        ]);
        let strata = strata(&classes, 100);
        assert_eq!(strata.iter().map(|stratum| stratum.messages).sum::<u64>(), 2036);
        assert_eq!(strata.iter().map(|stratum| stratum.draws).sum::<u64>(), 100);
        assert!(strata.iter().all(|stratum| stratum.draws >= 2.min(stratum.messages)));
        let tasks: Vec<_> = strata.iter().filter(|stratum| stratum.class == "task").collect();
        assert_eq!((tasks.len(), tasks[1].uses.len()), (2, 3), "rare combinations share a stratum");
    }

    #[test]
    fn the_seed_decides_and_the_reading_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory(&folder.path().join("tiny.db"), State::Done);
        let all = draw(&inventory, 100, 1).unwrap();
        assert_eq!(all.drawn.len(), 5, "six present messages, of which one is a copy");
        assert_eq!(draw(&inventory, 100, 1).unwrap(), all);
        let orders = (2..12).map(|seed| draw(&inventory, 100, seed).unwrap().drawn);
        assert!(orders.into_iter().any(|drawn| drawn != all.drawn));
        let mut out = Vec::new();
        let mut read = |id: MessageId| (id.serial() == 2).then(|| "=all of it".to_owned());
        write(&inventory, &all, Text::Usual, &mut read, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("'=all of it") && text.contains("The offer is attached."), "{text}");
        assert!(text.lines().skip(1).all(|line| line.ends_with(",,,,")), "{text}");
        for word in ["workflow", "correspondence", "bulk", "unsure", "0.81"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        let mut bare = Vec::new();
        write(&inventory, &all, Text::None, &mut |_| panic!("not asked for"), &mut bare).unwrap();
        assert!(!String::from_utf8(bare).unwrap().contains("merger"));
    }
}
