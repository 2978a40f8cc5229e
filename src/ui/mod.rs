//! Everything a person sees on the terminal. The only place that prints.

pub mod escape;
mod progress;
pub mod visible;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use crate::exit::Exit;
use crate::scan::Watch;

/// A progress bar on a terminal, nothing elsewhere.
pub fn progress() -> Box<dyn Watch> {
    if std::io::stderr().is_terminal() { Box::new(progress::Bar::new()) } else { Box::new(progress::Silent) }
}

/// Prints what clap has to say; help is no failure.
pub fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(error.exit_code() as u8)
}

/// Where a command's answer goes.
pub fn stdout() -> impl Write {
    std::io::BufWriter::new(std::io::stdout().lock())
}

/// Whether the answer goes to a terminal, on which hostile text could act.
pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints an error with its causes and hints on stderr.
pub fn complain(error: &anyhow::Error, exit: Exit) {
    if exit == Exit::Done {
        return; // whoever read the answer had enough of it
    }
    let mut err = std::io::stderr();
    let _ = writeln!(err, "mailcensus: {error:#}");
    if exit == Exit::Stopped {
        let _ = writeln!(err, "hint: what was written is consistent; once the cause is gone, the same command goes on");
    }
}

/// Prints a line on stderr.
pub fn hint(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
