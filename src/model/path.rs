//! Paths as text that loses nothing.

/// A path as the inventory shows it: bytes that are not UTF-8 stand as `\xFF`, and then a backslash is doubled.
/// Control characters stay as they are here; whoever prints escapes them.
pub fn display(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        shown.push_str(&chunk.valid().replace('\\', "\\\\"));
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02X}"));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::display;

    #[test]
    fn only_names_that_are_not_utf8_are_escaped() {
        assert_eq!(display("Entwürfe\\neu".as_bytes()), "Entwürfe\\neu");
        assert_eq!(display(b"caf\xe9\\x"), "caf\\xE9\\\\x");
    }
}
