//! parse
pub mod zones;
