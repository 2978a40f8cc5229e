//! parse
pub mod identity;
