//! What the numbers of an inventory say, in sentences, on one screen, as JSON.

pub mod audit;
pub mod closing;
#[cfg(test)]
pub(crate) mod document;
pub mod document_lines;
pub mod estate;
pub mod evaluation;
pub mod explain;
pub mod json;
pub mod number;
pub mod problem_kinds;
pub mod statistics;
pub mod summary;
pub mod words;
