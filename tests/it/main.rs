//! One test binary, one file per subject.

mod framing;
mod framing_corpora;
