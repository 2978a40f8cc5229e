//! One verb a file; the doc comment of its arguments is its help.

pub mod audit;
pub mod compare_files;
pub mod eval;
pub mod explain;
pub mod export;
pub mod extract;
pub mod given;
mod message;
pub mod scan;
pub mod show;
pub mod summary;

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::cli::{Cli, Command};
use crate::exit::Exit;

/// Runs the command the user gave; what it prints goes to `out`.
///
/// # Errors
/// What kept it from ending; [`Exit::of_error`] says with which code.
pub fn run(cli: Cli, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let exit = match cli.command {
        Command::Scan(args) => scan::run(&args, out),
        Command::Summary(args) => summary::run(&args, out),
        Command::Export(args) => export::run(&args, out),
        Command::Audit(args) => audit::run(&args, out),
        Command::Show(args) => show::run(&args, out),
        Command::Explain(args) => explain::run(&args, out),
        Command::CompareFiles(args) => compare_files::run(&args, out),
        Command::Extract(args) => extract::run(&args, out),
        Command::Eval(args) => eval::run(&args, out),
        Command::Probe { inventory } => scan::run_probe(&inventory, out),
    }?;
    out.flush()?;
    Ok(exit)
}

/// A flag that Ctrl-C and SIGTERM set. Whoever asks twice gets the end at once: no command leaves anything half done.
pub(crate) fn on_interrupt() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted.code()));
        }
    })?;
    Ok(stop)
}
