//! Phrases as a trie: they begin where words begin, so a walk starts there only and soon ends.
//!
//! The trie is a double array: the child of a state for a byte lies in the cell at the state's base plus the byte. A
//! base belongs to one state only, so a cell need remember no more than its byte. All cells fit in a processor's cache.

/// Base of the states without children: no cell is ever put there.
const LEAF: usize = 0;
const ROOT: usize = 1;
/// The first cell that is no child of the root.
const FIRST: usize = ROOT + 256;
/// How many cells behind the last one are tried again.
const HOLES: usize = 256;

/// Patterns by the bytes they begin with.
#[derive(Debug)]
pub(super) struct Trie {
    /// Base of the state (32 bits), the pattern that ends there plus 1 (24 bits), the byte that leads there (8 bits).
    cells: Vec<u64>,
}

impl Trie {
    /// Of sorted patterns, each of them different from the others and none of them empty.
    pub(super) fn build(patterns: &[&[u8]]) -> Result<Trie, String> {
        if patterns.len() >= 1 << 24 {
            return Err("there are too many phrases".to_owned());
        }
        let mut builder =
            Builder { cells: vec![0; 1024], taken: vec![false; 1024], based: vec![true, true], free: FIRST };
        builder.children(&bytes(patterns, 0, patterns.len(), 0), ROOT);
        let mut open = Vec::new();
        push(patterns, &mut open, 0, patterns.len(), 0, ROOT);
        while let Some(State { from, to, depth, cell }) = open.pop() {
            let ends = patterns[from].len() == depth;
            let first = from + usize::from(ends);
            let bytes = bytes(patterns, first, to, depth);
            let base = builder.base(&bytes);
            let end = if ends { from as u64 + 1 } else { 0 };
            builder.cells[cell] |= (base as u64) << 32 | end << 8;
            builder.children(&bytes, base);
            push(patterns, &mut open, first, to, depth, base);
        }
        let reach = builder.based.len() + 256;
        builder.cells.resize(reach.max(builder.cells.len()), 0);
        Ok(Trie { cells: builder.cells })
    }

    /// Calls `found` for every pattern that begins at `from`: one past its last byte, and its number.
    pub(super) fn walk(&self, text: &[u8], from: usize, mut found: impl FnMut(usize, usize)) {
        let mut base = ROOT;
        for (at, byte) in text.iter().enumerate().skip(from) {
            let cell = self.cells[base + usize::from(*byte)];
            if cell as u8 != *byte {
                return;
            }
            let end = (cell >> 8) as usize & 0xff_ffff;
            if end != 0 {
                found(at + 1, end - 1);
            }
            base = (cell >> 32) as usize;
            if base == LEAF {
                return;
            }
        }
    }
}

/// A state whose children have no cells yet: the patterns that lead through it, how long it is, its own cell.
struct State {
    from: usize,
    to: usize,
    depth: usize,
    cell: usize,
}

struct Builder {
    cells: Vec<u64>,
    /// Whether a cell belongs to a state.
    taken: Vec<bool>,
    /// Whether a base belongs to a state.
    based: Vec<bool>,
    /// Cells below are taken or given up.
    free: usize,
}

impl Builder {
    /// A base whose cells for `bytes` are free; it is taken.
    fn base(&mut self, bytes: &[u8]) -> usize {
        let Some(first) = bytes.first().map(|byte| usize::from(*byte)) else { return LEAF };
        while self.is_taken(self.free) {
            self.free += 1;
        }
        let mut base = self.free - first;
        while self.based.get(base) == Some(&true) || bytes.iter().any(|byte| self.is_taken(base + usize::from(*byte))) {
            base += 1;
        }
        // Old holes are not tried for ever.
        self.free = self.free.max((base + first).saturating_sub(HOLES));
        if self.based.len() <= base {
            self.based.resize(base + 1, false);
        }
        self.based[base] = true;
        base
    }

    fn is_taken(&self, cell: usize) -> bool {
        self.taken.get(cell) == Some(&true)
    }

    /// Takes the cells of the children of a state.
    fn children(&mut self, bytes: &[u8], base: usize) {
        for byte in bytes {
            let cell = base + usize::from(*byte);
            if self.cells.len() <= cell {
                self.cells.resize(cell + 256, 0);
                self.taken.resize(cell + 256, false);
            }
            self.cells[cell] = u64::from(*byte);
            self.taken[cell] = true;
        }
    }
}

/// Puts the children of a state on the list, the first on top: neighbours in the trie become neighbours in memory.
fn push(patterns: &[&[u8]], open: &mut Vec<State>, from: usize, to: usize, depth: usize, base: usize) {
    let mut end = to;
    while end > from {
        let byte = patterns[end - 1][depth];
        let start = from + patterns[from..end].partition_point(|pattern| pattern[depth] < byte);
        open.push(State { from: start, to: end, depth: depth + 1, cell: base + usize::from(byte) });
        end = start;
    }
}

/// The different bytes at `depth`, in order.
fn bytes(patterns: &[&[u8]], from: usize, to: usize, depth: usize) -> Vec<u8> {
    let mut all: Vec<u8> = patterns[from..to].iter().map(|pattern| pattern[depth]).collect();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::Trie;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn finds_what_a_comparison_finds(
            words in prop::collection::btree_set(prop::collection::vec(0u8..4, 1..6), 0..40),
            text in prop::collection::vec(0u8..5, 0..40),
        ) {
            let patterns: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
            let trie = Trie::build(&patterns).unwrap();
            for from in 0..text.len() {
                let mut found = Vec::new();
                trie.walk(&text, from, |to, pattern| found.push((to, pattern)));
                let begins = |(_, pattern): &(usize, &&[u8])| text[from..].starts_with(pattern);
                let mut wanted: Vec<_> =
                    patterns.iter().enumerate().filter(begins).map(|(at, one)| (from + one.len(), at)).collect();
                wanted.sort_unstable();
                prop_assert_eq!(found, wanted);
            }
        }
    }
}
