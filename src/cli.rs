//! Arguments and help; no behaviour.

use clap::{Parser, Subcommand};

use crate::command::audit::AuditArgs;
use crate::command::compare_files::CompareFilesArgs;
use crate::command::eval::EvalArgs;
use crate::command::explain::ExplainArgs;
use crate::command::export::ExportArgs;
use crate::command::extract::ExtractArgs;
use crate::command::scan::ScanArgs;
use crate::command::show::ShowArgs;
use crate::command::summary::SummaryArgs;

/// Finds every message in exported mailboxes, says what each was really used for, and proves that nothing was lost.
#[derive(Parser, Debug)]
#[command(
    name = "mailcensus",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = "\
Start with:
  mailcensus scan fixtures/company --to inventory.db --csv out
  mailcensus summary inventory.db
  mailcensus audit inventory.db

Exit codes: 0 done, everything accounted for; 1 done, with findings to read; 2 could not start;
3 stopped part-way, the same command goes on; 130 interrupted, likewise.")]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Scan(ScanArgs),
    Summary(SummaryArgs),
    Export(ExportArgs),
    Audit(AuditArgs),
    Show(ShowArgs),
    Explain(ExplainArgs),
    CompareFiles(CompareFilesArgs),
    Extract(ExtractArgs),
    Eval(EvalArgs),
    /// Reads what a dead scan was working on (used by `scan` itself).
    #[command(hide = true)]
    Probe {
        /// The inventory.
        inventory: std::path::PathBuf,
    },
}
