//! `mailcensus scan`

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::given::Told;
use crate::classify::Classifier;
use crate::exit::{Exit, Refused};
use crate::export::{ExportError, Text, package};
use crate::report::closing::{ERRORS_SHOWN, closing};
use crate::report::json;
use crate::scan::{Plan, ScanEnd, probe, scan};
use crate::source::Roots;
use crate::store::read::Scope;
use crate::store::{Inventory, OpenError, ScanHead};
use crate::ui;

/// Find every message under the given paths and write the inventory.
///
/// Reads mbox files of any name, maildir and Maildir++, and folders of single messages (.eml, MH); what a file is, is
/// told by its content. Nothing under the given paths is changed. Interrupt it at any time: the same command goes on
/// where it was. Run it again after the export has grown: only what is new or changed is read, and ids stay.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db --csv out
  mailcensus scan /media/export/anna.mbox /media/export/bob --to client.db --jobs 4")]
pub struct ScanArgs {
    /// Files and folders to scan
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// The inventory to write; made if missing, continued if it is one
    #[arg(long, value_name = "INVENTORY.db")]
    pub to: PathBuf,
    /// Also write the CSV package for the client into this folder
    #[arg(long, value_name = "DIR")]
    pub csv: Option<PathBuf>,
    /// Worker threads [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
    /// More rules for the reading of messages; see docs/rules.md
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// A domain of the client's, subdomains included; may be given several times [default: inferred from sent mail]
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Vec<String>,
    /// Who should have a mailbox: a CSV file with address, person, status, aliases, expected_items, expected_bytes, hold
    #[arg(long, value_name = "ROSTER.csv")]
    pub expect: Option<PathBuf>,
    /// The delivery: a TOML file with client, received_from, received_at, medium, hash_list
    #[arg(long, value_name = "FILE.toml")]
    pub engagement: Option<PathBuf>,
    /// Messages larger than this many MiB are counted as too large for the target [default: 35]
    #[arg(long, value_name = "MB", value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub max_message: Option<u64>,
    /// A task older than this many days, counted to the newest message, is no longer called open [default: 180]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub open_days: Option<u32>,
    /// Follow symbolic links that lead out of the given paths
    #[arg(long)]
    pub follow_links: bool,
    /// Print one JSON object instead of sentences
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// `Refused` or `OpenError` before anything happened; the store's afterwards.
pub fn run(args: &ScanArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let roots = roots(args)?;
    if let Some(folder) = &args.csv {
        package::check_place(folder).map_err(not_exported)?;
    }
    let classifier = Arc::new(load_classifier(&args.rules)?);
    let told = Told::read(args)?;
    // Before the inventory is made: whoever sees it may interrupt.
    let stop = super::on_interrupt()?;
    let inventory = Inventory::open_for_scan(&args.to).map_err(not_opened)?;
    told.write(&inventory)?;
    let plan = Plan {
        roots: &roots,
        jobs: args.jobs.map_or_else(crate::scan::processors, usize::from),
        follow_links: args.follow_links,
        told: told.is_something(),
        head: head(&roots, &classifier, args.follow_links),
        classifier,
        now,
        stop,
        program: std::env::current_exe()?,
    };
    let started = std::time::Instant::now();
    let mut watch = ui::progress();
    let end = scan(&inventory, &plan, watch.as_mut())?.0;
    if end == ScanEnd::Interrupted {
        ui::hint("Interrupted. Everything read so far is in the inventory; the same command goes on.");
    }
    answer(args, &inventory, end, started.elapsed().as_secs_f64(), out)
}

/// The closing sentences or the JSON object, and the CSV package of a finished inventory.
fn answer(
    args: &ScanArgs,
    inventory: &Inventory,
    end: ScanEnd,
    seconds: f64,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let counts = inventory.counts(Scope::default())?;
    let exit = match end {
        ScanEnd::Interrupted => Exit::Interrupted,
        ScanEnd::Done if counts.has_findings() => Exit::Findings,
        ScanEnd::Done => Exit::Done,
    };
    let package = match &args.csv {
        Some(folder) if end == ScanEnd::Done => {
            Some(package::write(inventory, folder, Text::default()).map_err(not_exported)?)
        }
        _ => None,
    };
    if args.json {
        writeln!(out, "{}", json::inventory("scan", exit, &counts, seconds))?;
    } else if end == ScanEnd::Done {
        write!(out, "{}", closing(&counts, &inventory.errors(Scope::default(), ERRORS_SHOWN)?))?;
        if let Some(package) = &package {
            writeln!(out, "Written\n  {}", super::export::sentence(package))?;
        }
    }
    Ok(exit)
}

/// The given paths, none of which may be written to.
fn roots(args: &ScanArgs) -> anyhow::Result<Roots> {
    let roots = Roots::new(&args.paths).map_err(|(path, error)| {
        let plain = crate::source::walk::plain(&error);
        let path = path.display();
        Refused(format!("{path}: {plain}\nhint: give the path of an exported mailbox or of a folder of them"))
    })?;
    for target in std::iter::once(&args.to).chain(&args.csv) {
        if roots.contain(target) {
            let path = target.display();
            return Err(Refused::because(format!(
                "{path}: lies under the paths to scan, and nothing is ever written there\nhint: give a place outside the export"
            )));
        }
    }
    Ok(roots)
}

/// SQLite's own troubles are those of a disk; everything else could not start.
fn not_opened(error: OpenError) -> anyhow::Error {
    match error {
        OpenError::Sqlite(..) => error.into(),
        other => Refused::because(other),
    }
}

fn not_exported(error: ExportError) -> anyhow::Error {
    match error {
        ExportError::Refused(..) => Refused::because(error),
        other => other.into(),
    }
}

/// Runs `mailcensus probe`: names and reads what a dead scan was working on.
///
/// # Errors
/// Those of the store.
pub fn run_probe(path: &Path, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(path)?;
    probe(&inventory.reader()?, &Classifier::built_in(), out)?;
    Ok(Exit::Done)
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn load_classifier(rules: &[PathBuf]) -> anyhow::Result<Classifier> {
    let mut texts = Vec::new();
    for path in rules {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Refused(format!(
                "{}: {}\nhint: --rules takes a TOML file",
                path.display(),
                crate::source::walk::plain(&error)
            ))
        })?;
        texts.push((path.display().to_string(), text));
    }
    if texts.is_empty() {
        return Ok(Classifier::built_in());
    }
    Classifier::with_rules(&texts).map_err(|error| Refused(error.to_string()).into())
}

fn head(roots: &Roots, classifier: &Classifier, follow_links: bool) -> ScanHead {
    use std::os::unix::ffi::OsStrExt;
    let paths: Vec<String> =
        roots.paths().iter().map(|path| crate::model::path::display(path.as_os_str().as_bytes())).collect();
    let from_env = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    ScanHead {
        roots: serde_json::to_string(&paths).unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        rules_sha256: classifier.rules_sha256(),
        model_sha256: classifier.model_sha256(),
        operator: from_env(&["LOGNAME", "USER", "USERNAME"]),
        host: std::fs::read_to_string("/proc/sys/kernel/hostname")
            .map(|name| name.trim().to_owned())
            .unwrap_or_else(|_| from_env(&["HOSTNAME"])),
        started_at: now(),
        follow_links,
    }
}
