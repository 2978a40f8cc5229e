//! Counts what lies in files of calendars and contacts (RFC 5545, RFC 6350), as a stream.

/// Components that are things of their own.
const KINDS: [(&[u8], &str); 4] = [
    (b"BEGIN:VEVENT", "appointments"),
    (b"BEGIN:VTODO", "to-dos"),
    (b"BEGIN:VJOURNAL", "journal entries"),
    (b"BEGIN:VCARD", "contacts"),
];

/// A count for each kind of item.
#[derive(Default)]
pub struct ItemCounter {
    counts: [u64; 4],
    /// The end of the last block: as long as a mark that may have begun there, less one byte.
    tail: Vec<u8>,
}

impl ItemCounter {
    /// Nothing counted yet.
    pub fn new() -> ItemCounter {
        ItemCounter::default()
    }

    /// Counts in the next block.
    pub fn push(&mut self, block: &[u8]) {
        for ((mark, _), count) in KINDS.iter().zip(&mut self.counts) {
            // Marks that straddle the border: the tail holds less than one mark, so none is counted twice.
            let keep = self.tail.len().min(mark.len() - 1);
            let mut border = self.tail[self.tail.len() - keep..].to_vec();
            border.extend_from_slice(&block[..block.len().min(mark.len() - 1)]);
            *count += memchr::memmem::find_iter(&border, mark).count() as u64;
            *count += memchr::memmem::find_iter(block, mark).count() as u64;
        }
        self.tail.extend_from_slice(&block[block.len().saturating_sub(16)..]);
        let surplus = self.tail.len().saturating_sub(16);
        self.tail.drain(..surplus);
    }

    /// How many items there are.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Such as `3 appointments, 1 to-dos`.
    pub fn describe(&self) -> String {
        let parts: Vec<String> = KINDS
            .iter()
            .zip(self.counts)
            .filter(|(_, count)| *count > 0)
            .map(|((_, name), count)| format!("{count} {name}"))
            .collect();
        if parts.is_empty() { "no items".to_owned() } else { parts.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::ItemCounter;

    #[test]
    fn block_borders_do_not_matter() {
        let text = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nBEGIN:VTODO\r\nEND:VCALENDAR\r\n";
        for size in 1..text.len() {
            let mut counter = ItemCounter::new();
            text.chunks(size).for_each(|block| counter.push(block));
            assert_eq!(counter.describe(), "2 appointments, 1 to-dos", "blocks of {size}");
        }
    }
}
