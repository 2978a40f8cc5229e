//! Is it still all there? Proved with code of its own: nothing here shares a line with the code that scanned, so that
//! a fault in one does not hide in the other.

pub mod audit;
mod content;
mod finding;
mod listing;
pub mod manifest;
mod moved;
mod pass;

pub use audit::{Audit, Depth, Plan, audit};
pub use finding::{Finding, Findings, Kind};
pub use moved::Moved;
