//! One test binary, one file per subject. The tests run the real program on real files.

mod arrows;
mod bad_input;
mod framing;
mod framing_corpora;
mod framing_speed;
mod harness;
mod hostile;
mod interruption;
mod scan;
mod stores;
