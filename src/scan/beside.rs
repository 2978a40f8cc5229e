//! What lies beside a message that is a file of its own and says something of it: keywords, sequences, attachments.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::read::open;
use crate::model::{Problem, ProblemKind};
use crate::source::{apple, maildir, mh};

/// A file of this size or more is no list of keywords or sequences.
const LIST_BYTES: u64 = 4 << 20;

/// What the directory of a message says of it.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Keywords of a maildir, by letter.
    pub keywords: Arc<Vec<String>>,
    /// Sequences of an MH folder.
    pub sequences: Arc<mh::Sequences>,
}

/// Reads each directory once while files come from it in order.
#[derive(Default)]
pub struct Besides {
    last: Option<(Vec<u8>, Beside)>,
}

impl Besides {
    /// What lies beside the file at `path`.
    pub fn of(&mut self, path: &[u8]) -> Beside {
        let mut levels = path.rsplitn(3, |&b| b == b'/');
        let (Some(name), Some(part), Some(above)) = (levels.next(), levels.next(), levels.next()) else {
            return Beside::default();
        };
        let in_maildir = matches!(part, b"cur" | b"new" | b"tmp");
        let folder = if in_maildir { above } else { &path[..path.len() - name.len() - 1] };
        if !in_maildir && mh::number(name).is_none() {
            return Beside::default();
        }
        if let Some((known, beside)) = &self.last
            && known == folder
        {
            return beside.clone();
        }
        let beside = if in_maildir {
            let text = read_list(folder, "dovecot-keywords");
            Beside { keywords: Arc::new(maildir::dovecot_keywords(&text)), ..Beside::default() }
        } else {
            let mut sequences = mh::Sequences::read(&read_list(folder, ".mh_sequences"));
            sequences.add_marks(&read_bytes(folder, ".sylpheed_mark"));
            Beside { sequences: Arc::new(sequences), ..Beside::default() }
        };
        self.last = Some((folder.to_vec(), beside.clone()));
        beside
    }
}

fn read_list(folder: &[u8], name: &str) -> String {
    String::from_utf8_lossy(&read_bytes(folder, name)).into_owned()
}

fn read_bytes(folder: &[u8], name: &str) -> Vec<u8> {
    use std::io::Read;
    let path = [folder, b"/", name.as_bytes()].concat();
    let mut bytes = Vec::new();
    let Ok(handle) = open(&path) else { return bytes };
    if handle.metadata().is_ok_and(|meta| meta.is_file()) && handle.take(LIST_BYTES).read_to_end(&mut bytes).is_err() {
        bytes.clear();
    }
    bytes
}

/// The message that an attachment in a file of its own belongs to (Apple Mail: `Attachments/12/2.2/plan.pdf` beside
/// `Messages/12.partial.emlx`), in words; `None` if there is no such message.
pub fn owner_of_attachment(path: &[u8]) -> Option<String> {
    let path = Path::new(OsStr::from_bytes(path));
    let (id, folder) = apple::attachment_place(path)?;
    let messages = folder.join("Messages");
    let name = [".partial.emlx", ".emlx"].iter().map(|end| format!("{id}{end}"));
    let name = name.into_iter().find(|name| messages.join(name).symlink_metadata().is_ok())?;
    Some(format!("attachment of {name}"))
}

/// Says of a message whose attachments were taken out whether they lie beside it. `parts` are the parts without
/// content.
pub fn note_attachments(path: &[u8], parts: &[&str], problems: &mut Vec<Problem>) {
    let path = Path::new(OsStr::from_bytes(path));
    let Some(id) = apple::partial_id(path) else { return };
    let mut details: Vec<String> = parts.iter().map(|part| whereabouts(path, &id, part)).collect();
    problems.retain(|problem| problem.kind != ProblemKind::AttachmentDetached);
    if details.is_empty() {
        details.push("the message was stored without all of its parts".to_owned());
    }
    problems.push(Problem::new(ProblemKind::AttachmentDetached, details.join("; ")));
}

fn whereabouts(message: &Path, id: &str, part: &str) -> String {
    let messages = message.parent().unwrap_or(Path::new(""));
    let folder: PathBuf = messages.parent().unwrap_or(Path::new("")).join("Attachments").join(id).join(part);
    let is_there = std::fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some_and(|e| e.is_ok()));
    let single = messages.join(format!("{id}.{part}.emlxpart"));
    if is_there {
        format!("part {part} lies in Attachments/{id}/{part}")
    } else if single.is_file() {
        format!("part {part} lies in {id}.{part}.emlxpart")
    } else {
        format!("part {part} is missing: there is no file in Attachments/{id}/{part}")
    }
}
