//! How many times as long as bare parsing does a whole scan take?
//!
//! `cargo bench --bench scan_ratio -- [PATH]...` (the fixtures unless told otherwise). The other side is mail-parser over
//! the same frames with rayon on as many threads, reading from the page cache, results dropped. Both run several times,
//! one after the other; the medians and their ratio are printed.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use mailcensus::classify::Classifier;
use mailcensus::model::{FileId, Format, Frame, Problem, SegmentKind, Span};
use mailcensus::scan::read::{Bytes, Sink, Stop, read_file};
use mailcensus::scan::{Plan, Watch, scan};
use mailcensus::source::{Roots, Stat, walk};
use mailcensus::store::{Inventory, PendingFile, ScanHead};
use rayon::prelude::*;

const RUNS: usize = 3;

struct Frames(Vec<Span>);

impl Sink for Frames {
    fn begin(&mut self, _: &Stat, _: Option<Format>, _: bool) {}
    fn message(&mut self, frame: Frame, _: u32, _: Bytes<'_>) -> Result<(), Stop> {
        self.0.push(frame.message);
        Ok(())
    }
    fn outside(&mut self, _: SegmentKind, _: Span, _: Vec<Problem>) {}
}

struct Quiet;

impl Watch for Quiet {
    fn start(&mut self, _: u64, _: u64) {}
    fn progress(&mut self, _: u64, _: u64, _: u64) {}
    fn stage(&mut self, _: &str) {}
    fn end(&mut self) {}
}

fn main() {
    let mut paths: Vec<PathBuf> =
        std::env::args().skip(1).filter(|a| !a.starts_with("--")).map(PathBuf::from).collect();
    if paths.is_empty() {
        paths.push(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/company")));
    }
    let roots = Roots::new(&paths).unwrap_or_else(|(path, error)| panic!("{}: {error}", path.display()));
    let frames = all_frames(&roots);
    let messages: usize = frames.iter().map(|(_, spans)| spans.len()).sum();
    let bytes: u64 = frames.iter().flat_map(|(_, spans)| spans).map(|span| span.length_bytes).sum();
    println!("{messages} messages, {:.1} MB, {} threads", bytes as f64 / 1e6, rayon::current_num_threads());
    let (mut parses, mut scans) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        parses.push(parse_only(&frames));
        scans.push(whole_scan(&roots));
        println!("run {run}: parse only {:.3} s, whole scan {:.3} s", parses[run - 1], scans[run - 1]);
    }
    let (parse, scan) = (median(&mut parses), median(&mut scans));
    println!("median: parse only {parse:.3} s, whole scan {scan:.3} s, ratio {:.2}", scan / parse);
    println!("whole scan: {:.0} messages/s, {:.1} MB/s", messages as f64 / scan, bytes as f64 / 1e6 / scan);
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn all_frames(roots: &Roots) -> Vec<(PathBuf, Vec<Span>)> {
    use std::os::unix::ffi::OsStringExt;
    let mut found = Vec::new();
    let walked: Result<(), ()> = walk(roots, false, &mut |entry| {
        let file = PendingFile {
            file_id: FileId(1),
            path: entry.path.clone(),
            size_bytes: entry.size_bytes,
            mailbox: String::new(),
            folder: String::new(),
            resume: None,
        };
        let mut frames = Frames(Vec::new());
        if entry.size_bytes > 0 && read_file(&file, &mut frames).is_ok() && !frames.0.is_empty() {
            found.push((PathBuf::from(std::ffi::OsString::from_vec(entry.path)), frames.0));
        }
        Ok(())
    });
    walked.expect("the visitor never fails");
    found
}

fn parse_only(frames: &[(PathBuf, Vec<Span>)]) -> f64 {
    let start = Instant::now();
    frames.par_iter().for_each(|(path, spans)| {
        let bytes = std::fs::read(path).expect("a file that was just read");
        spans.par_iter().for_each(|span| {
            let message = &bytes[span.offset_bytes as usize..span.end() as usize];
            // Some real messages overflow the stack of mail-parser itself; they are left out of its time.
            if message.len() < 8 << 20 {
                std::hint::black_box(mail_parser::MessageParser::default().parse(message));
            }
        });
    });
    start.elapsed().as_secs_f64()
}

fn whole_scan(roots: &Roots) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let inventory = Inventory::open_for_scan(&folder.path().join("inventory.db")).expect("an inventory");
    let classifier = Arc::new(Classifier::built_in());
    let plan = Plan {
        roots,
        jobs: rayon::current_num_threads(),
        follow_links: false,
        told: false,
        head: ScanHead {
            roots: "[]".to_owned(),
            version: "bench".to_owned(),
            rules_sha256: classifier.rules_sha256(),
            model_sha256: classifier.model_sha256(),
            operator: String::new(),
            host: String::new(),
            started_at: 0,
            follow_links: false,
        },
        classifier,
        now: || 0,
        stop: Arc::new(AtomicBool::new(false)),
        program: PathBuf::new(),
    };
    let start = Instant::now();
    scan(&inventory, &plan, &mut Quiet).expect("a scan");
    start.elapsed().as_secs_f64()
}
