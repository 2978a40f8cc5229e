//! Finds mail and tells formats apart.

pub mod from_line;
pub mod header_line;
