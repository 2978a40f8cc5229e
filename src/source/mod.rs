//! Finds mail: walks the given paths, tells accounts and folders from the layout, and formats from the content.

pub mod apple;
pub mod detect;
pub mod engagement;
pub mod expectation;
mod folder_names;
pub mod from_line;
pub mod header_line;
pub mod items;
pub mod locate;
mod magic;
pub mod maildir;
pub mod mh;
pub mod stat;
mod support;
pub mod walk;

pub use stat::Stat;
pub use walk::{ListedFile, Roots, walk};
