//! `mailcensus export`: the inventory as files for the client.

use std::io::Write;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::exit::{Exit, Refused};
use crate::export::package::{self, Package};
use crate::export::{ExportError, Text, dossier};
use crate::report::number::{counted, thousands};
use crate::store::Inventory;
use crate::store::read::{Scope, Table};
use crate::ui::escape::escape;

/// Write the inventory as files for the client.
///
/// The CSV package opens in Excel and LibreOffice; MANIFEST.csv holds the SHA-256 of every file and of the inventory.
/// Text from mail is made harmless: no cell is run as a formula.
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Examples:\n  mailcensus export inventory.db --csv client\n  mailcensus export inventory.db --by-mailbox boxes --no-text\n  mailcensus export inventory.db --ics tasks.ics\n  mailcensus export inventory.db --dossiers dossiers --xes log.xes\n\nExit codes: 0 done; 1 done, and the inventory is unfinished or has errors to read; 2 could not start;\n3 stopped part-way."
)]
#[command(group = clap::ArgGroup::new("what").required(true).multiple(true))]
pub struct ExportArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// Write the CSV package into this folder, made if missing
    #[arg(long, value_name = "DIR", group = "what")]
    pub csv: Option<PathBuf>,
    /// Write one package a mailbox into folders of DIR, each with nothing of anybody else's mail
    #[arg(long, value_name = "DIR", group = "what")]
    pub by_mailbox: Option<PathBuf>,
    /// Write all messages as JSON, one object a line
    #[arg(long, value_name = "FILE", group = "what")]
    pub jsonl: Option<PathBuf>,
    /// Write all tasks as an iCalendar file of to-dos (RFC 5545)
    #[arg(long, value_name = "FILE", group = "what")]
    pub ics: Option<PathBuf>,
    /// Write the event log of all processes as XES (IEEE 1849-2016), for tools of process mining
    #[arg(long, value_name = "FILE", group = "what")]
    pub xes: Option<PathBuf>,
    /// Write a dossier of each process with a picture of its flow into DIR/workflows
    #[arg(long, value_name = "DIR", group = "what")]
    pub dossiers: Option<PathBuf>,
    /// Add excerpts of messages and the words of evidence
    #[arg(long, conflicts_with = "no_text")]
    pub with_text: bool,
    /// Leave out subjects, names and quotes too
    #[arg(long)]
    pub no_text: bool,
    /// Print one JSON object about what was written
    #[arg(long)]
    pub json: bool,
}

impl ExportArgs {
    fn text(&self) -> Text {
        match (self.with_text, self.no_text) {
            (true, _) => Text::Full,
            (_, true) => Text::None,
            _ => Text::Usual,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory and for places that are somebody else's; anything else broke off part-way.
pub fn run(args: &ExportArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    let counts = inventory.counts(Scope::default())?;
    let text = args.text();
    let mut packages = Vec::new();
    if let Some(directory) = &args.csv {
        packages.push(package::write(&inventory, directory, text).map_err(refused)?);
    }
    if let Some(directory) = &args.by_mailbox {
        packages.extend(package::write_by_mailbox(&inventory, directory, text).map_err(refused)?);
    }
    let mut lines = None;
    if let Some(file) = &args.jsonl {
        lines = Some(package::write_jsonl(&inventory, file, text).map_err(refused)?);
    }
    let mut tasks = None;
    if let Some(file) = &args.ics {
        tasks = Some(package::write_ics(&inventory, file, text).map_err(refused)?);
    }
    let mut logged = None;
    if let Some(file) = &args.xes {
        logged = Some(package::write_xes(&inventory, file, text).map_err(refused)?);
    }
    let mut dossiers = None;
    if let Some(directory) = &args.dossiers {
        dossiers = Some(inventory.snapshot(|| dossier::write(&inventory, directory, text)).map_err(refused)?);
    }
    let exit = if counts.has_findings() { Exit::Findings } else { Exit::Done };
    if args.json {
        let mut object = json(exit, &packages, lines, tasks);
        object["xes_runs"] = json!(logged.map(|(runs, _)| runs));
        object["dossiers"] = json!(dossiers);
        writeln!(out, "{object}")?;
        return Ok(exit);
    }
    for package in &packages {
        writeln!(out, "{}", sentence(package))?;
    }
    if let (Some(file), Some(lines)) = (&args.jsonl, lines) {
        writeln!(out, "{}: {}", escape(&file.to_string_lossy()), counted(lines, "message", "messages"))?;
    }
    if let (Some(file), Some(tasks)) = (&args.ics, tasks) {
        writeln!(out, "{}: {}", escape(&file.to_string_lossy()), counted(tasks, "task", "tasks"))?;
    }
    if let (Some(file), Some((runs, steps))) = (&args.xes, logged) {
        let (runs, steps) = (counted(runs, "run", "runs"), counted(steps, "step", "steps"));
        writeln!(out, "{}: {runs}, {steps}", escape(&file.to_string_lossy()))?;
    }
    if let (Some(directory), Some(count)) = (&args.dossiers, dossiers) {
        let count = counted(count, "dossier", "dossiers");
        writeln!(out, "{}: {count}", escape(&directory.join("workflows").to_string_lossy()))?;
    }
    if counts.is_unfinished() {
        writeln!(out, "The scan of this inventory did not finish: what was written is not everything.")?;
        writeln!(out, "hint: run the same `mailcensus scan` again, then export again")?;
    } else if exit == Exit::Findings {
        let errors = counted(counts.problems_of("error"), "error", "errors");
        writeln!(out, "{errors} in the inventory: read problems.csv before anybody says that this is everything.")?;
    }
    Ok(exit)
}

/// What was written, and the digest for the delivery note.
pub fn sentence(package: &Package) -> String {
    format!(
        "{}: {} files, {}, {}; SHA-256 of MANIFEST.csv {}",
        escape(&package.directory.to_string_lossy()),
        thousands(Table::ALL.len() as u64 + 2),
        counted(package.rows(Table::Messages), "message", "messages"),
        counted(package.rows(Table::Problems), "problem", "problems"),
        package.manifest_sha256
    )
}

fn refused(error: ExportError) -> anyhow::Error {
    match error {
        ExportError::Refused(..) => Refused::because(error),
        other => other.into(),
    }
}

fn json(exit: Exit, packages: &[Package], jsonl: Option<u64>, ics: Option<u64>) -> Value {
    let packages: Vec<Value> = packages
        .iter()
        .map(|package| {
            let files: Vec<Value> = package
                .entries
                .iter()
                .map(|e| {
                    let sha256 = e.sha256.to_hex();
                    json!({"file": e.file, "sha256": sha256, "size_bytes": e.size_bytes, "rows": e.rows})
                })
                .collect();
            json!({
                "directory": package.directory.to_string_lossy(),
                "mailbox": package.mailbox,
                "manifest_sha256": package.manifest_sha256.to_hex(),
                "files": files,
            })
        })
        .collect();
    json!({
        "schema_version": 1,
        "command": "export",
        "exit_code": exit.code(),
        "packages": packages,
        "jsonl_messages": jsonl,
        "ics_tasks": ics,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tiny::{self, State};
    use clap::{Args, Parser};

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        args: ExportArgs,
    }

    fn parse(words: &[&str]) -> Result<ExportArgs, clap::Error> {
        Cli::try_parse_from([&["export"], words].concat()).map(|cli| cli.args)
    }

    #[test]
    fn arguments_exclude_and_require_each_other() {
        let command = ExportArgs::augment_args(clap::Command::new("export"));
        command.debug_assert();
        assert!(parse(&["x.db"]).is_err(), "nothing to write");
        assert!(parse(&["x.db", "--csv", "d", "--no-text", "--with-text"]).is_err());
        assert_eq!(parse(&["x.db", "--csv", "d", "--jsonl", "f", "--with-text"]).unwrap().text(), Text::Full);
    }

    #[test]
    fn codes_and_sentences() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        drop(tiny::inventory(&folder.path().join("tiny.db"), State::Interrupted));
        let args =
            parse(&[&path("tiny.db"), "--csv", &path("c"), "--by-mailbox", &path("b"), "--jsonl", &path("m.jsonl")]);
        let mut out = Vec::new();
        assert_eq!(run(&args.unwrap(), &mut out).unwrap(), Exit::Findings);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("is not everything") && text.contains("m.jsonl: 6 messages"), "{text}");
        let args = parse(&[&path("tiny.db"), "--csv", &path("c"), "--json"]).unwrap();
        let mut out = Vec::new();
        run(&args, &mut out).unwrap();
        let json: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(json["exit_code"], 1);
        assert_eq!(json["packages"][0]["files"].as_array().unwrap().len(), 19);
        let missing = run(&parse(&[&path("none.db"), "--csv", &path("c")]).unwrap(), &mut Vec::new()).unwrap_err();
        assert_eq!(Exit::of_error(&missing), Exit::NotStarted);
        let on_file =
            run(&parse(&[&path("tiny.db"), "--csv", &path("tiny.db")]).unwrap(), &mut Vec::new()).unwrap_err();
        assert_eq!(Exit::of_error(&on_file), Exit::NotStarted);
    }
}
