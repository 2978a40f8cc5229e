//! The list of digests that came with a delivery.

/// Reads lines of `sha256sum`, `sha1sum` or `md5sum` (digest, blank, blank or `*`, path; coreutils manual, "cksum output
/// modes") and of their BSD form (`SHA256 (path) = digest`). Gives path and digest; other lines are left out.
pub fn digests(text: &str) -> Vec<(String, String)> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(String, String)> {
    let line = line.trim_end_matches('\r');
    let is_digest = |word: &str| matches!(word.len(), 32 | 40 | 64) && word.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some((front, digest)) = line.rsplit_once(") = ")
        && let Some((_, path)) = front.split_once(" (")
        && is_digest(digest.trim())
    {
        return Some((path.to_owned(), digest.trim().to_ascii_lowercase()));
    }
    let (digest, path) = line.trim_start_matches('\\').split_once([' ', '\t'])?;
    let path = path.trim_start_matches([' ', '\t']).trim_start_matches('*');
    (is_digest(digest) && !path.is_empty()).then(|| (path.to_owned(), digest.to_ascii_lowercase()))
}

/// The algorithm of a digest by its length in hex digits.
pub fn algorithm(digest: &str) -> &'static str {
    match digest.len() {
        32 => "md5",
        40 => "sha1",
        _ => "sha256",
    }
}

#[cfg(test)]
mod tests {
    use super::digests;

    #[test]
    fn both_forms() {
        let hex = "a".repeat(64);
        let text = format!("{hex}  ./box/a b.mbox\r\n{hex} *c\nSHA256 (d (1).pst) = {}\n# note\n", hex.to_uppercase());
        let paths: Vec<_> = digests(&text).into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, ["./box/a b.mbox", "c", "d (1).pst"]);
    }
}
