//! The CSV package in a directory.
//!
//! Every file is first written beside its place under a hidden name; when all are whole they are renamed, the manifest
//! last. A killed export therefore leaves the old package, or files that its manifest contradicts, never half a file.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::columns::describe;
use super::csv::{BYTE_ORDER_MARK, csv_error, io, shown, writer};
use super::manifest::{self, Digesting, Entry};
use super::{ExportError, Text, csv, ics, jsonl, safe, summary};
use crate::model::Digest;
use crate::store::Inventory;
use crate::store::read::Table;

/// The list of packages that an export by mailbox writes beside them.
pub const INDEX: &str = "INDEX.csv";

const INDEX_HEADER: &str = "mailbox,directory,messages,manifest_sha256";

/// A package that was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Package {
    /// Where.
    pub directory: PathBuf,
    /// The mailbox it is made for; `None` for all.
    pub mailbox: Option<String>,
    /// The lines of its manifest.
    pub entries: Vec<Entry>,
    /// Of `MANIFEST.csv` itself, for the delivery note.
    pub manifest_sha256: Digest,
}

impl Package {
    /// Rows of one of its files.
    pub fn rows(&self, table: Table) -> u64 {
        let name = format!("{}.csv", table.as_str());
        self.entries.iter().find(|entry| entry.file == name).and_then(|entry| entry.rows).unwrap_or(0)
    }
}

/// Writes the whole inventory as one package.
///
/// # Errors
/// `Refused` if `directory` is a file, or holds files of the same names that are not ours; then nothing is written.
pub fn write(inventory: &Inventory, directory: &Path, text: Text) -> Result<Package, ExportError> {
    check_place(directory)?;
    let about = manifest::of_inventory(inventory.path())?;
    inventory.snapshot(|| write_one(inventory, directory, text, None, &about))
}

/// Writes one package a mailbox into folders of `directory`, each with nothing of any other mailbox, and `INDEX.csv`.
///
/// # Errors
/// As `write`, for every folder, before the first is written.
pub fn write_by_mailbox(inventory: &Inventory, directory: &Path, text: Text) -> Result<Vec<Package>, ExportError> {
    let about = manifest::of_inventory(inventory.path())?;
    inventory.snapshot(|| {
        let places = places(inventory.mailbox_names()?, directory);
        check_directory(directory)?;
        check_file(&directory.join(INDEX), |first| first == INDEX_HEADER)?;
        for (_, place) in &places {
            check_place(place)?;
        }
        make_directory(directory)?;
        let mut packages = Vec::new();
        for (mailbox, place) in places {
            packages.push(write_one(inventory, &place, text, Some(&mailbox), &about)?);
        }
        write_index(directory, &packages)?;
        Ok(packages)
    })
}

/// Writes all messages as JSON, a line each, and returns their number.
///
/// # Errors
/// `Refused` if `file` exists and does not begin like such a file.
pub fn write_jsonl(inventory: &Inventory, file: &Path, text: Text) -> Result<u64, ExportError> {
    check_file(file, |first| first.starts_with("{\"id\":\"M"))?;
    write_single(file, |out| inventory.snapshot(|| jsonl::write(inventory, text.scope(None), text, out)))
}

/// Writes all tasks as an iCalendar file, and returns their number.
///
/// # Errors
/// `Refused` if `file` exists and is no such file of ours.
pub fn write_ics(inventory: &Inventory, file: &Path, text: Text) -> Result<u64, ExportError> {
    if fs::symlink_metadata(file).is_ok() && !start(file).contains(ics::PRODUCT) {
        check_file(file, |_| false)?;
    }
    write_single(file, |out| inventory.snapshot(|| ics::write(inventory, text.scope(None), text, out)))
}

/// Writes one file and gives the number of its rows.
fn write_single(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<u64, ExportError>,
) -> Result<u64, ExportError> {
    let file = std::path::absolute(file).map_err(|e| ExportError::Io(file.to_owned(), e))?;
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(ExportError::Refused(file, "this is no name for a file".to_owned()));
    };
    let name = name.to_string_lossy().into_owned();
    let mut stage = Stage::new(directory);
    let rows = stage.add(&name, "", |out| write(out).map(Some))?;
    stage.publish()?;
    Ok(rows.rows.unwrap_or(0))
}

/// Writes the event log as XES; returns runs and steps. As with JSON, only a file of ours is replaced.
///
/// # Errors
/// As `write_jsonl`.
pub fn write_xes(inventory: &Inventory, file: &Path, text: Text) -> Result<(u64, u64), ExportError> {
    check_file(file, |first| first.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))?;
    let file = std::path::absolute(file).map_err(|e| ExportError::Io(file.to_owned(), e))?;
    let (Some(directory), Some(name)) = (file.parent(), file.file_name()) else {
        return Err(ExportError::Refused(file, "this is no name for a file".to_owned()));
    };
    let name = name.to_string_lossy().into_owned();
    let mut stage = Stage::new(directory);
    let mut counts = (0, 0);
    stage.add(&name, "", |out| {
        counts = inventory.snapshot(|| super::xes::write(inventory, text, out))?;
        Ok(Some(counts.1))
    })?;
    stage.publish()?;
    Ok(counts)
}

fn write_one(
    inventory: &Inventory,
    directory: &Path,
    text: Text,
    mailbox: Option<&str>,
    about: &[Entry],
) -> Result<Package, ExportError> {
    make_directory(directory)?;
    let scope = text.scope(mailbox);
    let mut stage = Stage::new(directory);
    let counts = inventory.counts(scope)?;
    let holds = format!("the numbers and the closing sentences; {}", text.describe());
    let mut entries =
        vec![stage.add("summary.csv", &holds, |out| summary::write(&counts, mailbox, text, out).map(Some))?];
    for table in Table::ALL {
        let name = format!("{}.csv", table.as_str());
        let write = |out: &mut dyn Write| csv::write(inventory, table, scope, text, out).map(Some);
        entries.push(stage.add(&name, describe(table), write)?);
    }
    entries.extend_from_slice(about);
    let manifest = stage.add(manifest::FILE_NAME, "", |out| manifest::write(&entries, out).map(|()| None))?;
    stage.publish()?;
    Ok(Package {
        directory: directory.to_owned(),
        mailbox: mailbox.map(str::to_owned),
        entries,
        manifest_sha256: manifest.sha256,
    })
}

fn write_index(directory: &Path, packages: &[Package]) -> Result<(), ExportError> {
    let mut stage = Stage::new(directory);
    stage.add(INDEX, "", |out| {
        out.write_all(BYTE_ORDER_MARK).map_err(io)?;
        let mut csv = writer(out);
        csv.write_record(INDEX_HEADER.split(',')).map_err(csv_error)?;
        for package in packages {
            let folder = package.directory.file_name().unwrap_or_default().to_string_lossy();
            csv.write_record([
                safe::cell(package.mailbox.as_deref().unwrap_or_default()).as_ref(),
                safe::cell(&folder).as_ref(),
                &package.rows(Table::Messages).to_string(),
                &package.manifest_sha256.to_hex(),
            ])
            .map_err(csv_error)?;
        }
        csv.flush().map_err(io)?;
        Ok(None)
    })?;
    stage.publish()
}

/// A folder for each mailbox. Names that become equal, also on file systems that do not tell cases apart, get a number.
fn places(mailboxes: Vec<String>, directory: &Path) -> Vec<(String, PathBuf)> {
    let mut taken = HashSet::from([INDEX.to_lowercase()]);
    let mut places = Vec::new();
    for mailbox in mailboxes {
        let base = safe::directory_name(&mailbox);
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{base}~{number}");
            number += 1;
        }
        places.push((mailbox, directory.join(name)));
    }
    places
}

/// Files that wait beside their places. Those still waiting when it is dropped are removed.
struct Stage<'a> {
    directory: &'a Path,
    waiting: Vec<String>,
}

impl<'a> Stage<'a> {
    fn new(directory: &'a Path) -> Stage<'a> {
        Stage { directory, waiting: Vec::new() }
    }

    fn hidden(&self, name: &str) -> PathBuf {
        self.directory.join(format!(".{name}.mailcensus-part"))
    }

    fn add(
        &mut self,
        name: &str,
        holds: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<Option<u64>, ExportError>,
    ) -> Result<Entry, ExportError> {
        let path = self.hidden(name);
        let failed = |e| ExportError::Io(path.clone(), e);
        // Left over from a killed export; `create_new` follows no link that somebody put in its place.
        let _ = fs::remove_file(&path);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(failed)?;
        self.waiting.push(name.to_owned());
        let mut out = Digesting::new(BufWriter::with_capacity(1 << 18, file));
        let rows = write(&mut out).map_err(|error| match error {
            ExportError::Io(place, error) if place.as_os_str().is_empty() => failed(error),
            other => other,
        })?;
        let (out, sha256, size_bytes) = out.finish();
        let file: File = out.into_inner().map_err(|e| failed(e.into_error()))?;
        file.sync_all().map_err(failed)?;
        Ok(Entry { file: name.to_owned(), sha256, size_bytes, rows, holds: holds.to_owned() })
    }

    /// Puts every file into its place, in the order in which they were added.
    fn publish(mut self) -> Result<(), ExportError> {
        while !self.waiting.is_empty() {
            let path = self.directory.join(&self.waiting[0]);
            fs::rename(self.hidden(&self.waiting[0]), &path).map_err(|e| ExportError::Io(path, e))?;
            self.waiting.remove(0);
        }
        // A directory that cannot be forced to disk (some network file systems) is still complete.
        let _ = File::open(self.directory).and_then(|directory| directory.sync_all());
        Ok(())
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        for name in &self.waiting {
            let _ = fs::remove_file(self.hidden(name));
        }
    }
}

fn make_directory(directory: &Path) -> Result<(), ExportError> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|e| ExportError::Io(directory.to_owned(), e))
}

fn check_directory(directory: &Path) -> Result<(), ExportError> {
    match fs::metadata(directory) {
        Ok(meta) if !meta.is_dir() => {
            Err(ExportError::Refused(directory.to_owned(), "this is a file; a package needs a folder".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Refuses a directory with files of our names that are not ours: they would be lost.
pub fn check_place(directory: &Path) -> Result<(), ExportError> {
    check_directory(directory)?;
    if first_line(&directory.join(manifest::FILE_NAME)).is_some_and(|first| first == manifest::HEADER) {
        return Ok(());
    }
    check_file(&directory.join(manifest::FILE_NAME), |_| false)?;
    check_file(&directory.join("summary.csv"), |first| first == summary::HEADER.join(","))?;
    for table in Table::ALL {
        let header = |text| shown(table, text).iter().map(|(_, c)| c.name).collect::<Vec<_>>().join(",");
        let ours = |first: &str| first == header(Text::Usual) || first == header(Text::Full);
        check_file(&directory.join(format!("{}.csv", table.as_str())), ours)?;
    }
    Ok(())
}

fn check_file(path: &Path, ours: impl Fn(&str) -> bool) -> Result<(), ExportError> {
    if fs::symlink_metadata(path).is_err() || first_line(path).is_some_and(|first| ours(&first)) {
        return Ok(());
    }
    Err(ExportError::Refused(
        path.to_owned(),
        "mailcensus did not write this file and will not overwrite it".to_owned(),
    ))
}

/// The first bytes of a regular file.
fn start(path: &Path) -> String {
    let mut bytes = Vec::new();
    if fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        let _ = File::open(path).and_then(|file| file.take(200).read_to_end(&mut bytes));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The first line of a regular file without byte order mark and line end, at most 4 KiB of it.
fn first_line(path: &Path) -> Option<String> {
    if !fs::metadata(path).is_ok_and(|meta| meta.is_file()) {
        return None;
    }
    let mut line = Vec::new();
    BufReader::new(File::open(path).ok()?.take(4096)).read_until(b'\n', &mut line).ok()?;
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line);
    Some(String::from_utf8_lossy(line).trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
#[path = "package_tests.rs"]
mod tests;
