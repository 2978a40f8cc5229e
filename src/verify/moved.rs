//! Where the export lies now, if it is no longer where it was scanned.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Component, Path, PathBuf};

/// Recorded prefixes and what stands in their place; the longest that fits wins.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Moved {
    /// Longest first.
    pairs: Vec<(PathBuf, PathBuf)>,
}

impl Moved {
    /// Reads `FROM=TO` arguments. `roots` are the scanned paths; relative paths count from the working directory.
    ///
    /// # Errors
    /// In plain words with a hint: no `=`, a FROM that has nothing to do with the scanned paths, a TO that is not there.
    pub fn parse(given: &[OsString], roots: &[Vec<u8>]) -> Result<Moved, String> {
        let mut pairs = Vec::new();
        for text in given {
            pairs.push(pair(text.as_bytes(), roots)?);
        }
        pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.components().count()));
        Ok(Moved { pairs })
    }

    /// Where a recorded path lies now.
    pub fn place(&self, recorded: &[u8]) -> PathBuf {
        let recorded = Path::new(OsStr::from_bytes(recorded));
        for (from, to) in &self.pairs {
            match recorded.strip_prefix(from) {
                Ok(rest) if rest.as_os_str().is_empty() => return to.clone(),
                Ok(rest) => return to.join(rest),
                Err(_) => {}
            }
        }
        recorded.to_owned()
    }

    /// Whether the path is said to have moved.
    pub fn is_moved(&self, recorded: &[u8]) -> bool {
        let recorded = Path::new(OsStr::from_bytes(recorded));
        self.pairs.iter().any(|(from, _)| recorded.starts_with(from))
    }

    /// The prefixes, as recorded paths.
    pub fn prefixes(&self) -> impl Iterator<Item = &[u8]> {
        self.pairs.iter().map(|(from, _)| from.as_os_str().as_bytes())
    }
}

fn pair(text: &[u8], roots: &[Vec<u8>]) -> Result<(PathBuf, PathBuf), String> {
    let shown = crate::ui::escape::escape(&crate::model::path::display(text)).into_owned();
    let mut complaint = format!(
        "--moved {shown}: there is no `=` in it\nhint: give the recorded path and the present one, as in --moved /media/export=/mnt/copy"
    );
    // A path may hold `=`: the division that fits the inventory and the disk is meant.
    for at in (0..text.len()).filter(|&at| text[at] == b'=') {
        let (Some(from), Some(to)) = (absolute(&text[..at]), absolute(&text[at + 1..])) else { continue };
        let related = roots.iter().any(|root| {
            let root = Path::new(OsStr::from_bytes(root));
            root.starts_with(&from) || from.starts_with(root)
        });
        if related && to.exists() {
            return Ok((from, to));
        }
        complaint = if related {
            format!("--moved {shown}: the second path is not there\nhint: give the place where the export lies now")
        } else {
            let roots: Vec<String> =
                roots.iter().map(|r| crate::ui::escape::escape(&crate::model::path::display(r)).into_owned()).collect();
            let roots = roots.join(", ");
            format!("--moved {shown}: the first path was not scanned\nhint: scanned were {roots}")
        };
    }
    Err(complaint)
}

fn absolute(bytes: &[u8]) -> Option<PathBuf> {
    let path = std::path::absolute(Path::new(&OsString::from_vec(bytes.to_owned()))).ok()?;
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
    Some(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(given: &[&str]) -> Result<Moved, String> {
        let given: Vec<OsString> = given.iter().map(OsString::from).collect();
        Moved::parse(&given, &[b"/export/a=b".to_vec(), b"/export/c".to_vec()])
    }

    #[test]
    fn the_longest_prefix_wins() {
        let moved = moved(&["/export=/usr", "/export/c/deep=/etc"]).unwrap();
        assert_eq!(moved.place(b"/export/c/x"), Path::new("/usr/c/x"));
        assert_eq!(moved.place(b"/export/c/deep/x"), Path::new("/etc/x"));
        assert_eq!(moved.place(b"/export/c/deep"), Path::new("/etc"));
        assert_eq!(moved.place(b"/export/c/deeper"), Path::new("/usr/c/deeper"));
        assert!(!moved.is_moved(b"/exported"));
    }

    #[test]
    fn an_equals_sign_in_a_path_is_understood() {
        let moved = moved(&["/export/a=b=/usr"]).unwrap();
        assert_eq!(moved.place(b"/export/a=b/x"), Path::new("/usr/x"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert!(moved(&["/export"]).unwrap_err().contains("no `=`"));
        assert!(moved(&["/exporz=/usr"]).unwrap_err().contains("scanned were /export/a=b, /export/c"));
        assert!(moved(&["/export=/no/such/place"]).unwrap_err().contains("not there"));
    }
}
