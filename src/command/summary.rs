//! `mailcensus summary`: an inventory on one screen.

use std::io::Write;
use std::path::PathBuf;

use crate::exit::{Exit, Refused};
use crate::report::closing::ERRORS_SHOWN;
use crate::report::json;
use crate::report::summary::{MAILBOXES_SHOWN, summary};
use crate::store::Inventory;
use crate::store::read::Scope;

/// Show an inventory on one screen: what is proved, what is estimated, what must be read.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Examples:\n  mailcensus summary inventory.db\n  mailcensus summary inventory.db --json\n\nExit codes: 0 everything is accounted for; 1 unfinished, or errors to read; 2 not an inventory."
)]
pub struct SummaryArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// Print one JSON object, as `mailcensus scan --json` does
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory.
pub fn run(args: &SummaryArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    inventory.snapshot(|| {
        let counts = inventory.counts(Scope::default())?;
        let exit = if counts.has_findings() { Exit::Findings } else { Exit::Done };
        if args.json {
            let seconds = counts.scan.as_ref().map_or(0, |scan| scan.seconds) as f64;
            writeln!(out, "{}", json::inventory("summary", exit, &counts, seconds))?;
            return Ok(exit);
        }
        let mailboxes = inventory.largest_mailboxes(MAILBOXES_SHOWN)?;
        let errors = inventory.errors(Scope::default(), ERRORS_SHOWN)?;
        let path = inventory.path().to_string_lossy();
        out.write_all(summary(&path, &counts, &mailboxes, &errors).as_bytes())?;
        Ok(exit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{self, State};

    #[test]
    fn the_screen_and_the_object() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = folder.path().join("tiny.db");
        drop(tiny::inventory(&inventory, State::Done));
        let mut out = Vec::new();
        let args = SummaryArgs { inventory: inventory.clone(), json: false };
        assert_eq!(run(&args, &mut out).unwrap(), Exit::Findings);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("Proved") && text.contains("Estimated"), "{text}");
        let mut out = Vec::new();
        run(&SummaryArgs { inventory, json: true }, &mut out).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!((json["command"].as_str(), json["seconds"].as_f64()), (Some("summary"), Some(42.0)));
        let none = SummaryArgs { inventory: folder.path().join("none"), json: false };
        assert_eq!(Exit::of_error(&run(&none, &mut Vec::new()).unwrap_err()), Exit::NotStarted);
    }
}
