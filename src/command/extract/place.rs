//! Where documents go: inside one folder, whatever they are called.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::index;
use crate::export::safe;
use crate::store::read::StoredDocument;
use crate::ui::escape::escape;

/// The folder.
pub struct Places {
    root: PathBuf,
}

impl Places {
    /// The folder, if it is new, empty, or was made by this command.
    ///
    /// # Errors
    /// In plain words with a hint.
    pub fn open(folder: &Path) -> Result<Places, String> {
        let shown = escape(&folder.to_string_lossy()).into_owned();
        match fs::symlink_metadata(folder) {
            Ok(meta) if meta.is_symlink() && !folder.is_dir() => {
                return Err(format!("{shown}: a link that leads to no folder"));
            }
            Ok(_) if !folder.is_dir() => return Err(format!("{shown}: this is a file\nhint: give a folder")),
            Ok(_) => {
                let mut entries = fs::read_dir(folder).map_err(|error| format!("{shown}: {error}"))?;
                if entries.next().is_some() && !index::is_ours(&folder.join(index::FILE_NAME)) {
                    return Err(format!(
                        "{shown}: holds files that this command did not write\nhint: give a new or an empty folder"
                    ));
                }
            }
            Err(_) => {}
        }
        let failed = |error: io::Error| format!("{shown}: {error}");
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        Ok(Places { root: fs::canonicalize(folder).map_err(failed)? })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The place of a document below the folder: unique by its ids, harmless by its characters.
    pub fn path(&self, document: &StoredDocument) -> PathBuf {
        let mut name = safe::file_name(document.name.as_deref().unwrap_or("no name"));
        if document.carrier == "body" {
            name = safe::file_name(&format!("{name}.eml"));
        }
        let family = document.family_id.unwrap_or(0);
        let folder = match &document.listed_apart {
            Some(_) => PathBuf::from("listed apart"),
            None => PathBuf::from(safe::directory_name(&document.kind)),
        };
        let version = document.version.unwrap_or(1);
        let path = match document.versions {
            0 | 1 => folder.join(format!("DF{family} {name}")),
            _ => folder.join(format!("DF{family}")).join(format!("v{version:03} {name}")),
        };
        debug_assert!(path.is_relative());
        path
    }

    /// A new file beside its later place. Folders on the way must be folders, not links.
    ///
    /// # Errors
    /// Those of the file system, and a link in the way.
    pub fn stage(&self, path: &Path) -> io::Result<(PathBuf, File)> {
        let mut folder = self.root.clone();
        for part in path.parent().into_iter().flat_map(Path::components) {
            folder.push(part);
            match DirBuilder::new().mode(0o700).create(&folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
            if !fs::symlink_metadata(&folder)?.is_dir() {
                return Err(io::Error::other(format!("{}: is no folder", folder.display())));
            }
        }
        let hidden = folder.join(".mailcensus-part");
        let _ = fs::remove_file(&hidden);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&hidden)?;
        Ok((hidden, file))
    }

    /// Moves a staged file to its place.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn publish(&self, staged: &Path, path: &Path) -> io::Result<()> {
        fs::rename(staged, self.root.join(path))
    }
}
