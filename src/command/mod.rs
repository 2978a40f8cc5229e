//! One verb a file; the doc comment of its arguments is its help.

pub mod export;
pub mod scan;
pub mod summary;

use std::io::Write;

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
        Command::Probe { inventory } => scan::run_probe(&inventory, out),
    }?;
    out.flush()?;
    Ok(exit)
}
