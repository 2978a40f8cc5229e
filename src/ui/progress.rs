//! The progress of a scan: bytes with the time left, messages per second, problems so far.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::scan::Watch;

/// Watches without a word.
pub struct Silent;

impl Watch for Silent {
    fn start(&mut self, _bytes: u64, _files: u64) {}
    fn progress(&mut self, _bytes: u64, _messages: u64, _problems: u64) {}
    fn stage(&mut self, _what: &str) {}
    fn end(&mut self) {}
}

/// A bar on stderr.
pub struct Bar {
    bar: ProgressBar,
    started: Instant,
    messages: u64,
    problems: u64,
}

impl Bar {
    /// A bar that has not started.
    pub fn new() -> Bar {
        let bar = ProgressBar::no_length();
        bar.set_style(style("{spinner} {msg}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Bar { bar, started: Instant::now(), messages: 0, problems: 0 }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Watch for Bar {
    fn start(&mut self, bytes: u64, _files: u64) {
        self.bar.set_length(bytes);
        self.bar.set_style(style("{bar:30} {bytes}/{total_bytes} {binary_bytes_per_sec} ETA {eta} · {msg}"));
        self.started = Instant::now();
        self.bar.reset();
    }

    fn progress(&mut self, bytes: u64, messages: u64, problems: u64) {
        self.messages += messages;
        self.problems += problems;
        self.bar.inc(bytes);
        let rate = self.messages as f64 / self.started.elapsed().as_secs_f64().max(0.001);
        self.bar.set_message(format!("{} messages ({rate:.0}/s), {} problems", self.messages, self.problems));
    }

    fn stage(&mut self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }
}
