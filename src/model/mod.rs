//! Plain data that every step shares. Depends on nothing but the standard library.

pub mod action;
pub mod activity;
pub mod calendar;
pub mod cue;
pub mod digest;
pub mod expected;
pub mod file;
pub mod frame;
pub mod hash;
pub mod id;
pub mod message;
pub mod path;
pub mod problem;
pub mod reading;
pub mod subject;

pub use digest::Digest;
pub use file::{Format, Outcome};
pub use frame::{Dialect, Frame, Piece, Recovery, SegmentKind, Span};
pub use id::{FileId, MessageId};
pub use problem::{Level, Problem, ProblemKind};
