//! Writes a synthetic company's mail estate with known truth into a folder: mailboxes, `roster.csv`, `truth.json`.

#[allow(dead_code)] // Tests and benchmarks use the rest of it.
#[path = "../tests/it/estate_world/mod.rs"]
mod estate_world;

use std::path::PathBuf;

use anyhow::Context as _;
use estate_world::{Options, generate};

const USAGE: &str =
    "estate DIR [--seed N] [--mailboxes N] [--scale X] [--months N] [--quick] [--processes] [--blurred PART]";

fn main() -> anyhow::Result<()> {
    let mut options = Options::full(1);
    let mut folder = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().context(USAGE);
        match arg.as_str() {
            "--seed" => options.seed = value()?.parse()?,
            "--mailboxes" => options.mailboxes = value()?.parse()?,
            "--scale" => options.scale = value()?.parse()?,
            "--months" => options.months = Some(value()?.parse()?),
            "--processes" => options = Options::with_processes(options.seed),
            "--blurred" => options.blurred = value()?.parse()?,
            "--quick" => options = Options::quick(options.seed),
            _ if folder.is_none() && !arg.starts_with('-') => folder = Some(PathBuf::from(arg)),
            _ => anyhow::bail!(USAGE),
        }
    }
    let folder = folder.context(USAGE)?;
    let estate = generate(options);
    estate.write(&folder).with_context(|| format!("could not write {}", folder.display()))?;
    let truth = &estate.truth;
    println!(
        "{}: {} copies of {} messages in {} mailboxes",
        truth.company,
        truth.copies,
        truth.messages,
        truth.mailboxes.len()
    );
    Ok(())
}
