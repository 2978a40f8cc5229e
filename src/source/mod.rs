//! Finds mail: walks the given paths, tells accounts and folders from the layout, and formats from the content.

pub mod detect;
pub mod from_line;
pub mod header_line;
mod magic;
mod support;
