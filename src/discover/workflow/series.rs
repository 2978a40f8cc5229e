//! Which identifiers number the runs of a process.

use super::case::Case;
use super::letter::Mail;
use foldhash::{HashMap, HashSet};

/// Series of identifiers whose values belong to one run each: digits alone are none, for everybody's numbers look so, and what
/// the same value names again and again (a product, a room) is none.
pub fn series(mail: &Mail, cases: &[Case]) -> HashSet<u32> {
    let mut seen: HashMap<u32, (u32, HashSet<u32>)> = HashMap::default();
    for case in cases {
        let mut kinds: HashSet<u32> = HashSet::default();
        for key in case.letters.iter().take(4).flat_map(|index| mail.letters[*index as usize].keys.iter()) {
            let entry = seen.entry(key.kind).or_default();
            entry.0 += u32::from(kinds.insert(key.kind));
            entry.1.insert(key.value);
        }
    }
    let letters = |kind: u32| mail.words.text(kind).bytes().filter(u8::is_ascii_alphabetic).count();
    // One letter before a number may be chance; in several runs it is not.
    let named = |kind: u32, runs: u32| letters(kind) >= 2 || letters(kind) == 1 && runs >= 5;
    // Numbers may begin anew for each customer or year; what names a place or a product has few values.
    let own = |kind: u32, (runs, values): &(u32, HashSet<u32>)| {
        let one_number = mail.words.text(kind).matches('#').count() == 1;
        values.len() >= 3 && (values.len() * 10 >= *runs as usize * 3 || one_number && is_counted(mail, values))
    };
    seen.iter().filter(|(kind, of)| named(**kind, of.0) && own(**kind, of)).map(|(kind, _)| *kind).collect()
}

/// Whether the numbers of a series count from the beginning, as where each customer or job has its own 1, 2, 3.
fn is_counted(mail: &Mail, values: &HashSet<u32>) -> bool {
    let last = |value: &u32| {
        let text = mail.words.text(*value);
        text[text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1)..].parse::<u64>().ok()
    };
    let mut numbers: Vec<u64> = values.iter().filter_map(last).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (Some(first), Some(middle)) = (numbers.first(), numbers.get(numbers.len() / 2)) else { return false };
    numbers.len() >= 4 && *first <= 10 && *middle <= numbers.len() as u64 * 2
}
