//! `mailcensus audit`: is every byte still where the inventory says?

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::exit::{Exit, Refused};
use crate::report;
use crate::source::Roots;
use crate::store::Inventory;
use crate::store::read::audit::{AuditHead, Part};
use crate::ui;
use crate::verify::audit::Progress;
use crate::verify::{Depth, Moved, Plan, audit, manifest};

/// Prove that every byte is still where the inventory says, with the digest it says.
///
/// Lists the scanned paths again, reads every file once and compares sizes, SHA-256 digests of files and of messages,
/// the place of every byte, and the number of messages. It shares no code with the scan and changes nothing. Each
/// mismatch is named with its path, its bytes and what to do.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db
  mailcensus audit inventory.db
  mailcensus audit inventory.db --subset 1/5
  mailcensus audit inventory.db --manifest company.sha256 && sha256sum --quiet -c company.sha256
  mailcensus audit client.db --moved /media/export=/mnt/copy --json

Exit codes: 0 everything was looked at and agrees; 1 a mismatch, something that could not be proved, or an unfinished
inventory; 2 not an inventory, or wrong arguments; 130 interrupted.")]
pub struct AuditArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// Compare sizes and times only; fast, and no proof of content
    #[arg(long)]
    pub quick: bool,
    /// Read the n-th of k parts of the files, so that k runs read everything; each run compares the whole listing
    #[arg(long, value_name = "N/K", value_parser = part)]
    pub subset: Option<Part>,
    /// The export lies elsewhere now; repeatable, the longest FROM that fits wins
    #[arg(long, value_name = "FROM=TO")]
    pub moved: Vec<OsString>,
    /// Also write the recorded digests of all files in the form that `sha256sum -c` checks
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Print one JSON object instead of sentences
    #[arg(long)]
    pub json: bool,
}

fn part(text: &str) -> Result<Part, String> {
    let numbers = text.split_once('/').and_then(|(n, k)| Some((n.parse().ok()?, k.parse().ok()?)));
    match numbers {
        Some((number, of)) if 0 < number && number <= of => Ok(Part { number, of }),
        _ => Err("give the part and how many there are, as in 1/5".to_owned()),
    }
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory and for wrong arguments; the store's afterwards.
pub fn run(args: &AuditArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    let stop = super::on_interrupt()?;
    let started = std::time::Instant::now();
    let (report, exit) = inventory.snapshot(|| -> anyhow::Result<_> {
        let head = inventory.audit_head()?;
        let moved = Moved::parse(&args.moved, &head.roots).map_err(Refused::because)?;
        if let Some(path) = &args.manifest {
            write_manifest(path, &inventory, &head, &moved)?;
        }
        let depth = if args.quick { Depth::Times } else { Depth::Content };
        let plan = Plan { depth, part: args.subset.unwrap_or(Part::ALL), moved: &moved, stop: &stop };
        let mut watch = ui::progress();
        let audited = audit(&inventory, &head, &plan, &mut |progress| match progress {
            Progress::Listing => watch.stage("listing"),
            Progress::Start { bytes, files } => watch.start(bytes, files),
            Progress::Read { bytes, messages, problems } => watch.progress(bytes, messages, problems),
        });
        watch.end();
        let audited = audited?;
        let exit = if audited.is_interrupted {
            Exit::Interrupted
        } else if audited.agrees() {
            Exit::Done
        } else {
            Exit::Findings
        };
        Ok((audited, exit))
    })?;
    if args.json {
        writeln!(out, "{}", report::audit::json(&report, exit, started.elapsed().as_secs_f64()))?;
    } else {
        out.write_all(report::audit::text(&report).as_bytes())?;
    }
    Ok(exit)
}

/// Writes the manifest beside the export, never into it, and never over anything but a manifest.
fn write_manifest(path: &Path, inventory: &Inventory, head: &AuditHead, moved: &Moved) -> anyhow::Result<()> {
    let refuse = |why: &str| {
        let path = ui::escape::escape(&path.to_string_lossy()).into_owned();
        Refused::because(format!("{path}: {why}"))
    };
    let places = head.roots.iter().map(Vec::as_slice).chain(moved.prefixes());
    let ground: Vec<PathBuf> = places.map(|place| moved.place(place)).filter(|place| place.exists()).collect();
    if Roots::new(&ground).is_ok_and(|roots| roots.contain(path)) {
        return Err(refuse(
            "lies under the scanned paths, and nothing is ever written there\nhint: give a place outside",
        ));
    }
    match std::fs::metadata(path) {
        Ok(meta) if !meta.is_file() => return Err(refuse("is no file\nhint: give the path of a file to write")),
        Ok(meta) if meta.len() > 0 => {
            let mut head = Vec::new();
            File::open(path)?.take(80).read_to_end(&mut head)?;
            if !manifest::is_manifest(&head) {
                return Err(refuse(
                    "holds something that is no manifest and will not be touched\nhint: give another path",
                ));
            }
        }
        _ => {}
    }
    let file = File::create(path).map_err(|error| refuse(&error.to_string()))?;
    let mut file = BufWriter::new(file);
    manifest::write(inventory, moved, &mut file)?;
    file.flush()?;
    Ok(())
}
