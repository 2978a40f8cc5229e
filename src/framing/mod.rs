//! Source bytes to frames and gaps, and from a stored message back to the bytes that were sent.
//!
//! The pieces of a file touch and cover it from its first byte to its last: nothing is dropped, whatever the bytes
//! are, and however they are cut into blocks.

mod evidence;
mod head;
mod lead;
mod mbox;
pub mod recover;
mod single;
mod survey;
mod tail;
mod tentative;
mod unquote;

pub use recover::Recover;
pub use survey::{SURVEY_BYTES, Survey};

use crate::model::{Format, Piece};

/// Cuts one file into pieces as its blocks arrive.
///
/// Pieces are given out in file order, each as soon as it is certain. Memory does not grow with the file; it carries
/// at most 64 KiB of one block to the next, and a list of frames that wait for a claim to be checked.
pub struct Framer {
    kind: Kind,
}

enum Kind {
    Mbox(Box<mbox::Mbox>),
    Single(single::Single),
    Emlx(single::Emlx),
}

impl Framer {
    /// A framer that starts at the first byte of a file.
    pub fn new(format: Format) -> Framer {
        Framer::starting_at(format, 0)
    }

    /// A framer that starts at `offset_bytes`, which must be where a piece ended. Gives the pieces that a framer of
    /// the whole file gives from there on.
    pub fn starting_at(format: Format, offset_bytes: u64) -> Framer {
        let kind = match format {
            Format::Mbox(dialect) => Kind::Mbox(Box::new(mbox::Mbox::new(dialect, offset_bytes))),
            Format::Single => Kind::Single(single::Single::new(offset_bytes)),
            Format::Emlx => Kind::Emlx(single::Emlx::new(offset_bytes)),
        };
        Framer { kind }
    }

    /// Takes the next block and appends the pieces that are certain now.
    pub fn push(&mut self, block: &[u8], out: &mut Vec<Piece>) {
        match &mut self.kind {
            Kind::Mbox(mbox) => mbox.push(block, out),
            Kind::Single(single) => single.push(block),
            Kind::Emlx(emlx) => emlx.push(block),
        }
    }

    /// Says that the file ends here, and appends the last pieces.
    pub fn finish(&mut self, out: &mut Vec<Piece>) {
        match &mut self.kind {
            Kind::Mbox(mbox) => mbox.finish(out),
            Kind::Single(single) => single.finish(out),
            Kind::Emlx(emlx) => emlx.finish(out),
        }
    }

    /// The first byte that no piece covers yet. The caller keeps the bytes from there on, or reads them again.
    pub fn held_from(&self) -> u64 {
        match &self.kind {
            Kind::Mbox(mbox) => mbox.held_from(),
            Kind::Single(single) => single.held_from(),
            Kind::Emlx(emlx) => emlx.held_from(),
        }
    }
}

#[cfg(test)]
#[path = "framing_tests.rs"]
mod tests;
