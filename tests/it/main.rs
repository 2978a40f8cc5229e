//! One test binary, one file per subject. The tests run the real program on real files.

mod arrows;
mod audit;
mod audit_options;
mod bad_input;
mod corpora_scan;
mod documents;
mod documents_corpora;
mod estate;
mod estate_generator;
#[allow(dead_code)] // An example and the benchmarks use the rest of it.
mod estate_world;
mod eval;
mod explain;
mod framing;
mod framing_corpora;
mod harness;
mod hostile;
mod interruption;
mod reading;
mod readme;
mod rules;
mod scan;
mod show;
mod stores;
mod tasks;
mod threads;
mod workflows;
