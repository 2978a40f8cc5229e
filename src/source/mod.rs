//! Finds mail and tells formats apart.

pub mod detect;
pub mod from_line;
pub mod header_line;
mod magic;
mod support;
