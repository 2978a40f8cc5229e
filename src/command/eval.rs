//! `mailcensus eval`: how far the readings of this mail can be trusted.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::exit::{Exit, Refused};
use crate::model::reading::{Class, Flag, Use};
use crate::report::evaluation::{self, Compared, Evaluation};
use crate::report::number::{counted, thousands};
use crate::store::{self, Inventory};
use crate::ui;
use crate::ui::escape::{escape, shorten};

mod labels;
mod matching;
mod sampling;

use labels::{Label, Labels};
use matching::Matched;

/// So many labels are named on the screen, and so many in JSON.
const NAMED: (usize, usize) = (5, 1000);

/// Draw messages for a person to label, and compare the labels with what was read.
///
/// First `--sample 100 --to sample.csv`: 100 different messages of every class, without a word of what the program read.
/// Somebody who knows the mail fills in the empty columns (docs/labelling-guide.md): class, one of workflow, document,
/// task, correspondence, bulk; alternative, a class that would not be wrong; uses and flags, `;` between, where none
/// fits `none`. Then `--labels sample.csv` says how many readings agree, with 95 % confidence, and records it in the
/// inventory, so that `scan` and `summary` say it from then on.
///
/// Labels may also be JSON, an object a line, with `class` (or `primary`) and one of `stored_sha256`, `message_sha256`,
/// `id` or `path` (absolute, relative to the file, or the end of a path in the inventory).
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db
  mailcensus eval inventory.db --sample 100 --to sample.csv
  mailcensus eval inventory.db --labels sample.csv

Exit codes: 0 every label was compared, or the sample is written; 1 a label names no message, or an unfinished
inventory; 2 an invalid label, not an inventory, or a file that is in the way.")]
#[command(group = clap::ArgGroup::new("what").required(true))]
pub struct EvalArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// Compare with these labels: JSON lines, or a filled-in sample
    #[arg(long, value_name = "FILE", group = "what")]
    pub labels: Option<PathBuf>,
    /// Draw so many messages for a person to label
    #[arg(long, value_name = "N", group = "what", requires = "to", value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pub sample: Option<u32>,
    /// Where the sample goes (CSV)
    #[arg(long, value_name = "FILE", conflicts_with = "labels")]
    pub to: Option<PathBuf>,
    /// Another seed draws another sample
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Leave subjects, names of attachments and text out of the sample
    #[arg(long, conflicts_with = "labels")]
    pub no_text: bool,
    /// Write over a file that is there
    #[arg(long, conflicts_with = "labels")]
    pub force: bool,
    /// The export lies elsewhere now; repeatable, the longest FROM that fits wins
    #[arg(long, value_name = "FROM=TO", conflicts_with = "labels")]
    pub moved: Vec<OsString>,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory, for invalid labels and for a sample that is in the way.
pub fn run(args: &EvalArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    match (&args.labels, &args.to, args.sample) {
        (Some(file), ..) => compare(args, inventory, file, out),
        (None, Some(to), Some(size)) => sampling::run(args, &inventory, size as usize, to, out),
        _ => Err(Refused::because("--sample N and --to FILE go together")),
    }
}

fn compare(args: &EvalArgs, inventory: Inventory, file: &Path, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let shown = escape(&file.to_string_lossy()).into_owned();
    let labels = labels::read(file).map_err(|error| Refused::because(format!("{shown}: {error}")))?;
    if !labels.invalid.is_empty() {
        return Err(invalid(&shown, &labels));
    }
    let (matched, cases, is_finished) = inventory.snapshot(|| -> anyhow::Result<_> {
        let matched = matching::matched(&inventory, &labels.labels, file)?;
        let cases = matched.pairs.iter().map(|(at, row)| compared(&inventory, &labels.labels[*at], row));
        let cases = cases.collect::<rusqlite::Result<Vec<Compared>>>()?;
        Ok((matched, cases, inventory.is_finished()?))
    })?;
    drop(inventory);
    let found = evaluation::evaluate(&cases);
    let recorded =
        if cases.is_empty() { Err("there was nothing to compare".to_owned()) } else { record(args, &labels, &found) };
    let is_whole = matched.unmatched.is_empty() && is_finished && !cases.is_empty();
    let exit = if is_whole { Exit::Done } else { Exit::Findings };
    if args.json {
        let head = head_json(&shown, &labels, &matched, recorded.is_ok());
        writeln!(out, "{}", object(exit, is_finished, head, &found))?;
        return Ok(exit);
    }
    head_text(out, &shown, &labels, &matched)?;
    if !cases.is_empty() {
        write!(out, "{}\n{}\n", evaluation::text::tables(&found), evaluation::text::sentence(&found))?;
    }
    match recorded {
        Ok(()) => writeln!(out, "Recorded in the inventory; `mailcensus summary` says it from now on.")?,
        Err(why) => ui::hint(&format!("mailcensus: not recorded in the inventory: {why}")),
    }
    if !is_finished {
        writeln!(out, "The scan of this inventory did not finish: run the same `mailcensus scan` again.")?;
    }
    Ok(exit)
}

fn invalid(shown: &str, labels: &Labels) -> anyhow::Error {
    let mut list: Vec<String> =
        labels.invalid.iter().take(20).map(|what| format!("{shown}:{}", escape(what))).collect();
    if labels.invalid.len() > 20 {
        list.push(format!("and {} more", thousands(labels.invalid.len() as u64 - 20)));
    }
    let count = counted(labels.invalid.len() as u64, "label is invalid", "labels are invalid");
    Refused::because(format!("{count}, nothing was compared\n{}\nhint: see `mailcensus eval --help`", list.join("\n")))
}

fn compared(inventory: &Inventory, label: &Label, row: &store::read::LabelledRow) -> rusqlite::Result<Compared> {
    let uses = inventory.uses_of(row.message_id)?;
    let flags = inventory.marks_of(row.message_id)?;
    let mut compared = Compared {
        label: label.class,
        alternatives: label.alternatives.clone(),
        said: Class::from_word(&row.class).unwrap_or(Class::Unsure),
        score: row.class_score,
        uses: label.uses.map(|label| (label, false)),
        flags: label.flags.map(|label| (label, false)),
        stratum: label.stratum,
        sender: row.from_address.clone(),
    };
    for (pair, one) in compared.uses.iter_mut().zip(Use::ALL) {
        pair.1 = uses.iter().any(|word| word == one.as_str());
    }
    for (pair, one) in compared.flags.iter_mut().zip(Flag::ALL) {
        pair.1 = flags.iter().any(|word| word == one.as_str());
    }
    Ok(compared)
}

/// Writes the result into the inventory; the error says in plain words why not.
fn record(args: &EvalArgs, labels: &Labels, found: &Evaluation) -> Result<(), String> {
    let interval = found.accuracy.interval;
    let row = store::Evaluation {
        labels_sha256: labels.sha256.clone(),
        labels: labels.labels.len() as u64,
        matched: found.compared as u64,
        correct: found.correct as u64,
        accuracy: found.accuracy.value.unwrap_or(0.0),
        accuracy_low: interval.map_or(0.0, |interval| interval.low),
        accuracy_high: interval.map_or(1.0, |interval| interval.high),
        macro_f1: found.macro_f1.value,
        is_weighted: found.stands_for.is_some(),
        ..store::Evaluation::default()
    };
    // The lock of a scan, so that the two never write at once.
    let inventory = Inventory::open_for_scan(&args.inventory).map_err(|error| error.to_string())?;
    inventory.put_evaluation(&row, jiff::Timestamp::now().as_second()).map_err(|error| error.to_string())
}

fn head_text(out: &mut dyn Write, shown: &str, labels: &Labels, matched: &Matched) -> std::io::Result<()> {
    let read = counted(labels.labels.len() as u64, "label", "labels");
    write!(out, "{shown}: {read}, {} compared", thousands(matched.pairs.len() as u64))?;
    if matched.repeated > 0 {
        write!(out, ", {} named a message again", thousands(matched.repeated as u64))?;
    }
    if labels.blank > 0 {
        write!(out, ", {} not filled in", counted(labels.blank as u64, "row", "rows"))?;
    }
    writeln!(out)?;
    if labels.unlabelled_messages > 0 {
        writeln!(
            out,
            "No label stands for {} of strata in which no row is filled in.",
            counted(labels.unlabelled_messages, "message", "messages")
        )?;
    }
    if !matched.unmatched.is_empty() {
        writeln!(out, "Not compared: {}", counted(matched.unmatched.len() as u64, "label", "labels"))?;
    }
    for one in matched.unmatched.iter().take(NAMED.0) {
        writeln!(out, "  line {}, {}: {}", one.line, shorten(&one.name, 60), one.why)?;
    }
    if matched.unmatched.len() > NAMED.0 {
        writeln!(out, "  and {} more: see --json", thousands((matched.unmatched.len() - NAMED.0) as u64))?;
    }
    Ok(())
}

fn head_json(file: &str, labels: &Labels, matched: &Matched, recorded: bool) -> Value {
    let unmatched = matched.unmatched.iter().take(NAMED.1);
    json!({
        "file": file,
        "sha256": labels.sha256,
        "read": labels.labels.len(),
        "compared": matched.pairs.len(),
        "repeated": matched.repeated,
        "not_filled_in": labels.blank,
        "messages_of_unlabelled_strata": labels.unlabelled_messages,
        "unmatched": matched.unmatched.len(),
        "unmatched_labels": unmatched.map(|one| json!({ "line": one.line, "name": one.name, "why": one.why })).collect::<Vec<_>>(),
        "recorded": recorded,
    })
}

fn object(exit: Exit, is_finished: bool, labels: Value, found: &Evaluation) -> Value {
    let mut object = evaluation::json::json(found);
    object["schema_version"] = 1.into();
    object["command"] = "eval".into();
    object["exit_code"] = exit.code().into();
    object["finished"] = is_finished.into();
    object["labels"] = labels;
    object["sentence"] = if found.compared == 0 { Value::Null } else { evaluation::text::sentence(found).into() };
    object
}
