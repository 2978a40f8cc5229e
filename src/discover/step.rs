//! What a step of a run does, judged by a learned model and by the other runs of its process.
//!
//! A step is described by marks (`marks`): the first words and cues of its text, who writes to whom, what came before.
//! Weights (`weights`), fitted by `examples/steps` to runs of invented companies, turn them into scores of each
//! activity. What steps of one process have in common then corrects them (`learn`): the same person at the same place of
//! each run does the same thing, however it is worded. Pure.

mod learn;
mod marks;
#[cfg(test)]
mod tests;
mod weights;

pub use learn::{Judged, activities};
pub use marks::{Event, Marks, alone, marks, subject_words};
pub use weights::{Scores, Weights};

/// Who an address is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Who {
    /// A person of the company.
    #[default]
    Person,
    /// A shared or role address of the company.
    Shared,
    /// A list of the company.
    List,
    /// A program.
    Machine,
    /// Somebody outside.
    Outside,
}
