//! A list of the recorded files that `sha256sum -c` rechecks without this program.

use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;

use super::moved::Moved;
use crate::store::Inventory;

/// Writes one line for every file that has a digest, with the path where it lies now. Returns how many.
///
/// # Errors
/// The store's and those of `out`.
pub fn write(inventory: &Inventory, moved: &Moved, out: &mut dyn Write) -> anyhow::Result<u64> {
    let mut lines = 0;
    inventory.for_each_audit_row::<anyhow::Error>(&mut |row| {
        if let Some(sha256) = row.sha256.as_ref().filter(|_| row.was_hashed()) {
            line(sha256, moved.place(&row.path).as_os_str().as_bytes(), out)?;
            lines += 1;
        }
        Ok(true)
    })?;
    Ok(lines)
}

/// Whether a file begins as a manifest does, so that nothing else is ever overwritten.
pub fn is_manifest(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\\").unwrap_or(head);
    head.len() >= 66 && head[..64].iter().all(u8::is_ascii_hexdigit) && &head[64..66] == b"  "
}

/// The form of GNU coreutils: a line that starts with a backslash has a name in which `\\` and `\n` stand for
/// themselves. A CR at the end would be taken for half of a line end, and newer versions know `\r`.
fn line(sha256: &str, path: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let escaped = path.contains(&b'\\') || path.contains(&b'\n') || path.ends_with(b"\r");
    if !escaped {
        out.write_all(sha256.as_bytes())?;
        out.write_all(b"  ")?;
        out.write_all(path)?;
        return out.write_all(b"\n");
    }
    write!(out, "\\{sha256}  ")?;
    for byte in path {
        match byte {
            b'\\' => out.write_all(b"\\\\")?,
            b'\n' => out.write_all(b"\\n")?,
            b'\r' => out.write_all(b"\\r")?,
            other => out.write_all(&[*other])?,
        }
    }
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_coreutils_does() {
        let sha256 = "0".repeat(64);
        let shown = |path: &[u8]| {
            let mut out = Vec::new();
            line(&sha256, path, &mut out).unwrap();
            assert!(is_manifest(&out));
            out
        };
        assert_eq!(shown(b"/a b"), format!("{sha256}  /a b\n").as_bytes());
        assert_eq!(shown(b"/a\\b\nc"), format!("\\{sha256}  /a\\\\b\\nc\n").as_bytes());
        assert_eq!(shown(b"/caf\xe9"), [sha256.as_bytes(), b"  /caf\xe9\n"].concat());
        assert!(!is_manifest(b"From me"));
    }
}
