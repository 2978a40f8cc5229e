//! Reads the arguments, calls the command, ends with its code.

use std::process::ExitCode;

use clap::Parser;
use mailcensus::{cli::Cli, command, exit::Exit, ui};

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ui::usage(&error),
    };
    match command::run(cli, &mut ui::stdout()) {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = Exit::of_error(&error);
            ui::complain(&error, exit);
            exit.into()
        }
    }
}
