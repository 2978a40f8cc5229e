//! Small digests for comparing texts that are not kept.

use std::hash::{BuildHasher, Hash};

/// A number for a value, the same within one build of the program; nothing that is kept may hang on it.
pub fn number<T: Hash + ?Sized>(value: &T) -> u64 {
    foldhash::quality::FixedState::with_seed(0).hash_one(value)
}

/// FNV-1a, mixed once more so that the high bits are good ones; the same everywhere: what was fitted to them hangs on it.
pub fn hash32(bytes: &[u8]) -> u32 {
    let mut state = 0xcbf2_9ce4_8422_2325u64;
    for byte in bytes {
        state = (state ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    mix32(state)
}

/// 32 good bits of 64.
pub fn mix32(state: u64) -> u32 {
    let state = (state ^ state >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (state >> 32) as u32
}

/// FNV-1a over 64 bits, mixed once more; the same on every machine and in every version. Not proof against people who
/// look for collisions: what hangs on it must be an estimate.
#[derive(Clone, Copy, Debug)]
pub struct Hash64(u64);

impl Default for Hash64 {
    fn default() -> Hash64 {
        Hash64(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash64 {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> i64 {
        let mut hash = Hash64::default();
        hash.push(bytes);
        hash.finish()
    }

    /// Adds bytes; where they are divided does not matter.
    pub fn push(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    /// The digest so far; never 0, which stands for no text.
    pub fn finish(self) -> i64 {
        let state = (self.0 ^ self.0 >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        match (state ^ state >> 29) as i64 {
            0 => 1,
            other => other,
        }
    }
}
