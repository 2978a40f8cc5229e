//! When is a file still the same file?

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// What must agree before and after reading, and between two scans.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stat {
    /// Device and inode.
    pub place: (u64, u64),
    /// Bytes.
    pub size_bytes: u64,
    /// Last change of the content: seconds and nanoseconds.
    pub modified: (i64, i64),
    /// Last change of content or inode: seconds and nanoseconds.
    pub changed: (i64, i64),
}

impl Stat {
    /// Taken from what the system says.
    pub fn of(meta: &Metadata) -> Stat {
        Stat {
            place: (meta.dev(), meta.ino()),
            size_bytes: meta.len(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        }
    }
}

impl std::fmt::Display for Stat {
    /// `device:inode:size:mtime:ctime`, times in seconds with nine decimals.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Stat { place, size_bytes, modified, changed } = self;
        write!(
            f,
            "{}:{}:{size_bytes}:{}.{:09}:{}.{:09}",
            place.0, place.1, modified.0, modified.1, changed.0, changed.1
        )
    }
}
