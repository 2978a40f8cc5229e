//! `mailcensus extract`: documents out of the mail, byte for byte.

mod index;
mod place;
mod take;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use serde_json::json;

use crate::exit::{Exit, Refused};
use crate::report::number::counted;
use crate::source::Roots;
use crate::store::Inventory;
use crate::store::read::StoredDocument;
use crate::ui;
use crate::verify::Moved;
use index::{Index, Line, Outcome};
use place::Places;

/// Take documents out of the mail into a folder, byte for byte, with an index.
///
/// Each document is read again from its message, decoded, and compared with its recorded digest; a message whose file
/// has changed gives nothing, and the index says so. Without --all-versions the current version of each family is
/// taken; with it, every version, in a folder for each family of several, and in `listed apart` the logos and trackers.
/// A document that is the text of a message is written as the whole message (.eml). Links lead elsewhere: they stand in
/// the index. Names are made harmless and unique; INDEX.csv holds the names as they were, and nothing is written
/// outside the folder.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db
  mailcensus extract inventory.db --documents documents
  mailcensus extract inventory.db --documents every-version --all-versions

Exit codes: 0 everything was written with the recorded digest; 1 a source has changed or is gone, or the inventory is
unfinished; 2 not an inventory, or a folder that is refused; 3 a disk failed; 130 interrupted.")]
pub struct ExtractArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// The folder to write into: new, empty, or made by this command before
    #[arg(long, value_name = "DIR")]
    pub documents: PathBuf,
    /// All versions, not the current one alone
    #[arg(long)]
    pub all_versions: bool,
    /// The export lies elsewhere now; repeatable, the longest FROM that fits wins
    #[arg(long, value_name = "FROM=TO")]
    pub moved: Vec<OsString>,
    /// Print one JSON object instead of sentences
    #[arg(long)]
    pub json: bool,
}

/// Copies of a document that are tried, one after the other, if sources have changed.
const TRIED: usize = 8;

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory and for a folder that is not ours; failing writes afterwards.
pub fn run(args: &ExtractArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    let stop = super::on_interrupt()?;
    let head = inventory.audit_head()?;
    let moved = Moved::parse(&args.moved, &head.roots).map_err(Refused::because)?;
    let ground: Vec<PathBuf> = head.roots.iter().map(|root| moved.place(root)).filter(|root| root.exists()).collect();
    if Roots::new(&ground).is_ok_and(|roots| roots.contain(&args.documents)) {
        return Err(Refused::because(format!(
            "{}: lies under the scanned paths, and nothing is ever written there\nhint: give a folder outside",
            ui::escape::escape(&args.documents.to_string_lossy())
        )));
    }
    let places = Places::open(&args.documents).map_err(Refused::because)?;
    let all = inventory.documents()?;
    let wanted: Vec<&StoredDocument> = all.iter().filter(|one| is_wanted(one, args.all_versions)).collect();
    let mut index = Index::default();
    let mut watch = ui::progress();
    watch.start(wanted.iter().map(|one| one.size_bytes).sum(), wanted.len() as u64);
    for document in wanted {
        if stop.load(Ordering::Relaxed) {
            index.is_interrupted = true;
            break;
        }
        let line = one(&inventory, &moved, &places, document)?;
        watch.progress(document.size_bytes, 0, u64::from(line.outcome != Outcome::Written));
        index.lines.push(line);
    }
    watch.end();
    index.write(&places)?;
    let unfinished = inventory.last_scan()?.is_none_or(|scan| scan.outcome != "done");
    let exit = if index.is_interrupted {
        Exit::Interrupted
    } else if index.count(Outcome::Changed) > 0 || unfinished {
        Exit::Findings
    } else {
        Exit::Done
    };
    say(args, &index, exit, out)?;
    Ok(exit)
}

fn is_wanted(document: &StoredDocument, all_versions: bool) -> bool {
    all_versions || document.is_current && document.listed_apart.is_none()
}

/// Writes one document from the first of its copies that is still what it was.
fn one(inventory: &Inventory, moved: &Moved, places: &Places, document: &StoredDocument) -> anyhow::Result<Line> {
    let copies = inventory.document_places(document.document_id, TRIED)?;
    let mut line = Line::of(document, copies.first());
    if document.carrier == "link" {
        return Ok(line);
    }
    let path = places.path(document);
    let mut first_why = None;
    for copy in &copies {
        match take::take(copy, document, moved, places, &path)? {
            Ok(sha256) => {
                line.written(&path, sha256, copy);
                return Ok(line);
            }
            Err(why) => {
                first_why.get_or_insert(why);
            }
        }
    }
    line.outcome = Outcome::Changed;
    line.why = first_why.unwrap_or_else(|| "no copy of it is left".to_owned());
    Ok(line)
}

fn say(args: &ExtractArgs, index: &Index, exit: Exit, out: &mut dyn Write) -> anyhow::Result<()> {
    let (written, changed, elsewhere) =
        (index.count(Outcome::Written), index.count(Outcome::Changed), index.count(Outcome::Elsewhere));
    if args.json {
        let object = json!({
            "schema_version": 1, "command": "extract", "exit_code": exit.code(), "written": written,
            "changed": changed, "links": elsewhere,
            "bytes": index.lines.iter().filter(|line| line.outcome == Outcome::Written).map(|line| line.size_bytes).sum::<u64>(),
        });
        writeln!(out, "{object}")?;
        return Ok(());
    }
    let folder = ui::escape::escape(&args.documents.to_string_lossy()).into_owned();
    writeln!(out, "{} written to {folder}, each with the recorded digest", counted(written, "document", "documents"))?;
    if elsewhere > 0 {
        writeln!(out, "{} to documents elsewhere: see INDEX.csv", counted(elsewhere, "link", "links"))?;
    }
    if changed > 0 {
        writeln!(
            out,
            "{} could not be taken from any copy tried: see INDEX.csv",
            counted(changed, "document", "documents")
        )?;
        writeln!(out, "hint: see what changed with `mailcensus audit`, or give the new place with --moved FROM=TO")?;
    }
    if index.is_interrupted {
        writeln!(out, "interrupted; INDEX.csv lists what was written; the same command begins again")?;
    }
    Ok(())
}
