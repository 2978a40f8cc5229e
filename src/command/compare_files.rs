//! `mailcensus compare-files`: which documents in mail lie on a file share, too?

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::exit::{Exit, Refused};
use crate::export::safe;
use crate::model::Digest;
use crate::model::path::display;
use crate::report::number::counted;
use crate::source::Roots;
use crate::store::Inventory;
use crate::store::read::StoredDocument;
use crate::ui::{self, escape::escape};

/// Say which documents in mail lie on file shares, too, and which were not found on the shares given.
///
/// The shares are only read: every regular file whose size is that of a document is hashed, links are not followed. A
/// document counts as found if a file has the same bytes. Files of the same name with other content are named: they may
/// be other versions. Nothing is said about places that were not given.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "\
Examples:
  mailcensus scan fixtures/company --to inventory.db
  mailcensus compare-files inventory.db fixtures
  mailcensus compare-files inventory.db /mnt/share-a /mnt/share-b --csv found.csv

Exit codes: 0 every file of the shares was looked at; 1 some could not be read; 2 not an inventory, or a share that is
not there; 130 interrupted.")]
pub struct CompareFilesArgs {
    /// The inventory that `mailcensus scan` made
    pub inventory: PathBuf,
    /// Folders or files to look in
    #[arg(required = true, value_name = "SHARE")]
    pub shares: Vec<PathBuf>,
    /// Also write a line for each document
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Print one JSON object instead of sentences
    #[arg(long)]
    pub json: bool,
}

const HEADER: [&str; 11] = [
    "document_id",
    "family_id",
    "name",
    "kind",
    "size_bytes",
    "sha256",
    "copies_in_mail",
    "found_on_shares",
    "places",
    "same_name_other_content",
    "is_current",
];
/// Places named of one document.
const NAMED: usize = 5;

#[derive(Default)]
struct Found {
    files: u64,
    hashed: u64,
    unreadable: Vec<String>,
    unreadable_count: u64,
    places: HashMap<usize, (u64, Vec<String>)>,
    same_name: HashMap<usize, Vec<String>>,
    is_interrupted: bool,
}

/// Runs the command.
///
/// # Errors
/// `Refused` for what is no inventory, a share that is not there, and a CSV file that is not ours.
pub fn run(args: &CompareFilesArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let inventory = Inventory::open(&args.inventory).map_err(Refused::because)?;
    for share in &args.shares {
        if let Err(error) = fs::metadata(share) {
            return Err(Refused::because(format!("{}: {error}", escape(&share.to_string_lossy()))));
        }
    }
    if let Some(path) = &args.csv {
        check_csv(path, &args.shares)?;
    }
    let stop = super::on_interrupt()?;
    let documents: Vec<StoredDocument> = inventory
        .documents()?
        .into_iter()
        .filter(|one| one.carrier == "attachment" && one.listed_apart.is_none())
        .collect();
    let mut watch = ui::progress();
    watch.stage("listing");
    let mut search = Search::new(&documents);
    let mut listed = Vec::new();
    for share in &args.shares {
        list(share, &mut listed, &mut search.found);
    }
    listed.sort();
    listed.dedup();
    watch.start(
        listed.iter().filter(|(_, size)| search.sizes.contains(size)).map(|(_, size)| size).sum(),
        listed.len() as u64,
    );
    for (path, size) in &listed {
        if stop.load(Ordering::Relaxed) {
            search.found.is_interrupted = true;
            break;
        }
        search.look(path, *size, &stop, &mut |bytes| watch.progress(bytes, 0, 0));
    }
    watch.end();
    let found = search.found;
    let exit = match (found.is_interrupted, found.unreadable_count) {
        (true, _) => Exit::Interrupted,
        (false, 0) => Exit::Done,
        _ => Exit::Findings,
    };
    if let Some(path) = &args.csv {
        write_csv(path, &documents, &found)?;
    }
    say(args, &documents, &found, exit, out)?;
    Ok(exit)
}

/// What is looked for.
struct Search {
    sizes: HashSet<u64>,
    digests: HashMap<String, usize>,
    names: HashMap<String, Vec<usize>>,
    found: Found,
}

impl Search {
    fn new(documents: &[StoredDocument]) -> Search {
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, one) in documents.iter().enumerate() {
            if let Some(name) = one.name.as_deref().filter(|name| name.chars().count() > 4) {
                names.entry(name.trim().to_lowercase()).or_default().push(at);
            }
        }
        Search {
            sizes: documents.iter().map(|one| one.size_bytes).collect(),
            digests: documents.iter().enumerate().map(|(at, one)| (one.sha256.clone(), at)).collect(),
            names,
            found: Found::default(),
        }
    }

    fn look(&mut self, path: &Path, size: u64, stop: &AtomicBool, watch: &mut dyn FnMut(u64)) {
        self.found.files += 1;
        let shown = display(path.as_os_str().as_bytes());
        let mut hit = None;
        if self.sizes.contains(&size) {
            self.found.hashed += 1;
            match hash(path, stop, watch) {
                Ok(Some(digest)) => hit = self.digests.get(&digest).copied(),
                Ok(None) => self.found.is_interrupted = true,
                Err(error) => self.found.unread(format!("{shown}: {error}")),
            }
        }
        if let Some(at) = hit {
            let (count, places) = self.found.places.entry(at).or_default();
            *count += 1;
            if places.len() < NAMED {
                places.push(shown.clone());
            }
        }
        let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        for at in self.names.get(&name).into_iter().flatten().filter(|at| Some(**at) != hit) {
            let places = self.found.same_name.entry(*at).or_default();
            if places.len() < NAMED {
                places.push(shown.clone());
            }
        }
    }
}

impl Found {
    fn unread(&mut self, what: String) {
        self.unreadable_count += 1;
        if self.unreadable.len() < 20 {
            self.unreadable.push(what);
        }
    }
}

/// Every regular file below a path, with its size; links are not followed.
fn list(start: &Path, listed: &mut Vec<(PathBuf, u64)>, found: &mut Found) {
    let mut waiting = vec![(start.to_owned(), true)];
    while let Some((path, given)) = waiting.pop() {
        let meta = if given { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
        let entries = match meta {
            Ok(meta) if meta.is_file() => {
                listed.push((path, meta.len()));
                continue;
            }
            Ok(meta) if meta.is_dir() => fs::read_dir(&path),
            Ok(_) => continue,
            Err(error) => Err(error),
        };
        match entries {
            Ok(entries) => {
                for entry in entries {
                    match entry {
                        Ok(entry) => waiting.push((entry.path(), false)),
                        Err(error) => found.unread(format!("{}: {error}", display(path.as_os_str().as_bytes()))),
                    }
                }
            }
            Err(error) => found.unread(format!("{}: {error}", display(path.as_os_str().as_bytes()))),
        }
    }
}

/// The digest of a file; `None` if somebody asked for the end.
fn hash(path: &Path, stop: &AtomicBool, watch: &mut dyn FnMut(u64)) -> std::io::Result<Option<String>> {
    let mut file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)?;
    let (mut sha256, mut block) = (Sha256::new(), vec![0u8; 1 << 20]);
    loop {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match file.read(&mut block) {
            Ok(0) => return Ok(Some(Digest(sha256.finalize().into()).to_hex())),
            Ok(read) => {
                sha256.update(&block[..read]);
                watch(read as u64);
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn check_csv(path: &Path, shares: &[PathBuf]) -> anyhow::Result<()> {
    let shown = escape(&path.to_string_lossy()).into_owned();
    if Roots::new(shares).is_ok_and(|roots| roots.contain(path)) {
        return Err(Refused::because(format!(
            "{shown}: lies on a share, and shares are only read\nhint: give a place outside"
        )));
    }
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(200).read_to_end(&mut head)?,
        Err(_) => return Ok(()),
    };
    let ours =
        head.is_empty() || String::from_utf8_lossy(&head).trim_start_matches('\u{feff}').starts_with(&HEADER.join(","));
    if ours {
        Ok(())
    } else {
        Err(Refused::because(format!("{shown}: mailcensus did not write this file and will not overwrite it")))
    }
}

fn write_csv(path: &Path, documents: &[StoredDocument], found: &Found) -> anyhow::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(b"\xef\xbb\xbf")?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut file);
    csv.write_record(HEADER)?;
    for (at, one) in documents.iter().enumerate() {
        let places = found.places.get(&at);
        let cells = [
            format!("D{}", one.document_id),
            one.family_id.map_or(String::new(), |id| format!("DF{id}")),
            one.name.clone().unwrap_or_default(),
            one.kind.clone(),
            one.size_bytes.to_string(),
            one.sha256.clone(),
            one.copies.to_string(),
            if places.is_some() { "yes" } else { "not found on the shares given" }.to_owned(),
            places.map_or(String::new(), |(_, places)| places.join("; ")),
            found.same_name.get(&at).map_or(String::new(), |places| places.join("; ")),
            if one.is_current { "yes" } else { "no" }.to_owned(),
        ];
        csv.write_record(cells.iter().map(|cell| safe::cell(cell).into_owned()))?;
    }
    csv.flush()?;
    Ok(())
}

fn say(
    args: &CompareFilesArgs,
    documents: &[StoredDocument],
    found: &Found,
    exit: Exit,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let there = found.places.len() as u64;
    let not = documents.len() as u64 - there;
    let renamed = found.same_name.keys().filter(|at| !found.places.contains_key(at)).count() as u64;
    if args.json {
        let object = json!({
            "schema_version": 1, "command": "compare-files", "exit_code": exit.code(), "documents": documents.len(),
            "found": there, "not_found": not, "not_found_same_name": renamed, "files": found.files,
            "files_hashed": found.hashed, "unreadable": found.unreadable_count,
        });
        writeln!(out, "{object}")?;
        return Ok(());
    }
    writeln!(
        out,
        "{} of {} in mail lie on the shares given, too, with the same bytes",
        there,
        counted(documents.len() as u64, "document", "documents")
    )?;
    writeln!(
        out,
        "{not} were not found on the shares given; {renamed} of them have a file of the same name with other content there"
    )?;
    writeln!(
        out,
        "looked at {}, hashed the {} that have the size of a document",
        counted(found.files, "file", "files"),
        found.hashed
    )?;
    if found.unreadable_count > 0 {
        writeln!(
            out,
            "{} could not be read, so more may be there:",
            counted(found.unreadable_count, "entry", "entries")
        )?;
        for one in &found.unreadable {
            writeln!(out, "  {}", escape(one))?;
        }
    }
    if found.is_interrupted {
        writeln!(out, "interrupted: the rest of the shares was not looked at")?;
    }
    Ok(())
}
