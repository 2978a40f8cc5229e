//! Source bytes to frames and gaps, and from a stored message back to the bytes that were sent.

pub mod recover;

pub use recover::Recover;
