//! The digests of the stored bytes and of the recovered ones, computed once as long as the two are the same.

use crate::model::Digest;
use sha2::{Digest as _, Sha256};

/// Two streams of which the second is made from the first and mostly equal to it.
#[derive(Default)]
pub struct Twin {
    /// Of the common start; of all stored bytes once the streams have parted.
    stored: Sha256,
    message: Option<Sha256>,
    /// Stored bytes for which the recovered ones did not come yet.
    ahead: Vec<u8>,
}

impl Twin {
    /// Recovery holds back less than this where it changes nothing.
    const FARTHEST: usize = 16 * 1024;

    /// Recovered bytes that came out of `block`; `taken` of it were matched before, and what is matched now is added.
    pub fn recovered(&mut self, bytes: &[u8], block: &[u8], taken: &mut usize) {
        if let Some(message) = &mut self.message {
            message.update(bytes);
            return;
        }
        let from_ahead = bytes.len().min(self.ahead.len());
        let (first, second) = bytes.split_at(from_ahead);
        if self.ahead.starts_with(first) && block[*taken..].starts_with(second) {
            self.stored.update(bytes);
            self.ahead.drain(..from_ahead);
            *taken += second.len();
            return;
        }
        self.part(block, taken);
        self.recovered(bytes, block, taken);
    }

    fn part(&mut self, block: &[u8], taken: &mut usize) {
        self.message = Some(self.stored.clone());
        self.stored.update(&self.ahead);
        self.stored.update(&block[*taken..]);
        self.ahead = Vec::new();
        *taken = block.len();
    }

    /// The end of a stored block.
    pub fn end_block(&mut self, block: &[u8], mut taken: usize) {
        if self.message.is_some() {
            self.stored.update(&block[taken..]);
            return;
        }
        if self.ahead.len() + block.len() - taken > Self::FARTHEST {
            self.part(block, &mut taken);
        }
        self.ahead.extend_from_slice(&block[taken..]);
    }

    /// The digests of the stored and of the recovered bytes.
    pub fn finish(mut self) -> (Digest, Digest) {
        if self.message.is_none() && !self.ahead.is_empty() {
            self.part(b"", &mut 0);
        }
        let stored = Digest(self.stored.finalize().into());
        (stored, self.message.map_or(stored, |message| Digest(message.finalize().into())))
    }
}
