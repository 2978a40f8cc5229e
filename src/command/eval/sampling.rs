//! Drawing a sample and writing it where nothing is lost.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::EvalArgs;
use crate::command::explain::read_again;
use crate::exit::{Exit, Refused};
use crate::export::sample::{self, Sample};
use crate::export::{ExportError, Text};
use crate::model::MessageId;
use crate::parse::zones::{ZoneKind, zones};
use crate::report::number::counted;
use crate::source::Roots;
use crate::store::Inventory;
use crate::store::read::MessageName;
use crate::ui::escape::escape;
use crate::verify::Moved;

/// Characters of the sender's own text that the reader is shown, and of what is quoted or passed on.
const SHOWN: (usize, usize) = (3000, 1000);

/// Draws and writes.
///
/// # Errors
/// `Refused` if there is nothing to draw from or something is in the way; otherwise those of the disk.
pub(super) fn run(
    args: &EvalArgs,
    inventory: &Inventory,
    size: usize,
    to: &Path,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let roots = inventory.audit_head()?.roots;
    let moved = Moved::parse(&args.moved, &roots).map_err(Refused::because)?;
    check_place(inventory, &roots, &moved, to, args.force)?;
    let (sample, unread, is_finished) = inventory.snapshot(|| -> anyhow::Result<_> {
        let sample = sample::draw(inventory, size, args.seed)?;
        if sample.drawn.is_empty() {
            return Err(Refused::because("there are no messages to draw from"));
        }
        let text = if args.no_text { Text::None } else { Text::Usual };
        let unread = write(inventory, &sample, text, &moved, to, args.force)?;
        Ok((sample, unread, inventory.is_finished()?))
    })?;
    let exit = if is_finished { Exit::Done } else { Exit::Findings };
    let messages: u64 = sample.strata.iter().map(|(messages, _)| messages).sum();
    let shown = escape(&to.to_string_lossy()).into_owned();
    if args.json {
        let object = json!({
            "schema_version": 1,
            "command": "eval",
            "exit_code": exit.code(),
            "finished": is_finished,
            "file": shown,
            "seed": args.seed,
            "sampled": sample.drawn.len(),
            "messages": messages,
            "strata": sample.strata.len(),
            "text_not_read": unread,
        });
        writeln!(out, "{object}")?;
        return Ok(exit);
    }
    writeln!(
        out,
        "{shown}: {} of {}, from {}",
        counted(sample.drawn.len() as u64, "message", "messages"),
        counted(messages, "different message", "different messages"),
        counted(sample.strata.len() as u64, "stratum", "strata")
    )?;
    writeln!(
        out,
        "Fill in the last four columns by docs/labelling-guide.md, without looking at the program's reading:"
    )?;
    writeln!(out, "  class        workflow, document, task, correspondence or bulk")?;
    writeln!(out, "  alternative  a class that would not be wrong, if there is one")?;
    writeln!(out, "  uses, flags  all that hold, `;` between; none if none holds")?;
    writeln!(out, "then: mailcensus eval {} --labels {shown}", escape(&args.inventory.to_string_lossy()))?;
    if unread > 0 {
        let messages = counted(unread, "message", "messages");
        writeln!(out, "Only the first words are shown of {messages} that could not be read again from the export.")?;
        writeln!(out, "hint: give the new place with --moved FROM=TO")?;
    }
    if !is_finished {
        writeln!(out, "The scan of this inventory did not finish: the sample is not drawn from everything.")?;
    }
    Ok(exit)
}

/// Never into the export, never over a file that somebody may have filled in.
fn check_place(inventory: &Inventory, roots: &[Vec<u8>], moved: &Moved, to: &Path, force: bool) -> anyhow::Result<()> {
    let refuse = |why: &str| Err(Refused::because(format!("{}: {why}", escape(&to.to_string_lossy()))));
    let places = roots.iter().map(Vec::as_slice).chain(moved.prefixes());
    let ground: Vec<PathBuf> = places.map(|place| moved.place(place)).filter(|place| place.exists()).collect();
    if Roots::new(&ground).is_ok_and(|roots| roots.contain(to)) {
        return refuse("lies under the scanned paths, and nothing is ever written there\nhint: give a place outside");
    }
    match std::fs::symlink_metadata(to) {
        Ok(meta) if !meta.is_file() => refuse("is no file\nhint: give the path of a file to write"),
        Ok(_) if std::path::absolute(to).is_ok_and(|to| to == inventory.path()) => refuse("is the inventory"),
        Ok(_) if !force => {
            refuse("is there already; somebody may have filled it in\nhint: give another path, or --force")
        }
        _ => Ok(()),
    }
}

/// Writes beside the place and renames: nobody ever sees half a sample. Returns how many messages could not be read.
fn write(
    inventory: &Inventory,
    sample: &Sample,
    text: Text,
    moved: &Moved,
    to: &Path,
    force: bool,
) -> anyhow::Result<u64> {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".mailcensus-part");
    let part = to.with_file_name(name);
    let failed = |path: &Path, error: std::io::Error| ExportError::Io(path.to_owned(), error);
    let open = |path: &Path| OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let _ = std::fs::remove_file(&part); // left over from a killed run
    let file = open(&part).map_err(|error| Refused::because(failed(&part, error)))?;
    let mut out = BufWriter::new(file);
    let mut unread = 0;
    let mut read = |message: MessageId| {
        let text = text_of(inventory, moved, message);
        unread += u64::from(text.is_none());
        text
    };
    let written = sample::write(inventory, sample, text, &mut read, &mut out)
        .map_err(anyhow::Error::from)
        .and_then(|()| {
            Ok(out.into_inner().map_err(|error| error.into_error()).and_then(|file: File| file.sync_all())?)
        })
        // A link fails where something appeared meanwhile; a rename would not.
        .and_then(|()| Ok(if force { std::fs::rename(&part, to) } else { std::fs::hard_link(&part, to) }?));
    let _ = std::fs::remove_file(&part);
    written.map(|()| unread)
}

/// What the reader needs of a message: the new text first, then the start of what is quoted or passed on. Line ends
/// are shown as ` / `.
fn text_of(inventory: &Inventory, moved: &Moved, message: MessageId) -> Option<String> {
    let found = inventory.find_messages(&MessageName::Id(message), 1).ok()?.pop()?;
    let reading = inventory.reading_of(message).ok()??;
    let facts = read_again(&moved.place(&found.path), &found, &reading).ok()?.facts;
    let zones = zones(&facts.body_text);
    let (mut new, mut other) = (String::new(), String::new());
    for zone in &zones.all {
        let into = if zone.kind == ZoneKind::New { &mut new } else { &mut other };
        let lines = facts.body_text[zone.start..zone.end].lines().map(str::trim).filter(|line| !line.is_empty());
        for line in lines {
            if !into.is_empty() {
                into.push_str(" / ");
            }
            into.push_str(line);
        }
    }
    let cut = |text: &str, at: usize| match text.char_indices().nth(at) {
        Some((end, _)) => format!("{} […]", &text[..end]),
        None => text.to_owned(),
    };
    let mut shown = cut(&new, SHOWN.0);
    if !other.is_empty() {
        shown.push_str(" [quoted, passed on, signature:] ");
        shown.push_str(&cut(&other, SHOWN.1));
    }
    Some(shown.trim_start().to_owned())
}
