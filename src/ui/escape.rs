//! Text from mail on its way to a person: characters that act instead of being seen are made visible.
//!
//! A subject may hold escape sequences that clear a terminal or set its title, and right-to-left overrides that make
//! `gpj.exe` read as `exe.jpg` (Unicode TR 36, section 2.10; CVE-2021-42574).

use std::borrow::Cow;

/// Whether a character acts on what stands around it, or cannot be seen: controls (also C1), bidirectional controls,
/// line and paragraph separators, byte order marks, invisible operators and tags.
pub fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// One hostile character as it is shown: line ends and tabs as `\n`, `\r`, `\t`, others as `\u{1b}`.
pub fn visible(c: char) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\t' => "\\t".to_owned(),
        other => format!("\\u{{{:x}}}", u32::from(other)),
    }
}

/// The text with every hostile character made visible; safe to print, on one line.
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hostile(c) { shown.push_str(&visible(c)) } else { shown.push(c) }
    }
    Cow::Owned(shown)
}

/// The escaped text in at most `width` characters; what is cut off is marked with `…`.
pub fn shorten(text: &str, width: usize) -> String {
    let text = escape(text);
    if text.chars().count() <= width {
        return text.into_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// The escaped text in at most `width` characters, cut off at its start: for paths, whose end tells more.
pub fn shorten_start(text: &str, width: usize) -> String {
    let text = escape(text);
    let length = text.chars().count();
    if length <= width {
        return text.into_owned();
    }
    let end: String = text.chars().skip(length + 1 - width.max(1)).collect();
    format!("…{end}")
}

#[cfg(test)]
mod tests {
    use super::{escape, shorten, shorten_start};

    #[test]
    fn what_acts_is_made_visible() {
        assert_eq!(escape("\u{1b}[2J\u{7}"), "\\u{1b}[2J\\u{7}");
        assert_eq!(escape("\u{1b}]0;title\u{9c}"), "\\u{1b}]0;title\\u{9c}");
        assert_eq!(escape("invoice\u{202e}fdp.exe"), "invoice\\u{202e}fdp.exe");
        assert_eq!(escape("a\r\nb\tc\0"), "a\\r\\nb\\tc\\u{0}");
        assert_eq!(escape("\u{2066}x\u{2069}\u{feff}"), "\\u{2066}x\\u{2069}\\u{feff}");
    }

    #[test]
    fn what_is_only_text_stays() {
        for text in ["Brückner", "請求書", "مرحبا", "🙂‍↔️", "\\u{1b}", "a'b\"c"] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn long_text_is_cut_and_says_so() {
        assert_eq!(shorten("Bestellung", 10), "Bestellung");
        assert_eq!(shorten("Bestellungen", 10), "Bestellun…");
        assert_eq!(shorten_start("/data/anna/Inbox", 8), "…a/Inbox");
        assert_eq!(shorten("a\u{202e}b", 4), "a\\u…");
    }
}
