//! Exit codes (DESIGN section 8): what a script learns from a command.

use std::io::ErrorKind;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Everything is accounted for.
    Done,
    /// Done, and a person must read what was found.
    Findings,
    /// Could not start: wrong arguments, not an inventory, a path that is refused.
    NotStarted,
    /// A disk or file failed part-way; the same command goes on.
    Stopped,
    /// Somebody asked for the end; the same command goes on.
    Interrupted,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Exit::Done => 0,
            Exit::Findings => 1,
            Exit::NotStarted => 2,
            Exit::Stopped => 3,
            Exit::Interrupted => 130,
        }
    }

    /// What an error that reached the top means: `Refused` could not start, anything else broke off. A reader that
    /// closed the pipe (`mailcensus summary … | head`) is no failure.
    pub fn of_error(error: &anyhow::Error) -> Exit {
        let closed = |cause: &(dyn std::error::Error + 'static)| {
            cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe)
        };
        if error.chain().any(|cause| cause.is::<Refused>()) {
            Exit::NotStarted
        } else if error.chain().any(closed) {
            Exit::Done
        } else {
            Exit::Stopped
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

/// A command that did not start; the text says why and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Refused {
    /// Any error that means "not started".
    pub fn because(error: impl std::fmt::Display) -> anyhow::Error {
        anyhow::Error::new(Refused(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Exit, Refused};
    use anyhow::Context;

    #[test]
    fn errors_become_codes() {
        let refused: anyhow::Result<()> = Err(Refused::because("not an inventory")).context("while opening");
        assert_eq!(Exit::of_error(&refused.unwrap_err()).code(), 2);
        let pipe = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert_eq!(Exit::of_error(&anyhow::Error::new(pipe)), Exit::Done);
        assert_eq!(Exit::of_error(&anyhow::anyhow!("disk full")).code(), 3);
    }
}
