//! Which message of the inventory a label means.

use std::collections::{BTreeMap, HashMap};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::labels::{Label, contradict};
use crate::model::{MessageId, path::display};
use crate::store::Inventory;
use crate::store::read::LabelledRow;

/// A label that was compared with nothing, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Unmatched {
    pub line: u64,
    pub name: String,
    pub why: String,
}

/// What came of the labels.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// Places in the list of labels, each with its message.
    pub pairs: Vec<(usize, LabelledRow)>,
    pub unmatched: Vec<Unmatched>,
    /// Labels of a message that an earlier label has named, with the same class.
    pub repeated: usize,
}

/// How well a message fits; the smaller, the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Fit {
    Stored,
    Message,
    /// The digest is that of a file that holds this message alone.
    File,
    Id,
    Path,
    Suffix,
}

/// The messages that fit a label best.
struct Candidate {
    fit: Fit,
    /// Whether the path of the label is that of the message, too.
    is_here: bool,
    row: LabelledRow,
    /// How many fit as well.
    count: usize,
    /// Whether all of them lie in the same file.
    is_in_one_file: bool,
}

/// Goes through the inventory once. Several messages may fit a digest: their bytes are equal, and the one at the
/// label's path, else the first, is compared. A path must name one message.
pub(super) fn matched(inventory: &Inventory, labels: &[Label], file: &Path) -> rusqlite::Result<Matched> {
    let folder = std::path::absolute(file).ok().and_then(|file| file.parent().map(Path::to_owned)).unwrap_or_default();
    let absolute: Vec<Option<String>> =
        labels.iter().map(|label| label.names.path.as_ref().map(|path| normal(&folder.join(path)))).collect();
    let index = Index::new(labels, &absolute);
    let mut best: BTreeMap<usize, Candidate> = BTreeMap::new();
    inventory.each_labelled(&mut |row| {
        index.each(&row, &mut |at, fit| {
            let is_here = absolute[at].as_ref() == Some(&row.path)
                || labels[at].names.path.as_ref().is_some_and(|path| ends_with(&row.path, path));
            offer(&mut best, at, fit, is_here, &row);
        });
    })?;
    let mut matched = Matched::default();
    let mut first: HashMap<MessageId, usize> = HashMap::new();
    for (at, label) in labels.iter().enumerate() {
        let unmatched = |why: &str| Unmatched { line: label.line, name: label.names.shown(), why: why.to_owned() };
        let Some(candidate) = best.remove(&at) else {
            matched.unmatched.push(unmatched("no message of that name in the inventory"));
            continue;
        };
        if candidate.fit >= Fit::Path && candidate.count > 1 {
            matched.unmatched.push(unmatched(match candidate.is_in_one_file {
                true => "the file holds several messages: name one by a digest or its id",
                false => "the path fits several files: give more of it",
            }));
            continue;
        }
        match first.get(&candidate.row.message_id) {
            Some(&earlier) if contradict(&labels[earlier], label) => {
                let why = format!("contradicts line {}, which labels the same message", labels[earlier].line);
                matched.unmatched.push(unmatched(&why));
            }
            Some(_) => matched.repeated += 1,
            None => {
                first.insert(candidate.row.message_id, at);
                matched.pairs.push((at, candidate.row));
            }
        }
    }
    Ok(matched)
}

fn offer(best: &mut BTreeMap<usize, Candidate>, at: usize, fit: Fit, is_here: bool, row: &LabelledRow) {
    match best.get_mut(&at) {
        Some(known) if known.fit < fit => {}
        Some(known) if known.fit == fit => {
            known.count += 1;
            known.is_in_one_file &= known.row.path == row.path;
            if is_here && !known.is_here {
                (known.is_here, known.row) = (true, row.clone());
            }
        }
        _ => {
            let row = row.clone();
            best.insert(at, Candidate { fit, is_here, row, count: 1, is_in_one_file: true });
        }
    }
}

/// Labels by each of their names.
#[derive(Default)]
struct Index<'a> {
    stored: HashMap<&'a str, Vec<usize>>,
    message: HashMap<&'a str, Vec<usize>>,
    id: HashMap<MessageId, Vec<usize>>,
    path: HashMap<&'a str, Vec<usize>>,
    suffix: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(labels: &'a [Label], absolute: &'a [Option<String>]) -> Index<'a> {
        let mut index = Index::default();
        for (at, (label, absolute)) in labels.iter().zip(absolute).enumerate() {
            let names = &label.names;
            if let Some(hex) = &names.stored_sha256 {
                index.stored.entry(hex).or_default().push(at);
            }
            if let Some(hex) = &names.message_sha256 {
                index.message.entry(hex).or_default().push(at);
            }
            // An id or a path of another inventory may name another message; a digest cannot.
            if names.stored_sha256.is_some() || names.message_sha256.is_some() {
                continue;
            }
            if let Some(id) = names.id {
                index.id.entry(id).or_default().push(at);
            } else if let (Some(path), Some(absolute)) = (&names.path, absolute) {
                index.path.entry(absolute).or_default().push(at);
                index.suffix.entry(path.trim_start_matches("./")).or_default().push(at);
            }
        }
        index
    }

    fn each(&self, row: &LabelledRow, found: &mut dyn FnMut(usize, Fit)) {
        let mut all = |places: Option<&Vec<usize>>, fit| places.into_iter().flatten().for_each(|at| found(*at, fit));
        all(self.stored.get(row.stored_sha256.as_str()), Fit::Stored);
        all(self.message.get(row.message_sha256.as_str()), Fit::Message);
        all(row.file_sha256.as_ref().and_then(|hex| self.stored.get(hex.as_str())), Fit::File);
        all(self.id.get(&row.message_id), Fit::Id);
        if self.path.is_empty() {
            return;
        }
        all(self.path.get(row.path.as_str()), Fit::Path);
        for (slash, _) in row.path.match_indices('/') {
            all(self.suffix.get(&row.path[slash + 1..]), Fit::Suffix);
        }
    }
}

/// Whether `path` ends in all of `suffix`, at the boundary of a component.
fn ends_with(path: &str, suffix: &str) -> bool {
    let suffix = suffix.trim_start_matches("./");
    path.strip_suffix(suffix).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// As paths stand in the inventory: lexically normal, bytes that are not UTF-8 as `\xFF`.
fn normal(path: &Path) -> String {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    display(normal.as_os_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::eval::labels::Names;
    use crate::model::FileId;
    use crate::model::reading::Class;
    use crate::store::tiny::{self, State};

    fn label(line: u64, names: Names) -> Label {
        let class = Class::Task;
        Label { line, names, class, alternatives: Vec::new(), uses: [None; 3], flags: [None; 9], stratum: None }
    }

    fn path(path: &str) -> Names {
        Names { path: Some(path.to_owned()), ..Names::default() }
    }

    #[test]
    fn digests_ids_and_paths() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = tiny::inventory(&folder.path().join("tiny.db"), State::Done);
        let digest = |hex: &str| Some(hex.to_owned());
        let labels = [
            label(1, Names { stored_sha256: digest("s1"), ..Names::default() }),
            label(2, Names { stored_sha256: digest("s1"), ..path("boss/Inbox") }),
            label(3, Names { message_sha256: digest("m5"), ..Names::default() }),
            label(4, Names { id: Some(MessageId::new(FileId(4), 1)), ..Names::default() }),
            label(5, path("Salary of Anna.eml")),
            label(6, path("Anna.eml")),
            label(7, path("boss/Inbox")),
            label(8, path("Inbox")),
            label(
                9,
                Names { stored_sha256: digest("none"), id: Some(MessageId::new(FileId(2), 2)), ..path("boss/Inbox") },
            ),
            label(10, Names { id: Some(MessageId::new(FileId(3), 3)), ..Names::default() }),
        ];
        let found = matched(&inventory, &labels, Path::new("/data/anna/labels.jsonl")).unwrap();
        let pairs: Vec<(usize, String)> =
            found.pairs.iter().map(|(at, row)| (*at, row.message_id.to_string())).collect();
        let expected = [(0, "M2-1"), (1, "M3-1"), (2, "M3-2"), (3, "M4-1")].map(|(at, id)| (at, id.to_owned()));
        assert_eq!(pairs, expected);
        assert_eq!(found.repeated, 1, "the path names a message that its id has named before");
        let whys: Vec<(u64, &str)> =
            found.unmatched.iter().map(|one| (one.line, one.why.split(':').next().unwrap())).collect();
        let none = "no message of that name in the inventory";
        let several = "the file holds several messages";
        assert_eq!(whys, [(6, none), (7, several), (8, several), (9, none), (10, none)]);
    }

    #[test]
    fn the_digest_of_a_file_names_its_only_message() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = tiny::inventory(&folder.path().join("tiny.db"), State::Done);
        let names = |hex: &str| Names { stored_sha256: Some(hex.to_owned()), ..Names::default() };
        let found = matched(&inventory, &[label(1, names("44")), label(2, names("22"))], Path::new("/x")).unwrap();
        assert_eq!(found.pairs[0].1.message_id, MessageId::new(FileId(4), 1));
        assert_eq!((found.pairs.len(), found.unmatched[0].line), (1, 2), "three messages lie in the other one");
    }

    #[test]
    fn a_relative_path_counts_from_the_labels() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = tiny::inventory(&folder.path().join("tiny.db"), State::Done);
        let mut other = label(2, path("/data/boss/Salary of Anna.eml"));
        other.class = Class::Bulk;
        let labels = [label(1, path("../boss/Salary of Anna.eml")), other];
        let found = matched(&inventory, &labels, Path::new("/data/anna/labels.jsonl")).unwrap();
        assert_eq!(found.pairs.len(), 1);
        assert!(found.unmatched[0].why.contains("contradicts line 1"), "{found:?}");
    }
}
