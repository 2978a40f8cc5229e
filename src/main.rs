//! Reads the arguments, calls the command, ends with its code.

use std::process::ExitCode;

use clap::Parser;
use mailcensus::{cli::Cli, command, exit::Exit, ui};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ui::usage(&error),
    };
    match command::run(cli) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = command::exit_for(&error).unwrap_or(Exit::Stopped);
            ui::complain(&error, exit);
            exit.into()
        }
    }
}
