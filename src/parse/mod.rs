//! Bytes of one message to its facts and problems: pure, streaming, never fails, never panics on any bytes.
//!
//! ```text
//! stored bytes -> Recover -> Scanner -> leaves: decoded, digested, kept in part
//!                                    -> headers -> facts
//! ```
//!
//! This step alone names mail-parser, and gives it header values and kept text only, never a body or a whole message.

pub mod body;
pub mod charset;
pub mod container;
pub mod conversation;
pub mod date;
pub mod decode;
pub mod field;
pub mod harvest;
pub mod header;
pub mod html;
pub mod identity;
pub mod leaf;
mod level;
pub mod lines;
mod opening;
pub mod part;
pub mod reader;
pub mod reference;
pub mod skeleton;
pub mod store_headers;
#[cfg(test)]
mod tests;
pub mod transport;
mod twin;
pub mod word;
pub mod zones;

/// Changes when facts of messages are read that were not read before: then every file is read again.
pub const FACTS_VERSION: u32 = 7;

pub use identity::IDENTITY_VERSION;
pub use reader::{MessageReader, Parsed, headers_only};

/// How much of one message is looked at. What lies beyond is still counted and digested.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Levels of nesting.
    pub depth: usize,
    /// Parts of every kind.
    pub parts: usize,
    /// Header block of a message.
    pub header_bytes: usize,
    /// Header block of a part.
    pub part_header_bytes: usize,
    /// Text kept of each form (plain, HTML), for the message itself and for inner messages.
    pub text_bytes: usize,
    /// Messages in base64 or quoted-printable inside each other.
    pub encoded_depth: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            depth: 100,
            parts: 10_000,
            header_bytes: 1 << 20,
            part_header_bytes: 64 << 10,
            text_bytes: 1 << 20,
            encoded_depth: 4,
        }
    }
}

/// Bytes that are mostly known to be UTF-8 as text; others become U+FFFD. Faster than the lossy reading alone.
fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Runs foreign code on hostile bytes; a panic in it gives the empty value.
fn guard<T: Default>(work: impl FnOnce() -> T) -> T {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_default()
}
