//! Lists every directory entry under the given paths, sorted, without opening a file.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::{Component, Path, PathBuf};

use super::locate::Context;
use super::stat::Stat;
use crate::model::{Outcome, Problem, ProblemKind, path::display};

/// A directory entry as the walk saw it.
#[derive(Clone, Debug)]
pub struct ListedFile {
    /// Absolute path, byte for byte.
    pub path: Vec<u8>,
    /// Size by `lstat`; 0 for what is no regular file.
    pub size_bytes: u64,
    /// Last change of the content, Unix seconds.
    pub modified_at: i64,
    /// [`Stat`] as text.
    pub stat: String,
    /// `Pending` for regular files; the final outcome for everything else.
    pub outcome: Outcome,
    /// In plain words.
    pub detail: String,
    /// The account it lies in.
    pub mailbox: String,
    /// The folder of its directory.
    pub folder: String,
    /// What the walk found wrong.
    pub problems: Vec<Problem>,
}

/// The given paths: absolute, lexically normal, sorted, none inside another.
#[derive(Clone, Debug)]
pub struct Roots {
    paths: Vec<PathBuf>,
    real: Vec<PathBuf>,
}

impl Roots {
    /// Checks the paths and puts them in order.
    ///
    /// # Errors
    /// The first path that does not exist or cannot be looked up.
    pub fn new(given: &[PathBuf]) -> Result<Roots, (PathBuf, io::Error)> {
        let mut paths = Vec::new();
        for path in given {
            let failed = |e| (path.clone(), e);
            let normal = normal(&std::path::absolute(path).map_err(failed)?);
            let meta = fs::metadata(&normal).map_err(failed)?;
            if !meta.is_file() && !meta.is_dir() {
                return Err(failed(io::Error::other("this is neither a file nor a folder")));
            }
            paths.push(normal);
        }
        paths.sort();
        paths.dedup();
        let outer = paths.clone();
        paths.retain(|path| !outer.iter().any(|other| other != path && path.starts_with(other)));
        let real: Vec<PathBuf> = paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        for (at, path) in real.iter().enumerate() {
            if let Some(other) = real.iter().enumerate().find(|(other, outer)| *other != at && path.starts_with(outer))
            {
                let twice = format!("a link makes it part of {}, which is given too", other.1.display());
                return Err((paths[at].clone(), io::Error::other(twice)));
            }
        }
        Ok(Roots { paths, real })
    }

    /// The paths in order.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Whether the path, as an inventory holds it, is one of the given paths or below one by its name.
    pub fn name(&self, path: &[u8]) -> bool {
        let path = Path::new(OsStr::from_bytes(path));
        self.paths.iter().any(|root| path.starts_with(root))
    }

    /// Whether something written to `path` would lie under one of the given paths.
    pub fn contain(&self, path: &Path) -> bool {
        // As the system follows it: `..` after a link leads to the parent of what the link points to.
        let Ok(mut existing) = std::path::absolute(path) else { return false };
        while !existing.exists() && existing.pop() {}
        let real = existing.canonicalize().unwrap_or(existing);
        self.real.iter().any(|root| real.starts_with(root) && root.is_dir() || real == *root)
    }
}

/// Resolves `.` and `..` by name only.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            other => normal.push(other),
        }
    }
    normal
}

/// Calls `visit` for every entry, in an order that depends on the names alone. `visit` may end the walk with an error.
///
/// # Errors
/// Only those of `visit`; what the walk cannot read becomes an entry with a problem.
pub fn walk<E>(roots: &Roots, follow_links: bool, visit: &mut dyn FnMut(ListedFile) -> Result<(), E>) -> Result<(), E> {
    let mut walk = Walk { roots, follow_links, followed: HashSet::new(), stack: Vec::new() };
    for root in roots.paths() {
        let name = root.file_name().map(|n| display(n.as_bytes())).unwrap_or_default();
        let parent = root.parent().and_then(Path::file_name).map(|n| display(n.as_bytes())).unwrap_or_default();
        if root.is_dir() {
            walk.stack.push(Step { path: root.clone(), context: Context::root(&parent, &name), is_root: true });
        } else {
            let is_folder = super::locate::is_known_folder(&name);
            let owner = if is_folder { parent } else { super::locate::mbox_folder("INBOX", "", &name) };
            walk.stack.push(Step { path: root.clone(), context: Context::root("", &owner), is_root: true });
        }
        while let Some(step) = walk.stack.pop() {
            let entry = walk.look(step);
            visit(entry)?;
        }
    }
    Ok(())
}

struct Step {
    path: PathBuf,
    /// Of the directory that holds the path.
    context: Context,
    is_root: bool,
}

impl Step {
    fn name(&self) -> String {
        self.path.file_name().map(|name| display(name.as_bytes())).unwrap_or_default()
    }

    fn parent_name(&self) -> String {
        self.path.parent().and_then(Path::file_name).map(|name| display(name.as_bytes())).unwrap_or_default()
    }
}

struct Walk<'a> {
    roots: &'a Roots,
    follow_links: bool,
    /// Real paths behind links that were followed.
    followed: HashSet<PathBuf>,
    stack: Vec<Step>,
}

impl Walk<'_> {
    fn look(&mut self, step: Step) -> ListedFile {
        let mut entry = blank(&step);
        if std::str::from_utf8(step.path.file_name().unwrap_or(OsStr::new("")).as_bytes()).is_err() {
            entry.problems.push(Problem::new(ProblemKind::NameNotUtf8, ""));
        }
        match fs::symlink_metadata(&step.path) {
            Ok(meta) if meta.is_symlink() && !step.is_root => self.look_at_link(step, entry),
            Ok(meta) if meta.is_symlink() => match fs::metadata(&step.path) {
                Ok(meta) => self.look_at(step, entry, &meta),
                Err(error) => unreadable(entry, &error),
            },
            Ok(meta) => self.look_at(step, entry, &meta),
            Err(error) => unreadable(entry, &error),
        }
    }

    fn look_at(&mut self, step: Step, mut entry: ListedFile, meta: &Metadata) -> ListedFile {
        let stat = Stat::of(meta);
        entry.modified_at = stat.modified.0;
        entry.stat = stat.to_string();
        if meta.is_dir() {
            self.enter(step, entry)
        } else if meta.is_file() {
            entry.size_bytes = meta.len();
            entry.outcome = Outcome::Pending;
            entry
        } else {
            let kind = meta.file_type();
            entry.detail = if kind.is_fifo() {
                "FIFO"
            } else if kind.is_socket() {
                "socket"
            } else {
                "device"
            }
            .to_owned();
            entry.outcome = Outcome::Special;
            entry.problems.push(Problem::new(ProblemKind::SpecialFile, entry.detail.clone()));
            entry
        }
    }

    fn enter(&mut self, step: Step, mut entry: ListedFile) -> ListedFile {
        entry.outcome = Outcome::Directory;
        let listing = fs::read_dir(&step.path).and_then(|entries| entries.map(|e| e.map(|e| e.file_name())).collect());
        let mut names: Vec<std::ffi::OsString> = match listing {
            Ok(names) => names,
            Err(error) => {
                entry.detail = plain(&error);
                entry.problems.push(Problem::new(ProblemKind::UnreadableFolder, plain(&error)));
                return entry;
            }
        };
        names.sort_unstable_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        let children: Vec<String> = names.iter().map(|name| display(name.as_bytes())).collect();
        let own = step.name();
        let context = if step.is_root {
            step.context.at_root(&step.parent_name(), &own, &children)
        } else {
            step.context.enter(&own, &children)
        };
        if !step.is_root && named_like_a_file(&own) && !super::locate::is_bundle(&own, &children) {
            entry.problems.push(Problem::new(ProblemKind::DirectoryNamedLikeAFile, ""));
        }
        let steps = names.iter().rev().map(|name| Step {
            path: step.path.join(name),
            context: context.clone(),
            is_root: false,
        });
        self.stack.extend(steps);
        entry
    }

    fn look_at_link(&mut self, step: Step, mut entry: ListedFile) -> ListedFile {
        entry.outcome = Outcome::Symlink;
        let target = fs::read_link(&step.path).map(|t| display(t.as_os_str().as_bytes())).unwrap_or_default();
        entry.detail = format!("to {target}");
        let (real, meta) = match step.path.canonicalize().and_then(|real| fs::metadata(&step.path).map(|m| (real, m))) {
            Ok(found) => found,
            Err(error) => {
                let looped = error.raw_os_error() == Some(40); // ELOOP on Linux
                let kind = if looped { ProblemKind::SymlinkLoop } else { ProblemKind::SymlinkBroken };
                entry.problems.push(Problem::new(kind, entry.detail.clone()));
                return entry;
            }
        };
        let above = step.path.parent().and_then(|p| p.canonicalize().ok()).is_some_and(|p| p.starts_with(&real));
        if above {
            entry.problems.push(Problem::new(ProblemKind::SymlinkLoop, entry.detail.clone()));
        } else if self.roots.real.iter().any(|root| real.starts_with(root)) || self.is_followed(&real) {
            entry.problems.push(Problem::new(ProblemKind::SymlinkNotFollowed, entry.detail.clone()));
        } else if self.follow_links {
            self.followed.insert(real);
            let mut entry = self.look_at(step, blank_again(&entry), &meta);
            entry.detail = format!("through a link to {target}");
            return entry;
        } else {
            entry.problems.push(Problem::new(ProblemKind::SymlinkOutside, entry.detail.clone()));
        }
        entry
    }

    fn is_followed(&self, real: &Path) -> bool {
        real.ancestors().any(|ancestor| self.followed.contains(ancestor))
    }
}

fn blank(step: &Step) -> ListedFile {
    ListedFile {
        path: step.path.as_os_str().as_bytes().to_vec(),
        size_bytes: 0,
        modified_at: 0,
        stat: String::new(),
        outcome: Outcome::Directory,
        detail: String::new(),
        mailbox: step.context.mailbox_of(&step.name()),
        folder: step.context.folder(),
        problems: Vec::new(),
    }
}

fn blank_again(entry: &ListedFile) -> ListedFile {
    ListedFile { detail: String::new(), ..entry.clone() }
}

fn unreadable(mut entry: ListedFile, error: &io::Error) -> ListedFile {
    entry.outcome = Outcome::Unreadable;
    entry.detail = plain(error);
    entry.problems.push(Problem::new(ProblemKind::UnreadableFile, plain(error)));
    entry
}

/// A system error in plain words, without its number.
pub fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_lowercase()
}

fn named_like_a_file(name: &str) -> bool {
    let lower = name.to_lowercase();
    [".mbox", ".mbx", ".eml", ".emlx", ".pst", ".ost", ".msg"].iter().any(|ending| lower.ends_with(ending))
}
