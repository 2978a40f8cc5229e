//! Exit codes as a type.

use std::process::ExitCode;

/// How a command ended, for whoever called the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// 0: done, everything accounted for.
    Done,
    /// 1: done, with findings a person must read; also any command on an unfinished inventory.
    Findings,
    /// 2: could not start.
    NotStarted,
    /// 3: stopped part-way by a failing disk or file; the inventory is consistent and the same command goes on.
    Stopped,
    /// 130: interrupted; likewise.
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
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}
