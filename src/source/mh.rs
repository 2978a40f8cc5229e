//! MH folders: file names are numbers, and lists beside them say what was done with the messages (mh-sequence(5)).

use std::collections::{BTreeMap, BTreeSet};

/// More sequences than this are not read.
const SEQUENCES_LIMIT: usize = 64;

/// The sequences of one folder.
#[derive(Clone, Debug, Default)]
pub struct Sequences {
    /// Name to ranges, both ends included, in order and apart.
    named: Vec<(String, Vec<(u64, u64)>)>,
    /// Flags by number, from the file that Sylpheed keeps.
    marked: BTreeMap<u64, u32>,
}

/// The number of a message; `,17` and `#17` are messages that were removed and lie there until somebody cleans up.
pub fn number(name: &[u8]) -> Option<u64> {
    let digits = name.strip_prefix(b",").or(name.strip_prefix(b"#")).unwrap_or(name);
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether the name is that of a message that was removed.
pub fn is_removed(name: &[u8]) -> bool {
    matches!(name.first(), Some(b',' | b'#')) && number(name).is_some()
}

impl Sequences {
    /// Reads `.mh_sequences`: lines `unseen: 1-3 7`.
    pub fn read(text: &str) -> Sequences {
        let mut named = Vec::new();
        for (name, list) in text.lines().filter_map(|line| line.split_once(':')).take(SEQUENCES_LIMIT) {
            let range = |word: &str| {
                let (first, last) = word.split_once('-').unwrap_or((word, word));
                Some((first.parse().ok()?, last.parse().ok()?))
            };
            named.push((name.trim().to_owned(), joined(list.split_whitespace().filter_map(range).collect())));
        }
        Sequences { named, marked: BTreeMap::new() }
    }

    /// Adds what `.sylpheed_mark` says: a version, then pairs of a number and its bits, in the machine's order.
    pub fn add_marks(&mut self, bytes: &[u8]) {
        let words: Vec<&[u8]> = bytes.chunks_exact(4).collect();
        let read: fn([u8; 4]) -> u32 = match words.first() {
            Some([2, 0, 0, 0]) => u32::from_le_bytes,
            Some([0, 0, 0, 2]) => u32::from_be_bytes,
            _ => return,
        };
        let value = |word: &[u8]| word.try_into().map_or(0, read);
        for pair in words[1..].chunks_exact(2) {
            self.marked.insert(value(pair[0]).into(), value(pair[1]));
        }
    }

    /// Sorted IMAP flags and keywords of the message with this number.
    pub fn flags(&self, number: u64) -> Vec<String> {
        let mut flags = BTreeSet::new();
        for (name, ranges) in &self.named {
            let before = ranges.partition_point(|&(first, _)| first <= number);
            let is_in = before > 0 && number <= ranges[before - 1].1;
            let flag = match (name.as_str(), is_in) {
                ("unseen", false) => "\\Seen",
                ("unseen", true) | ("cur", _) | (_, false) => continue,
                ("replied", true) => "\\Answered",
                ("flagged", true) => "\\Flagged",
                (keyword, true) => keyword,
            };
            flags.insert(flag.to_owned());
        }
        if let Some(bits) = self.marked.get(&number) {
            const UNREAD: u32 = 1 << 1;
            const BITS: [(u32, &str); 4] =
                [(1 << 2, "\\Flagged"), (1 << 3, "\\Deleted"), (1 << 4, "\\Answered"), (1 << 5, "$Forwarded")];
            flags.extend(BITS.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, flag)| flag.to_string()));
            flags.extend((bits & UNREAD == 0).then(|| "\\Seen".to_owned()));
        }
        flags.into_iter().collect()
    }
}

/// Ranges in order, those that overlap made one, so that looking a number up does not go through all of them.
fn joined(mut ranges: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    ranges.sort_unstable();
    ranges.dedup_by(|later, earlier| {
        let overlap = later.0 <= earlier.1;
        earlier.1 = earlier.1.max(if overlap { later.1 } else { earlier.1 });
        overlap
    });
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_flags() {
        let sequences = Sequences::read("unseen: 1-3 7 9-12\nflagged: 5\nreplied: 2 4\ncur: 4\nlater: 5-5\n");
        assert_eq!(sequences.flags(2), ["\\Answered"]);
        assert_eq!(sequences.flags(5), ["\\Flagged", "\\Seen", "later"]);
        assert_eq!(sequences.flags(8), ["\\Seen"]);
        assert_eq!(Sequences::read("later: 3 1-9 4").flags(8), ["later"]);
        assert_eq!(Sequences::read("2\n").flags(2), Vec::<String>::new());
    }

    #[test]
    fn marks_of_sylpheed_are_flags() {
        let mut sequences = Sequences::default();
        let bytes: Vec<u8> = [2u32, 1, 0x14, 2, 0x03].into_iter().flat_map(u32::to_le_bytes).collect();
        sequences.add_marks(&bytes);
        assert_eq!(sequences.flags(1), ["\\Answered", "\\Flagged", "\\Seen"]);
        assert_eq!(sequences.flags(2), Vec::<String>::new());
        assert_eq!(sequences.flags(3), Vec::<String>::new());
    }

    #[test]
    fn removed_messages_keep_their_number() {
        assert_eq!((number(b"17"), number(b",17"), number(b"#17")), (Some(17), Some(17), Some(17)));
        assert!(is_removed(b",17") && !is_removed(b"17") && !is_removed(b",x"));
    }
}
