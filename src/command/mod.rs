//! One verb a file; the doc comment of its arguments is its help.

pub mod scan;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::store::OpenError;

/// The user asked for something that cannot be started: wrong paths, wrong inventory, wrong rules.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Runs the command the user gave.
///
/// # Errors
/// What kept it from ending; [`exit_for`] says with which code.
pub fn run(cli: Cli) -> anyhow::Result<Exit> {
    match cli.command {
        Command::Scan(args) => scan::run(&args),
        Command::Probe { inventory } => scan::run_probe(&inventory),
    }
}

/// The exit code for an error: 2 for what never started; 3 for a disk or file that failed on the way.
pub fn exit_for(error: &anyhow::Error) -> Option<Exit> {
    let not_started = error.is::<Refused>()
        || matches!(
            error.downcast_ref::<OpenError>(),
            Some(
                OpenError::NotOurs(_)
                    | OpenError::Missing(_)
                    | OpenError::Newer(..)
                    | OpenError::Busy(_)
                    | OpenError::Io(..)
            )
        );
    not_started.then_some(Exit::NotStarted)
}
