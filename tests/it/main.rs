//! One test binary, one file per subject. The tests run the real program on real files.

mod arrows;
mod audit;
mod audit_options;
mod bad_input;
mod framing;
mod framing_corpora;
mod harness;
mod interruption;
mod scan;
mod show;
