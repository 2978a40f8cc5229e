//! How fast is framing, and how fast is the recovery of messages, beside a bare search for line ends?
//!
//! `cargo bench --bench framing -- MBOX...`. Each file is read into memory; the best of several runs counts.

use std::hint::black_box;
use std::time::Instant;

use mailcensus::framing::{Framer, Recover, Survey};
use mailcensus::model::{Format, Recovery};

const RUNS: usize = 5;
const BLOCK_BYTES: usize = 1 << 20;

fn main() {
    for path in std::env::args().skip(1).filter(|argument| !argument.starts_with("--")) {
        let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let mut survey = Survey::new().named(path.as_bytes());
        survey.push(&bytes);
        let dialect = survey.dialect();
        let rate = |work: &dyn Fn()| {
            let best = (0..RUNS).map(|_| {
                let start = Instant::now();
                work();
                start.elapsed().as_secs_f64()
            });
            bytes.len() as f64 / 1e9 / best.fold(f64::MAX, f64::min)
        };
        let lines = rate(&|| {
            black_box(memchr::memchr_iter(b'\n', &bytes).count());
        });
        let framing = rate(&|| {
            let mut framer = Framer::new(Format::Mbox(dialect));
            let mut pieces = Vec::new();
            bytes.chunks(BLOCK_BYTES).for_each(|block| framer.push(block, &mut pieces));
            framer.finish(&mut pieces);
            black_box(pieces.len());
        });
        let recovery = rate(&|| {
            let mut length = 0;
            let mut recover = Recover::new(Recovery::Mbox(dialect));
            bytes.chunks(BLOCK_BYTES).for_each(|block| recover.push(block, &mut |text| length += text.len()));
            recover.finish(&mut |text| length += text.len());
            black_box(length);
        });
        let name = dialect.as_str();
        println!("{path} ({name}): GB/s line ends {lines:.2}, framing {framing:.2}, recovery {recovery:.2}");
    }
}
